//! A whole function: prologue, blocks, jumps and back-edges, exit.

use super::OSR_FLAG;
use super::emit::Emitter;
use super::request::Request;
use crate::bytecode::ops::{Insn, Op};
use crate::code::blob::PositionTable;
use crate::codegen::helpers::{CONTINUE, LEFT_THROWING, control};
use crate::runtime::function::{flags, info_offset};
use crate::runtime::head::offset as head;
use crate::runtime::value::Value as Tagged;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I32, I64};
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, StackSlot, StackSlotData, StackSlotKind, TrapCode, Value};
use cranelift_frontend::{FunctionBuilder, Switch};

/// What compiling a function yields besides its instructions.
pub(super) struct Built {
    pub(super) positions: PositionTable,
    /// Offsets of the loop headers.
    pub(super) headers: Vec<u32>,
    pub(super) bytecodes: usize,
    /// Where the native frame keeps the address of register 0.
    pub(super) registers: StackSlot,
}

/// Offsets at which instructions begin that are jumped to, or follow a jump, and how many instructions run from each.
struct Layout {
    headers: Vec<u32>,
    leaders: Vec<u32>,
    bytecodes: usize,
}

fn layout(request: &Request) -> Layout {
    let code = &request.function.code;
    let mut layout = Layout { headers: Vec::new(), leaders: vec![0], bytecodes: 0 };
    let mut at = 0;
    while at < code.len() {
        let insn = Insn::decode(code, at);
        let next = at + insn.op().units();
        if insn.op() == Op::LoopHeader {
            layout.headers.push(at as u32);
            layout.leaders.push(at as u32);
        }
        if let Some(to) = insn.jump_offset() {
            layout.leaders.push((at as i64 + to as i64) as u32);
        }
        if (insn.jump_offset().is_some() || insn.ends_block()) && next < code.len() {
            layout.leaders.push(next as u32);
        }
        layout.bytecodes += 1;
        at = next;
    }
    layout.leaders.extend(request.function.handlers.iter().map(|h| h.target));
    layout.leaders.sort_unstable();
    layout.leaders.dedup();
    layout
}

/// Emits the function.
pub(super) fn build(b: &mut FunctionBuilder<'_>, request: &Request) -> Built {
    let layout = layout(request);
    let entry = b.create_block();
    b.append_block_params_for_function_params(entry);
    let [rt, regs, argc] = b.block_params(entry)[..] else { unreachable!("the generic signature") };
    let exit = b.create_block();
    b.append_block_param(exit, I64);
    b.switch_to_block(entry);
    let registers = b.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, 8, 3));
    b.ins().stack_store(I64, regs, registers, 0);
    let mut e = Emitter::new(b, request, [rt, regs, argc], exit);
    for offset in &layout.leaders {
        e.blocks[*offset as usize] = Some(e.b.create_block());
    }
    let saved_sp = e.load(I64, rt, head::SP);
    e.prologue(&layout.headers);
    e.body();
    e.finish_landings();
    e.go(exit);
    e.store(saved_sp, rt, head::SP);
    let result = e.b.block_params(exit)[0];
    e.b.ins().return_(&[result]);
    Built { positions: e.positions, headers: layout.headers, bytecodes: layout.bytecodes, registers }
}

impl Emitter<'_, '_> {
    /// From the entry block to the first instruction, or to a loop header.
    fn prologue(&mut self, headers: &[u32]) {
        let called = self.block();
        if headers.is_empty() {
            self.jump(called);
        } else {
            let osr = self.cold_block();
            let flag = self.b.ins().band_imm_u(self.argc, OSR_FLAG as i64);
            self.branch(flag, osr, called);
            self.go(osr);
            self.osr_dispatch(headers);
        }
        self.go(called);
        if self.request.counts() {
            self.count_invocation();
        }
        let end = self.frame_end();
        let overflow = self.cold_block();
        let limit = self.load(I64, self.rt, head::VM_STACK_LIMIT);
        let vm_full = self.b.ins().icmp(IntCC::UnsignedGreaterThan, end, limit);
        self.refuse(vm_full, overflow);
        let native_sp = self.b.ins().get_stack_pointer(I64);
        let limit = self.load(I64, self.rt, head::NATIVE_STACK_LIMIT);
        let native_full = self.b.ins().icmp(IntCC::UnsignedLessThan, native_sp, limit);
        self.refuse(native_full, overflow);
        self.pad_parameters();
        self.store(end, self.rt, head::SP);
        let first = self.block_at(0);
        self.jump(first);

        self.go(overflow);
        let nothing = self.call(control::STACK_OVERFLOW, &[]);
        self.b.ins().return_(&[nothing]);
    }

    /// The frame stands already: goes to the loop header that the argument count names.
    fn osr_dispatch(&mut self, headers: &[u32]) {
        let mut switch = Switch::new();
        for header in headers {
            let target = self.block_at(*header);
            switch.set_entry(*header as u128, target);
        }
        let unknown = self.cold_block();
        let offset = self.b.ins().band_imm_u(self.argc, !OSR_FLAG as i64);
        switch.emit(self.b, offset, unknown);
        self.go(unknown);
        self.b.ins().trap(TrapCode::unwrap_user(1));
    }

    /// End of the frame on the VM stack.
    fn frame_end(&mut self) -> Value {
        let end = self.b.ins().iadd_imm_s(self.regs, 8 * self.request.function.nregs as i64);
        if self.request.flags & flags::NEEDS_ARGC == 0 {
            return end;
        }
        let count = self.b.ins().uextend(I64, self.argc);
        let bytes = self.b.ins().ishl_imm_u(count, 3);
        let arguments_end = self.b.ins().iadd(self.regs, bytes);
        self.b.ins().umax(end, arguments_end)
    }

    /// Writes undefined to the parameters that got no argument.
    fn pad_parameters(&mut self) {
        let nparams = self.request.function.nparams;
        if nparams == 0 {
            return;
        }
        let (pad, done) = (self.cold_block(), self.block());
        self.b.append_block_param(pad, I32);
        let missing = self.is(IntCC::UnsignedLessThan, self.argc, nparams as u64);
        let from: BlockArg = self.argc.into();
        self.b.ins().brif(missing, pad, &[from], done, &[]);
        self.go(pad);
        let i = self.b.block_params(pad)[0];
        let wide = self.b.ins().uextend(I64, i);
        let bytes = self.b.ins().ishl_imm_u(wide, 3);
        let at = self.b.ins().iadd(self.regs, bytes);
        let undefined = self.tagged(Tagged::UNDEFINED);
        self.store(undefined, at, 0);
        let i = self.b.ins().iadd_imm_s(i, 1);
        let more = self.is(IntCC::UnsignedLessThan, i, nparams as u64);
        self.b.ins().brif(more, pad, &[i.into()], done, &[]);
        self.go(done);
    }

    fn count_invocation(&mut self) {
        let info = self.word(self.request.info);
        let n = self.increment(info, info_offset::INVOCATIONS);
        let trip = self.load(I32, info, info_offset::INVOCATION_TRIP);
        let tripped = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, n, trip);
        let (ask, passed_on, done) = (self.cold_block(), self.cold_block(), self.block());
        self.branch(tripped, ask, done);
        self.go(ask);
        let argc = self.b.ins().uextend(I64, self.argc);
        let answer = self.call(control::ENTRY_TRIP, &[self.regs, argc]);
        let go_on = self.equals(answer, CONTINUE);
        self.branch(go_on, done, passed_on);
        self.go(passed_on);
        self.b.ins().return_(&[answer]);
        self.go(done);
    }

    /// All instructions.
    fn body(&mut self) {
        let function = self.request.function.clone();
        let code = &function.code;
        let mut at = 0;
        let mut open = false;
        while at < code.len() {
            let insn = Insn::decode(code, at);
            (self.at, self.next) = (at as u32, (at + insn.op().units()) as u32);
            if let Some(block) = self.blocks[at] {
                if open {
                    self.jump(block);
                }
                self.go(block);
                open = true;
                if self.request.counts_bytecodes {
                    self.count_bytecodes(at);
                }
            }
            // What follows the end of a block and is no jump target is never executed.
            if open {
                self.position(self.at);
                self.insn(insn);
                open = !(insn.ends_block() || insn.jump_offset().is_some());
            }
            at = self.next as usize;
        }
        debug_assert!(!open, "the verifier demands that code does not run off its end");
    }

    /// Adds the length of the block that begins here to the bytecodes that the tier has retired.
    fn count_bytecodes(&mut self, from: usize) {
        let code = &self.request.function.code;
        let (mut at, mut n) = (from, 0);
        loop {
            let op = Op::ALL[code[at] as usize];
            let insn = Insn::decode(code, at);
            n += 1;
            at += op.units();
            if insn.ends_block() || insn.jump_offset().is_some() || at >= code.len() || self.blocks[at].is_some() {
                break;
            }
        }
        let counter = head::retired(self.request.tier);
        let retired = self.load(I64, self.rt, counter);
        let retired = self.b.ins().iadd_imm_s(retired, n);
        self.store(retired, self.rt, counter);
    }

    // ---- jumps -------------------------------------------------------------------------------------------------------

    /// Offset of the target of a jump of the current instruction.
    pub(super) fn target(&self, to: i32) -> u32 {
        (self.at as i64 + to as i64) as u32
    }

    /// Continues at a target, counting and polling if that is backward.
    pub(super) fn jump_to(&mut self, to: i32) {
        let target = self.target(to);
        let block = self.block_at(target);
        if to < 0 {
            self.backedge(target, block);
        } else {
            self.jump(block);
        }
    }

    fn backedge(&mut self, target: u32, block: Block) {
        let ask = self.cold_block();
        let interrupt = self.load(I32, self.rt, head::INTERRUPT);
        let due = if self.request.counts() {
            let info = self.word(self.request.info);
            let n = self.increment(info, info_offset::BACKEDGES);
            let trip = self.load(I32, info, info_offset::BACKEDGE_TRIP);
            let tripped = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, n, trip);
            let tripped = self.b.ins().uextend(I32, tripped);
            self.b.ins().bor(tripped, interrupt)
        } else {
            interrupt
        };
        self.branch(due, ask, block);
        self.go(ask);
        // Exceptions belong to the target, where the interpreter stands when it asks.
        let landing = self.landing(target);
        if !self.request.counts() {
            let answer = self.call(control::SAFEPOINT, &[]);
            self.branch(answer, block, landing);
            return;
        }
        let offset = self.word(target as u64);
        let answer = self.call(control::BACKEDGE, &[self.regs, offset]);
        let other = self.cold_block();
        let go_on = self.equals(answer, CONTINUE);
        self.branch(go_on, block, other);
        self.go(other);
        self.require(answer, landing);
        let threw = self.equals(answer, LEFT_THROWING);
        let nothing = self.word(Tagged::EMPTY.0);
        let word = self.b.ins().select(threw, nothing, answer);
        self.leave(word);
    }
}
