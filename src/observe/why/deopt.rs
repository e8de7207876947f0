//! The chain of a place that deoptimizes: what was trusted there, what broke it, what was decided, what it cost, what ends it.

use super::advice::advice;
use super::change::{candidates, fall, origin, shape_of, transition};
use super::{Answer, fall_lines, quoted};
use crate::events::{Event, OriginStep, Stamped};
use crate::observe::model::Model;
use crate::observe::summary::Blame;
use crate::observe::text::{self, count, duration, one_line};
use crate::vocab::{DeoptAction, DeoptKind, DeoptReason, ShapeId};

/// What is told of one place.
pub(super) struct Chain<'a> {
    model: &'a Model<'a>,
    blame: &'a Blame,
    /// The first deopt there, and its index.
    first: (usize, &'a Stamped),
    places: Vec<(String, u32, String)>,
}

impl<'a> Chain<'a> {
    pub(super) fn new(model: &'a Model<'a>, blame: &'a Blame) -> Option<Chain<'a>> {
        let is_it = |stamped: &Stamped| {
            matches!(&stamped.event, Event::Deoptimized { site, reason, .. }
                if *site == blame.site && *reason == blame.reason)
        };
        let first = model.deopts().find(|(_, stamped)| is_it(stamped))?;
        Some(Chain { model, blame, first, places: Vec::new() })
    }

    pub(super) fn tell(mut self) -> Answer {
        let mut parts = vec![
            ("deopt", self.what()),
            ("trusted", self.trusted()),
            ("broke", self.broke()),
            ("decided", self.decided()),
            ("cost", self.cost()),
            ("ends", self.ends()),
        ];
        parts.retain(|(_, lines)| !lines.is_empty());
        let change = candidates(self.model, self.blame, self.first.0);
        Answer { parts, places: self.places, change: Vec::new() }.with_change(self.model, &change)
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
                text::size(u64::from(compile.code_bytes.0)),
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
        let fall = fall(self.events(), self.first.0);
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
        let steps = origin(self.events(), &self.blame.site);
        if steps.is_empty() {
            return Vec::new();
        }
        let mut lines = vec!["what was seen can have come this way:".to_string()];
        for OriginStep { site, what, .. } in steps {
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

pub(super) fn times_text(times: u64) -> String {
    if times == 1 { "once".to_string() } else { format!("{} times", count(times)) }
}
