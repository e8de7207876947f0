//! Values, the heap and everything that lives in it.
pub mod cell;
pub mod heap;
pub mod rootvec;
pub mod value;
