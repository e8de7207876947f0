//! The numbers of a run: one pass over its events, and everything that statistics, storms and gates ask of them.
//!
//! Events that sampling left out are accounted for by weight. The cost of a place that deoptimizes ([`Blame`]) has three
//! parts: the exits themselves, the recompiles that they caused, and the time during which the function had to do
//! without its optimized code, from the deopt until the next optimized code was in place.

use crate::events::{Event, SourceSite, Stamped};
use crate::vocab::{
    DeoptKind, DeoptReason, FunctionId, GcKind, InvalidationCause, Metric, RefusalReason, Segment, Tier,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Compiles of one tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TierCompiles {
    /// Compiles that produced code.
    pub finished: u64,
    /// Compiles that were refused.
    pub refused: u64,
    /// Time spent.
    pub ns: u64,
    /// Machine code produced.
    pub code_bytes: u64,
    /// Side exits among it.
    pub exit_bytes: u64,
    /// Guards in it.
    pub guards: u64,
    /// Bytecodes compiled, inlined ones included.
    pub bytecodes: u64,
}

/// What a place that deoptimizes has cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blame {
    /// The place.
    pub site: SourceSite,
    /// Why it failed.
    pub reason: DeoptReason,
    /// The function whose code was left, at the last time.
    pub function: FunctionId,
    /// How often.
    pub deopts: u64,
    /// Cost of the exits.
    pub exit_ns: u64,
    /// Cost of the recompiles that followed.
    pub recompile_ns: u64,
    /// Time without optimized code.
    pub away_ns: u64,
    /// What the guard expected, at the last time.
    pub expected: String,
    /// What it saw, at the last time.
    pub seen: String,
}

impl Blame {
    /// The whole cost.
    pub fn cost_ns(&self) -> u64 {
        self.exit_ns + self.recompile_ns + self.away_ns
    }
}

/// Garbage collections of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collections {
    /// How many.
    pub count: u64,
    /// Time that the program stood still.
    pub pause_ns: u64,
    /// Longest pause.
    pub longest_ns: u64,
    /// Bytes freed.
    pub freed_bytes: u64,
}

type BlameKey = (SourceSite, DeoptReason);

/// The numbers of a run.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Functions that ran.
    pub functions_executed: u64,
    /// Compiles per tier, by level.
    pub compiles: [TierCompiles; Tier::COUNT],
    /// Refused compiles by reason.
    pub refusals: BTreeMap<RefusalReason, u64>,
    /// Optimized code installed at an entry that had had some before.
    pub recompiles: u64,
    /// Deopts by reason.
    pub deopts_by_reason: BTreeMap<DeoptReason, u64>,
    /// Deopts by kind.
    pub deopts_by_kind: BTreeMap<DeoptKind, u64>,
    /// Time spent in exits and rebuilding.
    pub deopt_ns: u64,
    /// Entries into running loops.
    pub osr_entries: u64,
    /// Invalidations by cause.
    pub invalidations: BTreeMap<InvalidationCause, u64>,
    /// Evictions.
    pub evictions: u64,
    /// Young and full collections.
    pub collections: [Collections; 2],
    /// Live bytes after the last collection, or at the end.
    pub live_bytes: u64,
    /// Execution per tier, by level.
    pub ticks: [u64; Tier::COUNT],
    /// Bytecodes retired per tier; zeros if they were not counted.
    pub bytecodes: [u64; Tier::COUNT],
    /// Code cache segments: size.
    pub segment_bytes: [u64; 3],
    /// Code cache segments: bytes in use at the end.
    pub cache_bytes: [u64; 3],
    /// How often the compiler was disabled.
    pub compiler_disabled: u64,
    /// Longest compile queue.
    pub longest_queue: u32,
    /// Time that compiles waited.
    pub queue_wait_ns: u64,
    /// Events that the recording does not hold.
    pub dropped: u64,
    /// Events that sampling left out.
    pub sampled_out: u64,
    /// Time of the last event.
    pub end_ns: u64,
    /// Exit code, if the program ended.
    pub exit_code: Option<i32>,
    blame: FxHashMap<BlameKey, Blame>,
    optimized_entries: FxHashSet<(FunctionId, Option<u32>)>,
    away: FxHashMap<FunctionId, (u64, BlameKey)>,
}

impl Summary {
    /// The numbers of a whole run.
    pub fn of(events: &[Stamped]) -> Summary {
        let mut summary = Summary::default();
        events.iter().for_each(|stamped| summary.add(stamped));
        summary
    }

    /// Takes one event into account.
    pub fn add(&mut self, stamped: &Stamped) {
        let weight = stamped.weight();
        self.end_ns = self.end_ns.max(stamped.time_ns);
        match &stamped.event {
            Event::FirstExecution { .. } => self.functions_executed += 1,
            Event::CompileEnqueued { queue_depth, .. } => self.longest_queue = self.longest_queue.max(*queue_depth),
            Event::CompileDequeued { waited_ns, .. } => self.queue_wait_ns += waited_ns,
            Event::CompileFinished {
                function,
                tier,
                bytecodes,
                inlined_bytecodes,
                guards,
                code_bytes,
                exit_bytes,
                ns,
                ..
            } => {
                let compiles = &mut self.compiles[tier.index()];
                compiles.finished += 1;
                compiles.ns += ns;
                compiles.code_bytes += u64::from(*code_bytes);
                compiles.exit_bytes += u64::from(*exit_bytes);
                compiles.guards += u64::from(*guards);
                compiles.bytecodes += u64::from(*bytecodes) + u64::from(*inlined_bytecodes);
                self.blame_recompile(*function, *tier, *ns);
            }
            Event::CompileRefused { function, tier, reason, ns, .. } => {
                let compiles = &mut self.compiles[tier.index()];
                compiles.refused += 1;
                compiles.ns += ns;
                *self.refusals.entry(*reason).or_default() += 1;
                self.blame_recompile(*function, *tier, *ns);
            }
            Event::CodeInstalled { function: Some(function), tier: Tier::Optimized, osr_offset, .. } => {
                if !self.optimized_entries.insert((*function, *osr_offset)) {
                    self.recompiles += 1;
                }
                if let Some((since_ns, key)) = self.away.remove(function)
                    && let Some(blame) = self.blame.get_mut(&key)
                {
                    blame.away_ns += stamped.time_ns.saturating_sub(since_ns);
                }
            }
            Event::OsrEntered { .. } => self.osr_entries += weight,
            Event::Deoptimized { .. } => self.add_deopt(stamped),
            Event::AssumptionInvalidated { cause, .. } => *self.invalidations.entry(*cause).or_default() += 1,
            Event::CodeEvicted { .. } => self.evictions += 1,
            Event::CompilerDisabled { .. } => self.compiler_disabled += 1,
            Event::CodeRegionReserved { segment_bytes, .. } => self.segment_bytes = *segment_bytes,
            Event::GarbageCollected { kind, pause_ns, live_bytes, freed_bytes } => {
                let collections = &mut self.collections[kind.index()];
                collections.count += weight;
                collections.pause_ns += pause_ns * weight;
                collections.longest_ns = collections.longest_ns.max(*pause_ns);
                collections.freed_bytes += freed_bytes * weight;
                self.live_bytes = *live_bytes;
            }
            Event::TimeByTier { ticks, bytecodes } => {
                self.ticks = *ticks;
                self.bytecodes = *bytecodes;
            }
            Event::RunEnded { exit_code, heap_bytes, cache_bytes } => {
                self.exit_code = Some(*exit_code);
                self.live_bytes = *heap_bytes;
                self.cache_bytes = *cache_bytes;
            }
            Event::RecordingEnded { dropped, sampled_out, .. } => {
                self.dropped = *dropped;
                self.sampled_out = *sampled_out;
            }
            _other_events => {}
        }
    }

    fn add_deopt(&mut self, stamped: &Stamped) {
        let Event::Deoptimized { function, kind, reason, action, site, expected, seen, exit_ns, rebuild_ns, .. } =
            &stamped.event
        else {
            return;
        };
        let weight = stamped.weight();
        let cost = (exit_ns + rebuild_ns) * weight;
        *self.deopts_by_reason.entry(*reason).or_default() += weight;
        *self.deopts_by_kind.entry(*kind).or_default() += weight;
        self.deopt_ns += cost;
        let key = (*site, *reason);
        let blame = self.blame.entry(key).or_insert_with(|| Blame {
            site: *site,
            reason: *reason,
            function: *function,
            deopts: 0,
            exit_ns: 0,
            recompile_ns: 0,
            away_ns: 0,
            expected: String::new(),
            seen: String::new(),
        });
        blame.deopts += weight;
        blame.exit_ns += cost;
        blame.function = *function;
        blame.expected.clone_from(expected);
        blame.seen.clone_from(seen);
        if action.discards_code() {
            self.away.entry(*function).or_insert((stamped.time_ns, key));
        }
    }

    /// A compile of a function that lost its optimized code is paid by the place that lost it.
    fn blame_recompile(&mut self, function: FunctionId, tier: Tier, ns: u64) {
        if tier == Tier::Optimized
            && let Some((_, key)) = self.away.get(&function)
            && let Some(blame) = self.blame.get_mut(key)
        {
            blame.recompile_ns += ns;
        }
    }

    /// Deopts of all kinds.
    pub fn deopts(&self) -> u64 {
        self.deopts_by_kind.values().sum()
    }

    /// Places that deoptimized, the most expensive first.
    pub fn blames(&self) -> Vec<&Blame> {
        let mut blames: Vec<&Blame> = self.blame.values().collect();
        blames.sort_by_key(|blame| (std::cmp::Reverse((blame.cost_ns(), blame.deopts)), blame.site, blame.reason));
        blames
    }

    /// Share of execution in each tier, if it was measured.
    pub fn tier_shares(&self) -> Option<[f64; Tier::COUNT]> {
        shares(&self.ticks)
    }

    /// Share of the bytecodes retired in each tier, if they were counted.
    pub fn bytecode_shares(&self) -> Option<[f64; Tier::COUNT]> {
        shares(&self.bytecodes)
    }

    /// The value of a metric.
    pub fn metric(&self, metric: Metric) -> f64 {
        let over_tiers = |field: fn(&TierCompiles) -> u64| self.compiles.iter().map(field).sum::<u64>();
        let of_kind = |kind| self.deopts_by_kind.get(&kind).copied().unwrap_or_default();
        let number = match metric {
            Metric::FunctionsExecuted => self.functions_executed,
            Metric::Compiles => over_tiers(|tier| tier.finished),
            Metric::CompilesRefused => over_tiers(|tier| tier.refused),
            Metric::Recompiles => self.recompiles,
            Metric::CompileTime => over_tiers(|tier| tier.ns),
            Metric::CodeBytes => over_tiers(|tier| tier.code_bytes),
            Metric::SideExitBytes => over_tiers(|tier| tier.exit_bytes),
            Metric::Guards => over_tiers(|tier| tier.guards),
            Metric::Deopts => self.deopts(),
            Metric::DeoptsEager => of_kind(DeoptKind::Eager),
            Metric::DeoptsLazy => of_kind(DeoptKind::Lazy),
            Metric::DeoptsSoft => of_kind(DeoptKind::Soft),
            Metric::DeoptTime => self.deopt_ns,
            Metric::OsrEntries => self.osr_entries,
            Metric::Invalidations => self.invalidations.values().sum(),
            Metric::Evictions => self.evictions,
            Metric::GcCount => self.collections.iter().map(|collections| collections.count).sum(),
            Metric::GcPause => self.collections.iter().map(|collections| collections.pause_ns).sum(),
            Metric::OptimizedShare => {
                return self.tier_shares().map_or(0.0, |shares| shares[Tier::Optimized.index()]);
            }
            Metric::EventsDropped => self.dropped,
        };
        number as f64
    }

    /// All metrics as one JSON object.
    pub fn to_json(&self) -> serde_json::Value {
        let metrics = Metric::ALL.iter().map(|&metric| {
            let value = self.metric(metric);
            let whole = value.fract() == 0.0 && metric != Metric::OptimizedShare;
            let value = if whole { serde_json::json!(value as u64) } else { serde_json::json!(value) };
            (metric.name().to_string(), value)
        });
        serde_json::Value::Object(metrics.collect())
    }

    /// Collections of one kind.
    pub fn collections_of(&self, kind: GcKind) -> Collections {
        self.collections[kind.index()]
    }

    /// Size and bytes in use of a segment of the code cache.
    pub fn segment(&self, segment: Segment) -> (u64, u64) {
        (self.segment_bytes[segment.index()], self.cache_bytes[segment.index()])
    }
}

/// Each count's share of the sum; none if there is nothing to share.
fn shares(counts: &[u64; Tier::COUNT]) -> Option<[f64; Tier::COUNT]> {
    let total: u64 = counts.iter().sum();
    (total > 0).then(|| counts.map(|count| count as f64 / total as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::samples;

    #[test]
    fn a_deopt_is_charged_with_what_it_caused() {
        let mut events = samples::story();
        events.extend(samples::compiled(20, 3, None));
        let summary = Summary::of(&events);
        let blame = summary.blames()[0];
        assert_eq!((blame.site.line, blame.reason), (19, DeoptReason::WrongShape));
        assert_eq!((blame.exit_ns, blame.recompile_ns, blame.away_ns), (412, 713_000, 9_000_000));
        assert_eq!((summary.recompiles, summary.deopts()), (1, 1));
    }

    #[test]
    fn weights_count_what_sampling_left_out() {
        let mut event = samples::deopt(1, 1, DeoptReason::Hole, None);
        event.skipped = 9;
        let summary = Summary::of(&[event]);
        assert_eq!(summary.deopts(), 10);
        assert_eq!(summary.metric(Metric::DeoptTime), 4_120.0);
        assert_eq!(summary.metric(Metric::DeoptsEager), 10.0);
    }

    #[test]
    fn every_metric_is_in_the_json() {
        let json = Summary::of(&samples::story()).to_json();
        assert_eq!(json.as_object().map(|object| object.len()), Some(Metric::ALL.len()));
        assert_eq!(json["guards"], 5);
        assert_eq!(json["optimized_share"], 0.0);
    }
}
