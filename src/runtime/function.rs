//! `FunctionInfo`: one per function text and VM, shared by all closures over it.
//!
//! The first words are read by compiled code and by the interpreter's call path at fixed offsets: the two entry points
//! (rewriting them is all that tier-up, invalidation and eviction ever do), then what a frame set-up needs, then the
//! counters. The rest is Rust's.

use super::value::Value;
use crate::bytecode::function::{FunctionCode, FunctionFlags, FunctionKind};
use crate::bytecode::fuse;
use crate::feedback::slot::{self, Unit};
use crate::vocab::ids::FunctionId;
use cranelift_entity::EntityRef;
use std::mem::offset_of;
use std::sync::Arc;

/// `fn(rt, regs, argc) -> result`: arguments in memory at `regs`, `this` and callee just below.
pub type GenericEntry = unsafe extern "C" fn(*mut super::runtime::Runtime, *mut u64, u32) -> u64;

/// A binding at the top level of a module that inner functions capture.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ModuleCell {
    /// The value, HOLE before initialization.
    pub value: Value,
    /// 0 uninitialized, 1 initialized and never assigned since, 2 assigned.
    pub state: u32,
    /// Global number of the binding, the key of assumptions about it.
    pub binding: u32,
}

/// [`ModuleCell::state`]: not initialized.
pub const CELL_UNINITIALIZED: u32 = 0;
/// [`ModuleCell::state`]: initialized once; compiled code may treat the value as a constant under an assumption.
pub const CELL_CONSTANT: u32 = 1;
/// [`ModuleCell::state`]: assigned after its initialization.
pub const CELL_MUTABLE: u32 = 2;

/// Bits of [`FunctionInfo::flags`].
pub mod flags {
    /// Actual argument count matters (`arguments`, rest).
    pub const NEEDS_ARGC: u32 = 1;
    /// The prologue reads `VmHead::new_target`.
    pub const READS_NEW_TARGET: u32 = 2;
    /// May be the target of `new`.
    pub const CONSTRUCTOR: u32 = 4;
    /// Must not be called without `new`.
    pub const CLASS_CONSTRUCTOR: u32 = 8;
    /// `this` starts as the hole.
    pub const DERIVED: u32 = 16;
    /// The class has a field initializer.
    pub const HAS_FIELDS: u32 = 32;
    /// Reads `this`.
    pub const READS_THIS: u32 = 64;
}

/// A function of the program, linked into a VM.
#[repr(C)]
pub struct FunctionInfo {
    /// Entry with arguments in memory. @0
    pub generic_entry: GenericEntry,
    /// Entry with exactly `nparams` tagged arguments in registers. @8
    pub direct_entry: *const u8,
    /// The interpreter's private, quickened copy of the bytecode; null until the first call. @16
    pub code: *mut u16,
    /// Constant pool as values. @24
    pub constants: *const Value,
    /// Feedback vector. @32
    pub feedback: *mut Unit,
    /// Module cells of the file. @40
    pub cells: *mut ModuleCell,
    /// @48
    pub nparams: u16,
    /// @50
    pub nregs: u16,
    /// [`flags`]. @52
    pub flags: u32,
    /// Calls so far. @56
    pub invocations: u32,
    /// Backward jumps taken so far. @60
    pub backedges: u32,
    /// When `invocations` reaches this, the tiering hook is asked. @64
    pub invocation_trip: u32,
    /// When `backedges` reaches this, the tiering hook is asked. @68
    pub backedge_trip: u32,
    /// Baseline entries by bytecode offset, or null: see `baseline`. @72
    pub baseline: *const u8,
    /// Id.
    pub id: FunctionId,
    /// What the frontend produced.
    pub function: Arc<FunctionCode>,
    /// Index of the module in the runtime.
    pub module: u32,
    /// The functions that `new_closure` refers to.
    pub children: Box<[*mut FunctionInfo]>,
    /// Calls before the counters last began anew.
    pub earlier_calls: u32,
    /// Slots that a constructor's objects are given in-object, learnt; 0: not yet estimated.
    pub instance_slots: u32,
    /// The closure over it that is a method or a class's constructor, while there has been one only; the hole before,
    /// `undefined` once there were several.
    pub sole_method: Value,
    pub(super) code_storage: Box<[u16]>,
    pub(super) constant_storage: Box<[Value]>,
    pub(super) feedback_storage: Box<[Unit]>,
}

/// Offsets for compiled code.
pub mod info_offset {
    use super::*;
    /// See [`FunctionInfo::generic_entry`].
    pub const GENERIC_ENTRY: i32 = offset_of!(FunctionInfo, generic_entry) as i32;
    /// See [`FunctionInfo::direct_entry`].
    pub const DIRECT_ENTRY: i32 = offset_of!(FunctionInfo, direct_entry) as i32;
    /// See [`FunctionInfo::flags`].
    pub const FLAGS: i32 = offset_of!(FunctionInfo, flags) as i32;
    /// See [`FunctionInfo::invocations`].
    pub const INVOCATIONS: i32 = offset_of!(FunctionInfo, invocations) as i32;
    /// See [`FunctionInfo::backedges`].
    pub const BACKEDGES: i32 = offset_of!(FunctionInfo, backedges) as i32;
    /// See [`FunctionInfo::invocation_trip`].
    pub const INVOCATION_TRIP: i32 = offset_of!(FunctionInfo, invocation_trip) as i32;
    /// See [`FunctionInfo::backedge_trip`].
    pub const BACKEDGE_TRIP: i32 = offset_of!(FunctionInfo, backedge_trip) as i32;
}

impl FunctionInfo {
    /// Links a function. Its code and feedback are set up by [`FunctionInfo::prepare`] at the first call.
    pub fn new(id: FunctionId, module: u32, cells: *mut ModuleCell, entry: GenericEntry, f: Arc<FunctionCode>) -> Self {
        FunctionInfo {
            generic_entry: entry,
            direct_entry: std::ptr::null(),
            code: std::ptr::null_mut(),
            constants: std::ptr::null(),
            feedback: std::ptr::null_mut(),
            cells,
            nparams: f.nparams,
            nregs: f.nregs,
            flags: flag_bits(f.kind, f.flags),
            invocations: 0,
            backedges: 0,
            invocation_trip: 1,
            backedge_trip: 1,
            baseline: std::ptr::null(),
            id,
            function: f,
            module,
            children: Box::new([]),
            earlier_calls: 0,
            instance_slots: 0,
            sole_method: Value::HOLE,
            code_storage: Box::new([]),
            constant_storage: Box::new([]),
            feedback_storage: Box::new([]),
        }
    }

    /// Notes that a closure over it becomes a method.
    pub fn note_method(&mut self, closure: Value) {
        self.sole_method = if self.sole_method.is_hole() { closure } else { Value::UNDEFINED };
    }

    /// Whether code, constants and feedback are in place.
    #[inline(always)]
    pub fn is_prepared(&self) -> bool {
        !self.code.is_null()
    }

    /// Sets up the private bytecode and an empty feedback vector; the constants are there already.
    pub fn prepare(&mut self) {
        self.code_storage = self.function.code.clone();
        fuse::loads(&mut self.code_storage);
        self.code = self.code_storage.as_mut_ptr();
        self.constants = self.constant_storage.as_ptr();
        self.feedback_storage = vec![Unit::default(); self.function.feedback_units as usize].into_boxed_slice();
        self.feedback = self.feedback_storage.as_mut_ptr();
    }

    /// The constants, once prepared.
    pub fn constants(&self) -> &[Value] {
        &self.constant_storage
    }

    /// Forgets what was learnt: feedback zeroed, bytecode unquickened.
    pub fn reset_feedback(&mut self) {
        self.feedback_storage.fill(Unit::default());
        self.code_storage.copy_from_slice(&self.function.code);
        fuse::loads(&mut self.code_storage);
    }

    /// Index of the function in tables.
    pub fn index(&self) -> usize {
        self.id.index()
    }

    /// Visits the heap cells that the function keeps alive.
    pub fn trace(&self, visit: &mut impl FnMut(Value)) {
        self.constant_storage.iter().for_each(|v| visit(*v));
        visit(self.sole_method);
        if self.is_prepared() {
            for s in &self.function.slots {
                // SAFETY: the frontend's slot table describes the vector that `prepare` allocated.
                unsafe { slot::trace(s.kind, self.feedback.add(s.index as usize), visit) };
            }
        }
    }
}

fn flag_bits(kind: FunctionKind, f: FunctionFlags) -> u32 {
    let mut bits = 0;
    for (set, bit) in [
        (f.needs_argc, flags::NEEDS_ARGC),
        (f.reads_new_target, flags::READS_NEW_TARGET),
        (f.has_fields, flags::HAS_FIELDS),
        (f.reads_this, flags::READS_THIS),
    ] {
        if set {
            bits |= bit;
        }
    }
    bits | match kind {
        FunctionKind::Normal => flags::CONSTRUCTOR,
        FunctionKind::BaseConstructor => flags::CONSTRUCTOR | flags::CLASS_CONSTRUCTOR,
        FunctionKind::DerivedConstructor => flags::CONSTRUCTOR | flags::CLASS_CONSTRUCTOR | flags::DERIVED,
        FunctionKind::Module | FunctionKind::Arrow | FunctionKind::Method => 0,
    }
}
