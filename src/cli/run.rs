//! `petrel run`, `petrel check`, `petrel dump`: what stands around the engine.
//!
//! A run's subscribers are the recording (`--record`) and the views (`--trace-...`, `--stats`), which write to standard
//! error so that the program's own output stays what it is on Node.

use super::engine::{self, DumpKind, Program};
use super::{Failure, flags};
use clap::ArgMatches;
use clap::parser::ValueSource;
use petrel::config::Config;
use petrel::events::Subscriber;
use petrel::events::codec::{self, Bounds, Writer};
use petrel::observe::Views;
use petrel::observe::text::Style;
use petrel::observe::warnings::Warnings;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The program and its arguments, as given.
fn program_words(matches: &ArgMatches) -> (PathBuf, Vec<String>) {
    let mut words = matches.get_many::<String>("program").into_iter().flatten().cloned();
    let path = words.next().map(PathBuf::from).unwrap_or_default();
    (path, words.collect())
}

/// The settings of a run. A live page shows how time is shared among the tiers, so the stack is sampled for it, unless the
/// user says otherwise, or the virtual clock counts anyway.
fn settings(matches: &ArgMatches) -> Result<Config, Failure> {
    let mut config = flags::config(matches)?;
    let is_served = matches.get_one::<String>("serve").is_some();
    if is_served && !config.deterministic && !matches.contains_id("profile") {
        config.profile = true;
    }
    Ok(config)
}

/// `petrel run`.
pub fn run(matches: &ArgMatches) -> Result<u8, Failure> {
    let config = settings(matches)?;
    let (path, arguments) = program_words(matches);
    let alarms = warns(matches, &config).then_some(alarms as fn() -> Subscriber);
    let program = Program { path: &path, arguments: &arguments, config: &config, alarms };
    let given = |name: &str| matches.get_one::<String>(name).cloned();
    if let Some(text) = given("eval").or_else(|| given("print")) {
        // Without a file every word is the program's argument.
        let arguments: Vec<String> = matches.get_many::<String>("program").into_iter().flatten().cloned().collect();
        let program = Program { path: Path::new("[eval]"), arguments: &arguments, config: &config, alarms };
        return engine::run_text(&program, text, matches.contains_id("print"), subscribers(&program, matches)?);
    }
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(|e| Failure::new(format!("cannot read: {e}")))?;
        let program = Program { path: Path::new("[stdin]"), ..program };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        return engine::run_text(&program, text, false, subscribers(&program, matches)?);
    }
    engine::run(&program, subscribers(&program, matches)?)
}

/// `petrel run FILE ARGS`, without a flag.
pub fn run_plain(mut words: Vec<String>) -> Result<u8, Failure> {
    let config = Config::from_flags(Vec::new())?;
    let arguments = words.split_off(1);
    let alarms = io::stderr().is_terminal().then_some(alarms as fn() -> Subscriber);
    engine::run(&Program { path: Path::new(&words[0]), arguments: &arguments, config: &config, alarms }, Vec::new())
}

/// `petrel record`: `run` with a recording, whose place is told afterwards.
pub fn record(matches: &ArgMatches) -> Result<u8, Failure> {
    let mut config = settings(matches)?;
    let (path, arguments) = program_words(matches);
    let given = matches.get_one::<String>("out").cloned().or(config.record.take());
    let file = given.unwrap_or_else(|| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        format!("{stem}.rec")
    });
    config.record = Some(file.clone());
    let alarms = warns(matches, &config).then_some(alarms as fn() -> Subscriber);
    let program = Program { path: &path, arguments: &arguments, config: &config, alarms };
    let code = engine::run(&program, subscribers(&program, matches)?)?;
    writeln!(io::stderr(), "petrel: recording: {file}")?;
    Ok(code)
}

/// Whether storms are told of: as `--warn-storms` says, else where a person is looking.
fn warns(matches: &ArgMatches, config: &Config) -> bool {
    if matches.contains_id("warn-storms") { config.warn_storms } else { io::stderr().is_terminal() }
}

/// Writes warnings to standard error.
fn alarms() -> Subscriber {
    let warnings = Box::new(Warnings::new(Style::of(&io::stderr())));
    Views::new(vec![warnings], Box::new(io::LineWriter::new(io::stderr()))).into_subscriber()
}

/// `petrel check`: every file is looked at; the exit code is that of the worst.
pub fn check(matches: &ArgMatches) -> Result<u8, Failure> {
    let config = Config::default();
    let mut worst = 0;
    for file in matches.get_many::<String>("files").into_iter().flatten() {
        match engine::check(Path::new(file), &config) {
            Ok(()) => writeln!(io::stdout(), "{file}: accepted")?,
            Err(Failure::Message { text, exit_code }) => {
                writeln!(io::stderr(), "{text}")?;
                worst = worst.max(exit_code);
            }
            Err(other @ (Failure::Usage(_) | Failure::Output(_))) => return Err(other),
        }
    }
    Ok(worst)
}

/// `petrel dump`.
pub fn dump(matches: &ArgMatches) -> Result<u8, Failure> {
    let config = flags::config(matches)?;
    let (path, arguments) = program_words(matches);
    let program = Program { path: &path, arguments: &arguments, config: &config, alarms: None };
    let asked = |kind: &DumpKind| matches.value_source(kind.name()) == Some(ValueSource::CommandLine);
    let kind = DumpKind::ALL.into_iter().find(asked);
    let kind = kind.ok_or_else(|| Failure::Usage("say what to dump".to_string()))?;
    let function = matches.get_one::<String>("function").map(String::as_str);
    let pass = matches.get_one::<String>(DumpKind::Hir.name()).map_or(engine::LAST_PASS, String::as_str);
    let mut out = BufWriter::new(io::stdout().lock());
    let code = engine::dump(&program, kind, pass, function, matches.get_flag("json"), &mut out)?;
    out.flush()?;
    Ok(code)
}

/// The recording, the live page and the views that are asked for.
fn subscribers(program: &Program, matches: &ArgMatches) -> Result<Vec<Subscriber>, Failure> {
    let mut subscribers = Vec::new();
    if let Some(address) = matches.get_one::<String>("serve") {
        subscribers.push(super::serve::start(address, &program.path.to_string_lossy())?);
    }
    if let Some(path) = &program.config.record {
        subscribers.push(recording(path, program)?);
    }
    let views = Views::selected(program.config, Style::of(&io::stderr()));
    if !views.is_empty() {
        let out = Box::new(io::LineWriter::new(io::stderr()));
        subscribers.push(Views::new(views, out).into_subscriber());
    }
    Ok(subscribers)
}

/// A recording that is being written, and finished when it is let go.
struct Recording {
    writer: Arc<Mutex<Writer<File>>>,
    path: String,
    /// Ends the thread that writes what a quiet program has left in the block.
    stop: Option<Sender<()>>,
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.stop = None;
        let finished = self.writer.lock().map_err(|_| io::Error::other("writing it failed before"));
        if let Err(error) = finished.and_then(|mut writer| writer.finish()) {
            // The program has run; its exit code stays its own.
            let _ = writeln!(io::stderr(), "petrel: cannot write {}: {error}", self.path);
        }
    }
}

/// Writes events out while the program emits none: a block is closed by the event that finds it old, and a program that is
/// killed may have been quiet for long.
fn write_when_quiet(writer: &Arc<Mutex<Writer<File>>>) -> Option<Sender<()>> {
    let (stop, stopped) = channel();
    let writer = Arc::downgrade(writer);
    let run = move || {
        while stopped.recv_timeout(QUIET) == Err(RecvTimeoutError::Timeout) {
            let Some(writer) = writer.upgrade() else { return };
            if let Ok(mut writer) = writer.lock() {
                writer.close_old_block();
            }
        }
    };
    std::thread::Builder::new().name("petrel-record".into()).spawn(run).ok().map(|_runs_by_itself| stop)
}

/// How often a recording is looked after.
const QUIET: Duration = Duration::from_millis(250);

/// A subscriber that writes a recording.
fn recording(path: &str, program: &Program) -> Result<Subscriber, Failure> {
    let failed = |error: io::Error| Failure::new(format!("cannot write {path}: {error}"));
    // Blocks are written whole: a buffer of ours in between would only keep them from a reader, or from surviving a crash.
    let file = File::create(path).map_err(failed)?;
    let config = program.config;
    let header = codec::header(&program.path.to_string_lossy(), program.arguments, config);
    let writer = Writer::new(file, &header, Bounds::of(config)).map_err(failed)?;
    let writer = Arc::new(Mutex::new(writer));
    // Where blocks end must not depend on the machine.
    let stop = if config.deterministic { None } else { write_when_quiet(&writer) };
    let recording = Recording { writer, path: path.to_string(), stop };
    Ok(Box::new(move |stamped| {
        if let Ok(mut writer) = recording.writer.lock() {
            writer.write(stamped);
        }
    }))
}
