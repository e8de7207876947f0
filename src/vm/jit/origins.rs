//! Where a value that a guard did not expect may have come from.
//!
//! The guard knows the value, not its history. The history is looked for in the bytecode, backwards from the instruction
//! that the guard protects: through registers, parameters (to the calls that feedback has seen), properties (to every
//! store under that name), module variables, and results of calls. What is found are ways that the value *can* have
//! taken; flow within a function is taken as the order of its text. Bounded in steps and depth, and done once per place.

use super::Vm;
use super::witness::{WITNESSED_FRAMES, key_text};
use crate::bytecode::function::FunctionCode;
use crate::bytecode::ops::{Insn, Operand, SlotKind};
use crate::events::{Event, OriginStep, SourceSite};
use crate::feedback::slot::{CallSlot, MEGAMORPHIC, PropertySlot};
use crate::runtime::function::FunctionInfo;
use crate::runtime::value::Value;
use crate::tiering::state::Place;
use crate::vocab::{FunctionId, OriginKind, ShapeId};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// Steps told at most.
const MAX_STEPS: usize = 24;
/// Properties, calls and variables followed in a row.
pub(super) const MAX_DEPTH: u32 = 6;
/// Functions of a program past which the search would take too long.
const MAX_FUNCTIONS: usize = 2_000;

/// One search.
pub(super) struct Search<'a> {
    pub(super) vm: &'a Vm,
    steps: Vec<OriginStep>,
    seen: FxHashSet<(FunctionId, u32, u16)>,
    /// Arrays whose contents were looked for: function, place and register that names them.
    pub(super) seen_arrays: FxHashSet<(FunctionId, u32, u16)>,
    /// Whether keys are followed too: which element it is may decide what is called.
    follows_keys: bool,
}

impl Vm {
    /// Looks for the origin of what the instruction at `place` was given, and tells.
    pub(super) fn tell_origin(&mut self, function: FunctionId, place: Place, site: SourceSite) {
        let mut steps = self.origins(place, false);
        let reached = self
            .stack_sites(WITNESSED_FRAMES)
            .into_iter()
            .filter(|s| (s.function, s.offset) != (site.function, site.offset));
        steps.extend(reached.map(|site| OriginStep {
            site,
            kind: OriginKind::Reached,
            what: "reached from".to_string(),
        }));
        if !steps.is_empty() {
            self.emit(|| Event::ValueOrigin { function, site, steps });
        }
    }

    /// Looks for where the functions that are called at `place` come from, and tells.
    pub(super) fn tell_callees(&mut self, function: FunctionId, place: Place, site: SourceSite) {
        let steps = self.origins(place, true);
        if !steps.is_empty() {
            self.emit(|| Event::ValueOrigin { function, site, steps });
        }
    }

    /// The prototypes of the objects that a property access has seen; empty if it has seen none, or too many.
    fn prototypes_seen(&self, info: &FunctionInfo, at: u32) -> Vec<Value> {
        let slot = info.function.slots.iter().find(|s| s.offset == at && s.kind == SlotKind::Property);
        let Some(slot) = slot.filter(|_| info.is_prepared()) else { return Vec::new() };
        // SAFETY: the slot table describes the feedback vector of a prepared function.
        let seen = unsafe { &*info.feedback.add(slot.index as usize).cast::<PropertySlot>() };
        if seen.len == MEGAMORPHIC {
            return Vec::new();
        }
        let shapes = seen.entries.iter().take(seen.len as usize).map(|e| ShapeId::from_u32(e.shape));
        shapes.filter_map(|id| self.machine.rt.shapes.get_live(id)).map(|shape| shape.proto).collect()
    }

    fn origins(&self, place: Place, follows_keys: bool) -> Vec<OriginStep> {
        if self.machine.rt.functions.len() > MAX_FUNCTIONS {
            return Vec::new();
        }
        let code = self.machine.rt.function(place.function).function.clone();
        let (seen, seen_arrays) = (FxHashSet::default(), FxHashSet::default());
        let mut search = Search { vm: self, steps: Vec::new(), seen, seen_arrays, follows_keys };
        for reg in sources(&Insn::decode(&code.code, place.offset as usize)) {
            search.register(place.function, &code, place.offset, reg, 0);
        }
        search.steps
    }
}

impl Search<'_> {
    pub(super) fn step(&mut self, function: FunctionId, offset: u32, kind: OriginKind, what: String) {
        let step = OriginStep { site: self.vm.site(function, offset), kind, what };
        let told = self.steps.iter().any(|s| s.site.line == step.site.line && s.what == step.what);
        if self.steps.len() < MAX_STEPS && !told {
            self.steps.push(step);
        }
    }

    /// Follows the value that stands in a register when the instruction at `offset` reads it.
    pub(super) fn register(
        &mut self,
        function: FunctionId,
        code: &Arc<FunctionCode>,
        offset: u32,
        reg: u16,
        depth: u32,
    ) {
        if depth > MAX_DEPTH || self.steps.len() >= MAX_STEPS || !self.seen.insert((function, offset, reg)) {
            return;
        }
        let writes = reaching(code, offset, reg);
        for (at, insn) in &writes {
            self.definition(function, code, *at, *insn, depth);
        }
        if writes.is_empty() && reg < code.nparams {
            self.parameter(function, reg, depth);
        }
    }

    fn definition(&mut self, function: FunctionId, code: &Arc<FunctionCode>, at: u32, insn: Insn, depth: u32) {
        let info = self.vm.machine.rt.function(function);
        if let Insn::Move { src, .. } = insn {
            return self.register(function, code, at, src.0, depth);
        }
        if let Insn::GetProp { name, .. } = insn {
            let key = key_text(info, &insn);
            self.step(function, at, OriginKind::Read, format!("read from property {key}"));
            return self.stores((info, at), name, &key, depth);
        }
        if let Insn::GetModule { cell, .. } = insn {
            self.step(function, at, OriginKind::Read, "read from a variable of the module".to_string());
            return self.module_stores(code, cell, depth);
        }
        if matches!(insn, Insn::Call { .. } | Insn::New { .. }) {
            self.step(function, at, OriginKind::Result, "result of the call".to_string());
            return self.results(function, at, depth);
        }
        match insn {
            Insn::GetElem { object, key, .. } => {
                self.step(function, at, OriginKind::Read, "read from an element".to_string());
                self.contents(function, code, at, object.0, depth);
                if self.follows_keys {
                    self.register(function, code, at, key.0, depth);
                }
            }
            Insn::LoadConst { .. } => {
                self.step(function, at, OriginKind::Made, format!("the constant {:?}", key_text(info, &insn)));
            }
            // Numbers in the text and what arithmetic makes of them are where a search ends.
            Insn::LoadInt { .. } | Insn::LoadUndefined { .. } => {}
            _another_instruction => {
                self.step(function, at, OriginKind::Made, format!("made by {}", insn.op().name()));
                for operand in insn.operands() {
                    if let Operand::Src(reg) = operand {
                        self.register(function, code, at, reg.0, depth + 1);
                    }
                }
            }
        }
    }

    /// Follows a parameter to the calls that feedback has seen.
    fn parameter(&mut self, function: FunctionId, index: u16, depth: u32) {
        let name = self.vm.machine.rt.function(function).function.name.clone();
        for (caller, at, reg) in self.arguments(function, index) {
            self.step(caller, at, OriginKind::Passed, format!("passed as argument {} of {name}", index + 1));
            let code = self.vm.machine.rt.function(caller).function.clone();
            self.register(caller, &code, at, reg, depth + 1);
        }
    }

    /// Calls that feedback has seen to pass a parameter, with the register that holds it.
    pub(super) fn arguments(&self, function: FunctionId, index: u16) -> Vec<(FunctionId, u32, u16)> {
        let vm = self.vm;
        let mut found = Vec::new();
        for caller in vm.machine.rt.functions.iter().filter(|f| f.is_prepared()) {
            let code = &caller.function;
            for slot in code.slots.iter().filter(|s| s.kind == SlotKind::Call) {
                // SAFETY: the slot table describes the feedback vector of a prepared function.
                let targets = unsafe { (*caller.feedback.add(slot.index as usize).cast::<CallSlot>()).entries };
                if !targets.iter().any(|t| t.target == function.as_u32() + 1) {
                    continue;
                }
                let insn = Insn::decode(&code.code, slot.offset as usize);
                if let Insn::Call { base, argc, .. } | Insn::New { base, argc, .. } = insn
                    && index < argc
                {
                    found.push((caller.id, slot.offset, base.0 + 2 + index));
                }
            }
        }
        found
    }

    /// Follows a property to the stores under its name, other than to objects of another kind.
    fn stores(&mut self, reader: (&FunctionInfo, u32), name: u16, key: &str, depth: u32) {
        let vm = self.vm;
        let wanted = &reader.0.function.constants[name as usize];
        let read = vm.prototypes_seen(reader.0, reader.1);
        for f in &vm.machine.rt.functions {
            let code = &f.function;
            for (at, insn) in code.instructions() {
                if let Insn::SetProp { name, src, .. } | Insn::DefineField { name, src, .. } = insn
                    && code.constants[name as usize] == *wanted
                    && may_share(&read, &vm.prototypes_seen(f, at))
                {
                    self.step(f.id, at, OriginKind::PutIn, format!("written to property {key}"));
                    self.register(f.id, code, at, src.0, depth + 1);
                }
            }
        }
    }

    fn module_stores(&mut self, reader: &Arc<FunctionCode>, cell: u16, depth: u32) {
        for (id, at, reg) in self.assignments(reader, cell) {
            let code = self.vm.machine.rt.function(id).function.clone();
            if let Insn::InitModule { .. } = Insn::decode(&code.code, at as usize) {
                self.step(id, at, OriginKind::Initial, "what that variable begins with".to_string());
            } else {
                self.step(id, at, OriginKind::Assigned, "assigned to that variable".to_string());
            }
            self.register(id, &code, at, reg, depth + 1);
        }
    }

    /// Assignments to a variable of the module, with the register that is assigned.
    pub(super) fn assignments(&self, reader: &Arc<FunctionCode>, cell: u16) -> Vec<(FunctionId, u32, u16)> {
        let mut found = Vec::new();
        for f in self.vm.machine.rt.functions.iter().filter(|f| Arc::ptr_eq(&f.function.source, &reader.source)) {
            for (at, insn) in f.function.instructions() {
                if let Insn::SetModule { cell: to, src } | Insn::InitModule { cell: to, src } = insn
                    && to == cell
                {
                    found.push((f.id, at, src.0));
                }
            }
        }
        found
    }

    /// Follows the result of a call into the functions that feedback has seen there.
    fn results(&mut self, caller: FunctionId, at: u32, depth: u32) {
        for (id, at, reg) in self.returns(caller, at) {
            let code = self.vm.machine.rt.function(id).function.clone();
            self.register(id, &code, at, reg, depth + 1);
        }
    }

    /// The `return`s of the functions that feedback has seen at a call, with the register that is returned.
    pub(super) fn returns(&self, caller: FunctionId, at: u32) -> Vec<(FunctionId, u32, u16)> {
        let vm = self.vm;
        let mut found = Vec::new();
        let info = vm.machine.rt.function(caller);
        let slot = info.function.slots.iter().find(|s| s.offset == at && s.kind == SlotKind::Call);
        let (Some(slot), true) = (slot, info.is_prepared()) else { return found };
        // SAFETY: as above.
        let targets = unsafe { &*info.feedback.add(slot.index as usize).cast::<CallSlot>() };
        if targets.len == MEGAMORPHIC {
            return found;
        }
        for target in targets.entries.iter().take(targets.len as usize) {
            let known = target.target.checked_sub(1).filter(|id| (*id as usize) < vm.machine.rt.functions.len());
            let Some(id) = known.map(FunctionId::from_u32) else { continue };
            let code = &vm.machine.rt.function(id).function;
            for (at, insn) in code.instructions() {
                if let Insn::Return { src } = insn {
                    found.push((id, at, src.0));
                }
            }
        }
        found
    }
}

/// Whether two sites can have seen the same object. None: nothing is known.
fn may_share(a: &[Value], b: &[Value]) -> bool {
    a.is_empty() || b.is_empty() || a.iter().any(|prototype| b.contains(prototype))
}

/// The instructions whose result a register can hold at `offset`, as far as the order of the text tells, the last one first:
/// the last one that writes it, and those before it if a jump leads from there past the last one, as in a choice.
pub(super) fn reaching(code: &FunctionCode, offset: u32, reg: u16) -> Vec<(u32, Insn)> {
    let before: Vec<(u32, Insn)> = code.instructions().take_while(|(at, _)| *at < offset).collect();
    let mut writes = before.iter().copied().filter(|(_, insn)| destination(insn) == Some(reg)).rev();
    let Some(last) = writes.next() else { return Vec::new() };
    let leads_past = |from: u32| {
        let mut between = before.iter().filter(|(at, _)| (from..last.0).contains(at));
        between.any(|(at, insn)| {
            let target = insn.jump_offset().map(|to| i64::from(*at) + i64::from(to));
            target.is_some_and(|target| (i64::from(last.0) + 1..=i64::from(offset)).contains(&target))
        })
    };
    let others: Vec<(u32, Insn)> = writes.take_while(|(at, _)| leads_past(*at)).collect();
    std::iter::once(last).chain(others).collect()
}

pub(super) fn destination(insn: &Insn) -> Option<u16> {
    insn.operands().iter().find_map(|o| if let Operand::Dst(reg) = o { Some(reg.0) } else { None })
}

/// Registers that an instruction reads; of a call, the callee.
fn sources(insn: &Insn) -> Vec<u16> {
    let reg = |o: &Operand| match o {
        Operand::Src(reg) | Operand::Window(reg) => Some(reg.0),
        Operand::Dst(_)
        | Operand::Const(_)
        | Operand::Imm(_)
        | Operand::Num(_)
        | Operand::Cell(_)
        | Operand::Func(_)
        | Operand::Jump(_)
        | Operand::Feedback(..) => None,
    };
    if let Insn::SetProp { object, .. } | Insn::DefineField { object, .. } = insn {
        // Whatever the value is, it can be stored: guards are about the object.
        return vec![object.0];
    }
    insn.operands().iter().filter_map(reg).collect()
}
