//! Loop variables that are checked in every iteration are checked once, when the loop is entered.
//!
//! `for (let i = start; ...; i++)` with an unknown `start` gives a loop variable of unknown type, whose check in the body
//! would run every time although only the first value needs it. If a check of the variable dominates the loop's ends, and
//! every value that comes round has the type *assuming* that the first one does, the check moves to the loop's entry, with
//! the frame state there. After on-stack replacement, where every register comes in tagged, this is what makes a loop typed.
//!
//! The assumption may be circular through several variables and loops, so it is tested by propagating types with it.
//! Source: phi untagging in Maglev; speculative phis in Graal.

use crate::hir::analysis::{Cfg, Loop};
use crate::hir::field::{Block, Val};
use crate::hir::graph::Graph;
use crate::hir::inst::Op;
use crate::hir::passes::typing::{self, Assumptions};
use crate::hir::types::{BOOL, INT32, NUMBER, STRING, Type};
use cranelift_entity::SecondaryMap;

/// How deep a nest of loops may be for a check to move all the way out.
const MAX_ROUNDS: usize = 6;

/// Runs the pass.
pub fn run(graph: &mut Graph) {
    for round in 0..MAX_ROUNDS {
        let cfg = Cfg::new(graph);
        // The narrowest check first: a counter that is also used as a double is still an int32. If that does not hold,
        // the next round tries the first check of the body.
        let narrowest = round % 2 == 0;
        let mut candidates = find_candidates(graph, &cfg, narrowest);
        settle(graph, &cfg, &mut candidates);
        for candidate in &candidates {
            insert_check(graph, candidate);
        }
        typing::propagate(graph, &cfg, &Assumptions::default());
        if candidates.is_empty() && !narrowest {
            return;
        }
    }
}

struct Candidate {
    param: Val,
    index: usize,
    header: Block,
    preheader: Block,
    ty: Type,
    /// The check whose blame and feedback the new one inherits.
    check: Val,
}

fn find_candidates(graph: &Graph, cfg: &Cfg, narrowest: bool) -> Vec<Candidate> {
    let mut checks: SecondaryMap<Val, Option<(Val, Block)>> = SecondaryMap::new();
    for &block in &cfg.rpo {
        for &v in &graph.blocks[block].insts {
            if let Some((param, ty)) = checked_type(graph, v)
                && (checks[param].is_none() || (narrowest && ty == INT32))
            {
                checks[param] = Some((v, block));
            }
        }
    }
    let mut candidates = vec![];
    for (l, data) in &cfg.loops {
        let Some(preheader) = data.preheader else { continue };
        let has_frame = graph.terminator(preheader).is_some_and(|last| graph.insts[last].frame.is_some());
        for (index, &param) in graph.blocks[data.header].params.iter().enumerate() {
            let Some((check, at)) = checks[param] else { continue };
            let ty = checked_type(graph, check).expect("a recorded check is a check").1;
            if has_frame && !graph.ty(param).is(ty) && runs_every_time(cfg, l, at) {
                candidates.push(Candidate { param, index, header: data.header, preheader, ty, check });
            }
        }
    }
    candidates
}

fn checked_type(graph: &Graph, v: Val) -> Option<(Val, Type)> {
    match *graph.op(v) {
        Op::CheckInt32 { v } => Some((v, INT32)),
        Op::CheckNumber { v } => Some((v, NUMBER)),
        Op::CheckBool { v } => Some((v, BOOL)),
        Op::CheckString { v } => Some((v, STRING)),
        ref _other => None,
    }
}

/// Whether the block runs in every iteration that comes round.
pub fn runs_every_time(cfg: &Cfg, l: Loop, block: Block) -> bool {
    cfg.is_in_loop(block, l) && cfg.loops[l].latches.iter().all(|latch| cfg.dominates(block, *latch))
}

/// Removes candidates until the assumptions about the rest bear each other out.
fn settle(graph: &mut Graph, cfg: &Cfg, candidates: &mut Vec<Candidate>) {
    let mut assumptions = Assumptions::default();
    for candidate in &*candidates {
        assumptions.assume(candidate.param, candidate.ty);
    }
    while !candidates.is_empty() {
        typing::propagate(graph, cfg, &assumptions);
        let before = candidates.len();
        candidates.retain(|candidate| {
            let holds = graph.ty(candidate.param).is(candidate.ty);
            if !holds {
                assumptions.retract(candidate.param);
            }
            holds
        });
        if candidates.len() == before {
            break;
        }
    }
}

fn insert_check(graph: &mut Graph, candidate: &Candidate) {
    let last = graph.terminator(candidate.preheader).expect("a preheader ends in a jump");
    let mut arg = None;
    graph.op(last).visit_targets(|target| {
        if target.block == candidate.header {
            arg = Some(target.args[candidate.index]);
        }
    });
    let arg = arg.expect("a preheader jumps to the loop's head");
    let mut op = graph.op(candidate.check).clone();
    op.visit_mut(|operand| *operand = arg);
    let origin = graph.insts[candidate.check].origin;
    let frame = graph.insts[last].frame.expand();
    let checked = graph.make(op, frame, origin);
    let insts = &mut graph.blocks[candidate.preheader].insts;
    insts.insert(insts.len() - 1, checked);
    graph.insts[last].op.visit_targets_mut(|target| {
        if target.block == candidate.header {
            target.args[candidate.index] = checked;
        }
    });
}
