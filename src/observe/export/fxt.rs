//! Fuchsia's trace format: 64-bit words, little endian, with strings interned in an indexed table.
//!
//! ```text
//! magic, provider (info, section), initialization (ticks per second), kernel objects (process, threads), thread records,
//! then per mark string records for what is new, and a duration-complete, instant or counter event
//! ```

use super::slices::{Form, Mark, picture};
use crate::observe::model::Model;
use std::collections::HashMap;
use std::io::{self, Write};

const MAGIC: u64 = 0x0016_5478_4604_0010;
/// Strings in the table; later ones are written where they are used.
const MAX_STRINGS: usize = 0x7fff;
const TICKS_PER_SECOND: u64 = 1_000_000_000;
const PROVIDER: u64 = 1;
const PROVIDER_NAME: &str = "petrel";

struct Words<'a> {
    out: &'a mut dyn Write,
    strings: HashMap<String, u64>,
}

impl Words<'_> {
    fn word(&mut self, word: u64) -> io::Result<()> {
        self.out.write_all(&word.to_le_bytes())
    }

    fn bytes(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.write_all(&[0; 8][..padding(text.len())])
    }

    /// The reference to a string, which is put into the table if there is room.
    fn intern(&mut self, text: &str) -> io::Result<u64> {
        let text = shortened(text);
        if let Some(index) = self.strings.get(text) {
            return Ok(*index);
        }
        let index = self.strings.len() as u64 + 1;
        if index as usize > MAX_STRINGS {
            // The table is full: the empty string, which every reader knows.
            return Ok(0);
        }
        self.word(2 | (1 + words_of(text.len())) << 4 | index << 16 | (text.len() as u64) << 32)?;
        self.bytes(text)?;
        self.strings.insert(text.to_string(), index);
        Ok(index)
    }
}

/// Lengths of strings are limited to 32,000 bytes.
fn shortened(text: &str) -> &str {
    let end = (0..=text.len().min(32_000)).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

fn padding(length: usize) -> usize {
    length.next_multiple_of(8) - length
}

fn words_of(length: usize) -> u64 {
    length.div_ceil(8) as u64
}

/// Writes it.
pub fn write(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    let mut w = Words { out, strings: HashMap::new() };
    let pid = u64::from(model.process());
    w.word(MAGIC)?;
    // Who writes, and that what follows is from it.
    let size = 1 + words_of(PROVIDER_NAME.len());
    w.word(size << 4 | 1 << 16 | PROVIDER << 20 | (PROVIDER_NAME.len() as u64) << 52)?;
    w.bytes(PROVIDER_NAME)?;
    w.word(1 << 4 | 2 << 16 | PROVIDER << 20)?;
    w.word(1 | 2 << 4)?;
    w.word(TICKS_PER_SECOND)?;
    let name = w.intern(&format!("petrel {}", model.program()))?;
    const PROCESS: u64 = 1;
    const THREAD: u64 = 2;
    w.word(7 | 2 << 4 | PROCESS << 16 | name << 24)?;
    w.word(pid)?;
    let process_key = w.intern("process")?;
    let picture = picture(model);
    for row in &picture.rows {
        let name = w.intern(&row.name)?;
        let tid = pid + u64::from(row.number);
        // The thread belongs to the process: one argument, a kernel object id.
        w.word(7 | 4 << 4 | THREAD << 16 | name << 24 | 1 << 40)?;
        w.word(tid)?;
        w.word(8 | 2 << 4 | process_key << 16)?;
        w.word(pid)?;
        w.word(3 | 3 << 4 | u64::from(row.number) << 16)?;
        w.word(pid)?;
        w.word(tid)?;
    }
    picture.marks.into_iter().try_for_each(|mark| event(&mut w, mark))
}

fn event(w: &mut Words, mark: Mark) -> io::Result<()> {
    let category = w.intern(mark.category)?;
    let name = w.intern(&mark.name)?;
    let mut args = Vec::new();
    for (key, value) in mark.args.iter().take(15) {
        args.push((w.intern(key)?, w.intern(value)?));
    }
    let thread = u64::from(mark.row);
    let header = |kind: u64, words: u64, args: u64| {
        4 | words << 4 | kind << 16 | args << 20 | thread << 24 | category << 32 | name << 48
    };
    const INSTANT: u64 = 0;
    const COUNTER: u64 = 1;
    const DURATION_COMPLETE: u64 = 4;
    let count = args.len() as u64;
    match mark.form {
        Form::Counter(value) => {
            let key = w.intern("value")?;
            // Header, time, a 64-bit argument of two words, the counter's id.
            w.word(header(COUNTER, 5, 1))?;
            w.word(mark.time_ns)?;
            w.word(3 | 2 << 4 | key << 16)?;
            w.word(value as u64)?;
            return w.word(name);
        }
        Form::Instant => {
            w.word(header(INSTANT, 2 + count, count))?;
            w.word(mark.time_ns)?;
        }
        Form::Span(_) => {
            w.word(header(DURATION_COMPLETE, 3 + count, count))?;
            w.word(mark.time_ns)?;
        }
    }
    for (key, value) in args {
        w.word(6 | 1 << 4 | key << 16 | value << 32)?;
    }
    if let Form::Span(ns) = mark.form {
        w.word(mark.time_ns + ns)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::codec::Recording;
    use crate::observe::samples;

    /// Walks the records by their lengths; returns how many there are of each type.
    fn record_types(bytes: &[u8]) -> [usize; 16] {
        let words: Vec<u64> = bytes.chunks(8).map(|word| u64::from_le_bytes(word.try_into().unwrap())).collect();
        let (mut at, mut types) = (0, [0; 16]);
        while at < words.len() {
            let size = (words[at] >> 4 & 0xfff) as usize;
            assert!(size > 0, "a record without a length at word {at}");
            types[(words[at] & 15) as usize] += 1;
            at += size;
        }
        assert_eq!(at, words.len());
        types
    }

    #[test]
    fn records_follow_each_other_without_gaps() {
        let recording = Recording { header: serde_json::json!({}), events: samples::story(), truncated: false };
        let mut bytes = Vec::new();
        write(&Model::of(&recording), &mut bytes).unwrap();
        assert_eq!(bytes[..8], MAGIC.to_le_bytes());
        let types = record_types(&bytes);
        assert_eq!((types[0], types[1], types[3], types[7]), (3, 1, 4, 5));
        assert!(types[2] > 5 && types[4] > 1);
    }
}
