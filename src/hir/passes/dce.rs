//! Dead code elimination: keeps what has an effect and what that needs, directly or through frame states.
//!
//! Guards stay, except those that protect nothing but their own result. A loop variable that only feeds itself is dead: a
//! jump's arguments count as used only if the parameter does. Loop-entry frame states count until representations are
//! chosen, for passes may still need them; then they go, with what they alone kept alive.

use crate::hir::analysis::Cfg;
use crate::hir::field::{Block, Val};
use crate::hir::frame_state::Frame;
use crate::hir::graph::Graph;
use crate::hir::passes::simplify::remove_params;
use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntitySet, SecondaryMap};

/// Runs the pass.
pub fn run(graph: &mut Graph) {
    let cfg = Cfg::order_only(graph);
    if graph.representations_chosen {
        drop_loop_entry_frames(graph, &cfg);
    }
    let relied = graph.relied_checks(&cfg);
    let live = Marker::new(graph, &cfg).run(&relied);
    for &block in &cfg.rpo {
        let keep: Vec<bool> = graph.blocks[block].params.iter().map(|p| live.contains(*p)).collect();
        if keep.contains(&false) {
            remove_params(graph, &cfg, block, &keep);
        }
        let mut insts = std::mem::take(&mut graph.blocks[block].insts);
        insts.retain(|v| live.contains(*v));
        graph.blocks[block].insts = insts;
    }
}

fn drop_loop_entry_frames(graph: &mut Graph, cfg: &Cfg) {
    for &block in &cfg.rpo {
        if let Some(last) = graph.terminator(block)
            && !graph.op(last).effects().needs_frame()
        {
            graph.insts[last].frame = None.into();
        }
    }
}

struct Marker<'a> {
    graph: &'a Graph,
    cfg: &'a Cfg,
    /// The block that a parameter belongs to, and which of its parameters it is.
    params: SecondaryMap<Val, (PackedOption<Block>, u32)>,
    live: EntitySet<Val>,
    /// Frame states whose values have been marked.
    frames: EntitySet<Frame>,
    work: Vec<Val>,
}

impl<'a> Marker<'a> {
    fn new(graph: &'a Graph, cfg: &'a Cfg) -> Marker<'a> {
        let mut params = SecondaryMap::new();
        for &block in &cfg.rpo {
            for (i, &param) in graph.blocks[block].params.iter().enumerate() {
                params[param] = (Some(block).into(), i as u32);
            }
        }
        Marker { graph, cfg, params, live: EntitySet::new(), frames: EntitySet::new(), work: vec![] }
    }

    fn run(mut self, relied: &EntitySet<Val>) -> EntitySet<Val> {
        for &block in &self.cfg.rpo {
            for &v in &self.graph.blocks[block].insts {
                if !self.graph.op(v).effects().removable_if_unused() || relied.contains(v) {
                    self.mark(v);
                }
            }
        }
        while let Some(v) = self.work.pop() {
            match self.params[v] {
                (block, index) if block.is_some() => self.mark_arguments(block.unwrap(), index as usize),
                _instruction => self.mark_operands(v),
            }
        }
        self.live
    }

    fn mark(&mut self, v: Val) {
        if self.live.insert(v) {
            self.work.push(v);
        }
    }

    fn mark_arguments(&mut self, block: Block, index: usize) {
        let (graph, cfg) = (self.graph, self.cfg);
        for &pred in &cfg.preds[block] {
            graph.visit_successors(pred, |target| {
                if target.block == block {
                    self.mark(target.args[index]);
                }
            });
        }
    }

    fn mark_operands(&mut self, v: Val) {
        let inst = &self.graph.insts[v];
        if !inst.op.effects().terminator {
            inst.op.visit(|operand, _| self.mark(operand));
        } else {
            inst.op.visit(|operand, usage| {
                if usage != crate::hir::types::Use::Argument {
                    self.mark(operand);
                }
            });
        }
        if let Some(frame) = inst.frame.expand()
            && self.frames.insert(frame)
        {
            self.graph.visit_frame(frame, &mut |entry| self.mark(entry));
        }
    }
}
