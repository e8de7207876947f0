//! Elements: how arrays and array-like objects store what has an index.
//!
//! Arrays keep to the narrowest of six kinds (`shape::ElementsKind`) and widen when a value does not fit; a kind never
//! narrows again. Objects that are no arrays have one kind, tagged with holes. Very distant indices are kept as named
//! properties (`Shape::has_index_names`), so that `a[4e9] = 1` costs what it should.

use super::cell::{Cell, CellKind};
use super::object::{Obj, data, odd_capacity};
use super::runtime::{JsResult, Runtime, Termination};
use super::shape::{Attrs, ElementsKind, Integrity, PropertyKey, Sharing};
use super::typed::Typed;
use super::value::{HOLE_NAN_BITS, Value};
use crate::vocab::ids::ShapeId;

/// An index may lie this far past the capacity and still be an element.
const MAX_GAP: u32 = 1 << 20;
/// Arrays from this length on look at the heap limit before they grow.
const BIG: u32 = 1 << 16;
/// No index from here on is an element.
pub const MAX_CAPACITY: u32 = 1 << 28;
/// No elements cell has room for more, so that no packed array is longer: compiled code adds such lengths and indices
/// without looking for overflow. Growth gives at most half more than [`MAX_CAPACITY`].
pub const LARGEST: u32 = 1 << 29;

/// Up to this capacity an array may double for one distant element.
const FREE_LEAPS: u32 = 1 << 20;

/// Whether element `i` exists in the elements cell.
#[inline]
pub fn has_element(o: Obj, i: u32) -> bool {
    let limit = if o.is_array() { o.array_length().min(o.elements_capacity()) } else { o.elements_capacity() };
    i < limit && {
        let v = o.element(i);
        !v.is_hole() && !v.is_empty()
    }
}

/// Whether index `i` is near enough to be stored as an element.
pub fn can_hold(o: Obj, i: u32) -> bool {
    let have = o.elements_capacity();
    // Ever larger leaps must not fill the heap with holes.
    let more = if have < FREE_LEAPS { have } else { have / 2 };
    i < MAX_CAPACITY && i <= have.saturating_add(more).saturating_add(MAX_GAP)
}

/// Stores an element that [`can_hold`] allows, growing and widening as needed; updates an array's length.
pub fn set_element(rt: &mut Runtime, o: Obj, i: u32, v: Value) {
    if o.is_array() {
        let length = o.array_length();
        let mut kind = rt.shapes.of(o).elements.join(ElementsKind::of(v));
        if i > length {
            kind = kind.holey();
        }
        transition(rt, o, kind);
        if i >= o.elements_capacity() {
            grow(rt, o, i + 1);
        }
        o.set_element_raw(&mut rt.heap, i, v);
        if i >= length {
            o.set_array_length_raw(i + 1);
        }
    } else {
        if i >= o.elements_capacity() {
            grow(rt, o, i + 1);
        }
        o.set_element_raw(&mut rt.heap, i, v);
        if o.is_prototype() {
            rt.head.proto_epoch += 1;
            (rt.hooks.prototype_changed)(rt, o, None);
        }
    }
}

/// Widens the elements kind of an array (or of any object: then only HoleyAny is possible) to `kind`.
#[inline]
pub fn transition(rt: &mut Runtime, o: Obj, kind: ElementsKind) {
    let from = rt.shapes.of(o).elements;
    if from != kind {
        transition_from(rt, o, from, kind);
    }
}

fn transition_from(rt: &mut Runtime, o: Obj, from: ElementsKind, kind: ElementsKind) {
    if from.is_double() != kind.is_double() && o.elements_capacity() > 0 {
        let capacity = o.elements_capacity();
        copy_elements(rt, o, kind.is_double(), capacity);
    }
    let shape = rt.shapes.with_elements(o.shape_id(), kind);
    o.set_shape(shape);
    if o.is_array() {
        rt.array_sites.widen(o.array_site(), kind);
    }
}

/// Up to this capacity elements double when they grow.
const DOUBLING: u32 = 64;

/// Makes room for `need` elements: at least half as much again as before, twice as much while there are few.
pub fn grow(rt: &mut Runtime, o: Obj, need: u32) {
    let have = o.elements_capacity();
    if need <= have {
        return;
    }
    let more = if have < DOUBLING { have } else { have / 2 };
    let mut capacity = odd_capacity(need.max(have + more + 1).max(3));
    if o.is_array() && o.array_site() != 0 {
        capacity = learnt_capacity(rt, o.array_site(), have, capacity);
    }
    let double = rt.shapes.of(o).elements.is_double();
    copy_elements(rt, o, double, capacity);
}

/// What an array that is about to grow gets, from what its literal knows, which is told.
fn learnt_capacity(rt: &mut Runtime, site: u32, have: u32, capacity: u32) -> u32 {
    let room = if have == 0 { rt.array_sites.first_room(site) } else { None };
    // In a heap that is filling up nothing is taken in advance.
    let free = rt.heap.limit_bytes().saturating_sub(rt.heap.footprint_bytes());
    match room.filter(|room| *room >= capacity && *room as usize * 8 < free / 8) {
        Some(room) => room,
        None => {
            rt.array_sites.grown(site, capacity);
            capacity
        }
    }
}

/// Appends all elements of one array to another, if that is a matter of copying. False: nothing was done.
pub fn append_plain(rt: &mut Runtime, a: Obj, source: Obj) -> bool {
    let (from, to) = (rt.shapes.of(source), rt.shapes.of(a));
    let (count, length) = (source.array_length(), a.array_length());
    let plain = !from.elements.is_holey()
        && !from.has_index_names
        && count <= source.elements_capacity()
        && !to.has_index_names
        && to.integrity == Integrity::Extensible
        && length <= a.elements_capacity()
        && count < BIG
        && a != source;
    if !plain {
        return false;
    }
    if count == 0 {
        return true;
    }
    let kind = to.elements.join(from.elements);
    transition(rt, a, kind);
    if length + count > a.elements_capacity() {
        grow(rt, a, length + count);
    }
    a.append_elements_from(&mut rt.heap, source, length, count);
    a.set_array_length_raw(length + count);
    true
}

/// Replaces the elements cell by one of the given representation and capacity with the same elements.
fn copy_elements(rt: &mut Runtime, o: Obj, double: bool, capacity: u32) {
    let n = o.elements_capacity().min(capacity);
    let new = alloc_elements_from(rt, double, capacity, n);
    let old = o.elements();
    // SAFETY: both cells have room for `n` elements, which are written before anything else is allocated.
    unsafe {
        let same = ((*old).kind == CellKind::ElementsDouble) == double;
        if same {
            std::ptr::copy_nonoverlapping(data(old), data(new), n as usize);
        } else {
            for i in 0..n {
                let v = o.element(i);
                let word = if !double {
                    v
                } else if v.is_number() {
                    Value(v.as_number().to_bits())
                } else {
                    Value(HOLE_NAN_BITS)
                };
                data(new).add(i as usize).write(word);
            }
        }
    }
    o.set_elements(&mut rt.heap, new);
    // SAFETY: an elements cell is one object's alone, and this object has another now.
    unsafe { rt.heap.free_outgrown(old) };
    if o.is_prototype() {
        // An array that inherits from it may show these elements through its holes.
        rt.head.proto_epoch += 1;
        (rt.hooks.prototype_changed)(rt, o, None);
    }
}

/// A new elements cell full of holes.
pub fn alloc_elements(rt: &mut Runtime, double: bool, capacity: u32) -> *mut Cell {
    alloc_elements_from(rt, double, capacity, 0)
}

/// A new elements cell with holes from element `filled` on; those before are the caller's to write before anything else
/// is allocated.
fn alloc_elements_from(rt: &mut Runtime, double: bool, capacity: u32, filled: u32) -> *mut Cell {
    if capacity == 0 {
        return rt.empty_elements;
    }
    if capacity > LARGEST {
        rt.heap.out_of_memory();
    }
    let kind = if double { CellKind::ElementsDouble } else { CellKind::Elements };
    // SAFETY: the count, and the entries up to it, are written before anything else is allocated.
    let cell = unsafe { rt.heap.alloc_uninit(8 + 8 * capacity as usize, kind) };
    let hole = if double { Value(HOLE_NAN_BITS) } else { Value::HOLE };
    // SAFETY: the cell has room for `capacity` words.
    unsafe {
        (*cell).shape = capacity;
        for i in filled as usize..capacity as usize {
            data(cell).add(i).write(hole);
        }
    }
    cell
}

/// Removes an element if there is one.
pub fn drop_element(rt: &mut Runtime, o: Obj, i: u32) {
    if !has_element(o, i) {
        return;
    }
    if o.is_array() {
        let kind = rt.shapes.of(o).elements.holey();
        transition(rt, o, kind);
    } else {
        rt.untie_parameter(o, i);
    }
    o.set_element_raw(&mut rt.heap, i, Value::HOLE);
}

/// Indices of the elements cell that are present, with their attributes.
pub fn present_indices(rt: &Runtime, o: Obj) -> Vec<(u32, Attrs)> {
    if let Some(t) = Typed::of(o) {
        return (0..t.len()).map(|i| (i, Attrs::DATA)).collect();
    }
    let attrs = match rt.shapes.of(o).integrity {
        Integrity::Extensible | Integrity::NonExtensible => Attrs::DATA,
        Integrity::Sealed => Attrs::WRITABLE.with(Attrs::ENUMERABLE),
        Integrity::Frozen => Attrs::ENUMERABLE,
    };
    let limit = if o.is_array() { o.array_length().min(o.elements_capacity()) } else { o.elements_capacity() };
    (0..limit).filter(|i| has_element(o, *i)).map(|i| (i, attrs)).collect()
}

/// Arrays longer than this are given no elements for their whole length at once.
const MAX_EAGER: u32 = 1 << 25;

/// Raises an array's length, filling with holes. Invariant: an array whose shape is cacheable has elements for its whole
/// length, so compiled code checks an index against the length alone; an array too long for that becomes a dictionary.
pub fn lengthen(rt: &mut Runtime, o: Obj, new: u32) {
    let kind = rt.shapes.of(o).elements.holey();
    transition(rt, o, kind);
    if new > o.elements_capacity() {
        if new <= MAX_EAGER {
            let double = kind.is_double();
            copy_elements(rt, o, double, odd_capacity(new));
        } else if rt.shapes.of(o).is_cacheable() {
            let shape = rt.shapes.unshare(o, Sharing::Dictionary);
            o.set_shape(shape);
        }
    }
    o.set_array_length_raw(new);
}

/// A value as the length of an array.
pub fn to_array_length(rt: &mut Runtime, v: Value) -> JsResult<u32> {
    // The language converts twice: to an integer, then to a number to compare with.
    let new = super::convert::to_int32(rt, v)? as u32;
    let n = if v.is_number() { v.as_number() } else { super::convert::to_number(rt, v)? };
    if new as f64 == n { Ok(new) } else { rt.throw_range("Invalid array length") }
}

/// `array.length = v`.
pub fn set_length(rt: &mut Runtime, o: Obj, v: Value) -> JsResult<()> {
    let direct = std::mem::take(&mut rt.direct_store);
    let new = to_array_length(rt, v)?;
    rt.direct_store = direct;
    if rt.shapes.of(o).integrity == Integrity::Frozen {
        return rt.store_failed("Cannot assign to read only property 'length' of object '[object Array]'");
    }
    let old = o.array_length();
    if new == old {
        return Ok(());
    }
    if new > old {
        lengthen(rt, o, new);
        return Ok(());
    }
    if rt.shapes.of(o).integrity != Integrity::Extensible || rt.shapes.of(o).has_index_names {
        return shorten_carefully(rt, o, new);
    }
    // What lies past the length must read as holes if the array grows again.
    for i in new..old.min(o.elements_capacity()) {
        o.set_element_raw(&mut rt.heap, i, Value::HOLE);
    }
    o.set_array_length_raw(new);
    Ok(())
}

/// Removes elements from the end down to a new length; the first that may not be deleted stops it.
fn shorten_carefully(rt: &mut Runtime, o: Obj, new: u32) -> JsResult<()> {
    let keys = rt.own_keys(o).into_iter().rev();
    let doomed = keys.filter_map(|(k, attrs)| match k {
        PropertyKey::Index(i) if i >= new => Some((i, attrs.has(Attrs::CONFIGURABLE))),
        PropertyKey::Index(_) | PropertyKey::Name(_) => None,
    });
    for (i, may_go) in doomed.collect::<Vec<_>>() {
        if !may_go {
            o.set_array_length_raw(i + 1);
            return rt.store_failed(&format!("Cannot delete property '{i}' of [object Array]"));
        }
        rt.remove_own(o, PropertyKey::Index(i));
    }
    o.set_array_length_raw(new);
    Ok(())
}

impl Runtime {
    /// A new array of the narrowest kind with room for `capacity` elements.
    pub fn new_array(&mut self, capacity: u32) -> Obj {
        self.new_array_of(ElementsKind::Int, capacity)
    }

    /// The shape of fresh arrays of a kind.
    #[inline]
    pub fn array_shape(&mut self, kind: ElementsKind) -> ShapeId {
        match self.array_shapes[kind as usize] {
            Some(shape) => shape,
            None => {
                let proto = self.realm.array_proto.value();
                let shape = self.shapes.root(CellKind::Array, proto, kind, 0);
                *self.array_shapes[kind as usize].insert(shape)
            }
        }
    }

    /// A new empty array of a given kind with room for `capacity` elements.
    pub fn new_array_of(&mut self, kind: ElementsKind, capacity: u32) -> Obj {
        let shape = self.array_shape(kind);
        let a = self.new_object(shape);
        a.set_array_length_raw(0);
        if capacity > 0 {
            let cell = alloc_elements(self, kind.is_double(), odd_capacity(capacity));
            a.set_elements(&mut self.heap, cell);
        }
        a
    }

    /// A new array with these elements (HOLE for a hole).
    pub fn new_array_from(&mut self, values: &[Value]) -> Obj {
        let kind = values.iter().fold(ElementsKind::Int, |k, v| k.join(ElementsKind::of(*v)));
        let a = self.new_array_of(kind, values.len() as u32);
        a.fill_fresh_elements(values);
        a.set_array_length_raw(values.len() as u32);
        a
    }

    /// Appends to an array.
    #[inline]
    pub fn array_push(&mut self, a: Obj, v: Value) -> JsResult<()> {
        let n = a.array_length();
        let kind = self.shapes.of(a).elements;
        if n < a.elements_capacity() && !v.is_hole() && kind.join(ElementsKind::of(v)) == kind {
            a.set_element_raw(&mut self.heap, n, v);
            a.set_array_length_raw(n + 1);
            return Ok(());
        }
        self.array_push_slow(a, v)
    }

    fn array_push_slow(&mut self, a: Obj, v: Value) -> JsResult<()> {
        let n = a.array_length();
        if v.is_hole() {
            if n < MAX_EAGER {
                // Many holes in a row must not copy the array for each.
                transition(self, a, self.shapes.of(a).elements.holey());
                grow(self, a, n + 1);
            }
            lengthen(self, a, n + 1);
            return Ok(());
        }
        if n >= MAX_CAPACITY {
            return self.terminate(Termination::HeapLimit(n as usize * 8));
        }
        if n >= BIG && n == a.elements_capacity() {
            // Natives push in loops without safepoints: growth is where they notice that the heap is full.
            self.check_room(n as usize * 12)?;
        }
        set_element(self, a, n, v);
        Ok(())
    }

    /// Ends the program cleanly if the heap has no room for another `bytes`.
    pub fn check_room(&mut self, bytes: usize) -> JsResult<()> {
        let limit = self.heap.limit_bytes();
        if self.heap.footprint_bytes().saturating_add(bytes) > limit {
            return self.terminate(Termination::HeapLimit(limit));
        }
        Ok(())
    }
}
