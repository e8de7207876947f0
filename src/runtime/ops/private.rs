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

/// The name, and for methods and accessors what they ask of a receiver: the lowering put both into the description.
fn parts(key: Value) -> (String, Option<String>) {
    let text = super::bindings::text(key);
    match text.split_once('\0') {
        Some((name, receiver)) => (name.to_string(), Some(receiver.to_string())),
        None => (text, None),
    }
}

fn spelled(key: Value) -> String {
    parts(key).0
}

/// Why a member is not there: the receiver is no object, or none of this class.
fn throw_absent(rt: &mut Runtime, object: Value, key: Value, writes: bool) -> JsResult {
    let (name, receiver) = parts(key);
    if object.is_nullish() {
        let what = if object.is_null() { "null" } else { "undefined" };
        let name = match &receiver {
            Some(r) => r.rsplit(' ').next().unwrap_or_default(),
            None => &name,
        };
        let (verb, doing) = if writes && receiver.is_none() { ("set", "setting") } else { ("read", "reading") };
        return rt.throw_type(&format!("Cannot {verb} properties of {what} ({doing} '{name}')"));
    }
    let verb = if writes { "write" } else { "read" };
    let to = if writes { "to" } else { "from" };
    match receiver {
        Some(receiver) => rt.throw_type(&format!("Receiver must be {receiver}")),
        None => {
            rt.throw_type(&format!("Cannot {verb} private member {name} {to} an object whose class did not declare it"))
        }
    }
}

/// `object.#name`.
pub fn get_private(rt: &mut Runtime, object: Value, key: Value) -> JsResult {
    let Some((o, p)) = find(rt, object, key) else {
        return throw_absent(rt, object, key, false);
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
        return throw_absent(rt, object, key, true).map(|_| ());
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
    let completes = |p: Property| {
        let (getter, setter) = match p.attrs.has(Attrs::ACCESSOR) && flags >= GETTER {
            true => accessor_pair(o.slot(rt.shapes.of(o), p.slot)),
            false => return false,
        };
        if flags == GETTER { getter.is_undefined() } else { setter.is_undefined() }
    };
    if existing.is_some_and(|p| !completes(p)) {
        let (name, receiver) = parts(key);
        let what = match receiver.as_deref().and_then(|r| r.rsplit(' ').next()) {
            Some(class) => format!("private methods of class {class}"),
            None => name,
        };
        return rt.throw_type(&format!("Cannot initialize {what} twice on the same object"));
    }
    match flags {
        GETTER => rt.define_accessor(o, name, Some(v), None, Attrs::NONE),
        SETTER => rt.define_accessor(o, name, None, Some(v), Attrs::NONE),
        METHOD => rt.define_own(o, name, v, Attrs::NONE),
        _field => rt.define_own(o, name, v, Attrs::WRITABLE),
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
