//! The native stack of the current thread: where it ends.

/// Left free below the limit for Rust code that does not check.
const MARGIN_BYTES: usize = 256 << 10;
/// What is assumed where the system tells nothing.
const FALLBACK_BYTES: usize = 1 << 20;
/// No more than this is used, however large the stack may become.
const MOST_BYTES: usize = 64 << 20;

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

/// The address below which compiled code and natives must not go.
pub fn limit() -> usize {
    let here = crate::runtime::heap::stack_pointer();
    match bounds() {
        Some((low, _)) => (low + MARGIN_BYTES).max(here.saturating_sub(MOST_BYTES)),
        None => here.saturating_sub(FALLBACK_BYTES),
    }
}

/// The address up to which the collector scans, from a frame that enters the VM: a little above it, so that the frame's
/// own registers and spills are included, but no further than the stack.
pub fn high_end(here: usize) -> usize {
    match bounds() {
        Some((_, high)) => high.min(here + 4096),
        None => here,
    }
}
