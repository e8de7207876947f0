//! Marking: from the roots to everything they reach.
//!
//! Depth first with an explicit stack, through a small first-in-first-out window: a cell popped from the stack is
//! prefetched and waits sixteen turns before its words are read, by which time they have arrived (Cher, Hosking,
//! Vitek 2004). A cell's mark is set when it is discovered, so it is pushed once; its header turns *old* when it is
//! visited.

use super::block::{BlockMeta, Blocks};
use super::class::{BLOCK_BYTES, GRANULE};
use super::entry::prefetch;
use super::large::header_of;
use crate::runtime::cell::{Cell, STATE_OLD, trace};
use crate::runtime::value::Value;

/// Cells between prefetch and visit; a power of two.
const WINDOW: usize = 16;

/// The marking state of one collection.
pub(super) struct Marker {
    base: usize,
    reserved: usize,
    metas: *mut BlockMeta,
    granules: *const u16,
    /// Marked cells not yet visited.
    pub stack: Vec<*mut Cell>,
}

impl Marker {
    /// A marker for the cells of `blocks` and all large cells, which reuses the buffer `stack`. No reference into the
    /// block metas may be alive while it works.
    pub fn new(blocks: &mut Blocks, stack: Vec<*mut Cell>) -> Marker {
        debug_assert!(stack.is_empty());
        Marker {
            base: blocks.base(),
            reserved: blocks.reserved_bytes(),
            metas: blocks.metas(),
            granules: blocks.granules_table(),
            stack,
        }
    }

    /// Marks a cell and queues it, unless it is marked already.
    ///
    /// # Safety
    /// `cell` is the address of an allocated cell of this heap.
    #[inline(always)]
    pub unsafe fn mark(&mut self, cell: usize) {
        let offset = cell.wrapping_sub(self.base);
        // SAFETY: a cell inside the reservation lies in a block that has a meta; any other is preceded by a header.
        let fresh = unsafe {
            if offset < self.reserved {
                (*self.metas.add(offset / BLOCK_BYTES)).set_mark(offset % BLOCK_BYTES / GRANULE)
            } else {
                let header = header_of(cell);
                !std::mem::replace(&mut (*header).marked, true)
            }
        };
        if fresh {
            self.stack.push(cell as *mut Cell);
        }
    }

    /// Marks the cell that a word refers to, if it does.
    ///
    /// # Safety
    /// If `value` claims to be a cell, it is an allocated cell of this heap.
    #[inline(always)]
    pub unsafe fn mark_value(&mut self, value: Value) {
        if value.is_cell() {
            // SAFETY: as promised by the caller.
            unsafe { self.mark(value.as_cell_addr()) };
        }
    }

    /// Turns a cell old and marks what it refers to.
    ///
    /// # Safety
    /// `cell` is an allocated cell of this heap.
    #[inline(always)]
    pub unsafe fn visit(&mut self, cell: *mut Cell) {
        let offset = (cell as usize).wrapping_sub(self.base);
        // SAFETY: the cell is allocated, so its block or header says how long it is; its words are valid.
        unsafe {
            let bytes = if offset < self.reserved {
                *self.granules.add(offset / BLOCK_BYTES) as usize * GRANULE
            } else {
                (*header_of(cell as usize)).bytes
            };
            (*cell).state = STATE_OLD;
            trace(cell, bytes, &mut |value| self.mark_value(value));
        }
    }

    /// Visits everything that is queued and everything found on the way.
    ///
    /// # Safety
    /// All reachable words that claim to be cells are allocated cells of this heap.
    pub unsafe fn drain(&mut self) {
        let mut window = [std::ptr::null_mut::<Cell>(); WINDOW];
        let (mut head, mut waiting) = (0, 0);
        loop {
            while waiting < WINDOW {
                let Some(cell) = self.stack.pop() else { break };
                prefetch(cell as usize);
                window[(head + waiting) % WINDOW] = cell;
                waiting += 1;
            }
            if waiting == 0 {
                return;
            }
            let cell = window[head];
            head = (head + 1) % WINDOW;
            waiting -= 1;
            // SAFETY: queued cells are allocated.
            unsafe { self.visit(cell) };
        }
    }
}
