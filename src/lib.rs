//! Petrel: a small dynamic language with a tiered JIT whose first purpose is to be seen.

pub mod bytecode;
pub mod config;
pub mod events;
pub mod feedback;
pub mod runtime;
pub mod vocab;
