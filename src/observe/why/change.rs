//! Which lines to change: of all the places that a chain names, the few at which the cause can be ended.
//!
//! ```text
//! a shape    a call that makes both kinds of objects, if there is one; else the literal or constructor that makes the other
//!            kind; else, for a property that came late, where objects of the first kind are completed
//! a value    where it is put into what the hot code reads it from; for a bare parameter, the call that passed it
//! a callee   where the variable that is called is assigned again
//! training   the calls that were made before the compile, other than the one that fails, and what they were given
//! a change   where it was made, and the calls that led there
//! otherwise  the place itself, and the calls that led there
//! ```

use super::advice::{Cause, cause};
use crate::events::{Event, OriginStep, SourceSite, Stamped};
use crate::observe::model::Model;
use crate::observe::summary::Blame;
use crate::vocab::{DeoptKind, OriginKind, ShapeId, TransitionKind};

/// Lines named at most.
pub(super) const MAX_CANDIDATES: usize = 3;

/// The lines to change for a place that deoptimizes, most likely first. `first` is the index of its first deopt.
pub(super) fn candidates(model: &Model, blame: &Blame, first: usize) -> Vec<SourceSite> {
    let events = &model.recording.events;
    let Event::Deoptimized { kind, site, callers, expected, seen, .. } = &events[first].event else {
        return Vec::new();
    };
    let steps = origin(events, site);
    let here = || std::iter::once(*site).chain(callers.iter().copied()).collect::<Vec<_>>();
    let cause = if *kind == DeoptKind::Lazy { Cause::Change } else { cause(blame.reason) };
    let found = match cause {
        Cause::Shape => shape_makers(events, expected, seen),
        Cause::Value => put_in(steps),
        Cause::Identity => of_kind(steps, OriginKind::Assigned),
        Cause::Training => training(steps, &here()),
        Cause::Change => breakers(events, first),
        Cause::Operation => Vec::new(),
    };
    let mut found = if found.is_empty() { around(here(), steps) } else { found };
    let mut lines = Vec::new();
    found.retain(|site| {
        let line = (model.names.path(site.function).to_string(), site.line);
        let is_new = !lines.contains(&line);
        lines.push(line);
        is_new
    });
    found.truncate(MAX_CANDIDATES);
    found
}

/// The ways that a value can have come to a place.
pub(super) fn origin<'a>(events: &'a [Stamped], at: &SourceSite) -> &'a [OriginStep] {
    let steps = events.iter().find_map(|stamped| match &stamped.event {
        Event::ValueOrigin { site, steps, .. } if (site.function, site.offset) == (at.function, at.offset) => {
            Some(steps)
        }
        _other_events => None,
    });
    steps.map_or(&[], Vec::as_slice)
}

pub(super) fn of_kind(steps: &[OriginStep], kind: OriginKind) -> Vec<SourceSite> {
    steps.iter().filter(|step| step.kind == kind).map(|step| step.site).collect()
}

fn put_in(steps: &[OriginStep]) -> Vec<SourceSite> {
    let mut found = Vec::new();
    for (index, step) in steps.iter().enumerate().filter(|(_, step)| step.kind == OriginKind::PutIn) {
        match steps.get(index + 1) {
            // A parameter is put in as it came: the caller decides what it is.
            Some(next) if next.kind == OriginKind::Passed => found.push(next.site),
            Some(_) | None => found.push(step.site),
        }
    }
    found
}

/// The place, and the calls that led there, as far as they are known.
fn around(mut here: Vec<SourceSite>, steps: &[OriginStep]) -> Vec<SourceSite> {
    let callers = of_kind(steps, OriginKind::Reached).into_iter();
    // The function that was compiled is named on both sides.
    let new: Vec<SourceSite> = callers.filter(|site| here.iter().all(|s| s.function != site.function)).collect();
    here.extend(new);
    here
}

fn training(steps: &[OriginStep], here: &[SourceSite]) -> Vec<SourceSite> {
    let reached = of_kind(steps, OriginKind::Reached);
    let is_on_the_way = |site: &SourceSite| {
        here.iter().chain(&reached).any(|other| (other.function, other.offset) == (site.function, site.offset))
    };
    let mut found = Vec::new();
    let mut follows = false;
    for step in steps {
        match step.kind {
            OriginKind::Passed => {
                follows = !is_on_the_way(&step.site);
                found.extend(follows.then_some(step.site));
            }
            OriginKind::Result | OriginKind::Assigned | OriginKind::Initial => {
                found.extend(follows.then_some(step.site));
            }
            OriginKind::Read | OriginKind::PutIn | OriginKind::Returned | OriginKind::Made | OriginKind::Reached => {}
        }
    }
    found
}

/// Who changed what was taken for constant, the last time before the deopt, or the first time after it.
fn breakers(events: &[Stamped], first: usize) -> Vec<SourceSite> {
    let fall = fall(events, first);
    fall.map_or(Vec::new(), |(_, site, callers)| site.iter().chain(callers).copied().collect())
}

/// The change of an assumption that a deopt goes back to: what changed, where, and the calls that led there.
pub(super) fn fall(events: &[Stamped], first: usize) -> Option<(&str, &Option<SourceSite>, &[SourceSite])> {
    let before = events[..=first].iter().rev();
    before.chain(&events[first..]).find_map(|stamped| match &stamped.event {
        Event::AssumptionInvalidated { key, site, callers, .. } => Some((key.as_str(), site, callers.as_slice())),
        _other_events => None,
    })
}

fn shape_makers(events: &[Stamped], expected: &str, seen: &str) -> Vec<SourceSite> {
    let made = |shape: ShapeId| events.iter().filter_map(transition).find(|step| step.to == shape);
    let Some(seen) = shape_of(seen).and_then(made) else { return Vec::new() };
    let expected: Vec<Transition> = expected.split(" or ").filter_map(shape_of).filter_map(made).collect();
    let stack = |step: &Transition| step.site.iter().chain(step.callers).copied().collect::<Vec<_>>();
    let ours = stack(&seen);
    if let Some(fork) = expected.iter().find_map(|other| fork(&ours, &stack(other))) {
        return vec![fork];
    }
    let late = seen.kind == TransitionKind::AddProperty && !seen.made_there;
    let completed: Vec<SourceSite> = expected.iter().filter_map(|step| *step.site).collect();
    if late { completed.into_iter().chain(ours).collect() } else { ours }
}

/// The innermost call that stands on both stacks and calls something else on each.
fn fork(ours: &[SourceSite], theirs: &[SourceSite]) -> Option<SourceSite> {
    ours.iter().enumerate().skip(1).find_map(|(index, call)| {
        let other = theirs.iter().position(|site| (site.function, site.offset) == (call.function, call.offset))?;
        let inner = theirs.get(other.checked_sub(1)?)?;
        (ours[index - 1].function != inner.function).then_some(*call)
    })
}

/// A transition, taken apart.
#[derive(Clone, Copy)]
pub(super) struct Transition<'a> {
    pub(super) from: ShapeId,
    pub(super) to: ShapeId,
    pub(super) kind: crate::vocab::TransitionKind,
    pub(super) key: &'a str,
    pub(super) shape: &'a str,
    pub(super) site: &'a Option<SourceSite>,
    pub(super) made_there: bool,
    pub(super) callers: &'a [SourceSite],
}

pub(super) fn transition(stamped: &Stamped) -> Option<Transition<'_>> {
    let Event::ShapeTransition { from, to, kind, key, shape, site, made_there, callers } = &stamped.event else {
        return None;
    };
    Some(Transition { from: *from, to: *to, kind: *kind, key, shape, site, made_there: *made_there, callers })
}

/// The id at the beginning of a shape's description.
pub(super) fn shape_of(text: &str) -> Option<ShapeId> {
    let digits: String = text.strip_prefix("shape")?.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().map(ShapeId::from_u32)
}
