//! What compiled code reads and writes of the VM, at offsets that never change.
//!
//! Every piece of machine code gets one pointer, to the runtime, and [`VmHead`] is the runtime's first field: so a load
//! of the interrupt flag is one instruction with a constant displacement. The static naked thunks of `deopt::exit`
//! know only one offset, that of `last_exit_fp`, which is 0.
//!
//! ```text
//! who writes what
//!   exit thunks            last_exit_fp            compiled code leaves for Rust
//!   entry trampoline       last_exit_fp            restored when compiled code returns to Rust
//!   interpreter, rebuild   sp                      frames on the VM stack
//!   anyone, any thread     interrupt               polled at back-edges and calls
//!   return hijack          lazy_*                  read by the side exit that follows at once
//!   side exits             exit_buffer, exit_id    raw values, read by `deopt::rebuild`
//! ```
//!
//! The idea of one fixed block at the start of the VM is every engine's: V8's isolate root, HotSpot's `JavaThread`.

use super::stub_cache::Stub;
use super::value::Value;
use crate::vocab::Tier;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many words a side exit can store. A function that would need more is refused by the optimizing tier.
pub const EXIT_BUFFER_WORDS: usize = 512;

/// The last words of the exit buffer: what a function of the runtime leaves behind for compiled code besides its result.
/// They are read at once, before anything can move or collect what they hold.
pub const SCRATCH_WORDS: usize = 3;

/// The part of the runtime that compiled code knows. The first field of `Runtime`.
#[repr(C)]
pub struct VmHead {
    /// Frame pointer of the innermost exit thunk: where a walk of the native stack begins. 0 if compiled code has
    /// never left for Rust. Must be the first field: the thunks' assembly writes it through the bare pointer.
    pub last_exit_fp: usize,
    /// End of the innermost frame on the VM stack: the next frame may begin here.
    pub sp: *mut u64,
    /// No frame may extend past this point of the VM stack.
    pub vm_stack_limit: *mut u64,
    /// Compiled code whose native stack pointer is below this throws a `RangeError`.
    pub native_stack_limit: usize,
    /// The pending exception; [`Value::EMPTY`] if none.
    pub exception: Value,
    /// `new.target` of the call that is about to begin; `undefined` in a plain call.
    pub new_target: Value,
    /// Not 0: somebody wants a safepoint. Polled at back-edges; may be set from any thread.
    pub interrupt: AtomicU32,
    /// Incremented whenever an object that is some shape's prototype changes.
    pub proto_epoch: u32,
    /// The table of [`super::stub_cache`] for loads; null until something was learned.
    pub stub_loads: *const Stub,
    /// The table for stores.
    pub stub_stores: *const Stub,
    /// 1 between the landing of a hijacked return and the side exit that takes the result.
    pub lazy_pending: u64,
    /// The true result of the call whose return was hijacked; [`Value::EMPTY`] if it threw.
    pub lazy_result: Value,
    /// Where the hijacked return would have gone: names the call site in the invalidated blob.
    pub lazy_exit_return: usize,
    /// [`EXIT_BUFFER_WORDS`] words for the raw values of a side exit.
    pub exit_buffer: *mut u64,
    /// How many words of the exit buffer hold values that the collector must keep alive.
    pub exit_words: u64,
    /// The side exit that was taken, as numbered in its blob's exit table.
    pub exit_id: u64,
    /// What a preserving thunk has to say: see [`preserving_thunk!`](crate::preserving_thunk).
    pub preserved_result: u64,
    /// Bytecodes retired so far, by tier, where they are counted (deterministic mode): the virtual clock is made of them.
    pub retired: [u64; Tier::COUNT],
    /// Picoseconds of modelled work besides: deopts, waiting for a compile.
    pub modelled_ps: u64,
}

impl VmHead {
    /// A head with nothing pending. The stack fields are null until the VM has mapped its stack.
    pub fn new() -> VmHead {
        VmHead {
            last_exit_fp: 0,
            sp: std::ptr::null_mut(),
            vm_stack_limit: std::ptr::null_mut(),
            native_stack_limit: 0,
            exception: Value::EMPTY,
            new_target: Value::UNDEFINED,
            interrupt: AtomicU32::new(0),
            proto_epoch: 0,
            stub_loads: std::ptr::null(),
            stub_stores: std::ptr::null(),
            lazy_pending: 0,
            lazy_result: Value::EMPTY,
            lazy_exit_return: 0,
            exit_buffer: std::ptr::null_mut(),
            exit_words: 0,
            exit_id: 0,
            preserved_result: 0,
            retired: [0; Tier::COUNT],
            modelled_ps: 0,
        }
    }

    /// Leaves words behind for compiled code: see [`SCRATCH_WORDS`].
    pub fn leave_scratch(&mut self, words: &[Value]) {
        debug_assert!(words.len() <= SCRATCH_WORDS && !self.exit_buffer.is_null());
        for (i, v) in words.iter().enumerate() {
            // SAFETY: the buffer has `EXIT_BUFFER_WORDS` words wherever compiled code runs.
            unsafe { self.exit_buffer.add(EXIT_BUFFER_WORDS - SCRATCH_WORDS + i).write(v.0) };
        }
    }

    /// Asks compiled code and interpreter to stop at their next safepoint.
    pub fn request_interrupt(&self, bits: u32) {
        self.interrupt.fetch_or(bits, Ordering::Relaxed);
    }

    /// Takes the pending lazy deopt, if the zero that a call returned means one and not an exception.
    pub fn take_lazy(&mut self) -> Option<LazyDeopt> {
        if self.lazy_pending == 0 {
            return None;
        }
        self.lazy_pending = 0;
        let result = std::mem::replace(&mut self.lazy_result, Value::EMPTY);
        Some(LazyDeopt { result, return_address: std::mem::take(&mut self.lazy_exit_return) })
    }
}

impl Default for VmHead {
    fn default() -> Self {
        VmHead::new()
    }
}

/// What a hijacked return left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LazyDeopt {
    /// What the call really returned; [`Value::EMPTY`] if it threw.
    pub result: Value,
    /// The call site's return address in the invalidated blob.
    pub return_address: usize,
}

/// Displacements of the fields from the runtime pointer, as Cranelift wants them.
pub mod offset {
    use super::VmHead;
    use crate::vocab::Tier;
    use std::mem::offset_of;

    /// `usize`: see [`VmHead::last_exit_fp`].
    pub const LAST_EXIT_FP: i32 = offset_of!(VmHead, last_exit_fp) as i32;
    /// `*mut u64`: see [`VmHead::sp`].
    pub const SP: i32 = offset_of!(VmHead, sp) as i32;
    /// `*mut u64`: see [`VmHead::vm_stack_limit`].
    pub const VM_STACK_LIMIT: i32 = offset_of!(VmHead, vm_stack_limit) as i32;
    /// `usize`: see [`VmHead::native_stack_limit`].
    pub const NATIVE_STACK_LIMIT: i32 = offset_of!(VmHead, native_stack_limit) as i32;
    /// `Value`: see [`VmHead::exception`].
    pub const EXCEPTION: i32 = offset_of!(VmHead, exception) as i32;
    /// `Value`: see [`VmHead::new_target`].
    pub const NEW_TARGET: i32 = offset_of!(VmHead, new_target) as i32;
    /// `u32`: see [`VmHead::interrupt`].
    pub const INTERRUPT: i32 = offset_of!(VmHead, interrupt) as i32;
    /// `u32`: see [`VmHead::proto_epoch`].
    pub const PROTO_EPOCH: i32 = offset_of!(VmHead, proto_epoch) as i32;
    /// `*const Stub`: see [`VmHead::stub_loads`].
    pub const STUB_LOADS: i32 = offset_of!(VmHead, stub_loads) as i32;
    /// `*const Stub`: see [`VmHead::stub_stores`].
    pub const STUB_STORES: i32 = offset_of!(VmHead, stub_stores) as i32;
    /// `u64`: see [`VmHead::lazy_pending`].
    pub const LAZY_PENDING: i32 = offset_of!(VmHead, lazy_pending) as i32;
    /// `Value`: see [`VmHead::lazy_result`].
    pub const LAZY_RESULT: i32 = offset_of!(VmHead, lazy_result) as i32;
    /// `usize`: see [`VmHead::lazy_exit_return`].
    pub const LAZY_EXIT_RETURN: i32 = offset_of!(VmHead, lazy_exit_return) as i32;
    /// `*mut u64`: see [`VmHead::exit_buffer`].
    pub const EXIT_BUFFER: i32 = offset_of!(VmHead, exit_buffer) as i32;
    /// `u64`: see [`VmHead::exit_words`].
    pub const EXIT_WORDS: i32 = offset_of!(VmHead, exit_words) as i32;
    /// `u64`: see [`VmHead::exit_id`].
    pub const EXIT_ID: i32 = offset_of!(VmHead, exit_id) as i32;
    /// `u64`: see [`VmHead::preserved_result`].
    pub const PRESERVED_RESULT: i32 = offset_of!(VmHead, preserved_result) as i32;
    /// `u64`: the tier's counter in [`VmHead::retired`].
    pub const fn retired(tier: Tier) -> i32 {
        (offset_of!(VmHead, retired) + tier.index() * size_of::<u64>()) as i32
    }
}

// The exit thunks and the entry trampoline write through the bare runtime pointer.
const _: () = assert!(offset::LAST_EXIT_FP == 0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lazy_deopt_is_taken_once() {
        let mut head = VmHead::new();
        assert_eq!(head.take_lazy(), None);
        head.lazy_pending = 1;
        head.lazy_result = Value::int(7);
        head.lazy_exit_return = 0x1234;
        assert_eq!(head.take_lazy(), Some(LazyDeopt { result: Value::int(7), return_address: 0x1234 }));
        assert_eq!(head.take_lazy(), None);
        assert_eq!(head.lazy_result, Value::EMPTY);
    }
}
