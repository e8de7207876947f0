//! How long the program ran in slower tiers between two moments: what a story without deopts can have cost at most.
//!
//! Exact where time by tier was counted (deterministic runs), from the profiler's samples where there are any; where nobody
//! measured, all the time between the moments counts.

use crate::events::{Event, Stamped};
use crate::vocab::{Room, Tier};

/// Slower time so far, at moments in order.
pub(super) struct SlowTime {
    points: Vec<(u64, u64)>,
    end_ns: u64,
}

impl SlowTime {
    /// Of a recording.
    pub(super) fn of(events: &[Stamped]) -> SlowTime {
        let end_ns = events.iter().map(|stamped| stamped.time_ns).max().unwrap_or(0);
        let mut counted = vec![(0, 0)];
        let (mut sampled, mut sum) = (vec![(0, 0)], 0);
        for stamped in events {
            match &stamped.event {
                Event::TimeByTier { ticks, .. } if ticks.iter().any(|ns| *ns > 0) => {
                    let slower = Tier::ALL.iter().filter(|tier| **tier != Tier::Optimized);
                    counted.push((stamped.time_ns, slower.map(|tier| ticks[tier.index()]).sum()));
                }
                Event::Sampled {
                    room: Room::Interpreter | Room::Compiled | Room::Runtime,
                    periods,
                    period_ns,
                    frames,
                } => {
                    if frames.first().is_none_or(|frame| frame.tier != Tier::Optimized) {
                        sum += u64::from(*periods) * period_ns * stamped.weight();
                    }
                    sampled.push((stamped.time_ns, sum));
                }
                _other_events => {}
            }
        }
        let points = if counted.len() > 1 {
            counted
        } else if sampled.len() > 1 {
            sampled
        } else {
            vec![(0, 0), (end_ns, end_ns)]
        };
        SlowTime { points, end_ns }
    }

    /// From the start of the run to a moment: on the line between the two points around it.
    fn until(&self, at: u64) -> u64 {
        let next = self.points.partition_point(|(time, _)| *time <= at);
        let (before, sum) = self.points[next.saturating_sub(1)];
        match self.points.get(next) {
            Some((after, later)) if *after > before => {
                let share = (at - before) as f64 / (after - before) as f64;
                sum + (share * later.saturating_sub(sum) as f64) as u64
            }
            Some(_) | None => sum,
        }
    }

    /// Between two moments.
    pub(super) fn between(&self, from: u64, to: u64) -> u64 {
        self.until(to.min(self.end_ns)).saturating_sub(self.until(from))
    }

    /// When the recording ended.
    pub(super) fn end_ns(&self) -> u64 {
        self.end_ns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(ms: u64, ticks: [u64; 5]) -> Stamped {
        let event = Event::TimeByTier { ticks, bytecodes: [0; 5] };
        Stamped { time_ns: ms, skipped: 0, event }
    }

    #[test]
    fn time_between_two_marks_is_shared_out() {
        let slow = SlowTime::of(&[told(100, [100, 0, 0, 0, 0]), told(200, [100, 0, 0, 20, 80])]);
        assert_eq!(slow.between(0, 100), 100);
        assert_eq!(slow.between(100, 150), 10);
        assert_eq!(slow.between(50, 1_000), 70);
    }

    #[test]
    fn without_measurements_all_time_counts() {
        let slow = SlowTime::of(&[told(80, [0; 5])]);
        assert_eq!((slow.between(20, 60), slow.end_ns()), (40, 80));
    }
}
