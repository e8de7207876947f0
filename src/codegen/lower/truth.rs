//! Truthiness: `ToBoolean` as a value, and as the branch that most often is all that wants it.

use super::{Lower, runtime, trusted};
use crate::hir::types;
use crate::runtime::cell::{CellKind, offset};
use crate::runtime::value::{NOT_CELL_MASK, NUMBER_TAG, Value as Tagged};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I32};
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, Value};

/// Two ways to go, with what the blocks there take.
pub(super) struct Ways<'a> {
    pub yes: (Block, &'a [BlockArg]),
    pub no: (Block, &'a [BlockArg]),
}

/// Whether truth is a matter of a few instructions without a branch.
pub(super) fn is_simple(ty: types::Type) -> bool {
    ty.is(types::BOOL | types::NULLISH | types::OBJECTS | types::SYMBOL)
}

impl Lower<'_, '_> {
    /// Goes one of two ways by the truth of a value: each kind of value as soon as it is known.
    pub(super) fn branch_on_truth(&mut self, v: Value, ty: types::Type, ways: &Ways<'_>) {
        let (yes, no) = (ways.yes, ways.no);
        let decide = |l: &mut Self, cond: Value, block: (Block, &[BlockArg])| {
            let next = l.b.create_block();
            l.b.ins().brif(cond, block.0, block.1, next, &[]);
            l.b.switch_to_block(next);
        };
        if ty.meets(types::STRING | types::SYMBOL | types::OBJECTS | types::INTERNAL) {
            let cell = self.b.create_block();
            let not_cell = self.word(NOT_CELL_MASK);
            let bits = self.b.ins().band(v, not_cell);
            let is_cell = self.b.ins().icmp_imm_u(IntCC::Equal, bits, 0);
            decide(self, is_cell, (cell, &[]));
            let other = self.b.current_block().expect("a block is being filled");
            self.b.switch_to_block(cell);
            let truth = self.is_truthy_cell(v, ty);
            self.b.ins().brif(truth, yes.0, yes.1, no.0, no.1);
            self.b.switch_to_block(other);
        }
        if ty.meets(types::BOOL) {
            let is_true = self.b.ins().icmp_imm_u(IntCC::Equal, v, Tagged::TRUE.0 as i64);
            decide(self, is_true, yes);
        }
        if ty.meets(types::BOOL | types::NULLISH) {
            // What is left below the numbers: false, null, undefined.
            let is_false = self.b.ins().icmp_imm_u(IntCC::UnsignedLessThanOrEqual, v, Tagged::UNDEFINED.0 as i64);
            decide(self, is_false, no);
        }
        let tag = self.word(NUMBER_TAG);
        let is_int = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, v, tag);
        let (int, double) = (self.b.create_block(), self.b.create_block());
        self.b.ins().brif(is_int, int, &[], double, &[]);
        self.b.switch_to_block(int);
        let i = self.b.ins().ireduce(I32, v);
        self.b.ins().brif(i, yes.0, yes.1, no.0, no.1);
        self.b.switch_to_block(double);
        self.b.set_cold_block(double);
        let word = self.call_leaf(runtime::leaf_is_truthy as *const () as usize, &[v]);
        self.b.ins().brif(word, yes.0, yes.1, no.0, no.1);
    }

    pub(super) fn is_truthy(&mut self, v: Value, ty: types::Type) -> Value {
        if ty.is(types::BOOL | types::NULLISH) {
            return self.b.ins().icmp_imm_u(IntCC::Equal, v, Tagged::TRUE.0 as i64);
        }
        if ty.is(types::BOOL | types::NULLISH | types::OBJECTS | types::SYMBOL) {
            // false, null and undefined have bit 1 set; true has it too, objects do not.
            let is_true = self.b.ins().icmp_imm_u(IntCC::Equal, v, Tagged::TRUE.0 as i64);
            let bit = self.b.ins().band_imm_u(v, 2);
            let is_cell = self.b.ins().icmp_imm_u(IntCC::Equal, bit, 0);
            return self.b.ins().bor(is_true, is_cell);
        }
        let simple = self.b.ins().band_imm_s(v, !1);
        let is_bool = self.b.ins().icmp_imm_u(IntCC::Equal, simple, Tagged::FALSE.0 as i64);
        self.choose(
            is_bool,
            I8,
            |l| {
                let low = l.b.ins().ireduce(I8, v);
                l.b.ins().band_imm_u(low, 1)
            },
            |l| {
                let not_cell = l.word(NOT_CELL_MASK);
                let bits = l.b.ins().band(v, not_cell);
                let is_cell = l.b.ins().icmp_imm_u(IntCC::Equal, bits, 0);
                l.choose(
                    is_cell,
                    I8,
                    |l| l.is_truthy_cell(v, ty),
                    |l| {
                        let word = l.call_leaf(runtime::leaf_is_truthy as *const () as usize, &[v]);
                        l.b.ins().ireduce(I8, word)
                    },
                )
            },
        )
    }

    /// Every cell but the empty string is true.
    fn is_truthy_cell(&mut self, cell: Value, ty: types::Type) -> Value {
        let is_longer = |l: &mut Self| {
            let length = l.b.ins().load(I32, trusted(), cell, offset::STRING_LENGTH);
            l.b.ins().icmp_imm_u(IntCC::NotEqual, length, 0)
        };
        if ty.is(types::STRING | types::NUMBER | types::BOOL | types::NULLISH) {
            return is_longer(self);
        }
        let kind = self.b.ins().load(I8, trusted(), cell, offset::KIND);
        let is_string = self.b.ins().icmp_imm_u(IntCC::Equal, kind, CellKind::String as i64);
        self.choose(is_string, I8, is_longer, |l| l.b.ins().iconst(I8, 1))
    }
}
