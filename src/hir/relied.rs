//! Checks whose success something was concluded from.
//!
//! A check that protects only its own result (`int32.add_checked`, `check_uint32`: [`Effects::exit_protects_result`]) may go
//! when nobody uses the result, or wants but its low bits. That is wrong once the optimizer has concluded something from its
//! success and the result is used no more: `x | 0 === x` is true of every int32, so it becomes `true`; were the check that
//! made `x` an int32 to go with the last use of `x`, the comparison would be true of 2147483648 too.
//!
//! So whoever replaces an instruction by something that does not depend on its operands says so ([`Graph::rely_on`]), and
//! the passes that drop checks leave those alone that are reached from there through arithmetic and block parameters.
//!
//! [`Effects::exit_protects_result`]: crate::hir::effects::Effects::exit_protects_result

use super::analysis::Cfg;
use super::field::Val;
use super::fold::Fold;
use super::graph::Graph;
use super::inst::Op;
use cranelift_entity::{EntitySet, SecondaryMap};

impl Graph {
    /// Something was concluded from what is known of a value, and stands where the value no longer appears.
    pub fn rely_on(&mut self, v: Val) {
        let v = self.resolve(v);
        if self.constant(v).is_none() {
            self.relied.insert(v);
        }
    }

    /// Whether something was concluded from the value that no longer names it.
    pub fn is_relied_on(&self, v: Val) -> bool {
        self.relied.contains(v)
    }

    /// [`Graph::rely_on`], of every operand of an instruction.
    pub fn rely_on_operands(&mut self, op: &Op) {
        op.visit(|operand, _| self.rely_on(operand));
    }

    /// An instruction is folded to something that names fewer of its operands. A check folds to its own operand only if it
    /// cannot fail whatever the others are.
    pub fn rely_on_dropped(&mut self, old: &Op, fold: &Fold) {
        match fold {
            Fold::Op(Op::Const { .. }) => self.rely_on_operands(old),
            Fold::Value(value) if old.effects().exit.is_none() => old.visit(|operand, _| {
                if operand != *value {
                    self.rely_on(operand);
                }
            }),
            Fold::Value(_) | Fold::Op(_) | Fold::WithConst(..) => {}
        }
    }

    /// The checks that must stay, however little their results are used. They are remembered, for what leads to them may
    /// be dropped.
    pub fn relied_checks(&mut self, cfg: &Cfg) -> EntitySet<Val> {
        let mut checks = EntitySet::new();
        if self.relied.is_empty() {
            return checks;
        }
        let mut arguments: SecondaryMap<Val, Vec<Val>> = SecondaryMap::new();
        for &block in &cfg.rpo {
            self.visit_successors(block, |target| {
                for (&param, &arg) in self.blocks[target.block].params.iter().zip(&target.args) {
                    arguments[param].push(arg);
                }
            });
        }
        let mut seen = EntitySet::new();
        let mut work: Vec<Val> = self.relied.keys().collect();
        while let Some(v) = work.pop() {
            let v = self.resolve(v);
            if !seen.insert(v) {
                continue;
            }
            let effects = self.op(v).effects();
            if effects.exit.is_some() {
                checks.insert(v);
            } else if effects.removable_if_unused() {
                self.op(v).visit(|operand, _| work.push(operand));
                work.extend(&arguments[v]);
            }
        }
        for check in checks.keys() {
            self.relied.insert(check);
        }
        checks
    }
}
