//! Type propagation: what every value is, assuming the best until something contradicts it.
//!
//! All types start at the bottom and grow along the lattice until nothing changes, so that a loop variable that begins as an
//! int32 and is only ever stepped by int32 arithmetic is an int32, although it depends on itself. Growth is bounded by the
//! height of the lattice; in practice a graph settles in two or three sweeps in reverse postorder.

use crate::hir::analysis::Cfg;
use crate::hir::field::{Block, Val};
use crate::hir::graph::Graph;
use crate::hir::inst::Op;
use crate::hir::types::{NONE, Rep, Type};
use cranelift_entity::SecondaryMap;

/// Runs the pass.
pub fn run(graph: &mut Graph) {
    let cfg = Cfg::order_only(graph);
    propagate(graph, &cfg, &Assumptions::default());
}

/// What loop variables are assumed to be when their loop is entered.
#[derive(Default)]
pub struct Assumptions(SecondaryMap<Val, Option<Type>>);

impl Assumptions {
    /// Assumes that the loop parameter is of type `ty` on entry.
    pub fn assume(&mut self, param: Val, ty: Type) {
        self.0[param] = Some(ty);
    }
    /// Takes it back.
    pub fn retract(&mut self, param: Val) {
        self.0[param] = None;
    }
}

/// Computes every type afresh. Only what is assumed of loop variables takes dominators.
pub fn propagate(graph: &mut Graph, cfg: &Cfg, assumptions: &Assumptions) {
    for &block in &cfg.rpo {
        let data = &graph.blocks[block];
        for &v in data.params.iter().chain(&data.insts) {
            graph.insts[v].ty = NONE;
        }
    }
    let mut changed = true;
    while changed {
        changed = false;
        for &block in &cfg.rpo {
            changed |= sweep(graph, cfg, assumptions, block);
        }
    }
}

fn sweep(graph: &mut Graph, cfg: &Cfg, assumptions: &Assumptions, block: Block) -> bool {
    let mut changed = false;
    let insts = std::mem::take(&mut graph.blocks[block].insts);
    for &v in &insts {
        if graph.op(v).rep() != Rep::Void {
            let ty = graph.op(v).result_type(|operand| graph.ty(operand));
            changed |= std::mem::replace(&mut graph.insts[v].ty, ty) != ty;
        }
    }
    if let Some(&last) = insts.last() {
        let op = std::mem::replace(&mut graph.insts[last].op, Op::Unreachable {});
        op.visit_targets(|target| {
            for i in 0..target.args.len() {
                let (param, arg) = (graph.blocks[target.block].params[i], target.args[i]);
                let mut ty = graph.ty(arg);
                if let Some(assumed) = assumptions.0[param]
                    && !cfg.dominates(target.block, block)
                {
                    ty = ty & assumed;
                }
                let sum = graph.ty(param) | ty;
                changed |= std::mem::replace(&mut graph.insts[param].ty, sum) != sum;
            }
        });
        graph.insts[last].op = op;
    }
    graph.blocks[block].insts = insts;
    changed
}
