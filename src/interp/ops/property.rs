//! Property and element access: inline caches beyond the first entry, misses, and the choice of the quickened form.

use crate::bytecode::ops::{Op, quick};
use crate::feedback::slot::{Access, ElementSlot, MEGAMORPHIC, PropertySlot, element};
use crate::runtime::elements;
use crate::runtime::inline_cache::{probe_get, probe_set, shape_of};
use crate::runtime::object::Obj;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::{ElementsKind, Integrity, Key};
use crate::runtime::typed::{ElementType, Typed};
use crate::runtime::value::Value;
use crate::vocab::ids::ShapeId;

/// `receiver.name`.
///
/// # Safety
/// `pc` points to a `get_prop` of the private bytecode, `slot` to its feedback slot.
#[inline(never)]
pub unsafe fn get_prop(
    rt: &mut Runtime,
    pc: *mut u16,
    receiver: Value,
    name: Value,
    slot: *mut PropertySlot,
) -> JsResult {
    // SAFETY: promised by the caller.
    unsafe {
        if let Some(v) = probe_get(rt, receiver, &*slot) {
            return Ok(v);
        }
        if let Some(getter) = cached_accessor(rt, receiver, &*slot) {
            return if getter.is_undefined() { Ok(getter) } else { rt.call(getter, receiver, &[]) };
        }
        let result = rt.get_named_slow(receiver, Key(name), slot)?;
        let form = match ((*slot).len, (*slot).entries[0].access) {
            (1, Access::Inline) => quick::GET_PROP_OWN,
            (1, Access::ProtoInline) => quick::GET_PROP_PROTO,
            (1, Access::ArrayLength) => quick::GET_PROP_LENGTH,
            (1, Access::TypedLength) => quick::GET_PROP_TYPED_LENGTH,
            (1, Access::StringLength) => quick::GET_PROP_STRING_LENGTH,
            (_, Access::Inline | Access::OutOfLine | Access::ProtoInline | Access::ProtoOutOfLine) => {
                quick::GET_PROP_MANY
            }
            _other => Op::GetProp as u16,
        };
        pc.write(form);
        Ok(result)
    }
}

/// The getter or setter that the cache knows for a receiver.
fn cached_accessor(rt: &Runtime, receiver: Value, slot: &PropertySlot) -> Option<Value> {
    let shape = shape_of(receiver);
    if slot.epoch != rt.head.proto_epoch {
        return None;
    }
    slot.entries.iter().find(|e| e.shape == shape && e.access == Access::Accessor).map(|e| Value(e.payload))
}

/// `receiver.name = v`.
///
/// # Safety
/// `pc` points to a `set_prop` of the private bytecode, `slot` to its feedback slot.
#[inline(never)]
pub unsafe fn set_prop(
    rt: &mut Runtime,
    pc: *mut u16,
    receiver: Value,
    name: Value,
    v: Value,
    slot: *mut PropertySlot,
) -> JsResult<()> {
    // SAFETY: promised by the caller.
    unsafe {
        if probe_set(rt, receiver, v, &*slot) {
            return Ok(());
        }
        rt.set_named_slow(receiver, Key(name), v, slot)?;
        let form = match ((*slot).len, (*slot).entries[0].access) {
            (1, Access::Inline) => quick::SET_PROP_OWN,
            (1, Access::AddInline) => quick::SET_PROP_ADD,
            (2.., Access::Inline) => quick::SET_PROP_MANY,
            _other => Op::SetProp as u16,
        };
        pc.write(form);
        Ok(())
    }
}

/// Own data property of a literal or field.
///
/// # Safety
/// `slot` points to the instruction's feedback slot.
#[inline(never)]
pub unsafe fn define_field(
    rt: &mut Runtime,
    object: Value,
    name: Value,
    v: Value,
    slot: *mut PropertySlot,
) -> JsResult<()> {
    // SAFETY: promised by the caller.
    unsafe {
        if probe_set(rt, object, v, &*slot) {
            return Ok(());
        }
    }
    rt.define_field_slow(object, Key(name), v, slot)
}

/// The elements of the arrays that an element site has always seen, if they are of one shape. Elements of doubles are packed
/// then; among tagged ones there may be holes, which the quickened forms look out for.
fn packed_kind(rt: &Runtime, slot: &ElementSlot, for_store: bool) -> Option<ElementsKind> {
    if slot.len != 1 || slot.flags & !(element::EXECUTED | element::APPEND) != 0 || slot.shapes[0] < 5 {
        return None;
    }
    let shape = rt.shapes.get_live(ShapeId::from_u32(slot.shapes[0]))?;
    // Only arrays of cacheable shapes certainly have elements for their whole length.
    let holes_fit = !shape.elements.is_holey() || !shape.elements.is_double() && shape.is_cacheable();
    let plain = shape.kind == crate::runtime::cell::CellKind::Array
        && holes_fit
        && (!for_store || (shape.is_cacheable() && shape.integrity == Integrity::Extensible));
    plain.then_some(shape.elements)
}

/// Whether an element site has always seen one shape of typed arrays, and indices in bounds.
fn is_typed(rt: &Runtime, slot: &ElementSlot) -> bool {
    slot.len == 1
        && slot.flags == element::EXECUTED
        && slot.shapes[0] >= 5
        && ElementType::of(rt.shapes.get(ShapeId::from_u32(slot.shapes[0])).kind).is_some()
}

/// Whether the slot knows the receiver's shape, so that a plain access need not teach it.
#[inline]
fn knows(slot: &ElementSlot, receiver: Value) -> bool {
    slot.len == MEGAMORPHIC || slot.shapes[..slot.len as usize].contains(&shape_of(receiver))
}

/// `receiver[key]`.
///
/// # Safety
/// `pc` points to a `get_elem` of the private bytecode, `slot` to its feedback slot.
#[inline(never)]
pub unsafe fn get_elem(
    rt: &mut Runtime,
    pc: *mut u16,
    receiver: Value,
    key: Value,
    slot: *mut ElementSlot,
) -> JsResult {
    // SAFETY: promised by the caller.
    unsafe {
        if key.is_int()
            && let Some(o) = Obj::from_value(receiver)
            && knows(&*slot, receiver)
            && elements::has_element(o, key.as_int() as u32)
        {
            return Ok(o.element(key.as_int() as u32));
        }
        if key.is_int()
            && let Some(t) = Typed::from_value(receiver)
            && knows(&*slot, receiver)
            && let Some(v) = t.get(key.as_int() as u32)
        {
            return Ok(v);
        }
        let result = rt.get_element_slow(receiver, key, slot)?;
        let form = match packed_kind(rt, &*slot, false) {
            Some(ElementsKind::Double) => quick::GET_ELEM_DOUBLE,
            Some(_tagged) => quick::GET_ELEM_ARRAY,
            None if is_typed(rt, &*slot) => quick::GET_ELEM_TYPED,
            None if (*slot).flags == element::EXECUTED | element::STRING => quick::GET_ELEM_STRING,
            None => Op::GetElem as u16,
        };
        pc.write(form);
        Ok(result)
    }
}

/// A store at exactly the length of an array of a known kind, with room for it, or into a hole. False: not such a store.
#[inline]
fn append_or_fill(rt: &mut Runtime, receiver: Value, index: u32, v: Value, slot: &ElementSlot) -> bool {
    let Some(o) = Obj::from_value(receiver).filter(|o| o.is_array()) else { return false };
    let length = o.array_length();
    let known = if index == length { element::APPEND } else { element::HOLE };
    if index > length || index >= o.elements_capacity() || slot.flags & known == 0 || !knows(slot, receiver) {
        return false;
    }
    if index < length && elements::has_element(o, index) {
        return false;
    }
    let shape = rt.shapes.of(o);
    let fits = match shape.elements {
        ElementsKind::Int | ElementsKind::HoleyInt => v.is_int(),
        ElementsKind::Double | ElementsKind::HoleyDouble => v.is_number(),
        ElementsKind::Any | ElementsKind::HoleyAny => !v.is_hole(),
    };
    let plain = fits && shape.is_cacheable() && shape.integrity == Integrity::Extensible && !shape.has_index_names;
    if !plain || o.is_prototype() || rt.array_prototypes_have_elements(o) {
        return false;
    }
    o.set_element_raw(&mut rt.heap, index, v);
    if index == length {
        o.set_array_length_raw(index + 1);
    }
    true
}

/// `receiver[key] = v`.
///
/// # Safety
/// `pc` points to a `set_elem` of the private bytecode, `slot` to its feedback slot.
#[inline(never)]
pub unsafe fn set_elem(
    rt: &mut Runtime,
    pc: *mut u16,
    receiver: Value,
    key: Value,
    v: Value,
    slot: *mut ElementSlot,
) -> JsResult<()> {
    // SAFETY: promised by the caller.
    unsafe {
        if key.is_int()
            && (*slot).flags & (element::APPEND | element::HOLE) != 0
            && append_or_fill(rt, receiver, key.as_int() as u32, v, &*slot)
        {
            return Ok(());
        }
        if key.is_int()
            && v.is_number()
            && let Some(t) = Typed::from_value(receiver).filter(|t| (key.as_int() as u32) < t.len())
            && knows(&*slot, receiver)
        {
            t.set(key.as_int() as u32, v.as_number());
            return Ok(());
        }
        rt.set_element_slow(receiver, key, v, slot)?;
        let form = match packed_kind(rt, &*slot, true) {
            Some(ElementsKind::Int | ElementsKind::HoleyInt) => quick::SET_ELEM_INT,
            Some(ElementsKind::Double) => quick::SET_ELEM_DOUBLE,
            Some(_any) => quick::SET_ELEM_ARRAY,
            None if is_typed(rt, &*slot) => quick::SET_ELEM_TYPED,
            None => Op::SetElem as u16,
        };
        pc.write(form);
        Ok(())
    }
}
