//! Stubs that turn one calling convention into the other.
//!
//! Every function has a generic and a direct entry at all times, whatever tier its code is; an adapter fills the gap:
//!
//! ```text
//!   code of the function     generic_entry                 direct_entry
//!   interpreter, baseline    the code                      adapter direct -> generic
//!   optimized                adapter generic -> direct     the code
//! ```
//!
//! So changing a function's tier is the writing of two words. An adapter depends only on the number of parameters;
//! it finds the function through the callee that it is passed. Adapters are compiled when first needed and live in
//! the non-method segment for ever.
//!
//! Direct to generic writes callee, `this` and arguments just past the innermost frame, at `head.sp`, and leaves
//! `head.sp` as it is: whoever runs as the generic entry claims its frame, as always.

use super::abi::{self, CALLEE_OFFSET, Isas, THIS_OFFSET};
use super::install::{self, CompileError};
use crate::code::blob::{BlobSpec, Entries};
use crate::code::cache::{CodeCache, InstallError};
use crate::runtime::cell::offset as cell_offset;
use crate::runtime::function::info_offset;
use crate::runtime::head::offset as head_offset;
use crate::runtime::value::Value;
use cranelift_codegen::Context;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I32, I64};
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, MemFlagsData, Signature};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use std::fmt;

/// Why there is no adapter.
#[derive(Debug)]
pub enum AdapterError {
    /// It could not be compiled.
    Compile(CompileError),
    /// It could not be installed.
    Install(InstallError),
}

impl fmt::Display for AdapterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AdapterError::Compile(error) => write!(f, "adapter: {error}"),
            AdapterError::Install(error) => write!(f, "adapter: {error}"),
        }
    }
}

impl std::error::Error for AdapterError {}

/// Which way an adapter translates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdapterKind {
    /// Entered with arguments on the VM stack; calls the direct entry.
    GenericToDirect,
    /// Entered with arguments in machine registers; calls the generic entry.
    DirectToGeneric,
}

/// The adapters of one VM.
pub struct Adapters {
    /// Address of an exit thunk `fn(rt) -> u64` that throws the `RangeError` of a full VM stack.
    stack_overflow: usize,
    generic_to_direct: [Option<usize>; abi::MAX_DIRECT_PARAMETERS as usize + 1],
    direct_to_generic: [Option<usize>; abi::MAX_DIRECT_PARAMETERS as usize + 1],
}

impl Adapters {
    /// None compiled yet. `stack_overflow` is the address of an exit thunk `fn(rt) -> u64` that throws and returns 0.
    pub fn new(stack_overflow: usize) -> Adapters {
        let none = [None; abi::MAX_DIRECT_PARAMETERS as usize + 1];
        Adapters { stack_overflow, generic_to_direct: none, direct_to_generic: none }
    }

    /// The address of the adapter for functions of `parameters` parameters, which are at most
    /// [`abi::MAX_DIRECT_PARAMETERS`].
    ///
    /// # Errors
    /// If it does not exist yet and the non-method segment is full.
    pub fn get(
        &mut self,
        kind: AdapterKind,
        parameters: u32,
        isas: &Isas,
        cache: &mut CodeCache,
    ) -> Result<usize, AdapterError> {
        let stack_overflow = self.stack_overflow;
        let known = match kind {
            AdapterKind::GenericToDirect => &mut self.generic_to_direct[parameters as usize],
            AdapterKind::DirectToGeneric => &mut self.direct_to_generic[parameters as usize],
        };
        if let Some(address) = *known {
            return Ok(address);
        }
        let address = match kind {
            AdapterKind::GenericToDirect => {
                let spec = stub_spec("generic to direct", parameters, Entries::generic());
                let build = |b: &mut FunctionBuilder<'_>| generic_to_direct(b, parameters);
                install_stub(isas, cache, spec, abi::generic_signature(), build)?
            }
            AdapterKind::DirectToGeneric => {
                let spec = stub_spec("direct to generic", parameters, Entries::direct());
                let build = |b: &mut FunctionBuilder<'_>| direct_to_generic(b, parameters, stack_overflow);
                install_stub(isas, cache, spec, abi::direct_signature(parameters), build)?
            }
        };
        *known = Some(address);
        Ok(address)
    }
}

fn stub_spec(name: &str, parameters: u32, entries: Entries) -> BlobSpec {
    BlobSpec { entries, ..BlobSpec::stub(format!("{name}, {parameters} parameters")) }
}

/// Compiles a stub and installs it. Returns its address.
fn install_stub(
    isas: &Isas,
    cache: &mut CodeCache,
    spec: BlobSpec,
    signature: Signature,
    build: impl FnOnce(&mut FunctionBuilder<'_>),
) -> Result<usize, AdapterError> {
    let isa = isas.baseline();
    let mut context = Context::new();
    let mut scratch = FunctionBuilderContext::new();
    context.func.signature = signature;
    let mut builder = FunctionBuilder::new(&mut context.func, &mut scratch);
    build(&mut builder);
    builder.seal_all_blocks();
    builder.finalize(isa.frontend_config());
    let code = install::compile(&**isa, &mut context).map_err(AdapterError::Compile)?;
    let blob = cache.install(spec, code).map_err(AdapterError::Install)?;
    Ok(cache.get(blob).expect("just installed").code().start)
}

fn memory() -> MemFlagsData {
    MemFlagsData::trusted()
}

fn entry_block(b: &mut FunctionBuilder<'_>) -> Vec<ir::Value> {
    let entry = b.create_block();
    b.append_block_params_for_function_params(entry);
    b.switch_to_block(entry);
    b.block_params(entry).to_vec()
}

/// Loads an entry of the function that the closure `callee` is of.
fn load_entry(b: &mut FunctionBuilder<'_>, callee: ir::Value, entry: i32) -> ir::Value {
    let info = b.ins().load(I64, memory(), callee, cell_offset::FUNCTION_INFO);
    b.ins().load(I64, memory(), info, entry)
}

fn call_and_return(b: &mut FunctionBuilder<'_>, signature: Signature, target: ir::Value, arguments: &[ir::Value]) {
    let signature = b.import_signature(signature);
    let call = b.ins().call_indirect(signature, target, arguments);
    let result = b.inst_results(call)[0];
    b.ins().return_(&[result]);
}

/// `fn(rt, regs, argc)`: loads the arguments, `undefined` where there are too few.
fn generic_to_direct(b: &mut FunctionBuilder<'_>, parameters: u32) {
    let [rt, regs, argc] = entry_block(b)[..] else { unreachable!("the generic signature") };
    let call = b.create_block();
    let arguments: Vec<ir::Value> = (0..parameters).map(|_| b.append_block_param(call, I64)).collect();
    let (full, missing) = (b.create_block(), b.create_block());
    b.set_cold_block(missing);
    let enough = b.ins().icmp_imm_u(IntCC::UnsignedGreaterThanOrEqual, argc, parameters as i64);
    b.ins().brif(enough, full, &[], missing, &[]);

    b.switch_to_block(full);
    let load = |b: &mut FunctionBuilder<'_>, i: u32| b.ins().load(I64, memory(), regs, 8 * i as i32);
    let loaded: Vec<BlockArg> = (0..parameters).map(|i| load(b, i).into()).collect();
    b.ins().jump(call, &loaded);

    b.switch_to_block(missing);
    let mut padded: Vec<BlockArg> = Vec::new();
    for i in 0..parameters {
        let (present, join) = (b.create_block(), b.create_block());
        let argument = b.append_block_param(join, I64);
        let undefined = b.ins().iconst(I64, Value::UNDEFINED.0 as i64);
        let passed = b.ins().icmp_imm_u(IntCC::UnsignedGreaterThan, argc, i as i64);
        b.ins().brif(passed, present, &[], join, &[undefined.into()]);
        b.switch_to_block(present);
        let value = load(b, i);
        b.ins().jump(join, &[value.into()]);
        b.switch_to_block(join);
        padded.push(argument.into());
    }
    b.ins().jump(call, &padded);

    b.switch_to_block(call);
    let callee = b.ins().load(I64, memory(), regs, CALLEE_OFFSET);
    let this = b.ins().load(I64, memory(), regs, THIS_OFFSET);
    let target = load_entry(b, callee, info_offset::DIRECT_ENTRY);
    let all: Vec<ir::Value> = [rt, callee, this].into_iter().chain(arguments).collect();
    call_and_return(b, abi::direct_signature(parameters), target, &all);
}

/// `fn(rt, callee, this, a0 ..)`: stores them past the innermost frame, if there is room.
fn direct_to_generic(b: &mut FunctionBuilder<'_>, parameters: u32, stack_overflow: usize) {
    let incoming = entry_block(b);
    let (rt, callee) = (incoming[0], incoming[1]);
    let (store, overflow) = (b.create_block(), b.create_block());
    b.set_cold_block(overflow);
    let sp = b.ins().load(I64, memory(), rt, head_offset::SP);
    let limit = b.ins().load(I64, memory(), rt, head_offset::VM_STACK_LIMIT);
    let words = incoming.len() as i64 - 1;
    let end = b.ins().iadd_imm_s(sp, 8 * words);
    let too_far = b.ins().icmp(IntCC::UnsignedGreaterThan, end, limit);
    b.ins().brif(too_far, overflow, &[], store, &[]);

    b.switch_to_block(overflow);
    let throw = b.ins().iconst(I64, stack_overflow as i64);
    call_and_return(b, abi::helper_signature(1), throw, &[rt]);

    b.switch_to_block(store);
    for (i, word) in incoming[1..].iter().enumerate() {
        b.ins().store(memory(), *word, sp, 8 * i as i32);
    }
    let regs = b.ins().iadd_imm_s(sp, -(CALLEE_OFFSET as i64));
    let argc = b.ins().iconst(I32, parameters as i64);
    let target = load_entry(b, callee, info_offset::GENERIC_ENTRY);
    call_and_return(b, abi::generic_signature(), target, &[rt, regs, argc]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::cache::CacheConfig;
    use crate::deopt::exit::enter;
    use crate::exit_thunk;
    use crate::runtime::head::VmHead;
    use crate::vocab::Segment;

    #[repr(C)]
    struct Info {
        generic: extern "C" fn(*mut VmHead, *mut u64, u32) -> u64,
        direct: usize,
    }

    /// A closure cell with nothing but the pointer to its function.
    #[repr(C, align(16))]
    struct Closure {
        words: [u64; 3],
        info: *const Info,
    }

    /// A generic entry in Rust: the argument count and the arguments as decimal digits, then `this`.
    extern "C" fn digits(rt: *mut VmHead, regs: *mut u64, argc: u32) -> u64 {
        // SAFETY: called with the test's head and frame.
        unsafe {
            assert_eq!((*rt).sp.add(2), regs, "the frame begins where the innermost one ends");
            let closure = *regs.sub(2) as *const Closure;
            assert!(!(*closure).info.is_null());
            let number = (0..argc).fold(argc as u64, |n, i| n.wrapping_mul(10) + *regs.add(i as usize));
            number.wrapping_mul(1000) + *regs.sub(1)
        }
    }
    exit_thunk!(digits_thunk(rt: *mut VmHead, regs: *mut u64, argc: u32) -> u64, digits);

    extern "C" fn overflow(rt: *mut VmHead) -> u64 {
        // SAFETY: called with the test's head.
        unsafe { (*rt).exception = Value::TRUE };
        0
    }
    exit_thunk!(overflow_thunk, overflow);

    /// Through generic -> direct -> generic, so that both kinds are seen at once.
    fn call(parameters: u32, arguments: &[u64], room_words: usize) -> (u64, Value) {
        let isas = Isas::new();
        let mut cache = CodeCache::new(&CacheConfig::default()).unwrap();
        let mut adapters = Adapters::new(overflow_thunk as *const () as usize);
        let mut adapter = |kind| adapters.get(kind, parameters, &isas, &mut cache).unwrap();
        let outer = adapter(AdapterKind::GenericToDirect);
        let direct = adapter(AdapterKind::DirectToGeneric);
        assert_eq!(outer, adapter(AdapterKind::GenericToDirect), "compiled once");
        assert_eq!(cache.occupancy(Segment::NonMethod).blobs, 2);
        let info = Info { generic: digits_thunk, direct };
        let closure = Closure { words: [0; 3], info: &info };
        assert_eq!(closure.words.len() * 8, cell_offset::FUNCTION_INFO as usize);
        let mut stack = [0u64; 64];
        stack[0] = &raw const closure as u64;
        stack[1] = 77;
        stack[2..2 + arguments.len()].copy_from_slice(arguments);
        let mut head = VmHead::new();
        let base = stack.as_mut_ptr();
        // SAFETY: the frame at the bottom of `stack` is as the generic convention wants it; the adapters write above
        // `sp`, up to the limit, which lies inside of the array.
        let result = unsafe {
            head.sp = base.add(20);
            head.vm_stack_limit = base.add(20 + room_words);
            enter(&mut head, base.add(2), arguments.len() as u32, outer)
        };
        assert_eq!(head.last_exit_fp, 0, "restored on return");
        (result, head.exception)
    }

    #[test]
    fn arguments_pass_through_both_conventions() {
        let undefined = Value::UNDEFINED.0;
        assert_eq!(call(0, &[], 40).0, 77);
        assert_eq!(call(0, &[1, 2], 40).0, 77, "surplus arguments are dropped");
        assert_eq!(call(2, &[3, 4], 40).0, 234_077);
        assert_eq!(call(2, &[3, 4, 5], 40).0, 234_077);
        assert_eq!(call(3, &[4], 40).0, (((3 * 10 + 4) * 10 + undefined) * 10 + undefined) * 1000 + 77);
        let many: Vec<u64> = (0..16).map(|i| i % 10).collect();
        let number = many.iter().fold(16u64, |n, d| n.wrapping_mul(10) + d);
        assert_eq!(call(16, &many, 40).0, number.wrapping_mul(1000) + 77);
    }

    #[test]
    fn a_full_vm_stack_throws() {
        assert_eq!(call(2, &[3, 4], 4), (234_077, Value::EMPTY));
        assert_eq!(call(2, &[3, 4], 3), (0, Value::TRUE));
    }
}
