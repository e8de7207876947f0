//! Lowering: from the syntax tree to bytecode.
//!
//! One pass over the tree, function by function; a child function is lowered at the place where its closure is made.
//! The rules that every file here follows:
//!
//! * An expression is lowered *into* a register ([`Lowerer::expr_to`]) or *somewhere* ([`Lowerer::operand`]), and the
//!   latter reads a variable in place. A register that holds a variable is written only by the last instruction of what
//!   computes its new value, so an exception leaves the old value and the computation may read it.
//! * A variable read in place may be overwritten before the instruction that uses it (`a + (a = 1)`); whoever keeps an
//!   operand while lowering another expression asks [`Lowerer::keep`] first.
//! * Registers are a stack. Variables take theirs when their block is entered, temporaries above them; a call window is
//!   built on top, in place.
//! * What is unsupported was refused before; meeting it here is a bug.

mod assignment;
mod calls;
mod classes;
mod conditions;
mod data;
mod expressions;
mod functions;
mod loops;
mod patterns;
mod statements;
mod text;
mod tries;

use super::scope::{Analysis, FnId, Home, Special, VarId, VarKind};
use super::{FrontendError, FrontendOptions};
use crate::bytecode::asm::{Assembler, Label};
use crate::bytecode::function::{FunctionFlags, FunctionKind, ModuleCode, Source};
use crate::bytecode::ops::{Insn, Reg};
use oxc_ast::ast::*;
use oxc_ast_visit::{Visit, walk};
use oxc_semantic::{ScopeFlags, ScopeId, Scoping};
use std::sync::Arc;

/// A `Scope` cell on the static chain.
#[derive(Clone, Copy)]
struct Link {
    scope: ScopeId,
    function: FnId,
    register: Reg,
}

/// What surrounds the statement being lowered, as far as jumps out of it care.
enum Control {
    /// A statement that `break` leaves, `continue` too if it is a loop.
    Target { labels: Vec<String>, on_break: Label, on_continue: Option<Label>, unlabelled: bool },
    /// An iteration that must be closed when it is left early.
    Iterator { iter: Reg },
    /// A `finally` block that every way out passes through.
    Finally { kind: Reg, value: Reg, entry: Label, exits: Vec<Exit> },
}

/// A way out of a `try` that must run `finally` first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// `break` to the control at an index.
    Break(usize),
    /// `continue` of the control at an index.
    Continue(usize),
    /// `return` with the saved value.
    Return,
}

/// The function being lowered.
struct FunctionState {
    asm: Assembler,
    id: FnId,
    kind: FunctionKind,
    flags: FunctionFlags,
    strict: bool,
    /// Which variable a register holds.
    holds: Vec<Option<VarId>>,
    this: Option<Reg>,
    callee: Option<Reg>,
    /// All arguments in an array: default constructors of derived classes.
    rest: Option<Reg>,
    new_target: Option<Reg>,
    outer_scope: Option<Reg>,
    control: Vec<Control>,
    /// How many `try` blocks with a handler are around.
    guarded: u32,
    /// Where a derived constructor that has handlers returns, out of their reach, and the register for the value.
    late_return: Option<(Label, Reg)>,
    chain_exits: Vec<Label>,
    pending_labels: Vec<String>,
    /// The class has instance fields that a constructor must initialize.
    has_fields: bool,
}

/// Lowers one file.
pub(super) struct Lowerer<'s, 'a> {
    source: Arc<Source>,
    text: &'s str,
    scoping: &'s Scoping,
    a: &'s Analysis,
    f: FunctionState,
    chain: Vec<Link>,
    registers: Vec<Option<Reg>>,
    /// Classes around, innermost last: block and private names.
    classes: Vec<(ScopeId, Vec<&'a str>)>,
    overflow: Option<(u32, &'static str)>,
    options: FrontendOptions,
}

/// Lowers a program that was analysed and contains nothing refused.
pub(super) fn lower_program(
    program: &Program<'_>,
    scoping: &Scoping,
    analysis: &Analysis,
    source: Arc<Source>,
    options: &FrontendOptions,
) -> Result<ModuleCode, FrontendError> {
    let text = source.clone();
    let mut l = Lowerer {
        options: *options,
        source,
        text: &text.text,
        scoping,
        a: analysis,
        f: FunctionState::new(FnId(0), FunctionKind::Module, 0, true),
        chain: Vec::new(),
        registers: vec![None; analysis.vars.len()],
        classes: Vec::new(),
        overflow: None,
    };
    let main = l.main_function(program, options.module_wrapper);
    if analysis.cells.len() > 0xFFFF {
        l.overflow.get_or_insert((0, "module-level variables"));
    }
    if let Some((position, what)) = l.overflow {
        return Err(FrontendError::TooLarge { position, what, limit: 0xFFFF });
    }
    Ok(ModuleCode { main, cells: analysis.cells.clone().into() })
}

impl FunctionState {
    fn new(id: FnId, kind: FunctionKind, nparams: u16, strict: bool) -> FunctionState {
        FunctionState {
            asm: Assembler::new(nparams),
            id,
            kind,
            flags: FunctionFlags { sloppy: !strict, ..FunctionFlags::default() },
            strict,
            holds: Vec::new(),
            this: None,
            callee: None,
            rest: None,
            new_target: None,
            outer_scope: None,
            control: Vec::new(),
            guarded: 0,
            late_return: None,
            chain_exits: Vec::new(),
            pending_labels: Vec::new(),
            has_fields: false,
        }
    }
}

// ---- registers and emission ------------------------------------------------------------------------------------

impl<'a> Lowerer<'_, 'a> {
    fn emit(&mut self, insn: Insn) {
        self.f.asm.emit(insn);
    }

    fn jump(&mut self, to: Label) {
        self.f.asm.emit_jump(Insn::Jump { to: 0 }, to);
    }

    fn at(&mut self, position: u32) {
        self.f.asm.set_position(position);
    }

    fn temp(&mut self) -> Reg {
        let r = self.f.asm.push_register();
        self.set_holds(r, None);
        r
    }

    fn temps(&mut self, count: usize) -> Reg {
        self.f.asm.push_registers(u32::try_from(count).unwrap_or(u32::MAX / 2))
    }

    fn mark(&self) -> Reg {
        self.f.asm.top()
    }

    fn release(&mut self, mark: Reg) {
        self.f.asm.release_to(mark);
        self.f.holds.truncate(usize::from(mark.0));
    }

    fn set_holds(&mut self, register: Reg, var: Option<VarId>) {
        let i = usize::from(register.0);
        if self.f.holds.len() <= i {
            self.f.holds.resize(i + 1, None);
        }
        self.f.holds[i] = var;
    }

    /// The variable that a register holds, if it holds one.
    fn held(&self, register: Reg) -> Option<VarId> {
        self.f.holds.get(usize::from(register.0)).copied().flatten()
    }

    /// A register for a value on its way to `dst`: `dst` itself unless that holds a variable.
    fn scratch_for(&mut self, dst: Reg) -> Reg {
        if self.held(dst).is_some() { self.temp() } else { dst }
    }

    fn move_to(&mut self, dst: Reg, src: Reg) {
        if dst != src {
            self.emit(Insn::Move { dst, src });
        }
    }

    fn load_undefined(&mut self, dst: Reg) {
        self.emit(Insn::LoadUndefined { dst });
    }

    fn load_int(&mut self, dst: Reg, value: i16) {
        self.emit(Insn::LoadInt { dst, value });
    }

    fn load_string(&mut self, dst: Reg, text: &str) {
        let constant = self.f.asm.string(text);
        self.emit(Insn::LoadConst { dst, constant });
    }

    fn load_number(&mut self, dst: Reg, value: f64) {
        match small_int(value) {
            Some(value) => self.emit(Insn::LoadInt { dst, value }),
            None => {
                let constant = self.f.asm.number(value);
                self.emit(Insn::LoadConst { dst, constant });
            }
        }
    }

    /// An operand that must survive lowering of `later`: copied if it is a variable that `later` may assign.
    fn keep(&mut self, register: Reg, later: &[&Expression<'_>]) -> Reg {
        let Some(var) = self.held(register) else { return register };
        if !later.iter().any(|e| self.may_assign(e, var)) {
            return register;
        }
        let copy = self.temp();
        self.emit(Insn::Move { dst: copy, src: register });
        copy
    }

    fn may_assign(&self, e: &Expression<'_>, var: VarId) -> bool {
        let mut finder = Assigns { scoping: self.scoping, a: self.a, var, found: false };
        if self.a.var(var).assigned {
            finder.visit_expression(e);
        }
        finder.found
    }

    /// Skips blanks, comments and closing parentheses from a text offset.
    fn token_after(&self, offset: u32) -> u32 {
        let b = self.text.as_bytes();
        let mut i = offset as usize;
        loop {
            match b.get(i) {
                Some(b')') => i += 1,
                Some(c) if c.is_ascii_whitespace() => i += 1,
                Some(b'/') if b.get(i + 1) == Some(&b'/') => {
                    while i < b.len() && b[i] != b'\n' {
                        i += 1;
                    }
                }
                Some(b'/') if b.get(i + 1) == Some(&b'*') => {
                    i = self.text[i + 2..].find("*/").map_or(b.len(), |e| i + 4 + e);
                }
                _ => return i as u32,
            }
        }
    }
}

/// Searches an expression for an assignment to a variable.
struct Assigns<'s> {
    scoping: &'s Scoping,
    a: &'s Analysis,
    var: VarId,
    found: bool,
}

impl<'a> Visit<'a> for Assigns<'_> {
    fn visit_identifier_reference(&mut self, it: &IdentifierReference<'a>) {
        let Some(reference) = it.reference_id.get().map(|r| self.scoping.get_reference(r)) else { return };
        if !reference.is_write() {
            return;
        }
        let var = match reference.symbol_id() {
            Some(symbol) => self.a.var_of(symbol),
            None => self.a.hidden(self.a.function(FnId(0)).scope, &it.name),
        };
        self.found |= var == Some(self.var);
    }
    // A variable in a register is not used by inner functions.
    fn visit_function(&mut self, _: &Function<'a>, _: ScopeFlags) {}
    fn visit_arrow_function_expression(&mut self, _: &ArrowFunctionExpression<'a>) {}
    fn visit_expression(&mut self, it: &Expression<'a>) {
        if !self.found {
            walk::walk_expression(self, it);
        }
    }
}

fn small_int(value: f64) -> Option<i16> {
    let int = value as i16;
    (f64::from(int) == value && !(value == 0.0 && value.is_sign_negative())).then_some(int)
}

// ---- variables -------------------------------------------------------------------------------------------------

impl<'a> Lowerer<'_, 'a> {
    /// The variable an identifier means; `None`: a global.
    fn var_of(&self, it: &IdentifierReference<'_>) -> Option<VarId> {
        let reference = self.scoping.get_reference(it.reference_id.get().expect("the semantic builder ran"));
        match reference.symbol_id() {
            Some(symbol) => self.a.var_of(symbol),
            None if it.name == "arguments" => self.a.special(self.a.this_owner(self.f.id), Special::Arguments),
            None => self.a.hidden(self.a.function(FnId(0)).scope, &it.name),
        }
    }

    fn var_of_binding(&self, it: &BindingIdentifier<'_>) -> VarId {
        let symbol = it.symbol_id.get().expect("the semantic builder ran");
        self.a.var_of(symbol).expect("every symbol has a variable")
    }

    /// The register that the running function reads a variable from, if there is one.
    fn register_of(&self, var: VarId) -> Option<Reg> {
        let v = self.a.var(var);
        if v.function != self.f.id {
            return None;
        }
        if v.home == Home::Register || self.a.mirrored(var) { self.registers[var.0 as usize] } else { None }
    }

    /// Register and depth by which a block's `Scope` cell is reached.
    fn scope_path(&self, scope: ScopeId) -> (Reg, u16) {
        let i = self.chain.iter().rposition(|l| l.scope == scope).expect("the scope of a captured variable is open");
        let link = self.chain[i];
        if link.function == self.f.id {
            return (link.register, 0);
        }
        let own = self.chain.iter().rev().take_while(|l| l.function == self.f.id).count();
        let depth = self.chain.len() - own - 1 - i;
        (self.f.outer_scope.expect("a function that uses outer variables loads its scope"), depth as u16)
    }

    /// The `Scope` cell that new closures and scopes have as parent, in a register.
    fn current_scope(&mut self) -> Reg {
        match self.chain.last() {
            Some(link) if link.function == self.f.id => link.register,
            _ => match self.f.outer_scope {
                Some(r) => r,
                None => {
                    let r = self.temp();
                    self.load_undefined(r);
                    r
                }
            },
        }
    }

    /// Reads a variable in place or into a new temporary; `position` is that of the use.
    fn read_var(&mut self, var: VarId, hint: Option<Reg>, position: u32) -> Reg {
        if self.a.dead_reads.contains(&position) {
            let text = format!("Cannot access '{}' before initialization", self.a.var(var).name);
            let text = self.f.asm.string(&text);
            self.at(position);
            self.emit(Insn::ThrowError { kind: crate::bytecode::function::ThrowKind::Reference as u16, text });
            return self.temp();
        }
        let register = match self.register_of(var) {
            Some(r) => r,
            None => {
                let dst = match hint {
                    Some(r) if self.held(r).is_none() => r,
                    _ => self.temp(),
                };
                match self.a.var(var).home {
                    Home::Register => unreachable!("a register variable of another function"),
                    Home::Scope(index) => {
                        let (scope, depth) = self.scope_path(self.a.var(var).scope);
                        self.emit(Insn::GetScoped { dst, scope, depth, index });
                    }
                    Home::Module(cell) => self.emit(Insn::GetModule { dst, cell }),
                }
                dst
            }
        };
        if self.a.must_check(position) && self.a.var(var).needs_hole {
            self.at(position);
            let name = self.f.asm.string(&self.a.var(var).name);
            self.emit(Insn::CheckTdz { src: register, name });
        }
        register
    }

    /// Assigns a variable (not its initialization). The caller has checked for constants.
    fn write_var(&mut self, var: VarId, src: Reg, position: u32) {
        let v = self.a.var(var);
        if self.a.must_check(position) && v.needs_hole {
            let mark = self.mark();
            self.read_var(var, None, position);
            self.release(mark);
        }
        match v.home {
            Home::Register => {
                let dst = self.registers[var.0 as usize].expect("the block of a variable is open");
                self.move_to(dst, src);
            }
            Home::Scope(index) => {
                let (scope, depth) = self.scope_path(v.scope);
                self.emit(Insn::SetScoped { scope, depth, index, src });
            }
            Home::Module(cell) => self.emit(Insn::SetModule { cell, src }),
        }
        if let Some(index) = v.mapped {
            let mark = self.mark();
            let object = self.a.special(v.function, Special::Arguments).expect("the parameter is tied to it");
            let arguments = self.read_var(object, None, u32::MAX);
            self.emit(Insn::SetMapped { arguments, index, src });
            self.release(mark);
        }
    }

    /// Gives a variable its first value.
    fn init_var(&mut self, var: VarId, src: Reg) {
        let v = self.a.var(var);
        if let Some(dst) = self.register_of(var) {
            self.move_to(dst, src);
        }
        match v.home {
            Home::Register => {}
            Home::Scope(index) => {
                let (scope, depth) = self.scope_path(v.scope);
                self.emit(Insn::SetScoped { scope, depth, index, src });
            }
            Home::Module(cell) => {
                let again = match v.kind {
                    VarKind::Var => !v.initialized_once,
                    VarKind::Param => v.assigned,
                    VarKind::Function => false,
                    VarKind::Let
                    | VarKind::Const
                    | VarKind::Class
                    | VarKind::CatchParam
                    | VarKind::FunctionName
                    | VarKind::Hidden => false,
                };
                if again {
                    self.emit(Insn::SetModule { cell, src });
                } else {
                    self.emit(Insn::InitModule { cell, src });
                }
            }
        }
    }

    /// The register to compute a variable's initial value into, so that `init_var` need not copy.
    fn init_target(&mut self, var: VarId) -> Reg {
        match self.register_of(var) {
            Some(r) => r,
            None => self.temp(),
        }
    }

    /// Takes a register for a variable.
    fn place_var(&mut self, var: VarId) -> Reg {
        let r = self.temp();
        self.bind_register(var, r);
        r
    }

    fn bind_register(&mut self, var: VarId, register: Reg) {
        self.registers[var.0 as usize] = Some(register);
        self.set_holds(register, Some(var));
        let name = &self.a.var(var).name;
        self.f.asm.name_register(register, name);
    }

    /// Enters a block: its `Scope` cell, registers of its variables, their values before initialization.
    fn enter_block(&mut self, scope: ScopeId) -> Reg {
        let mark = self.mark();
        self.open_scope(scope);
        for &var in self.a.vars_of_scope(scope) {
            if self.a.var(var).function == self.f.id {
                self.prepare_var(var);
            }
        }
        mark
    }

    /// Creates the `Scope` cell of a block, if it needs one.
    fn open_scope(&mut self, scope: ScopeId) {
        let count = self.a.scope_slots(scope);
        if count == 0 {
            return;
        }
        let register = self.temp();
        let mark = self.mark();
        let parent = self.current_scope();
        self.emit(Insn::NewScope { dst: register, parent, count });
        self.release(mark);
        self.chain.push(Link { scope, function: self.f.id, register });
    }

    fn prepare_var(&mut self, var: VarId) {
        let v = self.a.var(var);
        if v.home == Home::Register || self.a.mirrored(var) {
            let r = self.place_var(var);
            match v.kind {
                VarKind::Var if !v.assigned_first && !v.initialized_once => self.load_undefined(r),
                VarKind::Let | VarKind::Const | VarKind::Class if v.needs_hole => self.emit(Insn::LoadHole { dst: r }),
                VarKind::Var
                | VarKind::Let
                | VarKind::Const
                | VarKind::Class
                | VarKind::Function
                | VarKind::Param
                | VarKind::CatchParam
                | VarKind::FunctionName
                | VarKind::Hidden => {}
            }
            return;
        }
        if v.kind == VarKind::Var && !v.initialized_once {
            let mark = self.mark();
            let r = self.temp();
            self.load_undefined(r);
            match v.home {
                Home::Register => {}
                Home::Scope(index) => {
                    let (scope, depth) = self.scope_path(v.scope);
                    self.emit(Insn::SetScoped { scope, depth, index, src: r });
                }
                Home::Module(cell) => self.emit(Insn::InitModule { cell, src: r }),
            }
            self.release(mark);
        }
    }

    /// Leaves a block.
    fn leave_block(&mut self, scope: ScopeId, mark: Reg) {
        if self.chain.last().is_some_and(|l| l.scope == scope && l.function == self.f.id) {
            self.chain.pop();
        }
        self.release(mark);
    }

    /// The `this` of the running code, in place or in a temporary.
    fn this(&mut self, position: u32, hint: Option<Reg>) -> Reg {
        let owner = self.a.this_owner(self.f.id);
        if owner == self.f.id && !self.a.function(owner).super_in_arrow {
            let r = self.f.this.expect("a function that reads this loads it");
            if self.f.kind == FunctionKind::DerivedConstructor && position < self.a.function(owner).super_called_from {
                self.at(position);
                self.emit(Insn::CheckThis { src: r });
            }
            return r;
        }
        let var = self.a.special(owner, Special::This).expect("an arrow that reads this captures it");
        let r = self.read_var(var, hint, u32::MAX);
        if self.a.function(owner).derived {
            self.at(position);
            self.emit(Insn::CheckThis { src: r });
        }
        r
    }
}
