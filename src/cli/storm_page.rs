//! The catalogue as a page of Markdown: `petrel storm run all --markdown`.
//!
//! One section per storm, with a row per policy; then the figures that people quote, each with what these very runs say.

use petrel::experiment::storm::{Manifest, Pair};
use petrel::observe::text::{duration, percent};
use petrel::vocab::{PolicyKind, Tier};
use std::fmt::Write;

/// A storm and its runs.
pub struct Section {
    /// Its name.
    pub name: String,
    /// What its description says.
    pub manifest: Manifest,
    /// One pair of runs per policy.
    pub pairs: Vec<Pair>,
    /// Mean time of an iteration of the fixed program in the interpreter alone, and with all tiers.
    pub interpreted: Option<(f64, f64)>,
}

/// The whole page.
pub fn page(sections: &[Section]) -> String {
    let virtual_clock = sections.iter().flat_map(|s| &s.pairs).any(|pair| pair.broken.on_virtual_clock);
    let clock = if virtual_clock {
        let architecture = std::env::consts::ARCH;
        format!(
            "Times are of the virtual clock (`--deterministic`): the same on every {architecture} machine, byte for byte."
        )
    } else {
        "Times are of the machine's clock; they vary from machine to machine.".to_string()
    };
    let mut text = format!(
        "# The storms\n\nMade by `petrel storm run all --markdown{}`. {clock} `petrel storm show NAME` tells each storm's story; \
         the programs are in `lang/storms/`.\n\n*Factor* is broken over fixed, in what the storm is felt by. *Ends* says \
         whether the second half of the run was free of deopts. *Optimized* is optimized code's share of the bytecodes.\n",
        if virtual_clock { " --deterministic" } else { "" },
    );
    for section in sections {
        storm(section, &mut text);
    }
    figures(sections, virtual_clock, &mut text);
    text
}

fn storm(section: &Section, text: &mut String) {
    let Section { name, manifest, pairs, .. } = section;
    let _ = write!(
        text,
        "\n## {name}\n\n{}. {}.\n\nFix: {}.\n\n",
        manifest.title.trim_end_matches('.'),
        manifest.felt.trim_end_matches('.'),
        manifest.fix.trim_end_matches('.')
    );
    let _ = writeln!(
        text,
        "| policy | broken ({0}) | fixed ({0}) | factor | deopts | recompiles | ends | optimized |\n|---|---|---|---|---|---|---|---|",
        manifest.metric.name()
    );
    for pair in pairs {
        let share = pair
            .broken
            .bytecode_shares
            .map_or("-".to_string(), |shares| percent((shares[Tier::Optimized.index()] * 1e4) as u64, 10_000));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {:.1} | {} | {} | {} | {share} |",
            pair.broken.policy,
            duration(pair.broken.felt_ns as u64),
            duration(pair.fixed.felt_ns as u64),
            pair.multiplier(),
            pair.broken.deopts,
            pair.broken.recompiles,
            if pair.broken.converged { "yes" } else { "no" },
        );
    }
}

fn pair_of<'a>(sections: &'a [Section], storm: &str, policy: PolicyKind) -> Option<&'a Pair> {
    let section = sections.iter().find(|section| section.name == storm)?;
    section.pairs.iter().find(|pair| pair.broken.policy == policy)
}

fn figures(sections: &[Section], virtual_clock: bool, text: &mut String) {
    text.push_str("\n## Figures that people quote\n\n| quoted | here |\n|---|---|\n");
    let naive: Vec<&Pair> =
        sections.iter().flat_map(|s| &s.pairs).filter(|p| p.broken.policy == PolicyKind::Naive).collect();
    let costs: Vec<f64> = naive.iter().filter_map(|pair| pair.broken.deopt_ns).collect();
    let range = |values: &[f64]| {
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        (least, values.iter().copied().fold(0.0, f64::max))
    };
    if !costs.is_empty() {
        let (least, most) = range(&costs);
        let _ = writeln!(
            text,
            "| one deopt costs microseconds | exit and rebuild: {} to {}{}, the mean of each storm; what is slow is what follows |",
            duration(least as u64),
            duration(most as u64),
            if virtual_clock { " (modelled, not measured)" } else { "" },
        );
    }
    let loops: Vec<f64> = naive.iter().filter(|pair| !pair.broken.converged).map(|pair| pair.multiplier()).collect();
    if !loops.is_empty() {
        let (least, most) = range(&loops);
        let _ = writeln!(
            text,
            "| a deopt loop multiplies a hot path's cost 10-100 times | {least:.1} to {most:.1} times under `naive` |"
        );
    }
    let ratios: Vec<f64> =
        sections.iter().filter_map(|s| s.interpreted).map(|(slow, fast)| slow / fast.max(1.0)).collect();
    if !ratios.is_empty() {
        let (least, most) = range(&ratios);
        let _ = writeln!(
            text,
            "| interpreted code is 10-50 times slower than optimized | {least:.1} to {most:.1} times (fixed programs, `--tier-max=0` against all tiers) |"
        );
    }
    let cliff = pair_of(sections, "cache-exhausted", PolicyKind::Petrel);
    if let Some(pair) = cliff {
        let _ = writeln!(
            text,
            "| a full code cache with the compiler disabled costs about 8 times in latency | {:.1} times for what becomes hot afterwards |",
            pair.multiplier()
        );
    }
    if let Some(pair) = pair_of(sections, "restart-warm-up", PolicyKind::Petrel) {
        let _ = writeln!(text, "| a restart shows 4 times the p99 until warm | {:.1} times |", pair.multiplier());
    }
    let hotspot = petrel::config::Config::for_policy(PolicyKind::Hotspot);
    let _ = writeln!(
        text,
        "| tier 3 after about 2,000 invocations, tier 4 after about 15,000 | those are HotSpot's sums of calls and loops; calls \
         alone: {} and {} |",
        hotspot.tier3_invocation_threshold, hotspot.tier4_invocation_threshold
    );
    if let Some(pair) = cliff {
        text.push_str(
            "\nThe code-cache incident, before and after the fix. Quoted: compiled methods 1,840 to 2,947, failed compilations 312 \
             to 0, cache 100 % to 36 % used, p99 182 to 47 ms. Here the fix makes less code, so the methods get fewer:\n\n\
             | | compiled methods | failed compilations | cache used | p99 |\n|---|---|---|---|---|\n",
        );
        for run in [&pair.broken, &pair.fixed] {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {:.0} % | {} |",
                run.variant.name(),
                run.code.in_use,
                run.code.failed,
                run.code.used_percent,
                duration(run.series.percentile_ns(60..run.series.len(), 99) as u64),
            );
        }
    }
}
