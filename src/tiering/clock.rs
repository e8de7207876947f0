//! What time it is: the machine's clock, or a virtual one that the program itself advances.
//!
//! In deterministic mode time is work done. Each tier counts the bytecodes that it retires, in a word of the VM's head
//! (`runtime/head.rs`): compiled code adds once per block. The clock is the sum over the tiers of count times cost, so
//! the same counters say exactly how time and bytecodes are shared among the tiers. Costs are in picoseconds, because a
//! bytecode in optimized code costs less than a nanosecond.
//!
//! The model is coarse on purpose: it has to make the same run look the same every time and keep the proportions
//! between the tiers, not predict a machine. The proportions are those of the bench programs on the machine of
//! `docs/decisions.md`: 0.8 to 2 ns per bytecode in the interpreter, two thirds of it in profiling baseline code, half
//! without profiling, a thirteenth in optimized code (which is counted by the bytecodes that optimization has left). The
//! library's own work costs nothing beyond the bytecode that calls it.

use crate::config::Config;
use crate::events::EventClock;
use crate::vocab::Tier;
use std::time::Instant;

/// Units of the virtual counter in a nanosecond.
pub const PICOSECONDS_PER_NS: u64 = 1_000;

/// What work costs on the virtual clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CostModel {
    ps_per_bytecode: [u64; Tier::COUNT],
}

impl CostModel {
    /// The model that a configuration asks for.
    pub fn new(config: &Config) -> CostModel {
        let interpreted = config.virtual_ns_per_bytecode.saturating_mul(PICOSECONDS_PER_NS);
        let of_tier = |tier: Tier| match tier {
            Tier::Interpreter => interpreted,
            Tier::BaselineProfiling => interpreted * 13 / 20,
            Tier::BaselineCounters => interpreted * 11 / 20,
            Tier::Baseline => interpreted / 2,
            Tier::Optimized => interpreted / 13,
        };
        let mut ps_per_bytecode = [0; Tier::COUNT];
        for &tier in Tier::ALL {
            ps_per_bytecode[tier.index()] = of_tier(tier);
        }
        CostModel { ps_per_bytecode }
    }

    /// What one bytecode costs in a tier, in picoseconds.
    pub fn ps_per_bytecode(&self, tier: Tier) -> u64 {
        self.ps_per_bytecode[tier.index()]
    }

    /// Time per tier, given the bytecodes that each has retired.
    pub fn ns_by_tier(&self, retired: &[u64; Tier::COUNT]) -> [u64; Tier::COUNT] {
        std::array::from_fn(|tier| retired[tier].saturating_mul(self.ps_per_bytecode[tier]) / PICOSECONDS_PER_NS)
    }

    /// What the virtual clock shows: the tiers' work, and modelled work besides.
    pub fn now_ns(&self, retired: &[u64; Tier::COUNT], modelled_ps: u64) -> u64 {
        let work = retired.iter().zip(&self.ps_per_bytecode);
        work.fold(modelled_ps, |sum, (count, ps)| sum.saturating_add(count.saturating_mul(*ps))) / PICOSECONDS_PER_NS
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

/// The machine's monotonic clock, from the start of a run.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Instant);

impl Clock {
    /// The time of a moment that lies behind us.
    pub fn ns_at(&self, moment: Instant) -> u64 {
        u64::try_from(moment.saturating_duration_since(self.0).as_nanos()).unwrap_or(u64::MAX)
    }

    /// A clock that starts at zero now.
    pub fn start() -> Clock {
        Clock(Instant::now())
    }
}

impl EventClock for Clock {
    fn now_ns(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_time_is_only_work() {
        let model = CostModel::new(&Config::default());
        assert_eq!(model.now_ns(&[0; Tier::COUNT], 0), 0);
        assert_eq!(model.now_ns(&[0; Tier::COUNT], 5 * PICOSECONDS_PER_NS), 5);
        let mut retired = [0; Tier::COUNT];
        retired[Tier::Interpreter.index()] = 1_000;
        retired[Tier::Optimized.index()] = 13_000;
        let by_tier = model.ns_by_tier(&retired);
        assert_eq!(by_tier[Tier::Interpreter.index()], 1_000 * Config::default().virtual_ns_per_bytecode);
        assert_eq!(by_tier.iter().sum::<u64>(), model.now_ns(&retired, 0));
    }

    #[test]
    fn real_time_passes_by_itself() {
        let clock = Clock::start();
        let before = clock.now_ns();
        while clock.now_ns() == before {}
    }

    #[test]
    fn higher_tiers_are_modelled_as_faster_and_dearer() {
        let config = Config::default();
        let model = CostModel::new(&config);
        let speed = |tier| model.ps_per_bytecode(tier);
        assert!(speed(Tier::Interpreter) > speed(Tier::BaselineProfiling));
        assert!(speed(Tier::BaselineProfiling) > speed(Tier::BaselineCounters));
        assert!(speed(Tier::BaselineCounters) > speed(Tier::Baseline));
        assert!(speed(Tier::Baseline) > speed(Tier::Optimized));
        assert!(modelled_compile_ns(Tier::Optimized, 10, &config) > modelled_compile_ns(Tier::Baseline, 10, &config));
    }
}
