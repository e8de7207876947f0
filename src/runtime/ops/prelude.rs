//! The operations that the prelude is written in: see `bytecode/intrinsics.rs`.
//!
//! They are meant for arrays and indices; what is neither gives `undefined`, so that a program which reaches them through
//! the natives syntax can do no harm.

use crate::runtime::elements;
use crate::runtime::object::Obj;
use crate::runtime::property::Found;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::ElementsKind;
use crate::runtime::value::Value;

/// Arrays of unknown use are given room for this many elements at once at most.
const MOST_ROOM: u32 = 1 << 16;

/// Longer arrays get their elements when something is stored.
const EAGER: u32 = 1 << 25;

/// How much room a fresh array gets that is going to have `length` elements.
pub fn room(length: Value) -> u32 {
    if length.is_int() { (length.as_int().max(0) as u32).min(MOST_ROOM) } else { MOST_ROOM }
}

fn array_and_index(array: Value, index: Value) -> Option<(Obj, u32)> {
    let array = Obj::from_value(array).filter(|a| a.is_array())?;
    index.is_number().then(|| (array, index.as_number() as u32))
}

/// The length of an array.
pub fn array_length(_rt: &mut Runtime, array: Value) -> JsResult {
    let array = Obj::from_value(array).filter(|a| a.is_array());
    Ok(array.map_or(Value::UNDEFINED, |a| Value::from_u32(a.array_length())))
}

/// Whether an array, or what it inherits from, has an element.
pub fn has_element(rt: &mut Runtime, array: Value, index: Value) -> JsResult {
    let Some((array, i)) = array_and_index(array, index) else { return Ok(Value::UNDEFINED) };
    if elements::has_element(array, i) {
        return Ok(Value::TRUE);
    }
    let key = rt.index_key(i as u64);
    Ok(Value::bool(!matches!(rt.lookup(array, key), Found::Nothing)))
}

/// An element of an array.
pub fn get_element(rt: &mut Runtime, array: Value, index: Value) -> JsResult {
    match array_and_index(array, index) {
        Some((array, i)) => rt.get_at(array, i as u64),
        None => Ok(Value::UNDEFINED),
    }
}

/// An empty array with room for so many elements.
pub fn new_array(rt: &mut Runtime, length: Value) -> Value {
    rt.new_array(room(length)).value()
}

/// Appends a value or a hole.
pub fn append(rt: &mut Runtime, array: Value, value: Value) -> JsResult {
    let Some(array) = Obj::from_value(array).filter(|a| a.is_array()) else { return Ok(Value::UNDEFINED) };
    rt.array_push(array, value)?;
    Ok(Value::from_u32(array.array_length()))
}

/// `new Array(length)`, of a holey kind that may be wider than need be.
pub fn array_of_length(rt: &mut Runtime, kind: ElementsKind, length: i32) -> JsResult<Obj> {
    let Ok(n) = u32::try_from(length) else { return rt.throw_range("Invalid array length") };
    if n == 0 {
        return Ok(rt.new_array(0));
    }
    if n > EAGER {
        let array = rt.new_array_of(kind, 0);
        elements::lengthen(rt, array, n);
        return Ok(array);
    }
    rt.check_size(n as usize * 8)?;
    let array = rt.new_array_of(kind, n);
    array.set_array_length_raw(n);
    Ok(array)
}
