//! Deoptless: a guard that fails does not end the optimized code; execution goes on in a continuation that is
//! specialized to what the guard saw.
//!
//! From "Deoptless: Speculation with Dispatched On-Stack Replacement and Specialized Continuations" (Flückiger et al.,
//! PLDI 2022), built there for the R compiler Ř:
//!
//! - When a guard fails, the frames are rebuilt as ever, but the code stays. If there is a compiled continuation for
//!   the place, execution goes on in it: an optimized entry at the very bytecode that failed (`vm/jit/continuation.rs`).
//! - If there is none yet, the interpreter goes on, takes note of the new type, and a continuation is compiled from
//!   the feedback that now includes it.
//! - The number of continuations is bounded (5 per function, as in the paper). Past it, and for assumptions that fall
//!   (the code itself is wrong then), ordinary deoptimization takes over: the answers of Petrel's policy.

use super::{CounterAnswer, CounterInput, DeoptAnswer, DeoptInput, InvalidationInput, Petrel, Policy};
use crate::config::Config;
use crate::vocab::{DeoptKind, PolicyKind};

/// Failures of one place, after which its continuation has proved as wrong as the code was.
const FAILURES_PER_PLACE: u32 = 3;

/// Failures of one place, after which a continuation that is being compiled is not waited for any longer: compile threads that
/// hardly run would make an endless storm of the wait.
const FAILURES_WHILE_WAITING: u32 = 10_000;

/// See the module header.
#[derive(Clone, Copy, Debug)]
pub struct Deoptless;

impl Policy for Deoptless {
    fn kind(&self) -> PolicyKind {
        PolicyKind::Deoptless
    }

    fn decide(&self, input: &CounterInput, config: &Config) -> CounterAnswer {
        Petrel.decide(input, config)
    }

    fn on_deopt(&self, input: &DeoptInput, config: &Config) -> DeoptAnswer {
        if input.code_is_obsolete || !input.reason.is_speculation() {
            return Petrel.on_deopt(input, config);
        }
        let guard = match input.reason.kind() {
            DeoptKind::Eager | DeoptKind::Soft => true,
            DeoptKind::Lazy => false,
        };
        let room = input.continuations < config.continuation_limit;
        // Deopts are failures without a continuation: those that went on in one are not counted.
        let bound = if input.continuation_is_coming { FAILURES_WHILE_WAITING } else { FAILURES_PER_PLACE };
        let patient = input.site_deopts <= bound;
        if guard && room && patient {
            return DeoptAnswer { continuation: true, ..DeoptAnswer::KEEP };
        }
        Petrel.on_deopt(input, config)
    }

    fn on_invalidation(&self, input: &InvalidationInput, config: &Config) -> DeoptAnswer {
        Petrel.on_invalidation(input, config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::{DeoptAction, DeoptReason};

    fn failure(site_deopts: u32, continuations: u32) -> DeoptInput {
        DeoptInput {
            reason: DeoptReason::WrongShape,
            site_deopts,
            reason_deopts: site_deopts,
            function_deopts: site_deopts,
            recompiles: 0,
            site_recompiles: 0,
            continuations,
            continuation_is_coming: false,
            code_is_obsolete: false,
        }
    }

    #[test]
    fn the_code_stays_and_a_continuation_is_wanted() {
        let answer = Deoptless.on_deopt(&failure(1, 0), &Config::default());
        assert_eq!(answer.action, DeoptAction::None);
        assert!(answer.continuation);
    }

    #[test]
    fn continuations_are_bounded_per_function_and_per_place() {
        let config = Config::default();
        for input in [failure(1, config.continuation_limit), failure(FAILURES_PER_PLACE + 1, 0)] {
            let answer = Deoptless.on_deopt(&input, &config);
            assert_eq!(answer, Petrel.on_deopt(&input, &config));
            assert!(!answer.continuation && answer.action.discards_code());
        }
    }

    #[test]
    fn the_wait_for_a_continuation_ends() {
        let config = Config::default();
        let waiting = |site_deopts| DeoptInput { continuation_is_coming: true, ..failure(site_deopts, 1) };
        assert!(Deoptless.on_deopt(&waiting(FAILURES_WHILE_WAITING), &config).continuation);
        let answer = Deoptless.on_deopt(&waiting(FAILURES_WHILE_WAITING + 1), &config);
        assert!(!answer.continuation && answer.action.discards_code());
    }

    #[test]
    fn what_is_no_speculation_is_answered_as_ever() {
        let input = DeoptInput { reason: DeoptReason::Exception, ..failure(1, 0) };
        assert_eq!(Deoptless.on_deopt(&input, &Config::default()), Petrel.on_deopt(&input, &Config::default()));
    }
}
