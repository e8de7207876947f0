//! The state of a running program, kept from its events: what `petrel run --serve` answers with.
//!
//! What `jcmd Compiler.codecache`, `Compiler.queue` and `Compiler.codelist`, JFR's streaming and .NET's counters give
//! elsewhere: code cache by segment, compiles that wait, pieces of code with their states, deopts per second by reason,
//! shares of the tiers, heap. Bounded: lists keep what is alive, rates keep the last minute.

use super::names::Names;
use crate::events::{Event, Stamped};
use crate::vocab::{BlobId, BlobState, CompileId, DeoptReason, FunctionId, Segment, Tier};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};

/// Seconds of history.
const HISTORY_SECONDS: usize = 60;
/// Deopts, storms and warnings that are listed.
const RECENT: usize = 20;
/// Pieces of code in an answer.
const MAX_CODE: usize = 500;

struct Piece {
    function: Option<FunctionId>,
    tier: Tier,
    segment: Segment,
    osr: bool,
    bytes: u32,
    state: BlobState,
}

#[derive(Default, Clone, Copy)]
struct Usage {
    used: u64,
    capacity: u64,
    blobs: u32,
    largest_free: u64,
}

/// One second of the run.
#[derive(Default)]
struct Second {
    number: u64,
    deopts: BTreeMap<DeoptReason, u64>,
    compiles: u64,
}

/// The state; fed with events, asked for JSON.
#[derive(Default)]
pub struct Live {
    names: Names,
    program: String,
    now_ns: u64,
    functions: u64,
    segments: [Usage; 3],
    waiting: BTreeMap<CompileId, (FunctionId, Tier, u64)>,
    running: BTreeMap<CompileId, (FunctionId, Tier)>,
    code: BTreeMap<BlobId, Piece>,
    seconds: VecDeque<Second>,
    deopts: u64,
    deopts_by_reason: BTreeMap<DeoptReason, u64>,
    deopt_ns: u64,
    compiles: [u64; Tier::COUNT],
    refused: u64,
    evictions: u64,
    compiler_enabled: bool,
    ticks: [u64; Tier::COUNT],
    sampled: [u64; Tier::COUNT],
    collections: [u64; 2],
    pause_ns: u64,
    live_bytes: u64,
    recent: VecDeque<Value>,
    exit_code: Option<i32>,
}

impl Live {
    /// Nothing has happened.
    pub fn new(program: &str) -> Live {
        Live { program: program.to_string(), compiler_enabled: true, ..Live::default() }
    }

    fn second(&mut self) -> &mut Second {
        let number = self.now_ns / 1_000_000_000;
        if self.seconds.back().is_none_or(|last| last.number != number) {
            self.seconds.push_back(Second { number, ..Second::default() });
            if self.seconds.len() > HISTORY_SECONDS {
                self.seconds.pop_front();
            }
        }
        self.seconds.back_mut().expect("invariant: just pushed")
    }

    fn recent(&mut self, what: Value) {
        self.recent.push_back(what);
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
    }

    /// Takes one event.
    pub fn event(&mut self, stamped: &Stamped) {
        self.names.learn(&stamped.event);
        self.now_ns = self.now_ns.max(stamped.time_ns);
        let time_ms = stamped.time_ns / 1_000_000;
        match &stamped.event {
            Event::FunctionRegistered { .. } => self.functions += 1,
            Event::CodeRegionReserved { segment_bytes, .. } => {
                for (segment, bytes) in self.segments.iter_mut().zip(segment_bytes) {
                    segment.capacity = *bytes;
                }
            }
            Event::CompileEnqueued { compile, function, tier, priority_milli, .. } => {
                self.waiting.insert(*compile, (*function, *tier, *priority_milli));
            }
            Event::CompileStarted { compile, function, tier, .. } => {
                self.waiting.remove(compile);
                self.running.insert(*compile, (*function, *tier));
            }
            Event::CompileFinished { compile, tier, .. } => {
                self.running.remove(compile);
                self.compiles[tier.index()] += 1;
                self.second().compiles += 1;
            }
            Event::CompileRefused { compile, .. } => {
                self.waiting.remove(compile);
                self.running.remove(compile);
                self.refused += 1;
            }
            Event::CodeInstalled { blob, function, tier, osr_offset, segment, bytes, .. } => {
                let (function, tier, segment, osr) = (*function, *tier, *segment, osr_offset.is_some());
                let state = BlobState::InUse;
                self.code.insert(*blob, Piece { function, tier, segment, osr, bytes: *bytes, state });
            }
            Event::CodeNotEntrant { blob, .. } => self.becomes(*blob, BlobState::NotEntrant),
            Event::CodeZombie { blob, .. } => self.becomes(*blob, BlobState::Zombie),
            Event::CodeFreed { blob, .. } => {
                self.code.remove(blob);
            }
            Event::CodeEvicted { blob, .. } => {
                self.becomes(*blob, BlobState::NotEntrant);
                self.evictions += 1;
            }
            Event::CacheUsage { segment, used_bytes, capacity_bytes, blobs, largest_free_bytes } => {
                self.segments[segment.index()] = Usage {
                    used: *used_bytes,
                    capacity: *capacity_bytes,
                    blobs: *blobs,
                    largest_free: *largest_free_bytes,
                };
            }
            Event::CompilerDisabled { .. } => self.compiler_enabled = false,
            Event::CompilerEnabled { .. } => self.compiler_enabled = true,
            Event::Deoptimized { reason, site, exit_ns, rebuild_ns, expected, seen, .. } => {
                let weight = stamped.weight();
                self.deopts += weight;
                self.deopt_ns += weight * (exit_ns + rebuild_ns);
                *self.deopts_by_reason.entry(*reason).or_default() += weight;
                *self.second().deopts.entry(*reason).or_default() += weight;
                let place = self.names.frame(site);
                self.recent(json!({
                    "time_ms": time_ms, "event": "deopt", "reason": reason.name(), "place": place,
                    "expected": expected, "seen": seen,
                }));
            }
            Event::StormDetected { function, reason, deopts, .. } => {
                let place = self.names.label(*function);
                self.recent(json!({
                    "time_ms": time_ms, "event": "storm", "reason": reason.name(), "place": place, "deopts": deopts,
                }));
            }
            Event::TimeByTier { ticks, .. } => self.ticks = *ticks,
            Event::Sampled { periods, frames, .. } => {
                let tier = frames.first().map_or(Tier::Interpreter, |frame| frame.tier);
                self.sampled[tier.index()] += u64::from(*periods) * stamped.weight();
            }
            Event::GarbageCollected { kind, pause_ns, live_bytes, .. } => {
                self.collections[kind.index()] += stamped.weight();
                self.pause_ns += pause_ns * stamped.weight();
                self.live_bytes = *live_bytes;
            }
            Event::RunEnded { exit_code, .. } => self.exit_code = Some(*exit_code),
            _other_events => {}
        }
    }

    fn becomes(&mut self, blob: BlobId, state: BlobState) {
        if let Some(piece) = self.code.get_mut(&blob) {
            piece.state = state;
        }
    }

    /// Everything but the list of code, as `/api/state`. `now_ns` is the time since the start.
    pub fn state(&self, now_ns: u64) -> Value {
        let segments = Segment::ALL.iter().map(|&segment| {
            let usage = self.segments[segment.index()];
            // Usage is told in steps; between them the list of code knows better, but for stubs.
            let pieces = self.code.values().filter(|piece| piece.segment == segment);
            let (blobs, bytes) = pieces.fold((0, 0), |(n, bytes), piece| (n + 1, bytes + u64::from(piece.bytes)));
            json!({
                "segment": segment.name(), "used_bytes": usage.used.max(bytes), "capacity_bytes": usage.capacity,
                "blobs": usage.blobs.max(blobs), "largest_free_bytes": usage.largest_free,
            })
        });
        let names = &self.names;
        let waiting = self.waiting.iter().take(50).map(|(compile, (function, tier, priority))| {
            json!({
                "compile": compile.as_u32(), "function": names.label(*function), "tier": tier.name(),
                "priority_milli": priority,
            })
        });
        let running = self.running.iter().map(|(compile, (function, tier))| {
            json!({ "compile": compile.as_u32(), "function": names.label(*function), "tier": tier.name() })
        });
        let this_second = now_ns / 1_000_000_000;
        let per_second: Vec<Value> = (0..HISTORY_SECONDS as u64)
            .rev()
            .filter_map(|ago| this_second.checked_sub(ago))
            .map(|number| {
                let second = self.seconds.iter().find(|second| second.number == number);
                let by_reason: serde_json::Map<String, Value> = second
                    .iter()
                    .flat_map(|second| &second.deopts)
                    .map(|(reason, count)| (reason.name().to_string(), (*count).into()))
                    .collect();
                json!({ "second": number, "deopts": by_reason, "compiles": second.map_or(0, |second| second.compiles) })
            })
            .collect();
        let by_reason: serde_json::Map<String, Value> =
            self.deopts_by_reason.iter().map(|(reason, count)| (reason.name().to_string(), (*count).into())).collect();
        let by_tier = |numbers: &[u64; Tier::COUNT]| -> serde_json::Map<String, Value> {
            Tier::ALL.iter().map(|tier| (tier.name().to_string(), numbers[tier.index()].into())).collect()
        };
        let shares = if self.ticks.iter().any(|ticks| *ticks > 0) { &self.ticks } else { &self.sampled };
        json!({
            "program": self.program,
            "running": self.exit_code.is_none(),
            "exit_code": self.exit_code,
            "time_ns": now_ns,
            "functions": self.functions,
            "code_cache": segments.collect::<Vec<_>>(),
            "compiler_enabled": self.compiler_enabled,
            "queue": waiting.collect::<Vec<_>>(),
            "queue_depth": self.waiting.len(),
            "compiling": running.collect::<Vec<_>>(),
            "compiles": by_tier(&self.compiles),
            "compiles_refused": self.refused,
            "evictions": self.evictions,
            "deopts": self.deopts,
            "deopts_by_reason": by_reason,
            "deopt_time_ns": self.deopt_ns,
            "per_second": per_second,
            "tier_ticks": by_tier(shares),
            "heap": {
                "live_bytes": self.live_bytes, "collections_young": self.collections[0],
                "collections_full": self.collections[1], "pause_ns": self.pause_ns,
            },
            "recent": self.recent,
        })
    }

    /// The pieces of code with their states, as `/api/code`.
    pub fn code(&self) -> Value {
        let pieces = self.code.iter().rev().take(MAX_CODE).map(|(blob, piece)| {
            json!({
                "code": blob.as_u32(),
                "function": piece.function.map_or("(stub)".to_string(), |function| self.names.label(function)),
                "tier": piece.tier.name(), "osr": piece.osr, "segment": piece.segment.name(), "bytes": piece.bytes,
                "state": piece.state.name(),
            })
        });
        json!({ "pieces": self.code.len(), "code": pieces.collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::samples;

    #[test]
    fn the_state_follows_the_events() {
        let mut live = Live::new("late.js");
        samples::story().iter().for_each(|stamped| live.event(stamped));
        let state = live.state(12_500_000);
        assert_eq!((&state["deopts"], &state["running"]), (&json!(1), &json!(true)));
        assert_eq!(state["deopts_by_reason"]["wrong-shape"], 1);
        assert_eq!(state["per_second"][0]["deopts"]["wrong-shape"], 1);
        assert_eq!(state["recent"][0]["place"], "score late.js:19:16");
        assert_eq!(state["code_cache"][2]["used_bytes"], 812);
        let code = live.code();
        assert_eq!((&code["pieces"], &code["code"][0]["state"]), (&json!(1), &json!("not-entrant")));
    }
}
