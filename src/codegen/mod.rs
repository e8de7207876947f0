//! Machine code generation with Cranelift.
//!
//! | file | what |
//! |---|---|
//! | `abi.rs` | calling conventions, instruction set and settings, source locations |
//! | `install.rs` | Cranelift's output becomes movable machine code |
//! | `stages.rs` | where Cranelift's time goes |
//! | `disassemble.rs` | machine code as text |
//! | `lower/` | the optimizing tier: HIR to Cranelift |
//! | `helpers.rs` | the table of Rust functions that baseline code calls |
//! | `adapters.rs` | stubs between the generic and the direct convention |

pub mod abi;
pub mod adapters;
pub mod disassemble;
pub mod helpers;
pub mod install;
pub mod lower;
pub mod stages;
