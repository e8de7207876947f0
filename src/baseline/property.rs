//! Named properties and elements: the first entries of the site's inline cache inline, the rest by the helper, which
//! tries all entries and teaches the site.
//!
//! What an entry for a slot of the receiver says depends on the shape alone, for ever (ids are not reused), so it is
//! written into the code. Entries that depend on prototypes, and new ones, are read from the slot each time.

use super::emit::{Emitter, Paths};
use super::request::Hint;
use crate::bytecode::ops::{Reg, quick};
use crate::codegen::helpers::property;
use crate::feedback::slot::{Access, ElementSlot, PropertyEntry, PropertySlot};
use crate::runtime::cell::{CellKind, offset};
use crate::runtime::head::offset as head;
use crate::runtime::shape::ElementsKind;
use crate::runtime::typed::ElementType;
use crate::runtime::value::{HOLE_NAN_BITS, Value as Tagged};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{F32, F64, I8, I16, I32, I64};
use cranelift_codegen::ir::{Block, InstBuilder, MemFlagsData, Value};
use smallvec::SmallVec;
use std::mem::offset_of;

const ENTRIES: i32 = offset_of!(PropertySlot, entries) as i32;
const ENTRY_SIZE: i32 = size_of::<PropertyEntry>() as i32;
const PAYLOAD: i32 = offset_of!(PropertyEntry, payload) as i32;

// An entry's first word is read at once: shape, access, an unused byte that is 0, offset.
const _: () = assert!(
    offset_of!(PropertyEntry, shape) == 0
        && offset_of!(PropertyEntry, access) == 4
        && offset_of!(PropertyEntry, offset) == 6
);

/// A cache entry to be tried inline.
#[derive(Clone, Copy)]
struct Entry {
    /// Which one of the slot's.
    index: i32,
    access: Access,
    /// Its shape, if that is known.
    shape: Option<u32>,
    /// Its offset, if the shape is known.
    offset: u16,
}

impl Emitter<'_, '_> {
    /// The entries that the site had; for a site that has not run yet, one for each access that is likely.
    fn entries(&self, fb: u16, likely: &[Access]) -> SmallVec<[Entry; 2]> {
        match self.request.hints.get(&fb) {
            Some(Hint::Property(entries)) => {
                let known = |(index, e): (usize, &PropertyEntry)| Entry {
                    index: index as i32,
                    access: e.access,
                    shape: Some(e.shape),
                    offset: e.offset,
                };
                entries.iter().enumerate().map(known).collect()
            }
            Some(Hint::Types(_) | Hint::Array { .. } | Hint::Typed { .. }) | None => {
                likely.iter().map(|access| Entry { index: 0, access: *access, shape: None, offset: 0 }).collect()
            }
        }
    }

    /// Goes on if entry `index` of the slot in memory is of this access and for this shape. The result is its first word.
    fn require_entry(&mut self, slot: Value, index: i32, shape: Value, access: Access, no: Block) -> Value {
        let word = self.load(I64, slot, ENTRIES + ENTRY_SIZE * index);
        let wide = self.b.ins().uextend(I64, shape);
        let difference = self.b.ins().bxor(word, wide);
        let shifted = self.b.ins().ishl_imm_u(difference, 16);
        let fits = self.equals(shifted, (access as u64) << 48);
        self.require(fits, no);
        word
    }

    /// Goes on if the slot's entries that depend on prototypes are valid.
    fn require_epoch(&mut self, slot: Value, no: Block) {
        let made = self.load(I32, slot, offset_of!(PropertySlot, epoch) as i32);
        let now = self.load(I32, self.rt, head::PROTO_EPOCH);
        let fresh = self.b.ins().icmp(IntCC::Equal, made, now);
        self.require(fresh, no);
    }

    /// Address of the slot that an entry's first word names in `base`.
    fn entry_place(&mut self, word: Value, base: Value) -> Value {
        let at = self.b.ins().ushr_imm_u(word, 48);
        self.b.ins().iadd(base, at)
    }

    fn require_shape(&mut self, shape: Value, expected: u32, no: Block) {
        let same = self.equals(shape, expected as u64);
        self.require(same, no);
    }

    /// Address of the slot of `base` that an entry says, if the entry fits the shape.
    fn slot_by(&mut self, base: Value, shape: Value, fb: u16, entry: Entry, miss: Block) -> (Value, i32) {
        match entry.shape {
            Some(expected) => {
                self.require_shape(shape, expected, miss);
                (base, entry.offset as i32)
            }
            None => {
                let slot = self.slot(fb);
                let word = self.require_entry(slot, entry.index, shape, entry.access, miss);
                (self.entry_place(word, base), 0)
            }
        }
    }

    /// `dst = object.name`.
    pub(super) fn get_property(&mut self, dst: Reg, object: Reg, name: u16, fb: u16) {
        let o = self.get(object);
        let paths = self.paths();
        let cell = self.is_cell(o);
        self.require(cell, paths.slow);
        let shape = self.load(I32, o, offset::SHAPE);
        let is_length = self.request.constants[name as usize] == self.request.length;
        let likely: &[Access] = if is_length { &[Access::ArrayLength] } else { &[Access::Inline, Access::ProtoInline] };
        for entry in self.entries(fb, likely) {
            let miss = self.block();
            if let Some(v) = self.get_by_entry(o, shape, fb, entry, miss, paths.slow) {
                self.set(dst, v);
                self.jump(paths.done);
            } else {
                self.jump(miss);
            }
            self.go(miss);
        }
        self.jump(paths.slow);
        self.by_frame(property::GET_PROP, paths);
    }

    /// The value by one cache entry; to `miss` if it does not fit. None: there is no inline path for its access.
    fn get_by_entry(&mut self, o: Value, shape: Value, fb: u16, e: Entry, miss: Block, slow: Block) -> Option<Value> {
        match e.access {
            Access::Inline => {
                let (at, offset) = self.slot_by(o, shape, fb, e, miss);
                Some(self.load(I64, at, offset))
            }
            Access::OutOfLine => {
                let slots = self.load(I64, o, offset::SLOTS);
                let (at, offset) = self.slot_by(slots, shape, fb, e, miss);
                Some(self.load(I64, at, offset))
            }
            Access::ProtoInline => {
                let slot = self.slot(fb);
                let word = self.require_entry(slot, e.index, shape, Access::ProtoInline, miss);
                self.require_epoch(slot, miss);
                let holder = self.load(I64, slot, ENTRIES + ENTRY_SIZE * e.index + PAYLOAD);
                let at = self.entry_place(word, holder);
                Some(self.load(I64, at, 0))
            }
            Access::ArrayLength | Access::StringLength => {
                let at = if e.access == Access::ArrayLength { offset::ARRAY_LENGTH } else { offset::STRING_LENGTH };
                self.slot_by(o, shape, fb, e, miss);
                let length = self.load(I32, o, at);
                let small = self.is(IntCC::SignedGreaterThanOrEqual, length, 0);
                self.require(small, slow);
                Some(self.box_int(length))
            }
            Access::TypedLength => {
                let slot = self.slot(fb);
                self.require_entry(slot, e.index, shape, Access::TypedLength, miss);
                self.require_epoch(slot, miss);
                let length = self.load(I32, o, offset::TYPED_LENGTH);
                Some(self.box_int(length))
            }
            Access::None
            | Access::ProtoOutOfLine
            | Access::Accessor
            | Access::Absent
            | Access::AddInline
            | Access::AddOutOfLine => None,
        }
    }

    /// `object.name = src`.
    pub(super) fn set_property(&mut self, object: Reg, src: Reg, fb: u16) {
        let (o, v) = (self.get(object), self.get(src));
        let paths = self.paths();
        let cell = self.is_cell(o);
        self.require(cell, paths.slow);
        self.store_by_entries(o, v, fb, &[Access::Inline, Access::AddInline], paths);
        self.by_frame(property::SET_PROP, paths);
    }

    /// Own property of a literal or a field.
    pub(super) fn define_field(&mut self, object: Reg, src: Reg, fb: u16) {
        let (o, v) = (self.get(object), self.get(src));
        let paths = self.paths();
        self.store_by_entries(o, v, fb, &[Access::AddInline], paths);
        self.by_frame(property::DEFINE_FIELD, paths);
    }

    /// Stores by the first cache entry that fits and goes to `done`; ends with a jump to `slow`.
    fn store_by_entries(&mut self, o: Value, v: Value, fb: u16, likely: &[Access], paths: Paths) {
        let shape = self.load(I32, o, offset::SHAPE);
        for entry in self.entries(fb, likely) {
            let miss = self.block();
            match entry.access {
                Access::Inline => {
                    let (at, offset) = self.slot_by(o, shape, fb, entry, miss);
                    self.store(v, at, offset);
                    self.barrier(o, v);
                    self.jump(paths.done);
                }
                Access::OutOfLine => {
                    let slots = self.load(I64, o, offset::SLOTS);
                    let (at, offset) = self.slot_by(slots, shape, fb, entry, miss);
                    self.store(v, at, offset);
                    self.barrier(slots, v);
                    self.jump(paths.done);
                }
                Access::AddInline => {
                    let slot = self.slot(fb);
                    let word = self.require_entry(slot, entry.index, shape, Access::AddInline, miss);
                    self.require_epoch(slot, miss);
                    let new_shape = self.load(I32, slot, ENTRIES + ENTRY_SIZE * entry.index + PAYLOAD);
                    self.store(new_shape, o, offset::SHAPE);
                    let at = self.entry_place(word, o);
                    self.store(v, at, 0);
                    self.barrier(o, v);
                    self.jump(paths.done);
                }
                Access::None
                | Access::ProtoInline
                | Access::ProtoOutOfLine
                | Access::ArrayLength
                | Access::StringLength
                | Access::TypedLength
                | Access::Accessor
                | Access::Absent
                | Access::AddOutOfLine => self.jump(miss),
            }
            self.go(miss);
        }
        self.jump(paths.slow);
    }

    /// `dst = global name`.
    pub(super) fn get_global(&mut self, dst: Reg, fb: u16) {
        let paths = self.paths();
        let global = self.word(self.request.global);
        let shape = self.load(I32, global, offset::SHAPE);
        let slot = self.slot(fb);
        let word = self.require_entry(slot, 0, shape, Access::Inline, paths.slow);
        let at = self.entry_place(word, global);
        let v = self.load(I64, at, 0);
        self.set(dst, v);
        self.jump(paths.done);
        self.by_frame(property::GET_GLOBAL, paths);
    }

    // ---- elements ----------------------------------------------------------------------------------------------------

    fn array_hint(&self, fb: u16) -> Option<(u32, ElementsKind, bool)> {
        match self.request.hints.get(&fb) {
            Some(Hint::Array { shape, kind, writable }) => Some((*shape, *kind, *writable)),
            Some(Hint::Types(_) | Hint::Property(_) | Hint::Typed { .. }) | None => None,
        }
    }

    /// Index and address of an element in bounds of an array: the elements cell and the place in it.
    fn element_place(&mut self, array: Value, key: Value, slow: Block) -> (Value, Value) {
        let is_int = self.is_int(key);
        self.require(is_int, slow);
        let index = self.int_of(key);
        let length = self.load(I32, array, offset::ARRAY_LENGTH);
        let inside = self.b.ins().icmp(IntCC::UnsignedLessThan, index, length);
        self.require(inside, slow);
        let elements = self.load(I64, array, offset::ELEMENTS);
        let capacity = self.load(I32, elements, offset::COUNT);
        let covered = self.b.ins().icmp(IntCC::UnsignedLessThan, index, capacity);
        self.require(covered, slow);
        let wide = self.b.ins().uextend(I64, index);
        let bytes = self.b.ins().ishl_imm_u(wide, 3);
        (elements, self.b.ins().iadd(elements, bytes))
    }

    /// `dst = object[key]`.
    pub(super) fn get_element(&mut self, dst: Reg, object: Reg, key: Reg, fb: u16) {
        let (o, k) = (self.get(object), self.get(key));
        let paths = self.paths();
        if let Some((shape, ty)) = self.typed_hint(fb) {
            let at = self.typed_place(o, k, shape, ty, paths.slow);
            let v = self.load_typed(at, ty);
            self.set(dst, v);
            self.jump(paths.done);
            return self.by_frame(property::GET_ELEM, paths);
        }
        self.require_kind(o, CellKind::Array, paths.slow);
        if self.request.profiles() {
            // The site must know the shape.
            let shape = self.load(I32, o, offset::SHAPE);
            let known = match self.array_hint(fb) {
                Some((known, _, _)) => self.b.ins().iconst(I32, known as i64),
                None => {
                    let slot = self.slot(fb);
                    self.load(I32, slot, offset_of!(ElementSlot, shapes) as i32)
                }
            };
            let same = self.b.ins().icmp(IntCC::Equal, shape, known);
            self.require(same, paths.slow);
        }
        let (elements, at) = self.element_place(o, k, paths.slow);
        let double = self.array_hint(fb).is_some_and(|(_, kind, _)| kind.is_double());
        let representation = if double { CellKind::ElementsDouble } else { CellKind::Elements };
        let kind = self.load(I8, elements, offset::KIND);
        let fits = self.equals(kind, representation as u64);
        self.require(fits, paths.slow);
        let word = self.load(I64, at, offset::DATA);
        let hole = if double { HOLE_NAN_BITS } else { Tagged::HOLE.0 };
        let absent = self.equals(word, hole);
        self.refuse(absent, paths.slow);
        let v = if double {
            let d = self.b.ins().bitcast(F64, MemFlagsData::new(), word);
            self.box_double(d)
        } else {
            word
        };
        self.set(dst, v);
        self.jump(paths.done);

        self.by_frame(property::GET_ELEM, paths);
    }

    /// `object[key] = src`: inline for the array shape that the site has seen, where an element exists already.
    pub(super) fn set_element(&mut self, object: Reg, key: Reg, src: Reg, fb: u16) {
        let (o, k, v) = (self.get(object), self.get(key), self.get(src));
        let paths = self.paths();
        if let Some((shape, ty)) = self.typed_hint(fb) {
            let number = if ty.is_float() { self.is_number(v) } else { self.is_int(v) };
            self.require(number, paths.slow);
            let at = self.typed_place(o, k, shape, ty, paths.slow);
            self.store_typed(at, v, ty);
            self.jump(paths.done);
            return self.by_frame(property::SET_ELEM, paths);
        }
        match self.array_hint(fb) {
            Some((shape, kind, true)) => {
                let shape = self.b.ins().iconst(I32, shape as i64);
                self.overwrite_element(o, k, v, shape, kind, paths);
            }
            Some((_, _, false)) => self.jump(paths.slow),
            None => {
                // Not yet executed. The interpreter's instruction tells what the site will have learnt: in the quickened
                // form, that it always saw one shape, of packed arrays of any values.
                let pc = self.pc();
                let form = self.load(I16, pc, 0);
                let any = self.equals(form, quick::SET_ELEM_ARRAY as u64);
                self.require(any, paths.slow);
                let slot = self.slot(fb);
                let shape = self.load(I32, slot, offset_of!(ElementSlot, shapes) as i32);
                self.overwrite_element(o, k, v, shape, ElementsKind::Any, paths);
            }
        }
        self.by_frame(property::SET_ELEM, paths);
    }

    fn overwrite_element(&mut self, o: Value, k: Value, v: Value, shape: Value, kind: ElementsKind, paths: Paths) {
        let cell = self.is_cell(o);
        self.require(cell, paths.slow);
        let found = self.load(I32, o, offset::SHAPE);
        let same = self.b.ins().icmp(IntCC::Equal, found, shape);
        self.require(same, paths.slow);
        if kind.is_int() {
            let fits = self.is_int(v);
            self.require(fits, paths.slow);
        } else if kind.is_double() {
            let fits = self.is_number(v);
            self.require(fits, paths.slow);
        }
        let (elements, at) = self.element_place(o, k, paths.slow);
        if kind.is_holey() {
            let old = self.load(I64, at, offset::DATA);
            let absent = self.equals(old, if kind.is_double() { HOLE_NAN_BITS } else { Tagged::HOLE.0 });
            self.refuse(absent, paths.slow);
        }
        if kind.is_double() {
            let d = self.double_of(v);
            self.store(d, at, offset::DATA);
        } else {
            self.store(v, at, offset::DATA);
            if !kind.is_int() {
                let place = self.b.ins().iadd_imm_s(at, offset::DATA as i64);
                self.barrier_slot(elements, place, v);
            }
        }
        self.jump(paths.done);
    }

    // ---- typed arrays ------------------------------------------------------------------------------------------------

    fn typed_hint(&self, fb: u16) -> Option<(u32, ElementType)> {
        match self.request.hints.get(&fb) {
            Some(Hint::Typed { shape, ty }) => Some((*shape, *ty)),
            Some(Hint::Types(_) | Hint::Property(_) | Hint::Array { .. }) | None => None,
        }
    }

    /// Address of an element in bounds of a typed array of a shape.
    fn typed_place(&mut self, o: Value, key: Value, shape: u32, ty: ElementType, slow: Block) -> Value {
        let cell = self.is_cell(o);
        self.require(cell, slow);
        let found = self.load(I32, o, offset::SHAPE);
        self.require_shape(found, shape, slow);
        let is_int = self.is_int(key);
        self.require(is_int, slow);
        let index = self.int_of(key);
        let length = self.load(I32, o, offset::TYPED_LENGTH);
        let inside = self.b.ins().icmp(IntCC::UnsignedLessThan, index, length);
        self.require(inside, slow);
        let data = self.load(I64, o, offset::TYPED_DATA);
        let wide = self.b.ins().uextend(I64, index);
        let bytes = self.b.ins().ishl_imm_u(wide, ty.size().trailing_zeros() as i64);
        self.b.ins().iadd(data, bytes)
    }

    fn load_typed(&mut self, at: Value, ty: ElementType) -> Value {
        let flags = super::emit::trusted();
        let int = match ty {
            ElementType::Int8 => self.b.ins().sload8(I32, flags, at, 0),
            ElementType::Uint8 | ElementType::Uint8Clamped => self.b.ins().uload8(I32, flags, at, 0),
            ElementType::Int16 => self.b.ins().sload16(I32, flags, at, 0),
            ElementType::Uint16 => self.b.ins().uload16(I32, flags, at, 0),
            ElementType::Int32 => self.load(I32, at, 0),
            ElementType::Uint32 => {
                let bits = self.load(I32, at, 0);
                let wide = self.b.ins().uextend(I64, bits);
                let double = self.b.ins().fcvt_from_sint(F64, wide);
                let (as_double, as_int) = (self.box_double(double), self.box_int(bits));
                let small = self.is(IntCC::SignedGreaterThanOrEqual, bits, 0);
                return self.b.ins().select(small, as_int, as_double);
            }
            ElementType::Float32 => {
                let single = self.load(F32, at, 0);
                let double = self.b.ins().fpromote(F64, single);
                return self.box_double(double);
            }
            ElementType::Float64 => {
                let double = self.load(F64, at, 0);
                return self.box_double(double);
            }
        };
        self.box_int(int)
    }

    /// Stores a number, for arrays of integers an int32.
    fn store_typed(&mut self, at: Value, v: Value, ty: ElementType) {
        let flags = super::emit::trusted();
        match ty {
            ElementType::Float32 => {
                let double = self.double_of(v);
                let single = self.b.ins().fdemote(F32, double);
                self.store(single, at, 0);
            }
            ElementType::Float64 => {
                let double = self.double_of(v);
                self.store(double, at, 0);
            }
            ElementType::Int8 | ElementType::Uint8 => {
                let int = self.int_of(v);
                self.b.ins().istore8(flags, int, at, 0);
            }
            ElementType::Uint8Clamped => {
                let int = self.int_of(v);
                let (least, most) = (self.b.ins().iconst(I32, 0), self.b.ins().iconst(I32, 255));
                let raised = self.b.ins().smax(int, least);
                let clamped = self.b.ins().smin(raised, most);
                self.b.ins().istore8(flags, clamped, at, 0);
            }
            ElementType::Int16 | ElementType::Uint16 => {
                let int = self.int_of(v);
                self.b.ins().istore16(flags, int, at, 0);
            }
            ElementType::Int32 | ElementType::Uint32 => {
                let int = self.int_of(v);
                self.store(int, at, 0);
            }
        }
    }
}
