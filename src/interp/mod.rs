//! Tier 0: the interpreter.
//!
//! ```text
//! generic entry ──▶ frame record ──▶ run loop ──▶ handler per opcode ──▶ slow paths (ops/*, runtime)
//!                                     │   ▲
//!                        call in-loop └───┘ push / pop a record, no native recursion
//!                        trips ──▶ hooks (the VM): may leave to compiled code
//! ```
//!
//! Handlers that call each other in a chain ([`state`]), found by a table indexed by the opcode ([`dispatch`]).
//! Instructions rewrite themselves to
//! quickened forms in the function's private copy of the bytecode; a quickened form is itself type feedback: it records
//! nothing, because what it accepts was recorded by the execution that chose it. [`frame`] is the one description of an
//! interpreter frame; [`hooks`] is all that the interpreter knows of tiers.
//!
//! Quickening in place: Brunthaler 2010, "Inline caching meets quickening".

pub mod dispatch;
pub mod entry;
pub mod frame;
pub mod hooks;
pub mod ops;
pub(crate) mod state;
pub mod trace;

pub use entry::{EntryPoint, LaidOut, first_thunk, interp_thunk, resume, run_frame, while_waiting};
pub use frame::{Activation, FrameRecord, Interp, Machine, ResumeFrame, ResumePoint};
pub use hooks::{Backedge, InterpHooks};
