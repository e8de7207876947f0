//! Applies the folders of `fold.rs` everywhere until nothing changes, and tidies control flow.
//!
//! A sweep in reverse postorder folds each instruction with its operands already folded. Then: parameters that get the same
//! value from everywhere are that value; a block that has one predecessor, which goes nowhere else, becomes part of it.
//! Blocks that can no longer be reached lose their instructions.

use crate::hir::analysis::Cfg;
use crate::hir::field::{Block, Val};
use crate::hir::fold::{Fold, Folder};
use crate::hir::graph::{Graph, Origin};
use crate::hir::inst::Op;
use crate::hir::passes::typing;
use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;

/// Rounds after which the pass stops, whether or not there is more to do.
const MAX_ROUNDS: usize = 4;

/// Runs the pass.
pub fn run(graph: &mut Graph) {
    for _ in 0..MAX_ROUNDS {
        let cfg = Cfg::order_only(graph);
        let mut changed = false;
        for &block in &cfg.rpo {
            changed |= fold_block(graph, block);
        }
        let cfg = if changed { Cfg::order_only(graph) } else { cfg };
        changed |= drop_redundant_params(graph, &cfg);
        graph.resolve_aliases();
        changed |= merge_blocks(graph, &cfg);
        drop_unreachable(graph);
        if !changed {
            break;
        }
        typing::run(graph);
    }
}

fn fold_block(graph: &mut Graph, block: Block) -> bool {
    let mut changed = false;
    let insts = std::mem::take(&mut graph.blocks[block].insts);
    let mut kept = Vec::with_capacity(insts.len());
    for v in insts {
        match fold_inst(graph, v, &mut kept) {
            Folded::Same => kept.push(v),
            Folded::Changed => {
                changed = true;
                kept.push(v);
            }
            Folded::Gone => changed = true,
        }
    }
    graph.blocks[block].insts = kept;
    changed
}

/// What became of an instruction.
pub enum Folded {
    /// It is as it was.
    Same,
    /// It does something simpler.
    Changed,
    /// Another value took its place.
    Gone,
}

/// Folds one instruction as far as it goes. Constants that the result needs are appended to `before`.
pub fn fold_inst(graph: &mut Graph, v: Val, before: &mut Vec<Val>) -> Folded {
    let mut op = std::mem::replace(&mut graph.insts[v].op, Op::Unreachable {});
    op.visit_mut(|operand| *operand = graph.resolve(*operand));
    graph.insts[v].op = op;
    let mut folded = Folded::Same;
    // Each fold makes the operation simpler by some measure; the bound guards against a folder that does not.
    for _ in 0..8 {
        let Some(fold) = graph.op(v).fold(&Folder { graph }) else { break };
        let old = graph.op(v).clone();
        graph.rely_on_dropped(&old, &fold);
        let op = match fold {
            Fold::Value(value) => {
                graph.replace(v, value);
                return Folded::Gone;
            }
            Fold::Op(op) => op,
            Fold::WithConst(make, operand, value) => {
                let constant = graph.make(Op::Const { value }, None, Origin::default());
                before.push(constant);
                make(operand, constant)
            }
        };
        if !op.effects().needs_frame() && !matches!(op, Op::Jump { .. }) {
            graph.insts[v].frame = None.into();
        }
        graph.set_op(v, op);
        folded = Folded::Changed;
    }
    folded
}

fn drop_redundant_params(graph: &mut Graph, cfg: &Cfg) -> bool {
    // For each parameter, the one value it gets, if it is one; `Some(param)` itself stands for "several".
    let mut only: SecondaryMap<Val, PackedOption<Val>> = SecondaryMap::new();
    for &block in &cfg.rpo {
        graph.visit_successors(block, |target| {
            for (&param, &arg) in graph.blocks[target.block].params.iter().zip(&target.args) {
                let arg = graph.resolve(arg);
                if arg != param && only[param] != Some(arg).into() {
                    only[param] = Some(if only[param].is_none() { arg } else { param }).into();
                }
            }
        });
    }
    let mut changed = false;
    for &block in &cfg.rpo {
        let params = graph.blocks[block].params.clone();
        let keep: Vec<bool> = params.iter().map(|p| only[*p] == Some(*p).into() || only[*p].is_none()).collect();
        if keep.iter().all(|k| *k) {
            continue;
        }
        changed = true;
        for (&param, &keep) in params.iter().zip(&keep) {
            if !keep {
                graph.replace(param, only[param].expect("the parameter gets one value"));
            }
        }
        remove_params(graph, cfg, block, &keep);
    }
    changed
}

/// Removes the parameters of a block for which `keep` says no, and the arguments they got.
pub fn remove_params(graph: &mut Graph, cfg: &Cfg, block: Block, keep: &[bool]) {
    let mut each = keep.iter();
    graph.blocks[block].params.retain(|_| *each.next().expect("one flag per parameter"));
    let mut preds = cfg.preds[block].clone();
    preds.dedup();
    for pred in preds {
        let Some(last) = graph.terminator(pred) else { continue };
        graph.insts[last].op.visit_targets_mut(|target| {
            if target.block == block && target.args.len() == keep.len() {
                let mut each = keep.iter();
                target.args.retain(|_| *each.next().expect("one flag per argument"));
            }
        });
    }
}

fn merge_blocks(graph: &mut Graph, cfg: &Cfg) -> bool {
    let mut changed = false;
    // Backwards, so that a chain collapses into its first block in one sweep.
    for &block in cfg.rpo.iter().rev() {
        let Some(last) = graph.terminator(block) else { continue };
        let Op::Jump { target } = graph.op(last).clone() else { continue };
        if cfg.preds[target.block].len() != 1 || target.block == graph.entry() || target.block == block {
            continue;
        }
        graph.blocks[block].insts.pop();
        let data = std::mem::take(&mut graph.blocks[target.block]);
        for (param, arg) in data.params.into_iter().zip(target.args) {
            graph.replace(param, arg);
        }
        graph.blocks[block].insts.extend(data.insts);
        changed = true;
    }
    graph.resolve_aliases();
    changed
}

fn drop_unreachable(graph: &mut Graph) {
    let cfg = Cfg::order_only(graph);
    for (block, data) in graph.blocks.iter_mut() {
        if !cfg.is_reachable(block) {
            data.params.clear();
            data.insts.clear();
        }
    }
}
