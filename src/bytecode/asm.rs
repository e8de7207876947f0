//! The assembler: what lowering talks to when it produces a function's bytecode.
//!
//! In: instructions, labels, positions, register requests. Out: the parts of a [`FunctionCode`] that depend on layout
//! (code, handlers, spans, feedback slots, constants). Jumps are written with offset 0 and patched when the function is
//! finished, because an offset always takes two units and so the layout never changes.
//!
//! Registers are handed out as a stack: parameters at the bottom, variables and temporaries above, so the top of the
//! stack is always a place where a call window may be built. Limits of operands (65,535 of anything) do not stop the
//! assembler; it notes the first that was passed and [`Assembler::overflow`] tells.

use super::function::{Constant, FunctionCode, Handler, SlotInfo, SpanEntry};
use super::ops::{Insn, Operand, Reg};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A place in the code that jumps may refer to before it is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Label(u32);

const UNBOUND: u32 = u32::MAX;

/// A protected range between labels.
#[derive(Clone, Copy)]
struct PendingHandler {
    start: Label,
    end: Label,
    target: Label,
    exception: Reg,
}

/// Builds the code of one function.
pub struct Assembler {
    code: Vec<u16>,
    labels: Vec<u32>,
    label_used: Vec<bool>,
    fixups: Vec<(u32, u32, Label)>,
    constants: Vec<Constant>,
    numbers: FxHashMap<u64, u16>,
    strings: FxHashMap<Box<[u16]>, u16>,
    children: Vec<Arc<FunctionCode>>,
    handlers: Vec<PendingHandler>,
    spans: Vec<SpanEntry>,
    slots: Vec<SlotInfo>,
    feedback_units: u32,
    position: u32,
    top: u32,
    max: u32,
    register_names: Vec<(Reg, String)>,
    callee_texts: Vec<(u32, u16)>,
    overflow: Option<&'static str>,
    reachable: bool,
}

/// The finished parts of a function.
pub struct Assembled {
    /// The bytecode.
    pub code: Box<[u16]>,
    /// Constant pool.
    pub constants: Box<[Constant]>,
    /// Child functions.
    pub children: Box<[Arc<FunctionCode>]>,
    /// Handlers, innermost first.
    pub handlers: Box<[Handler]>,
    /// Positions.
    pub spans: Box<[SpanEntry]>,
    /// Feedback slots.
    pub slots: Box<[SlotInfo]>,
    /// Length of the feedback vector in 16-byte units.
    pub feedback_units: u16,
    /// Registers of a frame.
    pub nregs: u16,
    /// Names of variables' registers.
    pub register_names: Box<[(Reg, String)]>,
    /// Source texts of callees.
    pub callee_texts: Box<[(u32, u16)]>,
}

impl Assembler {
    /// A function whose first `nparams` registers are taken.
    pub fn new(nparams: u16) -> Assembler {
        Assembler {
            code: Vec::new(),
            labels: Vec::new(),
            label_used: Vec::new(),
            fixups: Vec::new(),
            constants: Vec::new(),
            numbers: FxHashMap::default(),
            strings: FxHashMap::default(),
            children: Vec::new(),
            handlers: Vec::new(),
            spans: Vec::new(),
            slots: Vec::new(),
            feedback_units: 0,
            position: 0,
            top: u32::from(nparams),
            max: u32::from(nparams),
            register_names: Vec::new(),
            callee_texts: Vec::new(),
            overflow: None,
            reachable: true,
        }
    }

    // ---- registers ---------------------------------------------------------------------------------------------

    /// Takes the next register.
    pub fn push_register(&mut self) -> Reg {
        self.push_registers(1)
    }

    /// Takes `count` consecutive registers and returns the first.
    pub fn push_registers(&mut self, count: u32) -> Reg {
        let first = self.top;
        self.top += count;
        self.max = self.max.max(self.top);
        if self.max > 0xFFFF {
            self.overflow.get_or_insert("registers");
            self.top = first;
            self.max = 0xFFFF;
            return Reg(0);
        }
        Reg(first as u16)
    }

    /// The first free register: everything from here on may be released to later.
    pub fn top(&self) -> Reg {
        Reg(self.top as u16)
    }

    /// Releases every register from `mark` on.
    pub fn release_to(&mut self, mark: Reg) {
        self.top = self.top.min(u32::from(mark.0));
    }

    /// Gives a register a name for people.
    pub fn name_register(&mut self, register: Reg, name: &str) {
        self.register_names.push((register, name.to_string()));
    }

    // ---- positions, constants, children ------------------------------------------------------------------------

    /// Source position of the instructions that follow.
    pub fn set_position(&mut self, position: u32) {
        self.position = position;
    }

    /// Source position of the instructions that follow, as last set.
    pub fn position(&self) -> u32 {
        self.position
    }

    /// Constant pool index of a number.
    pub fn number(&mut self, value: f64) -> u16 {
        let key = value.to_bits();
        if let Some(i) = self.numbers.get(&key) {
            return *i;
        }
        let i = self.push_constant(Constant::Number(value));
        self.numbers.insert(key, i);
        i
    }

    /// Constant pool index of a string.
    pub fn string(&mut self, text: &str) -> u16 {
        self.string_units(text.encode_utf16().collect())
    }

    /// Constant pool index of a string given in UTF-16 code units.
    pub fn string_units(&mut self, text: Box<[u16]>) -> u16 {
        if let Some(i) = self.strings.get(&text) {
            return *i;
        }
        let i = self.push_constant(Constant::String(text.clone()));
        self.strings.insert(text, i);
        i
    }

    fn push_constant(&mut self, constant: Constant) -> u16 {
        if self.constants.len() >= 0xFFFF {
            self.overflow.get_or_insert("constants");
            return 0;
        }
        self.constants.push(constant);
        (self.constants.len() - 1) as u16
    }

    /// How many functions it refers to so far.
    pub fn child_count(&self) -> usize {
        self.children.len()
    }
    /// Adds a child function and returns its index.
    pub fn child(&mut self, child: Arc<FunctionCode>) -> u16 {
        if self.children.len() >= 0xFFFF {
            self.overflow.get_or_insert("functions");
            return 0;
        }
        self.children.push(child);
        (self.children.len() - 1) as u16
    }

    /// Notes that a limit was passed which the assembler itself cannot see.
    pub fn note_overflow(&mut self, what: &'static str) {
        self.overflow.get_or_insert(what);
    }

    /// The first limit that was passed.
    pub fn overflow(&self) -> Option<&'static str> {
        self.overflow
    }

    // ---- code --------------------------------------------------------------------------------------------------

    /// Unit offset of the next instruction.
    pub fn here(&self) -> u32 {
        self.code.len() as u32
    }

    /// Whether the next instruction can be reached. Instructions emitted where nothing can be reached are dropped.
    pub fn reachable(&self) -> bool {
        self.reachable
    }

    /// A label that is bound later.
    pub fn label(&mut self) -> Label {
        self.labels.push(UNBOUND);
        self.label_used.push(false);
        Label(self.labels.len() as u32 - 1)
    }

    /// Binds a label to the next instruction.
    pub fn bind(&mut self, label: Label) {
        debug_assert_eq!(self.labels[label.0 as usize], UNBOUND, "label bound twice");
        self.labels[label.0 as usize] = self.here();
        // Code after a jump lives again only if something jumps here; a label that no jump used so far may still be the
        // target of a handler or a backward jump, and then its owner says so with `mark_reachable`.
        if self.label_used[label.0 as usize] {
            self.reachable = true;
        }
    }

    /// States that the next instruction is reached in a way the assembler has not seen: an exception handler.
    pub fn mark_reachable(&mut self) {
        self.reachable = true;
    }

    /// Binds a new label to the next instruction.
    pub fn bound_label(&mut self) -> Label {
        let label = self.label();
        self.labels[label.0 as usize] = self.here();
        label
    }

    /// Appends an instruction. Feedback operands are filled in here; write 0.
    pub fn emit(&mut self, insn: Insn) {
        self.emit_with(insn, None);
    }

    /// Appends a jumping instruction (offset operand 0) to a label.
    pub fn emit_jump(&mut self, insn: Insn, to: Label) {
        self.emit_with(insn, Some(to));
    }

    fn emit_with(&mut self, insn: Insn, to: Option<Label>) {
        if !self.reachable {
            return;
        }
        let offset = self.here();
        if self.spans.last().is_none_or(|s| s.position != self.position) {
            self.spans.push(SpanEntry { offset, position: self.position });
        }
        insn.encode(&mut self.code);
        let mut at = offset + 1;
        for operand in insn.operands() {
            match operand {
                Operand::Feedback(kind, _) => {
                    if self.feedback_units + u32::from(kind.units()) > 0xFFFF {
                        self.overflow.get_or_insert("feedback slots");
                    } else {
                        let index = self.feedback_units as u16;
                        self.feedback_units += u32::from(kind.units());
                        self.code[at as usize] = index;
                        self.slots.push(SlotInfo { kind, index, offset });
                    }
                    at += 1;
                }
                Operand::Jump(_) => {
                    let label = to.expect("a jump needs a label");
                    self.label_used[label.0 as usize] = true;
                    self.fixups.push((offset, at, label));
                    at += 2;
                }
                Operand::Dst(_)
                | Operand::Src(_)
                | Operand::Window(_)
                | Operand::Const(_)
                | Operand::Imm(_)
                | Operand::Num(_)
                | Operand::Cell(_)
                | Operand::Func(_) => at += 1,
            }
        }
        if self.code.len() > i32::MAX as usize / 2 {
            self.overflow.get_or_insert("code units");
        }
        if insn.ends_block() {
            self.reachable = false;
        }
    }

    /// Attaches the source text of the callee (or of what is destructured or iterated) to the next instruction.
    pub fn describe_next(&mut self, text: &str) {
        if self.reachable {
            let constant = self.string(text);
            self.callee_texts.push((self.here(), constant));
        }
    }

    /// Adds a protected range. Call it after the ranges inside it were added.
    pub fn handler(&mut self, start: Label, end: Label, target: Label, exception: Reg) {
        self.handlers.push(PendingHandler { start, end, target, exception });
    }

    /// Patches jumps and hands everything over.
    pub fn finish(mut self) -> Assembled {
        for (insn, at, label) in &self.fixups {
            let target = self.labels[label.0 as usize];
            assert_ne!(target, UNBOUND, "jump to a label that was never bound");
            let offset = target as i32 - *insn as i32;
            self.code[*at as usize] = offset as u32 as u16;
            self.code[*at as usize + 1] = (offset as u32 >> 16) as u16;
        }
        let at = |l: Label| self.labels[l.0 as usize];
        let handlers = self
            .handlers
            .iter()
            .map(|h| Handler { start: at(h.start), end: at(h.end), target: at(h.target), exception: h.exception })
            .filter(|h| h.start < h.end)
            .collect();
        Assembled {
            handlers,
            code: self.code.into(),
            constants: self.constants.into(),
            children: self.children.into(),
            spans: self.spans.into(),
            slots: self.slots.into(),
            feedback_units: self.feedback_units as u16,
            nregs: self.max as u16,
            register_names: self.register_names.into(),
            callee_texts: self.callee_texts.into(),
        }
    }
}
