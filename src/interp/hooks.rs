//! All that the interpreter knows of the world above it: three questions, answered by plain function pointers.
//!
//! Counters run until they reach a function's trip value; then the interpreter asks. Whoever answers sets the next trip
//! value. The interpreter knows no tiers: an answer may be "go on", or "the rest of this frame has been executed
//! elsewhere, and this is its result".

use super::frame::FrameRecord;
use crate::runtime::function::FunctionInfo;
use crate::runtime::runtime::{JsResult, Runtime, interrupt};
use std::sync::atomic::Ordering;

/// The answer at a back-edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backedge {
    /// Go on interpreting.
    Continue,
    /// The frame was left to other code, which ran to its end with this result (0: it threw).
    Leave(u64),
    /// Other code has run a part of the frame and handed it back: go on in it at this offset.
    Resume(u32),
    /// The same, but the pending exception is thrown at this offset.
    Throw(u32),
}

/// What the VM does for the interpreter.
#[derive(Clone, Copy)]
pub struct InterpHooks {
    /// A function's invocation count reached its trip value. It may have another entry afterwards, which is then called.
    pub invocation_trip: unsafe fn(&mut Runtime, *mut FunctionInfo),
    /// A function's back-edge count reached its trip value. The frame's `pc` is the target of the jump, a loop header. The
    /// record is not on the record stack while the hook runs, so that code which takes the frame over is not seen twice.
    pub backedge_trip: unsafe fn(&mut Runtime, &FrameRecord) -> Backedge,
    /// The same question, asked by compiled code that works in the interpreter's frame: "go on" means with that code.
    pub compiled_backedge_trip: unsafe fn(&mut Runtime, &FrameRecord) -> Backedge,
    /// Somebody set bits of `head.interrupt`. The argument has those that the interpreter does not handle itself.
    pub safepoint: unsafe fn(&mut Runtime, u32) -> JsResult<()>,
}

impl InterpHooks {
    /// Hooks that never leave the interpreter.
    pub const INTERPRET_ONLY: InterpHooks = InterpHooks {
        // SAFETY: infos that the interpreter passes are alive.
        invocation_trip: |_, info| unsafe { (*info).invocation_trip = u32::MAX },
        backedge_trip: |_, frame| {
            // SAFETY: as above.
            unsafe { (*frame.info).backedge_trip = u32::MAX };
            Backedge::Continue
        },
        compiled_backedge_trip: |_, frame| {
            // SAFETY: as above.
            unsafe { (*frame.info).backedge_trip = u32::MAX };
            Backedge::Continue
        },
        safepoint: |_, _| Ok(()),
    };
}

/// What every tier does at a safepoint when `head.interrupt` is not 0.
#[cold]
pub fn safepoint(rt: &mut Runtime, others: unsafe fn(&mut Runtime, u32) -> JsResult<()>) -> JsResult<()> {
    use crate::runtime::runtime::{Termination, Thrown};
    let bits = rt.head.interrupt.load(Ordering::Relaxed);
    if bits & interrupt::TERMINATE != 0 {
        return Err(Thrown);
    }
    if bits & interrupt::TIMEOUT != 0 {
        rt.head.interrupt.fetch_and(!interrupt::TIMEOUT, Ordering::Relaxed);
        return rt.terminate(Termination::Timeout);
    }
    if bits & interrupt::HEAP != 0 {
        rt.head.interrupt.fetch_and(!interrupt::HEAP, Ordering::Relaxed);
        if rt.heap.limit_exceeded() {
            let limit = rt.heap.limit_bytes();
            return rt.terminate(Termination::HeapLimit(limit));
        }
    }
    let rest = bits & !(interrupt::TERMINATE | interrupt::HEAP | interrupt::TIMEOUT);
    if rest != 0 {
        rt.head.interrupt.fetch_and(!rest, Ordering::Relaxed);
        // SAFETY: the hook belongs to this runtime.
        unsafe { others(rt, rest)? };
    }
    Ok(())
}
