//! `Object` and `Object.prototype`: the reflective half of the object model.
//!
//! Lookup, definition and integrity themselves are the runtime's ([`crate::runtime::property`]); here they get the
//! validation that the language asks of a program's own descriptors (ValidateAndApplyPropertyDescriptor), and keys are
//! collected so that they outlive what the program's code does to the object between two of them ([`Keys`]).

use super::Args;
use crate::runtime::atoms::Atom;
use crate::runtime::cell::CellKind;
use crate::runtime::compare;
use crate::runtime::convert::{self, to_boolean, to_object};
use crate::runtime::elements;
use crate::runtime::object::{Obj, kind_of};
use crate::runtime::property::{Found, accessor_pair};
use crate::runtime::rootvec::RootVec;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::{Attrs, Integrity, Key, PropertyKey};
use crate::runtime::string::Str;
use crate::runtime::typed::Typed;
use crate::runtime::value::Value;

/// `Object(…)` and `new Object(…)`.
pub fn constructor(rt: &mut Runtime, args: &Args) -> JsResult {
    if args.is_construct() && args.new_target != args.callee() {
        let o = rt.new_plain_object(1);
        let proto = rt.prototype_for(args, rt.realm.object_proto)?;
        rt.set_proto(o, proto.value());
        return Ok(o.value());
    }
    if args.get(0).is_nullish() {
        return Ok(rt.new_plain_object(1).value());
    }
    to_object(rt, args.get(0)).map(Obj::value)
}

/// Own keys that a predicate accepts. The keys themselves are kept alive while the caller runs the program's code.
pub struct Keys {
    keys: Vec<PropertyKey>,
    _alive: RootVec,
}

impl Keys {
    /// Number of keys.
    pub fn len(&self) -> usize {
        self.keys.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
    /// The keys in order.
    pub fn iter(&self) -> impl Iterator<Item = PropertyKey> + use<'_> {
        self.keys.iter().copied()
    }
}

/// Own keys of an object, filtered.
pub fn own_keys(rt: &mut Runtime, o: Obj, accept: impl Fn(PropertyKey, Attrs) -> bool) -> JsResult<Keys> {
    rt.check_listing(o)?;
    let keys: Vec<PropertyKey> = rt.own_keys(o).into_iter().filter(|(k, a)| accept(*k, *a)).map(|(k, _)| k).collect();
    let mut alive = RootVec::new(&rt.heap);
    alive.extend(keys.iter().filter_map(|k| match k {
        PropertyKey::Name(k) => Some(k.0),
        PropertyKey::Index(_) => None,
    }));
    Ok(Keys { keys, _alive: alive })
}

fn is_string_key(key: PropertyKey) -> bool {
    match key {
        PropertyKey::Index(_) => true,
        PropertyKey::Name(k) => k.is_string(),
    }
}

/// Own enumerable string keys.
pub fn enumerable_keys(rt: &mut Runtime, o: Obj) -> JsResult<Keys> {
    own_keys(rt, o, |k, a| a.has(Attrs::ENUMERABLE) && is_string_key(k))
}

/// Attributes of an own property.
pub fn own_attrs(rt: &mut Runtime, o: Obj, key: PropertyKey) -> Option<Attrs> {
    match rt.own_property(o, key) {
        Found::Nothing => None,
        Found::Slot { property, .. } => Some(property.attrs),
        Found::Element { attrs, .. } => Some(attrs),
        Found::ArrayLength(o) => {
            let frozen = rt.shapes.of(o).integrity == Integrity::Frozen;
            Some(if frozen { Attrs::NONE } else { Attrs::WRITABLE })
        }
    }
}

fn key_list(rt: &mut Runtime, keys: &Keys) -> JsResult {
    let a = rt.new_array_of(crate::runtime::shape::ElementsKind::Any, keys.len() as u32);
    for key in keys.iter() {
        let v = convert::key_to_value(rt, key);
        rt.array_push(a, v)?;
    }
    Ok(a.value())
}

/// `Object.keys`.
pub fn keys(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = to_object(rt, args.get(0))?;
    if rt.has_only_names(o) {
        return Ok(rt.enumerable_names(o, None).value());
    }
    let keys = enumerable_keys(rt, o)?;
    key_list(rt, &keys)
}

/// Calls `f` with every own enumerable string key and its value, as they are when their turn comes.
fn each_entry(
    rt: &mut Runtime,
    o: Obj,
    f: &mut dyn FnMut(&mut Runtime, PropertyKey, Value) -> JsResult<()>,
) -> JsResult<()> {
    if rt.has_only_names(o) && rt.has_only_data(o) {
        // `f` runs none of the program's code, so the shape stays what it is.
        for i in 0..rt.shapes.of(o).entry_count() {
            let Some(p) = rt.enumerable_entry(o, i) else { continue };
            let v = o.slot(rt.shapes.of(o), p.slot);
            f(rt, PropertyKey::Name(p.key), v)?;
        }
        return Ok(());
    }
    let keys = enumerable_keys(rt, o)?;
    for key in keys.iter() {
        if own_attrs(rt, o, key).is_some_and(|a| a.has(Attrs::ENUMERABLE)) {
            let v = rt.get(o.value(), key)?;
            f(rt, key, v)?;
        }
    }
    Ok(())
}

/// `Object.values`.
pub fn values(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = to_object(rt, args.get(0))?;
    let a = rt.new_array(0);
    each_entry(rt, o, &mut |rt, _, v| rt.array_push(a, v))?;
    Ok(a.value())
}

/// `Object.entries`.
pub fn entries(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = to_object(rt, args.get(0))?;
    let a = rt.new_array(0);
    each_entry(rt, o, &mut |rt, key, v| {
        let key = convert::key_to_value(rt, key);
        let pair = rt.new_array_from(&[key, v]);
        rt.array_push(a, pair.value())
    })?;
    Ok(a.value())
}

/// `Object.assign`.
pub fn assign(rt: &mut Runtime, args: &Args) -> JsResult {
    let target = to_object(rt, args.get(0))?;
    for source in args.rest(1) {
        if source.is_nullish() {
            continue;
        }
        let source = to_object(rt, *source)?;
        if rt.copy_known(source, target) {
            continue;
        }
        let before = target.shape_id();
        let keys = own_keys(rt, source, |_, a| a.has(Attrs::ENUMERABLE))?;
        for key in keys.iter() {
            if own_attrs(rt, source, key).is_some_and(|a| a.has(Attrs::ENUMERABLE)) {
                let v = rt.get(source.value(), key)?;
                rt.set(target.value(), key, v)?;
            }
        }
        rt.learn_copy(source, before, target);
    }
    Ok(target.value())
}

/// `Object.create`.
pub fn create(rt: &mut Runtime, args: &Args) -> JsResult {
    let proto = args.get(0);
    check_prototype(rt, proto)?;
    let o = rt.new_plain_object(3);
    rt.set_proto(o, proto);
    if !args.get(1).is_undefined() {
        define_all(rt, o, args.get(1))?;
    }
    Ok(o.value())
}

fn check_prototype(rt: &mut Runtime, proto: Value) -> JsResult<()> {
    if proto.is_null() || Obj::from_value(proto).is_some() {
        return Ok(());
    }
    let shown = rt.describe(proto);
    rt.throw_type(&format!("Object prototype may only be an Object or null: {shown}"))
}

/// `Object.getPrototypeOf`.
pub fn get_prototype_of(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = to_object(rt, args.get(0))?;
    Ok(rt.proto_of(o))
}

/// `Object.setPrototypeOf`.
pub fn set_prototype_of(rt: &mut Runtime, args: &Args) -> JsResult {
    let (v, proto) = (args.get(0), args.get(1));
    if v.is_nullish() {
        return rt.throw_type("Object.setPrototypeOf called on null or undefined");
    }
    check_prototype(rt, proto)?;
    let Some(o) = Obj::from_value(v) else { return Ok(v) };
    if rt.set_proto(o, proto) {
        return Ok(v);
    }
    throw_prototype_refused(rt, o)
}

/// Why [`Runtime::set_proto`] refused.
fn throw_prototype_refused(rt: &mut Runtime, o: Obj) -> JsResult {
    if o == rt.realm.object_proto {
        return rt.throw_type("Immutable prototype object 'Object.prototype' cannot have their prototype set");
    }
    if rt.shapes.of(o).is_extensible() {
        return rt.throw_type("Cyclic __proto__ value");
    }
    let shown = rt.describe_for_error(o.value());
    rt.throw_type(&format!("{shown} is not extensible"))
}

/// `Object.prototype.__proto__`, read.
pub fn proto_get(rt: &mut Runtime, args: &Args) -> JsResult {
    if args.this.is_nullish() {
        return rt.throw_type("Object.prototype.__proto__ called on null or undefined");
    }
    let o = to_object(rt, args.this)?;
    Ok(rt.proto_of(o))
}

/// `Object.prototype.__proto__`, assigned.
pub fn proto_set(rt: &mut Runtime, args: &Args) -> JsResult {
    let (this, proto) = (args.this, args.get(0));
    if this.is_nullish() {
        return rt.throw_type("Object.prototype.__proto__ called on null or undefined");
    }
    let fits = proto.is_null() || Obj::from_value(proto).is_some();
    match Obj::from_value(this) {
        Some(o) if fits && !rt.set_proto(o, proto) => throw_prototype_refused(rt, o),
        Some(_) | None => Ok(Value::UNDEFINED),
    }
}

fn define_half(rt: &mut Runtime, args: &Args, is_getter: bool) -> JsResult {
    let o = to_object(rt, args.this)?;
    let f = args.get(1);
    let name = if is_getter { "__defineGetter__" } else { "__defineSetter__" };
    if !Obj::from_value(f).is_some_and(Obj::is_callable) {
        return rt.throw_type(&format!("Object.prototype.{name}: Expecting function"));
    }
    let (get, set) = if is_getter { (Some(f), None) } else { (None, Some(f)) };
    let key = convert::to_property_key(rt, args.get(0))?;
    let yes = Some(true);
    define(rt, o, key, Descriptor { get, set, enumerable: yes, configurable: yes, ..Descriptor::default() })?;
    Ok(Value::UNDEFINED)
}

/// `__defineGetter__`.
pub fn define_getter(rt: &mut Runtime, args: &Args) -> JsResult {
    define_half(rt, args, true)
}
/// `__defineSetter__`.
pub fn define_setter(rt: &mut Runtime, args: &Args) -> JsResult {
    define_half(rt, args, false)
}

/// Getter and setter of the nearest property of that name.
fn lookup_halves(rt: &mut Runtime, args: &Args) -> JsResult<(Value, Value)> {
    let o = to_object(rt, args.this)?;
    let key = convert::to_property_key(rt, args.get(0))?;
    match rt.lookup(o, key) {
        Found::Slot { holder, property } if property.attrs.has(Attrs::ACCESSOR) => {
            Ok(accessor_pair(holder.slot(rt.shapes.of(holder), property.slot)))
        }
        _data_or_nothing => Ok((Value::UNDEFINED, Value::UNDEFINED)),
    }
}

/// `__lookupGetter__`.
pub fn lookup_getter(rt: &mut Runtime, args: &Args) -> JsResult {
    lookup_halves(rt, args).map(|(get, _)| get)
}
/// `__lookupSetter__`.
pub fn lookup_setter(rt: &mut Runtime, args: &Args) -> JsResult {
    lookup_halves(rt, args).map(|(_, set)| set)
}

fn set_level(rt: &mut Runtime, args: &Args, level: Integrity) -> JsResult {
    if let Some(o) = Obj::from_value(args.get(0)) {
        if level == Integrity::Frozen && Typed::of(o).is_some_and(|t| !t.is_empty()) {
            return rt.throw_type("Cannot freeze array buffer views with elements");
        }
        rt.set_integrity(o, level);
    }
    Ok(args.get(0))
}
/// `Object.freeze`.
pub fn freeze(rt: &mut Runtime, args: &Args) -> JsResult {
    set_level(rt, args, Integrity::Frozen)
}
/// `Object.seal`.
pub fn seal(rt: &mut Runtime, args: &Args) -> JsResult {
    set_level(rt, args, Integrity::Sealed)
}
/// `Object.preventExtensions`.
pub fn prevent_extensions(rt: &mut Runtime, args: &Args) -> JsResult {
    set_level(rt, args, Integrity::NonExtensible)
}

/// Whether an object is not extensible and none of its properties has a forbidden attribute.
fn has_level(rt: &mut Runtime, args: &Args, frozen: bool) -> JsResult {
    let Some(o) = Obj::from_value(args.get(0)) else { return Ok(Value::TRUE) };
    if rt.shapes.of(o).is_extensible() {
        return Ok(Value::FALSE);
    }
    let keys: Vec<PropertyKey> = rt.own_keys(o).into_iter().map(|(k, _)| k).collect();
    // V8 keeps the length of an array as an accessor and does not look at it here.
    let length = PropertyKey::Name(rt.atoms.names.length.into());
    let keys = keys.into_iter().filter(|k| !(o.is_array() && *k == length));
    let loose = keys.filter_map(|k| own_attrs(rt, o, k)).any(|a| {
        let writable = a.has(Attrs::WRITABLE) && !a.has(Attrs::ACCESSOR);
        a.has(Attrs::CONFIGURABLE) || (frozen && writable)
    });
    Ok(Value::bool(!loose))
}
/// `Object.isFrozen`.
pub fn is_frozen(rt: &mut Runtime, args: &Args) -> JsResult {
    has_level(rt, args, true)
}
/// `Object.isSealed`.
pub fn is_sealed(rt: &mut Runtime, args: &Args) -> JsResult {
    has_level(rt, args, false)
}
/// `Object.isExtensible`.
pub fn is_extensible(rt: &mut Runtime, args: &Args) -> JsResult {
    Ok(Value::bool(Obj::from_value(args.get(0)).is_some_and(|o| rt.shapes.of(o).is_extensible())))
}

/// A property descriptor as a program writes it: what is absent stays as it is.
#[derive(Clone, Copy, Default)]
pub struct Descriptor {
    value: Option<Value>,
    get: Option<Value>,
    set: Option<Value>,
    writable: Option<bool>,
    enumerable: Option<bool>,
    configurable: Option<bool>,
}

impl Descriptor {
    fn is_accessor(&self) -> bool {
        self.get.is_some() || self.set.is_some()
    }
}

fn to_descriptor(rt: &mut Runtime, v: Value) -> JsResult<Descriptor> {
    let Some(o) = Obj::from_value(v) else {
        let shown = rt.describe(v);
        return rt.throw_type(&format!("Property description must be an object: {shown}"));
    };
    let names = rt.atoms.names;
    let field = |rt: &mut Runtime, name: Atom| -> JsResult<Option<Value>> {
        let key = PropertyKey::Name(name.into());
        match rt.lookup(o, key) {
            Found::Nothing => Ok(None),
            found => rt.value_of_found(found, o.value()).map(Some),
        }
    };
    let d = Descriptor {
        enumerable: field(rt, names.enumerable)?.map(to_boolean),
        configurable: field(rt, names.configurable)?.map(to_boolean),
        value: field(rt, names.value)?,
        writable: field(rt, names.writable)?.map(to_boolean),
        get: field(rt, names.get)?,
        set: field(rt, names.set)?,
    };
    for (half, f) in [("Getter", d.get), ("Setter", d.set)] {
        if let Some(f) = f
            && !f.is_undefined()
            && !Obj::from_value(f).is_some_and(Obj::is_callable)
        {
            let shown = rt.describe(f);
            return rt.throw_type(&format!("{half} must be a function: {shown}"));
        }
    }
    if d.is_accessor() && (d.value.is_some() || d.writable.is_some()) {
        let shown = rt.describe_for_error(v);
        return rt.throw_type(&format!(
            "Invalid property descriptor. Cannot both specify accessors and a value or writable attribute, {shown}"
        ));
    }
    Ok(d)
}

/// An own data property as assignment to a fresh object would make it; a TypeError where the object does not allow it.
pub fn create_data_property(rt: &mut Runtime, o: Obj, key: PropertyKey, v: Value) -> JsResult<()> {
    let yes = Some(true);
    let d = Descriptor { value: Some(v), writable: yes, enumerable: yes, configurable: yes, ..Descriptor::default() };
    define(rt, o, key, d)
}

/// Validates a descriptor against the property that exists and applies it.
pub fn define(rt: &mut Runtime, o: Obj, key: PropertyKey, d: Descriptor) -> JsResult<()> {
    if let PropertyKey::Name(name) = key
        && rt.is_iteration_key(o, name)
    {
        return rt.refuse_iteration_change();
    }
    if let Some((t, index)) = rt.typed_key(o, key) {
        return define_typed(rt, t, index, d);
    }
    let found = rt.own_property(o, key);
    let Some(old) = own_attrs(rt, o, key) else {
        if !rt.shapes.of(o).is_extensible() {
            let text = rt.key_text(key);
            return rt.throw_type(&format!("Cannot define property {text}, object is not extensible"));
        }
        return apply(rt, o, key, d, Attrs::NONE);
    };
    if matches!(found, Found::ArrayLength(_)) {
        return define_length(rt, o, d);
    }
    if !old.has(Attrs::CONFIGURABLE) {
        let mut forbidden = d.configurable == Some(true)
            || d.enumerable.is_some_and(|e| e != old.has(Attrs::ENUMERABLE))
            || (d.is_accessor() && !old.has(Attrs::ACCESSOR))
            || ((d.value.is_some() || d.writable.is_some()) && old.has(Attrs::ACCESSOR));
        if old.has(Attrs::ACCESSOR) {
            let (get, set) = pair_of(rt, found);
            forbidden |= d.get.is_some_and(|f| f != get) || d.set.is_some_and(|f| f != set);
        } else if !old.has(Attrs::WRITABLE) {
            forbidden |= d.writable == Some(true);
            if let Some(v) = d.value {
                let current = rt.value_of_found(found, o.value())?;
                forbidden |= !compare::same_value(&mut rt.heap, v, current);
            }
        }
        if forbidden {
            let text = rt.key_text(key);
            return rt.throw_type(&format!("Cannot redefine property: {text}"));
        }
    }
    apply(rt, o, key, d, old)
}

/// An element of a typed array: it is there or it is not, and its attributes are fixed.
fn define_typed(rt: &mut Runtime, t: Typed, index: Option<u32>, d: Descriptor) -> JsResult<()> {
    let Some(i) = index.filter(|i| *i < t.len()) else {
        return rt.throw_type("Invalid typed array index");
    };
    let fixed = [d.configurable, d.enumerable, d.writable];
    if d.is_accessor() || fixed.contains(&Some(false)) {
        return rt.throw_type(&format!("Cannot redefine property: {i}"));
    }
    match d.value {
        Some(v) => rt.store_typed(t, index, v),
        None => Ok(()),
    }
}

fn pair_of(rt: &Runtime, found: Found) -> (Value, Value) {
    match found {
        Found::Slot { holder, property } => accessor_pair(holder.slot(rt.shapes.of(holder), property.slot)),
        Found::Element { .. } | Found::ArrayLength(_) | Found::Nothing => (Value::UNDEFINED, Value::UNDEFINED),
    }
}

fn apply(rt: &mut Runtime, o: Obj, key: PropertyKey, d: Descriptor, old: Attrs) -> JsResult<()> {
    if let PropertyKey::Index(i) = key
        && rt.mapped_element(o, i).is_some()
    {
        define_parameter(rt, o, i, &d)?;
    }
    let pick = |given: Option<bool>, bit: Attrs| if given.unwrap_or(old.has(bit)) { bit } else { Attrs::NONE };
    let shared = pick(d.enumerable, Attrs::ENUMERABLE).with(pick(d.configurable, Attrs::CONFIGURABLE));
    let stays_accessor = old.has(Attrs::ACCESSOR) && d.value.is_none() && d.writable.is_none();
    if d.is_accessor() || stays_accessor {
        rt.define_accessor(o, key, d.get, d.set, shared);
        return Ok(());
    }
    let attrs = if old.has(Attrs::ACCESSOR) {
        shared.with(if d.writable == Some(true) { Attrs::WRITABLE } else { Attrs::NONE })
    } else {
        shared.with(pick(d.writable, Attrs::WRITABLE))
    };
    let value = match d.value {
        Some(v) => v,
        None if old.has(Attrs::ACCESSOR) => Value::UNDEFINED,
        None => {
            let found = rt.own_property(o, key);
            rt.value_of_found(found, o.value())?
        }
    };
    rt.define_own(o, key, value, attrs);
    Ok(())
}

/// What becomes of the tie between an element of an arguments object and a parameter.
fn define_parameter(rt: &mut Runtime, o: Obj, i: u32, d: &Descriptor) -> JsResult<()> {
    if let (Some(v), false) = (d.value, d.is_accessor()) {
        rt.store_parameter(o, i, v);
    }
    if d.is_accessor() || d.writable == Some(false) {
        rt.untie_parameter(o, i);
    } else if d.enumerable == Some(false) || d.configurable == Some(false) {
        return rt.refuse(
            "a parameter's element of arguments that is hidden or fixed",
            "write 'use strict' at the top, or copy arguments first",
        );
    }
    Ok(())
}

fn define_length(rt: &mut Runtime, o: Obj, d: Descriptor) -> JsResult<()> {
    // A length that is none is a RangeError before anything else is looked at.
    let new = match d.value {
        Some(v) => Some(elements::to_array_length(rt, v)?),
        None => None,
    };
    let is_frozen = rt.shapes.of(o).integrity == Integrity::Frozen;
    let changes = d.writable == Some(true) || new.is_some_and(|n| n != o.array_length());
    if d.is_accessor() || d.configurable == Some(true) || d.enumerable == Some(true) || is_frozen && changes {
        return rt.throw_type("Cannot redefine property: length");
    }
    if d.writable == Some(false) && !is_frozen {
        return rt.refuse("array with a read-only length", "freeze the array, or leave its length writable");
    }
    match new {
        Some(n) if n != o.array_length() => elements::set_length(rt, o, Value::from_u32(n)),
        Some(_) | None => Ok(()),
    }
}

/// `Object.defineProperty`.
pub fn define_property(rt: &mut Runtime, args: &Args) -> JsResult {
    let Some(o) = Obj::from_value(args.get(0)) else {
        return rt.throw_type("Object.defineProperty called on non-object");
    };
    let key = convert::to_property_key(rt, args.get(1))?;
    let d = to_descriptor(rt, args.get(2))?;
    define(rt, o, key, d)?;
    Ok(o.value())
}

fn define_all(rt: &mut Runtime, o: Obj, descriptors: Value) -> JsResult<()> {
    let descriptors = to_object(rt, descriptors)?;
    let keys = own_keys(rt, descriptors, |_, _| true)?;
    // All descriptors are read before the first is applied; what they hold is kept alive meanwhile.
    let mut read = Vec::new();
    let mut alive = RootVec::new(&rt.heap);
    for key in keys.iter() {
        if own_attrs(rt, descriptors, key).is_some_and(|a| a.has(Attrs::ENUMERABLE)) {
            let v = rt.get(descriptors.value(), key)?;
            let d = to_descriptor(rt, v)?;
            alive.extend([d.value, d.get, d.set].into_iter().flatten());
            read.push((key, d));
        }
    }
    for (key, d) in read {
        define(rt, o, key, d)?;
    }
    Ok(())
}

/// `Object.defineProperties`.
pub fn define_properties(rt: &mut Runtime, args: &Args) -> JsResult {
    let Some(o) = Obj::from_value(args.get(0)) else {
        return rt.throw_type("Object.defineProperties called on non-object");
    };
    define_all(rt, o, args.get(1))?;
    Ok(o.value())
}

/// `Object.getOwnPropertyNames`.
pub fn get_own_property_names(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = to_object(rt, args.get(0))?;
    let keys = own_keys(rt, o, |k, _| is_string_key(k))?;
    key_list(rt, &keys)
}
/// `Object.getOwnPropertySymbols`.
pub fn get_own_property_symbols(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = to_object(rt, args.get(0))?;
    let keys = own_keys(rt, o, |k, _| !is_string_key(k))?;
    key_list(rt, &keys)
}

/// A descriptor object of an own property, or undefined.
fn describe(rt: &mut Runtime, o: Obj, key: PropertyKey) -> JsResult {
    let Some(attrs) = own_attrs(rt, o, key) else { return Ok(Value::UNDEFINED) };
    let found = rt.own_property(o, key);
    let names = rt.atoms.names;
    if attrs.has(Attrs::ACCESSOR)
        && let Some(f) = Obj::from_value(pair_of(rt, found).0)
        && super::missing::stands_for(f)
    {
        rt.call(f.value(), o.value(), &[])?;
    }
    let d = rt.new_plain_object(4);
    let put = |rt: &mut Runtime, name: Atom, v: Value| rt.define_own(d, PropertyKey::Name(name.into()), v, Attrs::DATA);
    if attrs.has(Attrs::ACCESSOR) {
        let (get, set) = pair_of(rt, found);
        put(rt, names.get, get);
        put(rt, names.set, set);
    } else {
        let v = rt.value_of_found(found, o.value())?;
        put(rt, names.value, v);
        put(rt, names.writable, Value::bool(attrs.has(Attrs::WRITABLE)));
    }
    put(rt, names.enumerable, Value::bool(attrs.has(Attrs::ENUMERABLE)));
    put(rt, names.configurable, Value::bool(attrs.has(Attrs::CONFIGURABLE)));
    Ok(d.value())
}

/// `Object.getOwnPropertyDescriptor`.
pub fn get_own_property_descriptor(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = to_object(rt, args.get(0))?;
    let key = convert::to_property_key(rt, args.get(1))?;
    describe(rt, o, key)
}
/// `Object.getOwnPropertyDescriptors`.
pub fn get_own_property_descriptors(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = to_object(rt, args.get(0))?;
    let result = rt.new_plain_object(3);
    let keys = own_keys(rt, o, |_, _| true)?;
    for key in keys.iter() {
        let d = describe(rt, o, key)?;
        rt.define_own(result, key, d, Attrs::DATA);
    }
    Ok(result.value())
}

/// `Object.fromEntries`.
pub fn from_entries(rt: &mut Runtime, args: &Args) -> JsResult {
    if args.get(0).is_nullish() {
        let what = if args.get(0).is_null() { "null" } else { "undefined" };
        return rt.throw_type(&format!("{what} is not iterable"));
    }
    let o = rt.new_plain_object(3);
    super::iteration::for_each(rt, args.get(0), &mut |rt, entry| {
        let (key, v) = super::collections::entry_pair(rt, entry)?;
        let key = convert::to_property_key(rt, key)?;
        rt.define_own(o, key, v, Attrs::DATA);
        Ok(())
    })?;
    Ok(o.value())
}

/// `Object.groupBy`.
pub fn group_by(rt: &mut Runtime, args: &Args) -> JsResult {
    let f = rt.callback(args.get(1))?;
    let o = rt.new_plain_object(3);
    rt.set_proto(o, Value::NULL);
    let mut i = 0u32;
    super::iteration::for_each(rt, args.get(0), &mut |rt, v| {
        let key = rt.call(f, Value::UNDEFINED, &[v, Value::from_u32(i)])?;
        i += 1;
        let key = convert::to_property_key(rt, key)?;
        let group = rt.get(o.value(), key)?;
        let group = match Obj::from_value(group) {
            Some(g) => g,
            None => {
                let g = rt.new_array(0);
                rt.define_own(o, key, g.value(), Attrs::DATA);
                g
            }
        };
        rt.array_push(group, v)
    })?;
    Ok(o.value())
}

/// `Object.is`.
pub fn is(rt: &mut Runtime, args: &Args) -> JsResult {
    Ok(Value::bool(compare::same_value(&mut rt.heap, args.get(0), args.get(1))))
}

fn has(rt: &mut Runtime, v: Value, key: Value) -> JsResult {
    let key = convert::to_property_key(rt, key)?;
    let o = to_object(rt, v)?;
    Ok(Value::bool(own_attrs(rt, o, key).is_some()))
}
/// `Object.hasOwn`.
pub fn has_own(rt: &mut Runtime, args: &Args) -> JsResult {
    to_object(rt, args.get(0))?;
    has(rt, args.get(0), args.get(1))
}
/// `hasOwnProperty`.
pub fn has_own_property(rt: &mut Runtime, args: &Args) -> JsResult {
    has(rt, args.this, args.get(0))
}

/// `isPrototypeOf`.
pub fn is_prototype_of(rt: &mut Runtime, args: &Args) -> JsResult {
    let Some(mut at) = Obj::from_value(args.get(0)) else { return Ok(Value::FALSE) };
    let this = to_object(rt, args.this)?;
    while let Some(proto) = Obj::from_value(rt.proto_of(at)) {
        if proto == this {
            return Ok(Value::TRUE);
        }
        at = proto;
    }
    Ok(Value::FALSE)
}

/// `propertyIsEnumerable`.
pub fn property_is_enumerable(rt: &mut Runtime, args: &Args) -> JsResult {
    let key = convert::to_property_key(rt, args.get(0))?;
    let o = to_object(rt, args.this)?;
    Ok(Value::bool(own_attrs(rt, o, key).is_some_and(|a| a.has(Attrs::ENUMERABLE))))
}

/// The text that `Object.prototype.toString` gives, without running the program's code.
pub fn tag_text(rt: &Runtime, v: Value) -> String {
    let tag = Obj::from_value(v).and_then(|o| super::inspect::quiet_tag(rt, o));
    format!("[object {}]", tag.unwrap_or_else(|| builtin_tag(rt, v).to_owned()))
}

/// What `Object.prototype.toString` says of a value that has no tag of its own.
fn builtin_tag(rt: &Runtime, v: Value) -> &'static str {
    let Some(o) = Obj::from_value(v) else {
        return match v {
            Value::UNDEFINED => "Undefined",
            Value::NULL => "Null",
            v if v.is_bool() => "Boolean",
            v if v.is_number() => "Number",
            v if kind_of(v) == Some(CellKind::String) => "String",
            _symbol => "Object",
        };
    };
    match o.kind() {
        CellKind::Array => "Array",
        CellKind::Function | CellKind::NativeFunction | CellKind::BoundFunction => "Function",
        CellKind::Error => "Error",
        CellKind::Arguments => "Arguments",
        CellKind::Date => "Date",
        CellKind::RegExp => "RegExp",
        CellKind::Primitive => builtin_tag(rt, o.internal(0)),
        _plain if o == rt.library.home(super::table::Home::Global) => "global",
        _plain => "Object",
    }
}

/// `toString`.
pub fn to_string(rt: &mut Runtime, args: &Args) -> JsResult {
    let start = match Obj::from_value(args.this) {
        Some(o) => Some(o),
        None => rt.lookup_start(args.this),
    };
    let own = match start {
        Some(o) => {
            let v = rt.get_from(o, super::inspect::tag_key(rt), args.this)?;
            Str::from_value(v).map(|s| s.to_rust())
        }
        None => None,
    };
    let text = format!("[object {}]", own.unwrap_or_else(|| builtin_tag(rt, args.this).to_owned()));
    Ok(rt.string(&text))
}
/// `toLocaleString`.
pub fn to_locale_string(rt: &mut Runtime, args: &Args) -> JsResult {
    if args.this.is_nullish() {
        return rt.throw_type("Object.prototype.toLocaleString called on null or undefined");
    }
    let f = rt.get(args.this, PropertyKey::Name(Key(rt.atoms.names.to_string.value())))?;
    rt.call(f, args.this, &[])
}
/// `valueOf`.
pub fn value_of(rt: &mut Runtime, args: &Args) -> JsResult {
    to_object(rt, args.this).map(Obj::value)
}
