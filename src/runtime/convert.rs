//! Conversions between types, as ECMAScript's abstract operations define them (chapter 7.1).
//!
//! What needs neither heap nor program is plain arithmetic in [`super::number`]; here are the operations on values.
//! Each has an inline path for the types that programs mean and a `#[cold]` or out-of-line rest.

use super::atoms::Atom;
use super::cell::CellKind;
use super::number;
use super::object::{Obj, kind_of};
use super::runtime::{JsResult, Runtime};
use super::shape::{ElementsKind, Key, PropertyKey};
use super::string::Str;
use super::value::Value;

/// What [`to_primitive`] prefers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hint {
    /// `valueOf` first, unless the object has its own opinion, as dates have.
    Default,
    /// `valueOf` first.
    Number,
    /// `toString` first.
    String,
}

/// ToBoolean.
#[inline]
pub fn to_boolean(v: Value) -> bool {
    if v.is_bool() {
        return v == Value::TRUE;
    }
    if v.is_int() {
        return v.as_int() != 0;
    }
    if v.is_number() {
        let d = v.as_double();
        return d != 0.0 && !d.is_nan();
    }
    if v.is_nullish() {
        return false;
    }
    Str::from_value(v).is_none_or(|s| !s.is_empty())
}

/// ToPrimitive.
#[inline]
pub fn to_primitive(rt: &mut Runtime, v: Value, hint: Hint) -> JsResult {
    match Obj::from_value(v) {
        Some(o) => object_to_primitive(rt, o, hint),
        None => Ok(v),
    }
}

fn object_to_primitive(rt: &mut Runtime, o: Obj, hint: Hint) -> JsResult {
    let exotic = rt.get_named(o.value(), Key(rt.library.symbol_to_primitive))?;
    if !exotic.is_nullish() {
        return exotic_to_primitive(rt, o, exotic, hint);
    }
    ordinary_to_primitive(rt, o, hint)
}

/// By the object's own `Symbol.toPrimitive`.
#[cold]
fn exotic_to_primitive(rt: &mut Runtime, o: Obj, method: Value, hint: Hint) -> JsResult {
    if !Obj::from_value(method).is_some_and(Obj::is_callable) {
        let shown = super::builtins::iteration::describe_typed(rt, method);
        return rt.throw_type(&format!("{shown} is not a function"));
    }
    let names = &rt.atoms.names;
    let hint = match hint {
        Hint::Default => names.default,
        Hint::Number => names.number,
        Hint::String => names.string,
    };
    let result = rt.call(method, o.value(), &[hint.value()])?;
    if Obj::from_value(result).is_some() {
        return rt.throw_type("Cannot convert object to primitive value");
    }
    Ok(result)
}

/// By `valueOf` and `toString`, in the order that the hint says.
pub fn ordinary_to_primitive(rt: &mut Runtime, o: Obj, hint: Hint) -> JsResult {
    let names = [rt.atoms.names.value_of, rt.atoms.names.to_string];
    let string_first = match hint {
        Hint::String => true,
        Hint::Number | Hint::Default => false,
    };
    for i in [string_first as usize, !string_first as usize] {
        let method = rt.get_named(o.value(), names[i].into())?;
        if Obj::from_value(method).is_some_and(Obj::is_callable) {
            let result = rt.call(method, o.value(), &[])?;
            if Obj::from_value(result).is_none() {
                return Ok(result);
            }
        }
    }
    rt.throw_type("Cannot convert object to primitive value")
}

/// ToNumber.
#[inline]
pub fn to_number(rt: &mut Runtime, v: Value) -> JsResult<f64> {
    if v.is_number() { Ok(v.as_number()) } else { to_number_slow(rt, v) }
}

#[cold]
fn to_number_slow(rt: &mut Runtime, v: Value) -> JsResult<f64> {
    if v.is_undefined() {
        return Ok(f64::NAN);
    }
    if v.is_null() {
        return Ok(0.0);
    }
    if v.is_bool() {
        return Ok((v == Value::TRUE) as u8 as f64);
    }
    if let Some(s) = Str::from_value(v) {
        return Ok(number::from_string(s.chars(&mut rt.heap)));
    }
    if kind_of(v) == Some(CellKind::Symbol) {
        return rt.throw_type("Cannot convert a Symbol value to a number");
    }
    let primitive = to_primitive(rt, v, Hint::Number)?;
    to_number(rt, primitive)
}

/// ToNumeric as a value: numbers stay as they are.
#[inline]
pub fn to_numeric(rt: &mut Runtime, v: Value) -> JsResult {
    if v.is_number() { Ok(v) } else { to_number_slow(rt, v).map(Value::number) }
}

/// ToInt32.
#[inline]
pub fn to_int32(rt: &mut Runtime, v: Value) -> JsResult<i32> {
    if v.is_int() { Ok(v.as_int()) } else { to_number(rt, v).map(number::to_int32) }
}

/// ToUint32.
#[inline]
pub fn to_uint32(rt: &mut Runtime, v: Value) -> JsResult<u32> {
    to_int32(rt, v).map(|i| i as u32)
}

/// ToIntegerOrInfinity.
#[inline]
pub fn to_integer(rt: &mut Runtime, v: Value) -> JsResult<f64> {
    if v.is_int() {
        return Ok(v.as_int() as f64);
    }
    let d = to_number(rt, v)?;
    Ok(if d.is_nan() { 0.0 } else { d.trunc() + 0.0 })
}

/// ToLength.
pub fn to_length(rt: &mut Runtime, v: Value) -> JsResult<u64> {
    Ok(to_integer(rt, v)?.clamp(0.0, 9007199254740991.0) as u64)
}

/// A relative index argument: negative counts from the end, undefined is `default`, the result is clamped to `length`.
pub fn to_relative_index(rt: &mut Runtime, v: Value, length: u64, default: u64) -> JsResult<u64> {
    if v.is_undefined() {
        return Ok(default);
    }
    let d = to_integer(rt, v)?;
    Ok(if d < 0.0 { (length as f64 + d).max(0.0) } else { d.min(length as f64) } as u64)
}

/// ToString.
#[inline]
pub fn to_string(rt: &mut Runtime, v: Value) -> JsResult<Str> {
    match Str::from_value(v) {
        Some(s) => Ok(s),
        None => to_string_slow(rt, v),
    }
}

fn to_string_slow(rt: &mut Runtime, v: Value) -> JsResult<Str> {
    if v.is_number() {
        return Ok(number_to_string(rt, v));
    }
    if let Some(name) = name_of_singleton(rt, v) {
        return Ok(name.str());
    }
    if kind_of(v) == Some(CellKind::Symbol) {
        return rt.throw_type("Cannot convert a Symbol value to a string");
    }
    let primitive = to_primitive(rt, v, Hint::String)?;
    to_string(rt, primitive)
}

fn name_of_singleton(rt: &Runtime, v: Value) -> Option<Atom> {
    let names = &rt.atoms.names;
    match v {
        Value::UNDEFINED => Some(names.undefined),
        Value::NULL => Some(names.null),
        Value::TRUE => Some(names.true_),
        Value::FALSE => Some(names.false_),
        _cell => None,
    }
}

/// The decimal spelling of a number.
pub fn number_to_string(rt: &mut Runtime, v: Value) -> Str {
    if let Some(i) = v.to_int_exact() {
        return rt.atoms.int_string(&mut rt.heap, i as i64);
    }
    let mut buffer = ryu_js::Buffer::new();
    Str::latin1(&mut rt.heap, buffer.format(v.as_number()).as_bytes())
}

/// ToPropertyKey.
#[inline]
pub fn to_property_key(rt: &mut Runtime, v: Value) -> JsResult<PropertyKey> {
    if let Some(i) = v.to_index() {
        return Ok(PropertyKey::Index(i));
    }
    if kind_of(v) == Some(CellKind::Symbol) {
        return Ok(PropertyKey::Name(Key(v)));
    }
    if let Some(s) = Str::from_value(v) {
        return Ok(string_to_key(rt, s));
    }
    let primitive = to_primitive(rt, v, Hint::String)?;
    if kind_of(primitive) == Some(CellKind::Symbol) {
        return Ok(PropertyKey::Name(Key(primitive)));
    }
    let s = to_string(rt, primitive)?;
    Ok(string_to_key(rt, s))
}

/// The property key that a string spells.
pub fn string_to_key(rt: &mut Runtime, s: Str) -> PropertyKey {
    let atom = rt.atoms.intern(&mut rt.heap, s);
    match atom.array_index() {
        Some(i) => PropertyKey::Index(i),
        None => PropertyKey::Name(Key(atom.value())),
    }
}

/// The value that spells a property key: a string or a symbol.
pub fn key_to_value(rt: &mut Runtime, key: PropertyKey) -> Value {
    match key {
        PropertyKey::Index(i) => rt.atoms.int_string(&mut rt.heap, i as i64).value(),
        PropertyKey::Name(k) => k.0,
    }
}

/// What `typeof` says.
pub fn type_of(rt: &Runtime, v: Value) -> Atom {
    let names = &rt.atoms.names;
    if v.is_number() {
        return names.number;
    }
    if v.is_bool() {
        return names.boolean;
    }
    if v.is_undefined() {
        return names.undefined;
    }
    match kind_of(v) {
        Some(CellKind::String) => names.string,
        Some(CellKind::Symbol) => names.symbol,
        Some(k) if k.is_callable() => names.function,
        _object_or_null => names.object,
    }
}

/// The decimal spelling of a number, for messages.
pub fn number_to_text(d: f64) -> String {
    number::to_string(d)
}

/// ToObject: objects are themselves, primitives are wrapped.
pub fn to_object(rt: &mut Runtime, v: Value) -> JsResult<Obj> {
    if let Some(o) = Obj::from_value(v) {
        return Ok(o);
    }
    match rt.lookup_start(v) {
        Some(proto) => Ok(wrap(rt, v, proto)),
        None => rt.throw_type("Cannot convert undefined or null to object"),
    }
}

/// A wrapper object around a primitive.
pub fn wrap(rt: &mut Runtime, v: Value, proto: Obj) -> Obj {
    let shape = rt.shapes.root(CellKind::Primitive, proto.value(), ElementsKind::HoleyAny, 0);
    let o = rt.new_object(shape);
    o.set_internal(&mut rt.heap, 0, v);
    o
}
