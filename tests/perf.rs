//! Linux `perf` names the functions of a program by the jitdump that Petrel writes for it; others by its map.
//!
//! The real `perf` is run, where it is installed and may record; elsewhere the test says why it does nothing.

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use support::{emulated, petrel, root};

/// Runs perf in a folder; its output.
fn perf(folder: &Path, arguments: &[&str]) -> std::io::Result<Output> {
    Command::new("perf").current_dir(folder).args(arguments).output()
}

/// A folder for one test, if perf can record here; else says why not.
fn folder(name: &str) -> Option<PathBuf> {
    if emulated() {
        eprintln!("SKIPPED: perf would see the emulator");
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("perf").join(name);
    // What an earlier run has left behind would be read again.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    match perf(&folder, &["record", "-o", "probe.data", "-e", "cpu-clock", "true"]) {
        Ok(probe) if probe.status.success() => Some(folder),
        Ok(probe) => {
            eprintln!("SKIPPED: perf may not record here: {}", String::from_utf8_lossy(&probe.stderr).trim());
            None
        }
        Err(error) => {
            eprintln!("SKIPPED: there is no perf: {error}");
            None
        }
    }
}

/// Records a run of the late-property storm, with flags of ours.
fn record(folder: &Path, flags: &[&str]) {
    let program = root().join("lang/storms/late-property/broken.js");
    let petrel = petrel().get_program().to_string_lossy().into_owned();
    let recording =
        ["record", "-q", "-k", "mono", "-F", "2000", "-e", "cpu-clock", "-o", "p.data", "--", &petrel, "run"];
    let program = program.to_string_lossy();
    let arguments: Vec<&str> = recording.iter().chain(flags).copied().chain([&*program, "400"]).collect();
    let recorded = perf(folder, &arguments).expect("perf");
    assert!(recorded.status.success(), "{}", String::from_utf8_lossy(&recorded.stderr));
}

/// The symbols of a report that are functions of the program.
fn functions(folder: &Path, data: &str) -> Vec<String> {
    let report =
        perf(folder, &["report", "-i", data, "--stdio", "-F", "symbol", "--percent-limit", "0"]).expect("perf");
    assert!(report.status.success(), "{}", String::from_utf8_lossy(&report.stderr));
    let text = String::from_utf8_lossy(&report.stdout).into_owned();
    text.lines().filter_map(|line| line.find("JS:").map(|at| line[at..].trim().to_string())).collect()
}

fn assert_names(named: &[String]) {
    for tier in ["JS:*", "JS:^"] {
        let known =
            |name: &&String| name.starts_with(tier) && name.contains("coldest") && name.contains("broken.js:21");
        assert!(named.iter().any(|name| known(&name)), "no {tier}coldest among {named:?}");
    }
}

#[test]
fn the_jitdump_is_injected_and_reported() {
    let Some(folder) = folder("jitdump") else { return };
    record(&folder, &["--jitdump"]);
    let injected = perf(&folder, &["inject", "--jit", "-i", "p.data", "-o", "j.data"]).expect("perf");
    assert!(injected.status.success(), "{}", String::from_utf8_lossy(&injected.stderr));
    assert_names(&functions(&folder, "j.data"));
}

/// Perf itself asks the map only about anonymous memory, which our code is not in; bpftrace, bcc and their like read it.
#[test]
fn the_map_has_a_line_per_piece_of_code() {
    if emulated() {
        eprintln!("SKIPPED: the process that writes the map is the emulator's");
        return;
    }
    let program = root().join("lang/storms/late-property/broken.js");
    let mut child = petrel();
    child.args(["run", "--perf-map"]).arg(program).arg("200").stdout(Stdio::null());
    let mut child = child.spawn().expect("the engine");
    let map = std::env::temp_dir().join(format!("perf-{}.map", child.id()));
    assert!(child.wait().expect("its end").success());
    let text = std::fs::read_to_string(&map).unwrap_or_else(|error| panic!("{}: {error}", map.display()));
    std::fs::remove_file(&map).expect("a map to remove");
    let mut names = Vec::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.splitn(3, ' ').collect();
        let [start, size, name] = fields[..] else { panic!("three fields: {line}") };
        let number = |digits| u64::from_str_radix(digits, 16).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(number(start) > 0 && number(size) > 0, "{line}");
        names.push(name.to_string());
    }
    assert_names(&names);
}
