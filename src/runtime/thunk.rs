//! Exit thunks: how compiled code calls Rust.
//!
//! Compiled code preserves frame pointers, Rust does not promise to. So compiled code reaches Rust only through one of
//! these naked functions: each links a frame and records its address in `VmHead::last_exit_fp`, from where a walk of the
//! native stack begins (`deopt::exit` has the picture). The interpreter's entry is behind one too, because compiled code
//! calls it.

/// Defines a naked function `$name` through which compiled code calls the Rust function `$helper`.
///
/// The helper is `extern "C"` with at most six integer arguments, of which the first is the runtime. The thunk links
/// a frame that a stack walk starts from. Its address goes into compiled code as a constant. Where Rust wants it as a
/// function pointer, write out the signature: `exit_thunk!(pub name(rt: *mut Runtime, ..) -> u64, helper)`.
#[cfg(target_arch = "x86_64")]
#[macro_export]
macro_rules! exit_thunk {
    ($(#[$attribute:meta])* $visibility:vis $name:ident $(($($arg:ident: $type:ty),*) -> $result:ty)?, $helper:path) => {
        $(#[$attribute])*
        #[unsafe(naked)]
        $visibility extern "C" fn $name($($($arg: $type),*)?) $(-> $result)? {
            core::arch::naked_asm!(
                "push rbp",
                "mov rbp, rsp",
                "mov [rdi], rbp", // head.last_exit_fp
                "call {helper}",
                "pop rbp",
                "ret",
                helper = sym $helper
            )
        }
    };
}

/// Defines a naked function `$name` through which compiled code calls the Rust function `$helper`.
///
/// The helper is `extern "C"` with at most six integer arguments, of which the first is the runtime. The thunk links
/// a frame that a stack walk starts from. Its address goes into compiled code as a constant. Where Rust wants it as a
/// function pointer, write out the signature: `exit_thunk!(pub name(rt: *mut Runtime, ..) -> u64, helper)`.
#[cfg(target_arch = "aarch64")]
#[macro_export]
macro_rules! exit_thunk {
    ($(#[$attribute:meta])* $visibility:vis $name:ident $(($($arg:ident: $type:ty),*) -> $result:ty)?, $helper:path) => {
        $(#[$attribute])*
        #[unsafe(naked)]
        $visibility extern "C" fn $name($($($arg: $type),*)?) $(-> $result)? {
            core::arch::naked_asm!(
                "stp x29, x30, [sp, #-16]!",
                "mov x29, sp",
                "str x29, [x0]", // head.last_exit_fp
                "bl {helper}",
                "ldp x29, x30, [sp], #16",
                "ret",
                helper = sym $helper
            )
        }
    };
}
