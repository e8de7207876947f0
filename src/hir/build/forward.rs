//! `f.call(this, …)` and `f.apply(this, list)`: calls of `f`, without a detour through the library.
//!
//! Which functions a site has called in this way is part of its feedback. The list of `apply` must be one that this compile
//! has made, `arguments` as a rule: see `lists.rs`.

use super::activation::Activation;
use crate::bytecode::ops::Reg;
use crate::feedback::summary::{CallCase, Site};
use crate::hir::field::{Const, Val};
use crate::hir::types::FUNCTION;
use crate::runtime::builtins::{self, Intrinsic};
use crate::vocab::DeoptReason;

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
}
