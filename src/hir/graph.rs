//! A function in SSA form: blocks with parameters, instructions, frame states.
//!
//! An instruction *is* the value it defines, and a block parameter is an instruction `phi` that stands in its block's
//! parameter list. Blocks hold their instructions in order, the last one ends the block. Nothing is linked both ways:
//! predecessors, dominators and loops are computed when a pass wants them (`analysis.rs`).
//!
//! Replacing a value leaves an alias behind, as in Cranelift; [`Graph::resolve_aliases`] makes one pass over all operands
//! and frame states at a pass's end.

use super::field::{Block, Const, Target, Val};
use super::frame_state::{Entry, Frame, FrameState, Inline, InlineData, Virtual, VirtualObject};
use super::inst::Op;
use super::types::{Rep, Type};
use crate::vocab::{FunctionId, SiteId};
use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntityRef, EntitySet, PrimaryMap, SecondaryMap};

/// Where an instruction comes from: for stack traces, and to blame a guard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Origin {
    /// The activation.
    pub inline: Inline,
    /// Bytecode offset in its function.
    pub offset: u32,
    /// The feedback that a guard trusts.
    pub site: PackedOption<SiteId>,
}

impl Default for Origin {
    fn default() -> Origin {
        Origin { inline: Inline::new(0), offset: 0, site: None.into() }
    }
}

/// An instruction or block parameter, and the value it defines.
#[derive(Clone, Debug)]
pub struct InstData {
    /// What it does.
    pub op: Op,
    /// What is known of the result.
    pub ty: Type,
    /// How the result is held.
    pub rep: Rep,
    /// How the interpreter goes on: for guards before, for calls after the operation. For a jump to a loop: at the loop's head.
    pub frame: PackedOption<Frame>,
    /// Where it comes from.
    pub origin: Origin,
}

/// A basic block.
#[derive(Clone, Default, Debug)]
pub struct BlockData {
    /// Parameters: instructions `phi`.
    pub params: Vec<Val>,
    /// Instructions in order, the last one a terminator.
    pub insts: Vec<Val>,
}

/// Where a function is entered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntryPoint {
    /// At its beginning, by a call.
    Start,
    /// At the loop whose head is at this bytecode offset, by on-stack replacement.
    Osr(u32),
}

/// A function in SSA form.
#[derive(Clone, Debug)]
pub struct Graph {
    /// Where it is entered.
    pub entry_point: EntryPoint,
    /// Number of parameters.
    pub param_count: u32,
    /// Whether the function looks at how many arguments it was given: it is entered by the generic convention.
    pub counts_arguments: bool,
    /// Instructions and block parameters.
    pub insts: PrimaryMap<Val, InstData>,
    /// Blocks. Those that cannot be reached are empty.
    pub blocks: PrimaryMap<Block, BlockData>,
    /// Frame states.
    pub frames: PrimaryMap<Frame, FrameState>,
    /// Activations; the first is the function itself.
    pub inlines: PrimaryMap<Inline, InlineData>,
    /// Objects that only frame states name.
    pub virtuals: PrimaryMap<Virtual, VirtualObject>,
    /// Whether every operand has the representation its use wants: `passes/representation.rs` has run.
    pub representations_chosen: bool,
    /// Values from which something was concluded that no longer names them: see [`Graph::rely_on`].
    pub(super) relied: EntitySet<Val>,
    /// Values that others took the place of.
    aliases: SecondaryMap<Val, PackedOption<Val>>,
    any_alias: bool,
}

impl Graph {
    /// An empty function, with one empty block: the entry.
    pub fn new(function: FunctionId, entry_point: EntryPoint, param_count: u32) -> Graph {
        let mut inlines = PrimaryMap::new();
        inlines.push(InlineData { function, caller: None });
        let mut blocks = PrimaryMap::new();
        blocks.push(BlockData::default());
        Graph {
            entry_point,
            param_count,
            counts_arguments: false,
            insts: PrimaryMap::new(),
            blocks,
            frames: PrimaryMap::new(),
            inlines,
            virtuals: PrimaryMap::new(),
            representations_chosen: false,
            relied: EntitySet::new(),
            aliases: SecondaryMap::new(),
            any_alias: false,
        }
    }

    /// The entry block.
    pub fn entry(&self) -> Block {
        Block::new(0)
    }

    /// The function.
    pub fn function(&self) -> FunctionId {
        self.inlines[Inline::new(0)].function
    }

    /// The operation of a value.
    pub fn op(&self, v: Val) -> &Op {
        &self.insts[v].op
    }

    /// The type of a value.
    pub fn ty(&self, v: Val) -> Type {
        self.insts[v].ty
    }

    /// The constant that a value is.
    pub fn constant(&self, v: Val) -> Option<Const> {
        if let Op::Const { value } = self.insts[v].op { Some(value) } else { None }
    }

    /// Makes an instruction that is in no block yet. Its type follows from its operands.
    pub fn make(&mut self, op: Op, frame: Option<Frame>, origin: Origin) -> Val {
        let ty = op.result_type(|v| self.insts[v].ty);
        let rep = op.rep();
        self.insts.push(InstData { op, ty, rep, frame: frame.into(), origin })
    }

    /// Appends a new instruction to a block.
    pub fn append(&mut self, block: Block, op: Op, frame: Option<Frame>, origin: Origin) -> Val {
        let v = self.make(op, frame, origin);
        self.blocks[block].insts.push(v);
        v
    }

    /// Adds a parameter to a block.
    pub fn add_param(&mut self, block: Block, ty: Type) -> Val {
        let v = self.make(Op::Phi {}, None, Origin::default());
        self.insts[v].ty = ty;
        self.blocks[block].params.push(v);
        v
    }

    /// Changes what an instruction does; its type follows.
    pub fn set_op(&mut self, v: Val, op: Op) {
        self.insts[v].ty = op.result_type(|v| self.insts[v].ty);
        self.insts[v].rep = op.rep();
        self.insts[v].op = op;
    }

    /// The last instruction of a block.
    pub fn terminator(&self, block: Block) -> Option<Val> {
        self.blocks[block].insts.last().copied()
    }

    /// Calls `f` with every block that follows `block`, and the arguments of the jump.
    pub fn visit_successors(&self, block: Block, f: impl FnMut(&Target)) {
        if let Some(v) = self.terminator(block) {
            self.insts[v].op.visit_targets(f);
        }
    }

    /// Replaces `old` by `new` everywhere, at the next [`Graph::resolve_aliases`].
    pub fn replace(&mut self, old: Val, new: Val) {
        let new = self.resolve(new);
        debug_assert_ne!(old, new, "a value cannot replace itself");
        self.aliases[old] = Some(new).into();
        self.any_alias = true;
    }

    /// The value that has taken the place of `v`.
    pub fn resolve(&self, mut v: Val) -> Val {
        while let Some(next) = self.aliases[v].expand() {
            v = next;
        }
        v
    }

    /// Rewrites every operand and frame state entry to the value that has taken its place.
    pub fn resolve_aliases(&mut self) {
        if !std::mem::take(&mut self.any_alias) {
            return;
        }
        let aliases = std::mem::take(&mut self.aliases);
        let resolve = |v: &mut Val| {
            while let Some(next) = aliases[*v].expand() {
                *v = next;
            }
        };
        for block in self.blocks.values() {
            for v in &block.insts {
                self.insts[*v].op.visit_mut(resolve);
            }
        }
        let virtuals = self.virtuals.values_mut().flat_map(|o| o.slots.iter_mut());
        for entry in self.frames.values_mut().flat_map(FrameState::entries_mut).chain(virtuals) {
            match entry {
                Entry::Val(v) => resolve(v),
                Entry::Const(_) | Entry::Virtual(_) | Entry::Scratch(_) => {}
            }
        }
    }

    /// Calls `f` with every value that an exit with this frame state takes: of the frame, its callers and virtual objects.
    pub fn visit_frame(&self, frame: Frame, f: &mut impl FnMut(Val)) {
        let mut next = Some(frame);
        while let Some(frame) = next {
            let state = &self.frames[frame];
            for entry in state.entries() {
                self.visit_entry(entry, f);
            }
            next = state.caller.expand();
        }
    }

    fn visit_entry(&self, entry: &Entry, f: &mut impl FnMut(Val)) {
        match entry {
            Entry::Val(v) => f(*v),
            Entry::Const(_) | Entry::Scratch(_) => {}
            Entry::Virtual(o) => {
                for slot in &self.virtuals[*o].slots {
                    self.visit_entry(slot, f);
                }
            }
        }
    }

    /// Number of instructions and parameters in blocks: the size that budgets speak of.
    pub fn size(&self) -> usize {
        self.blocks.values().map(|b| b.params.len() + b.insts.len()).sum()
    }

    /// The value that a chain of guards and assumptions began with: what identifies the object.
    pub fn root(&self, mut v: Val) -> Val {
        while let Some(inner) = self.insts[v].op.refined() {
            v = inner;
        }
        v
    }
}
