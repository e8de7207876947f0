//! What optimized code calls: the thunks behind [`RuntimeFn`], calls and allocation, and leaf functions.
//!
//! A *thunk* is an exit thunk: the native stack can be walked, garbage collected, code invalidated while it runs; its result
//! is a value, or the reserved word. A *leaf* is a plain function that does none of that.

use crate::exit_thunk;
use crate::hir::field::MathFn;
use crate::hir::runtime_fn::RuntimeFn;
use crate::interp;
use crate::runtime::atoms::Atom;
use crate::runtime::cell::{Cell, CellKind};
use crate::runtime::function::flags;
use crate::runtime::object::Obj;
use crate::runtime::ops;
use crate::runtime::runtime::{JsResult, Runtime, Thrown, key_of_atom};
use crate::runtime::shape::PropertyKey;
use crate::runtime::string::Str;
use crate::runtime::value::Value;
use crate::runtime::{arith, compare, convert, math};
use std::cmp::Ordering;

/// How a runtime function takes its operands.
#[derive(Clone, Copy, Debug)]
pub enum Convention {
    /// As words, after the runtime. The address is a thunk's.
    Words(usize),
    /// In memory: `fn(rt, first, count)`.
    Window(usize),
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
            word((|| -> JsResult { $code })())
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
        let key = atom_key(key);
        rt.get(object, key)
    }
    /// `object.key = value`.
    set_named / set_named_body(rt, object, key, value) {
        let key = atom_key(key);
        done(rt.set(object, key, value))
    }
    /// `object[key]`.
    get_keyed / get_keyed_body(rt, object, key) {
        let mut scratch = crate::feedback::slot::ElementSlot::default();
        rt.get_element_slow(object, key, &raw mut scratch)
    }
    /// `object[key] = value`.
    set_keyed / set_keyed_body(rt, object, key, value) {
        let mut scratch = crate::feedback::slot::ElementSlot::default();
        done(rt.set_element_slow(object, key, value, &raw mut scratch))
    }
    /// `{}`.
    new_object / new_object_body(rt) { Ok(rt.new_plain_object(3).value()) }
    /// Throws: the binding is not initialized.
    throw_uninitialized / throw_uninitialized_body(rt, name) {
        let name = Str::from_value(name).map_or(String::new(), |s| s.to_rust());
        rt.throw_reference(&format!("Cannot access '{name}' before initialization"))
    }
    /// What `this` is when a constructor starts.
    create_this / create_this_body(rt, callee, new_target) {
        match (Obj::from_value(callee), Obj::from_value(new_target)) {
            (Some(f), Some(t)) => rt.construct_this(f, t),
            (None, _) | (_, None) => rt.throw_type("not a constructor"),
        }
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

fn ordered(rt: &mut Runtime, a: Value, b: Value, holds: impl Fn(Ordering) -> bool) -> JsResult {
    flag(compare::order(rt, a, b).map(|o| o.is_some_and(holds)))
}

/// The property key that an atom in a constant spells.
fn atom_key(key: Value) -> PropertyKey {
    match Atom::from_value(key) {
        Some(a) => key_of_atom(a),
        None => PropertyKey::Name(crate::runtime::shape::Key(key)),
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

/// Polls for interrupts: 1 to go on, 0 to leave.
extern "C" fn poll_body(rt: *mut Runtime) -> u64 {
    // SAFETY: compiled code passes its runtime.
    let rt = unsafe { &mut *rt };
    // SAFETY: the runtime is a machine's.
    let safepoint = unsafe { (*interp::Interp::of(rt)).hooks.safepoint };
    interp::hooks::safepoint(rt, safepoint).is_ok() as u64
}
exit_thunk!(poll, poll_body);

/// A new zeroed cell.
extern "C" fn allocate_body(rt: *mut Runtime, bytes: u64, kind: u64) -> u64 {
    // SAFETY: compiled code passes its runtime, and only kinds that it allocates inline.
    let (rt, kind) = unsafe { (&mut *rt, std::mem::transmute::<u8, CellKind>(kind as u8)) };
    rt.heap.alloc(bytes as usize, kind) as u64
}
exit_thunk!(allocate, allocate_body);

/// The string of the code unit at an index in bounds.
extern "C" fn char_at_body(rt: *mut Runtime, s: u64, index: u64) -> u64 {
    // SAFETY: compiled code passes its runtime.
    let rt = unsafe { &mut *rt };
    let unit = Str::from_value(Value(s)).and_then(|s| s.char_code_at(&mut rt.heap, index as usize)).unwrap_or(0);
    rt.atoms.single(&mut rt.heap, unit).value().0
}
exit_thunk!(char_at, char_at_body);

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
    throw_thunk => throw, concat_thunk => concat, char_at_thunk => char_at, code_at_thunk => code_at,
    from_code_thunk => from_code, string_order_thunk => string_order, allocate_thunk => allocate,
    array_push_thunk => array_push,
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
        RuntimeFn::Less => less,
        RuntimeFn::LessEqual => less_equal,
        RuntimeFn::Greater => greater,
        RuntimeFn::GreaterEqual => greater_equal,
        RuntimeFn::LooseEqual => loose_equal,
        RuntimeFn::TypeOf => type_of,
        RuntimeFn::InstanceOf => instance_of,
        RuntimeFn::In => has,
        RuntimeFn::GetNamed => get_named,
        RuntimeFn::SetNamed => set_named,
        RuntimeFn::GetKeyed => get_keyed,
        RuntimeFn::SetKeyed => set_keyed,
        RuntimeFn::NewArray => return Convention::Window(new_array as *const () as usize),
        RuntimeFn::NewObject => new_object,
        RuntimeFn::ThrowUninitialized => throw_uninitialized,
        RuntimeFn::CreateThis => create_this,
    };
    Convention::Words(thunk as *const () as usize)
}

// ---- leaves -----------------------------------------------------------------------------------------------------

/// `ToInt32` of a double, by its bits.
pub extern "C" fn leaf_to_int32(bits: u64) -> u64 {
    crate::runtime::number::to_int32(f64::from_bits(bits)) as u32 as u64
}

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
