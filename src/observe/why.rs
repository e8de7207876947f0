//! `petrel why`: the causal chain of what made a program slow, in words.
//!
//! ```text
//! trusted   what feedback had seen, and the compile that trusted it       slow     what was not compiled, thrown out,
//! broke     the value or shape that broke it, and the lines that made it           waited, was cold, made objects
//! decided   what the policy did
//! cost      exits, recompiles, time in slower tiers; how often            cost     time in slower tiers meanwhile
//! ends      what would end it                                             ends     what would end it
//! change    the lines at which it can be ended, most likely first         change   the same
//! ```
//!
//! | file | what |
//! |---|---|
//! | `deopt.rs` | the chain of a place that deoptimizes (left) |
//! | `stories.rs` | why code is slow that never did (right) |
//! | `change.rs` | which lines to change |
//! | `advice.rs` | what ends deopts for a reason |
//! | `slow.rs` | time in slower tiers between two moments |
//!
//! Everything is read off the recording: shapes were told with the stack that made them, an unexpected value with the ways
//! that it can have come (`value_origin`), a broken assumption with the stack that broke it, a function's first execution and
//! a compile's request with the calls that led there.

mod advice;
mod change;
mod deopt;
mod slow;
mod stories;

use super::model::{Model, Outcome};
use super::summary::{Blame, Summary};
use super::text::{Style, duration, one_line};
use crate::events::{Event, SourceSite, Stamped};
use crate::vocab::FunctionId;
use deopt::Chain;
use std::cmp::Reverse;
use std::io::{self, Write};
use stories::{Says, Story, stories};

/// Which story is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The most expensive story.
    Worst,
    /// The deopt with this number, counted from 1.
    Deopt(usize),
    /// The most expensive place in functions of this name, or whose compiled code was left there; else what became of them.
    Function(String),
}

/// The chain of one story, as data: text and JSON are made of it.
#[derive(Default)]
pub struct Answer {
    /// Its paragraphs: a heading, and lines.
    pub parts: Vec<(&'static str, Vec<String>)>,
    /// Every source line that the chain names: path, line, role.
    pub places: Vec<(String, u32, String)>,
    /// The lines to change: path and line, most likely first.
    pub change: Vec<(String, u32)>,
}

/// Answers a question; an error says what there is instead.
pub fn why(model: &Model, question: &Question) -> Result<Answer, String> {
    let summary = Summary::of(&model.recording.events);
    let blames = summary.blames();
    match question {
        Question::Worst => worst(model, &blames),
        Question::Deopt(number) => {
            let total = model.deopts().count();
            let found = number.checked_sub(1).and_then(|index| model.deopts().nth(index));
            let Some((_, Stamped { event: Event::Deoptimized { site, reason, .. }, .. })) = found else {
                return Err(format!("there is no deopt {number}; the recording has {total}"));
            };
            let blame = blames.iter().copied().find(|blame| blame.site == *site && blame.reason == *reason);
            chain(model, blame)
        }
        Question::Function(name) => {
            let named = |blame: &&&Blame| {
                [blame.site.function, blame.function].iter().any(|function| model.names.name(*function) == *name)
            };
            match blames.iter().find(named).copied() {
                Some(blame) => chain(model, Some(blame)),
                None => unharmed(model, name),
            }
        }
    }
}

fn chain(model: &Model, blame: Option<&Blame>) -> Result<Answer, String> {
    let chain = blame.and_then(|blame| Chain::new(model, blame));
    chain.map(Chain::tell).ok_or_else(|| "the deopt is not recorded".to_string())
}

/// The story that cost most, and what else there is to tell.
fn worst(model: &Model, blames: &[&Blame]) -> Result<Answer, String> {
    let mut all = stories(model);
    all.extend(invalidation_story(model));
    if let Some(blame) = blames.first()
        && let Ok(answer) = chain(model, Some(blame))
    {
        let functions = vec![blame.site.function, blame.function];
        all.push(Story { title: "deopts", says: Says::Cause, cost_ns: Some(blame.cost_ns()), functions, answer });
    }
    // What nobody would notice comes last; before it, what has no known cost.
    all.sort_by_key(|story| match story.cost_ns {
        Some(cost_ns) if cost_ns.saturating_mul(story.says.noticeable()) >= model.end_ns => {
            (0, story.says, Reverse(cost_ns))
        }
        None => (1, story.says, Reverse(0)),
        Some(cost_ns) => (2, Says::Cause, Reverse(cost_ns)),
    });
    let mut stories = all.into_iter();
    let Some(mut told) = stories.next() else {
        return Err("nothing was deoptimized, thrown out, turned away or given up in this recording".to_string());
    };
    let others: Vec<String> = stories.take(4).map(|story| told_of(model, &story)).collect();
    if !others.is_empty() {
        told.answer.parts.push(("besides", others));
    }
    Ok(told.answer)
}

/// A story in a line.
fn told_of(model: &Model, story: &Story) -> String {
    let function = story.functions.first().map(|f| format!(" ({})", model.names.name(*f))).unwrap_or_default();
    let cost = story.cost_ns.map(|ns| format!(", {}", duration(ns))).unwrap_or_default();
    format!("{}{function}{cost}", story.title)
}

/// A function without deopts: what became of it.
fn unharmed(model: &Model, name: &str) -> Result<Answer, String> {
    let known: Vec<FunctionId> =
        model.functions.iter().copied().filter(|function| model.names.name(*function) == name).collect();
    if known.is_empty() {
        let mut names: Vec<String> = model.functions.iter().map(|function| model.names.name(*function)).collect();
        names.sort();
        names.dedup();
        return Err(format!("there is no function '{name}'; there are {}", names.join(", ")));
    }
    let mut lines = vec![format!("{name} was never deoptimized.")];
    for compile in model.compiles.values().filter(|compile| known.contains(&compile.function)) {
        let outcome = match &compile.outcome {
            Outcome::Open if compile.started_ns > compile.enqueued_ns => {
                "not over when the recording ended".to_string()
            }
            Outcome::Open => format!("still waiting, since {}", duration(compile.enqueued_ns)),
            Outcome::Finished => {
                let waited = compile.started_ns.saturating_sub(compile.enqueued_ns);
                format!("finished in {}, after {} of waiting", duration(compile.ns), duration(waited))
            }
            Outcome::Refused(reason, detail) if detail.is_empty() => format!("refused: {reason}"),
            Outcome::Refused(reason, detail) => format!("refused: {reason} ({detail})"),
        };
        lines.push(format!("compile {} for {}: {outcome}", compile.id, compile.tier));
    }
    if lines.len() == 1 {
        lines.push("It was never compiled, either.".to_string());
    }
    let mut told = Answer { parts: vec![("story", lines)], ..Answer::default() };
    let about = |story: &Story| story.functions.iter().any(|function| known.contains(function));
    if let Some(story) = stories(model).into_iter().filter(about).max_by_key(|story| story.cost_ns) {
        told.parts.extend(story.answer.parts);
        (told.places, told.change) = (story.answer.places, story.answer.change);
    }
    Ok(told)
}

/// Code was thrown away, though nothing was left: assumptions fell while nobody was in it.
fn invalidation_story(model: &Model) -> Option<Story> {
    let fallen = model.recording.events.iter().filter(|s| matches!(s.event, Event::AssumptionInvalidated { .. }));
    let first = fallen.clone().next()?;
    let Event::AssumptionInvalidated { cause, key, site, callers, .. } = &first.event else { return None };
    let mut places = Vec::new();
    let lines = fall_lines(model, key, site, callers, &mut places);
    let ends = format!("Change {key} once, before the code that relies on it is hot, or not at all ({cause}).");
    let cost_ns = fallen.clone().map(|stamped| match &stamped.event {
        Event::AssumptionInvalidated { ns, .. } => *ns,
        _other_events => 0,
    });
    let cost_ns = cost_ns.sum();
    let answer = Answer {
        parts: vec![
            ("broke", lines),
            ("cost", vec![format!("{} times; {} of invalidating code", fallen.count(), duration(cost_ns))]),
            ("ends", vec![ends]),
        ],
        places,
        change: Vec::new(),
    };
    let change: Vec<SourceSite> = site.iter().chain(callers).take(change::MAX_CANDIDATES).copied().collect();
    let answer = answer.with_change(model, &change);
    Some(Story { title: "invalidated code", says: Says::Cause, cost_ns: Some(cost_ns), functions: Vec::new(), answer })
}

/// The parts of a broken assumption.
fn fall_lines(
    model: &Model,
    key: &str,
    site: &Option<SourceSite>,
    callers: &[SourceSite],
    places: &mut Vec<(String, u32, String)>,
) -> Vec<String> {
    let mut lines = vec![format!("Optimized code took `{key}` for constant; it was changed.")];
    for (index, site) in site.iter().chain(callers).enumerate() {
        let role = if index == 0 { "changed at" } else { "called from" };
        lines.push(quoted(model, role, site, places));
    }
    lines
}

/// A place with its source line; the place is noted.
fn quoted(model: &Model, role: &str, site: &SourceSite, places: &mut Vec<(String, u32, String)>) -> String {
    places.push((model.names.path(site.function).to_string(), site.line, role.to_string()));
    let text = model.line_of(site).map(|line| format!("  | {}", one_line(line.trim(), 90))).unwrap_or_default();
    format!("{role} {}{text}", model.names.frame(site))
}

impl Answer {
    /// What was slow, what that cost, and what would end it, with the lines that these name.
    fn telling(slow: Vec<String>, cost: Vec<String>, ends: Vec<String>, places: Vec<(String, u32, String)>) -> Answer {
        let mut parts = vec![("slow", slow), ("cost", cost), ("ends", ends)];
        parts.retain(|(_, lines)| !lines.is_empty());
        Answer { parts, places, change: Vec::new() }
    }

    /// With the lines to change, most likely first.
    fn with_change(mut self, model: &Model, sites: &[SourceSite]) -> Answer {
        let mut lines = Vec::new();
        for site in sites {
            let line = (model.names.path(site.function).to_string(), site.line);
            if !self.change.contains(&line) {
                let role = if lines.is_empty() { "most likely" } else { "or" };
                lines.push(quoted(model, role, site, &mut self.places));
                self.change.push(line);
            }
        }
        if !lines.is_empty() {
            self.parts.push(("change", lines));
        }
        self
    }

    /// As text.
    pub fn write(&self, style: Style, out: &mut dyn Write) -> io::Result<()> {
        for (heading, lines) in &self.parts {
            for (index, line) in lines.iter().enumerate() {
                let heading = if index == 0 { style.bold(&format!("{heading:8}")) } else { " ".repeat(8) };
                writeln!(out, "{heading} {line}")?;
            }
        }
        Ok(())
    }

    /// As one JSON object.
    pub fn to_json(&self) -> serde_json::Value {
        let mut object: serde_json::Map<_, _> =
            self.parts.iter().map(|(heading, lines)| (heading.to_string(), serde_json::json!(lines))).collect();
        let place = |(file, line, role): &(String, u32, String)| serde_json::json!({ "file": file, "line": line, "role": role.trim() });
        let line = |(file, line): &(String, u32)| serde_json::json!({ "file": file, "line": line });
        object.insert("change".to_string(), self.change.iter().map(line).collect());
        object.insert("places".to_string(), self.places.iter().map(place).collect());
        serde_json::Value::Object(object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::codec::Recording;
    use crate::observe::samples;
    use crate::vocab::{ShapeId, TransitionKind};

    fn recording() -> Recording {
        let mut events = samples::functions();
        let shape = |from, to, key: &str, text: &str, line| {
            samples::at(
                1,
                Event::ShapeTransition {
                    from: ShapeId::from_u32(from),
                    to: ShapeId::from_u32(to),
                    kind: TransitionKind::AddProperty,
                    key: key.into(),
                    shape: text.into(),
                    site: Some(samples::site(samples::SCORE, 0, line, 5)),
                    made_there: line == 5,
                    callers: Vec::new(),
                },
            )
        };
        events.push(shape(7, 8, "size", "shape8 {key, size}", 5));
        events.push(shape(8, 9, "pinned", "shape9 {key, size, pinned}", 40));
        events.extend(samples::story());
        for stamped in &mut events {
            if let Event::Deoptimized { expected, seen, .. } = &mut stamped.event {
                (*expected, *seen) = ("shape8 {key, size}".into(), "shape9 {key, size, pinned}".into());
            }
        }
        Recording { header: serde_json::json!({ "policy": "naive" }), events, truncated: false }
    }

    #[test]
    fn the_line_that_added_the_property_and_the_line_to_change_are_named() {
        let recording = recording();
        let answer = why(&Model::of(&recording), &Question::Worst).unwrap();
        let lines: Vec<u32> = answer.places.iter().map(|(_, line, _)| *line).collect();
        assert!(lines.contains(&19) && lines.contains(&40) && lines.contains(&5), "{lines:?}");
        let mut text = Vec::new();
        answer.write(Style::Plain, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        for part in ["add-property `pinned` made shape9", "give every object `pinned`", "trusted by compile c2", "once"]
        {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
    }

    #[test]
    fn questions_without_an_answer_say_what_there_is() {
        let recording = recording();
        let model = Model::of(&recording);
        let error = |question| why(&model, &question).err().unwrap();
        assert_eq!(error(Question::Deopt(9)), "there is no deopt 9; the recording has 1");
        assert!(error(Question::Function("nobody".into())).contains("coldest, score"));
        assert!(why(&model, &Question::Function("score".into())).is_ok());
        assert!(why(&model, &Question::Deopt(1)).is_ok());
    }
}
