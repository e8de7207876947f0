//! Experiments: what a pair of runs says. Now: deopt storms, each a broken program and its fix.
//!
//! In: recordings, and the storm's description. Out: numbers, verdicts, charts. Nothing here starts a process or writes
//! to a terminal; the command line does (`cli/storm.rs`), and hands over what came back.
//!
//! | file | what |
//! |---|---|
//! | `storm.rs` | `storm.toml`, and the verdict on a pair of runs |
//! | `code_numbers.rs` | the numbers that incidents of a code cache are told in |
//! | `node.rs` | deopts of a run on Node, from V8's trace |
//! | `series.rs` | time per iteration, from the program's marks |
//! | `chart.rs` | small charts for terminals and pipes |

pub mod chart;
pub mod code_numbers;
pub mod node;
pub mod series;
pub mod storm;
