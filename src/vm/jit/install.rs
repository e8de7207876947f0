//! Finished code gets a home and entries; code that is dropped loses them.

use super::compile::{Compiled, Job, JobKind, JobResult};
use super::{BlobNotes, Vm};
use crate::code::assumptions::Epoch;
use crate::code::blob::{BlobSpec, MachineCode};
use crate::code::cache::{CacheNotice, InstallError};
use crate::code::perf::PerfCode;
use crate::codegen::adapters::AdapterKind;
use crate::codegen::lower::{self, OptimizedCode, StressExits};
use crate::config;
use crate::events::{Event, PassTime};
use crate::feedback::summary::{CompileInput, Dependency};
use crate::hir::build::BuildOptions;
use crate::hir::inline::InlineLimits;
use crate::interp::interp_thunk;
use crate::runtime::function::FunctionInfo;
use crate::tiering::queue::Finished;
use crate::tiering::state::{Place, Speculation};
use crate::vocab::{BlobId, CompileId, FunctionId, InvalidationCause, NotEntrantCause, RefusalReason, Segment, Tier};
use std::sync::Arc;

impl Vm {
    /// The job of an optimizing compile.
    pub(super) fn optimizing_job(
        &mut self,
        osr_offset: Option<u32>,
        input: Arc<CompileInput>,
        forbidden: Vec<(Option<Place>, Speculation)>,
    ) -> Job {
        let stress = match self.config.stress.exits {
            config::StressExits::Off => StressExits::Off,
            config::StressExits::All => StressExits::All,
            config::StressExits::Nth(_) => StressExits::Countdown(&raw const *self.jit.exit_countdown as usize),
        };
        let lower = lower::Options {
            stress,
            counts_bytecodes: self.config.deterministic,
            deopt_thunk: super::exits::deopt_thunk as *const () as usize,
            explain: self.keep_dumps,
        };
        let inlining = InlineLimits {
            small_size: 2 * self.config.max_inline_size as usize,
            hot_size: self.config.freq_inline_size as usize,
            depth: if self.config.inline { self.config.max_inline_level } else { 0 },
            recursion: self.config.max_recursive_inline_level,
            hot_frequency: f64::from(self.config.min_inline_frequency_percent) / 100.0,
            hot_budget: self.config.desired_method_limit as usize,
            ..InlineLimits::default()
        };
        let forbidden = forbidden
            .into_iter()
            .map(|(place, speculation)| match speculation {
                Speculation::Guard(reason) => (place.map(|p| (p.function, p.offset)), reason),
                Speculation::Assumption(cause) => (place.map(|p| (p.function, p.offset)), cause.into()),
            })
            .collect();
        let build = BuildOptions { inlining, forbidden, ..BuildOptions::default() };
        let (keep_graphs, tell_escapes) = (self.keep_dumps, self.jit.recorder.is_on());
        Job { kind: JobKind::Optimize { osr_offset, input, build, lower, keep_graphs, tell_escapes } }
    }

    /// Installs whatever the queue has finished.
    pub(super) fn install_finished(&mut self) {
        let now = self.now_ns();
        let Some(engine) = self.jit.engine.as_mut() else { return };
        if !engine.queue.has_results() && engine.queue.next_due_ns().is_none_or(|due| due > now) {
            return;
        }
        let mut finished = engine.queue.poll(now);
        // Threads finish in any order; what the program sees should depend on it as little as possible.
        finished.sort_by_key(|f| f.compile);
        for f in finished {
            self.install_one(f);
        }
    }

    fn install_one(&mut self, f: Finished<JobResult>) {
        let Finished { compile, tier, mut result, enqueued_ns, started_ns, depth_at_start, .. } = f;
        let Some(pending) = self.jit.engine.as_mut().and_then(|e| e.pending.remove(&compile)) else { return };
        let (function, osr_offset) = (pending.function, pending.osr_offset);
        let waited_ns = started_ns.saturating_sub(enqueued_ns);
        // Told now, but it happened on the compile thread at its own time.
        let dequeued = || Event::CompileDequeued { compile, function, queue_depth: depth_at_start, waited_ns };
        self.jit.recorder.emit_at(started_ns, dequeued);
        self.jit.recorder.emit_at(started_ns, || Event::CompileStarted { compile, function, tier, osr_offset });
        let ns = if self.config.deterministic {
            let size = self.machine.rt.function(function).function.code.len() as u32;
            crate::tiering::clock::modelled_compile_ns(tier, size, &self.config)
        } else {
            result.ns
        };
        self.announce_inlining(compile, &result);
        self.tell_escapes(compile, function, &result.escaping);
        let outcome = match result.outcome {
            Ok(ref compiled) => {
                let (code_bytes, exit_bytes, guards) = compiled.sizes();
                let guards_by_reason = compiled.guards_by_reason();
                let info = self.machine.rt.function(function);
                let bytecodes = info.function.code.len() as u32;
                let deterministic = self.config.deterministic;
                let passes = result
                    .passes
                    .iter()
                    .map(|p| PassTime {
                        name: p.name.to_string(),
                        ns: if deterministic { 0 } else { p.ns },
                        insts_in: p.insts_in,
                        insts_out: p.insts_out,
                    })
                    .collect();
                let inlined = result.inlining.iter().filter(|d| crate::hir::inline::is_inlined(d.verdict));
                let inlined_bytecodes = inlined.map(|d| d.size as u32).sum();
                let (nodes_in, nodes_out) = (result.nodes_in, result.nodes_out);
                self.emit(|| Event::CompileFinished {
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
                });
                Ok(())
            }
            Err(ref refusal) => Err(refusal.clone()),
        };
        if self.keep_dumps {
            self.keep_dump(function, osr_offset, &mut result);
        }
        if let Ok(Compiled::Optimized { dependencies, .. }) = &result.outcome {
            let inlined = result.inlining.iter().filter(|d| crate::hir::inline::is_inlined(d.verdict));
            self.jit.first_guesses.compiled((function, osr_offset), dependencies, inlined.map(|d| d.callee));
        }
        let installed = match (outcome, result.outcome) {
            (Ok(()), Ok(Compiled::Optimized { code, dependencies })) => {
                let roots = pending.input.as_ref().map_or(Vec::new(), |i| i.roots().to_vec());
                self.install_optimized(compile, function, osr_offset, *code, &dependencies, pending.epoch, roots)
            }
            (Ok(()), Ok(Compiled::Baseline { code })) => self.install_baseline(compile, function, tier, *code),
            (Err(refusal), _) | (Ok(()), Err(refusal)) => Err(refusal),
        };
        if let Err((reason, detail)) = installed {
            let outdated_by = match reason {
                RefusalReason::AssumptionInvalidated => detail.parse::<InvalidationCause>().ok(),
                _other_reasons => None,
            };
            let info = self.info(function);
            // SAFETY: infos live as long as the runtime.
            let info = unsafe { &mut *info };
            let recompiles = self.jit.state(info).recompiles();
            let for_good = self.jit.state(info).refused(compile, tier, reason);
            self.emit(|| Event::CompileRefused { compile, function, tier, osr_offset, reason, detail, ns });
            if for_good {
                self.emit(|| Event::FunctionGivenUp { function, tier, reason, recompiles });
            }
            if let Some(cause) = outdated_by {
                self.learn_invalidation(function, cause);
            }
        }
    }

    fn announce_inlining(&mut self, compile: CompileId, result: &JobResult) {
        if !self.jit.recorder.is_on() {
            return;
        }
        for d in &result.inlining {
            let site = self.site(d.caller, d.offset);
            let event = Event::InlineDecision {
                compile,
                site,
                callee: Some(d.callee),
                depth: 0,
                callee_bytecodes: d.size as u32,
                verdict: d.verdict,
            };
            self.emit(|| event);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one finished compile")]
    fn install_optimized(
        &mut self,
        compile: CompileId,
        function: FunctionId,
        osr_offset: Option<u32>,
        code: OptimizedCode,
        dependencies: &[Dependency],
        epoch: Epoch,
        roots: Vec<crate::runtime::value::Value>,
    ) -> Result<(), (RefusalReason, String)> {
        let engine = self.jit.engine.as_mut().expect("a compile needs the engine");
        if let Err(broken) = engine.assumptions.validate(dependencies, epoch) {
            // Which cause it was is what the policy learns from it.
            let cause = engine.assumptions.cause_of(broken).map_or_else(String::new, |cause| cause.to_string());
            return Err((RefusalReason::AssumptionInvalidated, cause));
        }
        for target in code.direct_targets.iter().chain([&function]) {
            self.give_direct_entry(*target)?;
        }
        let spec = BlobSpec {
            owner: crate::code::blob::Owner::Function(function),
            tier: Tier::Optimized,
            compile: Some(compile),
            entries: code.entries,
            exits: code.exits,
            positions: code.positions,
            registers_at: None,
        };
        let bytes = code.code.bytes.len() as u32;
        let blob = self.place(spec, code.code)?;
        let engine = self.jit.engine.as_mut().expect("a compile needs the engine");
        let registered = engine.assumptions.register(blob, dependencies, epoch);
        debug_assert!(registered.is_ok(), "validated just now");
        let notes = BlobNotes {
            function,
            compile,
            tier: Tier::Optimized,
            osr_offset,
            bytes,
            roots,
            details: code.details,
            stress_flags: code.stress_flags,
            invalidated: None,
        };
        engine.blobs.insert(blob, notes);
        self.now_installed(compile, function, Tier::Optimized, osr_offset, blob, bytes);
        Ok(())
    }

    fn install_baseline(
        &mut self,
        compile: CompileId,
        function: FunctionId,
        tier: Tier,
        code: crate::baseline::BaselineCode,
    ) -> Result<(), (RefusalReason, String)> {
        let (spec, machine_code) = code.into_blob(Some(compile));
        let bytes = machine_code.bytes.len() as u32;
        let blob = self.place(spec, machine_code)?;
        let notes = BlobNotes {
            function,
            compile,
            tier,
            osr_offset: None,
            bytes,
            roots: Vec::new(),
            details: Vec::new(),
            stress_flags: None,
            invalidated: None,
        };
        self.jit.engine.as_mut().expect("a compile needs the engine").blobs.insert(blob, notes);
        self.now_installed(compile, function, tier, None, blob, bytes);
        Ok(())
    }

    /// Puts code into the cache, making room if need be.
    fn place(&mut self, spec: BlobSpec, code: MachineCode) -> Result<BlobId, (RefusalReason, String)> {
        let engine = self.jit.engine.as_mut().expect("a compile needs the engine");
        let mut attempt = engine.cache.install(spec.clone(), code.clone());
        if let Err(InstallError::Full { segment, bytes }) = attempt {
            let referenced = engine.native.referenced(&engine.cache);
            let made = engine.cache.make_room(segment, bytes, |id| referenced.contains(&id));
            for blob in made.evicted {
                self.evicted(blob);
            }
            self.forget_freed(&made.swept.freed);
            let engine = self.jit.engine.as_mut().expect("as above");
            attempt = engine.cache.install(spec, code);
        }
        self.announce_cache();
        attempt.map_err(|error| match error {
            InstallError::Full { .. } => (RefusalReason::CodeCacheFull, error.to_string()),
            InstallError::Disabled => (RefusalReason::CompilerDisabled, error.to_string()),
            InstallError::System(_) => (RefusalReason::CodegenFailed, error.to_string()),
        })
    }

    /// Tells what the cache has to say.
    pub(super) fn announce_cache(&mut self) {
        let Some(engine) = self.jit.engine.as_mut() else { return };
        for notice in engine.cache.take_notices() {
            match notice {
                CacheNotice::AlmostFull { segment, percent } => {
                    let o = self.jit.engine.as_ref().expect("as above").cache.occupancy(segment);
                    self.alarm(Event::CacheOccupancy {
                        segment,
                        used_bytes: o.used_bytes as u64,
                        capacity_bytes: o.capacity_bytes as u64,
                        percent: percent as u32,
                    });
                }
                CacheNotice::Full { .. } => {}
                CacheNotice::CompilerPaused(segment) | CacheNotice::CompilerDisabled(segment) => {
                    self.alarm(Event::CompilerDisabled { segment });
                }
                CacheNotice::CompilerResumed(segment) => self.alarm(Event::CompilerEnabled { segment }),
            }
        }
    }

    fn now_installed(
        &mut self,
        compile: CompileId,
        function: FunctionId,
        tier: Tier,
        osr_offset: Option<u32>,
        blob: BlobId,
        bytes: u32,
    ) {
        let engine = self.jit.engine.as_ref().expect("a compile needs the engine");
        let region_offset = engine.cache.region_offset(blob).unwrap_or(0) as u64;
        self.emit(|| Event::CodeInstalled {
            blob,
            compile: Some(compile),
            function: Some(function),
            tier,
            osr_offset,
            segment: Segment::of(tier),
            region_offset,
            bytes,
        });
        self.tell_perf(function, tier, blob);
        self.tell_cache_usage(false);
        if tier == Tier::Optimized {
            self.code_is_back(function);
        }
        // SAFETY: infos live as long as the runtime.
        let info = unsafe { &mut *self.info(function) };
        let replaced = self.jit.state(info).installed(compile, tier, osr_offset, blob);
        if tier == Tier::Optimized {
            self.jit.storms.installed(function);
        }
        if let Some(old) = replaced {
            self.drop_blob(old, NotEntrantCause::Replaced);
        }
        self.refresh_entries(function);
        if osr_offset.is_none() {
            self.restart_counters(function);
        } else {
            // The function stays in its tier: its calls go on counting towards code for calls.
            // SAFETY: infos live as long as the runtime.
            let info = unsafe { &mut *self.info(function) };
            info.backedge_trip = info.backedges.saturating_add(1);
        }
        self.sweep();
    }

    /// Tells perf of new code. If its files cannot be written, it is not told any more.
    fn tell_perf(&mut self, function: FunctionId, tier: Tier, blob: BlobId) {
        let (Some(perf), Some(engine)) = (&mut self.jit.perf, &self.jit.engine) else { return };
        let Some(blob) = engine.cache.get(blob) else { return };
        let code = &self.machine.rt.functions[function.as_u32() as usize].function;
        let (line, column) = code.source.line_column(code.span.0);
        let file = code.source.path.rsplit('/').next().unwrap_or_default();
        let name = format!("JS:{}{} {file}:{line}:{column}", tier.mark(), code.name);
        let start = blob.code().start;
        let lines: Vec<(usize, u32)> = blob
            .source_map()
            .iter()
            .filter_map(|range| {
                // Lines of inlined functions would be shown in the wrong file: the call's line stands for them.
                let own = blob.inlining_chain(range.position).last().filter(|p| p.function == function)?;
                Some((start + range.range.start as usize, code.line_column_at(own.bytecode_offset).0))
            })
            .collect();
        let path = code.source.path.as_str();
        let bytes = engine.cache.code_bytes(blob);
        let outcome = perf.add(&PerfCode { start, bytes, name: &name, file: path, lines: &lines });
        if let Err(error) = outcome {
            eprintln!("petrel: cannot write for perf: {error}");
            self.jit.perf = None;
        }
    }

    /// Nothing more comes for perf.
    pub(in crate::vm) fn finish_perf(&mut self) {
        if let Some(mut perf) = self.jit.perf.take()
            && let Err(error) = perf.finish()
        {
            eprintln!("petrel: cannot write for perf: {error}");
        }
    }

    /// The info of a function.
    pub(super) fn info(&mut self, function: FunctionId) -> *mut FunctionInfo {
        &raw mut *self.machine.rt.functions[function.as_u32() as usize]
    }

    /// Counters begin anew: the function came to another tier, or fell.
    pub(super) fn restart_counters(&mut self, function: FunctionId) {
        // SAFETY: infos live as long as the runtime.
        let info = unsafe { &mut *self.info(function) };
        info.earlier_calls = info.earlier_calls.saturating_add(info.invocations);
        // Not 0: the first call ever is 1.
        info.invocations = info.invocations.min(1);
        info.backedges = 0;
        info.invocation_trip = info.invocations + 1;
        info.backedge_trip = 1;
    }

    /// Makes sure that a function can be called by the direct convention.
    fn give_direct_entry(&mut self, function: FunctionId) -> Result<(), (RefusalReason, String)> {
        let info = self.info(function);
        // SAFETY: infos live as long as the runtime.
        let info = unsafe { &mut *info };
        if !info.direct_entry.is_null() || info.nparams as u32 > crate::codegen::abi::MAX_DIRECT_PARAMETERS {
            return Ok(());
        }
        let engine = self.jit.engine.as_mut().expect("a compile needs the engine");
        let isas = engine.isas.clone();
        let adapter = engine
            .adapters
            .get(AdapterKind::DirectToGeneric, info.nparams as u32, &isas, &mut engine.cache)
            .map_err(|e| (RefusalReason::CodeCacheFull, e.to_string()))?;
        info.direct_entry = adapter as *const u8;
        // The other way too, so that taking the function's code away later can never fail.
        engine
            .adapters
            .get(AdapterKind::GenericToDirect, info.nparams as u32, &isas, &mut engine.cache)
            .map_err(|e| (RefusalReason::CodeCacheFull, e.to_string()))?;
        Ok(())
    }

    /// Writes a function's two entries: the best code that it has, by either convention.
    pub(super) fn refresh_entries(&mut self, function: FunctionId) {
        let info = self.info(function);
        // SAFETY: infos live as long as the runtime.
        let info = unsafe { &mut *info };
        if !info.is_prepared() {
            return;
        }
        let state = self.jit.state(info);
        let (optimized, baseline) = (state.optimized_blob(), state.baseline_blob());
        let engine = self.jit.engine.as_mut().expect("code needs the engine");
        let isas = engine.isas.clone();
        let optimized = optimized.and_then(|b| engine.cache.get(b));
        // A function that counts its arguments has optimized code with a generic entry.
        let best = optimized.and_then(|b| b.generic_entry());
        let (direct, generic) = (
            optimized.and_then(|b| b.direct_entry()),
            best.or(baseline.and_then(|b| engine.cache.get(b)).and_then(|b| b.generic_entry())),
        );
        let nparams = info.nparams as u32;
        let mut adapter = |kind| engine.adapters.get(kind, nparams, &isas, &mut engine.cache).ok();
        let interpreter = interp_thunk as *const () as usize;
        let (generic_entry, direct_entry) = match direct {
            Some(direct) => match adapter(AdapterKind::GenericToDirect) {
                Some(generic) => (generic, Some(direct)),
                None => (generic.unwrap_or(interpreter), adapter(AdapterKind::DirectToGeneric)),
            },
            None => {
                let had = !info.direct_entry.is_null();
                let direct = if had { adapter(AdapterKind::DirectToGeneric) } else { None };
                (generic.unwrap_or(interpreter), direct)
            }
        };
        // SAFETY: the address is that of a generic entry: an adapter, baseline code or the interpreter's thunk.
        info.generic_entry =
            unsafe { std::mem::transmute::<usize, crate::runtime::function::GenericEntry>(generic_entry) };
        if let Some(direct) = direct_entry {
            info.direct_entry = direct as *const u8;
        }
    }

    /// Takes code out of use: no new activation begins; running ones go on, so what the code assumes matters until it is
    /// freed.
    pub(super) fn drop_blob(&mut self, blob: BlobId, cause: NotEntrantCause) {
        let Some(engine) = self.jit.engine.as_mut() else { return };
        if !engine.cache.make_not_entrant(blob) {
            return;
        }
        self.announce_not_entrant(blob, cause, 0);
    }

    pub(super) fn announce_not_entrant(&mut self, blob: BlobId, cause: NotEntrantCause, activations: u32) {
        let Some(notes) = self.jit.engine.as_ref().and_then(|e| e.blobs.get(&blob)) else { return };
        let (function, compile, tier, osr_offset) = (notes.function, notes.compile, notes.tier, notes.osr_offset);
        self.emit(|| Event::CodeNotEntrant { blob, compile, function, tier, osr_offset, cause, activations });
    }

    /// The cache has evicted a blob to make room.
    fn evicted(&mut self, blob: BlobId) {
        let Some(notes) = self.jit.engine.as_ref().and_then(|e| e.blobs.get(&blob)) else { return };
        let (function, tier, bytes) = (notes.function, notes.tier, notes.bytes);
        // SAFETY: infos live as long as the runtime.
        let info = unsafe { &mut *self.info(function) };
        self.jit.state(info).discarded(blob);
        self.emit(|| Event::CodeEvicted { blob, function, tier, bytes, hotness: 0 });
        self.refresh_entries(function);
        self.restart_counters(function);
    }

    /// Frees code that nobody runs any more.
    pub(super) fn sweep(&mut self) {
        let Some(engine) = self.jit.engine.as_mut() else { return };
        let referenced = engine.native.referenced(&engine.cache);
        let swept = engine.cache.sweep(|id| referenced.contains(&id));
        for blob in swept.zombies {
            let notes = self.jit.engine.as_ref().and_then(|e| e.blobs.get(&blob));
            if let Some((function, tier, bytes)) = notes.map(|n| (n.function, n.tier, n.bytes)) {
                self.emit(|| Event::CodeZombie { blob, function, tier, bytes });
            }
        }
        self.forget_freed(&swept.freed);
    }

    fn forget_freed(&mut self, freed: &[BlobId]) {
        for blob in freed {
            let Some(engine) = self.jit.engine.as_mut() else { continue };
            engine.assumptions.forget(*blob);
            let Some(notes) = engine.blobs.remove(blob) else { continue };
            let (blob, segment, bytes) = (*blob, Segment::of(notes.tier), notes.bytes);
            self.emit(|| Event::CodeFreed { blob, segment, bytes });
        }
        self.tell_cache_usage(false);
    }

    /// Keeps the texts of a compile for `petrel dump`.
    fn keep_dump(&mut self, function: FunctionId, osr_offset: Option<u32>, result: &mut JobResult) {
        let code = match &mut result.outcome {
            Ok(Compiled::Optimized { code, .. }) => code.explained.take().map(|explained| super::CodeDump {
                explained,
                code: code.code.clone(),
                positions: code.positions.clone(),
            }),
            Ok(Compiled::Baseline { .. }) | Err(_) => None,
        };
        let graphs = std::mem::take(&mut result.graphs);
        if graphs.is_empty() && code.is_none() {
            return;
        }
        let passes = std::mem::take(&mut result.passes);
        self.dumps.push(super::CompileDump { function, osr_offset, graphs, passes, code });
    }
}
