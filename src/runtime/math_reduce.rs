//! Argument reduction of sine and cosine: `x - n * pi/2` in two doubles, after fdlibm (see [`super::math`]).

/// 2/pi in pieces of 24 bits.
#[rustfmt::skip]
const TWO_OVER_PI: [i32; 66] = [
    0xA2F983, 0x6E4E44, 0x1529FC, 0x2757D1, 0xF534DD, 0xC0DB62, 0x95993C, 0x439041, 0xFE5163,
    0xABDEBB, 0xC561B7, 0x246E3A, 0x424DD2, 0xE00649, 0x2EEA09, 0xD1921C, 0xFE1DEB, 0x1CB129,
    0xA73EE8, 0x8235F5, 0x2EBB44, 0x84E99C, 0x7026B4, 0x5F7E41, 0x3991D6, 0x398353, 0x39F49C,
    0x845F8B, 0xBDF928, 0x3B1FF8, 0x97FFDE, 0x05980F, 0xEF2F11, 0x8B5A0A, 0x6D1F6D, 0x367ECF,
    0x27CB09, 0xB74F46, 0x3F669E, 0x5FEA2D, 0x7527BA, 0xC7EBE5, 0xF17B3D, 0x0739F7, 0x8A5292,
    0xEA6BFB, 0x5FB11F, 0x8D5D08, 0x560330, 0x46FC7B, 0x6BABF0, 0xCFBC20, 0x9AF436, 0x1DA9E3,
    0x91615E, 0xE61B08, 0x659985, 0x5F14A0, 0x68408D, 0xFFD880, 0x4D7327, 0x310606, 0x1556CA,
    0x73A8C9, 0x60E27B, 0xC08C6B,
];

/// pi/2 in pieces of 24 bits.
const PIO2: [f64; 8] = [
    f64::from_bits(0x3FF921FB_40000000),
    f64::from_bits(0x3E74442D_00000000),
    f64::from_bits(0x3CF84698_80000000),
    f64::from_bits(0x3B78CC51_60000000),
    f64::from_bits(0x39F01B83_80000000),
    f64::from_bits(0x387A2520_40000000),
    f64::from_bits(0x36E38222_80000000),
    f64::from_bits(0x3569F31D_00000000),
];

const INV_PIO2: f64 = f64::from_bits(0x3FE45F30_6DC9C883);
const PIO2_1: f64 = f64::from_bits(0x3FF921FB_54400000);
const PIO2_1T: f64 = f64::from_bits(0x3DD0B461_1A626331);
const PIO2_2: f64 = f64::from_bits(0x3DD0B461_1A600000);
const PIO2_2T: f64 = f64::from_bits(0x3BA3198A_2E037073);
const PIO2_3: f64 = f64::from_bits(0x3BA3198A_2E000000);
const PIO2_3T: f64 = f64::from_bits(0x397B839A_252049C1);
const TWO24: f64 = 16777216.0;

fn exponent(x: f64) -> i32 {
    (x.to_bits() >> 52 & 0x7FF) as i32
}

/// `n` (its last bits), and the remainder with its tail. `x` is finite and beyond pi/4.
pub(super) fn rem_pio2(x: f64) -> (i32, f64, f64) {
    let ix = (x.to_bits() >> 32) as i32 & 0x7FFF_FFFF;
    let a = x.abs();
    let (n, y0, y1) = if ix < 0x4002_D97C {
        small(a, ix)
    } else if ix <= 0x4139_21FB {
        medium(a, ix)
    } else {
        large(a)
    };
    if x < 0.0 { (-n, -y0, -y1) } else { (n, y0, y1) }
}

/// Below 3 pi / 4.
fn small(a: f64, ix: i32) -> (i32, f64, f64) {
    let z = a - PIO2_1;
    let (z, tail) = if ix != 0x3FF9_21FB { (z, PIO2_1T) } else { (z - PIO2_2, PIO2_2T) };
    let y0 = z - tail;
    (1, y0, (z - y0) - tail)
}

/// Up to 2^19 pi / 2: Cody and Waite, with as many terms as cancellation asks for.
fn medium(a: f64, ix: i32) -> (i32, f64, f64) {
    let n = (a * INV_PIO2 + 0.5) as i32;
    let f = n as f64;
    let mut r = a - f * PIO2_1;
    let mut w = f * PIO2_1T;
    let mut y0 = r - w;
    let j = ix >> 20;
    if j - exponent(y0) > 16 {
        let t = r;
        w = f * PIO2_2;
        r = t - w;
        w = f * PIO2_2T - ((t - r) - w);
        y0 = r - w;
        if j - exponent(y0) > 49 {
            let t = r;
            w = f * PIO2_3;
            r = t - w;
            w = f * PIO2_3T - ((t - r) - w);
            y0 = r - w;
        }
    }
    (n, y0, (r - y0) - w)
}

/// Payne and Hanek: multiplies by as many bits of 2/pi as the result needs.
fn large(a: f64) -> (i32, f64, f64) {
    let e0 = exponent(a) - 1046;
    let mut z = f64::from_bits(a.to_bits() - ((e0 as u64) << 52));
    let mut x = [0.0; 3];
    for piece in &mut x[..2] {
        *piece = z.trunc();
        z = (z - *piece) * TWO24;
    }
    x[2] = z;
    let nx = 3 - x.iter().rev().take_while(|p| **p == 0.0).count();
    let x = &x[..nx];
    const JK: usize = 4;
    let jx = nx - 1;
    let jv = ((e0 - 3) / 24).max(0) as usize;
    let mut q0 = e0 - 24 * (jv as i32 + 1);
    let mut f = [0.0; 20];
    for (i, f) in f.iter_mut().enumerate().take(jx + JK + 1) {
        *f = (jv + i).checked_sub(jx).map_or(0.0, |j| TWO_OVER_PI[j] as f64);
    }
    let product = |f: &[f64; 20], i: usize| x.iter().enumerate().fold(0.0, |s, (j, p)| s + p * f[jx + i - j]);
    let mut q = [0.0; 20];
    for (i, q) in q.iter_mut().enumerate().take(JK + 1) {
        *q = product(&f, i);
    }
    let mut iq = [0i32; 20];
    let mut jz = JK;
    let (mut n, mut ih, mut z);
    loop {
        z = q[jz];
        for (i, j) in (1..=jz).rev().enumerate() {
            let high = (z / TWO24).trunc();
            iq[i] = (z - TWO24 * high) as i32;
            z = q[j - 1] + high;
        }
        z = libm::scalbn(z, q0);
        z -= 8.0 * (z * 0.125).floor();
        n = z as i32;
        z -= n as f64;
        ih = 0;
        if q0 > 0 {
            let i = iq[jz - 1] >> (24 - q0);
            n += i;
            iq[jz - 1] -= i << (24 - q0);
            ih = iq[jz - 1] >> (23 - q0);
        } else if q0 == 0 {
            ih = iq[jz - 1] >> 23;
        } else if z >= 0.5 {
            ih = 2;
        }
        if ih > 0 {
            n += 1;
            let mut carry = false;
            for i in &mut iq[..jz] {
                if carry {
                    *i = 0xFF_FFFF - *i;
                } else if *i != 0 {
                    carry = true;
                    *i = 0x100_0000 - *i;
                }
            }
            match q0 {
                1 => iq[jz - 1] &= 0x7F_FFFF,
                2 => iq[jz - 1] &= 0x3F_FFFF,
                _ => {}
            }
            if ih == 2 {
                z = 1.0 - z;
                if carry {
                    z -= libm::scalbn(1.0, q0);
                }
            }
        }
        if z != 0.0 || iq[JK..jz].iter().any(|i| *i != 0) {
            break;
        }
        let k = 1 + iq[..JK].iter().rev().take_while(|i| **i == 0).count();
        for i in jz + 1..=jz + k {
            f[jx + i] = TWO_OVER_PI[jv + i] as f64;
            q[i] = product(&f, i);
        }
        jz += k;
    }
    if z == 0.0 {
        jz -= 1;
        q0 -= 24;
        while iq[jz] == 0 {
            jz -= 1;
            q0 -= 24;
        }
    } else {
        z = libm::scalbn(z, -q0);
        if z >= TWO24 {
            let high = (z / TWO24).trunc();
            iq[jz] = (z - TWO24 * high) as i32;
            jz += 1;
            q0 += 24;
            iq[jz] = high as i32;
        } else {
            iq[jz] = z as i32;
        }
    }
    let mut scale = libm::scalbn(1.0, q0);
    for i in (0..=jz).rev() {
        q[i] = scale * iq[i] as f64;
        scale /= TWO24;
    }
    let mut fq = [0.0; 20];
    for i in (0..=jz).rev() {
        fq[jz - i] = (0..=JK.min(jz - i)).fold(0.0, |s, k| s + PIO2[k] * q[i + k]);
    }
    let sum = (0..=jz).rev().fold(0.0, |s, i| s + fq[i]);
    let y0 = if ih == 0 { sum } else { -sum };
    let tail = (1..=jz).fold(fq[0] - sum, |s, i| s + fq[i]);
    (n & 7, y0, if ih == 0 { tail } else { -tail })
}
