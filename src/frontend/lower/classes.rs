//! Classes.
//!
//! Hidden variables of the class's block hold what member functions need: private names, the values of computed field
//! keys, closures of private methods. Instance fields become one method, the field initializer, which constructors run
//! on the new object; static fields and blocks become another, which runs once on the class.

use super::Lowerer;
use super::expressions::{accessor_name, is_anonymous_definition};
use super::functions::{Body, Parts};
use crate::bytecode::function::{DefineFlags, FunctionCode, FunctionKind};
use crate::bytecode::ops::{Insn, Reg};
use crate::frontend::scope::{VarId, key_name, method_name};
use oxc_ast::ast::*;
use oxc_semantic::ScopeId;
use oxc_span::GetSpan;
use std::sync::Arc;

/// Flags of `define_private`.
const FIELD: u16 = 0;
const METHOD: u16 = 1;
const GETTER: u16 = 2;
const SETTER: u16 = 3;

impl<'a> Lowerer<'_, 'a> {
    /// Lowers a class into a register. `binding` is the variable of a class declaration; it is initialized before static
    /// fields and blocks run.
    pub(super) fn class_to(&mut self, it: &Class<'a>, dst: Reg, name: &str, binding: Option<VarId>) {
        let scope = it.scope_id.get().expect("the semantic builder ran");
        let names = private_names(it);
        let mark = self.enter_block(scope);
        self.classes.push((scope, names.clone()));
        self.at(it.span.start);
        self.define_private_names(scope, &names);
        let parent = match &it.heritage {
            Some(heritage) => {
                let r = self.temp();
                self.expr_to(&heritage.expression, r);
                r
            }
            None => {
                let r = self.temp();
                self.emit(Insn::LoadHole { dst: r });
                r
            }
        };
        let ctor = self.temps(2);
        self.set_holds(ctor, None);
        self.set_holds(Reg(ctor.0 + 1), None);
        let code = self.constructor(it, scope, name);
        let func = self.f.asm.child(code);
        let closure_scope = self.current_scope();
        self.at(it.heritage.as_ref().map_or(it.span.start, |h| h.expression.span().start));
        self.emit(Insn::NewClass { ctor, func, scope: closure_scope, parent });
        for (index, element) in it.body.body.iter().enumerate() {
            let mark = self.mark();
            match element {
                ClassElement::MethodDefinition(m) if m.kind != MethodDefinitionKind::Constructor => {
                    self.method(m, index, scope, ctor);
                }
                ClassElement::PropertyDefinition(p) if p.computed => {
                    let key = self.property_key(&p.key, true);
                    let var = self.a.hidden(scope, &key_name(index)).expect("analysis made it");
                    self.init_var(var, key);
                }
                ClassElement::MethodDefinition(_)
                | ClassElement::PropertyDefinition(_)
                | ClassElement::StaticBlock(_)
                | ClassElement::AccessorProperty(_)
                | ClassElement::TSIndexSignature(_) => {}
            }
            self.release(mark);
        }
        if let Some(code) = self.initializer(it, scope, false) {
            let src = self.temp();
            self.new_closure(src, code);
            self.emit(Insn::SetFieldInit { ctor, src });
        }
        let own = it.id.as_ref().filter(|_| it.is_expression()).map(|id| self.var_of_binding(id));
        for var in [own, binding].into_iter().flatten() {
            self.init_var(var, ctor);
        }
        if let Some(code) = self.initializer(it, scope, true) {
            let mark = self.mark();
            let base = self.temps(2);
            self.new_closure(base, code);
            self.move_to(Reg(base.0 + 1), ctor);
            let scratch = self.mark();
            self.emit(Insn::Call { dst: base, base, argc: 0, fb: 0 });
            self.release(scratch);
            self.release(mark);
        }
        self.move_to(dst, ctor);
        self.classes.pop();
        self.leave_block(scope, mark);
    }

    fn define_private_names(&mut self, scope: ScopeId, names: &[&'a str]) {
        for (i, name) in names.iter().enumerate() {
            if names[..i].contains(name) {
                continue;
            }
            let mark = self.mark();
            let var = self.a.hidden(scope, &format!("#{name}")).expect("analysis made it");
            let dst = self.init_target(var);
            let text = self.f.asm.string(&format!("#{name}"));
            self.emit(Insn::NewPrivateName { dst, name: text });
            self.init_var(var, dst);
            self.release(mark);
        }
    }

    fn constructor(&mut self, it: &Class<'a>, scope: ScopeId, name: &str) -> Arc<FunctionCode> {
        let kind = match it.heritage {
            Some(_) => FunctionKind::DerivedConstructor,
            None => FunctionKind::BaseConstructor,
        };
        let has_fields = self.a.initializer(scope, false).is_some();
        let explicit = it.body.body.iter().find_map(|e| match e {
            ClassElement::MethodDefinition(m) if m.kind == MethodDefinitionKind::Constructor => Some(&m.value),
            ClassElement::MethodDefinition(_)
            | ClassElement::PropertyDefinition(_)
            | ClassElement::StaticBlock(_)
            | ClassElement::AccessorProperty(_)
            | ClassElement::TSIndexSignature(_) => None,
        });
        let name = name.to_string();
        let position = self.f.asm.position();
        let code = match explicit {
            Some(f) => {
                let own = f.scope_id.get().expect("the semantic builder ran");
                let body = f.body.as_ref().map_or(&[][..], |b| &b.statements);
                self.function(Parts {
                    id: self.a.function_of_scope(own),
                    kind,
                    name,
                    span: it.span,
                    scope: own,
                    params: Some(&f.params),
                    body: Body::Statements(body),
                    has_fields,
                })
            }
            None => {
                let id = self.a.default_constructor(scope);
                self.function(Parts {
                    id,
                    kind,
                    name,
                    span: it.span,
                    scope: self.a.function(id).scope,
                    params: None,
                    body: Body::DefaultConstructor,
                    has_fields,
                })
            }
        };
        self.at(position);
        code
    }

    fn method(&mut self, m: &MethodDefinition<'a>, index: usize, scope: ScopeId, ctor: Reg) {
        let flags = match m.kind {
            MethodDefinitionKind::Get => DefineFlags::GETTER,
            MethodDefinitionKind::Set => DefineFlags::SETTER,
            MethodDefinitionKind::Method | MethodDefinitionKind::Constructor => DefineFlags::METHOD,
        };
        // The word `static` is no part of a member's text; V8 leaves it out even where it is the member's name.
        let named_static = matches!(&m.key, PropertyKey::StaticIdentifier(id) if id.name == "static");
        let after_word = m.r#static || named_static && m.key.span().start == m.span.start;
        let start = if after_word { self.token_after(m.span.start + "static".len() as u32) } else { m.span.start };
        self.at(m.span.start);
        let object = if m.r#static { ctor } else { Reg(ctor.0 + 1) };
        let name = self.static_key_name(&m.key, m.computed).map_or(String::new(), |n| accessor_name(&n, flags));
        if let PropertyKey::PrivateIdentifier(id) = &m.key {
            if m.r#static {
                let src = self.temp();
                self.method_closure(start, src, &m.value, &name);
                let key = self.private_name(&id.name);
                self.emit(Insn::DefinePrivate { object: ctor, key, src, flags: private_flags(m.kind) });
            } else {
                let var = self.a.hidden(scope, &method_name(index)).expect("analysis made it");
                let dst = self.init_target(var);
                self.method_closure(start, dst, &m.value, &name);
                self.init_var(var, dst);
            }
            return;
        }
        let key = self.property_key(&m.key, m.computed);
        let src = self.temp();
        self.method_closure(start, src, &m.value, &name);
        if m.computed {
            self.emit(Insn::SetFunctionName { src, key, flags });
        }
        self.at(m.span.start);
        self.emit(Insn::DefineMethod { object, key, src, flags });
    }

    fn initializer(&mut self, it: &Class<'a>, scope: ScopeId, is_static: bool) -> Option<Arc<FunctionCode>> {
        let id = self.a.initializer(scope, is_static)?;
        let name = if is_static { "<static_initializer>" } else { "<instance_members_initializer>" };
        Some(self.function(Parts {
            id,
            kind: FunctionKind::Method,
            name: name.to_string(),
            span: it.span,
            scope: self.a.function(id).scope,
            params: None,
            body: Body::Fields(it, is_static),
            has_fields: false,
        }))
    }

    /// Body of a field initializer: private methods first, then fields and static blocks in order.
    pub(super) fn field_initializers(&mut self, it: &Class<'a>, is_static: bool) {
        let scope = it.scope_id.get().expect("the semantic builder ran");
        let object = self.f.this.expect("a field initializer reads this");
        for (index, element) in it.body.body.iter().enumerate() {
            if let ClassElement::MethodDefinition(m) = element
                && let PropertyKey::PrivateIdentifier(id) = &m.key
                && !m.r#static
                && !is_static
            {
                let mark = self.mark();
                self.at(m.span.start);
                let var = self.a.hidden(scope, &method_name(index)).expect("analysis made it");
                let src = self.read_var(var, None, u32::MAX);
                let key = self.private_name(&id.name);
                self.emit(Insn::DefinePrivate { object, key, src, flags: private_flags(m.kind) });
                self.release(mark);
            }
        }
        for (index, element) in it.body.body.iter().enumerate() {
            let mark = self.mark();
            match element {
                ClassElement::PropertyDefinition(p) if p.r#static == is_static => {
                    self.field(p, index, scope, object);
                }
                ClassElement::StaticBlock(block) if is_static => {
                    let inner = block.scope_id.get().expect("the semantic builder ran");
                    let mark = self.enter_block(inner);
                    self.statement_list(&block.body);
                    self.leave_block(inner, mark);
                }
                ClassElement::PropertyDefinition(_)
                | ClassElement::StaticBlock(_)
                | ClassElement::MethodDefinition(_)
                | ClassElement::AccessorProperty(_)
                | ClassElement::TSIndexSignature(_) => {}
            }
            self.release(mark);
        }
    }

    fn field(&mut self, p: &PropertyDefinition<'a>, index: usize, scope: ScopeId, object: Reg) {
        self.at(p.span.start);
        let name = self.static_key_name(&p.key, p.computed);
        let src = self.temp();
        match &p.value {
            Some(value) => self.named_expr_to(value, src, name.as_deref()),
            None => self.load_undefined(src),
        }
        if p.computed {
            let var = self.a.hidden(scope, &key_name(index)).expect("analysis made it");
            let key = self.read_var(var, None, u32::MAX);
            if p.value.as_ref().is_some_and(is_anonymous_definition) {
                self.emit(Insn::SetFunctionName { src, key, flags: DefineFlags::METHOD });
            }
            self.at(p.span.start);
            self.emit(Insn::DefineElem { object, key, src });
        } else if let PropertyKey::PrivateIdentifier(id) = &p.key {
            let key = self.private_name(&id.name);
            self.at(p.span.start);
            self.emit(Insn::DefinePrivate { object, key, src, flags: FIELD });
        } else {
            self.at(p.span.start);
            self.define_named(object, &p.key, &name.unwrap_or_default(), src);
        }
    }
}

fn private_flags(kind: MethodDefinitionKind) -> u16 {
    match kind {
        MethodDefinitionKind::Get => GETTER,
        MethodDefinitionKind::Set => SETTER,
        MethodDefinitionKind::Method | MethodDefinitionKind::Constructor => METHOD,
    }
}

fn private_names<'a>(it: &Class<'a>) -> Vec<&'a str> {
    let key = |e: &ClassElement<'a>| match e.property_key() {
        Some(PropertyKey::PrivateIdentifier(id)) => Some(id.name.as_str()),
        _ => None,
    };
    it.body.body.iter().filter_map(key).collect()
}
