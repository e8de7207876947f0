//! Output for the width of the terminal: lines that are too long go on below, indented, broken between words.
//!
//! Only where standard output is a terminal; a file or a pipe gets the lines as they are. Tables that fit themselves
//! (`query`) and traces, which are made to be searched by line, do not come this way.

use std::io::{self, BufWriter, IsTerminal, Write};

/// Columns of the terminal that standard output is: what `COLUMNS` says, else what the terminal says.
pub fn columns() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    let said = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).filter(|columns| *columns > 0);
    said.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
}

/// Standard output for text, or, if it is not text, for what must not be broken.
pub fn stdout(is_text: bool) -> Narrow<BufWriter<io::StdoutLock<'static>>> {
    let columns = if is_text { columns() } else { None };
    Narrow { out: BufWriter::new(io::stdout().lock()), columns, pending: Vec::new() }
}

/// See the module header.
pub struct Narrow<W: Write> {
    out: W,
    columns: Option<usize>,
    /// What has been written since the last whole line.
    pending: Vec<u8>,
}

impl<W: Write> Write for Narrow<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        if let Some(end) = self.pending.iter().rposition(|byte| *byte == b'\n') {
            let rest = self.pending.split_off(end + 1);
            let whole = std::mem::replace(&mut self.pending, rest);
            self.put(&whole)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let pending = std::mem::take(&mut self.pending);
        self.put(&pending)?;
        self.out.flush()
    }
}

impl<W: Write> Narrow<W> {
    fn put(&mut self, text: &[u8]) -> io::Result<()> {
        let Some(columns) = self.columns else { return self.out.write_all(text) };
        for line in String::from_utf8_lossy(text).split_inclusive('\n') {
            self.out.write_all(broken(line, columns).as_bytes())?;
        }
        Ok(())
    }
}

/// Columns that a text takes; sequences that colour it take none.
fn shown(text: &str) -> usize {
    let mut in_sequence = false;
    let counts = text.chars().filter(|&c| {
        let counts = !in_sequence && c != '\x1b' && c != '\n';
        in_sequence = c == '\x1b' || in_sequence && c != 'm';
        counts
    });
    counts.count()
}

/// A line, broken between words so that each part fits; a word that is longer stays whole.
fn broken(line: &str, columns: usize) -> String {
    if shown(line) <= columns {
        return line.to_string();
    }
    let spaces = line.len() - line.trim_start_matches(' ').len();
    let indentation = (spaces + 2).min(columns / 4);
    let (mut text, mut at) = (String::with_capacity(line.len() + 32), 0);
    for word in line.split_inclusive(' ') {
        let width = shown(word.trim_end_matches(' '));
        if at + width > columns && at > indentation {
            text.truncate(text.trim_end_matches(' ').len());
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', indentation));
            at = indentation;
            if word.trim().is_empty() {
                continue;
            }
        }
        text.push_str(word);
        at += shown(word);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn narrowed(text: &str, columns: Option<usize>) -> String {
        let mut out = Vec::new();
        let mut narrow = Narrow { out: &mut out, columns, pending: Vec::new() };
        for part in text.as_bytes().chunks(7) {
            narrow.write_all(part).unwrap();
        }
        narrow.flush().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn long_lines_go_on_below() {
        let text = "short\n  felt:  a line that does not fit into so few columns\nno end";
        let expected = "short\n  felt:  a line that\n    does not fit into so\n    few columns\nno end";
        assert_eq!(narrowed(text, Some(24)), expected);
        assert_eq!(narrowed(text, None), text);
    }

    #[test]
    fn colours_take_no_room_and_long_words_stay_whole() {
        let text = "\x1b[31mred\x1b[0m \x1b[32mgreen\x1b[0m";
        assert_eq!(narrowed(text, Some(9)), text);
        assert_eq!(narrowed("at a/very/long/path.js:1:2 in f", Some(12)), "at\n  a/very/long/path.js:1:2\n  in f");
    }
}
