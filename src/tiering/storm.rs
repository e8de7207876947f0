//! When deopts are a storm: one function whose code is lost and made again, over and over.
//!
//! A deopt is a normal event; each speculation may fail once. A storm is a *cycle*: compile, deopt (or invalidation),
//! recompile, deopt. The detector keeps, per function, what happened in the current window: losses, the recompiles that
//! followed them, and exits of code that stayed. When enough cycles have come together it reports once, naming the place
//! with most losses, and then stays silent for that function as long as the storm lasts: the next report needs a window
//! in which it was quiet. Code that stays but is left over and over (a policy that waits, an exit that teaches nothing) is
//! a storm too, at a much higher count, because such an exit costs a microsecond and not a compile.
//!
//! Bounded: one entry per function that loses code, and a handful of places in each. Nothing is done where nothing fails.

use super::state::Place;
use crate::vocab::{DeoptReason, FunctionId};
use rustc_hash::FxHashMap;

/// Length of the window.
pub const WINDOW_NS: u64 = 1_000_000_000;
/// Losses of one function's code within the window that make a storm.
pub const LOSSES: u32 = 8;
/// How many of them must have been followed by a recompile.
pub const RECOMPILES: u32 = 4;
/// Exits of code that stayed that make a storm.
pub const EXITS: u32 = 10_000;
/// Places that are told apart per function; losses at further places only count.
const PLACES: usize = 16;

/// A storm that has just been recognized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Storm {
    /// The function whose code is lost.
    pub function: FunctionId,
    /// The place with most losses.
    pub place: Place,
    /// Why the code was left there.
    pub reason: DeoptReason,
    /// Losses and exits in the window.
    pub deopts: u32,
    /// Recompiles that followed.
    pub recompiles: u32,
    /// How long the window has lasted.
    pub window_ns: u64,
}

#[derive(Debug, Default)]
struct Watch {
    window_start_ns: u64,
    exits: u32,
    losses: u32,
    recompiles: u32,
    /// The code was lost and has not been made again.
    without_code: bool,
    reported: bool,
    places: Vec<(Place, DeoptReason, u32)>,
}

impl Watch {
    fn storms(&self) -> bool {
        (self.losses >= LOSSES && self.recompiles >= RECOMPILES) || self.exits >= EXITS
    }
}

/// Watches all functions.
#[derive(Debug, Default)]
pub struct StormDetector {
    functions: FxHashMap<FunctionId, Watch>,
}

impl StormDetector {
    /// Optimized code of `function` was left or invalidated at `place`; `lost` says whether that cost the code. Returns the
    /// storm, when it has just begun.
    pub fn observe(
        &mut self,
        function: FunctionId,
        place: Place,
        reason: DeoptReason,
        lost: bool,
        now_ns: u64,
    ) -> Option<Storm> {
        let watch = self.functions.entry(function).or_default();
        if now_ns.saturating_sub(watch.window_start_ns) > WINDOW_NS {
            let (still, without_code) = (watch.reported && watch.storms(), watch.without_code);
            *watch = Watch { window_start_ns: now_ns, reported: still, without_code, ..Watch::default() };
        }
        watch.exits = watch.exits.saturating_add(1);
        if lost {
            watch.losses = watch.losses.saturating_add(1);
            watch.without_code = true;
        }
        match watch.places.iter().position(|(at, why, _)| *at == place && *why == reason) {
            Some(index) => watch.places[index].2 += 1,
            None if watch.places.len() < PLACES => watch.places.push((place, reason, 1)),
            None => {}
        }
        if watch.reported || !watch.storms() {
            return None;
        }
        watch.reported = true;
        let (place, reason, _) = watch.places.iter().copied().max_by_key(|(_, _, count)| *count)?;
        let window_ns = now_ns.saturating_sub(watch.window_start_ns);
        Some(Storm { function, place, reason, deopts: watch.exits, recompiles: watch.recompiles, window_ns })
    }

    /// Optimized code of `function` was installed.
    pub fn installed(&mut self, function: FunctionId) {
        if let Some(watch) = self.functions.get_mut(&function)
            && std::mem::take(&mut watch.without_code)
        {
            watch.recompiles = watch.recompiles.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FUNCTION: FunctionId = FunctionId::numbered(1);

    fn place(offset: u32) -> Place {
        Place { function: FUNCTION, offset }
    }

    /// One turn of the cycle: the code is lost, then made again.
    fn cycle(detector: &mut StormDetector, offset: u32, now_ns: u64) -> Option<Storm> {
        let storm = detector.observe(FUNCTION, place(offset), DeoptReason::Hole, true, now_ns);
        detector.installed(FUNCTION);
        storm
    }

    #[test]
    fn a_cycle_is_reported_once_with_its_worst_place() {
        let mut detector = StormDetector::default();
        assert!((0..7).all(|time| cycle(&mut detector, u32::from(time < 2), time).is_none()));
        let storm = cycle(&mut detector, 0, 10).expect("a storm");
        assert_eq!((storm.place, storm.deopts, storm.recompiles), (place(0), LOSSES, LOSSES - 1));
        assert!((11..2_000).all(|time| cycle(&mut detector, 0, time).is_none()));
    }

    #[test]
    fn code_that_is_not_made_again_makes_no_cycle() {
        let mut detector = StormDetector::default();
        let lose = |detector: &mut StormDetector, time| {
            detector.observe(FUNCTION, place(0), DeoptReason::Hole, true, time).is_some()
        };
        assert!((0..100).all(|time| !lose(&mut detector, time)));
    }

    #[test]
    fn code_that_stays_storms_at_a_much_higher_count() {
        let mut detector = StormDetector::default();
        let exit = |detector: &mut StormDetector, time| {
            detector.observe(FUNCTION, place(0), DeoptReason::Hole, false, time).is_some()
        };
        let first = (1..100_000).find(|time| exit(&mut detector, *time));
        assert_eq!(first, Some(u64::from(EXITS)));
    }

    #[test]
    fn slow_deopts_are_no_storm() {
        let mut detector = StormDetector::default();
        assert!((0..100).all(|step| cycle(&mut detector, 0, step * WINDOW_NS / 5).is_none()));
    }

    #[test]
    fn a_storm_that_returns_after_quiet_is_reported_again() {
        let mut detector = StormDetector::default();
        assert_eq!((0..20).filter_map(|time| cycle(&mut detector, 0, time)).count(), 1);
        assert!(cycle(&mut detector, 0, 3 * WINDOW_NS).is_none());
        let later = (0..20).filter_map(|time| cycle(&mut detector, 0, 6 * WINDOW_NS + time)).count();
        assert_eq!(later, 1);
    }
}
