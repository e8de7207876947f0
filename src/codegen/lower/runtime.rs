//! What optimized code calls: the thunks behind [`RuntimeFn`], calls and allocation, and leaf functions.
//!
//! A *thunk* is an exit thunk: the native stack can be walked, garbage collected, code invalidated while it runs; its result
//! is a value, or the reserved word. A *leaf* is a plain function that does none of that.

use crate::hir::field::MathFn;
use crate::hir::runtime_fn::RuntimeFn;
use crate::interp;
use crate::runtime::atoms::Atom;
use crate::runtime::builtins;
use crate::runtime::cell::{Cell, CellKind};
use crate::runtime::function::{FunctionInfo, ModuleCell, flags};
use crate::runtime::native::{Args, native_entry};
use crate::runtime::object::{Obj, Scope};
use crate::runtime::ops;
use crate::runtime::runtime::{JsResult, Runtime, Thrown, inline_slots, key_of_atom};
use crate::runtime::shape::{ElementsKind, Key, PropertyKey};
use crate::runtime::string::Str;
use crate::runtime::value::Value;
use crate::runtime::{arith, compare, convert, math};
use crate::{exit_thunk, preserving_thunk};
use std::cmp::Ordering;

/// How a runtime function takes its operands.
#[derive(Clone, Copy, Debug)]
pub enum Convention {
    /// As words, after the runtime. The address is a thunk's.
    Words(usize),
    /// In memory: `fn(rt, first, count)`.
    Window(usize),
    /// As words, after the runtime, which it does not need to find its frames: it neither throws nor allocates.
    Leaf(usize),
}

fn word(result: JsResult) -> u64 {
    match result {
        Ok(v) => {
            debug_assert!(!v.is_empty(), "the reserved word is no result");
            v.0
        }
        Err(Thrown) => Value::EMPTY.0,
    }
}

/// Runs a body that may leave early with `?`.
fn attempt(body: impl FnOnce() -> JsResult) -> JsResult {
    body()
}

/// A boolean result.
fn flag(result: JsResult<bool>) -> JsResult {
    result.map(Value::bool)
}

/// An operation without a result: any word but the reserved one.
fn done(result: JsResult<()>) -> JsResult {
    result.map(|()| Value::UNDEFINED)
}

macro_rules! thunks {
    ($( $(#[doc = $doc:literal])+ $name:ident / $body:ident ($rt:ident $(, $arg:ident)*) $code:block )+) => { $(
        extern "C" fn $body($rt: *mut Runtime $(, $arg: u64)*) -> u64 {
            // SAFETY: compiled code passes the runtime that it belongs to, and nobody else uses it meanwhile.
            let $rt = unsafe { &mut *$rt };
            $( let $arg = Value($arg); )*
            word(attempt(|| $code))
        }
        exit_thunk!($(#[doc = $doc])+ $name, $body);
    )+ };
}

thunks! {
    /// `a + b`.
    add / add_body(rt, a, b) { arith::add(rt, a, b) }
    /// `a - b`.
    sub / sub_body(rt, a, b) { arith::sub(rt, a, b) }
    /// `a * b`.
    mul / mul_body(rt, a, b) { arith::mul(rt, a, b) }
    /// `a / b`.
    div / div_body(rt, a, b) { arith::div(rt, a, b) }
    /// `a % b`.
    modulo / modulo_body(rt, a, b) { arith::modulo(rt, a, b) }
    /// `a ** b`.
    pow / pow_body(rt, a, b) { arith::exp(rt, a, b) }
    /// `a & b`.
    bit_and / bit_and_body(rt, a, b) { arith::bit_and(rt, a, b) }
    /// `a | b`.
    bit_or / bit_or_body(rt, a, b) { arith::bit_or(rt, a, b) }
    /// `a ^ b`.
    bit_xor / bit_xor_body(rt, a, b) { arith::bit_xor(rt, a, b) }
    /// `a << b`.
    shl / shl_body(rt, a, b) { arith::shl(rt, a, b) }
    /// `a >> b`.
    sar / sar_body(rt, a, b) { arith::shr(rt, a, b) }
    /// `a >>> b`.
    shr / shr_body(rt, a, b) { arith::ushr(rt, a, b) }
    /// `-a`.
    neg / neg_body(rt, a) { arith::neg(rt, a) }
    /// `~a`.
    bit_not / bit_not_body(rt, a) { arith::bit_not(rt, a) }
    /// `ToNumber(a)`.
    to_number / to_number_body(rt, a) { convert::to_numeric(rt, a) }
    /// `ToString(a)`.
    to_string / to_string_body(rt, a) { convert::to_string(rt, a).map(|s| s.value()) }
    /// `a < b`.
    less / less_body(rt, a, b) { ordered(rt, a, b, |o| o == Ordering::Less) }
    /// `a <= b`.
    less_equal / less_equal_body(rt, a, b) { ordered(rt, a, b, |o| o != Ordering::Greater) }
    /// `a > b`.
    greater / greater_body(rt, a, b) { ordered(rt, a, b, |o| o == Ordering::Greater) }
    /// `a >= b`.
    greater_equal / greater_equal_body(rt, a, b) { ordered(rt, a, b, |o| o != Ordering::Less) }
    /// `a == b`.
    loose_equal / loose_equal_body(rt, a, b) { flag(compare::loose_eq(rt, a, b)) }
    /// `typeof a`.
    type_of / type_of_body(rt, a) { Ok(convert::type_of(rt, a).value()) }
    /// `a instanceof b`.
    instance_of / instance_of_body(rt, a, b) { flag(compare::instance_of(rt, a, b)) }
    /// `key in object`.
    has / has_body(rt, key, object) { flag(compare::has_property(rt, key, object)) }
    /// `object.key`.
    get_named / get_named_body(rt, object, key) {
        // Names of indices are never learned.
        if let Some(v) = rt.recall_named(object, Key(key)) {
            return Ok(v);
        }
        match atom_key(key) {
            PropertyKey::Name(name) => rt.get_named(object, name),
            index => rt.get(object, index),
        }
    }
    /// `object.key = value`.
    set_named / set_named_body(rt, object, key, value) {
        done(match atom_key(key) {
            PropertyKey::Name(name) => rt.set_named(object, name, value),
            index => rt.assign(object, index, value),
        })
    }
    /// `object[key]`.
    get_keyed / get_keyed_body(rt, object, key) { rt.get_element(object, key) }
    /// `object[key] = value`.
    set_keyed / set_keyed_body(rt, object, key, value) { done(rt.set_element(object, key, value)) }
    /// `{}` with room for properties.
    new_object / new_object_body(rt, count) {
        let slots = inline_slots(if count.0 == 0 { 4 } else { count.0 as u32 });
        Ok(rt.new_plain_object(slots).value())
    }
    /// `ToPropertyKey(a)`.
    sloppy_this / sloppy_this_body(rt, given) { ops::bindings::sloppy_this(rt, given) }
    /// A property key.
    to_key / to_key_body(rt, a) { convert::to_property_key(rt, a).map(|key| convert::key_to_value(rt, key)) }
    /// `delete object[key]`.
    delete_keyed / delete_keyed_body(rt, object, key) {
        let key = convert::to_property_key(rt, key)?;
        flag(rt.delete_operator(object, key))
    }
    /// Own data property.
    define_field / define_field_body(rt, object, key, value) { done(ops::literal::define_element(rt, object, key, value)) }
    /// Own method.
    define_method / define_method_body(rt, bits, object, key, closure) {
        done(ops::class::define_method(rt, object, key, closure, bits.0 as u16))
    }
    /// Name of a closure.
    set_function_name / set_function_name_body(rt, bits, closure, key) {
        done(ops::class::set_function_name(rt, closure, key, bits.0 as u16))
    }
    /// `__proto__: value` in a literal.
    set_proto / set_proto_body(rt, object, proto) {
        ops::class::set_literal_proto(rt, object, proto);
        done(Ok(()))
    }
    /// `super[key]`.
    get_super / get_super_body(rt, closure, key, this) { ops::super_access::get_super(rt, object(closure), key, this) }
    /// `super[key] = value`.
    set_super / set_super_body(rt, closure, key, value, this) {
        done(ops::super_access::set_super(rt, object(closure), key, value, this))
    }
    /// `object.#key`.
    get_private / get_private_body(rt, object, key) { ops::private::get_private(rt, object, key) }
    /// `object.#key = value`.
    set_private / set_private_body(rt, object, key, value) { done(ops::private::set_private(rt, object, key, value)) }
    /// Adds a private member.
    define_private / define_private_body(rt, kind, object, key, value) {
        done(ops::private::define_private(rt, object, key, value, kind.0 as u16))
    }
    /// `#key in object`.
    has_private / has_private_body(rt, object, key) { flag(ops::private::has_private(rt, object, key)) }
    /// A new private symbol.
    new_private_name / new_private_name_body(rt, description) { Ok(ops::private::new_private_name(rt, description)) }
    /// A regular expression.
    new_regexp / new_regexp_body(rt, pattern, flags) { crate::runtime::builtins::regexp::literal(rt, pattern, flags) }
    /// Copies own enumerable properties.
    copy_props / copy_props_body(rt, object, source, excluded) {
        done(ops::literal::copy_props(rt, object, source, excluded))
    }
    /// A property of the global object.
    get_global / get_global_body(rt, name) {
        ops::bindings::get_global_untaught(rt, name)
    }
    /// `typeof` of a property of the global object.
    typeof_global / typeof_global_body(rt, name) { ops::bindings::typeof_global(rt, name) }
    /// Assigns a module binding.
    set_module / set_module_body(rt, cell, value) {
        ops::bindings::set_module(rt, cell.0 as *mut ModuleCell, value);
        done(Ok(()))
    }
    /// Initializes a module binding.
    init_module / init_module_body(_rt, cell, value) {
        // SAFETY: compiled code passes a cell of the runtime's module table.
        ops::bindings::init_module(unsafe { &mut *(cell.0 as *mut ModuleCell) }, value);
        done(Ok(()))
    }
    /// Ties an arguments object to the parameters.
    map_arguments / map_arguments_body(rt, place, o, scope) {
        let (first, count) = (place.0 as u32 & 0xFFFF, (place.0 >> 16) as u32);
        Ok(ops::arguments::map_arguments(rt, o, scope, first, count))
    }
    /// The other half of an assignment to a parameter.
    set_mapped / set_mapped_body(rt, index, o, v) {
        ops::arguments::set_mapped(rt, o, index.0 as u32, v);
        done(Ok(()))
    }
    /// An empty array of a kind with room for `length` elements.
    new_array_of / new_array_of_body(rt, kind, length) {
        let kind = ElementsKind::ALL[kind.0 as usize];
        Ok(rt.new_array_of(kind, ops::prelude::room(length)).value())
    }
    /// `new Array(length)`.
    new_array_holey / new_array_holey_body(rt, kind, length) {
        let kind = ElementsKind::ALL[kind.0 as usize];
        let array = ops::prelude::array_of_length(rt, kind, length.as_int())?;
        Ok(array.value())
    }
    /// A copy of a scope.
    copy_scope / copy_scope_body(rt, scope) { Ok(Scope::from_value(scope).copy(&mut rt.heap).value()) }
    /// `callee.apply(this, array)`.
    call_spread / call_spread_body(rt, callee, this, array, text) {
        if Obj::from_value(callee).is_none_or(|f| !f.is_callable()) {
            return ops::calls::throw_not_callable(rt, callee, text_of(text));
        }
        rt.call(callee, this, &ops::literal::spread_arguments(array))
    }
    /// `new callee(...array)`.
    new_spread / new_spread_body(rt, callee, array, text) {
        match Obj::from_value(callee).filter(|f| rt.is_constructor(*f)) {
            Some(f) => rt.construct(callee, &ops::literal::spread_arguments(array), f),
            None => ops::calls::throw_not_constructor(rt, callee, text_of(text)),
        }
    }
    /// The constructor that `super()` calls.
    parent_constructor / parent_constructor_body(rt, closure) {
        ops::calls::parent_constructor(rt, closure).map(|parent| parent.value())
    }
    /// `super(...array)`.
    super_call_spread / super_call_spread_body(rt, closure, new_target, array) {
        let parent = ops::calls::parent_constructor(rt, closure)?;
        match Obj::from_value(new_target) {
            Some(target) => rt.construct(parent.value(), &ops::literal::spread_arguments(array), target),
            None => rt.throw_type("new.target is not an object"),
        }
    }
    /// Runs the field initializer.
    init_fields / init_fields_body(rt, callee, object) { done(ops::class::init_fields(rt, callee, object)) }
    /// Appends to an array of a literal.
    array_append / array_append_body(rt, array, value) { done(ops::literal::array_push(rt, array, value)) }
    /// Appends what iterating gives.
    array_spread / array_spread_body(rt, array, source, text) {
        done(ops::literal::array_spread(rt, array, source, text_of(text)))
    }
    /// Field initializer of a class.
    set_field_init / set_field_init_body(rt, ctor, closure) { done(ops::class::set_field_init(rt, ctor, closure)) }
    /// A new closure over the n-th child of a function.
    new_closure / new_closure_body(rt, parent, child, scope, creator) {
        // SAFETY: compiled code passes the address of a function, and the number of one of its children; infos live as long
        // as the runtime.
        let info = unsafe { (&(*(parent.0 as *const FunctionInfo)).children)[child.0 as usize] };
        Ok(ops::class::new_closure(rt, info, scope, creator))
    }
    /// Begins a for-of loop.
    iter_init / iter_init_body(rt, source, text) {
        let mut state = [Value::UNDEFINED; 3];
        let begun = ops::iteration::iter_init(rt, &mut state, source, || text_of(text));
        rt.head.leave_scratch(&state);
        done(begun)
    }
    /// The next value of a for-of loop, or the hole.
    iter_next / iter_next_body(rt, source, position, mode) {
        let mut state = [source, position, mode];
        let next = ops::iteration::iter_next(rt, &mut state);
        rt.head.leave_scratch(&state);
        next.map(|v| v.unwrap_or(Value::HOLE))
    }
    /// Ends a for-of loop early.
    iter_close / iter_close_body(rt, source, position, mode) {
        done(ops::iteration::iter_close(rt, &mut [source, position, mode]))
    }
    /// Begins a for-in loop.
    enum_init / enum_init_body(rt, source) {
        let mut state = [Value::UNDEFINED; 3];
        let begun = ops::iteration::enum_init(rt, &mut state, source);
        rt.head.leave_scratch(&state);
        done(begun)
    }
    /// The next key of a for-in loop, or the hole.
    enum_next / enum_next_body(rt, keys, index, object) {
        let mut state = [keys, index, object];
        let next = ops::iteration::enum_next(rt, &mut state);
        rt.head.leave_scratch(&state[1..2]);
        next.map(|v| v.unwrap_or(Value::HOLE))
    }
    /// A class.
    new_class / new_class_body(rt, parent_info, child, scope, parent) {
        // SAFETY: as in `new_closure`, of a tagged number.
        let info = unsafe { (&(*(parent_info.0 as *const FunctionInfo)).children)[child.as_int() as usize] };
        let (constructor, proto) = ops::class::new_class(rt, info, scope, parent)?;
        rt.head.leave_scratch(&[proto.value()]);
        Ok(constructor.value())
    }
    /// What `this` is when a constructor begins.
    construct_this / construct_this_body(rt, constructor, new_target) {
        match (Obj::from_value(constructor), Obj::from_value(new_target)) {
            (Some(f), Some(target)) => rt.construct_this(f, target),
            (None, _) | (_, None) => rt.throw_type("new.target is not an object"),
        }
    }
    /// Takes the pending exception, if the reserved word that a call returned means that there is one to be caught.
    caught_exception / caught_exception_body(rt) {
        if rt.head.lazy_pending != 0 || rt.termination.is_some() {
            return Err(Thrown);
        }
        Ok(rt.take_exception())
    }
    /// Throws a value.
    throw / throw_body(rt, value) { rt.throw(value) }
    /// Concatenates two strings.
    concat / concat_body(rt, a, b) {
        match (Str::from_value(a), Str::from_value(b)) {
            (Some(a), Some(b)) => arith::concat(rt, a, b),
            (None, _) | (_, None) => arith::add(rt, a, b),
        }
    }
    /// Throws the RangeError of a stack overflow.
    stack_overflow / stack_overflow_body(rt) { rt.throw_stack_overflow() }
    /// Appends to an array; the result is the new length.
    array_push / array_push_body(rt, array, value) {
        match Obj::from_value(array) {
            Some(a) => {
                rt.array_push(a, value)?;
                Ok(Value::from_u32(a.array_length()))
            }
            None => rt.throw_type("not an array"),
        }
    }
}

/// A text that is a string constant, or `undefined`.
fn text_of(text: Value) -> Option<String> {
    Str::from_value(text).map(|s| s.to_rust())
}

fn ordered(rt: &mut Runtime, a: Value, b: Value, holds: impl Fn(Ordering) -> bool) -> JsResult {
    flag(compare::order(rt, a, b).map(|o| o.is_some_and(holds)))
}

/// An operand that is always an object.
fn object(v: Value) -> Obj {
    Obj::from_value(v).expect("the running closure is an object")
}

/// The property key that an atom in a constant spells.
fn atom_key(key: Value) -> PropertyKey {
    match Atom::from_value(key) {
        Some(a) => key_of_atom(a),
        None => PropertyKey::Name(Key(key)),
    }
}

// ---- those that take addresses or plain numbers -----------------------------------------------------------------

/// Calls the callable at `regs[-2]`; anything but a closure comes here. `text`: the callee's source text, or 0.
extern "C" fn call_body(rt: *mut Runtime, regs: *mut u64, argc: u64, text: u64) -> u64 {
    // SAFETY: compiled code passes its runtime and the window that it has just written.
    let (rt, callee) = unsafe { (&mut *rt, Value(*regs.sub(2))) };
    let callable = Obj::from_value(callee).filter(|f| f.is_callable() && !ops::class::is_class_constructor(*f));
    let Some(f) = callable else {
        let text = Str::from_value(Value(text)).map(|s| s.to_rust());
        return word(ops::calls::throw_not_callable(rt, callee, text));
    };
    word(call_window(rt, f, regs, argc as u32))
}
exit_thunk!(call, call_body);

/// Calls the native at `regs[-2]`.
extern "C" fn native_body(rt: *mut Runtime, regs: *mut u64, argc: u64) -> u64 {
    // SAFETY: compiled code passes its runtime and the window that it has just written, and has looked at the callee's kind.
    unsafe { native_entry(rt, regs, argc as u32) }
}
exit_thunk!(native, native_body);

/// `new regs[-2](…)` with new.target at `regs[-1]`.
extern "C" fn construct_body(rt: *mut Runtime, regs: *mut u64, argc: u64, text: u64) -> u64 {
    // SAFETY: as in `call_body`.
    let (rt, callee, target) = unsafe { (&mut *rt, Value(*regs.sub(2)), Value(*regs.sub(1))) };
    let constructor = Obj::from_value(callee).filter(|f| rt.is_constructor(*f));
    let (Some(f), Some(target)) = (constructor, Obj::from_value(target)) else {
        let text = Str::from_value(Value(text)).map(|s| s.to_rust());
        return word(ops::calls::throw_not_constructor(rt, callee, text));
    };
    // The arguments lie past `sp` until the callee's frame covers them: making `this` must not lose them.
    let end = rt.head.sp;
    // SAFETY: the window lies on the VM stack.
    rt.head.sp = unsafe { regs.add(argc as usize) };
    let this = rt.construct_this(f, target);
    rt.head.sp = end;
    let result = this.and_then(|this| {
        // SAFETY: as above.
        unsafe { *regs.sub(1) = this.0 };
        let reads_target = f.kind() != CellKind::Function || {
            // SAFETY: infos live as long as the runtime.
            unsafe { (*f.function_info()).flags & flags::READS_NEW_TARGET != 0 }
        };
        if reads_target {
            rt.head.new_target = target.value();
        }
        call_window(rt, f, regs, argc as u32).map(|result| ops::calls::constructed(result, this))
    });
    word(result)
}
exit_thunk!(construct, construct_body);

/// Calls a callable whose callee, `this` and arguments are in place.
fn call_window(rt: &mut Runtime, f: Obj, regs: *mut u64, argc: u32) -> JsResult {
    let (entry, _) = rt.entry_of(f);
    let end = rt.head.sp;
    // SAFETY: the window lies on the VM stack, within the red zone at worst.
    rt.head.sp = unsafe { regs.add(argc as usize) };
    // SAFETY: the entry is the callable's own.
    let result = unsafe { (rt.hooks.enter)(rt, entry, regs, argc) };
    rt.head.sp = end;
    if result == Value::EMPTY.0 { Err(Thrown) } else { Ok(Value(result)) }
}

/// An array of the `count` values at `first`.
extern "C" fn new_array_body(rt: *mut Runtime, first: *const Value, count: u64) -> u64 {
    // SAFETY: compiled code has just written the values past `sp`; they are covered while the array is made.
    let (rt, values) = unsafe { (&mut *rt, std::slice::from_raw_parts(first, count as usize)) };
    let end = rt.head.sp;
    // SAFETY: within the VM stack's red zone at worst.
    rt.head.sp = unsafe { first.add(count as usize) as *mut u64 };
    let array = rt.new_array_from(values);
    rt.head.sp = end;
    array.value().0
}
exit_thunk!(new_array, new_array_body);

/// The `arguments` of the `count` values at `first`. Their shape is the runtime's own.
extern "C" fn new_arguments_body(rt: *mut Runtime, _shape: u64, first: *const Value, count: u64) -> u64 {
    // SAFETY: as in `new_array_body`.
    let (rt, values) = unsafe { (&mut *rt, std::slice::from_raw_parts(first, count as usize)) };
    let end = rt.head.sp;
    // SAFETY: within the VM stack's red zone at worst.
    rt.head.sp = unsafe { first.add(count as usize) as *mut u64 };
    let object = ops::arguments::create_arguments(rt, values);
    rt.head.sp = end;
    object.value().0
}
exit_thunk!(new_arguments, new_arguments_body);

/// The array of a rest parameter that begins at `index`, of the `count` arguments at `first`.
extern "C" fn rest_arguments_body(rt: *mut Runtime, first: *const Value, count: u64, index: u64) -> u64 {
    let skipped = index.min(count);
    // SAFETY: the arguments lie on the VM stack, past `sp`, as in `new_array_body`.
    new_array_body(rt, unsafe { first.add(skipped as usize) }, count - skipped)
}
exit_thunk!(rest_arguments, rest_arguments_body);

/// `%intrinsic(...)`.
extern "C" fn intrinsic_body(rt: *mut Runtime, id: u64, first: *const Value, count: u64) -> u64 {
    // SAFETY: as in `new_array_body`.
    let (rt, values) = unsafe { (&mut *rt, std::slice::from_raw_parts(first, count as usize)) };
    let end = rt.head.sp;
    // SAFETY: within the VM stack's red zone at worst.
    rt.head.sp = unsafe { first.add(count as usize) as *mut u64 };
    let result = (rt.hooks.intrinsic)(rt, id as u16, values);
    rt.head.sp = end;
    word(result)
}
exit_thunk!(intrinsic, intrinsic_body);

/// A built-in: callee, `this`, arguments.
extern "C" fn library_body(rt: *mut Runtime, id: u64, first: *mut u64, count: u64) -> u64 {
    // SAFETY: as in `new_array_body`; the values are a window like that of any call.
    let (rt, mut args) = unsafe { (&mut *rt, Args::from_raw(first.add(2), count as u32 - 2, Value::UNDEFINED)) };
    let end = rt.head.sp;
    // SAFETY: within the VM stack's red zone at worst.
    rt.head.sp = unsafe { first.add(count as usize) };
    let result = rt.run_native(id as u32, &mut args);
    rt.head.sp = end;
    debug_assert!(result.is_err() || result.is_ok_and(|v| builtins::knowledge(id as u32).result.admits(v)));
    word(result)
}
exit_thunk!(library, library_body);

/// Polls for interrupts; leaves in the head 1 to go on, 0 to leave.
extern "C" fn poll_body(rt: *mut Runtime) {
    // SAFETY: compiled code passes its runtime.
    let rt = unsafe { &mut *rt };
    // SAFETY: the runtime is a machine's.
    let safepoint = unsafe { (*interp::Interp::of(rt)).hooks.safepoint };
    rt.head.preserved_result = interp::hooks::safepoint(rt, safepoint).is_ok() as u64;
}
preserving_thunk!(poll, poll_body);

/// A new zeroed cell.
extern "C" fn allocate_body(rt: *mut Runtime, bytes: u64, kind: u64) -> u64 {
    // SAFETY: compiled code passes its runtime, and only kinds that it allocates inline.
    let (rt, kind) = unsafe { (&mut *rt, std::mem::transmute::<u8, CellKind>(kind as u8)) };
    rt.heap.alloc(bytes as usize, kind) as u64
}
exit_thunk!(allocate, allocate_body);

/// Makes an array of int32 one of doubles.
extern "C" fn widen_body(rt: *mut Runtime, array: u64) -> u64 {
    // SAFETY: compiled code passes its runtime.
    let rt = unsafe { &mut *rt };
    if let Some(o) = Obj::from_value(Value(array)) {
        let kind = rt.shapes.of(o).elements;
        crate::runtime::elements::transition(rt, o, kind.widened_to_double());
    }
    array
}
exit_thunk!(widen, widen_body);

/// The code unit at an index in bounds.
extern "C" fn code_at_body(rt: *mut Runtime, s: u64, index: u64) -> u64 {
    // SAFETY: compiled code passes its runtime.
    let rt = unsafe { &mut *rt };
    Str::from_value(Value(s)).and_then(|s| s.char_code_at(&mut rt.heap, index as usize)).unwrap_or(0) as u64
}
exit_thunk!(code_at, code_at_body);

/// The string of one code unit.
extern "C" fn from_code_body(rt: *mut Runtime, code: u64) -> u64 {
    // SAFETY: compiled code passes its runtime.
    let rt = unsafe { &mut *rt };
    rt.atoms.single(&mut rt.heap, code as u16).value().0
}
exit_thunk!(from_code, from_code_body);

/// How two strings compare: negative, zero, positive.
extern "C" fn string_order_body(rt: *mut Runtime, a: u64, b: u64) -> u64 {
    // SAFETY: compiled code passes its runtime.
    let rt = unsafe { &mut *rt };
    match (Str::from_value(Value(a)), Str::from_value(Value(b))) {
        (Some(a), Some(b)) => Str::compare(&mut rt.heap, a, b) as i64 as u64,
        (None, _) | (_, None) => 0,
    }
}
exit_thunk!(string_order, string_order_body);

macro_rules! addresses {
    ($($name:ident => $thunk:ident),+ $(,)?) => { $(
        #[doc = concat!("Address of the thunk `", stringify!($thunk), "`.")]
        pub fn $name() -> usize {
            $thunk as *const () as usize
        }
    )+ };
}
addresses! {
    stack_overflow_thunk => stack_overflow, poll_thunk => poll, call_thunk => call, construct_thunk => construct,
    throw_thunk => throw, concat_thunk => concat, new_array_holey_thunk => new_array_holey, code_at_thunk => code_at,
    from_code_thunk => from_code, string_order_thunk => string_order, allocate_thunk => allocate,
    array_push_thunk => array_push, widen_thunk => widen, native_thunk => native, caught_exception_thunk => caught_exception,
    rest_arguments_thunk => rest_arguments, arguments_object_thunk => new_arguments, new_closure_thunk => new_closure,
}

/// The thunk of a runtime function.
pub fn thunk_of(function: RuntimeFn) -> Convention {
    let thunk: extern "C" fn() = match function {
        RuntimeFn::Add => add,
        RuntimeFn::Sub => sub,
        RuntimeFn::Mul => mul,
        RuntimeFn::Div => div,
        RuntimeFn::Mod => modulo,
        RuntimeFn::Pow => pow,
        RuntimeFn::BitAnd => bit_and,
        RuntimeFn::BitOr => bit_or,
        RuntimeFn::BitXor => bit_xor,
        RuntimeFn::Shl => shl,
        RuntimeFn::Sar => sar,
        RuntimeFn::Shr => shr,
        RuntimeFn::Neg => neg,
        RuntimeFn::BitNot => bit_not,
        RuntimeFn::ToNumber => to_number,
        RuntimeFn::ToString => to_string,
        // The effects differ, not what is done.
        RuntimeFn::StringToNumber => to_number,
        RuntimeFn::NumberToString => to_string,
        RuntimeFn::Less => less,
        RuntimeFn::LessEqual => less_equal,
        RuntimeFn::Greater => greater,
        RuntimeFn::GreaterEqual => greater_equal,
        RuntimeFn::LooseEqual => loose_equal,
        RuntimeFn::TypeOf => type_of,
        RuntimeFn::InstanceOf => instance_of,
        RuntimeFn::Inherits => return Convention::Leaf(leaf_inherits as *const () as usize),
        RuntimeFn::In => has,
        RuntimeFn::GetNamed => get_named,
        RuntimeFn::SetNamed => set_named,
        RuntimeFn::GetKeyed => get_keyed,
        RuntimeFn::SetKeyed => set_keyed,
        RuntimeFn::NewArray => return Convention::Window(new_array as *const () as usize),
        RuntimeFn::NewArguments => return Convention::Window(new_arguments as *const () as usize),
        RuntimeFn::NewArrayOf => new_array_of,
        RuntimeFn::NewArrayHoley => new_array_holey,
        RuntimeFn::NewObject => new_object,
        RuntimeFn::IterInit => iter_init,
        RuntimeFn::IterNext => iter_next,
        RuntimeFn::IterClose => iter_close,
        RuntimeFn::EnumInit => enum_init,
        RuntimeFn::EnumNext => enum_next,
        RuntimeFn::NewClass => new_class,
        RuntimeFn::ConstructThis => construct_this,
        RuntimeFn::Native => return Convention::Window(library as *const () as usize),
        RuntimeFn::Intrinsic => return Convention::Window(intrinsic as *const () as usize),
        RuntimeFn::ToKey => to_key,
        RuntimeFn::SloppyThis => sloppy_this,
        RuntimeFn::DeleteKeyed => delete_keyed,
        RuntimeFn::DefineField => define_field,
        RuntimeFn::DefineMethod => define_method,
        RuntimeFn::SetFunctionName => set_function_name,
        RuntimeFn::SetProto => set_proto,
        RuntimeFn::GetSuper => get_super,
        RuntimeFn::SetSuper => set_super,
        RuntimeFn::GetPrivate => get_private,
        RuntimeFn::SetPrivate => set_private,
        RuntimeFn::DefinePrivate => define_private,
        RuntimeFn::HasPrivate => has_private,
        RuntimeFn::NewPrivateName => new_private_name,
        RuntimeFn::NewRegExp => new_regexp,
        RuntimeFn::CopyProps => copy_props,
        RuntimeFn::GetGlobal => get_global,
        RuntimeFn::TypeofGlobal => typeof_global,
        RuntimeFn::SetModule => set_module,
        RuntimeFn::InitModule => init_module,
        RuntimeFn::MapArguments => map_arguments,
        RuntimeFn::SetMapped => set_mapped,
        RuntimeFn::CopyScope => copy_scope,
        RuntimeFn::CallSpread => call_spread,
        RuntimeFn::NewSpread => new_spread,
        RuntimeFn::ParentConstructor => parent_constructor,
        RuntimeFn::SuperCallSpread => super_call_spread,
        RuntimeFn::InitFields => init_fields,
        RuntimeFn::ArrayAppend => array_append,
        RuntimeFn::ArraySpread => array_spread,
        RuntimeFn::SetFieldInit => set_field_init,
    };
    Convention::Words(thunk as *const () as usize)
}

// ---- leaves -----------------------------------------------------------------------------------------------------

/// `ToBoolean`.
pub extern "C" fn leaf_is_truthy(v: u64) -> u64 {
    convert::to_boolean(Value(v)) as u64
}

/// `a === b`. May flatten a string, which allocates without running code or looking at compiled frames.
pub extern "C" fn leaf_strict_equal(rt: *mut Runtime, a: u64, b: u64) -> u64 {
    // SAFETY: compiled code passes its runtime.
    let rt = unsafe { &mut *rt };
    compare::strict_eq(&mut rt.heap, Value(a), Value(b)) as u64
}

/// Whether `a` is an object that inherits from `prototype`.
pub extern "C" fn leaf_inherits(rt: *mut Runtime, a: u64, prototype: u64) -> u64 {
    // SAFETY: compiled code passes its runtime.
    let rt = unsafe { &*rt };
    Value::bool(compare::inherits(rt, Value(a), Value(prototype))).0
}

/// Puts an old cell into which a young one was stored into the remembered set.
pub extern "C" fn leaf_remember(rt: *mut Runtime, cell: *mut Cell) -> u64 {
    // SAFETY: compiled code passes its runtime and a live cell.
    unsafe { (*rt).heap.remember(cell) };
    0
}

/// `a % b`.
pub extern "C" fn leaf_modulo(a: f64, b: f64) -> f64 {
    math::modulo(a, b)
}
/// `a ** b`.
pub extern "C" fn leaf_pow(a: f64, b: f64) -> f64 {
    math::pow(a, b)
}
/// `Math.atan2(a, b)`.
pub extern "C" fn leaf_atan2(a: f64, b: f64) -> f64 {
    math::atan2(a, b)
}

/// The leaf behind a function of `Math`.
pub fn math(function: MathFn) -> extern "C" fn(f64) -> f64 {
    macro_rules! leaf {
        ($name:ident) => {{
            extern "C" fn leaf(a: f64) -> f64 {
                math::$name(a)
            }
            leaf
        }};
    }
    match function {
        MathFn::Sin => leaf!(sin),
        MathFn::Cos => leaf!(cos),
        MathFn::Tan => leaf!(tan),
        MathFn::Asin => leaf!(asin),
        MathFn::Acos => leaf!(acos),
        MathFn::Atan => leaf!(atan),
        MathFn::Exp => leaf!(exp),
        MathFn::Log => leaf!(log),
        MathFn::Log2 => leaf!(log2),
        MathFn::Log10 => leaf!(log10),
        MathFn::Cbrt => leaf!(cbrt),
    }
}
