//! Events in the shape of `jfr print --json`: `{"recording": {"events": [{"type", "values"}]}}`, with JFR's names of
//! events and fields, so that scripts made for HotSpot's recordings find what they look for.

use crate::events::{Event, SourceSite};
use crate::observe::model::Model;
use crate::observe::names::Names;
use crate::vocab::{FunctionId, Segment, Tier};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, Write};

/// A function's class is its file.
fn class(names: &Names, function: FunctionId) -> &str {
    let file = names.file(function);
    file.strip_suffix(".js").unwrap_or(file)
}

/// A method as JFR describes one.
fn method(names: &Names, function: FunctionId) -> Value {
    json!({
        "type": {
            "classLoader": null, "name": class(names, function), "package": { "name": "" },
            "modifiers": 0, "hidden": false,
        },
        "name": names.name(function), "descriptor": DESCRIPTOR, "modifiers": 0, "hidden": false,
    })
}

/// Parameters and results have no types here; a reader of descriptors wants one that it can parse.
const DESCRIPTOR: &str = "()V";

fn thread(name: &str, id: u32) -> Value {
    json!({ "osName": name, "osThreadId": id, "javaName": name, "javaThreadId": id, "group": null })
}

fn program_thread() -> Value {
    thread("main", 1)
}

fn compiler_thread(tier: Tier) -> Value {
    match tier {
        Tier::Optimized => thread("C2 CompilerThread0", 2),
        Tier::Interpreter | Tier::Baseline | Tier::BaselineCounters | Tier::BaselineProfiling => {
            thread("C1 CompilerThread0", 3)
        }
    }
}

/// Frames from the innermost: the last one has code of its own, the others were inlined into it.
fn stack_trace(names: &Names, innermost: &SourceSite, callers: &[SourceSite]) -> Value {
    let frame = |(i, site): (usize, &SourceSite)| {
        json!({
            "method": method(names, site.function), "lineNumber": site.line, "bytecodeIndex": site.offset,
            "type": if i == callers.len() { "JIT compiled" } else { "Inlined" },
        })
    };
    let frames: Vec<_> = std::iter::once(innermost).chain(callers).enumerate().map(frame).collect();
    json!({ "truncated": true, "frames": frames })
}

const fn compiler(tier: Tier) -> &'static str {
    match tier {
        Tier::Interpreter => "none",
        Tier::Baseline | Tier::BaselineCounters | Tier::BaselineProfiling => "c1",
        Tier::Optimized => "c2",
    }
}

const fn code_heap(segment: Segment) -> &'static str {
    match segment {
        Segment::NonMethod => "CodeHeap 'non-nmethods'",
        Segment::Profiled => "CodeHeap 'profiled nmethods'",
        Segment::NonProfiled => "CodeHeap 'non-profiled nmethods'",
    }
}

/// Writes it.
pub fn write(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{{\"recording\":{{\"events\":[")?;
    let started_ns = u128::from(model.started_unix_ms()) * 1_000_000;
    let mut first = true;
    let mut so_far = SoFar::default();
    for stamped in &model.recording.events {
        for (kind, mut values) in events(model, &mut so_far, &stamped.event) {
            values["startTime"] = json!(date_time(started_ns + u128::from(stamped.time_ns)));
            let comma = if std::mem::take(&mut first) { "" } else { ",\n" };
            write!(out, "{comma}{}", json!({ "type": kind, "values": values }))?;
        }
    }
    writeln!(out, "\n]}}}}")
}

/// What later events refer to.
#[derive(Default)]
struct SoFar {
    /// What each code heap was last said to hold, in JFR's words.
    heaps: HashMap<Segment, Value>,
    /// How often each was full.
    full: HashMap<Segment, u32>,
    collections: u32,
}

/// A duration as JFR writes it in JSON.
fn seconds(ns: u64) -> String {
    format!("PT{}.{:09}S", ns / 1_000_000_000, ns % 1_000_000_000)
}

/// A moment as JFR writes it in JSON, from nanoseconds since 1970.
fn date_time(unix_ns: u128) -> String {
    let (seconds, ns) = (unix_ns / 1_000_000_000, unix_ns % 1_000_000_000);
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Years that begin in March, in periods of four hundred (Howard Hinnant's civil_from_days).
    let days = days + 719_468;
    let (period, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + 400 * period + u128::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ns:09}Z")
}

fn events(model: &Model, so_far: &mut SoFar, event: &Event) -> Vec<(&'static str, Value)> {
    let names = &model.names;
    match event {
        Event::Deoptimized { compile, site, callers, reason, action, .. } => {
            let tier = model.compiles.get(compile).map_or(Tier::Optimized, |compile| compile.tier);
            vec![(
                "jdk.Deoptimization",
                json!({
                    "eventThread": program_thread(), "stackTrace": stack_trace(names, site, callers),
                    "compileId": compile.as_u32(), "compiler": compiler(tier), "method": method(names, site.function),
                    "lineNumber": site.line, "bci": site.offset, "instruction": "",
                    "reason": reason.hotspot_name(), "action": action.name(),
                }),
            )]
        }
        Event::CompileFinished { compile, function, tier, osr_offset, code_bytes, inlined_bytecodes, ns, .. } => {
            vec![(
                "jdk.Compilation",
                json!({
                    "eventThread": compiler_thread(*tier),
                    "compileId": compile.as_u32(), "compiler": compiler(*tier), "method": method(names, *function),
                    "compileLevel": tier.level(), "succeded": true, "isOsr": osr_offset.is_some(),
                    "codeSize": code_bytes, "inlinedBytes": inlined_bytecodes, "duration": seconds(*ns),
                }),
            )]
        }
        Event::CompileRefused { compile, function, tier, osr_offset, reason, ns, .. } => {
            let failure = json!({
                "eventThread": compiler_thread(*tier), "compileId": compile.as_u32(),
                "failureMessage": reason.describe(),
            });
            vec![
                (
                    "jdk.Compilation",
                    json!({
                        "eventThread": compiler_thread(*tier),
                        "compileId": compile.as_u32(), "compiler": compiler(*tier), "method": method(names, *function),
                        "compileLevel": tier.level(), "succeded": false, "isOsr": osr_offset.is_some(),
                        "codeSize": 0, "inlinedBytes": 0, "duration": seconds(*ns),
                    }),
                ),
                ("jdk.CompilationFailure", failure),
            ]
        }
        Event::InlineDecision { compile, site, callee, verdict, .. } => {
            let callee = callee.map_or(
                Value::Null,
                |callee| json!({ "type": class(names, callee), "name": names.name(callee), "descriptor": DESCRIPTOR }),
            );
            vec![(
                "jdk.CompilerInlining",
                json!({
                    "eventThread": compiler_thread(Tier::Optimized),
                    "compileId": compile.as_u32(), "caller": method(names, site.function), "callee": callee,
                    "succeeded": verdict.name().starts_with("inlined"), "message": verdict.name(), "bci": site.offset,
                }),
            )]
        }
        Event::CacheUsage { segment, used_bytes, capacity_bytes, blobs, .. } => {
            let heap = json!({
                "codeBlobType": code_heap(*segment), "startAddress": model.region_base,
                "reservedTopAddress": model.region_base + capacity_bytes, "entryCount": blobs,
                "methodCount": if *segment == Segment::NonMethod { 0 } else { *blobs },
                "adaptorCount": if *segment == Segment::NonMethod { *blobs } else { 0 },
                "unallocatedCapacity": capacity_bytes.saturating_sub(*used_bytes),
                "fullCount": so_far.full.get(segment).copied().unwrap_or(0),
            });
            so_far.heaps.insert(*segment, heap.clone());
            vec![("jdk.CodeCacheStatistics", heap)]
        }
        Event::CompilerDisabled { segment } => {
            let full = so_far.full.entry(*segment).or_default();
            *full += 1;
            let unknown = json!({
                "codeBlobType": code_heap(*segment), "startAddress": model.region_base,
                "reservedTopAddress": model.region_base, "entryCount": 0, "methodCount": 0, "adaptorCount": 0,
                "unallocatedCapacity": 0,
            });
            let mut heap = so_far.heaps.get(segment).cloned().unwrap_or(unknown);
            // JFR's own spelling.
            heap["commitedTopAddress"] = heap["reservedTopAddress"].clone();
            let address = |field: &str| heap[field].as_u64().unwrap_or(0);
            heap["codeCacheMaxCapacity"] = json!(address("reservedTopAddress") - address("startAddress"));
            heap["fullCount"] = json!(*full);
            heap["eventThread"] = compiler_thread(Tier::Optimized);
            vec![("jdk.CodeCacheFull", heap)]
        }
        Event::GarbageCollected { kind, pause_ns, .. } => {
            so_far.collections += 1;
            let pause = seconds(*pause_ns);
            vec![(
                "jdk.GarbageCollection",
                json!({
                    "duration": pause, "gcId": so_far.collections - 1, "name": kind.name(), "cause": "Allocation Failure",
                    "sumOfPauses": pause, "longestPause": pause,
                }),
            )]
        }
        _other_events => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::codec::Recording;
    use crate::observe::samples;

    // As `jfr print --json` of a recording of JDK 17 has them.
    const FIELDS_OF_A_DEOPT: [&str; 11] = [
        "action",
        "bci",
        "compileId",
        "compiler",
        "eventThread",
        "instruction",
        "lineNumber",
        "method",
        "reason",
        "stackTrace",
        "startTime",
    ];
    const FIELDS_OF_A_COMPILE: [&str; 11] = [
        "codeSize",
        "compileId",
        "compileLevel",
        "compiler",
        "duration",
        "eventThread",
        "inlinedBytes",
        "isOsr",
        "method",
        "startTime",
        "succeded",
    ];

    fn fields(object: &Value) -> Vec<&str> {
        let mut names: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn deopts_have_jfrs_fields() {
        let recording = Recording { header: json!({}), events: samples::story(), truncated: false };
        let mut text = Vec::new();
        write(&Model::of(&recording), &mut text).unwrap();
        let json: Value = serde_json::from_slice(&text).unwrap();
        let events = json["recording"]["events"].as_array().unwrap();
        let deopt = events.iter().find(|event| event["type"] == "jdk.Deoptimization").unwrap();
        assert_eq!(deopt["values"]["reason"], "class_check");
        assert_eq!(deopt["values"]["lineNumber"], 19);
        assert_eq!(fields(&deopt["values"]), FIELDS_OF_A_DEOPT);
        let frame = &deopt["values"]["stackTrace"]["frames"][0];
        assert_eq!(fields(frame), ["bytecodeIndex", "lineNumber", "method", "type"]);
        assert_eq!(fields(&frame["method"]), ["descriptor", "hidden", "modifiers", "name", "type"]);
        let compile = events.iter().find(|event| event["type"] == "jdk.Compilation").unwrap();
        assert_eq!(fields(&compile["values"]), FIELDS_OF_A_COMPILE);
        assert_eq!(deopt["values"]["startTime"], "1970-01-01T00:00:00.012000000Z");
    }

    #[test]
    fn moments_are_dates() {
        assert_eq!(date_time(951_782_400_000_000_001), "2000-02-29T00:00:00.000000001Z");
        assert_eq!(date_time(1_798_761_599_999_999_999), "2026-12-31T23:59:59.999999999Z");
        assert_eq!(date_time(4_107_542_400_000_000_000), "2100-03-01T00:00:00.000000000Z");
    }
}
