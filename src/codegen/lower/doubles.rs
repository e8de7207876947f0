//! Doubles in memory that holds tagged values, without the way through integer registers.
//!
//! A tagged double is its bits plus an offset. A vector unit subtracts integers as well as any other, and what it is to
//! compute with need not be moved there first. So a word that is wanted as a number is loaded into a vector register and
//! untagged there; whether it was a double at all is read off its upper half, beside that:
//!
//! ```text
//!   mov   r, [o+24]                          movsd x, [o+24]
//!   sub   r, offset                          psubq x, offset
//!   movq  x, r                               mov   r, upper half of -offset
//!   cmp   r, doubles ; jae cold              add   r, [o+28]
//!                                            cmp   r, upper half of doubles ; jae cold
//! ```
//!
//! On the left the result waits for each instruction in turn, and for the move between registers of two kinds; on the right
//! for two of them. Often nobody wants the word itself then but the exits, which load it again (`late.rs`).
//!
//! Memory gives the same word as long as nothing may have written in between, which is kept account of here from instruction
//! to instruction, within a block. Stores tag in integer registers: Cranelift clears the rest of a vector first.

use super::{Lower, trusted};
use crate::hir::field::Val;
use crate::hir::graph::Graph;
use crate::hir::inst::Op;
use crate::hir::types::DOUBLE;
use crate::runtime::cell::offset;
use crate::runtime::value::{DOUBLE_OFFSET, NUMBER_TAG};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{F64, F64X2, I32, I64X2};
use cranelift_codegen::ir::{Endianness, InstBuilder, MemFlagsData, Value};

/// Upper halves: all that tells a double from what is none.
const HIGH_OFFSET: u32 = (DOUBLE_OFFSET >> 32) as u32;
const HIGH_TAG: u32 = (NUMBER_TAG >> 32) as u32;

/// Whether a place in memory may hold something else after an instruction.
pub(super) fn may_change_memory(op: &Op) -> bool {
    let effects = op.effects();
    effects.call || !effects.writes.is_none()
}

/// Whether an instruction loads a tagged value from a place that is easily found again.
pub(super) fn loads_tagged(op: &Op) -> bool {
    matches!(op, Op::LoadSlot { .. } | Op::LoadModuleCell { .. } | Op::LoadScopeSlot { .. })
}

/// The tagged value that an instruction wants as a double.
pub(super) fn unboxes(graph: &Graph, v: Val) -> Option<Val> {
    match *graph.op(v) {
        Op::CheckNumberToDouble { v } | Op::UnboxNumber { v } => Some(v).filter(|v| graph.ty(*v).meets(DOUBLE)),
        ref _other => None,
    }
}

impl Lower<'_, '_> {
    /// At the function's entry: what untagging subtracts, if anything is loaded to be untagged.
    pub(super) fn make_double_offset(&mut self) {
        let graph = self.graph;
        let mut wanted = graph.blocks.values().flat_map(|b| &b.insts).filter_map(|v| unboxes(graph, *v));
        if wanted.any(|v| loads_tagged(graph.op(v))) {
            let offset = self.word(DOUBLE_OFFSET);
            self.double_offset = Some(self.b.ins().scalar_to_vector(I64X2, offset));
        }
    }

    /// Notes where an instruction loads from that [`loads_tagged`].
    pub(super) fn note_place(&mut self, v: Val) -> (Value, i32) {
        let place = match *self.graph.op(v) {
            Op::LoadSlot { object, slot } => self.slot_address(object, slot),
            Op::LoadModuleCell { cell, .. } => (self.word(cell.0), 0),
            Op::LoadScopeSlot { scope, slot } => (self.val(scope), offset::SCOPE_SLOTS + 8 * slot as i32),
            ref other => unreachable!("{other} loads no tagged value"),
        };
        self.loaded_from.insert(v, place);
        place
    }

    /// Before an instruction is lowered: if it may write, places of earlier loads may hold something else afterwards.
    pub(super) fn forget_places(&mut self, op: &Op) {
        if may_change_memory(op) {
            self.loaded_from.clear();
        }
    }

    /// A tagged value: from where it was loaded, if memory still holds it.
    pub(super) fn reload(&mut self, tagged: Val) -> Value {
        match self.loaded_from.get(&tagged).copied() {
            Some((base, at)) => self.load_word(base, at),
            None => self.val(tagged),
        }
    }

    /// The double in a tagged value that is one, loaded and untagged in a vector register, if memory still holds it.
    pub(super) fn load_untagged(&mut self, tagged: Val) -> Option<Value> {
        let ((base, at), offset) = (self.loaded_from.get(&tagged).copied()?, self.double_offset?);
        let word = self.b.ins().load(F64, trusted(), base, at);
        let lanes = MemFlagsData::new().with_endianness(Endianness::Little);
        let vector = self.b.ins().scalar_to_vector(F64X2, word);
        let bits = self.b.ins().bitcast(I64X2, lanes, vector);
        let untagged = self.b.ins().isub(bits, offset);
        let vector = self.b.ins().bitcast(F64X2, lanes, untagged);
        Some(self.b.ins().extractlane(vector, 0))
    }

    /// Whether memory holds a double where a tagged value was loaded from.
    pub(super) fn holds_double(&mut self, tagged: Val) -> Option<Value> {
        let (base, at) = self.loaded_from.get(&tagged).copied()?;
        let high = self.b.ins().load(I32, trusted(), base, at + 4);
        let high = self.b.ins().iadd_imm_s(high, -i64::from(HIGH_OFFSET));
        Some(self.b.ins().icmp_imm_u(IntCC::UnsignedLessThan, high, i64::from(HIGH_TAG - HIGH_OFFSET)))
    }
}
