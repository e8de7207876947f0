//! Equality, order and the relational operators, as all tiers understand them.

use super::cell::CellKind;
use super::convert::{self, Hint, to_number, to_primitive};
use super::heap::Heap;
use super::object::{Obj, kind_of};
use super::property::Found;
use super::runtime::{JsResult, Runtime};
use super::shape::Key;
use super::string::Str;
use super::value::Value;
use std::cmp::Ordering;

/// `a === b`.
#[inline]
pub fn strict_eq(heap: &mut Heap, a: Value, b: Value) -> bool {
    if a == b {
        return !a.is_number() || !a.as_number().is_nan();
    }
    if a.is_number() {
        return b.is_number() && a.as_number() == b.as_number();
    }
    match (Str::from_value(a), Str::from_value(b)) {
        (Some(x), Some(y)) => Str::equals(heap, x, y),
        _different_types => false,
    }
}

/// SameValueZero: as `===`, but NaN equals itself, however it is spelled. What Map, Set and `includes` use.
#[inline]
pub fn same_value_zero(heap: &mut Heap, a: Value, b: Value) -> bool {
    a == b || strict_eq(heap, a, b) || is_nan(a) && is_nan(b)
}

fn is_nan(v: Value) -> bool {
    v.is_number() && v.as_number().is_nan()
}

/// SameValue: NaN equals itself, and 0 differs from -0. What `Object.is` uses.
pub fn same_value(heap: &mut Heap, a: Value, b: Value) -> bool {
    if a.is_number() && b.is_number() {
        let (x, y) = (a.as_number(), b.as_number());
        return x.to_bits() == y.to_bits() || (x.is_nan() && y.is_nan());
    }
    same_value_zero(heap, a, b)
}

/// `a == b`.
#[inline]
pub fn loose_eq(rt: &mut Runtime, a: Value, b: Value) -> JsResult<bool> {
    if a.is_number() && b.is_number() {
        return Ok(a.as_number() == b.as_number());
    }
    if a.is_nullish() || b.is_nullish() {
        return Ok(a.is_nullish() && b.is_nullish());
    }
    loose_eq_slow(rt, a, b)
}

fn loose_eq_slow(rt: &mut Runtime, a: Value, b: Value) -> JsResult<bool> {
    if let (Some(x), Some(y)) = (Str::from_value(a), Str::from_value(b)) {
        return Ok(Str::equals(&mut rt.heap, x, y));
    }
    let (object_a, object_b) = (Obj::from_value(a).is_some(), Obj::from_value(b).is_some());
    if object_a && object_b {
        return Ok(a == b);
    }
    if object_a {
        let a = to_primitive(rt, a, Hint::Default)?;
        return loose_eq(rt, a, b);
    }
    if object_b {
        let b = to_primitive(rt, b, Hint::Default)?;
        return loose_eq(rt, a, b);
    }
    if kind_of(a) == Some(CellKind::Symbol) || kind_of(b) == Some(CellKind::Symbol) {
        return Ok(a == b);
    }
    // Booleans, numbers and strings of different types compare as numbers.
    let x = to_number(rt, a)?;
    let y = to_number(rt, b)?;
    Ok(x == y)
}

/// How two values compare, or `None` if one is NaN. The left one is converted first.
pub fn order(rt: &mut Runtime, a: Value, b: Value) -> JsResult<Option<Ordering>> {
    let a = to_primitive(rt, a, Hint::Number)?;
    let b = to_primitive(rt, b, Hint::Number)?;
    if let (Some(x), Some(y)) = (Str::from_value(a), Str::from_value(b)) {
        return Ok(Some(Str::compare(&mut rt.heap, x, y)));
    }
    let x = to_number(rt, a)?;
    let y = to_number(rt, b)?;
    Ok(x.partial_cmp(&y))
}

macro_rules! relational {
    ($( $(#[doc = $doc:literal])+ $name:ident $op:tt $test:expr; )+) => { $(
        $(#[doc = $doc])+
        #[inline]
        pub fn $name(rt: &mut Runtime, a: Value, b: Value) -> JsResult<bool> {
            if a.is_int() && b.is_int() {
                return Ok(a.as_int() $op b.as_int());
            }
            if a.is_number() && b.is_number() {
                return Ok(a.as_number() $op b.as_number());
            }
            Ok(order(rt, a, b)?.is_some_and($test))
        }
    )+ };
}

relational! {
    /// `a < b`.
    lt < Ordering::is_lt;
    /// `a <= b`.
    le <= Ordering::is_le;
    /// `a > b`.
    gt > Ordering::is_gt;
    /// `a >= b`.
    ge >= Ordering::is_ge;
}

/// `a instanceof b`.
pub fn instance_of(rt: &mut Runtime, a: Value, b: Value) -> JsResult<bool> {
    let Some(constructor) = Obj::from_value(b) else {
        return rt.throw_type("Right-hand side of 'instanceof' is not an object");
    };
    let method = rt.get_named(b, Key(rt.library.symbol_has_instance))?;
    if method != rt.library.has_instance && !method.is_nullish() {
        let answer = rt.call(method, b, &[a])?;
        return Ok(convert::to_boolean(answer));
    }
    ordinary_instance_of(rt, a, b, constructor)
}

/// Whether the prototype of a constructor is on the object's chain.
pub fn ordinary_instance_of(rt: &mut Runtime, a: Value, b: Value, constructor: Obj) -> JsResult<bool> {
    if !constructor.is_callable() {
        return rt.throw_type("Right-hand side of 'instanceof' is not callable");
    }
    if constructor.kind() == CellKind::BoundFunction {
        let target = constructor.internal(0);
        return instance_of(rt, a, target);
    }
    if Obj::from_value(a).is_none() {
        return Ok(false);
    }
    let prototype = rt.get_named(b, rt.atoms.names.prototype.into())?;
    if Obj::from_value(prototype).is_none() {
        let shown = convert::to_string(rt, prototype)?.to_rust();
        let message = format!("Function has non-object prototype '{shown}' in instanceof check");
        return rt.throw_type(&message);
    }
    Ok(inherits(rt, a, prototype))
}

/// Whether a value is an object with another among its prototypes.
pub fn inherits(rt: &Runtime, v: Value, prototype: Value) -> bool {
    let mut at = Obj::from_value(v);
    while let Some(o) = at {
        let proto = rt.shapes.of(o).proto;
        if proto == prototype {
            return true;
        }
        at = Obj::from_value(proto);
    }
    false
}

/// `key in object`.
pub fn has_property(rt: &mut Runtime, key: Value, object: Value) -> JsResult<bool> {
    let Some(o) = Obj::from_value(object) else {
        let shown = |rt: &mut Runtime, v: Value| match kind_of(v) {
            Some(CellKind::Symbol) => Ok(rt.symbol_text(v)),
            _other => convert::to_string(rt, v).map(|s| s.to_rust()),
        };
        let key = shown(rt, key)?;
        let object = shown(rt, object)?;
        return rt.throw_type(&format!("Cannot use 'in' operator to search for '{key}' in {object}"));
    };
    let key = convert::to_property_key(rt, key)?;
    Ok(!matches!(rt.lookup(o, key), Found::Nothing))
}
