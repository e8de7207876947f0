//! GraalVM's policy for guest languages: recompile freely, and fail the compile when a deopt turns in a circle.
//!
//! From the Truffle documentation of GraalVM 25 ("Deoptimization Cycle Patterns") and the message of its compiler:
//!
//! - A deopt in compiled code (a `transferToInterpreterAndInvalidate`) throws the code away; the interpreter rewrites
//!   its node to a more general one, and the function is compiled again after its usual thresholds.
//! - The compiler counts how often the same deopt point was taken. Past the threshold (15) the compile fails for good:
//!   "Deopt taken too many times. This could indicate a deopt cycle". The function stays in the lower tiers. A cycle
//!   is seen as a bug of the language implementation, so it is made visible instead of being mended.
//! - Assumptions that fall invalidate the code in the same way and are counted in the same way.

use super::{
    CounterAnswer, CounterInput, DeoptAnswer, DeoptInput, FeedbackUse, InvalidationInput, Policy, Thresholds,
    decide_baseline, decide_optimizer,
};
use crate::config::Config;
use crate::vocab::{DeoptAction, PolicyKind};

/// See the module header.
#[derive(Clone, Copy, Debug)]
pub struct Graal;

/// Throw the code away, or, past the threshold, the function's right to have any.
fn unless_cycle(taken: u32, config: &Config) -> DeoptAnswer {
    let cycle = taken > config.deopt_cycle_threshold;
    let action = if cycle { DeoptAction::MakeNotCompilable } else { DeoptAction::Reinterpret };
    DeoptAnswer { action, ..DeoptAnswer::KEEP }
}

impl Policy for Graal {
    fn kind(&self) -> PolicyKind {
        PolicyKind::Graal
    }

    fn decide(&self, input: &CounterInput, config: &Config) -> CounterAnswer {
        decide_baseline(input, config)
            .unwrap_or_else(|| decide_optimizer(input, config, Thresholds::optimizer(config), FeedbackUse::Current))
    }

    fn on_deopt(&self, input: &DeoptInput, config: &Config) -> DeoptAnswer {
        if input.code_is_obsolete || !input.reason.is_speculation() {
            return DeoptAnswer::KEEP;
        }
        unless_cycle(input.site_deopts, config)
    }

    fn on_invalidation(&self, input: &InvalidationInput, config: &Config) -> DeoptAnswer {
        unless_cycle(input.cause_count, config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiering::policy::simulation::{Program, simulate};

    #[test]
    fn a_cycle_ends_after_fifteen_deopts_of_one_place_without_optimized_code() {
        let config = Config::for_policy(PolicyKind::Graal);
        let outcome = simulate(&Graal, &config, Program::AlwaysNew { every: 5_000 }, 5_000_000);
        assert_eq!(outcome.deopts, config.deopt_cycle_threshold + 1);
        assert!(outcome.given_up && outcome.deopts_in_last_half == 0, "{outcome:?}");
    }

    #[test]
    fn deopts_at_many_places_are_no_cycle() {
        let config = Config::for_policy(PolicyKind::Graal);
        let outcome = simulate(&Graal, &config, Program::NewPlaceEachTime { every: 5_000 }, 1_000_000);
        assert!(outcome.deopts > 2 * config.deopt_cycle_threshold && !outcome.given_up, "{outcome:?}");
    }

    #[test]
    fn invalidations_are_counted_like_deopts() {
        let config = Config::for_policy(PolicyKind::Graal);
        let outcome = simulate(&Graal, &config, Program::Redefines { every: 10_000 }, 2_000_000);
        assert_eq!(outcome.invalidations, config.deopt_cycle_threshold + 1);
        assert!(outcome.given_up);
    }
}
