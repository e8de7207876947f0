//! Bytecode: what the frontend produces and every tier consumes.
//!
//! A function is a stream of 16-bit units ([`ops`] is the one table of what they mean), a constant pool, a handler
//! table and a source map ([`function`]). The stream that compilers read is never changed; the interpreter runs on a
//! copy of its own, in which it rewrites ("quickens") opcodes.
pub mod function;
pub mod ops;
