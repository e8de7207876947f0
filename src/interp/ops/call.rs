//! Calls that the run loop does not do itself: natives, compiled code, `new` of anything, `super(...)`, spreads.

use crate::bytecode::ops::Insn;
use crate::feedback::slot::CallSlot;
use crate::interp::frame::FrameRecord;
use crate::runtime::builtins;
use crate::runtime::cell::CellKind;
use crate::runtime::function::{FunctionInfo, flags};
use crate::runtime::inline_cache::{record_call, record_forwarded};
use crate::runtime::object::Obj;
use crate::runtime::ops::calls::{
    callee_text, constructed, parent_constructor, throw_not_callable, throw_not_constructor,
};
use crate::runtime::ops::literal::spread_arguments;
use crate::runtime::runtime::{JsResult, Runtime, Thrown};
use crate::runtime::value::Value;

/// The instruction that calls, for errors.
pub trait CallSite: Copy {
    /// Source text of the callee, if the frontend kept it.
    fn callee_text(self) -> Option<String>;
    /// The function and the offset of the instruction.
    fn place(self) -> (*const FunctionInfo, u32);
}

impl CallSite for *mut FrameRecord {
    fn callee_text(self) -> Option<String> {
        // SAFETY: the run loop passes its frame, whose `pc` is current.
        let frame = unsafe { &*self };
        callee_text(frame.info(), frame.offset())
    }
    fn place(self) -> (*const FunctionInfo, u32) {
        // SAFETY: as above.
        let frame = unsafe { &*self };
        (frame.info, frame.offset())
    }
}

/// The pending exception as a result, or the value.
#[inline]
pub fn result_of(word: u64) -> JsResult {
    if word == Value::EMPTY.0 { Err(Thrown) } else { Ok(Value(word)) }
}

/// Calls `base` with `argc` arguments from `base + 2` on, through its generic entry.
///
/// # Safety
/// The call area stands at `base` on the VM stack; `site` is the call instruction.
#[inline(never)]
pub unsafe fn call_native(rt: &mut Runtime, site: impl CallSite, base: *mut u64, argc: u32) -> JsResult {
    // SAFETY: promised by the caller.
    unsafe {
        let callee = Value(*base);
        let Some(f) = Obj::from_value(callee).filter(|f| f.is_callable()) else {
            let text = site.callee_text();
            return throw_not_callable(rt, callee, text);
        };
        if f.kind() == CellKind::Function {
            let info = f.function_info();
            if (*info).flags & flags::CLASS_CONSTRUCTOR != 0 {
                return throw_not_callable(rt, callee, None);
            }
            return result_of((rt.hooks.enter)(rt, (*info).generic_entry, base.add(2), argc));
        }
        if f.kind() == CellKind::NativeFunction && builtins::forwards_calls(f.native_id()) {
            note_forwarded(site, Value(*base.add(1)));
        }
        // Natives are Rust: there is no compiled frame whose stack would have to be linked.
        result_of(crate::runtime::builtins::native_entry(rt, base.add(2), argc))
    }
}

/// Tells the call instruction's feedback which function `call` or `apply` is about to call.
///
/// # Safety
/// `site` is a call instruction of a prepared function.
unsafe fn note_forwarded(site: impl CallSite, callee: Value) {
    let (info, offset) = site.place();
    // SAFETY: infos live as long as the runtime.
    let info = unsafe { &*info };
    if let Insn::Call { fb, .. } = Insn::decode(&info.function.code, offset as usize) {
        // SAFETY: the slot is the instruction's.
        record_forwarded(unsafe { info.feedback.add(fb as usize) }.cast(), callee);
    }
}

/// `new base(...)` with `argc` arguments from `base + 2` on, for whatever the run loop does not construct itself.
///
/// # Safety
/// As for [`call_native`].
#[inline(never)]
pub unsafe fn construct_native(rt: &mut Runtime, site: impl CallSite, base: *mut u64, argc: u32) -> JsResult {
    // SAFETY: promised by the caller.
    unsafe {
        let callee = Value(*base);
        let Some(f) = Obj::from_value(callee).filter(|f| rt.is_constructor(*f)) else {
            let text = site.callee_text();
            return throw_not_constructor(rt, callee, text);
        };
        construct_area(rt, f, callee, base, argc)
    }
}

/// Constructs with `f` the arguments in the area at `base`.
unsafe fn construct_area(rt: &mut Runtime, f: Obj, new_target: Value, base: *mut u64, argc: u32) -> JsResult {
    let Some(target) = Obj::from_value(new_target) else { return rt.throw_type("new.target is not an object") };
    let this = rt.construct_this(f, target)?;
    // SAFETY: the area has a word for callee and one for `this`.
    unsafe {
        *base = f.value().0;
        *base.add(1) = this.0;
        let (entry, wants_target) = rt.entry_of(f);
        if wants_target {
            rt.head.new_target = new_target;
        }
        let result = result_of((rt.hooks.enter)(rt, entry, base.add(2), argc))?;
        Ok(constructed(result, this))
    }
}

/// `super(...)`.
///
/// # Safety
/// As for [`call_native`].
#[inline(never)]
pub unsafe fn super_call(
    rt: &mut Runtime,
    callee: Value,
    new_target: Value,
    base: *mut u64,
    argc: u32,
    slot: *mut CallSlot,
) -> JsResult {
    let parent = parent_constructor(rt, callee)?;
    record_call(slot, parent.value());
    // SAFETY: promised by the caller.
    unsafe { construct_area(rt, parent, new_target, base, argc) }
}

/// `base(...array)` with `this` in `base + 1` and the array in `base + 2`.
///
/// # Safety
/// As for [`call_native`].
#[inline(never)]
pub unsafe fn call_spread(rt: &mut Runtime, site: impl CallSite, base: *mut u64) -> JsResult {
    // SAFETY: promised by the caller.
    let (callee, this, array) = unsafe { (Value(*base), Value(*base.add(1)), Value(*base.add(2))) };
    if Obj::from_value(callee).is_none_or(|f| !f.is_callable()) {
        let text = site.callee_text();
        return throw_not_callable(rt, callee, text);
    }
    rt.call(callee, this, &spread_arguments(array))
}

/// `new base(...array)` with the array in `base + 2`.
///
/// # Safety
/// As for [`call_native`].
#[inline(never)]
pub unsafe fn new_spread(rt: &mut Runtime, site: impl CallSite, base: *mut u64) -> JsResult {
    // SAFETY: promised by the caller.
    let (callee, array) = unsafe { (Value(*base), Value(*base.add(2))) };
    let Some(f) = Obj::from_value(callee).filter(|f| rt.is_constructor(*f)) else {
        let text = site.callee_text();
        return throw_not_constructor(rt, callee, text);
    };
    rt.construct(callee, &spread_arguments(array), f)
}

/// `super(...array)` with the array in `base + 2`.
///
/// # Safety
/// As for [`call_native`].
#[inline(never)]
pub unsafe fn super_call_spread(
    rt: &mut Runtime,
    callee: Value,
    new_target: Value,
    base: *mut u64,
    slot: *mut CallSlot,
) -> JsResult {
    let parent = parent_constructor(rt, callee)?;
    record_call(slot, parent.value());
    // SAFETY: promised by the caller.
    let array = unsafe { Value(*base.add(2)) };
    let Some(target) = Obj::from_value(new_target) else { return rt.throw_type("new.target is not an object") };
    rt.construct(parent.value(), &spread_arguments(array), target)
}

/// The closure that a frame's callee is.
pub fn closure(callee: Value) -> Option<Obj> {
    Obj::from_value(callee).filter(|f| f.kind() == CellKind::Function)
}
