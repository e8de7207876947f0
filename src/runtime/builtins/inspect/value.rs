//! The walking half of inspection: which entries a value has and what stands before them.

use super::layout::{self, Frame};
use super::{Options, tag};
use crate::bytecode::function::FunctionKind;
use crate::runtime::builtins::collections::{Position, Table, is_weak};
use crate::runtime::builtins::error;
use crate::runtime::builtins::iteration::{self, Mode};
use crate::runtime::builtins::object::{Keys, own_attrs, own_keys};
use crate::runtime::builtins::regexp::{self, RegExp};
use crate::runtime::builtins::table::Home;
use crate::runtime::cell::CellKind;
use crate::runtime::elements::has_element;
use crate::runtime::object::{Obj, kind_of};
use crate::runtime::property::{Found, accessor_pair};
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::{Attrs, PropertyKey};
use crate::runtime::string::Str;
use crate::runtime::typed::{Buffer, ElementType, Typed};
use crate::runtime::value::Value;

/// Elements shown of arrays, maps and sets.
const MAX_ITEMS: usize = 100;
/// Characters shown of a string inside an object.
const MAX_STRING: usize = 10000;
/// Total text after which nested objects are only named.
const BUDGET: usize = 1 << 27;

/// One inspection.
pub struct Inspector<'a> {
    rt: &'a mut Runtime,
    options: Options,
    indentation: usize,
    current_depth: i64,
    seen: Vec<Obj>,
    circular: Vec<Obj>,
    written: usize,
}

/// What is known about an object before its entries are made.
struct Head {
    constructor: Option<String>,
    tag: String,
    base: String,
    open: String,
    close: &'static str,
    keys: Vec<PropertyKey>,
    contents: Contents,
    _alive: Keys,
}

/// Entries besides properties.
enum Contents {
    None,
    Array,
    Map(Table),
    Set(Table),
    Iterator,
    Weak,
    Typed(Typed),
    Buffer(Buffer),
    DataView,
}

/// How a property is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Named,
    Element,
}

impl<'a> Inspector<'a> {
    pub fn new(rt: &'a mut Runtime, options: Options) -> Inspector<'a> {
        Inspector { rt, options, indentation: 0, current_depth: 0, seen: vec![], circular: vec![], written: 0 }
    }

    fn too_deep(&self, level: i64) -> bool {
        self.options.depth.is_some_and(|d| level > d)
    }

    /// A value at a nesting level.
    pub fn value(&mut self, v: Value, level: i64) -> JsResult<String> {
        let Some(o) = Obj::from_value(v) else { return Ok(self.primitive(v)) };
        if self.seen.contains(&o) {
            let index = match self.circular.iter().position(|c| *c == o) {
                Some(i) => i,
                None => {
                    self.circular.push(o);
                    self.circular.len() - 1
                }
            };
            return Ok(format!("[Circular *{}]", index + 1));
        }
        self.object(o, level)
    }

    fn primitive(&mut self, v: Value) -> String {
        if let Some(s) = Str::from_value(v) {
            return self.string(s);
        }
        if v.is_number() {
            return layout::number(v.as_number());
        }
        match v {
            Value::NULL => "null".into(),
            Value::TRUE => "true".into(),
            Value::FALSE => "false".into(),
            v if kind_of(v) == Some(CellKind::Symbol) => self.rt.symbol_text(v),
            _undefined => "undefined".into(),
        }
    }

    fn string(&mut self, s: Str) -> String {
        let mut units = Vec::new();
        s.append_to(&mut units);
        let mut trailer = String::new();
        if units.len() > MAX_STRING {
            let more = units.len() - MAX_STRING;
            units.truncate(MAX_STRING);
            trailer = format!("... {more} more character{}", if more > 1 { "s" } else { "" });
        }
        let room = self.options.break_length as i64 - self.indentation as i64 - 4;
        if units.len() > 16 && units.len() as i64 > room {
            let lines: Vec<String> = units.split_inclusive(|c| *c == b'\n' as u16).map(layout::quote).collect();
            return lines.join(&format!(" +\n{}", " ".repeat(self.indentation + 2))) + &trailer;
        }
        layout::quote(&units) + &trailer
    }

    // ---- names -------------------------------------------------------------------------------------------------

    /// The name of the class that an object is an instance of; `None` if it has no prototype.
    fn constructor_name(&mut self, o: Obj, level: i64) -> JsResult<Option<String>> {
        let key = self.rt.atoms.names.constructor.into();
        let mut at = Some(o);
        let mut first_proto = None;
        while let Some(holder) = at {
            if let Found::Slot { property, .. } = self.rt.own_property(holder, PropertyKey::Name(key))
                && !property.attrs.has(Attrs::ACCESSOR)
            {
                let v = holder.slot(self.rt.shapes.of(holder), property.slot);
                if let Some(f) = Obj::from_value(v).filter(|f| f.is_callable()) {
                    let name = self.rt.function_name(f);
                    if !name.is_empty() && self.is_instance(o, f) {
                        return Ok(Some(name));
                    }
                }
            }
            at = Obj::from_value(self.rt.proto_of(holder));
            if first_proto.is_none() {
                first_proto = Some(at);
            }
        }
        let Some(Some(first)) = first_proto else { return Ok(None) };
        let class = class_name(o);
        if self.too_deep(level) {
            return Ok(Some(format!("{class} <Complex prototype>")));
        }
        match self.constructor_name(first, level + 1)? {
            Some(name) => Ok(Some(format!("{class} <{name}>"))),
            None => {
                let options = Options { depth: Some(-1), ..self.options };
                let shown = Inspector::new(self.rt, options).value(first.value(), 0)?;
                Ok(Some(format!("{class} <{shown}>")))
            }
        }
    }

    fn is_instance(&mut self, o: Obj, class: Obj) -> bool {
        self.rt.materialize(class);
        let proto = self.rt.lookup_data(class, self.rt.atoms.names.prototype.into());
        let Some(proto) = proto.filter(|p| Obj::from_value(*p).is_some()) else { return false };
        let mut at = self.rt.proto_of(o);
        while let Some(p) = Obj::from_value(at) {
            if at == proto {
                return true;
            }
            at = self.rt.proto_of(p);
        }
        false
    }

    /// `Foo `, `Foo [Tag] `, `[Object: null prototype] `.
    fn prefix(constructor: Option<&str>, tag: &str, fallback: &str, size: &str) -> String {
        match constructor {
            None if !tag.is_empty() && fallback != tag => format!("[{fallback}{size}: null prototype] [{tag}] "),
            None => format!("[{fallback}{size}: null prototype] "),
            Some(name) if !tag.is_empty() && name != tag => format!("{name}{size} [{tag}] "),
            Some(name) => format!("{name}{size} "),
        }
    }

    /// The prefix of an object that has no style of its own.
    fn plain_prefix(o: Obj, constructor: Option<&str>, tag: &str) -> String {
        let class = class_name(o);
        let fallback = if constructor.is_some() || class == tag { "Object" } else { class };
        Self::prefix(constructor, tag, fallback, "")
    }

    // ---- objects -----------------------------------------------------------------------------------------------

    fn object(&mut self, o: Obj, level: i64) -> JsResult<String> {
        let head = match self.head(o, level)? {
            Ok(head) => head,
            Err(whole) => return Ok(whole),
        };
        let constructor = head.constructor.as_deref();
        if self.too_deep(level) || self.rt.native_stack_is_low() {
            let name = Self::plain_prefix(o, constructor, &head.tag);
            let name = name.trim_end();
            if !self.too_deep(level) {
                return Ok(format!("[{name}: Inspection interrupted prematurely. Maximum call stack size exceeded.]"));
            }
            return Ok(if constructor.is_some() { format!("[{name}]") } else { name.to_owned() });
        }
        let level = level + 1;
        self.seen.push(o);
        self.current_depth = level;
        let is_array = matches!(head.contents, Contents::Array | Contents::Typed(_));
        let (mut output, more) = self.contents(o, &head.contents, level)?;
        for key in &head.keys {
            let entry = self.property(o, *key, Style::Named, level)?;
            output.push(entry);
        }
        self.seen.pop();
        let mut base = head.base;
        if let Some(i) = self.circular.iter().position(|c| *c == o) {
            let reference = format!("<ref *{}>", i + 1);
            base = if base.is_empty() { reference } else { format!("{reference} {base}") };
        }
        let frame = self.frame(level);
        let rt = &*self.rt;
        let is_number = |i: usize| element_is_number(rt, o, i);
        let group: Option<&dyn Fn(usize) -> bool> = if is_array { Some(&is_number) } else { None };
        let text = layout::reduce(output, &base, (&head.open, head.close), group, more, frame);
        self.written += text.len();
        if self.written > BUDGET {
            self.options.depth = Some(-1);
        }
        Ok(text)
    }

    fn frame(&self, level: i64) -> Frame {
        Frame {
            indentation: self.indentation,
            break_length: self.options.break_length,
            current_depth: self.current_depth,
            level,
        }
    }

    /// Everything that is decided before the entries; or the whole text, if there are none.
    fn head(&mut self, o: Obj, level: i64) -> JsResult<Result<Head, String>> {
        let constructor = self.constructor_name(o, level)?;
        let name = constructor.as_deref();
        // A tag that is listed as a property anyway is not shown twice.
        let listed = own_attrs(self.rt, o, super::tag_key(self.rt))
            .is_some_and(|a| self.options.show_hidden || a.has(Attrs::ENUMERABLE));
        let owned = tag(self.rt, o)?.filter(|_| !listed).unwrap_or_default();
        let tag = owned.as_str();
        let hidden = self.options.show_hidden;
        let array = o.is_array() || Typed::of(o).is_some();
        let alive = own_keys(self.rt, o, |k, a| {
            (hidden || a.has(Attrs::ENUMERABLE)) && !(array && matches!(k, PropertyKey::Index(_)))
        })?;
        let mut head = Head {
            constructor: constructor.clone(),
            tag: owned.clone(),
            base: String::new(),
            open: "{".into(),
            close: "}",
            keys: alive.iter().collect(),
            contents: Contents::None,
            _alive: alive,
        };
        let empty = head.keys.is_empty();
        match o.kind() {
            CellKind::Array => {
                let size = format!("({})", o.array_length());
                let plain = name == Some("Array") && tag.is_empty();
                let prefix = if plain { String::new() } else { Self::prefix(name, tag, "Array", &size) };
                head.open = format!("{prefix}[");
                head.close = "]";
                head.contents = Contents::Array;
                if o.array_length() == 0 && empty {
                    return Ok(Err(format!("{}]", head.open)));
                }
            }
            CellKind::ArrayBuffer => {
                head.open = format!("{}{{", Self::prefix(name, tag, "ArrayBuffer", ""));
                head.contents = Contents::Buffer(Buffer(o));
            }
            CellKind::DataView => {
                head.open = format!("{}{{", Self::prefix(name, tag, "DataView", ""));
                head.contents = Contents::DataView;
            }
            CellKind::Map | CellKind::Set if is_weak(o) => {
                head.open = format!("{}{{", Self::prefix(name, tag, tag, ""));
                head.contents = Contents::Weak;
            }
            kind @ (CellKind::Map | CellKind::Set) => {
                let Some(table) = Table::of(o) else { return Ok(Err(String::new())) };
                let fallback = if kind == CellKind::Map { "Map" } else { "Set" };
                let prefix = Self::prefix(name, tag, fallback, &format!("({})", table.size()));
                if table.size() == 0 && empty {
                    return Ok(Err(format!("{prefix}{{}}")));
                }
                head.open = format!("{prefix}{{");
                head.contents = if kind == CellKind::Map { Contents::Map(table) } else { Contents::Set(table) };
            }
            CellKind::Iterator if walks_table(o) => {
                let entries = matches!(iteration::walked(o).1, Mode::MapEntries | Mode::SetEntries);
                let tag = if entries { tag.replace("Iterator", "Entries") } else { tag.to_owned() };
                head.open = format!("[{tag}] {{");
                head.contents = Contents::Iterator;
            }
            kind if kind.is_callable() => {
                head.base = self.function_base(o, name, tag)?;
                if empty {
                    return Ok(Err(head.base));
                }
            }
            CellKind::RegExp => {
                let text = regexp::inspect_text(self.rt, RegExp(o));
                let prefix = Self::prefix(name, tag, "RegExp", "");
                head.base = if prefix == "RegExp " { text } else { format!("{prefix}{text}") };
                if empty || self.too_deep(level) {
                    return Ok(Err(head.base));
                }
            }
            CellKind::Date => {
                let text = crate::runtime::builtins::date::inspect_text(o);
                let prefix = Self::prefix(name, tag, "Date", "");
                head.base = if prefix == "Date " { text } else { format!("{prefix}{text}") };
                if empty {
                    return Ok(Err(head.base));
                }
            }
            CellKind::Primitive => {
                head.base = self.boxed_base(o, name, tag, &mut head.keys);
                if head.keys.is_empty() {
                    return Ok(Err(head.base));
                }
            }
            _view if let Some(t) = Typed::of(o) => {
                head.open = format!("{}[", Self::prefix(name, tag, t.ty.class(), &format!("({})", t.len())));
                head.close = "]";
                head.contents = Contents::Typed(t);
                if t.is_empty() && empty && !hidden {
                    return Ok(Err(format!("{}]", head.open)));
                }
            }
            _plain if self.is_error(o) => {
                let mut keys = std::mem::take(&mut head.keys);
                head.base = self.error_base(o, name, tag, &mut keys)?;
                head.keys = keys;
                if head.keys.is_empty() {
                    return Ok(Err(head.base));
                }
            }
            kind if name == Some("Object") => {
                if kind == CellKind::Arguments {
                    head.open = "[Arguments] {".into();
                } else if !tag.is_empty() {
                    head.open = format!("{}{{", Self::prefix(name, tag, "Object", ""));
                }
                if empty {
                    return Ok(Err(format!("{}}}", head.open)));
                }
            }
            _other => {
                let prefix = Self::plain_prefix(o, name, tag);
                if empty {
                    return Ok(Err(format!("{prefix}{{}}")));
                }
                head.open = format!("{prefix}{{");
            }
        }
        Ok(Ok(head))
    }

    fn is_error(&self, o: Obj) -> bool {
        let proto = self.rt.realm.error_protos[0].value();
        let mut at = o.value();
        while let Some(x) = Obj::from_value(at) {
            if x.kind() == CellKind::Error {
                return true;
            }
            at = self.rt.proto_of(x);
            if at == proto {
                return true;
            }
        }
        false
    }

    fn function_base(&mut self, f: Obj, constructor: Option<&str>, tag: &str) -> JsResult<String> {
        let is_class = f.kind() == CellKind::Function
            && matches!(
                self.rt.function_code(f).kind,
                FunctionKind::BaseConstructor | FunctionKind::DerivedConstructor
            );
        if is_class {
            return self.class_base(f, constructor, tag);
        }
        let mut base = String::from("[Function");
        if constructor.is_none() {
            base.push_str(" (null prototype)");
        }
        let name = self.name_property(f)?;
        base.push_str(&if name.is_empty() { " (anonymous)]".into() } else { format!(": {name}]") });
        if let Some(c) = constructor.filter(|c| *c != "Function") {
            base.push_str(&format!(" {c}"));
        }
        if !tag.is_empty() && constructor != Some(tag) {
            base.push_str(&format!(" [{tag}]"));
        }
        Ok(base)
    }

    /// The `name` property of a function, whatever the program has made of it.
    fn name_property(&mut self, f: Obj) -> JsResult<String> {
        let v = self.rt.get(f.value(), PropertyKey::Name(self.rt.atoms.names.name.into()))?;
        Ok(match Str::from_value(v) {
            Some(s) => s.to_rust(),
            None if v.is_undefined() => "undefined".into(),
            None => self.value(v, 0)?,
        })
    }

    fn class_base(&mut self, f: Obj, constructor: Option<&str>, tag: &str) -> JsResult<String> {
        let key = PropertyKey::Name(self.rt.atoms.names.name.into());
        let mut name = String::new();
        if !matches!(self.rt.own_property(f, key), Found::Nothing) {
            name = self.name_property(f)?;
        }
        let mut base = format!("[class {}", if name.is_empty() { "(anonymous)" } else { &name });
        if let Some(c) = constructor.filter(|c| *c != "Function") {
            base.push_str(&format!(" [{c}]"));
        }
        if !tag.is_empty() && constructor != Some(tag) {
            base.push_str(&format!(" [{tag}]"));
        }
        if constructor.is_none() {
            base.push_str(" extends [null prototype]");
        } else if let Some(parent) = Obj::from_value(self.rt.proto_of(f)) {
            let parent = self.name_property(parent)?;
            if !parent.is_empty() && parent != "undefined" {
                base.push_str(&format!(" extends {parent}"));
            }
        }
        base.push(']');
        Ok(base)
    }

    fn boxed_base(&mut self, o: Obj, constructor: Option<&str>, tag: &str, keys: &mut Vec<PropertyKey>) -> String {
        let inner = o.internal(0);
        let kind = match kind_of(inner) {
            Some(CellKind::String) => {
                keys.retain(|k| !matches!(k, PropertyKey::Index(_)));
                "String"
            }
            Some(_) => "Symbol",
            None if inner.is_bool() => "Boolean",
            None => "Number",
        };
        let mut base = format!("[{kind}");
        if constructor != Some(kind) {
            base.push_str(&constructor.map_or(" (null prototype)".into(), |c| format!(" ({c})")));
        }
        base.push_str(&format!(": {}]", self.primitive(inner)));
        if !tag.is_empty() && constructor != Some(tag) {
            base.push_str(&format!(" [{tag}]"));
        }
        base
    }

    // ---- errors ------------------------------------------------------------------------------------------------

    fn error_base(
        &mut self,
        o: Obj,
        constructor: Option<&str>,
        tag: &str,
        keys: &mut Vec<PropertyKey>,
    ) -> JsResult<String> {
        let names = self.rt.atoms.names;
        let text_of = |rt: &mut Runtime, name| -> JsResult<Option<String>> {
            let v = rt.get(o.value(), PropertyKey::Name(name))?;
            if v.is_nullish() {
                return Ok(None);
            }
            crate::runtime::convert::to_string(rt, v).map(|s| Some(s.to_rust()))
        };
        let name = text_of(self.rt, names.name.into())?.unwrap_or_else(|| "Error".into());
        let message = text_of(self.rt, names.message.into())?.unwrap_or_default();
        let mut stack = match text_of(self.rt, names.stack.into())?.filter(|s| !s.is_empty()) {
            Some(stack) => error::renamed(self.rt, o, stack),
            None => error::text(self.rt, o),
        };
        if !self.options.show_hidden {
            for (key, text) in [(names.name, &name), (names.message, &message), (names.stack, &stack.clone())] {
                if stack.contains(text.as_str()) {
                    keys.retain(|k| *k != PropertyKey::Name(key.into()));
                }
            }
        }
        for extra in [names.cause, names.errors] {
            let key = PropertyKey::Name(extra.into());
            let found = self.rt.lookup(o, key);
            let wanted = match found {
                Found::Nothing => false,
                found if extra == names.errors => {
                    let v = self.rt.value_of_found(found, o.value())?;
                    Obj::from_value(v).is_some_and(Obj::is_array)
                }
                _cause => true,
            };
            if wanted && !keys.contains(&key) {
                keys.push(key);
            }
        }
        stack = improve_stack(stack, constructor, &name, tag);
        let after_message = match stack.find(&message) {
            Some(i) if !message.is_empty() && i > 0 => i + message.len(),
            _not_found => 0,
        };
        match stack[after_message..].find("\n    at") {
            None => stack = format!("[{stack}]"),
            Some(i) => stack = self.without_frames_of_cause(o, stack, after_message + i)?,
        }
        if self.indentation > 0 {
            stack = stack.replace('\n', &format!("\n{}", " ".repeat(self.indentation)));
        }
        Ok(stack)
    }

    /// Leaves out frames that the cause has too.
    fn without_frames_of_cause(&mut self, o: Obj, stack: String, start: usize) -> JsResult<String> {
        let names = self.rt.atoms.names;
        let cause = self.rt.get(o.value(), PropertyKey::Name(names.cause.into()))?;
        let Some(cause) = Obj::from_value(cause).filter(|c| self.is_error(*c)) else { return Ok(stack) };
        let v = self.rt.get(cause.value(), PropertyKey::Name(names.stack.into()))?;
        let Some(cause_stack) = Str::from_value(v).map(|s| s.to_rust()) else { return Ok(stack) };
        let Some(cause_start) = cause_stack.find("\n    at") else { return Ok(stack) };
        let mut frames: Vec<&str> = stack[start + 1..].split('\n').collect();
        let cause_frames: Vec<&str> = cause_stack[cause_start + 1..].split('\n').collect();
        let marker;
        if let Some((len, offset)) = identical_range(&frames, &cause_frames) {
            marker = format!("    ... {} lines matching cause stack trace ...", len - 2);
            frames.splice(offset + 1..offset + len - 1, [marker.as_str()]);
        }
        Ok(format!("{}\n{}", &stack[..start], frames.join("\n")))
    }

    // ---- entries -----------------------------------------------------------------------------------------------

    /// Entries besides properties, and whether the last one says that there are more.
    fn contents(&mut self, o: Obj, contents: &Contents, level: i64) -> JsResult<(Vec<String>, bool)> {
        match contents {
            Contents::None => Ok((Vec::new(), false)),
            Contents::Weak => Ok((vec!["<items unknown>".into()], false)),
            Contents::Array => self.array(o, level),
            Contents::Typed(t) => self.typed(*t, level),
            Contents::Buffer(b) => Ok((buffer_entries(*b), false)),
            Contents::DataView => self.data_view(o, level).map(|entries| (entries, false)),
            Contents::Map(t) | Contents::Set(t) => {
                let is_map = matches!(contents, Contents::Map(_));
                self.table(*t, is_map, level).map(|entries| (entries, false))
            }
            Contents::Iterator => self.iterator(o, level).map(|entries| (entries, false)),
        }
    }

    fn array(&mut self, o: Obj, level: i64) -> JsResult<(Vec<String>, bool)> {
        let length = o.array_length() as usize;
        let shown = length.min(MAX_ITEMS);
        let mut output = Vec::with_capacity(shown);
        for i in 0..shown {
            if own_attrs(self.rt, o, PropertyKey::Index(i as u32)).is_none() {
                return self.sparse_array(o, level, shown, output, i);
            }
            let entry = self.property(o, PropertyKey::Index(i as u32), Style::Element, level)?;
            output.push(entry);
        }
        if length > shown {
            output.push(layout::remaining(length - shown));
        }
        Ok((output, length > shown))
    }

    fn typed(&mut self, t: Typed, level: i64) -> JsResult<(Vec<String>, bool)> {
        let length = t.len() as usize;
        let shown = length.min(MAX_ITEMS);
        let mut output = Vec::with_capacity(shown);
        for v in (0..shown).filter_map(|i| t.get(i as u32)) {
            output.push(self.value(v, level)?);
        }
        if length > shown {
            output.push(layout::remaining(length - shown));
        }
        if self.options.show_hidden {
            let (n, size) = (t.len(), t.ty.size() as u32);
            let numbers = [("BYTES_PER_ELEMENT", size), ("length", n), ("byteLength", n * size)];
            output.extend(numbers.map(|(name, number)| format!("[{name}]: {number}")));
            output.push(format!("[byteOffset]: {}", t.object.view_byte_offset()));
            let buffer = self.buffer_of(t.object);
            output.push(format!("[buffer]: ArrayBuffer {{ byteLength: {} }}", buffer.len()));
        }
        Ok((output, length > shown))
    }

    fn buffer_of(&mut self, view: Obj) -> Buffer {
        let proto = self.rt.library.home(Home::ArrayBufferPrototype);
        self.rt.buffer_of(view, proto)
    }

    fn data_view(&mut self, o: Obj, level: i64) -> JsResult<Vec<String>> {
        let buffer = self.buffer_of(o);
        self.indentation += 2;
        let shown = self.value(buffer.0.value(), level);
        self.indentation -= 2;
        let numbers = [("byteLength", o.view_length()), ("byteOffset", o.view_byte_offset())];
        let mut output: Vec<String> = numbers.iter().map(|(name, number)| format!("{name}: {number}")).collect();
        output.push(format!("buffer: {}", shown?));
        Ok(output)
    }

    /// From the first hole on, a run of holes is one entry.
    fn sparse_array(
        &mut self,
        o: Obj,
        level: i64,
        max: usize,
        mut output: Vec<String>,
        from: usize,
    ) -> JsResult<(Vec<String>, bool)> {
        let present = own_keys(self.rt, o, |k, a| match k {
            PropertyKey::Index(i) => i as usize >= from && a.has(Attrs::ENUMERABLE),
            PropertyKey::Name(_) => false,
        })?;
        let holes = |n: usize| format!("<{n} empty item{}>", if n > 1 { "s" } else { "" });
        let mut index = from;
        for key in present.iter() {
            let PropertyKey::Index(i) = key else { continue };
            if output.len() >= max {
                break;
            }
            if i as usize != index {
                output.push(holes(i as usize - index));
                index = i as usize;
                if output.len() == max {
                    break;
                }
            }
            let entry = self.property(o, key, Style::Element, level)?;
            output.push(entry);
            index += 1;
        }
        let remaining = o.array_length() as usize - index;
        let mut more = false;
        if output.len() != max {
            if remaining > 0 {
                output.push(holes(remaining));
            }
        } else if remaining > 0 {
            output.push(layout::remaining(remaining));
            more = output.len() > MAX_ITEMS;
        }
        Ok((output, more))
    }

    fn table(&mut self, t: Table, is_map: bool, level: i64) -> JsResult<Vec<String>> {
        let mut output = Vec::new();
        self.indentation += 2;
        let mut position = Position { entries: t.entries(), next: 0 };
        while let Some((key, value)) = position.step(t) {
            if output.len() == MAX_ITEMS {
                output.push(layout::remaining(t.size() as usize - MAX_ITEMS));
                break;
            }
            let mut entry = self.value(key, level)?;
            if is_map {
                entry.push_str(" => ");
                entry.push_str(&self.value(value, level)?);
            }
            output.push(entry);
        }
        self.indentation -= 2;
        Ok(output)
    }

    /// What an iterator over a map or set has still to give.
    fn iterator(&mut self, o: Obj, level: i64) -> JsResult<Vec<String>> {
        let mut state = [o.internal(0), o.internal(1), o.internal(2)];
        let (_, mode) = iteration::walked(o);
        let mut output = Vec::new();
        self.indentation += 2;
        while let Some(v) = iteration::step(self.rt, &mut state)? {
            let entry = match (mode, Obj::from_value(v)) {
                (Mode::MapEntries | Mode::SetEntries, Some(pair)) => {
                    let parts = vec![self.value(pair.element(0), level)?, self.value(pair.element(1), level)?];
                    layout::reduce(parts, "", ("[", "]"), None, false, self.frame(level))
                }
                _single => self.value(v, level)?,
            };
            output.push(entry);
        }
        self.indentation -= 2;
        Ok(output)
    }

    fn property(&mut self, o: Obj, key: PropertyKey, style: Style, level: i64) -> JsResult<String> {
        let attrs = own_attrs(self.rt, o, key);
        let found = if attrs.is_some() { self.rt.own_property(o, key) } else { self.rt.lookup(o, key) };
        let mut accessor = None;
        if let Found::Slot { holder, property } = found
            && property.attrs.has(Attrs::ACCESSOR)
        {
            accessor = Some(accessor_pair(holder.slot(self.rt.shapes.of(holder), property.slot)));
        }
        let text = match accessor {
            Some((get, set)) => match (get.is_undefined(), set.is_undefined()) {
                (false, false) => "[Getter/Setter]".into(),
                (false, true) => "[Getter]".into(),
                (true, false) => "[Setter]".into(),
                (true, true) => "undefined".into(),
            },
            None => {
                let v = self.rt.value_of_found(found, o.value())?;
                self.indentation += 2;
                let text = self.value(v, level);
                self.indentation -= 2;
                text?
            }
        };
        if style == Style::Element {
            return Ok(text);
        }
        let name = self.property_name(key, attrs);
        Ok(format!("{name}: {text}"))
    }

    fn property_name(&mut self, key: PropertyKey, attrs: Option<Attrs>) -> String {
        let k = match key {
            PropertyKey::Index(i) => return format!("'{i}'"),
            PropertyKey::Name(k) => k,
        };
        let Some(s) = Str::from_value(k.0) else { return format!("[{}]", self.rt.symbol_text(k.0)) };
        let mut units = Vec::new();
        s.append_to(&mut units);
        if k == self.rt.atoms.names.proto.into() {
            return "['__proto__']".into();
        }
        if attrs.is_none_or(|a| !a.has(Attrs::ENUMERABLE)) {
            let mut name = String::from("[");
            layout::escape_into(&units, true, &mut name);
            name.push(']');
            return name;
        }
        layout::key(&units)
    }
}

/// What is shown of a buffer: its bytes and how many there are.
fn buffer_entries(b: Buffer) -> Vec<String> {
    let shown = &b.bytes()[..b.bytes().len().min(MAX_ITEMS)];
    let mut hex = shown.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    match b.bytes().len() - shown.len() {
        0 => {}
        more => hex.push_str(&format!(" ... {more} more byte{}", if more > 1 { "s" } else { "" })),
    }
    vec![format!("[Uint8Contents]: <{hex}>"), format!("byteLength: {}", b.len())]
}

/// Whether an iterator walks a map or a set: only their contents are shown.
fn walks_table(o: Obj) -> bool {
    Obj::from_value(iteration::walked(o).0).is_some_and(|s| matches!(s.kind(), CellKind::Map | CellKind::Set))
}

/// Whether element `i` of an array is a number: then columns are aligned to the right.
fn element_is_number(rt: &Runtime, o: Obj, i: usize) -> bool {
    let _ = rt;
    Typed::of(o).is_some_and(|t| i < t.len() as usize)
        || o.is_array() && has_element(o, i as u32) && o.element(i as u32).is_number()
}

/// What V8 calls the class of an object, whatever the program did to its prototype.
fn class_name(o: Obj) -> &'static str {
    match o.kind() {
        CellKind::Array => "Array",
        CellKind::Function | CellKind::NativeFunction | CellKind::BoundFunction => "Function",
        CellKind::Error => "Error",
        CellKind::Map => "Map",
        CellKind::Set => "Set",
        CellKind::Date => "Date",
        CellKind::ArrayBuffer => "ArrayBuffer",
        CellKind::RegExp => "RegExp",
        CellKind::DataView => "DataView",
        kind if let Some(ty) = ElementType::of(kind) => ty.class(),
        CellKind::Primitive => match kind_of(o.internal(0)) {
            Some(CellKind::String) => "String",
            Some(_) => "Symbol",
            None if o.internal(0).is_bool() => "Boolean",
            None => "Number",
        },
        _plain => "Object",
    }
}

/// Puts the class's name into a stack whose header has another one.
fn improve_stack(stack: String, constructor: Option<&str>, name: &str, tag: &str) -> String {
    let regular = name.ends_with("Error")
        && stack.starts_with(name)
        && matches!(stack.as_bytes().get(name.len()), None | Some(b':' | b'\n'));
    if constructor.is_some() && !regular {
        return stack;
    }
    let mut len = name.len();
    let mut fallback = "Error".to_owned();
    if constructor.is_none() {
        let header = stack.split(['\n']).next().unwrap_or("");
        let start = header.split(':').next().unwrap_or("");
        let found = if start.ends_with("Error") { start } else { "" };
        len = found.len();
        if !found.is_empty() {
            fallback = found.to_owned();
        }
    }
    let prefix = Inspector::prefix(constructor, tag, &fallback, "");
    let prefix = prefix.trim_end();
    if name == prefix {
        return stack;
    }
    if prefix.contains(name) {
        if len == 0 { format!("{prefix}: {stack}") } else { format!("{prefix}{}", &stack[len..]) }
    } else {
        format!("{prefix} [{name}]{}", &stack[len..])
    }
}

/// The first stretch of more than three frames that two stacks share: its length and where it begins in `a`.
fn identical_range(a: &[&str], b: &[&str]) -> Option<(usize, usize)> {
    for i in 0..a.len().saturating_sub(3) {
        let Some(at) = b.iter().position(|f| *f == a[i]) else { continue };
        let rest = b.len() - at;
        if rest > 3 {
            let max = (a.len() - i).min(rest);
            let len = 1 + (1..max).take_while(|n| a[i + n] == b[at + n]).count();
            if len > 3 {
                return Some((len, i));
            }
        }
    }
    None
}
