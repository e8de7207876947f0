//! Baseline code against the interpreter.
