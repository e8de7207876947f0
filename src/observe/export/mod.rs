//! Exporters: a recording in the formats of tools that people use already.
//!
//! Each format is one row of [`FORMATS`] and one function from the [`Model`] to bytes. The consumers' own parsers are the
//! judges: `tests/consumers.sh` runs them on our output where they are installed.
//!
//! | file | formats | read by |
//! |---|---|---|
//! | `v8.rs` | `v8-log`, `v8-log-legacy` | e18e/deopt, deoptexplorer; v8-deopt-viewer, deoptigate |
//! | `perfetto.rs` | `perfetto` | ui.perfetto.dev, trace_processor |
//! | `fxt.rs` | `fxt` | ui.perfetto.dev, Fuchsia's tools |
//! | `chrome.rs` | `chrome` | chrome://tracing, ui.perfetto.dev, speedscope |
//! | `stacks.rs` | `speedscope`, `collapsed` | speedscope; flamegraph.pl, inferno |
//! | `jfr.rs` | `jfr-json` | scripts that read `jfr print --json` |
//! | `hotspot.rs` | `print-compilation`, `xlog-deopt` | JITWatch-like scripts |
//! | `iongraph.rs` | (`petrel dump --iongraph`) | iongraph |
//! | `warmup.rs` | `warmup-csv` | warmup_stats |
//! | `slices.rs` | | (what the timeline formats have in common) |

mod chrome;
mod fxt;
mod hotspot;
pub mod iongraph;
mod jfr;
mod perfetto;
mod slices;
mod stacks;
mod v8;
mod warmup;

pub use stacks::{folded, stack_of, tier_of};

use super::model::Model;
use std::io::{self, Write};

/// One format.
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// Usual ending of a file's name.
    pub extension: &'static str,
    /// What it is, and who reads it.
    pub help: &'static str,
    /// Writes it.
    pub write: fn(&Model, &mut dyn Write) -> io::Result<()>,
}

/// Every format.
pub const FORMATS: [Format; 12] = [
    Format {
        name: "v8-log",
        extension: "v8.log",
        help: "V8's log as modern V8 writes it (e18e/deopt, deoptexplorer)",
        write: v8::modern,
    },
    Format {
        name: "v8-log-legacy",
        extension: "v8.log",
        help: "V8's log as older tools read it (v8-deopt-viewer, deoptigate)",
        write: v8::legacy,
    },
    Format {
        name: "perfetto",
        extension: "pftrace",
        help: "Perfetto's protobuf: threads of compiles, deopts with their arguments, counters",
        write: perfetto::write,
    },
    Format { name: "fxt", extension: "fxt", help: "Fuchsia's trace format with interned strings", write: fxt::write },
    Format { name: "chrome", extension: "json", help: "Chrome's JSON trace events", write: chrome::write },
    Format {
        name: "speedscope",
        extension: "speedscope.json",
        help: "Sampled stacks for speedscope, frames with their tier",
        write: stacks::speedscope,
    },
    Format {
        name: "collapsed",
        extension: "folded",
        help: "Sampled stacks, one line each, for flame graph tools",
        write: stacks::collapsed,
    },
    Format {
        name: "jfr-json",
        extension: "json",
        help: "Events in the shape of 'jfr print --json'",
        write: jfr::write,
    },
    Format {
        name: "print-compilation",
        extension: "txt",
        help: "HotSpot's -XX:+PrintCompilation",
        write: hotspot::print_compilation,
    },
    Format {
        name: "xlog-deopt",
        extension: "txt",
        help: "HotSpot's -Xlog:deoptimization=debug",
        write: hotspot::xlog_deoptimization,
    },
    Format {
        name: "warmup-csv",
        extension: "csv",
        help: "Times of the iterations that the program marked, for warmup_stats",
        write: warmup::write,
    },
    Format {
        name: "events-json",
        extension: "jsonl",
        help: "Every event as one JSON object per line",
        write: events_json,
    },
];

/// The format with a name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

fn events_json(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    model.recording.events.iter().try_for_each(|stamped| writeln!(out, "{}", stamped.to_json()))
}
