//! Type feedback: what the interpreter and profiled baseline code learnt about each site.
//!
//! A function's feedback vector is one block of 16-byte units. An instruction names its slot by unit index, so that
//! compiled code reaches any field with one address and one displacement. [`slot`] lays the slots out; [`summary`] is
//! the frozen form that compile threads read.
pub mod slot;
pub mod summary;
