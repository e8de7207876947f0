//! The global stub cache: named access that no site's own cache can hold.
//!
//! A megamorphic site sees more shapes than its four entries, and `object[key]` with string keys has no entries by name at
//! all. Both ask one table per VM instead, indexed by shape and key, whose entries are those of inline caches. Entries
//! that rely on prototypes hold in their epoch. The table holds nothing alive: every collection empties it.
//!
//! After V8's megamorphic stub cache (Deutsch and Schiffman's global method cache, 1984).

use super::cell::CellKind;
use super::inline_cache::{read_entry, shape_of, slot_offset, write_entry};
use super::object::Obj;
use super::property::Found;
use super::runtime::{JsResult, Runtime};
use super::shape::{Attrs, Key, Property, PropertyKey, Shape};
use super::value::Value;
use crate::feedback::slot::{Access, PropertyEntry, PropertySlot};

/// Entries per table, a power of two.
pub const ENTRIES: usize = 1024;
/// What spreads shapes over the table.
pub const SHAPE_FACTOR: u32 = 0x9E5;

/// An entry. Compiled code reads them.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct Stub {
    /// The name.
    pub key: u64,
    /// The epoch in which the entry holds, if it relies on prototypes.
    pub epoch: u32,
    /// The receiver's shape, and how the property is reached.
    pub entry: PropertyEntry,
}

/// Where named properties were found lately. Takes memory at its first use.
#[derive(Default)]
pub struct StubCache {
    loads: Box<[Stub]>,
    stores: Box<[Stub]>,
}

/// What a name contributes to its place in a table.
#[inline(always)]
pub fn place_of_key(key: u64) -> u32 {
    let key = (key >> 4) as u32;
    key ^ (key >> 10)
}

#[inline(always)]
fn place(shape: u32, key: Key) -> usize {
    (place_of_key(key.0.0) ^ shape.wrapping_mul(SHAPE_FACTOR)) as usize & (ENTRIES - 1)
}

#[inline(always)]
fn probe(table: &[Stub], shape: u32, key: Key) -> Option<Stub> {
    let stub = *table.get(place(shape, key))?;
    (stub.entry.shape == shape && stub.key == key.0.0).then_some(stub)
}

fn learn(table: &mut Box<[Stub]>, key: Key, epoch: u32, entry: PropertyEntry) {
    if matches!(entry.access, Access::None | Access::Accessor) {
        return;
    }
    if table.is_empty() {
        *table = vec![Stub::default(); ENTRIES].into_boxed_slice();
    }
    table[place(entry.shape, key)] = Stub { key: key.0.0, epoch, entry };
}

/// The entry for an own data property, unless the shape is a dictionary's.
fn own_entry(shape: &Shape, p: Property) -> Option<PropertyEntry> {
    let (inline, offset) = slot_offset(shape.inline_capacity, p.slot).filter(|_| shape.is_cacheable())?;
    let access = if inline { Access::Inline } else { Access::OutOfLine };
    Some(PropertyEntry { shape: shape.id.as_u32(), access, reserved: 0, offset, payload: 0 })
}

impl StubCache {
    /// Forgets everything: shapes, keys and holders may be about to die.
    pub fn clear(&mut self) {
        self.loads.fill(Stub::default());
        self.stores.fill(Stub::default());
    }
}

impl Runtime {
    /// `receiver.name`, through the stub cache.
    #[inline]
    pub fn get_named(&mut self, receiver: Value, name: Key) -> JsResult {
        match self.recall_named(receiver, name) {
            Some(v) => Ok(v),
            None => self.get_named_miss(receiver, name),
        }
    }

    /// `receiver.name`, if the stub cache knows.
    #[inline]
    pub fn recall_named(&self, receiver: Value, name: Key) -> Option<Value> {
        let stub = probe(&self.stubs.loads, shape_of(receiver), name)?;
        let fresh = stub.epoch == self.head.proto_epoch;
        // SAFETY: the entry was made for the receiver's shape, and holds in its epoch.
        unsafe { read_entry(receiver, &stub.entry, fresh) }
    }

    /// The data property that an ordinary object has or inherits, which does not depend on who asks.
    #[inline]
    pub fn inherited_data(&mut self, o: Obj, name: Key) -> Option<Value> {
        if o.kind() != CellKind::Object {
            return None;
        }
        if let Some(v) = self.recall_named(o.value(), name) {
            return Some(v);
        }
        match self.lookup(o, PropertyKey::Name(name)) {
            Found::Slot { property, .. } if !property.attrs.has(Attrs::ACCESSOR) => {
                self.get_named(o.value(), name).ok()
            }
            Found::Slot { .. } | Found::Element { .. } | Found::ArrayLength(_) | Found::Nothing => None,
        }
    }

    #[inline(never)]
    fn get_named_miss(&mut self, receiver: Value, name: Key) -> JsResult {
        // An own data property, also of a dictionary, costs one look into the shape.
        if let Some((o, p)) = self.own_data(receiver, name) {
            if let Some(entry) = own_entry(self.shapes.of(o), p) {
                self.learn_load(name, self.head.proto_epoch, entry);
            }
            return Ok(o.slot(self.shapes.of(o), p.slot));
        }
        let mut scratch = PropertySlot::default();
        let result = self.get_named_slow(receiver, name, &raw mut scratch);
        self.learn_load(name, scratch.epoch, scratch.entries[0]);
        result
    }

    fn learn_load(&mut self, name: Key, epoch: u32, entry: PropertyEntry) {
        learn(&mut self.stubs.loads, name, epoch, entry);
        if !self.stubs.loads.is_empty() {
            self.head.stub_loads = self.stubs.loads.as_ptr();
        }
    }

    /// An own data property of an object without peculiarities.
    #[inline]
    fn own_data(&self, receiver: Value, name: Key) -> Option<(Obj, Property)> {
        let o = Obj::from_value(receiver).filter(|o| o.kind() == CellKind::Object)?;
        let p = self.shapes.of(o).find(name)?;
        (!p.attrs.has(Attrs::ACCESSOR)).then_some((o, p))
    }

    /// `receiver.name = v` as an instruction of the program, through the stub cache.
    #[inline]
    pub fn set_named(&mut self, receiver: Value, name: Key, v: Value) -> JsResult<()> {
        if receiver.is_cell()
            && let Some(stub) = probe(&self.stubs.stores, shape_of(receiver), name)
        {
            let fresh = stub.epoch == self.head.proto_epoch;
            // SAFETY: as in `get_named`.
            if unsafe { write_entry(self, receiver, v, &stub.entry, fresh) } {
                return Ok(());
            }
        }
        self.set_named_miss(receiver, name, v)
    }

    #[inline(never)]
    fn set_named_miss(&mut self, receiver: Value, name: Key, v: Value) -> JsResult<()> {
        if let Some((o, p)) = self.own_data(receiver, name)
            && p.attrs.has(Attrs::WRITABLE)
            && !o.is_prototype()
        {
            if let Some(entry) = own_entry(self.shapes.of(o), p) {
                self.learn_store_named(name, self.head.proto_epoch, entry);
            }
            o.set_slot(&mut self.heap, self.shapes.of(o), p.slot, v);
            return Ok(());
        }
        let mut scratch = PropertySlot::default();
        let result = self.set_named_slow(receiver, name, v, &raw mut scratch);
        self.learn_store_named(name, scratch.epoch, scratch.entries[0]);
        result
    }

    fn learn_store_named(&mut self, name: Key, epoch: u32, entry: PropertyEntry) {
        learn(&mut self.stubs.stores, name, epoch, entry);
        if !self.stubs.stores.is_empty() {
            self.head.stub_stores = self.stubs.stores.as_ptr();
        }
    }
}
