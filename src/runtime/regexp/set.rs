//! Sets of characters, and what it means to ignore case.

/// How a set compares characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Case {
    /// As they are.
    Exact,
    /// In their canonical form, after the Unicode rules or the older ones.
    Folded { unicode: bool },
}

impl Case {
    /// The form in which a character is compared.
    #[inline]
    pub fn form(self, c: u32) -> u32 {
        match self {
            Case::Exact => c,
            Case::Folded { unicode } => canonical(c, unicode),
        }
    }
}

/// A set of code points: a bitmap below 256, which says of each whether it passes with its case or without; sorted ranges
/// of canonical forms for the others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Set {
    low: [u64; 4],
    members: Vec<(u32, u32)>,
    case: Case,
}

impl Set {
    /// Whether a code point is in the set.
    #[inline(always)]
    pub fn has(&self, c: u32) -> bool {
        if c < 256 {
            return self.low[c as usize / 64] >> (c % 64) & 1 != 0;
        }
        self.has_member(self.case.form(c))
    }
    #[inline]
    fn has_member(&self, c: u32) -> bool {
        let after = self.members.partition_point(|(from, _)| *from <= c);
        after > 0 && self.members[after - 1].1 >= c
    }
    /// The set of what has the same form as a member of these ranges, both ends included; they are in that form.
    pub fn of(mut ranges: Vec<(u32, u32)>, case: Case) -> Set {
        ranges.sort_unstable();
        let mut set = Set { low: [0; 4], members: Vec::with_capacity(ranges.len()), case };
        for (from, to) in ranges {
            match set.members.last_mut() {
                Some(last) if last.1 + 1 >= from => last.1 = last.1.max(to),
                _apart => set.members.push((from, to)),
            }
        }
        for c in 0..256 {
            if set.has_member(case.form(c)) {
                set.low[c as usize / 64] |= 1 << (c % 64);
            }
        }
        set
    }
    /// The members below 256.
    pub fn low(&self) -> [u64; 4] {
        self.low
    }
    /// Whether there may be members from 256 on.
    pub fn reaches_high(&self) -> bool {
        self.case != Case::Exact || self.members.last().is_some_and(|(_, to)| *to >= 256)
    }
}

/// The last code point.
pub const LAST: u32 = 0x10FFFF;

/// What is in none of the ranges.
pub fn invert(ranges: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut sorted = ranges.to_vec();
    sorted.sort_unstable();
    let (mut out, mut next) = (Vec::new(), 0);
    for (from, to) in sorted {
        if from > next {
            out.push((next, from - 1));
        }
        next = next.max(to + 1);
    }
    if next <= LAST {
        out.push((next, LAST));
    }
    out
}

/// `\d`.
pub const DIGITS: &[(u32, u32)] = &[(0x30, 0x39)];
/// `\w`.
pub const WORD: &[(u32, u32)] = &[(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)];
/// `\s`.
pub const SPACE: &[(u32, u32)] = &[
    (0x09, 0x0D),
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
];

/// `\w`, when case is ignored in the Unicode way: the long s and the Kelvin sign fold to letters.
pub fn word(unicode_ignore_case: bool) -> Vec<(u32, u32)> {
    let mut ranges = WORD.to_vec();
    if unicode_ignore_case {
        ranges.extend([(0x17F, 0x17F), (0x212A, 0x212A)]);
    }
    ranges
}

/// Line terminators.
pub const NEWLINE: &[(u32, u32)] = &[(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)];

/// Whether a character is a line terminator.
#[inline]
pub fn is_newline(c: u32) -> bool {
    matches!(c, 0x0A | 0x0D | 0x2028 | 0x2029)
}

fn single(mut chars: impl Iterator<Item = char>) -> Option<u32> {
    let first = chars.next()?;
    chars.next().is_none().then_some(first as u32)
}

/// Canonicalize: characters that differ in case only have one canonical form.
#[inline]
pub fn canonical(c: u32, unicode: bool) -> u32 {
    if c < 128 {
        let lower = c.wrapping_sub(0x61) < 26;
        let upper = c.wrapping_sub(0x41) < 26;
        return match unicode {
            true if upper => c + 32,
            false if lower => c - 32,
            _itself => c,
        };
    }
    canonical_slow(c, unicode)
}

fn canonical_slow(c: u32, unicode: bool) -> u32 {
    let Some(ch) = char::from_u32(c) else { return c };
    let upper = single(ch.to_uppercase());
    if unicode {
        // Simple case folding. The dotless i folds to nothing but itself; three characters fold to one that looks the same.
        match c {
            0x131 => return c,
            0x1FD3 => return 0x390,
            0x1FE3 => return 0x3B0,
            0xFB05 => return 0xFB06,
            _by_the_tables => {}
        }
        let u = upper.and_then(char::from_u32).unwrap_or(ch);
        return single(u.to_lowercase()).unwrap_or(u as u32);
    }
    match upper {
        Some(u) if u >= 128 && (u > 0xFFFF) == (c > 0xFFFF) => u,
        _kept => c,
    }
}

/// The canonical forms of all members.
pub fn canonical_ranges(ranges: &[(u32, u32)], unicode: bool) -> Vec<(u32, u32)> {
    let mut out: Vec<(u32, u32)> = Vec::new();
    for &(from, to) in ranges {
        // Nothing past this plane has case.
        let end = to.min(0x1FFFF);
        for c in from..=end {
            let folded = canonical(c, unicode);
            match out.last_mut() {
                Some(last) if last.1 + 1 == folded => last.1 = folded,
                Some(last) if (last.0..=last.1).contains(&folded) => {}
                _apart => out.push((folded, folded)),
            }
        }
        if to > end {
            out.push((from.max(end + 1), to));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_and_their_inverses() {
        let ranges = [(0x41, 0x5A), (0xF0, 0x120), (0x121, 0x130), (0x10000, LAST)];
        let (set, inverse) = (Set::of(ranges.to_vec(), Case::Exact), Set::of(invert(&ranges), Case::Exact));
        for c in (0..0x400).chain([0xFFFF, 0x10000, LAST]) {
            let inside = ranges.iter().any(|(from, to)| (*from..=*to).contains(&c));
            assert_eq!((set.has(c), inverse.has(c)), (inside, !inside), "{c:#x}");
        }
    }

    #[test]
    fn folded_sets_take_all_cases() {
        let greek = Set::of(vec![(0x39C, 0x39C)], Case::Folded { unicode: false });
        assert!(greek.has(0xB5) && greek.has(0x39C) && greek.has(0x3BC) && !greek.has(b'M' as u32));
        for (unicode, kelvin) in [(false, false), (true, true)] {
            let k = Set::of(vec![(canonical(0x6B, unicode), canonical(0x6B, unicode))], Case::Folded { unicode });
            assert!(k.has(0x6B) && k.has(0x4B) && k.has(0x212A) == kelvin);
        }
    }

    #[test]
    fn case() {
        let same = |a: char, b: char, unicode| canonical(a as u32, unicode) == canonical(b as u32, unicode);
        assert!(same('a', 'A', false) && same('é', 'É', true) && same('σ', 'ς', true));
        assert!(
            !same('ſ', 's', false)
                && same('ſ', 's', true)
                && !same('\u{212A}', 'k', false)
                && same('\u{212A}', 'k', true)
        );
        assert!(!same('ı', 'i', true) && !same('ß', 'S', false) && same('ß', 'ẞ', true) && !same('ı', 'I', false));
        assert!(same('\u{390}', '\u{1FD3}', true) && !same('\u{390}', '\u{1FD3}', false));
    }
}
