//! Statements without loops and `try`: blocks, declarations, `if`, `switch`, labels and the ways out.

use super::{Control, Exit, Lowerer};
use crate::bytecode::asm::Label;
use crate::bytecode::function::ThrowKind;
use crate::bytecode::ops::{Insn, Reg};
use crate::frontend::scope::{Special, VarId, VarKind};
use oxc_ast::ast::*;
use oxc_span::GetSpan;

impl<'a> Lowerer<'_, 'a> {
    /// Statements of one block, its function declarations first.
    pub(super) fn statement_list(&mut self, statements: &[Statement<'a>]) {
        self.hoist_functions(statements.iter());
        for s in statements {
            self.statement(s);
        }
    }

    pub(super) fn hoist_functions<'b>(&mut self, statements: impl Iterator<Item = &'b Statement<'a>>)
    where
        'a: 'b,
    {
        let mut functions: Vec<(VarId, &Function<'a>)> = Vec::new();
        for s in statements {
            if let Statement::FunctionDeclaration(f) = s
                && let Some(id) = &f.id
            {
                let var = self.var_of_binding(id);
                functions.retain(|(v, _)| *v != var);
                functions.push((var, f));
            }
        }
        for (var, f) in functions {
            let mark = self.mark();
            self.at(f.span.start);
            let dst = self.init_target(var);
            self.function_closure(dst, f, "");
            if self.a.var(var).kind == VarKind::Function {
                self.init_var(var, dst);
            } else {
                self.write_var(var, dst, u32::MAX);
            }
            self.release(mark);
        }
    }

    pub(super) fn statement(&mut self, s: &Statement<'a>) {
        let mark = self.mark();
        self.at(s.span().start);
        match s {
            Statement::BlockStatement(it) => self.block(it),
            Statement::BreakStatement(it) => self.break_statement(it.label.as_ref().map(|l| l.name.as_str())),
            Statement::ContinueStatement(it) => self.continue_statement(it.label.as_ref().map(|l| l.name.as_str())),
            Statement::DebuggerStatement(_) | Statement::EmptyStatement(_) => {}
            Statement::FunctionDeclaration(it) => self.function_in_block(it),
            Statement::DoWhileStatement(it) => self.do_while_statement(it),
            Statement::ExpressionStatement(it) => self.effect(&it.expression),
            Statement::ForInStatement(it) => self.for_in_statement(it),
            Statement::ForOfStatement(it) => self.for_of_statement(it),
            Statement::ForStatement(it) => self.for_statement(it),
            Statement::IfStatement(it) => self.if_statement(it),
            Statement::LabeledStatement(it) => self.labeled_statement(it),
            Statement::ReturnStatement(it) => self.return_statement(it),
            Statement::SwitchStatement(it) => self.switch_statement(it),
            Statement::ThrowStatement(it) => {
                let src = self.operand(&it.argument);
                self.at(it.span.start);
                self.emit(Insn::Throw { src });
            }
            Statement::TryStatement(it) => self.try_statement(it),
            Statement::WhileStatement(it) => self.while_statement(it),
            Statement::VariableDeclaration(it) => self.variable_declaration(it),
            Statement::ClassDeclaration(it) => self.class_declaration(it),
            _ => unreachable!("the subset was checked: no other statement is accepted"),
        }
        self.release(mark);
    }

    /// Where the declaration of a function stands: it was made when its block was entered, but sloppy code assigns the
    /// variable of the function around now.
    fn function_in_block(&mut self, it: &Function<'a>) {
        let symbol = it.id.as_ref().and_then(|id| id.symbol_id.get());
        if let (Some(id), Some(outer)) = (&it.id, symbol.and_then(|s| self.a.outer_function_var(s))) {
            let function = self.var_of_binding(id);
            let src = self.read_var(function, None, u32::MAX);
            self.write_var(outer, src, u32::MAX);
        }
    }

    pub(super) fn block(&mut self, it: &BlockStatement<'a>) {
        let scope = it.scope_id.get().expect("the semantic builder ran");
        let mark = self.enter_block(scope);
        self.statement_list(&it.body);
        self.leave_block(scope, mark);
    }

    pub(super) fn variable_declaration(&mut self, it: &VariableDeclaration<'a>) {
        for d in &it.declarations {
            let mark = self.mark();
            self.at(d.span.start);
            match (&d.id, &d.init) {
                (BindingPattern::BindingIdentifier(id), Some(init)) => {
                    let var = self.var_of_binding(id);
                    self.initialize(var, it.kind, init, &id.name);
                }
                (BindingPattern::BindingIdentifier(id), None) => {
                    if it.kind != VariableDeclarationKind::Var {
                        let var = self.var_of_binding(id);
                        let dst = self.init_target(var);
                        self.load_undefined(dst);
                        self.init_var(var, dst);
                    }
                }
                (pattern, Some(init)) => {
                    let text = self.callee_text(init);
                    self.destructure_declaration(pattern, init, &text, it.kind == VariableDeclarationKind::Var);
                }
                (_, None) => unreachable!("a pattern has an initializer outside for heads"),
            }
            self.release(mark);
        }
    }

    fn initialize(&mut self, var: VarId, kind: VariableDeclarationKind, init: &Expression<'a>, name: &str) {
        let is_var = kind == VariableDeclarationKind::Var;
        if is_var && self.a.var(var).kind != VarKind::Var {
            // A `var` with the name of a parameter or function assigns it.
            let src = self.operand(init);
            self.write_var(var, src, u32::MAX);
            return;
        }
        let dst = self.init_target(var);
        if is_var || self.held(dst).is_none() || self.a.var(var).needs_hole {
            self.named_expr_to(init, dst, Some(name));
        } else {
            // Nothing can read the variable yet, so its register may hold what comes before the final value.
            self.set_holds(dst, None);
            self.named_expr_to(init, dst, Some(name));
            self.set_holds(dst, Some(var));
        }
        self.init_var(var, dst);
    }

    fn class_declaration(&mut self, it: &Class<'a>) {
        let id = it.id.as_ref().expect("a class declaration has a name");
        let var = self.var_of_binding(id);
        let dst = self.temp();
        self.class_to(it, dst, &id.name, Some(var));
    }

    fn if_statement(&mut self, it: &IfStatement<'a>) {
        if let (Some(to), None) = (self.plain_jump(&it.consequent), &it.alternate) {
            return self.jump_if(&it.test, true, to);
        }
        let otherwise = self.f.asm.label();
        self.jump_if(&it.test, false, otherwise);
        self.statement(&it.consequent);
        match &it.alternate {
            Some(alternate) => {
                let end = self.f.asm.label();
                self.jump(end);
                self.f.asm.bind(otherwise);
                self.statement(alternate);
                self.f.asm.bind(end);
            }
            None => self.f.asm.bind(otherwise),
        }
    }

    /// The label that a statement does nothing but jump to.
    fn plain_jump(&self, s: &Statement<'a>) -> Option<Label> {
        let (exit, target) = match s {
            Statement::BlockStatement(it) if it.body.len() == 1 => return self.plain_jump(&it.body[0]),
            Statement::BreakStatement(it) => {
                let i = self.break_target(it.label.as_ref().map(|l| l.name.as_str()));
                (Exit::Break(i), i)
            }
            Statement::ContinueStatement(it) => {
                let i = self.continue_target(it.label.as_ref().map(|l| l.name.as_str()));
                (Exit::Continue(i), i)
            }
            _ => return None,
        };
        let direct = self.f.control[target + 1..].iter().all(|c| matches!(c, Control::Target { .. }));
        match (&self.f.control[target], exit) {
            (Control::Target { on_break, .. }, Exit::Break(_)) if direct => Some(*on_break),
            (Control::Target { on_continue, .. }, Exit::Continue(_)) if direct => *on_continue,
            _ => None,
        }
    }

    fn labeled_statement(&mut self, it: &LabeledStatement<'a>) {
        self.f.pending_labels.push(it.label.name.to_string());
        let is_loop = matches!(
            it.body,
            Statement::ForStatement(_)
                | Statement::ForInStatement(_)
                | Statement::ForOfStatement(_)
                | Statement::WhileStatement(_)
                | Statement::DoWhileStatement(_)
                | Statement::LabeledStatement(_)
                | Statement::SwitchStatement(_)
        );
        if is_loop {
            self.statement(&it.body);
            self.f.pending_labels.clear();
            return;
        }
        let on_break = self.f.asm.label();
        self.push_target(on_break, None, false);
        self.statement(&it.body);
        self.f.control.pop();
        self.f.asm.bind(on_break);
    }

    /// Opens a statement that can be left by `break`; labels before it become its own.
    pub(super) fn push_target(&mut self, on_break: Label, on_continue: Option<Label>, unlabelled: bool) {
        let labels = std::mem::take(&mut self.f.pending_labels);
        self.f.control.push(Control::Target { labels, on_break, on_continue, unlabelled });
    }

    fn break_statement(&mut self, label: Option<&str>) {
        let target = self.break_target(label);
        self.leave(Exit::Break(target), None);
    }

    fn break_target(&self, label: Option<&str>) -> usize {
        let target = self.f.control.iter().rposition(|c| match c {
            Control::Target { labels, unlabelled, .. } => match label {
                Some(label) => labels.iter().any(|l| l == label),
                None => *unlabelled,
            },
            Control::Iterator { .. } | Control::Finally { .. } => false,
        });
        target.expect("the parser checked break")
    }

    fn continue_statement(&mut self, label: Option<&str>) {
        let target = self.continue_target(label);
        self.leave(Exit::Continue(target), None);
    }

    fn continue_target(&self, label: Option<&str>) -> usize {
        let target = self.f.control.iter().rposition(|c| match c {
            Control::Target { labels, on_continue: Some(_), .. } => {
                label.is_none_or(|label| labels.iter().any(|l| l == label))
            }
            Control::Target { on_continue: None, .. } | Control::Iterator { .. } | Control::Finally { .. } => false,
        });
        target.expect("the parser checked continue")
    }

    fn return_statement(&mut self, it: &ReturnStatement<'a>) {
        let src = match &it.argument {
            Some(e) => self.operand(e),
            None => {
                let r = self.temp();
                self.load_undefined(r);
                r
            }
        };
        self.at(it.span.start);
        self.check_returned(src, it.span.start);
        let leaves_loops = self.f.control.iter().any(|c| !matches!(c, Control::Target { .. }));
        let src = if leaves_loops && self.held(src).is_some() {
            // Closing an iterator or a finally block may assign the variable.
            let copy = self.temp();
            self.move_to(copy, src);
            copy
        } else {
            src
        };
        self.leave(Exit::Return, Some(src));
    }

    /// A derived constructor that returns undefined returns `this`: V8 asks here, within the handlers around, whether
    /// there is one. What else it returns is judged when it has been left.
    fn check_returned(&mut self, src: Reg, position: u32) {
        if self.f.late_return.is_none() {
            return;
        }
        let mark = self.mark();
        let (undefined, other) = (self.f.asm.label(), self.f.asm.label());
        self.f.asm.emit_jump(Insn::JumpUndefined { src, to: 0, fb: 0 }, undefined);
        self.jump(other);
        self.f.asm.bind(undefined);
        if self.a.special(self.f.id, Special::This).is_some() {
            self.this(position, None);
        } else {
            let text = "Must call super constructor in derived class before accessing 'this' or returning from derived \
                        constructor";
            let text = self.f.asm.string(text);
            self.emit(Insn::ThrowError { kind: ThrowKind::Reference as u16, text });
        }
        self.f.asm.bind(other);
        self.release(mark);
    }

    /// Leaves statements up to the target of an exit: closes iterators, passes through `finally`.
    pub(super) fn leave(&mut self, exit: Exit, value: Option<Reg>) {
        let down_to = match exit {
            Exit::Break(i) | Exit::Continue(i) => i + 1,
            Exit::Return => 0,
        };
        for i in (down_to..self.f.control.len()).rev() {
            match &mut self.f.control[i] {
                Control::Target { .. } => {}
                Control::Iterator { iter } => {
                    let iter = *iter;
                    self.emit(Insn::IterClose { iter });
                }
                Control::Finally { kind, value: saved, entry, exits } => {
                    let (kind, saved, entry) = (*kind, *saved, *entry);
                    let index = exits.iter().position(|e| *e == exit).unwrap_or_else(|| {
                        exits.push(exit);
                        exits.len() - 1
                    });
                    if let Some(value) = value {
                        self.move_to(saved, value);
                    }
                    // 0 and 1 stand for normal completion and exception.
                    self.load_int(kind, (index + 2).min(0x7FFF) as i16);
                    self.jump(entry);
                    return;
                }
            }
        }
        match exit {
            Exit::Break(i) => {
                if let Control::Target { on_break, .. } = &self.f.control[i] {
                    let to = *on_break;
                    self.jump(to);
                }
            }
            Exit::Continue(i) => {
                if let Control::Target { on_continue: Some(to), .. } = &self.f.control[i] {
                    let to = *to;
                    self.jump(to);
                }
            }
            Exit::Return => self.return_register(value.expect("a return carries a value")),
        }
    }

    fn switch_statement(&mut self, it: &SwitchStatement<'a>) {
        let scope = it.scope_id.get().expect("the semantic builder ran");
        let tests: Vec<&Expression<'a>> = it.cases.iter().filter_map(|c| c.test.as_ref()).collect();
        let subject = self.operand(&it.discriminant);
        let subject = self.keep(subject, &tests);
        let mark = self.enter_block(scope);
        self.hoist_functions(it.cases.iter().flat_map(|c| c.consequent.iter()));
        let on_break = self.f.asm.label();
        let entries: Vec<Label> = it.cases.iter().map(|_| self.f.asm.label()).collect();
        for (case, entry) in it.cases.iter().zip(&entries) {
            if let Some(test) = &case.test {
                let mark = self.mark();
                self.at(test.span().start);
                let rhs = self.operand(test);
                self.f.asm.emit_jump(Insn::JumpStrictEq { lhs: subject, rhs, to: 0, fb: 0 }, *entry);
                self.release(mark);
            }
        }
        let default = it.cases.iter().position(|c| c.test.is_none());
        self.jump(default.map_or(on_break, |i| entries[i]));
        self.push_target(on_break, None, true);
        for (case, entry) in it.cases.iter().zip(&entries) {
            self.f.asm.bind(*entry);
            for s in &case.consequent {
                self.statement(s);
            }
        }
        self.f.control.pop();
        self.f.asm.bind(on_break);
        self.leave_block(scope, mark);
    }
}
