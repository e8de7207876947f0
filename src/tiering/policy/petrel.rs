//! Petrel's own policy: learn from every deopt, and be done with a place after a small constant number of them.
//!
//! - **First deopt of a place.** The lower tiers have just recorded what the guard did not expect. The function runs
//!   in a profiling tier for a while, so that the feedback becomes representative and not only "one more case", and is
//!   then optimized on current feedback. The while doubles with each deopt of the function (exponential back-off).
//! - **Second deopt of the same place for the same reason.** Feedback could not describe what happens there. The
//!   speculation is forbidden at this place: the next code handles the general case without a guard.
//! - **Second invalidation for the same cause.** Assumptions of that cause are no longer made in the function: its
//!   next code reads what it had taken for constant.
//! - **Too many recompiles.** The function is given up for the optimizer; unprofiled baseline code is its last tier.
//!
//! Hence at most two deopts per guard and at most `max-recompiles` + 1 discarded codes per function. What costs little
//! and says nothing about speculation (a caught exception, the end of an OSR loop) keeps its code, but an exit
//! that is taken over and over through such a place ends at the same last tier.

use super::{
    CounterAnswer, CounterInput, DeoptAnswer, DeoptInput, FeedbackUse, Forbid, InvalidationInput, Policy, Thresholds,
    decide_baseline, decide_optimizer,
};
use crate::config::Config;
use crate::vocab::{DeoptAction, DeoptKind, DeoptReason, PolicyKind, Tier};

/// Doublings of the re-profiling time at most.
const MAX_DOUBLINGS: u32 = 6;

/// Exits through a place that is not speculation, per trap limit, after which optimized code does not pay.
const EXITS_PER_TRAP_LIMIT: u32 = 250;

/// See the module header.
#[derive(Clone, Copy, Debug)]
pub struct Petrel;

/// Executions to re-profile after the n-th deopt, counted from 1.
fn reprofile(deopts: u32, config: &Config) -> u32 {
    let doublings = deopts.saturating_sub(1).min(MAX_DOUBLINGS);
    config.scaled(config.reprofile_invocations).saturating_mul(1 << doublings)
}

impl Policy for Petrel {
    fn kind(&self) -> PolicyKind {
        PolicyKind::Petrel
    }

    fn decide(&self, input: &CounterInput, config: &Config) -> CounterAnswer {
        decide_baseline(input, config).unwrap_or_else(|| {
            let thresholds =
                if input.reprofile > 0 { Thresholds::again(input.reprofile) } else { Thresholds::optimizer(config) };
            decide_optimizer(input, config, thresholds, FeedbackUse::Current)
        })
    }

    fn on_deopt(&self, input: &DeoptInput, config: &Config) -> DeoptAnswer {
        if input.code_is_obsolete {
            return DeoptAnswer::KEEP;
        }
        if !input.reason.is_speculation() {
            let endless = input.site_deopts > config.per_bytecode_trap_limit.saturating_mul(EXITS_PER_TRAP_LIMIT);
            let pays = !endless || !exits_tell_of_code(input.reason);
            let action = if pays { DeoptAction::None } else { DeoptAction::MakeNotCompilable };
            return DeoptAnswer { action, ..DeoptAnswer::KEEP };
        }
        if input.recompiles >= config.max_recompiles {
            return DeoptAnswer { action: DeoptAction::MakeNotCompilable, ..DeoptAnswer::KEEP };
        }
        let forbid = match input.reason.kind() {
            DeoptKind::Eager | DeoptKind::Soft if input.site_deopts >= 2 => Forbid::AtSite,
            DeoptKind::Eager | DeoptKind::Soft => Forbid::Nothing,
            DeoptKind::Lazy if input.reason_deopts >= 2 => Forbid::InFunction,
            DeoptKind::Lazy => Forbid::Nothing,
        };
        DeoptAnswer {
            action: DeoptAction::Reinterpret,
            reprofile: reprofile(input.function_deopts, config),
            forbid,
            fall_back_to: Tier::BaselineProfiling,
            continuation: false,
        }
    }

    fn on_invalidation(&self, input: &InvalidationInput, config: &Config) -> DeoptAnswer {
        if input.recompiles >= config.max_recompiles {
            return DeoptAnswer { action: DeoptAction::MakeNotCompilable, ..DeoptAnswer::KEEP };
        }
        DeoptAnswer {
            action: DeoptAction::Reinterpret,
            reprofile: reprofile(input.cause_count, config),
            forbid: if input.cause_count >= 2 { Forbid::InFunction } else { Forbid::Nothing },
            fall_back_to: Tier::BaselineProfiling,
            continuation: false,
        }
    }
}

/// Whether many exits for this reason mean that the code itself is unsuitable, rather than that something outside of it
/// keeps asking.
fn exits_tell_of_code(reason: DeoptReason) -> bool {
    matches!(reason, DeoptReason::Exception | DeoptReason::UninitializedBinding | DeoptReason::Unsupported)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiering::policy::simulation::{Program, simulate};

    #[test]
    fn a_stale_guess_costs_one_deopt() {
        let config = Config::default();
        let outcome = simulate(&Petrel, &config, Program::ChangesOnce { at: 20_000 }, 1_000_000);
        assert_eq!((outcome.deopts, outcome.recompiles), (1, 1));
        assert!(outcome.optimized_share > 0.9, "{outcome:?}");
    }

    #[test]
    fn a_place_that_always_sees_something_new_costs_two() {
        let config = Config::default();
        let outcome = simulate(&Petrel, &config, Program::AlwaysNew { every: 500 }, 1_000_000);
        assert_eq!((outcome.deopts, outcome.recompiles), (2, 2));
        assert_eq!(outcome.deopts_in_last_half, 0);
    }

    #[test]
    fn invalidations_again_and_again_cost_two() {
        let config = Config::default();
        let outcome = simulate(&Petrel, &config, Program::Redefines { every: 5_000 }, 1_000_000);
        assert_eq!(outcome.invalidations, 2);
        assert!(outcome.optimized_share > 0.9, "{outcome:?}");
    }

    #[test]
    fn a_function_that_fails_everywhere_is_given_up() {
        let config = Config::default();
        let outcome = simulate(&Petrel, &config, Program::NewPlaceEachTime { every: 100 }, 10_000_000);
        assert!(outcome.deopts <= config.max_recompiles + 1, "{outcome:?}");
        assert!(outcome.given_up);
        assert_eq!(outcome.deopts_in_last_half, 0);
    }

    #[test]
    fn caught_exceptions_keep_the_code_for_long_but_not_for_ever() {
        let config = Config::default();
        let exit = |site_deopts| DeoptInput {
            reason: DeoptReason::Exception,
            site_deopts,
            reason_deopts: site_deopts,
            function_deopts: site_deopts,
            recompiles: 0,
            site_recompiles: 0,
            continuations: 0,
            continuation_is_coming: false,
            code_is_obsolete: false,
        };
        assert_eq!(Petrel.on_deopt(&exit(1_000), &config).action, DeoptAction::None);
        assert_eq!(Petrel.on_deopt(&exit(1_001), &config).action, DeoptAction::MakeNotCompilable);
        let loop_end = DeoptInput { reason: DeoptReason::OsrLoopEnded, ..exit(1_000_000) };
        assert_eq!(Petrel.on_deopt(&loop_end, &config).action, DeoptAction::None);
    }

    #[test]
    fn activations_of_code_that_is_gone_teach_nothing() {
        let input = DeoptInput {
            reason: DeoptReason::WrongShape,
            site_deopts: 9,
            reason_deopts: 9,
            function_deopts: 9,
            recompiles: 0,
            site_recompiles: 0,
            continuations: 0,
            continuation_is_coming: false,
            code_is_obsolete: true,
        };
        assert_eq!(Petrel.on_deopt(&input, &Config::default()), DeoptAnswer::KEEP);
    }
}
