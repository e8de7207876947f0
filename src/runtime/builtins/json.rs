//! `JSON`: two files, since the directions share nothing.

mod parse;
mod stringify;

pub use parse::parse;
pub use stringify::stringify;
pub use stringify::to_text;

pub use parse::parse_text;
