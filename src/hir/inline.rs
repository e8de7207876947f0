//! Whether a call is inlined: a pure decision from sizes and counts.
//!
//! The rules are HotSpot's in miniature: what is small is always worth it, what is larger only where calls are frequent, and
//! depth, recursion and the sum of what was inlined are bounded. Calls that run whenever the compiled function does may add
//! more to the sum than others: the builder meets calls in the order of the text, and what comes first need not be worth most.

use crate::vocab::{FunctionId, InlineVerdict};

/// Limits of inlining, all in bytecode units where they are sizes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct InlineLimits {
    /// A callee up to this size is inlined at any call that has run.
    pub small_size: usize,
    /// A callee up to this size is inlined at a frequent call.
    pub hot_size: usize,
    /// A call is frequent from this many executions on.
    pub hot_calls: u64,
    /// A call is frequent from this many executions for each run of the caller on.
    pub hot_frequency: f64,
    /// Calls inlined into each other at most.
    pub depth: u32,
    /// Times that a function may be inlined into itself.
    pub recursion: u32,
    /// The sum of all callees.
    pub budget: usize,
    /// The sum of all callees past which not even calls are inlined that run whenever the caller runs.
    pub hot_budget: usize,
}

impl Default for InlineLimits {
    fn default() -> InlineLimits {
        InlineLimits {
            small_size: 60,
            hot_size: 260,
            hot_calls: 100,
            hot_frequency: 0.1,
            depth: 6,
            recursion: 1,
            budget: 1_500,
            hot_budget: 6_000,
        }
    }
}

/// A call that might be inlined.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct InlineCandidate {
    /// Size of the callee.
    pub size: usize,
    /// Times that the call has run.
    pub calls: u64,
    /// Times that it runs for each run of the function that is compiled.
    pub frequency: f64,
    /// Calls that the caller is already inlined into.
    pub depth: u32,
    /// Times that the callee is already on the way there.
    pub recursion: u32,
    /// Size of all that was inlined so far.
    pub inlined: usize,
    /// Whether the callee is made so that it can be inlined.
    pub inlinable: bool,
}

/// What became of a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InlineDecision {
    /// The function that calls.
    pub caller: FunctionId,
    /// Bytecode offset of the call.
    pub offset: u32,
    /// The function that is called.
    pub callee: FunctionId,
    /// Its size.
    pub size: usize,
    /// The verdict.
    pub verdict: InlineVerdict,
}

/// Decides.
pub fn decide(candidate: &InlineCandidate, limits: &InlineLimits) -> InlineVerdict {
    let small = candidate.size <= limits.small_size;
    let hot = candidate.calls >= limits.hot_calls && candidate.frequency >= limits.hot_frequency;
    let budget = if candidate.frequency >= 1.0 { limits.hot_budget } else { limits.budget };
    if !candidate.inlinable {
        InlineVerdict::NotInlinable
    } else if candidate.depth >= limits.depth {
        InlineVerdict::TooDeep
    } else if candidate.recursion > limits.recursion {
        InlineVerdict::Recursive
    } else if candidate.size > limits.hot_size {
        InlineVerdict::TooBig
    } else if candidate.inlined + candidate.size > budget {
        InlineVerdict::BudgetExhausted
    } else if small {
        InlineVerdict::InlinedSmall
    } else if hot {
        InlineVerdict::InlinedHot
    } else {
        InlineVerdict::TooCold
    }
}

/// Whether the verdict is to inline.
pub fn is_inlined(verdict: InlineVerdict) -> bool {
    matches!(verdict, InlineVerdict::InlinedSmall | InlineVerdict::InlinedHot | InlineVerdict::InlinedBuiltin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_always_large_if_hot_never_past_a_limit() {
        let limits = InlineLimits::default();
        let call =
            InlineCandidate { size: 20, calls: 1, frequency: 0.5, depth: 0, recursion: 0, inlined: 0, inlinable: true };
        let large = InlineCandidate { size: 200, ..call };
        for (candidate, verdict) in [
            (call, InlineVerdict::InlinedSmall),
            (large, InlineVerdict::TooCold),
            (InlineCandidate { calls: 1_000, ..large }, InlineVerdict::InlinedHot),
            (InlineCandidate { calls: 1_000, frequency: 0.05, ..large }, InlineVerdict::TooCold),
            (InlineCandidate { calls: 1_000, frequency: 1.0, inlined: 1_490, ..large }, InlineVerdict::InlinedHot),
            (InlineCandidate { size: 1_000, ..call }, InlineVerdict::TooBig),
            (InlineCandidate { depth: 9, ..call }, InlineVerdict::TooDeep),
            (InlineCandidate { recursion: 2, ..call }, InlineVerdict::Recursive),
            (InlineCandidate { inlined: 1_490, ..call }, InlineVerdict::BudgetExhausted),
            (InlineCandidate { inlinable: false, ..call }, InlineVerdict::NotInlinable),
        ] {
            assert_eq!(decide(&candidate, &limits), verdict, "{candidate:?}");
        }
    }
}
