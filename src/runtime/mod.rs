//! Values, the heap and everything that lives in it.
//!
//! The semantics of the language stand here once, as functions over [`runtime::Runtime`]; tiers differ in what they
//! speculate on, never in what an operation means.
pub mod arith;
pub mod atoms;
pub mod builtins;
pub mod call;
pub mod cell;
pub mod heap;
pub mod rootvec;
pub mod value;
