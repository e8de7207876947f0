//! What the collector tells about itself: running totals, and one event per collection.
//!
//! Events wait in a bounded buffer until an upper floor takes them; what does not fit is counted. Byte figures depend on
//! where the system puts memory (a conservative root is an accident), so they have no place in deterministic output.

use super::Heap;

/// Events kept until they are taken.
const EVENT_CAPACITY: usize = 1024;

/// Why a collection happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GcCause {
    /// The nursery was used up.
    Nursery,
    /// The nursery was used up, and the live size had doubled since the last full collection.
    Growth,
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
}

impl EventBuffer {
    pub fn push(&mut self, event: GcEvent) {
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

    /// The collections since the last call, oldest first, and how many more did not fit in the buffer.
    pub fn take_gc_events(&mut self) -> (Vec<GcEvent>, u64) {
        (std::mem::take(&mut self.events.events), std::mem::take(&mut self.events.dropped))
    }
}
