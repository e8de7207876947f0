//! Calls: of known functions directly or inlined, of built-ins, of anything; and construction.
//!
//! A call site that has always reached the same closure is guarded by identity, one that has reached closures over the same
//! function by function. Then the callee's parameters and flags are known, and with them the direct convention. Inlining
//! interprets the callee here, with the frame state after the call as its caller's; where the callee returns, the caller goes
//! on with the value.

use super::activation::{Activation, Caller, bytecode_of};
use crate::bytecode::ops::Reg;
use crate::feedback::summary::{self, CallCase, Callee, ClosureView, FunctionView, Site, Target};
use crate::hir::field::{Args, Block, Const, Val};
use crate::hir::frame_state::{Frame, Inline, InlineData};
use crate::hir::inline::{self, InlineCandidate, InlineDecision};
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::{FUNCTION, OBJECTS};
use crate::runtime::builtins::{self, Intrinsic};
use crate::runtime::function::flags;
use crate::runtime::shape::ElementsKind;
use crate::vocab::{DeoptReason, FunctionId, InlineVerdict};
use std::sync::Arc;

/// A call being made.
pub(super) struct Invocation {
    pub(super) callee: Val,
    pub(super) this: Val,
    pub(super) args: Vec<Val>,
    /// Times that the site has called this target.
    pub(super) count: u64,
    /// The state after the call.
    pub(super) after: Frame,
    /// `new.target`, in a construct call.
    pub(super) new_target: Option<Val>,
}

impl Activation<'_, '_> {
    /// The n-th register of a window.
    pub(super) fn window(&mut self, base: Reg, n: u16) -> Val {
        self.get(Reg(base.0 + n))
    }

    /// What a call site has seen; `None` and the end of the code, if nothing.
    fn targets(&mut self, fb: u16, reason: DeoptReason) -> Option<Vec<CallCase>> {
        let view = self.view.clone();
        match view.site(fb) {
            Some(Site::Call { cases, megamorphic, .. }) if *megamorphic || !cases.is_empty() => {
                let stable = self.may_all(&[DeoptReason::WrongCallTarget, DeoptReason::WrongShape]);
                Some(if *megamorphic || !stable { vec![] } else { cases.clone() })
            }
            _never_executed if !self.may(reason) => Some(vec![]),
            _never_executed => {
                self.deopt(reason);
                None
            }
        }
    }

    // ---- Calls ---------------------------------------------------------------------------------------------------

    pub(super) fn call(&mut self, dst: Reg, base: Reg, argc: u16, fb: u16) {
        let (callee, this) = (self.window(base, 0), self.window(base, 1));
        let args: Vec<Val> = (0..argc).map(|i| self.window(base, i + 2)).collect();
        self.call_with(dst, callee, this, args, fb);
    }

    pub(super) fn call_with(&mut self, dst: Reg, callee: Val, this: Val, args: Vec<Val>, fb: u16) {
        let Some(cases) = self.targets(fb, DeoptReason::NoFeedbackCall) else { return };
        if let Some(closures) = self.session.joined.get(&callee).cloned() {
            // A method found by the receiver's shape: one way for each.
            if let Some(v) = self.call_joined(callee, this, args, &closures, fb, dst) {
                self.set(dst, v);
            }
            return;
        }
        if let Some(function) = self.static_function(callee)
            && self.session.input.view(function).is_some()
        {
            // Whatever the site has seen elsewhere, here it is this function.
            if let Some(v) = self.call_function(callee, function, this, args, fb, dst) {
                self.set(dst, v);
            }
            return;
        }
        if let Some(id) = self.static_native(callee) {
            if let Some(v) = self.call_native(id, callee, this, args, fb, dst) {
                self.set(dst, v);
            }
            return;
        }
        let v = match &cases[..] {
            [case] => self.call_one(callee, this, args, case, fb, dst),
            [] => Some(self.call_anything(callee, this, &args, dst)),
            several => self.call_several(callee, this, args, several, dst),
        };
        if let Some(v) = v {
            self.set(dst, v);
        }
    }

    /// Calls a closure over a known function.
    pub(super) fn call_function(
        &mut self,
        callee: Val,
        function: FunctionId,
        this: Val,
        args: Vec<Val>,
        fb: u16,
        dst: Reg,
    ) -> Option<Val> {
        let (after, count) = (self.frame_after(Some(dst)), self.calls_at(fb));
        self.invoke(Invocation { callee, this, args, count, after, new_target: None }, function)
    }

    pub(super) fn call_anything(&mut self, callee: Val, this: Val, args: &[Val], dst: Reg) -> Val {
        self.call_op(Op::Call { callee, this, args: Args::from(args.iter().copied()) }, Some(dst))
    }

    pub(super) fn call_one(
        &mut self,
        callee: Val,
        this: Val,
        args: Vec<Val>,
        case: &CallCase,
        fb: u16,
        dst: Reg,
    ) -> Option<Val> {
        match case.callee.target {
            Target::Function(function) => {
                let callee = self.check_target(callee, &case.callee, function);
                let after = self.frame_after(Some(dst));
                self.invoke(
                    Invocation { callee, this, args, count: case.count as u64, after, new_target: None },
                    function,
                )
            }
            Target::Native(id) if case.callee.cell != 0 => {
                let value = Const::Cell { address: case.callee.cell, ty: FUNCTION };
                let callee = self.guard(Op::CheckTarget { v: callee, value });
                self.call_native(id, callee, this, args, fb, dst)
            }
            Target::Native(_) => Some(self.call_anything(callee, this, &args, dst)),
        }
    }

    /// Calls a built-in. `None`: it calls what does not return.
    pub(super) fn call_native(
        &mut self,
        id: u32,
        callee: Val,
        this: Val,
        args: Vec<Val>,
        fb: u16,
        dst: Reg,
    ) -> Option<Val> {
        if let Some(forwarded) = self.forwarded(id, this, &args) {
            return self.forward(forwarded, fb, dst);
        }
        if let Some(v) = self.intrinsic(id, callee, this, &args, dst) {
            return Some(v);
        }
        if self.runs_no_code(id, this, &args) {
            return Some(self.call_library(id, callee, this, &args, dst));
        }
        match self.call_body(id, this, &args, dst) {
            Some(returned) => returned,
            None => Some(self.call_anything(callee, this, &args, dst)),
        }
    }

    /// Calls one of a few closures, which are all that `callee` can be.
    pub(super) fn call_joined(
        &mut self,
        callee: Val,
        this: Val,
        args: Vec<Val>,
        closures: &[(Const, FunctionId)],
        fb: u16,
        dst: Reg,
    ) -> Option<Val> {
        let (after, count) = (self.frame_after(Some(dst)), self.calls_at(fb) / closures.len() as u64);
        let (saved, before) = (self.env.clone(), self.frame_before());
        let mut ends: Vec<(Block, Val)> = vec![];
        for (i, &(closure, function)) in closures.iter().enumerate() {
            let known = self.constant(closure);
            let other = (i + 1 < closures.len()).then(|| {
                let test = self.emit(Op::TaggedEqual { a: callee, b: known });
                let (yes, no) = self.fork(test);
                self.block = Some(yes);
                no
            });
            let args = args.clone();
            let call = Invocation { callee: known, this, args, count, after, new_target: None };
            if let Some(v) = self.invoke(call, function) {
                ends.extend(self.block.map(|block| (block, v)));
            }
            self.env = saved.clone();
            self.before = Some(before);
            self.block = other;
        }
        self.join(&ends)
    }

    /// The function of a callee that is a constant closure, or one that this compile makes.
    pub(super) fn static_function(&self, callee: Val) -> Option<FunctionId> {
        let graph = &self.session.graph;
        match *graph.op(graph.root(callee)) {
            Op::Const { value: Const::Cell { address, .. } } => {
                self.session.input.closures.get(&address).map(|closure| closure.function)
            }
            Op::NewClosure { function, .. } => Some(function),
            ref _unknown => None,
        }
    }

    /// The built-in that a callee is, if it is a constant.
    pub(super) fn static_native(&self, callee: Val) -> Option<u32> {
        match self.is_constant(callee) {
            Some(Const::Cell { address, .. }) => self.session.natives.get(&address).copied(),
            Some(_) | None => None,
        }
    }

    /// Guards that the callee is the expected one. The result is a constant if the site has always called the same closure.
    fn check_target(&mut self, callee: Val, expected: &Callee, function: FunctionId) -> Val {
        let known = self.is_constant(callee).and_then(|c| match c {
            Const::Cell { address, .. } => self.session.input.closures.get(&address),
            _not_a_cell => None,
        });
        if known.is_some_and(|closure| closure.function == function) {
            return callee;
        }
        if expected.cell == 0 {
            return self.guard(Op::CheckFunction { v: callee, function });
        }
        let value = Const::Cell { address: expected.cell, ty: FUNCTION };
        self.guard(Op::CheckTarget { v: callee, value });
        self.constant(value)
    }

    /// Calls a getter, setter or field initializer. `dst`: where the result goes, if anywhere.
    pub(super) fn call_accessor(
        &mut self,
        callee: &Callee,
        function: FunctionId,
        this: Val,
        args: Vec<Val>,
        dst: Option<Reg>,
    ) -> Option<Val> {
        let callee = self.constant(Const::Cell { address: callee.cell, ty: FUNCTION });
        let after = self.frame_after(dst);
        // Such sites do not count: the call is as frequent as what it is in.
        let count = self.session.options.inlining.hot_calls.max(u64::from(self.view.invocations));
        self.invoke(Invocation { callee, this, args, count, after, new_target: None }, function)
    }

    /// A chain of tests for up to four functions; what is none of them is called like anything.
    pub(super) fn call_several(
        &mut self,
        callee: Val,
        this: Val,
        args: Vec<Val>,
        cases: &[CallCase],
        dst: Reg,
    ) -> Option<Val> {
        let after = self.frame_after(Some(dst));
        let saved = self.env.clone();
        let before = self.frame_before();
        let mut ends: Vec<(Block, Val)> = vec![];
        for case in cases {
            let Target::Function(function) = case.callee.target else { continue };
            let test = self.emit(Op::IsClosureOf { v: callee, function });
            let (yes, no) = self.fork(test);
            self.block = Some(yes);
            let count = case.count as u64;
            // What is read of the closure must stay behind the test.
            let callee = self.emit(Op::AssumeType { v: callee, ty: FUNCTION });
            let invocation = Invocation { callee, this, args: args.clone(), count, after, new_target: None };
            if let Some(v) = self.invoke(invocation, function) {
                ends.extend(self.block.map(|block| (block, v)));
            }
            self.env = saved.clone();
            self.before = Some(before);
            self.block = Some(no);
        }
        let v = self.append_call(Op::Call { callee, this, args: Args::from(args) }, after);
        ends.extend(self.block.map(|block| (block, v)));
        self.join(&ends)
    }

    /// Calls a known function: inlined if that is worth it, directly if it has a direct entry for this, else like anything.
    /// `None`: the call does not return.
    fn invoke(&mut self, mut call: Invocation, function: FunctionId) -> Option<Val> {
        let after = call.after;
        let Some(view) = self.session.input.view(function).cloned() else {
            let args = Args::from(call.args);
            return Some(self.append_call(Op::Call { callee: call.callee, this: call.this, args }, after));
        };
        let throws = view.flags & flags::CLASS_CONSTRUCTOR != 0;
        if !throws && self.should_inline(&view, call.count) {
            return self.inline(&view, call);
        }
        if throws || view.flags & (flags::NEEDS_ARGC | flags::READS_NEW_TARGET) != 0 {
            let args = Args::from(call.args);
            return Some(self.append_call(Op::Call { callee: call.callee, this: call.this, args }, after));
        }
        self.adapt_arguments(&mut call.args, view.function.nparams);
        let args = Args::from(call.args);
        Some(self.append_call(Op::CallDirect { callee: call.callee, this: call.this, function, args }, after))
    }

    /// Makes as many arguments as there are parameters.
    fn adapt_arguments(&mut self, args: &mut Vec<Val>, params: u16) {
        args.truncate(params as usize);
        while args.len() < params as usize {
            let undefined = self.constant(Const::Undefined);
            args.push(undefined);
        }
    }

    // ---- Inlining ------------------------------------------------------------------------------------------------

    fn should_inline(&mut self, view: &FunctionView, calls: u64) -> bool {
        let candidate = InlineCandidate {
            size: view.size(),
            calls,
            frequency: self.frequency_of(calls),
            depth: self.caller.as_ref().map_or(0, |c| c.depth),
            recursion: self.times_inlined(view.id),
            inlined: self.session.inlined_units,
            inlinable: summary::can_inline(view),
        };
        let verdict = inline::decide(&candidate, &self.session.options.inlining);
        self.note(view, verdict);
        inline::is_inlined(verdict)
    }

    /// How often a call runs for each run of the function that is compiled.
    fn frequency_of(&self, calls: u64) -> f64 {
        let here = self.caller.as_ref().map_or(1.0, |c| c.frequency);
        here * calls as f64 / f64::from(self.view.invocations.max(1))
    }

    pub(super) fn note(&mut self, callee: &FunctionView, verdict: InlineVerdict) {
        self.session.decisions.push(InlineDecision {
            caller: self.view.id,
            offset: self.offset,
            callee: callee.id,
            size: callee.size(),
            verdict,
        });
    }

    /// How often a function is on the chain of calls that leads here.
    pub(super) fn times_inlined(&self, function: FunctionId) -> u32 {
        let inlines = &self.session.graph.inlines;
        let chain = std::iter::successors(Some(self.inline), |i| inlines[*i].caller.map(|(caller, _)| caller));
        chain.filter(|i| inlines[*i].function == function).count() as u32
    }

    pub(super) fn inline(&mut self, view: &Arc<FunctionView>, mut call: Invocation) -> Option<Val> {
        self.session.inlined_units += view.size();
        let caller = Caller {
            frame: call.after,
            catches: self.catches(),
            depth: self.caller.as_ref().map_or(0, |c| c.depth) + 1,
            frequency: self.frequency_of(call.count),
        };
        let data = InlineData { function: view.id, caller: Some((self.inline, self.offset)) };
        let inline: Inline = self.session.graph.inlines.push(data);
        let code = bytecode_of(self.session, view);
        let all = (view.flags & flags::NEEDS_ARGC != 0).then(|| call.args.clone());
        self.adapt_arguments(&mut call.args, view.function.nparams);
        let new_target = call.new_target.unwrap_or_else(|| self.constant(Const::Undefined));
        let block = self.block.take().expect("only reachable calls are inlined");
        let session = &mut *self.session;
        let mut inner = Activation::new(session, view.clone(), code, inline, Some(caller), call.callee, call.this);
        for (register, arg) in inner.env.registers.iter_mut().zip(&call.args) {
            *register = Some(*arg).into();
        }
        (inner.new_target, inner.arguments) = (Some(new_target), all);
        inner.run_inlined(block);
        let (returns, throws) = (std::mem::take(&mut inner.returns), std::mem::take(&mut inner.throws));
        for (block, exception) in throws {
            self.block = Some(block);
            self.throw_to_handler(exception);
        }
        self.join(&returns)
    }

    // ---- Construction --------------------------------------------------------------------------------------------

    pub(super) fn construct(&mut self, dst: Reg, base: Reg, argc: u16, fb: u16) {
        let callee = self.window(base, 0);
        let args: Vec<Val> = (0..argc).map(|i| self.window(base, i + 2)).collect();
        self.construct_with(dst, callee, args, fb);
    }

    pub(super) fn construct_with(&mut self, dst: Reg, callee: Val, args: Vec<Val>, fb: u16) {
        let Some(cases) = self.targets(fb, DeoptReason::NoFeedbackConstruct) else { return };
        if let [CallCase { callee: known, count, .. }] = &cases[..]
            && let Target::Function(function) = known.target
            && known.cell != 0
            && self.session.input.view(function).is_some()
        {
            let value = Const::Cell { address: known.cell, ty: FUNCTION };
            self.guard(Op::CheckTarget { v: callee, value });
            let callee = self.constant(value);
            return self.construct_known(dst, callee, callee, function, args, *count as u64);
        }
        if let [CallCase { callee: known, .. }] = &cases[..]
            && let Target::Native(id) = known.target
            && known.cell != 0
            && builtins::knowledge(id).intrinsic == Some(Intrinsic::ArrayConstructor)
            && args.len() <= 1
        {
            let value = Const::Cell { address: known.cell, ty: FUNCTION };
            self.guard(Op::CheckTarget { v: callee, value });
            let array = match args.first() {
                None => Some(self.new_array(ElementsKind::Int, 0)),
                Some(length) => self.array_of_length(*length, dst),
            };
            if let Some(v) = array {
                return self.set(dst, v);
            }
        }
        let op = Op::Construct { callee, new_target: callee, args: Args::from(args) };
        self.call_op(op, Some(dst));
    }

    /// Constructs by a closure over a known function, for `new` or for `super(...)`.
    pub(super) fn construct_known(
        &mut self,
        dst: Reg,
        callee: Val,
        new_target: Val,
        function: FunctionId,
        args: Vec<Val>,
        count: u64,
    ) {
        let Some(view) = self.session.input.view(function).cloned() else {
            let op = Op::Construct { callee, new_target, args: Args::from(args) };
            self.call_op(op, Some(dst));
            return;
        };
        let derived = view.flags & flags::DERIVED != 0;
        // A derived constructor gets its object from its parent.
        let this = if derived { self.constant(Const::Hole) } else { self.fresh_object(callee, new_target, dst) };
        let after = self.frame_after_construct(dst, this);
        let result = if self.should_inline(&view, count) {
            let call = Invocation { callee, this, args, count, after, new_target: Some(new_target) };
            self.inline(&view, call)
        } else if view.flags & flags::NEEDS_ARGC != 0 && (derived || view.flags & flags::CLASS_CONSTRUCTOR != 0) {
            let op = Op::Construct { callee, new_target, args: Args::from(args) };
            let after = self.frame_after(Some(dst));
            Some(self.append_call(op, after))
        } else if view.flags & flags::NEEDS_ARGC != 0 {
            // Called like a method of the fresh object: that is all that `new` of such a function does.
            if view.flags & flags::READS_NEW_TARGET != 0 {
                self.emit(Op::SetNewTarget { v: new_target });
            }
            Some(self.append_call(Op::Call { callee, this, args: Args::from(args) }, after))
        } else {
            if view.flags & flags::READS_NEW_TARGET != 0 {
                self.emit(Op::SetNewTarget { v: new_target });
            }
            let mut args = args;
            self.adapt_arguments(&mut args, view.function.nparams);
            let op = Op::CallDirect { callee, this, function: view.id, args: Args::from(args) };
            Some(self.append_call(op, after))
        };
        let Some(a) = result else { return };
        let v = if derived {
            self.emit(Op::AssumeType { v: a, ty: OBJECTS })
        } else {
            self.emit(Op::ObjectOr { a, b: this })
        };
        self.set(dst, v);
    }

    /// The object that a base constructor starts with.
    fn fresh_object(&mut self, callee: Val, new_target: Val, dst: Reg) -> Val {
        if let Some(Const::Cell { address, .. }) = self.is_constant(new_target)
            && let Some(&ClosureView { construct: Some(made), .. }) = self.session.input.closures.get(&address)
            && self.may(DeoptReason::WrongShape)
        {
            self.guard(Op::CheckInitialShape { closure: new_target, shape: made.shape });
            return self.emit(Op::NewObject { shape: made.shape, inline_slots: made.inline_slots as u32 });
        }
        // A constructor's `prototype` is never an accessor: none of the program's code runs, nothing can be invalidated.
        self.runtime(RuntimeFn::ConstructThis, &[callee, new_target], Some(dst))
    }

    /// How often a call site has been executed.
    pub(super) fn calls_at(&self, fb: u16) -> u64 {
        match self.view.site(fb) {
            Some(Site::Call { count, .. }) => *count,
            _never_executed => 0,
        }
    }
}
