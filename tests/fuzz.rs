//! The fuzzer, bounded: a fixed stream of programs, a few modes each. More by hand:
//!
//! ```sh
//! cargo run --release --bin petrel-fuzz -- --seconds 3600 --seed 7
//! ```

mod support;

use std::path::Path;
use std::process::Command;

/// Programs of the stream; each runs in five modes or so.
const PROGRAMS: &str = "40";

#[test]
fn programs_that_nobody_wrote() {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    let mut command = Command::new(env!("CARGO_BIN_EXE_petrel-fuzz"));
    command.args([
        "--seed",
        "20",
        "--programs",
        PROGRAMS,
        "--modes",
        "2",
        "--shrink",
        "10",
        "--stop-after",
        "3",
        "--out",
    ]);
    let outcome = support::run(command.arg(out));
    let ran = outcome.stdout.contains(&format!("{PROGRAMS} programs"));
    assert!(outcome.code == Some(0) && ran, "{}\n{}", outcome.stdout, outcome.stderr);
}

#[test]
fn a_seed_makes_the_same_program_every_time() {
    let print = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_petrel-fuzz"));
        support::run(
            command
                .args(["--seed", "20", "--first", "5", "--programs", "1", "--print", "--out"])
                .arg(env!("CARGO_TARGET_TMPDIR")),
        )
        .stdout
    };
    let program = print();
    assert!(program.contains("'use strict';"), "{program}");
    assert_eq!(program, print());
}
