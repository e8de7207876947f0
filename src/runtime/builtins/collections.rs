//! `Map`, `Set`, `WeakMap` and `WeakSet`: insertion-ordered hash tables in heap cells.
//!
//! ```text
//! cell of kind Map or Set
//!   word 0  entries: a vector  [forward, key 0, value 0, key 1, value 1, …]   (a Set has keys only)
//!   word 1  words:   [live, used, bucket 0, bucket 1, …]   a bucket holds 1 + the index of an entry, 0 is free
//!   word 2  int:     flavour
//! ```
//!
//! A deleted entry's key becomes the hole. When the entries are copied (to grow, to squeeze out holes, to clear), the old
//! vector's first word points to the new one: an iterator that stands in the old vector follows and adjusts its position
//! by the holes before it. The scheme is V8's ordered hash table after Tyler Close.
//!
//! Keys have one form ([`normalized`]), so that only strings need more than a comparison of words. They hash by content
//! (strings, numbers) or address: cells never move. The weak collections hold their keys strongly;
//! a program cannot tell, except by its memory.

use super::Args;
use crate::runtime::cell::CellKind;
use crate::runtime::native::{Vector, Words};
use crate::runtime::object::{Obj, kind_of};
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::ElementsKind;
use crate::runtime::string::Str;
use crate::runtime::value::Value;

/// Entries of a fresh table.
const MIN_ENTRIES: u32 = 4;
const LIVE: usize = 0;
const USED: usize = 1;
const BUCKETS: usize = 2;

/// What a collection is for the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Flavour {
    Strong = 0,
    Weak = 1,
}

/// A view of a Map or Set cell.
#[derive(Clone, Copy)]
pub struct Table {
    object: Obj,
    /// Words per entry: 2 for maps, 1 for sets.
    stride: u32,
}

impl Table {
    /// The table of a Map or Set object.
    pub fn of(object: Obj) -> Option<Table> {
        match object.kind() {
            CellKind::Map => Some(Table { object, stride: 2 }),
            CellKind::Set => Some(Table { object, stride: 1 }),
            _other => None,
        }
    }
    /// The vector of entries.
    #[inline]
    pub fn entries(self) -> Vector {
        Vector::from_value(self.object.internal(0))
    }
    fn capacity(self) -> u32 {
        (self.entries().capacity() - 1) / self.stride
    }
    #[inline]
    fn words(self) -> Words {
        let buckets = bucket_count(self.capacity());
        Words::from_value(self.object.internal(1), BUCKETS + buckets)
    }
    /// Number of live entries.
    pub fn size(self) -> u32 {
        self.words().get(LIVE)
    }
    fn key_slot(self, entry: u32) -> u32 {
        1 + entry * self.stride
    }

    fn allocate(self, rt: &mut Runtime, capacity: u32) {
        let entries = Vector::new(rt, capacity * self.stride);
        entries.set(&mut rt.heap, 0, Value::UNDEFINED);
        // The vector may be a little larger than asked for: use it all.
        let capacity = (entries.capacity() - 1) / self.stride;
        let words = rt.new_words(BUCKETS + bucket_count(capacity));
        self.object.set_internal(&mut rt.heap, 0, entries.value());
        self.object.set_internal(&mut rt.heap, 1, words.value());
    }

    /// The entry of a key in its one form, whose hash is given.
    #[inline]
    fn find(self, rt: &mut Runtime, key: Value, hash: u32) -> Option<u32> {
        match Str::from_value(key) {
            None => self.find_by(hash, |candidate| candidate == key),
            Some(s) => self.find_by(hash, |candidate| {
                candidate == key
                    || Str::from_value(candidate)
                        .is_some_and(|c| c.known_hash() == hash && Str::equals(&mut rt.heap, c, s))
            }),
        }
    }

    #[inline(always)]
    fn find_by(self, hash: u32, mut is_it: impl FnMut(Value) -> bool) -> Option<u32> {
        let (words, entries) = (self.words(), self.entries());
        let mask = words.count() - BUCKETS - 1;
        let mut i = hash as usize & mask;
        loop {
            let bucket = words.get(BUCKETS + i);
            if bucket == 0 {
                return None;
            }
            if is_it(entries.get(self.key_slot(bucket - 1))) {
                return Some(bucket - 1);
            }
            i = (i + 1) & mask;
        }
    }

    fn find_any(self, rt: &mut Runtime, key: Value) -> Option<u32> {
        let key = normalized(key);
        let hash = hash(rt, key);
        self.find(rt, key, hash)
    }

    /// The value of a key (a set's value is the key).
    #[inline]
    pub fn get(self, rt: &mut Runtime, key: Value) -> Option<Value> {
        let entry = self.find_any(rt, key)?;
        Some(self.entries().get(self.key_slot(entry) + self.stride - 1))
    }
    /// Whether the key is there.
    pub fn has(self, rt: &mut Runtime, key: Value) -> bool {
        self.find_any(rt, key).is_some()
    }

    /// Adds or replaces.
    pub fn set(self, rt: &mut Runtime, key: Value, value: Value) {
        let key = normalized(key);
        let h = hash(rt, key);
        if let Some(entry) = self.find(rt, key, h) {
            if self.stride == 2 {
                self.entries().set(&mut rt.heap, self.key_slot(entry) + 1, value);
            }
            return;
        }
        let (live, used) = (self.words().get(LIVE), self.words().get(USED));
        if used == self.capacity() {
            // Mostly holes: the same size will do.
            let capacity = if live < used / 2 { used } else { used * 2 };
            self.rebuild(rt, capacity);
        }
        let (words, entries) = (self.words(), self.entries());
        let entry = words.get(USED);
        entries.set(&mut rt.heap, self.key_slot(entry), key);
        if self.stride == 2 {
            entries.set(&mut rt.heap, self.key_slot(entry) + 1, value);
        }
        words.set(USED, entry + 1);
        words.set(LIVE, words.get(LIVE) + 1);
        insert_bucket(words, h, entry);
    }

    /// Copies the live entries to fresh cells; the old vector forwards to the new one.
    fn rebuild(self, rt: &mut Runtime, capacity: u32) {
        let (old, used) = (self.entries(), self.words().get(USED));
        self.allocate(rt, capacity.max(MIN_ENTRIES));
        let (words, entries) = (self.words(), self.entries());
        let mut next = 0;
        for entry in 0..used {
            let key = old.get(self.key_slot(entry));
            if key.is_hole() {
                continue;
            }
            for part in 0..self.stride {
                let v = old.get(self.key_slot(entry) + part);
                entries.set(&mut rt.heap, self.key_slot(next) + part, v);
            }
            let h = hash(rt, key);
            insert_bucket(words, h, next);
            next += 1;
        }
        words.set(LIVE, next);
        words.set(USED, next);
        old.set(&mut rt.heap, 0, entries.value());
    }

    /// Removes a key; whether it was there.
    pub fn delete(self, rt: &mut Runtime, key: Value) -> bool {
        let Some(entry) = self.find_any(rt, key) else { return false };
        let (words, entries) = (self.words(), self.entries());
        entries.set(&mut rt.heap, self.key_slot(entry), Value::HOLE);
        if self.stride == 2 {
            entries.set(&mut rt.heap, self.key_slot(entry) + 1, Value::UNDEFINED);
        }
        words.set(LIVE, words.get(LIVE) - 1);
        true
    }

    /// Removes everything. Iterators that stand in the old entries start over in the new ones.
    pub fn clear(self, rt: &mut Runtime) {
        let (old, used) = (self.entries(), self.words().get(USED));
        for entry in 0..used {
            old.set(&mut rt.heap, self.key_slot(entry), Value::HOLE);
        }
        self.rebuild(rt, MIN_ENTRIES);
    }
}

/// A position in a table's entries that survives every change of the table.
#[derive(Clone, Copy)]
pub struct Position {
    /// The vector that the position refers to.
    pub entries: Vector,
    /// Next entry to look at.
    pub next: u32,
}

impl Position {
    /// The next live entry as key and value.
    pub fn step(&mut self, table: Table) -> Option<(Value, Value)> {
        loop {
            let forward = self.entries.get(0);
            if forward.is_undefined() {
                break;
            }
            let holes = (0..self.next).filter(|e| self.entries.get(table.key_slot(*e)).is_hole()).count();
            self.next -= holes as u32;
            self.entries = Vector::from_value(forward);
        }
        let used = table.words().get(USED);
        while self.next < used {
            let slot = table.key_slot(self.next);
            self.next += 1;
            let key = self.entries.get(slot);
            if !key.is_hole() {
                return Some((key, self.entries.get(slot + table.stride - 1)));
            }
        }
        None
    }
}

/// Buckets for a number of entries: a power of two, at most half full.
fn bucket_count(capacity: u32) -> usize {
    (capacity as usize * 2).next_power_of_two()
}

fn insert_bucket(words: Words, hash: u32, entry: u32) {
    let mask = words.count() - BUCKETS - 1;
    let mut i = hash as usize & mask;
    while words.get(BUCKETS + i) != 0 {
        i = (i + 1) & mask;
    }
    words.set(BUCKETS + i, entry + 1);
}

/// The one form of a key: what SameValueZero calls equal has the same bits, but for strings.
#[inline(always)]
fn normalized(key: Value) -> Value {
    if !key.is_double() {
        return key;
    }
    // Minus zero becomes the int32 0, as all doubles that are int32s do.
    let d = key.as_double();
    if d.is_nan() { Value::double(f64::NAN) } else { Value::number(d + 0.0) }
}

/// Hash of a key in its one form: strings by content, everything else by its bits.
#[inline(always)]
fn hash(rt: &mut Runtime, key: Value) -> u32 {
    if let Some(s) = Str::from_value(key) {
        return s.hash(&mut rt.heap);
    }
    (key.0.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

/// A new empty collection.
fn allocate(rt: &mut Runtime, kind: CellKind, proto: Obj, flavour: Flavour) -> Obj {
    let shape = rt.shapes.root(kind, proto.value(), ElementsKind::HoleyAny, 0);
    let object = rt.new_object(shape);
    object.set_internal(&mut rt.heap, 2, Value::int(flavour as i32));
    if let Some(table) = Table::of(object) {
        table.allocate(rt, MIN_ENTRIES);
    }
    object
}

/// Key and value of an entry object.
pub fn entry_pair(rt: &mut Runtime, entry: Value) -> JsResult<(Value, Value)> {
    let Some(o) = Obj::from_value(entry) else {
        let shown = rt.describe(entry);
        return rt.throw_type(&format!("Iterator value {shown} is not an entry object"));
    };
    let key = rt.get_at(o, 0)?;
    let value = rt.get_at(o, 1)?;
    Ok((key, value))
}

struct Class {
    name: &'static str,
    kind: CellKind,
    home: super::table::Home,
    flavour: Flavour,
    /// The method that the constructor adds with.
    adder: &'static str,
}

fn construct(rt: &mut Runtime, args: &Args, class: &Class) -> JsResult {
    if !args.is_construct() {
        return rt.throw_type(&format!("Constructor {} requires 'new'", class.name));
    }
    let proto = rt.prototype_for(args, rt.library.home(class.home))?;
    let object = allocate(rt, class.kind, proto, class.flavour);
    if args.get(0).is_nullish() {
        return Ok(object.value());
    }
    // The adder is looked up once, and a subclass may have its own.
    let adder = rt.get_str(object.value(), class.adder)?;
    let Some(f) = Obj::from_value(adder).filter(|f| f.is_callable()) else {
        let (shown, of) = (rt.describe(adder), rt.describe_for_error(object.value()));
        let name = class.adder;
        return rt.throw_type(&format!("'{shown}' returned for property '{name}' of object '{of}' is not a function"));
    };
    let plain = f.kind() == CellKind::NativeFunction
        && super::BUILTINS.get(f.native_id() as usize).is_some_and(|b| b.home == class.home && b.name == class.adder);
    let table = Table { object, stride: if class.kind == CellKind::Map { 2 } else { 1 } };
    super::iteration::for_each(rt, args.get(0), &mut |rt, v| {
        let (key, value) = if class.kind == CellKind::Map { entry_pair(rt, v)? } else { (v, v) };
        if plain && class.flavour == Flavour::Strong {
            table.set(rt, key, value);
            return Ok(());
        }
        let pair = [key, value];
        rt.call(adder, object.value(), &pair[..table.stride as usize]).map(|_| ())
    })?;
    Ok(object.value())
}

/// `new Map(…)`.
pub fn map(rt: &mut Runtime, args: &Args) -> JsResult {
    construct(rt, args, &MAP)
}
/// `new Set(…)`.
pub fn set(rt: &mut Runtime, args: &Args) -> JsResult {
    construct(rt, args, &SET)
}
/// `new WeakMap(…)`.
pub fn weak_map(rt: &mut Runtime, args: &Args) -> JsResult {
    construct(rt, args, &WEAK_MAP)
}
/// `new WeakSet(…)`.
pub fn weak_set(rt: &mut Runtime, args: &Args) -> JsResult {
    construct(rt, args, &WEAK_SET)
}

use super::table::Home;
static MAP: Class =
    Class { name: "Map", kind: CellKind::Map, home: Home::MapPrototype, flavour: Flavour::Strong, adder: "set" };
static SET: Class =
    Class { name: "Set", kind: CellKind::Set, home: Home::SetPrototype, flavour: Flavour::Strong, adder: "add" };
static WEAK_MAP: Class =
    Class { name: "WeakMap", kind: CellKind::Map, home: Home::WeakMapPrototype, flavour: Flavour::Weak, adder: "set" };
static WEAK_SET: Class =
    Class { name: "WeakSet", kind: CellKind::Set, home: Home::WeakSetPrototype, flavour: Flavour::Weak, adder: "add" };

/// Whether a Map or Set cell is a weak collection for the program.
pub fn is_weak(o: Obj) -> bool {
    o.internal(2) == Value::int(Flavour::Weak as i32)
}

/// The table of `this`, which must be of a class.
#[inline]
fn this_table(rt: &mut Runtime, args: &Args, class: &Class, method: &str) -> JsResult<Table> {
    let object = Obj::from_value(args.this)
        .filter(|o| o.kind() == class.kind && is_weak(*o) == (class.flavour == Flavour::Weak));
    match object.and_then(Table::of) {
        Some(t) => Ok(t),
        None => {
            let shown = rt.describe(args.this);
            let prefix = if method == "size" { "get " } else { "" };
            rt.throw_type(&format!(
                "Method {prefix}{}.prototype.{method} called on incompatible receiver {shown}",
                class.name
            ))
        }
    }
}

/// `Map.prototype.get`.
pub fn map_get(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this_table(rt, args, &MAP, "get")?;
    Ok(t.get(rt, args.get(0)).unwrap_or(Value::UNDEFINED))
}
/// `Map.prototype.set`.
pub fn map_set(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this_table(rt, args, &MAP, "set")?;
    t.set(rt, args.get(0), args.get(1));
    Ok(args.this)
}
/// `Set.prototype.add`.
pub fn set_add(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this_table(rt, args, &SET, "add")?;
    t.set(rt, args.get(0), args.get(0));
    Ok(args.this)
}

macro_rules! methods {
    ($( $has:ident $delete:ident $class:ident; )+) => { $(
        /// `has`.
        pub fn $has(rt: &mut Runtime, args: &Args) -> JsResult {
            let t = this_table(rt, args, &$class, "has")?;
            Ok(Value::bool(t.has(rt, args.get(0))))
        }
        /// `delete`.
        pub fn $delete(rt: &mut Runtime, args: &Args) -> JsResult {
            let t = this_table(rt, args, &$class, "delete")?;
            Ok(Value::bool(t.delete(rt, args.get(0))))
        }
    )+ };
}
methods! {
    map_has map_delete MAP;
    set_has set_delete SET;
    weak_map_has weak_map_delete WEAK_MAP;
    weak_set_has weak_set_delete WEAK_SET;
}

macro_rules! strong_methods {
    ($( $clear:ident $size:ident $for_each:ident $class:ident; )+) => { $(
        /// `clear`.
        pub fn $clear(rt: &mut Runtime, args: &Args) -> JsResult {
            let t = this_table(rt, args, &$class, "clear")?;
            t.clear(rt);
            Ok(Value::UNDEFINED)
        }
        /// `size`.
        pub fn $size(rt: &mut Runtime, args: &Args) -> JsResult {
            let t = this_table(rt, args, &$class, "size")?;
            Ok(Value::from_u32(t.size()))
        }
        /// `forEach`.
        pub fn $for_each(rt: &mut Runtime, args: &Args) -> JsResult {
            let t = this_table(rt, args, &$class, "forEach")?;
            let f = args.get(0);
            if !Obj::from_value(f).is_some_and(Obj::is_callable) {
                let shown = super::iteration::describe_typed(rt, f);
                return rt.throw_type(&format!("{shown} is not a function"));
            }
            let mut position = Position { entries: t.entries(), next: 0 };
            while let Some((key, value)) = position.step(t) {
                rt.call(f, args.get(1), &[value, key, args.this])?;
            }
            Ok(Value::UNDEFINED)
        }
    )+ };
}
strong_methods! {
    map_clear map_size map_for_each MAP;
    set_clear set_size set_for_each SET;
}

/// `Map.groupBy`.
pub fn map_group_by(rt: &mut Runtime, args: &Args) -> JsResult {
    let f = rt.callback(args.get(1))?;
    let proto = rt.library.home(Home::MapPrototype);
    let object = allocate(rt, CellKind::Map, proto, Flavour::Strong);
    let table = Table { object, stride: 2 };
    let mut i = 0u32;
    super::iteration::for_each(rt, args.get(0), &mut |rt, v| {
        let key = rt.call(f, Value::UNDEFINED, &[v, Value::from_u32(i)])?;
        i += 1;
        let group = match table.get(rt, key).and_then(Obj::from_value) {
            Some(g) => g,
            None => {
                let g = rt.new_array(0);
                table.set(rt, key, g.value());
                g
            }
        };
        rt.array_push(group, v)
    })?;
    Ok(object.value())
}

/// Whether a value may be held weakly: nothing that a program can make anew.
fn can_be_weak(rt: &Runtime, v: Value) -> bool {
    let is_registered = || rt.symbol_registry.iter().any(|(_, symbol)| *symbol == v);
    Obj::from_value(v).is_some() || kind_of(v) == Some(CellKind::Symbol) && !is_registered()
}
/// `WeakMap.prototype.get`.
pub fn weak_map_get(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this_table(rt, args, &WEAK_MAP, "get")?;
    Ok(t.get(rt, args.get(0)).unwrap_or(Value::UNDEFINED))
}
/// `WeakMap.prototype.set`.
pub fn weak_map_set(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this_table(rt, args, &WEAK_MAP, "set")?;
    if !can_be_weak(rt, args.get(0)) {
        return rt.throw_type("Invalid value used as weak map key");
    }
    t.set(rt, args.get(0), args.get(1));
    Ok(args.this)
}
/// `WeakSet.prototype.add`.
pub fn weak_set_add(rt: &mut Runtime, args: &Args) -> JsResult {
    let t = this_table(rt, args, &WEAK_SET, "add")?;
    if !can_be_weak(rt, args.get(0)) {
        return rt.throw_type("Invalid value used in weak set");
    }
    t.set(rt, args.get(0), args.get(0));
    Ok(args.this)
}
