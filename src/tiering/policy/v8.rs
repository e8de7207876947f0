//! V8's policy, as far as it carries over: budgets of work, and feedback that only ever widens.
//!
//! From `tiering-manager.cc` and the flags of `node --v8-options`:
//!
//! - Counting is by budget: a function is looked at again when it has executed its own length so many times, calls and
//!   loops together. `--invocation-count-for-turbofan` (3000) for calls, `--invocation-count-for-osr` (500) more for a
//!   running loop, at least `--minimum-invocations-before-optimization` (2) calls.
//! - A deopt throws the code away and gives the function its whole budget back; execution goes on in the lower tier,
//!   whose inline caches take note of what the guard did not expect. The next compile uses that feedback, which is a
//!   lattice: it only ever widens. So a place runs out of surprises, except where feedback cannot say what happens.
//! - There the slot's *speculation mode* is switched off (`kDisallowSpeculation`): a call that deoptimized is not
//!   speculated on again. Nothing else is forbidden, and nothing counts the recompiles: V8 gave up its limit of ten
//!   (`--max-opt-count`) together with the compiler that had it.
//! - After an invalidation the same budget applies (`--reopt-after-lazy-deopts` compiles again at once where the code
//!   itself was right; Petrel's lazy deopts are all invalidations).

use super::{
    CounterAnswer, CounterInput, DeoptAnswer, DeoptInput, FeedbackUse, Forbid, InvalidationInput, Policy, Thresholds,
    decide_baseline, decide_optimizer,
};
use crate::config::Config;
use crate::vocab::{DeoptAction, DeoptReason, PolicyKind, Tier};

/// See the module header.
#[derive(Clone, Copy, Debug)]
pub struct V8;

/// Whether the feedback slot behind a reason has a speculation mode in V8: those of calls have.
fn has_speculation_mode(reason: DeoptReason) -> bool {
    matches!(reason, DeoptReason::WrongCallTarget)
}

impl Policy for V8 {
    fn kind(&self) -> PolicyKind {
        PolicyKind::V8
    }

    fn decide(&self, input: &CounterInput, config: &Config) -> CounterAnswer {
        decide_baseline(input, config)
            .unwrap_or_else(|| decide_optimizer(input, config, Thresholds::optimizer(config), FeedbackUse::Current))
    }

    fn on_deopt(&self, input: &DeoptInput, _config: &Config) -> DeoptAnswer {
        if input.code_is_obsolete || !input.reason.is_speculation() {
            return DeoptAnswer::KEEP;
        }
        let forbid = if has_speculation_mode(input.reason) { Forbid::AtSite } else { Forbid::Nothing };
        DeoptAnswer { action: DeoptAction::Reinterpret, forbid, ..DeoptAnswer::KEEP }
    }

    fn on_invalidation(&self, _input: &InvalidationInput, _config: &Config) -> DeoptAnswer {
        DeoptAnswer { action: DeoptAction::Reinterpret, fall_back_to: Tier::BaselineProfiling, ..DeoptAnswer::KEEP }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiering::policy::simulation::{Program, simulate};

    #[test]
    fn feedback_that_widens_ends_a_flip() {
        let config = Config::for_policy(PolicyKind::V8);
        let outcome = simulate(&V8, &config, Program::ChangesOnce { at: 20_000 }, 1_000_000);
        assert_eq!((outcome.deopts, outcome.recompiles), (1, 1));
    }

    #[test]
    fn what_feedback_cannot_say_deoptimizes_without_an_end() {
        let config = Config::for_policy(PolicyKind::V8);
        let short = simulate(&V8, &config, Program::AlwaysNew { every: 5_000 }, 500_000);
        let long = simulate(&V8, &config, Program::AlwaysNew { every: 5_000 }, 5_000_000);
        assert!(long.deopts > 5 * short.deopts && !long.given_up, "{short:?} {long:?}");
    }

    #[test]
    fn calls_lose_their_speculation_mode_at_once() {
        let input = DeoptInput {
            reason: DeoptReason::WrongCallTarget,
            site_deopts: 1,
            reason_deopts: 1,
            function_deopts: 1,
            recompiles: 0,
            site_recompiles: 0,
            continuations: 0,
            continuation_is_coming: false,
            code_is_obsolete: false,
        };
        assert_eq!(V8.on_deopt(&input, &Config::default()).forbid, Forbid::AtSite);
        let shape = DeoptInput { reason: DeoptReason::WrongShape, ..input };
        assert_eq!(V8.on_deopt(&shape, &Config::default()).forbid, Forbid::Nothing);
    }
}
