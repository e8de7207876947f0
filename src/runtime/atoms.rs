//! Atoms: interned strings, the keys of named properties. Two equal atoms are the same cell, so a property lookup
//! compares pointers.
//!
//! The table holds its atoms weakly: after marking, the collector's owner calls [`Atoms::sweep`], which forgets the dead.
//! Strong are the names that the engine itself uses ([`Names`], one row each) and the strings of one Latin-1 character,
//! which [`Atoms::single`] hands out so that indexing a string allocates nothing. A string that is no atom itself but was
//! interned lately is found by its address ([`Recent`]): no hash, no comparison. An entry packs the cell's address with
//! 16 bits of its hash, so that a probe that misses reads no cell.

use super::cell::{Cell, string_repr as repr};
use super::heap::Heap;
use super::string::{Chars, Str};
use super::value::Value;

/// An interned string.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Atom(Str);

impl Atom {
    /// The string.
    #[inline(always)]
    pub fn str(self) -> Str {
        self.0
    }
    /// The value.
    #[inline(always)]
    pub fn value(self) -> Value {
        self.0.value()
    }
    /// The cell.
    #[inline(always)]
    pub fn cell(self) -> *mut Cell {
        self.0.cell()
    }
    /// The atom that a string already is.
    #[inline(always)]
    pub fn of_str(s: Str) -> Option<Atom> {
        s.is_atom().then_some(Atom(s))
    }
    /// The atom that a value already is.
    #[inline(always)]
    pub fn from_value(v: Value) -> Option<Atom> {
        Str::from_value(v).and_then(Atom::of_str)
    }
    /// Wraps a cell that is known to be an atom.
    ///
    /// # Safety
    /// `cell` points to a string cell with the atom bit.
    #[inline(always)]
    pub unsafe fn from_cell(cell: *mut Cell) -> Atom {
        // SAFETY: the caller vouches for the cell.
        Atom(unsafe { Str::from_cell(cell) })
    }
    /// The text.
    #[inline]
    pub fn chars(self) -> Chars {
        self.0.chars_if_flat().expect("atoms are flat")
    }
    /// The text as UTF-8.
    pub fn to_rust(self) -> String {
        self.0.to_rust()
    }
    /// The array index that this key spells, if any.
    #[inline]
    pub fn array_index(self) -> Option<u32> {
        if self.0.is_index_atom() { self.chars().array_index() } else { None }
    }
    /// The hash of the text.
    #[inline(always)]
    pub fn hash(self) -> u32 {
        self.0.known_hash()
    }
}

impl std::fmt::Debug for Atom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.to_rust())
    }
}

macro_rules! names {
    ($( $field:ident = $text:literal ),+ $(,)?) => {
        /// The names that the engine itself looks up.
        #[derive(Clone, Copy, Debug)]
        pub struct Names { $( #[doc = concat!("`", $text, "`")] pub $field: Atom ),+ }

        impl Names {
            fn new(table: &mut Table, heap: &mut Heap) -> Names {
                Names { $( $field: table.intern_latin1(heap, $text.as_bytes()) ),+ }
            }
            fn each(&self, mut visit: impl FnMut(Atom)) {
                $( visit(self.$field); )+
            }
        }
    };
}

names! {
    empty = "", length = "length", prototype = "prototype", constructor = "constructor", name = "name",
    message = "message", stack = "stack", cause = "cause", errors = "errors", value_of = "valueOf", to_string = "toString",
    to_json = "toJSON", get = "get", set = "set", value = "value", writable = "writable", enumerable = "enumerable",
    configurable = "configurable", undefined = "undefined", null = "null", true_ = "true", false_ = "false",
    number = "number", string = "string", boolean = "boolean", object = "object", function = "function",
    symbol = "symbol", bigint = "bigint", default = "default", exports = "exports", require = "require",
    module = "module", filename = "__filename", dirname = "__dirname", next = "next", done = "done", return_ = "return",
    callee = "callee", caller = "caller", arguments = "arguments", proto = "__proto__", index = "index",
    input = "input", groups = "groups", exec = "exec", last_index = "lastIndex", size = "size", add = "add", has = "has", join = "join",
    infinity = "Infinity", minus_infinity = "-Infinity", nan = "NaN", zero = "0", raw = "raw",
    object_object = "[object Object]", anonymous = "anonymous", this = "this", global_this = "globalThis",
    error = "Error", type_error = "TypeError", range_error = "RangeError", reference_error = "ReferenceError",
    syntax_error = "SyntaxError", eval_error = "EvalError", uri_error = "URIError", aggregate_error = "AggregateError",
    exit_code = "exitCode", start_time = "startTime", entry_type = "entryType", duration = "duration", detail = "detail",
}

/// Everything interned.
pub struct Atoms {
    /// The engine's own names.
    pub names: Names,
    table: Table,
    singles: [Option<Atom>; SINGLES],
    small_ints: [Option<Str>; SMALL_INTS],
    recent: Recent,
}

/// Which atoms some strings led to, by the strings' addresses: until the next collection, which may free them.
struct Recent(Box<[(u64, u64)]>);

impl Recent {
    const ENTRIES: usize = 1024;

    #[inline(always)]
    fn place(s: Str) -> usize {
        let address = s.cell() as usize >> 5;
        (address ^ (address >> 10)) & (Recent::ENTRIES - 1)
    }
    #[inline(always)]
    fn get(&self, s: Str) -> Option<Atom> {
        let (key, atom) = *self.0.get(Recent::place(s))?;
        // SAFETY: both words are addresses of cells that lived when they were put here, and no collection was since.
        (key == s.cell() as u64).then(|| unsafe { Atom::from_cell(atom as *mut Cell) })
    }
    fn put(&mut self, s: Str, atom: Atom) {
        if self.0.is_empty() {
            self.0 = vec![(0, 0); Recent::ENTRIES].into_boxed_slice();
        }
        self.0[Recent::place(s)] = (s.cell() as u64, atom.cell() as u64);
    }
}

/// Code units below this have their string kept at hand, once it was asked for.
pub const SINGLES: usize = 256;
/// Integers below this have their decimal spelling cached.
pub const SMALL_INTS: usize = 1024;
const ADDRESS: u64 = (1 << 48) - 1;
const TOMBSTONE: u64 = 1;

/// Open addressing with linear probing; a power of two of entries, at most three quarters full.
struct Table {
    entries: Box<[u64]>,
    used: usize,
    /// Atoms made since the last collection.
    young: Vec<Atom>,
}

impl Table {
    fn probe(&self, hash: u32, chars: Chars) -> Option<Atom> {
        let mask = self.entries.len() - 1;
        let mut i = hash as usize & mask;
        loop {
            let e = self.entries[i];
            if e == 0 {
                return None;
            }
            if e >> 48 == (hash >> 16) as u64 && e & ADDRESS != TOMBSTONE {
                // SAFETY: an entry that is not a tombstone holds the address of a live atom.
                let atom = unsafe { Atom::from_cell((e & ADDRESS) as *mut Cell) };
                if atom.hash() == hash && atom.chars().equals(chars) {
                    return Some(atom);
                }
            }
            i = (i + 1) & mask;
        }
    }

    /// Adds an atom that is not there yet.
    fn insert(&mut self, atom: Atom) {
        if (self.used + 1) * 4 > self.entries.len() * 3 {
            self.rehash();
        }
        self.used += 1;
        self.young.push(atom);
        place(&mut self.entries, atom.cell() as u64 | ((atom.hash() >> 16) as u64) << 48, atom.hash());
    }

    /// Removes a dead atom, whose cell can still be read.
    fn forget(&mut self, atom: Atom) {
        let mask = self.entries.len() - 1;
        let mut i = atom.hash() as usize & mask;
        while self.entries[i] & ADDRESS != atom.cell() as u64 {
            if self.entries[i] == 0 {
                return;
            }
            i = (i + 1) & mask;
        }
        self.entries[i] = TOMBSTONE;
    }

    fn rehash(&mut self) {
        let live: Vec<u64> = self.entries.iter().copied().filter(|e| *e != 0 && *e & ADDRESS != TOMBSTONE).collect();
        let mut entries = vec![0; (live.len() * 4).next_power_of_two().max(1024)].into_boxed_slice();
        self.used = live.len();
        for e in live {
            // SAFETY: live entries hold addresses of atoms.
            let hash = unsafe { Atom::from_cell((e & ADDRESS) as *mut Cell) }.hash();
            place(&mut entries, e, hash);
        }
        self.entries = entries;
    }

    fn intern_latin1(&mut self, heap: &mut Heap, text: &[u8]) -> Atom {
        // SAFETY: only the lifetime is stretched; the window does not outlive this call.
        let chars = Chars::Latin1(unsafe { std::mem::transmute::<&[u8], &'static [u8]>(text) });
        self.intern_chars(heap, chars)
    }

    fn intern_chars(&mut self, heap: &mut Heap, chars: Chars) -> Atom {
        let hash = chars.hash();
        self.probe(hash, chars).unwrap_or_else(|| {
            let s = Str::from_chars(heap, chars);
            self.adopt(s, hash, chars)
        })
    }

    /// Makes a flat string cell of its own an atom.
    fn adopt(&mut self, s: Str, hash: u32, chars: Chars) -> Atom {
        s.set_hash(hash);
        s.mark_atom(chars.array_index().is_some());
        let atom = Atom(s);
        self.insert(atom);
        atom
    }
}

fn place(entries: &mut [u64], entry: u64, hash: u32) {
    let mask = entries.len() - 1;
    let mut i = hash as usize & mask;
    while entries[i] != 0 {
        i = (i + 1) & mask;
    }
    entries[i] = entry;
}

impl Atoms {
    /// A table with the engine's names in it.
    pub fn new(heap: &mut Heap) -> Atoms {
        let mut table = Table { entries: vec![0; 1024].into_boxed_slice(), used: 0, young: Vec::new() };
        Atoms {
            names: Names::new(&mut table, heap),
            table,
            singles: [None; SINGLES],
            small_ints: [None; SMALL_INTS],
            recent: Recent(Box::default()),
        }
    }

    /// The atom with the text of a string. A flat string becomes the atom itself if it is the first of its text.
    #[inline]
    pub fn intern(&mut self, heap: &mut Heap, s: Str) -> Atom {
        match Atom::of_str(s) {
            Some(atom) => atom,
            None => self.intern_slow(heap, s),
        }
    }

    fn intern_slow(&mut self, heap: &mut Heap, s: Str) -> Atom {
        if let Some(atom) = self.recent.get(s) {
            return atom;
        }
        let chars = s.chars(heap);
        let hash = s.hash(heap);
        if let Some(atom) = self.table.probe(hash, chars) {
            self.recent.put(s, atom);
            return atom;
        }
        let flat = s.is_own_flat();
        let own = if flat { s } else { Str::from_chars(heap, chars) };
        self.table.adopt(own, hash, chars)
    }

    /// The atom of a text.
    pub fn intern_str(&mut self, heap: &mut Heap, text: &str) -> Atom {
        if text.is_ascii() {
            return self.table.intern_latin1(heap, text.as_bytes());
        }
        self.intern_utf16(heap, &text.encode_utf16().collect::<Vec<u16>>())
    }
    /// The atom of a text in code units.
    pub fn intern_utf16(&mut self, heap: &mut Heap, text: &[u16]) -> Atom {
        // SAFETY: only the lifetime is stretched; the window does not outlive this call.
        let chars = Chars::Utf16(unsafe { std::mem::transmute::<&[u16], &'static [u16]>(text) });
        self.table.intern_chars(heap, chars)
    }
    /// The atom that spells an array index.
    pub fn intern_index(&mut self, heap: &mut Heap, index: u32) -> Atom {
        let s = self.int_string(heap, index as i64);
        self.intern(heap, s)
    }
    /// The atom with the text of a string, if one exists: a key that no atom spells is a key that no object has.
    pub fn lookup(&self, heap: &mut Heap, s: Str) -> Option<Atom> {
        Atom::of_str(s).or_else(|| {
            let chars = s.chars(heap);
            self.table.probe(s.hash(heap), chars)
        })
    }

    /// Where compiled code finds the strings of one code unit: a word each, 0 if nobody has asked for it.
    pub const SINGLES_OFFSET: i32 = std::mem::offset_of!(Atoms, singles) as i32;
    /// Where compiled code finds the strings of small integers: words, 0 for those never used.
    pub const SMALL_INTS_OFFSET: i32 = std::mem::offset_of!(Atoms, small_ints) as i32;

    /// The string of one code unit.
    #[inline]
    pub fn single(&mut self, heap: &mut Heap, unit: u16) -> Str {
        if let Some(Some(atom)) = self.singles.get(unit as usize) {
            return atom.str();
        }
        if (unit as usize) < SINGLES {
            let atom = self.table.intern_latin1(heap, &[unit as u8]);
            self.singles[unit as usize] = Some(atom);
            return atom.str();
        }
        Str::utf16(heap, &[unit])
    }

    /// A character of a string that is not a rope, if it is one of those whose strings are kept and has been asked for before.
    #[inline]
    pub fn character(&self, s: Str, at: usize) -> Option<Value> {
        let unit = s.chars_if_flat()?.get(at)?;
        self.singles.get(unit as usize).copied().flatten().map(|atom| atom.value())
    }

    /// The decimal spelling of an integer; small ones are cached.
    pub fn int_string(&mut self, heap: &mut Heap, i: i64) -> Str {
        if let Some(Some(s)) = usize::try_from(i).ok().and_then(|i| self.small_ints.get(i)) {
            return *s;
        }
        let mut buffer = [0u8; 20];
        let mut at = buffer.len();
        let mut rest = i.unsigned_abs();
        loop {
            at -= 1;
            buffer[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if i < 0 {
            at -= 1;
            buffer[at] = b'-';
        }
        let s = Str::latin1(heap, &buffer[at..]);
        if let Ok(i) = usize::try_from(i)
            && i < SMALL_INTS
        {
            self.small_ints[i] = Some(s);
        }
        s
    }

    /// Shows the collector every string that this table keeps alive.
    pub fn visit_roots(&self, visit: &mut dyn FnMut(Value)) {
        self.names.each(|a| visit(a.value()));
        self.singles.iter().flatten().for_each(|a| visit(a.value()));
        self.small_ints.iter().flatten().for_each(|s| visit(s.value()));
    }

    /// Forgets the atoms that marking did not reach: a young collection has freed young ones only. Runs after marking,
    /// before cells are freed.
    pub fn sweep(&mut self, full: bool, is_live: impl Fn(*mut Cell) -> bool) {
        self.recent.0.fill((0, 0));
        let young = std::mem::take(&mut self.table.young);
        if !full {
            for atom in young.into_iter().filter(|atom| !is_live(atom.cell())) {
                self.table.forget(atom);
            }
            return;
        }
        for e in self.table.entries.iter_mut().filter(|e| **e != 0 && **e & ADDRESS != TOMBSTONE) {
            if !is_live((*e & ADDRESS) as *mut Cell) {
                *e = TOMBSTONE;
            }
        }
    }

    /// Number of entries in use, tombstones included.
    pub fn len(&self) -> usize {
        self.table.used
    }
    /// Whether nothing is interned (never so: the engine's own names are).
    pub fn is_empty(&self) -> bool {
        self.table.used == 0
    }
}

impl Str {
    /// Whether the cell itself holds the text.
    fn is_own_flat(self) -> bool {
        matches!(self.representation(), repr::LATIN1 | repr::UTF16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::heap::HeapConfig;

    #[test]
    fn equal_texts_are_one_atom_whatever_their_representation() {
        let mut heap = Heap::new(HeapConfig::default()).unwrap();
        let h = &mut heap;
        let mut atoms = Atoms::new(h);
        assert_eq!(atoms.intern_str(h, "length"), atoms.names.length);
        let long = "a rather long property name, longer than a rope's minimum";
        let (l, r) = (Str::new(h, &long[..20]), Str::new(h, &long[20..]));
        let rope = Str::concat(h, l, r).unwrap();
        assert!(rope.is_rope());
        let atom = atoms.intern(h, rope);
        let flat = Str::new(h, long);
        assert_eq!(atom, atoms.intern(h, flat));
        assert!(!flat.is_atom() && atom.str().is_atom());
        assert_eq!(atoms.intern_index(h, 4294967294).array_index(), Some(4294967294));
        assert_eq!(atoms.intern_str(h, "01").array_index(), None);
        let missing = Str::new(h, "nobody");
        assert_eq!(atoms.lookup(h, missing), None);
    }

    #[test]
    fn dead_atoms_are_forgotten_and_the_table_grows() {
        let mut heap = Heap::new(HeapConfig::default()).unwrap();
        let h = &mut heap;
        let mut atoms = Atoms::new(h);
        let all: Vec<Atom> = (0..5000).map(|i| atoms.intern_str(h, &format!("k{i}"))).collect();
        for (i, a) in all.iter().enumerate() {
            assert_eq!(atoms.intern_str(h, &format!("k{i}")), *a);
        }
        let dead = all[7].cell();
        atoms.sweep(true, |c| c != dead);
        let text = Str::new(h, "k7");
        assert_eq!(atoms.lookup(h, text), None);
        let text = Str::new(h, "k8");
        assert_eq!(atoms.lookup(h, text), Some(all[8]));
        let (old, young) = (all[9].cell(), atoms.intern_str(h, "young").cell());
        atoms.sweep(false, |c| c != old && c != young);
        let (old, young) = (Str::new(h, "k9"), Str::new(h, "young"));
        assert_eq!(atoms.lookup(h, old), Some(all[9]), "a young sweep asks about young atoms only");
        assert_eq!(atoms.lookup(h, young), None);
    }
}
