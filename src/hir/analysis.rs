//! What passes want to know of a graph's flow: order, predecessors, dominators, loops.
//!
//! Computed from scratch by [`Cfg::new`] in near-linear time whenever a pass starts; nothing keeps it up to date. Passes that
//! look at neither dominators nor loops ask for less ([`Cfg::order_only`]). Dominators
//! by Cooper, Harvey and Kennedy; a loop is a block that dominates one of its predecessors, with all that reaches that
//! predecessor. Control flow is reducible because bytecode comes from structured source.

use super::field::{Block, Val};
use super::graph::Graph;
use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntityRef, PrimaryMap, SecondaryMap, entity_impl};
use smallvec::SmallVec;

/// A loop.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Loop(u32);
entity_impl!(Loop, "loop");

/// A loop: its head and what jumps there.
#[derive(Clone, Debug)]
pub struct LoopData {
    /// The head.
    pub header: Block,
    /// The only block outside that jumps to the head, if there is just one and it goes nowhere else.
    pub preheader: Option<Block>,
    /// The blocks inside that jump to the head.
    pub latches: Vec<Block>,
    /// The loop around.
    pub parent: Option<Loop>,
    /// All blocks inside, in reverse postorder.
    pub blocks: Vec<Block>,
    /// How many loops this is inside of, itself included.
    pub depth: u32,
}

/// Order, predecessors, dominators and loops of a graph.
pub struct Cfg {
    /// Reachable blocks, in reverse postorder.
    pub rpo: Vec<Block>,
    /// Position in `rpo`; `u32::MAX` of blocks that cannot be reached.
    pub order: SecondaryMap<Block, u32>,
    /// Predecessors, one entry per jump.
    pub preds: SecondaryMap<Block, SmallVec<[Block; 4]>>,
    /// Immediate dominators.
    pub idom: SecondaryMap<Block, PackedOption<Block>>,
    /// Blocks that a block immediately dominates, in reverse postorder.
    pub dom_children: SecondaryMap<Block, SmallVec<[Block; 4]>>,
    /// Interval of a block's dominator subtree in a preorder walk.
    dom_interval: SecondaryMap<Block, (u32, u32)>,
    /// Loops, outer before inner.
    pub loops: PrimaryMap<Loop, LoopData>,
    /// The innermost loop that a block is in.
    pub loop_of: SecondaryMap<Block, PackedOption<Loop>>,
}

impl Cfg {
    /// Analyses a graph.
    pub fn new(graph: &Graph) -> Cfg {
        let mut cfg = Cfg::order_only(graph);
        cfg.find_dominators();
        cfg.find_loops(graph);
        cfg
    }

    /// Order and predecessors of a graph: to this, no block dominates another, and there are no loops.
    pub fn order_only(graph: &Graph) -> Cfg {
        let mut cfg = Cfg {
            rpo: postorder(graph),
            order: SecondaryMap::with_default(u32::MAX),
            preds: SecondaryMap::new(),
            idom: SecondaryMap::new(),
            dom_children: SecondaryMap::new(),
            dom_interval: SecondaryMap::new(),
            loops: PrimaryMap::new(),
            loop_of: SecondaryMap::new(),
        };
        cfg.rpo.reverse();
        for (i, block) in cfg.rpo.iter().enumerate() {
            cfg.order[*block] = i as u32;
        }
        for &block in &cfg.rpo {
            graph.visit_successors(block, |t| cfg.preds[t.block].push(block));
        }
        cfg
    }

    /// Whether a block can be reached from the entry.
    pub fn is_reachable(&self, block: Block) -> bool {
        self.order[block] != u32::MAX
    }

    /// Whether every way to `b` goes through `a`.
    pub fn dominates(&self, a: Block, b: Block) -> bool {
        let ((start, end), (b_start, _)) = (self.dom_interval[a], self.dom_interval[b]);
        start <= b_start && b_start < end
    }

    /// Whether `block` is in `l` or a loop inside it.
    pub fn is_in_loop(&self, block: Block, l: Loop) -> bool {
        let mut inner = self.loop_of[block].expand();
        while let Some(i) = inner {
            if i == l {
                return true;
            }
            inner = self.loops[i].parent;
        }
        false
    }

    /// How many loops a block is in.
    pub fn depth(&self, block: Block) -> u32 {
        self.loop_of[block].expand().map_or(0, |l| self.loops[l].depth)
    }

    /// The loop that `block` is the head of.
    pub fn headed_by(&self, block: Block) -> Option<Loop> {
        self.loop_of[block].expand().filter(|l| self.loops[*l].header == block)
    }

    /// The block that defines each value.
    pub fn definitions(&self, graph: &Graph) -> SecondaryMap<Val, PackedOption<Block>> {
        let mut map = SecondaryMap::with_capacity(graph.insts.len());
        for &block in &self.rpo {
            let data = &graph.blocks[block];
            for &v in data.params.iter().chain(&data.insts) {
                map[v] = Some(block).into();
            }
        }
        map
    }

    fn find_dominators(&mut self) {
        let Some(&entry) = self.rpo.first() else { return };
        self.idom[entry] = Some(entry).into();
        let mut changed = true;
        while changed {
            changed = false;
            for &block in &self.rpo[1..] {
                let mut dominator: Option<Block> = None;
                for &pred in &self.preds[block] {
                    if self.idom[pred].is_some() {
                        dominator = Some(dominator.map_or(pred, |d| self.intersect(d, pred)));
                    }
                }
                if self.idom[block].expand() != dominator {
                    self.idom[block] = dominator.into();
                    changed = true;
                }
            }
        }
        self.idom[entry] = None.into();
        for &block in &self.rpo[1..] {
            let dominator = self.idom[block].expect("a reachable block has a dominator");
            self.dom_children[dominator].push(block);
        }
        let mut clock = 0;
        let mut stack = vec![(entry, 0)];
        while let Some((block, next_child)) = stack.pop() {
            if next_child == 0 {
                self.dom_interval[block].0 = clock;
                clock += 1;
            }
            match self.dom_children[block].get(next_child) {
                Some(&child) => stack.extend([(block, next_child + 1), (child, 0)]),
                None => self.dom_interval[block].1 = clock,
            }
        }
    }

    fn intersect(&self, mut a: Block, mut b: Block) -> Block {
        while a != b {
            while self.order[a] > self.order[b] {
                a = self.idom[a].expect("the entry dominates every block");
            }
            while self.order[b] > self.order[a] {
                b = self.idom[b].expect("the entry dominates every block");
            }
        }
        a
    }

    fn find_loops(&mut self, graph: &Graph) {
        // Inner loops' heads come later in reverse postorder: walk backwards, and let outer loops adopt what inner ones left.
        let mut found: Vec<(Block, Vec<Block>)> = Vec::new();
        for &header in &self.rpo {
            let latches: Vec<Block> =
                self.preds[header].iter().copied().filter(|p| self.dominates(header, *p)).collect();
            if !latches.is_empty() {
                found.push((header, latches));
            }
        }
        for (header, mut latches) in found {
            latches.dedup();
            let parent = self.loop_of[header].expand();
            let depth = parent.map_or(1, |p| self.loops[p].depth + 1);
            let mut outside = self.preds[header].iter().copied().filter(|p| !self.dominates(header, *p));
            let preheader = match (outside.next(), outside.next()) {
                (Some(p), None)
                    if matches!(graph.terminator(p).map(|t| graph.op(t)), Some(super::inst::Op::Jump { .. })) =>
                {
                    Some(p)
                }
                _several_or_branching => None,
            };
            let l = self.loops.push(LoopData {
                header,
                preheader,
                latches: latches.clone(),
                parent,
                blocks: vec![],
                depth,
            });
            let mut work = latches;
            self.loop_of[header] = Some(l).into();
            while let Some(block) = work.pop() {
                if self.loop_of[block] != Some(l).into() && block != header {
                    self.loop_of[block] = Some(l).into();
                    work.extend(&self.preds[block]);
                }
            }
        }
        for &block in &self.rpo {
            let mut l = self.loop_of[block].expand();
            while let Some(inner) = l {
                self.loops[inner].blocks.push(block);
                l = self.loops[inner].parent;
            }
        }
    }
}

fn postorder(graph: &Graph) -> Vec<Block> {
    let mut seen: SecondaryMap<Block, bool> = SecondaryMap::new();
    let mut order = Vec::with_capacity(graph.blocks.len());
    let mut stack = vec![(graph.entry(), false)];
    while let Some((block, done)) = stack.pop() {
        if done {
            order.push(block);
        } else if !seen[block] {
            seen[block] = true;
            stack.push((block, true));
            graph.visit_successors(block, |t| {
                if !seen[t.block] {
                    stack.push((t.block, false));
                }
            });
        }
    }
    order
}

/// How often each value is used, by instructions and by frame states.
pub struct UseCounts {
    /// Uses by instructions in reachable blocks.
    pub by_insts: SecondaryMap<Val, u32>,
    /// Whether a frame state of an instruction in a reachable block names the value.
    pub by_frames: SecondaryMap<Val, bool>,
}

impl UseCounts {
    /// Counts.
    pub fn new(graph: &Graph, cfg: &Cfg) -> UseCounts {
        let mut counts = UseCounts { by_insts: SecondaryMap::new(), by_frames: SecondaryMap::new() };
        let mut seen = vec![false; graph.frames.len()];
        for block in &cfg.rpo {
            for &v in &graph.blocks[*block].insts {
                graph.op(v).visit(|operand, _| counts.by_insts[operand] += 1);
                if let Some(frame) = graph.insts[v].frame.expand()
                    && !std::mem::replace(&mut seen[frame.index()], true)
                {
                    graph.visit_frame(frame, &mut |operand| counts.by_frames[operand] = true);
                }
            }
        }
        counts
    }
}
