//! Conditions: what decides a branch becomes jumps to two labels instead of a value in a register; `!`, `&&` and `||`
//! only exchange or chain the labels.

use super::Lowerer;
use super::expressions::binary_insn;
use crate::bytecode::asm::Label;
use crate::bytecode::ops::{Insn, Reg};
use oxc_ast::ast::*;
use oxc_span::GetSpan;

impl<'a> Lowerer<'_, 'a> {
    /// Jumps to a label if the truth of an expression is `sense`, else falls through.
    pub(super) fn jump_if(&mut self, e: &Expression<'a>, sense: bool, to: Label) {
        let mark = self.mark();
        match e {
            Expression::BooleanLiteral(it) => {
                if it.value == sense {
                    self.jump(to);
                }
            }
            Expression::NumericLiteral(it) => {
                let truth = it.value != 0.0 && !it.value.is_nan();
                if truth == sense {
                    self.jump(to);
                }
            }
            Expression::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot => {
                self.jump_if(&it.argument, !sense, to);
            }
            Expression::LogicalExpression(it) if it.operator != LogicalOperator::Coalesce => {
                let decides = it.operator == LogicalOperator::Or;
                if decides == sense {
                    self.jump_if(&it.left, sense, to);
                    self.jump_if(&it.right, sense, to);
                } else {
                    let skip = self.f.asm.label();
                    self.jump_if(&it.left, !sense, skip);
                    self.jump_if(&it.right, sense, to);
                    self.f.asm.bind(skip);
                }
            }
            Expression::SequenceExpression(it) => {
                let (last, first) = it.expressions.split_last().expect("a sequence is not empty");
                for e in first {
                    self.effect(e);
                }
                self.jump_if(last, sense, to);
            }
            Expression::ParenthesizedExpression(it) => self.jump_if(&it.expression, sense, to),
            Expression::BinaryExpression(it) => self.compare_and_jump(it, sense, to),
            _ => {
                let src = self.operand(e);
                self.at(e.span().start);
                self.truth_jump(src, sense, to);
            }
        }
        self.release(mark);
    }

    fn truth_jump(&mut self, src: Reg, sense: bool, to: Label) {
        let insn = if sense { Insn::JumpTrue { src, to: 0, fb: 0 } } else { Insn::JumpFalse { src, to: 0, fb: 0 } };
        self.f.asm.emit_jump(insn, to);
    }

    fn compare_and_jump(&mut self, it: &BinaryExpression<'a>, sense: bool, to: Label) {
        if self.nullish_jump(it, sense, to) {
            return;
        }
        let lhs = self.operand(&it.left);
        let lhs = self.keep(lhs, &[&it.right]);
        let rhs = self.operand(&it.right);
        self.at(self.token_after(it.left.span().end));
        let fb = 0;
        let insn = match (it.operator, sense) {
            (BinaryOperator::LessThan, true) => Insn::JumpLt { lhs, rhs, to: 0, fb },
            (BinaryOperator::LessThan, false) => Insn::JumpNotLt { lhs, rhs, to: 0, fb },
            (BinaryOperator::LessEqualThan, true) => Insn::JumpLe { lhs, rhs, to: 0, fb },
            (BinaryOperator::LessEqualThan, false) => Insn::JumpNotLe { lhs, rhs, to: 0, fb },
            (BinaryOperator::GreaterThan, true) => Insn::JumpGt { lhs, rhs, to: 0, fb },
            (BinaryOperator::GreaterThan, false) => Insn::JumpNotGt { lhs, rhs, to: 0, fb },
            (BinaryOperator::GreaterEqualThan, true) => Insn::JumpGe { lhs, rhs, to: 0, fb },
            (BinaryOperator::GreaterEqualThan, false) => Insn::JumpNotGe { lhs, rhs, to: 0, fb },
            (BinaryOperator::StrictEquality, true) | (BinaryOperator::StrictInequality, false) => {
                Insn::JumpStrictEq { lhs, rhs, to: 0, fb }
            }
            (BinaryOperator::StrictEquality, false) | (BinaryOperator::StrictInequality, true) => {
                Insn::JumpStrictNe { lhs, rhs, to: 0, fb }
            }
            (BinaryOperator::Equality, true) | (BinaryOperator::Inequality, false) => {
                Insn::JumpEq { lhs, rhs, to: 0, fb }
            }
            (BinaryOperator::Equality, false) | (BinaryOperator::Inequality, true) => {
                Insn::JumpNe { lhs, rhs, to: 0, fb }
            }
            (operator, sense) => {
                let dst = self.temp();
                self.emit(binary_insn(operator, dst, lhs, rhs));
                return self.truth_jump(dst, sense, to);
            }
        };
        self.f.asm.emit_jump(insn, to);
    }

    /// `x == null` and `x === undefined` have jumps of their own.
    fn nullish_jump(&mut self, it: &BinaryExpression<'a>, sense: bool, to: Label) -> bool {
        let is_undefined = |l: &Self, e: &Expression<'a>| matches!(e, Expression::Identifier(id) if id.name == "undefined" && l.var_of(id).is_none());
        let nullish = it.right.is_null() || is_undefined(self, &it.right);
        let equal = match it.operator {
            BinaryOperator::Equality | BinaryOperator::StrictEquality => true,
            BinaryOperator::Inequality | BinaryOperator::StrictInequality => false,
            _ => return false,
        };
        let strict = matches!(it.operator, BinaryOperator::StrictEquality | BinaryOperator::StrictInequality);
        if !nullish || equal != sense || (strict && it.right.is_null()) {
            return false;
        }
        let src = self.operand(&it.left);
        self.at(it.span.start);
        let insn =
            if strict { Insn::JumpUndefined { src, to: 0, fb: 0 } } else { Insn::JumpNullish { src, to: 0, fb: 0 } };
        self.f.asm.emit_jump(insn, to);
        true
    }
}
