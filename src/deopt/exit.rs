//! The one place that touches the native stack.
//!
//! Compiled code preserves frame pointers; Rust does not promise to. So every crossing leaves its mark on the stack,
//! and a walk uses those marks and the frame pointers of compiled code, never Rust's:
//!
//! ```text
//!   high addresses
//!     Rust (interpreter, builtin, VM)
//!   ┌ entry frame        pushed by `enter`: [fp-8] saved last_exit_fp, [fp-16] runtime (aarch64: +16, +24)
//!   │ compiled frame     [fp] caller's fp, [fp+8] return address: a *slot*
//!   │ compiled frame
//!   └ exit frame         pushed by an exit thunk; last_exit_fp points here
//!     Rust helper
//!   ┌ entry frame        saved last_exit_fp leads to the exit frame above
//!   │ ...
//!   low addresses
//! ```
//!
//! A walk starts at `last_exit_fp`, follows frame pointers while return addresses lie in code memory, and at the first
//! that does not, the frame pointer is that of an entry frame, whose saved `last_exit_fp` leads on to the next island
//! of compiled frames. Two rules make this complete: Rust calls compiled code only through [`enter`], and compiled code
//! calls Rust only through an [`exit_thunk!`](crate::exit_thunk).
//!
//! # Lazy deoptimization
//! To invalidate a blob whose activations wait for calls to return, the return address of each such call is replaced
//! by that of a small stub. When the call returns, the stub lands in Rust, which stashes the true result in the head
//! and resumes the caller at its true return address, with the reserved word as the result. The caller's check
//! of the result, which is there for exceptions anyway, takes it to its side exit. Only *checked* call sites qualify.
//!
//! The stub has no register that holds the VM at that moment, so each VM has its own, in code memory, with the address
//! of its [`NativeStack`] in it: the library needs no global and no thread-local variable.
//!
//! Entry frames are V8's `JSEntry` frames; hijacking return addresses is how CoreCLR brings threads to a safepoint.

use crate::code::blob::{BlobSpec, MachineCode};
use crate::code::cache::{CodeCache, InstallError};
use crate::runtime::function::GenericEntry;
use crate::runtime::head::{EXIT_BUFFER_WORDS, VmHead};
use crate::runtime::runtime::Runtime;
use crate::runtime::value::Value;
use crate::vocab::BlobId;
use rustc_hash::FxHashSet;

/// Calls compiled code (or an exit thunk) from Rust: `target(rt, regs, argc)`.
///
/// Saves `last_exit_fp` in an entry frame and restores it afterwards.
///
/// # Safety
/// `rt` points to a runtime, whose first field is its [`VmHead`]. `target` is the address of a function of the generic
/// convention, `extern "C" fn(rt, regs, argc) -> u64`, or of an entry that takes fewer of these arguments, and
/// whatever that function demands of `regs` holds.
#[cfg(target_arch = "x86_64")]
#[unsafe(naked)]
pub unsafe extern "C" fn enter(rt: *mut VmHead, regs: *mut u64, argc: u32, target: usize) -> u64 {
    core::arch::naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "push qword ptr [rdi]", // saved last_exit_fp
        "push rdi",
        "call rcx",
        "pop rdi",
        "pop qword ptr [rdi]",
        "pop rbp",
        "ret",
    )
}

/// Calls compiled code (or an exit thunk) from Rust: `target(rt, regs, argc)`.
///
/// Saves `last_exit_fp` in an entry frame and restores it afterwards.
///
/// # Safety
/// `rt` points to a runtime, whose first field is its [`VmHead`]. `target` is the address of a function of the generic
/// convention, `extern "C" fn(rt, regs, argc) -> u64`, or of an entry that takes fewer of these arguments, and
/// whatever that function demands of `regs` holds.
#[cfg(target_arch = "aarch64")]
#[unsafe(naked)]
pub unsafe extern "C" fn enter(rt: *mut VmHead, regs: *mut u64, argc: u32, target: usize) -> u64 {
    core::arch::naked_asm!(
        "stp x29, x30, [sp, #-32]!",
        "mov x29, sp",
        "ldr x9, [x0]",
        "stp x9, x0, [sp, #16]", // saved last_exit_fp, runtime
        "blr x3",
        "ldp x9, x10, [sp, #16]",
        "str x9, [x10]",
        "ldp x29, x30, [sp], #32",
        "ret",
    )
}

/// Calls a generic entry, compiled or thunk, from Rust: what the runtime's `enter` hook wants.
///
/// # Safety
/// `entry` belongs to a function of `rt`, and callee, `this` and `argc` arguments lie at `regs` as the generic
/// convention says.
pub unsafe fn enter_generic(rt: &mut Runtime, entry: GenericEntry, regs: *mut u64, argc: u32) -> u64 {
    // SAFETY: the caller's promise; the head is the runtime's first field.
    unsafe { enter((&raw mut *rt).cast(), regs, argc, entry as usize) }
}

/// Distance in bytes from an entry frame's frame pointer to the saved `last_exit_fp` and to the runtime pointer.
#[cfg(target_arch = "x86_64")]
const ENTRY_SAVED_FP: isize = -8;
#[cfg(target_arch = "x86_64")]
const ENTRY_RUNTIME: isize = -16;
#[cfg(target_arch = "aarch64")]
const ENTRY_SAVED_FP: isize = 16;
#[cfg(target_arch = "aarch64")]
const ENTRY_RUNTIME: isize = 24;

/// Where a hijacked return goes after the VM's own stub has loaded the address of the [`NativeStack`]: passes it on
/// with the true result and the stack pointer, then resumes the caller with the reserved word.
#[cfg(target_arch = "x86_64")]
#[unsafe(naked)]
extern "C" fn hijacked_return() {
    // The stack pointer is as after a return: aligned to 16. rdi = the native stack, rax = the true result.
    core::arch::naked_asm!(
        "mov rsi, rax",
        "mov rdx, rsp",
        "call {land}",
        "mov rcx, rax",
        "xor eax, eax",
        "jmp rcx",
        land = sym land
    )
}

/// Where a hijacked return goes after the VM's own stub has loaded the address of the [`NativeStack`]: passes it on
/// with the true result and the stack pointer, then resumes the caller with the reserved word.
#[cfg(target_arch = "aarch64")]
#[unsafe(naked)]
extern "C" fn hijacked_return() {
    // x9 = the native stack, x0 = the true result.
    core::arch::naked_asm!(
        "mov x1, x0",
        "mov x0, x9",
        "mov x2, sp",
        "bl {land}",
        "mov x30, x0",
        "mov x0, xzr",
        "ret",
        land = sym land
    )
}

/// The VM's own stub: loads the two constants and jumps to [`hijacked_return`].
#[cfg(target_arch = "x86_64")]
fn stub_code(stack: usize, continuation: usize) -> Vec<u8> {
    let mut code = vec![0x48, 0xBF]; // mov rdi, imm64
    code.extend(stack.to_le_bytes());
    code.extend([0x49, 0xBB]); // mov r11, imm64
    code.extend(continuation.to_le_bytes());
    code.extend([0x41, 0xFF, 0xE3]); // jmp r11
    code
}

/// The VM's own stub: loads the two constants and jumps to [`hijacked_return`].
#[cfg(target_arch = "aarch64")]
fn stub_code(stack: usize, continuation: usize) -> Vec<u8> {
    /// `ldr x<register>, <bytes ahead>`
    const fn load_literal(register: u32, bytes_ahead: u32) -> u32 {
        0x5800_0000 | (bytes_ahead / 4) << 5 | register
    }
    const BR_X16: u32 = 0xD61F_0200;
    const NOP: u32 = 0xD503_201F;
    let instructions = [load_literal(9, 16), load_literal(16, 20), BR_X16, NOP];
    let mut code: Vec<u8> = instructions.iter().flat_map(|i| i.to_le_bytes()).collect();
    code.extend(stack.to_le_bytes());
    code.extend(continuation.to_le_bytes());
    code
}

/// A return address that was replaced.
#[derive(Clone, Copy, Debug)]
struct Hijack {
    /// Address of the stack word.
    slot: usize,
    /// What was in it.
    return_address: usize,
}

/// A frame of compiled code, seen from outside while it waits for a call to return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompiledFrame {
    /// Address of the stack word that holds the return address into this frame.
    pub slot: usize,
    /// Where the pending call returns to, hijacked or not.
    pub return_address: usize,
    /// Whose code it is.
    pub blob: BlobId,
    /// The frame's own frame pointer.
    pub frame_pointer: usize,
    /// Whether the return has been hijacked.
    pub hijacked: bool,
}

/// What one VM knows about the native stack that it runs on: where to begin, and which returns are hijacked.
///
/// Boxed and never moved: its address is in the VM's stub.
pub struct NativeStack {
    head: *mut VmHead,
    /// Address of the VM's own stub.
    stub: usize,
    /// Innermost last, so by descending slot address.
    hijacks: Vec<Hijack>,
    landings: u64,
}

impl NativeStack {
    /// Prepares for the VM whose head is given, and installs its stub.
    ///
    /// # Errors
    /// If the stub cannot be installed.
    ///
    /// # Safety
    /// `head` stays where it is, and the result alive, as long as code of `cache` runs.
    pub unsafe fn new(head: *mut VmHead, cache: &mut CodeCache) -> Result<Box<NativeStack>, InstallError> {
        let mut stack = Box::new(NativeStack { head, stub: 0, hijacks: Vec::new(), landings: 0 });
        let address = &raw const *stack as usize;
        let bytes = stub_code(address, hijacked_return as *const () as usize);
        let code = MachineCode { bytes, alignment: 16, ..MachineCode::default() };
        let blob = cache.install(BlobSpec::stub("hijacked return"), code)?;
        stack.stub = cache.get(blob).expect("just installed").code().start;
        Ok(stack)
    }

    /// The frames of compiled code on the stack, innermost first.
    pub fn frames<'a>(&'a self, cache: &'a CodeCache) -> Frames<'a> {
        // SAFETY: `head` outlives `self`, see `new`.
        let fp = unsafe { (*self.head).last_exit_fp };
        Frames { stack: self, cache, fp }
    }

    /// Marks the blob not entrant and arranges that each of its activations which waits at a checked call leaves
    /// when that call returns. Returns how many returns were hijacked now. May be called again at any time.
    pub fn invalidate(&mut self, cache: &mut CodeCache, blob: BlobId) -> usize {
        cache.make_not_entrant(blob);
        let mut hijacks = Vec::new();
        let mut fresh = 0;
        for frame in self.frames(cache) {
            let due = frame.blob == blob && !frame.hijacked && is_checked(cache, &frame);
            fresh += due as usize;
            if due {
                // SAFETY: the slot is the return address of a live compiled frame's callee; the stub returns to the
                // true address, which is recorded below before anybody can return.
                unsafe { *(frame.slot as *mut usize) = self.stub };
            }
            if due || frame.hijacked {
                hijacks.push(Hijack { slot: frame.slot, return_address: frame.return_address });
            }
        }
        hijacks.reverse();
        self.hijacks = hijacks;
        fresh
    }

    /// The blobs that some frame on the stack will return into. Their bytes must stay.
    pub fn referenced(&self, cache: &CodeCache) -> FxHashSet<BlobId> {
        self.frames(cache).map(|frame| frame.blob).collect()
    }

    /// Whether some frame on the stack will return into the blob.
    pub fn is_referenced(&self, cache: &CodeCache, blob: BlobId) -> bool {
        self.frames(cache).any(|frame| frame.blob == blob)
    }

    /// How many hijacked returns have landed so far.
    pub fn landings(&self) -> u64 {
        self.landings
    }

    /// How many returns are hijacked now.
    pub fn pending_hijacks(&self) -> usize {
        self.hijacks.len()
    }

    /// The true return address of a hijacked slot.
    fn true_return(&self, slot: usize) -> usize {
        let found = self.hijacks.binary_search_by(|hijack| slot.cmp(&hijack.slot));
        self.hijacks[found.expect("a return into the stub is a recorded hijack")].return_address
    }
}

/// Whether the call that the frame waits for is followed by a check of its result.
fn is_checked(cache: &CodeCache, frame: &CompiledFrame) -> bool {
    let site = cache.get(frame.blob).and_then(|blob| blob.call_site(frame.return_address));
    site.is_some_and(|site| site.checked)
}

/// The words of the exit buffer that are in use: raw values of a side exit that is under way. The collector must visit
/// them conservatively, as a word may be anything. (The result that a hijacked return stashed is an exact root.)
pub fn raw_exit_words(head: &VmHead) -> &[u64] {
    if head.exit_buffer.is_null() {
        return &[];
    }
    let words = (head.exit_words as usize).min(EXIT_BUFFER_WORDS);
    // SAFETY: the buffer has `EXIT_BUFFER_WORDS` words and is written by side exits of this VM's thread only.
    unsafe { std::slice::from_raw_parts(head.exit_buffer, words) }
}

/// Called by [`hijacked_return`]: `sp` is the stack pointer after the return. Answers where to go on.
extern "C" fn land(stack: *mut NativeStack, result: Value, sp: usize) -> usize {
    // SAFETY: the stub carries the address of its VM's native stack, which lives as long as code runs (see `new`).
    // Nobody else uses it now: compiled code was running.
    let stack = unsafe { &mut *stack };
    // Entries whose slots lie below the stack pointer belong to returns that are over; the last of them is this one.
    let mut return_address = 0;
    while let Some(hijack) = stack.hijacks.pop_if(|hijack| hijack.slot < sp) {
        return_address = hijack.return_address;
    }
    assert!(return_address != 0, "a hijacked return landed that was not recorded");
    // SAFETY: as above; `head` outlives the native stack.
    let head = unsafe { &mut *stack.head };
    assert!(head.lazy_pending == 0, "a hijacked return landed before the previous one was taken");
    head.lazy_pending = 1;
    head.lazy_result = result;
    head.lazy_exit_return = return_address;
    stack.landings += 1;
    return_address
}

/// The frames of compiled code on a native stack, innermost first. See [`NativeStack::frames`].
pub struct Frames<'a> {
    stack: &'a NativeStack,
    cache: &'a CodeCache,
    /// Frame pointer of the callee of the next frame, or 0 at the end.
    fp: usize,
}

impl Iterator for Frames<'_> {
    type Item = CompiledFrame;

    fn next(&mut self) -> Option<CompiledFrame> {
        while self.fp != 0 {
            let slot = self.fp + size_of::<usize>();
            // SAFETY: `fp` is the frame pointer of an exit thunk's or a compiled frame: the frame pointer of its caller
            // and the return address are there, on both targets.
            let (caller_fp, found) = unsafe { (read_word(self.fp), read_word(slot)) };
            let hijacked = found == self.stack.stub;
            let return_address = if hijacked { self.stack.true_return(slot) } else { found };
            if self.cache.contains(return_address) {
                let blob = self.cache.find_return(return_address).expect("a frame returns into installed code").id;
                self.fp = caller_fp;
                return Some(CompiledFrame { slot, return_address, blob, frame_pointer: caller_fp, hijacked });
            }
            // SAFETY: compiled code and exit thunks are entered from Rust only through `enter`, so this is an entry
            // frame's frame pointer.
            let runtime = unsafe { read_word(caller_fp.wrapping_add_signed(ENTRY_RUNTIME)) };
            assert!(runtime == self.stack.head as usize, "compiled code was entered other than through `enter`");
            // SAFETY: as above.
            self.fp = unsafe { read_word(caller_fp.wrapping_add_signed(ENTRY_SAVED_FP)) };
        }
        None
    }
}

/// # Safety
/// The address is that of a readable, aligned word of the stack.
unsafe fn read_word(address: usize) -> usize {
    // SAFETY: the caller's promise.
    unsafe { *(address as *const usize) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_buffer_is_seen_as_far_as_it_is_in_use() {
        let mut head = VmHead::new();
        assert!(raw_exit_words(&head).is_empty());
        let mut buffer = vec![0x1000; EXIT_BUFFER_WORDS];
        head.exit_buffer = buffer.as_mut_ptr();
        assert!(raw_exit_words(&head).is_empty());
        head.exit_words = 2;
        assert_eq!(raw_exit_words(&head), [0x1000, 0x1000]);
    }
}
