//! Strings: one heap cell kind, four representations behind one face.
//!
//! ```text
//! LATIN1  bytes inline            every code unit below 256
//! UTF16   code units inline
//! ROPE    left, right             what concatenation makes; becomes a SLICE of its flat text when somebody reads it
//! SLICE   flat parent, start      what substring makes
//! ```
//!
//! A rope is flattened in place and iteratively, so `s += x` in a loop costs the length of the result once, and no
//! chain of additions overflows the native stack. Concatenations below [`ROPE_MIN`] and slices below [`SLICE_MIN`]
//! are copied: a cell of 32 bytes would not pay. Interned strings (atoms, see [`super::atoms`]) are always flat.
//!
//! [`Str`] is a plain pointer. The collector never moves cells and finds pointers (also into the middle of a cell) on
//! the native stack by itself, so a `Str` or [`Chars`] may be held in local variables across allocations; it must not
//! be kept in malloc'd memory that outlives an allocation.
//!
//! In: `&mut Heap` for everything that allocates. Ropes after V8 and JavaScriptCore.

use super::cell::{Cell, CellKind, STATE_OLD, offset, string_repr as repr};
use super::heap::Heap;
use super::value::Value;
use std::ptr::NonNull;

pub mod builder;
pub mod chars;
pub mod search;

pub use builder::Builder;
pub use chars::Chars;

/// Concatenations shorter than this are copied, longer ones become ropes.
pub const ROPE_MIN: usize = 24;
/// Slices shorter than this are copied, longer ones refer to their parent.
pub const SLICE_MIN: usize = 24;
/// V8's limit: longer strings are a RangeError "Invalid string length".
pub const MAX_LENGTH: usize = (1 << 29) - 24;
/// Shape id of every string cell.
pub const STRING_SHAPE: u32 = 1;

/// `aux` bit of atoms: the text is a canonical array index.
const INDEX: u16 = 16;

/// A string cell.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Str(NonNull<Cell>);

impl Str {
    /// The string that a value is, if it is one.
    #[inline(always)]
    pub fn from_value(v: Value) -> Option<Str> {
        if !v.is_cell() {
            return None;
        }
        let cell = v.as_cell_addr() as *mut Cell;
        // SAFETY: a cell value points to an initialized cell.
        (unsafe { (*cell).kind } == CellKind::String).then(|| Str(NonNull::new(cell).expect("cells are not null")))
    }

    /// Wraps a cell that is known to be a string.
    ///
    /// # Safety
    /// `cell` points to an initialized string cell.
    #[inline(always)]
    pub unsafe fn from_cell(cell: *mut Cell) -> Str {
        // SAFETY: the caller passes a real cell, which is not null.
        Str(unsafe { NonNull::new_unchecked(cell) })
    }

    /// The value that this string is.
    #[inline(always)]
    pub fn value(self) -> Value {
        Value::cell_ptr(self.0.as_ptr())
    }
    /// The cell.
    #[inline(always)]
    pub fn cell(self) -> *mut Cell {
        self.0.as_ptr()
    }

    #[inline(always)]
    fn read<T: Copy>(self, offset: i32) -> T {
        // SAFETY: string cells are at least 32 bytes if not flat, and every offset used is inside their representation.
        unsafe { *self.0.as_ptr().cast::<u8>().offset(offset as isize).cast::<T>() }
    }
    #[inline(always)]
    fn write<T>(self, offset: i32, value: T) {
        // SAFETY: as for `read`; one thread owns the heap.
        unsafe { *self.0.as_ptr().cast::<u8>().offset(offset as isize).cast::<T>() = value }
    }
    #[inline(always)]
    fn aux(self) -> u16 {
        self.read(offset::AUX)
    }
    #[inline(always)]
    fn set_aux(self, aux: u16) {
        self.write(offset::AUX, aux);
    }

    /// Length in UTF-16 code units.
    #[inline(always)]
    pub fn len(self) -> usize {
        self.read::<u32>(offset::STRING_LENGTH) as usize
    }
    /// Whether it is the empty string.
    #[inline(always)]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
    /// Whether it is interned: equal atoms are the same cell.
    #[inline(always)]
    pub fn is_atom(self) -> bool {
        self.aux() & repr::ATOM != 0
    }
    /// Whether it is a rope that nobody has read yet.
    #[inline(always)]
    pub fn is_rope(self) -> bool {
        self.representation() == repr::ROPE
    }
    #[inline]
    pub(super) fn representation(self) -> u16 {
        self.aux() & repr::MASK
    }
    #[inline]
    fn is_wide(self) -> bool {
        let aux = self.aux();
        aux & repr::MASK == repr::UTF16 || aux & repr::WIDE != 0
    }
    pub(super) fn mark_atom(self, index: bool) {
        self.set_aux(self.aux() | repr::ATOM | if index { INDEX } else { 0 });
    }
    pub(super) fn is_index_atom(self) -> bool {
        self.aux() & (INDEX | repr::ATOM) == INDEX | repr::ATOM
    }

    #[inline]
    fn alloc(heap: &mut Heap, bytes: usize, aux: u16, length: usize) -> Str {
        // SAFETY: flat text refers to nothing; the two words of a rope or slice are written by who asked for it, before
        // anything else is allocated.
        let cell = unsafe { heap.alloc_uninit(offset::STRING_DATA as usize + bytes, CellKind::String) };
        // SAFETY: the heap returns a cell of at least the requested size.
        let s = unsafe { Str::from_cell(cell) };
        s.write(offset::SHAPE, STRING_SHAPE);
        s.set_aux(aux);
        s.write(offset::STRING_LENGTH, length as u32);
        s.write(offset::STRING_HASH, 0u32);
        s
    }
    #[inline]
    fn data(self) -> *mut u8 {
        // SAFETY: every string cell extends past its data offset.
        unsafe { self.0.as_ptr().cast::<u8>().add(offset::STRING_DATA as usize) }
    }

    /// A new string of one-byte code units.
    #[inline]
    pub fn latin1(heap: &mut Heap, text: &[u8]) -> Str {
        debug_assert!(text.len() <= MAX_LENGTH);
        let s = Str::alloc(heap, text.len(), repr::LATIN1, text.len());
        // SAFETY: the cell has room for the text and does not overlap it (it is new).
        unsafe { std::ptr::copy_nonoverlapping(text.as_ptr(), s.data(), text.len()) };
        s
    }
    /// A new string of code units; held in one byte each where that is possible.
    pub fn utf16(heap: &mut Heap, text: &[u16]) -> Str {
        if text.iter().fold(0, |a, c| a | c) < 256 {
            let s = Str::alloc(heap, text.len(), repr::LATIN1, text.len());
            for (i, c) in text.iter().enumerate() {
                // SAFETY: i is below the length that was allocated.
                unsafe { *s.data().add(i) = *c as u8 };
            }
            return s;
        }
        let s = Str::alloc(heap, text.len() * 2, repr::UTF16, text.len());
        // SAFETY: the cell has room for the text; the data offset is even, so the pointer is aligned.
        unsafe { std::ptr::copy_nonoverlapping(text.as_ptr(), s.data().cast::<u16>(), text.len()) };
        s
    }
    /// A new string from UTF-8.
    pub fn new(heap: &mut Heap, text: &str) -> Str {
        if text.is_ascii() {
            return Str::latin1(heap, text.as_bytes());
        }
        let units: Vec<u16> = text.encode_utf16().collect();
        Str::utf16(heap, &units)
    }
    /// A new string with the text of `chars`.
    pub fn from_chars(heap: &mut Heap, chars: Chars) -> Str {
        match chars {
            Chars::Latin1(b) => Str::latin1(heap, b),
            Chars::Utf16(u) => Str::utf16(heap, u),
        }
    }

    /// The concatenation, or `None` if it would be too long.
    #[inline]
    pub fn concat(heap: &mut Heap, a: Str, b: Str) -> Option<Str> {
        let (la, lb) = (a.len(), b.len());
        if lb == 0 {
            return Some(a);
        }
        if la == 0 {
            return Some(b);
        }
        let length = la + lb;
        if length >= ROPE_MIN {
            if length > MAX_LENGTH {
                return None;
            }
            let wide = if a.is_wide() || b.is_wide() { repr::WIDE } else { 0 };
            let s = Str::alloc(heap, 16, repr::ROPE | wide, length);
            s.write(offset::STRING_DATA, a.value());
            s.write(offset::STRING_RIGHT, b.value());
            return Some(s);
        }
        match (a.chars(heap), b.chars(heap)) {
            (Chars::Latin1(x), Chars::Latin1(y)) => {
                let s = Str::alloc(heap, length, repr::LATIN1, length);
                // SAFETY: the new cell has room for both texts and overlaps neither.
                unsafe {
                    std::ptr::copy_nonoverlapping(x.as_ptr(), s.data(), la);
                    std::ptr::copy_nonoverlapping(y.as_ptr(), s.data().add(la), lb);
                }
                Some(s)
            }
            (x, y) => {
                let mut units = [0u16; ROPE_MIN];
                x.copy_to(&mut units[..la]);
                y.copy_to(&mut units[la..length]);
                Some(Str::utf16(heap, &units[..length]))
            }
        }
    }

    /// The code units from `start` up to `end`, which are in range.
    #[inline]
    pub fn slice(self, heap: &mut Heap, start: usize, end: usize) -> Str {
        debug_assert!(start <= end && end <= self.len());
        let length = end - start;
        if length == self.len() {
            return self;
        }
        let chars = self.chars(heap);
        if length < SLICE_MIN {
            return Str::from_chars(heap, chars.range(start, end));
        }
        let (parent, base) = self.flat_parent();
        let s = Str::alloc(heap, 16, repr::SLICE | if chars.is_latin1() { 0 } else { repr::WIDE }, length);
        s.write(offset::STRING_DATA, parent.value());
        s.write(offset::STRING_RIGHT, (base + start) as u64);
        s
    }

    /// The flat cell that holds the text of a string that is not a rope, and where it begins there.
    #[inline]
    fn flat_parent(self) -> (Str, usize) {
        match self.representation() {
            repr::SLICE => {
                let parent = self.read::<Value>(offset::STRING_DATA);
                // SAFETY: a slice's parent is a flat string cell.
                (
                    unsafe { Str::from_cell(parent.as_cell_addr() as *mut Cell) },
                    self.read::<u64>(offset::STRING_RIGHT) as usize,
                )
            }
            _flat => (self, 0),
        }
    }

    /// The code units; a rope is flattened first.
    #[inline]
    pub fn chars(self, heap: &mut Heap) -> Chars {
        if self.is_rope() {
            self.flatten(heap);
        }
        self.chars_if_flat().expect("a flattened rope is flat")
    }

    /// The code units of a string that is not a rope.
    #[inline]
    pub fn chars_if_flat(self) -> Option<Chars> {
        if self.is_rope() {
            return None;
        }
        let (flat, start) = self.flat_parent();
        let length = self.len();
        // SAFETY: the flat cell holds its units inline; a slice lies inside its parent. The memory stays alive while the
        // slice is on the stack, because the collector finds it there (see the module's header).
        Some(unsafe {
            if flat.aux() & repr::MASK == repr::LATIN1 {
                Chars::Latin1(std::slice::from_raw_parts(flat.data().add(start), length))
            } else {
                Chars::Utf16(std::slice::from_raw_parts(flat.data().cast::<u16>().add(start), length))
            }
        })
    }

    /// Turns a rope into a slice of its flat text. Right to left with an explicit stack: long left spines, which
    /// loops of `+=` build, keep that stack short.
    #[cold]
    fn flatten(self, heap: &mut Heap) {
        let length = self.len();
        let wide = self.is_wide();
        let flat = Str::alloc(
            heap,
            if wide { length * 2 } else { length },
            if wide { repr::UTF16 } else { repr::LATIN1 },
            length,
        );
        let mut end = length;
        let mut stack = vec![self];
        while let Some(s) = stack.pop() {
            let Some(chars) = s.chars_if_flat() else {
                for part in [offset::STRING_DATA, offset::STRING_RIGHT] {
                    let part = s.read::<Value>(part);
                    // SAFETY: the two parts of a rope are string cells.
                    stack.push(unsafe { Str::from_cell(part.as_cell_addr() as *mut Cell) });
                }
                continue;
            };
            end -= chars.len();
            // SAFETY: the lengths of all leaves sum up to the rope's, so each range lies inside the flat cell.
            unsafe {
                if wide {
                    chars.copy_to(std::slice::from_raw_parts_mut(flat.data().cast::<u16>().add(end), chars.len()));
                } else if let Chars::Latin1(b) = chars {
                    std::ptr::copy_nonoverlapping(b.as_ptr(), flat.data().add(end), b.len());
                }
            }
        }
        debug_assert_eq!(end, 0);
        self.write(offset::STRING_DATA, flat.value());
        self.write(offset::STRING_RIGHT, 0u64);
        self.set_aux((self.aux() & !repr::MASK) | repr::SLICE);
        if self.read::<u8>(offset::STATE) == STATE_OLD {
            // SAFETY: a live string cell.
            unsafe { heap.remember(self.cell()) };
        }
    }

    /// The code unit at `index`, if it is in range.
    #[inline]
    pub fn char_code_at(self, heap: &mut Heap, index: usize) -> Option<u16> {
        if index < self.len() { Some(self.chars(heap).at(index)) } else { None }
    }

    /// A hash of the code units, never 0; kept in the cell.
    #[inline]
    pub fn hash(self, heap: &mut Heap) -> u32 {
        let known = self.read::<u32>(offset::STRING_HASH);
        if known != 0 {
            return known;
        }
        let hash = self.chars(heap).hash();
        self.write(offset::STRING_HASH, hash);
        hash
    }
    /// The hash if somebody has asked for it before, else 0.
    #[inline]
    pub fn known_hash(self) -> u32 {
        self.read(offset::STRING_HASH)
    }
    pub(super) fn set_hash(self, hash: u32) {
        self.write(offset::STRING_HASH, hash);
    }

    /// Whether two strings have the same code units.
    #[inline]
    pub fn equals(heap: &mut Heap, a: Str, b: Str) -> bool {
        if a == b {
            return true;
        }
        if a.len() != b.len() || (a.is_atom() && b.is_atom()) {
            return false;
        }
        let (ha, hb) = (a.known_hash(), b.known_hash());
        if ha != 0 && hb != 0 && ha != hb {
            return false;
        }
        a.chars(heap).equals(b.chars(heap))
    }
    /// Order by code units.
    pub fn compare(heap: &mut Heap, a: Str, b: Str) -> std::cmp::Ordering {
        if a == b {
            return std::cmp::Ordering::Equal;
        }
        let (x, y) = (a.chars(heap), b.chars(heap));
        x.compare(y)
    }

    /// The text as UTF-8; lone surrogates become U+FFFD. Does not flatten, so it needs no heap.
    pub fn to_rust(self) -> String {
        let mut out = Vec::with_capacity(self.len());
        self.append_to(&mut out);
        char::decode_utf16(out).map(|r| r.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }
    /// Appends the code units. Does not flatten.
    pub fn append_to(self, out: &mut Vec<u16>) {
        let mut stack = vec![self];
        while let Some(s) = stack.pop() {
            match s.chars_if_flat() {
                Some(chars) => chars.append_to(out),
                None => {
                    for part in [offset::STRING_RIGHT, offset::STRING_DATA] {
                        let part = s.read::<Value>(part);
                        // SAFETY: the two parts of a rope are string cells.
                        stack.push(unsafe { Str::from_cell(part.as_cell_addr() as *mut Cell) });
                    }
                }
            }
        }
    }
}

impl std::fmt::Debug for Str {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.to_rust())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::heap::HeapConfig;

    #[test]
    fn representation_follows_the_text() {
        let mut heap = Heap::new(HeapConfig::default()).unwrap();
        let h = &mut heap;
        assert!(Str::new(h, "abc").chars(h).is_latin1());
        assert!(Str::new(h, "h\u{e9}llo").chars(h).is_latin1());
        assert!(!Str::new(h, "\u{4e2d}").chars(h).is_latin1());
        assert_eq!(Str::new(h, "a\u{1F600}b").len(), 4);
        assert_eq!(Str::new(h, "a\u{1F600}b").to_rust(), "a\u{1F600}b");
    }

    #[test]
    fn long_concatenations_flatten_in_place_without_recursion() {
        let mut heap = Heap::new(HeapConfig::default()).unwrap();
        let h = &mut heap;
        let (mut left, mut right) = (Str::new(h, "start"), Str::new(h, "end"));
        let x = Str::new(h, "x");
        for _ in 0..100_000 {
            left = Str::concat(h, left, x).unwrap();
            right = Str::concat(h, x, right).unwrap();
        }
        assert!(left.is_rope() && right.is_rope());
        assert_eq!(left.char_code_at(h, 100_004), Some(b'x' as u16));
        assert!(!left.is_rope());
        assert_eq!(right.to_rust(), format!("{}end", "x".repeat(100_000)));
        assert_eq!(right.hash(h), Str::new(h, &right.to_rust()).hash(h));
    }

    #[test]
    fn mixed_widths_compare_and_hash_alike() {
        let mut heap = Heap::new(HeapConfig::default()).unwrap();
        let h = &mut heap;
        let wide = Str::new(h, "\u{4e2d}abcdefghijklmnopqrstuvwxyz0123456789");
        let tail = wide.slice(h, 1, wide.len());
        let narrow = Str::new(h, "abcdefghijklmnopqrstuvwxyz0123456789");
        assert!(Str::equals(h, tail, narrow));
        assert_eq!(tail.hash(h), narrow.hash(h));
        assert_eq!(Str::compare(h, tail, narrow), std::cmp::Ordering::Equal);
        let joined = Str::concat(h, narrow, wide).unwrap();
        assert_eq!(joined.to_rust(), format!("{}{}", narrow.to_rust(), wide.to_rust()));
        assert_eq!(joined.slice(h, 30, 60).slice(h, 1, 28).to_rust().chars().count(), 27);
    }
}
