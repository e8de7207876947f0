//! Continuations: optimized code that begins where a guard failed (policy deoptless).
//!
//! ```text
//! guard fails ─▶ frames rebuilt ─▶ is there code that begins at this bytecode? ── yes ─▶ enter it, as at a loop (OSR)
//!                                                  │ no
//!                                                  └─▶ the interpreter goes on; once it has taken note of what the
//!                                                      guard saw, code that begins here is compiled
//! ```
//!
//! A continuation is compiled and kept like on-stack-replacement code; only the entry is not a loop's header
//! (`hir/build/flow.rs`). The code that was left stays as it is. Frames of inlined functions are run one by one, innermost
//! first; each of them, the outermost with the rest of its loop too, may have a continuation after the call that was inlined.
//!
//! A continuation never takes over from itself: what fails at its own first instruction goes on in the interpreter, so there
//! is progress between two entries.

use super::{Vm, vm_of};
use crate::bytecode::ops::Op;
use crate::deopt::exit;
use crate::deopt::rebuild::RebuiltFrame;
use crate::deopt::recipe::Resume;
use crate::events::Event;
use crate::interp::{self, Backedge, EntryPoint, LaidOut, ResumeFrame};
use crate::runtime::object::Obj;
use crate::runtime::runtime::Runtime;
use crate::runtime::value::Value;
use crate::tiering::policy::FeedbackUse;
use crate::vocab::{BlobId, CompileId, FunctionId, PolicyKind, Tier};

/// Where an optimized frame can go on without the interpreter.
pub(super) struct Continuation {
    address: usize,
    compile: CompileId,
    blob: BlobId,
}

impl Vm {
    /// Whether the policy goes on in continuations at all.
    pub(super) fn has_continuations(&self) -> bool {
        self.config.policy == PolicyKind::Deoptless
    }

    /// Code that begins at this bytecode of the function, other than the code that has just failed.
    pub(super) fn continuation_at(&mut self, function: FunctionId, offset: u32) -> Option<Continuation> {
        let blob = self.jit.states[function].as_ref()?.osr_blob(offset)?;
        if self.jit.left_last == Some(blob) {
            return None;
        }
        let engine = self.jit.engine.as_mut()?;
        engine.cache.note_running(blob);
        let found = engine.cache.get(blob)?;
        Some(Continuation { address: found.osr_entry(offset)?, compile: found.compile?, blob })
    }

    /// A guard failed here, with these frames: continuations for them are to be compiled, as soon as the interpreter has
    /// seen what the guard saw.
    pub(super) fn want_continuations(&mut self, frames: &[RebuiltFrame]) {
        let innermost = frames.len() - 1;
        for (i, f) in frames.iter().enumerate() {
            if f.is_construct {
                continue;
            }
            let at = match (i == innermost, f.resume) {
                (true, Resume::Before) => f.bytecode_offset,
                (false, Resume::After(_) | Resume::AfterConstruct(_)) => {
                    self.offset_after(f.function, f.bytecode_offset)
                }
                (true, Resume::After(_) | Resume::AfterConstruct(_) | Resume::Branch { .. } | Resume::Next { .. })
                | (false, Resume::Before | Resume::Branch { .. } | Resume::Next { .. }) => continue,
            };
            let wanted = (f.function, at);
            let state = self.jit.states[f.function].as_ref();
            // Code that begins after the call has not failed: if there is some, it will do.
            let is_there = state.is_some_and(|state| state.osr_blob(at).is_some());
            // The first one is made of what one failure saw, and a second one of what was seen until it came. After that, what
            // is being compiled has to fail first: else each would be wanted again before it is there, and so on.
            let is_coming = is_there && state.is_some_and(|state| state.is_pending(Tier::Optimized, Some(at)));
            let will_do = is_coming || (i != innermost && is_there);
            if !self.jit.wanted_continuations.contains(&wanted) && !will_do {
                self.jit.wanted_continuations.push(wanted);
            }
        }
    }

    /// Requests the continuations that are wanted. Called when the interpreter has gone on for a while.
    pub(super) fn request_continuations(&mut self) {
        for (function, offset) in std::mem::take(&mut self.jit.wanted_continuations) {
            // SAFETY: infos live as long as the runtime.
            let info = unsafe { &mut *self.info(function) };
            if info.is_prepared() {
                self.request(info, Tier::Optimized, Some(offset), FeedbackUse::Current);
            }
        }
        self.install_finished();
    }

    /// Whether a continuation for the innermost of these frames is being compiled or about to be.
    pub(super) fn continuation_is_coming(&self, frames: &[RebuiltFrame]) -> bool {
        let Some(f) = frames.last() else { return false };
        let here = (f.function, f.bytecode_offset);
        let state = self.jit.states[f.function].as_ref();
        self.jit.wanted_continuations.contains(&here)
            || state.is_some_and(|state| state.is_pending(Tier::Optimized, Some(f.bytecode_offset)))
    }

    /// Offset of the instruction after the one at `offset`.
    pub(super) fn offset_after(&self, function: FunctionId, offset: u32) -> u32 {
        let code = &self.machine.rt.function(function).function.code;
        offset + Op::ALL[code[offset as usize] as usize].units() as u32
    }

    /// Runs rebuilt frames, innermost first, each in its continuation if it has one. Returns the outermost's result.
    pub(super) fn run_frames(&mut self, frames: &[RebuiltFrame], point: EntryPoint, result: Value) -> u64 {
        let resumed: Vec<ResumeFrame<'_>> = frames.iter().map(|f| self.resume_frame(f, point, result)).collect();
        self.rt().head.exit_words = 0;
        let rt: *mut Runtime = self.rt();
        // SAFETY: the frames come from a recipe of this VM's code; nothing is allocated before they are laid out.
        let Some(mut laid) = (unsafe { LaidOut::new(rt, &resumed) }) else { return Value::EMPTY.0 };
        drop(resumed);
        let (mut point, mut result) = (point, result);
        for i in (0..frames.len()).rev() {
            let regs = laid.registers[i];
            let back = self.go_on(&frames[i], regs, point, result);
            // SAFETY: the frame stands at `regs`, laid out just now; what it called has ended.
            let word = unsafe { run_best(rt, &frames[i], regs, back) };
            // SAFETY: hooks and frames use the VM one at a time.
            let vm = unsafe { vm_of(rt) };
            vm.request_continuations();
            (point, result) = if word == Value::EMPTY.0 {
                (EntryPoint::Throw, Value::EMPTY)
            } else {
                (EntryPoint::Execute, Value(word))
            };
            if i > 0 {
                // SAFETY: the frame that ended was called by one that waits.
                unsafe { laid.next_outer(rt) };
            }
        }
        // SAFETY: all frames have ended.
        unsafe { laid.take_down(rt) };
        result.0
    }

    /// Where a rebuilt frame that stands at `regs` goes on, after the result of what it waits for has been delivered.
    pub(super) fn go_on(&self, frame: &RebuiltFrame, regs: *mut u64, point: EntryPoint, result: Value) -> Backedge {
        let at = frame.bytecode_offset;
        let after = self.offset_after(frame.function, at);
        // SAFETY: the frame stands at `regs`; the recipe's registers lie in it.
        let deliver = |register: u16, v: Value| unsafe { regs.add(register as usize).write(v.0) };
        match (point, frame.resume) {
            (EntryPoint::Throw, _) => Backedge::Throw(at),
            (EntryPoint::Execute, Resume::Before) => Backedge::Resume(at),
            (EntryPoint::Execute, Resume::After(None)) => Backedge::Resume(after),
            (EntryPoint::Execute, Resume::After(Some(register))) => {
                deliver(register, result);
                Backedge::Resume(after)
            }
            (EntryPoint::Execute, Resume::AfterConstruct(register)) => {
                if Obj::from_value(result).is_some() {
                    deliver(register, result);
                }
                Backedge::Resume(after)
            }
            (EntryPoint::Execute, Resume::Next { exit, .. }) if result.is_hole() => Backedge::Resume(exit),
            (EntryPoint::Execute, Resume::Next { result: register, .. }) => {
                deliver(register, result);
                Backedge::Resume(after)
            }
            (EntryPoint::Execute, Resume::Branch { if_true, if_false }) => {
                Backedge::Resume(if result == Value::TRUE { if_true } else { if_false })
            }
        }
    }

    /// Enters a continuation in the frame at `regs`; says how the frame goes on.
    ///
    /// # Safety
    /// A complete frame stands at `regs`, at the bytecode where the continuation begins.
    unsafe fn enter_continuation(
        &mut self,
        function: FunctionId,
        offset: u32,
        regs: *mut u64,
        argc: u32,
        next: &Continuation,
    ) -> Backedge {
        let site = self.site(function, offset);
        let (compile, blob) = (next.compile, next.blob);
        self.emit(|| Event::ContinuationEntered { site, compile, blob });
        let nregs = self.machine.rt.function(function).nregs as usize;
        let rt: *mut Runtime = self.rt();
        self.jit.osr_frames.push((regs, Tier::Optimized));
        // SAFETY: promised by the caller; the frame ends after its registers.
        let word = unsafe {
            let saved = (*rt).head.sp;
            (*rt).head.sp = regs.add(nregs);
            let word = exit::enter(rt.cast(), regs, argc, next.address);
            (*rt).head.sp = saved;
            word
        };
        self.jit.osr_frames.pop();
        self.jit.handed_back.take().unwrap_or(Backedge::Leave(word))
    }
}

/// Follows a frame that optimized code has handed back through continuations, as long as there are some; what remains is
/// for the tier that the frame was taken from.
///
/// # Safety
/// A complete frame of `function` stands at `regs`, and `back` says where it goes on.
pub(super) unsafe fn follow(
    rt: *mut Runtime,
    function: FunctionId,
    regs: *mut u64,
    argc: u32,
    back: Backedge,
) -> Backedge {
    let mut back = back;
    loop {
        // SAFETY: the runtime is that of a VM.
        let vm = unsafe { vm_of(rt) };
        let Backedge::Resume(at) = back else { return back };
        let Some(next) = vm.continuation_at(function, at) else { return back };
        // SAFETY: promised by the caller.
        back = unsafe { vm.enter_continuation(function, at, regs, argc, &next) };
    }
}

/// Runs a frame to its end, in continuations as far as there are some, else in the interpreter.
///
/// # Safety
/// The rebuilt frame stands at `regs`; nothing above it on the VM stack is in use.
unsafe fn run_best(rt: *mut Runtime, frame: &RebuiltFrame, regs: *mut u64, back: Backedge) -> u64 {
    // SAFETY: promised by the caller; infos live as long as the runtime.
    unsafe {
        let back = if frame.is_construct { back } else { follow(rt, frame.function, regs, frame.argc, back) };
        let (at, point) = match back {
            Backedge::Leave(word) => return word,
            Backedge::Resume(at) => (at, EntryPoint::Execute),
            Backedge::Throw(at) => (at, EntryPoint::Throw),
            Backedge::Continue => unreachable!("invariant: code that was left says where it was left"),
        };
        let info = vm_of(rt).info(frame.function);
        interp::run_frame(rt, regs, info, frame.argc, at, point, frame.is_construct)
    }
}
