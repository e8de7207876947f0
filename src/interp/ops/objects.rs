//! Allocation, classes, iteration.
//!
//! What needs a temporary in memory (an optional text, a result by reference) stands in functions of its own, so that the
//! handlers have no stack frame.

use crate::bytecode::ops::Op;
use crate::interp::frame::FrameRecord;
use crate::interp::state::{State, elements_data, field, is_cell, kind_byte, tri};
use crate::runtime::builtins::regexp;
use crate::runtime::cell::{Cell, CellKind, offset};
use crate::runtime::ops::calls::callee_text;
use crate::runtime::ops::iteration::{self, IterState};
use crate::runtime::ops::{class, literal};
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::value::Value;

/// Source text of what the running instruction is about.
unsafe fn text(frame: *mut FrameRecord) -> Option<String> {
    // SAFETY: handlers pass their own frame.
    unsafe { callee_text(&*(*frame).info, (*frame).offset()) }
}

#[inline(never)]
unsafe fn array_spread_slow(rt: &mut Runtime, frame: *mut FrameRecord, array: Value, source: Value) -> JsResult<()> {
    // SAFETY: as for `text`.
    let text = unsafe { text(frame) };
    literal::array_spread(rt, array, source, text)
}

#[inline(never)]
unsafe fn iter_init_slow(
    rt: &mut Runtime,
    frame: *mut FrameRecord,
    state: *mut IterState,
    source: Value,
) -> JsResult<()> {
    // SAFETY: as for `text`; the state is three registers of the frame.
    unsafe { iteration::iter_init(rt, &mut *state, source, || text(frame)) }
}

/// HOLE if there is no next value.
#[inline(never)]
unsafe fn iter_next_slow(rt: &mut Runtime, state: *mut IterState) -> JsResult {
    // SAFETY: the state is three registers of the frame.
    Ok(unsafe { iteration::iter_next(rt, &mut *state)? }.unwrap_or(Value::HOLE))
}

/// HOLE if there is no next key.
#[inline(never)]
unsafe fn enum_next_slow(rt: &mut Runtime, state: *mut IterState) -> JsResult {
    // SAFETY: the state is three registers of the frame.
    Ok(unsafe { iteration::enum_next(rt, &mut *state)? }.unwrap_or(Value::HOLE))
}

#[cold]
#[inline(never)]
unsafe fn throw_not_destructurable(rt: &mut Runtime, frame: *mut FrameRecord, v: Value) {
    // SAFETY: as for `text`.
    let text = unsafe { text(frame) };
    let _ = literal::throw_not_destructurable(rt, v, text);
}

/// `new_closure`.
#[inline(always)]
pub unsafe fn new_closure<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let info = (&(*s.info()).children)[s.op(2)];
        let v = class::new_closure(s.rt(), info, s.reg(3), s.callee());
        s.done(v, Op::NewClosure)
    }
}

/// `new_object`.
#[inline(always)]
pub unsafe fn new_object<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let o = literal::new_object(s.rt(), s.op(2) as u16, s.slot(3));
        s.done(o.value(), Op::NewObject)
    }
}

/// `new_array`.
#[inline(always)]
pub unsafe fn new_array<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let values = std::slice::from_raw_parts(s.regs.add(s.op(2)).cast::<Value>(), s.op(3));
        let a = literal::new_array(s.rt(), values, s.slot(4));
        s.done(a.value(), Op::NewArray)
    }
}

/// `array_push`.
#[inline(always)]
pub unsafe fn array_push<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, v) = (s.reg(1), s.reg(2));
        tri!(s, literal::array_push(s.rt(), a, v));
        s.next(Op::ArrayPush)
    }
}

/// `array_spread`.
#[inline(always)]
pub unsafe fn array_spread<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (a, v) = (s.reg(1), s.reg(2));
        tri!(s, array_spread_slow(s.rt(), s.frame, a, v));
        s.next(Op::ArraySpread)
    }
}

/// `copy_props`.
#[inline(always)]
pub unsafe fn copy_props<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, source, excluded) = (s.reg(1), s.reg(2), s.reg(3));
        tri!(s, literal::copy_props(s.rt(), o, source, excluded));
        s.next(Op::CopyProps)
    }
}

/// `new_class`.
#[inline(always)]
pub unsafe fn new_class<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let info = (&(*s.info()).children)[s.op(2)];
        let (scope, parent) = (s.reg(3), s.reg(4));
        let (ctor, proto) = tri!(s, class::new_class(s.rt(), info, scope, parent));
        let at = s.regs.add(s.op(1));
        *at = ctor.value().0;
        *at.add(1) = proto.value().0;
        s.next(Op::NewClass)
    }
}

/// `set_field_init`.
#[inline(always)]
pub unsafe fn set_field_init<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (ctor, f) = (s.reg(1), s.reg(2));
        tri!(s, class::set_field_init(s.rt(), ctor, f));
        s.next(Op::SetFieldInit)
    }
}

/// `template_object`.
#[inline(always)]
pub unsafe fn template_object<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let strings = std::slice::from_raw_parts(s.regs.add(s.op(2)).cast::<Value>(), 2 * s.op(3));
        let o = literal::template_object(s.rt(), strings, s.slot(4));
        s.done(o.value(), Op::TemplateObject)
    }
}

/// `new_regexp`.
#[inline(always)]
pub unsafe fn new_regexp<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (pattern, flags) = (s.constant(2), s.constant(3));
        let v = tri!(s, regexp::literal(s.rt(), pattern, flags));
        s.done(v, Op::NewRegExp)
    }
}

/// `iter_init`.
#[inline(always)]
pub unsafe fn iter_init<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let source = s.reg(2);
        iteration::learn_iteration(s.slot(3), source);
        let state = s.regs.add(s.op(1)).cast::<iteration::IterState>();
        tri!(s, iter_init_slow(s.rt(), s.frame, state, source));
        s.next(Op::IterInit)
    }
}

/// `iter_next`.
#[inline(always)]
pub unsafe fn iter_next<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let state = s.regs.add(s.op(2)).cast::<iteration::IterState>();
        let [source, index, mode] = *state;
        if mode.is_undefined() && is_cell(source) && kind_byte(source) == CellKind::Array as u8 {
            let i = index.0 as u32;
            let cell = field::<*mut Cell>(source, offset::ELEMENTS as usize);
            if i < field::<u32>(source, offset::ARRAY_LENGTH as usize)
                && i < (*cell).shape
                && (*cell).kind == CellKind::Elements
            {
                let v = *elements_data(source).add(i as usize);
                if !v.is_hole() {
                    (*state)[1] = Value::int(i as i32 + 1);
                    return s.done(v, Op::IterNext);
                }
            }
        }
        let next = tri!(s, iter_next_slow(s.rt(), state));
        if next.is_hole() { s.jump_to(3) } else { s.done(next, Op::IterNext) }
    }
}

/// `iter_close`.
#[inline(always)]
pub unsafe fn iter_close<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let state = s.regs.add(s.op(1)).cast::<iteration::IterState>();
        tri!(s, iteration::iter_close(s.rt(), &mut *state));
        s.next(Op::IterClose)
    }
}

/// `enum_init`.
#[inline(always)]
pub unsafe fn enum_init<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let source = s.reg(2);
        let state = s.regs.add(s.op(1)).cast::<iteration::IterState>();
        tri!(s, iteration::enum_init(s.rt(), &mut *state, source));
        s.next(Op::EnumInit)
    }
}

/// `enum_next`.
#[inline(always)]
pub unsafe fn enum_next<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let state = s.regs.add(s.op(2)).cast::<iteration::IterState>();
        let next = tri!(s, enum_next_slow(s.rt(), state));
        if next.is_hole() { s.jump_to(3) } else { s.done(next, Op::EnumNext) }
    }
}

/// `check_object`.
#[inline(always)]
pub unsafe fn check_object<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let v = s.reg(1);
        if v.is_nullish() {
            throw_not_destructurable(s.rt(), s.frame, v);
            return s.throw();
        }
        s.next(Op::CheckObject)
    }
}
