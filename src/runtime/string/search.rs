//! Searching in strings. One-byte haystacks look for the needle's first unit with the C library's vectorized scan.

use super::chars::Chars;

/// First index of a byte.
#[inline]
pub fn find_byte(hay: &[u8], byte: u8) -> Option<usize> {
    // SAFETY: the range is the slice's; the result is null or points into it.
    unsafe {
        let found = libc::memchr(hay.as_ptr().cast(), byte as i32, hay.len());
        (!found.is_null()).then(|| found.cast_const().byte_offset_from_unsigned(hay.as_ptr()))
    }
}

/// First index at or after `from` where `needle` occurs.
pub fn index_of(hay: Chars, needle: Chars, from: usize) -> Option<usize> {
    let (n, m) = (hay.len(), needle.len());
    if m == 0 {
        return Some(from.min(n));
    }
    if from >= n || m > n - from {
        return None;
    }
    match (hay, needle) {
        (Chars::Latin1(h), Chars::Latin1(s)) => find_bytes(h, s, from),
        (Chars::Utf16(h), Chars::Utf16(s)) => find(h, s, from),
        (Chars::Utf16(h), Chars::Latin1(s)) => {
            let wide: Vec<u16> = s.iter().map(|c| *c as u16).collect();
            find(h, &wide, from)
        }
        (Chars::Latin1(h), Chars::Utf16(s)) => {
            let narrow: Option<Vec<u8>> = s.iter().map(|c| u8::try_from(*c).ok()).collect();
            find_bytes(h, &narrow?, from)
        }
    }
}

/// Last index at or before `from` where `needle` occurs.
pub fn last_index_of(hay: Chars, needle: Chars, from: usize) -> Option<usize> {
    let last = hay.len().checked_sub(needle.len())?;
    (0..=last.min(from)).rev().find(|i| hay.range(*i, i + needle.len()).equals(needle))
}

fn find_bytes(hay: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let (first, rest) = needle.split_first()?;
    let last = hay.len() - needle.len();
    let mut at = from;
    while at <= last {
        at += find_byte(&hay[at..=last], *first)?;
        if hay[at + 1..at + 1 + rest.len()] == *rest {
            return Some(at);
        }
        at += 1;
    }
    None
}

fn find(hay: &[u16], needle: &[u16], from: usize) -> Option<usize> {
    let (first, rest) = needle.split_first()?;
    let last = hay.len() - needle.len();
    let mut at = from;
    while at <= last {
        at += hay[at..=last].iter().position(|c| c == first)?;
        if hay[at + 1..at + 1 + rest.len()] == *rest {
            return Some(at);
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_first_and_last() {
        let hay = Chars::Latin1(b"banana");
        let ana = Chars::Latin1(b"ana");
        assert_eq!(index_of(hay, ana, 0), Some(1));
        assert_eq!(index_of(hay, ana, 2), Some(3));
        assert_eq!(index_of(hay, ana, 4), None);
        assert_eq!(last_index_of(hay, ana, 9), Some(3));
        assert_eq!(last_index_of(hay, ana, 2), Some(1));
        assert_eq!(index_of(hay, Chars::Latin1(b""), 99), Some(6));
        assert_eq!(index_of(hay, Chars::Utf16(&[0x4e2d]), 0), None);
    }
}
