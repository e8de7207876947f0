//! Arithmetic and bit operators on values: the meaning that all tiers share.
//!
//! Every operator has an inline path for int32 and double operands; the rest (strings, objects with `valueOf`, booleans)
//! goes through [`super::convert`]. Tiers speculate on types, never on meaning.

use super::convert::{self, Hint, to_int32, to_number, to_primitive};
use super::math;
use super::runtime::{JsResult, Runtime};
use super::string::Str;
use super::value::Value;

/// `a + b`.
#[inline]
pub fn add(rt: &mut Runtime, a: Value, b: Value) -> JsResult {
    if a.is_int() && b.is_int() {
        return Ok(match a.as_int().checked_add(b.as_int()) {
            Some(i) => Value::int(i),
            None => Value::double(a.as_int() as f64 + b.as_int() as f64),
        });
    }
    if a.is_number() && b.is_number() {
        return Ok(Value::number(a.as_number() + b.as_number()));
    }
    add_slow(rt, a, b)
}

fn add_slow(rt: &mut Runtime, a: Value, b: Value) -> JsResult {
    if let (Some(x), Some(y)) = (Str::from_value(a), Str::from_value(b)) {
        return concat(rt, x, y);
    }
    match (Str::from_value(a), Str::from_value(b)) {
        (Some(x), None) if b.is_int() => {
            let y = rt.atoms.int_string(&mut rt.heap, b.as_int() as i64);
            return concat(rt, x, y);
        }
        (None, Some(y)) if a.is_int() => {
            let x = rt.atoms.int_string(&mut rt.heap, a.as_int() as i64);
            return concat(rt, x, y);
        }
        (Some(_), _) | (None, _) => {}
    }
    let a = to_primitive(rt, a, Hint::Default)?;
    let b = to_primitive(rt, b, Hint::Default)?;
    if Str::from_value(a).is_some() || Str::from_value(b).is_some() {
        let x = convert::to_string(rt, a)?;
        let y = convert::to_string(rt, b)?;
        return concat(rt, x, y);
    }
    let x = to_number(rt, a)?;
    let y = to_number(rt, b)?;
    Ok(Value::number(x + y))
}

/// Concatenation of two strings; a RangeError where the result would be too long.
#[inline]
pub fn concat(rt: &mut Runtime, a: Str, b: Str) -> JsResult {
    match Str::concat(&mut rt.heap, a, b) {
        Some(s) => Ok(s.value()),
        None => rt.throw_range("Invalid string length"),
    }
}

/// The operands as numbers, left first.
#[inline]
fn numbers(rt: &mut Runtime, a: Value, b: Value) -> JsResult<(f64, f64)> {
    let x = to_number(rt, a)?;
    let y = to_number(rt, b)?;
    Ok((x, y))
}

#[inline]
fn ints(rt: &mut Runtime, a: Value, b: Value) -> JsResult<(i32, i32)> {
    let x = to_int32(rt, a)?;
    let y = to_int32(rt, b)?;
    Ok((x, y))
}

/// `a - b`.
#[inline]
pub fn sub(rt: &mut Runtime, a: Value, b: Value) -> JsResult {
    if a.is_int()
        && b.is_int()
        && let Some(i) = a.as_int().checked_sub(b.as_int())
    {
        return Ok(Value::int(i));
    }
    let (x, y) = numbers(rt, a, b)?;
    Ok(Value::number(x - y))
}

/// `a * b`.
#[inline]
pub fn mul(rt: &mut Runtime, a: Value, b: Value) -> JsResult {
    if a.is_int()
        && b.is_int()
        && let Some(i) = a.as_int().checked_mul(b.as_int())
        && i != 0
    {
        return Ok(Value::int(i));
    }
    let (x, y) = numbers(rt, a, b)?;
    Ok(Value::number(x * y))
}

/// `a / b`.
#[inline]
pub fn div(rt: &mut Runtime, a: Value, b: Value) -> JsResult {
    let (x, y) = numbers(rt, a, b)?;
    Ok(Value::number(x / y))
}

/// `a % b`: exact, with the sign of the dividend.
#[inline]
pub fn modulo(rt: &mut Runtime, a: Value, b: Value) -> JsResult {
    if a.is_int() && b.is_int() {
        let (x, y) = (a.as_int(), b.as_int());
        if x >= 0 && y > 0 {
            return Ok(Value::int(x % y));
        }
    }
    let (x, y) = numbers(rt, a, b)?;
    Ok(Value::number(math::modulo(x, y)))
}

/// `a ** b`.
pub fn exp(rt: &mut Runtime, a: Value, b: Value) -> JsResult {
    let (x, y) = numbers(rt, a, b)?;
    Ok(Value::number(math::pow(x, y)))
}

/// `a & b`.
#[inline]
pub fn bit_and(rt: &mut Runtime, a: Value, b: Value) -> JsResult {
    ints(rt, a, b).map(|(x, y)| Value::int(x & y))
}
/// `a | b`.
#[inline]
pub fn bit_or(rt: &mut Runtime, a: Value, b: Value) -> JsResult {
    ints(rt, a, b).map(|(x, y)| Value::int(x | y))
}
/// `a ^ b`.
#[inline]
pub fn bit_xor(rt: &mut Runtime, a: Value, b: Value) -> JsResult {
    ints(rt, a, b).map(|(x, y)| Value::int(x ^ y))
}
/// `a << b`.
#[inline]
pub fn shl(rt: &mut Runtime, a: Value, b: Value) -> JsResult {
    ints(rt, a, b).map(|(x, y)| Value::int(x.wrapping_shl(y as u32)))
}
/// `a >> b`.
#[inline]
pub fn shr(rt: &mut Runtime, a: Value, b: Value) -> JsResult {
    ints(rt, a, b).map(|(x, y)| Value::int(x.wrapping_shr(y as u32)))
}
/// `a >>> b`.
#[inline]
pub fn ushr(rt: &mut Runtime, a: Value, b: Value) -> JsResult {
    ints(rt, a, b).map(|(x, y)| Value::from_u32((x as u32).wrapping_shr(y as u32)))
}
/// `~a`.
#[inline]
pub fn bit_not(rt: &mut Runtime, a: Value) -> JsResult {
    to_int32(rt, a).map(|x| Value::int(!x))
}
/// `-a`.
#[inline]
pub fn neg(rt: &mut Runtime, a: Value) -> JsResult {
    to_number(rt, a).map(|x| Value::number(-x))
}
/// `a + 1` after ToNumeric: `++`.
#[inline]
pub fn inc(rt: &mut Runtime, a: Value) -> JsResult {
    to_number(rt, a).map(|x| Value::number(x + 1.0))
}
/// `a - 1` after ToNumeric: `--`.
#[inline]
pub fn dec(rt: &mut Runtime, a: Value) -> JsResult {
    to_number(rt, a).map(|x| Value::number(x - 1.0))
}
