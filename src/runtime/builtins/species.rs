//! Which class the results of `map`, `slice`, `concat` and their kin belong to (ArraySpeciesCreate).
//!
//! Nearly every array is a plain one and so is the result. Where `constructor` says otherwise, that constructor makes the
//! object at the moment the language prescribes; the method collects its elements in a plain array as always, and
//! [`Target::finish`] moves them over.

use super::object::create_data_property;
use super::table::Home;
use crate::runtime::object::Obj;
use crate::runtime::property::Found;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::PropertyKey;
use crate::runtime::value::Value;

/// What receives the elements of a result.
#[derive(Clone, Copy)]
pub enum Target {
    /// The plain array that they were collected in.
    Plain,
    /// An object that the program's constructor made.
    Made(Obj),
}

impl Target {
    /// Element `i` of the result: at once into the program's object, where the program can see it.
    pub fn put(self, rt: &mut Runtime, collected: Obj, i: u32, v: Value) -> JsResult<()> {
        match self {
            Target::Plain => rt.array_push(collected, v),
            Target::Made(o) => create_data_property(rt, o, PropertyKey::Index(i), v),
        }
    }

    /// The result after `n` calls of [`Target::put`], with its length set.
    pub fn end(self, rt: &mut Runtime, collected: Obj, n: u32) -> JsResult {
        match self {
            Target::Plain => Ok(collected.value()),
            Target::Made(o) => {
                rt.set_length_of(o, n as u64)?;
                Ok(o.value())
            }
        }
    }

    /// The result: the collected elements, where they belong. `sets_length` as the method demands it.
    pub fn finish(self, rt: &mut Runtime, collected: Obj, sets_length: bool) -> JsResult {
        let Target::Made(o) = self else { return Ok(collected.value()) };
        let n = collected.array_length();
        for i in 0..n {
            if let Some(v) = rt.get_present(collected, i as u64)? {
                create_data_property(rt, o, PropertyKey::Index(i), v)?;
            }
        }
        if sets_length {
            rt.set_length_of(o, n as u64)?;
        }
        Ok(o.value())
    }
}

/// Where the result of a method on `o` goes that will have `n` elements, as far as is known when it begins.
pub fn target_for(rt: &mut Runtime, o: Obj, n: u64) -> JsResult<Target> {
    if !o.is_array() || has_plain_class(rt, o) {
        if n > u32::MAX as u64 {
            return rt.throw_range("Invalid array length");
        }
        return Ok(Target::Plain);
    }
    let key = PropertyKey::Name(rt.atoms.names.constructor.into());
    let class = rt.get(o.value(), key)?;
    let species = match Obj::from_value(class) {
        Some(c) if species_is_itself(rt, c) => class,
        Some(_) => Value::UNDEFINED,
        None => class,
    };
    if species.is_undefined() || species == rt.library.home(Home::Array).value() {
        if n > u32::MAX as u64 {
            return rt.throw_range("Invalid array length");
        }
        return Ok(Target::Plain);
    }
    let Some(c) = Obj::from_value(species).filter(|c| rt.is_constructor(*c)) else {
        return rt.throw_type("object.constructor[Symbol.species] is not a constructor");
    };
    made_by(rt, c, &[Value::number(n as f64)])
}

/// `new class(...args)` as a target: what `Array.from` and `Array.of` fill when they are called on a class.
pub fn made_by(rt: &mut Runtime, class: Obj, args: &[Value]) -> JsResult<Target> {
    let made = rt.construct(class.value(), args, class)?;
    Ok(Obj::from_value(made).map_or(Target::Plain, Target::Made))
}

/// Whether `o.constructor` is the intrinsic `Array`, without looking it up the long way.
fn has_plain_class(rt: &mut Runtime, o: Obj) -> bool {
    let key = rt.atoms.names.constructor.into();
    rt.shapes.of(o).proto == rt.realm.array_proto.value()
        && rt.shapes.of(o).find(key).is_none()
        && array_makes_arrays(rt)
}

/// Whether `Array.prototype.constructor` is the intrinsic `Array`.
pub fn array_makes_arrays(rt: &mut Runtime) -> bool {
    let key = rt.atoms.names.constructor.into();
    let array = rt.library.home(Home::Array).value();
    match rt.own_property(rt.realm.array_proto, PropertyKey::Name(key)) {
        Found::Slot { holder, property } => holder.slot(rt.shapes.of(holder), property.slot) == array,
        Found::Element { .. } | Found::ArrayLength(_) | Found::Nothing => false,
    }
}

/// Whether a class gives itself as its `Symbol.species`: the built-in classes that have the getter, and what inherits it.
pub fn species_is_itself(rt: &Runtime, class: Obj) -> bool {
    let owners = [Home::Array, Home::Map, Home::Set, Home::ArrayBuffer, Home::TypedArray].map(|h| rt.library.home(h));
    let mut at = Some(class);
    while let Some(o) = at {
        if owners.contains(&o) {
            return true;
        }
        at = Obj::from_value(rt.proto_of(o));
    }
    false
}
