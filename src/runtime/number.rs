//! Numbers as text and as integers, without a heap: the exact algorithms of ECMAScript and, where that leaves a choice
//! (radix other than ten), V8's.
//!
//! Shortest decimal spelling comes from crate `ryu-js`. Rust's own float formatting and parsing are exact (correctly
//! rounded), but format ties to even, where `toFixed` and its sisters round ties up: those are found and redone here.

use super::string::Chars;
use std::borrow::Cow;

/// `ToInt32`: the integer part modulo 2^32.
#[inline]
pub fn to_int32(d: f64) -> i32 {
    let i = d as i64;
    // In range of i64 the cast is exact, and truncating it to 32 bits is the modulus.
    if i != i64::MAX && i != i64::MIN {
        return i as i32;
    }
    to_int32_huge(d)
}

#[cold]
fn to_int32_huge(d: f64) -> i32 {
    let bits = d.to_bits();
    let exponent = ((bits >> 52) & 0x7FF) as i32 - 1075;
    if !(0..32).contains(&exponent) {
        return 0; // Infinity, NaN, or a multiple of 2^32.
    }
    let mantissa = (bits & ((1 << 52) - 1)) | 1 << 52;
    let magnitude = (mantissa << exponent) as i32;
    if d < 0.0 { magnitude.wrapping_neg() } else { magnitude }
}

/// Decimal spelling of a number, as `String(d)` gives it.
pub fn to_string(d: f64) -> String {
    ryu_js::Buffer::new().format(d).to_owned()
}

/// `parseFloat` and `ToNumber` share the decimal grammar: the length of the longest decimal literal at the front.
fn decimal_prefix(text: &[u8]) -> usize {
    let digits = |mut i: usize| {
        let start = i;
        while text.get(i).is_some_and(u8::is_ascii_digit) {
            i += 1;
        }
        (i, i - start)
    };
    let (mut i, whole) = digits(matches!(text.first(), Some(b'+' | b'-')) as usize);
    let mut fraction = 0;
    if text.get(i) == Some(&b'.') {
        let (end, n) = digits(i + 1);
        if whole + n > 0 {
            i = end;
        }
        fraction = n;
    }
    if whole + fraction == 0 {
        return 0;
    }
    if matches!(text.get(i), Some(b'e' | b'E')) {
        let sign = matches!(text.get(i + 1), Some(b'+' | b'-')) as usize;
        let (end, n) = digits(i + 1 + sign);
        if n > 0 {
            i = end;
        }
    }
    i
}

fn ascii_prefix(chars: Chars) -> Cow<'static, [u8]> {
    match chars {
        Chars::Latin1(b) => Cow::Borrowed(&b[..b.iter().position(|c| !c.is_ascii()).unwrap_or(b.len())]),
        Chars::Utf16(u) => u.iter().map_while(|c| u8::try_from(*c).ok().filter(u8::is_ascii)).collect(),
    }
}

fn parse_decimal(text: &[u8]) -> f64 {
    std::str::from_utf8(text).ok().and_then(|s| s.parse().ok()).unwrap_or(f64::NAN)
}

/// `ToNumber` of a string.
#[inline]
pub fn from_string(chars: Chars) -> f64 {
    match chars {
        Chars::Latin1([digit @ b'0'..=b'9']) => (digit - b'0') as f64,
        _longer => from_longer_string(chars),
    }
}

fn from_longer_string(chars: Chars) -> f64 {
    let chars = chars.trim();
    if chars.is_empty() {
        return 0.0;
    }
    if let Some(i) = chars.array_index() {
        return i as f64;
    }
    let text = ascii_prefix(chars);
    if text.len() != chars.len() {
        return f64::NAN;
    }
    if let [b'0', x, digits @ ..] = &text[..] {
        let radix = match x {
            b'x' | b'X' => 16,
            b'o' | b'O' => 8,
            b'b' | b'B' => 2,
            _ => 0,
        };
        if radix != 0 {
            let valid = !digits.is_empty() && digits.iter().all(|c| digit_value(*c as u16).is_some_and(|d| d < radix));
            return if valid { parse_power_of_two(digits, radix) } else { f64::NAN };
        }
    }
    match &text[..] {
        b"Infinity" | b"+Infinity" => f64::INFINITY,
        b"-Infinity" => f64::NEG_INFINITY,
        t if decimal_prefix(t) == t.len() => parse_decimal(t),
        _ => f64::NAN,
    }
}

/// `parseFloat`.
pub fn parse_float(chars: Chars) -> f64 {
    let text = ascii_prefix(chars.trim_start());
    let unsigned = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(&text);
    if unsigned.starts_with(b"Infinity") {
        return if text[0] == b'-' { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    match decimal_prefix(&text) {
        0 => f64::NAN,
        n => parse_decimal(&text[..n]),
    }
}

fn digit_value(c: u16) -> Option<u32> {
    char::from_u32(c as u32).and_then(|c| c.to_digit(36))
}

/// `parseInt` with a radix already converted to int32 (0: not given).
pub fn parse_int(chars: Chars, radix: i32) -> f64 {
    let text = ascii_prefix(chars.trim_start());
    let negative = text.first() == Some(&b'-');
    let mut rest = if matches!(text.first(), Some(b'+' | b'-')) { &text[1..] } else { &text[..] };
    let mut radix = radix;
    if (radix == 0 || radix == 16) && matches!(rest, [b'0', b'x' | b'X', ..]) {
        rest = &rest[2..];
        radix = 16;
    }
    if radix == 0 {
        radix = 10;
    }
    if !(2..=36).contains(&radix) {
        return f64::NAN;
    }
    let radix = radix as u32;
    let n = rest.iter().take_while(|c| digit_value(**c as u16).is_some_and(|d| d < radix)).count();
    if n == 0 {
        return f64::NAN;
    }
    let digits = &rest[..n];
    let magnitude = match radix {
        // Integers of fifteen digits are exact.
        10 if n <= 15 => digits.iter().fold(0u64, |sum, c| sum * 10 + (c - b'0') as u64) as f64,
        10 => parse_decimal(digits),
        2 | 4 | 8 | 16 | 32 => parse_power_of_two(digits, radix),
        _ => parse_other_radix(digits, radix),
    };
    if negative { -magnitude } else { magnitude }
}

/// Exact, ties to even: keeps 64 bits and whether anything below them was set.
fn parse_power_of_two(digits: &[u8], radix: u32) -> f64 {
    let shift = radix.trailing_zeros();
    let (mut head, mut dropped, mut sticky) = (0u64, 0i32, false);
    for c in digits {
        let d = digit_value(*c as u16).unwrap_or(0) as u64;
        for bit in (0..shift).rev() {
            let b = d >> bit & 1;
            if head >> 62 == 0 {
                head = head << 1 | b;
            } else {
                dropped = dropped.saturating_add(1);
                sticky |= b == 1;
            }
        }
    }
    // The sticky bit is below the 53 that count and breaks ties the right way.
    let value = (head << 1 | sticky as u64) as f64 / 2.0;
    if dropped > 1100 { f64::INFINITY } else { value * 2f64.powi(dropped) }
}

/// As V8: whole 32-bit parts at a time, with the rounding errors that brings.
fn parse_other_radix(digits: &[u8], radix: u32) -> f64 {
    let mut value = 0.0f64;
    let mut at = 0;
    while at < digits.len() {
        let (mut part, mut multiplier) = (0u32, 1u32);
        while at < digits.len() && multiplier as u64 * radix as u64 <= (u32::MAX / 36) as u64 {
            part = part * radix + digit_value(digits[at] as u16).unwrap_or(0);
            multiplier *= radix;
            at += 1;
        }
        value = value * multiplier as f64 + part as f64;
    }
    value
}

/// `toString(radix)` of a finite number, `2 <= radix <= 36`: V8's `DoubleToRadixCString`.
pub fn to_radix_string(value: f64, radix: u32) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    if let Some(i) = Some(value as i64).filter(|i| *i as f64 == value && i.abs() < 1 << 53) {
        let (mut buffer, mut at, mut rest) = ([0u8; 54], 54, i.unsigned_abs());
        loop {
            at -= 1;
            buffer[at] = DIGITS[(rest % radix as u64) as usize];
            rest /= radix as u64;
            if rest == 0 {
                break;
            }
        }
        if i < 0 {
            at -= 1;
            buffer[at] = b'-';
        }
        return buffer[at..].iter().map(|c| *c as char).collect();
    }
    let negative = value < 0.0;
    let value = value.abs();
    let base = radix as f64;
    let mut whole = value.floor();
    let mut fraction = value - whole;
    let mut delta = (0.5 * (value.next_up() - value)).max(f64::from_bits(1));
    let mut fraction_digits: Vec<u8> = Vec::new();
    if fraction >= delta {
        loop {
            fraction *= base;
            delta *= base;
            let digit = fraction as usize;
            fraction_digits.push(digit as u8);
            fraction -= digit as f64;
            if (fraction > 0.5 || (fraction == 0.5 && digit & 1 == 1)) && fraction + delta > 1.0 {
                // Round up, carrying over through the digits written so far.
                loop {
                    match fraction_digits.pop() {
                        None => {
                            whole += 1.0;
                            break;
                        }
                        Some(d) if (d as u32) + 1 < radix => {
                            fraction_digits.push(d + 1);
                            break;
                        }
                        Some(_) => {}
                    }
                }
                break;
            }
            if fraction < delta {
                break;
            }
        }
    }
    let mut reversed = Vec::new();
    // Digits below the precision of what is left are zeros.
    while whole / base >= 9007199254740992.0 {
        whole /= base;
        reversed.push(b'0');
    }
    loop {
        let remainder = whole % base;
        reversed.push(DIGITS[remainder as usize]);
        whole = (whole - remainder) / base;
        if whole <= 0.0 {
            break;
        }
    }
    if negative {
        reversed.push(b'-');
    }
    let mut out: String = reversed.iter().rev().map(|c| *c as char).collect();
    if !fraction_digits.is_empty() {
        out.push('.');
        out.extend(fraction_digits.iter().map(|d| DIGITS[*d as usize] as char));
    }
    out
}

/// `toFixed`, for `|d| < 1e21` and up to 100 digits. Ties go up.
pub fn to_fixed(d: f64, digits: usize) -> String {
    let magnitude = d.abs();
    // d * 10^digits ends in exactly one half if and only if d = odd * 2^-(digits + 1).
    let tie = magnitude != 0.0 && lowest_bit(magnitude) == -(digits as i32 + 1);
    let text = if tie {
        let mut text = format!("{magnitude:.*}", digits + 1).into_bytes();
        text.pop();
        if text.last() == Some(&b'.') {
            text.pop();
        }
        increment(&mut text);
        String::from_utf8(text).unwrap_or_default()
    } else {
        format!("{magnitude:.digits$}")
    };
    if d < 0.0 { format!("-{text}") } else { text }
}

/// Exponent of the lowest set bit.
fn lowest_bit(d: f64) -> i32 {
    let bits = d.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i32;
    let mantissa = bits & ((1 << 52) - 1) | if exponent == 0 { 0 } else { 1 << 52 };
    exponent.max(1) - 1075 + mantissa.trailing_zeros() as i32
}

/// Adds one unit in the last place to a decimal numeral.
fn increment(text: &mut Vec<u8>) {
    for c in text.iter_mut().rev() {
        match c {
            b'9' => *c = b'0',
            b'.' => {}
            _ => {
                *c += 1;
                return;
            }
        }
    }
    text.insert(0, b'1');
}

/// The first `count` significant decimal digits of a positive number, ties up, and the exponent of the first.
fn significant_digits(d: f64, count: usize) -> (Vec<u8>, i32) {
    let split = |text: String| {
        let (digits, exponent) = text.split_once('e').expect("exponent format has an exponent");
        let digits: Vec<u8> = digits.bytes().filter(|c| *c != b'.').collect();
        (digits, exponent.parse::<i32>().expect("exponent is a number"))
    };
    let (probe, exponent) = split(format!("{d:.count$e}"));
    if probe[count] == b'5' {
        // Perhaps a tie: look at all the digits there are.
        let (all, exponent) = split(format!("{d:.800e}"));
        if all[count] == b'5' && all[count + 1..].iter().all(|c| *c == b'0') {
            let mut digits = all[..count].to_vec();
            increment(&mut digits);
            if digits.len() > count {
                digits.pop();
                return (digits, exponent + 1);
            }
            return (digits, exponent);
        }
    }
    let _ = exponent;
    split(format!("{d:.*e}", count - 1))
}

/// `toPrecision` of a finite number, `1 <= precision <= 100`.
pub fn to_precision(d: f64, precision: usize) -> String {
    let sign = if d < 0.0 { "-" } else { "" };
    let (digits, exponent) = if d == 0.0 { (vec![b'0'; precision], 0) } else { significant_digits(d.abs(), precision) };
    let digits = String::from_utf8(digits).unwrap_or_default();
    if exponent < -6 || exponent >= precision as i32 {
        return format!("{sign}{}", scientific(&digits, exponent));
    }
    if exponent >= 0 {
        let (whole, fraction) = digits.split_at(exponent as usize + 1);
        let dot = if fraction.is_empty() { "" } else { "." };
        return format!("{sign}{whole}{dot}{fraction}");
    }
    format!("{sign}0.{}{digits}", "0".repeat((-exponent - 1) as usize))
}

/// `toExponential` of a finite number; without a count, as many digits as necessary.
pub fn to_exponential(d: f64, fraction_digits: Option<usize>) -> String {
    let sign = if d < 0.0 { "-" } else { "" };
    let magnitude = d.abs();
    let (digits, exponent) = match fraction_digits {
        Some(n) if d == 0.0 => (vec![b'0'; n + 1], 0),
        Some(n) => significant_digits(magnitude, n + 1),
        None => {
            // As many digits as the shortest spelling has, but (unlike there) ties to even.
            let shortest = format!("{magnitude:e}");
            let digits = shortest.bytes().take_while(|c| *c != b'e').filter(|c| *c != b'.').count();
            let text = format!("{magnitude:.*e}", digits - 1);
            let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            (digits.bytes().filter(|c| *c != b'.').collect(), exponent.parse().unwrap_or(0))
        }
    };
    format!("{sign}{}", scientific(&String::from_utf8(digits).unwrap_or_default(), exponent))
}

fn scientific(digits: &str, exponent: i32) -> String {
    let (first, rest) = digits.split_at(1);
    let dot = if rest.is_empty() { "" } else { "." };
    format!("{first}{dot}{rest}e{}{}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(s: &'static str) -> Chars {
        Chars::Latin1(s.as_bytes())
    }

    #[test]
    fn to_int32_is_modular() {
        for (d, i) in [
            (4294967296.0, 0),
            (4294967295.0, -1),
            (-4294967297.0, -1),
            (2147483648.0, i32::MIN),
            (1e20, 1661992960),
            (-1e20, -1661992960),
            (f64::NAN, 0),
            (f64::INFINITY, 0),
            (1.9, 1),
            (-1.9, -1),
            (9223372036854775808.0, 0),
            (2f64.powi(83), 0),
            ((1u64 << 53) as f64 * 2048.0 * 1024.0 - 2f64.powi(22), -4194304),
        ] {
            assert_eq!(to_int32(d), i, "{d}");
        }
    }

    #[test]
    fn strings_become_numbers_by_the_grammar() {
        for (s, d) in [
            ("", 0.0),
            ("  12  ", 12.0),
            ("0x1F", 31.0),
            ("0b101", 5.0),
            ("0o17", 15.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1e3", 1000.0),
            ("-1.5E-2", -0.015),
            ("+7", 7.0),
            ("-Infinity", f64::NEG_INFINITY),
            ("0x20000000000001", 9007199254740993u64 as f64),
            ("123456789012345678901234567890", 1.2345678901234568e29),
        ] {
            assert_eq!(from_string(chars(s)), d, "{s}");
        }
        for s in ["1e", "-0x1", "0x", "inf", "nan", "1_000", ".", "e5", "1 2", "+-1", "infinity", "0b2"] {
            assert!(from_string(chars(s)).is_nan(), "{s}");
        }
        assert!(from_string(chars("-0")).is_sign_negative());
    }

    #[test]
    fn parse_int_and_parse_float_take_the_longest_prefix() {
        assert_eq!(parse_int(chars("  -42px"), 0), -42.0);
        assert_eq!(parse_int(chars("0x1f"), 0), 31.0);
        assert_eq!(parse_int(chars("z"), 36), 35.0);
        assert_eq!(parse_int(chars("101"), 2), 5.0);
        assert!(parse_int(chars("9"), 8).is_nan());
        assert_eq!(parse_float(chars("3.25abc")), 3.25);
        assert_eq!(parse_float(chars("1e+")), 1.0);
        assert_eq!(parse_float(chars("-.5e1x")), -5.0);
        assert!(parse_float(chars(".e1")).is_nan());
    }

    #[test]
    fn fixed_and_precision_round_ties_up() {
        assert_eq!(to_fixed(2.5, 0), "3");
        assert_eq!(to_fixed(-2.5, 0), "-3");
        assert_eq!(to_fixed(1.005, 2), "1.00");
        assert_eq!(to_fixed(0.5, 0), "1");
        assert_eq!(to_fixed(9.5, 0), "10");
        assert_eq!(to_fixed(1.45, 1), "1.4");
        assert_eq!(to_fixed(0.000001, 7), "0.0000010");
        assert_eq!(to_precision(25.0, 1), "3e+1");
        assert_eq!(to_precision(123.456, 4), "123.5");
        assert_eq!(to_precision(0.000001, 2), "0.0000010");
        assert_eq!(to_precision(1e21, 3), "1.00e+21");
        assert_eq!(to_precision(99.99, 3), "100");
        assert_eq!(to_exponential(12345.0, Some(2)), "1.23e+4");
        assert_eq!(to_exponential(12345.0, None), "1.2345e+4");
        assert_eq!(to_exponential(0.0, Some(2)), "0.00e+0");
        assert_eq!(to_exponential(-1.5e-9, None), "-1.5e-9");
    }

    #[test]
    fn radix_strings_match_v8() {
        assert_eq!(to_radix_string(255.0, 16), "ff");
        assert_eq!(to_radix_string(-255.5, 2), "-11111111.1");
        assert_eq!(to_radix_string(0.1, 3), "0.0022002200220022002200220022002201");
        assert_eq!(to_radix_string(1e21, 36), "5v1j4f4ds7c000");
    }
}
