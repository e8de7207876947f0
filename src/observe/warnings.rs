//! Warnings: storms, and a code cache that fills up or is full.

use super::Renderer;
use super::names::Names;
use super::text::{Style, duration, size};
use crate::events::{Event, Stamped};
use std::io::{self, Write};

/// See the module header.
pub struct Warnings {
    style: Style,
}

impl Warnings {
    /// A renderer.
    pub fn new(style: Style) -> Warnings {
        Warnings { style }
    }
}

impl Renderer for Warnings {
    fn event(&mut self, names: &Names, stamped: &Stamped, out: &mut dyn Write) -> io::Result<()> {
        let text = match &stamped.event {
            Event::StormDetected { function, site, reason, deopts, recompiles, window_ns } => format!(
                "{} is in a deopt storm: {deopts} deopts and {recompiles} recompiles within {}, mostly at {} ({reason})",
                names.label(*function),
                duration(*window_ns),
                names.place(site),
            ),
            Event::CacheOccupancy { segment, used_bytes, capacity_bytes, percent } => format!(
                "code cache: the {segment} segment is {percent}% full ({} of {})",
                size(*used_bytes),
                size(*capacity_bytes),
            ),
            Event::CompilerDisabled { segment } => format!(
                "code cache: the {segment} segment is full. Compiler has been disabled. Try a larger --code-cache-size"
            ),
            Event::CompilerEnabled { segment } => {
                format!("code cache: the {segment} segment has room again. Compiler has been enabled")
            }
            _other_events => return Ok(()),
        };
        writeln!(out, "petrel: {}: {text}", self.style.yellow("warning"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::{render, samples};

    #[test]
    fn storms_and_full_caches_are_announced() {
        assert_eq!(
            render(&mut Warnings::new(Style::Plain), &samples::warnings()),
            "petrel: warning: coldest late.js:22:1 is in a deopt storm: 10 deopts and 9 recompiles within 20.0 ms, mostly at \
             late.js:19:16 (wrong-shape)\n\
             petrel: warning: code cache: the profiled segment is 90% full (230.4 KB of 256.0 KB)\n\
             petrel: warning: code cache: the profiled segment is full. Compiler has been disabled. Try a larger \
             --code-cache-size\n"
        );
    }
}
