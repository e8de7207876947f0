//! Poison and proof: what the stress modes check.
//!
//! Poisoning fills freed cells with a word that claims to be a cell and is none, and that makes no valid header.
//!
//! Verifying walks *every* allocated cell, reachable or not, before each collection: its header must name a kind, its
//! count must fit, and each word that claims to be a cell must be the start of an allocated cell; an old cell that
//! refers to a new one must be remembered. After the collection each marked cell must be old and refer to marked
//! cells only. Both together prove that marking was given a sound graph and has kept it sound. A failure panics with the
//! cell, the word and the rule: it is a bug of ours.

use super::Heap;
use super::block::NO_RUN;
use super::class::{BLOCK_GRANULES, GRANULE};
use super::large::header_of;
use crate::runtime::cell::{Cell, CellKind, STATE_NEW, STATE_OLD, STATE_REMEMBERED, trace};
use rustc_hash::FxHashSet;

/// What freed cells are filled with: claims to be a cell, but lies where no heap is (and faults on x86-64).
pub(super) const POISON: u64 = 0x0000_DEAD_DEAD_DEA0;

const KINDS: [CellKind; 31] = [
    CellKind::Object,
    CellKind::Array,
    CellKind::Function,
    CellKind::NativeFunction,
    CellKind::BoundFunction,
    CellKind::Error,
    CellKind::Map,
    CellKind::Set,
    CellKind::Date,
    CellKind::Primitive,
    CellKind::Arguments,
    CellKind::Iterator,
    CellKind::Int8Array,
    CellKind::Uint8Array,
    CellKind::Uint8ClampedArray,
    CellKind::Int16Array,
    CellKind::Uint16Array,
    CellKind::Int32Array,
    CellKind::Uint32Array,
    CellKind::Float32Array,
    CellKind::Float64Array,
    CellKind::DataView,
    CellKind::ArrayBuffer,
    CellKind::RegExp,
    CellKind::String,
    CellKind::Symbol,
    CellKind::Slots,
    CellKind::Elements,
    CellKind::ElementsDouble,
    CellKind::Scope,
    CellKind::Bytes,
];

impl Heap {
    /// Fills the unmarked cells of a block.
    pub(super) fn poison_block(&mut self, block: u32) {
        let granules = self.blocks.granules(block);
        let address = self.blocks.address_of(block);
        let count = BLOCK_GRANULES / granules;
        let mut from = 0;
        while let Some((start, end)) = self.blocks.meta(block).next_interval(from, granules, count) {
            let words = (end - start) * granules * (GRANULE / 8);
            // SAFETY: the interval lies in the block and nothing is allocated in it.
            unsafe {
                let interval =
                    std::slice::from_raw_parts_mut((address + start * granules * GRANULE) as *mut u64, words);
                interval.fill(POISON);
            }
            from = end;
        }
    }

    /// Checks an exact root.
    #[cold]
    pub(super) fn verify_root(&self, cell: *const Cell) {
        assert!(self.is_cell(cell), "heap verify: the root {cell:?} is not an allocated cell");
    }

    /// Whether an allocated cell starts at an address. Large cells must be sorted.
    fn is_cell(&self, cell: *const Cell) -> bool {
        self.resolve(cell as usize).is_some_and(|start| std::ptr::eq(start, cell))
    }

    /// All allocated cells, while bump runs are recorded.
    fn allocated_cells(&self) -> Vec<*mut Cell> {
        let mut cells: Vec<*mut Cell> = self.large.iter().collect();
        for block in self.blocks.iter_in_use() {
            let meta = self.blocks.meta(block);
            let (address, bytes) = (self.blocks.address_of(block), self.blocks.cell_bytes(block));
            for granule in (0..BLOCK_GRANULES).filter(|&granule| meta.is_marked(granule)) {
                cells.push((address + granule * GRANULE) as *mut Cell);
            }
            let mut next = if meta.touched { meta.run_head } else { NO_RUN };
            while next != NO_RUN {
                let run = &self.runs[next as usize];
                cells.extend((run.start..run.end).step_by(bytes).map(|cell| cell as *mut Cell));
                next = run.next;
            }
        }
        cells
    }

    /// Checks one cell's header and words, and hands each cell it refers to to `check`.
    fn verify_cell(&self, cell: *mut Cell, mut check: impl FnMut(*mut Cell)) {
        // SAFETY: the cell is allocated; its kind is checked as a byte before anything reads it as a CellKind.
        unsafe {
            let bytes = self.cell_bytes(cell);
            let kind = *cell.cast::<u8>().add(4);
            let kind = KINDS
                .into_iter()
                .find(|&valid| valid as u8 == kind)
                .unwrap_or_else(|| panic!("heap verify: {cell:?} has the kind {kind:#x}"));
            let overhead = match kind {
                CellKind::Slots | CellKind::Elements | CellKind::ElementsDouble => Some(8),
                CellKind::Scope => Some(16),
                CellKind::Object
                | CellKind::Array
                | CellKind::Function
                | CellKind::NativeFunction
                | CellKind::BoundFunction
                | CellKind::Error
                | CellKind::Map
                | CellKind::Set
                | CellKind::Date
                | CellKind::Primitive
                | CellKind::Arguments
                | CellKind::Iterator
                | CellKind::Int8Array
                | CellKind::Uint8Array
                | CellKind::Uint8ClampedArray
                | CellKind::Int16Array
                | CellKind::Uint16Array
                | CellKind::Int32Array
                | CellKind::Uint32Array
                | CellKind::Float32Array
                | CellKind::Float64Array
                | CellKind::DataView
                | CellKind::ArrayBuffer
                | CellKind::RegExp
                | CellKind::String
                | CellKind::Symbol
                | CellKind::Bytes => None,
            };
            let count = (*cell).shape as usize;
            assert!(
                overhead.is_none_or(|overhead| overhead + 8 * count <= bytes),
                "heap verify: {cell:?} ({kind:?}, {bytes} bytes) claims {count} entries"
            );
            trace(cell, bytes, &mut |value| {
                if value.is_cell() {
                    let target = value.as_cell_addr() as *mut Cell;
                    assert!(
                        self.is_cell(target),
                        "heap verify: {cell:?} ({kind:?}, {bytes} bytes) holds {:#x}, {}",
                        value.0,
                        if value.0 == POISON { "the poison of a freed cell" } else { "which is no allocated cell" },
                    );
                    check(target);
                }
            });
        }
    }

    /// Before marking: every allocated cell is sound, and old cells that refer to new ones are remembered.
    pub(super) fn verify_before(&self) {
        let remembered: FxHashSet<*mut Cell> = self.remembered.iter().copied().chain(self.large.remembered()).collect();
        let mut recorded = FxHashSet::default();
        for entry in &self.remembered_slots {
            // SAFETY: recorded cells are old and so not freed.
            let words = unsafe { entry.words() };
            recorded.extend(words.iter().filter(|v| v.is_cell()).map(|v| (entry.cell, v.as_cell_addr())));
        }
        for cell in self.allocated_cells() {
            let old = self.is_marked(cell);
            // SAFETY: the cell is allocated.
            let state = unsafe { (*cell).state };
            let sound = if old { state == STATE_OLD || state == STATE_REMEMBERED } else { state == STATE_NEW };
            assert!(sound, "heap verify: {cell:?} has the state {state}, marked: {old}");
            assert_eq!(
                state == STATE_REMEMBERED,
                remembered.contains(&cell),
                "heap verify: {cell:?} has the state {state}, which the remembered set contradicts"
            );
            self.verify_cell(cell, |target| {
                assert!(
                    state != STATE_OLD || self.is_marked(target) || recorded.contains(&(cell, target as usize)),
                    "heap verify: the old cell {cell:?} refers to the new cell {target:?} and is not remembered: \
                     a write barrier is missing"
                );
            });
        }
    }

    /// After sweeping: what is marked is old and refers to what is marked.
    pub(super) fn verify_after(&self) {
        for cell in self.allocated_cells() {
            // SAFETY: the cell is allocated.
            let state = unsafe { (*cell).state };
            assert!(self.is_marked(cell) && state == STATE_OLD, "heap verify: {cell:?} survived with state {state}");
            self.verify_cell(cell, |target| {
                assert!(
                    self.is_marked(target),
                    "heap verify: {cell:?} survived but not {target:?}, to which it refers"
                );
            });
        }
        for cell in self.large.iter() {
            // SAFETY: large cells are preceded by their header.
            let recorded = unsafe { (*header_of(cell as usize)).recorded_slots };
            assert_eq!(recorded, 0, "heap verify: {cell:?} keeps recorded slots");
        }
    }
}
