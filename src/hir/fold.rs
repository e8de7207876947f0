//! Simplifications of single instructions: what the folders in the instruction table refer to.
//!
//! A folder looks at an operation and what is known of its operands and returns something simpler that is *exactly* the same
//! in JavaScript: `x + 0` is not `x` for doubles (`-0`), `x - 0` is. A guard may only fold away if it cannot fail. Folders
//! see one instruction at a time; `passes/simplify.rs` applies them until nothing changes.

use super::field::{Cond, Const, Val};
use super::graph::Graph;
use super::inst::Op;
use super::types::{BOOL, HOLE, IDENTITY, INT32, INTERNAL, NULLISH, NUMBER, OBJECTS, STRING, SYMBOL, Type};
use crate::vocab::FunctionId;

/// What an instruction folds to.
#[derive(Clone, Debug)]
pub enum Fold {
    /// A value that exists.
    Value(Val),
    /// Another operation.
    Op(Op),
    /// Another operation, of a value and a constant.
    WithConst(fn(Val, Val) -> Op, Val, Const),
}

/// What folders may look at.
pub struct Folder<'a> {
    /// The function.
    pub graph: &'a Graph,
}

impl Folder<'_> {
    fn op(&self, v: Val) -> &Op {
        self.graph.op(self.graph.resolve(v))
    }
    fn ty(&self, v: Val) -> Type {
        self.graph.ty(self.graph.resolve(v))
    }
    fn constant(&self, v: Val) -> Option<Const> {
        self.graph.constant(self.graph.resolve(v))
    }
    fn int(&self, v: Val) -> Option<i32> {
        if let Some(Const::Int(i)) = self.constant(v) { Some(i) } else { None }
    }
    fn number(&self, v: Val) -> Option<f64> {
        self.constant(v)?.as_number()
    }
    fn is(&self, v: Val, ty: Type) -> bool {
        self.ty(v).is(ty)
    }
    fn same(&self, a: Val, b: Val) -> bool {
        self.graph.resolve(a) == self.graph.resolve(b)
    }
}

fn constant(value: Const) -> Option<Fold> {
    Some(Fold::Op(Op::Const { value }))
}
fn int(i: i32) -> Option<Fold> {
    constant(Const::Int(i))
}
fn double(d: f64) -> Option<Fold> {
    constant(Const::double(d))
}
fn boolean(b: bool) -> Option<Fold> {
    constant(Const::Bool(b))
}

// ---- Guards ----------------------------------------------------------------------------------------------------------

/// Declares folders of guards that go away if the operand's type is known to be right.
macro_rules! type_guards {
    ($($name:ident: $op:ident, $ty:expr;)*) => {$(
        pub(super) fn $name(f: &Folder<'_>, op: &Op) -> Option<Fold> {
            let Op::$op { v } = *op else { unreachable!("folder of another instruction") };
            f.is(v, $ty).then_some(Fold::Value(v))
        }
    )*};
}

type_guards! {
    check_number: CheckNumber, NUMBER;
    check_bool: CheckBool, BOOL;
    check_string: CheckString, STRING;
    check_object: CheckObject, OBJECTS;
    check_not_nullish: CheckNotNullish, !NULLISH;
    check_not_hole: CheckNotHole, !HOLE;
}

pub(super) fn check_int32(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::CheckInt32 { v } = *op else { unreachable!("folder of another instruction") };
    if f.is(v, INT32) {
        return Some(Fold::Value(v));
    }
    match f.number(v).map(Const::number) {
        Some(Const::Int(i)) => int(i),
        _not_an_int32 => None,
    }
}

pub(super) fn check_target(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let (Op::CheckTarget { v, value } | Op::CheckKey { v, value }) = *op else {
        unreachable!("folder of another instruction")
    };
    let expected = value.value();
    (f.constant(v).is_some_and(|c| c.value() == expected)).then_some(Fold::Value(v))
}

pub(super) fn check_bounds(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::CheckBounds { index, length } = *op else { unreachable!("folder of another instruction") };
    let (i, n) = (f.int(index)?, f.int(length)?);
    (0 <= i && i < n).then_some(Fold::Value(index))
}

pub(super) fn index_in_bounds(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::IndexInBounds { index, length } = *op else { unreachable!("folder of another instruction") };
    let (i, n) = (f.int(index)?, f.int(length)?);
    boolean(0 <= i && i < n)
}

pub(super) fn check_mul_zero(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::CheckMulZero { a, b, product } = *op else { unreachable!("folder of another instruction") };
    let positive = |v| f.int(v).is_some_and(|i| i > 0);
    (positive(a) || positive(b) || f.same(a, b)).then_some(Fold::Value(product))
}

pub(super) fn check_mod_zero(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::CheckModZero { a, remainder } = *op else { unreachable!("folder of another instruction") };
    f.int(a).is_some_and(|a| a >= 0).then_some(Fold::Value(remainder))
}

pub(super) fn check_uint32(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::CheckUint32 { bits } = *op else { unreachable!("folder of another instruction") };
    let fits = match *f.op(bits) {
        Op::Const { value: Const::Int(i) } => i >= 0,
        Op::Int32Shr { b, .. } => f.int(b).is_some_and(|b| b & 31 != 0),
        ref _other => false,
    };
    fits.then_some(Fold::Value(bits))
}

pub(super) fn check_double_to_int32(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::CheckDoubleToInt32 { v } = *op else { unreachable!("folder of another instruction") };
    f.is(v, INT32).then_some(Fold::Value(v))
}

pub(super) fn assume_type(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::AssumeType { v, ty } = *op else { unreachable!("folder of another instruction") };
    f.is(v, ty).then_some(Fold::Value(v))
}

// ---- Int32 -----------------------------------------------------------------------------------------------------------

/// The operands of a binary operation, whichever it is.
fn operands(op: &Op) -> (Val, Val) {
    let mut found = [None, None];
    let mut n = 0;
    op.visit(|v, _| {
        found[n.min(1)] = Some(v);
        n += 1;
    });
    (found[0].expect("has an operand"), found[1].or(found[0]).expect("has an operand"))
}

/// Exchanges the operands if that brings a constant to the right.
fn commute(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let (a, b) = operands(op);
    if f.constant(a).is_none() || f.constant(b).is_some() {
        return None;
    }
    let mut swapped = op.clone();
    let mut next = [b, a].into_iter();
    swapped.visit_mut(|v| *v = next.next().expect("has two operands"));
    Some(Fold::Op(swapped))
}

/// Folds constants by `compute`, drops an identity on the right, else exchanges operands if `commutes`.
fn int_binary(
    f: &Folder<'_>,
    op: &Op,
    compute: impl Fn(i32, i32) -> Option<i32>,
    identity: Option<i32>,
    commutes: bool,
) -> Option<Fold> {
    let (a, b) = operands(op);
    if let (Some(x), Some(y)) = (f.int(a), f.int(b)) {
        return int(compute(x, y)?);
    }
    if identity.is_some() && f.int(b) == identity {
        return Some(Fold::Value(a));
    }
    if commutes { commute(f, op) } else { None }
}

pub(super) fn int32_add(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    int_binary(f, op, |a, b| Some(a.wrapping_add(b)), Some(0), true)
}
pub(super) fn int32_sub(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    int_binary(f, op, |a, b| Some(a.wrapping_sub(b)), Some(0), false)
}
pub(super) fn int32_mul(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    int_binary(f, op, |a, b| Some(a.wrapping_mul(b)), Some(1), true)
}
pub(super) fn int32_add_checked(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    int_binary(f, op, i32::checked_add, Some(0), true)
}
pub(super) fn int32_sub_checked(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    int_binary(f, op, i32::checked_sub, Some(0), false)
}
pub(super) fn int32_mul_checked(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    int_binary(f, op, i32::checked_mul, Some(1), true)
}
pub(super) fn int32_div_checked(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let exact =
        |a: i32, b: i32| if b != 0 && a.checked_rem(b)? == 0 && (a != 0 || b > 0) { a.checked_div(b) } else { None };
    int_binary(f, op, exact, Some(1), false)
}
pub(super) fn int32_mod_checked(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    int_binary(f, op, |a, b| if b == 0 { None } else { Some(a.wrapping_rem(b)) }, None, false)
}
pub(super) fn int32_div(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    int_binary(f, op, i32::checked_div, Some(1), false)
}
pub(super) fn int32_mod(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    int_binary(f, op, |a, b| if b == 0 { None } else { Some(a.wrapping_rem(b)) }, None, false)
}
pub(super) fn int32_neg_checked(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let a = f.int(operands(op).0)?;
    int(a.checked_neg().filter(|n| *n != 0)?)
}
pub(super) fn int32_abs_checked(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    int(f.int(operands(op).0)?.checked_abs()?)
}
pub(super) fn int32_and(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let (a, b) = operands(op);
    if f.same(a, b) {
        return Some(Fold::Value(a));
    }
    if f.int(b) == Some(0) {
        return int(0);
    }
    int_binary(f, op, |a, b| Some(a & b), Some(-1), true)
}
pub(super) fn int32_or(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let (a, b) = operands(op);
    if f.same(a, b) {
        return Some(Fold::Value(a));
    }
    // `x | 0` of checked arithmetic stays until `passes/truncation.rs` has seen it.
    let identity = if f.op(a).effects().exit_protects_result { None } else { Some(0) };
    int_binary(f, op, |a, b| Some(a | b), identity, true)
}
pub(super) fn int32_xor(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let (a, b) = operands(op);
    if f.same(a, b) {
        return int(0);
    }
    int_binary(f, op, |a, b| Some(a ^ b), Some(0), true)
}
pub(super) fn int32_not(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let a = operands(op).0;
    if let Op::Int32Not { a } = *f.op(a) {
        return Some(Fold::Value(a));
    }
    int(!f.int(a)?)
}
/// Folds a shift; a shift by a multiple of 32 does nothing.
fn shift(f: &Folder<'_>, op: &Op, compute: fn(i32, u32) -> i32) -> Option<Fold> {
    let (a, b) = operands(op);
    let by = f.int(b)?;
    if by & 31 == 0 {
        return Some(Fold::Value(a));
    }
    int(compute(f.int(a)?, by as u32 & 31))
}
pub(super) fn int32_shl(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    shift(f, op, |a, b| a << b)
}
pub(super) fn int32_sar(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    shift(f, op, |a, b| a >> b)
}
pub(super) fn int32_shr(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    shift(f, op, |a, b| (a as u32 >> b) as i32)
}
pub(super) fn int32_rotl(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    shift(f, op, |a, b| a.rotate_left(b))
}
pub(super) fn int32_min(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    int_binary(f, op, |a, b| Some(a.min(b)), Some(i32::MAX), true)
}
pub(super) fn int32_max(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    int_binary(f, op, |a, b| Some(a.max(b)), Some(i32::MIN), true)
}
pub(super) fn int32_compare(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::Int32Compare { a, b, cond } = *op else { unreachable!("folder of another instruction") };
    if f.same(a, b) {
        return boolean(cond.holds(0, 0));
    }
    match (f.int(a), f.int(b)) {
        (Some(a), Some(b)) => boolean(cond.holds(a, b)),
        (Some(_), None) => Some(Fold::Op(Op::Int32Compare { a: b, b: a, cond: cond.swap() })),
        (None, _) => None,
    }
}

// ---- Double ----------------------------------------------------------------------------------------------------------

fn double_binary(
    f: &Folder<'_>,
    op: &Op,
    compute: fn(f64, f64) -> f64,
    identity: Option<f64>,
    commutes: bool,
) -> Option<Fold> {
    let (a, b) = operands(op);
    if let (Some(x), Some(y)) = (f.number(a), f.number(b)) {
        return double(compute(x, y));
    }
    if let (Some(identity), Some(y)) = (identity, f.number(b))
        && identity.to_bits() == y.to_bits()
    {
        return Some(Fold::Value(a));
    }
    if commutes { commute(f, op) } else { None }
}

fn double_unary(f: &Folder<'_>, op: &Op, compute: fn(f64) -> f64) -> Option<Fold> {
    double(compute(f.number(operands(op).0)?))
}

/// A rounding operation: leaves an int32 alone.
fn rounding(f: &Folder<'_>, op: &Op, compute: fn(f64) -> f64) -> Option<Fold> {
    let a = operands(op).0;
    if f.is(a, INT32) { Some(Fold::Value(a)) } else { double_unary(f, op, compute) }
}

pub(super) fn double_add(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    double_binary(f, op, |a, b| a + b, Some(-0.0), true)
}
pub(super) fn double_sub(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    double_binary(f, op, |a, b| a - b, Some(0.0), false)
}
pub(super) fn double_mul(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let (a, b) = operands(op);
    // Twice a double is exactly the sum, which is there a cycle earlier.
    if f.number(b) == Some(2.0) && f.number(a).is_none() && !f.is(a, INT32) {
        return Some(Fold::Op(Op::DoubleAdd { a, b: a }));
    }
    double_binary(f, op, |a, b| a * b, Some(1.0), true)
}
pub(super) fn double_div(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let (a, b) = operands(op);
    // Division by a power of two is multiplication by its inverse, exactly, if neither is subnormal.
    if let Some(y) = f.number(b)
        && f.number(a).is_none()
        && !f.is(a, INT32)
        && y != 1.0
        && y.to_bits() & ((1 << 52) - 1) == 0
        && y.is_normal()
        && (1.0 / y).is_normal()
    {
        return Some(Fold::WithConst(|a, b| Op::DoubleMul { a, b }, a, Const::double(1.0 / y)));
    }
    double_binary(f, op, |a, b| a / b, Some(1.0), false)
}
pub(super) fn double_mod(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    double_binary(f, op, |a, b| a % b, None, false)
}
pub(super) fn double_min(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    double_binary(f, op, js_min, None, true)
}
pub(super) fn double_max(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    double_binary(f, op, |a, b| -js_min(-a, -b), None, true)
}
pub(super) fn double_neg(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    double_unary(f, op, |a| -a)
}
pub(super) fn double_abs(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    double_unary(f, op, f64::abs)
}
pub(super) fn double_sqrt(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    double_unary(f, op, f64::sqrt)
}
pub(super) fn double_floor(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    // An int32 divided by a power of two, rounded down, is a shift; there is no -0, because 0 divided by it is 0.
    if let Op::DoubleDiv { a, b } = *f.op(operands(op).0)
        && f.is(a, INT32)
        && let Some(by) = f.int(b).filter(|by| *by > 0 && by.count_ones() == 1)
    {
        return Some(Fold::WithConst(|a, b| Op::Int32Sar { a, b }, a, Const::Int(by.trailing_zeros() as i32)));
    }
    rounding(f, op, f64::floor)
}
pub(super) fn double_ceil(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    rounding(f, op, f64::ceil)
}
pub(super) fn double_trunc(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    rounding(f, op, f64::trunc)
}
pub(super) fn double_round(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    rounding(f, op, js_round)
}

fn js_min(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == b {
        f64::from_bits(a.to_bits() | b.to_bits())
    } else if a < b {
        a
    } else {
        b
    }
}

fn js_round(a: f64) -> f64 {
    let floor = a.floor();
    (if a - floor >= 0.5 { floor + 1.0 } else { floor }).copysign(a)
}

/// `ToInt32`.
pub fn to_int32(d: f64) -> i32 {
    if !d.is_finite() {
        return 0;
    }
    let modulus = 4294967296.0;
    let m = d.trunc() % modulus;
    (if m < 0.0 { m + modulus } else { m }) as u64 as u32 as i32
}

pub(super) fn double_compare(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::DoubleCompare { a, b, cond } = *op else { unreachable!("folder of another instruction") };
    if f.is(a, INT32) && f.is(b, INT32) {
        return Some(Fold::Op(Op::Int32Compare { a, b, cond }));
    }
    boolean(cond.holds(f.number(a)?, f.number(b)?))
}

pub(super) fn double_is_truthy(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let a = operands(op).0;
    if f.is(a, INT32) {
        return int_is_truthy(a);
    }
    boolean(Const::double(f.number(a)?).truthy()?)
}

pub(super) fn double_truncate(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let v = operands(op).0;
    if f.is(v, INT32) {
        return Some(Fold::Value(v));
    }
    // The sum of two int32 is exact as a double, and so is taking it modulo 2^32; a quotient is off by far less than 1/b.
    match *f.op(v) {
        Op::DoubleAdd { a, b } if f.is(a, INT32) && f.is(b, INT32) => Some(Fold::Op(Op::Int32Add { a, b })),
        Op::DoubleSub { a, b } if f.is(a, INT32) && f.is(b, INT32) => Some(Fold::Op(Op::Int32Sub { a, b })),
        Op::DoubleDiv { a, b } if f.is(a, INT32) && f.int(b).is_some_and(|b| b != 0 && b != -1) => {
            Some(Fold::Op(Op::Int32Div { a, b }))
        }
        Op::Uint32ToDouble { bits } => Some(Fold::Value(bits)),
        ref _other => int(to_int32(f.number(v)?)),
    }
}

pub(super) fn truncate_nullish(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let v = operands(op).0;
    if f.is(v, NUMBER) {
        return Some(Fold::Op(Op::DoubleTruncate { a: v }));
    }
    if f.is(v, NULLISH) { int(0) } else { None }
}

pub(super) fn int32_to_double(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    double(f.int(operands(op).0)? as f64)
}

pub(super) fn uint32_to_double(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    double(f.int(operands(op).0)? as u32 as f64)
}

// ---- Any value -------------------------------------------------------------------------------------------------------

fn int_is_truthy(v: Val) -> Option<Fold> {
    Some(Fold::WithConst(|a, b| Op::Int32Compare { a, b, cond: Cond::Ne }, v, Const::Int(0)))
}

pub(super) fn bool_not(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    match *f.op(operands(op).0) {
        Op::Const { value } => boolean(!value.truthy()?),
        Op::BoolNot { a } => Some(Fold::Value(a)),
        Op::Int32Compare { a, b, cond } => Some(Fold::Op(Op::Int32Compare { a, b, cond: cond.negate() })),
        ref _other => None,
    }
}

pub(super) fn is_truthy(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let v = operands(op).0;
    let ty = f.ty(v);
    if let Some(known) = f.constant(v).and_then(Const::truthy) {
        boolean(known)
    } else if ty.is_none() {
        None
    } else if ty.is(BOOL) {
        Some(Fold::Value(v))
    } else if ty.is(INT32) {
        int_is_truthy(v)
    } else if ty.is(NUMBER) {
        Some(Fold::Op(Op::DoubleIsTruthy { a: v }))
    } else if ty.is(OBJECTS | SYMBOL) {
        boolean(true)
    } else if ty.is(NULLISH) {
        boolean(false)
    } else if ty.is(OBJECTS | SYMBOL | NULLISH) {
        Some(Fold::Op(Op::HasType { v, ty: OBJECTS | SYMBOL }))
    } else {
        None
    }
}

pub(super) fn has_type(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::HasType { v, ty } = *op else { unreachable!("folder of another instruction") };
    let known = f.ty(v);
    if known.is_none() {
        None
    } else if known.is(ty) {
        boolean(true)
    } else if !known.meets(ty) {
        boolean(false)
    } else {
        None
    }
}

pub(super) fn tagged_equal(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::TaggedEqual { a, b } = *op else { unreachable!("folder of another instruction") };
    if f.same(a, b) {
        return boolean(true);
    }
    let numbers = f.ty(a).meets(NUMBER) && f.ty(b).meets(NUMBER);
    match (f.constant(a), f.constant(b)) {
        (Some(a), Some(b)) if !numbers => boolean(a.value() == b.value()),
        _unknown if !f.ty(a).meets(f.ty(b)) && !numbers => boolean(false),
        ref _other => None,
    }
}

pub(super) fn strict_equal(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::StrictEqual { a, b } = *op else { unreachable!("folder of another instruction") };
    let (ta, tb) = (f.ty(a), f.ty(b));
    let both = |ty: Type| ta.is(ty) && tb.is(ty);
    if ta.is_none() || tb.is_none() {
        None
    } else if both(INT32) {
        Some(Fold::Op(Op::Int32Compare { a, b, cond: Cond::Eq }))
    } else if both(NUMBER) {
        Some(Fold::Op(Op::DoubleCompare { a, b, cond: Cond::Eq }))
    } else if ta.is(IDENTITY) || tb.is(IDENTITY) {
        Some(Fold::Op(Op::TaggedEqual { a, b }))
    } else if both(STRING) {
        Some(Fold::Op(Op::StringEqual { a, b }))
    } else if !(ta.meets(tb) || ta.meets(NUMBER) && tb.meets(NUMBER)) {
        boolean(false)
    } else {
        None
    }
}

pub(super) fn string_equal(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let (a, b) = operands(op);
    if f.same(a, b) { boolean(true) } else { None }
}

pub(super) fn object_or(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::ObjectOr { a, b } = *op else { unreachable!("folder of another instruction") };
    if f.is(a, OBJECTS) {
        Some(Fold::Value(a))
    } else if !f.ty(a).meets(OBJECTS) {
        Some(Fold::Value(b))
    } else {
        None
    }
}

pub(super) fn scope_parent(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    match *f.op(operands(op).0) {
        Op::NewScope { parent, .. } if f.is(parent, INTERNAL) => Some(Fold::Value(parent)),
        ref _other => None,
    }
}

pub(super) fn branch(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::Branch { cond, if_true, if_false } = op else { unreachable!("folder of another instruction") };
    if let Some(known) = f.constant(*cond).and_then(Const::truthy) {
        let target = if known { if_true } else { if_false };
        return Some(Fold::Op(Op::Jump { target: target.clone() }));
    }
    if let Op::BoolNot { a } = *f.op(*cond) {
        return Some(Fold::Op(Op::Branch { cond: a, if_true: if_false.clone(), if_false: if_true.clone() }));
    }
    (if_true == if_false).then(|| Fold::Op(Op::Jump { target: if_true.clone() }))
}

/// The function of a closure that the graph makes.
fn function_of(f: &Folder<'_>, v: Val) -> Option<FunctionId> {
    match *f.op(f.graph.root(v)) {
        Op::NewClosure { function, .. } => Some(function),
        ref _unknown => None,
    }
}

pub(super) fn check_function(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::CheckFunction { v, function } = *op else { unreachable!("folder of another instruction") };
    (function_of(f, v)? == function).then_some(Fold::Value(v))
}

pub(super) fn is_closure_of(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    let Op::IsClosureOf { v, function } = *op else { unreachable!("folder of another instruction") };
    let same = function_of(f, v)? == function;
    Some(Fold::Op(Op::Const { value: Const::Bool(same) }))
}

pub(super) fn closure_scope(f: &Folder<'_>, op: &Op) -> Option<Fold> {
    match *f.op(f.graph.root(operands(op).0)) {
        Op::NewClosure { scope, .. } if f.is(scope, INTERNAL) => Some(Fold::Value(scope)),
        ref _other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_int32_is_modular() {
        for (d, i) in [(4294967295.0, -1), (2147483648.0, i32::MIN), (-1.5, -1), (1e21, -559939584), (f64::NAN, 0)] {
            assert_eq!(to_int32(d), i, "{d}");
        }
    }

    #[test]
    fn rounding_and_minimum_are_javascripts() {
        assert_eq!(js_round(0.49999999999999994), 0.0);
        assert_eq!(js_round(-0.5).to_bits(), (-0.0f64).to_bits());
        assert_eq!(js_round(2.5), 3.0);
        assert_eq!(js_min(0.0, -0.0).to_bits(), (-0.0f64).to_bits());
        assert!(js_min(1.0, f64::NAN).is_nan());
    }
}
