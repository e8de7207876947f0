//! Tiering: which function runs in which tier, who decides it, and where compiles wait.
//!
//! ```text
//!  counter trips ─▶ policy::decide ─▶ state (what the function is) ─▶ queue ─▶ compile thread ─▶ install
//!  guard fails   ─▶ policy::on_deopt ─▶ state (what it learnt) ─▶ code thrown away, re-profiled, or given up
//! ```
//!
//! Everything here but the queue's threads is pure: no file of this room touches the heap, code or frames. The virtual
//! machine acts on the answers.
//!
//! | file | what |
//! |---|---|
//! | `policy/` | the decisions, one file per policy |
//! | `state.rs` | the state machine of one function, with its deopt history |
//! | `queue.rs` | compile threads and their priority queue; synchronous and virtual modes |
//! | `clock.rs` | the real clock, and the virtual one of deterministic runs |
//! | `storm.rs` | when repeated deopts are a storm |

pub mod clock;
pub mod policy;
pub mod queue;
pub mod state;
pub mod storm;
