//! A storm: a broken program, a fixed one, and what is expected of both under each policy.
//!
//! `storm.toml` lies beside `broken.js` and `fixed.js`:
//!
//! ```toml
//! title = "..."              # what happens, in a line
//! felt = "..."               # what the user feels
//! story = "..."              # why
//! fix = "..."                # the one change
//! iterations = 400           # handed to the program as its argument
//! skip = 100                 # iterations that are not counted (for warm-up: the ones that are)
//! stretch = 10               # optional: on the machine's clock so many times as many of both, as compiles take real time
//! metric = "throughput"      # what is felt: throughput (time per iteration), p99, or warm-up (p99 of the first iterations)
//! reason = ["wrong-shape"]   # reasons that explain the storm: none of the others may be more frequent than these together
//! policies = ["petrel", "hotspot", "naive"]
//! flags = ["--osr=off"]      # optional: settings that the storm needs
//! [claim]                    # broken against fixed, in that metric
//! policy = "naive"           # under this policy
//! factor = 10                # at least so many times, on the machine's clock
//! virtual_factor = 10        # and on the virtual clock
//! [cause]                    # optional: the line that the fix changes
//! file = "broken.js"
//! line = 7
//! [blame]                    # optional: the line at which the deopts happen, under the claim's policy
//! file = "broken.js"
//! line = 18
//! [expect.naive]             # per policy for the broken program; "fixed" is for the fixed one under any policy
//! deopts = [100, 1000000]    # least, most
//! recompiles = [100, 1000000]
//! converged = false
//! optimized_share = [0, 0.5] # of the bytecodes, in deterministic runs
//! events = { code_evicted = [10, 1000] }   # how often an event must occur
//! ```

use super::code_numbers::CodeNumbers;
use super::series::{self, Series};
use super::warmup::{self, WarmUp};
use crate::events::codec::Recording;
use crate::events::{Event, Stamped};
use crate::observe::names::Names;
use crate::observe::summary::Summary;
use crate::vocab::{DeoptReason, PolicyKind, Tier};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Bounds on a run, both inclusive.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// Least and most deopts.
    pub deopts: Option<[u64; 2]>,
    /// Least and most recompiles.
    pub recompiles: Option<[u64; 2]>,
    /// Whether deopts must have ended by the second half.
    pub converged: Option<bool>,
    /// Least and most share of bytecodes that optimized code retires; checked where they are counted.
    pub optimized_share: Option<[f64; 2]>,
    /// Least and most occurrences of events, by name.
    #[serde(default)]
    pub events: BTreeMap<String, [u64; 2]>,
}

/// What a user feels of a storm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Felt {
    /// Time per iteration.
    #[default]
    Throughput,
    /// The slowest one of a hundred iterations.
    P99,
    /// The same among the first iterations.
    WarmUp,
}

impl Felt {
    /// As it is called in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Felt::Throughput => "throughput",
            Felt::P99 => "p99",
            Felt::WarmUp => "warm-up",
        }
    }

    /// The number in words.
    pub const fn unit(self) -> &'static str {
        match self {
            Felt::Throughput => "per iteration",
            Felt::P99 => "at the 99th percentile",
            Felt::WarmUp => "at the 99th percentile of the first iterations",
        }
    }
}

/// How much worse the broken program is.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Under this policy.
    pub policy: PolicyKind,
    /// At least so many times, on the machine's clock.
    pub factor: f64,
    /// And on the virtual clock.
    pub virtual_factor: f64,
}

/// The place that is to blame, as a storm's author knows it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedBlame {
    /// File name within the storm's folder.
    pub file: String,
    /// Line.
    pub line: u32,
}

/// What `storm.toml` says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What happens, in a line.
    pub title: String,
    /// What the user feels.
    pub felt: String,
    /// Why it happens.
    #[serde(default)]
    pub story: String,
    /// The one change that ends it.
    #[serde(default)]
    pub fix: String,
    /// Iterations to run.
    pub iterations: u32,
    /// Iterations that are not counted.
    #[serde(default)]
    pub skip: u32,
    /// How many times as many iterations a run on the machine's clock has. There an iteration is a few microseconds of
    /// optimized code and a compile takes milliseconds, which is longer than all iterations of the virtual clock.
    #[serde(default = "one")]
    pub stretch: u32,
    /// What is felt.
    #[serde(default)]
    pub metric: Felt,
    /// How much worse the broken program is in that.
    pub claim: Option<Claim>,
    /// Reasons that explain the storm: none of the others may be more frequent than these together.
    #[serde(default)]
    pub reason: Vec<DeoptReason>,
    /// Policies to run it under.
    pub policies: Vec<PolicyKind>,
    /// Settings that the storm needs.
    #[serde(default)]
    pub flags: Vec<String>,
    /// The line at which the deopts happen.
    pub blame: Option<ExpectedBlame>,
    /// The line that the fix changes.
    pub cause: Option<ExpectedBlame>,
    /// Bounds per policy, and for the fixed program.
    #[serde(default)]
    pub expect: BTreeMap<String, Expectation>,
}

fn one() -> u32 {
    1
}

impl Manifest {
    /// Iterations of a run, on the virtual clock or on the machine's.
    pub fn iterations_on(&self, virtual_clock: bool) -> u32 {
        self.iterations * if virtual_clock { 1 } else { self.stretch }
    }

    /// Of so many iterations, how many are not counted: the programs' phases are shares of the iterations, too.
    pub fn skip_of(&self, iterations: usize) -> usize {
        (iterations as u64 * u64::from(self.skip) / u64::from(self.iterations.max(1))) as usize
    }

    /// Reads a `storm.toml`; the error names line and cause.
    pub fn parse(text: &str) -> Result<Manifest, String> {
        let manifest: Manifest = toml::from_str(text).map_err(|error| error.to_string())?;
        let known = |name: &String| name == Variant::Fixed.name() || name.parse::<PolicyKind>().is_ok();
        let is_event = |name: &str| Event::ROWS.iter().any(|row| row.name == name);
        let unknown = manifest.expect.values().flat_map(|e| e.events.keys()).find(|name| !is_event(name));
        match manifest.expect.keys().find(|name| !known(name)) {
            Some(name) => Err(format!("[expect.{name}]: neither a policy nor 'fixed'")),
            None if unknown.is_some() => {
                Err(format!("events: there is no event '{}'", unknown.map_or("", String::as_str)))
            }
            None if manifest.policies.is_empty() => Err("policies: at least one is needed".to_string()),
            None => Ok(manifest),
        }
    }
}

/// The two programs of a storm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// The program that storms.
    Broken,
    /// The same with one change.
    Fixed,
}

impl Variant {
    /// Both, in the order in which they are run.
    pub const ALL: [Variant; 2] = [Variant::Broken, Variant::Fixed];

    /// As it is called in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Variant::Broken => "broken",
            Variant::Fixed => "fixed",
        }
    }

    /// File name of the program.
    pub const fn file(self) -> &'static str {
        match self {
            Variant::Broken => "broken.js",
            Variant::Fixed => "fixed.js",
        }
    }
}

/// The one place that cost most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlamedPlace {
    /// Path of the file, as the program was run.
    pub file: String,
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
    /// Function.
    pub function: String,
    /// Why.
    pub reason: DeoptReason,
    /// How often.
    pub deopts: u64,
    /// What it cost in all.
    pub cost_ns: u64,
    /// What the guard expected, at the last time.
    pub expected: String,
    /// What it saw, at the last time.
    pub seen: String,
}

/// What one run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// The policy.
    pub policy: PolicyKind,
    /// Which of the two programs.
    pub variant: Variant,
    /// Time per iteration.
    pub series: Series,
    /// Deopts.
    pub deopts: u64,
    /// Recompiles.
    pub recompiles: u64,
    /// Whether no deopt happened in the second half of the iterations.
    pub converged: bool,
    /// Typical time of an iteration.
    pub ns_per_iteration: f64,
    /// What the user feels, in nanoseconds.
    pub felt_ns: f64,
    /// Share of execution per tier, if it was measured.
    pub tier_shares: Option<[f64; Tier::COUNT]>,
    /// Share of the bytecodes per tier, if they were counted.
    pub bytecode_shares: Option<[f64; Tier::COUNT]>,
    /// The numbers of the code cache and of compiling.
    pub code: CodeNumbers,
    /// Mean cost of a deopt: the exit, and the rebuilding of frames.
    pub deopt_ns: Option<f64>,
    /// When the run reached its steady state, if it did.
    pub warm_up: Option<WarmUp>,
    /// How often each event occurred, by name.
    pub events: BTreeMap<&'static str, u64>,
    /// Whether the run was on the virtual clock.
    pub on_virtual_clock: bool,
    /// The place that cost most.
    pub blame: Option<BlamedPlace>,
    /// Deopts by reason, from the first iteration to the last (see [`Series::deopts_in_last_half`] for why not in it).
    pub reasons: BTreeMap<DeoptReason, u64>,
}

impl Measurement {
    /// Reads a recording; an error if the program did not mark its iterations.
    pub fn of(
        policy: PolicyKind,
        variant: Variant,
        manifest: &Manifest,
        recording: &Recording,
    ) -> Result<Measurement, String> {
        let series = Series::of(&recording.events);
        let skip = manifest.skip_of(series.len());
        let typical = series.typical_ns(skip);
        let ns_per_iteration =
            typical.ok_or("the recording has no iterations; does the program call performance.mark('iteration')?")?;
        let summary = Summary::of(&recording.events);
        let mut names = Names::default();
        recording.events.iter().for_each(|stamped| names.learn(&stamped.event));
        let blame = summary.blames().first().map(|blame| BlamedPlace {
            file: names.path(blame.site.function).to_string(),
            line: blame.site.line,
            column: blame.site.column,
            function: names.name(blame.site.function),
            reason: blame.reason,
            deopts: blame.deopts,
            cost_ns: blame.cost_ns(),
            expected: blame.expected.clone(),
            seen: blame.seen.clone(),
        });
        let converged = series.deopts_in_last_half() == 0;
        let felt_ns = match manifest.metric {
            Felt::Throughput => ns_per_iteration,
            Felt::P99 => series.percentile_ns(skip..series.len(), 99),
            Felt::WarmUp => series.percentile_ns(0..skip.min(series.len()), 99),
        };
        let mut events = BTreeMap::new();
        for stamped in &recording.events {
            *events.entry(stamped.event.name()).or_default() += stamped.weight();
        }
        let deopts = summary.deopts();
        Ok(Measurement {
            policy,
            variant,
            deopts,
            recompiles: summary.recompiles,
            converged,
            ns_per_iteration,
            felt_ns,
            warm_up: warmup::classify(&series),
            tier_shares: summary.tier_shares(),
            bytecode_shares: summary.bytecode_shares(),
            code: CodeNumbers::of(recording),
            deopt_ns: (deopts > 0).then(|| summary.deopt_ns as f64 / deopts as f64),
            events,
            on_virtual_clock: summary.bytecode_shares().is_some(),
            blame,
            reasons: reasons_between_marks(recording),
            series,
        })
    }
}

fn reasons_between_marks(recording: &Recording) -> BTreeMap<DeoptReason, u64> {
    let is_mark = |stamped: &Stamped| matches!(&stamped.event, Event::Mark { name } if name == series::MARK);
    let first = recording.events.iter().position(is_mark).unwrap_or_default();
    let last = recording.events.iter().rposition(is_mark).unwrap_or_default();
    let mut reasons = BTreeMap::new();
    for stamped in &recording.events[first..last] {
        if let Event::Deoptimized { reason, .. } = &stamped.event {
            *reasons.entry(*reason).or_default() += stamped.weight();
        }
    }
    reasons
}

/// A program that is compiled late has met the surprise already and has no storm; the way to it is then the one thing that
/// its code still learns.
const STRAY: u64 = 1;

/// The runs of one policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The broken program.
    pub broken: Measurement,
    /// The fixed one.
    pub fixed: Measurement,
}

impl Pair {
    /// How many times worse the broken program is in what is felt.
    pub fn multiplier(&self) -> f64 {
        self.broken.felt_ns / self.fixed.felt_ns.max(1.0)
    }

    /// One JSON object per variant.
    pub fn to_json(&self, storm: &str) -> [serde_json::Value; 2] {
        let object = |run: &Measurement, multiplier: f64| {
            let blame = run.blame.as_ref();
            let place = |blame: &BlamedPlace| serde_json::json!({ "file": blame.file, "line": blame.line, "column": blame.column });
            serde_json::json!({
                "storm": storm,
                "policy": run.policy.name(),
                "variant": run.variant.name(),
                "iterations": run.series.len(),
                "deopts": run.deopts,
                "recompiles": run.recompiles,
                "converged": run.converged,
                "ns_per_iteration": run.ns_per_iteration.round() as u64,
                "felt_ns": run.felt_ns.round() as u64,
                "bytecode_shares": run.bytecode_shares,
                "events": run.events,
                "warm_up": run.warm_up.map(|warm| serde_json::json!({
                    "class": warm.class.name(),
                    "iterations": warm.iterations,
                    "ns": warm.ns,
                    "p99_ns": warm.p99_ns,
                    "steady_ns": warm.steady_ns.round() as u64,
                })),
                "multiplier": (multiplier * 100.0).round() / 100.0,
                "blame": blame.map(place),
            })
        };
        [object(&self.broken, self.multiplier()), object(&self.fixed, 1.0)]
    }

    /// Where the runs differ from what the storm's description expects; empty if nowhere.
    pub fn surprises(&self, manifest: &Manifest) -> Vec<String> {
        let mut surprises = Vec::new();
        let broken = manifest.expect.get(self.broken.policy.name());
        let fixed = manifest.expect.get(Variant::Fixed.name());
        for (run, expected) in [(&self.broken, broken), (&self.fixed, fixed)] {
            if let Some(expected) = expected {
                compare(run, expected, &mut surprises);
            }
        }
        if self.broken.deopts > 0 {
            let name = Variant::Broken.name();
            let count = |(_, count): &(&DeoptReason, &u64)| **count;
            let (expected, others): (Vec<_>, Vec<_>) =
                self.broken.reasons.iter().partition(|(reason, _)| manifest.reason.contains(reason));
            let as_expected: u64 = expected.iter().map(count).sum();
            if let Some(most) = others.iter().max_by_key(|other| count(other))
                && count(most) > as_expected + STRAY
                && !manifest.reason.is_empty()
            {
                surprises.push(format!("{name}: most deopts are for {}", most.0));
            }
            if let (Some(expected), Some(found)) = (&manifest.blame, &self.broken.blame)
                && manifest.claim.is_some_and(|claim| claim.policy == self.broken.policy)
                && (expected.line != found.line || !found.file.ends_with(&expected.file))
            {
                let (file, line) = (&expected.file, expected.line);
                surprises.push(format!("{name}: blames {}:{}, not {file}:{line}", found.file, found.line));
            }
        }
        if let Some(claim) = manifest.claim
            && self.broken.policy == claim.policy
        {
            let least = if self.broken.on_virtual_clock { claim.virtual_factor } else { claim.factor };
            if self.multiplier() < least {
                surprises.push(format!("the multiplier is {:.1}, not {least} or more", self.multiplier()));
            }
        }
        surprises
    }
}

fn compare(run: &Measurement, expected: &Expectation, surprises: &mut Vec<String>) {
    let name = run.variant.name();
    for (what, found, bounds) in
        [("deopts", run.deopts, expected.deopts), ("recompiles", run.recompiles, expected.recompiles)]
    {
        if let Some([least, most]) = bounds
            && !(least..=most).contains(&found)
        {
            surprises.push(format!("{name}: {found} {what}, not {least} to {most}"));
        }
    }
    for (event, [least, most]) in &expected.events {
        let found = run.events.get(event.as_str()).copied().unwrap_or_default();
        if !(least..=most).contains(&&found) {
            surprises.push(format!("{name}: {found} times {event}, not {least} to {most}"));
        }
    }
    if let (Some([least, most]), Some(shares)) = (expected.optimized_share, run.bytecode_shares) {
        let found = shares[Tier::Optimized.index()];
        if !(least..=most).contains(&found) {
            surprises.push(format!(
                "{name}: {found:.3} of the bytecodes are retired by optimized code, not {least} to {most}"
            ));
        }
    }
    if let Some(converged) = expected.converged
        && converged != run.converged
    {
        let text = if run.converged { "it converged" } else { "it did not converge" };
        surprises.push(format!("{name}: {text}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::samples;

    const MANIFEST: &str = r#"
title = "t"
felt = "f"
iterations = 20
skip = 2
reason = ["wrong-shape"]
policies = ["petrel", "naive"]
[claim]
policy = "naive"
factor = 10
virtual_factor = 5
[blame]
file = "late.js"
line = 19
[expect.naive]
deopts = [10, 100]
recompiles = [0, 100]
converged = false
[expect.fixed]
deopts = [0, 0]
converged = true
"#;

    /// Iterations of a length each, with a deopt in every one or in none.
    fn recording(iterations: u64, ms: u64, storms: bool) -> Recording {
        let mut events: Vec<Stamped> = samples::functions();
        for index in 0..iterations {
            events.push(samples::at(index * ms, Event::Mark { name: "iteration".into() }));
            if storms {
                events.push(samples::deopt(index * ms, 1, DeoptReason::WrongShape, None));
            }
        }
        let ended = Event::RunEnded { exit_code: 0, heap_bytes: 0, cache_bytes: [0; 3] };
        events.push(samples::at(iterations * ms, ended));
        Recording { header: serde_json::Value::Null, events, truncated: false }
    }

    fn pair(broken_ms: u64) -> (Manifest, Pair) {
        let manifest = Manifest::parse(MANIFEST).unwrap();
        let naive = PolicyKind::Naive;
        let broken = recording(20, broken_ms, true);
        let broken = Measurement::of(naive, Variant::Broken, &manifest, &broken).unwrap();
        let fixed = Measurement::of(naive, Variant::Fixed, &manifest, &recording(20, 1, false)).unwrap();
        (manifest, Pair { broken, fixed })
    }

    #[test]
    fn a_storm_that_is_as_expected_has_no_surprises() {
        let (manifest, pair) = pair(12);
        assert_eq!(pair.surprises(&manifest), Vec::<String>::new());
        assert_eq!(pair.multiplier(), 12.0);
        assert!(!pair.broken.converged && pair.fixed.converged);
    }

    #[test]
    fn surprises_are_named() {
        let (mut manifest, pair) = pair(3);
        manifest.reason = vec![DeoptReason::Hole];
        manifest.blame = Some(ExpectedBlame { file: "broken.js".into(), line: 19 });
        manifest.expect.get_mut("naive").unwrap().deopts = Some([0, 5]);
        assert_eq!(
            pair.surprises(&manifest),
            [
                "broken: 20 deopts, not 0 to 5",
                "broken: most deopts are for wrong-shape",
                "broken: blames storms/late.js:19, not broken.js:19",
                "the multiplier is 3.0, not 10 or more",
            ]
        );
    }

    #[test]
    fn json_has_the_promised_fields() {
        let (_, pair) = pair(12);
        let [broken, fixed] = pair.to_json("late");
        let fields: Vec<&str> = broken.as_object().unwrap().keys().map(String::as_str).collect();
        let mut promised = [
            "storm",
            "policy",
            "variant",
            "iterations",
            "deopts",
            "recompiles",
            "converged",
            "ns_per_iteration",
            "felt_ns",
            "bytecode_shares",
            "events",
            "warm_up",
            "multiplier",
            "blame",
        ];
        promised.sort();
        let mut sorted = fields.clone();
        sorted.sort();
        assert_eq!(sorted, promised);
        assert_eq!(broken["blame"], serde_json::json!({ "file": "storms/late.js", "line": 19, "column": 16 }));
        assert_eq!(fixed["blame"], serde_json::Value::Null);
        assert_eq!(broken["iterations"], 20);
    }

    #[test]
    fn a_wrong_description_is_refused() {
        assert!(Manifest::parse("title = 3").unwrap_err().contains("line 1"));
        let wrong = MANIFEST.replace("expect.naive", "expect.navie");
        assert!(Manifest::parse(&wrong).unwrap_err().contains("navie"));
        let wrong = MANIFEST.replace("wrong-shape", "wrong-ship");
        assert!(Manifest::parse(&wrong).unwrap_err().contains("wrong-ship"));
    }

    #[test]
    fn a_run_without_marks_is_an_error() {
        let manifest = Manifest::parse(MANIFEST).unwrap();
        let error = Measurement::of(PolicyKind::Naive, Variant::Broken, &manifest, &recording(0, 1, false));
        assert!(error.unwrap_err().contains("performance.mark"));
    }
}
