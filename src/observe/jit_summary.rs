//! The numbers of a run in the words of two other engines, for scripts and eyes that know those.
//!
//! [`pypy`] is the `jit-summary` block that PyPy writes with `PYPYLOG=jit-summary:-`: a traced loop there is a loop
//! compiled for on-stack replacement here, a bridge is any other optimized code. [`hotspot`] is what HotSpot prints at
//! exit with `-XX:+CITime` and `-XX:+PrintCodeCache`: C1 there is the baseline compiler here, C2 the optimizing one.
//! Lines that have no counterpart here are zero, so that parsers find them.

use super::summary::{Summary, TierCompiles};
use crate::vocab::{RefusalReason, Segment, Tier};
use std::io::{self, Write};

/// PyPy's `jit-summary`.
pub fn pypy(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    let optimized = summary.compiles[Tier::Optimized.index()];
    let backend_ns = summary.pass_ns.get("codegen").copied().unwrap_or_default();
    let seconds = |ns: u64| ns as f64 / 1e9;
    let refused =
        |reasons: &[RefusalReason]| -> u64 { reasons.iter().filter_map(|reason| summary.refusals.get(reason)).sum() };
    let bridges = optimized.finished - optimized.osr.0;
    let tracing_ns = optimized.ns.saturating_sub(backend_ns);
    writeln!(out, "Tracing:         \t{}\t{:.6}", optimized.finished + optimized.refused, seconds(tracing_ns))?;
    writeln!(out, "Backend:         \t{}\t{:.6}", optimized.finished, seconds(backend_ns))?;
    writeln!(out, "TOTAL:           \t\t{:.6}", seconds(summary.end_ns))?;
    let inlined = summary.inlining.iter().filter(|(verdict, _)| verdict.name().starts_with("inlined")).map(|(_, n)| n);
    let rows: [(&str, u64); 21] = [
        ("ops:", optimized.nodes.0),
        ("recorded ops:", optimized.nodes.0),
        ("  calls:", inlined.sum()),
        ("guards:", optimized.guards),
        ("opt ops:", optimized.nodes.1),
        ("opt guards:", optimized.guards),
        ("opt guards shared:", 0),
        ("forcings:", summary.objects_rebuilt),
        ("abort: trace too long:", refused(&[RefusalReason::GraphTooLarge, RefusalReason::BytecodeTooLarge])),
        ("abort: compiling:", refused(&[RefusalReason::CodegenFailed, RefusalReason::UnsupportedConstruct])),
        ("abort: vable escape:", 0),
        ("abort: bad loop:", refused(&[RefusalReason::InsufficientFeedback])),
        ("abort: force quasi-immut:", refused(&[RefusalReason::AssumptionInvalidated])),
        ("nvirtuals:", summary.objects_rebuilt),
        ("nvholes:", 0),
        ("nvreused:", 0),
        ("vecopt tried:", 0),
        ("Total # of loops:", optimized.osr.0),
        ("Total # of bridges:", bridges),
        ("Freed # of loops:", 0),
        ("Freed # of bridges:", summary.freed.0),
    ];
    for (name, number) in rows {
        writeln!(out, "{name:17}\t{number}")?;
    }
    Ok(())
}

/// HotSpot's summaries of code cache and compilation.
pub fn hotspot(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    let tier = |tier: Tier| summary.compiles[tier.index()];
    let baseline = [Tier::Baseline, Tier::BaselineCounters, Tier::BaselineProfiling]
        .map(tier)
        .iter()
        .fold(TierCompiles::default(), |sum, t| sum.plus(t));
    let optimized = tier(Tier::Optimized);
    let all = baseline.plus(&optimized);
    writeln!(out, "Individual compiler times (for compiled methods only)")?;
    writeln!(out, "------------------------------------------------")?;
    for (name, compiles) in [("C1", baseline), ("C2", optimized)] {
        writeln!(out, "  {name} {}", braces(&compiles))?;
    }
    writeln!(out, "\nIndividual compilation Tier times (for compiled methods only)")?;
    writeln!(out, "------------------------------------------------")?;
    for &level in &Tier::ALL[1..] {
        writeln!(out, "  Tier{} {}", level.level(), braces(&tier(level)))?;
    }
    let seconds = |ns: u64| ns as f64 / 1e9;
    writeln!(out, "\nAccumulated compiler times")?;
    writeln!(out, "----------------------------------------------------------")?;
    writeln!(out, "  Total compilation time   : {:7.3} s", seconds(all.ns))?;
    writeln!(
        out,
        "    Standard compilation   : {:7.3} s, Average : {:.3} s",
        seconds(all.ns - all.osr.1),
        mean(all.ns - all.osr.1, all.finished - all.osr.0)
    )?;
    writeln!(
        out,
        "    On stack replacement   : {:7.3} s, Average : {:.3} s",
        seconds(all.osr.1),
        mean(all.osr.1, all.osr.0)
    )?;
    writeln!(out, "    Invalidated            : {:7.3} s, Average : {:.3} s", 0.0, 0.0)?;
    writeln!(out, "  Total compiled methods    : {:8} methods", all.finished)?;
    writeln!(out, "    Standard compilation    : {:8} methods", all.finished - all.osr.0)?;
    writeln!(out, "    On stack replacement    : {:8} methods", all.osr.0)?;
    writeln!(out, "  Total compiled bytecodes  : {:8} bytes", all.bytecodes)?;
    writeln!(out, "    Standard compilation    : {:8} bytes", all.bytecodes - all.osr.2)?;
    writeln!(out, "    On stack replacement    : {:8} bytes", all.osr.2)?;
    let speed = if all.ns == 0 { 0 } else { (all.bytecodes as f64 / seconds(all.ns)) as u64 };
    writeln!(out, "  Average compilation speed : {speed:8} bytes/s")?;
    writeln!(out, "  nmethod code size         : {:8} bytes", all.code_bytes)?;
    writeln!(out, "  nmethod total size        : {:8} bytes\n", all.code_bytes + all.exit_bytes)?;
    for (segment, name) in [
        (Segment::NonProfiled, "non-profiled nmethods"),
        (Segment::Profiled, "profiled nmethods"),
        (Segment::NonMethod, "non-nmethods"),
    ] {
        let (size, used) = summary.segment(segment);
        let peak = summary.peak_bytes[segment.index()].max(used);
        let kb = |bytes: u64| bytes / 1024;
        writeln!(
            out,
            "CodeHeap '{name}': size={}Kb used={}Kb max_used={}Kb free={}Kb",
            kb(size),
            kb(used),
            kb(peak),
            kb(size.saturating_sub(used)),
        )?;
    }
    let blobs: u32 = summary.cache_blobs.iter().sum();
    let adapters = summary.cache_blobs[Segment::NonMethod.index()];
    writeln!(out, " total_blobs={blobs} nmethods={} adapters={adapters}", blobs - adapters)?;
    let state = if summary.compiler_disabled > summary.compiler_enabled { "disabled" } else { "enabled" };
    writeln!(out, " compilation: {state}")?;
    let (stopped, restarted) = (summary.compiler_disabled, summary.compiler_enabled);
    writeln!(out, "              stopped_count={stopped}, restarted_count={restarted}")?;
    writeln!(out, " full_count={stopped}")
}

fn mean(ns: u64, count: u64) -> f64 {
    if count == 0 { 0.0 } else { ns as f64 / count as f64 / 1e9 }
}

fn braces(c: &TierCompiles) -> String {
    let seconds = |ns: u64| ns as f64 / 1e9;
    let speed = if c.ns == 0 { 0.0 } else { c.bytecodes as f64 / seconds(c.ns) };
    format!(
        "{{speed: {speed:.3} bytes/s; standard: {:.3} s, {} bytes, {} methods; osr: {:.3} s, {} bytes, {} methods; \
         nmethods_size: {} bytes; nmethods_code_size: {} bytes}}",
        seconds(c.ns - c.osr.1),
        c.bytecodes - c.osr.2,
        c.finished - c.osr.0,
        seconds(c.osr.1),
        c.osr.2,
        c.osr.0,
        c.code_bytes + c.exit_bytes,
        c.code_bytes,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::samples;

    #[test]
    fn both_blocks_have_the_lines_that_parsers_look_for() {
        let mut events = samples::story();
        events.extend(samples::compiled(20, 3, Some(9)));
        let summary = Summary::of(&events);
        let text = |write: fn(&Summary, &mut dyn Write) -> io::Result<()>| {
            let mut text = Vec::new();
            write(&summary, &mut text).unwrap();
            String::from_utf8(text).unwrap()
        };
        let block = text(pypy);
        let lines: Vec<&str> = block.lines().collect();
        assert_eq!(lines[0], "Tracing:         \t2\t0.001284");
        assert_eq!(lines[1], "Backend:         \t2\t0.000142");
        assert!(block.contains("Total # of loops:\t1\nTotal # of bridges:\t1\n"), "{block}");
        let block = text(hotspot);
        assert!(block.contains("  C2 {speed: "), "{block}");
        assert!(block.contains("CodeHeap 'profiled nmethods': size="), "{block}");
        assert!(block.contains(" compilation: enabled"), "{block}");
    }

    #[test]
    fn an_empty_run_is_all_zeros() {
        let mut text = Vec::new();
        pypy(&Summary::default(), &mut text).unwrap();
        hotspot(&Summary::default(), &mut text).unwrap();
        assert!(!String::from_utf8(text).unwrap().contains("NaN"));
    }
}
