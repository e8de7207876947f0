//! Every storm of `lang/storms` shows the signature that its `storm.toml` promises.
//!
//! The storms are run in deterministic mode, so that the figures are the same on every machine: deopts and recompiles
//! within the stated ranges, convergence as stated, the multiplier of the naive policy, and the one line to blame.

mod support;

use serde_json::Value as Json;
use std::path::PathBuf;
use support::{petrel, root, run};

/// Runs a storm under a policy: one JSON object per variant.
fn measure(storm: &str, policy: &str) -> Vec<Json> {
    let outcome = run(petrel().args(["storm", "run", storm, "--policy", policy, "--deterministic", "--json"]));
    assert_eq!(outcome.code, Some(0), "{storm} under {policy}: {}", outcome.stderr);
    let lines: Vec<Json> =
        outcome.stdout.lines().map(|line| serde_json::from_str(line).expect("one JSON object per line")).collect();
    assert_eq!(lines.len(), 2, "{storm} under {policy}: broken and fixed\n{}", outcome.stdout);
    lines
}

/// Holds one measured variant against its table in the `storm.toml`.
fn check(storm: &str, policy: &str, measured: &Json, expected: &toml::Table) {
    for key in ["deopts", "recompiles"] {
        let range = expected[key].as_array().expect("a range");
        let (least, most) = (range[0].as_integer().expect("a number"), range[1].as_integer().expect("a number"));
        let value = measured[key].as_i64().unwrap_or_else(|| panic!("{storm}: {key} is no number in {measured}"));
        assert!((least..=most).contains(&value), "{storm} under {policy}: {key} = {value}, not {least}..={most}");
    }
    let converged = expected["converged"].as_bool().expect("a truth value");
    assert_eq!(measured["converged"].as_bool(), Some(converged), "{storm} under {policy}: {measured}");
}

fn assert_signature(storm: &str) {
    let folder = PathBuf::from("lang/storms").join(storm);
    let text = std::fs::read_to_string(root().join(&folder).join("storm.toml")).expect("a storm.toml");
    let spec: toml::Table = text.parse().expect("a well-formed storm.toml");
    let expect = spec["expect"].as_table().expect("a table of expectations");
    for policy in spec["policies"].as_array().expect("a list of policies") {
        let policy = policy.as_str().expect("the name of a policy");
        let lines = measure(storm, policy);
        let variant = |name: &str| {
            lines.iter().find(|line| line["variant"] == name).unwrap_or_else(|| panic!("{storm}: no {name} variant"))
        };
        let (broken, fixed) = (variant("broken"), variant("fixed"));
        assert_eq!(broken["storm"], storm);
        assert_eq!(broken["policy"], policy);
        assert_eq!(broken["iterations"].as_i64(), spec["iterations"].as_integer());
        check(storm, policy, fixed, expect["fixed"].as_table().expect("a table"));
        if let Some(expected) = expect.get(policy) {
            check(storm, policy, broken, expected.as_table().expect("a table"));
        }
        if policy == "naive" {
            let wanted = spec["virtual_multiplier_at_least"].as_integer().expect("a number") as f64;
            let multiplier = broken["multiplier"].as_f64().expect("a number");
            assert!(multiplier >= wanted, "{storm}: the multiplier is {multiplier}, not {wanted} or more");
            // A storm of invalidations that leaves no deopt behind has no line to blame.
            if let Some(blame) = spec.get("blame") {
                assert_eq!(broken["blame"]["line"].as_i64(), blame["line"].as_integer(), "{storm}: {broken}");
                let file = broken["blame"]["file"].as_str().expect("a file");
                assert!(file.ends_with(blame["file"].as_str().expect("a file")), "{storm}: {file} is blamed");
            } else {
                assert!(broken["blame"].is_null(), "{storm}: {broken}");
            }
        }
    }
}

#[test]
fn type_flip() {
    assert_signature("type-flip");
}

#[test]
fn late_property() {
    assert_signature("late-property");
}

#[test]
fn redefined_method() {
    assert_signature("redefined-method");
}

/// Broken and fixed differ in one place, print the same, and every storm is in the catalogue.
#[test]
fn the_catalogue_is_complete() {
    let listed = run(petrel().args(["storm", "list"]));
    assert_eq!(listed.code, Some(0), "{}", listed.stderr);
    let mut count = 0;
    for entry in std::fs::read_dir(root().join("lang/storms")).expect("the catalogue") {
        let folder = entry.expect("a readable folder").path();
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let read = |file: &str| std::fs::read_to_string(folder.join(file)).expect("a file of the storm");
        assert!(listed.stdout.contains(&name), "{name} is not listed:\n{}", listed.stdout);
        assert_eq!(read("broken.out"), read("fixed.out"), "{name}: broken and fixed must print the same");
        let code = |file: &str| -> Vec<String> {
            read(file).lines().filter(|line| !line.trim_start().starts_with("//")).map(str::to_string).collect()
        };
        let (broken, fixed) = (code("broken.js"), code("fixed.js"));
        let only_in = |a: &[String], b: &[String]| a.iter().filter(|line| !b.contains(line)).count();
        let changed = only_in(&broken, &fixed).max(only_in(&fixed, &broken));
        assert!(changed <= 1, "{name}: {changed} lines differ between broken and fixed; one change is the rule");
        count += 1;
    }
    assert!(count >= 3, "only {count} storms");
}
