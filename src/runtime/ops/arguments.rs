//! `arguments` objects and rest parameters: arrays and array-likes made from a frame's surplus arguments.

use crate::runtime::cell::CellKind;
use crate::runtime::elements;
use crate::runtime::object::Obj;
use crate::runtime::runtime::Runtime;
use crate::runtime::shape::{Attrs, ElementsKind, Key};
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
