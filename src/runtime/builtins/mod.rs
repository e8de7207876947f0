//! The library (being built).
use super::runtime::Runtime;
/// Whether a native function may be constructed.
pub fn is_constructor(_id: u32) -> bool {
    false
}
/// Generic entry of native functions.
///
/// # Safety
/// `regs` points to `argc` arguments with `this` and callee below.
pub unsafe extern "C" fn native_entry(_rt: *mut Runtime, _regs: *mut u64, _argc: u32) -> u64 {
    0
}
