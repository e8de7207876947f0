//! Assignment in all its forms: plain, compound, logical, increment and decrement, and `delete`. Targets are evaluated
//! once, left to right, before the value, as the language demands.

use super::Lowerer;
use super::expressions::{binary_insn, is_anonymous_definition};
use crate::bytecode::ops::{Insn, Reg};
use crate::frontend::scope::{VarId, VarKind};
use oxc_ast::ast::*;
use oxc_span::GetSpan;

/// Where a property lives while its old value is read and its new one written.
pub(super) enum Place {
    Named { object: Reg, name: u16 },
    Element { object: Reg, key: Reg },
    Private { object: Reg, key: Reg },
    Super { key: Reg, this: Reg },
}

/// The name that an anonymous function gets from the variable it is assigned to: none if that stands in parentheses.
fn function_name<'n>(it: &AssignmentExpression<'_>, name: &'n str) -> Option<&'n str> {
    (it.span.start == it.left.span().start).then_some(name)
}

impl<'a> Lowerer<'_, 'a> {
    /// `name = e` where the name is a variable in a register: assigns and returns the register.
    pub(super) fn assignment_in_place(&mut self, it: &AssignmentExpression<'a>) -> Option<Reg> {
        let AssignmentTarget::AssignmentTargetIdentifier(id) = &it.left else { return None };
        let var = self.var_of(id)?;
        if it.operator.is_logical() || self.constant_write(var) != Constant::No || self.register_of(var).is_none() {
            return None;
        }
        self.assignment_effect(it);
        self.register_of(var)
    }

    pub(super) fn assignment_effect(&mut self, it: &AssignmentExpression<'a>) {
        let mark = self.mark();
        if let AssignmentTarget::AssignmentTargetIdentifier(id) = &it.left
            && !it.operator.is_logical()
            && let Some(var) = self.var_of(id)
            && self.constant_write(var) == Constant::No
            && let Some(dst) = self.register_of(var)
            && !self.a.must_check(id.span.start)
        {
            self.assign_register(it, dst, &id.name);
        } else if it.operator.is_assign() && self.assign_pairwise(&it.left, &it.right) {
            // Nothing is left to do.
        } else {
            let r = self.temp();
            self.assignment(it, r);
        }
        self.release(mark);
    }

    pub(super) fn assignment_to(&mut self, it: &AssignmentExpression<'a>, dst: Reg) {
        let scratch = self.scratch_for(dst);
        let value = self.assignment(it, scratch);
        self.move_to(dst, value);
    }

    /// `x = e` and `x op= e` straight into the variable's register.
    fn assign_register(&mut self, it: &AssignmentExpression<'a>, dst: Reg, name: &str) {
        let Some(operator) = it.operator.to_binary_operator() else {
            return self.named_expr_to(&it.right, dst, function_name(it, name));
        };
        if let Some(insn) = self.immediate_form(operator, dst, &it.right, dst) {
            self.at(it.left.span().start);
            return self.emit(insn);
        }
        let lhs = self.keep(dst, &[&it.right]);
        let rhs = self.operand(&it.right);
        self.at(self.token_after(it.left.span().end));
        self.emit(binary_insn(operator, dst, lhs, rhs));
    }

    /// Any assignment; `scratch` is a temporary that may be used. Returns where the value is.
    fn assignment(&mut self, it: &AssignmentExpression<'a>, scratch: Reg) -> Reg {
        if it.operator.is_logical() {
            return self.logical_assignment(it, scratch);
        }
        match &it.left {
            AssignmentTarget::AssignmentTargetIdentifier(id) => self.assign_name(it, id, scratch),
            AssignmentTarget::ArrayAssignmentTarget(_) | AssignmentTarget::ObjectAssignmentTarget(_) => {
                let value = self.operand_hint(&it.right, Some(scratch));
                let value = if self.held(value).is_some() {
                    self.move_to(scratch, value);
                    scratch
                } else {
                    value
                };
                let text = self.callee_text(&it.right);
                self.at(it.left.span().start);
                self.assign_target(&it.left, value, &text);
                value
            }
            target => self.assign_member(it, target.to_member_expression(), scratch),
        }
    }

    fn assign_name(&mut self, it: &AssignmentExpression<'a>, id: &IdentifierReference<'a>, scratch: Reg) -> Reg {
        let var = self.var_of(id);
        let value = match it.operator.to_binary_operator() {
            None if is_anonymous_definition(&it.right) => {
                self.named_expr_to(&it.right, scratch, function_name(it, &id.name));
                scratch
            }
            None => self.operand_hint(&it.right, Some(scratch)),
            Some(operator) => {
                let lhs = match var {
                    Some(var) => self.read_var(var, Some(scratch), id.span.start),
                    None => {
                        self.at(id.span.start);
                        let name = self.f.asm.string(&id.name);
                        self.emit(Insn::GetGlobal { dst: scratch, name, fb: 0 });
                        scratch
                    }
                };
                self.binary_with(operator, lhs, it, scratch);
                scratch
            }
        };
        self.at(if it.operator.is_assign() { self.token_after(id.span.end) } else { id.span.start });
        self.store_name(id, var, value);
        value
    }

    fn binary_with(&mut self, operator: BinaryOperator, lhs: Reg, it: &AssignmentExpression<'a>, dst: Reg) {
        if let Some(insn) = self.immediate_form(operator, lhs, &it.right, dst) {
            self.at(it.left.span().start);
            return self.emit(insn);
        }
        let lhs = self.keep(lhs, &[&it.right]);
        let rhs = self.operand(&it.right);
        self.at(self.token_after(it.left.span().end));
        self.emit(binary_insn(operator, dst, lhs, rhs));
    }

    /// Stores to a name: a variable, a constant (which throws), or nothing that is declared.
    pub(super) fn store_name(&mut self, id: &IdentifierReference<'a>, var: Option<VarId>, value: Reg) {
        let Some(var) = var else {
            return self.store_undeclared(&id.name, value);
        };
        match self.constant_write(var) {
            Constant::No => self.write_var(var, value, id.span.start),
            Constant::Ignored => {}
            Constant::Throws => {
                if self.a.must_check(id.span.start) {
                    let mark = self.mark();
                    self.read_var(var, None, id.span.start);
                    self.release(mark);
                }
                let name = self.f.asm.string(&self.a.var(var).name);
                self.emit_throw_assign(name, 0);
            }
        }
    }

    /// Assigns to a name that nothing declares: a property of the global object, which strict code does not make.
    fn store_undeclared(&mut self, name: &str, src: Reg) {
        let mark = self.mark();
        let (object, global) = (self.temp(), self.f.asm.string("globalThis"));
        self.emit(Insn::GetGlobal { dst: object, name: global, fb: 0 });
        if self.f.strict && !self.options.session {
            let (key, present) = (self.temp(), self.f.asm.label());
            self.load_string(key, name);
            self.emit(Insn::In { dst: key, key, object, fb: 0 });
            self.f.asm.emit_jump(Insn::JumpTrue { src: key, to: 0, fb: 0 }, present);
            let name = self.f.asm.string(name);
            self.emit_throw_assign(name, 1);
            self.f.asm.bind(present);
        }
        let name = self.f.asm.string(name);
        self.emit(Insn::SetProp { object, name, src, fb: 0 });
        self.release(mark);
    }

    /// What follows a throw is dead, but the tree around still expects code after it.
    fn emit_throw_assign(&mut self, name: u16, kind: u16) {
        self.emit(Insn::ThrowAssign { name, kind });
    }

    fn constant_write(&self, var: VarId) -> Constant {
        let v = self.a.var(var);
        match v.kind {
            VarKind::Const => Constant::Throws,
            VarKind::FunctionName if self.f.strict => Constant::Throws,
            VarKind::FunctionName => Constant::Ignored,
            // A class expression's own name belongs to the block of the class.
            VarKind::Class if self.classes.iter().any(|(c, _)| *c == v.scope) => Constant::Throws,
            VarKind::Var
            | VarKind::Let
            | VarKind::Class
            | VarKind::Function
            | VarKind::Param
            | VarKind::CatchParam
            | VarKind::Hidden => Constant::No,
        }
    }

    fn assign_member(&mut self, it: &AssignmentExpression<'a>, member: &MemberExpression<'a>, scratch: Reg) -> Reg {
        let later = [&it.right];
        match it.operator.to_binary_operator() {
            None => {
                let place = self.place(member, &later, None);
                let value = match is_anonymous_definition(&it.right) {
                    true => {
                        self.named_expr_to(&it.right, scratch, None);
                        scratch
                    }
                    false => self.operand_hint(&it.right, Some(scratch)),
                };
                self.at(self.token_after(it.left.span().end));
                self.store(&place, value);
                value
            }
            Some(operator) => {
                let place = self.place(member, &later, None);
                self.load(&place, scratch);
                self.binary_with(operator, scratch, it, scratch);
                self.at(self.token_after(it.left.span().end));
                self.store(&place, scratch);
                scratch
            }
        }
    }

    /// Evaluates object and key of a property; both survive lowering of `later`.
    fn place(&mut self, it: &MemberExpression<'a>, later: &[&Expression<'a>], hint: Option<Reg>) -> Place {
        if matches!(it.object(), Expression::Super(_)) {
            let (key, this) = self.super_key(it);
            return Place::Super { key, this };
        }
        let object = self.operand_hint(it.object(), hint);
        match it {
            MemberExpression::StaticMemberExpression(m) => {
                let object = self.keep(object, later);
                let name = self.f.asm.string(&m.property.name);
                Place::Named { object, name }
            }
            MemberExpression::ComputedMemberExpression(m) => {
                let mut all = vec![&m.expression];
                all.extend(later);
                let object = self.keep(object, &all);
                if let Some(name) = self.constant_name(&m.expression) {
                    return Place::Named { object, name };
                }
                let key = self.operand(&m.expression);
                let key = self.keep(key, later);
                Place::Element { object, key }
            }
            MemberExpression::PrivateFieldExpression(m) => {
                let object = self.keep(object, later);
                let key = self.private_name(&m.field.name);
                Place::Private { object, key }
            }
        }
    }

    fn load(&mut self, place: &Place, dst: Reg) {
        match *place {
            Place::Named { object, name } => self.emit(Insn::GetProp { dst, object, name, fb: 0 }),
            Place::Element { object, key } => self.emit(Insn::GetElem { dst, object, key, fb: 0 }),
            Place::Private { object, key } => self.emit(Insn::GetPrivate { dst, object, key, fb: 0 }),
            Place::Super { key, this } => self.emit(Insn::GetSuper { dst, key, this }),
        }
    }

    fn store(&mut self, place: &Place, src: Reg) {
        match *place {
            Place::Named { object, name } => self.emit(Insn::SetProp { object, name, src, fb: 0 }),
            Place::Element { object, key } => self.emit(Insn::SetElem { object, key, src, fb: 0 }),
            Place::Private { object, key } => self.emit(Insn::SetPrivate { object, key, src, fb: 0 }),
            Place::Super { key, this } => self.emit(Insn::SetSuper { key, src, this }),
        }
    }

    fn logical_assignment(&mut self, it: &AssignmentExpression<'a>, scratch: Reg) -> Reg {
        let operator = it.operator.to_logical_operator().expect("the operator is logical");
        let end = self.f.asm.label();
        match &it.left {
            AssignmentTarget::AssignmentTargetIdentifier(id) => {
                let var = self.var_of(id);
                match var {
                    Some(var) => {
                        let r = self.read_var(var, Some(scratch), id.span.start);
                        self.move_to(scratch, r);
                    }
                    None => {
                        self.at(id.span.start);
                        let name = self.f.asm.string(&id.name);
                        self.emit(Insn::GetGlobal { dst: scratch, name, fb: 0 });
                    }
                }
                self.logical_jump(operator, scratch, end);
                self.named_expr_to(&it.right, scratch, Some(&id.name));
                self.store_name(id, var, scratch);
            }
            target => {
                let place = self.place(target.to_member_expression(), &[&it.right], None);
                self.load(&place, scratch);
                self.logical_jump(operator, scratch, end);
                self.expr_to(&it.right, scratch);
                self.at(self.token_after(it.left.span().end));
                self.store(&place, scratch);
            }
        }
        self.f.asm.bind(end);
        scratch
    }

    /// `++` and `--`; `dst` receives the value if it is wanted.
    pub(super) fn update_to(&mut self, it: &UpdateExpression<'a>, dst: Option<Reg>) {
        let step = |dst: Reg, src: Reg| match it.operator {
            UpdateOperator::Increment => Insn::Inc { dst, src, fb: 0 },
            UpdateOperator::Decrement => Insn::Dec { dst, src, fb: 0 },
        };
        // What the expression yields on the way to `dst`, which may be the very variable that is stepped.
        let result = dst.map(|d| self.scratch_for(d));
        match &it.argument {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(id) => {
                let var = self.var_of(id);
                let in_place =
                    var.filter(|v| self.constant_write(*v) == Constant::No).and_then(|v| self.register_of(v));
                if let (Some(r), false) = (in_place, self.a.must_check(id.span.start)) {
                    self.at(it.span.start);
                    match result {
                        Some(result) if !it.prefix => {
                            self.emit(Insn::ToNumber { dst: result, src: r, fb: 0 });
                            self.emit(step(r, result));
                        }
                        _ => self.emit(step(r, r)),
                    }
                    if let (Some(dst), Some(result)) = (dst, result) {
                        self.move_to(dst, if it.prefix { r } else { result });
                    }
                    return;
                }
                let old = match var {
                    Some(var) => self.read_var(var, None, id.span.start),
                    None => {
                        let r = self.temp();
                        self.at(id.span.start);
                        let name = self.f.asm.string(&id.name);
                        self.emit(Insn::GetGlobal { dst: r, name, fb: 0 });
                        r
                    }
                };
                let new = self.step_value(it, old, result, step);
                self.store_name(id, var, new);
            }
            target => {
                let place = self.place(target.to_member_expression(), &[], None);
                let old = self.temp();
                self.load(&place, old);
                let new = self.step_value(it, old, result, step);
                self.store(&place, new);
            }
        }
        if let (Some(dst), Some(result)) = (dst, result) {
            self.move_to(dst, result);
        }
    }

    /// Computes the new value; leaves what the expression yields in `result`.
    fn step_value(
        &mut self,
        it: &UpdateExpression<'a>,
        old: Reg,
        result: Option<Reg>,
        step: impl Fn(Reg, Reg) -> Insn,
    ) -> Reg {
        self.at(it.span.start);
        let new = match result {
            Some(r) if it.prefix => r,
            _ => self.temp(),
        };
        match result {
            Some(result) if !it.prefix => {
                self.emit(Insn::ToNumber { dst: result, src: old, fb: 0 });
                self.emit(step(new, result));
            }
            _ => self.emit(step(new, old)),
        }
        new
    }

    pub(super) fn delete_to(&mut self, it: &UnaryExpression<'a>, dst: Reg) {
        match &it.argument {
            Expression::ChainExpression(chain) if chain.expression.is_member_expression() => {
                let (nil, end) = (self.f.asm.label(), self.f.asm.label());
                self.f.chain_exits.push(nil);
                self.delete_member(chain.expression.to_member_expression(), it.span.start, dst);
                self.f.chain_exits.pop();
                self.jump(end);
                self.f.asm.bind(nil);
                self.emit(Insn::LoadTrue { dst });
                self.f.asm.bind(end);
            }
            argument if argument.is_member_expression() => {
                self.delete_member(argument.to_member_expression(), it.span.start, dst);
            }
            argument => {
                self.effect(argument);
                self.emit(Insn::LoadTrue { dst });
            }
        }
    }

    fn delete_member(&mut self, it: &MemberExpression<'a>, position: u32, dst: Reg) {
        if matches!(it.object(), Expression::Super(_)) {
            let text = self.f.asm.string("Unsupported reference to 'super'");
            let kind = crate::bytecode::function::ThrowKind::Reference as u16;
            self.at(position);
            return self.emit(Insn::ThrowError { kind, text });
        }
        let object = self.operand(it.object());
        if it.optional() {
            self.short_circuit(object);
        }
        match it {
            MemberExpression::StaticMemberExpression(m) => {
                let name = self.f.asm.string(&m.property.name);
                self.at(position);
                self.emit(Insn::DeleteProp { dst, object, name });
            }
            MemberExpression::ComputedMemberExpression(m) => {
                let object = self.keep(object, &[&m.expression]);
                let key = self.operand(&m.expression);
                self.at(position);
                self.emit(Insn::DeleteElem { dst, object, key });
            }
            MemberExpression::PrivateFieldExpression(_) => unreachable!("the parser refuses delete of private members"),
        }
    }

    // ---- targets of destructuring and loops --------------------------------------------------------------------

    /// Assigns a value to a target. `text` describes the value for errors.
    pub(super) fn assign_target(&mut self, target: &AssignmentTarget<'a>, value: Reg, text: &str) {
        let mark = self.mark();
        match target {
            AssignmentTarget::AssignmentTargetIdentifier(id) => {
                let var = self.var_of(id);
                self.at(id.span.start);
                self.store_name(id, var, value);
            }
            AssignmentTarget::ArrayAssignmentTarget(it) => self.assign_array(it, value, text),
            AssignmentTarget::ObjectAssignmentTarget(it) => self.assign_object(it, value, text),
            other => {
                let place = self.place(other.to_member_expression(), &[], None);
                self.assign_prepared(other, Some(place), value, text);
            }
        }
        self.release(mark);
    }

    /// Evaluates object and key of a target that is a property; they survive lowering of `later`.
    pub(super) fn place_of_target(
        &mut self,
        target: &AssignmentTarget<'a>,
        later: &[&Expression<'a>],
    ) -> Option<Place> {
        target.as_member_expression().map(|member| self.place(member, later, None))
    }

    /// Assigns to a target whose object and key, if it has them, are evaluated already.
    pub(super) fn assign_prepared(
        &mut self,
        target: &AssignmentTarget<'a>,
        place: Option<Place>,
        value: Reg,
        text: &str,
    ) {
        match place {
            Some(place) => {
                self.at(target.span().start);
                self.store(&place, value);
            }
            None => self.assign_target(target, value, text),
        }
    }
}

/// What an assignment to a variable does.
#[derive(PartialEq, Eq)]
enum Constant {
    /// It assigns.
    No,
    /// Nothing: a function expression's own name in sloppy code.
    Ignored,
    /// It throws a TypeError.
    Throws,
}
