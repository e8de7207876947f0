//! The methods of typed arrays.
//!
//! The length of a typed array never changes, so there is nothing to read anew after a callback: only the elements.

use super::Args;
use super::iteration::Mode;
use super::table::Home;
use super::typed_array::{copy, create_by, prototype, species, to_index};
use crate::runtime::convert::{self, to_boolean};
use crate::runtime::object::Obj;
use crate::runtime::rootvec::RootVec;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::typed::Typed;
use crate::runtime::value::Value;

/// Methods whose error for a foreign receiver says their name.
const NAMES_ITSELF: &[&str] = &["at", "join", "slice", "sort", "subarray", "toLocaleString", "toReversed", "toSorted"];

/// `this` as a typed array.
fn this(rt: &mut Runtime, args: &Args, method: &str) -> JsResult<Typed> {
    match Typed::from_value(args.this) {
        Some(t) => Ok(t),
        None if NAMES_ITSELF.contains(&method) => {
            let shown = if method == "subarray" { "undefined".into() } else { rt.describe(args.this) };
            rt.throw_type(&format!("Method %TypedArray%.prototype.{method} called on incompatible receiver {shown}"))
        }
        None => rt.throw_type("this is not a typed array."),
    }
}

/// `this` of a getter.
fn this_of_getter(rt: &mut Runtime, args: &Args, class: &str, name: &str) -> JsResult<Typed> {
    match Typed::from_value(args.this) {
        Some(t) => Ok(t),
        None => {
            // The prototypes of typed arrays have the `toString` of arrays, and V8 shows what that says.
            let typed = rt.library.home(Home::TypedArrayPrototype);
            let shown = match Obj::from_value(args.this) {
                Some(o) if o == typed || rt.proto_of(o) == typed.value() => "[object Object]".into(),
                _other => rt.describe(args.this),
            };
            rt.throw_type(&format!("Method get {class}.prototype.{name} called on incompatible receiver {shown}"))
        }
    }
}

/// An element, which is there.
fn at_index(t: Typed, i: u32) -> Value {
    t.get(i).unwrap_or(Value::UNDEFINED)
}

/// `length`.
pub fn length(rt: &mut Runtime, args: &Args) -> JsResult {
    Ok(Value::from_u32(this_of_getter(rt, args, "TypedArray", "length")?.len()))
}
/// `[Symbol.toStringTag]`.
pub fn to_string_tag(rt: &mut Runtime, args: &Args) -> JsResult {
    match Typed::from_value(args.this) {
        Some(t) => Ok(rt.string(t.ty.class())),
        None => Ok(Value::UNDEFINED),
    }
}
/// `byteLength`.
pub fn byte_length(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this_of_getter(rt, args, "TypedArray", "byteLength")?;
    Ok(Value::from_u32(t.len() * t.ty.size() as u32))
}
/// `byteOffset`.
pub fn byte_offset(rt: &mut Runtime, args: &Args) -> JsResult {
    Ok(Value::from_u32(this_of_getter(rt, args, "TypedArray", "byteOffset")?.object.view_byte_offset()))
}
/// `buffer`.
pub fn buffer(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this_of_getter(rt, args, "%TypedArray%", "buffer")?;
    let proto = rt.library.home(Home::ArrayBufferPrototype);
    Ok(rt.buffer_of(t.object, proto).0.value())
}

// ---- without callbacks -----------------------------------------------------------------------------------------

/// `at`.
pub fn at(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this(rt, args, "at")?;
    let d = convert::to_integer(rt, args.get(0))?;
    let i = if d < 0.0 { d + t.len() as f64 } else { d };
    Ok(if i >= 0.0 && i < t.len() as f64 { at_index(t, i as u32) } else { Value::UNDEFINED })
}

/// The range that `slice`-like arguments name.
fn range(rt: &mut Runtime, args: &Args, first: usize, n: u32) -> JsResult<(u32, u32)> {
    let start = convert::to_relative_index(rt, args.get(first), n as u64, 0)?;
    let end = convert::to_relative_index(rt, args.get(first + 1), n as u64, n as u64)?;
    Ok((start as u32, end.max(start) as u32))
}

/// `copyWithin`.
pub fn copy_within(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this(rt, args, "copyWithin")?;
    let target = convert::to_relative_index(rt, args.get(0), t.len() as u64, 0)? as u32;
    let (start, end) = range(rt, args, 1, t.len())?;
    t.move_within(start, target, end - start);
    Ok(args.this)
}

/// `fill`.
pub fn fill(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this(rt, args, "fill")?;
    let number = convert::to_number(rt, args.get(0))?;
    let (start, end) = range(rt, args, 1, t.len())?;
    (start..end).for_each(|i| t.set(i, number));
    Ok(args.this)
}

/// The first index in the given order whose element is `wanted`.
fn find_value(t: Typed, wanted: Value, mut indices: impl Iterator<Item = u32>, nan: bool) -> Option<u32> {
    if !wanted.is_number() {
        return None;
    }
    let wanted = wanted.as_number();
    indices.find(|i| {
        let number = at_index(t, *i).as_number();
        number == wanted || nan && number.is_nan() && wanted.is_nan()
    })
}

/// `indexOf`.
pub fn index_of(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this(rt, args, "indexOf")?;
    if t.is_empty() {
        return Ok(Value::int(-1));
    }
    let from = convert::to_relative_index(rt, args.get(1), t.len() as u64, 0)? as u32;
    Ok(find_value(t, args.get(0), from..t.len(), false).map_or(Value::int(-1), Value::from_u32))
}
/// `includes`.
pub fn includes(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this(rt, args, "includes")?;
    if t.is_empty() {
        return Ok(Value::FALSE);
    }
    let from = convert::to_relative_index(rt, args.get(1), t.len() as u64, 0)? as u32;
    Ok(Value::bool(find_value(t, args.get(0), from..t.len(), true).is_some()))
}
/// `lastIndexOf`.
pub fn last_index_of(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this(rt, args, "lastIndexOf")?;
    if t.is_empty() {
        return Ok(Value::int(-1));
    }
    let n = t.len() as f64;
    let from = match args.given(1) {
        Some(v) => convert::to_integer(rt, v)?,
        None => n - 1.0,
    };
    let last = if from < 0.0 { n + from } else { from.min(n - 1.0) };
    let end = (last + 1.0).max(0.0) as u32;
    Ok(find_value(t, args.get(0), (0..end).rev(), false).map_or(Value::int(-1), Value::from_u32))
}

/// `join`.
pub fn join(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this(rt, args, "join")?;
    let mut separator = vec![b',' as u16];
    if !args.get(0).is_undefined() {
        let s = convert::to_string(rt, args.get(0))?;
        separator.clear();
        s.append_to(&mut separator);
    }
    let mut units = Vec::new();
    for i in 0..t.len() {
        if i > 0 {
            units.extend_from_slice(&separator);
            rt.check_length(units.len())?;
        }
        units.extend(convert::number_to_text(at_index(t, i).as_number()).encode_utf16());
    }
    rt.string_from_units(&units)
}

/// `toLocaleString`.
pub fn to_locale_string(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this(rt, args, "toLocaleString")?;
    if args.given(0).is_some_and(|v| !v.is_undefined()) {
        return rt.refuse("TypedArray.prototype.toLocaleString with locales or options", "call it without arguments");
    }
    super::array::join_locale(rt, t.object, super::array::Length::Is(t.len()))
}

/// `reverse`.
pub fn reverse(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this(rt, args, "reverse")?;
    let n = t.len();
    for i in 0..n / 2 {
        let (a, b) = (at_index(t, i), at_index(t, n - 1 - i));
        t.set(i, b.as_number());
        t.set(n - 1 - i, a.as_number());
    }
    Ok(args.this)
}
/// `toReversed`.
pub fn to_reversed(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this(rt, args, "toReversed")?;
    let made = same_type(rt, t, t.len())?;
    for i in 0..t.len() {
        made.set(t.len() - 1 - i, at_index(t, i).as_number());
    }
    Ok(made.object.value())
}

/// A new array of the same built-in class.
fn same_type(rt: &mut Runtime, t: Typed, length: u32) -> JsResult<Typed> {
    let proto = prototype(rt, t.ty);
    rt.new_typed(t.ty, proto, length as usize)
}

/// A new array of the class of `t`, which may be a program's own.
fn same_species(rt: &mut Runtime, t: Typed, length: u32) -> JsResult<Typed> {
    match species(rt, t)? {
        Some(class) => create_by(rt, class, &[Value::from_u32(length)], length),
        None => same_type(rt, t, length),
    }
}

/// `set`.
pub fn set(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this(rt, args, "set")?;
    let offset = convert::to_integer(rt, args.get(1))?;
    let outside = "offset is out of bounds";
    if offset < 0.0 {
        return rt.throw_range(outside);
    }
    if let Some(source) = Typed::from_value(args.get(0)) {
        if source.len() as f64 + offset > t.len() as f64 {
            return rt.throw_range(outside);
        }
        copy(t, source, offset as u32);
        return Ok(Value::UNDEFINED);
    }
    let source = convert::to_object(rt, args.get(0))?;
    let n = rt.length_of(source)?;
    if n as f64 + offset > t.len() as f64 {
        return rt.throw_range(outside);
    }
    for i in 0..n {
        let v = rt.get_at(source, i)?;
        let number = convert::to_number(rt, v)?;
        t.set(offset as u32 + i as u32, number);
    }
    Ok(Value::UNDEFINED)
}

/// `slice`.
pub fn slice(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this(rt, args, "slice")?;
    let (start, end) = range(rt, args, 0, t.len())?;
    let made = same_species(rt, t, end - start)?;
    if made.ty == t.ty {
        made.copy_bytes_from(t, start, 0, end - start);
    } else {
        (start..end).for_each(|i| made.set(i - start, at_index(t, i).as_number()));
    }
    Ok(made.object.value())
}

/// `subarray`.
pub fn subarray(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this(rt, args, "subarray")?;
    let (start, end) = range(rt, args, 0, t.len())?;
    let proto = rt.library.home(Home::ArrayBufferPrototype);
    let buffer = rt.buffer_of(t.object, proto);
    let at = t.object.view_byte_offset() + start * t.ty.size() as u32;
    let length = end - start;
    let made = match species(rt, t)? {
        Some(class) => create_by(rt, class, &[buffer.0.value(), Value::from_u32(at), Value::from_u32(length)], 0)?,
        None => {
            let proto = prototype(rt, t.ty);
            rt.new_typed_over(t.ty, proto, buffer, at, length)
        }
    };
    Ok(made.object.value())
}

/// `with`.
pub fn with(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this(rt, args, "with")?;
    let d = convert::to_integer(rt, args.get(0))?;
    let i = if d < 0.0 { d + t.len() as f64 } else { d };
    let number = convert::to_number(rt, args.get(1))?;
    if !(i >= 0.0 && i < t.len() as f64) {
        return rt.throw_range("Invalid typed array index");
    }
    let made = same_type(rt, t, t.len())?;
    made.copy_bytes_from(t, 0, 0, t.len());
    made.set(i as u32, number);
    Ok(made.object.value())
}

fn iterator(rt: &mut Runtime, args: &Args, mode: Mode) -> JsResult {
    let t = this(rt, args, "values")?;
    let state = [t.object.value(), Value::int(0), Value::int(mode as i32)];
    Ok(rt.new_iterator(Home::ArrayIterator, state).value())
}
/// `keys`.
pub fn keys(rt: &mut Runtime, args: &Args) -> JsResult {
    iterator(rt, args, Mode::ArrayKeys)
}
/// `values`.
pub fn values(rt: &mut Runtime, args: &Args) -> JsResult {
    iterator(rt, args, Mode::ArrayValues)
}
/// `entries`.
pub fn entries(rt: &mut Runtime, args: &Args) -> JsResult {
    iterator(rt, args, Mode::ArrayEntries)
}

// ---- with callbacks --------------------------------------------------------------------------------------------

/// Receiver and checked callback.
fn begin(rt: &mut Runtime, args: &Args, method: &str) -> JsResult<Typed> {
    let t = this(rt, args, method)?;
    rt.callback(args.get(0))?;
    Ok(t)
}

fn call(rt: &mut Runtime, args: &Args, t: Typed, i: u32) -> JsResult {
    rt.call(args.get(0), args.get(1), &[at_index(t, i), Value::from_u32(i), args.this])
}

/// `forEach`.
pub fn for_each(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = begin(rt, args, "forEach")?;
    for i in 0..t.len() {
        call(rt, args, t, i)?;
    }
    Ok(Value::UNDEFINED)
}
/// `map`.
pub fn map(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = begin(rt, args, "map")?;
    let made = same_species(rt, t, t.len())?;
    for i in 0..t.len() {
        let v = call(rt, args, t, i)?;
        rt.set_at(made.object, i as u64, v)?;
    }
    Ok(made.object.value())
}
/// `filter`.
pub fn filter(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = begin(rt, args, "filter")?;
    let mut kept = Vec::new();
    for i in 0..t.len() {
        let v = at_index(t, i);
        if to_boolean(call(rt, args, t, i)?) {
            kept.push(v.as_number());
        }
    }
    let made = same_species(rt, t, kept.len() as u32)?;
    for (i, number) in kept.into_iter().enumerate() {
        made.set(i as u32, number);
    }
    Ok(made.object.value())
}
/// `some`.
pub fn some(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = begin(rt, args, "some")?;
    for i in 0..t.len() {
        if to_boolean(call(rt, args, t, i)?) {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}
/// `every`.
pub fn every(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = begin(rt, args, "every")?;
    for i in 0..t.len() {
        if !to_boolean(call(rt, args, t, i)?) {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

/// The first element, in the given order, that the callback accepts, with its index.
fn search(rt: &mut Runtime, args: &Args, method: &str, backwards: bool) -> JsResult<Option<(Value, u32)>> {
    let t = begin(rt, args, method)?;
    for step in 0..t.len() {
        let i = if backwards { t.len() - 1 - step } else { step };
        let v = at_index(t, i);
        if to_boolean(call(rt, args, t, i)?) {
            return Ok(Some((v, i)));
        }
    }
    Ok(None)
}
fn value_of(found: Option<(Value, u32)>) -> Value {
    found.map_or(Value::UNDEFINED, |(v, _)| v)
}
fn index_of_found(found: Option<(Value, u32)>) -> Value {
    found.map_or(Value::int(-1), |(_, i)| Value::from_u32(i))
}
/// `find`.
pub fn find(rt: &mut Runtime, args: &Args) -> JsResult {
    search(rt, args, "find", false).map(value_of)
}
/// `findIndex`.
pub fn find_index(rt: &mut Runtime, args: &Args) -> JsResult {
    search(rt, args, "findIndex", false).map(index_of_found)
}
/// `findLast`.
pub fn find_last(rt: &mut Runtime, args: &Args) -> JsResult {
    search(rt, args, "findLast", true).map(value_of)
}
/// `findLastIndex`.
pub fn find_last_index(rt: &mut Runtime, args: &Args) -> JsResult {
    search(rt, args, "findLastIndex", true).map(index_of_found)
}

fn fold(rt: &mut Runtime, args: &Args, method: &str, backwards: bool) -> JsResult {
    let t = begin(rt, args, method)?;
    let mut accumulator = args.given(1);
    for step in 0..t.len() {
        let i = if backwards { t.len() - 1 - step } else { step };
        let v = at_index(t, i);
        accumulator = Some(match accumulator {
            None => v,
            Some(a) => rt.call(args.get(0), Value::UNDEFINED, &[a, v, Value::from_u32(i), args.this])?,
        });
    }
    match accumulator {
        Some(v) => Ok(v),
        None => rt.throw_type("Reduce of empty array with no initial value"),
    }
}
/// `reduce`.
pub fn reduce(rt: &mut Runtime, args: &Args) -> JsResult {
    fold(rt, args, "reduce", false)
}
/// `reduceRight`.
pub fn reduce_right(rt: &mut Runtime, args: &Args) -> JsResult {
    fold(rt, args, "reduceRight", true)
}

// ---- sorting ---------------------------------------------------------------------------------------------------

fn comparison(rt: &mut Runtime, args: &Args) -> JsResult {
    let f = args.get(0);
    if f.is_undefined() || Obj::from_value(f).is_some_and(Obj::is_callable) {
        return Ok(f);
    }
    rt.throw_type("The comparison function must be either a function or undefined")
}

/// `sort`.
pub fn sort(rt: &mut Runtime, args: &Args) -> JsResult {
    let f = comparison(rt, args)?;
    let t = this(rt, args, "sort")?;
    sort_into(rt, t, t, f)?;
    Ok(args.this)
}
/// `toSorted`.
pub fn to_sorted(rt: &mut Runtime, args: &Args) -> JsResult {
    let f = comparison(rt, args)?;
    let t = this(rt, args, "toSorted")?;
    let made = same_type(rt, t, t.len())?;
    sort_into(rt, t, made, f)?;
    Ok(made.object.value())
}

fn sort_into(rt: &mut Runtime, from: Typed, to: Typed, f: Value) -> JsResult<()> {
    let elements = (0..from.len()).map(|i| at_index(from, i));
    if f.is_undefined() {
        let mut numbers: Vec<f64> = elements.map(Value::as_number).collect();
        // NaN last, whatever its sign; -0 before 0.
        numbers.sort_by(|a, b| a.is_nan().cmp(&b.is_nan()).then(a.total_cmp(b)));
        for (i, number) in numbers.into_iter().enumerate() {
            to.set(i as u32, number);
        }
        return Ok(());
    }
    let mut sorted = RootVec::from_vec(&rt.heap, elements.collect());
    if sorted.len() > 1 {
        let mut work = RootVec::from_vec(&rt.heap, sorted.to_vec());
        let n = sorted.len();
        merge_sort(rt, &mut work, 0, n, &mut sorted, f)?;
    }
    for (i, v) in sorted.iter().enumerate() {
        to.set(i as u32, v.as_number());
    }
    Ok(())
}

/// V8's merge sort of typed arrays, comparison for comparison: what is sorted ends in `target`.
fn merge_sort(
    rt: &mut Runtime,
    source: &mut RootVec,
    from: usize,
    to: usize,
    target: &mut RootVec,
    f: Value,
) -> JsResult<()> {
    let middle = from + (to - from) / 2;
    // In the next step down, source and target change places.
    if middle - from > 1 {
        merge_sort(rt, target, from, middle, source, f)?;
    }
    if to - middle > 1 {
        merge_sort(rt, target, middle, to, source, f)?;
    }
    let (mut left, mut right) = (from, middle);
    for at in from..to {
        let take_left = left < middle
            && (right >= to || {
                let v = rt.call(f, Value::UNDEFINED, &[source[left], source[right]])?;
                let order = convert::to_number(rt, v)?;
                order.is_nan() || order <= 0.0
            });
        let next = if take_left { &mut left } else { &mut right };
        target[at] = source[*next];
        *next += 1;
    }
    Ok(())
}

/// `byteOffset`-like arguments of views: see [`super::buffers`].
pub fn view_index(rt: &mut Runtime, v: Value) -> JsResult<u64> {
    to_index(rt, v, "Offset is outside the bounds of the DataView")
}
