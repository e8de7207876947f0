//! A function without an engine: the smallest model in which a policy can succeed or loop.
//!
//! One function is called again and again. Each call has a *kind* at one *place*; optimized code knows the kinds that
//! the feedback it was built on had seen and deoptimizes on others, unless the speculation is forbidden there. Compiles
//! take some calls to finish. The model acts on the policy's answers exactly as the engine does: through
//! [`crate::tiering::state::FunctionState`].

use super::{Decision, FeedbackUse, Load, Policy};
use crate::config::Config;
use crate::tiering::state::{FunctionState, Place, Speculation};
use crate::vocab::{BlobId, CompileId, DeoptReason, FunctionId, InvalidationCause, Tier};
use std::collections::BTreeSet;

/// What the function's calls look like.
#[derive(Clone, Copy, Debug)]
pub(super) enum Program {
    /// One kind until a certain call, another one ever after.
    ChangesOnce { at: u32 },
    /// A kind never seen before, at the same place, every so many calls.
    AlwaysNew { every: u32 },
    /// The same, each time at another place.
    NewPlaceEachTime { every: u32 },
    /// An assumption falls every so many calls.
    Redefines { every: u32 },
}

impl Program {
    /// Place and kind of a call.
    fn call(self, index: u32) -> (u32, u32) {
        match self {
            Program::ChangesOnce { at } => (0, u32::from(index >= at)),
            Program::AlwaysNew { every } if index.is_multiple_of(every) => (0, 1 + index),
            Program::NewPlaceEachTime { every } if index.is_multiple_of(every) => (1 + index, 1),
            Program::AlwaysNew { .. } | Program::NewPlaceEachTime { .. } | Program::Redefines { .. } => (0, 0),
        }
    }

    fn redefines_at(self, index: u32) -> bool {
        match self {
            Program::Redefines { every } => index > 0 && index.is_multiple_of(every),
            Program::ChangesOnce { .. } | Program::AlwaysNew { .. } | Program::NewPlaceEachTime { .. } => false,
        }
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outcome {
    pub(super) deopts: u32,
    pub(super) deopts_in_last_half: u32,
    pub(super) recompiles: u32,
    pub(super) invalidations: u32,
    pub(super) optimized_share: f64,
    pub(super) given_up: bool,
}

/// Calls that a compile takes.
const COMPILE_CALLS: u32 = 20;

type Seen = BTreeSet<(u32, u32)>;

/// Plays `calls` calls of the program under the policy.
pub(super) fn simulate(policy: &dyn Policy, config: &Config, program: Program, calls: u32) -> Outcome {
    let mut outcome = Outcome::default();
    let mut state = FunctionState::new(FunctionId::from_u32(0), 40, true);
    let mut seen = Seen::new();
    let mut first_guess: Option<Seen> = None;
    let mut code: Option<Seen> = None;
    let mut assumes = false;
    let mut pending: Option<(u32, CompileId, Tier, Seen, bool)> = None;
    let mut ids = 0;
    let (mut invocations, mut trip) = (0u32, 1u32);
    let mut optimized_calls = 0;
    let at = |offset| Place { function: FunctionId::from_u32(0), offset };
    for index in 0..calls {
        if let Some((_, compile, tier, snapshot, relies)) = pending.take_if(|(due, ..)| *due <= index) {
            let stale = relies && program.redefines_at(index);
            if !stale {
                state.installed(compile, tier, None, BlobId::from_u32(compile.as_u32()));
                (invocations, trip) = (0, 1);
                if tier == Tier::Optimized {
                    code = Some(snapshot);
                    assumes = relies;
                }
            }
        }
        if program.redefines_at(index) && code.is_some() && assumes {
            outcome.invalidations += 1;
            code = None;
            let cause = InvalidationCause::MethodRedefined;
            state.invalidated(cause, policy, config);
            (invocations, trip) = (0, 1);
        }
        let (place, kind) = program.call(index);
        let forbidden = state.forbids(at(place), Speculation::Guard(DeoptReason::WrongShape));
        match &code {
            Some(known) if known.contains(&(place, kind)) || forbidden => optimized_calls += 1,
            Some(_) => {
                outcome.deopts += 1;
                outcome.deopts_in_last_half += u32::from(index > calls / 2);
                let lesson = state.deopted(at(place), DeoptReason::WrongShape, (false, false), policy, config);
                if !lesson.dropped.is_empty() {
                    code = None;
                    (invocations, trip) = (0, 1);
                }
                seen.insert((place, kind));
            }
            None => {
                seen.insert((place, kind));
                invocations += 1;
                if invocations >= trip && pending.is_none() {
                    let input = state.counter_input(invocations, 0, false, Load { threads: 1, ..Load::default() });
                    let answer = policy.decide(&input, config);
                    trip = answer.next.invocations;
                    if let Decision::Compile { tier, feedback, .. } = answer.decision {
                        let compile = CompileId::from_u32(ids);
                        ids += 1;
                        state.requested(compile, tier, None);
                        let snapshot = match feedback {
                            FeedbackUse::Current => seen.clone(),
                            FeedbackUse::FirstGuess => first_guess.clone().unwrap_or_else(|| seen.clone()),
                        };
                        if tier == Tier::Optimized && first_guess.is_none() {
                            first_guess = Some(seen.clone());
                        }
                        let cause = Speculation::Assumption(InvalidationCause::MethodRedefined);
                        let relies = !state.forbids(at(0), cause);
                        pending = Some((index + COMPILE_CALLS, compile, tier, snapshot, relies));
                    }
                }
            }
        }
    }
    outcome.recompiles = state.recompiles();
    outcome.given_up = state.optimizer_refusal().is_some();
    outcome.optimized_share = f64::from(optimized_calls) / f64::from(calls);
    outcome
}
