//! Calls and `new`: closures over interpreted bytecode get a frame in the same run loop, the rest goes to [`super::call`].

use super::call as slow;
use crate::bytecode::ops::{Op, quick};
use crate::feedback::slot::CallSlot;
use crate::interp::entry::is_interpreted;
use crate::interp::frame::CONSTRUCT;
use crate::interp::state::{State, field, is_cell, kind_byte, tri};
use crate::runtime::builtins::{forwards_calls, native_entry};
use crate::runtime::cell::{Cell, CellKind, offset};
use crate::runtime::function::{FunctionInfo, flags};
use crate::runtime::inline_cache::record_call;
use crate::runtime::object::Obj;
use crate::runtime::ops::class;
use crate::runtime::value::Value;

/// `call` of a closure over interpreted bytecode.
#[inline(always)]
pub unsafe fn call_function<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let base = s.regs.add(s.op(2));
        let callee = Value(*base);
        let slot = &mut *s.slot::<CallSlot>(4);
        // The site's first target was a closure when this form was chosen, and no class constructor.
        if slot.entries[0].callee == callee.0 {
            let info = field::<*mut FunctionInfo>(callee, offset::FUNCTION_INFO as usize);
            if is_interpreted(info) {
                slot.count = slot.count.wrapping_add(1);
                slot.entries[0].count = slot.entries[0].count.saturating_add(1);
                return s.push(info, base.add(2), 0);
            }
        }
        s.general(Op::Call)
    }
}

/// `call` of closures over one of a few texts.
#[inline(always)]
pub unsafe fn call_closure<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let base = s.regs.add(s.op(2));
        let callee = Value(*base);
        if is_cell(callee) && kind_byte(callee) == CellKind::Function as u8 {
            let info = field::<*mut FunctionInfo>(callee, offset::FUNCTION_INFO as usize);
            let target = (*info).id.as_u32() + 1;
            let slot = &mut *s.slot::<CallSlot>(4);
            for entry in &mut slot.entries {
                if entry.target == target && is_interpreted(info) && (*info).flags & flags::CLASS_CONSTRUCTOR == 0 {
                    slot.count = slot.count.wrapping_add(1);
                    entry.count = entry.count.saturating_add(1);
                    if entry.callee != callee.0 {
                        entry.callee = 0;
                    }
                    return s.push(info, base.add(2), 0);
                }
            }
        }
        s.general(Op::Call)
    }
}

/// `call` of one native function.
#[inline(always)]
pub unsafe fn call_native<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let base = s.regs.add(s.op(2));
        let slot = &mut *s.slot::<CallSlot>(4);
        // The site's first target was a native function when this form was chosen, and none that forwards.
        if slot.entries[0].callee == *base {
            slot.count = slot.count.wrapping_add(1);
            slot.entries[0].count = slot.entries[0].count.saturating_add(1);
            let v = tri!(s, slow::result_of(native_entry(s.rt(), base.add(2), s.op(3) as u32)));
            return s.done(v, Op::Call);
        }
        s.general(Op::Call)
    }
}

/// `call`.
#[inline(always)]
pub unsafe fn call<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let base = s.regs.add(s.op(2));
        let callee = Value(*base);
        record_call(s.slot(4), callee);
        if is_cell(callee) && kind_byte(callee) == CellKind::Function as u8 {
            let info = field::<*mut FunctionInfo>(callee, offset::FUNCTION_INFO as usize);
            if is_interpreted(info) && (*info).flags & flags::CLASS_CONSTRUCTOR == 0 {
                let is_first = (*s.slot::<CallSlot>(4)).entries[0].callee == callee.0;
                *s.pc = if is_first { quick::CALL_FUNCTION } else { quick::CALL_CLOSURE };
                return s.push(info, base.add(2), 0);
            }
        }
        if is_cell(callee) && kind_byte(callee) == CellKind::NativeFunction as u8 {
            let plain = !forwards_calls(Obj::from_cell(callee.0 as *mut Cell).native_id());
            if plain && (*s.slot::<CallSlot>(4)).entries[0].callee == callee.0 {
                *s.pc = quick::CALL_NATIVE;
            }
        }
        let v = tri!(s, slow::call_native(s.rt(), s.frame, base, s.op(3) as u32));
        s.done(v, Op::Call)
    }
}

/// `new`.
#[inline(always)]
pub unsafe fn new<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let base = s.regs.add(s.op(2));
        let callee = Value(*base);
        record_call(s.slot(4), callee);
        if is_cell(callee) && kind_byte(callee) == CellKind::Function as u8 {
            let info = field::<*mut FunctionInfo>(callee, offset::FUNCTION_INFO as usize);
            if is_interpreted(info) && (*info).flags & flags::CONSTRUCTOR != 0 {
                let f = Obj::from_cell(callee.0 as *mut Cell);
                let this = tri!(s, s.rt().construct_this(f, f));
                *base.add(1) = this.0;
                if (*info).flags & flags::READS_NEW_TARGET != 0 {
                    (*s.rt).head.new_target = callee;
                }
                return s.push(info, base.add(2), CONSTRUCT);
            }
        }
        let v = tri!(s, slow::construct_native(s.rt(), s.frame, base, s.op(3) as u32));
        s.done(v, Op::New)
    }
}

/// `call_spread`.
#[inline(always)]
pub unsafe fn call_spread<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let base = s.regs.add(s.op(2));
        record_call(s.slot(3), Value(*base));
        let v = tri!(s, slow::call_spread(s.rt(), s.frame, base));
        s.done(v, Op::CallSpread)
    }
}

/// `new_spread`.
#[inline(always)]
pub unsafe fn new_spread<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let base = s.regs.add(s.op(2));
        record_call(s.slot(3), Value(*base));
        let v = tri!(s, slow::new_spread(s.rt(), s.frame, base));
        s.done(v, Op::NewSpread)
    }
}

/// `super_call`.
#[inline(always)]
pub unsafe fn super_call<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (callee, new_target, slot) = (s.reg(2), s.reg(3), s.slot(6));
        let base = s.regs.add(s.op(4));
        let v = tri!(s, slow::super_call(s.rt(), callee, new_target, base, s.op(5) as u32, slot));
        s.done(v, Op::SuperCall)
    }
}

/// `super_call_spread`.
#[inline(always)]
pub unsafe fn super_call_spread<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (callee, new_target, slot) = (s.reg(2), s.reg(3), s.slot(5));
        let base = s.regs.add(s.op(4));
        let v = tri!(s, slow::super_call_spread(s.rt(), callee, new_target, base, slot));
        s.done(v, Op::SuperCallSpread)
    }
}

/// `init_fields`.
#[inline(always)]
pub unsafe fn init_fields<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (callee, o) = (s.reg(1), s.reg(2));
        tri!(s, class::init_fields(s.rt(), callee, o));
        s.next(Op::InitFields)
    }
}

/// `intrinsic`.
#[inline(always)]
pub unsafe fn intrinsic<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let args = std::slice::from_raw_parts(s.regs.add(s.op(3) + 2).cast::<Value>(), s.op(4));
        let hook = (*s.rt).hooks.intrinsic;
        let v = tri!(s, hook(s.rt(), s.op(2) as u16, args));
        s.done(v, Op::Intrinsic)
    }
}
