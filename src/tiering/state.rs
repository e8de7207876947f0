//! What one function is, as far as tiers are concerned: a state machine, and what its deopts have taught.
//!
//! ```text
//!                    requested/installed            requested/installed
//!   ┌─────────────┐ ───────────────────▶ ┌──────────┐ ─────────────────▶ ┌───────────┐
//!   │ interpreter │                      │ baseline │                    │ optimized │
//!   │   tier 0    │ ◀─ baseline evicted ─│ tier 1-3 │ ◀─ deopt that ─────│  tier 4   │
//!   └─────────────┘                      └──────────┘    discards code   └───────────┘
//!          ▲                                  │ ▲           or eviction        │
//!          │                                  │ └─── installed (tier 1) ───┐   │ make-not-compilable,
//!          │                                  ▼                           │   ▼ too many recompiles, refusal
//!          │                            optimizer refused ───────────▶ given up (never tier 4 again)
//!          └── deopt under a policy that falls back to the interpreter
//!
//!   OSR code lives beside this: per loop header one blob at most, entered only by running frames; it comes and
//!   goes without moving the function's own tier. Continuations (policy deoptless) are entries of the same kind, at
//!   places where a guard failed.
//! ```
//!
//! Invariants:
//! - At most one compile per entry (the function's start, or a loop header) is under way.
//! - The tier that calls enter is the highest one that has code: optimized, then baseline, then the interpreter.
//! - Deopts are counted per place and reason; the counts only grow.
//! - What is forbidden stays forbidden: a policy can only add to it.
//!
//! The engine calls one method per thing that happened, and acts on what it returns. Nothing here knows of code bytes,
//! frames or threads.

use super::policy::{CounterInput, DeoptAnswer, DeoptInput, Forbid, InvalidationInput, Load, Policy};
use crate::config::Config;
use crate::vocab::{BlobId, CompileId, DeoptAction, DeoptReason, FunctionId, InvalidationCause, RefusalReason, Tier};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// Something that optimized code may count on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Speculation {
    /// A guard that would fail for this reason.
    Guard(DeoptReason),
    /// An assumption that would fall by this cause.
    Assumption(InvalidationCause),
}

/// A bytecode of the function itself, or of one that is inlined into it, on whichever path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The function that holds the bytecode.
    pub function: FunctionId,
    /// Its offset.
    pub offset: u32,
}

/// A compile that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pending {
    compile: CompileId,
    tier: Tier,
    osr_offset: Option<u32>,
}

/// Code at one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Installed {
    blob: BlobId,
    compile: CompileId,
}

/// Counts of one place and reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SiteHistory {
    /// Deopts.
    pub deopts: u32,
    /// Recompiles that followed one of them.
    pub recompiles: u32,
}

/// Counts that go into [`crate::events::Event::DeoptDecision`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeoptCounts {
    /// Deopts at this place for this reason, this one included.
    pub site: u32,
    /// Deopts of the function, this one included.
    pub function: u32,
    /// Recompiles of the function so far.
    pub recompiles: u32,
}

/// What a deopt or an invalidation led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The policy's answer, which the state has taken over.
    pub answer: DeoptAnswer,
    /// How often it happened.
    pub counts: DeoptCounts,
    /// Code that the function lost with it; the caller makes it not entrant.
    pub dropped: SmallVec<[BlobId; 2]>,
}

/// The tiering state of one function.
#[derive(Clone, Debug)]
pub struct FunctionState {
    function: FunctionId,
    bytecodes: u32,
    has_loops_or_calls: bool,
    baseline: Option<(Tier, Installed)>,
    optimized: Option<Installed>,
    osr: SmallVec<[(u32, Installed); 1]>,
    /// Places, of the function or of what is inlined into it, where a guard failed and optimized code is to begin.
    continuations: SmallVec<[Place; 1]>,
    pending: SmallVec<[Pending; 2]>,
    sites: FxHashMap<(Place, DeoptReason), SiteHistory>,
    by_reason: FxHashMap<DeoptReason, u32>,
    by_cause: FxHashMap<InvalidationCause, u32>,
    forbidden_at: SmallVec<[(Place, Speculation); 2]>,
    forbidden_everywhere: SmallVec<[Speculation; 2]>,
    deopts: u32,
    /// Optimizing compiles that were installed, per entry.
    optimized_at: FxHashMap<Option<u32>, u32>,
    recompiles: u32,
    reprofile: u32,
    lost_to_invalidation: bool,
    last_deopt: Option<(Place, DeoptReason)>,
    refusal: Option<RefusalReason>,
    baseline_refusal: Option<RefusalReason>,
}

impl FunctionState {
    /// A function that has never run.
    pub fn new(function: FunctionId, bytecodes: u32, has_loops_or_calls: bool) -> FunctionState {
        FunctionState {
            function,
            bytecodes,
            has_loops_or_calls,
            baseline: None,
            optimized: None,
            osr: SmallVec::new(),
            continuations: SmallVec::new(),
            pending: SmallVec::new(),
            sites: FxHashMap::default(),
            by_reason: FxHashMap::default(),
            by_cause: FxHashMap::default(),
            forbidden_at: SmallVec::new(),
            forbidden_everywhere: SmallVec::new(),
            deopts: 0,
            optimized_at: FxHashMap::default(),
            recompiles: 0,
            reprofile: 0,
            lost_to_invalidation: false,
            last_deopt: None,
            refusal: None,
            baseline_refusal: None,
        }
    }

    /// Whose state this is.
    pub fn function(&self) -> FunctionId {
        self.function
    }

    /// Length of its bytecode.
    pub fn bytecodes(&self) -> u32 {
        self.bytecodes
    }

    /// The tier that a call enters.
    pub fn tier(&self) -> Tier {
        match (self.optimized, self.baseline) {
            (Some(_), _) => Tier::Optimized,
            (None, Some((tier, _))) => tier,
            (None, None) => Tier::Interpreter,
        }
    }

    /// The tier below the optimizer in which a frame of it can go on.
    pub fn lower_tier(&self) -> Tier {
        self.baseline.map_or(Tier::Interpreter, |(tier, _)| tier)
    }

    /// The code that a call enters; none in the interpreter.
    pub fn entered_blob(&self) -> Option<BlobId> {
        self.optimized.or(self.baseline.map(|(_, code)| code)).map(|code| code.blob)
    }

    /// Baseline code, if there is any.
    pub fn baseline_blob(&self) -> Option<BlobId> {
        self.baseline.map(|(_, code)| code.blob)
    }

    /// Optimized code for calls, if there is any.
    pub fn optimized_blob(&self) -> Option<BlobId> {
        self.optimized.map(|code| code.blob)
    }

    /// Optimized code for entry at a loop header.
    pub fn osr_blob(&self, offset: u32) -> Option<BlobId> {
        self.osr.iter().find(|(at, _)| *at == offset).map(|(_, code)| code.blob)
    }

    /// A continuation at this bytecode is wanted: from now on it counts as one of the function's.
    pub fn wants_continuation(&mut self, place: Place) {
        if !self.continuations.contains(&place) {
            self.continuations.push(place);
        }
    }

    /// Whether a compile for this entry is under way: of this tier, or of the optimizer when baseline is asked for.
    pub fn is_pending(&self, tier: Tier, osr_offset: Option<u32>) -> bool {
        self.pending.iter().any(|pending| pending.osr_offset == osr_offset && pending.tier >= tier)
    }

    /// Why the optimizer was given up, if it was.
    pub fn optimizer_refusal(&self) -> Option<RefusalReason> {
        self.refusal
    }

    /// Why even baseline code was given up, if it was.
    pub fn baseline_refusal(&self) -> Option<RefusalReason> {
        self.baseline_refusal
    }

    /// Deopts so far.
    pub fn deopts(&self) -> u32 {
        self.deopts
    }

    /// Optimizing compiles beyond the first at each entry.
    pub fn recompiles(&self) -> u32 {
        self.recompiles
    }

    /// Optimizing compiles that were installed, over all entries.
    pub fn optimized_before(&self) -> u32 {
        self.optimized_at.values().sum()
    }

    /// What is known of a place.
    pub fn site(&self, place: Place, reason: DeoptReason) -> SiteHistory {
        self.sites.get(&(place, reason)).copied().unwrap_or_default()
    }

    /// Whether a compile must do without this speculation at this place.
    pub fn forbids(&self, place: Place, speculation: Speculation) -> bool {
        self.forbidden_everywhere.contains(&speculation) || self.forbidden_at.contains(&(place, speculation))
    }

    /// Everything that is forbidden, for the frozen snapshot of a compile: at one place, or anywhere (`None`).
    pub fn forbidden(&self) -> Vec<(Option<Place>, Speculation)> {
        let everywhere = self.forbidden_everywhere.iter().map(|&speculation| (None, speculation));
        let somewhere = self.forbidden_at.iter().map(|&(place, speculation)| (Some(place), speculation));
        everywhere.chain(somewhere).collect()
    }

    /// What the policy needs to decide at a counter trip. A back-edge trip in a function whose own tier is higher than
    /// the frame's is about the frame: pass the frame's tier with [`CounterInput::tier`] then.
    pub fn counter_input(&self, invocations: u32, backedges: u32, in_loop: bool, load: Load) -> CounterInput {
        CounterInput {
            tier: self.tier(),
            invocations,
            backedges,
            in_loop,
            bytecodes: self.bytecodes,
            has_loops_or_calls: self.has_loops_or_calls,
            optimized_before: self.optimized_before(),
            reprofile: self.reprofile,
            lost_to_invalidation: self.lost_to_invalidation,
            optimizer_refuses: self.refusal.is_some(),
            load,
        }
    }

    /// A compile was put into the queue.
    pub fn requested(&mut self, compile: CompileId, tier: Tier, osr_offset: Option<u32>) {
        debug_assert!(!self.is_pending(tier, osr_offset), "invariant: one compile per entry");
        self.pending.push(Pending { compile, tier, osr_offset });
    }

    /// A compile's code is in place. Returns the code that it replaces, which is no longer to be entered. The caller
    /// resets the function's counters if its tier changed.
    pub fn installed(
        &mut self,
        compile: CompileId,
        tier: Tier,
        osr_offset: Option<u32>,
        blob: BlobId,
    ) -> Option<BlobId> {
        self.pending.retain(|pending| pending.compile != compile);
        let code = Installed { blob, compile };
        let replaced = match (tier, osr_offset) {
            (Tier::Interpreter, _) => unreachable!("invariant: the interpreter has no code"),
            (Tier::Baseline | Tier::BaselineCounters | Tier::BaselineProfiling, _) => {
                self.baseline.replace((tier, code)).map(|(_, old)| old)
            }
            (Tier::Optimized, None) => self.optimized.replace(code),
            (Tier::Optimized, Some(offset)) => {
                let old = self.osr.iter().position(|(at, _)| *at == offset).map(|index| self.osr.remove(index).1);
                self.osr.push((offset, code));
                old
            }
        };
        if tier == Tier::Optimized {
            let count = self.optimized_at.entry(osr_offset).or_default();
            *count += 1;
            if *count > 1 {
                self.recompiles += 1;
                if let Some(site) = self.last_deopt.take() {
                    self.sites.entry(site).or_default().recompiles += 1;
                }
            }
        }
        replaced.map(|old| old.blob)
    }

    /// A compile was given up. Returns whether the tier is given up for good with it.
    pub fn refused(&mut self, compile: CompileId, tier: Tier, reason: RefusalReason) -> bool {
        self.pending.retain(|pending| pending.compile != compile);
        let for_good = refuses_for_good(reason);
        if for_good && tier == Tier::Optimized {
            self.refusal.get_or_insert(reason);
        } else if for_good {
            self.baseline_refusal.get_or_insert(reason);
        }
        for_good
    }

    /// The optimizer is not to be used any more: a native or a limit says so.
    pub fn give_up_optimizer(&mut self, reason: RefusalReason) {
        self.refusal.get_or_insert(reason);
    }

    /// Optimized code was left. Counts, asks the policy, and takes over what it answers; the caller makes the dropped
    /// code not entrant, and resets the function's counters if there is any. A deopt through inlined frames
    /// belongs to the function that was compiled, while `place` names the innermost function and its bytecode.
    pub fn deopted(
        &mut self,
        place: Place,
        reason: DeoptReason,
        (code_is_obsolete, continuation_is_coming): (bool, bool),
        policy: &dyn Policy,
        config: &Config,
    ) -> Lesson {
        if !code_is_obsolete {
            self.deopts += 1;
            self.sites.entry((place, reason)).or_default().deopts += 1;
            *self.by_reason.entry(reason).or_default() += 1;
        }
        let site = self.site(place, reason);
        let input = DeoptInput {
            reason,
            site_deopts: site.deopts,
            reason_deopts: self.by_reason.get(&reason).copied().unwrap_or_default(),
            function_deopts: self.deopts,
            recompiles: self.recompiles,
            site_recompiles: site.recompiles,
            continuations: self.continuations.len() as u32,
            continuation_is_coming,
            code_is_obsolete,
        };
        let answer = policy.on_deopt(&input, config);
        if answer.action.discards_code() {
            self.last_deopt = Some((place, reason));
            self.lost_to_invalidation = false;
        }
        let dropped = self.learn(&answer, Some(place), Speculation::Guard(reason));
        let counts = DeoptCounts { site: site.deopts, function: self.deopts, recompiles: self.recompiles };
        Lesson { answer, counts, dropped }
    }

    /// Optimized code lost an assumption; all optimized code of the function is dropped, whatever the policy answers.
    pub fn invalidated(&mut self, cause: InvalidationCause, policy: &dyn Policy, config: &Config) -> Lesson {
        let count = self.by_cause.entry(cause).or_default();
        *count += 1;
        let input = InvalidationInput { cause, cause_count: *count, recompiles: self.recompiles };
        let counts = DeoptCounts { site: *count, function: self.deopts, recompiles: self.recompiles };
        let answer = policy.on_invalidation(&input, config);
        self.lost_to_invalidation = true;
        let mut dropped = self.drop_optimized();
        dropped.extend(self.learn(&answer, None, Speculation::Assumption(cause)));
        Lesson { answer, counts, dropped }
    }

    /// Takes over an answer; returns the code that is dropped with it.
    fn learn(&mut self, answer: &DeoptAnswer, place: Option<Place>, speculation: Speculation) -> SmallVec<[BlobId; 2]> {
        match (answer.forbid, place) {
            (Forbid::Nothing, _) => {}
            (Forbid::AtSite, Some(place)) => {
                if !self.forbidden_at.contains(&(place, speculation)) {
                    self.forbidden_at.push((place, speculation));
                }
            }
            (Forbid::AtSite, None) | (Forbid::InFunction, _) => {
                if !self.forbidden_everywhere.contains(&speculation) {
                    self.forbidden_everywhere.push(speculation);
                }
            }
        }
        match answer.action {
            DeoptAction::None | DeoptAction::MaybeRecompile => return SmallVec::new(),
            DeoptAction::Reinterpret | DeoptAction::MakeNotEntrant => {}
            DeoptAction::MakeNotCompilable => self.give_up_optimizer(RefusalReason::NotCompilable),
        }
        self.reprofile = answer.reprofile;
        let mut dropped = self.drop_optimized();
        match answer.fall_back_to {
            Tier::Interpreter => dropped.extend(self.baseline.take().map(|(_, code)| code.blob)),
            Tier::Baseline | Tier::BaselineCounters | Tier::BaselineProfiling | Tier::Optimized => {}
        }
        dropped
    }

    /// Optimized code is gone from every entry: what one entry learnt holds for the others too.
    fn drop_optimized(&mut self) -> SmallVec<[BlobId; 2]> {
        let for_calls = self.optimized.take().map(|code| code.blob);
        for_calls.into_iter().chain(self.osr.drain(..).map(|(_, code)| code.blob)).collect()
    }

    /// All optimized code of the function: for calls, and for loops.
    pub fn optimized_blobs(&self) -> SmallVec<[BlobId; 2]> {
        let for_calls = self.optimized.map(|code| code.blob);
        for_calls.into_iter().chain(self.osr.iter().map(|(_, code)| code.blob)).collect()
    }

    /// Code was evicted or discarded from outside. Returns whether the tier that calls enter changed.
    pub fn discarded(&mut self, blob: BlobId) -> bool {
        let before = self.tier();
        self.optimized.take_if(|code| code.blob == blob);
        self.baseline.take_if(|(_, code)| code.blob == blob);
        self.osr.retain(|(_, code)| code.blob != blob);
        self.tier() != before
    }
}

/// Whether a refusal holds for the function as such, rather than for this moment.
fn refuses_for_good(reason: RefusalReason) -> bool {
    match reason {
        RefusalReason::BytecodeTooLarge
        | RefusalReason::GraphTooLarge
        | RefusalReason::UnsupportedConstruct
        | RefusalReason::FrameTooLarge
        | RefusalReason::CodegenFailed
        | RefusalReason::TooManyRecompiles
        | RefusalReason::NotCompilable
        | RefusalReason::NeverOptimize
        | RefusalReason::TierMax => true,
        RefusalReason::CodeCacheFull
        | RefusalReason::CompilerDisabled
        | RefusalReason::AssumptionInvalidated
        | RefusalReason::InsufficientFeedback
        | RefusalReason::QueueFull
        | RefusalReason::Cancelled => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiering::policy::{Naive, Petrel};

    const WRONG_SHAPE: DeoptReason = DeoptReason::WrongShape;

    fn blob(index: u32) -> BlobId {
        BlobId::from_u32(index)
    }

    fn compile(index: u32) -> CompileId {
        CompileId::from_u32(index)
    }

    fn at(offset: u32) -> Place {
        Place { function: FunctionId::from_u32(0), offset }
    }

    /// A function with profiling baseline code, optimized code and OSR code at offset 7.
    fn climbed() -> FunctionState {
        let mut state = FunctionState::new(FunctionId::from_u32(0), 40, true);
        for (index, tier, osr) in
            [(0, Tier::BaselineProfiling, None), (1, Tier::Optimized, None), (2, Tier::Optimized, Some(7))]
        {
            state.requested(compile(index), tier, osr);
            assert!(state.is_pending(tier, osr));
            assert_eq!(state.installed(compile(index), tier, osr, blob(index)), None);
            assert!(!state.is_pending(tier, osr));
        }
        state
    }

    #[test]
    fn calls_enter_the_highest_tier_that_has_code() {
        let mut state = climbed();
        assert_eq!((state.tier(), state.entered_blob()), (Tier::Optimized, Some(blob(1))));
        assert_eq!(state.osr_blob(7), Some(blob(2)));
        assert!(state.discarded(blob(1)));
        assert_eq!((state.tier(), state.entered_blob()), (Tier::BaselineProfiling, Some(blob(0))));
        assert!(!state.discarded(blob(2)));
        assert_eq!(state.osr_blob(7), None);
        assert!(state.discarded(blob(0)));
        assert_eq!((state.tier(), state.entered_blob()), (Tier::Interpreter, None));
    }

    #[test]
    fn a_deopt_drops_all_optimized_code_and_keeps_the_baseline() {
        let mut state = climbed();
        let lesson = state.deopted(at(12), WRONG_SHAPE, (false, false), &Petrel, &Config::default());
        assert_eq!(lesson.dropped.as_slice(), [blob(1), blob(2)]);
        assert_eq!(lesson.answer.action, DeoptAction::Reinterpret);
        assert_eq!(lesson.counts, DeoptCounts { site: 1, function: 1, recompiles: 0 });
        assert_eq!(state.tier(), Tier::BaselineProfiling);
        assert_eq!(state.osr_blob(7), None);
        assert!(!state.forbids(at(12), Speculation::Guard(WRONG_SHAPE)));
    }

    #[test]
    fn the_second_deopt_of_a_place_forbids_it_there_and_only_there() {
        let mut state = climbed();
        let config = Config::default();
        state.deopted(at(12), WRONG_SHAPE, (false, false), &Petrel, &config);
        assert_eq!(state.installed(compile(5), Tier::Optimized, None, blob(5)), None);
        assert_eq!(state.recompiles(), 1);
        assert_eq!(state.site(at(12), WRONG_SHAPE), SiteHistory { deopts: 1, recompiles: 1 });
        state.deopted(at(12), WRONG_SHAPE, (false, false), &Petrel, &config);
        assert!(state.forbids(at(12), Speculation::Guard(WRONG_SHAPE)));
        assert!(!state.forbids(at(13), Speculation::Guard(WRONG_SHAPE)));
        assert!(!state.forbids(at(12), Speculation::Guard(DeoptReason::Overflow)));
        assert_eq!(state.forbidden(), [(Some(at(12)), Speculation::Guard(WRONG_SHAPE))]);
    }

    #[test]
    fn activations_of_discarded_code_are_not_counted() {
        let mut state = climbed();
        let config = Config::default();
        state.deopted(at(12), WRONG_SHAPE, (false, false), &Petrel, &config);
        let lesson = state.deopted(at(12), WRONG_SHAPE, (true, false), &Petrel, &config);
        assert_eq!((lesson.counts.site, lesson.counts.function), (1, 1));
        assert_eq!(lesson.answer.action, DeoptAction::None);
        assert!(lesson.dropped.is_empty());
    }

    #[test]
    fn the_naive_policy_falls_to_the_interpreter() {
        let mut state = climbed();
        let lesson = state.deopted(at(12), WRONG_SHAPE, (false, false), &Naive, &Config::default());
        assert_eq!(lesson.dropped.as_slice(), [blob(1), blob(2), blob(0)]);
        assert_eq!(state.tier(), Tier::Interpreter);
        assert!(state.forbidden().is_empty());
    }

    #[test]
    fn invalidations_are_learnt_for_the_whole_function() {
        let mut state = climbed();
        let config = Config::default();
        let cause = InvalidationCause::MethodRedefined;
        assert_eq!(state.invalidated(cause, &Petrel, &config).dropped.as_slice(), [blob(1), blob(2)]);
        assert_eq!(state.tier(), Tier::BaselineProfiling);
        assert!(!state.forbids(at(0), Speculation::Assumption(cause)));
        state.invalidated(cause, &Petrel, &config);
        assert!(state.forbids(at(99), Speculation::Assumption(cause)));
    }

    #[test]
    fn some_refusals_are_for_good() {
        let mut state = climbed();
        state.requested(compile(8), Tier::Optimized, Some(9));
        assert!(!state.refused(compile(8), Tier::Optimized, RefusalReason::QueueFull));
        assert!(!state.is_pending(Tier::Optimized, Some(9)));
        assert_eq!(state.optimizer_refusal(), None);
        assert!(state.refused(compile(9), Tier::Optimized, RefusalReason::GraphTooLarge));
        assert_eq!(state.optimizer_refusal(), Some(RefusalReason::GraphTooLarge));
        assert!(state.refused(compile(10), Tier::BaselineProfiling, RefusalReason::FrameTooLarge));
        assert_eq!(state.baseline_refusal(), Some(RefusalReason::FrameTooLarge));
    }
}
