//! The prelude's bodies of natives: when one is inlined, and what its operations become.
//!
//! A call of a native that calls back is a loop which the compiler does not see. Where the receiver is known to be a plain
//! array and the callback a function, the native's body from the prelude takes its place: it is inlined like any function,
//! and inside of it the callback. What the loop does with the array is decided here by what the *caller* knows of it, not by
//! what the body's sites have seen, for all programs share these.
//!
//! An array that the body makes gets its kind from the type of what is appended to it: the place where it is made is written
//! before that is known, so it is corrected then.

use super::activation::Activation;
use super::call::Invocation;
use super::element::Group;
use crate::bytecode::intrinsics::IntrinsicId;
use crate::bytecode::ops::Reg;
use crate::hir::field::{Address, Const, Shapes, Val};
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::{FUNCTION, INT32, NUMBER};
use crate::runtime::builtins;
use crate::runtime::builtins::table::Body;
use crate::runtime::shape::ElementsKind;
use crate::vocab::{DeoptReason, InlineVerdict};
use smallvec::SmallVec;

/// Why an element may not be where one is expected.
const MISSING: [DeoptReason; 2] = [DeoptReason::OutOfBounds, DeoptReason::Hole];

impl Activation<'_, '_> {
    /// Inlines the body of a native, if it has one that may be used here. `None`: it has not; `Some(None)`: the call does not
    /// return.
    pub(super) fn call_body(&mut self, native: u32, this: Val, args: &[Val], dst: Reg) -> Option<Option<Val>> {
        let &address = self.session.input.bodies.get(&native)?;
        let function = self.session.input.closures.get(&address)?.function;
        let callback = *args.first()?;
        let is_function = self.ty(callback).is(FUNCTION) || self.static_function(callback).is_some();
        let applies = match builtins::knowledge(native).body {
            Body::None => false,
            Body::Always => true,
            Body::MakesArray => self.makes_plain_arrays(this),
            Body::WithInitial => args.len() >= 2,
        };
        if !is_function || !applies || self.groups_of(this).is_none() || self.times_inlined(function) > 1 {
            return None;
        }
        self.rely_on_array_prototypes();
        let view = self.session.input.view(function)?.clone();
        let callee = self.constant(Const::Cell { address, ty: FUNCTION });
        let after = self.frame_after(Some(dst));
        let count = u64::from(self.view.invocations);
        let call = Invocation { callee, this, args: args.to_vec(), count, after, new_target: None };
        self.note(&view, InlineVerdict::InlinedBuiltin);
        Some(self.inline(&view, call))
    }

    fn makes_plain_arrays(&self, array: Val) -> bool {
        let input = self.session.input;
        self.shapes_of(array)
            .is_some_and(|shapes| shapes.0.iter().all(|s| input.shapes.get(s).is_some_and(|v| v.makes_plain_arrays)))
    }

    /// An operation of the natives syntax: of the prelude, or one that the VM implements.
    pub(super) fn natives_syntax(&mut self, dst: Reg, id: u16, args: &[Val]) {
        let v = match (IntrinsicId::by_id(id), args) {
            (Some(IntrinsicId::ArrayLength), &[array]) => self.length_of_known(array),
            (Some(IntrinsicId::HasElement), &[array, index]) => self.has_element(array, index),
            (Some(IntrinsicId::GetElement), &[array, index]) => self.element_of_known(array, index),
            (Some(IntrinsicId::NewArray), &[length]) => Some(self.fresh_array(length, dst)),
            (Some(IntrinsicId::Append), &[array, value]) => self.append_to_fresh(array, value, dst),
            (Some(IntrinsicId::AppendHole), &[array]) if self.is_fresh(array) => {
                return self.deopt(DeoptReason::Hole);
            }
            (_of_the_vm, _any) => None,
        };
        match v {
            Some(v) => self.set(dst, v),
            None => {
                self.runtime_with(RuntimeFn::Intrinsic, id as u64, args, Some(dst));
            }
        }
    }

    /// The groups that an array is known to be among, if code may be made for them here.
    fn known_groups(&self, array: Val) -> Option<SmallVec<[Group; 3]>> {
        let checks = [DeoptReason::WrongElementsKind, DeoptReason::WrongShape, DeoptReason::NotInt32];
        self.groups_of(array).filter(|_| self.may_all(&checks))
    }

    fn length_of_known(&mut self, array: Val) -> Option<Val> {
        let shapes = self.shapes_of(array)?;
        Some(if self.any_holey(&shapes.0) {
            self.guard(Op::LoadLengthHoley { array })
        } else {
            self.emit(Op::LoadLength { array })
        })
    }

    /// Whether there is an element: taken for granted until it has turned out otherwise.
    fn has_element(&mut self, array: Val, index: Val) -> Option<Val> {
        let groups = self.known_groups(array).filter(|_| self.may_all(&MISSING))?;
        let index = self.index(index);
        self.dispatch_groups(
            array,
            &groups,
            |this, array, group| {
                let Group::Arrays { kind, .. } = group else { unreachable!("only arrays are known") };
                this.load_element(array, index, *kind);
                this.constant(Const::Bool(true))
            },
            None,
        )
    }

    fn element_of_known(&mut self, array: Val, index: Val) -> Option<Val> {
        let groups = self.known_groups(array)?;
        let index = self.index(index);
        let missing = !self.may_all(&MISSING);
        self.dispatch_groups(
            array,
            &groups,
            |this, array, group| {
                let Group::Arrays { kind, .. } = group else { unreachable!("only arrays are known") };
                if missing {
                    this.load_element_or_undefined(array, index, *kind)
                } else {
                    this.load_element(array, index, *kind)
                }
            },
            None,
        )
    }

    // ---- Arrays that the body makes --------------------------------------------------------------------------------

    /// An empty array, of int32 until more is known.
    fn fresh_array(&mut self, length: Val, dst: Reg) -> Val {
        let kind = ElementsKind::Int;
        let made = self.runtime_with(RuntimeFn::NewArrayOf, kind as u64, &[length], Some(dst));
        let body = self.view.id;
        let failed = |reason| {
            self.session
                .options
                .forbidden
                .iter()
                .any(|(place, r)| *r == reason && place.is_none_or(|(function, _)| function == body))
        };
        if failed(DeoptReason::Hole) || failed(DeoptReason::WrongElementsKind) {
            return made;
        }
        let shapes = Shapes::one(self.session.input.array_shapes[kind as usize]);
        let array = self.emit(Op::AssumeArrayShape { v: made, shapes });
        self.session.fresh.insert(array, None);
        array
    }

    fn is_fresh(&self, array: Val) -> bool {
        self.session.fresh.contains_key(&array)
    }

    /// Appends to an array that the body has made. The first append decides on its kind.
    fn append_to_fresh(&mut self, array: Val, value: Val, dst: Reg) -> Option<Val> {
        let &decided = self.session.fresh.get(&array)?;
        let ty = self.ty(value);
        let fitting = if ty.is(INT32) {
            ElementsKind::Int
        } else if ty.is(NUMBER) {
            ElementsKind::Double
        } else {
            ElementsKind::Any
        };
        let kind = decided.unwrap_or(fitting);
        if kind.join(fitting) != kind {
            return None;
        }
        if decided.is_none() {
            self.decide_kind(array, kind);
        }
        Some(self.append_to(array, value, kind, Some(dst)))
    }

    fn decide_kind(&mut self, array: Val, kind: ElementsKind) {
        self.session.fresh.insert(array, Some(kind));
        let shape = self.session.input.array_shapes[kind as usize];
        let graph = &mut self.session.graph;
        let Op::AssumeArrayShape { v: made, ref mut shapes } = graph.insts[array].op else {
            unreachable!("fresh arrays are assumed to have their shape")
        };
        *shapes = Shapes::one(shape);
        if let Op::CallRuntime { ref mut word, .. } = graph.insts[made].op {
            *word = Address(kind as u64);
        }
    }
}
