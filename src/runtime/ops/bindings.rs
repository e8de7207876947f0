//! Module bindings, globals, and the errors of the temporal dead zone.

use crate::bytecode::function::ThrowKind;
use crate::feedback::slot::PropertySlot;
use crate::runtime::convert;
use crate::runtime::function::{CELL_CONSTANT, CELL_MUTABLE, ModuleCell};
use crate::runtime::inline_cache::probe_get;
use crate::runtime::property::Found;
use crate::runtime::runtime::{ErrorKind, JsResult, Runtime};
use crate::runtime::shape::{Key, PropertyKey};
use crate::runtime::string::Str;
use crate::runtime::value::Value;

/// Initializes a module binding: its value counts as constant from now on.
#[inline]
pub fn init_module(cell: &mut ModuleCell, v: Value) {
    cell.value = v;
    if cell.state != CELL_MUTABLE {
        cell.state = CELL_CONSTANT;
    }
}

/// Assigns a module binding. The first assignment after the initialization tells whoever took it for a constant. What was
/// `undefined` so far is initialized only now: a `var`, or `let x;`.
#[inline]
pub fn set_module(rt: &mut Runtime, cell: *mut ModuleCell, v: Value) {
    // SAFETY: module cells live as long as the runtime; the hook below does not touch their memory.
    let cell = unsafe { &mut *cell };
    let first = cell.value.is_undefined();
    cell.value = v;
    if cell.state != CELL_MUTABLE {
        let was_constant = cell.state == CELL_CONSTANT;
        cell.state = if first { CELL_CONSTANT } else { CELL_MUTABLE };
        if was_constant {
            (rt.hooks.binding_assigned)(rt, cell.binding);
        }
    }
}

/// ReferenceError: a binding was used before its initialization.
#[cold]
pub fn throw_tdz(rt: &mut Runtime, name: Value) -> JsResult {
    let name = text(name);
    rt.throw_reference(&format!("Cannot access '{name}' before initialization"))
}

/// ReferenceError: `this` before `super()`.
#[cold]
pub fn throw_this_uninitialized(rt: &mut Runtime) -> JsResult {
    rt.throw_reference(
        "Must call super constructor in derived class before accessing 'this' or returning from derived constructor",
    )
}

/// ReferenceError: `super()` twice.
#[cold]
pub fn throw_super_called_twice(rt: &mut Runtime) -> JsResult {
    rt.throw_reference("Super constructor may only be called once")
}

/// The errors of assignments that can never succeed: see `throw_assign`.
#[cold]
pub fn throw_assign(rt: &mut Runtime, name: Value, kind: u16) -> JsResult {
    if kind == 0 {
        return rt.throw_type("Assignment to constant variable.");
    }
    let name = text(name);
    rt.throw_reference(&format!("{name} is not defined"))
}

/// `throw_error`: an error that the frontend foresaw.
#[cold]
pub fn throw_kind(rt: &mut Runtime, kind: u16, message: Value) -> JsResult {
    let message = text(message);
    let kinds = [ErrorKind::Type, ErrorKind::Reference, ErrorKind::Syntax, ErrorKind::Range];
    debug_assert_eq!(ThrowKind::Range as usize, kinds.len() - 1);
    rt.throw_error(kinds[kind as usize], &message)
}

/// Property `name` of the global object.
#[inline]
pub fn get_global(rt: &mut Runtime, name: Value, slot: *mut PropertySlot) -> JsResult {
    let global = rt.realm.global.value();
    // SAFETY: the slot lies in a live feedback vector.
    if let Some(v) = probe_get(rt, global, unsafe { &*slot }) {
        return Ok(v);
    }
    get_global_slow(rt, name, slot)
}

#[cold]
fn get_global_slow(rt: &mut Runtime, name: Value, slot: *mut PropertySlot) -> JsResult {
    let global = rt.realm.global;
    if matches!(rt.lookup(global, PropertyKey::Name(Key(name))), Found::Nothing) {
        let name = text(name);
        return rt.throw_reference(&format!("{name} is not defined"));
    }
    rt.get_named_slow(global.value(), Key(name), slot)
}

/// [`get_global`] where there is no slot to teach.
pub fn get_global_untaught(rt: &mut Runtime, name: Value) -> JsResult {
    let global = rt.realm.global;
    let v = rt.get_named(global.value(), Key(name))?;
    if v.is_undefined() && matches!(rt.lookup(global, PropertyKey::Name(Key(name))), Found::Nothing) {
        let name = text(name);
        return rt.throw_reference(&format!("{name} is not defined"));
    }
    Ok(v)
}

/// `typeof name` of a global that may not exist.
pub fn typeof_global(rt: &mut Runtime, name: Value) -> JsResult {
    let global = rt.realm.global.value();
    let v = rt.get(global, PropertyKey::Name(Key(name)))?;
    Ok(convert::type_of(rt, v).value())
}

pub(super) fn text(v: Value) -> String {
    Str::from_value(v).map_or(String::new(), |s| s.to_rust())
}

/// What `this` is in sloppy code, given what the call passed.
pub fn sloppy_this(rt: &mut Runtime, given: Value) -> JsResult {
    if given.is_nullish() {
        return Ok(rt.realm.global.value());
    }
    crate::runtime::convert::to_object(rt, given).map(|o| o.value())
}
