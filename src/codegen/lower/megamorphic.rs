//! Named loads at sites that have seen too many shapes: the global stub cache is asked by the code itself.
//!
//! ```text
//!   place = hash(shape, key);   stub.key == key, stub.shape == shape?
//!      own slot       load it from the receiver
//!      holder's slot  still the same epoch? load it from the holder
//!      anything else  ask the runtime, which teaches the cache
//! ```
//!
//! The key's part of the hash is a constant. What the cache holds is described in `runtime::stub_cache`.

use super::{Lower, LowerError, is_cell_type, runtime, trusted};
use crate::feedback::slot::Access;
use crate::hir::field::Val;
use crate::runtime::cell::offset;
use crate::runtime::head::offset as head;
use crate::runtime::runtime::Runtime;
use crate::runtime::shape::Key;
use crate::runtime::stub_cache::{self, StubCache};
use crate::runtime::value::{NOT_CELL_MASK, Value as Tagged};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I32, I64};
use cranelift_codegen::ir::{Block, InstBuilder, Value};
use std::mem::offset_of;

impl Lower<'_, '_> {
    /// `object.key` of a constant key.
    pub(super) fn load_by_stub(&mut self, v: Val, object: Val, key: Tagged) -> Result<Value, LowerError> {
        let ty = self.graph.ty(object);
        let object = self.val(object);
        let (slow, done) = (self.cold_block(), self.b.create_block());
        let result = self.b.append_block_param(done, I64);
        if !is_cell_type(ty) {
            let bits = self.b.ins().band_imm_u(object, NOT_CELL_MASK as i64);
            self.go_on_if(IntCC::Equal, bits, 0, slow);
        }
        let (stub, word, shape) = self.stub_of(object, key);
        let found = self.b.ins().load(I64, trusted(), stub, stub_cache::KEY);
        let wanted = self.tagged_const(key);
        let same = self.b.ins().icmp(IntCC::Equal, found, wanted);
        self.go_on(same, slow);
        // What is left of the entry's first word when the shape is taken out: access and a byte that is 0.
        let difference = self.b.ins().bxor(word, shape);
        let access = self.b.ins().ishl_imm_u(difference, 16);
        let at = self.b.ins().ushr_imm_u(word, 48);
        let (own, inherited) = (self.b.create_block(), self.b.create_block());
        let is_own = self.b.ins().icmp_imm_u(IntCC::Equal, access, ((Access::Inline as u64) << 48) as i64);
        self.b.ins().brif(is_own, own, &[], inherited, &[]);

        self.b.switch_to_block(own);
        let place = self.b.ins().iadd(object, at);
        let value = self.load_word(place, 0);
        self.b.ins().jump(done, &[value.into()]);

        self.b.switch_to_block(inherited);
        self.go_on_if(IntCC::Equal, access, (Access::ProtoInline as u64) << 48, slow);
        let made = self.b.ins().load(I32, trusted(), stub, stub_cache::EPOCH);
        let now = self.b.ins().load(I32, trusted(), self.rt, head::PROTO_EPOCH);
        let fresh = self.b.ins().icmp(IntCC::Equal, made, now);
        self.go_on(fresh, slow);
        let holder = self.load_word(stub, stub_cache::PAYLOAD);
        let place = self.b.ins().iadd(holder, at);
        let value = self.load_word(place, 0);
        self.b.ins().jump(done, &[value.into()]);

        self.b.switch_to_block(slow);
        self.at(self.current, true);
        let key = self.tagged_const(key);
        let value = self.call_thunk(runtime::get_named_thunk(), &[object, key]);
        if !self.caught.contains(v) {
            self.guard_result(v, value)?;
        }
        self.b.ins().jump(done, &[value.into()]);
        self.b.switch_to_block(done);
        Ok(result)
    }

    /// The only stub that can be the right one: its address, its entry's first word, and the object's shape.
    fn stub_of(&mut self, object: Value, key: Tagged) -> (Value, Value, Value) {
        let shape = self.b.ins().load(I32, trusted(), object, offset::SHAPE);
        let shape = self.b.ins().uextend(I64, shape);
        let mixed = self.b.ins().imul_imm_u(shape, stub_cache::SHAPE_FACTOR as i64);
        let mixed = self.b.ins().bxor_imm_u(mixed, stub_cache::key_hash(Key(key)) as i64);
        let place = self.b.ins().band_imm_u(mixed, stub_cache::ENTRIES as i64 - 1);
        let bytes = self.b.ins().ishl_imm_u(place, stub_cache::STUB_BYTES.trailing_zeros() as i64);
        let table = self.load_word(self.rt, (offset_of!(Runtime, stubs) + StubCache::LOADS) as i32);
        let stub = self.b.ins().iadd(table, bytes);
        let word = self.load_word(stub, stub_cache::ENTRY);
        (stub, word, shape)
    }

    fn go_on_if(&mut self, cc: IntCC, v: Value, word: u64, otherwise: Block) {
        let holds = self.b.ins().icmp_imm_u(cc, v, word as i64);
        self.go_on(holds, otherwise);
    }

    /// Goes on in a fresh block if the condition holds.
    fn go_on(&mut self, condition: Value, otherwise: Block) {
        let go = self.b.create_block();
        self.b.ins().brif(condition, go, &[], otherwise, &[]);
        self.b.switch_to_block(go);
    }
}
