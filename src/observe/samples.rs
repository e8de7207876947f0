//! Small made-up runs that the renderers' tests share.

use crate::events::{Event, GuardCount, PassTime, SampledFrame, SlotTranslation, SourceSite, Stamped};
use crate::vocab::*;

pub(crate) fn at(ms: u64, event: Event) -> Stamped {
    Stamped { time_ns: ms * 1_000_000, skipped: 0, event }
}

pub(crate) const SCORE: FunctionId = FunctionId::numbered(1);
pub(crate) const COLDEST: FunctionId = FunctionId::numbered(2);

pub(crate) fn site(function: FunctionId, offset: u32, line: u32, column: u32) -> SourceSite {
    SourceSite { function, offset, line, column }
}

pub(crate) fn functions() -> Vec<Stamped> {
    let register = |function, name: &str, line, bytecodes| {
        let (name, file) = (name.to_string(), "storms/late.js".to_string());
        at(0, Event::FunctionRegistered { function, name, file, line, column: 1, bytecodes, params: 1 })
    };
    vec![register(SCORE, "score", 18, 12), register(COLDEST, "coldest", 22, 31)]
}

pub(crate) fn marked(ms: u64, trigger: CompileTrigger, counts: (u32, u32), typed: u32) -> Stamped {
    at(
        ms,
        Event::TierDecision {
            function: COLDEST,
            from: Tier::BaselineProfiling,
            to: Tier::Optimized,
            osr_offset: None,
            outcome: DecisionOutcome::Compile,
            trigger,
            invocations: counts.0,
            backedges: counts.1,
            queue_depth: 0,
            ics_total: 8,
            ics_typed: typed,
            ics_generic: 0,
        },
    )
}

pub(crate) fn deopt(ms: u64, compile: u32, reason: DeoptReason, osr_offset: Option<u32>) -> Stamped {
    at(
        ms,
        Event::Deoptimized {
            compile: CompileId::from_u32(compile),
            blob: BlobId::from_u32(1),
            function: COLDEST,
            exit: ExitId::from_u32(7),
            osr_offset,
            kind: reason.kind(),
            reason,
            action: reason.default_action(),
            site: site(SCORE, 4, 19, 16),
            callers: vec![site(COLDEST, 14, 25, 15)],
            expected: "{key, size}".into(),
            seen: "{key, size, pinned}".into(),
            objects_rebuilt: 0,
            exit_ns: 102,
            rebuild_ns: 310,
            resumes_in: Tier::BaselineProfiling,
        },
    )
}

pub(crate) fn compiled(ms: u64, compile: u32, osr_offset: Option<u32>) -> Vec<Stamped> {
    let compile = CompileId::from_u32(compile);
    let pass = |name: &str, ns| PassTime { name: name.into(), ns, insts_in: 90, insts_out: 50 };
    let (function, tier) = (COLDEST, Tier::Optimized);
    vec![
        at(ms, Event::CompileStarted { compile, function, tier, osr_offset }),
        at(
            ms,
            Event::InlineDecision {
                compile,
                site: site(COLDEST, 14, 25, 15),
                callee: Some(SCORE),
                depth: 0,
                callee_bytecodes: 12,
                verdict: InlineVerdict::InlinedSmall,
            },
        ),
        at(
            ms,
            Event::CompileFinished {
                compile,
                function,
                tier,
                osr_offset,
                bytecodes: 31,
                inlined_bytecodes: 12,
                nodes_in: 90,
                nodes_out: 50,
                guards: 5,
                code_bytes: 812,
                exit_bytes: 200,
                guards_by_reason: vec![GuardCount { reason: DeoptReason::WrongShape, count: 5 }],
                passes: vec![pass("build", 156_000), pass("passes", 486_000), pass("codegen", 71_000)],
                ns: 713_000,
            },
        ),
        at(
            ms + 1,
            Event::CodeInstalled {
                blob: BlobId::from_u32(1),
                compile: Some(compile),
                function: Some(function),
                tier,
                osr_offset,
                segment: Segment::NonProfiled,
                region_offset: 4096,
                bytes: 812,
            },
        ),
    ]
}

/// `coldest` is optimized, meets a new shape in the inlined `score`, and is marked again.
pub(crate) fn story() -> Vec<Stamped> {
    let mut events = functions();
    events.push(marked(9, CompileTrigger::Invocations, (1_500, 30_000), 6));
    events.extend(compiled(10, 2, None));
    events.push(deopt(12, 2, DeoptReason::WrongShape, None));
    let slot = |frame, slot: &str, source: &str, value: &str| SlotTranslation {
        frame,
        slot: slot.into(),
        source: source.into(),
        value: value.into(),
    };
    events.push(at(
        12,
        Event::FramesRebuilt {
            compile: CompileId::from_u32(2),
            function: COLDEST,
            exit: ExitId::from_u32(7),
            slots: vec![slot(0, "r0", "rbx", "{key, size, pinned}"), slot(1, "r3", "literal", "17")],
        },
    ));
    events.push(at(
        12,
        Event::CodeNotEntrant {
            blob: BlobId::from_u32(1),
            compile: CompileId::from_u32(2),
            function: COLDEST,
            tier: Tier::Optimized,
            osr_offset: None,
            cause: NotEntrantCause::Deoptimized,
            activations: 0,
        },
    ));
    events.push(marked(14, CompileTrigger::AfterDeopt, (200, 4_000), 8));
    events
}

/// A loop is entered and left.
pub(crate) fn osr() -> Vec<Stamped> {
    let mut events = functions();
    events.push(at(
        3,
        Event::OsrEntered {
            site: site(COLDEST, 9, 24, 3),
            compile: CompileId::from_u32(5),
            blob: BlobId::from_u32(1),
            from: Tier::BaselineProfiling,
            to: Tier::Optimized,
            cost_ns: 250,
        },
    ));
    let mut exit = deopt(4, 5, DeoptReason::OsrLoopEnded, Some(9));
    if let Event::Deoptimized { site: left, callers, .. } = &mut exit.event {
        *left = site(COLDEST, 20, 24, 19);
        callers.clear();
    }
    events.push(exit);
    events
}

pub(crate) fn warnings() -> Vec<Stamped> {
    let mut events = functions();
    events.push(at(
        1,
        Event::StormDetected {
            function: COLDEST,
            site: site(SCORE, 4, 19, 16),
            reason: DeoptReason::WrongShape,
            deopts: 10,
            recompiles: 9,
            window_ns: 20_000_000,
        },
    ));
    let segment = Segment::Profiled;
    events.push(at(2, Event::CacheOccupancy { segment, used_bytes: 235_930, capacity_bytes: 256 << 10, percent: 90 }));
    events.push(at(3, Event::CompilerDisabled { segment }));
    events
}

/// The function of [`story`] has optimized code again.
pub(crate) fn reentered(ms: u64, compile: u32, slower_ms: u64) -> Stamped {
    at(
        ms,
        Event::Reentered {
            compile: CompileId::from_u32(compile),
            function: COLDEST,
            exit: ExitId::from_u32(7),
            site: site(SCORE, 4, 19, 16),
            reason: DeoptReason::WrongShape,
            via: Reentry::CodeInstalled,
            slower_ns: slower_ms * 1_000_000,
        },
    )
}

/// Three periods in optimized code, one in the collector.
pub(crate) fn sampled() -> Vec<Stamped> {
    let frame = |function, tier, inlined| SampledFrame { site: site(function, 4, 19, 16), tier, inlined };
    let sample = |ms, room, periods, frames| at(ms, Event::Sampled { room, periods, period_ns: 1_000_000, frames });
    vec![
        sample(1, Room::Compiled, 3, vec![frame(SCORE, Tier::Optimized, true), frame(COLDEST, Tier::Optimized, false)]),
        sample(2, Room::Collector, 1, vec![frame(COLDEST, Tier::Interpreter, false)]),
    ]
}
