//! What names mean that are looked up on prototypes, whatever the object is: `super.name` in methods, and members of objects
//! that `new` has just made.
//!
//! The lookup of `super.name` starts at the prototype of the method's home object. It has one answer per home object and
//! name, which holds as long as the home object keeps its prototype and the prototypes on the way keep still. A fresh object
//! has no members of its own; so what a method call in a constructor finds depends on the constructor only, even if
//! constructors of many classes share the text in which the call stands.

use super::{CompileInput, Dependencies, Dependency, Inherited, Site, Taker, keeps};
use crate::bytecode::function::FunctionCode;
use crate::bytecode::ops::Insn;
use crate::runtime::cell::CellKind;
use crate::runtime::object::Obj;
use crate::runtime::runtime::Runtime;
use crate::runtime::shape::{Attrs, Key};
use crate::runtime::string::Str;
use crate::runtime::value::Value;
use crate::vocab::ids::{FunctionId, ShapeId};
use rustc_hash::{FxHashMap, FxHashSet};

/// Names at most that are looked up for fresh objects.
const MAX_NAMES: usize = 16;
/// Kinds of fresh objects at most that they are looked up for.
const MAX_FRESH: usize = 32;

/// The constants that a function names behind `super`.
fn names_of_super(function: &FunctionCode) -> Vec<u16> {
    let (mut loaded, mut names) = (FxHashMap::default(), vec![]);
    for (_, insn) in function.instructions() {
        if let Insn::LoadConst { dst, constant } = insn {
            loaded.insert(dst, constant);
        } else if let Insn::GetSuper { key, .. } = insn {
            names.extend(loaded.get(&key).copied());
        }
    }
    names
}

/// Whether a function asks for its class's parent, in any way.
fn says_super(function: &FunctionCode) -> bool {
    function
        .instructions()
        .any(|(_, insn)| matches!(insn, Insn::GetSuper { .. } | Insn::SuperCall { .. } | Insn::InitFields { .. }))
}

/// The constant that a lookup which begins at `first` finds. Only prototypes are watched: what else is on the way stops
/// the search.
fn find(rt: &Runtime, first: Value, key: Value, mut depends: Dependencies) -> Option<(Value, Dependencies)> {
    // Constants are atoms, which are flat.
    let text = Str::from_value(key).and_then(Str::chars_if_flat)?;
    if text.array_index().is_some() {
        return None;
    }
    let mut next = Obj::from_value(first);
    while let Some(at) = next.filter(|at| at.is_prototype() && at.kind() == CellKind::Object) {
        depends.extend(keeps(at, key));
        let shape = rt.shapes.of(at);
        if let Some(p) = shape.find(Key(key)) {
            let is_constant = !p.attrs.has(Attrs::ACCESSOR) && !rt.is_variable(at, Key(key));
            return is_constant.then(|| (at.slot(shape, p.slot), depends));
        }
        next = Obj::from_value(shape.proto);
    }
    None
}

impl Taker<'_> {
    /// The only closure that has been made a method over a function that says `super`, or 0.
    pub(super) fn sole_method(&mut self, id: FunctionId) -> u64 {
        let info = self.rt.function(id);
        let closure = info.sole_method;
        if Obj::from_value(closure).is_none() || !says_super(&info.function) {
            return 0;
        }
        self.callee(closure);
        closure.0
    }

    /// Notes what each `super.name` in a closure finds.
    pub(super) fn supers(&mut self, closure: Obj, function: FunctionId) {
        let Some(home) = Obj::from_value(closure.function_home()).filter(|home| home.is_prototype()) else { return };
        let info = self.rt.function(function);
        let constants = info.constants();
        let names = names_of_super(&info.function);
        let keys: Vec<Value> = names.into_iter().filter_map(|name| constants.get(name as usize).copied()).collect();
        for key in keys {
            let place = (home.value().0, key.0);
            let depends = Dependencies::from_slice(&[Dependency::Prototype(home.value().0)]);
            if !self.input.supers.contains_key(&place)
                && let Some(found) = find(self.rt, self.rt.shapes.of(home).proto, key, depends)
            {
                self.input.roots.push(home.value());
                let member = self.inherited(found);
                self.input.supers.insert(place, member);
            }
        }
    }

    fn inherited(&mut self, (value, depends): (Value, Dependencies)) -> Inherited {
        self.input.roots.push(value);
        Inherited { value, callee: self.callee(value), depends }
    }

    /// Notes what objects that known constructors make inherit under names that are read from objects of many shapes.
    pub(super) fn members_of_fresh_objects(&mut self) {
        let names = names_of_many(self.input);
        if names.is_empty() {
            return;
        }
        let made = self.input.closures.values().filter_map(|closure| closure.construct);
        let mut fresh: Vec<ShapeId> = made.map(|made| made.shape).collect();
        fresh.sort_unstable();
        fresh.dedup();
        for &shape in fresh.iter().take(MAX_FRESH) {
            for &key in &names {
                let view = self.rt.shapes.get(shape);
                if self.input.inherited.contains_key(&(shape, key.0)) || view.find(Key(key)).is_some() {
                    continue;
                }
                if let Some(found) = find(self.rt, view.proto, key, Dependencies::new()) {
                    let member = self.inherited(found);
                    self.input.inherited.insert((shape, key.0), member);
                }
            }
        }
    }
}

/// The names that some function of the input reads from objects of more shapes than feedback keeps apart.
fn names_of_many(input: &CompileInput) -> Vec<Value> {
    let (mut names, mut seen) = (vec![], FxHashSet::default());
    let mut ids: Vec<FunctionId> = input.functions.keys().copied().collect();
    ids.sort_unstable();
    for view in ids.iter().map(|id| &input.functions[id]) {
        for (_, insn) in view.function.instructions() {
            if let Insn::GetProp { name, fb, .. } = insn
                && let Some(Site::Property { megamorphic: true, .. }) = view.site(fb)
                && let Some(&key) = view.constants.get(name as usize)
                && names.len() < MAX_NAMES
                && seen.insert(key.0)
            {
                names.push(key);
            }
        }
    }
    names
}
