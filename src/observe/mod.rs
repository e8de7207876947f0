//! Renderers: what a run looks like, from its events alone.
//!
//! Each renderer is a [`Renderer`]: it sees events one by one, in order, and writes text. [`Views`] feeds the same
//! stream to several of them and keeps the names of functions for all. A `Views` can subscribe to a running engine (the
//! `--trace-...` flags) or read a recording (`petrel events`, `petrel stats`); both give the same text.
//!
//! A renderer tells of the events that concern it and passes over the others by a catch-all arm named
//! `_other_events`: an event that is added later changes no report by itself.
//!
//! This room imports floor 0 only (vocabulary, config, events), so any report can be made again from a recording.
//!
//! | file | flag | one line per |
//! |---|---|---|
//! | `trace_opt.rs` | `--trace-opt` | step of a function's way through the tiers |
//! | `trace_deopt.rs` | `--trace-deopt`, `--trace-deopt-verbose` | deopt, and slot |
//! | `trace_osr.rs` | `--trace-osr` | entry into a running loop |
//! | `print_compilation.rs` | `--print-compilation` | compile, as HotSpot prints it |
//! | `warnings.rs` | `--warn-storms`, always | storm; full code cache |
//! | `stats.rs` | `--stats` | number, at the end |
//! | `jit_summary.rs` | `petrel stats --as` | number, as PyPy and HotSpot print them |
//! | `summary.rs` | | (the numbers behind statistics, storms and gates) |
//! | `model.rs` | | (a recording turned round: compiles, code, source texts) |
//! | `why.rs` | `petrel why` | link of the causal chain of a deopt |
//! | `export/` | `petrel export` | (formats of other tools) |
//! | `flame.rs` | `petrel flame`, `petrel diff` | (sampled stacks as a picture) |
//! | `live.rs` | `--serve` | (the state of a running program) |
//! | `sql/` | `petrel query` | (a recording as a database) |
//! | `reference.rs` | | (the tables of floor 0 as pages of documentation) |
//! | `names.rs`, `text.rs` | | (names of functions; times, sizes, colours) |

pub mod export;
pub mod flame;
pub mod jit_summary;
pub mod live;
pub mod model;
pub mod names;
pub mod print_compilation;
pub mod reference;
pub mod sql;
pub mod stats;
pub mod summary;
pub mod text;
pub mod trace_deopt;
pub mod trace_opt;
pub mod trace_osr;
pub mod warnings;
pub mod why;

use crate::config::Config;
use crate::events::{Stamped, Subscriber};
use names::Names;
use std::io::{self, Write};
use text::Style;

/// Turns events into text.
pub trait Renderer {
    /// Takes one event; `names` already knows it.
    fn event(&mut self, names: &Names, stamped: &Stamped, out: &mut dyn Write) -> io::Result<()>;

    /// The run is over.
    fn finish(&mut self, _names: &Names, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// Several renderers over one stream of events.
pub struct Views {
    names: Names,
    renderers: Vec<Box<dyn Renderer>>,
    out: Box<dyn Write>,
}

impl Views {
    /// Views that write to `out`.
    pub fn new(renderers: Vec<Box<dyn Renderer>>, out: Box<dyn Write>) -> Views {
        Views { names: Names::default(), renderers, out }
    }

    /// The renderers that a configuration asks for; none if it asks for nothing.
    pub fn selected(config: &Config, style: Style) -> Vec<Box<dyn Renderer>> {
        let mut renderers: Vec<Box<dyn Renderer>> = Vec::new();
        if config.trace_opt {
            renderers.push(Box::new(trace_opt::TraceOpt::new(style)));
        }
        if config.trace_deopt || config.trace_deopt_verbose {
            renderers.push(Box::new(trace_deopt::TraceDeopt::new(style, config.trace_deopt_verbose)));
        }
        if config.trace_osr {
            renderers.push(Box::new(trace_osr::TraceOsr));
        }
        if config.print_compilation {
            renderers.push(Box::new(print_compilation::PrintCompilation));
        }
        if config.stats {
            renderers.push(Box::new(stats::Stats::new(style)));
        }
        renderers
    }

    /// Takes one event. Output that fails (a closed pipe) is given up silently: a program must not fail because nobody
    /// reads its traces.
    pub fn event(&mut self, stamped: &Stamped) {
        self.names.learn(&stamped.event);
        let (names, out) = (&self.names, &mut self.out);
        self.renderers.retain_mut(|renderer| renderer.event(names, stamped, out).is_ok());
    }

    /// The run is over.
    pub fn finish(&mut self) {
        for renderer in &mut self.renderers {
            if renderer.finish(&self.names, &mut self.out).is_err() {
                return;
            }
        }
        // A closed pipe, as above.
        let _ = self.out.flush();
    }

    /// A subscriber for a recorder; it finishes when the recorder lets go of it.
    pub fn into_subscriber(self) -> Subscriber {
        struct FinishOnDrop(Views);
        impl Drop for FinishOnDrop {
            fn drop(&mut self) {
                self.0.finish();
            }
        }
        let mut views = FinishOnDrop(self);
        Box::new(move |stamped| views.0.event(stamped))
    }
}

/// What a renderer makes of a list of events, as text.
pub fn render(renderer: &mut dyn Renderer, events: &[Stamped]) -> String {
    let mut names = Names::default();
    let mut text = Vec::new();
    for stamped in events {
        names.learn(&stamped.event);
        renderer.event(&names, stamped, &mut text).expect("invariant: a vector takes everything");
    }
    renderer.finish(&names, &mut text).expect("invariant: a vector takes everything");
    String::from_utf8_lossy(&text).into_owned()
}

#[cfg(test)]
pub(crate) mod samples;
