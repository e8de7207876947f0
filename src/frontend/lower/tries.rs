//! `try`, `catch` and `finally`.
//!
//! A `finally` block is emitted once. Two registers carry how it was reached: what to do afterwards (0 go on, 1 throw
//! the value, from 2 on the ways out that were noted) and the value that is returned or thrown. Behind the block stands
//! a chain of comparisons that does it.

use super::{Control, Lowerer};
use crate::bytecode::ops::Insn;
use oxc_ast::ast::*;
use oxc_span::GetSpan;

impl<'a> Lowerer<'_, 'a> {
    pub(super) fn try_statement(&mut self, it: &TryStatement<'a>) {
        match &it.finalizer {
            None => self.try_catch(it),
            Some(finalizer) => self.try_finally(it, finalizer),
        }
    }

    fn try_catch(&mut self, it: &TryStatement<'a>) {
        let Some(handler) = &it.handler else {
            self.block(&it.block);
            return;
        };
        let after = self.f.asm.label();
        let exception = self.temp();
        let start = self.f.asm.bound_label();
        self.f.guarded += 1;
        self.block(&it.block);
        self.f.guarded -= 1;
        let end = self.f.asm.bound_label();
        self.jump(after);
        let target = self.f.asm.bound_label();
        self.f.asm.handler(start, end, target, exception);
        self.f.asm.mark_reachable();
        self.catch_clause(handler, exception);
        self.f.asm.bind(after);
    }

    fn catch_clause(&mut self, it: &CatchClause<'a>, exception: crate::bytecode::ops::Reg) {
        let outer = it.scope_id.get().expect("the semantic builder ran");
        // The parameter's bindings belong to the body's block.
        let inner = it.body.scope_id.get().expect("the semantic builder ran");
        let outer_mark = self.enter_block(outer);
        let inner_mark = self.enter_block(inner);
        if let Some(param) = &it.param {
            self.at(param.pattern.span().start);
            self.bind_pattern(&param.pattern, exception, "undefined", false);
        }
        self.statement_list(&it.body.body);
        self.leave_block(inner, inner_mark);
        self.leave_block(outer, outer_mark);
    }

    fn try_finally(&mut self, it: &TryStatement<'a>, finalizer: &BlockStatement<'a>) {
        let (kind, value) = (self.temp(), self.temp());
        self.load_undefined(value);
        let entry = self.f.asm.label();
        let start = self.f.asm.bound_label();
        self.f.control.push(Control::Finally { kind, value, entry, exits: Vec::new() });
        if it.handler.is_some() {
            self.try_catch(it);
        } else {
            self.block(&it.block);
        }
        let Some(Control::Finally { exits, .. }) = self.f.control.pop() else { unreachable!("pushed above") };
        let end = self.f.asm.bound_label();
        self.load_int(kind, 0);
        self.jump(entry);
        let target = self.f.asm.bound_label();
        self.f.asm.handler(start, end, target, value);
        self.f.asm.mark_reachable();
        self.load_int(kind, 1);
        self.f.asm.bind(entry);
        self.block(finalizer);
        let mark = self.mark();
        let rhs = self.temp();
        let not_thrown = self.f.asm.label();
        self.load_int(rhs, 1);
        self.f.asm.emit_jump(Insn::JumpStrictNe { lhs: kind, rhs, to: 0, fb: 0 }, not_thrown);
        self.emit(Insn::Throw { src: value });
        self.f.asm.bind(not_thrown);
        for (i, exit) in exits.iter().enumerate() {
            let next = self.f.asm.label();
            self.load_int(rhs, (i + 2).min(0x7FFF) as i16);
            self.f.asm.emit_jump(Insn::JumpStrictNe { lhs: kind, rhs, to: 0, fb: 0 }, next);
            self.leave(*exit, Some(value));
            self.f.asm.bind(next);
        }
        self.release(mark);
    }
}
