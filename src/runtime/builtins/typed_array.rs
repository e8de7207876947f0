//! The classes of typed arrays: construction. The methods are in [`super::typed_methods`].
//!
//! One function per class, all of them [`construct`] with another element type; above them the abstract class
//! `TypedArray`, which no global names.

use super::Args;
use super::table::Home;
use crate::runtime::convert;
use crate::runtime::object::Obj;
use crate::runtime::rootvec::RootVec;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::PropertyKey;
use crate::runtime::typed::{Buffer, ElementType, Typed};
use crate::runtime::value::Value;

/// The largest integer index.
const MAX_INDEX: f64 = 9007199254740991.0;

/// `TypedArray()`, with or without `new`.
pub fn abstract_class(rt: &mut Runtime, _args: &Args) -> JsResult {
    rt.throw_type("Abstract class TypedArray not directly constructable")
}

macro_rules! classes {
    ($( $function:ident $ty:ident $home:ident $prototype:ident; )+) => {
        $(
            #[doc = concat!("`new ", stringify!($home), "(…)`.")]
            pub fn $function(rt: &mut Runtime, args: &Args) -> JsResult {
                construct(rt, args, ElementType::$ty)
            }
        )+
        /// Class and prototype of an element type.
        pub fn homes(ty: ElementType) -> (Home, Home) {
            match ty { $( ElementType::$ty => (Home::$home, Home::$prototype) ),+ }
        }
    };
}
classes! {
    int8 Int8 Int8Array Int8ArrayPrototype;
    uint8 Uint8 Uint8Array Uint8ArrayPrototype;
    uint8_clamped Uint8Clamped Uint8ClampedArray Uint8ClampedArrayPrototype;
    int16 Int16 Int16Array Int16ArrayPrototype;
    uint16 Uint16 Uint16Array Uint16ArrayPrototype;
    int32 Int32 Int32Array Int32ArrayPrototype;
    uint32 Uint32 Uint32Array Uint32ArrayPrototype;
    float32 Float32 Float32Array Float32ArrayPrototype;
    float64 Float64 Float64Array Float64ArrayPrototype;
}

/// The prototype that arrays of an element type have.
pub fn prototype(rt: &Runtime, ty: ElementType) -> Obj {
    rt.library.home(homes(ty).1)
}

/// ToIndex, with V8's message for what is none.
pub fn to_index(rt: &mut Runtime, v: Value, message: &str) -> JsResult<u64> {
    let d = convert::to_integer(rt, v)?;
    if (0.0..=MAX_INDEX).contains(&d) { Ok(d as u64) } else { rt.throw_range(message) }
}

fn to_array_length(rt: &mut Runtime, v: Value) -> JsResult<u64> {
    let shown = if v.is_number() { convert::number_to_text(v.as_number()) } else { rt.describe(v) };
    to_index(rt, v, &format!("Invalid typed array length: {shown}"))
}

fn construct(rt: &mut Runtime, args: &Args, ty: ElementType) -> JsResult {
    if !args.is_construct() {
        return rt.throw_type(&format!("Constructor {} requires 'new'", ty.class()));
    }
    let proto = rt.prototype_for(args, prototype(rt, ty))?;
    let source = args.get(0);
    let Some(o) = Obj::from_value(source) else {
        let length = to_array_length(rt, source)?;
        return rt.new_typed(ty, proto, length as usize).map(|t| t.object.value());
    };
    if let Some(buffer) = Buffer::from_value(source) {
        return over_buffer(rt, args, ty, proto, buffer);
    }
    if let Some(from) = Typed::of(o) {
        let t = rt.new_typed(ty, proto, from.len() as usize)?;
        copy(t, from, 0);
        return Ok(t.object.value());
    }
    let values = values_of(rt, o, "TypedArray's constructor")?;
    let t = rt.new_typed(ty, proto, values.len())?;
    for (i, v) in values.iter().enumerate() {
        let number = convert::to_number(rt, *v)?;
        t.set(i as u32, number);
    }
    Ok(t.object.value())
}

fn over_buffer(rt: &mut Runtime, args: &Args, ty: ElementType, proto: Obj, buffer: Buffer) -> JsResult {
    let (size, class) = (ty.size() as u64, ty.class());
    let shown = rt.describe(args.get(1));
    let outside = format!("Start offset {shown} is outside the bounds of the buffer");
    let at = to_index(rt, args.get(1), &outside)?;
    if !at.is_multiple_of(size) {
        return rt.throw_range(&format!("start offset of {class} should be a multiple of {size}"));
    }
    let given = if args.get(2).is_undefined() { None } else { Some(to_array_length(rt, args.get(2))?) };
    let room = buffer.len() as u64;
    let length = match given {
        Some(n) if at + n * size <= room => n,
        Some(n) => return rt.throw_range(&format!("Invalid typed array length: {n}")),
        None if !room.is_multiple_of(size) => {
            return rt.throw_range(&format!("byte length of {class} should be a multiple of {size}"));
        }
        None if at > room => return rt.throw_range(&outside),
        None => (room - at) / size,
    };
    Ok(rt.new_typed_over(ty, proto, buffer, at as u32, length as u32).object.value())
}

/// Copies all elements of `from`, converted, to `to` from index `at` on, where there is room for them.
pub fn copy(to: Typed, from: Typed, at: u32) {
    let clamping = |t: Typed| t.ty == ElementType::Uint8Clamped;
    if to.ty == from.ty || (to.ty.size() == 1 && from.ty.size() == 1 && !clamping(to)) {
        to.copy_bytes_from(from, 0, at, from.len());
        return;
    }
    // They may share a buffer: read all before writing any.
    let numbers: Vec<f64> = (0..from.len()).filter_map(|i| from.get(i)).map(Value::as_number).collect();
    for (i, number) in numbers.into_iter().enumerate() {
        to.set(at + i as u32, number);
    }
}

/// The values of an iterable, or of an array-like object.
fn values_of(rt: &mut Runtime, o: Obj, taker: &str) -> JsResult<RootVec> {
    let mut values = RootVec::new(&rt.heap);
    if super::iteration::is_iterable(rt, o.value(), taker)? {
        super::iteration::for_each(rt, o.value(), &mut |_, v| {
            values.push(v);
            Ok(())
        })?;
        return Ok(values);
    }
    let n = rt.length_of(o)?;
    if n > u32::MAX as u64 {
        return rt.throw_range(&format!("Invalid typed array length: {n}"));
    }
    rt.check_size((n as usize).saturating_mul(8))?;
    for i in 0..n {
        let v = rt.get_at(o, i)?;
        values.push(v);
    }
    Ok(values)
}

fn throw_not_constructor<T>(rt: &mut Runtime, v: Value) -> JsResult<T> {
    let shown = if Obj::from_value(v).is_some() { rt.describe_for_error(v) } else { rt.describe(v) };
    rt.throw_type(&format!("{shown} is not a constructor"))
}

/// Makes a typed array with the constructor `class`, which a program may have written.
pub fn create_by(rt: &mut Runtime, class: Value, args: &[Value], at_least: u32) -> JsResult<Typed> {
    let Some(f) = Obj::from_value(class).filter(|f| rt.is_constructor(*f)) else {
        return throw_not_constructor(rt, class);
    };
    let made = rt.construct(class, args, f)?;
    match Typed::from_value(made) {
        Some(t) if t.len() >= at_least => Ok(t),
        Some(_) => rt.throw_type("Derived TypedArray constructor created an array which was too small"),
        None => rt.throw_type("this is not a typed array."),
    }
}

/// What methods of a subclass make: an array by `this.constructor`. `None`: the class is a built-in one.
pub fn species(rt: &mut Runtime, t: Typed) -> JsResult<Option<Value>> {
    let native = prototype(rt, t.ty);
    let key = PropertyKey::Name(rt.atoms.names.constructor.into());
    let class = rt.get(t.object.value(), key)?;
    let own_class = rt.library.home(homes(t.ty).0);
    let plain = class == own_class.value() && rt.proto_of(t.object) == native.value();
    if plain || class.is_undefined() {
        return Ok(None);
    }
    match Obj::from_value(class) {
        Some(c) => Ok(Some(class).filter(|_| super::species::species_is_itself(rt, c))),
        None => rt.throw_type("The .constructor property is not an object"),
    }
}

/// `TypedArray.of`.
pub fn of(rt: &mut Runtime, args: &Args) -> JsResult {
    let n = args.count() as u32;
    let t = create_by(rt, args.this, &[Value::from_u32(n)], n)?;
    for (i, v) in args.all().iter().enumerate() {
        rt.set_at(t.object, i as u64, *v)?;
    }
    Ok(t.object.value())
}

/// `TypedArray.from`.
pub fn from(rt: &mut Runtime, args: &Args) -> JsResult {
    if !Obj::from_value(args.this).is_some_and(|f| rt.is_constructor(f)) {
        return throw_not_constructor(rt, args.this);
    }
    let mapper = args.get(1);
    if !mapper.is_undefined() {
        rt.callback(mapper)?;
    }
    if args.get(0).is_nullish() {
        let shown = if args.get(0).is_null() { "object null" } else { "undefined" };
        return rt.throw_type(&format!("{shown} is not iterable (cannot read property Symbol(Symbol.iterator))"));
    }
    let source = convert::to_object(rt, args.get(0))?;
    let values = values_of(rt, source, "%TypedArray%.from")?;
    let n = values.len() as u32;
    let t = create_by(rt, args.this, &[Value::from_u32(n)], n)?;
    for i in 0..values.len() {
        let mut v = values[i];
        if !mapper.is_undefined() {
            v = rt.call(mapper, args.get(2), &[v, Value::int(i as i32)])?;
        }
        rt.set_at(t.object, i as u64, v)?;
    }
    Ok(t.object.value())
}
