//! Blocks and edges: in which order bytecode is interpreted, and how environments meet.
//!
//! Blocks are taken in bytecode order, so that all forward edges into a block are known before it: where their environments
//! differ in a live register, the block gets a parameter. A loop's header gets one for each live register that the loop writes,
//! because the edges back come later. Before each header a block of its own ends in the jump into the loop; its frame state
//! is what passes need to move guards there.
//!
//! # On-stack replacement
//!
//! Entering a function in the middle of a nest of loops would make the outer loops irreducible. So the bytecode is
//! interpreted in *copies*: copy 0 begins at the loop that is entered, with all live registers tagged; a jump back to the
//! header of the n-th loop around it begins copy n, in which that loop, with everything in it, is whole. The part of an outer
//! loop's first iteration that is left so is peeled off. What comes after all of the loops is one copy again, the last.
//!
//! The entry may also be any other instruction: a continuation, for the policy that goes on in optimized code where a guard
//! failed. In the middle of a loop's body copy 0 is the rest of the iteration, and the loop itself is whole from copy 1 on.

use super::activation::{Activation, Env};
use crate::bytecode::ops::Insn;
use crate::hir::effects::Effects;
use crate::hir::field::{Block, Const, Target, Val};
use crate::hir::frame_state::Resume;
use crate::hir::graph::{BlockData, EntryPoint};
use crate::hir::inst::Op;
use crate::hir::types::{self, Type};
use crate::runtime::function::flags;
use crate::vocab::{DeoptReason, FunctionId, RefusalReason};
use cranelift_entity::packed_option::PackedOption;

/// Stands for the loop that copy 0 begins at, where it begins at none.
const NO_LOOP: usize = usize::MAX;

/// Forward edges into a block of bytecode.
pub(super) struct Incoming {
    block: Block,
    edges: Vec<Edge>,
}

/// A jump, and the environment at it.
struct Edge {
    jump: Val,
    env: Env,
}

impl Activation<'_, '_> {
    /// Interprets the function that is compiled.
    pub(super) fn run_root(mut self, entry: EntryPoint) {
        let block = self.session.graph.entry();
        self.block = Some(block);
        let start = match entry {
            EntryPoint::Start => 0,
            EntryPoint::Osr(offset) => offset,
        };
        self.session.graph.counts_arguments = self.view.flags & flags::NEEDS_ARGC != 0 && entry == EntryPoint::Start;
        if !self.code.blocks.iter().any(|b| b.start == start) {
            return self.session.refuse(RefusalReason::UnsupportedConstruct);
        }
        let first = self.code.block_at(start);
        match entry {
            EntryPoint::Start => {
                if self.view.flags & flags::DERIVED != 0 {
                    self.env.this = self.constant(crate::hir::field::Const::Hole);
                }
                for index in 0..self.session.graph.param_count {
                    let v = self.emit(Op::Param { index });
                    self.env.registers[index as usize] = Some(v).into();
                }
                self.collect_arguments();
            }
            EntryPoint::Osr(offset) => {
                self.osr_loops = self.code.loops_around(offset);
                if self.code.blocks[first].loop_end.is_none() && !self.osr_loops.is_empty() {
                    // In the middle of a loop's body: the rest of this iteration is a copy of its own.
                    self.osr_loops.insert(0, NO_LOOP);
                }
                let live: Vec<usize> = self.code.blocks[first].live_in.iter().collect();
                for register in live {
                    let v = self.emit(Op::OsrRegister { register: register as u32 });
                    self.env.registers[register] = Some(v).into();
                }
            }
        }
        self.jump_to(start);
        self.run_pending();
    }

    /// Makes what the prologue will want of the arguments at once, for nothing keeps them alive.
    fn collect_arguments(&mut self) {
        let function = self.view.function.clone();
        for (offset, insn) in function.instructions() {
            let op = match insn {
                Insn::CreateArguments { .. } => Op::ArgumentsObject {},
                Insn::CreateRest { index, .. } => Op::RestArguments { index: index as u32 },
                _any_other => continue,
            };
            let v = self.emit(op);
            self.collected.push((offset, v));
        }
    }

    /// Interprets the whole function, inlined, from `block` on.
    pub(super) fn run_inlined(&mut self, block: Block) {
        self.block = Some(block);
        self.jump_to(0);
        self.run_pending();
    }

    fn run_pending(&mut self) {
        while let Some(((copy, index), incoming)) = self.pending.pop_first() {
            if self.session.refusal.is_some() {
                return;
            }
            self.copy = copy;
            self.enter(index, incoming);
            self.interpret(index);
        }
    }

    // ---- Edges -------------------------------------------------------------------------------------------------

    /// The copy that a jump to a block leads to.
    fn copy_of(&self, index: usize) -> u32 {
        if let Some(&outermost) = self.osr_loops.last()
            && !self.code.is_in_loop(outermost, self.code.blocks[index].start)
        {
            return self.osr_loops.len() as u32;
        }
        let around = self.osr_loops.iter().skip(1).position(|header| *header == index);
        around.map_or(self.copy, |n| self.copy.max(n as u32 + 1))
    }

    /// The block to jump to for the bytecode at `offset`.
    fn target_block(&mut self, offset: u32) -> Block {
        let index = self.code.block_at(offset);
        let key = (self.copy_of(index), index);
        if let Some((block, _)) = self.headers.get(&key) {
            return *block;
        }
        let session = &mut *self.session;
        let make = || Incoming { block: session.graph.blocks.push(BlockData::default()), edges: vec![] };
        self.pending.entry(key).or_insert_with(make).block
    }

    /// Says that `jump` goes to the bytecode at `offset`, with the environment as it is now.
    fn link(&mut self, jump: Val, offset: u32) {
        let index = self.code.block_at(offset);
        let key = (self.copy_of(index), index);
        if let Some((block, registers)) = self.headers.get(&key) {
            let (block, registers) = (*block, registers.clone());
            for r in registers {
                let v = self.get(crate::bytecode::ops::Reg(r as u16));
                add_argument(&mut self.session.graph.insts[jump].op, block, v);
            }
            return;
        }
        let edge = Edge { jump, env: self.env.clone() };
        self.pending.get_mut(&key).expect("the target was asked for").edges.push(edge);
    }

    /// Goes on at the bytecode at `offset`.
    pub(super) fn jump_to(&mut self, offset: u32) {
        let block = self.target_block(offset);
        // Values of registers that were never written have to be made before the jump.
        self.define_params(offset);
        let jump = self.emit(Op::Jump { target: Target::new(block, &[]) });
        self.link(jump, offset);
        self.block = None;
    }

    /// Writes `undefined` to registers that a loop's header wants and nobody has written.
    fn define_params(&mut self, offset: u32) {
        let index = self.code.block_at(offset);
        let live: Vec<usize> = self.code.blocks[index].live_in.iter().collect();
        for r in live {
            if self.env.registers[r].is_none() {
                let v = self.constant(crate::hir::field::Const::Undefined);
                self.env.registers[r] = Some(v).into();
            }
        }
    }

    /// A jump back: polls for interrupts if the jump goes backward.
    pub(super) fn poll(&mut self, to: u32) {
        if to <= self.offset {
            self.guard(Op::Safepoint {});
        }
    }

    /// Goes to `if_true` or `if_false`. An edge that profiles say is never taken leaves the code instead.
    pub(super) fn branch(&mut self, cond: Val, if_true: Way, if_false: Way) {
        if let Some(known) = self.is_constant(cond).and_then(|c| c.truthy()) {
            return self.jump_to(if known { if_true.offset } else { if_false.offset });
        }
        if if_true.offset == if_false.offset {
            return self.jump_to(if_true.offset);
        }
        for way in [if_true, if_false] {
            if !way.never {
                self.define_params(way.offset);
            }
        }
        let targets =
            [if_true, if_false].map(|way| if way.never { self.fresh_block() } else { self.target_block(way.offset) });
        let jump = self.emit(Op::Branch {
            cond,
            if_true: Target::new(targets[0], &[]),
            if_false: Target::new(targets[1], &[]),
        });
        for (way, block) in [if_true, if_false].into_iter().zip(targets) {
            if way.never {
                self.block = Some(block);
                let live = self.code.blocks[self.code.block_at(way.offset)].live_in.clone();
                let frame = self.make_frame(way.offset, Resume::Before, &live);
                self.append(Op::Deopt { reason: DeoptReason::NeverTakenBranch }, Some(frame));
            } else {
                self.link(jump, way.offset);
            }
        }
        self.block = None;
    }

    /// Goes to `block` if `cond`, else `if_false`.
    pub(super) fn branch_to(&mut self, cond: Val, block: Block, if_false: u32) {
        self.define_params(if_false);
        let target = self.target_block(if_false);
        let from = self.block.expect("only reachable code branches");
        let op = Op::Branch { cond, if_true: Target::new(block, &[]), if_false: Target::new(target, &[]) };
        let jump = self.session.graph.append(from, op, None, Default::default());
        self.link(jump, if_false);
        self.block = Some(block);
    }

    /// A block that no bytecode begins.
    pub(super) fn fresh_block(&mut self) -> Block {
        self.session.graph.blocks.push(BlockData::default())
    }

    /// Ends the block with a branch to two fresh blocks.
    pub(super) fn fork(&mut self, cond: Val) -> (Block, Block) {
        let (yes, no) = (self.fresh_block(), self.fresh_block());
        // Not folded: both blocks are going to be filled.
        let block = self.block.expect("only reachable code forks");
        let op = Op::Branch { cond, if_true: Target::new(yes, &[]), if_false: Target::new(no, &[]) };
        self.session.graph.append(block, op, None, Default::default());
        (yes, no)
    }

    /// Joins several ends of blocks into one; each brings a value. Goes on there, with the joined value.
    pub(super) fn join(&mut self, ends: &[(Block, Val)]) -> Option<Val> {
        match *ends {
            [] => {
                self.block = None;
                None
            }
            [(block, v)] => {
                self.block = Some(block);
                Some(v)
            }
            _ => {
                let joined = self.fresh_block();
                let ty = ends.iter().fold(types::NONE, |sum, (_, v)| sum | self.ty(*v));
                let param = self.session.graph.add_param(joined, ty);
                for &(block, v) in ends {
                    let op = Op::Jump { target: Target::new(joined, &[v]) };
                    self.session.graph.append(block, op, None, Default::default());
                }
                self.block = Some(joined);
                if let Some(closures) = self.known_closures(ends) {
                    self.session.joined.insert(param, closures);
                }
                Some(param)
            }
        }
    }

    /// The different closures among joined values, if that is what all of them are.
    fn known_closures(&self, ends: &[(Block, Val)]) -> Option<Vec<(Const, FunctionId)>> {
        let mut closures = vec![];
        for (_, v) in ends {
            let constant = self.is_constant(*v)?;
            let function = self.static_function(*v)?;
            if !closures.contains(&(constant, function)) {
                closures.push((constant, function));
            }
        }
        Some(closures)
    }

    // ---- Entering blocks -----------------------------------------------------------------------------------------

    fn enter(&mut self, index: usize, incoming: Incoming) {
        let Incoming { block, edges } = incoming;
        self.block = Some(block);
        self.env = self.merge(index, block, edges);
        self.before = None;
        if self.code.blocks[index].loop_end.is_some() {
            self.enter_loop(index);
        }
    }

    /// The environment at the start of a block that several jumps lead to.
    fn merge(&mut self, index: usize, block: Block, mut edges: Vec<Edge>) -> Env {
        if edges.len() == 1 {
            return edges.remove(0).env;
        }
        let mut env = Env { registers: vec![None.into(); self.code.registers], this: edges[0].env.this };
        if edges.iter().any(|e| e.env.this != env.this) {
            let values: Vec<Val> = edges.iter().map(|e| e.env.this).collect();
            env.this = self.merge_values(block, &edges, &values);
        }
        let live: Vec<usize> = self.code.blocks[index].live_in.iter().collect();
        for r in live {
            let first: PackedOption<Val> = edges[0].env.registers[r];
            let same = edges.iter().all(|e| e.env.registers[r] == first);
            let values: Option<Vec<Val>> = edges.iter().map(|e| e.env.registers[r].expand()).collect();
            env.registers[r] = match values {
                _same if same => first,
                Some(values) => Some(self.merge_values(block, &edges, &values)).into(),
                None => None.into(),
            };
        }
        env
    }

    /// One value for a register that has different ones on the edges into a block.
    fn merge_values(&mut self, block: Block, edges: &[Edge], values: &[Val]) -> Val {
        // The same value, which some edges know more of: what they know is not worth a parameter.
        let graph = &mut self.session.graph;
        let root = graph.root(values[0]);
        if values.iter().all(|v| graph.root(*v) == root) {
            return root;
        }
        let ty = values.iter().fold(types::NONE, |sum: Type, v| sum | graph.ty(*v));
        let param = graph.add_param(block, ty);
        for (edge, value) in edges.iter().zip(values) {
            add_argument(&mut graph.insts[edge.jump].op, block, *value);
        }
        param
    }

    fn enter_loop(&mut self, index: usize) {
        let header = self.fresh_block();
        let start = self.code.blocks[index].start;
        let live = self.code.blocks[index].live_in.clone();
        let code = self.code.clone();
        let assigned = code.assigned_in_loop(&self.view.function, index, |iter, at| self.iterates_arrays(iter, at));
        self.define_params(start);
        self.offset = start;
        self.slot = None;
        let frame = self.make_frame(start, Resume::Before, &live);
        let registers: Vec<usize> = live.iter().filter(|r| assigned.contains(*r)).collect();
        let args: Vec<Val> = registers.iter().map(|r| self.env.registers[*r].unwrap()).collect();
        self.append(Op::Jump { target: Target::new(header, &args) }, Some(frame));
        for &r in &registers {
            let param = self.session.graph.add_param(header, types::TOP);
            self.env.registers[r] = Some(param).into();
        }
        self.block = Some(header);
        self.headers.insert((self.copy, index), (header, registers));
    }

    // ---- Interpreting --------------------------------------------------------------------------------------------

    fn interpret(&mut self, index: usize) {
        let (start, end) = (self.code.blocks[index].start, self.code.blocks[index].end);
        let function = self.view.function.clone();
        let live = self.code.live_within(&function, index);
        for (i, (offset, insn)) in function.instructions_in(start..end).enumerate() {
            if self.block.is_none() || self.session.refusal.is_some() {
                return;
            }
            self.offset = offset;
            self.next_offset = offset + insn.op().units() as u32;
            self.before = None;
            self.live_before.clone_from(&live[i]);
            self.live_after.clone_from(&live[i + 1]);
            self.slot = slot_of(&insn);
            self.step(insn);
        }
        if self.block.is_some() {
            self.jump_to(end);
        }
    }
}

/// One side of a branch.
#[derive(Clone, Copy)]
pub(super) struct Way {
    /// Where it goes.
    pub(super) offset: u32,
    /// Profiles say that it is never taken.
    pub(super) never: bool,
}

fn slot_of(insn: &crate::bytecode::ops::Insn) -> Option<u16> {
    insn.operands().iter().find_map(|o| match o {
        crate::bytecode::ops::Operand::Feedback(_, slot) => Some(*slot),
        _no_slot => None,
    })
}

/// Adds an argument to the jumps to `block` in a terminator.
fn add_argument(op: &mut Op, block: Block, v: Val) {
    debug_assert!(matches!(op.effects(), Effects { terminator: true, .. }));
    op.visit_targets_mut(|target| {
        if target.block == block {
            target.args.push(v);
        }
    });
}
