//! `receiver.name` of receivers of many shapes, read or assigned: one look into the global stub cache, in line.
//!
//! Entries for data properties of the receiver, and for those of a prototype in the object itself, are used here; what else
//! there is (properties that an assignment adds, for one), and what is not in the table, is the runtime's.

use super::{Lower, LowerError, is_cell_type, trusted};
use crate::feedback::slot::{Access, PropertyEntry};
use crate::hir::field::{Const, Val};
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::{INTERNAL, OBJECTS, STRING, SYMBOL};
use crate::runtime::cell::offset;
use crate::runtime::head::offset as head;
use crate::runtime::stub_cache::{ENTRIES, SHAPE_FACTOR, Stub, place_of_key};
use crate::runtime::value::Value as Tagged;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I16, I32, I64};
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, Value};
use std::mem::offset_of;

const KEY: i32 = offset_of!(Stub, key) as i32;
const EPOCH: i32 = offset_of!(Stub, epoch) as i32;
const SHAPE: i32 = (offset_of!(Stub, entry) + offset_of!(PropertyEntry, shape)) as i32;
const ACCESS: i32 = (offset_of!(Stub, entry) + offset_of!(PropertyEntry, access)) as i32;
const OFFSET: i32 = (offset_of!(Stub, entry) + offset_of!(PropertyEntry, offset)) as i32;
const PAYLOAD: i32 = (offset_of!(Stub, entry) + offset_of!(PropertyEntry, payload)) as i32;
/// Entries are found by shifting.
const ENTRY_SHIFT: i64 = size_of::<Stub>().trailing_zeros() as i64;
const _: () = assert!(size_of::<Stub>().is_power_of_two() && ENTRIES.is_power_of_two());

impl Lower<'_, '_> {
    /// [`RuntimeFn::GetNamed`]. What it gives has been checked, unless exceptions are caught.
    pub(super) fn get_named(&mut self, v: Val, args: &[Val]) -> Result<Value, LowerError> {
        self.named(v, RuntimeFn::GetNamed, args, |l, key, miss| l.recall(args[0], key, miss))
    }

    /// [`RuntimeFn::SetNamed`]. What it gives has been checked, unless exceptions are caught; it is no value.
    pub(super) fn set_named(&mut self, v: Val, args: &[Val]) -> Result<Value, LowerError> {
        self.named(v, RuntimeFn::SetNamed, args, |l, key, miss| {
            l.assign_known(args[0], key, args[2], miss);
            l.word(Tagged::UNDEFINED.0)
        })
    }

    /// An access that is tried in line, if its name (the second operand) is known, and else is the runtime's.
    fn named(
        &mut self,
        v: Val,
        function: RuntimeFn,
        args: &[Val],
        in_line: impl FnOnce(&mut Self, u64, Block) -> Value,
    ) -> Result<Value, LowerError> {
        let (miss, join) = (self.cold_block(), self.b.create_block());
        let result = self.b.append_block_param(join, I64);
        if let Some(Const::Cell { address: key, .. }) = self.graph.constant(args[1]) {
            let known = in_line(self, key, miss);
            self.b.ins().jump(join, &[BlockArg::Value(known)]);
        } else {
            self.b.ins().jump(miss, &[]);
        }
        self.b.switch_to_block(miss);
        let found = self.call_runtime(function, 0, args, true);
        if !self.caught.contains(v) {
            self.guard_result(v, found)?;
        }
        self.b.ins().jump(join, &[BlockArg::Value(found)]);
        self.b.switch_to_block(join);
        Ok(result)
    }

    /// Goes to a block unless the condition holds.
    fn unless(&mut self, holds: Value, to: Block) {
        let next = self.b.create_block();
        self.b.ins().brif(holds, next, &[], to, &[]);
        self.b.switch_to_block(next);
    }

    /// The entry for a receiver's shape and a name in one of the tables.
    fn stub(&mut self, table: i32, receiver: Val, key: u64, miss: Block) -> Value {
        let t = self.val(receiver);
        if !is_cell_type(self.graph.ty(receiver)) {
            let other = self.not_a_cell(t);
            let is_cell = self.not(other);
            self.unless(is_cell, miss);
        }
        let table = self.load_word(self.rt, table);
        self.unless(table, miss);
        let shape = self.b.ins().load(I32, trusted(), t, offset::SHAPE);
        let spread = self.b.ins().imul_imm_u(shape, SHAPE_FACTOR as i64);
        let place = self.b.ins().bxor_imm_u(spread, place_of_key(key) as i64);
        let place = self.b.ins().band_imm_u(place, ENTRIES as i64 - 1);
        let place = self.b.ins().uextend(I64, place);
        let at = self.b.ins().ishl_imm_u(place, ENTRY_SHIFT);
        let stub = self.b.ins().iadd(table, at);
        let (found, wanted) = (self.load_word(stub, KEY), self.word(key));
        let same_key = self.b.ins().icmp(IntCC::Equal, found, wanted);
        let found = self.b.ins().load(I32, trusted(), stub, SHAPE);
        let same_shape = self.b.ins().icmp(IntCC::Equal, found, shape);
        let is_it = self.b.ins().band(same_key, same_shape);
        self.unless(is_it, miss);
        stub
    }

    fn recall(&mut self, receiver: Val, key: u64, miss: Block) -> Value {
        let stub = self.stub(head::STUB_LOADS, receiver, key, miss);
        let t = self.val(receiver);
        let access = self.b.ins().load(I8, trusted(), stub, ACCESS);
        let base = self.holder(t, stub, access, miss);
        let address = self.slot_of(stub, base);
        self.load_word(address, 0)
    }

    /// Assigns a property that the receiver has.
    fn assign_known(&mut self, receiver: Val, key: u64, value: Val, miss: Block) {
        let stub = self.stub(head::STUB_STORES, receiver, key, miss);
        let (t, word) = (self.val(receiver), self.val(value));
        let access = self.b.ins().load(I8, trusted(), stub, ACCESS);
        let is = |l: &mut Self, wanted: Access| l.b.ins().icmp_imm_u(IntCC::Equal, access, wanted as i64);
        let inline = is(self, Access::Inline);
        let base = self.choose(
            inline,
            I64,
            |_| t,
            |l| {
                let outline = is(l, Access::OutOfLine);
                l.unless(outline, miss);
                l.load_word(t, offset::SLOTS)
            },
        );
        let address = self.slot_of(stub, base);
        self.b.ins().store(trusted(), word, address, 0);
        self.barrier(base, self.graph.ty(value).meets(STRING | SYMBOL | OBJECTS | INTERNAL));
    }

    /// The address of an entry's slot in the cell that has it.
    fn slot_of(&mut self, stub: Value, base: Value) -> Value {
        let at = self.b.ins().load(I16, trusted(), stub, OFFSET);
        let at = self.b.ins().uextend(I64, at);
        self.b.ins().iadd(base, at)
    }

    /// The cell in which an entry's slot is: the receiver, its slots, or a prototype.
    fn holder(&mut self, receiver: Value, stub: Value, access: Value, miss: Block) -> Value {
        let is = |l: &mut Self, wanted: Access| l.b.ins().icmp_imm_u(IntCC::Equal, access, wanted as i64);
        let own = is(self, Access::Inline);
        self.choose(
            own,
            I64,
            |_| receiver,
            |l| {
                let outline = is(l, Access::OutOfLine);
                l.choose(
                    outline,
                    I64,
                    |l| l.load_word(receiver, offset::SLOTS),
                    |l| {
                        let inherited = is(l, Access::ProtoInline);
                        let (epoch, now) = (
                            l.b.ins().load(I32, trusted(), stub, EPOCH),
                            l.b.ins().load(I32, trusted(), l.rt, head::PROTO_EPOCH),
                        );
                        let fresh = l.b.ins().icmp(IntCC::Equal, epoch, now);
                        let holds = l.b.ins().band(inherited, fresh);
                        l.unless(holds, miss);
                        l.load_word(stub, PAYLOAD)
                    },
                )
            },
        )
    }
}
