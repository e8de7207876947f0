//! Functions: prologue, parameters, closures.
//!
//! The prologue has a fixed order, because the first instructions read what the frame still holds of the call:
//! arguments object or rest array, new.target, callee, `this`, the closure's scope; then the function's own `Scope` cell
//! and the registers of its variables, then parameter defaults and patterns, then hoisted functions.

use super::{Control, FunctionState, Lowerer};
use crate::bytecode::function::{FunctionCode, FunctionKind};
use crate::bytecode::ops::{Insn, Reg};
use crate::frontend::WRAPPER_PARAMS;
use crate::frontend::scope::{FnId, Home, Special, Var, VarId, VarKind};
use oxc_ast::ast::*;
use oxc_semantic::ScopeId;
use oxc_span::{GetSpan, Span};
use std::sync::Arc;

/// What a function is lowered from.
pub(super) struct Parts<'b, 'a> {
    pub(super) id: FnId,
    pub(super) kind: FunctionKind,
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) scope: ScopeId,
    pub(super) params: Option<&'b FormalParameters<'a>>,
    pub(super) body: Body<'b, 'a>,
    pub(super) has_fields: bool,
}

/// The code of a function.
pub(super) enum Body<'b, 'a> {
    Statements(&'b [Statement<'a>]),
    Expression(&'b Expression<'a>),
    /// The initializer of a class's fields.
    Fields(&'b Class<'a>, bool),
    /// The constructor of a class that has none.
    DefaultConstructor,
}

impl<'a> Lowerer<'_, 'a> {
    pub(super) fn main_function(&mut self, program: &Program<'a>, module_wrapper: bool) -> Arc<FunctionCode> {
        let root = program.scope_id.get().expect("the semantic builder ran");
        let id = FnId(0);
        let nparams = if module_wrapper { WRAPPER_PARAMS.len() as u16 } else { 0 };
        self.f = FunctionState::new(id, FunctionKind::Module, nparams, self.a.function(id).strict);
        self.at(program.body.first().map_or(0, |s| s.span().start));
        if module_wrapper {
            for (i, name) in WRAPPER_PARAMS.iter().enumerate() {
                let var = self.a.hidden(root, name).expect("analysis made the wrapper's parameters");
                self.bind_register(var, Reg(i as u16));
            }
        }
        self.prologue(root, id);
        self.statement_list(&program.body);
        let r = self.temp();
        self.load_undefined(r);
        self.emit(Insn::Return { src: r });
        let span = Span::new(0, self.text.len() as u32);
        self.finish_function(String::new(), span, FunctionKind::Module, nparams, nparams)
    }

    /// Lowers a function and returns its code; the state of the function around is kept meanwhile.
    pub(super) fn function(&mut self, parts: Parts<'_, 'a>) -> Arc<FunctionCode> {
        let nparams = parts.params.map_or(0, |p| p.items.len());
        if nparams > 0xFF00 {
            self.overflow.get_or_insert((parts.span.start, "parameters"));
        }
        let nparams = nparams.min(0xFF00) as u16;
        let state = FunctionState::new(parts.id, parts.kind, nparams, self.a.function(parts.id).strict);
        let outer = std::mem::replace(&mut self.f, state);
        self.f.has_fields = parts.has_fields;
        self.f.flags.has_fields = parts.has_fields;
        self.at(parts.span.start);
        if let Some(params) = parts.params {
            self.bind_simple_params(params);
            if let Some(rest) = &params.rest {
                self.f.flags.needs_argc = true;
                let dst = match &rest.rest.argument {
                    BindingPattern::BindingIdentifier(id)
                        if self.a.var(self.var_of_binding(id)).home == Home::Register =>
                    {
                        let var = self.var_of_binding(id);
                        self.place_var(var)
                    }
                    _ => self.temp(),
                };
                self.emit(Insn::CreateRest { dst, index: nparams });
                self.prologue(parts.scope, parts.id);
                self.bind_params(params, Some((rest, dst)));
            } else {
                self.prologue(parts.scope, parts.id);
                self.bind_params(params, None);
            }
        } else {
            if matches!((&parts.body, parts.kind), (Body::DefaultConstructor, FunctionKind::DerivedConstructor)) {
                self.f.flags.needs_argc = true;
                let dst = self.temp();
                self.emit(Insn::CreateRest { dst, index: 0 });
                self.f.rest = Some(dst);
            }
            self.prologue(parts.scope, parts.id);
        }
        self.function_body(&parts);
        while self.chain.last().is_some_and(|l| l.function == parts.id) {
            self.chain.pop();
        }
        let length = parts.params.map_or(0, |p| {
            p.items.iter().position(|p| p.initializer.is_some()).unwrap_or(p.items.len()).min(0xFF00) as u16
        });
        let code = self.finish_function(parts.name, parts.span, parts.kind, nparams, length);
        self.f = outer;
        code
    }

    fn function_body(&mut self, parts: &Parts<'_, 'a>) {
        match &parts.body {
            Body::Statements(statements) => {
                self.statement_list(statements);
                self.at(parts.span.end.saturating_sub(1));
                self.implicit_return();
                if let Some((label, src)) = self.f.late_return.take() {
                    self.f.asm.bind(label);
                    self.emit_return(src);
                }
            }
            Body::Expression(e) => {
                let mark = self.mark();
                let src = self.operand(e);
                self.emit(Insn::Return { src });
                self.release(mark);
            }
            Body::Fields(class, is_static) => {
                self.field_initializers(class, *is_static);
                self.implicit_return();
            }
            Body::DefaultConstructor => {
                if self.f.kind == FunctionKind::DerivedConstructor {
                    self.default_super_call();
                }
                self.implicit_return();
            }
        }
    }

    fn implicit_return(&mut self) {
        let src = self.temp();
        self.load_undefined(src);
        self.return_register(src);
    }

    /// Leaves the function with a register, as its kind demands. A derived constructor checks what it returns when it has
    /// left all statements: no handler of its own sees the error.
    pub(super) fn return_register(&mut self, src: Reg) {
        let iterates = self.f.control.iter().any(|c| matches!(c, Control::Iterator { .. }));
        let guarded = self.f.guarded > 0 || iterates;
        match self.f.late_return {
            Some((label, late)) if guarded => {
                self.move_to(late, src);
                self.jump(label);
            }
            Some(_) | None => self.emit_return(src),
        }
    }

    fn emit_return(&mut self, src: Reg) {
        match self.f.kind {
            FunctionKind::BaseConstructor | FunctionKind::DerivedConstructor => {
                self.settle_shared_this();
                self.emit(Insn::ReturnConstruct { src });
            }
            FunctionKind::Module | FunctionKind::Normal | FunctionKind::Arrow | FunctionKind::Method => {
                self.emit(Insn::Return { src });
            }
        }
    }

    fn finish_function(
        &mut self,
        name: String,
        span: Span,
        kind: FunctionKind,
        nparams: u16,
        length: u16,
    ) -> Arc<FunctionCode> {
        let flags = self.f.flags;
        let asm = std::mem::replace(&mut self.f.asm, crate::bytecode::asm::Assembler::new(0));
        if let Some(what) = asm.overflow() {
            self.overflow.get_or_insert((span.start, what));
            // Offsets may be meaningless now; the whole program is refused, so an empty function will do.
            return Arc::new(FunctionCode {
                name,
                source: self.source.clone(),
                span: (span.start, span.end),
                kind,
                flags,
                nparams,
                length,
                nregs: nparams,
                code: Box::default(),
                constants: Box::default(),
                children: Box::default(),
                handlers: Box::default(),
                spans: Box::default(),
                slots: Box::default(),
                feedback_units: 0,
                register_names: Box::default(),
                callee_texts: Box::default(),
            });
        }
        let done = asm.finish();
        Arc::new(FunctionCode {
            name,
            source: self.source.clone(),
            span: (span.start, span.end),
            kind,
            flags,
            nparams,
            length,
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
        })
    }

    /// Everything up to the function's own variables.
    fn prologue(&mut self, scope: ScopeId, id: FnId) {
        let arguments = self.a.special(id, Special::Arguments);
        let new_target = self.a.special(id, Special::NewTarget);
        let this = self.a.special(id, Special::This);
        let own_name = self.function_name_var(scope, id);
        let derived = self.f.kind == FunctionKind::DerivedConstructor;
        if let Some(var) = arguments {
            self.f.flags.needs_argc = true;
            let dst = self.place_var(var);
            self.emit(Insn::CreateArguments { dst });
        }
        if new_target.is_some() || derived {
            self.f.flags.reads_new_target = true;
            let dst = self.temp();
            if let Some(var) = new_target {
                self.bind_register(var, dst);
            }
            self.emit(Insn::LoadNewTarget { dst });
            self.f.new_target = Some(dst);
        }
        if derived && self.a.function(id).has_handlers {
            let value = self.temp();
            self.f.late_return = Some((self.f.asm.label(), value));
        }
        let captured_callee = self.a.special(id, Special::Callee);
        if own_name.is_some() || derived || self.f.has_fields {
            let dst = self.temp();
            for var in [own_name, captured_callee].into_iter().flatten() {
                self.bind_register(var, dst);
            }
            self.emit(Insn::LoadCallee { dst });
            self.f.callee = Some(dst);
        }
        let fields_now = self.f.has_fields && !derived;
        let shared_this = self.a.function(id).super_in_arrow;
        if (this.is_some() && !shared_this) || fields_now {
            self.f.flags.reads_this = true;
            let dst = self.temp();
            if let Some(var) = this {
                self.bind_register(var, dst);
            }
            if derived {
                self.emit(Insn::LoadHole { dst });
            } else {
                self.emit(Insn::LoadThis { dst });
                self.sloppy_this(dst);
            }
            self.f.this = Some(dst);
        } else if self.f.kind == FunctionKind::BaseConstructor || derived {
            self.f.flags.reads_this = true;
        }
        if self.a.function(id).uses_outer_scope {
            let dst = self.temp();
            self.emit(Insn::LoadScope { dst });
            self.f.outer_scope = Some(dst);
        }
        // Field initializers have a block of their own for hidden variables; the class's block is entered by its owner.
        self.open_scope(scope);
        let vars: Vec<VarId> = self.a.vars_of_scope(scope).to_vec();
        for var in vars.iter().copied().filter(|v| self.a.var(*v).function == id) {
            match self.registers[var.0 as usize] {
                Some(r) if self.a.var(var).captured => {
                    // Prologue values and parameters that inner functions use.
                    let skip = this == Some(var) && derived;
                    if !skip {
                        self.publish(var, r);
                    }
                }
                Some(_) => {}
                None => self.prepare_var(var),
            }
        }
        if let (Some(arguments), count @ 1..) = (arguments, self.a.function(id).mapped_parameters) {
            self.map_arguments(scope, arguments, count);
        }
        if fields_now {
            let (callee, object) = (self.f.callee.expect("loaded above"), self.f.this.expect("loaded above"));
            self.emit(Insn::InitFields { callee, object });
        }
    }

    /// Ties the arguments object to the parameters, which stand in the function's `Scope` cell by now.
    fn map_arguments(&mut self, scope: ScopeId, arguments: VarId, count: u16) {
        let slot_of = |v: &VarId| {
            let Var { mapped: Some(i), home: Home::Scope(slot), .. } = self.a.var(*v) else { return None };
            Some((*i, *slot))
        };
        let mut slots: Vec<(u16, u16)> = self.a.vars_of_scope(scope).iter().filter_map(slot_of).collect();
        slots.sort_unstable();
        let first = slots[0].1;
        assert!(slots.iter().all(|(i, slot)| *slot == first + i), "parameters are numbered one after the other");
        let dst = self.registers[arguments.0 as usize].expect("made at the start of the prologue");
        let (scope, _) = self.scope_path(scope);
        self.emit(Insn::MapArguments { dst, src: dst, scope, first, count });
    }

    /// Copies a value that the prologue has in a register to where inner functions look for it.
    fn publish(&mut self, var: VarId, src: Reg) {
        match self.a.var(var).home {
            Home::Register => {}
            Home::Scope(index) => {
                let (scope, depth) = self.scope_path(self.a.var(var).scope);
                self.emit(Insn::SetScoped { scope, depth, index, src });
            }
            Home::Module(cell) => self.emit(Insn::InitModule { cell, src }),
        }
    }

    fn function_name_var(&self, scope: ScopeId, id: FnId) -> Option<VarId> {
        self.a
            .vars_of_scope(scope)
            .iter()
            .copied()
            .find(|v| self.a.var(*v).kind == VarKind::FunctionName && self.a.var(*v).function == id)
    }

    /// In sloppy code `this` is always an object. Nearly always the call passed one.
    fn sloppy_this(&mut self, this: Reg) {
        if self.f.strict || !matches!(self.f.kind, FunctionKind::Normal | FunctionKind::Method) {
            return;
        }
        let object = self.f.asm.label();
        self.f.asm.emit_jump(Insn::JumpObject { src: this, to: 0, fb: 0 }, object);
        self.emit(Insn::SloppyThis { dst: this, src: this });
        self.f.asm.bind(object);
    }

    /// Parameters that are plain names live where the call put them.
    fn bind_simple_params(&mut self, params: &FormalParameters<'a>) {
        for (i, p) in params.items.iter().enumerate() {
            if let BindingPattern::BindingIdentifier(id) = &p.pattern {
                let var = self.var_of_binding(id);
                let r = Reg(i.min(0xFF00) as u16);
                self.set_holds(r, Some(var));
                self.registers[var.0 as usize] = Some(r);
                self.f.asm.name_register(r, &id.name);
            }
        }
    }

    /// Defaults and patterns.
    fn bind_params(&mut self, params: &FormalParameters<'a>, rest: Option<(&FormalParameterRest<'a>, Reg)>) {
        for (i, p) in params.items.iter().enumerate() {
            let r = Reg(i.min(0xFF00) as u16);
            if let Some(default) = &p.initializer {
                self.at(p.span.start);
                let name = match &p.pattern {
                    BindingPattern::BindingIdentifier(id) => Some(id.name.as_str()),
                    BindingPattern::ObjectPattern(_)
                    | BindingPattern::ArrayPattern(_)
                    | BindingPattern::AssignmentPattern(_) => None,
                };
                self.default_value(r, default, name);
                if let BindingPattern::BindingIdentifier(id) = &p.pattern {
                    let var = self.var_of_binding(id);
                    if self.a.var(var).captured {
                        self.publish(var, r);
                    }
                }
            }
            if p.pattern.is_destructuring_pattern() {
                self.at(p.pattern.span().start);
                self.bind_pattern(&p.pattern, r, "undefined", true);
            }
        }
        if let Some((rest, r)) = rest {
            self.bind_pattern(&rest.rest.argument, r, "undefined", true);
        }
    }

    /// If the register is undefined, gives it the value of an expression.
    pub(super) fn default_value(&mut self, register: Reg, default: &Expression<'a>, name: Option<&str>) {
        let (missing, present) = (self.f.asm.label(), self.f.asm.label());
        self.f.asm.emit_jump(Insn::JumpUndefined { src: register, to: 0, fb: 0 }, missing);
        self.jump(present);
        self.f.asm.bind(missing);
        let mark = self.mark();
        self.named_expr_to(default, register, name);
        self.release(mark);
        self.f.asm.bind(present);
    }

    // ---- closures ----------------------------------------------------------------------------------------------

    pub(super) fn new_closure(&mut self, dst: Reg, code: Arc<FunctionCode>) {
        let func = self.f.asm.child(code);
        let mark = self.mark();
        let scope = self.current_scope();
        self.emit(Insn::NewClosure { dst, func, scope });
        self.release(mark);
    }

    /// A function expression or declaration as a closure.
    pub(super) fn function_closure(&mut self, dst: Reg, it: &Function<'a>, name: &str) {
        self.closure_from(it.span.start, dst, it, name, FunctionKind::Normal);
    }

    /// A method as a closure. Its source text begins with its key, or with the `get` or `set` before it, at `start`.
    pub(super) fn method_closure(&mut self, start: u32, dst: Reg, it: &Function<'a>, name: &str) {
        self.closure_from(start, dst, it, name, FunctionKind::Method);
    }

    fn closure_from(&mut self, start: u32, dst: Reg, it: &Function<'a>, name: &str, kind: FunctionKind) {
        let scope = it.scope_id.get().expect("the semantic builder ran");
        let body = it.body.as_ref().map_or(&[][..], |b| &b.statements);
        let code = self.function(Parts {
            id: self.a.function_of_scope(scope),
            kind,
            name: it.id.as_ref().map_or(name, |i| i.name.as_str()).to_string(),
            span: Span::new(start, it.span.end),
            scope,
            params: Some(&it.params),
            body: Body::Statements(body),
            has_fields: false,
        });
        self.new_closure(dst, code);
    }

    pub(super) fn arrow_closure(&mut self, dst: Reg, it: &ArrowFunctionExpression<'a>, name: &str) {
        let scope = it.scope_id.get().expect("the semantic builder ran");
        let body = match &it.body {
            ArrowFunctionBody::FunctionBody(body) => Body::Statements(&body.statements),
            other => Body::Expression(other.to_expression()),
        };
        let code = self.function(Parts {
            id: self.a.function_of_scope(scope),
            kind: FunctionKind::Arrow,
            name: name.to_string(),
            span: it.span,
            scope,
            params: Some(&it.params),
            body,
            has_fields: false,
        });
        self.new_closure(dst, code);
    }
}
