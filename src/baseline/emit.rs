//! The emitter: what every fragment is made of. Registers of the frame, checks of words, boxing, helper calls, landing
//! blocks of exceptions, feedback.

use super::request::{Hint, Request};
use crate::bytecode::ops::Reg;
use crate::code::blob::{Position, PositionTable};
use crate::codegen::abi::{self, SiteLoc};
use crate::codegen::helpers::{Helper, control};
use crate::feedback::slot::Unit;
use crate::runtime::cell::{CellKind, FIRST_NON_OBJECT, STATE_OLD, offset};
use crate::runtime::value::{DOUBLE_OFFSET, NOT_CELL_MASK, NUMBER_TAG, Value as Tagged};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::types::{F64, I8, I32, I64};
use cranelift_codegen::ir::{self, Block, InstBuilder, MemFlagsData, SigRef, Value};
use cranelift_frontend::FunctionBuilder;

pub(super) fn trusted() -> MemFlagsData {
    MemFlagsData::trusted()
}

/// State of one compile.
pub(super) struct Emitter<'a, 'f> {
    pub(super) b: &'a mut FunctionBuilder<'f>,
    pub(super) request: &'a Request,
    /// The runtime.
    pub(super) rt: Value,
    /// Register 0 of the frame.
    pub(super) regs: Value,
    /// Arguments passed; meaningless after an entry at a loop header.
    pub(super) argc: Value,
    /// Unit offset of the instruction being compiled.
    pub(super) at: u32,
    /// Unit offset of the instruction after it.
    pub(super) next: u32,
    pub(super) positions: PositionTable,
    /// Blocks of instructions that are jumped to, by unit offset.
    pub(super) blocks: Vec<Option<Block>>,
    /// The function's one exit; its parameter is the result.
    pub(super) exit: Block,
    /// Landing blocks by index into the handler table; the last is for what no handler covers.
    pub(super) landings: Vec<Landing>,
    helper_signatures: [Option<SigRef>; abi::MAX_HELPER_ARGUMENTS + 1],
    entry_signature: Option<SigRef>,
}

/// Where exceptions go that a handler covers.
#[derive(Clone, Copy, Default)]
pub(super) struct Landing {
    /// An exception that comes from a callee.
    passing: Option<Block>,
    /// An exception thrown here; its parameter is the offset of the instruction, which is remembered for reports.
    thrown: Option<Block>,
}

/// Two blocks of a fragment: the rest of the operation through a helper, and what follows the instruction.
#[derive(Clone, Copy)]
pub(super) struct Paths {
    pub(super) slow: Block,
    pub(super) done: Block,
}

impl<'a, 'f> Emitter<'a, 'f> {
    pub(super) fn new(
        b: &'a mut FunctionBuilder<'f>,
        request: &'a Request,
        [rt, regs, argc]: [Value; 3],
        exit: Block,
    ) -> Emitter<'a, 'f> {
        let units = request.function.code.len();
        Emitter {
            b,
            request,
            rt,
            regs,
            argc,
            at: 0,
            next: 0,
            positions: PositionTable::new(),
            blocks: vec![None; units + 1],
            exit,
            landings: vec![Landing::default(); request.function.handlers.len() + 1],
            helper_signatures: [None; abi::MAX_HELPER_ARGUMENTS + 1],
            entry_signature: None,
        }
    }

    // ---- blocks ----------------------------------------------------------------------------------------------------

    pub(super) fn block(&mut self) -> Block {
        self.b.create_block()
    }

    pub(super) fn cold_block(&mut self) -> Block {
        let block = self.b.create_block();
        self.b.set_cold_block(block);
        block
    }

    pub(super) fn go(&mut self, block: Block) {
        self.b.switch_to_block(block);
    }

    pub(super) fn jump(&mut self, block: Block) {
        self.b.ins().jump(block, &[]);
    }

    pub(super) fn branch(&mut self, condition: Value, yes: Block, no: Block) {
        self.b.ins().brif(condition, yes, &[], no, &[]);
    }

    /// Goes on in a fresh block if the condition holds, else to `no`.
    pub(super) fn require(&mut self, condition: Value, no: Block) {
        let yes = self.block();
        self.branch(condition, yes, no);
        self.go(yes);
    }

    /// Goes on in a fresh block unless the condition holds, else to `yes`.
    pub(super) fn refuse(&mut self, condition: Value, yes: Block) {
        let no = self.block();
        self.branch(condition, yes, no);
        self.go(no);
    }

    pub(super) fn paths(&mut self) -> Paths {
        Paths { slow: self.cold_block(), done: self.block() }
    }

    /// The block of an instruction that is jumped to.
    pub(super) fn block_at(&mut self, offset: u32) -> Block {
        self.blocks[offset as usize].expect("jump targets have blocks")
    }

    // ---- words -----------------------------------------------------------------------------------------------------

    pub(super) fn word(&mut self, word: u64) -> Value {
        self.b.ins().iconst(I64, word as i64)
    }

    pub(super) fn tagged(&mut self, v: Tagged) -> Value {
        self.word(v.0)
    }

    pub(super) fn constant(&mut self, index: u16) -> Value {
        self.word(self.request.constants[index as usize])
    }

    pub(super) fn load(&mut self, ty: ir::Type, base: Value, at: i32) -> Value {
        self.b.ins().load(ty, trusted(), base, at)
    }

    pub(super) fn store(&mut self, v: Value, base: Value, at: i32) {
        self.b.ins().store(trusted(), v, base, at);
    }

    pub(super) fn is(&mut self, cc: IntCC, v: Value, word: u64) -> Value {
        self.b.ins().icmp_imm_u(cc, v, word as i64)
    }

    pub(super) fn equals(&mut self, v: Value, word: u64) -> Value {
        self.is(IntCC::Equal, v, word)
    }

    // ---- registers of the frame ---------------------------------------------------------------------------------------

    fn place(r: Reg) -> i32 {
        8 * r.0 as i32
    }

    pub(super) fn get(&mut self, r: Reg) -> Value {
        self.load(I64, self.regs, Self::place(r))
    }

    pub(super) fn set(&mut self, r: Reg, v: Value) {
        self.store(v, self.regs, Self::place(r));
    }

    pub(super) fn set_tagged(&mut self, r: Reg, v: Tagged) {
        let v = self.tagged(v);
        self.set(r, v);
    }

    /// Address of a register.
    pub(super) fn address(&mut self, r: Reg) -> Value {
        self.b.ins().iadd_imm_s(self.regs, Self::place(r) as i64)
    }

    pub(super) fn this(&mut self) -> Value {
        self.load(I64, self.regs, abi::THIS_OFFSET)
    }

    pub(super) fn callee(&mut self) -> Value {
        self.load(I64, self.regs, abi::CALLEE_OFFSET)
    }

    // ---- kinds of values ------------------------------------------------------------------------------------------------

    pub(super) fn both_int(&mut self, a: Value, b: Value) -> Value {
        let both = self.b.ins().band(a, b);
        self.is(IntCC::UnsignedGreaterThanOrEqual, both, NUMBER_TAG)
    }

    pub(super) fn is_int(&mut self, v: Value) -> Value {
        self.is(IntCC::UnsignedGreaterThanOrEqual, v, NUMBER_TAG)
    }

    pub(super) fn is_number(&mut self, v: Value) -> Value {
        self.is(IntCC::UnsignedGreaterThanOrEqual, v, DOUBLE_OFFSET)
    }

    pub(super) fn both_number(&mut self, a: Value, b: Value) -> Value {
        let less = self.b.ins().umin(a, b);
        self.is_number(less)
    }

    /// Whether a register's value points to a cell: registers never hold the reserved word.
    pub(super) fn is_cell(&mut self, v: Value) -> Value {
        let bits = self.b.ins().band_imm_u(v, NOT_CELL_MASK as i64);
        self.equals(bits, 0)
    }

    pub(super) fn is_nullish(&mut self, v: Value) -> Value {
        let bits = self.b.ins().band_imm_s(v, !8);
        self.equals(bits, Tagged::NULL.0)
    }

    pub(super) fn is_bool(&mut self, v: Value) -> Value {
        let bits = self.b.ins().band_imm_s(v, !1);
        self.equals(bits, Tagged::FALSE.0)
    }

    /// Goes on if `v` is a cell of this kind.
    pub(super) fn require_kind(&mut self, v: Value, kind: CellKind, no: Block) {
        let cell = self.is_cell(v);
        self.require(cell, no);
        let found = self.load(I8, v, offset::KIND);
        let same = self.equals(found, kind as u64);
        self.require(same, no);
    }

    /// Goes on if `v` is an object.
    pub(super) fn require_object(&mut self, v: Value, no: Block) {
        let cell = self.is_cell(v);
        self.require(cell, no);
        let kind = self.load(I8, v, offset::KIND);
        let object = self.is(IntCC::UnsignedLessThan, kind, FIRST_NON_OBJECT as u64);
        self.require(object, no);
    }

    // ---- boxing ----------------------------------------------------------------------------------------------------------

    pub(super) fn int_of(&mut self, v: Value) -> Value {
        self.b.ins().ireduce(I32, v)
    }

    pub(super) fn box_int(&mut self, i: Value) -> Value {
        let wide = self.b.ins().uextend(I64, i);
        self.b.ins().bor_imm_u(wide, NUMBER_TAG as i64)
    }

    /// The number in `v` as a double, however it is held.
    pub(super) fn double_of(&mut self, v: Value) -> Value {
        let is_int = self.is_int(v);
        let int = self.int_of(v);
        let from_int = self.b.ins().fcvt_from_sint(F64, int);
        let bits = self.b.ins().iadd_imm_s(v, (DOUBLE_OFFSET as i64).wrapping_neg());
        let double = self.b.ins().bitcast(F64, MemFlagsData::new(), bits);
        self.b.ins().select(is_int, from_int, double)
    }

    /// Boxes a double that may be a NaN that is not canonical.
    pub(super) fn box_double(&mut self, d: Value) -> Value {
        let bits = self.b.ins().bitcast(I64, MemFlagsData::new(), d);
        let nan = self.b.ins().fcmp(FloatCC::Unordered, d, d);
        let canonical = self.word(f64::NAN.to_bits());
        let bits = self.b.ins().select(nan, canonical, bits);
        self.b.ins().iadd_imm_s(bits, DOUBLE_OFFSET as i64)
    }

    // ---- calls -----------------------------------------------------------------------------------------------------------

    /// Calls a helper; the runtime is passed first.
    pub(super) fn call(&mut self, helper: Helper, arguments: &[Value]) -> Value {
        debug_assert_eq!(helper.arguments, arguments.len() + 1, "{}", helper.name);
        let signature = match self.helper_signatures[helper.arguments] {
            Some(s) => s,
            None => {
                let s = self.b.import_signature(abi::helper_signature(helper.arguments));
                self.helper_signatures[helper.arguments] = Some(s);
                s
            }
        };
        let mut all: smallvec::SmallVec<[Value; 6]> = smallvec::smallvec![self.rt];
        all.extend_from_slice(arguments);
        let address = self.word(helper.address());
        let call = self.b.ins().call_indirect(signature, address, &all);
        self.b.inst_results(call)[0]
    }

    /// Calls a helper and goes on unless it threw.
    pub(super) fn try_call(&mut self, helper: Helper, arguments: &[Value]) -> Value {
        let result = self.call(helper, arguments);
        let landing = self.thrown_landing(self.at);
        let (ok, offset) = (self.block(), self.word(self.at as u64));
        self.b.ins().brif(result, ok, &[], landing, &[offset.into()]);
        self.go(ok);
        result
    }

    /// The slow path of a fragment: the helper that does the whole instruction, on the frame.
    pub(super) fn by_frame(&mut self, helper: Helper, paths: Paths) {
        self.go(paths.slow);
        let offset = self.word(self.at as u64);
        let result = self.call(helper, &[self.regs, offset]);
        let landing = self.thrown_landing(self.at);
        self.b.ins().brif(result, paths.done, &[], landing, &[offset.into()]);
        self.go(paths.done);
    }

    /// Calls a helper that throws.
    pub(super) fn throw_by(&mut self, helper: Helper, arguments: &[Value]) {
        self.call(helper, arguments);
        let landing = self.thrown_landing(self.at);
        let offset = self.word(self.at as u64);
        self.b.ins().jump(landing, &[offset.into()]);
    }

    /// Goes on unless a callee's result is the reserved word.
    pub(super) fn check(&mut self, result: Value) {
        let landing = self.landing(self.at);
        self.require(result, landing);
    }

    /// Calls a generic entry.
    pub(super) fn call_entry(&mut self, entry: Value, regs: Value, argc: u16) -> Value {
        let signature = match self.entry_signature {
            Some(s) => s,
            None => {
                let s = self.b.import_signature(abi::generic_signature());
                self.entry_signature = Some(s);
                s
            }
        };
        let argc = self.b.ins().iconst(I32, argc as i64);
        let call = self.b.ins().call_indirect(signature, entry, &[self.rt, regs, argc]);
        self.b.inst_results(call)[0]
    }

    // ---- exceptions ------------------------------------------------------------------------------------------------------

    /// Index of the landing for the instruction at `offset`.
    fn landing_index(&self, offset: u32) -> usize {
        let handlers = &self.request.function.handlers;
        handlers.iter().position(|h| h.start <= offset && offset < h.end).unwrap_or(handlers.len())
    }

    /// Where an exception goes that a callee of the instruction at `offset` did not handle.
    pub(super) fn landing(&mut self, offset: u32) -> Block {
        let index = self.landing_index(offset);
        if let Some(block) = self.landings[index].passing {
            return block;
        }
        let block = self.cold_block();
        self.landings[index].passing = Some(block);
        block
    }

    /// Where an exception goes that the instruction at `offset` itself has thrown; takes the offset.
    fn thrown_landing(&mut self, offset: u32) -> Block {
        let index = self.landing_index(offset);
        if let Some(block) = self.landings[index].thrown {
            return block;
        }
        let block = self.cold_block();
        self.b.append_block_param(block, I64);
        self.landings[index].thrown = Some(block);
        block
    }

    /// Fills the landing blocks that somebody jumps to.
    pub(super) fn finish_landings(&mut self) {
        self.b.set_srcloc(ir::SourceLoc::default());
        let uncaught_index = self.request.function.handlers.len();
        for index in 0..self.landings.len() {
            let Some(thrown) = self.landings[index].thrown else { continue };
            self.go(thrown);
            let offset = self.b.block_params(thrown)[0];
            self.call(control::NOTE_THROW, &[self.regs, offset]);
            let passing = match self.landings[index].passing {
                Some(block) => block,
                None => self.cold_block(),
            };
            self.landings[index].passing = Some(passing);
            self.jump(passing);
        }
        let caught = self.landings[..uncaught_index].iter().any(|l| l.passing.is_some());
        let uncaught = match self.landings[uncaught_index].passing {
            Some(block) => block,
            None if caught => self.cold_block(),
            None => return,
        };
        for index in 0..uncaught_index {
            let Some(landing) = self.landings[index].passing else { continue };
            let handler = self.request.function.handlers[index];
            self.go(landing);
            let exception = self.call(control::CATCH, &[]);
            self.require(exception, uncaught);
            self.set(handler.exception, exception);
            let target = self.block_at(handler.target);
            self.jump(target);
        }
        self.go(uncaught);
        let nothing = self.word(Tagged::EMPTY.0);
        self.leave(nothing);
    }

    /// Leaves the function with this word.
    pub(super) fn leave(&mut self, word: Value) {
        self.b.ins().jump(self.exit, &[word.into()]);
    }

    // ---- positions and feedback ------------------------------------------------------------------------------------------

    /// Says that what follows belongs to the instruction at `offset`.
    pub(super) fn position(&mut self, offset: u32) {
        let position = Position { function: self.request.id, bytecode_offset: offset, inlined_at: None };
        let id = self.positions.push(position);
        self.b.set_srcloc(SiteLoc::plain(id).to_srcloc());
    }

    /// Address of the current instruction in the interpreter's private bytecode.
    pub(super) fn pc(&mut self) -> Value {
        self.word(self.request.code + 2 * self.at as u64)
    }

    /// Address of a feedback slot.
    pub(super) fn slot(&mut self, index: u16) -> Value {
        self.word(self.request.feedback + size_of::<Unit>() as u64 * index as u64)
    }

    /// What an operator has seen; 0: never executed.
    pub(super) fn seen(&self, index: u16) -> u32 {
        match self.request.hints.get(&index) {
            Some(Hint::Types(seen)) => *seen,
            Some(Hint::Property(_) | Hint::Array { .. } | Hint::Typed { .. }) | None => 0,
        }
    }

    /// Records operand types, in the tier that does. What the site had seen when the request was made it knows already:
    /// bits are never taken back while code lives.
    pub(super) fn record_seen(&mut self, index: u16, bits: u32) {
        if !self.request.profiles() || self.seen(index) & bits == bits {
            return;
        }
        let slot = self.slot(index);
        let seen = self.load(I32, slot, 0);
        let seen = self.b.ins().bor_imm_u(seen, bits as i64);
        self.store(seen, slot, 0);
    }

    /// Adds one to a wrapping 32-bit counter.
    pub(super) fn increment(&mut self, base: Value, at: i32) -> Value {
        let n = self.load(I32, base, at);
        let n = self.b.ins().iadd_imm_s(n, 1);
        self.store(n, base, at);
        n
    }

    // ---- write barrier ---------------------------------------------------------------------------------------------------

    /// To follow a store of `v` into `cell`.
    pub(super) fn barrier(&mut self, cell: Value, v: Value) {
        let (old, done) = (self.cold_block(), self.block());
        let state = self.load(I8, cell, offset::STATE);
        let is_old = self.equals(state, STATE_OLD as u64);
        self.branch(is_old, old, done);
        self.go(old);
        self.call(crate::codegen::helpers::property::REMEMBER, &[cell, v]);
        self.jump(done);
        self.go(done);
    }

    /// To follow a store of `v` at address `slot` into the elements cell `cell`.
    pub(super) fn barrier_slot(&mut self, cell: Value, slot: Value, v: Value) {
        let (old, done) = (self.cold_block(), self.block());
        let state = self.load(I8, cell, offset::STATE);
        let is_old = self.equals(state, STATE_OLD as u64);
        self.branch(is_old, old, done);
        self.go(old);
        self.call(crate::codegen::helpers::property::REMEMBER_SLOT, &[cell, slot, v]);
        self.jump(done);
        self.go(done);
    }
}
