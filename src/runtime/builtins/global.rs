//! Functions of the global object, `Boolean` and `Symbol`.

use super::Args;
use super::string::push_code_point;
use crate::runtime::cell::CellKind;
use crate::runtime::convert::{self, to_boolean, to_number};
use crate::runtime::number;
use crate::runtime::object::Obj;
use crate::runtime::runtime::{ErrorKind, JsResult, Runtime};
use crate::runtime::string::Chars;
use crate::runtime::value::Value;

/// `parseInt`.
pub fn parse_int(rt: &mut Runtime, args: &Args) -> JsResult {
    if args.get(0).is_int() && args.get(1).is_undefined() {
        return Ok(args.get(0));
    }
    let s = convert::to_string(rt, args.get(0))?;
    let radix = convert::to_int32(rt, args.get(1))?;
    Ok(Value::number(number::parse_int(s.chars(&mut rt.heap), radix)))
}

/// `parseFloat`.
pub fn parse_float(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = convert::to_string(rt, args.get(0))?;
    Ok(Value::number(number::parse_float(s.chars(&mut rt.heap))))
}

/// `isNaN`.
pub fn is_nan(rt: &mut Runtime, args: &Args) -> JsResult {
    to_number(rt, args.get(0)).map(|d| Value::bool(d.is_nan()))
}
/// `isFinite`.
pub fn is_finite(rt: &mut Runtime, args: &Args) -> JsResult {
    to_number(rt, args.get(0)).map(|d| Value::bool(d.is_finite()))
}

/// What `escape` leaves as it is, letters and digits apart.
const UNESCAPED: &[u8] = b"@*_+-./";

/// `escape`, of annex B: code units, not characters.
pub fn escape(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = convert::to_string(rt, args.get(0))?;
    let text = s.chars(&mut rt.heap);
    let mut out = String::with_capacity(text.len());
    for unit in (0..text.len()).filter_map(|i| text.get(i)) {
        match u8::try_from(unit) {
            Ok(b) if b.is_ascii_alphanumeric() || UNESCAPED.contains(&b) => out.push(b as char),
            Ok(b) => out.push_str(&format!("%{b:02X}")),
            Err(_) => out.push_str(&format!("%u{unit:04X}")),
        }
    }
    Ok(rt.string(&out))
}

/// `unescape`, of annex B: what is no escape stays.
pub fn unescape(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = convert::to_string(rt, args.get(0))?;
    let text = s.chars(&mut rt.heap);
    let mut out = Vec::with_capacity(text.len());
    let mut i = 0;
    while let Some(c) = text.get(i) {
        let long = (text.get(i + 1) == Some(b'u' as u16)).then(|| hex_digits(text, i + 2, 4)).flatten();
        let (unit, length) = match (c == b'%' as u16, long, hex_digits(text, i + 1, 2)) {
            (true, Some(unit), _) => (unit, 6),
            (true, None, Some(unit)) => (unit, 3),
            _no_escape => (c, 1),
        };
        out.push(unit);
        i += length;
    }
    rt.string_from_units(&out)
}

/// The number that so many hexadecimal digits at a place spell.
fn hex_digits(text: Chars, at: usize, count: usize) -> Option<u16> {
    (at..at + count).try_fold(0, |sum, i| {
        let digit = text.get(i).and_then(|c| char::from_u32(c as u32)).and_then(|c| c.to_digit(16))?;
        Some(sum << 4 | digit as u16)
    })
}

const UNRESERVED: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";
const RESERVED: &str = ";/?:@&=+$,#";

fn malformed(rt: &mut Runtime) -> JsResult {
    rt.throw_error(ErrorKind::Uri, "URI malformed")
}

fn encode(rt: &mut Runtime, args: &Args, keep: &[&str]) -> JsResult {
    let s = convert::to_string(rt, args.get(0))?;
    let mut out = String::new();
    for (_, c) in s.chars(&mut rt.heap).code_points() {
        let Some(c) = char::from_u32(c) else { return malformed(rt) };
        if keep.iter().any(|set| set.contains(c)) {
            out.push(c);
        } else {
            for b in c.encode_utf8(&mut [0; 4]).bytes() {
                out.push_str(&format!("%{b:02X}"));
            }
        }
    }
    Ok(rt.string(&out))
}

/// `encodeURIComponent`.
pub fn encode_uri_component(rt: &mut Runtime, args: &Args) -> JsResult {
    encode(rt, args, &[UNRESERVED])
}
/// `encodeURI`.
pub fn encode_uri(rt: &mut Runtime, args: &Args) -> JsResult {
    encode(rt, args, &[UNRESERVED, RESERVED])
}

/// The byte that `%XX` at `i` spells.
fn escaped_byte(text: Chars, i: usize) -> Option<u8> {
    if text.get(i) != Some(b'%' as u16) {
        return None;
    }
    hex_digits(text, i + 1, 2).map(|byte| byte as u8)
}

fn decode(rt: &mut Runtime, args: &Args, keep: &str) -> JsResult {
    let s = convert::to_string(rt, args.get(0))?;
    let text = s.chars(&mut rt.heap);
    let mut out = Vec::with_capacity(text.len());
    let mut i = 0;
    while let Some(c) = text.get(i) {
        if c != b'%' as u16 {
            out.push(c);
            i += 1;
            continue;
        }
        let start = i;
        let Some(first) = escaped_byte(text, i) else { return malformed(rt) };
        let length = match first {
            0..0x80 => 1,
            0xC2..0xE0 => 2,
            0xE0..0xF0 => 3,
            0xF0..0xF5 => 4,
            _invalid => return malformed(rt),
        };
        let mut bytes = Vec::with_capacity(length);
        for _ in 0..length {
            let Some(b) = escaped_byte(text, i) else { return malformed(rt) };
            bytes.push(b);
            i += 3;
        }
        let Some(c) = std::str::from_utf8(&bytes).ok().and_then(|s| s.chars().next()) else { return malformed(rt) };
        if keep.contains(c) {
            text.range(start, i).append_to(&mut out);
        } else {
            push_code_point(&mut out, c as u32);
        }
    }
    rt.string_from_units(&out)
}

/// `decodeURIComponent`.
pub fn decode_uri_component(rt: &mut Runtime, args: &Args) -> JsResult {
    decode(rt, args, "")
}
/// `decodeURI`.
pub fn decode_uri(rt: &mut Runtime, args: &Args) -> JsResult {
    decode(rt, args, RESERVED)
}

/// `Boolean(…)` and `new Boolean(…)`.
pub fn boolean_constructor(rt: &mut Runtime, args: &Args) -> JsResult {
    let v = Value::bool(to_boolean(args.get(0)));
    if !args.is_construct() {
        return Ok(v);
    }
    let proto = rt.prototype_for(args, rt.realm.boolean_proto)?;
    Ok(convert::wrap(rt, v, proto).value())
}

fn this_boolean(rt: &mut Runtime, args: &Args, method: &str) -> JsResult {
    let inner = Obj::from_value(args.this).filter(|o| o.kind() == CellKind::Primitive).map(|o| o.internal(0));
    match inner.or(Some(args.this)).filter(|v| v.is_bool()) {
        Some(v) => Ok(v),
        None => rt.throw_type(&format!("Boolean.prototype.{method} requires that 'this' be a Boolean")),
    }
}
/// `Boolean.prototype.toString`.
pub fn boolean_to_string(rt: &mut Runtime, args: &Args) -> JsResult {
    let v = this_boolean(rt, args, "toString")?;
    Ok(convert::to_string(rt, v)?.value())
}
/// `Boolean.prototype.valueOf`.
pub fn boolean_value_of(rt: &mut Runtime, args: &Args) -> JsResult {
    this_boolean(rt, args, "valueOf")
}
