//! Slow paths of the interpreter, by group of instructions: they do the complete operation through the runtime, record
//! what they saw in the feedback slot, and rewrite the instruction to the quickened form that fits all it has seen.

pub(super) mod arith;
pub(super) mod call;
pub(super) mod property;
