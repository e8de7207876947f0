//! The virtual machine: owns everything and fills in every hook.
//!
//! ```text
//! Vm { machine: { rt: Runtime, interp: Interp }, config, modules }      one allocation, never moved
//! ```
//!
//! The runtime is the first field of the machine and the machine the first of the VM, so that a hook, which is given the
//! runtime, can reach the VM from its address. Loading files stands in [`modules`], what a user sees when a program fails
//! in [`report`].

mod dump;
mod jit;
mod listing;
mod modules;
mod prelude;
mod profile;
mod report;
mod resolve;
mod session;
pub mod stack;
mod trace;
mod watchdog;

use crate::bytecode::function::Source;
use crate::config::Config;
use crate::events::{Event, FixedClock, Recorder};
use crate::frontend::{self, FrontendError, FrontendOptions};
use crate::interp::{Machine, first_thunk};
use crate::runtime::builtins::process;
use crate::runtime::heap::{Heap, HeapConfig, stack_pointer};
use crate::runtime::runtime::{HookTable, Runtime};
use crate::runtime::value::Value;
use std::path::Path;
use std::sync::Arc;

pub use dump::CompileTimes;
pub use jit::{CompileDump, Jit, PassRow};
pub use modules::ModuleTable;
pub use report::Failure;
pub use session::Answer;

/// Exit code of a program that ended by itself.
pub const EXIT_OK: i32 = 0;
/// Exit code after an uncaught exception.
pub const EXIT_UNCAUGHT: i32 = 1;
/// Exit code of wrong usage, a file that cannot be read included.
pub const EXIT_USAGE: i32 = 2;
/// Exit code of a refusal or a syntax error.
pub const EXIT_REFUSED: i32 = 3;
/// Exit code when a limit (heap, time) is exhausted.
pub const EXIT_LIMIT: i32 = 70;

/// A virtual machine. Any number may live in one process, each used by one thread.
#[repr(C)]
pub struct Vm {
    /// Runtime and interpreter. Must be the first field.
    pub machine: Machine,
    /// What it was made with.
    pub config: Config,
    /// Files loaded so far.
    pub modules: ModuleTable,
    /// The tiers' driver.
    pub jit: Jit,
    /// Inner forms of what was compiled, if they are to be kept.
    pub dumps: Vec<CompileDump>,
    /// Whether to keep them.
    pub keep_dumps: bool,
    arguments: Vec<String>,
}

impl Vm {
    /// A new virtual machine.
    ///
    /// # Errors
    /// If the address space for the heap cannot be reserved.
    pub fn new(config: Config, recorder: Recorder) -> std::io::Result<Box<Vm>> {
        let heap = Heap::new(HeapConfig {
            max_heap_bytes: config.heap_limit as usize,
            nursery_bytes: config.nursery_size as usize,
            adaptive: !config.deterministic && !config.stress.gc,
            stress_gc: config.stress.gc,
            poison_freed: config.stress.gc,
            verify: config.stress.gc && cfg!(debug_assertions),
        })?;
        let words = config.stack_size as usize / 8;
        // SAFETY: the hooks below accept the runtime of a `Vm`, and this one becomes part of one at once.
        let mut rt = unsafe { Runtime::new(heap, HOOKS, words) };
        rt.host.virtual_time = config.deterministic;
        if config.seed != 0 || config.deterministic {
            rt.host.seed(config.seed);
        }
        let machine = Machine::new(rt, jit::INTERP_HOOKS, words);
        let jit = Jit::new(&config, recorder);
        let modules = ModuleTable::default();
        let mut vm =
            Box::new(Vm { machine, config, modules, jit, dumps: Vec::new(), keep_dumps: false, arguments: Vec::new() });
        vm.machine.interp.count = vm.config.deterministic;
        // SAFETY: the VM is boxed and never moved out of its box.
        unsafe { vm.machine.rt.pin() };
        vm.connect_jit();
        modules::install(&mut vm);
        vm.begin_witnessing();
        Ok(vm)
    }

    /// The runtime.
    pub fn rt(&mut self) -> &mut Runtime {
        &mut self.machine.rt
    }

    /// The VM that a runtime belongs to.
    ///
    /// # Safety
    /// The runtime is that of a `Vm`.
    pub unsafe fn of(rt: &mut Runtime) -> &mut Vm {
        // SAFETY: promised by the caller; runtime, machine and VM begin at the same address.
        unsafe { &mut *(&raw mut *rt).cast::<Vm>() }
    }

    /// Runs `f` with the native stack registered: what may run the program's code.
    fn entered<T>(&mut self, f: impl FnOnce(&mut Vm) -> T) -> T {
        let stack = stack::entry(stack_pointer(), stack::share(self.config.stack_size as usize));
        let base = self.rt().heap.set_stack_base(stack.high_end);
        let limit = std::mem::replace(&mut self.rt().head.native_stack_limit, stack.limit);
        let time = std::time::Duration::from_nanos(self.config.timeout);
        let watchdog = watchdog::Watchdog::start(&self.rt().head.interrupt, time);
        let result = f(self);
        drop(watchdog);
        self.rt().head.native_stack_limit = limit;
        self.rt().heap.set_stack_base(base);
        result
    }

    /// Runs a file to its end and tells standard error what went wrong. The result is the process's exit code.
    pub fn run_file(&mut self, path: &Path) -> i32 {
        let outcome = match std::fs::canonicalize(path) {
            Ok(absolute) => self.entered(|vm| {
                vm.begin_profiling();
                let engine = std::env::current_exe().map_or("petrel".into(), |p| p.display().to_string());
                let mut words = vec![engine, absolute.display().to_string()];
                words.extend(vm.arguments.iter().cloned());
                crate::runtime::builtins::process::set_argv(vm.rt(), words);
                modules::load_main(vm, &absolute)
            }),
            Err(error) => Err(Failure::Unreadable(path.display().to_string(), error.to_string())),
        };
        self.finish(outcome)
    }

    /// Runs a text that is no file, as Node runs `-e CODE` and standard input: `name` stands for the path, and files are
    /// required relative to the working folder. The result is the process's exit code.
    pub fn run_text(&mut self, name: &str, text: String, print: bool) -> i32 {
        let text = if print { frontend::parse::returning(&text) } else { text };
        let outcome = self.entered(|vm| {
            let engine = std::env::current_exe().map_or("petrel".into(), |p| p.display().to_string());
            let stdin = name.starts_with("[stdin]").then(|| "-".to_string());
            let words = std::iter::once(engine).chain(stdin).chain(vm.arguments.iter().cloned()).collect();
            crate::runtime::builtins::process::set_argv(vm.rt(), words);
            let value = modules::evaluate(vm, name.to_string(), text)?;
            if print {
                let shown = crate::runtime::builtins::inspect::format(vm.rt(), &[value]);
                let shown = shown.map_err(|_| Failure::Thrown)?;
                vm.rt().host.write_out(format!("{shown}\n").as_bytes());
            }
            Ok(value)
        });
        self.finish(outcome)
    }

    /// Runs a source text as the main module. `path` is what positions show.
    pub fn run_source(&mut self, path: &str, text: String) -> i32 {
        let outcome = self.entered(|vm| modules::run_main(vm, path.to_string(), text));
        self.finish(outcome)
    }

    /// What `process.argv` has from the third element on.
    pub fn set_arguments(&mut self, arguments: &[String]) {
        self.arguments = arguments.to_vec();
    }

    /// From now on, what the program prints goes to standard error: standard output is for something else.
    pub fn divert_output(&mut self) {
        self.rt().host.stdout = crate::runtime::host::Sink::Diverted;
    }

    /// Loads a file without running it: for its bytecode. The result is the exit code.
    pub fn load_only(&mut self, path: &Path) -> i32 {
        let outcome = match std::fs::read_to_string(path) {
            Ok(text) => {
                let source = Arc::new(Source::new(path.display().to_string(), text));
                match self.compile(source.clone()) {
                    Ok(code) => {
                        self.rt().link(&code);
                        return 0;
                    }
                    Err(error) => Failure::Frontend(source, error),
                }
            }
            Err(error) => Failure::Unreadable(path.display().to_string(), error.to_string()),
        };
        report::report(self, outcome)
    }

    fn finish(&mut self, outcome: Result<Value, Failure>) -> i32 {
        let exit_code = match outcome {
            Ok(_) => process::exit_code(self.rt()),
            Err(failure) => self.entered(|vm| report::report(vm, failure)),
        };
        self.rt().host.flush();
        self.end_profiling();
        self.finish_perf();
        self.tell_last_words();
        self.emit_time_by_tier();
        let cache_bytes = self.jit.cache_bytes();
        let heap_bytes = if self.config.deterministic { 0 } else { self.rt().heap.footprint_bytes() as u64 };
        self.emit(|| Event::RunEnded { exit_code, heap_bytes, cache_bytes });
        let end = FixedClock(self.now_ns());
        self.jit.recorder.finish(&end);
        exit_code
    }

    /// Compiles a source text.
    fn compile(&self, source: Arc<Source>) -> Result<crate::bytecode::function::ModuleCode, FrontendError> {
        let options = FrontendOptions {
            natives_syntax: self.config.allow_natives_syntax,
            session: source.path == session::SESSION_NAME,
            ..FrontendOptions::default()
        };
        frontend::compile(source, &options)
    }
}

/// Parses and lowers a file without running it.
///
/// # Errors
/// What running it would print, and the exit code.
pub fn check_file(path: &Path, config: &Config) -> Result<(), (String, i32)> {
    let shown = path.display().to_string();
    let failure = match std::fs::read_to_string(path) {
        Ok(text) => {
            let source = Arc::new(Source::new(shown, text));
            let options = FrontendOptions { natives_syntax: config.allow_natives_syntax, ..FrontendOptions::default() };
            match frontend::compile(source.clone(), &options) {
                Ok(_) => return Ok(()),
                Err(error) => Failure::Frontend(source, error),
            }
        }
        Err(error) => Failure::Unreadable(shown, error.to_string()),
    };
    Err(report::text_of(&failure))
}

const HOOKS: HookTable = HookTable {
    default_entry: first_thunk,
    enter: crate::deopt::exit::enter_generic,
    stack_trace: trace::stack_trace,
    caller_is_sloppy: trace::caller_is_sloppy,
    note_throw: trace::note_throw,
    binding_assigned: jit::binding_assigned,
    prototype_changed: jit::prototype_changed,
    mark,
    now_ms,
    require: modules::require,
    intrinsic: jit::intrinsic,
    called_back: jit::called_back,
    load_prelude: prelude::load,
};

fn mark(rt: &mut Runtime, name: &str) {
    // SAFETY: hooks are called with the runtime of a VM.
    let vm = unsafe { Vm::of(rt) };
    vm.emit(|| Event::Mark { name: name.to_string() });
    vm.emit_time_by_tier();
}

fn now_ms(rt: &mut Runtime) -> f64 {
    // SAFETY: hooks are called with the runtime of a VM.
    let vm = unsafe { Vm::of(rt) };
    vm.now_ns() as f64 / 1e6
}
