//! `--trace-opt`: the story of each function, step by step; a grep for its name gives the whole of it.
//!
//! In the order of events: marked (why, and how many of its inline caches have type information and how many are
//! generic), compiling (for which tier), optimized (with the time of each phase), completed (code in place),
//! deoptimizing begin and end, evicted from the code cache, marked again. The wording follows V8's `--trace-opt` where
//! it says the same thing.

use super::Renderer;
use super::names::Names;
use super::text::{Style, fraction, milliseconds, one_line, size};
use crate::events::{Event, Stamped};
use crate::vocab::{CompileTrigger, DecisionOutcome, FunctionId, NotEntrantCause, Tier};
use std::io::{self, Write};

/// See the module header.
pub struct TraceOpt {
    style: Style,
}

impl TraceOpt {
    /// A renderer.
    pub fn new(style: Style) -> TraceOpt {
        TraceOpt { style }
    }

    /// `[verb NAME file:line:col`, the beginning that all lines share.
    fn begin(&self, names: &Names, verb: &str, function: FunctionId) -> String {
        format!("[{verb} {}", self.style.bold(&names.label(function)))
    }
}

/// The reason for a mark, in words.
fn trigger_text(trigger: CompileTrigger) -> &'static str {
    match trigger {
        CompileTrigger::Invocations => "hot and stable",
        CompileTrigger::InvocationsAndLoops => "hot and stable, with loops",
        CompileTrigger::HotLoop => "hot loop",
        CompileTrigger::Requested => "requested",
        CompileTrigger::AfterDeopt => "hot again after a deopt",
        CompileTrigger::Stress => "stress",
    }
}

/// Which compiler makes the code of a tier.
fn compiler(tier: Tier) -> &'static str {
    match tier {
        Tier::Interpreter => "no compiler",
        Tier::Baseline | Tier::BaselineCounters | Tier::BaselineProfiling => "baseline compiler",
        Tier::Optimized => "optimizing compiler",
    }
}

fn osr_text(osr_offset: Option<u32>) -> String {
    osr_offset.map(|offset| format!(", OSR at bytecode {offset}")).unwrap_or_default()
}

impl Renderer for TraceOpt {
    fn event(&mut self, names: &Names, stamped: &Stamped, out: &mut dyn Write) -> io::Result<()> {
        match &stamped.event {
            Event::TierDecision {
                function,
                to,
                osr_offset,
                outcome,
                trigger,
                invocations,
                backedges,
                ics_total,
                ics_typed,
                ics_generic,
                ..
            } => match outcome {
                DecisionOutcome::Stay | DecisionOutcome::AlreadyPending => Ok(()),
                DecisionOutcome::Compile => writeln!(
                    out,
                    "{} for {to}{}, reason: {}; {invocations} calls, {backedges} iterations; ICs with typeinfo: {}, generic ICs: {}]",
                    self.begin(names, "marking", *function),
                    osr_text(*osr_offset),
                    trigger_text(*trigger),
                    fraction(*ics_typed, *ics_total),
                    fraction(*ics_generic, *ics_total),
                ),
                DecisionOutcome::QueueFull | DecisionOutcome::CompilerDisabled | DecisionOutcome::NotCompilable => {
                    writeln!(
                        out,
                        "{} for {to}{}: {outcome}]",
                        self.begin(names, "not marking", *function),
                        osr_text(*osr_offset)
                    )
                }
            },
            Event::CompileStarted { compile, function, tier, osr_offset } => writeln!(
                out,
                "{} for {tier} using the {}{}, compile {compile}]",
                self.begin(names, "compiling", *function),
                compiler(*tier),
                osr_text(*osr_offset),
            ),
            Event::CompileFinished { compile, function, tier, passes, ns, nodes_in, nodes_out, guards, .. } => {
                let verb = if *tier == Tier::Optimized { "optimizing" } else { "compiling baseline" };
                write!(out, "{}: took ", self.begin(names, verb, *function))?;
                for (index, pass) in passes.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(out, "{comma}{} {}", pass.name, milliseconds(pass.ns))?;
                }
                let equals = if passes.is_empty() { "" } else { " = " };
                write!(out, "{equals}{} ms", milliseconds(*ns))?;
                if *tier == Tier::Optimized {
                    write!(out, "; {nodes_in} nodes became {nodes_out}, {guards} guards")?;
                }
                writeln!(out, "; compile {compile}]")
            }
            Event::CompileRefused { compile, function, tier, reason, detail, .. } => {
                let detail = if detail.is_empty() { String::new() } else { format!(" ({})", one_line(detail, 200)) };
                writeln!(
                    out,
                    "{} for {tier}: {}{detail}; compile {compile}]",
                    self.begin(names, "aborted compiling", *function),
                    self.style.red(reason.name()),
                )
            }
            Event::CodeInstalled {
                compile: Some(compile), function: Some(function), tier, osr_offset, bytes, ..
            } => {
                writeln!(
                    out,
                    "{} for {tier}{}: {} of code, compile {compile}]",
                    self.begin(names, "completed compiling", *function),
                    osr_text(*osr_offset),
                    size(u64::from(*bytes)),
                )
            }
            Event::InlineDecision { compile, site, callee, verdict, .. } => {
                let callee = callee.map_or_else(|| "unknown function".to_string(), |callee| names.name(callee));
                writeln!(
                    out,
                    "{} at {}: {callee}: {verdict}; compile {compile}]",
                    self.begin(names, "inlining into", site.function),
                    names.place(site),
                )
            }
            Event::Deoptimized { compile, function, kind, reason, site, exit_ns, rebuild_ns, resumes_in, .. } => {
                writeln!(
                    out,
                    "{}: begin: {kind} at {} (bytecode {}), reason: {}; compile {compile}]",
                    self.begin(names, "deoptimizing", *function),
                    names.place(site),
                    site.offset,
                    self.style.red(reason.text()),
                )?;
                writeln!(
                    out,
                    "{}: end: took {} ms, continues in {resumes_in}]",
                    self.begin(names, "deoptimizing", *function),
                    milliseconds(exit_ns + rebuild_ns),
                )
            }
            Event::CodeNotEntrant { compile, function, tier, cause, .. } => {
                let why = match cause {
                    NotEntrantCause::Deoptimized => "deoptimized",
                    NotEntrantCause::Invalidated => "deoptimized, an assumption fell",
                    NotEntrantCause::Replaced | NotEntrantCause::Shutdown => return Ok(()),
                    NotEntrantCause::Evicted => "cold, room was needed",
                    NotEntrantCause::Requested => "deoptimized on request",
                };
                writeln!(
                    out,
                    "{} from the code cache: {why}; {tier}, compile {compile}]",
                    self.begin(names, "evicting", *function)
                )
            }
            Event::FunctionGivenUp { function, tier, reason, recompiles } => writeln!(
                out,
                "{} for {tier}: {reason} after {recompiles} recompiles]",
                self.begin(names, "giving up", *function)
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
    fn the_story_is_told_in_order_and_every_line_names_the_function() {
        let text = render(&mut TraceOpt::new(Style::Plain), &samples::story());
        let expected = [
            "[marking coldest late.js:22:1 for optimized, reason: hot and stable; 1500 calls, 30000 iterations; ICs with typeinfo: 6/8 (75%), generic ICs: 0/8 (0%)]",
            "[compiling coldest late.js:22:1 for optimized using the optimizing compiler, compile c2]",
            "[inlining into coldest late.js:22:1 at late.js:25:15: score: inlined-small; compile c2]",
            "[optimizing coldest late.js:22:1: took build 0.156, passes 0.486, codegen 0.071 = 0.713 ms; 90 nodes became 50, 5 guards; compile c2]",
            "[completed compiling coldest late.js:22:1 for optimized: 812 B of code, compile c2]",
            "[deoptimizing coldest late.js:22:1: begin: eager at late.js:19:16 (bytecode 4), reason: The object's shape is none of those the site had seen; compile c2]",
            "[deoptimizing coldest late.js:22:1: end: took 0.000 ms, continues in baseline-profiling]",
            "[evicting coldest late.js:22:1 from the code cache: deoptimized; optimized, compile c2]",
            "[marking coldest late.js:22:1 for optimized, reason: hot again after a deopt; 200 calls, 4000 iterations; ICs with typeinfo: 8/8 (100%), generic ICs: 0/8 (0%)]",
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    }
}
