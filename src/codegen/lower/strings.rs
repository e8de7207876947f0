//! Strings: length, code units, comparison, concatenation.
//!
//! What only reads a flat string is done in line; so is a concatenation long enough for a rope, which is one small cell
//! whatever the length of its parts. The rest is the runtime's.

use super::groups::{calls, checks, control, numbers, objects};
use super::numbers::int_cc;
use super::{Lower, LowerError, runtime, trusted};
use crate::hir::field::Val;
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::runtime::atoms::{Atoms, SINGLES, SMALL_INTS};
use crate::runtime::cell::{CellKind, offset, string_repr};
use crate::runtime::runtime::Runtime;
use crate::runtime::string::{MAX_LENGTH, ROPE_MIN, STRING_SHAPE};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I16, I32, I64};
use cranelift_codegen::ir::{InstBuilder, Value};
use std::mem::offset_of;

impl Lower<'_, '_> {
    pub(super) fn string(&mut self, v: Val) -> Result<(), LowerError> {
        let op = &self.graph.insts[v].op;
        let result = match op {
            Op::StringConcat { a, b } => {
                let (a, b) = (self.val(*a), self.val(*b));
                self.concat(v, a, b)?
            }
            Op::StringLength { s } => {
                let s = self.val(*s);
                self.string_length(s)
            }
            Op::StringCodeAt { s, index } => {
                let (s, index) = (self.val(*s), self.val(*index));
                self.code_at(s, index)
            }
            Op::StringCharAt { s, index } => {
                let (s, index) = (self.val(*s), self.val(*index));
                let code = self.code_at(s, index);
                self.string_of(code)
            }
            Op::StringFromCode { code } => {
                let code = self.val(*code);
                self.string_of(code)
            }
            Op::StringEqual { a, b } => {
                let (a, b) = (self.val(*a), self.val(*b));
                self.strings_equal(a, b)
            }
            Op::StringCompare { a, b, cond } => {
                let (a, b) = (self.val(*a), self.val(*b));
                let order = self.call_thunk(runtime::string_order_thunk(), &[a, b]);
                let order = self.b.ins().ireduce(I32, order);
                self.b.ins().icmp_imm_s(int_cc(*cond), order, 0)
            }
            control!() | checks!() | numbers!() | objects!() | calls!() => unreachable!("{op} is about no string"),
        };
        self.set(v, result);
        Ok(())
    }

    /// `a + b`: a rope in line if it is long enough and no part is a flat string of two-byte units, whose width a rope
    /// would have to remember.
    fn concat(&mut self, v: Val, a: Value, b: Value) -> Result<Value, LowerError> {
        let (rope, slow, join) = (self.b.create_block(), self.cold_block(), self.b.create_block());
        let result = self.b.append_block_param(join, I64);
        let (la, lb) = (self.string_length(a), self.string_length(b));
        let length = self.b.ins().iadd(la, lb);
        let beyond = self.b.ins().iadd_imm_s(length, -(ROPE_MIN as i64));
        let range = (MAX_LENGTH - ROPE_MIN) as i64;
        let fits = self.b.ins().icmp_imm_u(IntCC::UnsignedLessThanOrEqual, beyond, range);
        let shorter = self.b.ins().umin(la, lb);
        let (x, y) =
            (self.b.ins().load(I16, trusted(), a, offset::AUX), self.b.ins().load(I16, trusted(), b, offset::AUX));
        let (x_repr, y_repr) = (
            self.b.ins().band_imm_u(x, string_repr::MASK as i64),
            self.b.ins().band_imm_u(y, string_repr::MASK as i64),
        );
        let narrow = |l: &mut Self, repr| l.b.ins().icmp_imm_u(IntCC::NotEqual, repr, string_repr::UTF16 as i64);
        let (x_narrow, y_narrow) = (narrow(self, x_repr), narrow(self, y_repr));
        let both = self.b.ins().band(x_narrow, y_narrow);
        let some = self.b.ins().icmp_imm_u(IntCC::NotEqual, shorter, 0);
        let fits = self.b.ins().band(fits, some);
        let fits = self.b.ins().band(fits, both);
        self.b.ins().brif(fits, rope, &[], slow, &[]);
        self.b.switch_to_block(slow);
        self.at(self.current, true);
        let word = self.call_thunk(runtime::concat_thunk(), &[a, b]);
        if !self.caught.contains(v) {
            self.guard_result(v, word)?;
        }
        self.b.ins().jump(join, &[word.into()]);
        self.b.switch_to_block(rope);
        let header = STRING_SHAPE as u64 | (CellKind::String as u64) << 32 | (string_repr::ROPE as u64) << 48;
        let cell = self.allocate(offset::STRING_RIGHT as usize + 8, CellKind::String, header);
        let flags = self.b.ins().bor(x, y);
        let wide = self.b.ins().band_imm_u(flags, string_repr::WIDE as i64);
        let aux = self.b.ins().bor_imm_u(wide, string_repr::ROPE as i64);
        self.b.ins().store(trusted(), aux, cell, offset::AUX);
        // The hash behind the length is not known: zero.
        let length = self.b.ins().uextend(I64, length);
        self.b.ins().store(trusted(), length, cell, offset::STRING_LENGTH);
        self.b.ins().store(trusted(), a, cell, offset::STRING_DATA);
        self.b.ins().store(trusted(), b, cell, offset::STRING_RIGHT);
        self.b.ins().jump(join, &[cell.into()]);
        self.b.switch_to_block(join);
        Ok(result)
    }

    fn string_length(&mut self, s: Value) -> Value {
        self.b.ins().load(I32, trusted(), s, offset::STRING_LENGTH)
    }

    /// Whether two strings are equal: the same cell is, two atoms or strings of different lengths are not.
    pub(super) fn strings_equal(&mut self, a: Value, b: Value) -> Value {
        let (look, ask, join) = (self.b.create_block(), self.cold_block(), self.b.create_block());
        let result = self.b.append_block_param(join, I8);
        let one = self.b.ins().iconst(I8, 1);
        let same = self.b.ins().icmp(IntCC::Equal, a, b);
        self.b.ins().brif(same, join, &[one.into()], look, &[]);
        self.b.switch_to_block(look);
        let zero = self.b.ins().iconst(I8, 0);
        let (x, y) =
            (self.b.ins().load(I16, trusted(), a, offset::AUX), self.b.ins().load(I16, trusted(), b, offset::AUX));
        let both = self.b.ins().band(x, y);
        let atoms = self.b.ins().band_imm_u(both, string_repr::ATOM as i64);
        let (x, y) = (self.string_length(a), self.string_length(b));
        let lengths = self.b.ins().icmp(IntCC::NotEqual, x, y);
        let atoms = self.b.ins().icmp_imm_u(IntCC::NotEqual, atoms, 0);
        let differ = self.b.ins().bor(lengths, atoms);
        self.b.ins().brif(differ, join, &[zero.into()], ask, &[]);
        self.b.switch_to_block(ask);
        let word = self.call_leaf(runtime::leaf_strict_equal as *const () as usize, &[self.rt, a, b]);
        let equal = self.b.ins().ireduce(I8, word);
        self.b.ins().jump(join, &[equal.into()]);
        self.b.switch_to_block(join);
        result
    }

    /// The string of one code unit (of the low 16 bits of `code`).
    fn string_of(&mut self, code: Value) -> Value {
        let unit = self.b.ins().band_imm_u(code, 0xFFFF);
        self.kept_string(unit, SINGLES, Atoms::SINGLES_OFFSET, |l, wide| {
            l.call_thunk(runtime::from_code_thunk(), &[wide])
        })
    }

    /// The decimal digits of an int32, given as a tagged value.
    pub(super) fn string_of_int(&mut self, v: Val) -> Value {
        let tagged = self.val(v);
        let int = self.b.ins().ireduce(I32, tagged);
        self.kept_string(int, SMALL_INTS, Atoms::SMALL_INTS_OFFSET, |l, _| {
            l.call_runtime(RuntimeFn::NumberToString, 0, &[v], false)
        })
    }

    /// A string that the runtime keeps at hand in a table of the atoms, if it was ever used; else what is made.
    fn kept_string(
        &mut self,
        index: Value,
        count: usize,
        table: i32,
        make: impl FnOnce(&mut Self, Value) -> Value,
    ) -> Value {
        let wide = self.b.ins().uextend(I64, index);
        let (look, cold, join) = (self.b.create_block(), self.cold_block(), self.b.create_block());
        let result = self.b.append_block_param(join, I64);
        let small = self.b.ins().icmp_imm_u(IntCC::UnsignedLessThan, index, count as i64);
        self.b.ins().brif(small, look, &[], cold, &[]);
        self.b.switch_to_block(look);
        let scaled = self.b.ins().ishl_imm_u(wide, 3);
        let at = self.b.ins().iadd(self.rt, scaled);
        let kept = self.load_word(at, offset_of!(Runtime, atoms) as i32 + table);
        self.b.ins().brif(kept, join, &[kept.into()], cold, &[]);
        self.b.switch_to_block(cold);
        let made = make(self, wide);
        self.b.ins().jump(join, &[made.into()]);
        self.b.switch_to_block(join);
        result
    }

    /// The code unit at an index in bounds: a load if the string is flat, or a window into a flat one, as a rope is once it
    /// has been read.
    fn code_at(&mut self, string: Value, index: Value) -> Value {
        let repr = self.representation(string);
        let index = self.b.ins().uextend(I64, index);
        let (slice, flat) = (self.b.create_block(), self.b.create_block());
        let s = self.b.append_block_param(flat, I64);
        let wide = self.b.append_block_param(flat, I64);
        let flat_repr = self.b.append_block_param(flat, I16);
        let is_slice = self.b.ins().icmp_imm_u(IntCC::Equal, repr, string_repr::SLICE as i64);
        self.b.ins().brif(is_slice, slice, &[], flat, &[string.into(), index.into(), repr.into()]);
        self.b.switch_to_block(slice);
        let parent = self.load_word(string, offset::STRING_DATA);
        let start = self.load_word(string, offset::STRING_RIGHT);
        let in_parent = self.b.ins().iadd(index, start);
        let parent_repr = self.representation(parent);
        self.b.ins().jump(flat, &[parent.into(), in_parent.into(), parent_repr.into()]);
        self.b.switch_to_block(flat);
        let (latin1, not_latin1, utf16, other) =
            (self.b.create_block(), self.b.create_block(), self.b.create_block(), self.cold_block());
        let join = self.b.create_block();
        let result = self.b.append_block_param(join, I32);
        let is_latin1 = self.b.ins().icmp_imm_u(IntCC::Equal, flat_repr, string_repr::LATIN1 as i64);
        self.b.ins().brif(is_latin1, latin1, &[], not_latin1, &[]);
        self.b.switch_to_block(latin1);
        let at = self.b.ins().iadd(s, wide);
        let byte = self.b.ins().load(I8, trusted(), at, offset::STRING_DATA);
        let code = self.b.ins().uextend(I32, byte);
        self.b.ins().jump(join, &[code.into()]);
        self.b.switch_to_block(not_latin1);
        let is_utf16 = self.b.ins().icmp_imm_u(IntCC::Equal, flat_repr, string_repr::UTF16 as i64);
        self.b.ins().brif(is_utf16, utf16, &[], other, &[]);
        self.b.switch_to_block(utf16);
        let scaled = self.b.ins().ishl_imm_u(wide, 1);
        let at = self.b.ins().iadd(s, scaled);
        let unit = self.b.ins().load(I16, trusted(), at, offset::STRING_DATA);
        let code = self.b.ins().uextend(I32, unit);
        self.b.ins().jump(join, &[code.into()]);
        self.b.switch_to_block(other);
        let word = self.call_thunk(runtime::code_at_thunk(), &[s, wide]);
        let code = self.b.ins().ireduce(I32, word);
        self.b.ins().jump(join, &[code.into()]);
        self.b.switch_to_block(join);
        result
    }

    /// How a string is held: one of `string_repr`.
    fn representation(&mut self, s: Value) -> Value {
        let aux = self.b.ins().load(I16, trusted(), s, offset::AUX);
        self.b.ins().band_imm_u(aux, string_repr::MASK as i64)
    }
}
