//! Baseline code against the interpreter: the same functions and arguments in both, results and feedback compared.
