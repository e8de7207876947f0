//! Iteration: what `for-of`, spread, destructuring and the library's own loops step through.
//!
//! The state of an iteration is three words, in registers of the interpreter or inside an iterator object:
//!
//! ```text
//!                source          position              mode
//! array-like     the object      next index            ArrayValues | ArrayKeys | ArrayEntries
//! string         the string      next unit             StringValues
//! map, set       the object      vector + next entry   Map… | Set…  (position: see below)
//! iterator       the object      -                     Delegate: its own three words advance
//! anything else  its iterator    its `next` method     Protocol
//! ```
//!
//! For maps and sets the position is a pair, a vector of entries and an index in it; the index is kept above the mode's
//! eight bits.

use super::Args;
use super::collections::{Position, Table};
use super::table::Home;
use crate::runtime::cell::CellKind;
use crate::runtime::convert::to_boolean;
use crate::runtime::native::Vector;
use crate::runtime::object::Obj;
use crate::runtime::ops::iteration::has_array_iterator;
use crate::runtime::regexp::Flags;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::{Attrs, Key, PropertyKey};
use crate::runtime::string::Str;
use crate::runtime::typed::Typed;
use crate::runtime::value::Value;

/// The three words.
pub type State = [Value; 3];

/// What an iteration yields.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Mode {
    /// Elements.
    ArrayValues = 0,
    /// Indices.
    ArrayKeys = 1,
    /// `[index, element]`.
    ArrayEntries = 2,
    /// Code points as strings.
    StringValues = 3,
    /// Keys of a map.
    MapKeys = 4,
    /// Values of a map.
    MapValues = 5,
    /// `[key, value]`.
    MapEntries = 6,
    /// Members of a set.
    SetValues = 7,
    /// `[member, member]`.
    SetEntries = 8,
    /// A native iterator's own state.
    Delegate = 9,
    /// The program's own iterator.
    Protocol = 10,
    /// Finished.
    Done = 11,
    /// Results of matching a regular expression.
    Matches = 12,
}

const MODES: [Mode; 13] = [
    Mode::ArrayValues,
    Mode::ArrayKeys,
    Mode::ArrayEntries,
    Mode::StringValues,
    Mode::MapKeys,
    Mode::MapValues,
    Mode::MapEntries,
    Mode::SetValues,
    Mode::SetEntries,
    Mode::Delegate,
    Mode::Protocol,
    Mode::Done,
    Mode::Matches,
];

#[inline]
fn mode_of(state: &State) -> Mode {
    MODES[(mode_word(state) & 0xFF) as usize]
}

/// The third word: the mode, and above its eight bits the position in a table.
#[inline]
fn mode_word(state: &State) -> u64 {
    if state[2].is_int() { state[2].as_int() as u64 } else { state[2].as_number() as u64 }
}

fn finish(state: &mut State) {
    *state = [Value::UNDEFINED, Value::UNDEFINED, Value::int(Mode::Done as i32)];
}

fn start(source: Value, mode: Mode) -> State {
    let position = match Obj::from_value(source).and_then(Table::of) {
        Some(t) => t.entries().value(),
        None => Value::int(0),
    };
    [source, position, Value::int(mode as i32)]
}

/// A value as V8's iteration errors show it: with its type.
pub fn describe_typed(rt: &mut Runtime, v: Value) -> String {
    if v.is_undefined() {
        return "undefined".into();
    }
    if v.is_null() {
        return "object null".into();
    }
    let kind = crate::runtime::convert::type_of(rt, v).to_rust();
    if Obj::from_value(v).is_some_and(|o| !o.is_callable()) {
        return kind;
    }
    let shown = rt.describe(v);
    format!("{kind} {shown}")
}

/// The program's own iterator method of a value, if it has one.
fn iterator_method(rt: &mut Runtime, v: Value) -> JsResult<Option<Value>> {
    if v.is_nullish() {
        return Ok(None);
    }
    let key = PropertyKey::Name(Key(rt.library.symbol_iterator));
    let method = rt.get(v, key)?;
    // What cannot be called makes the value as little iterable as what is absent.
    Ok(Obj::from_value(method).filter(|m| m.is_callable()).map(|m| m.value()))
}

/// The mode of values that the library iterates itself.
fn native_mode(v: Value) -> Option<Mode> {
    if Str::from_value(v).is_some() {
        return Some(Mode::StringValues);
    }
    let o = Obj::from_value(v)?;
    match o.kind() {
        CellKind::Array | CellKind::Arguments => Some(Mode::ArrayValues),
        _typed if Typed::of(o).is_some() => Some(Mode::ArrayValues),
        CellKind::Map => (!super::collections::is_weak(o)).then_some(Mode::MapEntries),
        CellKind::Set => (!super::collections::is_weak(o)).then_some(Mode::SetValues),
        CellKind::Iterator => Some(Mode::Delegate),
        _other => None,
    }
}

/// Whether a value can be iterated.
pub fn has_iterator(rt: &mut Runtime, v: Value) -> JsResult<bool> {
    if native_mode(v).is_some() { Ok(true) } else { iterator_method(rt, v).map(|m| m.is_some()) }
}

/// The same for what takes array-likes too. `taker` is who asks: `from` of a class, or its constructor; an iterator method
/// that is not callable is an error.
pub fn is_iterable(rt: &mut Runtime, v: Value, taker: &str) -> JsResult<bool> {
    if native_mode(v).is_some() {
        return Ok(true);
    }
    if v.is_nullish() {
        return Ok(false);
    }
    let key = PropertyKey::Name(Key(rt.library.symbol_iterator));
    let method = rt.get(v, key)?;
    if !method.is_nullish() && !Obj::from_value(method).is_some_and(Obj::is_callable) {
        return rt.throw_type(&format!(
            "{taker} requires that the property of the first argument, items[Symbol.iterator], when exists, be a function"
        ));
    }
    Ok(!method.is_nullish())
}

/// Begins an iteration over `source`.
pub fn begin(rt: &mut Runtime, source: Value) -> JsResult<State> {
    match begin_if_iterable(rt, source)? {
        Some(state) => Ok(state),
        None => {
            let shown = describe_typed(rt, source);
            rt.throw_type(&format!("{shown} is not iterable (cannot read property Symbol(Symbol.iterator))"))
        }
    }
}

/// Begins an iteration, if the value can be iterated.
pub fn begin_if_iterable(rt: &mut Runtime, source: Value) -> JsResult<Option<State>> {
    if let Some(mode) = native_mode(source)
        && !overridden(rt, source, mode)
    {
        return Ok(Some(start(source, mode)));
    }
    let Some(method) = iterator_method(rt, source)? else { return Ok(None) };
    let iterator = rt.call(method, source, &[])?;
    let Some(o) = Obj::from_value(iterator) else {
        return rt.throw_type("Result of the Symbol.iterator method is not an object");
    };
    if o.kind() == CellKind::Iterator {
        return Ok(Some(start(iterator, Mode::Delegate)));
    }
    let next = rt.get(iterator, PropertyKey::Name(rt.atoms.names.next.into()))?;
    Ok(Some([iterator, next, Value::int(Mode::Protocol as i32)]))
}

/// Whether a class derived from a native one has an iterator method of its own.
fn overridden(rt: &mut Runtime, source: Value, mode: Mode) -> bool {
    let typed = Typed::from_value(source).is_some();
    let home = match mode {
        Mode::ArrayValues if typed => Home::TypedArrayPrototype,
        Mode::ArrayValues => Home::ArrayPrototype,
        Mode::MapEntries => Home::MapPrototype,
        Mode::SetValues => Home::SetPrototype,
        _exact => return false,
    };
    let Some(o) = Obj::from_value(source) else { return false };
    let native = rt.library.home(home);
    if matches!(o.kind(), CellKind::Array | CellKind::Arguments) {
        return !has_array_iterator(rt, o);
    }
    if rt.proto_of(o) == native.value() && rt.shapes.of(o).entry_count() == 0 {
        return false;
    }
    let key = Key(rt.library.symbol_iterator);
    rt.lookup_data(o, key) != rt.lookup_data(native, key)
}

/// The next value, or `None` at the end.
pub fn step(rt: &mut Runtime, state: &mut State) -> JsResult<Option<Value>> {
    match mode_of(state) {
        mode @ (Mode::ArrayValues | Mode::ArrayKeys | Mode::ArrayEntries) => step_array(rt, state, mode),
        Mode::StringValues => Ok(step_string(rt, state)),
        mode @ (Mode::MapKeys | Mode::MapValues | Mode::MapEntries | Mode::SetValues | Mode::SetEntries) => {
            Ok(step_table(rt, state, mode))
        }
        Mode::Delegate => match Obj::from_value(state[0]) {
            Some(o) => step_object(rt, o),
            None => Ok(None),
        },
        Mode::Protocol => {
            let next = step_protocol(rt, state);
            if next.is_err() {
                // An iterator that throws is over: nobody closes it.
                finish(state);
            }
            next
        }
        Mode::Matches => {
            let found = super::regexp_text::next_match(rt, state[0], state[1])?;
            let global = super::regexp::RegExp::from_value(state[0]).is_some_and(|re| re.flags().has(Flags::GLOBAL));
            if found.is_none() || !global {
                finish(state);
            }
            Ok(found)
        }
        Mode::Done => Ok(None),
    }
}

fn step_array(rt: &mut Runtime, state: &mut State, mode: Mode) -> JsResult<Option<Value>> {
    let Some(o) = Obj::from_value(state[0]) else { return Ok(None) };
    let i = if state[1].is_int() { state[1].as_int() as u64 } else { state[1].as_number() as u64 };
    let typed = Typed::of(o);
    let length = match typed {
        Some(t) => t.len() as u64,
        None => rt.length_of(o)?,
    };
    if i >= length {
        finish(state);
        return Ok(None);
    }
    let number = |i: u64| u32::try_from(i).map_or_else(|_| Value::number(i as f64), Value::from_u32);
    state[1] = number(i + 1);
    let index = number(i);
    if mode == Mode::ArrayKeys {
        return Ok(Some(index));
    }
    let v = match typed {
        Some(t) => t.get(i as u32).unwrap_or(Value::UNDEFINED),
        None => rt.get_at(o, i)?,
    };
    Ok(Some(if mode == Mode::ArrayValues { v } else { rt.new_array_from(&[index, v]).value() }))
}

fn step_string(rt: &mut Runtime, state: &mut State) -> Option<Value> {
    let s = Str::from_value(state[0])?;
    let i = state[1].as_int() as usize;
    let Some((_, n)) = s.chars(&mut rt.heap).code_point_at(i) else {
        finish(state);
        return None;
    };
    state[1] = Value::int((i + n) as i32);
    if n == 1 {
        let unit = s.chars(&mut rt.heap).at(i);
        return Some(rt.atoms.single(&mut rt.heap, unit).value());
    }
    Some(s.slice(&mut rt.heap, i, i + n).value())
}

fn step_table(rt: &mut Runtime, state: &mut State, mode: Mode) -> Option<Value> {
    let table = Obj::from_value(state[0]).and_then(Table::of)?;
    let mut position = Position { entries: Vector::from_value(state[1]), next: (mode_word(state) >> 8) as u32 };
    let Some((key, value)) = position.step(table) else {
        finish(state);
        return None;
    };
    state[1] = position.entries.value();
    let word = mode as u64 | (position.next as u64) << 8;
    state[2] = u32::try_from(word).map_or_else(|_| Value::number(word as f64), Value::from_u32);
    Some(match mode {
        Mode::MapKeys | Mode::SetValues => key,
        Mode::MapValues => value,
        _entries => rt.new_array_from(&[key, value]).value(),
    })
}

/// Advances an iterator object's own state.
pub fn step_object(rt: &mut Runtime, o: Obj) -> JsResult<Option<Value>> {
    let mut state = [o.internal(0), o.internal(1), o.internal(2)];
    let result = step(rt, &mut state);
    for (i, w) in state.into_iter().enumerate() {
        o.set_internal(&mut rt.heap, i, w);
    }
    result
}

fn step_protocol(rt: &mut Runtime, state: &mut State) -> JsResult<Option<Value>> {
    let names = rt.atoms.names;
    let result = rt.call(state[1], state[0], &[])?;
    if Obj::from_value(result).is_none() {
        let shown = rt.describe(result);
        return rt.throw_type(&format!("Iterator result {shown} is not an object"));
    }
    let done = rt.get_named(result, names.done.into())?;
    if to_boolean(done) {
        finish(state);
        return Ok(None);
    }
    rt.get_named(result, names.value.into()).map(Some)
}

/// Ends an iteration early: the program's own iterators are told through `return`.
pub fn close(rt: &mut Runtime, state: &mut State) -> JsResult<()> {
    let protocol = mode_of(state) == Mode::Protocol;
    let iterator = state[0];
    finish(state);
    if !protocol {
        return Ok(());
    }
    let method = rt.get(iterator, PropertyKey::Name(rt.atoms.names.return_.into()))?;
    if method.is_nullish() {
        return Ok(());
    }
    let result = rt.call(method, iterator, &[])?;
    if Obj::from_value(result).is_none() {
        let shown = rt.describe(result);
        return rt.throw_type(&format!("Iterator result {shown} is not an object"));
    }
    Ok(())
}

/// Calls `f` with each value; an exception of `f` closes the iteration.
pub fn for_each(
    rt: &mut Runtime,
    source: Value,
    f: &mut dyn FnMut(&mut Runtime, Value) -> JsResult<()>,
) -> JsResult<()> {
    let mut state = begin(rt, source)?;
    while let Some(v) = step(rt, &mut state)? {
        if let Err(thrown) = f(rt, v) {
            // The first exception wins over one that `return` throws.
            let exception = rt.head.exception;
            let _second = close(rt, &mut state);
            rt.head.exception = exception;
            return Err(thrown);
        }
    }
    Ok(())
}

// ---- the methods that make iterators ---------------------------------------------------------------------------

fn array_iterator(rt: &mut Runtime, args: &Args, mode: Mode) -> JsResult {
    let o = crate::runtime::convert::to_object(rt, args.this)?;
    Ok(rt.new_iterator(Home::ArrayIterator, [o.value(), Value::int(0), Value::int(mode as i32)]).value())
}
/// `Array.prototype.keys`.
pub fn array_keys(rt: &mut Runtime, args: &Args) -> JsResult {
    array_iterator(rt, args, Mode::ArrayKeys)
}
/// `Array.prototype.values`.
pub fn array_values(rt: &mut Runtime, args: &Args) -> JsResult {
    array_iterator(rt, args, Mode::ArrayValues)
}
/// `Array.prototype.entries`.
pub fn array_entries(rt: &mut Runtime, args: &Args) -> JsResult {
    array_iterator(rt, args, Mode::ArrayEntries)
}
/// `String.prototype[Symbol.iterator]`.
pub fn string_values(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = rt.this_string(args, "[Symbol.iterator]")?;
    Ok(rt.new_iterator(Home::StringIterator, start(s.value(), Mode::StringValues)).value())
}

fn table_iterator(rt: &mut Runtime, args: &Args, kind: CellKind, mode: Mode, method: &str) -> JsResult {
    let (class, home) = if kind == CellKind::Map { ("Map", Home::MapIterator) } else { ("Set", Home::SetIterator) };
    match Obj::from_value(args.this).filter(|o| o.kind() == kind && !super::collections::is_weak(*o)) {
        Some(o) => Ok(rt.new_iterator(home, start(o.value(), mode)).value()),
        None => {
            let shown = rt.describe(args.this);
            rt.throw_type(&format!("Method {class}.prototype.{method} called on incompatible receiver {shown}"))
        }
    }
}
/// `Map.prototype.keys`.
pub fn map_keys(rt: &mut Runtime, args: &Args) -> JsResult {
    table_iterator(rt, args, CellKind::Map, Mode::MapKeys, "keys")
}
/// `Map.prototype.values`.
pub fn map_values(rt: &mut Runtime, args: &Args) -> JsResult {
    table_iterator(rt, args, CellKind::Map, Mode::MapValues, "values")
}
/// `Map.prototype.entries`.
pub fn map_entries(rt: &mut Runtime, args: &Args) -> JsResult {
    table_iterator(rt, args, CellKind::Map, Mode::MapEntries, "entries")
}
/// `Set.prototype.values`.
pub fn set_values(rt: &mut Runtime, args: &Args) -> JsResult {
    table_iterator(rt, args, CellKind::Set, Mode::SetValues, "values")
}
/// `Set.prototype.entries`.
pub fn set_entries(rt: &mut Runtime, args: &Args) -> JsResult {
    table_iterator(rt, args, CellKind::Set, Mode::SetEntries, "entries")
}

/// `next` of every native iterator.
pub fn next(rt: &mut Runtime, args: &Args) -> JsResult {
    let Some(o) = Obj::from_value(args.this).filter(|o| o.kind() == CellKind::Iterator) else {
        let shown = rt.describe(args.this);
        let class = Obj::from_value(args.callee())
            .and_then(|f| super::BUILTINS.get(f.native_id() as usize))
            .map_or("Iterator", |b| b.home.path());
        return rt.throw_type(&format!("Method {class}.prototype.next called on incompatible receiver {shown}"));
    };
    let v = step_object(rt, o)?;
    let names = rt.atoms.names;
    let result = rt.new_plain_object(2);
    let value = PropertyKey::Name(names.value.into());
    rt.define_own(result, value, v.unwrap_or(Value::UNDEFINED), Attrs::DATA);
    rt.define_own(result, PropertyKey::Name(names.done.into()), Value::bool(v.is_none()), Attrs::DATA);
    Ok(result.value())
}

/// `[Symbol.iterator]` of iterators: themselves.
pub fn itself(_rt: &mut Runtime, args: &Args) -> JsResult {
    Ok(args.this)
}

/// Which collection a native iterator walks and what it yields: for printing.
pub fn walked(o: Obj) -> (Value, Mode) {
    let state = [o.internal(0), o.internal(1), o.internal(2)];
    (state[0], mode_of(&state))
}
