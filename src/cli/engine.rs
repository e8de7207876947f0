//! The command line's view of the engine: the only file of this room that calls it.
//!
//! Three operations: run a program, check it, show its inner forms. All three report refused programs and syntax
//! errors as [`Failure::Message`] with exit code 3; a program's uncaught exception has been printed by the engine, as
//! Node prints it, and is exit code 1.

use super::{Failure, passes};
use petrel::config::Config;
use petrel::events::{Recorder, Subscriber};
use petrel::observe::export::iongraph::{self, Graphs};
use petrel::vm::Vm;
use std::io::Write;
use std::path::Path;

/// Inner forms of a program that can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DumpKind {
    /// What the interpreter runs.
    Bytecode,
    /// What the sites have seen.
    Feedback,
    /// The optimizer's graph.
    Hir,
    /// What the code generator is given.
    Clif,
    /// Machine code.
    Asm,
    /// The optimizer's graph as built and after each pass, for iongraph.
    Iongraph,
    /// Where the time of optimizing compiles goes.
    Passes,
}

impl DumpKind {
    /// All of them.
    pub const ALL: [DumpKind; 7] = [
        DumpKind::Bytecode,
        DumpKind::Feedback,
        DumpKind::Hir,
        DumpKind::Clif,
        DumpKind::Asm,
        DumpKind::Iongraph,
        DumpKind::Passes,
    ];

    /// Name of the flag.
    pub const fn name(self) -> &'static str {
        match self {
            DumpKind::Bytecode => "bytecode",
            DumpKind::Feedback => "feedback",
            DumpKind::Hir => "hir",
            DumpKind::Clif => "clif",
            DumpKind::Asm => "asm",
            DumpKind::Iongraph => "iongraph",
            DumpKind::Passes => "passes",
        }
    }

    /// Help for the flag.
    pub const fn describe(self) -> &'static str {
        match self {
            DumpKind::Bytecode => "The bytecode of each function, before it runs",
            DumpKind::Feedback => "What each site has seen by the end of the run",
            DumpKind::Hir => {
                "The optimized graph of each function that was optimized; or the graphs after a pass, or after each"
            }
            DumpKind::Clif => "What the code generator was given, for each function that was optimized",
            DumpKind::Asm => {
                "The machine code of each function that was optimized, with the graph's instructions and the source"
            }
            DumpKind::Iongraph => "The graphs as built and after each pass, as JSON for iongraph",
            DumpKind::Passes => {
                "The passes of each optimizing compile: instructions in and out, and time; code generation by stage"
            }
        }
    }
}

/// In place of a pass: the one before code generation.
pub const LAST_PASS: &str = "last";
/// In place of a pass: every one.
pub const EACH_PASS: &str = "each";

/// What graphs can be asked for by: the phase that made them, the last, or each.
pub fn phases() -> Vec<&'static str> {
    let passes = petrel::hir::passes::ALL.iter().map(|pass| pass.name);
    ["build"].into_iter().chain(passes).chain([LAST_PASS, EACH_PASS]).collect()
}

/// The phases' names; of passes that run several times, with a number.
fn numbered(graphs: &[(&'static str, String)]) -> Vec<String> {
    let times = |name: &str, graphs: &[(&str, String)]| graphs.iter().filter(|(other, _)| *other == name).count();
    let named = graphs.iter().enumerate().map(|(i, (name, _))| match times(name, graphs) {
        1 => (*name).to_string(),
        all => format!("{name} ({} of {all})", times(name, &graphs[..=i])),
    });
    named.collect()
}

fn with_loop(name: &str, osr_offset: Option<u32>) -> String {
    osr_offset.map_or(name.to_string(), |offset| format!("{name} @{offset}"))
}

/// A program to run.
pub struct Program<'a> {
    /// Its file.
    pub path: &'a Path,
    /// Its arguments: `process.argv` from the third element on.
    pub arguments: &'a [String],
    /// The settings.
    pub config: &'a Config,
    /// Who is told of storms and of a full code cache.
    pub alarms: Option<fn() -> Subscriber>,
}

fn start(program: &Program, subscribers: Vec<Subscriber>) -> Result<Box<Vm>, Failure> {
    let mut recorder = Recorder::off();
    recorder.set_sample_rate(program.config.sample_rate);
    for s in subscribers {
        recorder.subscribe(s);
    }
    if let Some(alarms) = program.alarms {
        recorder.subscribe_to_alarms(alarms());
    }
    let mut vm = Vm::new(program.config.clone(), recorder).map_err(|e| {
        Failure::new(format!("no address space for a heap of {} bytes: {e}", program.config.heap_limit))
    })?;
    vm.set_arguments(program.arguments);
    Ok(vm)
}

fn exit_code(code: i32) -> u8 {
    code as u8
}

/// Runs a program to its end and returns its exit code. The subscribers are given to the engine's recorder and are
/// dropped when the run is over.
pub fn run(program: &Program, subscribers: Vec<Subscriber>) -> Result<u8, Failure> {
    let mut vm = start(program, subscribers)?;
    Ok(exit_code(vm.run_file(program.path)))
}

/// Runs a text that is no file; its value is printed if asked for. `program.path` is what positions show.
pub fn run_text(program: &Program, text: String, print: bool, subscribers: Vec<Subscriber>) -> Result<u8, Failure> {
    let mut vm = start(program, subscribers)?;
    Ok(exit_code(vm.run_text(&program.path.to_string_lossy(), text, print)))
}

pub use petrel::vm::Answer;

/// A session of the REPL.
pub struct Session(Box<Vm>);

impl Session {
    /// Starts one.
    pub fn start(config: &Config) -> Result<Session, Failure> {
        let program = Program { path: Path::new("repl"), arguments: &[], config, alarms: None };
        start(&program, Vec::new()).map(Session)
    }
    /// Evaluates an input.
    pub fn answer(&mut self, text: &str) -> Answer {
        self.0.answer(text)
    }
}

/// What the language leaves out, as Markdown.
pub fn language() -> String {
    petrel::frontend::subset::reference()
}

/// Parses a program, without running it. The error is what `run` would print.
pub fn check(path: &Path, config: &Config) -> Result<(), Failure> {
    match petrel::vm::check_file(path, config) {
        Ok(()) => Ok(()),
        Err((text, code)) => Err(Failure::Message { text: text.trim_end().to_string(), exit_code: exit_code(code) }),
    }
}

/// Writes an inner form of a program's functions, of all or of those with a name. Every form but bytecode needs a run,
/// whose output goes to standard error. Of graphs, `pass` chooses those after a pass, [`LAST_PASS`] or [`EACH_PASS`].
pub fn dump(
    program: &Program,
    kind: DumpKind,
    pass: &str,
    function: Option<&str>,
    json: bool,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let mut vm = start(program, Vec::new())?;
    vm.keep_dumps = true;
    vm.divert_output();
    let code = match kind {
        DumpKind::Bytecode => vm.load_only(program.path),
        DumpKind::Feedback | DumpKind::Hir | DumpKind::Clif | DumpKind::Asm | DumpKind::Iongraph | DumpKind::Passes => {
            vm.run_file(program.path)
        }
    };
    let wanted = |name: &str| function.is_none_or(|f| f == name);
    match kind {
        DumpKind::Bytecode => vm.dump_bytecode(out, &wanted)?,
        DumpKind::Feedback => vm.dump_feedback(out, &wanted)?,
        DumpKind::Hir => match pass {
            LAST_PASS => vm.dump_compiles(out, &wanted, |_, d| d.graphs.last().map(|(_, text)| text.clone()))?,
            pass => {
                for (name, osr_offset, graphs) in vm.graphs(&wanted) {
                    let name = with_loop(name, osr_offset);
                    for (phase, (_, text)) in numbered(graphs)
                        .into_iter()
                        .zip(graphs)
                        .filter(|(_, (name, _))| pass == EACH_PASS || *name == pass)
                    {
                        writeln!(out, "==== {name} after {phase}\n{text}")?;
                    }
                }
            }
        },
        DumpKind::Clif => vm.dump_compiles(out, &wanted, |_, d| Some(d.code.as_ref()?.explained.clif.clone()))?,
        DumpKind::Asm => vm.dump_compiles(out, &wanted, Vm::asm)?,
        DumpKind::Passes => {
            let compiles = vm.compile_times(&wanted);
            out.write_all(if json { passes::json(&compiles) } else { passes::text(&compiles) }.as_bytes())?;
        }
        DumpKind::Iongraph => {
            let graphs = vm.graphs(&wanted).into_iter().map(|(name, osr_offset, graphs)| Graphs {
                name: with_loop(name, osr_offset),
                passes: numbered(graphs).into_iter().zip(graphs.iter().map(|(_, text)| &**text)).collect(),
            });
            writeln!(out, "{}", iongraph::document(&graphs.collect::<Vec<_>>()))?;
        }
    }
    Ok(exit_code(code))
}
