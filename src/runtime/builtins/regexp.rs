//! `RegExp`: the objects, `exec` and what it gives. The methods of strings that take them are in [`super::regexp_text`].
//!
//! ```text
//! cell of kind RegExp
//!   word 0  the pattern, a string
//!   word 1  int: the flags
//!   word 2  the program's stamp: see `runtime::regexp::cache`
//! named slot 0  lastIndex
//! ```

use super::Args;
use super::install::EMPTY_SHAPE;
use super::table::Home;
use crate::runtime::cell::CellKind;
use crate::runtime::convert;
use crate::runtime::elements;
use crate::runtime::object::{Obj, odd_capacity};
use crate::runtime::regexp::exec::{self, NONE, Stop};
use crate::runtime::regexp::{Error, Flags, Program};
use crate::runtime::runtime::{ErrorKind, JsResult, Runtime, Termination, Thrown, interrupt};
use crate::runtime::shape::{Attrs, ElementsKind, PropertyKey};
use crate::runtime::string::{Chars, Str};
use crate::runtime::value::Value;
use smallvec::{SmallVec, smallvec};
use std::rc::Rc;
use std::sync::atomic::Ordering;

/// A regular expression.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RegExp(pub Obj);

/// Where a match and its groups begin and end: two places per group.
pub type Places = SmallVec<[usize; 8]>;

impl RegExp {
    /// The regular expression that a value is, if it is one.
    pub fn from_value(v: Value) -> Option<RegExp> {
        Obj::from_value(v).filter(|o| o.kind() == CellKind::RegExp).map(RegExp)
    }
    /// The pattern.
    pub fn pattern(self) -> Value {
        self.0.internal(0)
    }
    /// The flags.
    pub fn flags(self) -> Flags {
        Flags(self.0.internal(1).as_int() as u8)
    }
    /// Whether `lastIndex` is used.
    pub fn keeps_place(self) -> bool {
        self.flags().has(Flags::GLOBAL) || self.flags().has(Flags::STICKY)
    }
}

/// `lastIndex` of a regular expression as a place to start from.
#[inline]
pub fn last_index(rt: &mut Runtime, re: RegExp) -> JsResult<u64> {
    if is_plain(rt, re) {
        let v = re.0.slot(rt.shapes.of(re.0), 0);
        if v.is_int() {
            return Ok(v.as_int().max(0) as u64);
        }
    }
    let key = PropertyKey::Name(rt.atoms.names.last_index.into());
    let v = rt.get(re.0.value(), key)?;
    convert::to_length(rt, v)
}

/// Sets `lastIndex`.
#[inline]
pub fn set_last_index(rt: &mut Runtime, re: RegExp, index: usize) -> JsResult<()> {
    if is_plain(rt, re) {
        re.0.set_slot(&mut rt.heap, rt.shapes.of(re.0), 0, Value::number(index as f64));
        return Ok(());
    }
    let key = PropertyKey::Name(rt.atoms.names.last_index.into());
    rt.set(re.0.value(), key, Value::number(index as f64))
}

/// Whether a regular expression is as it was made: it inherits from ours, and `lastIndex`, writable, is all it has.
#[inline(always)]
fn is_plain(rt: &Runtime, re: RegExp) -> bool {
    re.0.shape_id() == rt.library.regexp_shape
}

/// A new regular expression.
pub fn create(rt: &mut Runtime, proto: Obj, pattern: Str, flags: Flags) -> JsResult<RegExp> {
    let units = pattern.chars(&mut rt.heap).to_vec();
    let (stamp, _) = match rt.regexps.intern(&units, flags) {
        Ok(program) => program,
        Err(Error::Refused(feature)) => return rt.refuse(feature, "spell the characters out in a class: [a-z]"),
        Err(Error::Syntax(message)) => {
            let text = format!("Invalid regular expression: /{}/{}: {message}", pattern.to_rust(), flags.text());
            return rt.throw_error(ErrorKind::Syntax, &text);
        }
    };
    Ok(object(rt, proto, pattern, flags, stamp))
}

/// The object for a program with a stamp.
fn object(rt: &mut Runtime, proto: Obj, pattern: Str, flags: Flags, stamp: u64) -> RegExp {
    let known = rt.library.regexp_shape;
    if known != EMPTY_SHAPE && rt.shapes.get(known).proto == proto.value() {
        let o = rt.new_object(known);
        o.reserve_slot(&mut rt.heap, 0, 0);
        o.set_slot(&mut rt.heap, rt.shapes.get(known), 0, Value::int(0));
        return filled(rt, o, pattern, flags, stamp);
    }
    let shape = rt.shapes.root(CellKind::RegExp, proto.value(), ElementsKind::HoleyAny, 0);
    let o = rt.new_object(shape);
    let key = PropertyKey::Name(rt.atoms.names.last_index.into());
    rt.define_own(o, key, Value::int(0), Attrs::WRITABLE);
    if proto == rt.library.home(Home::RegExpPrototype) {
        rt.library.regexp_shape = o.shape_id();
    }
    filled(rt, o, pattern, flags, stamp)
}

fn filled(rt: &mut Runtime, o: Obj, pattern: Str, flags: Flags, stamp: u64) -> RegExp {
    o.set_internal(&mut rt.heap, 0, pattern.value());
    o.set_internal(&mut rt.heap, 1, Value::int(flags.0 as i32));
    o.set_internal(&mut rt.heap, 2, Value::number(stamp as f64));
    RegExp(o)
}

/// A regular-expression literal. The frontend has checked it.
pub fn literal(rt: &mut Runtime, pattern: Value, flags: Value) -> JsResult {
    let cells = (pattern.0, flags.0);
    if let (Some((stamp, flags)), Some(pattern)) = (rt.regexps.literal(cells), Str::from_value(pattern)) {
        let proto = rt.library.home(Home::RegExpPrototype);
        return Ok(object(rt, proto, pattern, flags, stamp).0.value());
    }
    let flags = Str::from_value(flags).and_then(|s| Flags::parse(&s.to_rust())).unwrap_or_default();
    let pattern = convert::to_string(rt, pattern)?;
    let proto = rt.library.home(Home::RegExpPrototype);
    let re = create(rt, proto, pattern, flags)?;
    rt.regexps.learn_literal(cells, re.0.internal(2).as_number() as u64, flags);
    Ok(re.0.value())
}

/// The program of a regular expression.
pub fn program_of(rt: &mut Runtime, re: RegExp) -> Option<Rc<Program>> {
    let stamp = re.0.internal(2).as_number() as u64;
    if let Some(program) = rt.regexps.get(stamp) {
        return Some(program);
    }
    let pattern = Str::from_value(re.pattern())?.chars(&mut rt.heap).to_vec();
    let (stamp, program) = rt.regexps.intern(&pattern, re.flags()).ok()?;
    re.0.set_internal(&mut rt.heap, 2, Value::number(stamp as f64));
    Some(program)
}

/// Looks for a match from a place on. Neither reads nor writes `lastIndex`.
pub fn find(rt: &mut Runtime, re: RegExp, s: Str, from: usize, sticky: bool) -> JsResult<Option<Places>> {
    let Some(program) = program_of(rt, re) else { return Ok(None) };
    let mut places: Places = smallvec![NONE; 2 * program.groups];
    Ok(find_by(rt, &program, s, from, sticky, &mut places)?.then_some(places))
}

/// Looks for a match of a program from a place on: two places per group.
pub fn find_by(
    rt: &mut Runtime,
    program: &Program,
    s: Str,
    from: usize,
    sticky: bool,
    places: &mut [usize],
) -> JsResult<bool> {
    let text = s.chars(&mut rt.heap);
    let (head, scratch) = (&rt.head, &mut rt.regexps.scratch);
    let mut poll = || head.interrupt.load(Ordering::Relaxed) & !(interrupt::HEAP | interrupt::TIERING) != 0;
    let found = match text {
        Chars::Latin1(units) => exec::run(program, units, from, sticky, places, scratch, &mut poll),
        Chars::Utf16(units) => exec::run(program, units, from, sticky, places, scratch, &mut poll),
    };
    match found {
        Ok(found) => Ok(found),
        Err(Stop::TooDeep) => rt.throw_stack_overflow(),
        Err(Stop::Interrupted) if head.interrupt.load(Ordering::Relaxed) & interrupt::TERMINATE != 0 => Err(Thrown),
        // Nobody else stops a program from outside.
        Err(Stop::Interrupted) => rt.terminate(Termination::Timeout),
    }
}

/// RegExpBuiltinExec, up to the result: where the match is.
pub fn advance(rt: &mut Runtime, re: RegExp, s: Str) -> JsResult<Option<Places>> {
    let from = last_index(rt, re)?;
    let keeps = re.keeps_place();
    let from = if keeps { from } else { 0 };
    let found = match usize::try_from(from) {
        Ok(from) if from <= s.len() => find(rt, re, s, from, re.flags().has(Flags::STICKY))?,
        _past_the_end => None,
    };
    if keeps {
        set_last_index(rt, re, found.as_ref().map_or(0, |places| places[1]))?;
    }
    Ok(found)
}

/// What a group matched, as a string, or undefined.
pub fn group(rt: &mut Runtime, s: Str, places: &[usize], group: usize) -> Value {
    match (places[2 * group], places[2 * group + 1]) {
        (start, end) if start != NONE && end != NONE => s.slice(&mut rt.heap, start, end).value(),
        _unmatched => Value::UNDEFINED,
    }
}

/// An object with a property per named group, or undefined if there are no names.
pub fn named_groups(rt: &mut Runtime, re: RegExp, value: &mut dyn FnMut(&mut Runtime, usize) -> Value) -> Value {
    let Some(program) = program_of(rt, re).filter(|p| !p.names.is_empty()) else { return Value::UNDEFINED };
    let o = rt.new_plain_object(program.names.len().min(16) as u8);
    rt.set_proto(o, Value::NULL);
    for (name, group) in &program.names {
        let v = value(rt, *group);
        let key = rt.key(name);
        rt.define_own(o, key, v, Attrs::DATA);
    }
    o.value()
}

/// The array that `exec` gives.
pub fn result(rt: &mut Runtime, re: RegExp, s: Str, places: &[usize]) -> JsResult {
    let mut matched: SmallVec<[Value; 8]> = smallvec![Value::UNDEFINED; places.len() / 2];
    let has_indices = re.flags().has(Flags::INDICES);
    let known = rt.library.match_shape;
    if places.len() > 16 || has_indices || known == EMPTY_SHAPE {
        return result_slowly(rt, re, s, places);
    }
    for (i, v) in matched.iter_mut().enumerate() {
        *v = group(rt, s, places, i);
    }
    let groups = named_groups(rt, re, &mut |rt, i| group(rt, s, places, i));
    let a = rt.new_object(known);
    a.set_array_length_raw(0);
    let cell = elements::alloc_elements(rt, false, odd_capacity(matched.len() as u32));
    a.set_elements(&mut rt.heap, cell);
    a.fill_fresh_elements(&matched);
    a.set_array_length_raw(matched.len() as u32);
    a.reserve_slot(&mut rt.heap, 0, 2);
    let shape = rt.shapes.get(known);
    for (slot, v) in [Value::number(places[0] as f64), s.value(), groups].into_iter().enumerate() {
        a.set_slot(&mut rt.heap, shape, slot as u32, v);
    }
    Ok(a.value())
}

/// The same, property by property.
fn result_slowly(rt: &mut Runtime, re: RegExp, s: Str, places: &[usize]) -> JsResult {
    let a = rt.new_array_of(ElementsKind::Any, places.len() as u32 / 2);
    for i in 0..places.len() / 2 {
        let v = group(rt, s, places, i);
        rt.array_push(a, v)?;
    }
    let names = rt.atoms.names;
    let groups = named_groups(rt, re, &mut |rt, i| group(rt, s, places, i));
    rt.define_own(a, PropertyKey::Name(names.index.into()), Value::number(places[0] as f64), Attrs::DATA);
    rt.define_own(a, PropertyKey::Name(names.input.into()), s.value(), Attrs::DATA);
    rt.define_own(a, PropertyKey::Name(names.groups.into()), groups, Attrs::DATA);
    if !re.flags().has(Flags::INDICES) {
        rt.library.match_shape = a.shape_id();
        return Ok(a.value());
    }
    let pair = |rt: &mut Runtime, i: usize| match (places[2 * i], places[2 * i + 1]) {
        (start, end) if start != NONE && end != NONE => {
            rt.new_array_from(&[Value::number(start as f64), Value::number(end as f64)]).value()
        }
        _unmatched => Value::UNDEFINED,
    };
    let indices = rt.new_array(0);
    for i in 0..places.len() / 2 {
        let v = pair(rt, i);
        rt.array_push(indices, v)?;
    }
    let groups = named_groups(rt, re, &mut |rt, i| pair(rt, i));
    rt.define_own(indices, PropertyKey::Name(names.groups.into()), groups, Attrs::DATA);
    let key = rt.key("indices");
    rt.define_own(a, key, indices.value(), Attrs::DATA);
    Ok(a.value())
}

/// A program that has put its own `exec` in the place of ours means something that is not done here.
pub fn require_own_exec(rt: &mut Runtime, re: RegExp) -> JsResult<()> {
    if rt.lookup_data(re.0, rt.atoms.names.exec.into()) == Some(rt.library.regexp_exec) {
        return Ok(());
    }
    rt.refuse("RegExp with an exec of its own", "call the function directly")
}

// ---- constructor -----------------------------------------------------------------------------------------------

/// `RegExp(…)` and `new RegExp(…)`.
pub fn constructor(rt: &mut Runtime, args: &Args) -> JsResult {
    let (source, given) = (args.get(0), args.get(1));
    let old = RegExp::from_value(source);
    if let (Some(re), false, true) = (old, args.is_construct(), given.is_undefined()) {
        let key = PropertyKey::Name(rt.atoms.names.constructor.into());
        if rt.get(re.0.value(), key)? == args.callee() {
            return Ok(source);
        }
    }
    let proto = rt.prototype_for(args, rt.library.home(Home::RegExpPrototype))?;
    let pattern = match old {
        Some(re) => convert::to_string(rt, re.pattern())?,
        None if source.is_undefined() => rt.atoms.names.empty.str(),
        None => convert::to_string(rt, source)?,
    };
    let flags = match old {
        Some(re) if given.is_undefined() => re.flags(),
        _given if given.is_undefined() => Flags::default(),
        _given => {
            let text = convert::to_string(rt, given)?.to_rust();
            match Flags::parse(&text) {
                Some(flags) => flags,
                None => {
                    let message = format!("Invalid flags supplied to RegExp constructor '{text}'");
                    return rt.throw_error(ErrorKind::Syntax, &message);
                }
            }
        }
    };
    create(rt, proto, pattern, flags).map(|re| re.0.value())
}

// ---- methods ---------------------------------------------------------------------------------------------------

fn this_regexp(rt: &mut Runtime, args: &Args, method: &str) -> JsResult<RegExp> {
    match RegExp::from_value(args.this) {
        Some(re) => Ok(re),
        None => {
            let shown = rt.describe(args.this);
            rt.throw_type(&format!("Method RegExp.prototype.{method} called on incompatible receiver {shown}"))
        }
    }
}

/// `exec`.
pub fn exec(rt: &mut Runtime, args: &Args) -> JsResult {
    let re = this_regexp(rt, args, "exec")?;
    let s = convert::to_string(rt, args.get(0))?;
    match advance(rt, re, s)? {
        Some(places) => result(rt, re, s, &places),
        None => Ok(Value::NULL),
    }
}

/// `test`.
pub fn test(rt: &mut Runtime, args: &Args) -> JsResult {
    let re = this_regexp(rt, args, "test")?;
    require_own_exec(rt, re)?;
    let s = convert::to_string(rt, args.get(0))?;
    Ok(Value::bool(advance(rt, re, s)?.is_some()))
}

/// The pattern as it stands between slashes.
fn source_text(rt: &mut Runtime, re: RegExp) -> Vec<u16> {
    let units = Str::from_value(re.pattern()).map(|s| s.chars(&mut rt.heap).to_vec()).unwrap_or_default();
    if units.is_empty() {
        return "(?:)".encode_utf16().collect();
    }
    let (mut out, mut class, mut escaped) = (Vec::with_capacity(units.len()), false, false);
    for c in units {
        let newline = match c {
            0x0A => "n",
            0x0D => "r",
            0x2028 => "u2028",
            0x2029 => "u2029",
            _other => "",
        };
        if !newline.is_empty() {
            if !escaped {
                out.push(b'\\' as u16);
            }
            out.extend(newline.encode_utf16());
            escaped = false;
            continue;
        }
        if escaped {
            escaped = false;
        } else {
            match c {
                0x5C => escaped = true,
                0x5B => class = true,
                0x5D => class = false,
                0x2F if !class => out.push(b'\\' as u16),
                _other => {}
            }
        }
        out.push(c);
    }
    out
}

/// `source`.
pub fn source(rt: &mut Runtime, args: &Args) -> JsResult {
    if args.this == rt.library.home(Home::RegExpPrototype).value() {
        return Ok(rt.string("(?:)"));
    }
    match RegExp::from_value(args.this) {
        Some(re) => {
            let units = source_text(rt, re);
            rt.string_from_units(&units)
        }
        None => {
            let shown = rt.describe(args.this);
            rt.throw_type(&format!("RegExp.prototype.source getter called on non-RegExp object {shown}"))
        }
    }
}

/// `flags`: what the single flags say.
pub fn flags(rt: &mut Runtime, args: &Args) -> JsResult {
    if Obj::from_value(args.this).is_none() {
        let shown = rt.describe(args.this);
        return rt.throw_type(&format!("RegExp.prototype.flags getter called on non-object {shown}"));
    }
    let mut text = String::new();
    for (_, letter, name) in Flags::LETTERS {
        let v = rt.get_str(args.this, name)?;
        if convert::to_boolean(v) {
            text.push(letter);
        }
    }
    Ok(rt.string(&text))
}

fn flag(rt: &mut Runtime, args: &Args, flag: Flags) -> JsResult {
    if let Some(re) = RegExp::from_value(args.this) {
        return Ok(Value::bool(re.flags().has(flag)));
    }
    if args.this == rt.library.home(Home::RegExpPrototype).value() {
        return Ok(Value::UNDEFINED);
    }
    let name = Flags::LETTERS.iter().find(|(f, ..)| *f == flag).map_or("", |(_, _, name)| name);
    let shown = rt.describe(args.this);
    rt.throw_type(&format!("RegExp.prototype.{name} getter called on non-RegExp object {shown}"))
}

macro_rules! flag_getters {
    ($( $name:ident $flag:ident; )+) => { $(
        #[doc = concat!("The getter of a flag: `", stringify!($flag), "`.")]
        pub fn $name(rt: &mut Runtime, args: &Args) -> JsResult {
            flag(rt, args, Flags::$flag)
        }
    )+ };
}
flag_getters! {
    has_indices INDICES;
    global GLOBAL;
    ignore_case IGNORE_CASE;
    multiline MULTILINE;
    dot_all DOT_ALL;
    unicode UNICODE;
    unicode_sets UNICODE_SETS;
    sticky STICKY;
}

/// `toString`.
pub fn to_string(rt: &mut Runtime, args: &Args) -> JsResult {
    if Obj::from_value(args.this).is_none() {
        let shown = rt.describe(args.this);
        return rt.throw_type(&format!("Method RegExp.prototype.toString called on incompatible receiver {shown}"));
    }
    let source = rt.get_str(args.this, "source")?;
    let source = convert::to_string(rt, source)?;
    let flags = rt.get_str(args.this, "flags")?;
    let flags = convert::to_string(rt, flags)?;
    let mut units = vec![b'/' as u16];
    source.append_to(&mut units);
    units.push(b'/' as u16);
    flags.append_to(&mut units);
    rt.string_from_units(&units)
}

/// A regular expression as it is printed.
pub fn inspect_text(rt: &mut Runtime, re: RegExp) -> String {
    let source = String::from_utf16_lossy(&source_text(rt, re));
    format!("/{source}/{}", re.flags().text())
}
