//! Trees to programs.
//!
//! ```text
//! a|b     split 1, 2; 1: a; jump 3; 2: b; 3:
//! (a)     save 2; a; save 3                      backward: save 3; a; save 2
//! a*      greedy a                               one character: a single instruction
//! abc     text abc                               where case counts
//! (..)*    1: split 2, 3; 2: reset groups; ..; jump 1; 3:
//! (..)+    1: reset groups; ..; split 1, 2; 2:   both only if .. matches nothing empty
//! (..){m,n}  enter r; 1: loop r, exit 2; reset groups; ..; again r, 1; 2:
//! (?=a)   look 1; a; matched; 1:
//! ```

use super::ahead::Start;
use super::parse::{Node, Parsed, UNBOUNDED};
use super::set::{self, Case, Set, canonical_ranges};
use super::{Error, Flags, Inst, Program, Single};

/// Instructions beyond this are "too large": counted repetitions of nothing but copies do not occur, so only the
/// pattern's own size matters.
const MAX_INSTS: usize = 1 << 20;

struct Compiler {
    insts: Vec<Inst>,
    sets: Vec<Set>,
    flags: Flags,
    names: Vec<(String, usize)>,
    loops: usize,
}

/// Compiles a parsed pattern.
pub fn compile(parsed: Parsed, flags: Flags) -> Result<Program, Error> {
    let mut c = Compiler { insts: Vec::new(), sets: Vec::new(), flags, names: parsed.names, loops: 0 };
    c.node(&parsed.node, false);
    c.insts.push(Inst::Matched);
    if c.insts.len() > MAX_INSTS {
        return Err(Error::Syntax("Regular expression too large"));
    }
    let Compiler { insts, sets, names, loops, .. } = c;
    Ok(Program {
        insts,
        sets,
        aheads: Vec::new(),
        forks: Vec::new(),
        flags,
        groups: parsed.groups,
        names,
        loops,
        start: Start::Anywhere,
        later: Start::Anywhere,
    })
}

impl Compiler {
    fn unicode(&self) -> bool {
        self.flags.has(Flags::UNICODE)
    }

    /// Where the next instruction will stand.
    fn here(&self) -> u32 {
        self.insts.len() as u32
    }

    fn case(&self) -> Case {
        match self.flags.has(Flags::IGNORE_CASE) {
            true => Case::Folded { unicode: self.unicode() },
            false => Case::Exact,
        }
    }

    /// The test for one of a set.
    fn set(&mut self, members: Vec<(u32, u32)>, case: Case) -> Single {
        let set = Set::of(members, case);
        let index = self.sets.iter().position(|s| *s == set).unwrap_or_else(|| {
            self.sets.push(set);
            self.sets.len() - 1
        });
        Single::Set(index as u32)
    }

    /// A node as the test of one character, if it is one.
    fn single(&mut self, node: &Node) -> Option<Single> {
        let case = self.case();
        match node {
            // A pair of surrogates is one character in Unicode mode only, where the parser makes it one.
            Node::Char(c) => Some(match case {
                Case::Folded { .. } if *c >= 128 || (*c as u8).is_ascii_alphabetic() => {
                    let form = case.form(*c);
                    self.set(vec![(form, form)], case)
                }
                // Nothing else folds to it.
                Case::Folded { .. } | Case::Exact => Single::Char(*c),
            }),
            Node::Dot if self.flags.has(Flags::DOT_ALL) => Some(self.set(vec![(0, set::LAST)], Case::Exact)),
            Node::Dot => Some(self.set(set::invert(set::NEWLINE), Case::Exact)),
            Node::Class { ranges, negated } => {
                let members = match case {
                    Case::Folded { unicode } => canonical_ranges(ranges, unicode),
                    Case::Exact => ranges.clone(),
                };
                let members = if *negated { set::invert(&members) } else { members };
                Some(self.set(members, case))
            }
            Node::Sequence(nodes) if nodes.len() == 1 => self.single(&nodes[0]),
            _several => None,
        }
    }

    /// The characters at the beginning of a sequence that can be compared as they stand, if there are several.
    fn text(&self, nodes: &[Node]) -> Option<Box<[u16]>> {
        if self.case() != Case::Exact {
            return None;
        }
        let unit = |node: &Node| match node {
            // Not a surrogate, which in Unicode mode may be half of a character.
            Node::Char(c) => u16::try_from(*c).ok().filter(|unit| !self.unicode() || unit & 0xF800 != 0xD800),
            _other => None,
        };
        let units: Box<[u16]> = nodes.iter().map_while(unit).collect();
        (units.len() > 1).then_some(units)
    }

    fn sequence(&mut self, mut nodes: &[Node], back: bool) {
        if back {
            nodes.iter().rev().for_each(|n| self.node(n, back));
            return;
        }
        while let Some((first, rest)) = nodes.split_first() {
            match self.text(nodes) {
                Some(units) => {
                    nodes = &nodes[units.len()..];
                    self.insts.push(Inst::Text(units));
                }
                None => {
                    self.node(first, back);
                    nodes = rest;
                }
            }
        }
    }

    fn node(&mut self, node: &Node, back: bool) {
        if let Some(test) = self.single(node) {
            self.insts.push(Inst::One { test, back });
            return;
        }
        match node {
            Node::Empty | Node::Char(_) | Node::Dot | Node::Class { .. } => {}
            Node::Sequence(nodes) => self.sequence(nodes, back),
            Node::Choice(choices) => self.choice(choices, back),
            Node::Capture(group, inner) => {
                self.insts.push(Inst::Save((2 * group + back as usize) as u32));
                self.node(inner, back);
                self.insts.push(Inst::Save((2 * group + !back as usize) as u32));
            }
            Node::Back(group) => self.insts.push(Inst::Back { group: *group as u32, back }),
            Node::NamedBack(name) => {
                let group = self.names.iter().find(|(n, _)| n == name).map(|(_, group)| *group);
                // The parser has checked that the name exists.
                self.insts.push(Inst::Back { group: group.unwrap_or(0) as u32, back });
            }
            Node::Assert(assertion) => self.insts.push(Inst::Assert(*assertion)),
            Node::Look { behind, negative, inner } => {
                let at = self.insts.len();
                self.insts.push(Inst::Look { negative: *negative, end: 0 });
                self.node(inner, *behind);
                self.insts.push(Inst::Matched);
                let end = self.here();
                self.insts[at] = Inst::Look { negative: *negative, end };
            }
            Node::Repeat { inner, min, max, greedy, groups } => self.repeat(inner, *min, *max, *greedy, *groups, back),
        }
    }

    fn choice(&mut self, choices: &[Node], back: bool) {
        let mut jumps = Vec::new();
        for (i, choice) in choices.iter().enumerate() {
            let last = i + 1 == choices.len();
            let split = self.insts.len();
            if !last {
                self.insts.push(Inst::Jump(0));
            }
            self.node(choice, back);
            if !last {
                jumps.push(self.insts.len());
                self.insts.push(Inst::Jump(0));
                self.insts[split] = Inst::Split { first: split as u32 + 1, second: self.here(), next: None };
            }
        }
        let end = self.here();
        jumps.into_iter().for_each(|at| self.insts[at] = Inst::Jump(end));
    }

    fn repeat(&mut self, inner: &Node, min: u32, max: u32, greedy: bool, groups: (usize, usize), back: bool) {
        if max == 0 {
            return;
        }
        if let Some(test) = self.single(inner) {
            self.insts.push(if greedy {
                Inst::Greedy { test, min, max, back, keeps: false }
            } else {
                Inst::Lazy { test, min, max, back, next: None }
            });
            return;
        }
        let reset = (groups.0 < groups.1).then_some(Inst::Reset { from: groups.0 as u32, to: groups.1 as u32 });
        if consumes(inner) && min <= 1 && (max == 1 || max == UNBOUNDED) {
            self.uncounted(inner, min, max, greedy, reset, back);
            return;
        }
        let register = self.loops as u32;
        self.loops += 1;
        self.insts.push(Inst::Enter(register));
        let head = self.here();
        self.insts.push(Inst::Matched);
        self.insts.extend(reset);
        self.node(inner, back);
        self.insts.push(Inst::Again { register, min, head });
        let exit = self.here();
        self.insts[head as usize] = Inst::Loop { register, min, max, greedy, exit, next: None };
    }

    /// A repetition whose rounds all take characters, so that nothing need be counted: `?`, `*` or `+`.
    fn uncounted(&mut self, inner: &Node, min: u32, max: u32, greedy: bool, reset: Option<Inst>, back: bool) {
        let split = |round: u32, exit: u32| match greedy {
            true => Inst::Split { first: round, second: exit, next: None },
            false => Inst::Split { first: exit, second: round, next: None },
        };
        let head = self.here();
        if min == 0 {
            self.insts.push(Inst::Matched);
        }
        self.insts.extend(reset);
        self.node(inner, back);
        if min == 0 {
            if max == UNBOUNDED {
                self.insts.push(Inst::Jump(head));
            }
            self.insts[head as usize] = split(head + 1, self.here());
        } else if max == UNBOUNDED {
            let exit = self.here() + 1;
            self.insts.push(split(head, exit));
        }
    }
}

/// Whether a node never matches nothing.
fn consumes(node: &Node) -> bool {
    match node {
        Node::Char(_) | Node::Dot | Node::Class { .. } => true,
        Node::Sequence(nodes) => nodes.iter().any(consumes),
        Node::Choice(choices) => choices.iter().all(consumes),
        Node::Capture(_, inner) => consumes(inner),
        Node::Repeat { inner, min, .. } => *min > 0 && consumes(inner),
        Node::Empty | Node::Back(_) | Node::NamedBack(_) | Node::Assert(_) | Node::Look { .. } => false,
    }
}
