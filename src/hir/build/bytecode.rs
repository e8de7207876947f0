//! What the builder has to know of a function's bytecode before it starts: blocks, loops, and which registers live where.
//!
//! Blocks are in bytecode order, which is a topological order but for the jumps back to loop headers: the frontend lowers
//! structured source. Liveness is the usual backward dataflow; a handler's registers live throughout the range it protects,
//! because an exit there must be able to continue in the handler.

use crate::bytecode::function::FunctionCode;
use crate::bytecode::ops::{Insn, Operand, Reg};
use smallvec::SmallVec;

/// A set of registers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RegSet(SmallVec<[u64; 2]>);

impl RegSet {
    fn new(registers: usize) -> RegSet {
        RegSet(SmallVec::from_elem(0, registers.div_ceil(64)))
    }
    /// Whether a register is in the set.
    pub fn contains(&self, r: usize) -> bool {
        self.0.get(r / 64).is_some_and(|word| word >> (r % 64) & 1 != 0)
    }
    fn insert(&mut self, r: usize) {
        if let Some(word) = self.0.get_mut(r / 64) {
            *word |= 1 << (r % 64);
        }
    }
    fn remove(&mut self, r: usize) {
        if let Some(word) = self.0.get_mut(r / 64) {
            *word &= !(1 << (r % 64));
        }
    }
    fn unite(&mut self, other: &RegSet) -> bool {
        let mut grown = false;
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            grown |= *mine | *theirs != *mine;
            *mine |= *theirs;
        }
        grown
    }
    /// The registers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.0.len() * 64).filter(|r| self.contains(*r))
    }
}

/// A block of bytecode.
#[derive(Clone, Debug)]
pub struct CodeBlock {
    /// Unit offset of its first instruction.
    pub start: u32,
    /// Unit offset past its last instruction.
    pub end: u32,
    /// Registers that live at its start.
    pub live_in: RegSet,
    /// Registers that live at its end.
    live_out: RegSet,
    /// If it is a loop's header: the offset past the last jump back.
    pub loop_end: Option<u32>,
    /// Blocks that follow.
    successors: SmallVec<[usize; 2]>,
}

/// A function's bytecode, taken apart.
#[derive(Debug)]
pub struct Bytecode {
    /// Blocks in order.
    pub blocks: Vec<CodeBlock>,
    /// Registers of a frame.
    pub registers: usize,
}

impl Bytecode {
    /// Takes a function apart.
    pub fn new(function: &FunctionCode) -> Bytecode {
        Bytecode::with_entry(function, 0)
    }

    /// The same, with a block that begins at `entry`, which is the offset of an instruction.
    pub fn with_entry(function: &FunctionCode, entry: u32) -> Bytecode {
        let mut code = Bytecode { blocks: split(function, entry), registers: function.nregs as usize };
        code.find_loops(function);
        code.find_live(function);
        code
    }

    /// The block that starts at an offset.
    pub fn block_at(&self, offset: u32) -> usize {
        self.blocks.binary_search_by_key(&offset, |b| b.start).expect("jumps go to the starts of blocks")
    }

    /// Whether an offset lies in the loop of a header block.
    pub fn is_in_loop(&self, header: usize, offset: u32) -> bool {
        let header = &self.blocks[header];
        header.loop_end.is_some_and(|end| header.start <= offset && offset < end)
    }

    /// Whether an offset lies in any loop.
    pub fn is_in_any_loop(&self, offset: u32) -> bool {
        (0..self.blocks.len()).any(|header| self.is_in_loop(header, offset))
    }

    /// Headers of the loops around an offset, innermost first.
    pub fn loops_around(&self, offset: u32) -> Vec<usize> {
        (0..self.blocks.len()).rev().filter(|header| self.is_in_loop(*header, offset)).collect()
    }

    /// Registers that instructions of a loop write. `over_arrays`: whether the iteration in these registers, a step of which is
    /// at this offset, is of arrays only.
    pub fn assigned_in_loop(
        &self,
        function: &FunctionCode,
        header: usize,
        over_arrays: impl Fn(Reg, u32) -> bool,
    ) -> RegSet {
        let mut assigned = RegSet::new(self.registers);
        let end = self.blocks[header].loop_end.unwrap_or(0);
        for block in self.blocks[header..].iter().take_while(|b| b.start < end) {
            for (offset, insn) in function.instructions_in(block.start..block.end) {
                visit_writes(&insn, |r| assigned.insert(r));
                if let Insn::IterNext { iter, .. } = insn
                    && !over_arrays(iter, offset)
                {
                    (iter.0 as usize..iter.0 as usize + 3).for_each(|r| assigned.insert(r));
                }
            }
        }
        assigned
    }

    /// The registers that live before each instruction of a block and, last, at its end.
    pub fn live_within(&self, function: &FunctionCode, block: usize) -> Vec<RegSet> {
        let block = &self.blocks[block];
        let insns: Vec<(u32, Insn)> = function.instructions_in(block.start..block.end).collect();
        let mut live = block.live_out.clone();
        let mut all = vec![live.clone()];
        for (offset, insn) in insns.iter().rev() {
            self.step_back(function, *offset, insn, &mut live);
            all.push(live.clone());
        }
        all.reverse();
        all
    }

    fn find_loops(&mut self, function: &FunctionCode) {
        for i in 0..self.blocks.len() {
            let end = self.blocks[i].end;
            for s in 0..self.blocks[i].successors.len() {
                let header = self.blocks[i].successors[s];
                if header <= i {
                    debug_assert!(matches!(
                        Insn::decode(&function.code, self.blocks[header].start as usize),
                        Insn::LoopHeader {}
                    ));
                    let block = &mut self.blocks[header];
                    block.loop_end = block.loop_end.max(Some(end));
                }
            }
        }
    }

    fn find_live(&mut self, function: &FunctionCode) {
        let mut changed = true;
        while changed {
            changed = false;
            for i in (0..self.blocks.len()).rev() {
                let mut live = self.blocks[i].live_out.clone();
                for &s in &self.blocks[i].successors {
                    live.unite(&self.blocks[s].live_in);
                }
                changed |= self.blocks[i].live_out.unite(&live);
                let (start, end) = (self.blocks[i].start, self.blocks[i].end);
                let insns: SmallVec<[(u32, Insn); 16]> = function.instructions_in(start..end).collect();
                for (offset, insn) in insns.iter().rev() {
                    self.step_back(function, *offset, insn, &mut live);
                }
                changed |= self.blocks[i].live_in.unite(&live);
            }
        }
    }

    /// What lives before an instruction, given what lives after.
    fn step_back(&self, function: &FunctionCode, offset: u32, insn: &Insn, live: &mut RegSet) {
        visit_writes(insn, |r| live.remove(r));
        // Whoever jumps has written nothing: at the end of an iteration the variable keeps what it held.
        if let Some(to) = insn.jump_offset() {
            live.unite(&self.blocks[self.block_at(offset.wrapping_add_signed(to))].live_in);
        }
        visit_reads(insn, |r| live.insert(r));
        if let Some(handler) = function.handler_at(offset) {
            let mut caught = self.blocks[self.block_at(handler.target)].live_in.clone();
            caught.remove(handler.exception.0 as usize);
            live.unite(&caught);
        }
    }
}

fn split(function: &FunctionCode, entry: u32) -> Vec<CodeBlock> {
    let length = function.code.len() as u32;
    let mut starts = vec![0, entry];
    for (offset, insn) in function.instructions() {
        let next = offset + insn.op().units() as u32;
        if let Some(to) = insn.jump_offset() {
            starts.extend([offset.wrapping_add_signed(to), next]);
        } else if insn.ends_block() {
            starts.push(next);
        }
        if matches!(insn, Insn::LoopHeader {}) {
            starts.push(offset);
        }
    }
    starts.extend(function.handlers.iter().map(|h| h.target));
    starts.retain(|s| *s < length);
    starts.sort_unstable();
    starts.dedup();
    let none = RegSet::new(function.nregs as usize);
    let mut blocks: Vec<CodeBlock> = Vec::with_capacity(starts.len());
    for (i, &start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(length);
        let successors = successors(function, &starts, start, end);
        blocks.push(CodeBlock {
            start,
            end,
            live_in: none.clone(),
            live_out: none.clone(),
            loop_end: None,
            successors,
        });
    }
    blocks
}

fn successors(function: &FunctionCode, starts: &[u32], start: u32, end: u32) -> SmallVec<[usize; 2]> {
    let mut successors = SmallVec::new();
    let Some((offset, last)) = function.instructions_in(start..end).last() else { return successors };
    if let Some(to) = last.jump_offset() {
        successors.extend(starts.binary_search(&offset.wrapping_add_signed(to)).ok());
    }
    if !last.ends_block() {
        successors.extend(starts.binary_search(&end).ok());
    }
    successors
}

/// Calls `f` with every register that an instruction reads.
fn visit_reads(insn: &Insn, mut f: impl FnMut(usize)) {
    for operand in insn.operands() {
        match operand {
            Operand::Src(Reg(r)) => f(r as usize),
            Operand::Dst(_)
            | Operand::Window(_)
            | Operand::Const(_)
            | Operand::Imm(_)
            | Operand::Num(_)
            | Operand::Cell(_)
            | Operand::Func(_)
            | Operand::Jump(_)
            | Operand::Feedback(..) => {}
        }
    }
    if let Some((Reg(base), count)) = insn.window()
        && window_is_read(insn)
    {
        (base as usize..base as usize + count as usize).for_each(f);
    }
}

fn window_is_read(insn: &Insn) -> bool {
    !matches!(insn, Insn::NewClass { .. } | Insn::IterInit { .. } | Insn::EnumInit { .. })
}

/// Calls `f` with every register that an instruction writes.
fn visit_writes(insn: &Insn, mut f: impl FnMut(usize)) {
    for operand in insn.operands() {
        if let Operand::Dst(Reg(r)) = operand {
            f(r as usize);
        }
    }
    match *insn {
        Insn::NewClass { ctor: Reg(base), .. } => (base as usize..base as usize + 2).for_each(f),
        Insn::IterInit { iter: Reg(base), .. } | Insn::EnumInit { iter: Reg(base), .. } => {
            (base as usize..base as usize + 3).for_each(f);
        }
        // What is iterated stays the same; of an array, only the index changes. Other iterations: `assigned_in_loop`.
        Insn::IterNext { iter: Reg(base), .. } | Insn::EnumNext { iter: Reg(base), .. } => f(base as usize + 1),
        ref _no_other => {}
    }
}
