//! Control: jumps with their back-edge counters, returns, and the search for an exception's handler.

use super::arith;
use crate::bytecode::ops::{Op, quick};
use crate::interp::state::{State, both_int, both_number, outline, tri};
use crate::runtime::function::flags;
use crate::runtime::object::Obj;
use crate::runtime::ops::{bindings, calls};
use crate::runtime::thunk::double_or_nan;
use crate::runtime::value::Value;

macro_rules! jump_compare {
    ($( $general:ident $int:ident $double:ident $int_of:ident $double_int:ident $op:ident $int_test:expr, $double_test:expr; )+) => { $(
        /// The general form.
        #[inline(always)]
        pub unsafe fn $general<const C: bool>(s: State<C>) -> u64 {
            // SAFETY: see `State`.
            unsafe {
                let (a, b, slot) = (s.reg(1), s.reg(2), s.slot(5));
                let taken = tri!(s, arith::$general(s.rt(), s.pc, a, b, slot));
                s.branch(taken, Op::$op, 3, 5)
            }
        }
        /// Both int32.
        #[inline(always)]
        pub unsafe fn $int<const C: bool>(s: State<C>) -> u64 {
            // SAFETY: see `State`.
            unsafe { $int_of(s, s.reg(1), s.reg(2)) }
        }
        /// The same of `a` and `b`.
        #[inline(always)]
        pub unsafe fn $int_of<const C: bool>(s: State<C>, a: Value, b: Value) -> u64 {
            // SAFETY: see `State`.
            unsafe {
                if both_int(a, b) {
                    let test: fn(i32, i32) -> bool = $int_test;
                    return s.branch(test(a.as_int(), b.as_int()), Op::$op, 3, 5);
                }
                s.general(Op::$op)
            }
        }
        /// Both numbers.
        #[inline(always)]
        pub unsafe fn $double<const C: bool>(s: State<C>) -> u64 {
            // SAFETY: see `State`.
            unsafe {
                let (a, b) = (double_or_nan(s.reg(1)), double_or_nan(s.reg(2)));
                let test: fn(f64, f64) -> bool = $double_test;
                if !a.is_nan() && !b.is_nan() {
                    return s.branch(test(a, b), Op::$op, 3, 5);
                }
                // One is an int32, or NaN.
                outline!(s, C, |s: State<C>| {
                    let (a, b) = (s.reg(1), s.reg(2));
                    let test: fn(f64, f64) -> bool = $double_test;
                    if both_number(a, b) {
                        return s.branch(test(a.as_number(), b.as_number()), Op::$op, 3, 5);
                    }
                    s.general(Op::$op)
                })
            }
        }
        /// The same where `b` is an int32 for certain.
        #[inline(always)]
        pub unsafe fn $double_int<const C: bool>(s: State<C>, a: Value, b: Value) -> u64 {
            // SAFETY: see `State`.
            unsafe {
                let (a, b) = (double_or_nan(a), b.as_int() as f64);
                let test: fn(f64, f64) -> bool = $double_test;
                if !a.is_nan() {
                    return s.branch(test(a, b), Op::$op, 3, 5);
                }
                $double(s)
            }
        }
    )+ };
}
jump_compare! {
    jump_lt jump_lt_int jump_lt_double jump_lt_int_of jump_lt_double_int JumpLt |a, b| a < b, |a, b| a < b;
    jump_le jump_le_int jump_le_double jump_le_int_of jump_le_double_int JumpLe |a, b| a <= b, |a, b| a <= b;
    jump_gt jump_gt_int jump_gt_double jump_gt_int_of jump_gt_double_int JumpGt |a, b| a > b, |a, b| a > b;
    jump_ge jump_ge_int jump_ge_double jump_ge_int_of jump_ge_double_int JumpGe |a, b| a >= b, |a, b| a >= b;
    jump_not_lt jump_not_lt_int jump_not_lt_double jump_not_lt_int_of jump_not_lt_double_int JumpNotLt |a, b| a >= b, |a, b| !(a < b);
    jump_not_le jump_not_le_int jump_not_le_double jump_not_le_int_of jump_not_le_double_int JumpNotLe |a, b| a > b, |a, b| !(a <= b);
    jump_not_gt jump_not_gt_int jump_not_gt_double jump_not_gt_int_of jump_not_gt_double_int JumpNotGt |a, b| a <= b, |a, b| !(a > b);
    jump_not_ge jump_not_ge_int jump_not_ge_double jump_not_ge_int_of jump_not_ge_double_int JumpNotGe |a, b| a < b, |a, b| !(a >= b);
}

/// `jump`.
#[inline(always)]
pub unsafe fn jump<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.jump_to(1) }
}

/// `jump_true` of a boolean.
#[inline(always)]
pub unsafe fn jump_true_bool<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let v = s.reg(1);
        if v.is_bool() {
            return s.branch(v == Value::TRUE, Op::JumpTrue, 2, 4);
        }
        s.general(Op::JumpTrue)
    }
}

/// `jump_true`.
#[inline(always)]
pub unsafe fn jump_true<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let taken = arith::condition(s.pc, s.reg(1), s.slot(4), Op::JumpTrue, quick::JUMP_TRUE_BOOL);
        s.branch(taken, Op::JumpTrue, 2, 4)
    }
}

/// `jump_false` of a boolean.
#[inline(always)]
pub unsafe fn jump_false_bool<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let v = s.reg(1);
        if v.is_bool() {
            return s.branch(v == Value::FALSE, Op::JumpFalse, 2, 4);
        }
        s.general(Op::JumpFalse)
    }
}

/// `jump_false`.
#[inline(always)]
pub unsafe fn jump_false<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let taken = !arith::condition(s.pc, s.reg(1), s.slot(4), Op::JumpFalse, quick::JUMP_FALSE_BOOL);
        s.branch(taken, Op::JumpFalse, 2, 4)
    }
}

/// `jump_nullish`.
#[inline(always)]
pub unsafe fn jump_nullish<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.branch(s.reg(1).is_nullish(), Op::JumpNullish, 2, 4) }
}

/// `jump_undefined`.
#[inline(always)]
pub unsafe fn jump_undefined<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.branch(s.reg(1).is_undefined(), Op::JumpUndefined, 2, 4) }
}

/// `jump_object`.
#[inline(always)]
pub unsafe fn jump_object<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.branch(Obj::from_value(s.reg(1)).is_some(), Op::JumpObject, 2, 4) }
}

/// `jump_strict_eq`, both int32.
#[inline(always)]
pub unsafe fn jump_strict_eq_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { jump_strict_eq_int_of(s, s.reg(1), s.reg(2)) }
}

/// The same of `a` and `b`.
#[inline(always)]
pub unsafe fn jump_strict_eq_int_of<const C: bool>(s: State<C>, a: Value, b: Value) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if both_int(a, b) {
            return s.branch(a == b, Op::JumpStrictEq, 3, 5);
        }
        s.general(Op::JumpStrictEq)
    }
}

/// `jump_strict_ne`, both int32.
#[inline(always)]
pub unsafe fn jump_strict_ne_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { jump_strict_ne_int_of(s, s.reg(1), s.reg(2)) }
}

/// The same of `a` and `b`.
#[inline(always)]
pub unsafe fn jump_strict_ne_int_of<const C: bool>(s: State<C>, a: Value, b: Value) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if both_int(a, b) {
            return s.branch(a != b, Op::JumpStrictNe, 3, 5);
        }
        s.general(Op::JumpStrictNe)
    }
}

/// Jumps if two operands whose words settle it are equal, or if they are not, as `when` says.
#[inline(always)]
unsafe fn jump_word<const C: bool, const LOOSE: bool>(s: State<C>, op: Op, when: bool) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b) = (s.reg(1), s.reg(2));
        if let Some(equal) = arith::equal_nullish::<LOOSE>(a, b, s.slot(5)) {
            return s.branch(equal == when, op, 3, 5);
        }
        match arith::equal_words(a, b, s.slot(5)) {
            Some(equal) => s.branch(equal == when, op, 3, 5),
            None => s.general(op),
        }
    }
}

/// `jump_strict_eq` of operands whose words settle it.
#[inline(always)]
pub unsafe fn jump_strict_eq_word<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { jump_word::<C, false>(s, Op::JumpStrictEq, true) }
}

/// `jump_strict_ne` of operands whose words settle it.
#[inline(always)]
pub unsafe fn jump_strict_ne_word<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { jump_word::<C, false>(s, Op::JumpStrictNe, false) }
}

/// `jump_eq` of operands whose words settle it.
#[inline(always)]
pub unsafe fn jump_eq_word<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { jump_word::<C, true>(s, Op::JumpEq, true) }
}

/// `jump_ne` of operands whose words settle it.
#[inline(always)]
pub unsafe fn jump_ne_word<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { jump_word::<C, true>(s, Op::JumpNe, false) }
}

/// `jump_strict_eq` of any operands.
#[inline(always)]
pub unsafe fn jump_strict_eq<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(1), s.reg(2), s.slot(5));
        let taken = tri!(s, arith::jump_seq(s.rt(), s.pc, a, b, slot));
        s.branch(taken, Op::JumpStrictEq, 3, 5)
    }
}

/// `jump_strict_ne` of any operands.
#[inline(always)]
pub unsafe fn jump_strict_ne<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(1), s.reg(2), s.slot(5));
        let taken = tri!(s, arith::jump_sne(s.rt(), s.pc, a, b, slot));
        s.branch(taken, Op::JumpStrictNe, 3, 5)
    }
}

/// `jump_eq` of any operands.
#[inline(always)]
pub unsafe fn jump_eq<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(1), s.reg(2), s.slot(5));
        let taken = tri!(s, arith::jump_eq(s.rt(), s.pc, a, b, slot));
        s.branch(taken, Op::JumpEq, 3, 5)
    }
}

/// `jump_ne` of any operands.
#[inline(always)]
pub unsafe fn jump_ne<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, b, slot) = (s.reg(1), s.reg(2), s.slot(5));
        let taken = tri!(s, arith::jump_ne(s.rt(), s.pc, a, b, slot));
        s.branch(taken, Op::JumpNe, 3, 5)
    }
}

/// `loop_header`.
#[inline(always)]
pub unsafe fn loop_header<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.next(Op::LoopHeader) }
}

/// `return`.
#[inline(always)]
pub unsafe fn return_<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.leave(s.reg(1)) }
}

/// `return_construct`.
#[inline(always)]
pub unsafe fn return_construct<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (v, this) = (s.reg(1), s.this());
        if v.is_undefined() && !this.is_hole() {
            return s.leave(this);
        }
        let derived = (*s.info()).flags & flags::DERIVED != 0;
        let v = tri!(s, calls::return_construct_slow(s.rt(), v, this, derived));
        s.leave(v)
    }
}

/// `throw`.
#[inline(always)]
pub unsafe fn throw<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let v = s.reg(1);
        s.rt().head.exception = v;
        s.throw()
    }
}

/// `throw_error`.
#[inline(always)]
pub unsafe fn throw_error<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let text = s.constant(2);
        let _ = bindings::throw_kind(s.rt(), s.op(1) as u16, text);
        s.throw()
    }
}
