//! Leaving optimized code: finding its frames, describing them, building the frames they stand for, checking that.
//!
//! ```text
//!   guard fails ──> side exit stores raw values ──┐
//!                                                 ├──> recipe + raw values ──rebuild──> frames ──> interpreter
//!   assumption falls ──> returns hijacked ──> ────┘
//! ```
//!
//! | file | what |
//! |---|---|
//! | `exit.rs` | the one place that touches the native stack: thunks, entry, walking, hijacked returns |
//! | `recipe.rs` | what a side exit must rebuild |
//! | `rebuild.rs` | pure: recipe and raw values in, frames out |
//! | `check.rs` | proves for each exit that every register is rebuilt from a value that holds it |

pub mod check;
pub mod exit;
pub mod rebuild;
pub mod recipe;
