//! Inline caches: property access that remembers.
//!
//! A site's slot holds up to four (shape -> where) entries. Interpreter and baseline code try the entries themselves or
//! through [`probe_get`] / [`probe_set`]; when none fits they come to the `*_slow` functions, which do the complete
//! operation and then teach the slot what they found. Entries that rely on prototypes carry no check of their own: the
//! slot remembers the `proto_epoch` in which they were made, and any change to any prototype ends that epoch.
//!
//! Polymorphic inline caches: Hölzle, Chambers, Ungar 1991.

use super::cell::{Cell, CellKind, offset};
use super::elements;
use super::object::{Obj, kind_of};
use super::property::{Found, accessor_pair};
use super::runtime::{JsResult, Runtime, key_of_atom};
use super::shape::{Attrs, BOOLEAN_SHAPE, Integrity, Key, MAX_FAST_PROPERTIES, NUMBER_SHAPE, PropertyKey, Sharing};
use super::string::Str;
use super::typed::Typed;
use super::value::Value;
use crate::feedback::slot::{
    Access, CallEntry, CallSlot, ElementSlot, FORWARDED_TARGET, MAX_POLYMORPHIC, MEGAMORPHIC, NATIVE_TARGET,
    PropertyEntry, PropertySlot, element,
};
use crate::vocab::ids::ShapeId;

/// The shape by which inline caches know a value: an object's own, or the pseudo shape of its primitive type.
/// 0 for undefined and null.
#[inline(always)]
pub fn shape_of(v: Value) -> u32 {
    if v.is_cell() {
        // SAFETY: a cell value points to a live cell.
        unsafe { (*(v.0 as *const Cell)).shape }
    } else if v.is_number() {
        NUMBER_SHAPE
    } else if v.is_bool() {
        BOOLEAN_SHAPE
    } else {
        0
    }
}

/// Reads through the cache. None: no entry fits, or it is an accessor.
#[inline]
pub fn probe_get(rt: &Runtime, receiver: Value, slot: &PropertySlot) -> Option<Value> {
    let shape = shape_of(receiver);
    for e in &slot.entries {
        if e.shape != shape || e.access == Access::None {
            continue;
        }
        let fresh = slot.epoch == rt.head.proto_epoch;
        // SAFETY: the entry was made for this shape.
        return unsafe { read_entry(receiver, e, fresh) };
    }
    None
}

/// What an entry finds; `None` if it is not for loads of data, or relies on prototypes and is no longer `fresh`.
///
/// # Safety
/// The entry was made for the receiver's shape: the receiver (or the holder, unchanged in the entry's epoch) has a slot at
/// that offset.
#[inline(always)]
pub(super) unsafe fn read_entry(receiver: Value, e: &PropertyEntry, fresh: bool) -> Option<Value> {
    // SAFETY: promised by the caller.
    unsafe {
        let at = receiver.0 as *const u8;
        match e.access {
            Access::Inline => Some(load(at, e.offset)),
            Access::OutOfLine => Some(load(slots_of(at), e.offset)),
            Access::ProtoInline if fresh => Some(load(e.payload as *const u8, e.offset)),
            Access::ProtoOutOfLine if fresh => Some(load(slots_of(e.payload as *const u8), e.offset)),
            Access::ArrayLength => Some(Value::from_u32(at.add(offset::ARRAY_LENGTH as usize).cast::<u32>().read())),
            Access::StringLength => Some(Value::from_u32(at.add(offset::STRING_LENGTH as usize).cast::<u32>().read())),
            Access::TypedLength if fresh => {
                Some(Value::from_u32(at.add(offset::TYPED_LENGTH as usize).cast::<u32>().read()))
            }
            Access::Absent if fresh => Some(Value::UNDEFINED),
            Access::ProtoInline
            | Access::ProtoOutOfLine
            | Access::TypedLength
            | Access::Absent
            | Access::Accessor
            | Access::AddInline
            | Access::AddOutOfLine
            | Access::None => None,
        }
    }
}

unsafe fn load(base: *const u8, at: u16) -> Value {
    // SAFETY: the caller vouches for base and offset.
    unsafe { base.add(at as usize).cast::<Value>().read() }
}
unsafe fn slots_of(object: *const u8) -> *const u8 {
    // SAFETY: the caller passes an object.
    unsafe { object.add(offset::SLOTS as usize).cast::<*const u8>().read() }
}

/// Writes through the cache. False: no entry fits, or it is a setter.
#[inline]
pub fn probe_set(rt: &mut Runtime, receiver: Value, v: Value, slot: &PropertySlot) -> bool {
    if !receiver.is_cell() {
        return false;
    }
    let shape = shape_of(receiver);
    for e in &slot.entries {
        if e.shape != shape || e.access == Access::None {
            continue;
        }
        let fresh = slot.epoch == rt.head.proto_epoch;
        // SAFETY: the entry was made for this shape.
        return unsafe { write_entry(rt, receiver, v, e, fresh) };
    }
    false
}

/// Stores where an entry says; false if it is not for stores of data, or relies on prototypes and is no longer `fresh`.
///
/// # Safety
/// The entry was made for the shape of the receiver, which is a cell; an Add entry's new slot lies within the in-object
/// capacity that the entry was made for.
#[inline(always)]
pub(super) unsafe fn write_entry(rt: &mut Runtime, receiver: Value, v: Value, e: &PropertyEntry, fresh: bool) -> bool {
    let cell = receiver.0 as *mut Cell;
    // SAFETY: promised by the caller.
    unsafe {
        match e.access {
            Access::Inline => store(rt, cell, e.offset, v),
            Access::OutOfLine => store(rt, slots_of(cell.cast()) as *mut Cell, e.offset, v),
            Access::AddInline if fresh => {
                (*cell).shape = e.payload as u32;
                store(rt, cell, e.offset, v);
            }
            Access::AddOutOfLine if fresh => {
                let slots = slots_of(cell.cast()) as *mut Cell;
                if slots.is_null() || (*slots).shape as usize * 8 < e.offset as usize {
                    return false;
                }
                (*cell).shape = e.payload as u32;
                store(rt, slots, e.offset, v);
            }
            Access::AddInline
            | Access::AddOutOfLine
            | Access::ProtoInline
            | Access::ProtoOutOfLine
            | Access::ArrayLength
            | Access::StringLength
            | Access::TypedLength
            | Access::Accessor
            | Access::Absent
            | Access::None => return false,
        }
    }
    true
}

unsafe fn store(rt: &mut Runtime, cell: *mut Cell, at: u16, v: Value) {
    // SAFETY: the caller vouches for cell and offset.
    unsafe { cell.cast::<u8>().add(at as usize).cast::<Value>().write(v) };
    super::object::barrier(&mut rt.heap, cell);
}

/// Adds or refreshes the entry for a shape. Entries of an ended epoch are dropped first.
fn learn(rt: &Runtime, slot: &mut PropertySlot, entry: PropertyEntry) {
    if slot.epoch != rt.head.proto_epoch {
        let mut kept = 0;
        for i in 0..MAX_POLYMORPHIC {
            let e = slot.entries[i];
            if matches!(e.access, Access::Inline | Access::OutOfLine | Access::ArrayLength | Access::StringLength) {
                slot.entries[kept] = e;
                kept += 1;
            }
        }
        slot.entries[kept..].fill(PropertyEntry::default());
        slot.epoch = rt.head.proto_epoch;
        if slot.len != MEGAMORPHIC {
            slot.len = kept as u8;
        }
    }
    if let Some(e) = slot.entries.iter_mut().find(|e| e.shape == entry.shape && e.access != Access::None) {
        *e = entry;
        return;
    }
    if (slot.len as usize) < MAX_POLYMORPHIC {
        slot.entries[slot.len as usize] = entry;
        slot.len += 1;
    } else {
        // Megamorphic: the entries go on serving as a small cache, replaced in turn.
        slot.len = MEGAMORPHIC;
        slot.entries[slot.misses as usize % MAX_POLYMORPHIC] = entry;
    }
}

/// Byte offset of a slot, and whether it is in-object. None if it does not fit an entry.
pub fn slot_offset(inline_capacity: u8, slot: u32) -> Option<(bool, u16)> {
    if slot < inline_capacity as u32 {
        return Some((true, (offset::INLINE + 8 * slot as i32) as u16));
    }
    u16::try_from(offset::DATA + 8 * (slot as i32 - inline_capacity as i32)).ok().map(|o| (false, o))
}

impl Runtime {
    /// `receiver.name`, complete, teaching the slot.
    pub fn get_named_slow(&mut self, receiver: Value, name: Key, slot: *mut PropertySlot) -> JsResult {
        // SAFETY: the slot lies in a live feedback vector; no reference to it is held across a call below.
        unsafe {
            (*slot).misses = (*slot).misses.wrapping_add(1);
            if (*slot).len == MEGAMORPHIC {
                return self.get_named(receiver, name);
            }
        }
        let key = key_of(name);
        let PropertyKey::Name(_) = key else { return self.get(receiver, key) };
        let Some(start) = self.lookup_start(receiver) else { return self.get(receiver, key) };
        let shape = shape_of(receiver);
        if kind_of(receiver) == Some(CellKind::String) && name == self.atoms.names.length.into() {
            self.learn_at(slot, shape, Access::StringLength, 0, 0);
            return self.get(receiver, key);
        }
        let found = self.lookup(start, key);
        // Looking up `prototype` and the like may just have given the function its properties.
        let shape = if start.value() == receiver { shape_of(receiver) } else { shape };
        let own = |holder: Obj| holder.value() == receiver;
        match found {
            Found::Slot { holder, property } => {
                let s = self.shapes.of(holder);
                let place = slot_offset(s.inline_capacity, property.slot);
                let cacheable = s.is_cacheable() && self.chain_is_cacheable(start, holder);
                if let (true, Some((inline, at))) = (cacheable, place) {
                    if property.attrs.has(Attrs::ACCESSOR) {
                        // Objects of one shape have each their own getters; those of a prototype are the same for all.
                        if !own(holder) {
                            let (getter, _) = accessor_pair(holder.slot(s, property.slot));
                            let typed = Typed::from_value(receiver).is_some() && getter == self.library.typed_length;
                            let access = if typed { Access::TypedLength } else { Access::Accessor };
                            self.learn_at(slot, shape, access, at, getter.0);
                        }
                    } else {
                        let (access, payload) = match (own(holder), inline) {
                            (true, true) => (Access::Inline, 0),
                            (true, false) => (Access::OutOfLine, 0),
                            (false, true) => (Access::ProtoInline, holder.value().0),
                            (false, false) => (Access::ProtoOutOfLine, holder.value().0),
                        };
                        self.learn_at(slot, shape, access, at, payload);
                    }
                }
            }
            Found::ArrayLength(holder) if own(holder) => self.learn_at(slot, shape, Access::ArrayLength, 0, 0),
            Found::Nothing => {
                if self.whole_chain_is_cacheable(start) {
                    self.learn_at(slot, shape, Access::Absent, 0, 0);
                }
            }
            Found::ArrayLength(_) | Found::Element { .. } => {}
        }
        self.value_of_found(found, receiver)
    }

    fn learn_at(&mut self, slot: *mut PropertySlot, shape: u32, access: Access, offset: u16, payload: u64) {
        // SAFETY: the slot lies in a live feedback vector.
        let slot = unsafe { &mut *slot };
        learn(self, slot, PropertyEntry { shape, access, reserved: 0, offset, payload });
    }

    /// Whether the receiver's shape, and every object from it to the holder, can be relied on within an epoch: each
    /// object past the receiver is a prototype, whose changes end the epoch.
    fn chain_is_cacheable(&self, start: Obj, holder: Obj) -> bool {
        let mut at = start;
        loop {
            if !self.shapes.of(at).is_cacheable() {
                return false;
            }
            if at == holder {
                return true;
            }
            match Obj::from_value(self.shapes.of(at).proto) {
                Some(p) => at = p,
                None => return false,
            }
        }
    }

    fn whole_chain_is_cacheable(&self, start: Obj) -> bool {
        let mut at = Some(start);
        while let Some(o) = at {
            if !self.shapes.of(o).is_cacheable() {
                return false;
            }
            at = Obj::from_value(self.shapes.of(o).proto);
        }
        true
    }

    /// `receiver.name = v`, complete, teaching the slot.
    pub fn set_named_slow(&mut self, receiver: Value, name: Key, v: Value, slot: *mut PropertySlot) -> JsResult<()> {
        // SAFETY: as in `get_named_slow`.
        unsafe {
            (*slot).misses = (*slot).misses.wrapping_add(1);
            if (*slot).len == MEGAMORPHIC {
                return self.set_named(receiver, name, v);
            }
        }
        let key = key_of(name);
        let cacheable = |rt: &Runtime, o: Obj| {
            let lazy_prototype = o.kind() == CellKind::Function && name == rt.atoms.names.prototype.into();
            let array_length = o.is_array() && name == rt.atoms.names.length.into();
            let watched = o.is_prototype() && !(rt.is_variable(o, name) && rt.shapes.of(o).find(name).is_some());
            rt.shapes.of(o).is_cacheable() && !watched && !lazy_prototype && !array_length
        };
        let object = match (key, Obj::from_value(receiver)) {
            (PropertyKey::Name(_), Some(o)) if cacheable(self, o) => o,
            _uncached => return self.assign(receiver, key, v),
        };
        self.materialize(object);
        let before = object.shape_id();
        let existing = self.shapes.get(before).find(name);
        if let (None, Some(setter)) = (existing, self.inherited_setter(object, key)) {
            self.learn_at(slot, before.as_u32(), Access::Accessor, 0, setter.0);
        }
        let simple = match existing {
            Some(p) => p.attrs.has(Attrs::WRITABLE) && !p.attrs.has(Attrs::ACCESSOR),
            // What it inherits is hidden if it is data that could be written, or there is nothing. Errors are told of new names.
            None => {
                let adds = match self.lookup(object, key) {
                    Found::Nothing => true,
                    Found::Slot { property, .. } => {
                        let is_data = property.attrs.has(Attrs::WRITABLE) && !property.attrs.has(Attrs::ACCESSOR);
                        is_data && object.kind() == CellKind::Object
                    }
                    _no_named_property => false,
                };
                adds && self.whole_chain_is_cacheable(object)
            }
        };
        self.assign(receiver, key, v)?;
        if simple {
            self.learn_store(slot, object, before, name);
        }
        Ok(())
    }

    /// The setter that an assignment to a property which the object itself has not calls, if that is cacheable.
    fn inherited_setter(&mut self, object: Obj, key: PropertyKey) -> Option<Value> {
        let Found::Slot { holder, property } = self.lookup(object, key) else { return None };
        if !property.attrs.has(Attrs::ACCESSOR) || !self.chain_is_cacheable(object, holder) {
            return None;
        }
        let (_, setter) = accessor_pair(holder.slot(self.shapes.of(holder), property.slot));
        (!setter.is_undefined()).then_some(setter)
    }

    /// Teaches a slot a store that led from one shape to another (or the same).
    fn learn_store(&mut self, slot: *mut PropertySlot, object: Obj, before: ShapeId, name: Key) {
        let after = object.shape_id();
        let s = self.shapes.get(after);
        let Some(p) = s.find(name) else { return };
        let Some((inline, at)) = slot_offset(s.inline_capacity, p.slot) else { return };
        if after == before {
            let access = if inline { Access::Inline } else { Access::OutOfLine };
            self.learn_at(slot, before.as_u32(), access, at, 0);
        } else if s.sharing == Sharing::Shared {
            let access = if inline { Access::AddInline } else { Access::AddOutOfLine };
            self.learn_at(slot, before.as_u32(), access, at, after.as_u32() as u64);
        }
    }

    /// Own data property `object.name = v` (literals, class fields), complete, teaching the slot.
    pub fn define_field_slow(&mut self, object: Value, name: Key, v: Value, slot: *mut PropertySlot) -> JsResult<()> {
        let key = key_of(name);
        let Some(o) = Obj::from_value(object) else { return self.throw_type("Cannot define property on non-object") };
        if !self.shapes.of(o).is_extensible() || o.kind() != CellKind::Object || o.is_prototype() {
            super::builtins::object::create_data_property(self, o, key, v)?;
            if self.heads_stack(o, name) {
                self.refresh_stack_header(o);
            }
            return Ok(());
        }
        if let Found::Slot { property, .. } = self.own_property(o, key)
            && !property.attrs.has(Attrs::CONFIGURABLE)
        {
            return super::builtins::object::create_data_property(self, o, key, v);
        }
        let before = o.shape_id();
        let s = self.shapes.get(before);
        let plain = s.is_cacheable()
            && s.next_slot < MAX_FAST_PROPERTIES
            && !o.is_prototype()
            && !self.heads_stack(o, name)
            && matches!(key, PropertyKey::Name(_))
            && s.find(name).is_none_or(|p| p.attrs == Attrs::DATA);
        self.define_own(o, key, v, Attrs::DATA);
        if self.heads_stack(o, name) {
            self.refresh_stack_header(o);
        }
        if plain {
            self.learn_store(slot, o, before, name);
        }
        Ok(())
    }

    /// `receiver[key]`, complete, teaching the slot.
    pub fn get_element_slow(&mut self, receiver: Value, key: Value, slot: *mut ElementSlot) -> JsResult {
        let mut flags = element::EXECUTED;
        let index = key.to_index();
        if key.is_double() && index.is_some() {
            flags |= element::DOUBLE_KEY;
        }
        let object = Obj::from_value(receiver);
        match (object, index) {
            (Some(o), Some(i)) => {
                let typed = Typed::of(o);
                let limit = match typed {
                    Some(t) => t.len(),
                    None if o.is_array() => o.array_length(),
                    None => o.elements_capacity(),
                };
                if i >= limit {
                    flags |= element::OUT_OF_BOUNDS;
                } else if typed.is_none() && !elements::has_element(o, i) {
                    flags |= element::HOLE;
                }
            }
            (Some(_), None) => {
                flags |= if key.is_number() { element::ODD_KEY } else { element::NAME_KEY };
            }
            (None, Some(i)) => match Str::from_value(receiver) {
                Some(s) => {
                    flags |= element::STRING;
                    if i as usize >= s.len() {
                        flags |= element::OUT_OF_BOUNDS;
                    }
                }
                None => flags |= element::OTHER,
            },
            (None, None) => {
                flags |= element::OTHER | if key.is_number() { element::ODD_KEY } else { element::NAME_KEY }
            }
        }
        let shape = shape_of(receiver);
        learn_element(slot, flags, shape, shape);
        self.get_element(receiver, key)
    }

    /// `receiver[key]` where there is no slot to teach.
    pub fn get_element(&mut self, receiver: Value, key: Value) -> JsResult {
        let (object, index) = (Obj::from_value(receiver), key.to_index());
        if let (Some(s), Some(i)) = (Str::from_value(receiver), index)
            && let Some(unit) = s.char_code_at(&mut self.heap, i as usize)
        {
            return Ok(self.atoms.single(&mut self.heap, unit).value());
        }
        if let (Some(o), Some(i)) = (object, index)
            && elements::has_element(o, i)
        {
            return Ok(o.element(i));
        }
        if receiver.is_nullish() {
            let what = if receiver.is_null() { "null" } else { "undefined" };
            let reading = match self.display_key(key) {
                text if text.is_empty() && Str::from_value(key).is_none() => String::new(),
                text => format!(" (reading '{text}')"),
            };
            return self.throw_type(&format!("Cannot read properties of {what}{reading}"));
        }
        match super::convert::to_property_key(self, key)? {
            PropertyKey::Name(name) if object.is_some() => self.get_named(receiver, name),
            key => self.get(receiver, key),
        }
    }

    /// `receiver[key] = v`, complete, teaching the slot.
    pub fn set_element_slow(&mut self, receiver: Value, key: Value, v: Value, slot: *mut ElementSlot) -> JsResult<()> {
        let mut flags = element::EXECUTED;
        let index = key.to_index();
        if key.is_double() && index.is_some() {
            flags |= element::DOUBLE_KEY;
        }
        let object = Obj::from_value(receiver);
        let before = shape_of(receiver);
        match (object, index) {
            (Some(o), Some(i)) => {
                let typed = Typed::of(o);
                let limit = match typed {
                    Some(t) => t.len(),
                    None if o.is_array() => o.array_length(),
                    None => o.elements_capacity(),
                };
                if o.is_array() && i == limit {
                    flags |= element::APPEND;
                } else if i >= limit {
                    flags |= element::OUT_OF_BOUNDS;
                } else if typed.is_none() && !elements::has_element(o, i) {
                    flags |= element::HOLE;
                }
            }
            (Some(_), None) => flags |= if key.is_number() { element::ODD_KEY } else { element::NAME_KEY },
            (None, _) => flags |= element::OTHER,
        }
        self.set_element(receiver, key, v)?;
        learn_element(slot, flags, before, shape_of(receiver));
        Ok(())
    }

    /// `receiver[key] = v` where there is no slot to teach.
    pub fn set_element(&mut self, receiver: Value, key: Value, v: Value) -> JsResult<()> {
        let (object, index) = (Obj::from_value(receiver), key.to_index());
        // What is there is overwritten, unless the array is frozen.
        if let (Some(o), Some(i)) = (object, index)
            && o.is_array()
            && elements::has_element(o, i)
            && self.shapes.of(o).integrity == Integrity::Extensible
        {
            elements::set_element(self, o, i, v);
            return Ok(());
        }
        // An append, or a store into a hole, needs nothing of the prototypes: they have no indexed properties unless somebody
        // put one.
        let fast = match (object, index) {
            (Some(o), Some(i)) => {
                o.is_array()
                    && (i == o.array_length() || i < o.array_length() && elements::can_hold(o, i))
                    && !self.shapes.of(o).has_index_names
                    && self.shapes.of(o).integrity == Integrity::Extensible
                    && self.shapes.of(o).is_cacheable()
                    && !o.is_prototype()
                    && !self.array_prototypes_have_elements(o)
            }
            (Some(_), None) | (None, _) => false,
        };
        if let (true, Some(o), Some(i)) = (fast, object, index) {
            if i == o.array_length() {
                self.array_push(o, v)?;
            } else {
                elements::set_element(self, o, i, v);
            }
        } else {
            if receiver.is_nullish() {
                let what = if receiver.is_null() { "null" } else { "undefined" };
                let setting = match self.display_key(key) {
                    text if text.is_empty() && Str::from_value(key).is_none() => String::new(),
                    text => format!(" (setting '{text}')"),
                };
                return self.throw_type(&format!("Cannot set properties of {what}{setting}"));
            }
            match super::convert::to_property_key(self, key)? {
                PropertyKey::Name(name) => self.set_named(receiver, name, v)?,
                key @ PropertyKey::Index(_) => self.assign(receiver, key, v)?,
            }
        }
        Ok(())
    }

    /// Whether some prototype of an array has indexed properties. For arrays with the array prototype the answer is kept
    /// as long as no prototype changes.
    #[inline]
    pub fn array_prototypes_have_elements(&mut self, o: Obj) -> bool {
        let common = self.shapes.of(o).proto == self.realm.array_proto.value();
        if common && self.plain_arrays_epoch == self.head.proto_epoch {
            return false;
        }
        let has = self.prototypes_have_elements(o);
        if common && !has {
            self.plain_arrays_epoch = self.head.proto_epoch;
        }
        has
    }

    /// Whether some prototype of the object has indexed properties.
    pub fn prototypes_have_elements(&self, o: Obj) -> bool {
        let mut at = Obj::from_value(self.shapes.of(o).proto);
        while let Some(p) = at {
            let own = p.elements_capacity() > 0 || self.shapes.of(p).has_index_names;
            if own || p.kind() == CellKind::Primitive || Typed::of(p).is_some() {
                return true;
            }
            at = Obj::from_value(self.shapes.of(p).proto);
        }
        false
    }
}

/// The property key that a constant spells.
#[inline]
fn key_of(name: Key) -> PropertyKey {
    match super::atoms::Atom::from_value(name.0) {
        Some(a) => key_of_atom(a),
        None => PropertyKey::Name(name),
    }
}

fn learn_element(slot: *mut ElementSlot, flags: u16, shape: u32, stored: u32) {
    // SAFETY: the slot lies in a live feedback vector.
    let slot = unsafe { &mut *slot };
    slot.flags |= flags;
    if slot.len == MEGAMORPHIC {
        return;
    }
    let n = slot.len as usize;
    if let Some(i) = slot.shapes[..n].iter().position(|s| *s == shape) {
        if slot.stored[i] == slot.shapes[i] {
            slot.stored[i] = stored;
        }
        return;
    }
    if n == MAX_POLYMORPHIC {
        slot.len = MEGAMORPHIC;
        return;
    }
    slot.shapes[n] = shape;
    slot.stored[n] = stored;
    slot.len += 1;
}

/// Records a call target.
#[inline]
pub fn record_call(slot: *mut CallSlot, callee: Value) {
    // SAFETY: the slot lies in a live feedback vector.
    let slot = unsafe { &mut *slot };
    slot.count = slot.count.wrapping_add(1);
    let first = &mut slot.entries[0];
    if first.callee == callee.0 && callee.0 != 0 {
        first.count = first.count.saturating_add(1);
        return;
    }
    record_other_call(slot, callee);
}

#[cold]
fn record_other_call(slot: &mut CallSlot, callee: Value) {
    let Some(o) = Obj::from_value(callee) else { return };
    let target = match o.kind() {
        // SAFETY: infos live as long as the runtime.
        CellKind::Function => unsafe { (*o.function_info()).id.as_u32() + 1 },
        CellKind::NativeFunction => NATIVE_TARGET + o.native_id(),
        _other_callable => {
            slot.len = MEGAMORPHIC;
            return;
        }
    };
    if let Some(e) = slot.entries.iter_mut().find(|e| e.target == target) {
        e.count = e.count.saturating_add(1);
        if e.callee != callee.0 {
            // The same function text under another identity: a closure made anew.
            e.callee = 0;
        }
        return;
    }
    if slot.len == MEGAMORPHIC {
        return;
    }
    if slot.len as usize == MAX_POLYMORPHIC {
        slot.len = MEGAMORPHIC;
        return;
    }
    slot.entries[slot.len as usize] = CallEntry { callee: callee.0, target, count: 1 };
    slot.len += 1;
}

/// Records which function `call` or `apply` is asked to call at a site.
pub fn record_forwarded(slot: *mut CallSlot, callee: Value) {
    // SAFETY: the slot lies in a live feedback vector.
    let slot = unsafe { &mut *slot };
    let Some(o) = Obj::from_value(callee).filter(|o| o.kind() == CellKind::Function) else { return };
    // SAFETY: infos live as long as the runtime.
    let target = FORWARDED_TARGET + unsafe { (*o.function_info()).id.as_u32() + 1 };
    if let Some(e) = slot.entries.iter_mut().find(|e| e.target == target) {
        e.count = e.count.saturating_add(1);
        if e.callee != callee.0 {
            e.callee = 0;
        }
    } else if (slot.len as usize) < MAX_POLYMORPHIC {
        slot.entries[slot.len as usize] = CallEntry { callee: callee.0, target, count: 1 };
        slot.len += 1;
    } else {
        slot.forwards_many = 1;
    }
}
