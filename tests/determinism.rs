//! Deterministic mode: the same program, policy and seed give the same recording, byte for byte.
//!
//! The virtual clock advances by bytecodes, compile latency is modelled, nothing depends on addresses, threads or the
//! time of day. The recordings are also read back (`petrel events`), so that two empty files do not count as equal.

mod support;

use std::path::{Path, PathBuf};
use support::{petrel, root, run};

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
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(folder).expect("a folder for recordings");
    let path = folder.join(name);
    let outcome = run(petrel().args(["run", "--deterministic"]).args(flags).arg("--record").arg(&path).arg(program));
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

/// Randomness is seeded: the same seed gives the same numbers, another seed others.
#[test]
fn the_seed_decides_random_numbers() {
    let source = "'use strict';\nconsole.log(Math.random(), Math.random(), Date.now(), performance.now());\n";
    let program = support::scratch("random.js", source);
    let print = |seed: &str| run(petrel().args(["run", "--deterministic", seed]).arg(&program)).stdout;
    assert_eq!(print("--seed=1"), print("--seed=1"));
    assert_ne!(print("--seed=1"), print("--seed=2"));
}
