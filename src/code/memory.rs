//! The one region that machine code lives in, mapped twice so that no mapping is ever writable and executable.
//!
//! ```text
//!            memfd (anonymous file, never linked anywhere)
//!           /                                             \
//!   RW view: code is copied in here          RX view: code runs here
//! ```
//!
//! Bytes go in through the RW view and are at once visible in the RX view: no `mprotect`, no system call per install
//! (0.13 us against 5 us). This requires code that can be written at one address and run at another, so it must be
//! free of relocations; `codegen::install` refuses anything else.
//!
//! On x86-64 instruction fetch is coherent with stores. On aarch64 the data cache is cleaned through the RW view and
//! the instruction cache invalidated through the RX view, and when a range is written a second time the RX pages'
//! protection is toggled as well: emulators recognize modified code by page protection, not by cache maintenance.
//!
//! Pages are touched only when written, so a large reservation costs address space and nothing else.

use memmap2::{Mmap, MmapMut, MmapOptions};
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::fd::FromRawFd;

/// Ranges handed out are multiples of this, so that two blobs never share a cache line.
pub const GRANULE: usize = 64;

/// A reserved region of code memory with its two views.
pub struct CodeRegion {
    rw: MmapMut,
    rx: Mmap,
    /// One bit per granule: has it ever been written? Decides whether a write is a reuse.
    written: Vec<u64>,
}

impl CodeRegion {
    /// Reserves `len` bytes (rounded up to whole granules).
    pub fn new(len: usize) -> io::Result<CodeRegion> {
        let len = len.next_multiple_of(GRANULE);
        let file = anonymous_file()?;
        file.set_len(len as u64)?;
        // SAFETY: the file is anonymous and its descriptor is closed at the end of this function, so nobody can
        // truncate it or write to it except through `rw`, which this struct owns.
        let (rw, rx) =
            unsafe { (MmapOptions::new().len(len).map_mut(&file)?, MmapOptions::new().len(len).map_exec(&file)?) };
        Ok(CodeRegion { rw, rx, written: vec![0; len.div_ceil(GRANULE * 64)] })
    }

    /// Address of the first byte in the executable view.
    pub fn base(&self) -> usize {
        self.rx.as_ptr() as usize
    }

    /// Size in bytes.
    pub fn len(&self) -> usize {
        self.rw.len()
    }

    /// Whether the region has no bytes at all.
    pub fn is_empty(&self) -> bool {
        self.rw.is_empty()
    }

    /// Address in the executable view of the byte at `offset`.
    pub fn address(&self, offset: usize) -> usize {
        debug_assert!(offset <= self.len());
        self.base() + offset
    }

    /// Whether an address lies in the executable view.
    pub fn contains(&self, address: usize) -> bool {
        address.wrapping_sub(self.base()) < self.len()
    }

    /// The bytes of a range, for dumps and disassembly.
    pub fn bytes(&self, range: Range<usize>) -> &[u8] {
        &self.rw[range]
    }

    /// Copies code in and makes it executable. Nothing in the range may be running.
    pub fn write(&mut self, offset: usize, code: &[u8]) -> io::Result<()> {
        let range = offset..offset + code.len();
        self.rw[range.clone()].copy_from_slice(code);
        let reused = self.mark_written(&range);
        self.publish(range, reused)
    }

    /// Overwrites a freed range with instructions that trap, so that a stale jump is noticed.
    pub fn poison(&mut self, range: Range<usize>) {
        let trap = TRAP_INSTRUCTION;
        for (byte, fill) in self.rw[range].iter_mut().zip(trap.iter().cycle()) {
            *byte = *fill;
        }
    }

    /// Sets the range's bits; true if any was set already.
    fn mark_written(&mut self, range: &Range<usize>) -> bool {
        let mut reused = false;
        for granule in range.start / GRANULE..range.end.div_ceil(GRANULE) {
            let (word, bit) = (&mut self.written[granule / 64], 1 << (granule % 64));
            reused |= *word & bit != 0;
            *word |= bit;
        }
        reused
    }

    /// Makes freshly written bytes visible to instruction fetch.
    fn publish(&self, range: Range<usize>, reused: bool) -> io::Result<()> {
        clean_data_cache(self.rw.as_ptr() as usize + range.start, range.len());
        let address = self.address(range.start);
        if reused {
            toggle_protection(address, range.len())?;
        }
        // SAFETY: the range lies inside the executable mapping, which lives as long as `self`.
        unsafe {
            wasmtime_internal_jit_icache_coherence::clear_cache(address as *const _, range.len())?;
        }
        wasmtime_internal_jit_icache_coherence::pipeline_flush_mt()
    }
}

/// An unlinked file that lives in memory only.
fn anonymous_file() -> io::Result<File> {
    /// Linux 6.3 wants executable memory files to say so; older kernels do not know the flag.
    const MFD_EXEC: libc::c_uint = 0x10;
    let mut error = io::Error::from_raw_os_error(libc::EINVAL);
    for flags in [libc::MFD_CLOEXEC | MFD_EXEC, libc::MFD_CLOEXEC] {
        // SAFETY: the name is a valid C string; the call has no other preconditions.
        let fd = unsafe { libc::memfd_create(c"petrel-code".as_ptr(), flags) };
        if fd >= 0 {
            // SAFETY: `fd` was just opened and nobody else owns it.
            return Ok(unsafe { File::from_raw_fd(fd) });
        }
        error = io::Error::last_os_error();
        if error.raw_os_error() != Some(libc::EINVAL) {
            break;
        }
    }
    Err(error)
}

/// `int3`.
#[cfg(target_arch = "x86_64")]
const TRAP_INSTRUCTION: [u8; 1] = [0xCC];
/// `brk #0`.
#[cfg(target_arch = "aarch64")]
const TRAP_INSTRUCTION: [u8; 4] = 0xD420_0000u32.to_le_bytes();

#[cfg(target_arch = "x86_64")]
fn clean_data_cache(_address: usize, _len: usize) {}

#[cfg(target_arch = "x86_64")]
fn toggle_protection(_address: usize, _len: usize) -> io::Result<()> {
    Ok(())
}

/// Writes the lines back to where instruction fetch of every core sees them.
#[cfg(target_arch = "aarch64")]
fn clean_data_cache(address: usize, len: usize) {
    /// The smallest data cache line that any core has been seen with would be 16; all 64-bit ones have 64.
    const LINE: usize = 64;
    let mut line = address & !(LINE - 1);
    while line < address + len {
        // SAFETY: cleaning a line by address has no effect on memory contents; the address is mapped.
        unsafe { core::arch::asm!("dc cvau, {}", in(reg) line, options(nostack, preserves_flags)) };
        line += LINE;
    }
    // SAFETY: a barrier.
    unsafe { core::arch::asm!("dsb ish", options(nostack, preserves_flags)) };
}

/// Takes the execute right from the pages and gives it back.
#[cfg(target_arch = "aarch64")]
fn toggle_protection(address: usize, len: usize) -> io::Result<()> {
    // SAFETY: asks for a constant of the system.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as usize;
    let start = address & !(page - 1);
    let len = (address + len).next_multiple_of(page) - start;
    for protection in [libc::PROT_READ, libc::PROT_READ | libc::PROT_EXEC] {
        // SAFETY: the pages belong to the executable view. Only the VM's thread runs code in it, and that thread is
        // here, so nothing executes while the right is gone.
        if unsafe { libc::mprotect(start as *mut _, len, protection) } != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_one_view_is_read_in_the_other() {
        let mut region = CodeRegion::new(1 << 16).unwrap();
        region.write(128, &[1, 2, 3, 4]).unwrap();
        // SAFETY: the address is inside the executable view, which is readable.
        let seen = unsafe { std::slice::from_raw_parts(region.address(128) as *const u8, 4) };
        assert_eq!(seen, [1, 2, 3, 4]);
        region.poison(128..132);
        assert_ne!(region.bytes(128..132), [1, 2, 3, 4]);
        assert!(region.contains(region.base()) && !region.contains(region.base() + region.len()));
    }

    #[test]
    fn a_second_write_to_a_granule_counts_as_reuse() {
        let mut region = CodeRegion::new(1 << 16).unwrap();
        assert!(!region.mark_written(&(0..100)));
        assert!(!region.mark_written(&(128..130)));
        assert!(region.mark_written(&(64..65)));
    }
}
