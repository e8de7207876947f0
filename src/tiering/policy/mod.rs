//! Policies: pure functions that decide when to compile, and what to do after a deopt.
//!
//! A policy sees what the engine knows (counters, queue load, deopt history, configuration) and answers; it changes
//! nothing, keeps nothing and reads no clock. The caller acts. So every policy is tested by simulation, without an
//! engine, and two policies can be compared on the same history.
//!
//! ```text
//! decide(CounterInput, Config)  -> Stay | Compile { tier, feedback }, and the counter values at which to ask again
//! on_deopt(DeoptInput, Config)  -> action, executions to re-profile, what to forbid, the tier to fall back to
//! on_invalidation(...)          -> the same, for code that lost an assumption
//! ```
//!
//! Counters count since the function came to its present tier or, after a deopt, since then: the caller resets them.
//!
//! | file | learns? | ends a deopt loop by |
//! |---|---|---|
//! | `petrel.rs` | at the second deopt of a place it generalizes | a small constant number of deopts |
//! | `hotspot.rs` | forbids what has trapped, counts per bytecode and per method | trap limits and cutoffs |
//! | `naive.rs` | never | nothing |
//! | `v8.rs` | by feedback that widens; forbids calls that failed | running out of surprises |
//! | `graal.rs` | by feedback; counts deopts per place | giving the function up at the sixteenth |
//! | `backoff.rs` | by feedback; doubles the wait | nothing: the loop becomes rare |
//! | `deoptless.rs` | compiles what the guard saw beside the code | keeping the code; else as `petrel.rs` |
//!
//! The shape (state and counters in, an action out, the caller acts) is yk's; thresholds are HotSpot's.

mod backoff;
mod deoptless;
mod graal;
mod hotspot;
mod naive;
mod petrel;
#[cfg(test)]
mod simulation;
mod v8;

pub use backoff::Backoff;
pub use deoptless::Deoptless;
pub use graal::Graal;
pub use hotspot::Hotspot;
pub use naive::Naive;
pub use petrel::Petrel;
pub use v8::V8;

use crate::config::Config;
use crate::vocab::{CompileTrigger, DeoptAction, DeoptReason, InvalidationCause, PolicyKind, Tier};

/// How busy the compilers are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Baseline compiles that wait.
    pub baseline_queue: u32,
    /// Optimizing compiles that wait.
    pub optimizer_queue: u32,
    /// Compile threads.
    pub threads: u32,
}

/// What a policy knows of a function when one of its counters trips.
#[derive(Clone, Copy, Debug)]
pub struct CounterInput {
    /// The tier that it runs in.
    pub tier: Tier,
    /// Calls since it came to this tier or was last deoptimized.
    pub invocations: u32,
    /// Loop iterations since then.
    pub backedges: u32,
    /// Whether a back-edge tripped, so that the answer is about the running loop; else a call.
    pub in_loop: bool,
    /// Length of its bytecode.
    pub bytecodes: u32,
    /// Whether it contains loops or calls.
    pub has_loops_or_calls: bool,
    /// Optimizing compiles that it already had.
    pub optimized_before: u32,
    /// Executions that the last deopt's answer asked for; 0 if it never deoptimized.
    pub reprofile: u32,
    /// Whether its optimized code was last lost to an invalidation, so that its feedback was not to blame.
    pub lost_to_invalidation: bool,
    /// Whether the optimizer was given up for it.
    pub optimizer_refuses: bool,
    /// How busy the compilers are.
    pub load: Load,
}

/// Which feedback a compile builds on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedbackUse {
    /// What has been seen until now.
    Current,
    /// What had been seen when the function was first optimized, even though it proved wrong; if it never was, what has
    /// been seen until now.
    FirstGuess,
}

/// What to do at a counter trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go on as before.
    Stay,
    /// Compile for a tier.
    Compile {
        /// The tier.
        tier: Tier,
        /// For entry at the loop whose back-edge tripped, and not by calls.
        at_loop: bool,
        /// Which condition was met.
        trigger: CompileTrigger,
        /// The feedback to build on.
        feedback: FeedbackUse,
    },
}

/// Counter values at which the policy wants to be asked again; [`Trip::NEVER`] for not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trip {
    /// Calls.
    pub invocations: u32,
    /// Loop iterations.
    pub backedges: u32,
}

impl Trip {
    /// Nothing more to decide in this tier.
    pub const NEVER: Trip = Trip { invocations: u32::MAX, backedges: u32::MAX };
}

/// Answer to a counter trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounterAnswer {
    /// What to do.
    pub decision: Decision,
    /// When to ask again.
    pub next: Trip,
}

/// What a policy knows when optimized code was left.
#[derive(Clone, Copy, Debug)]
pub struct DeoptInput {
    /// Why.
    pub reason: DeoptReason,
    /// Deopts at this place for this reason, this one included.
    pub site_deopts: u32,
    /// Deopts in this function for this reason, this one included.
    pub reason_deopts: u32,
    /// Deopts of this function, this one included.
    pub function_deopts: u32,
    /// Optimizing compiles of this function beyond the first.
    pub recompiles: u32,
    /// Recompiles that deopts at this place caused.
    pub site_recompiles: u32,
    /// Continuations that the function has: entries at places where a guard failed.
    pub continuations: u32,
    /// Whether a continuation for this place is being compiled.
    pub continuation_is_coming: bool,
    /// Whether the code that was left had already been thrown away (another activation of it, for example).
    pub code_is_obsolete: bool,
}

/// What a policy knows when an assumption of optimized code fell.
#[derive(Clone, Copy, Debug)]
pub struct InvalidationInput {
    /// What changed.
    pub cause: InvalidationCause,
    /// Invalidations of this function's code for this cause, this one included.
    pub cause_count: u32,
    /// Optimizing compiles of this function beyond the first.
    pub recompiles: u32,
}

/// What must not be speculated on in further compiles of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forbid {
    /// Nothing.
    Nothing,
    /// The speculation behind this reason, at the place of the deopt.
    AtSite,
    /// The speculation behind this reason, or assumptions of this cause, anywhere in the function.
    InFunction,
}

/// Answer to a deopt or an invalidation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeoptAnswer {
    /// What to do with the code.
    pub action: DeoptAction,
    /// Executions in a profiling tier before the function is optimized again.
    pub reprofile: u32,
    /// What must not be speculated on again.
    pub forbid: Forbid,
    /// Where calls of the function go now, if its code is thrown away: the interpreter, or profiling baseline code if
    /// there is any.
    pub fall_back_to: Tier,
    /// Whether to go on in optimized code that begins at the place, and to compile such code if there is none.
    pub continuation: bool,
}

impl DeoptAnswer {
    /// The code stays and nothing is learnt.
    pub const KEEP: DeoptAnswer = DeoptAnswer {
        action: DeoptAction::None,
        reprofile: 0,
        forbid: Forbid::Nothing,
        fall_back_to: Tier::BaselineProfiling,
        continuation: false,
    };
}

/// A tiering policy.
pub trait Policy: Send + Sync {
    /// Its row in the vocabulary.
    fn kind(&self) -> PolicyKind;

    /// A counter reached its trip value.
    fn decide(&self, input: &CounterInput, config: &Config) -> CounterAnswer;

    /// Optimized code was left.
    fn on_deopt(&self, input: &DeoptInput, config: &Config) -> DeoptAnswer;

    /// Optimized code lost an assumption.
    fn on_invalidation(&self, input: &InvalidationInput, config: &Config) -> DeoptAnswer;
}

/// The policy of a kind.
pub fn policy(kind: PolicyKind) -> &'static dyn Policy {
    match kind {
        PolicyKind::Petrel => &Petrel,
        PolicyKind::Hotspot => &Hotspot,
        PolicyKind::Naive => &Naive,
        PolicyKind::V8 => &V8,
        PolicyKind::Graal => &Graal,
        PolicyKind::Backoff => &Backoff,
        PolicyKind::Deoptless => &Deoptless,
    }
}

/// Where a compile stands in the queue: benefit over cost, in thousandths. Benefit is how often the function ran times
/// what the tier saves on each run; cost is what the tier takes to compile it.
pub fn priority_milli(tier: Tier, invocations: u32, backedges: u32, bytecodes: u32) -> u64 {
    let (saving, cost) = match tier {
        Tier::Interpreter => (0, 1),
        Tier::Baseline | Tier::BaselineCounters => (3, 1),
        Tier::BaselineProfiling => (2, 1),
        Tier::Optimized => (10, 10),
    };
    let runs = u64::from(invocations) + u64::from(backedges);
    runs * saving * 1_000 / (u64::from(bytecodes.max(1)) * cost)
}

/// One set of HotSpot's four thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Thresholds {
    invocations: u32,
    min_invocations: u32,
    compile: u32,
    backedges: u32,
    /// Calls that are enough if loops alone reach the threshold of a running loop: whoever is called again with hot loops
    /// should not have to be taken over in the middle each time.
    calls_with_hot_loops: u32,
}

/// Calls of a function with hot loops that show it to be called again and again.
const CALLED_AGAIN: u32 = 2;

/// A function that is called again and again is entered in the middle of a loop only if its loops run so long at each call,
/// as a part of the threshold for that: else the next call comes soon, and the code for it is needed anyway.
const LONG_LOOPS: u32 = 4;

impl Thresholds {
    /// Those for leaving the interpreter.
    fn baseline(config: &Config) -> Thresholds {
        Thresholds {
            invocations: config.scaled(config.tier3_invocation_threshold),
            min_invocations: config.scaled(config.tier3_min_invocation_threshold),
            compile: config.scaled(config.tier3_compile_threshold),
            backedges: config.scaled(config.tier3_backedge_threshold),
            calls_with_hot_loops: u32::MAX,
        }
    }

    /// Those for being optimized.
    fn optimizer(config: &Config) -> Thresholds {
        Thresholds {
            invocations: config.scaled(config.tier4_invocation_threshold),
            min_invocations: config.scaled(config.tier4_min_invocation_threshold),
            compile: config.scaled(config.tier4_compile_threshold),
            backedges: config.scaled(config.tier4_backedge_threshold),
            calls_with_hot_loops: u32::MAX,
        }
    }

    /// The same, and a second call is enough for a function whose loops are hot.
    fn soon_with_hot_loops(self) -> Thresholds {
        Thresholds { calls_with_hot_loops: CALLED_AGAIN, ..self }
    }

    /// Those for being optimized again, by a function that has been hot before.
    fn again(reprofile: u32) -> Thresholds {
        Thresholds {
            invocations: reprofile,
            min_invocations: reprofile / 4 + 1,
            compile: reprofile.saturating_mul(4),
            backedges: reprofile.saturating_mul(5),
            calls_with_hot_loops: u32::MAX,
        }
    }

    /// HotSpot's scaling under load: each `feedback` waiting compiles per thread raise the thresholds by one whole.
    fn under_load(self, queue: u32, feedback: u32, threads: u32) -> Thresholds {
        let capacity = u64::from(feedback.max(1)) * u64::from(threads.max(1));
        let scale = |value: u32| {
            let raised = u64::from(value) * (capacity + u64::from(queue)) / capacity;
            u32::try_from(raised).unwrap_or(u32::MAX)
        };
        Thresholds {
            invocations: scale(self.invocations),
            min_invocations: scale(self.min_invocations),
            compile: scale(self.compile),
            backedges: scale(self.backedges),
            calls_with_hot_loops: self.calls_with_hot_loops,
        }
    }

    /// Which condition is met, if any.
    fn met(&self, input: &CounterInput, config: &Config) -> Option<CompileTrigger> {
        let sum = u64::from(input.invocations) + u64::from(input.backedges);
        if input.in_loop {
            let hot = config.osr && input.backedges >= self.backedges;
            let called_again = input.invocations >= self.calls_with_hot_loops;
            let soon_over = input.backedges / input.invocations.max(1) < self.backedges / LONG_LOOPS;
            let trigger =
                if called_again && soon_over { CompileTrigger::InvocationsAndLoops } else { CompileTrigger::HotLoop };
            hot.then_some(trigger)
        } else if input.invocations >= self.invocations {
            Some(CompileTrigger::Invocations)
        } else if input.invocations >= self.min_invocations && sum >= u64::from(self.compile)
            || input.invocations >= self.calls_with_hot_loops && input.backedges >= self.backedges
        {
            Some(CompileTrigger::InvocationsAndLoops)
        } else {
            None
        }
    }

    /// The first counter values at which a condition may be met, always after the present ones. Repeated asking is
    /// spaced out, since thresholds may move with the load.
    fn next_trip(&self, input: &CounterInput) -> Trip {
        let later = |count: u32| count.saturating_add((count / 8).max(1));
        let missing = u64::from(self.compile).saturating_sub(u64::from(input.backedges));
        let by_sum = self.min_invocations.max(u32::try_from(missing).unwrap_or(u32::MAX));
        let by_loops = if input.backedges >= self.backedges { self.calls_with_hot_loops } else { u32::MAX };
        let invocations = self.invocations.min(by_sum).min(by_loops).max(later(input.invocations));
        Trip { invocations, backedges: self.backedges.max(later(input.backedges)) }
    }
}

/// The highest tier that a baseline compile may have under `--tier-max`, where `wanted` is 1, 2 or 3.
fn limited(wanted: Tier, config: &Config) -> Tier {
    wanted.min(config.tier_max)
}

/// The rule that all policies share for leaving the interpreter and tier 2, and for tiers in which nothing is left to
/// decide. `None` means that the policy has to decide about the optimizer.
fn decide_baseline(input: &CounterInput, config: &Config) -> Option<CounterAnswer> {
    let stay_for_good = Some(CounterAnswer { decision: Decision::Stay, next: Trip::NEVER });
    let load = input.load;
    let plain = Thresholds::baseline(config);
    let thresholds = plain.under_load(load.baseline_queue, config.tier3_load_feedback, load.threads);
    if config.tier_max == Tier::Interpreter || input.bytecodes > config.huge_method_limit {
        return stay_for_good;
    }
    match input.tier {
        Tier::Baseline | Tier::Optimized => stay_for_good,
        Tier::BaselineProfiling if input.optimizer_refuses => Some(CounterAnswer {
            decision: Decision::Compile {
                tier: limited(Tier::Baseline, config),
                at_loop: input.in_loop,
                trigger: if input.in_loop { CompileTrigger::HotLoop } else { CompileTrigger::Invocations },
                feedback: FeedbackUse::Current,
            },
            next: Trip::NEVER,
        }),
        Tier::BaselineProfiling if config.tier_max < Tier::Optimized => stay_for_good,
        Tier::BaselineProfiling => None,
        Tier::BaselineCounters if config.tier_max <= Tier::BaselineCounters => stay_for_good,
        Tier::Interpreter | Tier::BaselineCounters => {
            let busy = load.optimizer_queue > config.tier3_delay_on.saturating_mul(load.threads.max(1));
            let tier = match (input.tier, input.optimizer_refuses, busy) {
                (Tier::BaselineCounters, false, true) => Tier::BaselineCounters,
                (_, true, _) => Tier::Baseline,
                (_, false, true) => Tier::BaselineCounters,
                (_, false, false) => Tier::BaselineProfiling,
            };
            let tier = limited(tier, config);
            let met = thresholds.met(input, config).filter(|_| tier != input.tier);
            let decision = met.map_or(Decision::Stay, |trigger| Decision::Compile {
                tier,
                at_loop: input.in_loop,
                trigger,
                feedback: FeedbackUse::Current,
            });
            Some(CounterAnswer { decision, next: plain.next_trip(input) })
        }
    }
}

/// The optimizer's rule, given the thresholds that apply.
fn decide_optimizer(input: &CounterInput, config: &Config, plain: Thresholds, feedback: FeedbackUse) -> CounterAnswer {
    let load = input.load;
    let thresholds = plain.under_load(load.optimizer_queue, config.tier4_load_feedback, load.threads);
    let decision = thresholds.met(input, config).map_or(Decision::Stay, |trigger| Decision::Compile {
        tier: Tier::Optimized,
        at_loop: trigger == CompileTrigger::HotLoop,
        trigger: if input.optimized_before > 0 { CompileTrigger::AfterDeopt } else { trigger },
        feedback,
    });
    CounterAnswer { decision, next: plain.next_trip(input) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(tier: Tier, invocations: u32, backedges: u32) -> CounterInput {
        CounterInput {
            tier,
            invocations,
            backedges,
            in_loop: false,
            bytecodes: 40,
            has_loops_or_calls: true,
            optimized_before: 0,
            reprofile: 0,
            lost_to_invalidation: false,
            optimizer_refuses: false,
            load: Load { threads: 1, ..Load::default() },
        }
    }

    fn compiled_tier(answer: CounterAnswer) -> Option<Tier> {
        match answer.decision {
            Decision::Stay => None,
            Decision::Compile { tier, .. } => Some(tier),
        }
    }

    #[test]
    fn every_policy_climbs_from_the_interpreter_through_profiling_to_the_optimizer() {
        for &kind in PolicyKind::ALL {
            let config = Config::for_policy(kind);
            let decide = |input: &CounterInput| compiled_tier(policy(kind).decide(input, &config));
            assert_eq!(decide(&input(Tier::Interpreter, 10, 10)), None);
            let enough = config.tier3_invocation_threshold;
            assert_eq!(decide(&input(Tier::Interpreter, enough, 0)), Some(Tier::BaselineProfiling));
            let enough = config.tier4_invocation_threshold;
            assert_eq!(decide(&input(Tier::BaselineProfiling, enough - 1, 0)), None);
            assert_eq!(decide(&input(Tier::BaselineProfiling, enough, 0)), Some(Tier::Optimized));
            assert_eq!(decide(&input(Tier::Optimized, u32::MAX, u32::MAX)), None);
        }
    }

    #[test]
    fn a_running_loop_has_its_own_threshold() {
        let config = Config::default();
        let mut looping = input(Tier::BaselineProfiling, 1, config.tier4_backedge_threshold);
        assert_eq!(compiled_tier(Petrel.decide(&looping, &config)), None, "one call is not hot");
        looping.in_loop = true;
        assert_eq!(compiled_tier(Petrel.decide(&looping, &config)), Some(Tier::Optimized));
        let no_osr = Config { osr: false, ..config };
        assert_eq!(compiled_tier(Petrel.decide(&looping, &no_osr)), None);
    }

    #[test]
    fn tier_max_bounds_every_compile() {
        for &kind in PolicyKind::ALL {
            for level in 0..=4 {
                let tier_max = Tier::from_level(level).unwrap();
                let config = Config { tier_max, ..Config::for_policy(kind) };
                for &tier in Tier::ALL {
                    let answer = policy(kind).decide(&input(tier, 1_000_000, 1_000_000), &config);
                    assert!(compiled_tier(answer).is_none_or(|tier| tier <= tier_max), "{kind} {tier} {level}");
                }
                let first = compiled_tier(policy(kind).decide(&input(Tier::Interpreter, 1_000_000, 0), &config));
                let expected = Tier::from_level(level.min(3)).filter(|&tier| tier > Tier::Interpreter);
                assert_eq!(first, expected, "{kind} {level}");
            }
        }
    }

    #[test]
    fn load_raises_the_thresholds_and_avoids_profiling() {
        let config = Config::default();
        let mut busy = input(Tier::BaselineProfiling, config.tier4_invocation_threshold, 0);
        busy.load.optimizer_queue = config.tier4_load_feedback;
        assert_eq!(compiled_tier(Petrel.decide(&busy, &config)), None);
        busy.invocations *= 2;
        assert_eq!(compiled_tier(Petrel.decide(&busy, &config)), Some(Tier::Optimized));
        let mut fresh = input(Tier::Interpreter, config.tier3_invocation_threshold, 0);
        fresh.load.optimizer_queue = config.tier3_delay_on + 1;
        assert_eq!(compiled_tier(Petrel.decide(&fresh, &config)), Some(Tier::BaselineCounters));
        fresh.tier = Tier::BaselineCounters;
        assert_eq!(compiled_tier(Petrel.decide(&fresh, &config)), None, "still busy");
        fresh.load.optimizer_queue = 0;
        assert_eq!(compiled_tier(Petrel.decide(&fresh, &config)), Some(Tier::BaselineProfiling));
    }

    #[test]
    fn trips_always_lie_ahead_and_find_the_threshold_exactly() {
        let config = Config::default();
        for &kind in PolicyKind::ALL {
            let mut count = 0;
            let crossed = loop {
                let answer = policy(kind).decide(&input(Tier::BaselineProfiling, count, 0), &config);
                if compiled_tier(answer).is_some() {
                    break count;
                }
                assert!(answer.next.invocations > count);
                count = answer.next.invocations;
            };
            assert_eq!(crossed, config.tier4_invocation_threshold, "{kind}");
        }
    }

    #[test]
    fn a_function_that_the_optimizer_refuses_ends_without_profiling() {
        let config = Config::default();
        let mut refused = input(Tier::BaselineProfiling, 5_000, 0);
        refused.optimizer_refuses = true;
        let answer = Petrel.decide(&refused, &config);
        assert_eq!(compiled_tier(answer), Some(Tier::Baseline));
        assert_eq!(answer.next, Trip::NEVER);
    }

    #[test]
    fn hot_and_small_goes_before_cold_and_large() {
        let hot = priority_milli(Tier::Optimized, 10_000, 0, 20);
        let cold = priority_milli(Tier::Optimized, 1_000, 0, 20);
        let large = priority_milli(Tier::Optimized, 10_000, 0, 2_000);
        assert!(hot > cold && hot > large);
    }
}
