//! Calls, construction, spreads. The plain call of a closure is inline in compiled code; what comes here is the rest.
//!
//! `area` is the call area in the caller's frame: callee, `this`, arguments. `regs` is the caller's frame, `offset` its
//! call instruction: only errors look at them.

use super::{At, CONTINUE, helper_group};
use crate::feedback::slot::CallSlot;
use crate::interp::ops::call::{self, CallSite};
use crate::runtime::cell::{Cell, CellKind};
use crate::runtime::function::{FunctionInfo, flags};
use crate::runtime::inline_cache::record_call;
use crate::runtime::object::Obj;
use crate::runtime::ops::{calls, class};
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::value::Value;

/// The call instruction of a frame of compiled code.
#[derive(Clone, Copy)]
pub(super) struct Site {
    pub(super) regs: *const u64,
    pub(super) offset: u64,
}

impl CallSite for Site {
    fn callee_text(self) -> Option<String> {
        // SAFETY: compiled code passes its frame, whose callee is a closure; infos live as long as the runtime.
        let info = unsafe { &*Obj::from_cell(*self.regs.sub(2) as *mut Cell).function_info() };
        calls::callee_text(info, self.offset as u32)
    }
    fn place(self) -> (*const FunctionInfo, u32) {
        // SAFETY: as above.
        (unsafe { Obj::from_cell(*self.regs.sub(2) as *mut Cell).function_info() }, self.offset as u32)
    }
}

/// `new` up to the point where a closure's code runs: `this` is made and in place, and the answer is [`CONTINUE`]. For
/// other callees the whole construction, with its result.
fn begin_construct(rt: &mut Runtime, area: *mut u64, argc: u64, site: Site) -> JsResult {
    // SAFETY: compiled code passes a call area.
    let callee = Value(unsafe { *area });
    if let Some(f) = calls::as_closure(callee) {
        // SAFETY: infos live as long as the runtime.
        let bits = unsafe { (*f.function_info()).flags };
        if bits & flags::CONSTRUCTOR != 0 {
            let this = rt.construct_this(f, f)?;
            // SAFETY: the area has a word for `this`.
            unsafe { *area.add(1) = this.0 };
            if bits & flags::READS_NEW_TARGET != 0 {
                rt.head.new_target = callee;
            }
            return Ok(Value(CONTINUE));
        }
    }
    // SAFETY: as above.
    unsafe { call::construct_native(rt, site, area, argc as u32) }
}

helper_group! {
    /// A call of anything but a plain closure.
    exit CALL = call_other(rt, regs: *mut u64, offset: u64) {
        let at = At::new(regs, offset);
        // SAFETY: the call area stands in the frame.
        at.deliver(unsafe { call::call_native(rt, Site { regs, offset }, at.place(2), at.unit(3) as u32) })
    }
    /// `new`: answers CONTINUE if the area is ready for the closure's entry, else the result.
    exit BEGIN_CONSTRUCT = begin_construct_area(rt, regs: *const u64, area: *mut u64, argc: u64, offset: u64) {
        begin_construct(rt, area, argc, Site { regs, offset })
    }
    /// A call with spread arguments.
    exit CALL_SPREAD = call_spread(rt, regs: *const u64, area: *mut u64, offset: u64) {
        // SAFETY: as above.
        unsafe { call::call_spread(rt, Site { regs, offset }, area) }
    }
    /// `new` with spread arguments.
    exit NEW_SPREAD = new_spread(rt, regs: *const u64, area: *mut u64, offset: u64) {
        // SAFETY: as above.
        unsafe { call::new_spread(rt, Site { regs, offset }, area) }
    }
    /// `super(…)`.
    exit SUPER_CALL = super_call(rt, callee: Value, new_target: Value, area: *mut u64, argc: u64, slot: *mut CallSlot) {
        // SAFETY: as above.
        unsafe { call::super_call(rt, callee, new_target, area, argc as u32, slot) }
    }
    /// `super(...array)`.
    exit SUPER_CALL_SPREAD = super_call_spread(rt, callee: Value, new_target: Value, area: *mut u64, slot: *mut CallSlot) {
        // SAFETY: as above.
        unsafe { call::super_call_spread(rt, callee, new_target, area, slot) }
    }
    /// Runs the field initializer of a class.
    exit INIT_FIELDS = init_fields(rt, callee: Value, object: Value) { class::init_fields(rt, callee, object) }
    /// A function of the natives syntax.
    exit INTRINSIC = intrinsic(rt, id: u64, first: *const Value, argc: u64) {
        // SAFETY: compiled code passes the arguments in its frame.
        let args = unsafe { std::slice::from_raw_parts(first, argc as usize) };
        (rt.hooks.intrinsic)(rt, id as u16, args)
    }
    /// Records a call target other than the site's first.
    leaf RECORD_CALL = record_callee(_rt, slot: *mut CallSlot, callee: Value) { record_call(slot, callee) }
    /// `return` of a value that is not undefined, or before `super()`, in a constructor.
    exit RETURN_CONSTRUCT = return_construct(rt, regs: *const u64, v: Value) {
        // SAFETY: compiled code passes its frame; infos live as long as the runtime.
        let (this, derived) = unsafe {
            let closure = Obj::from_cell(*regs.sub(2) as *mut Cell);
            debug_assert_eq!(closure.kind(), CellKind::Function);
            (Value(*regs.sub(1)), (*closure.function_info()).flags & flags::DERIVED != 0)
        };
        calls::return_construct_slow(rt, v, this, derived)
    }
}
