//! The run loop: one `match` over the opcode, raw pointers for program counter and registers.
//!
//! What is common and cheap stands here; what is rare or long is called out of line. Each arm ends in one of three ways:
//! it goes on with the next instruction (`next!`), it leaves the match with an [`Exit`] whose handling is shared by all
//! arms (a return, a call of bytecode, a back-edge, an exception), or it leaves the loop.
//!
//! Operands are read by position: operand `i` of a row of the opcode table is unit `i`, except that a jump offset takes
//! two units.

use super::entry::{EntryPoint, is_interpreted};
use super::frame::{CONSTRUCT, DISCARD, ENTRY, FrameRecord, Interp};
use super::hooks::{Backedge, safepoint};
use super::ops::{arith, call, property};
use crate::bytecode::ops::{Code, Op, quick};
use crate::feedback::slot::{CallSlot, ElementSlot, LiteralSlot, PropertySlot, TypesSlot, Unit, element};
use crate::runtime::cell::{Cell, CellKind, STATE_OLD, offset};
use crate::runtime::convert;
use crate::runtime::function::{FunctionInfo, ModuleCell, flags};
use crate::runtime::inline_cache::record_call;
use crate::runtime::object::{Obj, Scope};
use crate::runtime::ops::{arguments, bindings, calls, class, iteration, literal, private, super_access};
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::value::{NOT_CELL_MASK, NUMBER_TAG, Value};
use crate::runtime::{arith as generic, compare};
use std::sync::atomic::Ordering;

/// How an arm of the match leaves it.
enum Exit {
    /// An exception is pending.
    Throw,
    /// The frame returns.
    Return(Value),
    /// A closure over interpreted bytecode is called or constructed: its `FunctionInfo`, its register 0, the flags of its
    /// frame.
    Push { info: *mut FunctionInfo, regs: *mut u64, flags: u8 },
    /// A backward jump: `pc` is at the target already.
    Backedge,
}

#[inline(always)]
fn both_int(a: Value, b: Value) -> bool {
    a.0 & b.0 >= NUMBER_TAG
}
#[inline(always)]
fn both_number(a: Value, b: Value) -> bool {
    a.is_number() && b.is_number()
}
/// Whether a register's value points to a cell: registers never hold the reserved word.
#[inline(always)]
fn is_cell(v: Value) -> bool {
    v.0 & NOT_CELL_MASK == 0
}
#[inline(always)]
unsafe fn field<T: Copy>(cell: Value, at: usize) -> T {
    // SAFETY: the caller knows the cell's kind and so that it has this field.
    unsafe { (cell.0 as *const u8).add(at).cast::<T>().read() }
}
#[inline(always)]
unsafe fn shape_word(cell: Value) -> u32 {
    // SAFETY: every cell begins with its shape or count.
    unsafe { field::<u32>(cell, offset::SHAPE as usize) }
}
#[inline(always)]
unsafe fn kind_byte(cell: Value) -> u8 {
    // SAFETY: every cell has a kind.
    unsafe { field::<u8>(cell, offset::KIND as usize) }
}
#[inline(always)]
unsafe fn elements_data(array: Value) -> *mut Value {
    // SAFETY: the caller passes an object, whose elements pointer is never null.
    unsafe { field::<*mut u8>(array, offset::ELEMENTS as usize).add(offset::DATA as usize).cast() }
}

/// Runs the innermost frame of the record stack, and what it calls, until the frame marked as entry has returned. The
/// result is its value, or 0 if it threw.
///
/// # Safety
/// `rt` is the runtime of a `Machine`; the innermost record describes a complete frame of a prepared function on the VM
/// stack, `head.sp` is its end, and a record with the entry flag is at or below it.
pub unsafe fn run<const COUNT: bool>(rt: *mut Runtime, point: EntryPoint) -> u64 {
    // SAFETY: the bytecode is verified: registers lie in the frame, constants, cells, children and feedback slots exist,
    // jumps lead to instructions. Records and the VM stack are this thread's. Cells are read at offsets of their kind only
    // after the kind or the shape was checked.
    unsafe {
        let interp = Interp::of(rt);
        let mut frame: *mut FrameRecord = (*interp).top;
        let mut regs: *mut u64 = (*frame).regs;
        let mut pc: *mut u16 = (*frame).pc;
        let mut fb: *mut Unit = (*(*frame).info).feedback;
        let mut thrown_at_entry = point == EntryPoint::Throw;

        macro_rules! op {
            ($i:expr) => {
                (*pc.add($i)) as usize
            };
        }
        macro_rules! reg {
            ($i:expr) => {
                Value(*regs.add(op!($i)))
            };
        }
        macro_rules! set {
            ($i:expr, $v:expr) => {{
                let v: Value = $v;
                *regs.add(op!($i)) = v.0;
            }};
        }
        macro_rules! slot {
            ($i:expr, $t:ty) => {
                fb.add(op!($i)).cast::<$t>()
            };
        }
        macro_rules! jump {
            ($i:expr) => {
                pc.add($i).cast::<i32>().read_unaligned() as isize
            };
        }
        macro_rules! constant {
            ($i:expr) => {
                *(*(*frame).info).constants.add(op!($i))
            };
        }
        macro_rules! save {
            () => {
                (*frame).pc = pc
            };
        }

        'run: loop {
            if COUNT {
                (*rt).head.bytecodes_retired += (*Interp::of(rt)).ps_per_bytecode;
            }
            let exit: Exit = 'insn: {
                macro_rules! next {
                    ($op:ident) => {{
                        pc = pc.add(Op::$op.units());
                        continue 'run;
                    }};
                }
                // The value of a fallible expression; leaves by the exception otherwise.
                macro_rules! tri {
                    ($e:expr) => {
                        match $e {
                            Ok(v) => v,
                            Err(_) => break 'insn Exit::Throw,
                        }
                    };
                }
                macro_rules! branch {
                    ($cond:expr, $op:ident, $to:expr, $fb:expr) => {{
                        let slot = slot!($fb, TypesSlot);
                        if $cond {
                            (*slot).taken = (*slot).taken.wrapping_add(1);
                            let to = jump!($to);
                            pc = pc.offset(to);
                            if to < 0 {
                                break 'insn Exit::Backedge;
                            }
                            continue 'run;
                        }
                        (*slot).not_taken = (*slot).not_taken.wrapping_add(1);
                        next!($op)
                    }};
                }
                macro_rules! binary {
                    ($op:ident, $f:ident) => {{
                        save!();
                        let (a, b) = (reg!(2), reg!(3));
                        let v = tri!(arith::$f(&mut *rt, pc, a, b, slot!(4, TypesSlot)));
                        set!(1, v);
                        next!($op)
                    }};
                }
                macro_rules! unary {
                    ($op:ident, $f:ident) => {{
                        save!();
                        let a = reg!(2);
                        let v = tri!(arith::$f(&mut *rt, pc, a, slot!(3, TypesSlot)));
                        set!(1, v);
                        next!($op)
                    }};
                }
                macro_rules! comparison {
                    ($op:ident, $f:ident) => {{
                        save!();
                        let (a, b) = (reg!(2), reg!(3));
                        let v = tri!(arith::$f(&mut *rt, pc, a, b, slot!(4, TypesSlot)));
                        set!(1, Value::bool(v));
                        next!($op)
                    }};
                }
                macro_rules! comparison_int {
                    ($op:ident, $f:ident, $test:tt) => {{
                        let (a, b) = (reg!(2), reg!(3));
                        if both_int(a, b) {
                            set!(1, Value::bool(a.as_int() $test b.as_int()));
                            next!($op)
                        }
                        comparison!($op, $f)
                    }};
                }
                macro_rules! jump_compare {
                    ($op:ident, $f:ident) => {{
                        save!();
                        let (a, b) = (reg!(1), reg!(2));
                        let v = tri!(arith::$f(&mut *rt, pc, a, b, slot!(5, TypesSlot)));
                        branch!(v, $op, 3, 5)
                    }};
                }
                macro_rules! jump_int {
                    ($op:ident, $f:ident, $test:tt) => {{
                        let (a, b) = (reg!(1), reg!(2));
                        if both_int(a, b) {
                            branch!(a.as_int() $test b.as_int(), $op, 3, 5)
                        }
                        jump_compare!($op, $f)
                    }};
                }
                macro_rules! jump_double {
                    ($op:ident, $f:ident, $test:expr) => {{
                        let (a, b) = (reg!(1), reg!(2));
                        if both_number(a, b) {
                            let test: fn(f64, f64) -> bool = $test;
                            branch!(test(a.as_number(), b.as_number()), $op, 3, 5)
                        }
                        jump_compare!($op, $f)
                    }};
                }
                macro_rules! int_op {
                    ($op:ident, $slow:ident, $f:expr) => {{
                        let (a, b) = (reg!(2), reg!(3));
                        if both_int(a, b) {
                            let f: fn(i32, i32) -> i32 = $f;
                            set!(1, Value::int(f(a.as_int(), b.as_int())));
                            next!($op)
                        }
                        binary!($op, $slow)
                    }};
                }
                macro_rules! checked_int {
                    ($op:ident, $slow:ident, $f:ident) => {{
                        let (a, b) = (reg!(2), reg!(3));
                        if both_int(a, b)
                            && let Some(v) = a.as_int().$f(b.as_int())
                        {
                            set!(1, Value::int(v));
                            next!($op)
                        }
                        binary!($op, $slow)
                    }};
                }
                macro_rules! double_op {
                    ($op:ident, $slow:ident, $f:ident, $test:tt) => {{
                        let (a, b) = (reg!(2), reg!(3));
                        if both_number(a, b) {
                            if both_int(a, b)
                                && let Some(v) = a.as_int().$f(b.as_int())
                                && (Op::$op as u16 != Op::Mul as u16 || v != 0)
                            {
                                set!(1, Value::int(v));
                            } else {
                                set!(1, Value::double(a.as_number() $test b.as_number()));
                            }
                            next!($op)
                        }
                        binary!($op, $slow)
                    }};
                }
                macro_rules! get_prop {
                    () => {{
                        save!();
                        let (o, name) = (reg!(2), constant!(3));
                        let v = tri!(property::get_prop(&mut *rt, pc, o, name, slot!(4, PropertySlot)));
                        set!(1, v);
                        next!(GetProp)
                    }};
                }
                macro_rules! set_prop {
                    () => {{
                        save!();
                        let (o, name, v) = (reg!(1), constant!(2), reg!(3));
                        tri!(property::set_prop(&mut *rt, pc, o, name, v, slot!(4, PropertySlot)));
                        next!(SetProp)
                    }};
                }
                macro_rules! get_elem {
                    () => {{
                        save!();
                        let (o, key) = (reg!(2), reg!(3));
                        let v = tri!(property::get_elem(&mut *rt, pc, o, key, slot!(4, ElementSlot)));
                        set!(1, v);
                        next!(GetElem)
                    }};
                }
                macro_rules! set_elem {
                    () => {{
                        save!();
                        let (o, key, v) = (reg!(1), reg!(2), reg!(3));
                        tri!(property::set_elem(&mut *rt, pc, o, key, v, slot!(4, ElementSlot)));
                        next!(SetElem)
                    }};
                }
                // Address of an in-bounds element of the site's one packed array shape, or the slow path.
                macro_rules! packed_element {
                    ($o:expr, $key:expr, $fb:expr, $slow:ident) => {{
                        let slot = slot!($fb, ElementSlot);
                        if !is_cell($o)
                            || !$key.is_int()
                            || shape_word($o) != (*slot).shapes[0]
                            || $key.0 as u32 >= field::<u32>($o, offset::ARRAY_LENGTH as usize)
                        {
                            $slow!()
                        }
                        elements_data($o).add($key.0 as u32 as usize)
                    }};
                }
                macro_rules! call_native {
                    ($base:expr, $argc:expr) => {{
                        let v = tri!(call::call_native(&mut *rt, frame, $base, $argc));
                        set!(1, v);
                        next!(Call)
                    }};
                }

                if thrown_at_entry {
                    thrown_at_entry = false;
                    break 'insn Exit::Throw;
                }
                // The private bytecode holds nothing but opcodes and quickened opcodes at instruction starts.
                match std::mem::transmute::<u16, Code>(*pc) {
                    // ---- loads -----------------------------------------------------------------------------------
                    Code::LoadInt => {
                        set!(1, Value::int(*pc.add(2) as i16 as i32));
                        next!(LoadInt)
                    }
                    Code::LoadConst => {
                        set!(1, constant!(2));
                        next!(LoadConst)
                    }
                    Code::LoadUndefined => {
                        set!(1, Value::UNDEFINED);
                        next!(LoadUndefined)
                    }
                    Code::LoadNull => {
                        set!(1, Value::NULL);
                        next!(LoadNull)
                    }
                    Code::LoadTrue => {
                        set!(1, Value::TRUE);
                        next!(LoadTrue)
                    }
                    Code::LoadFalse => {
                        set!(1, Value::FALSE);
                        next!(LoadFalse)
                    }
                    Code::LoadHole => {
                        set!(1, Value::HOLE);
                        next!(LoadHole)
                    }
                    Code::Move => {
                        set!(1, reg!(2));
                        next!(Move)
                    }
                    Code::LoadThis => {
                        set!(1, Value(*regs.sub(1)));
                        next!(LoadThis)
                    }
                    Code::BindThis => {
                        if !Value(*regs.sub(1)).is_hole() {
                            save!();
                            let _ = bindings::throw_super_called_twice(&mut *rt);
                            break 'insn Exit::Throw;
                        }
                        *regs.sub(1) = reg!(1).0;
                        next!(BindThis)
                    }
                    Code::CheckThis => {
                        if reg!(1).is_hole() {
                            save!();
                            let _ = bindings::throw_this_uninitialized(&mut *rt);
                            break 'insn Exit::Throw;
                        }
                        next!(CheckThis)
                    }
                    Code::LoadCallee => {
                        set!(1, Value(*regs.sub(2)));
                        next!(LoadCallee)
                    }
                    Code::LoadNewTarget => {
                        set!(1, std::mem::replace(&mut (*rt).head.new_target, Value::UNDEFINED));
                        next!(LoadNewTarget)
                    }
                    Code::CreateArguments => {
                        save!();
                        let args = std::slice::from_raw_parts(regs.cast::<Value>(), (*frame).argc as usize);
                        set!(1, arguments::create_arguments(&mut *rt, args).value());
                        next!(CreateArguments)
                    }
                    Code::CreateRest => {
                        save!();
                        let args = std::slice::from_raw_parts(regs.cast::<Value>(), (*frame).argc as usize);
                        set!(1, arguments::create_rest(&mut *rt, args, op!(2) as u16).value());
                        next!(CreateRest)
                    }

                    // ---- captured variables ----------------------------------------------------------------------
                    Code::LoadScope => {
                        let scope = field::<Value>(Value(*regs.sub(2)), offset::FUNCTION_SCOPE as usize);
                        set!(1, if scope.is_empty() { Value::UNDEFINED } else { scope });
                        next!(LoadScope)
                    }
                    Code::NewScope => {
                        save!();
                        let parent = reg!(2);
                        set!(1, Scope::new(&mut (*rt).heap, parent, op!(3) as u32).value());
                        next!(NewScope)
                    }
                    Code::CopyScope => {
                        save!();
                        let scope = Scope::from_value(reg!(2));
                        set!(1, scope.copy(&mut (*rt).heap).value());
                        next!(CopyScope)
                    }
                    Code::GetScoped => {
                        let mut scope = reg!(2);
                        for _ in 0..op!(3) {
                            scope = field::<Value>(scope, offset::SCOPE_PARENT as usize);
                        }
                        set!(1, field::<Value>(scope, offset::SCOPE_SLOTS as usize + 8 * op!(4)));
                        next!(GetScoped)
                    }
                    Code::SetScoped => {
                        let mut scope = reg!(1);
                        for _ in 0..op!(2) {
                            scope = field::<Value>(scope, offset::SCOPE_PARENT as usize);
                        }
                        let v = reg!(4);
                        let cell = scope.0 as *mut Cell;
                        cell.cast::<u8>().add(offset::SCOPE_SLOTS as usize + 8 * op!(3)).cast::<Value>().write(v);
                        if (*cell).state == STATE_OLD && is_cell(v) {
                            (*rt).heap.remember(cell);
                        }
                        next!(SetScoped)
                    }
                    Code::GetModule => {
                        let cell: *mut ModuleCell = (*(*frame).info).cells.add(op!(2));
                        set!(1, (*cell).value);
                        next!(GetModule)
                    }
                    Code::SetModule => {
                        let cell: *mut ModuleCell = (*(*frame).info).cells.add(op!(1));
                        save!();
                        let v = reg!(2);
                        bindings::set_module(&mut *rt, cell, v);
                        next!(SetModule)
                    }
                    Code::InitModule => {
                        let cell: *mut ModuleCell = (*(*frame).info).cells.add(op!(1));
                        bindings::init_module(&mut *cell, reg!(2));
                        next!(InitModule)
                    }
                    Code::CheckTdz => {
                        if reg!(1).is_hole() {
                            save!();
                            let name = constant!(2);
                            let _ = bindings::throw_tdz(&mut *rt, name);
                            break 'insn Exit::Throw;
                        }
                        next!(CheckTdz)
                    }
                    Code::GetGlobalOwn => {
                        let slot = slot!(3, PropertySlot);
                        let global = (*rt).realm.global.value();
                        let entry = &(*slot).entries[0];
                        if shape_word(global) == entry.shape {
                            set!(1, field::<Value>(global, entry.offset as usize));
                            next!(GetGlobal)
                        }
                        *pc = Op::GetGlobal as u16;
                        continue 'run;
                    }
                    Code::GetGlobal => {
                        save!();
                        let name = constant!(2);
                        let slot = slot!(3, PropertySlot);
                        let v = tri!(bindings::get_global(&mut *rt, name, slot));
                        let entry = &(*slot).entries[0];
                        if (*slot).len == 1 && entry.access == crate::feedback::slot::Access::Inline {
                            *pc = quick::GET_GLOBAL_OWN;
                        }
                        set!(1, v);
                        next!(GetGlobal)
                    }
                    Code::TypeofGlobal => {
                        save!();
                        let name = constant!(2);
                        let v = tri!(bindings::typeof_global(&mut *rt, name));
                        set!(1, v);
                        next!(TypeofGlobal)
                    }
                    Code::ThrowAssign => {
                        save!();
                        let name = constant!(1);
                        let _ = bindings::throw_assign(&mut *rt, name, op!(2) as u16);
                        break 'insn Exit::Throw;
                    }

                    // ---- operators -------------------------------------------------------------------------------
                    Code::AddInt => checked_int!(Add, add, checked_add),
                    Code::AddDouble => double_op!(Add, add, checked_add, +),
                    Code::AddString => {
                        let (a, b) = (reg!(2), reg!(3));
                        if is_cell(a)
                            && is_cell(b)
                            && kind_byte(a) == CellKind::String as u8
                            && kind_byte(b) == CellKind::String as u8
                        {
                            save!();
                            let v = tri!(generic::add(&mut *rt, a, b));
                            set!(1, v);
                            next!(Add)
                        }
                        binary!(Add, add)
                    }
                    Code::Add => binary!(Add, add),
                    Code::SubInt => checked_int!(Sub, sub, checked_sub),
                    Code::SubDouble => double_op!(Sub, sub, checked_sub, -),
                    Code::Sub => binary!(Sub, sub),
                    Code::MulInt => {
                        let (a, b) = (reg!(2), reg!(3));
                        if both_int(a, b)
                            && let Some(v) = a.as_int().checked_mul(b.as_int())
                            && (v != 0 || (a.as_int() | b.as_int()) >= 0)
                        {
                            set!(1, Value::int(v));
                            next!(Mul)
                        }
                        binary!(Mul, mul)
                    }
                    Code::MulDouble => double_op!(Mul, mul, checked_mul, *),
                    Code::Mul => binary!(Mul, mul),
                    Code::DivDouble => {
                        let (a, b) = (reg!(2), reg!(3));
                        if both_number(a, b) {
                            let v = a.as_number() / b.as_number();
                            if both_int(a, b) {
                                let exact = Value::number(v);
                                // The slot must know of every result that is no int32.
                                if !exact.is_int()
                                    && (*slot!(4, TypesSlot)).seen & !crate::feedback::slot::seen::INT == 0
                                {
                                    binary!(Div, div)
                                }
                                set!(1, exact);
                            } else {
                                set!(1, Value::double(v));
                            }
                            next!(Div)
                        }
                        binary!(Div, div)
                    }
                    Code::Div => binary!(Div, div),
                    Code::ModInt => {
                        let (a, b) = (reg!(2), reg!(3));
                        if both_int(a, b) && a.as_int() >= 0 && b.as_int() > 0 {
                            set!(1, Value::int(a.as_int() % b.as_int()));
                            next!(Mod)
                        }
                        binary!(Mod, modulo)
                    }
                    Code::Mod => binary!(Mod, modulo),
                    Code::Exp => binary!(Exp, exp),
                    Code::BitAndInt => int_op!(BitAnd, bit_and, |a, b| a & b),
                    Code::BitAnd => binary!(BitAnd, bit_and),
                    Code::BitOrInt => int_op!(BitOr, bit_or, |a, b| a | b),
                    Code::BitOr => binary!(BitOr, bit_or),
                    Code::BitXorInt => int_op!(BitXor, bit_xor, |a, b| a ^ b),
                    Code::BitXor => binary!(BitXor, bit_xor),
                    Code::ShlInt => int_op!(Shl, shl, |a, b| a.wrapping_shl(b as u32)),
                    Code::Shl => binary!(Shl, shl),
                    Code::ShrInt => int_op!(Shr, shr, |a, b| a.wrapping_shr(b as u32)),
                    Code::Shr => binary!(Shr, shr),
                    Code::UShrInt => {
                        let (a, b) = (reg!(2), reg!(3));
                        if both_int(a, b) {
                            let v = (a.as_int() as u32).wrapping_shr(b.as_int() as u32) as i32;
                            if v >= 0 {
                                set!(1, Value::int(v));
                                next!(UShr)
                            }
                        }
                        binary!(UShr, ushr)
                    }
                    Code::UShr => binary!(UShr, ushr),
                    Code::AddImmInt => {
                        let a = reg!(2);
                        if a.is_int()
                            && let Some(v) = a.as_int().checked_add(*pc.add(3) as i16 as i32)
                        {
                            set!(1, Value::int(v));
                            next!(AddImm)
                        }
                        *pc = Op::AddImm as u16;
                        continue 'run;
                    }
                    Code::AddImmDouble => {
                        let a = reg!(2);
                        let b = *pc.add(3) as i16 as i32;
                        if a.is_int()
                            && let Some(v) = a.as_int().checked_add(b)
                        {
                            set!(1, Value::int(v));
                            next!(AddImm)
                        }
                        if a.is_number() {
                            set!(1, Value::double(a.as_number() + b as f64));
                            next!(AddImm)
                        }
                        *pc = Op::AddImm as u16;
                        continue 'run;
                    }
                    Code::AddImm => {
                        save!();
                        let (a, b) = (reg!(2), Value::int(*pc.add(3) as i16 as i32));
                        let v = tri!(arith::add_imm(&mut *rt, pc, a, b, slot!(4, TypesSlot)));
                        set!(1, v);
                        next!(AddImm)
                    }
                    Code::IncInt => {
                        let a = reg!(2);
                        if a.is_int()
                            && let Some(v) = a.as_int().checked_add(1)
                        {
                            set!(1, Value::int(v));
                            next!(Inc)
                        }
                        unary!(Inc, inc)
                    }
                    Code::Inc => unary!(Inc, inc),
                    Code::DecInt => {
                        let a = reg!(2);
                        if a.is_int()
                            && let Some(v) = a.as_int().checked_sub(1)
                        {
                            set!(1, Value::int(v));
                            next!(Dec)
                        }
                        unary!(Dec, dec)
                    }
                    Code::Dec => unary!(Dec, dec),
                    Code::Neg => unary!(Neg, neg),
                    Code::ToNumberNumber => {
                        let a = reg!(2);
                        if a.is_int()
                            || (a.is_number() && (*slot!(3, TypesSlot)).seen & crate::feedback::slot::seen::DOUBLE != 0)
                        {
                            set!(1, a);
                            next!(ToNumber)
                        }
                        unary!(ToNumber, to_number)
                    }
                    Code::ToNumber => unary!(ToNumber, to_number),
                    Code::BitNot => unary!(BitNot, bit_not),
                    Code::Not => {
                        let v = reg!(2);
                        set!(1, Value::bool(if v.is_bool() { v == Value::FALSE } else { !convert::to_boolean(v) }));
                        next!(Not)
                    }
                    Code::TypeOf => {
                        set!(1, convert::type_of(&*rt, reg!(2)).value());
                        next!(TypeOf)
                    }
                    Code::ToString => {
                        save!();
                        let v = reg!(2);
                        let v = tri!(convert::to_string(&mut *rt, v)).value();
                        set!(1, v);
                        next!(ToString)
                    }
                    Code::ToKey => {
                        save!();
                        let v = reg!(2);
                        if v.is_int() && v.as_int() >= 0 {
                            set!(1, v);
                        } else {
                            let key = tri!(convert::to_property_key(&mut *rt, v));
                            set!(1, convert::key_to_value(&mut *rt, key));
                        }
                        next!(ToKey)
                    }
                    Code::LtInt => comparison_int!(Lt, lt, <),
                    Code::Lt => comparison!(Lt, lt),
                    Code::LeInt => comparison_int!(Le, le, <=),
                    Code::Le => comparison!(Le, le),
                    Code::GtInt => comparison_int!(Gt, gt, >),
                    Code::Gt => comparison!(Gt, gt),
                    Code::GeInt => comparison_int!(Ge, ge, >=),
                    Code::Ge => comparison!(Ge, ge),
                    Code::StrictEqInt => comparison_int!(StrictEq, seq, ==),
                    Code::StrictEq => comparison!(StrictEq, seq),
                    Code::StrictNeInt => comparison_int!(StrictNe, sne, !=),
                    Code::StrictNe => comparison!(StrictNe, sne),
                    Code::Eq => comparison!(Eq, eq),
                    Code::Ne => comparison!(Ne, ne),
                    Code::InstanceOf => {
                        save!();
                        let (a, b) = (reg!(2), reg!(3));
                        let v = tri!(compare::instance_of(&mut *rt, a, b));
                        set!(1, Value::bool(v));
                        next!(InstanceOf)
                    }
                    Code::In => {
                        save!();
                        let (key, o) = (reg!(2), reg!(3));
                        let v = tri!(compare::has_property(&mut *rt, key, o));
                        (*slot!(4, ElementSlot)).flags |= element::EXECUTED;
                        set!(1, Value::bool(v));
                        next!(In)
                    }

                    // ---- control ---------------------------------------------------------------------------------
                    Code::Jump => {
                        let to = jump!(1);
                        pc = pc.offset(to);
                        if to < 0 {
                            break 'insn Exit::Backedge;
                        }
                        continue 'run;
                    }
                    Code::JumpTrueBool => {
                        let v = reg!(1);
                        if v.is_bool() {
                            branch!(v == Value::TRUE, JumpTrue, 2, 4)
                        }
                        *pc = Op::JumpTrue as u16;
                        continue 'run;
                    }
                    Code::JumpTrue => {
                        let v = reg!(1);
                        let taken = arith::condition(pc, v, slot!(4, TypesSlot), Op::JumpTrue, quick::JUMP_TRUE_BOOL);
                        branch!(taken, JumpTrue, 2, 4)
                    }
                    Code::JumpFalseBool => {
                        let v = reg!(1);
                        if v.is_bool() {
                            branch!(v == Value::FALSE, JumpFalse, 2, 4)
                        }
                        *pc = Op::JumpFalse as u16;
                        continue 'run;
                    }
                    Code::JumpFalse => {
                        let v = reg!(1);
                        let taken = arith::condition(pc, v, slot!(4, TypesSlot), Op::JumpFalse, quick::JUMP_FALSE_BOOL);
                        branch!(!taken, JumpFalse, 2, 4)
                    }
                    Code::JumpNullish => branch!(reg!(1).is_nullish(), JumpNullish, 2, 4),
                    Code::JumpUndefined => branch!(reg!(1).is_undefined(), JumpUndefined, 2, 4),
                    Code::JumpLtInt => jump_int!(JumpLt, jump_lt, <),
                    Code::JumpLtDouble => jump_double!(JumpLt, jump_lt, |a, b| a < b),
                    Code::JumpLt => jump_compare!(JumpLt, jump_lt),
                    Code::JumpLeInt => jump_int!(JumpLe, jump_le, <=),
                    Code::JumpLeDouble => jump_double!(JumpLe, jump_le, |a, b| a <= b),
                    Code::JumpLe => jump_compare!(JumpLe, jump_le),
                    Code::JumpGtInt => jump_int!(JumpGt, jump_gt, >),
                    Code::JumpGtDouble => jump_double!(JumpGt, jump_gt, |a, b| a > b),
                    Code::JumpGt => jump_compare!(JumpGt, jump_gt),
                    Code::JumpGeInt => jump_int!(JumpGe, jump_ge, >=),
                    Code::JumpGeDouble => jump_double!(JumpGe, jump_ge, |a, b| a >= b),
                    Code::JumpGe => jump_compare!(JumpGe, jump_ge),
                    Code::JumpNotLtInt => jump_int!(JumpNotLt, jump_not_lt, >=),
                    Code::JumpNotLtDouble => jump_double!(JumpNotLt, jump_not_lt, |a, b| !(a < b)),
                    Code::JumpNotLt => jump_compare!(JumpNotLt, jump_not_lt),
                    Code::JumpNotLeInt => jump_int!(JumpNotLe, jump_not_le, >),
                    Code::JumpNotLeDouble => jump_double!(JumpNotLe, jump_not_le, |a, b| !(a <= b)),
                    Code::JumpNotLe => jump_compare!(JumpNotLe, jump_not_le),
                    Code::JumpNotGtInt => jump_int!(JumpNotGt, jump_not_gt, <=),
                    Code::JumpNotGtDouble => jump_double!(JumpNotGt, jump_not_gt, |a, b| !(a > b)),
                    Code::JumpNotGt => jump_compare!(JumpNotGt, jump_not_gt),
                    Code::JumpNotGeInt => jump_int!(JumpNotGe, jump_not_ge, <),
                    Code::JumpNotGeDouble => jump_double!(JumpNotGe, jump_not_ge, |a, b| !(a >= b)),
                    Code::JumpNotGe => jump_compare!(JumpNotGe, jump_not_ge),
                    Code::JumpStrictEqInt => jump_int!(JumpStrictEq, jump_seq, ==),
                    Code::JumpStrictEq => jump_compare!(JumpStrictEq, jump_seq),
                    Code::JumpStrictNeInt => jump_int!(JumpStrictNe, jump_sne, !=),
                    Code::JumpStrictNe => jump_compare!(JumpStrictNe, jump_sne),
                    Code::JumpEq => jump_compare!(JumpEq, jump_eq),
                    Code::JumpNe => jump_compare!(JumpNe, jump_ne),
                    Code::LoopHeader => next!(LoopHeader),
                    Code::Return => break 'insn Exit::Return(reg!(1)),
                    Code::ReturnConstruct => {
                        let (v, this) = (reg!(1), Value(*regs.sub(1)));
                        if v.is_undefined() && !this.is_hole() {
                            break 'insn Exit::Return(this);
                        }
                        save!();
                        let derived = (*(*frame).info).flags & flags::DERIVED != 0;
                        let v = tri!(calls::return_construct_slow(&mut *rt, v, this, derived));
                        break 'insn Exit::Return(v);
                    }
                    Code::Throw => {
                        save!();
                        (*rt).head.exception = reg!(1);
                        break 'insn Exit::Throw;
                    }
                    Code::ThrowError => {
                        save!();
                        let text = constant!(2);
                        let _ = bindings::throw_kind(&mut *rt, op!(1) as u16, text);
                        break 'insn Exit::Throw;
                    }

                    // ---- properties ------------------------------------------------------------------------------
                    Code::GetPropOwn => {
                        let o = reg!(2);
                        let entry = &(*slot!(4, PropertySlot)).entries[0];
                        if is_cell(o) && shape_word(o) == entry.shape {
                            set!(1, field::<Value>(o, entry.offset as usize));
                            next!(GetProp)
                        }
                        get_prop!()
                    }
                    Code::GetPropProto => {
                        let o = reg!(2);
                        let slot = slot!(4, PropertySlot);
                        let entry = &(*slot).entries[0];
                        if is_cell(o) && shape_word(o) == entry.shape && (*slot).epoch == (*rt).head.proto_epoch {
                            set!(1, field::<Value>(Value(entry.payload), entry.offset as usize));
                            next!(GetProp)
                        }
                        get_prop!()
                    }
                    Code::GetPropLength => {
                        let o = reg!(2);
                        let entry = &(*slot!(4, PropertySlot)).entries[0];
                        if is_cell(o) && shape_word(o) == entry.shape {
                            set!(1, Value::from_u32(field::<u32>(o, offset::ARRAY_LENGTH as usize)));
                            next!(GetProp)
                        }
                        get_prop!()
                    }
                    Code::GetProp => get_prop!(),
                    Code::SetPropOwn => {
                        let (o, v) = (reg!(1), reg!(3));
                        let entry = &(*slot!(4, PropertySlot)).entries[0];
                        if is_cell(o) && shape_word(o) == entry.shape {
                            let cell = o.0 as *mut Cell;
                            cell.cast::<u8>().add(entry.offset as usize).cast::<Value>().write(v);
                            if (*cell).state == STATE_OLD && is_cell(v) {
                                (*rt).heap.remember(cell);
                            }
                            next!(SetProp)
                        }
                        set_prop!()
                    }
                    Code::SetPropAdd => {
                        let (o, v) = (reg!(1), reg!(3));
                        let slot = slot!(4, PropertySlot);
                        let entry = &(*slot).entries[0];
                        if is_cell(o) && shape_word(o) == entry.shape && (*slot).epoch == (*rt).head.proto_epoch {
                            let cell = o.0 as *mut Cell;
                            (*cell).shape = entry.payload as u32;
                            cell.cast::<u8>().add(entry.offset as usize).cast::<Value>().write(v);
                            if (*cell).state == STATE_OLD && is_cell(v) {
                                (*rt).heap.remember(cell);
                            }
                            next!(SetProp)
                        }
                        set_prop!()
                    }
                    Code::SetProp => set_prop!(),
                    Code::GetElemArray => {
                        let (o, key) = (reg!(2), reg!(3));
                        let at = packed_element!(o, key, 4, get_elem);
                        set!(1, *at);
                        next!(GetElem)
                    }
                    Code::GetElemDouble => {
                        let (o, key) = (reg!(2), reg!(3));
                        let at = packed_element!(o, key, 4, get_elem);
                        set!(1, Value::double(f64::from_bits((*at).0)));
                        next!(GetElem)
                    }
                    Code::GetElem => get_elem!(),
                    Code::SetElemArray => {
                        let (o, key, v) = (reg!(1), reg!(2), reg!(3));
                        let at = packed_element!(o, key, 4, set_elem);
                        *at = v;
                        let cell = field::<*mut Cell>(o, offset::ELEMENTS as usize);
                        if (*cell).state == STATE_OLD && is_cell(v) {
                            (*rt).heap.remember_slot(cell, at);
                        }
                        next!(SetElem)
                    }
                    Code::SetElemInt => {
                        let (o, key, v) = (reg!(1), reg!(2), reg!(3));
                        if !v.is_int() {
                            set_elem!()
                        }
                        let at = packed_element!(o, key, 4, set_elem);
                        *at = v;
                        next!(SetElem)
                    }
                    Code::SetElemDouble => {
                        let (o, key, v) = (reg!(1), reg!(2), reg!(3));
                        if !v.is_number() {
                            set_elem!()
                        }
                        let at = packed_element!(o, key, 4, set_elem);
                        *at = Value(v.as_number().to_bits());
                        next!(SetElem)
                    }
                    Code::SetElem => set_elem!(),
                    Code::DeleteProp => {
                        save!();
                        let (o, name) = (reg!(2), constant!(3));
                        let key = convert::to_property_key(&mut *rt, name);
                        let v = tri!(key.and_then(|key| (*rt).delete(o, key)));
                        set!(1, Value::bool(v));
                        next!(DeleteProp)
                    }
                    Code::DeleteElem => {
                        save!();
                        let (o, key) = (reg!(2), reg!(3));
                        let key = convert::to_property_key(&mut *rt, key);
                        let v = tri!(key.and_then(|key| (*rt).delete(o, key)));
                        set!(1, Value::bool(v));
                        next!(DeleteElem)
                    }
                    Code::DefineField => {
                        save!();
                        let (o, name, v) = (reg!(1), constant!(2), reg!(3));
                        let slot = slot!(4, PropertySlot);
                        let entry = &(*slot).entries[0];
                        if shape_word(o) == entry.shape
                            && entry.access == crate::feedback::slot::Access::AddInline
                            && (*slot).epoch == (*rt).head.proto_epoch
                        {
                            let cell = o.0 as *mut Cell;
                            (*cell).shape = entry.payload as u32;
                            cell.cast::<u8>().add(entry.offset as usize).cast::<Value>().write(v);
                            if (*cell).state == STATE_OLD && is_cell(v) {
                                (*rt).heap.remember(cell);
                            }
                            next!(DefineField)
                        }
                        tri!(property::define_field(&mut *rt, o, name, v, slot));
                        next!(DefineField)
                    }
                    Code::DefineElem => {
                        save!();
                        let (o, key, v) = (reg!(1), reg!(2), reg!(3));
                        tri!(literal::define_element(&mut *rt, o, key, v));
                        next!(DefineElem)
                    }
                    Code::DefineMethod => {
                        save!();
                        let (o, key, f) = (reg!(1), reg!(2), reg!(3));
                        tri!(class::define_method(&mut *rt, o, key, f, op!(4) as u16));
                        next!(DefineMethod)
                    }
                    Code::SetFunctionName => {
                        save!();
                        let (f, key) = (reg!(1), reg!(2));
                        tri!(class::set_function_name(&mut *rt, f, key, op!(3) as u16));
                        next!(SetFunctionName)
                    }
                    Code::SetProto => {
                        let (o, proto) = (reg!(1), reg!(2));
                        class::set_literal_proto(&mut *rt, o, proto);
                        next!(SetProto)
                    }
                    Code::GetSuper => {
                        save!();
                        let (key, this) = (reg!(2), reg!(3));
                        let closure = Obj::from_cell(*regs.sub(2) as *mut Cell);
                        let v = tri!(super_access::get_super(&mut *rt, closure, key, this));
                        set!(1, v);
                        next!(GetSuper)
                    }
                    Code::SetSuper => {
                        save!();
                        let (key, v, this) = (reg!(1), reg!(2), reg!(3));
                        let closure = Obj::from_cell(*regs.sub(2) as *mut Cell);
                        tri!(super_access::set_super(&mut *rt, closure, key, v, this));
                        next!(SetSuper)
                    }
                    Code::GetPrivate => {
                        save!();
                        let (o, key) = (reg!(2), reg!(3));
                        let v = tri!(private::get_private(&mut *rt, o, key));
                        set!(1, v);
                        next!(GetPrivate)
                    }
                    Code::SetPrivate => {
                        save!();
                        let (o, key, v) = (reg!(1), reg!(2), reg!(3));
                        tri!(private::set_private(&mut *rt, o, key, v));
                        next!(SetPrivate)
                    }
                    Code::DefinePrivate => {
                        save!();
                        let (o, key, v) = (reg!(1), reg!(2), reg!(3));
                        tri!(private::define_private(&mut *rt, o, key, v, op!(4) as u16));
                        next!(DefinePrivate)
                    }
                    Code::HasPrivate => {
                        save!();
                        let (o, key) = (reg!(2), reg!(3));
                        let v = tri!(private::has_private(&mut *rt, o, key));
                        set!(1, Value::bool(v));
                        next!(HasPrivate)
                    }
                    Code::NewPrivateName => {
                        save!();
                        let name = constant!(2);
                        set!(1, private::new_private_name(&mut *rt, name));
                        next!(NewPrivateName)
                    }

                    // ---- calls -----------------------------------------------------------------------------------
                    Code::CallFunction => {
                        let base = regs.add(op!(2));
                        let callee = Value(*base);
                        if is_cell(callee) && kind_byte(callee) == CellKind::Function as u8 {
                            let info = field::<*mut FunctionInfo>(callee, offset::FUNCTION_INFO as usize);
                            if is_interpreted(info) && (*info).flags & flags::CLASS_CONSTRUCTOR == 0 {
                                save!();
                                record_call(slot!(4, CallSlot), callee);
                                break 'insn Exit::Push { info, regs: base.add(2), flags: 0 };
                            }
                        }
                        *pc = Op::Call as u16;
                        continue 'run;
                    }
                    Code::Call => {
                        save!();
                        let base = regs.add(op!(2));
                        let callee = Value(*base);
                        record_call(slot!(4, CallSlot), callee);
                        if is_cell(callee) && kind_byte(callee) == CellKind::Function as u8 {
                            let info = field::<*mut FunctionInfo>(callee, offset::FUNCTION_INFO as usize);
                            if is_interpreted(info) && (*info).flags & flags::CLASS_CONSTRUCTOR == 0 {
                                *pc = quick::CALL_FUNCTION;
                                break 'insn Exit::Push { info, regs: base.add(2), flags: 0 };
                            }
                        }
                        call_native!(base, op!(3) as u32)
                    }
                    Code::New => {
                        save!();
                        let base = regs.add(op!(2));
                        let callee = Value(*base);
                        record_call(slot!(4, CallSlot), callee);
                        if is_cell(callee) && kind_byte(callee) == CellKind::Function as u8 {
                            let info = field::<*mut FunctionInfo>(callee, offset::FUNCTION_INFO as usize);
                            if is_interpreted(info) && (*info).flags & flags::CONSTRUCTOR != 0 {
                                let f = Obj::from_cell(callee.0 as *mut Cell);
                                let this = tri!((*rt).construct_this(f, f));
                                *base.add(1) = this.0;
                                if (*info).flags & flags::READS_NEW_TARGET != 0 {
                                    (*rt).head.new_target = callee;
                                }
                                break 'insn Exit::Push { info, regs: base.add(2), flags: CONSTRUCT };
                            }
                        }
                        let v = tri!(call::construct_native(&mut *rt, frame, base, op!(3) as u32));
                        set!(1, v);
                        next!(New)
                    }
                    Code::CallSpread => {
                        save!();
                        let base = regs.add(op!(2));
                        record_call(slot!(3, CallSlot), Value(*base));
                        let v = tri!(call::call_spread(&mut *rt, frame, base));
                        set!(1, v);
                        next!(CallSpread)
                    }
                    Code::NewSpread => {
                        save!();
                        let base = regs.add(op!(2));
                        record_call(slot!(3, CallSlot), Value(*base));
                        let v = tri!(call::new_spread(&mut *rt, frame, base));
                        set!(1, v);
                        next!(NewSpread)
                    }
                    Code::SuperCall => {
                        save!();
                        let (callee, new_target) = (reg!(2), reg!(3));
                        let base = regs.add(op!(4));
                        let slot = slot!(6, CallSlot);
                        let v = tri!(call::super_call(&mut *rt, callee, new_target, base, op!(5) as u32, slot));
                        set!(1, v);
                        next!(SuperCall)
                    }
                    Code::SuperCallSpread => {
                        save!();
                        let (callee, new_target) = (reg!(2), reg!(3));
                        let base = regs.add(op!(4));
                        let slot = slot!(5, CallSlot);
                        let v = tri!(call::super_call_spread(&mut *rt, callee, new_target, base, slot));
                        set!(1, v);
                        next!(SuperCallSpread)
                    }
                    Code::InitFields => {
                        save!();
                        let (callee, o) = (reg!(1), reg!(2));
                        tri!(class::init_fields(&mut *rt, callee, o));
                        next!(InitFields)
                    }
                    Code::Intrinsic => {
                        save!();
                        let args = regs.add(op!(3) + 2).cast::<Value>();
                        let args = std::slice::from_raw_parts(args, op!(4));
                        let v = tri!(((*rt).hooks.intrinsic)(&mut *rt, op!(2) as u16, args));
                        set!(1, v);
                        next!(Intrinsic)
                    }

                    // ---- allocation ------------------------------------------------------------------------------
                    Code::NewClosure => {
                        save!();
                        let info = (&(*(*frame).info).children)[op!(2)];
                        let scope = reg!(3);
                        set!(1, class::new_closure(&mut *rt, info, scope, Value(*regs.sub(2))));
                        next!(NewClosure)
                    }
                    Code::NewObject => {
                        save!();
                        let slot = slot!(3, LiteralSlot);
                        set!(1, literal::new_object(&mut *rt, op!(2) as u16, slot).value());
                        next!(NewObject)
                    }
                    Code::NewArray => {
                        save!();
                        let values = std::slice::from_raw_parts(regs.add(op!(2)).cast::<Value>(), op!(3));
                        set!(1, literal::new_array(&mut *rt, values, slot!(4, LiteralSlot)).value());
                        next!(NewArray)
                    }
                    Code::ArrayPush => {
                        save!();
                        let (a, v) = (reg!(1), reg!(2));
                        tri!(literal::array_push(&mut *rt, a, v));
                        next!(ArrayPush)
                    }
                    Code::ArraySpread => {
                        save!();
                        let (a, v) = (reg!(1), reg!(2));
                        let text = calls::callee_text(&*(*frame).info, (*frame).offset());
                        tri!(literal::array_spread(&mut *rt, a, v, text));
                        next!(ArraySpread)
                    }
                    Code::CopyProps => {
                        save!();
                        let (o, source, excluded) = (reg!(1), reg!(2), reg!(3));
                        tri!(literal::copy_props(&mut *rt, o, source, excluded));
                        next!(CopyProps)
                    }
                    Code::NewClass => {
                        save!();
                        let info = (&(*(*frame).info).children)[op!(2)];
                        let (scope, parent) = (reg!(3), reg!(4));
                        let (ctor, proto) = tri!(class::new_class(&mut *rt, info, scope, parent));
                        let at = regs.add(op!(1));
                        *at = ctor.value().0;
                        *at.add(1) = proto.value().0;
                        next!(NewClass)
                    }
                    Code::SetFieldInit => {
                        save!();
                        let (ctor, f) = (reg!(1), reg!(2));
                        tri!(class::set_field_init(&mut *rt, ctor, f));
                        next!(SetFieldInit)
                    }
                    Code::TemplateObject => {
                        save!();
                        let strings = std::slice::from_raw_parts(regs.add(op!(2)).cast::<Value>(), 2 * op!(3));
                        set!(1, literal::template_object(&mut *rt, strings, slot!(4, LiteralSlot)).value());
                        next!(TemplateObject)
                    }
                    Code::NewRegExp => {
                        save!();
                        let refused: JsResult =
                            (*rt).refuse("regular expressions", "string methods such as indexOf, split and slice");
                        tri!(refused);
                        next!(NewRegExp)
                    }

                    // ---- iteration -------------------------------------------------------------------------------
                    Code::IterInit => {
                        save!();
                        let source = reg!(2);
                        let slot = slot!(3, ElementSlot);
                        iteration::learn_iteration(slot, source);
                        let state = &mut *regs.add(op!(1)).cast::<iteration::IterState>();
                        if is_cell(source) && kind_byte(source) == CellKind::Array as u8 {
                            *state = [source, Value::int(0), Value::UNDEFINED];
                            next!(IterInit)
                        }
                        let text = calls::callee_text(&*(*frame).info, (*frame).offset());
                        tri!(iteration::iter_init(&mut *rt, state, source, text));
                        next!(IterInit)
                    }
                    Code::IterNext => {
                        let state = &mut *regs.add(op!(2)).cast::<iteration::IterState>();
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
                                    state[1] = Value::int(i as i32 + 1);
                                    set!(1, v);
                                    next!(IterNext)
                                }
                            }
                        }
                        save!();
                        match tri!(iteration::iter_next(&mut *rt, state)) {
                            Some(v) => {
                                set!(1, v);
                                next!(IterNext)
                            }
                            None => {
                                let to = jump!(3);
                                pc = pc.offset(to);
                                if to < 0 {
                                    break 'insn Exit::Backedge;
                                }
                                continue 'run;
                            }
                        }
                    }
                    Code::IterClose => {
                        save!();
                        let state = &mut *regs.add(op!(1)).cast::<iteration::IterState>();
                        tri!(iteration::iter_close(&mut *rt, state));
                        next!(IterClose)
                    }
                    Code::EnumInit => {
                        save!();
                        let source = reg!(2);
                        let state = &mut *regs.add(op!(1)).cast::<iteration::IterState>();
                        tri!(iteration::enum_init(&mut *rt, state, source));
                        next!(EnumInit)
                    }
                    Code::EnumNext => {
                        save!();
                        let state = &mut *regs.add(op!(2)).cast::<iteration::IterState>();
                        match tri!(iteration::enum_next(&mut *rt, state)) {
                            Some(v) => {
                                set!(1, v);
                                next!(EnumNext)
                            }
                            None => {
                                let to = jump!(3);
                                pc = pc.offset(to);
                                if to < 0 {
                                    break 'insn Exit::Backedge;
                                }
                                continue 'run;
                            }
                        }
                    }
                    Code::CheckObject => {
                        let v = reg!(1);
                        if v.is_nullish() {
                            save!();
                            let text = calls::callee_text(&*(*frame).info, (*frame).offset());
                            let _ = literal::throw_not_destructurable(&mut *rt, v, text);
                            break 'insn Exit::Throw;
                        }
                        next!(CheckObject)
                    }
                }
            };

            // ---- what arms share -----------------------------------------------------------------------------
            macro_rules! resume_top {
                () => {{
                    frame = (*interp).top;
                    regs = (*frame).regs;
                    let info = (*frame).info;
                    fb = (*info).feedback;
                    (*rt).head.sp = regs.add((*info).nregs as usize);
                }};
            }
            match exit {
                Exit::Push { info, regs: callee_regs, flags: kind } => {
                    let argc = op!(3) as u32;
                    let calls = (*info).invocations.wrapping_add(1);
                    if calls >= (*info).invocation_trip {
                        ((*interp).hooks.invocation_trip)(&mut *rt, info);
                        if !is_interpreted(info) {
                            // The frame is complete as a call area: call what the function has become.
                            let entered = ((*rt).hooks.enter)(&mut *rt, (*info).generic_entry, callee_regs, argc);
                            if entered != Value::EMPTY.0 {
                                let v = Value(entered);
                                let this = Value(*callee_regs.sub(1));
                                let v = if kind & CONSTRUCT != 0 { calls::constructed(v, this) } else { v };
                                set!(1, v);
                                pc = pc.add(Op::Call.units());
                                continue 'run;
                            }
                            match unwind(rt, interp) {
                                Some(target) => {
                                    resume_top!();
                                    pc = target;
                                    continue 'run;
                                }
                                None => return Value::EMPTY.0,
                            }
                        }
                    }
                    (*info).invocations = calls;
                    let mut words = (*info).nregs as u32;
                    if (*info).flags & flags::NEEDS_ARGC != 0 {
                        words = words.max(argc);
                    }
                    let end = callee_regs.add(words as usize);
                    if end <= (*rt).head.vm_stack_limit {
                        for i in argc..(*info).nparams as u32 {
                            *callee_regs.add(i as usize) = Value::UNDEFINED.0;
                        }
                        let dst = op!(1) as u16;
                        frame = frame.add(1);
                        frame.write(FrameRecord {
                            regs: callee_regs,
                            pc: (*info).code,
                            info,
                            argc,
                            dst,
                            call_units: Op::Call.units() as u8,
                            flags: kind,
                        });
                        (*interp).top = frame;
                        (*rt).head.sp = end;
                        regs = callee_regs;
                        pc = (*info).code;
                        fb = (*info).feedback;
                        continue 'run;
                    }
                    let _: JsResult = (*rt).throw_stack_overflow();
                }
                Exit::Return(v) => {
                    let FrameRecord { dst, call_units, flags, .. } = *frame;
                    let mut v = v;
                    if flags != 0 {
                        if flags & CONSTRUCT != 0 {
                            v = calls::constructed(v, Value(*regs.sub(1)));
                        }
                        if flags & ENTRY != 0 {
                            return v.0;
                        }
                    }
                    (*interp).top = frame.sub(1);
                    resume_top!();
                    pc = (*frame).pc.add(call_units as usize);
                    if flags & DISCARD == 0 {
                        *regs.add(dst as usize) = v.0;
                    }
                    continue 'run;
                }
                Exit::Backedge => {
                    let info = (*frame).info;
                    let n = (*info).backedges.wrapping_add(1);
                    (*info).backedges = n;
                    if n < (*info).backedge_trip && (*rt).head.interrupt.load(Ordering::Relaxed) == 0 {
                        if *pc == Op::LoopHeader as u16 {
                            if COUNT {
                                (*rt).head.bytecodes_retired += (*Interp::of(rt)).ps_per_bytecode;
                            }
                            pc = pc.add(Op::LoopHeader.units());
                        }
                        continue 'run;
                    }
                    save!();
                    match backedge_slow(rt, interp, frame) {
                        Ok(Backedge::Continue) => continue 'run,
                        Ok(Backedge::Leave(result)) => {
                            let FrameRecord { dst, call_units, flags, .. } = *frame;
                            if result != Value::EMPTY.0 {
                                let mut v = Value(result);
                                if flags & CONSTRUCT != 0 {
                                    v = calls::constructed(v, Value(*regs.sub(1)));
                                }
                                if flags & ENTRY != 0 {
                                    return v.0;
                                }
                                (*interp).top = frame.sub(1);
                                resume_top!();
                                pc = (*frame).pc.add(call_units as usize);
                                if flags & DISCARD == 0 {
                                    *regs.add(dst as usize) = v.0;
                                }
                                continue 'run;
                            }
                            // It threw: the frame is gone, its handlers have been tried.
                            if flags & ENTRY != 0 {
                                return Value::EMPTY.0;
                            }
                            (*interp).top = frame.sub(1);
                        }
                        Err(_) => {}
                    }
                }
                Exit::Throw => {}
            }
            // An exception is pending: find its handler.
            match unwind(rt, interp) {
                Some(target) => {
                    resume_top!();
                    pc = target;
                }
                None => return Value::EMPTY.0,
            }
        }
    }
}

/// A trip of the back-edge counter or an interrupt. The frame's `pc` is current.
#[cold]
#[inline(never)]
unsafe fn backedge_slow(rt: *mut Runtime, interp: *mut Interp, frame: *mut FrameRecord) -> JsResult<Backedge> {
    // SAFETY: called by the run loop with its own frame.
    unsafe {
        let hooks = (*interp).hooks;
        if (*rt).head.interrupt.load(Ordering::Relaxed) != 0 {
            safepoint(&mut *rt, hooks.safepoint)?;
        }
        let info = (*frame).info;
        if (*info).backedges < (*info).backedge_trip {
            return Ok(Backedge::Continue);
        }
        let record = *frame;
        (*interp).top = frame.sub(1);
        let answer = (hooks.backedge_trip)(&mut *rt, &record);
        (*interp).top = frame;
        // Whatever took the frame over may have used the place of its record.
        frame.write(record);
        Ok(answer)
    }
}

/// Finds the handler of the pending exception in the frames of this run loop, innermost first. The frame that has it
/// becomes the top; its handler's address is returned. None: no frame of this run loop handles it.
#[cold]
#[inline(never)]
unsafe fn unwind(rt: *mut Runtime, interp: *mut Interp) -> Option<*mut u16> {
    // SAFETY: the records from the entry frame up to the top belong to this run loop.
    unsafe {
        loop {
            let frame = (*interp).top;
            if (*rt).termination.is_none() {
                let info = &*(*frame).info;
                if let Some(h) = info.function.handler_at((*frame).offset()) {
                    let exception = (*rt).take_exception();
                    *(*frame).regs.add(h.exception.0 as usize) = exception.0;
                    return Some(info.code.add(h.target as usize));
                }
            }
            if (*frame).flags & ENTRY != 0 {
                return None;
            }
            (*interp).top = frame.sub(1);
        }
    }
}

/// The quickened forms share their base's operands, so they share its length.
const _: () = assert!(Op::Call.units() == Op::New.units());
