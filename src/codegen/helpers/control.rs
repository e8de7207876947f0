//! Exceptions, bindings, and the moments when compiled code asks what to do: entry trips, back-edge trips, safepoints.

use super::{CONTINUE, LEFT_THROWING, helper_group};
use crate::interp::frame::FrameRecord;
use crate::interp::{Backedge, EntryPoint, Interp, hooks, run_frame};
use crate::runtime::cell::Cell;
use crate::runtime::function::{FunctionInfo, ModuleCell};
use crate::runtime::object::Obj;
use crate::runtime::ops::bindings;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::value::Value;
use std::sync::atomic::Ordering;

/// The function of the frame at `regs`.
fn info_of(regs: *const u64) -> *mut FunctionInfo {
    // SAFETY: compiled code passes its frame, whose callee is a closure.
    unsafe { Obj::from_cell(*regs.sub(2) as *mut Cell).function_info() }
}

/// Asks about a function whose invocation count reached its trip. If it has another entry afterwards, the call is
/// passed on to that.
fn entry_trip(rt: &mut Runtime, regs: *mut u64, argc: u32) -> u64 {
    let info = info_of(regs);
    // SAFETY: the runtime is a machine's; infos live as long as the runtime; callee, `this` and arguments stand at `regs`.
    unsafe {
        let before = (*info).generic_entry as usize;
        ((*Interp::of(rt)).hooks.invocation_trip)(rt, info);
        let entry = (*info).generic_entry;
        if entry as usize == before {
            return CONTINUE;
        }
        (rt.hooks.enter)(rt, entry, regs, argc)
    }
}

/// What to do at a back-edge whose counter tripped or that was interrupted; `offset` is the target of the jump.
fn backedge(rt: &mut Runtime, regs: *mut u64, offset: u64) -> JsResult<u64> {
    poll(rt)?;
    let info = info_of(regs);
    // SAFETY: the runtime is a machine's, and the frame is complete: baseline code works in the interpreter's frame.
    unsafe {
        if (*info).backedges < (*info).backedge_trip {
            return Ok(CONTINUE);
        }
        let pc = (*info).code.add(offset as usize);
        let record = FrameRecord { regs, pc, info, argc: 0, dst: 0, call_units: 0, flags: 0 };
        match ((*Interp::of(rt)).hooks.compiled_backedge_trip)(rt, &record) {
            Backedge::Continue => Ok(CONTINUE),
            Backedge::Leave(word) if word == Value::EMPTY.0 => Ok(LEFT_THROWING),
            Backedge::Leave(word) => Ok(word),
            // Baseline code cannot be entered just anywhere: the interpreter runs the rest of the frame.
            Backedge::Resume(at) => finish(run_frame(rt, regs, info, 0, at, EntryPoint::Execute, false)),
            Backedge::Throw(at) => finish(run_frame(rt, regs, info, 0, at, EntryPoint::Throw, false)),
        }
    }
}

/// What a back-edge helper answers when the frame has run to its end.
fn finish(word: u64) -> JsResult<u64> {
    Ok(if word == Value::EMPTY.0 { LEFT_THROWING } else { word })
}

/// Remembers where the pending exception was thrown, unless it is on its way already.
fn note_throw(rt: &mut Runtime, regs: *const u64, offset: u64) {
    let (exception, info) = (rt.head.exception, info_of(regs));
    // SAFETY: the runtime is a machine's.
    let site = unsafe { &mut (*Interp::of(rt)).throw_site };
    if site.is_none_or(|(v, ..)| v != exception) {
        *site = Some((exception, info, offset as u32));
    }
}

fn poll(rt: &mut Runtime) -> JsResult<()> {
    if rt.head.interrupt.load(Ordering::Relaxed) == 0 {
        return Ok(());
    }
    // SAFETY: the runtime is a machine's.
    let others = unsafe { (*Interp::of(rt)).hooks.safepoint };
    hooks::safepoint(rt, others)
}

helper_group! {
    /// Takes the pending exception for a handler; 0 if no handler may have it.
    leaf CATCH = catch(rt) {
        if rt.termination.is_some() { Value::EMPTY.0 } else { rt.take_exception().0 }
    }
    /// An operation of the frame's instruction at this offset has thrown.
    leaf NOTE_THROW = note_throw_site(rt, regs: *const u64, offset: u64) { note_throw(rt, regs, offset) }
    /// `throw v`.
    leaf THROW = throw(rt, v: Value) {
        rt.head.exception = v;
        Value::EMPTY.0
    }
    /// RangeError: the stack is full.
    exit STACK_OVERFLOW = throw_stack_overflow(rt) {
        let thrown: JsResult = rt.throw_stack_overflow();
        thrown
    }
    /// The invocation count tripped: CONTINUE, or the result of the call.
    exit ENTRY_TRIP = invocation_trip(rt, regs: *mut u64, argc: u32) { entry_trip(rt, regs, argc) }
    /// A back-edge tripped or was interrupted: CONTINUE, 0 (an exception in this frame), LEFT_THROWING, or the result of
    /// the frame.
    exit BACKEDGE = backedge_trip(rt, regs: *mut u64, offset: u64) {
        backedge(rt, regs, offset).unwrap_or(Value::EMPTY.0)
    }
    /// An interrupt: CONTINUE or 0.
    exit SAFEPOINT = safepoint(rt) { poll(rt) }
    /// ReferenceError: `super()` twice.
    exit THROW_SUPER_TWICE = throw_super_called_twice(rt) { bindings::throw_super_called_twice(rt) }
    /// ReferenceError: `this` before `super()`.
    exit THROW_THIS_UNINITIALIZED = throw_this_uninitialized(rt) { bindings::throw_this_uninitialized(rt) }
    /// `this` of sloppy code.
    exit SLOPPY_THIS = sloppy_this(rt, given: Value) { bindings::sloppy_this(rt, given) }
    /// ReferenceError: a binding before its initialization.
    exit THROW_TDZ = throw_tdz(rt, name: Value) { bindings::throw_tdz(rt, name) }
    /// An assignment that can never succeed.
    exit THROW_ASSIGN = throw_assign(rt, name: Value, kind: u64) { bindings::throw_assign(rt, name, kind as u16) }
    /// An error that the frontend foresaw.
    exit THROW_ERROR = throw_kind(rt, kind: u64, text: Value) { bindings::throw_kind(rt, kind as u16, text) }
    /// Assigns a module binding.
    exit SET_MODULE = set_module(rt, cell: *mut ModuleCell, v: Value) { bindings::set_module(rt, cell, v) }
    /// Initializes a module binding.
    leaf INIT_MODULE = init_module(_rt, cell: *mut ModuleCell, v: Value) {
        // SAFETY: module cells live as long as the runtime.
        bindings::init_module(unsafe { &mut *cell }, v)
    }
}
