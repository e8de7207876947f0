//! Stack traces of interpreter frames, as V8 words them.

use super::frame::{CONSTRUCT, FrameRecord};
use crate::bytecode::function::FunctionKind;
use crate::runtime::function::FunctionInfo;
use crate::runtime::object::Obj;
use crate::runtime::runtime::{Runtime, StackFrame};
use crate::runtime::value::Value;
use crate::vocab::FunctionId;

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
        return Some(native_frame(rt, &code.name, frame.this));
    }
    let (line, column) = code.line_column_at(frame.offset);
    Some(StackFrame { function: function_text(rt, f, code.kind, frame), file: code.source.path.clone(), line, column })
}

/// The line of a stack trace for a method of the library that calls back.
pub fn native_frame(rt: &mut Runtime, name: &str, this: Value) -> StackFrame {
    let class = type_name(rt, this);
    StackFrame::of_library(if class.is_empty() { name.to_string() } else { format!("{class}.{name}") })
}

/// The function of a closure.
pub fn info_of<'a>(callee: Value) -> Option<&'a FunctionInfo> {
    // SAFETY: infos live as long as the runtime, and callees of frames as long as their frames.
    super::ops::call::closure(callee).map(|f| unsafe { &*f.function_info() })
}

/// The line of a stack trace for a frame of compiled code, whose closure and receiver are in machine registers: a method
/// is shown without its class.
pub fn compiled_frame(rt: &mut Runtime, function: FunctionId, offset: u32) -> StackFrame {
    let code = rt.function(function).function.clone();
    if code.source.is_prelude() {
        return StackFrame::of_library(format!("Array.{}", code.name));
    }
    let (line, column) = code.line_column_at(offset);
    let name = match code.kind {
        FunctionKind::Module => "Object.<anonymous>".to_string(),
        FunctionKind::BaseConstructor | FunctionKind::DerivedConstructor => format!("new {}", code.name),
        FunctionKind::Normal | FunctionKind::Arrow | FunctionKind::Method => code.name.clone(),
    };
    StackFrame { function: name, file: code.source.path.clone(), line, column }
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
    let this = frame.this;
    if this.is_nullish() || this.is_hole() {
        return name;
    }
    let class = type_name(rt, this);
    match (class.is_empty(), name.is_empty()) {
        (true, _) => name,
        (false, true) => format!("{class}.<anonymous>"),
        (false, false) if name.starts_with(&format!("{class}.")) => name,
        (false, false) => format!("{class}.{name}"),
    }
}

/// The name of the class of a receiver.
fn type_name(rt: &mut Runtime, this: Value) -> String {
    let Some(o) = rt.lookup_start(this) else { return String::new() };
    if o.is_callable() && Obj::from_value(this).is_some() {
        return "Function".into();
    }
    let constructor = rt.lookup_data(o, rt.atoms.names.constructor.into()).and_then(Obj::from_value);
    match constructor {
        Some(c) if c.is_callable() => rt.function_name(c),
        _other => "Object".into(),
    }
}
