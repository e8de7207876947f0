//! The write barrier's memory: which old cells may refer to new ones.
//!
//! A store of a cell into an old cell puts the old cell into the remembered set, once (its state becomes "remembered"),
//! and the next young collection looks through all of it. For a large array that would be a waste: a program that
//! pushes onto a list of a million would pay for a million at each collection. So a barrier that knows the slot
//! ([`Heap::write_barrier_slot`]) records, for a large old cell, just the 128-byte line of the slot, and the cell
//! stays "old", so the next store comes here again. When a cell has collected so many lines that looking through it
//! costs less than the calls, it is remembered whole after all.

use super::Heap;
use super::class::MAX_SMALL_BYTES;
use super::large::header_of;
use super::mark::Marker;
use crate::runtime::cell::{Cell, CellKind, STATE_OLD, STATE_REMEMBERED};
use crate::runtime::value::Value;

/// Granularity of recorded slots.
const LINE_BYTES: usize = 128;
/// A large cell is remembered whole after one recorded slot per this many bytes: visiting a word costs about a
/// sixteenth of a call of the barrier.
const BYTES_PER_RECORDED_SLOT: usize = 128;

/// A line of an old large cell into which a cell was stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct RememberedSlot {
    pub cell: *mut Cell,
    pub line: usize,
}

impl RememberedSlot {
    /// The words of the line that hold values. Elements or slots only.
    ///
    /// # Safety
    /// The cell is allocated.
    pub unsafe fn words(&self) -> &[Value] {
        // SAFETY: the range is cut to the cell's entries, which are initialized.
        unsafe {
            let data = self.cell as usize + 8;
            let low = self.line.max(data);
            let high = (self.line + LINE_BYTES).min(data + 8 * (*self.cell).shape as usize);
            std::slice::from_raw_parts(low as *const Value, high.saturating_sub(low) / 8)
        }
    }
}

impl Heap {
    /// To be called after a cell was stored into `cell`.
    ///
    /// # Safety
    /// `cell` is an allocated cell of this heap.
    #[inline(always)]
    pub unsafe fn write_barrier(&mut self, cell: *mut Cell) {
        // SAFETY: as promised by the caller.
        if unsafe { (*cell).state } == STATE_OLD {
            self.remember(cell);
        }
    }

    /// To be called after a cell was stored at address `slot` inside `cell`: cheaper than [`Heap::write_barrier`] for
    /// stores into arrays.
    ///
    /// # Safety
    /// `cell` is an allocated cell of this heap.
    #[inline(always)]
    pub unsafe fn write_barrier_slot(&mut self, cell: *mut Cell, slot: *const Value) {
        // SAFETY: as promised by the caller.
        if unsafe { (*cell).state } == STATE_OLD {
            self.remember_slot(cell, slot);
        }
    }

    /// Slow path of [`Heap::write_barrier`]: `cell` is old and not yet remembered.
    #[cold]
    #[inline(never)]
    pub fn remember(&mut self, cell: *mut Cell) {
        // SAFETY: the barriers pass allocated cells only.
        unsafe {
            debug_assert_eq!((*cell).state, STATE_OLD);
            (*cell).state = STATE_REMEMBERED;
        }
        self.remembered.push(cell);
    }

    /// Slow path of [`Heap::write_barrier_slot`]: `cell` is old and not yet remembered.
    #[inline(never)]
    pub fn remember_slot(&mut self, cell: *mut Cell, slot: *const Value) {
        let address = cell as usize;
        // SAFETY: the barriers pass allocated cells only.
        let by_count = unsafe { matches!((*cell).kind, CellKind::Elements | CellKind::Slots) };
        if !by_count || address.wrapping_sub(self.blocks.base()) < self.blocks.reserved_bytes() {
            return self.remember(cell);
        }
        let entry = RememberedSlot { cell, line: slot as usize & !(LINE_BYTES - 1) };
        if self.remembered_slots.last() == Some(&entry) {
            return;
        }
        // SAFETY: an allocated cell outside of the blocks is a large cell, preceded by its header.
        let header = unsafe { &mut *header_of(address) };
        debug_assert!(header.bytes > MAX_SMALL_BYTES);
        header.recorded_slots += 1;
        if header.recorded_slots as usize > header.bytes / BYTES_PER_RECORDED_SLOT {
            return self.remember(cell);
        }
        self.remembered_slots.push(entry);
    }

    /// Looks through what was remembered, for a young collection.
    pub(super) fn visit_remembered(&mut self, marker: &mut Marker) {
        for &cell in &self.remembered {
            // SAFETY: remembered cells are old, and old cells are not freed before a full collection.
            unsafe { marker.visit(cell) };
        }
        for entry in &self.remembered_slots {
            // SAFETY: as above; the words of a live cell that claim to be cells are.
            unsafe {
                for &value in entry.words() {
                    marker.mark_value(value);
                }
            }
        }
    }

    /// Empties the remembered set.
    pub(super) fn clear_remembered(&mut self) {
        self.remembered.clear();
        for entry in self.remembered_slots.drain(..) {
            // SAFETY: called before anything is freed; only large cells are recorded.
            unsafe { (*header_of(entry.cell as usize)).recorded_slots = 0 };
        }
    }
}
