//! `arguments` objects and rest parameters: arrays and array-likes made from a frame's surplus arguments.

use crate::runtime::cell::{CellKind, object_flags};
use crate::runtime::elements;
use crate::runtime::object::{Obj, Scope};
use crate::runtime::runtime::Runtime;
use crate::runtime::shape::{Attrs, ElementsKind, Key};
use crate::runtime::value::Value;
use crate::vocab::ids::ShapeId;

/// The arguments object of a function. `args` lie on the VM stack.
pub fn create_arguments(rt: &mut Runtime, args: &[Value]) -> Obj {
    let o = rt.new_object(rt.library.arguments_shape);
    if !args.is_empty() {
        let cell = elements::alloc_elements(rt, false, args.len() as u32 | 1);
        o.set_elements(&mut rt.heap, cell);
        for (i, v) in args.iter().enumerate() {
            o.set_element_raw(&mut rt.heap, i as u32, *v);
        }
    }
    let shape = rt.shapes.get(rt.library.arguments_shape);
    let [poison, iterator] = rt.library.arguments_members;
    for (slot, v) in [Value::from_u32(args.len() as u32), poison, iterator].into_iter().enumerate() {
        o.set_slot(&mut rt.heap, shape, slot as u32, v);
    }
    o
}

/// Ties the arguments object of a sloppy function to its parameters, which live in `scope` from slot `first` on: in the
/// language the first elements, as many as the call gave values for `count` parameters, *are* these variables ("mapped"
/// arguments). Both sides keep their value; an assignment to one is one to the other. Assignments to parameters are
/// lowered as both ([`set_mapped`]); stores to elements of arguments objects always come to the runtime, which asks
/// [`Runtime::mapped_element`]. An element that is deleted, or made anything but a plain property, is untied.
pub fn map_arguments(rt: &mut Runtime, v: Value, scope: Value, first: u32, count: u32) -> Value {
    let o = Obj::from_value(v).expect("the prologue made the object");
    let given = o.slot(rt.shapes.of(o), 0).as_int() as u32;
    let tied = given.min(count);
    if tied > 0 {
        let shape = rt.library.mapped_arguments_shape;
        o.set_shape(shape);
        o.set_flags(object_flags::MAPPED);
        let mask = (1u32 << tied) - 1;
        for (slot, v) in [(SCOPE, scope), (FIRST, Value::from_u32(first)), (MASK, Value::from_u32(mask))] {
            o.set_slot(&mut rt.heap, rt.shapes.get(shape), slot, v);
        }
    }
    v
}

/// The other half of an assignment to a parameter: its element, if the two are still the same variable.
pub fn set_mapped(rt: &mut Runtime, v: Value, i: u32, value: Value) {
    let o = Obj::from_value(v).expect("the prologue made the object");
    if rt.mapped_element(o, i).is_some() {
        o.set_element_raw(&mut rt.heap, i, value);
    }
}

/// Most parameters that can be tied: the mask of those that are is an int32.
pub const MAX_MAPPED: usize = 31;

/// Slots of mapped arguments objects behind `length`, `callee` and the iterator method, under private names.
const SCOPE: u32 = 3;
const FIRST: u32 = 4;
const MASK: u32 = 5;

impl Runtime {
    /// The variable that an element of an arguments object is tied to.
    #[inline]
    pub fn mapped_element(&self, o: Obj, i: u32) -> Option<(Scope, u32)> {
        if o.flags() & object_flags::MAPPED == 0 {
            return None;
        }
        let shape = self.shapes.of(o);
        let mask = o.slot(shape, MASK).as_int() as u32;
        let is_tied = (i as usize) < MAX_MAPPED && mask & 1 << i != 0;
        is_tied.then(|| (Scope::from_value(o.slot(shape, SCOPE)), o.slot(shape, FIRST).as_int() as u32 + i))
    }

    /// A store to an element, as far as the parameter is concerned that it is tied to.
    #[inline]
    pub fn store_parameter(&mut self, o: Obj, i: u32, v: Value) {
        if let Some((scope, slot)) = self.mapped_element(o, i) {
            scope.set(&mut self.heap, slot, v);
        }
    }

    /// Unties an element from its parameter.
    #[inline]
    pub fn untie_parameter(&mut self, o: Obj, i: u32) {
        if self.mapped_element(o, i).is_some() {
            let mask = o.slot(self.shapes.of(o), MASK).as_int() as u32 & !(1 << i);
            o.set_slot(&mut self.heap, self.shapes.of(o), MASK, Value::from_u32(mask));
        }
    }

    /// Unties all elements: they are frozen.
    pub fn untie_parameters(&mut self, o: Obj) {
        (0..MAX_MAPPED as u32).for_each(|i| self.untie_parameter(o, i));
    }
}

/// The shape of all arguments objects, as they are made: `length`, `callee` and the iterator method.
pub fn arguments_shape(rt: &mut Runtime) -> ShapeId {
    let names = rt.atoms.names;
    let proto = rt.realm.object_proto.value();
    let mut shape = rt.shapes.root(CellKind::Arguments, proto, ElementsKind::HoleyAny, 6);
    let callee = rt.atom("callee");
    for (key, attrs) in [
        (names.length.into(), Attrs::HIDDEN),
        (callee.into(), Attrs::ACCESSOR),
        (Key(rt.library.symbol_iterator), Attrs::HIDDEN),
    ] {
        shape = rt.shapes.add(shape, key, attrs, false);
    }
    shape
}

/// The shape of arguments objects that [`map_arguments`] ties: that of the others, and what it ties them with.
pub fn mapped_shape(rt: &mut Runtime, plain: ShapeId) -> ShapeId {
    ["#scope", "#first", "#mask"].iter().fold(plain, |shape, name| {
        let description = rt.string(name);
        let key = Key(super::private::new_private_name(rt, description));
        rt.shapes.add(shape, key, Attrs::WRITABLE, false)
    })
}

/// The array of a rest parameter that begins at `index`. `args` lie on the VM stack.
pub fn create_rest(rt: &mut Runtime, args: &[Value], index: u16) -> Obj {
    rt.new_array_from(args.get(index as usize..).unwrap_or(&[]))
}
