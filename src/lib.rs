//! Petrel: a small dynamic language with a tiered JIT whose first purpose is to be seen.

pub mod bytecode;
pub mod frontend;
pub mod runtime;
