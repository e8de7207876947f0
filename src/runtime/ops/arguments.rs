//! `arguments` objects and rest parameters: arrays and array-likes made from a frame's surplus arguments.

use crate::runtime::cell::CellKind;
use crate::runtime::elements;
use crate::runtime::object::Obj;
use crate::runtime::runtime::Runtime;
use crate::runtime::shape::{Attrs, ElementsKind, PropertyKey};
use crate::runtime::value::Value;

/// The arguments object of a strict function. `args` lie on the VM stack.
pub fn create_arguments(rt: &mut Runtime, args: &[Value]) -> Obj {
    let proto = rt.realm.object_proto.value();
    let shape = rt.shapes.root(CellKind::Arguments, proto, ElementsKind::HoleyAny, 1);
    let o = rt.new_object(shape);
    if !args.is_empty() {
        let cell = elements::alloc_elements(rt, false, args.len() as u32 | 1);
        o.set_elements(&mut rt.heap, cell);
        for (i, v) in args.iter().enumerate() {
            o.set_element_raw(&mut rt.heap, i as u32, *v);
        }
    }
    let length = PropertyKey::Name(rt.atoms.names.length.into());
    rt.define_own(o, length, Value::from_u32(args.len() as u32), Attrs::HIDDEN);
    o
}

/// The array of a rest parameter that begins at `index`. `args` lie on the VM stack.
pub fn create_rest(rt: &mut Runtime, args: &[Value], index: u16) -> Obj {
    rt.new_array_from(args.get(index as usize..).unwrap_or(&[]))
}
