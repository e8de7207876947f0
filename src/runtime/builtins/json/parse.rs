//! `JSON.parse`: recursive descent over code units, V8's error messages included.

use crate::runtime::builtins::Args;
use crate::runtime::builtins::object::{create_data_property, enumerable_keys, own_attrs};
use crate::runtime::convert;
use crate::runtime::object::Obj;
use crate::runtime::runtime::{ErrorKind, JsResult, Runtime};
use crate::runtime::shape::{Attrs, PropertyKey};
use crate::runtime::string::{Chars, Str};
use crate::runtime::value::Value;

/// Characters of the text that a message shows on either side.
const CONTEXT: usize = 10;

struct Parser<'a> {
    rt: &'a mut Runtime,
    text: Chars,
    at: usize,
}

/// `JSON.parse`.
pub fn parse(rt: &mut Runtime, args: &Args) -> JsResult {
    let s = convert::to_string(rt, args.get(0))?;
    let text = s.chars(&mut rt.heap);
    let v = parse_text(rt, text)?;
    let reviver = args.get(1);
    if !Obj::from_value(reviver).is_some_and(Obj::is_callable) {
        return Ok(v);
    }
    let root = rt.new_plain_object(1);
    let key = PropertyKey::Name(rt.atoms.names.empty.into());
    rt.define_own(root, key, v, Attrs::DATA);
    revive(rt, root, key, reviver)
}

/// Parses a whole text: also what `require` of a JSON file does.
pub fn parse_text(rt: &mut Runtime, text: Chars) -> JsResult {
    let mut p = Parser { rt, text, at: 0 };
    let v = p.value()?;
    p.skip_space();
    if p.at < text.len() {
        return p.fail_at("Unexpected non-whitespace character after JSON");
    }
    Ok(v)
}

fn revive(rt: &mut Runtime, holder: Obj, key: PropertyKey, reviver: Value) -> JsResult {
    if rt.native_stack_is_low() {
        return rt.throw_stack_overflow();
    }
    let v = rt.get(holder.value(), key)?;
    if let Some(o) = Obj::from_value(v) {
        let step = |rt: &mut Runtime, key: PropertyKey| -> JsResult<()> {
            let new = revive(rt, o, key, reviver)?;
            if !may_replace(rt, o, key) {
                return Ok(());
            }
            if new.is_undefined() {
                rt.remove_own(o, key);
                return Ok(());
            }
            create_data_property(rt, o, key, new)
        };
        if o.is_array() {
            for i in 0..o.array_length() {
                step(rt, PropertyKey::Index(i))?;
            }
        } else {
            let keys = enumerable_keys(rt, o)?;
            for key in keys.iter() {
                step(rt, key)?;
            }
        }
    }
    let key = convert::key_to_value(rt, key);
    rt.call(reviver, holder.value(), &[key, v])
}

/// Whether a property may be deleted or defined anew. What the reviver has locked stays as it is.
fn may_replace(rt: &mut Runtime, o: Obj, key: PropertyKey) -> bool {
    match own_attrs(rt, o, key) {
        Some(attrs) => attrs.has(Attrs::CONFIGURABLE),
        None => rt.shapes.of(o).is_extensible(),
    }
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).map(|c| u8::try_from(c).unwrap_or(0xFF))
    }
    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn throw<T>(&mut self, message: &str) -> JsResult<T> {
        self.rt.throw_error(ErrorKind::Syntax, message)
    }
    /// An error with V8's own wording for the place.
    fn fail_at<T>(&mut self, what: &str) -> JsResult<T> {
        let message = format!("{what} in JSON at position {}", self.at).replace("after JSON in JSON", "after JSON");
        self.throw(&message)
    }
    /// The error for a token that nothing more specific is said about.
    fn unexpected<T>(&mut self) -> JsResult<T> {
        let (text, at) = (self.text, self.at);
        let message = match self.peek() {
            None => "Unexpected end of JSON input".to_owned(),
            Some(b'"') => format!("Unexpected string in JSON at position {at}"),
            Some(b'0'..=b'9' | b'-') => format!("Unexpected number in JSON at position {at}"),
            Some(_) => {
                let whole = text.to_rust();
                if matches!(&whole[..], "undefined" | "NaN" | "Infinity" | "[object Object]") {
                    format!("\"{whole}\" is not valid JSON")
                } else {
                    let token = text.range(at, at + 1).to_rust();
                    let n = text.len();
                    let (from, to) = if n <= 2 * CONTEXT {
                        (0, n)
                    } else {
                        (at.saturating_sub(CONTEXT), if at < n - CONTEXT { at + CONTEXT } else { n })
                    };
                    let before = if from > 0 { "..." } else { "" };
                    let after = if to < n { "..." } else { "" };
                    let shown = text.range(from, to).to_rust();
                    format!("Unexpected token '{token}', {before}\"{shown}\"{after} is not valid JSON")
                }
            }
        };
        self.throw(&message)
    }

    fn value(&mut self) -> JsResult {
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => {
                let s = self.string()?;
                Ok(s.value())
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true", Value::TRUE),
            Some(b'f') => self.literal("false", Value::FALSE),
            Some(b'n') => self.literal("null", Value::NULL),
            _none_of_these => self.unexpected(),
        }
    }

    fn literal(&mut self, word: &str, v: Value) -> JsResult {
        for c in word.bytes() {
            if self.peek() != Some(c) {
                return self.unexpected();
            }
            self.at += 1;
        }
        Ok(v)
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> JsResult {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
            if !self.peek().is_some_and(|c| c.is_ascii_digit()) {
                return self.fail_at("No number after minus sign");
            }
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
            if self.peek().is_some_and(|c| c.is_ascii_digit()) {
                return self.unexpected();
            }
        } else {
            self.digits();
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return self.fail_at("Unterminated fractional number");
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return self.fail_at("Exponent part is missing a number");
            }
        }
        let text = self.text.range(start, self.at);
        Ok(Value::number(crate::runtime::number::from_string(text)))
    }

    /// A string literal; `at` is on its opening quote.
    fn string(&mut self) -> JsResult<Str> {
        self.at += 1;
        let start = self.at;
        // Most strings have no escapes: one copy.
        while let Some(c) = self.text.get(self.at).filter(|c| *c >= 0x20 && *c != 0x22 && *c != 0x5C) {
            let _ = c;
            self.at += 1;
        }
        if self.peek() == Some(b'"') {
            let s = self.text.range(start, self.at);
            self.at += 1;
            return Ok(Str::from_chars(&mut self.rt.heap, s));
        }
        let mut units = self.text.range(start, self.at).to_vec();
        loop {
            let Some(c) = self.text.get(self.at) else { return self.fail_at("Unterminated string") };
            match c {
                0x22 => {
                    self.at += 1;
                    return Ok(Str::utf16(&mut self.rt.heap, &units));
                }
                0x5C => {
                    self.at += 1;
                    let c = self.escape()?;
                    units.push(c);
                }
                c if c < 0x20 => return self.fail_at("Bad control character in string literal"),
                c => {
                    units.push(c);
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self) -> JsResult<u16> {
        let c = match self.peek() {
            Some(c @ (b'"' | b'\\' | b'/')) => c,
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => return self.unicode_escape(),
            None => return self.fail_at("Unterminated string"),
            Some(_) => return self.fail_at("Bad escaped character"),
        };
        self.at += 1;
        Ok(c as u16)
    }

    fn unicode_escape(&mut self) -> JsResult<u16> {
        self.at += 1;
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|c| (c as char).to_digit(16));
            let Some(d) = digit else { return self.fail_at("Bad Unicode escape") };
            unit = unit * 16 + d as u16;
            self.at += 1;
        }
        Ok(unit)
    }

    fn array(&mut self) -> JsResult {
        if self.rt.native_stack_is_low() {
            return self.rt.throw_stack_overflow();
        }
        self.at += 1;
        let a = self.rt.new_array(0);
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(a.value());
        }
        loop {
            let v = self.value()?;
            self.rt.array_push(a, v)?;
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(a.value());
                }
                _other => return self.fail_at("Expected ',' or ']' after array element"),
            }
        }
    }

    fn object(&mut self) -> JsResult {
        if self.rt.native_stack_is_low() {
            return self.rt.throw_stack_overflow();
        }
        self.at += 1;
        let o = self.rt.new_plain_object(3);
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(o.value());
        }
        let mut first = true;
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                let what = if first { "Expected property name or '}'" } else { "Expected double-quoted property name" };
                return self.fail_at(what);
            }
            first = false;
            let name = self.string()?;
            let key = convert::string_to_key(self.rt, name);
            self.skip_space();
            if self.peek() != Some(b':') {
                return self.fail_at("Expected ':' after property name");
            }
            self.at += 1;
            let v = self.value()?;
            self.rt.define_own(o, key, v, Attrs::DATA);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(o.value());
                }
                _other => return self.fail_at("Expected ',' or '}' after property value"),
            }
        }
    }
}
