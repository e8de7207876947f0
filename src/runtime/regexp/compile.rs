//! Trees to programs.
//!
//! ```text
//! a|b     split 1, 2; 1: a; jump 3; 2: b; 3:
//! (a)     save 2; a; save 3                      backward: save 3; a; save 2
//! a*      greedy a                               one character: a single instruction
//! (..){m,n}  enter r; 1: loop r, exit 2; reset groups; ..; again r, 1; 2:
//! (?=a)   look 1; a; matched; 1:
//! ```

use super::parse::{Node, Parsed};
use super::set::{self, Set, canonical, canonical_ranges};
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
    let first = c.first(&parsed.node);
    let Compiler { insts, sets, names, loops, .. } = c;
    Ok(Program { insts, sets, flags, groups: parsed.groups, names, loops, first })
}

impl Compiler {
    fn unicode(&self) -> bool {
        self.flags.has(Flags::UNICODE)
    }

    /// A node as the test of one character, if it is one.
    fn single(&mut self, node: &Node) -> Option<Single> {
        let ignore_case = self.flags.has(Flags::IGNORE_CASE);
        match node {
            // A pair of surrogates is one character in Unicode mode only, where the parser makes it one.
            Node::Char(c) if ignore_case => Some(Single::Char(canonical(*c, self.unicode()))),
            Node::Char(c) => Some(Single::Char(*c)),
            Node::Dot if self.flags.has(Flags::DOT_ALL) => Some(Single::Any),
            Node::Dot => Some(Single::Dot),
            Node::Class { ranges, negated: true } if ranges.is_empty() => Some(Single::Any),
            Node::Class { ranges, negated } => {
                let members = if ignore_case { canonical_ranges(ranges, self.unicode()) } else { ranges.clone() };
                let members = if *negated { set::invert(&members) } else { members };
                let set = Set::of(members);
                let index = self.sets.iter().position(|s| *s == set).unwrap_or_else(|| {
                    self.sets.push(set);
                    self.sets.len() - 1
                });
                Some(Single::Set(index))
            }
            Node::Sequence(nodes) if nodes.len() == 1 => self.single(&nodes[0]),
            _several => None,
        }
    }

    /// What every match of a node begins with, if that is one character.
    fn first(&mut self, node: &Node) -> Option<Single> {
        match node {
            Node::Char(_) | Node::Dot | Node::Class { .. } => self.single(node),
            Node::Sequence(nodes) => self.first(nodes.first()?),
            Node::Capture(_, inner) => self.first(inner),
            Node::Repeat { inner, min, .. } if *min > 0 => self.first(inner),
            _unknown => None,
        }
    }

    fn node(&mut self, node: &Node, back: bool) {
        if let Some(test) = self.single(node) {
            self.insts.push(Inst::One { test, back });
            return;
        }
        match node {
            Node::Empty | Node::Char(_) | Node::Dot | Node::Class { .. } => {}
            Node::Sequence(nodes) if back => nodes.iter().rev().for_each(|n| self.node(n, back)),
            Node::Sequence(nodes) => nodes.iter().for_each(|n| self.node(n, back)),
            Node::Choice(choices) => self.choice(choices, back),
            Node::Capture(group, inner) => {
                self.insts.push(Inst::Save(2 * group + back as usize));
                self.node(inner, back);
                self.insts.push(Inst::Save(2 * group + !back as usize));
            }
            Node::Back(group) => self.insts.push(Inst::Back { group: *group, back }),
            Node::NamedBack(name) => {
                let group = self.names.iter().find(|(n, _)| n == name).map(|(_, group)| *group);
                // The parser has checked that the name exists.
                self.insts.push(Inst::Back { group: group.unwrap_or(0), back });
            }
            Node::Assert(assertion) => self.insts.push(Inst::Assert(*assertion)),
            Node::Look { behind, negative, inner } => {
                let at = self.insts.len();
                self.insts.push(Inst::Look { negative: *negative, end: 0 });
                self.node(inner, *behind);
                self.insts.push(Inst::Matched);
                let end = self.insts.len();
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
                self.insts[split] = Inst::Split { first: split + 1, second: self.insts.len() };
            }
        }
        let end = self.insts.len();
        jumps.into_iter().for_each(|at| self.insts[at] = Inst::Jump(end));
    }

    fn repeat(&mut self, inner: &Node, min: u32, max: u32, greedy: bool, groups: (usize, usize), back: bool) {
        if max == 0 {
            return;
        }
        if let Some(test) = self.single(inner) {
            self.insts.push(if greedy {
                Inst::Greedy { test, min, max, back }
            } else {
                Inst::Lazy { test, min, max, back }
            });
            return;
        }
        let reset = (groups.0 < groups.1).then_some(Inst::Reset { from: groups.0, to: groups.1 });
        let register = self.loops;
        self.loops += 1;
        self.insts.push(Inst::Enter(register));
        let head = self.insts.len();
        self.insts.push(Inst::Matched);
        self.insts.extend(reset);
        self.node(inner, back);
        self.insts.push(Inst::Again { register, min, head });
        let exit = self.insts.len();
        self.insts[head] = Inst::Loop { register, min, max, greedy, exit };
    }
}
