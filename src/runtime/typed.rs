//! Typed arrays, `DataView` and `ArrayBuffer`: numbers in plain memory.
//!
//! ```text
//! typed array, DataView  [header][slots][elements][data ▸][length|byte offset][owner]
//! ArrayBuffer            [header][slots][elements][bytes cell][byte length][-]
//! bytes cell             [header][the bytes …]
//! ```
//!
//! `data` points straight at the first element, inside the bytes cell, which never moves. Buffers are neither resizable
//! nor detachable, so `data` and `length` are constants of the object: compiled code may load them as early as it likes.
//! A typed array made from a length owns its bytes cell; the `ArrayBuffer` object is made when somebody asks for it.
//!
//! A typed array has no elements in the sense of [`super::elements`]. Indices, and every other key that spells a number,
//! are answered here and nowhere else: such a key is never an ordinary property, and lookup ends at a typed array.

use super::cell::{Cell, CellKind, offset};
use super::convert;
use super::number;
use super::object::{Obj, data};
use super::runtime::{JsResult, Runtime, Termination};
use super::shape::{ElementsKind, PropertyKey};
use super::string::Str;
use super::value::Value;
use std::ptr;

/// No buffer is longer, so that lengths and indices are int32.
pub const MAX_BYTES: usize = i32::MAX as usize;

macro_rules! element_types {
    ($( $name:ident $class:literal $ty:ty, $read:expr, $write:expr; )+) => {
        /// What a typed array's elements are.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "named as the classes are")]
        pub enum ElementType { $( $name ),+ }
        impl ElementType {
            /// All of them, in the order of their kinds of cells.
            pub const ALL: [ElementType; 9] = [ $( ElementType::$name ),+ ];
            /// Name of the class.
            pub const fn class(self) -> &'static str {
                match self { $( ElementType::$name => $class ),+ }
            }
            /// Bytes of an element.
            pub const fn size(self) -> usize {
                match self { $( ElementType::$name => size_of::<$ty>() ),+ }
            }
            /// Reads an element, at any alignment.
            ///
            /// # Safety
            /// `at` points to an element's bytes.
            #[inline(always)]
            pub unsafe fn load(self, at: *const u8) -> Value {
                match self { $( ElementType::$name => {
                    // SAFETY: promised by the caller.
                    let raw = unsafe { at.cast::<$ty>().read_unaligned() };
                    $read(raw)
                } ),+ }
            }
            /// Writes a number as an element, at any alignment.
            ///
            /// # Safety
            /// `at` points to an element's bytes.
            #[inline(always)]
            pub unsafe fn store(self, at: *mut u8, number: f64) {
                match self { $( ElementType::$name => {
                    let raw: $ty = $write(number);
                    // SAFETY: promised by the caller.
                    unsafe { at.cast::<$ty>().write_unaligned(raw) };
                } ),+ }
            }
        }
    };
}

element_types! {
    Int8 "Int8Array" i8, |x| Value::int(x as i32), |d| number::to_int32(d) as i8;
    Uint8 "Uint8Array" u8, |x| Value::int(x as i32), |d| number::to_int32(d) as u8;
    Uint8Clamped "Uint8ClampedArray" u8, |x| Value::int(x as i32), clamp;
    Int16 "Int16Array" i16, |x| Value::int(x as i32), |d| number::to_int32(d) as i16;
    Uint16 "Uint16Array" u16, |x| Value::int(x as i32), |d| number::to_int32(d) as u16;
    Int32 "Int32Array" i32, Value::int, number::to_int32;
    Uint32 "Uint32Array" u32, Value::from_u32, |d| number::to_int32(d) as u32;
    Float32 "Float32Array" f32, |x| Value::number(x as f64), |d| d as f32;
    Float64 "Float64Array" f64, Value::number, |d| d;
}

/// ToUint8Clamp: halves go to the even neighbour.
fn clamp(d: f64) -> u8 {
    d.round_ties_even() as u8
}

impl ElementType {
    /// What the elements of a kind of cell are, if it is a typed array.
    #[inline(always)]
    pub fn of(kind: CellKind) -> Option<ElementType> {
        let index = (kind as u8).wrapping_sub(CellKind::Int8Array as u8);
        ElementType::ALL.get(index as usize).copied()
    }
    /// The kind of cell.
    pub const fn kind(self) -> CellKind {
        match self {
            ElementType::Int8 => CellKind::Int8Array,
            ElementType::Uint8 => CellKind::Uint8Array,
            ElementType::Uint8Clamped => CellKind::Uint8ClampedArray,
            ElementType::Int16 => CellKind::Int16Array,
            ElementType::Uint16 => CellKind::Uint16Array,
            ElementType::Int32 => CellKind::Int32Array,
            ElementType::Uint32 => CellKind::Uint32Array,
            ElementType::Float32 => CellKind::Float32Array,
            ElementType::Float64 => CellKind::Float64Array,
        }
    }
    /// The element that bytes in a given order spell.
    pub fn from_bytes(self, bytes: &[u8], little_endian: bool) -> Value {
        let mut native = [0; 8];
        native[..self.size()].copy_from_slice(bytes);
        if little_endian != cfg!(target_endian = "little") {
            native[..self.size()].reverse();
        }
        // SAFETY: the array is as large as the largest element.
        unsafe { self.load(native.as_ptr()) }
    }
    /// Spells a number as an element, in a given order of bytes.
    pub fn to_bytes(self, number: f64, bytes: &mut [u8], little_endian: bool) {
        let mut native = [0; 8];
        // SAFETY: the array is as large as the largest element.
        unsafe { self.store(native.as_mut_ptr(), number) };
        if little_endian != cfg!(target_endian = "little") {
            native[..self.size()].reverse();
        }
        bytes.copy_from_slice(&native[..self.size()]);
    }
    /// Whether elements are floating-point numbers.
    pub const fn is_float(self) -> bool {
        matches!(self, ElementType::Float32 | ElementType::Float64)
    }
}

/// A typed array.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Typed {
    /// The object.
    pub object: Obj,
    /// What its elements are.
    pub ty: ElementType,
}

impl Typed {
    /// The typed array that an object is, if it is one.
    #[inline(always)]
    pub fn of(object: Obj) -> Option<Typed> {
        ElementType::of(object.kind()).map(|ty| Typed { object, ty })
    }
    /// The typed array that a value is, if it is one.
    #[inline]
    pub fn from_value(v: Value) -> Option<Typed> {
        Obj::from_value(v).and_then(Typed::of)
    }
    /// Number of elements.
    #[inline(always)]
    pub fn len(self) -> u32 {
        self.object.view_length()
    }
    /// Whether there are no elements.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
    /// Reads an element, if there is one at that index.
    #[inline(always)]
    pub fn get(self, i: u32) -> Option<Value> {
        // SAFETY: the index is in bounds of the view, which lies inside its bytes cell.
        (i < self.len()).then(|| unsafe { self.ty.load(self.object.view_data().add(i as usize * self.ty.size())) })
    }
    /// Writes an element, if there is one at that index.
    #[inline(always)]
    pub fn set(self, i: u32, number: f64) {
        if i < self.len() {
            // SAFETY: as in `get`.
            unsafe { self.ty.store(self.object.view_data().add(i as usize * self.ty.size()), number) };
        }
    }
    /// Moves elements within the array; what does not lie within it is not moved.
    pub fn move_within(self, from: u32, to: u32, count: u32) {
        let count = count.min(self.len().saturating_sub(from.max(to)));
        self.copy_bytes_from(self, from, to, count);
    }
    /// Copies `count` elements of an array of the same element type.
    ///
    /// # Panics
    /// If a range does not lie within its array, or the element types differ in size.
    pub fn copy_bytes_from(self, source: Typed, from: u32, to: u32, count: u32) {
        let size = self.ty.size();
        assert!(size == source.ty.size() && from as u64 + count as u64 <= source.len() as u64);
        assert!(to as u64 + count as u64 <= self.len() as u64);
        // SAFETY: both ranges lie within their views; `copy` allows them to overlap.
        unsafe {
            let source = source.object.view_data().add(from as usize * size);
            ptr::copy(source, self.object.view_data().add(to as usize * size), count as usize * size);
        }
    }
}

impl Obj {
    fn view_field<T: Copy>(self, at: i32) -> T {
        debug_assert!(ElementType::of(self.kind()).is_some() || self.kind() == CellKind::DataView);
        // SAFETY: `at` is the offset of a field of views.
        unsafe { self.as_ptr().cast::<u8>().add(at as usize).cast::<T>().read() }
    }
    fn set_view_field<T: Copy>(self, at: i32, v: T) {
        // SAFETY: as in `view_field`.
        unsafe { self.as_ptr().cast::<u8>().add(at as usize).cast::<T>().write(v) }
    }
    /// Address of the first element of a typed array or DataView.
    #[inline(always)]
    pub fn view_data(self) -> *mut u8 {
        self.view_field(offset::TYPED_DATA)
    }
    /// Number of elements of a typed array, of bytes of a DataView.
    #[inline(always)]
    pub fn view_length(self) -> u32 {
        self.view_field(offset::TYPED_LENGTH)
    }
    /// Where in its buffer a typed array or DataView begins.
    pub fn view_byte_offset(self) -> u32 {
        self.view_field(offset::TYPED_BYTE_OFFSET)
    }
}

/// An `ArrayBuffer`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Buffer(pub Obj);

impl Buffer {
    /// The buffer that a value is, if it is one.
    pub fn from_value(v: Value) -> Option<Buffer> {
        Obj::from_value(v).filter(|o| o.kind() == CellKind::ArrayBuffer).map(Buffer)
    }
    /// Number of bytes.
    pub fn len(self) -> u32 {
        self.0.internal(1).as_number() as u32
    }
    /// Whether there are no bytes.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
    fn start(self) -> *mut u8 {
        bytes_of(self.0.internal(0))
    }
    /// The bytes. No reference to them may be held while the program runs.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: the bytes cell is as long as the buffer says, and the buffer keeps it alive.
        unsafe { std::slice::from_raw_parts(self.start(), self.len() as usize) }
    }
    /// The bytes, to be written.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `bytes`; one thread owns the heap.
        unsafe { std::slice::from_raw_parts_mut(self.start(), self.len() as usize) }
    }
}

/// The first byte of a bytes cell.
fn bytes_of(cell: Value) -> *mut u8 {
    debug_assert_eq!(super::object::kind_of(cell), Some(CellKind::Bytes));
    // SAFETY: a bytes cell's payload follows its header.
    unsafe { data(cell.as_cell_addr() as *mut Cell).cast() }
}

impl Runtime {
    /// A cell of zeroed bytes; the program ends if the heap has no room for it.
    fn new_bytes(&mut self, length: usize) -> JsResult {
        let cell = (length <= MAX_BYTES).then(|| self.heap.try_alloc(8 + length, CellKind::Bytes)).flatten();
        match cell {
            Some(cell) => Ok(Value::cell_ptr(cell)),
            None => {
                let limit = self.heap.limit_bytes();
                self.terminate(Termination::HeapLimit(limit))
            }
        }
    }

    fn buffer_around(&mut self, proto: Obj, bytes: Value, length: usize) -> Buffer {
        let shape = self.shapes.root(CellKind::ArrayBuffer, proto.value(), ElementsKind::HoleyAny, 0);
        let o = self.new_object(shape);
        o.set_internal(&mut self.heap, 0, bytes);
        o.set_internal(&mut self.heap, 1, Value::number(length as f64));
        Buffer(o)
    }

    /// A new buffer of zeros.
    pub fn new_buffer(&mut self, proto: Obj, length: usize) -> JsResult<Buffer> {
        let bytes = self.new_bytes(length)?;
        Ok(self.buffer_around(proto, bytes, length))
    }

    /// A new view, `owner` being a buffer or a bytes cell, whose range the caller has checked.
    fn new_view(&mut self, kind: CellKind, proto: Obj, owner: Value, start: *mut u8, at: u32, length: u32) -> Obj {
        let shape = self.shapes.root(kind, proto.value(), ElementsKind::HoleyAny, 0);
        let o = self.new_object(shape);
        // SAFETY: the range lies in the buffer.
        o.set_view_field(offset::TYPED_DATA, unsafe { start.add(at as usize) });
        o.set_view_field(offset::TYPED_LENGTH, length);
        o.set_view_field(offset::TYPED_BYTE_OFFSET, at);
        o.set_view_field(offset::TYPED_OWNER, owner);
        o
    }

    /// A new typed array of zeros.
    pub fn new_typed(&mut self, ty: ElementType, proto: Obj, length: usize) -> JsResult<Typed> {
        let bytes = self.new_bytes(length.saturating_mul(ty.size()))?;
        let object = self.new_view(ty.kind(), proto, bytes, bytes_of(bytes), 0, length as u32);
        Ok(Typed { object, ty })
    }

    /// A new typed array over part of a buffer.
    ///
    /// # Panics
    /// If the range does not lie in the buffer.
    pub fn new_typed_over(&mut self, ty: ElementType, proto: Obj, buffer: Buffer, at: u32, length: u32) -> Typed {
        assert!(at as u64 + length as u64 * ty.size() as u64 <= buffer.len() as u64);
        let object = self.new_view(ty.kind(), proto, buffer.0.value(), buffer.start(), at, length);
        Typed { object, ty }
    }

    /// A new DataView.
    ///
    /// # Panics
    /// If the range does not lie in the buffer.
    pub fn new_data_view(&mut self, proto: Obj, buffer: Buffer, at: u32, length: u32) -> Obj {
        assert!(at as u64 + length as u64 <= buffer.len() as u64);
        self.new_view(CellKind::DataView, proto, buffer.0.value(), buffer.start(), at, length)
    }

    /// The buffer of a typed array or DataView, made now if nobody asked before.
    pub fn buffer_of(&mut self, view: Obj, proto: Obj) -> Buffer {
        let owner: Value = view.view_field(offset::TYPED_OWNER);
        if let Some(buffer) = Buffer::from_value(owner) {
            return buffer;
        }
        let length = Typed::of(view).map_or(0, |t| t.len() as usize * t.ty.size());
        let buffer = self.buffer_around(proto, owner, length);
        view.set_view_field(offset::TYPED_OWNER, buffer.0.value());
        view.barrier(&mut self.heap);
        buffer
    }

    /// If the object is a typed array and the key spells a number, so that it is no ordinary property: the array, and the
    /// index, if it is one at all.
    #[inline]
    pub fn typed_key(&mut self, o: Obj, key: PropertyKey) -> Option<(Typed, Option<u32>)> {
        let t = Typed::of(o)?;
        match key {
            PropertyKey::Index(i) => Some((t, Some(i))),
            PropertyKey::Name(name) => self.is_numeric_name(name.0).then_some((t, None)),
        }
    }

    /// CanonicalNumericIndexString, of what is no array index.
    fn is_numeric_name(&mut self, name: Value) -> bool {
        let Some(s) = Str::from_value(name) else { return false };
        let chars = s.chars(&mut self.heap);
        let may_be = !s.is_empty()
            && u8::try_from(chars.at(0))
                .is_ok_and(|first| first.is_ascii_digit() || matches!(first, b'-' | b'I' | b'N'));
        if !may_be {
            return false;
        }
        let text = s.to_rust();
        text == "-0" || number::to_string(number::from_string(chars)) == text
    }

    /// `array[key] = v` where [`Runtime::typed_key`] has found what the key is.
    pub fn store_typed(&mut self, t: Typed, index: Option<u32>, v: Value) -> JsResult<()> {
        let number = convert::to_number(self, v)?;
        if let Some(i) = index {
            t.set(i, number);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_element_types_are_in_step() {
        for ty in ElementType::ALL {
            assert_eq!(ElementType::of(ty.kind()), Some(ty));
        }
        assert_eq!(ElementType::of(CellKind::DataView), None);
        assert_eq!(ElementType::of(CellKind::Object), None);
    }

    #[test]
    fn clamping_rounds_to_even() {
        let cases = [(0.5, 0), (1.5, 2), (2.5, 2), (-1.0, 0), (254.5, 254), (255.5, 255), (1e9, 255), (f64::NAN, 0)];
        for (d, byte) in cases {
            assert_eq!(clamp(d), byte, "{d}");
        }
    }
}
