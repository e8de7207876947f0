//! What calls need besides the call itself: their errors, and the parent constructor of `super(...)`.

use crate::runtime::builtins::iteration::describe_typed;
use crate::runtime::cell::CellKind;
use crate::runtime::function::FunctionInfo;
use crate::runtime::object::Obj;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::value::Value;

/// The source text of the callee (or iterable) of the instruction at a bytecode offset, if the frontend kept it.
pub fn callee_text(info: &FunctionInfo, offset: u32) -> Option<String> {
    let (_, constant) = info.function.callee_texts.iter().find(|(at, _)| *at == offset)?;
    info.constants().get(*constant as usize).map(|v| super::bindings::text(*v))
}

impl Runtime {
    /// TypeError: a class was called without `new`.
    #[cold]
    pub fn throw_class_called(&mut self, class: Obj) -> JsResult {
        let called = match self.function_name(class) {
            name if name.is_empty() => "Class constructors".to_owned(),
            name => format!("Class constructor {name}"),
        };
        self.throw_type(&format!("{called} cannot be invoked without 'new'"))
    }
}

/// TypeError: `text` is not a function.
#[cold]
pub fn throw_not_callable(rt: &mut Runtime, callee: Value, text: Option<String>) -> JsResult {
    if let Some(f) = Obj::from_value(callee).filter(|f| super::class::is_class_constructor(*f)) {
        return rt.throw_class_called(f);
    }
    let text = text.unwrap_or_else(|| rt.display_key(callee));
    rt.throw_type(&format!("{text} is not a function"))
}

/// TypeError: `text` is not a constructor.
#[cold]
pub fn throw_not_constructor(rt: &mut Runtime, callee: Value, text: Option<String>) -> JsResult {
    let text = text.unwrap_or_else(|| rt.display_key(callee));
    rt.throw_type(&format!("{text} is not a constructor"))
}

/// TypeError: `text` is not iterable.
#[cold]
pub fn throw_not_iterable(rt: &mut Runtime, v: Value, text: Option<String>) -> JsResult {
    match text {
        Some(text) => rt.throw_type(&format!("{text} is not iterable")),
        None => {
            let shown = describe_typed(rt, v);
            rt.throw_type(&format!("{shown} is not iterable (cannot read property Symbol(Symbol.iterator))"))
        }
    }
}

/// The constructor that `super(...)` in `callee` calls.
pub fn parent_constructor(rt: &mut Runtime, callee: Value) -> JsResult<Obj> {
    let own = Obj::from_value(callee);
    let parent = own.map_or(Value::NULL, |c| rt.proto_of(c));
    if let Some(p) = Obj::from_value(parent).filter(|p| rt.is_constructor(*p)) {
        return Ok(p);
    }
    let name = own.map_or(String::new(), |c| rt.function_name(c));
    let shown = match Obj::from_value(parent) {
        Some(p) if p == rt.realm.function_proto => "null".to_string(),
        _other => rt.display_key(parent),
    };
    let of = if name.is_empty() { "anonymous class".to_string() } else { name };
    rt.throw_type(&format!("Super constructor {shown} of {of} is not a constructor"))
}

/// What `new` makes of a constructor's result.
#[inline]
pub fn constructed(result: Value, this: Value) -> Value {
    if Obj::from_value(result).is_some() { result } else { this }
}

/// `return v` in a constructor; `this` is HOLE in a derived constructor before `super()`.
#[cold]
pub fn return_construct_slow(rt: &mut Runtime, v: Value, this: Value, derived: bool) -> JsResult {
    if Obj::from_value(v).is_some() {
        return Ok(v);
    }
    if derived && !v.is_undefined() {
        return rt.throw_type("Derived constructors may only return object or undefined");
    }
    if this.is_hole() {
        return super::bindings::throw_this_uninitialized(rt);
    }
    Ok(this)
}

/// Whether a value is a closure over bytecode.
#[inline(always)]
pub fn as_closure(v: Value) -> Option<Obj> {
    Obj::from_value(v).filter(|f| f.kind() == CellKind::Function)
}
