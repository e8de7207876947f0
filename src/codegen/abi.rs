//! What compiled code and the rest of the VM agree on: signatures, the words of a function, source locations, and how
//! Cranelift is set up.
//!
//! ```text
//! generic   extern "C" fn(rt, regs, argc) -> u64              every function has one; arguments on the VM stack:
//!                                                             regs[-2] callee, regs[-1] this, regs[0..argc]
//! direct    extern "C" fn(rt, callee, this, a0 .. an) -> u64  exactly as many as the function has parameters
//! helper    extern "C" fn(rt, ..) -> u64                      at most six, through an exit thunk
//! ```
//!
//! All return a tagged value, or 0: an exception is pending or the caller was invalidated. All are the platform's C
//! convention (SystemV), also between compiled functions: Cranelift's `Tail` convention returns in x2 on aarch64,
//! which the hijacked return does not serve.
//!
//! A source location in Cranelift is 32 bits; [`SiteLoc`] packs a position and the *checked* flag into it.

use crate::code::blob::PositionId;
use cranelift_codegen::CodegenError;
use cranelift_codegen::ir::types::{I32, I64};
use cranelift_codegen::ir::{AbiParam, Signature, SourceLoc};
use cranelift_codegen::isa::{CallConv, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_entity::EntityRef;
use std::sync::OnceLock;

/// The convention of all compiled code and helpers.
pub const CALL_CONV: CallConv = CallConv::SystemV;

/// Functions with more parameters than this are called through the generic convention only.
pub const MAX_DIRECT_PARAMETERS: u32 = 16;

/// Most arguments that a helper can have, the runtime included: all in registers on both targets.
pub const MAX_HELPER_ARGUMENTS: usize = 6;

/// Byte offset from `regs` of the word that holds `this`.
pub const THIS_OFFSET: i32 = -8;
/// Byte offset from `regs` of the word that holds the callee.
pub const CALLEE_OFFSET: i32 = -16;

fn signature(parameters: impl IntoIterator<Item = AbiParam>) -> Signature {
    let mut signature = Signature::new(CALL_CONV);
    signature.params.extend(parameters);
    signature.returns.push(AbiParam::new(I64));
    signature
}

/// `fn(rt, regs, argc) -> u64`
pub fn generic_signature() -> Signature {
    signature([AbiParam::new(I64), AbiParam::new(I64), AbiParam::new(I32)])
}

/// `fn(rt, callee, this, a0 .. an) -> u64` for a function of `parameters` parameters.
pub fn direct_signature(parameters: u32) -> Signature {
    debug_assert!(parameters <= MAX_DIRECT_PARAMETERS);
    signature((0..3 + parameters).map(|_| AbiParam::new(I64)))
}

/// `fn(rt, ..) -> u64` with `arguments` 64-bit arguments, the runtime included.
pub fn helper_signature(arguments: usize) -> Signature {
    debug_assert!((1..=MAX_HELPER_ARGUMENTS).contains(&arguments));
    signature((0..arguments).map(|_| AbiParam::new(I64)))
}

/// What is known about an instruction's origin: packed into Cranelift's source location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SiteLoc {
    /// Where in the source.
    pub position: PositionId,
    /// For a call: its result is compared with the reserved word, and the blob can leave there.
    pub checked: bool,
}

impl SiteLoc {
    /// An instruction that is not a checked call.
    pub fn plain(position: PositionId) -> SiteLoc {
        SiteLoc { position, checked: false }
    }

    /// A call whose result is checked.
    pub fn checked(position: PositionId) -> SiteLoc {
        SiteLoc { position, checked: true }
    }

    /// As Cranelift's source location.
    pub fn to_srcloc(self) -> SourceLoc {
        debug_assert!(self.position.bits() < u32::MAX >> 1);
        SourceLoc::new(self.position.bits() << 1 | self.checked as u32)
    }

    /// From Cranelift's source location; `None` where none was set.
    pub fn from_srcloc(location: SourceLoc) -> Option<SiteLoc> {
        let bits = location.bits();
        let site = SiteLoc { position: PositionId::new(bits as usize >> 1), checked: bits & 1 != 0 };
        (!location.is_default()).then_some(site)
    }
}

/// Whose instructions generated code is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instructions {
    /// All that this processor knows.
    Native,
    /// What processors of its architecture have had for long, so that code has the same size on all of them: for the
    /// deterministic mode.
    Common,
}

/// Cranelift for the machine that we run on, in the two settings that tiers use. Created when first asked for:
/// a program that is never compiled does not pay for it.
pub struct Isas {
    instructions: Instructions,
    baseline: OnceLock<OwnedTargetIsa>,
    optimized: OnceLock<OwnedTargetIsa>,
}

impl Default for Isas {
    fn default() -> Isas {
        Isas::new()
    }
}

impl Isas {
    /// Code for this processor.
    pub const fn new() -> Isas {
        Isas::of(Instructions::Native)
    }

    /// Nothing created yet.
    pub const fn of(instructions: Instructions) -> Isas {
        Isas { instructions, baseline: OnceLock::new(), optimized: OnceLock::new() }
    }

    /// For baseline code and stubs: compiles fast.
    pub fn baseline(&self) -> &OwnedTargetIsa {
        self.baseline.get_or_init(|| create_isa("none", "single_pass", self.instructions))
    }

    /// For optimized code. Without Cranelift's optimizer, too: ours has done what it would do.
    pub fn optimized(&self) -> &OwnedTargetIsa {
        self.optimized.get_or_init(|| create_isa("none", "backtracking", self.instructions))
    }
}

/// # Panics
/// If Cranelift does not know this machine or one of our settings: no flag or program can cause that.
fn create_isa(opt_level: &str, allocator: &str, instructions: Instructions) -> OwnedTargetIsa {
    let mut flags = settings::builder();
    let verify = if cfg!(debug_assertions) { "true" } else { "false" };
    for (name, value) in [
        ("opt_level", opt_level),
        ("regalloc_algorithm", allocator),
        // The stack walker follows them.
        ("preserve_frame_pointers", "true"),
        // Placement needs the blocks.
        ("machine_code_cfg_info", "true"),
        ("enable_verifier", verify),
        ("unwind_info", "false"),
        ("is_pic", "false"),
        ("enable_probestack", "false"),
    ] {
        flags.set(name, value).expect("a setting of this version of Cranelift");
    }
    let native = instructions == Instructions::Native;
    let mut builder = cranelift_native::builder_with_options(native).expect("Cranelift supports this processor");
    if !native {
        for extension in common_extensions() {
            builder.enable(extension).expect("an extension that this version of Cranelift knows");
        }
    }
    finish(builder, flags).expect("settings that fit together")
}

/// Those of x86-64-v2 (2009) that Cranelift uses. Without SSE 4.1 it would call functions to round, which movable code
/// cannot: a processor without them runs, but its code differs.
#[cfg(target_arch = "x86_64")]
fn common_extensions() -> impl Iterator<Item = &'static str> {
    let extensions = [
        ("has_sse3", std::is_x86_feature_detected!("sse3")),
        ("has_ssse3", std::is_x86_feature_detected!("ssse3")),
        ("has_sse41", std::is_x86_feature_detected!("sse4.1")),
        ("has_sse42", std::is_x86_feature_detected!("sse4.2")),
        ("has_popcnt", std::is_x86_feature_detected!("popcnt")),
    ];
    extensions.into_iter().filter(|(_, present)| *present).map(|(name, _)| name)
}

/// None: nothing that we compile uses an extension.
#[cfg(target_arch = "aarch64")]
fn common_extensions() -> impl Iterator<Item = &'static str> {
    std::iter::empty()
}

fn finish(builder: cranelift_codegen::isa::Builder, flags: settings::Builder) -> Result<OwnedTargetIsa, CodegenError> {
    builder.finish(settings::Flags::new(flags))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn source_locations_carry_position_and_check() {
        for position in [0, 1, 77_777] {
            let position = PositionId::new(position);
            for site in [SiteLoc::plain(position), SiteLoc::checked(position)] {
                assert_eq!(SiteLoc::from_srcloc(site.to_srcloc()), Some(site));
            }
        }
        assert_eq!(SiteLoc::from_srcloc(SourceLoc::default()), None);
    }

    #[test]
    fn settings_are_accepted_and_created_once() {
        let isas = Isas::new();
        assert!(std::ptr::eq(&**isas.baseline(), &**isas.baseline()));
        assert!(isas.optimized().flags().preserve_frame_pointers());
        assert_eq!(isas.optimized().flags().enable_verifier(), cfg!(debug_assertions));
    }

    /// What the deterministic mode compiles must not depend on the processor: newer extensions have other encodings.
    #[test]
    fn common_instructions_are_those_of_old_processors() {
        let isas = Isas::of(Instructions::Common);
        for isa in [isas.baseline(), isas.optimized()] {
            let flags = isa.isa_flags();
            let enabled: BTreeSet<&str> = flags
                .iter()
                .filter(|f| f.name.starts_with("has_") && f.as_bool() == Some(true))
                .map(|f| f.name)
                .collect();
            assert_eq!(enabled, common_extensions().collect());
        }
    }
}
