//! Event transcripts: what must happen, in which order, when a small program runs in deterministic mode.
//!
//! A transcript is the recording of a run, reduced to one short line per event that matters, with functions by name:
//!
//! ```text
//! compile add 3          code for tier 3 is ready
//! osr main 4             a running loop moved into tier 4
//! deopt add:2 not-int32  optimized code was left: function, line, reason
//! invalid NAME           an assumption fell
//! discard add 4          code may not be entered any more
//! given-up add           the optimizer will not try again
//! ```
//!
//! The transcript stands in the test, so that a change of policy shows as a change of story. `petrel events --json FILE`
//! gives one JSON object per event and line.

mod support;

use serde_json::Value as Json;
use std::collections::HashMap;
use std::path::Path;
use support::{difference, petrel, run, scratch};

/// Records a program in deterministic mode and reduces the recording.
fn transcript(name: &str, flags: &[&str], source: &str) -> String {
    let program = scratch(&format!("{name}.js"), source);
    let recording = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.petrel-rec"));
    let outcome =
        run(petrel().args(["run", "--deterministic"]).args(flags).arg("--record").arg(&recording).arg(&program));
    assert_eq!(outcome.code, Some(0), "{name}: {}", outcome.stderr);
    let events = run(petrel().args(["events", "--json"]).arg(&recording));
    assert_eq!(events.code, Some(0), "{name}: {}", events.stderr);
    let mut functions = HashMap::new();
    let mut lines = String::new();
    for line in events.stdout.lines() {
        let event: Json = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        if event["event"] == "function_registered" {
            functions.insert(event["function"].to_string(), event["name"].as_str().unwrap_or_default().to_string());
        }
        if let Some(line) = reduce(&event, &functions) {
            lines.push_str(&line);
            lines.push('\n');
        }
    }
    lines
}

/// The line of one event, if it has one.
fn reduce(event: &Json, functions: &HashMap<String, String>) -> Option<String> {
    let name_of = |id: &Json| match functions.get(&id.to_string()).map(String::as_str) {
        Some("") | None => "main".to_string(),
        Some(name) => name.to_string(),
    };
    let function = name_of(&event["function"]);
    let tier = |key: &str| level(&event[key]);
    let line = match event["event"].as_str().expect("an event has a name") {
        "compile_finished" => format!("compile {function} {}", tier("tier")),
        "osr_entered" => format!("osr {} {}", name_of(&event["site"]["function"]), tier("to")),
        "deoptimized" => {
            let site = &event["site"];
            format!("deopt {}:{} {}", name_of(&site["function"]), site["line"], word(&event["reason"]))
        }
        "assumption_invalidated" => format!("invalid {}", event["key"].as_str().unwrap_or_default()),
        "code_not_entrant" => format!("discard {function} {}", tier("tier")),
        "function_given_up" => format!("given-up {function}"),
        _ => return None,
    };
    Some(line)
}

/// A name as the vocabulary writes it, whether it was serialized by name or by variant.
fn word(value: &Json) -> String {
    let text = value.as_str().unwrap_or_default();
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            out.push('-');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// A tier as its level.
fn level(value: &Json) -> String {
    match word(value).as_str() {
        "interpreter" => "0".to_string(),
        "baseline" => "1".to_string(),
        "baseline-counters" => "2".to_string(),
        "baseline-profiling" => "3".to_string(),
        "optimized" => "4".to_string(),
        _ => value.to_string(),
    }
}

fn assert_transcript(name: &str, flags: &[&str], source: &str, expected: &str) {
    let expected: String = expected.lines().map(|line| format!("{}\n", line.trim())).collect();
    let got = transcript(name, flags, source);
    assert!(got == expected, "{name}:\n{}\nthe whole transcript:\n{got}", difference(&expected, &got));
}

const ALONE: [&str; 3] = ["--osr=off", "--inline=off", "--policy=petrel"];

#[test]
fn a_function_climbs_and_stays() {
    assert_transcript(
        "climbs",
        &ALONE,
        "'use strict';
function add(a, b) { return a + b; }
let s = 0;
for (let i = 0; i < 30000; i++) s = add(s, 1);
console.log(s);
",
        "compile add 3
        compile add 4",
    );
}

#[test]
fn a_type_flip_is_learnt_after_one_deopt() {
    assert_transcript(
        "flip",
        &ALONE,
        "'use strict';
function twice(a) { return a + a; }
let n = 0;
for (let i = 0; i < 30000; i++) n = twice(i & 7);
let t = '';
for (let i = 0; i < 30000; i++) t = twice('x');
console.log(n, t);
",
        "compile twice 3
        compile twice 4
        deopt twice:2 not-int32
        discard twice 4
        compile twice 4",
    );
}

#[test]
fn a_reassigned_binding_pulls_the_code_away() {
    assert_transcript(
        "binding",
        &ALONE,
        "'use strict';
let factor = 3;
function scale(x) { return x * factor; }
let s = 0;
for (let i = 0; i < 30000; i++) s += scale(i & 3);
factor = 4;
for (let i = 0; i < 30000; i++) s += scale(i & 3);
console.log(s);
",
        "compile scale 3
        compile scale 4
        discard scale 4
        invalid factor
        compile scale 4",
    );
}

#[test]
fn the_naive_policy_loops() {
    let lines = transcript(
        "loops",
        &["--osr=off", "--inline=off", "--policy=naive"],
        "'use strict';
function twice(a) { return a + a; }
let n = 0;
for (let i = 0; i < 30000; i++) n = twice(i & 7);
for (let i = 0; i < 150000; i++) n = twice('x');
console.log(n);
",
    );
    let deopts = lines.lines().filter(|line| *line == "deopt twice:2 not-int32").count();
    let compiles = lines.lines().filter(|line| *line == "compile twice 4").count();
    assert!(deopts >= 20, "{deopts} deopts:\n{lines}");
    assert!(compiles >= deopts, "{compiles} compiles after {deopts} deopts");
}

/// The loop around has optimized code again before it comes back to the branch: the exit itself has to say that it is taken.
#[test]
fn a_branch_that_only_optimized_code_reaches_is_learnt() {
    let lines = transcript(
        "branch",
        &["--policy=v8", "--sync", "--compile-threshold-scaling=0.003", "--stress=thresholds"],
        "'use strict';
let notes = 0, sum = 0;
function note(v) {
  if (notes++ < 60) sum += v;
}
function sweep(n) {
  for (let i = 0; i < n; i++) note(i);
}
for (let k = 0; k < 400; k++) sweep(20);
console.log(notes, sum);
",
    );
    let deopts = lines.lines().filter(|line| line.contains("never-taken-branch")).count();
    assert!((1..10).contains(&deopts), "{deopts} deopts:\n{lines}");
}
