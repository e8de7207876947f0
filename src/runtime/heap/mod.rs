//! The heap: memory for cells, and the collector that takes it back.
//!
//! Non-moving, one per VM, no global state. Cells of one size share 32 KB blocks ([`block`], [`class`]); allocation
//! bumps a pointer through the interval of free cells it found last ([`alloc`]), which compiled code does inline. What
//! survives a collection is marked and stays marked: the sticky mark bit *is* the old generation. A young collection
//! marks from the roots and from the old cells that were written to ([`remember`]), stops at everything already marked,
//! and looks at the blocks allocated in since the last time only. A full collection clears the marks first.
//!
//! ```text
//!  segs[class]: cur ──▶ limit          one interval of free cells, bumped through inline
//!  block:  [old][old][ new new ▲ .. free .. ][old][ free ][old] …
//!                      └ bump run ┘ recorded when the allocator leaves it
//!  roots:  native stack + VM stack (conservative), root sources + RootVecs (exact)   [`roots`]
//!  marking: stack + prefetch window                                                  [`mark`]
//! ```
//!
//! Collections happen inside an allocation or an explicit [`Heap::collect`], nowhere else, and only once a stack base is
//! set: until then the heap just grows. Rules for those who use it:
//!
//! * A `Value` in a local variable is a root; one in malloc'd memory is not: use `RootVec`.
//! * After storing a cell into a cell: [`Heap::write_barrier`]. A store needs none only if nothing was allocated since
//!   the cell that is stored into, because every collection makes all survivors old.
//! * Every cell pointer that the collector can see refers to a cell of this heap.
//!
//! The design is JavaScriptCore's (segregated blocks, bump allocation through free intervals, sticky marks in Riptide,
//! conservative stacks); the sticky mark-bit generation is due to Demers et al., 1990.

mod alloc;
mod block;
mod class;
mod collect;
mod entry;
mod large;
mod mark;
mod os;
mod remember;
mod roots;
mod stats;
#[cfg(test)]
mod tests;
mod verify;

pub use alloc::{LimitFn, SEG_CUR, SEG_LIMIT, Seg};
pub use class::{GRANULE, MAX_SMALL_BYTES};
pub use entry::stack_pointer;
pub use roots::{Liveness, RootFn, RootVisitor, WeakFn};
pub use stats::{GcCause, GcEvent, GcStats};

use super::cell::Cell;
use super::rootvec::RootList;
use block::{Blocks, Run};
use class::{CLASS_COUNT, class_bytes, class_of};
use large::LargeSpace;
use remember::RememberedSlots;
use roots::VmStack;
use stats::EventBuffer;
use std::io;

/// Exit code of the process when even the reserve behind the heap limit is used up.
pub const OUT_OF_MEMORY_EXIT_CODE: i32 = 70;

/// What can be set about a heap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeapConfig {
    /// Soft limit of the heap's size in bytes.
    pub max_heap_bytes: usize,
    /// How much is allocated between two young collections, at first.
    pub nursery_bytes: usize,
    /// Collect less often where much survives, and everything where garbage that was taken for old breaks up the free
    /// memory: see `collect`. What survives depends on what happens to lie on the stack, so this is not for runs in which
    /// collections have to happen at the same moments.
    pub adaptive: bool,
    /// Collect at every allocation that Rust code sees; inline allocation always takes its slow path.
    pub stress_gc: bool,
    /// Overwrite freed cells.
    pub poison_freed: bool,
    /// Check the whole heap before and after each collection.
    pub verify: bool,
}

impl Default for HeapConfig {
    fn default() -> HeapConfig {
        HeapConfig {
            max_heap_bytes: 2 << 30,
            nursery_bytes: 4 << 20,
            adaptive: false,
            stress_gc: false,
            poison_freed: false,
            verify: false,
        }
    }
}

/// A heap of cells. See the module's documentation.
#[repr(C)]
pub struct Heap {
    /// The allocation intervals, one per size class. Compiled code bumps `cur` up to `limit`.
    segs: [Seg; CLASS_COUNT],
    /// Bytes of finished bump runs and large cells since the last collection.
    since_bytes: usize,
    /// The number of those at which the next collection is due.
    nursery_now_bytes: usize,
    config: HeapConfig,
    blocks: Blocks,
    large: LargeSpace,
    /// Bump runs since the last collection, linked per block.
    runs: Vec<Run>,
    /// Blocks with a bump run.
    touched: Vec<u32>,
    /// Per class, blocks that had room when they were last swept and were not allocated in since.
    roomy: [Vec<u32>; CLASS_COUNT],
    /// Old cells to look through at the next young collection: state is "remembered".
    remembered: Vec<*mut Cell>,
    /// Whether some large cells are such cells: their headers say which.
    remembered_large: bool,
    /// Slots of old large cells to look at.
    remembered_slots: Vec<RememberedSlots>,
    /// Empty between collections: buffers whose memory is reused.
    mark_stack: Vec<*mut Cell>,
    found_roots: Vec<*mut Cell>,
    stack_base: usize,
    vm_stack: Option<VmStack>,
    root_list: RootList,
    root_sources: Vec<(RootFn, *mut ())>,
    weak_tables: Vec<(WeakFn, *mut ())>,
    limit_hook: Option<(LimitFn, *mut ())>,
    limit_exceeded: bool,
    collecting: bool,
    /// Limit, and limit plus reserve.
    soft_bytes: usize,
    hard_bytes: usize,
    external_bytes: usize,
    /// Marked bytes in blocks after the last collection.
    live_block_bytes: usize,
    /// The estimated live size from which on the next collection is full.
    full_threshold_bytes: usize,
    /// Collections since the last full one.
    young_in_a_row: u32,
    /// How many of those there have to be before one is full because of fragmentation.
    young_before_full: u32,
    stats: GcStats,
    events: EventBuffer,
}

impl Heap {
    /// An empty heap. Reserves address space but hardly touches memory.
    pub fn new(config: HeapConfig) -> io::Result<Heap> {
        let soft_bytes = config.max_heap_bytes.max(1 << 20);
        let reserve_bytes = (soft_bytes / 8).max(64 << 20);
        let blocks = Blocks::new(soft_bytes.saturating_add(reserve_bytes))?;
        let hard_bytes = soft_bytes.saturating_add(reserve_bytes).min(blocks.reserved_bytes());
        let soft_bytes = soft_bytes.min(hard_bytes - hard_bytes / 9);
        let nursery_bytes = config.nursery_bytes.clamp(1, soft_bytes / 4);
        Ok(Heap {
            segs: [Seg::EMPTY; CLASS_COUNT],
            since_bytes: 0,
            nursery_now_bytes: nursery_bytes,
            config: HeapConfig { nursery_bytes, ..config },
            blocks,
            large: LargeSpace::default(),
            runs: Vec::new(),
            touched: Vec::new(),
            roomy: std::array::from_fn(|_| Vec::new()),
            remembered: Vec::new(),
            remembered_large: false,
            remembered_slots: Vec::new(),
            mark_stack: Vec::new(),
            found_roots: Vec::new(),
            stack_base: 0,
            vm_stack: None,
            root_list: RootList::new(),
            root_sources: Vec::new(),
            weak_tables: Vec::new(),
            limit_hook: None,
            limit_exceeded: false,
            collecting: false,
            soft_bytes,
            hard_bytes,
            external_bytes: 0,
            live_block_bytes: 0,
            full_threshold_bytes: collect::MIN_FULL_THRESHOLD_BYTES,
            young_in_a_row: 0,
            young_before_full: collect::MIN_YOUNG_BEFORE_FULL,
            stats: GcStats::default(),
            events: EventBuffer::default(),
        })
    }

    /// Offset inside [`Heap`] of the [`Seg`] that serves cells of `bytes` bytes (at most [`MAX_SMALL_BYTES`]). Compiled
    /// code: `cell = cur; if cell + cell_class_bytes(bytes) <= limit { cur += cell_class_bytes(bytes) } else slow path`.
    pub fn seg_offset(bytes: usize) -> usize {
        std::mem::offset_of!(Heap, segs) + class_of(bytes) * size_of::<Seg>()
    }

    /// The size that a cell of `bytes` bytes really gets. Up to 512 bytes it is `bytes` rounded up to [`GRANULE`].
    /// Callers with a use for the rest (array growth) ask first and take it all.
    pub fn cell_class_bytes(bytes: usize) -> usize {
        if bytes <= MAX_SMALL_BYTES { class_bytes(class_of(bytes)) } else { bytes.next_multiple_of(GRANULE) }
    }

    /// The true size of an allocated cell.
    ///
    /// # Safety
    /// `cell` is an allocated cell of this heap.
    #[inline]
    pub unsafe fn cell_bytes(&self, cell: *const Cell) -> usize {
        let address = cell as usize;
        if address.wrapping_sub(self.blocks.base()) < self.blocks.used_bytes() {
            self.blocks.cell_bytes(self.blocks.block_of(address))
        } else {
            // SAFETY: an allocated cell outside of the blocks is a large cell, preceded by its header.
            unsafe { (*large::header_of(address)).bytes }
        }
    }

    /// Records how far up the native stack may hold cell pointers: the [`stack_pointer`] of the frame that enters the
    /// virtual machine. Returns the previous base, to be set again on the way out. While it is 0 (at the beginning),
    /// nothing is ever collected.
    pub fn set_stack_base(&mut self, base: usize) -> usize {
        std::mem::replace(&mut self.stack_base, base & !7)
    }

    /// Registers the VM stack: words from `base` up to the address that is in `*sp` when a collection starts.
    ///
    /// # Safety
    /// Until the heap is dropped or another stack is set, `sp` can be read, and everything from `base` up to `*sp` too.
    pub unsafe fn set_vm_stack(&mut self, base: *const u64, sp: *const *const u64) {
        self.vm_stack = Some(VmStack { base, sp });
    }

    /// Registers a source of exact roots, asked at every collection.
    pub fn add_root_source(&mut self, source: RootFn, data: *mut ()) {
        self.root_sources.push((source, data));
    }

    /// Registers a weak table, told after every marking what is alive.
    pub fn add_weak_table(&mut self, table: WeakFn, data: *mut ()) {
        self.weak_tables.push((table, data));
    }

    /// Registers what is called when the soft limit is exceeded. It must not allocate in this heap.
    pub fn set_limit_hook(&mut self, hook: LimitFn, data: *mut ()) {
        self.limit_hook = Some((hook, data));
    }

    /// Whether the heap is over its limit although everything dead was freed: the program must be ended.
    pub fn limit_exceeded(&self) -> bool {
        self.limit_exceeded
    }

    /// The soft limit, in bytes.
    pub fn limit_bytes(&self) -> usize {
        self.soft_bytes
    }

    /// Bytes of blocks in use, large cells, and external memory: what the limit is about.
    #[inline]
    pub fn footprint_bytes(&self) -> usize {
        self.blocks.in_use_bytes() + self.large.bytes() + self.external_bytes
    }

    /// Counts malloc'd memory that cells keep alive, so that collections happen in time.
    pub fn add_external_bytes(&mut self, bytes: usize) {
        self.external_bytes += bytes;
        self.since_bytes += bytes;
    }

    /// The opposite of [`Heap::add_external_bytes`].
    pub fn remove_external_bytes(&mut self, bytes: usize) {
        self.external_bytes = self.external_bytes.saturating_sub(bytes);
    }

    /// What the heap was made with.
    pub fn config(&self) -> &HeapConfig {
        &self.config
    }

    /// The list that `RootVec`s link themselves into.
    pub(super) fn root_list(&self) -> &RootList {
        &self.root_list
    }
}
