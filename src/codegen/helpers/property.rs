//! Named properties, elements, `super`, private members, globals. Those with a slot go through the site's inline cache
//! and teach it.

use super::{At, helper_group};
use crate::interp::ops::property as cached;
use crate::runtime::cell::Cell;
use crate::runtime::convert;
use crate::runtime::object::Obj;
use crate::runtime::ops::{bindings, class, literal, private, super_access};
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::value::Value;

fn delete(rt: &mut Runtime, object: Value, key: Value) -> JsResult<bool> {
    let key = convert::to_property_key(rt, key)?;
    rt.delete_operator(object, key)
}

/// The running closure of the frame at `regs`.
fn closure_at(regs: *const u64) -> Obj {
    // SAFETY: compiled code passes its frame, whose callee is a closure.
    unsafe { Obj::from_cell(*regs.sub(2) as *mut Cell) }
}

helper_group! {
    /// `receiver.name`.
    exit GET_PROP = get_prop(rt, regs: *mut u64, offset: u64) {
        let at = At::new(regs, offset);
        // SAFETY: the instruction and its slot are of this kind.
        at.deliver(unsafe { cached::get_prop(rt, at.pc(), at.reg(2), at.constant(3), at.slot(4)) })
    }
    /// `receiver.name = v`.
    exit SET_PROP = set_prop(rt, regs: *mut u64, offset: u64) {
        let at = At::new(regs, offset);
        // SAFETY: as above.
        unsafe { cached::set_prop(rt, at.pc(), at.reg(1), at.constant(2), at.reg(3), at.slot(4)) }
    }
    /// `receiver[key]`.
    exit GET_ELEM = get_elem(rt, regs: *mut u64, offset: u64) {
        let at = At::new(regs, offset);
        // SAFETY: as above.
        at.deliver(unsafe { cached::get_elem(rt, at.pc(), at.reg(2), at.reg(3), at.slot(4)) })
    }
    /// `receiver[key] = v`.
    exit SET_ELEM = set_elem(rt, regs: *mut u64, offset: u64) {
        let at = At::new(regs, offset);
        // SAFETY: as above.
        unsafe { cached::set_elem(rt, at.pc(), at.reg(1), at.reg(2), at.reg(3), at.slot(4)) }
    }
    /// Own data property of a literal or a class field.
    exit DEFINE_FIELD = define_field(rt, regs: *mut u64, offset: u64) {
        let at = At::new(regs, offset);
        // SAFETY: as above.
        unsafe { cached::define_field(rt, at.reg(1), at.constant(2), at.reg(3), at.slot(4)) }
    }
    /// A global.
    exit GET_GLOBAL = get_global(rt, regs: *mut u64, offset: u64) {
        let at = At::new(regs, offset);
        at.deliver(bindings::get_global(rt, at.constant(2), at.slot(3)))
    }
    /// Own data property with a computed key.
    exit DEFINE_ELEM = define_elem(rt, object: Value, key: Value, v: Value) {
        literal::define_element(rt, object, key, v)
    }
    /// Own method of a class or literal.
    exit DEFINE_METHOD = define_method(rt, object: Value, key: Value, closure: Value, flags: u64) {
        class::define_method(rt, object, key, closure, flags as u16)
    }
    /// The name of an anonymous function with a computed key.
    exit SET_FUNCTION_NAME = set_function_name(rt, closure: Value, key: Value, flags: u64) {
        class::set_function_name(rt, closure, key, flags as u16)
    }
    /// `__proto__: v` in a literal.
    exit SET_PROTO = set_literal_proto(rt, object: Value, proto: Value) {
        class::set_literal_proto(rt, object, proto);
    }
    /// `delete object[key]`, with a constant name too.
    exit DELETE = delete_property(rt, object: Value, key: Value) { delete(rt, object, key) }
    /// `super[key]`.
    exit GET_SUPER = get_super(rt, regs: *const u64, key: Value, this: Value) {
        super_access::get_super(rt, closure_at(regs), key, this)
    }
    /// `super[key] = v`.
    exit SET_SUPER = set_super(rt, regs: *const u64, key: Value, v: Value, this: Value) {
        super_access::set_super(rt, closure_at(regs), key, v, this)
    }
    /// `object.#name`.
    exit GET_PRIVATE = get_private(rt, object: Value, key: Value) { private::get_private(rt, object, key) }
    /// `object.#name = v`.
    exit SET_PRIVATE = set_private(rt, object: Value, key: Value, v: Value) {
        private::set_private(rt, object, key, v)
    }
    /// Adds a private member.
    exit DEFINE_PRIVATE = define_private(rt, object: Value, key: Value, v: Value, flags: u64) {
        private::define_private(rt, object, key, v, flags as u16)
    }
    /// `#name in object`.
    exit HAS_PRIVATE = has_private(rt, object: Value, key: Value) { private::has_private(rt, object, key) }
    /// A new private name.
    exit NEW_PRIVATE_NAME = new_private_name(rt, description: Value) { private::new_private_name(rt, description) }
    /// `typeof` of a global that may not exist.
    exit TYPEOF_GLOBAL = typeof_global(rt, name: Value) { bindings::typeof_global(rt, name) }
    /// Slow path of the write barrier: `cell` is old; `v` was stored into it.
    leaf REMEMBER = remember(rt, cell: *mut Cell, v: Value) {
        if v.is_cell() {
            // SAFETY: compiled code has seen that the live cell is old and not yet remembered.
            unsafe { rt.heap.remember(cell) };
        }
    }
    /// Slow path of the write barrier for elements: `v` was stored at `slot` in the old cell.
    leaf REMEMBER_SLOT = remember_slot(rt, cell: *mut Cell, slot: *const Value, v: Value) {
        if v.is_cell() {
            // SAFETY: as above; the slot lies in the cell.
            unsafe { rt.heap.remember_slot(cell, slot) };
        }
    }
}
