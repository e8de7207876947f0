//! HIR: the optimizing compiler's view of a function.
//!
//! Frozen bytecode and feedback flow in, a small graph of typed SSA instructions flows out, ready for `codegen` to spell in
//! Cranelift's terms. Nothing in here touches the heap or knows a machine.
//!
//! ```text
//!  bytecode + feedback ──build──▶ Graph ──passes──▶ Graph ──▶ codegen
//!                                  ▲ │
//!                          parse ──┘ └──▶ print, verify
//! ```
//!
//! | file | what |
//! |---|---|
//! | `inst.rs` | the instructions, one row of one table each |
//! | `field.rs` | what instructions hold: constants, slots, shapes, targets |
//! | `types.rs`, `effects.rs` | lattices: what a value is, what an instruction may do |
//! | `runtime_fn.rs` | the generic form of everything: functions of the runtime |
//! | `frame_state.rs` | what an exit rebuilds |
//! | `graph.rs`, `analysis.rs` | blocks, instructions, aliases; order, dominators, loops |
//! | `build.rs`, `build/`, `inline.rs` | from bytecode and feedback, with speculation and inlining |
//! | `fold.rs` | exact simplifications |
//! | `passes/` | the pipeline |
//! | `escaping.rs` | objects that only a call stands in the way of removing |
//! | `print.rs`, `parse.rs`, `verify.rs` | text out, text in, invariants |
//!
//! The three ideas everything rests on: a guard returns the value it checked, so what relies on a guard depends on it by
//! SSA; a frame state's entries are operands, so no pass can forget them; a value's representation is chosen last, so
//! passes see no boxing.

pub mod analysis;
pub mod build;
pub mod effects;
pub mod escaping;
pub mod field;
pub mod fold;
pub mod frame_state;
pub mod graph;
pub mod inline;
pub mod inst;
pub mod parse;
pub mod passes;
mod print;
mod relied;
pub mod runtime_fn;
pub mod types;
pub mod verify;
