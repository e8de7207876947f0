//! A preserving thunk preserves every register that Cranelift believes it to preserve.
//!
//! Functions of compiled code load as many words and doubles as are asked for, and add them up when all are loaded. Those
//! under test call a preserving thunk in between, so that the numbers stand in registers across it (loads, because
//! Cranelift would compute anything pure after the call; every count, because with more numbers than registers it may
//! prefer to keep them all in memory). The thunk's Rust half runs such a function, with other numbers and more of them than
//! there are registers: that touches all that a C function need not restore, which a Rust function by itself would not.

use cranelift_codegen::Context;
use cranelift_codegen::ir::types::{F64, I64};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value as Ir};
use cranelift_codegen::isa::{CallConv, OwnedTargetIsa};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use petrel::code::blob::{BlobSpec, Entries};
use petrel::code::cache::{CacheConfig, CodeCache};
use petrel::codegen::abi::{self, Isas};
use petrel::codegen::install;
use petrel::deopt::exit::enter;
use petrel::preserving_thunk;
use petrel::runtime::head::{VmHead, offset};
use petrel::vocab::{FunctionId, Tier};

/// More words, and more doubles, than either target has registers for.
const MOST: usize = 40;

#[repr(C)]
struct TestVm {
    head: VmHead,
    cache: CodeCache,
    /// The function that leaves its numbers in the registers.
    spoiler: usize,
    calls: usize,
}

/// Words that begin with `first`, and as many doubles.
fn numbers(first: u64) -> [u64; 2 * MOST] {
    std::array::from_fn(|i| {
        let number = first + i as u64;
        if i < MOST { number } else { (number as f64).to_bits() }
    })
}

/// The sum of the first `count` words and of the first `count` doubles.
fn sum(first: u64, count: usize) -> u64 {
    (0..count as u64).map(|i| first + i + first + MOST as u64 + i).sum()
}

extern "C" fn spoil(vm: *mut TestVm) {
    // SAFETY: compiled code passes the pointer that `enter` got; nobody uses the VM meanwhile.
    let spoiler = unsafe {
        (*vm).calls += 1;
        (*vm).spoiler
    };
    assert_eq!(call(vm, spoiler, 1_000_000), sum(1_000_000, MOST) + 77);
}
preserving_thunk!(spoiling_thunk, spoil);

/// Calls one of the functions on the numbers from `first`.
fn call(vm: *mut TestVm, entry: usize, first: u64) -> u64 {
    let mut numbers = numbers(first);
    // SAFETY: the functions read the numbers at `regs` and nothing else of the generic convention.
    unsafe { enter(vm.cast(), numbers.as_mut_ptr(), 0, entry) }
}

/// `fn(vm, numbers, _)`: loads `count` numbers of both kinds; then calls `thunk`, or writes the word
/// that a thunk leaves; the sum, with that word.
fn install_function(vm: &mut TestVm, isa: &OwnedTargetIsa, count: usize, thunk: Option<usize>) -> usize {
    let mut context = Context::new();
    let mut scratch = FunctionBuilderContext::new();
    context.func.signature = abi::generic_signature();
    let mut b = FunctionBuilder::new(&mut context.func, &mut scratch);
    let entry = b.create_block();
    b.append_block_params_for_function_params(entry);
    b.switch_to_block(entry);
    let [rt, numbers, _] = b.block_params(entry)[..] else { panic!() };
    let flags = MemFlagsData::trusted();
    let mut load = |ty, i: usize| b.ins().load(ty, flags, numbers, 8 * i as i32);
    let words: Vec<Ir> = (0..count).map(|i| load(I64, i)).collect();
    let doubles: Vec<Ir> = (MOST..MOST + count).map(|i| load(F64, i)).collect();
    if let Some(thunk) = thunk {
        let mut signature = abi::helper_signature(1);
        signature.call_conv = CallConv::PreserveAll;
        signature.returns.clear();
        let signature = b.import_signature(signature);
        let target = b.ins().iconst(I64, thunk as i64);
        b.ins().call_indirect(signature, target, &[rt]);
    } else {
        // No load is delayed past a store.
        let said = b.ins().iconst(I64, 77);
        b.ins().store(flags, said, rt, offset::PRESERVED_RESULT);
    }
    let mut word = b.ins().load(I64, flags, rt, offset::PRESERVED_RESULT);
    for other in words {
        word = b.ins().iadd(word, other);
    }
    let mut double = b.ins().f64const(0.0);
    for other in doubles {
        double = b.ins().fadd(double, other);
    }
    let whole = b.ins().fcvt_to_sint_sat(I64, double);
    let total = b.ins().iadd(word, whole);
    b.ins().return_(&[total]);
    b.seal_all_blocks();
    b.finalize(isa.frontend_config());
    let code = install::compile(&**isa, &mut context).unwrap();
    let spec = BlobSpec::function(FunctionId::from_u32(0), Tier::Optimized, Entries::generic());
    let blob = vm.cache.install(spec, code).unwrap();
    vm.cache.get(blob).unwrap().generic_entry().unwrap()
}

#[test]
fn no_register_is_lost_across_a_preserving_call() {
    let isas = Isas::new();
    for isa in [isas.baseline(), isas.optimized()] {
        let cache = CodeCache::new(&CacheConfig::default()).unwrap();
        let mut vm = Box::new(TestVm { head: VmHead::new(), cache, spoiler: 0, calls: 0 });
        vm.spoiler = install_function(&mut vm, isa, MOST, None);
        let thunk = spoiling_thunk as *const () as usize;
        let callers: Vec<usize> = (0..=MOST).map(|count| install_function(&mut vm, isa, count, Some(thunk))).collect();
        let vm = &raw mut *vm;
        for (count, &caller) in callers.iter().enumerate() {
            assert_eq!(call(vm, caller, 500), sum(500, count) + 77, "{count} numbers of each kind");
        }
        // SAFETY: no compiled code runs.
        assert_eq!(unsafe { (*vm).calls }, callers.len());
    }
}
