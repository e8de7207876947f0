//! Bytecode: what the frontend produces and every tier consumes.
//!
//! A function is a stream of 16-bit units ([`ops`] is the one table of what they mean), a constant pool, a handler
//! table and a source map ([`function`]). The stream that compilers read is never changed; the interpreter runs on a
//! copy of its own, in which it rewrites ("quickens") opcodes and executes pairs as one ([`fuse`]). [`asm`] writes functions, [`verify`] says whether one is
//! well formed, [`disasm`] prints it, [`intrinsics`] is the table of the natives syntax.

pub mod asm;
pub mod disasm;
pub mod function;
pub mod fuse;
pub mod intrinsics;
pub mod ops;
pub mod verify;
