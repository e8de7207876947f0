//! What the timeline formats have in common: tracks, spans, instants and counters, with their arguments.
//!
//! Perfetto, FXT and Chrome's JSON draw the same picture: one track for the program with its deopts, collections and
//! marks, one per compiler with the compiles as spans, and counters for queue and code cache. This file makes the
//! picture; the exporters only encode it.

use crate::events::{Event, Stamped};
use crate::observe::model::{Model, Outcome};
use crate::vocab::{Segment, Tier};

/// A row of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Track {
    /// The program.
    Program,
    /// Baseline compiles.
    Baseline,
    /// Optimizing compiles.
    Optimizer,
    /// Waiting in the queue.
    Queue,
}

impl Track {
    /// All of them; the index is a thread's number.
    pub const ALL: [Track; 4] = [Track::Program, Track::Baseline, Track::Optimizer, Track::Queue];

    /// Name of the row.
    pub const fn name(self) -> &'static str {
        match self {
            Track::Program => "program",
            Track::Baseline => "baseline compiler",
            Track::Optimizer => "optimizing compiler",
            Track::Queue => "compile queue",
        }
    }

    /// Its number, from 1.
    pub const fn number(self) -> u32 {
        self as u32 + 1
    }
}

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// From its time on, for this long.
    Span(u64),
    /// A point.
    Instant,
    /// A number from its time on.
    Counter(i64),
}

/// One thing in the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// When it begins.
    pub time_ns: u64,
    /// In which row.
    pub track: Track,
    /// What kind of thing.
    pub category: &'static str,
    /// Its name.
    pub name: String,
    /// How it is drawn.
    pub form: Form,
    /// Arguments: name and value.
    pub args: Vec<(String, String)>,
}

/// The picture of a recording, in order of time.
pub fn marks(model: &Model) -> Vec<Mark> {
    let mut marks = Vec::new();
    for compile in model.compiles.values() {
        let track = if compile.tier == Tier::Optimized { Track::Optimizer } else { Track::Baseline };
        let name = model.names.name(compile.function);
        let mut args = vec![
            ("compile".to_string(), compile.id.to_string()),
            ("function".to_string(), model.names.label(compile.function)),
            ("tier".to_string(), compile.tier.to_string()),
        ];
        args.extend(compile.osr_offset.map(|offset| ("osr_bytecode".to_string(), offset.to_string())));
        let outcome = match &compile.outcome {
            Outcome::Open => "not over".to_string(),
            Outcome::Finished => format!("{} bytes, {} guards", compile.code_bytes.0, compile.guard_count),
            Outcome::Refused(reason, _) => reason.to_string(),
        };
        args.push(("outcome".to_string(), outcome));
        let form = Form::Span(compile.ended_ns.saturating_sub(compile.started_ns));
        let waited = compile.started_ns.saturating_sub(compile.enqueued_ns);
        marks.push(Mark { time_ns: compile.started_ns, track, category: "compile", name: name.clone(), form, args });
        if waited > 0 {
            let args = vec![("compile".to_string(), compile.id.to_string())];
            let form = Form::Span(waited);
            marks.push(Mark { time_ns: compile.enqueued_ns, track: Track::Queue, category: "queue", name, form, args });
        }
    }
    marks.extend(model.recording.events.iter().filter_map(|stamped| mark_of(model, stamped)));
    marks.sort_by_key(|mark| mark.time_ns);
    marks
}

fn mark_of(model: &Model, stamped: &Stamped) -> Option<Mark> {
    let names = &model.names;
    let counter = |name: String, value: u64| (name, "counter", Form::Counter(value as i64), Vec::new());
    let (name, category, form, args) = match &stamped.event {
        Event::Deoptimized {
            site,
            callers,
            reason,
            action,
            kind,
            expected,
            seen,
            exit_ns,
            rebuild_ns,
            compile,
            exit,
            ..
        } => {
            // As ZJIT does it: the reason is the name, frames are the arguments "0", "1", ..., innermost first.
            let frames = std::iter::once(site).chain(callers).enumerate();
            let mut args: Vec<(String, String)> = frames.map(|(i, site)| (i.to_string(), names.frame(site))).collect();
            let more = [
                ("expected", expected.clone()),
                ("seen", seen.clone()),
                ("kind", kind.to_string()),
                ("action", action.to_string()),
                ("cost_ns", (exit_ns + rebuild_ns).to_string()),
                ("compile", compile.to_string()),
            ];
            args.extend(more.map(|(name, value)| (name.to_string(), value)));
            (format!("{reason}({})", exit.as_u32()), "side_exit", Form::Span(exit_ns + rebuild_ns), args)
        }
        Event::GarbageCollected { kind, pause_ns, live_bytes, freed_bytes } => {
            let args = vec![
                ("live_bytes".to_string(), live_bytes.to_string()),
                ("freed_bytes".to_string(), freed_bytes.to_string()),
            ];
            let begin_ns = stamped.time_ns.saturating_sub(*pause_ns);
            let (name, form) = (format!("{kind} collection"), Form::Span(*pause_ns));
            return Some(Mark { time_ns: begin_ns, track: Track::Program, category: "gc", name, form, args });
        }
        Event::OsrEntered { site, from, to, .. } => {
            let args = vec![("from".to_string(), from.to_string()), ("to".to_string(), to.to_string())];
            (format!("osr {}", names.frame(site)), "osr", Form::Instant, args)
        }
        Event::AssumptionInvalidated { cause, key, site, .. } => {
            let mut args = vec![("key".to_string(), key.clone())];
            args.extend(site.as_ref().map(|site| ("0".to_string(), names.frame(site))));
            (cause.to_string(), "invalidation", Form::Instant, args)
        }
        Event::StormDetected { function, deopts, .. } => {
            let args = vec![("deopts".to_string(), deopts.to_string())];
            (format!("storm in {}", names.label(*function)), "storm", Form::Instant, args)
        }
        Event::Mark { name } => (name.clone(), "mark", Form::Instant, Vec::new()),
        Event::CompileEnqueued { queue_depth, .. } | Event::CompileDequeued { queue_depth, .. } => {
            counter("compile queue".to_string(), u64::from(*queue_depth))
        }
        Event::CacheUsage { segment, used_bytes, .. } => counter(cache_counter(*segment), *used_bytes),
        _other_events => return None,
    };
    Some(Mark { time_ns: stamped.time_ns, track: Track::Program, category, name, form, args })
}

fn cache_counter(segment: Segment) -> String {
    format!("code cache, {segment}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::codec::Recording;
    use crate::observe::samples;

    #[test]
    fn compiles_are_spans_and_deopts_carry_their_frames() {
        let recording = Recording { header: serde_json::json!({}), events: samples::story(), truncated: false };
        let marks = marks(&Model::of(&recording));
        assert!(marks.is_sorted_by_key(|mark| mark.time_ns));
        let compile = marks.iter().find(|mark| mark.category == "compile").unwrap();
        assert_eq!((compile.track, compile.name.as_str()), (Track::Optimizer, "coldest"));
        let deopt = marks.iter().find(|mark| mark.category == "side_exit").unwrap();
        assert_eq!(deopt.name, "wrong-shape(7)");
        assert_eq!(deopt.args[0], ("0".to_string(), "score late.js:19:16".to_string()));
        assert_eq!(deopt.args[1].1, "coldest late.js:25:15");
    }
}
