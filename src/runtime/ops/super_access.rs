//! `super.name` and `super.name = v`: lookups that start at the prototype of the method's home object.

use crate::runtime::convert::to_property_key;
use crate::runtime::object::Obj;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::PropertyKey;
use crate::runtime::value::Value;

/// Where lookups through `super` start in a method: None if the home object has no prototype.
fn start(rt: &Runtime, closure: Obj) -> Option<Obj> {
    Obj::from_value(closure.function_home()).and_then(|home| Obj::from_value(rt.proto_of(home)))
}

/// `super[key]`.
pub fn get_super(rt: &mut Runtime, closure: Obj, key: Value, this: Value) -> JsResult {
    if this.is_hole() {
        return super::bindings::throw_this_uninitialized(rt);
    }
    let key = to_property_key(rt, key)?;
    let start = start(rt, closure);
    // Data that the parent has or inherits does not depend on the receiver.
    if let (Some(o), PropertyKey::Name(name)) = (start, key)
        && let Some(v) = rt.inherited_data(o, name)
    {
        return Ok(v);
    }
    match start {
        Some(o) => rt.get_from(o, key, this),
        None => {
            let text = rt.key_text(key);
            rt.throw_type(&format!("Cannot read properties of null (reading '{text}')"))
        }
    }
}

/// `super[key] = v`.
pub fn set_super(rt: &mut Runtime, closure: Obj, key: Value, v: Value, this: Value) -> JsResult<()> {
    if this.is_hole() {
        return super::bindings::throw_this_uninitialized(rt).map(|_| ());
    }
    let key = to_property_key(rt, key)?;
    match start(rt, closure) {
        Some(o) => {
            // An instruction of the program: where it cannot be done, sloppy code goes on.
            rt.direct_store = true;
            let result = rt.set_from(o, key, v, this);
            rt.direct_store = false;
            result
        }
        None => {
            let text = rt.key_text(key);
            rt.throw_type(&format!("Cannot set properties of null (setting '{text}')"))
        }
    }
}
