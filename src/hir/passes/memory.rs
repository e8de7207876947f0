//! Load elimination: shape checks and loads whose answer is known.
//!
//! A walk in reverse postorder carries what is known of memory: which shapes an object may have at this moment, and which
//! value a slot, element, length or variable holds. A check or load that only repeats what is known goes away; stores make
//! facts; stores, transitions and calls unmake those that they may concern. Where paths meet, what all of them know stays; what
//! they know differently becomes a parameter, if the block where they meet asks for it. At a loop's head, what the loop does not
//! unmake stays.
//!
//! A fact about a shape names its witness, the checked value. Where the witness dominates, it replaces a superfluous check;
//! where only its several equivalents do together, the check becomes an assumption that stays in its place, so that nothing
//! which relies on it moves to where it is not true yet.
//!
//! Two objects with different possible shapes are different objects. That, and distinct allocations, is all of the alias
//! analysis. A loop that changes no shapes finds its objects as they were when it was entered: what it checks of an object
//! that it stores to tells it apart from others before the first iteration, too. The number of facts is bounded, which keeps
//! the pass linear.

use crate::hir::analysis::{Cfg, Loop};
use crate::hir::effects::Heap;
use crate::hir::field::{Address, Block, Const, Shapes, Slot, Val};
use crate::hir::graph::Graph;
use crate::hir::inst::Op;
use crate::hir::passes::typing;
use crate::hir::types::{DOUBLE, NONE, NUMBER};
use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use std::rc::Rc;

/// Facts of each kind that are carried along at most.
const MAX_FACTS: usize = 64;

/// Runs the pass.
pub fn run(graph: &mut Graph) {
    let cfg = Cfg::new(graph);
    let writers = LoopWriters::new(graph, &cfg);
    let home = cfg.definitions(graph);
    let mut at_end: SecondaryMap<_, Option<Rc<State>>> = SecondaryMap::new();
    for &block in &cfg.rpo {
        let mut known = cfg.preds[block].iter().filter_map(|p| at_end[*p].as_deref());
        let mut state = known.next().cloned().unwrap_or_default();
        for other in known {
            state.intersect(other);
        }
        if let Some(l) = cfg.headed_by(block) {
            let inside = |v: Val| home[v].expand().is_some_and(|b| cfg.is_in_loop(b, l));
            state.enter_loop(graph, &writers.0[l], inside);
        } else {
            let mut preds = cfg.preds[block].clone();
            preds.dedup();
            let before: Option<Vec<_>> = preds.iter().map(|p| Some((*p, at_end[*p].clone()?))).collect();
            state.join_values(graph, block, &before.unwrap_or_default());
        }
        let mut insts = std::mem::take(&mut graph.blocks[block].insts);
        insts.retain(|&v| state.step(graph, v));
        graph.blocks[block].insts = insts;
        at_end[block] = Some(Rc::new(state));
    }
    graph.resolve_aliases();
    typing::run(graph);
}

/// A place in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// A named property of an object.
    Slot(Val, Slot),
    /// An object's pointer to its elements.
    Elements(Val),
    /// An array's length.
    Length(Val),
    /// An element.
    Element(Val, Val),
    /// A module-level variable.
    Module(Address),
    /// A captured variable.
    Scope(Val, u32),
}

impl Place {
    /// Where a load loads from or a store stores to.
    pub fn of(graph: &Graph, op: &Op) -> Option<Place> {
        let root = |v| graph.root(graph.resolve(v));
        match *op {
            Op::LoadSlot { object, slot } | Op::StoreSlot { object, slot, .. } => Some(Place::Slot(root(object), slot)),
            Op::LoadElements { object } => Some(Place::Elements(root(object))),
            Op::LoadLength { array } | Op::LoadLengthHoley { array } => Some(Place::Length(root(array))),
            Op::LoadElement { elements, index }
            | Op::LoadElementInt32 { elements, index }
            | Op::LoadElementDouble { elements, index }
            | Op::LoadElementHoley { elements, index }
            | Op::LoadElementHoleyInt32 { elements, index }
            | Op::LoadElementHoleyDouble { elements, index }
            | Op::StoreElement { elements, index, .. }
            | Op::StoreElementInt32 { elements, index, .. }
            | Op::StoreElementDouble { elements, index, .. } => {
                Some(Place::Element(graph.resolve(elements), root(index)))
            }
            Op::LoadModuleCell { cell, .. } | Op::StoreModuleCell { cell, .. } => Some(Place::Module(cell)),
            Op::LoadScopeSlot { scope, slot } | Op::StoreScopeSlot { scope, slot, .. } => {
                Some(Place::Scope(root(scope), slot))
            }
            ref _no_access => None,
        }
    }

    /// The heap class it belongs to.
    pub fn heap(self) -> Heap {
        match self {
            Place::Slot(..) => Heap::SLOTS,
            Place::Elements(_) => Heap::ELEMENTS_PTR,
            Place::Length(_) => Heap::LENGTH,
            Place::Element(..) => Heap::ELEMENTS,
            Place::Module(_) => Heap::MODULE,
            Place::Scope(..) => Heap::SCOPE,
        }
    }
}

/// The value that a store stores.
fn stored_value(op: &Op) -> Option<Val> {
    match *op {
        Op::StoreSlot { value, .. }
        | Op::StoreElement { value, .. }
        | Op::StoreElementInt32 { value, .. }
        | Op::StoreElementDouble { value, .. }
        | Op::StoreModuleCell { value, .. }
        | Op::StoreScopeSlot { value, .. } => Some(value),
        ref _no_store => None,
    }
}

/// An object has one of some shapes.
#[derive(Clone)]
struct ShapeFact {
    /// The root of the object.
    object: Val,
    shapes: Shapes,
    /// The value that a dominating instruction has found, or made, to be so.
    witness: Option<Val>,
}

/// What is known of memory at one point.
#[derive(Clone, Default)]
pub struct State {
    shapes: Vec<ShapeFact>,
    /// Objects that have none of these shapes: arrays that were widened.
    widened: Vec<(Val, Shapes)>,
    values: Vec<(Place, Val)>,
}

impl State {
    fn intersect(&mut self, other: &State) {
        self.values.retain(|fact| other.values.contains(fact));
        self.widened.retain(|fact| other.widened.contains(fact));
        self.shapes.retain_mut(|fact| {
            let Some(other) = other.shapes_of(fact.object) else { return false };
            for shape in &other.shapes.0 {
                if !fact.shapes.0.contains(shape) {
                    fact.shapes.0.push(*shape);
                }
            }
            fact.witness = fact.witness.filter(|w| other.witness == Some(*w));
            fact.shapes.0.len() <= 4
        });
    }

    /// Where every path into a block knows another value of a place that the block loads from, the value is a parameter.
    fn join_values(&mut self, graph: &mut Graph, block: Block, before: &[(Block, Rc<State>)]) {
        let Some(((_, first), others)) = before.split_first().filter(|(_, others)| !others.is_empty()) else { return };
        for &(place, _) in &first.values {
            if matches!(place, Place::Elements(_)) {
                // No value of the language: parameters are.
                continue;
            }
            if self.value_at(place).is_some() || others.iter().any(|(_, state)| state.value_at(place).is_none()) {
                continue;
            }
            let Some(load) = self.first_load(graph, block, place) else { continue };
            let values: Vec<Val> = before.iter().filter_map(|(_, state)| state.value_at(place)).collect();
            let values: Vec<Val> = values.into_iter().map(|v| graph.resolve(v)).collect();
            if !values.iter().all(|v| fits(graph, load, *v)) {
                continue;
            }
            let ty = values.iter().fold(NONE, |ty, v| ty | graph.ty(*v));
            let param = graph.add_param(block, ty);
            for ((pred, _), value) in before.iter().zip(values) {
                let end = graph.terminator(*pred).expect("a block has an end");
                graph.insts[end].op.visit_targets_mut(|target| {
                    if target.block == block {
                        target.args.push(value);
                    }
                });
            }
            self.set_value(place, param);
        }
    }

    /// The first load from `place` in a block, if nothing before it may write there.
    fn first_load(&self, graph: &Graph, block: Block, place: Place) -> Option<Val> {
        for &v in &graph.blocks[block].insts {
            let op = graph.op(v);
            if Place::of(graph, op) == Some(place) && stored_value(op).is_none() {
                return Some(v);
            }
            if matches!(op, Op::WidenToDouble { .. }) || self.may_write(graph, op, place) {
                return None;
            }
        }
        None
    }

    fn value_at(&self, place: Place) -> Option<Val> {
        self.values.iter().find(|(p, _)| *p == place).map(|(_, value)| *value)
    }

    fn shapes_of(&self, object: Val) -> Option<&ShapeFact> {
        self.shapes.iter().find(|fact| fact.object == object)
    }

    /// Whether an object is known to have none of these shapes.
    fn is_none_of(&self, object: Val, shapes: &Shapes) -> bool {
        let apart = |fact: &ShapeFact| fact.shapes.0.iter().all(|s| !shapes.0.contains(s));
        self.shapes_of(object).is_some_and(apart)
            || self.widened.iter().any(|(o, from)| *o == object && shapes.is_subset_of(from))
    }

    fn set_shapes(&mut self, object: Val, shapes: Shapes, witness: Val) {
        self.shapes.retain(|fact| fact.object != object);
        if self.shapes.len() == MAX_FACTS {
            self.shapes.remove(0);
        }
        self.shapes.push(ShapeFact { object, shapes, witness: Some(witness) });
    }

    fn set_value(&mut self, place: Place, value: Val) {
        if self.values.len() == MAX_FACTS {
            self.values.remove(0);
        }
        self.values.push((place, value));
    }

    /// Whether two values may be the same object.
    fn may_alias(&self, graph: &Graph, a: Val, b: Val) -> bool {
        if a == b {
            return true;
        }
        if graph.op(a).effects().unique && graph.op(b).effects().unique {
            return false;
        }
        match (self.shapes_of(a), self.shapes_of(b)) {
            (Some(a), Some(b)) => a.shapes.0.iter().any(|s| b.shapes.0.contains(s)),
            _unknown => true,
        }
    }

    /// Whether a store to `written` may change what is at `place`.
    fn may_overlap(&self, graph: &Graph, written: Place, place: Place) -> bool {
        match (written, place) {
            (Place::Slot(a, s), Place::Slot(b, t)) => s == t && self.may_alias(graph, a, b),
            (Place::Element(a, i), Place::Element(b, j)) => {
                let apart = |x, y| match (graph.constant(x), graph.constant(y)) {
                    (Some(Const::Int(x)), Some(Const::Int(y))) => x != y,
                    _unknown => false,
                };
                a != b || !apart(i, j)
            }
            (Place::Module(a), Place::Module(b)) => a == b,
            (Place::Scope(a, s), Place::Scope(b, t)) => s == t && self.may_alias(graph, a, b),
            (written, place) => written.heap() == place.heap(),
        }
    }

    /// Whether an instruction may change what a load from `place` gives.
    pub fn may_write(&self, graph: &Graph, writer: &Op, place: Place) -> bool {
        let writes = writer.effects().writes;
        writes.meets(place.heap())
            && Place::of(graph, writer).is_none_or(|written| self.may_overlap(graph, written, place))
    }

    /// Forgets what the widening of arrays that had one of these shapes may change: other objects keep theirs.
    fn forget_widened(&mut self, from: &Shapes) {
        let apart = |shapes: &Shapes| shapes.0.iter().all(|s| !from.0.contains(s));
        self.shapes.retain(|fact| apart(&fact.shapes));
        let shapes = &self.shapes;
        self.values.retain(|(place, _)| match place {
            Place::Elements(object) => shapes.iter().any(|fact| fact.object == *object),
            Place::Element(..) => false,
            Place::Slot(..) | Place::Length(_) | Place::Module(_) | Place::Scope(..) => true,
        });
    }

    /// Forgets what the writers in a loop may change, before its first iteration.
    fn enter_loop(&mut self, graph: &Graph, writers: &[Val], inside: impl Fn(Val) -> bool) {
        let keeps_shapes = writers.iter().all(|w| !graph.op(*w).effects().writes.meets(Heap::SHAPE));
        for &writer in writers {
            let learnt = if keeps_shapes { self.learn_of_written(graph, writer, &inside) } else { None };
            self.forget(graph, writer);
            if let Some(object) = learnt {
                self.shapes.retain(|fact| fact.object != object);
            }
        }
    }

    /// In a loop that changes no shapes: what an instruction stores to has the shapes that the loop itself checks of it. The
    /// object that became known, if it was not.
    fn learn_of_written(&mut self, graph: &Graph, writer: Val, inside: impl Fn(Val) -> bool) -> Option<Val> {
        let Op::StoreSlot { object, .. } = *graph.op(writer) else { return None };
        let mut v = graph.resolve(object);
        let root = graph.root(v);
        if self.shapes_of(root).is_some() {
            return None;
        }
        loop {
            match *graph.op(v) {
                Op::CheckShape { ref shapes, .. } | Op::AssumeShape { ref shapes, .. } if inside(v) => {
                    self.shapes.push(ShapeFact { object: root, shapes: shapes.clone(), witness: None });
                    return Some(root);
                }
                Op::CheckShape { v: checked, .. }
                | Op::AssumeShape { v: checked, .. }
                | Op::AssumeType { v: checked, .. }
                | Op::CheckObject { v: checked } => v = graph.resolve(checked),
                ref _not_checked => return None,
            }
        }
    }

    /// Forgets what an instruction may change.
    fn forget(&mut self, graph: &Graph, writer: Val) {
        let op = graph.op(writer);
        let writes = op.effects().writes;
        if writes.is_none() {
            return;
        }
        if let Op::WidenToDouble { shapes, .. } = op {
            return self.forget_widened(shapes);
        }
        let mut values = std::mem::take(&mut self.values);
        values.retain(|(place, _)| !self.may_write(graph, op, *place));
        self.values = values;
        if writes.meets(Heap::SHAPE) {
            if let Op::StoreShape { object, .. } = *op {
                let object = graph.root(graph.resolve(object));
                let mut shapes = std::mem::take(&mut self.shapes);
                let own = shapes.iter().find(|fact| fact.object == object).map(|fact| fact.shapes.clone());
                // Another object keeps its shape if it has none of those that this object may have had.
                shapes.retain(|fact| own.as_ref().is_some_and(|own| own.0.iter().all(|s| !fact.shapes.0.contains(s))));
                self.shapes = shapes;
            } else {
                self.shapes.clear();
            }
            self.widened.clear();
        }
    }

    /// Takes a shape check or an assumption into account; false if it goes away.
    fn check_shape(&mut self, graph: &mut Graph, v: Val, object: Val, shapes: &Shapes) -> bool {
        let root = graph.root(object);
        match self.shapes_of(root).filter(|known| known.shapes.is_subset_of(shapes)).map(|known| known.witness) {
            Some(Some(witness)) if graph.ty(witness).is(graph.ty(v)) => {
                graph.replace(v, witness);
                return false;
            }
            Some(None) => {
                let shapes = shapes.clone();
                let is_array = matches!(graph.op(v), Op::CheckArrayShape { .. } | Op::AssumeArrayShape { .. });
                graph.set_op(
                    v,
                    if is_array {
                        Op::AssumeArrayShape { v: object, shapes }
                    } else {
                        Op::AssumeShape { v: object, shapes }
                    },
                );
                graph.insts[v].frame = None.into();
            }
            _not_known => self.set_shapes(root, shapes.clone(), v),
        }
        true
    }

    /// Takes an instruction into account; false if it goes away.
    fn step(&mut self, graph: &mut Graph, v: Val) -> bool {
        let op = graph.op(v).clone();
        match op {
            Op::CheckShape { v: object, ref shapes }
            | Op::CheckArrayShape { v: object, ref shapes }
            | Op::AssumeShape { v: object, ref shapes }
            | Op::AssumeArrayShape { v: object, ref shapes } => {
                return self.check_shape(graph, v, graph.resolve(object), shapes);
            }
            Op::HasShape { v: object, ref shapes } => {
                let root = graph.root(graph.resolve(object));
                let known = self.shapes_of(root);
                let answer = match known.map(|fact| &fact.shapes) {
                    _any if self.is_none_of(root, shapes) => Some(false),
                    Some(known) if known.is_subset_of(shapes) => Some(true),
                    _unknown => None,
                };
                if let Some(answer) = answer {
                    graph.set_op(v, Op::Const { value: Const::Bool(answer) });
                }
                return true;
            }
            Op::WidenToDouble { v: object, ref shapes }
                if self.is_none_of(graph.root(graph.resolve(object)), shapes) =>
            {
                return false;
            }
            Op::NewObject { shape, .. } | Op::NewArray { shape, .. } => {
                self.set_shapes(v, Shapes::one(shape), v);
                return true;
            }
            ref _other => {}
        }
        self.forget(graph, v);
        if let Op::WidenToDouble { v: object, ref shapes } = op
            && self.widened.len() < MAX_FACTS
        {
            self.widened.push((graph.root(graph.resolve(object)), shapes.clone()));
        }
        if let Op::StoreShape { object, shape } = op {
            self.set_shapes(graph.root(graph.resolve(object)), Shapes::one(shape), graph.resolve(object));
        }
        let Some(place) = Place::of(graph, &op) else { return true };
        if let Some(value) = stored_value(&op) {
            self.set_value(place, graph.resolve(value));
            return true;
        }
        match self.values.iter().find(|(p, _)| *p == place) {
            Some(&(_, value)) if fits(graph, v, value) => {
                graph.replace(v, value);
                false
            }
            Some(_) => true,
            None => {
                self.set_value(place, v);
                true
            }
        }
    }
}

/// Whether a known value can take the place of a load: a hole check, for one, must not be lost.
fn fits(graph: &Graph, load: Val, value: Val) -> bool {
    let (wanted, known) = (graph.ty(load), graph.ty(value));
    known.is(wanted) || known.is(NUMBER) && wanted == DOUBLE
}

/// The instructions in each loop that write memory.
pub struct LoopWriters(pub SecondaryMap<Loop, Vec<Val>>);

impl LoopWriters {
    /// Collects them.
    pub fn new(graph: &Graph, cfg: &Cfg) -> LoopWriters {
        let mut writers: SecondaryMap<Loop, Vec<Val>> = SecondaryMap::new();
        for &block in &cfg.rpo {
            let mut l: PackedOption<Loop> = cfg.loop_of[block];
            let here: Vec<Val> = if l.is_none() {
                vec![]
            } else {
                let insts = graph.blocks[block].insts.iter().copied();
                insts.filter(|v| !graph.op(*v).effects().writes.is_none()).collect()
            };
            while let Some(inner) = l.expand() {
                writers[inner].extend(&here);
                l = cfg.loops[inner].parent.into();
            }
        }
        for list in writers.values_mut() {
            // One writer of everything says it all.
            if let Some(&all) = list.iter().find(|v| graph.op(**v).effects().writes == Heap::ALL) {
                *list = vec![all];
            }
        }
        LoopWriters(writers)
    }
}
