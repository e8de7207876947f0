//! HotSpot's policy, as far as it carries over: thresholds, trap limits and recompilation cutoffs.
//!
//! From `compilationPolicy.cpp` and `deoptimization.cpp`:
//!
//! - A method leaves the interpreter at `Tier3InvocationThreshold` calls, or at `Tier3MinInvocationThreshold` calls
//!   when calls and loops reach `Tier3CompileThreshold`; tier 4 works alike, on counts taken since profiling began.
//!   Trivial methods stop at tier 1. After a deopt the same thresholds apply again, from zero.
//! - A trap is recorded in the method's profile; the next compile does not repeat the speculation of a bytecode that
//!   has trapped. Reasons that are not recorded per bytecode count per method, up to `PerMethodTrapLimit`.
//! - Past `PerBytecodeTrapLimit` traps at a bytecode the code is thrown away whatever the action was. When that bytecode
//!   has caused `PerBytecodeRecompilationCutoff` recompiles, or the method has had `PerMethodRecompilationCutoff`, the
//!   method is no longer compilable.

use super::{
    CompileTrigger, CounterAnswer, CounterInput, Decision, DeoptAnswer, DeoptInput, FeedbackUse, Forbid,
    InvalidationInput, Policy, Thresholds, Trip, decide_baseline, decide_optimizer,
};
use crate::config::Config;
use crate::vocab::{DeoptAction, DeoptReason, PolicyKind, Tier};

/// See the module header.
#[derive(Clone, Copy, Debug)]
pub struct Hotspot;

/// Whether HotSpot's profile records traps for this reason at each bytecode, rather than per method only.
fn recorded_per_bytecode(reason: DeoptReason) -> bool {
    matches!(
        reason.hotspot_name(),
        "null_check" | "range_check" | "class_check" | "array_check" | "intrinsic" | "bimorphic" | "unstable_if"
    )
}

impl Policy for Hotspot {
    fn kind(&self) -> PolicyKind {
        PolicyKind::Hotspot
    }

    fn decide(&self, input: &CounterInput, config: &Config) -> CounterAnswer {
        let trivial = input.bytecodes <= config.trivial_bytecode_size && !input.has_loops_or_calls;
        if trivial && input.tier == Tier::Interpreter && config.tier_max >= Tier::Baseline {
            let thresholds = Thresholds::baseline(config);
            let decision = thresholds.met(input, config).map_or(Decision::Stay, |trigger| Decision::Compile {
                tier: Tier::Baseline,
                at_loop: input.in_loop,
                trigger,
                feedback: FeedbackUse::Current,
            });
            return CounterAnswer { decision, next: thresholds.next_trip(input) };
        }
        decide_baseline(input, config).unwrap_or_else(|| {
            let answer = decide_optimizer(input, config, Thresholds::optimizer(config), FeedbackUse::Current);
            with_plain_trigger(answer, input)
        })
    }

    fn on_deopt(&self, input: &DeoptInput, config: &Config) -> DeoptAnswer {
        if input.code_is_obsolete {
            return DeoptAnswer::KEEP;
        }
        let per_bytecode = recorded_per_bytecode(input.reason);
        let trapped_often = input.site_deopts >= config.per_bytecode_trap_limit;
        let mut action = input.reason.default_action();
        if trapped_often && input.reason.is_speculation() && !action.discards_code() {
            action = DeoptAction::MakeNotEntrant;
        }
        let cut_off = input.recompiles >= config.per_method_recompilation_cutoff
            || (trapped_often && input.site_recompiles >= config.per_bytecode_recompilation_cutoff);
        if action.discards_code() && cut_off {
            action = DeoptAction::MakeNotCompilable;
        }
        let forbid = match (input.reason.is_speculation(), per_bytecode) {
            (false, _) => Forbid::Nothing,
            (true, true) => Forbid::AtSite,
            (true, false) if input.reason_deopts >= config.per_method_trap_limit => Forbid::InFunction,
            (true, false) => Forbid::Nothing,
        };
        DeoptAnswer { action, reprofile: 0, forbid, fall_back_to: Tier::Interpreter, continuation: false }
    }

    /// Dependencies carry no history in HotSpot: the code goes, the counters start again.
    fn on_invalidation(&self, input: &InvalidationInput, config: &Config) -> DeoptAnswer {
        let cut_off = input.recompiles >= config.per_method_recompilation_cutoff;
        let action = if cut_off { DeoptAction::MakeNotCompilable } else { DeoptAction::Reinterpret };
        DeoptAnswer {
            action,
            reprofile: 0,
            forbid: Forbid::Nothing,
            fall_back_to: Tier::Interpreter,
            continuation: false,
        }
    }
}

/// HotSpot does not distinguish a recompile from a first compile.
fn with_plain_trigger(answer: CounterAnswer, input: &CounterInput) -> CounterAnswer {
    let Decision::Compile { tier, at_loop, trigger: CompileTrigger::AfterDeopt, feedback } = answer.decision else {
        return answer;
    };
    let trigger = if input.in_loop { CompileTrigger::HotLoop } else { CompileTrigger::Invocations };
    CounterAnswer { decision: Decision::Compile { tier, at_loop, trigger, feedback }, next: Trip { ..answer.next } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiering::policy::simulation::{Program, simulate};
    use crate::vocab::InvalidationCause;

    fn trap(reason: DeoptReason, site_deopts: u32) -> DeoptInput {
        DeoptInput {
            reason,
            site_deopts,
            reason_deopts: site_deopts,
            function_deopts: site_deopts,
            recompiles: 0,
            site_recompiles: 0,
            continuations: 0,
            continuation_is_coming: false,
            code_is_obsolete: false,
        }
    }

    #[test]
    fn one_trap_is_enough_to_give_up_a_speculation() {
        let config = Config::for_policy(PolicyKind::Hotspot);
        let outcome = simulate(&Hotspot, &config, Program::AlwaysNew { every: 500 }, 1_000_000);
        assert_eq!((outcome.deopts, outcome.recompiles), (1, 1));
    }

    #[test]
    fn what_is_not_recorded_per_bytecode_may_trap_a_hundred_times() {
        let config = Config::for_policy(PolicyKind::Hotspot);
        let answer = |count| Hotspot.on_deopt(&trap(DeoptReason::NoFeedbackCall, count), &config).forbid;
        assert_eq!(answer(99), Forbid::Nothing);
        assert_eq!(answer(100), Forbid::InFunction);
    }

    #[test]
    fn dependencies_are_invalidated_until_the_cutoff() {
        let config = Config::for_policy(PolicyKind::Hotspot);
        let outcome = simulate(&Hotspot, &config, Program::Redefines { every: 30_000 }, 30_000 * 600);
        assert_eq!(outcome.invalidations, config.per_method_recompilation_cutoff + 1, "{outcome:?}");
        assert!(outcome.given_up);
        let input = InvalidationInput { cause: InvalidationCause::MethodRedefined, cause_count: 9, recompiles: 400 };
        assert_eq!(Hotspot.on_invalidation(&input, &config).action, DeoptAction::MakeNotCompilable);
    }

    #[test]
    fn an_exception_never_discards_code() {
        let config = Config::for_policy(PolicyKind::Hotspot);
        assert_eq!(Hotspot.on_deopt(&trap(DeoptReason::Exception, 1_000_000), &config).action, DeoptAction::None);
    }

    #[test]
    fn trivial_methods_stop_at_tier_one() {
        let config = Config::for_policy(PolicyKind::Hotspot);
        let input = CounterInput {
            tier: Tier::Interpreter,
            invocations: 200,
            backedges: 0,
            in_loop: false,
            bytecodes: 3,
            has_loops_or_calls: false,
            optimized_before: 0,
            reprofile: 0,
            lost_to_invalidation: false,
            optimizer_refuses: false,
            load: Default::default(),
        };
        let Decision::Compile { tier, .. } = Hotspot.decide(&input, &config).decision else { panic!("stays") };
        assert_eq!(tier, Tier::Baseline);
    }
}
