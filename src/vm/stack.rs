//! The native stack of the current thread: where it ends.

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

/// Lowest and highest address of the current thread's stack. On the first thread of a process the C library reads a file
/// for it.
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

/// Where the stack of the current thread begins and ends for a VM that is entered by a frame at `here`.
pub fn entry(here: usize) -> Entry {
    match bounds() {
        Some((low, high)) => {
            Entry { limit: (low + MARGIN_BYTES).max(here.saturating_sub(MOST_BYTES)), high_end: high.min(here + 4096) }
        }
        None => Entry { limit: here.saturating_sub(FALLBACK_BYTES), high_end: here },
    }
}
