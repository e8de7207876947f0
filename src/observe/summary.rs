//! The numbers of a run: one pass over its events, and everything that statistics, storms and gates ask of them.
//!
//! Events that sampling left out are accounted for by weight. The cost of a place that deoptimizes ([`Blame`]) has four
//! parts: the exits themselves; the recompiles that they caused; the time in slower tiers, from the deopt until the frame
//! ended, its loop was entered again, or new optimized code was in place; and the recompiles of other code that was
//! evicted to make room for the function's own. Time in slower tiers is an upper bound of what was lost: the work done in
//! it was done, only slower.

use crate::events::{Event, SourceSite, Stamped};
use crate::vocab::{
    CompileId, DeoptKind, DeoptReason, FunctionId, GcKind, InlineVerdict, InvalidationCause, Metric, RefusalReason,
    Room, Segment, Tier,
};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value, json};
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
    /// Nodes before the passes, and after them.
    pub nodes: (u64, u64),
    /// Of the finished ones, those for a loop: how many, their time, their bytecodes.
    pub osr: (u64, u64, u64),
}

impl TierCompiles {
    /// Both together.
    pub fn plus(&self, other: &TierCompiles) -> TierCompiles {
        TierCompiles {
            finished: self.finished + other.finished,
            refused: self.refused + other.refused,
            ns: self.ns + other.ns,
            code_bytes: self.code_bytes + other.code_bytes,
            exit_bytes: self.exit_bytes + other.exit_bytes,
            guards: self.guards + other.guards,
            bytecodes: self.bytecodes + other.bytecodes,
            nodes: (self.nodes.0 + other.nodes.0, self.nodes.1 + other.nodes.1),
            osr: (self.osr.0 + other.osr.0, self.osr.1 + other.osr.1, self.osr.2 + other.osr.2),
        }
    }
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
    /// Time in slower tiers.
    pub away_ns: u64,
    /// Cost of recompiling what was evicted on its account.
    pub eviction_ns: u64,
    /// How long the code lived before it was thrown away at this place, all times added up.
    pub lived_ns: u64,
    /// How often code was thrown away.
    pub discards: u64,
    /// What the guard expected, at the last time.
    pub expected: String,
    /// What it saw, at the last time.
    pub seen: String,
}

impl Blame {
    /// The whole cost.
    pub fn cost_ns(&self) -> u64 {
        self.exit_ns + self.recompile_ns + self.away_ns + self.eviction_ns
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

/// Adds a span of time that ends last of all to spans that do not meet each other; how much of it is new.
fn add_span(spans: &mut Vec<(u64, u64)>, (mut from, to): (u64, u64)) -> u64 {
    let mut known = 0;
    while let Some((earlier, later)) = spans.pop_if(|(_, later)| *later >= from) {
        known += later.min(to).saturating_sub(earlier);
        from = from.min(earlier);
    }
    spans.push((from, to));
    (to - from).saturating_sub(known)
}

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
    /// Guards in optimized code by reason, over all compiles.
    pub guards_by_reason: BTreeMap<DeoptReason, u64>,
    /// Samples of the profiler by tier, in periods.
    pub sampled: [u64; Tier::COUNT],
    /// Samples of the profiler by what the processor did, in periods.
    pub sampled_rooms: BTreeMap<Room, u64>,
    /// Length of a sampling period.
    pub sample_period_ns: u64,
    /// Inlining decisions by verdict.
    pub inlining: BTreeMap<InlineVerdict, u64>,
    /// Shapes made by transitions.
    pub shapes: u64,
    /// Time of parsing.
    pub parse_ns: u64,
    /// Time of the phases of optimizing compiles.
    pub pass_ns: BTreeMap<String, u64>,
    /// Pieces of code freed, and their bytes.
    pub freed: (u64, u64),
    /// Entries into the compile queue.
    pub enqueued: u64,
    /// Pieces of code that were made not entrant.
    pub not_entrant: u64,
    /// Objects that deopts had to make.
    pub objects_rebuilt: u64,
    /// Peak of each segment of the code cache, as far as told.
    pub peak_bytes: [u64; 3],
    /// Pieces of code in each segment at the end.
    pub cache_blobs: [u32; 3],
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
    /// How often it was enabled again.
    pub compiler_enabled: u64,
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
    away: FxHashMap<FunctionId, BlameKey>,
    /// When functions were in slower tiers on account of a place, in order: two of them at once do not count twice.
    away_spans: FxHashMap<BlameKey, Vec<(u64, u64)>>,
    installed: FxHashMap<CompileId, u64>,
    evicted_for: FxHashMap<(FunctionId, Tier), BlameKey>,
    compiling: Option<FunctionId>,
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
            Event::ProgramLoaded { parse_ns, .. } => self.parse_ns += parse_ns,
            Event::CompileEnqueued { queue_depth, .. } => {
                self.enqueued += 1;
                self.longest_queue = self.longest_queue.max(*queue_depth);
            }
            Event::CompileDequeued { waited_ns, .. } => self.queue_wait_ns += waited_ns,
            Event::CompileFinished {
                function,
                tier,
                bytecodes,
                inlined_bytecodes,
                guards,
                code_bytes,
                exit_bytes,
                guards_by_reason,
                passes,
                osr_offset,
                nodes_in,
                nodes_out,
                ns,
                ..
            } => {
                self.compiling = Some(*function);
                for guards in guards_by_reason {
                    *self.guards_by_reason.entry(guards.reason).or_default() += u64::from(guards.count);
                }
                for pass in passes {
                    *self.pass_ns.entry(pass.name.clone()).or_default() += pass.ns;
                }
                let compiles = &mut self.compiles[tier.index()];
                compiles.finished += 1;
                compiles.ns += ns;
                compiles.code_bytes += u64::from(*code_bytes);
                compiles.exit_bytes += u64::from(*exit_bytes);
                compiles.guards += u64::from(*guards);
                let bytecodes = u64::from(*bytecodes) + u64::from(*inlined_bytecodes);
                compiles.bytecodes += bytecodes;
                compiles.nodes.0 += u64::from(*nodes_in);
                compiles.nodes.1 += u64::from(*nodes_out);
                if osr_offset.is_some() {
                    compiles.osr.0 += 1;
                    compiles.osr.1 += ns;
                    compiles.osr.2 += bytecodes;
                }
                self.blame_recompile(*function, *tier, *ns);
            }
            Event::CompileRefused { function, tier, reason, ns, .. } => {
                let compiles = &mut self.compiles[tier.index()];
                compiles.refused += 1;
                compiles.ns += ns;
                *self.refusals.entry(*reason).or_default() += 1;
                self.blame_recompile(*function, *tier, *ns);
            }
            Event::CodeInstalled { compile, function: Some(function), tier: Tier::Optimized, osr_offset, .. } => {
                if !self.optimized_entries.insert((*function, *osr_offset)) {
                    self.recompiles += 1;
                }
                self.installed.extend(compile.map(|compile| (compile, stamped.time_ns)));
                self.away.remove(function);
                self.compiling = None;
            }
            Event::Reentered { site, reason, slower_ns, .. } => {
                let key = (*site, *reason);
                if let Some(blame) = self.blame.get_mut(&key) {
                    let span = (stamped.time_ns.saturating_sub(*slower_ns), stamped.time_ns);
                    blame.away_ns += add_span(self.away_spans.entry(key).or_default(), span) + slower_ns * (weight - 1);
                }
            }
            Event::Sampled { room, periods, period_ns, frames } => {
                let periods = u64::from(*periods) * weight;
                self.sample_period_ns = *period_ns;
                *self.sampled_rooms.entry(*room).or_default() += periods;
                let tier = frames.first().map_or(Tier::Interpreter, |frame| frame.tier);
                self.sampled[tier.index()] += periods;
            }
            Event::InlineDecision { verdict, .. } => *self.inlining.entry(*verdict).or_default() += 1,
            Event::ShapeTransition { .. } => self.shapes += weight,
            Event::CodeFreed { bytes, .. } => {
                self.freed.0 += 1;
                self.freed.1 += u64::from(*bytes);
            }
            Event::CodeNotEntrant { .. } => self.not_entrant += 1,
            Event::CacheUsage { segment, used_bytes, blobs, .. } => {
                let peak = &mut self.peak_bytes[segment.index()];
                *peak = (*peak).max(*used_bytes);
                self.cache_blobs[segment.index()] = *blobs;
            }
            Event::OsrEntered { .. } => self.osr_entries += weight,
            Event::Deoptimized { .. } => self.add_deopt(stamped),
            Event::AssumptionInvalidated { cause, .. } => *self.invalidations.entry(*cause).or_default() += 1,
            Event::CodeEvicted { function, tier, .. } => {
                self.evictions += 1;
                if let Some(key) = self.compiling.and_then(|compiling| self.away.get(&compiling)) {
                    self.evicted_for.insert((*function, *tier), *key);
                }
            }
            Event::CompilerDisabled { .. } => self.compiler_disabled += 1,
            Event::CompilerEnabled { .. } => self.compiler_enabled += 1,
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
        let Event::Deoptimized {
            compile,
            function,
            kind,
            reason,
            action,
            site,
            expected,
            seen,
            objects_rebuilt,
            exit_ns,
            rebuild_ns,
            ..
        } = &stamped.event
        else {
            return;
        };
        let weight = stamped.weight();
        let cost = (exit_ns + rebuild_ns) * weight;
        *self.deopts_by_reason.entry(*reason).or_default() += weight;
        *self.deopts_by_kind.entry(*kind).or_default() += weight;
        self.deopt_ns += cost;
        self.objects_rebuilt += u64::from(*objects_rebuilt) * weight;
        let key = (*site, *reason);
        let blame = self.blame.entry(key).or_insert_with(|| Blame {
            site: *site,
            reason: *reason,
            function: *function,
            deopts: 0,
            exit_ns: 0,
            recompile_ns: 0,
            away_ns: 0,
            eviction_ns: 0,
            lived_ns: 0,
            discards: 0,
            expected: String::new(),
            seen: String::new(),
        });
        blame.deopts += weight;
        blame.exit_ns += cost;
        blame.function = *function;
        blame.expected.clone_from(expected);
        blame.seen.clone_from(seen);
        if action.discards_code() {
            blame.discards += 1;
            let installed_ns = self.installed.get(compile).copied().unwrap_or(stamped.time_ns);
            blame.lived_ns += stamped.time_ns.saturating_sub(installed_ns);
            self.away.entry(*function).or_insert(key);
        }
    }

    /// A compile of a function that lost its optimized code is paid by the place that lost it.
    fn blame_recompile(&mut self, function: FunctionId, tier: Tier, ns: u64) {
        if tier == Tier::Optimized
            && let Some(key) = self.away.get(&function)
            && let Some(blame) = self.blame.get_mut(key)
        {
            blame.recompile_ns += ns;
        }
        if let Some(key) = self.evicted_for.remove(&(function, tier))
            && let Some(blame) = self.blame.get_mut(&key)
        {
            blame.eviction_ns += ns;
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

    /// Share of execution in each tier, if it was counted; else as the profiler sampled it.
    pub fn tier_shares(&self) -> Option<[f64; Tier::COUNT]> {
        shares(&self.ticks).or_else(|| self.sampled_shares())
    }

    /// Share of the profiler's samples in each tier, if there are any.
    pub fn sampled_shares(&self) -> Option<[f64; Tier::COUNT]> {
        shares(&self.sampled)
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

    /// Everything as one JSON object: the metrics by name, then tables.
    pub fn to_json(&self, names: &super::names::Names) -> Value {
        let metrics = Metric::ALL.iter().map(|&metric| {
            let value = self.metric(metric);
            let whole = value.fract() == 0.0 && metric != Metric::OptimizedShare;
            let value = if whole { json!(value as u64) } else { json!(value) };
            (metric.name().to_string(), value)
        });
        let mut object: serde_json::Map<String, Value> = metrics.collect();
        let by_name = |entries: Vec<(&str, u64)>| {
            Value::Object(entries.into_iter().map(|(name, number)| (name.to_string(), number.into())).collect())
        };
        let blames = self.blames().into_iter().take(50).map(|b| {
            json!({
                "place": names.frame(&b.site), "file": names.path(b.site.function), "line": b.site.line,
                "column": b.site.column, "reason": b.reason.name(), "deopts": b.deopts, "cost_ns": b.cost_ns(),
                "exit_ns": b.exit_ns, "recompile_ns": b.recompile_ns, "slower_tiers_ns": b.away_ns,
                "eviction_ns": b.eviction_ns, "discards": b.discards, "code_lived_ns": b.lived_ns,
                "expected": b.expected, "seen": b.seen,
            })
        });
        let tiers = Tier::ALL.iter().map(|&tier| {
            let c = self.compiles[tier.index()];
            json!({
                "tier": tier.name(), "share": self.tier_shares().map(|shares| shares[tier.index()]),
                "sampled_share": self.sampled_shares().map(|shares| shares[tier.index()]),
                "compiled": c.finished, "refused": c.refused, "compile_time_ns": c.ns, "code_bytes": c.code_bytes,
                "side_exit_bytes": c.exit_bytes, "guards": c.guards, "bytecodes": c.bytecodes,
            })
        });
        let segments = Segment::ALL.iter().map(|&segment| {
            let (size, used) = self.segment(segment);
            let peak = self.peak_bytes[segment.index()];
            json!({ "segment": segment.name(), "size_bytes": size, "used_bytes": used, "peak_bytes": peak })
        });
        let guards = self
            .guard_rows()
            .into_iter()
            .map(|(reason, guards, exits)| json!({ "reason": reason.name(), "guards": guards, "exits": exits }));
        object.insert(
            "exits_by_reason".into(),
            by_name(self.deopts_by_reason.iter().map(|(r, n)| (r.name(), *n)).collect()),
        );
        object.insert("exits_by_guard".into(), guards.collect());
        object.insert("side_exit_size_ratio".into(), json!(self.side_exit_ratio()));
        object.insert("places".into(), blames.collect());
        object.insert("tiers".into(), tiers.collect());
        object.insert("code_cache".into(), segments.collect());
        object.insert("inlining".into(), by_name(self.inlining.iter().map(|(v, n)| (v.name(), *n)).collect()));
        object.insert("refusals".into(), by_name(self.refusals.iter().map(|(r, n)| (r.name(), *n)).collect()));
        object
            .insert("invalidations".into(), by_name(self.invalidations.iter().map(|(c, n)| (c.name(), *n)).collect()));
        object
            .insert("sampled_rooms".into(), by_name(self.sampled_rooms.iter().map(|(r, n)| (r.name(), *n)).collect()));
        object.insert("passes_ns".into(), json!(self.pass_ns));
        object.insert("run_time_ns".into(), json!(self.end_ns));
        Value::Object(object)
    }

    /// Reasons that code was guarded for or left for: guards compiled, exits taken; the most exits first.
    pub fn guard_rows(&self) -> Vec<(DeoptReason, u64, u64)> {
        let guards = |reason: &DeoptReason| self.guards_by_reason.get(reason).copied().unwrap_or_default();
        let exits = |reason: &DeoptReason| self.deopts_by_reason.get(reason).copied().unwrap_or_default();
        let mut rows: Vec<_> = DeoptReason::ALL.iter().map(|reason| (*reason, guards(reason), exits(reason))).collect();
        rows.retain(|(_, guards, exits)| guards + exits > 0);
        rows.sort_by_key(|(reason, guards, exits)| (std::cmp::Reverse((*exits, *guards)), *reason));
        rows
    }

    /// Side exits' share of optimized code and its exit tables.
    pub fn side_exit_ratio(&self) -> f64 {
        let optimized = self.compiles[Tier::Optimized.index()];
        let whole = optimized.code_bytes + optimized.exit_bytes;
        if whole == 0 { 0.0 } else { optimized.exit_bytes as f64 / whole as f64 }
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
        events.push(samples::reentered(21, 2, 9));
        let summary = Summary::of(&events);
        let blame = summary.blames()[0];
        assert_eq!((blame.site.line, blame.reason), (19, DeoptReason::WrongShape));
        assert_eq!((blame.exit_ns, blame.recompile_ns, blame.away_ns), (412, 713_000, 9_000_000));
        assert_eq!((summary.recompiles, summary.deopts()), (1, 1));
    }

    #[test]
    fn time_away_counts_once() {
        let mut spans = Vec::new();
        assert_eq!(add_span(&mut spans, (10, 20)), 10);
        assert_eq!(add_span(&mut spans, (30, 40)), 10);
        assert_eq!(add_span(&mut spans, (35, 50)), 10);
        assert_eq!(add_span(&mut spans, (5, 60)), 25);
        assert_eq!(spans, [(5, 60)]);
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
        let json = Summary::of(&samples::story()).to_json(&crate::observe::names::Names::default());
        assert!(Metric::ALL.iter().all(|metric| json.get(metric.name()).is_some()));
        assert_eq!(json["places"][0]["cost_ns"], 412);
        assert_eq!(json["guards"], 5);
        assert_eq!(json["optimized_share"], 0.0);
    }
}
