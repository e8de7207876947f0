//! One arm per opcode.
//!
//! What is one line stands here; the rest is in the file of its group. Opcodes that change several registers at once and are
//! rare in hot code are left to the interpreter ([`Activation::unsupported`]).

use super::activation::Activation;
use super::operators::{Arithmetic, Comparison};
use crate::bytecode::ops::Insn;
use crate::hir::field::Const;
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::{FUNCTION, INTERNAL, NULLISH, NUMBER, STRING, SYMBOL, UNDEFINED};
use crate::vocab::DeoptReason;

impl Activation<'_, '_> {
    /// Interprets one bytecode.
    pub(super) fn step(&mut self, insn: Insn) {
        match insn {
            Insn::LoadInt { dst, value } => self.load(dst, Const::Int(value as i32)),
            Insn::LoadConst { dst, constant } => self.load_pool(dst, constant),
            Insn::LoadUndefined { dst } => self.load(dst, Const::Undefined),
            Insn::LoadNull { dst } => self.load(dst, Const::Null),
            Insn::LoadTrue { dst } => self.load(dst, Const::Bool(true)),
            Insn::LoadFalse { dst } => self.load(dst, Const::Bool(false)),
            Insn::LoadHole { dst } => self.load(dst, Const::Hole),
            Insn::Move { dst, src } => {
                let v = self.get(src);
                self.set(dst, v);
            }
            Insn::LoadThis { dst } => self.set(dst, self.env.this),
            Insn::SloppyThis { dst, src } => {
                let v = self.get(src);
                self.runtime(RuntimeFn::SloppyThis, &[v], Some(dst));
            }
            Insn::BindThis { src } => self.bind_this(src),
            Insn::CheckThis { src } => {
                let v = self.get(src);
                self.guard(Op::CheckNotHole { v });
            }
            Insn::LoadCallee { dst } => self.set(dst, self.callee),
            Insn::LoadNewTarget { dst } => self.load_new_target(dst),
            Insn::CreateArguments { dst } => self.create_arguments(dst),
            Insn::MapArguments { dst, src, scope, first, count } => {
                let (object, scope) = (self.get(src), self.get(scope));
                let place = first as u64 | (count as u64) << 16;
                self.runtime_with(RuntimeFn::MapArguments, place, &[object, scope], Some(dst));
            }
            Insn::SetMapped { arguments, index, src } => {
                let (object, value) = (self.get(arguments), self.get(src));
                self.runtime_with(RuntimeFn::SetMapped, index as u64, &[object, value], None);
            }
            Insn::CreateRest { dst, index } => self.create_rest(dst, index),

            Insn::LoadScope { dst } => {
                let scope = self.scope_of(self.callee);
                self.set(dst, scope);
            }
            Insn::NewScope { dst, parent, count } => {
                let parent = self.get(parent);
                let v = self.emit(Op::NewScope { parent, slots: count as u32 });
                self.set(dst, v);
            }
            Insn::CopyScope { dst, src } => {
                let scope = self.get(src);
                self.runtime(RuntimeFn::CopyScope, &[scope], Some(dst));
            }
            Insn::GetScoped { dst, scope, depth, index } => {
                let scope = self.scope_at(scope, depth);
                let v = self.emit(Op::LoadScopeSlot { scope, slot: index as u32 });
                self.set(dst, v);
            }
            Insn::SetScoped { scope, depth, index, src } => {
                let scope = self.scope_at(scope, depth);
                let value = self.get(src);
                let barrier = self.may_be_cell(value);
                self.emit(Op::StoreScopeSlot { scope, value, slot: index as u32, barrier });
            }
            Insn::GetModule { dst, cell } => self.get_module(dst, cell),
            Insn::SetModule { cell, src } => self.set_module(cell, src),
            Insn::InitModule { cell, src } => self.init_module(cell, src),
            Insn::CheckTdz { src, .. } => {
                let v = self.get(src);
                self.guard(Op::CheckNotHole { v });
            }
            Insn::GetGlobal { dst, name, fb } => self.get_global(dst, name, fb),
            Insn::TypeofGlobal { dst, name } => {
                let key = self.key(name);
                self.runtime(RuntimeFn::TypeofGlobal, &[key], Some(dst));
            }

            Insn::Add { dst, lhs, rhs, fb } => self.arithmetic(Arithmetic::Add, dst, lhs, rhs, fb),
            Insn::Sub { dst, lhs, rhs, fb } => self.arithmetic(Arithmetic::Sub, dst, lhs, rhs, fb),
            Insn::Mul { dst, lhs, rhs, fb } => self.arithmetic(Arithmetic::Mul, dst, lhs, rhs, fb),
            Insn::Div { dst, lhs, rhs, fb } => self.arithmetic(Arithmetic::Div, dst, lhs, rhs, fb),
            Insn::Mod { dst, lhs, rhs, fb } => self.arithmetic(Arithmetic::Mod, dst, lhs, rhs, fb),
            Insn::Exp { dst, lhs, rhs, fb } => self.arithmetic(Arithmetic::Exp, dst, lhs, rhs, fb),
            Insn::BitAnd { dst, lhs, rhs, fb } => self.arithmetic(Arithmetic::And, dst, lhs, rhs, fb),
            Insn::BitOr { dst, lhs, rhs, fb } => self.arithmetic(Arithmetic::Or, dst, lhs, rhs, fb),
            Insn::BitXor { dst, lhs, rhs, fb } => self.arithmetic(Arithmetic::Xor, dst, lhs, rhs, fb),
            Insn::Shl { dst, lhs, rhs, fb } => self.arithmetic(Arithmetic::Shl, dst, lhs, rhs, fb),
            Insn::Shr { dst, lhs, rhs, fb } => self.arithmetic(Arithmetic::Sar, dst, lhs, rhs, fb),
            Insn::UShr { dst, lhs, rhs, fb } => self.arithmetic(Arithmetic::Shr, dst, lhs, rhs, fb),
            Insn::AddImm { dst, src, imm, fb } => self.arithmetic_imm(Arithmetic::Add, dst, src, imm as i32, fb),
            Insn::Inc { dst, src, fb } => self.increment(dst, src, 1, fb),
            Insn::Dec { dst, src, fb } => self.increment(dst, src, -1, fb),
            Insn::Neg { dst, src, fb } => self.negate(dst, src, fb),
            Insn::ToNumber { dst, src, fb } => self.number_of(dst, src, fb),
            Insn::BitNot { dst, src, fb } => self.bit_not(dst, src, fb),
            Insn::Not { dst, src } => {
                let v = self.get(src);
                let a = self.emit(Op::IsTruthy { v });
                let v = self.emit(Op::BoolNot { a });
                self.set(dst, v);
            }
            Insn::TypeOf { dst, src } => {
                let v = self.get(src);
                self.runtime(RuntimeFn::TypeOf, &[v], Some(dst));
            }
            Insn::ToString { dst, src } => {
                let v = self.get(src);
                if self.ty(v).is(STRING | NUMBER) {
                    let text = self.text_of(v);
                    self.set(dst, text);
                } else {
                    self.runtime(RuntimeFn::ToString, &[v], Some(dst));
                }
            }
            Insn::ToKey { dst, src } => {
                let v = self.get(src);
                if self.ty(v).is(STRING | SYMBOL | NUMBER) {
                    self.set(dst, v);
                } else {
                    self.runtime(RuntimeFn::ToKey, &[v], Some(dst));
                }
            }
            Insn::Lt { dst, lhs, rhs, fb } => self.compare_to(Comparison::Lt, dst, lhs, rhs, fb),
            Insn::Le { dst, lhs, rhs, fb } => self.compare_to(Comparison::Le, dst, lhs, rhs, fb),
            Insn::Gt { dst, lhs, rhs, fb } => self.compare_to(Comparison::Gt, dst, lhs, rhs, fb),
            Insn::Ge { dst, lhs, rhs, fb } => self.compare_to(Comparison::Ge, dst, lhs, rhs, fb),
            Insn::Eq { dst, lhs, rhs, fb } => self.compare_to(Comparison::Eq, dst, lhs, rhs, fb),
            Insn::Ne { dst, lhs, rhs, fb } => self.compare_to(Comparison::Ne, dst, lhs, rhs, fb),
            Insn::StrictEq { dst, lhs, rhs, fb } => self.compare_to(Comparison::StrictEq, dst, lhs, rhs, fb),
            Insn::StrictNe { dst, lhs, rhs, fb } => self.compare_to(Comparison::StrictNe, dst, lhs, rhs, fb),
            Insn::InstanceOf { dst, lhs, rhs, .. } => self.instance_of(dst, lhs, rhs),
            Insn::In { dst, key, object, .. } => {
                let args = [self.get(key), self.get(object)];
                self.runtime(RuntimeFn::In, &args, Some(dst));
            }

            Insn::Jump { to } => {
                let to = self.destination(to);
                self.poll(to);
                self.jump_to(to);
            }
            Insn::JumpTrue { src, to, fb } => self.jump_if_truthy(src, true, to, fb),
            Insn::JumpFalse { src, to, fb } => self.jump_if_truthy(src, false, to, fb),
            Insn::JumpNullish { src, to, fb } => self.jump_if_type(src, NULLISH, to, fb),
            Insn::JumpObject { src, to, fb } => self.jump_if_type(src, crate::hir::types::OBJECTS, to, fb),
            Insn::JumpUndefined { src, to, fb } => self.jump_if_type(src, UNDEFINED, to, fb),
            Insn::JumpLt { lhs, rhs, to, fb } => self.jump_if(Comparison::Lt, true, lhs, rhs, to, fb),
            Insn::JumpLe { lhs, rhs, to, fb } => self.jump_if(Comparison::Le, true, lhs, rhs, to, fb),
            Insn::JumpGt { lhs, rhs, to, fb } => self.jump_if(Comparison::Gt, true, lhs, rhs, to, fb),
            Insn::JumpGe { lhs, rhs, to, fb } => self.jump_if(Comparison::Ge, true, lhs, rhs, to, fb),
            Insn::JumpNotLt { lhs, rhs, to, fb } => self.jump_if(Comparison::Lt, false, lhs, rhs, to, fb),
            Insn::JumpNotLe { lhs, rhs, to, fb } => self.jump_if(Comparison::Le, false, lhs, rhs, to, fb),
            Insn::JumpNotGt { lhs, rhs, to, fb } => self.jump_if(Comparison::Gt, false, lhs, rhs, to, fb),
            Insn::JumpNotGe { lhs, rhs, to, fb } => self.jump_if(Comparison::Ge, false, lhs, rhs, to, fb),
            Insn::JumpStrictEq { lhs, rhs, to, fb } => self.jump_if(Comparison::StrictEq, true, lhs, rhs, to, fb),
            Insn::JumpStrictNe { lhs, rhs, to, fb } => self.jump_if(Comparison::StrictNe, true, lhs, rhs, to, fb),
            Insn::JumpEq { lhs, rhs, to, fb } => self.jump_if(Comparison::Eq, true, lhs, rhs, to, fb),
            Insn::JumpNe { lhs, rhs, to, fb } => self.jump_if(Comparison::Ne, true, lhs, rhs, to, fb),
            Insn::LoopHeader {} => {}
            Insn::Return { src } => {
                let v = self.get(src);
                self.return_value(v);
            }
            Insn::ReturnConstruct { src } => self.return_construct(src),
            Insn::Throw { src } => self.throw(src),
            Insn::ThrowError { .. } | Insn::ThrowAssign { .. } => self.deopt(DeoptReason::Exception),

            Insn::GetProp { dst, object, name, fb } => self.get_prop(dst, object, name, fb),
            Insn::SetProp { object, name, src, fb } => self.set_prop(object, name, src, fb, RuntimeFn::SetNamed),
            Insn::DefineField { object, name, src, fb } => {
                self.set_prop(object, name, src, fb, RuntimeFn::DefineField);
            }
            Insn::GetElem { dst, object, key, fb } => self.get_elem(dst, object, key, fb),
            Insn::SetElem { object, key, src, fb } => self.set_elem(object, key, src, fb),
            Insn::DeleteProp { dst, object, name } => {
                let args = [self.get(object), self.key(name)];
                self.runtime(RuntimeFn::DeleteKeyed, &args, Some(dst));
            }
            Insn::DeleteElem { dst, object, key } => {
                let args = [self.get(object), self.get(key)];
                self.runtime(RuntimeFn::DeleteKeyed, &args, Some(dst));
            }
            Insn::DefineElem { object, key, src } => {
                let args = [self.get(object), self.get(key), self.get(src)];
                self.runtime(RuntimeFn::DefineField, &args, None);
            }
            Insn::DefineMethod { object, key, src, flags } => {
                let args = [self.get(object), self.get(key), self.get(src)];
                self.runtime_with(RuntimeFn::DefineMethod, flags as u64, &args, None);
            }
            Insn::SetFunctionName { src, key, flags } => {
                let args = [self.get(src), self.get(key)];
                self.runtime_with(RuntimeFn::SetFunctionName, flags as u64, &args, None);
            }
            Insn::SetProto { object, src } => {
                let args = [self.get(object), self.get(src)];
                self.runtime(RuntimeFn::SetProto, &args, None);
            }
            Insn::GetSuper { dst, key, this } => self.get_super(dst, key, this),
            Insn::SetSuper { key, src, this } => {
                let args = [self.callee, self.get(key), self.get(src), self.get(this)];
                self.runtime(RuntimeFn::SetSuper, &args, None);
            }
            Insn::GetPrivate { dst, object, key, .. } => {
                let args = [self.get(object), self.get(key)];
                self.runtime(RuntimeFn::GetPrivate, &args, Some(dst));
            }
            Insn::SetPrivate { object, key, src, .. } => {
                let args = [self.get(object), self.get(key), self.get(src)];
                self.runtime(RuntimeFn::SetPrivate, &args, None);
            }
            Insn::DefinePrivate { object, key, src, flags } => {
                let args = [self.get(object), self.get(key), self.get(src)];
                self.runtime_with(RuntimeFn::DefinePrivate, flags as u64, &args, None);
            }
            Insn::HasPrivate { dst, object, key } => {
                let args = [self.get(object), self.get(key)];
                self.runtime(RuntimeFn::HasPrivate, &args, Some(dst));
            }
            Insn::NewPrivateName { dst, name } => {
                let key = self.key(name);
                self.runtime(RuntimeFn::NewPrivateName, &[key], Some(dst));
            }

            Insn::Call { dst, base, argc, fb } => self.call(dst, base, argc, fb),
            Insn::New { dst, base, argc, fb } => self.construct(dst, base, argc, fb),
            Insn::CallSpread { dst, base, fb } => {
                let list = self.window(base, 2);
                if let Some(elements) = self.exclusive(list) {
                    let (callee, this) = (self.window(base, 0), self.window(base, 1));
                    return self.call_with(dst, callee, this, elements, fb);
                }
                let args = [self.window(base, 0), self.window(base, 1), self.window(base, 2), self.text()];
                self.runtime(RuntimeFn::CallSpread, &args, Some(dst));
            }
            Insn::NewSpread { dst, base, fb } => {
                let list = self.window(base, 2);
                if let Some(elements) = self.exclusive(list) {
                    let callee = self.window(base, 0);
                    return self.construct_with(dst, callee, elements, fb);
                }
                let args = [self.window(base, 0), self.window(base, 2), self.text()];
                self.runtime(RuntimeFn::NewSpread, &args, Some(dst));
            }
            Insn::SuperCall { dst, callee, new_target, base, argc, fb } => {
                let args = (0..argc).map(|i| self.window(base, i + 2)).collect();
                self.super_call(dst, callee, new_target, args, fb);
            }
            Insn::SuperCallSpread { dst, callee, new_target, base, fb } => {
                let list = self.window(base, 2);
                if let Some(elements) = self.exclusive(list) {
                    return self.super_call(dst, callee, new_target, elements, fb);
                }
                let args = [self.get(callee), self.get(new_target), self.window(base, 2)];
                self.runtime(RuntimeFn::SuperCallSpread, &args, Some(dst));
            }
            Insn::InitFields { callee, object } => {
                self.init_fields(callee, object);
            }
            Insn::Intrinsic { dst, id, base, argc } => {
                let args: Vec<_> = (0..argc).map(|i| self.window(base, i + 2)).collect();
                self.natives_syntax(dst, id, &args);
            }

            Insn::NewClosure { dst, func, scope } => self.new_closure(dst, func, scope),
            Insn::NewObject { dst, count, fb } => self.new_object(dst, count, fb),
            Insn::NewArray { dst, base, count, .. } if self.begins_list(dst) => {
                let args: Vec<_> = (0..count).map(|i| self.window(base, i)).collect();
                self.runtime(RuntimeFn::NewArray, &args, Some(dst));
            }
            Insn::NewArray { dst, base, count, fb } => self.array_literal(dst, base, count, fb),
            Insn::ArrayPush { array, src } => self.push_to_list(array, src),
            Insn::ArraySpread { array, src } => self.spread_to_list(array, src),
            Insn::CopyProps { object, src, excluded } => {
                let args = [self.get(object), self.get(src), self.get(excluded)];
                self.runtime(RuntimeFn::CopyProps, &args, None);
            }
            Insn::SetFieldInit { ctor, src } => {
                let args = [self.get(ctor), self.get(src)];
                self.runtime(RuntimeFn::SetFieldInit, &args, None);
            }
            Insn::TemplateObject { dst, fb, .. } => self.template_object(dst, fb),
            Insn::NewRegExp { dst, pattern, flags } => {
                let args = [self.key(pattern), self.key(flags)];
                self.runtime(RuntimeFn::NewRegExp, &args, Some(dst));
            }
            Insn::NewClass { ctor, func, scope, parent } => self.new_class(ctor, func, scope, parent),

            Insn::IterInit { iter, src, fb } => self.iter_init(iter, src, fb),
            Insn::IterNext { dst, iter, exit, fb } => self.iter_next(dst, iter, exit, fb),
            Insn::IterClose { iter } => self.iter_close(iter),
            Insn::EnumInit { iter, src } => self.enum_init(iter, src),
            Insn::EnumNext { dst, iter, exit } => self.enum_next(dst, iter, exit),
            Insn::CheckObject { src } => {
                let v = self.get(src);
                self.guard(Op::CheckNotNullish { v });
            }
        }
    }

    /// Whether a value may be a pointer to a cell, so that a store of it needs a write barrier.
    pub(super) fn may_be_cell(&self, v: crate::hir::field::Val) -> bool {
        self.ty(v).meets(STRING | SYMBOL | FUNCTION | INTERNAL | crate::hir::types::OBJECTS)
    }
}
