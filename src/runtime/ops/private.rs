//! Private members (`#name`): ordinary properties under keys that no program can spell.
//!
//! A private name is a string cell that is not interned: it compares by address like every key, carries its description
//! for messages, and every enumeration of keys leaves it out (`Key::is_atom` is false). Methods are read-only data
//! properties, accessors are accessors. The initializer of a class's instance fields lives on the constructor under such
//! a key too: see [`super::class`].

use crate::runtime::object::Obj;
use crate::runtime::property::accessor_pair;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::{Attrs, Key, Property, PropertyKey};
use crate::runtime::string::Str;
use crate::runtime::value::Value;

/// `define_private`: a field.
pub const FIELD: u16 = 0;
/// `define_private`: a method.
pub const METHOD: u16 = 1;
/// `define_private`: a getter.
pub const GETTER: u16 = 2;
/// `define_private`: a setter.
pub const SETTER: u16 = 3;

/// A new private name with a description (`#name`).
pub fn new_private_name(rt: &mut Runtime, description: Value) -> Value {
    let text = super::bindings::text(description);
    // A fresh cell, even for equal text: the identity is the name.
    Str::new(&mut rt.heap, &text).value()
}

fn find(rt: &Runtime, object: Value, key: Value) -> Option<(Obj, Property)> {
    let o = Obj::from_value(object)?;
    rt.shapes.of(o).find(Key(key)).map(|p| (o, p))
}

fn spelled(key: Value) -> String {
    let text = super::bindings::text(key);
    if text.starts_with('#') { text } else { format!("#{text}") }
}

/// `object.#name`.
pub fn get_private(rt: &mut Runtime, object: Value, key: Value) -> JsResult {
    let Some((o, p)) = find(rt, object, key) else {
        let name = spelled(key);
        return rt
            .throw_type(&format!("Cannot read private member {name} from an object whose class did not declare it"));
    };
    if p.attrs.has(Attrs::ACCESSOR) {
        let (getter, _) = accessor_pair(o.slot(rt.shapes.of(o), p.slot));
        if getter.is_undefined() {
            let name = spelled(key);
            return rt.throw_type(&format!("'{name}' was defined without a getter"));
        }
        return rt.call(getter, object, &[]);
    }
    Ok(o.slot(rt.shapes.of(o), p.slot))
}

/// `object.#name = v`.
pub fn set_private(rt: &mut Runtime, object: Value, key: Value, v: Value) -> JsResult<()> {
    let Some((o, p)) = find(rt, object, key) else {
        let name = spelled(key);
        return rt
            .throw_type(&format!("Cannot write private member {name} to an object whose class did not declare it"));
    };
    if p.attrs.has(Attrs::ACCESSOR) {
        let (_, setter) = accessor_pair(o.slot(rt.shapes.of(o), p.slot));
        if setter.is_undefined() {
            let name = spelled(key);
            return rt.throw_type(&format!("'{name}' was defined without a setter"));
        }
        return rt.call(setter, object, &[v]).map(|_| ());
    }
    if !p.attrs.has(Attrs::WRITABLE) {
        let name = spelled(key);
        return rt.throw_type(&format!("Private method '{name}' is not writable"));
    }
    let shape = rt.shapes.get(o.shape_id());
    o.set_slot(&mut rt.heap, shape, p.slot, v);
    Ok(())
}

/// Adds a private member to an object.
pub fn define_private(rt: &mut Runtime, object: Value, key: Value, v: Value, flags: u16) -> JsResult<()> {
    let Some(o) = Obj::from_value(object) else { return rt.throw_type("Cannot define private member on non-object") };
    let existing = rt.shapes.of(o).find(Key(key));
    let name = PropertyKey::Name(Key(key));
    let completes = |p: Property| p.attrs.has(Attrs::ACCESSOR) && flags >= GETTER;
    if existing.is_some_and(|p| !completes(p)) {
        let name = spelled(key);
        return rt.throw_type(&format!("Cannot initialize {name} twice on the same object"));
    }
    match flags {
        GETTER => rt.define_accessor(o, name, Some(v), None, Attrs::NONE),
        SETTER => rt.define_accessor(o, name, None, Some(v), Attrs::NONE),
        METHOD => rt.define_own(o, name, v, Attrs::NONE),
        _field => rt.define_own(o, name, v, Attrs::WRITABLE),
    }
    if flags != FIELD
        && let Some(f) = Obj::from_value(v)
    {
        f.set_function_home(&mut rt.heap, o);
    }
    Ok(())
}

/// `#name in object`.
pub fn has_private(rt: &mut Runtime, object: Value, key: Value) -> JsResult<bool> {
    if Obj::from_value(object).is_none() {
        let name = spelled(key);
        return rt.throw_type(&format!("Cannot use 'in' operator to search for '{name}' in {object:?}"));
    }
    Ok(find(rt, object, key).is_some())
}

/// An own private member, whatever it is, without running accessors.
pub fn peek(rt: &Runtime, o: Obj, key: Value) -> Option<Value> {
    rt.shapes.of(o).find(Key(key)).map(|p| o.slot(rt.shapes.of(o), p.slot))
}
