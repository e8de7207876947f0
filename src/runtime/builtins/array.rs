//! `Array` and the methods of `Array.prototype` that call nothing back. Callbacks are in [`super::array_iteration`].
//!
//! Every method works on any array-like object, as the language demands; arrays that hold their elements the plain way
//! take a short cut first. Which class a result belongs to is decided in [`super::species`].

use super::Args;
use super::joined::Joined;
use super::species::{self, Target};
use super::support::MAX_SAFE;
use crate::runtime::cell::CellKind;
use crate::runtime::compare;
use crate::runtime::convert;
use crate::runtime::elements;
use crate::runtime::object::Obj;
use crate::runtime::ops::iteration::has_array_iterator;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::{ElementsKind, Integrity, PropertyKey};
use crate::runtime::string::Str;
use crate::runtime::value::Value;

/// Whether all elements of an array lie in its elements cell without holes, and may be written there.
pub fn is_plain(rt: &Runtime, o: Obj) -> bool {
    o.is_array() && {
        let shape = rt.shapes.of(o);
        !shape.elements.is_holey()
            && !shape.has_index_names
            && shape.integrity == Integrity::Extensible
            && o.array_length() <= o.elements_capacity()
    }
}

/// Whether an array is plain and still as long as it was before the program's code could run (`valueOf` of arguments).
fn is_still_plain(rt: &Runtime, o: Obj, n: u64) -> bool {
    is_plain(rt, o) && o.array_length() as u64 == n
}

/// `Array(…)` and `new Array(…)`.
pub fn constructor(rt: &mut Runtime, args: &Args) -> JsResult {
    let a = rt.new_array(0);
    if args.is_construct() {
        let proto = rt.prototype_for(args, rt.realm.array_proto)?;
        rt.set_proto(a, proto.value());
    }
    if args.count() == 1 && args.get(0).is_number() {
        let n = args.get(0).as_number();
        if n as u32 as f64 != n {
            return rt.throw_range("Invalid array length");
        }
        let n = n as u32;
        if n > 0 {
            elements::transition(rt, a, ElementsKind::HoleyInt);
            if n <= 1 << 25 {
                rt.check_size(n as usize * 8)?;
                elements::grow(rt, a, n);
            }
            a.set_array_length_raw(n);
        }
    } else {
        for v in args.all() {
            rt.array_push(a, *v)?;
        }
    }
    Ok(a.value())
}

/// No array is longer than 2**32 - 1.
pub fn check_array_length(rt: &mut Runtime, n: u64) -> JsResult<()> {
    if n > u32::MAX as u64 { rt.throw_range("Invalid array length") } else { Ok(()) }
}

/// `Array.isArray`.
pub fn is_array(_rt: &mut Runtime, args: &Args) -> JsResult {
    Ok(Value::bool(Obj::from_value(args.get(0)).is_some_and(Obj::is_array)))
}

/// `Array.of`.
pub fn of(rt: &mut Runtime, args: &Args) -> JsResult {
    let target = class_target(rt, args, &[Value::from_u32(args.count() as u32)])?;
    let a = rt.new_array_from(args.all());
    target.finish(rt, a, true)
}

/// `Array.from`.
pub fn from(rt: &mut Runtime, args: &Args) -> JsResult {
    let (source, mapper, this) = (args.get(0), args.get(1), args.get(2));
    if !mapper.is_undefined() {
        rt.callback(mapper)?;
    }
    let iterable = super::iteration::is_iterable(rt, source, "%Array%.from")?;
    if source.is_nullish() {
        let shown = if source.is_null() { "object null" } else { "undefined" };
        return rt.throw_type(&format!("{shown} is not iterable (cannot read property Symbol(Symbol.iterator))"));
    }
    let (like, n) = if iterable {
        (None, 0)
    } else {
        let o = convert::to_object(rt, source)?;
        let n = rt.length_of(o)?;
        (Some(o), n)
    };
    let length = [Value::number(n as f64)];
    let target = class_target(rt, args, if iterable { &[] } else { &length })?;
    let a = rt.new_array(0);
    if mapper.is_undefined()
        && let Some(s) = Obj::from_value(source).filter(|s| s.is_array())
        && has_array_iterator(rt, s)
        && elements::append_plain(rt, a, s)
    {
        return target.finish(rt, a, true);
    }
    let mut count = 0u32;
    let mut add = |rt: &mut Runtime, v: Value| -> JsResult<()> {
        let v = if mapper.is_undefined() { v } else { rt.call(mapper, this, &[v, Value::from_u32(count)])? };
        count += 1;
        target.put(rt, a, count - 1, v)
    };
    match like {
        None => super::iteration::for_each(rt, source, &mut add)?,
        Some(_) if n > u32::MAX as u64 => return rt.throw_range("Invalid array length"),
        Some(o) => {
            for i in 0..n {
                let v = rt.get_at(o, i)?;
                add(rt, v)?;
            }
        }
    }
    target.end(rt, a, count)
}

/// `Sub.from` and `Sub.of` fill an object that the constructor makes that they are called on.
fn class_target(rt: &mut Runtime, args: &Args, given: &[Value]) -> JsResult<Target> {
    let array = rt.library.home(super::table::Home::Array);
    match Obj::from_value(args.this).filter(|c| *c != array && rt.is_constructor(*c)) {
        Some(class) => species::made_by(rt, class, given),
        None => Ok(Target::Plain),
    }
}

/// `push`.
pub fn push(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "push")?;
    let shape = rt.shapes.of(o);
    let has_room = o.is_array() && o.array_length() < elements::MAX_CAPACITY - args.count() as u32;
    let is_simple = has_room && shape.integrity == Integrity::Extensible && !shape.has_index_names;
    if is_simple && !rt.array_prototypes_have_elements(o) {
        for v in args.all() {
            rt.array_push(o, *v)?;
        }
        return Ok(Value::from_u32(o.array_length()));
    }
    let n = rt.length_of(o)?;
    if n + args.count() as u64 > MAX_SAFE {
        let k = args.count();
        return rt.throw_type(&format!(
            "Pushing {k} elements on an array-like of length {n} is disallowed, as the total surpasses 2**53-1"
        ));
    }
    for (i, v) in args.all().iter().enumerate() {
        rt.set_at(o, n + i as u64, *v)?;
    }
    let n = n + args.count() as u64;
    rt.set_length_of(o, n)?;
    Ok(Value::number(n as f64))
}

/// `pop`.
pub fn pop(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "pop")?;
    if is_plain(rt, o) {
        let n = o.array_length();
        if n == 0 {
            return Ok(Value::UNDEFINED);
        }
        let v = o.element(n - 1);
        o.set_element_raw(&mut rt.heap, n - 1, Value::HOLE);
        o.set_array_length_raw(n - 1);
        return Ok(v);
    }
    let n = rt.length_of(o)?;
    if n == 0 {
        rt.set_length_of(o, 0)?;
        return Ok(Value::UNDEFINED);
    }
    let v = rt.get_at(o, n - 1)?;
    rt.delete_at(o, n - 1)?;
    rt.set_length_of(o, n - 1)?;
    Ok(v)
}

/// `shift`.
pub fn shift(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "shift")?;
    if is_plain(rt, o) {
        let n = o.array_length();
        if n == 0 {
            return Ok(Value::UNDEFINED);
        }
        let v = o.element(0);
        o.drop_first_element(&mut rt.heap, n);
        o.set_array_length_raw(n - 1);
        return Ok(v);
    }
    let n = rt.length_of(o)?;
    if n == 0 {
        rt.set_length_of(o, 0)?;
        return Ok(Value::UNDEFINED);
    }
    let v = rt.get_at(o, 0)?;
    move_range(rt, o, 1, 0, n - 1)?;
    rt.delete_at(o, n - 1)?;
    rt.set_length_of(o, n - 1)?;
    Ok(v)
}

/// `unshift`.
pub fn unshift(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "unshift")?;
    let k = args.count() as u64;
    let n = rt.length_of(o)?;
    if k > 0 {
        if n + k > MAX_SAFE {
            return rt.throw_type("Invalid array length");
        }
        open_gap(rt, o, 0, k, n)?;
        for (i, v) in args.all().iter().enumerate() {
            rt.set_at(o, i as u64, *v)?;
        }
    }
    rt.set_length_of(o, n + k)?;
    Ok(Value::number((n + k) as f64))
}

/// Moves the elements from `at` up to `n` by `k` places to the right.
fn open_gap(rt: &mut Runtime, o: Obj, at: u64, k: u64, n: u64) -> JsResult<()> {
    if is_still_plain(rt, o, n) && n + k < 1 << 28 {
        // One value at the new end makes room; the rest is a block move.
        let (at, k, n) = (at as u32, k as u32, n as u32);
        if n > at {
            elements::grow(rt, o, n + k);
            o.move_elements(&mut rt.heap, at, at + k, n - at);
            o.set_array_length_raw(n + k);
        }
        return Ok(());
    }
    move_range(rt, o, at, at + k, n - at)
}

/// Moves `count` elements within an array-like object; what is missing at the source is deleted at the target.
fn move_range(rt: &mut Runtime, o: Obj, from: u64, to: u64, count: u64) -> JsResult<()> {
    for step in 0..count {
        let i = if from < to { count - 1 - step } else { step };
        match rt.get_present(o, from + i)? {
            Some(v) => rt.set_at(o, to + i, v)?,
            None => rt.delete_at(o, to + i)?,
        }
    }
    Ok(())
}

/// The range that `slice`-like arguments name.
fn range(rt: &mut Runtime, args: &Args, first: usize, n: u64) -> JsResult<(u64, u64)> {
    let start = convert::to_relative_index(rt, args.get(first), n, 0)?;
    let end = convert::to_relative_index(rt, args.get(first + 1), n, n)?;
    Ok((start, end.max(start)))
}

/// A new array with the elements of a range; holes stay holes.
fn copy_range(rt: &mut Runtime, o: Obj, start: u64, end: u64) -> JsResult<Obj> {
    let count = end - start;
    if count > u32::MAX as u64 {
        return rt.throw_range("Invalid array length");
    }
    if is_plain(rt, o) && end <= o.array_length() as u64 {
        let kind = rt.shapes.of(o).elements;
        let a = rt.new_array_of(kind, count as u32);
        a.copy_elements_from(&mut rt.heap, o, start as u32, count as u32);
        a.set_array_length_raw(count as u32);
        return Ok(a);
    }
    let a = rt.new_array(0);
    for i in start..end {
        let v = rt.get_present(o, i)?;
        rt.array_push(a, v.unwrap_or(Value::HOLE))?;
    }
    Ok(a)
}

/// `slice`.
pub fn slice(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "slice")?;
    let n = rt.length_of(o)?;
    let (start, end) = range(rt, args, 0, n)?;
    let target = species::target_for(rt, o, end - start)?;
    let a = copy_range(rt, o, start, end)?;
    target.finish(rt, a, true)
}

/// Start and delete count of `splice` and `toSpliced`.
fn splice_range(rt: &mut Runtime, args: &Args, n: u64) -> JsResult<(u64, u64)> {
    let start = convert::to_relative_index(rt, args.get(0), n, 0)?;
    let count = match args.count() {
        0 => 0,
        1 => n - start,
        _given => {
            let d = convert::to_integer(rt, args.get(1))?;
            d.clamp(0.0, (n - start) as f64) as u64
        }
    };
    Ok((start, count))
}

/// `splice`.
pub fn splice(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "splice")?;
    let n = rt.length_of(o)?;
    let (start, removed) = splice_range(rt, args, n)?;
    let items = args.rest(2);
    let added = items.len() as u64;
    if n - removed + added > MAX_SAFE {
        return rt.throw_type("Invalid array length");
    }
    let target = species::target_for(rt, o, removed)?;
    let result = copy_range(rt, o, start, start + removed)?;
    let result = target.finish(rt, result, true)?;
    let tail = n - start - removed;
    if added < removed {
        if is_still_plain(rt, o, n) {
            o.move_elements(&mut rt.heap, (start + removed) as u32, (start + added) as u32, tail as u32);
        } else {
            move_range(rt, o, start + removed, start + added, tail)?;
            for i in (n - removed + added..n).rev() {
                rt.delete_at(o, i)?;
            }
        }
    } else if added > removed {
        open_gap(rt, o, start + removed, added - removed, n)?;
    }
    for (i, v) in items.iter().enumerate() {
        rt.set_at(o, start + i as u64, *v)?;
    }
    rt.set_length_of(o, n - removed + added)?;
    Ok(result)
}

/// `toSpliced`.
pub fn to_spliced(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "toSpliced")?;
    let n = rt.length_of(o)?;
    let (start, removed) = splice_range(rt, args, n)?;
    let total = n - removed + args.rest(2).len() as u64;
    if total > MAX_SAFE {
        return rt.throw_type("Invalid array length");
    }
    check_array_length(rt, total)?;
    let a = rt.new_array(0);
    for i in 0..start {
        let v = rt.get_at(o, i)?;
        rt.array_push(a, v)?;
    }
    for v in args.rest(2) {
        rt.array_push(a, *v)?;
    }
    for i in start + removed..n {
        let v = rt.get_at(o, i)?;
        rt.array_push(a, v)?;
    }
    Ok(a.value())
}

/// `concat`.
pub fn concat(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "concat")?;
    let target = species::target_for(rt, o, 0)?;
    if let Some(a) = concat_plain(rt, o, args.all()) {
        return target.finish(rt, a, true);
    }
    let a = rt.new_array(0);
    for part in std::iter::once(o.value()).chain(args.all().iter().copied()) {
        match Obj::from_value(part).filter(|p| p.is_array()) {
            Some(p) => {
                for i in 0..p.array_length() as u64 {
                    let v = rt.get_present(p, i)?;
                    rt.array_push(a, v.unwrap_or(Value::HOLE))?;
                }
            }
            None => rt.array_push(a, part)?,
        }
    }
    target.finish(rt, a, true)
}

/// Concatenation of plain arrays and other values, when the result needs no step by step.
fn concat_plain(rt: &mut Runtime, o: Obj, rest: &[Value]) -> Option<Obj> {
    let (mut kind, mut total) = (ElementsKind::Int, 0u64);
    for part in std::iter::once(o.value()).chain(rest.iter().copied()) {
        match Obj::from_value(part).filter(|p| p.is_array()) {
            Some(p) if is_plain(rt, p) => {
                if p.array_length() > 0 {
                    kind = kind.join(rt.shapes.of(p).elements);
                }
                total += p.array_length() as u64;
            }
            Some(_) => return None,
            None => {
                kind = kind.join(ElementsKind::of(part));
                total += 1;
            }
        }
    }
    let total = u32::try_from(total).ok().filter(|n| *n < 1 << 25)?;
    let a = rt.new_array_of(kind, total);
    let mut at = 0;
    for part in std::iter::once(o.value()).chain(rest.iter().copied()) {
        match Obj::from_value(part).filter(|p| p.is_array()) {
            Some(p) => {
                for i in 0..p.array_length() {
                    a.set_element_raw(&mut rt.heap, at, p.element(i));
                    at += 1;
                }
            }
            None => {
                a.set_element_raw(&mut rt.heap, at, part);
                at += 1;
            }
        }
    }
    a.set_array_length_raw(total);
    Some(a)
}

/// `join`.
pub fn join(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "join")?;
    join_with(rt, o, args.get(0), None)
}

/// Joins; an object that is being joined already counts as empty, so that cycles end. `locale`: each element by its
/// `toLocaleString`, and who says how many there are.
fn join_with(rt: &mut Runtime, o: Obj, separator: Value, locale: Option<Length>) -> JsResult {
    if rt.host.joining.contains(&o) {
        return Ok(rt.atoms.names.empty.value());
    }
    if rt.host.joining.len() > 1000 {
        return rt.throw_stack_overflow();
    }
    rt.host.joining.push(o);
    let result = join_text(rt, o, separator, locale);
    rt.host.joining.pop();
    Ok(result?.value())
}

/// Where a method gets the number of elements from.
#[derive(Clone, Copy)]
pub enum Length {
    /// The property `length`.
    Property,
    /// It is known.
    Is(u32),
}

/// Whether an array has neither element `i` nor any after it, itself or inherited.
#[inline]
fn has_no_more(rt: &mut Runtime, o: Obj, i: u64) -> bool {
    o.is_array()
        && i >= u64::from(o.elements_capacity())
        && !rt.shapes.of(o).has_index_names
        && !rt.array_prototypes_have_elements(o)
}

fn join_text(rt: &mut Runtime, o: Obj, separator: Value, locale: Option<Length>) -> JsResult<Str> {
    let n = match locale {
        Some(Length::Is(n)) => n as u64,
        Some(Length::Property) | None => rt.length_of(o)?,
    };
    let locale = locale.is_some();
    let separator = match separator {
        Value::UNDEFINED => rt.atoms.single(&mut rt.heap, b',' as u16),
        given => convert::to_string(rt, given)?,
    };
    let mut out = Joined::with_capacity(rt, n.min(1 << 16) as usize);
    // Separators that wait for the next text: where it is one of them that makes the result too long, that text has
    // been asked for already.
    let mut waiting = 0;
    for i in 0..n {
        waiting += (i > 0) as u64;
        if has_no_more(rt, o, i) {
            waiting += n - 1 - i;
            break;
        }
        let v = rt.get_at(o, i)?;
        if v.is_nullish() {
            continue;
        }
        if v.is_int() && !locale {
            out.push_times(rt, separator, std::mem::take(&mut waiting))?;
            out.push_int(rt, v.as_int())?;
            continue;
        }
        let v = if locale {
            let f = rt.get_str(v, "toLocaleString")?;
            rt.call(f, v, &[])?
        } else {
            v
        };
        let text = convert::to_string(rt, v)?;
        out.push_times(rt, separator, std::mem::take(&mut waiting))?;
        out.push(rt, text)?;
    }
    out.push_times(rt, separator, waiting)?;
    out.finish(rt)
}

/// `toString`.
pub fn to_string(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = convert::to_object(rt, args.this)?;
    let join = rt.get(o.value(), PropertyKey::Name(rt.atoms.names.join.into()))?;
    if Obj::from_value(join).is_some_and(Obj::is_callable) {
        return rt.call(join, o.value(), &[]);
    }
    let text = super::object::tag_text(rt, o.value());
    Ok(rt.string(&text))
}

/// `toLocaleString`.
pub fn to_locale_string(rt: &mut Runtime, args: &Args) -> JsResult {
    if args.given(0).is_some_and(|v| !v.is_undefined()) {
        return rt.refuse("Array.prototype.toLocaleString with locales or options", "call it without arguments");
    }
    let o = rt.this_array_like(args, "toLocaleString")?;
    join_locale(rt, o, Length::Property)
}

/// The elements by their `toLocaleString`.
pub fn join_locale(rt: &mut Runtime, o: Obj, length: Length) -> JsResult {
    join_with(rt, o, Value::UNDEFINED, Some(length))
}

/// `reverse`.
pub fn reverse(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "reverse")?;
    let n = rt.length_of(o)?;
    if is_plain(rt, o) {
        let n = n as u32;
        for i in 0..n / 2 {
            let (x, y) = (o.element(i), o.element(n - 1 - i));
            o.set_element_raw(&mut rt.heap, i, y);
            o.set_element_raw(&mut rt.heap, n - 1 - i, x);
        }
        return Ok(o.value());
    }
    for i in 0..n / 2 {
        let j = n - 1 - i;
        let (x, y) = (rt.get_present(o, i)?, rt.get_present(o, j)?);
        for (at, v) in [(i, y), (j, x)] {
            match v {
                Some(v) => rt.set_at(o, at, v)?,
                None => rt.delete_at(o, at)?,
            }
        }
    }
    Ok(o.value())
}

/// `toReversed`.
pub fn to_reversed(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "toReversed")?;
    let n = rt.length_of(o)?;
    check_array_length(rt, n)?;
    let a = rt.new_array(0);
    for i in (0..n).rev() {
        let v = rt.get_at(o, i)?;
        rt.array_push(a, v)?;
    }
    Ok(a.value())
}

/// `indexOf`.
pub fn index_of(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "indexOf")?;
    let n = rt.length_of(o)?;
    if n == 0 {
        return Ok(Value::int(-1));
    }
    let start = convert::to_relative_index(rt, args.get(1), n, 0)?;
    let wanted = args.get(0);
    if is_still_plain(rt, o, n) {
        // Nothing below runs the program's code: the array stays as it is.
        let found = (start as u32..n as u32).find(|i| compare::strict_eq(&mut rt.heap, o.element(*i), wanted));
        return Ok(found.map_or(Value::int(-1), Value::from_u32));
    }
    for i in start..n {
        if let Some(v) = rt.get_present(o, i)?
            && compare::strict_eq(&mut rt.heap, v, wanted)
        {
            return Ok(Value::number(i as f64));
        }
    }
    Ok(Value::int(-1))
}

/// `lastIndexOf`.
pub fn last_index_of(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "lastIndexOf")?;
    let n = rt.length_of(o)?;
    if n == 0 {
        return Ok(Value::int(-1));
    }
    let mut end = n;
    if let Some(from) = args.given(1) {
        let d = convert::to_integer(rt, from)?;
        end = if d < 0.0 { n as f64 + d + 1.0 } else { (d + 1.0).min(n as f64) }.max(0.0) as u64;
    }
    for i in (0..end).rev() {
        if let Some(v) = rt.get_present(o, i)?
            && compare::strict_eq(&mut rt.heap, v, args.get(0))
        {
            return Ok(Value::number(i as f64));
        }
    }
    Ok(Value::int(-1))
}

/// `includes`.
pub fn includes(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "includes")?;
    let n = rt.length_of(o)?;
    if n == 0 {
        return Ok(Value::FALSE);
    }
    let start = convert::to_relative_index(rt, args.get(1), n, 0)?;
    if is_still_plain(rt, o, n) {
        let wanted = args.get(0);
        let found = (start as u32..n as u32).any(|i| compare::same_value_zero(&mut rt.heap, o.element(i), wanted));
        return Ok(Value::bool(found));
    }
    for i in start..n {
        let v = rt.get_at(o, i)?;
        if compare::same_value_zero(&mut rt.heap, v, args.get(0)) {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}

/// `fill`.
pub fn fill(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "fill")?;
    let n = rt.length_of(o)?;
    let (start, end) = range(rt, args, 1, n)?;
    let v = args.get(0);
    // As V8, not as the specification: an array that the arguments' valueOf made shorter is not made longer again.
    let end = if is_plain(rt, o) { end.min(o.array_length() as u64) } else { end };
    rt.check_size((end.saturating_sub(start)).min(1 << 40) as usize * 8)?;
    if start == 0 && end == n && n > 0 && is_array_of(o, n) && fill_whole(rt, o, v) {
        return Ok(o.value());
    }
    for i in start..end {
        rt.set_at(o, i, v)?;
    }
    Ok(o.value())
}

fn is_array_of(o: Obj, n: u64) -> bool {
    o.is_array() && o.array_length() as u64 == n
}

/// A whole array gets the narrowest kind for its one value, whatever it was before: `new Array(n).fill(0)`.
fn fill_whole(rt: &mut Runtime, o: Obj, v: Value) -> bool {
    let shape = rt.shapes.of(o);
    let n = o.array_length();
    let elsewhere = shape.has_index_names || shape.integrity != Integrity::Extensible || n > 1 << 26;
    if elsewhere || o.shape_id() != rt.plain_array_shape(shape.elements) {
        return false;
    }
    let kind = ElementsKind::of(v);
    let cell = elements::alloc_elements(rt, kind.is_double(), crate::runtime::object::odd_capacity(n));
    o.set_elements(&mut rt.heap, cell);
    let shape = rt.plain_array_shape(kind);
    o.set_shape(shape);
    for i in 0..n {
        o.set_element_raw(&mut rt.heap, i, v);
    }
    true
}

/// `copyWithin`.
pub fn copy_within(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "copyWithin")?;
    let n = rt.length_of(o)?;
    let to = convert::to_relative_index(rt, args.get(0), n, 0)?;
    let (from, end) = range(rt, args, 1, n)?;
    let count = (end - from).min(n - to);
    move_range(rt, o, from, to, count)?;
    Ok(o.value())
}

/// `at`.
pub fn at(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "at")?;
    let n = rt.length_of(o)? as f64;
    let d = convert::to_integer(rt, args.get(0))?;
    let i = if d < 0.0 { n + d } else { d };
    if i < 0.0 || i >= n { Ok(Value::UNDEFINED) } else { rt.get_at(o, i as u64) }
}

/// `with`.
pub fn with(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = rt.this_array_like(args, "with")?;
    let n = rt.length_of(o)?;
    let d = convert::to_integer(rt, args.get(0))?;
    let i = if d < 0.0 { n as f64 + d } else { d };
    if i < 0.0 || i >= n as f64 {
        let shown = rt.describe(args.get(0));
        return rt.throw_range(&format!("Invalid index : {shown}"));
    }
    check_array_length(rt, n)?;
    let a = rt.new_array(0);
    for k in 0..n {
        let v = if k == i as u64 { args.get(1) } else { rt.get_at(o, k)? };
        rt.array_push(a, v)?;
    }
    Ok(a.value())
}

/// `flat`.
pub fn flat(rt: &mut Runtime, args: &Args) -> JsResult {
    let o = convert::to_object(rt, args.this)?;
    let n = rt.length_of(o)?;
    let depth = if args.get(0).is_undefined() { 1.0 } else { convert::to_integer(rt, args.get(0))? };
    let target = species::target_for(rt, o, 0)?;
    let a = rt.new_array(0);
    flatten_range(rt, a, o, n, depth)?;
    target.finish(rt, a, false)
}

/// Appends the elements of `o`, arrays among them unfolded to the given depth.
pub fn flatten_into(rt: &mut Runtime, a: Obj, o: Obj, depth: f64) -> JsResult<()> {
    let n = rt.length_of(o)?;
    flatten_range(rt, a, o, n, depth)
}

fn flatten_range(rt: &mut Runtime, a: Obj, o: Obj, n: u64, depth: f64) -> JsResult<()> {
    if rt.native_stack_is_low() {
        return rt.throw_stack_overflow();
    }
    for i in 0..n {
        let Some(v) = rt.get_present(o, i)? else { continue };
        match Obj::from_value(v).filter(|x| depth >= 1.0 && x.is_array()) {
            Some(inner) => flatten_into(rt, a, inner, depth - 1.0)?,
            None => rt.array_push(a, v)?,
        }
    }
    Ok(())
}

impl Runtime {
    /// The shape of a plain array with elements of a kind.
    pub fn plain_array_shape(&mut self, kind: ElementsKind) -> crate::vocab::ids::ShapeId {
        let proto = self.realm.array_proto.value();
        self.shapes.root(CellKind::Array, proto, kind, 0)
    }
}
