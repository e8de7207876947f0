//! Loop-invariant code motion: what gives the same in every iteration is done once, before the loop.
//!
//! Cranelift moves pure arithmetic; what it cannot move, because it does not know what they mean, are guards and loads, and
//! those are what JavaScript loops consist of. Inner loops first, so that an instruction can leave a whole nest.
//!
//! - Pure operations move if their operands come from outside.
//! - Loads also need that nothing in the loop writes what they read. That their object was checked is in their operands.
//! - Widening an array's elements moves first, even out of a branch: nobody but the guards behind it can tell when it happens,
//!   and once it is done before the loop, the loop changes no shape.
//! - Guards, and loads of elements, whose index something may have tested, also need to run in every iteration: else the moved
//!   one might fail where the original would not have run. A moved guard gets the frame state of the loop's entry.

use crate::hir::analysis::{Cfg, Loop};
use crate::hir::effects::Heap;
use crate::hir::field::{Block, Val};
use crate::hir::frame_state::Frame;
use crate::hir::graph::Graph;
use crate::hir::inst::Op;
use crate::hir::passes::memory::{LoopWriters, Place, State};
use crate::hir::passes::phi_speculation::runs_every_time;
use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;

/// Writers in a loop beyond which loads are not looked at one by one.
const MAX_WRITERS: usize = 64;

/// Runs the pass.
pub fn run(graph: &mut Graph) {
    let cfg = Cfg::new(graph);
    let writers = LoopWriters::new(graph, &cfg);
    let mut home = cfg.definitions(graph);
    for l in cfg.loops.keys().rev() {
        let Some(preheader) = cfg.loops[l].preheader else { continue };
        let last = graph.terminator(preheader).expect("a preheader ends in a jump");
        let frame = graph.insts[last].frame.expand();
        let mut motion = Motion { graph, cfg: &cfg, l, writers: &writers.0[l], frame, home: &mut home, preheader };
        let moved = motion.run(Motion::can_widen_before).into_iter().chain(motion.run(Motion::can_move));
        let moved: Vec<Val> = moved.collect();
        let insts = &mut graph.blocks[preheader].insts;
        let end = insts.len() - 1;
        insts.splice(end..end, moved);
    }
}

struct Motion<'a> {
    graph: &'a mut Graph,
    cfg: &'a Cfg,
    l: Loop,
    writers: &'a [Val],
    frame: Option<Frame>,
    home: &'a mut SecondaryMap<Val, PackedOption<Block>>,
    preheader: Block,
}

impl Motion<'_> {
    fn run(&mut self, can_move: fn(&Self, Val, bool) -> bool) -> Vec<Val> {
        let mut moved = vec![];
        for &block in &self.cfg.loops[self.l].blocks {
            let every_time = runs_every_time(self.cfg, self.l, block);
            let mut insts = std::mem::take(&mut self.graph.blocks[block].insts);
            insts.retain(|&v| {
                let moves = can_move(self, v, every_time);
                if moves {
                    if self.graph.op(v).effects().exit.is_some() {
                        self.graph.insts[v].frame = self.frame.into();
                    }
                    self.home[v] = Some(self.preheader).into();
                    moved.push(v);
                }
                !moves
            });
            self.graph.blocks[block].insts = insts;
        }
        moved
    }

    fn can_move(&self, v: Val, every_time: bool) -> bool {
        let op = self.graph.op(v);
        let effects = op.effects();
        if !effects.can_be_shared() || matches!(op, Op::Const { .. }) {
            return false;
        }
        let needs_every_time = effects.exit.is_some() || effects.reads.meets(Heap::ELEMENTS.and(Heap::TYPED));
        if needs_every_time && !every_time || effects.exit.is_some() && self.frame.is_none() {
            return false;
        }
        self.is_invariant(op) && !self.is_written(op)
    }

    fn can_widen_before(&self, v: Val, _every_time: bool) -> bool {
        let op = self.graph.op(v);
        matches!(op, Op::WidenToDouble { .. }) && self.is_invariant(op)
    }

    /// Whether all operands come from outside of the loop.
    fn is_invariant(&self, op: &Op) -> bool {
        let mut invariant = true;
        op.visit(|operand, _| invariant &= self.is_outside(operand));
        invariant
    }

    fn is_outside(&self, v: Val) -> bool {
        self.home[v].expand().is_some_and(|b| !self.cfg.is_in_loop(b, self.l))
    }

    /// Whether the loop may write what the operation reads.
    fn is_written(&self, op: &Op) -> bool {
        let reads = op.effects().reads;
        if reads.is_none() {
            return false;
        }
        if self.writers.len() > MAX_WRITERS {
            return true;
        }
        let place = Place::of(self.graph, op);
        self.writers.iter().filter(|writer| !self.is_outside(**writer)).any(|writer| {
            let writer = self.graph.op(*writer);
            writer.effects().writes.meets(reads)
                && place.is_none_or(|place| State::default().may_write(self.graph, writer, place))
        })
    }
}
