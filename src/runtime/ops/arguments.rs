//! `arguments` objects and rest parameters: arrays and array-likes made from a frame's surplus arguments.

use crate::runtime::cell::{CellKind, object_flags};
use crate::runtime::elements;
use crate::runtime::object::Obj;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::{Attrs, ElementsKind, Key, Sharing};
use crate::runtime::value::Value;
use crate::vocab::ids::ShapeId;

/// The arguments object of a strict function. `args` lie on the VM stack.
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

/// Marks the arguments object of a sloppy function with parameters: in the language its elements and the parameters are the
/// same variables ("mapped" arguments), which Petrel does not have. Writes through the name `arguments` are refused before
/// the program runs; the mark is for objects that go elsewhere, where a write is refused when it happens. A dictionary,
/// so that every store comes by the slow path that looks for the mark.
pub fn alias_arguments(rt: &mut Runtime, v: Value) -> Value {
    if let Some(o) = Obj::from_value(v).filter(|o| o.elements_capacity() > 0) {
        let shape = rt.shapes.unshare(o, Sharing::Dictionary);
        o.set_shape(shape);
        o.set_flags(object_flags::ALIASED);
    }
    v
}

impl Runtime {
    /// Whether a store to this element would change a parameter, were it the language's arguments object.
    #[inline]
    pub fn is_aliased_element(&self, o: Obj, i: u32) -> bool {
        o.flags() & object_flags::ALIASED != 0 && elements::has_element(o, i)
    }

    /// Stops the program at a store to an arguments object that the language ties to parameters.
    #[cold]
    pub fn refuse_aliased_store<T>(&mut self) -> JsResult<T> {
        self.refuse("a store to an arguments object of sloppy code", "write 'use strict' at the top, or copy it first")
    }
}

/// The shape of all arguments objects, as they are made: `length`, `callee` and the iterator method.
pub fn arguments_shape(rt: &mut Runtime) -> ShapeId {
    let names = rt.atoms.names;
    let proto = rt.realm.object_proto.value();
    let mut shape = rt.shapes.root(CellKind::Arguments, proto, ElementsKind::HoleyAny, 3);
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

/// The array of a rest parameter that begins at `index`. `args` lie on the VM stack.
pub fn create_rest(rt: &mut Runtime, args: &[Value], index: u16) -> Obj {
    rt.new_array_from(args.get(index as usize..).unwrap_or(&[]))
}
