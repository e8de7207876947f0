//! Calls: of closures by either convention, of the runtime through exit thunks, of leaf functions directly.
//!
//! Arguments of the generic convention are written to the VM stack at `head.sp`, where the callee's frame will be; nothing
//! is bumped, the callee does that. A *leaf* function neither allocates nor looks at the stack: no thunk, no check.

use super::groups::{checks, control, numbers, objects, strings};
use super::{Lower, LowerError, runtime, trusted};
use crate::codegen::abi;
use crate::hir::field::Val;
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::{INT32, Rep};
use crate::runtime::cell::{CellKind, offset};
use crate::runtime::function::{flags, info_offset};
use crate::runtime::head::offset as head;
use crate::runtime::shape::ElementsKind;
use crate::runtime::value::NOT_CELL_MASK;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{F64, I8, I32, I64};
use cranelift_codegen::ir::{AbiParam, InstBuilder, Signature, Value};
use cranelift_codegen::isa::CallConv;

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
            Op::CallRuntime { function: RuntimeFn::NumberToString, args, .. } if self.graph.ty(args.0[0]).is(INT32) => {
                let string = self.string_of_int(args.0[0]);
                self.set(v, string);
                return Ok(());
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
            control!() | checks!() | numbers!() | objects!() | strings!() => unreachable!("{op} is no call"),
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
}
