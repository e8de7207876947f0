//! What an instruction may do besides computing its result, and so what may be moved across it.
//!
//! ```text
//!            ANYTHING      a call: reads and writes all of the heap, may throw, may be left by lazy deoptimization
//!           /    |   \
//!   writes(H) reads(H) exit(reason)
//!           \    |   /
//!              PURE
//! ```
//!
//! The heap is split into classes that cannot alias, so that a store to an element does not forget a property. Within a
//! class, `passes/memory.rs` looks closer (same object? same slot?).

use crate::vocab::DeoptReason;

/// A set of heap classes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Heap(u16);

impl Heap {
    /// Nothing.
    pub const NONE: Heap = Heap(0);
    /// The shape word of objects: what `CheckShape` reads.
    pub const SHAPE: Heap = Heap(1);
    /// Named properties.
    pub const SLOTS: Heap = Heap(2);
    /// The pointer from an object to its elements.
    pub const ELEMENTS_PTR: Heap = Heap(4);
    /// Array elements.
    pub const ELEMENTS: Heap = Heap(8);
    /// Array lengths.
    pub const LENGTH: Heap = Heap(16);
    /// Module-level variables.
    pub const MODULE: Heap = Heap(32);
    /// Captured variables in scope cells.
    pub const SCOPE: Heap = Heap(64);
    /// Elements of typed arrays, which may share memory with one another, with nothing else.
    pub const TYPED: Heap = Heap(128);
    /// Everything.
    pub const ALL: Heap = Heap(255);

    /// Union.
    pub const fn and(self, other: Heap) -> Heap {
        Heap(self.0 | other.0)
    }
    /// Whether the sets share a class.
    pub const fn meets(self, other: Heap) -> bool {
        self.0 & other.0 != 0
    }
    /// Whether the set is empty.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// What an instruction may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Effects {
    /// Heap classes whose contents the result depends on.
    pub reads: Heap,
    /// Heap classes that may be different afterwards.
    pub writes: Heap,
    /// The instruction is a guard: it may leave the compiled code, for this reason.
    pub exit: Option<DeoptReason>,
    /// The exit only protects the result: if nobody uses the result, the guard may go too (int32 overflow).
    pub exit_protects_result: bool,
    /// May throw, collect garbage or run other code; the frame state says how to go on after it.
    pub call: bool,
    /// Two of these are never the same value: an allocation.
    pub unique: bool,
    /// Must stay in its place relative to branches: what it says is only true there.
    pub pinned: bool,
    /// Ends a block.
    pub terminator: bool,
    /// The result is the first operand, better known.
    pub refines: bool,
}

/// Depends on its operands and nothing else.
pub const PURE: Effects = Effects {
    reads: Heap::NONE,
    writes: Heap::NONE,
    exit: None,
    exit_protects_result: false,
    call: false,
    unique: false,
    pinned: false,
    terminator: false,
    refines: false,
};
/// A call of unknown code.
pub const ANYTHING: Effects = Effects { reads: Heap::ALL, writes: Heap::ALL, call: true, ..PURE };
/// Ends a block.
pub const TERMINATOR: Effects = Effects { terminator: true, ..PURE };
/// Makes a new cell.
pub const ALLOCATES: Effects = Effects { unique: true, ..PURE };
/// Only true where it stands.
pub const PINNED: Effects = Effects { pinned: true, ..PURE };

/// A guard: leaves compiled code unless what it checks holds.
pub const fn exit(reason: DeoptReason) -> Effects {
    Effects { exit: Some(reason), ..PURE }
}
/// A guard whose result is the first operand, refined.
pub const fn check(reason: DeoptReason) -> Effects {
    exit(reason).refining()
}
/// A guard that protects nothing but its own result.
pub const fn exit_for_result(reason: DeoptReason) -> Effects {
    Effects { exit: Some(reason), exit_protects_result: true, ..PURE }
}
/// A load.
pub const fn reads(heap: Heap) -> Effects {
    Effects { reads: heap, ..PURE }
}
/// A store.
pub const fn writes(heap: Heap) -> Effects {
    Effects { writes: heap, ..PURE }
}

impl Effects {
    /// The same, and the result is the first operand, better known.
    pub const fn refining(self) -> Effects {
        Effects { refines: true, ..self }
    }
    /// The same, and a load.
    pub const fn and_reads(self, heap: Heap) -> Effects {
        Effects { reads: self.reads.and(heap), ..self }
    }
    /// The same, and a store.
    pub const fn and_writes(self, heap: Heap) -> Effects {
        Effects { writes: self.writes.and(heap), ..self }
    }
    /// Nothing to see if the result is not used: may be removed.
    pub fn removable_if_unused(&self) -> bool {
        self.writes.is_none()
            && !self.call
            && !self.pinned
            && !self.terminator
            && (self.exit.is_none() || self.exit_protects_result)
    }
    /// Two equal ones, one dominating the other with no conflicting write between them, are one.
    pub fn can_be_shared(&self) -> bool {
        self.writes.is_none() && !self.call && !self.unique && !self.pinned && !self.terminator
    }
    /// Needs a frame state: it may leave the compiled code, eagerly or lazily.
    pub fn needs_frame(&self) -> bool {
        self.exit.is_some() || self.call
    }
}
