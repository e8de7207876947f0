//! When repeated deopts are a storm: many in one function within a short time.
//!
//! A deopt is a normal event; each speculation may fail once. A storm is a function that keeps failing. The detector
//! keeps, per function, the deopts of the current window; when their number reaches the limit it reports once and then
//! stays silent for that function as long as the storm lasts: the next report needs a window in which it was quiet.
//! Bounded: one entry per function that deoptimizes, and a handful of places in each.

use crate::events::{Event, SourceSite};
use crate::vocab::{DeoptReason, FunctionId};
use rustc_hash::FxHashMap;

/// Length of the window.
pub const WINDOW_NS: u64 = 1_000_000_000;
/// Deopts of one function within the window that make a storm.
pub const LIMIT: u32 = 10;
/// Places that are told apart per function; deopts at further places only count.
const PLACES: usize = 16;

#[derive(Debug, Default)]
struct Watch {
    window_start_ns: u64,
    deopts: u32,
    reported: bool,
    places: Vec<(SourceSite, DeoptReason, u32)>,
}

/// Watches the deopts of all functions.
#[derive(Debug, Default)]
pub struct StormDetector {
    functions: FxHashMap<FunctionId, Watch>,
}

impl StormDetector {
    /// Takes note of a deopt of `function`; returns the event to report when a storm has just begun.
    pub fn observe(
        &mut self,
        function: FunctionId,
        site: SourceSite,
        reason: DeoptReason,
        now_ns: u64,
    ) -> Option<Event> {
        let watch = self.functions.entry(function).or_default();
        if now_ns.saturating_sub(watch.window_start_ns) > WINDOW_NS {
            let still_storming = watch.reported && watch.deopts >= LIMIT;
            *watch = Watch { window_start_ns: now_ns, reported: still_storming, ..Watch::default() };
        }
        watch.deopts = watch.deopts.saturating_add(1);
        match watch.places.iter().position(|(place, why, _)| *place == site && *why == reason) {
            Some(index) => watch.places[index].2 += 1,
            None if watch.places.len() < PLACES => watch.places.push((site, reason, 1)),
            None => {}
        }
        if watch.reported || watch.deopts < LIMIT {
            return None;
        }
        watch.reported = true;
        let (site, reason, _) = watch.places.iter().copied().max_by_key(|(_, _, count)| *count)?;
        let window_ns = now_ns.saturating_sub(watch.window_start_ns);
        Some(Event::StormDetected { function, site, reason, deopts: watch.deopts, window_ns })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(offset: u32) -> SourceSite {
        SourceSite { function: FunctionId::from_u32(1), offset, line: 3, column: 4 }
    }

    fn deopt(detector: &mut StormDetector, offset: u32, now_ns: u64) -> Option<Event> {
        detector.observe(FunctionId::from_u32(1), site(offset), DeoptReason::Hole, now_ns)
    }

    #[test]
    fn a_storm_is_reported_once_with_its_worst_place() {
        let mut detector = StormDetector::default();
        assert!((0..9).all(|time| deopt(&mut detector, u32::from(time < 2), time).is_none()));
        let Some(Event::StormDetected { site: blamed, deopts, .. }) = deopt(&mut detector, 0, 10) else {
            panic!("no storm")
        };
        assert_eq!((blamed, deopts), (site(0), LIMIT));
        assert!((11..2_000).all(|time| deopt(&mut detector, 0, time).is_none()));
    }

    #[test]
    fn slow_deopts_are_no_storm() {
        let mut detector = StormDetector::default();
        assert!((0..100).all(|step| deopt(&mut detector, 0, step * WINDOW_NS / 5).is_none()));
    }

    #[test]
    fn a_storm_that_returns_after_quiet_is_reported_again() {
        let mut detector = StormDetector::default();
        assert_eq!((0..20).filter_map(|time| deopt(&mut detector, 0, time)).count(), 1);
        assert!(deopt(&mut detector, 0, 3 * WINDOW_NS).is_none());
        let later = (0..20).filter_map(|time| deopt(&mut detector, 0, 6 * WINDOW_NS + time)).count();
        assert_eq!(later, 1);
    }
}
