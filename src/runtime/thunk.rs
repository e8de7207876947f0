//! Exit thunks: how compiled code calls Rust.
//!
//! Compiled code preserves frame pointers, Rust does not promise to. So compiled code reaches Rust only through one of
//! these naked functions: each links a frame and records its address in `VmHead::last_exit_fp`, from where a walk of the
//! native stack begins (`deopt::exit` has the picture). The interpreter's entry is behind one too, because compiled code
//! calls it.
//!
//! Boxing and unboxing of doubles in vector registers stand here too: interpreted arithmetic waits for little else.

use super::value::{DOUBLE_OFFSET, NUMBER_TAG, Value};

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

/// As [`exit_thunk!`](crate::exit_thunk), for a helper that takes only the runtime and is called from the cold side of a hot
/// loop: every register is preserved, so that the loop need not spill for a call that hardly ever happens. Compiled code calls it by
/// Cranelift's `PreserveAll` convention, which has no results: the helper writes what it has to say to the VM's head.
#[cfg(target_arch = "x86_64")]
#[macro_export]
macro_rules! preserving_thunk {
    ($(#[$attribute:meta])* $visibility:vis $name:ident, $helper:path) => {
        $(#[$attribute])*
        #[unsafe(naked)]
        $visibility extern "C" fn $name() {
            core::arch::naked_asm!(
                "push rbp",
                "mov rbp, rsp",
                "mov [rdi], rbp", // head.last_exit_fp
                "push rax", "push rcx", "push rdx", "push rsi", "push rdi", "push r8", "push r9", "push r10", "push r11",
                "sub rsp, 264", // with nine registers: aligned
                "movdqu [rsp], xmm0", "movdqu [rsp + 16], xmm1", "movdqu [rsp + 32], xmm2", "movdqu [rsp + 48], xmm3",
                "movdqu [rsp + 64], xmm4", "movdqu [rsp + 80], xmm5", "movdqu [rsp + 96], xmm6", "movdqu [rsp + 112], xmm7",
                "movdqu [rsp + 128], xmm8", "movdqu [rsp + 144], xmm9", "movdqu [rsp + 160], xmm10",
                "movdqu [rsp + 176], xmm11", "movdqu [rsp + 192], xmm12", "movdqu [rsp + 208], xmm13",
                "movdqu [rsp + 224], xmm14", "movdqu [rsp + 240], xmm15",
                "call {helper}",
                "movdqu xmm0, [rsp]", "movdqu xmm1, [rsp + 16]", "movdqu xmm2, [rsp + 32]", "movdqu xmm3, [rsp + 48]",
                "movdqu xmm4, [rsp + 64]", "movdqu xmm5, [rsp + 80]", "movdqu xmm6, [rsp + 96]", "movdqu xmm7, [rsp + 112]",
                "movdqu xmm8, [rsp + 128]", "movdqu xmm9, [rsp + 144]", "movdqu xmm10, [rsp + 160]",
                "movdqu xmm11, [rsp + 176]", "movdqu xmm12, [rsp + 192]", "movdqu xmm13, [rsp + 208]",
                "movdqu xmm14, [rsp + 224]", "movdqu xmm15, [rsp + 240]",
                "add rsp, 264",
                "pop r11", "pop r10", "pop r9", "pop r8", "pop rdi", "pop rsi", "pop rdx", "pop rcx", "pop rax",
                "pop rbp",
                "ret",
                helper = sym $helper
            )
        }
    };
}

/// As [`exit_thunk!`](crate::exit_thunk), for a helper that takes only the runtime and is called from the cold side of a hot
/// loop: every register is preserved, so that the loop need not spill for a call that hardly ever happens. Compiled code calls it by
/// Cranelift's `PreserveAll` convention, which has no results: the helper writes what it has to say to the VM's head.
#[cfg(target_arch = "aarch64")]
#[macro_export]
macro_rules! preserving_thunk {
    ($(#[$attribute:meta])* $visibility:vis $name:ident, $helper:path) => {
        $(#[$attribute])*
        #[unsafe(naked)]
        $visibility extern "C" fn $name() {
            core::arch::naked_asm!(
                "stp x29, x30, [sp, #-16]!",
                "mov x29, sp",
                "str x29, [x0]", // head.last_exit_fp
                // x18 is the platform's: neither Cranelift nor Rust touches it.
                "stp x0, x1, [sp, #-16]!", "stp x2, x3, [sp, #-16]!", "stp x4, x5, [sp, #-16]!", "stp x6, x7, [sp, #-16]!",
                "stp x8, x9, [sp, #-16]!", "stp x10, x11, [sp, #-16]!", "stp x12, x13, [sp, #-16]!",
                "stp x14, x15, [sp, #-16]!", "stp x16, x17, [sp, #-16]!",
                "stp q0, q1, [sp, #-32]!", "stp q2, q3, [sp, #-32]!", "stp q4, q5, [sp, #-32]!",
                "stp q6, q7, [sp, #-32]!", "stp q8, q9, [sp, #-32]!", "stp q10, q11, [sp, #-32]!",
                "stp q12, q13, [sp, #-32]!", "stp q14, q15, [sp, #-32]!", "stp q16, q17, [sp, #-32]!",
                "stp q18, q19, [sp, #-32]!", "stp q20, q21, [sp, #-32]!", "stp q22, q23, [sp, #-32]!",
                "stp q24, q25, [sp, #-32]!", "stp q26, q27, [sp, #-32]!", "stp q28, q29, [sp, #-32]!",
                "stp q30, q31, [sp, #-32]!",
                "bl {helper}",
                "ldp q30, q31, [sp], #32",
                "ldp q28, q29, [sp], #32", "ldp q26, q27, [sp], #32", "ldp q24, q25, [sp], #32",
                "ldp q22, q23, [sp], #32", "ldp q20, q21, [sp], #32", "ldp q18, q19, [sp], #32",
                "ldp q16, q17, [sp], #32", "ldp q14, q15, [sp], #32", "ldp q12, q13, [sp], #32",
                "ldp q10, q11, [sp], #32", "ldp q8, q9, [sp], #32", "ldp q6, q7, [sp], #32",
                "ldp q4, q5, [sp], #32", "ldp q2, q3, [sp], #32", "ldp q0, q1, [sp], #32",
                "ldp x16, x17, [sp], #16", "ldp x14, x15, [sp], #16", "ldp x12, x13, [sp], #16",
                "ldp x10, x11, [sp], #16", "ldp x8, x9, [sp], #16", "ldp x6, x7, [sp], #16", "ldp x4, x5, [sp], #16",
                "ldp x2, x3, [sp], #16", "ldp x0, x1, [sp], #16",
                "ldp x29, x30, [sp], #16",
                "ret",
                helper = sym $helper
            )
        }
    };
}

/// [`DOUBLE_OFFSET`], as a vector instruction reads it.
#[cfg(target_arch = "x86_64")]
#[repr(C, align(16))]
struct Lanes([u64; 2]);
#[cfg(target_arch = "x86_64")]
static OFFSET: Lanes = Lanes([DOUBLE_OFFSET; 2]);

/// A double; everything else becomes a NaN. So one look at a result, or at an order, tells whether both operands were doubles.
///
/// On x86-64 the subtraction is done where the double is wanted: the way through a general register takes as long as the
/// addition that follows.
#[inline(always)]
pub fn double_or_nan(v: Value) -> f64 {
    // Boxed doubles begin at the offset. What lies below wraps round to the top, and int32s, which begin at the tag, stay there.
    const _: () =
        assert!(NUMBER_TAG - DOUBLE_OFFSET >= 0xFFFC << 48 && 0u64.wrapping_sub(DOUBLE_OFFSET) >= 0xFFFC << 48);
    #[cfg(target_arch = "x86_64")]
    {
        let mut d = f64::from_bits(v.0);
        // SAFETY: one subtraction of what is in a register.
        unsafe {
            std::arch::asm!(
                "psubq {d}, xmmword ptr [rip + {offset}]",
                d = inout(xmm_reg) d,
                offset = sym OFFSET,
                options(pure, readonly, nostack, preserves_flags)
            );
        }
        d
    }
    #[cfg(not(target_arch = "x86_64"))]
    f64::from_bits(v.0.wrapping_sub(DOUBLE_OFFSET))
}

/// [`Value::arithmetic`], by the same way.
#[inline(always)]
pub fn boxed(d: f64) -> Value {
    #[cfg(target_arch = "x86_64")]
    {
        let mut d = d;
        // SAFETY: one addition to what is in a register.
        unsafe {
            std::arch::asm!(
                "paddq {d}, xmmword ptr [rip + {offset}]",
                d = inout(xmm_reg) d,
                offset = sym OFFSET,
                options(pure, readonly, nostack, preserves_flags)
            );
        }
        Value(d.to_bits())
    }
    #[cfg(not(target_arch = "x86_64"))]
    Value::arithmetic(d)
}
