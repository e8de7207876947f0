//! Enumerating and copying properties the short way.
//!
//! Most objects that programs enumerate have named properties only, all of them in their shape in the right order. Then
//! nothing needs to be collected and sorted first, and no property looked up by name again; and copying all of them
//! (spread, `Object.assign`) leads from one shape to another by a path that need be walked only once.

use super::cell::CellKind;
use super::object::Obj;
use super::runtime::Runtime;
use super::shape::{Attrs, ElementsKind, Integrity, Property, Sharing};
use super::typed::Typed;
use super::value::Value;

impl Runtime {
    /// Whether the own keys of an object are the properties of its shape, in that order, as far as they are strings,
    /// and may be listed.
    #[inline]
    pub fn has_only_names(&self, o: Obj) -> bool {
        matches!(o.kind(), CellKind::Object | CellKind::Error)
            && o.elements_capacity() == 0
            && !self.shapes.of(o).has_index_names
            && !self.enumerates_differently(o)
    }

    /// The i-th property of an object of [`Runtime::has_only_names`], if it is there, enumerable and has a string key.
    #[inline]
    pub fn enumerable_entry(&self, o: Obj, i: u32) -> Option<Property> {
        self.shapes.of(o).entry(i).filter(|p| p.attrs.has(Attrs::ENUMERABLE) && p.key.is_string())
    }

    /// A new array of `first` (if given) and the enumerable string keys of an object of [`Runtime::has_only_names`].
    pub fn enumerable_names(&mut self, o: Obj, first: Option<Value>) -> Obj {
        let count = self.shapes.of(o).entry_count();
        let keys = self.new_array_of(ElementsKind::Any, count + first.is_some() as u32);
        let mut length = 0;
        let mut add = |v: Value| {
            keys.set_element_raw(&mut self.heap, length, v);
            length += 1;
        };
        first.into_iter().for_each(&mut add);
        self.shapes.of(o).each_enumerable(|p| add(p.key.0));
        keys.set_array_length_raw(length);
        keys
    }

    /// Whether all enumerable string properties of an object of [`Runtime::has_only_names`] are data: reading them runs
    /// none of the program's code.
    pub fn has_only_data(&self, o: Obj) -> bool {
        let mut only_data = true;
        self.shapes.of(o).each_enumerable(|p| only_data &= !p.attrs.has(Attrs::ACCESSOR));
        only_data
    }

    /// Whether nothing on the prototype chain of an object is enumerable.
    pub fn prototypes_enumerate_nothing(&self, o: Obj) -> bool {
        let mut at = Obj::from_value(self.shapes.of(o).proto);
        while let Some(p) = at {
            let shape = self.shapes.of(p);
            if p.elements_capacity() > 0
                || shape.has_index_names
                || p.kind() == CellKind::Primitive
                || Typed::of(p).is_some()
                || shape.has_enumerable()
                || self.enumerates_differently(p)
            {
                return false;
            }
            at = Obj::from_value(shape.proto);
        }
        true
    }

    /// Adds the properties of `source` to `target` if the way from shape to shape is known. False: nothing was done, do it
    /// one by one, then let [`Runtime::learn_copy`] look.
    pub fn copy_known(&mut self, source: Obj, target: Obj) -> bool {
        let Some(result) = self.shapes.copied(source.shape_id(), target.shape_id(), self.head.proto_epoch) else {
            return false;
        };
        if !self.has_only_names(source) {
            return false;
        }
        let (count, first) = (self.shapes.of(source).entry_count(), self.shapes.of(target).entry_count());
        if count == 0 {
            return true;
        }
        let inline = self.shapes.of(target).inline_capacity;
        target.reserve_slot(&mut self.heap, inline, first + count - 1);
        target.set_shape(result);
        let (from, to) = (self.shapes.of(source), self.shapes.get(result));
        for i in 0..count {
            target.set_slot(&mut self.heap, to, first + i, source.slot(from, i));
        }
        true
    }

    /// Remembers where adding all properties of `source` has just led an object whose shape was `before`, if nothing but
    /// the two shapes mattered.
    pub fn learn_copy(&mut self, source: Obj, before: crate::vocab::ids::ShapeId, target: Obj) {
        let (from, start, end) = (self.shapes.of(source), self.shapes.get(before), self.shapes.of(target));
        let shared = |s: &super::shape::Shape| s.sharing == Sharing::Shared && s.integrity == Integrity::Extensible;
        let count = from.entry_count();
        // In shared shapes property number i lies in slot i.
        let plain = self.has_only_names(source)
            && target.kind() == CellKind::Object
            && [from, start, end].into_iter().all(shared)
            && end.entry_count() == start.entry_count() + count
            && (0..count).all(|i| from.entry(i).is_some_and(|p| p.attrs == Attrs::DATA && p.key.is_string()));
        if plain {
            self.shapes.learn_copied(source.shape_id(), before, target.shape_id(), self.head.proto_epoch);
        }
    }
}
