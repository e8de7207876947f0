//! The textual half of inspection: quoting, columns, line breaking. Pure functions, after Node's `lib/internal/util/inspect.js`.

use crate::runtime::number as num;

/// A number as it stands in output: -0 keeps its sign.
pub fn number(d: f64) -> String {
    if d == 0.0 && d.is_sign_negative() { "-0".into() } else { num::to_string(d) }
}

/// Length in UTF-16 code units: what JavaScript calls the length of a string.
pub fn length(s: &str) -> usize {
    if s.is_ascii() { s.len() } else { s.encode_utf16().count() }
}

/// Columns that a text takes on a terminal.
pub fn width(s: &str) -> usize {
    if s.is_ascii() {
        return s.bytes().filter(|c| (0x20..0x7F).contains(c)).count();
    }
    s.chars().map(char_width).sum()
}

fn char_width(c: char) -> usize {
    let c = c as u32;
    let zero = c < 0x20
        || (0x7F..0xA0).contains(&c)
        || (0x300..=0x36F).contains(&c)
        || (0x200B..=0x200F).contains(&c)
        || (0x20D0..=0x20FF).contains(&c)
        || (0xFE00..=0xFE0F).contains(&c)
        || (0xFE20..=0xFE2F).contains(&c)
        || (0xE0100..=0xE01EF).contains(&c);
    let wide = c >= 0x1100
        && (c <= 0x115F
            || c == 0x2329
            || c == 0x232A
            || ((0x2E80..=0x3247).contains(&c) && c != 0x303F)
            || (0x3250..=0x4DBF).contains(&c)
            || (0x4E00..=0xA4C6).contains(&c)
            || (0xA960..=0xA97C).contains(&c)
            || (0xAC00..=0xD7A3).contains(&c)
            || (0xF900..=0xFAFF).contains(&c)
            || (0xFE10..=0xFE19).contains(&c)
            || (0xFE30..=0xFE6B).contains(&c)
            || (0xFF01..=0xFF60).contains(&c)
            || (0xFFE0..=0xFFE6).contains(&c)
            || (0x1B000..=0x1B001).contains(&c)
            || (0x1F200..=0x1F251).contains(&c)
            || (0x1F300..=0x1F64F).contains(&c)
            || (0x1F680..=0x1F6FF).contains(&c)
            || (0x1F900..=0x1F9FF).contains(&c)
            || (0x20000..=0x3FFFD).contains(&c));
    if zero { 0 } else { 1 + wide as usize }
}

/// A string in quotes: single ones, unless that would need escapes and others would not.
pub fn quote(units: &[u16]) -> String {
    let has = |c: char| units.contains(&(c as u16));
    let mut quote = '\'';
    if has('\'') {
        if !has('"') {
            quote = '"';
        } else if !has('`') && !units.windows(2).any(|w| w == [b'$' as u16, b'{' as u16]) {
            quote = '`';
        }
    }
    let mut out = String::with_capacity(units.len() + 2);
    out.push(quote);
    escape_into(units, quote == '\'', &mut out);
    out.push(quote);
    out
}

/// Escapes control characters, backslashes, lone surrogates and (if asked) single quotes.
pub fn escape_into(units: &[u16], single_quotes: bool, out: &mut String) {
    for c in char::decode_utf16(units.iter().copied()) {
        match c {
            Ok('\u{8}') => out.push_str("\\b"),
            Ok('\t') => out.push_str("\\t"),
            Ok('\n') => out.push_str("\\n"),
            Ok('\u{c}') => out.push_str("\\f"),
            Ok('\r') => out.push_str("\\r"),
            Ok('\\') => out.push_str("\\\\"),
            Ok('\'') if single_quotes => out.push_str("\\'"),
            Ok(c @ ('\0'..='\x1f' | '\x7f'..='\u{9f}')) => out.push_str(&format!("\\x{:02X}", c as u32)),
            Ok(c) => out.push(c),
            Err(e) => out.push_str(&format!("\\u{:x}", e.unpaired_surrogate())),
        }
    }
}

/// A property name: bare if it is an identifier, else quoted.
pub fn key(units: &[u16]) -> String {
    let word = |c: &u16| u8::try_from(*c).is_ok_and(|c| c.is_ascii_alphanumeric() || c == b'_');
    let digit = |c: &u16| (b'0' as u16..=b'9' as u16).contains(c);
    if units.first().is_some_and(|c| !digit(c)) && units.iter().all(word) {
        return String::from_utf16_lossy(units);
    }
    quote(units)
}

/// "... 3 more items".
pub fn remaining(n: usize) -> String {
    format!("... {n} more item{}", if n > 1 { "s" } else { "" })
}

/// What decides how entries become text.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Spaces before each line.
    pub indentation: usize,
    /// Where lines break.
    pub break_length: usize,
    /// The deepest level inside the object, and the object's own.
    pub current_depth: i64,
    /// See `current_depth`.
    pub level: i64,
}

const COMPACT: i64 = 3;

/// Joins the entries of an object. `group`: it is an array; the answer says for each element whether it is a number.
pub fn reduce(
    mut output: Vec<String>,
    base: &str,
    braces: (&str, &str),
    group: Option<&dyn Fn(usize) -> bool>,
    more: bool,
    frame: Frame,
) -> String {
    let entries = output.len();
    if let Some(is_number) = group
        && entries > 6
    {
        output = columns(output, is_number, more, frame);
    }
    let prefix = if base.is_empty() { String::new() } else { format!("{base} ") };
    if frame.current_depth - frame.level < COMPACT && entries == output.len() {
        let start = output.len() + frame.indentation + length(braces.0) + length(base) + 10;
        if fits(&output, start, base, frame.break_length) {
            let joined = output.join(", ");
            if !joined.contains('\n') {
                return format!("{prefix}{} {joined} {}", braces.0, braces.1);
            }
        }
    }
    let indentation = format!("\n{}", " ".repeat(frame.indentation));
    let joined = output.join(&format!(",{indentation}  "));
    format!("{prefix}{}{indentation}  {joined}{indentation}{}", braces.0, braces.1)
}

fn fits(output: &[String], start: usize, base: &str, break_length: usize) -> bool {
    let mut total = output.len() + start;
    if total + output.len() > break_length {
        return false;
    }
    for entry in output {
        total += length(entry);
        if total > break_length {
            return false;
        }
    }
    !base.contains('\n')
}

/// Arranges many short entries in columns.
fn columns(output: Vec<String>, is_number: &dyn Fn(usize) -> bool, more: bool, frame: Frame) -> Vec<String> {
    const SEPARATOR: usize = 2;
    let count = output.len() - more as usize;
    let widths: Vec<usize> = output[..count].iter().map(|s| width(s)).collect();
    let total: usize = widths.iter().map(|w| w + SEPARATOR).sum();
    let longest = widths.iter().copied().max().unwrap_or(0);
    let actual_max = longest + SEPARATOR;
    let worthwhile = actual_max * 3 + frame.indentation < frame.break_length
        && (total as f64 / actual_max as f64 > 5.0 || longest <= 6);
    if !worthwhile {
        return output;
    }
    let average_bias = (actual_max as f64 - total as f64 / output.len() as f64).sqrt();
    let biased_max = (actual_max as f64 - 3.0 - average_bias).max(1.0);
    let ideal = crate::runtime::math::round((2.5 * biased_max * count as f64).sqrt() / biased_max);
    let room = ((frame.break_length - frame.indentation) / actual_max) as f64;
    let columns = ideal.min(room).min((COMPACT * 4) as f64).min(15.0) as usize;
    if columns <= 1 {
        return output;
    }
    let line_widths: Vec<usize> =
        (0..columns).map(|i| widths.iter().skip(i).step_by(columns).copied().max().unwrap_or(0) + SEPARATOR).collect();
    let pad_start = (0..output.len()).all(is_number);
    let mut lines = Vec::new();
    for start in (0..count).step_by(columns) {
        let end = (start + columns).min(count);
        let mut line = String::new();
        for j in start..end {
            let last = j + 1 == end;
            let text = if last { output[j].clone() } else { format!("{}, ", output[j]) };
            let own = widths[j] + if last { 0 } else { SEPARATOR };
            let padding = match (pad_start, last) {
                (true, true) => (line_widths[j - start] - SEPARATOR).saturating_sub(own),
                (_, false) => line_widths[j - start].saturating_sub(own),
                (false, true) => 0,
            };
            if pad_start {
                line.push_str(&" ".repeat(padding));
                line.push_str(&text);
            } else {
                line.push_str(&text);
                line.push_str(&" ".repeat(padding));
            }
        }
        lines.push(line);
    }
    if more {
        lines.extend(output.into_iter().skip(count));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(s: &str) -> Vec<u16> {
        s.encode_utf16().collect()
    }

    #[test]
    fn quotes_follow_the_text() {
        assert_eq!(quote(&units("plain")), "'plain'");
        assert_eq!(quote(&units("it's")), "\"it's\"");
        assert_eq!(quote(&units("it's \"x\"")), "`it's \"x\"`");
        assert_eq!(quote(&units("it's \"x\" `y`")), "'it\\'s \"x\" `y`'");
        assert_eq!(quote(&units("a\nb\\\u{1b}\u{7f}")), "'a\\nb\\\\\\x1B\\x7F'");
        assert_eq!(quote(&[0xD83D]), "'\\ud83d'");
        assert_eq!(key(&units("a_1")), "a_1");
        assert_eq!(key(&units("1a")), "'1a'");
        assert_eq!(key(&units("$x")), "'$x'");
        assert_eq!(number(-0.0), "-0");
    }

    #[test]
    fn many_numbers_stand_in_columns() {
        let frame = Frame { indentation: 0, break_length: 80, current_depth: 0, level: 0 };
        let output: Vec<String> = (0..10).map(|i| (i * 11).to_string()).collect();
        let text = reduce(output, "", ("[", "]"), Some(&|_| true), false, frame);
        // Recorded from Node 20.
        assert_eq!(text, "[\n   0, 11, 22, 33, 44,\n  55, 66, 77, 88, 99\n]");
    }
}
