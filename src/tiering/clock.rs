//! What time it is: the machine's clock, or a virtual one that the program itself advances.
//!
//! In deterministic mode time is work done: every bytecode retired advances the clock by what it would cost in its
//! tier. The counter has a fixed address, so compiled code adds to it with one instruction per block. It counts
//! picoseconds, because a bytecode in optimized code costs less than a nanosecond.
//!
//! The model of costs is coarse on purpose: it has to make the same run look the same every time and keep the order
//! of magnitude between tiers, not predict a machine.

use crate::config::Config;
use crate::events::EventClock;
use crate::vocab::Tier;
use std::cell::Cell;
use std::time::Instant;

/// Units of the virtual counter in a nanosecond.
pub const PICOSECONDS_PER_NS: u64 = 1_000;

/// What one bytecode advances the virtual clock in a tier, in picoseconds.
pub fn virtual_ps_per_bytecode(tier: Tier, config: &Config) -> u64 {
    let interpreted = config.virtual_ns_per_bytecode.saturating_mul(PICOSECONDS_PER_NS);
    match tier {
        Tier::Interpreter => interpreted,
        Tier::BaselineProfiling => interpreted / 2,
        Tier::BaselineCounters => interpreted / 3,
        Tier::Baseline => interpreted / 4,
        Tier::Optimized => interpreted / 20,
    }
}

/// Modelled time of a compile.
pub fn modelled_compile_ns(tier: Tier, bytecodes: u32, config: &Config) -> u64 {
    let per_bytecode = match tier {
        Tier::Interpreter => 0,
        Tier::Baseline | Tier::BaselineCounters | Tier::BaselineProfiling => config.modelled_baseline_ns_per_bytecode,
        Tier::Optimized => config.modelled_optimizer_ns_per_bytecode,
    };
    per_bytecode.saturating_mul(u64::from(bytecodes.max(1)))
}

/// Modelled cost of one deopt: the exit, and the rebuild per frame slot.
pub fn modelled_deopt_ns(slots: u32) -> (u64, u64) {
    (50, 100 + 5 * u64::from(slots))
}

/// The clock of one VM.
#[derive(Debug)]
pub enum Clock {
    /// The machine's monotonic clock, from the start of the run.
    Real(Instant),
    /// A counter of picoseconds, at a fixed address.
    Virtual(Box<Cell<u64>>),
}

impl Clock {
    /// The clock that a configuration asks for, starting at zero now.
    pub fn new(config: &Config) -> Clock {
        if config.deterministic { Clock::Virtual(Box::new(Cell::new(0))) } else { Clock::Real(Instant::now()) }
    }

    /// Whether time is virtual.
    pub fn is_virtual(&self) -> bool {
        match self {
            Clock::Real(_) => false,
            Clock::Virtual(_) => true,
        }
    }

    /// Advances virtual time; the real clock goes its own way.
    pub fn advance_ns(&self, ns: u64) {
        match self {
            Clock::Real(_) => {}
            Clock::Virtual(counter) => {
                counter.set(counter.get().saturating_add(ns.saturating_mul(PICOSECONDS_PER_NS)));
            }
        }
    }

    /// Address of the virtual counter, a `u64` of picoseconds, for compiled code.
    pub fn counter_address(&self) -> Option<*mut u64> {
        match self {
            Clock::Real(_) => None,
            Clock::Virtual(counter) => Some(counter.as_ptr()),
        }
    }
}

impl EventClock for Clock {
    fn now_ns(&self) -> u64 {
        match self {
            Clock::Real(start) => u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX),
            Clock::Virtual(counter) => counter.get() / PICOSECONDS_PER_NS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_time_is_only_what_was_added() {
        let config = Config { deterministic: true, ..Config::default() };
        let clock = Clock::new(&config);
        assert_eq!(clock.now_ns(), 0);
        clock.advance_ns(5);
        assert_eq!(clock.now_ns(), 5);
        assert!(clock.is_virtual() && clock.counter_address().is_some());
    }

    #[test]
    fn real_time_passes_by_itself() {
        let clock = Clock::new(&Config::default());
        let before = clock.now_ns();
        while clock.now_ns() == before {}
        clock.advance_ns(1_000_000_000_000);
        assert!(clock.now_ns() < 1_000_000_000_000);
    }

    #[test]
    fn higher_tiers_are_modelled_as_faster_and_dearer() {
        let config = Config::default();
        let speed = |tier| virtual_ps_per_bytecode(tier, &config);
        assert!(speed(Tier::Interpreter) > speed(Tier::BaselineProfiling));
        assert!(speed(Tier::BaselineProfiling) > speed(Tier::BaselineCounters));
        assert!(speed(Tier::BaselineCounters) > speed(Tier::Baseline));
        assert!(speed(Tier::Baseline) > speed(Tier::Optimized));
        assert!(modelled_compile_ns(Tier::Optimized, 10, &config) > modelled_compile_ns(Tier::Baseline, 10, &config));
    }
}
