//! The machine: tries, remembers what else there was to try, and takes back what it did.
//!
//! Everything that must be undone when a try fails is on one stack: choices, overwritten groups and loop registers. When
//! a lookahead has matched, its choices go and its undo entries stay, so that its groups are taken back with what came
//! before it.

use super::ahead::Start;
use super::parse::UNBOUNDED;
use super::set::{canonical, is_newline};
use super::{Assertion, Flags, Inst, Program, Single};
use crate::runtime::string::search;

/// Text that can be matched.
pub trait Text: Copy {
    /// Number of code units.
    fn count(self) -> usize;
    /// A code unit.
    fn at(self, i: usize) -> u32;
    /// Where a code unit below 256 is found first, from a place on.
    fn find(self, unit: u8, from: usize) -> Option<usize>;
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
    #[inline]
    fn find(self, unit: u8, from: usize) -> Option<usize> {
        search::find_byte(&self[from..], unit).map(|at| from + at)
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
    #[inline]
    fn find(self, unit: u8, from: usize) -> Option<usize> {
        self[from..].iter().position(|c| *c == unit as u16).map(|at| from + at)
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

/// What there is to take back or to try. Places fit 32 bits: no string is longer.
#[derive(Clone, Copy)]
enum Entry {
    /// Go on at an instruction and a place.
    Choice {
        pc: u32,
        at: u32,
    },
    /// Begin one more round of a lazy loop.
    Round {
        head: u32,
        at: u32,
        count: u32,
    },
    /// Go on at `pc` with one character less, but not fewer than up to `least`.
    Fewer {
        pc: u32,
        at: u32,
        least: u32,
    },
    /// The same for a loop that goes backward.
    FewerBack {
        pc: u32,
        at: u32,
        least: u32,
    },
    /// Go on at `pc` after one character more, of which `left` may come.
    More {
        pc: u32,
        at: u32,
        left: u32,
    },
    Group {
        slot: u32,
        was: usize,
    },
    Counter {
        register: u32,
        count: u32,
        start: u32,
    },
}

/// Memory that one match after another uses.
#[derive(Default)]
pub struct Scratch {
    stack: Vec<Entry>,
    /// Of each loop, how many rounds were made, and where the current one began.
    loops: Vec<(u32, u32)>,
}

/// Stacks of more entries than this are not kept.
const KEPT_STACK: usize = 1 << 16;

struct Machine<'a, T: Text, const UNICODE: bool> {
    program: &'a Program,
    text: T,
    slots: &'a mut [usize],
    scratch: &'a mut Scratch,
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
    scratch: &mut Scratch,
    poll: &mut dyn FnMut() -> bool,
) -> Result<bool, Stop> {
    assert_eq!(slots.len(), 2 * program.groups, "two slots per group");
    if scratch.loops.len() < program.loops {
        scratch.loops.resize(program.loops, (0, 0));
    }
    let found = if program.flags.has(Flags::UNICODE) {
        Machine::<T, true> { program, text, slots, scratch, fuel: POLL_INTERVAL, poll }.search(start, sticky)
    } else {
        Machine::<T, false> { program, text, slots, scratch, fuel: POLL_INTERVAL, poll }.search(start, sticky)
    };
    scratch.stack.clear();
    scratch.stack.shrink_to(KEPT_STACK);
    found
}

impl<T: Text, const UNICODE: bool> Machine<'_, T, UNICODE> {
    fn search(&mut self, start: usize, sticky: bool) -> Result<bool, Stop> {
        let mut at = start;
        if UNICODE && at > 0 && self.pair_at(at - 1) {
            at -= 1;
        }
        loop {
            if !sticky {
                match self.candidate(at) {
                    Some(place) => at = place,
                    None => return Ok(false),
                }
            }
            for slot in self.slots.iter_mut() {
                *slot = NONE;
            }
            self.scratch.stack.clear();
            if let Some(end) = self.attempt(0, at, true)? {
                self.slots[0] = at;
                self.slots[1] = end;
                return Ok(true);
            }
            if sticky || at >= self.text.count() {
                return Ok(false);
            }
            at += self.width(at);
        }
    }

    /// The next place from `at` on where a match can begin.
    #[inline]
    fn candidate(&self, at: usize) -> Option<usize> {
        let count = self.text.count();
        let start = match at {
            0 if self.begins(&self.program.start) => return Some(0),
            _later => &self.program.later,
        };
        match start {
            Start::Anywhere => Some(at),
            Start::Nowhere => None,
            Start::Unit(unit) => self.text.find(*unit, at),
            Start::Units(ahead) => {
                let place = (at..count).find(|i| ahead.allows(self.text.at(*i)));
                place.or_else(|| ahead.allows_end().then_some(count))
            }
            Start::Prefix(prefix) => prefix.find(self.text, at),
        }
    }

    /// Whether a match can begin at the beginning of the text.
    fn begins(&self, start: &Start) -> bool {
        match start {
            Start::Anywhere | Start::Prefix(_) => true,
            Start::Nowhere => false,
            Start::Unit(unit) => self.unit(0) == Some(*unit as u32),
            Start::Units(ahead) => self.unit(0).map_or(ahead.allows_end(), |c| ahead.allows(c)),
        }
    }

    /// Code units of the character at a place.
    fn width(&self, at: usize) -> usize {
        1 + (UNICODE && self.pair_at(at)) as usize
    }

    fn pair_at(&self, at: usize) -> bool {
        at + 1 < self.text.count() && self.text.at(at) & 0xFC00 == 0xD800 && self.text.at(at + 1) & 0xFC00 == 0xDC00
    }

    /// The place before the character that ends at `at`.
    fn before(&self, at: usize) -> usize {
        at - 1 - (UNICODE && at >= 2 && self.pair_at(at - 2)) as usize
    }

    /// The code unit at a place.
    #[inline(always)]
    fn unit(&self, at: usize) -> Option<u32> {
        (at < self.text.count()).then(|| self.text.at(at))
    }

    /// The character that begins at a place, and the place after it.
    #[inline(always)]
    fn next(&self, at: usize) -> Option<(u32, usize)> {
        let c = self.unit(at)?;
        if UNICODE && c & 0xFC00 == 0xD800 && self.pair_at(at) {
            return Some((0x10000 + ((c & 0x3FF) << 10 | self.text.at(at + 1) & 0x3FF), at + 2));
        }
        Some((c, at + 1))
    }

    #[inline(always)]
    fn passes(&self, test: Single, c: u32) -> bool {
        match test {
            Single::Char(wanted) => c == wanted,
            Single::Set(index) => self.program.sets[index as usize].has(c),
        }
    }

    /// Tests the character at a place; the place after it if it passes.
    #[inline(always)]
    fn step(&self, test: Single, at: usize) -> Option<usize> {
        let (c, after) = self.next(at)?;
        self.passes(test, c).then_some(after)
    }

    /// Tests the character before a place; the place before it if it passes.
    fn step_back(&self, test: Single, at: usize) -> Option<usize> {
        let before = if at == 0 { return None } else { self.before(at) };
        self.step(test, before).map(|_| before)
    }

    /// The place after these code units, if they stand at a place.
    #[inline(always)]
    fn literal(&self, units: &[u16], at: usize) -> Option<usize> {
        let end = at + units.len();
        let same = end <= self.text.count() && units.iter().enumerate().all(|(i, c)| self.text.at(at + i) == *c as u32);
        same.then_some(end)
    }

    fn is_word(&self, at: usize) -> bool {
        if at >= self.text.count() {
            return false;
        }
        let c = self.text.at(at);
        let ascii = c < 128 && (c as u8 as char).is_ascii_alphanumeric() || c == 0x5F;
        ascii || UNICODE && self.program.flags.has(Flags::IGNORE_CASE) && matches!(c, 0x17F | 0x212A)
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

    #[inline(always)]
    fn push(&mut self, entry: Entry) -> Result<(), Stop> {
        if self.scratch.stack.len() >= MAX_STACK {
            return Err(Stop::TooDeep);
        }
        self.scratch.stack.push(entry);
        Ok(())
    }

    /// Whether nothing that was tried before will be come back to. What is changed then need not be taken back.
    #[inline(always)]
    fn is_committed(&self, outermost: bool) -> bool {
        outermost && self.scratch.stack.is_empty()
    }

    #[inline(always)]
    fn save(&mut self, slot: u32, value: usize, outermost: bool) -> Result<(), Stop> {
        let was = std::mem::replace(&mut self.slots[slot as usize], value);
        if self.is_committed(outermost) { Ok(()) } else { self.push(Entry::Group { slot, was }) }
    }

    #[inline(always)]
    fn count(&mut self, register: u32, value: (u32, u32), outermost: bool) -> Result<(), Stop> {
        let (count, start) = std::mem::replace(&mut self.scratch.loops[register as usize], value);
        if self.is_committed(outermost) { Ok(()) } else { self.push(Entry::Counter { register, count, start }) }
    }

    /// Which of two ways there are at a place: bit 0 the first, bit 1 the second.
    #[inline(always)]
    fn ways(&self, fork: Option<u32>, at: usize) -> u8 {
        fork.map_or(3, |index| self.program.forks[index as usize].ways(self.unit(at)))
    }

    /// Runs from an instruction and a place up to `Matched`; where that is. Leaves on the stack what undoes the try, unless
    /// it is the outermost one, which only whole new tries follow.
    fn attempt(&mut self, pc: u32, at: usize, outermost: bool) -> Result<Option<usize>, Stop> {
        let base = self.scratch.stack.len();
        let program = self.program;
        let (mut pc, mut at) = (pc, at);
        loop {
            let next = match &program.insts[pc as usize] {
                Inst::One { test, back: false } => self.step(*test, at).map(|after| (pc + 1, after)),
                Inst::One { test, back: true } => self.step_back(*test, at).map(|after| (pc + 1, after)),
                Inst::Text(units) => self.literal(units, at).map(|after| (pc + 1, after)),
                Inst::Greedy { test, min, max, back: false, keeps } => {
                    self.greedy(pc, at, *test, (*min, *max), *keeps)?
                }
                Inst::Greedy { test, min, max, back: true, .. } => self.greedy_back(pc, at, *test, (*min, *max))?,
                Inst::Lazy { test, min, max, back, .. } => self.lazy(pc, at, *test, (*min, *max), *back)?,
                Inst::Split { first, second, next } => match self.ways(*next, at) {
                    0 => None,
                    1 => Some((*first, at)),
                    2 => Some((*second, at)),
                    _both => {
                        self.push(Entry::Choice { pc: *second, at: at as u32 })?;
                        Some((*first, at))
                    }
                },
                Inst::Jump(to) => Some((*to, at)),
                Inst::Save(slot) => {
                    self.save(*slot, at, outermost)?;
                    Some((pc + 1, at))
                }
                Inst::Reset { from, to } => {
                    for slot in 2 * from..2 * to {
                        if self.slots[slot as usize] != NONE {
                            self.save(slot, NONE, outermost)?;
                        }
                    }
                    Some((pc + 1, at))
                }
                Inst::Assert(assertion) => self.holds(*assertion, at).then_some((pc + 1, at)),
                Inst::Back { group, back } => {
                    self.back_reference(*group as usize, at, *back).map(|after| (pc + 1, after))
                }
                Inst::Look { negative, end } => {
                    let mark = self.scratch.stack.len();
                    let found = self.attempt(pc + 1, at, false)?.is_some();
                    if found && !negative {
                        self.forget_choices(mark);
                    } else {
                        self.unwind_to(mark);
                    }
                    (found != *negative).then_some((*end, at))
                }
                Inst::Enter(register) => {
                    self.count(*register, (0, u32::MAX), outermost)?;
                    Some((pc + 1, at))
                }
                Inst::Loop { register, min, max, greedy, exit, next } => {
                    let (count, _) = self.scratch.loops[*register as usize];
                    if count < *min {
                        self.count(*register, (count, at as u32), outermost)?;
                        Some((pc + 1, at))
                    } else if count >= *max && *max != UNBOUNDED {
                        Some((*exit, at))
                    } else {
                        match self.ways(*next, at) {
                            0 => None,
                            1 => {
                                self.count(*register, (count, at as u32), outermost)?;
                                Some((pc + 1, at))
                            }
                            2 => Some((*exit, at)),
                            _both if *greedy => {
                                self.push(Entry::Choice { pc: *exit, at: at as u32 })?;
                                self.count(*register, (count, at as u32), outermost)?;
                                Some((pc + 1, at))
                            }
                            _both => {
                                self.push(Entry::Round { head: pc, at: at as u32, count })?;
                                Some((*exit, at))
                            }
                        }
                    }
                }
                Inst::Again { register, min, head } => {
                    let (count, start) = self.scratch.loops[*register as usize];
                    let empty = at as u32 == start && count >= *min;
                    if !empty {
                        self.count(*register, (count.saturating_add(1), start), outermost)?;
                    }
                    (!empty).then_some((*head, at))
                }
                Inst::Matched => return Ok(Some(at)),
            };
            match next {
                Some(there) => (pc, at) = there,
                None => match self.backtrack(base, outermost)? {
                    Some(there) => (pc, at) = there,
                    None => return Ok(None),
                },
            }
        }
    }

    #[inline(always)]
    fn greedy(
        &mut self,
        pc: u32,
        at: usize,
        test: Single,
        (min, max): (u32, u32),
        keeps: bool,
    ) -> Result<Option<(u32, usize)>, Stop> {
        let (mut place, mut least, mut n) = (at, at, 0);
        while n < max
            && let Some(after) = self.step(test, place)
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
        if place != least && !keeps {
            self.push(Entry::Fewer { pc: pc + 1, at: place as u32, least: least as u32 })?;
        }
        Ok(Some((pc + 1, place)))
    }

    fn greedy_back(
        &mut self,
        pc: u32,
        at: usize,
        test: Single,
        (min, max): (u32, u32),
    ) -> Result<Option<(u32, usize)>, Stop> {
        let (mut place, mut least, mut n) = (at, at, 0);
        while n < max
            && let Some(before) = self.step_back(test, place)
        {
            n += 1;
            place = before;
            if n == min {
                least = place;
            }
        }
        if n < min {
            return Ok(None);
        }
        if place != least {
            self.push(Entry::FewerBack { pc: pc + 1, at: place as u32, least: least as u32 })?;
        }
        Ok(Some((pc + 1, place)))
    }

    fn lazy(
        &mut self,
        pc: u32,
        at: usize,
        test: Single,
        (min, max): (u32, u32),
        back: bool,
    ) -> Result<Option<(u32, usize)>, Stop> {
        let mut place = at;
        for _ in 0..min {
            match if back { self.step_back(test, place) } else { self.step(test, place) } {
                Some(after) => place = after,
                None => return Ok(None),
            }
        }
        if max > min {
            let left = if max == UNBOUNDED { UNBOUNDED } else { max - min };
            self.push(Entry::More { pc, at: place as u32, left })?;
        }
        Ok(Some((pc + 1, place)))
    }

    /// Lets a lazy loop take one character more, and go on to where what follows it can begin. `None`: it cannot.
    fn more(&mut self, pc: u32, at: usize, left: u32) -> Option<(u32, usize)> {
        let program = self.program;
        let Inst::Lazy { test, back, next, .. } = &program.insts[pc as usize] else { return None };
        if *back {
            let before = self.step_back(*test, at)?;
            self.leave_more(pc, before, left);
            return Some((pc + 1, before));
        }
        let (mut place, mut left) = (at, left);
        loop {
            place = self.step(*test, place)?;
            let ahead = next.map(|index| &program.aheads[index as usize]);
            if ahead.is_none_or(|a| self.unit(place).map_or(a.allows_end(), |c| a.allows(c))) {
                self.leave_more(pc, place, left);
                return Some((pc + 1, place));
            }
            if left != UNBOUNDED {
                left -= 1;
                if left == 0 {
                    return None;
                }
            }
        }
    }

    /// After one more character was taken, what there is to try next. Takes the place of the entry that was popped.
    fn leave_more(&mut self, pc: u32, at: usize, left: u32) {
        let left = if left == UNBOUNDED { left } else { left - 1 };
        if left > 0 {
            self.scratch.stack.push(Entry::More { pc, at: at as u32, left });
        }
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
        let ignore_case = self.program.flags.has(Flags::IGNORE_CASE);
        let fold = |c: u32| if ignore_case { canonical(c, UNICODE) } else { c };
        let (mut a, mut b) = (start, from);
        while a < end {
            let (x, after) = self.next(a)?;
            let (y, after_y) = self.next(b)?;
            if x != y && fold(x) != fold(y) || after - a != after_y - b {
                return None;
            }
            (a, b) = (after, after_y);
        }
        Some(if back { from } else { from + length })
    }

    /// Takes back up to the last choice, and goes there. `None`: there is none above `base`.
    #[inline(always)]
    fn backtrack(&mut self, base: usize, outermost: bool) -> Result<Option<(u32, usize)>, Stop> {
        self.fuel -= 1;
        if self.fuel == 0 {
            self.fuel = POLL_INTERVAL;
            if (self.poll)() {
                return Err(Stop::Interrupted);
            }
        }
        while self.scratch.stack.len() > base {
            let Some(entry) = self.scratch.stack.pop() else { break };
            match entry {
                Entry::Choice { pc, at } => return Ok(Some((pc, at as usize))),
                Entry::Round { head, at, count } => {
                    let Inst::Loop { register, .. } = self.program.insts[head as usize] else { continue };
                    self.count(register, (count, at), outermost)?;
                    return Ok(Some((head + 1, at as usize)));
                }
                Entry::Fewer { pc, at, least } => {
                    let fewer = self.before(at as usize);
                    if fewer != least as usize {
                        self.scratch.stack.push(Entry::Fewer { pc, at: fewer as u32, least });
                    }
                    return Ok(Some((pc, fewer)));
                }
                Entry::FewerBack { pc, at, least } => {
                    let fewer = at as usize + self.width(at as usize);
                    if fewer != least as usize {
                        self.scratch.stack.push(Entry::FewerBack { pc, at: fewer as u32, least });
                    }
                    return Ok(Some((pc, fewer)));
                }
                Entry::More { pc, at, left } => {
                    if let Some(there) = self.more(pc, at as usize, left) {
                        return Ok(Some(there));
                    }
                }
                Entry::Group { slot, was } => self.slots[slot as usize] = was,
                Entry::Counter { register, count, start } => self.scratch.loops[register as usize] = (count, start),
            }
        }
        Ok(None)
    }

    /// Takes back everything above a mark.
    fn unwind_to(&mut self, mark: usize) {
        while self.scratch.stack.len() > mark {
            match self.scratch.stack.pop() {
                Some(Entry::Group { slot, was }) => self.slots[slot as usize] = was,
                Some(Entry::Counter { register, count, start }) => {
                    self.scratch.loops[register as usize] = (count, start);
                }
                Some(
                    Entry::Choice { .. }
                    | Entry::Round { .. }
                    | Entry::Fewer { .. }
                    | Entry::FewerBack { .. }
                    | Entry::More { .. },
                )
                | None => {}
            }
        }
    }

    /// What is above a mark is decided; only how to undo it is kept.
    fn forget_choices(&mut self, mark: usize) {
        let stack = &mut self.scratch.stack;
        let mut kept = mark;
        for i in mark..stack.len() {
            if matches!(stack[i], Entry::Group { .. } | Entry::Counter { .. }) {
                stack[kept] = stack[i];
                kept += 1;
            }
        }
        stack.truncate(kept);
    }
}
