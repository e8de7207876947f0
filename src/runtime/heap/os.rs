//! Address space from the operating system: reserve, commit, discard, release.
//!
//! Reserved memory is inaccessible and costs nothing, whatever the machine's overcommit policy; committing makes a part
//! of it usable (pages appear, zeroed, when first touched); discarding hands pages back while the range stays usable.

use std::io;

/// Reserves `bytes` bytes of inaccessible address space; returns its address.
pub(super) fn reserve(bytes: usize) -> io::Result<usize> {
    map(bytes, libc::PROT_NONE)
}

/// Maps `bytes` bytes of zeroed memory; pages are taken when touched.
pub(super) fn map_zeroed(bytes: usize) -> io::Result<usize> {
    map(bytes, libc::PROT_READ | libc::PROT_WRITE)
}

fn map(bytes: usize, protection: i32) -> io::Result<usize> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: a fresh anonymous mapping disturbs nothing that exists.
    let p = unsafe { libc::mmap(std::ptr::null_mut(), bytes, protection, flags, -1, 0) };
    if p == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(p as usize) }
}

/// Makes a page-aligned part of a reservation usable.
pub(super) fn commit(address: usize, bytes: usize) -> io::Result<()> {
    // SAFETY: callers pass a range inside their own reservation, which nothing uses yet.
    let status = unsafe { libc::mprotect(address as *mut _, bytes, libc::PROT_READ | libc::PROT_WRITE) };
    if status == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Gives the pages that lie wholly in a range back; they read as zero when touched again. What is left of a partial page
/// (some systems have pages of 64 KB) stays as it is.
pub(super) fn discard(address: usize, bytes: usize) {
    // SAFETY: asks for a constant.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as usize;
    let (start, end) = (address.next_multiple_of(page), (address + bytes) / page * page);
    if start < end {
        // SAFETY: callers pass free memory of their own; a failure only means that the pages stay.
        unsafe { libc::madvise(start as *mut _, end - start, libc::MADV_DONTNEED) };
    }
}

/// Unmaps a range obtained from this module.
pub(super) fn release(address: usize, bytes: usize) {
    // SAFETY: callers own the mapping and use it no more.
    unsafe { libc::munmap(address as *mut _, bytes) };
}
