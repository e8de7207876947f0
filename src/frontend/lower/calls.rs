//! Calls: windows, spread, `new`, `super()`, optional chains, tagged templates, natives.
//!
//! A window is built on top of the register stack: callee, `this`, arguments. Each part is lowered straight into its
//! place. V8 reports a call at the name before its parenthesis if there is one, else at the parenthesis.

use super::Lowerer;
use crate::bytecode::asm::Label;
use crate::bytecode::function::{FunctionKind, ThrowKind};
use crate::bytecode::intrinsics::IntrinsicId;
use crate::bytecode::ops::{Insn, Reg};
use crate::frontend::parse::is_reserved_word;
use crate::frontend::scope::{FnId, Home, Special, VarId};
use oxc_ast::ast::*;
use oxc_span::GetSpan;

impl<'a> Lowerer<'_, 'a> {
    pub(super) fn call_to(&mut self, it: &CallExpression<'a>, dst: Reg) {
        if matches!(it.callee, Expression::Super(_)) {
            return self.super_call_to(it, dst);
        }
        let base = self.window();
        self.callee_into(&it.callee, base);
        if it.optional {
            self.short_circuit(base);
        }
        let text = self.callee_text(&it.callee);
        self.finish_call(&it.arguments, base, dst, self.call_position(it), &text);
    }

    /// The first two registers of a call window.
    pub(super) fn window(&mut self) -> Reg {
        let base = self.temps(2);
        self.set_holds(base, None);
        self.set_holds(Reg(base.0 + 1), None);
        base
    }

    /// Callee into `base`, `this` into the register behind it.
    fn callee_into(&mut self, callee: &Expression<'a>, base: Reg) {
        let this = Reg(base.0 + 1);
        match callee {
            Expression::ChainExpression(chain) if chain.expression.is_member_expression() => {
                // `(a?.b)()`: the chain ends before the call, but `this` is still `a`.
                let (nil, end) = (self.f.asm.label(), self.f.asm.label());
                self.f.chain_exits.push(nil);
                self.method_into(chain.expression.to_member_expression(), base);
                self.f.chain_exits.pop();
                self.jump(end);
                self.f.asm.bind(nil);
                self.load_undefined(base);
                self.load_undefined(this);
                self.f.asm.bind(end);
            }
            callee if callee.is_member_expression() => self.method_into(callee.to_member_expression(), base),
            callee => {
                self.expr_to(callee, base);
                self.load_undefined(this);
            }
        }
    }

    fn method_into(&mut self, it: &MemberExpression<'a>, base: Reg) {
        let this = Reg(base.0 + 1);
        let mark = self.mark();
        if matches!(it.object(), Expression::Super(_)) {
            let (key, receiver) = self.super_key(it);
            self.at(it.span().start);
            self.emit(Insn::GetSuper { dst: base, key, this: receiver });
            self.move_to(this, receiver);
        } else {
            let object = self.operand_hint(it.object(), Some(this));
            self.move_to(this, object);
            let object = match it {
                // The key may assign the variable that holds the object.
                MemberExpression::ComputedMemberExpression(m) => match self.held(object) {
                    Some(var) if self.may_assign(&m.expression, var) => this,
                    _ => object,
                },
                MemberExpression::StaticMemberExpression(_) | MemberExpression::PrivateFieldExpression(_) => object,
            };
            self.property_of(object, it, base);
        }
        self.release(mark);
    }

    fn finish_call(&mut self, arguments: &[Argument<'a>], base: Reg, dst: Reg, position: u32, text: &str) {
        if has_spread(arguments) {
            self.spread_into(arguments, base);
            self.at(position);
            self.f.asm.describe_next(text);
            self.emit(Insn::CallSpread { dst, base, fb: 0 });
        } else {
            let argc = self.arguments_into(arguments);
            self.at(position);
            self.f.asm.describe_next(text);
            self.emit(Insn::Call { dst, base, argc, fb: 0 });
        }
    }

    /// Arguments into the registers behind the window's first two.
    fn arguments_into(&mut self, arguments: &[Argument<'a>]) -> u16 {
        if arguments.len() > 0xFF00 {
            self.f.asm.note_overflow("arguments");
            return 0;
        }
        for argument in arguments {
            let slot = self.temp();
            self.expr_to(argument.to_expression(), slot);
        }
        arguments.len() as u16
    }

    /// What messages call the source of a spread that is the last argument: see `runtime::ops::literal::array_spread`.
    fn spread_text(&self, source: &Expression<'a>) -> String {
        match source {
            Expression::Identifier(id) if id.name != "undefined" => format!("...{}", id.name),
            Expression::StaticMemberExpression(_) => format!("...{}", self.callee_text(source)),
            _no_name => "...".to_string(),
        }
    }

    /// Arguments with spreads: an array into the third register of the window.
    fn spread_into(&mut self, arguments: &[Argument<'a>], base: Reg) {
        let array = self.temp();
        debug_assert_eq!(array.0, base.0.wrapping_add(2));
        let first = arguments.iter().position(Argument::is_spread).unwrap_or(arguments.len()).min(64);
        let mark = self.mark();
        let items = self.temps(first);
        for (i, argument) in arguments[..first].iter().enumerate() {
            let slot = Reg(items.0 + i as u16);
            self.set_holds(slot, None);
            self.expr_to(argument.to_expression(), slot);
        }
        self.emit(Insn::NewArray { dst: array, base: items, count: first as u16, fb: 0 });
        self.release(mark);
        for argument in &arguments[first..] {
            let mark = self.mark();
            match argument {
                Argument::SpreadElement(spread) => {
                    let src = self.operand(&spread.argument);
                    self.at(spread.argument.span().start);
                    if first + 1 == arguments.len() {
                        let text = self.spread_text(&spread.argument);
                        self.f.asm.describe_next(&text);
                    }
                    self.emit(Insn::ArraySpread { array, src });
                }
                other => {
                    let src = self.operand(other.to_expression());
                    self.emit(Insn::ArrayPush { array, src });
                }
            }
            self.release(mark);
        }
    }

    pub(super) fn new_to(&mut self, it: &NewExpression<'a>, dst: Reg) {
        let base = self.window();
        self.expr_to(&it.callee, base);
        let text = self.callee_text(&it.callee);
        if has_spread(&it.arguments) {
            self.spread_into(&it.arguments, base);
            self.at(it.span.start);
            self.f.asm.describe_next(&text);
            self.emit(Insn::NewSpread { dst, base, fb: 0 });
        } else {
            let argc = self.arguments_into(&it.arguments);
            self.at(it.span.start);
            self.f.asm.describe_next(&text);
            self.emit(Insn::New { dst, base, argc, fb: 0 });
        }
    }

    // ---- super() -----------------------------------------------------------------------------------------------

    fn super_call_to(&mut self, it: &CallExpression<'a>, dst: Reg) {
        let (callee, new_target) = self.super_operands();
        let result = self.temp();
        let base = self.window();
        if has_spread(&it.arguments) {
            self.spread_into(&it.arguments, base);
            self.at(it.span.start);
            self.f.asm.describe_next("super");
            self.emit(Insn::SuperCallSpread { dst: result, callee, new_target, base, fb: 0 });
        } else {
            let argc = self.arguments_into(&it.arguments);
            self.at(it.span.start);
            self.f.asm.describe_next("super");
            self.emit(Insn::SuperCall { dst: result, callee, new_target, base, argc, fb: 0 });
        }
        self.bind_this(result, callee);
        self.move_to(dst, result);
    }

    /// `constructor(...args) { super(...args); }`
    pub(super) fn default_super_call(&mut self) {
        let (callee, new_target) = self.super_operands();
        let result = self.temp();
        let base = self.window();
        let array = self.temp();
        let rest = self.f.rest.expect("a default derived constructor has its arguments in an array");
        self.move_to(array, rest);
        self.f.asm.describe_next("super");
        self.emit(Insn::SuperCallSpread { dst: result, callee, new_target, base, fb: 0 });
        self.bind_this(result, callee);
    }

    /// The derived constructor's closure and new.target, its own or captured by an arrow.
    fn super_operands(&mut self) -> (Reg, Reg) {
        if let (Some(callee), Some(new_target)) = (self.f.callee, self.f.new_target) {
            return (callee, new_target);
        }
        let owner = self.a.this_owner(self.f.id);
        let callee = self.a.special(owner, Special::Callee).expect("super() in an arrow captures the constructor");
        let new_target = self.a.special(owner, Special::NewTarget).expect("super() uses new.target");
        let callee = self.read_var(callee, None, u32::MAX);
        let new_target = self.read_var(new_target, None, u32::MAX);
        (callee, new_target)
    }

    fn bind_this(&mut self, value: Reg, callee: Reg) {
        let owner = self.a.this_owner(self.f.id);
        if self.a.function(owner).super_in_arrow {
            self.bind_shared_this(owner, value);
        } else {
            self.emit(Insn::BindThis { src: value });
            if let Some(this) = self.f.this {
                self.move_to(this, value);
                self.publish_this(value);
            }
        }
        if self.f.has_fields || owner != self.f.id {
            self.emit(Insn::InitFields { callee, object: value });
        }
    }

    /// `this` that arrows may bind lives in the `Scope` cell; the frame learns of it when the constructor returns.
    fn bind_shared_this(&mut self, owner: FnId, value: Reg) {
        let mark = self.mark();
        let var = self.a.special(owner, Special::This).expect("super() in an arrow captures this");
        let first = self.f.asm.label();
        self.jump_if_unbound(var, first);
        let text = self.f.asm.string("Super constructor may only be called once");
        self.emit(Insn::ThrowError { kind: ThrowKind::Reference as u16, text });
        self.f.asm.bind(first);
        self.write_var(var, value, u32::MAX);
        self.release(mark);
    }

    fn jump_if_unbound(&mut self, var: VarId, to: Label) {
        let lhs = self.read_var(var, None, u32::MAX);
        let rhs = self.temp();
        self.emit(Insn::LoadHole { dst: rhs });
        self.f.asm.emit_jump(Insn::JumpStrictEq { lhs, rhs, to: 0, fb: 0 }, to);
    }

    /// Before a derived constructor returns: tells the frame what `this` an arrow has bound.
    pub(super) fn settle_shared_this(&mut self) {
        if self.f.kind != FunctionKind::DerivedConstructor || !self.a.function(self.f.id).super_in_arrow {
            return;
        }
        let mark = self.mark();
        let var = self.a.special(self.f.id, Special::This).expect("super() in an arrow captures this");
        let unbound = self.f.asm.label();
        self.jump_if_unbound(var, unbound);
        let src = self.read_var(var, None, u32::MAX);
        self.emit(Insn::BindThis { src });
        self.f.asm.bind(unbound);
        self.release(mark);
    }

    fn publish_this(&mut self, value: Reg) {
        let Some(var) = self.a.special(self.f.id, Special::This) else { return };
        if let Home::Scope(index) = self.a.var(var).home {
            let (scope, depth) = self.scope_path(self.a.var(var).scope);
            self.emit(Insn::SetScoped { scope, depth, index, src: value });
        }
    }

    // ---- optional chains ---------------------------------------------------------------------------------------

    pub(super) fn chain_to(&mut self, it: &ChainExpression<'a>, dst: Reg) {
        let (nil, end) = (self.f.asm.label(), self.f.asm.label());
        self.f.chain_exits.push(nil);
        match &it.expression {
            ChainElement::CallExpression(call) => self.call_to(call, dst),
            ChainElement::TSNonNullExpression(_) => unreachable!("not JavaScript"),
            member => self.member_to(member.to_member_expression(), dst),
        }
        self.f.chain_exits.pop();
        self.jump(end);
        self.f.asm.bind(nil);
        self.load_undefined(dst);
        self.f.asm.bind(end);
    }

    /// Leaves the optional chain around with undefined if a register is null or undefined.
    pub(super) fn short_circuit(&mut self, src: Reg) {
        let nil = *self.f.chain_exits.last().expect("an optional access stands in a chain");
        self.f.asm.emit_jump(Insn::JumpNullish { src, to: 0, fb: 0 }, nil);
    }

    // ---- templates and natives ---------------------------------------------------------------------------------

    pub(super) fn tagged_template_to(&mut self, it: &TaggedTemplateExpression<'a>, dst: Reg) {
        let base = self.window();
        self.callee_into(&it.tag, base);
        let strings = self.temp();
        let mark = self.mark();
        let count = it.quasi.quasis.len().min(0x7FFF);
        let first = self.temps(count * 2);
        for (i, quasi) in it.quasi.quasis.iter().take(count).enumerate() {
            let (cooked, raw) = (Reg(first.0 + i as u16), Reg(first.0 + (count + i) as u16));
            self.set_holds(cooked, None);
            self.set_holds(raw, None);
            match &quasi.value.cooked {
                Some(text) => {
                    let constant = self.f.asm.string_units(super::expressions::decode(text, quasi.lone_surrogates));
                    self.emit(Insn::LoadConst { dst: cooked, constant });
                }
                None => self.load_undefined(cooked),
            }
            self.load_string(raw, &quasi.value.raw.replace("\r\n", "\n").replace('\r', "\n"));
        }
        self.emit(Insn::TemplateObject { dst: strings, base: first, count: count as u16, fb: 0 });
        self.release(mark);
        for e in &it.quasi.expressions {
            let slot = self.temp();
            self.expr_to(e, slot);
        }
        let text = self.callee_text(&it.tag);
        self.at(self.token_after(it.tag.span().end));
        self.f.asm.describe_next(&text);
        let argc = (1 + it.quasi.expressions.len()).min(0xFF00) as u16;
        self.emit(Insn::Call { dst, base, argc, fb: 0 });
    }

    pub(super) fn intrinsic_to(&mut self, it: &V8IntrinsicExpression<'a>, dst: Reg) {
        self.at(it.span.start);
        let Some(id) = IntrinsicId::by_name(&it.name.name) else {
            // V8 rejects an unknown native when it compiles the function; here the call throws.
            let text = self.f.asm.string(&format!("%{} is not defined", it.name.name));
            return self.emit(Insn::ThrowError { kind: ThrowKind::Syntax as u16, text });
        };
        let base = self.window();
        if let (IntrinsicId::Call, [callee, this, arguments @ ..]) = (id, &it.arguments[..]) {
            self.expr_to(callee.to_expression(), base);
            self.expr_to(this.to_expression(), Reg(base.0 + 1));
            let argc = self.arguments_into(arguments);
            self.at(it.span.start);
            return self.emit(Insn::Call { dst, base, argc, fb: 0 });
        }
        self.load_undefined(base);
        self.load_undefined(Reg(base.0 + 1));
        let argc = self.arguments_into(&it.arguments);
        self.at(it.span.start);
        self.emit(Insn::Intrinsic { dst, id: id as u16, base, argc });
    }

    // ---- positions ---------------------------------------------------------------------------------------------

    fn call_position(&self, it: &CallExpression<'a>) -> u32 {
        let end = it.callee.span().end as usize;
        let paren = self.token_after(it.callee.span().end);
        let paren = if it.optional { self.token_after(paren + 2) } else { paren };
        // Parentheses around the callee are not in the tree, but in the text.
        if self.text[end..paren as usize].contains(')') {
            return paren;
        }
        match &it.callee {
            Expression::Identifier(id) => id.span.start,
            Expression::StaticMemberExpression(m) if !it.optional && !is_reserved_word(&m.property.name) => {
                m.property.span.start
            }
            _ => paren,
        }
    }
}

fn has_spread(arguments: &[Argument<'_>]) -> bool {
    arguments.iter().any(Argument::is_spread)
}
