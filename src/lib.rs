//! Petrel: a small dynamic language with a tiered JIT whose first purpose is to be seen.

pub mod baseline;
pub mod bytecode;
pub mod code;
pub mod codegen;
pub mod config;
pub mod deopt;
pub mod events;
pub mod experiment;
pub mod feedback;
pub mod observe;

pub mod frontend;
pub mod hir;
pub mod interp;
pub mod runtime;
pub mod tiering;
pub mod vm;
pub mod vocab;
