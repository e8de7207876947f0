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
pub unsafe extern "C" fn native_entry(rt: *mut Runtime, regs: *mut u64, argc: u32) -> u64 {
    let rt = unsafe { &mut *rt };
    let mut out = String::new();
    for i in 0..argc as usize {
        let v = super::value::Value(unsafe { *regs.add(i) });
        if i > 0 {
            out.push(' ');
        }
        match super::convert::to_string(rt, v) {
            Ok(s) => out.push_str(&s.to_rust()),
            Err(_) => return 0,
        }
    }
    println!("{out}");
    super::value::Value::UNDEFINED.0
}
