//! Floor 0: the vocabulary.
pub mod ids;
