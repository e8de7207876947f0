//! What the interpreter needs to go on where compiled code leaves off.
//!
//! A frame state describes one interpreter frame at one moment: function, bytecode offset, registers; and through its
//! `caller` all frames that inlining has merged into one. It is a value in a table ([`super::graph::Graph::frames`]), and
//! its entries are operands like any other, so a pass that replaces values replaces them here too without knowing. Guards
//! name a frame state by id, so that several may share one.
//!
//! An entry asks for nothing of a value's representation: an exit takes the raw int32 or double, and the recipe knows how
//! to box it. Registers that are dead at that bytecode are not listed.
//!
//! Source of the idea: Graal's and TurboFan's `FrameState`, ZJIT's `Snapshot`.

use super::field::{Const, Val};
use crate::vocab::{FunctionId, ShapeId};
use cranelift_entity::entity_impl;
use cranelift_entity::packed_option::PackedOption;

/// A frame state.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Frame(u32);
entity_impl!(Frame, "f");

/// An activation of a function within the compile: the function itself, or an inlined call.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Inline(u32);
entity_impl!(Inline, "inline");

/// An object that does not exist unless an exit is taken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Virtual(u32);
entity_impl!(Virtual, "virtual");

/// The register that a result goes to which nobody wants.
pub const NO_REGISTER: u32 = u16::MAX as u32;

/// Where in the bytecode the interpreter goes on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Resume {
    /// At the instruction, which has not happened yet.
    Before,
    /// After the instruction, a call whose result goes to register `result`. The state of a pending call, and of every caller.
    After {
        /// The register that gets the result.
        result: u32,
    },
    /// After the comparison of a conditional jump, a call whose result says where to go on.
    Branch {
        /// Where, if the result is `true`.
        if_true: u32,
        /// Where, if it is `false`.
        if_false: u32,
    },
    /// After the step of an iteration: a result that is the hole goes on at `exit`, any other goes to register `result`.
    Next {
        /// The register that gets the result.
        result: u32,
        /// Where to go on at the end.
        exit: u32,
    },
    /// After a construct call. Register `result`, which is listed, holds the object that was constructed; if the call's
    /// result is an object, it takes its place.
    AfterConstruct {
        /// The register that gets the result.
        result: u32,
    },
}

/// What a register holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Entry {
    /// A value in any representation.
    Val(Val),
    /// A constant.
    Const(Const),
    /// An object that the exit allocates.
    Virtual(Virtual),
    /// A word that the function of the runtime which was pending has left behind: see `LoadScratch`.
    Scratch(u32),
}

/// One interpreter frame at one moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FrameState {
    /// Whose frame it is.
    pub inline: Inline,
    /// Bytecode offset of the instruction.
    pub offset: u32,
    /// Before or after that instruction.
    pub resume: Resume,
    /// Whether a handler of this frame or of a caller catches exceptions here: if not, an exception needs no exit.
    pub catches: bool,
    /// The closure.
    pub callee: Entry,
    /// `this`.
    pub this: Entry,
    /// Live registers, ascending.
    pub registers: Vec<(u32, Entry)>,
    /// The frame of the caller that this call was inlined into.
    pub caller: PackedOption<Frame>,
}

impl FrameState {
    /// Every entry.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        [&self.callee, &self.this].into_iter().chain(self.registers.iter().map(|(_, e)| e))
    }
    /// Every entry, to be replaced.
    pub fn entries_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        [&mut self.callee, &mut self.this].into_iter().chain(self.registers.iter_mut().map(|(_, e)| e))
    }
    /// Every value among the entries.
    pub fn vals(&self) -> impl Iterator<Item = Val> {
        self.entries().filter_map(|e| match e {
            Entry::Val(v) => Some(*v),
            Entry::Const(_) | Entry::Virtual(_) | Entry::Scratch(_) => None,
        })
    }
}

/// An activation: which function, and where it was inlined.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InlineData {
    /// The function.
    pub function: FunctionId,
    /// The activation and bytecode offset of the call that was inlined.
    pub caller: Option<(Inline, u32)>,
}

/// An object that only frame states name: its allocation was removed, an exit makes up for it.
/// A virtual object may hold others, but not, however indirectly, itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VirtualObject {
    /// What it is.
    pub kind: VirtualKind,
    /// What it holds, as far as that is not what it begins with: see the kinds.
    pub slots: Vec<Entry>,
}

/// What a virtual object is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VirtualKind {
    /// An object of this shape, with its inline slots.
    Object(ShapeId),
    /// A closure over the n-th child of a function, with its scope and the closure that made it.
    Closure {
        /// The function.
        parent: FunctionId,
        /// Which child.
        child: u32,
    },
    /// A scope, with the scope around it and its variables.
    Scope,
    /// An arguments object, with the arguments.
    Arguments,
    /// A plain array, with its elements.
    Array,
}
