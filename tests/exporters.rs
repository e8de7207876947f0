//! A recorded storm in every format, parsed as its consumers would; flame graph, SQL, `why`, `diff` on the same recording.
//!
//! The consumers themselves are run by `tests/consumers.sh`, where they are installed.

mod support;

use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;
use support::{petrel, root, run, scratch};

/// A storm recorded with samples, once for all tests.
fn recording() -> &'static Path {
    static RECORDING: OnceLock<PathBuf> = OnceLock::new();
    RECORDING.get_or_init(|| {
        record(
            "lang/storms/late-property/broken.js",
            &["--profile", "--profile-period=20us", "--policy=naive"],
            "exporters.rec",
        )
    })
}

fn record(program: &str, flags: &[&str], name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(folder).expect("a folder for recordings");
    let path = folder.join(name);
    let outcome =
        run(petrel().args(["record", "--deterministic"]).args(flags).arg("-o").arg(&path).args([program, "120"]));
    assert_eq!(outcome.code, Some(0), "{program}: {}", outcome.stderr);
    path
}

fn output(arguments: &[&str]) -> String {
    let outcome = run(petrel().args(arguments));
    assert_eq!(outcome.code, Some(0), "{arguments:?}: {}", outcome.stderr);
    outcome.stdout
}

fn export(format: &str) -> String {
    output(&["export", &recording().to_string_lossy(), "--format", format])
}

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"))
}

/// Fields of the lines of a V8 log that begin with a word.
fn lines_of<'a>(log: &'a str, word: &str) -> Vec<Vec<&'a str>> {
    let lines = log.lines().filter(|line| line.split(',').next() == Some(word));
    lines.map(|line| line.split(',').collect()).collect()
}

#[test]
fn v8_logs_point_into_code_that_was_created_before() {
    for (format, kind) in [("v8-log", "deopt-eager"), ("v8-log-legacy", "eager")] {
        let log = export(format);
        let mut created: Vec<(u64, u64)> = Vec::new();
        let number = |text: &str| match text.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).expect("a hexadecimal number"),
            None => text.parse().expect("a number"),
        };
        for line in log.lines() {
            let fields: Vec<&str> = line.split(',').collect();
            match fields[0] {
                "code-creation" => {
                    assert_eq!(fields.len(), 9, "{line}");
                    assert!(fields[6].contains('/'), "a path that is not absolute is hidden by viewers: {line}");
                    created.push((number(fields[4]), number(fields[5])));
                }
                "code-deopt" => {
                    assert_eq!(fields.len(), 9, "{line}");
                    assert_eq!(fields[6], kind, "{line}");
                    assert!(created.iter().any(|(start, _)| *start == number(fields[3])), "{line}");
                }
                word if word.ends_with("IC") => {
                    assert_eq!(fields.len(), if format == "v8-log" { 11 } else { 10 }, "{line}");
                    let pc = number(fields[1]);
                    assert!(created.iter().any(|(start, size)| (*start..start + size).contains(&pc)), "{line}");
                }
                _other_lines => {}
            }
        }
        assert!(lines_of(&log, "code-deopt").len() > 10 && lines_of(&log, "LoadIC").len() > 2);
    }
}

#[test]
fn json_formats_are_json() {
    let chrome = json(&export("chrome"));
    let records = chrome["traceEvents"].as_array().expect("a list");
    assert!(records.iter().any(|record| record["cat"] == "side_exit" && record["args"]["0"].is_string()));
    let jfr = json(&export("jfr-json"));
    let events = jfr["recording"]["events"].as_array().expect("a list");
    for kind in ["jdk.Deoptimization", "jdk.Compilation", "jdk.CodeCacheStatistics"] {
        assert!(events.iter().any(|event| event["type"] == kind), "{kind}");
    }
    let speedscope = json(&export("speedscope"));
    let profile = &speedscope["profiles"][0];
    let samples = profile["samples"].as_array().expect("a list").len();
    assert!(samples > 10 && samples == profile["weights"].as_array().expect("a list").len());
}

#[test]
fn stacks_lines_and_tables() {
    let collapsed = export("collapsed");
    assert!(collapsed.lines().all(|line| line.rsplit_once(' ').is_some_and(|(_, n)| n.parse::<u64>().is_ok())));
    assert!(collapsed.contains("*coldest") && collapsed.contains("~"), "{collapsed}");
    let lines = export("xlog-deopt");
    assert!(lines.lines().all(|line| line.contains("trap_bci=") && line.contains("[deoptimization]")), "{lines}");
    assert!(export("print-compilation").contains("made not entrant"));
    let warmup = export("warmup-csv");
    let columns: Vec<usize> = warmup.lines().map(|line| line.split(',').count()).collect();
    assert!(columns.len() == 2 && columns[0] == columns[1] && columns[0] > 100, "{columns:?}");
}

/// Binary formats are walked record by record in their own unit tests; here: they begin and end as they should.
#[test]
fn binary_formats_are_whole() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for format in ["fxt", "perfetto", "sqlite"] {
        let path = folder.join(format!("exporters.{format}"));
        let (recording, file) = (recording().to_string_lossy(), path.to_string_lossy());
        output(&["export", &recording, "--format", format, "-o", &file]);
        let bytes = std::fs::read(&path).expect("the export");
        match format {
            "fxt" => {
                assert!(bytes.starts_with(&0x0016_5478_4604_0010u64.to_le_bytes()) && bytes.len().is_multiple_of(8))
            }
            "perfetto" => assert_eq!(bytes[0], 0x0a),
            _sqlite => assert!(bytes.starts_with(b"SQLite format 3\0")),
        }
    }
}

#[test]
fn sql_and_statistics_agree() {
    let recording = recording().to_string_lossy();
    let counted = json(output(&["query", &recording, "--json", "SELECT SUM(weight) AS n FROM deopts"]).trim());
    let stats = json(&output(&["stats", "--json", &recording]));
    assert_eq!(counted["n"], stats["deopts"]);
    for query in output(&["query", &recording, "--list"]).lines() {
        let name = query.split_whitespace().next().expect("a name");
        output(&["query", &recording, "--csv", name]);
    }
    for layout in ["jit-summary", "hotspot"] {
        assert!(output(&["stats", "--as", layout, &recording]).lines().count() > 15, "{layout}");
    }
}

#[test]
fn pictures_are_drawn() {
    let first = recording().to_string_lossy();
    let flame = output(&["flame", &first]);
    assert!(flame.starts_with("<?xml") && flame.contains("*coldest") && flame.contains("rgb(76,159,112)"));
    let fixed = record(
        "lang/storms/late-property/fixed.js",
        &["--profile", "--profile-period=20us", "--policy=naive"],
        "exporters-fixed.rec",
    );
    let svg = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diff.svg");
    let table = output(&["diff", &first, &fixed.to_string_lossy(), "-o", &svg.to_string_lossy()]);
    assert!(table.contains("deopts") && table.contains("share of samples"), "{table}");
    assert!(std::fs::read_to_string(svg).expect("the picture").contains("<svg"));
}

/// The lines of code that `fixed.js` changes, and for lines that it adds, their neighbours.
fn changed_lines(storm: &str) -> Vec<u32> {
    let read =
        |file: &str| std::fs::read_to_string(root().join("lang/storms").join(storm).join(file)).expect("a program");
    let (broken, fixed) = (read("broken.js"), read("fixed.js"));
    let (old, new): (Vec<&str>, Vec<&str>) = (broken.lines().collect(), fixed.lines().collect());
    // Longest common subsequence, from the end.
    let mut length = vec![vec![0u32; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            length[i][j] =
                if old[i] == new[j] { length[i + 1][j + 1] + 1 } else { length[i + 1][j].max(length[i][j + 1]) };
        }
    }
    let is_code = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && length[i + 1][j] >= length[i][j + 1]) {
            lines.extend(is_code(old[i]).then_some(i as u32 + 1));
            i += 1;
        } else {
            lines.extend(is_code(new[j]).then_some([i as u32, i as u32 + 1]).into_iter().flatten());
            j += 1;
        }
    }
    lines
}

/// Blame: `petrel why` names the very line that the fix changes.
#[test]
fn why_names_the_line_that_the_fix_changes() {
    for storm in ["late-property", "type-flip", "redefined-method"] {
        let program = format!("lang/storms/{storm}/broken.js");
        let path = record(&program, &["--policy=petrel"], &format!("why-{storm}.rec"));
        let answer = json(&output(&["why", "--json", &path.to_string_lossy()]));
        let places = answer["places"].as_array().expect("a list");
        let named: Vec<u64> = places.iter().filter_map(|place| place["line"].as_u64()).collect();
        let changed = changed_lines(storm);
        let hit = changed.iter().any(|line| named.contains(&u64::from(*line)));
        assert!(hit, "{storm}: the fix changes {changed:?}, named are {named:?}\n{answer:#}");
        assert!(answer["ends"].is_array() && answer["cost"].is_array(), "{answer:#}");
    }
}

/// A question to `why` may be put in words.
#[test]
fn why_is_asked_in_words_or_in_flags() {
    let path = recording().to_string_lossy().into_owned();
    for (words, flags) in [(["deopt", "2"], ["--deopt", "2"]), (["function", "score"], ["--function", "score"])] {
        let ask = |question: [&str; 2]| output(&["why", &path, question[0], question[1]]);
        assert_eq!(ask(words), ask(flags));
    }
    let outcome = run(petrel().args(["why", &path, "deopt", "many"]));
    assert_eq!(outcome.code, Some(2), "{}", outcome.stderr);
}

/// A crash in the middle of a run leaves a recording that can be read up to its last whole block.
#[test]
fn a_cut_recording_is_read_as_far_as_it_goes() {
    let bytes = std::fs::read(recording()).expect("the recording");
    let cut = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cut.rec");
    std::fs::write(&cut, &bytes[..bytes.len() * 2 / 3]).expect("a file");
    let outcome = run(petrel().args(["stats", "--json"]).arg(&cut));
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("breaks off after"), "{}", outcome.stderr);
}

/// A program that emits nothing any more and is killed has left what it emitted before.
#[test]
fn a_quiet_program_that_is_killed_leaves_a_recording() {
    let program = scratch("quiet.js", "'use strict';\nperformance.mark('before the silence');\nfor (;;) {}\n");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("quiet.rec");
    let _ = std::fs::remove_file(&path);
    let mut child =
        petrel().args(["run", "--tier-max=0", "--record"]).arg(&path).arg(&program).spawn().expect("a child");
    let told = || run(petrel().arg("events").arg(&path)).stdout.contains("before the silence");
    let found = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        told()
    });
    child.kill().expect("a child that can be ended");
    child.wait().expect("a child that has ended");
    assert!(found && told(), "the recording of a quiet program was empty");
}
