//! The command line: what the words mean, and who does the work.
//!
//! ```text
//! petrel run [FLAGS] FILE [ARGS]...     run a program             (also: petrel [FLAGS] FILE [ARGS]...)
//! petrel record [-o REC] FILE           run it and write a recording
//! petrel run -, -e CODE, -p CODE        the program from standard input or from the command line
//! petrel repl [FLAGS]                   evaluate line by line
//! petrel check FILE...                  say what would be refused
//! petrel dump FILE --bytecode|...       show a program's inner forms, machine code, the compiler's passes
//! petrel storm list | run NAME          deopt storms, broken and fixed, per policy
//! petrel stats|why|events REC           look into a recording
//! petrel query REC SQL, export, flame   the same in SQL, in other tools' formats, as a picture; diff: two of them
//! petrel top ADDR                       watch a program that runs with --serve
//! ```
//!
//! Exit codes: the program's own; 1 for an uncaught exception or a failed command; 2 for wrong usage, also a program that
//! cannot be read; 3 for a program that is refused or is no JavaScript; 70 when a limit (heap, time) ends it. Results go to
//! standard output, everything about the run to standard error. A reader that closes the pipe early ends the command quietly.
//!
//! | file | what |
//! |---|---|
//! | `flags.rs` | the configuration's knobs as command-line flags |
//! | `engine.rs` | the only file here that knows the engine |
//! | `run.rs` | `run`, `check`, `dump`: recordings and traces around the engine |
//! | `narrow.rs` | lines for the width of the terminal |
//! | `passes.rs` | the tables of `dump --passes` |
//! | `recording.rs` | `stats`, `why`, `events` |
//! | `ask.rs` | `query`, `export`, `flame`, `diff` |
//! | `serve.rs`, `live.html`, `top.rs` | `--serve`, `top` |
//! | `storm.rs` | `storm` |

mod ask;
mod engine;
mod flags;
mod narrow;
mod passes;
mod progress;
mod recording;
mod repl;
mod run;
mod serve;
mod storm;
mod storm_node;
mod storm_page;
mod top;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command};
use petrel::config::Config;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

/// Exit code of a command that failed.
const FAILED: u8 = 1;

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// Wrong usage: shown with the usage, exit code 2.
    Usage(String),
    /// Anything else: shown on standard error.
    Message {
        /// What to say.
        text: String,
        /// The exit code.
        exit_code: u8,
    },
    /// Writing a result failed.
    Output(io::Error),
}

impl Failure {
    /// A failure with exit code 1.
    pub fn new(text: impl Into<String>) -> Failure {
        Failure::Message { text: text.into(), exit_code: FAILED }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

impl From<petrel::config::FlagError> for Failure {
    fn from(error: petrel::config::FlagError) -> Failure {
        Failure::Usage(error.to_string())
    }
}

/// Runs the command that the arguments ask for.
pub fn main(arguments: Vec<OsString>) -> ExitCode {
    if let Some(words) = plain_program(&arguments) {
        return run::run_plain(words).map_or_else(|f| report(f, |text| eprintln!("petrel: {text}")), ExitCode::from);
    }
    let mut command = command();
    let arguments = spelled_out(arguments, &command);
    let matches = match command.try_get_matches_from_mut(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(FAILED);
            // Help into a closed pipe is nobody's problem.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    match dispatch(&matches) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => report(failure, |text| {
            let _ = usage_command(&mut command, &matches).error(ErrorKind::ValueValidation, text).print();
        }),
    }
}

/// Says what went wrong, with `usage` if the command line is to blame; the exit code.
fn report(failure: Failure, usage: impl FnOnce(String)) -> ExitCode {
    match failure {
        Failure::Usage(text) => {
            usage(text);
            ExitCode::from(2)
        }
        Failure::Message { text, exit_code } => {
            let _ = writeln!(io::stderr(), "petrel: {text}");
            ExitCode::from(exit_code)
        }
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Failure::Output(error) => {
            let _ = writeln!(io::stderr(), "petrel: cannot write: {error}");
            ExitCode::from(FAILED)
        }
    }
}

/// The words of `petrel run FILE ARGS` or `petrel FILE ARGS`, if there are no flags before FILE: most runs are like this, and
/// the tables of commands and flags take as much memory and time as all else that a small program needs.
fn plain_program(arguments: &[OsString]) -> Option<Vec<String>> {
    let words = match arguments.get(1)?.to_str()? {
        "run" => &arguments[2..],
        // No command is called like this.
        first if first.contains(['.', '/']) => &arguments[1..],
        _command => return None,
    };
    let words: Option<Vec<String>> = words.iter().map(|word| word.to_str().map(str::to_string)).collect();
    words.filter(|words| words.first().is_some_and(|file| !file.is_empty() && !file.starts_with('-')))
}

/// The innermost subcommand that was used, so that errors show its usage.
fn usage_command<'a>(command: &'a mut Command, matches: &ArgMatches) -> &'a mut Command {
    match matches.subcommand() {
        Some((name, inner)) if command.find_subcommand(name).is_some() => {
            let found = command.find_subcommand_mut(name).expect("invariant: it was just found");
            usage_command(found, inner)
        }
        Some((_, _)) | None => command,
    }
}

/// Makes plain what is meant: `petrel FILE` and `petrel --flag FILE` are `petrel run ...`, and everything from FILE on
/// belongs to the program, so a `--` is put before it. (`petrel dump FILE --asm` takes its own flags anywhere.)
fn spelled_out(mut arguments: Vec<OsString>, command: &Command) -> Vec<OsString> {
    let word = |argument: &OsString| argument.to_string_lossy().into_owned();
    let own = |first: &str| {
        ["help", "-h", "--help", "-V", "--version"].contains(&first) || command.find_subcommand(first).is_some()
    };
    if arguments.get(1).is_some_and(|first| !own(&word(first))) {
        arguments.insert(1, "run".into());
    }
    if arguments.get(1).is_some_and(|command| ["run", "record"].contains(&word(command).as_str())) {
        let mut index = 2;
        while let Some(argument) = arguments.get(index).map(word) {
            let Some(flag) = argument.strip_prefix('-').filter(|flag| !flag.is_empty() && argument != "--") else {
                break;
            };
            let takes_next = matches!(flag, "o" | "e" | "p")
                || flag.strip_prefix('-').is_some_and(|long| {
                    let long = flags::ALIASES.iter().find(|(alias, _)| *alias == long).map_or(long, |(_, flag)| flag);
                    matches!(long, "function" | "out" | "eval" | "print")
                        || Config::knob(long).is_some_and(|knob| knob.takes.is_some())
                });
            index += 1 + usize::from(takes_next);
        }
        if arguments.get(index).is_some_and(|argument| argument != "--") {
            arguments.insert(index, "--".into());
        }
    }
    arguments
}

/// The argument that names a recording.
fn recording() -> Arg {
    Arg::new("recording").value_name("RECORDING").help("A file made by petrel record, or --record").required(true)
}

/// The flag for an inner form.
fn dumped(kind: engine::DumpKind) -> Arg {
    let flag = Arg::new(kind.name()).long(kind.name()).help(kind.describe());
    match kind {
        engine::DumpKind::Hir => {
            let flag = flag.value_name("PASS").num_args(0..=1).require_equals(true);
            flag.default_missing_value(engine::LAST_PASS).value_parser(engine::phases())
        }
        _other => flag.action(ArgAction::SetTrue),
    }
}

/// A command with the flags of the configuration. Deferred: only the command that is run needs them, and they are many.
fn with_flags(command: Command) -> Command {
    command.args(flags::arguments())
}

fn command() -> Command {
    let program = || {
        Arg::new("program").value_name("FILE").help("The program, then its own arguments").required(true).num_args(1..)
    };
    let json = || Arg::new("json").long("json").action(ArgAction::SetTrue).help("Write JSON, one object per line");
    let reference = Command::new("reference")
        .about("Print a table of the reference as Markdown")
        .hide(true)
        .arg(Arg::new("table").required(true).value_parser(reference_names()));
    let code = |long: &'static str, short, help| {
        Arg::new(long).long(long).short(short).value_name("CODE").allow_hyphen_values(true).help(help)
    };
    let serve = || {
        Arg::new("serve")
            .long("serve")
            .value_name("ADDR")
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("on")
            .help_heading("Output")
            .help("Show the running program at this loopback port or address [default: any free port]")
    };
    let run = Command::new("run")
        .about("Run a program; '-' reads it from standard input")
        .after_help(
            "Examples:\n  petrel run --trace-deopt a.js       one line per deopt\n  petrel run --stats a.js             \
             numbers at the end\n  petrel run --serve a.js             a page with live numbers\n  petrel run --int a.js  \
                           interpreter only\n  petrel run --policy=naive a.js      a deopt loop that never ends",
        )
        .arg(program().required_unless_present_any(["eval", "print"]).required(false))
        .arg(code("eval", 'e', "Run this text instead of a file"))
        .arg(code("print", 'p', "Run this text and print the value of its last expression").conflicts_with("eval"))
        .arg(serve())
        .defer(with_flags);
    let check = Command::new("check")
        .about("Say whether programs would be accepted, and what to write instead where not")
        .arg(Arg::new("files").value_name("FILE").required(true).num_args(1..));
    let repl = Command::new("repl").about("Evaluate what is typed, line by line").defer(with_flags);
    let dump = Command::new("dump")
        .about("Show a program's bytecode; or run it, then show feedback, graphs, machine code or passes")
        .after_help(
            "Examples:\n  petrel dump a.js --asm --function f   the machine code of f\n  petrel dump a.js --hir=escape         graphs \
             after escape analysis\n  petrel dump a.js --bytecode -- --x    what begins with - belongs to the program behind --",
        )
        .arg(program())
        .args(engine::DumpKind::ALL.map(dumped))
        .group(clap::ArgGroup::new("what").args(engine::DumpKind::ALL.iter().map(|kind| kind.name())).required(true))
        .arg(Arg::new("function").long("function").value_name("NAME").help("Only functions of this name"))
        .arg(json().requires("passes").help("Write --passes as JSON, one object per line"))
        .defer(with_flags);
    let record = Command::new("record")
        .about("Run a program and write its recording")
        .arg(program())
        .after_help(
            "Then:\n  petrel why PROGRAM.rec              the causal chain of the most expensive deopt\n  petrel stats \
             PROGRAM.rec            numbers\n  petrel query PROGRAM.rec --list     questions in SQL\n  petrel flame -o x.svg \
             PROGRAM.rec   a flame graph, if it was recorded with --profile",
        )
        .arg(Arg::new("out").short('o').long("out").value_name("FILE").help("The recording [default: PROGRAM.rec]"))
        .arg(serve())
        .defer(with_flags);
    let stats = Command::new("stats").about("Statistics of a recording").arg(recording()).arg(json()).arg(
        Arg::new("as")
            .long("as")
            .value_name("LAYOUT")
            .value_parser(["petrel", "jit-summary", "hotspot"])
            .help("Petrel's tables, PyPy's jit-summary block, or HotSpot's compilation and code cache summaries"),
    );
    let why = Command::new("why")
        .about("Why code is slow: what deoptimizes it, or keeps it from being compiled; what it costs, and which line to change")
        .arg(recording())
        .arg(
            Arg::new("deopt")
                .long("deopt")
                .value_name("N")
                .value_parser(clap::value_parser!(u64))
                .help("The N-th deopt of the recording instead of what cost most"),
        )
        .arg(
            Arg::new("function")
                .long("function")
                .value_name("NAME")
                .conflicts_with("deopt")
                .help("What cost most in this function, or what became of it"),
        )
        .arg(
            Arg::new("question")
                .value_names(["deopt|function", "N|NAME"])
                .num_args(2)
                .conflicts_with_all(["deopt", "function"])
                .help("The same in words: 'deopt 3', 'function score'"),
        )
        .arg(json());
    let events = Command::new("events")
        .about("The events of a recording, as text, as JSON lines, or as a trace")
        .arg(recording())
        .arg(json().conflicts_with("as"))
        .arg(
            Arg::new("as")
                .long("as")
                .value_name("TRACE")
                .value_parser(recording::TRACES)
                .help("Print what this trace flag would have printed"),
        )
        .arg(
            Arg::new("only")
                .long("only")
                .value_name("EVENT")
                .action(ArgAction::Append)
                .help("Only events of this name; may be repeated"),
        )
        .arg(Arg::new("header").long("header").action(ArgAction::SetTrue).help("Print the header instead"));
    let top = Command::new("top")
        .about("Watch a running program in the terminal")
        .after_help("Start the program with petrel run --serve; it tells the address. Keys: q ends.")
        .arg(Arg::new("address").value_name("ADDR").required(true).help("Port or address that --serve has told"))
        .arg(json());
    let completions = Command::new("completions")
        .about("Print a completion script for a shell")
        .after_help("bash: petrel completions bash > ~/.local/share/bash-completion/completions/petrel")
        .arg(Arg::new("shell").required(true).value_parser(clap::value_parser!(clap_complete::Shell)));
    let man = Command::new("man")
        .about("Print the manual page, of petrel or of one of its commands")
        .after_help("petrel man | man -l -")
        .arg(Arg::new("of").value_name("COMMAND").help("A command"));
    Command::new("petrel")
        .version(env!("CARGO_PKG_VERSION"))
        .about("A small dynamic language with a tiered JIT whose first purpose is to be seen")
        .after_help(
            "First steps:\n  petrel FILE                   run a program (short for petrel run FILE)\n  petrel record --profile \
             FILE  run it and write what happened to FILE.rec\n  petrel why FILE.rec           what deoptimized, why, and what \
             would end it\n  petrel storm list             small programs that fall from optimized code, and why\n\nExit codes: \
             the program's own; 1 an uncaught exception, or a command that failed; 2 wrong usage, or a program that cannot be read; 3 a program that is refused \
             or is no JavaScript; 70 a limit (heap, time) was reached.\n\nNO_COLOR and CLICOLOR_FORCE are heard. Results go to \
             standard output, everything about a run to standard error.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([run, record, check, repl, dump, storm::command(), stats, why])
        .subcommands(ask::commands())
        .subcommands([events, top, completions, man, reference])
}

fn dispatch(matches: &ArgMatches) -> Result<u8, Failure> {
    match matches.subcommand() {
        Some(("run", matches)) => run::run(matches),
        Some(("check", matches)) => run::check(matches),
        Some(("repl", matches)) => repl::repl(&flags::config(matches)?),
        Some(("dump", matches)) => run::dump(matches),
        Some(("storm", matches)) => storm::storm(matches),
        Some(("record", matches)) => run::record(matches),
        Some(("stats", matches)) => recording::stats(matches),
        Some(("why", matches)) => recording::why(matches),
        Some(("query", matches)) => ask::query(matches),
        Some(("export", matches)) => ask::export(matches),
        Some(("flame", matches)) => ask::flame(matches),
        Some(("diff", matches)) => ask::diff(matches),
        Some(("events", matches)) => recording::events(matches),
        Some(("top", matches)) => top::top(matches),
        Some(("completions", matches)) => completions(matches),
        Some(("man", matches)) => manual(matches),
        Some(("reference", matches)) => reference(matches),
        Some((_, _)) | None => Err(Failure::Usage("a command is missing".to_string())),
    }
}

/// `petrel completions SHELL`.
fn completions(matches: &ArgMatches) -> Result<u8, Failure> {
    let shell = matches.get_one::<clap_complete::Shell>("shell").copied();
    let shell = shell.ok_or_else(|| Failure::Usage("a shell is missing".to_string()))?;
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "petrel", &mut script);
    io::stdout().write_all(&script)?;
    Ok(0)
}

/// `petrel man [COMMAND]`.
fn manual(matches: &ArgMatches) -> Result<u8, Failure> {
    let mut whole = command();
    whole.build();
    let page = match matches.get_one::<String>("of") {
        None => whole,
        Some(name) => {
            let found = whole.find_subcommand(name).cloned();
            let found = found.ok_or_else(|| Failure::Usage(format!("there is no command '{name}'")))?;
            found.display_name(format!("petrel-{name}"))
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    io::stdout().write_all(&text)?;
    Ok(0)
}

/// The tables of `petrel reference`.
fn reference_names() -> Vec<&'static str> {
    petrel::observe::reference::TABLES.iter().map(|(name, _)| *name).chain(["language"]).collect()
}

/// `petrel reference TABLE`: how the generated pages of `docs/` and the second half of `lang/reference.md` are made.
fn reference(matches: &ArgMatches) -> Result<u8, Failure> {
    let wanted = matches.get_one::<String>("table").map(String::as_str);
    if wanted == Some("language") {
        io::stdout().write_all(engine::language().as_bytes())?;
        return Ok(0);
    }
    let table = petrel::observe::reference::TABLES.into_iter().find(|(name, _)| Some(*name) == wanted);
    let (_, text) = table.ok_or_else(|| Failure::Usage("there is no such table".to_string()))?;
    io::stdout().write_all(text().as_bytes())?;
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<ArgMatches, clap::Error> {
        let command = command();
        let arguments = spelled_out(line.split(' ').map(OsString::from).collect(), &command);
        command.try_get_matches_from(arguments)
    }

    fn program(matches: &ArgMatches) -> Vec<String> {
        let (_, matches) = matches.subcommand().unwrap();
        matches.get_many::<String>("program").unwrap().cloned().collect()
    }

    #[test]
    fn the_definition_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn run_is_implied_and_arguments_of_the_program_are_its_own() {
        for line in ["petrel run --sync a.js --sync -x", "petrel --sync a.js --sync -x"] {
            let matches = parse(line).unwrap();
            assert_eq!(program(&matches), ["a.js", "--sync", "-x"]);
        }
        assert_eq!(program(&parse("petrel a.js 7").unwrap()), ["a.js", "7"]);
        assert_eq!(program(&parse("petrel --seed 4 --osr=off -- a.js -- 7").unwrap()), ["a.js", "--", "7"]);
        assert_eq!(program(&parse("petrel -e 1+1 x --sync").unwrap()), ["x", "--sync"]);
        assert_eq!(program(&parse("petrel --max-heap 64m - x").unwrap()), ["-", "x"]);
        for line in
            ["petrel dump --hir --function f a.js 7 -- --help", "petrel dump a.js 7 --function f --hir=gvn -- --help"]
        {
            assert_eq!(program(&parse(line).unwrap()), ["a.js", "7", "--help"]);
        }
    }

    #[test]
    fn wrong_usage_has_exit_code_two() {
        for line in [
            "petrel run",
            "petrel run --warp a.js",
            "petrel storm",
            "petrel dump a.js",
            "petrel dump --hir=warp a.js",
            "petrel events",
        ] {
            let error = parse(line).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{line}");
        }
        assert_eq!(parse("petrel --help").unwrap_err().exit_code(), 0);
    }

    #[test]
    fn flags_reach_the_configuration() {
        let config = |line: &str| {
            let matches = parse(line).unwrap();
            flags::config(matches.subcommand().unwrap().1)
        };
        let read = config("petrel -Xint --trace-opt --stress gc --stress=fuel=3 a.js").unwrap();
        assert_eq!(read.tier_max, petrel::vocab::Tier::Interpreter);
        assert!(read.trace_opt && read.stress.gc && read.stress.fuel == Some(3));
        assert_eq!(config("petrel --int a.js").unwrap().tier_max, petrel::vocab::Tier::Interpreter);
        assert_eq!(config("petrel --osr=off --seed 1 --seed 2 a.js").unwrap().seed, 2);
        assert!(config("petrel --heap-limit lots a.js").unwrap_err().to_string().contains("--heap-limit"));
        assert!(config("petrel -Xfast a.js").is_err());
    }

    /// Commands in documents: in backticks, or on a line of their own. What stands for something else is given a value.
    fn shown(text: &str) -> Vec<String> {
        let quoted = text.split('`').skip(1).step_by(2);
        let commands = quoted.chain(text.lines()).filter_map(|part| part.strip_prefix("petrel "));
        let plain = commands.filter(|command| !command.contains(['\n', '`', '|', '"']) && !command.contains(".."));
        let plain = plain.map(|command| command.split(['#', '>']).next().unwrap_or_default().trim());
        let value = |word| {
            if word == "N" {
                "1"
            } else if word == "NAME" {
                "fxt"
            } else {
                word
            }
        };
        plain.map(|command| format!("petrel {}", command.split(' ').map(value).collect::<Vec<_>>().join(" "))).collect()
    }

    #[test]
    fn commands_in_documents_are_commands() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let list = |folder: &str| std::fs::read_dir(root.join(folder)).expect("a folder").flatten().map(|e| e.path());
        let mut documents = vec![root.join("README.md"), root.join("lang/reference.md")];
        documents.extend(list("docs").filter(|path| path.extension().is_some_and(|ending| ending == "md")));
        documents.extend(list("lang/storms").map(|storm| storm.join("README.md")).filter(|path| path.is_file()));
        let mut seen = 0;
        for document in documents {
            let text = std::fs::read_to_string(&document).expect("a document");
            for command in shown(&text) {
                // A command's bare name, in a sentence.
                if command.split(' ').count() < 3 {
                    continue;
                }
                // Sentences leave out what goes without saying.
                if let Err(error) = parse(&command)
                    && error.kind() != ErrorKind::MissingRequiredArgument
                {
                    panic!("{}: {command}\n{error}", document.display());
                }
                for file in command.split(' ').filter(|word| word.starts_with("lang/") && word.ends_with(".js")) {
                    assert!(root.join(file).is_file(), "{}: {command}", document.display());
                }
                seen += 1;
            }
        }
        assert!(seen > 60, "only {seen} commands were found");
    }
}
