//! Objects that compiled code takes for unchanging: prototypes, the global object, the library's namespaces.
//!
//! Code that reads a property of a watched object holds its value as a constant, without a check, and is thrown away when
//! the value changes (`hooks.prototype_changed`). That pays for methods and for `Math.PI`. A property that is assigned after
//! it was made is a **variable**: the global that sloppy code counts with, the static counter of a class. From its first
//! assignment on nobody relies on its value any more; code reads and writes the slot, which is known all the same.
//!
//! ```text
//!   added ──▶ constant ──first assignment: code that has the value falls──▶ variable ──▶ (for good)
//!                 ▲    │
//!                 └────┘ a function replaced by a function: a method that is redefined stays a method
//! ```

use super::object::Obj;
use super::runtime::Runtime;
use super::shape::{Attrs, Key, Property};
use super::value::Value;
use rustc_hash::FxHashSet;

/// The variables among the properties of watched objects, by object and name. Neither is kept alive: an address that is used
/// again costs a constant, no more.
#[derive(Default)]
pub struct Variables(FxHashSet<(u64, u64)>);

impl Runtime {
    /// Whether a property of a watched object is one whose value no code relies on.
    #[inline]
    pub fn is_variable(&self, o: Obj, name: Key) -> bool {
        self.variables.0.contains(&(o.value().0, name.0.0))
    }

    /// After a data property of a watched object got another value, or an accessor other functions.
    pub(super) fn watched_assigned(&mut self, o: Obj, property: Property, old: Value, new: Value) {
        let key = property.key;
        if self.is_variable(o, key) && !property.attrs.has(Attrs::ACCESSOR) {
            return;
        }
        (self.hooks.prototype_changed)(self, o, Some(key));
        if self.is_of_all(o, key) {
            return (self.hooks.prototype_changed)(self, o, None);
        }
        let is_function = |v: Value| Obj::from_value(v).is_some_and(|f| f.is_callable());
        let is_code = property.attrs.has(Attrs::ACCESSOR) || is_function(old) && is_function(new);
        if !is_code {
            self.variables.0.insert((o.value().0, key.0.0));
        }
    }

    /// After a property of an object was added, removed or redefined.
    pub(super) fn structure_changed(&mut self, o: Obj, name: Key) {
        if !o.is_prototype() {
            return;
        }
        self.head.proto_epoch += 1;
        (self.hooks.prototype_changed)(self, o, Some(name));
        if self.is_of_all(o, name) {
            (self.hooks.prototype_changed)(self, o, None);
        }
    }

    /// Whether code may rest on what this name means without reading it: natives go by `constructor` and by symbols, holes
    /// show what is inherited under the name of an index.
    fn is_of_all(&self, o: Obj, name: Key) -> bool {
        name == self.atoms.names.constructor.into() || !name.is_string() || self.shapes.of(o).has_index_names
    }
}
