//! Expressions: each is lowered into a register that its consumer names; where none is named, a temporary is taken.
//! Locals that nothing can change before their use are read in place, without a copy.

use super::Lowerer;
use crate::bytecode::function::DefineFlags;
use crate::bytecode::ops::{Insn, Reg};
use oxc_ast::ast::*;
use oxc_span::GetSpan;

/// Elements of an array literal that are passed in a window; the rest is appended.
const ARRAY_WINDOW: usize = 64;

impl<'a> Lowerer<'_, 'a> {
    /// The value of an expression, read in place if it is a variable, else in a new temporary.
    pub(super) fn operand(&mut self, e: &Expression<'a>) -> Reg {
        self.operand_hint(e, None)
    }

    /// As [`Lowerer::operand`], with a register that may be used instead of a new one.
    pub(super) fn operand_hint(&mut self, e: &Expression<'a>, hint: Option<Reg>) -> Reg {
        match e {
            Expression::Identifier(id) => {
                if let Some(var) = self.var_of(id) {
                    return self.read_var(var, hint, id.span.start);
                }
            }
            Expression::ThisExpression(it) => return self.this(it.span.start, hint),
            Expression::AssignmentExpression(it) => {
                if let Some(r) = self.assignment_in_place(it) {
                    return r;
                }
            }
            _ => {}
        }
        let dst = match hint {
            Some(r) if self.held(r).is_none() => r,
            _ => self.temp(),
        };
        self.expr_to(e, dst);
        dst
    }

    /// As [`Lowerer::expr_to`]; an anonymous function or class gets a name.
    pub(super) fn named_expr_to(&mut self, e: &Expression<'a>, dst: Reg, name: Option<&str>) {
        let name = name.unwrap_or("");
        match e {
            Expression::FunctionExpression(f) if f.id.is_none() => {
                self.at(f.span.start);
                self.function_closure(dst, f, name);
            }
            Expression::ArrowFunctionExpression(f) => {
                self.at(f.span.start);
                self.arrow_closure(dst, f, name);
            }
            Expression::ClassExpression(c) if c.id.is_none() => self.class_to(c, dst, name, None),
            _ => self.expr_to(e, dst),
        }
    }

    /// Evaluates an expression for its effects.
    pub(super) fn effect(&mut self, e: &Expression<'a>) {
        let mark = self.mark();
        match e {
            Expression::AssignmentExpression(it) => self.assignment_effect(it),
            Expression::UpdateExpression(it) => self.update_to(it, None),
            Expression::SequenceExpression(it) => {
                for e in &it.expressions {
                    self.effect(e);
                }
            }
            Expression::LogicalExpression(it) if it.operator != LogicalOperator::Coalesce => {
                let end = self.f.asm.label();
                self.jump_if(&it.left, it.operator == LogicalOperator::Or, end);
                self.effect(&it.right);
                self.f.asm.bind(end);
            }
            Expression::ConditionalExpression(it) => {
                let (otherwise, end) = (self.f.asm.label(), self.f.asm.label());
                self.jump_if(&it.test, false, otherwise);
                self.effect(&it.consequent);
                self.jump(end);
                self.f.asm.bind(otherwise);
                self.effect(&it.alternate);
                self.f.asm.bind(end);
            }
            Expression::UnaryExpression(it) if it.operator == UnaryOperator::Void => self.effect(&it.argument),
            Expression::FunctionExpression(_) | Expression::ArrowFunctionExpression(_) => {}
            _ if e.is_literal() && !matches!(e, Expression::RegExpLiteral(_)) => {}
            _ => {
                self.operand(e);
            }
        }
        self.release(mark);
    }

    /// The value of an expression into a register. If that holds a variable, the last instruction writes it.
    pub(super) fn expr_to(&mut self, e: &Expression<'a>, dst: Reg) {
        let mark = self.mark();
        match e {
            Expression::BooleanLiteral(it) if it.value => self.emit(Insn::LoadTrue { dst }),
            Expression::BooleanLiteral(_) => self.emit(Insn::LoadFalse { dst }),
            Expression::NullLiteral(_) => self.emit(Insn::LoadNull { dst }),
            Expression::NumericLiteral(it) => self.load_number(dst, it.value),
            Expression::StringLiteral(it) => {
                let constant = self.f.asm.string_units(decode(&it.value, it.lone_surrogates));
                self.emit(Insn::LoadConst { dst, constant });
            }
            Expression::RegExpLiteral(it) => {
                self.at(it.span.start);
                let pattern = self.f.asm.string(&it.regex.pattern.text);
                let flags = self.f.asm.string(&it.regex.flags.to_string());
                self.emit(Insn::NewRegExp { dst, pattern, flags });
            }
            Expression::TemplateLiteral(it) => self.template_to(it, dst),
            Expression::Identifier(it) => self.identifier_to(it, dst),
            Expression::ThisExpression(it) => {
                let src = self.this(it.span.start, Some(dst));
                self.move_to(dst, src);
            }
            Expression::NewTarget(_) => self.new_target_to(dst),
            Expression::ArrayExpression(_) | Expression::ObjectExpression(_) if self.data_to(e, dst) => {}
            Expression::ArrayExpression(it) => self.array_to(it, dst),
            Expression::ObjectExpression(it) => self.object_to(it, dst),
            Expression::FunctionExpression(it) => {
                self.at(it.span.start);
                self.function_closure(dst, it, "");
            }
            Expression::ArrowFunctionExpression(it) => {
                self.at(it.span.start);
                self.arrow_closure(dst, it, "");
            }
            Expression::ClassExpression(it) => {
                let name = it.id.as_ref().map_or("", |i| i.name.as_str());
                self.class_to(it, dst, name, None);
            }
            Expression::AssignmentExpression(it) => self.assignment_to(it, dst),
            Expression::UpdateExpression(it) => self.update_to(it, Some(dst)),
            Expression::BinaryExpression(it) => self.binary_to(it, dst),
            Expression::LogicalExpression(it) => self.logical_to(it, dst),
            Expression::UnaryExpression(it) => self.unary_to(it, dst),
            Expression::ConditionalExpression(it) => {
                let (otherwise, end) = (self.f.asm.label(), self.f.asm.label());
                self.jump_if(&it.test, false, otherwise);
                self.expr_to(&it.consequent, dst);
                self.jump(end);
                self.f.asm.bind(otherwise);
                self.expr_to(&it.alternate, dst);
                self.f.asm.bind(end);
            }
            Expression::SequenceExpression(it) => {
                let (last, first) = it.expressions.split_last().expect("a sequence is not empty");
                for e in first {
                    self.effect(e);
                }
                self.expr_to(last, dst);
            }
            Expression::CallExpression(it) => self.call_to(it, dst),
            Expression::NewExpression(it) => self.new_to(it, dst),
            Expression::ChainExpression(it) => self.chain_to(it, dst),
            Expression::TaggedTemplateExpression(it) => self.tagged_template_to(it, dst),
            Expression::PrivateInExpression(it) => {
                let object = self.operand(&it.right);
                let key = self.private_name(&it.left.name);
                self.at(it.span.start);
                self.emit(Insn::HasPrivate { dst, object, key });
            }
            Expression::V8IntrinsicExpression(it) => self.intrinsic_to(it, dst),
            Expression::StaticMemberExpression(_)
            | Expression::ComputedMemberExpression(_)
            | Expression::PrivateFieldExpression(_) => self.member_to(e.to_member_expression(), dst),
            Expression::ParenthesizedExpression(it) => self.expr_to(&it.expression, dst),
            _ => unreachable!("the subset was checked: no other expression is accepted"),
        }
        self.release(mark);
    }

    fn identifier_to(&mut self, it: &IdentifierReference<'a>, dst: Reg) {
        if let Some(var) = self.var_of(it) {
            // A value that is checked must not pass through a variable's register.
            let hint = if self.a.must_check(it.span.start) { self.scratch_for(dst) } else { dst };
            let direct = self.held(dst).is_some() && hint == dst && self.register_of(var).is_none();
            if direct {
                let holder = self.held(dst);
                self.set_holds(dst, None);
                self.read_var(var, Some(dst), it.span.start);
                self.set_holds(dst, holder);
                return;
            }
            let src = self.read_var(var, Some(hint), it.span.start);
            self.move_to(dst, src);
            return;
        }
        match it.name.as_str() {
            "undefined" => self.load_undefined(dst),
            "NaN" => self.load_number(dst, f64::NAN),
            "Infinity" => self.load_number(dst, f64::INFINITY),
            name => {
                self.at(it.span.start);
                let name = self.f.asm.string(name);
                self.emit(Insn::GetGlobal { dst, name, fb: 0 });
            }
        }
    }

    fn new_target_to(&mut self, dst: Reg) {
        use crate::frontend::scope::Special;
        let owner = self.a.this_owner(self.f.id);
        if owner == self.f.id {
            let src = self.f.new_target.expect("a function that reads new.target loads it");
            self.move_to(dst, src);
        } else {
            let var = self.a.special(owner, Special::NewTarget).expect("an arrow that reads new.target captures it");
            let src = self.read_var(var, Some(dst), u32::MAX);
            self.move_to(dst, src);
        }
    }

    pub(super) fn template_to(&mut self, it: &TemplateLiteral<'a>, dst: Reg) {
        let acc = self.scratch_for(dst);
        let mut have = false;
        for (i, quasi) in it.quasis.iter().enumerate() {
            let cooked = quasi.value.cooked.as_ref().unwrap_or(&quasi.value.raw);
            if !cooked.is_empty() || (it.expressions.is_empty() && i == 0) {
                let mark = self.mark();
                let constant = self.f.asm.string_units(decode(cooked, quasi.lone_surrogates));
                if have {
                    let rhs = self.temp();
                    self.emit(Insn::LoadConst { dst: rhs, constant });
                    self.emit(Insn::Add { dst: acc, lhs: acc, rhs, fb: 0 });
                } else {
                    self.emit(Insn::LoadConst { dst: acc, constant });
                }
                have = true;
                self.release(mark);
            }
            if let Some(e) = it.expressions.get(i) {
                let mark = self.mark();
                let part = if have { self.temp() } else { acc };
                let src = self.operand_hint(e, Some(part));
                self.at(e.span().start);
                self.emit(Insn::ToString { dst: part, src });
                if have {
                    self.emit(Insn::Add { dst: acc, lhs: acc, rhs: part, fb: 0 });
                }
                have = true;
                self.release(mark);
            }
        }
        self.move_to(dst, acc);
    }

    pub(super) fn array_to(&mut self, it: &ArrayExpression<'a>, dst: Reg) {
        self.at(it.span.start);
        let plain = it
            .elements
            .iter()
            .position(|e| matches!(e, ArrayExpressionElement::SpreadElement(_) | ArrayExpressionElement::Elision(_)))
            .unwrap_or(it.elements.len());
        let in_window = plain.min(ARRAY_WINDOW);
        let array = if in_window == it.elements.len() { dst } else { self.scratch_for(dst) };
        let mark = self.mark();
        let base = self.temps(in_window);
        for (i, e) in it.elements[..in_window].iter().enumerate() {
            let slot = Reg(base.0 + i as u16);
            self.set_holds(slot, None);
            self.expr_to(e.to_expression(), slot);
        }
        self.at(it.span.start);
        self.emit(Insn::NewArray { dst: array, base, count: in_window as u16, fb: 0 });
        self.release(mark);
        for e in &it.elements[in_window..] {
            let mark = self.mark();
            match e {
                ArrayExpressionElement::SpreadElement(spread) => {
                    let src = self.operand(&spread.argument);
                    let text = self.callee_text(&spread.argument);
                    self.at(spread.argument.span().start);
                    self.f.asm.describe_next(&text);
                    self.emit(Insn::ArraySpread { array, src });
                }
                ArrayExpressionElement::Elision(_) => {
                    let src = self.temp();
                    self.emit(Insn::LoadHole { dst: src });
                    self.emit(Insn::ArrayPush { array, src });
                }
                other => {
                    let src = self.operand(other.to_expression());
                    self.emit(Insn::ArrayPush { array, src });
                }
            }
            self.release(mark);
        }
        self.move_to(dst, array);
    }

    fn object_to(&mut self, it: &ObjectExpression<'a>, dst: Reg) {
        self.at(it.span.start);
        let object = self.scratch_for(dst);
        let named = it.properties.iter().filter(|p| matches!(p, ObjectPropertyKind::ObjectProperty(_))).count();
        self.emit(Insn::NewObject { dst: object, count: named.min(0xFFFF) as u16, fb: 0 });
        for p in &it.properties {
            let mark = self.mark();
            match p {
                ObjectPropertyKind::SpreadProperty(spread) => {
                    let src = self.operand(&spread.argument);
                    let excluded = self.temp();
                    self.load_undefined(excluded);
                    self.at(spread.span.start);
                    self.emit(Insn::CopyProps { object, src, excluded });
                }
                ObjectPropertyKind::ObjectProperty(p) => self.object_property(p, object),
            }
            self.release(mark);
        }
        self.move_to(dst, object);
    }

    fn object_property(&mut self, p: &ObjectProperty<'a>, object: Reg) {
        self.at(p.span.start);
        let accessor = match p.kind {
            PropertyKind::Get => DefineFlags::GETTER,
            PropertyKind::Set => DefineFlags::SETTER,
            PropertyKind::Init => DefineFlags::METHOD,
        };
        let is_method = p.method || p.kind != PropertyKind::Init;
        if let (true, Expression::FunctionExpression(f)) = (is_method, &p.value) {
            let key = self.property_key(&p.key, p.computed);
            let src = self.temp();
            let name = self.static_key_name(&p.key, p.computed).map_or(String::new(), |n| accessor_name(&n, accessor));
            self.method_closure(p.span.start, src, f, &name);
            if p.computed {
                self.emit(Insn::SetFunctionName { src, key, flags: accessor });
            }
            self.emit(Insn::DefineMethod { object, key, src, flags: accessor | DefineFlags::ENUMERABLE });
            return;
        }
        if p.computed {
            let key = self.property_key(&p.key, true);
            let src = self.temp();
            let anonymous = is_anonymous_definition(&p.value);
            self.expr_to(&p.value, src);
            if anonymous {
                self.emit(Insn::SetFunctionName { src, key, flags: DefineFlags::METHOD });
            }
            self.at(p.span.start);
            self.emit(Insn::DefineElem { object, key, src });
            return;
        }
        let name = self.static_key_name(&p.key, false).unwrap_or_default();
        if name == "__proto__" && !p.shorthand {
            let src = self.operand(&p.value);
            self.emit(Insn::SetProto { object, src });
            return;
        }
        let src = match is_anonymous_definition(&p.value) {
            true => {
                let r = self.temp();
                self.named_expr_to(&p.value, r, Some(&name));
                r
            }
            false => self.operand(&p.value),
        };
        self.at(p.span.start);
        self.define_named(object, &p.key, &name, src);
    }

    /// Defines an own data property under a key that is known in the text; array indices go by `define_elem`.
    pub(super) fn define_named(&mut self, object: Reg, key: &PropertyKey<'a>, name: &str, src: Reg) {
        if let Some(index) = array_index(name) {
            let mark = self.mark();
            let key = self.temp();
            self.load_number(key, f64::from(index));
            self.emit(Insn::DefineElem { object, key, src });
            self.release(mark);
            return;
        }
        let name = match key {
            PropertyKey::StringLiteral(s) => self.f.asm.string_units(decode(&s.value, s.lone_surrogates)),
            _ => self.f.asm.string(name),
        };
        self.emit(Insn::DefineField { object, name, src, fb: 0 });
    }

    /// The text of a key that is not computed.
    pub(super) fn static_key_name(&self, key: &PropertyKey<'a>, computed: bool) -> Option<String> {
        if computed {
            return None;
        }
        match key {
            PropertyKey::StaticIdentifier(id) => Some(id.name.to_string()),
            PropertyKey::StringLiteral(s) => Some(s.value.to_string()),
            PropertyKey::NumericLiteral(n) => Some(number_text(n.value)),
            PropertyKey::PrivateIdentifier(id) => Some(format!("#{}", id.name)),
            _ => None,
        }
    }

    /// A property key as a value: a constant, or the computed one converted.
    pub(super) fn property_key(&mut self, key: &PropertyKey<'a>, computed: bool) -> Reg {
        let dst = self.temp();
        if computed {
            let src = self.operand_hint(key.to_expression(), Some(dst));
            self.emit(Insn::ToKey { dst, src });
            return dst;
        }
        match key {
            PropertyKey::StringLiteral(s) => {
                let constant = self.f.asm.string_units(decode(&s.value, s.lone_surrogates));
                self.emit(Insn::LoadConst { dst, constant });
            }
            other => {
                let name = self.static_key_name(other, false).expect("a key that is not computed has a name");
                match array_index(&name) {
                    Some(index) => self.load_number(dst, f64::from(index)),
                    None => self.load_string(dst, &name),
                }
            }
        }
        dst
    }

    // ---- members -----------------------------------------------------------------------------------------------

    /// Reads a property.
    pub(super) fn member_to(&mut self, it: &MemberExpression<'a>, dst: Reg) {
        if let Expression::Super(_) = it.object() {
            let (key, this) = self.super_key(it);
            self.at(it.span().start);
            self.emit(Insn::GetSuper { dst, key, this });
            return;
        }
        let hint = self.scratch_for(dst);
        let object = self.operand_hint(it.object(), Some(hint));
        self.property_of(object, it, dst);
    }

    /// Reads the property that a member expression names from an object in a register.
    pub(super) fn property_of(&mut self, object: Reg, it: &MemberExpression<'a>, dst: Reg) {
        if it.optional() {
            self.short_circuit(object);
        }
        match it {
            MemberExpression::StaticMemberExpression(m) => {
                self.at(m.property.span.start);
                let name = self.f.asm.string(&m.property.name);
                self.emit(Insn::GetProp { dst, object, name, fb: 0 });
            }
            MemberExpression::ComputedMemberExpression(m) => {
                let object = self.keep(object, &[&m.expression]);
                if let Some(name) = self.constant_name(&m.expression) {
                    self.at(self.bracket_of(m));
                    self.emit(Insn::GetProp { dst, object, name, fb: 0 });
                    return;
                }
                let key = self.operand(&m.expression);
                self.at(self.bracket_of(m));
                self.emit(Insn::GetElem { dst, object, key, fb: 0 });
            }
            MemberExpression::PrivateFieldExpression(m) => {
                let key = self.private_name(&m.field.name);
                self.at(m.field.span.start);
                self.emit(Insn::GetPrivate { dst, object, key, fb: 0 });
            }
        }
    }

    /// `a['b']` is `a.b`, unless the string is an array index.
    pub(super) fn constant_name(&mut self, key: &Expression<'a>) -> Option<u16> {
        match key {
            Expression::StringLiteral(s) if array_index(&s.value).is_none() => {
                Some(self.f.asm.string_units(decode(&s.value, s.lone_surrogates)))
            }
            _ => None,
        }
    }

    /// Position of the opening bracket, which V8 reports for indexed reads.
    pub(super) fn bracket_of(&self, m: &ComputedMemberExpression<'a>) -> u32 {
        let at = self.token_after(m.object.span().end);
        if m.optional { self.token_after(at + 2) } else { at }
    }

    /// Key and `this` of `super.name` or `super[key]`.
    pub(super) fn super_key(&mut self, it: &MemberExpression<'a>) -> (Reg, Reg) {
        let this = self.this(it.span().start, None);
        let key = match it {
            MemberExpression::StaticMemberExpression(m) => {
                let key = self.temp();
                self.load_string(key, &m.property.name);
                key
            }
            MemberExpression::ComputedMemberExpression(m) => {
                let r = self.operand(&m.expression);
                match self.held(r) {
                    None => r,
                    Some(_) => {
                        let copy = self.temp();
                        self.move_to(copy, r);
                        copy
                    }
                }
            }
            MemberExpression::PrivateFieldExpression(_) => unreachable!("super has no private members"),
        };
        (key, this)
    }

    /// The private symbol that a name means here.
    pub(super) fn private_name(&mut self, name: &str) -> Reg {
        let class = self.classes.iter().rev().find(|(_, names)| names.contains(&name)).map(|(c, _)| *c);
        let class = class.expect("the parser checked private names");
        let var = self.a.hidden(class, &format!("#{name}")).expect("analysis made a variable for each private name");
        self.read_var(var, None, u32::MAX)
    }

    // ---- operators ---------------------------------------------------------------------------------------------

    fn binary_to(&mut self, it: &BinaryExpression<'a>, dst: Reg) {
        let hint = self.scratch_for(dst);
        let lhs = self.operand_hint(&it.left, Some(hint));
        if let Some(insn) = self.immediate_form(it.operator, lhs, &it.right, dst) {
            self.at(self.token_after(it.left.span().end));
            self.emit(insn);
            return;
        }
        let lhs = self.keep(lhs, &[&it.right]);
        let rhs = self.operand(&it.right);
        self.at(self.token_after(it.left.span().end));
        self.emit(binary_insn(it.operator, dst, lhs, rhs));
    }

    /// `x + 1` and `x - 1` with the literal in the instruction.
    pub(super) fn immediate_form(
        &mut self,
        operator: BinaryOperator,
        src: Reg,
        right: &Expression<'a>,
        dst: Reg,
    ) -> Option<Insn> {
        let imm = small_int_literal(right)?;
        match (operator, imm) {
            (BinaryOperator::Addition, imm) => Some(Insn::AddImm { dst, src, imm, fb: 0 }),
            // Subtraction converts to a number first, as decrement does; addition does not.
            (BinaryOperator::Subtraction, 1) => Some(Insn::Dec { dst, src, fb: 0 }),
            _ => None,
        }
    }

    fn logical_to(&mut self, it: &LogicalExpression<'a>, dst: Reg) {
        let end = self.f.asm.label();
        let value = self.scratch_for(dst);
        if value == dst {
            self.expr_to(&it.left, value);
            self.logical_jump(it.operator, value, end);
            self.expr_to(&it.right, value);
            self.f.asm.bind(end);
            return;
        }
        // `dst` holds a variable that the right side may read: write it last on each way.
        let left = self.operand_hint(&it.left, Some(value));
        let keep_left = self.f.asm.label();
        self.logical_jump(it.operator, left, keep_left);
        self.expr_to(&it.right, dst);
        self.jump(end);
        self.f.asm.bind(keep_left);
        self.move_to(dst, left);
        self.f.asm.bind(end);
    }

    /// Jumps if the left value of a logical operator is its result.
    pub(super) fn logical_jump(&mut self, operator: LogicalOperator, src: Reg, to: crate::bytecode::asm::Label) {
        match operator {
            LogicalOperator::Or => self.f.asm.emit_jump(Insn::JumpTrue { src, to: 0, fb: 0 }, to),
            LogicalOperator::And => self.f.asm.emit_jump(Insn::JumpFalse { src, to: 0, fb: 0 }, to),
            LogicalOperator::Coalesce => {
                let right = self.f.asm.label();
                self.f.asm.emit_jump(Insn::JumpNullish { src, to: 0, fb: 0 }, right);
                self.jump(to);
                self.f.asm.bind(right);
            }
        }
    }

    fn unary_to(&mut self, it: &UnaryExpression<'a>, dst: Reg) {
        if let (UnaryOperator::UnaryNegation, Expression::NumericLiteral(n)) = (it.operator, &it.argument) {
            self.load_number(dst, -n.value);
            return;
        }
        match it.operator {
            UnaryOperator::Delete => return self.delete_to(it, dst),
            UnaryOperator::Void => {
                self.effect(&it.argument);
                return self.load_undefined(dst);
            }
            UnaryOperator::Typeof => {
                if let Expression::Identifier(id) = &it.argument
                    && self.var_of(id).is_none()
                    && !matches!(id.name.as_str(), "undefined" | "NaN" | "Infinity")
                {
                    self.at(id.span.start);
                    let name = self.f.asm.string(&id.name);
                    return self.emit(Insn::TypeofGlobal { dst, name });
                }
            }
            UnaryOperator::UnaryPlus
            | UnaryOperator::UnaryNegation
            | UnaryOperator::LogicalNot
            | UnaryOperator::BitwiseNot => {}
        }
        let hint = self.scratch_for(dst);
        let src = self.operand_hint(&it.argument, Some(hint));
        self.at(it.span.start);
        match it.operator {
            UnaryOperator::UnaryPlus => self.emit(Insn::ToNumber { dst, src, fb: 0 }),
            UnaryOperator::UnaryNegation => self.emit(Insn::Neg { dst, src, fb: 0 }),
            UnaryOperator::LogicalNot => self.emit(Insn::Not { dst, src }),
            UnaryOperator::BitwiseNot => self.emit(Insn::BitNot { dst, src, fb: 0 }),
            UnaryOperator::Typeof => self.emit(Insn::TypeOf { dst, src }),
            UnaryOperator::Void | UnaryOperator::Delete => unreachable!("handled above"),
        }
    }
}

/// The instruction of a binary operator.
pub(super) fn binary_insn(operator: BinaryOperator, dst: Reg, lhs: Reg, rhs: Reg) -> Insn {
    let fb = 0;
    match operator {
        BinaryOperator::Addition => Insn::Add { dst, lhs, rhs, fb },
        BinaryOperator::Subtraction => Insn::Sub { dst, lhs, rhs, fb },
        BinaryOperator::Multiplication => Insn::Mul { dst, lhs, rhs, fb },
        BinaryOperator::Division => Insn::Div { dst, lhs, rhs, fb },
        BinaryOperator::Remainder => Insn::Mod { dst, lhs, rhs, fb },
        BinaryOperator::Exponential => Insn::Exp { dst, lhs, rhs, fb },
        BinaryOperator::BitwiseAnd => Insn::BitAnd { dst, lhs, rhs, fb },
        BinaryOperator::BitwiseOR => Insn::BitOr { dst, lhs, rhs, fb },
        BinaryOperator::BitwiseXOR => Insn::BitXor { dst, lhs, rhs, fb },
        BinaryOperator::ShiftLeft => Insn::Shl { dst, lhs, rhs, fb },
        BinaryOperator::ShiftRight => Insn::Shr { dst, lhs, rhs, fb },
        BinaryOperator::ShiftRightZeroFill => Insn::UShr { dst, lhs, rhs, fb },
        BinaryOperator::LessThan => Insn::Lt { dst, lhs, rhs, fb },
        BinaryOperator::LessEqualThan => Insn::Le { dst, lhs, rhs, fb },
        BinaryOperator::GreaterThan => Insn::Gt { dst, lhs, rhs, fb },
        BinaryOperator::GreaterEqualThan => Insn::Ge { dst, lhs, rhs, fb },
        BinaryOperator::Equality => Insn::Eq { dst, lhs, rhs, fb },
        BinaryOperator::Inequality => Insn::Ne { dst, lhs, rhs, fb },
        BinaryOperator::StrictEquality => Insn::StrictEq { dst, lhs, rhs, fb },
        BinaryOperator::StrictInequality => Insn::StrictNe { dst, lhs, rhs, fb },
        BinaryOperator::Instanceof => Insn::InstanceOf { dst, lhs, rhs, fb },
        BinaryOperator::In => Insn::In { dst, key: lhs, object: rhs, fb },
    }
}

/// An integer literal that fits an immediate.
pub(super) fn small_int_literal(e: &Expression<'_>) -> Option<i16> {
    match e {
        Expression::NumericLiteral(n) => super::small_int(n.value),
        Expression::UnaryExpression(u) if u.operator == UnaryOperator::UnaryNegation => match &u.argument {
            Expression::NumericLiteral(n) => super::small_int(-n.value),
            _ => None,
        },
        _ => None,
    }
}

/// The UTF-16 code units of a string of the syntax tree, in which lone surrogates are written as `U+FFFD` and four digits.
pub(super) fn decode(text: &str, lone_surrogates: bool) -> Box<[u16]> {
    if !lone_surrogates {
        return text.encode_utf16().collect();
    }
    let mut units = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let escaped = (c == '\u{FFFD}').then(|| rest.get(..4).and_then(|h| u16::from_str_radix(h, 16).ok())).flatten();
        match escaped {
            Some(unit) => {
                units.push(unit);
                rest = &rest[4..];
            }
            None => units.extend_from_slice(c.encode_utf16(&mut [0; 2])),
        }
    }
    units.into()
}

/// The array index that a property name spells, if it does.
pub(super) fn array_index(name: &str) -> Option<u32> {
    let canonical = name == "0" || (name.as_bytes().first().is_some_and(|b| (b'1'..=b'9').contains(b)));
    if !canonical || !name.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    name.parse::<u32>().ok().filter(|i| *i != u32::MAX)
}

/// A number as a property name.
pub(super) fn number_text(value: f64) -> String {
    ryu_js::Buffer::new().format(value).to_string()
}

/// Name of an accessor's function.
pub(super) fn accessor_name(name: &str, flags: u16) -> String {
    match flags & DefineFlags::KIND {
        DefineFlags::GETTER => format!("get {name}"),
        DefineFlags::SETTER => format!("set {name}"),
        _ => name.to_string(),
    }
}

/// Whether an expression is a function or class without a name, which takes that of what it is assigned to.
pub(super) fn is_anonymous_definition(e: &Expression<'_>) -> bool {
    match e {
        Expression::FunctionExpression(f) => f.id.is_none(),
        Expression::ArrowFunctionExpression(_) => true,
        Expression::ClassExpression(c) => c.id.is_none(),
        _ => false,
    }
}
