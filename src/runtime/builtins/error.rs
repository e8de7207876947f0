//! The error classes.
//!
//! `stack` has V8's form: the header (name and message at the time of construction), then `    at …` lines, which the
//! runtime asks its stack-trace hook for.

use super::Args;
use crate::runtime::cell::CellKind;
use crate::runtime::convert;
use crate::runtime::object::Obj;
use crate::runtime::property::Found;
use crate::runtime::runtime::{ErrorKind, JsResult, Runtime};
use crate::runtime::shape::{Attrs, PropertyKey};
use crate::runtime::string::Str;
use crate::runtime::value::Value;

/// The native classes and their names.
pub const CLASSES: &[(ErrorKind, &str)] = &[
    (ErrorKind::Error, "Error"),
    (ErrorKind::Type, "TypeError"),
    (ErrorKind::Range, "RangeError"),
    (ErrorKind::Reference, "ReferenceError"),
    (ErrorKind::Syntax, "SyntaxError"),
    (ErrorKind::Eval, "EvalError"),
    (ErrorKind::Uri, "URIError"),
];

fn construct(rt: &mut Runtime, args: &Args, kind: ErrorKind) -> JsResult {
    let proto = rt.prototype_for(args, rt.realm.error_protos[kind as usize])?;
    let message = match args.get(0) {
        v if v.is_undefined() => None,
        v => Some(convert::to_string(rt, v)?.value()),
    };
    // The constructors of the error's class, this one first, are no part of the trace.
    rt.trace_skip = if args.is_construct() { args.new_target } else { args.callee() };
    let e = rt.new_error_object(proto, message);
    if let Some(options) = Obj::from_value(args.get(1)) {
        let cause = PropertyKey::Name(rt.atoms.names.cause.into());
        if !matches!(rt.lookup(options, cause), Found::Nothing) {
            let v = rt.get(options.value(), cause)?;
            rt.define_own(e, cause, v, Attrs::HIDDEN);
        }
    }
    Ok(e.value())
}

macro_rules! constructors {
    ($( $name:ident = $kind:ident ),+ $(,)?) => { $(
        #[doc = concat!("The constructor of class `", stringify!($kind), "`.")]
        pub fn $name(rt: &mut Runtime, args: &Args) -> JsResult {
            construct(rt, args, ErrorKind::$kind)
        }
    )+ };
}

constructors! {
    error = Error, type_error = Type, range_error = Range, reference_error = Reference, syntax_error = Syntax,
    eval_error = Eval, uri_error = Uri,
}

/// The text of a stack under the error's own `name`, if it was set after construction: V8 writes the header when the stack
/// is first looked at.
pub fn renamed(rt: &mut Runtime, e: Obj, stack: String) -> String {
    let names = rt.atoms.names;
    let text = |rt: &Runtime, o: Obj, key| rt.lookup_data(o, key).and_then(Str::from_value).map(Str::to_rust);
    let own = text(rt, e, names.name.into());
    let inherited = Obj::from_value(rt.shapes.of(e).proto).and_then(|p| text(rt, p, names.name.into()));
    match (own, inherited) {
        (Some(own), Some(inherited)) if own != inherited => match stack.strip_prefix(inherited.as_str()) {
            Some(rest) if rest.starts_with(':') || rest.starts_with('\n') => format!("{own}{rest}"),
            Some(_) | None => stack,
        },
        (Some(_), Some(_)) | (None, _) | (_, None) => stack,
    }
}

/// `Error.captureStackTrace`.
pub fn capture_stack_trace(rt: &mut Runtime, args: &Args) -> JsResult {
    match Obj::from_value(args.get(0)) {
        Some(o) => {
            rt.trace_skip = args.get(1);
            rt.capture_stack(o);
            Ok(Value::UNDEFINED)
        }
        None => rt.throw_type("invalid_argument"),
    }
}

/// `Error.prototype.toString`.
pub fn to_string(rt: &mut Runtime, args: &Args) -> JsResult {
    let Some(o) = Obj::from_value(args.this) else {
        let shown = rt.describe(args.this);
        return rt.throw_type(&format!("Method Error.prototype.toString called on incompatible receiver {shown}"));
    };
    let names = rt.atoms.names;
    let part = |rt: &mut Runtime, name, default: Value| -> JsResult<Str> {
        let v = rt.get(o.value(), PropertyKey::Name(name))?;
        convert::to_string(rt, if v.is_undefined() { default } else { v })
    };
    let name = part(rt, names.name.into(), names.error.value())?.to_rust();
    let message = part(rt, names.message.into(), names.empty.value())?.to_rust();
    let text = join(name, message);
    Ok(rt.string(&text))
}

fn join(name: String, message: String) -> String {
    match (name.is_empty(), message.is_empty()) {
        (true, _) => message,
        (false, true) => name,
        (false, false) => format!("{name}: {message}"),
    }
}

/// Name and message of an error, without running the program's code.
pub fn text(rt: &mut Runtime, o: Obj) -> String {
    let names = rt.atoms.names;
    let name = rt.lookup_data(o, names.name.into()).and_then(Str::from_value);
    let message = rt.lookup_data(o, names.message.into()).and_then(Str::from_value);
    join(name.map_or("Error".into(), |s| s.to_rust()), message.map_or(String::new(), |s| s.to_rust()))
}

/// Whether a value is an error object.
pub fn is_error(v: Value) -> bool {
    Obj::from_value(v).is_some_and(|o| o.kind() == CellKind::Error)
}
