//! `super`: members of the parent class, and its constructor.
//!
//! What `super` means depends on the closure that runs. Inlined methods are constants as a rule; of the function that is
//! compiled it is known if only one closure over it has ever been made a method, which a guard makes sure of.

use super::activation::Activation;
use crate::bytecode::ops::Reg;
use crate::feedback::summary::{Callee, ClosureView, Target};
use crate::hir::field::{Args, Const, Shapes, Val};
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::{FUNCTION, HOLE};
use crate::runtime::function::flags;
use crate::vocab::{DeoptReason, FunctionId};

impl Activation<'_, '_> {
    /// The closure that a value is, if that is known or can be guessed: its address.
    fn known_method(&mut self, closure: Val) -> Option<u64> {
        if let Some(constant) = self.is_constant(closure) {
            let Const::Cell { address, .. } = constant else { return None };
            return self.session.input.closures.contains_key(&address).then_some(address);
        }
        let (graph, sole) = (&self.session.graph, self.view.sole_method);
        if sole == 0 || graph.root(closure) != graph.root(self.callee) || !self.may(DeoptReason::WrongCallTarget) {
            return None;
        }
        self.guard(Op::CheckTarget { v: closure, value: Const::Cell { address: sole, ty: FUNCTION } });
        Some(sole)
    }

    pub(super) fn get_super(&mut self, dst: Reg, key: Reg, this: Reg) {
        let (key, this) = (self.get(key), self.get(this));
        match self.super_member(key) {
            Some(v) => {
                if self.ty(this).meets(HOLE) {
                    self.guard(Op::CheckNotHole { v: this });
                }
                self.set(dst, v);
            }
            None => {
                self.runtime(RuntimeFn::GetSuper, &[self.callee, key, this], Some(dst));
            }
        }
    }

    /// What `super[key]` finds, as a constant.
    fn super_member(&mut self, key: Val) -> Option<Val> {
        let Const::Cell { address: key, .. } = self.is_constant(key)? else { return None };
        if !self.may_rely_on_prototypes() {
            return None;
        }
        let closure = self.known_method(self.callee)?;
        let input = self.session.input;
        let member = input.supers.get(&(input.closures[&closure].home.0, key))?;
        self.depend(&member.depends);
        Some(self.known_function(member.value, member.callee.as_ref()))
    }

    pub(super) fn super_call(&mut self, dst: Reg, callee: Reg, new_target: Reg, args: Vec<Val>, fb: u16) {
        let (closure, new_target) = (self.get(callee), self.get(new_target));
        if let Some((parent, function)) = self.known_parent(closure) {
            let count = self.calls_at(fb);
            return self.construct_known(dst, parent, new_target, function, args, count);
        }
        // Runs none of the program's code, so nothing can be invalidated between the two calls.
        let parent = self.runtime(RuntimeFn::ParentConstructor, &[closure], Some(dst));
        let op = Op::Construct { callee: parent, new_target, args: Args::from(args) };
        self.call_op(op, Some(dst));
    }

    /// Runs the field initializer of a class.
    pub(super) fn init_fields(&mut self, callee: Reg, object: Reg) {
        let (closure, object) = (self.get(callee), self.get(object));
        if let Some(address) = self.known_method(closure)
            && let Some(&ClosureView { initializer, .. }) = self.session.input.closures.get(&address)
            && let Some(view) = self.session.input.closures.get(&initializer)
        {
            let callee = Callee { cell: initializer, target: Target::Function(view.function) };
            self.call_accessor(&callee, view.function, object, vec![], None);
            return;
        }
        self.runtime(RuntimeFn::InitFields, &[closure, object], None);
    }

    /// The parent of a class whose constructor is known, while the constructor keeps its shape, of which its prototype
    /// is a part.
    fn known_parent(&mut self, closure: Val) -> Option<(Val, FunctionId)> {
        let address = self.known_method(closure)?;
        let input = self.session.input;
        let &ClosureView { parent, shape, .. } = input.closures.get(&address)?;
        let function = input.closures.get(&parent)?.function;
        if !self.may(DeoptReason::WrongShape) || input.view(function)?.flags & flags::CONSTRUCTOR == 0 {
            return None;
        }
        self.guard(Op::CheckShape { v: closure, shapes: Shapes::one(shape) });
        let parent = self.constant(Const::Cell { address: parent, ty: FUNCTION });
        Some((parent, function))
    }
}
