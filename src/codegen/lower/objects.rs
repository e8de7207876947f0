//! Guards on what a value is, and everything that touches an object: slots, elements, variables, allocation.

use super::groups::{calls, checks, control, numbers, objects, strings};
use super::{Lower, LowerError, is_cell_type, runtime, trusted};
use crate::hir::field::{Const, Shapes, Slot, Val};
use crate::hir::inst::Op;
use crate::hir::types::{self, Rep, Type};
use crate::runtime::cell::{CellKind, FIRST_NON_OBJECT, STATE_OLD, offset};
use crate::runtime::head::offset as head;
use crate::runtime::heap::Heap;
use crate::runtime::runtime::Runtime;
use crate::runtime::shape::{STRING_SHAPE, SYMBOL_SHAPE};
use crate::runtime::typed::ElementType;
use crate::runtime::value::{DOUBLE_OFFSET, HOLE_NAN_BITS, NOT_CELL_MASK, Value as Tagged};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::types::{F32, F64, I8, I32, I64};
use cranelift_codegen::ir::{Block, InstBuilder, MemFlagsData, Value};
use std::mem::offset_of;

impl Lower<'_, '_> {
    // ---- guards and tests on what a value is -------------------------------------------------------------------

    pub(super) fn check(&mut self, v: Val) -> Result<(), LowerError> {
        let op = &self.graph.insts[v].op;
        let result = match *op {
            Op::AssumeShape { v: value, .. }
            | Op::AssumeArrayShape { v: value, .. }
            | Op::AssumeType { v: value, .. } => self.val(value),
            Op::CheckInt32 { v: value } => {
                let t = self.val(value);
                let tag = self.word(crate::runtime::value::NUMBER_TAG);
                let fail = self.b.ins().icmp(IntCC::UnsignedLessThan, t, tag);
                self.guard(v, fail)?;
                self.b.ins().ireduce(I32, t)
            }
            Op::CheckNumber { v: value } => {
                let t = self.val(value);
                let high = self.b.ins().ushr_imm_u(t, 49);
                let fail = self.b.ins().icmp_imm_u(IntCC::Equal, high, 0);
                self.guard(v, fail)?;
                t
            }
            Op::CheckBool { v: value } => {
                let t = self.val(value);
                let rest = self.b.ins().band_imm_s(t, !1);
                let fail = self.b.ins().icmp_imm_u(IntCC::NotEqual, rest, Tagged::FALSE.0 as i64);
                self.guard(v, fail)?;
                let low = self.b.ins().ireduce(I8, t);
                self.b.ins().band_imm_u(low, 1)
            }
            Op::CheckNotNullish { v: value } => {
                let t = self.val(value);
                let rest = self.b.ins().band_imm_s(t, !8);
                let fail = self.b.ins().icmp_imm_u(IntCC::Equal, rest, Tagged::NULL.0 as i64);
                self.guard(v, fail)?;
                t
            }
            Op::CheckNotHole { v: value } => {
                let t = self.val(value);
                let fail = self.b.ins().icmp_imm_u(IntCC::Equal, t, Tagged::HOLE.0 as i64);
                self.guard(v, fail)?;
                t
            }
            Op::CheckTarget { v: value, value: constant } | Op::CheckKey { v: value, value: constant } => {
                let t = self.val(value);
                let wanted = self.tagged_const(constant.value());
                let fail = self.b.ins().icmp(IntCC::NotEqual, t, wanted);
                self.guard(v, fail)?;
                t
            }
            Op::CheckString { v: value } => self.check_cell(v, value, |l, cell| {
                let shape = l.b.ins().load(I32, trusted(), cell, offset::SHAPE);
                l.b.ins().icmp_imm_u(IntCC::NotEqual, shape, STRING_SHAPE as i64)
            })?,
            Op::CheckObject { v: value } => self.check_cell(v, value, |l, cell| {
                let kind = l.b.ins().load(I8, trusted(), cell, offset::KIND);
                l.b.ins().icmp_imm_u(IntCC::UnsignedGreaterThanOrEqual, kind, FIRST_NON_OBJECT as i64)
            })?,
            Op::CheckShape { v: value, ref shapes } | Op::CheckArrayShape { v: value, ref shapes } => {
                self.check_cell(v, value, |l, cell| l.has_none_of(cell, shapes))?
            }
            Op::CheckFunction { v: value, function } => {
                let info = self.input.targets.get(&function).expect("a call target").info;
                self.check_function(v, value, info)?
            }
            Op::Safepoint {} => return self.safepoint(v),
            Op::HasShape { v: value, ref shapes } => self.test_cell(value, |l, cell| l.has_one_of(cell, shapes)),
            Op::IsClosureOf { v: value, function } => {
                let info = self.input.targets.get(&function).expect("a call target").info;
                self.test_cell(value, |l, cell| l.closes_over(cell, info))
            }
            Op::HasType { v: value, ty } => self.has_type(value, ty),
            Op::Returned { v: call } => {
                let word = self.val(call);
                self.b.ins().icmp_imm_u(IntCC::NotEqual, word, 0)
            }
            Op::ObjectOr { a, b } => {
                let is_object = self.has_type(a, types::OBJECTS);
                let (a, b) = (self.val(a), self.val(b));
                self.b.ins().select(is_object, a, b)
            }
            control!() | numbers!() | calls!() | objects!() | strings!() => unreachable!("{op} is no check"),
        };
        self.set(v, result);
        Ok(())
    }

    /// Polls for interrupts at a loop's end, and gives the cold block in which control is after an interrupt that does not
    /// leave. The poll's return is never hijacked, for that would not preserve the registers: what the runtime does at a
    /// poll must not invalidate code.
    pub(super) fn poll(&mut self, v: Val) -> Result<Block, LowerError> {
        let flag = self.b.ins().load(I32, trusted(), self.rt, head::INTERRUPT);
        let (cold, go) = (self.cold_block(), self.b.create_block());
        self.b.ins().brif(flag, cold, &[], go, &[]);
        self.b.switch_to_block(cold);
        let result = self.call_preserving(runtime::poll_thunk());
        let (on, leave) = (self.cold_block(), self.cold_block());
        self.b.ins().brif(result, on, &[], leave, &[]);
        self.b.switch_to_block(leave);
        self.leave(v)?;
        self.b.switch_to_block(go);
        Ok(on)
    }

    /// A poll in the middle of a block.
    fn safepoint(&mut self, v: Val) -> Result<(), LowerError> {
        self.at(self.current, false);
        let cold = self.poll(v)?;
        let join = self.b.create_block();
        self.b.ins().jump(join, &[]);
        self.b.switch_to_block(cold);
        self.b.ins().jump(join, &[]);
        self.b.switch_to_block(join);
        Ok(())
    }

    pub(super) fn not_a_cell(&mut self, t: Value) -> Value {
        let mask = self.word(NOT_CELL_MASK);
        let bits = self.b.ins().band(t, mask);
        self.b.ins().icmp_imm_u(IntCC::NotEqual, bits, 0)
    }

    /// A guard on a cell: two compares with one exit; the first is left out if the value is known to be a cell.
    fn check_cell(
        &mut self,
        guard: Val,
        value: Val,
        fails: impl FnOnce(&mut Self, Value) -> Value,
    ) -> Result<Value, LowerError> {
        let t = self.val(value);
        if is_cell_type(self.graph.ty(value)) {
            let fail = fails(self, t);
            self.guard(guard, fail)?;
            return Ok(t);
        }
        let not_cell = self.not_a_cell(t);
        let (cold, look, go) = (self.cold_block(), self.b.create_block(), self.b.create_block());
        self.b.ins().brif(not_cell, cold, &[], look, &[]);
        self.b.switch_to_block(look);
        let fail = fails(self, t);
        let fail = self.stressed_guard(fail);
        self.b.ins().brif(fail, cold, &[], go, &[]);
        self.b.switch_to_block(cold);
        self.leave(guard)?;
        self.b.switch_to_block(go);
        Ok(t)
    }

    /// A test on a cell: false for what is none.
    fn test_cell(&mut self, value: Val, test: impl FnOnce(&mut Self, Value) -> Value) -> Value {
        let t = self.val(value);
        if is_cell_type(self.graph.ty(value)) {
            return test(self, t);
        }
        let not_cell = self.not_a_cell(t);
        self.choose(not_cell, I8, |l| l.b.ins().iconst(I8, 0), |l| test(l, t))
    }

    fn has_one_of(&mut self, cell: Value, shapes: &Shapes) -> Value {
        let shape = self.b.ins().load(I32, trusted(), cell, offset::SHAPE);
        let mut any = None;
        for id in &shapes.0 {
            let same = self.b.ins().icmp_imm_u(IntCC::Equal, shape, id.as_u32() as i64);
            any = Some(any.map_or(same, |any| self.b.ins().bor(any, same)));
        }
        any.expect("at least one shape")
    }

    fn has_none_of(&mut self, cell: Value, shapes: &Shapes) -> Value {
        let shape = self.b.ins().load(I32, trusted(), cell, offset::SHAPE);
        let mut all = None;
        for id in &shapes.0 {
            let differs = self.b.ins().icmp_imm_u(IntCC::NotEqual, shape, id.as_u32() as i64);
            all = Some(all.map_or(differs, |all| self.b.ins().band(all, differs)));
        }
        all.expect("at least one shape")
    }

    fn closes_over(&mut self, cell: Value, info: usize) -> Value {
        // The word at the info's place means something else in other kinds, but never this address.
        let kind = self.b.ins().load(I8, trusted(), cell, offset::KIND);
        let is_function = self.b.ins().icmp_imm_u(IntCC::Equal, kind, CellKind::Function as i64);
        let wanted = self.word(info as u64);
        self.choose(
            is_function,
            I8,
            |l| {
                let info = l.load_word(cell, offset::FUNCTION_INFO);
                l.b.ins().icmp(IntCC::Equal, info, wanted)
            },
            |l| l.b.ins().iconst(I8, 0),
        )
    }

    fn has_type(&mut self, value: Val, ty: Type) -> Value {
        let t = self.val(value);
        let mut any: Option<Value> = None;
        let or = |l: &mut Self, test: Value, any: Option<Value>| Some(any.map_or(test, |a| l.b.ins().bor(a, test)));
        if ty.meets(types::NUMBER) {
            let high = self.b.ins().ushr_imm_u(t, 49);
            let test = self.b.ins().icmp_imm_u(IntCC::NotEqual, high, 0);
            any = or(self, test, any);
        }
        if ty.meets(types::BOOL) {
            let rest = self.b.ins().band_imm_s(t, !1);
            let test = self.b.ins().icmp_imm_u(IntCC::Equal, rest, Tagged::FALSE.0 as i64);
            any = or(self, test, any);
        }
        for (kind, word) in
            [(types::UNDEFINED, Tagged::UNDEFINED), (types::NULL, Tagged::NULL), (types::HOLE, Tagged::HOLE)]
        {
            if ty.meets(kind) {
                let test = self.b.ins().icmp_imm_u(IntCC::Equal, t, word.0 as i64);
                any = or(self, test, any);
            }
        }
        let cells = ty & (types::STRING | types::SYMBOL | types::OBJECTS);
        if !cells.is_none() {
            let test = self.test_cell(value, |l, cell| l.cell_is(cell, cells));
            any = or(self, test, any);
        }
        any.unwrap_or_else(|| self.b.ins().iconst(I8, 0))
    }

    fn cell_is(&mut self, cell: Value, ty: Type) -> Value {
        let mut any: Option<Value> = None;
        let or = |l: &mut Self, test: Value, any: Option<Value>| Some(any.map_or(test, |a| l.b.ins().bor(a, test)));
        for (kind, shape) in [(types::STRING, STRING_SHAPE), (types::SYMBOL, SYMBOL_SHAPE)] {
            if ty.meets(kind) {
                let word = self.b.ins().load(I32, trusted(), cell, offset::SHAPE);
                let test = self.b.ins().icmp_imm_u(IntCC::Equal, word, shape as i64);
                any = or(self, test, any);
            }
        }
        let objects = ty & types::OBJECTS;
        if objects.is_none() {
            return any.expect("some kind of cell");
        }
        let kind = self.b.ins().load(I8, trusted(), cell, offset::KIND);
        let is_object = self.b.ins().icmp_imm_u(IntCC::UnsignedLessThan, kind, FIRST_NON_OBJECT as i64);
        let is_array = self.b.ins().icmp_imm_u(IntCC::Equal, kind, CellKind::Array as i64);
        let from_function = self.b.ins().iadd_imm_s(kind, -(CellKind::Function as i64));
        let is_function = self.b.ins().icmp_imm_u(IntCC::UnsignedLessThan, from_function, 3);
        let mut test = is_object;
        for (kind, is_kind) in [(types::ARRAY, is_array), (types::FUNCTION, is_function)] {
            if !objects.meets(kind) {
                let not = self.not(is_kind);
                test = self.b.ins().band(test, not);
            }
        }
        if !objects.meets(types::OBJECT) {
            let special = self.b.ins().bor(is_array, is_function);
            test = self.b.ins().band(test, special);
        }
        or(self, test, any).expect("just computed")
    }

    // ---- slots, elements, variables, allocation ----------------------------------------------------------------

    pub(super) fn object(&mut self, v: Val) -> Result<(), LowerError> {
        let op = &self.graph.insts[v].op;
        let result = match *op {
            Op::LoadSlot { .. } | Op::LoadModuleCell { .. } | Op::LoadScopeSlot { .. } => {
                let (base, at) = self.note_place(v);
                self.load_word(base, at)
            }
            Op::StoreSlot { object, value, slot, barrier } => {
                let (base, at) = self.slot_address(object, slot);
                let value = self.val(value);
                self.b.ins().store(trusted(), value, base, at);
                self.barrier(base, barrier);
                return Ok(());
            }
            Op::StoreShape { object, shape } => {
                let object = self.val(object);
                let shape = self.b.ins().iconst(I32, shape.as_u32() as i64);
                self.b.ins().store(trusted(), shape, object, offset::SHAPE);
                return Ok(());
            }
            Op::WidenToDouble { v: value, ref shapes } => {
                let widens = self.test_cell(value, |l, cell| l.has_one_of(cell, shapes));
                let (cold, go) = (self.cold_block(), self.b.create_block());
                self.b.ins().brif(widens, cold, &[], go, &[]);
                self.b.switch_to_block(cold);
                let array = self.val(value);
                self.call_thunk(runtime::widen_thunk(), &[array]);
                self.b.ins().jump(go, &[]);
                self.b.switch_to_block(go);
                return Ok(());
            }
            Op::LoadElements { object } => {
                let object = self.val(object);
                self.load_word(object, offset::ELEMENTS)
            }
            Op::LoadLength { array } => {
                let array = self.val(array);
                self.b.ins().load(I32, trusted(), array, offset::ARRAY_LENGTH)
            }
            Op::LoadTypedLength { object } => {
                let object = self.val(object);
                self.b.ins().load(I32, trusted(), object, offset::TYPED_LENGTH)
            }
            Op::LoadTypedData { object } => {
                let object = self.val(object);
                self.load_word(object, offset::TYPED_DATA)
            }
            Op::LoadTypedInt32 { data, index, element } => {
                let (base, at) = self.typed_address(data, index, element);
                match element.size() {
                    1 if element == ElementType::Int8 => self.b.ins().sload8(I32, trusted(), base, at),
                    1 => self.b.ins().uload8(I32, trusted(), base, at),
                    2 if element == ElementType::Int16 => self.b.ins().sload16(I32, trusted(), base, at),
                    2 => self.b.ins().uload16(I32, trusted(), base, at),
                    _four => self.b.ins().load(I32, trusted(), base, at),
                }
            }
            Op::LoadTypedDouble { data, index, element } => {
                let (base, at) = self.typed_address(data, index, element);
                let d = if element == ElementType::Float32 {
                    let single = self.b.ins().load(F32, trusted(), base, at);
                    self.b.ins().fpromote(F64, single)
                } else {
                    self.b.ins().load(F64, trusted(), base, at)
                };
                // A program can write any bits; boxed as they are, some of them would be another value.
                let nan = self.b.ins().f64const(f64::NAN);
                let ordered = self.b.ins().fcmp(FloatCC::Ordered, d, d);
                self.b.ins().select(ordered, d, nan)
            }
            Op::StoreTypedInt32 { data, index, value, element } => {
                let (base, at) = self.typed_address(data, index, element);
                let value = self.val(value);
                match element.size() {
                    1 => self.b.ins().istore8(trusted(), value, base, at),
                    2 => self.b.ins().istore16(trusted(), value, base, at),
                    _four => self.b.ins().store(trusted(), value, base, at),
                };
                return Ok(());
            }
            Op::StoreTypedDouble { data, index, value, element } => {
                let (base, at) = self.typed_address(data, index, element);
                let value = self.val(value);
                let value = if element == ElementType::Float32 { self.b.ins().fdemote(F32, value) } else { value };
                self.b.ins().store(trusted(), value, base, at);
                return Ok(());
            }
            Op::LoadElementInt32 { elements, index } => {
                let (base, at) = self.element_address(elements, index);
                self.b.ins().load(I32, trusted(), base, at)
            }
            Op::LoadElementDouble { elements, index } => {
                let (base, at) = self.element_address(elements, index);
                self.b.ins().load(F64, trusted(), base, at)
            }
            Op::LoadElement { elements, index } => {
                let (base, at) = self.element_address(elements, index);
                self.load_word(base, at)
            }
            Op::LoadElementHoleyInt32 { elements, index } => {
                let word = self.holey_element(v, elements, index, Tagged::HOLE.0)?;
                self.b.ins().ireduce(I32, word)
            }
            Op::LoadElementHoleyDouble { elements, index } => {
                let word = self.holey_element(v, elements, index, HOLE_NAN_BITS)?;
                self.b.ins().bitcast(F64, MemFlagsData::new(), word)
            }
            Op::LoadLengthHoley { array } => {
                let array = self.val(array);
                let length = self.b.ins().load(I32, trusted(), array, offset::ARRAY_LENGTH);
                let fail = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, length, 0);
                self.guard(v, fail)?;
                length
            }
            Op::LoadCapacity { elements } => {
                let elements = self.val(elements);
                self.b.ins().load(I32, trusted(), elements, offset::COUNT)
            }
            Op::CheckInitialShape { closure, shape } => {
                let closure = self.val(closure);
                let found = self.b.ins().load(I32, trusted(), closure, offset::FUNCTION_INITIAL_SHAPE);
                let fail = self.b.ins().icmp_imm_u(IntCC::NotEqual, found, shape.as_u32() as i64);
                self.guard(v, fail)?;
                closure
            }
            Op::LoadElementHoley { elements, index } => self.holey_element(v, elements, index, Tagged::HOLE.0)?,
            Op::StoreElementInt32 { elements, index, value, fresh } => {
                let (base, at) = self.element_address(elements, index);
                let word = match self.int_constant(value) {
                    Some(i) if fresh => self.tagged_const(Tagged::int(i)),
                    None if fresh => {
                        let value = self.val(value);
                        self.box_int32(value)
                    }
                    // The tag, in the upper half, is there.
                    _known => self.val(value),
                };
                self.b.ins().store(trusted(), word, base, at);
                return Ok(());
            }
            Op::StoreElementDouble { elements, index, value } => {
                let (base, at) = self.element_address(elements, index);
                let value = self.val(value);
                self.b.ins().store(trusted(), value, base, at);
                return Ok(());
            }
            Op::StoreElement { elements, index, value, barrier } => {
                let (base, at) = self.element_address(elements, index);
                let value = self.val(value);
                self.b.ins().store(trusted(), value, base, at);
                let cell = self.val(elements);
                self.barrier(cell, barrier);
                return Ok(());
            }
            Op::LoadElementOrUndefined { elements, index, double, .. } => {
                self.element_or_undefined(elements, index, double)
            }
            Op::ArrayPush { array, value } | Op::ArrayPushDouble { array, value } => {
                return self.array_push(v, array, value, false);
            }
            Op::ArrayPushWidening { array, value } => return self.array_push(v, array, value, true),
            Op::ArrayPop { array, double, .. } => self.array_pop(array, double),
            Op::StoreModuleCell { value, cell } => {
                // No barrier: module cells are exact roots of every collection.
                let value = self.val(value);
                let address = self.word(cell.0);
                self.b.ins().store(trusted(), value, address, 0);
                return Ok(());
            }
            Op::ClosureScope { closure } => {
                let closure = self.val(closure);
                self.load_word(closure, offset::FUNCTION_SCOPE)
            }
            Op::ScopeParent { scope } => {
                let scope = self.val(scope);
                self.load_word(scope, offset::SCOPE_PARENT)
            }
            Op::StoreScopeSlot { scope, value, slot, barrier } => {
                let (scope, value) = (self.val(scope), self.val(value));
                self.b.ins().store(trusted(), value, scope, offset::SCOPE_SLOTS + 8 * slot as i32);
                self.barrier(scope, barrier);
                return Ok(());
            }
            Op::NewObject { shape, inline_slots } => {
                let bytes = offset::INLINE as usize + 8 * inline_slots as usize;
                let header = shape.as_u32() as u64 | (CellKind::Object as u64) << 32;
                let cell = self.allocate(bytes, CellKind::Object, header);
                let none = self.word(0);
                self.b.ins().store(trusted(), none, cell, offset::SLOTS);
                let elements = self.load_word(self.rt, offset_of!(Runtime, empty_elements) as i32);
                self.b.ins().store(trusted(), elements, cell, offset::ELEMENTS);
                let undefined = self.tagged_const(Tagged::UNDEFINED);
                let words = (Heap::cell_class_bytes(bytes) - offset::INLINE as usize) / 8;
                for i in 0..words {
                    self.b.ins().store(trusted(), undefined, cell, offset::INLINE + 8 * i as i32);
                }
                cell
            }
            Op::NewArray { shape, length, double, site } => self.new_array(shape, length, double, site),
            Op::NewScope { parent, slots } => {
                let bytes = offset::SCOPE_SLOTS as usize + 8 * slots as usize;
                let header = slots as u64 | (CellKind::Scope as u64) << 32;
                let cell = self.allocate(bytes, CellKind::Scope, header);
                // Without a parent, the word is empty. A constant may also be the scope of a callee that is known.
                let no_parent = self.graph.constant(parent) == Some(Const::Undefined);
                let parent_value = if no_parent { self.word(0) } else { self.val(parent) };
                self.b.ins().store(trusted(), parent_value, cell, offset::SCOPE_PARENT);
                let hole = self.tagged_const(Tagged::HOLE);
                for i in 0..slots {
                    self.b.ins().store(trusted(), hole, cell, offset::SCOPE_SLOTS + 8 * i as i32);
                }
                cell
            }
            Op::NewClosure { scope, creator, parent, child, function: _ } => {
                let info = self.input.view(parent).expect("a function that is compiled").info;
                let (info, child) = (self.word(info as u64), self.word(child as u64));
                let (scope, creator) = (self.val(scope), self.val(creator));
                self.call_thunk(runtime::new_closure_thunk(), &[info, child, scope, creator])
            }
            control!() | checks!() | numbers!() | calls!() | strings!() => unreachable!("{op} touches no object"),
        };
        self.set(v, result);
        Ok(())
    }

    /// Base and displacement of a named slot. The base is the cell that holds it.
    pub(super) fn slot_address(&mut self, object: Val, slot: Slot) -> (Value, i32) {
        let object = self.val(object);
        match slot {
            Slot::Inline(n) => (object, offset::INLINE + 8 * n as i32),
            Slot::Outline(n) => (self.load_word(object, offset::SLOTS), offset::DATA + 8 * n as i32),
        }
    }

    fn typed_address(&mut self, data: Val, index: Val, element: ElementType) -> (Value, i32) {
        self.indexed(data, index, element.size().trailing_zeros() as i64)
    }

    /// Where an element is: an address and what is to be added.
    fn element_address(&mut self, elements: Val, index: Val) -> (Value, i32) {
        let (base, at) = self.indexed(elements, index, 3);
        (base, at + offset::DATA)
    }

    fn holey_element(&mut self, guard: Val, elements: Val, index: Val, hole: u64) -> Result<Value, LowerError> {
        let (base, at) = self.element_address(elements, index);
        let word = self.load_word(base, at);
        let hole = self.word(hole);
        let is_hole = self.b.ins().icmp(IntCC::Equal, word, hole);
        self.guard(guard, is_hole)?;
        Ok(word)
    }

    /// The write barrier: an old cell into which a young one may have been stored is remembered.
    pub(super) fn barrier(&mut self, cell: Value, needed: bool) {
        if !needed {
            return;
        }
        let state = self.b.ins().load(I8, trusted(), cell, offset::STATE);
        let old = self.b.ins().icmp_imm_u(IntCC::Equal, state, STATE_OLD as i64);
        let (cold, go) = (self.cold_block(), self.b.create_block());
        self.b.ins().brif(old, cold, &[], go, &[]);
        self.b.switch_to_block(cold);
        self.call_leaf(runtime::leaf_remember as *const () as usize, &[self.rt, cell]);
        self.b.ins().jump(go, &[]);
        self.b.switch_to_block(go);
    }

    /// A new cell with its header written, the rest not. Bumps the size class's interval, or asks the collector.
    pub(super) fn allocate(&mut self, bytes: usize, kind: CellKind, header: u64) -> Value {
        let class = Heap::cell_class_bytes(bytes);
        let seg = (offset_of!(Runtime, heap) + Heap::seg_offset(bytes)) as i32;
        let (cur_at, limit_at) =
            (seg + crate::runtime::heap::SEG_CUR as i32, seg + crate::runtime::heap::SEG_LIMIT as i32);
        let (cold, fast, join) = (self.cold_block(), self.b.create_block(), self.b.create_block());
        let cell = self.b.append_block_param(join, I64);
        let cur = self.load_word(self.rt, cur_at);
        let limit = self.load_word(self.rt, limit_at);
        let next = self.b.ins().iadd_imm_s(cur, class as i64);
        let full = self.b.ins().icmp(IntCC::UnsignedGreaterThan, next, limit);
        self.b.ins().brif(full, cold, &[], fast, &[]);
        self.b.switch_to_block(fast);
        self.b.ins().store(trusted(), next, self.rt, cur_at);
        self.b.ins().jump(join, &[cur.into()]);
        self.b.switch_to_block(cold);
        let size = self.word(bytes as u64);
        let kind = self.word(kind as u64);
        let slow = self.call_thunk(runtime::allocate_thunk(), &[size, kind]);
        self.b.ins().jump(join, &[slow.into()]);
        self.b.switch_to_block(join);
        let header = self.word(header);
        self.b.ins().store(trusted(), header, cell, offset::SHAPE);
        cell
    }

    /// An element, boxed; `undefined` for a hole.
    fn element_or_undefined(&mut self, elements: Val, index: Val, double: bool) -> Value {
        let (base, at) = self.element_address(elements, index);
        let word = self.load_word(base, at);
        let undefined = self.tagged_const(Tagged::UNDEFINED);
        let hole = self.hole(double);
        let is_hole = self.b.ins().icmp(IntCC::Equal, word, hole);
        let value = if double { self.box_bits(word) } else { word };
        self.b.ins().select(is_hole, undefined, value)
    }

    /// The bits of a double as a tagged value.
    pub(super) fn box_bits(&mut self, bits: Value) -> Value {
        // A subtraction, because x86-64 takes its second operand from memory.
        let offset = self.word(DOUBLE_OFFSET.wrapping_neg());
        self.b.ins().isub(bits, offset)
    }

    /// `push`: within the capacity of the elements it is two stores; else the runtime grows them. `only_int`: what is no int32
    /// is for the runtime too.
    fn array_push(&mut self, v: Val, array: Val, value: Val, only_int: bool) -> Result<(), LowerError> {
        let (array, word) = (self.val(array), self.val(value));
        let length = self.b.ins().load(I32, trusted(), array, offset::ARRAY_LENGTH);
        let elements = self.load_word(array, offset::ELEMENTS);
        let capacity = self.b.ins().load(I32, trusted(), elements, offset::COUNT);
        // Elements with room are of the representation that the array's kind says.
        let mut room = self.b.ins().icmp(IntCC::UnsignedLessThan, length, capacity);
        if only_int {
            let tag = self.word(crate::runtime::value::NUMBER_TAG);
            let is_int = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, word, tag);
            room = self.b.ins().band(room, is_int);
        }
        let (fast, slow, join) = (self.b.create_block(), self.cold_block(), self.b.create_block());
        let result = self.b.append_block_param(join, I32);
        self.b.ins().brif(room, fast, &[], slow, &[]);
        self.b.switch_to_block(slow);
        self.at(self.current, true);
        let boxed = match self.graph.insts[value].rep {
            Rep::Double => {
                let bits = self.b.ins().bitcast(I64, MemFlagsData::new(), word);
                self.box_bits(bits)
            }
            Rep::Tagged | Rep::Int32 | Rep::Bool | Rep::Word | Rep::Void => word,
        };
        let boxed = self.call_thunk(runtime::array_push_thunk(), &[array, boxed]);
        self.guard_result(v, boxed)?;
        let new_length = self.b.ins().ireduce(I32, boxed);
        self.b.ins().jump(join, &[new_length.into()]);
        self.b.switch_to_block(fast);
        let wide = self.b.ins().uextend(I64, length);
        let scaled = self.b.ins().ishl_imm_u(wide, 3);
        let at = self.b.ins().iadd(elements, scaled);
        self.b.ins().store(trusted(), word, at, offset::DATA);
        let may_be_cell = self.graph.ty(value).meets(types::STRING | types::SYMBOL | types::OBJECTS);
        self.barrier(elements, may_be_cell && !only_int);
        let new_length = self.b.ins().iadd_imm_s(length, 1);
        self.b.ins().store(trusted(), new_length, array, offset::ARRAY_LENGTH);
        self.b.ins().jump(join, &[new_length.into()]);
        self.b.switch_to_block(join);
        self.set(v, result);
        Ok(())
    }

    /// `pop` of a packed array: the place of the last element becomes a hole.
    fn array_pop(&mut self, array: Val, double: bool) -> Value {
        let array = self.val(array);
        let length = self.b.ins().load(I32, trusted(), array, offset::ARRAY_LENGTH);
        let empty = self.b.ins().icmp_imm_u(IntCC::Equal, length, 0);
        self.choose(
            empty,
            I64,
            |l| l.tagged_const(Tagged::UNDEFINED),
            |l| {
                let last = l.b.ins().iadd_imm_s(length, -1);
                l.b.ins().store(trusted(), last, array, offset::ARRAY_LENGTH);
                let elements = l.load_word(array, offset::ELEMENTS);
                let wide = l.b.ins().uextend(I64, last);
                let scaled = l.b.ins().ishl_imm_u(wide, 3);
                let at = l.b.ins().iadd(elements, scaled);
                let word = l.load_word(at, offset::DATA);
                let hole = l.hole(double);
                l.b.ins().store(trusted(), hole, at, offset::DATA);
                if double { l.box_bits(word) } else { word }
            },
        )
    }
}
