//! The native stack of the current thread: where it ends.

use crate::config::Config;
use crate::runtime::native::STACK_RESERVE;

/// Left free below the limit for Rust code that does not check.
const MARGIN_BYTES: usize = 256 << 10;
/// What is assumed where the system tells nothing.
const FALLBACK_BYTES: usize = 1 << 20;
/// No more than this is used, however large the stack may become.
const MOST_BYTES: usize = 64 << 20;

/// What a VM needs to know when it is entered.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The address below which compiled code and natives must not go.
    pub limit: usize,
    /// The address up to which the collector scans: a little above the frame that enters, so that its own registers and
    /// spills are included, but no further than the stack.
    pub high_end: usize,
}

/// The same for the first thread of a process, where the C library would read and parse a file for it: the system has put
/// the program's name at the very end of that stack, and how far it may grow is a limit.
#[cfg(target_os = "linux")]
fn bounds_of_first(here: usize) -> Option<(usize, usize)> {
    // SAFETY: plain queries; the C library writes a struct of the right type.
    let (is_first, high, allowed) = unsafe {
        let mut limit: libc::rlimit = std::mem::zeroed();
        let known = libc::getrlimit(libc::RLIMIT_STACK, &mut limit) == 0;
        let is_first = known && libc::gettid() == libc::getpid();
        (is_first, libc::getauxval(libc::AT_EXECFN) as usize, limit.rlim_cur.min(MOST_BYTES as u64 * 2) as usize)
    };
    let is_near = high > here && high - here < allowed;
    (is_first && is_near).then(|| (high - allowed, high))
}

#[cfg(not(target_os = "linux"))]
fn bounds_of_first(_here: usize) -> Option<(usize, usize)> {
    None
}

/// Lowest and highest address of the current thread's stack.
fn bounds() -> Option<(usize, usize)> {
    // SAFETY: plain queries of the C library about the calling thread, with buffers of the right type.
    unsafe {
        let mut attributes: libc::pthread_attr_t = std::mem::zeroed();
        if libc::pthread_getattr_np(libc::pthread_self(), &mut attributes) != 0 {
            return None;
        }
        let (mut low, mut size) = (std::ptr::null_mut(), 0);
        let failed = libc::pthread_attr_getstack(&attributes, &mut low, &mut size);
        libc::pthread_attr_destroy(&mut attributes);
        (failed == 0).then_some((low as usize, low as usize + size))
    }
}

/// Lets the first thread's stack grow as far as a VM would use it. Shells allow 8 MB; an activation that waits in an exit
/// (policy deoptless) takes 2 KB of it, ten times what V8 needs, so a recursion that V8 carries could overflow. The system
/// grows that stack on demand: this costs nothing until it is needed. Where it is not allowed, the stack stays as it was.
pub fn let_first_stack_grow() {
    let wanted = (MOST_BYTES + MARGIN_BYTES) as libc::rlim_t;
    // SAFETY: the C library reads and writes a struct of the right type.
    unsafe {
        let mut limit: libc::rlimit = std::mem::zeroed();
        if libc::getrlimit(libc::RLIMIT_STACK, &mut limit) == 0 && limit.rlim_cur < wanted {
            limit.rlim_cur = wanted.min(limit.rlim_max);
            libc::setrlimit(libc::RLIMIT_STACK, &limit);
        }
    }
}

/// Where the stack of the current thread begins and ends for a VM that is entered by a frame at `here` and may have `most`
/// bytes of it ([`share`]).
pub fn entry(here: usize, most: usize) -> Entry {
    match bounds_of_first(here).or_else(bounds) {
        Some((low, high)) => {
            Entry { limit: (low + MARGIN_BYTES).max(here.saturating_sub(most)), high_end: high.min(here + 4096) }
        }
        None => Entry { limit: here.saturating_sub(FALLBACK_BYTES.min(most)), high_end: here },
    }
}

/// How much native stack a program may use whose VM stack has so many bytes. Optimized code keeps its activations here, two
/// dozen bytes each for a small function, so a stack smaller than usual must bound both; beside that there is what natives
/// need.
pub fn share(vm_stack_bytes: usize) -> usize {
    if vm_stack_bytes < Config::default().stack_size as usize { vm_stack_bytes + STACK_RESERVE } else { MOST_BYTES }
}
