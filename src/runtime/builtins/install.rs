//! Builds the library's objects from the table when a runtime starts.
//!
//! All properties of one object are added to its shape at once, so a fresh runtime holds one shape per object and not
//! one per property, and start-up stays in the tens of microseconds.

use super::missing::MISSING;
use super::table::{BUILTINS, Builtin, Home, Role};
use super::typed_array;
use crate::runtime::atoms::Atom;
use crate::runtime::cell::CellKind;
use crate::runtime::object::{Obj, Scope};
use crate::runtime::rootvec::RootVec;
use crate::runtime::runtime::{ErrorKind, Runtime};
use crate::runtime::shape::{Attrs, ElementsKind, Integrity, Key, PropertyKey};
use crate::runtime::typed::ElementType;
use crate::runtime::value::Value;
use crate::vocab::ids::ShapeId;

/// Objects of the library that the runtime itself needs to know.
#[derive(Clone, Copy)]
pub struct Library {
    /// The object of each [`Home`].
    homes: [Option<Obj>; Home::ALL.len()],
    /// `Symbol.iterator`.
    pub symbol_iterator: Value,
    /// The shape of arguments objects.
    pub arguments_shape: ShapeId,
    /// Shape of arguments objects whose elements are parameters.
    pub mapped_arguments_shape: ShapeId,
    /// What every arguments object has besides its elements and length: the accessors of `callee` as a pair, and the
    /// iterator method.
    pub arguments_members: [Value; 2],
    /// `Symbol.toPrimitive`.
    pub symbol_to_primitive: Value,
    /// `Symbol.hasInstance`.
    pub symbol_has_instance: Value,
    /// `Symbol.toStringTag`.
    pub symbol_to_string_tag: Value,
    /// `Function.prototype[Symbol.hasInstance]`.
    pub has_instance: Value,
    /// The getter of `length` that typed arrays have.
    pub typed_length: Value,
    /// `Object.prototype.toString`.
    pub object_to_string: Value,
    /// `RegExp.prototype.exec`.
    pub regexp_exec: Value,
    /// The shape of regular expressions as they are made: nothing but `lastIndex`.
    pub regexp_shape: ShapeId,
    /// The shape of what `exec` gives, where no indices are asked for.
    pub match_shape: ShapeId,
}

/// No shape of an object.
pub const EMPTY_SHAPE: ShapeId = ShapeId::numbered(0);

impl Library {
    /// What a runtime has before [`install`].
    pub const fn empty() -> Library {
        Library {
            homes: [None; Home::ALL.len()],
            symbol_iterator: Value::UNDEFINED,
            arguments_shape: EMPTY_SHAPE,
            mapped_arguments_shape: EMPTY_SHAPE,
            arguments_members: [Value::UNDEFINED; 2],
            symbol_to_primitive: Value::UNDEFINED,
            symbol_has_instance: Value::UNDEFINED,
            symbol_to_string_tag: Value::UNDEFINED,
            has_instance: Value::UNDEFINED,
            typed_length: Value::UNDEFINED,
            object_to_string: Value::UNDEFINED,
            regexp_exec: Value::UNDEFINED,
            regexp_shape: EMPTY_SHAPE,
            match_shape: EMPTY_SHAPE,
        }
    }
    /// The object of a home.
    ///
    /// # Panics
    /// Before [`install`].
    #[inline]
    pub fn home(&self, home: Home) -> Obj {
        self.homes[home as usize].expect("the library is installed")
    }
    /// Whether an object is that of a home. Nothing is before [`install`].
    #[inline]
    pub fn is_home(&self, o: Obj, home: Home) -> bool {
        self.homes[home as usize] == Some(o)
    }
    /// The object of every home: each is watched like a prototype.
    pub fn homes(&self) -> impl Iterator<Item = Obj> {
        self.homes.iter().flatten().copied()
    }
    /// The well-known symbols, by the name of the property of `Symbol` that holds them.
    fn symbols(&self) -> [(&'static str, Value); 4] {
        [
            ("iterator", self.symbol_iterator),
            ("toPrimitive", self.symbol_to_primitive),
            ("hasInstance", self.symbol_has_instance),
            ("toStringTag", self.symbol_to_string_tag),
        ]
    }
    /// The symbol that a row's name such as `[Symbol.iterator]` spells.
    fn symbol_named(&self, name: &str) -> Option<Value> {
        let name = name.strip_prefix("[Symbol.")?.strip_suffix(']')?;
        self.symbols().into_iter().find(|(n, _)| *n == name).map(|(_, symbol)| symbol)
    }
    /// Shows the collector every object.
    pub fn trace(&self, visit: &mut impl FnMut(Value)) {
        self.homes.iter().flatten().for_each(|o| visit(o.value()));
        visit(self.symbol_iterator);
        self.arguments_members.iter().for_each(|v| visit(*v));
        self.symbols().into_iter().for_each(|(_, symbol)| visit(symbol));
        visit(self.has_instance);
        visit(self.typed_length);
        visit(self.object_to_string);
        visit(self.regexp_exec);
    }
}

/// Properties that wait to be added to one object: three values each (key, value, attributes), visible to the collector.
struct Pending(RootVec);

impl Pending {
    fn push(&mut self, key: Value, value: Value, attrs: Attrs) {
        self.0.extend([key, value, Value::int(attrs.0 as i32)]);
    }
    fn find(&self, key: Value) -> Option<Value> {
        self.0.chunks_exact(3).find(|c| c[0] == key).map(|c| c[1])
    }
    /// Before all others: where V8 has `constructor` and `prototype`.
    fn push_first(&mut self, key: Value, value: Value, attrs: Attrs) {
        self.0.splice(0..0, [key, value, Value::int(attrs.0 as i32)]);
    }
    fn apply(&self, rt: &mut Runtime, o: Obj) {
        let rows: Vec<(Key, Value, Attrs)> =
            self.0.chunks_exact(3).map(|c| (Key(c[0]), c[1], Attrs(c[2].as_int() as u8))).collect();
        let Some(count) = u32::try_from(rows.len()).ok().filter(|n| *n > 0) else { return };
        let shape = rt.shapes.get(o.shape_id());
        let (inline, first) = (shape.inline_capacity, shape.next_slot);
        o.reserve_slot(&mut rt.heap, inline, first + count - 1);
        let new = rt.shapes.change(o, |edit| {
            for (key, _, attrs) in &rows {
                edit.add(*key, *attrs, false);
            }
        });
        o.set_shape(new);
        for (i, (_, value, _)) in rows.iter().enumerate() {
            o.set_slot(&mut rt.heap, rt.shapes.get(new), first + i as u32, *value);
        }
    }
}

/// Makes the library and hangs it on the global object.
pub fn install(rt: &mut Runtime) {
    make_homes(rt);
    let mut pending: Vec<Pending> = Home::ALL.iter().map(|_| Pending(RootVec::new(&rt.heap))).collect();
    let mut natives = NativeMaker::new(rt);
    for (id, b) in BUILTINS.iter().enumerate() {
        let name = rt.atom(b.name);
        let shown = match b.role {
            Role::Getter | Role::Setter => rt.atom(&b.function_name()),
            Role::Method | Role::Constructor | Role::Iterator => name,
        };
        // `process.hrtime` and `process.memoryUsage` are functions with functions on them.
        let f = natives.make(rt, id as u32, shown, b.length);
        if let Some(home) = constructor_home(b) {
            rt.become_prototype(f);
            rt.library.homes[home as usize] = Some(f);
        }
        match (b.home, b.name) {
            (Home::RegExpPrototype, "exec") => rt.library.regexp_exec = f.value(),
            (Home::FunctionPrototype, "[Symbol.hasInstance]") => rt.library.has_instance = f.value(),
            (Home::ObjectPrototype, "toString") => rt.library.object_to_string = f.value(),
            (Home::TypedArrayPrototype, "length") => rt.library.typed_length = f.value(),
            _other => {}
        }
        let into = &mut pending[b.home as usize];
        // What has a symbol for a key can be neither assigned nor, for `instanceof`, configured.
        let symbol = rt.library.symbol_named(b.name);
        let key = symbol.unwrap_or(name.value());
        match b.role {
            Role::Getter => {
                let pair = Scope::new(&mut rt.heap, Value::UNDEFINED, 2);
                pair.set(&mut rt.heap, 0, f.value());
                pair.set(&mut rt.heap, 1, Value::UNDEFINED);
                into.push(key, pair.value(), Attrs::CONFIGURABLE.with(Attrs::ACCESSOR));
            }
            Role::Setter => {
                if let Some(pair) = into.0.chunks_exact(3).find(|c| c[0] == name.value()).map(|c| c[1]) {
                    Scope::from_value(pair).set(&mut rt.heap, 1, f.value());
                }
            }
            Role::Iterator => {
                if symbol.is_none() {
                    into.push(name.value(), f.value(), Attrs::HIDDEN);
                }
                into.push(rt.library.symbol_iterator, f.value(), Attrs::HIDDEN);
            }
            Role::Method if symbol == Some(rt.library.symbol_has_instance) => into.push(key, f.value(), Attrs::NONE),
            Role::Method if symbol.is_some() => into.push(key, f.value(), Attrs::CONFIGURABLE),
            Role::Method | Role::Constructor => into.push(key, f.value(), Attrs::HIDDEN),
        }
    }
    add_restricted(rt, &mut pending);
    link_typed_arrays(rt, &mut pending);
    add_aliases(rt, &mut pending);
    add_constants(rt, &mut pending);
    link_prototypes(rt, &mut pending);
    add_missing(rt, &mut pending);
    for home in Home::ALL {
        pending[*home as usize].apply(rt, rt.library.home(*home));
    }
    super::process::install(rt);
}

/// Makes native functions, `length` and `name` included, without a shape lookup each.
struct NativeMaker {
    shape: crate::vocab::ids::ShapeId,
}

impl NativeMaker {
    fn new(rt: &mut Runtime) -> NativeMaker {
        let names = rt.atoms.names;
        let model = rt.new_native(0);
        rt.define_own(model, PropertyKey::Name(names.length.into()), Value::int(0), Attrs::CONFIGURABLE);
        rt.define_own(model, PropertyKey::Name(names.name.into()), names.empty.value(), Attrs::CONFIGURABLE);
        NativeMaker { shape: model.shape_id() }
    }
    fn make(&mut self, rt: &mut Runtime, id: u32, name: Atom, length: u8) -> Obj {
        let f = rt.new_native(id);
        f.reserve_slot(&mut rt.heap, 0, 1);
        f.set_shape(self.shape);
        let shape = rt.shapes.get(self.shape);
        f.set_slot(&mut rt.heap, shape, 0, Value::int(length as i32));
        f.set_slot(&mut rt.heap, shape, 1, name.value());
        f
    }
}

/// The home that a builtin function is itself. Such functions are found on few objects.
fn constructor_home(b: &Builtin) -> Option<Home> {
    match b.home {
        Home::Global | Home::Hidden | Home::Process => Home::ALL.iter().copied().find(|h| b.is_at(h.path())),
        _others => None,
    }
}

/// The prototype object of a home that is a constructor.
fn prototype_home(home: Home) -> Option<Home> {
    let path = home.path();
    Home::ALL.iter().copied().find(|h| h.path().strip_suffix(".prototype") == Some(path))
}

fn make_homes(rt: &mut Runtime) {
    let realm = rt.realm;
    let mut symbol = |name: &str| {
        let description = rt.atom(name);
        rt.new_symbol(description.value())
    };
    let symbols = ["Symbol.iterator", "Symbol.toPrimitive", "Symbol.hasInstance", "Symbol.toStringTag"];
    let [iterator, to_primitive, has_instance, to_string_tag] = symbols.map(&mut symbol);
    rt.library.symbol_iterator = iterator;
    rt.library.symbol_to_primitive = to_primitive;
    rt.library.symbol_has_instance = has_instance;
    rt.library.symbol_to_string_tag = to_string_tag;
    let functions: Vec<Home> = BUILTINS.iter().filter_map(constructor_home).collect();
    for home in Home::ALL {
        let is_function = functions.contains(home);
        let o = match home {
            Home::Global => realm.global,
            Home::ObjectPrototype => realm.object_proto,
            Home::FunctionPrototype => realm.function_proto,
            Home::ArrayPrototype => realm.array_proto,
            Home::StringPrototype => realm.string_proto,
            Home::NumberPrototype => realm.number_proto,
            Home::BooleanPrototype => realm.boolean_proto,
            Home::SymbolPrototype => realm.symbol_proto,
            Home::ErrorPrototype => realm.error_protos[ErrorKind::Error as usize],
            // Functions are made with their row; here stands something to be replaced.
            _function if is_function => continue,
            _plain => {
                let o = rt.new_plain_object(1);
                rt.become_prototype(o);
                o
            }
        };
        rt.library.homes[*home as usize] = Some(o);
    }
    let iterator = rt.library.home(Home::IteratorPrototype);
    let typed = rt.library.home(Home::TypedArrayPrototype);
    for ty in ElementType::ALL {
        let proto = rt.library.home(typed_array::homes(ty).1);
        rt.set_proto(proto, typed.value());
    }
    for home in
        [Home::ArrayIterator, Home::StringIterator, Home::MapIterator, Home::SetIterator, Home::RegExpStringIterator]
    {
        let o = rt.library.home(home);
        rt.set_proto(o, iterator.value());
    }
}

/// `caller`, `callee` and `arguments`, which strict code may not ask for: one function throws for all of them.
fn add_restricted(rt: &mut Runtime, pending: &mut [Pending]) {
    let poison = rt.new_native(super::RESTRICTED);
    let names = rt.atoms.names;
    rt.define_own(poison, PropertyKey::Name(names.length.into()), Value::int(0), Attrs::NONE);
    rt.define_own(poison, PropertyKey::Name(names.name.into()), names.empty.value(), Attrs::NONE);
    rt.set_integrity(poison, Integrity::NonExtensible);
    let pair = Scope::new(&mut rt.heap, Value::UNDEFINED, 2);
    pair.set(&mut rt.heap, 0, poison.value());
    pair.set(&mut rt.heap, 1, poison.value());
    for name in ["arguments", "caller"] {
        let name = rt.atom(name);
        let attrs = Attrs::CONFIGURABLE.with(Attrs::ACCESSOR);
        pending[Home::FunctionPrototype as usize].push(name.value(), pair.value(), attrs);
    }
    let values = rt.atom("values");
    let values = pending[Home::ArrayPrototype as usize].find(values.value());
    rt.library.arguments_members = [pair.value(), values.unwrap_or(Value::UNDEFINED)];
    let arguments_shape = crate::runtime::ops::arguments::arguments_shape(rt);
    rt.library.arguments_shape = arguments_shape;
    rt.library.mapped_arguments_shape = crate::runtime::ops::arguments::mapped_shape(rt, arguments_shape);
}

/// What the classes of typed arrays have besides their rows: the abstract class above them, and the size of an element.
fn link_typed_arrays(rt: &mut Runtime, pending: &mut [Pending]) {
    let name = rt.atom("BYTES_PER_ELEMENT");
    let above = rt.library.home(Home::TypedArray);
    for ty in ElementType::ALL {
        let (class, prototype) = typed_array::homes(ty);
        let f = rt.library.home(class);
        rt.set_proto(f, above.value());
        for home in [class, prototype] {
            pending[home as usize].push(name.value(), Value::int(ty.size() as i32), Attrs::NONE);
        }
    }
    let names = rt.atoms.names;
    let shared = pending[Home::ArrayPrototype as usize].0.chunks_exact(3).find(|c| c[0] == names.to_string.value());
    if let Some(f) = shared.map(|c| c[1]) {
        pending[Home::TypedArrayPrototype as usize].push(names.to_string.value(), f, Attrs::HIDDEN);
    }
}

/// One function under two names.
fn add_aliases(rt: &mut Runtime, pending: &mut [Pending]) {
    for (home, alias, of) in [
        (Home::SetPrototype, "keys", "values"),
        (Home::DatePrototype, "toGMTString", "toUTCString"),
        (Home::StringPrototype, "trimLeft", "trimStart"),
        (Home::StringPrototype, "trimRight", "trimEnd"),
    ] {
        let original = rt.atom(of);
        let f = pending[home as usize].0.chunks_exact(3).find(|c| c[0] == original.value()).map(|c| c[1]);
        let alias = rt.atom(alias);
        if let Some(f) = f {
            pending[home as usize].push(alias.value(), f, Attrs::HIDDEN);
        }
    }
    for (name, global) in [("parseInt", "parseInt"), ("parseFloat", "parseFloat")] {
        let key = rt.atom(global);
        let f = pending[Home::Global as usize].0.chunks_exact(3).find(|c| c[0] == key.value()).map(|c| c[1]);
        let name = rt.atom(name);
        if let Some(f) = f {
            pending[Home::Number as usize].push(name.value(), f, Attrs::HIDDEN);
        }
    }
}

fn add_constants(rt: &mut Runtime, pending: &mut [Pending]) {
    use std::f64::consts;
    let constants = [
        (Home::Math, "E", consts::E),
        (Home::Math, "LN10", consts::LN_10),
        (Home::Math, "LN2", consts::LN_2),
        (Home::Math, "LOG10E", consts::LOG10_E),
        (Home::Math, "LOG2E", consts::LOG2_E),
        (Home::Math, "PI", consts::PI),
        (Home::Math, "SQRT1_2", consts::FRAC_1_SQRT_2),
        (Home::Math, "SQRT2", consts::SQRT_2),
        (Home::Number, "MAX_SAFE_INTEGER", 9007199254740991.0),
        (Home::Number, "MIN_SAFE_INTEGER", -9007199254740991.0),
        (Home::Number, "MAX_VALUE", f64::MAX),
        (Home::Number, "MIN_VALUE", 5e-324),
        (Home::Number, "EPSILON", f64::EPSILON),
        (Home::Number, "POSITIVE_INFINITY", f64::INFINITY),
        (Home::Number, "NEGATIVE_INFINITY", f64::NEG_INFINITY),
        (Home::Number, "NaN", f64::NAN),
        (Home::Global, "NaN", f64::NAN),
        (Home::Global, "Infinity", f64::INFINITY),
    ];
    for (home, name, value) in constants {
        let name = rt.atom(name);
        pending[home as usize].push(name.value(), Value::number(value), Attrs::NONE);
    }
    let names = rt.atoms.names;
    pending[Home::Global as usize].push(names.undefined.value(), Value::UNDEFINED, Attrs::NONE);
    pending[Home::Global as usize].push(names.global_this.value(), rt.realm.global.value(), Attrs::HIDDEN);
    let global = rt.atom("global");
    pending[Home::Global as usize].push(global.value(), rt.realm.global.value(), Attrs::DATA);
    let limit = rt.atom("stackTraceLimit");
    pending[Home::Error as usize].push(limit.value(), Value::int(10), Attrs::DATA);
    for (name, symbol) in rt.library.symbols() {
        let name = rt.atom(name);
        pending[Home::Symbol as usize].push(name.value(), symbol, Attrs::NONE);
    }
    for (home, tag) in super::inspect::TAGS {
        let tag = rt.atom(tag);
        pending[*home as usize].push(rt.library.symbol_to_string_tag, tag.value(), Attrs::CONFIGURABLE);
    }
    let objects = [
        (Home::Global, "Math", Home::Math),
        (Home::Global, "JSON", Home::Json),
        (Home::Global, "console", Home::Console),
        (Home::Global, "process", Home::Process),
        (Home::Global, "performance", Home::Performance),
        (Home::Process, "stdout", Home::Stdout),
        (Home::Process, "stderr", Home::Stderr),
    ];
    for (home, name, object) in objects {
        let name = rt.atom(name);
        pending[home as usize].push(name.value(), rt.library.home(object).value(), Attrs::HIDDEN);
    }
    let function_proto = &mut pending[Home::FunctionPrototype as usize];
    function_proto.push(names.length.value(), Value::int(0), Attrs::CONFIGURABLE);
    function_proto.push(names.name.value(), names.empty.value(), Attrs::CONFIGURABLE);
}

/// `prototype` and `constructor`, and `name` and `message` of the error classes.
fn link_prototypes(rt: &mut Runtime, pending: &mut [Pending]) {
    let names = rt.atoms.names;
    for home in Home::ALL {
        if let Some(prototype) = prototype_home(*home)
            && let Some(f) = rt.library.homes[*home as usize]
        {
            let proto = rt.library.home(prototype);
            pending[*home as usize].push_first(names.prototype.value(), proto.value(), Attrs::NONE);
            pending[prototype as usize].push_first(names.constructor.value(), f.value(), Attrs::HIDDEN);
        }
    }
    let error = rt.library.home(Home::Error);
    for (kind, name) in super::error::CLASSES {
        let proto = rt.realm.error_protos[*kind as usize];
        let atom = rt.atom(name);
        let add = |into: &mut Pending, f: Value| {
            into.push(names.name.value(), atom.value(), Attrs::HIDDEN);
            into.push(names.message.value(), names.empty.value(), Attrs::HIDDEN);
            if *kind != ErrorKind::Error {
                into.push(names.constructor.value(), f, Attrs::HIDDEN);
            }
        };
        if *kind == ErrorKind::Error {
            add(&mut pending[Home::ErrorPrototype as usize], Value::UNDEFINED);
            continue;
        }
        let found = pending[Home::Global as usize].0.chunks_exact(3).find(|c| c[0] == atom.value()).map(|c| c[1]);
        let Some(f) = found.and_then(Obj::from_value) else { continue };
        rt.set_proto(f, error.value());
        rt.define_own(f, PropertyKey::Name(names.prototype.into()), proto.value(), Attrs::NONE);
        let mut own = Pending(RootVec::new(&rt.heap));
        add(&mut own, f.value());
        own.apply(rt, proto);
    }
}

/// What Node has and Petrel lacks: accessors that refuse.
fn add_missing(rt: &mut Runtime, pending: &mut [Pending]) {
    let mut id = BUILTINS.len() as u32;
    for (home, members) in MISSING {
        for name in members.split_ascii_whitespace() {
            let key = rt.atom(name);
            let pair = Scope::new(&mut rt.heap, Value::UNDEFINED, 2);
            for half in 0..2 {
                let f = rt.new_native(id + half);
                pair.set(&mut rt.heap, half, f.value());
            }
            id += 2;
            pending[*home as usize].push(key.value(), pair.value(), Attrs::CONFIGURABLE.with(Attrs::ACCESSOR));
        }
    }
}

impl Runtime {
    /// A new array iterator, map iterator and so on: see [`super::iteration`].
    pub fn new_iterator(&mut self, home: Home, words: [Value; 3]) -> Obj {
        let proto = self.library.home(home).value();
        let shape = self.shapes.root(CellKind::Iterator, proto, ElementsKind::HoleyAny, 0);
        let o = self.new_object(shape);
        for (i, w) in words.into_iter().enumerate() {
            o.set_internal(&mut self.heap, i, w);
        }
        o
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_that_is_a_home_is_found() {
        for b in BUILTINS {
            assert_eq!(constructor_home(b), Home::ALL.iter().copied().find(|h| b.is_at(h.path())), "{}", b.path());
        }
    }
}
