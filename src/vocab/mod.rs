//! The words of the house: every closed vocabulary that more than one room speaks.
//!
//! A deopt reason, a tier, a refusal: each is one row of one table here, with its kebab-case name (used on the command
//! line, in recordings and in traces) and a sentence that says what it means. The enum, its printer, its parser, the
//! generated reference pages and the statistics all come from that row, so they cannot drift apart. Consumers match
//! these enums without a wildcard arm: a new row makes the compiler name everyone who must answer for it.
//!
//! The order of rows is part of the recording format (`events::codec` writes the index): append, never insert, or
//! raise [`crate::events::SCHEMA_VERSION`].
//!
//! | file | what |
//! |---|---|
//! | `mod.rs` | tiers, compiles, code cache, heap, feedback, metrics |
//! | `deopt.rs` | reason, kind, action: why optimized code was left and what is done about it |
//! | `ids.rs` | typed ids that cross rooms |
//!
//! Source of the idea: Ruby's ZJIT declares every counter once; Wizard keeps metrics on one line each.

mod deopt;
pub mod ids;

pub use deopt::{DeoptAction, DeoptKind, DeoptReason};
pub use ids::{BlobId, CompileId, ExitId, FunctionId, ShapeId, SiteId};

/// Declares a vocabulary: an enum whose rows carry a kebab-case name and a sentence (the doc comment).
///
/// Generated: the enum with the usual derives and serde names, `ALL`, `name`, `describe`, `index`, `Display`, `FromStr`.
macro_rules! vocabulary {
    ($(#[doc = $enum_doc:literal])+ $vis:vis enum $Enum:ident {
        $($(#[doc = $doc:literal])+ $Row:ident = $name:literal,)+
    }) => {
        $(#[doc = $enum_doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[repr(u8)]
        $vis enum $Enum {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $Row,)+
        }

        impl $Enum {
            /// Every row, in table order.
            pub const ALL: &'static [$Enum] = &[$($Enum::$Row),+];

            /// The kebab-case name: what the command line, recordings and traces say.
            pub const fn name(self) -> &'static str {
                match self { $($Enum::$Row => $name,)+ }
            }

            /// The sentence of the row.
            pub fn describe(self) -> &'static str {
                match self { $($Enum::$Row => concat!($($doc),+).trim_start(),)+ }
            }

            /// Position in the table, for counters indexed by row.
            pub const fn index(self) -> usize {
                self as usize
            }
        }

        impl std::fmt::Display for $Enum {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl std::str::FromStr for $Enum {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                $Enum::ALL.iter().copied().find(|row| row.name() == text).ok_or_else(|| {
                    let names: Vec<&str> = $Enum::ALL.iter().map(|row| row.name()).collect();
                    format!("'{text}' is none of {}", names.join(", "))
                })
            }
        }
    };
}
pub(crate) use vocabulary;

vocabulary! {
    /// The levels of execution, numbered as in HotSpot.
    pub enum Tier {
        /// Tier 0: bytecode is interpreted; feedback is collected.
        Interpreter = "interpreter",
        /// Tier 1: baseline machine code without any profiling, for code that will not be optimized further.
        Baseline = "baseline",
        /// Tier 2: baseline machine code that counts invocations and back-edges only, for when the optimizer is busy.
        BaselineCounters = "baseline-counters",
        /// Tier 3: baseline machine code that keeps collecting type feedback.
        BaselineProfiling = "baseline-profiling",
        /// Tier 4: speculative machine code with guards and side exits.
        Optimized = "optimized",
    }
}

impl Tier {
    /// Number of tiers.
    pub const COUNT: usize = Tier::ALL.len();

    /// HotSpot's level, 0 to 4.
    pub const fn level(self) -> u8 {
        self as u8
    }

    /// The tier of a HotSpot level.
    pub fn from_level(level: u8) -> Option<Tier> {
        Tier::ALL.get(level as usize).copied()
    }

    /// Levels 1 to 3: one code fragment per bytecode, no speculation.
    pub const fn is_baseline(self) -> bool {
        matches!(self, Tier::Baseline | Tier::BaselineCounters | Tier::BaselineProfiling)
    }

    /// Whether code of this tier updates type feedback.
    pub const fn collects_feedback(self) -> bool {
        matches!(self, Tier::Interpreter | Tier::BaselineProfiling)
    }

    /// Whether code of this tier counts invocations and back-edges.
    pub const fn counts(self) -> bool {
        matches!(self, Tier::Interpreter | Tier::BaselineCounters | Tier::BaselineProfiling)
    }

    /// The mark that V8 and perf maps put before a function's name: `~` interpreter, `^` baseline, `*` top tier.
    pub const fn mark(self) -> &'static str {
        match self {
            Tier::Interpreter => "~",
            Tier::Baseline | Tier::BaselineCounters | Tier::BaselineProfiling => "^",
            Tier::Optimized => "*",
        }
    }
}

vocabulary! {
    /// Which tiering policy decides when to compile and how to answer a deopt.
    pub enum PolicyKind {
        /// Learns from every deopt: re-profiles the site, generalizes it, and caps what will not settle.
        Petrel = "petrel",
        /// HotSpot's thresholds, trap limits and recompilation cutoffs.
        Hotspot = "hotspot",
        /// Recompiles at once on the stale first guess: a deopt loop that never ends.
        Naive = "naive",
        /// V8's budgets and widening feedback; nothing is counted and nothing is capped.
        V8 = "v8",
        /// GraalVM's cycle detector: the same deopt taken too often ends the function's compiles.
        Graal = "graal",
        /// JavaScriptCore's exponential back-off, taken alone: waits twice as long before each recompile.
        Backoff = "backoff",
        /// Goes on in a continuation that is specialized to what the guard saw; the code stays.
        Deoptless = "deoptless",
    }
}

vocabulary! {
    /// What made the policy ask for a compile.
    pub enum CompileTrigger {
        /// The function was called often enough.
        Invocations = "invocations",
        /// Calls and loop iterations together passed the threshold.
        InvocationsAndLoops = "invocations-and-loops",
        /// A running loop passed the OSR threshold.
        HotLoop = "hot-loop",
        /// A native such as %OptimizeFunctionOnNextCall asked for it.
        Requested = "requested",
        /// Optimized code was thrown away and the policy wants it back at once.
        AfterDeopt = "after-deopt",
        /// A stress mode compiles everything early.
        Stress = "stress",
    }
}

vocabulary! {
    /// What the policy answered to a counter that reached its trip point.
    pub enum DecisionOutcome {
        /// Nothing to do: the function stays where it is.
        Stay = "stay",
        /// A compile is requested.
        Compile = "compile",
        /// It would be compiled, but a compile of it is already under way.
        AlreadyPending = "already-pending",
        /// It would be compiled, but the compile queue is full.
        QueueFull = "queue-full",
        /// It would be compiled, but the compiler is disabled because the code cache is full.
        CompilerDisabled = "compiler-disabled",
        /// It would be compiled, but this tier was given up for this function.
        NotCompilable = "not-compilable",
    }
}

vocabulary! {
    /// Why a function could not be compiled at a tier.
    pub enum RefusalReason {
        /// The bytecode is larger than the limit for this tier.
        BytecodeTooLarge = "bytecode-too-large",
        /// The graph grew past the node limit while it was built or optimized.
        GraphTooLarge = "graph-too-large",
        /// An opcode or construct in the function has no translation at this tier.
        UnsupportedConstruct = "unsupported-construct",
        /// Too many parameters or registers for compiled frames.
        FrameTooLarge = "frame-too-large",
        /// The machine code generator reported an error.
        CodegenFailed = "codegen-failed",
        /// No free range in the code cache segment was large enough.
        CodeCacheFull = "code-cache-full",
        /// The compiler is disabled because the code cache is full.
        CompilerDisabled = "compiler-disabled",
        /// An assumption that the compile relied on was invalidated before its code could be installed.
        AssumptionInvalidated = "assumption-invalidated",
        /// Feedback is missing almost everywhere: the code would deoptimize at once.
        InsufficientFeedback = "insufficient-feedback",
        /// The function was recompiled more often than the limit allows.
        TooManyRecompiles = "too-many-recompiles",
        /// The policy answered a deopt with make-not-compilable.
        NotCompilable = "not-compilable",
        /// %NeverOptimizeFunction was called on it.
        NeverOptimize = "never-optimize",
        /// The compile queue was full.
        QueueFull = "queue-full",
        /// The tier is above --tier-max.
        TierMax = "tier-max",
        /// The program ended before the compile was taken up.
        Cancelled = "cancelled",
    }
}

vocabulary! {
    /// Whether a call was inlined, and if not, why.
    pub enum InlineVerdict {
        /// The callee is small enough to inline anywhere.
        InlinedSmall = "inlined-small",
        /// The call is frequent and the callee is within the limit for frequent calls.
        InlinedHot = "inlined-hot",
        /// The callee is a builtin that has its own translation.
        InlinedBuiltin = "inlined-builtin",
        /// The callee's bytecode is larger than the limit.
        TooBig = "too-big",
        /// The inlining depth limit is reached.
        TooDeep = "too-deep",
        /// The callee is already on the inlining stack often enough.
        Recursive = "recursive",
        /// The call site has seen more than one target.
        Polymorphic = "polymorphic",
        /// The call site has seen too many targets to name one.
        Megamorphic = "megamorphic",
        /// The call site was never executed.
        NeverExecuted = "never-executed",
        /// The call is too rare to be worth its size.
        TooCold = "too-cold",
        /// The graph reached its size budget.
        BudgetExhausted = "budget-exhausted",
        /// The callee contains a construct that cannot be inlined.
        NotInlinable = "not-inlinable",
        /// An earlier deopt taught that this target is not stable.
        TargetUnstable = "target-unstable",
    }
}

vocabulary! {
    /// What changed so that optimized code's assumption no longer holds.
    pub enum InvalidationCause {
        /// A property of a prototype that was assumed stable was written, added or deleted.
        PrototypeChanged = "prototype-changed",
        /// A binding that was assumed constant was assigned again.
        BindingReassigned = "binding-reassigned",
        /// A field that was assumed constant was written.
        FieldReassigned = "field-reassigned",
        /// A method was replaced on the object that optimized code reads it from.
        MethodRedefined = "method-redefined",
        /// A shape that was assumed to be final got a transition or was deprecated.
        ShapeChanged = "shape-changed",
        /// Array.prototype or Object.prototype got an element, so holes can no longer read as undefined.
        ElementsPrototypeChanged = "elements-prototype-changed",
        /// A built-in function or the iteration protocol was replaced.
        BuiltinRedefined = "builtin-redefined",
        /// %DeoptimizeFunction asked for it.
        Requested = "requested",
    }
}

vocabulary! {
    /// Why a piece of code may no longer be entered.
    pub enum NotEntrantCause {
        /// A deopt answered with make-not-entrant or stronger.
        Deoptimized = "deoptimized",
        /// An assumption was invalidated.
        Invalidated = "invalidated",
        /// Code of a better tier took its place.
        Replaced = "replaced",
        /// It was cold and the code cache needed room.
        Evicted = "evicted",
        /// A native asked for it.
        Requested = "requested",
        /// The program ended.
        Shutdown = "shutdown",
    }
}

vocabulary! {
    /// Segments of the code cache, as in HotSpot.
    pub enum Segment {
        /// Stubs, adapters and thunks: code that belongs to no function.
        NonMethod = "non-method",
        /// Baseline code with profiling (tiers 2 and 3): expected to be replaced.
        Profiled = "profiled",
        /// Code without profiling (tiers 1 and 4): expected to stay.
        NonProfiled = "non-profiled",
    }
}

impl Segment {
    /// The segment that code of a tier is installed in; the interpreter has no code of its own and counts as stubs.
    pub const fn of(tier: Tier) -> Segment {
        match tier {
            Tier::Interpreter => Segment::NonMethod,
            Tier::BaselineCounters | Tier::BaselineProfiling => Segment::Profiled,
            Tier::Baseline | Tier::Optimized => Segment::NonProfiled,
        }
    }
}

vocabulary! {
    /// The life of a piece of code in the cache.
    pub enum BlobState {
        /// Entered through entry cells.
        InUse = "in-use",
        /// No new entries; activations may still be running.
        NotEntrant = "not-entrant",
        /// No activation is left; its bytes can be freed at the next sweep.
        Zombie = "zombie",
        /// The bytes are back in the free list.
        Free = "free",
    }
}

vocabulary! {
    /// Kinds of garbage collection.
    pub enum GcKind {
        /// Only cells allocated since the last collection are examined.
        Young = "young",
        /// The whole heap is marked.
        Full = "full",
    }
}

vocabulary! {
    /// How many shapes, targets or type combinations a feedback site has seen.
    pub enum SiteState {
        /// Never executed.
        Uninitialized = "uninitialized",
        /// One.
        Monomorphic = "monomorphic",
        /// Two to four.
        Polymorphic = "polymorphic",
        /// More than four: the site no longer lists them.
        Megamorphic = "megamorphic",
    }
}

impl SiteState {
    /// V8's one-character inline-cache state.
    pub const fn v8_mark(self) -> &'static str {
        match self {
            SiteState::Uninitialized => "0",
            SiteState::Monomorphic => "1",
            SiteState::Polymorphic => "P",
            SiteState::Megamorphic => "N",
        }
    }
}

vocabulary! {
    /// What a feedback site observes.
    pub enum SiteKind {
        /// Reading a named property.
        LoadNamed = "load-named",
        /// Writing a named property.
        StoreNamed = "store-named",
        /// Reading by computed key.
        LoadKeyed = "load-keyed",
        /// Writing by computed key.
        StoreKeyed = "store-keyed",
        /// Calling a function or method.
        Call = "call",
        /// Calling a constructor.
        Construct = "construct",
        /// A unary or binary operation.
        Operation = "operation",
        /// A comparison.
        Compare = "compare",
        /// Looking at a binding of the module or the global object.
        LoadGlobal = "load-global",
        /// A loop over an iterable or over keys.
        Iterate = "iterate",
    }
}

vocabulary! {
    /// Ways a shape becomes another.
    pub enum TransitionKind {
        /// A property was added.
        AddProperty = "add-property",
        /// A property's attributes changed.
        Reconfigure = "reconfigure",
        /// The prototype was replaced.
        ChangePrototype = "change-prototype",
        /// The kind of the array's elements became more general.
        ElementsKind = "elements-kind",
        /// The object went into dictionary mode.
        ToDictionary = "to-dictionary",
        /// The object was frozen, sealed or made non-extensible.
        Integrity = "integrity",
    }
}

vocabulary! {
    /// How the time that a function spends in slower tiers after a deopt ends.
    pub enum Reentry {
        /// The frame that was left ran to its end; the code was kept, and the next call enters it.
        FrameEnded = "frame-ended",
        /// The loop that was left is in optimized code again.
        LoopEntered = "loop-entered",
        /// The code had been thrown away; new optimized code was installed.
        CodeInstalled = "code-installed",
    }
}

vocabulary! {
    /// What happens to a value at a step of the way that it took.
    pub enum OriginKind {
        /// It is an argument of a call; or an array that holds it is.
        Passed = "passed",
        /// It is read from a property, an element or a variable.
        Read = "read",
        /// It is written to a property or an element, or given to a method that puts it there.
        PutIn = "put-in",
        /// It is what a variable, or an array that holds it, begins with.
        Initial = "initial",
        /// A variable is assigned again.
        Assigned = "assigned",
        /// It is the result of a call.
        Result = "result",
        /// It is returned.
        Returned = "returned",
        /// An operation makes it.
        Made = "made",
        /// The program came this way when the guard failed.
        Reached = "reached",
    }
}

vocabulary! {
    /// What the processor does at the moment of a sample.
    pub enum Room {
        /// The interpreter, or what it calls of the runtime.
        Interpreter = "interpreter",
        /// Machine code of the program, of the innermost frame's tier.
        Compiled = "compiled",
        /// The runtime, called by machine code.
        Runtime = "runtime",
        /// The compiler, on the program's own thread.
        Compiler = "compiler",
        /// The garbage collector.
        Collector = "collector",
    }
}

vocabulary! {
    /// Units of metrics and knobs.
    pub enum Unit {
        /// A plain number of things.
        Count = "count",
        /// Nanoseconds, of the virtual clock in deterministic mode.
        Nanoseconds = "ns",
        /// Bytes.
        Bytes = "bytes",
        /// A share of one.
        Ratio = "ratio",
    }
}

/// Declares the metric table: one row per number that statistics, gates and the storm runner speak of.
macro_rules! metrics {
    ($($(#[doc = $doc:literal])+ $Row:ident = $name:literal, $unit:ident;)+) => {
        vocabulary! {
            /// Numbers derived from a recording. Each is declared once, with its unit and a sentence.
            pub enum Metric { $($(#[doc = $doc])+ $Row = $name,)+ }
        }
        impl Metric {
            /// The unit of the metric.
            pub const fn unit(self) -> Unit {
                match self { $(Metric::$Row => Unit::$unit,)+ }
            }
        }
    };
}

metrics! {
    /// Functions that ran at least once.
    FunctionsExecuted = "functions_executed", Count;
    /// Compiles that produced code, over all tiers.
    Compiles = "compiles", Count;
    /// Compiles that were refused.
    CompilesRefused = "compiles_refused", Count;
    /// Optimizing compiles of a function beyond its first at the same entry.
    Recompiles = "recompiles", Count;
    /// Time spent compiling, over all threads.
    CompileTime = "compile_time_ns", Nanoseconds;
    /// Machine code bytes installed, over all tiers.
    CodeBytes = "code_bytes", Bytes;
    /// Bytes of side exits among them.
    SideExitBytes = "side_exit_bytes", Bytes;
    /// Guards in optimized code, counted at compile time.
    Guards = "guards", Count;
    /// Deopts of any kind.
    Deopts = "deopts", Count;
    /// Deopts in which a guard failed.
    DeoptsEager = "deopts_eager", Count;
    /// Deopts of activations whose code had been invalidated.
    DeoptsLazy = "deopts_lazy", Count;
    /// Deopts for lack of feedback.
    DeoptsSoft = "deopts_soft", Count;
    /// Time spent in side exits and frame rebuilding.
    DeoptTime = "deopt_time_ns", Nanoseconds;
    /// Entries into optimized loops from running frames.
    OsrEntries = "osr_entries", Count;
    /// Assumptions invalidated.
    Invalidations = "invalidations", Count;
    /// Pieces of code evicted from the cache.
    Evictions = "evictions", Count;
    /// Garbage collections.
    GcCount = "gc_count", Count;
    /// Time the program stood still for garbage collection.
    GcPause = "gc_pause_ns", Nanoseconds;
    /// Share of execution spent in optimized code.
    OptimizedShare = "optimized_share", Ratio;
    /// Events that were not recorded because a bound was reached.
    EventsDropped = "events_dropped", Count;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names are unique, kebab- or snake-case, and come back through the parser.
    macro_rules! check_table {
        ($Enum:ident) => {
            let mut names: Vec<&str> = $Enum::ALL.iter().map(|row| row.name()).collect();
            for row in $Enum::ALL {
                assert_eq!(row.name().parse::<$Enum>(), Ok(*row));
                assert!(row.describe().ends_with('.'), "{row} has no sentence: {}", row.describe());
                assert!(
                    row.name().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
                );
            }
            names.sort();
            names.dedup();
            assert_eq!(names.len(), $Enum::ALL.len(), "{} has a name twice", stringify!($Enum));
        };
    }

    #[test]
    fn every_table_is_well_formed() {
        check_table!(Tier);
        check_table!(PolicyKind);
        check_table!(CompileTrigger);
        check_table!(DecisionOutcome);
        check_table!(RefusalReason);
        check_table!(InlineVerdict);
        check_table!(InvalidationCause);
        check_table!(NotEntrantCause);
        check_table!(Segment);
        check_table!(BlobState);
        check_table!(GcKind);
        check_table!(SiteState);
        check_table!(SiteKind);
        check_table!(TransitionKind);
        check_table!(Reentry);
        check_table!(OriginKind);
        check_table!(Room);
        check_table!(Unit);
        check_table!(Metric);
        check_table!(DeoptReason);
        check_table!(DeoptKind);
        check_table!(DeoptAction);
    }

    #[test]
    fn tiers_have_hotspot_levels() {
        assert_eq!(Tier::Interpreter.level(), 0);
        assert_eq!(Tier::Optimized.level(), 4);
        assert_eq!(Tier::from_level(3), Some(Tier::BaselineProfiling));
        assert_eq!(Tier::from_level(5), None);
    }

    #[test]
    fn a_wrong_word_is_answered_with_the_right_ones() {
        let error = "hotspt".parse::<PolicyKind>().unwrap_err();
        assert!(error.contains("petrel, hotspot, naive"), "{error}");
    }
}
