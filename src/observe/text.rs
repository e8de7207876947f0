//! How numbers and words are written: times, sizes, shares, colours.
//!
//! Colours follow the conventions of terminals: none when the output is not a terminal, none when `NO_COLOR` is set,
//! some in any case when `CLICOLOR_FORCE` is set. The command line decides once; renderers get a [`Style`].

use std::fmt::Write;
use std::io::IsTerminal;

/// Whether to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Plain text.
    Plain,
    /// With colours.
    Colour,
}

impl Style {
    /// The style for a stream, from what it is and from the environment's wishes.
    pub fn choose(is_terminal: bool, no_color: Option<&str>, force: Option<&str>) -> Style {
        let wanted = |value: Option<&str>| value.is_some_and(|text| !text.is_empty() && text != "0");
        if no_color.is_some_and(|text| !text.is_empty()) {
            Style::Plain
        } else if is_terminal || wanted(force) {
            Style::Colour
        } else {
            Style::Plain
        }
    }

    /// The style for a stream of this process.
    pub fn of(stream: &impl IsTerminal) -> Style {
        let variable = |name| std::env::var(name).ok();
        let dumb = variable("TERM").as_deref() == Some("dumb");
        Style::choose(
            stream.is_terminal() && !dumb,
            variable("NO_COLOR").as_deref(),
            variable("CLICOLOR_FORCE").as_deref(),
        )
    }

    fn wrap(self, code: &str, text: &str) -> String {
        match self {
            Style::Plain => text.to_string(),
            Style::Colour => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }

    /// For headings.
    pub fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// For what is secondary.
    pub fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    /// For what is bad.
    pub fn red(self, text: &str) -> String {
        self.wrap("31", text)
    }

    /// For what is good.
    pub fn green(self, text: &str) -> String {
        self.wrap("32", text)
    }

    /// For warnings.
    pub fn yellow(self, text: &str) -> String {
        self.wrap("33", text)
    }
}

/// A duration with three significant digits: `940 ns`, `1.23 us`, `45.6 ms`, `7.89 s`.
pub fn duration(ns: u64) -> String {
    let ns = ns as f64;
    let (value, unit) = match ns {
        ns if ns < 1e3 => return format!("{ns} ns"),
        ns if ns < 999_500.0 => (ns / 1e3, "us"),
        ns if ns < 999_500_000.0 => (ns / 1e6, "ms"),
        ns => (ns / 1e9, "s"),
    };
    let digits = if value < 9.995 { 2 } else { usize::from(value < 99.95) };
    format!("{value:.digits$} {unit}")
}

/// A duration in milliseconds, as V8 writes it: `0.318`.
pub fn milliseconds(ns: u64) -> String {
    format!("{:.3}", ns as f64 / 1e6)
}

/// A size: `512 B`, `12.3 KB`, `4.5 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{:.1} KB", bytes as f64 / 1024.0),
        1_048_576.. => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

/// A share in percent; zero of nothing is 0 %.
pub fn percent(part: u64, whole: u64) -> String {
    let share = if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 };
    format!("{share:.1}%")
}

/// `6/8 (75%)`, as V8 counts inline caches.
pub fn fraction(part: u32, whole: u32) -> String {
    let share = if whole == 0 { 0 } else { u64::from(part) * 100 / u64::from(whole) };
    format!("{part}/{whole} ({share}%)")
}

/// A count with thin groups of three: `1,234,567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of things: `1 deopt`, `1,200 deopts`.
pub fn things(number: u64, singular: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {singular}{ending}", count(number))
}

/// Text of a program made safe for one line of a terminal: control characters are escaped, and it is cut at `limit`.
pub fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    for (index, character) in text.chars().enumerate() {
        if index >= limit {
            line.push('…');
            break;
        }
        if character.is_control() {
            // Writing to a string does not fail.
            let _ = write!(line, "{}", character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_digits() {
        let texts: Vec<String> =
            [0, 940, 1_234, 45_678, 999_499, 999_500, 7_894_000_000].into_iter().map(duration).collect();
        assert_eq!(texts, ["0 ns", "940 ns", "1.23 us", "45.7 us", "999 us", "1.00 ms", "7.89 s"]);
        assert_eq!(milliseconds(318_000), "0.318");
    }

    #[test]
    fn sizes_counts_and_shares() {
        assert_eq!([size(512), size(12_595), size(4 << 20)], ["512 B", "12.3 KB", "4.0 MB"]);
        assert_eq!([count(0), count(999), count(1_234_567)], ["0", "999", "1,234,567"]);
        assert_eq!([things(1, "deopt"), things(1_200, "deopt")], ["1 deopt", "1,200 deopts"]);
        assert_eq!([percent(1, 3), percent(0, 0)], ["33.3%", "0.0%"]);
        assert_eq!([fraction(6, 8), fraction(0, 0)], ["6/8 (75%)", "0/0 (0%)"]);
    }

    #[test]
    fn colours_follow_the_conventions() {
        assert_eq!(Style::choose(true, None, None), Style::Colour);
        assert_eq!(Style::choose(true, Some("1"), Some("1")), Style::Plain);
        assert_eq!(Style::choose(true, Some(""), None), Style::Colour);
        assert_eq!(Style::choose(false, None, None), Style::Plain);
        assert_eq!(Style::choose(false, None, Some("1")), Style::Colour);
        assert_eq!(Style::Colour.red("x"), "\x1b[31mx\x1b[0m");
        assert_eq!(Style::Plain.red("x"), "x");
    }

    #[test]
    fn program_text_cannot_break_a_line() {
        assert_eq!(one_line("a\nb\x1b[2J", 20), "a\\nb\\u{1b}[2J");
        assert_eq!(one_line("abcdef", 3), "abc…");
    }
}
