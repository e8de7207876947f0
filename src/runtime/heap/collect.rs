//! A collection from beginning to end, and when there is one.
//!
//! ```text
//! close the allocation intervals → gather roots → (full: clear marks) → mark → weak tables → sweep → statistics
//! ```
//!
//! Young or full is decided when the nursery is used up: full, if the live size is past 64 MB and has grown, since the last
//! full collection, by what it was then and another 64 MB. An adaptive heap also lets the nursery grow where much survives,
//! and collects everything where dead old cells have broken up the free memory. Sweeping touches no cell: a block's free intervals are the gaps between its mark
//! bits, found when somebody allocates in it. Blocks at most 7/8 full go on their class's list, empty ones become free,
//! and a full collection gives back to the system the blocks that nobody needed since the one before.

use super::Heap;
use super::alloc::Seg;
use super::class::{BLOCK_BYTES, CLASS_COUNT, GRANULE, class_of};
use super::entry::enter;
use super::mark::Marker;
use super::roots::Liveness;
use super::stats::{GcCause, GcEvent};
use std::time::Instant;

/// Below this live size no full collection is needed; nor for less growth than this.
pub(super) const MIN_FULL_THRESHOLD_BYTES: usize = 64 << 20;
/// Growth of the live size, beside that, which makes the next collection full.
const FULL_GROWTH_FACTOR: usize = 2;
/// A nursery of which at least one part in so many survives is too small.
const MUCH_SURVIVED: usize = 8;
/// How many times its first size the nursery may reach.
const NURSERY_GROWTH: usize = 16;
/// Intervals of free cells that are on average shorter than this make allocation slow.
const SHORT_RUN_BYTES: usize = 512;
/// Heaps with more alive are not collected as a whole because of that.
const MAX_FRAGMENTED_BYTES: usize = 64 << 20;
/// Young collections between two full ones because of it, at least; and at most, where the full ones do not help.
pub(super) const MIN_YOUNG_BEFORE_FULL: u32 = 8;
const MAX_YOUNG_BEFORE_FULL: u32 = 1 << 12;
/// In stress mode every so many collections one is full.
const STRESS_FULL_PERIOD: u32 = 16;

impl Heap {
    /// Collects now: everything, or what was allocated since the last collection. Does nothing before a stack base is
    /// set.
    pub fn collect(&mut self, full: bool) {
        self.collect_for(full, GcCause::Explicit);
    }

    pub(super) fn collect_for(&mut self, full: bool, cause: GcCause) {
        assert!(!self.collecting, "collection inside a collection");
        let argument = usize::from(full) + 2 * usize::from(cause == GcCause::Limit);
        enter(self, argument, collect_entered);
    }

    /// The nursery is used up, or stress mode wants it.
    pub(super) fn collect_when_due(&mut self, stack_low: usize) {
        let growth = self.live_estimate_bytes() > self.full_threshold_bytes;
        if growth {
            self.collect_at(true, GcCause::Growth, stack_low);
        } else if self.config.adaptive && self.is_fragmented() && self.young_in_a_row >= self.young_before_full {
            self.collect_at(true, GcCause::Fragmentation, stack_low);
        } else if self.config.stress_gc {
            self.collect_at(self.young_in_a_row >= STRESS_FULL_PERIOD, GcCause::Stress, stack_low);
        } else {
            self.collect_at(false, GcCause::Nursery, stack_low);
        }
    }

    /// Whether the cells since the last collection came from short intervals. Cells that outlive one collection count as
    /// old, dead or not, until a full one; where the program has little alive, it is those that lie in the way.
    fn is_fragmented(&self) -> bool {
        self.runs.len() * SHORT_RUN_BYTES > self.since_bytes && self.live_estimate_bytes() <= MAX_FRAGMENTED_BYTES
    }

    /// What survived the last collection, dead old cells included, and external memory.
    fn live_estimate_bytes(&self) -> usize {
        self.live_block_bytes + self.large.live_bytes + self.external_bytes
    }

    pub(super) fn collect_at(&mut self, full: bool, cause: GcCause, stack_low: usize) {
        if self.stack_base == 0 {
            return;
        }
        let start = Instant::now();
        self.collecting = true;
        for class in 0..CLASS_COUNT {
            self.finish_run(class);
            self.segs[class] = Seg::EMPTY;
        }
        let live_before = self.live_block_bytes + self.large.live_bytes;
        self.judge_full_collection(full);
        let allocated = std::mem::take(&mut self.since_bytes);

        let mut roots = std::mem::take(&mut self.found_roots);
        if self.config.verify {
            self.large.sort();
            self.verify_before();
        }
        self.gather_roots(stack_low, full, &mut roots);
        self.mark_from(&mut roots, full);
        self.found_roots = roots;

        let liveness = Liveness { heap: self, full };
        for &(table, data) in &self.weak_tables {
            table(data, &liveness);
        }

        self.sweep(full);
        if self.config.verify {
            self.verify_after();
        }
        self.collecting = false;

        let live = self.live_block_bytes + self.large.live_bytes;
        if full {
            self.young_in_a_row = 0;
            self.full_threshold_bytes = self.live_estimate_bytes() * FULL_GROWTH_FACTOR + MIN_FULL_THRESHOLD_BYTES;
            if self.footprint_bytes() < self.soft_bytes - self.soft_bytes / 32 {
                self.limit_exceeded = false;
            }
        } else {
            self.young_in_a_row += 1;
            self.pace_nursery(allocated, live.saturating_sub(live_before));
        }
        self.account(full, cause, start.elapsed().as_nanos() as u64, allocated, live_before, live);
    }

    /// A young collection costs what it finds alive. If that was much of what was allocated, more time to die pays for
    /// the cache misses of a larger nursery.
    fn pace_nursery(&mut self, allocated: usize, survived: usize) {
        let most = (self.config.nursery_bytes * NURSERY_GROWTH).min(self.soft_bytes / 16);
        if self.config.adaptive && survived >= allocated / MUCH_SURVIVED && self.nursery_now_bytes < most {
            self.nursery_now_bytes = (self.nursery_now_bytes * 2).min(most);
        }
    }

    /// After a full collection, the first nursery tells whether it has made room: if not, the next one may wait longer.
    fn judge_full_collection(&mut self, full: bool) {
        if self.young_in_a_row == 0 && !full {
            self.young_before_full = if self.is_fragmented() {
                (self.young_before_full * 2).min(MAX_YOUNG_BEFORE_FULL)
            } else {
                MIN_YOUNG_BEFORE_FULL
            };
        }
    }

    fn mark_from(&mut self, roots: &mut Vec<*mut crate::runtime::cell::Cell>, full: bool) {
        if full {
            let blocks: Vec<u32> = self.blocks.iter_in_use().collect();
            for block in blocks {
                self.blocks.meta_mut(block).marks.fill(0);
            }
            self.large.clear_marks();
            self.clear_remembered();
        }
        let mut marker = Marker::new(&mut self.blocks, std::mem::take(&mut self.mark_stack));
        if !full {
            self.visit_remembered(&mut marker);
            self.clear_remembered();
        }
        for cell in roots.drain(..) {
            // SAFETY: roots are cells: resolved ones by construction, exact ones by the contract of root sources.
            unsafe { marker.mark(cell as usize) };
        }
        // SAFETY: the words of reachable cells obey the heap's rules (see the module's documentation).
        unsafe { marker.drain() };
        self.mark_stack = marker.stack;
    }

    /// Turns marks into room: empties become free blocks, blocks with room go on their class's list.
    fn sweep(&mut self, full: bool) {
        self.large.sweep(full);
        let mut touched = std::mem::take(&mut self.touched);
        if full {
            touched.clear();
            // Highest first, so that the lists hand out the lowest first and high memory can be given back.
            touched.extend(self.blocks.iter_in_use().rev());
            self.roomy.iter_mut().for_each(Vec::clear);
            self.live_block_bytes = 0;
        }
        for &block in &touched {
            let bytes = self.blocks.cell_bytes(block);
            let meta = self.blocks.meta_mut(block);
            let cells = meta.count_marks();
            let before = if full { 0 } else { meta.marked_cells as usize };
            meta.marked_cells = cells as u16;
            meta.touched = false;
            if self.config.poison_freed {
                self.poison_block(block);
            }
            self.live_block_bytes += (cells - before) * bytes;
            if cells == 0 {
                self.blocks.give_back(block);
            } else if cells * bytes <= BLOCK_BYTES / 8 * 7 {
                self.roomy[class_of(bytes)].push(block);
            }
        }
        touched.clear();
        self.touched = touched;
        self.runs.clear();
        if full {
            self.blocks.trim();
        }
    }

    fn account(&mut self, full: bool, cause: GcCause, pause_ns: u64, allocated: usize, before: usize, live: usize) {
        let freed = (before + allocated).saturating_sub(live);
        let stats = &mut self.stats;
        if full {
            stats.full_collections += 1;
        } else {
            stats.young_collections += 1;
        }
        stats.last_pause_ns = pause_ns;
        stats.total_pause_ns += pause_ns;
        stats.max_pause_ns = stats.max_pause_ns.max(pause_ns);
        stats.allocated_bytes += allocated as u64;
        stats.freed_bytes += freed as u64;
        stats.live_bytes = live as u64;
        self.events.push(GcEvent {
            full,
            cause,
            pause_ns,
            allocated_bytes: allocated as u64,
            freed_bytes: freed as u64,
            live_bytes: live as u64,
            footprint_bytes: self.footprint_bytes() as u64,
            ended: Instant::now(),
        });
    }
}

extern "C" fn collect_entered(heap: *mut Heap, argument: usize, stack_low: usize) -> usize {
    let cause = if argument & 2 != 0 { GcCause::Limit } else { GcCause::Explicit };
    // SAFETY: `collect_for` passes its exclusively borrowed self.
    unsafe { (*heap).collect_at(argument & 1 != 0, cause, stack_low) };
    0
}

const _: () = assert!(BLOCK_BYTES / GRANULE <= u16::MAX as usize);
