//! `Math`: arguments become numbers here, the functions themselves stand in [`crate::runtime::math`].
//!
//! `Math.random` draws from the generator in the runtime's host, so that a seeded run repeats itself.

use super::Args;
use crate::runtime::convert::{to_int32, to_number};
use crate::runtime::math as m;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::value::Value;

macro_rules! unary {
    ($( $name:ident = $f:expr ),+ $(,)?) => { $(
        #[doc = concat!("`Math.", stringify!($name), "`.")]
        pub fn $name(rt: &mut Runtime, args: &Args) -> JsResult {
            let x = to_number(rt, args.get(0))?;
            let f: fn(f64) -> f64 = $f;
            Ok(Value::number(f(x)))
        }
    )+ };
}

unary! {
    abs = f64::abs, floor = f64::floor, ceil = f64::ceil, round = m::round, trunc = f64::trunc, sqrt = f64::sqrt,
    cbrt = m::cbrt, exp = m::exp, expm1 = m::expm1, log = m::log, log1p = m::log1p, log2 = m::log2, log10 = m::log10,
    sin = m::sin, cos = m::cos, tan = m::tan, asin = m::asin, acos = m::acos, atan = m::atan, sinh = m::sinh,
    cosh = m::cosh, tanh = m::tanh, asinh = m::asinh, acosh = m::acosh, atanh = m::atanh,
    fround = |x| x as f32 as f64,
    sign = |x| if x.is_nan() || x == 0.0 { x } else { x.signum() },
}

/// The first two arguments as numbers.
fn two(rt: &mut Runtime, args: &Args) -> JsResult<(f64, f64)> {
    let x = to_number(rt, args.get(0))?;
    let y = to_number(rt, args.get(1))?;
    Ok((x, y))
}

/// `Math.pow`.
pub fn pow(rt: &mut Runtime, args: &Args) -> JsResult {
    let (x, y) = two(rt, args)?;
    Ok(Value::number(m::pow(x, y)))
}
/// `Math.atan2`.
pub fn atan2(rt: &mut Runtime, args: &Args) -> JsResult {
    let (y, x) = two(rt, args)?;
    Ok(Value::number(m::atan2(y, x)))
}
/// `Math.hypot`.
pub fn hypot(rt: &mut Runtime, args: &Args) -> JsResult {
    let mut values = smallvec::SmallVec::<[f64; 8]>::new();
    for v in args.all() {
        values.push(to_number(rt, *v)?);
    }
    Ok(Value::number(m::hypot(&values)))
}

fn fold(rt: &mut Runtime, args: &Args, start: f64, f: fn(f64, f64) -> f64) -> JsResult {
    let mut result = start;
    for v in args.all() {
        result = f(result, to_number(rt, *v)?);
    }
    Ok(Value::number(result))
}
/// `Math.min`.
pub fn min(rt: &mut Runtime, args: &Args) -> JsResult {
    fold(rt, args, f64::INFINITY, m::min)
}
/// `Math.max`.
pub fn max(rt: &mut Runtime, args: &Args) -> JsResult {
    fold(rt, args, f64::NEG_INFINITY, m::max)
}

/// `Math.imul`.
pub fn imul(rt: &mut Runtime, args: &Args) -> JsResult {
    let x = to_int32(rt, args.get(0))?;
    let y = to_int32(rt, args.get(1))?;
    Ok(Value::int(x.wrapping_mul(y)))
}
/// `Math.clz32`.
pub fn clz32(rt: &mut Runtime, args: &Args) -> JsResult {
    let x = to_int32(rt, args.get(0))?;
    Ok(Value::int(x.leading_zeros() as i32))
}
/// `Math.random`.
pub fn random(rt: &mut Runtime, _args: &Args) -> JsResult {
    Ok(Value::double(rt.host.next_random()))
}
