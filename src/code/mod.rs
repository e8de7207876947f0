//! Machine code as a thing that is stored, found, and thrown away again.
//!
//! This room knows bytes, ranges and states; what the bytes do is the business of `codegen`, `baseline` and `deopt`.
//!
//! | file | what |
//! |---|---|
//! | `memory.rs` | one reserved region, mapped twice: written through one view, executed through the other |
//! | `free_list.rs` | free ranges of one segment, coalescing |
//! | `blob.rs` | one piece of code: entries, exit table, call sites, source positions |
//! | `cache.rs` | segments, states, sweeping, eviction, what happens when it is full |
//! | `perf.rs` | the files by which Linux perf knows our code |
//! | `ticker.rs` | the timer of the sampling profiler |
//! | `placement.rs` | at which offset within a cache line code should begin |
//! | `assumptions.rs` | what code relies on, and which code falls when it no longer holds |

pub mod assumptions;
pub mod blob;
pub mod cache;
mod free_list;
pub mod memory;
pub mod perf;
pub mod placement;
pub mod ticker;
