//! `petrel why` leads from the recording of a storm to the line that the fix changes: for every storm of the catalogue.
//!
//! Each broken program is recorded in deterministic mode, under the policy that its claim is about. `why` is asked without a
//! hint; among the lines that it says to change (three at most, most likely first) must be the very one in which `broken.js`
//! and `fixed.js` differ. What the storm is about must be told too, in the words of the story.

mod support;

use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use support::{petrel, root, run};

/// Lines that an answer may name for a change.
const MOST: usize = 3;

/// Records the broken program of a storm, in a folder of its own for each test.
fn record(storm: &str, test: &str) -> PathBuf {
    let folder = root().join("lang/storms").join(storm);
    let text = std::fs::read_to_string(folder.join("storm.toml")).expect("a storm.toml");
    let spec: toml::Table = text.parse().expect("a well-formed storm.toml");
    let policy = spec["claim"]["policy"].as_str().expect("a policy");
    let flags: Vec<&str> = spec
        .get("flags")
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(toml::Value::as_str)
        .collect();
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("blame").join(test);
    std::fs::create_dir_all(&kept).expect("a folder for recordings");
    let path = kept.join(format!("{storm}.rec"));
    let mut command = petrel();
    command.args(["run", "--deterministic", &format!("--policy={policy}")]).args(flags).arg("--record").arg(&path);
    let outcome =
        run(command.arg(folder.join("broken.js")).arg(spec["iterations"].as_integer().expect("a number").to_string()));
    assert_eq!(outcome.code, Some(0), "{storm}: {}", outcome.stderr);
    path
}

fn why(recording: &Path, arguments: &[&str]) -> String {
    let outcome = run(petrel().arg("why").arg(recording).args(arguments));
    assert_eq!(outcome.code, Some(0), "{}: {}", recording.display(), outcome.stderr);
    outcome.stdout
}

/// Numbers of the lines of the broken program that are not the same in the fixed one.
fn changed_lines(storm: &str) -> Vec<u64> {
    let read = |file: &str| {
        let path = root().join("lang/storms").join(storm).join(file);
        std::fs::read_to_string(path).expect("a program of the storm")
    };
    let (broken, fixed) = (read("broken.js"), read("fixed.js"));
    assert_eq!(broken.lines().count(), fixed.lines().count(), "{storm}: one line is changed, none added or removed");
    let differ = (1..).zip(broken.lines().zip(fixed.lines())).filter(|(_, (a, b))| a != b && !a.starts_with("//"));
    differ.map(|(number, _)| number).collect()
}

/// The line to change is named, and the story told with these words.
fn assert_blames(storm: &str, words: &[&str]) {
    let recording = record(storm, "change");
    let text = why(&recording, &[]);
    for word in words {
        assert!(text.contains(word), "{storm}: nothing of '{word}' in\n{text}");
    }
    let answer: Json = serde_json::from_str(&why(&recording, &["--json"])).expect("one JSON object");
    let named = answer["change"].as_array().expect("lines to change");
    let lines: Vec<u64> = named.iter().filter_map(|place| place["line"].as_u64()).collect();
    let [changed] = changed_lines(storm)[..] else { panic!("{storm}: one line is what the fix changes") };
    assert!(
        lines.contains(&changed) && lines.len() <= MOST,
        "{storm}: line {changed} is changed, {lines:?} named\n{text}"
    );
    assert!(
        named.iter().all(|place| place["file"].as_str().is_some_and(|file| file.ends_with("broken.js"))),
        "{named:?}"
    );
}

macro_rules! storms {
    ($($test:ident = $name:literal: $words:expr;)+) => {
        $(
            #[test]
            fn $test() {
                assert_blames($name, &$words);
            }
        )+
        const STORMS: &[&str] = &[$($name),+];
    };
}

storms! {
    cache_exhausted = "cache-exhausted": ["nothing was compiled any more", "the hottest first: report", "of these"];
    cache_thrash = "cache-thrash": ["thrown out of the full cache", "of compiling what was thrown out again"];
    closure_identity = "closure-identity": ["wrong-call-target", "assigned to that variable"];
    delete_dictionary = "delete-dictionary": ["to-dictionary", "dictionary {id"];
    element_holes = "element-holes": ["HoleyInt"];
    escape_defeated = "escape-defeated": ["only a call sees", "made at measure", "more than four targets"];
    int32_overflow = "int32-overflow": ["overflow"];
    late_property = "late-property": ["add-property `pinned`"];
    many_shapes = "many-shapes": ["wrong-shape", "{time, value, unit}"];
    method_too_large = "method-too-large": ["decode", "was never compiled", "no more than 300"];
    new_class = "new-class": ["wrong-shape", "area"];
    osr_loop = "osr-loop": ["add-property `retry`"];
    queue_saturation = "queue-saturation": ["waited for the compiler at the same time", "until its compile began"];
    rare_branch = "rare-branch": ["never-taken-branch", "stream(false)"];
    redefined_method = "redefined-method": ["record"];
    restart_warm_up = "restart-warm-up": ["met cold code", "parse"];
    stale_guess = "stale-guess": ["not-int32", "put in by push"];
    type_flip = "type-flip": ["not-int32", "passed as argument 1 of Sample"];
}

#[test]
fn every_storm_is_asked_about() {
    let mut names: Vec<String> = std::fs::read_dir(root().join("lang/storms"))
        .expect("the catalogue")
        .map(|entry| entry.expect("a readable folder").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, STORMS);
}

/// A question about a function that never deoptimized is answered with what became of it.
#[test]
fn functions_without_deopts_have_stories() {
    let story = |storm: &str, function: &str| why(&record(storm, "functions"), &["--function", function]);
    let large = story("method-too-large", "decode");
    assert!(large.contains("never compiled, either") && large.contains("--huge-method-limit"), "{large}");
    let turned_away = story("cache-exhausted", "report");
    assert!(turned_away.contains("The code cache was full after"), "{turned_away}");
    let waited = story("queue-saturation", "h30");
    assert!(waited.contains("of waiting") && waited.contains("waited for the compiler"), "{waited}");
    let evicted = story("cache-thrash", "h00");
    assert!(evicted.contains("compiled again"), "{evicted}");
}
