//! Says whether a function's bytecode is well formed.
//!
//! Consumers decode without checks of their own, so whatever produces bytecode must satisfy these rules:
//!
//! 1. The stream is not empty, decodes into opcodes of the table without a rest, and control cannot run off its end.
//! 2. Every jump lands on an instruction. A jump backward lands on `loop_header`.
//! 3. Every register, and every register of a window, lies below `nregs`; `nparams` does too.
//! 4. Constants, children and module cells exist; names are strings.
//! 5. Feedback slots are disjoint, within the vector, of the kind the opcode wants, and each belongs to one instruction.
//! 6. Handler ranges begin and end at instructions (or the end), are not empty, have their target outside themselves,
//!    and an inner range is listed before one that contains it.
//! 7. `create_arguments` and `create_rest` stand first, `load_new_target` before anything that can call.
//! 8. Spans and callee texts are sorted and stand at instructions.
//! 9. On every path, a register is written before it is read (parameters are written by the call).

use super::function::{Constant, FunctionCode, ModuleCode};
use super::ops::{Insn, Op, Operand, SlotKind};

/// Verifies a file's functions.
pub fn verify_module(module: &ModuleCode) -> Result<(), String> {
    verify_function(&module.main, module.cells.len())
}

/// Verifies a function and its children; `cells` is the number of module cells.
pub fn verify_function(code: &FunctionCode, cells: usize) -> Result<(), String> {
    Verifier::new(code, cells)
        .and_then(|v| v.run())
        .map_err(|e| format!("function {:?} at {}: {e}", code.name, code.span.0))?;
    code.children.iter().try_for_each(|child| verify_function(child, cells))
}

struct Verifier<'c> {
    code: &'c FunctionCode,
    cells: usize,
    /// Instructions by index, with their offsets.
    insns: Vec<(u32, Insn)>,
    /// Index of the instruction at an offset, or `u32::MAX`.
    index: Vec<u32>,
}

type Check = Result<(), String>;

fn ensure(condition: bool, message: impl FnOnce() -> String) -> Check {
    if condition { Ok(()) } else { Err(message()) }
}

impl<'c> Verifier<'c> {
    fn new(code: &'c FunctionCode, cells: usize) -> Result<Verifier<'c>, String> {
        let mut insns = Vec::new();
        let mut index = vec![u32::MAX; code.code.len() + 1];
        let mut at = 0;
        while at < code.code.len() {
            let unit = usize::from(code.code[at]);
            let op = *Op::ALL.get(unit).ok_or_else(|| format!("no opcode {unit} at {at}"))?;
            if at + op.units() > code.code.len() {
                return Err(format!("{} at {at} is cut off", op.name()));
            }
            index[at] = insns.len() as u32;
            insns.push((at as u32, Insn::decode(&code.code, at)));
            at += op.units();
        }
        Ok(Verifier { code, cells, insns, index })
    }

    fn run(&self) -> Check {
        let last = self.insns.last().ok_or("no instructions")?;
        ensure(last.1.ends_block(), || "control runs off the end".into())?;
        ensure(self.code.nparams <= self.code.nregs, || "more parameters than registers".into())?;
        for (at, insn) in &self.insns {
            self.operands(*at, insn)?;
        }
        self.slots()?;
        self.handlers()?;
        self.prologue()?;
        self.tables()?;
        self.assignment()
    }

    fn at(&self, offset: i64) -> Option<usize> {
        let i = *usize::try_from(offset).ok().and_then(|o| self.index.get(o))?;
        (i != u32::MAX).then_some(i as usize)
    }

    fn operands(&self, at: u32, insn: &Insn) -> Check {
        let name = insn.op().name();
        let string = |i: u16| matches!(self.code.constants.get(usize::from(i)), Some(Constant::String(_)));
        for (operand, field) in insn.operands().iter().zip(insn.op().operand_names()) {
            match operand {
                Operand::Dst(r) | Operand::Src(r) => {
                    ensure(r.0 < self.code.nregs, || {
                        format!("{name} at {at}: register {} of {}", r.0, self.code.nregs)
                    })?;
                }
                Operand::Window(r) => {
                    let (_, length) = insn.window().ok_or_else(|| format!("{name} at {at}: window without length"))?;
                    let end = u32::from(r.0) + u32::from(length);
                    ensure(end <= u32::from(self.code.nregs), || {
                        format!("{name} at {at}: window up to {end} of {}", self.code.nregs)
                    })?;
                }
                Operand::Const(i) => {
                    ensure(usize::from(*i) < self.code.constants.len(), || format!("{name} at {at}: constant {i}"))?;
                    let must_be_string = *field != "constant";
                    ensure(!must_be_string || string(*i), || format!("{name} at {at}: constant {i} is no string"))?;
                }
                Operand::Cell(i) => ensure(usize::from(*i) < self.cells, || format!("{name} at {at}: cell {i}"))?,
                Operand::Func(i) => {
                    ensure(usize::from(*i) < self.code.children.len(), || format!("{name} at {at}: child {i}"))?;
                }
                Operand::Jump(to) => {
                    let target = self.at(i64::from(at) + i64::from(*to));
                    let target = target.ok_or_else(|| format!("{name} at {at}: jump into nowhere"))?;
                    let backward = *to <= 0;
                    ensure(!backward || self.insns[target].1.op() == Op::LoopHeader, || {
                        format!("{name} at {at}: jumps backward to something else than a loop header")
                    })?;
                }
                Operand::Imm(_) | Operand::Num(_) | Operand::Feedback(..) => {}
            }
        }
        Ok(())
    }

    fn slots(&self) -> Check {
        let mut used = 0u32;
        let mut slots = self.code.slots.iter();
        for (at, insn) in &self.insns {
            let wanted: Vec<(SlotKind, u16)> = insn
                .operands()
                .iter()
                .filter_map(|o| if let Operand::Feedback(kind, i) = o { Some((*kind, *i)) } else { None })
                .collect();
            for (kind, index) in wanted {
                let slot = slots.next().ok_or_else(|| format!("no feedback slot for the instruction at {at}"))?;
                ensure(slot.offset == *at && slot.kind == kind && slot.index == index, || {
                    format!("the feedback slot of the instruction at {at} is not the one it names")
                })?;
                ensure(u32::from(index) >= used, || format!("feedback slot {index} overlaps the one before"))?;
                used = u32::from(index) + u32::from(kind.units());
            }
        }
        ensure(slots.next().is_none(), || "a feedback slot without instruction".into())?;
        ensure(used <= u32::from(self.code.feedback_units), || "feedback slots past the vector".into())
    }

    fn handlers(&self) -> Check {
        for (i, h) in self.code.handlers.iter().enumerate() {
            ensure(h.start < h.end && h.end as usize <= self.code.code.len(), || format!("handler {i}: empty range"))?;
            let ends = h.end as usize == self.code.code.len() || self.at(i64::from(h.end)).is_some();
            ensure(self.at(i64::from(h.start)).is_some() && ends, || format!("handler {i}: not at instructions"))?;
            ensure(self.at(i64::from(h.target)).is_some(), || format!("handler {i}: target not at an instruction"))?;
            ensure(!(h.start..h.end).contains(&h.target), || format!("handler {i}: target in its own range"))?;
            ensure(h.exception.0 < self.code.nregs, || format!("handler {i}: register {}", h.exception.0))?;
            for later in &self.code.handlers[i + 1..] {
                let inside =
                    later.start >= h.start && later.end <= h.end && (later.start, later.end) != (h.start, h.end);
                ensure(!inside, || format!("handler {i} is listed before one inside it"))?;
            }
        }
        Ok(())
    }

    fn prologue(&self) -> Check {
        let (mut arguments_over, mut called) = (false, false);
        for (at, insn) in &self.insns {
            let op = insn.op();
            if matches!(op, Op::CreateArguments | Op::CreateRest) {
                ensure(!arguments_over, || format!("{} at {at} is not first", op.name()))?;
                arguments_over = true;
            } else if op == Op::LoadNewTarget {
                ensure(!called, || format!("load_new_target at {at} behind something that can call"))?;
            } else {
                arguments_over = true;
                called |= !matches!(
                    op,
                    Op::LoadThis | Op::LoadCallee | Op::LoadScope | Op::LoadHole | Op::LoadUndefined | Op::NewScope
                );
            }
        }
        Ok(())
    }

    fn tables(&self) -> Check {
        ensure(self.code.spans.is_sorted_by_key(|s| s.offset), || "spans are not sorted".into())?;
        ensure(self.code.spans.iter().all(|s| self.at(i64::from(s.offset)).is_some()), || {
            "a span is not at an instruction".into()
        })?;
        ensure(self.code.callee_texts.is_sorted_by_key(|t| t.0), || "callee texts are not sorted".into())?;
        for (offset, constant) in &self.code.callee_texts {
            ensure(self.at(i64::from(*offset)).is_some(), || format!("callee text at {offset}"))?;
            ensure(usize::from(*constant) < self.code.constants.len(), || format!("callee text at {offset}"))?;
        }
        Ok(())
    }

    /// Forward data flow over sets of registers that are certainly written.
    fn assignment(&self) -> Check {
        let words = usize::from(self.code.nregs).div_ceil(64);
        // A frame of many registers in a long function would need much memory; the rule is about our own lowering, which
        // smaller functions exercise as well.
        if words * self.insns.len() > 1 << 22 {
            return Ok(());
        }
        let mut entry = vec![0u64; words];
        for r in 0..self.code.nparams {
            entry[usize::from(r / 64)] |= 1 << (r % 64);
        }
        let mut before: Vec<Option<Vec<u64>>> = vec![None; self.insns.len()];
        before[0] = Some(entry);
        let mut work = vec![0usize];
        while let Some(i) = work.pop() {
            let (at, insn) = &self.insns[i];
            let mut state = before[i].clone().expect("only reached instructions are on the list");
            for h in self.code.handlers.iter().filter(|h| h.start <= *at && *at < h.end).take(1) {
                let mut caught = state.clone();
                set(&mut caught, h.exception.0);
                let target = self.at(i64::from(h.target)).expect("checked before");
                merge(&mut before, target, &caught, &mut work);
            }
            self.reads(*at, insn, &state)?;
            let mut exit = state.clone();
            for operand in insn.operands() {
                if let Operand::Dst(r) = operand {
                    set(&mut state, r.0);
                }
            }
            writes_window(insn, &mut state);
            let leaves_without_value = matches!(insn.op(), Op::IterNext | Op::EnumNext);
            if leaves_without_value {
                writes_window(insn, &mut exit);
            }
            if let Some(to) = insn.jump_offset() {
                let target = self.at(i64::from(*at) + i64::from(to)).expect("checked before");
                merge(&mut before, target, if leaves_without_value { &exit } else { &state }, &mut work);
            }
            if !insn.ends_block() {
                ensure(i + 1 < self.insns.len(), || "control runs off the end".into())?;
                merge(&mut before, i + 1, &state, &mut work);
            }
        }
        Ok(())
    }

    fn reads(&self, at: u32, insn: &Insn, state: &[u64]) -> Check {
        let name = insn.op().name();
        let unwritten = |r: u16| format!("{name} at {at} reads register {r}, which may not be written");
        for operand in insn.operands() {
            if let Operand::Src(r) = operand {
                ensure(is_set(state, r.0), || unwritten(r.0))?;
            }
        }
        let op = insn.op();
        if writes_its_window(op) {
            return Ok(());
        }
        let skip = if matches!(op, Op::New | Op::NewSpread) {
            1..2
        } else if matches!(op, Op::SuperCall | Op::SuperCallSpread) {
            0..2
        } else {
            0..0
        };
        if let Some((base, length)) = insn.window() {
            for i in (0..length).filter(|i| !skip.contains(i)) {
                ensure(is_set(state, base.0 + i), || unwritten(base.0 + i))?;
            }
        }
        Ok(())
    }
}

fn writes_its_window(op: Op) -> bool {
    matches!(op, Op::NewClass | Op::IterInit | Op::EnumInit)
}

fn writes_window(insn: &Insn, state: &mut [u64]) {
    if let (true, Some((base, length))) = (writes_its_window(insn.op()), insn.window()) {
        (0..length).for_each(|i| set(state, base.0 + i));
    }
}

fn set(state: &mut [u64], r: u16) {
    state[usize::from(r / 64)] |= 1 << (r % 64);
}

fn is_set(state: &[u64], r: u16) -> bool {
    state[usize::from(r / 64)] & (1 << (r % 64)) != 0
}

fn merge(before: &mut [Option<Vec<u64>>], target: usize, state: &[u64], work: &mut Vec<usize>) {
    match &mut before[target] {
        Some(old) => {
            let mut changed = false;
            for (o, s) in old.iter_mut().zip(state) {
                changed |= *o & !*s != 0;
                *o &= *s;
            }
            if changed {
                work.push(target);
            }
        }
        none => {
            *none = Some(state.to_vec());
            work.push(target);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytecode::asm::Assembler;
    use crate::bytecode::function::{FunctionFlags, FunctionKind, Handler, Source};
    use crate::bytecode::ops::Reg;
    use std::sync::Arc;

    fn code(nparams: u16, write: impl FnOnce(&mut Assembler)) -> FunctionCode {
        let mut asm = Assembler::new(nparams);
        asm.push_registers(4);
        write(&mut asm);
        let done = asm.finish();
        FunctionCode {
            name: "f".into(),
            source: Arc::new(Source::new("f.js".into(), String::new())),
            span: (0, 0),
            kind: FunctionKind::Normal,
            flags: FunctionFlags::default(),
            nparams,
            length: nparams,
            nregs: done.nregs,
            code: done.code,
            constants: done.constants,
            children: done.children,
            handlers: done.handlers,
            spans: done.spans,
            slots: done.slots,
            feedback_units: done.feedback_units,
            register_names: done.register_names,
            callee_texts: done.callee_texts,
        }
    }

    fn problem(code: &FunctionCode) -> String {
        verify_function(code, 1).expect_err("must not verify")
    }

    fn good() -> FunctionCode {
        code(1, |a| {
            a.emit(Insn::LoadInt { dst: Reg(1), value: 1 });
            let header = a.bound_label();
            a.emit(Insn::LoopHeader {});
            a.emit(Insn::Add { dst: Reg(1), lhs: Reg(1), rhs: Reg(0), fb: 0 });
            a.emit_jump(Insn::JumpLt { lhs: Reg(1), rhs: Reg(0), to: 0, fb: 0 }, header);
            a.emit(Insn::Return { src: Reg(1) });
        })
    }

    #[test]
    fn a_good_function_verifies() {
        assert_eq!(verify_function(&good(), 0), Ok(()));
    }

    #[test]
    fn streams() {
        let mut f = good();
        f.code = Box::new([]);
        assert!(problem(&f).contains("no instructions"));
        let mut f = good();
        f.code[0] = 0xFFFF;
        assert!(problem(&f).contains("no opcode"));
        let mut f = good();
        f.code = f.code[..f.code.len() - 1].into();
        assert!(problem(&f).contains("cut off"));
        let f = code(0, |a| a.emit(Insn::LoadInt { dst: Reg(0), value: 1 }));
        assert!(problem(&f).contains("runs off the end"));
    }

    #[test]
    fn operands() {
        let f = code(0, |a| a.emit(Insn::Return { src: Reg(4) }));
        assert!(problem(&f).contains("register 4 of 4"));
        let f = code(0, |a| {
            a.emit(Insn::LoadConst { dst: Reg(0), constant: 3 });
            a.emit(Insn::Return { src: Reg(0) });
        });
        assert!(problem(&f).contains("constant 3"));
        let f = code(0, |a| {
            let n = a.number(0.5);
            a.emit(Insn::TypeofGlobal { dst: Reg(0), name: n });
            a.emit(Insn::Return { src: Reg(0) });
        });
        assert!(problem(&f).contains("is no string"));
        let f = code(0, |a| {
            a.emit(Insn::GetModule { dst: Reg(0), cell: 1 });
            a.emit(Insn::Return { src: Reg(0) });
        });
        assert!(problem(&f).contains("cell 1"));
        let f = code(0, |a| {
            a.emit(Insn::LoadInt { dst: Reg(2), value: 0 });
            a.emit(Insn::Call { dst: Reg(0), base: Reg(2), argc: 1, fb: 0 });
            a.emit(Insn::Return { src: Reg(0) });
        });
        assert!(problem(&f).contains("window up to 5 of 4"));
    }

    #[test]
    fn jumps() {
        let mut f = good();
        let at = f.code.len() - 4;
        f.code[at - 1] = f.code[at - 1].wrapping_add(1);
        assert!(problem(&f).contains("jump"), "{}", problem(&f));
        let f = code(1, |a| {
            let top = a.bound_label();
            a.emit(Insn::LoadInt { dst: Reg(1), value: 0 });
            a.emit_jump(Insn::Jump { to: 0 }, top);
        });
        assert!(problem(&f).contains("loop header"));
    }

    #[test]
    fn feedback_slots() {
        let mut f = good();
        f.slots[1].index = f.slots[0].index;
        assert!(problem(&f).contains("not the one it names"));
        let mut f = good();
        f.feedback_units = 1;
        assert!(problem(&f).contains("past the vector"));
        let mut f = good();
        f.slots = f.slots[..1].into();
        assert!(problem(&f).contains("no feedback slot"));
    }

    #[test]
    fn handlers() {
        let with = |handlers: &[Handler]| {
            let mut f = good();
            f.handlers = handlers.into();
            problem(&f)
        };
        let h = |start, end, target| Handler { start, end, target, exception: Reg(1) };
        assert!(with(&[h(3, 3, 0)]).contains("empty range"));
        assert!(with(&[h(1, 3, 0)]).contains("not at instructions"));
        assert!(with(&[h(0, 4, 3)]).contains("in its own range"));
        assert!(with(&[h(0, 9, 15), h(3, 4, 15)]).contains("before one inside it"));
    }

    #[test]
    fn prologue_and_assignment() {
        let f = code(0, |a| {
            a.emit(Insn::LoadInt { dst: Reg(0), value: 0 });
            a.emit(Insn::CreateArguments { dst: Reg(1) });
            a.emit(Insn::Return { src: Reg(1) });
        });
        assert!(problem(&f).contains("not first"));
        let f = code(1, |a| {
            let skip = a.label();
            a.emit_jump(Insn::JumpTrue { src: Reg(0), to: 0, fb: 0 }, skip);
            a.emit(Insn::LoadInt { dst: Reg(1), value: 0 });
            a.bind(skip);
            a.emit(Insn::Return { src: Reg(1) });
        });
        assert!(problem(&f).contains("reads register 1"));
    }
}
