//! The tiers' driver: what makes functions climb, and what happens when they fall.
//!
//! Policies decide (`tiering::policy`), states count (`tiering::state`), the cache keeps code (`code::cache`); this room acts:
//!
//! ```text
//! trips.rs        a counter tripped: ask the policy, request a compile, enter a loop's code
//! compile.rs      what a compile job does, on whichever thread
//! install.rs      finished code gets a home and entries; code that is dropped loses them
//! exits.rs        a side exit was taken: rebuild, learn, resume
//! continuation.rs a frame whose guard failed goes on in code that begins there (policy deoptless)
//! invalidate.rs   an assumption fell: code is invalidated, its activations leave lazily
//! first_guess.rs  what the policy that never learns goes on believing
//! natives.rs      %OptimizeFunctionOnNextCall and its family
//! witness.rs      what is told of feedback, shapes, collections and stacks, while somebody listens
//! origins.rs      where a value that a guard did not expect may have come from
//! ```
//!
//! The engine (code cache, adapters, compile queue) is created at the first compile request: a program that stays in the
//! interpreter does not pay for it. Everything here runs on the VM's thread, except `compile::run`.

mod compile;
mod contents;
mod continuation;
mod exits;
mod first_guess;
mod install;
mod invalidate;
mod natives;
mod origins;
mod trips;
mod witness;

pub(super) use invalidate::{binding_assigned, prototype_changed};
pub(super) use natives::intrinsic;
pub(super) use trips::called_back;

use super::Vm;
use super::profile::Profiler;
use super::trace::CompiledActivation;
use crate::baseline::registers_of;
use crate::code::assumptions::{Assumptions, Epoch};
use crate::code::blob::{MachineCode, PositionTable};
use crate::code::cache::{CacheConfig, CodeCache};
use crate::code::perf::PerfFiles;
use crate::codegen::abi::{Instructions, Isas};
use crate::codegen::adapters::Adapters;
use crate::codegen::lower::{ExitDetail, Explained, runtime};
use crate::deopt::exit::{CompiledFrame, NativeStack, raw_exit_words};
use crate::events::{Event, EventClock, Recorder, SourceSite};
use crate::feedback::summary::CompileInput;
use crate::interp::InterpHooks;
use crate::runtime::function::FunctionInfo;
use crate::runtime::runtime::Runtime;
use crate::runtime::value::Value;
use crate::tiering::clock::{Clock, CostModel, PICOSECONDS_PER_NS};
use crate::tiering::policy::{Policy, policy};
use crate::tiering::queue::{CompileQueue, QueueMode};
use crate::tiering::state::FunctionState;
use crate::tiering::storm::StormDetector;
use crate::vocab::{BlobId, CompileId, FunctionId, InvalidationCause, Segment, Tier};
pub use compile::PassRow;
use compile::{Job, JobResult};
use cranelift_entity::{EntityRef, SecondaryMap};
use first_guess::FirstGuesses;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What is kept with an installed blob besides what the cache keeps.
pub(super) struct BlobNotes {
    function: FunctionId,
    compile: CompileId,
    tier: Tier,
    osr_offset: Option<u32>,
    /// Size of its code.
    bytes: u32,
    /// Cells that the code names.
    roots: Vec<Value>,
    /// What its guards expected, by exit.
    details: Vec<ExitDetail>,
    /// Guards that a stress mode makes fail once.
    stress_flags: Option<Box<[u8]>>,
    /// Why it was invalidated, once it was.
    invalidated: Option<InvalidationCause>,
}

/// A compile that has been requested and not yet been installed or refused.
struct PendingCompile {
    function: FunctionId,
    osr_offset: Option<u32>,
    epoch: Epoch,
    input: Option<Arc<CompileInput>>,
}

/// What exists from the first compile request on.
struct Engine {
    cache: CodeCache,
    native: Box<NativeStack>,
    isas: Arc<Isas>,
    adapters: Adapters,
    queue: CompileQueue<Job, JobResult>,
    assumptions: Assumptions,
    blobs: FxHashMap<BlobId, BlobNotes>,
    pending: FxHashMap<CompileId, PendingCompile>,
}

/// The driver's state.
pub struct Jit {
    policy: &'static dyn Policy,
    states: SecondaryMap<FunctionId, Option<Box<FunctionState>>>,
    engine: Option<Engine>,
    /// Whether creating the engine failed: then the program is interpreted to its end.
    broken: bool,
    compiles: u32,
    optimizing_compiles: u64,
    storms: StormDetector,
    /// For the policy that never learns.
    first_guesses: FirstGuesses,
    /// Functions that a native asked to optimize at their next call.
    forced: Vec<FunctionId>,
    /// Frames that other code has taken over at a loop, innermost last: their registers, and the tier of that code.
    osr_frames: Vec<(*mut u64, Tier)>,
    /// Set by a side exit that hands such a frame back.
    handed_back: Option<crate::interp::Backedge>,
    /// The code that was left last.
    left_last: Option<BlobId>,
    /// Continuations that are to be compiled as soon as feedback knows what their guards saw.
    wanted_continuations: Vec<(FunctionId, u32)>,
    /// Words of the exit buffer.
    exit_buffer: Box<[u64]>,
    /// The clock of the run.
    pub clock: Clock,
    /// Who listens.
    pub recorder: Recorder,
    /// What work costs on the virtual clock.
    costs: CostModel,
    /// Countdown of `--stress exits=N`.
    exit_countdown: Box<u64>,
    registered: usize,
    /// What the listeners know already.
    witness: witness::Witness,
    /// Who samples, if anybody does.
    pub(in crate::vm) profiler: Option<Profiler>,
    /// What perf is told.
    perf: Option<PerfFiles>,
}

/// The inner forms of one compile, for `petrel dump`.
pub struct CompileDump {
    /// The function.
    pub function: FunctionId,
    /// The loop, if it was compiled for one.
    pub osr_offset: Option<u32>,
    /// The graph as it was built, and after each pass.
    pub graphs: Vec<(&'static str, String)>,
    /// The phases, with their times and sizes.
    pub passes: Vec<PassRow>,
    /// What came out, if the compile was not refused.
    pub code: Option<CodeDump>,
}

/// Machine code and how it was made.
pub struct CodeDump {
    /// What code generation told.
    pub explained: Box<Explained>,
    /// The code.
    pub code: MachineCode,
    /// Where it comes from.
    pub positions: PositionTable,
}

impl Jit {
    /// Nothing compiled, nothing counted.
    pub fn new(config: &crate::config::Config, recorder: Recorder) -> Jit {
        let countdown = match config.stress.exits {
            crate::config::StressExits::Nth(n) => n,
            crate::config::StressExits::Off | crate::config::StressExits::All => 0,
        };
        Jit {
            policy: policy(config.policy),
            states: SecondaryMap::new(),
            engine: None,
            broken: false,
            compiles: 0,
            optimizing_compiles: 0,
            storms: StormDetector::default(),
            first_guesses: FirstGuesses::default(),
            forced: Vec::new(),
            osr_frames: Vec::new(),
            handed_back: None,
            left_last: None,
            wanted_continuations: Vec::new(),
            exit_buffer: vec![0; crate::runtime::head::EXIT_BUFFER_WORDS].into_boxed_slice(),
            clock: Clock::start(),
            recorder,
            costs: CostModel::new(config),
            exit_countdown: Box::new(countdown),
            registered: 0,
            witness: witness::Witness::default(),
            profiler: None,
            perf: None,
        }
    }

    /// The state of a function.
    fn state(&mut self, info: &FunctionInfo) -> &mut FunctionState {
        let slot = &mut self.states[info.id];
        slot.get_or_insert_with(|| {
            let calls_or_loops = info.function.slots.iter().any(|s| s.kind == crate::bytecode::ops::SlotKind::Call)
                || info.function.code.len() > 24;
            Box::new(FunctionState::new(info.id, info.function.code.len() as u32, calls_or_loops))
        })
    }

    /// Bytes in use per segment.
    pub fn cache_bytes(&self) -> [u64; 3] {
        let Some(engine) = &self.engine else { return [0; 3] };
        [Segment::NonMethod, Segment::Profiled, Segment::NonProfiled]
            .map(|s| engine.cache.occupancy(s).used_bytes as u64)
    }

    /// Frames of compiled code, innermost first, at most `limit` of them.
    pub(super) fn activations(&self, limit: usize) -> Vec<CompiledActivation> {
        let Some(engine) = &self.engine else { return Vec::new() };
        let activation = |frame: CompiledFrame| {
            let blob = engine.cache.get(frame.blob)?;
            let position = blob.position_at(frame.return_address - 1)?;
            // SAFETY: the frame waits for a call that has a position, so it is past its prologue.
            let registers = unsafe { registers_of(blob, frame.frame_pointer) };
            let positions = blob.inlining_chain(position).collect();
            Some(CompiledActivation { frame_pointer: frame.frame_pointer, tier: blob.tier, registers, positions })
        };
        // Baseline code that waits for optimized code to run the rest of its frame is no frame of its own.
        let waits =
            |activation: &CompiledActivation| self.osr_frames.contains(&(activation.registers, Tier::Optimized));
        engine.native.frames(&engine.cache).filter_map(activation).filter(|a| !waits(a)).take(limit).collect()
    }

    /// Of the functions that a function has called, the one called most that runs in a tier.
    pub(super) fn called_in(&self, rt: &Runtime, caller: FunctionId, tier: Tier) -> Option<FunctionId> {
        let calls = witness::calls_seen(rt.function(caller));
        let runs_there = |id: &FunctionId| match self.states[*id].as_ref() {
            Some(state) => state.tier() == tier,
            None => tier == Tier::Interpreter,
        };
        calls.into_iter().filter(|(id, _)| runs_there(id)).max_by_key(|(_, count)| *count).map(|(id, _)| id)
    }

    fn visit_roots(&self, visit: &mut impl FnMut(Value)) {
        self.first_guesses.visit_roots(visit);
        let Some(engine) = &self.engine else { return };
        engine.blobs.values().flat_map(|b| &b.roots).for_each(|v| visit(*v));
        for p in engine.pending.values() {
            if let Some(input) = &p.input {
                input.visit_roots(visit);
            }
        }
    }
}

/// The interpreter's questions.
pub(super) const INTERP_HOOKS: InterpHooks = InterpHooks {
    invocation_trip: trips::invocation_trip,
    backedge_trip: trips::backedge_trip,
    compiled_backedge_trip: trips::compiled_backedge_trip,
    safepoint: crate::vm::profile::safepoint,
};

impl Vm {
    /// Gives the runtime what the driver provides. Called once, when the VM has its final address.
    pub(super) fn connect_jit(&mut self) {
        let buffer = self.jit.exit_buffer.as_mut_ptr();
        self.rt().head.exit_buffer = buffer;
        let data: *mut Vm = self;
        self.rt().heap.add_root_source(
            |data, visitor| {
                // SAFETY: `data` is the VM, which is never moved; only fields that no allocation uses are read.
                let vm = unsafe { &*data.cast::<Vm>() };
                vm.jit.visit_roots(&mut |v| visitor.visit(v));
                for word in raw_exit_words(&vm.machine.rt.head) {
                    visitor.visit_conservative(*word as usize);
                }
            },
            data.cast(),
        );
    }

    /// What time it is, in nanoseconds since the start of the run, on the clock in force.
    pub(super) fn now_ns(&self) -> u64 {
        if self.config.deterministic {
            let head = &self.machine.rt.head;
            self.jit.costs.now_ns(&head.retired, head.modelled_ps)
        } else {
            self.jit.clock.now_ns()
        }
    }

    /// Advances the virtual clock by modelled work.
    fn advance_ns(&mut self, ns: u64) {
        if self.config.deterministic {
            self.rt().head.modelled_ps += ns.saturating_mul(PICOSECONDS_PER_NS);
        }
    }

    /// Time per tier so far, where it is counted (deterministic mode).
    pub(in crate::vm) fn time_by_tier(&self) -> [u64; Tier::COUNT] {
        self.jit.costs.ns_by_tier(&self.machine.rt.head.retired)
    }

    /// Tells how execution was shared among the tiers so far.
    pub(super) fn emit_time_by_tier(&mut self) {
        if self.jit.recorder.is_on() {
            let (bytecodes, ticks) = (self.machine.rt.head.retired, self.time_by_tier());
            self.emit(|| Event::TimeByTier { ticks, bytecodes });
        }
    }

    /// Tells the listeners, if there are any.
    pub(super) fn emit(&mut self, build: impl FnOnce() -> Event) {
        if self.jit.recorder.is_on() {
            self.tell_collections();
            let now = self.now_ns();
            self.jit.recorder.emit_at(now, build);
        }
    }

    /// Tells of something that a user should know of: the listeners, and those who only listen to this.
    fn alarm(&mut self, event: Event) {
        let now = self.now_ns();
        self.jit.recorder.alarm_at(now, event);
    }

    /// Gives a function's name to those who only listen to alarms.
    fn introduce(&mut self, function: FunctionId) {
        if self.jit.recorder.has_alarms() {
            let event = self.registration(function);
            self.jit.recorder.introduce(self.now_ns(), event);
        }
    }

    /// Where a bytecode is in the source.
    pub(in crate::vm) fn site(&self, function: FunctionId, offset: u32) -> SourceSite {
        let (line, column) = self.machine.rt.function(function).function.line_column_at(offset);
        SourceSite { function, offset, line, column }
    }

    /// What there is to say of a function.
    fn registration(&self, function: FunctionId) -> Event {
        let f = self.machine.rt.function(function);
        let (line, column) = f.function.source.line_column(f.function.span.0);
        Event::FunctionRegistered {
            function,
            name: f.function.name.clone(),
            file: f.function.source.path.clone(),
            line,
            column,
            bytecodes: f.function.code.len() as u32,
            params: f.nparams as u32,
        }
    }

    /// Registers functions that were linked since the last call.
    pub(super) fn announce_functions(&mut self) {
        if !self.jit.recorder.is_on() {
            return;
        }
        for i in self.jit.registered..self.machine.rt.functions.len() {
            let event = self.registration(self.machine.rt.functions[i].id);
            self.emit(|| event);
        }
        self.jit.registered = self.machine.rt.functions.len();
    }

    /// The engine, created at first use. None if the system gives no code memory.
    fn engine(&mut self) -> Option<&mut Engine> {
        if self.jit.engine.is_none() && !self.jit.broken {
            match self.create_engine() {
                Ok(engine) => self.jit.engine = Some(engine),
                Err(error) => {
                    self.jit.broken = true;
                    eprintln!("petrel: no code memory ({error}): the program is interpreted");
                }
            }
        }
        self.jit.engine.as_mut()
    }

    fn create_engine(&mut self) -> Result<Engine, String> {
        let [non_method, profiled, non_profiled] = self.config.segment_sizes();
        let cache_config = CacheConfig {
            non_method_bytes: non_method as usize,
            profiled_bytes: profiled as usize,
            non_profiled_bytes: non_profiled as usize,
            flushing: self.config.code_cache_flushing,
        };
        let mut cache = CodeCache::new(&cache_config).map_err(|e| e.to_string())?;
        let head = &raw mut self.machine.rt.head;
        // SAFETY: the head is part of the VM, which is never moved and outlives the engine.
        let native = unsafe { NativeStack::new(head, &mut cache) }.map_err(|e| e.to_string())?;
        let instructions = if self.config.deterministic { Instructions::Common } else { Instructions::Native };
        let isas = Arc::new(Isas::of(instructions));
        let on_threads = isas.clone();
        let queue = CompileQueue::new(QueueMode::of(&self.config), self.config.compile_queue_limit, move |job| {
            compile::run(job, &on_threads)
        });
        let segment_bytes = [non_method, profiled, non_profiled];
        let base = if self.config.deterministic { 0 } else { cache.region_base() as u64 };
        self.emit(|| Event::CodeRegionReserved { base, segment_bytes });
        self.jit.perf = PerfFiles::open(self.config.perf_map, self.config.jitdump)?;
        if let Some(profiler) = &self.jit.profiler {
            profiler.code_is_at(cache.region_bounds());
        }
        Ok(Engine {
            cache,
            native,
            isas,
            adapters: Adapters::new(runtime::stack_overflow_thunk()),
            queue,
            assumptions: Assumptions::new(),
            blobs: FxHashMap::default(),
            pending: FxHashMap::default(),
        })
    }

    /// Where a blob's code comes from, for the profiler: the frames at an address, innermost first, and their tier.
    pub(in crate::vm) fn frames_at(&self, pc: usize) -> Option<(Tier, Vec<(FunctionId, u32)>)> {
        let blob = self.jit.engine.as_ref()?.cache.find(pc)?;
        let function = blob.function()?;
        let chain: Vec<_> = match blob.position_at(pc) {
            Some(position) => blob.inlining_chain(position).map(|p| (p.function, p.bytecode_offset)).collect(),
            None => vec![(function, 0)],
        };
        Some((blob.tier, chain))
    }

    /// First and last address of the code region; 0 as long as nothing is compiled.
    pub(in crate::vm) fn code_region(&self) -> (usize, usize) {
        self.jit.engine.as_ref().map_or((0, 0), |engine| engine.cache.region_bounds())
    }

    fn next_compile(&mut self) -> CompileId {
        self.jit.compiles += 1;
        CompileId::new(self.jit.compiles as usize)
    }
}

/// The VM of a runtime, from a hook.
///
/// # Safety
/// The runtime is that of a `Vm`, and nothing else uses the VM while the reference lives.
unsafe fn vm_of<'a>(rt: *mut Runtime) -> &'a mut Vm {
    // SAFETY: promised by the caller; runtime and VM begin at the same address.
    unsafe { &mut *rt.cast::<Vm>() }
}
