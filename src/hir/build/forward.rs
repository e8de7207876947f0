//! `f.call(this, …)` and `f.apply(this, list)`: calls of `f`, without a detour through the library.
//!
//! Which functions a site has called in this way is part of its feedback. The list of `apply` must be one that this compile
//! has made, `arguments` as a rule: then its elements are known. A program may have changed them since, which is tested; if
//! nobody else sees the list, escape analysis removes the tests and with them the list.

use super::activation::Activation;
use crate::bytecode::ops::Reg;
use crate::feedback::summary::{CallCase, Site};
use crate::hir::field::{Const, Shapes, Slot, Val};
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::{FUNCTION, NULLISH};
use crate::runtime::builtins::{self, Intrinsic};
use crate::vocab::DeoptReason;

/// Elements of a list at most, each of which costs a test if the list is seen elsewhere.
const MAX_LIST: usize = 16;

/// What `call` or `apply` calls.
pub(super) struct Forwarded {
    callee: Val,
    this: Val,
    args: Vec<Val>,
}

impl Activation<'_, '_> {
    /// What a call of a built-in calls instead, if it is `call` or `apply` of a function with known arguments.
    pub(super) fn forwarded(&mut self, native: u32, callee: Val, args: &[Val]) -> Option<Forwarded> {
        let ty = self.ty(callee);
        if !builtins::forwards_calls(native) || ty.is_none() || !ty.is(FUNCTION) {
            return None;
        }
        let rest = args.get(1..).unwrap_or(&[]);
        let list = if builtins::knowledge(native).intrinsic == Some(Intrinsic::FunctionApply) {
            rest.first().map_or(Some(vec![]), |list| self.elements_of(*list))?
        } else {
            rest.to_vec()
        };
        let this = args.first().copied().unwrap_or_else(|| self.constant(Const::Undefined));
        Some(Forwarded { callee: self.session.graph.root(callee), this, args: list })
    }

    /// Calls it. `None`: the call does not return.
    pub(super) fn forward(&mut self, call: Forwarded, fb: u16, dst: Reg) -> Option<Val> {
        let Forwarded { callee, this, args } = call;
        if let Some(closures) = self.session.joined.get(&callee).cloned() {
            return self.call_joined(callee, this, args, &closures, fb, dst);
        }
        if let Some(function) = self.static_function(callee)
            && self.session.input.view(function).is_some()
        {
            return self.call_function(callee, function, this, args, fb, dst);
        }
        if let Some(id) = self.static_native(callee) {
            return self.call_native(id, callee, this, args, fb, dst);
        }
        match &self.forwarded_cases(fb)[..] {
            [] => Some(self.call_anything(callee, this, &args, dst)),
            [case] => self.call_one(callee, this, args, case, fb, dst),
            several => self.call_several(callee, this, args, several, dst),
        }
    }

    /// What `call` and `apply` have called at a site.
    fn forwarded_cases(&self, fb: u16) -> Vec<CallCase> {
        match self.view.site(fb) {
            Some(Site::Call { forwarded, .. }) if self.may(DeoptReason::WrongCallTarget) => forwarded.clone(),
            _unknown => vec![],
        }
    }

    /// The elements of a list that this compile has made, or none of what stands for no list.
    fn elements_of(&mut self, list: Val) -> Option<Vec<Val>> {
        let ty = self.ty(list);
        if ty.is(NULLISH) && !ty.is_none() {
            return Some(vec![]);
        }
        let graph = &self.session.graph;
        let made = match graph.op(graph.root(list)) {
            Op::CallRuntime { function: RuntimeFn::NewArguments, args, .. } => args.0.to_vec(),
            _another => return None,
        };
        let checks =
            [DeoptReason::WrongShape, DeoptReason::WrongKey, DeoptReason::OutOfBounds, DeoptReason::Hole];
        if made.len() > MAX_LIST || !self.may_all(&checks) {
            return None;
        }
        let shapes = Shapes::one(self.session.input.arguments_shape);
        let object = self.guard(Op::CheckShape { v: list, shapes });
        let length = self.emit(Op::LoadSlot { object, slot: Slot::Inline(0) });
        self.guard(Op::CheckKey { v: length, value: Const::Int(made.len() as i32) });
        if made.is_empty() {
            return Some(made);
        }
        let elements = self.emit(Op::LoadElements { object });
        let capacity = self.emit(Op::LoadCapacity { elements });
        for (i, &element) in made.iter().enumerate() {
            let index = self.int(i as i32);
            let index = self.guard(Op::CheckBounds { index, length: capacity });
            let found = self.guard(Op::LoadElementHoley { elements, index });
            self.require_same(found, element);
        }
        Some(made)
    }

    /// Leaves the code if two words differ.
    fn require_same(&mut self, found: Val, expected: Val) {
        let same = self.emit(Op::TaggedEqual { a: found, b: expected });
        let frame = self.frame_before();
        let (go, leave) = self.fork(same);
        self.block = Some(leave);
        self.append(Op::Deopt { reason: DeoptReason::WrongKey }, Some(frame));
        self.block = Some(go);
    }
}
