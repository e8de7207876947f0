//! Loops.
//!
//! A loop whose condition is small is inverted: the condition stands once before the loop and once at its bottom, as a
//! conditional jump backward. `loop_header` is the first instruction of the body and the target of every backward jump.
//! Bindings of a `for` head that closures capture are copied into a fresh `Scope` at the end of each iteration.

use super::{Control, Lowerer};
use crate::bytecode::asm::Label;
use crate::bytecode::ops::{Insn, Reg};
use crate::frontend::scope::Home;
use oxc_ast::ast::*;
use oxc_ast_visit::{Visit, walk};
use oxc_semantic::{ScopeFlags, ScopeId};
use oxc_span::GetSpan;

/// Largest condition, in expressions, that is lowered twice.
const SMALL_CONDITION: u32 = 14;

/// Counts expressions; one that may not be lowered twice counts as too many.
struct Size(u32);

impl<'a> Visit<'a> for Size {
    fn visit_expression(&mut self, it: &Expression<'a>) {
        self.0 += 1;
        if self.0 <= SMALL_CONDITION {
            walk::walk_expression(self, it);
        }
    }
    fn visit_function(&mut self, _: &Function<'a>, _: ScopeFlags) {
        self.0 += SMALL_CONDITION;
    }
    fn visit_arrow_function_expression(&mut self, _: &ArrowFunctionExpression<'a>) {
        self.0 += SMALL_CONDITION;
    }
    fn visit_class(&mut self, _: &Class<'a>) {
        self.0 += SMALL_CONDITION;
    }
    fn visit_tagged_template_expression(&mut self, _: &TaggedTemplateExpression<'a>) {
        self.0 += SMALL_CONDITION;
    }
}

fn is_small(e: &Expression<'_>) -> bool {
    let mut size = Size(0);
    size.visit_expression(e);
    size.0 <= SMALL_CONDITION
}

impl<'a> Lowerer<'_, 'a> {
    pub(super) fn while_statement(&mut self, it: &WhileStatement<'a>) {
        self.tested_loop(Some(&it.test), |l| l.statement(&it.body), |_| {});
    }

    pub(super) fn do_while_statement(&mut self, it: &DoWhileStatement<'a>) {
        let (on_break, on_continue) = (self.f.asm.label(), self.f.asm.label());
        let header = self.f.asm.bound_label();
        self.emit(Insn::LoopHeader {});
        self.push_target(on_break, Some(on_continue), true);
        self.statement(&it.body);
        self.f.control.pop();
        self.f.asm.bind(on_continue);
        self.at(it.test.span().start);
        self.jump_if(&it.test, true, header);
        self.f.asm.bind(on_break);
    }

    /// A loop with its test at the top of each iteration.
    fn tested_loop(
        &mut self,
        test: Option<&Expression<'a>>,
        body: impl FnOnce(&mut Self),
        update: impl FnOnce(&mut Self),
    ) {
        let (on_break, on_continue) = (self.f.asm.label(), self.f.asm.label());
        let inverted = test.filter(|t| is_small(t));
        let at_top = if inverted.is_some() { None } else { test };
        if let Some(test) = inverted {
            self.at(test.span().start);
            self.jump_if(test, false, on_break);
        }
        let header = self.f.asm.bound_label();
        self.emit(Insn::LoopHeader {});
        if let Some(test) = at_top {
            self.at(test.span().start);
            self.jump_if(test, false, on_break);
        }
        self.push_target(on_break, Some(on_continue), true);
        body(self);
        self.f.control.pop();
        self.f.asm.bind(on_continue);
        update(self);
        match inverted {
            Some(test) => {
                self.at(test.span().start);
                self.jump_if(test, true, header);
            }
            None => self.jump(header),
        }
        self.f.asm.bind(on_break);
    }

    pub(super) fn for_statement(&mut self, it: &ForStatement<'a>) {
        let scope = it.scope_id.get().expect("the semantic builder ran");
        let labels = std::mem::take(&mut self.f.pending_labels);
        let mark = self.enter_block(scope);
        let functions = self.f.asm.child_count();
        match &it.init {
            Some(ForStatementInit::VariableDeclaration(d)) => self.variable_declaration(d),
            Some(other) => self.effect(other.to_expression()),
            None => {}
        }
        self.f.pending_labels = labels;
        let copied = self.chain.last().filter(|l| l.scope == scope && l.function == self.f.id).map(|l| l.register);
        // A closure made by the initializer keeps the variables of no iteration.
        if let Some(r) = copied.filter(|_| self.f.asm.child_count() > functions) {
            self.emit(Insn::CopyScope { dst: r, src: r });
        }
        self.tested_loop(
            it.test.as_ref(),
            |l| l.statement(&it.body),
            |l| {
                if let Some(r) = copied {
                    l.emit(Insn::CopyScope { dst: r, src: r });
                }
                if let Some(update) = &it.update {
                    l.at(update.span().start);
                    l.effect(update);
                }
            },
        );
        self.leave_block(scope, mark);
    }

    pub(super) fn for_in_statement(&mut self, it: &ForInStatement<'a>) {
        let iter = self.temps(3);
        let src = self.operand(&it.right);
        self.at(it.right.span().start);
        self.emit(Insn::EnumInit { iter, src });
        let (on_break, on_continue) = (self.f.asm.label(), self.f.asm.label());
        let header = self.f.asm.bound_label();
        self.emit(Insn::LoopHeader {});
        let scope = it.scope_id.get().expect("the semantic builder ran");
        let mark = self.mark();
        let direct = self.iteration_variable(scope, &it.left);
        let dst = direct.unwrap_or_else(|| self.temp());
        self.at(it.left.span().start);
        self.f.asm.emit_jump(Insn::EnumNext { dst, iter, exit: 0 }, on_break);
        self.push_target(on_break, Some(on_continue), true);
        self.iteration(scope, &it.left, dst, direct.is_some(), &it.body);
        self.f.control.pop();
        self.leave_block(scope, mark);
        self.f.asm.bind(on_continue);
        self.jump(header);
        self.f.asm.bind(on_break);
    }

    /// ```text
    ///         iter_init
    /// header: loop_header
    ///         iter_next value -> exit
    ///         body                        (an exception here: close, throw on)
    ///         jump header
    /// break:  iter_close
    /// exit:
    /// ```
    pub(super) fn for_of_statement(&mut self, it: &ForOfStatement<'a>) {
        let iter = self.temps(3);
        let src = self.operand(&it.right);
        let text = self.iterable_text(&it.right);
        self.at(it.right.span().start);
        self.f.asm.describe_next(&text);
        self.emit(Insn::IterInit { iter, src, fb: 0 });
        let exception = self.temp();
        let (on_break, on_continue, exit) = (self.f.asm.label(), self.f.asm.label(), self.f.asm.label());
        let header = self.f.asm.bound_label();
        self.emit(Insn::LoopHeader {});
        let scope = it.scope_id.get().expect("the semantic builder ran");
        let mark = self.mark();
        let direct = self.iteration_variable(scope, &it.left);
        let dst = direct.unwrap_or_else(|| self.temp());
        self.at(it.left.span().start);
        self.f.asm.emit_jump(Insn::IterNext { dst, iter, exit: 0, fb: 0 }, exit);
        let start = self.f.asm.bound_label();
        self.f.control.push(Control::Iterator { iter });
        self.push_target(on_break, Some(on_continue), true);
        self.iteration(scope, &it.left, dst, direct.is_some(), &it.body);
        self.f.control.pop();
        self.f.control.pop();
        self.leave_block(scope, mark);
        let end = self.f.asm.bound_label();
        self.f.asm.bind(on_continue);
        self.jump(header);
        self.close_on_exception(start, end, iter, exception);
        self.f.asm.bind(on_break);
        self.emit(Insn::IterClose { iter });
        self.f.asm.bind(exit);
    }

    /// Out of line: an exception in a range closes an iteration and is thrown on. An exception while closing is dropped
    /// in favour of the first.
    pub(super) fn close_on_exception(&mut self, start: Label, end: Label, iter: Reg, exception: Reg) {
        let mark = self.mark();
        let dropped = self.temp();
        let target = self.f.asm.bound_label();
        self.f.asm.handler(start, end, target, exception);
        self.f.asm.mark_reachable();
        self.emit(Insn::IterClose { iter });
        let closed = self.f.asm.bound_label();
        self.f.asm.handler(target, closed, closed, dropped);
        self.emit(Insn::Throw { src: exception });
        self.release(mark);
    }

    /// The register of a loop variable that the iteration may write itself: a plain name that lives in a register. Its
    /// block has no `Scope` cell then, so it can be entered once for all iterations.
    fn iteration_variable(&mut self, scope: ScopeId, left: &ForStatementLeft<'a>) -> Option<Reg> {
        let ForStatementLeft::VariableDeclaration(d) = left else { return None };
        let BindingPattern::BindingIdentifier(id) = &d.declarations.first()?.id else { return None };
        let var = self.var_of_binding(id);
        let v = self.a.var(var);
        if self.a.scope_slots(scope) > 0 || v.home != Home::Register || v.needs_hole {
            return None;
        }
        self.enter_block(scope);
        self.registers[var.0 as usize]
    }

    /// One iteration of for-in or for-of: binds the value and runs the body.
    fn iteration(
        &mut self,
        scope: ScopeId,
        left: &ForStatementLeft<'a>,
        value: Reg,
        bound: bool,
        body: &Statement<'a>,
    ) {
        if bound {
            return self.statement(body);
        }
        let mark = self.enter_block(scope);
        match left {
            ForStatementLeft::VariableDeclaration(d) => {
                let pattern = &d.declarations.first().expect("a for head declares one binding").id;
                self.at(pattern.span().start);
                self.bind_pattern(pattern, value, ".for", d.kind == VariableDeclarationKind::Var);
            }
            other => self.assign_target(other.to_assignment_target(), value, ".for"),
        }
        self.statement(body);
        self.leave_block(scope, mark);
    }
}
