//! No mapping of the engine is ever writable and executable at once.
//!
//! A program that compiles all the time (many functions, every tier, a code cache so small that code is evicted and
//! installed again) runs while its `/proc/PID/maps` is read over and over. The test also demands that code was seen in
//! an executable mapping that is no file's, so that it cannot pass on an engine that compiles nothing.

#![cfg(target_os = "linux")]

mod support;

use std::fmt::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};
use support::{emulated, petrel, scratch};

/// Three hundred functions, each of them hot, in rounds.
fn busy_program() -> String {
    let mut source = String::from("'use strict';\nconst all = [];\n");
    for i in 0..300 {
        writeln!(
            source,
            "all.push(function f{i}(a, o) {{ let s = {i}; for (let k = 0; k < 40; k++) {{ s = (s + a * k) | 0; o.x = s; s ^= o.y + {i}; }} return s; }});"
        )
        .expect("a string takes text");
    }
    source.push_str(
        "let sum = 0;\nconst o = { x: 1, y: 2 };\nfor (let round = 0; round < 240; round++) {\n  for (let i = 0; i < all.length; i++) {\n    for (let n = 0; n < 20; n++) sum = (sum + all[i](n, o)) | 0;\n  }\n}\nconsole.log(sum);\n",
    );
    source
}

fn watch(flags: &[&str]) {
    let program = scratch("busy.js", &busy_program());
    let mut child = petrel()
        .arg("run")
        .args(flags)
        .arg(&program)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("the engine starts");
    let maps = format!("/proc/{}/maps", child.id());
    let (mut looks, mut code_seen) = (0, false);
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child that can be waited for") {
            break status;
        }
        let text = std::fs::read_to_string(&maps).unwrap_or_default();
        for line in text.lines() {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let protection = fields.get(1).copied().unwrap_or_default();
            if protection.contains('w') && protection.contains('x') {
                child.kill().expect("a child that can be ended");
                panic!("a mapping is writable and executable: {line}");
            }
            let name = fields.get(5).copied().unwrap_or_default();
            let of_code = name.is_empty() || name.starts_with("/memfd:");
            code_seen |= protection.contains('x') && of_code;
        }
        looks += 1;
        if start.elapsed() > Duration::from_secs(120) {
            child.kill().expect("a child that can be ended");
            panic!("the program did not end");
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    assert!(status.success(), "{status}");
    assert!(looks >= 10, "the program ended after {looks} looks; it must run longer to be worth anything");
    assert!(code_seen, "no compiled code was ever mapped");
}

#[test]
fn code_is_never_writable_while_it_can_run() {
    // An emulator's own code buffer is writable and executable; its maps say nothing about the engine.
    if !emulated() {
        watch(&["--stress=thresholds"]);
    }
}

#[test]
fn nor_while_the_cache_evicts_and_reuses_memory() {
    if !emulated() {
        watch(&["--stress=thresholds,tiny-cache"]);
    }
}
