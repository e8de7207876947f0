//! Indexed properties, and iteration over arrays, which is indexing with a counter of its own.
//!
//! Arrays of the kinds a site has seen are accessed directly if one instruction serves them all: tagged kinds mix for loads,
//! packed ones are holey ones without holes. What does not mix, what grew the array, what was out of bounds or no index goes
//! to the runtime.

use super::activation::Activation;
use crate::bytecode::ops::Reg;
use crate::feedback::slot::element;
use crate::feedback::summary::{ElementCase, Site};
use crate::hir::field::{Cond, Const, Shapes, Val};
use crate::hir::frame_state::{NO_REGISTER, Resume};
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::{ANY, ARRAY, HOLE, INT32};
use crate::runtime::cell::CellKind;
use crate::runtime::shape::ElementsKind;
use crate::runtime::typed::ElementType;
use crate::vocab::DeoptReason;
use smallvec::SmallVec;

/// What an element site has seen.
enum Receivers {
    /// Never executed.
    Nothing,
    /// Arrays that one kind of access serves.
    Arrays { shapes: Shapes, kind: ElementsKind },
    /// Typed arrays with elements of one type.
    Typed { shapes: Shapes, element: ElementType },
    /// Strings.
    Strings,
    /// Anything else.
    Anything,
}

/// The kind of load that serves all of these kinds, if there is one.
fn common_load(kinds: impl Iterator<Item = ElementsKind>) -> Option<ElementsKind> {
    let mut all: SmallVec<[ElementsKind; 4]> = kinds.collect();
    let first = all.pop()?;
    all.into_iter().try_fold(first, |sum, kind| (sum.is_double() == kind.is_double()).then(|| sum.join(kind)))
}

impl Activation<'_, '_> {
    fn receivers(&self, fb: u16, storing: bool) -> Receivers {
        let may_stop = self.may_all(&[DeoptReason::NoFeedbackKeyedAccess, DeoptReason::NoFeedbackIterate]);
        let nothing = if may_stop { Receivers::Nothing } else { Receivers::Anything };
        let Some(Site::Element { flags, cases, megamorphic }) = self.view.site(fb) else { return nothing };
        if flags & element::EXECUTED == 0 && cases.is_empty() {
            return nothing;
        }
        let slow = element::OUT_OF_BOUNDS
            | element::HOLE
            | element::APPEND
            | element::NAME_KEY
            | element::ODD_KEY
            | element::DOUBLE_KEY
            | element::OTHER;
        let checks = [
            DeoptReason::WrongElementsKind,
            DeoptReason::WrongShape,
            DeoptReason::OutOfBounds,
            DeoptReason::Hole,
            DeoptReason::NotInt32,
            DeoptReason::NotNumber,
            DeoptReason::NotString,
            DeoptReason::LostPrecision,
            DeoptReason::Overflow,
        ];
        if *megamorphic || flags & slow != 0 || cases.is_empty() || !self.may_all(&checks) {
            return Receivers::Anything;
        }
        if cases.iter().all(|c| c.kind == CellKind::String) && !storing {
            return Receivers::Strings;
        }
        if let Some(element) = ElementType::of(cases[0].kind)
            && cases.iter().all(|c| c.kind == cases[0].kind)
        {
            return Receivers::Typed { shapes: Shapes(cases.iter().map(|c| c.shape).collect()), element };
        }
        let stays = |c: &ElementCase| !storing || c.shape == c.stored;
        if !cases.iter().all(|c| c.kind == CellKind::Array && stays(c)) {
            return Receivers::Anything;
        }
        let same = |a: &ElementCase, b: &ElementCase| a.elements == b.elements;
        if storing && !cases.iter().all(|c| same(c, &cases[0])) {
            return Receivers::Anything;
        }
        match common_load(cases.iter().map(|c| c.elements)) {
            Some(kind) => Receivers::Arrays { shapes: Shapes(cases.iter().map(|c| c.shape).collect()), kind },
            None => Receivers::Anything,
        }
    }

    // ---- Access --------------------------------------------------------------------------------------------------

    pub(super) fn get_elem(&mut self, dst: Reg, object: Reg, key: Reg, fb: u16) {
        let (receiver, key) = (self.get(object), self.get(key));
        let v = match self.receivers(fb, false) {
            Receivers::Nothing => return self.deopt(DeoptReason::NoFeedbackKeyedAccess),
            Receivers::Arrays { shapes, kind } => {
                let array = self.guard(Op::CheckArrayShape { v: receiver, shapes });
                let index = self.index(key);
                self.load_element(array, index, kind)
            }
            Receivers::Typed { shapes, element } => {
                let object = self.guard(Op::CheckShape { v: receiver, shapes });
                self.load_typed(object, key, element)
            }
            Receivers::Strings => {
                let s = self.string(receiver);
                let index = self.index(key);
                let length = self.emit(Op::StringLength { s });
                let index = self.guard(Op::CheckBounds { index, length });
                self.emit(Op::StringCharAt { s, index })
            }
            Receivers::Anything => self.runtime(RuntimeFn::GetKeyed, &[receiver, key], Some(dst)),
        };
        self.set(dst, v);
    }

    /// An element of an array whose shape has been checked, at an index that has not.
    fn load_element(&mut self, array: Val, index: Val, kind: ElementsKind) -> Val {
        let elements;
        let length;
        if kind.is_holey() {
            // Past the length there are holes, and the length may be past the capacity.
            elements = self.emit(Op::LoadElements { object: array });
            length = self.emit(Op::LoadCapacity { elements });
        } else {
            length = self.emit(Op::LoadLength { array });
            elements = self.emit(Op::LoadElements { object: array });
        }
        let index = self.guard(Op::CheckBounds { index, length });
        match kind {
            ElementsKind::Int => self.emit(Op::LoadElementInt32 { elements, index }),
            ElementsKind::Double => self.emit(Op::LoadElementDouble { elements, index }),
            ElementsKind::Any => self.emit(Op::LoadElement { elements, index }),
            ElementsKind::HoleyInt => self.guard(Op::LoadElementHoleyInt32 { elements, index }),
            ElementsKind::HoleyDouble => self.guard(Op::LoadElementHoleyDouble { elements, index }),
            ElementsKind::HoleyAny => self.guard(Op::LoadElementHoley { elements, index }),
        }
    }

    pub(super) fn set_elem(&mut self, object: Reg, key: Reg, src: Reg, fb: u16) {
        let (receiver, key, value) = (self.get(object), self.get(key), self.get(src));
        match self.receivers(fb, true) {
            Receivers::Nothing => self.deopt(DeoptReason::NoFeedbackKeyedAccess),
            Receivers::Arrays { shapes, kind } => {
                let array = self.guard(Op::CheckArrayShape { v: receiver, shapes });
                let index = self.index(key);
                self.store_element(array, index, value, kind);
            }
            Receivers::Typed { shapes, element } => {
                let object = self.guard(Op::CheckShape { v: receiver, shapes });
                self.store_typed(object, key, value, element);
            }
            Receivers::Strings | Receivers::Anything => {
                self.runtime(RuntimeFn::SetKeyed, &[receiver, key, value], None);
            }
        }
    }

    fn store_element(&mut self, array: Val, index: Val, value: Val, kind: ElementsKind) {
        let value = match kind {
            ElementsKind::Int | ElementsKind::HoleyInt => self.guard(Op::CheckInt32 { v: value }),
            ElementsKind::Double | ElementsKind::HoleyDouble => self.check_number(value),
            ElementsKind::Any | ElementsKind::HoleyAny => value,
        };
        let length = if kind.is_holey() {
            self.guard(Op::LoadLengthHoley { array })
        } else {
            self.emit(Op::LoadLength { array })
        };
        let mut index = self.guard(Op::CheckBounds { index, length });
        let elements = self.emit(Op::LoadElements { object: array });
        if kind.is_holey() {
            let length = self.emit(Op::LoadCapacity { elements });
            index = self.guard(Op::CheckBounds { index, length });
        }
        let barrier = self.may_be_cell(value);
        let op = match kind {
            ElementsKind::Int | ElementsKind::HoleyInt => Op::StoreElementInt32 { elements, index, value },
            ElementsKind::Double | ElementsKind::HoleyDouble => Op::StoreElementDouble { elements, index, value },
            ElementsKind::Any | ElementsKind::HoleyAny => Op::StoreElement { elements, index, value, barrier },
        };
        self.emit(op);
    }

    // ---- Typed arrays --------------------------------------------------------------------------------------------

    /// Start and checked index of an element of a typed array whose shape has been checked.
    fn typed_place(&mut self, object: Val, key: Val) -> (Val, Val) {
        let index = self.index(key);
        let length = self.emit(Op::LoadTypedLength { object });
        let index = self.guard(Op::CheckBounds { index, length });
        (self.emit(Op::LoadTypedData { object }), index)
    }

    fn load_typed(&mut self, object: Val, key: Val, element: ElementType) -> Val {
        let (data, index) = self.typed_place(object, key);
        if element.is_float() {
            return self.emit(Op::LoadTypedDouble { data, index, element });
        }
        let bits = self.emit(Op::LoadTypedInt32 { data, index, element });
        if element == ElementType::Uint32 { self.emit(Op::Uint32ToDouble { bits }) } else { bits }
    }

    fn store_typed(&mut self, object: Val, key: Val, value: Val, element: ElementType) {
        let number = self.check_number(value);
        let (data, index) = self.typed_place(object, key);
        if element.is_float() {
            self.emit(Op::StoreTypedDouble { data, index, value: number, element });
            return;
        }
        let value = if element != ElementType::Uint8Clamped {
            self.emit(Op::DoubleTruncate { a: number })
        } else if self.ty(number).is(INT32) {
            let (least, most) = (self.int(0), self.int(255));
            let raised = self.emit(Op::Int32Max { a: number, b: least });
            self.emit(Op::Int32Min { a: raised, b: most })
        } else {
            self.emit(Op::DoubleClamp { a: number })
        };
        self.emit(Op::StoreTypedInt32 { data, index, value, element });
    }

    // ---- for-of over arrays --------------------------------------------------------------------------------------

    pub(super) fn iter_init(&mut self, iter: Reg, src: Reg, fb: u16) {
        let v = self.get(src);
        match self.receivers(fb, false) {
            Receivers::Nothing => self.deopt(DeoptReason::NoFeedbackIterate),
            Receivers::Arrays { shapes, .. } => {
                let array = self.guard(Op::CheckArrayShape { v, shapes });
                let (zero, none) = (self.int(0), self.constant(Const::Undefined));
                self.set(iter, array);
                self.set(Reg(iter.0 + 1), zero);
                self.set(Reg(iter.0 + 2), none);
            }
            Receivers::Typed { .. } | Receivers::Strings | Receivers::Anything => {
                let resume = Resume::After { result: NO_REGISTER };
                let text = self.text();
                self.runtime_leaving(RuntimeFn::IterInit, 0, &[v, text], resume, iter.0..iter.0 + 3);
            }
        }
    }

    /// Whether an iteration site has seen arrays only, of kinds that one load serves.
    pub(super) fn iterates_arrays(&self, fb: u16) -> bool {
        matches!(self.receivers(fb, false), Receivers::Arrays { .. })
    }

    pub(super) fn iter_next(&mut self, dst: Reg, iter: Reg, exit: i32, fb: u16) {
        let (shapes, kind) = match self.receivers(fb, false) {
            Receivers::Nothing => return self.deopt(DeoptReason::NoFeedbackIterate),
            Receivers::Arrays { shapes, kind } => (shapes, kind),
            Receivers::Typed { .. } | Receivers::Strings | Receivers::Anything => {
                return self.next(RuntimeFn::IterNext, dst, iter, self.destination(exit), 0..3);
            }
        };
        let (v, index) = (self.get(iter), self.get(Reg(iter.0 + 1)));
        let array = self.guard(Op::CheckArrayShape { v, shapes });
        let index = if self.ty(index).is(INT32) { index } else { self.guard(Op::CheckInt32 { v: index }) };
        let length = if kind.is_holey() {
            self.guard(Op::LoadLengthHoley { array })
        } else {
            self.emit(Op::LoadLength { array })
        };
        let more = self.emit(Op::Int32Compare { a: index, b: length, cond: Cond::Lt });
        let body = self.fresh_block();
        self.branch_to(more, body, self.destination(exit));
        let element = self.load_element(array, index, kind);
        let one = self.int(1);
        // Less than the length, so one more is an int32; range analysis finds out.
        let next = self.guard(Op::Int32AddChecked { a: index, b: one });
        self.set(dst, element);
        self.set(Reg(iter.0 + 1), next);
    }

    /// The next step of a loop by a function of the runtime, which changes these of the loop's three words.
    fn next(&mut self, function: RuntimeFn, dst: Reg, iter: Reg, exit: u32, changed: std::ops::Range<u16>) {
        let state = [0, 1, 2].map(|i| self.get(Reg(iter.0 + i)));
        let resume = Resume::Next { result: dst.0 as u32, exit };
        let v = self.runtime_leaving(function, 0, &state, resume, iter.0 + changed.start..iter.0 + changed.end);
        let ended = self.emit(Op::HasType { v, ty: HOLE });
        let more = self.emit(Op::BoolNot { a: ended });
        let body = self.fresh_block();
        self.branch_to(more, body, exit);
        let v = self.emit(Op::AssumeType { v, ty: ANY });
        self.set(dst, v);
    }

    pub(super) fn iter_close(&mut self, iter: Reg) {
        let v = self.get(iter);
        let root = self.session.graph.root(v);
        // Iterating an array leaves nothing to close; inside the loop its type may be hidden behind a parameter.
        if !self.ty(v).is(ARRAY) && !self.ty(root).is(ARRAY) {
            let state = [0, 1, 2].map(|i| self.get(Reg(iter.0 + i)));
            self.runtime(RuntimeFn::IterClose, &state, None);
        }
    }

    // ---- for-in --------------------------------------------------------------------------------------------------

    pub(super) fn enum_init(&mut self, iter: Reg, src: Reg) {
        let v = self.get(src);
        let resume = Resume::After { result: NO_REGISTER };
        self.runtime_leaving(RuntimeFn::EnumInit, 0, &[v], resume, iter.0..iter.0 + 3);
    }

    pub(super) fn enum_next(&mut self, dst: Reg, iter: Reg, exit: i32) {
        self.next(RuntimeFn::EnumNext, dst, iter, self.destination(exit), 1..2);
    }
}
