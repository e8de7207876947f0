//! Allocation: the bump, and where the next interval comes from.
//!
//! The fast path takes the next cell of the class's interval; compiled code contains the same few instructions. When
//! the interval is used up, the slow path looks, in this order, for
//!
//! 1. the next interval of free cells in the same block,
//! 2. a block of the class that was at most 7/8 full when last swept,
//! 3. a free block, or new memory.
//!
//! Before that, it collects if the nursery is used up. A block that would take the heap over its limit is preceded by a
//! full collection; if that frees too little, the heap raises [`Heap::limit_exceeded`], calls the limit hook, and goes
//! on serving from the reserve behind the limit, so that the program can be ended in order at its next safepoint. The
//! reserve is an eighth of the limit and at least 64 MB. When that is gone too, the process ends with a message: the
//! last resort, since a cell allocation has no way to fail.

use super::block::{NO_RUN, Run};
use super::class::{BLOCK_BYTES, GRANULE, MAX_SMALL_BYTES, class_bytes, class_of};
use super::entry::{Inner, enter};
use super::stats::GcCause;
use super::{Heap, OUT_OF_MEMORY_EXIT_CODE};
use crate::runtime::cell::{Cell, CellKind};

/// Called when the heap limit is exceeded: raises the runtime's interrupt flag.
pub type LimitFn = fn(data: *mut ());

/// Offset of `cur` in a [`Seg`].
pub const SEG_CUR: usize = std::mem::offset_of!(Seg, cur);
/// Offset of `limit` in a [`Seg`].
pub const SEG_LIMIT: usize = std::mem::offset_of!(Seg, limit);

/// The interval of free cells that a size class allocates from.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Seg {
    /// The next cell.
    pub cur: usize,
    /// End of the interval.
    pub limit: usize,
    /// Where the interval began.
    run_start: usize,
    block: u32,
    /// Index of the first cell after the interval; `EXHAUSTED` if there is no block.
    next_cell: u32,
}

const EXHAUSTED: u32 = u32::MAX;

impl Seg {
    pub(super) const EMPTY: Seg = Seg { cur: 0, limit: 0, run_start: 0, block: 0, next_cell: EXHAUSTED };

    /// Bytes taken from the interval so far.
    pub(super) fn taken_bytes(&self) -> usize {
        self.cur - self.run_start
    }
}

impl Heap {
    /// A new cell of at least `bytes` bytes. Its header has the kind, and zero for shape, state and flags; the rest is
    /// zero. May collect. Never fails (see the file's header).
    #[inline(always)]
    pub fn alloc(&mut self, bytes: usize, kind: CellKind) -> *mut Cell {
        let (cell, size) = self.take_cell(bytes, large_cell);
        if size <= MAX_SMALL_BYTES {
            // SAFETY: the cell has `size` bytes, the header's 8 included.
            unsafe { clear(cell, size) };
        }
        write_header(cell, kind)
    }

    /// Like [`Heap::alloc`], but the payload is whatever it was.
    ///
    /// # Safety
    /// Everything that [`crate::runtime::cell::trace`] looks at in the *whole* cell ([`Heap::cell_class_bytes`]) must be
    /// initialized before the next allocation. Meant for cells without references (flat strings, raw doubles) and for
    /// those whose count says how much is initialized.
    #[inline(always)]
    pub unsafe fn alloc_uninit(&mut self, bytes: usize, kind: CellKind) -> *mut Cell {
        write_header(self.take_cell(bytes, large_cell_uninit).0, kind)
    }

    /// Like [`Heap::alloc`], but `None` where that would exceed the limit although everything dead was freed. For
    /// requests whose size a program controls.
    pub fn try_alloc(&mut self, bytes: usize, kind: CellKind) -> Option<*mut Cell> {
        let fits = |heap: &Heap| heap.footprint_bytes().checked_add(bytes).is_some_and(|sum| sum <= heap.soft_bytes);
        if bytes > self.soft_bytes {
            return None;
        }
        if !fits(self) {
            self.collect_for(true, GcCause::Limit);
            if !fits(self) {
                return None;
            }
        }
        if bytes <= MAX_SMALL_BYTES {
            return Some(self.alloc(bytes, kind));
        }
        let cell = enter(self, bytes.next_multiple_of(GRANULE), try_large_cell);
        (cell != 0).then(|| write_header(cell, kind))
    }

    /// An uninitialized cell and its size; a large one as `large` makes it.
    #[inline(always)]
    fn take_cell(&mut self, bytes: usize, large: Inner) -> (usize, usize) {
        debug_assert!(bytes >= 8);
        if bytes > MAX_SMALL_BYTES {
            let size = bytes.next_multiple_of(GRANULE);
            return (enter(self, size, large), size);
        }
        let class = class_of(bytes);
        let size = class_bytes(class);
        let seg = &mut self.segs[class];
        let cell = seg.cur;
        if cell + size <= seg.limit {
            seg.cur = cell + size;
            return (cell, size);
        }
        (enter(self, class, small_cell), size)
    }

    /// Records the cells taken from the class's interval as a bump run.
    pub(super) fn finish_run(&mut self, class: usize) {
        let Seg { cur: end, run_start: start, block, .. } = self.segs[class];
        if end == start {
            return;
        }
        self.segs[class].run_start = end;
        let run = self.runs.len() as u32;
        let meta = self.blocks.meta_mut(block);
        if !meta.touched {
            meta.touched = true;
            meta.run_head = NO_RUN;
            self.touched.push(block);
        }
        let next = std::mem::replace(&mut meta.run_head, run);
        self.runs.push(Run { start, end, next });
        self.since_bytes += end - start;
    }

    fn small_cell(&mut self, class: usize, stack_low: usize) -> usize {
        assert!(!self.collecting, "allocation inside a collection");
        self.finish_run(class);
        if self.since_bytes >= self.nursery_now_bytes || self.config.stress_gc {
            self.collect_when_due(stack_low);
        }
        loop {
            if let Some(cell) = self.next_interval(class) {
                return cell;
            }
            let block = match self.roomy[class].pop() {
                Some(block) => block,
                None => {
                    if self.make_room(BLOCK_BYTES, stack_low) {
                        continue;
                    }
                    self.blocks.take(class_bytes(class)).unwrap_or_else(|| self.out_of_memory())
                }
            };
            self.segs[class] = Seg { block, next_cell: 0, ..Seg::EMPTY };
        }
    }

    /// Moves the class to the next interval of its block and takes the first cell of it.
    #[inline]
    fn next_interval(&mut self, class: usize) -> Option<usize> {
        let Seg { block, next_cell, .. } = self.segs[class];
        if next_cell == EXHAUSTED {
            return None;
        }
        let bytes = class_bytes(class);
        let count = BLOCK_BYTES / bytes;
        let (start, mut end) = self.blocks.meta(block).next_interval(next_cell as usize, bytes / GRANULE, count)?;
        if self.config.stress_gc {
            end = start + 1;
        }
        let address = self.blocks.address_of(block);
        let cell = address + start * bytes;
        self.segs[class] =
            Seg { cur: cell + bytes, limit: address + end * bytes, run_start: cell, block, next_cell: end as u32 };
        Some(cell)
    }

    fn large_cell(&mut self, bytes: usize, zeroed: bool, stack_low: usize) -> Option<usize> {
        assert!(!self.collecting, "allocation inside a collection");
        if self.since_bytes >= self.nursery_now_bytes || self.config.stress_gc {
            self.collect_when_due(stack_low);
        }
        while self.make_room(bytes, stack_low) {}
        let cell = match self.large.allocate(bytes, zeroed) {
            Some(cell) => cell,
            None => {
                self.collect_at(true, GcCause::Limit, stack_low);
                self.large.allocate(bytes, zeroed)?
            }
        };
        self.since_bytes += bytes;
        Some(cell)
    }

    /// Sees to it that `bytes` more are within the limit, or that the excess is known. True if there was a collection.
    #[inline]
    fn make_room(&mut self, bytes: usize, stack_low: usize) -> bool {
        self.footprint_bytes().saturating_add(bytes) > self.soft_bytes && self.make_room_slow(bytes, stack_low)
    }

    #[cold]
    fn make_room_slow(&mut self, bytes: usize, stack_low: usize) -> bool {
        let footprint = self.footprint_bytes().saturating_add(bytes);
        if !self.limit_exceeded {
            self.collect_at(true, GcCause::Limit, stack_low);
            // A heap that is full again after every few allocations would only collect from now on.
            let footprint = self.footprint_bytes().saturating_add(bytes);
            if footprint > self.soft_bytes - self.soft_bytes / 32 {
                self.limit_exceeded = true;
                if let Some((hook, data)) = self.limit_hook {
                    hook(data);
                }
            }
            return true;
        }
        if footprint > self.hard_bytes {
            self.out_of_memory();
        }
        false
    }

    /// Ends the process. Nothing can be unwound here: there may be compiled code on the stack.
    #[cold]
    pub fn out_of_memory(&self) -> ! {
        eprintln!(
            "petrel: out of memory: the heap limit of {} MB and its reserve are used up, or the system has no more",
            self.soft_bytes >> 20
        );
        std::process::exit(OUT_OF_MEMORY_EXIT_CODE);
    }
}

/// Zeroes what comes after the header word. Most cells are so small that a call would cost more than the stores.
#[inline(always)]
unsafe fn clear(cell: usize, size: usize) {
    // SAFETY: the caller vouches for the size, a multiple of 16 up to 512; cells of blocks are aligned to 16.
    unsafe {
        if size > 64 {
            return std::ptr::write_bytes((cell as *mut u8).add(8), 0, size - 8);
        }
        (cell as *mut u64).add(1).write(0);
        for pair in 1..4 {
            if size > 16 * pair {
                (cell as *mut u128).add(pair).write(0);
            }
        }
    }
}

#[inline(always)]
fn write_header(cell: usize, kind: CellKind) -> *mut Cell {
    let cell = cell as *mut Cell;
    // SAFETY: the allocator just handed out this cell; the whole header is one word.
    unsafe { *cell.cast::<u64>() = (kind as u64) << 32 };
    cell
}

extern "C" fn small_cell(heap: *mut Heap, class: usize, stack_low: usize) -> usize {
    // SAFETY: `take_cell` passes its exclusively borrowed self.
    unsafe { (*heap).small_cell(class, stack_low) }
}

extern "C" fn large_cell(heap: *mut Heap, bytes: usize, stack_low: usize) -> usize {
    // SAFETY: as in `small_cell`.
    let heap = unsafe { &mut *heap };
    heap.large_cell(bytes, true, stack_low).unwrap_or_else(|| heap.out_of_memory())
}

extern "C" fn large_cell_uninit(heap: *mut Heap, bytes: usize, stack_low: usize) -> usize {
    // SAFETY: as in `small_cell`.
    let heap = unsafe { &mut *heap };
    heap.large_cell(bytes, false, stack_low).unwrap_or_else(|| heap.out_of_memory())
}

extern "C" fn try_large_cell(heap: *mut Heap, bytes: usize, stack_low: usize) -> usize {
    // SAFETY: as in `small_cell`.
    unsafe { (*heap).large_cell(bytes, true, stack_low).unwrap_or(0) }
}
