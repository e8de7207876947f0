//! Bindings, scopes, iteration, and the checks that throw.

use super::emit::Emitter;
use crate::bytecode::ops::Reg;
use crate::codegen::helpers::{CONTINUE, Helper, control, object};
use crate::runtime::cell::{CellKind, offset};
use crate::runtime::function::{CELL_MUTABLE, ModuleCell};
use crate::runtime::value::Value as Tagged;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I32, I64};
use cranelift_codegen::ir::{InstBuilder, Value};
use std::mem::offset_of;

impl Emitter<'_, '_> {
    /// Throws by the helper if the condition holds.
    pub(super) fn throw_if(
        &mut self,
        condition: Value,
        helper: Helper,
        arguments: impl FnOnce(&mut Self) -> Vec<Value>,
    ) {
        let (bad, good) = (self.cold_block(), self.block());
        self.branch(condition, bad, good);
        self.go(bad);
        let arguments = arguments(self);
        self.throw_by(helper, &arguments);
        self.go(good);
    }

    // ---- bindings ----------------------------------------------------------------------------------------------------

    /// `dst` = the scope of the running closure.
    pub(super) fn load_scope(&mut self, dst: Reg) {
        let callee = self.callee();
        let scope = self.load(I64, callee, offset::FUNCTION_SCOPE);
        let undefined = self.tagged(Tagged::UNDEFINED);
        let v = self.b.ins().select(scope, scope, undefined);
        self.set(dst, v);
    }

    fn scope_at(&mut self, scope: Reg, depth: u16) -> Value {
        let mut cell = self.get(scope);
        for _ in 0..depth {
            cell = self.load(I64, cell, offset::SCOPE_PARENT);
        }
        cell
    }

    /// `dst` = a captured variable.
    pub(super) fn get_scoped(&mut self, dst: Reg, scope: Reg, depth: u16, index: u16) {
        let cell = self.scope_at(scope, depth);
        let v = self.load(I64, cell, offset::SCOPE_SLOTS + 8 * index as i32);
        self.set(dst, v);
    }

    /// A captured variable = `src`.
    pub(super) fn set_scoped(&mut self, scope: Reg, depth: u16, index: u16, src: Reg) {
        let cell = self.scope_at(scope, depth);
        let v = self.get(src);
        self.store(v, cell, offset::SCOPE_SLOTS + 8 * index as i32);
        self.barrier(cell, v);
    }

    pub(super) fn module_cell(&mut self, cell: u16) -> Value {
        self.word(self.request.cells + size_of::<ModuleCell>() as u64 * cell as u64)
    }

    /// `dst` = a module binding.
    pub(super) fn get_module(&mut self, dst: Reg, cell: u16) {
        let cell = self.module_cell(cell);
        let v = self.load(I64, cell, offset_of!(ModuleCell, value) as i32);
        self.set(dst, v);
    }

    /// A module binding = `src`. Only the first assignment concerns anybody else.
    pub(super) fn set_module(&mut self, cell: u16, src: Reg) {
        let v = self.get(src);
        let cell = self.module_cell(cell);
        let paths = self.paths();
        let state = self.load(I32, cell, offset_of!(ModuleCell, state) as i32);
        let mutable = self.equals(state, CELL_MUTABLE as u64);
        self.require(mutable, paths.slow);
        self.store(v, cell, offset_of!(ModuleCell, value) as i32);
        self.jump(paths.done);
        self.go(paths.slow);
        self.call(control::SET_MODULE, &[cell, v]);
        self.jump(paths.done);
        self.go(paths.done);
    }

    // ---- iteration ---------------------------------------------------------------------------------------------------

    /// `dst` = next value of a for-of; arrays with tagged elements inline.
    pub(super) fn iter_next(&mut self, dst: Reg, iter: Reg, exit: i32) {
        let (source, index) = (self.get(iter), self.get(Reg(iter.0 + 1)));
        let mode = self.get(Reg(iter.0 + 2));
        let slow = self.cold_block();
        let next = self.block_at(self.next);
        let array_mode = self.equals(mode, Tagged::UNDEFINED.0);
        self.require(array_mode, slow);
        self.require_kind(source, CellKind::Array, slow);
        let i = self.int_of(index);
        let length = self.load(I32, source, offset::ARRAY_LENGTH);
        let inside = self.b.ins().icmp(IntCC::UnsignedLessThan, i, length);
        self.require(inside, slow);
        let elements = self.load(I64, source, offset::ELEMENTS);
        let capacity = self.load(I32, elements, offset::COUNT);
        let covered = self.b.ins().icmp(IntCC::UnsignedLessThan, i, capacity);
        self.require(covered, slow);
        let kind = self.load(I8, elements, offset::KIND);
        let tagged = self.equals(kind, CellKind::Elements as u64);
        self.require(tagged, slow);
        let wide = self.b.ins().uextend(I64, i);
        let bytes = self.b.ins().ishl_imm_u(wide, 3);
        let at = self.b.ins().iadd(elements, bytes);
        let v = self.load(I64, at, offset::DATA);
        let absent = self.equals(v, Tagged::HOLE.0);
        self.refuse(absent, slow);
        let after = self.b.ins().iadd_imm_s(i, 1);
        let after = self.box_int(after);
        self.set(Reg(iter.0 + 1), after);
        self.set(dst, v);
        self.jump(next);
        self.go(slow);
        self.step_by(object::ITER_NEXT, dst, iter, exit);
    }

    /// A step of an iteration by its helper: the value and on, or to `exit`.
    pub(super) fn step_by(&mut self, helper: Helper, dst: Reg, iter: Reg, exit: i32) {
        let state = self.address(iter);
        let v = self.try_call(helper, &[state]);
        let (ended, value) = (self.block(), self.block());
        let over = self.equals(v, CONTINUE);
        self.branch(over, ended, value);
        self.go(value);
        self.set(dst, v);
        let next = self.block_at(self.next);
        self.jump(next);
        self.go(ended);
        self.jump_to(exit);
    }
}
