//! Large objects: cells past 16 KB, each in memory of its own.
//!
//! A large cell is preceded by a 32-byte header with its size, mark and slot count, so a pointer to the cell finds
//! everything without a lookup. The front of a large array can be trimmed ([`LargeSpace::trim_front`]): header and cell
//! move a word up, so that a queue of any length gives up its first element in constant time. A conservative or interior pointer is resolved by address in two lists, the cells that
//! survived a collection and those that did not see one yet; the latter is put in order only when a collection starts.
//! A young collection looks at the headers of the new cells only.
//!
//! Up to 64 KB the memory comes from `malloc`; beyond, from the operating system directly. What dies, or is outgrown, is kept for the next
//! cells, because to zero memory costs half of what new pages do: up to 32 MB, and no longer than until a full collection has
//! found it unused since the one before.

use super::os;
use super::verify::POISON;
use crate::runtime::cell::Cell;
use std::alloc::{Layout, alloc, alloc_zeroed, dealloc};

/// Cells of at least this size are mapped one by one.
const MAPPED_BYTES: usize = 64 << 10;
const PAGE_BYTES: usize = 4096;
/// How many new cells [`LargeSpace::free_now`] looks through.
const YOUNGEST: usize = 16;
/// Unused mapped memory that is kept.
const MAX_SPARE_BYTES: usize = 32 << 20;

/// Precedes every large cell.
#[repr(C, align(8))]
pub(super) struct LargeHeader {
    /// Size of the cell.
    pub bytes: usize,
    /// Bytes trimmed from its front.
    pub trimmed: usize,
    /// The sticky mark: alive at the last collection.
    pub marked: bool,
    /// Old, and to be looked through whole at the next young collection.
    pub remembered: bool,
    /// Slots recorded by the write barrier since the last collection.
    pub recorded_slots: u32,
    /// Pages of the mapping; 0 if the memory is `malloc`'s.
    pages: u32,
}

/// A multiple of 16, so that the cell behind is aligned.
const HEADER_BYTES: usize = size_of::<LargeHeader>().next_multiple_of(16);

/// The large-object space.
#[derive(Default)]
pub(super) struct LargeSpace {
    /// Addresses of the marked cells, ascending.
    old: Vec<usize>,
    /// Addresses of the cells allocated since the last collection.
    new: Vec<usize>,
    /// Lowest and highest address any of them ever covered.
    low: usize,
    high: usize,
    /// Sum of their sizes.
    bytes: usize,
    /// Sum of the sizes of marked ones after the last collection.
    pub live_bytes: usize,
    /// Mappings without a cell.
    spare: Vec<Span>,
    spare_bytes: usize,
}

/// What [`LargeSpace::free_now`] freed.
pub(super) struct Freed {
    pub bytes: usize,
    /// No collection had seen it.
    pub new: bool,
}

/// A mapping of whole pages.
#[derive(Clone, Copy)]
struct Span {
    start: usize,
    bytes: usize,
}

/// The header of a large cell.
#[inline(always)]
pub(super) fn header_of(cell: usize) -> *mut LargeHeader {
    (cell - HEADER_BYTES) as *mut LargeHeader
}

fn layout_of(bytes: usize) -> Layout {
    Layout::from_size_align(HEADER_BYTES + bytes, 16).expect("a large cell's size was accepted when it was allocated")
}

impl LargeSpace {
    /// Sum of the sizes of all large cells.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Memory for a cell of `bytes` bytes, zeroed if that is asked for; `None` if there is none.
    pub fn allocate(&mut self, bytes: usize, zeroed: bool) -> Option<usize> {
        let (address, pages) = if bytes >= MAPPED_BYTES {
            let span_bytes = bytes.checked_add(HEADER_BYTES)?.checked_next_multiple_of(PAGE_BYTES)?;
            let span = match self.take_spare(span_bytes, zeroed) {
                Some(span) => span,
                None => Span { start: os::map_zeroed(span_bytes).ok()?, bytes: span_bytes },
            };
            (span.start, u32::try_from(span.bytes / PAGE_BYTES).ok()?)
        } else {
            let allocate = if zeroed { alloc_zeroed } else { alloc };
            // SAFETY: the layout's size is not zero.
            (unsafe { allocate(layout_of(bytes)) as usize }, 0)
        };
        if address == 0 {
            return None;
        }
        let cell = address + HEADER_BYTES;
        // SAFETY: the memory was just allocated, is aligned to 16 and begins with room for the header.
        unsafe {
            header_of(cell).write(LargeHeader {
                bytes,
                trimmed: 0,
                marked: false,
                remembered: false,
                recorded_slots: 0,
                pages,
            })
        };
        self.low = if self.high == 0 { cell } else { self.low.min(cell) };
        self.high = self.high.max(cell + bytes);
        self.new.push(cell);
        self.bytes += bytes;
        Some(cell)
    }

    /// A mapping for so many bytes, of those that are kept: the smallest, unless it is much too large.
    fn take_spare(&mut self, bytes: usize, zeroed: bool) -> Option<Span> {
        let fits = |span: &Span| (bytes..=bytes + bytes / 2).contains(&span.bytes);
        let (at, _) =
            self.spare.iter().enumerate().filter(|(_, span)| fits(span)).min_by_key(|(_, span)| span.bytes)?;
        let span = self.spare.swap_remove(at);
        self.spare_bytes -= span.bytes;
        if zeroed {
            // SAFETY: the span is mapped, and nobody else's.
            unsafe { std::ptr::write_bytes(span.start as *mut u8, 0, bytes) };
        }
        Some(span)
    }

    /// Keeps a mapping for later, or gives it back.
    fn put_spare(&mut self, span: Span) {
        if self.spare_bytes + span.bytes > MAX_SPARE_BYTES {
            os::release(span.start, span.bytes);
            return;
        }
        self.spare_bytes += span.bytes;
        self.spare.push(span);
    }

    /// Gives mappings without a cell back.
    fn trim(&mut self) {
        self.spare.drain(..).for_each(|span| os::release(span.start, span.bytes));
        self.spare_bytes = 0;
    }

    fn free(&mut self, cell: usize) {
        // SAFETY: the cell is in the list, so its header is valid and its memory came from `allocate`.
        unsafe {
            let LargeHeader { bytes, trimmed, pages, .. } = *header_of(cell);
            self.bytes -= bytes;
            let (start, bytes) = (cell - HEADER_BYTES - trimmed, bytes + trimmed);
            if pages > 0 {
                self.put_spare(Span { start, bytes: pages as usize * PAGE_BYTES });
            } else {
                dealloc(start as *mut u8, layout_of(bytes));
            }
        }
    }

    /// Frees a cell between collections: an old one, or one of the youngest. To poison it first shows who reads it still.
    pub fn free_now(&mut self, cell: usize, poison: bool) -> Option<Freed> {
        // SAFETY: only the header of an allocated cell is read: it is in one of the lists.
        let bytes_of = |cell| unsafe { (*header_of(cell)).bytes };
        let from = self.new.len().saturating_sub(YOUNGEST);
        let freed = if let Some(at) = self.new[from..].iter().rposition(|&entry| entry == cell) {
            self.new.swap_remove(from + at);
            Freed { bytes: bytes_of(cell), new: true }
        } else {
            self.old.remove(self.old.binary_search(&cell).ok()?);
            let freed = Freed { bytes: bytes_of(cell), new: false };
            self.live_bytes -= freed.bytes;
            freed
        };
        if poison {
            // SAFETY: so many bytes are the cell's own.
            unsafe { std::slice::from_raw_parts_mut(cell as *mut u64, freed.bytes / 8) }.fill(POISON);
        }
        self.free(cell);
        Some(freed)
    }

    /// Moves the start of a cell up by one word: its header word overwrites the word behind. Returns the new address.
    ///
    /// # Safety
    /// `cell` is an allocated large cell of more than two words, and nothing refers to it but what the caller updates.
    pub unsafe fn trim_front(&mut self, cell: usize) -> usize {
        let moved = cell + size_of::<u64>();
        // SAFETY: header and first word move within the cell's own memory.
        unsafe {
            std::ptr::copy((cell - HEADER_BYTES) as *const u8, (moved - HEADER_BYTES) as *mut u8, HEADER_BYTES + 8);
            (*header_of(moved)).bytes -= 8;
            (*header_of(moved)).trimmed += 8;
        }
        self.bytes -= 8;
        let entry = match self.old.binary_search(&cell) {
            Ok(at) => Some(&mut self.old[at]),
            Err(_) => self.new.iter_mut().rev().find(|entry| **entry == cell),
        };
        *entry.expect("an allocated large cell is in a list") = moved;
        moved
    }

    /// Old cells that are remembered whole.
    pub fn remembered(&self) -> impl Iterator<Item = *mut Cell> + use<'_> {
        // SAFETY: cells in the lists are allocated.
        self.old.iter().filter(|&&cell| unsafe { (*header_of(cell)).remembered }).map(|&cell| cell as *mut Cell)
    }

    /// Prepares for [`LargeSpace::resolve`].
    pub fn sort(&mut self) {
        self.new.sort_unstable();
    }

    /// Whether an address could lie in a large cell.
    #[inline(always)]
    pub fn may_contain(&self, address: usize) -> bool {
        address.wrapping_sub(self.low) < self.high - self.low
    }

    /// The large cell that contains an address. [`LargeSpace::sort`] must have been called since the last allocation.
    pub fn resolve(&self, address: usize) -> Option<usize> {
        debug_assert!(self.new.is_sorted());
        let find = |cells: &[usize]| {
            let cell = *cells[..cells.partition_point(|&cell| cell <= address)].last()?;
            // SAFETY: cells in the lists are allocated.
            let bytes = unsafe { (*header_of(cell)).bytes };
            (address < cell + bytes).then_some(cell)
        };
        find(&self.old).or_else(|| find(&self.new))
    }

    /// Clears all marks.
    pub fn clear_marks(&mut self) {
        for &cell in &self.old {
            // SAFETY: cells in the lists are allocated.
            unsafe { (*header_of(cell)).marked = false };
        }
        self.live_bytes = 0;
    }

    /// Frees what is not marked: of the new cells, or of all after a full collection.
    pub fn sweep(&mut self, full: bool) {
        let mut candidates = std::mem::take(&mut self.new);
        if full {
            self.trim();
            candidates.append(&mut self.old);
        }
        let kept = self.old.len();
        for &cell in &candidates {
            // SAFETY: cells in the lists are allocated until they are freed here.
            let (marked, bytes) = unsafe { ((*header_of(cell)).marked, (*header_of(cell)).bytes) };
            if marked {
                self.live_bytes += bytes;
                self.old.push(cell);
            } else {
                self.free(cell);
            }
        }
        if self.old.len() > kept {
            self.old.sort();
        }
        candidates.clear();
        self.new = candidates;
    }

    /// All large cells.
    pub fn iter(&self) -> impl Iterator<Item = *mut Cell> + use<'_> {
        self.old.iter().chain(&self.new).map(|&cell| cell as *mut Cell)
    }
}

impl Drop for LargeSpace {
    fn drop(&mut self) {
        for cell in std::mem::take(&mut self.old).into_iter().chain(std::mem::take(&mut self.new)) {
            self.free(cell);
        }
        self.trim();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interior_addresses_resolve_and_unmarked_cells_go() {
        let mut space = LargeSpace::default();
        assert!(!space.may_contain(0x1000));
        let sizes = [20_000, 300_000, 16_400, 1 << 20];
        let cells: Vec<usize> = sizes.iter().map(|&bytes| space.allocate(bytes, true).unwrap()).collect();
        space.sort();
        for (&cell, &bytes) in cells.iter().zip(&sizes) {
            assert_eq!(cell % 16, 0);
            for address in [cell, cell + 8, cell + bytes - 1] {
                assert!(space.may_contain(address));
                assert_eq!(space.resolve(address), Some(cell));
            }
            assert_ne!(space.resolve(cell + bytes), Some(cell));
        }
        // SAFETY: the cells are allocated.
        unsafe {
            (*header_of(cells[1])).marked = true;
            (*header_of(cells[2])).marked = true;
        }
        space.sweep(false);
        assert_eq!(space.bytes(), 316_400);
        assert_eq!(space.live_bytes, 316_400);
        assert_eq!(space.resolve(cells[0]), None);
        assert_eq!(space.resolve(cells[2] + 100), Some(cells[2]));
        // SAFETY: the cell is allocated and nothing else refers to it.
        let moved = unsafe {
            let once = space.trim_front(cells[2]);
            space.trim_front(once)
        };
        assert_eq!(moved, cells[2] + 16);
        assert_eq!(space.resolve(moved + 100), Some(moved));
        assert_eq!(space.resolve(cells[2]), None);
        assert_eq!(space.bytes(), 316_384);
    }

    #[test]
    fn the_memory_of_dead_cells_is_used_again_and_zero() {
        let mut space = LargeSpace::default();
        let first = space.allocate(100_000, true).unwrap();
        // SAFETY: the cell is allocated.
        unsafe { (first as *mut u8).write_bytes(0xAA, 100_000) };
        space.sweep(false);
        assert!(space.allocate(200_000, true).is_some_and(|cell| cell != first), "it is too small");
        let second = space.allocate(90_000, true).unwrap();
        assert_eq!(second, first);
        // SAFETY: as above.
        assert!(unsafe { std::slice::from_raw_parts(second as *const u8, 90_000) }.iter().all(|byte| *byte == 0));
        assert_eq!((space.spare_bytes, space.spare.len()), (0, 0));
        space.sweep(true);
        assert_eq!((space.bytes(), space.spare.len()), (0, 2));
        space.sweep(true);
        assert_eq!((space.spare_bytes, space.spare.len()), (0, 0));
    }
}
