//! `--trace-deopt`: one line per deopt, with everything that a person asks first.
//!
//! ```text
//! [deopt 12.345 ms] score late.js:19:16: wrong-shape (eager), reinterpret; expected {key, size}, seen {key, size, pinned};
//!     cost 412 ns (exit 102 ns, rebuild 310 ns); compile c4, exit7, inlined into coldest late.js:25:15; continues in baseline-profiling
//! ```
//!
//! (on one line). The function's name, the place, reason, action, kind, expectation and cost stand on that line, so
//! that a grep for any of them finds it. With `verbose`, the values read and the frames rebuilt follow, slot by slot.

use super::Renderer;
use super::names::Names;
use super::text::{Style, duration, milliseconds, one_line};
use crate::events::{Event, Stamped};
use std::io::{self, Write};

/// See the module header.
pub struct TraceDeopt {
    style: Style,
    verbose: bool,
}

/// Longest expected or seen value that is printed whole.
const VALUE_LIMIT: usize = 120;

impl TraceDeopt {
    /// A renderer; `verbose` adds the slots.
    pub fn new(style: Style, verbose: bool) -> TraceDeopt {
        TraceDeopt { style, verbose }
    }
}

impl Renderer for TraceDeopt {
    fn event(&mut self, names: &Names, stamped: &Stamped, out: &mut dyn Write) -> io::Result<()> {
        match &stamped.event {
            Event::Deoptimized {
                compile,
                exit,
                osr_offset,
                kind,
                reason,
                action,
                site,
                callers,
                expected,
                seen,
                objects_rebuilt,
                exit_ns,
                rebuild_ns,
                resumes_in,
                ..
            } => {
                write!(
                    out,
                    "[deopt {} ms] {}: {} ({kind}), {action}; expected {}, seen {}; cost {} (exit {}, rebuild {}); compile {compile}",
                    milliseconds(stamped.time_ns),
                    self.style.bold(&names.frame(site)),
                    self.style.red(reason.name()),
                    one_line(expected, VALUE_LIMIT),
                    one_line(seen, VALUE_LIMIT),
                    duration(exit_ns + rebuild_ns),
                    duration(*exit_ns),
                    duration(*rebuild_ns),
                )?;
                if let Some(offset) = osr_offset {
                    write!(out, " (OSR at {offset})")?;
                }
                write!(out, ", {exit}")?;
                for caller in callers {
                    write!(out, ", inlined into {}", names.frame(caller))?;
                }
                if *objects_rebuilt > 0 {
                    write!(out, ", {objects_rebuilt} objects rebuilt")?;
                }
                write!(out, "; continues in {resumes_in}")?;
                if stamped.skipped > 0 {
                    write!(out, "; {} more not shown", stamped.skipped)?;
                }
                writeln!(out)
            }
            Event::FramesRebuilt { compile, function, exit, slots } if self.verbose => {
                let name = names.name(*function);
                for slot in slots {
                    writeln!(
                        out,
                        "[deopt slot] {name}, compile {compile}, {exit}: frame {} {} <- {} = {}",
                        slot.frame,
                        slot.slot,
                        slot.source,
                        one_line(&slot.value, VALUE_LIMIT),
                    )?;
                }
                Ok(())
            }
            Event::AssumptionInvalidated { cause, key, site, callers: _, blobs, ns } => writeln!(
                out,
                "[invalidated {} ms] {}: {cause} at {}; {} pieces of code relied on it; took {}",
                milliseconds(stamped.time_ns),
                one_line(key, VALUE_LIMIT),
                site.as_ref().map_or("?".to_string(), |site| names.frame(site)),
                blobs.len(),
                duration(*ns),
            ),
            _other_events => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::{render, samples};

    #[test]
    fn one_line_says_it_all() {
        let text = render(&mut TraceDeopt::new(Style::Plain, false), &samples::story());
        assert_eq!(
            text,
            "[deopt 12.000 ms] score late.js:19:16: wrong-shape (eager), reinterpret; expected {key, size}, seen {key, \
             size, pinned}; cost 412 ns (exit 102 ns, rebuild 310 ns); compile c2, exit7, inlined into coldest \
             late.js:25:15; continues in baseline-profiling\n"
        );
    }

    #[test]
    fn verbose_shows_where_each_slot_came_from() {
        let text = render(&mut TraceDeopt::new(Style::Plain, true), &samples::story());
        let slots: Vec<&str> = text.lines().filter(|line| line.starts_with("[deopt slot]")).collect();
        assert_eq!(
            slots,
            [
                "[deopt slot] coldest, compile c2, exit7: frame 0 r0 <- rbx = {key, size, pinned}",
                "[deopt slot] coldest, compile c2, exit7: frame 1 r3 <- literal = 17",
            ]
        );
    }
}
