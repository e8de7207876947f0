//! The profiler's shares of the tiers agree with what is known exactly, within five points.
//!
//! On the virtual clock the exact counters are in the same recording: one word per tier counts what it retires. On the
//! machine's clock nobody counts; there a program measures by itself how long it spends in a function that is too large to be
//! compiled, and in one that is optimized, and the profiler must see the same.

mod support;

use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use support::{emulated, in_parallel, petrel, root, run, scratch};

/// Largest difference between two shares, of one.
const TOLERANCE: f64 = 0.05;
/// The same where a busy machine may come between, and both sides are measured.
const TOLERANCE_ON_A_MACHINE: f64 = 0.1;

const TIERS: [&str; 5] = ["interpreter", "baseline", "baseline-counters", "baseline-profiling", "optimized"];

fn recording(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sampler");
    std::fs::create_dir_all(&folder).expect("a folder for recordings");
    folder.join(format!("{name}.rec"))
}

/// A share of every tier, by what the statistics call it.
fn shares(recording: &Path, key: &str) -> Result<Vec<f64>, String> {
    let outcome = run(petrel().args(["stats", "--json"]).arg(recording));
    let stats: Json = serde_json::from_str(&outcome.stdout).map_err(|error| format!("{error}: {}", outcome.stderr))?;
    let share = |tier: &str| {
        let rows = stats["tiers"].as_array()?;
        rows.iter().find(|row| row["tier"] == tier)?[key].as_f64()
    };
    TIERS.iter().map(|tier| share(tier).ok_or(format!("no {key} of {tier}"))).collect()
}

/// Records a storm with samples on the virtual clock and compares.
fn compare(storm: &str, policy: &str) -> Option<String> {
    let folder = root().join("lang/storms").join(storm);
    let text = std::fs::read_to_string(folder.join("storm.toml")).expect("a storm.toml");
    let spec: toml::Table = text.parse().expect("a well-formed storm.toml");
    let flags = spec.get("flags").and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_str);
    let path = recording(&format!("{storm}-{policy}"));
    let mut command = petrel();
    command.args(["run", "--deterministic", "--profile", "--profile-period=10us", &format!("--policy={policy}")]);
    command
        .args(flags)
        .arg("--record")
        .arg(&path)
        .arg(folder.join("broken.js"))
        .arg(spec["iterations"].as_integer().expect("a number").to_string());
    let outcome = run(&mut command);
    if outcome.code != Some(0) {
        return Some(format!("{storm} under {policy}: {}", outcome.stderr));
    }
    let (sampled, counted) = match (shares(&path, "sampled_share"), shares(&path, "share")) {
        (Ok(sampled), Ok(counted)) => (sampled, counted),
        (Err(error), _) | (_, Err(error)) => return Some(format!("{storm} under {policy}: {error}")),
    };
    let apart = sampled.iter().zip(&counted).any(|(a, b)| (a - b).abs() > TOLERANCE);
    apart.then(|| format!("{storm} under {policy}: sampled {sampled:.3?}, counted {counted:.3?}"))
}

#[test]
fn samples_agree_with_counters_on_the_virtual_clock() {
    let mut runs = Vec::new();
    for entry in std::fs::read_dir(root().join("lang/storms")).expect("the catalogue") {
        let storm = entry.expect("a readable folder").file_name().to_string_lossy().into_owned();
        runs.extend(["petrel", "naive"].map(|policy| (storm.clone(), policy)));
    }
    support::assert_none(in_parallel(&runs, |(storm, policy)| compare(storm, policy)), runs.len());
}

/// Spends time in a function that is interpreted for its size, then in one that is optimized, and says how much.
const TWO_PHASES: &str = "'use strict';
const large = (x) => {
  if (x < 0) return [FILLER];
  let s = x;
  for (let i = 0; i < 2000; i++) s = (s * 31 + i) % 65521;
  return s;
};
const small = (x) => {
  let s = x;
  for (let i = 0; i < 20000; i++) s = (s * 31 + i) % 65521;
  return s;
};
const phase = (f, ms) => {
  const start = performance.now();
  let sum = 0;
  while (performance.now() - start < ms) sum += f(sum & 255);
  return performance.now() - start;
};
phase(small, 50);
const [slow, fast] = [phase(large, 400), phase(small, 600)];
console.log(slow, fast);
";

#[test]
fn samples_agree_with_the_program_on_the_machine() {
    if emulated() {
        eprintln!("SKIPPED: the emulator's timer is not the machine's");
        return;
    }
    let filler: Vec<String> = (0..100).map(|i| format!("x * {i} + {i}")).collect();
    let program = scratch("two_phases.js", &TWO_PHASES.replace("FILLER", &filler.join(", ")));
    let path = recording("two-phases");
    let mut command = petrel();
    command.args(["run", "--profile", "--huge-method-limit=300", "--record"]).arg(&path).arg(&program);
    let outcome = run(&mut command);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let times: Vec<f64> = outcome.stdout.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [slow, fast] = times[..] else { panic!("two times: {}", outcome.stdout) };
    let sampled = shares(&path, "sampled_share").expect("samples");
    let expected = slow / (slow + fast + 50.0);
    let apart = (sampled[0] - expected).abs();
    assert!(apart < TOLERANCE_ON_A_MACHINE, "interpreted: sampled {:.3}, by the program {expected:.3}", sampled[0]);
    assert!(sampled[4] > 0.4, "optimized: sampled {:.3} of {fast} ms", sampled[4]);
}
