//! Lists of arguments: `arguments`, rest arrays and the arrays that the frontend makes for spreads.
//!
//! A list that this activation has made and that nothing has looked at or can look at later is a sequence of values: the call
//! that spreads it is a call with these arguments. The list itself is then only named by frame states, and escape analysis
//! removes it. Of an `arguments` object that something else may see as well, the elements are tested instead.

use super::activation::Activation;
use crate::bytecode::ops::{Insn, Operand, Reg};
use crate::feedback::summary::Site;
use crate::hir::field::{Const, Shapes, Slot, Val};
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::{HOLE, NULLISH};
use crate::vocab::DeoptReason;

/// Elements of a list at most that become arguments.
const MAX_LIST: usize = 16;
/// Instructions past the making of an array that are looked at for what it is made for.
const LOOK_AHEAD: usize = 48;

impl Activation<'_, '_> {
    /// The elements that a list was made of by this compile.
    fn made_of(&self, list: Val) -> Option<(RuntimeFn, &[Val])> {
        let graph = &self.session.graph;
        match graph.op(graph.root(list)) {
            Op::CallRuntime { function: made @ (RuntimeFn::NewArguments | RuntimeFn::NewArray), args, .. }
                if args.0.len() <= MAX_LIST =>
            {
                Some((*made, &args.0))
            }
            _another => None,
        }
    }

    /// The elements of a list that nothing but the current bytecode has access to.
    ///
    /// Code that has been interpreted would show as an instruction that uses it. Code that has not, but runs before all the
    /// same, is reached by a jump back from here, along which a register would have to hold the list.
    pub(super) fn exclusive(&self, list: Val) -> Option<Vec<Val>> {
        let (_, elements) = self.made_of(list)?;
        let graph = &self.session.graph;
        let list = graph.root(list);
        let held = |r: usize| self.env.registers[r].expand().is_some_and(|v| graph.root(v) == list);
        if graph.insts[list].origin.inline != self.inline
            || self.view.function.handler_at(self.offset).is_some()
            || self.live_after.iter().any(|r| self.env.registers.get(r).is_some() && held(r))
        {
            return None;
        }
        let mut used = false;
        for block in graph.blocks.values() {
            for &v in &block.insts {
                graph.op(v).visit(|operand, _| used |= graph.root(operand) == list);
            }
        }
        (!used).then(|| elements.to_vec())
    }

    /// The elements of a list that this compile has made, or none of what stands for no list.
    pub(super) fn elements_of(&mut self, list: Val) -> Option<Vec<Val>> {
        let ty = self.ty(list);
        if ty.is(NULLISH) && !ty.is_none() {
            return Some(vec![]);
        }
        if let Some(elements) = self.exclusive(list) {
            return Some(elements);
        }
        let (RuntimeFn::NewArguments, made) = self.made_of(list)? else { return None };
        let made = made.to_vec();
        let checks = [DeoptReason::WrongShape, DeoptReason::WrongKey, DeoptReason::OutOfBounds, DeoptReason::Hole];
        if !self.may_all(&checks) {
            return None;
        }
        let shapes = Shapes::one(self.session.input.arguments_shapes[0]);
        let object = self.guard(Op::CheckShape { v: list, shapes });
        let length = self.emit(Op::LoadSlot { object, slot: Slot::Inline(0) });
        self.guard(Op::CheckKey { v: length, value: Const::Int(made.len() as i32) });
        if made.is_empty() {
            return Some(made);
        }
        let elements = self.emit(Op::LoadElements { object });
        let capacity = self.emit(Op::LoadCapacity { elements });
        for (i, &element) in made.iter().enumerate() {
            let index = self.int(i as i32);
            let index = self.guard(Op::CheckBounds { index, length: capacity });
            let found = self.guard(Op::LoadElementHoley { elements, index });
            self.require_same(found, element);
        }
        Some(made)
    }

    /// Leaves the code if two words differ.
    fn require_same(&mut self, found: Val, expected: Val) {
        let same = self.emit(Op::TaggedEqual { a: found, b: expected });
        let frame = self.frame_before();
        let (go, leave) = self.fork(same);
        self.block = Some(leave);
        self.append(Op::Deopt { reason: DeoptReason::WrongKey }, Some(frame));
        self.block = Some(go);
    }

    /// Whether the array that the current bytecode makes in a register is a list: the next one that names the register
    /// appends to it, or passes it to `apply`.
    pub(super) fn begins_list(&self, array: Reg) -> bool {
        let end = self.view.function.code.len() as u32;
        let mut later = self.view.function.instructions_in(self.offset..end).skip(1).take(LOOK_AHEAD);
        later.find_map(|(_, insn)| self.takes_list(&insn, array)).unwrap_or(false)
    }

    /// Whether an instruction takes a register's array for a list. `None`: it has nothing to do with the register.
    fn takes_list(&self, insn: &Insn, array: Reg) -> Option<bool> {
        match *insn {
            Insn::ArrayPush { array: list, .. } | Insn::ArraySpread { array: list, .. } if list == array => Some(true),
            Insn::Call { base, argc, fb, .. } if (base.0 + 2..base.0 + 2 + argc).contains(&array.0) => {
                let site = self.view.site(fb);
                Some(matches!(site, Some(Site::Call { forwarded, .. }) if !forwarded.is_empty()))
            }
            ref other => {
                let named = |o: &Operand| matches!(*o, Operand::Dst(r) | Operand::Src(r) if r == array);
                other.operands().iter().any(named).then_some(false)
            }
        }
    }

    /// Appends a value to an array of the frontend's.
    pub(super) fn push_to_list(&mut self, array: Reg, src: Reg) {
        let (list, value) = (self.get(array), self.get(src));
        if !self.ty(value).meets(HOLE)
            && let Some(elements) = self.unfinished(list, array)
        {
            return self.lengthen(array, elements, &[value]);
        }
        self.runtime(RuntimeFn::ArrayAppend, &[list, value], None);
    }

    /// Appends the elements of a list to an array of the frontend's.
    pub(super) fn spread_to_list(&mut self, array: Reg, src: Reg) {
        let (list, spread) = (self.get(array), self.get(src));
        if let Some((RuntimeFn::NewArray, _)) = self.made_of(spread)
            && let Some(more) = self.exclusive(spread)
            && let Some(elements) = self.unfinished(list, array)
        {
            return self.lengthen(array, elements, &more);
        }
        let text = self.text();
        self.runtime(RuntimeFn::ArraySpread, &[list, spread, text], None);
    }

    /// The elements of an array that is still being made: no other register holds it.
    fn unfinished(&mut self, list: Val, array: Reg) -> Option<Vec<Val>> {
        let held = self.env.registers[array.0 as usize].take();
        let elements = self.exclusive(list);
        self.env.registers[array.0 as usize] = held.into();
        elements
    }

    /// Makes an array anew with more elements. Nobody can tell.
    fn lengthen(&mut self, array: Reg, mut elements: Vec<Val>, more: &[Val]) {
        elements.extend_from_slice(more);
        self.runtime(RuntimeFn::NewArray, &elements, Some(array));
    }
}
