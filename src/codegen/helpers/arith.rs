//! Operators and comparisons: the interpreter's own slow paths, on the instruction of a frame. They record the operand
//! types in the site's feedback slot, in every tier, and keep the interpreter's quickened instruction in step.

use super::{At, helper_group};
use crate::bytecode::ops::{Op, quick};
use crate::feedback::slot::TypesSlot;
use crate::interp::ops::arith as slow;
use crate::runtime::value::Value;
use crate::runtime::{compare, convert};

macro_rules! operators {
    (
        binary { $( $B:ident $b:ident; )+ }
        unary { $( $U:ident $u:ident; )+ }
        compare { $( $C:ident $c:ident $cf:ident; )+ }
        jump { $( $J:ident $j:ident; )+ }
        rest { $($rest:tt)* }
    ) => {
        helper_group! {
            $(
                /// The complete operator.
                exit $B = $b(rt, regs: *mut u64, offset: u64) {
                    let at = At::new(regs, offset);
                    // SAFETY: the instruction and its slot are this operator's.
                    at.deliver(unsafe { slow::$b(rt, at.pc(), at.reg(2), at.reg(3), at.slot(4)) })
                }
            )+
            $(
                /// The complete operator.
                exit $U = $u(rt, regs: *mut u64, offset: u64) {
                    let at = At::new(regs, offset);
                    // SAFETY: as for the binary operators.
                    at.deliver(unsafe { slow::$u(rt, at.pc(), at.reg(2), at.slot(3)) })
                }
            )+
            $(
                /// The complete comparison.
                exit $C = $c(rt, regs: *mut u64, offset: u64) {
                    let at = At::new(regs, offset);
                    // SAFETY: as for the binary operators.
                    at.deliver(unsafe { slow::$cf(rt, at.pc(), at.reg(2), at.reg(3), at.slot(4)) }.map(Value::bool))
                }
            )+
            $(
                /// Whether the conditional jump is taken, as a boolean value.
                exit $J = $j(rt, regs: *mut u64, offset: u64) {
                    let at = At::new(regs, offset);
                    // SAFETY: as for the binary operators.
                    unsafe { slow::$j(rt, at.pc(), at.reg(1), at.reg(2), at.slot(5)) }
                }
            )+
            $($rest)*
        }
    };
}

operators! {
    binary {
        ADD add;
        SUB sub;
        MUL mul;
        DIV div;
        MOD modulo;
        EXP exp;
        BIT_AND bit_and;
        BIT_OR bit_or;
        BIT_XOR bit_xor;
        SHL shl;
        SHR shr;
        U_SHR ushr;
    }
    unary {
        INC inc;
        DEC dec;
        NEG neg;
        TO_NUMBER to_number;
        BIT_NOT bit_not;
    }
    compare {
        LT less lt;
        LE less_or_equal le;
        GT greater gt;
        GE greater_or_equal ge;
        EQ equal eq;
        NE not_equal ne;
        STRICT_EQ strict_equal seq;
        STRICT_NE strict_not_equal sne;
    }
    jump {
        JUMP_LT jump_lt;
        JUMP_LE jump_le;
        JUMP_GT jump_gt;
        JUMP_GE jump_ge;
        JUMP_NOT_LT jump_not_lt;
        JUMP_NOT_LE jump_not_le;
        JUMP_NOT_GT jump_not_gt;
        JUMP_NOT_GE jump_not_ge;
        JUMP_STRICT_EQ jump_seq;
        JUMP_STRICT_NE jump_sne;
        JUMP_EQ jump_eq;
        JUMP_NE jump_ne;
    }
    rest {
        /// `src + immediate`.
        exit ADD_IMM = add_imm(rt, regs: *mut u64, offset: u64) {
            let at = At::new(regs, offset);
            let immediate = Value::int(at.unit(3) as i16 as i32);
            // SAFETY: as for the binary operators.
            at.deliver(unsafe { slow::add_imm(rt, at.pc(), at.reg(2), immediate, at.slot(4)) })
        }
        /// `lhs instanceof rhs`.
        exit INSTANCE_OF = instance_of(rt, a: Value, b: Value) { compare::instance_of(rt, a, b) }
        /// `key in object`.
        exit HAS_PROPERTY = has_property(rt, key: Value, object: Value) { compare::has_property(rt, key, object) }
        /// ToBoolean, 0 or 1.
        leaf TO_BOOLEAN = to_boolean(_rt, v: Value) { convert::to_boolean(v) }
        /// ToBoolean of the condition of `jump_true`, with feedback, 0 or 1.
        leaf JUMP_TRUE_PROFILED = jump_true_profiled(_rt, pc: *mut u16, v: Value, slot: *mut TypesSlot) {
            // SAFETY: the code was compiled with the addresses of its own instruction and slot.
            unsafe { slow::condition(pc, v, slot, Op::JumpTrue, quick::JUMP_TRUE_BOOL) }
        }
        /// ToBoolean of the condition of `jump_false`, with feedback, 0 or 1.
        leaf JUMP_FALSE_PROFILED = jump_false_profiled(_rt, pc: *mut u16, v: Value, slot: *mut TypesSlot) {
            // SAFETY: the code was compiled with the addresses of its own instruction and slot.
            unsafe { slow::condition(pc, v, slot, Op::JumpFalse, quick::JUMP_FALSE_BOOL) }
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
