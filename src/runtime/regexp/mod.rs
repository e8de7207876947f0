//! Regular expressions: a pattern becomes a small program for a backtracking machine.
//!
//! ```text
//! pattern, flags ─▶ parse ─▶ Node ─▶ compile ─▶ ahead ─▶ Program ─▶ exec on one- or two-byte text
//! ```
//!
//! What makes it fast is done before it runs: case is folded into the sets, and [`ahead`] works out which character each
//! continuation must begin with, so that most choices are decided by one look and leave nothing to come back to.
//!
//! Why a machine of our own and not a crate: a hostile pattern may run for ever, so the machine must look up now and then
//! ([`exec::run`]'s `poll`) and its stack must be bounded; syntax errors must be worded as V8 words them; and strings must be
//! matched as they lie in the heap, without a copy. What the language says is in chapter 22.2; additions for old patterns
//! are in its annex B. Backtracking over an explicit stack with undo entries is as old as Prolog machines.
//!
//! Left out, and refused: property escapes (`\p{…}`) and the `v` flag.

mod ahead;
pub mod cache;
mod compile;
pub mod exec;
mod parse;
mod prefix;
mod set;

use ahead::{Ahead, Fork, Start};
use set::Set;

/// The flags of a regular expression.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Flags(pub u8);

impl Flags {
    /// `d`: matches have `indices`.
    pub const INDICES: Flags = Flags(1);
    /// `g`.
    pub const GLOBAL: Flags = Flags(2);
    /// `i`.
    pub const IGNORE_CASE: Flags = Flags(4);
    /// `m`.
    pub const MULTILINE: Flags = Flags(8);
    /// `s`.
    pub const DOT_ALL: Flags = Flags(16);
    /// `u`.
    pub const UNICODE: Flags = Flags(32);
    /// `v`.
    pub const UNICODE_SETS: Flags = Flags(64);
    /// `y`.
    pub const STICKY: Flags = Flags(128);

    /// Letters in the order in which `flags` shows them.
    pub const LETTERS: [(Flags, char, &'static str); 8] = [
        (Flags::INDICES, 'd', "hasIndices"),
        (Flags::GLOBAL, 'g', "global"),
        (Flags::IGNORE_CASE, 'i', "ignoreCase"),
        (Flags::MULTILINE, 'm', "multiline"),
        (Flags::DOT_ALL, 's', "dotAll"),
        (Flags::UNICODE, 'u', "unicode"),
        (Flags::UNICODE_SETS, 'v', "unicodeSets"),
        (Flags::STICKY, 'y', "sticky"),
    ];

    /// Whether a flag is set.
    #[inline(always)]
    pub const fn has(self, flag: Flags) -> bool {
        self.0 & flag.0 != 0
    }
    /// The flags that a text spells; `None` if one is unknown, twice there, or contradicts another.
    pub fn parse(text: &str) -> Option<Flags> {
        let mut flags = Flags(0);
        for c in text.chars() {
            let (flag, ..) = Flags::LETTERS.iter().find(|(_, letter, _)| *letter == c)?;
            if flags.has(*flag) {
                return None;
            }
            flags.0 |= flag.0;
        }
        (!(flags.has(Flags::UNICODE) && flags.has(Flags::UNICODE_SETS))).then_some(flags)
    }
    /// The letters.
    pub fn text(self) -> String {
        Flags::LETTERS.iter().filter(|(flag, ..)| self.has(*flag)).map(|(_, letter, _)| *letter).collect()
    }
}

/// Why there is no program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Error {
    /// The pattern is wrong: V8's words for it.
    Syntax(&'static str),
    /// The pattern is fine, but not for us: the feature's name.
    Refused(&'static str),
}

/// An assertion that looks at one place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Assertion {
    Start,
    End,
    Word,
    NotWord,
}

/// A test of one character.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Single {
    /// This one, and no other that differs from it in case only.
    Char(u32),
    /// One of a set, by its index.
    Set(u32),
}

/// An instruction of the machine.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Inst {
    /// One character, going forward or backward.
    One {
        test: Single,
        back: bool,
    },
    /// These code units, going forward.
    Text(Box<[u16]>),
    /// As many characters as possible, at least `min`; gives them back one by one, unless what follows could not use them
    /// (`keeps`).
    Greedy {
        test: Single,
        min: u32,
        max: u32,
        back: bool,
        keeps: bool,
    },
    /// As few characters as possible; no fewer than what may come next (`next`, an index of [`Program::aheads`]) allows.
    Lazy {
        test: Single,
        min: u32,
        max: u32,
        back: bool,
        next: Option<u32>,
    },
    /// Tries the first target, then the second; only what the next character allows (`next`, an index of
    /// [`Program::forks`]).
    Split {
        first: u32,
        second: u32,
        next: Option<u32>,
    },
    Jump(u32),
    /// Stores the position.
    Save(u32),
    /// Forgets groups `from .. to`.
    Reset {
        from: u32,
        to: u32,
    },
    Assert(Assertion),
    /// What group `group` matched.
    Back {
        group: u32,
        back: bool,
    },
    /// The code after it up to `Matched` must match, or must not; goes on at `end`.
    Look {
        negative: bool,
        end: u32,
    },
    /// Zeroes the counter of a loop.
    Enter(u32),
    /// The head of a loop: another round (the code after it), or out to `exit`; `next` as in a split of both.
    Loop {
        register: u32,
        min: u32,
        max: u32,
        greedy: bool,
        exit: u32,
        next: Option<u32>,
    },
    /// The end of a round: back to the head, unless an optional round matched nothing.
    Again {
        register: u32,
        min: u32,
        head: u32,
    },
    Matched,
}

/// A compiled regular expression.
#[derive(Debug)]
pub struct Program {
    insts: Vec<Inst>,
    sets: Vec<Set>,
    aheads: Vec<Ahead>,
    forks: Vec<Fork>,
    flags: Flags,
    /// Groups, the whole match being group 0.
    pub groups: usize,
    /// Names of groups, in order.
    pub names: Vec<(String, usize)>,
    /// Loop registers: a count and a position each.
    loops: usize,
    /// Where matches can begin: at the beginning of the text, and later.
    start: Start,
    later: Start,
}

/// Compiles a pattern.
///
/// # Errors
/// If it is no pattern, or one that is not supported.
pub fn compile(pattern: &[u16], flags: Flags) -> Result<Program, Error> {
    if flags.has(Flags::UNICODE_SETS) {
        return Err(Error::Refused("regular expression flag v"));
    }
    let parsed = parse::parse(pattern, flags)?;
    let mut program = compile::compile(parsed, flags)?;
    ahead::annotate(&mut program);
    Ok(program)
}
