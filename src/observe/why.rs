//! `petrel why`: the causal chain of a deopt, in words.
//!
//! ```text
//! trusted   what feedback had seen, and the compile that trusted it
//! broke     the value or shape that broke it, and the lines that made it
//! decided   what the policy did
//! cost      exits, recompiles, time in slower tiers; how often
//! ends      what would end it
//! ```
//!
//! Everything is read off the recording: shapes were told with the stack that made them, an unexpected value with the ways
//! that it can have come (`value_origin`), a broken assumption with the stack that broke it.

use super::model::Model;
use super::summary::{Blame, Summary};
use super::text::{Style, count, duration, one_line};
use crate::events::{Event, OriginStep, SourceSite, Stamped};
use crate::vocab::{DeoptAction, DeoptKind, DeoptReason, ShapeId};
use std::io::{self, Write};

/// Which story is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The most expensive place.
    Worst,
    /// The deopt with this number, counted from 1.
    Deopt(usize),
    /// The most expensive place in functions of this name, or whose compiled code was left there.
    Function(String),
}

/// The chain of one place, as data: text and JSON are made of it.
pub struct Answer {
    /// Its paragraphs: a heading, and lines.
    pub parts: Vec<(&'static str, Vec<String>)>,
    /// Every source line that the chain names: path, line, role.
    pub places: Vec<(String, u32, String)>,
}

/// Answers a question; an error says what there is instead.
pub fn why(model: &Model, question: &Question) -> Result<Answer, String> {
    let summary = Summary::of(&model.recording.events);
    let blames = summary.blames();
    let blame = match question {
        Question::Worst => blames.first().copied(),
        Question::Deopt(number) => {
            let total = model.deopts().count();
            let found = number.checked_sub(1).and_then(|index| model.deopts().nth(index));
            let Some((_, Stamped { event: Event::Deoptimized { site, reason, .. }, .. })) = found else {
                return Err(format!("there is no deopt {number}; the recording has {total}"));
            };
            blames.iter().copied().find(|blame| blame.site == *site && blame.reason == *reason)
        }
        Question::Function(name) => {
            let named = |blame: &&&Blame| {
                [blame.site.function, blame.function].iter().any(|function| model.names.name(*function) == *name)
            };
            let found = blames.iter().find(named).copied();
            match found {
                Some(blame) => Some(blame),
                None => return unharmed(model, name),
            }
        }
    };
    match blame {
        Some(blame) => Chain::new(model, blame).map(Chain::tell).ok_or_else(|| "the deopt is not recorded".to_string()),
        None => match invalidation_story(model) {
            Some(answer) => Ok(answer),
            None => Err("nothing was deoptimized in this recording".to_string()),
        },
    }
}

/// A function without deopts: what became of it.
fn unharmed(model: &Model, name: &str) -> Result<Answer, String> {
    let known: Vec<_> = model.functions.iter().filter(|function| model.names.name(**function) == name).collect();
    if known.is_empty() {
        let mut names: Vec<String> = model.functions.iter().map(|function| model.names.name(*function)).collect();
        names.sort();
        names.dedup();
        return Err(format!("there is no function '{name}'; there are {}", names.join(", ")));
    }
    let mut lines = vec![format!("{name} was never deoptimized.")];
    for compile in model.compiles.values().filter(|compile| known.contains(&&compile.function)) {
        lines.push(format!("Compile {} for {}: {:?}.", compile.id, compile.tier, compile.outcome));
    }
    Ok(Answer { parts: vec![("story", lines)], places: Vec::new() })
}

/// Code was thrown away, though nothing was left: assumptions fell while nobody was in it.
fn invalidation_story(model: &Model) -> Option<Answer> {
    let fallen = model.recording.events.iter().filter(|s| matches!(s.event, Event::AssumptionInvalidated { .. }));
    let first = fallen.clone().next()?;
    let Event::AssumptionInvalidated { cause, key, site, callers, .. } = &first.event else { return None };
    let mut places = Vec::new();
    let lines = fall_lines(model, key, site, callers, &mut places);
    let ends = format!("Change {key} once, before the code that relies on it is hot, or not at all ({cause}).");
    let count = fallen.count();
    Some(Answer {
        parts: vec![
            ("broke", lines),
            ("cost", vec![format!("{count} times; no activation was running when it happened")]),
            ("ends", vec![ends]),
        ],
        places,
    })
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

/// What is told of one place.
struct Chain<'a> {
    model: &'a Model<'a>,
    blame: &'a Blame,
    /// The first deopt there, and its index.
    first: (usize, &'a Stamped),
    places: Vec<(String, u32, String)>,
}

impl<'a> Chain<'a> {
    fn new(model: &'a Model<'a>, blame: &'a Blame) -> Option<Chain<'a>> {
        let is_it = |stamped: &Stamped| {
            matches!(&stamped.event, Event::Deoptimized { site, reason, .. }
                if *site == blame.site && *reason == blame.reason)
        };
        let first = model.deopts().find(|(_, stamped)| is_it(stamped))?;
        Some(Chain { model, blame, first, places: Vec::new() })
    }

    fn tell(mut self) -> Answer {
        let mut parts = vec![
            ("deopt", self.what()),
            ("trusted", self.trusted()),
            ("broke", self.broke()),
            ("decided", self.decided()),
            ("cost", self.cost()),
            ("ends", self.ends()),
        ];
        parts.retain(|(_, lines)| !lines.is_empty());
        Answer { parts, places: self.places }
    }

    fn events(&self) -> &'a [Stamped] {
        &self.model.recording.events
    }

    fn what(&mut self) -> Vec<String> {
        let Event::Deoptimized { site, callers, expected, seen, kind, reason, .. } = &self.first.1.event else {
            return Vec::new();
        };
        let mut lines = vec![format!("{reason} ({kind}): {}.", reason.text())];
        lines.push(quoted(self.model, "at", site, &mut self.places));
        for caller in callers {
            lines.push(quoted(self.model, "inlined into", caller, &mut self.places));
        }
        let seen = if seen.is_empty() { String::new() } else { format!("; seen: {}", one_line(seen, 90)) };
        lines.push(format!("expected: {}{seen}", one_line(expected, 90)));
        lines
    }

    /// What feedback had said there before, and who believed it.
    fn trusted(&mut self) -> Vec<String> {
        let Event::Deoptimized { compile, .. } = &self.first.1.event else { return Vec::new() };
        let at = self.blame.site;
        let mut lines = Vec::new();
        for stamped in &self.events()[..self.first.0] {
            if let Event::FeedbackChanged { site, kind, to, key, seen, .. } = &stamped.event
                && (site.function, site.offset) == (at.function, at.offset)
            {
                lines.push(format!("feedback of {kind} `{key}`: {to}, {}", one_line(seen, 90)));
            }
        }
        if let Some(compile) = self.model.compiles.get(compile) {
            let trigger = compile.trigger.map(|trigger| format!(" ({trigger})")).unwrap_or_default();
            lines.push(format!(
                "trusted by compile {} of {} for {}{trigger}, {} guards, {} of code, in {}",
                compile.id,
                self.model.names.label(compile.function),
                compile.tier,
                compile.guard_count,
                super::text::size(u64::from(compile.code_bytes.0)),
                duration(compile.ns),
            ));
        }
        lines
    }

    /// What broke it: a shape, an assumption, or a value, with the lines that made it.
    fn broke(&mut self) -> Vec<String> {
        let Event::Deoptimized { kind, reason, expected, seen, .. } = &self.first.1.event else { return Vec::new() };
        let mut lines = Vec::new();
        if *kind == DeoptKind::Lazy || *reason == DeoptReason::WrongCallTarget {
            lines.extend(self.fallen_assumption());
        }
        lines.extend(self.new_shape(expected, seen));
        // A shape that a transition made tells its own story.
        let made = shape_of(seen).is_some_and(|seen| self.events().iter().filter_map(transition).any(|s| s.to == seen));
        if !made {
            lines.extend(self.value_origin());
        }
        lines
    }

    /// The last change of an assumption before the deopt.
    fn fallen_assumption(&mut self) -> Vec<String> {
        let before = self.events()[..=self.first.0].iter().rev();
        let fall = before.chain(&self.events()[self.first.0..]).find_map(|stamped| match &stamped.event {
            Event::AssumptionInvalidated { key, site, callers, .. } => Some((key, site, callers)),
            _other_events => None,
        });
        let Some((key, site, callers)) = fall else { return Vec::new() };
        fall_lines(self.model, key, site, callers, &mut self.places)
    }

    /// The transition that made the shape that was seen, and where objects of the expected shape are completed.
    fn new_shape(&mut self, expected: &str, seen: &str) -> Vec<String> {
        let Some(seen) = shape_of(seen) else { return Vec::new() };
        let mut lines = Vec::new();
        let expected: Vec<ShapeId> = expected.split(" or ").filter_map(shape_of).collect();
        let transitions = || self.model.recording.events.iter().filter_map(transition);
        // From the seen shape back to one that was expected, or to the root.
        let mut at = seen;
        let mut chain = Vec::new();
        while let Some(step) = transitions().find(|step| step.to == at) {
            chain.push(step);
            at = step.from;
            if expected.contains(&at) || chain.len() > 64 {
                break;
            }
        }
        chain.reverse();
        let met = expected.contains(&at);
        let told = if met { &chain[..] } else { &chain[chain.len().saturating_sub(3)..] };
        for step in told {
            let how = format!("{} `{}` made {}", step.kind, step.key, one_line(step.shape, 60));
            lines.push(how);
            for (index, site) in step.site.iter().chain(step.callers).enumerate().take(4) {
                let role = if index == 0 { "  by" } else { "  called from" };
                lines.push(quoted(self.model, role, site, &mut self.places));
            }
        }
        for shape in expected.iter().take(2) {
            let Some(step) = transitions().find(|step| step.to == *shape) else { continue };
            if let Some(site) = step.site {
                lines.push(format!("objects of the expected {shape} are completed by {} `{}`", step.kind, step.key));
                lines.push(quoted(self.model, "  at", site, &mut self.places));
                for caller in step.callers.iter().take(3) {
                    lines.push(quoted(self.model, "  called from", caller, &mut self.places));
                }
            }
        }
        lines
    }

    /// The ways that the value can have come.
    fn value_origin(&mut self) -> Vec<String> {
        let at = self.blame.site;
        let steps = self.events().iter().find_map(|stamped| match &stamped.event {
            Event::ValueOrigin { site, steps, .. } if (site.function, site.offset) == (at.function, at.offset) => {
                Some(steps)
            }
            _other_events => None,
        });
        let Some(steps) = steps else { return Vec::new() };
        let mut lines = vec!["what was seen can have come this way:".to_string()];
        for OriginStep { site, what } in steps {
            lines.push(quoted(self.model, &format!("  {what}"), site, &mut self.places));
        }
        lines
    }

    fn decided(&self) -> Vec<String> {
        let mut answers: Vec<(DeoptAction, u32, bool, u64)> = Vec::new();
        for stamped in self.events() {
            if let Event::DeoptDecision { site, reason, action, reprofile, forbids, .. } = &stamped.event
                && (*site, *reason) == (self.blame.site, self.blame.reason)
            {
                match answers.iter_mut().find(|(a, r, f, _)| (a, r, f) == (action, reprofile, forbids)) {
                    Some(known) => known.3 += stamped.weight(),
                    None => answers.push((*action, *reprofile, *forbids, stamped.weight())),
                }
            }
        }
        let policy = self.model.recording.header["policy"].as_str().unwrap_or("?");
        let line = |(action, reprofile, forbids, times): &(DeoptAction, u32, bool, u64)| {
            let reprofile =
                if *reprofile > 0 { format!(", profiled for {reprofile} executions") } else { String::new() };
            let forbids = if *forbids { ", the speculation forbidden here from then on" } else { "" };
            format!("{policy} answered {} with {action}{reprofile}{forbids}", times_text(*times))
        };
        answers.iter().map(line).collect()
    }

    fn cost(&self) -> Vec<String> {
        let b = self.blame;
        let mut lines = vec![format!(
            "{} in all: exits {}, recompiles {}, time in slower tiers {}, recompiles of what was evicted {}",
            duration(b.cost_ns()),
            duration(b.exit_ns),
            duration(b.recompile_ns),
            duration(b.away_ns),
            duration(b.eviction_ns),
        )];
        let each = b.cost_ns() / b.deopts.max(1);
        lines.push(format!("{}, {} each", times_text(b.deopts), duration(each)));
        if let Some(lived) = b.lived_ns.checked_div(b.discards) {
            lines.push(format!(
                "code was thrown away {}, after {} on average",
                times_text(b.discards),
                duration(lived)
            ));
        }
        let last = self.model.deopts().filter(|(_, stamped)| {
            matches!(&stamped.event, Event::Deoptimized { site, reason, .. } if (*site, *reason) == (b.site, b.reason))
        });
        let last_ns = last.last().map_or(0, |(_, stamped)| stamped.time_ns);
        let goes_on = b.deopts > 1 && last_ns * 10 > self.model.end_ns * 9;
        if goes_on {
            lines.push("it had not stopped when the recording ended".to_string());
        } else if b.deopts > 1 {
            lines.push(format!("it stopped after {}", duration(last_ns)));
        }
        lines
    }

    /// What would end it, in terms of the program.
    fn ends(&mut self) -> Vec<String> {
        let Event::Deoptimized { expected, seen, .. } = &self.first.1.event else { return Vec::new() };
        let advice = advice(self.blame.reason);
        let mut lines = vec![advice.to_string()];
        if self.blame.reason == DeoptReason::WrongShape
            && let Some(seen) = shape_of(seen)
        {
            let transitions: Vec<_> = self.model.recording.events.iter().filter_map(transition).collect();
            let added = transitions.iter().find(|step| step.to == seen);
            let complete = expected
                .split(" or ")
                .filter_map(shape_of)
                .find_map(|shape| transitions.iter().find(|step| step.to == shape).and_then(|step| step.site.as_ref()));
            if let (Some(added), Some(complete)) = (added, complete) {
                let text = format!("give every object `{}` where the others get their last property:", added.key);
                lines.push(text);
                lines.push(quoted(self.model, "  after", complete, &mut self.places));
            }
        }
        lines
    }
}

fn times_text(times: u64) -> String {
    if times == 1 { "once".to_string() } else { format!("{} times", count(times)) }
}

/// A transition, taken apart.
#[derive(Clone, Copy)]
struct Transition<'a> {
    from: ShapeId,
    to: ShapeId,
    kind: crate::vocab::TransitionKind,
    key: &'a str,
    shape: &'a str,
    site: &'a Option<SourceSite>,
    callers: &'a [SourceSite],
}

fn transition(stamped: &Stamped) -> Option<Transition<'_>> {
    let Event::ShapeTransition { from, to, kind, key, shape, site, callers } = &stamped.event else { return None };
    Some(Transition { from: *from, to: *to, kind: *kind, key, shape, site, callers })
}

/// The id at the beginning of a shape's description.
fn shape_of(text: &str) -> Option<ShapeId> {
    let digits: String = text.strip_prefix("shape")?.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().map(ShapeId::from_u32)
}

/// What a program can do about deopts for a reason.
fn advice(reason: DeoptReason) -> &'static str {
    match reason {
        DeoptReason::WrongShape => {
            "Give all objects that meet here the same properties, in the same order, from the start."
        }
        DeoptReason::NotInt32 | DeoptReason::NotNumber | DeoptReason::NotANumber => {
            "Convert where the value enters (Number(x), x | 0), so that this place sees one type."
        }
        DeoptReason::NotString => "Convert where the value enters (String(x)), so that this place sees strings only.",
        DeoptReason::NotBoolean => "Compare explicitly, so that this place sees booleans only.",
        DeoptReason::NotObject | DeoptReason::NotNullish => {
            "Keep missing values out of the hot path, or handle them before it."
        }
        DeoptReason::NotArray | DeoptReason::NotFunction => "Pass one kind of object to this place.",
        DeoptReason::WrongValue | DeoptReason::WrongCallTarget => {
            "Make the function once and pass that one, or split this place by what it calls."
        }
        DeoptReason::WrongKey => "Use one key at this place, or a Map.",
        DeoptReason::WrongElementsKind => "Fill arrays with one type of element, without holes.",
        DeoptReason::Overflow | DeoptReason::LostPrecision => {
            "Keep the number in int32 range (x | 0), or let it be a double from the start."
        }
        DeoptReason::MinusZero => "Avoid -0 where integers are meant (x | 0, or + 0).",
        DeoptReason::DivisionByZero => "Test the divisor before the division.",
        DeoptReason::OutOfBounds | DeoptReason::NotAnIndex => "Test the index against the length before the access.",
        DeoptReason::Hole => "Fill the array from the start, so that it has no holes.",
        DeoptReason::GrowTooFar => "Append one element after the other, or make the array in its full length.",
        DeoptReason::NoFeedbackNamedAccess
        | DeoptReason::NoFeedbackKeyedAccess
        | DeoptReason::NoFeedbackCall
        | DeoptReason::NoFeedbackConstruct
        | DeoptReason::NoFeedbackOperation
        | DeoptReason::NoFeedbackCompare
        | DeoptReason::NoFeedbackIterate
        | DeoptReason::NeverTakenBranch
        | DeoptReason::NeverTakenCase => "Let warm-up take this path too; once is enough, the next compile knows it.",
        DeoptReason::Exception => "Do not use exceptions for what happens all the time.",
        DeoptReason::UninitializedBinding => "Declare before use.",
        DeoptReason::StackOrInterrupt | DeoptReason::OsrLoopEnded | DeoptReason::Stress | DeoptReason::Requested => {
            "Nothing: this is part of normal operation."
        }
        DeoptReason::Unsupported => "Move the rare operation out of the hot function.",
        DeoptReason::PrototypeChanged | DeoptReason::MethodRedefined | DeoptReason::BuiltinRedefined => {
            "Change prototypes and methods once, before the code that uses them is hot."
        }
        DeoptReason::BindingReassigned | DeoptReason::FieldReassigned => {
            "Do not assign what hot code reads as a constant; keep what changes in an object's field or a parameter."
        }
        DeoptReason::ShapeChanged | DeoptReason::ElementsPrototypeChanged => {
            "Do not change the layout that hot code relies on."
        }
        DeoptReason::CodeDiscarded => "Look at what discarded the code: another deopt, or a full code cache.",
    }
}

impl Answer {
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
