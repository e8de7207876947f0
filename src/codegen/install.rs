//! Cranelift's output becomes movable machine code.
//!
//! Runs where the compile runs, on any thread: extracts bytes, call sites and source ranges, and looks for the best
//! offset in a cache line. Only copying the result into the code cache is left for the VM's thread
//! (`CodeCache::install`).
//!
//! Code is written through one mapping and executed through another, and its final address is not known here. So it
//! must not contain relocations: helpers are called through registers that hold absolute addresses, and operations
//! that Cranelift would turn into library calls must be helper calls. Code with a relocation is refused, by name.

use super::abi::SiteLoc;
use crate::code::blob::{CallSite, MachineCode, SourceRange};
use crate::code::placement;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::SourceLoc;
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::{CompiledCode, Context, MachSrcLoc};
use std::fmt;

/// Why there is no machine code.
#[derive(Debug)]
pub enum CompileError {
    /// Cranelift refused the function. The text is its own.
    Codegen(String),
    /// The code refers to something by a relocation.
    Relocation {
        /// What Cranelift calls the kind of relocation.
        kind: String,
        /// What it refers to.
        target: String,
    },
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CompileError::Codegen(text) => write!(f, "code generator: {text}"),
            CompileError::Relocation { kind, target } => {
                write!(f, "machine code must be movable, but has a relocation {kind} to {target}: call it by address")
            }
        }
    }
}

impl std::error::Error for CompileError {}

/// Compiles the function in `context`. The context can be cleared and used again.
///
/// # Errors
/// If Cranelift refuses it, or the result is not movable.
pub fn compile(isa: &dyn TargetIsa, context: &mut Context) -> Result<MachineCode, CompileError> {
    let compiled = context
        .compile(isa, &mut ControlPlane::default())
        .map_err(|error| CompileError::Codegen(format!("{:?}", error.inner)))?;
    extract(compiled)
}

/// Takes what we keep out of Cranelift's result.
///
/// # Errors
/// If the code is not movable.
pub fn extract(compiled: &CompiledCode) -> Result<MachineCode, CompileError> {
    if let Some(relocation) = compiled.buffer.relocs().first() {
        let target = format!("{:?}", relocation.target);
        return Err(CompileError::Relocation { kind: format!("{:?}", relocation.kind), target });
    }
    let bytes = compiled.code_buffer().to_vec();
    let locations = compiled.buffer.get_srclocs_sorted();
    let mut call_sites: Vec<CallSite> = compiled
        .buffer
        .call_sites()
        .map(|site| {
            let origin = location_at(locations, site.ret_addr - 1).and_then(SiteLoc::from_srcloc);
            CallSite {
                return_offset: site.ret_addr,
                position: origin.map(|o| o.position),
                checked: origin.is_some_and(|o| o.checked),
            }
        })
        .collect();
    call_sites.sort_by_key(|site| site.return_offset);
    let returns: Vec<u32> = call_sites.iter().map(|site| site.return_offset).collect();
    let alignment = compiled.buffer.alignment;
    let shift = placement::best_shift(&bytes, &compiled.bb_starts, &returns, alignment);
    Ok(MachineCode { source_map: source_map(locations), bytes, alignment, shift, call_sites })
}

/// The location of the instruction that contains the byte.
fn location_at(locations: &[MachSrcLoc<cranelift_codegen::Final>], offset: u32) -> Option<SourceLoc> {
    let after = locations.partition_point(|l| l.start <= offset);
    let location = &locations[after.checked_sub(1)?];
    (offset < location.end).then_some(location.loc)
}

/// Source ranges, with neighbours of the same position joined.
fn source_map(locations: &[MachSrcLoc<cranelift_codegen::Final>]) -> Vec<SourceRange> {
    let mut map: Vec<SourceRange> = Vec::new();
    for location in locations {
        let Some(origin) = SiteLoc::from_srcloc(location.loc) else { continue };
        match map.last_mut() {
            Some(last) if last.position == origin.position && last.range.end == location.start => {
                last.range.end = location.end;
            }
            Some(_) | None => map.push(SourceRange { range: location.start..location.end, position: origin.position }),
        }
    }
    map
}
