//! The handlers of all opcodes, by group, and their slow paths.
//!
//! Handlers ([`loads`], [`operators`], [`control`], [`properties`], [`calls`], [`objects`]) do what is common and cheap.
//! Slow paths ([`arith`], [`property`], [`call`]) do the complete operation through the runtime, record what they saw in
//! the feedback slot, and rewrite the instruction to the quickened form that fits all it has seen. [`fused`] executes pairs
//! of instructions as one.

// SAFETY of every handler: see `State`.
#![allow(clippy::missing_safety_doc, reason = "one contract for all handlers, that of `State`")]

pub mod arith;
pub mod call;
pub(super) mod calls;
pub(super) mod control;
pub(super) mod fused;
pub(super) mod loads;
pub(super) mod objects;
pub(super) mod operators;
pub(super) mod properties;
pub mod property;
