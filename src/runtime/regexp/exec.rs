//! The machine: tries, remembers what else there was to try, and takes back what it did.
//!
//! Everything that must be undone when a try fails is on one stack: choices, overwritten groups and loop registers. When
//! a lookahead has matched, its choices go and its undo entries stay, so that its groups are taken back with what came
//! before it.

use super::parse::UNBOUNDED;
use super::set::{canonical, is_newline};
use super::{Assertion, Flags, Inst, Program, Single};

/// Text that can be matched.
pub trait Text: Copy {
    /// Number of code units.
    fn count(self) -> usize;
    /// A code unit.
    fn at(self, i: usize) -> u32;
}
impl Text for &[u8] {
    #[inline(always)]
    fn count(self) -> usize {
        self.len()
    }
    #[inline(always)]
    fn at(self, i: usize) -> u32 {
        self[i] as u32
    }
}
impl Text for &[u16] {
    #[inline(always)]
    fn count(self) -> usize {
        self.len()
    }
    #[inline(always)]
    fn at(self, i: usize) -> u32 {
        self[i] as u32
    }
}

/// Why a match was given up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// `poll` said so.
    Interrupted,
    /// The stack is as large as it may be.
    TooDeep,
}

/// A group that has not matched.
pub const NONE: usize = usize::MAX;

/// Entries of the stack; V8 gives its stack 64 MB.
const MAX_STACK: usize = (64 << 20) / size_of::<Entry>();
/// Failures between two looks at `poll`.
const POLL_INTERVAL: u32 = 1 << 16;

#[derive(Clone, Copy)]
enum Entry {
    /// Go on at an instruction and a place.
    Choice {
        pc: usize,
        at: usize,
    },
    /// Begin one more round of a lazy loop.
    Round {
        pc: usize,
        at: usize,
        register: usize,
        count: u32,
    },
    /// Go on at `pc` with one character less, but not fewer than up to `least`.
    Fewer {
        pc: usize,
        at: usize,
        least: usize,
        back: bool,
    },
    /// Go on at `pc` after one character more, of which `left` may come.
    More {
        pc: usize,
        at: usize,
        left: u32,
    },
    Group {
        slot: usize,
        was: usize,
    },
    Counter {
        register: usize,
        count: u32,
        start: usize,
    },
}

struct Machine<'a, T: Text> {
    program: &'a Program,
    text: T,
    unicode: bool,
    ignore_case: bool,
    slots: &'a mut [usize],
    loops: Vec<(u32, usize)>,
    stack: Vec<Entry>,
    fuel: u32,
    poll: &'a mut dyn FnMut() -> bool,
}

/// Looks for a match that begins at `start` or, unless `sticky`, after it. `slots` receives start and end of each group.
///
/// # Errors
/// If the match was given up.
pub fn run<T: Text>(
    program: &Program,
    text: T,
    start: usize,
    sticky: bool,
    slots: &mut [usize],
    poll: &mut dyn FnMut() -> bool,
) -> Result<bool, Stop> {
    assert_eq!(slots.len(), 2 * program.groups, "two slots per group");
    let mut machine = Machine {
        program,
        text,
        unicode: program.flags.has(Flags::UNICODE),
        ignore_case: program.flags.has(Flags::IGNORE_CASE),
        slots,
        loops: vec![(0, 0); program.loops],
        stack: Vec::new(),
        fuel: POLL_INTERVAL,
        poll,
    };
    let mut at = start;
    if machine.unicode && at > 0 && machine.pair_at(at - 1) {
        at -= 1;
    }
    loop {
        if !sticky && let Some(first) = &program.first {
            // Skip to where a match can begin.
            while at < text.count() && machine.step(first, at, false).is_none() {
                at += machine.width(at);
            }
            if at >= text.count() {
                return Ok(false);
            }
        }
        machine.slots.fill(NONE);
        if let Some(end) = machine.attempt(0, at)? {
            machine.slots[0] = at;
            machine.slots[1] = end;
            return Ok(true);
        }
        if sticky || at >= text.count() {
            return Ok(false);
        }
        at += machine.width(at);
    }
}

impl<T: Text> Machine<'_, T> {
    /// Code units of the character at a place.
    fn width(&self, at: usize) -> usize {
        1 + (self.unicode && self.pair_at(at)) as usize
    }

    fn pair_at(&self, at: usize) -> bool {
        at + 1 < self.text.count() && self.text.at(at) & 0xFC00 == 0xD800 && self.text.at(at + 1) & 0xFC00 == 0xDC00
    }

    /// The place before the character that ends at `at`.
    fn before(&self, at: usize) -> usize {
        at - 1 - (self.unicode && at >= 2 && self.pair_at(at - 2)) as usize
    }

    /// The character that begins (or, going backward, ends) at a place, and the place on its other side.
    #[inline(always)]
    fn next(&self, at: usize, back: bool) -> Option<(u32, usize)> {
        if !back {
            if at >= self.text.count() {
                return None;
            }
            let c = self.text.at(at);
            if self.unicode && c & 0xFC00 == 0xD800 && self.pair_at(at) {
                return Some((0x10000 + ((c & 0x3FF) << 10 | self.text.at(at + 1) & 0x3FF), at + 2));
            }
            return Some((c, at + 1));
        }
        if at == 0 {
            return None;
        }
        let start = self.before(at);
        self.next(start, false).map(|(c, _)| (c, start))
    }

    /// Tests the character at a place; the place after it if it passes.
    #[inline(always)]
    fn step(&self, test: &Single, at: usize, back: bool) -> Option<usize> {
        let (c, after) = self.next(at, back)?;
        let passes = match test {
            Single::Any => true,
            Single::Dot => !is_newline(c),
            Single::Char(wanted) if self.ignore_case => canonical(c, self.unicode) == *wanted,
            Single::Char(wanted) => c == *wanted,
            Single::Set(index) => {
                let c = if self.ignore_case { canonical(c, self.unicode) } else { c };
                self.program.sets[*index].has(c)
            }
        };
        passes.then_some(after)
    }

    fn is_word(&self, at: usize) -> bool {
        if at >= self.text.count() {
            return false;
        }
        let c = self.text.at(at);
        let ascii = c < 128 && (c as u8 as char).is_ascii_alphanumeric() || c == 0x5F;
        ascii || self.unicode && self.ignore_case && matches!(c, 0x17F | 0x212A)
    }

    fn holds(&self, assertion: Assertion, at: usize) -> bool {
        let multiline = self.program.flags.has(Flags::MULTILINE);
        let boundary = |m: &Self| (at > 0 && m.is_word(at - 1)) != m.is_word(at);
        match assertion {
            Assertion::Start => at == 0 || multiline && is_newline(self.text.at(at - 1)),
            Assertion::End => at == self.text.count() || multiline && is_newline(self.text.at(at)),
            Assertion::Word => boundary(self),
            Assertion::NotWord => !boundary(self),
        }
    }

    #[inline]
    fn push(&mut self, entry: Entry) -> Result<(), Stop> {
        if self.stack.len() >= MAX_STACK {
            return Err(Stop::TooDeep);
        }
        self.stack.push(entry);
        Ok(())
    }

    fn save(&mut self, slot: usize, value: usize) -> Result<(), Stop> {
        self.push(Entry::Group { slot, was: self.slots[slot] })?;
        self.slots[slot] = value;
        Ok(())
    }

    fn count(&mut self, register: usize, value: (u32, usize)) -> Result<(), Stop> {
        let (count, start) = self.loops[register];
        self.push(Entry::Counter { register, count, start })?;
        self.loops[register] = value;
        Ok(())
    }

    /// Runs from an instruction and a place up to `Matched`; where that is. Leaves on the stack what undoes the try.
    fn attempt(&mut self, pc: usize, at: usize) -> Result<Option<usize>, Stop> {
        let base = self.stack.len();
        let program = self.program;
        let (mut pc, mut at) = (pc, at);
        loop {
            let next = match &program.insts[pc] {
                Inst::One { test, back } => self.step(test, at, *back).map(|after| (pc + 1, after)),
                Inst::Greedy { test, min, max, back } => self.greedy(pc, at, test, (*min, *max), *back)?,
                Inst::Lazy { test, min, back, .. } => self.lazy(pc, at, test, *min, *back)?,
                Inst::Split { first, second } => {
                    self.push(Entry::Choice { pc: *second, at })?;
                    Some((*first, at))
                }
                Inst::Jump(to) => Some((*to, at)),
                Inst::Save(slot) => {
                    self.save(*slot, at)?;
                    Some((pc + 1, at))
                }
                Inst::Reset { from, to } => {
                    for slot in 2 * from..2 * to {
                        if self.slots[slot] != NONE {
                            self.save(slot, NONE)?;
                        }
                    }
                    Some((pc + 1, at))
                }
                Inst::Assert(assertion) => self.holds(*assertion, at).then_some((pc + 1, at)),
                Inst::Back { group, back } => self.back_reference(*group, at, *back).map(|after| (pc + 1, after)),
                Inst::Look { negative, end } => {
                    let mark = self.stack.len();
                    let found = self.attempt(pc + 1, at)?.is_some();
                    if found && !negative {
                        self.forget_choices(mark);
                    } else {
                        self.unwind_to(mark);
                    }
                    (found != *negative).then_some((*end, at))
                }
                Inst::Enter(register) => {
                    self.count(*register, (0, NONE))?;
                    Some((pc + 1, at))
                }
                Inst::Loop { register, min, max, greedy, exit } => {
                    let (count, _) = self.loops[*register];
                    if count < *min {
                        self.count(*register, (count, at))?;
                        Some((pc + 1, at))
                    } else if count >= *max && *max != UNBOUNDED {
                        Some((*exit, at))
                    } else if *greedy {
                        self.push(Entry::Choice { pc: *exit, at })?;
                        self.count(*register, (count, at))?;
                        Some((pc + 1, at))
                    } else {
                        self.push(Entry::Round { pc: pc + 1, at, register: *register, count })?;
                        Some((*exit, at))
                    }
                }
                Inst::Again { register, min, head } => {
                    let (count, start) = self.loops[*register];
                    let empty = at == start && count >= *min;
                    if !empty {
                        self.count(*register, (count.saturating_add(1), start))?;
                    }
                    (!empty).then_some((*head, at))
                }
                Inst::Matched => return Ok(Some(at)),
            };
            match next {
                Some(there) => (pc, at) = there,
                None => match self.backtrack(base)? {
                    Some(there) => (pc, at) = there,
                    None => return Ok(None),
                },
            }
        }
    }

    fn greedy(
        &mut self,
        pc: usize,
        at: usize,
        test: &Single,
        (min, max): (u32, u32),
        back: bool,
    ) -> Result<Option<(usize, usize)>, Stop> {
        let (mut place, mut least, mut n) = (at, at, 0);
        while n < max
            && let Some(after) = self.step(test, place, back)
        {
            n += 1;
            place = after;
            if n == min {
                least = place;
            }
        }
        if n < min {
            return Ok(None);
        }
        if place != least {
            self.push(Entry::Fewer { pc: pc + 1, at: place, least, back })?;
        }
        Ok(Some((pc + 1, place)))
    }

    fn lazy(
        &mut self,
        pc: usize,
        at: usize,
        test: &Single,
        min: u32,
        back: bool,
    ) -> Result<Option<(usize, usize)>, Stop> {
        let Inst::Lazy { max, .. } = self.program.insts[pc] else { return Ok(None) };
        let mut place = at;
        for _ in 0..min {
            match self.step(test, place, back) {
                Some(after) => place = after,
                None => return Ok(None),
            }
        }
        if max > min {
            self.push(Entry::More { pc, at: place, left: if max == UNBOUNDED { UNBOUNDED } else { max - min } })?;
        }
        Ok(Some((pc + 1, place)))
    }

    fn back_reference(&self, group: usize, at: usize, back: bool) -> Option<usize> {
        let (start, end) = (self.slots[2 * group], self.slots[2 * group + 1]);
        if start == NONE || end == NONE {
            return Some(at);
        }
        let length = end - start;
        let from = if back { at.checked_sub(length)? } else { at };
        if from + length > self.text.count() {
            return None;
        }
        let fold = |c: u32| if self.ignore_case { canonical(c, self.unicode) } else { c };
        let (mut a, mut b) = (start, from);
        while a < end {
            let (x, after) = self.next(a, false)?;
            let (y, after_y) = self.next(b, false)?;
            if x != y && fold(x) != fold(y) || after - a != after_y - b {
                return None;
            }
            (a, b) = (after, after_y);
        }
        Some(if back { from } else { from + length })
    }

    /// Takes back up to the last choice, and goes there. `None`: there is none above `base`.
    fn backtrack(&mut self, base: usize) -> Result<Option<(usize, usize)>, Stop> {
        self.fuel -= 1;
        if self.fuel == 0 {
            self.fuel = POLL_INTERVAL;
            if (self.poll)() {
                return Err(Stop::Interrupted);
            }
        }
        while self.stack.len() > base {
            let Some(entry) = self.stack.pop() else { break };
            match entry {
                Entry::Choice { pc, at } => return Ok(Some((pc, at))),
                Entry::Round { pc, at, register, count } => {
                    self.count(register, (count, at))?;
                    return Ok(Some((pc, at)));
                }
                Entry::Fewer { pc, at, least, back } => {
                    let fewer =
                        if back { self.next(at, false).map_or(at, |(_, after)| after) } else { self.before(at) };
                    if fewer != least {
                        self.stack.push(Entry::Fewer { pc, at: fewer, least, back });
                    }
                    return Ok(Some((pc, fewer)));
                }
                Entry::More { pc, at, left } => {
                    let Inst::Lazy { test, back, .. } = &self.program.insts[pc] else { continue };
                    let Some(after) = self.step(test, at, *back) else { continue };
                    let left = if left == UNBOUNDED { left } else { left - 1 };
                    if left > 0 {
                        self.stack.push(Entry::More { pc, at: after, left });
                    }
                    return Ok(Some((pc + 1, after)));
                }
                Entry::Group { slot, was } => self.slots[slot] = was,
                Entry::Counter { register, count, start } => self.loops[register] = (count, start),
            }
        }
        Ok(None)
    }

    /// Takes back everything above a mark.
    fn unwind_to(&mut self, mark: usize) {
        while self.stack.len() > mark {
            match self.stack.pop() {
                Some(Entry::Group { slot, was }) => self.slots[slot] = was,
                Some(Entry::Counter { register, count, start }) => self.loops[register] = (count, start),
                Some(Entry::Choice { .. } | Entry::Round { .. } | Entry::Fewer { .. } | Entry::More { .. }) | None => {}
            }
        }
    }

    /// What is above a mark is decided; only how to undo it is kept.
    fn forget_choices(&mut self, mark: usize) {
        let mut kept = mark;
        for i in mark..self.stack.len() {
            if matches!(self.stack[i], Entry::Group { .. } | Entry::Counter { .. }) {
                self.stack[kept] = self.stack[i];
                kept += 1;
            }
        }
        self.stack.truncate(kept);
    }
}
