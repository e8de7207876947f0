//! Time per iteration, taken from the marks that a program sets.
//!
//! A program that is to be measured calls `performance.mark('iteration')` at the start of each iteration: a standard
//! call, which prints nothing and works on Node alike. An iteration ends where the next begins; the last one ends with
//! the run.

use crate::events::{Event, Stamped};

/// Name of the mark that starts an iteration.
pub const MARK: &str = "iteration";

/// The iterations of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// Duration of each iteration.
    pub ns: Vec<u64>,
    /// Deopts in each iteration.
    pub deopts: Vec<u64>,
}

impl Series {
    /// Reads the iterations out of a recording. What happens before the first mark belongs to none.
    pub fn of(events: &[Stamped]) -> Series {
        let mut series = Series::default();
        let mut started: Option<u64> = None;
        for stamped in events {
            match &stamped.event {
                Event::Mark { name } if name == MARK => {
                    if let Some(start_ns) = started.replace(stamped.time_ns) {
                        series.ns.push(stamped.time_ns.saturating_sub(start_ns));
                    }
                    series.deopts.push(0);
                }
                Event::Deoptimized { .. } => {
                    if let Some(count) = series.deopts.last_mut() {
                        *count += stamped.weight();
                    }
                }
                Event::RunEnded { .. } => {
                    if let Some(start_ns) = started.take() {
                        series.ns.push(stamped.time_ns.saturating_sub(start_ns));
                    }
                }
                _other_events => {}
            }
        }
        // A recording that breaks off has an unfinished iteration.
        series.deopts.truncate(series.ns.len());
        series
    }

    /// Number of iterations.
    pub fn len(&self) -> usize {
        self.ns.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ns.is_empty()
    }

    /// Time per iteration after the first `skip`: the mean without the shortest and longest twentieth, so that neither
    /// a lucky nor a disturbed iteration decides, while a storm in every tenth still counts.
    pub fn typical_ns(&self, skip: usize) -> Option<f64> {
        let mut kept: Vec<u64> = self.ns.iter().skip(skip.min(self.ns.len().saturating_sub(1))).copied().collect();
        kept.sort_unstable();
        let cut = kept.len() / 20;
        let middle = &kept[cut..kept.len() - cut];
        (!middle.is_empty()).then(|| middle.iter().map(|&ns| ns as f64).sum::<f64>() / middle.len() as f64)
    }

    /// The duration that so many percent of the iterations in a range do not exceed; 0 if there are none.
    pub fn percentile_ns(&self, range: std::ops::Range<usize>, percent: usize) -> f64 {
        let mut kept = self.ns.get(range).unwrap_or_default().to_vec();
        kept.sort_unstable();
        let rank = (kept.len() * percent).div_ceil(100);
        rank.checked_sub(1).map_or(0.0, |index| kept[index] as f64)
    }

    /// Deopts in the second half of the iterations. The last iteration does not count: it reaches to the end of the run, and
    /// that the loop of iterations ends is news to code that was made while it ran, which no policy can know before.
    pub fn deopts_in_last_half(&self) -> u64 {
        let before_the_last = &self.deopts[..self.deopts.len().saturating_sub(1)];
        before_the_last.iter().skip(self.deopts.len() / 2).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::samples;
    use crate::vocab::DeoptReason;

    fn marks(times_ms: &[u64]) -> Vec<Stamped> {
        times_ms.iter().map(|&ms| samples::at(ms, Event::Mark { name: MARK.into() })).collect()
    }

    fn ended(ms: u64) -> Stamped {
        samples::at(ms, Event::RunEnded { exit_code: 0, heap_bytes: 0, cache_bytes: [0; 3] })
    }

    #[test]
    fn iterations_reach_from_mark_to_mark_and_to_the_end() {
        let mut events = marks(&[10, 12]);
        events.push(samples::deopt(13, 1, DeoptReason::Hole, None));
        events.push(samples::at(14, Event::Mark { name: "other".into() }));
        events.push(ended(17));
        let series = Series::of(&events);
        assert_eq!(series.ns, [2_000_000, 5_000_000]);
        assert_eq!(series.deopts, [0, 1]);
    }

    #[test]
    fn the_end_of_the_run_is_no_late_deopt() {
        let late = |deopts: &[u64]| Series { ns: vec![1; deopts.len()], deopts: deopts.to_vec() }.deopts_in_last_half();
        assert_eq!(late(&[3, 0, 2, 0]), 2);
        assert_eq!(late(&[3, 0, 0, 1]), 0);
        assert_eq!(late(&[1]), 0);
        assert_eq!(late(&[]), 0);
    }

    #[test]
    fn a_broken_off_run_has_no_last_iteration() {
        let series = Series::of(&marks(&[10, 12, 15]));
        assert_eq!(series.ns.len(), 2);
        assert_eq!(series.deopts.len(), 2);
    }

    #[test]
    fn percentiles_are_ranks() {
        let series = Series { ns: (1..=200).collect(), deopts: vec![0; 200] };
        assert_eq!(series.percentile_ns(0..200, 99), 198.0);
        assert_eq!(series.percentile_ns(0..100, 50), 50.0);
        assert_eq!(series.percentile_ns(5..5, 99), 0.0);
    }

    #[test]
    fn outliers_do_not_decide() {
        let mut ns = vec![100; 38];
        ns.extend([1, 1_000_000]);
        let series = Series { deopts: vec![0; ns.len()], ns };
        assert_eq!(series.typical_ns(0), Some(100.0));
        assert_eq!(Series::default().typical_ns(3), None);
        assert_eq!(Series { ns: vec![7], deopts: vec![0] }.typical_ns(100), Some(7.0));
    }
}
