//! The same program, every tier, every policy, every stress mode: the output is Node's.
//!
//! Flows in: the programs of `lang/` with their recordings (`NAME.out`, made by `lang/record.sh` from Node), and the
//! headers `// exit: N` and `// stderr: TEXT`. Flows out: for each mode, the programs whose standard output or exit code
//! is not the recorded one, with the first lines that differ and the command to repeat it. Where Node is installed, the
//! recordings themselves are held against it, so that nobody edits one by hand.
//!
//! One `#[test]` per mode, so `cargo test --test tiers tier_4` runs one. Two engines run at a time.
//!
//! | `PETREL_TIERS` | what runs |
//! |---|---|
//! | unset, `quick` | core modes on every program; the others on the `jit` programs and a rotating quarter of the rest |
//! | `full` | every mode on every program; those that collect at every allocation on all small programs |
//! | `emulated` | core modes on the `jit` programs and a sixth of the rest; the others on a sixth of the `jit` programs; those that collect at every allocation on a sixteenth of the small ones |
//! | a path fragment, such as `jit/osr` | every mode on the programs whose path contains it |

mod support;

use std::path::PathBuf;
use support::{Outcome, assert_none, difference, files, header, in_parallel, root, run, run_petrel};

/// A program with what it must do.
struct Program {
    path: PathBuf,
    stdout: String,
    code: i32,
    stderr: Vec<String>,
}

/// How much a mode is worth in the quick selection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Core,
    Extra,
    /// Collecting at every allocation makes a program thousands of times slower: the small ones only.
    Slow,
}

/// Programs that allocate or recurse so much that a collection at every allocation takes minutes.
const HEAVY: &[&str] = &["conformance/jit/", "conformance/library/", "storms/", "examples/", "stack_overflow"];

/// Programs of `lang/` that run; folders named `lib` hold modules that others require.
fn programs() -> Vec<Program> {
    let mut all = Vec::new();
    for folder in ["lang/conformance", "lang/examples", "lang/storms"] {
        for path in files(folder, "js") {
            if path.components().any(|part| part.as_os_str() == "lib") {
                continue;
            }
            let source = std::fs::read_to_string(root().join(&path)).expect("a readable program");
            let recording = path.with_extension("out");
            let stdout = std::fs::read_to_string(root().join(&recording))
                .unwrap_or_else(|_| panic!("{} is missing; run lang/record.sh", recording.display()));
            let code = header(&source, "exit").first().map_or(0, |code| code.parse().expect("an exit code"));
            all.push(Program { path, stdout, code, stderr: header(&source, "stderr") });
        }
    }
    assert!(all.len() > 150, "only {} programs were found", all.len());
    all
}

/// The programs that a mode runs on under the present `PETREL_TIERS`. `turn` rotates the share of the extra modes.
fn selected(weight: Weight, turn: usize) -> Vec<Program> {
    let selection = std::env::var("PETREL_TIERS").unwrap_or_default();
    let is_jit = |program: &Program| program.path.starts_with("lang/conformance/jit");
    let wanted = |(i, program): (usize, &Program)| match (selection.as_str(), weight) {
        ("full" | "" | "quick" | "emulated", Weight::Slow) => {
            let path = program.path.to_string_lossy();
            let every = match selection.as_str() {
                "full" => 1,
                "emulated" => 16,
                _ => 4,
            };
            !HEAVY.iter().any(|part| path.contains(part)) && (i + turn).is_multiple_of(every)
        }
        ("full", _) => true,
        ("" | "quick", Weight::Core) => true,
        ("" | "quick", Weight::Extra) => is_jit(program) || (i + turn).is_multiple_of(4),
        ("emulated", Weight::Core) => is_jit(program) || i.is_multiple_of(6),
        ("emulated", Weight::Extra) => is_jit(program) && (i + turn).is_multiple_of(6),
        (fragment, _) => program.path.to_string_lossy().contains(fragment),
    };
    let mut all = programs();
    let keep: Vec<bool> = all.iter().enumerate().map(wanted).collect();
    let mut keep = keep.into_iter();
    all.retain(|_| keep.next().expect("one answer per program"));
    all
}

/// What is wrong with an outcome, if anything.
fn complaint(program: &Program, outcome: &Outcome, command: &str) -> Option<String> {
    let mut problems = Vec::new();
    if outcome.timed_out {
        problems.push(format!("  did not end within {:?}", outcome.took));
    } else if outcome.code != Some(program.code) {
        let code = outcome.code.map_or("a signal".to_string(), |code| format!("exit code {code}"));
        problems.push(format!("  ended with {code}, not exit code {}", program.code));
    }
    let lines = difference(&program.stdout, &outcome.stdout);
    if !lines.is_empty() {
        problems.push(format!("  standard output (- recorded, + now):\n{lines}"));
    }
    for text in &program.stderr {
        if !outcome.stderr.contains(text) {
            problems.push(format!("  standard error lacks: {text}"));
        }
    }
    if problems.is_empty() {
        return None;
    }
    let stderr: Vec<&str> = outcome.stderr.lines().take(8).collect();
    if !stderr.is_empty() {
        problems.push(format!("  standard error began:\n    {}", stderr.join("\n    ")));
    }
    Some(format!("{command}\n{}", problems.join("\n")))
}

/// Runs the selected programs in one mode.
fn check_mode(flags: &[&str], weight: Weight, turn: usize) {
    let programs = selected(weight, turn);
    let complaints = in_parallel(&programs, |program| {
        let outcome = run_petrel(flags, &program.path);
        complaint(program, &outcome, &format!("petrel run {} {}", flags.join(" "), program.path.display()))
    });
    assert_none(complaints, programs.len());
}

/// One test per row: name, weight, flags.
macro_rules! modes {
    ($($name:ident $weight:ident $turn:literal [$($flag:literal)*])+) => {
        $(#[test]
        fn $name() {
            check_mode(&[$($flag),*], Weight::$weight, $turn);
        })+
    };
}

modes! {
    tier_0 Core 0 ["--tier-max=0"]
    tier_1 Extra 1 ["--tier-max=1" "--stress=thresholds"]
    tier_2 Extra 2 ["--tier-max=2" "--stress=thresholds"]
    tier_3 Core 3 ["--tier-max=3" "--stress=thresholds"]
    tier_4_at_once Core 0 ["--tier-max=4" "--stress=thresholds,sync"]
    tier_4_in_background Extra 1 ["--tier-max=4" "--stress=thresholds"]
    defaults Core 2 []
    low_thresholds Extra 3 ["--compile-threshold-scaling=0.02" "--sync"]
    without_osr Extra 0 ["--osr=off" "--compile-threshold-scaling=0.02"]
    without_inlining Extra 1 ["--inline=off" "--compile-threshold-scaling=0.02" "--sync"]
    policy_hotspot Extra 2 ["--policy=hotspot" "--compile-threshold-scaling=0.01"]
    policy_naive Extra 3 ["--policy=naive" "--compile-threshold-scaling=0.05"]
    policy_v8 Extra 0 ["--policy=v8" "--compile-threshold-scaling=0.02"]
    policy_graal Extra 1 ["--policy=graal" "--compile-threshold-scaling=0.02"]
    policy_backoff Extra 2 ["--policy=backoff" "--stress=thresholds,sync"]
    policy_deoptless Extra 3 ["--policy=deoptless" "--stress=thresholds,sync"]
    deoptless_gc Slow 0 ["--policy=deoptless" "--stress=gc,sync" "--compile-threshold-scaling=0.02"]
    deterministic Extra 0 ["--deterministic"]
    stress_gc_interpreter Slow 1 ["--tier-max=0" "--stress=gc"]
    stress_gc Slow 2 ["--stress=gc,sync" "--compile-threshold-scaling=0.02"]
    stress_exits_all Core 3 ["--stress=exits=all,sync" "--compile-threshold-scaling=0.02"]
    stress_exits_nth Extra 0 ["--stress=exits=7,sync" "--compile-threshold-scaling=0.02"]
    stress_tiny_cache Extra 1 ["--stress=tiny-cache,thresholds"]
    compiler_disabled_when_full Extra 2 ["--stress=tiny-cache,thresholds" "--code-cache-flushing=off"]
    stress_everything Slow 3 ["--stress=gc,exits=13,tiny-cache,sync" "--compile-threshold-scaling=0.02"]
}

/// The recordings are what Node prints, where Node is installed in the version they were made with.
#[test]
fn recordings_are_nodes() {
    let version = std::process::Command::new("node").arg("--version").output();
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_string()).unwrap_or_default();
    if !version.starts_with("v20.") || support::emulated() {
        println!("Node 20 is not installed ({version:?}); the recordings stand for it");
        return;
    }
    let programs = selected(Weight::Core, 0);
    let complaints = in_parallel(&programs, |program| {
        let outcome = run(std::process::Command::new("node").current_dir(root()).arg(&program.path));
        complaint(program, &outcome, &format!("node {}", program.path.display()))
    });
    assert_none(complaints, programs.len());
}

/// Every recording belongs to a program.
#[test]
fn no_recording_is_left_over() {
    for recording in files("lang", "out") {
        let program = root().join(&recording).with_extension("js");
        assert!(program.exists(), "{} has no program", recording.display());
    }
}
