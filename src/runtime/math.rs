//! The transcendental functions, to the last bit as V8 has them.
//!
//! V8 computes with Sun's fdlibm ("Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. […] Permission to
//! use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved"), in its
//! own variants; glibc and later descendants of fdlibm differ in the last bit here and there. Where crate `libm` agrees
//! with V8 (tan, asin, acos, atan, expm1, log2) it is used; the others follow the original algorithms below.
//! `tests` hold samples recorded from Node; the comparison over millions of inputs was done once.

use super::math_reduce::rem_pio2;

fn high(x: f64) -> i32 {
    (x.to_bits() >> 32) as i32
}
fn low(x: f64) -> u32 {
    x.to_bits() as u32
}
fn words(high: i32, low: u32) -> f64 {
    f64::from_bits((high as u32 as u64) << 32 | low as u64)
}
fn with_low_zero(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & 0xFFFF_FFFF_0000_0000)
}

const LN2_HI: f64 = 6.931_471_803_691_238e-1;
const LN2_LO: f64 = 1.908_214_929_270_587_7e-10;
const LN2: f64 = std::f64::consts::LN_2;
const TWO54: f64 = 18014398509481984.0;

fn kernel_sin(x: f64, y: f64, has_tail: bool) -> f64 {
    const S1: f64 = f64::from_bits(0xBFC55555_55555549);
    const S2: f64 = f64::from_bits(0x3F811111_1110F8A6);
    const S3: f64 = f64::from_bits(0xBF2A01A0_19C161D5);
    const S4: f64 = f64::from_bits(0x3EC71DE3_57B1FE7D);
    const S5: f64 = f64::from_bits(0xBE5AE5E6_8A2B9CEB);
    const S6: f64 = f64::from_bits(0x3DE5D93A_5ACFD57C);
    if high(x) & 0x7FFF_FFFF < 0x3E40_0000 && x as i32 == 0 {
        return x;
    }
    let z = x * x;
    let v = z * x;
    let r = S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)));
    if has_tail { x - ((z * (0.5 * y - v * r) - y) - v * S1) } else { x + v * (S1 + z * r) }
}

fn kernel_cos(x: f64, y: f64) -> f64 {
    const C1: f64 = f64::from_bits(0x3FA55555_5555554C);
    const C2: f64 = f64::from_bits(0xBF56C16C_16C15177);
    const C3: f64 = f64::from_bits(0x3EFA01A0_19CB1590);
    const C4: f64 = f64::from_bits(0xBE927E4F_809C52AD);
    const C5: f64 = f64::from_bits(0x3E21EE9E_BDB4B1C4);
    const C6: f64 = f64::from_bits(0xBDA8FAE9_BE8838D4);
    let ix = high(x) & 0x7FFF_FFFF;
    if ix < 0x3E40_0000 && x as i32 == 0 {
        return 1.0;
    }
    let z = x * x;
    let r = z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * C6)))));
    if ix < 0x3FD3_3333 {
        return 1.0 - (0.5 * z - (z * r - x * y));
    }
    let qx = if ix > 0x3FE9_0000 { 0.28125 } else { words(ix - 0x0020_0000, 0) };
    let iz = 0.5 * z - qx;
    let a = 1.0 - qx;
    a - (iz - (z * r - x * y))
}

/// `Math.sin`.
pub fn sin(x: f64) -> f64 {
    let ix = high(x) & 0x7FFF_FFFF;
    if ix <= 0x3FE9_21FB {
        return kernel_sin(x, 0.0, false);
    }
    if ix >= 0x7FF0_0000 {
        return f64::NAN;
    }
    let (n, y0, y1) = rem_pio2(x);
    match n & 3 {
        0 => kernel_sin(y0, y1, true),
        1 => kernel_cos(y0, y1),
        2 => -kernel_sin(y0, y1, true),
        _ => -kernel_cos(y0, y1),
    }
}

/// `Math.cos`.
pub fn cos(x: f64) -> f64 {
    let ix = high(x) & 0x7FFF_FFFF;
    if ix <= 0x3FE9_21FB {
        return kernel_cos(x, 0.0);
    }
    if ix >= 0x7FF0_0000 {
        return f64::NAN;
    }
    let (n, y0, y1) = rem_pio2(x);
    match n & 3 {
        0 => kernel_cos(y0, y1),
        1 => -kernel_sin(y0, y1, true),
        2 => -kernel_cos(y0, y1),
        _ => kernel_sin(y0, y1, true),
    }
}

/// `Math.tan`.
pub fn tan(x: f64) -> f64 {
    libm::tan(x)
}
/// `Math.asin`.
pub fn asin(x: f64) -> f64 {
    libm::asin(x)
}
/// `Math.acos`.
pub fn acos(x: f64) -> f64 {
    libm::acos(x)
}
/// `Math.atan`.
pub fn atan(x: f64) -> f64 {
    libm::atan(x)
}

/// `Math.atan2`.
pub fn atan2(y: f64, x: f64) -> f64 {
    use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};
    const PI_LO: f64 = f64::from_bits(0x3CA1A626_33145C07);
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    if x == 1.0 {
        return atan(y);
    }
    let sign = |z: f64| if y.is_sign_negative() { -z } else { z };
    if y == 0.0 {
        return if x.is_sign_negative() { sign(PI) } else { y };
    }
    if x == 0.0 {
        return sign(FRAC_PI_2);
    }
    if x.is_infinite() {
        return match (y.is_infinite(), x > 0.0) {
            (true, true) => sign(FRAC_PI_4),
            (true, false) => sign(3.0 * FRAC_PI_4),
            (false, true) => sign(0.0),
            (false, false) => sign(PI),
        };
    }
    if y.is_infinite() {
        return sign(FRAC_PI_2);
    }
    let k = ((high(y) & 0x7FFF_FFFF) - (high(x) & 0x7FFF_FFFF)) >> 20;
    let mut x_negative = x < 0.0;
    let z = if k > 60 {
        x_negative = false;
        FRAC_PI_2 + 0.5 * PI_LO
    } else if x < 0.0 && k < -60 {
        0.0
    } else {
        atan((y / x).abs())
    };
    match (x_negative, y.is_sign_negative()) {
        (false, false) => z,
        (false, true) => -z,
        (true, false) => PI - (z - PI_LO),
        (true, true) => (z - PI_LO) - PI,
    }
}

/// `Math.exp`.
pub fn exp(x: f64) -> f64 {
    const P1: f64 = f64::from_bits(0x3FC55555_5555553E);
    const P2: f64 = f64::from_bits(0xBF66C16C_16BEBD93);
    const P3: f64 = f64::from_bits(0x3F11566A_AF25DE2C);
    const P4: f64 = f64::from_bits(0xBEBBBD41_C5D26BF1);
    const P5: f64 = f64::from_bits(0x3E663769_72BEA4D0);
    let negative = x.is_sign_negative();
    let hx = high(x) & 0x7FFF_FFFF;
    if x.is_nan() {
        return x;
    }
    if x > 709.782712893384 {
        return f64::INFINITY;
    }
    if x < -745.1332191019411 {
        return 0.0;
    }
    let (mut hi, mut lo, mut k, mut r) = (0.0, 0.0, 0i32, x);
    if hx > 0x3FD6_2E42 {
        if hx < 0x3FF0_A2B2 {
            if x == 1.0 {
                return std::f64::consts::E;
            }
            (hi, lo, k) = if negative { (x + LN2_HI, -LN2_LO, -1) } else { (x - LN2_HI, LN2_LO, 1) };
        } else {
            k = (std::f64::consts::LOG2_E * x + if negative { -0.5 } else { 0.5 }) as i32;
            let t = k as f64;
            hi = x - t * LN2_HI;
            lo = t * LN2_LO;
        }
        r = hi - lo;
    } else if hx < 0x3E30_0000 {
        return 1.0 + x;
    }
    let t = r * r;
    let c = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
    if k == 0 {
        return 1.0 - ((r * c) / (c - 2.0) - r);
    }
    let y = 1.0 - ((lo - (r * c) / (2.0 - c)) - hi);
    if k < -1021 {
        return y * words(0x3FF0_0000 + ((k + 1000) << 20), 0) * f64::from_bits(0x0170_0000_0000_0000);
    }
    if k == 1024 {
        return y * 2.0 * f64::from_bits(0x7FE0_0000_0000_0000);
    }
    y * words(0x3FF0_0000 + (k << 20), 0)
}

/// `Math.expm1`.
pub fn expm1(x: f64) -> f64 {
    libm::expm1(x)
}

/// Coefficients of the polynomial for log(1+f), common to `log` and `log1p`.
const LG: [f64; 7] = [
    f64::from_bits(0x3FE55555_55555593),
    f64::from_bits(0x3FD99999_9997FA04),
    f64::from_bits(0x3FD24924_94229359),
    f64::from_bits(0x3FCC71C5_1D8E78AF),
    f64::from_bits(0x3FC74664_96CB03DE),
    f64::from_bits(0x3FC39A09_D078C69F),
    f64::from_bits(0x3FC2F112_DF3E5244),
];

/// `Math.log`.
pub fn log(x: f64) -> f64 {
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x < 0.0 || x.is_nan() {
        return f64::NAN;
    }
    if x.is_infinite() {
        return x;
    }
    let (mut k, scaled) = if high(x) < 0x0010_0000 { (-54, x * TWO54) } else { (0, x) };
    let mut hx = high(scaled);
    k += (hx >> 20) - 1023;
    hx &= 0x000F_FFFF;
    let i = (hx + 0x95F64) & 0x10_0000;
    let normal = words(hx | (i ^ 0x3FF0_0000), low(scaled));
    k += i >> 20;
    let f = normal - 1.0;
    let dk = k as f64;
    if 0x000F_FFFF & (2 + hx) < 3 {
        if f == 0.0 {
            return if k == 0 { 0.0 } else { dk * LN2_HI + dk * LN2_LO };
        }
        let r = f * f * (0.5 - (1.0 / 3.0) * f);
        return if k == 0 { f - r } else { dk * LN2_HI - ((r - dk * LN2_LO) - f) };
    }
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let t1 = w * (LG[1] + w * (LG[3] + w * LG[5]));
    let t2 = z * (LG[0] + w * (LG[2] + w * (LG[4] + w * LG[6])));
    let r = t2 + t1;
    if (hx - 0x6147A) | (0x6B851 - hx) > 0 {
        let hfsq = 0.5 * f * f;
        if k == 0 {
            return f - (hfsq - s * (hfsq + r));
        }
        return dk * LN2_HI - ((hfsq - (s * (hfsq + r) + dk * LN2_LO)) - f);
    }
    if k == 0 { f - s * (f - r) } else { dk * LN2_HI - ((s * (f - r) - dk * LN2_LO) - f) }
}

/// `Math.log1p`.
pub fn log1p(x: f64) -> f64 {
    if x.is_nan() || x < -1.0 {
        return f64::NAN;
    }
    if x == -1.0 {
        return f64::NEG_INFINITY;
    }
    let hx = high(x);
    let ax = hx & 0x7FFF_FFFF;
    if hx >= 0x7FF0_0000 {
        return x;
    }
    let (mut k, mut f, mut hu, mut c) = (1, 0.0, 1, 0.0);
    if hx < 0x3FDA_827A {
        if ax < 0x3E20_0000 {
            return if ax < 0x3C90_0000 { x } else { x - x * x * 0.5 };
        }
        if hx > 0 || hx <= 0xBFD2_BEC4_u32 as i32 {
            (k, f) = (0, x);
        }
    }
    if k != 0 {
        let mut u;
        if hx < 0x4340_0000 {
            u = 1.0 + x;
            hu = high(u);
            k = (hu >> 20) - 1023;
            c = if k > 0 { 1.0 - (u - x) } else { x - (u - 1.0) } / u;
        } else {
            u = x;
            hu = high(u);
            k = (hu >> 20) - 1023;
        }
        hu &= 0x000F_FFFF;
        if hu < 0x6A09E {
            u = words(hu | 0x3FF0_0000, low(u));
        } else {
            k += 1;
            u = words(hu | 0x3FE0_0000, low(u));
            hu = (0x0010_0000 - hu) >> 2;
        }
        f = u - 1.0;
    }
    let dk = k as f64;
    let hfsq = 0.5 * f * f;
    if hu == 0 {
        if f == 0.0 {
            return if k == 0 { 0.0 } else { dk * LN2_HI + (c + dk * LN2_LO) };
        }
        let r = hfsq * (1.0 - (2.0 / 3.0) * f);
        return if k == 0 { f - r } else { dk * LN2_HI - ((r - (dk * LN2_LO + c)) - f) };
    }
    let s = f / (2.0 + f);
    let z = s * s;
    let r = z * (LG[0] + z * (LG[1] + z * (LG[2] + z * (LG[3] + z * (LG[4] + z * (LG[5] + z * LG[6]))))));
    if k == 0 {
        return f - (hfsq - s * (hfsq + r));
    }
    dk * LN2_HI - ((hfsq - (s * (hfsq + r) + (dk * LN2_LO + c))) - f)
}

/// `Math.log2`.
pub fn log2(x: f64) -> f64 {
    libm::log2(x)
}

/// `Math.log10`.
pub fn log10(x: f64) -> f64 {
    const IVLN10: f64 = f64::from_bits(0x3FDBCB7B_1526E50E);
    const LOG10_2HI: f64 = f64::from_bits(0x3FD34413_509F6000);
    const LOG10_2LO: f64 = f64::from_bits(0x3D59FEF3_11F12B36);
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x < 0.0 || x.is_nan() {
        return f64::NAN;
    }
    if x.is_infinite() {
        return x;
    }
    if x == 1.0 {
        return 0.0;
    }
    let (mut k, scaled) = if high(x) < 0x0010_0000 { (-54, x * TWO54) } else { (0, x) };
    let hx = high(scaled);
    k += (hx >> 20) - 1023;
    let i = (k < 0) as i32;
    let y = (k + i) as f64;
    let m = words((hx & 0x000F_FFFF) | ((0x3FF - i) << 20), low(scaled));
    let z = y * LOG10_2LO + IVLN10 * log(m);
    z + y * LOG10_2HI
}

/// `Math.cbrt`.
pub fn cbrt(x: f64) -> f64 {
    const B1: u32 = 715094163;
    const B2: u32 = 696219795;
    const P: [f64; 5] = [
        f64::from_bits(0x3FFE03E6_0F61E692),
        f64::from_bits(0xBFFE28E0_92F02420),
        f64::from_bits(0x3FF9F160_4A49D6C2),
        f64::from_bits(0xBFE844CB_BEE751D9),
        f64::from_bits(0x3FC2B000_D4E4EDD7),
    ];
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    let sign = high(x) as u32 & 0x8000_0000;
    let hx = high(x) as u32 & 0x7FFF_FFFF;
    let mut t = if hx < 0x0010_0000 {
        let h = high(x * TWO54) as u32 & 0x7FFF_FFFF;
        words((sign | (h / 3 + B2)) as i32, 0)
    } else {
        words((sign | (hx / 3 + B1)) as i32, 0)
    };
    let r = (t * t) * (t / x);
    t *= (P[0] + r * (P[1] + r * P[2])) + ((r * r) * r) * (P[3] + r * P[4]);
    t = f64::from_bits((t.to_bits() + 0x8000_0000) & 0xFFFF_FFFF_C000_0000);
    let s = t * t;
    let r = x / s;
    let w = t + t;
    let r = (r - t) / (w + r);
    t + t * r
}

/// `Math.sinh`.
pub fn sinh(x: f64) -> f64 {
    let h = if x < 0.0 { -0.5 } else { 0.5 };
    let ax = x.abs();
    if ax < 22.0 {
        if ax < 3.725290298461914e-9 {
            return x;
        }
        let t = expm1(ax);
        return if ax < 1.0 { h * (2.0 * t - t * t / (t + 1.0)) } else { h * (t + t / (t + 1.0)) };
    }
    if ax < 709.7822265625 {
        return h * exp(ax);
    }
    if ax <= 710.4758600739439 {
        let w = exp(0.5 * ax);
        return h * w * w;
    }
    x * 1.0e307
}

/// `Math.cosh`.
pub fn cosh(x: f64) -> f64 {
    let ax = x.abs();
    let ix = high(ax);
    if ix < 0x3FD6_2E43 {
        let t = expm1(ax);
        let w = 1.0 + t;
        return if ix < 0x3C80_0000 { w } else { 1.0 + (t * t) / (w + w) };
    }
    if ix < 0x4036_0000 {
        let t = exp(ax);
        return 0.5 * t + 0.5 / t;
    }
    if ix < 0x4086_2E42 {
        return 0.5 * exp(ax);
    }
    if ax <= 710.4758600739439 {
        let w = exp(0.5 * ax);
        return 0.5 * w * w;
    }
    if x.is_nan() { x } else { f64::INFINITY }
}

/// `Math.tanh`.
pub fn tanh(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let ax = x.abs();
    let ix = high(ax);
    let z = if ix < 0x4036_0000 {
        if ix < 0x3E30_0000 {
            return x;
        }
        if ix >= 0x3FF0_0000 {
            1.0 - 2.0 / (expm1(2.0 * ax) + 2.0)
        } else {
            let t = expm1(-2.0 * ax);
            -t / (t + 2.0)
        }
    } else {
        1.0
    };
    if x.is_sign_negative() { -z } else { z }
}

/// `Math.asinh`.
pub fn asinh(x: f64) -> f64 {
    let ix = high(x) & 0x7FFF_FFFF;
    if !(0x3E30_0000..0x7FF0_0000).contains(&ix) {
        return x;
    }
    let t = x.abs();
    let w = if ix > 0x41B0_0000 {
        log(t) + LN2
    } else if ix > 0x4000_0000 {
        log(2.0 * t + 1.0 / ((x * x + 1.0).sqrt() + t))
    } else {
        let t2 = x * x;
        log1p(t + t2 / (1.0 + (1.0 + t2).sqrt()))
    };
    if x > 0.0 { w } else { -w }
}

/// `Math.acosh`.
pub fn acosh(x: f64) -> f64 {
    if x.is_nan() || x < 1.0 {
        return f64::NAN;
    }
    let hx = high(x);
    if hx >= 0x41B0_0000 {
        return if x.is_infinite() { x } else { log(x) + LN2 };
    }
    if x == 1.0 {
        return 0.0;
    }
    if hx > 0x4000_0000 {
        return log(2.0 * x - 1.0 / (x + (x * x - 1.0).sqrt()));
    }
    let t = x - 1.0;
    log1p(t + (2.0 * t + t * t).sqrt())
}

/// `Math.atanh`.
pub fn atanh(x: f64) -> f64 {
    let ax = x.abs();
    if x.is_nan() || ax > 1.0 {
        return f64::NAN;
    }
    if ax == 1.0 {
        return x / 0.0;
    }
    let ix = high(ax);
    if ix < 0x3E30_0000 {
        return x;
    }
    let t = if ix < 0x3FE0_0000 {
        let t = ax + ax;
        0.5 * log1p(t + t * ax / (1.0 - ax))
    } else {
        0.5 * log1p((ax + ax) / (1.0 - ax))
    };
    if x.is_sign_negative() { -t } else { t }
}

/// `Math.hypot`: scaled by the largest, with Kahan's summation.
pub fn hypot(values: &[f64]) -> f64 {
    if values.iter().any(|v| v.is_infinite()) {
        return f64::INFINITY;
    }
    if values.iter().any(|v| v.is_nan()) {
        return f64::NAN;
    }
    let max = values.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    if max == 0.0 {
        return 0.0;
    }
    let (mut sum, mut compensation) = (0.0, 0.0);
    for v in values {
        let n = v.abs() / max;
        let summand = n * n - compensation;
        let preliminary = sum + summand;
        compensation = (preliminary - sum) - summand;
        sum = preliminary;
    }
    sum.sqrt() * max
}

/// `Math.round`: halves go up.
#[inline]
pub fn round(x: f64) -> f64 {
    if !x.is_finite() || x.abs() >= 4503599627370496.0 {
        return x;
    }
    let floor = x.floor();
    let rounded = if x - floor >= 0.5 { floor + 1.0 } else { floor };
    if rounded == 0.0 && x.is_sign_negative() { -0.0 } else { rounded }
}

/// `x % y`, exactly.
#[inline]
pub fn modulo(x: f64, y: f64) -> f64 {
    // Most remainders are of integers that happen to be held as doubles.
    let (i, j) = (x as i32, y as i32);
    if i > 0 && j > 0 && i as f64 == x && j as f64 == y {
        return (i as u32 % j as u32) as f64;
    }
    let quotient = (x / y).trunc();
    if quotient.abs() < 4503599627370496.0 && x.is_finite() && y.is_finite() {
        // The rounded quotient is never too small, and at most one too big: then the remainder, which is exact, has the
        // wrong sign.
        let r = (-quotient).mul_add(y, x);
        return if r == 0.0 {
            0f64.copysign(x)
        } else if (r < 0.0) != (x < 0.0) {
            r + y.abs().copysign(x)
        } else {
            r
        };
    }
    x % y
}

/// `Math.min` of two.
#[inline]
pub fn min(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a < b || (a == b && a.is_sign_negative()) {
        a
    } else {
        b
    }
}
/// `Math.max` of two.
#[inline]
pub fn max(a: f64, b: f64) -> f64 {
    -min(-a, -b)
}

/// `x ** y`: 1 to an infinite power is NaN, unlike in C.
pub fn pow(x: f64, y: f64) -> f64 {
    if y.is_nan() || (x.abs() == 1.0 && y.is_infinite()) {
        return f64::NAN;
    }
    if y == 2.0 {
        return x * x;
    }
    if y == 1.0 {
        return x;
    }
    finite_pow(x, y)
}

/// fdlibm's `__ieee754_pow` as V8 has it: the last rational step divides by the whole of the difference.
fn finite_pow(x: f64, y: f64) -> f64 {
    const L: [f64; 6] = [
        f64::from_bits(0x3FE33333_33333303),
        f64::from_bits(0x3FDB6DB6_DB6FABFF),
        f64::from_bits(0x3FD55555_518F264D),
        f64::from_bits(0x3FD17460_A91D4101),
        f64::from_bits(0x3FCD864A_93C9DB65),
        f64::from_bits(0x3FCA7E28_4A454EEF),
    ];
    const P: [f64; 5] = [
        f64::from_bits(0x3FC55555_5555553E),
        f64::from_bits(0xBF66C16C_16BEBD93),
        f64::from_bits(0x3F11566A_AF25DE2C),
        f64::from_bits(0xBEBBBD41_C5D26BF1),
        f64::from_bits(0x3E663769_72BEA4D0),
    ];
    const DP_H: [f64; 2] = [0.0, f64::from_bits(0x3FE2B803_40000000)];
    const DP_L: [f64; 2] = [0.0, f64::from_bits(0x3E4CFDEB_43CFD006)];
    const CP: f64 = f64::from_bits(0x3FEEC709_DC3A03FD);
    const CP_H: f64 = f64::from_bits(0x3FEEC709_E0000000);
    const CP_L: f64 = f64::from_bits(0xBE3E2FE0_145B01F5);
    const LG2: f64 = f64::from_bits(0x3FE62E42_FEFA39EF);
    const LG2_H: f64 = f64::from_bits(0x3FE62E43_00000000);
    const LG2_L: f64 = f64::from_bits(0xBE205C61_0CA86C39);
    const OVT: f64 = 8.008566259537294e-17;
    // Everything special is the same in every libm.
    let special = y == 0.0 || x == 0.0 || !x.is_finite() || !y.is_finite() || x == 1.0 || y == -1.0 || y == 0.5;
    let odd = y.abs() < 9007199254740992.0 && y.trunc() == y && (y % 2.0).abs() == 1.0;
    if special || (x < 0.0 && y.trunc() != y) || high(y) & 0x7FFF_FFFF > 0x41E0_0000 {
        return special_pow(x, y);
    }
    let sign = if x < 0.0 && odd { -1.0 } else { 1.0 };
    let mut ax = x.abs();
    let mut n = 0;
    if high(ax) < 0x0010_0000 {
        ax *= 9007199254740992.0;
        n -= 53;
    }
    let mut ix = high(ax);
    n += (ix >> 20) - 0x3FF;
    let j = ix & 0x000F_FFFF;
    ix = j | 0x3FF0_0000;
    let k = if j <= 0x3988E {
        0
    } else if j < 0xBB67A {
        1
    } else {
        n += 1;
        ix -= 0x0010_0000;
        0
    };
    ax = words(ix, low(ax));
    let bp = [1.0, 1.5][k];
    let u = ax - bp;
    let v = 1.0 / (ax + bp);
    let ss = u * v;
    let s_h = with_low_zero(ss);
    let t_h = words(((ix >> 1) | 0x2000_0000) + 0x0008_0000 + ((k as i32) << 18), 0);
    let t_l = ax - (t_h - bp);
    let s_l = v * ((u - s_h * t_h) - s_h * t_l);
    let s2 = ss * ss;
    let mut r = s2 * s2 * (L[0] + s2 * (L[1] + s2 * (L[2] + s2 * (L[3] + s2 * (L[4] + s2 * L[5])))));
    r += s_l * (s_h + ss);
    let s2 = s_h * s_h;
    let t_h = with_low_zero(3.0 + s2 + r);
    let t_l = r - ((t_h - 3.0) - s2);
    let u = s_h * t_h;
    let v = s_l * t_h + t_l * ss;
    let p_h = with_low_zero(u + v);
    let p_l = v - (p_h - u);
    let z_h = CP_H * p_h;
    let z_l = CP_L * p_h + p_l * CP + DP_L[k];
    let t = n as f64;
    let t1 = with_low_zero(((z_h + z_l) + DP_H[k]) + t);
    let t2 = z_l - (((t1 - t) - DP_H[k]) - z_h);
    let y1 = with_low_zero(y);
    let p_l = (y - y1) * t1 + y * t2;
    let mut p_h = y1 * t1;
    let z = p_l + p_h;
    let (j, i) = (high(z), low(z));
    if j >= 0x4090_0000 {
        if (j - 0x4090_0000) as u32 | i != 0 || p_l + OVT > z - p_h {
            return sign * f64::INFINITY;
        }
    } else if j & 0x7FFF_FFFF >= 0x4090_CC00
        && ((j.wrapping_sub(0xC090_CC00_u32 as i32)) as u32 | i != 0 || p_l <= z - p_h)
    {
        return sign * 0.0;
    }
    let i = j & 0x7FFF_FFFF;
    let mut k = (i >> 20) - 0x3FF;
    let mut n = 0;
    if i > 0x3FE0_0000 {
        n = j + (0x0010_0000 >> (k + 1));
        k = ((n & 0x7FFF_FFFF) >> 20) - 0x3FF;
        let t = words(n & !(0x000F_FFFF >> k), 0);
        n = ((n & 0x000F_FFFF) | 0x0010_0000) >> (20 - k);
        if j < 0 {
            n = -n;
        }
        p_h -= t;
    }
    let t = with_low_zero(p_l + p_h);
    let u = t * LG2_H;
    let v = (p_l - (t - p_h)) * LG2 + t * LG2_L;
    let mut z = u + v;
    let w = v - (z - u);
    let t = z * z;
    let t1 = z - t * (P[0] + t * (P[1] + t * (P[2] + t * (P[3] + t * P[4]))));
    let r = (z * t1) / ((t1 - 2.0) - (w + z * w));
    z = 1.0 - (r - z);
    let j = high(z) + (n << 20);
    z = if j >> 20 <= 0 { libm::scalbn(z, n) } else { words(j, low(z)) };
    sign * z
}

fn special_pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Function, argument, bits of the result on Node 20.
    type Sample = (fn(f64) -> f64, f64, u64);

    #[test]
    fn samples_match_v8() {
        let samples: &[Sample] = &[
            (sin, 2.4e+1, 0xbfecfa7f7919140e),
            (sin, 0.5, 0x3fdeaee8744b05f0),
            (sin, 1e+22, 0xbfeb453ab76bf397),
            (sin, -3.7, 0x3fe0f46aec2e1b41),
            (cos, -0.4692294081645243, 0x3fec8a958cb16d2a),
            (cos, 6e+0, 0x3feeb9b7097822f6),
            (cos, 1e+22, 0x3fe0be2cef01c8f4),
            (exp, 1e+0, 0x4005bf0a8b145769),
            (exp, -22.047301168370836, 0x3df2489170ca793c),
            (exp, 7.1e+2, 0x7ff0000000000000),
            (exp, -745.2, 0x0000000000000000),
            (log, 1.4e+1, 0x40051cca16d7bba7),
            (log, 4.8e+1, 0x400ef8383c50bb74),
            (log, 1e-310, 0xc0864e69394d9508),
            (log10, 6.767143256183767, 0x3fea92ae487eb5ff),
            (log10, 0.00001, 0xc014000000000000),
            (log1p, 0.4671933140007216, 0x3fd888d3bf157712),
            (cbrt, -6.767143256183767, 0xbffe4380b3110382),
            (cbrt, 2.7e+1, 0x4008000000000000),
            (sinh, 3.7e+1, 0x4334d13fbb1a001a),
            (sinh, 0.3, 0x3fd37d42af54b926),
            (cosh, 0.36055819577595294, 0x3ff10d2434624810),
            (cosh, 7.11e+2, 0x7ff0000000000000),
            (tanh, -0.4692294081645243, 0xbfdc0140c8a2dd7a),
            (asinh, -2.353324152151939, 0xbff9761c1c171b0f),
            (acosh, 241755039.13798848, 0x4033ff200b818601),
            (atanh, 0.16910548696772532, 0x3fc5dafe86279383),
        ];
        for (f, x, bits) in samples {
            assert_eq!(f(*x).to_bits(), *bits, "{x}");
        }
        assert_eq!(pow(22.0, 0.3399623621384804).to_bits(), 0x4006e1605fff9bf2);
        assert_eq!(pow(-0.4692294081645243, -19.0).to_bits(), 0xc13abe0fc08642f6);
        assert_eq!(pow(10.0, -5.0).to_bits(), 0x3ee4f8b588e368f0);
        assert_eq!(pow(2.0, 0.5).to_bits(), 0x3ff6a09e667f3bcd);
        assert_eq!(pow(1.1, 10000000000.0).to_bits(), 0x7ff0000000000000);
        assert_eq!(pow(10.0, 308.0).to_bits(), 0x7fe1ccf385ebc8a0);
        assert_eq!(pow(2.0, -1074.0).to_bits(), 0x0000000000000001);
        assert!(pow(-8.0, 1.0 / 3.0).is_nan());
        assert_eq!(atan2(-76.10172476025889, -1.1315379480768287e-17).to_bits(), 0xbff921fb54442d18);
        assert_eq!(hypot(&[-7.8084278802901075, -0.4692294081645243]).to_bits(), 0x401f4a410ef2bafa);
    }

    #[test]
    fn edges() {
        assert!(pow(1.0, f64::INFINITY).is_nan() && pow(1.0, f64::NAN).is_nan());
        assert_eq!(pow(f64::NAN, 0.0), 1.0);
        assert!(round(-0.4).is_sign_negative() && round(-0.5) == 0.0 && round(2.5) == 3.0);
        assert!(min(0.0, -0.0).is_sign_negative() && !max(-0.0, 0.0).is_sign_negative());
        assert!(min(1.0, f64::NAN).is_nan());
        let mut seed = 1u64;
        let mut next = || {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            seed
        };
        for i in 0..200_000 {
            // Any bits at all, numbers near each other, and products that are nearly whole multiples.
            let (a, b) = (f64::from_bits(next()), f64::from_bits(next()));
            let (m, n) = ((next() >> 20) as f64 - 1e13, (next() >> 40) as f64 / 8.0);
            let (x, y) = match i % 4 {
                0 => (a, b),
                1 => (m, n),
                2 => (m * n, n),
                _ => ((m * n).next_down(), -n),
            };
            let (r, exact) = (modulo(x, y), x % y);
            assert!(r.to_bits() == exact.to_bits() || (r.is_nan() && exact.is_nan()), "{x} % {y}: {r}, not {exact}");
        }
        assert!(modulo(-4.0, 2.0).is_sign_negative());
    }
}
