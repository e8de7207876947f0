//! Programs of the regular expressions that a VM has met, kept apart from the objects that use them.
//!
//! An object remembers a stamp. A table of bounded size has the program of each recent stamp; where it has forgotten one,
//! the pattern is compiled anew. Equal patterns with equal flags share a program.

use super::exec::Scratch;
use super::{Error, Flags, Program, compile};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Programs that are kept.
const CAPACITY: u64 = 1024;

/// The programs of a VM.
#[derive(Default)]
pub struct Cache {
    slots: Vec<Option<Slot>>,
    stamps: FxHashMap<(Box<[u16]>, Flags), u64>,
    next: u64,
    /// The machine's memory.
    pub scratch: Scratch,
    literals: Vec<Literal>,
}

/// A literal that was run lately: the cells of its pattern and flags, and what they are.
#[derive(Clone, Copy)]
struct Literal {
    cells: (u64, u64),
    stamp: u64,
    flags: Flags,
}

/// Literals that are remembered.
const LITERALS: usize = 64;

fn place_of(cells: (u64, u64)) -> usize {
    (cells.0 >> 4) as usize % LITERALS
}

struct Slot {
    stamp: u64,
    program: Rc<Program>,
    key: (Box<[u16]>, Flags),
}

impl Cache {
    /// The program with a stamp, if it is still there.
    #[inline]
    pub fn get(&self, stamp: u64) -> Option<Rc<Program>> {
        let slot = self.slots.get((stamp % CAPACITY) as usize)?.as_ref()?;
        (slot.stamp == stamp).then(|| slot.program.clone())
    }

    /// Stamp and flags of a literal whose pattern and flags are in these cells.
    #[inline]
    pub fn literal(&self, cells: (u64, u64)) -> Option<(u64, Flags)> {
        let literal = self.literals.get(place_of(cells)).filter(|l| l.cells == cells)?;
        Some((literal.stamp, literal.flags))
    }
    /// Remembers them, until the next collection.
    pub fn learn_literal(&mut self, cells: (u64, u64), stamp: u64, flags: Flags) {
        if self.literals.is_empty() {
            self.literals.resize(LITERALS, Literal { cells: (0, 0), stamp: 0, flags });
        }
        self.literals[place_of(cells)] = Literal { cells, stamp, flags };
    }
    /// Forgets the cells of literals, which may be about to die.
    pub fn forget_literals(&mut self) {
        self.literals.clear();
    }

    /// The program of a pattern, compiled if need be, and its stamp.
    ///
    /// # Errors
    /// If the pattern cannot be compiled.
    pub fn intern(&mut self, pattern: &[u16], flags: Flags) -> Result<(u64, Rc<Program>), Error> {
        let key: (Box<[u16]>, Flags) = (pattern.into(), flags);
        if let Some(stamp) = self.stamps.get(&key)
            && let Some(program) = self.get(*stamp)
        {
            return Ok((*stamp, program));
        }
        let program = Rc::new(compile(pattern, flags)?);
        let stamp = self.next;
        self.next += 1;
        let index = (stamp % CAPACITY) as usize;
        if index == self.slots.len() {
            self.slots.push(None);
        }
        if let Some(old) = self.slots[index].take() {
            self.stamps.remove(&old.key);
        }
        self.stamps.insert(key.clone(), stamp);
        self.slots[index] = Some(Slot { stamp, program: program.clone(), key });
        Ok((stamp, program))
    }
}
