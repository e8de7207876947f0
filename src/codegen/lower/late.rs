//! What only exits need is computed in the exits.
//!
//! A value that no instruction uses, but a frame state names, is computed at the tail of each exit that stores it, not on the
//! way of those who do not leave. That keeps its operands alive instead of itself; usually they are anyway. So is a word that
//! was loaded, if everybody else wants the double in it.

use super::doubles::{loads_tagged, may_change_memory, unboxes};
use super::{Lower, LowerError};
use crate::hir::analysis::{Cfg, UseCounts};
use crate::hir::effects::PURE;
use crate::hir::field::Val;
use crate::hir::frame_state::Frame;
use crate::hir::graph::Graph;
use crate::hir::inst::Op;
use cranelift_codegen::ir::Value;
use cranelift_entity::{EntitySet, SecondaryMap};

/// Instructions whose value no instruction uses but such as are of this kind themselves, and loads that
/// [`only_numbers`] finds.
pub(super) fn only_for_exits(graph: &Graph, cfg: &Cfg, uses: UseCounts) -> EntitySet<Val> {
    let mut uses = uses.by_insts;
    let mut late = only_numbers(graph, cfg, &uses);
    for block in cfg.rpo.iter().rev() {
        for &v in graph.blocks[*block].insts.iter().rev() {
            if uses[v] == 0 && is_straight(graph.op(v)) {
                late.insert(v);
                graph.op(v).visit(|operand, _| uses[operand] -= 1);
            }
        }
    }
    late
}

/// Where a load is, or where exits use a frame state: memory stays the same throughout a region.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Region {
    #[default]
    Nowhere,
    Only(u32),
    Several,
}

/// Loads of tagged values of which instructions want nothing but the double, which they load themselves (`doubles.rs`), and
/// only exits the word, which they load again: all of them where memory still holds it.
fn only_numbers(graph: &Graph, cfg: &Cfg, uses: &SecondaryMap<Val, u32>) -> EntitySet<Val> {
    let mut region = 0;
    let mut loads = Vec::new();
    let mut loaded_in: SecondaryMap<Val, Region> = SecondaryMap::new();
    let mut unboxed: SecondaryMap<Val, u32> = SecondaryMap::new();
    let mut left_in: SecondaryMap<Frame, Region> = SecondaryMap::new();
    for block in &cfg.rpo {
        region += 1;
        for &v in &graph.blocks[*block].insts {
            let op = graph.op(v);
            region += u32::from(may_change_memory(op));
            if let Some(frame) = graph.insts[v].frame.expand() {
                let here = Region::Only(region);
                left_in[frame] = if [Region::Nowhere, here].contains(&left_in[frame]) { here } else { Region::Several };
            }
            if loads_tagged(op) {
                loaded_in[v] = Region::Only(region);
                loads.push(v);
            } else if let Some(loaded) = unboxes(graph, v)
                && loaded_in[loaded] == Region::Only(region)
            {
                unboxed[loaded] += 1;
            }
        }
    }
    let mut elsewhere = EntitySet::new();
    for (frame, region) in left_in.iter().filter(|(_, region)| **region != Region::Nowhere) {
        graph.visit_frame(frame, &mut |v| {
            if loaded_in[v] != *region {
                elsewhere.insert(v);
            }
        });
    }
    let mut late = EntitySet::new();
    let only_numbers = |v: &Val| unboxed[*v] > 0 && unboxed[*v] == uses[*v] && !elsewhere.contains(*v);
    late.extend(loads.into_iter().filter(only_numbers));
    late
}

/// Whether an operation only computes, and does so without a branch: exits' blocks stay in one piece.
fn is_straight(op: &Op) -> bool {
    op.effects() == PURE
        && matches!(
            op,
            Op::BoxInt32 { .. }
                | Op::BoxDouble { .. }
                | Op::BoxNumber { .. }
                | Op::BoxBool { .. }
                | Op::BoolNot { .. }
                | Op::UnboxInt32 { .. }
                | Op::Int32ToDouble { .. }
                | Op::Int32Add { .. }
                | Op::Int32Sub { .. }
                | Op::Int32Mul { .. }
                | Op::Int32And { .. }
                | Op::Int32Or { .. }
                | Op::Int32Xor { .. }
                | Op::Int32Shl { .. }
                | Op::Int32Sar { .. }
                | Op::Int32Shr { .. }
                | Op::Int32Rotl { .. }
                | Op::Int32Compare { .. }
                | Op::DoubleAdd { .. }
                | Op::DoubleSub { .. }
                | Op::DoubleMul { .. }
                | Op::DoubleDiv { .. }
                | Op::DoubleNeg { .. }
                | Op::DoubleCompare { .. }
        )
}

impl Lower<'_, '_> {
    /// Lowers an instruction of the block at hand, unless it comes later.
    pub(super) fn inst_in_place(&mut self, v: Val) -> Result<(), LowerError> {
        if self.branch_tests.contains(v) {
            return Ok(());
        }
        if !self.late.contains(v) {
            return self.inst(v);
        }
        if loads_tagged(self.graph.op(v)) {
            self.note_place(v);
        }
        Ok(())
    }

    /// A value in an exit. What is computed for it is noted in `computed`, to be forgotten when the exit's block ends.
    pub(super) fn val_in_exit(&mut self, v: Val, computed: &mut Vec<Val>) -> Result<Value, LowerError> {
        if self.late.contains(v) && self.values[v].is_none() {
            let mut operands = Vec::new();
            self.graph.op(v).visit(|operand, _| operands.push(operand));
            for operand in operands {
                self.val_in_exit(operand, computed)?;
            }
            self.inst(v)?;
            computed.push(v);
        }
        Ok(self.val(v))
    }

    /// Forgets what was computed for an exit.
    pub(super) fn forget(&mut self, computed: Vec<Val>) {
        for v in computed {
            self.values[v] = None.into();
        }
    }
}
