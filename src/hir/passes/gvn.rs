//! Global value numbering: equal instructions become one, and guards that a dominating guard implies go away.
//!
//! A walk down the dominator tree carries a table of the operations seen on the way. A guard is an operation like any other:
//! an equal guard further down is the same value. And since a guard returns what it checked, every use below it of the
//! unchecked value is turned into a use of the checked one, whose better type lets weaker guards fold.
//!
//! On the way into a block that only one side of a branch leads to, the branch's condition is known: below, it is a constant.
//!
//! What reads the heap is left to `memory.rs`. Source: Click's dominator-scoped hashing; refinement as in Graal's
//! conditional elimination.

use crate::hir::analysis::Cfg;
use crate::hir::field::{Block, Const, Val};
use crate::hir::graph::{Graph, Origin};
use crate::hir::inst::Op;
use crate::hir::passes::simplify::{Folded, fold_inst};
use crate::hir::passes::typing;
use crate::hir::types::Rep;
use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use rustc_hash::FxHashMap;

/// Runs the pass.
pub fn run(graph: &mut Graph) {
    let cfg = Cfg::new(graph);
    let mut numbering = Numbering::default();
    let mut stack = vec![Step::Enter(graph.entry())];
    while let Some(step) = stack.pop() {
        match step {
            Step::Enter(block) => {
                stack.push(Step::Leave { scope: numbering.undo.len() });
                numbering.block(graph, &cfg, block);
                stack.extend(cfg.dom_children[block].iter().rev().map(|b| Step::Enter(*b)));
            }
            Step::Leave { scope } => numbering.leave(scope),
        }
    }
    graph.resolve_aliases();
    if !graph.representations_chosen {
        typing::run(graph);
    }
}

/// The condition, not a constant, that is decided wherever control gets to `block`, and how.
fn decided(graph: &Graph, cfg: &Cfg, block: Block) -> Option<(Val, bool)> {
    let &[pred] = &cfg.preds[block][..] else { return None };
    let Op::Branch { cond, if_true, if_false } = graph.op(graph.terminator(pred)?) else { return None };
    let cond = graph.resolve(*cond);
    let is_known = if_true.block == if_false.block || graph.constant(cond).is_some();
    (!is_known).then_some((cond, if_true.block == block))
}

enum Step {
    Enter(Block),
    Leave { scope: usize },
}

/// What to restore when the walk leaves a subtree.
enum Undo {
    Number((Op, Rep)),
    Refinement(Val, PackedOption<Val>),
}

#[derive(Default)]
struct Numbering {
    /// By operation and representation: a constant is one value per representation.
    values: FxHashMap<(Op, Rep), Val>,
    /// The best that is known of a value here.
    refined: SecondaryMap<Val, PackedOption<Val>>,
    undo: Vec<Undo>,
}

impl Numbering {
    fn leave(&mut self, scope: usize) {
        for undo in self.undo.drain(scope..).rev() {
            match undo {
                Undo::Number(key) => {
                    self.values.remove(&key);
                }
                Undo::Refinement(v, before) => self.refined[v] = before,
            }
        }
    }

    fn block(&mut self, graph: &mut Graph, cfg: &Cfg, block: Block) {
        let insts = std::mem::take(&mut graph.blocks[block].insts);
        let mut kept = Vec::with_capacity(insts.len() + 1);
        if !graph.representations_chosen
            && let Some((cond, holds)) = decided(graph, cfg, block)
        {
            let constant = graph.make(Op::Const { value: Const::Bool(holds) }, None, Origin::default());
            kept.push(constant);
            let before = std::mem::replace(&mut self.refined[cond], Some(constant).into());
            self.undo.push(Undo::Refinement(cond, before));
        }
        for v in insts {
            if self.inst(graph, v, &mut kept) {
                kept.push(v);
            }
        }
        graph.blocks[block].insts = kept;
    }

    /// Whether the instruction stays.
    fn inst(&mut self, graph: &mut Graph, v: Val, before: &mut Vec<Val>) -> bool {
        let mut op = std::mem::replace(&mut graph.insts[v].op, Op::Unreachable {});
        if graph.representations_chosen {
            op.visit_mut(|operand| *operand = graph.resolve(*operand));
            graph.insts[v].op = op;
        } else {
            op.visit_mut(|operand| *operand = self.best(graph, *operand));
            graph.insts[v].op = op;
            graph.insts[v].ty = graph.op(v).result_type(|operand| graph.ty(operand));
            if let Folded::Gone = fold_inst(graph, v, before) {
                return false;
            }
        }
        let inst = &graph.insts[v];
        let effects = inst.op.effects();
        if effects.can_be_shared() && effects.reads.is_none() {
            let key = (inst.op.clone(), inst.rep);
            if let Some(&same) = self.values.get(&key) {
                graph.replace(v, same);
                return false;
            }
            self.undo.push(Undo::Number(key.clone()));
            self.values.insert(key, v);
        }
        if !graph.representations_chosen
            && let Some(checked) = graph.op(v).refined()
        {
            let before = std::mem::replace(&mut self.refined[checked], Some(v).into());
            self.undo.push(Undo::Refinement(checked, before));
        }
        true
    }

    /// The best known form of an operand: what replaced it, as refined by dominating guards.
    fn best(&self, graph: &Graph, v: Val) -> Val {
        let mut v = graph.resolve(v);
        while let Some(better) = self.refined[v].expand() {
            v = better;
        }
        v
    }
}
