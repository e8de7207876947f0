//! The layout of heap cells: the one place that says which byte means what.
//!
//! Every cell is 16-byte aligned, a multiple of 16 bytes long and never moves. It begins with one header word:
//!
//! ```text
//! @0 u32 shape    ShapeId of an object, string or symbol; slot count of an internal cell
//! @4 u8  kind     CellKind: what the rest looks like, and so how to trace it
//! @5 u8  state    garbage collector: 0 new, 1 old, 2 old and remembered
//! @6 u16 aux      per kind: string representation, object flags
//! ```
//!
//! A program-visible value that points to a cell can always be guarded by one 32-bit compare of its first word.

use super::value::Value;
use std::ops::Range;

/// What follows a cell's header. Decides how the collector traces it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[repr(u8)]
pub enum CellKind {
    /// An ordinary object.
    Object = 0,
    /// An `Array` exotic object.
    Array = 1,
    /// A closure over bytecode.
    Function = 2,
    /// A function implemented in Rust.
    NativeFunction = 3,
    /// The result of `Function.prototype.bind`.
    BoundFunction = 4,
    /// An instance of `Error` or a subclass.
    Error = 5,
    /// A `Map`.
    Map = 6,
    /// A `Set`.
    Set = 7,
    /// A `Date`.
    Date = 8,
    /// A wrapper object around a primitive (`Object("s")`).
    Primitive = 9,
    /// An `arguments` object.
    Arguments = 10,
    /// An iterator of the library: over arrays, strings, maps and sets.
    Iterator = 11,
    /// An `Int8Array`. The typed arrays follow one another, in the order of [`super::typed::ElementType`].
    Int8Array = 16,
    /// A `Uint8Array`.
    Uint8Array = 17,
    /// A `Uint8ClampedArray`.
    Uint8ClampedArray = 18,
    /// An `Int16Array`.
    Int16Array = 19,
    /// A `Uint16Array`.
    Uint16Array = 20,
    /// An `Int32Array`.
    Int32Array = 21,
    /// A `Uint32Array`.
    Uint32Array = 22,
    /// A `Float32Array`.
    Float32Array = 23,
    /// A `Float64Array`.
    Float64Array = 24,
    /// A `DataView`: laid out like a typed array of bytes.
    DataView = 25,
    /// An `ArrayBuffer`.
    ArrayBuffer = 26,
    /// A `RegExp`.
    RegExp = 27,
    /// A string in any representation.
    String = 64,
    /// A symbol.
    Symbol = 65,
    /// Out-of-line named properties: tagged values.
    Slots = 72,
    /// Array elements: tagged values.
    Elements = 73,
    /// Array elements: raw doubles.
    ElementsDouble = 74,
    /// Captured variables of one scope.
    Scope = 75,
    /// Raw bytes: nothing to trace.
    Bytes = 76,
}

impl CellKind {
    /// Whether the cell begins with the object prefix (slots, elements).
    #[inline(always)]
    pub const fn is_object(self) -> bool {
        (self as u8) < CellKind::String as u8
    }
    /// Whether a value of this kind can be called.
    #[inline(always)]
    pub const fn is_callable(self) -> bool {
        matches!(self, CellKind::Function | CellKind::NativeFunction | CellKind::BoundFunction)
    }
}

/// First kind that is not an object: `kind < FIRST_NON_OBJECT` is the object test of compiled code.
pub const FIRST_NON_OBJECT: u8 = CellKind::String as u8;

/// Garbage-collector state: allocated since the last collection.
pub const STATE_NEW: u8 = 0;
/// Garbage-collector state: survived a collection; a store of a cell into it must be remembered.
pub const STATE_OLD: u8 = 1;
/// Garbage-collector state: old and already in the remembered set.
pub const STATE_REMEMBERED: u8 = 2;

/// Byte offsets inside cells, for compiled code.
pub mod offset {
    /// `u32`: the shape.
    pub const SHAPE: i32 = 0;
    /// `u32`: capacity or count of an internal cell.
    pub const COUNT: i32 = 0;
    /// `u8`: the [`super::CellKind`].
    pub const KIND: i32 = 4;
    /// `u8`: the collector's state.
    pub const STATE: i32 = 5;
    /// `u16`: flags.
    pub const AUX: i32 = 6;
    /// Object: pointer to out-of-line slots, or 0.
    pub const SLOTS: i32 = 8;
    /// Object: pointer to elements, never 0.
    pub const ELEMENTS: i32 = 16;
    /// Object: first in-object slot.
    pub const INLINE: i32 = 24;
    /// Array: `u32` length.
    pub const ARRAY_LENGTH: i32 = 24;
    /// Array: `u32` number of the literal that made it, or 0 (`runtime::array_sites`).
    pub const ARRAY_SITE: i32 = 28;
    /// Function: pointer to its `FunctionInfo`.
    pub const FUNCTION_INFO: i32 = 24;
    /// Function: the scope it closes over, or 0.
    pub const FUNCTION_SCOPE: i32 = 32;
    /// Function: home object for `super`, or 0.
    pub const FUNCTION_HOME: i32 = 40;
    /// Function: `u32` cached shape of objects that `new` of it makes, or 0.
    pub const FUNCTION_INITIAL_SHAPE: i32 = 48;
    /// Typed array and DataView: address of the first element.
    pub const TYPED_DATA: i32 = 24;
    /// Typed array: `u32` number of elements, at most `i32::MAX`. DataView: number of bytes. Never changes.
    pub const TYPED_LENGTH: i32 = 32;
    /// Typed array and DataView: `u32` distance in bytes from the buffer's start.
    pub const TYPED_BYTE_OFFSET: i32 = 36;
    /// Typed array and DataView: the `ArrayBuffer`, or the cell of its bytes as long as nobody asked for the buffer.
    pub const TYPED_OWNER: i32 = 40;
    /// Native function: `u32` index into the builtin table.
    pub const NATIVE_ID: i32 = 24;
    /// Slots, Elements, ElementsDouble: first entry.
    pub const DATA: i32 = 8;
    /// Scope: parent scope or 0.
    pub const SCOPE_PARENT: i32 = 8;
    /// Scope: first variable.
    pub const SCOPE_SLOTS: i32 = 16;
    /// String: `u32` length in UTF-16 code units.
    pub const STRING_LENGTH: i32 = 8;
    /// String: `u32` hash, 0 if not yet computed.
    pub const STRING_HASH: i32 = 12;
    /// String: characters (flat), or left part (rope), or parent (slice).
    pub const STRING_DATA: i32 = 16;
    /// String: right part (rope), or `u64` start (slice).
    pub const STRING_RIGHT: i32 = 24;
}

/// String representation, in `aux`: what the payload is.
pub mod string_repr {
    /// One byte per code unit, inline.
    pub const LATIN1: u16 = 0;
    /// Two bytes per code unit, inline.
    pub const UTF16: u16 = 1;
    /// Left and right parts; flattened in place into a slice of a flat string starting at 0.
    pub const ROPE: u16 = 2;
    /// A window into a flat string: parent at `STRING_DATA`, start at `STRING_RIGHT`.
    pub const SLICE: u16 = 3;
    /// Mask of the representation.
    pub const MASK: u16 = 3;
    /// The string is interned: equal atoms are the same cell.
    pub const ATOM: u16 = 4;
    /// A rope or slice that may hold code units above 255.
    pub const WIDE: u16 = 8;
}

/// Object flags, in `aux`.
pub mod object_flags {
    /// The object is the prototype of some shape: its changes concern others.
    pub const IS_PROTOTYPE: u16 = 1;
    /// A function whose `length`, `name`, `prototype` have become ordinary properties.
    pub const MATERIALIZED: u16 = 2;
    /// An arguments object with elements that are parameters: a store to one is a store to the other.
    pub const MAPPED: u16 = 4;
}

/// A cell's header word. Cells are aligned to 16 bytes, but a large one whose front was trimmed to 8.
#[repr(C, align(8))]
pub struct Cell {
    /// Shape, or count.
    pub shape: u32,
    /// Kind.
    pub kind: CellKind,
    /// Collector state.
    pub state: u8,
    /// Flags.
    pub aux: u16,
}

/// Size of a cell that holds `bytes` bytes including its header: rounded up to the granule.
#[inline(always)]
pub const fn cell_size(bytes: usize) -> usize {
    (bytes + 15) & !15
}

/// Which words of a cell may hold a value or a cell pointer: two ranges of indices, either may be empty.
///
/// # Safety
/// `cell` points to an initialized cell of `bytes` bytes.
#[inline(always)]
pub unsafe fn traced_words(cell: *const Cell, bytes: usize) -> [Range<usize>; 2] {
    // SAFETY: the caller vouches for the cell, so its header is initialized.
    let header = unsafe { &*cell };
    match header.kind {
        CellKind::Object
        | CellKind::BoundFunction
        | CellKind::Error
        | CellKind::Map
        | CellKind::Set
        | CellKind::Date
        | CellKind::Primitive
        | CellKind::Arguments
        | CellKind::Iterator
        | CellKind::ArrayBuffer
        | CellKind::RegExp
        | CellKind::Symbol => [1..bytes / 8, 0..0],
        CellKind::Int8Array
        | CellKind::Uint8Array
        | CellKind::Uint8ClampedArray
        | CellKind::Int16Array
        | CellKind::Uint16Array
        | CellKind::Int32Array
        | CellKind::Uint32Array
        | CellKind::Float32Array
        | CellKind::Float64Array
        | CellKind::DataView => [1..3, 5..6],
        CellKind::Array | CellKind::NativeFunction => [1..3, 0..0],
        CellKind::Function => [1..3, 4..6],
        CellKind::String => match header.aux & string_repr::MASK {
            string_repr::ROPE => [2..4, 0..0],
            string_repr::SLICE => [2..3, 0..0],
            _flat => [0..0, 0..0],
        },
        CellKind::Slots | CellKind::Elements => [1..1 + header.shape as usize, 0..0],
        CellKind::Scope => [1..2 + header.shape as usize, 0..0],
        CellKind::ElementsDouble | CellKind::Bytes => [0..0, 0..0],
    }
}

/// Calls `visit` with every word of the cell that may hold a value or a cell pointer.
///
/// # Safety
/// `cell` points to an initialized cell of `bytes` bytes.
#[inline(always)]
pub unsafe fn trace(cell: *const Cell, bytes: usize, visit: &mut impl FnMut(Value)) {
    // SAFETY: the caller vouches for the cell; the ranges lie inside a cell of its kind.
    unsafe {
        for words in traced_words(cell, bytes) {
            for i in words {
                visit(*cell.cast::<Value>().add(i));
            }
        }
    }
}
