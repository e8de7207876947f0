//! The natives syntax: `%GetOptimizationStatus` and its family, with V8's meaning.

use super::{Vm, vm_of};
use crate::bytecode::intrinsics::IntrinsicId;
use crate::runtime::builtins::json::parse_text;
use crate::runtime::cell::CellKind;
use crate::runtime::function::FunctionInfo;
use crate::runtime::inline_cache::shape_of;
use crate::runtime::object::Obj;
use crate::runtime::ops::prelude;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::string::Str;
use crate::runtime::value::Value;
use crate::tiering::policy::FeedbackUse;
use crate::vocab::{FunctionId, InvalidationCause, RefusalReason, Tier};

/// V8's bits of `%GetOptimizationStatus`.
mod status {
    pub(super) const IS_FUNCTION: i32 = 1;
    pub(super) const NEVER_OPTIMIZE: i32 = 1 << 1;
    pub(super) const MAYBE_DEOPTED: i32 = 1 << 3;
    pub(super) const OPTIMIZED: i32 = 1 << 4;
    pub(super) const TURBOFANNED: i32 = 1 << 6;
    pub(super) const INTERPRETED: i32 = 1 << 7;
    pub(super) const MARKED_FOR_OPTIMIZATION: i32 = 1 << 8;
    pub(super) const OPTIMIZING_CONCURRENTLY: i32 = 1 << 10;
    pub(super) const BASELINE: i32 = 1 << 15;
}

/// Runs a native of the natives syntax.
pub(crate) fn intrinsic(rt: &mut Runtime, id: u16, args: &[Value]) -> JsResult {
    // SAFETY: hooks are called with the runtime of a VM.
    let vm = unsafe { vm_of(rt) };
    let arg = |i: usize| args.get(i).copied().unwrap_or(Value::UNDEFINED);
    let Some(native) = IntrinsicId::by_id(id) else {
        return vm.rt().throw_type("unknown native function");
    };
    let info = closure_info(arg(0));
    match native {
        IntrinsicId::GetOptimizationStatus => Ok(Value::int(vm.optimization_status(arg(0), info))),
        IntrinsicId::HaveSameMap => {
            let (a, b) = (arg(0), arg(1));
            Ok(Value::bool(a.is_cell() && b.is_cell() && shape_of(a) == shape_of(b)))
        }
        IntrinsicId::PrepareFunctionForOptimization => {
            if let Some(info) = info {
                // SAFETY: infos live as long as the runtime.
                unsafe {
                    if !(*info).is_prepared() {
                        vm.rt().prepare_function(info);
                    }
                }
            }
            Ok(Value::UNDEFINED)
        }
        IntrinsicId::OptimizeFunctionOnNextCall => {
            if let Some(info) = info {
                vm.force(info);
            }
            Ok(Value::UNDEFINED)
        }
        IntrinsicId::OptimizeOsr => {
            // The innermost running frame's next back-edge asks the policy; here it is made to ask at once.
            if let Some(frame) = vm.machine.interp.frames().last() {
                let info = frame.info;
                // SAFETY: infos live as long as the runtime.
                unsafe {
                    (*info).backedges = (*info).backedges.max(u32::MAX / 2);
                    (*info).backedge_trip = 0;
                }
            }
            Ok(Value::UNDEFINED)
        }
        IntrinsicId::DeoptimizeFunction => {
            if let Some(info) = info {
                // SAFETY: infos live as long as the runtime.
                vm.discard_code(unsafe { (*info).id });
            }
            Ok(Value::UNDEFINED)
        }
        IntrinsicId::DeoptimizeNow => {
            if let Some(frame) = vm.machine.interp.frames().last() {
                let id = frame.info().id;
                vm.discard_code(id);
            }
            Ok(Value::UNDEFINED)
        }
        IntrinsicId::CompileBaseline => {
            if let Some(info) = info {
                // SAFETY: infos live as long as the runtime.
                let info = unsafe { &mut *info };
                if info.is_prepared() && vm.jit.state(info).tier() == Tier::Interpreter {
                    vm.request(info, Tier::BaselineProfiling, None, FeedbackUse::Current);
                    while vm.jit.state(info).is_pending(Tier::BaselineProfiling, None) {
                        vm.wait_for_compiles();
                    }
                }
            }
            Ok(Value::UNDEFINED)
        }
        IntrinsicId::ClearFunctionFeedback => {
            if let Some(info) = info {
                // SAFETY: infos live as long as the runtime.
                let info = unsafe { &mut *info };
                if info.is_prepared() {
                    info.reset_feedback();
                }
            }
            Ok(Value::UNDEFINED)
        }
        IntrinsicId::IsBeingInterpreted => Ok(Value::bool(!vm.machine.interp.frames().is_empty())),
        IntrinsicId::FinalizeOptimization => {
            while vm.jit.engine.as_ref().is_some_and(|e| !e.pending.is_empty()) {
                vm.wait_for_compiles();
            }
            Ok(Value::UNDEFINED)
        }
        IntrinsicId::HasFastProperties => Ok(vm.of_shape(arg(0), |s| s.is_cacheable())),
        IntrinsicId::HasSmiElements => Ok(vm.of_shape(arg(0), |s| s.elements.is_int())),
        IntrinsicId::HasDoubleElements => Ok(vm.of_shape(arg(0), |s| s.elements.is_double())),
        IntrinsicId::HasObjectElements => Ok(vm.of_shape(arg(0), |s| !s.elements.is_int() && !s.elements.is_double())),
        IntrinsicId::HasHoleyElements => Ok(vm.of_shape(arg(0), |s| s.elements.is_holey())),
        IntrinsicId::CollectGarbage => {
            vm.rt().heap.collect(true);
            Ok(Value::UNDEFINED)
        }
        IntrinsicId::DebugPrint => {
            let text = vm.describe_value(arg(0));
            eprintln!("{text}");
            Ok(arg(0))
        }
        IntrinsicId::ParseData => match Str::from_value(arg(0)) {
            Some(text) => {
                let text = text.chars(&mut vm.rt().heap);
                parse_text(vm.rt(), text)
            }
            None => Ok(Value::UNDEFINED),
        },
        IntrinsicId::ArrayLength => prelude::array_length(vm.rt(), arg(0)),
        IntrinsicId::HasElement => prelude::has_element(vm.rt(), arg(0), arg(1)),
        IntrinsicId::GetElement => prelude::get_element(vm.rt(), arg(0), arg(1)),
        IntrinsicId::NewArray => Ok(prelude::new_array(vm.rt(), arg(0))),
        IntrinsicId::Append => prelude::append(vm.rt(), arg(0), arg(1)),
        IntrinsicId::AppendHole => prelude::append(vm.rt(), arg(0), Value::HOLE),
        // An ordinary call, in what the frontend makes of it.
        IntrinsicId::Call => Ok(Value::UNDEFINED),
        IntrinsicId::NeverOptimizeFunction => {
            if let Some(info) = info {
                // SAFETY: infos live as long as the runtime.
                let info = unsafe { &mut *info };
                vm.jit.state(info).give_up_optimizer(RefusalReason::NeverOptimize);
            }
            Ok(Value::UNDEFINED)
        }
    }
}

fn closure_info(v: Value) -> Option<*mut FunctionInfo> {
    Obj::from_value(v).filter(|o| o.kind() == CellKind::Function).map(|o| o.function_info())
}

impl Vm {
    fn force(&mut self, info: *mut FunctionInfo) {
        // SAFETY: infos live as long as the runtime.
        let info = unsafe { &mut *info };
        if !self.jit.forced.contains(&info.id) {
            self.jit.forced.push(info.id);
        }
        info.invocation_trip = info.invocations.saturating_add(1);
    }

    /// Whether a native has asked to optimize the function at this call.
    pub(super) fn take_forced(&mut self, id: FunctionId) -> bool {
        let at = self.jit.forced.iter().position(|f| *f == id);
        at.map(|i| self.jit.forced.swap_remove(i)).is_some()
    }

    /// Optimizes a function while its caller waits.
    pub(super) fn optimize_now(&mut self, info: &mut FunctionInfo) {
        if info.is_prepared() {
            self.request(info, Tier::Optimized, None, FeedbackUse::Current);
            while self.jit.state(info).is_pending(Tier::Optimized, None) {
                self.wait_for_compiles();
            }
        }
        info.invocation_trip = info.invocations.saturating_add(1);
    }

    fn wait_for_compiles(&mut self) {
        let now = self.now_ns();
        if self.config.deterministic
            && let Some(due) = self.jit.engine.as_ref().and_then(|e| e.queue.next_due_ns())
        {
            self.advance_ns(due.saturating_sub(now) + 1);
        }
        self.install_finished();
        std::thread::yield_now();
    }

    fn of_shape(&self, v: Value, f: impl Fn(&crate::runtime::shape::Shape) -> bool) -> Value {
        Value::bool(Obj::from_value(v).is_some_and(|o| f(self.machine.rt.shapes.of(o))))
    }

    /// Throws away a function's optimized code; its activations leave lazily.
    fn discard_code(&mut self, id: FunctionId) {
        let Some(state) = &self.jit.states[id] else { return };
        for blob in state.optimized_blobs() {
            self.invalidate_blob(blob, InvalidationCause::Requested);
        }
    }

    fn optimization_status(&mut self, v: Value, info: Option<*mut FunctionInfo>) -> i32 {
        let Some(info) = info else {
            return if Obj::from_value(v).is_some_and(|o| o.is_callable()) { status::IS_FUNCTION } else { 0 };
        };
        // SAFETY: infos live as long as the runtime.
        let info = unsafe { &mut *info };
        let forced = self.jit.forced.contains(&info.id);
        let state = self.jit.state(info);
        let mut bits = status::IS_FUNCTION;
        if state.optimizer_refusal() == Some(RefusalReason::NeverOptimize) {
            bits |= status::NEVER_OPTIMIZE;
        }
        if state.deopts() > 0 {
            bits |= status::MAYBE_DEOPTED;
        }
        bits |= match state.tier() {
            Tier::Optimized => status::OPTIMIZED | status::TURBOFANNED,
            Tier::Baseline | Tier::BaselineCounters | Tier::BaselineProfiling => status::BASELINE,
            Tier::Interpreter => status::INTERPRETED,
        };
        if forced {
            bits |= status::MARKED_FOR_OPTIMIZATION;
        }
        if state.is_pending(Tier::Optimized, None) {
            bits |= status::OPTIMIZING_CONCURRENTLY;
        }
        bits
    }
}
