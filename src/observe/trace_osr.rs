//! `--trace-osr`: one line per entry into a running loop, and per deopt that leaves OSR code.

use super::Renderer;
use super::names::Names;
use super::text::{duration, milliseconds};
use crate::events::{Event, Stamped};
use std::io::{self, Write};

/// See the module header.
pub struct TraceOsr;

impl Renderer for TraceOsr {
    fn event(&mut self, names: &Names, stamped: &Stamped, out: &mut dyn Write) -> io::Result<()> {
        let time = milliseconds(stamped.time_ns);
        match &stamped.event {
            Event::OsrEntered { site, compile, from, to, cost_ns, .. } => writeln!(
                out,
                "[osr {time} ms] {}: loop at {} (bytecode {}) goes on in {to}, from {from}; compile {compile}; took {}",
                names.label(site.function),
                names.place(site),
                site.offset,
                duration(*cost_ns),
            ),
            Event::Deoptimized { function, osr_offset: Some(offset), site, reason, resumes_in, compile, .. } => {
                writeln!(
                    out,
                    "[osr exit {time} ms] {}: loop at bytecode {offset} left at {} ({reason}); compile {compile}; \
                     continues in {resumes_in}",
                    names.label(*function),
                    names.place(site),
                )
            }
            _other_events => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::{render, samples};

    #[test]
    fn entries_name_the_loop_and_both_tiers() {
        assert_eq!(
            render(&mut TraceOsr, &samples::osr()),
            "[osr 3.000 ms] coldest late.js:22:1: loop at late.js:24:3 (bytecode 9) goes on in optimized, from \
             baseline-profiling; compile c5; took 250 ns\n\
             [osr exit 4.000 ms] coldest late.js:22:1: loop at bytecode 9 left at late.js:24:19 (osr-loop-ended); \
             compile c5; continues in baseline-profiling\n"
        );
    }
}
