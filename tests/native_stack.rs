//! The native stack under real compiled code: walking, hijacked returns, freeing, and memory protection.
//!
//! A tiny VM with the real code cache, stack and code generator. Its programs are three recursive functions that call
//! each other through Rust, so that at the deepest point the stack holds three islands of compiled frames:
//!
//! ```text
//!   C(1) C(0) | Rust | B(2) B(1) B(0) | Rust | A(3) A(2) A(1) A(0) | Rust: invalidates
//! ```
//!
//! Every function computes `result of callee + depth + 3 * x`, and its side exit computes the same in Rust. So the sum
//! at the end shows whether each frame went on exactly once, with the right callee's result and its own live values.

use cranelift_codegen::Context;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I32, I64};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value as Ir};
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use petrel::code::blob::{BlobSpec, Entries, MachineCode, Position};
use petrel::code::cache::{CacheConfig, CodeCache};
use petrel::codegen::abi::{self, Isas, SiteLoc};
use petrel::codegen::install;
use petrel::deopt::exit::{NativeStack, enter};
use petrel::exit_thunk;
use petrel::runtime::head::VmHead;
use petrel::runtime::value::Value;
use petrel::vocab::{BlobId, BlobState, FunctionId, Tier};
use std::sync::atomic::{AtomicBool, Ordering};

const A: usize = 0;
const B: usize = 1;
const C: usize = 2;

/// What the innermost helper does.
#[derive(Clone, Copy, Default)]
struct Scenario {
    invalidate: Option<usize>,
    /// Walk and hijack again over slots that are hijacked already.
    twice: bool,
    throw: bool,
    /// The side exit itself invalidates the same function again before it goes on.
    again_in_exit: bool,
    /// Try to free the invalidated code while its frames are on the stack.
    sweep: bool,
}

#[repr(C)]
struct TestVm {
    head: VmHead,
    cache: CodeCache,
    stack: Option<Box<NativeStack>>,
    blobs: Vec<BlobId>,
    /// What compiled code loads its callees from, as entry cells.
    entries: Box<[usize; 3]>,
    scenario: Scenario,
    /// Side exits taken by lazy deopt and by exception.
    lazy_exits: usize,
    exception_exits: usize,
    /// Blob index and bytecode offset of each frame, as seen from the innermost helper.
    seen: Vec<(usize, u32)>,
}

/// Invalidates as the scenario says; returns `x`.
extern "C" fn leaf(vm: *mut TestVm, x: u64) -> u64 {
    // SAFETY: compiled code passes the pointer that `enter` got; nobody else uses the VM meanwhile.
    let vm = unsafe { &mut *vm };
    vm.seen = vm.walk();
    if let Some(function) = vm.scenario.invalidate {
        let frames = vm.seen.iter().filter(|(index, _)| *index == function).count();
        assert_eq!(vm.invalidate(function), frames);
        if vm.scenario.twice {
            assert_eq!(vm.invalidate(function), 0, "already hijacked");
            assert_eq!(vm.walk(), vm.seen, "a walk sees through hijacked slots");
        }
        if vm.scenario.sweep {
            let referenced = vm.native().referenced(&vm.cache);
            assert!(vm.native().is_referenced(&vm.cache, vm.blobs[function]));
            for _ in 0..3 {
                let swept = vm.cache.sweep(|blob| referenced.contains(&blob));
                assert!(swept.zombies.is_empty() && swept.freed.is_empty());
            }
        }
    }
    if vm.scenario.throw {
        vm.head.exception = Value::int(777);
        return 0;
    }
    x
}

/// A Rust frame between compiled frames: calls `function` three or two levels deep.
extern "C" fn reenter(vm: *mut TestVm, x: u64, function: u64, depth: u64) -> u64 {
    // Uses registers and stack, so that the frame pointer register surely serves other purposes.
    let burn: Vec<u64> = (0..17).map(|i| i * x).collect();
    std::hint::black_box(&burn);
    // SAFETY: as in `leaf`; the reference is gone before compiled code runs again.
    unsafe {
        let target = (&(*vm).entries)[function as usize];
        enter(vm.cast(), depth as *mut u64, x as u32, target)
    }
}

/// What every side exit calls: finishes the frame in Rust.
extern "C" fn side_exit(vm: *mut TestVm, function: u64, depth: u64, x: u64) -> u64 {
    // SAFETY: as in `leaf`.
    let vm = unsafe { &mut *vm };
    let Some(lazy) = vm.head.take_lazy() else {
        assert_eq!(vm.head.exception, Value::int(777));
        vm.exception_exits += 1;
        return 0;
    };
    vm.lazy_exits += 1;
    let blob = vm.cache.find_return(lazy.return_address).expect("invalidated, but not freed");
    assert_eq!(blob.id, vm.blobs[function as usize]);
    assert!(blob.call_site(lazy.return_address).unwrap().checked);
    if vm.scenario.again_in_exit {
        // The call of this very exit is pending, and not checked: it must not be hijacked.
        assert_eq!(vm.invalidate(function as usize), 0);
    }
    if lazy.result == Value::EMPTY {
        return 0;
    }
    lazy.result.0 + depth + 3 * x
}

exit_thunk!(leaf_thunk, leaf);
exit_thunk!(reenter_thunk, reenter);
exit_thunk!(side_exit_thunk, side_exit);

impl TestVm {
    fn new(isa: &OwnedTargetIsa) -> Box<TestVm> {
        let config = CacheConfig { non_profiled_bytes: 4096, ..CacheConfig::default() };
        let mut vm = Box::new(TestVm {
            head: VmHead::new(),
            cache: CodeCache::new(&config).unwrap(),
            stack: None,
            blobs: Vec::new(),
            entries: Box::new([0; 3]),
            scenario: Scenario::default(),
            lazy_exits: 0,
            exception_exits: 0,
            seen: Vec::new(),
        });
        let head = &raw mut vm.head;
        // SAFETY: the VM is boxed and owns cache and stack.
        vm.stack = Some(unsafe { NativeStack::new(head, &mut vm.cache).unwrap() });
        vm.install(isa);
        vm
    }

    /// Compiles and installs A, B and C.
    fn install(&mut self, isa: &OwnedTargetIsa) {
        let reenter = reenter_thunk as *const () as usize;
        let leaves = [(leaf_thunk as *const () as usize, vec![]), (reenter, vec![A, 3]), (reenter, vec![B, 2])];
        self.blobs.clear();
        for (index, (thunk, arguments)) in leaves.into_iter().enumerate() {
            let cell = &raw const self.entries[index] as usize;
            let (code, spec) = compile(isa, index, cell, thunk, &arguments);
            let id = self.cache.install(spec, code).unwrap();
            self.blobs.push(id);
            self.entries[index] = self.cache.get(id).unwrap().generic_entry().unwrap();
        }
    }

    fn native(&self) -> &NativeStack {
        self.stack.as_ref().unwrap()
    }

    fn invalidate(&mut self, function: usize) -> usize {
        self.stack.as_mut().unwrap().invalidate(&mut self.cache, self.blobs[function])
    }

    fn walk(&self) -> Vec<(usize, u32)> {
        let frame = |frame: petrel::deopt::exit::CompiledFrame| {
            let blob = self.cache.get(frame.blob).unwrap();
            let position = blob.call_site(frame.return_address).unwrap().position.unwrap();
            assert_eq!(blob.position_at(frame.return_address - 1), Some(position));
            let index = self.blobs.iter().position(|id| *id == frame.blob).unwrap();
            (index, blob.inlining_chain(position).next().unwrap().bytecode_offset)
        };
        self.native().frames(&self.cache).map(frame).collect()
    }

    fn run(vm: *mut TestVm, function: usize, depth: u64, x: u64, scenario: Scenario) -> u64 {
        // SAFETY: the pointer is to a live VM that nobody else uses; the references end before compiled code runs.
        unsafe {
            ((*vm).lazy_exits, (*vm).exception_exits, (*vm).scenario) = (0, 0, scenario);
            let target = (&(*vm).entries)[function];
            let result = enter(vm.cast(), depth as *mut u64, x as u32, target);
            assert_eq!((*vm).head.last_exit_fp, 0, "restored on return");
            assert_eq!((*vm).head.lazy_pending, 0);
            let stack = &(*vm).stack;
            assert_eq!(stack.as_ref().unwrap().pending_hijacks(), 0, "all hijacked returns have landed");
            result
        }
    }
}

/// `f(vm, depth, x)`: at depth 0 calls `thunk(vm, x, arguments..)`, else itself through its cell with depth - 1 and
/// x + 1; then the result plus `depth + 3 * x`. A result of 0 leads to the side exit.
fn compile(
    isa: &OwnedTargetIsa,
    index: usize,
    cell: usize,
    thunk: usize,
    arguments: &[usize],
) -> (MachineCode, BlobSpec) {
    let function = FunctionId::from_u32(index as u32);
    let mut spec = BlobSpec::function(function, Tier::Optimized, Entries::generic());
    let mut position = |bytecode_offset| spec.positions.push(Position { function, bytecode_offset, inlined_at: None });
    let (at_recursion, at_leaf, at_exit) = (position(10), position(20), position(30));
    let mut context = Context::new();
    let mut scratch = FunctionBuilderContext::new();
    context.func.signature = abi::generic_signature();
    let mut b = FunctionBuilder::new(&mut context.func, &mut scratch);
    let blocks: [_; 6] = std::array::from_fn(|_| b.create_block());
    let [entry, recurse, leaf, join, exit, go_on] = blocks;
    b.append_block_params_for_function_params(entry);
    b.append_block_param(join, I64);
    b.set_cold_block(exit);
    let call = |b: &mut FunctionBuilder<'_>, site: SiteLoc, target: Ir, arguments: &[Ir]| {
        let signature = b.import_signature(abi::helper_signature(arguments.len()));
        b.set_srcloc(site.to_srcloc());
        let call = b.ins().call_indirect(signature, target, arguments);
        b.inst_results(call)[0]
    };

    b.switch_to_block(entry);
    let [vm, depth, x32] = b.block_params(entry)[..] else { panic!() };
    let x = b.ins().uextend(I64, x32);
    b.ins().brif(depth, recurse, &[], leaf, &[]);

    b.switch_to_block(recurse);
    let cell = b.ins().iconst(I64, cell as i64);
    let itself = b.ins().load(I64, MemFlagsData::trusted(), cell, 0);
    let less = b.ins().iadd_imm_s(depth, -1);
    let more = b.ins().iadd_imm_s(x32, 1);
    let signature = b.import_signature(abi::generic_signature());
    b.set_srcloc(SiteLoc::checked(at_recursion).to_srcloc());
    let inner = b.ins().call_indirect(signature, itself, &[vm, less, more]);
    let result = b.inst_results(inner)[0];
    b.ins().jump(join, &[result.into()]);

    b.switch_to_block(leaf);
    let target = b.ins().iconst(I64, thunk as i64);
    let constants: Vec<Ir> = arguments.iter().map(|a| b.ins().iconst(I64, *a as i64)).collect();
    let all: Vec<Ir> = [vm, x].into_iter().chain(constants).collect();
    let result = call(&mut b, SiteLoc::checked(at_leaf), target, &all);
    b.ins().jump(join, &[result.into()]);

    b.switch_to_block(join);
    let result = b.block_params(join)[0];
    let special = b.ins().icmp_imm_u(IntCC::Equal, result, 0);
    b.ins().brif(special, exit, &[], go_on, &[]);

    b.switch_to_block(exit);
    let target = b.ins().iconst(I64, side_exit_thunk as *const () as i64);
    let name = b.ins().iconst(I64, index as i64);
    let finished = call(&mut b, SiteLoc::plain(at_exit), target, &[vm, name, depth, x]);
    b.ins().return_(&[finished]);

    b.switch_to_block(go_on);
    let sum = b.ins().iadd(result, depth);
    let triple = b.ins().imul_imm_s(x, 3);
    let sum = b.ins().iadd(sum, triple);
    b.ins().return_(&[sum]);
    b.seal_all_blocks();
    b.finalize(isa.frontend_config());
    (install::compile(&**isa, &mut context).unwrap(), spec)
}

/// What the functions compute.
fn reference(depth: u64, x: u64, leaf: impl Fn(u64) -> u64) -> u64 {
    let callee = if depth == 0 { leaf(x) } else { reference(depth - 1, x + 1, leaf) };
    callee + depth + 3 * x
}
fn reference_a(depth: u64, x: u64) -> u64 {
    reference(depth, x, |x| x)
}
fn reference_c(depth: u64, x: u64) -> u64 {
    reference(depth, x, |x| reference(2, x, |x| reference_a(3, x)))
}

/// Runs a test with code of both settings.
fn with_both_isas(test: impl Fn(*mut TestVm)) {
    let isas = Isas::new();
    for isa in [isas.baseline(), isas.optimized()] {
        let mut vm = TestVm::new(isa);
        test(&mut *vm);
    }
}

fn counts(vm: *mut TestVm) -> (usize, usize, u64) {
    // SAFETY: the VM is alive and no compiled code runs.
    let vm = unsafe { &*vm };
    (vm.lazy_exits, vm.exception_exits, vm.native().landings())
}

#[test]
fn a_walk_sees_every_compiled_frame_through_rust_frames() {
    with_both_isas(|vm| {
        assert_eq!(TestVm::run(vm, C, 1, 10, Scenario::default()), reference_c(1, 10));
        let expected = [(A, 20), (A, 10), (A, 10), (A, 10), (B, 20), (B, 10), (B, 10), (C, 20), (C, 10)];
        // SAFETY: no compiled code runs.
        assert_eq!(unsafe { &(*vm).seen }[..], expected);
        assert_eq!(counts(vm), (0, 0, 0));
    });
}

#[test]
fn each_frame_of_an_invalidated_function_leaves_once_and_goes_on() {
    for (function, frames) in [(A, 4), (B, 3), (C, 2)] {
        for twice in [false, true] {
            with_both_isas(|vm| {
                let scenario = Scenario { invalidate: Some(function), twice, ..Scenario::default() };
                assert_eq!(TestVm::run(vm, C, 1, 10, scenario), reference_c(1, 10));
                assert_eq!(counts(vm), (frames, 0, frames as u64));
            });
        }
    }
}

#[test]
fn an_exception_passes_through_hijacked_frames() {
    with_both_isas(|vm| {
        let scenario = Scenario { invalidate: Some(B), throw: true, ..Scenario::default() };
        assert_eq!(TestVm::run(vm, C, 1, 10, scenario), 0);
        assert_eq!(counts(vm), (3, 6, 3));
        // SAFETY: no compiled code runs.
        assert_eq!(unsafe { (*vm).head.exception }, Value::int(777));
    });
}

#[test]
fn a_side_exit_may_invalidate_again_while_outer_returns_are_hijacked() {
    with_both_isas(|vm| {
        let scenario = Scenario { invalidate: Some(A), again_in_exit: true, ..Scenario::default() };
        assert_eq!(TestVm::run(vm, A, 7, 10, scenario), reference_a(7, 10));
        assert_eq!(counts(vm), (8, 0, 8));
    });
}

#[test]
fn code_is_freed_only_when_no_frame_returns_into_it() {
    let isas = Isas::new();
    let mut owner = TestVm::new(isas.optimized());
    let vm: *mut TestVm = &mut *owner;
    let scenario = Scenario { invalidate: Some(B), sweep: true, ..Scenario::default() };
    assert_eq!(TestVm::run(vm, C, 1, 10, scenario), reference_c(1, 10));
    let vm = &mut *owner;
    let blob = vm.blobs[B];
    assert_eq!(vm.cache.get(blob).unwrap().state(), BlobState::NotEntrant);
    assert!(vm.native().referenced(&vm.cache).is_empty());
    assert_eq!(vm.cache.sweep(|_| false).zombies, [blob]);
    assert_eq!(vm.cache.sweep(|_| false).freed, [blob]);
}

/// The same addresses get other code again and again, and what runs is always the newest; no mapping is ever both
/// writable and executable meanwhile.
#[test]
fn memory_is_reused_and_never_writable_and_executable() {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let (mut looks, mut seen_executable) = (0, false);
            while !stop.load(Ordering::Relaxed) || looks == 0 {
                let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
                for line in maps.lines() {
                    let rights = line.split(' ').nth(1).unwrap();
                    assert!(!(rights.contains('w') && rights.contains('x')), "{line}");
                    seen_executable |= rights.contains('x') && line.contains("petrel-code");
                }
                looks += 1;
            }
            assert!(seen_executable, "the watcher has seen code memory");
        });
        let isas = Isas::new();
        let mut owner = TestVm::new(isas.baseline());
        let mut addresses = std::collections::HashSet::new();
        for round in 0..60 {
            let vm = &mut *owner;
            addresses.insert(vm.entries[A]);
            let isa = if round % 2 == 0 { isas.optimized() } else { isas.baseline() };
            for blob in vm.blobs.clone() {
                vm.cache.make_not_entrant(blob);
            }
            vm.cache.sweep(|_| false);
            vm.cache.sweep(|_| false);
            vm.install(isa);
            let invalidate = (round % 3 == 0).then_some(A);
            let scenario = Scenario { invalidate, ..Scenario::default() };
            assert_eq!(TestVm::run(vm, C, 1, round, scenario), reference_c(1, round));
        }
        assert!(addresses.len() < 20, "{} addresses: nothing was reused", addresses.len());
        stop.store(true, Ordering::Relaxed);
        watcher.join().unwrap();
    });
}

#[test]
fn two_machines_on_one_thread_do_not_meet() {
    let isas = Isas::new();
    let (mut first, mut second) = (TestVm::new(isas.baseline()), TestVm::new(isas.optimized()));
    let scenario = Scenario { invalidate: Some(A), ..Scenario::default() };
    for _ in 0..2 {
        assert_eq!(TestVm::run(&mut *first, A, 3, 10, scenario), reference_a(3, 10));
        assert_eq!(TestVm::run(&mut *second, C, 1, 10, scenario), reference_c(1, 10));
        first.install(isas.baseline());
        second.install(isas.optimized());
    }
    assert_eq!((first.native().landings(), second.native().landings()), (8, 8));
}

#[test]
fn code_with_relocations_is_refused_by_name() {
    let isas = Isas::new();
    let isa = isas.baseline();
    let mut context = Context::new();
    let mut scratch = FunctionBuilderContext::new();
    context.func.signature = abi::generic_signature();
    let mut b = FunctionBuilder::new(&mut context.func, &mut scratch);
    let entry = b.create_block();
    b.append_block_params_for_function_params(entry);
    b.switch_to_block(entry);
    let name = b.func.declare_imported_user_function(cranelift_codegen::ir::UserExternalName::new(0, 5));
    let signature = b.import_signature(abi::generic_signature());
    let function = b.import_function(cranelift_codegen::ir::ExtFuncData {
        name: cranelift_codegen::ir::ExternalName::User(name),
        signature,
        colocated: true,
        patchable: false,
    });
    let [vm, depth, _] = b.block_params(entry)[..] else { panic!() };
    let one = b.ins().iconst(I32, 1);
    let call = b.ins().call(function, &[vm, depth, one]);
    let result = b.inst_results(call)[0];
    b.ins().return_(&[result]);
    b.seal_all_blocks();
    b.finalize(isa.frontend_config());
    let error = install::compile(&**isa, &mut context).unwrap_err().to_string();
    assert!(error.contains("must be movable"), "{error}");
}
