//! What only exits need is computed in the exits.
//!
//! A value that no instruction uses, but a frame state names, is computed at the tail of each exit that stores it, not on the
//! way of those who do not leave. That keeps its operands alive instead of itself; usually they are anyway.

use super::{Lower, LowerError};
use crate::hir::analysis::{Cfg, UseCounts};
use crate::hir::effects::PURE;
use crate::hir::field::Val;
use crate::hir::graph::Graph;
use crate::hir::inst::Op;
use cranelift_codegen::ir::Value;
use cranelift_entity::EntitySet;

/// Instructions whose value no instruction uses but such as are of this kind themselves.
pub(super) fn only_for_exits(graph: &Graph, cfg: &Cfg, uses: UseCounts) -> EntitySet<Val> {
    let mut uses = uses.by_insts;
    let mut late = EntitySet::new();
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
        if self.late.contains(v) || self.branch_tests.contains(v) { Ok(()) } else { self.inst(v) }
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
