//! What instructions mean, where that is more than arithmetic or a property access: objects and arrays from literals,
//! classes, closures, iteration, `super`, private members, globals, the errors that instructions raise.
//!
//! Semantics stand here once. The interpreter calls these functions from its slow paths, baseline and optimized code
//! through `extern "C"` helpers; none of them knows which tier calls. Values come in as [`super::value::Value`]s or as
//! pointers to registers on the VM stack, where the collector sees them; fallible functions leave the exception in the
//! runtime's head.

pub mod arguments;
pub mod bindings;
pub mod calls;
pub mod class;
pub mod iteration;
pub mod literal;
pub mod prelude;
pub mod private;
pub mod super_access;
