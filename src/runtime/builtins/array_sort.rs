//! `sort` and `toSorted`: timsort, step for step as V8 has it.
//!
//! Step for step, because the order of comparisons shows: a comparison function that is no order (it returns a boolean,
//! or random numbers, or prints) must give the result that it gives on Node.
//!
//! The values to sort are copied out first, holes and `undefined` aside, as the language demands; both buffers are
//! [`RootVec`]s, so the program's comparison function may allocate and collect.

use super::Args;
use super::timsort;
use crate::runtime::convert::{to_number, to_string};
use crate::runtime::object::Obj;
use crate::runtime::rootvec::RootVec;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::string::Str;
use crate::runtime::value::Value;
use std::cmp::Ordering;

/// `sort`.
pub fn sort(rt: &mut Runtime, args: &Args) -> JsResult {
    rt.calling_back(args, sort_in_place)
}

fn sort_in_place(rt: &mut Runtime, args: &Args) -> JsResult {
    let f = comparison(rt, args)?;
    let o = rt.this_array_like(args, "sort")?;
    let n = rt.length_of(o)?;
    let (mut values, mut undefined) = (RootVec::new(&rt.heap), 0);
    for i in 0..n {
        match rt.get_present(o, i)? {
            Some(v) if v.is_undefined() => undefined += 1,
            Some(v) => values.push(v),
            None => {}
        }
    }
    sort_values(rt, &mut values, f)?;
    let present = values.len() as u64;
    for i in 0..n {
        if i < present {
            rt.set_at(o, i, values[i as usize])?;
        } else if i < present + undefined {
            rt.set_at(o, i, Value::UNDEFINED)?;
        } else {
            rt.delete_at(o, i)?;
        }
    }
    Ok(o.value())
}

/// `toSorted`.
pub fn to_sorted(rt: &mut Runtime, args: &Args) -> JsResult {
    rt.calling_back(args, sort_into_new)
}

fn sort_into_new(rt: &mut Runtime, args: &Args) -> JsResult {
    let f = comparison(rt, args)?;
    let o = rt.this_array_like(args, "toSorted")?;
    let n = rt.length_of(o)?;
    super::array::check_array_length(rt, n)?;
    let (mut values, mut undefined) = (RootVec::new(&rt.heap), 0);
    for i in 0..n {
        let v = rt.get_at(o, i)?;
        if v.is_undefined() {
            undefined += 1;
        } else {
            values.push(v);
        }
    }
    sort_values(rt, &mut values, f)?;
    values.extend(std::iter::repeat_n(Value::UNDEFINED, undefined));
    Ok(rt.new_array_from(&values).value())
}

fn comparison(rt: &mut Runtime, args: &Args) -> JsResult {
    let f = args.get(0);
    if f.is_undefined() || Obj::from_value(f).is_some_and(Obj::is_callable) {
        return Ok(f);
    }
    rt.throw_type("The comparison function must be either a function or undefined")
}

fn sort_values(rt: &mut Runtime, values: &mut RootVec, f: Value) -> JsResult<()> {
    if !f.is_undefined() {
        let mut temp = RootVec::new(&rt.heap);
        return timsort::sort(values, &mut temp, &mut |a, b| {
            let v = rt.call(f, Value::UNDEFINED, &[a, b])?;
            Ok(to_number(rt, v)? < 0.0)
        });
    }
    if values.iter().any(|v| Obj::from_value(*v).is_some()) {
        // Converting objects shows, so it happens when and as often as V8 does it.
        let mut temp = RootVec::new(&rt.heap);
        return timsort::sort(values, &mut temp, &mut |a, b| {
            let (a, b) = (to_string(rt, a)?, to_string(rt, b)?);
            let a = a.chars(&mut rt.heap);
            Ok(a.compare(b.chars(&mut rt.heap)) == Ordering::Less)
        });
    }
    // By text. Each value is converted once; small non-negative integers need no text to be compared.
    let mut pairs = RootVec::with_capacity(&rt.heap, values.len());
    for i in 0..values.len() {
        let s = to_string(rt, values[i])?;
        // Flat texts do not allocate when they are compared.
        s.chars(&mut rt.heap);
        pairs.push(s.value());
    }
    let mut order: Vec<usize> = (0..values.len()).collect();
    let texts: Vec<_> = pairs.iter().map(|v| Str::from_value(*v).and_then(Str::chars_if_flat)).collect();
    order.sort_by(|a, b| match (texts[*a], texts[*b]) {
        (Some(x), Some(y)) => x.compare(y),
        _never => Ordering::Equal,
    });
    let sorted: Vec<Value> = order.iter().map(|i| values[*i]).collect();
    values.copy_from_slice(&sorted);
    Ok(())
}
