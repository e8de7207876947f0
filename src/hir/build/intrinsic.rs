//! Built-ins that have an operation of their own, if their operands are what the operation is for.
//!
//! Which native is which intrinsic stands in the builtin table. An intrinsic that does not apply to these operands is
//! called like any other function.

use super::activation::Activation;
use crate::bytecode::ops::Reg;
use crate::hir::field::{MathFn, Val};
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::{ARRAY, BOOL, INT32, NULLISH, NUMBER, STRING};
use crate::runtime::builtins::{self, Effects, Intrinsic, ResultType};
use crate::runtime::shape::ElementsKind;

impl Activation<'_, '_> {
    /// The operation of a native, if it has one that applies here.
    pub(super) fn intrinsic(&mut self, id: u32, callee: Val, this: Val, args: &[Val], dst: Reg) -> Option<Val> {
        let intrinsic = builtins::knowledge(id).intrinsic?;
        match (intrinsic, args) {
            (Intrinsic::MathAbs, &[a]) => self.math_abs(a),
            (Intrinsic::MathFloor, &[a]) => self.rounding(a, |a| Op::DoubleFloor { a }),
            (Intrinsic::MathCeil, &[a]) => self.rounding(a, |a| Op::DoubleCeil { a }),
            (Intrinsic::MathRound, &[a]) => self.rounding(a, |a| Op::DoubleRound { a }),
            (Intrinsic::MathTrunc, &[a]) => self.rounding(a, |a| Op::DoubleTrunc { a }),
            (Intrinsic::MathSqrt, &[a]) => self.of_number(a, |a| Op::DoubleSqrt { a }),
            (Intrinsic::MathMin, &[a, b]) => {
                self.extreme(a, b, |a, b| Op::Int32Min { a, b }, |a, b| Op::DoubleMin { a, b })
            }
            (Intrinsic::MathMax, &[a, b]) => {
                self.extreme(a, b, |a, b| Op::Int32Max { a, b }, |a, b| Op::DoubleMax { a, b })
            }
            (Intrinsic::MathPow, &[a, b]) => self.of_numbers(a, b, |a, b| Op::DoublePow { a, b }),
            (Intrinsic::MathAtan2, &[a, b]) => self.of_numbers(a, b, |a, b| Op::DoubleAtan2 { a, b }),
            (Intrinsic::MathImul, &[a, b]) => {
                let (a, b) = (self.low_bits(a), self.low_bits(b));
                Some(self.emit(Op::Int32Mul { a, b }))
            }
            (Intrinsic::MathSin, &[a]) => self.math(a, MathFn::Sin),
            (Intrinsic::MathCos, &[a]) => self.math(a, MathFn::Cos),
            (Intrinsic::MathTan, &[a]) => self.math(a, MathFn::Tan),
            (Intrinsic::MathAsin, &[a]) => self.math(a, MathFn::Asin),
            (Intrinsic::MathAcos, &[a]) => self.math(a, MathFn::Acos),
            (Intrinsic::MathAtan, &[a]) => self.math(a, MathFn::Atan),
            (Intrinsic::MathExp, &[a]) => self.math(a, MathFn::Exp),
            (Intrinsic::MathLog, &[a]) => self.math(a, MathFn::Log),
            // What may be an object or a symbol may throw, below a line of `Number` in the stack trace.
            (Intrinsic::NumberConstructor, &[v]) if self.ty(v).is(NUMBER | STRING) => Some(self.number_from(v, dst)),
            (Intrinsic::ArrayConstructor, &[]) => Some(self.new_array(ElementsKind::Int, 0)),
            (Intrinsic::ArrayConstructor, &[length]) => self.array_of_length(length, dst),
            (Intrinsic::ArrayPush, &[value]) => self.array_push(callee, this, value, dst),
            (Intrinsic::ArrayPop, &[]) => self.array_pop(this),
            (Intrinsic::ArrayIsArray, &[v]) => Some(self.emit(Op::HasType { v, ty: ARRAY })),
            (Intrinsic::StringCharCodeAt, &[i]) => self.character(this, i, |s, index| Op::StringCodeAt { s, index }),
            (Intrinsic::StringCharAt, &[i]) => self.character(this, i, |s, index| Op::StringCharAt { s, index }),
            (Intrinsic::StringFromCharCode, &[v]) if self.ty(v).is(INT32) => {
                Some(self.emit(Op::StringFromCode { code: v }))
            }
            (_known, _operands_it_is_not_for) => None,
        }
    }

    /// Whether a native, called like this, runs none of the program's code and changes nothing that the graph knows of:
    /// primitives have no `valueOf` to call.
    pub(super) fn runs_no_code(&self, id: u32, this: Val, args: &[Val]) -> bool {
        let knowledge = builtins::knowledge(id);
        let primitive = |v: Val| self.ty(v).is(NUMBER | STRING | BOOL | NULLISH);
        match (knowledge.intrinsic, knowledge.effects) {
            // Keys are compared by what they are. What is inside of a map is no slot of an object.
            (
                Some(Intrinsic::MapGet | Intrinsic::MapHas | Intrinsic::MapSet | Intrinsic::SetHas | Intrinsic::SetAdd),
                _,
            ) => true,
            (_, Effects::Pure | Effects::Allocates | Effects::Reads) => {
                (builtins::ignores_this(id) || primitive(this)) && args.iter().all(|v| primitive(*v))
            }
            (_, Effects::WritesThis | Effects::Any) => false,
        }
    }

    /// Calls such a native without the detour by its generic entry.
    pub(super) fn call_library(&mut self, id: u32, callee: Val, this: Val, args: &[Val], dst: Reg) -> Val {
        let mut window = vec![callee, this];
        window.extend(args);
        let v = self.runtime_with(RuntimeFn::Native, id as u64, &window, Some(dst));
        let ty = match builtins::knowledge(id).result {
            ResultType::Number | ResultType::Int32 => NUMBER,
            ResultType::Boolean => BOOL,
            ResultType::String => STRING,
            ResultType::Array | ResultType::Object | ResultType::Undefined | ResultType::Any => return v,
        };
        self.emit(Op::AssumeType { v, ty })
    }

    fn of_number(&mut self, a: Val, op: fn(Val) -> Op) -> Option<Val> {
        let a = self.check_number(a);
        Some(self.emit(op(a)))
    }

    fn of_numbers(&mut self, a: Val, b: Val, op: fn(Val, Val) -> Op) -> Option<Val> {
        let a = self.check_number(a);
        let b = self.check_number(b);
        Some(self.emit(op(a, b)))
    }

    fn math(&mut self, a: Val, function: MathFn) -> Option<Val> {
        let a = self.check_number(a);
        Some(self.emit(Op::DoubleMath { a, function }))
    }

    fn math_abs(&mut self, a: Val) -> Option<Val> {
        if self.ty(a).is(INT32) {
            return Some(self.guard(Op::Int32AbsChecked { a }));
        }
        self.of_number(a, |a| Op::DoubleAbs { a })
    }

    /// Rounding: an int32 is left alone.
    fn rounding(&mut self, a: Val, op: fn(Val) -> Op) -> Option<Val> {
        let a = self.check_number(a);
        Some(self.emit(op(a)))
    }

    fn extreme(&mut self, a: Val, b: Val, int: fn(Val, Val) -> Op, double: fn(Val, Val) -> Op) -> Option<Val> {
        let both_int = self.ty(a).is(INT32) && self.ty(b).is(INT32);
        if both_int { Some(self.emit(int(a, b))) } else { self.of_numbers(a, b, double) }
    }

    /// The int32 that a number is modulo 2^32.
    fn low_bits(&mut self, v: Val) -> Val {
        let a = self.check_number(v);
        self.emit(Op::DoubleTruncate { a })
    }

    fn character(&mut self, this: Val, index: Val, op: fn(Val, Val) -> Op) -> Option<Val> {
        if !self.ty(this).is(STRING) || !self.ty(index).meets(NUMBER) {
            return None;
        }
        let index = self.index(index);
        let length = self.emit(Op::StringLength { s: this });
        let index = self.guard(Op::CheckBounds { index, length });
        Some(self.emit(op(this, index)))
    }
}
