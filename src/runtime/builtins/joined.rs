//! Texts made of other texts, for `join`, `repeat` and padding: short pieces are copied one after the other, long ones
//! become branches of a rope.
//!
//! Joining long texts thus costs what adding them with `+` costs, whoever never reads the result pays nothing for its
//! length, and a result that would be too long is an error before anything of that size has been copied.

use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::string::{Builder, Chars, MAX_LENGTH, Str};

/// Pieces from this length on are not copied: a branch costs a cell, and its text one more place to look at when the
/// rope is read.
const LONG: usize = 4096;
/// So many repetitions are appended one by one.
const FEW: u64 = 64;
/// Above this length, copied text is held against the heap's limit while it grows.
const BIG: usize = 1 << 20;

/// A text that is being joined.
pub struct Joined {
    /// What stands before `rest`. It lives on the native stack, where the collector finds it.
    done: Str,
    rest: Builder,
}

impl Joined {
    /// An empty text with room for some code units.
    pub fn with_capacity(rt: &Runtime, units: usize) -> Joined {
        Joined { done: rt.atoms.names.empty.str(), rest: Builder::with_capacity(units) }
    }

    fn expect(&self, rt: &mut Runtime, units: usize) -> JsResult<()> {
        if self.done.len() + self.rest.len() + units > MAX_LENGTH {
            return rt.throw_range("Invalid string length");
        }
        if self.rest.len() > BIG { rt.check_length(self.rest.len()) } else { Ok(()) }
    }

    /// Appends a text.
    #[inline]
    pub fn push(&mut self, rt: &mut Runtime, text: Str) -> JsResult<()> {
        self.expect(rt, text.len())?;
        if text.len() < LONG {
            self.rest.push_chars(text.chars(&mut rt.heap));
            return Ok(());
        }
        self.end_of_copy(rt)?;
        self.append_branch(rt, text);
        Ok(())
    }

    /// Appends a text several times over.
    #[inline]
    pub fn push_times(&mut self, rt: &mut Runtime, text: Str, count: u64) -> JsResult<()> {
        if text.is_empty() {
            return Ok(());
        }
        if count < FEW {
            return (0..count).try_for_each(|_| self.push(rt, text));
        }
        let units = count.saturating_mul(text.len() as u64).min(2 * MAX_LENGTH as u64);
        self.expect(rt, units as usize)?;
        let run = repeated(rt, text, count as usize);
        self.push(rt, run)
    }

    /// Appends an integer in decimal.
    #[inline]
    pub fn push_int(&mut self, rt: &mut Runtime, i: i32) -> JsResult<()> {
        self.rest.push_int(i);
        self.expect(rt, 0)
    }

    fn append_branch(&mut self, rt: &mut Runtime, text: Str) {
        self.done = concat(rt, self.done, text);
    }

    /// What was copied so far becomes part of the rope.
    fn end_of_copy(&mut self, rt: &mut Runtime) -> JsResult<()> {
        rt.check_length(self.rest.len())?;
        let rest = std::mem::replace(&mut self.rest, Builder::with_capacity(0)).finish(&mut rt.heap);
        self.append_branch(rt, rest);
        Ok(())
    }

    /// The string.
    pub fn finish(mut self, rt: &mut Runtime) -> JsResult<Str> {
        self.end_of_copy(rt)?;
        Ok(self.done)
    }
}

/// A text `count` times over. The caller has checked that the result is not too long.
pub fn repeated(rt: &mut Runtime, text: Str, count: usize) -> Str {
    let copies = if text.len() * count <= BIG { count } else { LONG.div_ceil(text.len()).min(count) };
    let mut out = match (text.chars(&mut rt.heap), copies) {
        (_, 1) => text,
        (Chars::Latin1(b), _) => Str::latin1(&mut rt.heap, &b.repeat(copies)),
        (Chars::Utf16(u), _) => Str::utf16(&mut rt.heap, &u.repeat(copies)),
    };
    // Doubling, from the count's second highest bit down.
    let (unit, units) = (out, count / copies);
    for bit in (0..units.ilog2()).rev() {
        out = concat(rt, out, out);
        if units >> bit & 1 == 1 {
            out = concat(rt, out, unit);
        }
    }
    match count % copies {
        0 => out,
        rest => {
            let rest = unit.slice(&mut rt.heap, 0, rest * text.len());
            concat(rt, out, rest)
        }
    }
}

fn concat(rt: &mut Runtime, a: Str, b: Str) -> Str {
    Str::concat(&mut rt.heap, a, b).expect("the length was checked")
}
