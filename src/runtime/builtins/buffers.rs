//! `ArrayBuffer` and `DataView`: bytes, and numbers of any kind at any place among them.
//!
//! A `DataView` is laid out like a typed array of bytes but has no elements: its methods say type, place and byte order.

use super::Args;
use super::table::Home;
use super::typed_array::to_index;
use crate::runtime::cell::CellKind;
use crate::runtime::convert::{self, to_boolean};
use crate::runtime::object::Obj;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::PropertyKey;
use crate::runtime::typed::{Buffer, ElementType, Typed};
use crate::runtime::value::Value;

/// More than this Node refuses too, on a machine of usual size.
const MAX_ALLOCATION: u64 = 1 << 33;

/// `new ArrayBuffer(…)`.
pub fn array_buffer(rt: &mut Runtime, args: &Args) -> JsResult {
    if !args.is_construct() {
        return rt.throw_type("Constructor ArrayBuffer requires 'new'");
    }
    let length = to_index(rt, args.get(0), "Invalid array buffer length")?;
    if Obj::from_value(args.get(1)).is_some() {
        let max = rt.get_str(args.get(1), "maxByteLength")?;
        if !max.is_undefined() {
            return rt.refuse("resizable ArrayBuffer", "make a new buffer and copy");
        }
    }
    let proto = rt.prototype_for(args, rt.library.home(Home::ArrayBufferPrototype))?;
    if length > MAX_ALLOCATION {
        return rt.throw_range("Array buffer allocation failed");
    }
    rt.new_buffer(proto, length as usize).map(|b| b.0.value())
}

/// `ArrayBuffer.isView`.
pub fn is_view(_rt: &mut Runtime, args: &Args) -> JsResult {
    let view = |o: Obj| o.kind() == CellKind::DataView || Typed::of(o).is_some();
    Ok(Value::bool(Obj::from_value(args.get(0)).is_some_and(view)))
}

fn this_buffer(rt: &mut Runtime, args: &Args, method: &str) -> JsResult<Buffer> {
    match Buffer::from_value(args.this) {
        Some(b) => Ok(b),
        None => {
            let shown = rt.describe(args.this);
            rt.throw_type(&format!("Method {method} called on incompatible receiver {shown}"))
        }
    }
}

/// `byteLength`.
pub fn byte_length(rt: &mut Runtime, args: &Args) -> JsResult {
    Ok(Value::from_u32(this_buffer(rt, args, "get ArrayBuffer.prototype.byteLength")?.len()))
}

/// `slice`.
pub fn slice(rt: &mut Runtime, args: &Args) -> JsResult {
    let b = this_buffer(rt, args, "ArrayBuffer.prototype.slice")?;
    let n = b.len() as u64;
    let start = convert::to_relative_index(rt, args.get(0), n, 0)? as usize;
    let end = (convert::to_relative_index(rt, args.get(1), n, n)? as usize).max(start);
    let native = rt.library.home(Home::ArrayBufferPrototype);
    let class = rt.get(b.0.value(), PropertyKey::Name(rt.atoms.names.constructor.into()))?;
    let own = match Obj::from_value(class) {
        Some(c) => {
            Some(c).filter(|c| super::species::species_is_itself(rt, *c) && *c != rt.library.home(Home::ArrayBuffer))
        }
        None if class.is_undefined() => None,
        None => return rt.throw_type("The .constructor property is not an object"),
    };
    let mut made = if let Some(c) = own {
        let Some(f) = Some(c).filter(|f| rt.is_constructor(*f)) else {
            return rt.throw_type("object.constructor[Symbol.species] is not a constructor");
        };
        let v = rt.construct(class, &[Value::from_u32((end - start) as u32)], f)?;
        match Buffer::from_value(v).filter(|made| *made != b && made.len() as usize >= end - start) {
            Some(made) => made,
            None => return rt.throw_type("Species constructor did not return an ArrayBuffer"),
        }
    } else {
        rt.new_buffer(native, end - start)?
    };
    made.bytes_mut()[..end - start].copy_from_slice(&b.bytes()[start..end]);
    Ok(made.0.value())
}

/// `new DataView(…)`.
pub fn data_view(rt: &mut Runtime, args: &Args) -> JsResult {
    if !args.is_construct() {
        return rt.throw_type("Constructor DataView requires 'new'");
    }
    let Some(buffer) = Buffer::from_value(args.get(0)) else {
        return rt.throw_type("First argument to DataView constructor must be an ArrayBuffer");
    };
    let shown = rt.describe(args.get(1));
    let outside = format!("Start offset {shown} is outside the bounds of the buffer");
    let at = to_index(rt, args.get(1), &outside)?;
    let room = buffer.len() as u64;
    if at > room {
        return rt.throw_range(&outside);
    }
    let length = if args.get(2).is_undefined() {
        room - at
    } else {
        let shown = rt.describe(args.get(2));
        let invalid = format!("Invalid DataView length {shown}");
        let n = to_index(rt, args.get(2), &invalid)?;
        if at + n > room {
            return rt.throw_range(&invalid);
        }
        n
    };
    let proto = rt.prototype_for(args, rt.library.home(Home::DataViewPrototype))?;
    Ok(rt.new_data_view(proto, buffer, at as u32, length as u32).value())
}

fn this_view(rt: &mut Runtime, args: &Args, method: &str) -> JsResult<Obj> {
    match Obj::from_value(args.this).filter(|o| o.kind() == CellKind::DataView) {
        Some(o) => Ok(o),
        None => {
            let prefix = if method.starts_with("byte") || method == "buffer" { "get " } else { "" };
            let method = match method {
                "byteLength" => "byte_length",
                "byteOffset" => "byte_offset",
                other => other,
            };
            rt.throw_type(&format!(
                "Method {prefix}DataView.prototype.{method} called on incompatible receiver undefined"
            ))
        }
    }
}

/// `buffer` of a DataView.
pub fn view_buffer(rt: &mut Runtime, args: &Args) -> JsResult {
    let view = this_view(rt, args, "buffer")?;
    let proto = rt.library.home(Home::ArrayBufferPrototype);
    Ok(rt.buffer_of(view, proto).0.value())
}
/// `byteLength` of a DataView.
pub fn view_byte_length(rt: &mut Runtime, args: &Args) -> JsResult {
    Ok(Value::from_u32(this_view(rt, args, "byteLength")?.view_length()))
}
/// `byteOffset` of a DataView.
pub fn view_byte_offset(rt: &mut Runtime, args: &Args) -> JsResult {
    Ok(Value::from_u32(this_view(rt, args, "byteOffset")?.view_byte_offset()))
}

/// The bytes of an element inside of a view, where they are; the rest of the element's address is checked.
fn place(rt: &mut Runtime, view: Obj, at: u64, size: usize) -> JsResult<(Buffer, usize)> {
    if at + size as u64 > view.view_length() as u64 {
        return rt.throw_range("Offset is outside the bounds of the DataView");
    }
    let proto = rt.library.home(Home::ArrayBufferPrototype);
    let start = view.view_byte_offset() as usize + at as usize;
    Ok((rt.buffer_of(view, proto), start))
}

fn get(rt: &mut Runtime, args: &Args, ty: ElementType, method: &str) -> JsResult {
    let view = this_view(rt, args, method)?;
    let at = super::typed_methods::view_index(rt, args.get(0))?;
    let little = to_boolean(args.get(1));
    let (buffer, start) = place(rt, view, at, ty.size())?;
    Ok(ty.from_bytes(&buffer.bytes()[start..start + ty.size()], little))
}

fn set(rt: &mut Runtime, args: &Args, ty: ElementType, method: &str) -> JsResult {
    let view = this_view(rt, args, method)?;
    let at = super::typed_methods::view_index(rt, args.get(0))?;
    let number = convert::to_number(rt, args.get(1))?;
    let little = to_boolean(args.get(2));
    let (mut buffer, start) = place(rt, view, at, ty.size())?;
    ty.to_bytes(number, &mut buffer.bytes_mut()[start..start + ty.size()], little);
    Ok(Value::UNDEFINED)
}

macro_rules! accessors {
    ($( $get:ident $get_name:literal $set:ident $set_name:literal $ty:ident; )+) => { $(
        #[doc = concat!("`", $get_name, "`.")]
        pub fn $get(rt: &mut Runtime, args: &Args) -> JsResult {
            get(rt, args, ElementType::$ty, $get_name)
        }
        #[doc = concat!("`", $set_name, "`.")]
        pub fn $set(rt: &mut Runtime, args: &Args) -> JsResult {
            set(rt, args, ElementType::$ty, $set_name)
        }
    )+ };
}
accessors! {
    get_int8 "getInt8" set_int8 "setInt8" Int8;
    get_uint8 "getUint8" set_uint8 "setUint8" Uint8;
    get_int16 "getInt16" set_int16 "setInt16" Int16;
    get_uint16 "getUint16" set_uint16 "setUint16" Uint16;
    get_int32 "getInt32" set_int32 "setInt32" Int32;
    get_uint32 "getUint32" set_uint32 "setUint32" Uint32;
    get_float32 "getFloat32" set_float32 "setFloat32" Float32;
    get_float64 "getFloat64" set_float64 "setFloat64" Float64;
}
