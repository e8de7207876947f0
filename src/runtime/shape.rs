//! Shapes: what an object looks like, so that a site can remember it in one word.
//!
//! A shape fixes the kind of cell, the prototype, the elements kind, how many slots are in-object, and which property
//! lives in which slot. Shapes form a transition tree: adding the same property to two objects of one shape leads both
//! to the same shape (Chambers, Ungar, Lee 1989, "maps"). Along a chain of transitions all shapes share one growing
//! property table, of which each sees its first `count` entries.
//!
//! Three kinds of shape:
//! - *shared*: a node of the transition tree;
//! - *unique*: belongs to one object, a prototype. Cacheable; any structural change gives the object a new unique shape,
//!   so caches that expect the old id miss;
//! - *dictionary*: belongs to one object with deleted or very many properties. Changes in place, never cached.
//!
//! Ids are never reused, but the shape behind one may go: a dictionary dies with its object ([`ShapeTable::sweep`]).
//! Whoever finds an id in feedback, which outlives objects, asks [`ShapeTable::get_live`]. For the collector each shape
//! answers for its prototype and for the keys that no shape before it has ([`ShapeTable::trace`]), and young collections
//! look only at what was made or changed since the last.
//!
//! Primitive receivers have pseudo shapes, so that inline caches need no second mechanism.

mod learning;

pub use learning::SLACK;

use super::cell::{CellKind, string_repr};
use super::object::Obj;
use super::string::Str;
use super::value::Value;
use crate::vocab::TransitionKind;
use crate::vocab::ids::ShapeId;
use cranelift_entity::EntityRef;
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A property key that is no array index: an atom, a symbol or a private name, compared by address.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Key(pub Value);

impl Key {
    /// Whether the key is a string (an atom) and not a symbol.
    #[inline]
    pub fn is_string(self) -> bool {
        self.cell_kind() == CellKind::String
    }
    #[inline]
    fn cell_kind(self) -> CellKind {
        // SAFETY: a key is a live atom or symbol cell; keys of shapes are roots.
        unsafe { (*(self.0.0 as *const super::cell::Cell)).kind }
    }
    /// Whether the cell is marked as interned.
    pub fn is_atom(self) -> bool {
        // SAFETY: as above.
        self.is_string() && unsafe { (*(self.0.0 as *const super::cell::Cell)).aux } & string_repr::ATOM != 0
    }
}

/// Any property key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PropertyKey {
    /// An array index, `0 ..= 2^32 - 2`.
    Index(u32),
    /// Anything else.
    Name(Key),
}

/// Attributes of a property.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Attrs(pub u8);
impl Attrs {
    /// Assignable.
    pub const WRITABLE: Attrs = Attrs(1);
    /// Visible to for-in and Object.keys.
    pub const ENUMERABLE: Attrs = Attrs(2);
    /// Deletable and reconfigurable.
    pub const CONFIGURABLE: Attrs = Attrs(4);
    /// The slot holds an accessor pair.
    pub const ACCESSOR: Attrs = Attrs(8);
    /// What assignment creates.
    pub const DATA: Attrs = Attrs(7);
    /// What class members and built-ins have: writable, configurable.
    pub const HIDDEN: Attrs = Attrs(5);
    /// No attribute.
    pub const NONE: Attrs = Attrs(0);

    /// Whether all bits of `other` are set.
    pub const fn has(self, other: Attrs) -> bool {
        self.0 & other.0 == other.0
    }
    /// Union.
    pub const fn with(self, other: Attrs) -> Attrs {
        Attrs(self.0 | other.0)
    }
    /// Difference.
    pub const fn without(self, other: Attrs) -> Attrs {
        Attrs(self.0 & !other.0)
    }
}

/// How the elements of an object are stored. Part of the shape.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum ElementsKind {
    /// Tagged int32s, no holes.
    Int = 0,
    /// Unboxed doubles, no holes.
    Double = 1,
    /// Tagged values, no holes.
    Any = 2,
    /// Tagged int32s and holes.
    HoleyInt = 3,
    /// Unboxed doubles and holes.
    HoleyDouble = 4,
    /// Tagged values and holes. Also objects that are no arrays.
    HoleyAny = 5,
}

impl ElementsKind {
    /// Every kind.
    pub const ALL: [ElementsKind; 6] = [
        ElementsKind::Int,
        ElementsKind::Double,
        ElementsKind::Any,
        ElementsKind::HoleyInt,
        ElementsKind::HoleyDouble,
        ElementsKind::HoleyAny,
    ];
    /// Whether holes may occur.
    #[inline]
    pub const fn is_holey(self) -> bool {
        self as u8 >= 3
    }
    /// Whether elements are raw doubles.
    #[inline]
    pub const fn is_double(self) -> bool {
        matches!(self, ElementsKind::Double | ElementsKind::HoleyDouble)
    }
    /// Whether every element that is no hole is an int32.
    #[inline]
    pub const fn is_int(self) -> bool {
        matches!(self, ElementsKind::Int | ElementsKind::HoleyInt)
    }
    /// What a kind of int32s becomes when its elements are stored as doubles; other kinds stay.
    pub const fn widened_to_double(self) -> ElementsKind {
        match self {
            ElementsKind::Int => ElementsKind::Double,
            ElementsKind::HoleyInt => ElementsKind::HoleyDouble,
            ElementsKind::Double | ElementsKind::HoleyDouble | ElementsKind::Any | ElementsKind::HoleyAny => self,
        }
    }
    /// The kind without holes.
    pub const fn packed(self) -> ElementsKind {
        match self {
            ElementsKind::Int | ElementsKind::HoleyInt => ElementsKind::Int,
            ElementsKind::Double | ElementsKind::HoleyDouble => ElementsKind::Double,
            ElementsKind::Any | ElementsKind::HoleyAny => ElementsKind::Any,
        }
    }
    /// The kind that also allows holes.
    #[inline]
    pub const fn holey(self) -> ElementsKind {
        match self {
            ElementsKind::Int | ElementsKind::HoleyInt => ElementsKind::HoleyInt,
            ElementsKind::Double | ElementsKind::HoleyDouble => ElementsKind::HoleyDouble,
            ElementsKind::Any | ElementsKind::HoleyAny => ElementsKind::HoleyAny,
        }
    }
    /// The narrowest packed kind that can hold a value.
    #[inline]
    pub fn of(v: Value) -> ElementsKind {
        if v.is_int() {
            ElementsKind::Int
        } else if v.is_number() {
            ElementsKind::Double
        } else if v.is_hole() {
            ElementsKind::HoleyInt
        } else {
            ElementsKind::Any
        }
    }
    /// The narrowest kind that can hold what either can.
    #[inline]
    pub fn join(self, other: ElementsKind) -> ElementsKind {
        let holey = self.is_holey() || other.is_holey();
        let base = ElementsKind::ALL[(self as u8 % 3).max(other as u8 % 3) as usize];
        if holey { base.holey() } else { base }
    }
}

/// Whether a shape is shared, unique to a prototype, or a dictionary.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sharing {
    /// A node of the transition tree.
    Shared,
    /// One object's, cacheable.
    Unique,
    /// One object's, changes in place, not cacheable.
    Dictionary,
}

/// Integrity of an object.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Integrity {
    /// Properties may be added.
    Extensible,
    /// `Object.preventExtensions`.
    NonExtensible,
    /// `Object.seal`.
    Sealed,
    /// `Object.freeze`.
    Frozen,
}

/// A property as a shape sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property {
    /// Its key.
    pub key: Key,
    /// Slot index.
    pub slot: u32,
    /// Attributes.
    pub attrs: Attrs,
}

#[derive(Default, Debug)]
struct PropertyTable {
    entries: Vec<Property>,
    /// Positions by key, once there are more than [`LINEAR`] entries.
    index: FxHashMap<Key, u32>,
    /// Entries that were removed (from a dictionary): their key is [`GONE`].
    gone: usize,
}

/// Tables up to this many entries are searched linearly.
const LINEAR: usize = 8;
/// The key of a removed entry.
const GONE: Key = Key(Value::EMPTY);
/// A table is squeezed when more than half of it and more than this many entries are removed ones.
const FEW_GONE: usize = 16;

impl PropertyTable {
    fn push(&mut self, p: Property) {
        self.entries.push(p);
        if !self.index.is_empty() {
            self.index.insert(p.key, self.entries.len() as u32 - 1);
        } else if self.entries.len() > LINEAR {
            self.reindex();
        }
    }
    fn reindex(&mut self) {
        let live = self.entries.iter().enumerate().filter(|(_, p)| p.key != GONE);
        self.index = live.map(|(i, p)| (p.key, i as u32)).collect();
    }
    #[inline]
    fn find(&self, key: Key, count: usize) -> Option<usize> {
        if self.index.is_empty() {
            self.entries[..count].iter().position(|p| p.key == key)
        } else {
            self.index.get(&key).map(|i| *i as usize).filter(|i| *i < count)
        }
    }
    /// Removes entry `i` of a table that one shape alone sees; the others keep their order.
    fn remove(&mut self, i: usize) -> Property {
        let p = std::mem::replace(&mut self.entries[i], Property { key: GONE, slot: 0, attrs: Attrs::NONE });
        self.index.remove(&p.key);
        self.gone += 1;
        while self.entries.last().is_some_and(|p| p.key == GONE) {
            self.entries.pop();
            self.gone -= 1;
        }
        if self.gone > FEW_GONE && self.gone * 2 > self.entries.len() {
            self.entries.retain(|p| p.key != GONE);
            self.gone = 0;
            if self.entries.len() > LINEAR { self.reindex() } else { self.index.clear() }
        }
        p
    }
}

/// The text of a key that is a string.
fn key_text(key: Key) -> String {
    Str::from_value(key.0).map_or(String::new(), |name| name.to_rust())
}

/// A shape. Refer to it by [`ShapeId`].
#[derive(Debug)]
pub struct Shape {
    /// Its id.
    pub id: ShapeId,
    /// Kind of cell.
    pub kind: CellKind,
    /// How elements are stored.
    pub elements: ElementsKind,
    /// In-object slots.
    pub inline_capacity: u8,
    /// Sharing.
    pub sharing: Sharing,
    /// Integrity.
    pub integrity: Integrity,
    /// Some property's name is an array index (sparse arrays, accessors on indices): lookups by index must try names.
    pub has_index_names: bool,
    /// The prototype: an object or null.
    pub proto: Value,
    /// Entries of the table that this shape sees, removed ones included.
    count: u32,
    /// Slots in use or once used: the next property gets this slot.
    pub next_slot: u32,
    table: Rc<RefCell<PropertyTable>>,
    /// From this entry on the shape answers for the keys to the collector; those before belong to its parent.
    own_from: u32,
    /// Whether the next young collection looks at it already.
    is_fresh: bool,
    /// Objects that `new` has made of it, up to a limit.
    constructions: u8,
    /// The cell that a dictionary belongs to, by address: it does not keep it alive.
    owner: usize,
    /// Whether it has enumerable string keys, once somebody has asked.
    enumerable: Cell<Option<bool>>,
    /// Free slots of a dictionary.
    free_slots: Vec<u32>,
    add_transitions: FxHashMap<(Key, Attrs), ShapeId>,
    proto_transitions: FxHashMap<Value, ShapeId>,
    /// By elements kind.
    elements_transitions: [Option<ShapeId>; ElementsKind::ALL.len()],
}

#[derive(Clone, Copy, Debug)]
enum Other {
    Elements(ElementsKind),
    Proto(Value),
}

impl Shape {
    /// The property with this key.
    #[inline]
    pub fn find(&self, key: Key) -> Option<Property> {
        let t = self.table.borrow();
        t.find(key, self.count as usize).map(|i| t.entries[i])
    }
    /// The properties in order of creation.
    pub fn properties(&self) -> Vec<Property> {
        let table = self.table.borrow();
        table.entries[..self.count as usize].iter().filter(|p| p.key != GONE).copied().collect()
    }
    /// Number of entries for [`Shape::entry`].
    pub fn entry_count(&self) -> u32 {
        self.count
    }
    /// The i-th property in order of creation; `None` if it was removed.
    pub fn entry(&self, i: u32) -> Option<Property> {
        let p = self.table.borrow().entries[i as usize];
        (p.key != GONE).then_some(p)
    }
    /// Calls `f` with the enumerable properties that have string keys, in order of creation.
    #[inline]
    pub fn each_enumerable(&self, mut f: impl FnMut(Property)) {
        let table = self.table.borrow();
        for p in &table.entries[..self.count as usize] {
            if p.attrs.has(Attrs::ENUMERABLE) && p.key != GONE && p.key.is_string() {
                f(*p);
            }
        }
    }
    /// Whether some property has a string key and is enumerable. Remembered.
    pub fn has_enumerable(&self) -> bool {
        if let Some(known) = self.enumerable.get() {
            return known;
        }
        let has =
            (0..self.count).filter_map(|i| self.entry(i)).any(|p| p.attrs.has(Attrs::ENUMERABLE) && p.key.is_string());
        self.enumerable.set(Some(has));
        has
    }
    /// Whether inline caches may remember this shape.
    #[inline]
    pub fn is_cacheable(&self) -> bool {
        self.sharing != Sharing::Dictionary
    }
    /// Whether properties may be added.
    #[inline]
    pub fn is_extensible(&self) -> bool {
        self.integrity == Integrity::Extensible
    }
}

/// Pseudo shape of strings; every string cell carries it.
pub const STRING_SHAPE: u32 = 1;
/// Pseudo shape of symbols.
pub const SYMBOL_SHAPE: u32 = 2;
/// Pseudo shape of numbers, as inline caches record it.
pub const NUMBER_SHAPE: u32 = 3;
/// Pseudo shape of booleans, as inline caches record it.
pub const BOOLEAN_SHAPE: u32 = 4;
const FIRST_REAL: usize = 5;
/// Pairs of shapes that are remembered for copying.
const MAX_COPIES: usize = 4096;
/// Objects with more named properties than this become dictionaries.
pub const MAX_FAST_PROPERTIES: u32 = 1020;

/// A transition that was made for the first time.
#[derive(Clone, Debug)]
pub struct ShapeChange {
    /// The shape before.
    pub from: ShapeId,
    /// The shape after.
    pub to: ShapeId,
    /// What changed.
    pub kind: TransitionKind,
    /// The property, or the kind of elements.
    pub key: String,
    /// The shape after, in words.
    pub text: String,
}

/// Who is told of new transitions: a function, and what it is called with first.
#[derive(Clone, Copy, Debug)]
pub struct ShapeWatcher {
    /// Called in the middle of the operation that makes the transition; must not touch heap or shapes.
    pub call: fn(*mut (), ShapeChange),
    /// Its first argument.
    pub data: *mut (),
}

/// All shapes of a VM.
#[derive(Debug, Default)]
pub struct ShapeTable {
    shapes: Vec<Option<Box<Shape>>>,
    roots: FxHashMap<(CellKind, Value, ElementsKind, u8), ShapeId>,
    /// The root that was asked for last.
    last_root: Option<((CellKind, Value, ElementsKind, u8), ShapeId)>,
    /// Made or changed in place since the last collection.
    fresh: Vec<ShapeId>,
    /// Dictionaries: those made since the last collection, and those that have survived one.
    young_dictionaries: Vec<ShapeId>,
    old_dictionaries: Vec<ShapeId>,
    /// Where copying all properties of an object of one shape into one of another led to: see [`ShapeTable::copied`].
    copies: FxHashMap<(ShapeId, ShapeId), (ShapeId, u32)>,
    /// Who is told of new transitions, if anybody.
    pub watcher: Option<ShapeWatcher>,
}

impl ShapeTable {
    /// An empty table (pseudo shapes reserved).
    pub fn new() -> ShapeTable {
        let mut t = ShapeTable::default();
        t.shapes.resize_with(FIRST_REAL, || None);
        t
    }

    /// The shape with an id.
    ///
    /// # Panics
    /// On a pseudo shape: the caller has checked that the value is an object.
    #[inline]
    pub fn get(&self, id: ShapeId) -> &Shape {
        self.shapes[id.index()].as_deref().expect("shape id of an object")
    }
    /// The shape with an id that something remembers which outlives objects: `None` if it was a dictionary whose object
    /// is dead, or is a pseudo shape.
    pub fn get_live(&self, id: ShapeId) -> Option<&Shape> {
        self.shapes[id.index()].as_deref()
    }
    fn get_mut(&mut self, id: ShapeId) -> &mut Shape {
        self.shapes[id.index()].as_deref_mut().expect("shape id of an object")
    }
    /// Number of shapes ever made.
    pub fn len(&self) -> usize {
        self.shapes.len() - FIRST_REAL
    }
    /// Whether no shape has been made.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn insert(&mut self, mut s: Shape) -> ShapeId {
        let id = ShapeId::from_u32(self.shapes.len() as u32);
        s.id = id;
        s.is_fresh = true;
        self.fresh.push(id);
        if s.sharing == Sharing::Dictionary {
            self.young_dictionaries.push(id);
        }
        self.shapes.push(Some(Box::new(s)));
        id
    }

    /// The empty shape for a kind, prototype, elements kind and number of in-object slots (made odd: cells come in
    /// granules of 16 bytes).
    pub fn root(&mut self, kind: CellKind, proto: Value, elements: ElementsKind, inline_capacity: u8) -> ShapeId {
        let key = (kind, proto, elements, inline_capacity);
        if let Some((last, id)) = self.last_root
            && last == key
        {
            return id;
        }
        if let Some(id) = self.roots.get(&key).copied() {
            self.last_root = Some((key, id));
            return id;
        }
        let id = self.insert(Shape {
            id: ShapeId::from_u32(0),
            kind,
            elements,
            inline_capacity,
            sharing: Sharing::Shared,
            integrity: Integrity::Extensible,
            has_index_names: false,
            proto,
            count: 0,
            next_slot: 0,
            table: Rc::default(),
            own_from: 0,
            is_fresh: false,
            constructions: 0,
            owner: 0,
            enumerable: Cell::new(None),
            free_slots: Vec::new(),
            add_transitions: FxHashMap::default(),
            proto_transitions: FxHashMap::default(),
            elements_transitions: [None; ElementsKind::ALL.len()],
        });
        self.roots.insert(key, id);
        id
    }

    /// A copy of an object's shape of its own with the given sharing.
    pub fn unshare(&mut self, o: Obj, sharing: Sharing) -> ShapeId {
        self.copy(o.shape_id(), sharing, o.as_ptr() as usize)
    }

    fn copy(&mut self, id: ShapeId, sharing: Sharing, owner: usize) -> ShapeId {
        let s = self.get(id);
        let mut table = PropertyTable::default();
        s.properties().into_iter().for_each(|p| table.push(p));
        let copy = Shape {
            id,
            kind: s.kind,
            elements: s.elements,
            inline_capacity: s.inline_capacity,
            sharing,
            integrity: s.integrity,
            has_index_names: s.has_index_names,
            proto: s.proto,
            count: table.entries.len() as u32,
            next_slot: s.next_slot,
            table: Rc::new(RefCell::new(table)),
            own_from: 0,
            is_fresh: false,
            constructions: 0,
            owner,
            enumerable: Cell::new(None),
            free_slots: s.free_slots.clone(),
            add_transitions: FxHashMap::default(),
            proto_transitions: FxHashMap::default(),
            elements_transitions: [None; ElementsKind::ALL.len()],
        };
        self.insert(copy)
    }

    /// The shape after a structural change of an object by `f`. A shared shape is left alone and a dictionary made from
    /// it; a unique one is replaced by a changed copy; a dictionary changes in place.
    pub fn change(&mut self, o: Obj, f: impl FnOnce(&mut ShapeEdit)) -> ShapeId {
        match self.of(o).sharing {
            Sharing::Shared => {
                let before = o.shape_id();
                let own = self.unshare(o, Sharing::Dictionary);
                self.note(before, own, TransitionKind::ToDictionary, None);
                self.change_own(own, f)
            }
            Sharing::Unique | Sharing::Dictionary => self.change_own(o.shape_id(), f),
        }
    }

    /// [`ShapeTable::change`] of a shape that is one object's own.
    fn change_own(&mut self, id: ShapeId, f: impl FnOnce(&mut ShapeEdit)) -> ShapeId {
        let target = match self.get(id).sharing {
            Sharing::Shared => unreachable!("a shared shape is left alone"),
            Sharing::Unique => {
                // The object leaves the old id for good: the table moves instead of being copied.
                let old = self.shapes[id.index()].as_deref_mut().expect("shape id of an object");
                let mut moved = Shape {
                    id,
                    kind: old.kind,
                    elements: old.elements,
                    inline_capacity: old.inline_capacity,
                    sharing: Sharing::Unique,
                    integrity: old.integrity,
                    has_index_names: old.has_index_names,
                    proto: old.proto,
                    count: old.count,
                    next_slot: old.next_slot,
                    table: std::mem::take(&mut old.table),
                    own_from: 0,
                    is_fresh: false,
                    constructions: 0,
                    owner: 0,
                    enumerable: Cell::new(None),
                    free_slots: std::mem::take(&mut old.free_slots),
                    add_transitions: FxHashMap::default(),
                    proto_transitions: FxHashMap::default(),
                    elements_transitions: [None; ElementsKind::ALL.len()],
                };
                moved.id = id;
                old.count = 0;
                self.insert(moved)
            }
            Sharing::Dictionary => id,
        };
        let shape = self.get_mut(target);
        shape.enumerable.set(None);
        let known = std::mem::replace(&mut shape.is_fresh, true);
        f(&mut ShapeEdit { shape });
        if !known {
            self.fresh.push(target);
        }
        target
    }

    /// The shape that an object of shape `to` has after all properties of one of shape `from` were added to it, if that
    /// is known and no prototype has changed since.
    pub fn copied(&self, from: ShapeId, to: ShapeId, epoch: u32) -> Option<ShapeId> {
        self.copies.get(&(from, to)).filter(|(_, known_in)| *known_in == epoch).map(|(result, _)| *result)
    }
    /// Remembers it.
    pub fn learn_copied(&mut self, from: ShapeId, to: ShapeId, result: ShapeId, epoch: u32) {
        if self.copies.len() >= MAX_COPIES {
            self.copies.clear();
        }
        self.copies.insert((from, to), (result, epoch));
    }

    /// The shape after adding a property at the end. Shared shapes only: the caller uses [`ShapeTable::change`] for the
    /// others.
    pub fn add(&mut self, id: ShapeId, key: Key, attrs: Attrs, index_name: bool) -> ShapeId {
        let s = self.get(id);
        debug_assert!(s.sharing == Sharing::Shared && s.find(key).is_none());
        if let Some(to) = s.add_transitions.get(&(key, attrs)) {
            return *to;
        }
        let property = Property { key, slot: s.next_slot, attrs };
        // The table is shared with the parent while the parent is its last view, else copied.
        let table = if s.table.borrow().entries.len() == s.count as usize {
            s.table.clone()
        } else {
            let mut t = PropertyTable::default();
            s.table.borrow().entries[..s.count as usize].iter().for_each(|p| t.push(*p));
            Rc::new(RefCell::new(t))
        };
        table.borrow_mut().push(property);
        let child = Shape {
            id,
            kind: s.kind,
            elements: s.elements,
            inline_capacity: s.inline_capacity,
            sharing: Sharing::Shared,
            integrity: s.integrity,
            has_index_names: s.has_index_names || index_name,
            proto: s.proto,
            count: s.count + 1,
            next_slot: s.next_slot + 1,
            table,
            own_from: s.count,
            is_fresh: false,
            constructions: 0,
            owner: 0,
            enumerable: Cell::new(None),
            free_slots: Vec::new(),
            add_transitions: FxHashMap::default(),
            proto_transitions: FxHashMap::default(),
            elements_transitions: [None; ElementsKind::ALL.len()],
        };
        let to = self.insert(child);
        self.get_mut(id).add_transitions.insert((key, attrs), to);
        self.note(id, to, TransitionKind::AddProperty, Some(key));
        to
    }

    /// The shape with another elements kind.
    pub fn with_elements(&mut self, id: ShapeId, elements: ElementsKind) -> ShapeId {
        if self.get(id).elements == elements {
            return id;
        }
        if self.get(id).sharing != Sharing::Shared {
            return self.change_own(id, |e| e.shape.elements = elements);
        }
        self.sibling(id, Other::Elements(elements), |s| s.elements = elements)
    }

    /// The shape with another prototype.
    pub fn with_proto(&mut self, id: ShapeId, proto: Value) -> ShapeId {
        if self.get(id).proto == proto {
            return id;
        }
        if self.get(id).sharing != Sharing::Shared {
            return self.change_own(id, |e| e.shape.proto = proto);
        }
        self.sibling(id, Other::Proto(proto), |s| s.proto = proto)
    }

    fn sibling(&mut self, id: ShapeId, by: Other, f: impl FnOnce(&mut Shape)) -> ShapeId {
        let known = match by {
            Other::Elements(kind) => self.get(id).elements_transitions[kind as usize],
            Other::Proto(proto) => self.get(id).proto_transitions.get(&proto).copied(),
        };
        if let Some(to) = known {
            return to;
        }
        let to = if self.get(id).count == 0 && !self.get(id).has_index_names {
            // Equal empty shapes are one shape, however they were reached.
            let (kind, mut proto, mut elements, cap, integrity) = {
                let s = self.get(id);
                (s.kind, s.proto, s.elements, s.inline_capacity, s.integrity)
            };
            match by {
                Other::Elements(k) => elements = k,
                Other::Proto(p) => proto = p,
            }
            debug_assert_eq!(integrity, Integrity::Extensible, "a shared shape is extensible");
            self.root(kind, proto, elements, cap)
        } else {
            let to = self.copy(id, Sharing::Shared, 0);
            f(self.get_mut(to));
            to
        };
        let shape = self.get_mut(id);
        let kind = match by {
            Other::Elements(kind) => {
                shape.elements_transitions[kind as usize] = Some(to);
                TransitionKind::ElementsKind
            }
            Other::Proto(proto) => {
                shape.proto_transitions.insert(proto, to);
                TransitionKind::ChangePrototype
            }
        };
        self.note(id, to, kind, None);
        to
    }

    #[inline]
    fn note(&self, from: ShapeId, to: ShapeId, kind: TransitionKind, key: Option<Key>) {
        if let Some(watcher) = self.watcher {
            let key = match (key, kind) {
                (Some(key), _) => key_text(key),
                (None, TransitionKind::ElementsKind) => format!("{:?}", self.get(to).elements),
                (None, _) => String::new(),
            };
            (watcher.call)(watcher.data, ShapeChange { from, to, kind, key, text: self.describe(to) });
        }
    }

    /// A shape in words: `shape12 array of Int {a, b}`.
    pub fn describe(&self, id: ShapeId) -> String {
        if id.as_u32() <= BOOLEAN_SHAPE {
            return "a primitive".into();
        }
        let Some(s) = self.get_live(id) else { return "a dictionary that is gone".into() };
        let properties = s.properties();
        let names: Vec<_> = properties.iter().take(8).filter(|p| p.key.is_string()).map(|p| key_text(p.key)).collect();
        let more = if properties.len() > 8 { ", …" } else { "" };
        let elements = match s.kind {
            CellKind::Array => format!(" array of {:?}", s.elements),
            _other_kind => String::new(),
        };
        let dictionary = if s.sharing == Sharing::Dictionary { " dictionary" } else { "" };
        format!("{id}{dictionary}{elements} {{{}{more}}}", names.join(", "))
    }

    /// Visits prototypes and keys, which shapes keep alive: all of them, or those that no earlier collection has seen.
    pub fn trace(&self, full: bool, visit: &mut impl FnMut(Value)) {
        let mut see = |s: &Shape| {
            visit(s.proto);
            let t = s.table.borrow();
            t.entries[s.own_from as usize..s.count as usize].iter().for_each(|p| visit(p.key.0));
        };
        if full {
            self.shapes.iter().flatten().for_each(|s| see(s));
        } else {
            self.fresh.iter().filter_map(|id| self.get_live(*id)).for_each(see);
        }
    }

    /// Drops the dictionaries whose objects died. Runs after marking.
    pub fn sweep(&mut self, full: bool, is_live: impl Fn(*const super::cell::Cell) -> bool) {
        let shapes = &mut self.shapes;
        for id in self.fresh.drain(..) {
            if let Some(s) = shapes[id.index()].as_deref_mut() {
                s.is_fresh = false;
            }
        }
        let mut keep = |id: &ShapeId| {
            let lives = shapes[id.index()].as_deref().is_some_and(|s| is_live(s.owner as *const _));
            if !lives {
                shapes[id.index()] = None;
            }
            lives
        };
        if full {
            self.old_dictionaries.retain(&mut keep);
        }
        self.young_dictionaries.retain(&mut keep);
        self.old_dictionaries.append(&mut self.young_dictionaries);
    }

    /// The shape that an object has now.
    #[inline]
    pub fn of(&self, o: Obj) -> &Shape {
        self.get(o.shape_id())
    }
}

/// Edits an unshared shape inside [`ShapeTable::change`].
pub struct ShapeEdit<'a> {
    shape: &'a mut Shape,
}

impl ShapeEdit<'_> {
    /// Adds a property; returns its slot.
    pub fn add(&mut self, key: Key, attrs: Attrs, index_name: bool) -> u32 {
        let slot = self.shape.free_slots.pop().unwrap_or_else(|| {
            self.shape.next_slot += 1;
            self.shape.next_slot - 1
        });
        self.shape.table.borrow_mut().push(Property { key, slot, attrs });
        self.shape.count += 1;
        self.shape.has_index_names |= index_name;
        slot
    }
    /// Removes a property.
    pub fn remove(&mut self, key: Key) {
        let mut t = self.shape.table.borrow_mut();
        let Some(i) = t.find(key, self.shape.count as usize) else { return };
        let p = t.remove(i);
        self.shape.count = t.entries.len() as u32;
        self.shape.free_slots.push(p.slot);
    }
    /// Gives a property other attributes.
    pub fn set_attrs(&mut self, key: Key, attrs: Attrs) {
        let mut t = self.shape.table.borrow_mut();
        if let Some(i) = t.find(key, self.shape.count as usize) {
            t.entries[i].attrs = attrs;
        }
    }
    /// Raises the integrity level, with the attribute changes that belong to it.
    pub fn set_integrity(&mut self, level: Integrity) {
        self.shape.integrity = self.shape.integrity.max(level);
        let mut t = self.shape.table.borrow_mut();
        for p in &mut t.entries {
            if level >= Integrity::Sealed {
                p.attrs = p.attrs.without(Attrs::CONFIGURABLE);
            }
            if level == Integrity::Frozen && !p.attrs.has(Attrs::ACCESSOR) {
                p.attrs = p.attrs.without(Attrs::WRITABLE);
            }
        }
    }
    /// Sets the prototype.
    pub fn set_proto(&mut self, proto: Value) {
        self.shape.proto = proto;
    }
}
