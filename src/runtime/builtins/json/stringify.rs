//! `JSON.stringify`: one pass over the object graph into a buffer of code units.
//!
//! A stack of the objects being written serves two ends: cycles are found on it, and V8's message about a cycle, which
//! spells the path that closes it, is told from it. `toJSON`, replacers and getters run the program's code between any
//! two steps, so nothing is remembered of an object but its keys, which stay alive with [`super::super::object::Keys`].

use crate::runtime::builtins::Args;
use crate::runtime::builtins::object::enumerable_keys;
use crate::runtime::cell::CellKind;
use crate::runtime::convert;
use crate::runtime::object::Obj;
use crate::runtime::rootvec::RootVec;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::{Attrs, PropertyKey};
use crate::runtime::string::{Builder, Chars, Str};
use crate::runtime::value::Value;
use smallvec::SmallVec;

struct Writer<'a> {
    rt: &'a mut Runtime,
    out: Builder,
    replacer: Option<Value>,
    /// Keys that an array replacer lets through.
    allowed: Option<(Vec<PropertyKey>, RootVec)>,
    gap: Vec<u16>,
    indent: usize,
    /// Objects being written, with the key under which each was found.
    stack: Vec<(Obj, PropertyKey)>,
}

/// `JSON.stringify`.
pub fn stringify(rt: &mut Runtime, args: &Args) -> JsResult {
    write(rt, args.get(0), args.get(1), args.get(2))
}

/// As `%j` needs it: the text of a value, or undefined.
pub fn to_text(rt: &mut Runtime, v: Value) -> JsResult {
    write(rt, v, Value::UNDEFINED, Value::UNDEFINED)
}

fn write(rt: &mut Runtime, v: Value, replacer: Value, space: Value) -> JsResult {
    let mut allowed = None;
    let mut function = None;
    if let Some(r) = Obj::from_value(replacer) {
        if r.is_callable() {
            function = Some(replacer);
        } else if r.is_array() {
            allowed = Some(allow_list(rt, r)?);
        }
    }
    let gap = gap(rt, space)?;
    let key = PropertyKey::Name(rt.atoms.names.empty.into());
    let holder = rt.new_plain_object(1);
    rt.define_own(holder, key, v, Attrs::DATA);
    let mut w =
        Writer { rt, out: Builder::with_capacity(64), replacer: function, allowed, gap, indent: 0, stack: Vec::new() };
    if !w.property(holder, key, v)? {
        return Ok(Value::UNDEFINED);
    }
    let out = w.out;
    rt.check_length(out.len())?;
    Ok(out.finish(&mut rt.heap).value())
}

fn allow_list(rt: &mut Runtime, list: Obj) -> JsResult<(Vec<PropertyKey>, RootVec)> {
    let (mut keys, mut alive) = (Vec::new(), RootVec::new(&rt.heap));
    for i in 0..rt.length_of(list)? {
        let v = rt.get_at(list, i)?;
        let wrapped = Obj::from_value(v).filter(|o| o.kind() == CellKind::Primitive).map(|o| o.internal(0));
        let plain = wrapped.unwrap_or(v);
        if Str::from_value(plain).is_some() || plain.is_number() {
            let s = convert::to_string(rt, v)?;
            let key = convert::string_to_key(rt, s);
            if !keys.contains(&key) {
                keys.push(key);
                if let PropertyKey::Name(k) = key {
                    alive.push(k.0);
                }
            }
        }
    }
    Ok((keys, alive))
}

fn gap(rt: &mut Runtime, space: Value) -> JsResult<Vec<u16>> {
    let space = match Obj::from_value(space).filter(|o| o.kind() == CellKind::Primitive) {
        Some(o) if o.internal(0).is_number() => Value::number(convert::to_number(rt, space)?),
        Some(o) if Str::from_value(o.internal(0)).is_some() => convert::to_string(rt, space)?.value(),
        Some(_) | None => space,
    };
    if space.is_number() {
        let n = convert::to_integer(rt, space)?.clamp(0.0, 10.0) as usize;
        return Ok(vec![b' ' as u16; n]);
    }
    Ok(match Str::from_value(space) {
        Some(s) => {
            let chars = s.chars(&mut rt.heap);
            chars.range(0, chars.len().min(10)).to_vec()
        }
        None => Vec::new(),
    })
}

impl Writer<'_> {
    fn text(&mut self, s: &str) {
        self.out.push_latin1(s.as_bytes());
    }

    fn newline(&mut self) {
        if !self.gap.is_empty() {
            self.out.push(b'\n' as u16);
            for _ in 0..self.indent {
                self.gap.iter().for_each(|unit| self.out.push(*unit));
            }
        }
    }

    /// Writes the value of a property; false if it has no JSON text.
    fn property(&mut self, holder: Obj, key: PropertyKey, v: Value) -> JsResult<bool> {
        let mut v = v;
        if Obj::from_value(v).is_some() {
            let method = self.rt.get_named(v, self.rt.atoms.names.to_json.into())?;
            if Obj::from_value(method).is_some_and(Obj::is_callable) {
                let key = convert::key_to_value(self.rt, key);
                v = self.rt.call(method, v, &[key])?;
            }
        }
        if let Some(f) = self.replacer {
            let key = convert::key_to_value(self.rt, key);
            v = self.rt.call(f, holder.value(), &[key, v])?;
        }
        if let Some(o) = Obj::from_value(v).filter(|o| o.kind() == CellKind::Primitive) {
            let inner = o.internal(0);
            v = if inner.is_number() {
                Value::number(convert::to_number(self.rt, v)?)
            } else if Str::from_value(inner).is_some() {
                convert::to_string(self.rt, v)?.value()
            } else {
                inner
            };
        }
        match v {
            Value::NULL => self.text("null"),
            Value::TRUE => self.text("true"),
            Value::FALSE => self.text("false"),
            v if v.is_int() => self.out.push_int(v.as_int()),
            v if v.is_number() => {
                let d = v.as_number();
                if d.is_finite() {
                    self.text(ryu_js::Buffer::new().format_finite(d));
                } else {
                    self.text("null");
                }
            }
            v => {
                if let Some(s) = Str::from_value(v) {
                    let chars = s.chars(&mut self.rt.heap);
                    quote(chars, &mut self.out);
                } else if let Some(o) = Obj::from_value(v).filter(|o| !o.is_callable()) {
                    self.nested(o, key)?;
                } else {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn nested(&mut self, o: Obj, key: PropertyKey) -> JsResult<()> {
        if self.rt.native_stack_is_low() {
            return self.rt.throw_stack_overflow();
        }
        if let Some(start) = self.stack.iter().position(|(s, _)| *s == o) {
            return self.circular(start, key);
        }
        self.stack.push((o, key));
        self.indent += 1;
        self.rt.check_length(self.out.len())?;
        if o.is_array() {
            self.array(o)?
        } else {
            self.object(o)?
        }
        self.indent -= 1;
        self.stack.pop();
        Ok(())
    }

    fn key_in_path(&mut self, key: PropertyKey) -> String {
        match key {
            PropertyKey::Index(i) => format!("index {i}"),
            PropertyKey::Name(_) => format!("property '{}'", self.rt.key_text(key)),
        }
    }

    fn circular(&mut self, start: usize, closing: PropertyKey) -> JsResult<()> {
        let closing = self.key_in_path(closing);
        let path = self.stack[start..].to_vec();
        let objects: Vec<(Obj, String)> = path.into_iter().map(|(o, key)| (o, self.key_in_path(key))).collect();
        let names: Vec<String> = objects
            .iter()
            .map(|(o, _)| {
                let constructor = self.rt.lookup_data(*o, self.rt.atoms.names.constructor.into());
                constructor.and_then(Obj::from_value).map_or("Object".into(), |c| self.rt.function_name(c))
            })
            .collect();
        let mut text =
            String::from("Converting circular structure to JSON\n    --> starting at object with constructor ");
        text.push_str(&format!("'{}'", names[0]));
        let n = objects.len();
        for i in 1..n {
            // Of a long path the first two steps and the last are shown.
            if n > 4 && i == 3 {
                text.push_str("\n    |     ...");
            }
            if n <= 4 || i < 3 || i == n - 1 {
                text.push_str(&format!("\n    |     {} -> object with constructor '{}'", objects[i].1, names[i]));
            }
        }
        text.push_str(&format!("\n    --- {closing} closes the circle"));
        self.rt.throw_type(&text)
    }

    fn array(&mut self, o: Obj) -> JsResult<()> {
        let n = self.rt.length_of(o)?;
        self.out.push(b'[' as u16);
        for i in 0..n {
            if i > 0 {
                self.out.push(b',' as u16);
            }
            self.newline();
            let v = self.rt.get_at(o, i)?;
            let key = self.rt.index_key(i);
            if !self.property(o, key, v)? {
                self.text("null");
            }
        }
        self.close(n > 0, b']');
        Ok(())
    }

    fn close(&mut self, any: bool, bracket: u8) {
        if any {
            self.indent -= 1;
            self.newline();
            self.indent += 1;
        }
        self.out.push(bracket as u16);
    }

    fn object(&mut self, o: Obj) -> JsResult<()> {
        self.out.push(b'{' as u16);
        let mut any = false;
        let own;
        let keys: SmallVec<[PropertyKey; 16]> = match &self.allowed {
            Some((keys, _)) => keys.iter().copied().collect(),
            // A shape that caches may know keeps its keys alive.
            None if self.rt.has_only_names(o) && self.rt.shapes.of(o).is_cacheable() => {
                let entries = 0..self.rt.shapes.of(o).entry_count();
                entries.filter_map(|i| self.rt.enumerable_entry(o, i).map(|p| PropertyKey::Name(p.key))).collect()
            }
            None => {
                own = enumerable_keys(self.rt, o)?;
                own.iter().collect()
            }
        };
        for key in keys {
            let v = match key {
                PropertyKey::Name(name) => self.rt.get_named(o.value(), name)?,
                PropertyKey::Index(_) => self.rt.get(o.value(), key)?,
            };
            let before = self.out.len();
            if any {
                self.out.push(b',' as u16);
            }
            self.newline();
            match key {
                PropertyKey::Index(i) => self.text(&format!("\"{i}\"")),
                PropertyKey::Name(k) => {
                    if let Some(s) = Str::from_value(k.0) {
                        let chars = s.chars(&mut self.rt.heap);
                        quote(chars, &mut self.out);
                    }
                }
            }
            self.text(if self.gap.is_empty() { ":" } else { ": " });
            if self.property(o, key, v)? {
                any = true;
            } else {
                self.out.truncate(before);
            }
        }
        self.close(any, b'}');
        Ok(())
    }
}

/// Appends a JSON string literal.
pub fn quote(chars: Chars, out: &mut Builder) {
    out.push(b'"' as u16);
    match chars {
        Chars::Latin1(text) => quote_latin1(text, out),
        Chars::Utf16(text) => quote_utf16(text, out),
    }
    out.push(b'"' as u16);
}

/// Whether a code unit cannot stand for itself in a literal, surrogates apart.
fn is_special(unit: u16) -> bool {
    unit < 0x20 || unit == b'"' as u16 || unit == b'\\' as u16
}

fn quote_latin1(text: &[u8], out: &mut Builder) {
    let mut rest = text;
    while !rest.is_empty() {
        let plain = plain_bytes(rest);
        out.push_latin1(&rest[..plain]);
        if let Some(c) = rest.get(plain) {
            escape(*c as u16, out);
        }
        rest = rest.get(plain + 1..).unwrap_or_default();
    }
}

/// How many bytes stand for themselves, up to the first that does not. Whole blocks are tested without a way out.
fn plain_bytes(text: &[u8]) -> usize {
    const BLOCK: usize = 16;
    let blocks =
        text.chunks_exact(BLOCK).take_while(|block| !block.iter().fold(false, |any, c| any | is_special(*c as u16)));
    let tested = BLOCK * blocks.count();
    let rest = text[tested..].iter().position(|c| is_special(*c as u16));
    rest.map_or(text.len(), |at| tested + at)
}

fn quote_utf16(text: &[u16], out: &mut Builder) {
    let (mut done, mut i) = (0, 0);
    while let Some(&unit) = text.get(i) {
        let pair = unit & 0xFC00 == 0xD800 && text.get(i + 1).is_some_and(|next| next & 0xFC00 == 0xDC00);
        if pair {
            i += 2;
        } else if is_special(unit) || unit & 0xF800 == 0xD800 {
            text[done..i].iter().for_each(|unit| out.push(*unit));
            escape(unit, out);
            i += 1;
            done = i;
        } else {
            i += 1;
        }
    }
    text[done..].iter().for_each(|unit| out.push(*unit));
}

fn escape(unit: u16, out: &mut Builder) {
    let short = match unit {
        0x22 => b'"',
        0x5C => b'\\',
        8 => b'b',
        12 => b'f',
        10 => b'n',
        13 => b'r',
        9 => b't',
        _other => return out.push_latin1(format!("\\u{unit:04x}").as_bytes()),
    };
    out.push_latin1(&[b'\\', short]);
}
