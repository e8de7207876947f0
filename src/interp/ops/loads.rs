//! Loads of constants and registers, `this`, and captured variables in scopes and module cells.

use crate::bytecode::ops::{Op, quick};
use crate::feedback::slot::{Access, PropertySlot};
use crate::interp::state::{State, field, shape_word, tri};
use crate::runtime::cell::{Cell, offset};
use crate::runtime::function::{CELL_MUTABLE, ModuleCell};
use crate::runtime::object::Scope;
use crate::runtime::ops::{arguments, bindings};
use crate::runtime::value::Value;

/// The scope `depth` parents up.
#[inline(always)]
unsafe fn ancestor(mut scope: Value, depth: usize) -> Value {
    // SAFETY: scope registers hold scopes, and the frontend counted the parents.
    unsafe {
        for _ in 0..depth {
            scope = field::<Value>(scope, offset::SCOPE_PARENT as usize);
        }
    }
    scope
}

/// `load_int`.
#[inline(always)]
pub unsafe fn load_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.done(Value::int(s.imm(2)), Op::LoadInt) }
}

/// `load_const`.
#[inline(always)]
pub unsafe fn load_const<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.done(s.constant(2), Op::LoadConst) }
}

/// `load_undefined`.
#[inline(always)]
pub unsafe fn load_undefined<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.done(Value::UNDEFINED, Op::LoadUndefined) }
}

/// `load_null`.
#[inline(always)]
pub unsafe fn load_null<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.done(Value::NULL, Op::LoadNull) }
}

/// `load_true`.
#[inline(always)]
pub unsafe fn load_true<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.done(Value::TRUE, Op::LoadTrue) }
}

/// `load_false`.
#[inline(always)]
pub unsafe fn load_false<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.done(Value::FALSE, Op::LoadFalse) }
}

/// `load_hole`.
#[inline(always)]
pub unsafe fn load_hole<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.done(Value::HOLE, Op::LoadHole) }
}

/// `move`.
#[inline(always)]
pub unsafe fn move_<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.done(s.reg(2), Op::Move) }
}

/// `load_this`.
#[inline(always)]
pub unsafe fn load_this<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.done(s.this(), Op::LoadThis) }
}

/// `sloppy_this`.
#[inline(always)]
pub unsafe fn sloppy_this<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let v = s.reg(2);
        let this = tri!(s, bindings::sloppy_this(s.rt(), v));
        s.done(this, Op::SloppyThis)
    }
}

/// `bind_this`.
#[inline(always)]
pub unsafe fn bind_this<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if !s.this().is_hole() {
            let _ = bindings::throw_super_called_twice(s.rt());
            return s.throw();
        }
        *s.regs.sub(1) = s.reg(1).0;
        s.next(Op::BindThis)
    }
}

/// `check_this`.
#[inline(always)]
pub unsafe fn check_this<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if s.reg(1).is_hole() {
            let _ = bindings::throw_this_uninitialized(s.rt());
            return s.throw();
        }
        s.next(Op::CheckThis)
    }
}

/// `load_callee`.
#[inline(always)]
pub unsafe fn load_callee<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.done(s.callee(), Op::LoadCallee) }
}

/// `load_new_target`: takes it, so that no later call finds it.
#[inline(always)]
pub unsafe fn load_new_target<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let v = std::mem::replace(&mut (*s.rt).head.new_target, Value::UNDEFINED);
        s.done(v, Op::LoadNewTarget)
    }
}

/// `create_arguments`.
#[inline(always)]
pub unsafe fn create_arguments<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let args = std::slice::from_raw_parts(s.regs.cast::<Value>(), (*s.frame).argc as usize);
        let o = arguments::create_arguments(s.rt(), args);
        s.done(o.value(), Op::CreateArguments)
    }
}

/// `map_arguments`.
#[inline(always)]
pub unsafe fn map_arguments<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let v = arguments::map_arguments(s.rt(), s.reg(2), s.reg(3), s.op(4) as u32, s.op(5) as u32);
        s.done(v, Op::MapArguments)
    }
}

/// `set_mapped`.
#[inline(always)]
pub unsafe fn set_mapped<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        arguments::set_mapped(s.rt(), s.reg(1), s.op(2) as u32, s.reg(3));
        s.next(Op::SetMapped)
    }
}

/// `create_rest`.
#[inline(always)]
pub unsafe fn create_rest<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let args = std::slice::from_raw_parts(s.regs.cast::<Value>(), (*s.frame).argc as usize);
        let o = arguments::create_rest(s.rt(), args, s.op(2) as u16);
        s.done(o.value(), Op::CreateRest)
    }
}

/// `load_scope`.
#[inline(always)]
pub unsafe fn load_scope<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let scope = field::<Value>(s.callee(), offset::FUNCTION_SCOPE as usize);
        s.done(if scope.is_empty() { Value::UNDEFINED } else { scope }, Op::LoadScope)
    }
}

/// `new_scope`.
#[inline(always)]
pub unsafe fn new_scope<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let parent = s.reg(2);
        let scope = Scope::new(&mut s.rt().heap, parent, s.op(3) as u32);
        s.done(scope.value(), Op::NewScope)
    }
}

/// `copy_scope`.
#[inline(always)]
pub unsafe fn copy_scope<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let scope = Scope::from_value(s.reg(2)).copy(&mut s.rt().heap);
        s.done(scope.value(), Op::CopyScope)
    }
}

/// `get_scoped`.
#[inline(always)]
pub unsafe fn get_scoped<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let scope = ancestor(s.reg(2), s.op(3));
        s.done(field::<Value>(scope, offset::SCOPE_SLOTS as usize + 8 * s.op(4)), Op::GetScoped)
    }
}

/// `set_scoped`.
#[inline(always)]
pub unsafe fn set_scoped<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let v = s.reg(4);
        let cell = ancestor(s.reg(1), s.op(2)).0 as *mut Cell;
        cell.cast::<u8>().add(offset::SCOPE_SLOTS as usize + 8 * s.op(3)).cast::<Value>().write(v);
        s.barrier(cell, v);
        s.next(Op::SetScoped)
    }
}

/// `get_module`.
#[inline(always)]
pub unsafe fn get_module<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { s.done(module_value(s), Op::GetModule) }
}

/// What `get_module` loads.
#[inline(always)]
pub unsafe fn module_value<const C: bool>(s: State<C>) -> Value {
    // SAFETY: see `State`.
    unsafe {
        let cell: *mut ModuleCell = (*s.info()).cells.add(s.op(2));
        (*cell).value
    }
}

/// `set_module`.
#[inline(always)]
pub unsafe fn set_module<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let cell: *mut ModuleCell = (*s.info()).cells.add(s.op(1));
        let v = s.reg(2);
        if (*cell).state == CELL_MUTABLE {
            (*cell).value = v;
            return s.next(Op::SetModule);
        }
        bindings::set_module(s.rt(), cell, v);
        s.next(Op::SetModule)
    }
}

/// `init_module`.
#[inline(always)]
pub unsafe fn init_module<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let cell: *mut ModuleCell = (*s.info()).cells.add(s.op(1));
        bindings::init_module(&mut *cell, s.reg(2));
        s.next(Op::InitModule)
    }
}

/// `check_tdz`.
#[inline(always)]
pub unsafe fn check_tdz<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if s.reg(1).is_hole() {
            let name = s.constant(2);
            let _ = bindings::throw_tdz(s.rt(), name);
            return s.throw();
        }
        s.next(Op::CheckTdz)
    }
}

/// `get_global`, one shape of the global object.
#[inline(always)]
pub unsafe fn get_global_own<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let global = (*s.rt).realm.global.value();
        let entry = &(*s.slot::<PropertySlot>(3)).entries[0];
        if shape_word(global) == entry.shape {
            return s.done(field::<Value>(global, entry.offset as usize), Op::GetGlobal);
        }
        *s.pc = Op::GetGlobal as u16;
        s.general(Op::GetGlobal)
    }
}

/// `get_global`.
#[inline(always)]
pub unsafe fn get_global<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let slot = s.slot::<PropertySlot>(3);
        let name = s.constant(2);
        let v = tri!(s, bindings::get_global(s.rt(), name, slot));
        if (*slot).len == 1 && (*slot).entries[0].access == Access::Inline {
            *s.pc = quick::GET_GLOBAL_OWN;
        }
        s.done(v, Op::GetGlobal)
    }
}

/// `typeof_global`.
#[inline(always)]
pub unsafe fn typeof_global<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let name = s.constant(2);
        let v = tri!(s, bindings::typeof_global(s.rt(), name));
        s.done(v, Op::TypeofGlobal)
    }
}

/// `throw_assign`.
#[inline(always)]
pub unsafe fn throw_assign<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let name = s.constant(1);
        let _ = bindings::throw_assign(s.rt(), name, s.op(2) as u16);
        s.throw()
    }
}
