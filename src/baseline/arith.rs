//! Operators on numbers: an int32 path, a path for doubles where the site has seen some, the helper.

use super::emit::Emitter;
use crate::bytecode::ops::Reg;
use crate::codegen::helpers::{Helper, arith};
use crate::feedback::slot::seen;
use crate::runtime::value::Value as Tagged;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{F64, I32, I64};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value};

/// A binary operator that has inline paths.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Arith {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
}

/// A binary operator on int32s.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bits {
    And,
    Or,
    Xor,
    Shl,
    Shr,
    UShr,
}

const DOUBLES: u32 = seen::DOUBLE | seen::OVERFLOW | seen::NEG_ZERO;

impl Emitter<'_, '_> {
    /// Whether a site deserves an int32 path and one for doubles.
    fn numeric_paths(&self, fb: u16) -> (bool, bool) {
        let bits = self.seen(fb);
        (bits == 0 || bits & (seen::INT | seen::OVERFLOW) != 0, bits & DOUBLES != 0)
    }

    /// An operator without inline paths.
    pub(super) fn whole(&mut self, helper: Helper) {
        let paths = self.paths();
        self.jump(paths.slow);
        self.by_frame(helper, paths);
    }

    /// `+ - * / %`.
    pub(super) fn arithmetic(&mut self, op: Arith, helper: Helper, dst: Reg, lhs: Reg, rhs: Reg, fb: u16) {
        let (a, b) = (self.get(lhs), self.get(rhs));
        self.arithmetic_on(op, helper, dst, a, b, fb);
    }

    fn arithmetic_on(&mut self, op: Arith, helper: Helper, dst: Reg, a: Value, b: Value, fb: u16) {
        let (ints, doubles) = self.numeric_paths(fb);
        let ints = ints && op != Arith::Div;
        let doubles = (doubles || (op == Arith::Div && self.numeric_paths(fb).0)) && op != Arith::Mod;
        let paths = self.paths();
        let not_ints = if doubles { self.block() } else { paths.slow };
        if ints {
            let both = self.both_int(a, b);
            self.require(both, not_ints);
            let (x, y) = (self.int_of(a), self.int_of(b));
            let result = self.int_arithmetic(op, x, y, paths.slow);
            let boxed = self.box_int(result);
            self.set(dst, boxed);
            self.record_seen(fb, seen::INT);
            self.jump(paths.done);
        } else {
            self.jump(not_ints);
        }
        if doubles {
            self.go(not_ints);
            let both = self.both_number(a, b);
            self.require(both, paths.slow);
            let (x, y) = (self.double_of(a), self.double_of(b));
            if op == Arith::Div {
                self.divide(a, b, x, y, dst, fb);
            } else {
                let result = match op {
                    Arith::Add => self.b.ins().fadd(x, y),
                    Arith::Sub => self.b.ins().fsub(x, y),
                    Arith::Mul | Arith::Div | Arith::Mod => self.b.ins().fmul(x, y),
                };
                let boxed = self.box_double(result);
                self.set(dst, boxed);
                self.record_seen(fb, seen::DOUBLE);
            }
            self.jump(paths.done);
        }
        self.by_frame(helper, paths);
    }

    /// The int32 result, or to `slow` where it is none.
    fn int_arithmetic(&mut self, op: Arith, x: Value, y: Value, slow: cranelift_codegen::ir::Block) -> Value {
        match op {
            Arith::Add | Arith::Sub => {
                let (result, overflow) =
                    if op == Arith::Add { self.b.ins().sadd_overflow(x, y) } else { self.b.ins().ssub_overflow(x, y) };
                self.refuse(overflow, slow);
                result
            }
            Arith::Mul | Arith::Div => {
                let (wide_x, wide_y) = (self.b.ins().sextend(I64, x), self.b.ins().sextend(I64, y));
                let product = self.b.ins().imul(wide_x, wide_y);
                let result = self.b.ins().ireduce(I32, product);
                let back = self.b.ins().sextend(I64, result);
                let fits = self.b.ins().icmp(IntCC::Equal, back, product);
                self.require(fits, slow);
                // A zero whose factors are not both positive may be minus zero.
                let (nonzero, zero) = (self.block(), self.cold_block());
                self.branch(result, nonzero, zero);
                self.go(zero);
                let signs = self.b.ins().bor(x, y);
                let positive = self.is(IntCC::SignedGreaterThanOrEqual, signs, 0);
                self.branch(positive, nonzero, slow);
                self.go(nonzero);
                result
            }
            Arith::Mod => {
                let x_ok = self.is(IntCC::SignedGreaterThanOrEqual, x, 0);
                self.require(x_ok, slow);
                let y_ok = self.is(IntCC::SignedGreaterThan, y, 0);
                self.require(y_ok, slow);
                self.b.ins().urem(x, y)
            }
        }
    }

    /// Division: an int32 where that is exact, as everywhere.
    fn divide(&mut self, a: Value, b: Value, x: Value, y: Value, dst: Reg, fb: u16) {
        let quotient = self.b.ins().fdiv(x, y);
        let int = self.b.ins().fcvt_to_sint_sat(I32, quotient);
        let back = self.b.ins().fcvt_from_sint(F64, int);
        // Compared as bits, so that minus zero is no int32.
        let (bits, back_bits) = (self.raw_bits(quotient), self.raw_bits(back));
        let exact = self.b.ins().icmp(IntCC::Equal, bits, back_bits);
        let (as_int, as_double) = (self.box_int(int), self.box_double(quotient));
        let boxed = self.b.ins().select(exact, as_int, as_double);
        self.set(dst, boxed);
        if self.request.profiles() {
            let both = self.both_int(a, b);
            let (int_bit, overflow_bit) =
                (self.b.ins().iconst(I32, seen::INT as i64), self.b.ins().iconst(I32, seen::OVERFLOW as i64));
            let of_ints = self.b.ins().select(exact, int_bit, overflow_bit);
            let double_bit = self.b.ins().iconst(I32, seen::DOUBLE as i64);
            let bit = self.b.ins().select(both, of_ints, double_bit);
            let slot = self.slot(fb);
            let so_far = self.load(I32, slot, 0);
            let so_far = self.b.ins().bor(so_far, bit);
            self.store(so_far, slot, 0);
        }
    }

    fn raw_bits(&mut self, d: Value) -> Value {
        self.b.ins().bitcast(I64, MemFlagsData::new(), d)
    }

    /// `src + immediate`.
    pub(super) fn add_immediate(&mut self, dst: Reg, src: Reg, imm: i16, fb: u16) {
        let a = self.get(src);
        let b = self.tagged(Tagged::int(imm as i32));
        self.arithmetic_on(Arith::Add, arith::ADD_IMM, dst, a, b, fb);
    }

    /// `++` and `--`.
    pub(super) fn step(&mut self, by: i32, helper: Helper, dst: Reg, src: Reg, fb: u16) {
        let a = self.get(src);
        let (ints, doubles) = self.numeric_paths(fb);
        let paths = self.paths();
        let not_int = if doubles { self.block() } else { paths.slow };
        if ints {
            let is_int = self.is_int(a);
            self.require(is_int, not_int);
            let x = self.int_of(a);
            let one = self.b.ins().iconst(I32, by as i64);
            let (result, overflow) = self.b.ins().sadd_overflow(x, one);
            self.refuse(overflow, paths.slow);
            let boxed = self.box_int(result);
            self.set(dst, boxed);
            self.record_seen(fb, seen::INT);
            self.jump(paths.done);
        } else {
            self.jump(not_int);
        }
        if doubles {
            self.go(not_int);
            let number = self.is_number(a);
            self.require(number, paths.slow);
            let x = self.double_of(a);
            let one = self.b.ins().f64const(by as f64);
            let result = self.b.ins().fadd(x, one);
            let boxed = self.box_double(result);
            self.set(dst, boxed);
            self.record_seen(fb, seen::DOUBLE);
            self.jump(paths.done);
        }
        self.by_frame(helper, paths);
    }

    /// `-src`.
    pub(super) fn negate(&mut self, dst: Reg, src: Reg, fb: u16) {
        let a = self.get(src);
        let (ints, doubles) = self.numeric_paths(fb);
        let paths = self.paths();
        let not_int = if doubles { self.block() } else { paths.slow };
        if ints {
            let is_int = self.is_int(a);
            self.require(is_int, not_int);
            let x = self.int_of(a);
            // Neither 0 (minus zero) nor the least int32: the bits below the sign are not all zero.
            let low = self.b.ins().band_imm_u(x, i32::MAX as i64);
            self.require(low, paths.slow);
            let result = self.b.ins().ineg(x);
            let boxed = self.box_int(result);
            self.set(dst, boxed);
            self.record_seen(fb, seen::INT);
            self.jump(paths.done);
        } else {
            self.jump(not_int);
        }
        if doubles {
            self.go(not_int);
            let number = self.is_number(a);
            self.require(number, paths.slow);
            let is_int = self.is_int(a);
            self.refuse(is_int, paths.slow);
            let x = self.double_of(a);
            let result = self.b.ins().fneg(x);
            let boxed = self.box_double(result);
            self.set(dst, boxed);
            self.record_seen(fb, seen::DOUBLE);
            self.jump(paths.done);
        }
        self.by_frame(arith::NEG, paths);
    }

    /// Unary plus.
    pub(super) fn number_of(&mut self, dst: Reg, src: Reg, fb: u16) {
        let a = self.get(src);
        let doubles = self.seen(fb) & DOUBLES != 0;
        let paths = self.paths();
        let (fits, bit) = if doubles { (self.is_number(a), seen::DOUBLE) } else { (self.is_int(a), seen::INT) };
        self.require(fits, paths.slow);
        self.set(dst, a);
        self.record_seen(fb, bit);
        self.jump(paths.done);
        self.by_frame(arith::TO_NUMBER, paths);
    }

    /// `~src`.
    pub(super) fn bit_not(&mut self, dst: Reg, src: Reg, fb: u16) {
        let a = self.get(src);
        let paths = self.paths();
        let is_int = self.is_int(a);
        self.require(is_int, paths.slow);
        let x = self.int_of(a);
        let result = self.b.ins().bnot(x);
        let boxed = self.box_int(result);
        self.set(dst, boxed);
        self.record_seen(fb, seen::INT);
        self.jump(paths.done);
        self.by_frame(arith::BIT_NOT, paths);
    }

    /// `& | ^ << >> >>>`.
    pub(super) fn bitwise(&mut self, op: Bits, helper: Helper, dst: Reg, lhs: Reg, rhs: Reg, fb: u16) {
        let (a, b) = (self.get(lhs), self.get(rhs));
        let paths = self.paths();
        let both = self.both_int(a, b);
        self.require(both, paths.slow);
        let (x, y) = (self.int_of(a), self.int_of(b));
        // Cranelift's shifts take the count modulo 32, as JavaScript's do.
        let result = match op {
            Bits::And => self.b.ins().band(x, y),
            Bits::Or => self.b.ins().bor(x, y),
            Bits::Xor => self.b.ins().bxor(x, y),
            Bits::Shl => self.b.ins().ishl(x, y),
            Bits::Shr => self.b.ins().sshr(x, y),
            Bits::UShr => {
                let result = self.b.ins().ushr(x, y);
                let fits = self.is(IntCC::SignedGreaterThanOrEqual, result, 0);
                self.require(fits, paths.slow);
                result
            }
        };
        let boxed = self.box_int(result);
        self.set(dst, boxed);
        self.record_seen(fb, seen::INT);
        self.jump(paths.done);
        self.by_frame(helper, paths);
    }
}
