//! Named properties: an inline cache's entries become shape checks and slot accesses.
//!
//! Entries that do the same (a slot at the same place) are one case with several shapes. One case is a guard and the access;
//! several are a chain of tests, of which the last is a guard. A property of a prototype is a constant for as long as the
//! prototypes on the way keep still, which is a dependency of the code, not a check.

use super::activation::Activation;
use crate::bytecode::ops::Reg;
use crate::feedback::summary::{Callee, Dependencies, PropertyAccess, PropertyCase, Site, Target};
use crate::hir::field::{Block, Const, Shapes, Slot, Val};
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::{ANY, BOOL, FUNCTION, NUMBER, OBJECTS, STRING, Type};
use crate::runtime::cell::{CellKind, offset};
use crate::runtime::shape::{BOOLEAN_SHAPE, NUMBER_SHAPE};
use crate::runtime::value::Value;
use crate::vocab::{DeoptReason, FunctionId, ShapeId};

/// What receivers have in common for which a case is made.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Receiver {
    Number,
    Bool,
    String,
    /// An array, so that its type is known as well.
    Array(Shapes),
    Object(Shapes),
}

/// A group of inline-cache entries that do the same.
#[derive(Clone, Debug)]
struct Case {
    receiver: Receiver,
    access: PropertyAccess,
}

/// Which slot a byte offset is.
fn slot_at(inline: bool, at: u16) -> Slot {
    if inline { Slot::Inline((at - offset::INLINE as u16) / 8) } else { Slot::Outline((at - offset::DATA as u16) / 8) }
}

/// A getter or setter that is a closure which is known.
fn accessor(callee: Option<&Callee>) -> Option<(&Callee, FunctionId)> {
    match callee {
        Some(c @ Callee { target: Target::Function(function), .. }) if c.cell != 0 => Some((c, *function)),
        Some(_) | None => None,
    }
}

fn receiver_of(case: &PropertyCase) -> Option<Receiver> {
    Some(match case.kind {
        Some(CellKind::String) => Receiver::String,
        Some(CellKind::Array) => Receiver::Array(Shapes::one(case.shape)),
        Some(kind) if kind.is_object() => Receiver::Object(Shapes::one(case.shape)),
        Some(_symbol) => return None,
        None if case.shape.as_u32() == NUMBER_SHAPE => Receiver::Number,
        None if case.shape.as_u32() == BOOLEAN_SHAPE => Receiver::Bool,
        None => return None,
    })
}

/// Whether two accesses are the same code.
fn same_access(a: &PropertyAccess, b: &PropertyAccess) -> bool {
    match (a, b) {
        (PropertyAccess::Own { inline: i, offset: x }, PropertyAccess::Own { inline: j, offset: y }) => {
            i == j && x == y
        }
        (
            PropertyAccess::Prototype { value: v, steady: true, .. },
            PropertyAccess::Prototype { value: w, steady: true, .. },
        ) => v == w,
        (
            PropertyAccess::Prototype { holder: v, steady: false, .. },
            PropertyAccess::Prototype { holder: w, steady: false, .. },
        ) => v == w,
        (PropertyAccess::ArrayLength, PropertyAccess::ArrayLength) => true,
        (PropertyAccess::StringLength, PropertyAccess::StringLength) => true,
        (PropertyAccess::TypedLength { .. }, PropertyAccess::TypedLength { .. }) => true,
        (PropertyAccess::Absent { .. }, PropertyAccess::Absent { .. }) => true,
        _different => false,
    }
}

fn dependencies(access: &PropertyAccess) -> Option<&Dependencies> {
    match access {
        PropertyAccess::Prototype { depends, .. }
        | PropertyAccess::Accessor { depends, .. }
        | PropertyAccess::Absent { depends }
        | PropertyAccess::TypedLength { depends }
        | PropertyAccess::Add { depends, .. } => Some(depends),
        PropertyAccess::Own { .. } | PropertyAccess::ArrayLength | PropertyAccess::StringLength => None,
    }
}

/// Makes one access stand for a twin of it too: what is the same code may rest on other prototypes.
fn rely_also(access: &mut PropertyAccess, twin: &PropertyAccess) {
    let (PropertyAccess::Prototype { depends, .. }
    | PropertyAccess::Accessor { depends, .. }
    | PropertyAccess::Absent { depends }
    | PropertyAccess::TypedLength { depends }
    | PropertyAccess::Add { depends, .. }) = access
    else {
        return;
    };
    for more in dependencies(twin).into_iter().flatten() {
        if !depends.contains(more) {
            depends.push(*more);
        }
    }
}

impl Activation<'_, '_> {
    /// A property's name as a value.
    pub(super) fn key(&mut self, name: u16) -> Val {
        let value = self.pool(name);
        self.constant(value)
    }

    /// What a property site has seen; `None` and the end of the code, if nothing.
    fn cases(&mut self, fb: u16) -> Option<Vec<Case>> {
        let view = self.view.clone();
        let (cases, megamorphic) = match view.site(fb) {
            Some(Site::Property { cases, megamorphic, executed: true }) => (cases, *megamorphic),
            _never_executed if self.may(DeoptReason::NoFeedbackNamedAccess) => {
                self.deopt(DeoptReason::NoFeedbackNamedAccess);
                return None;
            }
            _never_executed => return Some(vec![]),
        };
        let checks = [
            DeoptReason::WrongShape,
            DeoptReason::NotString,
            DeoptReason::NotNumber,
            DeoptReason::NotBoolean,
            DeoptReason::WrongElementsKind,
        ];
        if megamorphic || !self.may_all(&checks) {
            return Some(vec![]);
        }
        let mut grouped: Vec<Case> = vec![];
        for case in cases {
            let Some(receiver) = receiver_of(case) else { return Some(vec![]) };
            if dependencies(&case.access).is_some() && !self.may_rely_on_prototypes() {
                return Some(vec![]);
            }
            let twin = grouped.iter_mut().find(|c| same_access(&c.access, &case.access));
            match (twin, receiver) {
                (Some(Case { receiver: Receiver::Object(shapes), access }), Receiver::Object(more))
                | (Some(Case { receiver: Receiver::Array(shapes), access }), Receiver::Array(more)) => {
                    shapes.0.extend(more.0);
                    rely_also(access, &case.access);
                }
                (_, receiver) => grouped.push(Case { receiver, access: case.access.clone() }),
            }
        }
        Some(grouped)
    }

    /// Whether the code may take prototypes for unchanging here.
    pub(super) fn may_rely_on_prototypes(&self) -> bool {
        self.may_all(&[DeoptReason::PrototypeChanged, DeoptReason::MethodRedefined, DeoptReason::BuiltinRedefined])
    }

    /// Guards that the receiver is what the case is for. An object that is watched, and known, needs no guard.
    fn check_receiver(&mut self, v: Val, case: &Case) -> Val {
        if let PropertyAccess::Prototype { holder, .. } = case.access
            && matches!(self.is_constant(v), Some(Const::Cell { address, .. }) if address == holder)
        {
            return v;
        }
        match &case.receiver {
            Receiver::Number => self.check_number(v),
            Receiver::Bool => self.guard(Op::CheckBool { v }),
            Receiver::String => self.string(v),
            Receiver::Array(shapes) => self.guard(Op::CheckArrayShape { v, shapes: shapes.clone() }),
            Receiver::Object(shapes) => {
                let v = self.guard(Op::CheckShape { v, shapes: shapes.clone() });
                if !self.are_functions(shapes) || self.ty(v).is(FUNCTION) {
                    return v;
                }
                let function = self.emit(Op::AssumeType { v, ty: FUNCTION });
                self.refine(v, function);
                function
            }
        }
    }

    /// Whether all objects of these shapes are functions.
    fn are_functions(&self, shapes: &Shapes) -> bool {
        let known = &self.session.input.shapes;
        shapes.0.iter().all(|s| {
            let kind = known.get(s).map(|view| view.kind);
            matches!(kind, Some(CellKind::Function | CellKind::NativeFunction | CellKind::BoundFunction))
        })
    }

    /// Tests whether the receiver is what the case is for.
    fn test_receiver(&mut self, v: Val, receiver: &Receiver) -> Val {
        let test = |ty: Type| Op::HasType { v, ty };
        let op = match receiver {
            Receiver::Number => test(NUMBER),
            Receiver::Bool => test(BOOL),
            Receiver::String => test(STRING),
            Receiver::Array(shapes) | Receiver::Object(shapes) => Op::HasShape { v, shapes: shapes.clone() },
        };
        self.emit(op)
    }

    /// Says in a branch that the test has led to what it has found.
    fn assume_receiver(&mut self, v: Val, receiver: &Receiver) -> Val {
        let op = match receiver {
            Receiver::Number => Op::AssumeType { v, ty: NUMBER },
            Receiver::Bool => Op::AssumeType { v, ty: BOOL },
            Receiver::String => Op::AssumeType { v, ty: STRING },
            Receiver::Array(shapes) | Receiver::Object(shapes) => Op::AssumeShape { v, shapes: shapes.clone() },
        };
        self.emit(op)
    }

    /// Makes code for each case with `access`, which returns the result; the ends are joined.
    fn dispatch(
        &mut self,
        receiver: Val,
        cases: &[Case],
        mut access: impl FnMut(&mut Self, Val, &Case) -> Option<Val>,
    ) -> Option<Val> {
        let Some((last, tested)) = cases.split_last() else { unreachable!("there is a case") };
        for case in cases {
            if let Some(depends) = dependencies(&case.access) {
                let depends = depends.clone();
                self.depend(&depends);
            }
        }
        if tested.is_empty() {
            let object = self.check_receiver(receiver, last);
            return access(self, object, last);
        }
        let mut ends: Vec<(Block, Val)> = vec![];
        let saved = self.env.clone();
        let frame = self.frame_before();
        for case in tested {
            let test = self.test_receiver(receiver, &case.receiver);
            let (yes, no) = self.fork(test);
            self.block = Some(yes);
            let object = self.assume_receiver(receiver, &case.receiver);
            let v = access(self, object, case);
            ends.extend(self.block.zip(v));
            self.env = saved.clone();
            self.before = Some(frame);
            self.block = Some(no);
        }
        let object = self.check_receiver(receiver, last);
        let v = access(self, object, last);
        ends.extend(self.block.zip(v));
        self.env = saved;
        self.before = Some(frame);
        self.join(&ends)
    }

    // ---- Loads ---------------------------------------------------------------------------------------------------

    pub(super) fn get_prop(&mut self, dst: Reg, object: Reg, name: u16, fb: u16) {
        let receiver = self.get(object);
        let Some(cases) = self.cases(fb) else { return };
        let loads = |c: &Case| match &c.access {
            PropertyAccess::Add { .. } => false,
            PropertyAccess::Accessor { callee, .. } => accessor(callee.as_ref()).is_some(),
            PropertyAccess::Own { .. }
            | PropertyAccess::Prototype { .. }
            | PropertyAccess::ArrayLength
            | PropertyAccess::StringLength
            | PropertyAccess::TypedLength { .. }
            | PropertyAccess::Absent { .. } => true,
        };
        if cases.is_empty()
            && let Some(v) = self.member_of_fresh_object(receiver, name)
        {
            return self.set(dst, v);
        }
        if cases.is_empty() || !cases.iter().all(loads) {
            let key = self.key(name);
            self.runtime(RuntimeFn::GetNamed, &[receiver, key], Some(dst));
            return;
        }
        if let Some(v) = self.dispatch(receiver, &cases, |this, object, case| this.load_case(object, case, dst)) {
            self.set(dst, v);
        }
    }

    /// What an object that this compile has just made inherits under a name.
    fn member_of_fresh_object(&mut self, receiver: Val, name: u16) -> Option<Val> {
        let root = self.session.graph.root(receiver);
        let Op::NewObject { shape, .. } = *self.session.graph.op(root) else { return None };
        let Const::Cell { address: key, .. } = self.pool(name) else { return None };
        let member = self.session.input.inherited.get(&(shape, key))?;
        if self.session.grown.contains(&root) || !self.may(DeoptReason::WrongShape) || !self.may_rely_on_prototypes() {
            return None;
        }
        self.depend(&member.depends);
        self.guard(Op::CheckShape { v: receiver, shapes: Shapes::one(shape) });
        Some(self.known_function(member.value, member.callee.as_ref()))
    }

    /// A property's value as a constant.
    pub(super) fn known_function(&mut self, value: Value, callee: Option<&Callee>) -> Val {
        if let Some(Callee { target: Target::Native(id), .. }) = callee {
            self.session.natives.insert(value.0, *id);
        }
        let ty = if callee.is_some() { FUNCTION } else { self.type_of_constant(value) };
        self.cell(value, ty)
    }

    /// What a watched object has, which is a [`PropertyAccess::Prototype`]: a constant, or in a slot that is known.
    fn load_watched(&mut self, access: &PropertyAccess) -> Val {
        let PropertyAccess::Prototype { holder, inline, offset, value, steady, callee, .. } = access else {
            unreachable!("only watched objects are asked")
        };
        if *steady {
            return self.known_function(*value, callee.as_ref());
        }
        let object = self.cell(Value(*holder), OBJECTS);
        self.emit(Op::LoadSlot { object, slot: slot_at(*inline, *offset) })
    }

    /// `None`: a getter that does not return.
    fn load_case(&mut self, object: Val, case: &Case, dst: Reg) -> Option<Val> {
        Some(match &case.access {
            PropertyAccess::Accessor { callee, .. } => {
                let (callee, function) = accessor(callee.as_ref()).expect("only known getters are called");
                return self.call_accessor(callee, function, object, vec![], Some(dst));
            }
            PropertyAccess::Own { inline, offset } => {
                self.emit(Op::LoadSlot { object, slot: slot_at(*inline, *offset) })
            }
            PropertyAccess::Prototype { .. } => self.load_watched(&case.access),
            PropertyAccess::ArrayLength => self.array_length(object, case),
            PropertyAccess::StringLength => self.emit(Op::StringLength { s: object }),
            PropertyAccess::TypedLength { .. } => self.emit(Op::LoadTypedLength { object }),
            PropertyAccess::Absent { .. } => self.constant(Const::Undefined),
            PropertyAccess::Add { .. } => unreachable!("loads add nothing"),
        })
    }

    /// The type of a constant cell of unknown kind: as wide as it has to be.
    fn type_of_constant(&self, v: Value) -> Type {
        let input = self.session.input;
        if input.closures.contains_key(&v.0) {
            FUNCTION
        } else if input.objects.contains(&v.0) {
            OBJECTS
        } else {
            ANY
        }
    }

    fn array_length(&mut self, array: Val, case: &Case) -> Val {
        let Receiver::Array(shapes) = &case.receiver else { unreachable!("only arrays have an array's length") };
        if self.any_holey(&shapes.0) {
            self.guard(Op::LoadLengthHoley { array })
        } else {
            self.emit(Op::LoadLength { array })
        }
    }

    /// Whether arrays of one of these shapes may have holes.
    pub(super) fn any_holey(&self, shapes: &[ShapeId]) -> bool {
        shapes.iter().any(|s| self.session.input.shapes.get(s).is_none_or(|view| view.elements.is_holey()))
    }

    // ---- Stores --------------------------------------------------------------------------------------------------

    pub(super) fn set_prop(&mut self, object: Reg, name: u16, src: Reg, fb: u16, generic: RuntimeFn) {
        let (receiver, value) = (self.get(object), self.get(src));
        let Some(cases) = self.cases(fb) else { return };
        let defining = generic == RuntimeFn::DefineField;
        let simple = |c: &Case| {
            matches!(c.receiver, Receiver::Object(_))
                && match &c.access {
                    PropertyAccess::Own { .. } | PropertyAccess::Add { inline: true, .. } => true,
                    PropertyAccess::Accessor { callee, .. } => !defining && accessor(callee.as_ref()).is_some(),
                    PropertyAccess::Add { .. }
                    | PropertyAccess::Prototype { .. }
                    | PropertyAccess::ArrayLength
                    | PropertyAccess::StringLength
                    | PropertyAccess::TypedLength { .. }
                    | PropertyAccess::Absent { .. } => false,
                }
        };
        if cases.is_empty() || !cases.iter().all(simple) {
            let key = self.key(name);
            self.session.grown.insert(self.session.graph.root(receiver));
            self.runtime(generic, &[receiver, key, value], None);
            return;
        }
        // The stored value stands for the result, so that the ends can be joined like those of loads.
        self.dispatch(receiver, &cases, |this, object, case| {
            if let PropertyAccess::Accessor { callee, .. } = &case.access {
                let (callee, function) = accessor(callee.as_ref()).expect("only known setters are called");
                return this.call_accessor(callee, function, object, vec![value], None).map(|_| value);
            }
            this.store_case(object, value, case);
            Some(value)
        });
    }

    fn store_case(&mut self, object: Val, value: Val, case: &Case) {
        let barrier = self.may_be_cell(value);
        match &case.access {
            PropertyAccess::Own { inline, offset } => {
                self.emit(Op::StoreSlot { object, value, slot: slot_at(*inline, *offset), barrier });
            }
            PropertyAccess::Add { inline, offset, shape, .. } => {
                self.session.grown.insert(self.session.graph.root(object));
                self.emit(Op::StoreShape { object, shape: *shape });
                self.emit(Op::StoreSlot { object, value, slot: slot_at(*inline, *offset), barrier });
            }
            PropertyAccess::Prototype { .. }
            | PropertyAccess::ArrayLength
            | PropertyAccess::StringLength
            | PropertyAccess::TypedLength { .. }
            | PropertyAccess::Accessor { .. }
            | PropertyAccess::Absent { .. } => unreachable!("these are left to the runtime"),
        }
    }

    // ---- instanceof ----------------------------------------------------------------------------------------------

    pub(super) fn instance_of(&mut self, dst: Reg, lhs: Reg, rhs: Reg) {
        let (v, class) = (self.get(lhs), self.get(rhs));
        match self.prototype_of(class) {
            Some(prototype) => self.runtime(RuntimeFn::Inherits, &[v, prototype], Some(dst)),
            None => self.runtime(RuntimeFn::InstanceOf, &[v, class], Some(dst)),
        };
    }

    /// The `prototype` of a function that is a constant, itself a constant.
    fn prototype_of(&mut self, class: Val) -> Option<Val> {
        let Const::Cell { address, .. } = self.is_constant(class)? else { return None };
        let view = *self.session.input.prototypes.get(&address)?;
        let value = Const::from_value(view.value, OBJECTS);
        if let Some((shape, inline, offset)) = view.place {
            if !self.may_all(&[DeoptReason::WrongShape, DeoptReason::WrongKey]) {
                return None;
            }
            self.guard(Op::CheckShape { v: class, shapes: Shapes::one(shape) });
            let found = self.emit(Op::LoadSlot { object: class, slot: slot_at(inline, offset) });
            self.guard(Op::CheckKey { v: found, value });
        }
        Some(self.constant(value))
    }

    // ---- Globals -------------------------------------------------------------------------------------------------

    pub(super) fn get_global(&mut self, dst: Reg, name: u16, fb: u16) {
        let view = self.view.clone();
        if let Some(Site::Property { cases, .. }) = view.site(fb)
            && let [PropertyCase { access: access @ PropertyAccess::Prototype { depends, .. }, .. }] = &cases[..]
            && self.may_rely_on_prototypes()
        {
            self.depend(depends);
            let v = self.load_watched(access);
            return self.set(dst, v);
        }
        let key = self.key(name);
        self.runtime(RuntimeFn::GetGlobal, &[key], Some(dst));
    }
}
