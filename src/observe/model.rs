//! A recording turned round: not what happened when, but what there was. Compiles, pieces of code, source texts, each with
//! its life.
//!
//! The exporters, `petrel why` and the SQL tables read this; one pass over the events makes it. Times are nanoseconds of
//! the recording's clock; what has no end in the recording ends with it.

use super::names::Names;
use crate::events::codec::Recording;
use crate::events::{Event, GuardCount, PassTime, SourceSite, Stamped};
use crate::vocab::{BlobId, CompileId, CompileTrigger, FunctionId, NotEntrantCause, RefusalReason, Segment, Tier};
use std::collections::BTreeMap;

/// How a compile ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It was not over when the recording ended.
    Open,
    /// It produced code.
    Finished,
    /// It was refused, with what more there was to say.
    Refused(RefusalReason, String),
}

/// One compile.
#[derive(Clone, Debug)]
pub struct Compile {
    /// Its id.
    pub id: CompileId,
    /// What was compiled.
    pub function: FunctionId,
    /// For which tier.
    pub tier: Tier,
    /// Loop header at which the code is entered.
    pub osr_offset: Option<u32>,
    /// What asked for it, as far as told.
    pub trigger: Option<CompileTrigger>,
    /// When it was put into the queue.
    pub enqueued_ns: u64,
    /// When it began.
    pub started_ns: u64,
    /// When it was over.
    pub ended_ns: u64,
    /// Time that it took.
    pub ns: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// Bytecodes of the function.
    pub bytecodes: u32,
    /// Bytecodes inlined.
    pub inlined_bytecodes: u32,
    /// Nodes before and after the passes.
    pub nodes: (u32, u32),
    /// Guards by reason.
    pub guards: Vec<GuardCount>,
    /// Number of guards.
    pub guard_count: u32,
    /// Machine code, and side exits among it.
    pub code_bytes: (u32, u32),
    /// Phases.
    pub passes: Vec<PassTime>,
}

/// One piece of code.
#[derive(Clone, Debug)]
pub struct Code {
    /// Its id.
    pub id: BlobId,
    /// The compile that made it.
    pub compile: Option<CompileId>,
    /// Its function; none for stubs.
    pub function: Option<FunctionId>,
    /// Its tier.
    pub tier: Tier,
    /// Loop header at which it is entered.
    pub osr_offset: Option<u32>,
    /// Where it lives.
    pub segment: Segment,
    /// First byte relative to the region.
    pub offset: u64,
    /// Its size.
    pub bytes: u32,
    /// When it could be entered.
    pub installed_ns: u64,
    /// When it could no longer be entered, and why.
    pub not_entrant: Option<(u64, NotEntrantCause)>,
    /// When its bytes were free again.
    pub freed_ns: Option<u64>,
}

/// A recording, turned round.
pub struct Model<'a> {
    /// The recording itself.
    pub recording: &'a Recording,
    /// Names of functions.
    pub names: Names,
    /// Every function, by id.
    pub functions: Vec<FunctionId>,
    /// Every compile.
    pub compiles: BTreeMap<CompileId, Compile>,
    /// Every piece of code.
    pub code: BTreeMap<BlobId, Code>,
    /// Source texts by path.
    pub sources: BTreeMap<String, String>,
    /// First address of the code region; 0 in deterministic mode.
    pub region_base: u64,
    /// Time of the last event.
    pub end_ns: u64,
}

impl<'a> Model<'a> {
    /// Reads a recording.
    pub fn of(recording: &'a Recording) -> Model<'a> {
        let mut model = Model {
            recording,
            names: Names::default(),
            functions: Vec::new(),
            compiles: BTreeMap::new(),
            code: BTreeMap::new(),
            sources: BTreeMap::new(),
            region_base: 0,
            end_ns: 0,
        };
        for stamped in &recording.events {
            model.names.learn(&stamped.event);
            model.end_ns = model.end_ns.max(stamped.time_ns);
            model.take(stamped);
        }
        model
    }

    fn take(&mut self, stamped: &Stamped) {
        let now = stamped.time_ns;
        match &stamped.event {
            Event::ProgramLoaded { path, text, .. } => {
                self.sources.insert(path.clone(), text.clone());
            }
            Event::FunctionRegistered { function, .. } => self.functions.push(*function),
            Event::CodeRegionReserved { base, .. } => self.region_base = *base,
            Event::TierDecision { function, trigger, .. } => {
                // The decision is told after the request that it made.
                let last = self.compiles.values_mut().next_back();
                if let Some(compile) = last.filter(|c| c.function == *function && c.trigger.is_none()) {
                    compile.trigger = Some(*trigger);
                }
            }
            Event::CompileEnqueued { compile, function, tier, osr_offset, .. } => {
                let row = Compile::new(*compile, *function, *tier, *osr_offset, now);
                self.compiles.insert(*compile, row);
            }
            Event::CompileStarted { compile, function, tier, osr_offset } => {
                let row = Compile::new(*compile, *function, *tier, *osr_offset, now);
                self.compiles.entry(*compile).or_insert(row).started_ns = now;
            }
            Event::CompileFinished {
                compile,
                function,
                tier,
                osr_offset,
                bytecodes,
                inlined_bytecodes,
                nodes_in,
                nodes_out,
                guards,
                code_bytes,
                exit_bytes,
                guards_by_reason,
                passes,
                ns,
            } => {
                let row = Compile::new(*compile, *function, *tier, *osr_offset, now.saturating_sub(*ns));
                let row = self.compiles.entry(*compile).or_insert(row);
                row.outcome = Outcome::Finished;
                row.ended_ns = (row.started_ns + ns).min(now).max(row.started_ns);
                row.ns = *ns;
                row.bytecodes = *bytecodes;
                row.inlined_bytecodes = *inlined_bytecodes;
                row.nodes = (*nodes_in, *nodes_out);
                row.guard_count = *guards;
                row.guards.clone_from(guards_by_reason);
                row.code_bytes = (*code_bytes, *exit_bytes);
                row.passes.clone_from(passes);
            }
            Event::CompileRefused { compile, function, tier, osr_offset, reason, detail, ns } => {
                let row = Compile::new(*compile, *function, *tier, *osr_offset, now.saturating_sub(*ns));
                let row = self.compiles.entry(*compile).or_insert(row);
                row.outcome = Outcome::Refused(*reason, detail.clone());
                row.ended_ns = now;
                row.ns = *ns;
            }
            Event::CodeInstalled { blob, compile, function, tier, osr_offset, segment, region_offset, bytes } => {
                let code = Code {
                    id: *blob,
                    compile: *compile,
                    function: *function,
                    tier: *tier,
                    osr_offset: *osr_offset,
                    segment: *segment,
                    offset: *region_offset,
                    bytes: *bytes,
                    installed_ns: now,
                    not_entrant: None,
                    freed_ns: None,
                };
                self.code.insert(*blob, code);
            }
            Event::CodeNotEntrant { blob, cause, .. } => {
                if let Some(code) = self.code.get_mut(blob) {
                    code.not_entrant.get_or_insert((now, *cause));
                }
            }
            Event::CodeEvicted { blob, .. } => {
                if let Some(code) = self.code.get_mut(blob) {
                    code.not_entrant.get_or_insert((now, NotEntrantCause::Evicted));
                }
            }
            Event::CodeFreed { blob, .. } => {
                if let Some(code) = self.code.get_mut(blob) {
                    code.freed_ns = Some(now);
                }
            }
            _other_events => {}
        }
    }

    /// A line of a source text that the recording carries.
    pub fn source_line(&self, path: &str, line: u32) -> Option<&str> {
        let text = self.sources.get(path)?;
        text.lines().nth(line.checked_sub(1)? as usize)
    }

    /// The source line of a place.
    pub fn line_of(&self, site: &SourceSite) -> Option<&str> {
        self.source_line(self.names.path(site.function), site.line)
    }

    /// Name for people of the recorded program.
    pub fn program(&self) -> &str {
        self.recording.header["program"].as_str().unwrap_or("?")
    }

    /// The process that was recorded; 1 in deterministic mode.
    pub fn process(&self) -> u32 {
        self.recording.header["process"].as_u64().and_then(|id| u32::try_from(id).ok()).unwrap_or(1)
    }

    /// When the run began, in milliseconds since 1970; 0 in deterministic mode.
    pub fn started_unix_ms(&self) -> u64 {
        self.recording.header["started_unix_ms"].as_u64().unwrap_or_default()
    }

    /// Deopts in order, with the index of the event.
    pub fn deopts(&self) -> impl Iterator<Item = (usize, &'a Stamped)> + '_ {
        let is_deopt = |stamped: &&Stamped| matches!(stamped.event, Event::Deoptimized { .. });
        self.recording.events.iter().enumerate().filter(move |(_, stamped)| is_deopt(stamped))
    }
}

impl Compile {
    fn new(id: CompileId, function: FunctionId, tier: Tier, osr_offset: Option<u32>, now: u64) -> Compile {
        Compile {
            id,
            function,
            tier,
            osr_offset,
            trigger: None,
            enqueued_ns: now,
            started_ns: now,
            ended_ns: now,
            ns: 0,
            outcome: Outcome::Open,
            bytecodes: 0,
            inlined_bytecodes: 0,
            nodes: (0, 0),
            guards: Vec::new(),
            guard_count: 0,
            code_bytes: (0, 0),
            passes: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::samples;

    #[test]
    fn lives_of_compiles_and_code_are_put_together() {
        let recording = Recording { header: serde_json::json!({}), events: samples::story(), truncated: false };
        let model = Model::of(&recording);
        let compile = model.compiles.values().next().unwrap();
        assert_eq!((compile.outcome.clone(), compile.guard_count), (Outcome::Finished, 5));
        let code = model.code.values().next().unwrap();
        assert_eq!(code.not_entrant.map(|(_, cause)| cause), Some(NotEntrantCause::Deoptimized));
        assert_eq!(code.freed_ns, None);
        assert_eq!(model.deopts().count(), 1);
    }
}
