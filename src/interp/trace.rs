//! Stack traces of interpreter frames, as V8 words them.

use super::frame::{CONSTRUCT, FrameRecord};
use crate::bytecode::function::FunctionKind;
use crate::runtime::builtins::{self, BUILTINS, NativeCall};
use crate::runtime::cell::CellKind;
use crate::runtime::function::{FunctionInfo, flags};
use crate::runtime::object::Obj;
use crate::runtime::property::{Found, accessor_pair};
use crate::runtime::runtime::{Runtime, StackFrame};
use crate::runtime::shape::{Attrs, Key, PropertyKey};
use crate::runtime::string::Str;
use crate::runtime::value::Value;

/// What a stack trace must know of a frame, whichever tier it runs in.
#[derive(Clone, Copy, Debug)]
pub struct FrameView {
    /// The closure.
    pub callee: Value,
    /// `this`.
    pub this: Value,
    /// Called by `new`.
    pub is_construct: bool,
    /// Unit offset of the instruction being executed.
    pub offset: u32,
}

impl From<&FrameRecord> for FrameView {
    fn from(f: &FrameRecord) -> FrameView {
        FrameView { callee: f.callee(), this: f.this(), is_construct: f.flags & CONSTRUCT != 0, offset: f.offset() }
    }
}

/// The line of a stack trace for a frame.
pub fn stack_frame(rt: &mut Runtime, frame: FrameView) -> Option<StackFrame> {
    let f = super::ops::call::closure(frame.callee)?;
    // SAFETY: infos live as long as the runtime.
    let code = unsafe { (&*f.function_info()).function.clone() };
    if code.source.is_prelude() {
        return Some(StackFrame::of_library(method_text(rt, f, &code.name, frame.this)));
    }
    let (line, column) = code.line_column_at(frame.offset);
    Some(StackFrame { function: function_text(rt, f, code.kind, frame), file: code.source.path.clone(), line, column })
}

/// Whether a native that is running has a line in stack traces: bound functions and what V8 leaves without a frame have none.
pub fn has_line(call: &NativeCall) -> bool {
    let native = Obj::from_value(call.callee).filter(|f| f.kind() == CellKind::NativeFunction);
    native.is_some_and(|f| builtins::in_traces(f.native_id()))
}

/// The line of a stack trace for a function of the library that is running.
pub fn native_frame(rt: &mut Runtime, call: NativeCall) -> Option<StackFrame> {
    let f = Obj::from_value(call.callee).filter(|f| f.kind() == CellKind::NativeFunction)?;
    let id = f.native_id();
    let name = BUILTINS.get(id as usize)?.function_name();
    Some(StackFrame::of_library(match call.is_construct {
        true => format!("new {name}"),
        false => method_text(rt, f, &name, call.this),
    }))
}

/// The function of a closure.
pub fn info_of<'a>(callee: Value) -> Option<&'a FunctionInfo> {
    // SAFETY: infos live as long as the runtime, and callees of frames as long as their frames.
    super::ops::call::closure(callee).map(|f| unsafe { &*f.function_info() })
}

/// The function as V8 names it: `f`, `Class.method`, `new Class`, `Object.<anonymous>`; empty for an anonymous function
/// without a receiver.
fn function_text(rt: &mut Runtime, f: Obj, kind: FunctionKind, frame: FrameView) -> String {
    if kind == FunctionKind::Module {
        return "Object.<anonymous>".into();
    }
    let name = rt.function_name(f);
    if frame.is_construct || matches!(kind, FunctionKind::BaseConstructor | FunctionKind::DerivedConstructor) {
        return format!("new {}", if name.is_empty() { "<anonymous>" } else { &name });
    }
    method_text(rt, f, &name, frame.this)
}

/// A function with its receiver: `Class.name`, and ` [as key]` if it was found under another name than its own.
fn method_text(rt: &mut Runtime, f: Obj, name: &str, this: Value) -> String {
    let Some(receiver) = rt.lookup_start(this).filter(|o| *o != rt.realm.global) else { return name.to_string() };
    let class = type_name(rt, this, receiver);
    let key = method_key(rt, f, name, receiver);
    if name.is_empty() {
        return format!("{class}.{}", key.as_deref().unwrap_or("<anonymous>"));
    }
    // Accessors, private names and symbols stand for themselves.
    let mut text = if is_identifier(name) { format!("{class}.{name}") } else { name.to_string() };
    if let Some(key) = key
        && key != name
        && !name.strip_suffix(&*key).is_some_and(|rest| rest.ends_with('.'))
    {
        text.push_str(&format!(" [as {key}]"));
    }
    text
}

fn is_identifier(name: &str) -> bool {
    let starts = |c: char| c.is_alphabetic() || c == '_' || c == '$';
    name.starts_with(starts) && name.chars().all(|c| starts(c) || c.is_numeric())
}

/// The key under which a receiver has a method: its own name, or the only enumerable one that leads to it.
fn method_key(rt: &mut Runtime, f: Obj, name: &str, receiver: Obj) -> Option<String> {
    let own = name.strip_prefix("get ").or(name.strip_prefix("set ")).unwrap_or(name);
    let key = rt.key(own);
    if leads_to(rt, receiver, key, f) || own == "<static_initializer>" {
        return Some(own.to_string());
    }
    let mut found = None;
    let mut at = Some(receiver);
    while let Some(o) = at {
        for (key, attrs) in rt.own_keys(o) {
            let PropertyKey::Name(name) = key else { continue };
            if attrs.has(Attrs::ENUMERABLE) && leads_to(rt, o, key, f) && found.replace(name).is_some() {
                return None;
            }
        }
        at = Obj::from_value(rt.proto_of(o));
    }
    Str::from_value(found?.0).map(Str::to_rust)
}

/// Whether an object's property is the function, or an accessor of which it is a half.
fn leads_to(rt: &mut Runtime, o: Obj, key: PropertyKey, f: Obj) -> bool {
    match rt.lookup(o, key) {
        Found::Slot { holder, property } => {
            let v = holder.slot(rt.shapes.of(holder), property.slot);
            match property.attrs.has(Attrs::ACCESSOR) {
                true => <[Value; 2]>::from(accessor_pair(v)).contains(&f.value()),
                false => v == f.value(),
            }
        }
        Found::Element { value, .. } => value == f.value(),
        Found::ArrayLength(_) | Found::Nothing => false,
    }
}

/// The name of the class of a receiver, whose properties begin at `start`.
fn type_name(rt: &mut Runtime, this: Value, start: Obj) -> String {
    if Obj::from_value(this).is_some() && start.is_callable() {
        let name = if is_class(start) { rt.function_name(start) } else { String::new() };
        return if name.is_empty() { "Function".into() } else { name };
    }
    if start.kind() == CellKind::Arguments {
        return "Arguments".into();
    }
    // What a prototype says of its constructor goes for others.
    let from = if start.is_prototype() && start.value() == this { rt.proto_of(start) } else { start.value() };
    let constructor = rt.atoms.names.constructor.into();
    let constructor = Obj::from_value(from).and_then(|o| rt.lookup_data(o, constructor)).and_then(Obj::from_value);
    let name = constructor.filter(|c| c.is_callable()).map_or("Object".into(), |c| rt.function_name(c));
    let tag = || rt.lookup_data(start, Key(rt.library.symbol_to_string_tag)).and_then(Str::from_value);
    match name.as_str() {
        "Object" => tag().map_or(name, Str::to_rust),
        _a_class => name,
    }
}

fn is_class(f: Obj) -> bool {
    // SAFETY: infos live as long as the runtime.
    f.kind() == CellKind::Function && unsafe { (*f.function_info()).flags } & flags::CLASS_CONSTRUCTOR != 0
}
