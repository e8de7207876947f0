//! `--stats`: the numbers of the run when it ends; the same from a recording by `petrel stats`.
//!
//! The layout follows ZJIT's: a "top side exit reasons" block with counts and shares, then plain `name: value` lines.

use super::Renderer;
use super::names::Names;
use super::summary::Summary;
use super::text::{Style, count, duration, one_line, percent, size};
use crate::events::Stamped;
use crate::vocab::{GcKind, Segment, Tier};
use std::io::{self, Write};

/// Lines in a "top" block.
const TOP: usize = 20;

/// See the module header.
pub struct Stats {
    style: Style,
    summary: Summary,
}

impl Stats {
    /// A renderer.
    pub fn new(style: Style) -> Stats {
        Stats { style, summary: Summary::default() }
    }
}

impl Renderer for Stats {
    fn event(&mut self, _names: &Names, stamped: &Stamped, _out: &mut dyn Write) -> io::Result<()> {
        self.summary.add(stamped);
        Ok(())
    }

    fn finish(&mut self, names: &Names, out: &mut dyn Write) -> io::Result<()> {
        let summary = &self.summary;
        writeln!(out, "{}", self.style.bold("***PETREL: statistics***"))?;
        self.exits(names, out)?;
        self.guards(out)?;
        self.tiers(out)?;
        let total: u64 = summary.compiles.iter().map(|compiles| compiles.ns).sum();
        writeln!(out, "compile time: {} ({} of the run)", duration(total), percent(total, summary.end_ns))?;
        writeln!(out, "recompiles: {}", count(summary.recompiles))?;
        writeln!(
            out,
            "longest compile queue: {}, waiting time {}",
            summary.longest_queue,
            duration(summary.queue_wait_ns)
        )?;
        for (reason, times) in &summary.refusals {
            writeln!(out, "refused, {reason}: {}", count(*times))?;
        }
        for (cause, times) in &summary.invalidations {
            writeln!(out, "invalidated, {cause}: {}", count(*times))?;
        }
        writeln!(out, "osr entries: {}", count(summary.osr_entries))?;
        self.cache(out)?;
        self.collections(out)?;
        if summary.sample_period_ns > 0 {
            let total: u64 = summary.sampled_rooms.values().sum();
            for (room, periods) in &summary.sampled_rooms {
                writeln!(out, "samples, {room}: {} ({})", count(*periods), percent(*periods, total))?;
            }
        }
        writeln!(out, "run time: {}", duration(summary.end_ns))?;
        if summary.dropped + summary.sampled_out > 0 {
            writeln!(
                out,
                "not in these numbers: {} events dropped; {} left out by sampling are estimated",
                count(summary.dropped),
                count(summary.sampled_out)
            )?;
        }
        Ok(())
    }
}

impl Stats {
    fn exits(&self, names: &Names, out: &mut dyn Write) -> io::Result<()> {
        let summary = &self.summary;
        let total = summary.deopts();
        let mut reasons: Vec<_> = summary.deopts_by_reason.iter().collect();
        reasons.sort_by_key(|(reason, times)| (std::cmp::Reverse(**times), **reason));
        let shown: u64 = reasons.iter().take(TOP).map(|(_, times)| **times).sum();
        let title = format!("Top-{TOP} side exit reasons ({} of total {}):", percent(shown, total), count(total));
        writeln!(out, "{}", self.style.bold(&title))?;
        for (reason, times) in reasons.into_iter().take(TOP) {
            writeln!(out, "  {reason:>34}: {:>9} ({:>6})", count(*times), percent(*times, total))?;
        }
        for (kind, times) in &summary.deopts_by_kind {
            writeln!(out, "side exits, {kind}: {} ({})", count(*times), percent(*times, total))?;
        }
        if let Some(mean_ns) = summary.deopt_ns.checked_div(total) {
            writeln!(out, "side exits, time: {}, {} each", duration(summary.deopt_ns), duration(mean_ns))?;
            writeln!(
                out,
                "{}",
                self.style.bold("Most expensive places (exits + recompiles + time in slower tiers + evictions):")
            )?;
        }
        for blame in summary.blames().into_iter().take(5) {
            writeln!(
                out,
                "  {}: {}, {} times, {} ({} + {} + {} + {}); expected {}, seen {}",
                names.frame(&blame.site),
                blame.reason,
                count(blame.deopts),
                duration(blame.cost_ns()),
                duration(blame.exit_ns),
                duration(blame.recompile_ns),
                duration(blame.away_ns),
                duration(blame.eviction_ns),
                one_line(&blame.expected, 60),
                one_line(&blame.seen, 60),
            )?;
        }
        Ok(())
    }

    /// Guards against exits, by what is guarded.
    fn guards(&self, out: &mut dyn Write) -> io::Result<()> {
        let rows = self.summary.guard_rows();
        if rows.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "{}",
            self.style.bold("guards, by what they check:           compiled      exits   exits per guard")
        )?;
        for (reason, guards, exits) in rows.into_iter().take(TOP) {
            let ratio = if guards == 0 { "-".to_string() } else { format!("{:.2}", exits as f64 / guards as f64) };
            writeln!(out, "  {reason:>34}: {:>9}  {:>9}  {ratio:>16}", count(guards), count(exits))?;
        }
        writeln!(
            out,
            "side exits, share of optimized code and its tables: {:.1}%",
            self.summary.side_exit_ratio() * 100.0
        )
    }

    fn tiers(&self, out: &mut dyn Write) -> io::Result<()> {
        let summary = &self.summary;
        let heading = "tier                  time   compiled  refused   compile time        code  side exits   guards";
        writeln!(out, "{}", self.style.bold(heading))?;
        let shares = summary.tier_shares();
        for &tier in Tier::ALL {
            let compiles = summary.compiles[tier.index()];
            let share = shares.map_or("-".to_string(), |shares| format!("{:.1}%", shares[tier.index()] * 100.0));
            writeln!(
                out,
                "{} {tier:18} {share:>6} {:>10} {:>8} {:>14} {:>11} {:>11} {:>8}",
                tier.level(),
                count(compiles.finished),
                count(compiles.refused),
                duration(compiles.ns),
                size(compiles.code_bytes),
                percent(compiles.exit_bytes, compiles.code_bytes),
                count(compiles.guards),
            )?;
        }
        Ok(())
    }

    fn cache(&self, out: &mut dyn Write) -> io::Result<()> {
        for &segment in Segment::ALL {
            let (capacity, used) = self.summary.segment(segment);
            if capacity > 0 {
                let share = percent(used, capacity);
                writeln!(out, "code cache, {segment}: {} of {} ({share})", size(used), size(capacity))?;
            }
        }
        writeln!(out, "code cache, evictions: {}", count(self.summary.evictions))?;
        let (freed, freed_bytes) = self.summary.freed;
        writeln!(out, "code cache, freed: {}, {}", count(freed), size(freed_bytes))?;
        if self.summary.compiler_disabled > 0 {
            writeln!(out, "code cache full, compiler disabled: {} times", self.summary.compiler_disabled)?;
        }
        Ok(())
    }

    fn collections(&self, out: &mut dyn Write) -> io::Result<()> {
        for &kind in GcKind::ALL {
            let collections = self.summary.collections_of(kind);
            if collections.count > 0 {
                writeln!(
                    out,
                    "gc, {kind}: {}, pauses {} in all, {} at most; {} freed",
                    count(collections.count),
                    duration(collections.pause_ns),
                    duration(collections.longest_ns),
                    size(collections.freed_bytes),
                )?;
            }
        }
        writeln!(out, "heap: {} live", size(self.summary.live_bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::Event;
    use crate::observe::{render, samples};
    use crate::vocab::DeoptReason;

    #[test]
    fn exits_are_ranked_with_shares() {
        let mut events = samples::story();
        for time in 30..33 {
            events.push(samples::deopt(time, 2, DeoptReason::Overflow, None));
        }
        events.push(samples::at(40, Event::TimeByTier { ticks: [10, 0, 0, 30, 60], bytecodes: [1, 0, 0, 9, 90] }));
        let text = render(&mut Stats::new(Style::Plain), &events);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "Top-20 side exit reasons (100.0% of total 4):");
        assert_eq!(lines[2], "                            overflow:         3 ( 75.0%)");
        assert_eq!(lines[3], "                         wrong-shape:         1 ( 25.0%)");
        assert_eq!(lines[4], "side exits, eager: 4 (100.0%)");
        assert!(
            text.contains(
                "4 optimized           60.0%          1        0         713 us       812 B       24.6%        5"
            ),
            "{text}"
        );
    }

    #[test]
    fn an_empty_run_divides_by_nothing() {
        let text = render(&mut Stats::new(Style::Plain), &[]);
        assert!(text.contains("Top-20 side exit reasons (0.0% of total 0):"), "{text}");
    }
}
