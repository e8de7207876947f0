//! Destructuring: patterns of declarations and parameters, and of assignments.
//!
//! Array patterns iterate. `iter_next` leaves its destination alone when the iteration is over and is over for good then,
//! so a missing element is an `undefined` loaded before it.

use super::Lowerer;
use super::assignment::Place;
use crate::bytecode::ops::{Insn, Reg};
use crate::frontend::scope::VarKind;
use oxc_ast::ast::*;
use oxc_span::GetSpan;

/// The description of a value inside a pattern, which errors do not name.
const NESTED: &str = "";

/// The first property of an object pattern: what V8 speaks of where there is no object.
struct FirstProperty {
    /// Its key, if the text says it; else empty.
    name: String,
    /// Where it stands: the value's place, if it has a default.
    at: u32,
    /// Of a property with a default: what V8 then says the property is of, the default's text for a pattern inside, else
    /// nothing.
    of: Option<String>,
}

impl<'a> Lowerer<'_, 'a> {
    /// `let pattern = init`. An array pattern over an array literal needs no array.
    pub(super) fn destructure_declaration(
        &mut self,
        pattern: &BindingPattern<'a>,
        init: &Expression<'a>,
        text: &str,
        is_var: bool,
    ) {
        if let (BindingPattern::ArrayPattern(p), Expression::ArrayExpression(a)) = (pattern, init)
            && p.rest.is_none()
            && pairs_up(p.elements.len(), a)
        {
            let values: Vec<Reg> = a.elements.iter().map(|e| self.element_value(e)).collect();
            for (element, value) in p.elements.iter().zip(values) {
                if let Some(element) = element {
                    self.bind_pattern(element, value, NESTED, is_var);
                }
            }
            return;
        }
        let mut value = self.operand(init);
        if self.held(value).is_some_and(|v| self.a.var(v).assigned) {
            // The pattern may assign the very variable.
            let copy = self.temp();
            self.move_to(copy, value);
            value = copy;
        }
        self.at(init.span().start);
        self.bind_pattern(pattern, value, text, is_var);
    }

    fn element_value(&mut self, e: &ArrayExpressionElement<'a>) -> Reg {
        let r = self.temp();
        self.expr_to(e.to_expression(), r);
        r
    }

    /// Binds a value to a pattern. `text` describes the value for errors.
    pub(super) fn bind_pattern(&mut self, pattern: &BindingPattern<'a>, value: Reg, text: &str, is_var: bool) {
        let mark = self.mark();
        match pattern {
            BindingPattern::BindingIdentifier(id) => {
                let var = self.var_of_binding(id);
                if is_var && self.a.var(var).kind != VarKind::Var && self.a.var(var).kind != VarKind::Param {
                    self.write_var(var, value, u32::MAX);
                } else {
                    self.init_var(var, value);
                }
            }
            BindingPattern::AssignmentPattern(it) => {
                let r = self.owned(value);
                let name = match &it.left {
                    BindingPattern::BindingIdentifier(id) => Some(id.name.as_str()),
                    BindingPattern::ObjectPattern(_)
                    | BindingPattern::ArrayPattern(_)
                    | BindingPattern::AssignmentPattern(_) => None,
                };
                self.default_value(r, &it.right, name);
                self.bind_pattern(&it.left, r, text, is_var);
            }
            BindingPattern::ObjectPattern(it) => {
                let first = it.properties.first().map(|p| self.first_of_pattern(p));
                self.check_object(value, first, text, it.span.start);
                let mut keys = Vec::new();
                for p in &it.properties {
                    let mark = self.mark();
                    let keep_key = it.rest.is_some();
                    let direct = self.direct_target(&p.value, is_var);
                    let r = self.pattern_property(value, &p.key, p.computed, keep_key.then_some(&mut keys), direct);
                    self.bind_pattern(&p.value, r, NESTED, is_var);
                    if !keep_key {
                        self.release(mark);
                    }
                }
                if let Some(rest) = &it.rest {
                    let object = self.rest_object(value, &keys, rest.span.start);
                    self.bind_pattern(&rest.argument, object, text, is_var);
                }
            }
            BindingPattern::ArrayPattern(it) => {
                let risky = it.elements.iter().flatten().any(|e| !e.is_binding_identifier());
                self.array_pattern(value, text, risky, |l, iter| {
                    for element in &it.elements {
                        let mark = l.mark();
                        let direct = element.as_ref().and_then(|e| l.direct_target(e, is_var));
                        let r = l.next_element(iter, direct);
                        if let Some(element) = element {
                            l.at(element.span().start);
                            l.bind_pattern(element, r, NESTED, is_var);
                        }
                        l.release(mark);
                    }
                    if let Some(rest) = &it.rest {
                        let array = l.rest_elements(iter);
                        l.bind_pattern(&rest.argument, array, NESTED, is_var);
                    }
                });
            }
        }
        self.release(mark);
    }

    pub(super) fn assign_object(&mut self, it: &ObjectAssignmentTarget<'a>, value: Reg, text: &str) {
        let first = it.properties.first().map(|p| self.first_of_target(p));
        self.check_object(value, first, text, it.span.start);
        let mut keys = Vec::new();
        for p in &it.properties {
            let mark = self.mark();
            let keep_key = it.rest.is_some();
            match p {
                AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(p) => {
                    let name = self.f.asm.string(&p.binding.name);
                    if keep_key {
                        let key = self.temp();
                        self.emit(Insn::LoadConst { dst: key, constant: name });
                        keys.push(key);
                    }
                    let dst = self.temp();
                    self.at(p.binding.span.start);
                    self.emit(Insn::GetProp { dst, object: value, name, fb: 0 });
                    if let Some(default) = &p.init {
                        self.default_value(dst, default, Some(&p.binding.name));
                    }
                    let var = self.var_of(&p.binding);
                    self.at(p.binding.span.start);
                    self.store_name(&p.binding, var, dst);
                }
                AssignmentTargetProperty::AssignmentTargetPropertyProperty(p) => {
                    let keys = keep_key.then_some(&mut keys);
                    // The key comes first, then the target, then the value.
                    let key = self.pattern_key(&p.name, p.computed, keys);
                    let place = self.place_of_element(&p.binding);
                    let r = self.temp();
                    self.read_key(value, &key, p.name.span().start, r);
                    self.assign_maybe_default(&p.binding, place, r);
                }
            }
            if !keep_key {
                self.release(mark);
            }
        }
        if let Some(rest) = &it.rest {
            let place = self.place_of_target(&rest.target, &[]);
            let object = self.rest_object(value, &keys, rest.span.start);
            self.assign_prepared(&rest.target, place, object, text);
        }
    }

    pub(super) fn assign_array(&mut self, it: &ArrayAssignmentTarget<'a>, value: Reg, text: &str) {
        self.array_pattern(value, text, true, |l, iter| {
            for element in &it.elements {
                let mark = l.mark();
                let place = element.as_ref().and_then(|e| l.place_of_element(e));
                let r = l.next_element(iter, None);
                if let Some(element) = element {
                    l.assign_maybe_default(element, place, r);
                }
                l.release(mark);
            }
            if let Some(rest) = &it.rest {
                let place = l.place_of_target(&rest.target, &[]);
                let array = l.rest_elements(iter);
                l.assign_prepared(&rest.target, place, array, NESTED);
            }
        });
    }

    /// `[a, b] = [c, d]` without an array: all values first, then all targets. Returns whether it applied.
    pub(super) fn assign_pairwise(&mut self, target: &AssignmentTarget<'a>, source: &Expression<'a>) -> bool {
        let AssignmentTarget::ArrayAssignmentTarget(p) = target else { return false };
        let Expression::ArrayExpression(a) = source else { return false };
        if p.rest.is_some() || !pairs_up(p.elements.len(), a) {
            return false;
        }
        let mark = self.mark();
        let values: Vec<Reg> = a.elements.iter().map(|e| self.element_value(e)).collect();
        for (element, value) in p.elements.iter().zip(values) {
            if let Some(element) = element {
                let place = self.place_of_element(element);
                self.assign_maybe_default(element, place, value);
            }
        }
        self.release(mark);
        true
    }

    /// Evaluates what an element of a pattern assigns to, if that is a property: the language does so before it takes
    /// the element's value.
    fn place_of_element(&mut self, target: &AssignmentTargetMaybeDefault<'a>) -> Option<Place> {
        match target {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(it) => {
                self.place_of_target(&it.binding, &[&it.init])
            }
            other => self.place_of_target(other.to_assignment_target(), &[]),
        }
    }

    fn assign_maybe_default(&mut self, target: &AssignmentTargetMaybeDefault<'a>, place: Option<Place>, value: Reg) {
        match target {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(it) => {
                let name = match &it.binding {
                    AssignmentTarget::AssignmentTargetIdentifier(id) => Some(id.name.as_str()),
                    _ => None,
                };
                self.default_value(value, &it.init, name);
                self.assign_prepared(&it.binding, place, value, NESTED);
            }
            other => self.assign_prepared(other.to_assignment_target(), place, value, NESTED),
        }
    }

    // ---- shared ------------------------------------------------------------------------------------------------

    /// The value in a register that may be overwritten.
    fn owned(&mut self, value: Reg) -> Reg {
        if self.held(value).is_none() {
            return value;
        }
        let r = self.temp();
        self.move_to(r, value);
        r
    }

    fn first_of_pattern(&self, p: &BindingProperty<'a>) -> FirstProperty {
        let name = self.static_key_name(&p.key, p.computed).unwrap_or_default();
        match &p.value {
            BindingPattern::AssignmentPattern(it) => {
                let nested = matches!(it.left, BindingPattern::ObjectPattern(_));
                self.first_with_default(name, it.span.start, nested, &it.right)
            }
            BindingPattern::BindingIdentifier(_)
            | BindingPattern::ObjectPattern(_)
            | BindingPattern::ArrayPattern(_) => FirstProperty { name, at: p.key.span().start, of: None },
        }
    }

    fn first_of_target(&self, p: &AssignmentTargetProperty<'a>) -> FirstProperty {
        match p {
            AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(p) => {
                let (name, at) = (p.binding.name.to_string(), p.span.start);
                match &p.init {
                    Some(init) => self.first_with_default(name, at, false, init),
                    None => FirstProperty { name, at, of: None },
                }
            }
            AssignmentTargetProperty::AssignmentTargetPropertyProperty(p) => {
                let name = self.static_key_name(&p.name, p.computed).unwrap_or_default();
                match &p.binding {
                    AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(it) => {
                        let nested = matches!(it.binding, AssignmentTarget::ObjectAssignmentTarget(_));
                        self.first_with_default(name, it.span.start, nested, &it.init)
                    }
                    _no_default => FirstProperty { name, at: p.span.start, of: None },
                }
            }
        }
    }

    fn first_with_default(&self, name: String, at: u32, nested: bool, default: &Expression<'a>) -> FirstProperty {
        let of = if nested { self.callee_text(default) } else { String::new() };
        FirstProperty { name, at, of: Some(of) }
    }

    /// The description that `check_object` carries is what V8 prints after "Cannot destructure ", or, for a pattern inside a
    /// pattern or one whose first property has a default, `read` and that property: V8 then words it as a failed property
    /// access.
    fn check_object(&mut self, value: Reg, first: Option<FirstProperty>, text: &str, position: u32) {
        let text = first.as_ref().and_then(|f| f.of.as_deref().filter(|_| !f.name.is_empty())).unwrap_or(text);
        let (text, at) = match &first {
            Some(f) if text.is_empty() && !f.name.is_empty() => (format!("read {}", f.name), f.at),
            _ if text.is_empty() => (String::new(), position),
            Some(f) if !f.name.is_empty() => (format!("property '{}' of '{text}'", f.name), f.at),
            _ => (format!("'{text}'"), position),
        };
        self.at(at);
        if !text.is_empty() {
            self.f.asm.describe_next(&text);
        }
        self.emit(Insn::CheckObject { src: value });
    }

    /// The register of a name that a pattern binds, if the value may be put there at once.
    fn direct_target(&self, pattern: &BindingPattern<'a>, is_var: bool) -> Option<Reg> {
        match pattern {
            BindingPattern::BindingIdentifier(id) if !is_var => {
                let var = self.var_of_binding(id);
                self.register_of(var).filter(|_| !self.a.var(var).needs_hole)
            }
            BindingPattern::BindingIdentifier(_)
            | BindingPattern::ObjectPattern(_)
            | BindingPattern::ArrayPattern(_)
            | BindingPattern::AssignmentPattern(_) => None,
        }
    }

    /// Reads the property of an object pattern into `direct` or a new temporary; notes its key if a rest element needs it.
    fn pattern_property(
        &mut self,
        object: Reg,
        key: &PropertyKey<'a>,
        computed: bool,
        keys: Option<&mut Vec<Reg>>,
        direct: Option<Reg>,
    ) -> Reg {
        let evaluated = self.pattern_key(key, computed, keys);
        let dst = direct.unwrap_or_else(|| self.temp());
        self.read_key(object, &evaluated, key.span().start, dst);
        dst
    }

    /// The key of a property of an object pattern; notes it if a rest element needs it.
    fn pattern_key(&mut self, key: &PropertyKey<'a>, computed: bool, keys: Option<&mut Vec<Reg>>) -> PatternKey {
        let name = self.static_key_name(key, computed).filter(|n| super::expressions::array_index(n).is_none());
        if let (Some(name), false) = (&name, matches!(key, PropertyKey::StringLiteral(_))) {
            if let Some(keys) = keys {
                let k = self.temp();
                self.load_string(k, name);
                keys.push(k);
            }
            return PatternKey::Name(self.f.asm.string(name));
        }
        let k = self.property_key(key, computed);
        if let Some(keys) = keys {
            keys.push(k);
        }
        PatternKey::Value(k)
    }

    fn read_key(&mut self, object: Reg, key: &PatternKey, position: u32, dst: Reg) {
        self.at(position);
        match *key {
            PatternKey::Name(name) => self.emit(Insn::GetProp { dst, object, name, fb: 0 }),
            PatternKey::Value(key) => self.emit(Insn::GetElem { dst, object, key, fb: 0 }),
        }
    }

    fn rest_object(&mut self, src: Reg, keys: &[Reg], position: u32) -> Reg {
        let object = self.temp();
        let mark = self.mark();
        self.at(position);
        self.emit(Insn::NewObject { dst: object, count: 0, fb: 0 });
        let excluded = self.temp();
        self.emit(Insn::NewArray { dst: excluded, base: excluded, count: 0, fb: 0 });
        for key in keys {
            self.emit(Insn::ArrayPush { array: excluded, src: *key });
        }
        self.emit(Insn::CopyProps { object, src, excluded });
        self.release(mark);
        object
    }

    fn array_pattern(&mut self, value: Reg, text: &str, risky: bool, body: impl FnOnce(&mut Self, Reg)) {
        let iter = self.temps(3);
        let exception = self.temp();
        if !text.is_empty() && text != "undefined" {
            self.f.asm.describe_next(text);
        }
        self.emit(Insn::IterInit { iter, src: value, fb: 0 });
        let start = self.f.asm.bound_label();
        body(self, iter);
        let end = self.f.asm.bound_label();
        self.emit(Insn::IterClose { iter });
        if risky {
            let after = self.f.asm.label();
            self.jump(after);
            self.close_on_exception(start, end, iter, exception);
            self.f.asm.bind(after);
        }
    }

    fn next_element(&mut self, iter: Reg, direct: Option<Reg>) -> Reg {
        let dst = direct.unwrap_or_else(|| self.temp());
        self.load_undefined(dst);
        let over = self.f.asm.label();
        self.f.asm.emit_jump(Insn::IterNext { dst, iter, exit: 0, fb: 0 }, over);
        self.f.asm.bind(over);
        dst
    }

    fn rest_elements(&mut self, iter: Reg) -> Reg {
        let array = self.temp();
        self.emit(Insn::NewArray { dst: array, base: array, count: 0, fb: 0 });
        let mark = self.mark();
        let over = self.f.asm.label();
        let header = self.f.asm.bound_label();
        self.emit(Insn::LoopHeader {});
        let dst = self.temp();
        self.f.asm.emit_jump(Insn::IterNext { dst, iter, exit: 0, fb: 0 }, over);
        self.emit(Insn::ArrayPush { array, src: dst });
        self.jump(header);
        self.f.asm.bind(over);
        self.release(mark);
        array
    }
}

/// The key of a property of an object pattern.
enum PatternKey {
    /// The constant with its name.
    Name(u16),
    /// The register with its value.
    Value(Reg),
}

/// Whether an array literal gives a value for each element of a pattern and nothing iterates.
fn pairs_up(pattern: usize, a: &ArrayExpression<'_>) -> bool {
    pattern == a.elements.len() && a.elements.iter().all(ArrayExpressionElement::is_expression)
}
