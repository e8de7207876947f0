//! New arrays, allocated by the code itself.
//!
//! An array is two cells: its own and that of its elements. Where the length is known both have a known size class, and a
//! handful of stores makes them. Where only the running code knows it, the class of the elements follows from the length by
//! arithmetic; longer arrays, and those that find no room in the interval at hand, are the runtime's.

use super::{Lower, LowerError, runtime, trusted};
use crate::hir::field::Val;
use crate::runtime::cell::{CellKind, offset};
use crate::runtime::heap::{GRANULE, Heap, SEG_CUR, SEG_LIMIT};
use crate::runtime::object::odd_capacity;
use crate::runtime::runtime::Runtime;
use crate::runtime::shape::ElementsKind;
use crate::runtime::value::{HOLE_NAN_BITS, Value as Tagged};
use crate::vocab::ShapeId;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I32, I64, I64X2};
use cranelift_codegen::ir::{InstBuilder, Value};
use std::mem::offset_of;

/// Arrays of a length that only the running code knows are allocated here up to this length.
const SHORT: u32 = 16;

impl Lower<'_, '_> {
    /// An array of a known length, full of holes.
    pub(super) fn new_array(&mut self, shape: ShapeId, length: u32, double: bool, site: u32) -> Value {
        // The whole word: the site follows the length.
        let length_word = self.word(length as u64 | (site as u64) << 32);
        let empty = self.load_word(self.rt, offset_of!(Runtime, empty_elements) as i32);
        let array = self.array_cell(shape, length_word, empty);
        if length == 0 {
            return array;
        }
        // The array is whole: a collection that the second allocation causes may see it.
        let capacity = odd_capacity(length);
        let kind = if double { CellKind::ElementsDouble } else { CellKind::Elements };
        let header = capacity as u64 | (kind as u64) << 32;
        let elements = self.allocate(offset::DATA as usize + 8 * capacity as usize, kind, header);
        let (hole, pair) = self.holes(double);
        self.b.ins().store(trusted(), hole, elements, offset::DATA);
        for granule in 1..=capacity / 2 {
            self.b.ins().store(trusted(), pair, elements, granule as i32 * GRANULE as i32);
        }
        self.b.ins().store(trusted(), elements, array, offset::ELEMENTS);
        // Unlike the elements, the array may have become old meanwhile.
        self.barrier(array, true);
        array
    }

    /// `new Array(length)` of an int32: short ones where there is room, the others by the runtime.
    pub(super) fn new_array_of_length(&mut self, v: Val, kind: ElementsKind, length: Val) -> Result<Value, LowerError> {
        let tagged = self.val(length);
        let (slow, done) = (self.cold_block(), self.b.create_block());
        let (short, room) = (self.b.create_block(), self.b.create_block());
        let result = self.b.append_block_param(done, I64);
        let length = self.b.ins().ireduce(I32, tagged);
        let above_zero = self.b.ins().iadd_imm_s(length, -1);
        let is_short = self.b.ins().icmp_imm_u(IntCC::UnsignedLessThan, above_zero, SHORT as i64);
        self.b.ins().brif(is_short, short, &[], slow, &[]);

        self.b.switch_to_block(short);
        let length = self.b.ins().uextend(I64, length);
        let capacity = self.b.ins().bor_imm_u(length, 1);
        let (seg, bytes) = self.seg_of_elements(capacity);
        let elements = self.load_word(seg, SEG_CUR as i32);
        let limit = self.load_word(seg, SEG_LIMIT as i32);
        let end = self.b.ins().iadd(elements, bytes);
        let full = self.b.ins().icmp(IntCC::UnsignedGreaterThan, end, limit);
        self.b.ins().brif(full, slow, &[], room, &[]);

        self.b.switch_to_block(room);
        self.b.ins().store(trusted(), end, seg, SEG_CUR as i32);
        let cell = if kind.is_double() { CellKind::ElementsDouble } else { CellKind::Elements };
        let header = self.b.ins().bor_imm_u(capacity, ((cell as u64) << 32) as i64);
        self.b.ins().store(trusted(), header, elements, offset::SHAPE);
        self.fill_with_holes(elements, end, limit, kind.is_double());
        let array = self.array_cell(self.input.array_shapes[kind as usize], length, elements);
        self.b.ins().jump(done, &[array.into()]);

        self.b.switch_to_block(slow);
        self.at(self.current, true);
        let kind = self.word(kind as u64);
        let array = self.call_thunk(runtime::new_array_holey_thunk(), &[kind, tagged]);
        if !self.caught.contains(v) {
            self.guard_result(v, array)?;
        }
        self.b.ins().jump(done, &[array.into()]);
        self.b.switch_to_block(done);
        Ok(result)
    }

    /// An array with these elements.
    fn array_cell(&mut self, shape: ShapeId, length_word: Value, elements: Value) -> Value {
        let header = shape.as_u32() as u64 | (CellKind::Array as u64) << 32;
        let array = self.allocate(offset::INLINE as usize + 8, CellKind::Array, header);
        let none = self.word(0);
        self.b.ins().store(trusted(), none, array, offset::SLOTS);
        self.b.ins().store(trusted(), elements, array, offset::ELEMENTS);
        self.b.ins().store(trusted(), length_word, array, offset::ARRAY_LENGTH);
        array
    }

    /// Where short elements cells of an odd capacity are allocated, and their size in bytes: each number of granules has its
    /// own size class, one after the other.
    fn seg_of_elements(&mut self, capacity: Value) -> (Value, Value) {
        let first = Heap::seg_offset(GRANULE);
        let stride = Heap::seg_offset(2 * GRANULE) - first;
        debug_assert!((1..=SHORT as usize / 2 + 1).all(|n| Heap::seg_offset(n * GRANULE) == first + (n - 1) * stride));
        // A capacity of 1 is one granule, with the header; each two more are another.
        let further = self.b.ins().ushr_imm_u(capacity, 1);
        let further = self.b.ins().imul_imm_u(further, stride as i64);
        let seg = self.b.ins().iadd(self.rt, further);
        let seg = self.b.ins().iadd_imm_s(seg, (offset_of!(Runtime, heap) + first) as i64);
        let words = self.b.ins().ishl_imm_u(capacity, 3);
        (seg, self.b.ins().iadd_imm_s(words, offset::DATA as i64))
    }

    /// Fills the elements of a fresh short cell: the one behind the header, and then whole granules, up to the cell's end.
    ///
    /// Where the interval is long enough for the longest, that many are written whatever the length: what lies behind the
    /// cell is free, and a few stores more cost less than a loop whose end no processor predicts.
    fn fill_with_holes(&mut self, elements: Value, end: Value, limit: Value, double: bool) {
        let (hole, pair) = self.holes(double);
        self.b.ins().store(trusted(), hole, elements, offset::DATA);
        let (all, exact, head, after) =
            (self.b.create_block(), self.cold_block(), self.cold_block(), self.b.create_block());
        let at = self.b.append_block_param(head, I64);
        let granules = SHORT as usize / 2;
        let longest = self.b.ins().iadd_imm_s(elements, ((1 + granules) * GRANULE) as i64);
        let plenty = self.b.ins().icmp(IntCC::UnsignedLessThanOrEqual, longest, limit);
        self.b.ins().brif(plenty, all, &[], exact, &[]);
        self.b.switch_to_block(all);
        for granule in 1..=granules {
            self.b.ins().store(trusted(), pair, elements, (granule * GRANULE) as i32);
        }
        self.b.ins().jump(after, &[]);
        self.b.switch_to_block(exact);
        let first = self.b.ins().iadd_imm_s(elements, GRANULE as i64);
        let filled = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, first, end);
        self.b.ins().brif(filled, after, &[], head, &[first.into()]);
        self.b.switch_to_block(head);
        self.b.ins().store(trusted(), pair, at, 0);
        let next = self.b.ins().iadd_imm_s(at, GRANULE as i64);
        let filled = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, next, end);
        self.b.ins().brif(filled, after, &[], head, &[next.into()]);
        self.b.switch_to_block(after);
    }

    /// The word of an element that is not there, and a granule of two.
    fn holes(&mut self, double: bool) -> (Value, Value) {
        let hole = self.hole(double);
        (hole, self.b.ins().splat(I64X2, hole))
    }

    /// The word of an element that is not there.
    pub(super) fn hole(&mut self, double: bool) -> Value {
        self.word(if double { HOLE_NAN_BITS } else { Tagged::HOLE.0 })
    }
}
