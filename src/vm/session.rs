//! A session: one input after the other in one VM, as the REPL has them.
//!
//! Each input is compiled like a file, so what it declares would die with it. It is therefore wrapped: every name that it
//! declares at its top level also becomes an accessor of the global object that reads and writes the variable itself, so
//! that later inputs, which find the name nowhere else, share it; and the value of a last expression is returned.
//! Assignments to names that no input has declared make globals, as on Node.

use super::{EXIT_UNCAUGHT, Failure, Vm, modules, report};
use crate::frontend::parse::{self, SessionInput};
use crate::runtime::builtins::inspect;
use crate::runtime::runtime::Termination;

/// What positions in inputs show as their file.
pub const SESSION_NAME: &str = "REPL";

/// What an input came to.
#[derive(Debug, PartialEq)]
pub enum Answer {
    /// Its value, as `console.log` shows it in an array.
    Shown(String),
    /// It is the beginning of something: more lines are needed.
    Incomplete,
    /// It failed; the text says how.
    Failed(String),
    /// It ended the program.
    Ended(i32),
}

impl Vm {
    /// Evaluates the next input of a session.
    pub fn answer(&mut self, text: &str) -> Answer {
        let text = match parse::session_input(text) {
            SessionInput::Incomplete => return Answer::Incomplete,
            SessionInput::Whole(text) => text,
        };
        let answer = self.entered(|vm| {
            let value = match modules::evaluate(vm, SESSION_NAME.to_string(), text) {
                Ok(value) => value,
                Err(failure @ (Failure::Frontend(..) | Failure::Unreadable(..))) => {
                    return Answer::Failed(report::text_of(&failure).0);
                }
                Err(Failure::Thrown) => return vm.failed_answer(),
            };
            match inspect::inspect(vm.rt(), value, inspect::Options::default()) {
                Ok(shown) => Answer::Shown(shown),
                Err(_) => vm.failed_answer(),
            }
        });
        self.rt().host.flush();
        answer
    }

    /// The pending exception, or the end of the program, as an answer.
    fn failed_answer(&mut self) -> Answer {
        match self.rt().termination.clone() {
            Some(Termination::Exit(code)) => Answer::Ended(code),
            Some(Termination::Refused(_) | Termination::HeapLimit(_) | Termination::Timeout) => {
                Answer::Ended(report::report(self, Failure::Thrown))
            }
            None => {
                let exception = self.rt().take_exception();
                match inspect::inspect(self.rt(), exception, inspect::Options::default()) {
                    Ok(shown) => Answer::Failed(format!("Uncaught {shown}\n")),
                    Err(_) => Answer::Ended(EXIT_UNCAUGHT),
                }
            }
        }
    }
}
