//! Calls: of closures by either convention, of the runtime through exit thunks, of leaf functions directly; and the
//! string operations, which are mostly calls.
//!
//! Arguments of the generic convention are written to the VM stack at `head.sp`, where the callee's frame will be; nothing
//! is bumped, the callee does that. A *leaf* function neither allocates nor looks at the stack: no thunk, no check.

use super::groups::{checks, control, numbers, objects};
use super::{Lower, LowerError, runtime, trusted};
use crate::codegen::abi;
use crate::hir::field::{Cond, Val};
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::Rep;
use crate::runtime::atoms::{Atoms, SINGLES};
use crate::runtime::cell::{CellKind, offset, string_repr};
use crate::runtime::function::{flags, info_offset};
use crate::runtime::head::offset as head;
use crate::runtime::runtime::Runtime;
use crate::runtime::shape::ElementsKind;
use crate::runtime::value::NOT_CELL_MASK;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{F64, I8, I16, I32, I64};
use cranelift_codegen::ir::{AbiParam, InstBuilder, Signature, Value};
use cranelift_codegen::isa::CallConv;
use std::mem::offset_of;

impl Lower<'_, '_> {
    /// Calls an exit thunk: `fn(rt, args…) -> word`.
    pub(super) fn call_thunk(&mut self, address: usize, args: &[Value]) -> Value {
        let signature = self.b.import_signature(abi::helper_signature(args.len() + 1));
        let address = self.word(address as u64);
        let mut all = vec![self.rt];
        all.extend_from_slice(args);
        let call = self.b.ins().call_indirect(signature, address, &all);
        self.b.inst_results(call)[0]
    }

    /// Calls a preserving thunk, `fn(rt)`. The convention has no results: the thunk leaves its word in the head.
    pub(super) fn call_preserving(&mut self, address: usize) -> Value {
        let mut signature = abi::helper_signature(1);
        signature.call_conv = CallConv::PreserveAll;
        signature.returns.clear();
        let signature = self.b.import_signature(signature);
        let address = self.word(address as u64);
        self.b.ins().call_indirect(signature, address, &[self.rt]);
        self.b.ins().load(I64, trusted(), self.rt, head::PRESERVED_RESULT)
    }

    /// Calls a leaf function of words.
    pub(super) fn call_leaf(&mut self, address: usize, args: &[Value]) -> Value {
        let signature = self.b.import_signature(abi::helper_signature(args.len()));
        let address = self.word(address as u64);
        let call = self.b.ins().call_indirect(signature, address, args);
        self.b.inst_results(call)[0]
    }

    /// Calls a leaf function of doubles.
    pub(super) fn call_double_leaf(&mut self, address: usize, args: &[Value]) -> Value {
        let mut signature = Signature::new(abi::CALL_CONV);
        signature.params.extend(args.iter().map(|_| AbiParam::new(F64)));
        signature.returns.push(AbiParam::new(F64));
        let signature = self.b.import_signature(signature);
        let address = self.word(address as u64);
        let call = self.b.ins().call_indirect(signature, address, args);
        self.b.inst_results(call)[0]
    }

    pub(super) fn call(&mut self, v: Val) -> Result<(), LowerError> {
        let op = &self.graph.insts[v].op;
        let result = match op {
            Op::Call { callee, this, args } => {
                let regs = self.outgoing(*callee, *this, &args.0);
                let text = self.callee_text();
                self.generic_call(*callee, regs, args.0.len(), text)
            }
            Op::CallDirect { callee, this, function, args } => {
                let target = self.input.targets.get(function).expect("a call target");
                debug_assert_eq!(target.nparams as usize, args.0.len());
                if !self.direct_targets.contains(function) {
                    self.direct_targets.push(*function);
                }
                let info = self.word(target.info as u64);
                let mut all = vec![self.rt, self.val(*callee), self.val(*this)];
                for a in &args.0 {
                    all.push(self.val(*a));
                }
                let entry = self.load_word(info, info_offset::DIRECT_ENTRY);
                let signature = self.b.import_signature(abi::direct_signature(args.0.len() as u32));
                self.at(self.current, true);
                let call = self.b.ins().call_indirect(signature, entry, &all);
                self.b.inst_results(call)[0]
            }
            Op::Construct { callee, new_target, args } => {
                let regs = self.outgoing(*callee, *new_target, &args.0);
                let argc = self.word(args.0.len() as u64);
                self.at(self.current, true);
                let text = self.callee_text();
                let text = self.word(text);
                self.call_thunk(runtime::construct_thunk(), &[regs, argc, text])
            }
            Op::CallRuntime { function, word, args } if !function.effects().call => {
                // It can neither throw nor run code: there is nothing to check.
                let result = self.call_runtime(*function, word.0, &args.0, false);
                self.set(v, result);
                return Ok(());
            }
            Op::CallRuntime { function: RuntimeFn::GetNamed, args, .. } => {
                let result = self.get_named(v, &args.0)?;
                self.set(v, result);
                return Ok(());
            }
            Op::CallRuntime { function: RuntimeFn::SetNamed, args, .. } => {
                let result = self.set_named(v, &args.0)?;
                self.set(v, result);
                return Ok(());
            }
            Op::CallRuntime { function: RuntimeFn::NewArrayHoley, word, args } => {
                let kind = ElementsKind::ALL[word.0 as usize];
                let result = self.new_array_of_length(v, kind, args.0[0])?;
                self.set(v, result);
                return Ok(());
            }
            Op::CallRuntime { function, word, args } => self.call_runtime(*function, word.0, &args.0, true),
            Op::CaughtException {} => {
                let exception = self.call_thunk(runtime::caught_exception_thunk(), &[]);
                self.guard_result(v, exception)?;
                self.set(v, exception);
                return Ok(());
            }
            Op::RestArguments { index } => {
                let (index, count) = (self.word(*index as u64), self.argument_count());
                let array = self.call_thunk(runtime::rest_arguments_thunk(), &[self.arguments[1], count, index]);
                self.set(v, array);
                return Ok(());
            }
            Op::ArgumentsObject {} => {
                // Only the optimizer looks at the shape.
                let (shape, count) = (self.word(0), self.argument_count());
                let object = self.call_thunk(runtime::arguments_object_thunk(), &[shape, self.arguments[1], count]);
                self.set(v, object);
                return Ok(());
            }
            Op::Throw { v: value } => {
                let value = self.val(*value);
                self.at(self.current, true);
                self.call_thunk(runtime::throw_thunk(), &[value]);
                return self.leave_thrown(v);
            }
            Op::StringConcat { a, b } => {
                let (a, b) = (self.val(*a), self.val(*b));
                self.at(self.current, true);
                self.call_thunk(runtime::concat_thunk(), &[a, b])
            }
            Op::StringLength { s } => {
                let s = self.val(*s);
                let length = self.b.ins().load(I32, trusted(), s, offset::STRING_LENGTH);
                self.set(v, length);
                return Ok(());
            }
            Op::StringCodeAt { s, index } => {
                let (s, index) = (self.val(*s), self.val(*index));
                let code = self.code_at(s, index);
                self.set(v, code);
                return Ok(());
            }
            Op::StringCharAt { s, index } => {
                let (s, index) = (self.val(*s), self.val(*index));
                let code = self.code_at(s, index);
                let string = self.string_of(code);
                self.set(v, string);
                return Ok(());
            }
            Op::StringFromCode { code } => {
                let code = self.val(*code);
                let string = self.string_of(code);
                self.set(v, string);
                return Ok(());
            }
            Op::StringEqual { a, b } => {
                let (a, b) = (self.val(*a), self.val(*b));
                let equal = self.strings_equal(a, b);
                self.set(v, equal);
                return Ok(());
            }
            Op::StringCompare { a, b, cond } => {
                let (a, b) = (self.val(*a), self.val(*b));
                let order = self.call_thunk(runtime::string_order_thunk(), &[a, b]);
                let order = self.b.ins().ireduce(I32, order);
                let cc = match cond {
                    Cond::Eq => IntCC::Equal,
                    Cond::Ne => IntCC::NotEqual,
                    Cond::Lt => IntCC::SignedLessThan,
                    Cond::Le => IntCC::SignedLessThanOrEqual,
                    Cond::Gt => IntCC::SignedGreaterThan,
                    Cond::Ge => IntCC::SignedGreaterThanOrEqual,
                };
                let holds = self.b.ins().icmp_imm_s(cc, order, 0);
                self.set(v, holds);
                return Ok(());
            }
            control!() | checks!() | numbers!() | objects!() => unreachable!("{op} is no call"),
        };
        if !self.caught.contains(v) {
            self.guard_result(v, result)?;
        }
        if self.graph.insts[v].rep != Rep::Void {
            self.set(v, result);
        }
        Ok(())
    }

    /// With how many arguments the function was called by the generic convention, as a word.
    fn argument_count(&mut self) -> Value {
        self.b.ins().uextend(I64, self.arguments[2])
    }

    /// The source text of the current call's callee, a string constant, or 0: for "... is not a function".
    fn callee_text(&self) -> u64 {
        let function = self.graph.inlines[self.current.inline].function;
        let Some(view) = self.input.view(function) else { return 0 };
        let found = view.function.callee_texts.iter().find(|(at, _)| *at == self.current.offset);
        found.and_then(|(_, c)| view.constants.get(*c as usize)).map_or(0, |v| v.0)
    }

    /// Writes callee, `this` and arguments where the callee's frame will be; returns its registers.
    fn outgoing(&mut self, callee: Val, this: Val, args: &[Val]) -> Value {
        let sp = self.load_word(self.rt, head::SP);
        for (i, v) in [callee, this].iter().chain(args).enumerate() {
            let value = self.val(*v);
            self.b.ins().store(trusted(), value, sp, i as i32 * 8);
        }
        self.b.ins().iadd_imm_s(sp, 16)
    }

    /// Calls whatever the callee is: a closure through its generic entry, a native through the entry that all have,
    /// anything else through the runtime.
    fn generic_call(&mut self, callee: Val, regs: Value, argc: usize, text: u64) -> Value {
        let callee = self.val(callee);
        let (is_cell, is_closure, direct) = (self.b.create_block(), self.b.create_block(), self.b.create_block());
        let (not_closure, is_native) = (self.b.create_block(), self.b.create_block());
        let (other, join) = (self.cold_block(), self.b.create_block());
        let result = self.b.append_block_param(join, I64);
        let mask = self.word(NOT_CELL_MASK);
        let bits = self.b.ins().band(callee, mask);
        self.b.ins().brif(bits, other, &[], is_cell, &[]);
        self.b.switch_to_block(is_cell);
        let kind = self.b.ins().load(I8, trusted(), callee, offset::KIND);
        let closure = self.b.ins().icmp_imm_u(IntCC::Equal, kind, CellKind::Function as i64);
        self.b.ins().brif(closure, is_closure, &[], not_closure, &[]);
        self.b.switch_to_block(not_closure);
        let native = self.b.ins().icmp_imm_u(IntCC::Equal, kind, CellKind::NativeFunction as i64);
        self.b.ins().brif(native, is_native, &[], other, &[]);
        self.b.switch_to_block(is_native);
        let count = self.word(argc as u64);
        self.at(self.current, true);
        let value = self.call_thunk(runtime::native_thunk(), &[regs, count]);
        self.b.ins().jump(join, &[value.into()]);
        self.b.switch_to_block(is_closure);
        let info = self.load_word(callee, offset::FUNCTION_INFO);
        let bits = self.b.ins().load(I32, trusted(), info, info_offset::FLAGS);
        let class = self.b.ins().band_imm_u(bits, flags::CLASS_CONSTRUCTOR as i64);
        self.b.ins().brif(class, other, &[], direct, &[]);
        self.b.switch_to_block(direct);
        let entry = self.load_word(info, info_offset::GENERIC_ENTRY);
        let signature = self.b.import_signature(abi::generic_signature());
        let count = self.b.ins().iconst(I32, argc as i64);
        self.at(self.current, true);
        let call = self.b.ins().call_indirect(signature, entry, &[self.rt, regs, count]);
        let value = self.b.inst_results(call)[0];
        self.b.ins().jump(join, &[value.into()]);
        self.b.switch_to_block(other);
        let count = self.word(argc as u64);
        self.at(self.current, true);
        let text = self.word(text);
        let value = self.call_thunk(runtime::call_thunk(), &[regs, count, text]);
        self.b.ins().jump(join, &[value.into()]);
        self.b.switch_to_block(join);
        result
    }

    pub(super) fn call_runtime(&mut self, function: RuntimeFn, word: u64, args: &[Val], checked: bool) -> Value {
        let values: Vec<_> = args.iter().map(|a| self.val(*a)).collect();
        let word = function.word().map(|_| self.word(word));
        self.at(self.current, checked);
        match runtime::thunk_of(function) {
            runtime::Convention::Words(address) => {
                let all: Vec<_> = word.into_iter().chain(values).collect();
                self.call_thunk(address, &all)
            }
            runtime::Convention::Leaf(address) => {
                let all: Vec<_> = [self.rt].into_iter().chain(values).collect();
                self.call_leaf(address, &all)
            }
            runtime::Convention::Window(address) => {
                let sp = self.load_word(self.rt, head::SP);
                for (i, value) in values.iter().enumerate() {
                    self.b.ins().store(trusted(), *value, sp, i as i32 * 8);
                }
                let count = self.word(values.len() as u64);
                let all: Vec<_> = word.into_iter().chain([sp, count]).collect();
                self.call_thunk(address, &all)
            }
        }
    }

    /// Whether two strings are equal: the same cell is, two atoms or strings of different lengths are not.
    pub(super) fn strings_equal(&mut self, a: Value, b: Value) -> Value {
        let (look, ask, join) = (self.b.create_block(), self.cold_block(), self.b.create_block());
        let result = self.b.append_block_param(join, I8);
        let one = self.b.ins().iconst(I8, 1);
        let same = self.b.ins().icmp(IntCC::Equal, a, b);
        self.b.ins().brif(same, join, &[one.into()], look, &[]);
        self.b.switch_to_block(look);
        let zero = self.b.ins().iconst(I8, 0);
        let (x, y) =
            (self.b.ins().load(I16, trusted(), a, offset::AUX), self.b.ins().load(I16, trusted(), b, offset::AUX));
        let both = self.b.ins().band(x, y);
        let atoms = self.b.ins().band_imm_u(both, string_repr::ATOM as i64);
        let (x, y) = (
            self.b.ins().load(I32, trusted(), a, offset::STRING_LENGTH),
            self.b.ins().load(I32, trusted(), b, offset::STRING_LENGTH),
        );
        let lengths = self.b.ins().icmp(IntCC::NotEqual, x, y);
        let atoms = self.b.ins().icmp_imm_u(IntCC::NotEqual, atoms, 0);
        let differ = self.b.ins().bor(lengths, atoms);
        self.b.ins().brif(differ, join, &[zero.into()], ask, &[]);
        self.b.switch_to_block(ask);
        let word = self.call_leaf(runtime::leaf_strict_equal as *const () as usize, &[self.rt, a, b]);
        let equal = self.b.ins().ireduce(I8, word);
        self.b.ins().jump(join, &[equal.into()]);
        self.b.switch_to_block(join);
        result
    }

    /// The string of one code unit (of the low 16 bits of `code`): an atom that the runtime keeps at hand, if it was ever used.
    fn string_of(&mut self, code: Value) -> Value {
        let unit = self.b.ins().band_imm_u(code, 0xFFFF);
        let wide = self.b.ins().uextend(I64, unit);
        let (look, cold, join) = (self.b.create_block(), self.cold_block(), self.b.create_block());
        let result = self.b.append_block_param(join, I64);
        let small = self.b.ins().icmp_imm_u(IntCC::UnsignedLessThan, unit, SINGLES as i64);
        self.b.ins().brif(small, look, &[], cold, &[]);
        self.b.switch_to_block(look);
        let scaled = self.b.ins().ishl_imm_u(wide, 3);
        let at = self.b.ins().iadd(self.rt, scaled);
        let atom = self.load_word(at, offset_of!(Runtime, atoms) as i32 + Atoms::SINGLES_OFFSET);
        self.b.ins().brif(atom, join, &[atom.into()], cold, &[]);
        self.b.switch_to_block(cold);
        let string = self.call_thunk(runtime::from_code_thunk(), &[wide]);
        self.b.ins().jump(join, &[string.into()]);
        self.b.switch_to_block(join);
        result
    }

    /// The code unit at an index in bounds: a load if the string is flat, or a window into a flat one, as a rope is once it
    /// has been read.
    fn code_at(&mut self, string: Value, index: Value) -> Value {
        let repr = self.representation(string);
        let index = self.b.ins().uextend(I64, index);
        let (slice, flat) = (self.b.create_block(), self.b.create_block());
        let s = self.b.append_block_param(flat, I64);
        let wide = self.b.append_block_param(flat, I64);
        let flat_repr = self.b.append_block_param(flat, I16);
        let is_slice = self.b.ins().icmp_imm_u(IntCC::Equal, repr, string_repr::SLICE as i64);
        self.b.ins().brif(is_slice, slice, &[], flat, &[string.into(), index.into(), repr.into()]);
        self.b.switch_to_block(slice);
        let parent = self.load_word(string, offset::STRING_DATA);
        let start = self.load_word(string, offset::STRING_RIGHT);
        let in_parent = self.b.ins().iadd(index, start);
        let parent_repr = self.representation(parent);
        self.b.ins().jump(flat, &[parent.into(), in_parent.into(), parent_repr.into()]);
        self.b.switch_to_block(flat);
        let (latin1, not_latin1, utf16, other) =
            (self.b.create_block(), self.b.create_block(), self.b.create_block(), self.cold_block());
        let join = self.b.create_block();
        let result = self.b.append_block_param(join, I32);
        let is_latin1 = self.b.ins().icmp_imm_u(IntCC::Equal, flat_repr, string_repr::LATIN1 as i64);
        self.b.ins().brif(is_latin1, latin1, &[], not_latin1, &[]);
        self.b.switch_to_block(latin1);
        let at = self.b.ins().iadd(s, wide);
        let byte = self.b.ins().load(I8, trusted(), at, offset::STRING_DATA);
        let code = self.b.ins().uextend(I32, byte);
        self.b.ins().jump(join, &[code.into()]);
        self.b.switch_to_block(not_latin1);
        let is_utf16 = self.b.ins().icmp_imm_u(IntCC::Equal, flat_repr, string_repr::UTF16 as i64);
        self.b.ins().brif(is_utf16, utf16, &[], other, &[]);
        self.b.switch_to_block(utf16);
        let scaled = self.b.ins().ishl_imm_u(wide, 1);
        let at = self.b.ins().iadd(s, scaled);
        let unit = self.b.ins().load(I16, trusted(), at, offset::STRING_DATA);
        let code = self.b.ins().uextend(I32, unit);
        self.b.ins().jump(join, &[code.into()]);
        self.b.switch_to_block(other);
        let word = self.call_thunk(runtime::code_at_thunk(), &[s, wide]);
        let code = self.b.ins().ireduce(I32, word);
        self.b.ins().jump(join, &[code.into()]);
        self.b.switch_to_block(join);
        result
    }

    /// How a string is held: one of `string_repr`.
    fn representation(&mut self, s: Value) -> Value {
        let aux = self.b.ins().load(I16, trusted(), s, offset::AUX);
        self.b.ins().band_imm_u(aux, string_repr::MASK as i64)
    }
}
