//! `petrel storm node NAME`: the same programs on Node, V8's deopts beside Petrel's, by position in the source.
//!
//! Node is found as `node` on the path, or as `--node` says. V8's own trace is read (`--trace-deopt-verbose`, which names
//! positions); each side is counted over the whole run. Where only one side has deopts, the other's column is empty: the
//! engines speculate on different things.

use super::Failure;
use petrel::events::Event;
use petrel::events::codec::Recording;
use petrel::experiment::node::{self, NodeDeopt};
use petrel::observe::text::{Style, one_line};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a program on Node; what it printed, and its deopts.
pub fn run(node: &str, program: &Path, iterations: u32) -> Result<(String, BTreeMap<NodeDeopt, u64>), Failure> {
    let output = Command::new(node)
        .arg("--trace-deopt-verbose")
        .arg(program)
        .arg(iterations.to_string())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::new(format!("cannot run {node}: {error}; name another with --node")))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("{} failed on {node}:\n{}", program.display(), errors.trim_end())));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let deopts = node::deopts(&text);
    // The program's own output is its last line; the trace stands before it, on the same stream.
    let own = text.lines().last().unwrap_or_default().to_string();
    Ok((own, deopts))
}

/// Deopts at one line of the program.
#[derive(Default)]
struct Line {
    petrel: Vec<(String, u64)>,
    node: Vec<(String, u64)>,
}

/// Both sides' deopts, by line and column; line 0 holds what has no position.
pub fn side_by_side(
    recording: &Recording,
    deopts: &BTreeMap<NodeDeopt, u64>,
    program: &Path,
    out: &mut dyn Write,
    style: Style,
) -> Result<(), Failure> {
    let mut lines: BTreeMap<(u32, u32), Line> = BTreeMap::new();
    let mut ours: BTreeMap<(u32, u32, String), u64> = BTreeMap::new();
    for stamped in &recording.events {
        if let Event::Deoptimized { site, reason, kind, .. } = &stamped.event {
            *ours.entry((site.line, site.column, format!("{kind} {reason}"))).or_default() += stamped.weight();
        }
    }
    for ((line, column, what), count) in ours {
        lines.entry((line, column)).or_default().petrel.push((what, count));
    }
    for (deopt, count) in deopts {
        let kind = deopt.kind.strip_prefix("deopt-").unwrap_or(&deopt.kind);
        let what = match deopt.line {
            0 => format!("{kind} {} ({})", deopt.reason, deopt.place),
            _line => format!("{kind} {}", deopt.reason),
        };
        lines.entry((deopt.line, deopt.column)).or_default().node.push((what, *count));
    }
    let source = std::fs::read_to_string(program).unwrap_or_default();
    if lines.is_empty() {
        writeln!(out, "  no deopts on either side")?;
    }
    for ((line, column), found) in &lines {
        match line {
            0 => writeln!(out, "  {}", style.bold("without a position"))?,
            line => {
                let text = source.lines().nth(*line as usize - 1).unwrap_or_default();
                writeln!(
                    out,
                    "  {}  {}",
                    style.bold(&format!("{line}:{column}")),
                    style.dim(&one_line(text.trim(), 70))
                )?;
            }
        }
        for (name, side) in [("petrel", &found.petrel), ("node", &found.node)] {
            for (what, count) in side {
                writeln!(out, "    {name:7} {count:>7}  {what}")?;
            }
        }
    }
    Ok(())
}
