//! The oracle: Node, as one process that runs many programs (`driver.js`).
//!
//! Starting Node takes 40 ms, a program in a running one takes one or two. A difference that this process shows is
//! confirmed by `node FILE` before it is reported, since programs share a process here.

use serde::Deserialize;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// How a program ended on Node.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Expected {
    /// What it printed.
    pub printed: String,
    /// Exit code; 3 if it is not a program.
    pub code: i32,
    /// What was thrown, if anything.
    pub error: String,
}

/// Exit code that the driver gives a program that did not end.
pub const DID_NOT_END: i32 = 124;
/// Exit code that the driver gives a text that is not a program.
pub const NOT_A_PROGRAM: i32 = 3;

/// A running Node.
pub struct Oracle {
    driver: PathBuf,
    running: Option<(Child, ChildStdin, BufReader<ChildStdout>)>,
}

impl Oracle {
    /// Node, if it is installed. The driver is written into `folder`.
    pub fn start(folder: &Path) -> io::Result<Option<Oracle>> {
        let installed = Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !installed.is_ok_and(|status| status.success()) {
            return Ok(None);
        }
        let driver = folder.join(format!("driver-{}.js", std::process::id()));
        std::fs::write(&driver, include_str!("driver.js"))?;
        Ok(Some(Oracle { driver, running: None }))
    }

    /// Runs a program. A process that dies of one is replaced, and the program counts as one that did not end.
    pub fn run(&mut self, source: &str) -> io::Result<Expected> {
        let line = serde_json::to_string(source).expect("text is JSON");
        if self.running.is_none() {
            let mut child = Command::new("node")
                .arg(&self.driver)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()?;
            let (input, output) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
            self.running = Some((child, input, BufReader::new(output)));
        }
        let (_, input, output) = self.running.as_mut().expect("it was just started");
        let mut answer = String::new();
        let sent = writeln!(input, "{line}").and_then(|()| output.read_line(&mut answer));
        match sent {
            Ok(length) if length > 0 => serde_json::from_str(&answer).map_err(io::Error::other),
            Ok(_) | Err(_) => {
                self.stop();
                Ok(Expected { printed: String::new(), code: DID_NOT_END, error: "node died".to_string() })
            }
        }
    }

    fn stop(&mut self) {
        if let Some((mut child, input, _)) = self.running.take() {
            drop(input);
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        self.stop();
        let _ = std::fs::remove_file(&self.driver);
    }
}

/// `node FILE`: standard output and exit code, from a process of its own.
pub fn run_alone(file: &Path) -> io::Result<(String, Option<i32>)> {
    let output = Command::new("node").arg(file).stdin(Stdio::null()).output()?;
    Ok((String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code()))
}
