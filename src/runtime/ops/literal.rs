//! Object and array literals, spreads in them, template objects.

use super::iteration;
use crate::feedback::slot::LiteralSlot;
use crate::runtime::builtins;
use crate::runtime::cell::CellKind;
use crate::runtime::convert::to_property_key;
use crate::runtime::elements::{self, alloc_elements};
use crate::runtime::object::{Obj, data};
use crate::runtime::property::Found;
use crate::runtime::runtime::{JsResult, Runtime, inline_slots};
use crate::runtime::shape::{Attrs, ElementsKind, Integrity, PropertyKey};
use crate::runtime::string::Str;
use crate::runtime::value::Value;
use crate::vocab::ids::ShapeId;
use smallvec::SmallVec;

/// `{}` with room for `count` named properties. The site remembers the shape.
#[inline]
pub fn new_object(rt: &mut Runtime, count: u16, slot: *mut LiteralSlot) -> Obj {
    // SAFETY: the slot lies in a live feedback vector.
    let site = unsafe { &mut *slot };
    if site.shape == 0 {
        let proto = rt.realm.object_proto.value();
        let slots = inline_slots(if count == 0 { 4 } else { count as u32 });
        site.shape = rt.shapes.root(CellKind::Object, proto, ElementsKind::HoleyAny, slots).as_u32();
    }
    let shape = ShapeId::from_u32(site.shape);
    rt.new_object(shape)
}

/// `[a, b, c]` from registers. The site remembers the widest elements kind it has seen, and that its arrays have come to.
#[inline]
pub fn new_array(rt: &mut Runtime, values: &[Value], slot: *mut LiteralSlot) -> Obj {
    // SAFETY: the slot lies in a live feedback vector.
    let site = unsafe { &mut *slot };
    let mut kind = values.iter().fold(ElementsKind::Int, |k, v| k.join(ElementsKind::of(*v)));
    if site.shape == 0 {
        site.site = rt.array_sites.add();
    } else {
        let learnt = rt.shapes.get(ShapeId::from_u32(site.shape)).elements;
        kind = kind.join(learnt).join(rt.array_sites.kind(site.site));
    }
    let proto = rt.realm.array_proto.value();
    let shape = if site.shape != 0 && rt.shapes.get(ShapeId::from_u32(site.shape)).elements == kind {
        ShapeId::from_u32(site.shape)
    } else {
        rt.shapes.root(CellKind::Array, proto, kind, 0)
    };
    site.shape = shape.as_u32();
    let a = rt.new_object(shape);
    a.set_array_length_raw(0);
    a.set_array_site(site.site);
    if values.is_empty() {
        return a;
    }
    let cell = alloc_elements(rt, kind.is_double(), values.len() as u32 | 1);
    a.set_elements(&mut rt.heap, cell);
    if kind.is_double() {
        for (i, v) in values.iter().enumerate() {
            a.set_element_raw(&mut rt.heap, i as u32, *v);
        }
    } else {
        // SAFETY: the fresh cell has room for all values, and nothing was allocated since: no barrier is needed.
        unsafe { std::ptr::copy_nonoverlapping(values.as_ptr(), data(cell), values.len()) };
    }
    a.set_array_length_raw(values.len() as u32);
    a
}

/// Appends a value (HOLE: a hole) to an array literal.
pub fn array_push(rt: &mut Runtime, array: Value, v: Value) -> JsResult<()> {
    match Obj::from_value(array).filter(|a| a.is_array()) {
        Some(a) => rt.array_push(a, v),
        None => rt.throw_type("array_push on a non-array"),
    }
}

/// Appends what iterating `source` yields.
pub fn array_spread(rt: &mut Runtime, array: Value, source: Value, text: Option<String>) -> JsResult<()> {
    let Some(a) = Obj::from_value(array).filter(|a| a.is_array()) else {
        return rt.throw_type("array_spread on a non-array");
    };
    if let Some(s) = Obj::from_value(source)
        && s.is_array()
        && iteration::has_array_iterator(rt, s)
    {
        if elements::append_plain(rt, a, s) {
            return Ok(());
        }
        // An array's iterator reads its length anew at each step.
        let mut i = 0;
        while i < s.array_length() {
            let v = iteration::array_element(rt, s, i)?;
            rt.array_push(a, v)?;
            i += 1;
        }
        return Ok(());
    }
    // The description of a call whose only spread comes last begins with dots: V8 has words of its own for it.
    if let Some(name) = text.as_deref().and_then(|t| t.strip_prefix("..."))
        && !builtins::iteration::has_iterator(rt, source)?
    {
        if !source.is_nullish() {
            return rt.throw_type("Spread syntax requires ...iterable[Symbol.iterator] to be a function");
        }
        let what = if source.is_null() { "null" } else { "undefined" };
        let name = if name.is_empty() { what } else { name };
        return rt.throw_type(&format!("{name} is not iterable (cannot read property {what})"));
    }
    iteration::for_each(rt, source, text, &mut |rt, v| rt.array_push(a, v).map(|()| true))
}

/// Copies the own enumerable properties of `source` to `object`, except the keys in the array `excluded`.
pub fn copy_props(rt: &mut Runtime, object: Value, source: Value, excluded: Value) -> JsResult<()> {
    let Some(target) = Obj::from_value(object) else { return Ok(()) };
    let mut skip = Vec::new();
    if let Some(e) = Obj::from_value(excluded).filter(|e| e.is_array()) {
        for i in 0..e.array_length() {
            skip.push(to_property_key(rt, e.element(i))?);
        }
    }
    if let Some(s) = Str::from_value(source) {
        for i in 0..s.len() as u32 {
            let key = PropertyKey::Index(i);
            if !skip.contains(&key) {
                let v = rt.get(source, key)?;
                rt.define_own(target, key, v, Attrs::DATA);
            }
        }
        return Ok(());
    }
    let Some(s) = Obj::from_value(source) else { return Ok(()) };
    if skip.is_empty() && rt.copy_known(s, target) {
        return Ok(());
    }
    rt.check_listing(s)?;
    let before = target.shape_id();
    for (key, _) in rt.own_keys(s) {
        if skip.contains(&key) {
            continue;
        }
        // A getter that ran meanwhile may have removed the property or hidden it.
        let found = rt.own_property(s, key);
        let enumerable = match found {
            Found::Slot { property, .. } => property.attrs.has(Attrs::ENUMERABLE),
            Found::Element { attrs, .. } => attrs.has(Attrs::ENUMERABLE),
            Found::ArrayLength(_) | Found::Nothing => false,
        };
        if enumerable {
            let v = rt.value_of_found(found, source)?;
            rt.define_own(target, key, v, Attrs::DATA);
        }
    }
    if skip.is_empty() {
        rt.learn_copy(s, before, target);
    }
    Ok(())
}

/// The template object of a tagged template: `count` cooked strings and as many raw ones, made once per site.
pub fn template_object(rt: &mut Runtime, strings: &[Value], slot: *mut LiteralSlot) -> Obj {
    // SAFETY: the slot lies in a live feedback vector.
    if let Some(o) = Obj::from_value(Value(unsafe { (*slot).cached })) {
        return o;
    }
    let (cooked, raw) = strings.split_at(strings.len() / 2);
    let object = rt.new_array_from(cooked);
    let raw = rt.new_array_from(raw);
    rt.set_integrity(raw, Integrity::Frozen);
    let key = PropertyKey::Name(rt.atoms.names.raw.into());
    rt.define_own(object, key, raw.value(), Attrs::NONE);
    rt.set_integrity(object, Integrity::Frozen);
    // SAFETY: as above.
    unsafe {
        (*slot).cached = object.value().0;
    }
    object
}

/// TypeError if a value cannot be destructured. `text` is what V8 prints after "Cannot destructure ", or `read` and the
/// property that a nested pattern begins with.
#[cold]
pub fn throw_not_destructurable(rt: &mut Runtime, v: Value, text: Option<String>) -> JsResult {
    let what = if v.is_null() { "null" } else { "undefined" };
    match text {
        Some(text) => match text.strip_prefix("read ") {
            Some(name) => rt.throw_type(&format!("Cannot read properties of {what} (reading '{name}')")),
            None => rt.throw_type(&format!("Cannot destructure {text} as it is {what}.")),
        },
        None => rt.throw_type(&format!("Cannot destructure '{what}' as it is {what}.")),
    }
}

/// An own data property with a computed key.
pub fn define_element(rt: &mut Runtime, object: Value, key: Value, v: Value) -> JsResult<()> {
    let key = to_property_key(rt, key)?;
    let Some(o) = Obj::from_value(object) else { return rt.throw_type("Cannot define property on non-object") };
    if o.kind() == CellKind::Function && key == PropertyKey::Name(rt.atoms.names.prototype.into()) {
        return rt.throw_type("Classes may not have a static property named 'prototype'");
    }
    builtins::object::create_data_property(rt, o, key, v)
}

/// The elements of the array of a call with spread arguments. The array stays in its register, which keeps them alive.
pub fn spread_arguments(array: Value) -> SmallVec<[Value; 8]> {
    let Some(a) = Obj::from_value(array).filter(|a| a.is_array()) else { return SmallVec::new() };
    let element = |i| if i < a.elements_capacity() { a.element(i) } else { Value::UNDEFINED };
    (0..a.array_length()).map(|i| if element(i).is_hole() { Value::UNDEFINED } else { element(i) }).collect()
}
