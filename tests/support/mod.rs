//! What the integration tests share: finding the programs of `lang/`, running the engine with a time limit, and telling
//! clearly how two outputs differ.
//!
//! In: paths and flags. Out: [`Outcome`] values, or a message that names the command to repeat by hand. At most two
//! engines run at once, over all tests of one test binary. `PETREL_RUNNER` (a command, such as `qemu-aarch64`) is put
//! before the engine where the kernel cannot execute it by itself; time limits are ten times longer then.

#![allow(dead_code, reason = "every test binary uses its own part of these helpers")]

use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

/// The engine under test.
pub const PETREL: &str = env!("CARGO_BIN_EXE_petrel");

/// How many engines may run at the same time.
pub const WORKERS: usize = 2;

/// What a finished process left behind.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub stdout: String,
    pub stderr: String,
    /// Exit code; `None` if a signal or the time limit ended it.
    pub code: Option<i32>,
    pub timed_out: bool,
    pub took: Duration,
}

/// The repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Whether the engine runs under an emulator.
pub fn emulated() -> bool {
    std::env::var_os("PETREL_RUNNER").is_some_and(|runner| !runner.is_empty())
}

/// The time limit for one program.
pub fn time_limit() -> Duration {
    Duration::from_secs(if emulated() { 1200 } else { 120 })
}

/// A command that starts the engine, in the repository.
pub fn petrel() -> Command {
    let runner = std::env::var("PETREL_RUNNER").unwrap_or_default();
    let mut words = runner.split_whitespace();
    let mut command = match words.next() {
        Some(program) => {
            let mut command = Command::new(program);
            command.args(words).arg(PETREL);
            command
        }
        None => Command::new(PETREL),
    };
    command.current_dir(root());
    command
}

/// All files with `extension` under `folder` of the repository, sorted, relative to the repository.
pub fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for entry in entries {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                walk(&path, extension, found);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), extension, &mut found);
    let mut found: Vec<PathBuf> =
        found.into_iter().map(|path| path.strip_prefix(root()).expect("below the root").to_path_buf()).collect();
    found.sort();
    found
}

/// The values of header comments `// KEY: VALUE` of a program.
pub fn header(source: &str, key: &str) -> Vec<String> {
    let start = format!("// {key}: ");
    source.lines().filter_map(|line| line.strip_prefix(&start)).map(str::to_string).collect()
}

/// Permits for running processes, shared by all tests of a binary.
struct Permits {
    free: Mutex<usize>,
    returned: Condvar,
}

static PERMITS: Permits = Permits { free: Mutex::new(WORKERS), returned: Condvar::new() };

/// Runs `work` while holding a permit.
fn with_permit<T>(work: impl FnOnce() -> T) -> T {
    struct Permit;
    impl Drop for Permit {
        fn drop(&mut self) {
            *PERMITS.free.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) += 1;
            PERMITS.returned.notify_one();
        }
    }
    let mut free = PERMITS.free.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    while *free == 0 {
        free = PERMITS.returned.wait(free).unwrap_or_else(|poisoned| poisoned.into_inner());
    }
    *free -= 1;
    drop(free);
    let _permit = Permit;
    work()
}

/// Waits for a child, at most until the limit; then ends it. The flag says whether the limit was reached.
pub fn wait(child: &mut Child, limit: Duration) -> (Option<i32>, bool) {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a child that can be waited for") {
            return (status.code(), false);
        }
        if start.elapsed() > limit {
            child.kill().expect("a child that can be ended");
            child.wait().expect("a child that can be waited for");
            return (None, true);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Runs a command to its end, or to the time limit.
pub fn run(command: &mut Command) -> Outcome {
    with_permit(|| {
        let start = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let mut out = child.stdout.take().expect("a pipe");
        let mut err = child.stderr.take().expect("a pipe");
        std::thread::scope(|scope| {
            let stdout = scope.spawn(move || read_all(&mut out));
            let stderr = scope.spawn(move || read_all(&mut err));
            let (code, timed_out) = wait(&mut child, time_limit());
            Outcome {
                stdout: stdout.join().expect("a reader"),
                stderr: stderr.join().expect("a reader"),
                code,
                timed_out,
                took: start.elapsed(),
            }
        })
    })
}

fn read_all(pipe: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    // A pipe that breaks because the child was ended leaves what came before, which is all that there is to compare.
    let _ = pipe.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Runs a program on the engine.
pub fn run_petrel(flags: &[&str], program: &Path) -> Outcome {
    run(petrel().arg("run").args(flags).arg(program))
}

/// Writes a program to a file that this test owns, and gives its path.
pub fn scratch(name: &str, source: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(&folder).expect("a folder for scratch files");
    let path = folder.join(name);
    std::fs::write(&path, source).expect("a scratch file");
    path
}

/// The first lines in which two texts differ, with the lines before for orientation; empty if they are equal.
pub fn difference(expected: &str, got: &str) -> String {
    if expected == got {
        return String::new();
    }
    let expected: Vec<&str> = expected.split('\n').collect();
    let got: Vec<&str> = got.split('\n').collect();
    let shorter = expected.len().min(got.len());
    let first = (0..shorter).find(|&i| expected[i] != got[i]).unwrap_or(shorter);
    let mut text = String::new();
    for (i, line) in expected.iter().enumerate().take(first).skip(first.saturating_sub(2)) {
        writeln!(text, "    {:>4}   {line}", i + 1).expect("a string takes text");
    }
    for (mark, lines) in [('-', &expected), ('+', &got)] {
        for (i, line) in lines.iter().enumerate().skip(first).take(3) {
            let line: String = line.chars().take(200).collect();
            writeln!(text, "    {:>4} {mark} {line}", i + 1).expect("a string takes text");
        }
    }
    text
}

/// Applies `check` to each item on [`WORKERS`] threads and collects the complaints, in the order of the items.
pub fn in_parallel<T: Sync>(items: &[T], check: impl Fn(&T) -> Option<String> + Sync) -> Vec<String> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let complaints = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let i = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(item) = items.get(i) else { break };
                    if let Some(complaint) = check(item) {
                        complaints.lock().expect("no worker panics here").push((i, complaint));
                    }
                }
            });
        }
    });
    let mut complaints = complaints.into_inner().expect("no worker panics here");
    complaints.sort();
    complaints.into_iter().map(|(_, complaint)| complaint).collect()
}

/// Fails with all complaints, the first twenty in full.
pub fn assert_none(complaints: Vec<String>, of: usize) {
    if complaints.is_empty() {
        return;
    }
    let shown: Vec<&str> = complaints.iter().take(20).map(String::as_str).collect();
    panic!("{} of {of} failed:\n\n{}", complaints.len(), shown.join("\n\n"));
}
