//! The policy that never learns: it recompiles at once, on the feedback of its first guess.
//!
//! It exists to show what a deopt loop is. After a deopt the code is thrown away, the function falls to the
//! interpreter, and at the very next call or back-edge it is compiled again: from the snapshot of feedback with which
//! it was first optimized. The new code has the same guard, the guard fails again, and so on without an end: deopts and
//! recompiles grow with the run, and the time goes into the interpreter. Code that lost an assumption is recompiled at
//! once too, on the very assumption that has just fallen, as it holds now.
//!
//! Engines had this for real: V8 and HotSpot bugs in which feedback was not updated by the path that failed, so that
//! each compile repeated the same guess (HotSpot's own comment: "infinite heroic-opt-uncommon-trap/deopt/recompile
//! cycles").

use super::{
    CounterAnswer, CounterInput, DeoptAnswer, DeoptInput, FeedbackUse, Forbid, InvalidationInput, Policy, Thresholds,
    decide_baseline, decide_optimizer,
};
use crate::config::Config;
use crate::vocab::{DeoptAction, PolicyKind, Tier};

/// See the module header.
#[derive(Clone, Copy, Debug)]
pub struct Naive;

/// The loop's step: away with the code, nothing learnt, back to the interpreter.
const AGAIN: DeoptAnswer = DeoptAnswer {
    action: DeoptAction::MakeNotEntrant,
    reprofile: 1,
    forbid: Forbid::Nothing,
    fall_back_to: Tier::Interpreter,
    continuation: false,
};

impl Policy for Naive {
    fn kind(&self) -> PolicyKind {
        PolicyKind::Naive
    }

    fn decide(&self, input: &CounterInput, config: &Config) -> CounterAnswer {
        let guess = if input.lost_to_invalidation { FeedbackUse::Current } else { FeedbackUse::FirstGuess };
        let again = input.optimized_before > 0 && !input.optimizer_refuses && config.tier_max == Tier::Optimized;
        if again && input.tier < Tier::Optimized {
            let at_once = Thresholds {
                invocations: 1,
                min_invocations: 1,
                compile: 1,
                backedges: 1,
                calls_with_hot_loops: u32::MAX,
            };
            return decide_optimizer(input, config, at_once, guess);
        }
        decide_baseline(input, config)
            .unwrap_or_else(|| decide_optimizer(input, config, Thresholds::optimizer(config), guess))
    }

    fn on_deopt(&self, input: &DeoptInput, _config: &Config) -> DeoptAnswer {
        if input.code_is_obsolete || !input.reason.is_speculation() { DeoptAnswer::KEEP } else { AGAIN }
    }

    fn on_invalidation(&self, _input: &InvalidationInput, _config: &Config) -> DeoptAnswer {
        AGAIN
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiering::policy::simulation::{Program, simulate};

    #[test]
    fn deopts_grow_with_the_run_and_never_end() {
        let config = Config::for_policy(PolicyKind::Naive);
        let short = simulate(&Naive, &config, Program::ChangesOnce { at: 20_000 }, 200_000);
        let long = simulate(&Naive, &config, Program::ChangesOnce { at: 20_000 }, 2_000_000);
        assert!(short.deopts > 100, "{short:?}");
        assert!(long.deopts > 8 * short.deopts, "{short:?} {long:?}");
        assert!(long.deopts - long.recompiles <= 1, "each deopt is followed by a recompile: {long:?}");
        assert!(long.deopts_in_last_half > 0 && !long.given_up);
        assert!(long.optimized_share < 0.1, "{long:?}");
    }

    #[test]
    fn invalidations_loop_too() {
        let config = Config::for_policy(PolicyKind::Naive);
        let outcome = simulate(&Naive, &config, Program::Redefines { every: 5_000 }, 1_000_000);
        assert!(outcome.invalidations > 150, "{outcome:?}");
    }
}
