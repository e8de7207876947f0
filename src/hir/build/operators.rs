//! Arithmetic, comparisons, and branches on them, each specialized to the operand types that the site has seen.
//!
//! The choice is by what was *seen*, checked by guards: only int32 so far, int32 arithmetic that leaves on overflow; numbers,
//! double arithmetic; strings, operations on strings; anything else, the runtime. What is known statically overrides what was
//! seen where that would make a guard that cannot hold.

use super::activation::Activation;
use super::flow::Way;
use crate::bytecode::ops::Reg;
use crate::feedback::slot::{TypesSlot, seen};
use crate::hir::field::{Block, Cond, Const, Val};
use crate::hir::frame_state::Resume;
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::{DOUBLE, IDENTITY, INT32, NULLISH, NUMBER, OBJECTS, STRING, Type};
use crate::vocab::DeoptReason;
use smallvec::SmallVec;

/// A binary operator on numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Arithmetic {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Exp,
    And,
    Or,
    Xor,
    Shl,
    Sar,
    Shr,
}

impl Arithmetic {
    /// The runtime function that implements it for any operands.
    fn generic(self) -> RuntimeFn {
        match self {
            Arithmetic::Add => RuntimeFn::Add,
            Arithmetic::Sub => RuntimeFn::Sub,
            Arithmetic::Mul => RuntimeFn::Mul,
            Arithmetic::Div => RuntimeFn::Div,
            Arithmetic::Mod => RuntimeFn::Mod,
            Arithmetic::Exp => RuntimeFn::Pow,
            Arithmetic::And => RuntimeFn::BitAnd,
            Arithmetic::Or => RuntimeFn::BitOr,
            Arithmetic::Xor => RuntimeFn::BitXor,
            Arithmetic::Shl => RuntimeFn::Shl,
            Arithmetic::Sar => RuntimeFn::Sar,
            Arithmetic::Shr => RuntimeFn::Shr,
        }
    }

    /// Whether it truncates its operands to 32 bits.
    fn is_bitwise(self) -> bool {
        match self {
            Arithmetic::And | Arithmetic::Or | Arithmetic::Xor => true,
            Arithmetic::Shl | Arithmetic::Sar | Arithmetic::Shr => true,
            Arithmetic::Add | Arithmetic::Sub | Arithmetic::Mul => false,
            Arithmetic::Div | Arithmetic::Mod | Arithmetic::Exp => false,
        }
    }
}

/// A comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Comparison {
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    Ne,
    StrictEq,
    StrictNe,
}

impl Comparison {
    fn cond(self) -> Cond {
        match self {
            Comparison::Lt => Cond::Lt,
            Comparison::Le => Cond::Le,
            Comparison::Gt => Cond::Gt,
            Comparison::Ge => Cond::Ge,
            Comparison::Eq | Comparison::StrictEq => Cond::Eq,
            Comparison::Ne | Comparison::StrictNe => Cond::Ne,
        }
    }
}

/// What becomes of a comparison's result.
#[derive(Clone, Copy)]
enum Wanted {
    /// A register gets it.
    In(Reg),
    /// It says where to go on.
    ForBranch { if_true: u32, if_false: u32 },
}

/// The code unit that a string consists of.
#[derive(Clone, Copy)]
enum CodeUnit {
    /// Another string's, at an index in bounds.
    Of { s: Val, index: Val },
    /// This.
    Known(u16),
}

/// What a site has seen, condensed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Seen {
    Nothing,
    /// int32 in and out.
    Int,
    /// int32 in, but the result has been another number.
    IntWide,
    /// Numbers.
    Number,
    /// Numbers, `null` and `undefined`.
    Nullish,
    String,
    Bool,
    Object,
    /// Objects, `null` and `undefined`.
    Reference,
    Anything,
}

fn condense(types: TypesSlot) -> Seen {
    let only = |bits: u32| types.seen & !bits == 0;
    if types.seen == 0 {
        Seen::Nothing
    } else if only(seen::INT) {
        Seen::Int
    } else if only(seen::INT | seen::OVERFLOW | seen::NEG_ZERO) {
        Seen::IntWide
    } else if only(seen::INT | seen::OVERFLOW | seen::DOUBLE | seen::NEG_ZERO) {
        Seen::Number
    } else if only(seen::INT | seen::OVERFLOW | seen::DOUBLE | seen::NEG_ZERO | seen::NULLISH) {
        Seen::Nullish
    } else if only(seen::STRING) {
        Seen::String
    } else if only(seen::BOOL) {
        Seen::Bool
    } else if only(seen::OBJECT) {
        Seen::Object
    } else if only(seen::OBJECT | seen::NULLISH) {
        Seen::Reference
    } else {
        Seen::Anything
    }
}

impl Activation<'_, '_> {
    /// What a site has seen, corrected by what is known of the operands and by what must not be speculated on.
    fn seen(&self, fb: u16, a: Val, b: Val) -> Seen {
        let found = condense(self.view.types(fb));
        let is_double = |v: Val| self.ty(v).is(DOUBLE) && !self.ty(v).is_none();
        let result_fails =
            [DeoptReason::Overflow, DeoptReason::MinusZero, DeoptReason::LostPrecision, DeoptReason::DivisionByZero];
        let found = match found {
            Seen::Int | Seen::IntWide if is_double(a) || is_double(b) || !self.may(DeoptReason::NotInt32) => {
                Seen::Number
            }
            Seen::Int if !self.may_all(&result_fails) => Seen::IntWide,
            Seen::Nothing | Seen::Int | Seen::IntWide | Seen::Number | Seen::String => found,
            Seen::Nullish | Seen::Bool | Seen::Object | Seen::Reference | Seen::Anything => found,
        };
        let unstable = match found {
            Seen::Nothing => !self.may_all(&[DeoptReason::NoFeedbackOperation, DeoptReason::NoFeedbackCompare]),
            Seen::Number | Seen::Nullish => !self.may(DeoptReason::NotNumber),
            Seen::String => !self.may(DeoptReason::NotString),
            Seen::Bool => !self.may(DeoptReason::NotBoolean),
            Seen::Object | Seen::Reference => !self.may(DeoptReason::NotObject),
            Seen::Int | Seen::IntWide | Seen::Anything => false,
        };
        if unstable { Seen::Anything } else { found }
    }

    fn check_int32(&mut self, v: Val) -> Val {
        self.guard(Op::CheckInt32 { v })
    }

    pub(super) fn check_number(&mut self, v: Val) -> Val {
        self.guard(Op::CheckNumber { v })
    }

    /// A number as the int32 that bitwise operators see.
    fn truncate(&mut self, v: Val) -> Val {
        let a = self.check_number(v);
        self.emit(Op::DoubleTruncate { a })
    }

    // ---- Arithmetic ----------------------------------------------------------------------------------------------

    pub(super) fn arithmetic(&mut self, operator: Arithmetic, dst: Reg, lhs: Reg, rhs: Reg, fb: u16) {
        let (a, b) = (self.get(lhs), self.get(rhs));
        self.binary(operator, dst, a, b, fb);
    }

    pub(super) fn arithmetic_imm(&mut self, operator: Arithmetic, dst: Reg, src: Reg, imm: i32, fb: u16) {
        let (a, b) = (self.get(src), self.int(imm));
        self.binary(operator, dst, a, b, fb);
    }

    fn binary(&mut self, operator: Arithmetic, dst: Reg, a: Val, b: Val, fb: u16) {
        let v = match self.seen(fb, a, b) {
            Seen::Nothing => return self.deopt(DeoptReason::NoFeedbackOperation),
            Seen::Int if operator != Arithmetic::Exp => {
                let a = self.check_int32(a);
                let b = self.check_int32(b);
                self.int_binary(operator, a, b)
            }
            Seen::IntWide if operator == Arithmetic::Shr => {
                let a = self.check_int32(a);
                let b = self.check_int32(b);
                self.bitwise_of_numbers(operator, a, b)
            }
            // Exact as doubles; and should somebody truncate the result, wrapping arithmetic will do.
            Seen::IntWide
                if matches!(operator, Arithmetic::Add | Arithmetic::Sub | Arithmetic::Mul | Arithmetic::Div) =>
            {
                let a = self.check_int32(a);
                let b = self.check_int32(b);
                self.double_binary(operator, a, b)
            }
            Seen::Int | Seen::IntWide | Seen::Number if operator.is_bitwise() => {
                let a = self.truncate(a);
                let b = self.truncate(b);
                self.bitwise_of_numbers(operator, a, b)
            }
            Seen::Int | Seen::IntWide | Seen::Number => {
                let a = self.check_number(a);
                let b = self.check_number(b);
                self.double_binary(operator, a, b)
            }
            Seen::String if operator == Arithmetic::Add => {
                let a = self.guard(Op::CheckString { v: a });
                let b = self.guard(Op::CheckString { v: b });
                self.call_op(Op::StringConcat { a, b }, Some(dst))
            }
            Seen::Nullish if operator.is_bitwise() => {
                let a = self.guard(Op::TruncateNullish { v: a });
                let b = self.guard(Op::TruncateNullish { v: b });
                self.bitwise_of_numbers(operator, a, b)
            }
            Seen::Nullish | Seen::String | Seen::Bool | Seen::Object | Seen::Reference | Seen::Anything => {
                let text = self.ty(a).is(STRING) || self.ty(b).is(STRING);
                if operator == Arithmetic::Add && text && (self.ty(a) | self.ty(b)).is(STRING | NUMBER) {
                    let (a, b) = (self.text_of(a), self.text_of(b));
                    self.call_op(Op::StringConcat { a, b }, Some(dst))
                } else {
                    self.runtime(operator.generic(), &[a, b], Some(dst))
                }
            }
        };
        self.set(dst, v);
    }

    /// A string or number as a string.
    pub(super) fn text_of(&mut self, v: Val) -> Val {
        debug_assert!(self.ty(v).is(STRING | NUMBER));
        if self.ty(v).is(STRING) { v } else { self.runtime(RuntimeFn::NumberToString, &[v], None) }
    }

    fn int_binary(&mut self, operator: Arithmetic, a: Val, b: Val) -> Val {
        match operator {
            Arithmetic::Add => self.guard(Op::Int32AddChecked { a, b }),
            Arithmetic::Sub => self.guard(Op::Int32SubChecked { a, b }),
            Arithmetic::Mul => {
                let product = self.guard(Op::Int32MulChecked { a, b });
                self.guard(Op::CheckMulZero { a, b, product })
            }
            Arithmetic::Div => self.guard(Op::Int32DivChecked { a, b }),
            Arithmetic::Mod => {
                let remainder = self.guard(Op::Int32ModChecked { a, b });
                self.guard(Op::CheckModZero { a, remainder })
            }
            Arithmetic::Exp => self.emit(Op::DoublePow { a, b }),
            Arithmetic::And => self.emit(Op::Int32And { a, b }),
            Arithmetic::Or => self.emit(Op::Int32Or { a, b }),
            Arithmetic::Xor => self.emit(Op::Int32Xor { a, b }),
            Arithmetic::Shl => self.emit(Op::Int32Shl { a, b }),
            Arithmetic::Sar => self.emit(Op::Int32Sar { a, b }),
            Arithmetic::Shr => {
                let bits = self.emit(Op::Int32Shr { a, b });
                self.guard(Op::CheckUint32 { bits })
            }
        }
    }

    /// A bitwise operator on truncated numbers; only `>>>` can give what is no int32, and it has.
    fn bitwise_of_numbers(&mut self, operator: Arithmetic, a: Val, b: Val) -> Val {
        if operator == Arithmetic::Shr {
            let bits = self.emit(Op::Int32Shr { a, b });
            return self.emit(Op::Uint32ToDouble { bits });
        }
        self.int_binary(operator, a, b)
    }

    fn double_binary(&mut self, operator: Arithmetic, a: Val, b: Val) -> Val {
        match operator {
            Arithmetic::Add => self.emit(Op::DoubleAdd { a, b }),
            Arithmetic::Sub => self.emit(Op::DoubleSub { a, b }),
            Arithmetic::Mul => self.emit(Op::DoubleMul { a, b }),
            Arithmetic::Div => self.emit(Op::DoubleDiv { a, b }),
            Arithmetic::Mod => self.emit(Op::DoubleMod { a, b }),
            Arithmetic::Exp => self.emit(Op::DoublePow { a, b }),
            Arithmetic::And | Arithmetic::Or | Arithmetic::Xor => unreachable!("bitwise operators truncate"),
            Arithmetic::Shl | Arithmetic::Sar | Arithmetic::Shr => unreachable!("bitwise operators truncate"),
        }
    }

    pub(super) fn increment(&mut self, dst: Reg, src: Reg, by: i32, fb: u16) {
        let a = self.get(src);
        let v = match self.seen(fb, a, a) {
            Seen::Nothing => return self.deopt(DeoptReason::NoFeedbackOperation),
            Seen::Int => {
                let a = self.check_int32(a);
                let b = self.int(by);
                self.guard(Op::Int32AddChecked { a, b })
            }
            Seen::IntWide | Seen::Number => {
                let a = self.check_number(a);
                let b = self.int(by);
                self.emit(Op::DoubleAdd { a, b })
            }
            Seen::Nullish | Seen::String | Seen::Bool | Seen::Object | Seen::Reference | Seen::Anything => {
                // ToNumeric(a) - -1: unlike `+`, `-` never concatenates.
                let b = self.int(-by);
                self.runtime(RuntimeFn::Sub, &[a, b], Some(dst))
            }
        };
        self.set(dst, v);
    }

    pub(super) fn negate(&mut self, dst: Reg, src: Reg, fb: u16) {
        let a = self.get(src);
        let v = match self.seen(fb, a, a) {
            Seen::Nothing => return self.deopt(DeoptReason::NoFeedbackOperation),
            Seen::Int => {
                let a = self.check_int32(a);
                self.guard(Op::Int32NegChecked { a })
            }
            Seen::IntWide | Seen::Number => {
                let a = self.check_number(a);
                self.emit(Op::DoubleNeg { a })
            }
            Seen::Nullish | Seen::String | Seen::Bool | Seen::Object | Seen::Reference | Seen::Anything => {
                self.runtime(RuntimeFn::Neg, &[a], Some(dst))
            }
        };
        self.set(dst, v);
    }

    /// `ToNumber(v)`, whatever it is.
    pub(super) fn number_from(&mut self, v: Val, dst: Reg) -> Val {
        match self.ty(v) {
            ty if ty.is(NUMBER) => v,
            ty if ty.is(STRING) => self.runtime(RuntimeFn::StringToNumber, &[v], None),
            _may_be_an_object => self.runtime(RuntimeFn::ToNumber, &[v], Some(dst)),
        }
    }

    pub(super) fn number_of(&mut self, dst: Reg, src: Reg, fb: u16) {
        let v = self.get(src);
        let v = match self.seen(fb, v, v) {
            _known if self.ty(v).is(NUMBER) => v,
            Seen::Nothing => return self.deopt(DeoptReason::NoFeedbackOperation),
            Seen::Int => self.check_int32(v),
            Seen::IntWide | Seen::Number => self.check_number(v),
            Seen::Nullish | Seen::String | Seen::Bool | Seen::Object | Seen::Reference | Seen::Anything => {
                self.number_from(v, dst)
            }
        };
        self.set(dst, v);
    }

    pub(super) fn bit_not(&mut self, dst: Reg, src: Reg, fb: u16) {
        let v = self.get(src);
        let a = match self.seen(fb, v, v) {
            Seen::Nothing => return self.deopt(DeoptReason::NoFeedbackOperation),
            Seen::Int => self.check_int32(v),
            Seen::IntWide | Seen::Number => self.truncate(v),
            Seen::Nullish => self.guard(Op::TruncateNullish { v }),
            Seen::String | Seen::Bool | Seen::Object | Seen::Reference | Seen::Anything => {
                self.runtime(RuntimeFn::BitNot, &[v], Some(dst));
                return;
            }
        };
        let v = self.emit(Op::Int32Not { a });
        self.set(dst, v);
    }

    // ---- Comparisons ---------------------------------------------------------------------------------------------

    pub(super) fn compare_to(&mut self, comparison: Comparison, dst: Reg, lhs: Reg, rhs: Reg, fb: u16) {
        let (a, b) = (self.get(lhs), self.get(rhs));
        if let Some(v) = self.compare(comparison, a, b, fb, Wanted::In(dst)) {
            self.set(dst, v);
        }
    }

    /// Compares; `None` if the code ends here.
    fn compare(&mut self, comparison: Comparison, a: Val, b: Val, fb: u16, wanted: Wanted) -> Option<Val> {
        let cond = comparison.cond();
        if matches!(cond, Cond::Eq | Cond::Ne)
            && let Some(equal) = self.equal_without_feedback(comparison, a, b)
        {
            return Some(self.negated_if(cond == Cond::Ne, equal));
        }
        Some(match self.seen(fb, a, b) {
            Seen::Nothing => {
                self.deopt(DeoptReason::NoFeedbackCompare);
                return None;
            }
            Seen::Int => {
                let a = self.check_int32(a);
                let b = self.check_int32(b);
                self.emit(Op::Int32Compare { a, b, cond })
            }
            Seen::IntWide | Seen::Number => {
                let a = self.check_number(a);
                let b = self.check_number(b);
                self.emit(Op::DoubleCompare { a, b, cond })
            }
            Seen::String => {
                let a = self.guard(Op::CheckString { v: a });
                let b = self.guard(Op::CheckString { v: b });
                match cond {
                    Cond::Eq | Cond::Ne => {
                        let equal = self.emit(Op::StringEqual { a, b });
                        self.negated_if(cond == Cond::Ne, equal)
                    }
                    Cond::Lt | Cond::Le | Cond::Gt | Cond::Ge => self.emit(Op::StringCompare { a, b, cond }),
                }
            }
            Seen::Object if matches!(cond, Cond::Eq | Cond::Ne) => {
                let a = self.guard(Op::CheckObject { v: a });
                let b = self.guard(Op::CheckObject { v: b });
                let equal = self.emit(Op::TaggedEqual { a, b });
                self.negated_if(cond == Cond::Ne, equal)
            }
            Seen::Bool if matches!(cond, Cond::Eq | Cond::Ne) => {
                let a = self.guard(Op::CheckBool { v: a });
                let b = self.guard(Op::CheckBool { v: b });
                let equal = self.emit(Op::TaggedEqual { a, b });
                self.negated_if(cond == Cond::Ne, equal)
            }
            Seen::Reference if matches!(comparison, Comparison::Eq | Comparison::Ne) => {
                let equal = self.equal_references(a, b);
                self.negated_if(cond == Cond::Ne, equal)
            }
            Seen::Nullish | Seen::Bool | Seen::Object | Seen::Reference | Seen::Anything => {
                self.compare_generic(comparison, a, b, wanted)
            }
        })
    }

    /// `a == b` where objects, `null` and `undefined` have been seen.
    fn equal_references(&mut self, a: Val, b: Val) -> Val {
        let (saved, before) = (self.env.clone(), self.frame_before());
        let mut ends: SmallVec<[(Block, Val); 3]> = SmallVec::new();
        let nullish = self.emit(Op::HasType { v: a, ty: NULLISH });
        let (yes, no) = self.fork(nullish);
        self.block = Some(yes);
        ends.push((yes, self.emit(Op::HasType { v: b, ty: NULLISH })));
        self.block = Some(no);
        let nullish = self.emit(Op::HasType { v: b, ty: NULLISH });
        let (yes, no) = self.fork(nullish);
        self.block = Some(yes);
        ends.push((yes, self.constant(Const::Bool(false))));
        self.block = Some(no);
        self.before = Some(before);
        let a = self.guard(Op::CheckObject { v: a });
        let b = self.guard(Op::CheckObject { v: b });
        ends.push((no, self.emit(Op::TaggedEqual { a, b })));
        // What the guards found holds on their way only.
        self.env = saved;
        self.before = Some(before);
        self.join(&ends).expect("all three go on")
    }

    fn negated_if(&mut self, negate: bool, a: Val) -> Val {
        if negate { self.emit(Op::BoolNot { a }) } else { a }
    }

    /// `===` or `==` where the operands' types alone say how to compare.
    fn equal_without_feedback(&mut self, comparison: Comparison, a: Val, b: Val) -> Option<Val> {
        let (ta, tb) = (self.ty(a), self.ty(b));
        if let Some(equal) = self.typeof_equal(a, b).or_else(|| self.typeof_equal(b, a)) {
            return Some(equal);
        }
        if let (Some(a), Some(b)) = (self.code_unit(a), self.code_unit(b)) {
            let [a, b] = [a, b].map(|unit| self.unit_value(unit));
            return Some(self.emit(Op::Int32Compare { a, b, cond: Cond::Eq }));
        }
        if matches!(comparison, Comparison::StrictEq | Comparison::StrictNe) {
            let known = ta.is(IDENTITY) || tb.is(IDENTITY);
            return known.then(|| self.emit(Op::TaggedEqual { a, b }));
        }
        if tb.is(NULLISH) {
            return Some(self.emit(Op::HasType { v: a, ty: NULLISH }));
        }
        if ta.is(NULLISH) {
            return Some(self.emit(Op::HasType { v: b, ty: NULLISH }));
        }
        (ta.is(OBJECTS) && tb.is(OBJECTS)).then(|| self.emit(Op::TaggedEqual { a, b }))
    }

    /// The one code unit of a value that is sure to be a string of one.
    fn code_unit(&self, v: Val) -> Option<CodeUnit> {
        let graph = &self.session.graph;
        match *graph.op(graph.root(v)) {
            Op::StringCharAt { s, index } => Some(CodeUnit::Of { s, index }),
            Op::Const { value: Const::Cell { address, .. } } => {
                self.session.characters.get(&address).map(|unit| CodeUnit::Known(*unit))
            }
            ref _any_other => None,
        }
    }

    fn unit_value(&mut self, unit: CodeUnit) -> Val {
        match unit {
            CodeUnit::Of { s, index } => self.emit(Op::StringCodeAt { s, index }),
            CodeUnit::Known(unit) => self.int(unit as i32),
        }
    }

    /// `typeof x == "number"` and the like.
    fn typeof_equal(&mut self, a: Val, b: Val) -> Option<Val> {
        let Op::CallRuntime { function: RuntimeFn::TypeOf, ref args, .. } = *self.session.graph.op(a) else {
            return None;
        };
        let v = args.0[0];
        let Some(Const::Cell { address, .. }) = self.is_constant(b) else { return None };
        let ty: Type = *self.session.typeof_names.get(&address)?;
        Some(self.emit(Op::HasType { v, ty }))
    }

    fn compare_generic(&mut self, comparison: Comparison, a: Val, b: Val, wanted: Wanted) -> Val {
        let function = match comparison {
            Comparison::Lt => RuntimeFn::Less,
            Comparison::Le => RuntimeFn::LessEqual,
            Comparison::Gt => RuntimeFn::Greater,
            Comparison::Ge => RuntimeFn::GreaterEqual,
            Comparison::StrictEq | Comparison::StrictNe => {
                let equal = self.emit(Op::StrictEqual { a, b });
                return self.negated_if(comparison == Comparison::StrictNe, equal);
            }
            Comparison::Eq | Comparison::Ne => RuntimeFn::LooseEqual,
        };
        let negated = comparison == Comparison::Ne;
        let resume = match wanted {
            Wanted::In(dst) => Resume::After { result: dst.0 as u32 },
            Wanted::ForBranch { if_true, if_false } if negated => {
                Resume::Branch { if_true: if_false, if_false: if_true }
            }
            Wanted::ForBranch { if_true, if_false } => Resume::Branch { if_true, if_false },
        };
        let v = self.runtime_resuming(function, &[a, b], resume);
        self.negated_if(negated, v)
    }

    // ---- Branches ------------------------------------------------------------------------------------------------

    /// Where a jump of the current bytecode goes.
    pub(super) fn destination(&self, to: i32) -> u32 {
        self.offset.wrapping_add_signed(to)
    }

    pub(super) fn jump_if(&mut self, comparison: Comparison, sense: bool, lhs: Reg, rhs: Reg, to: i32, fb: u16) {
        let (a, b) = (self.get(lhs), self.get(rhs));
        let to = self.destination(to);
        let (if_true, if_false) = if sense { (to, self.next_offset) } else { (self.next_offset, to) };
        if let Some(cond) = self.compare(comparison, a, b, fb, Wanted::ForBranch { if_true, if_false }) {
            self.poll(to);
            self.jump_on(cond, sense, to, fb);
        }
    }

    pub(super) fn jump_if_truthy(&mut self, src: Reg, sense: bool, to: i32, fb: u16) {
        let v = self.get(src);
        let to = self.destination(to);
        let cond = self.emit(Op::IsTruthy { v });
        self.poll(to);
        self.jump_on(cond, sense, to, fb);
    }

    pub(super) fn jump_if_type(&mut self, src: Reg, ty: Type, to: i32, fb: u16) {
        let v = self.get(src);
        let to = self.destination(to);
        let cond = self.emit(Op::HasType { v, ty });
        self.poll(to);
        self.jump_on(cond, true, to, fb);
    }

    /// Jumps to `to` if `cond` is `sense`, else goes on.
    fn jump_on(&mut self, cond: Val, sense: bool, to: u32, fb: u16) {
        let types = self.view.types(fb);
        let executed = types.taken > 0 || types.not_taken > 0;
        let may = self.may(DeoptReason::NeverTakenBranch);
        let prune = self.session.options.prune_branches && executed && may;
        let next = self.next_offset;
        let taken = Way { offset: to, never: prune && types.taken == 0 && !self.leaves_loop(to) };
        let fallen = Way { offset: next, never: prune && types.not_taken == 0 && !self.leaves_loop(next) };
        if sense { self.branch(cond, taken, fallen) } else { self.branch(cond, fallen, taken) }
    }

    /// Whether going to an offset leaves the innermost loop: that a running loop has never ended says little.
    fn leaves_loop(&self, to: u32) -> bool {
        self.code.loops_around(self.offset).first().is_some_and(|header| !self.code.is_in_loop(*header, to))
    }

    /// Whether the value is an int32 for sure, after a check if need be.
    pub(super) fn index(&mut self, v: Val) -> Val {
        if self.ty(v).is(INT32) { v } else { self.check_int32(v) }
    }

    /// Whether the value is a string for sure, after a check if need be.
    pub(super) fn string(&mut self, v: Val) -> Val {
        if self.ty(v).is(STRING) { v } else { self.guard(Op::CheckString { v }) }
    }
}
