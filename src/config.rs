//! Every knob of the engine, one row each: field, type, default, unit, flag, sentence.
//!
//! Knobs are grouped by what they may affect. The groups marked `run` can change what a program's run looks like, so
//! their values stand in the header of every recording; those marked `view` only choose what is shown. A [`Config`] is
//! a plain struct that is built once, by [`Config::from_flags`], and passed by reference: no globals, no environment
//! variables read deep inside.
//!
//! In: `(flag, value)` pairs of strings, as the command line, a `storm.toml` or a test writes them. Out: the struct, or
//! an error that names the flag and what it takes. [`Config::KNOBS`] lists the rows for help texts and documentation.
//!
//! Some defaults depend on the policy: `--policy hotspot` starts from HotSpot's thresholds. The order of flags does
//! not matter: the policy's preset is applied first, explicit flags after it.
//!
//! Source of the idea: Wizard keeps its flags on one line each, grouped by what they may affect; threshold and limit
//! names are HotSpot's.

use crate::vocab::{PolicyKind, Tier, Unit};

/// What a group of knobs may affect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Affects {
    /// The run itself: recorded in the header of recordings.
    Run,
    /// Only what is shown or where it goes.
    View,
}

/// One row of the knob table, for help and documentation.
#[derive(Clone, Copy, Debug)]
pub struct KnobRow {
    /// Name on the command line, without the dashes.
    pub flag: &'static str,
    /// Heading it stands under.
    pub group: &'static str,
    /// What its group may affect.
    pub affects: Affects,
    /// Unit of the value, if it is a number.
    pub unit: Option<Unit>,
    /// Placeholder for the value in help texts; `None` for a switch.
    pub takes: Option<&'static str>,
    /// What it does.
    pub help: &'static str,
}

/// A type that a knob can have.
trait KnobValue {
    /// Placeholder in help texts; `None` for a switch that needs no value.
    const TAKES: Option<&'static str>;
    /// Takes over the value written as `text`; the error says what would have been right.
    fn set(&mut self, text: &str, unit: Option<Unit>) -> Result<(), String>;
    /// The value as it would be written on the command line.
    fn show(&self) -> String;
}

impl KnobValue for bool {
    const TAKES: Option<&'static str> = None;

    fn set(&mut self, text: &str, _unit: Option<Unit>) -> Result<(), String> {
        *self = match text {
            "" | "on" | "true" | "yes" | "1" => true,
            "off" | "false" | "no" | "0" => false,
            other => return Err(format!("'{other}' is neither on nor off")),
        };
        Ok(())
    }

    fn show(&self) -> String {
        if *self { "on" } else { "off" }.to_string()
    }
}

/// Parses a number; bytes take the suffixes k, m, g; times take us, ms, s.
fn parse_number(text: &str, unit: Option<Unit>) -> Result<u64, String> {
    let lower = text.to_ascii_lowercase();
    let suffixes: &[(&str, u64)] = match unit {
        Some(Unit::Bytes) => &[("k", 1 << 10), ("m", 1 << 20), ("g", 1 << 30)],
        Some(Unit::Nanoseconds) => &[("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)],
        Some(Unit::Count) | Some(Unit::Ratio) | None => &[],
    };
    let (digits, factor) = suffixes
        .iter()
        .find_map(|&(suffix, factor)| lower.strip_suffix(suffix).map(|digits| (digits, factor)))
        .unwrap_or((lower.as_str(), 1));
    let number: u64 = digits.replace('_', "").parse().map_err(|_| match unit {
        Some(Unit::Bytes) => format!("'{text}' is not a size such as 512k, 64m or 1g"),
        Some(Unit::Nanoseconds) => format!("'{text}' is not a time such as 500us, 10ms or 2s"),
        Some(Unit::Count) | Some(Unit::Ratio) | None => format!("'{text}' is not a whole number"),
    })?;
    number.checked_mul(factor).ok_or_else(|| format!("'{text}' is too large"))
}

impl KnobValue for u64 {
    const TAKES: Option<&'static str> = Some("N");

    fn set(&mut self, text: &str, unit: Option<Unit>) -> Result<(), String> {
        *self = parse_number(text, unit)?;
        Ok(())
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl KnobValue for u32 {
    const TAKES: Option<&'static str> = Some("N");

    fn set(&mut self, text: &str, unit: Option<Unit>) -> Result<(), String> {
        *self = u32::try_from(parse_number(text, unit)?).map_err(|_| format!("'{text}' is too large"))?;
        Ok(())
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl KnobValue for f64 {
    const TAKES: Option<&'static str> = Some("X");

    fn set(&mut self, text: &str, _unit: Option<Unit>) -> Result<(), String> {
        *self = match text.parse::<f64>() {
            Ok(number) if number.is_finite() && number >= 0.0 => number,
            Ok(_) | Err(_) => return Err(format!("'{text}' is not a number of zero or more")),
        };
        Ok(())
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl KnobValue for Option<String> {
    const TAKES: Option<&'static str> = Some("FILE");

    fn set(&mut self, text: &str, _unit: Option<Unit>) -> Result<(), String> {
        if text.is_empty() {
            return Err("a file name is missing".to_string());
        }
        *self = Some(text.to_string());
        Ok(())
    }

    fn show(&self) -> String {
        self.clone().unwrap_or_default()
    }
}

impl KnobValue for PolicyKind {
    const TAKES: Option<&'static str> = Some("NAME");

    fn set(&mut self, text: &str, _unit: Option<Unit>) -> Result<(), String> {
        *self = text.parse()?;
        Ok(())
    }

    fn show(&self) -> String {
        self.name().to_string()
    }
}

impl KnobValue for Tier {
    const TAKES: Option<&'static str> = Some("0..4");

    fn set(&mut self, text: &str, _unit: Option<Unit>) -> Result<(), String> {
        let level = text.parse::<u8>().ok().and_then(Tier::from_level);
        *self = level.or_else(|| text.parse().ok()).ok_or_else(|| format!("'{text}' is not a tier from 0 to 4"))?;
        Ok(())
    }

    fn show(&self) -> String {
        self.level().to_string()
    }
}

/// What a recording keeps when it reaches its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKeep {
    /// The first events; what comes later is counted.
    First,
    /// The last events; what came before is counted.
    Last,
}

impl KnobValue for RecordKeep {
    const TAKES: Option<&'static str> = Some("first|last");

    fn set(&mut self, text: &str, _unit: Option<Unit>) -> Result<(), String> {
        *self = match text {
            "first" => RecordKeep::First,
            "last" => RecordKeep::Last,
            other => return Err(format!("'{other}' is neither first nor last")),
        };
        Ok(())
    }

    fn show(&self) -> String {
        match self {
            RecordKeep::First => "first",
            RecordKeep::Last => "last",
        }
        .to_string()
    }
}

/// Which side exits a stress run forces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StressExits {
    /// None.
    Off,
    /// Every N-th guard that is executed fails once.
    Nth(u64),
    /// Every static guard fails the first time it is executed.
    All,
}

/// Stress modes: they make rare things common, and must never change what a program prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stress {
    /// Collect garbage at every allocation.
    pub gc: bool,
    /// Force side exits.
    pub exits: StressExits,
    /// A code cache so small that code is evicted all the time.
    pub tiny_cache: bool,
    /// Thresholds so low that everything is compiled at once.
    pub thresholds: bool,
    /// Compile on the main thread.
    pub sync: bool,
    /// Number of optimizing compiles allowed, to bisect a miscompilation; further ones are refused.
    pub fuel: Option<u64>,
}

impl Stress {
    /// No stress at all.
    pub const OFF: Stress =
        Stress { gc: false, exits: StressExits::Off, tiny_cache: false, thresholds: false, sync: false, fuel: None };
}

impl KnobValue for Stress {
    const TAKES: Option<&'static str> = Some("MODE,...");

    /// Modes add up over repeated flags.
    fn set(&mut self, text: &str, _unit: Option<Unit>) -> Result<(), String> {
        const MODES: &str = "gc, exits=N, exits=all, tiny-cache, thresholds, sync, fuel=N";
        for mode in text.split(',') {
            match mode.split_once('=').unwrap_or((mode, "")) {
                ("gc", "") => self.gc = true,
                ("tiny-cache", "") => self.tiny_cache = true,
                ("thresholds", "") => self.thresholds = true,
                ("sync", "") => self.sync = true,
                ("exits", "all") => self.exits = StressExits::All,
                ("exits", count) => match parse_number(count, None) {
                    Ok(nth) if nth > 0 => self.exits = StressExits::Nth(nth),
                    Ok(_) | Err(_) => return Err(format!("exits takes 'all' or a number from 1, not '{count}'")),
                },
                ("fuel", count) => self.fuel = Some(parse_number(count, None)?),
                ("off", "") => *self = Stress::OFF,
                (_, _) => return Err(format!("'{mode}' is not a stress mode; there are {MODES}")),
            }
        }
        Ok(())
    }

    fn show(&self) -> String {
        let exits = match self.exits {
            StressExits::Off => None,
            StressExits::Nth(nth) => Some(format!("exits={nth}")),
            StressExits::All => Some("exits=all".to_string()),
        };
        let switches =
            [(self.gc, "gc"), (self.tiny_cache, "tiny-cache"), (self.thresholds, "thresholds"), (self.sync, "sync")];
        let mut modes: Vec<String> = switches.iter().filter(|(on, _)| *on).map(|(_, name)| name.to_string()).collect();
        modes.extend(exits);
        modes.extend(self.fuel.map(|count| format!("fuel={count}")));
        if modes.is_empty() { "off".to_string() } else { modes.join(",") }
    }
}

/// A flag that could not be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagError {
    /// The flag, without dashes.
    pub flag: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl std::fmt::Display for FlagError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "--{}: {}", self.flag, self.message)
    }
}

impl std::error::Error for FlagError {}

macro_rules! unit {
    (none) => {
        None
    };
    ($unit:ident) => {
        Some(Unit::$unit)
    };
}

/// Declares the configuration: the struct, its defaults, its parser and its table, from one row per knob.
macro_rules! knobs {
    ($($affects:ident $group:literal {
        $($field:ident: $Type:ty = $default:expr, $unit:ident, $flag:literal, $help:literal;)+
    })+) => {
        /// The settings of one VM. Fields are documented by their row in [`Config::KNOBS`].
        #[derive(Clone, Debug, PartialEq)]
        pub struct Config {
            $($(#[doc = $help] pub $field: $Type,)+)+
        }

        impl Default for Config {
            fn default() -> Config {
                Config { $($($field: $default,)+)+ }
            }
        }

        impl Config {
            /// Every knob, in the order of the table.
            pub const KNOBS: &'static [KnobRow] = &[$($(KnobRow {
                flag: $flag,
                group: $group,
                affects: Affects::$affects,
                unit: unit!($unit),
                takes: <$Type as KnobValue>::TAKES,
                help: $help,
            },)+)+];

            /// Sets one knob from text; the empty text switches a switch on.
            pub fn set(&mut self, flag: &str, value: &str) -> Result<(), FlagError> {
                let outcome = match flag {
                    $($($flag => KnobValue::set(&mut self.$field, value, unit!($unit)),)+)+
                    _ => Err("there is no such setting".to_string()),
                };
                outcome.map_err(|message| FlagError { flag: flag.to_string(), message })
            }

            /// The value of every knob as text, in table order.
            pub fn entries(&self) -> Vec<(&'static KnobRow, String)> {
                let values = vec![$($(KnobValue::show(&self.$field),)+)+];
                Config::KNOBS.iter().zip(values).collect()
            }
        }
    };
}

knobs! {
    Run "Tiering" {
        policy: PolicyKind = PolicyKind::Petrel, none, "policy", "Tiering policy: petrel, hotspot, naive, v8, graal, backoff or deoptless";
        tier_max: Tier = Tier::Optimized, none, "tier-max", "Highest tier: 0 interpreter, 1-3 baseline, 4 optimized";
        sync: bool = false, none, "sync", "Compile on the main thread instead of in the background";
        compile_threads: u32 = 1, Count, "compile-threads", "Number of background threads for optimized code; baseline code has one of its own";
        compile_queue_limit: u32 = 256, Count, "compile-queue-limit", "Compiles that may wait; more are turned away";
        compile_threshold_scaling: f64 = 1.0, Ratio, "compile-threshold-scaling", "Factor on every threshold below; 0 compiles at once";
        osr: bool = true, none, "osr", "Enter optimized code from running loops";
    }
    Run "Thresholds" {
        tier3_invocation_threshold: u32 = 200, Count, "tier3-invocation-threshold", "Calls after which a function gets baseline code";
        tier3_min_invocation_threshold: u32 = 100, Count, "tier3-min-invocation-threshold", "Calls that are enough for baseline if calls and loops reach the compile threshold";
        tier3_compile_threshold: u32 = 1_000, Count, "tier3-compile-threshold", "Calls plus loop iterations for baseline";
        tier3_backedge_threshold: u32 = 2_000, Count, "tier3-backedge-threshold", "Loop iterations after which a running loop moves to baseline";
        tier4_invocation_threshold: u32 = 1_500, Count, "tier4-invocation-threshold", "Profiled calls after which a function is optimized";
        tier4_min_invocation_threshold: u32 = 300, Count, "tier4-min-invocation-threshold", "Profiled calls that are enough if calls and loops reach the compile threshold";
        tier4_compile_threshold: u32 = 4_000, Count, "tier4-compile-threshold", "Profiled calls plus loop iterations for the optimizer";
        tier4_backedge_threshold: u32 = 10_000, Count, "tier4-backedge-threshold", "Profiled iterations after which a running loop enters optimized code (OSR)";
        tier3_load_feedback: u32 = 5, Count, "tier3-load-feedback", "Waiting baseline compiles per thread that double the baseline thresholds";
        tier4_load_feedback: u32 = 3, Count, "tier4-load-feedback", "Waiting optimizing compiles per thread that double the optimizer's thresholds";
        tier3_delay_on: u32 = 5, Count, "tier3-delay-on", "Waiting optimizing compiles per thread from which new baseline code only counts (tier 2)";
        trivial_bytecode_size: u32 = 6, Count, "trivial-bytecode-size", "Functions up to this many bytecodes without loops or calls stay at tier 1";
    }
    Run "Deopt limits" {
        per_bytecode_trap_limit: u32 = 4, Count, "per-bytecode-trap-limit", "Deopts at one place before its speculation is given up";
        per_bytecode_recompilation_cutoff: u32 = 200, Count, "per-bytecode-recompilation-cutoff", "Recompiles caused by one place before the function is given up (hotspot)";
        per_method_recompilation_cutoff: u32 = 400, Count, "per-method-recompilation-cutoff", "Recompiles of one function before it is given up (hotspot)";
        per_method_trap_limit: u32 = 100, Count, "per-method-trap-limit", "Deopts of one reason in one function before that speculation is given up in all of it (hotspot)";
        reprofile_invocations: u32 = 200, Count, "reprofile-invocations", "Executions in the profiling tier after a deopt, doubled at each further one (petrel)";
        max_recompiles: u32 = 12, Count, "max-recompiles", "Recompiles of one function before it is given up (petrel)";
        deopt_cycle_threshold: u32 = 15, Count, "deopt-cycle-threshold", "Deopts of one place after which its function is given up (graal)";
        backoff_exits: u32 = 100, Count, "backoff-exits", "Deopts of a function before its code is thrown away, doubled at each further time (backoff)";
        continuation_limit: u32 = 5, Count, "continuation-limit", "Continuations of one function before its deopts are answered as under petrel (deoptless)";
    }
    Run "Inlining" {
        inline: bool = true, none, "inline", "Inline calls in optimized code";
        max_inline_size: u32 = 35, Count, "max-inline-size", "Bytecodes of a function that is inlined anywhere";
        freq_inline_size: u32 = 325, Count, "freq-inline-size", "Bytecodes of a function that is inlined at frequent calls";
        max_inline_level: u32 = 9, Count, "max-inline-level", "Depth of inlining";
        max_recursive_inline_level: u32 = 1, Count, "max-recursive-inline-level", "Depth of inlining a function into itself";
        min_inline_frequency_percent: u32 = 10, Count, "min-inline-frequency-percent", "Calls per hundred runs of the caller from which a call is frequent";
        desired_method_limit: u32 = 6_000, Count, "desired-method-limit", "Bytecodes that are inlined into one function in all";
        graph_node_limit: u32 = 20_000, Count, "graph-node-limit", "Nodes of a graph before the optimizer stops inlining or refuses";
        huge_method_limit: u32 = 8_000, Count, "huge-method-limit", "Bytecodes from which a function is never compiled";
    }
    Run "Code cache" {
        code_cache_size: u64 = 64 << 20, Bytes, "code-cache-size", "Size of the whole code cache";
        non_method_segment_size: u64 = 0, Bytes, "non-method-segment-size", "Size of the segment for stubs; 0: a share of the whole";
        profiled_segment_size: u64 = 0, Bytes, "profiled-segment-size", "Size of the segment for tiers 2 and 3; 0: a share of the whole";
        non_profiled_segment_size: u64 = 0, Bytes, "non-profiled-segment-size", "Size of the segment for tiers 1 and 4; 0: a share of the whole";
        code_cache_flushing: bool = true, none, "code-cache-flushing", "Evict cold code when the cache is full; off: disable the compiler instead";
    }
    Run "Memory" {
        heap_limit: u64 = 4 << 30, Bytes, "heap-limit", "Size that the heap may reach before the program is stopped";
        nursery_size: u64 = 1 << 20, Bytes, "nursery-size", "Allocation between two young collections, at first: up to 16 times as much where much survives";
        timeout: u64 = 0, Nanoseconds, "timeout", "Time after which the program is stopped with exit code 70; 0: no limit";
        stack_size: u64 = 8 << 20, Bytes, "stack-size", "Size of the stack; deeper recursion is a RangeError in every tier";
    }
    Run "Determinism and stress" {
        deterministic: bool = false, none, "deterministic", "Virtual clock, modelled compile times, one thread: the same events every time";
        seed: u64 = 0, Count, "seed", "Seed of Math.random and of everything random (0: chosen at start unless deterministic)";
        virtual_ns_per_bytecode: u64 = 2, Nanoseconds, "virtual-ns-per-bytecode", "What one bytecode advances the virtual clock in the interpreter";
        modelled_baseline_ns_per_bytecode: u64 = 3_000, Nanoseconds, "modelled-baseline-ns-per-bytecode", "Modelled time of a baseline compile, per bytecode";
        modelled_optimizer_ns_per_bytecode: u64 = 12_000, Nanoseconds, "modelled-optimizer-ns-per-bytecode", "Modelled time of an optimizing compile, per bytecode";
        stress: Stress = Stress::OFF, none, "stress", "Make rare things common: gc, exits=N, exits=all, tiny-cache, thresholds, sync, fuel=N";
        allow_natives_syntax: bool = false, none, "allow-natives-syntax", "Accept %OptimizeFunctionOnNextCall and its family";
    }
    Run "Recording" {
        record_limit: u64 = 1_000_000, Count, "record-limit", "Events that a recording holds at most; further ones are counted";
        record_bytes: u64 = 16 << 20, Bytes, "record-bytes", "Size that a recording may reach; what comes later is counted";
        record_keep: RecordKeep = RecordKeep::First, none, "record-keep", "What a full recording keeps: the first or the last events";
        profile: bool = false, none, "profile", "Sample the stack, with tiers, into the recording";
        profile_period: u64 = 1_000_000, Nanoseconds, "profile-period", "Time between two samples; of the virtual clock in deterministic mode";
        sample_rate: u64 = 1, Count, "sample-rate", "Keep one in N of the frequent events; the others are counted";
    }
    View "Output" {
        record: Option<String> = None, none, "record", "Write the events of the run to this file";
        perf_map: bool = false, none, "perf-map", "Write perf-PID.map to the temporary folder, for bpftrace and other readers; perf itself wants --jitdump";
        jitdump: bool = false, none, "jitdump", "Write jit-PID.dump here, for perf inject --jit (record with perf record -k mono)";
        trace_opt: bool = false, none, "trace-opt", "Tell each function's way through the tiers";
        trace_deopt: bool = false, none, "trace-deopt", "One line per deopt: where, why, what it cost";
        trace_deopt_verbose: bool = false, none, "trace-deopt-verbose", "With each deopt, the values read and the frames rebuilt, slot by slot";
        trace_osr: bool = false, none, "trace-osr", "One line per entry into a running loop";
        print_compilation: bool = false, none, "print-compilation", "One line per compile, in HotSpot's format";
        stats: bool = false, none, "stats", "Statistics when the program ends";
        warn_storms: bool = false, none, "warn-storms", "Say so when a function is in a deopt storm or the code cache is full; on by default where standard error is a terminal";
    }
}

/// What a policy changes in the defaults.
fn preset(policy: PolicyKind) -> &'static [(&'static str, &'static str)] {
    match policy {
        PolicyKind::Petrel | PolicyKind::Naive | PolicyKind::Graal | PolicyKind::Backoff | PolicyKind::Deoptless => &[],
        PolicyKind::V8 => &[
            ("tier4-invocation-threshold", "3000"),
            ("tier4-min-invocation-threshold", "2"),
            ("tier4-compile-threshold", "3000"),
            ("tier4-backedge-threshold", "3500"),
        ],
        PolicyKind::Hotspot => &[
            ("tier3-invocation-threshold", "200"),
            ("tier3-min-invocation-threshold", "100"),
            ("tier3-compile-threshold", "2000"),
            ("tier3-backedge-threshold", "60000"),
            ("tier4-invocation-threshold", "5000"),
            ("tier4-min-invocation-threshold", "600"),
            ("tier4-compile-threshold", "15000"),
            ("tier4-backedge-threshold", "40000"),
        ],
    }
}

impl Config {
    /// The defaults under a policy.
    pub fn for_policy(policy: PolicyKind) -> Config {
        let mut config = Config { policy, ..Config::default() };
        for (flag, value) in preset(policy) {
            config.set(flag, value).expect("invariant: presets name knobs of the table");
        }
        config
    }

    /// Builds a configuration from flags; their order does not matter, except that of repeated ones.
    pub fn from_flags<'a>(flags: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Config, FlagError> {
        let flags: Vec<(&str, &str)> = flags.into_iter().collect();
        let mut choice = Config::default();
        for (flag, value) in flags.iter().filter(|(flag, _)| *flag == "policy") {
            choice.set(flag, value)?;
        }
        let mut config = Config::for_policy(choice.policy);
        for (flag, value) in &flags {
            config.set(flag, value)?;
        }
        config.check()?;
        Ok(config.with_stress_applied())
    }

    /// The row of a flag.
    pub fn knob(flag: &str) -> Option<&'static KnobRow> {
        Config::KNOBS.iter().find(|row| row.flag == flag)
    }

    /// The knobs that affect the run and differ from the defaults, as they stand in the header of a recording.
    pub fn run_differences(&self) -> Vec<(&'static str, String)> {
        let defaults = Config::default().entries();
        let changed = self
            .entries()
            .into_iter()
            .zip(defaults)
            .filter(|((row, value), (_, default))| row.affects == Affects::Run && value != default);
        changed.map(|((row, value), _)| (row.flag, value)).collect()
    }

    /// Sizes of the three segments of the code cache, in the order of [`crate::vocab::Segment`], adding up to the whole.
    pub fn segment_sizes(&self) -> [u64; 3] {
        let given = [self.non_method_segment_size, self.profiled_segment_size, self.non_profiled_segment_size];
        let shares = [8, 46, 46];
        let left = given.iter().fold(self.code_cache_size, |rest, &size| rest.saturating_sub(size));
        let open_shares: u64 = (0..3).filter(|&i| given[i] == 0).map(|i| shares[i]).sum();
        let share_of = |i: usize| if given[i] != 0 { given[i] } else { (left * shares[i] / open_shares) & !4095 };
        [share_of(0), share_of(1), share_of(2)]
    }

    /// Combinations that make no sense are refused with the reason.
    fn check(&self) -> Result<(), FlagError> {
        let error = |flag: &str, message: &str| Err(FlagError { flag: flag.to_string(), message: message.to_string() });
        let given = self.non_method_segment_size.saturating_add(self.profiled_segment_size);
        let given = given.saturating_add(self.non_profiled_segment_size);
        if self.code_cache_size < 64 << 10 {
            return error("code-cache-size", "the code cache needs at least 64k");
        }
        if self.code_cache_size > 1 << 30 {
            return error("code-cache-size", "the code cache can have at most 1g");
        }
        if self.segment_sizes().iter().any(|&size| size < 4096) || given > self.code_cache_size {
            return error("code-cache-size", "the segments do not fit into the code cache");
        }
        if self.heap_limit < 1 << 20 {
            return error("heap-limit", "the heap needs at least 1m");
        }
        if self.nursery_size < 32 << 10 {
            return error("nursery-size", "the nursery needs at least 32k");
        }
        if self.stack_size < 64 << 10 || self.stack_size > 1 << 30 {
            return error("stack-size", "the stack can have from 64k to 1g");
        }
        if self.compile_threads == 0 || self.compile_threads > 64 {
            return error("compile-threads", "there can be 1 to 64 compile threads");
        }
        if self.profile_period < 10_000 {
            return error("profile-period", "samples can be 10us apart at the least");
        }
        if self.sample_rate == 0 {
            return error("sample-rate", "1 keeps every event; 0 makes no sense");
        }
        if self.record_bytes < 64 << 10 {
            return error("record-bytes", "a recording needs at least 64k");
        }
        if self.record_limit == 0 {
            return error("record-limit", "a recording needs room for at least one event");
        }
        Ok(())
    }

    /// Stress modes that are nothing but extreme settings of other knobs become those settings.
    fn with_stress_applied(mut self) -> Config {
        if self.stress.thresholds {
            self.compile_threshold_scaling = 0.0;
        }
        if self.stress.sync {
            self.sync = true;
        }
        if self.stress.tiny_cache {
            self.code_cache_size = 256 << 10;
            self.non_method_segment_size = 64 << 10;
            self.profiled_segment_size = 0;
            self.non_profiled_segment_size = 0;
        }
        self
    }

    /// A threshold under `--compile-threshold-scaling`; at least 1.
    pub fn scaled(&self, threshold: u32) -> u32 {
        (f64::from(threshold) * self.compile_threshold_scaling).clamp(1.0, f64::from(u32::MAX)) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_unique_and_kebab_case() {
        let mut flags: Vec<&str> = Config::KNOBS.iter().map(|row| row.flag).collect();
        flags.sort();
        let count = flags.len();
        flags.dedup();
        assert_eq!(flags.len(), count);
        assert!(flags.iter().all(|flag| flag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')));
    }

    #[test]
    fn every_default_survives_its_own_text() {
        let config = Config::default();
        let mut copy = Config::default();
        for (row, value) in config.entries() {
            if !value.is_empty() {
                copy.set(row.flag, &value).unwrap();
            }
        }
        assert_eq!(copy, config);
        assert!(Config::from_flags([]).is_ok());
    }

    #[test]
    fn the_policy_preset_comes_first_wherever_it_stands() {
        let config = Config::from_flags([("tier4-invocation-threshold", "7"), ("policy", "hotspot")]).unwrap();
        assert_eq!(config.tier4_invocation_threshold, 7);
        assert_eq!(config.tier3_backedge_threshold, 60_000);
    }

    #[test]
    fn sizes_times_and_modes_parse() {
        let config = Config::from_flags([
            ("heap-limit", "256m"),
            ("virtual-ns-per-bytecode", "2us"),
            ("stress", "gc,exits=3"),
            ("stress", "fuel=10"),
            ("sync", ""),
            ("osr", "off"),
            ("tier-max", "3"),
        ])
        .unwrap();
        assert_eq!(config.heap_limit, 256 << 20);
        assert_eq!(config.virtual_ns_per_bytecode, 2_000);
        assert_eq!(config.stress.show(), "gc,exits=3,fuel=10");
        assert!(config.sync && !config.osr);
        assert_eq!(config.tier_max, Tier::BaselineProfiling);
    }

    #[test]
    fn errors_name_the_flag_and_the_remedy() {
        let text = |flag, value| Config::from_flags([(flag, value)]).unwrap_err().to_string();
        assert_eq!(text("heap-limit", "lots"), "--heap-limit: 'lots' is not a size such as 512k, 64m or 1g");
        assert_eq!(text("tier-max", "5"), "--tier-max: '5' is not a tier from 0 to 4");
        assert_eq!(text("sync", "maybe"), "--sync: 'maybe' is neither on nor off");
        assert_eq!(text("warp", "9"), "--warp: there is no such setting");
        assert!(text("stress", "tea").contains("there are gc, exits=N"));
        assert!(text("code-cache-size", "1k").contains("at least 64k"));
        assert!(text("heap-limit", "99999999999g").contains("too large"));
    }

    #[test]
    fn segments_fill_the_cache() {
        let config = Config::from_flags([("code-cache-size", "1m"), ("profiled-segment-size", "256k")]).unwrap();
        let sizes = config.segment_sizes();
        assert_eq!(sizes[1], 256 << 10);
        assert!(sizes.iter().sum::<u64>() <= 1 << 20);
        assert!(sizes.iter().sum::<u64>() > (1 << 20) - 3 * 4096);
    }

    #[test]
    fn recordings_name_what_differs_and_nothing_of_the_view() {
        let config = Config::from_flags([("seed", "4"), ("record", "a.rec"), ("trace-opt", "")]).unwrap();
        assert_eq!(config.run_differences(), [("seed", "4".to_string())]);
    }
}
