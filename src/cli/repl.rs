//! `petrel repl`: read, evaluate, print, again.
//!
//! Lines come from a line editor with history (`~/.petrel_history`), or plainly where standard input is no terminal. An
//! input that is not complete goes on at the next line. `.exit` or the end of the input ends the session.

use super::Failure;
use super::engine::{Answer, Session};
use petrel::config::Config;
use rustyline::error::ReadlineError;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

const HELP: &str =
    ".exit      end the session\n.break     forget the lines of an unfinished input\n.help      this text\n";

/// Where the history lies, if there is a home folder.
fn history_file() -> Option<PathBuf> {
    std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".petrel_history"))
}

/// Runs the session; the exit code is that of `process.exit`, or 0.
pub fn repl(config: &Config) -> Result<u8, Failure> {
    let mut session = Session::start(config)?;
    let interactive = io::stdin().is_terminal();
    let failed = |e: ReadlineError| Failure::new(format!("cannot edit lines: {e}"));
    let mut editor = rustyline::DefaultEditor::new().map_err(failed)?;
    let history = history_file().filter(|_| interactive);
    if let Some(file) = &history {
        // There is none the first time.
        let _ = editor.load_history(file);
    }
    let mut pending = String::new();
    let code = loop {
        let prompt = match (interactive, pending.is_empty()) {
            (false, _) => "",
            (true, true) => "> ",
            (true, false) => "... ",
        };
        let line = match editor.readline(prompt) {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => {
                pending.clear();
                continue;
            }
            Err(ReadlineError::Eof) => break finish(&mut session, &pending)?,
            Err(e) => return Err(failed(e)),
        };
        if history.is_some() && !line.trim().is_empty() {
            // A history that is full or cannot grow is no reason to stop.
            let _ = editor.add_history_entry(&line);
        }
        match line.trim() {
            ".exit" => break 0,
            ".break" => pending.clear(),
            ".help" => io::stdout().write_all(HELP.as_bytes())?,
            _code => {
                pending.push_str(&line);
                pending.push('\n');
                match session.answer(&pending) {
                    Answer::Incomplete => continue,
                    answer => {
                        if let Some(code) = tell(answer)? {
                            break code;
                        }
                    }
                }
                pending.clear();
            }
        }
    };
    if let Some(file) = &history {
        let _ = editor.save_history(file);
    }
    Ok(code)
}

/// What stands unfinished at the end of the input is evaluated as it is, so that its error shows.
fn finish(session: &mut Session, pending: &str) -> Result<u8, Failure> {
    if pending.is_empty() {
        return Ok(0);
    }
    match session.answer(pending) {
        Answer::Incomplete => Err(Failure::new("the input ends in the middle of a statement")),
        answer => Ok(tell(answer)?.unwrap_or(0)),
    }
}

/// Prints an answer; the exit code if it was the last.
fn tell(answer: Answer) -> Result<Option<u8>, Failure> {
    match answer {
        Answer::Shown(text) => writeln!(io::stdout(), "{text}")?,
        Answer::Failed(text) => io::stdout().write_all(text.as_bytes())?,
        Answer::Incomplete => {}
        Answer::Ended(code) => return Ok(Some(code as u8)),
    }
    Ok(None)
}
