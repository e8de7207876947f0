//! Events in the shape of `jfr print --json`: `{"recording": {"events": [{"type", "values"}]}}`, with JFR's names of
//! events and fields, so that scripts made for HotSpot's recordings find what they look for.

use crate::events::Event;
use crate::observe::model::Model;
use crate::observe::names::Names;
use crate::vocab::{FunctionId, Segment, Tier};
use serde_json::{Value, json};
use std::io::{self, Write};

/// A method as JFR describes one: a function's class is its file.
fn method(names: &Names, function: FunctionId) -> Value {
    let file = names.file(function);
    let class = file.strip_suffix(".js").unwrap_or(file);
    json!({
        "type": { "name": class, "package": { "name": "" } },
        "name": names.name(function), "descriptor": "()", "modifiers": 0, "hidden": false,
    })
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
    let mut first = true;
    for stamped in &model.recording.events {
        for (kind, mut values) in events(model, &stamped.event) {
            values["startTime"] = json!(seconds(stamped.time_ns));
            let comma = if std::mem::take(&mut first) { "" } else { ",\n" };
            write!(out, "{comma}{}", json!({ "type": kind, "values": values }))?;
        }
    }
    writeln!(out, "\n]}}}}")
}

/// A duration as JFR writes it in JSON.
fn seconds(ns: u64) -> String {
    format!("PT{}.{:09}S", ns / 1_000_000_000, ns % 1_000_000_000)
}

fn events(model: &Model, event: &Event) -> Vec<(&'static str, Value)> {
    let names = &model.names;
    match event {
        Event::Deoptimized { compile, function, site, reason, action, .. } => {
            let tier = model.compiles.get(compile).map_or(Tier::Optimized, |compile| compile.tier);
            vec![(
                "jdk.Deoptimization",
                json!({
                    "compileId": compile.as_u32(), "compiler": compiler(tier), "method": method(names, *function),
                    "lineNumber": site.line, "bci": site.offset, "instruction": "",
                    "reason": reason.hotspot_name(), "action": action.name(),
                }),
            )]
        }
        Event::CompileFinished { compile, function, tier, osr_offset, code_bytes, inlined_bytecodes, ns, .. } => {
            vec![(
                "jdk.Compilation",
                json!({
                    "compileId": compile.as_u32(), "compiler": compiler(*tier), "method": method(names, *function),
                    "compileLevel": tier.level(), "succeded": true, "isOsr": osr_offset.is_some(),
                    "codeSize": code_bytes, "inlinedBytes": inlined_bytecodes, "duration": seconds(*ns),
                }),
            )]
        }
        Event::CompileRefused { compile, function, tier, osr_offset, reason, ns, .. } => {
            let failure = json!({ "compileId": compile.as_u32(), "failureMessage": reason.describe() });
            vec![
                (
                    "jdk.Compilation",
                    json!({
                        "compileId": compile.as_u32(), "compiler": compiler(*tier), "method": method(names, *function),
                        "compileLevel": tier.level(), "succeded": false, "isOsr": osr_offset.is_some(),
                        "codeSize": 0, "inlinedBytes": 0, "duration": seconds(*ns),
                    }),
                ),
                ("jdk.CompilationFailure", failure),
            ]
        }
        Event::InlineDecision { compile, site, callee, verdict, .. } => {
            let callee = callee.map_or(Value::Null, |callee| method(names, callee));
            vec![(
                "jdk.CompilerInlining",
                json!({
                    "compileId": compile.as_u32(), "caller": method(names, site.function), "callee": callee,
                    "succeeded": verdict.name().starts_with("inlined"), "message": verdict.name(), "bci": site.offset,
                }),
            )]
        }
        Event::CacheUsage { segment, used_bytes, capacity_bytes, blobs, .. } => vec![(
            "jdk.CodeCacheStatistics",
            json!({
                "codeBlobType": code_heap(*segment), "startAddress": model.region_base,
                "reservedTopAddress": model.region_base + capacity_bytes, "entryCount": blobs,
                "methodCount": if *segment == Segment::NonMethod { 0 } else { *blobs },
                "adaptorCount": if *segment == Segment::NonMethod { *blobs } else { 0 },
                "unallocatedCapacity": capacity_bytes.saturating_sub(*used_bytes), "fullCount": 0,
            }),
        )],
        Event::CompilerDisabled { segment } => {
            vec![("jdk.CodeCacheFull", json!({ "codeBlobType": code_heap(*segment), "fullCount": 1 }))]
        }
        Event::GarbageCollected { kind, pause_ns, .. } => {
            vec![("jdk.GarbageCollection", json!({ "name": kind.name(), "sumOfPauses": seconds(*pause_ns) }))]
        }
        _other_events => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::codec::Recording;
    use crate::observe::samples;

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
        assert_eq!(deopt["values"]["startTime"], "PT0.012000000S");
    }
}
