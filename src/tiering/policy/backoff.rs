//! The policy that only waits: each recompile must be earned by twice as many executions as the one before.
//!
//! This is JavaScriptCore's answer, taken alone (`CodeBlock.cpp`): a guard that fails leaves the code where it is and is
//! counted; only when `osrExitCountForReoptimization` (100) exits have been taken is the code thrown away
//! (`reoptimize`), and the block's *reoptimization retry counter* goes up by one. Both the exits that the next code is
//! allowed and the executions before it is compiled are then shifted left by that counter. JavaScriptCore also learns
//! from its exit profile what not to speculate on; this policy forbids nothing, to show what waiting alone can do: it
//! never ends a storm, but the number of recompiles grows only with the logarithm of the run.

use super::{
    CounterAnswer, CounterInput, DeoptAnswer, DeoptInput, FeedbackUse, Forbid, InvalidationInput, Policy, Thresholds,
    decide_baseline, decide_optimizer,
};
use crate::config::Config;
use crate::vocab::{DeoptAction, PolicyKind, Tier};

/// Doublings at most.
const MAX_DOUBLINGS: u32 = 18;

/// See the module header.
#[derive(Clone, Copy, Debug)]
pub struct Backoff;

/// A count, doubled once per recompile.
fn doubled(count: u32, recompiles: u32) -> u32 {
    count.saturating_mul(1 << recompiles.min(MAX_DOUBLINGS))
}

/// Deopts of the function at which the code that came of this many recompiles is thrown away: the sum of what each
/// code was allowed.
fn allowance(recompiles: u32, config: &Config) -> u32 {
    doubled(config.backoff_exits, recompiles + 1).saturating_sub(config.backoff_exits)
}

impl Policy for Backoff {
    fn kind(&self) -> PolicyKind {
        PolicyKind::Backoff
    }

    fn decide(&self, input: &CounterInput, config: &Config) -> CounterAnswer {
        decide_baseline(input, config).unwrap_or_else(|| {
            let thresholds =
                if input.reprofile > 0 { Thresholds::again(input.reprofile) } else { Thresholds::optimizer(config) };
            decide_optimizer(input, config, thresholds, FeedbackUse::Current)
        })
    }

    fn on_deopt(&self, input: &DeoptInput, config: &Config) -> DeoptAnswer {
        let patient = input.function_deopts < allowance(input.recompiles, config);
        if input.code_is_obsolete || !input.reason.is_speculation() || patient {
            return DeoptAnswer::KEEP;
        }
        again(input.recompiles, config)
    }

    fn on_invalidation(&self, input: &InvalidationInput, config: &Config) -> DeoptAnswer {
        again(input.recompiles.max(input.cause_count.saturating_sub(1)), config)
    }
}

fn again(recompiles: u32, config: &Config) -> DeoptAnswer {
    DeoptAnswer {
        action: DeoptAction::Reinterpret,
        reprofile: doubled(config.scaled(config.reprofile_invocations), recompiles),
        forbid: Forbid::Nothing,
        fall_back_to: Tier::BaselineProfiling,
        continuation: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiering::policy::simulation::{Program, simulate};

    #[test]
    fn recompiles_grow_with_the_logarithm_of_the_run() {
        let config = Config::for_policy(PolicyKind::Backoff);
        let short = simulate(&Backoff, &config, Program::AlwaysNew { every: 50 }, 1_000_000);
        let long = simulate(&Backoff, &config, Program::AlwaysNew { every: 50 }, 8_000_000);
        assert!(short.recompiles >= 4, "{short:?}");
        assert!(long.recompiles <= short.recompiles + 4, "{short:?} {long:?}");
        assert!(long.deopts_in_last_half > 0 && !long.given_up, "{long:?}");
    }

    #[test]
    fn the_first_hundred_exits_cost_no_code() {
        let config = Config::for_policy(PolicyKind::Backoff);
        assert_eq!(allowance(0, &config), 100);
        assert_eq!(allowance(1, &config), 300);
        assert_eq!(allowance(60, &config), allowance(18, &config));
    }

    #[test]
    fn waiting_doubles_after_each_invalidation() {
        let config = Config::for_policy(PolicyKind::Backoff);
        let outcome = simulate(&Backoff, &config, Program::Redefines { every: 5_000 }, 2_000_000);
        assert!(outcome.invalidations < 20, "{outcome:?}");
    }
}
