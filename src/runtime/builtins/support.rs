//! What many builtins share: checked receivers and callbacks, array-like access, values as V8's messages show them.

use super::Args;
use crate::runtime::cell::CellKind;
use crate::runtime::convert;
use crate::runtime::elements;
use crate::runtime::object::{Obj, kind_of};
use crate::runtime::property::Found;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::{Key, PropertyKey};
use crate::runtime::string::Str;
use crate::runtime::value::Value;

/// The largest length of an array-like object.
pub const MAX_SAFE: u64 = (1 << 53) - 1;
/// Requests for more text or elements than this are checked against the heap limit before they are built.
const BIG: usize = 1 << 20;

/// Methods whose error for a null receiver says their name; the others convert the receiver in silence.
const NAMES_ITSELF: &[&str] = &[
    "concat",
    "every",
    "filter",
    "find",
    "findIndex",
    "findLast",
    "findLastIndex",
    "forEach",
    "indexOf",
    "map",
    "reduce",
    "reduceRight",
    "some",
];

impl Runtime {
    /// A value as V8's messages show it when they must not run the program's code.
    pub fn describe(&mut self, v: Value) -> String {
        if let Some(s) = Str::from_value(v) {
            return s.to_rust();
        }
        if kind_of(v) == Some(CellKind::Symbol) {
            return self.symbol_text(v);
        }
        if Obj::from_value(v).is_some() {
            return self.describe_for_error(v);
        }
        convert::to_string(self, v).map(|s| s.to_rust()).unwrap_or_default()
    }

    /// Refuses what is not callable, in V8's words.
    pub fn callback(&mut self, v: Value) -> JsResult {
        if Obj::from_value(v).is_some_and(Obj::is_callable) {
            return Ok(v);
        }
        let shown = self.describe(v);
        self.throw_type(&format!("{shown} is not a function"))
    }

    /// `this` of a `String.prototype` method as a string.
    #[inline]
    pub fn this_string(&mut self, args: &Args, method: &str) -> JsResult<Str> {
        match Str::from_value(args.this) {
            Some(s) => Ok(s),
            None => self.this_string_slow(args, method),
        }
    }
    #[cold]
    fn this_string_slow(&mut self, args: &Args, method: &str) -> JsResult<Str> {
        if args.this.is_nullish() {
            return self.throw_type(&format!("String.prototype.{method} called on null or undefined"));
        }
        convert::to_string(self, args.this)
    }

    /// `this` of an `Array.prototype` method as an object.
    #[inline]
    pub fn this_array_like(&mut self, args: &Args, method: &str) -> JsResult<Obj> {
        match Obj::from_value(args.this) {
            Some(o) => Ok(o),
            None if args.this.is_nullish() && NAMES_ITSELF.contains(&method) => {
                self.throw_type(&format!("Array.prototype.{method} called on null or undefined"))
            }
            None => convert::to_object(self, args.this),
        }
    }

    /// The prototype of an object that a native constructor makes: `new.target.prototype`, or the default.
    pub fn prototype_for(&mut self, args: &Args, default: Obj) -> JsResult<Obj> {
        if args.new_target.is_undefined() || args.new_target == args.callee() {
            return Ok(default);
        }
        let key = PropertyKey::Name(self.atoms.names.prototype.into());
        let proto = self.get(args.new_target, key)?;
        let Some(proto) = Obj::from_value(proto) else { return Ok(default) };
        self.become_prototype(proto);
        Ok(proto)
    }

    /// The key of element `i` of an array-like object.
    #[inline]
    pub fn index_key(&mut self, i: u64) -> PropertyKey {
        match u32::try_from(i) {
            Ok(i) if i != u32::MAX => PropertyKey::Index(i),
            _beyond_arrays => {
                let s = self.atoms.int_string(&mut self.heap, i as i64);
                PropertyKey::Name(Key(self.atoms.intern(&mut self.heap, s).value()))
            }
        }
    }
    /// LengthOfArrayLike.
    #[inline]
    pub fn length_of(&mut self, o: Obj) -> JsResult<u64> {
        if o.is_array() {
            return Ok(o.array_length() as u64);
        }
        let key = PropertyKey::Name(self.atoms.names.length.into());
        let v = self.get(o.value(), key)?;
        convert::to_length(self, v)
    }
    /// Element `i` of an array-like object.
    #[inline]
    pub fn get_at(&mut self, o: Obj, i: u64) -> JsResult {
        if o.is_array() && i < o.array_length() as u64 && elements::has_element(o, i as u32) {
            return Ok(o.element(i as u32));
        }
        let key = self.index_key(i);
        self.get(o.value(), key)
    }
    /// Element `i`, or `None` where neither the object nor its prototypes have it.
    #[inline]
    pub fn get_present(&mut self, o: Obj, i: u64) -> JsResult<Option<Value>> {
        if o.is_array() && i < o.array_length() as u64 && elements::has_element(o, i as u32) {
            return Ok(Some(o.element(i as u32)));
        }
        let key = self.index_key(i);
        match self.lookup(o, key) {
            Found::Nothing => Ok(None),
            found => self.value_of_found(found, o.value()).map(Some),
        }
    }
    /// Assigns element `i`.
    #[inline]
    pub fn set_at(&mut self, o: Obj, i: u64, v: Value) -> JsResult<()> {
        let key = self.index_key(i);
        self.set(o.value(), key, v)
    }
    /// Deletes element `i`.
    pub fn delete_at(&mut self, o: Obj, i: u64) -> JsResult<()> {
        let key = self.index_key(i);
        self.delete(o.value(), key).map(|_| ())
    }
    /// Assigns `length`.
    pub fn set_length_of(&mut self, o: Obj, n: u64) -> JsResult<()> {
        let key = PropertyKey::Name(self.atoms.names.length.into());
        self.set(o.value(), key, Value::number(n as f64))
    }

    /// A new string value of code units; big ones count against the heap limit first.
    pub fn string_from_units(&mut self, units: &[u16]) -> JsResult {
        self.check_size(units.len() * 2)?;
        Ok(Str::utf16(&mut self.heap, units).value())
    }
    /// A RangeError if a string of this length is too long, a clean end if the heap cannot hold so many bytes.
    pub fn check_length(&mut self, length: usize) -> JsResult<()> {
        if length > crate::runtime::string::MAX_LENGTH {
            return self.throw_range("Invalid string length");
        }
        self.check_size(length * 2)
    }
    /// A clean end if the heap has no room for a request of this size.
    pub fn check_size(&mut self, bytes: usize) -> JsResult<()> {
        if bytes > BIG { self.check_room(bytes) } else { Ok(()) }
    }
    /// Defines a plain data property.
    pub fn put(&mut self, o: Obj, name: &str, v: Value) {
        let key = self.key(name);
        self.define_own(o, key, v, crate::runtime::shape::Attrs::DATA);
    }
}
