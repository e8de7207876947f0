//! Escape analysis and scalar replacement: an object that only this code ever sees is not made at all.
//!
//! A *candidate* is an object, closure, scope, array or arguments object that the graph allocates. It stays one as long as it is only read, written,
//! checked, captured by another candidate, or named by frame states; whoever passes it on makes it escape. Then its fields
//! are values: a walk in reverse postorder carries what each field holds, loads become those values, stores and checks go
//! away, fields that differ where paths meet become block parameters. Frame states name a *virtual object* instead, with its
//! fields at that moment, and an exit makes up for the allocation.
//!
//! ```text
//!   v1 = new_object                          -
//!   store_slot v1, v2, inline 0              -
//!   check_int32 v9 ! f0 (r3 v1)              check_int32 v9 ! f5 (r3 virtual0)      virtual0 = shape7 v2
//!   v3 = load_slot v1, inline 0              -  (v3 is v2)
//! ```
//!
//! A candidate may turn out to escape in the middle of the walk: a field that must become a parameter holds another
//! candidate, a check can never succeed, two objects hold each other. Then the walk begins again without it, on the graph
//! as it was.
//!
//! Source: Stadler's partial escape analysis (Graal) without the materialization, which is left to exits.

use crate::hir::analysis::{Cfg, Loop};
use crate::hir::field::{Args, Block, Const, Slot, Val};
use crate::hir::frame_state::{Entry, Frame, Virtual, VirtualKind, VirtualObject};
use crate::hir::graph::{Graph, Origin};
use crate::hir::inst::Op;
use crate::hir::passes::typing;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::TOP;
use crate::vocab::{FunctionId, ShapeId};
use cranelift_entity::SecondaryMap;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Walks at most; each further one has a candidate less.
const MAX_WALKS: usize = 24;

/// Fields of an object that is still worth replacing.
const MAX_FIELDS: usize = 32;

/// Runs the pass.
pub fn run(graph: &mut Graph) {
    if graph.representations_chosen {
        return;
    }
    let cfg = Cfg::new(graph);
    let mut candidates = find_candidates(graph, &cfg);
    for _ in 0..MAX_WALKS {
        if candidates.is_empty() {
            return;
        }
        let mut changed = graph.clone();
        match Walk::new(&mut changed, &cfg, &candidates).run() {
            Ok(()) => {
                changed.resolve_aliases();
                typing::run(&mut changed);
                *graph = changed;
                return;
            }
            Err(escaping) => {
                candidates.remove(&escaping);
                drop_captured(graph, &cfg, &mut candidates);
            }
        }
    }
}

fn find_candidates(graph: &Graph, cfg: &Cfg) -> BTreeSet<Val> {
    let mut candidates = BTreeSet::new();
    for &block in &cfg.rpo {
        for &v in &graph.blocks[block].insts {
            let fields = match *graph.op(v) {
                Op::NewObject { inline_slots, .. } => inline_slots as usize,
                Op::NewScope { slots, .. } => slots as usize,
                Op::NewClosure { .. } => 2,
                Op::CallRuntime { function: RuntimeFn::NewArguments, ref args, .. } => argument(args.0.len()),
                Op::CallRuntime { function: RuntimeFn::NewArray, ref args, .. } => args.0.len(),
                ref _other => continue,
            };
            if fields <= MAX_FIELDS {
                candidates.insert(v);
            }
        }
    }
    drop_captured(graph, cfg, &mut candidates);
    candidates
}

/// Drops candidates that are passed on to what is no candidate, until nothing changes.
fn drop_captured(graph: &Graph, cfg: &Cfg, candidates: &mut BTreeSet<Val>) {
    loop {
        let mut escaping = BTreeSet::new();
        for &v in cfg.rpo.iter().flat_map(|b| &graph.blocks[*b].insts) {
            graph.op(v).visit(|operand, _| {
                let root = graph.root(operand);
                if candidates.contains(&root) && !is_harmless(graph, v, root, candidates) {
                    escaping.insert(root);
                }
                if let Some(owner) = owner_of_elements(graph, root).filter(|owner| candidates.contains(owner))
                    && !is_harmless_to_elements(graph, v, owner)
                {
                    escaping.insert(owner);
                }
            });
        }
        if escaping.is_empty() {
            return;
        }
        candidates.retain(|v| !escaping.contains(v));
    }
}

/// Whether an instruction keeps an operand, a candidate, to itself.
pub(in crate::hir) fn is_harmless(graph: &Graph, v: Val, candidate: Val, candidates: &BTreeSet<Val>) -> bool {
    let kept = |holder: Val, value: Val| graph.root(value) != candidate || candidates.contains(&graph.root(holder));
    if arguments_of(graph, candidate).is_some() && changes_slots(graph.op(v))
        || is_array(graph.op(candidate)) && looks_at_slots(graph.op(v))
    {
        return false;
    }
    match *graph.op(v) {
        Op::LoadSlot { slot: Slot::Inline(_), .. }
        | Op::CheckShape { .. }
        | Op::AssumeShape { .. }
        | Op::AssumeType { .. }
        | Op::CheckObject { .. }
        | Op::CheckNotNullish { .. }
        | Op::CheckNotHole { .. }
        | Op::HasShape { .. }
        | Op::StoreShape { .. }
        | Op::LoadScopeSlot { .. }
        | Op::ScopeParent { .. }
        | Op::ClosureScope { .. }
        | Op::CheckFunction { .. }
        | Op::IsClosureOf { .. }
        | Op::TaggedEqual { .. }
        | Op::StrictEqual { .. } => true,
        Op::StoreSlot { object, value, slot: Slot::Inline(_), .. } => kept(object, value),
        Op::StoreScopeSlot { scope, value, .. } => kept(scope, value),
        Op::NewClosure { .. } | Op::NewScope { .. } => candidates.contains(&v),
        Op::LoadElements { .. } => arguments_of(graph, candidate).is_some(),
        Op::CallRuntime { function: RuntimeFn::NewArguments | RuntimeFn::NewArray, .. } => candidates.contains(&v),
        ref _other => false,
    }
}

/// The arguments that an arguments object is made of.
fn arguments_of(graph: &Graph, v: Val) -> Option<&Args> {
    match graph.op(v) {
        Op::CallRuntime { function: RuntimeFn::NewArguments, args, .. } => Some(args),
        _another => None,
    }
}

fn is_array(op: &Op) -> bool {
    matches!(op, Op::CallRuntime { function: RuntimeFn::NewArray, .. })
}

/// What is known of a virtual array is its elements.
fn looks_at_slots(op: &Op) -> bool {
    matches!(op, Op::LoadSlot { .. } | Op::StoreSlot { .. } | Op::StoreShape { .. } | Op::CheckShape { .. })
}

/// Arguments objects are made with their `length` and two more properties, and keep them.
fn changes_slots(op: &Op) -> bool {
    match op {
        Op::LoadSlot { slot, .. } => *slot != Slot::Inline(0),
        Op::StoreSlot { .. } | Op::StoreShape { .. } => true,
        _another => false,
    }
}

/// The object whose elements a value is.
fn owner_of_elements(graph: &Graph, v: Val) -> Option<Val> {
    match *graph.op(v) {
        Op::LoadElements { object } => Some(graph.root(object)),
        ref _another => None,
    }
}

/// Whether an instruction that uses the elements of a candidate, arguments, reads one that is there.
fn is_harmless_to_elements(graph: &Graph, v: Val, candidate: Val) -> bool {
    match *graph.op(v) {
        Op::LoadCapacity { .. } => true,
        Op::LoadElementHoley { index, .. } => {
            let count = arguments_of(graph, candidate).map_or(0, |args| args.0.len());
            constant_index(graph, index).is_some_and(|i| i < count)
        }
        ref _another => false,
    }
}

fn constant_index(graph: &Graph, index: Val) -> Option<usize> {
    match graph.constant(graph.root(index)) {
        Some(Const::Int(i)) => usize::try_from(i).ok(),
        Some(_) | None => None,
    }
}

/// What a candidate is like at one point.
#[derive(Clone, PartialEq, Debug)]
struct Fields {
    /// Its shape, if it has one that programs can see.
    shape: Option<ShapeId>,
    /// Slots of an object; parent and variables of a scope; scope and creator of a closure; `length` and the elements of
    /// arguments; the elements of an array.
    values: Vec<Val>,
}

type State = BTreeMap<Val, Fields>;

/// A result, or the candidate that escapes.
type Outcome<T> = Result<T, Val>;

struct Walk<'a> {
    graph: &'a mut Graph,
    cfg: &'a Cfg,
    candidates: &'a BTreeSet<Val>,
    /// Where candidates are written: block, candidate, and which field; none: the shape.
    stores: Vec<(Block, Val, Option<usize>)>,
    state: State,
    at_end: SecondaryMap<Block, Option<State>>,
    /// Parameters that a loop's head was given: whose they are and which field, in order.
    varying: SecondaryMap<Block, Vec<(Val, usize)>>,
    /// Counts the changes of the state: what was made for one value of it is good as long as that stays.
    version: u32,
    frames: FxHashMap<(Frame, u32), Frame>,
    virtuals: FxHashMap<(Val, u32), Virtual>,
    /// Whose elements a value is.
    elements: FxHashMap<Val, Val>,
    /// Virtual objects that are being made, each inside the one before.
    making: Vec<Val>,
    out: Vec<Val>,
}

/// The field that an element of arguments is: `length` comes first.
fn argument(index: usize) -> usize {
    index + 1
}

/// The field that a slot of a scope is: the parent comes first.
fn variable(slot: u32) -> usize {
    slot as usize + 1
}

impl<'a> Walk<'a> {
    fn new(graph: &'a mut Graph, cfg: &'a Cfg, candidates: &'a BTreeSet<Val>) -> Walk<'a> {
        let mut stores = vec![];
        for &block in &cfg.rpo {
            for &v in &graph.blocks[block].insts {
                match *graph.op(v) {
                    Op::StoreSlot { object, slot: Slot::Inline(i), .. } => {
                        stores.push((block, graph.root(object), Some(i as usize)));
                    }
                    Op::StoreScopeSlot { scope, slot, .. } => {
                        stores.push((block, graph.root(scope), Some(variable(slot))));
                    }
                    Op::StoreShape { object, .. } => stores.push((block, graph.root(object), None)),
                    ref _other => {}
                }
            }
        }
        stores.retain(|(_, v, _)| candidates.contains(v));
        Walk {
            graph,
            cfg,
            candidates,
            stores,
            state: State::new(),
            at_end: SecondaryMap::new(),
            varying: SecondaryMap::new(),
            version: 0,
            frames: FxHashMap::default(),
            virtuals: FxHashMap::default(),
            elements: FxHashMap::default(),
            making: vec![],
            out: vec![],
        }
    }

    fn run(mut self) -> Outcome<()> {
        for &block in &self.cfg.rpo {
            self.enter(block)?;
            for v in std::mem::take(&mut self.graph.blocks[block].insts) {
                if self.step(v)? {
                    self.out.push(v);
                }
            }
            self.graph.blocks[block].insts = std::mem::take(&mut self.out);
            self.at_end[block] = Some(std::mem::take(&mut self.state));
        }
        self.close_loops()
    }

    /// Passes what loops' heads want along the jumps back.
    fn close_loops(&mut self) -> Outcome<()> {
        for data in self.cfg.loops.values() {
            for (candidate, field) in self.varying[data.header].clone() {
                for &latch in &data.latches {
                    let state = self.at_end[latch].as_ref().expect("every block was walked");
                    let value = state.get(&candidate).ok_or(candidate)?.values[field];
                    self.pass(latch, data.header, value)?;
                }
            }
        }
        Ok(())
    }

    // ---- Where paths meet ------------------------------------------------------------------------------------------

    fn enter(&mut self, block: Block) -> Outcome<()> {
        self.version += 1;
        let mut preds: Vec<Block> =
            self.cfg.preds[block].iter().copied().filter(|p| self.at_end[*p].is_some()).collect();
        preds.dedup();
        let Some((&first, others)) = preds.split_first() else { return Ok(()) };
        let mut state = self.at_end[first].clone().expect("walked");
        for other in others {
            let other = self.at_end[*other].as_ref().expect("walked");
            state.retain(|candidate, _| other.contains_key(candidate));
        }
        let entered = self.cfg.headed_by(block);
        for (&candidate, fields) in &mut state {
            let known: Vec<Fields> =
                preds.iter().map(|p| self.at_end[*p].as_ref().expect("walked")[&candidate].clone()).collect();
            let reshaped = entered.is_some_and(|l| self.is_stored_in(l, candidate, None));
            if reshaped || known.iter().any(|k| k.shape != fields.shape) {
                return Err(candidate);
            }
            for field in 0..fields.values.len() {
                let values: Vec<Val> = known.iter().map(|k| self.graph.resolve(k.values[field])).collect();
                let varies = entered.is_some_and(|l| self.is_stored_in(l, candidate, Some(field)));
                if !varies && values.iter().all(|v| *v == values[0]) {
                    continue;
                }
                fields.values[field] = self.graph.add_param(block, TOP);
                for (pred, value) in preds.iter().zip(values) {
                    self.pass(*pred, block, value)?;
                }
                if entered.is_some() {
                    self.varying[block].push((candidate, field));
                }
            }
        }
        self.state = state;
        Ok(())
    }

    fn is_stored_in(&self, l: Loop, candidate: Val, field: Option<usize>) -> bool {
        let inside = |block: Block| self.cfg.is_in_loop(block, l);
        self.stores.iter().any(|(block, v, f)| *v == candidate && *f == field && inside(*block))
    }

    /// Adds an argument to the jumps from one block to another.
    fn pass(&mut self, from: Block, to: Block, value: Val) -> Outcome<()> {
        let value = self.graph.resolve(value);
        if let Some(candidate) = self.candidate(value) {
            return Err(candidate);
        }
        let jump = self.graph.terminator(from).expect("a block that was walked ends with a jump");
        self.graph.insts[jump].op.visit_targets_mut(|target| {
            if target.block == to {
                target.args.push(value);
            }
        });
        Ok(())
    }

    // ---- Instructions ----------------------------------------------------------------------------------------------

    /// The candidate that a value is, however much better it is known.
    fn candidate(&self, v: Val) -> Option<Val> {
        let mut v = self.graph.resolve(v);
        while let Some(inner) = self.graph.op(v).refined() {
            v = self.graph.resolve(inner);
        }
        self.candidates.contains(&v).then_some(v)
    }

    fn fields(&mut self, candidate: Val) -> Outcome<&mut Fields> {
        self.state.get_mut(&candidate).ok_or(candidate)
    }

    /// The function that a closure is over.
    fn function(&self, candidate: Val) -> Option<FunctionId> {
        match *self.graph.op(candidate) {
            Op::NewClosure { function, .. } => Some(function),
            ref _no_closure => None,
        }
    }

    fn constant(&mut self, value: Const) -> Val {
        let v = self.graph.make(Op::Const { value }, None, Origin::default());
        self.out.push(v);
        v
    }

    fn begin(&mut self, v: Val, shape: Option<ShapeId>, values: Vec<Val>) -> Outcome<bool> {
        self.version += 1;
        self.state.insert(v, Fields { shape, values });
        Ok(false)
    }

    fn load(&mut self, v: Val, candidate: Val, field: usize) -> Outcome<bool> {
        let value = *self.fields(candidate)?.values.get(field).ok_or(candidate)?;
        self.graph.replace(v, value);
        Ok(false)
    }

    /// `holder` is how the store spells the candidate: loops know only of stores that spell it directly.
    fn store(&mut self, candidate: Val, holder: Val, field: usize, value: Val) -> Outcome<bool> {
        if self.graph.root(holder) != candidate {
            return Err(candidate);
        }
        let value = self.graph.resolve(value);
        self.version += 1;
        *self.fields(candidate)?.values.get_mut(field).ok_or(candidate)? = value;
        Ok(false)
    }

    /// Takes an instruction into account; false if it goes away.
    fn step(&mut self, v: Val) -> Outcome<bool> {
        let op = self.graph.op(v).clone();
        let mut used = None;
        op.visit(|operand, _| used = used.or(self.candidate(operand)));
        match op {
            Op::NewObject { shape, inline_slots } if self.candidates.contains(&v) => {
                let undefined = self.constant(Const::Undefined);
                return self.begin(v, Some(shape), vec![undefined; inline_slots as usize]);
            }
            Op::NewScope { parent, slots } if self.candidates.contains(&v) => {
                let hole = self.constant(Const::Hole);
                let mut values = vec![hole; variable(slots)];
                values[0] = self.graph.resolve(parent);
                return self.begin(v, None, values);
            }
            Op::NewClosure { scope, creator, .. } if self.candidates.contains(&v) => {
                let values = vec![self.graph.resolve(scope), self.graph.resolve(creator)];
                return self.begin(v, None, values);
            }
            Op::CallRuntime { function: RuntimeFn::NewArguments, word, ref args } if self.candidates.contains(&v) => {
                let mut values = vec![self.constant(Const::Int(args.0.len() as i32))];
                values.extend(args.0.iter().map(|a| self.graph.resolve(*a)));
                return self.begin(v, Some(ShapeId::from_u32(word.0 as u32)), values);
            }
            // Only frame states name an array.
            Op::CallRuntime { function: RuntimeFn::NewArray, ref args, .. } if self.candidates.contains(&v) => {
                let values = args.0.iter().map(|a| self.graph.resolve(*a)).collect();
                return self.begin(v, None, values);
            }
            Op::LoadCapacity { elements } | Op::LoadElementHoley { elements, .. } => {
                if let Some(&owner) = self.elements.get(&self.graph.resolve(elements)) {
                    return self.step_with_elements(v, &op, owner);
                }
            }
            ref _other => {}
        }
        let Some(used) = used else {
            if let Some(frame) = self.graph.insts[v].frame.expand() {
                self.graph.insts[v].frame = Some(self.frame(frame)?).into();
            }
            return Ok(true);
        };
        self.step_with(v, &op, used)
    }

    /// An instruction that uses the elements of a candidate.
    fn step_with_elements(&mut self, v: Val, op: &Op, owner: Val) -> Outcome<bool> {
        if let Op::LoadElementHoley { index, .. } = *op {
            let index = constant_index(self.graph, index).ok_or(owner)?;
            return self.load(v, owner, argument(index));
        }
        let count = self.fields(owner)?.values.len() - argument(0);
        self.graph.set_op(v, Op::Const { value: Const::Int(count as i32) });
        Ok(true)
    }

    /// An instruction that uses a candidate.
    fn step_with(&mut self, v: Val, op: &Op, used: Val) -> Outcome<bool> {
        match *op {
            Op::LoadElements { object } => {
                let owner = self.candidate(object).ok_or(used)?;
                self.elements.insert(v, owner);
                Ok(false)
            }
            Op::LoadSlot { slot: Slot::Inline(i), .. } => self.load(v, used, i as usize),
            Op::LoadScopeSlot { slot, .. } => self.load(v, used, variable(slot)),
            Op::ScopeParent { .. } | Op::ClosureScope { .. } => self.load(v, used, 0),
            Op::StoreSlot { object, value, slot: Slot::Inline(i), .. } => {
                let holder = self.candidate(object).ok_or(used)?;
                self.store(holder, object, i as usize, value)
            }
            Op::StoreScopeSlot { scope, value, slot, .. } => {
                let holder = self.candidate(scope).ok_or(used)?;
                self.store(holder, scope, variable(slot), value)
            }
            Op::StoreShape { object, shape } if self.graph.root(object) == used => {
                self.version += 1;
                self.fields(used)?.shape = Some(shape);
                Ok(false)
            }
            Op::CheckShape { ref shapes, .. } | Op::AssumeShape { ref shapes, .. } => {
                let known = self.fields(used)?.shape.ok_or(used)?;
                if !shapes.0.contains(&known) {
                    return Err(used);
                }
                self.graph.replace(v, used);
                Ok(false)
            }
            Op::CheckFunction { function, .. } => {
                if self.function(used) != Some(function) {
                    return Err(used);
                }
                self.graph.replace(v, used);
                Ok(false)
            }
            Op::IsClosureOf { function, .. } => {
                let same = self.function(used) == Some(function);
                self.graph.set_op(v, Op::Const { value: Const::Bool(same) });
                Ok(true)
            }
            Op::CheckObject { .. } | Op::CheckNotNullish { .. } | Op::CheckNotHole { .. } | Op::AssumeType { .. }
                if self.graph.ty(used).is(self.graph.ty(v)) =>
            {
                self.graph.replace(v, used);
                Ok(false)
            }
            Op::HasShape { ref shapes, .. } => {
                let known = self.fields(used)?.shape.ok_or(used)?;
                let holds = shapes.0.contains(&known);
                self.graph.set_op(v, Op::Const { value: Const::Bool(holds) });
                Ok(true)
            }
            // Nothing but itself can be the same object: nobody else has ever seen it.
            Op::TaggedEqual { a, b } | Op::StrictEqual { a, b } => {
                let same = self.candidate(a) == self.candidate(b);
                self.graph.set_op(v, Op::Const { value: Const::Bool(same) });
                Ok(true)
            }
            ref _passes_it_on => Err(used),
        }
    }

    // ---- Frame states ----------------------------------------------------------------------------------------------

    /// The frame state with virtual objects for candidates as they are now.
    fn frame(&mut self, frame: Frame) -> Outcome<Frame> {
        if let Some(known) = self.frames.get(&(frame, self.version)) {
            return Ok(*known);
        }
        let mut state = self.graph.frames[frame].clone();
        if let Some(caller) = state.caller.expand() {
            state.caller = Some(self.frame(caller)?).into();
        }
        for entry in state.entries_mut() {
            if let Entry::Val(v) = *entry
                && let Some(candidate) = self.candidate(v)
            {
                *entry = Entry::Virtual(self.virtual_object(candidate)?);
            }
        }
        let new = if state == self.graph.frames[frame] { frame } else { self.graph.frames.push(state) };
        self.frames.insert((frame, self.version), new);
        Ok(new)
    }

    fn virtual_object(&mut self, candidate: Val) -> Outcome<Virtual> {
        if let Some(known) = self.virtuals.get(&(candidate, self.version)) {
            return Ok(*known);
        }
        if self.making.contains(&candidate) {
            return Err(candidate);
        }
        self.making.push(candidate);
        let fields = self.fields(candidate)?.clone();
        let mut slots = vec![];
        for v in fields.values {
            let v = self.graph.resolve(v);
            slots.push(match (self.candidate(v), self.graph.constant(v)) {
                (Some(inner), _) => Entry::Virtual(self.virtual_object(inner)?),
                (None, Some(constant)) => Entry::Const(constant),
                (None, None) => Entry::Val(v),
            });
        }
        let kind = match *self.graph.op(candidate) {
            Op::NewClosure { parent, child, .. } => VirtualKind::Closure { parent, child },
            Op::NewScope { .. } => VirtualKind::Scope,
            Op::CallRuntime { function: RuntimeFn::NewArguments, .. } => {
                slots.remove(0);
                VirtualKind::Arguments
            }
            Op::CallRuntime { .. } => VirtualKind::Array,
            ref _object => VirtualKind::Object(fields.shape.ok_or(candidate)?),
        };
        if matches!(kind, VirtualKind::Object(_)) {
            // The exit that makes the object fills the rest with `undefined`.
            while slots.last() == Some(&Entry::Const(Const::Undefined)) {
                slots.pop();
            }
        }
        self.making.pop();
        let made = self.graph.virtuals.push(VirtualObject { kind, slots });
        self.virtuals.insert((candidate, self.version), made);
        Ok(made)
    }
}
