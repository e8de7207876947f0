//! The methods of `Array.prototype` that call back.
//!
//! The program's callback may do anything to the array meanwhile, so every step reads length and elements anew; what is
//! built lies in heap objects, never in malloc'd memory.

use super::Args;
use super::species;
use crate::runtime::convert::{self, to_boolean};
use crate::runtime::object::Obj;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::value::Value;

/// Receiver, its length and the checked callback.
#[inline]
fn begin(rt: &mut Runtime, args: &Args, method: &str) -> JsResult<(Obj, u64, Value)> {
    let o = rt.this_array_like(args, method)?;
    let n = rt.length_of(o)?;
    let f = rt.callback(args.get(0))?;
    Ok((o, n, f))
}

/// An index as a value.
#[inline]
fn index(i: u64) -> Value {
    u32::try_from(i).map_or_else(|_| Value::number(i as f64), Value::from_u32)
}

/// Calls back with element, index and array.
#[inline]
fn call(rt: &mut Runtime, args: &Args, v: Value, i: u64, o: Obj) -> JsResult {
    rt.call(args.get(0), args.get(1), &[v, index(i), o.value()])
}

/// `forEach`.
pub fn for_each(rt: &mut Runtime, args: &Args) -> JsResult {
    rt.calling_back(args, call_each)
}

fn call_each(rt: &mut Runtime, args: &Args) -> JsResult {
    let (o, n, _) = begin(rt, args, "forEach")?;
    for i in 0..n {
        if let Some(v) = rt.get_present(o, i)? {
            call(rt, args, v, i, o)?;
        }
    }
    Ok(Value::UNDEFINED)
}

/// `map`.
pub fn map(rt: &mut Runtime, args: &Args) -> JsResult {
    rt.calling_back(args, map_all)
}

fn map_all(rt: &mut Runtime, args: &Args) -> JsResult {
    let (o, n, _) = begin(rt, args, "map")?;
    let target = species::target_for(rt, o, n)?;
    let a = rt.new_array(n.min(1 << 16) as u32);
    for i in 0..n {
        let v = match rt.get_present(o, i)? {
            Some(v) => call(rt, args, v, i, o)?,
            None => Value::HOLE,
        };
        rt.array_push(a, v)?;
    }
    target.finish(rt, a, false)
}

/// `filter`.
pub fn filter(rt: &mut Runtime, args: &Args) -> JsResult {
    rt.calling_back(args, filter_all)
}

fn filter_all(rt: &mut Runtime, args: &Args) -> JsResult {
    let (o, n, _) = begin(rt, args, "filter")?;
    let target = species::target_for(rt, o, 0)?;
    let a = rt.new_array(0);
    for i in 0..n {
        if let Some(v) = rt.get_present(o, i)?
            && to_boolean(call(rt, args, v, i, o)?)
        {
            rt.array_push(a, v)?;
        }
    }
    target.finish(rt, a, false)
}

/// `some`.
pub fn some(rt: &mut Runtime, args: &Args) -> JsResult {
    rt.calling_back(args, some_of)
}

fn some_of(rt: &mut Runtime, args: &Args) -> JsResult {
    let (o, n, _) = begin(rt, args, "some")?;
    for i in 0..n {
        if let Some(v) = rt.get_present(o, i)?
            && to_boolean(call(rt, args, v, i, o)?)
        {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

/// `every`.
pub fn every(rt: &mut Runtime, args: &Args) -> JsResult {
    rt.calling_back(args, every_of)
}

fn every_of(rt: &mut Runtime, args: &Args) -> JsResult {
    let (o, n, _) = begin(rt, args, "every")?;
    for i in 0..n {
        if let Some(v) = rt.get_present(o, i)?
            && !to_boolean(call(rt, args, v, i, o)?)
        {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

/// The first element, in the given order, that the callback accepts, with its index.
fn search(rt: &mut Runtime, args: &Args, method: &'static str, backwards: bool) -> JsResult<Option<(Value, u64)>> {
    rt.calling_back(args, |rt, args| search_in(rt, args, method, backwards))
}

fn search_in(rt: &mut Runtime, args: &Args, method: &str, backwards: bool) -> JsResult<Option<(Value, u64)>> {
    let (o, n, _) = begin(rt, args, method)?;
    for step in 0..n {
        let i = if backwards { n - 1 - step } else { step };
        let v = rt.get_at(o, i)?;
        if to_boolean(call(rt, args, v, i, o)?) {
            return Ok(Some((v, i)));
        }
    }
    Ok(None)
}

fn value_of(found: Option<(Value, u64)>) -> Value {
    found.map_or(Value::UNDEFINED, |(v, _)| v)
}
fn index_of(found: Option<(Value, u64)>) -> Value {
    found.map_or(Value::int(-1), |(_, i)| Value::number(i as f64))
}

/// `find`.
pub fn find(rt: &mut Runtime, args: &Args) -> JsResult {
    search(rt, args, "find", false).map(value_of)
}
/// `findIndex`.
pub fn find_index(rt: &mut Runtime, args: &Args) -> JsResult {
    search(rt, args, "findIndex", false).map(index_of)
}
/// `findLast`.
pub fn find_last(rt: &mut Runtime, args: &Args) -> JsResult {
    search(rt, args, "findLast", true).map(value_of)
}
/// `findLastIndex`.
pub fn find_last_index(rt: &mut Runtime, args: &Args) -> JsResult {
    search(rt, args, "findLastIndex", true).map(index_of)
}

/// `reduce`.
pub fn reduce(rt: &mut Runtime, args: &Args) -> JsResult {
    rt.calling_back(args, |rt, args| fold(rt, args, "reduce", false))
}
/// `reduceRight`.
pub fn reduce_right(rt: &mut Runtime, args: &Args) -> JsResult {
    rt.calling_back(args, |rt, args| fold(rt, args, "reduceRight", true))
}

fn fold(rt: &mut Runtime, args: &Args, method: &str, backwards: bool) -> JsResult {
    let (o, n, f) = begin(rt, args, method)?;
    let mut accumulator = args.given(1);
    for step in 0..n {
        let i = if backwards { n - 1 - step } else { step };
        let Some(v) = rt.get_present(o, i)? else { continue };
        accumulator = Some(match accumulator {
            None => v,
            Some(a) => rt.call(f, Value::UNDEFINED, &[a, v, index(i), o.value()])?,
        });
    }
    match accumulator {
        Some(v) => Ok(v),
        None => rt.throw_type("Reduce of empty array with no initial value"),
    }
}

/// `flatMap`.
pub fn flat_map(rt: &mut Runtime, args: &Args) -> JsResult {
    rt.calling_back(args, flat_map_all)
}

fn flat_map_all(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = convert::to_object(rt, args.this)?;
    let n = rt.length_of(o)?;
    if !Obj::from_value(args.get(0)).is_some_and(Obj::is_callable) {
        return rt.throw_type("flatMap mapper function is not callable");
    }
    let target = species::target_for(rt, o, 0)?;
    let a = rt.new_array(0);
    for i in 0..n {
        let Some(v) = rt.get_present(o, i)? else { continue };
        let mapped = call(rt, args, v, i, o)?;
        match Obj::from_value(mapped).filter(|m| m.is_array()) {
            Some(inner) => super::array::flatten_into(rt, a, inner, 0.0)?,
            None => rt.array_push(a, mapped)?,
        }
    }
    target.finish(rt, a, false)
}
