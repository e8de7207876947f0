//! Rotations, for which JavaScript has no operator: hashes and ciphers write `x << 5 | x >>> 27`.
//!
//! The two shifts need not stand side by side. A chain of one associative operation, `x >>> 7 ^ x >>> 18 ^ x >>> 3 ^ x << 25 ^
//! x << 14`, is taken as the list of its terms; shifts of the same value whose distances add up to 32 become one rotation, and
//! what remains is chained again. The halves of a rotation share no bit, so it is the same whether they are joined by `|`, `^`
//! or `+`. A distance that is not constant is recognized as `n` and `32 - n`, joined by `|`: where `n` is 0, both halves are
//! `x`, and only `x | x` is `x`.
//!
//! Late, when truncation has made int32 of what was double, and guards no longer move.

use crate::hir::analysis::{Cfg, UseCounts};
use crate::hir::field::{Const, Val};
use crate::hir::graph::Graph;
use crate::hir::inst::Op;
use cranelift_entity::EntitySet;

/// Terms of a chain that are looked at.
const MAX_TERMS: usize = 16;

/// The operations whose chains are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    Or,
    Xor,
    Add,
}

impl Join {
    fn of(op: &Op) -> Option<(Join, [Val; 2])> {
        match *op {
            Op::Int32Or { a, b } => Some((Join::Or, [a, b])),
            Op::Int32Xor { a, b } => Some((Join::Xor, [a, b])),
            Op::Int32Add { a, b } => Some((Join::Add, [a, b])),
            ref _another => None,
        }
    }

    fn make(self, a: Val, b: Val) -> Op {
        match self {
            Join::Or => Op::Int32Or { a, b },
            Join::Xor => Op::Int32Xor { a, b },
            Join::Add => Op::Int32Add { a, b },
        }
    }
}

/// Runs the pass.
pub fn run(graph: &mut Graph) {
    let cfg = Cfg::order_only(graph);
    let is_shift = |v: &Val| matches!(graph.op(*v), Op::Int32Shr { .. });
    if !cfg.rpo.iter().any(|block| graph.blocks[*block].insts.iter().any(is_shift)) {
        return;
    }
    let uses = UseCounts::new(graph, &cfg);
    let mut inner: EntitySet<Val> = EntitySet::new();
    // Users before what they use, so that a chain is met at its end.
    for &block in cfg.rpo.iter().rev() {
        let insts = std::mem::take(&mut graph.blocks[block].insts);
        let mut kept = Vec::with_capacity(insts.len());
        for v in insts.into_iter().rev() {
            kept.push(v);
            if let Some((join, operands)) = Join::of(graph.op(v))
                && !inner.contains(v)
            {
                let terms = terms_of(graph, join, operands, &uses, &mut inner);
                rotate(graph, v, join, terms, &mut kept);
            }
        }
        kept.reverse();
        graph.blocks[block].insts = kept;
    }
}

/// The terms of a chain, from left to right. Links that somebody else wants, too, are terms.
fn terms_of(graph: &Graph, join: Join, operands: [Val; 2], uses: &UseCounts, inner: &mut EntitySet<Val>) -> Vec<Val> {
    let only_here = |v| uses.by_insts[v] == 1 && !uses.by_frames[v];
    let mut terms = vec![];
    let [a, b] = operands;
    let mut todo = vec![b, a];
    while let Some(v) = todo.pop() {
        match Join::of(graph.op(v)) {
            Some((same, [a, b])) if same == join && only_here(v) && terms.len() + todo.len() + 2 <= MAX_TERMS => {
                inner.insert(v);
                todo.extend([b, a]);
            }
            _term => terms.push(v),
        }
    }
    terms
}

/// Replaces pairs of shifts among the terms by rotations, and makes `v` the chain of what there is then. New instructions are
/// appended to `behind`, which is in reverse order.
fn rotate(graph: &mut Graph, v: Val, join: Join, mut terms: Vec<Val>, behind: &mut Vec<Val>) {
    let origin = graph.insts[v].origin;
    let mut rotations = vec![];
    let mut i = 0;
    while i < terms.len() {
        if let Op::Int32Shl { a, b } = *graph.op(terms[i])
            && let Some(other) = terms.iter().position(|t| completes(graph, join, a, b, *t))
        {
            rotations.push(Op::Int32Rotl { a, b });
            terms.remove(i.max(other));
            terms.remove(i.min(other));
            i = 0;
        } else {
            i += 1;
        }
    }
    if rotations.is_empty() {
        return;
    }
    let mut made = vec![];
    let mut make = |op: Op| {
        let new = graph.make(op, None, origin);
        made.push(new);
        new
    };
    let rotated: Vec<Val> = rotations.into_iter().map(&mut make).collect();
    terms.into_iter().chain(rotated).reduce(|chain, term| make(join.make(chain, term)));
    // The last one is what `v` is.
    let last = made.pop().expect("there is a rotation");
    let op = graph.op(last).clone();
    graph.set_op(v, op);
    behind.extend(made.into_iter().rev());
}

/// Whether `term` is the other half of a rotation of `a`, the first half of which is `a << by`.
fn completes(graph: &Graph, join: Join, a: Val, by: Val, term: Val) -> bool {
    let Op::Int32Shr { a: of, b: back } = *graph.op(term) else { return false };
    if of != a {
        return false;
    }
    let int = |v| if let Some(Const::Int(i)) = graph.constant(v) { Some(i & 31) } else { None };
    if let (Some(by), Some(back)) = (int(by), int(back)) {
        return by != 0 && by + back == 32;
    }
    let is_rest = |rest: Val, of: Val| match *graph.op(rest) {
        Op::Int32Sub { a, b } => b == of && graph.constant(a) == Some(Const::Int(32)),
        ref _another => false,
    };
    join == Join::Or && (is_rest(back, by) || is_rest(by, back))
}
