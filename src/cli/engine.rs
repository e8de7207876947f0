//! The command line's view of the engine: the only file of this room that calls it.
//!
//! Three operations: run a program, check it, show its inner forms. All three report refused programs and syntax
//! errors as [`Failure::Message`] with exit code 3; a program's uncaught exception has been printed by the engine, as
//! Node prints it, and is exit code 1.

use super::Failure;
use petrel::config::Config;
use petrel::events::Subscriber;
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
}

impl DumpKind {
    /// All of them.
    pub const ALL: [DumpKind; 5] =
        [DumpKind::Bytecode, DumpKind::Feedback, DumpKind::Hir, DumpKind::Clif, DumpKind::Asm];

    /// Name of the flag.
    pub const fn name(self) -> &'static str {
        match self {
            DumpKind::Bytecode => "bytecode",
            DumpKind::Feedback => "feedback",
            DumpKind::Hir => "hir",
            DumpKind::Clif => "clif",
            DumpKind::Asm => "asm",
        }
    }

    /// Help for the flag.
    pub const fn describe(self) -> &'static str {
        match self {
            DumpKind::Bytecode => "The bytecode of each function, before it runs",
            DumpKind::Feedback => "What each site has seen by the end of the run",
            DumpKind::Hir => "The optimized graph of each function that was optimized",
            DumpKind::Clif => "What the code generator was given, for each function that was optimized",
            DumpKind::Asm => "The machine code of each function that was optimized",
        }
    }
}

/// A program to run.
pub struct Program<'a> {
    /// Its file.
    pub path: &'a Path,
    /// Its arguments: `process.argv` from the third element on.
    pub arguments: &'a [String],
    /// The settings.
    pub config: &'a Config,
}

fn not_wired(path: &Path) -> Failure {
    Failure::new(format!("cannot run {}: this build has no engine", path.display()))
}

/// Runs a program to its end and returns its exit code. The subscribers are given to the engine's recorder and are
/// dropped when the run is over. Sample rate and stress modes are the engine's to apply.
pub fn run(program: &Program, subscribers: Vec<Subscriber>) -> Result<u8, Failure> {
    drop(subscribers);
    Err(not_wired(program.path))
}

/// Parses a program and the files that it requires, without running it. The error is what `run` would print.
pub fn check(path: &Path, _config: &Config) -> Result<(), Failure> {
    Err(not_wired(path))
}

/// Writes an inner form of a program's functions, of all or of those with a name. Every form but bytecode needs a run,
/// whose output goes to standard error.
pub fn dump(program: &Program, _kind: DumpKind, _function: Option<&str>, _out: &mut dyn Write) -> Result<u8, Failure> {
    Err(not_wired(program.path))
}
