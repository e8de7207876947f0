//! Operations with a constant, and the other small rewritings that pay: rotations, division by multiplication, addresses
//! with a constant index, negated comparisons.
//!
//! Cranelift's optimizer knows all of these, and is not run: what else it does has been done on the HIR, and it took a fifth
//! of the compile time.

use super::Lower;
use crate::hir::field::{Const, Val};
use crate::hir::inst::Op;
use cranelift_codegen::ir::condcodes::CondCode;
use cranelift_codegen::ir::types::{F64X2, I32, I64};
use cranelift_codegen::ir::{InstBuilder, InstructionData, Value, ValueDef};

impl Lower<'_, '_> {
    /// The int32 constant that a value is.
    pub(super) fn int_constant(&self, v: Val) -> Option<i32> {
        if let Some(Const::Int(i)) = self.graph.constant(v) { Some(i) } else { None }
    }

    /// A double for the side of an operation that has to be in a register. A constant there is loaded from memory by one
    /// instruction, as a vector of which only the first half is looked at: by itself Cranelift moves it through a general
    /// register, which takes two and is slower. On the right side constants are memory operands anyway.
    pub(super) fn left_double(&mut self, v: Val) -> Value {
        match self.graph.constant(v).and_then(Const::as_number) {
            Some(d) if d.to_bits() != 0 && cfg!(target_arch = "x86_64") => {
                let halves = [d.to_le_bytes(), [0; 8]].concat();
                let pool = self.b.func.dfg.constants.insert(halves.into());
                let both = self.b.ins().vconst(F64X2, pool);
                self.b.ins().extractlane(both, 0)
            }
            _other => self.val(v),
        }
    }

    /// The opposite of a boolean. Comparisons are made anew, so that a branch on the result is one on the flags.
    pub(super) fn not(&mut self, flag: Value) -> Value {
        let dfg = &self.b.func.dfg;
        let comparison = match dfg.value_def(flag) {
            ValueDef::Result(inst, _) => dfg.insts[inst],
            ValueDef::Param(..) | ValueDef::Union(..) => return self.b.ins().bxor_imm_u(flag, 1),
        };
        match comparison {
            InstructionData::IntCompare { cond, args: [a, b], .. } => self.b.ins().icmp(cond.complement(), a, b),
            InstructionData::FloatCompare { cond, args: [a, b], .. } => self.b.ins().fcmp(cond.complement(), a, b),
            _no_comparison => self.b.ins().bxor_imm_u(flag, 1),
        }
    }

    /// `a | b`, which may be a rotation: `x << n | x >>> 32 - n`.
    pub(super) fn or_or_rotation(&mut self, a: Val, b: Val) -> Value {
        let (left, right) = match (self.graph.op(a), self.graph.op(b)) {
            (Op::Int32Shr { .. }, Op::Int32Shl { .. }) => (b, a),
            _as_they_stand => (a, b),
        };
        if let (&Op::Int32Shl { a: x, b: up }, &Op::Int32Shr { a: y, b: down }) =
            (self.graph.op(left), self.graph.op(right))
            && let (Some(up), Some(down)) = (self.int_constant(up), self.int_constant(down))
            && x == y
            && (up & 31) + (down & 31) == 32
        {
            let x = self.val(x);
            return self.b.ins().rotl_imm_u(x, (up & 31) as i64);
        }
        let (a, b) = (self.val(a), self.val(b));
        self.b.ins().bor(a, b)
    }

    /// `a * b`, wrapping.
    pub(super) fn product(&mut self, a: Val, b: Val) -> Value {
        let (a, b, power) = match (self.power_of_two(a), self.power_of_two(b)) {
            (Some(power), None) => (b, a, Some(power)),
            (_, power) => (a, b, power),
        };
        let a = self.val(a);
        if let Some(power) = power {
            return self.b.ins().ishl_imm_u(a, power as i64);
        }
        let b = self.val(b);
        self.b.ins().imul(a, b)
    }

    /// Which power of two a positive constant is.
    pub(super) fn power_of_two(&self, v: Val) -> Option<u32> {
        self.int_constant(v).filter(|i| *i > 0 && i.count_ones() == 1).map(i32::trailing_zeros)
    }

    /// A constant that [`Lower::quotient`] divides by without dividing.
    pub(super) fn multiplied_divisor(&self, v: Val) -> Option<i32> {
        self.int_constant(v).filter(|i| *i > 1)
    }

    /// `a / b`, rounded to zero, where that can neither overflow nor be of 0.
    pub(super) fn quotient(&mut self, a: Val, b: Val) -> Value {
        match self.multiplied_divisor(b) {
            Some(by) => {
                let a = self.val(a);
                self.quotient_by(a, by)
            }
            None => {
                let (a, b) = (self.val(a), self.val(b));
                self.b.ins().sdiv(a, b)
            }
        }
    }

    /// `a / by` for a divisor from [`Lower::multiplied_divisor`].
    pub(super) fn quotient_by(&mut self, a: Value, by: i32) -> Value {
        if by.count_ones() == 1 {
            let power = by.trailing_zeros() as i64;
            let bias = self.bias(a, power);
            let sum = self.b.ins().iadd(a, bias);
            return self.b.ins().sshr_imm_u(sum, power);
        }
        let (factor, shift) = reciprocal(by);
        let wide = self.b.ins().sextend(I64, a);
        let factor = self.word(factor as u64);
        let product = self.b.ins().imul(wide, factor);
        let product = self.b.ins().sshr_imm_u(product, shift as i64);
        let rounded_down = self.b.ins().ireduce(I32, product);
        let minus_one_if_negative = self.b.ins().sshr_imm_u(a, 31);
        self.b.ins().isub(rounded_down, minus_one_if_negative)
    }

    /// `a % b`, with the sign of `a`, where `b` is neither 0 nor -1 with the least int32.
    pub(super) fn remainder(&mut self, a: Val, b: Val) -> Value {
        let Some(by) = self.multiplied_divisor(b) else {
            let (a, b) = (self.val(a), self.val(b));
            return self.b.ins().srem(a, b);
        };
        let a = self.val(a);
        if by.count_ones() == 1 {
            let bias = self.bias(a, by.trailing_zeros() as i64);
            let sum = self.b.ins().iadd(a, bias);
            let low = self.b.ins().band_imm_u(sum, by as i64 - 1);
            return self.b.ins().isub(low, bias);
        }
        let quotient = self.quotient_by(a, by);
        let whole = self.b.ins().imul_imm_s(quotient, by as i64);
        self.b.ins().isub(a, whole)
    }

    /// What a negative number lacks so that shifting by `power` rounds it to zero; 0 for others.
    fn bias(&mut self, a: Value, power: i64) -> Value {
        let sign = self.b.ins().sshr_imm_u(a, 31);
        self.b.ins().ushr_imm_u(sign, 32 - power)
    }

    /// A cell's or buffer's address and what is to be added to it to reach the element of this size.
    pub(super) fn indexed(&mut self, base: Val, index: Val, size_shift: i64) -> (Value, i32) {
        let base = self.val(base);
        if let Some(i) = self.int_constant(index)
            && let Some(at) = i.checked_mul(1 << size_shift).filter(|at| (0..1 << 20).contains(at))
        {
            return (base, at);
        }
        let wide = self.wide_index(index);
        let scaled = self.b.ins().ishl_imm_u(wide, size_shift);
        (self.b.ins().iadd(base, scaled), 0)
    }

    /// An index as a word: the same one for all accesses of a block.
    fn wide_index(&mut self, index: Val) -> Value {
        if let Some(known) = self.wide_indices.get(&index) {
            return *known;
        }
        let narrow = self.val(index);
        let wide = self.b.ins().uextend(I64, narrow);
        if self.b.current_block() == self.on_all_paths {
            self.wide_indices.insert(index, wide);
        }
        wide
    }
}

/// Factor and shift that divide an int32 by a positive divisor that is no power of two: the quotient, rounded down, is the
/// product shifted; Granlund and Montgomery, "Division by Invariant Integers using Multiplication" (1994), figure 5.2.
fn reciprocal(by: i32) -> (i64, u32) {
    let shift = 32 + by.ilog2();
    (((1i128 << shift) / by as i128 + 1) as i64, shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reciprocals_divide() {
        let divisors = (3..2000).chain([65_521, 1_000_003, i32::MAX - 1, i32::MAX]);
        for by in divisors.filter(|by: &i32| by.count_ones() != 1) {
            let (factor, shift) = reciprocal(by);
            let most = i32::MAX / by * by;
            let near = [0, 1, by, most].into_iter().flat_map(|a| [a.saturating_sub(1), a, a.saturating_add(1)]);
            for a in near.flat_map(|a| [a, a.wrapping_neg()]).chain([i32::MIN, i32::MIN + 1, i32::MAX]) {
                let quotient = ((a as i64 * factor) >> shift) as i32 - (a >> 31);
                assert_eq!(quotient, a / by, "{a} / {by}");
            }
        }
    }
}
