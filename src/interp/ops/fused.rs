//! Pairs of instructions executed as one (see `bytecode::fuse`): what the first does, then the second, without a dispatch in
//! between. The second is done here in the forms that count, which its unit tells; in others it is dispatched to.

use super::{calls, control, loads, operators, properties};
use crate::bytecode::ops::{Op, quick};
use crate::interp::state::State;
use crate::runtime::value::Value;

/// Goes on with the instruction at `pc`: here if it has one of the given forms, else in its own handler.
macro_rules! then {
    ($s:ident, $( $form:ident => $done:expr ),+) => {{
        $(
            if *$s.pc == quick::$form {
                $s.count();
                return $done;
            }
        )+
        return $s.dispatch();
    }};
}

/// `load_int`, then an operator on what was loaded.
macro_rules! int_operand {
    ($( $name:ident $lhs:literal: $( $form:ident => $handler:path ),+; )+) => { $(
        #[doc = concat!("`", stringify!($name), "`.")]
        #[inline(always)]
        pub unsafe fn $name<const C: bool>(s: State<C>) -> u64 {
            // SAFETY: see `State`.
            unsafe {
                let b = Value::int(s.imm(2));
                s.set(1, b);
                let s = s.behind(Op::LoadInt);
                then!(s, $( $form => $handler(s, s.reg($lhs), b) ),+)
            }
        }
    )+ };
}
int_operand! {
    load_int_sub 2: SUB_INT => operators::sub_int_of, SUB_DOUBLE => operators::sub_double_int;
    load_int_mod 2: MOD_INT => operators::mod_int_of;
    load_int_bit_and 2: BIT_AND_INT => operators::bit_and_int_of;
    load_int_bit_or 2: BIT_OR_INT => operators::bit_or_int_of, BIT_OR_NUMBER => operators::bit_or_number_of;
    load_int_bit_xor 2: BIT_XOR_INT => operators::bit_xor_int_of;
    load_int_shl 2: SHL_INT => operators::shl_int_of;
    load_int_shr 2: SHR_INT => operators::shr_int_of;
    load_int_ushr 2: U_SHR_INT => operators::ushr_int_of;
    load_int_jump_lt 1: JUMP_LT_INT => control::jump_lt_int_of, JUMP_LT_DOUBLE => control::jump_lt_double_int;
    load_int_jump_le 1: JUMP_LE_INT => control::jump_le_int_of, JUMP_LE_DOUBLE => control::jump_le_double_int;
    load_int_jump_gt 1: JUMP_GT_INT => control::jump_gt_int_of, JUMP_GT_DOUBLE => control::jump_gt_double_int;
    load_int_jump_ge 1: JUMP_GE_INT => control::jump_ge_int_of, JUMP_GE_DOUBLE => control::jump_ge_double_int;
    load_int_jump_not_lt 1: JUMP_NOT_LT_INT => control::jump_not_lt_int_of, JUMP_NOT_LT_DOUBLE => control::jump_not_lt_double_int;
    load_int_jump_not_le 1: JUMP_NOT_LE_INT => control::jump_not_le_int_of, JUMP_NOT_LE_DOUBLE => control::jump_not_le_double_int;
    load_int_jump_not_gt 1: JUMP_NOT_GT_INT => control::jump_not_gt_int_of, JUMP_NOT_GT_DOUBLE => control::jump_not_gt_double_int;
    load_int_jump_not_ge 1: JUMP_NOT_GE_INT => control::jump_not_ge_int_of, JUMP_NOT_GE_DOUBLE => control::jump_not_ge_double_int;
    load_int_jump_strict_eq 1: JUMP_STRICT_EQ_INT => control::jump_strict_eq_int_of;
    load_int_jump_strict_ne 1: JUMP_STRICT_NE_INT => control::jump_strict_ne_int_of;
}

/// A load, then an instruction in one of the given forms.
macro_rules! load_then {
    ($( $name:ident $op:ident $value:expr, $( $form:ident => $handler:path ),+; )+) => { $(
        #[doc = concat!("`", stringify!($name), "`.")]
        #[inline(always)]
        pub unsafe fn $name<const C: bool>(s: State<C>) -> u64 {
            // SAFETY: see `State`.
            unsafe {
                s.set(1, loaded(s, $value));
                let s = s.behind(Op::$op);
                then!(s, $( $form => $handler(s) ),+)
            }
        }
    )+ };
}

/// What an instruction loads.
enum Load {
    Int,
    Const,
    Null,
    Undefined,
    Register,
    Module,
}

/// Its value.
#[inline(always)]
unsafe fn loaded<const C: bool>(s: State<C>, load: Load) -> Value {
    // SAFETY: see `State`.
    unsafe {
        match load {
            Load::Int => Value::int(s.imm(2)),
            Load::Const => s.constant(2),
            Load::Null => Value::NULL,
            Load::Undefined => Value::UNDEFINED,
            Load::Register => s.reg(2),
            Load::Module => loads::module_value(s),
        }
    }
}

load_then! {
    load_int_set_elem LoadInt Load::Int, SET_ELEM_INT => properties::set_elem_int;
    load_const_bit_and LoadConst Load::Const, BIT_AND_INT => operators::bit_and_int;
    load_const_jump_strict_eq LoadConst Load::Const, JUMP_STRICT_EQ_WORD => control::jump_strict_eq_word;
    load_const_jump_strict_ne LoadConst Load::Const, JUMP_STRICT_NE_WORD => control::jump_strict_ne_word;
    load_null_jump_strict_eq LoadNull Load::Null, JUMP_STRICT_EQ_WORD => control::jump_strict_eq_word;
    load_null_jump_strict_ne LoadNull Load::Null, JUMP_STRICT_NE_WORD => control::jump_strict_ne_word;
    load_null_jump_eq LoadNull Load::Null, JUMP_EQ_WORD => control::jump_eq_word;
    load_null_jump_ne LoadNull Load::Null, JUMP_NE_WORD => control::jump_ne_word;
    move_get_prop Move Load::Register,
        GET_PROP_MANY => properties::get_prop_many,
        GET_PROP_PROTO => properties::get_prop_proto,
        GET_PROP_OWN => properties::get_prop_own;
    move_call Move Load::Register, CALL_FUNCTION => calls::call_function;
}

/// `load_this`, then `get_prop` of it.
#[inline(always)]
pub unsafe fn load_this_get_prop<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let this = s.this();
        s.set(1, this);
        let s = s.behind(Op::LoadThis);
        then!(s, GET_PROP_OWN => properties::get_prop_own_of(s, this), GET_PROP_MANY => properties::get_prop_many_of(s, this))
    }
}

/// A load, then an instruction that has one form only.
macro_rules! load_both {
    ($( $name:ident $op:ident $value:expr, $second:path; )+) => { $(
        #[doc = concat!("`", stringify!($name), "`.")]
        #[inline(always)]
        pub unsafe fn $name<const C: bool>(s: State<C>) -> u64 {
            // SAFETY: see `State`.
            unsafe {
                s.set(1, loaded(s, $value));
                let s = s.behind(Op::$op);
                s.count();
                $second(s)
            }
        }
    )+ };
}
load_both! {
    load_undefined_load_int LoadUndefined Load::Undefined, loads::load_int;
    load_undefined_move LoadUndefined Load::Undefined, loads::move_;
    load_undefined_return LoadUndefined Load::Undefined, control::return_;
    get_module_load_undefined GetModule Load::Module, loads::load_undefined;
    get_module_move GetModule Load::Module, loads::move_;
    get_module_load_int GetModule Load::Module, loads::load_int;
    move_move Move Load::Register, loads::move_;
    move_load_undefined Move Load::Register, loads::load_undefined;
    move_jump Move Load::Register, control::jump;
}

/// `inc` of an int32, then another instruction; `general` is left as such.
macro_rules! inc_then {
    ($( $name:ident $( $form:ident => $handler:path ),+; )+) => { $(
        #[doc = concat!("`", stringify!($name), "`.")]
        #[inline(always)]
        pub unsafe fn $name<const C: bool>(s: State<C>) -> u64 {
            // SAFETY: see `State`.
            unsafe {
                if let Some(v) = operators::incremented(s.reg(2)) {
                    s.set(1, v);
                    let s = s.behind(Op::Inc);
                    then!(s, $( $form => $handler(s) ),+)
                }
                s.general(Op::Inc)
            }
        }
    )+ };
}
inc_then! {
    inc_int_load_int LOAD_INT_JUMP_LT => load_int_jump_lt, LOAD_INT_JUMP_LE => load_int_jump_le;
    inc_int_jump_lt JUMP_LT_INT => control::jump_lt_int;
    inc_int_jump_le JUMP_LE_INT => control::jump_le_int;
}

/// `inc` of an int32, then `jump`.
#[inline(always)]
pub unsafe fn inc_int_jump<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if let Some(v) = operators::incremented(s.reg(2)) {
            s.set(1, v);
            let s = s.behind(Op::Inc);
            s.count();
            return control::jump(s);
        }
        s.general(Op::Inc)
    }
}
