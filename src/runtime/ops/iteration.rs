//! Iteration: for-of, spread and destructuring over what iterates natively, for-in over keys.
//!
//! The state of an iteration is three registers. Arrays (and `arguments`): the array, the next index as int32,
//! undefined. Strings: the string, the next index, null. Everything else has the state of the library's
//! [`builtins::iteration`], whose third word is a number. For-in: an array, the next index, the object. The array's first
//! element is the id of the object's shape if all keys (its other elements) are the object's own: as long as it has that
//! shape, it has them.
//!
//! `array` state is the one that compiled code knows: while register 2 is undefined and register 0 is a packed array
//! with the array prototype, the next value is an element load.

use crate::feedback::slot::{ElementSlot, MAX_POLYMORPHIC, MEGAMORPHIC, element};
use crate::runtime::builtins;
use crate::runtime::cell::CellKind;
use crate::runtime::convert::{key_to_value, to_property_key};
use crate::runtime::inline_cache::shape_of;
use crate::runtime::object::Obj;
use crate::runtime::property::Found;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::{Attrs, Key, PropertyKey};
use crate::runtime::string::Str;
use crate::runtime::typed::Typed;
use crate::runtime::value::Value;

/// The three registers of an iteration.
pub type IterState = [Value; 3];

/// Begins the iteration of a value.
pub fn iter_init(
    rt: &mut Runtime,
    state: &mut IterState,
    source: Value,
    text: impl FnOnce() -> Option<String>,
) -> JsResult<()> {
    match Obj::from_value(source) {
        Some(o) if matches!(o.kind(), CellKind::Array | CellKind::Arguments) && has_array_iterator(rt, o) => {
            *state = [source, Value::int(0), Value::UNDEFINED];
            return Ok(());
        }
        Some(_) => {}
        None if Str::from_value(source).is_some() => {
            *state = [source, Value::int(0), Value::NULL];
            return Ok(());
        }
        None => return super::calls::throw_not_iterable(rt, source, text()).map(|_| ()),
    }
    match builtins::iteration::begin_if_iterable(rt, source)? {
        Some(begun) => *state = begun,
        None => return super::calls::throw_not_iterable(rt, source, text()).map(|_| ()),
    }
    Ok(())
}

/// Whether an array or arguments object has the iterator method that all arrays have: a subclass may define its own, and so
/// may the object itself.
#[inline]
pub fn has_array_iterator(rt: &Runtime, o: Obj) -> bool {
    let (shape, key) = (rt.shapes.of(o), Key(rt.library.symbol_iterator));
    if shape.proto == rt.realm.array_proto.value() && shape.find(key).is_none() {
        return true;
    }
    rt.lookup_data(o, key) == rt.lookup_data(rt.realm.array_proto, key)
}

/// The next value of an iteration; None when it has ended.
pub fn iter_next(rt: &mut Runtime, state: &mut IterState) -> JsResult<Option<Value>> {
    let [source, index, mode] = *state;
    if mode.is_undefined() {
        let Some(o) = Obj::from_value(source) else { return Ok(None) };
        let i = index.as_int() as u32;
        let length = if o.is_array() { o.array_length() } else { arguments_length(rt, o)? };
        if i >= length {
            // An exhausted iterator stays exhausted even if the array grows.
            *state = [Value::UNDEFINED, Value::int(0), Value::UNDEFINED];
            return Ok(None);
        }
        state[1] = Value::int(i as i32 + 1);
        return array_element(rt, o, i).map(Some);
    }
    if mode.is_null() {
        let Some(s) = Str::from_value(source) else { return Ok(None) };
        let at = index.as_int() as usize;
        let chars = s.chars(&mut rt.heap);
        let Some((_, units)) = chars.code_point_at(at) else { return Ok(None) };
        state[1] = Value::int((at + units) as i32);
        let unit = chars.at(at);
        return Ok(Some(if units == 1 {
            rt.atoms.single(&mut rt.heap, unit).value()
        } else {
            s.slice(&mut rt.heap, at, at + units).value()
        }));
    }
    builtins::iteration::step(rt, state)
}

/// Ends an iteration early.
pub fn iter_close(rt: &mut Runtime, state: &mut IterState) -> JsResult<()> {
    if state[2].is_number() {
        return builtins::iteration::close(rt, state);
    }
    *state = [Value::UNDEFINED, Value::int(0), Value::UNDEFINED];
    Ok(())
}

/// Calls `f` with each value that iterating `source` yields, until it returns false.
pub fn for_each(
    rt: &mut Runtime,
    source: Value,
    text: Option<String>,
    f: &mut dyn FnMut(&mut Runtime, Value) -> JsResult<bool>,
) -> JsResult<()> {
    let mut state = [Value::UNDEFINED; 3];
    iter_init(rt, &mut state, source, || text)?;
    while let Some(v) = iter_next(rt, &mut state)? {
        if !f(rt, v)? {
            return iter_close(rt, &mut state);
        }
    }
    Ok(())
}

fn arguments_length(rt: &mut Runtime, o: Obj) -> JsResult<u32> {
    let length = rt.get(o.value(), PropertyKey::Name(rt.atoms.names.length.into()))?;
    Ok(length.to_index().unwrap_or(0))
}

/// Element `i` of an array as iteration reads it: holes come from the prototypes.
#[inline]
pub fn array_element(rt: &mut Runtime, o: Obj, i: u32) -> JsResult {
    if i < o.elements_capacity() {
        let v = o.element(i);
        if !v.is_hole() && !v.is_empty() {
            return Ok(v);
        }
    }
    rt.get(o.value(), PropertyKey::Index(i))
}

/// Teaches an iteration site the shape of what it iterates.
pub fn learn_iteration(slot: *mut ElementSlot, source: Value) {
    // SAFETY: the slot lies in a live feedback vector.
    let slot = unsafe { &mut *slot };
    let mut flags = element::EXECUTED;
    if Str::from_value(source).is_some() {
        flags |= element::STRING;
    } else if Obj::from_value(source).is_none_or(|o| !o.is_array() && Typed::of(o).is_none()) {
        flags |= element::OTHER;
    }
    slot.flags |= flags;
    if slot.len == MEGAMORPHIC {
        return;
    }
    let shape = shape_of(source);
    let n = slot.len as usize;
    if slot.shapes[..n].contains(&shape) {
        return;
    }
    if n == MAX_POLYMORPHIC {
        slot.len = MEGAMORPHIC;
        return;
    }
    slot.shapes[n] = shape;
    slot.stored[n] = shape;
    slot.len += 1;
}

/// Begins for-in: collects the enumerable string keys of the object and its prototypes.
pub fn enum_init(rt: &mut Runtime, state: &mut IterState, source: Value) -> JsResult<()> {
    let start = rt.lookup_start(source);
    if let Some(o) = Obj::from_value(source)
        && rt.has_only_names(o)
        && rt.prototypes_enumerate_nothing(o)
    {
        let shape = rt.shapes.of(o);
        let id = if shape.is_cacheable() { Value::int(shape.id.as_u32() as i32) } else { Value::UNDEFINED };
        *state = [rt.enumerable_names(o, Some(id)).value(), Value::int(1), source];
        return Ok(());
    }
    let keys = rt.new_array_from(&[Value::UNDEFINED]);
    *state = [keys.value(), Value::int(1), source];
    if let Some(s) = Str::from_value(source) {
        for i in 0..s.len() as u32 {
            let key = key_to_value(rt, PropertyKey::Index(i));
            rt.array_push(keys, key)?;
        }
    }
    let mut seen: Vec<PropertyKey> = Vec::new();
    let mut at = start;
    while let Some(o) = at {
        let last = Obj::from_value(rt.proto_of(o)).is_none();
        rt.check_listing(o)?;
        for (key, attrs) in rt.own_keys(o) {
            let is_string = match key {
                PropertyKey::Index(_) => true,
                PropertyKey::Name(k) => k.is_string(),
            };
            if !is_string || (o != start.unwrap_or(o) && seen.contains(&key)) {
                continue;
            }
            if attrs.has(Attrs::ENUMERABLE) {
                let v = key_to_value(rt, key);
                rt.array_push(keys, v)?;
            }
            if !last {
                seen.push(key);
            }
        }
        at = Obj::from_value(rt.proto_of(o));
    }
    Ok(())
}

/// The next key of a for-in that still exists.
pub fn enum_next(rt: &mut Runtime, state: &mut IterState) -> JsResult<Option<Value>> {
    let Some(keys) = Obj::from_value(state[0]) else { return Ok(None) };
    loop {
        let i = state[1].as_int() as u32;
        if i >= keys.array_length() {
            return Ok(None);
        }
        state[1] = Value::int(i as i32 + 1);
        let name = keys.element(i);
        let Some(o) = Obj::from_value(state[2]) else { return Ok(Some(name)) };
        if keys.element(0) == Value::int(o.shape_id().as_u32() as i32) {
            return Ok(Some(name));
        }
        let key = to_property_key(rt, name)?;
        if !matches!(rt.lookup(o, key), Found::Nothing) {
            return Ok(Some(name));
        }
    }
}
