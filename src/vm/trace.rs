//! Stack traces across tiers.
//!
//! Two stacks are merged by address: interpreter frames belong to activations, which know where on the native stack their
//! run loop runs; frames of compiled code are found by walking the native stack (`deopt::exit`), and each stands for one
//! frame per function inlined at its position. Baseline frames keep their registers where the interpreter does, so callee
//! and receiver are named as in tier 0; of optimized code only the function is known. Whoever runs the rest of a frame stands
//! for it; code that waits for that does not. Natives link their arguments in a list while they run
//! (`Runtime::native_calls`), whose addresses say where among the frames they belong.

use super::Vm;
use crate::bytecode::function::FunctionKind;
use crate::bytecode::ops::{Insn, Reg};
use crate::code::blob::Position;
use crate::interp::trace::{FrameView, has_line, native_frame, stack_frame};
use crate::runtime::builtins::NativeCall;
use crate::runtime::function::{FunctionInfo, flags};
use crate::runtime::object::Obj;
use crate::runtime::runtime::{Runtime, StackFrame};
use crate::runtime::value::Value;
use crate::vocab::{FunctionId, Tier};

/// A frame of compiled code.
pub(super) struct CompiledActivation {
    /// Its native frame pointer.
    pub(super) frame_pointer: usize,
    /// The tier of its code.
    pub(super) tier: Tier,
    /// Register 0 of baseline code; null for optimized code.
    pub(super) registers: *mut u64,
    /// Where it stands, innermost inlined function first.
    pub(super) positions: Vec<Position>,
}

/// One line to be.
enum Line {
    /// Interpreter or baseline: register 0 is known.
    Frame { view: FrameView, registers: *mut u64, tier: Tier },
    /// Optimized.
    Position { function: FunctionId, offset: u32, inlined: bool },
    /// A function of the library that is running.
    Native(NativeCall),
}

/// A frame as events speak of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Its function.
    pub(super) function: FunctionId,
    /// The instruction at which it stands.
    pub(super) offset: u32,
    /// The tier that runs it.
    pub(super) tier: Tier,
    /// Whether it is inlined into the next one.
    pub(super) inlined: bool,
}

/// The current stack, innermost first, at most `limit` frames.
pub(super) fn places(vm: &Vm, limit: usize) -> Vec<Place> {
    let place = |line: Line| match line {
        Line::Frame { view, tier, .. } => {
            let info = crate::interp::trace::info_of(view.callee)?;
            Some(Place { function: info.id, offset: view.offset, tier, inlined: false })
        }
        Line::Position { function, offset, inlined } => {
            Some(Place { function, offset, tier: Tier::Optimized, inlined })
        }
        Line::Native(_) => None,
    };
    let mut lines = program_lines(vm, limit);
    lines.truncate(limit);
    lines.into_iter().filter_map(place).collect()
}

/// How many frames are looked through for the function that a trace begins after (`Runtime::trace_skip`).
const SKIP_LIMIT: usize = 64;

/// The current stack, innermost first, at most `limit` frames.
pub(super) fn stack_trace(rt: &mut Runtime, limit: usize) -> Vec<StackFrame> {
    // SAFETY: hooks are called with the runtime of a VM.
    let vm = unsafe { Vm::of(rt) };
    let skip = Obj::from_value(vm.machine.rt.trace_skip).filter(|f| f.is_callable());
    let mut lines = lines(vm, if skip.is_some() { limit + SKIP_LIMIT } else { limit + 1 });
    for i in 1..lines.len() {
        let (inner, outer) = lines.split_at_mut(i);
        if let (
            Some(Line::Frame { view, registers, .. }),
            Some(Line::Frame { view: outer, registers: outer_registers, .. }),
        ) = (inner.last_mut(), outer.first())
        {
            view.is_construct |= constructs(outer, *outer_registers, *registers);
        }
    }
    if let Some(f) = skip {
        let id = crate::interp::trace::info_of(f.value()).map(|info| info.id);
        let is_it = |line: &Line| match line {
            Line::Frame { view, .. } => view.callee == f.value(),
            Line::Position { function, .. } => Some(*function) == id,
            Line::Native(call) => call.callee == vm.machine.rt.trace_skip,
        };
        let skipped = lines.iter().position(is_it).map_or(0, |i| i + 1);
        lines.drain(..skipped);
    }
    lines.truncate(limit);
    lines.into_iter().filter_map(|line| text_of(vm.rt(), line)).collect()
}

/// Whether the innermost function of the program is sloppy code: stores that cannot succeed are silent there.
pub(super) fn caller_is_sloppy(rt: &mut Runtime) -> bool {
    // SAFETY: hooks are called with the runtime of a VM.
    let vm = unsafe { Vm::of(rt) };
    match program_lines(vm, 1).first() {
        Some(Line::Frame { view, .. }) => crate::interp::ops::call::closure(view.callee).is_some_and(|f| {
            // SAFETY: infos live as long as the runtime.
            unsafe { (&*f.function_info()).function.flags.sloppy }
        }),
        Some(Line::Position { function, .. }) => vm.machine.rt.function(*function).function.flags.sloppy,
        Some(Line::Native(_)) | None => false,
    }
}

/// Remembers the innermost place in the program as the one where a value was thrown.
pub(super) fn note_throw(rt: &mut Runtime, thrown: Value) {
    // SAFETY: hooks are called with the runtime of a VM.
    let vm = unsafe { Vm::of(rt) };
    let site = match program_lines(vm, 1).first() {
        Some(Line::Frame { view, .. }) => {
            crate::interp::ops::call::closure(view.callee).map(|f| (f.function_info(), view.offset))
        }
        Some(Line::Position { function, offset, .. }) => {
            Some((std::ptr::from_ref(vm.machine.rt.function(*function)).cast_mut(), *offset))
        }
        Some(Line::Native(_)) | None => None,
    };
    vm.machine.interp.throw_site = site.map(|(info, offset)| (thrown, info, offset));
}

/// The innermost function of the program, if it is not optimized.
pub(super) fn lower_tier_caller(vm: &Vm) -> Option<*mut FunctionInfo> {
    match program_lines(vm, 1).first()? {
        Line::Frame { view, .. } => crate::interp::ops::call::closure(view.callee).map(|f| f.function_info()),
        Line::Position { .. } | Line::Native(_) => None,
    }
}

/// Both stacks, merged, innermost first, with the natives that stack traces show.
fn lines(vm: &Vm, limit: usize) -> Vec<Line> {
    merged(vm, limit, vm.machine.rt.native_calls().filter(has_line))
}

/// The same without natives.
fn program_lines(vm: &Vm, limit: usize) -> Vec<Line> {
    merged(vm, limit, std::iter::empty())
}

fn merged(vm: &Vm, limit: usize, natives: impl Iterator<Item = NativeCall>) -> Vec<Line> {
    let interp = &vm.machine.interp;
    let records = interp.frames();
    let mut compiled = vm.jit.activations(limit).into_iter().peekable();
    let mut natives = natives.peekable();
    let mut lines = Vec::new();
    let mut end = records.len();
    // What lies deeper in the native stack is further in.
    let mut push_deeper = |lines: &mut Vec<Line>, native_sp: usize| {
        while let Some(frame) = compiled.next_if(|c| c.frame_pointer < native_sp) {
            while let Some(call) = natives.next_if(|n| n.native_sp < frame.frame_pointer) {
                lines.push(Line::Native(call));
            }
            push_compiled(lines, frame);
        }
        while let Some(call) = natives.next_if(|n| n.native_sp < native_sp) {
            lines.push(Line::Native(call));
        }
    };
    for activation in interp.activations.iter().rev() {
        push_deeper(&mut lines, activation.native_sp);
        for record in records[activation.first..end].iter().rev() {
            let view = FrameView::from(record);
            lines.push(Line::Frame { view, registers: record.regs, tier: Tier::Interpreter });
            if lines.len() >= limit {
                return lines;
            }
        }
        end = activation.first;
    }
    push_deeper(&mut lines, usize::MAX);
    lines
}

fn push_compiled(lines: &mut Vec<Line>, frame: CompiledActivation) {
    let registers = frame.registers;
    if registers.is_null() {
        let line = |p: Position| {
            let inlined = p.inlined_at.is_some();
            Line::Position { function: p.function, offset: p.bytecode_offset, inlined }
        };
        lines.extend(frame.positions.into_iter().map(line));
    } else if lines.iter().any(|line| matches!(line, Line::Frame { registers: r, .. } if *r == registers)) {
        // The interpreter goes on in this frame; baseline code waits for it to end.
    } else if let Some(p) = frame.positions.first() {
        // SAFETY: callee and `this` lie below the registers of a live frame.
        let (callee, this) = unsafe { (Value(*registers.sub(2)), Value(*registers.sub(1))) };
        let view = FrameView { callee, this, is_construct: false, offset: p.bytecode_offset };
        lines.push(Line::Frame { view, registers, tier: frame.tier });
    }
}

/// Whether the frame with these registers runs a constructor for the instruction at which the outer frame stands.
fn constructs(outer: &FrameView, outer_registers: *mut u64, registers: *mut u64) -> bool {
    let Some(f) = crate::interp::ops::call::closure(outer.callee) else { return false };
    // SAFETY: infos live as long as the runtime.
    let code = unsafe { (*f.function_info()).function.clone() };
    let window = |base: Reg| outer_registers.wrapping_add(base.0 as usize + 2) == registers;
    match Insn::decode(&code.code, outer.offset as usize) {
        Insn::New { base, .. } | Insn::SuperCall { base, .. } => window(base),
        _no_construction => false,
    }
}

fn text_of(rt: &mut Runtime, line: Line) -> Option<StackFrame> {
    match line {
        Line::Native(call) => native_frame(rt, call),
        Line::Frame { view, .. } => stack_frame(rt, view),
        Line::Position { function, offset, .. } => {
            let info = rt.function(function);
            let constructor = info.flags & flags::CLASS_CONSTRUCTOR != 0;
            let code = info.function.clone();
            if code.source.is_prelude() {
                // Bodies are inlined for plain arrays only.
                return Some(StackFrame::of_library(format!("Array.{}", code.name)));
            }
            let (line, column) = code.line_column_at(offset);
            let function = match (code.kind, constructor) {
                (FunctionKind::Module, _) => "Object.<anonymous>".into(),
                (_, true) => format!("new {}", code.name),
                (_, false) => code.name.clone(),
            };
            Some(StackFrame { function, file: code.source.path.clone(), line, column })
        }
    }
}
