//! Stack traces across tiers.
//!
//! Interpreter frames lie on a stack of records, compiled ones on the native stack. Each run loop of the interpreter notes
//! where on the native stack it runs, so the two are put in order by address: what lies below a run loop was called from
//! it. A compiled frame that left through a side exit goes on in the interpreter, nested in the exit; it waits at a call
//! that has no source position, and is left out.

use super::Vm;
use crate::interp::Interp;
use crate::interp::trace::{FrameView, compiled_frame, stack_frame};
use crate::runtime::function::FunctionInfo;
use crate::runtime::runtime::{Runtime, StackFrame};
use crate::vocab::FunctionId;

/// A frame of the program, wherever it runs.
#[derive(Clone, Copy, Debug)]
enum Frame {
    Interpreted(FrameView),
    Compiled { function: FunctionId, offset: u32 },
}

/// The frames of the program, innermost first, at most `limit`.
fn frames(rt: &mut Runtime, limit: usize) -> Vec<Frame> {
    // SAFETY: hooks are called with the runtime of a VM, whose interpreter is not running while they do.
    let compiled = unsafe { Vm::of(rt) }.jit.compiled_frames();
    // SAFETY: as above.
    let interp = unsafe { &*Interp::of(rt) };
    let mut compiled = compiled.into_iter().peekable();
    let records = interp.frames();
    let mut end = records.len();
    let mut frames = Vec::new();
    for activation in interp.activations.iter().rev() {
        while let Some((_, positions)) = compiled.next_if(|(slot, _)| *slot < activation.native_sp) {
            frames.extend(positions.into_iter().map(|p| Frame::Compiled { function: p.0, offset: p.1 }));
        }
        let first = activation.first.min(end);
        frames.extend(records[first..end].iter().rev().map(|r| Frame::Interpreted(FrameView::from(r))));
        end = first;
        if frames.len() >= limit {
            break;
        }
    }
    for (_, positions) in compiled {
        frames.extend(positions.into_iter().map(|p| Frame::Compiled { function: p.0, offset: p.1 }));
    }
    frames.truncate(limit);
    frames
}

/// The hook for stack traces.
pub fn stack_trace(rt: &mut Runtime, limit: usize) -> Vec<StackFrame> {
    let frames = frames(rt, limit);
    frames
        .into_iter()
        .filter_map(|f| match f {
            Frame::Interpreted(view) => stack_frame(rt, view),
            Frame::Compiled { function, offset } => Some(compiled_frame(rt, function, offset)),
        })
        .collect()
}

/// Whether the innermost function of the program is sloppy code: the hook behind stores that fail silently there.
pub fn caller_is_sloppy(rt: &mut Runtime) -> bool {
    let sloppy = |info: &FunctionInfo| info.function.flags.sloppy;
    match frames(rt, 1).first() {
        Some(Frame::Interpreted(view)) => crate::interp::trace::info_of(view.callee).is_some_and(sloppy),
        Some(Frame::Compiled { function, .. }) => sloppy(rt.function(*function)),
        None => false,
    }
}
