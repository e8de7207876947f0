//! `console`: formats as Node does ([`super::inspect`]) and writes to the runtime's streams.

use super::Args;
use super::inspect::{self, Options};
use crate::runtime::convert::{self, to_boolean};
use crate::runtime::object::Obj;
use crate::runtime::runtime::{JsResult, Runtime, Termination};
use crate::runtime::value::Value;

/// Writes lines, each indented as the open groups demand.
fn print(rt: &mut Runtime, text: &str, to_stderr: bool) {
    let mut line = String::with_capacity(text.len() + 1);
    if rt.host.indentation > 0 {
        let indent = " ".repeat(rt.host.indentation);
        line.push_str(&indent);
        line.push_str(&text.replace('\n', &format!("\n{indent}")));
    } else {
        line.push_str(text);
    }
    line.push('\n');
    if to_stderr { rt.host.write_err(line.as_bytes()) } else { rt.host.write_out(line.as_bytes()) }
}

fn format_and_print(rt: &mut Runtime, values: &[Value], to_stderr: bool) -> JsResult {
    let text = inspect::format(rt, values)?;
    print(rt, &text, to_stderr);
    if rt.host.reader_gone {
        return rt.terminate(Termination::Exit(1));
    }
    Ok(Value::UNDEFINED)
}

/// `console.log`, `info`, `debug`.
pub fn log(rt: &mut Runtime, args: &Args) -> JsResult {
    format_and_print(rt, args.all(), false)
}
/// `console.error`, `warn`.
pub fn error(rt: &mut Runtime, args: &Args) -> JsResult {
    format_and_print(rt, args.all(), true)
}

/// `console.trace`.
pub fn trace(rt: &mut Runtime, args: &Args) -> JsResult {
    let mut text = inspect::format(rt, args.all())?;
    text = if text.is_empty() { "Trace".into() } else { format!("Trace: {text}") };
    for f in (rt.hooks.stack_trace)(rt, 10) {
        text.push_str(&format!("\n    at {f}"));
    }
    print(rt, &text, true);
    Ok(Value::UNDEFINED)
}

/// `console.assert`.
pub fn assert(rt: &mut Runtime, args: &Args) -> JsResult {
    if to_boolean(args.get(0)) {
        return Ok(Value::UNDEFINED);
    }
    let rest = args.rest(1);
    let Some((first, others)) = rest.split_first() else {
        print(rt, "Assertion failed", true);
        return Ok(Value::UNDEFINED);
    };
    // The first message becomes text, and with it possibly the format.
    let first = convert::to_string(rt, *first)?.to_rust();
    let first = rt.string(&format!("Assertion failed: {first}"));
    let mut values = crate::runtime::rootvec::RootVec::new(&rt.heap);
    values.push(first);
    values.extend_from_slice(others);
    format_and_print(rt, &values, true)
}

/// `console.dir`.
pub fn dir(rt: &mut Runtime, args: &Args) -> JsResult {
    let mut options = Options::default();
    if let Some(o) = Obj::from_value(args.get(1)) {
        let depth = rt.get_str(o.value(), "depth")?;
        if depth.is_null() {
            options.depth = None;
        } else if depth.is_number() {
            options.depth = (depth.as_number().is_finite()).then(|| depth.as_number() as i64);
        }
        let hidden = rt.get_str(o.value(), "showHidden")?;
        options.show_hidden = to_boolean(hidden);
    }
    let text = inspect::inspect(rt, args.get(0), options)?;
    print(rt, &text, false);
    Ok(Value::UNDEFINED)
}

/// `console.group`.
pub fn group(rt: &mut Runtime, args: &Args) -> JsResult {
    if args.count() > 0 {
        format_and_print(rt, args.all(), false)?;
    }
    rt.host.indentation += 2;
    Ok(Value::UNDEFINED)
}
/// `console.groupEnd`.
pub fn group_end(rt: &mut Runtime, _args: &Args) -> JsResult {
    rt.host.indentation = rt.host.indentation.saturating_sub(2);
    Ok(Value::UNDEFINED)
}

fn label(rt: &mut Runtime, args: &Args) -> JsResult<String> {
    match args.get(0) {
        v if v.is_undefined() => Ok("default".into()),
        v => convert::to_string(rt, v).map(|s| s.to_rust()),
    }
}

/// Node's warnings about wrong labels, as it prints them on standard error.
fn warn(rt: &mut Runtime, text: &str) {
    let line = format!("(node:{}) Warning: {text}\n", std::process::id());
    rt.host.write_err(line.as_bytes());
}

/// `console.count`.
pub fn count(rt: &mut Runtime, args: &Args) -> JsResult {
    let label = label(rt, args)?;
    let n = match rt.host.counters.iter_mut().find(|(l, _)| *l == label) {
        Some((_, n)) => {
            *n += 1;
            *n
        }
        None => {
            rt.host.counters.push((label.clone(), 1));
            1
        }
    };
    print(rt, &format!("{label}: {n}"), false);
    Ok(Value::UNDEFINED)
}
/// `console.countReset`.
pub fn count_reset(rt: &mut Runtime, args: &Args) -> JsResult {
    let label = label(rt, args)?;
    let before = rt.host.counters.len();
    rt.host.counters.retain(|(l, _)| *l != label);
    if rt.host.counters.len() == before {
        warn(rt, &format!("Count for '{label}' does not exist"));
    }
    Ok(Value::UNDEFINED)
}

/// `console.time`.
pub fn time(rt: &mut Runtime, args: &Args) -> JsResult {
    let label = label(rt, args)?;
    if rt.host.timers.iter().any(|(l, _)| *l == label) {
        warn(rt, &format!("Label '{label}' already exists for console.time()"));
        return Ok(Value::UNDEFINED);
    }
    let now = (rt.hooks.now_ms)(rt);
    rt.host.timers.push((label, now));
    Ok(Value::UNDEFINED)
}

fn print_time(rt: &mut Runtime, args: &Args, method: &str, data: &[Value]) -> JsResult<Option<String>> {
    let label = label(rt, args)?;
    let Some(start) = rt.host.timers.iter().find(|(l, _)| *l == label).map(|(_, s)| *s) else {
        warn(rt, &format!("No such label '{label}' for console.{method}()"));
        return Ok(None);
    };
    let ms = (rt.hooks.now_ms)(rt) - start;
    let mut text = format!("{label}: {}", format_time(ms));
    if !data.is_empty() {
        text.push(' ');
        text.push_str(&inspect::format(rt, data)?);
    }
    print(rt, &text, false);
    Ok(Some(label))
}

fn format_time(ms: f64) -> String {
    if ms < 1000.0 {
        let text = crate::runtime::number::to_fixed(ms, 3);
        return format!("{}ms", text.trim_end_matches('0').trim_end_matches('.'));
    }
    if ms < 60_000.0 {
        return format!("{}s", crate::runtime::number::to_fixed(ms / 1000.0, 3));
    }
    let minutes = (ms / 60_000.0).floor();
    let seconds = crate::runtime::number::to_fixed(ms % 60_000.0 / 1000.0, 3);
    let seconds = format!("{seconds:0>6}");
    if minutes < 60.0 {
        return format!("{minutes}:{seconds} (m:ss.mmm)");
    }
    format!("{}:{:0>2}:{seconds} (h:mm:ss.mmm)", (minutes / 60.0).floor(), minutes % 60.0)
}

/// `console.timeEnd`.
pub fn time_end(rt: &mut Runtime, args: &Args) -> JsResult {
    if let Some(label) = print_time(rt, args, "timeEnd", &[])? {
        rt.host.timers.retain(|(l, _)| *l != label);
    }
    Ok(Value::UNDEFINED)
}
/// `console.timeLog`.
pub fn time_log(rt: &mut Runtime, args: &Args) -> JsResult {
    print_time(rt, args, "timeLog", args.rest(1))?;
    Ok(Value::UNDEFINED)
}

#[cfg(test)]
mod tests {
    use super::format_time;

    #[test]
    fn times_read_as_on_node() {
        assert_eq!(format_time(0.1234), "0.123ms");
        assert_eq!(format_time(12.0), "12ms");
        assert_eq!(format_time(1500.0), "1.500s");
        assert_eq!(format_time(61_500.0), "1:01.500 (m:ss.mmm)");
    }
}
