//! New arrays: literals and `new Array(n)`.
//!
//! A short array is allocated by the code itself, with its elements. Which kind it gets must be what the lower tiers would
//! give it, or what reads it would find arrays of a kind that it has never seen: from the types of the values where these
//! decide, else from what the literal has learnt. An array without elements is of int32 and holey until something else is
//! stored; where the function's own stores have been seen to widen such arrays, it is made as wide as that at once.

use super::activation::Activation;
use crate::bytecode::ops::Reg;
use crate::feedback::summary::Site;
use crate::hir::field::{Const, Val};
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::{HOLE, INT32, NUMBER};
use crate::runtime::shape::ElementsKind;
use crate::vocab::DeoptReason;

/// Arrays up to this length are allocated by the code itself.
const SHORT: usize = 16;

impl Activation<'_, '_> {
    /// `[a, b, c]`.
    pub(super) fn array_literal(&mut self, dst: Reg, base: Reg, count: u16, fb: u16) {
        let mut values: Vec<Val> = (0..count).map(|i| self.window(base, i)).collect();
        let Some(kind) = self.literal_kind(&values, fb) else {
            self.runtime(RuntimeFn::NewArray, &values, Some(dst));
            return;
        };
        for v in &mut values {
            *v = self.fitting(*v, kind);
        }
        let site = match self.view.site(fb) {
            Some(Site::Literal { number, .. }) => *number,
            _never_executed => 0,
        };
        let array = self.new_array_at(site, kind, count as u32);
        if !values.is_empty() {
            let elements = self.emit(Op::LoadElements { object: array });
            for (i, value) in values.into_iter().enumerate() {
                let index = self.int(i as i32);
                self.store_within(elements, index, value, kind, true);
            }
        }
        self.set(dst, array);
    }

    /// The kind of a literal of these values, if the code can make it.
    fn literal_kind(&self, values: &[Val], fb: u16) -> Option<ElementsKind> {
        let ty = |v: &Val| self.ty(*v);
        if values.len() > SHORT || values.iter().any(|v| ty(v).meets(HOLE)) {
            return None;
        }
        let learnt = match self.view.site(fb) {
            Some(Site::Literal { shape: Some(_), elements, .. }) => Some(*elements),
            _never_executed => None,
        };
        if learnt.is_some_and(ElementsKind::is_holey) {
            return None;
        }
        let known = if values.iter().any(|v| !ty(v).meets(NUMBER)) {
            Some(ElementsKind::Any)
        } else if values.iter().all(|v| ty(v).is(INT32)) {
            Some(learnt.unwrap_or(ElementsKind::Int))
        } else {
            learnt
        };
        let may = match known? {
            ElementsKind::Int | ElementsKind::HoleyInt => self.may(DeoptReason::NotInt32),
            ElementsKind::Double | ElementsKind::HoleyDouble => self.may(DeoptReason::NotNumber),
            ElementsKind::Any | ElementsKind::HoleyAny => true,
        };
        if may { known } else { Some(ElementsKind::Any) }
    }

    /// A new plain array of a kind, full of holes.
    pub(super) fn new_array(&mut self, kind: ElementsKind, length: u32) -> Val {
        self.new_array_at(0, kind, length)
    }

    /// The same, for the literal of this number.
    fn new_array_at(&mut self, site: u32, kind: ElementsKind, length: u32) -> Val {
        let shape = self.session.input.array_shapes[kind as usize];
        self.emit(Op::NewArray { shape, length, double: kind.is_double(), site })
    }

    /// `new Array(n)` and `Array(n)`, of an int32.
    pub(super) fn array_of_length(&mut self, length: Val, dst: Reg) -> Option<Val> {
        if !self.ty(length).is(INT32) {
            return None;
        }
        let kind = self.widened_kind();
        if let Some(Const::Int(n)) = self.is_constant(length)
            && (1..=SHORT as i32).contains(&n)
        {
            return Some(self.new_array(kind, n as u32));
        }
        Some(self.runtime_with(RuntimeFn::NewArrayHoley, kind as u64, &[length], Some(dst)))
    }

    /// The kind of a new array of holes: what the stores of this function have made of others.
    fn widened_kind(&self) -> ElementsKind {
        let fresh = self.session.input.array_shapes[ElementsKind::HoleyInt as usize];
        let stored = self.view.element_cases().filter(|c| c.shape == fresh).map(|c| c.stored_elements);
        stored.fold(ElementsKind::HoleyInt, ElementsKind::join)
    }
}
