//! What recordings tell: the cost of compiles and of deopts; and what recording itself costs.

use super::engines::root;
use super::process;
use super::statistics::{Ratio, geometric_mean, median, paired_ratio};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const PETREL: &str = env!("CARGO_BIN_EXE_petrel");

fn scratch() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compare.petrel-rec")
}

/// Runs a program with a recording and gives its events.
pub fn events_of(flags: &[&str], program: &str, arguments: &[&str]) -> Vec<Json> {
    let mut command = Command::new(PETREL);
    command.current_dir(root()).arg("run").args(flags).arg("--record").arg(scratch()).arg(program).args(arguments);
    if !command.stdout(Stdio::null()).status().is_ok_and(|status| status.success()) {
        return Vec::new();
    }
    let listing = Command::new(PETREL).args(["events", "--json"]).arg(scratch()).output();
    let text = listing.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// What the compiles for one tier cost.
#[derive(Default)]
struct CompileCosts {
    us: Vec<f64>,
    us_per_bytecode: Vec<f64>,
    code_bytes_per_bytecode: Vec<f64>,
}

/// Compile time and code size, per tier, over all compiles of the programs.
pub fn compile_times(programs: &[String]) -> String {
    let mut by_tier: BTreeMap<String, CompileCosts> = BTreeMap::new();
    for program in programs {
        for event in events_of(&["--sync"], &format!("benches/programs/{program}.js"), &["200ms"]) {
            let number = |key: &str| event[key].as_f64();
            if event["event"] != "compile_finished" {
                continue;
            }
            let Some(((ns, bytecodes), bytes)) = number("ns").zip(number("bytecodes")).zip(number("code_bytes")) else {
                continue;
            };
            let inlined = number("inlined_bytecodes").unwrap_or(0.0);
            let tier = by_tier.entry(event["tier"].to_string().replace('"', "")).or_default();
            tier.us.push(ns / 1e3);
            tier.us_per_bytecode.push(ns / 1e3 / (bytecodes + inlined).max(1.0));
            tier.code_bytes_per_bytecode.push(bytes / (bytecodes + inlined).max(1.0));
        }
    }
    let mut out = String::from(
        "\n## Compile time per tier\n\n| tier | compiles | median us | us per bytecode | code bytes per bytecode |\n|---|--:|--:|--:|--:|\n",
    );
    for (tier, costs) in by_tier {
        let count = costs.us.len();
        let cell = |values| median(values).unwrap_or_default();
        let (us, rate) = (cell(costs.us), cell(costs.us_per_bytecode));
        out += &format!("| {tier} | {count} | {us:.1} | {rate:.2} | {:.1} |\n", cell(costs.code_bytes_per_bytecode));
    }
    out
}

/// The round trip of a deopt: leaving, rebuilding, being in the interpreter.
pub fn deopt_cost() -> String {
    let mut out = String::from(
        "\n## Deopt round trip\n\n| storm | deopts | median ns | to the rebuild | rebuilding |\n|---|--:|--:|--:|--:|\n",
    );
    for storm in ["type-flip", "late-property", "redefined-method"] {
        let events = events_of(&["--policy=naive"], &format!("lang/storms/{storm}/broken.js"), &[]);
        let deopts = events.iter().filter(|event| event["event"] == "deoptimized");
        let deopts: Vec<(f64, f64)> =
            deopts.filter_map(|event| event["exit_ns"].as_f64().zip(event["rebuild_ns"].as_f64())).collect();
        if deopts.is_empty() {
            eprintln!("FAILED: no deopts in {storm}");
            continue;
        }
        let part = |f: fn(&(f64, f64)) -> f64| median(deopts.iter().map(f).collect()).unwrap_or_default();
        let (whole, exit, rebuild) = (part(|d| d.0 + d.1), part(|d| d.0), part(|d| d.1));
        out += &format!("| {storm} | {} | {whole:.0} | {exit:.0} | {rebuild:.0} |\n", deopts.len());
    }
    out
}

/// How long a process without a recording takes, about.
const RECORDED_RUN: &str = "700ms";

/// Processor time with a recording at default settings over that without: the same number of iterations, in turns.
pub fn recording_cost(rounds: usize, programs: &[String]) -> String {
    let mut out = format!(
        "\n## What recording costs\n\nProcessor time of whole processes with `--record` and without, {rounds} pairs of each \
         program.\n\n| program | off ms | on ms | on / off | 95 % |\n|---|--:|--:|--:|--:|\n"
    );
    let mut ratios = Vec::new();
    for program in programs {
        let run = |record: bool, argument: &str| {
            let mut command = Command::new(PETREL);
            command.arg("run");
            if record {
                command.arg("--record").arg(scratch());
            }
            process::run(command.arg(format!("benches/programs/{program}.js")).arg(argument), &root())
        };
        let Some(iterations) = run(false, RECORDED_RUN).map(|run| run.series.len().to_string()) else { continue };
        let mut pairs = Vec::new();
        for round in 0..rounds {
            // Who goes first takes turns too.
            let first = run(round % 2 == 0, &iterations).map(|run| run.cpu_ms);
            let second = run(round % 2 == 1, &iterations).map(|run| run.cpu_ms);
            let (on, off) = if round % 2 == 0 { (first, second) } else { (second, first) };
            pairs.extend(on.zip(off));
        }
        let (on, off): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
        if let (Some(ratio), Some(on), Some(off)) = (paired_ratio(&pairs), median(on), median(off)) {
            let Ratio { median, low, high } = ratio;
            out += &format!("| {program} | {off:.1} | {on:.1} | {median:.3} | {low:.3}-{high:.3} |\n");
            ratios.push(median);
        }
    }
    if let Some(mean) = geometric_mean(&ratios) {
        out += &format!("| **geometric mean of {}** | | | **{mean:.3}** | |\n", ratios.len());
    }
    out
}
