//! The sampling profiler.
//!
//! ```text
//! timer ─signal─▶ tick: where is the processor? ─▶ ring of leaves, interrupt flag
//!                                                        │
//! next back-edge of any tier ─▶ safepoint ─▶ the stack ──┴─▶ Event::Sampled: stack + leaf
//! ```
//!
//! In the signal handler nothing can be trusted but plain words, so it only notes what the processor was doing: compiled
//! code (and where), the runtime called by compiled code, the interpreter, the collector, the compiler. The stack around
//! that is taken at the next safepoint, when everything is in order. What lies between (a recursion without loops) shows
//! as its innermost function on the stack of the next loop.
//!
//! In deterministic mode there is no timer: every safepoint looks at the virtual clock, and a sample stands for as many
//! periods as have passed. A period that ended between two safepoints ended in one of the tiers that worked there, which
//! their counters tell. If that is not the tier of the innermost frame, the place of the safepoint before counts, or what the
//! innermost frame calls most in that tier, or the innermost frame itself answers for the time.

use super::Vm;
use super::trace::{self, Place};
use crate::code::ticker::{OnTick, Ticker};
use crate::events::{Event, SampledFrame};
use crate::interp::Interp;
use crate::runtime::head::VmHead;
use crate::runtime::runtime::{JsResult, Runtime, interrupt};
use crate::vocab::{FunctionId, Room, Tier};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Leaves that wait for a safepoint at most; further ones count for the last.
const RING: usize = 512;
/// Frames of a sample at most.
const MAX_FRAMES: usize = 64;

/// What the processor was doing at a tick: the room, and a word that says more (an address in code, a function).
#[derive(Clone, Copy)]
struct Leaf {
    room: Room,
    word: usize,
    periods: u32,
}

/// What the signal handler reads and writes: plain memory of the VM's thread.
struct Pulse {
    head: *const VmHead,
    interp: *const Interp,
    collecting: *const bool,
    compiling: AtomicBool,
    code_start: AtomicUsize,
    code_end: AtomicUsize,
    ring: [Cell<Leaf>; RING],
    len: AtomicUsize,
}

// SAFETY: used by one thread only, the VM's, and by signal handlers on that thread.
unsafe impl Sync for Pulse {}

impl OnTick for Pulse {
    fn tick(&self, pc: usize, sp: usize, periods: u32) {
        let leaf = self.leaf(pc, sp, periods);
        let len = self.len.load(Ordering::Relaxed);
        match self.ring.get(len) {
            Some(slot) => {
                slot.set(leaf);
                self.len.store(len + 1, Ordering::Release);
            }
            None => {
                let last = &self.ring[RING - 1];
                last.set(Leaf { periods: last.get().periods.saturating_add(periods), ..last.get() });
            }
        }
        // SAFETY: the head lives as long as the VM, whose timer this is.
        unsafe { (*self.head).interrupt.fetch_or(interrupt::SAMPLE, Ordering::Relaxed) };
    }
}

impl Pulse {
    fn leaf(&self, pc: usize, sp: usize, periods: u32) -> Leaf {
        let code = self.code_start.load(Ordering::Relaxed)..self.code_end.load(Ordering::Relaxed);
        // SAFETY: words of the VM, read on its own thread.
        let (collecting, exit_fp, interp) = unsafe { (*self.collecting, (*self.head).last_exit_fp, &*self.interp) };
        if collecting {
            return Leaf { room: Room::Collector, word: 0, periods };
        }
        if self.compiling.load(Ordering::Relaxed) {
            return Leaf { room: Room::Compiler, word: 0, periods };
        }
        if code.contains(&pc) {
            return Leaf { room: Room::Compiled, word: pc, periods };
        }
        if exit_fp >= sp && exit_fp < interp.innermost_sp() {
            // SAFETY: an exit frame that is in use, on this thread's stack; the return address lies above it.
            let return_address = unsafe { ((exit_fp + size_of::<usize>()) as *const usize).read() };
            if code.contains(&return_address) {
                return Leaf { room: Room::Runtime, word: return_address - 1, periods };
            }
        }
        let word = if interp.depth() == 0 {
            0
        } else {
            // SAFETY: the top record was written before it became the top; its function lives as long as the runtime.
            unsafe { (*(*interp.top).info).id.as_u32() as usize + 1 }
        };
        Leaf { room: Room::Interpreter, word, periods }
    }
}

/// A profiler at work.
pub(super) struct Profiler {
    pulse: Option<(&'static Pulse, Ticker)>,
    period_ns: u64,
    /// Deterministic mode: when the next sample is due.
    due_ns: u64,
    /// Deterministic mode: the safepoint before.
    before: Safepoint,
}

/// What a safepoint of the deterministic mode leaves for the next one.
#[derive(Clone, Copy, Default)]
struct Safepoint {
    now_ns: u64,
    /// Time per tier so far.
    by_tier: [u64; Tier::COUNT],
    /// The innermost frame, if a sample was about to be due.
    innermost: Option<Place>,
}

impl Safepoint {
    /// How many periods ended in each tier between this safepoint and the next one, where this is the time per tier so far;
    /// behind the tiers, how many ended in none of them. In which order the tiers took turns is not known: they are laid
    /// end to end. `due_ns` is when a period ends, the next one at last.
    fn ended(
        &self,
        due_ns: &mut u64,
        period_ns: u64,
        (now_ns, by_tier): (u64, [u64; Tier::COUNT]),
    ) -> [u64; Tier::COUNT + 1] {
        let mut ended = [0; Tier::COUNT + 1];
        let mut until_ns = self.now_ns;
        for (index, periods) in ended.iter_mut().enumerate() {
            until_ns = match (by_tier.get(index), self.by_tier.get(index)) {
                (Some(now), Some(before)) => (until_ns + now.saturating_sub(*before)).min(now_ns),
                (Some(_), None) | (None, Some(_)) | (None, None) => now_ns,
            };
            if *due_ns <= until_ns {
                *periods = (until_ns - *due_ns) / period_ns + 1;
                *due_ns += *periods * period_ns;
            }
        }
        ended
    }
}

impl Profiler {
    /// The program's thread compiles, or does so no longer.
    pub(super) fn compiling(&self, now: bool) {
        if let Some((pulse, _)) = &self.pulse {
            pulse.compiling.store(now, Ordering::Relaxed);
        }
    }

    /// The code region exists from now on.
    pub(super) fn code_is_at(&self, (start, end): (usize, usize)) {
        if let Some((pulse, _)) = &self.pulse {
            pulse.code_start.store(start, Ordering::Relaxed);
            pulse.code_end.store(end, Ordering::Relaxed);
        }
    }
}

/// Somebody set bits of `head.interrupt`: see `InterpHooks::safepoint`.
///
/// # Safety
/// The runtime is that of a VM.
pub(super) unsafe fn safepoint(rt: &mut Runtime, bits: u32) -> JsResult<()> {
    if bits & interrupt::SAMPLE != 0 {
        // SAFETY: promised by the caller.
        unsafe { Vm::of(rt) }.sample();
    }
    Ok(())
}

impl Vm {
    /// Begins to sample, if that is wanted and somebody listens.
    pub(super) fn begin_profiling(&mut self) {
        if !self.config.profile || !self.jit.recorder.is_on() || self.jit.profiler.is_some() {
            return;
        }
        let period_ns = self.config.profile_period;
        let before = Safepoint::default();
        let mut profiler = Profiler { pulse: None, period_ns, due_ns: self.now_ns() + period_ns, before };
        if self.config.deterministic {
            self.machine.rt.head.request_interrupt(interrupt::SAMPLE);
        } else {
            let (code_start, code_end) = self.code_region();
            // Leaked: a last signal may be on its way when the timer ends.
            let pulse: &'static Pulse = Box::leak(Box::new(Pulse {
                head: &raw const self.machine.rt.head,
                interp: &raw const self.machine.interp,
                collecting: self.machine.rt.heap.collecting_flag(),
                compiling: AtomicBool::new(false),
                code_start: AtomicUsize::new(code_start),
                code_end: AtomicUsize::new(code_end),
                ring: [const { Cell::new(Leaf { room: Room::Interpreter, word: 0, periods: 0 }) }; RING],
                len: AtomicUsize::new(0),
            }));
            match Ticker::start(pulse, period_ns) {
                Ok(ticker) => profiler.pulse = Some((pulse, ticker)),
                Err(error) => {
                    eprintln!("petrel: no timer for the profiler: {error}");
                    return;
                }
            }
        }
        self.jit.profiler = Some(profiler);
    }

    /// Takes the samples that wait and ends.
    pub(super) fn end_profiling(&mut self) {
        self.sample();
        self.jit.profiler = None;
    }

    /// Tells of the leaves that wait, each on the stack of this moment.
    pub(super) fn sample(&mut self) {
        let Some(profiler) = &mut self.jit.profiler else { return };
        let period_ns = profiler.period_ns;
        let Some((pulse, _)) = &profiler.pulse else { return self.sample_virtually() };
        let len = pulse.len.swap(0, Ordering::Acquire);
        if len == 0 {
            return;
        }
        let leaves: smallvec::SmallVec<[Leaf; 8]> = pulse.ring[..len].iter().map(Cell::get).collect();
        let stack = trace::places(self, MAX_FRAMES);
        for leaf in leaves {
            let frames = self.frames_of(leaf, &stack);
            let (room, periods) = (leaf.room, leaf.periods);
            self.emit(|| Event::Sampled { room, periods, period_ns, frames });
        }
    }

    fn sample_virtually(&mut self) {
        self.machine.rt.head.request_interrupt(interrupt::SAMPLE);
        let (now_ns, by_tier) = (self.now_ns(), self.time_by_tier());
        let Some(profiler) = &self.jit.profiler else { return };
        let (before, period_ns, mut due_ns) = (profiler.before, profiler.period_ns, profiler.due_ns);
        if due_ns <= now_ns {
            let stack = trace::places(self, MAX_FRAMES);
            let ended = before.ended(&mut due_ns, period_ns, (now_ns, by_tier));
            for (index, periods) in ended.into_iter().enumerate().filter(|(_, periods)| *periods > 0) {
                let frames = self.frames_in(Tier::ALL.get(index).copied(), before.innermost, &stack);
                let room = match frames.first() {
                    Some(frame) if frame.tier != Tier::Interpreter => Room::Compiled,
                    Some(_) | None => Room::Interpreter,
                };
                let periods = u32::try_from(periods).unwrap_or(u32::MAX);
                self.emit(|| Event::Sampled { room, periods, period_ns, frames });
            }
        }
        // Looking at the stack costs: only if the next safepoint may be one at which a sample is due.
        let is_soon = now_ns + 4 * (now_ns - before.now_ns) >= due_ns;
        let innermost = if is_soon { trace::places(self, 1).first().copied() } else { None };
        let Some(profiler) = &mut self.jit.profiler else { return };
        profiler.due_ns = due_ns;
        profiler.before = Safepoint { now_ns, by_tier, innermost };
    }

    /// The frames of a moment between two safepoints at which this tier worked.
    fn frames_in(&self, tier: Option<Tier>, before: Option<Place>, stack: &[Place]) -> Vec<SampledFrame> {
        let Some((tier, here)) = tier.zip(stack.first()).filter(|(tier, here)| here.tier != *tier) else {
            return self.sampled(stack);
        };
        let called = || {
            let function = self.jit.called_in(&self.machine.rt, here.function, tier)?;
            Some(Place { function, offset: 0, tier, inlined: false })
        };
        // Of a callee that nobody knows, the caller answers for the time.
        let leaf = before.filter(|place| place.tier == tier).or_else(called).unwrap_or(Place { tier, ..*here });
        self.on_stack(&[Place { inlined: false, ..leaf }], stack)
    }

    fn sampled(&self, places: &[Place]) -> Vec<SampledFrame> {
        let frame = |place: &Place| SampledFrame {
            site: self.site(place.function, place.offset),
            tier: place.tier,
            inlined: place.inlined,
        };
        places.iter().map(frame).collect()
    }

    /// The frames of a sample: those of the leaf, then those of the stack without what the leaf replaces.
    fn frames_of(&self, leaf: Leaf, stack: &[Place]) -> Vec<SampledFrame> {
        let innermost: Vec<Place> = match leaf.room {
            Room::Compiled | Room::Runtime => {
                let Some((tier, chain)) = self.frames_at(leaf.word) else { return self.sampled(stack) };
                let last = chain.len() - 1;
                let place = |(i, (function, offset))| Place { function, offset, tier, inlined: i < last };
                chain.into_iter().enumerate().map(place).collect()
            }
            Room::Interpreter => {
                let known = leaf.word.checked_sub(1).filter(|id| *id < self.machine.rt.functions.len());
                let Some(id) = known else { return self.sampled(stack) };
                let function = FunctionId::from_u32(id as u32);
                let on_stack = stack.iter().find(|p| p.function == function && p.tier == Tier::Interpreter);
                let offset = on_stack.map_or(0, |place| place.offset);
                vec![Place { function, offset, tier: Tier::Interpreter, inlined: false }]
            }
            Room::Compiler | Room::Collector => return self.sampled(stack),
        };
        self.on_stack(&innermost, stack)
    }

    /// The frames of a stack with others in the place of its innermost ones.
    fn on_stack(&self, innermost: &[Place], stack: &[Place]) -> Vec<SampledFrame> {
        // The stack's own innermost frame of machine code or bytecode is among the others, if the function is the same.
        let outermost = innermost.last().map(|place| place.function);
        let frame_end = stack.iter().position(|place| !place.inlined).map_or(0, |index| index + 1);
        let same = frame_end > 0 && Some(stack[frame_end - 1].function) == outermost;
        let rest = if same { &stack[frame_end..] } else { stack };
        let mut frames = self.sampled(innermost);
        frames.extend(self.sampled(rest));
        frames.truncate(MAX_FRAMES);
        frames
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_end_in_the_tiers_that_worked() {
        let before = Safepoint { now_ns: 100, by_tier: [60, 0, 0, 0, 40], innermost: None };
        let mut due_ns = 110;
        // 100 .. 150 in the interpreter, .. 180 optimized, .. 200 elsewhere.
        let ended = before.ended(&mut due_ns, 20, (200, [110, 0, 0, 0, 70]));
        assert_eq!((ended, due_ns), ([3, 0, 0, 0, 1, 1], 210));
    }
}
