//! Classes and methods.
//!
//! `new_class` makes constructor and prototype; members follow as `define_method`s. The instance fields of a class are
//! one function, the field initializer, which constructors call on the new object; it lives on the constructor as a
//! hidden property under [`Runtime::field_initializer_key`].

use super::private;
use crate::bytecode::function::{DefineFlags, FunctionKind};
use crate::runtime::cell::CellKind;
use crate::runtime::convert::to_property_key;
use crate::runtime::function::{FunctionInfo, flags};
use crate::runtime::object::{Obj, kind_of};
use crate::runtime::runtime::{JsResult, Runtime, inline_slots};
use crate::runtime::shape::{Attrs, ElementsKind, Key, PropertyKey};
use crate::runtime::string::Str;
use crate::runtime::value::Value;

/// A closure over a child of the running closure. Arrows inherit the home object: `super` in them means the method's.
#[inline]
pub fn new_closure(rt: &mut Runtime, info: *mut FunctionInfo, scope: Value, creator: Value) -> Value {
    let f = rt.new_closure(info, scope);
    inherit_home(rt, f, creator);
    f.value()
}

/// Gives an arrow function the home object of the closure that makes it.
#[inline]
pub fn inherit_home(rt: &mut Runtime, f: Obj, creator: Value) {
    if let Some(c) = Obj::from_value(creator).filter(|c| c.kind() == CellKind::Function)
        && let Some(home) = Obj::from_value(c.function_home())
        // SAFETY: infos live as long as the runtime.
        && unsafe { &*f.function_info() }.function.kind == FunctionKind::Arrow
    {
        f.set_function_home(&mut rt.heap, home);
    }
}

/// Makes a closure a method of its home object.
fn make_method(rt: &mut Runtime, f: Obj, home: Obj) {
    f.set_function_home(&mut rt.heap, home);
    // SAFETY: infos live as long as the runtime, and nothing else refers to this one's fields now.
    unsafe { (*f.function_info()).note_method(f.value()) };
}

/// The constructor and prototype of a class; `parent` is HOLE without `extends`.
pub fn new_class(rt: &mut Runtime, info: *mut FunctionInfo, scope: Value, parent: Value) -> JsResult<(Obj, Obj)> {
    let (object_proto, function_proto) = (rt.realm.object_proto.value(), rt.realm.function_proto.value());
    let (ctor_parent, proto_parent) = if parent.is_hole() {
        (function_proto, object_proto)
    } else if parent.is_null() {
        (function_proto, Value::NULL)
    } else {
        match Obj::from_value(parent).filter(|p| rt.is_constructor(*p)) {
            Some(_) => {
                let proto = rt.get(parent, PropertyKey::Name(rt.atoms.names.prototype.into()))?;
                if Obj::from_value(proto).is_none() && !proto.is_null() {
                    let shown = shown(rt, proto);
                    return rt
                        .throw_type(&format!("Class extends value does not have valid prototype property {shown}"));
                }
                (parent, proto)
            }
            None => {
                let shown = shown(rt, parent);
                return rt.throw_type(&format!("Class extends value {shown} is not a constructor or null"));
            }
        }
    };
    if let Some(p) = Obj::from_value(proto_parent) {
        rt.become_prototype(p);
    }
    let shape = rt.shapes.root(CellKind::Object, proto_parent, ElementsKind::HoleyAny, inline_slots(3));
    let proto = rt.new_object(shape);
    let ctor = rt.new_closure(info, scope);
    make_method(rt, ctor, proto);
    if ctor_parent != function_proto {
        rt.set_proto(ctor, ctor_parent);
    }
    let names = rt.atoms.names;
    rt.define_own(proto, PropertyKey::Name(names.constructor.into()), ctor.value(), Attrs::HIDDEN);
    rt.define_own(ctor, PropertyKey::Name(names.prototype.into()), proto.value(), Attrs::NONE);
    Ok((ctor, proto))
}

fn shown(rt: &mut Runtime, v: Value) -> String {
    match kind_of(v) {
        Some(CellKind::String) => super::bindings::text(v),
        Some(CellKind::Symbol) => rt.symbol_text(v),
        Some(_) => match Obj::from_value(v).filter(|o| o.kind() == CellKind::Function) {
            Some(f) => function_text(f),
            None => rt.describe_for_error(v),
        },
        None if v.is_number() => crate::runtime::convert::number_to_text(v.as_number()),
        None => format!("{v:?}"),
    }
}

/// The source text of a closure.
pub fn function_text(f: Obj) -> String {
    // SAFETY: infos live as long as the runtime.
    let code = unsafe { &(*f.function_info()).function };
    let (start, end) = code.span;
    code.source.text.get(start as usize..end as usize).unwrap_or("").to_string()
}

/// Remembers the field initializer of a class on its constructor.
pub fn set_field_init(rt: &mut Runtime, ctor: Value, initializer: Value) -> JsResult<()> {
    let (Some(c), Some(f)) = (Obj::from_value(ctor), Obj::from_value(initializer)) else { return Ok(()) };
    if let Some(home) = Obj::from_value(c.function_home()) {
        make_method(rt, f, home);
    }
    let key = rt.field_initializer_key;
    rt.define_own(c, PropertyKey::Name(Key(key)), initializer, Attrs::NONE);
    Ok(())
}

/// Runs the field initializer of the class whose constructor is `callee`, if it has one.
pub fn init_fields(rt: &mut Runtime, callee: Value, object: Value) -> JsResult<()> {
    match Obj::from_value(callee).and_then(|c| field_initializer(rt, c)) {
        Some(f) => rt.call(f.value(), object, &[]).map(|_| ()),
        None => Ok(()),
    }
}

/// The field initializer of the class that a closure is the constructor of.
pub fn field_initializer(rt: &Runtime, constructor: Obj) -> Option<Obj> {
    private::peek(rt, constructor, rt.field_initializer_key).and_then(Obj::from_value)
}

/// A member of a class or a method of an object literal: see [`DefineFlags`].
pub fn define_method(rt: &mut Runtime, object: Value, key: Value, closure: Value, bits: u16) -> JsResult<()> {
    let (Some(o), Some(f)) = (Obj::from_value(object), Obj::from_value(closure)) else {
        return rt.throw_type("Cannot define a method on a non-object");
    };
    if f.kind() == CellKind::Function {
        make_method(rt, f, o);
    }
    if bits & DefineFlags::HOME != 0 {
        return Ok(());
    }
    let key = to_property_key(rt, key)?;
    let enumerable = if bits & DefineFlags::ENUMERABLE != 0 { Attrs::ENUMERABLE } else { Attrs::NONE };
    let is_class_prototype =
        o.kind() == CellKind::Function && key == PropertyKey::Name(rt.atoms.names.prototype.into());
    if is_class_prototype {
        return rt.throw_type("Classes may not have a static property named 'prototype'");
    }
    let attrs = Attrs::CONFIGURABLE.with(enumerable);
    match bits & DefineFlags::KIND {
        DefineFlags::GETTER => rt.define_accessor(o, key, Some(closure), None, attrs),
        DefineFlags::SETTER => rt.define_accessor(o, key, None, Some(closure), attrs),
        _method => rt.define_own(o, key, closure, attrs.with(Attrs::WRITABLE)),
    }
    Ok(())
}

/// Names a closure after a computed key.
pub fn set_function_name(rt: &mut Runtime, closure: Value, key: Value, bits: u16) -> JsResult<()> {
    let Some(f) = Obj::from_value(closure).filter(|f| f.kind() == CellKind::Function) else { return Ok(()) };
    let text = match kind_of(key) {
        Some(CellKind::Symbol) => {
            let description = rt.symbol_description(key);
            Str::from_value(description).map_or(String::new(), |s| format!("[{}]", s.to_rust()))
        }
        _other => {
            let key = to_property_key(rt, key)?;
            rt.key_text(key)
        }
    };
    let text = match bits & DefineFlags::KIND {
        DefineFlags::GETTER => format!("get {text}"),
        DefineFlags::SETTER => format!("set {text}"),
        _method => text,
    };
    rt.materialize(f);
    let name_key = rt.atoms.names.name;
    // A class with a static member `name` keeps it.
    let has_own =
        private::peek(rt, f, name_key.value()).is_some_and(|v| Str::from_value(v).is_none_or(|s| !s.is_empty()));
    if !has_own {
        let name = rt.string(&text);
        rt.define_own(f, PropertyKey::Name(name_key.into()), name, Attrs::CONFIGURABLE);
    }
    Ok(())
}

/// `__proto__: v` in an object literal.
pub fn set_literal_proto(rt: &mut Runtime, object: Value, proto: Value) {
    if let Some(o) = Obj::from_value(object)
        && (proto.is_null() || Obj::from_value(proto).is_some())
    {
        rt.set_proto(o, proto);
    }
}

/// Whether calling this closure without `new` is an error.
#[inline]
pub fn is_class_constructor(f: Obj) -> bool {
    // SAFETY: infos live as long as the runtime.
    f.kind() == CellKind::Function && unsafe { (*f.function_info()).flags } & flags::CLASS_CONSTRUCTOR != 0
}
