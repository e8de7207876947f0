//! Case mapping and collation of strings in code units.
//!
//! Case mapping is Unicode's full, language-independent one, which Rust's standard library has; lone surrogates pass
//! through. Collation approximates the root collation that Node's ICU uses: letters by base letter, then accent, then
//! lower before upper case; punctuation before symbols before digits before letters.

use std::cmp::Ordering;

/// Upper or lower case of a text.
pub fn change_case(units: &[u16], upper: bool) -> Vec<u16> {
    let mut out = Vec::with_capacity(units.len());
    let mut text = String::new();
    let flush = |text: &mut String, out: &mut Vec<u16>| {
        // Whole stretches at once: the final sigma depends on its neighbours.
        let changed = if upper { text.to_uppercase() } else { text.to_lowercase() };
        out.extend(changed.encode_utf16());
        text.clear();
    };
    for c in char::decode_utf16(units.iter().copied()) {
        match c {
            Ok(c) => text.push(c),
            Err(lone) => {
                flush(&mut text, &mut out);
                out.push(lone.unpaired_surrogate());
            }
        }
    }
    flush(&mut text, &mut out);
    out
}

/// ASCII punctuation and symbols in the order of the root collation.
const PUNCTUATION: &str = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

/// Weights of a character: primary, secondary (accent), tertiary (case).
fn weights(c: char) -> (u32, u32, u32) {
    if c.is_whitespace() {
        return (c as u32 & 0xFF, 0, 0);
    }
    if let Some(i) = PUNCTUATION.find(c) {
        return (0x100 + i as u32, 0, 0);
    }
    if let Some(d) = c.to_digit(10) {
        return (0x1000 + d, 0, 0);
    }
    let (base, accent) = decompose(c);
    let lower = base.to_lowercase().next().unwrap_or(base);
    let primary = if lower.is_alphabetic() { 0x2000 + lower as u32 } else { 0x200 + (lower as u32 & 0xDFF) };
    (primary, accent, (lower != base) as u32)
}

/// Base letter and accent of the Latin letters with diacritics that have a code point of their own below 256.
fn decompose(c: char) -> (char, u32) {
    const TABLE: &[(&str, char)] = &[
        ("\u{c0}\u{c1}\u{c2}\u{c3}\u{c4}\u{c5}", 'A'),
        ("\u{e0}\u{e1}\u{e2}\u{e3}\u{e4}\u{e5}", 'a'),
        ("\u{c7}", 'C'),
        ("\u{e7}", 'c'),
        ("\u{c8}\u{c9}\u{ca}\u{cb}", 'E'),
        ("\u{e8}\u{e9}\u{ea}\u{eb}", 'e'),
        ("\u{cc}\u{cd}\u{ce}\u{cf}", 'I'),
        ("\u{ec}\u{ed}\u{ee}\u{ef}", 'i'),
        ("\u{d1}", 'N'),
        ("\u{f1}", 'n'),
        ("\u{d2}\u{d3}\u{d4}\u{d5}\u{d6}\u{d8}", 'O'),
        ("\u{f2}\u{f3}\u{f4}\u{f5}\u{f6}\u{f8}", 'o'),
        ("\u{d9}\u{da}\u{db}\u{dc}", 'U'),
        ("\u{f9}\u{fa}\u{fb}\u{fc}", 'u'),
        ("\u{dd}", 'Y'),
        ("\u{fd}\u{ff}", 'y'),
    ];
    // Root collation orders accents: grave, acute, circumflex, tilde, diaeresis, ring, then stroke.
    TABLE
        .iter()
        .find_map(|(letters, base)| letters.chars().position(|l| l == c).map(|i| (*base, i as u32 + 1)))
        .unwrap_or((c, 0))
}

/// How two texts compare in the root collation.
pub fn collate(a: &[u16], b: &[u16]) -> Ordering {
    let weigh = |units: &[u16]| -> Vec<(u32, u32, u32)> {
        char::decode_utf16(units.iter().copied()).map(|c| weights(c.unwrap_or(char::REPLACEMENT_CHARACTER))).collect()
    };
    let (x, y) = (weigh(a), weigh(b));
    x.iter()
        .map(|w| w.0)
        .cmp(y.iter().map(|w| w.0))
        .then_with(|| x.iter().map(|w| w.1).cmp(y.iter().map(|w| w.1)))
        .then_with(|| x.iter().map(|w| w.2).cmp(y.iter().map(|w| w.2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(s: &str) -> Vec<u16> {
        s.encode_utf16().collect()
    }

    #[test]
    fn case_mapping_is_full_unicode() {
        assert_eq!(change_case(&units("stra\u{df}e"), true), units("STRASSE"));
        assert_eq!(change_case(&units("\u{39f}\u{394}\u{39f}\u{3a3}"), false), units("\u{3bf}\u{3b4}\u{3bf}\u{3c2}"));
        assert_eq!(change_case(&[0xD800, 0x61], true), [0xD800, 0x41]);
    }

    #[test]
    fn collation_puts_case_last() {
        let mut words = ["b", "A", "a", "B", "\u{e4}", "1", "_", "ab", "Ab", "-"].map(units);
        words.sort_by(|a, b| collate(a, b));
        let expected = ["_", "-", "1", "a", "A", "\u{e4}", "ab", "Ab", "b", "B"].map(units);
        assert_eq!(words, expected);
    }
}
