//! Tests that only decide a branch.
//!
//! Whether a value is a cell, and what is in the cell, are two questions: as a value, their answer is two branches that meet
//! to make a boolean, and a third that looks at it. Where a branch is all that wants to know, each question branches itself.
//! That is what every polymorphic site begins with. Truth (`truth.rs`) is such a test, too.

use super::truth::{self, Ways};
use super::{Lower, LowerError, is_cell_type, trusted};
use crate::hir::analysis::{Cfg, UseCounts};
use crate::hir::effects::PURE;
use crate::hir::field::{Target, Val};
use crate::hir::graph::Graph;
use crate::hir::inst::Op;
use crate::runtime::cell::{CellKind, offset};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I32};
use cranelift_codegen::ir::{InstBuilder, Value};
use cranelift_entity::EntitySet;

/// The tests whose answer only the branch at their block's end wants, with nothing but computation between.
pub(super) fn tests_of_branches(graph: &Graph, cfg: &Cfg, uses: &UseCounts) -> EntitySet<Val> {
    let mut tests = EntitySet::new();
    for &block in &cfg.rpo {
        let Some((end, before)) = graph.blocks[block].insts.split_last() else { continue };
        let Op::Branch { cond, .. } = *graph.op(*end) else { continue };
        let is_test = match *graph.op(cond) {
            Op::HasShape { .. } | Op::IsClosureOf { .. } => true,
            // A block that polls ends twice: one branch is enough there.
            Op::IsTruthy { v } => {
                let polls = before.iter().any(|v| matches!(graph.op(*v), Op::Safepoint {}));
                !polls && !truth::is_simple(graph.ty(v))
            }
            ref _other => false,
        };
        if is_test && uses.by_insts[cond] == 1 && !uses.by_frames[cond] {
            let behind = before.iter().rev().take_while(|v| graph.op(**v).effects() == PURE && **v != cond).count();
            if before.len().checked_sub(behind + 1).is_some_and(|at| before[at] == cond) {
                tests.insert(cond);
            }
        }
    }
    tests
}

impl Lower<'_, '_> {
    /// Ends the block by a branch.
    pub(super) fn branch(&mut self, cond: Val, if_true: &Target, if_false: &Target) {
        let (yes, yes_args) = self.jump_args(if_true);
        let (no, no_args) = self.jump_args(if_false);
        if !self.branch_tests.contains(cond) {
            let cond = self.val(cond);
            self.b.ins().brif(cond, yes, &yes_args, no, &no_args);
            return;
        }
        let (Op::HasShape { v, .. } | Op::IsClosureOf { v, .. } | Op::IsTruthy { v }) = self.graph.insts[cond].op
        else {
            unreachable!("a test that a branch makes")
        };
        let cell = self.val(v);
        if let Op::IsTruthy { v } = self.graph.insts[cond].op {
            let ways = Ways { yes: (yes, &yes_args), no: (no, &no_args) };
            return self.branch_on_truth(cell, self.graph.ty(v), &ways);
        }
        if !is_cell_type(self.graph.ty(v)) {
            let not_cell = self.not_a_cell(cell);
            let look = self.b.create_block();
            self.b.ins().brif(not_cell, no, &no_args, look, &[]);
            self.b.switch_to_block(look);
        }
        match self.graph.insts[cond].op {
            Op::HasShape { ref shapes, .. } => {
                let shape = self.b.ins().load(I32, trusted(), cell, offset::SHAPE);
                let (last, others) = shapes.0.split_last().expect("at least one shape");
                for id in others {
                    let same = self.b.ins().icmp_imm_u(IntCC::Equal, shape, id.as_u32() as i64);
                    let next = self.b.create_block();
                    self.b.ins().brif(same, yes, &yes_args, next, &[]);
                    self.b.switch_to_block(next);
                }
                let same = self.b.ins().icmp_imm_u(IntCC::Equal, shape, last.as_u32() as i64);
                self.b.ins().brif(same, yes, &yes_args, no, &no_args);
            }
            Op::IsClosureOf { function, .. } => {
                let info = self.input.targets.get(&function).expect("a call target").info;
                let function = self.b.create_block();
                let is_function = self.is_closure(cell);
                self.b.ins().brif(is_function, function, &[], no, &no_args);
                self.b.switch_to_block(function);
                let same = self.has_info(cell, info);
                self.b.ins().brif(same, yes, &yes_args, no, &no_args);
            }
            ref op => unreachable!("{op} is no test that a branch makes"),
        }
    }

    /// A guard that a value is a closure of the function with this info: three questions with one exit.
    pub(super) fn check_function(&mut self, guard: Val, value: Val, info: usize) -> Result<Value, LowerError> {
        let t = self.val(value);
        let (cold, go) = (self.cold_block(), self.b.create_block());
        if !is_cell_type(self.graph.ty(value)) {
            let not_cell = self.not_a_cell(t);
            let look = self.b.create_block();
            self.b.ins().brif(not_cell, cold, &[], look, &[]);
            self.b.switch_to_block(look);
        }
        let is_function = self.is_closure(t);
        let function = self.b.create_block();
        self.b.ins().brif(is_function, function, &[], cold, &[]);
        self.b.switch_to_block(function);
        let same = self.has_info(t, info);
        let fail = self.not(same);
        let fail = self.stressed_guard(fail);
        self.b.ins().brif(fail, cold, &[], go, &[]);
        self.b.switch_to_block(cold);
        self.leave(guard)?;
        self.b.switch_to_block(go);
        Ok(t)
    }

    fn is_closure(&mut self, cell: Value) -> Value {
        let kind = self.b.ins().load(I8, trusted(), cell, offset::KIND);
        self.b.ins().icmp_imm_u(IntCC::Equal, kind, CellKind::Function as i64)
    }

    fn has_info(&mut self, function: Value, info: usize) -> Value {
        let wanted = self.word(info as u64);
        let has = self.load_word(function, offset::FUNCTION_INFO);
        self.b.ins().icmp(IntCC::Equal, has, wanted)
    }
}
