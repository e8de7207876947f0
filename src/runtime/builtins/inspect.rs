//! Values as text, character for character as Node's `util.inspect` and `console.log` show them.
//!
//! [`layout`] is pure text: quoting, grouping of array elements in columns, breaking of lines. [`value`] walks objects.
//! This file holds the format strings (`%s %d %i %f %j %o %O %c`) and what other rooms ask for. Nothing here runs the
//! program's code except where Node does too (`%s` and `%d` convert; a `stack` or `name` getter of an error).

use crate::runtime::builtins::json;
use crate::runtime::builtins::table::Home;
use crate::runtime::cell::CellKind;
use crate::runtime::convert;
use crate::runtime::number;
use crate::runtime::object::{Obj, kind_of};
use crate::runtime::property::Found;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::{Key, PropertyKey};
use crate::runtime::string::Str;
use crate::runtime::typed::Typed;
use crate::runtime::value::Value;

pub mod layout;
mod value;

/// What `util.inspect` takes.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Nested objects shown; `None`: all.
    pub depth: Option<i64>,
    /// Non-enumerable properties too.
    pub show_hidden: bool,
    /// Where lines break.
    pub break_length: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { depth: Some(2), show_hidden: false, break_length: 80 }
    }
}

/// A value as text.
pub fn inspect(rt: &mut Runtime, v: Value, options: Options) -> JsResult<String> {
    value::Inspector::new(rt, options).value(v, 0)
}

/// The arguments of `console.log` as text: format strings and all.
pub fn format(rt: &mut Runtime, values: &[Value]) -> JsResult<String> {
    let Some((first, rest)) = values.split_first() else { return Ok(String::new()) };
    let mut out = String::new();
    let mut rest = rest;
    match Str::from_value(*first) {
        Some(s) if rest.is_empty() => return Ok(s.to_rust()),
        Some(s) => rest = directives(rt, &s.to_rust(), rest, &mut out)?,
        None => out.push_str(&inspect(rt, *first, Options::default())?),
    }
    for v in rest {
        out.push(' ');
        match Str::from_value(*v) {
            Some(s) => out.push_str(&s.to_rust()),
            None => out.push_str(&inspect(rt, *v, Options::default())?),
        }
    }
    Ok(out)
}

/// Expands the directives of a format string; returns the arguments that are left.
fn directives<'a>(rt: &mut Runtime, text: &str, args: &'a [Value], out: &mut String) -> JsResult<&'a [Value]> {
    let mut args = args;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let Some(directive) = chars.peek().copied() else {
            out.push('%');
            break;
        };
        if directive == '%' {
            out.push('%');
            chars.next();
            continue;
        }
        let Some((v, rest)) = args.split_first().filter(|_| "sdifjoOc".contains(directive)) else {
            out.push('%');
            continue;
        };
        chars.next();
        args = rest;
        let part = directive_text(rt, directive, *v)?;
        out.push_str(&part);
    }
    Ok(args)
}

fn directive_text(rt: &mut Runtime, directive: char, v: Value) -> JsResult<String> {
    let symbol = kind_of(v) == Some(CellKind::Symbol);
    Ok(match directive {
        's' => {
            if v.is_number() {
                layout::number(v.as_number())
            } else if symbol {
                rt.symbol_text(v)
            } else if Obj::from_value(v).is_some_and(|o| !o.is_callable()) && has_builtin_to_string(rt, v) {
                inspect(rt, v, Options { depth: Some(0), ..Options::default() })?
            } else {
                convert::to_string(rt, v)?.to_rust()
            }
        }
        'd' if symbol => "NaN".into(),
        'd' => layout::number(convert::to_number(rt, v)?),
        'i' if symbol => "NaN".into(),
        'i' => {
            let s = convert::to_string(rt, v)?;
            layout::number(number::parse_int(s.chars(&mut rt.heap), 0))
        }
        'f' if symbol => "NaN".into(),
        'f' => {
            let s = convert::to_string(rt, v)?;
            layout::number(number::parse_float(s.chars(&mut rt.heap)))
        }
        'j' => json_text(rt, v)?,
        'O' => inspect(rt, v, Options::default())?,
        'o' => inspect(rt, v, Options { depth: Some(4), show_hidden: true, ..Options::default() })?,
        _css => String::new(),
    })
}

/// `%j`: JSON, or `[Circular]`.
fn json_text(rt: &mut Runtime, v: Value) -> JsResult<String> {
    match json::to_text(rt, v) {
        Ok(text) => Ok(Str::from_value(text).map_or("undefined".into(), |s| s.to_rust())),
        Err(thrown) => {
            let circular = Obj::from_value(rt.head.exception)
                .is_some_and(|e| super::error::text(rt, e).contains("Converting circular structure to JSON"));
            if !circular {
                return Err(thrown);
            }
            rt.take_exception();
            Ok("[Circular]".into())
        }
    }
}

/// Whether an object has no `toString` of its own, and the one it inherits belongs to a built-in class.
fn has_builtin_to_string(rt: &mut Runtime, v: Value) -> bool {
    let Some(o) = Obj::from_value(v) else { return true };
    let names = rt.atoms.names;
    let to_string = PropertyKey::Name(names.to_string.into());
    let holder = match rt.lookup(o, to_string) {
        Found::Slot { holder, .. } => holder,
        Found::Element { .. } | Found::ArrayLength(_) | Found::Nothing => return true,
    };
    let callable = rt.lookup_data(o, names.to_string.into()).and_then(Obj::from_value).is_some_and(Obj::is_callable);
    if !callable || holder == o {
        return !callable;
    }
    match rt.own_property(holder, PropertyKey::Name(names.constructor.into())) {
        Found::Slot { property, .. } => {
            let class = holder.slot(rt.shapes.of(holder), property.slot);
            // The class above all typed arrays is no global, which is what Node asks.
            let abstract_class = rt.library.home(Home::TypedArray).value();
            class != abstract_class && Obj::from_value(class).is_some_and(|f| f.kind() == CellKind::NativeFunction)
        }
        Found::Element { .. } | Found::ArrayLength(_) | Found::Nothing => false,
    }
}

/// The `Symbol.toStringTag`s of the library.
pub const TAGS: &[(Home, &str)] = &[
    (Home::MapPrototype, "Map"),
    (Home::SetPrototype, "Set"),
    (Home::WeakMapPrototype, "WeakMap"),
    (Home::WeakSetPrototype, "WeakSet"),
    (Home::SymbolPrototype, "Symbol"),
    (Home::ArrayBufferPrototype, "ArrayBuffer"),
    (Home::DataViewPrototype, "DataView"),
    (Home::ArrayIterator, "Array Iterator"),
    (Home::StringIterator, "String Iterator"),
    (Home::MapIterator, "Map Iterator"),
    (Home::SetIterator, "Set Iterator"),
    (Home::RegExpStringIterator, "RegExp String Iterator"),
    (Home::Math, "Math"),
    (Home::Json, "JSON"),
    (Home::Console, "console"),
    (Home::Process, "process"),
    (Home::Performance, "Performance"),
];

/// The object's `Symbol.toStringTag`, if it is a string.
pub fn tag(rt: &mut Runtime, o: Obj) -> JsResult<Option<String>> {
    let v = rt.get(o.value(), tag_key(rt))?;
    Ok(Str::from_value(v).map(|s| s.to_rust()))
}

/// The same without running the program's code.
pub fn quiet_tag(rt: &Runtime, o: Obj) -> Option<String> {
    if let Some(t) = Typed::of(o) {
        return Some(t.ty.class().to_owned());
    }
    rt.lookup_data(o, Key(rt.library.symbol_to_string_tag)).and_then(Str::from_value).map(|s| s.to_rust())
}

/// The key of `Symbol.toStringTag`.
pub fn tag_key(rt: &Runtime) -> PropertyKey {
    PropertyKey::Name(Key(rt.library.symbol_to_string_tag))
}

/// A value as Node's argument errors show it: `type string ('abc')`.
pub fn received(rt: &mut Runtime, v: Value) -> String {
    if v.is_nullish() {
        return if v.is_null() { "null".into() } else { "undefined".into() };
    }
    if let Some(o) = Obj::from_value(v) {
        if o.is_callable() {
            return format!("function {}", rt.function_name(o));
        }
        let name = rt.describe_for_error(v);
        let name =
            name.trim_start_matches("#<").trim_end_matches('>').trim_start_matches("[object ").trim_end_matches(']');
        return format!("an instance of {name}");
    }
    let kind = convert::type_of(rt, v).to_rust();
    let shown = inspect(rt, v, Options::default()).unwrap_or_default();
    format!("type {kind} ({shown})")
}

/// An uncaught exception as Node prints it below the source line.
pub fn uncaught(rt: &mut Runtime, v: Value) -> String {
    if super::error::is_error(v) {
        return inspect(rt, v, Options::default()).unwrap_or_default();
    }
    let shown = inspect(rt, v, Options::default()).unwrap_or_default();
    format!("Uncaught {shown}")
}
