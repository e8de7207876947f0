//! `Symbol`: making symbols, the registry that `Symbol.for` asks, and their prototype.
//!
//! What the language does with well-known symbols stands where it does it: `convert` asks for `Symbol.toPrimitive`,
//! `compare` for `Symbol.hasInstance`, `iteration` for `Symbol.iterator`.

use super::Args;
use crate::runtime::cell::CellKind;
use crate::runtime::convert;
use crate::runtime::object::{Obj, kind_of};
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::value::Value;

/// `Symbol(…)`.
pub fn constructor(rt: &mut Runtime, args: &Args) -> JsResult {
    if args.is_construct() {
        return rt.throw_type("Symbol is not a constructor");
    }
    let description = match args.get(0) {
        v if v.is_undefined() => v,
        v => convert::to_string(rt, v)?.value(),
    };
    Ok(rt.new_symbol(description))
}

fn this_symbol(rt: &mut Runtime, args: &Args, method: &str) -> JsResult {
    let inner = Obj::from_value(args.this).filter(|o| o.kind() == CellKind::Primitive).map(|o| o.internal(0));
    match inner.or(Some(args.this)).filter(|v| kind_of(*v) == Some(CellKind::Symbol)) {
        Some(v) => Ok(v),
        None => rt.throw_type(&format!("Symbol.prototype{method} requires that 'this' be a Symbol")),
    }
}
/// `Symbol.prototype.toString`.
pub fn to_string(rt: &mut Runtime, args: &Args) -> JsResult {
    let v = this_symbol(rt, args, ".toString")?;
    let text = rt.symbol_text(v);
    Ok(rt.string(&text))
}
/// `Symbol.prototype.valueOf`.
pub fn value_of(rt: &mut Runtime, args: &Args) -> JsResult {
    this_symbol(rt, args, ".valueOf")
}
/// `Symbol.prototype.description`.
pub fn description(rt: &mut Runtime, args: &Args) -> JsResult {
    let v = this_symbol(rt, args, ".description")?;
    Ok(rt.symbol_description(v))
}

/// `Symbol.prototype[Symbol.toPrimitive]`.
pub fn to_primitive(rt: &mut Runtime, args: &Args) -> JsResult {
    this_symbol(rt, args, " [ @@toPrimitive ]")
}

/// `Symbol.for`.
pub fn for_(rt: &mut Runtime, args: &Args) -> JsResult {
    let key = convert::to_string(rt, args.get(0))?;
    let atom = rt.atoms.intern(&mut rt.heap, key).value();
    if let Some((_, symbol)) = rt.symbol_registry.iter().find(|(k, _)| *k == atom) {
        return Ok(*symbol);
    }
    let symbol = rt.new_symbol(atom);
    rt.symbol_registry.push((atom, symbol));
    Ok(symbol)
}

/// `Symbol.keyFor`.
pub fn key_for(rt: &mut Runtime, args: &Args) -> JsResult {
    let symbol = args.get(0);
    if kind_of(symbol) != Some(CellKind::Symbol) {
        let shown = rt.describe(symbol);
        return rt.throw_type(&format!("{shown} is not a symbol"));
    }
    let found = rt.symbol_registry.iter().find(|(_, s)| *s == symbol);
    Ok(found.map_or(Value::UNDEFINED, |(key, _)| *key))
}
