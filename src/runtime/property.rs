//! Properties: lookup, get, set, define, delete, exactly as the language says, for every kind of object.
//!
//! This is the slow and complete path. Inline caches (`inline_cache`) remember what it found; compiled code repeats the
//! common cases. Where something special must happen when an object that is a prototype changes, it happens here:
//! the epoch moves on, and the hook lets compiled code that relied on it be invalidated.

use super::cell::{CellKind, object_flags};
use super::elements;
use super::function::flags;
use super::object::{Obj, Scope, kind_of};
use super::runtime::{JsResult, Runtime};
use super::shape::{Attrs, ElementsKind, Integrity, Key, MAX_FAST_PROPERTIES, Property, PropertyKey, Sharing};
use super::string::Str;
use super::typed::Typed;
use super::value::Value;
use crate::bytecode::function::FunctionKind;

/// What a lookup found.
#[derive(Clone, Copy, Debug)]
pub enum Found {
    /// A named property in a slot of the holder.
    Slot {
        /// The object that has it.
        holder: Obj,
        /// Slot and attributes.
        property: Property,
    },
    /// An element of the holder.
    Element {
        /// The object that has it.
        holder: Obj,
        /// Its value.
        value: Value,
        /// Its attributes.
        attrs: Attrs,
    },
    /// `length` of an array.
    ArrayLength(Obj),
    /// No such property.
    Nothing,
}

/// Getter and setter of an accessor property: the pair that its slot holds.
pub fn accessor_pair(v: Value) -> (Value, Value) {
    let s = Scope::from_value(v);
    (s.get(0), s.get(1))
}

impl Runtime {
    // ---- lookup ------------------------------------------------------------------------------------------------

    /// An own property.
    pub fn own_property(&mut self, o: Obj, key: PropertyKey) -> Found {
        match key {
            PropertyKey::Index(i) => self.own_index(o, i),
            PropertyKey::Name(name) => {
                if o.is_array() && name == self.atoms.names.length.into() {
                    return Found::ArrayLength(o);
                }
                self.materialize(o);
                match self.shapes.of(o).find(name) {
                    Some(property) => Found::Slot { holder: o, property },
                    None => self.primitive_own(o, name),
                }
            }
        }
    }

    fn own_index(&mut self, o: Obj, i: u32) -> Found {
        if let Some(t) = Typed::of(o) {
            let element = |value| Found::Element { holder: o, value, attrs: Attrs::DATA };
            return t.get(i).map_or(Found::Nothing, element);
        }
        let limit = if o.is_array() { o.array_length().min(o.elements_capacity()) } else { o.elements_capacity() };
        if i < limit {
            let value = o.element(i);
            if !value.is_hole() && !value.is_empty() {
                let attrs = match self.shapes.of(o).integrity {
                    Integrity::Extensible | Integrity::NonExtensible => Attrs::DATA,
                    Integrity::Sealed => Attrs::WRITABLE.with(Attrs::ENUMERABLE),
                    Integrity::Frozen => Attrs::ENUMERABLE,
                };
                return Found::Element { holder: o, value, attrs };
            }
        }
        if self.shapes.of(o).has_index_names {
            let name = self.atoms.intern_index(&mut self.heap, i).into();
            if let Some(property) = self.shapes.of(o).find(name) {
                return Found::Slot { holder: o, property };
            }
        }
        if o.kind() == CellKind::Primitive
            && let Some(s) = Str::from_value(o.internal(0))
            && let Some(unit) = s.char_code_at(&mut self.heap, i as usize)
        {
            let value = self.atoms.single(&mut self.heap, unit).value();
            return Found::Element { holder: o, value, attrs: Attrs::ENUMERABLE };
        }
        Found::Nothing
    }

    /// `length` of a String wrapper object.
    fn primitive_own(&mut self, o: Obj, name: Key) -> Found {
        if o.kind() == CellKind::Primitive
            && name == self.atoms.names.length.into()
            && let Some(s) = Str::from_value(o.internal(0))
        {
            return Found::Element { holder: o, value: Value::from_u32(s.len() as u32), attrs: Attrs::NONE };
        }
        Found::Nothing
    }

    /// A property of the object or its prototype chain.
    pub fn lookup(&mut self, o: Obj, key: PropertyKey) -> Found {
        let mut at = o;
        loop {
            match self.own_property(at, key) {
                Found::Nothing => match Obj::from_value(self.shapes.of(at).proto) {
                    _stop if self.typed_key(at, key).is_some() => return Found::Nothing,
                    Some(p) => at = p,
                    None => return Found::Nothing,
                },
                found => return found,
            }
        }
    }

    /// A named data property on the chain, without side effects; None for accessors too.
    pub fn lookup_data(&self, o: Obj, key: Key) -> Option<Value> {
        let mut at = o;
        loop {
            let shape = self.shapes.of(at);
            if let Some(p) = shape.find(key) {
                return (!p.attrs.has(Attrs::ACCESSOR)).then(|| at.slot(shape, p.slot));
            }
            at = Obj::from_value(shape.proto)?;
        }
    }

    /// Where property lookup on a value starts: the object itself, or the prototype of its primitive type.
    /// None for undefined and null.
    pub fn lookup_start(&self, v: Value) -> Option<Obj> {
        if let Some(o) = Obj::from_value(v) {
            return Some(o);
        }
        if v.is_number() {
            return Some(self.realm.number_proto);
        }
        if v.is_bool() {
            return Some(self.realm.boolean_proto);
        }
        match kind_of(v) {
            Some(CellKind::String) => Some(self.realm.string_proto),
            Some(CellKind::Symbol) => Some(self.realm.symbol_proto),
            _internal_or_nullish => None,
        }
    }

    // ---- get ---------------------------------------------------------------------------------------------------

    /// `receiver[key]`.
    pub fn get(&mut self, receiver: Value, key: PropertyKey) -> JsResult {
        if let Some(s) = Str::from_value(receiver) {
            match key {
                PropertyKey::Index(i) => {
                    if let Some(unit) = s.char_code_at(&mut self.heap, i as usize) {
                        return Ok(self.atoms.single(&mut self.heap, unit).value());
                    }
                }
                PropertyKey::Name(n) if n == self.atoms.names.length.into() => {
                    return Ok(Value::from_u32(s.len() as u32));
                }
                PropertyKey::Name(_) => {}
            }
        }
        let Some(start) = self.lookup_start(receiver) else {
            let text = self.key_text(key);
            let what = if receiver.is_null() { "null" } else { "undefined" };
            return self.throw_type(&format!("Cannot read properties of {what} (reading '{text}')"));
        };
        self.get_from(start, key, receiver)
    }

    /// `object[key]` with `this` of getters given: `super[key]`, and properties of primitives.
    pub fn get_from(&mut self, start: Obj, key: PropertyKey, receiver: Value) -> JsResult {
        let found = self.lookup(start, key);
        self.value_of_found(found, receiver)
    }

    /// The value of what a lookup found.
    pub fn value_of_found(&mut self, found: Found, receiver: Value) -> JsResult {
        match found {
            Found::Slot { holder, property } => {
                let v = holder.slot(self.shapes.of(holder), property.slot);
                if !property.attrs.has(Attrs::ACCESSOR) {
                    return Ok(v);
                }
                let (getter, _) = accessor_pair(v);
                if getter.is_undefined() { Ok(Value::UNDEFINED) } else { self.call(getter, receiver, &[]) }
            }
            Found::Element { value, .. } => Ok(value),
            Found::ArrayLength(o) => Ok(Value::from_u32(o.array_length())),
            Found::Nothing => Ok(Value::UNDEFINED),
        }
    }

    /// `object.name` by Rust text.
    pub fn get_str(&mut self, receiver: Value, name: &str) -> JsResult {
        let key = self.key(name);
        self.get(receiver, key)
    }

    /// A key as text for messages.
    pub fn key_text(&mut self, key: PropertyKey) -> String {
        match key {
            PropertyKey::Index(i) => i.to_string(),
            PropertyKey::Name(k) => match Str::from_value(k.0) {
                Some(s) => s.to_rust(),
                None => self.symbol_text(k.0),
            },
        }
    }

    /// An unconverted key as messages show it, without side effects.
    pub fn display_key(&mut self, key: Value) -> String {
        match (Str::from_value(key), kind_of(key)) {
            (Some(s), _) => s.to_rust(),
            (None, Some(CellKind::Symbol)) => self.symbol_text(key),
            (None, Some(_)) => match self.describe_for_error(key) {
                tag if tag.starts_with("[object ") => String::new(),
                shown => shown,
            },
            (None, None) if key.is_number() => super::convert::number_to_text(key.as_number()),
            (None, None) => format!("{key:?}"),
        }
    }

    /// `Symbol(description)`.
    pub fn symbol_text(&self, v: Value) -> String {
        // SAFETY: the caller passes a symbol: word 1 is its description, a string or undefined.
        let d = unsafe { (v.0 as *const Value).add(1).read() };
        Str::from_value(d).map_or_else(|| "Symbol()".into(), |s| format!("Symbol({})", s.to_rust()))
    }

    // ---- set ---------------------------------------------------------------------------------------------------

    /// `receiver[key] = v` in strict mode: throws a TypeError where it cannot.
    pub fn set(&mut self, receiver: Value, key: PropertyKey, v: Value) -> JsResult<()> {
        let Some(start) = self.lookup_start(receiver) else {
            let text = self.key_text(key);
            let what = if receiver.is_null() { "null" } else { "undefined" };
            return self.throw_type(&format!("Cannot set properties of {what} (setting '{text}')"));
        };
        if let Some(s) = Str::from_value(receiver) {
            let own = match key {
                PropertyKey::Index(i) => (i as usize) < s.len(),
                PropertyKey::Name(n) => n == self.atoms.names.length.into(),
            };
            if own {
                let (text, of) = (self.key_text(key), s.to_rust());
                return self.store_failed(&format!("Cannot assign to read only property '{text}' of string '{of}'"));
            }
        }
        self.set_from(start, key, v, receiver)
    }

    /// An assignment that is an instruction of the program: where it cannot be done, sloppy code goes on.
    pub fn assign(&mut self, receiver: Value, key: PropertyKey, v: Value) -> JsResult<()> {
        self.direct_store = true;
        let result = self.set(receiver, key, v);
        self.direct_store = false;
        if let (Some(o), PropertyKey::Name(name)) = (Obj::from_value(receiver), key)
            && self.heads_stack(o, name)
        {
            self.refresh_stack_header(o);
        }
        result
    }

    /// `delete receiver[key]` as an instruction of the program.
    pub fn delete_operator(&mut self, receiver: Value, key: PropertyKey) -> JsResult<bool> {
        self.direct_store = true;
        let result = self.delete(receiver, key);
        self.direct_store = false;
        result
    }

    /// A store or delete that cannot be done: a TypeError, unless it is an instruction of sloppy code.
    #[cold]
    pub(super) fn store_failed(&mut self, message: &str) -> JsResult<()> {
        if std::mem::take(&mut self.direct_store) && (self.hooks.caller_is_sloppy)(self) {
            return Ok(());
        }
        self.throw_type(message)
    }

    /// Assignment whose lookup starts at `start` (`super[key] = v`) and which stores to `receiver`.
    pub fn set_from(&mut self, start: Obj, key: PropertyKey, v: Value, receiver: Value) -> JsResult<()> {
        if let Some((t, index)) = self.typed_key(start, key) {
            if receiver == start.value() {
                self.direct_store = false;
                return self.store_typed(t, index, v);
            }
            if index.is_none_or(|i| i >= t.len()) {
                return Ok(());
            }
        }
        // An element that exists, or may simply be appended, needs no walk of the chain.
        if let PropertyKey::Index(i) = key
            && receiver == start.value()
            && self.shapes.of(start).integrity < Integrity::Frozen
            && elements::has_element(start, i)
        {
            self.store_parameter(start, i, v);
            elements::set_element(self, start, i, v);
            return Ok(());
        }
        if let (PropertyKey::Name(name), Some(o)) = (key, Obj::from_value(receiver))
            && self.is_iteration_key(o, name)
        {
            return self.refuse_iteration_change();
        }
        match self.lookup(start, key) {
            Found::Slot { holder, property } => {
                if property.attrs.has(Attrs::ACCESSOR) {
                    let (_, setter) = accessor_pair(holder.slot(self.shapes.of(holder), property.slot));
                    if setter.is_undefined() {
                        let text = self.key_text(key);
                        let of = self.describe_for_error(receiver);
                        return self
                            .store_failed(&format!("Cannot set property {text} of {of} which has only a getter"));
                    }
                    self.direct_store = false;
                    return self.call(setter, receiver, &[v]).map(|_| ());
                }
                if !property.attrs.has(Attrs::WRITABLE) {
                    return self.throw_read_only(key, receiver);
                }
                if holder.value() == receiver {
                    self.write_slot(holder, property, v);
                    return Ok(());
                }
            }
            Found::Element { attrs, holder, .. } => {
                if !attrs.has(Attrs::WRITABLE) {
                    return self.throw_read_only(key, receiver);
                }
                if let (PropertyKey::Index(i), true) = (key, holder.value() == receiver) {
                    self.store_parameter(holder, i, v);
                    elements::set_element(self, holder, i, v);
                    return Ok(());
                }
            }
            Found::ArrayLength(o) => {
                if o.value() == receiver {
                    return elements::set_length(self, o, v);
                }
            }
            Found::Nothing if self.is_swallowed(start, key) => return Ok(()),
            Found::Nothing => {}
        }
        let Some(o) = Obj::from_value(receiver) else {
            let text = self.key_text(key);
            // `super.x = v` in a method that was called on a primitive looks elsewhere than in the primitive's prototype.
            let by_super = self.lookup_start(receiver) != Some(start);
            let what = match receiver {
                Value::NULL => "object 'null'".to_string(),
                Value::UNDEFINED => "undefined 'undefined'".to_string(),
                primitive => self.describe_primitive(primitive),
            };
            let message = match by_super {
                true => format!("Cannot assign to read only property '{text}' of {what}"),
                false => format!("Cannot create property '{text}' on {what}"),
            };
            return self.store_failed(&message);
        };
        // `super.x = v` may find the property on a prototype while the receiver has its own.
        if o != start {
            match self.own_property(o, key) {
                Found::Slot { property, .. } => {
                    if property.attrs.has(Attrs::ACCESSOR) || !property.attrs.has(Attrs::WRITABLE) {
                        return self.throw_read_only(key, receiver);
                    }
                    self.write_slot(o, property, v);
                    return Ok(());
                }
                Found::Element { .. } | Found::ArrayLength(_) | Found::Nothing => {}
            }
        }
        self.create(o, key, v)
    }

    /// Whether a typed array among the prototypes takes the assignment of a key that spells a number, and forgets it.
    fn is_swallowed(&mut self, start: Obj, key: PropertyKey) -> bool {
        let mut at = Some(start);
        while let Some(o) = at {
            if self.typed_key(o, key).is_some() {
                return true;
            }
            at = Obj::from_value(self.shapes.of(o).proto);
        }
        false
    }

    /// Creates an own data property by assignment.
    fn create(&mut self, o: Obj, key: PropertyKey, v: Value) -> JsResult<()> {
        if !self.shapes.of(o).is_extensible() {
            let text = self.key_text(key);
            return self.store_failed(&format!("Cannot add property {text}, object is not extensible"));
        }
        self.define_own(o, key, v, Attrs::DATA);
        Ok(())
    }

    #[cold]
    fn throw_read_only(&mut self, key: PropertyKey, receiver: Value) -> JsResult<()> {
        let text = self.key_text(key);
        let of = self.describe_for_error(receiver);
        let what = if Obj::from_value(receiver).is_some_and(Obj::is_callable) { "function" } else { "object" };
        self.store_failed(&format!("Cannot assign to read only property '{text}' of {what} '{of}'"))
    }

    /// An object as V8's messages show it, without running the program's code: `#<Foo>`, `[object Array]`, the text of a
    /// function or of an error.
    pub fn describe_for_error(&mut self, v: Value) -> String {
        let Some(o) = Obj::from_value(v) else { return self.describe_primitive(v) };
        if o.is_callable() {
            return super::builtins::function::source_text(self, v).unwrap_or_default();
        }
        if o.kind() == CellKind::Error {
            return super::builtins::error::text(self, o);
        }
        // An object that has another `toString` than most shows what it is, not of which class.
        let plain = self.lookup_data(o, self.atoms.names.to_string.into()) == Some(self.library.object_to_string);
        let name = self
            .lookup_data(o, self.atoms.names.constructor.into())
            .and_then(Obj::from_value)
            .map(|c| self.function_name(c))
            .filter(|n| !n.is_empty());
        match name {
            Some(name) if plain => format!("#<{name}>"),
            _other if Typed::of(o).is_some() => "[object Object]".into(),
            _other => super::builtins::object::tag_text(self, v),
        }
    }

    fn describe_primitive(&mut self, v: Value) -> String {
        if let Some(s) = Str::from_value(v) {
            return format!("string '{}'", s.to_rust());
        }
        if v.is_number() {
            return format!("number '{}'", super::convert::number_to_text(v.as_number()));
        }
        if v.is_bool() {
            return format!("boolean '{}'", v == Value::TRUE);
        }
        format!("symbol '{}'", self.symbol_text(v))
    }

    /// Name of a function for people, without side effects.
    pub fn function_name(&mut self, f: Obj) -> String {
        self.materialize(f);
        let name = self.lookup_data(f, self.atoms.names.name.into()).and_then(Str::from_value);
        name.map_or(String::new(), |s| s.to_rust())
    }

    fn write_slot(&mut self, o: Obj, p: Property, v: Value) {
        let shape = self.shapes.get(o.shape_id());
        let old = o.slot(shape, p.slot);
        o.set_slot(&mut self.heap, shape, p.slot, v);
        if o.kind() == CellKind::Function && p.key == self.atoms.names.prototype.into() {
            o.set_initial_shape(None);
        }
        if o.is_prototype() {
            self.watched_assigned(o, p, old, v);
        }
    }

    /// Whether a property is one of those that built-in iteration goes by: for-of, spread and destructuring of arrays,
    /// strings, maps and sets know what the library's own iterators do and do not look them up.
    pub fn is_iteration_key(&self, o: Obj, name: Key) -> bool {
        use super::builtins::table::Home;
        if !o.is_prototype() {
            return false;
        }
        let is = |home: Home| self.library.home(home) == o;
        let iterable = [Home::ArrayPrototype, Home::StringPrototype, Home::MapPrototype, Home::SetPrototype];
        let iterators = [Home::ArrayIterator, Home::StringIterator, Home::MapIterator, Home::SetIterator];
        (name.0 == self.library.symbol_iterator && iterable.into_iter().any(is))
            || (name == self.atoms.names.next.into() && iterators.into_iter().any(is))
            // What would be called where an iteration ends early; iterators of the library inherit it from these.
            || (name == self.atoms.names.return_.into()
                && iterators.into_iter().chain([Home::IteratorPrototype, Home::ObjectPrototype]).any(is))
    }

    /// Ends the program: iteration of built-in objects was to be redefined.
    #[cold]
    pub fn refuse_iteration_change<T>(&mut self) -> JsResult<T> {
        self.refuse("redefinition of how built-in objects iterate", "derive a class and give it Symbol.iterator")
    }

    // ---- define ------------------------------------------------------------------------------------------------

    /// Defines an own data property, whatever was there. Integrity is the caller's business.
    pub fn define_own(&mut self, o: Obj, key: PropertyKey, v: Value, attrs: Attrs) {
        if let Some((t, index)) = self.typed_key(o, key) {
            if let (Some(i), true) = (index, v.is_number()) {
                t.set(i, v.as_number());
            }
            return;
        }
        match key {
            PropertyKey::Index(i) => {
                let named = self.shapes.of(o).has_index_names && matches!(self.own_index(o, i), Found::Slot { .. });
                if attrs == Attrs::DATA && !named && elements::can_hold(o, i) {
                    elements::set_element(self, o, i, v);
                    return;
                }
                let name = self.atoms.intern_index(&mut self.heap, i).into();
                elements::drop_element(self, o, i);
                self.define_named(o, name, v, attrs, true);
                if o.is_array() && i >= o.array_length() {
                    elements::lengthen(self, o, i + 1);
                }
            }
            PropertyKey::Name(name) => {
                self.materialize(o);
                self.define_named(o, name, v, attrs, false);
            }
        }
    }

    fn define_named(&mut self, o: Obj, name: Key, v: Value, attrs: Attrs, index_name: bool) {
        let id = o.shape_id();
        if let Some(p) = self.shapes.get(id).find(name) {
            if p.attrs != attrs {
                let new = self.shapes.change(o, |e| e.set_attrs(name, attrs));
                o.set_shape(new);
                self.structure_changed(o, name);
            }
            self.write_slot(o, p, v);
            return;
        }
        let s = self.shapes.get(id);
        let (sharing, inline, next) = (s.sharing, s.inline_capacity, s.next_slot);
        if sharing == Sharing::Shared && next < MAX_FAST_PROPERTIES && s.is_extensible() {
            o.reserve_slot(&mut self.heap, inline, next);
            let new = self.shapes.add(id, name, attrs, index_name);
            o.set_shape(new);
            o.set_slot(&mut self.heap, self.shapes.get(new), next, v);
        } else {
            let mut slot = 0;
            let new = self.shapes.change(o, |e| slot = e.add(name, attrs, index_name));
            o.reserve_slot(&mut self.heap, inline, slot);
            o.set_shape(new);
            o.set_slot(&mut self.heap, self.shapes.get(new), slot, v);
        }
        self.structure_changed(o, name);
    }

    /// Defines an accessor property; `None` leaves the half that exists.
    pub fn define_accessor(&mut self, o: Obj, key: PropertyKey, get: Option<Value>, set: Option<Value>, attrs: Attrs) {
        let old = match self.own_property(o, key) {
            Found::Slot { property, .. } if property.attrs.has(Attrs::ACCESSOR) => {
                let pair = o.slot(self.shapes.of(o), property.slot);
                accessor_pair(pair)
            }
            _data_or_nothing => (Value::UNDEFINED, Value::UNDEFINED),
        };
        let pair = Scope::new(&mut self.heap, Value::UNDEFINED, 2);
        pair.set(&mut self.heap, 0, get.unwrap_or(old.0));
        pair.set(&mut self.heap, 1, set.unwrap_or(old.1));
        let attrs = attrs.without(Attrs::WRITABLE).with(Attrs::ACCESSOR);
        match key {
            PropertyKey::Name(name) => {
                self.materialize(o);
                self.define_named(o, name, pair.value(), attrs, false);
            }
            PropertyKey::Index(_) => self.define_own(o, key, pair.value(), attrs),
        }
        // Replacing the pair of an existing accessor changes no shape, but caches hold the functions.
        self.head.proto_epoch += 1;
    }

    // ---- delete ------------------------------------------------------------------------------------------------

    /// `delete object[key]` in strict mode.
    pub fn delete(&mut self, receiver: Value, key: PropertyKey) -> JsResult<bool> {
        let Some(o) = Obj::from_value(receiver) else {
            if receiver.is_nullish() {
                return self.throw_type("Cannot convert undefined or null to object");
            }
            let own = Str::from_value(receiver).is_some_and(|s| match key {
                PropertyKey::Index(i) => (i as usize) < s.len(),
                PropertyKey::Name(name) => name == self.atoms.names.length.into(),
            });
            if own {
                let text = self.key_text(key);
                let message = format!("Cannot delete property '{text}' of [object String]");
                return self.store_failed(&message).map(|()| false);
            }
            return Ok(true);
        };
        let typed = self.typed_key(o, key).is_some();
        let attrs = match self.own_property(o, key) {
            Found::Nothing => return Ok(true),
            Found::Element { .. } if typed => Attrs::NONE,
            Found::ArrayLength(_) => Attrs::WRITABLE,
            Found::Slot { property, .. } => property.attrs,
            Found::Element { attrs, .. } => attrs,
        };
        if let PropertyKey::Name(name) = key
            && self.is_iteration_key(o, name)
        {
            return self.refuse_iteration_change();
        }
        if !attrs.has(Attrs::CONFIGURABLE) {
            let text = self.key_text(key);
            let of = match Typed::of(o) {
                Some(t) => format!("[object {}]", t.ty.class()),
                None => self.describe_for_error(receiver),
            };
            return self.store_failed(&format!("Cannot delete property '{text}' of {of}")).map(|()| false);
        }
        self.remove_own(o, key);
        Ok(true)
    }

    /// Removes an own property, whatever its attributes.
    pub fn remove_own(&mut self, o: Obj, key: PropertyKey) {
        let name = match key {
            PropertyKey::Index(i) => {
                elements::drop_element(self, o, i);
                if !self.shapes.of(o).has_index_names {
                    return;
                }
                self.atoms.intern_index(&mut self.heap, i).into()
            }
            PropertyKey::Name(n) => n,
        };
        let id = o.shape_id();
        let Some(p) = self.shapes.get(id).find(name) else { return };
        o.set_slot(&mut self.heap, self.shapes.get(id), p.slot, Value::UNDEFINED);
        let new = self.shapes.change(o, |e| e.remove(name));
        o.set_shape(new);
        self.structure_changed(o, name);
    }

    // ---- prototype and integrity -------------------------------------------------------------------------------

    /// The prototype of an object: an object or null.
    pub fn proto_of(&self, o: Obj) -> Value {
        self.shapes.of(o).proto
    }

    /// Sets the prototype. False if the object is not extensible or a cycle would arise.
    pub fn set_proto(&mut self, o: Obj, proto: Value) -> bool {
        if self.shapes.of(o).proto == proto {
            return true;
        }
        if o == self.realm.object_proto || !self.shapes.of(o).is_extensible() {
            return false;
        }
        if proto == o.value() {
            return false;
        }
        // What is nobody's prototype cannot be above its new one.
        let mut at = if o.is_prototype() { proto } else { Value::NULL };
        while let Some(p) = Obj::from_value(at) {
            if p == o {
                return false;
            }
            at = self.shapes.of(p).proto;
        }
        if let Some(p) = Obj::from_value(proto) {
            self.become_prototype(p);
        }
        let new = self.shapes.with_proto(o.shape_id(), proto);
        o.set_shape(new);
        if o.kind() == CellKind::Function {
            o.set_initial_shape(None);
        }
        if o.is_prototype() {
            self.head.proto_epoch += 1;
            (self.hooks.prototype_changed)(self, o, None);
        }
        true
    }

    /// `Object.preventExtensions`, `seal`, `freeze`.
    pub fn set_integrity(&mut self, o: Obj, level: Integrity) {
        self.materialize(o);
        if self.shapes.of(o).integrity >= level {
            return;
        }
        if level == Integrity::Frozen {
            self.untie_parameters(o);
        }
        // Frozen elements would need a check on every store: a frozen array leaves the fast kinds.
        if self.shapes.of(o).elements != ElementsKind::HoleyAny {
            elements::transition(self, o, ElementsKind::HoleyAny);
        }
        let own = self.shapes.unshare(o, Sharing::Dictionary);
        o.set_shape(own);
        let own = self.shapes.change(o, |e| e.set_integrity(level));
        o.set_shape(own);
        if o.is_prototype() {
            self.head.proto_epoch += 1;
            (self.hooks.prototype_changed)(self, o, None);
        }
    }

    // ---- functions ---------------------------------------------------------------------------------------------

    /// Gives a closure its own `length`, `name` and `prototype`, which it lacks until somebody looks.
    #[inline]
    pub fn materialize(&mut self, o: Obj) {
        if o.kind() == CellKind::Function && o.flags() & object_flags::MATERIALIZED == 0 {
            self.materialize_slow(o);
        }
    }

    #[cold]
    fn materialize_slow(&mut self, o: Obj) {
        o.set_flags(object_flags::MATERIALIZED);
        // SAFETY: infos live as long as the runtime.
        let info = unsafe { &*o.function_info() };
        let names = self.atoms.names;
        let (f, bits) = (info.function.clone(), info.flags);
        let hidden = Attrs::CONFIGURABLE;
        self.define_own(o, PropertyKey::Name(names.length.into()), Value::int(f.length as i32), hidden);
        let name = self.string(&f.name);
        if self.shapes.of(o).find(names.name.into()).is_none() {
            self.define_own(o, PropertyKey::Name(names.name.into()), name, hidden);
        }
        if bits & flags::CONSTRUCTOR != 0 {
            let class = f.kind != FunctionKind::Normal;
            if self.shapes.of(o).find(names.prototype.into()).is_none() {
                let proto = self.new_plain_object(1);
                self.define_own(proto, PropertyKey::Name(names.constructor.into()), o.value(), Attrs::HIDDEN);
                let attrs = if class { Attrs::NONE } else { Attrs::WRITABLE };
                self.define_own(o, PropertyKey::Name(names.prototype.into()), proto.value(), attrs);
            }
        }
    }

    // ---- enumeration -------------------------------------------------------------------------------------------

    /// Own keys in the language's order: indices ascending, then strings, then symbols, each in order of creation.
    /// Private names are left out.
    pub fn own_keys(&mut self, o: Obj) -> Vec<(PropertyKey, Attrs)> {
        self.materialize(o);
        let mut indices: Vec<(u32, Attrs)> = elements::present_indices(self, o);
        let (mut strings, mut symbols) = (Vec::new(), Vec::new());
        if o.kind() == CellKind::Primitive
            && let Some(s) = Str::from_value(o.internal(0))
        {
            indices.extend((0..s.len() as u32).map(|i| (i, Attrs::ENUMERABLE)));
            strings.push((PropertyKey::Name(self.atoms.names.length.into()), Attrs::NONE));
        }
        if o.is_array() {
            strings.push((PropertyKey::Name(self.atoms.names.length.into()), Attrs::WRITABLE));
        }
        for p in self.shapes.of(o).properties() {
            if !p.key.is_string() {
                symbols.push((PropertyKey::Name(p.key), p.attrs));
            } else if p.key.is_atom() {
                match super::atoms::Atom::from_value(p.key.0).and_then(|a| a.array_index()) {
                    Some(i) => indices.push((i, p.attrs)),
                    None => strings.push((PropertyKey::Name(p.key), p.attrs)),
                }
            }
        }
        indices.sort_by_key(|(i, _)| *i);
        let mut keys: Vec<_> = indices.into_iter().map(|(i, a)| (PropertyKey::Index(i), a)).collect();
        keys.extend(strings);
        keys.extend(symbols);
        keys
    }
}
