//! What the timeline formats have in common: tracks, spans, instants and counters, with their arguments.
//!
//! Perfetto, FXT and Chrome's JSON draw the same picture: one track for the program with its deopts, collections and
//! marks, one per compiler with the compiles as spans, and counters for queue and code cache. This file makes the
//! picture; the exporters only encode it.
//!
//! All readers of these formats want the spans of a row to lie inside each other or apart. Waits in the queue overlap, and so
//! do compiles on several threads: such a span gets a row of its own below that of its track.

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

impl Form {
    const fn length_ns(self) -> u64 {
        match self {
            Form::Span(ns) => ns,
            Form::Instant | Form::Counter(_) => 0,
        }
    }
}

/// One thing in the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// When it begins.
    pub time_ns: u64,
    /// In which row, see [`Picture::rows`].
    pub row: u32,
    /// What kind of thing.
    pub category: &'static str,
    /// Its name.
    pub name: String,
    /// How it is drawn.
    pub form: Form,
    /// Arguments: name and value.
    pub args: Vec<(String, String)>,
}

/// A row, with its number and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// From 1; the number of a thread in the formats that want one.
    pub number: u32,
    /// What it is called.
    pub name: String,
}

/// What the exporters encode.
pub struct Picture {
    /// The rows: those of [`Track::ALL`], then what else is needed.
    pub rows: Vec<Row>,
    /// What is drawn, in order of time; spans that contain others come first.
    pub marks: Vec<Mark>,
}

/// Rows at most: Fuchsia's format has numbers for 255 threads. A span that finds no place is left out; counters tell of it.
const MAX_ROWS: usize = 255;

/// The picture of a recording.
pub fn picture(model: &Model) -> Picture {
    let mut marks = marks(model);
    marks.sort_by_key(|mark| (mark.time_ns, std::cmp::Reverse(mark.form.length_ns())));
    let mut rows: Vec<Row> =
        Track::ALL.iter().map(|track| Row { number: track.number(), name: track.name().to_string() }).collect();
    let mut lanes: Vec<Vec<Lane>> = rows.iter().map(|row| vec![Lane { row: row.number, open: Vec::new() }]).collect();
    marks.retain_mut(|mark| {
        let Form::Span(ns) = mark.form else { return true };
        let (begin, end) = (mark.time_ns, mark.time_ns + ns);
        let track = mark.row as usize - 1;
        let lanes = &mut lanes[track];
        if let Some(lane) = lanes.iter_mut().find_map(|lane| lane.admits(begin, end).then_some(lane)) {
            lane.open.push(end);
            mark.row = lane.row;
            return true;
        }
        if rows.len() == MAX_ROWS {
            return false;
        }
        let number = rows.len() as u32 + 1;
        lanes.push(Lane { row: number, open: vec![end] });
        rows.push(Row { number, name: format!("{} {}", Track::ALL[track].name(), lanes.len()) });
        mark.row = number;
        true
    });
    Picture { rows, marks }
}

/// A row that is being filled: the ends of the spans that are open, innermost last.
struct Lane {
    row: u32,
    open: Vec<u64>,
}

impl Lane {
    /// Whether a span lies inside of the innermost open one, or behind all of them. Spans come in order of their beginnings.
    fn admits(&mut self, begin: u64, end: u64) -> bool {
        while self.open.last().is_some_and(|open| *open <= begin) {
            self.open.pop();
        }
        self.open.last().is_none_or(|open| end <= *open)
    }
}

fn marks(model: &Model) -> Vec<Mark> {
    let mut marks = Vec::new();
    for compile in model.compiles.values() {
        let row = if compile.tier == Tier::Optimized { Track::Optimizer } else { Track::Baseline }.number();
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
        marks.push(Mark { time_ns: compile.started_ns, row, category: "compile", name: name.clone(), form, args });
        if waited > 0 {
            let args = vec![("compile".to_string(), compile.id.to_string())];
            let form = Form::Span(waited);
            let row = Track::Queue.number();
            marks.push(Mark { time_ns: compile.enqueued_ns, row, category: "queue", name, form, args });
        }
    }
    marks.extend(model.recording.events.iter().filter_map(|stamped| mark_of(model, stamped)));
    marks
}

fn mark_of(model: &Model, stamped: &Stamped) -> Option<Mark> {
    let names = &model.names;
    let row = Track::Program.number();
    // Deopts and collections are told when they are over.
    let before = |ns: u64| stamped.time_ns.saturating_sub(ns);
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
            let cost_ns = exit_ns + rebuild_ns;
            let (name, form) = (format!("{reason}({})", exit.as_u32()), Form::Span(cost_ns));
            return Some(Mark { time_ns: before(cost_ns), row, category: "side_exit", name, form, args });
        }
        Event::GarbageCollected { kind, pause_ns, live_bytes, freed_bytes } => {
            let args = vec![
                ("live_bytes".to_string(), live_bytes.to_string()),
                ("freed_bytes".to_string(), freed_bytes.to_string()),
            ];
            let (name, form) = (format!("{kind} collection"), Form::Span(*pause_ns));
            return Some(Mark { time_ns: before(*pause_ns), row, category: "gc", name, form, args });
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
    Some(Mark { time_ns: stamped.time_ns, row, category, name, form, args })
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
        let Picture { rows, marks } = picture(&Model::of(&recording));
        assert!(marks.is_sorted_by_key(|mark| mark.time_ns));
        assert_eq!(rows.len(), Track::ALL.len());
        let compile = marks.iter().find(|mark| mark.category == "compile").unwrap();
        assert_eq!((compile.row, compile.name.as_str()), (Track::Optimizer.number(), "coldest"));
        let deopt = marks.iter().find(|mark| mark.category == "side_exit").unwrap();
        assert_eq!(deopt.name, "wrong-shape(7)");
        assert_eq!(deopt.args[0], ("0".to_string(), "score late.js:19:16".to_string()));
        assert_eq!(deopt.args[1].1, "coldest late.js:25:15");
    }

    #[test]
    fn spans_of_a_row_lie_inside_each_other_or_apart() {
        let mut lane = Lane { row: 1, open: Vec::new() };
        let mut take = |begin, end| {
            let admitted = lane.admits(begin, end);
            if admitted {
                lane.open.push(end);
            }
            admitted
        };
        assert!(take(0, 100) && take(10, 20) && take(20, 100), "inside, and beside each other inside");
        assert!(!take(50, 101), "across the end");
        assert!(take(100, 101), "behind");
    }
}
