//! Where marking starts.
//!
//! * the native stack, from the mutator's stack pointer to the base recorded at entry: conservatively;
//! * the VM stack (interpreter registers): conservatively, because temporaries are not cleared;
//! * registered root sources (tables, module cells, feedback): exactly;
//! * every live [`RootVec`](crate::runtime::rootvec::RootVec): exactly.
//!
//! All roots are gathered before anything is marked, because a conservative word is judged by the marks of the
//! *previous* collection: it refers to a cell if it points anywhere into a cell that is marked or lies in a bump run.

use super::Heap;
use super::block::NO_RUN;
use super::class::{BLOCK_BYTES, GRANULE};
use crate::runtime::cell::Cell;
use crate::runtime::value::Value;

/// Reports the roots that a part of the runtime holds. `data` is what was registered with it. It must not allocate in
/// this heap, nor touch it.
pub type RootFn = fn(data: *mut (), visitor: &mut RootVisitor<'_>);

/// Called when marking is over: a weak table drops what is not [`Liveness::is_live`]. It must not allocate in this
/// heap, nor touch it.
pub type WeakFn = fn(data: *mut (), liveness: &Liveness<'_>);

/// Receives roots.
pub struct RootVisitor<'a> {
    pub(super) heap: &'a Heap,
    pub(super) found: &'a mut Vec<*mut Cell>,
    pub(super) full: bool,
}

impl RootVisitor<'_> {
    /// Whether this is a full collection. In a young one, a source may leave out the cells that it reported to an
    /// earlier collection.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// An exact root: a value, which may be anything.
    #[inline]
    pub fn visit(&mut self, value: Value) {
        if value.is_cell() {
            self.visit_cell(value.as_cell_addr() as *const Cell);
        }
    }

    /// An exact root: a cell, or null.
    #[inline]
    pub fn visit_cell(&mut self, cell: *const Cell) {
        if cell.is_null() {
            return;
        }
        if self.heap.config.verify {
            self.heap.verify_root(cell);
        }
        self.found.push(cell.cast_mut());
    }

    /// Exact roots.
    pub fn visit_slice(&mut self, values: &[Value]) {
        for &value in values {
            self.visit(value);
        }
    }

    /// A word that may or may not point into a cell.
    #[inline]
    pub fn visit_conservative(&mut self, word: usize) {
        if let Some(cell) = self.heap.resolve(word) {
            self.found.push(cell);
        }
    }

    /// All words in `low .. high`, conservatively.
    ///
    /// # Safety
    /// The range is readable and its bounds are aligned to eight bytes.
    pub unsafe fn visit_conservative_range(&mut self, low: usize, high: usize) {
        let mut address = low;
        while address < high {
            // SAFETY: inside the caller's range. Volatile, because other frames' slots are read behind the
            // compiler's back.
            let word = unsafe { std::ptr::read_volatile(address as *const usize) };
            self.visit_conservative(word);
            address += size_of::<usize>();
        }
    }
}

/// Tells a weak table which cells survive the collection that is under way.
pub struct Liveness<'a> {
    pub(super) heap: &'a Heap,
    pub(super) full: bool,
}

impl Liveness<'_> {
    /// Whether a cell that was allocated before the collection survives it.
    #[inline]
    pub fn is_live(&self, cell: *const Cell) -> bool {
        self.heap.is_marked(cell)
    }

    /// Whether this is a full collection. A young one frees no cell that an earlier collection has left alive.
    pub fn is_full(&self) -> bool {
        self.full
    }
}

/// The VM stack: words from `base` up to what `*sp` says.
#[derive(Clone, Copy)]
pub(super) struct VmStack {
    pub base: *const u64,
    pub sp: *const *const u64,
}

impl Heap {
    /// The allocated cell that an address points into, if any. Large cells must be sorted.
    #[inline(always)]
    pub(super) fn resolve(&self, address: usize) -> Option<*mut Cell> {
        if address.wrapping_sub(self.blocks.base()) < self.blocks.used_bytes() {
            self.resolve_in_block(address)
        } else if self.large.may_contain(address) {
            self.large.resolve(address).map(|cell| cell as *mut Cell)
        } else {
            None
        }
    }

    fn resolve_in_block(&self, address: usize) -> Option<*mut Cell> {
        let block = self.blocks.block_of(address);
        let meta = self.blocks.meta(block);
        if !meta.in_use {
            return None;
        }
        let start = self.blocks.address_of(block);
        let bytes = self.blocks.cell_bytes(block);
        let offset = (address - start) / bytes * bytes;
        debug_assert!(offset < BLOCK_BYTES);
        let cell = (start + offset) as *mut Cell;
        if meta.is_marked(offset / GRANULE) {
            return Some(cell);
        }
        let mut next = if meta.touched { meta.run_head } else { NO_RUN };
        while next != NO_RUN {
            let run = &self.runs[next as usize];
            if run.start <= address && address < run.end {
                return Some(cell);
            }
            next = run.next;
        }
        None
    }

    /// Whether a cell is marked.
    #[inline]
    pub(super) fn is_marked(&self, cell: *const Cell) -> bool {
        let offset = (cell as usize).wrapping_sub(self.blocks.base());
        if offset < self.blocks.used_bytes() {
            self.blocks.meta((offset / BLOCK_BYTES) as u32).is_marked(offset % BLOCK_BYTES / GRANULE)
        } else {
            // SAFETY: a cell outside of the blocks is a large cell, preceded by its header.
            unsafe { (*super::large::header_of(cell as usize)).marked }
        }
    }

    /// Collects all roots into `found`.
    pub(super) fn gather_roots(&mut self, stack_low: usize, full: bool, found: &mut Vec<*mut Cell>) {
        self.large.sort();
        let heap = &*self;
        let mut visitor = RootVisitor { heap, found, full };
        assert!(stack_low <= heap.stack_base, "the heap's stack base lies below the running code");
        // SAFETY: the stack is readable from the stack pointer up to a base recorded in a frame that is still there.
        unsafe { visitor.visit_conservative_range(stack_low, heap.stack_base) };
        if let Some(stack) = heap.vm_stack {
            // SAFETY: whoever registered the VM stack keeps base and sp valid, with everything between readable.
            unsafe { visitor.visit_conservative_range(stack.base as usize, *stack.sp as usize) };
        }
        heap.root_list.for_each(|values| visitor.visit_slice(values));
        for &(source, data) in &heap.root_sources {
            source(data, &mut visitor);
        }
    }
}
