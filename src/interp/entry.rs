//! The ways into the interpreter: the generic entry of every function, resumption of rebuilt frames, and entry into a
//! frame that already stands on the VM stack.

use super::frame::{Activation, CONSTRUCT, DISCARD, ENTRY, FrameRecord, Interp, ResumeFrame, ResumePoint};
use super::state::run;
use crate::bytecode::ops::{Code, Op, quick};
use crate::runtime::function::{FunctionInfo, flags};
use crate::runtime::heap::stack_pointer;
use crate::runtime::object::Obj;
use crate::runtime::runtime::{Runtime, Thrown};
use crate::runtime::value::Value;

/// How a run loop begins with its innermost frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryPoint {
    /// Execute the instruction at the frame's offset.
    Execute,
    /// The pending exception was thrown by that instruction.
    Throw,
}

/// The generic entry that a function is linked with: prepares the function (constants, private bytecode, feedback) and
/// puts [`interp_entry`] in its own place. So the run loop need not ask whether a callee is prepared.
///
/// # Safety
/// As for [`interp_entry`].
pub unsafe extern "C" fn first_entry(rt: *mut Runtime, regs: *mut u64, argc: u32) -> u64 {
    // SAFETY: as promised by the caller; the callee is a closure.
    unsafe {
        let info = Obj::from_cell((*regs.sub(2)) as *mut _).function_info();
        if !(*info).is_prepared() {
            (*rt).prepare_function(info);
        }
        (*info).generic_entry = interp_thunk;
        interp_entry(rt, regs, argc)
    }
}

/// The generic entry of functions that are interpreted.
///
/// # Safety
/// The contract of generic entries: `rt` is the runtime of a [`super::Machine`], `regs` points to `argc` arguments on
/// its VM stack with `this` and callee just below.
pub unsafe extern "C" fn interp_entry(rt: *mut Runtime, regs: *mut u64, argc: u32) -> u64 {
    // SAFETY: as above; the callee is a closure, whose info lives as long as the runtime.
    unsafe {
        let callee = Obj::from_cell((*regs.sub(2)) as *mut _);
        let info = callee.function_info();
        (*info).invocations = (*info).invocations.wrapping_add(1);
        if (*info).invocations >= (*info).invocation_trip {
            ((*Interp::of(rt)).hooks.invocation_trip)(&mut *rt, info);
            if !is_interpreted(info) {
                return ((*rt).hooks.enter)(&mut *rt, (*info).generic_entry, regs, argc);
            }
        }
        let nparams = (*info).nparams as u32;
        let words = ((*info).nregs as u32).max(if (*info).flags & flags::NEEDS_ARGC != 0 { argc } else { 0 });
        if regs.add(words as usize) > (*rt).head.vm_stack_limit || native_stack_is_short(rt) {
            let _: Result<(), Thrown> = (*rt).throw_stack_overflow();
            return Value::EMPTY.0;
        }
        for i in argc..nparams {
            *regs.add(i as usize) = Value::UNDEFINED.0;
        }
        let saved = (*rt).head.sp;
        (*rt).head.sp = regs.add(words as usize);
        let result = enter(
            rt,
            FrameRecord { regs, pc: (*info).code, info, argc, dst: 0, call_units: 0, flags: ENTRY },
            EntryPoint::Execute,
        );
        (*rt).head.sp = saved;
        result
    }
}

crate::exit_thunk!(
    /// The interpreter as a generic entry: what compiled code may call.
    pub interp_thunk(rt: *mut Runtime, regs: *mut u64, argc: u32) -> u64, interp_entry
);
crate::exit_thunk!(
    /// [`first_entry`] as a generic entry.
    pub first_thunk(rt: *mut Runtime, regs: *mut u64, argc: u32) -> u64, first_entry
);

/// Whether calls of a function enter the interpreter.
///
/// # Safety
/// The info is alive.
#[inline(always)]
pub unsafe fn is_interpreted(info: *mut FunctionInfo) -> bool {
    // SAFETY: promised by the caller.
    unsafe { (*info).generic_entry as usize == interp_thunk as *const () as usize }
}

/// Whether the native stack has little room left.
#[inline]
fn native_stack_is_short(rt: *mut Runtime) -> bool {
    // SAFETY: callers pass the live runtime.
    stack_pointer() < unsafe { (*rt).head.native_stack_limit }
}

/// Pushes the frame, registers the run loop and runs it.
unsafe fn enter(rt: *mut Runtime, record: FrameRecord, point: EntryPoint) -> u64 {
    // SAFETY: the callers below have put a complete frame on the VM stack.
    unsafe {
        let interp = Interp::of(rt);
        let first = (*interp).depth();
        (*interp).activations.push(Activation { native_sp: stack_pointer(), first });
        let saved_top = (*interp).top;
        (*interp).top = saved_top.add(1);
        (*interp).top.write(record);
        let result = if (*interp).count { run::<true>(rt, point) } else { run::<false>(rt, point) };
        (*interp).top = saved_top;
        (*interp).activations.pop();
        result
    }
}

/// Runs the frame that stands at `regs` on the VM stack from the instruction at `offset` on, to its end. The frame keeps
/// its place; its result is returned (0: it threw). For leaving compiled code that works in the interpreter's frame.
///
/// # Safety
/// A complete frame of `info`, which is prepared, stands at `regs`; nothing above it on the VM stack is in use.
pub unsafe fn run_frame(
    rt: *mut Runtime,
    regs: *mut u64,
    info: *mut FunctionInfo,
    argc: u32,
    offset: u32,
    point: EntryPoint,
    is_construct: bool,
) -> u64 {
    // SAFETY: the caller vouches for the frame.
    unsafe {
        if !(*info).is_prepared() {
            (*rt).prepare_function(info);
        }
        let saved = (*rt).head.sp;
        (*rt).head.sp = regs.add((*info).nregs as usize);
        let flags = if is_construct { ENTRY | CONSTRUCT } else { ENTRY };
        let pc = (*info).code.add(offset as usize);
        let result = enter(rt, FrameRecord { regs, pc, info, argc, dst: 0, call_units: 0, flags }, point);
        (*rt).head.sp = saved;
        result
    }
}

/// Puts rebuilt frames on the VM stack, outermost first, and runs until the outermost returns. An inner frame's return
/// delivers its result as the outer frame's [`ResumePoint::After`] says. The innermost frame's own point: `Before` runs its
/// instruction, `After` delivers `result` first; with `point` `Throw` the pending exception is thrown at its instruction.
///
/// # Safety
/// `rt` is the runtime of a machine; the frames' registers fit their functions; what the frames hold is reachable until
/// this function has copied it (nothing is allocated before).
pub unsafe fn resume(rt: *mut Runtime, frames: &[ResumeFrame<'_>], point: EntryPoint, result: Value) -> u64 {
    // SAFETY: the caller vouches for the frames; the limit is checked before anything is written.
    unsafe {
        let interp = Interp::of(rt);
        let (saved, saved_top, first) = ((*rt).head.sp, (*interp).top, (*interp).depth());
        let Some(innermost) = push_frames(rt, frames) else { return Value::EMPTY.0 };
        let Some(mut innermost) = innermost else { return result.0 };
        if let (Some(f), EntryPoint::Execute) = (frames.last(), point)
            && let ResumePoint::After(dst) = f.resume
        {
            if let Some(dst) = dst {
                *innermost.regs.add(dst as usize) = result.0;
            }
            innermost.pc = innermost.pc.add(units_at(f.info, f.offset) as usize);
        }
        (*interp).activations.push(Activation { native_sp: stack_pointer(), first });
        (*interp).top = (*interp).top.add(1);
        (*interp).top.write(innermost);
        let result = if (*interp).count { run::<true>(rt, point) } else { run::<false>(rt, point) };
        (*interp).top = saved_top;
        (*interp).activations.pop();
        (*rt).head.sp = saved;
        result
    }
}

/// Puts frames on the VM stack, outermost first, and the records of all but the innermost on the record stack. Returns the
/// innermost one's record; the outer `None` if the stack is full, which has been thrown.
///
/// # Safety
/// As for [`resume`]. The caller saves and restores `head.sp` and the top of the record stack.
unsafe fn push_frames(rt: *mut Runtime, frames: &[ResumeFrame<'_>]) -> Option<Option<FrameRecord>> {
    // SAFETY: the caller vouches for the frames; the limit is checked before anything is written.
    unsafe {
        let words: usize = frames.iter().map(|f| 2 + (*f.info).nregs as usize).sum();
        let mut base = (*rt).head.sp;
        if base.add(words) > (*rt).head.vm_stack_limit {
            let _: Result<(), Thrown> = (*rt).throw_stack_overflow();
            return None;
        }
        let interp = Interp::of(rt);
        let mut pending: Option<FrameRecord> = None;
        for (i, f) in frames.iter().enumerate() {
            if let Some(outer) = pending.take() {
                (*interp).top = (*interp).top.add(1);
                (*interp).top.write(outer);
            }
            base.write(f.callee.0);
            base.add(1).write(f.this.0);
            let regs = base.add(2);
            for (r, v) in f.registers.iter().enumerate() {
                regs.add(r).write(v.0);
            }
            base = regs.add((*f.info).nregs as usize);
            (*rt).head.sp = base;
            if !(*f.info).is_prepared() {
                (*rt).prepare_function(f.info);
            }
            let mut kind = if i == 0 { ENTRY } else { 0 } | if f.is_construct { CONSTRUCT } else { 0 };
            let (mut dst, mut call_units) = (0, 0);
            if let Some(outer) = i.checked_sub(1).map(|o| &frames[o]) {
                call_units = units_at(outer.info, outer.offset);
                match outer.resume {
                    ResumePoint::After(Some(register)) => dst = register,
                    ResumePoint::After(None) | ResumePoint::Before => kind |= DISCARD,
                }
            }
            pending = Some(FrameRecord {
                regs,
                pc: (*f.info).code.add(f.offset as usize),
                info: f.info,
                argc: f.argc,
                dst,
                call_units,
                flags: kind,
            });
        }
        Some(pending)
    }
}

/// Rebuilt frames that stand on the VM stack and are run one by one, innermost first, by whoever laid them out. The frames
/// that wait are on the record stack, so that stack traces show them.
pub struct LaidOut {
    /// Register 0 of each frame, outermost first.
    pub registers: Vec<*mut u64>,
    saved_sp: *mut u64,
    saved_top: *mut FrameRecord,
}

impl LaidOut {
    /// Puts rebuilt frames on the VM stack; none if it is full, which has been thrown.
    ///
    /// # Safety
    /// As for [`resume`]. [`LaidOut::take_down`] is called before anything else that the interpreter was doing goes on.
    pub unsafe fn new(rt: *mut Runtime, frames: &[ResumeFrame<'_>]) -> Option<LaidOut> {
        // SAFETY: the caller vouches for the frames.
        unsafe {
            let interp = Interp::of(rt);
            let (saved_sp, saved_top, first) = ((*rt).head.sp, (*interp).top, (*interp).depth());
            let mut end = saved_sp;
            let place = |f: &ResumeFrame<'_>| {
                let registers = end.add(2);
                end = registers.add((*f.info).nregs as usize);
                registers
            };
            let registers = frames.iter().map(place).collect();
            push_frames(rt, frames)?;
            (*interp).activations.push(Activation { native_sp: stack_pointer(), first });
            Some(LaidOut { registers, saved_sp, saved_top })
        }
    }

    /// The frame that called the one which has just ended is going to run: it does not wait any more.
    ///
    /// # Safety
    /// A frame waits, and nothing above it is in use.
    pub unsafe fn next_outer(&mut self, rt: *mut Runtime) {
        // SAFETY: the records of waiting frames lie on top of the record stack.
        unsafe {
            let interp = Interp::of(rt);
            (*interp).top = (*interp).top.sub(1);
        }
    }

    /// All frames have ended.
    ///
    /// # Safety
    /// Nothing that was laid out is running.
    pub unsafe fn take_down(self, rt: *mut Runtime) {
        // SAFETY: what was saved is what was in force.
        unsafe {
            let interp = Interp::of(rt);
            (*interp).top = self.saved_top;
            (*interp).activations.pop();
            (*rt).head.sp = self.saved_sp;
        }
    }
}

/// Runs something that a frame which stands on the VM stack already, at `regs`, waits for at an instruction: stack traces show
/// the frame there.
///
/// # Safety
/// `rt` is the runtime of a machine; the frame is one of the prepared function `info`, and no record of it is on the record
/// stack.
pub unsafe fn while_waiting<T>(
    rt: *mut Runtime,
    (info, regs): (*mut FunctionInfo, *mut u64),
    (offset, argc, is_construct): (u32, u32, bool),
    run: impl FnOnce() -> T,
) -> T {
    let flags = ENTRY | if is_construct { CONSTRUCT } else { 0 };
    // SAFETY: the caller vouches for the frame, which has room for its record as it has for its registers.
    let saved_top = unsafe {
        let interp = Interp::of(rt);
        let (saved_top, first) = ((*interp).top, (*interp).depth());
        let pc = (*info).code.add(offset as usize);
        (*interp).top = saved_top.add(1);
        (*interp).top.write(FrameRecord { regs, pc, info, argc, dst: 0, call_units: 0, flags });
        (*interp).activations.push(Activation { native_sp: stack_pointer(), first });
        saved_top
    };
    let result = run();
    // SAFETY: what was saved is what was in force.
    unsafe {
        let interp = Interp::of(rt);
        (*interp).activations.pop();
        (*interp).top = saved_top;
    }
    result
}

/// Length of the instruction at an offset.
unsafe fn units_at(info: *mut FunctionInfo, offset: u32) -> u8 {
    // SAFETY: the caller passes an instruction's offset in a live function.
    let op = unsafe { &*info }.function.code[offset as usize];
    Op::ALL[quick::base_of(op) as usize].units() as u8
}

const _: () = assert!(size_of::<Code>() == 2);
