//! Operators and comparisons.
//!
//! Each has two rows: the bare operation, and the *profiled* one, which is the interpreter's own slow path: it records
//! the operand types in the site's feedback slot and keeps the interpreter's quickened instruction at `pc` in step.

use super::helper_group;
use crate::bytecode::ops::{Op, quick};
use crate::feedback::slot::TypesSlot;
use crate::interp::ops::arith as profiled;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::value::Value;
use crate::runtime::{arith, compare, convert};

fn strict_eq(rt: &mut Runtime, a: Value, b: Value) -> JsResult<bool> {
    Ok(compare::strict_eq(&mut rt.heap, a, b))
}

macro_rules! operators {
    (
        binary { $( $B:ident $BP:ident $b:ident $bp:ident $bf:path; )+ }
        unary { $( $U:ident $UP:ident $u:ident $up:ident $uf:path; )+ }
        compare { $( $C:ident $c:ident $cf:path; )+ }
        compare_profiled { $( $CP:ident $cp:ident $cpf:ident; )+ }
        rest { $($rest:tt)* }
    ) => {
        helper_group! {
            $(
                /// The complete operator.
                exit $B = $b(rt, a: Value, b: Value) { $bf(rt, a, b) }
                /// The complete operator, with feedback.
                exit $BP = $bp(rt, pc: *mut u16, a: Value, b: Value, slot: *mut TypesSlot) {
                    // SAFETY: the code was compiled with the addresses of its own instruction and slot.
                    unsafe { profiled::$b(rt, pc, a, b, slot) }
                }
            )+
            $(
                /// The complete operator.
                exit $U = $u(rt, a: Value) { $uf(rt, a) }
                /// The complete operator, with feedback.
                exit $UP = $up(rt, pc: *mut u16, a: Value, slot: *mut TypesSlot) {
                    // SAFETY: as for the binary operators.
                    unsafe { profiled::$u(rt, pc, a, slot) }
                }
            )+
            $(
                /// The complete comparison; the answer is a boolean value.
                exit $C = $c(rt, a: Value, b: Value) { $cf(rt, a, b) }
            )+
            $(
                /// The complete comparison, with feedback.
                exit $CP = $cp(rt, pc: *mut u16, a: Value, b: Value, slot: *mut TypesSlot) {
                    // SAFETY: as for the binary operators.
                    unsafe { profiled::$cpf(rt, pc, a, b, slot) }
                }
            )+
            $($rest)*
        }
    };
}

operators! {
    binary {
        ADD ADD_PROFILED add add_profiled arith::add;
        SUB SUB_PROFILED sub sub_profiled arith::sub;
        MUL MUL_PROFILED mul mul_profiled arith::mul;
        DIV DIV_PROFILED div div_profiled arith::div;
        MOD MOD_PROFILED modulo modulo_profiled arith::modulo;
        EXP EXP_PROFILED exp exp_profiled arith::exp;
        BIT_AND BIT_AND_PROFILED bit_and bit_and_profiled arith::bit_and;
        BIT_OR BIT_OR_PROFILED bit_or bit_or_profiled arith::bit_or;
        BIT_XOR BIT_XOR_PROFILED bit_xor bit_xor_profiled arith::bit_xor;
        SHL SHL_PROFILED shl shl_profiled arith::shl;
        SHR SHR_PROFILED shr shr_profiled arith::shr;
        U_SHR U_SHR_PROFILED ushr ushr_profiled arith::ushr;
        ADD_IMM ADD_IMM_PROFILED add_imm add_imm_profiled arith::add;
    }
    unary {
        INC INC_PROFILED inc inc_profiled arith::inc;
        DEC DEC_PROFILED dec dec_profiled arith::dec;
        NEG NEG_PROFILED neg neg_profiled arith::neg;
        TO_NUMBER TO_NUMBER_PROFILED to_number to_number_profiled convert::to_numeric;
        BIT_NOT BIT_NOT_PROFILED bit_not bit_not_profiled arith::bit_not;
    }
    compare {
        LT lt compare::lt;
        LE le compare::le;
        GT gt compare::gt;
        GE ge compare::ge;
        EQ eq compare::loose_eq;
        STRICT_EQ strict_equal strict_eq;
        INSTANCE_OF instance_of compare::instance_of;
        HAS_PROPERTY has_property compare::has_property;
    }
    compare_profiled {
        LT_PROFILED lt_profiled lt;
        LE_PROFILED le_profiled le;
        GT_PROFILED gt_profiled gt;
        GE_PROFILED ge_profiled ge;
        EQ_PROFILED eq_profiled eq;
        NE_PROFILED ne_profiled ne;
        STRICT_EQ_PROFILED strict_eq_profiled seq;
        STRICT_NE_PROFILED strict_ne_profiled sne;
        JUMP_LT_PROFILED jump_lt_profiled jump_lt;
        JUMP_LE_PROFILED jump_le_profiled jump_le;
        JUMP_GT_PROFILED jump_gt_profiled jump_gt;
        JUMP_GE_PROFILED jump_ge_profiled jump_ge;
        JUMP_NOT_LT_PROFILED jump_not_lt_profiled jump_not_lt;
        JUMP_NOT_LE_PROFILED jump_not_le_profiled jump_not_le;
        JUMP_NOT_GT_PROFILED jump_not_gt_profiled jump_not_gt;
        JUMP_NOT_GE_PROFILED jump_not_ge_profiled jump_not_ge;
        JUMP_STRICT_EQ_PROFILED jump_strict_eq_profiled jump_seq;
        JUMP_STRICT_NE_PROFILED jump_strict_ne_profiled jump_sne;
        JUMP_EQ_PROFILED jump_eq_profiled jump_eq;
        JUMP_NE_PROFILED jump_ne_profiled jump_ne;
    }
    rest {
        /// ToBoolean, 0 or 1.
        leaf TO_BOOLEAN = to_boolean(_rt, v: Value) { convert::to_boolean(v) }
        /// ToBoolean of the condition of `jump_true`, with feedback, 0 or 1.
        leaf JUMP_TRUE_PROFILED = jump_true_profiled(_rt, pc: *mut u16, v: Value, slot: *mut TypesSlot) {
            // SAFETY: the code was compiled with the addresses of its own instruction and slot.
            unsafe { profiled::condition(pc, v, slot, Op::JumpTrue, quick::JUMP_TRUE_BOOL) }
        }
        /// ToBoolean of the condition of `jump_false`, with feedback, 0 or 1.
        leaf JUMP_FALSE_PROFILED = jump_false_profiled(_rt, pc: *mut u16, v: Value, slot: *mut TypesSlot) {
            // SAFETY: the code was compiled with the addresses of its own instruction and slot.
            unsafe { profiled::condition(pc, v, slot, Op::JumpFalse, quick::JUMP_FALSE_BOOL) }
        }
        /// `typeof v`.
        leaf TYPE_OF = type_of(rt, v: Value) { convert::type_of(rt, v).value() }
        /// ToString.
        exit TO_STRING = to_string(rt, v: Value) { convert::to_string(rt, v).map(|s| s.value()) }
        /// ToPropertyKey, as a value.
        exit TO_KEY = to_key(rt, v: Value) {
            convert::to_property_key(rt, v).map(|key| convert::key_to_value(rt, key))
        }
    }
}
