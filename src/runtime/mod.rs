//! Values, the heap and everything that lives in it.
pub mod cell;
pub mod value;
