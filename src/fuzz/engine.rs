//! Runs a program on Petrel, in a process of its own: a crash must not end the fuzzer, and an endless loop must be ended.
//!
//! The process is this program again (`petrel-fuzz --engine FLAGS... FILE`), so that there is nothing to build first and
//! engine and fuzzer cannot be of different versions; or the command given as `--petrel`.

use petrel::config::Config;
use petrel::events::Recorder;
use petrel::vm::Vm;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Standard output.
    pub printed: String,
    /// Standard error.
    pub errors: String,
    /// Exit code; none after a signal or the time limit.
    pub code: Option<i32>,
    /// Whether the time limit ended it.
    pub timed_out: bool,
}

impl Outcome {
    /// Whether the engine broke, rather than the program.
    pub fn crashed(&self) -> bool {
        !self.timed_out && !matches!(self.code, Some(0 | 1 | 3))
    }

    /// Whether the engine does not have something that the program uses.
    pub fn refused(&self) -> bool {
        self.code == Some(3)
    }

    /// The line of standard error that says what broke.
    pub fn headline(&self) -> &str {
        let mut lines = self.errors.lines().skip_while(|line| !line.contains("panicked at"));
        lines.next().unwrap_or_else(|| self.errors.lines().next().unwrap_or(""))
    }
}

/// Where programs are run.
pub struct Engine {
    command: Vec<String>,
    folder: PathBuf,
    limit: Duration,
}

impl Engine {
    /// An engine that is started by `command`, with its files in `folder`.
    pub fn new(command: Option<&str>, folder: &Path, limit: Duration) -> io::Result<Engine> {
        let command = match command {
            Some(text) => text.split_whitespace().map(str::to_string).chain(["run".to_string()]).collect(),
            None => vec![std::env::current_exe()?.display().to_string(), "--engine".to_string()],
        };
        Ok(Engine { command, folder: folder.to_path_buf(), limit })
    }

    /// Runs a file with flags.
    pub fn run(&self, flags: &[String], file: &Path) -> io::Result<Outcome> {
        let id = std::process::id();
        let (out, err) = (self.folder.join(format!("out-{id}")), self.folder.join(format!("err-{id}")));
        let start = Instant::now();
        let mut child = Command::new(&self.command[0])
            .args(&self.command[1..])
            .args(flags)
            .arg(file)
            .stdin(Stdio::null())
            .stdout(File::create(&out)?)
            .stderr(File::create(&err)?)
            .spawn()?;
        let mut pause = Duration::from_micros(500);
        let (code, timed_out) = loop {
            if let Some(status) = child.try_wait()? {
                break (status.code(), false);
            }
            if start.elapsed() > self.limit {
                child.kill()?;
                child.wait()?;
                break (None, true);
            }
            std::thread::sleep(pause);
            pause = (pause * 3 / 2).min(Duration::from_millis(10));
        };
        let text = |path: &Path| Ok::<_, io::Error>(String::from_utf8_lossy(&std::fs::read(path)?).into_owned());
        let outcome = Outcome { printed: text(&out)?, errors: text(&err)?, code, timed_out };
        std::fs::remove_file(out)?;
        std::fs::remove_file(err)?;
        Ok(outcome)
    }
}

/// The other side of [`Engine::run`]: runs the file that the last argument names. The result is the exit code.
pub fn serve(arguments: &[String]) -> i32 {
    let Some((file, flags)) = arguments.split_last() else { return petrel::vm::EXIT_USAGE };
    let flags = flags.iter().map(|flag| {
        let flag = flag.trim_start_matches("--");
        flag.split_once('=').unwrap_or((flag, ""))
    });
    let config = match Config::from_flags(flags) {
        Ok(config) => config,
        Err(error) => {
            eprintln!("petrel-fuzz: {error}");
            return petrel::vm::EXIT_USAGE;
        }
    };
    match Vm::new(config, Recorder::off()) {
        Ok(mut vm) => vm.run_file(Path::new(file)),
        Err(error) => {
            eprintln!("petrel-fuzz: {error}");
            petrel::vm::EXIT_LIMIT
        }
    }
}
