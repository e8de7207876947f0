//! Where a match can begin, judged by more than its first character.
//!
//! The ways into a program are followed for as long as they are nothing but single characters. Each is a row of sets; the rows
//! are cut to one length, and a match can only begin where one of them fits. All rows are looked for at once, in one word
//! with a bit for each place in each row:
//!
//! ```text
//! /ab[cd]|x.z/     rows  a b [cd]    x . z
//!                  bits  0 1  2      3 4 5        first 0, 3; last 2, 5
//! on each c:       state = (state << 1 | first) & table[c]        a bit of `last`: a row ends here
//! ```
//!
//! This is Shift-And: Baeza-Yates and Gonnet, "A new approach to text searching", 1992.

use super::ahead::{HIGH, set_of};
use super::exec::Text;
use super::{Assertion, Flags, Inst, Program, Single};

/// Rows at most.
const MAX_ROWS: usize = 16;
/// Places in a row at most.
const MAX_LENGTH: usize = 16;
/// Instructions looked at.
const MAX_STEPS: usize = 256;

/// What the beginnings of all matches look like.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prefix {
    /// By code unit, those from 256 on in one: the places that it fits.
    table: [u64; HIGH + 1],
    first: u64,
    last: u64,
    length: usize,
}

impl Prefix {
    /// The prefix of a program, if it says more than the first character alone. The places looked at are not the beginning
    /// of the text.
    pub fn of(program: &Program) -> Option<Prefix> {
        if program.flags.has(Flags::UNICODE) {
            return None;
        }
        let rows = rows(program)?;
        let length = rows.iter().map(Vec::len).min()?.min(64 / rows.len());
        if length < 2 {
            return None;
        }
        let mut prefix = Prefix { table: [0; HIGH + 1], first: 0, last: 0, length };
        for (at, row) in rows.iter().enumerate() {
            let base = at * length;
            prefix.first |= 1 << base;
            prefix.last |= 1 << (base + length - 1);
            for (place, test) in row.iter().take(length).enumerate() {
                let fits = set_of(program, *test);
                for unit in (0..=HIGH).filter(|unit| fits.allows(*unit as u32)) {
                    prefix.table[unit] |= 1 << (base + place);
                }
            }
        }
        Some(prefix)
    }

    /// The first place from `at` on where a row fits.
    pub fn find<T: Text>(&self, text: T, at: usize) -> Option<usize> {
        let mut state = 0;
        for i in at..text.count() {
            state = (state << 1 | self.first) & self.table[(text.at(i) as usize).min(HIGH)];
            if state & self.last != 0 {
                return Some(i + 1 - self.length);
            }
        }
        None
    }
}

/// What the ways into a program begin with; `None`: there are too many.
fn rows(program: &Program) -> Option<Vec<Vec<Single>>> {
    let mut rows = vec![];
    let mut ways: Vec<(u32, Vec<Single>)> = vec![(0, vec![])];
    let mut steps = 0;
    while let Some((pc, mut row)) = ways.pop() {
        steps += 1;
        if steps > MAX_STEPS || rows.len() + ways.len() >= MAX_ROWS {
            return None;
        }
        let next = match &program.insts[pc as usize] {
            _enough if row.len() >= MAX_LENGTH => None,
            Inst::One { test, back: false } => {
                row.push(*test);
                Some(pc + 1)
            }
            Inst::Text(units) => {
                row.extend(units.iter().map(|unit| Single::Char(*unit as u32)));
                Some(pc + 1)
            }
            Inst::Greedy { test, min, max, back: false, .. } | Inst::Lazy { test, min, max, back: false, .. } => {
                row.extend((0..(*min).min(MAX_LENGTH as u32)).map(|_| *test));
                (min == max).then_some(pc + 1)
            }
            Inst::Assert(Assertion::Start) if !program.flags.has(Flags::MULTILINE) => continue,
            Inst::Assert(Assertion::Start | Assertion::Word | Assertion::NotWord)
            | Inst::Save(_)
            | Inst::Reset { .. }
            | Inst::Enter(_) => Some(pc + 1),
            Inst::Split { first, second, .. } => {
                ways.push((*second, row.clone()));
                Some(*first)
            }
            Inst::Jump(to) => Some(*to),
            Inst::Look { end, .. } => Some(*end),
            Inst::Assert(Assertion::End)
            | Inst::One { back: true, .. }
            | Inst::Greedy { back: true, .. }
            | Inst::Lazy { back: true, .. }
            | Inst::Back { .. }
            | Inst::Loop { .. }
            | Inst::Again { .. }
            | Inst::Matched => None,
        };
        match next {
            Some(pc) => ways.push((pc, row)),
            None => rows.push(row),
        }
    }
    (!rows.is_empty()).then_some(rows)
}

#[cfg(test)]
mod tests {
    use super::super::compile;
    use super::*;

    fn prefix(pattern: &str, flags: &str) -> Option<Prefix> {
        let units: Vec<u16> = pattern.encode_utf16().collect();
        Prefix::of(&compile(&units, Flags::parse(flags).unwrap()).unwrap())
    }

    #[test]
    fn finds_the_first_place_where_a_row_fits() {
        let find = |pattern: &str, flags: &str, text: &str| prefix(pattern, flags).unwrap().find(text.as_bytes(), 1);
        assert_eq!(find("ab[cd]|x.z", "", "abcxy-abdxaz"), Some(6));
        assert_eq!(find("ab[cd]|x.z", "", "abc xaz abd"), Some(4));
        assert_eq!(find("AG|tttacc", "i", "-----tttag"), Some(5), "cut to two characters");
        assert_eq!(find("AG|tttacc", "i", "-----ttagg"), Some(5));
        assert_eq!(find(r"^x|(?=q)\b[a-c]{3}d?|e\d+", "", "x axe1ba"), Some(4));
        assert_eq!(find("(?<=a)bc", "", "abc"), Some(1), "what is behind is left to the machine");
        assert_eq!(find("[^a]b", "", "ab\u{e9}b"), Some(3));
        assert_eq!(find("ab|cd", "", "a b c d"), None);
    }

    #[test]
    fn tells_nothing_of_short_and_open_beginnings() {
        for none in ["a", "a*b", "ab|c", r"(a)\1", "(?:ab)*c", "a$"] {
            assert_eq!(prefix(none, ""), None, "{none}");
        }
        assert_eq!(prefix("ab|cd", "u"), None);
        assert!(prefix(&["ab"; 40].join("|"), "").is_none());
    }
}
