//! Helpers for what makes and walks objects: allocation, literals, closures, classes, iteration.

use super::call::Site;
use super::{CONTINUE, helper_group};
use crate::feedback::slot::{ElementSlot, LiteralSlot};
use crate::interp::ops::call::CallSite;
use crate::runtime::builtins::regexp;
use crate::runtime::cell::Cell;
use crate::runtime::function::FunctionInfo;
use crate::runtime::object::{Obj, Scope};
use crate::runtime::ops::{arguments, class, iteration, literal};
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::value::Value;

/// A child of the function whose frame stands at `regs`.
fn child_of(regs: *const u64, index: u64) -> *mut FunctionInfo {
    // SAFETY: compiled code passes its frame, whose callee is a closure; infos live as long as the runtime.
    let info = unsafe { &*Obj::from_cell(*regs.sub(2) as *mut Cell).function_info() };
    info.children[index as usize]
}

/// The value of a step of an iteration; CONTINUE when it has ended.
fn step(next: JsResult<Option<Value>>) -> JsResult {
    next.map(|v| v.unwrap_or(Value(CONTINUE)))
}

/// `new_class`.
fn new_class(
    rt: &mut Runtime,
    regs: *const u64,
    index: u64,
    scope: Value,
    parent: Value,
    to: *mut u64,
) -> JsResult<()> {
    let (ctor, proto) = class::new_class(rt, child_of(regs, index), scope, parent)?;
    // SAFETY: the verifier has seen that both registers are in the frame.
    unsafe {
        *to = ctor.value().0;
        *to.add(1) = proto.value().0;
    }
    Ok(())
}

helper_group! {
    /// The `arguments` object.
    exit CREATE_ARGUMENTS = create_arguments(rt, first: *const Value, argc: u32) {
        // SAFETY: the prologue runs: the arguments still lie at the frame's start.
        let args = unsafe { std::slice::from_raw_parts(first, argc as usize) };
        arguments::create_arguments(rt, args).value()
    }
    /// The array of a rest parameter.
    exit CREATE_REST = create_rest(rt, first: *const Value, argc: u32, index: u64) {
        // SAFETY: as above.
        let args = unsafe { std::slice::from_raw_parts(first, argc as usize) };
        arguments::create_rest(rt, args, index as u16).value()
    }
    /// A new scope of holes.
    exit NEW_SCOPE = new_scope(rt, parent: Value, count: u64) { Scope::new(&mut rt.heap, parent, count as u32).value() }
    /// Ties an arguments object to the parameters.
    exit MAP_ARGUMENTS = map_arguments(rt, o: Value, scope: Value, first: u64, count: u64) {
        arguments::map_arguments(rt, o, scope, first as u32, count as u32)
    }
    /// The other half of an assignment to a parameter.
    exit SET_MAPPED = set_mapped(rt, o: Value, index: u64, v: Value) { arguments::set_mapped(rt, o, index as u32, v) }
    /// A copy of a scope.
    exit COPY_SCOPE = copy_scope(rt, scope: Value) { Scope::from_value(scope).copy(&mut rt.heap).value() }
    /// A closure over a child of the running function.
    exit NEW_CLOSURE = new_closure(rt, regs: *const u64, index: u64, scope: Value) {
        // SAFETY: compiled code passes its frame.
        let creator = Value(unsafe { *regs.sub(2) });
        class::new_closure(rt, child_of(regs, index), scope, creator)
    }
    /// `{}`.
    exit NEW_OBJECT = new_object(rt, count: u64, slot: *mut LiteralSlot) {
        literal::new_object(rt, count as u16, slot).value()
    }
    /// `[…]`.
    exit NEW_ARRAY = new_array(rt, first: *const Value, count: u64, slot: *mut LiteralSlot) {
        // SAFETY: compiled code passes registers of its frame.
        let values = unsafe { std::slice::from_raw_parts(first, count as usize) };
        literal::new_array(rt, values, slot).value()
    }
    /// Appends to an array literal.
    exit ARRAY_PUSH = array_push(rt, array: Value, v: Value) { literal::array_push(rt, array, v) }
    /// Appends what iterating yields.
    exit ARRAY_SPREAD = array_spread(rt, regs: *const u64, array: Value, source: Value, offset: u64) {
        let text = Site { regs, offset }.callee_text();
        literal::array_spread(rt, array, source, text)
    }
    /// Copies own enumerable properties.
    exit COPY_PROPS = copy_props(rt, object: Value, source: Value, excluded: Value) {
        literal::copy_props(rt, object, source, excluded)
    }
    /// Constructor and prototype of a class, written to `to`.
    exit NEW_CLASS = new_class_at(rt, regs: *const u64, index: u64, scope: Value, parent: Value, to: *mut u64) {
        new_class(rt, regs, index, scope, parent, to)
    }
    /// Remembers a class's field initializer.
    exit SET_FIELD_INIT = set_field_init(rt, ctor: Value, closure: Value) { class::set_field_init(rt, ctor, closure) }
    /// The template object of a site.
    exit TEMPLATE_OBJECT = template_object(rt, first: *const Value, count: u64, slot: *mut LiteralSlot) {
        // SAFETY: as for arrays.
        let strings = unsafe { std::slice::from_raw_parts(first, 2 * count as usize) };
        literal::template_object(rt, strings, slot).value()
    }
    /// A regular expression.
    exit NEW_REGEXP = new_regexp(rt, pattern: Value, flags: Value) { regexp::literal(rt, pattern, flags) }
    /// Begins a for-of.
    exit ITER_INIT = iter_init(rt, regs: *const u64, state: *mut iteration::IterState, source: Value, offset: u64, slot: *mut ElementSlot) {
        iteration::learn_iteration(slot, source);
        // SAFETY: compiled code passes three registers of its frame.
        iteration::iter_init(rt, unsafe { &mut *state }, source, || Site { regs, offset }.callee_text())
    }
    /// The next value; CONTINUE at the end.
    exit ITER_NEXT = iter_next(rt, state: *mut iteration::IterState) {
        // SAFETY: as above.
        step(iteration::iter_next(rt, unsafe { &mut *state }))
    }
    /// Ends a for-of early.
    exit ITER_CLOSE = iter_close(rt, state: *mut iteration::IterState) {
        // SAFETY: as above.
        iteration::iter_close(rt, unsafe { &mut *state })
    }
    /// Begins a for-in.
    exit ENUM_INIT = enum_init(rt, state: *mut iteration::IterState, source: Value) {
        // SAFETY: as above.
        iteration::enum_init(rt, unsafe { &mut *state }, source)
    }
    /// The next key; CONTINUE at the end.
    exit ENUM_NEXT = enum_next(rt, state: *mut iteration::IterState) {
        // SAFETY: as above.
        step(iteration::enum_next(rt, unsafe { &mut *state }))
    }
    /// TypeError: null or undefined cannot be destructured.
    exit THROW_NOT_DESTRUCTURABLE = throw_not_destructurable(rt, regs: *const u64, v: Value, offset: u64) {
        let text = Site { regs, offset }.callee_text();
        literal::throw_not_destructurable(rt, v, text)
    }
}
