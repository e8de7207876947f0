//! Why code is slow that never deoptimized: it was never compiled, it was thrown out to make room, it waited, it makes objects
//! for a call's sake, or the program had only just begun.
//!
//! Each story says what it can have cost at most, so that the most expensive one, deopts among them, can be told.

use super::change::{MAX_CANDIDATES, of_kind, origin};
use super::slow::SlowTime;
use super::{Answer, quoted};
use crate::events::{Event, SourceSite, Stamped};
use crate::observe::model::{Code, Compile, Model, Outcome};
use crate::observe::text::{count, duration, one_line, percent, size, things};
use crate::vocab::{
    CompileId, DecisionOutcome, FunctionId, NotEntrantCause, OriginKind, RefusalReason, Segment, SiteKind, SiteState,
    Tier,
};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Functions named in a list at most.
const NAMED: usize = 4;
/// Compiles that wait at the same time before it is called a crowd.
const CROWD: usize = 4;
/// Pieces of code that came back after they had been thrown out, before it is called thrash.
const RETURNS: usize = 8;
/// Iterations, marked by the program, that show how it warms up.
const MARKS: usize = 20;

/// How much a story says: of two that cost something, the one that says more is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Says {
    /// What is wrong.
    Cause,
    /// That the compiler is busy, which may be the effect of something else.
    Busy,
    /// That the program has just begun, as every program does.
    Beginning,
}

impl Says {
    /// A story that cost less than one part in so many of the run is told only if there is nothing else to tell.
    pub(super) const fn noticeable(self) -> u64 {
        match self {
            Says::Cause => 10,
            Says::Busy | Says::Beginning => 4,
        }
    }
}

/// A story that can be told.
pub(super) struct Story {
    /// What it is, in a few words.
    pub(super) title: &'static str,
    /// How much it says.
    pub(super) says: Says,
    /// What it can have cost at most, if that is known.
    pub(super) cost_ns: Option<u64>,
    /// The functions that it is about.
    pub(super) functions: Vec<FunctionId>,
    /// The story.
    pub(super) answer: Answer,
}

/// An object that only a call sees: what the event says of it.
#[derive(Clone, Copy)]
struct Escape {
    compile: CompileId,
    function: FunctionId,
    site: SourceSite,
    call: SourceSite,
    callee: Option<FunctionId>,
}

/// What the stories share.
struct Teller<'a> {
    model: &'a Model<'a>,
    slow: SlowTime,
    /// The calls that led to the first execution of each function.
    first_callers: FxHashMap<FunctionId, &'a [SourceSite]>,
    /// When each function ran first.
    first_ns: FxHashMap<FunctionId, u64>,
    /// Where the program was when it asked for a compile.
    asked_from: FxHashMap<CompileId, &'a [SourceSite]>,
}

/// Every story that a recording tells, deopts aside.
pub(super) fn stories(model: &Model) -> Vec<Story> {
    let teller = Teller::new(model);
    let mut stories = teller.too_large();
    stories.extend(teller.given_up());
    stories.extend(teller.cache_full());
    stories.extend(teller.thrown_out());
    stories.extend(teller.crowded_queue());
    stories.extend(teller.cold_start());
    stories.extend(teller.escapes());
    stories
}

impl<'a> Teller<'a> {
    fn new(model: &'a Model<'a>) -> Teller<'a> {
        let slow = SlowTime::of(&model.recording.events);
        let (first_callers, first_ns, asked_from) = Default::default();
        let mut teller = Teller { model, slow, first_callers, first_ns, asked_from };
        for Stamped { event, time_ns, .. } in &model.recording.events {
            match event {
                Event::FirstExecution { function, callers } => {
                    teller.first_callers.insert(*function, callers);
                    teller.first_ns.insert(*function, *time_ns);
                }
                Event::CompileEnqueued { compile, callers, .. } => {
                    teller.asked_from.insert(*compile, callers);
                }
                _other_events => {}
            }
        }
        teller
    }

    fn events(&self) -> impl Iterator<Item = &'a Stamped> + use<'a> {
        self.model.recording.events.iter()
    }

    fn name(&self, function: FunctionId) -> String {
        self.model.names.label(function)
    }

    /// Names of a few functions, and how many more there are.
    fn names(&self, functions: &[FunctionId]) -> String {
        let mut names: Vec<String> = functions.iter().take(NAMED).map(|f| self.model.names.name(*f)).collect();
        if functions.len() > NAMED {
            names.push(format!("{} more", functions.len() - NAMED));
        }
        names.join(", ")
    }

    /// The call that most of these functions were first reached through, by what `pick` takes of its stack; and how many.
    fn common_call(
        &self,
        functions: &[FunctionId],
        pick: impl Fn(&'a [SourceSite]) -> Option<&'a SourceSite>,
    ) -> Option<(SourceSite, usize)> {
        let mut counts: BTreeMap<(String, u32), (SourceSite, usize)> = BTreeMap::new();
        for function in functions {
            let Some(site) = self.first_callers.get(function).copied().and_then(&pick) else { continue };
            let key = (self.model.names.path(site.function).to_string(), site.line);
            counts.entry(key).or_insert((*site, 0)).1 += 1;
        }
        counts.into_values().max_by_key(|(_, count)| *count)
    }

    // ---- Never compiled ------------------------------------------------------------------------------------------

    fn too_large(&self) -> Vec<Story> {
        let mut stories = Vec::new();
        for stamped in self.events() {
            let Event::FunctionTooLarge { function, bytecodes, limit, site, line_bytecodes, invocations, backedges } =
                &stamped.event
            else {
                continue;
            };
            let mut places = Vec::new();
            let since = self.first_ns.get(function).copied().unwrap_or(0);
            let cost_ns = self.slow.between(since, self.slow.end_ns());
            let never = format!(
                "{} was never compiled: {} of bytecode, and no more than {} are compiled (--huge-method-limit).",
                self.name(*function),
                things(u64::from(*bytecodes), "unit"),
                count(u64::from(*limit)),
            );
            let share = percent(u64::from(*line_bytecodes), u64::from(*bytecodes));
            let line = quoted(self.model, &format!("{share} of it stands"), site, &mut places);
            let ran = format!(
                "interpreted to the end: {}, {}; {} in slower tiers since it ran first",
                things(u64::from(*invocations), "call"),
                things(u64::from(*backedges), "loop iteration"),
                duration(cost_ns),
            );
            let ends = "Move what is rare out of the hot function, into one of its own.".to_string();
            let answer = Answer::telling(vec![never, line], vec![ran], vec![ends], places);
            let answer = answer.with_change(self.model, &[*site]);
            stories.push(Story {
                title: "a function too large to compile",
                says: Says::Cause,
                cost_ns: Some(cost_ns),
                functions: vec![*function],
                answer,
            });
        }
        stories
    }

    fn given_up(&self) -> Vec<Story> {
        let mut stories = Vec::new();
        for stamped in self.events() {
            let Event::FunctionGivenUp { function, tier: Tier::Optimized, reason, recompiles } = &stamped.event else {
                continue;
            };
            if matches!(reason, RefusalReason::NeverOptimize | RefusalReason::NotCompilable) {
                continue;
            }
            let refused = self.model.compiles.values().rev().find_map(|compile| match &compile.outcome {
                Outcome::Refused(_, detail) if compile.function == *function => Some(detail.as_str()),
                Outcome::Refused(..) | Outcome::Open | Outcome::Finished => None,
            });
            let detail = refused.filter(|detail| !detail.is_empty()).map(|d| format!(" ({d})")).unwrap_or_default();
            let cost_ns = self.slow.between(stamped.time_ns, self.slow.end_ns());
            let lines = vec![format!("the optimizer gave {} up: {reason}{detail}", self.name(*function))];
            let mut cost = vec![format!("{} in slower tiers since then", duration(cost_ns))];
            if *recompiles > 0 {
                cost.push(format!("it had been compiled again {} before", things(u64::from(*recompiles), "time")));
            }
            let answer = Answer::telling(lines, cost, Vec::new(), Vec::new());
            stories.push(Story {
                title: "a function that was given up",
                says: Says::Cause,
                cost_ns: Some(cost_ns),
                functions: vec![*function],
                answer,
            });
        }
        stories
    }

    // ---- The code cache ------------------------------------------------------------------------------------------

    /// Code that was in a segment at a moment.
    fn code_in(&self, segment: Segment, at_ns: u64) -> Vec<&'a Code> {
        let there = |code: &&Code| {
            code.segment == segment
                && code.function.is_some()
                && code.installed_ns <= at_ns
                && code.freed_ns.is_none_or(|freed| freed > at_ns)
        };
        self.model.code.values().filter(there).collect()
    }

    fn cache_full(&self) -> Option<Story> {
        let mut events = self.events();
        let (since, segment) = events.find_map(|stamped| match &stamped.event {
            Event::CompilerDisabled { segment } => Some((stamped.time_ns, *segment)),
            _other_events => None,
        })?;
        let mut until = self.slow.end_ns();
        // With the calls and loop iterations that were counted when the compiler said no last.
        let mut heat: BTreeMap<FunctionId, u64> = BTreeMap::new();
        for stamped in events {
            match &stamped.event {
                Event::CompilerEnabled { .. } => {
                    until = stamped.time_ns;
                    break;
                }
                Event::TierDecision {
                    function,
                    outcome: DecisionOutcome::CompilerDisabled,
                    invocations,
                    backedges,
                    ..
                } => {
                    heat.insert(*function, u64::from(*invocations) + u64::from(*backedges));
                }
                Event::CompileRefused {
                    function,
                    reason: RefusalReason::CompilerDisabled | RefusalReason::CodeCacheFull,
                    ..
                } => {
                    heat.entry(*function).or_default();
                }
                _other_events => {}
            }
        }
        if heat.is_empty() {
            return None;
        }
        let mut turned_away: Vec<FunctionId> = heat.keys().copied().collect();
        turned_away.sort_by_key(|function| Reverse(heat[function]));
        let code = self.code_in(segment, since);
        let mut owners: Vec<FunctionId> = code.iter().filter_map(|code| code.function).collect();
        owners.sort();
        owners.dedup();
        let used: u64 = code.iter().map(|code| u64::from(code.bytes)).sum();
        let mut places = Vec::new();
        let mut lines = vec![
            format!("The code cache was full after {}: nothing was compiled any more.", duration(since)),
            format!("not compiled for it, the hottest first: {}", self.names(&turned_away)),
            format!(
                "the {segment} segment held {} of {}: {}",
                size(used),
                things(owners.len() as u64, "function"),
                self.names(&owners)
            ),
        ];
        let (call, through) = self.common_call(&owners, |stack| stack.first())?;
        let text = format!("{through} of these {} were first called from", owners.len());
        lines.push(quoted(self.model, &text, &call, &mut places));
        let cost_ns = self.slow.between(since, until);
        let cost = vec![format!("{} in slower tiers while nothing was compiled", duration(cost_ns))];
        let ends = vec![
            "Call fewer functions there, one that is told what to do by data; or give the cache more room \
             (--code-cache-size), or let cold code be thrown out (--code-cache-flushing)."
                .to_string(),
        ];
        let answer = Answer::telling(lines, cost, ends, places);
        let functions = turned_away;
        Some(Story {
            title: "a full code cache",
            says: Says::Cause,
            cost_ns: Some(cost_ns),
            functions,
            answer: answer.with_change(self.model, &[call]),
        })
    }

    fn thrown_out(&self) -> Option<Story> {
        // Code that was thrown out, with the next code of its function for the same tier.
        let mut gone: BTreeMap<(FunctionId, Tier), u64> = BTreeMap::new();
        let mut returns: Vec<(FunctionId, u64, u64)> = Vec::new();
        let mut evictions = 0;
        for stamped in self.events() {
            match &stamped.event {
                Event::CodeEvicted { function, tier, .. } => {
                    evictions += 1;
                    gone.insert((*function, *tier), stamped.time_ns);
                }
                Event::CodeInstalled { function: Some(function), tier, .. } => {
                    if let Some(since) = gone.remove(&(*function, *tier)) {
                        returns.push((*function, since, stamped.time_ns));
                    }
                }
                _other_events => {}
            }
        }
        if returns.len() < RETURNS {
            return None;
        }
        let mut functions: Vec<FunctionId> = returns.iter().map(|(function, ..)| *function).collect();
        functions.sort();
        functions.dedup();
        let (since, until) = (returns.iter().map(|r| r.1).min()?, returns.iter().map(|r| r.2).max()?);
        let evicted = |code: &&Code| code.not_entrant.is_some_and(|(_, cause)| cause == NotEntrantCause::Evicted);
        let again = self.model.code.values().filter(evicted).filter_map(|code| self.model.compiles.get(&code.compile?));
        let recompile_ns: u64 = again.map(|compile| compile.ns).sum();
        let mut places = Vec::new();
        let mut lines = vec![format!(
            "Code was thrown out of the full cache {} and compiled again {}: {}.",
            things(evictions, "time"),
            things(returns.len() as u64, "time"),
            self.names(&functions),
        )];
        let (call, through) = self.common_call(&functions, |stack| stack.first())?;
        let text = format!("{through} of these {} were first called from", functions.len());
        lines.push(quoted(self.model, &text, &call, &mut places));
        let cost_ns = self.slow.between(since, until);
        let cost = vec![
            format!("{} in slower tiers meanwhile", duration(cost_ns)),
            format!("{} of compiling what was thrown out again", duration(recompile_ns)),
        ];
        let ends = vec![
            "Call fewer functions there, one that is told what to do by data; or give the cache more room \
             (--code-cache-size)."
                .to_string(),
        ];
        let answer = Answer::telling(lines, cost, ends, places);
        Some(Story {
            title: "code thrown out and compiled again",
            says: Says::Cause,
            cost_ns: Some(cost_ns),
            functions,
            answer: answer.with_change(self.model, &[call]),
        })
    }

    // ---- The queue -----------------------------------------------------------------------------------------------

    fn crowded_queue(&self) -> Option<Story> {
        let compiles: Vec<&Compile> = self.model.compiles.values().filter(|c| c.started_ns > c.enqueued_ns).collect();
        // Moments at which a compile begins or ceases to wait.
        let mut steps: Vec<(u64, bool)> =
            compiles.iter().flat_map(|c| [(c.enqueued_ns, true), (c.started_ns, false)]).collect();
        steps.sort();
        let (mut depth, mut since, mut crowds) = (0usize, 0, Vec::new());
        for (at, begins) in steps {
            if begins {
                depth += 1;
                since = if depth == CROWD { at } else { since };
            } else {
                if depth == CROWD {
                    crowds.push((since, at));
                }
                depth = depth.saturating_sub(1);
            }
        }
        let turned_away = self.events().filter(|stamped| {
            matches!(&stamped.event, Event::TierDecision { outcome: DecisionOutcome::QueueFull, .. })
        });
        let turned_away = turned_away.count();
        let in_crowd = |c: &&&Compile| crowds.iter().any(|(from, to)| c.enqueued_ns < *to && c.started_ns > *from);
        let waited: Vec<&Compile> = compiles.iter().copied().filter(|c| in_crowd(&c)).collect();
        if waited.is_empty() {
            return None;
        }
        let mut functions: Vec<FunctionId> = Vec::new();
        waited.iter().for_each(|c| {
            if !functions.contains(&c.function) {
                functions.push(c.function)
            }
        });
        let longest = waited.iter().max_by_key(|c| c.started_ns - c.enqueued_ns)?;
        let mut places = Vec::new();
        let mut lines = vec![format!(
            "{} waited for the compiler at the same time: {}.",
            things(waited.len() as u64, "compile"),
            self.names(&functions)
        )];
        if turned_away > 0 {
            lines.push(format!(
                "{} were turned away, because the queue was full",
                things(turned_away as u64, "compile")
            ));
        }
        lines.push(format!(
            "longest: {}, {} until its compile began",
            self.name(longest.function),
            duration(longest.started_ns - longest.enqueued_ns)
        ));
        let asked = waited.iter().filter_map(|c| self.asked_from.get(&c.id)?.last());
        let asked = most_frequent(asked.copied());
        if let Some(site) = asked {
            lines.push(quoted(self.model, "they became hot when the program came from", &site, &mut places));
        }
        let first = self.common_call(&functions, |stack| stack.last());
        if let Some((site, times)) = first {
            let text = format!("{times} of {} functions had run first from", functions.len());
            lines.push(quoted(self.model, &text, &site, &mut places));
        }
        let cost_ns = crowds.iter().map(|(from, to)| self.slow.between(*from, *to)).sum();
        let cost = vec![format!("{} in slower tiers while {CROWD} or more waited", duration(cost_ns))];
        let ends = vec![
            "Make them hot one after the other, before it matters; or compile on more threads (--compile-threads)."
                .to_string(),
        ];
        let change: Vec<SourceSite> = first.map(|(site, _)| site).into_iter().chain(asked).collect();
        let answer = Answer::telling(lines, cost, ends, places);
        Some(Story {
            title: "a crowded compile queue",
            says: Says::Busy,
            cost_ns: Some(cost_ns),
            functions,
            answer: answer.with_change(self.model, &change),
        })
    }

    // ---- The beginning -------------------------------------------------------------------------------------------

    /// Iterations as the program marked them: when each began, and how long it took.
    fn iterations(&self) -> Vec<(u64, u64)> {
        let marks = self.events().filter(|stamped| matches!(stamped.event, Event::Mark { .. }));
        let mut times: Vec<u64> = marks.map(|stamped| stamped.time_ns).collect();
        times.push(self.slow.end_ns());
        times.windows(2).map(|pair| (pair[0], pair[1] - pair[0])).collect()
    }

    fn cold_start(&self) -> Option<Story> {
        let iterations = self.iterations();
        if iterations.len() < MARKS {
            return None;
        }
        let mut later: Vec<u64> = iterations[iterations.len() / 2..].iter().map(|(_, ns)| *ns).collect();
        later.sort();
        let steady_ns = later[later.len() / 2].max(1);
        // Cold until three iterations in a row are as fast as later ones, or nearly.
        let is_warm = |window: &[(u64, u64)]| window.iter().all(|(_, ns)| *ns * 2 <= steady_ns * 3);
        let cold = iterations.windows(3).position(is_warm)?;
        if cold == 0 {
            return None;
        }
        let (begun_ns, warm_ns) = (iterations[0].0, iterations[cold].0);
        let cost_ns = iterations[..cold].iter().map(|(_, ns)| ns.saturating_sub(steady_ns)).sum();
        let slowest = iterations[..cold].iter().map(|(_, ns)| *ns).max()?;
        let ready = |code: &&Code| code.tier == Tier::Optimized && code.installed_ns > begun_ns;
        let mut functions: Vec<FunctionId> = Vec::new();
        for function in self.model.code.values().filter(ready).filter_map(|code| code.function) {
            if !functions.contains(&function) {
                functions.push(function);
            }
        }
        let first = self.common_call(&functions, |stack| stack.last());
        let mut places = Vec::new();
        let mut lines = vec![
            format!(
                "The first {} met cold code: up to {} each, {} later.",
                things(cold as u64, "iteration"),
                duration(slowest),
                duration(steady_ns)
            ),
            format!("optimized only after they had begun: {}", self.names(&functions)),
        ];
        if let Some((site, times)) = first {
            let text = format!("{times} of {} ran first from", functions.len());
            lines.push(quoted(self.model, &text, &site, &mut places));
        }
        let cost = vec![format!(
            "{} more than as many later iterations, in the first {}",
            duration(cost_ns),
            duration(warm_ns)
        )];
        let ends = vec!["Run it often enough before it matters: rehearse with what real work looks like.".to_string()];
        let change: Vec<SourceSite> = first.map(|(site, _)| site).into_iter().collect();
        let answer = Answer::telling(lines, cost, ends, places);
        Some(Story {
            title: "a cold start",
            says: Says::Beginning,
            cost_ns: Some(cost_ns),
            functions,
            answer: answer.with_change(self.model, &change),
        })
    }

    // ---- Objects that escape -------------------------------------------------------------------------------------

    /// The last compile's word counts: earlier ones knew less.
    fn escapes(&self) -> Vec<Story> {
        let mut last: BTreeMap<(FunctionId, u32), Escape> = BTreeMap::new();
        for stamped in self.events() {
            if let Event::AllocationEscapes { compile, function, site, call, callee } = stamped.event {
                last.insert((site.function, site.offset), Escape { compile, function, site, call, callee });
            }
        }
        last.into_values().map(|escape| self.escape(escape)).collect()
    }

    fn escape(&self, escape: Escape) -> Story {
        let Escape { compile, function, site, call, callee } = escape;
        let mut places = Vec::new();
        let whose = format!("compile {compile} of {} makes an object that only a call sees", self.name(function));
        let mut lines = vec![whose, quoted(self.model, "made at", &site, &mut places)];
        lines.push(quoted(self.model, "passed on at", &call, &mut places));
        let verdict = self.events().filter_map(|stamped| match &stamped.event {
            Event::InlineDecision { compile: c, site, verdict, .. }
                if *c == compile && (site.function, site.offset) == (call.function, call.offset) =>
            {
                Some(*verdict)
            }
            _other_events => None,
        });
        let state = self.events().filter_map(|stamped| match &stamped.event {
            Event::FeedbackChanged { site, kind: SiteKind::Call, to, seen, .. }
                if (site.function, site.offset) == (call.function, call.offset) =>
            {
                Some((*to, seen.as_str()))
            }
            _other_events => None,
        });
        lines.push(match (callee, verdict.last(), state.last()) {
            (Some(callee), Some(verdict), _) => {
                format!("{} is called there, and not inlined: {verdict}", self.name(callee))
            }
            (None, _, Some((SiteState::Megamorphic, seen))) => format!("not inlined: the call has seen {seen}"),
            (_, _, Some((state, seen))) => format!("not inlined: the call is {state}, {}", one_line(seen, 60)),
            (_, _, None) => "not inlined".to_string(),
        });
        let steps = origin(&self.model.recording.events, &call);
        if !steps.is_empty() {
            lines.push("what is called comes this way:".to_string());
        }
        for step in steps {
            lines.push(quoted(self.model, &format!("  {}", step.what), &step.site, &mut places));
        }
        let mut change = of_kind(steps, OriginKind::Passed);
        if change.is_empty() {
            change.push(call);
        }
        change.truncate(MAX_CANDIDATES);
        let ends = vec![
            "Let fewer functions reach that call, so that they can be inlined; or pass the values instead of an object.".to_string(),
        ];
        let cost = vec!["an object each time, and the collections that follow".to_string()];
        let answer = Answer::telling(lines, cost, ends, places);
        let answer = answer.with_change(self.model, &change);
        Story {
            title: "an object that escapes into a call",
            says: Says::Cause,
            cost_ns: None,
            functions: vec![function, site.function],
            answer,
        }
    }
}

fn most_frequent(sites: impl Iterator<Item = SourceSite>) -> Option<SourceSite> {
    let mut counts: BTreeMap<SourceSite, usize> = BTreeMap::new();
    sites.for_each(|site| *counts.entry(site).or_default() += 1);
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(site, _)| site)
}
