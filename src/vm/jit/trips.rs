//! Counter trips: a function was called, or a loop went round, often enough to ask the policy.

use super::compile::{Job, JobKind};
use super::continuation;
use super::witness::WITNESSED_FRAMES;
use super::{PendingCompile, Vm, vm_of};
use crate::baseline;
use crate::code::cache::CompilerMode;
use crate::deopt::exit;
use crate::events::Event;
use crate::feedback::slot::MEGAMORPHIC;
use crate::feedback::summary::{CompileInput, ViewLimits};
use crate::interp::{Backedge, FrameRecord};
use crate::runtime::function::FunctionInfo;
use crate::runtime::runtime::Runtime;
use crate::tiering::clock::modelled_compile_ns;
use crate::tiering::policy::{Decision, FeedbackUse, priority_milli};
use crate::tiering::queue::Request;
use crate::vm::trace;
use crate::vocab::{CompileTrigger, DecisionOutcome, FunctionId, RefusalReason, Tier};
use std::sync::Arc;

/// While a compile is under way, its function looks for the result after this many more calls or iterations.
const RETRY_CALLS: u32 = 16;
const RETRY_ITERATIONS: u32 = 512;

/// A function's invocation counter tripped.
///
/// # Safety
/// As for `InterpHooks::invocation_trip`.
pub(super) unsafe fn invocation_trip(rt: &mut Runtime, info: *mut FunctionInfo) {
    // SAFETY: hooks are called with the runtime of a VM; infos live as long as it.
    let (vm, info) = unsafe { (vm_of(rt), &mut *info) };
    if info.invocations == 1 {
        vm.tell_first_execution(info.id);
    }
    vm.tripped(info, None);
}

/// A function's back-edge counter tripped in a running frame.
///
/// # Safety
/// As for `InterpHooks::backedge_trip`.
pub(super) unsafe fn backedge_trip(rt: &mut Runtime, frame: &FrameRecord) -> Backedge {
    let offset = frame.offset();
    // SAFETY: as above; the frame stands on the VM stack.
    unsafe { loop_trip(rt, frame.info, frame.regs, frame.argc, offset, Tier::Interpreter) }
}

/// The same in a frame that baseline code runs: only better code takes it over.
///
/// # Safety
/// As for `InterpHooks::compiled_backedge_trip`.
pub(super) unsafe fn compiled_backedge_trip(rt: &mut Runtime, frame: &FrameRecord) -> Backedge {
    let offset = frame.offset();
    // SAFETY: as above.
    unsafe { loop_trip(rt, frame.info, frame.regs, frame.argc, offset, Tier::Baseline) }
}

/// A native has called back `times` times: its loop is one of the function that called it, which no back-edge counts. Once
/// it is hot, the function's next call asks the policy.
pub(crate) fn called_back(rt: &mut Runtime, times: u32) {
    // SAFETY: hooks are called with the runtime of a VM.
    let vm = unsafe { vm_of(rt) };
    let Some(caller) = trace::lower_tier_caller(vm) else { return };
    // SAFETY: infos live as long as the runtime.
    let info = unsafe { &mut *caller };
    info.backedges = info.backedges.saturating_add(times);
    if info.backedges >= info.backedge_trip {
        info.invocation_trip = info.invocation_trip.min(info.invocations.saturating_add(1));
    }
}

/// What every lower tier does at a back-edge trip: asks the policy, and enters the loop's optimized code if there is some.
/// That code either finishes the frame or, at a side exit, hands it back (`exits.rs`).
///
/// # Safety
/// A complete frame of `info` stands at `regs`, at the loop header `offset`.
pub(super) unsafe fn loop_trip(
    rt: *mut Runtime,
    info: *mut FunctionInfo,
    regs: *mut u64,
    argc: u32,
    offset: u32,
    from: Tier,
) -> Backedge {
    // SAFETY: promised by the caller.
    let (vm, function) = unsafe { (vm_of(rt), (*info).id) };
    // SAFETY: infos live as long as the runtime.
    vm.tripped(unsafe { &mut *info }, Some(offset));
    let Some((address, compile, blob, to)) = vm.loop_entry(function, offset, from) else { return Backedge::Continue };
    let site = vm.site(function, offset);
    vm.emit(|| Event::OsrEntered { site, compile, blob, from, to, cost_ns: 0 });
    if to == Tier::Optimized {
        vm.loop_reentered(function);
    }
    let argc = if to == Tier::Optimized { argc } else { baseline::osr_argument(offset) };
    vm.jit.osr_frames.push((regs, to));
    // SAFETY: the entry was compiled for frames of this function at this loop header.
    let result = unsafe { exit::enter(rt.cast(), regs, argc, address) };
    vm.jit.osr_frames.pop();
    let back = vm.jit.handed_back.take().unwrap_or(Backedge::Leave(result));
    if to == Tier::Optimized && vm.has_continuations() {
        // SAFETY: the frame still stands at `regs`; the code that had taken it over said where it goes on.
        return unsafe { continuation::follow(rt, function, regs, argc, back) };
    }
    back
}

impl Vm {
    /// Address of the best code for a running loop that is better than what runs it now.
    fn loop_entry(
        &mut self,
        function: FunctionId,
        offset: u32,
        from: Tier,
    ) -> Option<(usize, crate::vocab::CompileId, crate::vocab::BlobId, Tier)> {
        let state = self.jit.states[function].as_ref()?;
        let blob = state.osr_blob(offset).or_else(|| (from == Tier::Interpreter).then(|| state.baseline_blob())?)?;
        let engine = self.jit.engine.as_mut()?;
        engine.cache.note_running(blob);
        let found = engine.cache.get(blob)?;
        let address = found.osr_entry(offset)?;
        Some((address, found.compile?, blob, found.tier))
    }

    /// Asks the policy about a function, and does what it says.
    fn tripped(&mut self, info: &mut FunctionInfo, osr_offset: Option<u32>) {
        self.install_finished();
        self.sample();
        if !self.jit.wanted_continuations.is_empty() {
            self.request_continuations();
        }
        if self.jit.broken || self.config.tier_max == Tier::Interpreter {
            info.invocation_trip = u32::MAX;
            info.backedge_trip = u32::MAX;
            return;
        }
        if osr_offset.is_none() && self.take_forced(info.id) {
            self.optimize_now(info);
            return;
        }
        let load = self.jit.engine.as_ref().map(|e| e.queue.load()).unwrap_or_default();
        let policy = self.jit.policy;
        let state = self.jit.state(info);
        if osr_offset.is_some_and(|at| state.osr_blob(at).is_some()) {
            // This loop has its code; whoever asks is about to enter it.
            info.backedge_trip = info.backedges.saturating_add(1);
            return;
        }
        let mut input = state.counter_input(info.invocations, info.backedges, osr_offset.is_some(), load);
        if osr_offset.is_some() && input.tier == Tier::Optimized {
            // Calls enter optimized code, but the frame that asks was left by it: the question is about the frame's tier.
            input.tier = state.lower_tier();
        }
        let from = input.tier;
        let answer = policy.decide(&input, &self.config);
        info.invocation_trip = answer.next.invocations.max(info.invocations.saturating_add(1));
        info.backedge_trip = answer.next.backedges.max(info.backedges.saturating_add(1));
        let Decision::Compile { tier, at_loop, trigger, feedback } = answer.decision else { return };
        let in_loop = osr_offset.is_some();
        let osr_offset = osr_offset.filter(|_| tier == Tier::Optimized && at_loop);
        if in_loop && !at_loop && self.jit.state(info).optimized_blob().is_some() {
            // The code for the next call is there already.
            return;
        }
        let outcome = self.request(info, tier, osr_offset, feedback);
        if matches!(outcome, DecisionOutcome::Compile | DecisionOutcome::AlreadyPending) {
            info.invocation_trip = info.invocations.saturating_add(RETRY_CALLS);
            info.backedge_trip = info.backedges.saturating_add(RETRY_ITERATIONS);
        }
        if self.jit.recorder.is_on() {
            self.tell_feedback(info.id);
        }
        self.decided(info, from, tier, osr_offset, outcome, trigger);
        self.install_finished();
    }

    fn decided(
        &mut self,
        info: &FunctionInfo,
        from: Tier,
        to: Tier,
        osr_offset: Option<u32>,
        outcome: DecisionOutcome,
        trigger: CompileTrigger,
    ) {
        // That a compile is still under way is no news, and asked for often.
        if !self.jit.recorder.is_on() || outcome == DecisionOutcome::AlreadyPending {
            return;
        }
        let (ics_total, ics_typed, ics_generic) = cache_states(info);
        let queue_depth = self.jit.engine.as_ref().map_or(0, |e| e.queue.depth());
        let (function, invocations, backedges) = (info.id, info.invocations, info.backedges);
        self.emit(|| Event::TierDecision {
            function,
            from,
            to,
            osr_offset,
            outcome,
            trigger,
            invocations,
            backedges,
            queue_depth,
            ics_total,
            ics_typed,
            ics_generic,
        });
    }

    /// Requests a compile.
    pub(super) fn request(
        &mut self,
        info: &mut FunctionInfo,
        tier: Tier,
        osr_offset: Option<u32>,
        feedback: FeedbackUse,
    ) -> DecisionOutcome {
        let state = self.jit.state(info);
        if state.is_pending(tier, osr_offset) {
            return DecisionOutcome::AlreadyPending;
        }
        if tier == Tier::Optimized && state.optimizer_refusal().is_some() {
            return DecisionOutcome::NotCompilable;
        }
        let forbidden = state.forbidden();
        if tier == Tier::Optimized {
            if self.config.stress.fuel.is_some_and(|fuel| self.jit.optimizing_compiles >= fuel) {
                self.jit.state(info).give_up_optimizer(RefusalReason::NeverOptimize);
                return DecisionOutcome::NotCompilable;
            }
            self.jit.optimizing_compiles += 1;
        }
        let disabled = |engine: &mut super::Engine| engine.cache.mode() == CompilerMode::Disabled;
        if self.engine().is_none_or(disabled) {
            return DecisionOutcome::CompilerDisabled;
        }
        let compile = self.next_compile();
        let function = info.id;
        let (job, input, epoch) = match tier {
            Tier::Optimized => {
                let (input, epoch) = self.optimizer_input(info, osr_offset, feedback);
                (self.optimizing_job(osr_offset, input.clone(), forbidden), Some(input), epoch)
            }
            Tier::Baseline | Tier::BaselineCounters | Tier::BaselineProfiling => {
                let epoch = self.engine().expect("created above").assumptions.epoch();
                let counts = self.config.deterministic;
                let request = baseline::Request::new(self.rt(), info, tier, counts);
                (Job { kind: JobKind::Baseline(Box::new(request)) }, None, epoch)
            }
            Tier::Interpreter => unreachable!("no policy compiles for the interpreter"),
        };
        let bytecodes = info.function.code.len() as u32;
        let priority_milli = priority_milli(tier, info.invocations, info.backedges, bytecodes);
        let modelled_ns = modelled_compile_ns(tier, bytecodes, &self.config);
        let now = self.now_ns();
        let engine = self.jit.engine.as_mut().expect("created above");
        engine.pending.insert(compile, PendingCompile { function, osr_offset, epoch, input });
        self.jit.state(info).requested(compile, tier, osr_offset);
        let request = Request { compile, tier, priority_milli, modelled_ns, job };
        let compiling = |jit: &super::Jit, now| jit.profiler.iter().for_each(|profiler| profiler.compiling(now));
        compiling(&self.jit, self.config.sync);
        let engine = self.jit.engine.as_mut().expect("created above");
        let enqueued = engine.queue.enqueue(request, now);
        compiling(&self.jit, false);
        let engine = self.jit.engine.as_mut().expect("created above");
        match enqueued {
            Ok(queue_depth) => {
                let callers = if self.jit.recorder.is_on() { self.stack_sites(WITNESSED_FRAMES) } else { Vec::new() };
                self.emit(|| Event::CompileEnqueued {
                    compile,
                    function,
                    tier,
                    osr_offset,
                    priority_milli,
                    queue_depth,
                    callers,
                });
                DecisionOutcome::Compile
            }
            Err(_returned) => {
                engine.pending.remove(&compile);
                self.jit.state(info).refused(compile, tier, RefusalReason::QueueFull);
                DecisionOutcome::QueueFull
            }
        }
    }

    /// The input of an optimizing compile: what is known now, or, for a policy that never learns, what was known at the
    /// first one.
    fn optimizer_input(
        &mut self,
        info: &FunctionInfo,
        osr_offset: Option<u32>,
        feedback: FeedbackUse,
    ) -> (Arc<CompileInput>, crate::code::assumptions::Epoch) {
        let engine = self.jit.engine.as_ref().expect("the caller made sure");
        let epoch = engine.assumptions.epoch();
        if feedback == FeedbackUse::FirstGuess
            && let Some(guess) = self.jit.first_guesses.get(info.id, osr_offset, &engine.assumptions)
        {
            return (guess.input, guess.since);
        }
        let limits = ViewLimits {
            depth: if self.config.inline { self.config.max_inline_level } else { 0 },
            max_size: 4 * self.config.freq_inline_size as usize,
            max_functions: 64,
        };
        let input = Arc::new(CompileInput::take(&mut self.machine.rt, info.id, limits));
        if self.config.policy == crate::vocab::PolicyKind::Naive {
            self.jit.first_guesses.requested(info.id, osr_offset, &input, epoch);
        }
        (input, epoch)
    }
}

/// Property and element sites of a function: all, those with types, and those that have seen too much.
fn cache_states(info: &FunctionInfo) -> (u32, u32, u32) {
    use crate::bytecode::ops::SlotKind;
    use crate::feedback::slot::{ElementSlot, PropertySlot};
    let (mut total, mut typed, mut generic) = (0, 0, 0);
    if !info.is_prepared() {
        return (0, 0, 0);
    }
    for s in &info.function.slots {
        // SAFETY: the slot table describes the feedback vector of a prepared function.
        let len = unsafe {
            let at = info.feedback.add(s.index as usize);
            match s.kind {
                SlotKind::Property => (*at.cast::<PropertySlot>()).len,
                SlotKind::Element => (*at.cast::<ElementSlot>()).len,
                SlotKind::Types | SlotKind::Call | SlotKind::Literal => continue,
            }
        };
        total += 1;
        match len {
            0 => {}
            MEGAMORPHIC => generic += 1,
            _few => typed += 1,
        }
    }
    (total, typed, generic)
}
