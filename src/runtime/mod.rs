//! Values, the heap and everything that lives in it.
//!
//! The semantics of the language stand here once, as functions over [`runtime::Runtime`]; tiers differ in what they
//! speculate on, never in what an operation means.
pub mod arith;
pub mod array_sites;
pub mod atoms;
pub mod builtins;
pub mod call;
pub mod cell;
pub mod compare;
pub mod convert;
pub mod elements;
mod enumerate;
pub mod function;
pub mod head;
pub mod heap;
pub mod host;
pub mod inline_cache;
pub mod math;
mod math_reduce;
pub mod native;
pub mod number;
pub mod object;
pub mod ops;
pub mod prelude;
pub mod property;
pub mod regexp;
pub mod rootvec;
#[allow(clippy::module_inception)] // the room is named after its main structure
pub mod runtime;
pub mod shape;
pub mod string;
pub mod stub_cache;
pub mod thunk;
pub mod typed;
pub mod value;
pub mod watched;
