//! Int32, doubles, booleans, and the conversions between representations.
//!
//! What a checked operation objects to is computed beside the result and branches to the cold block; the result of an
//! overflowing operation is never used. Comments give the reasoning where the obvious machine instruction is not exact.

use super::groups::{calls, checks, control, objects, strings};
use super::{Lower, LowerError, StressExits, runtime, trusted};
use crate::hir::field::{Cond, MathFn, Val};
use crate::hir::inst::Op;
use crate::hir::types;
use crate::runtime::cell::{CellKind, offset};
use crate::runtime::value::{DOUBLE_OFFSET, NOT_CELL_MASK, NUMBER_TAG, Value as Tagged};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::types::{F64, I8, I32, I64};
use cranelift_codegen::ir::{Block, InstBuilder, MemFlagsData, Value};

/// 2^52 + 2^51: added to a double of magnitude below 2^51 it leaves the nearest integer in the low bits.
const ROUNDING_MAGIC: f64 = 6_755_399_441_055_744.0;
/// The bits of a double's significand that are stored.
const SIGNIFICAND_BITS: i64 = 52;
/// What a double's exponent is stored with.
const EXPONENT_BIAS: i64 = 1023;

impl Lower<'_, '_> {
    #[allow(clippy::too_many_lines, reason = "one arm per instruction, each short")]
    pub(super) fn number(&mut self, v: Val) -> Result<(), LowerError> {
        let op = &self.graph.insts[v].op;
        let result = match *op {
            Op::CheckBounds { index, length } => {
                let (i, n) = (self.val(index), self.val(length));
                let out = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, i, n);
                self.guard(v, out)?;
                i
            }
            Op::CheckMulZero { a, b, product } => {
                let (a, b, product) = (self.val(a), self.val(b), self.val(product));
                let either = self.b.ins().bor(a, b);
                let negative = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, either, 0);
                let zero = self.b.ins().icmp_imm_s(IntCC::Equal, product, 0);
                let fail = self.b.ins().band(negative, zero);
                self.guard(v, fail)?;
                product
            }
            Op::CheckModZero { a, remainder } => {
                let (a, remainder) = (self.val(a), self.val(remainder));
                let negative = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, a, 0);
                let zero = self.b.ins().icmp_imm_s(IntCC::Equal, remainder, 0);
                let fail = self.b.ins().band(negative, zero);
                self.guard(v, fail)?;
                remainder
            }
            Op::CheckUint32 { bits } => {
                let bits = self.val(bits);
                let fail = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, bits, 0);
                self.guard(v, fail)?;
                bits
            }
            Op::CheckDoubleToInt32 { v: double } => {
                let d = self.val(double);
                let (i, fail) = self.as_int32(d);
                self.guard(v, fail)?;
                i
            }
            Op::TruncateNullish { v: tagged } => {
                let t = self.val(tagged);
                let high = self.b.ins().ushr_imm_u(t, 49);
                let no_number = self.b.ins().icmp_imm_u(IntCC::Equal, high, 0);
                let rest = self.b.ins().band_imm_s(t, !8);
                let not_nullish = self.b.ins().icmp_imm_u(IntCC::NotEqual, rest, Tagged::NULL.0 as i64);
                let fail = self.b.ins().band(no_number, not_nullish);
                self.guard(v, fail)?;
                let tag = self.word(NUMBER_TAG);
                let is_int = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, t, tag);
                self.choose(
                    is_int,
                    I32,
                    |l| l.b.ins().ireduce(I32, t),
                    |l| {
                        let zero = |l: &mut Self| l.b.ins().iconst(I32, 0);
                        l.choose(no_number, I32, zero, |l| {
                            let bits = l.unboxed_bits(t);
                            let d = l.b.ins().bitcast(F64, MemFlagsData::new(), bits);
                            l.truncate(d)
                        })
                    },
                )
            }
            Op::CheckNumberToDouble { v: tagged } if self.options.stress == StressExits::Off => {
                self.checked_double(v, tagged)?
            }
            Op::CheckNumberToDouble { v: tagged } => {
                let t = self.reload(tagged);
                let high = self.b.ins().ushr_imm_u(t, 49);
                let fail = self.b.ins().icmp_imm_u(IntCC::Equal, high, 0);
                self.guard(v, fail)?;
                self.unbox_number(tagged)
            }
            Op::Int32Add { a, b } => self.int2(a, b, |l, a, b| l.b.ins().iadd(a, b)),
            Op::Int32Sub { a, b } => self.int2(a, b, |l, a, b| l.b.ins().isub(a, b)),
            Op::Int32Mul { a, b } => self.product(a, b),
            Op::Int32AddChecked { a, b } if self.int_constant(b).is_some() => {
                let by = self.int_constant(b).unwrap_or(0);
                let a = self.val(a);
                self.add_constant_checked(v, a, by as i64)?
            }
            Op::Int32SubChecked { a, b } if self.int_constant(b).is_some() => {
                let by = self.int_constant(b).unwrap_or(0);
                let a = self.val(a);
                self.add_constant_checked(v, a, -(by as i64))?
            }
            Op::Int32AddChecked { a, b } => {
                let (a, b) = (self.val(a), self.val(b));
                let (sum, over) = self.b.ins().sadd_overflow(a, b);
                self.guard(v, over)?;
                sum
            }
            Op::Int32SubChecked { a, b } => {
                let (a, b) = (self.val(a), self.val(b));
                let (difference, over) = self.b.ins().ssub_overflow(a, b);
                self.guard(v, over)?;
                difference
            }
            Op::Int32MulChecked { a, b } => {
                // The product of 64 bits takes any registers; the flag of the 32-bit one takes two that are fixed.
                let a = self.val(a);
                let a = self.b.ins().sextend(I64, a);
                let wide = match self.int_constant(b) {
                    Some(by) => self.b.ins().imul_imm_s(a, by as i64),
                    None => {
                        let b = self.val(b);
                        let b = self.b.ins().sextend(I64, b);
                        self.b.ins().imul(a, b)
                    }
                };
                let product = self.b.ins().ireduce(I32, wide);
                let back = self.b.ins().sextend(I64, product);
                let over = self.b.ins().icmp(IntCC::NotEqual, back, wide);
                self.guard(v, over)?;
                product
            }
            Op::Int32DivChecked { a, b } if self.power_of_two(b).is_some() => {
                let by = self.power_of_two(b).unwrap_or(0);
                let a = self.val(a);
                let rest = self.b.ins().band_imm_u(a, (1 << by) - 1);
                self.guard(v, rest)?;
                self.b.ins().sshr_imm_u(a, by as i64)
            }
            Op::Int32DivChecked { a, b } if self.multiplied_divisor(b).is_some() => {
                let by = self.multiplied_divisor(b).unwrap_or(1);
                let a = self.val(a);
                let quotient = self.quotient_by(a, by);
                let back = self.b.ins().imul_imm_s(quotient, by as i64);
                let inexact = self.b.ins().icmp(IntCC::NotEqual, back, a);
                self.guard(v, inexact)?;
                quotient
            }
            Op::Int32DivChecked { a, b } => {
                // Not an int32: by zero, least / -1, 0 / negative (-0), and what leaves a remainder.
                let (a, b) = (self.val(a), self.val(b));
                let by_zero = self.b.ins().icmp_imm_s(IntCC::Equal, b, 0);
                let least = self.b.ins().icmp_imm_s(IntCC::Equal, a, i32::MIN as i64);
                let minus_one = self.b.ins().icmp_imm_s(IntCC::Equal, b, -1);
                let overflows = self.b.ins().band(least, minus_one);
                let zero = self.b.ins().icmp_imm_s(IntCC::Equal, a, 0);
                let negative = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, b, 0);
                let minus_zero = self.b.ins().band(zero, negative);
                let fail = self.b.ins().bor(by_zero, overflows);
                let fail = self.b.ins().bor(fail, minus_zero);
                // One exit for both halves: the division itself needs the first, the remainder decides the second.
                let (divide, join) = (self.b.create_block(), self.b.create_block());
                let quotient = self.b.append_block_param(join, I32);
                let failed = self.b.append_block_param(join, I8);
                let one = self.b.ins().iconst(I8, 1);
                let nothing = self.b.ins().iconst(I32, 0);
                self.b.ins().brif(fail, join, &[nothing.into(), one.into()], divide, &[]);
                self.b.switch_to_block(divide);
                let q = self.b.ins().sdiv(a, b);
                let back = self.b.ins().imul(q, b);
                let inexact = self.b.ins().icmp(IntCC::NotEqual, back, a);
                self.b.ins().jump(join, &[q.into(), inexact.into()]);
                self.b.switch_to_block(join);
                self.guard(v, failed)?;
                quotient
            }
            Op::Int32ModChecked { a, b } if self.multiplied_divisor(b).is_some() => self.remainder(a, b),
            Op::Int32ModChecked { a, b } => {
                let (a, b) = (self.val(a), self.val(b));
                let by_zero = self.b.ins().icmp_imm_s(IntCC::Equal, b, 0);
                self.guard(v, by_zero)?;
                self.b.ins().srem(a, b)
            }
            Op::Int32Div { a, b } => self.quotient(a, b),
            Op::Int32Mod { a, b } => self.remainder(a, b),
            Op::Int32NegChecked { a } => {
                // 0 gives -0, and the least int32 has no negative: both are 0 without the sign bit.
                let a = self.val(a);
                let rest = self.b.ins().band_imm_u(a, 0x7FFF_FFFF);
                let fail = self.b.ins().icmp_imm_s(IntCC::Equal, rest, 0);
                self.guard(v, fail)?;
                self.b.ins().ineg(a)
            }
            Op::Int32AbsChecked { a } => {
                let a = self.val(a);
                let fail = self.b.ins().icmp_imm_s(IntCC::Equal, a, i32::MIN as i64);
                self.guard(v, fail)?;
                self.b.ins().iabs(a)
            }
            Op::Int32And { a, b } => self.int2(a, b, |l, a, b| l.b.ins().band(a, b)),
            Op::Int32Or { a, b } => self.or_or_rotation(a, b),
            Op::Int32Xor { a, b } => self.int2(a, b, |l, a, b| l.b.ins().bxor(a, b)),
            Op::Int32Not { a } => {
                let a = self.val(a);
                self.b.ins().bnot(a)
            }
            Op::Int32Shl { a, b } => self.int2(a, b, |l, a, b| l.b.ins().ishl(a, b)),
            Op::Int32Rotl { a, b } => self.int2(a, b, |l, a, b| l.b.ins().rotl(a, b)),
            Op::Int32Sar { a, b } => self.int2(a, b, |l, a, b| l.b.ins().sshr(a, b)),
            Op::Int32Shr { a, b } => self.int2(a, b, |l, a, b| l.b.ins().ushr(a, b)),
            Op::Int32Min { a, b } => self.int2(a, b, |l, a, b| l.b.ins().smin(a, b)),
            Op::Int32Max { a, b } => self.int2(a, b, |l, a, b| l.b.ins().smax(a, b)),
            Op::IndexInBounds { index, length } => {
                self.int2(index, length, |l, i, n| l.b.ins().icmp(IntCC::UnsignedLessThan, i, n))
            }
            Op::Int32Compare { a, b, cond } => self.int2(a, b, |l, a, b| l.b.ins().icmp(int_cc(cond), a, b)),
            Op::DoubleAdd { a, b } => self.int2(a, b, |l, a, b| l.b.ins().fadd(a, b)),
            Op::DoubleSub { a, b } => {
                let (a, b) = (self.left_double(a), self.val(b));
                self.b.ins().fsub(a, b)
            }
            Op::DoubleMul { a, b } => self.int2(a, b, |l, a, b| l.b.ins().fmul(a, b)),
            Op::DoubleDiv { a, b } => {
                let (a, b) = (self.left_double(a), self.val(b));
                self.b.ins().fdiv(a, b)
            }
            Op::DoubleMod { a, b } => self.double_leaf(runtime::leaf_modulo as *const () as usize, &[a, b]),
            Op::DoublePow { a, b } => self.double_leaf(runtime::leaf_pow as *const () as usize, &[a, b]),
            Op::DoubleAtan2 { a, b } => self.double_leaf(runtime::leaf_atan2 as *const () as usize, &[a, b]),
            Op::DoubleMath { a, function } => self.double_leaf(math_address(function), &[a]),
            // Cranelift's are those of WebAssembly: NaN wins, -0 is less than 0. So are JavaScript's.
            Op::DoubleMin { a, b } => self.int2(a, b, |l, a, b| l.b.ins().fmin(a, b)),
            Op::DoubleMax { a, b } => self.int2(a, b, |l, a, b| l.b.ins().fmax(a, b)),
            Op::DoubleNeg { a } => self.one(a, |l, a| l.b.ins().fneg(a)),
            Op::DoubleAbs { a } => self.one(a, |l, a| l.b.ins().fabs(a)),
            Op::DoubleSqrt { a } => self.one(a, |l, a| l.b.ins().sqrt(a)),
            Op::DoubleFloor { a } => self.one(a, |l, a| l.b.ins().floor(a)),
            Op::DoubleCeil { a } => self.one(a, |l, a| l.b.ins().ceil(a)),
            Op::DoubleTrunc { a } => self.one(a, |l, a| l.b.ins().trunc(a)),
            Op::DoubleRound { a } => self.one(a, |l, a| {
                // Up, and down again by one if that went further than a half. Keeps -0 and is exact for large numbers,
                // which floor(a + 0.5) is not.
                let up = l.b.ins().ceil(a);
                let half = l.b.ins().f64const(0.5);
                let one = l.b.ins().f64const(1.0);
                let less_half = l.b.ins().fsub(up, half);
                let too_far = l.b.ins().fcmp(FloatCC::GreaterThan, less_half, a);
                let down = l.b.ins().fsub(up, one);
                l.b.ins().select(too_far, down, up)
            }),
            Op::DoubleCompare { a, b, cond } => {
                // Of `<` and `<=` the machine compares the right side with the left.
                let (a, b) = (self.left_double(a), self.left_double(b));
                self.b.ins().fcmp(float_cc(cond), a, b)
            }
            Op::DoubleIsTruthy { a } => self.one(a, |l, a| {
                let zero = l.b.ins().f64const(0.0);
                l.b.ins().fcmp(FloatCC::OrderedNotEqual, a, zero)
            }),
            Op::DoubleClamp { a } => self.one(a, |l, a| {
                // NaN is not greater than 0.
                let (least, most) = (l.b.ins().f64const(0.0), l.b.ins().f64const(255.0));
                let positive = l.b.ins().fcmp(FloatCC::GreaterThan, a, least);
                let raised = l.b.ins().select(positive, a, least);
                let small = l.b.ins().fcmp(FloatCC::LessThan, raised, most);
                let clamped = l.b.ins().select(small, raised, most);
                let rounded = l.b.ins().nearest(clamped);
                l.b.ins().fcvt_to_sint_sat(I32, rounded)
            }),
            Op::DoubleTruncate { a } => self.one(a, |l, a| l.truncate(a)),
            Op::Int32ToDouble { a } => self.one(a, |l, a| l.b.ins().fcvt_from_sint(F64, a)),
            Op::Uint32ToDouble { bits } => self.one(bits, |l, bits| {
                let wide = l.b.ins().uextend(I64, bits);
                l.b.ins().fcvt_from_sint(F64, wide)
            }),
            Op::BoxInt32 { v } => self.one(v, Self::box_int32),
            Op::BoxDouble { v } => self.one(v, Self::box_double),
            Op::BoxNumber { v } => self.one(v, |l, d| {
                let (i, not_int) = l.as_int32(d);
                let boxed_int = l.box_int32(i);
                let boxed_double = l.box_double(d);
                l.b.ins().select(not_int, boxed_double, boxed_int)
            }),
            Op::BoxBool { v } => self.one(v, |l, v| {
                let wide = l.b.ins().uextend(I64, v);
                l.b.ins().bor_imm_u(wide, Tagged::FALSE.0 as i64)
            }),
            Op::UnboxInt32 { v } => self.one(v, |l, v| l.b.ins().ireduce(I32, v)),
            Op::UnboxNumber { v } => self.unbox_number(v),
            Op::UnboxBool { v } => self.one(v, |l, v| {
                let low = l.b.ins().ireduce(I8, v);
                l.b.ins().band_imm_u(low, 1)
            }),
            Op::BoolNot { a } => self.one(a, Self::not),
            Op::IsTruthy { v } => {
                let ty = self.graph.ty(v);
                self.one(v, |l, v| l.is_truthy(v, ty))
            }
            Op::TaggedEqual { a, b } => self.int2(a, b, |l, a, b| l.b.ins().icmp(IntCC::Equal, a, b)),
            Op::StrictEqual { a, b } => self.int2(a, b, Self::strict_equal),
            control!() | checks!() | calls!() | objects!() | strings!() => {
                unreachable!("{op} is not a number's business")
            }
        };
        self.set(v, result);
        Ok(())
    }

    /// `a + by`, for `guard`, which leaves if that is no int32. A comparison before is one instruction with its branch;
    /// the overflow flag would have to become a value first.
    fn add_constant_checked(&mut self, guard: Val, a: Value, by: i64) -> Result<Value, LowerError> {
        let fail = if by > 0 {
            self.b.ins().icmp_imm_s(IntCC::SignedGreaterThan, a, i32::MAX as i64 - by)
        } else {
            self.b.ins().icmp_imm_s(IntCC::SignedLessThan, a, i32::MIN as i64 - by)
        };
        self.guard(guard, fail)?;
        Ok(self.b.ins().iadd_imm_s(a, by as i32 as i64))
    }

    fn int2(&mut self, a: Val, b: Val, f: impl FnOnce(&mut Self, Value, Value) -> Value) -> Value {
        let (a, b) = (self.val(a), self.val(b));
        f(self, a, b)
    }

    fn one(&mut self, a: Val, f: impl FnOnce(&mut Self, Value) -> Value) -> Value {
        let a = self.val(a);
        f(self, a)
    }

    pub(super) fn box_int32(&mut self, i: Value) -> Value {
        let wide = self.b.ins().uextend(I64, i);
        let tag = self.word(NUMBER_TAG);
        self.b.ins().bor(wide, tag)
    }

    fn box_double(&mut self, d: Value) -> Value {
        let bits = self.b.ins().bitcast(I64, MemFlagsData::new(), d);
        self.box_bits(bits)
    }

    /// The int32 that a double is, and whether it is none. It is one if and only if converting back gives the same number;
    /// -0 converts to 0 and must be told apart.
    fn as_int32(&mut self, d: Value) -> (Value, Value) {
        let i = self.low_bits_of_rounded(d);
        let back = self.b.ins().fcvt_from_sint(F64, i);
        let bits = self.b.ins().bitcast(I64, MemFlagsData::new(), d);
        let same = self.b.ins().fcmp(FloatCC::Equal, back, d);
        let differs = self.not(same);
        let minus_zero = self.word(1 << 63);
        let is_minus_zero = self.b.ins().icmp(IntCC::Equal, bits, minus_zero);
        (i, self.b.ins().bor(differs, is_minus_zero))
    }

    fn low_bits_of_rounded(&mut self, d: Value) -> Value {
        let magic = self.b.ins().f64const(ROUNDING_MAGIC);
        let sum = self.b.ins().fadd(d, magic);
        let bits = self.b.ins().bitcast(I64, MemFlagsData::new(), sum);
        self.b.ins().ireduce(I32, bits)
    }

    /// `ToInt32` of a double: the low half of what it is as an int64, as long as it is one. The conversion saturates, so its
    /// two ends mean that it was not. NaN gives 0, as it should.
    fn truncate(&mut self, d: Value) -> Value {
        let wide = self.b.ins().fcvt_to_sint_sat(I64, d);
        let most = self.word(i64::MAX as u64);
        let from_most = self.b.ins().isub(wide, most);
        let saturated = self.b.ins().icmp_imm_u(IntCC::UnsignedLessThan, from_most, 2);
        let (join, large) = (self.b.create_block(), self.cold_block());
        let result = self.b.append_block_param(join, I32);
        let low = self.b.ins().ireduce(I32, wide);
        self.b.ins().brif(saturated, large, &[], join, &[low.into()]);
        self.b.switch_to_block(large);
        let low = self.low_bits_of_large(d);
        self.b.ins().jump(join, &[low.into()]);
        self.b.switch_to_block(join);
        result
    }

    /// The low 32 bits of a double of magnitude 2^63 or more: its significand, shifted to the left. In line, because a call
    /// here would have every double around it kept in memory.
    fn low_bits_of_large(&mut self, d: Value) -> Value {
        let bits = self.b.ins().bitcast(I64, MemFlagsData::new(), d);
        let exponent = self.b.ins().ushr_imm_u(bits, SIGNIFICAND_BITS);
        let exponent = self.b.ins().band_imm_u(exponent, 0x7ff);
        let by = self.b.ins().iadd_imm_s(exponent, -(EXPONENT_BIAS + SIGNIFICAND_BITS));
        let significand = self.b.ins().ireduce(I32, bits);
        let shifted = self.b.ins().ishl(significand, by);
        let zero = self.b.ins().iconst(I32, 0);
        // Infinity, too, has an exponent that leaves nothing.
        let some_left = self.b.ins().icmp_imm_u(IntCC::UnsignedLessThan, by, 32);
        let magnitude = self.b.ins().select(some_left, shifted, zero);
        let negated = self.b.ins().ineg(magnitude);
        let negative = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, bits, 0);
        self.b.ins().select(negative, negated, magnitude)
    }

    /// The double that the bits of a tagged double are: what is left is nonsense if the value is none.
    fn unboxed_bits(&mut self, t: Value) -> Value {
        let offset = self.word(DOUBLE_OFFSET);
        self.b.ins().isub(t, offset)
    }

    /// The double in a tagged value that is one, and whether it is.
    fn unboxed(&mut self, tagged: Val) -> (Value, Value) {
        if let (Some(double), Some(is_double)) = (self.load_untagged(tagged), self.holds_double(tagged)) {
            return (double, is_double);
        }
        let t = self.val(tagged);
        let bits = self.unboxed_bits(t);
        let double = self.b.ins().bitcast(F64, MemFlagsData::new(), bits);
        let doubles = self.word(NUMBER_TAG - DOUBLE_OFFSET);
        (double, self.b.ins().icmp(IntCC::UnsignedLessThan, bits, doubles))
    }

    fn double_of_int(&mut self, t: Value) -> Value {
        let i = self.b.ins().ireduce(I32, t);
        self.b.ins().fcvt_from_sint(F64, i)
    }

    /// The number in a tagged value that is one, as a double.
    pub(super) fn unbox_number(&mut self, v: Val) -> Value {
        let ty = self.graph.ty(v) & types::NUMBER;
        if ty.is(types::INT32) {
            let t = self.val(v);
            return self.double_of_int(t);
        }
        if ty.is(types::DOUBLE) {
            return self.load_untagged(v).unwrap_or_else(|| {
                let t = self.val(v);
                let bits = self.unboxed_bits(t);
                self.b.ins().bitcast(F64, MemFlagsData::new(), bits)
            });
        }
        let (join, int, result) = self.fork_double(v);
        self.b.switch_to_block(int);
        let t = self.reload(v);
        let d = self.double_of_int(t);
        self.b.ins().jump(join, &[d.into()]);
        self.b.switch_to_block(join);
        result
    }

    /// A number as a double, after a check. Where it is held as a double already, one compare has seen to both.
    fn checked_double(&mut self, guard: Val, tagged: Val) -> Result<Value, LowerError> {
        let (join, other, result) = self.fork_double(tagged);
        self.b.switch_to_block(other);
        let t = self.reload(tagged);
        let tag = self.word(NUMBER_TAG);
        let fail = self.b.ins().icmp(IntCC::UnsignedLessThan, t, tag);
        self.guard(guard, fail)?;
        if let Some(block) = self.b.current_block() {
            self.b.set_cold_block(block);
        }
        let d = self.double_of_int(t);
        self.b.ins().jump(join, &[d.into()]);
        self.b.switch_to_block(join);
        Ok(result)
    }

    /// Goes on in the first block, with the double as its parameter, if it is one; else in the second, out of the way.
    fn fork_double(&mut self, tagged: Val) -> (Block, Block, Value) {
        let (double, is_double) = self.unboxed(tagged);
        let (join, other) = (self.b.create_block(), self.cold_block());
        let result = self.b.append_block_param(join, F64);
        self.b.ins().brif(is_double, join, &[double.into()], other, &[]);
        (join, other, result)
    }

    /// Equal words are equal values but for NaN. Different ones are equal if they are numbers that are, or strings.
    fn strict_equal(&mut self, a: Value, b: Value) -> Value {
        let same = self.b.ins().icmp(IntCC::Equal, a, b);
        self.choose(
            same,
            I8,
            |l| {
                let from_double = l.b.ins().iadd_imm_s(a, -(DOUBLE_OFFSET as i64));
                let doubles = l.word(NUMBER_TAG - DOUBLE_OFFSET);
                let is_double = l.b.ins().icmp(IntCC::UnsignedLessThan, from_double, doubles);
                l.choose(is_double, I8, |l| l.ask_strict_equal(a, b), |l| l.b.ins().iconst(I8, 1))
            },
            |l| {
                let words = l.b.ins().bor(a, b);
                let mask = l.word(NOT_CELL_MASK);
                let rest = l.b.ins().band(words, mask);
                let cells = l.b.ins().icmp_imm_u(IntCC::Equal, rest, 0);
                l.choose(
                    cells,
                    I8,
                    |l| l.different_cells_equal(a, b),
                    |l| {
                        let first_double = l.word(DOUBLE_OFFSET);
                        let x = l.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, a, first_double);
                        let y = l.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, b, first_double);
                        let numbers = l.b.ins().band(x, y);
                        l.choose(numbers, I8, |l| l.ask_strict_equal(a, b), |l| l.b.ins().iconst(I8, 0))
                    },
                )
            },
        )
    }

    fn ask_strict_equal(&mut self, a: Value, b: Value) -> Value {
        let word = self.call_leaf(runtime::leaf_strict_equal as *const () as usize, &[self.rt, a, b]);
        self.b.ins().ireduce(I8, word)
    }

    fn different_cells_equal(&mut self, a: Value, b: Value) -> Value {
        let x = self.b.ins().load(I8, trusted(), a, offset::KIND);
        let y = self.b.ins().load(I8, trusted(), b, offset::KIND);
        let x = self.b.ins().icmp_imm_u(IntCC::Equal, x, CellKind::String as i64);
        let y = self.b.ins().icmp_imm_u(IntCC::Equal, y, CellKind::String as i64);
        let strings = self.b.ins().band(x, y);
        self.choose(strings, I8, |l| l.strings_equal(a, b), |l| l.b.ins().iconst(I8, 0))
    }

    fn double_leaf(&mut self, address: usize, args: &[Val]) -> Value {
        let args: Vec<_> = args.iter().map(|a| self.val(*a)).collect();
        self.call_double_leaf(address, &args)
    }

    /// A load that cannot trap, of a word.
    pub(super) fn load_word(&mut self, base: Value, offset: i32) -> Value {
        self.b.ins().load(I64, trusted(), base, offset)
    }
}

pub(super) fn int_cc(cond: Cond) -> IntCC {
    match cond {
        Cond::Eq => IntCC::Equal,
        Cond::Ne => IntCC::NotEqual,
        Cond::Lt => IntCC::SignedLessThan,
        Cond::Le => IntCC::SignedLessThanOrEqual,
        Cond::Gt => IntCC::SignedGreaterThan,
        Cond::Ge => IntCC::SignedGreaterThanOrEqual,
    }
}

fn float_cc(cond: Cond) -> FloatCC {
    match cond {
        Cond::Eq => FloatCC::Equal,
        Cond::Ne => FloatCC::NotEqual,
        Cond::Lt => FloatCC::LessThan,
        Cond::Le => FloatCC::LessThanOrEqual,
        Cond::Gt => FloatCC::GreaterThan,
        Cond::Ge => FloatCC::GreaterThanOrEqual,
    }
}

fn math_address(function: MathFn) -> usize {
    runtime::math(function) as *const () as usize
}
