//! The closed list of events: what can happen in a run, as plain data.
//!
//! An event carries ids, numbers and short texts, never a pointer or a reference into the engine. Names of functions
//! and files stand once, in [`Event::FunctionRegistered`] and [`Event::ProgramLoaded`]; later events name them by id.
//! Times are of the recorder's clock. In deterministic mode every field is a function of program, policy and seed:
//! code is placed by its offset in the code region, not by address, and costs are modelled.
//!
//! The order of rows and fields is the wire format (postcard writes the row's index and then the fields in order).
//! Append rows at the end; for any other change raise [`SCHEMA_VERSION`].

use crate::vocab::{
    BlobId, CompileId, CompileTrigger, DecisionOutcome, DeoptAction, DeoptKind, DeoptReason, ExitId, FunctionId,
    GcKind, InlineVerdict, InvalidationCause, NotEntrantCause, OriginKind, Reentry, RefusalReason, Room, Segment,
    ShapeId, SiteKind, SiteState, Tier, TransitionKind,
};
use serde::{Deserialize, Serialize};

/// Version of the event schema; stands in every recording.
pub const SCHEMA_VERSION: u32 = 5;

/// A place in the program: a bytecode and its source position. Lines and columns count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceSite {
    /// The function that holds the place.
    pub function: FunctionId,
    /// Offset in its bytecode.
    pub offset: u32,
    /// Source line.
    pub line: u32,
    /// Source column.
    pub column: u32,
}

/// Time that one phase of a compile took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassTime {
    /// Name of the phase.
    pub name: String,
    /// Its duration.
    pub ns: u64,
    /// Instructions before it.
    pub insts_in: u32,
    /// Instructions after it.
    pub insts_out: u32,
}

/// How one slot of a rebuilt frame got its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotTranslation {
    /// Index of the frame, 0 the innermost.
    pub frame: u32,
    /// Name of the slot in the canonical frame, such as `r3` or `this`.
    pub slot: String,
    /// Where the value came from: a machine register, a spill slot, a literal, a rebuilt object.
    pub source: String,
    /// The value, shortened.
    pub value: String,
}

/// How many guards of one reason a piece of code has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardCount {
    /// What the guards check.
    pub reason: DeoptReason,
    /// How many there are.
    pub count: u32,
}

/// One step on the way that a value took to the place where it was not what was expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginStep {
    /// Where.
    pub site: SourceSite,
    /// What kind of step it is.
    pub kind: OriginKind,
    /// What happens to the value there, in words: `read from property ms`, `passed as argument 1 of Sample`.
    pub what: String,
}

/// One frame of a sampled stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SampledFrame {
    /// Where it stands.
    pub site: SourceSite,
    /// The tier that runs it.
    pub tier: Tier,
    /// Whether it is inlined into the next outer frame.
    pub inlined: bool,
}

/// How often an event may occur, which decides whether `--sample-rate` applies to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    /// Always recorded.
    Rare,
    /// Subject to sampling.
    Frequent,
}

/// Documentation of one field of an event.
#[derive(Clone, Copy, Debug)]
pub struct FieldRow {
    /// Name of the field.
    pub name: &'static str,
    /// Its type.
    pub type_name: &'static str,
    /// What it holds.
    pub doc: &'static str,
}

/// Documentation of one event.
#[derive(Clone, Copy, Debug)]
pub struct EventRow {
    /// Name, snake-case, as in JSON.
    pub name: &'static str,
    /// What happened.
    pub doc: &'static str,
    /// Whether sampling applies.
    pub frequency: Frequency,
    /// Its fields.
    pub fields: &'static [FieldRow],
}

/// Declares the events: enum, names, documentation and sampling class from one row each.
macro_rules! events {
    ($(
        $(#[doc = $doc:literal])+
        $frequency:ident $Row:ident = $name:literal {
            $($(#[doc = $field_doc:literal])+ $field:ident: $Type:ty,)*
        }
    )+) => {
        /// Something that happened in a run.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum Event {
            $(
                $(#[doc = $doc])+
                #[serde(rename = $name)]
                $Row { $($(#[doc = $field_doc])+ $field: $Type,)* },
            )+
        }

        /// Row numbers, in table order.
        #[derive(Clone, Copy)]
        enum RowIndex { $($Row,)+ }

        impl Event {
            /// Documentation of every event, in table order.
            pub const ROWS: &'static [EventRow] = &[$(EventRow {
                name: $name,
                doc: concat!($($doc),+),
                frequency: Frequency::$frequency,
                fields: &[$(FieldRow {
                    name: stringify!($field),
                    type_name: stringify!($Type),
                    doc: concat!($($field_doc),+),
                },)*],
            },)+];

            /// Index of this event's row.
            pub const fn index(&self) -> usize {
                match self { $(Event::$Row { .. } => RowIndex::$Row as usize,)+ }
            }
        }
    };
}

impl Event {
    /// The row that documents this event.
    pub fn row(&self) -> &'static EventRow {
        &Event::ROWS[self.index()]
    }

    /// Its snake-case name.
    pub fn name(&self) -> &'static str {
        self.row().name
    }
}

events! {
    /// A source file was read and accepted.
    Rare ProgramLoaded = "program_loaded" {
        /// Path as the program was asked for.
        path: String,
        /// Size of the text.
        bytes: u64,
        /// FNV-1a hash of the text.
        text_hash: u64,
        /// The text, so that a recording can show lines of it anywhere.
        text: String,
        /// Time of parsing and lowering; 0 in deterministic mode.
        parse_ns: u64,
    }
    /// A function of the program got its id.
    Rare FunctionRegistered = "function_registered" {
        /// Its id.
        function: FunctionId,
        /// Its name; empty for an anonymous function.
        name: String,
        /// Path of its file.
        file: String,
        /// Line of its first character.
        line: u32,
        /// Column of its first character.
        column: u32,
        /// Length of its bytecode, in instructions.
        bytecodes: u32,
        /// Number of declared parameters.
        params: u32,
    }
    /// A function ran for the first time.
    Rare FirstExecution = "first_execution" {
        /// The function.
        function: FunctionId,
        /// The calls that led there, innermost first.
        callers: Vec<SourceSite>,
    }
    /// A counter reached its trip point and the policy decided.
    Frequent TierDecision = "tier_decision" {
        /// The function.
        function: FunctionId,
        /// Where it runs.
        from: Tier,
        /// Where the policy wants it; the same tier if it stays.
        to: Tier,
        /// Loop header, for a running loop.
        osr_offset: Option<u32>,
        /// What the policy answered.
        outcome: DecisionOutcome,
        /// Which condition was met.
        trigger: CompileTrigger,
        /// Calls counted.
        invocations: u32,
        /// Loop iterations counted.
        backedges: u32,
        /// Length of the queue it would wait in.
        queue_depth: u32,
        /// Inline caches in the function.
        ics_total: u32,
        /// Those that have type information.
        ics_typed: u32,
        /// Those that are megamorphic.
        ics_generic: u32,
    }
    /// A compile was put into the queue.
    Rare CompileEnqueued = "compile_enqueued" {
        /// The compile.
        compile: CompileId,
        /// What is compiled.
        function: FunctionId,
        /// For which tier.
        tier: Tier,
        /// Loop header at which the code is entered, if not at the start.
        osr_offset: Option<u32>,
        /// Benefit over cost, in thousandths.
        priority_milli: u64,
        /// Length of the queue, this one included.
        queue_depth: u32,
        /// Where the program was when it asked, innermost first.
        callers: Vec<SourceSite>,
    }
    /// A compile thread took a compile from the queue.
    Rare CompileDequeued = "compile_dequeued" {
        /// The compile.
        compile: CompileId,
        /// What is compiled.
        function: FunctionId,
        /// Length of the queue that remains.
        queue_depth: u32,
        /// Time it waited.
        waited_ns: u64,
    }
    /// A compile began.
    Rare CompileStarted = "compile_started" {
        /// The compile.
        compile: CompileId,
        /// What is compiled.
        function: FunctionId,
        /// For which tier.
        tier: Tier,
        /// Loop header at which the code is entered, if not at the start.
        osr_offset: Option<u32>,
    }
    /// A compile produced code.
    Rare CompileFinished = "compile_finished" {
        /// The compile.
        compile: CompileId,
        /// What was compiled.
        function: FunctionId,
        /// For which tier.
        tier: Tier,
        /// Loop header at which the code is entered, if not at the start.
        osr_offset: Option<u32>,
        /// Bytecodes of the function.
        bytecodes: u32,
        /// Bytecodes of the functions inlined into it.
        inlined_bytecodes: u32,
        /// Nodes of the graph when it was built.
        nodes_in: u32,
        /// Nodes of the graph when it was lowered.
        nodes_out: u32,
        /// Guards in the code.
        guards: u32,
        /// Bytes of machine code, side exits included.
        code_bytes: u32,
        /// Bytes of side exits.
        exit_bytes: u32,
        /// The guards by what they check, in the order of the table of reasons.
        guards_by_reason: Vec<GuardCount>,
        /// Phases and their times.
        passes: Vec<PassTime>,
        /// Time of the whole.
        ns: u64,
    }
    /// A compile was given up.
    Rare CompileRefused = "compile_refused" {
        /// The compile.
        compile: CompileId,
        /// What was to be compiled.
        function: FunctionId,
        /// For which tier.
        tier: Tier,
        /// Loop header at which the code would have been entered, if not at the start.
        osr_offset: Option<u32>,
        /// Why.
        reason: RefusalReason,
        /// More about it, such as the construct and its position; may be empty.
        detail: String,
        /// Time spent on it.
        ns: u64,
    }
    /// A call site was considered for inlining.
    Rare InlineDecision = "inline_decision" {
        /// The compile that inlines.
        compile: CompileId,
        /// The call.
        site: SourceSite,
        /// The function called, if it is known.
        callee: Option<FunctionId>,
        /// Inlining depth of the site; 0 in the compiled function itself.
        depth: u32,
        /// Bytecodes of the callee; 0 if it is not known.
        callee_bytecodes: u32,
        /// Yes or no, and why.
        verdict: InlineVerdict,
    }
    /// The code cache reserved its address range.
    Rare CodeRegionReserved = "code_region_reserved" {
        /// First address; 0 in deterministic mode.
        base: u64,
        /// Sizes of the segments: non-method, profiled, non-profiled.
        segment_bytes: [u64; 3],
    }
    /// Code can be entered.
    Rare CodeInstalled = "code_installed" {
        /// The code.
        blob: BlobId,
        /// The compile that made it; none for stubs.
        compile: Option<CompileId>,
        /// The function it belongs to; none for stubs.
        function: Option<FunctionId>,
        /// Its tier; stubs count as interpreter.
        tier: Tier,
        /// Loop header at which it is entered, if not at the start.
        osr_offset: Option<u32>,
        /// Segment of the code cache.
        segment: Segment,
        /// First byte, relative to the code region.
        region_offset: u64,
        /// Its size.
        bytes: u32,
    }
    /// A running frame moved into code at a loop header.
    Frequent OsrEntered = "osr_entered" {
        /// The loop header.
        site: SourceSite,
        /// The compile whose code is entered.
        compile: CompileId,
        /// The code.
        blob: BlobId,
        /// The tier that the frame came from.
        from: Tier,
        /// The tier that it runs in now.
        to: Tier,
        /// Time of the transfer.
        cost_ns: u64,
    }
    /// Optimized code was left through a side exit, or at the return of a call after its invalidation.
    Frequent Deoptimized = "deoptimized" {
        /// The compile that trusted the speculation.
        compile: CompileId,
        /// Its code.
        blob: BlobId,
        /// The function that was compiled: the outermost of the frames.
        function: FunctionId,
        /// The side exit.
        exit: ExitId,
        /// Loop header at which the code is entered, if it is OSR code.
        osr_offset: Option<u32>,
        /// When.
        kind: DeoptKind,
        /// Why.
        reason: DeoptReason,
        /// What is done about it.
        action: DeoptAction,
        /// The place, in the innermost frame.
        site: SourceSite,
        /// The frames around it, innermost first: the calls that were inlined.
        callers: Vec<SourceSite>,
        /// What the guard expected.
        expected: String,
        /// What it found.
        seen: String,
        /// Scalar-replaced objects that had to be made.
        objects_rebuilt: u32,
        /// Time from the guard to the rebuild.
        exit_ns: u64,
        /// Time of rebuilding the frames.
        rebuild_ns: u64,
        /// Tier in which the innermost frame goes on.
        resumes_in: Tier,
    }
    /// The values that a deopt read and where they went (with --trace-deopt-verbose).
    Frequent FramesRebuilt = "frames_rebuilt" {
        /// The compile that was left.
        compile: CompileId,
        /// The function that was compiled.
        function: FunctionId,
        /// The side exit.
        exit: ExitId,
        /// Slot by slot, innermost frame first.
        slots: Vec<SlotTranslation>,
    }
    /// The policy's answer to a deopt.
    Frequent DeoptDecision = "deopt_decision" {
        /// The function whose code was left.
        function: FunctionId,
        /// The place.
        site: SourceSite,
        /// The reason.
        reason: DeoptReason,
        /// Deopts at this place for this reason, this one included.
        site_deopts: u32,
        /// Deopts of the function, this one included.
        function_deopts: u32,
        /// Recompiles of the function so far.
        recompiles: u32,
        /// What is done with the code.
        action: DeoptAction,
        /// Executions in a profiling tier before it is compiled again.
        reprofile: u32,
        /// Whether the speculation is forbidden at this place from now on.
        forbids: bool,
    }
    /// Something that optimized code relied on changed.
    Rare AssumptionInvalidated = "assumption_invalidated" {
        /// What kind of thing.
        cause: InvalidationCause,
        /// What it was, in words: `Point.prototype.norm`, `let limit`.
        key: String,
        /// The place that changed it, if it is known.
        site: Option<SourceSite>,
        /// The calls that led there, innermost first.
        callers: Vec<SourceSite>,
        /// The code that relied on it.
        blobs: Vec<BlobId>,
        /// Time of the invalidation.
        ns: u64,
    }
    /// Code may not be entered any more.
    Rare CodeNotEntrant = "code_not_entrant" {
        /// The code.
        blob: BlobId,
        /// The compile that made it.
        compile: CompileId,
        /// Its function.
        function: FunctionId,
        /// Its tier.
        tier: Tier,
        /// Loop header at which it is entered, if not at the start.
        osr_offset: Option<u32>,
        /// Why.
        cause: NotEntrantCause,
        /// Activations that still run in it.
        activations: u32,
    }
    /// No activation of not entrant code is left.
    Rare CodeZombie = "code_zombie" {
        /// The code.
        blob: BlobId,
        /// Its function.
        function: FunctionId,
        /// Its tier.
        tier: Tier,
        /// Its size.
        bytes: u32,
    }
    /// The bytes of code are free again.
    Rare CodeFreed = "code_freed" {
        /// The code.
        blob: BlobId,
        /// Its segment.
        segment: Segment,
        /// Its size.
        bytes: u32,
    }
    /// Cold code was chosen to make room.
    Rare CodeEvicted = "code_evicted" {
        /// The code.
        blob: BlobId,
        /// Its function.
        function: FunctionId,
        /// Its tier.
        tier: Tier,
        /// Its size.
        bytes: u32,
        /// How hot it was when it was chosen: entries sampled since the last sweep.
        hotness: u32,
    }
    /// A segment of the code cache passed 90 or 98 percent, or is full.
    Rare CacheOccupancy = "cache_occupancy" {
        /// The segment.
        segment: Segment,
        /// Bytes in use.
        used_bytes: u64,
        /// Its size.
        capacity_bytes: u64,
        /// The mark that was passed.
        percent: u32,
    }
    /// The code cache is full and nothing more is compiled.
    Rare CompilerDisabled = "compiler_disabled" {
        /// The segment that is full.
        segment: Segment,
    }
    /// There is room again and compiling goes on.
    Rare CompilerEnabled = "compiler_enabled" {
        /// The segment that has room.
        segment: Segment,
    }
    /// A tier was given up for a function.
    Rare FunctionGivenUp = "function_given_up" {
        /// The function.
        function: FunctionId,
        /// The tier.
        tier: Tier,
        /// Why.
        reason: RefusalReason,
        /// Recompiles so far.
        recompiles: u32,
    }
    /// A feedback site learnt of another shape, target or type.
    Frequent FeedbackChanged = "feedback_changed" {
        /// The place.
        site: SourceSite,
        /// What the site observes.
        kind: SiteKind,
        /// State before.
        from: SiteState,
        /// State now.
        to: SiteState,
        /// Property name or operator; may be empty.
        key: String,
        /// What is new.
        seen: String,
    }
    /// Objects went from one shape to another for the first time.
    Frequent ShapeTransition = "shape_transition" {
        /// The shape before.
        from: ShapeId,
        /// The shape after.
        to: ShapeId,
        /// How.
        kind: TransitionKind,
        /// Property name or elements kind.
        key: String,
        /// What objects look like afterwards.
        shape: String,
        /// The place that caused it, if it is known.
        site: Option<SourceSite>,
        /// Whether that place makes the object, as a literal or a constructor does.
        made_there: bool,
        /// The calls that led there, innermost first.
        callers: Vec<SourceSite>,
    }
    /// Garbage was collected.
    Frequent GarbageCollected = "garbage_collected" {
        /// Young or full.
        kind: GcKind,
        /// Time the program stood still.
        pause_ns: u64,
        /// Live bytes afterwards.
        live_bytes: u64,
        /// Bytes freed.
        freed_bytes: u64,
    }
    /// A function deoptimizes again and again.
    Rare StormDetected = "storm_detected" {
        /// The function.
        function: FunctionId,
        /// The place with most deopts.
        site: SourceSite,
        /// Their most frequent reason.
        reason: DeoptReason,
        /// Deopts and invalidations in the window.
        deopts: u32,
        /// Compiles of the function that were installed again after one of them.
        recompiles: u32,
        /// Length of the window.
        window_ns: u64,
    }
    /// The program called `performance.mark(name)`.
    Rare Mark = "mark" {
        /// The name.
        name: String,
    }
    /// How execution was shared among the tiers so far. Emitted with every mark and at the end.
    Rare TimeByTier = "time_by_tier" {
        /// Time per tier in nanoseconds, cumulative, indexed by level; zeros if nobody measured it.
        ticks: [u64; 5],
        /// Bytecodes retired per tier, cumulative, indexed by level; zeros where they are not counted (only deterministic
        /// runs count them).
        bytecodes: [u64; 5],
    }
    /// The program ended.
    Rare RunEnded = "run_ended" {
        /// Exit code.
        exit_code: i32,
        /// Live bytes in the heap.
        heap_bytes: u64,
        /// Bytes used in the segments of the code cache.
        cache_bytes: [u64; 3],
    }
    /// End of the recording, with what it does not hold.
    Rare RecordingEnded = "recording_ended" {
        /// Events recorded, this one not included.
        recorded: u64,
        /// Events lost because the recording was full.
        dropped: u64,
        /// Events left out by sampling.
        sampled_out: u64,
    }
    /// A guard failed, and the frame went on in optimized code that begins there (policy deoptless): no deopt.
    Frequent ContinuationEntered = "continuation_entered" {
        /// Where it begins.
        site: SourceSite,
        /// The compile whose code is entered.
        compile: CompileId,
        /// The code.
        blob: BlobId,
    }
    /// A segment of the code cache holds noticeably more or less than at the last such event.
    Rare CacheUsage = "cache_usage" {
        /// The segment.
        segment: Segment,
        /// Bytes in use.
        used_bytes: u64,
        /// Its size.
        capacity_bytes: u64,
        /// Pieces of code in it.
        blobs: u32,
        /// The largest piece that is free.
        largest_free_bytes: u64,
    }
    /// A function that had left optimized code is back on its way: what the deopt cost beyond the exit itself.
    Frequent Reentered = "reentered" {
        /// The compile whose code had been left.
        compile: CompileId,
        /// The function that was compiled.
        function: FunctionId,
        /// The side exit.
        exit: ExitId,
        /// The place, in the innermost frame.
        site: SourceSite,
        /// Why it had been left.
        reason: DeoptReason,
        /// How the time in slower tiers ended.
        via: Reentry,
        /// Time from the deopt until then.
        slower_ns: u64,
    }
    /// Where a value that a guard did not expect may have come from, found in the bytecode after the first failure.
    Rare ValueOrigin = "value_origin" {
        /// The function that was compiled.
        function: FunctionId,
        /// The place of the guard.
        site: SourceSite,
        /// The ways, nearest step first.
        steps: Vec<OriginStep>,
    }
    /// The profiler looked at the stack.
    Frequent Sampled = "sampled" {
        /// What the processor was doing.
        room: Room,
        /// Sampling periods that this sample stands for.
        periods: u32,
        /// Length of a period.
        period_ns: u64,
        /// The frames, innermost first.
        frames: Vec<SampledFrame>,
    }
    /// A function that was called or looped often enough to be compiled never was, because it is too long. Told at the end.
    Rare FunctionTooLarge = "function_too_large" {
        /// The function.
        function: FunctionId,
        /// Length of its bytecode.
        bytecodes: u32,
        /// The longest that is compiled (`--huge-method-limit`).
        limit: u32,
        /// The line that most of the bytecode stands on.
        site: SourceSite,
        /// Length of that line's bytecode.
        line_bytecodes: u32,
        /// Calls counted.
        invocations: u32,
        /// Loop iterations counted.
        backedges: u32,
    }
    /// An object is made that nobody but a call sees: if the call were inlined, the object would not be made.
    Rare AllocationEscapes = "allocation_escapes" {
        /// The compile that would have removed it.
        compile: CompileId,
        /// The function that was compiled.
        function: FunctionId,
        /// Where the object is made.
        site: SourceSite,
        /// The call that it is passed to.
        call: SourceSite,
        /// The function that is called, if it is always the same.
        callee: Option<FunctionId>,
    }
}

/// An event with its time and its weight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stamped {
    /// Time since the start of the run, of the recorder's clock.
    pub time_ns: u64,
    /// Events of the same kind that sampling left out since the last one that was kept.
    pub skipped: u32,
    /// What happened.
    pub event: Event,
}

impl Stamped {
    /// How many events this one stands for.
    pub const fn weight(&self) -> u64 {
        self.skipped as u64 + 1
    }

    /// As one flat JSON object: `time_ns`, `event`, then the fields.
    pub fn to_json(&self) -> serde_json::Value {
        let mut object = serde_json::Map::new();
        object.insert("time_ns".into(), self.time_ns.into());
        if self.skipped > 0 {
            object.insert("skipped".into(), self.skipped.into());
        }
        object.insert("event".into(), self.event.name().into());
        let tagged = serde_json::to_value(&self.event).expect("invariant: events are plain data");
        if let serde_json::Value::Object(tagged) = tagged {
            let fields = tagged.into_iter().filter_map(|(_, fields)| match fields {
                serde_json::Value::Object(fields) => Some(fields),
                _ => None,
            });
            object.extend(fields.flatten());
        }
        serde_json::Value::Object(object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_documented_and_unique() {
        let mut names: Vec<&str> = Event::ROWS.iter().map(|row| row.name).collect();
        for row in Event::ROWS {
            assert!(row.doc.trim().ends_with('.') || row.doc.trim().ends_with(')'), "{}", row.name);
            assert!(row.fields.iter().all(|field| !field.doc.trim().is_empty()));
            assert!(row.fields.iter().all(|field| !["time_ns", "event", "skipped"].contains(&field.name)));
        }
        names.sort();
        names.dedup();
        assert_eq!(names.len(), Event::ROWS.len());
    }

    #[test]
    fn the_row_of_an_event_is_its_own() {
        let event = Event::Mark { name: "iteration".into() };
        assert_eq!(event.name(), "mark");
        assert_eq!(event.row().fields[0].name, "name");
    }

    #[test]
    fn json_is_flat_and_speaks_the_vocabulary() {
        let event = Event::CodeNotEntrant {
            blob: BlobId::from_u32(2),
            compile: CompileId::from_u32(1),
            function: FunctionId::from_u32(0),
            tier: Tier::Optimized,
            osr_offset: None,
            cause: NotEntrantCause::Invalidated,
            activations: 1,
        };
        let json = Stamped { time_ns: 5, skipped: 0, event }.to_json();
        assert_eq!(json["event"], "code_not_entrant");
        assert_eq!(json["cause"], "invalidated");
        assert_eq!(json["tier"], "optimized");
        assert_eq!(json["blob"], 2);
        assert_eq!(json["time_ns"], 5);
    }
}
