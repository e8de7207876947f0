//! The frontend: from the text of a file to its bytecode.
//!
//! ```text
//! text --parse--> syntax tree + symbols --subset--> refusals, or --scope--> where variables live --lower--> ModuleCode
//! ```
//!
//! Only this room names the parser's crates, and only [`parse`] calls them. Nothing here touches the heap or knows a
//! tier: what comes out ([`ModuleCode`]) is plain data that any thread may read.
//!
//! **Strict and sloppy.** Petrel's language is strict JavaScript, but files written in ES5 style mostly lack the
//! directive and must give Node's answer unmodified. So code is lowered as it stands, and where sloppy and strict
//! differ, one of three things happens: the construct is refused (`with`, octal literals, `delete name`, `arguments`
//! aliasing, ...; see [`subset`]); the difference is lowered (assignment to an undeclared name or to a function
//! expression's own name, functions in blocks, `this` that is always an object); or the code carries the flag `sloppy` and
//! the runtime honours it (a store that fails is ignored).

pub mod lower;
pub mod parse;
pub mod scope;
pub mod subset;
#[cfg(test)]
mod tests;

use crate::bytecode::function::{ModuleCode, Source};
use crate::bytecode::verify;
use std::fmt;
use std::sync::Arc;
pub use subset::{Refusal, RefusedFeature};

/// Parameters of the function that a CommonJS file is the body of.
pub const WRAPPER_PARAMS: &[&str] = &["exports", "require", "module", "__filename", "__dirname"];

/// What the frontend must know besides the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrontendOptions {
    /// Accept `%Name(args)`.
    pub natives_syntax: bool,
    /// The file is a CommonJS module: its top level is a function with the parameters [`WRAPPER_PARAMS`] and may return.
    pub module_wrapper: bool,
    /// The text is an input of a session: names that nobody declares may be assigned, which makes them globals.
    pub session: bool,
}

impl Default for FrontendOptions {
    fn default() -> Self {
        FrontendOptions { natives_syntax: false, module_wrapper: true, session: false }
    }
}

/// Why a file was not compiled. Positions are byte offsets into the text.
#[derive(Clone, Debug, PartialEq)]
pub enum FrontendError {
    /// Not JavaScript.
    Syntax {
        /// Where.
        position: u32,
        /// In V8's words, without `SyntaxError: `.
        message: String,
    },
    /// JavaScript outside the subset: everything that is refused, by position.
    Refused(Vec<Refusal>),
    /// A limit was passed.
    TooLarge {
        /// Where.
        position: u32,
        /// Of what there is too much.
        what: &'static str,
        /// How much is allowed.
        limit: u32,
    },
}

impl FrontendError {
    /// Byte offset of the (first) offending place.
    pub fn position(&self) -> u32 {
        match self {
            FrontendError::Syntax { position, .. } | FrontendError::TooLarge { position, .. } => *position,
            FrontendError::Refused(refusals) => refusals.first().map_or(0, |r| r.position),
        }
    }
}

impl fmt::Display for FrontendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FrontendError::Syntax { message, .. } => write!(f, "SyntaxError: {message}"),
            FrontendError::Refused(refusals) => {
                for (i, r) in refusals.iter().enumerate() {
                    write!(f, "{}{r}", if i > 0 { "\n" } else { "" })?;
                }
                Ok(())
            }
            FrontendError::TooLarge { what, limit, .. } => write!(f, "refused: too large: more {what} than {limit}"),
        }
    }
}

/// Compiles a file.
pub fn compile(source: Arc<Source>, options: &FrontendOptions) -> Result<ModuleCode, FrontendError> {
    parse::with_program(&source, options, |program, scoping| {
        let mut refusals = subset::refusals(program, scoping, options)?;
        let analysis = scope::analyse(program, scoping, options.module_wrapper);
        if let Some((position, name)) = &analysis.wrapper_clash {
            let message = format!("Identifier '{name}' has already been declared");
            return Err(FrontendError::Syntax { position: *position, message });
        }
        refusals.extend(analysis.refused.iter().map(|(position, feature)| feature.at(*position)));
        if !refusals.is_empty() {
            refusals.sort_by_key(|r| r.position);
            refusals.dedup();
            return Err(FrontendError::Refused(refusals));
        }
        let module = lower::lower_program(program, scoping, &analysis, source.clone(), options)?;
        if cfg!(debug_assertions)
            && let Err(problem) = verify::verify_module(&module)
        {
            panic!("the frontend produced bytecode that does not verify: {problem}");
        }
        Ok(module)
    })
}
