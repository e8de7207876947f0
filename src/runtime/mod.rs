//! Values, the heap and everything that lives in it.
pub mod atoms;
pub mod cell;
pub mod string;
pub mod value;
