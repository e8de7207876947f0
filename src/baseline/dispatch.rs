//! The match over instructions: one fragment each, or the helper that does all of it.

use super::arith::{Arith, Bits};
use super::compare::{Comparison, Relation};
use super::emit::Emitter;
use crate::bytecode::ops::{Insn, Reg};
use crate::codegen::helpers::{Helper, arith, call, control, object, property};
use crate::feedback::slot::{ElementSlot, element};
use crate::runtime::head::offset as head;
use crate::runtime::value::Value as Tagged;
use cranelift_codegen::ir::types::{I16, I64};
use cranelift_codegen::ir::{InstBuilder, Value};
use std::mem::offset_of;

fn comparison(relation: Relation, negated: bool, helper: Helper) -> Comparison {
    Comparison { relation, negated, helper }
}

impl Emitter<'_, '_> {
    fn number(&mut self, n: u16) -> Value {
        self.word(n as u64)
    }

    fn offset(&mut self) -> Value {
        self.word(self.at as u64)
    }

    /// `dst` = what a helper makes of registers.
    fn by_registers(&mut self, helper: Helper, dst: Reg, sources: &[Reg]) {
        let arguments: Vec<Value> = sources.iter().map(|r| self.get(*r)).collect();
        let v = self.try_call(helper, &arguments);
        self.set(dst, v);
    }

    /// A helper on registers without a result.
    fn effect(&mut self, helper: Helper, sources: &[Reg]) {
        let arguments: Vec<Value> = sources.iter().map(|r| self.get(*r)).collect();
        self.try_call(helper, &arguments);
    }

    fn member(&mut self, helper: Helper, object: Reg, key: Reg, src: Reg, flags: u16) {
        let arguments = [self.get(object), self.get(key), self.get(src), self.number(flags)];
        self.try_call(helper, &arguments);
    }

    /// Emits one instruction.
    pub(super) fn insn(&mut self, insn: Insn) {
        use Relation::{Eq, Ge, Gt, Le, Lt, StrictEq};
        match insn {
            // ---- loads ---------------------------------------------------------------------------------------------
            Insn::LoadInt { dst, value } => self.set_tagged(dst, Tagged::int(value as i32)),
            Insn::LoadConst { dst, constant } => {
                let v = self.constant(constant);
                self.set(dst, v);
            }
            Insn::LoadUndefined { dst } => self.set_tagged(dst, Tagged::UNDEFINED),
            Insn::LoadNull { dst } => self.set_tagged(dst, Tagged::NULL),
            Insn::LoadTrue { dst } => self.set_tagged(dst, Tagged::TRUE),
            Insn::LoadFalse { dst } => self.set_tagged(dst, Tagged::FALSE),
            Insn::LoadHole { dst } => self.set_tagged(dst, Tagged::HOLE),
            Insn::Move { dst, src } => {
                let v = self.get(src);
                self.set(dst, v);
            }
            Insn::LoadThis { dst } => {
                let v = self.this();
                self.set(dst, v);
            }
            Insn::SloppyThis { dst, src } => self.by_registers(control::SLOPPY_THIS, dst, &[src]),
            Insn::BindThis { src } => {
                let this = self.this();
                let bound = self.is(cranelift_codegen::ir::condcodes::IntCC::NotEqual, this, Tagged::HOLE.0);
                self.throw_if(bound, control::THROW_SUPER_TWICE, |_| Vec::new());
                let v = self.get(src);
                self.store(v, self.regs, crate::codegen::abi::THIS_OFFSET);
            }
            Insn::CheckThis { src } => {
                let v = self.get(src);
                let hole = self.equals(v, Tagged::HOLE.0);
                self.throw_if(hole, control::THROW_THIS_UNINITIALIZED, |_| Vec::new());
            }
            Insn::LoadCallee { dst } => {
                let v = self.callee();
                self.set(dst, v);
            }
            Insn::LoadNewTarget { dst } => {
                let v = self.load(I64, self.rt, head::NEW_TARGET);
                self.set(dst, v);
                let undefined = self.tagged(Tagged::UNDEFINED);
                self.store(undefined, self.rt, head::NEW_TARGET);
            }
            Insn::CreateArguments { dst } => {
                let argc = self.b.ins().uextend(I64, self.argc);
                let v = self.try_call(object::CREATE_ARGUMENTS, &[self.regs, argc]);
                self.set(dst, v);
            }
            Insn::MapArguments { dst, src, scope, first, count } => {
                let arguments = [self.get(src), self.get(scope), self.number(first), self.number(count)];
                let v = self.try_call(object::MAP_ARGUMENTS, &arguments);
                self.set(dst, v);
            }
            Insn::SetMapped { arguments, index, src } => {
                let arguments = [self.get(arguments), self.number(index), self.get(src)];
                self.try_call(object::SET_MAPPED, &arguments);
            }
            Insn::CreateRest { dst, index } => {
                let (argc, index) = (self.b.ins().uextend(I64, self.argc), self.number(index));
                let v = self.try_call(object::CREATE_REST, &[self.regs, argc, index]);
                self.set(dst, v);
            }

            // ---- captured variables ----------------------------------------------------------------------------------
            Insn::LoadScope { dst } => self.load_scope(dst),
            Insn::NewScope { dst, parent, count } => {
                let (parent, count) = (self.get(parent), self.number(count));
                let v = self.try_call(object::NEW_SCOPE, &[parent, count]);
                self.set(dst, v);
            }
            Insn::CopyScope { dst, src } => self.by_registers(object::COPY_SCOPE, dst, &[src]),
            Insn::GetScoped { dst, scope, depth, index } => self.get_scoped(dst, scope, depth, index),
            Insn::SetScoped { scope, depth, index, src } => self.set_scoped(scope, depth, index, src),
            Insn::GetModule { dst, cell } => self.get_module(dst, cell),
            Insn::SetModule { cell, src } => self.set_module(cell, src),
            Insn::InitModule { cell, src } => {
                let (cell, v) = (self.module_cell(cell), self.get(src));
                self.call(control::INIT_MODULE, &[cell, v]);
            }
            Insn::CheckTdz { src, name } => {
                let v = self.get(src);
                let hole = self.equals(v, Tagged::HOLE.0);
                self.throw_if(hole, control::THROW_TDZ, |e| vec![e.constant(name)]);
            }
            Insn::GetGlobal { dst, name: _, fb } => self.get_global(dst, fb),
            Insn::TypeofGlobal { dst, name } => {
                let name = self.constant(name);
                let v = self.try_call(property::TYPEOF_GLOBAL, &[name]);
                self.set(dst, v);
            }
            Insn::ThrowAssign { name, kind } => {
                let arguments = [self.constant(name), self.number(kind)];
                self.throw_by(control::THROW_ASSIGN, &arguments);
            }

            // ---- operators -------------------------------------------------------------------------------------------
            Insn::Add { dst, lhs, rhs, fb } => {
                self.arithmetic(Arith::Add, arith::ADD, dst, lhs, rhs, fb);
            }
            Insn::Sub { dst, lhs, rhs, fb } => {
                self.arithmetic(Arith::Sub, arith::SUB, dst, lhs, rhs, fb);
            }
            Insn::Mul { dst, lhs, rhs, fb } => {
                self.arithmetic(Arith::Mul, arith::MUL, dst, lhs, rhs, fb);
            }
            Insn::Div { dst, lhs, rhs, fb } => {
                self.arithmetic(Arith::Div, arith::DIV, dst, lhs, rhs, fb);
            }
            Insn::Mod { dst, lhs, rhs, fb } => {
                self.arithmetic(Arith::Mod, arith::MOD, dst, lhs, rhs, fb);
            }
            Insn::Exp { dst: _, lhs: _, rhs: _, fb: _ } => self.whole(arith::EXP),
            Insn::BitAnd { dst, lhs, rhs, fb } => {
                self.bitwise(Bits::And, arith::BIT_AND, dst, lhs, rhs, fb);
            }
            Insn::BitOr { dst, lhs, rhs, fb } => {
                self.bitwise(Bits::Or, arith::BIT_OR, dst, lhs, rhs, fb);
            }
            Insn::BitXor { dst, lhs, rhs, fb } => {
                self.bitwise(Bits::Xor, arith::BIT_XOR, dst, lhs, rhs, fb);
            }
            Insn::Shl { dst, lhs, rhs, fb } => {
                self.bitwise(Bits::Shl, arith::SHL, dst, lhs, rhs, fb);
            }
            Insn::Shr { dst, lhs, rhs, fb } => {
                self.bitwise(Bits::Shr, arith::SHR, dst, lhs, rhs, fb);
            }
            Insn::UShr { dst, lhs, rhs, fb } => {
                self.bitwise(Bits::UShr, arith::U_SHR, dst, lhs, rhs, fb);
            }
            Insn::AddImm { dst, src, imm, fb } => self.add_immediate(dst, src, imm, fb),
            Insn::Inc { dst, src, fb } => self.step(1, arith::INC, dst, src, fb),
            Insn::Dec { dst, src, fb } => self.step(-1, arith::DEC, dst, src, fb),
            Insn::Neg { dst, src, fb } => self.negate(dst, src, fb),
            Insn::ToNumber { dst, src, fb } => self.number_of(dst, src, fb),
            Insn::BitNot { dst, src, fb } => self.bit_not(dst, src, fb),
            Insn::Not { dst, src } => self.not(dst, src),
            Insn::TypeOf { dst, src } => {
                let v = self.get(src);
                let v = self.call(arith::TYPE_OF, &[v]);
                self.set(dst, v);
            }
            Insn::ToString { dst, src } => self.by_registers(arith::TO_STRING, dst, &[src]),
            Insn::ToKey { dst, src } => self.by_registers(arith::TO_KEY, dst, &[src]),
            Insn::Lt { dst, lhs, rhs, fb } => {
                self.compare_to(comparison(Lt, false, arith::LT), dst, lhs, rhs, fb);
            }
            Insn::Le { dst, lhs, rhs, fb } => {
                self.compare_to(comparison(Le, false, arith::LE), dst, lhs, rhs, fb);
            }
            Insn::Gt { dst, lhs, rhs, fb } => {
                self.compare_to(comparison(Gt, false, arith::GT), dst, lhs, rhs, fb);
            }
            Insn::Ge { dst, lhs, rhs, fb } => {
                self.compare_to(comparison(Ge, false, arith::GE), dst, lhs, rhs, fb);
            }
            Insn::Eq { dst, lhs, rhs, fb } => {
                self.compare_to(comparison(Eq, false, arith::EQ), dst, lhs, rhs, fb);
            }
            Insn::Ne { dst, lhs, rhs, fb } => {
                self.compare_to(comparison(Eq, true, arith::NE), dst, lhs, rhs, fb);
            }
            Insn::StrictEq { dst, lhs, rhs, fb } => {
                self.compare_to(comparison(StrictEq, false, arith::STRICT_EQ), dst, lhs, rhs, fb);
            }
            Insn::StrictNe { dst, lhs, rhs, fb } => {
                self.compare_to(comparison(StrictEq, true, arith::STRICT_NE), dst, lhs, rhs, fb);
            }
            Insn::InstanceOf { dst, lhs, rhs, fb: _ } => self.by_registers(arith::INSTANCE_OF, dst, &[lhs, rhs]),
            Insn::In { dst, key, object, fb } => {
                self.by_registers(arith::HAS_PROPERTY, dst, &[key, object]);
                if self.request.profiles() {
                    let (slot, at) = (self.slot(fb), offset_of!(ElementSlot, flags) as i32);
                    let bits = self.load(I16, slot, at);
                    let bits = self.b.ins().bor_imm_u(bits, element::EXECUTED as i64);
                    self.store(bits, slot, at);
                }
            }

            // ---- control ---------------------------------------------------------------------------------------------
            Insn::Jump { to } => self.jump_to(to),
            Insn::JumpTrue { src, to, fb } => self.jump_boolean(true, src, to, fb),
            Insn::JumpFalse { src, to, fb } => self.jump_boolean(false, src, to, fb),
            Insn::JumpNullish { src, to, fb } => self.jump_nullish(src, to, fb),
            Insn::JumpObject { src, to, fb } => self.jump_object(src, to, fb),
            Insn::JumpUndefined { src, to, fb } => self.jump_undefined(src, to, fb),
            Insn::JumpLt { lhs, rhs, to, fb } => {
                self.jump_compare(comparison(Lt, false, arith::JUMP_LT), lhs, rhs, to, fb);
            }
            Insn::JumpLe { lhs, rhs, to, fb } => {
                self.jump_compare(comparison(Le, false, arith::JUMP_LE), lhs, rhs, to, fb);
            }
            Insn::JumpGt { lhs, rhs, to, fb } => {
                self.jump_compare(comparison(Gt, false, arith::JUMP_GT), lhs, rhs, to, fb);
            }
            Insn::JumpGe { lhs, rhs, to, fb } => {
                self.jump_compare(comparison(Ge, false, arith::JUMP_GE), lhs, rhs, to, fb);
            }
            Insn::JumpNotLt { lhs, rhs, to, fb } => {
                self.jump_compare(comparison(Lt, true, arith::JUMP_NOT_LT), lhs, rhs, to, fb);
            }
            Insn::JumpNotLe { lhs, rhs, to, fb } => {
                self.jump_compare(comparison(Le, true, arith::JUMP_NOT_LE), lhs, rhs, to, fb);
            }
            Insn::JumpNotGt { lhs, rhs, to, fb } => {
                self.jump_compare(comparison(Gt, true, arith::JUMP_NOT_GT), lhs, rhs, to, fb);
            }
            Insn::JumpNotGe { lhs, rhs, to, fb } => {
                self.jump_compare(comparison(Ge, true, arith::JUMP_NOT_GE), lhs, rhs, to, fb);
            }
            Insn::JumpStrictEq { lhs, rhs, to, fb } => {
                self.jump_compare(comparison(StrictEq, false, arith::JUMP_STRICT_EQ), lhs, rhs, to, fb);
            }
            Insn::JumpStrictNe { lhs, rhs, to, fb } => {
                self.jump_compare(comparison(StrictEq, true, arith::JUMP_STRICT_NE), lhs, rhs, to, fb);
            }
            Insn::JumpEq { lhs, rhs, to, fb } => {
                self.jump_compare(comparison(Eq, false, arith::JUMP_EQ), lhs, rhs, to, fb);
            }
            Insn::JumpNe { lhs, rhs, to, fb } => {
                self.jump_compare(comparison(Eq, true, arith::JUMP_NE), lhs, rhs, to, fb);
            }
            Insn::LoopHeader {} => {}
            Insn::Return { src } => {
                let v = self.get(src);
                self.leave(v);
            }
            Insn::ReturnConstruct { src } => self.return_construct(src),
            Insn::Throw { src } => {
                let v = self.get(src);
                self.throw_by(control::THROW, &[v]);
            }
            Insn::ThrowError { kind, text } => {
                let arguments = [self.number(kind), self.constant(text)];
                self.throw_by(control::THROW_ERROR, &arguments);
            }

            // ---- properties ------------------------------------------------------------------------------------------
            Insn::GetProp { dst, object, name, fb } => self.get_property(dst, object, name, fb),
            Insn::SetProp { object, name: _, src, fb } => self.set_property(object, src, fb),
            Insn::GetElem { dst, object, key, fb } => self.get_element(dst, object, key, fb),
            Insn::SetElem { object, key, src, fb } => self.set_element(object, key, src, fb),
            Insn::DeleteProp { dst, object, name } => {
                let (o, name) = (self.get(object), self.constant(name));
                let v = self.try_call(property::DELETE, &[o, name]);
                self.set(dst, v);
            }
            Insn::DeleteElem { dst, object, key } => self.by_registers(property::DELETE, dst, &[object, key]),
            Insn::DefineField { object, name: _, src, fb } => self.define_field(object, src, fb),
            Insn::DefineElem { object, key, src } => self.effect(property::DEFINE_ELEM, &[object, key, src]),
            Insn::DefineMethod { object, key, src, flags } => {
                self.member(property::DEFINE_METHOD, object, key, src, flags);
            }
            Insn::SetFunctionName { src, key, flags } => {
                let arguments = [self.get(src), self.get(key), self.number(flags)];
                self.try_call(property::SET_FUNCTION_NAME, &arguments);
            }
            Insn::SetProto { object, src } => self.effect(property::SET_PROTO, &[object, src]),
            Insn::GetSuper { dst, key, this } => {
                let arguments = [self.regs, self.get(key), self.get(this)];
                let v = self.try_call(property::GET_SUPER, &arguments);
                self.set(dst, v);
            }
            Insn::SetSuper { key, src, this } => {
                let arguments = [self.regs, self.get(key), self.get(src), self.get(this)];
                self.try_call(property::SET_SUPER, &arguments);
            }
            Insn::GetPrivate { dst, object, key, fb: _ } => {
                self.by_registers(property::GET_PRIVATE, dst, &[object, key]);
            }
            Insn::SetPrivate { object, key, src, fb: _ } => self.effect(property::SET_PRIVATE, &[object, key, src]),
            Insn::DefinePrivate { object, key, src, flags } => {
                self.member(property::DEFINE_PRIVATE, object, key, src, flags);
            }
            Insn::HasPrivate { dst, object, key } => self.by_registers(property::HAS_PRIVATE, dst, &[object, key]),
            Insn::NewPrivateName { dst, name } => {
                let name = self.constant(name);
                let v = self.try_call(property::NEW_PRIVATE_NAME, &[name]);
                self.set(dst, v);
            }

            // ---- calls -----------------------------------------------------------------------------------------------
            Insn::Call { dst, base, argc, fb } => self.call_value(dst, base, argc, fb),
            Insn::New { dst, base, argc, fb } => self.construct(dst, base, argc, fb),
            Insn::CallSpread { dst, base, fb } => self.spread(call::CALL_SPREAD, dst, base, fb),
            Insn::NewSpread { dst, base, fb } => self.spread(call::NEW_SPREAD, dst, base, fb),
            Insn::SuperCall { dst, callee, new_target, base, argc, fb } => {
                let (callee, target, area) = (self.get(callee), self.get(new_target), self.address(base));
                let (argc, slot) = (self.number(argc), self.slot(fb));
                let v = self.try_call(call::SUPER_CALL, &[callee, target, area, argc, slot]);
                self.set(dst, v);
            }
            Insn::SuperCallSpread { dst, callee, new_target, base, fb } => {
                let (callee, target, area) = (self.get(callee), self.get(new_target), self.address(base));
                let slot = self.slot(fb);
                let v = self.try_call(call::SUPER_CALL_SPREAD, &[callee, target, area, slot]);
                self.set(dst, v);
            }
            Insn::InitFields { callee, object } => self.effect(call::INIT_FIELDS, &[callee, object]),
            Insn::Intrinsic { dst, id, base, argc } => {
                let (id, first, argc) = (self.number(id), self.address(Reg(base.0 + 2)), self.number(argc));
                let v = self.try_call(call::INTRINSIC, &[id, first, argc]);
                self.set(dst, v);
            }

            // ---- allocation ------------------------------------------------------------------------------------------
            Insn::NewClosure { dst, func, scope } => {
                let (index, scope) = (self.number(func), self.get(scope));
                let v = self.try_call(object::NEW_CLOSURE, &[self.regs, index, scope]);
                self.set(dst, v);
            }
            Insn::NewObject { dst, count, fb } => {
                let (count, slot) = (self.number(count), self.slot(fb));
                let v = self.try_call(object::NEW_OBJECT, &[count, slot]);
                self.set(dst, v);
            }
            Insn::NewArray { dst, base, count, fb } => {
                let (first, count, slot) = (self.address(base), self.number(count), self.slot(fb));
                let v = self.try_call(object::NEW_ARRAY, &[first, count, slot]);
                self.set(dst, v);
            }
            Insn::ArrayPush { array, src } => self.effect(object::ARRAY_PUSH, &[array, src]),
            Insn::ArraySpread { array, src } => {
                let arguments = [self.regs, self.get(array), self.get(src), self.offset()];
                self.try_call(object::ARRAY_SPREAD, &arguments);
            }
            Insn::CopyProps { object, src, excluded } => self.effect(object::COPY_PROPS, &[object, src, excluded]),
            Insn::NewClass { ctor, func, scope, parent } => {
                let (index, to) = (self.number(func), self.address(ctor));
                let arguments = [self.regs, index, self.get(scope), self.get(parent), to];
                self.try_call(object::NEW_CLASS, &arguments);
            }
            Insn::SetFieldInit { ctor, src } => self.effect(object::SET_FIELD_INIT, &[ctor, src]),
            Insn::TemplateObject { dst, base, count, fb } => {
                let (first, count, slot) = (self.address(base), self.number(count), self.slot(fb));
                let v = self.try_call(object::TEMPLATE_OBJECT, &[first, count, slot]);
                self.set(dst, v);
            }
            Insn::NewRegExp { dst, pattern, flags } => {
                let (pattern, flags) = (self.constant(pattern), self.constant(flags));
                let v = self.try_call(object::NEW_REGEXP, &[pattern, flags]);
                self.set(dst, v);
            }

            // ---- iteration -------------------------------------------------------------------------------------------
            Insn::IterInit { iter, src, fb } => {
                let (state, src) = (self.address(iter), self.get(src));
                let (offset, slot) = (self.offset(), self.slot(fb));
                self.try_call(object::ITER_INIT, &[self.regs, state, src, offset, slot]);
            }
            Insn::IterNext { dst, iter, exit, fb: _ } => self.iter_next(dst, iter, exit),
            Insn::IterClose { iter } => {
                let state = self.address(iter);
                self.try_call(object::ITER_CLOSE, &[state]);
            }
            Insn::EnumInit { iter, src } => {
                let (state, src) = (self.address(iter), self.get(src));
                self.try_call(object::ENUM_INIT, &[state, src]);
            }
            Insn::EnumNext { dst, iter, exit } => self.step_by(object::ENUM_NEXT, dst, iter, exit),
            Insn::CheckObject { src } => {
                let v = self.get(src);
                let nullish = self.is_nullish(v);
                self.throw_if(nullish, object::THROW_NOT_DESTRUCTURABLE, |e| vec![e.regs, v, e.offset()]);
            }
        }
    }

    fn spread(&mut self, helper: Helper, dst: Reg, base: Reg, fb: u16) {
        let callee = self.get(base);
        self.record_call(callee, fb);
        let (area, offset) = (self.address(base), self.offset());
        let v = self.try_call(helper, &[self.regs, area, offset]);
        self.set(dst, v);
    }
}
