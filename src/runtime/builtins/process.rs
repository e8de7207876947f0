//! `process` and `performance`: what a program may know of the process it runs in, and its clocks.
//!
//! Time comes from the VM through a hook, so that a deterministic run sees the virtual clock; output goes through the
//! runtime's host, which buffers it. `process.exit` is a termination: no handler of the program sees it.

use super::Args;
use super::table::Home;
use crate::runtime::convert::{self, to_int32};
use crate::runtime::object::Obj;
use crate::runtime::runtime::{JsResult, Runtime, Termination};
use crate::runtime::shape::{Attrs, PropertyKey, Sharing};
use crate::runtime::string::Str;
use crate::runtime::value::Value;

/// Adds what depends on the machine: `argv`, `env`, `platform` and so on.
pub fn install(rt: &mut Runtime) {
    let process = rt.library.home(Home::Process);
    set_argv(rt, Vec::new());
    let env = rt.new_plain_object(1);
    // Environments are large and differ: a dictionary, which is one shape however many there are, so that shapes have the
    // same numbers everywhere.
    let shape = rt.shapes.unshare(env, Sharing::Dictionary);
    env.set_shape(shape);
    for (name, value) in std::env::vars() {
        let v = rt.string(&value);
        let key = rt.key(&name);
        rt.define_own(env, key, v, Attrs::DATA);
    }
    rt.put(process, "env", env.value());
    let platform = rt.string(if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS });
    rt.put(process, "platform", platform);
    rt.put(process, "pid", Value::from_u32(std::process::id()));
    let version = rt.string("v20.0.0");
    rt.put(process, "version", version);
    rt.put(process, "exitCode", Value::UNDEFINED);
    for home in [Home::Stdout, Home::Stderr] {
        let stream = rt.library.home(home);
        rt.put(stream, "isTTY", Value::FALSE);
        rt.put(stream, "columns", Value::UNDEFINED);
    }
    let performance = rt.library.home(Home::Performance);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    rt.put(performance, "timeOrigin", Value::number((now.as_micros() as f64) / 1000.0));
}

/// Sets `process.argv`: the engine's path, the script's path, the script's arguments.
pub fn set_argv(rt: &mut Runtime, words: Vec<String>) {
    let argv = rt.new_array(words.len() as u32);
    for (i, word) in words.iter().enumerate() {
        let v = rt.string(word);
        rt.define_own(argv, PropertyKey::Index(i as u32), v, Attrs::DATA);
    }
    let process = rt.library.home(Home::Process);
    rt.put(process, "argv", argv.value());
}

/// `process.exit`.
pub fn exit(rt: &mut Runtime, args: &Args) -> JsResult {
    let code = if args.get(0).is_undefined() { exit_code(rt) } else { to_int32(rt, args.get(0))? };
    rt.terminate(Termination::Exit(code))
}

/// The exit code that the program has set, or 0.
pub fn exit_code(rt: &mut Runtime) -> i32 {
    let process = rt.library.home(Home::Process);
    let v = rt.lookup_data(process, rt.atoms.names.exit_code.into()).unwrap_or(Value::UNDEFINED);
    match Str::from_value(v) {
        Some(s) => s.to_rust().parse().unwrap_or(0),
        None => v.to_int_exact().unwrap_or(0),
    }
}

/// `process.uptime`.
pub fn uptime(rt: &mut Runtime, _args: &Args) -> JsResult {
    let ms = (rt.hooks.now_ms)(rt);
    Ok(Value::number(ms / 1000.0))
}

/// `process.cwd`.
pub fn cwd(rt: &mut Runtime, _args: &Args) -> JsResult {
    let path = std::env::current_dir().map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(rt.string(&path))
}

/// `process.hrtime`.
pub fn hrtime(rt: &mut Runtime, args: &Args) -> JsResult {
    let total_ns = ((rt.hooks.now_ms)(rt) * 1e6) as u64;
    let (mut s, mut ns) = ((total_ns / 1_000_000_000) as f64, (total_ns % 1_000_000_000) as f64);
    if let Some(earlier) = Obj::from_value(args.get(0)) {
        let v = rt.get_at(earlier, 0)?;
        s -= convert::to_number(rt, v)?;
        let v = rt.get_at(earlier, 1)?;
        ns -= convert::to_number(rt, v)?;
        if ns < 0.0 {
            s -= 1.0;
            ns += 1e9;
        }
    }
    Ok(rt.new_array_from(&[Value::number(s), Value::number(ns)]).value())
}

/// `process.memoryUsage`.
pub fn memory_usage(rt: &mut Runtime, _args: &Args) -> JsResult {
    let heap = rt.heap.footprint_bytes() as f64;
    let rss = std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|s| s.split_whitespace().nth(1).and_then(|p| p.parse::<f64>().ok()))
        .map_or(heap, |pages| pages * 4096.0);
    let o = rt.new_plain_object(5);
    for (name, v) in [("rss", rss), ("heapTotal", heap), ("heapUsed", heap), ("external", 0.0), ("arrayBuffers", 0.0)] {
        rt.put(o, name, Value::number(v));
    }
    Ok(o.value())
}

fn text_to_write(rt: &mut Runtime, args: &Args) -> JsResult<String> {
    match Str::from_value(args.get(0)) {
        Some(s) => Ok(s.to_rust()),
        None => {
            let shown = super::inspect::received(rt, args.get(0));
            rt.throw_type(&format!(
                "The \"chunk\" argument must be of type string or an instance of Buffer or Uint8Array. Received {shown}"
            ))
        }
    }
}

/// `process.stdout.write`.
pub fn stdout_write(rt: &mut Runtime, args: &Args) -> JsResult {
    let text = text_to_write(rt, args)?;
    rt.host.write_out(text.as_bytes());
    Ok(Value::TRUE)
}

/// `process.stderr.write`.
pub fn stderr_write(rt: &mut Runtime, args: &Args) -> JsResult {
    let text = text_to_write(rt, args)?;
    rt.host.write_err(text.as_bytes());
    Ok(Value::TRUE)
}

/// `performance.now`.
pub fn performance_now(rt: &mut Runtime, _args: &Args) -> JsResult {
    let ms = (rt.hooks.now_ms)(rt);
    Ok(Value::number(ms))
}

/// `performance.mark`: an event in the recording.
pub fn performance_mark(rt: &mut Runtime, args: &Args) -> JsResult {
    if args.count() == 0 {
        return rt.throw_type("The \"name\" argument must be specified");
    }
    let name = convert::to_string(rt, args.get(0))?;
    let now = (rt.hooks.now_ms)(rt);
    (rt.hooks.mark)(rt, &name.to_rust());
    let mark = rt.new_plain_object(5);
    let kind = rt.string("mark");
    for (key, v) in [
        ("name", name.value()),
        ("entryType", kind),
        ("startTime", Value::number(now)),
        ("duration", Value::int(0)),
        ("detail", Value::NULL),
    ] {
        rt.put(mark, key, v);
    }
    Ok(mark.value())
}
