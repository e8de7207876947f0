//! The code units of a flat string, in either width: what every string algorithm works on.
//!
//! A [`Chars`] is a pair of pointer and length into a heap cell (or into any buffer, for text that is being built). See
//! [`super`] for why it may be held across allocations.

use std::cmp::Ordering;

/// A window of code units. Copy; lives as long as it is on the native stack.
#[derive(Clone, Copy, Debug)]
pub enum Chars {
    /// One byte per code unit.
    Latin1(&'static [u8]),
    /// Two bytes per code unit.
    Utf16(&'static [u16]),
}

/// Calls a generic expression with the units, whichever width they have.
macro_rules! with_units {
    ($chars:expr, $u:ident => $body:expr) => {
        match $chars {
            Chars::Latin1($u) => $body,
            Chars::Utf16($u) => $body,
        }
    };
}

impl Chars {
    /// Number of code units.
    #[inline(always)]
    pub fn len(self) -> usize {
        with_units!(self, u => u.len())
    }
    /// Whether there are none.
    #[inline(always)]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
    /// Whether it is held in one byte per unit.
    #[inline(always)]
    pub fn is_latin1(self) -> bool {
        matches!(self, Chars::Latin1(_))
    }
    /// The code unit at `i`, which is in range.
    #[inline(always)]
    pub fn at(self, i: usize) -> u16 {
        match self {
            Chars::Latin1(u) => u[i] as u16,
            Chars::Utf16(u) => u[i],
        }
    }
    /// The code unit at `i`, if in range.
    #[inline(always)]
    pub fn get(self, i: usize) -> Option<u16> {
        (i < self.len()).then(|| self.at(i))
    }
    /// The window from `start` up to `end`.
    #[inline]
    pub fn range(self, start: usize, end: usize) -> Chars {
        match self {
            Chars::Latin1(u) => Chars::Latin1(&u[start..end]),
            Chars::Utf16(u) => Chars::Utf16(&u[start..end]),
        }
    }
    /// All code units in order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = u16> + ExactSizeIterator {
        (0..self.len()).map(move |i| self.at(i))
    }
    /// Code points with the unit index where each begins; a lone surrogate stands for itself.
    pub fn code_points(self) -> impl Iterator<Item = (usize, u32)> {
        let mut i = 0;
        std::iter::from_fn(move || {
            let at = i;
            let (c, n) = self.code_point_at(at)?;
            i += n;
            Some((at, c))
        })
    }
    /// The code point that begins at `i` and its length in units.
    pub fn code_point_at(self, i: usize) -> Option<(u32, usize)> {
        let c = self.get(i)? as u32;
        if c & 0xFC00 == 0xD800
            && let Some(d) = self.get(i + 1)
            && d & 0xFC00 == 0xDC00
        {
            return Some((0x10000 + ((c & 0x3FF) << 10) + (d as u32 & 0x3FF), 2));
        }
        Some((c, 1))
    }
    /// Copies all units; the lengths are equal.
    pub fn copy_to(self, out: &mut [u16]) {
        match self {
            Chars::Latin1(u) => out.iter_mut().zip(u).for_each(|(o, c)| *o = *c as u16),
            Chars::Utf16(u) => out.copy_from_slice(u),
        }
    }
    /// Appends all units.
    pub fn append_to(self, out: &mut Vec<u16>) {
        match self {
            Chars::Latin1(u) => out.extend(u.iter().map(|c| *c as u16)),
            Chars::Utf16(u) => out.extend_from_slice(u),
        }
    }
    /// The units in a buffer of their own.
    pub fn to_vec(self) -> Vec<u16> {
        let mut out = Vec::with_capacity(self.len());
        self.append_to(&mut out);
        out
    }
    /// The text as UTF-8; lone surrogates become U+FFFD.
    pub fn to_rust(self) -> String {
        char::decode_utf16(self.iter()).map(|r| r.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }
    /// The bytes, if the text is ASCII in one-byte form: what number parsing and the like need.
    pub fn as_ascii(self) -> Option<&'static str> {
        match self {
            Chars::Latin1(u) if u.is_ascii() => std::str::from_utf8(u).ok(),
            Chars::Latin1(_) | Chars::Utf16(_) => None,
        }
    }

    /// A hash of the units that does not depend on their width; never 0. Of long text only the ends count: a program that
    /// uses text of megabytes as keys should not wait for each.
    pub fn hash(self) -> u32 {
        const ENDS: usize = 1 << 14;
        let h = with_units!(self, u => match u.len() {
            n if n <= 2 * ENDS => hash_units(u.iter().map(|c| *c as u32)),
            n => hash_units(u[..ENDS].iter().chain(&u[n - ENDS..]).map(|c| *c as u32)) ^ n as u32,
        });
        if h == 0 { 1 } else { h }
    }

    /// Same units?
    pub fn equals(self, other: Chars) -> bool {
        match (self, other) {
            (Chars::Latin1(a), Chars::Latin1(b)) => a == b,
            (Chars::Utf16(a), Chars::Utf16(b)) => a == b,
            (Chars::Latin1(a), Chars::Utf16(b)) | (Chars::Utf16(b), Chars::Latin1(a)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(x, y)| *x as u16 == *y)
            }
        }
    }
    /// Same units as a piece of ASCII?
    pub fn equals_str(self, ascii: &str) -> bool {
        self.len() == ascii.len() && self.iter().zip(ascii.bytes()).all(|(a, b)| a == b as u16)
    }
    /// Order by units.
    pub fn compare(self, other: Chars) -> Ordering {
        match (self, other) {
            (Chars::Latin1(a), Chars::Latin1(b)) => a.cmp(b),
            (Chars::Utf16(a), Chars::Utf16(b)) => a.cmp(b),
            (Chars::Latin1(_), Chars::Utf16(_)) | (Chars::Utf16(_), Chars::Latin1(_)) => self.iter().cmp(other.iter()),
        }
    }

    /// Without leading and trailing white space and line ends, as ECMAScript defines them.
    pub fn trim(self) -> Chars {
        self.trim_start().trim_end()
    }
    /// Without leading white space.
    #[inline]
    pub fn trim_start(self) -> Chars {
        if self.get(0).is_some_and(|c| !is_space(c)) {
            return self;
        }
        let start = self.iter().position(|c| !is_space(c)).unwrap_or(self.len());
        self.range(start, self.len())
    }
    /// Without trailing white space.
    #[inline]
    pub fn trim_end(self) -> Chars {
        if self.len().checked_sub(1).is_some_and(|last| !is_space(self.at(last))) {
            return self;
        }
        let end = self.iter().rposition(|c| !is_space(c)).map_or(0, |i| i + 1);
        self.range(0, end)
    }
    /// The array index (`0 ..= 2^32 - 2`) whose canonical spelling this is.
    pub fn array_index(self) -> Option<u32> {
        let n = self.len();
        if n == 0 || n > 10 || !(b'0' as u16..=b'9' as u16).contains(&self.at(0)) {
            return None;
        }
        if self.at(0) == b'0' as u16 {
            return (n == 1).then_some(0);
        }
        let mut value = 0u64;
        for c in self.iter() {
            if !(b'0' as u16..=b'9' as u16).contains(&c) {
                return None;
            }
            value = value * 10 + (c - b'0' as u16) as u64;
        }
        (value < u32::MAX as u64).then_some(value as u32)
    }
}

fn hash_units(units: impl Iterator<Item = u32>) -> u32 {
    let mut h: u64 = 0x9E37_79B9;
    for c in units {
        h = (h.rotate_left(5) ^ c as u64).wrapping_mul(0x517C_C1B7_2722_0A95);
    }
    (h >> 32) as u32 ^ h as u32
}

/// White space and line terminators of ECMAScript.
#[inline]
pub fn is_space(c: u16) -> bool {
    matches!(c, 9..=13 | 32) || c >= 0xA0 && is_wide_space(c)
}

fn is_wide_space(c: u16) -> bool {
    matches!(c, 0xA0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000 | 0xFEFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn array_indices_are_canonical() {
        for (text, index) in [
            ("0", Some(0)),
            ("42", Some(42)),
            ("4294967294", Some(4294967294)),
            ("4294967295", None),
            ("01", None),
            ("-1", None),
            ("", None),
            ("1a", None),
            ("99999999999", None),
        ] {
            assert_eq!(Chars::Latin1(text.as_bytes()).array_index(), index, "{text}");
        }
    }

    #[test]
    fn code_points_join_surrogates() {
        static UNITS: [u16; 4] = [0x61, 0xD83D, 0xDE00, 0xD83D];
        let points: Vec<_> = Chars::Utf16(&UNITS).code_points().collect();
        assert_eq!(points, [(0, 0x61), (1, 0x1F600), (3, 0xD83D)]);
    }
}
