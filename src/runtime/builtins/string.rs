//! `String` and `String.prototype`.
//!
//! All positions are UTF-16 code units. Patterns are strings; regular expressions are outside of the library so far.

use super::Args;
use super::joined::{Joined, repeated};
use super::regexp::RegExp;
use super::string_case;
use crate::runtime::cell::CellKind;
use crate::runtime::convert::{self, to_integer};
use crate::runtime::object::{Obj, kind_of};
use crate::runtime::regexp::Flags;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::ElementsKind;
use crate::runtime::string::{Chars, MAX_LENGTH, Str, search};
use crate::runtime::value::Value;

/// `String(…)` and `new String(…)`.
pub fn constructor(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = match args.given(0) {
        None => rt.atoms.names.empty.str(),
        Some(v) if kind_of(v) == Some(CellKind::Symbol) && !args.is_construct() => {
            let text = rt.symbol_text(v);
            return Ok(rt.string(&text));
        }
        Some(v) => convert::to_string(rt, v)?,
    };
    if !args.is_construct() {
        return Ok(s.value());
    }
    let proto = rt.prototype_for(args, rt.realm.string_proto)?;
    Ok(convert::wrap(rt, s.value(), proto).value())
}

/// `String.fromCharCode`.
pub fn from_char_code(rt: &mut Runtime, args: &Args) -> JsResult {
    if args.count() == 1 {
        let unit = convert::to_int32(rt, args.get(0))? as u16;
        return Ok(rt.atoms.single(&mut rt.heap, unit).value());
    }
    let mut units = Vec::with_capacity(args.count());
    for v in args.all() {
        units.push(convert::to_int32(rt, *v)? as u16);
    }
    rt.string_from_units(&units)
}

/// `String.fromCodePoint`.
pub fn from_code_point(rt: &mut Runtime, args: &Args) -> JsResult {
    let mut units = Vec::with_capacity(args.count());
    for v in args.all() {
        let d = convert::to_number(rt, *v)?;
        if d.trunc() != d || !(0.0..=1114111.0).contains(&d) {
            let shown = convert::number_to_text(d);
            return rt.throw_range(&format!("Invalid code point {shown}"));
        }
        push_code_point(&mut units, d as u32);
    }
    rt.string_from_units(&units)
}

/// Appends a code point; a lone surrogate stays one.
pub fn push_code_point(units: &mut Vec<u16>, c: u32) {
    match c.checked_sub(0x10000) {
        None => units.push(c as u16),
        Some(v) => units.extend([0xD800 | (v >> 10) as u16, 0xDC00 | (v & 0x3FF) as u16]),
    }
}

/// `String.raw`.
pub fn raw(rt: &mut Runtime, args: &Args) -> JsResult {
    let cooked = convert::to_object(rt, args.get(0))?;
    let key = crate::runtime::shape::PropertyKey::Name(rt.atoms.names.raw.into());
    let literals = rt.get(cooked.value(), key)?;
    let literals = convert::to_object(rt, literals)?;
    let n = rt.length_of(literals)?;
    let mut units = Vec::new();
    for i in 0..n {
        let v = rt.get_at(literals, i)?;
        convert::to_string(rt, v)?.append_to(&mut units);
        if i + 1 < n
            && let Some(v) = args.given(i as usize + 1)
        {
            convert::to_string(rt, v)?.append_to(&mut units);
        }
    }
    rt.check_length(units.len())?;
    rt.string_from_units(&units)
}

/// An integer argument as a position, if it is inside the string.
fn position(rt: &mut Runtime, s: Str, v: Value) -> JsResult<Option<usize>> {
    if v.is_int() {
        return Ok(usize::try_from(v.as_int()).ok().filter(|i| *i < s.len()));
    }
    let d = to_integer(rt, v)?;
    Ok((d >= 0.0 && d < s.len() as f64).then_some(d as usize))
}

/// `charAt`.
pub fn char_at(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = rt.this_string(args, "charAt")?;
    match position(rt, s, args.get(0))? {
        Some(i) => unit_string(rt, s, i),
        None => Ok(rt.atoms.names.empty.value()),
    }
}

fn unit_string(rt: &mut Runtime, s: Str, i: usize) -> JsResult {
    let unit = s.chars(&mut rt.heap).at(i);
    Ok(rt.atoms.single(&mut rt.heap, unit).value())
}

/// `charCodeAt`.
pub fn char_code_at(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = rt.this_string(args, "charCodeAt")?;
    Ok(match position(rt, s, args.get(0))? {
        Some(i) => Value::int(s.chars(&mut rt.heap).at(i) as i32),
        None => Value::double(f64::NAN),
    })
}

/// `codePointAt`.
pub fn code_point_at(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = rt.this_string(args, "codePointAt")?;
    let Some(i) = position(rt, s, args.get(0))? else { return Ok(Value::UNDEFINED) };
    let c = s.chars(&mut rt.heap).code_point_at(i);
    Ok(c.map_or(Value::UNDEFINED, |(c, _)| Value::int(c as i32)))
}

/// `at`.
pub fn at(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = rt.this_string(args, "at")?;
    let d = to_integer(rt, args.get(0))?;
    let i = if d < 0.0 { d + s.len() as f64 } else { d };
    if i < 0.0 || i >= s.len() as f64 { Ok(Value::UNDEFINED) } else { unit_string(rt, s, i as usize) }
}

/// A position argument clamped to the string.
fn clamped(rt: &mut Runtime, s: Str, v: Value, default: usize) -> JsResult<usize> {
    if v.is_undefined() {
        return Ok(default);
    }
    Ok(to_integer(rt, v)?.clamp(0.0, s.len() as f64) as usize)
}

/// `this` and the pattern, both as code units.
fn two_strings(rt: &mut Runtime, args: &Args, method: &str) -> JsResult<(Str, Str)> {
    let s = rt.this_string(args, method)?;
    let pattern = convert::to_string(rt, args.get(0))?;
    Ok((s, pattern))
}

/// Receiver and search text of a method that refuses regular expressions.
fn plain_strings(rt: &mut Runtime, args: &Args, method: &str) -> JsResult<(Str, Str)> {
    let s = rt.this_string(args, method)?;
    if RegExp::from_value(args.get(0)).is_some() {
        return rt.throw_type(&format!("First argument to String.prototype.{method} must not be a regular expression"));
    }
    let pattern = convert::to_string(rt, args.get(0))?;
    Ok((s, pattern))
}

/// `indexOf`.
pub fn index_of(rt: &mut Runtime, args: &Args) -> JsResult {
    let (s, pattern) = two_strings(rt, args, "indexOf")?;
    let from = clamped(rt, s, args.get(1), 0)?;
    let found = search::index_of(s.chars(&mut rt.heap), pattern.chars(&mut rt.heap), from);
    Ok(found.map_or(Value::int(-1), |i| Value::int(i as i32)))
}

/// `lastIndexOf`.
pub fn last_index_of(rt: &mut Runtime, args: &Args) -> JsResult {
    let (s, pattern) = two_strings(rt, args, "lastIndexOf")?;
    let d = convert::to_number(rt, args.get(1))?;
    let from = if d.is_nan() { s.len() } else { d.trunc().clamp(0.0, s.len() as f64) as usize };
    let found = search::last_index_of(s.chars(&mut rt.heap), pattern.chars(&mut rt.heap), from);
    Ok(found.map_or(Value::int(-1), |i| Value::int(i as i32)))
}

/// `includes`.
pub fn includes(rt: &mut Runtime, args: &Args) -> JsResult {
    let (s, pattern) = plain_strings(rt, args, "includes")?;
    let from = clamped(rt, s, args.get(1), 0)?;
    let found = search::index_of(s.chars(&mut rt.heap), pattern.chars(&mut rt.heap), from);
    Ok(Value::bool(found.is_some()))
}

/// `startsWith`.
pub fn starts_with(rt: &mut Runtime, args: &Args) -> JsResult {
    let (s, pattern) = plain_strings(rt, args, "startsWith")?;
    let from = clamped(rt, s, args.get(1), 0)?;
    let (hay, needle) = (s.chars(&mut rt.heap), pattern.chars(&mut rt.heap));
    let fits = from + needle.len() <= hay.len();
    Ok(Value::bool(fits && hay.range(from, from + needle.len()).equals(needle)))
}

/// `endsWith`.
pub fn ends_with(rt: &mut Runtime, args: &Args) -> JsResult {
    let (s, pattern) = plain_strings(rt, args, "endsWith")?;
    let end = clamped(rt, s, args.get(1), s.len())?;
    let (hay, needle) = (s.chars(&mut rt.heap), pattern.chars(&mut rt.heap));
    Ok(Value::bool(needle.len() <= end && hay.range(end - needle.len(), end).equals(needle)))
}

/// The part of a string as a value; one unit comes from the cache.
fn part(rt: &mut Runtime, s: Str, start: usize, end: usize) -> JsResult {
    match end.saturating_sub(start) {
        0 => Ok(rt.atoms.names.empty.value()),
        1 => unit_string(rt, s, start),
        _long => Ok(s.slice(&mut rt.heap, start, end).value()),
    }
}

/// `slice`.
pub fn slice(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = rt.this_string(args, "slice")?;
    let n = s.len() as u64;
    let start = convert::to_relative_index(rt, args.get(0), n, 0)?;
    let end = convert::to_relative_index(rt, args.get(1), n, n)?;
    part(rt, s, start as usize, end as usize)
}

/// `substring`.
pub fn substring(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = rt.this_string(args, "substring")?;
    let a = clamped(rt, s, args.get(0), 0)?;
    let b = clamped(rt, s, args.get(1), s.len())?;
    part(rt, s, a.min(b), a.max(b))
}

/// `substr`.
pub fn substr(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = rt.this_string(args, "substr")?;
    let n = s.len() as u64;
    let start = convert::to_relative_index(rt, args.get(0), n, 0)? as usize;
    let count = clamped(rt, s, args.get(1), s.len())?;
    part(rt, s, start, (start + count).min(s.len()))
}

/// `split` by a string.
pub fn split(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = rt.this_string(args, "split")?;
    if let Some(re) = super::regexp_text::argument(rt, args.get(0))? {
        let limit = if args.get(1).is_undefined() { u32::MAX } else { convert::to_uint32(rt, args.get(1))? };
        return super::regexp_text::split(rt, re, s, limit);
    }
    let limit = if args.get(1).is_undefined() { u32::MAX } else { convert::to_uint32(rt, args.get(1))? };
    let separator = if args.get(0).is_undefined() { None } else { Some(convert::to_string(rt, args.get(0))?) };
    let a = rt.new_array_of(ElementsKind::Any, 0);
    if limit == 0 {
        return Ok(a.value());
    }
    let Some(separator) = separator else {
        rt.array_push(a, s.value())?;
        return Ok(a.value());
    };
    let (text, by) = (s.chars(&mut rt.heap), separator.chars(&mut rt.heap));
    if by.is_empty() {
        for i in 0..text.len().min(limit as usize) {
            let v = unit_string(rt, s, i)?;
            rt.array_push(a, v)?;
        }
        return Ok(a.value());
    }
    let mut start = 0;
    while let Some(i) = search::index_of(text, by, start).filter(|i| i + by.len() <= text.len()) {
        let v = part(rt, s, start, i)?;
        rt.array_push(a, v)?;
        if a.array_length() == limit {
            return Ok(a.value());
        }
        start = i + by.len();
    }
    let v = part(rt, s, start, text.len())?;
    rt.array_push(a, v)?;
    Ok(a.value())
}

/// `concat`.
pub fn concat(rt: &mut Runtime, args: &Args) -> JsResult {
    let mut s = rt.this_string(args, "concat")?;
    for v in args.all() {
        let next = convert::to_string(rt, *v)?;
        match Str::concat(&mut rt.heap, s, next) {
            Some(joined) => s = joined,
            None => return rt.throw_range("Invalid string length"),
        }
    }
    Ok(s.value())
}

/// Runs of one character up to this length are made on the stack.
const SHORT: usize = 64;

/// `repeat`.
pub fn repeat(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = rt.this_string(args, "repeat")?;
    let count = to_integer(rt, args.get(0))?;
    if count < 0.0 || count.is_infinite() {
        let shown = convert::to_string(rt, args.get(0))?.to_rust();
        return rt.throw_range(&format!("Invalid count value: {shown}"));
    }
    if s.is_empty() || count == 0.0 {
        return Ok(rt.atoms.names.empty.value());
    }
    if count == 1.0 {
        return Ok(s.value());
    }
    let total = count * s.len() as f64;
    if total > MAX_LENGTH as f64 {
        return rt.throw_range("Invalid string length");
    }
    match s.chars(&mut rt.heap) {
        Chars::Latin1([unit]) if count <= SHORT as f64 => {
            Ok(Str::latin1(&mut rt.heap, &[*unit; SHORT][..count as usize]).value())
        }
        Chars::Latin1(_) | Chars::Utf16(_) => Ok(repeated(rt, s, count as usize).value()),
    }
}

fn pad(rt: &mut Runtime, args: &Args, method: &str, at_start: bool) -> JsResult {
    let s = rt.this_string(args, method)?;
    let target = convert::to_length(rt, args.get(0))? as usize;
    if target <= s.len() {
        return Ok(s.value());
    }
    let filler = match args.given(1).filter(|v| !v.is_undefined()) {
        Some(v) => convert::to_string(rt, v)?,
        None => rt.atoms.single(&mut rt.heap, b' ' as u16),
    };
    if filler.is_empty() {
        return Ok(s.value());
    }
    if target > MAX_LENGTH {
        return rt.throw_range("Invalid string length");
    }
    let missing = target - s.len();
    let mut out = Joined::with_capacity(rt, target.min(SHORT));
    if !at_start {
        out.push(rt, s)?;
    }
    match missing / filler.len() {
        0 => {}
        runs @ 1..4 => {
            for _ in 0..runs {
                out.push(rt, filler)?;
            }
        }
        runs => {
            let run = repeated(rt, filler, runs);
            out.push(rt, run)?;
        }
    }
    let rest = filler.slice(&mut rt.heap, 0, missing % filler.len());
    out.push(rt, rest)?;
    if at_start {
        out.push(rt, s)?;
    }
    Ok(out.finish(rt)?.value())
}

/// `padStart`.
pub fn pad_start(rt: &mut Runtime, args: &Args) -> JsResult {
    pad(rt, args, "padStart", true)
}
/// `padEnd`.
pub fn pad_end(rt: &mut Runtime, args: &Args) -> JsResult {
    pad(rt, args, "padEnd", false)
}

fn trimmed(rt: &mut Runtime, args: &Args, method: &str, start: bool, end: bool) -> JsResult {
    let s = rt.this_string(args, method)?;
    let text = s.chars(&mut rt.heap);
    let from = if start { text.len() - text.trim_start().len() } else { 0 };
    let to = if end { text.trim_end().len() } else { text.len() };
    part(rt, s, from, to.max(from))
}

/// `trim`.
pub fn trim(rt: &mut Runtime, args: &Args) -> JsResult {
    trimmed(rt, args, "trim", true, true)
}
/// `trimStart`.
pub fn trim_start(rt: &mut Runtime, args: &Args) -> JsResult {
    trimmed(rt, args, "trimLeft", true, false)
}
/// `trimEnd`.
pub fn trim_end(rt: &mut Runtime, args: &Args) -> JsResult {
    trimmed(rt, args, "trimRight", false, true)
}

/// `toUpperCase`.
pub fn to_upper_case(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = rt.this_string(args, "toUpperCase")?;
    change_case(rt, s, true)
}
/// `toLowerCase`.
pub fn to_lower_case(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = rt.this_string(args, "toLowerCase")?;
    change_case(rt, s, false)
}
/// Some languages have rules of their own for letters; only the root locale's are here.
fn refuse_locale(rt: &mut Runtime, args: &Args, instead: &str) -> JsResult<()> {
    if args.given(0).is_none_or(|v| v.is_undefined()) {
        return Ok(());
    }
    rt.refuse("conversion of letters by locale", &format!("call {instead}() without arguments"))
}

/// `toLocaleUpperCase`, in the root locale.
pub fn to_locale_upper_case(rt: &mut Runtime, args: &Args) -> JsResult {
    refuse_locale(rt, args, "toUpperCase")?;
    let s = rt.this_string(args, "toLocaleUpperCase")?;
    change_case(rt, s, true)
}
/// `toLocaleLowerCase`, in the root locale.
pub fn to_locale_lower_case(rt: &mut Runtime, args: &Args) -> JsResult {
    refuse_locale(rt, args, "toLowerCase")?;
    let s = rt.this_string(args, "toLocaleLowerCase")?;
    change_case(rt, s, false)
}

fn change_case(rt: &mut Runtime, s: Str, upper: bool) -> JsResult {
    let text = s.chars(&mut rt.heap);
    if let Some(ascii) = text.as_ascii() {
        let changed = if upper { ascii.to_ascii_uppercase() } else { ascii.to_ascii_lowercase() };
        if changed == ascii {
            return Ok(s.value());
        }
        return Ok(Str::latin1(&mut rt.heap, changed.as_bytes()).value());
    }
    let units = string_case::change_case(&text.to_vec(), upper);
    rt.string_from_units(&units)
}

/// `localeCompare`.
pub fn locale_compare(rt: &mut Runtime, args: &Args) -> JsResult {
    let (s, other) = two_strings(rt, args, "localeCompare")?;
    if !args.get(1).is_undefined() || !args.get(2).is_undefined() {
        return rt.refuse("String.prototype.localeCompare with locales or options", "call it with one argument");
    }
    let (a, b) = (s.chars(&mut rt.heap).to_vec(), other.chars(&mut rt.heap).to_vec());
    if a.iter().chain(&b).any(|c| (0x300..0x370).contains(c)) {
        return rt.refuse("String.prototype.localeCompare of combining marks", "compare precomposed letters");
    }
    Ok(Value::int(string_case::collate(&a, &b) as i32))
}

/// `replace` of the first occurrence of a string.
pub fn replace(rt: &mut Runtime, args: &Args) -> JsResult {
    replace_string(rt, args, "replace", false)
}
/// `replaceAll` of a string.
pub fn replace_all(rt: &mut Runtime, args: &Args) -> JsResult {
    replace_string(rt, args, "replaceAll", true)
}

fn replace_string(rt: &mut Runtime, args: &Args, method: &str, all: bool) -> JsResult {
    if let Some(re) = super::regexp_text::argument(rt, args.get(0))?
        && !args.this.is_nullish()
    {
        if all && !re.flags().has(Flags::GLOBAL) {
            return rt.throw_type("String.prototype.replaceAll called with a non-global RegExp argument");
        }
        let s = rt.this_string(args, method)?;
        return super::regexp_text::replace(rt, re, s, args.get(1));
    }
    let (s, pattern) = two_strings(rt, args, method)?;
    let replacement = args.get(1);
    let function = Obj::from_value(replacement).is_some_and(Obj::is_callable);
    let template = if function { None } else { Some(convert::to_string(rt, replacement)?) };
    let (text, needle) = (s.chars(&mut rt.heap), pattern.chars(&mut rt.heap));
    let mut units = Vec::new();
    let (mut copied, mut from) = (0, 0);
    while let Some(at) = search::index_of(text, needle, from) {
        text.range(copied, at).append_to(&mut units);
        match template {
            Some(t) => expand(t.chars(&mut rt.heap), text, at, needle.len(), &mut units),
            None => {
                let arguments = [pattern.value(), Value::int(at as i32), s.value()];
                let v = rt.call(replacement, Value::UNDEFINED, &arguments)?;
                convert::to_string(rt, v)?.append_to(&mut units);
            }
        }
        copied = at + needle.len();
        from = at + needle.len().max(1);
        rt.check_length(units.len())?;
        if !all || from > text.len() {
            break;
        }
    }
    if copied == 0 && units.is_empty() && from == 0 {
        return Ok(s.value());
    }
    text.range(copied, text.len()).append_to(&mut units);
    rt.check_length(units.len())?;
    rt.string_from_units(&units)
}

/// Expands `$$`, `$&`, `` $` `` and `$'` in a replacement text.
fn expand(template: Chars, text: Chars, at: usize, length: usize, out: &mut Vec<u16>) {
    let mut i = 0;
    while let Some(c) = template.get(i) {
        i += 1;
        if c != b'$' as u16 {
            out.push(c);
            continue;
        }
        match template.get(i).and_then(|c| u8::try_from(c).ok()) {
            Some(b'$') => out.push(c),
            Some(b'&') => text.range(at, at + length).append_to(out),
            Some(b'`') => text.range(0, at).append_to(out),
            Some(b'\'') => text.range(at + length, text.len()).append_to(out),
            _ordinary => {
                out.push(c);
                continue;
            }
        }
        i += 1;
    }
}

/// `isWellFormed`.
pub fn is_well_formed(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = rt.this_string(args, "isWellFormed")?;
    let lone = s.chars(&mut rt.heap).code_points().any(|(_, c)| (0xD800..0xE000).contains(&c));
    Ok(Value::bool(!lone))
}

/// `toWellFormed`.
pub fn to_well_formed(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = rt.this_string(args, "toWellFormed")?;
    let mut units = Vec::with_capacity(s.len());
    for (_, c) in s.chars(&mut rt.heap).code_points() {
        push_code_point(&mut units, if (0xD800..0xE000).contains(&c) { 0xFFFD } else { c });
    }
    rt.string_from_units(&units)
}

/// `toString`.
pub fn to_string(rt: &mut Runtime, args: &Args) -> JsResult {
    unwrap(rt, args, "toString")
}
/// `valueOf`.
pub fn value_of(rt: &mut Runtime, args: &Args) -> JsResult {
    unwrap(rt, args, "valueOf")
}

fn unwrap(rt: &mut Runtime, args: &Args, method: &str) -> JsResult {
    if Str::from_value(args.this).is_some() {
        return Ok(args.this);
    }
    let inner = Obj::from_value(args.this).filter(|o| o.kind() == CellKind::Primitive).map(|o| o.internal(0));
    match inner.filter(|v| Str::from_value(*v).is_some()) {
        Some(s) => Ok(s),
        None => rt.throw_type(&format!("String.prototype.{method} requires that 'this' be a String")),
    }
}
