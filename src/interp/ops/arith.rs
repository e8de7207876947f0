//! Operators outside of the quickened paths: record the operands' types in the feedback slot, compute, and choose the
//! quickened form that the next execution will take.

use crate::bytecode::fuse;
use crate::bytecode::ops::{Op, quick};
use crate::feedback::slot::{TypesSlot, seen};
use crate::interp::state::{both_int, field, is_cell};
use crate::runtime::cell::{CellKind, FIRST_NON_OBJECT, offset, string_repr};
use crate::runtime::object::{Obj, kind_of};
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::value::Value;
use crate::runtime::{arith, compare, convert};

const NUMERIC: u32 = seen::INT | seen::OVERFLOW | seen::DOUBLE | seen::NEG_ZERO;

/// Whether two values are equal, one of which is null or undefined, as the site has seen before.
///
/// # Safety
/// The slot lies in a live feedback vector.
#[inline(always)]
pub unsafe fn equal_nullish<const LOOSE: bool>(a: Value, b: Value, slot: *const TypesSlot) -> Option<bool> {
    let equal = if LOOSE { a.is_nullish() && b.is_nullish() } else { a == b };
    // SAFETY: promised by the caller.
    ((a.is_nullish() || b.is_nullish()) && unsafe { (*slot).seen } & seen::NULLISH != 0).then_some(equal)
}

/// Whether two values are equal, where their words settle it and the site has seen such operands before: int32, objects, atoms.
///
/// # Safety
/// As for [`equal_nullish`].
#[inline(always)]
pub unsafe fn equal_words(a: Value, b: Value, slot: *const TypesSlot) -> Option<bool> {
    let bit = if both_int(a, b) {
        seen::INT
    } else if is_cell(a) && is_cell(b) {
        // SAFETY: cells have a header.
        let headers = unsafe { (field::<u32>(a, offset::KIND as usize), field::<u32>(b, offset::KIND as usize)) };
        const ATOM: u32 = (string_repr::ATOM as u32) << 16 | CellKind::String as u32;
        // Of the kinds that values have, one bit tells objects from the others.
        if (headers.0 | headers.1) as u8 & FIRST_NON_OBJECT == 0 {
            seen::OBJECT
        } else if headers.0 & (ATOM | 0xFF) == ATOM && headers.1 & (ATOM | 0xFF) == ATOM {
            seen::STRING
        } else {
            return None;
        }
    } else {
        return None;
    };
    // SAFETY: promised by the caller.
    (unsafe { (*slot).seen } & bit != 0).then_some(a == b)
}

/// The [`seen`] bits of two operands and a result (for comparisons: any int32).
fn observe(a: Value, b: Value, result: Value) -> u32 {
    if a.is_number() && b.is_number() {
        let both_int = a.is_int() && b.is_int();
        let zero = result.is_double() && result.as_double() == 0.0 && result.as_double().is_sign_negative();
        let kind = match (both_int, result.is_int() || zero) {
            (true, true) => seen::INT,
            (true, false) => seen::OVERFLOW,
            (false, _) => seen::DOUBLE,
        };
        return if zero { kind | seen::NEG_ZERO } else { kind };
    }
    if a.is_nullish() || b.is_nullish() {
        return seen::NULLISH;
    }
    let string = |v: Value| kind_of(v) == Some(CellKind::String);
    match (string(a), string(b)) {
        (true, true) => return seen::STRING,
        (true, false) if b.is_number() => return seen::STRING_NUMBER,
        (false, true) if a.is_number() => return seen::STRING_NUMBER,
        _other => {}
    }
    if a.is_bool() && b.is_bool() {
        return seen::BOOL;
    }
    if Obj::from_value(a).is_some() && Obj::from_value(b).is_some() { seen::OBJECT } else { seen::OTHER }
}

/// Rewrites the instruction at `pc` to the form that fits everything its slot has seen.
///
/// # Safety
/// `pc` points to an instruction of the private bytecode whose base opcode is `op`.
#[inline]
unsafe fn requicken(pc: *mut u16, op: Op, [int, double, string, word]: [Option<u16>; 4], seen_bits: u32) {
    let choice = if seen_bits & !seen::INT == 0 && int.is_some() {
        int
    } else if seen_bits & !NUMERIC == 0 && double.is_some() {
        double
    } else if seen_bits == seen::STRING && string.is_some() {
        string
    } else if seen_bits & !(seen::INT | seen::NULLISH | seen::OBJECT | seen::STRING) == 0 {
        word
    } else {
        None
    };
    // SAFETY: the caller vouches for `pc`; quickened forms have the operands of their base, and no operator ends its block.
    unsafe { pc.write(fuse::with_next(choice.unwrap_or(op as u16), *pc.add(op.units()))) };
}

macro_rules! binary {
    ($( $name:ident $op:ident $f:path, $int:expr, $double:expr, $string:expr; )+) => { $(
        /// Complete operator with feedback.
        ///
        /// # Safety
        /// `pc` points to this instruction in the private bytecode, `slot` to its feedback slot.
        #[inline(never)]
        pub unsafe fn $name(rt: &mut Runtime, pc: *mut u16, a: Value, b: Value, slot: *mut TypesSlot) -> JsResult {
            let result = $f(rt, a, b)?;
            // SAFETY: promised by the caller; the slot is not referred to by the operation.
            unsafe {
                (*slot).seen |= observe(a, b, result);
                requicken(pc, Op::$op, [$int, $double, $string, None], (*slot).seen);
            }
            Ok(result)
        }
    )+ };
}
binary! {
    add Add arith::add, Some(quick::ADD_INT), Some(quick::ADD_DOUBLE), Some(quick::ADD_STRING);
    sub Sub arith::sub, Some(quick::SUB_INT), Some(quick::SUB_DOUBLE), None;
    mul Mul arith::mul, Some(quick::MUL_INT), Some(quick::MUL_DOUBLE), None;
    div Div arith::div, Some(quick::DIV_DOUBLE), Some(quick::DIV_DOUBLE), None;
    modulo Mod arith::modulo, Some(quick::MOD_INT), None, None;
    exp Exp arith::exp, None, None, None;
    bit_and BitAnd arith::bit_and, Some(quick::BIT_AND_INT), Some(quick::BIT_AND_NUMBER), None;
    bit_or BitOr arith::bit_or, Some(quick::BIT_OR_INT), Some(quick::BIT_OR_NUMBER), None;
    bit_xor BitXor arith::bit_xor, Some(quick::BIT_XOR_INT), Some(quick::BIT_XOR_NUMBER), None;
    shl Shl arith::shl, Some(quick::SHL_INT), None, None;
    shr Shr arith::shr, Some(quick::SHR_INT), None, None;
    ushr UShr arith::ushr, Some(quick::U_SHR_INT), None, None;
    add_imm AddImm arith::add, Some(quick::ADD_IMM_INT), Some(quick::ADD_IMM_DOUBLE), None;
}

macro_rules! unary {
    ($( $name:ident $op:ident $f:path, $int:expr, $double:expr; )+) => { $(
        /// Complete operator with feedback.
        ///
        /// # Safety
        /// As for the binary operators.
        #[inline(never)]
        pub unsafe fn $name(rt: &mut Runtime, pc: *mut u16, a: Value, slot: *mut TypesSlot) -> JsResult {
            let result = $f(rt, a)?;
            // SAFETY: promised by the caller.
            unsafe {
                (*slot).seen |= observe(a, a, result);
                requicken(pc, Op::$op, [$int, $double, None, None], (*slot).seen);
            }
            Ok(result)
        }
    )+ };
}
unary! {
    inc Inc arith::inc, Some(quick::INC_INT), None;
    dec Dec arith::dec, Some(quick::DEC_INT), None;
    neg Neg arith::neg, None, None;
    to_number ToNumber convert::to_numeric, Some(quick::TO_NUMBER_NUMBER), Some(quick::TO_NUMBER_NUMBER);
    bit_not BitNot arith::bit_not, None, None;
}

fn strict_eq(rt: &mut Runtime, a: Value, b: Value) -> JsResult<bool> {
    Ok(compare::strict_eq(&mut rt.heap, a, b))
}
fn strict_ne(rt: &mut Runtime, a: Value, b: Value) -> JsResult<bool> {
    Ok(!compare::strict_eq(&mut rt.heap, a, b))
}
fn loose_ne(rt: &mut Runtime, a: Value, b: Value) -> JsResult<bool> {
    Ok(!compare::loose_eq(rt, a, b)?)
}
fn not_lt(rt: &mut Runtime, a: Value, b: Value) -> JsResult<bool> {
    Ok(!compare::lt(rt, a, b)?)
}
fn not_le(rt: &mut Runtime, a: Value, b: Value) -> JsResult<bool> {
    Ok(!compare::le(rt, a, b)?)
}
fn not_gt(rt: &mut Runtime, a: Value, b: Value) -> JsResult<bool> {
    Ok(!compare::gt(rt, a, b)?)
}
fn not_ge(rt: &mut Runtime, a: Value, b: Value) -> JsResult<bool> {
    Ok(!compare::ge(rt, a, b)?)
}

macro_rules! comparison {
    ($( $name:ident $op:ident $f:path, $int:expr, $double:expr, $word:expr; )+) => { $(
        /// Complete comparison with feedback.
        ///
        /// # Safety
        /// As for the binary operators.
        #[inline(never)]
        pub unsafe fn $name(rt: &mut Runtime, pc: *mut u16, a: Value, b: Value, slot: *mut TypesSlot) -> JsResult<bool> {
            let result = $f(rt, a, b)?;
            // SAFETY: promised by the caller.
            unsafe {
                (*slot).seen |= observe(a, b, Value::int(1));
                requicken(pc, Op::$op, [$int, $double, None, $word], (*slot).seen);
            }
            Ok(result)
        }
    )+ };
}
comparison! {
    lt Lt compare::lt, Some(quick::LT_INT), None, None;
    le Le compare::le, Some(quick::LE_INT), None, None;
    gt Gt compare::gt, Some(quick::GT_INT), None, None;
    ge Ge compare::ge, Some(quick::GE_INT), None, None;
    eq Eq compare::loose_eq, None, None, None;
    ne Ne loose_ne, None, None, None;
    seq StrictEq strict_eq, Some(quick::STRICT_EQ_INT), None, Some(quick::STRICT_EQ_WORD);
    sne StrictNe strict_ne, Some(quick::STRICT_NE_INT), None, Some(quick::STRICT_NE_WORD);
    jump_lt JumpLt compare::lt, Some(quick::JUMP_LT_INT), Some(quick::JUMP_LT_DOUBLE), None;
    jump_le JumpLe compare::le, Some(quick::JUMP_LE_INT), Some(quick::JUMP_LE_DOUBLE), None;
    jump_gt JumpGt compare::gt, Some(quick::JUMP_GT_INT), Some(quick::JUMP_GT_DOUBLE), None;
    jump_ge JumpGe compare::ge, Some(quick::JUMP_GE_INT), Some(quick::JUMP_GE_DOUBLE), None;
    jump_not_lt JumpNotLt not_lt, Some(quick::JUMP_NOT_LT_INT), Some(quick::JUMP_NOT_LT_DOUBLE), None;
    jump_not_le JumpNotLe not_le, Some(quick::JUMP_NOT_LE_INT), Some(quick::JUMP_NOT_LE_DOUBLE), None;
    jump_not_gt JumpNotGt not_gt, Some(quick::JUMP_NOT_GT_INT), Some(quick::JUMP_NOT_GT_DOUBLE), None;
    jump_not_ge JumpNotGe not_ge, Some(quick::JUMP_NOT_GE_INT), Some(quick::JUMP_NOT_GE_DOUBLE), None;
    jump_seq JumpStrictEq strict_eq, Some(quick::JUMP_STRICT_EQ_INT), None, Some(quick::JUMP_STRICT_EQ_WORD);
    jump_sne JumpStrictNe strict_ne, Some(quick::JUMP_STRICT_NE_INT), None, Some(quick::JUMP_STRICT_NE_WORD);
    jump_eq JumpEq compare::loose_eq, None, None, Some(quick::JUMP_EQ_WORD);
    jump_ne JumpNe loose_ne, None, None, Some(quick::JUMP_NE_WORD);
}

/// ToBoolean of a branch's condition, with feedback.
///
/// # Safety
/// `pc` points to a `jump_true` or `jump_false` of the private bytecode, `slot` to its feedback slot.
#[inline(never)]
pub unsafe fn condition(pc: *mut u16, v: Value, slot: *mut TypesSlot, op: Op, bool_form: u16) -> bool {
    let bit = if v.is_bool() {
        seen::BOOL
    } else if v.is_int() {
        seen::INT
    } else if v.is_number() {
        seen::DOUBLE
    } else if v.is_nullish() {
        seen::NULLISH
    } else if Obj::from_value(v).is_some() {
        seen::OBJECT
    } else if kind_of(v) == Some(CellKind::String) {
        seen::STRING
    } else {
        seen::OTHER
    };
    // SAFETY: promised by the caller.
    unsafe {
        (*slot).seen |= bit;
        pc.write(if (*slot).seen == seen::BOOL { bool_form } else { op as u16 });
    }
    convert::to_boolean(v)
}
