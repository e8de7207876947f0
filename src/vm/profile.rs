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
//! periods as have passed.

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
        let mut profiler = Profiler { pulse: None, period_ns, due_ns: self.now_ns() + period_ns };
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
        let now = self.now_ns();
        let Some(profiler) = &mut self.jit.profiler else { return };
        if now < profiler.due_ns {
            return;
        }
        let period_ns = profiler.period_ns;
        let periods = (now - profiler.due_ns) / period_ns + 1;
        profiler.due_ns += periods * period_ns;
        let frames = self.sampled(&trace::places(self, MAX_FRAMES));
        let room = match frames.first() {
            Some(frame) if frame.tier != Tier::Interpreter => Room::Compiled,
            Some(_) | None => Room::Interpreter,
        };
        let periods = u32::try_from(periods).unwrap_or(u32::MAX);
        self.emit(|| Event::Sampled { room, periods, period_ns, frames });
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
        // The stack's own innermost frame of machine code or bytecode is the leaf's, if the function is the same.
        let outermost = innermost.last().map(|place| place.function);
        let frame_end = stack.iter().position(|place| !place.inlined).map_or(0, |index| index + 1);
        let same = frame_end > 0 && Some(stack[frame_end - 1].function) == outermost;
        let rest = if same { &stack[frame_end..] } else { stack };
        let mut frames = self.sampled(&innermost);
        frames.extend(self.sampled(rest));
        frames.truncate(MAX_FRAMES);
        frames
    }
}
