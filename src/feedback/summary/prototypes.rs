//! The `prototype` of functions, which `instanceof` looks for.

use super::{PrototypeView, Taker};
use crate::runtime::inline_cache::slot_offset;
use crate::runtime::object::Obj;
use crate::runtime::shape::Attrs;

impl Taker<'_> {
    /// Notes the `prototype` of a function that has one. A class's can never change.
    pub(super) fn prototype(&mut self, f: Obj) {
        let shape = self.rt.shapes.of(f);
        let Some(p) = shape.find(self.rt.atoms.names.prototype.into()).filter(|p| !p.attrs.has(Attrs::ACCESSOR)) else {
            return;
        };
        let value = f.slot(shape, p.slot);
        if Obj::from_value(value).is_none() {
            return;
        }
        let is_fixed = !p.attrs.has(Attrs::WRITABLE) && !p.attrs.has(Attrs::CONFIGURABLE);
        let place = match slot_offset(shape.inline_capacity, p.slot) {
            _ if is_fixed => None,
            Some((inline, offset)) => Some((shape.id, inline, offset)),
            None => return,
        };
        self.input.roots.push(value);
        self.input.prototypes.insert(f.value().0, PrototypeView { value, place });
    }
}
