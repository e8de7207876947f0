//! What the collector tells about itself: running totals, and one event per collection.
//!
//! Events wait in a bounded buffer until an upper floor takes them; what does not fit is counted. Byte figures depend on
//! where the system puts memory (a conservative root is an accident), so they have no place in deterministic output.

use super::Heap;
use std::time::Instant;

/// Events kept until they are taken.
const EVENT_CAPACITY: usize = 1 << 12;

/// Why a collection happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GcCause {
    /// The nursery was used up.
    Nursery,
    /// The nursery was used up, and the live size had doubled since the last full collection.
    Growth,
    /// The nursery was used up, and there was little room between old cells, most of which are probably dead.
    Fragmentation,
    /// The heap limit was reached.
    Limit,
    /// Somebody asked for it.
    Explicit,
    /// Stress mode.
    Stress,
}

/// One collection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GcEvent {
    /// Full, or young.
    pub full: bool,
    /// Why it happened.
    pub cause: GcCause,
    /// How long the program stood still.
    pub pause_ns: u64,
    /// Bytes allocated since the previous collection.
    pub allocated_bytes: u64,
    /// Bytes of cells freed.
    pub freed_bytes: u64,
    /// Bytes of cells that survived.
    pub live_bytes: u64,
    /// Bytes of blocks in use, large cells and external memory afterwards.
    pub footprint_bytes: u64,
    /// When it ended.
    pub ended: Instant,
}

/// Totals since the heap was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct GcStats {
    /// Young collections.
    pub young_collections: u64,
    /// Full collections.
    pub full_collections: u64,
    /// Pause of the last collection.
    pub last_pause_ns: u64,
    /// Sum of all pauses.
    pub total_pause_ns: u64,
    /// Longest pause.
    pub max_pause_ns: u64,
    /// Bytes of cells allocated.
    pub allocated_bytes: u64,
    /// Bytes of cells freed.
    pub freed_bytes: u64,
    /// Bytes of cells that survived the last collection.
    pub live_bytes: u64,
}

#[derive(Default)]
pub(super) struct EventBuffer {
    events: Vec<GcEvent>,
    dropped: u64,
    /// Whether anybody will take them.
    pub watched: bool,
}

impl EventBuffer {
    pub fn push(&mut self, event: GcEvent) {
        if !self.watched {
            return;
        }
        if self.events.len() < EVENT_CAPACITY {
            self.events.push(event);
        } else {
            self.dropped += 1;
        }
    }
}

impl Heap {
    /// The totals. Allocation is counted up to this moment.
    pub fn stats(&self) -> GcStats {
        let open: usize = self.segs.iter().map(|seg| seg.taken_bytes()).sum();
        let mut stats = self.stats;
        stats.allocated_bytes += (self.since_bytes + open) as u64;
        stats
    }

    /// Keeps collections for [`Heap::take_gc_events`] from now on.
    pub fn watch_collections(&mut self) {
        self.events.watched = true;
    }

    /// Where the flag stands that is set during a collection: for a signal handler on the same thread.
    pub fn collecting_flag(&self) -> *const bool {
        &raw const self.collecting
    }

    /// Whether there are collections to be taken.
    #[inline]
    pub fn has_gc_events(&self) -> bool {
        !self.events.events.is_empty()
    }

    /// The collections since the last call, oldest first, and how many more did not fit in the buffer.
    pub fn take_gc_events(&mut self) -> (Vec<GcEvent>, u64) {
        (std::mem::take(&mut self.events.events), std::mem::take(&mut self.events.dropped))
    }
}
