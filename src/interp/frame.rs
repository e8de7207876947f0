//! The interpreter's frame: the only description of it.
//!
//! A frame is two things. Its values lie on the VM stack, contiguous, where the collector scans them and where baseline
//! code works on them in place:
//!
//! ```text
//!   regs[-2] callee   regs[-1] this   regs[0 ..] parameters, locals, temporaries, outgoing call area
//! ```
//!
//! The callee's frame overlaps the caller's outgoing area, so that a call copies nothing. What is no value (program
//! counter, function, where the result goes) is a [`FrameRecord`] on a stack of its own. Frames of one native run loop
//! follow each other there; each run loop is an [`Activation`], which remembers where on the native stack it runs, so that
//! a stack trace can put interpreter frames and native frames of compiled code in order.

use super::hooks::InterpHooks;
use crate::runtime::function::FunctionInfo;
use crate::runtime::runtime::Runtime;
use crate::runtime::value::Value;

/// [`FrameRecord::flags`]: the frame was entered natively; its return leaves the run loop.
pub const ENTRY: u8 = 1;
/// [`FrameRecord::flags`]: the frame of a `new` call: a result that is no object is replaced by `this`.
pub const CONSTRUCT: u8 = 2;
/// [`FrameRecord::flags`]: nobody wants the result.
pub const DISCARD: u8 = 4;

/// The part of a frame that is no value.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct FrameRecord {
    /// Register 0.
    pub regs: *mut u64,
    /// The instruction being executed. Current in the innermost frame only where something can look at it.
    pub pc: *mut u16,
    /// The function.
    pub info: *mut FunctionInfo,
    /// How many arguments the call had.
    pub argc: u32,
    /// Register of the *caller* that receives the result, unless it is discarded.
    pub dst: u16,
    /// Length of the caller's call instruction in units.
    pub call_units: u8,
    /// [`ENTRY`], [`CONSTRUCT`], [`DISCARD`].
    pub flags: u8,
}

impl FrameRecord {
    /// Unit offset of the instruction being executed.
    pub fn offset(&self) -> u32 {
        // SAFETY: a record's function is alive and prepared, and `pc` points into its code.
        unsafe { self.pc.offset_from((*self.info).code) as u32 }
    }
    /// The function.
    pub fn info(&self) -> &FunctionInfo {
        // SAFETY: infos live as long as the runtime.
        unsafe { &*self.info }
    }
    /// The running closure.
    pub fn callee(&self) -> Value {
        // SAFETY: the frame lies on the VM stack with callee and `this` below its registers.
        Value(unsafe { self.regs.sub(2).read() })
    }
    /// `this`.
    pub fn this(&self) -> Value {
        // SAFETY: as above.
        Value(unsafe { self.regs.sub(1).read() })
    }
}

/// One native run loop.
#[derive(Clone, Copy, Debug)]
pub struct Activation {
    /// Where on the native stack it runs: frames of compiled code at lower addresses are its callees.
    pub native_sp: usize,
    /// Index of its first record. It ends where the next activation begins.
    pub first: usize,
}

/// The interpreter's own state.
#[repr(C)]
pub struct Interp {
    /// The innermost record; one before the first if there is none.
    pub top: *mut FrameRecord,
    records: Box<[std::mem::MaybeUninit<FrameRecord>]>,
    /// Run loops, outermost first.
    pub activations: Vec<Activation>,
    /// What the VM does for the interpreter.
    pub hooks: InterpHooks,
    /// Count retired bytecodes (deterministic mode).
    pub count: bool,
    /// Below this native stack pointer a chain of handlers is started anew: see [`super::state`].
    pub(super) drift_limit: usize,
    /// The chain goes on by throwing the pending exception.
    pub(super) rethrow: bool,
    /// Where the last exception was thrown first: its bits, the function, the unit offset.
    pub throw_site: Option<(Value, *mut FunctionInfo, u32)>,
}

/// A runtime with an interpreter. The first field of the VM, as the runtime is the first field here: whoever holds the
/// runtime's address can reach both.
#[repr(C)]
pub struct Machine {
    /// The runtime.
    pub rt: Runtime,
    /// The interpreter.
    pub interp: Interp,
}

impl Machine {
    /// Embeds a runtime whose default entry is the interpreter's. `stack_words` is the size of its VM stack.
    pub fn new(rt: Runtime, hooks: InterpHooks, stack_words: usize) -> Machine {
        Machine { rt, interp: Interp::new(hooks, stack_words) }
    }
}

impl Interp {
    /// Every frame takes at least two words of the VM stack (callee and `this`), so the check for its end covers the
    /// records too.
    fn new(hooks: InterpHooks, stack_words: usize) -> Interp {
        let mut records: Box<[std::mem::MaybeUninit<FrameRecord>]> = Box::new_uninit_slice(stack_words / 2 + 64);
        // One before the first element: never read, only incremented.
        let top = records.as_mut_ptr().cast::<FrameRecord>().wrapping_sub(1);
        Interp {
            top,
            records,
            activations: Vec::new(),
            hooks,
            count: false,
            drift_limit: 0,
            rethrow: false,
            throw_site: None,
        }
    }

    /// The interpreter that belongs to a runtime.
    ///
    /// # Safety
    /// The runtime is the first field of a [`Machine`].
    #[inline(always)]
    pub unsafe fn of(rt: *mut Runtime) -> *mut Interp {
        // SAFETY: the caller vouches for the embedding.
        unsafe { &raw mut (*rt.cast::<Machine>()).interp }
    }

    /// The records in use, outermost first.
    pub fn frames(&self) -> &[FrameRecord] {
        let base = self.records.as_ptr().cast::<FrameRecord>();
        let n = (self.top as usize + size_of::<FrameRecord>() - base as usize) / size_of::<FrameRecord>();
        // SAFETY: records up to `top` were written when their frames were pushed.
        unsafe { std::slice::from_raw_parts(base, n) }
    }

    /// Remembers where an exception was thrown, unless it is on its way already.
    pub(super) fn note_throw(&mut self, exception: Value) {
        if self.throw_site.is_none_or(|(v, ..)| v != exception) {
            // SAFETY: called while a frame is running.
            let frame = unsafe { &*self.top };
            self.throw_site = Some((exception, frame.info, frame.offset()));
        }
    }

    /// Native stack pointer of the innermost run loop: frames of compiled code below it are its callees. 0 before the
    /// first.
    pub fn innermost_sp(&self) -> usize {
        self.drift_limit.saturating_add(super::state::DRIFT_BYTES)
    }

    /// How many records are in use.
    pub fn depth(&self) -> usize {
        (self.top as usize + size_of::<FrameRecord>() - self.records.as_ptr() as usize) / size_of::<FrameRecord>()
    }
}

/// Where a rebuilt frame goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResumePoint {
    /// Before its instruction.
    Before,
    /// After its instruction, a call; the result goes into the register, if anybody wants it.
    After(Option<u16>),
}

/// A frame to be put on the VM stack and run: what deoptimization rebuilds.
#[derive(Clone, Copy, Debug)]
pub struct ResumeFrame<'a> {
    /// The function.
    pub info: *mut FunctionInfo,
    /// The closure.
    pub callee: Value,
    /// `this`.
    pub this: Value,
    /// How many arguments the call had.
    pub argc: u32,
    /// The frame of a `new` call.
    pub is_construct: bool,
    /// All registers.
    pub registers: &'a [Value],
    /// Unit offset of the instruction at which it stands.
    pub offset: u32,
    /// Before or after it.
    pub resume: ResumePoint,
}
