//! Calls, construction, returns: the callee's frame lies where the arguments already are, its entry word is in the
//! function's info, and a result of 0 leads to the cold path.

use super::emit::Emitter;
use crate::bytecode::ops::Reg;
use crate::codegen::helpers::{CONTINUE, call};
use crate::feedback::slot::{CallEntry, CallSlot};
use crate::runtime::cell::{CellKind, offset};
use crate::runtime::function::{flags, info_offset};
use crate::runtime::value::Value as Tagged;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I32, I64};
use cranelift_codegen::ir::{InstBuilder, Value};
use std::mem::offset_of;

/// Words of a call area before its arguments.
const AREA_HEAD: i64 = 2;

impl Emitter<'_, '_> {
    /// Records a call target, in the tier that does.
    pub(super) fn record_call(&mut self, callee: Value, fb: u16) {
        const FIRST: i32 = offset_of!(CallSlot, entries) as i32;
        if !self.request.profiles() {
            return;
        }
        let slot = self.slot(fb);
        let (other, done) = (self.cold_block(), self.block());
        let known = self.load(I64, slot, FIRST + offset_of!(CallEntry, callee) as i32);
        let same = self.b.ins().icmp(IntCC::Equal, known, callee);
        self.require(same, other);
        let all = self.load(I64, slot, offset_of!(CallSlot, count) as i32);
        let all = self.b.ins().iadd_imm_s(all, 1);
        self.store(all, slot, offset_of!(CallSlot, count) as i32);
        let at = FIRST + offset_of!(CallEntry, count) as i32;
        let n = self.load(I32, slot, at);
        let more = self.b.ins().iadd_imm_s(n, 1);
        let saturated = self.equals(more, 0);
        let more = self.b.ins().select(saturated, n, more);
        self.store(more, slot, at);
        self.jump(done);
        self.go(other);
        self.call(call::RECORD_CALL, &[slot, callee]);
        self.jump(done);
        self.go(done);
    }

    /// Address of the register window of a call's callee: its register 0 is the first argument.
    fn window(&mut self, base: Reg) -> Value {
        self.b.ins().iadd_imm_s(self.regs, 8 * (base.0 as i64 + AREA_HEAD))
    }

    /// `dst = base(…)`.
    pub(super) fn call_value(&mut self, dst: Reg, base: Reg, argc: u16, fb: u16) {
        let callee = self.get(base);
        self.record_call(callee, fb);
        let paths = self.paths();
        self.require_kind(callee, CellKind::Function, paths.slow);
        let info = self.load(I64, callee, offset::FUNCTION_INFO);
        let bits = self.load(I32, info, info_offset::FLAGS);
        let class = self.b.ins().band_imm_u(bits, flags::CLASS_CONSTRUCTOR as i64);
        self.refuse(class, paths.slow);
        let entry = self.load(I64, info, info_offset::GENERIC_ENTRY);
        let window = self.window(base);
        let v = self.call_entry(entry, window, argc);
        self.check(v);
        self.set(dst, v);
        self.jump(paths.done);

        self.by_frame(call::CALL, paths);
    }

    /// `dst = new base(…)`.
    pub(super) fn construct(&mut self, dst: Reg, base: Reg, argc: u16, fb: u16) {
        let callee = self.get(base);
        self.record_call(callee, fb);
        let (ready, finished, done) = (self.block(), self.cold_block(), self.block());
        let (area, count, offset) = (self.address(base), self.word(argc as u64), self.word(self.at as u64));
        let answer = self.try_call(call::BEGIN_CONSTRUCT, &[self.regs, area, count, offset]);
        let go_on = self.equals(answer, CONTINUE);
        self.branch(go_on, ready, finished);
        self.go(finished);
        self.set(dst, answer);
        self.jump(done);

        self.go(ready);
        let info = self.load(I64, callee, offset::FUNCTION_INFO);
        let entry = self.load(I64, info, info_offset::GENERIC_ENTRY);
        let window = self.window(base);
        let v = self.call_entry(entry, window, argc);
        self.check(v);
        // A result that is no object is replaced by `this`.
        let (primitive, object) = (self.block(), self.block());
        self.require_object(v, primitive);
        self.jump(object);
        self.go(object);
        self.set(dst, v);
        self.jump(done);
        self.go(primitive);
        let this = self.get(Reg(base.0 + 1));
        self.set(dst, this);
        self.jump(done);
        self.go(done);
    }

    /// Leaves a constructor.
    pub(super) fn return_construct(&mut self, src: Reg) {
        let v = self.get(src);
        let (slow, implicit) = (self.cold_block(), self.block());
        let undefined = self.equals(v, Tagged::UNDEFINED.0);
        self.branch(undefined, implicit, slow);
        self.go(implicit);
        let this = self.this();
        let unbound = self.equals(this, Tagged::HOLE.0);
        self.refuse(unbound, slow);
        self.leave(this);
        self.go(slow);
        let v = self.try_call(call::RETURN_CONSTRUCT, &[self.regs, v]);
        self.leave(v);
    }
}
