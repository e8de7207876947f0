//! Text under construction: one byte per code unit as long as that is enough.

use super::{Chars, Str};
use crate::runtime::heap::Heap;

/// A growing text in malloc'd memory.
pub enum Builder {
    /// Every code unit so far is below 256.
    Latin1(Vec<u8>),
    /// Some may not be.
    Utf16(Vec<u16>),
}

impl Builder {
    /// An empty text with room for some code units.
    pub fn with_capacity(units: usize) -> Builder {
        Builder::Latin1(Vec::with_capacity(units))
    }
    /// Code units so far.
    pub fn len(&self) -> usize {
        match self {
            Builder::Latin1(b) => b.len(),
            Builder::Utf16(u) => u.len(),
        }
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Forgets what comes after the first `len` code units.
    pub fn truncate(&mut self, len: usize) {
        match self {
            Builder::Latin1(b) => b.truncate(len),
            Builder::Utf16(u) => u.truncate(len),
        }
    }

    #[cold]
    fn widen(&mut self) -> &mut Vec<u16> {
        if let Builder::Latin1(b) = self {
            *self = Builder::Utf16(b.iter().map(|c| *c as u16).collect());
        }
        match self {
            Builder::Utf16(u) => u,
            Builder::Latin1(_) => unreachable!("just widened"),
        }
    }

    /// Appends a code unit.
    #[inline]
    pub fn push(&mut self, unit: u16) {
        match self {
            Builder::Latin1(b) if unit < 256 => b.push(unit as u8),
            Builder::Latin1(_) => self.widen().push(unit),
            Builder::Utf16(u) => u.push(unit),
        }
    }
    /// Appends code units below 256.
    #[inline]
    pub fn push_latin1(&mut self, text: &[u8]) {
        match self {
            Builder::Latin1(b) => b.extend_from_slice(text),
            Builder::Utf16(u) => u.extend(text.iter().map(|c| *c as u16)),
        }
    }
    /// Appends a text.
    #[inline]
    pub fn push_chars(&mut self, chars: Chars) {
        match chars {
            Chars::Latin1(b) => self.push_latin1(b),
            Chars::Utf16(text) => match self {
                Builder::Utf16(u) => u.extend_from_slice(text),
                Builder::Latin1(_) => self.widen().extend_from_slice(text),
            },
        }
    }
    /// Appends an integer in decimal.
    pub fn push_int(&mut self, i: i32) {
        let mut buffer = [0u8; 11];
        let mut at = buffer.len();
        let mut rest = i.unsigned_abs();
        loop {
            at -= 1;
            buffer[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if i < 0 {
            at -= 1;
            buffer[at] = b'-';
        }
        self.push_latin1(&buffer[at..]);
    }

    /// The string. The caller has checked that it is not too long.
    pub fn finish(self, heap: &mut Heap) -> Str {
        match self {
            Builder::Latin1(b) => Str::latin1(heap, &b),
            Builder::Utf16(u) => Str::utf16(heap, &u),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::heap::HeapConfig;

    #[test]
    fn texts_widen_only_when_they_must() {
        let mut heap = Heap::new(HeapConfig::default()).unwrap();
        let mut b = Builder::with_capacity(0);
        b.push_int(i32::MIN);
        b.push(0xE9);
        assert!(matches!(b, Builder::Latin1(_)));
        let narrow = b.len();
        b.push(0x4E16);
        b.push_latin1(b"!");
        b.push_chars(Chars::Utf16(&[0xD83D, 0xDE00]));
        assert_eq!(b.len(), narrow + 4);
        b.truncate(narrow + 2);
        assert_eq!(b.finish(&mut heap).to_rust(), "-2147483648é世!");
    }
}
