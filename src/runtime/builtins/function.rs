//! `Function.prototype`, and what calling a bound function means.

use super::Args;
use super::table::{BUILTINS, Home};
use crate::runtime::cell::CellKind;
use crate::runtime::compare;
use crate::runtime::convert::to_integer;
use crate::runtime::object::Obj;
use crate::runtime::property::Found;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::{Attrs, ElementsKind, PropertyKey};
use crate::runtime::string::Str;
use crate::runtime::value::Value;
use smallvec::SmallVec;

/// Arguments that are about to be copied to the VM stack: the first few lie on the native stack.
type ArgList = SmallVec<[Value; 16]>;

/// `Function(…)`: code from text is outside of the language.
pub fn constructor(rt: &mut Runtime, _args: &Args) -> JsResult {
    rt.refuse("Function constructor", "write the function in the program's text")
}

/// What `callee`, `caller` and `arguments` are for strict code. Sloppy code would get an answer.
pub fn restricted(rt: &mut Runtime) -> JsResult {
    if (rt.hooks.caller_is_sloppy)(rt) {
        return rt
            .refuse("callee, caller and arguments of functions", "name the function, or use arguments in its body");
    }
    rt.throw_type(
        "'caller', 'callee', and 'arguments' properties may not be accessed on strict mode functions or the arguments \
         objects for calls to them",
    )
}

/// `call`.
pub fn call(rt: &mut Runtime, args: &Args) -> JsResult {
    if !Obj::from_value(args.this).is_some_and(Obj::is_callable) {
        return rt.throw_type("Function.prototype.call.call is not a function");
    }
    rt.call(args.this, args.get(0), args.rest(1))
}

/// `apply`.
pub fn apply(rt: &mut Runtime, args: &Args) -> JsResult {
    if !Obj::from_value(args.this).is_some_and(Obj::is_callable) {
        return rt.throw_type("Function.prototype.apply.call is not a function");
    }
    if args.get(1).is_nullish() {
        return rt.call(args.this, args.get(0), &[]);
    }
    let Some(list) = Obj::from_value(args.get(1)) else {
        return rt.throw_type("CreateListFromArrayLike called on non-object");
    };
    let n = rt.length_of(list)?;
    if n > 100_000 {
        return rt.throw_stack_overflow();
    }
    if super::array::is_plain(rt, list) {
        // The array itself keeps them alive until they are copied to the VM stack.
        let values: ArgList = (0..n as u32).map(|i| list.element(i)).collect();
        return rt.call(args.this, args.get(0), &values);
    }
    let mut values = crate::runtime::rootvec::RootVec::new(&rt.heap);
    for i in 0..n {
        let v = rt.get_at(list, i)?;
        values.push(v);
    }
    rt.call(args.this, args.get(0), &values)
}

/// `bind`.
pub fn bind(rt: &mut Runtime, args: &Args) -> JsResult {
    let Some(target) = Obj::from_value(args.this).filter(|f| f.is_callable()) else {
        return rt.throw_type("Bind must be called on a function");
    };
    let bound_args = rt.new_array_from(args.rest(1));
    let proto = rt.proto_of(target);
    let shape = rt.shapes.root(CellKind::BoundFunction, proto, ElementsKind::HoleyAny, 0);
    let f = rt.new_object(shape);
    f.set_internal(&mut rt.heap, 0, target.value());
    f.set_internal(&mut rt.heap, 1, args.get(0));
    f.set_internal(&mut rt.heap, 2, bound_args.value());
    let names = rt.atoms.names;
    let length_key = PropertyKey::Name(names.length.into());
    let mut length = 0.0;
    if !matches!(rt.own_property(target, length_key), Found::Nothing) {
        let v = rt.get(target.value(), length_key)?;
        if v.is_number() {
            length = (to_integer(rt, v)? - args.rest(1).len() as f64).max(0.0);
        }
    }
    let name = rt.get(target.value(), PropertyKey::Name(names.name.into()))?;
    // A rope: binding what is bound already, over and over, must not copy an ever longer name.
    let prefix = Str::new(&mut rt.heap, "bound ");
    let name = match Str::from_value(name) {
        Some(s) => Str::concat(&mut rt.heap, prefix, s).unwrap_or(prefix).value(),
        None => prefix.value(),
    };
    rt.define_own(f, length_key, Value::number(length), Attrs::CONFIGURABLE);
    rt.define_own(f, PropertyKey::Name(names.name.into()), name, Attrs::CONFIGURABLE);
    Ok(f.value())
}

/// Calls or constructs a bound function: target, `this` and leading arguments lie in the cell. What is bound more than
/// once is unwrapped here, so that a long chain needs no native stack.
pub fn call_bound(rt: &mut Runtime, f: Obj, args: &Args) -> JsResult {
    let mut values = ArgList::from_slice(args.all());
    let mut new_target = Obj::from_value(args.new_target);
    let mut at = f;
    loop {
        let (target, this) = (at.internal(0), at.internal(1));
        if let Some(bound) = Obj::from_value(at.internal(2)).filter(|b| b.array_length() > 0) {
            values.insert_many(0, (0..bound.array_length()).map(|i| bound.element(i)));
        }
        if new_target == Some(at) {
            new_target = Obj::from_value(target);
        }
        match Obj::from_value(target).filter(|t| t.kind() == CellKind::BoundFunction) {
            Some(inner) => at = inner,
            None if rt.native_stack_is_low() => return rt.throw_stack_overflow(),
            None => {
                return match new_target {
                    None => rt.call(target, this, &values),
                    Some(new_target) => rt.construct(target, &values, new_target),
                };
            }
        }
    }
}

/// The text of a closure, as it stands in the file.
pub fn source_text(rt: &mut Runtime, v: Value) -> Option<String> {
    let f = Obj::from_value(v).filter(|f| f.is_callable())?;
    if f.kind() == CellKind::Function {
        let code = rt.function_code(f);
        return code.source.text.get(code.span.0 as usize..code.span.1 as usize).map(str::to_owned);
    }
    // On Node the methods of `console` are bound functions.
    let of_console = |f: Obj| BUILTINS.get(f.native_id() as usize).is_some_and(|b| b.home == Home::Console);
    let bound = f.kind() == CellKind::BoundFunction || f.kind() == CellKind::NativeFunction && of_console(f);
    let name = if bound { String::new() } else { rt.function_name(f) };
    Some(format!("function {name}() {{ [native code] }}"))
}

/// `toString`.
pub fn to_string(rt: &mut Runtime, args: &Args) -> JsResult {
    match source_text(rt, args.this) {
        Some(text) => Ok(rt.string(&text)),
        None => rt.throw_type("Function.prototype.toString requires that 'this' be a Function"),
    }
}

/// `Function.prototype[Symbol.hasInstance]`.
pub fn has_instance(rt: &mut Runtime, args: &Args) -> JsResult {
    match Obj::from_value(args.this).filter(|f| f.is_callable()) {
        Some(f) => compare::ordinary_instance_of(rt, args.get(0), args.this, f).map(Value::bool),
        None => Ok(Value::FALSE),
    }
}
