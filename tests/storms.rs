//! Every storm of `lang/storms` shows the signature that its `storm.toml` promises, under every policy that it names.
//!
//! The storms are run in deterministic mode, so that the figures are the same on every machine: deopts, recompiles, other
//! events and shares of tiers within the stated ranges, convergence as stated, the claimed factor between broken and fixed,
//! the line at which the deopts happen. Recordings of two runs are the same, byte for byte.

mod support;

use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use support::{petrel, root, run};

/// Runs a storm under the policies of its description and holds it to it.
fn assert_signature(storm: &str) {
    let outcome = run(petrel().args(["storm", "run", storm, "--deterministic", "--json", "--check"]));
    assert_eq!(outcome.code, Some(0), "{storm}:\n{}\n{}", outcome.stderr, outcome.stdout);
    let spec = description(storm);
    let policies = spec["policies"].as_array().expect("a list of policies");
    let lines: Vec<Json> =
        outcome.stdout.lines().map(|line| serde_json::from_str(line).expect("one JSON object per line")).collect();
    assert_eq!(lines.len(), 2 * policies.len(), "{storm}: broken and fixed per policy\n{}", outcome.stdout);
    for (pair, policy) in lines.chunks(2).zip(policies) {
        assert_eq!(pair[0]["policy"].as_str(), policy.as_str(), "{storm}");
        assert_eq!((&pair[0]["variant"], &pair[1]["variant"]), (&"broken".into(), &"fixed".into()), "{storm}");
        assert_eq!(pair[0]["iterations"].as_i64(), spec["iterations"].as_integer(), "{storm}");
        let shares = pair[0]["bytecode_shares"].as_array().expect("shares of bytecodes");
        let sum: f64 = shares.iter().filter_map(Json::as_f64).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{storm}: shares of tiers add up to {sum}");
    }
    let policy = spec["claim"]["policy"].as_str().expect("a policy");
    let [first, second] = ["a", "b"].map(|folder| recordings(storm, policy, folder));
    assert!(first == second, "{storm} under {policy}: the recordings of two runs differ");
}

fn description(storm: &str) -> toml::Table {
    let path = root().join("lang/storms").join(storm).join("storm.toml");
    let text = std::fs::read_to_string(path).expect("a storm.toml");
    text.parse().expect("a well-formed storm.toml")
}

/// Recordings of the broken and the fixed program under a policy.
fn recordings(storm: &str, policy: &str, folder: &str) -> [Vec<u8>; 2] {
    let keep = Path::new(env!("CARGO_TARGET_TMPDIR")).join("storms").join(folder);
    let mut command = petrel();
    command.args(["storm", "run", storm, "--deterministic", "--json", "--policy", policy, "--keep"]).arg(&keep);
    let outcome = run(&mut command);
    assert_eq!(outcome.code, Some(0), "{storm}: {}", outcome.stderr);
    ["broken", "fixed"].map(|variant| {
        let file = keep.join(format!("{storm}-{policy}-{variant}.rec"));
        let bytes = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert!(bytes.len() > 1_000, "{storm}: a recording of {} bytes", bytes.len());
        // The next run writes it anew.
        let _ = std::fs::remove_file(file);
        bytes
    })
}

macro_rules! storms {
    ($($test:ident = $name:literal,)+) => {
        $(
            #[test]
            fn $test() {
                assert_signature($name);
            }
        )+
        const STORMS: &[&str] = &[$($name),+];
    };
}

storms! {
    cache_exhausted = "cache-exhausted",
    cache_thrash = "cache-thrash",
    closure_identity = "closure-identity",
    delete_dictionary = "delete-dictionary",
    element_holes = "element-holes",
    escape_defeated = "escape-defeated",
    int32_overflow = "int32-overflow",
    late_property = "late-property",
    many_shapes = "many-shapes",
    method_too_large = "method-too-large",
    new_class = "new-class",
    osr_loop = "osr-loop",
    queue_saturation = "queue-saturation",
    rare_branch = "rare-branch",
    redefined_method = "redefined-method",
    restart_warm_up = "restart-warm-up",
    stale_guess = "stale-guess",
    type_flip = "type-flip",
}

/// Lines of code that one text has and the other has not, with their numbers.
fn only_in(text: &str, other: &str) -> Vec<i64> {
    let code = |line: &str| !line.trim_start().starts_with("//");
    let others: Vec<&str> = other.lines().collect();
    let lines = (1..).zip(text.lines());
    lines.filter(|(_, line)| code(line) && !others.contains(line)).map(|(number, _)| number).collect()
}

/// What every storm must promise, so that running it holds the engine to it: a factor between broken and fixed on both clocks; of
/// those that deoptimize, that the policy which never learns loops, and that Petrel's and the deoptless one converge.
#[test]
fn every_storm_promises_what_the_catalogue_is_for() {
    for storm in STORMS {
        let spec = description(storm);
        let policies: Vec<&str> =
            spec["policies"].as_array().into_iter().flatten().filter_map(|p| p.as_str()).collect();
        assert!(
            ["petrel", "naive", "deoptless"].iter().all(|policy| policies.contains(policy)),
            "{storm}: {policies:?}"
        );
        for factor in ["factor", "virtual_factor"] {
            let value = &spec["claim"][factor];
            let value = value.as_float().or(value.as_integer().map(|whole| whole as f64)).expect("a number");
            assert!(value > 1.0, "{storm}: {factor} {value}");
        }
        let expected = |policy: &str, key: &str| spec["expect"][policy].get(key).cloned();
        let deoptimizes = spec.get("reason").is_some();
        if deoptimizes {
            assert_eq!(expected("naive", "converged"), Some(false.into()), "{storm} under naive");
        }
        for policy in ["petrel", "deoptless"] {
            assert_eq!(expected(policy, "converged"), Some(true.into()), "{storm} under {policy}");
        }
        for (policy, least) in [("petrel", 0), ("naive", if deoptimizes { 20 } else { 0 })] {
            let bounds = expected(policy, "deopts").expect("bounds of deopts");
            let bounds: Vec<i64> = bounds.as_array().into_iter().flatten().filter_map(|n| n.as_integer()).collect();
            assert!(bounds.len() == 2 && bounds[0] >= least, "{storm} under {policy}: deopts {bounds:?}");
        }
    }
}

/// A storm that goes on for ten seconds makes a recording of less than twenty megabytes. One second of the one that deoptimizes
/// most, samples included, must be less than a tenth of that: events come at a steady rate, and nothing else bounds them.
#[test]
fn ten_seconds_of_a_storm_are_a_small_recording() {
    const SECOND_NS: u64 = 1_000_000_000;
    const MOST_BYTES: u64 = 20_000_000 / 10;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("storms");
    std::fs::create_dir_all(&folder).expect("a folder for recordings");
    let path = folder.join("ten-seconds.rec");
    let mut command = petrel();
    command.args(["run", "--deterministic", "--policy=naive", "--profile", "--record"]).arg(&path);
    let outcome = run(command.args(["lang/storms/int32-overflow/broken.js", "10000"]));
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let stats = run(petrel().args(["stats", "--json"]).arg(&path));
    let stats: Json = serde_json::from_str(&stats.stdout).expect("one JSON object");
    let number = |key: &str| stats[key].as_u64().unwrap_or_else(|| panic!("no {key} in {stats}"));
    assert_eq!(number("events_dropped"), 0, "the recording is whole");
    let (ns, deopts) = (number("run_time_ns"), number("deopts"));
    assert!(ns >= SECOND_NS && deopts > 1_000, "{ns} ns, {deopts} deopts");
    let bytes = std::fs::metadata(&path).expect("the recording").len();
    assert!(bytes * SECOND_NS / ns < MOST_BYTES, "{bytes} bytes for {deopts} deopts in {ns} ns");
}

/// Broken and fixed differ in one place, which the description names; they print the same; every storm is in the catalogue,
/// is told of on a page, and is tested.
#[test]
fn the_catalogue_is_complete() {
    let listed = run(petrel().args(["storm", "list"]));
    assert_eq!(listed.code, Some(0), "{}", listed.stderr);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root().join("lang/storms")).expect("the catalogue") {
        let folder: PathBuf = entry.expect("a readable folder").path();
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let read = |file: &str| std::fs::read_to_string(folder.join(file)).expect("a file of the storm");
        assert!(listed.stdout.contains(&name), "{name} is not listed:\n{}", listed.stdout);
        assert_eq!(read("broken.out"), read("fixed.out"), "{name}: broken and fixed must print the same");
        let (broken, fixed) = (read("broken.js"), read("fixed.js"));
        let (gone, new) = (only_in(&broken, &fixed), only_in(&fixed, &broken));
        assert!(gone.len() == 1 && new.len() == 1, "{name}: one changed line is the rule, not {gone:?} and {new:?}");
        let spec = description(&name);
        assert_eq!(gone, new, "{name}: the fix stands in the line that it changes");
        assert_eq!(spec["cause"]["line"].as_integer(), Some(new[0]), "{name}: the line that the fix changes");
        let page = read("README.md");
        for heading in ["## What", "## Why", "## How it shows", "## How it ends", "## Who had it"] {
            assert!(page.contains(heading), "{name}: no '{heading}' on its page");
        }
        for policy in spec["policies"].as_array().expect("a list of policies") {
            let policy = policy.as_str().expect("a name");
            assert!(spec["expect"].get(policy).is_some(), "{name}: no expectation under {policy}");
        }
        names.push(name);
    }
    names.sort();
    assert_eq!(names, STORMS);
}

/// The page of the catalogue is what its command makes.
#[test]
fn the_page_of_the_catalogue_is_made_by_its_command() {
    let shown = run(petrel().args(["storm", "show", "type-flip"]));
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    assert!(shown.stdout.contains("return new Sample(Number(raw.ms), raw.weight);"), "{}", shown.stdout);
    let page = std::fs::read_to_string(root().join("docs/storms.md")).expect("docs/storms.md");
    for storm in STORMS {
        assert!(page.contains(&format!("\n## {storm}\n")), "{storm} is not in docs/storms.md");
    }
    let made = run(petrel().args(["storm", "run", "type-flip", "--deterministic", "--markdown", "--policy", "petrel"]));
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    assert!(made.stdout.contains("## type-flip") && made.stdout.contains("| petrel |"), "{}", made.stdout);
}
