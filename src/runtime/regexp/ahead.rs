//! What the next character tells.
//!
//! For a place in a program, [`Ahead`] is the set of characters with which everything that can still match there must go
//! on. It is what the paths that take no character lead to, and unknown where one of them reaches the end of the program
//! or something whose length is not known. Three uses:
//!
//! ```text
//! a|b      a split tries the ways that the next character allows; with one way there is nothing to come back to
//! a*b      a greedy loop gives nothing back if what follows cannot begin with what it took
//! .*?b     a lazy loop goes on to the next place where what follows can begin
//! ```
//!
//! and the beginning of the program, where the machine looks for the next place to try. Paths are only ever cut where they
//! would fail, so matches stay what they are.

use super::prefix::Prefix;
use super::{Assertion, Flags, Inst, Program, Single};

/// Instructions looked at for one answer: patterns beyond that are rare, and every split asks.
const MAX_STEPS: usize = 256;

/// The code unit from which on characters share one bit, and the bit for "no character: the end".
pub(super) const HIGH: usize = 256;
const END: usize = 257;

/// With what code unit something can go on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ahead([bool; 258]);

impl Ahead {
    const NOTHING: Ahead = Ahead([false; 258]);

    /// Whether it can go on with a code unit.
    #[inline(always)]
    pub fn allows(&self, unit: u32) -> bool {
        self.0[(unit as usize).min(HIGH)]
    }
    /// Whether it can go on at the end of the text.
    #[inline(always)]
    pub fn allows_end(&self) -> bool {
        self.0[END]
    }
    fn add(&mut self, program: &Program, test: Single) {
        match test {
            Single::Char(c) => self.0[(c as usize).min(HIGH)] = true,
            Single::Set(index) => {
                let set = &program.sets[index as usize];
                let low = set.low();
                for c in 0..HIGH {
                    self.0[c] |= low[c / 64] >> (c % 64) & 1 != 0;
                }
                self.0[HIGH] |= set.reaches_high();
            }
        }
    }
    fn is_disjoint(&self, other: &Ahead) -> bool {
        !self.0.iter().zip(&other.0).any(|(a, b)| *a && *b)
    }
    /// The only code unit that is possible, if it is one below 256.
    fn only(&self) -> Option<u8> {
        let mut possible = (0..=END).filter(|i| self.0[*i]);
        let first = possible.next()?;
        if possible.next().is_some() { None } else { u8::try_from(first).ok() }
    }
}

/// Which of two ways the next code unit allows: bit 0 for the first, bit 1 for the second.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fork([u8; 258]);

impl Fork {
    fn of(first: Option<&Ahead>, second: Option<&Ahead>) -> Fork {
        let allows = |ahead: Option<&Ahead>, i: usize| ahead.is_none_or(|a| a.0[i]) as u8;
        Fork(std::array::from_fn(|i| allows(first, i) | allows(second, i) << 1))
    }
    /// The ways for a code unit, or at the end of the text.
    #[inline(always)]
    pub fn ways(&self, unit: Option<u32>) -> u8 {
        self.0[unit.map_or(END, |unit| (unit as usize).min(HIGH))]
    }
}

/// Where matches can begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Start {
    /// Anywhere.
    Anywhere,
    /// Nowhere.
    Nowhere,
    /// At this code unit.
    Unit(u8),
    /// At one of these.
    Units(Box<Ahead>),
    /// At what looks like this.
    Prefix(Box<Prefix>),
}

/// The code units that pass a test.
pub(super) fn set_of(program: &Program, test: Single) -> Ahead {
    let mut set = Ahead::NOTHING;
    set.add(program, test);
    set
}

/// What everything from an instruction on must go on with; `None`: nobody knows, or it may be at its end. `inside`: the place
/// is not the beginning of the text.
fn ahead(program: &Program, from: u32, inside: bool) -> Option<Ahead> {
    let mut found = Ahead::NOTHING;
    let (mut seen, mut next) = (Vec::new(), vec![from]);
    while let Some(pc) = next.pop() {
        if seen.contains(&pc) {
            continue;
        }
        if seen.len() == MAX_STEPS {
            return None;
        }
        seen.push(pc);
        match &program.insts[pc as usize] {
            Inst::One { test, back: false } => found.add(program, *test),
            Inst::Text(units) => found.add(program, Single::Char(units[0] as u32)),
            Inst::Greedy { test, min, back: false, .. } | Inst::Lazy { test, min, back: false, .. } => {
                found.add(program, *test);
                if *min == 0 {
                    next.push(pc + 1);
                }
            }
            Inst::Assert(Assertion::End) => {
                found.0[END] = true;
                if program.flags.has(Flags::MULTILINE) {
                    [0x0A, 0x0D, HIGH].into_iter().for_each(|c| found.0[c] = true);
                }
            }
            Inst::Assert(Assertion::Start) if inside && !program.flags.has(Flags::MULTILINE) => {}
            Inst::Assert(Assertion::Start | Assertion::Word | Assertion::NotWord)
            | Inst::Save(_)
            | Inst::Reset { .. }
            | Inst::Enter(_) => next.push(pc + 1),
            Inst::Split { first, second, .. } => next.extend([*first, *second]),
            Inst::Jump(to) => next.push(*to),
            Inst::Look { end, .. } => next.push(*end),
            Inst::Loop { exit, .. } => next.extend([pc + 1, *exit]),
            Inst::Again { head, .. } => next.push(*head),
            Inst::One { back: true, .. }
            | Inst::Greedy { back: true, .. }
            | Inst::Lazy { back: true, .. }
            | Inst::Back { .. }
            | Inst::Matched => return None,
        }
    }
    Some(found)
}

/// Whether nothing can fail any more from an instruction on.
fn is_done(program: &Program, from: u32) -> bool {
    let mut pc = from;
    loop {
        match &program.insts[pc as usize] {
            Inst::Save(_) => pc += 1,
            Inst::Jump(to) if *to > pc => pc = *to,
            Inst::Matched => return true,
            _may_fail => return false,
        }
    }
}

fn start(program: &Program, inside: bool) -> Start {
    match ahead(program, 0, inside) {
        Some(Ahead::NOTHING) => Start::Nowhere,
        Some(ahead) => ahead.only().map_or_else(|| Start::Units(Box::new(ahead)), Start::Unit),
        None => Start::Anywhere,
    }
}

/// Writes into a program what can be known ahead.
pub fn annotate(program: &mut Program) {
    (program.start, program.later) = (start(program, false), start(program, true));
    if let Start::Units(_) = program.later
        && let Some(prefix) = Prefix::of(program)
    {
        program.later = Start::Prefix(Box::new(prefix));
    }
    for pc in 0..program.insts.len() {
        let after = pc as u32 + 1;
        match program.insts[pc] {
            Inst::Greedy { test, back: false, .. } => {
                let mut taken = Ahead::NOTHING;
                taken.add(program, test);
                let useless = ahead(program, after, false).is_some_and(|ahead| ahead.is_disjoint(&taken));
                if (useless || is_done(program, after))
                    && let Inst::Greedy { keeps, .. } = &mut program.insts[pc]
                {
                    *keeps = true;
                }
            }
            Inst::Lazy { back: false, .. } => {
                let Some(ahead) = ahead(program, after, false) else { continue };
                let index = index_of(&mut program.aheads, ahead);
                if let Inst::Lazy { next, .. } = &mut program.insts[pc] {
                    *next = Some(index);
                }
            }
            Inst::Split { first, second, .. } => fork(program, pc, first, second),
            Inst::Loop { exit, .. } => fork(program, pc, after, exit),
            ref _no_choice => {}
        }
    }
}

fn fork(program: &mut Program, pc: usize, first: u32, second: u32) {
    let (a, b) = (ahead(program, first, false), ahead(program, second, false));
    if a.is_none() && b.is_none() {
        return;
    }
    let index = index_of(&mut program.forks, Fork::of(a.as_ref(), b.as_ref()));
    if let Inst::Split { next, .. } | Inst::Loop { next, .. } = &mut program.insts[pc] {
        *next = Some(index);
    }
}

/// The index of an entry in a table that has each once; looks at the last ones only.
fn index_of<T: PartialEq>(table: &mut Vec<T>, entry: T) -> u32 {
    let recent = table.len().saturating_sub(8);
    match table[recent..].iter().position(|t| *t == entry) {
        Some(at) => (recent + at) as u32,
        None => {
            table.push(entry);
            table.len() as u32 - 1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::compile;
    use super::*;

    fn program(pattern: &str, flags: &str) -> Program {
        let units: Vec<u16> = pattern.encode_utf16().collect();
        compile(&units, Flags::parse(flags).unwrap()).unwrap()
    }

    #[test]
    fn where_matches_begin() {
        let unit = |c: char| Start::Unit(c as u8);
        assert_eq!(program("abc", "").start, unit('a'));
        assert_eq!(program(r"\b(?=x)(?:ab|ac)+", "").start, unit('a'));
        assert_eq!(program("^a|^b", "").start, program("a|b", "").start);
        assert_eq!(program("^a|^b", "").later, Start::Nowhere);
        assert_eq!(program("^a*|b", "").later, unit('b'));
        assert_eq!(program("^a|b", "m").later, program("a|b", "").start);
        assert_eq!(program("$", "").start, program("(?:)$", "").start);
        for any in ["a*", "(?:)", r"(?:\1|a)(b)", "(?<=a)", "a|^", "^a*|b"] {
            assert_eq!(program(any, "").start, Start::Anywhere, "{any}");
        }
    }

    #[test]
    fn loops_keep_what_others_cannot_use() {
        let keeps = |pattern: &str| match &program(pattern, "").insts[0] {
            Inst::Greedy { keeps, .. } => *keeps,
            _other => panic!("{pattern} begins with something else"),
        };
        for pattern in ["a*b", "a*", r"\d+\D", r"\w+$", r"\s*(?:,|;)", "a+(?!b)c"] {
            assert!(keeps(pattern), "{pattern}");
        }
        for pattern in ["a*ab", "a*(?=b)", r"\d*\w", "a*b*a"] {
            assert!(!keeps(pattern), "{pattern}");
        }
    }
}
