//! The numbers that incidents of a code cache are told in: compiled methods, failed compiles, how full the cache is.

use crate::events::Event;
use crate::events::codec::Recording;
use crate::vocab::{BlobId, CompileId, RefusalReason};
use rustc_hash::{FxHashMap, FxHashSet};

/// Numbers of compiling and of the code cache, at the end of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CodeNumbers {
    /// Compiled pieces of code in use.
    pub in_use: u64,
    /// Compiles that were installed over the whole run.
    pub installed: u64,
    /// Compiles that failed or were turned away because there was no room: in the cache, or in the queue.
    pub failed: u64,
    /// Highest share of a segment of the cache, in percent.
    pub used_percent: f64,
    /// Evictions.
    pub evictions: u64,
    /// Longest compile queue.
    pub longest_queue: u64,
    /// Longest time that a compile waited, in nanoseconds.
    pub longest_wait_ns: u64,
}

impl CodeNumbers {
    /// Reads them out of a recording.
    pub fn of(recording: &Recording) -> CodeNumbers {
        let mut numbers = CodeNumbers::default();
        let mut sizes = [0u64; 3];
        let mut in_use: FxHashMap<BlobId, (usize, u32)> = FxHashMap::default();
        let mut used = [0u64; 3];
        let mut refused: FxHashSet<CompileId> = FxHashSet::default();
        for stamped in &recording.events {
            match &stamped.event {
                Event::CodeRegionReserved { segment_bytes, .. } => sizes = *segment_bytes,
                Event::CodeInstalled { blob, segment, bytes, compile, .. } => {
                    numbers.installed += u64::from(compile.is_some());
                    in_use.insert(*blob, (segment.index(), *bytes));
                    used[segment.index()] += u64::from(*bytes);
                    for (size, used) in sizes.iter().zip(used) {
                        let percent = used as f64 * 100.0 / (*size).max(1) as f64;
                        numbers.used_percent = numbers.used_percent.max(percent.min(100.0));
                    }
                }
                Event::CodeFreed { blob, .. } => {
                    if let Some((segment, bytes)) = in_use.remove(blob) {
                        used[segment] -= u64::from(bytes);
                    }
                }
                Event::CodeEvicted { blob, .. } => {
                    numbers.evictions += 1;
                    if let Some((segment, bytes)) = in_use.remove(blob) {
                        used[segment] -= u64::from(bytes);
                    }
                }
                Event::CompileRefused { compile, reason, .. } if is_for_want_of_room(*reason) => {
                    refused.insert(*compile);
                }
                Event::TierDecision { outcome, .. } if is_turned_away(*outcome) => {
                    numbers.failed += stamped.weight();
                }
                Event::CompileEnqueued { queue_depth, .. } => {
                    numbers.longest_queue = numbers.longest_queue.max(u64::from(*queue_depth));
                }
                Event::CompileDequeued { waited_ns, .. } => {
                    numbers.longest_wait_ns = numbers.longest_wait_ns.max(*waited_ns);
                }
                _other_events => {}
            }
        }
        numbers.failed += refused.len() as u64;
        numbers.in_use = in_use.len() as u64;
        numbers
    }
}

fn is_for_want_of_room(reason: RefusalReason) -> bool {
    matches!(reason, RefusalReason::CodeCacheFull | RefusalReason::CompilerDisabled | RefusalReason::QueueFull)
}

fn is_turned_away(outcome: crate::vocab::DecisionOutcome) -> bool {
    use crate::vocab::DecisionOutcome;
    matches!(outcome, DecisionOutcome::QueueFull | DecisionOutcome::CompilerDisabled)
}
