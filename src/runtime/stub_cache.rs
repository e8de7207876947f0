//! The global stub cache: named access that no site's own cache can hold.
//!
//! A megamorphic site sees more shapes than its four entries, and `object[key]` with string keys has no entries by name at
//! all. Both ask one table per VM instead, indexed by shape and key, whose entries are those of inline caches. Entries
//! that rely on prototypes hold in their epoch. The table holds nothing alive: every collection empties it.
//!
//! After V8's megamorphic stub cache (Deutsch and Schiffman's global method cache, 1984).

use super::inline_cache::{read_entry, shape_of, write_entry};
use super::runtime::{JsResult, Runtime};
use super::shape::Key;
use super::value::Value;
use crate::feedback::slot::{Access, PropertyEntry, PropertySlot};

/// Entries per table, a power of two.
const ENTRIES: usize = 1024;

#[derive(Clone, Copy, Default)]
struct Stub {
    key: u64,
    epoch: u32,
    entry: PropertyEntry,
}

/// Where named properties were found lately. Takes memory at its first use.
#[derive(Default)]
pub struct StubCache {
    loads: Box<[Stub]>,
    stores: Box<[Stub]>,
}

#[inline(always)]
fn place(shape: u32, key: Key) -> usize {
    let key = (key.0.0 >> 4) as usize;
    (key ^ (key >> 10) ^ (shape as usize).wrapping_mul(0x9E5)) & (ENTRIES - 1)
}

#[inline(always)]
fn probe(table: &[Stub], shape: u32, key: Key) -> Option<Stub> {
    let stub = *table.get(place(shape, key))?;
    (stub.entry.shape == shape && stub.key == key.0.0).then_some(stub)
}

fn learn(table: &mut Box<[Stub]>, key: Key, scratch: &PropertySlot) {
    let entry = scratch.entries[0];
    if matches!(entry.access, Access::None | Access::Accessor) {
        return;
    }
    if table.is_empty() {
        *table = vec![Stub::default(); ENTRIES].into_boxed_slice();
    }
    table[place(entry.shape, key)] = Stub { key: key.0.0, epoch: scratch.epoch, entry };
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
        if let Some(stub) = probe(&self.stubs.loads, shape_of(receiver), name) {
            let fresh = stub.epoch == self.head.proto_epoch;
            // SAFETY: the entry was made for the receiver's shape, and holds in its epoch.
            if let Some(v) = unsafe { read_entry(receiver, &stub.entry, fresh) } {
                return Ok(v);
            }
        }
        self.get_named_miss(receiver, name)
    }

    #[inline(never)]
    fn get_named_miss(&mut self, receiver: Value, name: Key) -> JsResult {
        let mut scratch = PropertySlot::default();
        let result = self.get_named_slow(receiver, name, &raw mut scratch);
        learn(&mut self.stubs.loads, name, &scratch);
        result
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
        let mut scratch = PropertySlot::default();
        let result = self.set_named_slow(receiver, name, v, &raw mut scratch);
        learn(&mut self.stubs.stores, name, &scratch);
        result
    }
}
