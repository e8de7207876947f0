//! What the engine gives its own modules (`lang/modules/*.js`, which `require('fs')` and its kin load): files as text,
//! Node's texts for values and errors, and refusals. No program sees these functions themselves.

use super::Args;
use super::inspect::{self, Options};
use crate::runtime::convert::{self, to_boolean};
use crate::runtime::object::Obj;
use crate::runtime::runtime::{ErrorKind, JsResult, Runtime, Termination};
use crate::runtime::shape::{Attrs, PropertyKey};
use crate::runtime::value::Value;
use std::io::{Error, Write};

fn text(rt: &mut Runtime, args: &Args, i: usize) -> JsResult<String> {
    convert::to_string(rt, args.get(i)).map(|s| s.to_rust())
}

/// `refuse(feature)`.
pub fn refuse(rt: &mut Runtime, args: &Args) -> JsResult {
    let feature = text(rt, args, 0)?;
    // The place is the program's, not the one in the engine's own module.
    let frames = (rt.hooks.stack_trace)(rt, 50);
    let at = frames.iter().find(|f| !f.is_of_library() && !f.file.starts_with("node:"));
    let place = at.map_or(String::new(), |f| format!("{}:{}:{}: ", f.file, f.line, f.column));
    let instead = "Node has it, Petrel does not; see lang/reference.md";
    rt.terminate(Termination::Refused(format!("{place}refused: {feature}: {instead}")))
}

/// `warn(text)`: a warning as Node prints it.
pub fn warn(rt: &mut Runtime, args: &Args) -> JsResult {
    let line = format!("(node:{}) {}\n", std::process::id(), text(rt, args, 0)?);
    rt.host.write_err(line.as_bytes());
    Ok(Value::UNDEFINED)
}

/// An error of Node's own: its stack shows the code, its name does not.
fn coded(rt: &mut Runtime, kind: ErrorKind, code: &str, message: &str) -> Obj {
    let e = rt.new_error(kind, message);
    let name = if kind == ErrorKind::Type { "TypeError" } else { "Error" };
    let stack = PropertyKey::Name(rt.atoms.names.stack.into());
    let old = rt.get(e.value(), stack).map_or(String::new(), |v| rt.describe(v));
    let new = rt.string(&old.replacen(name, &format!("{name} [{code}]"), 1));
    rt.define_own(e, stack, new, Attrs::HIDDEN);
    let code = rt.string(code);
    rt.put(e, "code", code);
    e
}

/// `argumentError(name, expected, value)`: the error for an argument of a wrong type.
pub fn argument_error(rt: &mut Runtime, args: &Args) -> JsResult {
    let (name, expected) = (text(rt, args, 0)?, text(rt, args, 1)?);
    let what = if name.contains('.') { "property" } else { "argument" };
    let received = inspect::received(rt, args.get(2));
    let message = format!("The \"{name}\" {what} must be {expected}. Received {received}");
    Ok(coded(rt, ErrorKind::Type, "ERR_INVALID_ARG_TYPE", &message).value())
}

/// `codedError(class, code, message)`.
pub fn coded_error(rt: &mut Runtime, args: &Args) -> JsResult {
    let kind = if text(rt, args, 0)? == "TypeError" { ErrorKind::Type } else { ErrorKind::Error };
    let (code, message) = (text(rt, args, 1)?, text(rt, args, 2)?);
    Ok(coded(rt, kind, &code, &message).value())
}

/// Throws what Node throws when the system cannot do something with a file.
fn throw_system<T>(rt: &mut Runtime, error: &Error, path: &str, writes: bool) -> JsResult<T> {
    let number = error.raw_os_error().unwrap_or(0);
    let (code, words) = match number {
        libc::ENOENT => ("ENOENT", "no such file or directory"),
        libc::EISDIR => ("EISDIR", "illegal operation on a directory"),
        libc::EACCES => ("EACCES", "permission denied"),
        libc::EPERM => ("EPERM", "operation not permitted"),
        libc::ENOTDIR => ("ENOTDIR", "not a directory"),
        _other => return rt.refuse(&format!("the system's error {number} ({error})"), "check the path"),
    };
    // A directory opens for reading, and then gives nothing to read.
    let reads = number == libc::EISDIR && !writes;
    let message = if reads { format!("{code}: {words}, read") } else { format!("{code}: {words}, open '{path}'") };
    let e = rt.new_error(ErrorKind::Error, &message);
    rt.put(e, "errno", Value::int(-number));
    for (name, word) in [("code", code), ("syscall", if reads { "read" } else { "open" })] {
        let word = rt.string(word);
        rt.put(e, name, word);
    }
    if !reads {
        let path = rt.string(path);
        rt.put(e, "path", path);
    }
    rt.throw(e.value())
}

/// `readFile(path, encoding)`: `utf8`, or one character per byte.
pub fn read_file(rt: &mut Runtime, args: &Args) -> JsResult {
    let (path, encoding) = (text(rt, args, 0)?, text(rt, args, 1)?);
    match std::fs::read(&path) {
        Ok(bytes) if encoding == "utf8" => {
            rt.check_size(bytes.len() * 2)?;
            Ok(rt.string(&String::from_utf8_lossy(&bytes)))
        }
        Ok(bytes) => {
            let mask = if encoding == "ascii" { 0x7F } else { 0xFF };
            let units: Vec<u16> = bytes.iter().map(|b| (b & mask) as u16).collect();
            rt.string_from_units(&units)
        }
        Err(error) => throw_system(rt, &error, &path, false),
    }
}

/// `writeFile(path, text, append)`.
pub fn write_file(rt: &mut Runtime, args: &Args) -> JsResult {
    let (path, data) = (text(rt, args, 0)?, text(rt, args, 1)?);
    let append = to_boolean(args.get(2));
    let file = std::fs::OpenOptions::new().create(true).write(true).append(append).truncate(!append).open(&path);
    match file.and_then(|mut f| f.write_all(data.as_bytes())) {
        Ok(()) => Ok(Value::UNDEFINED),
        Err(error) => throw_system(rt, &error, &path, true),
    }
}

/// `fileExists(path)`.
pub fn file_exists(rt: &mut Runtime, args: &Args) -> JsResult {
    let path = text(rt, args, 0)?;
    Ok(Value::bool(!path.is_empty() && std::path::Path::new(&path).exists()))
}

/// `util.format`.
pub fn format(rt: &mut Runtime, args: &Args) -> JsResult {
    let text = inspect::format(rt, args.all())?;
    Ok(rt.string(&text))
}

/// `util.inspect(value, options)`, or in the old form `(value, showHidden, depth)`.
pub fn inspect(rt: &mut Runtime, args: &Args) -> JsResult {
    let mut options = Options::default();
    if let Some(given) = Obj::from_value(args.get(1)) {
        for key in super::object::enumerable_keys(rt, given)?.iter() {
            let v = rt.get(given.value(), key)?;
            match rt.key_text(key).as_str() {
                "depth" => options.depth = depth_of(v),
                "showHidden" => options.show_hidden = to_boolean(v),
                "breakLength" if v.is_number() => options.break_length = v.as_number().clamp(0.0, 1e9) as usize,
                "colors" if !to_boolean(v) => {}
                other => {
                    return rt.refuse(&format!("util.inspect with the option {other}"), "use depth and breakLength");
                }
            }
        }
    } else {
        options.show_hidden = to_boolean(args.get(1));
        if let Some(v) = args.given(2).filter(|v| !v.is_undefined()) {
            options.depth = depth_of(v);
        }
        if args.given(3).is_some_and(to_boolean) {
            return rt.refuse("util.inspect with colours", "leave them out");
        }
    }
    let text = inspect::inspect(rt, args.get(0), options)?;
    Ok(rt.string(&text))
}

/// A depth that is no finite number shows everything.
fn depth_of(v: Value) -> Option<i64> {
    (v.is_number() && v.as_number().is_finite()).then(|| v.as_number() as i64)
}
