//! Comparisons, as values and as conditions of jumps, and the other conditional jumps.

use super::emit::Emitter;
use crate::bytecode::ops::Reg;
use crate::codegen::helpers::{Helper, arith};
use crate::feedback::slot::{TypesSlot, seen};
use crate::runtime::value::Value as Tagged;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::types::I32;
use cranelift_codegen::ir::{Block, InstBuilder, Value};
use std::mem::offset_of;

/// Words below this that are no cells are the immediates: undefined, null, booleans.
const FIRST_NOT_IMMEDIATE: u64 = 0x20;

/// A comparison.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    StrictEq,
}

/// A comparison as an instruction uses it.
#[derive(Clone, Copy)]
pub(super) struct Comparison {
    pub(super) relation: Relation,
    /// The instruction wants the opposite.
    pub(super) negated: bool,
    /// Does the whole instruction.
    pub(super) helper: Helper,
}

impl Relation {
    fn int(self) -> IntCC {
        match self {
            Relation::Lt => IntCC::SignedLessThan,
            Relation::Le => IntCC::SignedLessThanOrEqual,
            Relation::Gt => IntCC::SignedGreaterThan,
            Relation::Ge => IntCC::SignedGreaterThanOrEqual,
            Relation::Eq | Relation::StrictEq => IntCC::Equal,
        }
    }

    fn double(self) -> FloatCC {
        match self {
            Relation::Lt => FloatCC::LessThan,
            Relation::Le => FloatCC::LessThanOrEqual,
            Relation::Gt => FloatCC::GreaterThan,
            Relation::Ge => FloatCC::GreaterThanOrEqual,
            Relation::Eq | Relation::StrictEq => FloatCC::Equal,
        }
    }
}

impl Emitter<'_, '_> {
    /// Branches to `yes` or `no` by a comparison of two values, or to `slow`.
    fn compare(&mut self, c: Comparison, [a, b]: [Value; 2], fb: u16, [yes, no, slow]: [Block; 3]) {
        let (holds, fails) = if c.negated { (no, yes) } else { (yes, no) };
        let bits = self.seen(fb);
        if bits == 0 || bits & seen::INT != 0 {
            let other = self.block();
            let both = self.both_int(a, b);
            self.require(both, other);
            let (x, y) = (self.int_of(a), self.int_of(b));
            let result = self.b.ins().icmp(c.relation.int(), x, y);
            self.record_seen(fb, seen::INT);
            self.branch(result, holds, fails);
            self.go(other);
        }
        if bits & seen::DOUBLE != 0 {
            let other = self.block();
            let both = self.both_number(a, b);
            self.require(both, other);
            let (x, y) = (self.double_of(a), self.double_of(b));
            let result = self.b.ins().fcmp(c.relation.double(), x, y);
            self.record_seen(fb, seen::DOUBLE);
            self.branch(result, holds, fails);
            self.go(other);
        }
        if bits & (seen::NULLISH | seen::BOOL | seen::OTHER) != 0 {
            self.compare_immediates(c.relation, a, b, fb, holds, fails);
        }
        self.jump(slow);
    }

    /// Equality where one side is undefined or null (or, strictly, any immediate): decided by the words alone.
    fn compare_immediates(&mut self, relation: Relation, a: Value, b: Value, fb: u16, holds: Block, fails: Block) {
        let other = self.block();
        let least = self.b.ins().umin(a, b);
        match relation {
            Relation::StrictEq => {
                let applies = if self.request.profiles() {
                    self.is_nullish(least)
                } else {
                    self.is(IntCC::UnsignedLessThan, least, FIRST_NOT_IMMEDIATE)
                };
                self.require(applies, other);
                self.record_seen(fb, seen::NULLISH);
                let same = self.b.ins().icmp(IntCC::Equal, a, b);
                self.branch(same, holds, fails);
            }
            Relation::Eq => {
                let applies = self.is_nullish(least);
                self.require(applies, other);
                self.record_seen(fb, seen::NULLISH);
                let (x, y) = (self.is_nullish(a), self.is_nullish(b));
                let both = self.b.ins().band(x, y);
                self.branch(both, holds, fails);
            }
            Relation::Lt | Relation::Le | Relation::Gt | Relation::Ge => self.jump(other),
        }
        self.go(other);
    }

    /// `dst = lhs <relation> rhs`.
    pub(super) fn compare_to(&mut self, c: Comparison, dst: Reg, lhs: Reg, rhs: Reg, fb: u16) {
        let (a, b) = (self.get(lhs), self.get(rhs));
        let (yes, no, paths) = (self.block(), self.block(), self.paths());
        self.compare(c, [a, b], fb, [yes, no, paths.slow]);
        self.go(yes);
        self.set_tagged(dst, Tagged::TRUE);
        self.jump(paths.done);
        self.go(no);
        self.set_tagged(dst, Tagged::FALSE);
        self.jump(paths.done);
        self.by_frame(c.helper, paths);
    }

    /// A conditional jump: `decide` branches to one of the two blocks that it is given. Where an outcome has something to
    /// do (count itself, count a back-edge) its block stands between.
    fn conditional(&mut self, to: i32, fb: u16, decide: impl FnOnce(&mut Self, Block, Block)) {
        let (target, next) = (self.target(to), self.next);
        if !self.request.profiles() && to >= 0 {
            let (taken, not_taken) = (self.block_at(target), self.block_at(next));
            return decide(self, taken, not_taken);
        }
        let (taken, not_taken) = (self.block(), self.block());
        decide(self, taken, not_taken);
        self.go(taken);
        if self.request.profiles() {
            let slot = self.slot(fb);
            self.increment(slot, offset_of!(TypesSlot, taken) as i32);
        }
        self.jump_to(to);
        self.go(not_taken);
        if self.request.profiles() {
            let slot = self.slot(fb);
            self.increment(slot, offset_of!(TypesSlot, not_taken) as i32);
        }
        let block = self.block_at(next);
        self.jump(block);
    }

    /// A jump on a comparison.
    pub(super) fn jump_compare(&mut self, c: Comparison, lhs: Reg, rhs: Reg, to: i32, fb: u16) {
        let (a, b) = (self.get(lhs), self.get(rhs));
        self.conditional(to, fb, |e, taken, not_taken| {
            let slow = e.cold_block();
            e.compare(c, [a, b], fb, [taken, not_taken, slow]);
            e.go(slow);
            let offset = e.word(e.at as u64);
            let answer = e.try_call(c.helper, &[e.regs, offset]);
            let wanted = e.equals(answer, Tagged::TRUE.0);
            e.branch(wanted, taken, not_taken);
        });
    }

    /// A jump on ToBoolean of a value being `wanted`.
    pub(super) fn jump_boolean(&mut self, wanted: bool, src: Reg, to: i32, fb: u16) {
        let v = self.get(src);
        self.conditional(to, fb, |e, taken, not_taken| {
            let (if_true, if_false) = if wanted { (taken, not_taken) } else { (not_taken, taken) };
            let other = e.cold_block();
            let is_bool = e.is_bool(v);
            e.require(is_bool, other);
            e.record_seen(fb, seen::BOOL);
            let is_true = e.equals(v, Tagged::TRUE.0);
            e.branch(is_true, if_true, if_false);
            e.go(other);
            let truth = if e.request.profiles() {
                let helper = if wanted { arith::JUMP_TRUE_PROFILED } else { arith::JUMP_FALSE_PROFILED };
                let (pc, slot) = (e.pc(), e.slot(fb));
                e.call(helper, &[pc, v, slot])
            } else {
                e.call(arith::TO_BOOLEAN, &[v])
            };
            let truth = e.b.ins().ireduce(I32, truth);
            e.branch(truth, if_true, if_false);
        });
    }

    /// A jump on null or undefined.
    pub(super) fn jump_nullish(&mut self, src: Reg, to: i32, fb: u16) {
        let v = self.get(src);
        self.conditional(to, fb, |e, taken, not_taken| {
            let nullish = e.is_nullish(v);
            e.branch(nullish, taken, not_taken);
        });
    }

    /// A jump on undefined.
    pub(super) fn jump_undefined(&mut self, src: Reg, to: i32, fb: u16) {
        let v = self.get(src);
        self.conditional(to, fb, |e, taken, not_taken| {
            let undefined = e.equals(v, Tagged::UNDEFINED.0);
            e.branch(undefined, taken, not_taken);
        });
    }

    /// A jump on objects.
    pub(super) fn jump_object(&mut self, src: Reg, to: i32, fb: u16) {
        let v = self.get(src);
        self.conditional(to, fb, |e, taken, not_taken| {
            e.require_object(v, not_taken);
            e.b.ins().jump(taken, &[]);
        });
    }

    /// `dst = !src`.
    pub(super) fn not(&mut self, dst: Reg, src: Reg) {
        let v = self.get(src);
        let (other, done) = (self.cold_block(), self.block());
        let is_bool = self.is_bool(v);
        self.require(is_bool, other);
        let flipped = self.b.ins().bxor_imm_u(v, 1);
        self.set(dst, flipped);
        self.jump(done);
        self.go(other);
        let truth = self.call(arith::TO_BOOLEAN, &[v]);
        let flipped = self.b.ins().bxor_imm_u(truth, Tagged::TRUE.0 as i64);
        self.set(dst, flipped);
        self.jump(done);
        self.go(done);
    }
}
