//! Named and indexed properties, methods, `super`, private members.

use super::property;
use crate::bytecode::ops::Op;
use crate::feedback::slot::{Access, ElementSlot, PropertySlot, Unit};
use crate::interp::frame::FrameRecord;
use crate::interp::state::{State, elements_data, field, is_cell, shape_word, tri};
use crate::runtime::cell::{Cell, STATE_OLD, offset};
use crate::runtime::convert;
use crate::runtime::object::Obj;
use crate::runtime::ops::{class, literal, private, super_access};
use crate::runtime::runtime::Runtime;
use crate::runtime::shape::STRING_SHAPE;
use crate::runtime::string::Str;
use crate::runtime::typed::Typed;
use crate::runtime::value::Value;

/// Address of an in-bounds element, if the receiver has the site's one array shape. The slot is operand 4.
#[inline(always)]
unsafe fn packed_element<const C: bool>(s: State<C>, o: Value, key: Value) -> Option<*mut Value> {
    // SAFETY: the shape says that it is an array with elements for its whole length.
    unsafe {
        let slot = s.slot::<ElementSlot>(4);
        let fits = is_cell(o)
            && key.is_int()
            && shape_word(o) == (*slot).shapes[0]
            && (key.0 as u32) < field::<u32>(o, offset::ARRAY_LENGTH as usize);
        fits.then(|| elements_data(o).add(key.0 as u32 as usize))
    }
}

/// `get_prop`: one shape, in-object slot.
#[inline(always)]
pub unsafe fn get_prop_own<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { get_prop_own_of(s, s.reg(2)) }
}

/// The same of the receiver `o`.
#[inline(always)]
pub unsafe fn get_prop_own_of<const C: bool>(s: State<C>, o: Value) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let entry = &(*s.slot::<PropertySlot>(4)).entries[0];
        if is_cell(o) && shape_word(o) == entry.shape {
            return s.done(field::<Value>(o, entry.offset as usize), Op::GetProp);
        }
        s.general(Op::GetProp)
    }
}

/// `get_prop`: one shape, slot of a prototype.
#[inline(always)]
pub unsafe fn get_prop_proto<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let o = s.reg(2);
        let slot = s.slot::<PropertySlot>(4);
        let entry = &(*slot).entries[0];
        if is_cell(o) && shape_word(o) == entry.shape && (*slot).epoch == (*s.rt).head.proto_epoch {
            return s.done(field::<Value>(Value(entry.payload), entry.offset as usize), Op::GetProp);
        }
        s.general(Op::GetProp)
    }
}

/// `get_prop`: a few shapes, slots of the receiver or of prototypes.
#[inline(always)]
pub unsafe fn get_prop_many<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe { get_prop_many_of(s, s.reg(2)) }
}

/// The same of the receiver `o`.
#[inline(always)]
pub unsafe fn get_prop_many_of<const C: bool>(s: State<C>, o: Value) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if is_cell(o) {
            let slot = s.slot::<PropertySlot>(4);
            let shape = shape_word(o);
            let fresh = (*slot).epoch == (*s.rt).head.proto_epoch;
            for entry in &(*slot).entries {
                if entry.shape != shape {
                    continue;
                }
                let from = match entry.access {
                    Access::Inline => o.0,
                    Access::OutOfLine => field::<u64>(o, offset::SLOTS as usize),
                    Access::ProtoInline if fresh => entry.payload,
                    Access::ProtoOutOfLine if fresh => field::<u64>(Value(entry.payload), offset::SLOTS as usize),
                    _other => break,
                };
                return s.done(field::<Value>(Value(from), entry.offset as usize), Op::GetProp);
            }
        }
        s.general(Op::GetProp)
    }
}

/// `get_prop`: length of strings.
#[inline(always)]
pub unsafe fn get_prop_string_length<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let o = s.reg(2);
        if is_cell(o) && shape_word(o) == STRING_SHAPE {
            return s.done(Value::from_u32(field::<u32>(o, offset::STRING_LENGTH as usize)), Op::GetProp);
        }
        s.general(Op::GetProp)
    }
}

/// `get_prop`: length of arrays of one shape.
#[inline(always)]
pub unsafe fn get_prop_length<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let o = s.reg(2);
        let entry = &(*s.slot::<PropertySlot>(4)).entries[0];
        if is_cell(o) && shape_word(o) == entry.shape {
            return s.done(Value::from_u32(field::<u32>(o, offset::ARRAY_LENGTH as usize)), Op::GetProp);
        }
        s.general(Op::GetProp)
    }
}

/// `get_prop`: length of typed arrays of one shape.
#[inline(always)]
pub unsafe fn get_prop_typed_length<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`; the entry was made for a typed array.
    unsafe {
        let o = s.reg(2);
        let slot = s.slot::<PropertySlot>(4);
        let fresh = (*slot).epoch == (*s.rt).head.proto_epoch;
        if is_cell(o) && shape_word(o) == (*slot).entries[0].shape && fresh {
            return s.done(Value::from_u32(field::<u32>(o, offset::TYPED_LENGTH as usize)), Op::GetProp);
        }
        s.general(Op::GetProp)
    }
}

/// `get_prop`.
#[inline(always)]
pub unsafe fn get_prop<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, name, slot) = (s.reg(2), s.constant(3), s.slot(4));
        let v = tri!(s, property::get_prop(s.rt(), s.pc, o, name, slot));
        s.done(v, Op::GetProp)
    }
}

/// `set_prop`: one shape, in-object slot.
#[inline(always)]
pub unsafe fn set_prop_own<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, v) = (s.reg(1), s.reg(3));
        let entry = &(*s.slot::<PropertySlot>(4)).entries[0];
        if is_cell(o) && shape_word(o) == entry.shape {
            let cell = o.0 as *mut Cell;
            // The general form does what the barrier asks for.
            if (*cell).state != STATE_OLD || !is_cell(v) {
                cell.cast::<u8>().add(entry.offset as usize).cast::<Value>().write(v);
                return s.next(Op::SetProp);
            }
        }
        s.general(Op::SetProp)
    }
}

/// `set_prop`: a few shapes, in-object slots.
#[inline(always)]
pub unsafe fn set_prop_many<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, v) = (s.reg(1), s.reg(3));
        if is_cell(o) {
            let shape = shape_word(o);
            let cell = o.0 as *mut Cell;
            if (*cell).state != STATE_OLD || !is_cell(v) {
                for entry in &(*s.slot::<PropertySlot>(4)).entries {
                    if entry.shape == shape && entry.access == Access::Inline {
                        cell.cast::<u8>().add(entry.offset as usize).cast::<Value>().write(v);
                        return s.next(Op::SetProp);
                    }
                }
            }
        }
        s.general(Op::SetProp)
    }
}

/// `set_prop`: one shape, adds an in-object slot.
#[inline(always)]
pub unsafe fn set_prop_add<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, v) = (s.reg(1), s.reg(3));
        let slot = s.slot::<PropertySlot>(4);
        let entry = &(*slot).entries[0];
        if is_cell(o) && shape_word(o) == entry.shape && (*slot).epoch == (*s.rt).head.proto_epoch {
            let cell = o.0 as *mut Cell;
            if (*cell).state != STATE_OLD || !is_cell(v) {
                (*cell).shape = entry.payload as u32;
                cell.cast::<u8>().add(entry.offset as usize).cast::<Value>().write(v);
                return s.next(Op::SetProp);
            }
        }
        s.general(Op::SetProp)
    }
}

/// `set_prop`.
#[inline(always)]
pub unsafe fn set_prop<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, name, v, slot) = (s.reg(1), s.constant(2), s.reg(3), s.slot(4));
        tri!(s, property::set_prop(s.rt(), s.pc, o, name, v, slot));
        s.next(Op::SetProp)
    }
}

/// `get_elem`: array of tagged elements.
#[inline(always)]
pub unsafe fn get_elem_array<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if let Some(at) = packed_element(s, s.reg(2), s.reg(3))
            && !(*at).is_hole()
        {
            return s.done(*at, Op::GetElem);
        }
        s.general(Op::GetElem)
    }
}

/// `get_elem`: packed array of doubles.
#[inline(always)]
pub unsafe fn get_elem_double<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if let Some(at) = packed_element(s, s.reg(2), s.reg(3)) {
            return s.done(Value::double(f64::from_bits((*at).0)), Op::GetElem);
        }
        s.general(Op::GetElem)
    }
}

/// `get_elem`: a character of a string.
#[inline(always)]
pub unsafe fn get_elem_string<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, key) = (s.reg(2), s.reg(3));
        if key.is_int()
            && is_cell(o)
            && shape_word(o) == STRING_SHAPE
            && let Some(v) = (*s.rt).atoms.character(Str::from_cell(o.0 as *mut Cell), key.0 as u32 as usize)
        {
            return s.done(v, Op::GetElem);
        }
        s.general(Op::GetElem)
    }
}

/// A typed array of the site's one shape and an index in bounds of it. The slot is operand 4.
#[inline(always)]
unsafe fn typed_element<const C: bool>(s: State<C>, o: Value, key: Value) -> Option<(Typed, u32)> {
    // SAFETY: the form was chosen for a shape of typed arrays.
    unsafe {
        let slot = s.slot::<ElementSlot>(4);
        if !is_cell(o) || !key.is_int() || shape_word(o) != (*slot).shapes[0] {
            return None;
        }
        let t = Typed::of(Obj::from_cell(o.0 as *mut Cell))?;
        ((key.0 as u32) < t.len()).then_some((t, key.0 as u32))
    }
}

/// `get_elem`: typed array.
#[inline(always)]
pub unsafe fn get_elem_typed<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        if let Some((t, i)) = typed_element(s, s.reg(2), s.reg(3))
            && let Some(v) = t.get(i)
        {
            return s.done(v, Op::GetElem);
        }
        s.general(Op::GetElem)
    }
}

/// `set_elem`: typed array.
#[inline(always)]
pub unsafe fn set_elem_typed<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let v = s.reg(3);
        if v.is_number()
            && let Some((t, i)) = typed_element(s, s.reg(1), s.reg(2))
        {
            t.set(i, v.as_number());
            return s.next(Op::SetElem);
        }
        s.general(Op::SetElem)
    }
}

/// `get_elem`.
#[inline(always)]
pub unsafe fn get_elem<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, key, slot) = (s.reg(2), s.reg(3), s.slot(4));
        let v = tri!(s, property::get_elem(s.rt(), s.pc, o, key, slot));
        s.done(v, Op::GetElem)
    }
}

/// Tells the heap of the element that `set_elem` has just stored, and goes on.
#[inline(never)]
unsafe extern "C" fn remember_element_in<const C: bool>(
    rt: *mut Runtime,
    pc: *mut u16,
    regs: *mut u64,
    fb: *mut Unit,
    frame: *mut FrameRecord,
) -> u64 {
    // SAFETY: see `State`; the operands are those of the store.
    unsafe {
        let s = State::<C> { rt, pc, regs, fb, frame };
        let o = s.reg(1);
        let at = elements_data(o).add(s.reg(2).0 as u32 as usize);
        (*rt).heap.remember_slot(field::<*mut Cell>(o, offset::ELEMENTS as usize), at);
        s.next(Op::SetElem)
    }
}

/// `set_elem`: array of any values.
#[inline(always)]
pub unsafe fn set_elem_array<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, v) = (s.reg(1), s.reg(3));
        if let Some(at) = packed_element(s, o, s.reg(2))
            && !(*at).is_hole()
        {
            *at = v;
            let cell = field::<*mut Cell>(o, offset::ELEMENTS as usize);
            if (*cell).state != STATE_OLD || !is_cell(v) {
                return s.next(Op::SetElem);
            }
            return remember_element_in::<C>(s.rt, s.pc, s.regs, s.fb, s.frame);
        }
        s.general(Op::SetElem)
    }
}

/// `set_elem`: array of int32s.
#[inline(always)]
pub unsafe fn set_elem_int<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let v = s.reg(3);
        if v.is_int()
            && let Some(at) = packed_element(s, s.reg(1), s.reg(2))
            && !(*at).is_hole()
        {
            *at = v;
            return s.next(Op::SetElem);
        }
        s.general(Op::SetElem)
    }
}

/// `set_elem`: packed array of doubles.
#[inline(always)]
pub unsafe fn set_elem_double<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let v = s.reg(3);
        if v.is_number()
            && let Some(at) = packed_element(s, s.reg(1), s.reg(2))
        {
            *at = Value(v.as_number().to_bits());
            return s.next(Op::SetElem);
        }
        s.general(Op::SetElem)
    }
}

/// `set_elem`.
#[inline(always)]
pub unsafe fn set_elem<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, key, v, slot) = (s.reg(1), s.reg(2), s.reg(3), s.slot(4));
        tri!(s, property::set_elem(s.rt(), s.pc, o, key, v, slot));
        s.next(Op::SetElem)
    }
}

/// `delete_prop`.
#[inline(always)]
pub unsafe fn delete_prop<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, name) = (s.reg(2), s.constant(3));
        let key = tri!(s, convert::to_property_key(s.rt(), name));
        let v = tri!(s, s.rt().delete_operator(o, key));
        s.done(Value::bool(v), Op::DeleteProp)
    }
}

/// `delete_elem`.
#[inline(always)]
pub unsafe fn delete_elem<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, key) = (s.reg(2), s.reg(3));
        let key = tri!(s, convert::to_property_key(s.rt(), key));
        let v = tri!(s, s.rt().delete_operator(o, key));
        s.done(Value::bool(v), Op::DeleteElem)
    }
}

/// `define_field` that the site's first entry does not cover.
#[inline(never)]
unsafe extern "C" fn define_field_slow<const C: bool>(
    rt: *mut Runtime,
    pc: *mut u16,
    regs: *mut u64,
    fb: *mut Unit,
    frame: *mut FrameRecord,
) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let s = State::<C> { rt, pc, regs, fb, frame };
        let (o, name, v, slot) = (s.reg(1), s.constant(2), s.reg(3), s.slot(4));
        tri!(s, property::define_field(s.rt(), o, name, v, slot));
        s.next(Op::DefineField)
    }
}

/// `define_field`.
#[inline(always)]
pub unsafe fn define_field<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, v) = (s.reg(1), s.reg(3));
        let slot = s.slot::<PropertySlot>(4);
        let entry = &(*slot).entries[0];
        if shape_word(o) == entry.shape
            && entry.access == Access::AddInline
            && (*slot).epoch == (*s.rt).head.proto_epoch
        {
            let cell = o.0 as *mut Cell;
            if (*cell).state != STATE_OLD || !is_cell(v) {
                (*cell).shape = entry.payload as u32;
                cell.cast::<u8>().add(entry.offset as usize).cast::<Value>().write(v);
                return s.next(Op::DefineField);
            }
        }
        define_field_slow::<C>(s.rt, s.pc, s.regs, s.fb, s.frame)
    }
}

/// `define_elem`.
#[inline(always)]
pub unsafe fn define_elem<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, key, v) = (s.reg(1), s.reg(2), s.reg(3));
        tri!(s, literal::define_element(s.rt(), o, key, v));
        s.next(Op::DefineElem)
    }
}

/// `define_method`.
#[inline(always)]
pub unsafe fn define_method<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, key, f) = (s.reg(1), s.reg(2), s.reg(3));
        tri!(s, class::define_method(s.rt(), o, key, f, s.op(4) as u16));
        s.next(Op::DefineMethod)
    }
}

/// `set_function_name`.
#[inline(always)]
pub unsafe fn set_function_name<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (f, key) = (s.reg(1), s.reg(2));
        tri!(s, class::set_function_name(s.rt(), f, key, s.op(3) as u16));
        s.next(Op::SetFunctionName)
    }
}

/// `set_proto`.
#[inline(always)]
pub unsafe fn set_proto<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, proto) = (s.reg(1), s.reg(2));
        class::set_literal_proto(s.rt(), o, proto);
        s.next(Op::SetProto)
    }
}

/// `get_super`.
#[inline(always)]
pub unsafe fn get_super<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (key, this) = (s.reg(2), s.reg(3));
        let closure = Obj::from_cell(s.callee().0 as *mut Cell);
        let v = tri!(s, super_access::get_super(s.rt(), closure, key, this));
        s.done(v, Op::GetSuper)
    }
}

/// `set_super`.
#[inline(always)]
pub unsafe fn set_super<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (key, v, this) = (s.reg(1), s.reg(2), s.reg(3));
        let closure = Obj::from_cell(s.callee().0 as *mut Cell);
        tri!(s, super_access::set_super(s.rt(), closure, key, v, this));
        s.next(Op::SetSuper)
    }
}

/// `get_private`.
#[inline(always)]
pub unsafe fn get_private<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, key) = (s.reg(2), s.reg(3));
        let v = tri!(s, private::get_private(s.rt(), o, key));
        s.done(v, Op::GetPrivate)
    }
}

/// `set_private`.
#[inline(always)]
pub unsafe fn set_private<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, key, v) = (s.reg(1), s.reg(2), s.reg(3));
        tri!(s, private::set_private(s.rt(), o, key, v));
        s.next(Op::SetPrivate)
    }
}

/// `define_private`.
#[inline(always)]
pub unsafe fn define_private<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, key, v) = (s.reg(1), s.reg(2), s.reg(3));
        tri!(s, private::define_private(s.rt(), o, key, v, s.op(4) as u16));
        s.next(Op::DefinePrivate)
    }
}

/// `has_private`.
#[inline(always)]
pub unsafe fn has_private<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let (o, key) = (s.reg(2), s.reg(3));
        let v = tri!(s, private::has_private(s.rt(), o, key));
        s.done(Value::bool(v), Op::HasPrivate)
    }
}

/// `new_private_name`.
#[inline(always)]
pub unsafe fn new_private_name<const C: bool>(s: State<C>) -> u64 {
    // SAFETY: see `State`.
    unsafe {
        let name = s.constant(2);
        let v = private::new_private_name(s.rt(), name);
        s.done(v, Op::NewPrivateName)
    }
}
