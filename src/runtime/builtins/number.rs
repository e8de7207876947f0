//! `Number` and `Number.prototype`: receivers and arguments checked in V8's words; the spelling of numbers itself is
//! exact decimal arithmetic in [`crate::runtime::number`].

use super::Args;
use crate::runtime::cell::CellKind;
use crate::runtime::convert::{self, to_integer};
use crate::runtime::number;
use crate::runtime::object::Obj;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::value::Value;

/// `Number(…)` and `new Number(…)`.
pub fn constructor(rt: &mut Runtime, args: &Args) -> JsResult {
    let v = match args.given(0) {
        Some(v) => convert::to_numeric(rt, v)?,
        None => Value::int(0),
    };
    if !args.is_construct() {
        return Ok(v);
    }
    let proto = rt.prototype_for(args, rt.realm.number_proto)?;
    Ok(convert::wrap(rt, v, proto).value())
}

fn number_arg(args: &Args) -> Option<f64> {
    Some(args.get(0)).filter(|v| v.is_number()).map(Value::as_number)
}

/// `Number.isInteger`.
pub fn is_integer(_rt: &mut Runtime, args: &Args) -> JsResult {
    Ok(Value::bool(number_arg(args).is_some_and(|d| d.is_finite() && d.trunc() == d)))
}
/// `Number.isSafeInteger`.
pub fn is_safe_integer(_rt: &mut Runtime, args: &Args) -> JsResult {
    Ok(Value::bool(number_arg(args).is_some_and(|d| d.trunc() == d && d.abs() <= 9007199254740991.0)))
}
/// `Number.isFinite`.
pub fn is_finite(_rt: &mut Runtime, args: &Args) -> JsResult {
    Ok(Value::bool(number_arg(args).is_some_and(f64::is_finite)))
}
/// `Number.isNaN`.
pub fn is_nan(_rt: &mut Runtime, args: &Args) -> JsResult {
    Ok(Value::bool(number_arg(args).is_some_and(f64::is_nan)))
}

/// The number that `this` is or wraps.
fn this_number(rt: &mut Runtime, args: &Args, method: &str) -> JsResult<f64> {
    if args.this.is_number() {
        return Ok(args.this.as_number());
    }
    let inner = Obj::from_value(args.this).filter(|o| o.kind() == CellKind::Primitive).map(|o| o.internal(0));
    match inner.filter(|v| v.is_number()) {
        Some(v) => Ok(v.as_number()),
        None => rt.throw_type(&format!("Number.prototype.{method} requires that 'this' be a Number")),
    }
}

/// `valueOf`.
pub fn value_of(rt: &mut Runtime, args: &Args) -> JsResult {
    this_number(rt, args, "valueOf").map(Value::number)
}

/// `toString`.
pub fn to_string(rt: &mut Runtime, args: &Args) -> JsResult {
    let d = this_number(rt, args, "toString")?;
    let radix = if args.get(0).is_undefined() { 10.0 } else { to_integer(rt, args.get(0))? };
    if !(2.0..=36.0).contains(&radix) {
        return rt.throw_range("toString() radix argument must be between 2 and 36");
    }
    if radix == 10.0 || !d.is_finite() {
        return Ok(convert::number_to_string(rt, Value::number(d)).value());
    }
    let text = number::to_radix_string(d, radix as u32);
    Ok(rt.string(&text))
}

/// `toLocaleString`: American English, as Node's default.
pub fn to_locale_string(rt: &mut Runtime, args: &Args) -> JsResult {
    let d = this_number(rt, args, "toLocaleString")?;
    if !args.get(0).is_undefined() || !args.get(1).is_undefined() {
        return rt.refuse("Number.prototype.toLocaleString with locales or options", "call it without arguments");
    }
    let text = locale_text(d);
    Ok(rt.string(&text))
}

fn locale_text(d: f64) -> String {
    if d.is_nan() {
        return "NaN".into();
    }
    let sign = if d.is_sign_negative() { "-" } else { "" };
    if d.is_infinite() {
        return format!("{sign}\u{221e}");
    }
    // Shortest decimal spelling, three fraction digits at most, ties away from zero.
    let fixed = if d.abs() < 1e21 { round_decimal(d.abs()) } else { format!("{}", d.abs()) };
    let (whole, fraction) = fixed.split_once('.').unwrap_or((&fixed, ""));
    let mut out = String::from(sign);
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// Three fraction digits, rounded from the shortest decimal spelling as ICU does.
fn round_decimal(d: f64) -> String {
    let text = format!("{d}");
    let Some((whole, fraction)) = text.split_once('.').filter(|(_, f)| f.len() > 3) else { return text };
    let up = fraction.as_bytes()[3] >= b'5';
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes().take(3)).collect();
    if up {
        for c in digits.iter_mut().rev() {
            if *c == b'9' {
                *c = b'0';
            } else {
                *c += 1;
                break;
            }
        }
        if digits.iter().all(|c| *c == b'0') {
            digits.insert(0, b'1');
        }
    }
    let text = String::from_utf8(digits).unwrap_or_default();
    let (whole, fraction) = text.split_at(text.len() - 3);
    format!("{whole}.{fraction}")
}

/// `toFixed`.
pub fn to_fixed(rt: &mut Runtime, args: &Args) -> JsResult {
    let d = this_number(rt, args, "toFixed")?;
    let digits = to_integer(rt, args.get(0))?;
    if !(0.0..=100.0).contains(&digits) {
        return rt.throw_range("toFixed() digits argument must be between 0 and 100");
    }
    let text = if d.is_nan() || d.abs() >= 1e21 { number::to_string(d) } else { number::to_fixed(d, digits as usize) };
    Ok(rt.string(&text))
}

/// `toPrecision`.
pub fn to_precision(rt: &mut Runtime, args: &Args) -> JsResult {
    let d = this_number(rt, args, "toPrecision")?;
    if args.get(0).is_undefined() {
        return Ok(convert::number_to_string(rt, Value::number(d)).value());
    }
    let precision = to_integer(rt, args.get(0))?;
    if !d.is_finite() {
        return Ok(convert::number_to_string(rt, Value::number(d)).value());
    }
    if !(1.0..=100.0).contains(&precision) {
        return rt.throw_range("toPrecision() argument must be between 1 and 100");
    }
    let text = number::to_precision(d, precision as usize);
    Ok(rt.string(&text))
}

/// `toExponential`.
pub fn to_exponential(rt: &mut Runtime, args: &Args) -> JsResult {
    let d = this_number(rt, args, "toExponential")?;
    let digits = to_integer(rt, args.get(0))?;
    if !d.is_finite() {
        return Ok(convert::number_to_string(rt, Value::number(d)).value());
    }
    if !(0.0..=100.0).contains(&digits) {
        return rt.throw_range("toExponential() argument must be between 0 and 100");
    }
    let text = number::to_exponential(d, (!args.get(0).is_undefined()).then_some(digits as usize));
    Ok(rt.string(&text))
}

#[cfg(test)]
mod tests {
    use super::locale_text;

    #[test]
    fn locale_text_groups_thousands_and_keeps_three_digits() {
        for (d, text) in [
            (1234567.891, "1,234,567.891"),
            (1234.5678, "1,234.568"),
            (0.0005, "0.001"),
            (999.9996, "1,000"),
            (-1e6, "-1,000,000"),
            (12.0, "12"),
            (1.0005, "1.001"),
        ] {
            assert_eq!(locale_text(d), text);
        }
    }
}
