//! Deterministic mode: the same program, policy and seed give the same recording, byte for byte.
//!
//! The virtual clock advances by bytecodes, compile latency is modelled, nothing depends on addresses, threads or the
//! time of day. The recordings are also read back (`petrel events`), so that two empty files do not count as equal.
//!
//! `PETREL_OTHER` names another engine, built for another target. Its recordings are the same but for what is measured in
//! bytes of machine code.

mod support;

use serde_json::{Map, Value as Json};
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{files, petrel, root, run, scratch};

const PROGRAMS: [&str; 6] = [
    "lang/storms/type-flip/broken.js",
    "lang/storms/late-property/broken.js",
    "lang/storms/redefined-method/broken.js",
    "lang/examples/shapes.js",
    "lang/examples/osr.js",
    "lang/conformance/jit/gc_pressure.js",
];

/// Records a run and gives the bytes of the recording.
fn record(program: &str, flags: &[&str], name: &str) -> (PathBuf, Vec<u8>) {
    record_with(petrel(), program, flags, name)
}

/// The same on an engine of one's choice.
fn record_with(mut engine: Command, program: &str, flags: &[&str], name: &str) -> (PathBuf, Vec<u8>) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(folder).expect("a folder for recordings");
    let path = folder.join(name);
    let outcome = run(engine.args(["run", "--deterministic"]).args(flags).arg("--record").arg(&path).arg(program));
    assert_eq!(outcome.code, Some(0), "{program}: {}", outcome.stderr);
    let expected = std::fs::read_to_string(root().join(program).with_extension("out")).expect("a recording");
    assert_eq!(outcome.stdout, expected, "{program}");
    let bytes = std::fs::read(&path).expect("a recording");
    (path, bytes)
}

fn assert_repeatable(policy: &str) {
    for (i, program) in PROGRAMS.iter().enumerate() {
        let flags = [&format!("--policy={policy}")[..], "--seed=7"];
        let (path, first) = record(program, &flags, &format!("{policy}-{i}-a.petrel-rec"));
        let (_, second) = record(program, &flags, &format!("{policy}-{i}-b.petrel-rec"));
        assert!(first == second, "{program} under {policy}: two recordings differ");
        let events = run(petrel().arg("events").arg(&path));
        assert_eq!(events.code, Some(0), "{}", events.stderr);
        for word in ["run_ended", "compile_finished"] {
            assert!(events.stdout.contains(word), "{program} under {policy}: no {word} in the recording");
        }
    }
}

#[test]
fn petrel_policy() {
    assert_repeatable("petrel");
}

#[test]
fn hotspot_policy() {
    assert_repeatable("hotspot");
}

#[test]
fn naive_policy() {
    assert_repeatable("naive");
}

/// A large environment and another folder: programs that do not look at them are recorded the same.
#[test]
fn the_environment_does_not_show() {
    for (i, program) in PROGRAMS.iter().enumerate() {
        let elsewhere = || {
            let mut engine = petrel();
            for n in 0..300 {
                engine.env(format!("PETREL_TEST_{n}"), "value ".repeat(n));
            }
            engine.current_dir(env!("CARGO_TARGET_TMPDIR"));
            engine
        };
        let absolute = root().join(program);
        let absolute = absolute.to_str().expect("a path of text");
        let (_, here) = record(absolute, &[], &format!("environment-{i}-a.petrel-rec"));
        let (_, there) = record_with(elsewhere(), absolute, &[], &format!("environment-{i}-b.petrel-rec"));
        assert!(here == there, "{program}: the recordings differ");
    }
}

/// Randomness is seeded: the same seed gives the same numbers, another seed others.
#[test]
fn the_seed_decides_random_numbers() {
    let source = "'use strict';\nconsole.log(Math.random(), Math.random(), Date.now(), performance.now());\n";
    let program = scratch("random.js", source);
    let print = |seed: &str| run(petrel().args(["run", "--deterministic", seed]).arg(&program)).stdout;
    assert_eq!(print("--seed=1"), print("--seed=1"));
    assert_ne!(print("--seed=1"), print("--seed=2"));
}

/// The fields of events that say how large machine code is and where it lies.
const MEASURES_OF_CODE: [&str; 7] =
    ["code_bytes", "exit_bytes", "bytes", "region_offset", "used_bytes", "largest_free_bytes", "cache_bytes"];

/// The events of a recording as an engine reads them, one after the other, without those fields.
fn events(mut engine: Command, recording: &Path) -> Vec<Map<String, Json>> {
    let outcome = run(engine.args(["events", "--json"]).arg(recording));
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let parsed = outcome.stdout.lines().map(|line| serde_json::from_str(line).expect("a JSON object per line"));
    parsed
        .map(|mut event: Map<String, Json>| {
            event.retain(|field, _| !MEASURES_OF_CODE.contains(&field.as_str()));
            event
        })
        .collect()
}

/// Programs that fill the code cache do not: there the sizes decide what is evicted, and when.
#[test]
fn the_engine_of_another_target_records_the_same_events() {
    let Some(other) = std::env::var_os("PETREL_OTHER") else {
        println!("PETREL_OTHER names no engine to compare with");
        return;
    };
    let storms = files("lang/storms", "js").into_iter().map(|path| path.to_string_lossy().into_owned());
    let programs = storms.filter(|path| path.ends_with("/broken.js"));
    for program in programs.chain(PROGRAMS.map(str::to_string)) {
        let other = || {
            let mut engine = Command::new(&other);
            engine.current_dir(root());
            engine
        };
        let (here, _) = record(&program, &[], "here.petrel-rec");
        let (there, _) = record_with(other(), &program, &[], "there.petrel-rec");
        // Both read by the other one, which need not be emulated.
        let (here, there) = (events(other(), &here), events(other(), &there));
        let different = here.iter().zip(&there).find(|(a, b)| a != b);
        assert!(different.is_none(), "{program}: {different:?}");
        assert_eq!(here.len(), there.len(), "{program}");
        assert!(here.len() > 50, "{program}: {} events", here.len());
    }
}
