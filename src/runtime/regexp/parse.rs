//! Patterns to trees, with V8's words for what is wrong.

use super::set::{self, DIGITS, SPACE};
use super::{Assertion, Error, Flags};

/// Nesting beyond this is "too large", as V8 has it when its stack is at its end.
const MAX_DEPTH: u32 = 1000;
/// V8's limit.
const MAX_GROUPS: usize = 1 << 16;
/// More repetitions than any text has characters.
pub const UNBOUNDED: u32 = u32::MAX;

/// A parsed pattern.
#[derive(Debug)]
pub enum Node {
    Empty,
    Char(u32),
    Dot,
    /// One of these ranges, or none of them.
    Class {
        ranges: Vec<(u32, u32)>,
        negated: bool,
    },
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    Capture(usize, Box<Node>),
    Back(usize),
    NamedBack(String),
    Assert(Assertion),
    Look {
        behind: bool,
        negative: bool,
        inner: Box<Node>,
    },
    /// `groups`: those inside, which each round forgets.
    Repeat {
        inner: Box<Node>,
        min: u32,
        max: u32,
        greedy: bool,
        groups: (usize, usize),
    },
}

/// What the parser found.
pub struct Parsed {
    pub node: Node,
    pub groups: usize,
    pub names: Vec<(String, usize)>,
}

struct Parser<'a> {
    text: &'a [u16],
    at: usize,
    unicode: bool,
    ignore_case: bool,
    /// Groups opened so far, the whole match included.
    groups: usize,
    /// Groups in all.
    total: usize,
    names: Vec<(String, usize)>,
    has_names: bool,
    references: Vec<String>,
    depth: u32,
}

/// Parses a pattern.
pub fn parse(text: &[u16], flags: Flags) -> Result<Parsed, Error> {
    let (total, has_names) = scan_groups(text);
    let mut p = Parser {
        text,
        at: 0,
        unicode: flags.has(Flags::UNICODE),
        ignore_case: flags.has(Flags::IGNORE_CASE),
        groups: 1,
        total,
        names: Vec::new(),
        has_names,
        references: Vec::new(),
        depth: 0,
    };
    let node = p.disjunction()?;
    if p.at < text.len() {
        return Err(Error::Syntax("Unmatched ')'"));
    }
    if p.references.iter().any(|r| !p.names.iter().any(|(n, _)| n == r)) {
        return Err(Error::Syntax("Invalid named capture referenced"));
    }
    Ok(Parsed { node, groups: p.groups, names: p.names })
}

/// How many groups there will be, the whole match included, and whether some have names.
fn scan_groups(text: &[u16]) -> (usize, bool) {
    let (mut total, mut names, mut class, mut i) = (1, false, false, 0);
    let is = |i: usize, c: char| text.get(i) == Some(&(c as u16));
    while i < text.len() {
        match text[i] {
            0x5C => i += 1,
            0x5B => class = true,
            0x5D => class = false,
            0x28 if !class => {
                let named = is(i + 1, '?') && is(i + 2, '<') && !is(i + 3, '=') && !is(i + 3, '!');
                names |= named;
                if named || !is(i + 1, '?') {
                    total += 1;
                }
            }
            _other => {}
        }
        i += 1;
    }
    (total, names)
}

const fn syntax<T>(message: &'static str) -> Result<T, Error> {
    Err(Error::Syntax(message))
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.peek_at(0)
    }
    /// The code unit `n` places ahead, if it is ASCII; any other is some letter to the syntax.
    fn peek_at(&self, n: usize) -> Option<char> {
        let unit = *self.text.get(self.at + n)?;
        Some(if unit < 128 { unit as u8 as char } else { '\u{FFFD}' })
    }
    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += found as usize;
        found
    }
    fn eat_all(&mut self, s: &str) -> bool {
        let found = s.chars().enumerate().all(|(i, c)| self.peek_at(i) == Some(c));
        if found {
            self.at += s.len();
        }
        found
    }
    /// The next character of the pattern: in Unicode mode a code point.
    fn next_char(&mut self) -> u32 {
        let unit = self.text[self.at] as u32;
        self.at += 1;
        if self.unicode
            && unit & 0xFC00 == 0xD800
            && let Some(low) = self.text.get(self.at).filter(|low| **low & 0xFC00 == 0xDC00)
        {
            self.at += 1;
            return 0x10000 + ((unit & 0x3FF) << 10 | *low as u32 & 0x3FF);
        }
        unit
    }

    fn disjunction(&mut self) -> Result<Node, Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return syntax("Regular expression too large");
        }
        let mut choices = Vec::new();
        loop {
            let mut terms = Vec::new();
            while self.peek().is_some_and(|c| c != '|' && c != ')') {
                terms.push(self.term()?);
            }
            choices.push(if terms.len() == 1 { terms.remove(0) } else { Node::Sequence(terms) });
            if !self.eat('|') {
                break;
            }
        }
        self.depth -= 1;
        Ok(if choices.len() == 1 { choices.remove(0) } else { Node::Choice(choices) })
    }

    fn term(&mut self) -> Result<Node, Error> {
        let before = self.groups;
        let Some(c) = self.peek() else { return Ok(Node::Empty) };
        let node = match c {
            '^' | '$' => {
                self.at += 1;
                return Ok(Node::Assert(if c == '^' { Assertion::Start } else { Assertion::End }));
            }
            '(' => match self.group()? {
                look @ Node::Look { .. } => {
                    let behind = matches!(look, Node::Look { behind: true, .. });
                    if !behind && !self.unicode {
                        return self.quantified(look, before);
                    }
                    let quantifier = match self.peek() {
                        Some('*' | '+' | '?') => true,
                        Some('{') => self.braces()?.is_some(),
                        _none => false,
                    };
                    if quantifier {
                        return syntax("Invalid quantifier");
                    }
                    return Ok(look);
                }
                group => group,
            },
            '*' | '+' | '?' => return syntax("Nothing to repeat"),
            '{' if self.unicode => {
                return match self.braces()? {
                    Some(_) => syntax("Nothing to repeat"),
                    None => syntax("Lone quantifier brackets"),
                };
            }
            '{' if self.braces()?.is_some() => return syntax("Nothing to repeat"),
            ']' | '}' if self.unicode => return syntax("Lone quantifier brackets"),
            '.' => {
                self.at += 1;
                Node::Dot
            }
            '[' => {
                self.at += 1;
                self.class()?
            }
            '\\' => {
                self.at += 1;
                match self.peek() {
                    None => return syntax("\\ at end of pattern"),
                    Some('b') => {
                        self.at += 1;
                        return Ok(Node::Assert(Assertion::Word));
                    }
                    Some('B') => {
                        self.at += 1;
                        return Ok(Node::Assert(Assertion::NotWord));
                    }
                    Some(_) => self.atom_escape()?,
                }
            }
            _literal => Node::Char(self.next_char()),
        };
        self.quantified(node, before)
    }

    /// A node with the quantifier that may follow it. `before`: groups that were open before the node.
    fn quantified(&mut self, node: Node, before: usize) -> Result<Node, Error> {
        let (min, max) = match self.peek() {
            Some('*') => (0, UNBOUNDED),
            Some('+') => (1, UNBOUNDED),
            Some('?') => (0, 1),
            Some('{') => match self.braces()? {
                Some(range) => range,
                None if self.unicode => return syntax("Incomplete quantifier"),
                None => return Ok(node),
            },
            _none => return Ok(node),
        };
        // The sign, or the closing brace.
        self.at += 1;
        let greedy = !self.eat('?');
        Ok(Node::Repeat { inner: Box::new(node), min, max, greedy, groups: (before, self.groups) })
    }

    /// The numbers of `{n}`, `{n,}` or `{n,m}`; stops before the closing brace. `None`, and nothing consumed: it is none.
    fn braces(&mut self) -> Result<Option<(u32, u32)>, Error> {
        let start = self.at;
        self.at += 1;
        let Some(min) = self.number() else {
            self.at = start;
            return Ok(None);
        };
        let max = if !self.eat(',') {
            Some(min)
        } else if self.peek() == Some('}') {
            Some(UNBOUNDED)
        } else {
            self.number()
        };
        let (Some(max), Some('}')) = (max, self.peek()) else {
            self.at = start;
            return Ok(None);
        };
        if max < min {
            return syntax("numbers out of order in {} quantifier");
        }
        Ok(Some((min, max)))
    }

    fn number(&mut self) -> Option<u32> {
        let mut value = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            value = Some(value.unwrap_or(0u32).saturating_mul(10).saturating_add(digit));
            self.at += 1;
        }
        value
    }

    fn group(&mut self) -> Result<Node, Error> {
        self.at += 1;
        let close = |p: &mut Self| if p.eat(')') { Ok(()) } else { syntax("Unterminated group") };
        let looks = [("?=", false, false), ("?!", false, true), ("?<=", true, false), ("?<!", true, true)];
        for (start, behind, negative) in looks {
            if self.eat_all(start) {
                let inner = Box::new(self.disjunction()?);
                close(self)?;
                return Ok(Node::Look { behind, negative, inner });
            }
        }
        if self.eat_all("?:") {
            let inner = self.disjunction()?;
            close(self)?;
            // A group of its own, so that a quantifier after it is about all of it.
            return Ok(Node::Sequence(vec![inner]));
        }
        let mut name = None;
        if self.eat_all("?<") {
            name = Some(self.name()?);
        } else if self.peek() == Some('?') {
            return syntax("Invalid group");
        }
        let index = self.groups;
        self.groups += 1;
        if index >= MAX_GROUPS {
            return syntax("Too many captures");
        }
        if let Some(name) = name {
            if self.names.iter().any(|(n, _)| *n == name) {
                return syntax("Duplicate capture group name");
            }
            self.names.push((name, index));
        }
        let inner = self.disjunction()?;
        close(self)?;
        Ok(Node::Capture(index, Box::new(inner)))
    }

    /// A group's name up to its `>`.
    fn name(&mut self) -> Result<String, Error> {
        const INVALID: Error = Error::Syntax("Invalid capture group name");
        let mut name = String::new();
        loop {
            if self.at >= self.text.len() {
                return Err(INVALID);
            }
            if self.eat('>') {
                return if name.is_empty() { Err(INVALID) } else { Ok(name) };
            }
            let unicode = std::mem::replace(&mut self.unicode, true);
            let c = if self.eat('\\') {
                if self.eat('u') { self.unicode_escape() } else { None }
            } else {
                Some(self.next_char())
            };
            self.unicode = unicode;
            let c = c.and_then(char::from_u32).ok_or(INVALID)?;
            let starts = c == '$' || c == '_' || c.is_alphabetic();
            let continues = starts || c.is_alphanumeric() || matches!(c, '\u{200C}' | '\u{200D}');
            if !(if name.is_empty() { starts } else { continues }) {
                return Err(INVALID);
            }
            name.push(c);
        }
    }

    fn digits_class(&mut self, c: char) -> Option<Node> {
        let unicode_ignore_case = self.unicode && self.ignore_case;
        let (ranges, negated) = match c {
            'd' | 'D' => (DIGITS.to_vec(), c == 'D'),
            's' | 'S' => (SPACE.to_vec(), c == 'S'),
            'w' | 'W' => (set::word(unicode_ignore_case), c == 'W'),
            _other => return None,
        };
        self.at += 1;
        Some(Node::Class { ranges, negated })
    }

    /// What follows a backslash outside of classes.
    fn atom_escape(&mut self) -> Result<Node, Error> {
        let Some(c) = self.peek() else { return Ok(Node::Empty) };
        if let Some(class) = self.digits_class(c) {
            return Ok(class);
        }
        match c {
            '1'..='9' => {
                let start = self.at;
                let n = self.number().unwrap_or(u32::MAX) as usize;
                if n < self.total {
                    return Ok(Node::Back(n));
                }
                if self.unicode {
                    return syntax("Invalid escape");
                }
                self.at = start;
                if c >= '8' {
                    return Ok(Node::Char(self.next_char()));
                }
                Ok(Node::Char(self.octal()))
            }
            'k' if self.unicode || self.has_names => {
                self.at += 1;
                if !self.eat('<') {
                    return syntax("Invalid named reference");
                }
                let name = self.name()?;
                self.references.push(name.clone());
                Ok(Node::NamedBack(name))
            }
            _character => self.character_escape(false).map(Node::Char),
        }
    }

    /// Up to three octal digits, at most 255.
    fn octal(&mut self) -> u32 {
        let mut value = 0;
        for _ in 0..3 {
            match self.peek().and_then(|c| c.to_digit(8)) {
                Some(digit) if value * 8 + digit <= 255 => value = value * 8 + digit,
                _end => break,
            }
            self.at += 1;
        }
        value
    }

    fn hex(&mut self, digits: usize) -> Option<u32> {
        let mut value = 0;
        for i in 0..digits {
            value = value * 16 + self.peek_at(i)?.to_digit(16)?;
        }
        self.at += digits;
        Some(value)
    }

    /// What follows `\u`.
    fn unicode_escape(&mut self) -> Option<u32> {
        if self.unicode && self.peek() == Some('{') {
            let start = self.at;
            self.at += 1;
            let mut value = None;
            while let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) {
                value = Some((value.unwrap_or(0u32) * 16 + digit).min(0x110000));
                self.at += 1;
            }
            let value = value.filter(|v| *v <= set::LAST);
            if value.is_none() || !self.eat('}') {
                self.at = start;
                return None;
            }
            return value;
        }
        let unit = self.hex(4)?;
        if self.unicode && unit & 0xFC00 == 0xD800 {
            let start = self.at;
            if self.eat_all("\\u")
                && let Some(low) = self.hex(4).filter(|low| low & 0xFC00 == 0xDC00)
            {
                return Some(0x10000 + ((unit & 0x3FF) << 10 | low & 0x3FF));
            }
            self.at = start;
        }
        Some(unit)
    }

    /// The character that an escape spells, the backslash being consumed.
    fn character_escape(&mut self, in_class: bool) -> Result<u32, Error> {
        let Some(c) = self.peek() else { return syntax("\\ at end of pattern") };
        let simple = match c {
            'f' => Some(0x0C),
            'n' => Some(0x0A),
            'r' => Some(0x0D),
            't' => Some(0x09),
            'v' => Some(0x0B),
            _other => None,
        };
        if let Some(simple) = simple {
            self.at += 1;
            return Ok(simple);
        }
        match c {
            'c' => {
                let letter = self.peek_at(1);
                let control = letter.is_some_and(|l| l.is_ascii_alphabetic())
                    || (in_class && !self.unicode && letter.is_some_and(|l| l.is_ascii_digit() || l == '_'));
                if let (Some(l), true) = (letter, control) {
                    self.at += 2;
                    return Ok(l as u32 % 32);
                }
                // The backslash stands for itself, and the `c` comes next.
                if self.unicode { syntax("Invalid Unicode escape") } else { Ok(0x5C) }
            }
            '0' if !self.peek_at(1).is_some_and(|d| d.is_ascii_digit()) => {
                self.at += 1;
                Ok(0)
            }
            '0'..='7' if !self.unicode => Ok(self.octal()),
            '0' => syntax(if in_class { "Invalid class escape" } else { "Invalid decimal escape" }),
            '1'..='7' if in_class => syntax("Invalid class escape"),
            'x' => {
                self.at += 1;
                match self.hex(2) {
                    Some(value) => Ok(value),
                    None if self.unicode => syntax("Invalid escape"),
                    None => Ok('x' as u32),
                }
            }
            'u' => {
                self.at += 1;
                match self.unicode_escape() {
                    Some(value) => Ok(value),
                    None if self.unicode => syntax("Invalid Unicode escape"),
                    None => Ok('u' as u32),
                }
            }
            'p' | 'P' if self.unicode => {
                if self.peek_at(1) == Some('{') {
                    return Err(Error::Refused("Unicode property escape in a regular expression"));
                }
                syntax(if in_class { "Invalid property name in character class" } else { "Invalid property name" })
            }
            '^' | '$' | '\\' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '/' => {
                self.at += 1;
                Ok(c as u32)
            }
            '-' if in_class => {
                self.at += 1;
                Ok('-' as u32)
            }
            _identity if self.unicode => syntax("Invalid escape"),
            _identity => Ok(self.next_char()),
        }
    }

    fn class(&mut self) -> Result<Node, Error> {
        const UNTERMINATED: Error = Error::Syntax("Unterminated character class");
        let negated = self.eat('^');
        let mut ranges = Vec::new();
        loop {
            if self.peek().is_none() {
                return Err(UNTERMINATED);
            }
            if self.eat(']') {
                return Ok(Node::Class { ranges, negated });
            }
            let from = self.class_atom()?;
            if self.peek() != Some('-') || self.peek_at(1) == Some(']') {
                push(&mut ranges, from);
                continue;
            }
            self.at += 1;
            if self.peek().is_none() {
                return Err(UNTERMINATED);
            }
            let to = self.class_atom()?;
            match (from, to) {
                (Node::Char(a), Node::Char(b)) if a <= b => ranges.push((a, b)),
                (Node::Char(_), Node::Char(_)) => return syntax("Range out of order in character class"),
                _sets if self.unicode => return syntax("Invalid character class"),
                (from, to) => {
                    push(&mut ranges, from);
                    ranges.push(('-' as u32, '-' as u32));
                    push(&mut ranges, to);
                }
            }
        }
    }

    /// A character, or a class such as `\d`.
    fn class_atom(&mut self) -> Result<Node, Error> {
        if !self.eat('\\') {
            return Ok(Node::Char(self.next_char()));
        }
        let Some(c) = self.peek() else { return syntax("\\ at end of pattern") };
        if let Some(class) = self.digits_class(c) {
            return Ok(class);
        }
        if c == 'b' {
            self.at += 1;
            return Ok(Node::Char(8));
        }
        self.character_escape(true).map(Node::Char)
    }
}

fn push(ranges: &mut Vec<(u32, u32)>, node: Node) {
    match node {
        Node::Char(c) => ranges.push((c, c)),
        Node::Class { ranges: inner, negated: false } => ranges.extend(inner),
        Node::Class { ranges: inner, negated: true } => ranges.extend(set::invert(&inner)),
        _no_atom => {}
    }
}
