//! The methods of strings that take regular expressions: `match`, `matchAll`, `replace`, `replaceAll`, `search`, `split`.
//!
//! The language has them ask the regular expression's `Symbol.match` and so on, and these its `exec`. None of that can be
//! replaced here (symbols are missing, an `exec` of the program's own is refused), so the machine is asked directly.

use super::Args;
use super::iteration::Mode;
use super::regexp::{
    Places, RegExp, advance, create, find, find_by, group, last_index, named_groups, program_of, require_own_exec,
    result, set_last_index,
};
use super::table::Home;
use crate::runtime::convert;
use crate::runtime::object::Obj;
use crate::runtime::regexp::Flags;
use crate::runtime::regexp::exec::NONE;
use crate::runtime::rootvec::RootVec;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::{ElementsKind, PropertyKey};
use crate::runtime::string::{Builder, Chars, Str};
use crate::runtime::value::Value;
use smallvec::smallvec;

/// The regular expression that an argument is; it is ours to run.
pub fn argument(rt: &mut Runtime, v: Value) -> JsResult<Option<RegExp>> {
    let Some(re) = RegExp::from_value(v) else { return Ok(None) };
    require_own_exec(rt, re)?;
    Ok(Some(re))
}

/// The argument as a regular expression, made from its text if it is none.
fn regexp_of(rt: &mut Runtime, v: Value, flags: Flags) -> JsResult<RegExp> {
    if let Some(re) = argument(rt, v)? {
        return Ok(re);
    }
    let pattern = if v.is_undefined() { rt.atoms.names.empty.str() } else { convert::to_string(rt, v)? };
    let proto = rt.library.home(Home::RegExpPrototype);
    create(rt, proto, pattern, flags)
}

/// The place after an empty match at `at`.
fn after_empty(rt: &mut Runtime, re: RegExp, s: Str, at: usize) -> usize {
    let pair =
        re.flags().has(Flags::UNICODE) && s.chars(&mut rt.heap).code_point_at(at).is_some_and(|(_, units)| units == 2);
    at + 1 + pair as usize
}

/// Where an expression has matched, one match after another.
struct Matches {
    places: Vec<usize>,
    /// Places of one match.
    each: usize,
}

impl Matches {
    fn iter(&self) -> impl ExactSizeIterator<Item = &[usize]> {
        self.places.chunks_exact(self.each)
    }
}

/// All matches of a global expression, from the start; `lastIndex` is 0 afterwards.
fn all_matches(rt: &mut Runtime, re: RegExp, s: Str) -> JsResult<Matches> {
    set_last_index(rt, re, 0)?;
    let mut matches = Matches { places: Vec::new(), each: 2 };
    let Some(program) = program_of(rt, re) else { return Ok(matches) };
    matches.each = 2 * program.groups;
    let sticky = re.flags().has(Flags::STICKY);
    let mut places: Places = smallvec![NONE; matches.each];
    let mut from = 0;
    while from <= s.len() && find_by(rt, &program, s, from, sticky, &mut places)? {
        from = if places[0] == places[1] { after_empty(rt, re, s, places[1]) } else { places[1] };
        matches.places.extend_from_slice(&places);
        if matches.iter().len().is_multiple_of(1 << 16) {
            rt.check_room(matches.places.len() * 16)?;
        }
    }
    Ok(matches)
}

/// `match`.
pub fn match_(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = rt.this_string(args, "match")?;
    let re = regexp_of(rt, args.get(0), Flags::default())?;
    if !re.flags().has(Flags::GLOBAL) {
        return match advance(rt, re, s)? {
            Some(places) => result(rt, re, s, &places),
            None => Ok(Value::NULL),
        };
    }
    let matches = all_matches(rt, re, s)?;
    if matches.places.is_empty() {
        return Ok(Value::NULL);
    }
    let a = rt.new_array_of(ElementsKind::Any, matches.iter().len() as u32);
    for places in matches.iter() {
        let v = group(rt, s, places, 0);
        rt.array_push(a, v)?;
    }
    Ok(a.value())
}

/// `matchAll`.
pub fn match_all(rt: &mut Runtime, args: &Args) -> JsResult {
    if RegExp::from_value(args.get(0)).is_some() && !args.this.is_nullish() {
        let flags = rt.get_str(args.get(0), "flags")?;
        if flags.is_nullish() {
            return rt.throw_type(
                "The .flags property of the argument to String.prototype.matchAll cannot be null or undefined",
            );
        }
        let flags = convert::to_string(rt, flags)?.to_rust();
        if !flags.contains('g') {
            return rt.throw_type("String.prototype.matchAll called with a non-global RegExp argument");
        }
    }
    let s = rt.this_string(args, "matchAll")?;
    let re = regexp_of(rt, args.get(0), Flags::GLOBAL)?;
    let pattern = convert::to_string(rt, re.pattern())?;
    let proto = rt.library.home(Home::RegExpPrototype);
    let clone = create(rt, proto, pattern, re.flags())?;
    let from = last_index(rt, re)?;
    set_last_index(rt, clone, from as usize)?;
    let state = [clone.0.value(), s.value(), Value::int(Mode::Matches as i32)];
    Ok(rt.new_iterator(Home::RegExpStringIterator, state).value())
}

/// The next result of `matchAll`.
pub fn next_match(rt: &mut Runtime, re: Value, s: Value) -> JsResult<Option<Value>> {
    let (Some(re), Some(s)) = (RegExp::from_value(re), Str::from_value(s)) else { return Ok(None) };
    let Some(places) = advance(rt, re, s)? else { return Ok(None) };
    if places[0] == places[1] {
        let next = after_empty(rt, re, s, places[1]);
        set_last_index(rt, re, next)?;
    }
    result(rt, re, s, &places).map(Some)
}

/// `search`.
pub fn search(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = rt.this_string(args, "search")?;
    let re = regexp_of(rt, args.get(0), Flags::default())?;
    let found = find(rt, re, s, 0, re.flags().has(Flags::STICKY))?;
    Ok(found.map_or(Value::int(-1), |places| Value::number(places[0] as f64)))
}

/// `split` by a regular expression.
pub fn split(rt: &mut Runtime, re: RegExp, s: Str, limit: u32) -> JsResult {
    let a = rt.new_array(0);
    if limit == 0 {
        return Ok(a.value());
    }
    let size = s.len();
    if size == 0 {
        if find(rt, re, s, 0, true)?.is_none() {
            rt.array_push(a, s.value())?;
        }
        return Ok(a.value());
    }
    let (mut copied, mut from) = (0, 0);
    while from < size {
        let Some(places) = find(rt, re, s, from, false)?.filter(|places| places[0] < size) else { break };
        if places[1] == copied {
            from = after_empty(rt, re, s, places[0]);
            continue;
        }
        let piece = s.slice(&mut rt.heap, copied, places[0]).value();
        rt.array_push(a, piece)?;
        if a.array_length() == limit {
            return Ok(a.value());
        }
        for i in 1..places.len() / 2 {
            let v = group(rt, s, &places, i);
            rt.array_push(a, v)?;
            if a.array_length() == limit {
                return Ok(a.value());
            }
        }
        copied = places[1];
        from = if places[0] == places[1] { after_empty(rt, re, s, copied) } else { copied };
    }
    let rest = s.slice(&mut rt.heap, copied, size).value();
    rt.array_push(a, rest)?;
    Ok(a.value())
}

/// `replace` and `replaceAll` by a regular expression.
pub fn replace(rt: &mut Runtime, re: RegExp, s: Str, replacement: Value) -> JsResult {
    let function = Obj::from_value(replacement).is_some_and(Obj::is_callable);
    let template = if function { None } else { Some(convert::to_string(rt, replacement)?) };
    let matches = if re.flags().has(Flags::GLOBAL) {
        all_matches(rt, re, s)?
    } else {
        let places = advance(rt, re, s)?.unwrap_or_default();
        Matches { each: places.len().max(2), places: places.into_vec() }
    };
    if matches.places.is_empty() {
        return Ok(s.value());
    }
    let plain = template.is_some_and(|t| !t.chars(&mut rt.heap).iter().any(|c| c == b'$' as u16));
    let mut out = Builder::with_capacity(s.len());
    let mut copied = 0;
    for places in matches.iter() {
        let text = s.chars(&mut rt.heap);
        out.push_chars(text.range(copied, places[0]));
        match template {
            Some(t) if plain => out.push_chars(t.chars(&mut rt.heap)),
            Some(t) => {
                let template = t.chars(&mut rt.heap);
                expand(rt, re, template, text, places, &mut out)?;
            }
            None => {
                let made = call_replacer(rt, re, s, places, replacement)?;
                out.push_chars(made.chars(&mut rt.heap));
            }
        }
        copied = places[1];
        rt.check_length(out.len())?;
    }
    let text = s.chars(&mut rt.heap);
    out.push_chars(text.range(copied, text.len()));
    rt.check_length(out.len())?;
    Ok(out.finish(&mut rt.heap).value())
}

/// Calls the program's function with what was matched.
fn call_replacer(rt: &mut Runtime, re: RegExp, s: Str, places: &[usize], f: Value) -> JsResult<Str> {
    let mut arguments = RootVec::new(&rt.heap);
    for i in 0..places.len() / 2 {
        let v = group(rt, s, places, i);
        arguments.push(v);
    }
    arguments.push(Value::number(places[0] as f64));
    arguments.push(s.value());
    let groups = named_groups(rt, re, &mut |rt, i| group(rt, s, places, i));
    if !groups.is_undefined() {
        arguments.push(groups);
    }
    let v = rt.call(f, Value::UNDEFINED, &arguments)?;
    convert::to_string(rt, v)
}

/// Expands `$$`, `$&`, `` $` ``, `$'`, `$1` and `$<name>` in a replacement text.
fn expand(
    rt: &mut Runtime,
    re: RegExp,
    template: Chars,
    text: Chars,
    places: &[usize],
    out: &mut Builder,
) -> JsResult<()> {
    let groups = places.len() / 2;
    let digit = |i: usize| template.get(i).and_then(|c| char::from_u32(c as u32)?.to_digit(10)).map(|d| d as usize);
    let append = |group: usize, out: &mut Builder| {
        let (start, end) = (places[2 * group], places[2 * group + 1]);
        if start != NONE && end != NONE {
            out.push_chars(text.range(start, end));
        }
    };
    let mut i = 0;
    while let Some(c) = template.get(i) {
        i += 1;
        let next = if c == b'$' as u16 { template.get(i).and_then(|c| u8::try_from(c).ok()) } else { None };
        match next {
            Some(b'$') => out.push(c),
            Some(b'&') => append(0, out),
            Some(b'`') => out.push_chars(text.range(0, places[0])),
            Some(b'\'') => out.push_chars(text.range(places[1], text.len())),
            Some(b'0'..=b'9') => {
                let one = digit(i).unwrap_or(0);
                let two = digit(i + 1).map(|d| 10 * one + d).filter(|n| (1..groups).contains(n));
                match two.or(Some(one).filter(|n| (1..groups).contains(n))) {
                    Some(n) => {
                        append(n, out);
                        i += two.is_some() as usize;
                    }
                    None => {
                        out.push(c);
                        continue;
                    }
                }
            }
            Some(b'<') => {
                let groups = named_groups(rt, re, &mut |_, i| Value::int(i as i32));
                let end = (i..template.len()).find(|at| template.at(*at) == b'>' as u16);
                let (Some(end), false) = (end, groups.is_undefined()) else {
                    out.push(c);
                    continue;
                };
                let name = template.range(i + 1, end).to_rust();
                let key: PropertyKey = rt.key(&name);
                let n = rt.get(groups, key)?;
                if n.is_int() {
                    append(n.as_int() as usize, out);
                }
                i = end;
            }
            Some(_) | None => {
                out.push(c);
                continue;
            }
        }
        i += 1;
    }
    Ok(())
}
