//! The baseline compiler: tiers 1 to 3, one Cranelift fragment per opcode.
//!
//! ```text
//!   Request (made by the VM's thread)  ──▶  compile (any thread)  ──▶  BaselineCode  ──▶  code::cache
//!   bytecode, addresses, hints              no heap access             bytes, entries, positions
//! ```
//!
//! Baseline code speculates on nothing and works in the interpreter's frame: every register is a word on the VM stack,
//! nothing is kept in machine registers from one instruction to the next. So moving between interpreter and baseline
//! code is a jump, and what an instruction does is what the interpreter does: common cases inline, the rest through the
//! helpers of `codegen::helpers`, which are the interpreter's own slow paths. The three tiers differ in what they record:
//!
//! | tier | entry and back-edges | operand types, branches, call targets |
//! |---|---|---|
//! | `Baseline` | polled | no |
//! | `BaselineCounters` | counted and polled | no |
//! | `BaselineProfiling` | counted and polled | the same slots as the interpreter's |
//!
//! Inline caches are used and taught in all three. What a site has seen when the request is made decides which inline
//! paths its fragment gets ([`Hint`]): each path checks completely what it relies on, so a wrong hint costs time only.
//!
//! # Entry
//! There is one machine entry, of the generic convention. To enter at a loop header, an activation whose frame stands on
//! the VM stack calls it with [`osr_argument`] in place of the argument count; the result is the frame's.
//!
//! Each native frame holds the address of its register 0 in a known place, so that a stack walk finds callee and `this`
//! ([`registers_of`]).
//!
//! # Exceptions
//! A helper or callee that answers 0 has thrown. The instruction branches to the landing block of the innermost handler
//! that covers it, which asks whether the exception may be caught, puts it into the handler's register and goes on at the
//! handler; or to the function's one exit with 0.
//!
//! Source: V8's Sparkplug and JavaScriptCore's baseline JIT share the frame with their interpreters in this way.

mod arith;
mod call;
mod compare;
mod dispatch;
mod emit;
mod function;
mod object;
mod property;
mod request;
#[cfg(test)]
mod tests;

pub use request::{Hint, Request};

use crate::code::blob::{Blob, BlobSpec, Entries, MachineCode, Owner, PositionTable};
use crate::codegen::abi::Isas;
use crate::codegen::install::{self, CompileError};
use crate::vocab::{CompileId, FunctionId, Tier};
use cranelift_codegen::Context;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};

/// Set in the `argc` of a call that enters at a loop header; the other bits are its bytecode offset.
pub const OSR_FLAG: u32 = 1 << 31;

/// What to pass as argument count to enter baseline code at the loop header at `offset`.
pub const fn osr_argument(offset: u32) -> u32 {
    OSR_FLAG | offset
}

/// Baseline code of a function, not yet installed.
#[derive(Debug)]
pub struct BaselineCode {
    /// The code.
    pub code: MachineCode,
    /// Generic entry, and the loop headers it can be entered at (all at the same address: see [`osr_argument`]).
    pub entries: Entries,
    /// Source positions: one per instruction.
    pub positions: PositionTable,
    /// Distance from the frame pointer to the word that holds the address of register 0: see [`registers_of`].
    pub registers_at: i32,
    /// The function.
    pub function: FunctionId,
    /// The tier.
    pub tier: Tier,
    /// Bytecode instructions compiled.
    pub bytecodes: usize,
    /// Cranelift instructions they became.
    pub clif_insts: usize,
    /// The Cranelift text, if it was asked for.
    pub clif: Option<String>,
}

impl BaselineCode {
    /// What the code cache wants.
    pub fn into_blob(self, compile: Option<CompileId>) -> (BlobSpec, MachineCode) {
        let spec = BlobSpec {
            owner: Owner::Function(self.function),
            tier: self.tier,
            compile,
            entries: self.entries,
            positions: self.positions,
            registers_at: Some(self.registers_at),
            ..BlobSpec::stub("")
        };
        (spec, self.code)
    }
}

/// Register 0 of an activation of baseline code, given its native frame pointer; null for other code. Callee and `this`
/// lie just below.
///
/// # Safety
/// A live activation of the blob's code, past its prologue, has this frame pointer.
pub unsafe fn registers_of(blob: &Blob, frame_pointer: usize) -> *mut u64 {
    match blob.registers_at {
        // SAFETY: the prologue has written the word.
        Some(at) => unsafe { *(frame_pointer.wrapping_add_signed(at as isize) as *const *mut u64) },
        None => std::ptr::null_mut(),
    }
}

/// Compiles a function.
///
/// # Errors
/// If Cranelift refuses the function, for instance because it is too large.
pub fn compile(request: &Request, isas: &Isas) -> Result<BaselineCode, CompileError> {
    let isa = isas.baseline();
    let mut context = Context::new();
    let mut scratch = FunctionBuilderContext::new();
    context.func.signature = crate::codegen::abi::generic_signature();
    let mut builder = FunctionBuilder::new(&mut context.func, &mut scratch);
    let built = function::build(&mut builder, request);
    builder.seal_all_blocks();
    builder.finalize(isa.frontend_config());
    let clif_insts = context.func.dfg.num_insts();
    let clif = request.keep_clif.then(|| context.func.display().to_string());
    let code = install::compile(&**isa, &mut context)?;
    let layout = context.compiled_code().and_then(|c| c.buffer.frame_layout()).expect("code has a frame layout");
    let registers_at = layout.stackslots[built.registers].offset as i32 - layout.frame_to_fp_offset as i32;
    Ok(BaselineCode {
        code,
        entries: Entries {
            generic: Some(0),
            osr: built.headers.iter().map(|offset| (*offset, 0)).collect(),
            direct: None,
        },
        positions: built.positions,
        registers_at,
        function: request.id,
        tier: request.tier,
        bytecodes: built.bytecodes,
        clif_insts,
        clif,
    })
}
