//! Indexed properties, and iteration over arrays, which is indexing with a counter of its own.
//!
//! Arrays of the kinds that a site has seen are accessed directly. Kinds that one instruction serves are one group; several
//! groups are a chain of tests of the shape, of which the last is a guard. What changes an array's kind, and what is no array,
//! goes to the runtime at the chain's end.
//!
//! Where arrays of int32 become arrays of doubles, they are widened before anything else is asked of them, so that one kind is
//! left.
//!
//! What lies beyond an array's end or in a hole is `undefined` for as long as the prototypes of arrays have no indexed
//! properties, on which the code then depends; a store just past the end appends. A site that has seen neither leaves the
//! code there instead.

use super::activation::Activation;
use crate::bytecode::ops::{Insn, Reg};
use crate::feedback::slot::element;
use crate::feedback::summary::{ElementCase, Site};
use crate::hir::field::{Block, Cond, Const, Shapes, Val};
use crate::hir::frame_state::{NO_REGISTER, Resume};
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::{ANY, ARRAY, HOLE, INT32, NUMBER, Type};
use crate::runtime::builtins::iteration::Mode;
use crate::runtime::cell::CellKind;
use crate::runtime::shape::ElementsKind;
use crate::runtime::typed::ElementType;
use crate::vocab::{DeoptReason, ShapeId};
use smallvec::SmallVec;

/// The third word of an iteration over the values of a typed array.
const TYPED_ARRAY_MODE: i32 = Mode::ArrayValues as i32;

/// Receivers that the same instructions serve.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Group {
    /// Arrays whose elements are all tagged or all doubles; the kind is the join of theirs.
    Arrays { shapes: Shapes, kind: ElementsKind },
    /// Arguments objects as they were made.
    Arguments { shape: ShapeId },
    /// Strings.
    Strings,
}

impl Group {
    /// The kind of elements.
    fn elements_kind(&self) -> ElementsKind {
        match self {
            Group::Arrays { kind, .. } => *kind,
            Group::Arguments { .. } => ElementsKind::HoleyAny,
            Group::Strings => unreachable!("strings have no elements"),
        }
    }
}

/// What an element site has seen.
struct Seen {
    /// Receivers with code of their own; at least one.
    groups: SmallVec<[Group; 3]>,
    /// Arrays of int32 that become arrays of doubles here.
    widened: Shapes,
    /// Other receivers are left to the runtime; else they leave the code.
    others: bool,
    /// Indices past the end were seen.
    out_of_bounds: bool,
    /// Holes were seen.
    holes: bool,
    /// Stores at the end were seen.
    appends: bool,
}

/// What to make of an element site.
enum Plan {
    /// Never executed.
    Nothing,
    /// Code for what was seen.
    Code(Seen),
    /// Code for typed arrays with elements of one type.
    Typed { shapes: Shapes, element: ElementType },
    /// The runtime.
    Runtime,
}

/// Why an iteration is not compiled as a loop over an array.
enum NotArrays {
    /// Never executed.
    Nothing,
    /// It has seen something else.
    Other,
}

/// Whether a site's cases keep tagged kinds apart, as stores must: an array of int32 takes no string.
fn class(kind: ElementsKind, storing: bool) -> u8 {
    match kind {
        ElementsKind::Double | ElementsKind::HoleyDouble => 0,
        ElementsKind::Int | ElementsKind::HoleyInt if storing => 1,
        ElementsKind::Int | ElementsKind::HoleyInt | ElementsKind::Any | ElementsKind::HoleyAny => 2,
    }
}

/// The type of what a tagged elements cell of this kind holds, holes apart.
fn element_type(kind: ElementsKind) -> Type {
    match kind {
        ElementsKind::Int | ElementsKind::HoleyInt => INT32,
        ElementsKind::Double | ElementsKind::HoleyDouble => crate::hir::types::DOUBLE,
        ElementsKind::Any | ElementsKind::HoleyAny => ANY,
    }
}

impl Activation<'_, '_> {
    fn plan(&self, fb: u16, storing: bool) -> Plan {
        let may_stop = self.may_all(&[DeoptReason::NoFeedbackKeyedAccess, DeoptReason::NoFeedbackIterate]);
        let nothing = if may_stop { Plan::Nothing } else { Plan::Runtime };
        let Some(Site::Element { flags, cases, megamorphic }) = self.view.site(fb) else { return nothing };
        if flags & element::EXECUTED == 0 && cases.is_empty() {
            return nothing;
        }
        let odd = element::NAME_KEY | element::ODD_KEY | element::OTHER;
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
        if *megamorphic || flags & odd != 0 || cases.is_empty() || !self.may_all(&checks) {
            return Plan::Runtime;
        }
        let mut seen = Seen {
            groups: SmallVec::new(),
            widened: Shapes::default(),
            others: false,
            out_of_bounds: flags & element::OUT_OF_BOUNDS != 0,
            holes: flags & element::HOLE != 0,
            appends: flags & element::APPEND != 0,
        };
        for case in cases {
            self.add_case(&mut seen, case, storing);
        }
        let beyond = seen.out_of_bounds || seen.holes || seen.appends;
        if let Some(element) = ElementType::of(cases[0].kind)
            && cases.iter().all(|c| c.kind == cases[0].kind)
        {
            let shapes = Shapes(cases.iter().map(|c| c.shape).collect());
            return if beyond { Plan::Runtime } else { Plan::Typed { shapes, element } };
        }
        let holey = |g: &Group| matches!(g, Group::Arrays { kind, .. } if kind.is_holey());
        let needs_prototypes = beyond || storing && seen.groups.iter().any(holey);
        if seen.groups.is_empty() || needs_prototypes && !self.may_rely_on_element_prototypes(&seen.groups) {
            return Plan::Runtime;
        }
        Plan::Code(seen)
    }

    fn add_case(&self, seen: &mut Seen, case: &ElementCase, storing: bool) {
        match case.kind {
            CellKind::String if !storing => {
                if !seen.groups.contains(&Group::Strings) {
                    seen.groups.push(Group::Strings);
                }
            }
            CellKind::Arguments if !storing && self.session.input.arguments_shapes.contains(&case.shape) => {
                let group = Group::Arguments { shape: case.shape };
                if !seen.groups.contains(&group) {
                    seen.groups.push(group);
                }
            }
            CellKind::Array if !storing || case.shape == case.stored => {
                add_array(&mut seen.groups, case.shape, case.elements, storing);
            }
            CellKind::Array
                if self.double_of(case.shape).is_some()
                    && self.is_shape_of_fresh(case.stored, ElementsKind::is_double) =>
            {
                seen.widened.0.push(case.shape);
                add_array(&mut seen.groups, case.stored, case.stored_elements, storing);
            }
            _changes_kind_or_no_array => seen.others = true,
        }
    }

    /// Whether this is the shape of fresh arrays of such a kind.
    fn is_shape_of_fresh(&self, shape: ShapeId, is: fn(ElementsKind) -> bool) -> bool {
        ElementsKind::ALL.into_iter().any(|kind| is(kind) && self.session.input.array_shapes[kind as usize] == shape)
    }

    /// What becomes of fresh arrays of int32 with this shape when they are widened.
    fn double_of(&self, shape: ShapeId) -> Option<(ShapeId, ElementsKind)> {
        let shapes = &self.session.input.array_shapes;
        let kind = ElementsKind::ALL.into_iter().find(|k| k.is_int() && shapes[*k as usize] == shape)?;
        let double = kind.widened_to_double();
        Some((shapes[double as usize], double))
    }

    /// Widens the receiver, if it is an array that is to be, and leaves the groups that are left then.
    ///
    /// Where arrays of doubles come by, those that `new Array` made are taken for such before their time. Packed ones of int32
    /// are not: they are literals, many and short of life.
    fn widen(&mut self, receiver: Val, seen: &mut Seen, storing: bool) {
        let is_double = |g: &Group| matches!(g, Group::Arrays { kind, .. } if kind.is_double());
        if seen.groups.iter().any(is_double) {
            let made = self.session.input.array_shapes[ElementsKind::HoleyInt as usize];
            for group in &mut seen.groups {
                if let Group::Arrays { shapes, kind: kind @ ElementsKind::HoleyInt } = group
                    && shapes.0.contains(&made)
                {
                    shapes.0.retain(|s| *s != made);
                    seen.widened.0.push(made);
                    if shapes.0.iter().all(|s| self.is_shape_of_fresh(*s, |kind| kind == ElementsKind::Int)) {
                        *kind = ElementsKind::Int;
                    }
                }
            }
            seen.groups.retain(|g| !matches!(g, Group::Arrays { shapes, .. } if shapes.0.is_empty()));
        }
        if seen.widened.0.is_empty() {
            return;
        }
        for shape in seen.widened.0.clone() {
            let (double, kind) = self.double_of(shape).expect("a fresh array of int32");
            add_array(&mut seen.groups, double, kind, storing);
        }
        let widened = seen.widened.0.clone();
        seen.groups
            .retain(|g| !matches!(g, Group::Arrays { shapes, .. } if shapes.0.iter().all(|s| widened.contains(s))));
        self.emit(Op::WidenToDouble { v: receiver, shapes: seen.widened.clone() });
    }

    /// Whether code may take it that prototypes of these receivers have no indexed properties.
    fn may_rely_on_element_prototypes(&self, groups: &[Group]) -> bool {
        let input = self.session.input;
        let is_plain = |s: &ShapeId| input.shapes.get(s).is_some_and(|view| view.is_plain_array);
        self.may_rely_on_prototypes()
            && groups.iter().all(|g| match g {
                Group::Arrays { shapes, .. } => input.array_prototypes.is_some() && shapes.0.iter().all(is_plain),
                // What arrays inherit from is what arguments inherit from, and more.
                Group::Arguments { .. } => input.array_prototypes.is_some(),
                Group::Strings => input.string_prototypes.is_some(),
            })
    }

    pub(super) fn rely_on_array_prototypes(&mut self) {
        if let Some(depends) = self.session.input.array_prototypes.clone() {
            self.depend(&depends);
        }
    }

    fn rely_on_string_prototypes(&mut self) {
        if let Some(depends) = self.session.input.string_prototypes.clone() {
            self.depend(&depends);
        }
    }

    /// Makes code for each group with `access`, which returns a value; what is in no group goes to `other`, if that is given,
    /// else leaves the code. The ends are joined.
    pub(super) fn dispatch_groups(
        &mut self,
        receiver: Val,
        groups: &[Group],
        mut access: impl FnMut(&mut Self, Val, &Group) -> Val,
        other: Option<&mut dyn FnMut(&mut Self) -> Val>,
    ) -> Option<Val> {
        let tested = if other.is_some() { groups } else { &groups[..groups.len() - 1] };
        let mut ends: Vec<(Block, Val)> = vec![];
        let saved = self.env.clone();
        let frame = self.frame_before();
        for group in tested {
            let (test, assumed) = match group {
                Group::Arrays { shapes, .. } => (
                    Op::HasShape { v: receiver, shapes: shapes.clone() },
                    Op::AssumeArrayShape { v: receiver, shapes: shapes.clone() },
                ),
                Group::Arguments { shape } => {
                    let shapes = Shapes::one(*shape);
                    (Op::HasShape { v: receiver, shapes: shapes.clone() }, Op::AssumeShape { v: receiver, shapes })
                }
                Group::Strings => {
                    let ty = crate::hir::types::STRING;
                    (Op::HasType { v: receiver, ty }, Op::AssumeType { v: receiver, ty })
                }
            };
            let test = self.emit(test);
            let (yes, no) = self.fork(test);
            self.block = Some(yes);
            let object = self.emit(assumed);
            let v = access(self, object, group);
            ends.extend(self.block.map(|block| (block, v)));
            self.env = saved.clone();
            self.before = Some(frame);
            self.block = Some(no);
        }
        let v = match (other, groups.last()) {
            (Some(other), _) => other(self),
            (None, Some(last)) => {
                let object = match last {
                    Group::Arrays { shapes, .. } => {
                        self.guard(Op::CheckArrayShape { v: receiver, shapes: shapes.clone() })
                    }
                    Group::Arguments { shape } => {
                        self.guard(Op::CheckShape { v: receiver, shapes: Shapes::one(*shape) })
                    }
                    Group::Strings => self.string(receiver),
                };
                access(self, object, last)
            }
            (None, None) => unreachable!("there is a group"),
        };
        if tested.is_empty() {
            return Some(v);
        }
        ends.extend(self.block.map(|block| (block, v)));
        self.env = saved;
        self.before = Some(frame);
        self.join(&ends)
    }

    /// A key as an index, at a site that has seen indices held as doubles or not.
    fn element_index(&mut self, key: Val, fb: u16) -> Val {
        let doubles =
            matches!(self.view.site(fb), Some(Site::Element { flags, .. }) if flags & element::DOUBLE_KEY != 0);
        if !doubles || self.ty(key).is(INT32) {
            return self.index(key);
        }
        let v = self.check_number(key);
        self.guard(Op::CheckDoubleToInt32 { v })
    }

    // ---- Loads ---------------------------------------------------------------------------------------------------

    pub(super) fn get_elem(&mut self, dst: Reg, object: Reg, key: Reg, fb: u16) {
        let (receiver, key) = (self.get(object), self.get(key));
        let mut seen = match self.plan(fb, false) {
            Plan::Nothing => return self.deopt(DeoptReason::NoFeedbackKeyedAccess),
            Plan::Runtime => {
                self.runtime(RuntimeFn::GetKeyed, &[receiver, key], Some(dst));
                return;
            }
            Plan::Typed { shapes, element } => {
                let object = self.guard(Op::CheckShape { v: receiver, shapes });
                let index = self.element_index(key, fb);
                let v = self.load_typed(object, index, element);
                self.set(dst, v);
                return;
            }
            Plan::Code(seen) => seen,
        };
        self.widen(receiver, &mut seen, false);
        let beyond = seen.out_of_bounds || seen.holes;
        let mut generic = |this: &mut Self| this.runtime(RuntimeFn::GetKeyed, &[receiver, key], Some(dst));
        let other: Option<&mut dyn FnMut(&mut Self) -> Val> = if seen.others { Some(&mut generic) } else { None };
        let key = if seen.others { key } else { self.element_index(key, fb) };
        let v = self.dispatch_groups(
            receiver,
            &seen.groups,
            |this, object, group| match group {
                Group::Arrays { .. } | Group::Arguments { .. } => {
                    let kind = group.elements_kind();
                    let index = this.element_index(key, fb);
                    if beyond {
                        this.rely_on_array_prototypes();
                        this.load_element_or_undefined(object, index, kind)
                    } else {
                        this.load_element(object, index, kind)
                    }
                }
                Group::Strings => {
                    let index = this.element_index(key, fb);
                    this.character_at(object, index, beyond)
                }
            },
            other,
        );
        if let Some(v) = v {
            self.set(dst, v);
        }
    }

    /// An element of an array whose shape has been checked, at an index that has not.
    pub(super) fn load_element(&mut self, array: Val, index: Val, kind: ElementsKind) -> Val {
        let (elements, length) = self.elements_to_read(array, kind);
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

    /// The elements of an array, and how many may be read.
    pub(super) fn elements_to_read(&mut self, array: Val, kind: ElementsKind) -> (Val, Val) {
        if kind.is_holey() {
            // Past the length there are holes, and the length may be past the capacity.
            let elements = self.emit(Op::LoadElements { object: array });
            (elements, self.emit(Op::LoadCapacity { elements }))
        } else {
            let length = self.emit(Op::LoadLength { array });
            (self.emit(Op::LoadElements { object: array }), length)
        }
    }

    /// The same, with `undefined` for holes and for what is past the end.
    pub(super) fn load_element_or_undefined(&mut self, array: Val, index: Val, kind: ElementsKind) -> Val {
        let (elements, length) = self.elements_to_read(array, kind);
        let ty = element_type(kind);
        let double = kind.is_double();
        self.within_or_undefined(index, length, |this| {
            this.emit(match kind {
                ElementsKind::Int => Op::LoadElementInt32 { elements, index },
                ElementsKind::Double => Op::LoadElementDouble { elements, index },
                ElementsKind::Any => Op::LoadElement { elements, index },
                ElementsKind::HoleyInt | ElementsKind::HoleyAny | ElementsKind::HoleyDouble => {
                    Op::LoadElementOrUndefined { elements, index, double, ty }
                }
            })
        })
    }

    /// The string of the code unit at an index that has not been checked.
    fn character_at(&mut self, s: Val, index: Val, beyond: bool) -> Val {
        let length = self.emit(Op::StringLength { s });
        if beyond {
            self.rely_on_string_prototypes();
            return self.within_or_undefined(index, length, |this| this.emit(Op::StringCharAt { s, index }));
        }
        let index = self.guard(Op::CheckBounds { index, length });
        self.emit(Op::StringCharAt { s, index })
    }

    /// What `inside` gives if the index is less than the length, else `undefined`.
    fn within_or_undefined(&mut self, index: Val, length: Val, inside: impl FnOnce(&mut Self) -> Val) -> Val {
        let is_inside = self.emit(Op::IndexInBounds { index, length });
        let (yes, no) = self.fork(is_inside);
        let (saved, frame) = (self.env.clone(), self.frame_before());
        self.block = Some(no);
        // A negative index is a name.
        let most = self.int(i32::MAX);
        self.guard(Op::CheckBounds { index, length: most });
        let undefined = self.constant(Const::Undefined);
        let outside = self.block;
        self.env = saved;
        self.before = Some(frame);
        self.block = Some(yes);
        let v = inside(self);
        let ends: SmallVec<[(Block, Val); 2]> =
            [self.block.map(|b| (b, v)), outside.map(|b| (b, undefined))].into_iter().flatten().collect();
        self.join(&ends).unwrap_or(v)
    }

    // ---- Stores --------------------------------------------------------------------------------------------------

    pub(super) fn set_elem(&mut self, object: Reg, key: Reg, src: Reg, fb: u16) {
        let (receiver, key, value) = (self.get(object), self.get(key), self.get(src));
        let mut seen = match self.plan(fb, true) {
            Plan::Nothing => return self.deopt(DeoptReason::NoFeedbackKeyedAccess),
            Plan::Typed { shapes, element } => {
                let object = self.guard(Op::CheckShape { v: receiver, shapes });
                let index = self.element_index(key, fb);
                return self.store_typed(object, index, value, element);
            }
            Plan::Runtime => {
                self.runtime(RuntimeFn::SetKeyed, &[receiver, key, value], None);
                return;
            }
            Plan::Code(seen) => seen,
        };
        self.widen(receiver, &mut seen, true);
        // The stored value stands for the result, so that the ends can be joined like those of loads.
        let mut generic = |this: &mut Self| {
            this.runtime(RuntimeFn::SetKeyed, &[receiver, key, value], None);
            value
        };
        let other: Option<&mut dyn FnMut(&mut Self) -> Val> = if seen.others { Some(&mut generic) } else { None };
        let key = if seen.others { key } else { self.element_index(key, fb) };
        self.dispatch_groups(
            receiver,
            &seen.groups,
            |this, array, group| {
                let Group::Arrays { kind, .. } = group else { unreachable!("strings take no stores") };
                let index = this.element_index(key, fb);
                let fitting = this.fitting(value, *kind);
                if seen.appends || seen.out_of_bounds {
                    this.store_or_append(array, index, fitting, *kind, (receiver, key, seen.out_of_bounds));
                } else {
                    this.store_element(array, index, fitting, *kind);
                }
                value
            },
            other,
        );
    }

    /// The value as an array of this kind takes it, after a check if need be.
    pub(super) fn fitting(&mut self, value: Val, kind: ElementsKind) -> Val {
        match kind {
            ElementsKind::Int | ElementsKind::HoleyInt => self.guard(Op::CheckInt32 { v: value }),
            ElementsKind::Double | ElementsKind::HoleyDouble => self.check_number(value),
            ElementsKind::Any | ElementsKind::HoleyAny => value,
        }
    }

    fn store_element(&mut self, array: Val, index: Val, value: Val, kind: ElementsKind) {
        let (elements, length) = self.elements_to_write(array, kind);
        let index = self.guard(Op::CheckBounds { index, length });
        self.store_within(elements, index, value, kind, false);
    }

    /// The elements of an array, and how many may be written without moving its end.
    fn elements_to_write(&mut self, array: Val, kind: ElementsKind) -> (Val, Val) {
        if !kind.is_holey() {
            let length = self.emit(Op::LoadLength { array });
            return (self.emit(Op::LoadElements { object: array }), length);
        }
        // A hole is written like an element, if nothing in the prototypes has a say.
        self.rely_on_array_prototypes();
        let a = self.guard(Op::LoadLengthHoley { array });
        let elements = self.emit(Op::LoadElements { object: array });
        let b = self.emit(Op::LoadCapacity { elements });
        (elements, self.emit(Op::Int32Min { a, b }))
    }

    /// Writes one of the elements that there is room for. `fresh`: there may be a hole although the kind is packed.
    pub(super) fn store_within(&mut self, elements: Val, index: Val, value: Val, kind: ElementsKind, fresh: bool) {
        let barrier = self.may_be_cell(value);
        let op = match kind {
            ElementsKind::Int => Op::StoreElementInt32 { elements, index, value, fresh },
            ElementsKind::HoleyInt => Op::StoreElementInt32 { elements, index, value, fresh: true },
            ElementsKind::Double | ElementsKind::HoleyDouble => Op::StoreElementDouble { elements, index, value },
            ElementsKind::Any | ElementsKind::HoleyAny => Op::StoreElement { elements, index, value, barrier },
        };
        self.emit(op);
    }

    /// Stores within the array or at its end; beyond, leaves the code or, if the site has seen that, asks the runtime.
    fn store_or_append(
        &mut self,
        array: Val,
        index: Val,
        value: Val,
        kind: ElementsKind,
        (receiver, key, beyond): (Val, Val, bool),
    ) {
        self.rely_on_array_prototypes();
        let (elements, length) = self.elements_to_write(array, kind);
        let inside = self.emit(Op::IndexInBounds { index, length });
        let (yes, no) = self.fork(inside);
        let (saved, frame) = (self.env.clone(), self.frame_before());
        self.block = Some(no);
        if beyond {
            self.runtime(RuntimeFn::SetKeyed, &[receiver, key, value], None);
        } else {
            let length = self.emit(Op::LoadLength { array });
            let past = self.emit(Op::Int32Sub { a: index, b: length });
            let one = self.int(1);
            self.guard(Op::CheckBounds { index: past, length: one });
            self.append_to(array, value, kind, None);
        }
        let outside = self.block;
        self.env = saved;
        self.before = Some(frame);
        self.block = Some(yes);
        self.store_within(elements, index, value, kind, false);
        let ends: SmallVec<[(Block, Val); 2]> =
            [self.block, outside].into_iter().flatten().map(|block| (block, value)).collect();
        self.join(&ends);
    }

    /// Appends a value that fits to an array of this kind. Gives the new length.
    pub(super) fn append_to(&mut self, array: Val, value: Val, kind: ElementsKind, dst: Option<Reg>) -> Val {
        let op = if kind.is_double() { Op::ArrayPushDouble { array, value } } else { Op::ArrayPush { array, value } };
        self.call_op(op, dst)
    }

    // ---- push and pop --------------------------------------------------------------------------------------------

    /// The shapes of arrays that a value's check has found it to be among.
    pub(super) fn shapes_of(&self, array: Val) -> Option<&Shapes> {
        let mut v = array;
        loop {
            match self.session.graph.op(v) {
                Op::CheckArrayShape { shapes, .. } | Op::AssumeArrayShape { shapes, .. } => return Some(shapes),
                other => v = other.refined()?,
            }
        }
    }

    /// The groups of arrays that a value's check has found it to be among, if all of them are plain.
    pub(super) fn groups_of(&self, array: Val) -> Option<SmallVec<[Group; 3]>> {
        let shapes = self.shapes_of(array)?;
        let mut groups = SmallVec::new();
        for shape in &shapes.0 {
            let view = self.session.input.shapes.get(shape)?;
            add_array(&mut groups, *shape, view.elements, true);
        }
        self.may_rely_on_element_prototypes(&groups).then_some(groups)
    }

    /// `array.push(value)` of an array whose shape is known.
    pub(super) fn array_push(&mut self, callee: Val, array: Val, value: Val, dst: Reg) -> Option<Val> {
        let checks = [DeoptReason::WrongElementsKind, DeoptReason::NotNumber];
        let mut groups = self.groups_of(array).filter(|_| self.may_all(&checks))?;
        self.rely_on_array_prototypes();
        let (is_int, is_number) = (self.ty(value).is(INT32), self.ty(value).is(NUMBER));
        // Arrays of doubles among others: a value that may be no number is left to the runtime.
        let several = groups.len() > 1;
        let before = groups.len();
        groups.retain(|g| !several || is_number || matches!(g, Group::Arrays { kind, .. } if !kind.is_double()));
        if groups.is_empty() {
            return None;
        }
        let mut generic = |this: &mut Self| {
            let args = crate::hir::field::Args::from([value]);
            this.call_op(Op::Call { callee, this: array, args }, Some(dst))
        };
        let others = groups.len() < before;
        let other: Option<&mut dyn FnMut(&mut Self) -> Val> = if others { Some(&mut generic) } else { None };
        self.dispatch_groups(
            array,
            &groups,
            |this, array, group| {
                let Group::Arrays { kind, .. } = group else { unreachable!("only arrays are pushed to") };
                match kind {
                    // An empty array is one of int32 until something else is put in.
                    ElementsKind::Int | ElementsKind::HoleyInt if !is_int => {
                        this.call_op(Op::ArrayPushWidening { array, value }, Some(dst))
                    }
                    ElementsKind::Int | ElementsKind::HoleyInt | ElementsKind::Any | ElementsKind::HoleyAny => {
                        this.append_to(array, value, *kind, Some(dst))
                    }
                    ElementsKind::Double | ElementsKind::HoleyDouble => {
                        let value = this.check_number(value);
                        this.append_to(array, value, *kind, Some(dst))
                    }
                }
            },
            other,
        )
    }

    /// `array.pop()` of an array whose shape is known.
    pub(super) fn array_pop(&mut self, array: Val) -> Option<Val> {
        let groups = self.groups_of(array).filter(|_| self.may(DeoptReason::WrongElementsKind))?;
        if groups.iter().any(|g| matches!(g, Group::Arrays { kind, .. } if kind.is_holey())) {
            return None;
        }
        self.dispatch_groups(
            array,
            &groups,
            |this, array, group| {
                let Group::Arrays { kind, .. } = group else { unreachable!("only arrays are popped") };
                this.emit(Op::ArrayPop { array, double: kind.is_double(), ty: element_type(*kind) })
            },
            None,
        )
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

    /// What an iteration has seen, if it was arrays only: all of their shapes, and the groups.
    fn iterated(&self, fb: u16) -> Result<(Shapes, Seen), NotArrays> {
        let seen = match self.plan(fb, false) {
            Plan::Code(seen) => seen,
            Plan::Nothing => return Err(NotArrays::Nothing),
            Plan::Typed { .. } | Plan::Runtime => return Err(NotArrays::Other),
        };
        let mut all = Shapes::default();
        for group in &seen.groups {
            match group {
                Group::Arrays { shapes, .. } => all.0.extend_from_slice(&shapes.0),
                Group::Arguments { .. } | Group::Strings => return Err(NotArrays::Other),
            }
        }
        if seen.others || !self.iterates_natively(&all) { Err(NotArrays::Other) } else { Ok((all, seen)) }
    }

    fn iterates_natively(&self, shapes: &Shapes) -> bool {
        let view = |s: &ShapeId| self.session.input.shapes.get(s).is_some_and(|view| view.iterates_natively);
        shapes.0.iter().all(view)
    }

    /// What an iteration has seen, if it was typed arrays of one type only.
    fn iterated_typed(&self, fb: u16) -> Option<(Shapes, ElementType)> {
        match self.plan(fb, false) {
            Plan::Typed { shapes, element } if self.iterates_natively(&shapes) => Some((shapes, element)),
            Plan::Nothing | Plan::Code(_) | Plan::Typed { .. } | Plan::Runtime => None,
        }
    }

    pub(super) fn iter_init(&mut self, iter: Reg, src: Reg, fb: u16) {
        let v = self.get(src);
        if let Some((shapes, _)) = self.iterated_typed(fb) {
            let array = self.guard(Op::CheckShape { v, shapes });
            let (zero, mode) = (self.int(0), self.int(TYPED_ARRAY_MODE));
            self.set(iter, array);
            self.set(Reg(iter.0 + 1), zero);
            self.set(Reg(iter.0 + 2), mode);
            return;
        }
        match self.iterated(fb) {
            Ok((shapes, _)) => {
                let array = self.guard(Op::CheckArrayShape { v, shapes });
                let (zero, none) = (self.int(0), self.constant(Const::Undefined));
                self.set(iter, array);
                self.set(Reg(iter.0 + 1), zero);
                self.set(Reg(iter.0 + 2), none);
            }
            Err(NotArrays::Nothing) => self.deopt(DeoptReason::NoFeedbackIterate),
            Err(NotArrays::Other) => {
                let resume = Resume::After { result: NO_REGISTER };
                let text = self.text();
                self.runtime_leaving(RuntimeFn::IterInit, 0, &[v, text], resume, iter.0..iter.0 + 3);
            }
        }
    }

    /// Whether the iteration in these registers, a step of which is at this offset, is of arrays only.
    pub(super) fn iterates_arrays(&self, iter: Reg, offset: u32) -> bool {
        self.begun_at(iter, offset).is_some_and(|fb| self.iterated(fb).is_ok() || self.iterated_typed(fb).is_some())
    }

    /// The site at which the iteration began that is in these registers: the lower tiers learn there, not at each step.
    fn begun_at(&self, iter: Reg, offset: u32) -> Option<u16> {
        let before = self.view.function.instructions_in(0..offset);
        let begins = before.filter_map(|(_, insn)| match insn {
            Insn::IterInit { iter: registers, fb, .. } if registers == iter => Some(fb),
            _any_other => None,
        });
        begins.last()
    }

    pub(super) fn iter_next(&mut self, dst: Reg, iter: Reg, exit: i32, fb: u16) {
        let begun = self.begun_at(iter, self.offset).unwrap_or(fb);
        if let Some((shapes, element)) = self.iterated_typed(begun) {
            return self.next_typed(dst, iter, exit, shapes, element);
        }
        let (shapes, seen) = match self.iterated(begun) {
            Ok(found) => found,
            Err(NotArrays::Nothing) => return self.deopt(DeoptReason::NoFeedbackIterate),
            Err(NotArrays::Other) => {
                return self.next(RuntimeFn::IterNext, dst, iter, self.destination(exit), 0..3);
            }
        };
        let (v, index) = (self.get(iter), self.get(Reg(iter.0 + 1)));
        let holey = self.any_holey(&shapes.0);
        let holes = holey && self.may_rely_on_element_prototypes(&seen.groups);
        let array = self.guard(Op::CheckArrayShape { v, shapes });
        let index = if self.ty(index).is(INT32) { index } else { self.guard(Op::CheckInt32 { v: index }) };
        let length =
            if holey { self.guard(Op::LoadLengthHoley { array }) } else { self.emit(Op::LoadLength { array }) };
        let more = self.emit(Op::Int32Compare { a: index, b: length, cond: Cond::Lt });
        let body = self.fresh_block();
        self.branch_to(more, body, self.destination(exit));
        if holes {
            self.rely_on_array_prototypes();
        }
        let element = self.dispatch_groups(
            array,
            &seen.groups,
            |this, array, group| {
                let Group::Arrays { kind, .. } = group else { unreachable!("only arrays are iterated") };
                if holes {
                    this.load_element_or_undefined(array, index, *kind)
                } else {
                    this.load_element(array, index, *kind)
                }
            },
            None,
        );
        let Some(element) = element else { return };
        let one = self.int(1);
        // Less than the length, so one more is an int32; range analysis finds out.
        let next = self.guard(Op::Int32AddChecked { a: index, b: one });
        self.set(dst, element);
        self.set(Reg(iter.0 + 1), next);
    }

    /// The next step of a loop over a typed array, whose length never changes.
    fn next_typed(&mut self, dst: Reg, iter: Reg, exit: i32, shapes: Shapes, element: ElementType) {
        let (v, index) = (self.get(iter), self.get(Reg(iter.0 + 1)));
        let object = self.guard(Op::CheckShape { v, shapes });
        let index = self.index(index);
        let length = self.emit(Op::LoadTypedLength { object });
        let more = self.emit(Op::Int32Compare { a: index, b: length, cond: Cond::Lt });
        let body = self.fresh_block();
        self.branch_to(more, body, self.destination(exit));
        let value = self.load_typed(object, index, element);
        let one = self.int(1);
        let next = self.guard(Op::Int32AddChecked { a: index, b: one });
        self.set(dst, value);
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

/// Adds an array's shape to the group that serves its kind.
fn add_array(groups: &mut SmallVec<[Group; 3]>, shape: ShapeId, elements: ElementsKind, storing: bool) {
    for group in groups.iter_mut() {
        if let Group::Arrays { shapes, kind } = group
            && class(*kind, storing) == class(elements, storing)
        {
            if !shapes.0.contains(&shape) {
                shapes.0.push(shape);
            }
            *kind = kind.join(elements);
            return;
        }
    }
    groups.push(Group::Arrays { shapes: Shapes::one(shape), kind: elements });
}
