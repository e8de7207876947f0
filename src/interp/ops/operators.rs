//! Operators: the quickened forms, and the general ones that choose them.

use super::arith;
use crate::bytecode::ops::Op;
use crate::feedback::slot::{ElementSlot, TypesSlot, Unit, element, seen};
use crate::interp::frame::FrameRecord;
use crate::interp::state::{State, both_int, both_number, is_cell, kind_byte, outline, tri};
use crate::runtime::cell::CellKind;
use crate::runtime::runtime::Runtime;
use crate::runtime::thunk::{boxed, double_or_nan};
use crate::runtime::value::Value;
use crate::runtime::{arith as generic, compare, convert};

/// `Add` of any operands.
#[inline(always)]
pub unsafe fn add<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::add(s.rt(), s.pc, a, b, slot));
        s.done(v, Op::Add)
    }
}

/// `Sub` of any operands.
#[inline(always)]
pub unsafe fn sub<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::sub(s.rt(), s.pc, a, b, slot));
        s.done(v, Op::Sub)
    }
}

/// `Mul` of any operands.
#[inline(always)]
pub unsafe fn mul<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::mul(s.rt(), s.pc, a, b, slot));
        s.done(v, Op::Mul)
    }
}

/// `Div` of any operands.
#[inline(always)]
pub unsafe fn div<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::div(s.rt(), s.pc, a, b, slot));
        s.done(v, Op::Div)
    }
}

/// `Mod` of any operands.
#[inline(always)]
pub unsafe fn modulo<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::modulo(s.rt(), s.pc, a, b, slot));
        s.done(v, Op::Mod)
    }
}

/// `Exp` of any operands.
#[inline(always)]
pub unsafe fn exp<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::exp(s.rt(), s.pc, a, b, slot));
        s.done(v, Op::Exp)
    }
}

/// `BitAnd` of any operands.
#[inline(always)]
pub unsafe fn bit_and<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::bit_and(s.rt(), s.pc, a, b, slot));
        s.done(v, Op::BitAnd)
    }
}

/// `BitOr` of any operands.
#[inline(always)]
pub unsafe fn bit_or<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::bit_or(s.rt(), s.pc, a, b, slot));
        s.done(v, Op::BitOr)
    }
}

/// `BitXor` of any operands.
#[inline(always)]
pub unsafe fn bit_xor<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::bit_xor(s.rt(), s.pc, a, b, slot));
        s.done(v, Op::BitXor)
    }
}

/// `Shl` of any operands.
#[inline(always)]
pub unsafe fn shl<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::shl(s.rt(), s.pc, a, b, slot));
        s.done(v, Op::Shl)
    }
}

/// `Shr` of any operands.
#[inline(always)]
pub unsafe fn shr<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::shr(s.rt(), s.pc, a, b, slot));
        s.done(v, Op::Shr)
    }
}

/// `UShr` of any operands.
#[inline(always)]
pub unsafe fn ushr<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::ushr(s.rt(), s.pc, a, b, slot));
        s.done(v, Op::UShr)
    }
}

/// `Lt` of any operands.
#[inline(always)]
pub unsafe fn lt<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::lt(s.rt(), s.pc, a, b, slot));
        s.done(Value::bool(v), Op::Lt)
    }
}

/// `Le` of any operands.
#[inline(always)]
pub unsafe fn le<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::le(s.rt(), s.pc, a, b, slot));
        s.done(Value::bool(v), Op::Le)
    }
}

/// `Gt` of any operands.
#[inline(always)]
pub unsafe fn gt<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::gt(s.rt(), s.pc, a, b, slot));
        s.done(Value::bool(v), Op::Gt)
    }
}

/// `Ge` of any operands.
#[inline(always)]
pub unsafe fn ge<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::ge(s.rt(), s.pc, a, b, slot));
        s.done(Value::bool(v), Op::Ge)
    }
}

/// `Eq` of any operands.
#[inline(always)]
pub unsafe fn eq<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::eq(s.rt(), s.pc, a, b, slot));
        s.done(Value::bool(v), Op::Eq)
    }
}

/// `Ne` of any operands.
#[inline(always)]
pub unsafe fn ne<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::ne(s.rt(), s.pc, a, b, slot));
        s.done(Value::bool(v), Op::Ne)
    }
}

/// `StrictEq` of any operands.
#[inline(always)]
pub unsafe fn strict_eq<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::seq(s.rt(), s.pc, a, b, slot));
        s.done(Value::bool(v), Op::StrictEq)
    }
}

/// `StrictNe` of any operands.
#[inline(always)]
pub unsafe fn strict_ne<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, arith::sne(s.rt(), s.pc, a, b, slot));
        s.done(Value::bool(v), Op::StrictNe)
    }
}

/// `Inc` of any operand.
#[inline(always)]
pub unsafe fn inc<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, slot) = (s.reg(2), s.slot(3));
        let v = tri!(s, arith::inc(s.rt(), s.pc, a, slot));
        s.done(v, Op::Inc)
    }
}

/// `Dec` of any operand.
#[inline(always)]
pub unsafe fn dec<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, slot) = (s.reg(2), s.slot(3));
        let v = tri!(s, arith::dec(s.rt(), s.pc, a, slot));
        s.done(v, Op::Dec)
    }
}

/// `Neg` of any operand.
#[inline(always)]
pub unsafe fn neg<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, slot) = (s.reg(2), s.slot(3));
        let v = tri!(s, arith::neg(s.rt(), s.pc, a, slot));
        s.done(v, Op::Neg)
    }
}

/// `ToNumber` of any operand.
#[inline(always)]
pub unsafe fn to_number<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, slot) = (s.reg(2), s.slot(3));
        let v = tri!(s, arith::to_number(s.rt(), s.pc, a, slot));
        s.done(v, Op::ToNumber)
    }
}

/// `BitNot` of any operand.
#[inline(always)]
pub unsafe fn bit_not<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, slot) = (s.reg(2), s.slot(3));
        let v = tri!(s, arith::bit_not(s.rt(), s.pc, a, slot));
        s.done(v, Op::BitNot)
    }
}

/// `add_imm` of any operand.
#[inline(always)]
pub unsafe fn add_imm<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(2), Value::int(s.imm(3)), s.slot(4));
        let v = tri!(s, arith::add_imm(s.rt(), s.pc, a, b, slot));
        s.done(v, Op::AddImm)
    }
}

/// `Add`, both int32.
#[inline(always)]
pub unsafe fn add_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b) = (s.reg(2), s.reg(3));
        if both_int(a, b)
            && let Some(v) = a.as_int().checked_add(b.as_int())
        {
            return s.done(Value::int(v), Op::Add);
        }
        s.general(Op::Add)
    }
}

/// `Sub`, both int32.
#[inline(always)]
pub unsafe fn sub_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { sub_int_of(s, s.reg(2), s.reg(3)) }
}

/// The same of `a` and `b`.
#[inline(always)]
pub unsafe fn sub_int_of<const C: bool>(s: State<C>, a: Value, b: Value) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if both_int(a, b)
            && let Some(v) = a.as_int().checked_sub(b.as_int())
        {
            return s.done(Value::int(v), Op::Sub);
        }
        s.general(Op::Sub)
    }
}

/// `mul`, both int32, result neither overflowing nor minus zero.
#[inline(always)]
pub unsafe fn mul_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b) = (s.reg(2), s.reg(3));
        if both_int(a, b)
            && let Some(v) = a.as_int().checked_mul(b.as_int())
            && (v != 0 || (a.as_int() | b.as_int()) >= 0)
        {
            return s.done(Value::int(v), Op::Mul);
        }
        s.general(Op::Mul)
    }
}

macro_rules! double_arithmetic {
    ($( $(#[doc = $doc:literal])+ $name:ident, $mixed:ident $( ($by:ident) )? $op:ident $symbol:tt $checked:ident $fits:expr; )+) => { $(
        $(#[doc = $doc])+
        #[inline(always)]
        pub unsafe fn $name<const C: bool>(s: State<C>) -> u64 {
            // SAFETY: see `State`.
            unsafe {
                let v = double_or_nan(s.reg(2)) $symbol double_or_nan(s.reg(3));
                if !v.is_nan() {
                    return s.done(boxed(v), Op::$op);
                }
                $mixed::<C>(s.rt, s.pc, s.regs, s.fb, s.frame)
            }
        }
        $(
        /// The same where one of them is an int32 for certain.
        #[inline(always)]
        pub unsafe fn $by<const C: bool>(s: State<C>, a: Value, b: Value) -> u64 {
            // SAFETY: see `State`.
            unsafe {
                let v = double_or_nan(a) $symbol b.as_int() as f64;
                if !v.is_nan() {
                    return s.done(boxed(v), Op::$op);
                }
                $mixed::<C>(s.rt, s.pc, s.regs, s.fb, s.frame)
            }
        }
        )?
        /// The same where any is an int32, or the result is NaN; in words, so that the handler needs no stack frame for it.
        #[inline(never)]
        unsafe extern "C" fn $mixed<const C: bool>(
            rt: *mut Runtime,
            pc: *mut u16,
            regs: *mut u64,
            fb: *mut Unit,
            frame: *mut FrameRecord,
        ) -> u64 {
            // SAFETY: see `State`.
            unsafe {
                let s = State::<C> { rt, pc, regs, fb, frame };
                let (a, b) = (s.reg(2), s.reg(3));
                if both_int(a, b) {
                    let fits: fn(i32) -> bool = $fits;
                    if let Some(v) = a.as_int().$checked(b.as_int()).filter(|v| fits(*v)) {
                        return s.done(Value::int(v), Op::$op);
                    }
                    return s.done(Value::arithmetic(a.as_int() as f64 $symbol b.as_int() as f64), Op::$op);
                }
                if both_number(a, b) {
                    return s.done(Value::arithmetic(a.as_number() $symbol b.as_number()), Op::$op);
                }
                s.general(Op::$op)
            }
        }
    )+ };
}
double_arithmetic! {
    /// `add`, both numbers.
    add_double, add_mixed Add + checked_add |_| true;
    /// `sub`, both numbers.
    sub_double, sub_mixed (sub_double_int) Sub - checked_sub |_| true;
    /// `mul`, both numbers.
    mul_double, mul_mixed Mul * checked_mul |v| v != 0;
}

/// `add`, both strings.
#[inline(always)]
pub unsafe fn add_string<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b) = (s.reg(2), s.reg(3));
        let string = CellKind::String as u8;
        if is_cell(a) && is_cell(b) && kind_byte(a) == string && kind_byte(b) == string {
            let v = tri!(s, generic::add(s.rt(), a, b));
            return s.done(v, Op::Add);
        }
        s.general(Op::Add)
    }
}

/// `div`, both numbers.
#[inline(always)]
pub unsafe fn div_double<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b) = (s.reg(2), s.reg(3));
        // A division takes long, also that of what is no double.
        if both_int(a, b) {
            return outline!(s, C, |s: State<C>| div_mixed(s));
        }
        let v = double_or_nan(a) / double_or_nan(b);
        if !v.is_nan() {
            return s.done(boxed(v), Op::Div);
        }
        outline!(s, C, |s: State<C>| div_mixed(s))
    }
}

/// The same where any is an int32, or the result is NaN.
#[inline(always)]
unsafe fn div_mixed<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b) = (s.reg(2), s.reg(3));
        if both_int(a, b) {
            let (x, y) = (a.as_int(), b.as_int());
            // Nothing over something negative is minus zero.
            if let Some(v) = x.checked_div(y).filter(|v| v.wrapping_mul(y) == x && (*v != 0 || y > 0)) {
                return s.done(Value::int(v), Op::Div);
            }
            // The slot must know of the first result that is no int32.
            if (*s.slot::<TypesSlot>(4)).seen & !seen::INT != 0 {
                return s.done(Value::arithmetic(x as f64 / y as f64), Op::Div);
            }
        } else if both_number(a, b) {
            return s.done(Value::arithmetic(a.as_number() / b.as_number()), Op::Div);
        }
        s.general(Op::Div)
    }
}

/// `mod`, both int32, dividend not negative, divisor positive.
#[inline(always)]
pub unsafe fn mod_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { mod_int_of(s, s.reg(2), s.reg(3)) }
}

/// The same of `a` and `b`.
#[inline(always)]
pub unsafe fn mod_int_of<const C: bool>(s: State<C>, a: Value, b: Value) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if both_int(a, b) && a.as_int() >= 0 && b.as_int() > 0 {
            return s.done(Value::int((a.as_int() as u32 % b.as_int() as u32) as i32), Op::Mod);
        }
        s.general(Op::Mod)
    }
}

/// `BitAnd`, both int32.
#[inline(always)]
pub unsafe fn bit_and_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { bit_and_int_of(s, s.reg(2), s.reg(3)) }
}

/// The same of `x` and `y`.
#[inline(always)]
pub unsafe fn bit_and_int_of<const C: bool>(s: State<C>, x: Value, y: Value) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if both_int(x, y) {
            let (a, b) = (x.as_int(), y.as_int());
            return s.done(Value::int(a & b), Op::BitAnd);
        }
        s.general(Op::BitAnd)
    }
}

/// `ToInt32` of a number that is not huge.
#[inline(always)]
fn word(v: Value) -> Option<i32> {
    if v.is_int() {
        return Some(v.as_int());
    }
    let d = v.as_double();
    // SAFETY: the number is in range. Truncating an integer to its low 32 bits is the modulus.
    (d.abs() < 9.2e18).then(|| unsafe { d.to_int_unchecked::<i64>() } as i32)
}

/// `BitOr`, both numbers.
#[inline(always)]
pub unsafe fn bit_or_number<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { bit_or_number_of(s, s.reg(2), s.reg(3)) }
}

/// The same of `x` and `y`.
#[inline(always)]
pub unsafe fn bit_or_number_of<const C: bool>(s: State<C>, x: Value, y: Value) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if both_number(x, y)
            && let (Some(a), Some(b)) = (word(x), word(y))
        {
            return s.done(Value::int(a | b), Op::BitOr);
        }
        s.general(Op::BitOr)
    }
}

/// `BitAnd`, both numbers.
#[inline(always)]
pub unsafe fn bit_and_number<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (x, y) = (s.reg(2), s.reg(3));
        if both_number(x, y)
            && let (Some(a), Some(b)) = (word(x), word(y))
        {
            return s.done(Value::int(a & b), Op::BitAnd);
        }
        s.general(Op::BitAnd)
    }
}

/// `BitXor`, both numbers.
#[inline(always)]
pub unsafe fn bit_xor_number<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (x, y) = (s.reg(2), s.reg(3));
        if both_number(x, y)
            && let (Some(a), Some(b)) = (word(x), word(y))
        {
            return s.done(Value::int(a ^ b), Op::BitXor);
        }
        s.general(Op::BitXor)
    }
}

/// Whether two operands whose words settle it are strictly equal, or are not, as `when` says.
#[inline(always)]
unsafe fn strict_word<const C: bool>(s: State<C>, op: Op, when: bool) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b) = (s.reg(2), s.reg(3));
        if let Some(equal) = arith::equal_nullish::<false>(a, b, s.slot(4)) {
            return s.done(Value::bool(equal == when), op);
        }
        match arith::equal_words(a, b, s.slot(4)) {
            Some(equal) => s.done(Value::bool(equal == when), op),
            None => s.general(op),
        }
    }
}

/// `strict_eq` of operands whose words settle it.
#[inline(always)]
pub unsafe fn strict_eq_word<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { strict_word(s, Op::StrictEq, true) }
}

/// `strict_ne` of operands whose words settle it.
#[inline(always)]
pub unsafe fn strict_ne_word<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { strict_word(s, Op::StrictNe, false) }
}

/// `BitOr`, both int32.
#[inline(always)]
pub unsafe fn bit_or_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { bit_or_int_of(s, s.reg(2), s.reg(3)) }
}

/// The same of `x` and `y`.
#[inline(always)]
pub unsafe fn bit_or_int_of<const C: bool>(s: State<C>, x: Value, y: Value) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if both_int(x, y) {
            let (a, b) = (x.as_int(), y.as_int());
            return s.done(Value::int(a | b), Op::BitOr);
        }
        s.general(Op::BitOr)
    }
}

/// `BitXor`, both int32.
#[inline(always)]
pub unsafe fn bit_xor_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { bit_xor_int_of(s, s.reg(2), s.reg(3)) }
}

/// The same of `x` and `y`.
#[inline(always)]
pub unsafe fn bit_xor_int_of<const C: bool>(s: State<C>, x: Value, y: Value) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if both_int(x, y) {
            let (a, b) = (x.as_int(), y.as_int());
            return s.done(Value::int(a ^ b), Op::BitXor);
        }
        s.general(Op::BitXor)
    }
}

/// `Shl`, both int32.
#[inline(always)]
pub unsafe fn shl_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { shl_int_of(s, s.reg(2), s.reg(3)) }
}

/// The same of `x` and `y`.
#[inline(always)]
pub unsafe fn shl_int_of<const C: bool>(s: State<C>, x: Value, y: Value) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if both_int(x, y) {
            let (a, b) = (x.as_int(), y.as_int());
            return s.done(Value::int(a.wrapping_shl(b as u32)), Op::Shl);
        }
        s.general(Op::Shl)
    }
}

/// `Shr`, both int32.
#[inline(always)]
pub unsafe fn shr_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { shr_int_of(s, s.reg(2), s.reg(3)) }
}

/// The same of `x` and `y`.
#[inline(always)]
pub unsafe fn shr_int_of<const C: bool>(s: State<C>, x: Value, y: Value) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if both_int(x, y) {
            let (a, b) = (x.as_int(), y.as_int());
            return s.done(Value::int(a.wrapping_shr(b as u32)), Op::Shr);
        }
        s.general(Op::Shr)
    }
}

/// `ushr`, both int32, result an int32.
#[inline(always)]
pub unsafe fn ushr_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { ushr_int_of(s, s.reg(2), s.reg(3)) }
}

/// The same of `a` and `b`.
#[inline(always)]
pub unsafe fn ushr_int_of<const C: bool>(s: State<C>, a: Value, b: Value) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let v = (a.as_int() as u32).wrapping_shr(b.as_int() as u32) as i32;
        if both_int(a, b) && v >= 0 {
            return s.done(Value::int(v), Op::UShr);
        }
        s.general(Op::UShr)
    }
}

/// `add_imm` of an int32.
#[inline(always)]
pub unsafe fn add_imm_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let a = s.reg(2);
        if a.is_int()
            && let Some(v) = a.as_int().checked_add(s.imm(3))
        {
            return s.done(Value::int(v), Op::AddImm);
        }
        s.general(Op::AddImm)
    }
}

/// `add_imm` of a number.
#[inline(always)]
pub unsafe fn add_imm_double<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b) = (s.reg(2), s.imm(3));
        let v = double_or_nan(a) + b as f64;
        if !v.is_nan() {
            return s.done(boxed(v), Op::AddImm);
        }
        if a.is_int()
            && let Some(v) = a.as_int().checked_add(b)
        {
            return s.done(Value::int(v), Op::AddImm);
        }
        if a.is_number() {
            return s.done(Value::double(a.as_number() + b as f64), Op::AddImm);
        }
        s.general(Op::AddImm)
    }
}

/// One more than an int32, if that is an int32, too.
#[inline(always)]
pub fn incremented(v: Value) -> Option<Value> {
    if v.is_int() { v.as_int().checked_add(1).map(Value::int) } else { None }
}

/// `inc` of an int32.
#[inline(always)]
pub unsafe fn inc_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if let Some(v) = incremented(s.reg(2)) {
            return s.done(v, Op::Inc);
        }
        s.general(Op::Inc)
    }
}

/// `dec` of an int32.
#[inline(always)]
pub unsafe fn dec_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let a = s.reg(2);
        if a.is_int()
            && let Some(v) = a.as_int().checked_sub(1)
        {
            return s.done(Value::int(v), Op::Dec);
        }
        s.general(Op::Dec)
    }
}

/// `to_number` of a number.
#[inline(always)]
pub unsafe fn to_number_number<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let a = s.reg(2);
        if a.is_int() || (a.is_number() && (*s.slot::<TypesSlot>(3)).seen & seen::DOUBLE != 0) {
            return s.done(a, Op::ToNumber);
        }
        s.general(Op::ToNumber)
    }
}

/// `Lt`, both int32.
#[inline(always)]
pub unsafe fn lt_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b) = (s.reg(2), s.reg(3));
        if both_int(a, b) {
            return s.done(Value::bool(a.as_int() < b.as_int()), Op::Lt);
        }
        s.general(Op::Lt)
    }
}

/// `Le`, both int32.
#[inline(always)]
pub unsafe fn le_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b) = (s.reg(2), s.reg(3));
        if both_int(a, b) {
            return s.done(Value::bool(a.as_int() <= b.as_int()), Op::Le);
        }
        s.general(Op::Le)
    }
}

/// `Gt`, both int32.
#[inline(always)]
pub unsafe fn gt_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b) = (s.reg(2), s.reg(3));
        if both_int(a, b) {
            return s.done(Value::bool(a.as_int() > b.as_int()), Op::Gt);
        }
        s.general(Op::Gt)
    }
}

/// `Ge`, both int32.
#[inline(always)]
pub unsafe fn ge_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b) = (s.reg(2), s.reg(3));
        if both_int(a, b) {
            return s.done(Value::bool(a.as_int() >= b.as_int()), Op::Ge);
        }
        s.general(Op::Ge)
    }
}

/// `StrictEq`, both int32.
#[inline(always)]
pub unsafe fn strict_eq_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b) = (s.reg(2), s.reg(3));
        if both_int(a, b) {
            return s.done(Value::bool(a.as_int() == b.as_int()), Op::StrictEq);
        }
        s.general(Op::StrictEq)
    }
}

/// `StrictNe`, both int32.
#[inline(always)]
pub unsafe fn strict_ne_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b) = (s.reg(2), s.reg(3));
        if both_int(a, b) {
            return s.done(Value::bool(a.as_int() != b.as_int()), Op::StrictNe);
        }
        s.general(Op::StrictNe)
    }
}

/// `not`.
#[inline(always)]
pub unsafe fn not<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let v = s.reg(2);
        s.done(Value::bool(if v.is_bool() { v == Value::FALSE } else { !convert::to_boolean(v) }), Op::Not)
    }
}

/// `typeof`.
#[inline(always)]
pub unsafe fn type_of<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.done(convert::type_of(&*s.rt, s.reg(2)).value(), Op::TypeOf) }
}

/// `to_string`.
#[inline(always)]
pub unsafe fn to_string<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let v = s.reg(2);
        let text = tri!(s, convert::to_string(s.rt(), v));
        s.done(text.value(), Op::ToString)
    }
}

/// `to_key`.
#[inline(always)]
pub unsafe fn to_key<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let v = s.reg(2);
        if v.is_int() && v.as_int() >= 0 {
            return s.done(v, Op::ToKey);
        }
        let key = tri!(s, convert::to_property_key(s.rt(), v));
        let key = convert::key_to_value(s.rt(), key);
        s.done(key, Op::ToKey)
    }
}

/// `instanceof`.
#[inline(always)]
pub unsafe fn instance_of<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b) = (s.reg(2), s.reg(3));
        let v = tri!(s, compare::instance_of(s.rt(), a, b));
        s.done(Value::bool(v), Op::InstanceOf)
    }
}

/// `in`.
#[inline(always)]
pub unsafe fn in_<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (key, o) = (s.reg(2), s.reg(3));
        let v = tri!(s, compare::has_property(s.rt(), key, o));
        (*s.slot::<ElementSlot>(4)).flags |= element::EXECUTED;
        s.done(Value::bool(v), Op::In)
    }
}
