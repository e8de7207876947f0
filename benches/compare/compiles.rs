//! Optimizing compiles beside those of V8: the same functions of the same programs, each engine by what it says of itself,
//! Petrel in recordings, V8 under `--trace-opt`. What a compile takes depends on what was inlined, which differs; so the
//! functions are many, and what counts is the middle.

use super::engines::{Engine, root};
use super::recordings::events_of;
use super::statistics::{geometric_mean, median};
use std::collections::BTreeMap;
use std::process::Stdio;

/// How long each process runs.
const RUN: &str = "400ms";
/// Sizes in bytecodes of the function alone. Ten lines have about 130.
const SIZES: [(&str, u32, u32); 4] =
    [("all", 0, u32::MAX), ("up to 80", 0, 80), ("81 to 200: about ten lines", 81, 200), ("more", 201, u32::MAX)];

/// Compiles of one function by both engines.
#[derive(Default)]
struct Compiles {
    bytecodes: u32,
    petrel_us: Option<f64>,
    v8_us: Option<f64>,
}

fn least(best: &mut Option<f64>, us: f64) {
    *best = Some(best.map_or(us, |best| best.min(us)));
}

/// The table. A function's time is the least of its first compiles in `rounds` processes.
pub fn beside_v8(v8: &Engine, rounds: usize, programs: &[String]) -> String {
    let mut functions: BTreeMap<(&str, String), Compiles> = BTreeMap::new();
    for program in programs {
        for _ in 0..rounds {
            for (name, bytecodes, us) in compiles_of_petrel(program) {
                let function = functions.entry((program, name)).or_default();
                function.bytecodes = bytecodes;
                least(&mut function.petrel_us, us);
            }
            for (name, us) in compiles_of_v8(v8, program) {
                least(&mut functions.entry((program, name)).or_default().v8_us, us);
            }
        }
    }
    let mut out = format!(
        "\n## Optimizing compiles beside V8\n\nFunctions that both compile as a whole; the least of {rounds} processes each.\n\n\
         | bytecodes | functions | petrel, median us | {} (TurboFan), median us | petrel / V8, geometric mean |\n\
         |---|--:|--:|--:|--:|\n",
        v8.name
    );
    for (size, from, to) in SIZES {
        let fits = functions.values().filter(|f| (from..=to).contains(&f.bytecodes));
        let pairs: Vec<(f64, f64)> = fits.filter_map(|f| f.petrel_us.zip(f.v8_us)).collect();
        let middle = |of: fn(&(f64, f64)) -> f64| median(pairs.iter().map(of).collect()).unwrap_or_default();
        let ratios: Vec<f64> = pairs.iter().map(|(petrel, v8)| petrel / v8).collect();
        let mean = geometric_mean(&ratios).unwrap_or_default();
        let (petrel, v8) = (middle(|pair| pair.0), middle(|pair| pair.1));
        out += &format!("| {size} | {} | {petrel:.0} | {v8:.0} | {mean:.2} |\n", pairs.len());
    }
    out
}

/// The first compile of each function, with its bytecodes. Names that several functions have are left out.
fn compiles_of_petrel(program: &str) -> Vec<(String, u32, f64)> {
    let mut names: BTreeMap<u64, (String, u32)> = BTreeMap::new();
    let mut first: BTreeMap<u64, f64> = BTreeMap::new();
    for event in events_of(&[], &format!("benches/programs/{program}.js"), &[RUN]) {
        let Some(function) = event["function"].as_u64() else { continue };
        if event["event"] == "function_registered" {
            let name = event["name"].as_str().unwrap_or_default().to_owned();
            names.insert(function, (name, event["bytecodes"].as_u64().unwrap_or_default() as u32));
        }
        let is_whole = event["event"] == "compile_finished" && event["osr_offset"].is_null();
        if is_whole && event["tier"] == "optimized" {
            first.entry(function).or_insert(event["ns"].as_f64().unwrap_or_default() / 1e3);
        }
    }
    let is_unique = |name: &str| !name.is_empty() && names.values().filter(|(other, _)| other == name).count() == 1;
    let named =
        first.into_iter().filter_map(|(function, us)| names.get(&function).map(|(name, size)| (name, *size, us)));
    named.filter(|(name, ..)| is_unique(name)).map(|(name, size, us)| (name.clone(), size, us)).collect()
}

/// The first compile of each function: `[completed compiling … <JSFunction name (sfi …)> (target TURBOFAN_JS) - took 0.005,
/// 1.575, 0.030 ms]`, milliseconds of preparation, compile and finalization.
fn compiles_of_v8(v8: &Engine, program: &str) -> BTreeMap<String, f64> {
    let mut first = BTreeMap::new();
    let Some(mut command) = v8.command_with(&["--trace-opt"], program) else { return first };
    let output = command.arg(RUN).current_dir(root()).stderr(Stdio::null()).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    for line in text.lines().filter(|line| line.starts_with("[completed compiling") && !line.contains("OSR")) {
        let name = line.split_once("<JSFunction ").and_then(|(_, rest)| rest.split_once(" (sfi"));
        let times = line.split_once("(target TURBOFAN").and_then(|(_, rest)| rest.split_once("took "));
        if let (Some((name, _)), Some((_, times))) = (name, times) {
            let ms: f64 = times.trim_end_matches(" ms]").split(", ").filter_map(|time| time.parse::<f64>().ok()).sum();
            first.entry(name.to_owned()).or_insert(ms * 1e3);
        }
    }
    first
}
