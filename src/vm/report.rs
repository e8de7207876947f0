//! What a user sees when a program cannot be run or fails: Node's words where Node has some.

use super::{EXIT_LIMIT, EXIT_REFUSED, EXIT_UNCAUGHT, EXIT_USAGE, Vm};
use crate::bytecode::function::Source;
use crate::frontend::FrontendError;
use crate::runtime::builtins;
use crate::runtime::object::Obj;
use crate::runtime::runtime::Termination;
use std::fmt::Write;
use std::sync::Arc;

/// Why a program did not run to its end.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The file could not be read: path and reason.
    Unreadable(String, String),
    /// The frontend did not accept it.
    Frontend(Arc<Source>, FrontendError),
    /// An exception is pending, or the program was terminated.
    Thrown,
}

/// What a failure to load a program looks like, and its exit code.
pub fn text_of(failure: &Failure) -> (String, i32) {
    match failure {
        Failure::Unreadable(path, reason) => (format!("petrel: cannot read {path}: {reason}\n"), EXIT_USAGE),
        Failure::Frontend(source, error) => (frontend_text(source, error), EXIT_REFUSED),
        Failure::Thrown => (String::new(), EXIT_UNCAUGHT),
    }
}

/// Tells standard error and returns the exit code.
pub fn report(vm: &mut Vm, failure: Failure) -> i32 {
    let (text, code) = match failure {
        Failure::Unreadable(..) | Failure::Frontend(..) => text_of(&failure),
        Failure::Thrown => match vm.rt().termination.clone() {
            Some(Termination::Exit(code)) => (String::new(), code),
            Some(Termination::Refused(text)) => {
                let line = refused_line(vm, &text).unwrap_or_default();
                (format!("{text}\n{line}"), EXIT_REFUSED)
            }
            Some(Termination::HeapLimit(bytes)) => {
                (format!("petrel: out of memory: the heap limit of {} MB is exhausted\n", bytes >> 20), EXIT_LIMIT)
            }
            Some(Termination::Timeout) => ("petrel: time is up\n".to_string(), EXIT_LIMIT),
            None => (uncaught_text(vm), EXIT_UNCAUGHT),
        },
    };
    vm.rt().host.write_err(text.as_bytes());
    code
}

/// `FILE:LINE:COL: refused: FEATURE: what to write instead`, one line per refusal; `FILE:LINE`, the line, a caret and
/// `SyntaxError: ...` otherwise.
fn frontend_text(source: &Source, error: &FrontendError) -> String {
    let mut text = String::new();
    let place = |offset: u32| {
        let (line, column) = source.line_column(offset);
        format!("{}:{line}:{column}", from_here(&source.path))
    };
    match error {
        FrontendError::Refused(refusals) => {
            for r in refusals {
                let _ = writeln!(text, "{}: {r}", place(r.position));
                let (line, column) = source.line_column(r.position);
                text.push_str(&pointed_at(source, line, column));
            }
        }
        FrontendError::Syntax { position, .. } => {
            let (line, column) = source.line_column(*position);
            text = excerpt(source, line, column);
            let _ = writeln!(text, "\n{error}");
        }
        FrontendError::TooLarge { position, .. } => {
            let _ = writeln!(text, "{}: {error}", place(*position));
            let (line, column) = source.line_column(*position);
            text.push_str(&pointed_at(source, line, column));
        }
    }
    text
}

/// The widest part of a source line that is shown with a refusal.
const SHOWN_COLUMNS: usize = 100;

/// The source line of a refusal, indented, with a caret below the place; of long lines the part around it.
fn pointed_at(source: &Source, line: u32, column: u32) -> String {
    let line: Vec<char> = source.line_text(line).chars().map(|c| if c == '\t' { ' ' } else { c }).collect();
    let at = (column as usize - 1).min(line.len());
    let start = if line.len() <= SHOWN_COLUMNS { 0 } else { at.saturating_sub(SHOWN_COLUMNS / 2) };
    let end = line.len().min(start + SHOWN_COLUMNS);
    let shown: String = line[start..end].iter().collect();
    format!("    {}\n    {}^\n", shown.trim_end(), " ".repeat(at - start))
}

/// The same for a refusal at run time, whose text begins with `FILE:LINE:COLUMN: refused: `.
fn refused_line(vm: &Vm, text: &str) -> Option<String> {
    let (place, _) = text.split_once(": refused: ")?;
    let mut parts = place.rsplitn(3, ':');
    let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let path = parts.next()?;
    let source = vm.machine.rt.functions.iter().map(|f| &f.function.source).find(|s| s.path == path)?;
    Some(pointed_at(source, line, column))
}

/// The path as one would write it in the current folder.
fn from_here(path: &str) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let below = std::path::Path::new(path).strip_prefix(here);
    below.map_or_else(|_| path.to_string(), |below| below.display().to_string())
}

fn excerpt(source: &Source, line: u32, column: u32) -> String {
    format!("{}:{line}\n{}\n{}^\n", source.path, source.line_text(line), " ".repeat(column as usize - 1))
}

/// The report of the pending exception: place, source line and caret of where it was thrown, then what it is. As Node
/// prints it, but for Node's own version at the end and its hint how to trace what is no error.
fn uncaught_text(vm: &mut Vm) -> String {
    let exception = vm.rt().take_exception();
    let site = vm.machine.interp.throw_site.filter(|(v, ..)| *v == exception);
    let is_error = builtins::error::is_error(exception);
    let mut text = String::new();
    if let Some((_, info, offset)) = site {
        // SAFETY: infos live as long as the runtime.
        let code = unsafe { (&*info).function.clone() };
        let (line, column) = code.line_column_at(offset);
        text = excerpt(&code.source, line, column);
        if is_error {
            text.push('\n');
        } else {
            text.insert(0, '\n');
        }
    }
    let rt = vm.rt();
    let shown = if is_error || Obj::from_value(exception).is_some() {
        builtins::inspect::inspect(rt, exception, builtins::inspect::Options::default()).unwrap_or_default()
    } else {
        builtins::inspect::format(rt, &[exception]).unwrap_or_default()
    };
    text.push_str(&shown);
    text.push('\n');
    text
}
