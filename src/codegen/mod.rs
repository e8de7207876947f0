//! Machine code generation with Cranelift.
//!
//! | file | what |
//! |---|---|
//! | `abi.rs` | calling conventions, instruction set and settings, source locations |
//! | `install.rs` | Cranelift's output becomes movable machine code |
//! | `lower/` | the optimizing tier: HIR to Cranelift |
//! | `adapters.rs` | stubs between the generic and the direct convention |

pub mod abi;
pub mod adapters;
pub mod install;
pub mod lower;
