//! Where a branch's way is known from where one came, one goes there directly.
//!
//! ```text
//!   A: jump J(f)    B: jump J(g)          A: jump T(f)    B: jump F(g)
//!   J(p): c = tagged_equal p, f     ──▶
//!         branch c, T, F
//! ```
//!
//! A method looked up by shape arrives as a constant per shape, and the call that follows compares it again; a function
//! inlined for its answer returns `true` here and `false` there. Behind the branch the optimizer would have to find out anew
//! what it knew before the join: which shape it was. Threaded, the arm of a shape leads straight to the method of that shape,
//! and everything that was known in the arm holds in the method.
//!
//! A join is threaded if it does nothing but decide. Its parameters become parameters of the two blocks behind it, which stand
//! for them in all that these blocks dominate; if they are wanted elsewhere too, the join stays as it is. Only jumps are led
//! elsewhere, so that no edge becomes critical, and neither loops' heads nor jumps to them are touched.
//!
//! Source: Mueller and Whalley, "Avoiding conditional branches by code replication" (1995); jump threading in GCC and LLVM.

use crate::hir::analysis::Cfg;
use crate::hir::field::{Block, Const, Target, Val};
use crate::hir::fold::{Fold, Folder};
use crate::hir::frame_state::{Entry, Frame};
use crate::hir::graph::Graph;
use crate::hir::inst::Op;
use cranelift_entity::{EntitySet, SecondaryMap};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// Sweeps at most: a join behind a join is threaded in the next one.
const MAX_ROUNDS: usize = 4;

/// Runs the pass.
pub fn run(graph: &mut Graph) {
    if !graph.virtuals.is_empty() {
        return;
    }
    for _ in 0..MAX_ROUNDS {
        let cfg = Cfg::new(graph);
        let joins: Vec<Join> = cfg.rpo.iter().filter_map(|block| Join::at(graph, &cfg, *block)).collect();
        if joins.is_empty() {
            return;
        }
        let users = users(graph, &cfg, &joins);
        let mut touched = EntitySet::new();
        for join in &joins {
            let above = cfg.idom[join.block].expand();
            if join.blocks().chain(above).any(|block| touched.contains(block))
                || !join.keeps_to_itself(graph, &cfg, &users)
            {
                continue;
            }
            join.thread(graph, &cfg);
            join.blocks().for_each(|block| {
                touched.insert(block);
            });
        }
        if touched.is_empty() {
            return;
        }
    }
}

/// A block that decides by what it is given.
struct Join {
    block: Block,
    /// The instruction that decides, if it is not a parameter itself.
    test: Option<Val>,
    cond: Val,
    if_true: Target,
    if_false: Target,
    /// Blocks that jump here with something that decides, and how.
    decided: Vec<(Block, bool)>,
}

impl Join {
    fn at(graph: &Graph, cfg: &Cfg, block: Block) -> Option<Join> {
        let (&last, before) = graph.blocks[block].insts.split_last()?;
        let Op::Branch { cond, if_true, if_false } = graph.op(last).clone() else { return None };
        if graph.blocks[block].params.is_empty()
            || cfg.preds[block].len() < 2
            || if_true.block == if_false.block
            || [block, if_true.block, if_false.block].into_iter().any(|b| cfg.headed_by(b).is_some())
        {
            return None;
        }
        let mut test = None;
        for &v in before {
            match graph.op(v) {
                Op::Const { .. } => {}
                op if v == cond && op.effects() == crate::hir::effects::PURE => test = Some(v),
                _something_else => return None,
            }
        }
        if test.is_none() && !graph.blocks[block].params.contains(&cond) {
            return None;
        }
        let mut join = Join { block, test, cond, if_true, if_false, decided: vec![] };
        for &pred in &cfg.preds[block] {
            if let Some(args) = jump_to(graph, pred, block)
                && let Some(way) = join.way(graph, args)
            {
                join.decided.push((pred, way));
            }
        }
        (!join.decided.is_empty()).then_some(join)
    }

    /// Which way the branch goes when the block is given these arguments. Constants alone decide: nothing that a check has
    /// established is relied on.
    fn way(&self, graph: &Graph, args: &[Val]) -> Option<bool> {
        let params = &graph.blocks[self.block].params;
        let given = |v: Val| params.iter().position(|p| *p == v).map_or(v, |i| args[i]);
        let Some(test) = self.test else {
            return match graph.constant(given(self.cond)) {
                Some(Const::Bool(way)) => Some(way),
                _not_known => None,
            };
        };
        let mut op = graph.op(test).clone();
        op.visit_mut(|v| *v = given(*v));
        let mut constants = true;
        op.visit(|v, _| constants &= graph.constant(v).is_some());
        if !constants {
            return None;
        }
        match op.fold(&Folder { graph })? {
            Fold::Op(Op::Const { value: Const::Bool(way) }) => Some(way),
            Fold::Value(_) | Fold::Op(_) | Fold::WithConst(..) => None,
        }
    }

    fn blocks(&self) -> impl Iterator<Item = Block> {
        [self.block, self.if_true.block, self.if_false.block]
            .into_iter()
            .chain(self.decided.iter().map(|(pred, _)| *pred))
    }

    /// The blocks behind that nothing else leads to.
    fn own_successors<'a>(&self, cfg: &'a Cfg) -> impl Iterator<Item = Block> + use<'a> {
        [self.if_true.block, self.if_false.block].into_iter().filter(|block| cfg.preds[*block].len() == 1)
    }

    /// Whether what the block defines is only wanted where one of its own successors can stand for it.
    fn keeps_to_itself(&self, graph: &Graph, cfg: &Cfg, users: &SecondaryMap<Val, SmallVec<[Block; 4]>>) -> bool {
        let covered = |user: Block| user == self.block || self.own_successors(cfg).any(|own| cfg.dominates(own, user));
        let params = &graph.blocks[self.block].params;
        params.iter().all(|p| !graph.is_relied_on(*p) && users[*p].iter().all(|user| covered(*user)))
            && self
                .test
                .is_none_or(|test| !graph.is_relied_on(test) && users[test].iter().all(|user| *user == self.block))
    }

    fn thread(&self, graph: &mut Graph, cfg: &Cfg) {
        self.lift_constants(graph, cfg);
        let params = graph.blocks[self.block].params.clone();
        let mut ways = [self.if_true.clone(), self.if_false.clone()];
        let own: Vec<Block> = self.own_successors(cfg).collect();
        for target in ways.iter_mut().filter(|target| own.contains(&target.block)) {
            let stands_for: FxHashMap<Val, Val> =
                params.iter().map(|p| (*p, graph.add_param(target.block, graph.ty(*p)))).collect();
            target.args.extend(params.iter().copied());
            rename_below(graph, cfg, target.block, &stands_for);
        }
        for (pred, way) in &self.decided {
            let args: Vec<Val> = jump_to(graph, *pred, self.block).expect("it jumps here").to_vec();
            let mut target = ways[usize::from(!way)].clone();
            for arg in &mut target.args {
                if let Some(i) = params.iter().position(|p| p == arg) {
                    *arg = args[i];
                }
            }
            let last = graph.terminator(*pred).expect("a block has an end");
            graph.set_op(last, Op::Jump { target });
        }
        let last = graph.terminator(self.block).expect("a block has an end");
        let [if_true, if_false] = ways;
        graph.set_op(last, Op::Branch { cond: self.cond, if_true, if_false });
    }

    /// Constants that stand in the block may be used anywhere behind it: they move before it.
    fn lift_constants(&self, graph: &mut Graph, cfg: &Cfg) {
        let above = cfg.idom[self.block].expect("a join is not the entry");
        let insts = std::mem::take(&mut graph.blocks[self.block].insts);
        let (constants, rest): (Vec<Val>, Vec<Val>) = insts.into_iter().partition(|v| graph.constant(*v).is_some());
        graph.blocks[self.block].insts = rest;
        let before = &mut graph.blocks[above].insts;
        let end = before.len() - 1;
        before.splice(end..end, constants);
    }
}

/// The arguments with which a block jumps to another, if it ends in that.
fn jump_to(graph: &Graph, from: Block, to: Block) -> Option<&[Val]> {
    match graph.op(graph.terminator(from)?) {
        Op::Jump { target } if target.block == to => Some(&target.args),
        _another_end => None,
    }
}

/// The blocks in which what the joins define is used; an argument is used where the jump is.
fn users(graph: &Graph, cfg: &Cfg, joins: &[Join]) -> SecondaryMap<Val, SmallVec<[Block; 4]>> {
    let mut wanted = EntitySet::new();
    for join in joins {
        wanted.extend(graph.blocks[join.block].params.iter().copied().chain(join.test));
    }
    let mut users: SecondaryMap<Val, SmallVec<[Block; 4]>> = SecondaryMap::new();
    let mut note = |v: Val, block: Block| {
        if wanted.contains(v) && users[v].last() != Some(&block) {
            users[v].push(block);
        }
    };
    for &block in &cfg.rpo {
        for &v in &graph.blocks[block].insts {
            graph.op(v).visit(|operand, _| note(operand, block));
            if let Some(frame) = graph.insts[v].frame.expand() {
                graph.visit_frame(frame, &mut |entry| note(entry, block));
            }
        }
    }
    users
}

/// Puts other values in the place of some, in a block and all that it dominates.
fn rename_below(graph: &mut Graph, cfg: &Cfg, top: Block, stands_for: &FxHashMap<Val, Val>) {
    let mut frames: FxHashMap<Frame, Frame> = FxHashMap::default();
    for &block in cfg.rpo.iter().filter(|block| cfg.dominates(top, **block)) {
        for i in 0..graph.blocks[block].insts.len() {
            let v = graph.blocks[block].insts[i];
            graph.insts[v].op.visit_mut(|operand| {
                if let Some(new) = stands_for.get(operand) {
                    *operand = *new;
                }
            });
            if let Some(frame) = graph.insts[v].frame.expand() {
                graph.insts[v].frame = Some(renamed_frame(graph, frame, stands_for, &mut frames)).into();
            }
        }
    }
}

/// A frame state with other values in the place of some: itself, if it names none of them.
fn renamed_frame(
    graph: &mut Graph,
    frame: Frame,
    stands_for: &FxHashMap<Val, Val>,
    known: &mut FxHashMap<Frame, Frame>,
) -> Frame {
    if let Some(new) = known.get(&frame) {
        return *new;
    }
    let mut state = graph.frames[frame].clone();
    let mut changed = false;
    for entry in state.entries_mut() {
        match entry {
            Entry::Val(v) => {
                if let Some(new) = stands_for.get(v) {
                    (*v, changed) = (*new, true);
                }
            }
            Entry::Const(_) | Entry::Virtual(_) | Entry::Scratch(_) => {}
        }
    }
    if let Some(caller) = state.caller.expand() {
        let new = renamed_frame(graph, caller, stands_for, known);
        changed |= new != caller;
        state.caller = Some(new).into();
    }
    let new = if changed { graph.frames.push(state) } else { frame };
    known.insert(frame, new);
    new
}
