//! The walk over the tree that finds variables, their uses and their first values.

use super::aliasing::{Assigned, arguments_assigned, defines_apply};
use super::earliest::{Earliest, Use};
use super::{Analysis, FnId, FnInfo, FnKind, Home, Special, Var, VarId, VarKind, key_name, method_name};
use crate::frontend::WRAPPER_PARAMS;
use crate::frontend::subset::RefusedFeature;
use crate::runtime::ops::arguments::MAX_MAPPED;
use oxc_ast::ast::*;
use oxc_ast_visit::{Visit, walk};
use oxc_semantic::{ScopeFlags, ScopeId, Scoping, SymbolFlags, SymbolId};
use oxc_span::GetSpan;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::Cell;

struct Walk<'s> {
    scoping: &'s Scoping,
    a: Analysis,
    current: FnId,
    uses: Vec<Use>,
    hidden_uses: Vec<(VarId, FnId)>,
    scope_function: FxHashMap<ScopeId, FnId>,
    scope_in_loop: FxHashSet<ScopeId>,
    params: FxHashSet<SymbolId>,
    first_event: FxHashMap<SymbolId, bool>,
    writes: FxHashMap<SymbolId, u32>,
    init_end: FxHashMap<SymbolId, (u32, u32)>,
    class_stack: Vec<(ScopeId, Vec<String>)>,
    loop_depth: u32,
    conditional: u32,
    case_end: u32,
    /// Blocks of initializers, which oxc does not know, are numbered after its own.
    extra_scopes: usize,
    /// Inside the parameters of a function: symbols of it that are not initialized yet.
    pending_params: Vec<SymbolId>,
    /// The function that they are of.
    pending_owner: FnId,
    class_bodies: Vec<SymbolId>,
    /// Functions in blocks of sloppy code, whose names are `var`s of the function around (Annex B), and whether the block is
    /// in a loop. In the language the block has a binding of its own besides; here both are one, and what would tell them
    /// apart is refused.
    block_functions: FxHashMap<SymbolId, bool>,
    /// Variables that functions in blocks assign, for the same reason.
    assigned_by_blocks: FxHashSet<SymbolId>,
    /// Functions whose parameters are tied to their `arguments`, with the parameters.
    mapped: Vec<(FnId, Vec<SymbolId>)>,
    /// Such functions, if the program's own `apply` or `call` may be what they call.
    mapped_by_namesakes: Vec<(FnId, Vec<SymbolId>)>,
}

/// Analyses a program.
pub fn analyse(program: &Program<'_>, scoping: &Scoping, module_wrapper: bool) -> Analysis {
    let root = program.scope_id.get().expect("the semantic builder ran");
    let mut w = Walk {
        scoping,
        a: Analysis { by_symbol: vec![None; scoping.symbols_len()], ..Analysis::default() },
        current: FnId(0),
        uses: Vec::new(),
        hidden_uses: Vec::new(),
        scope_function: FxHashMap::default(),
        scope_in_loop: FxHashSet::default(),
        params: FxHashSet::default(),
        first_event: FxHashMap::default(),
        writes: FxHashMap::default(),
        init_end: FxHashMap::default(),
        class_stack: Vec::new(),
        loop_depth: 0,
        conditional: 0,
        case_end: u32::MAX,
        extra_scopes: 0,
        pending_params: Vec::new(),
        pending_owner: FnId(0),
        class_bodies: Vec::new(),
        block_functions: FxHashMap::default(),
        assigned_by_blocks: FxHashSet::default(),
        mapped: Vec::new(),
        mapped_by_namesakes: Vec::new(),
    };
    w.push_function(FnKind::Main, root, 0, None);
    w.a.function_of_scope.insert(root, FnId(0));
    if module_wrapper {
        for name in WRAPPER_PARAMS {
            w.hidden_var(root, name, VarKind::Param);
        }
    }
    w.visit_program(program);
    if !w.mapped_by_namesakes.is_empty() && defines_apply(program) {
        w.mapped.append(&mut w.mapped_by_namesakes);
    }
    w.finish(module_wrapper, root)
}

impl Walk<'_> {
    fn push_function(&mut self, kind: FnKind, scope: ScopeId, start: u32, declaration: Option<SymbolId>) -> FnId {
        let id = FnId(self.a.functions.len() as u32);
        let parent = (id.0 > 0).then_some(self.current);
        let strict = scope.index() < self.scoping.scopes_len() && self.scoping.scope_flags(scope).is_strict_mode();
        self.a.functions.push(FnInfo {
            parent,
            kind,
            scope,
            strict,
            derived: false,
            reads_this: false,
            uses_outer_scope: false,
            super_in_arrow: false,
            mapped_parameters: 0,
            super_called_from: u32::MAX,
            has_handlers: false,
            start,
            declaration,
        });
        id
    }

    fn extra_scope(&mut self) -> ScopeId {
        self.extra_scopes += 1;
        ScopeId::from_usize(self.scoping.scopes_len() + self.extra_scopes - 1)
    }

    fn in_function(&mut self, id: FnId, then: impl FnOnce(&mut Self)) {
        let saved = (self.current, self.loop_depth, self.conditional, self.case_end);
        (self.current, self.loop_depth, self.conditional, self.case_end) = (id, 0, 0, u32::MAX);
        then(self);
        (self.current, self.loop_depth, self.conditional, self.case_end) = saved;
    }

    fn conditionally(&mut self, then: impl FnOnce(&mut Self)) {
        self.conditional += 1;
        then(self);
        self.conditional -= 1;
    }

    fn in_loop(&mut self, then: impl FnOnce(&mut Self)) {
        self.loop_depth += 1;
        self.conditionally(then);
        self.loop_depth -= 1;
    }

    fn new_var(&mut self, name: &str, kind: VarKind, function: FnId, scope: ScopeId) -> VarId {
        let id = VarId(self.a.vars.len() as u32);
        self.a.vars.push(Var {
            name: name.to_string(),
            kind,
            function,
            scope,
            captured: false,
            home: Home::Register,
            assigned: false,
            mapped: None,
            needs_hole: false,
            assigned_first: false,
            initialized_once: false,
            init_end: 0,
            valid_until: u32::MAX,
        });
        self.a.by_scope.entry(scope).or_default().push(id);
        id
    }

    fn hidden_var(&mut self, scope: ScopeId, name: &str, kind: VarKind) -> VarId {
        if let Some(v) = self.a.hidden(scope, name) {
            return v;
        }
        let v = self.new_var(name, kind, self.current, scope);
        self.a.hidden.insert((scope, name.to_string()), v);
        v
    }

    fn use_special(&mut self, special: Special) {
        let owner = self.a.this_owner(self.current);
        let name = match special {
            Special::This => "this",
            Special::Arguments => "arguments",
            Special::NewTarget => "new.target",
            Special::Callee => "(callee)",
        };
        let var = match self.a.special(owner, special) {
            Some(v) => v,
            None => {
                let scope = self.a.function(owner).scope;
                let v = self.new_var(name, VarKind::Hidden, owner, scope);
                self.a.specials.insert((owner, special), v);
                v
            }
        };
        self.hidden_uses.push((var, self.current));
        if owner != self.current {
            self.a.vars[var.0 as usize].captured = true;
        } else if special == Special::This {
            self.a.functions[owner.0 as usize].reads_this = true;
        }
    }

    fn use_hidden(&mut self, class: ScopeId, name: &str) {
        if let Some(v) = self.a.hidden(class, name) {
            self.hidden_uses.push((v, self.current));
            if self.a.var(v).function != self.current {
                self.a.vars[v.0 as usize].captured = true;
            }
        }
    }

    fn use_private(&mut self, name: &str) {
        let class = self.class_stack.iter().rev().find(|(_, names)| names.iter().any(|n| n == name)).map(|(c, _)| *c);
        if let Some(class) = class {
            self.use_hidden(class, &format!("#{name}"));
        }
    }

    fn first_event(&mut self, symbol: SymbolId, write: bool) {
        let certain = write
            && self.conditional == 0
            && self.scope_function.get(&self.scoping.symbol_scope_id(symbol)) == Some(&self.current);
        self.first_event.entry(symbol).or_insert(certain);
    }

    fn write(&mut self, symbol: SymbolId) {
        *self.writes.entry(symbol).or_insert(0) += 1;
    }

    fn declared(&mut self, symbol: SymbolId, end: u32) {
        self.init_end.entry(symbol).or_insert((end, self.case_end));
    }

    fn note_block_functions(&mut self, statements: &[Statement<'_>], block: &Cell<Option<ScopeId>>) {
        for s in statements {
            if let Statement::FunctionDeclaration(f) = s
                && let Some(symbol) = f.id.as_ref().and_then(|i| i.symbol_id.get())
            {
                match block.get().filter(|scope| *scope == self.scoping.symbol_scope_id(symbol)) {
                    Some(scope) => self.note_outer_function(scope, symbol),
                    None => {
                        let in_loop = self.block_functions.entry(symbol).or_default();
                        *in_loop |= self.loop_depth > 0;
                    }
                }
            }
        }
    }

    /// A function in a block of sloppy code, whose name the function around has a variable for, assigns that where its
    /// declaration stands (Annex B).
    fn note_outer_function(&mut self, block: ScopeId, symbol: SymbolId) {
        if let Some(outer) = self.outer_function_var(block, symbol) {
            self.write(outer);
            self.first_event(outer, true);
            self.assigned_by_blocks.insert(outer);
            self.a.outer_functions.insert(symbol, outer);
        }
    }

    fn outer_function_var(&self, block: ScopeId, symbol: SymbolId) -> Option<SymbolId> {
        if self.scoping.scope_flags(block).is_strict_mode() {
            return None;
        }
        let name = self.scoping.symbol_ident(symbol);
        let mut scope = self.scoping.scope_parent_id(block)?;
        loop {
            let is_outermost = self.scoping.scope_flags(scope).is_var();
            if let Some(found) = self.scoping.get_binding(scope, name) {
                let flags = self.scoping.symbol_flags(found);
                let is_var = flags.intersects(SymbolFlags::FunctionScopedVariable | SymbolFlags::Function)
                    && !flags.intersects(SymbolFlags::CatchVariable | SymbolFlags::FunctionExpression);
                if is_outermost {
                    return (is_var && !self.params.contains(&found)).then_some(found);
                }
                if !flags.contains(SymbolFlags::CatchVariable) {
                    return None;
                }
            }
            if is_outermost {
                return None;
            }
            scope = self.scoping.scope_parent_id(scope)?;
        }
    }

    fn pattern_symbols(pattern: &BindingPattern<'_>) -> Vec<SymbolId> {
        pattern.get_binding_identifiers().iter().filter_map(|b| b.symbol_id.get()).collect()
    }

    fn is_assigned(&self, symbol: SymbolId) -> bool {
        self.scoping.symbol_is_mutated(symbol)
            || !self.scoping.symbol_redeclarations(symbol).is_empty()
            || self.assigned_by_blocks.contains(&symbol)
    }

    /// Refuses functions in blocks whose binding there may come to differ from that of the function around: one of them is
    /// assigned, or a closure keeps the one of another block or iteration.
    fn refuse_block_functions(&mut self) {
        for (&symbol, &in_loop) in &self.block_functions {
            let Some(id) = self.a.by_symbol[symbol.index()] else { continue };
            let several = in_loop
                || !self.scoping.symbol_redeclarations(symbol).is_empty()
                || self.assigned_by_blocks.contains(&symbol);
            if self.scoping.symbol_is_mutated(symbol) || several && self.a.var(id).captured {
                self.a.refused.push((self.scoping.symbol_span(symbol).start, RefusedFeature::BlockFunction));
            }
        }
    }

    /// Gives parameters that are tied to elements of `arguments` their places. Whoever assigns one needs the object too.
    fn map_parameters(&mut self) {
        for (function, symbols) in std::mem::take(&mut self.mapped) {
            self.a.functions[function.0 as usize].mapped_parameters = symbols.len().min(0xFFFF) as u16;
            if let (Some(first), true) = (symbols.first(), symbols.len() > MAX_MAPPED) {
                let at = self.scoping.symbol_span(*first).start;
                self.a.refused.push((at, RefusedFeature::ArgumentsMapped));
            }
            for (i, symbol) in symbols.iter().enumerate() {
                let Some(id) = self.a.by_symbol[symbol.index()] else { continue };
                let v = &mut self.a.vars[id.0 as usize];
                (v.captured, v.assigned, v.mapped) = (true, true, Some(i as u16));
            }
            let object = self.a.special(function, Special::Arguments).expect("only functions that use it are mapped");
            for u in self.uses.iter().filter(|u| u.function != function && symbols.contains(&u.symbol)) {
                self.hidden_uses.push((object, u.function));
                self.a.vars[object.0 as usize].captured = true;
            }
        }
    }

    /// Settles every variable once all uses are known.
    fn finish(mut self, module_wrapper: bool, root: ScopeId) -> Analysis {
        for symbol in self.scoping.symbol_ids() {
            let flags = self.scoping.symbol_flags(symbol);
            let scope = self.scoping.symbol_scope_id(symbol);
            let Some(&function) = self.scope_function.get(&scope) else { continue };
            let kind = if self.params.contains(&symbol) {
                VarKind::Param
            } else if self.block_functions.contains_key(&symbol) {
                VarKind::Var
            } else if flags.contains(SymbolFlags::FunctionExpression)
                && self.scoping.symbol_redeclarations(symbol).is_empty()
            {
                VarKind::FunctionName
            } else if flags.contains(SymbolFlags::Class) {
                VarKind::Class
            } else if flags.contains(SymbolFlags::ConstVariable) {
                VarKind::Const
            } else if flags.contains(SymbolFlags::BlockScopedVariable) {
                VarKind::Let
            } else if flags.contains(SymbolFlags::Function) {
                VarKind::Function
            } else if flags.contains(SymbolFlags::CatchVariable) {
                VarKind::CatchParam
            } else {
                VarKind::Var
            };
            let id = self.new_var(self.scoping.symbol_name(symbol), kind, function, scope);
            self.a.by_symbol[symbol.index()] = Some(id);
            let (init_end, valid_until) = self.init_end.get(&symbol).copied().unwrap_or((0, u32::MAX));
            let assigned = self.is_assigned(symbol);
            let v = &mut self.a.vars[id.0 as usize];
            v.init_end = init_end;
            v.valid_until = valid_until;
            v.assigned = assigned;
            v.assigned_first = kind == VarKind::Var
                && !self.block_functions.contains_key(&symbol)
                && self.first_event.get(&symbol) == Some(&true);
        }
        if module_wrapper {
            self.bind_wrapper_params(root);
        }
        self.map_parameters();
        let uses = std::mem::take(&mut self.uses);
        for u in &uses {
            let Some(id) = self.a.by_symbol[u.symbol.index()] else { continue };
            if self.a.var(id).function != u.function {
                self.a.vars[id.0 as usize].captured = true;
            }
        }
        self.refuse_block_functions();
        let earliest = Earliest::new(&self.a, &uses);
        let mut uncertain: FxHashSet<SymbolId> = FxHashSet::default();
        for u in &uses {
            let Some(id) = self.a.by_symbol[u.symbol.index()] else { continue };
            let v = self.a.var(id);
            let relevant = match v.kind {
                VarKind::Let | VarKind::Const | VarKind::Class | VarKind::Var => true,
                VarKind::Function | VarKind::Param | VarKind::CatchParam | VarKind::FunctionName | VarKind::Hidden => {
                    false
                }
            };
            if !relevant {
                continue;
            }
            let at = earliest.of_use(&self.a, u.function, u.position, v.function);
            if !(at >= v.init_end && at < v.valid_until) {
                uncertain.insert(u.symbol);
                if v.kind != VarKind::Var {
                    self.a.checked.insert(u.position);
                }
            }
        }
        for symbol in self.scoping.symbol_ids() {
            let Some(id) = self.a.by_symbol[symbol.index()] else { continue };
            let writes = self.writes.get(&symbol).copied().unwrap_or(0);
            let in_loop = self.scope_in_loop.contains(&self.a.var(id).scope);
            let v = &mut self.a.vars[id.0 as usize];
            let certain = !uncertain.contains(&symbol);
            v.needs_hole = !certain && v.kind != VarKind::Var;
            v.initialized_once = v.kind == VarKind::Var
                && certain
                && v.captured
                && v.assigned_first
                && writes == 1
                && v.function == FnId(0)
                && !in_loop
                && self.init_end.contains_key(&symbol);
        }
        self.place();
        let named = uses.iter().filter_map(|u| Some((self.a.by_symbol[u.symbol.index()]?, u.function)));
        let all: Vec<(VarId, FnId)> = named.chain(self.hidden_uses.iter().copied()).collect();
        for (var, user) in all {
            let v = &self.a.vars[var.0 as usize];
            if !matches!(v.home, Home::Scope(_)) {
                continue;
            }
            let mut function = user;
            while function != v.function {
                let info = &mut self.a.functions[function.0 as usize];
                info.uses_outer_scope = true;
                let Some(parent) = info.parent else { break };
                function = parent;
            }
        }
        self.a
    }

    /// A `var` of the main program that is named like a parameter of the module wrapper is that parameter.
    fn bind_wrapper_params(&mut self, root: ScopeId) {
        for name in WRAPPER_PARAMS {
            let param = self.a.hidden[&(root, (*name).to_string())];
            let twin = self.a.vars_of_scope(root).iter().copied().find(|v| *v != param && self.a.var(*v).name == *name);
            let Some(twin) = twin else { continue };
            for (i, slot) in self.a.by_symbol.iter_mut().enumerate() {
                if *slot == Some(twin) {
                    *slot = Some(param);
                    let lexical =
                        matches!(self.a.vars[twin.0 as usize].kind, VarKind::Let | VarKind::Const | VarKind::Class);
                    if lexical {
                        let at = self.scoping.symbol_span(SymbolId::from_usize(i)).start;
                        self.a.wrapper_clash = Some((at, (*name).to_string()));
                    }
                }
            }
            let v = &mut self.a.vars[param.0 as usize];
            v.assigned = true;
            self.a.by_scope.get_mut(&root).expect("root has variables").retain(|v| *v != twin);
        }
    }

    fn place(&mut self) {
        for i in 0..self.a.vars.len() {
            let v = &self.a.vars[i];
            if !v.captured || !self.a.by_scope[&v.scope].contains(&VarId(i as u32)) {
                continue;
            }
            let home = if v.function == FnId(0) && !self.scope_in_loop.contains(&v.scope) {
                self.a.cells.push(v.name.clone());
                Home::Module((self.a.cells.len() - 1).min(0xFFFF) as u16)
            } else {
                let count = self.a.scope_slots.entry(v.scope).or_insert(0);
                *count = count.saturating_add(1);
                Home::Scope(*count - 1)
            };
            self.a.vars[i].home = home;
        }
    }
}

impl<'a> Visit<'a> for Walk<'_> {
    fn enter_scope(&mut self, _flags: ScopeFlags, scope: &Cell<Option<ScopeId>>) {
        let scope = scope.get().expect("the semantic builder ran");
        self.scope_function.insert(scope, self.current);
        if self.loop_depth > 0 {
            self.scope_in_loop.insert(scope);
        }
    }

    fn visit_function(&mut self, it: &Function<'a>, flags: ScopeFlags) {
        let scope = it.scope_id.get().expect("the semantic builder ran");
        let declaration = if it.is_declaration() { it.id.as_ref().and_then(|i| i.symbol_id.get()) } else { None };
        if let Some(symbol) = declaration {
            self.write(symbol);
        }
        let id = self.push_function(FnKind::Function, scope, it.span.start, declaration);
        self.a.function_of_scope.insert(scope, id);
        self.in_function(id, |w| walk::walk_function(w, it, flags));
        let parameters = &it.params;
        let plain = parameters.rest.is_none()
            && parameters.items.iter().all(|p| p.initializer.is_none() && p.pattern.is_binding_identifier());
        if plain && !self.a.function(id).strict && self.a.special(id, Special::Arguments).is_some() {
            let symbols: Vec<_> = parameters.items.iter().flat_map(|p| Self::pattern_symbols(&p.pattern)).collect();
            match arguments_assigned(it) {
                _known if symbols.iter().any(|s| self.is_assigned(*s)) => self.mapped.push((id, symbols)),
                Assigned::Yes => self.mapped.push((id, symbols)),
                Assigned::ByNamesakes => self.mapped_by_namesakes.push((id, symbols)),
                Assigned::No => {}
            }
        }
    }

    fn visit_arrow_function_expression(&mut self, it: &ArrowFunctionExpression<'a>) {
        let scope = it.scope_id.get().expect("the semantic builder ran");
        let id = self.push_function(FnKind::Arrow, scope, it.span.start, None);
        self.a.function_of_scope.insert(scope, id);
        self.in_function(id, |w| walk::walk_arrow_function_expression(w, it));
    }

    fn visit_formal_parameters(&mut self, it: &FormalParameters<'a>) {
        let mut symbols = Vec::new();
        for p in &it.items {
            symbols.extend(Self::pattern_symbols(&p.pattern));
        }
        if let Some(rest) = &it.rest {
            symbols.extend(Self::pattern_symbols(&rest.rest.argument));
        }
        self.params.extend(symbols.iter().copied());
        let simple =
            it.rest.is_none() && it.items.iter().all(|p| p.initializer.is_none() && p.pattern.is_binding_identifier());
        if simple {
            return;
        }
        for symbol in &symbols {
            if !self.scoping.symbol_redeclarations(*symbol).is_empty() {
                let at = self.scoping.symbol_span(*symbol).start;
                self.a.refused.push((at, RefusedFeature::ParameterRedeclared));
            }
        }
        let saved = std::mem::replace(&mut self.pending_params, symbols);
        let saved_owner = std::mem::replace(&mut self.pending_owner, self.current);
        for p in &it.items {
            if let Some(init) = &p.initializer {
                self.conditionally(|w| w.visit_expression(init));
            }
            let done = Self::pattern_symbols(&p.pattern);
            if p.pattern.is_destructuring_pattern() {
                self.pending_params.retain(|s| !done.contains(s));
                self.visit_binding_pattern(&p.pattern);
            }
            self.pending_params.retain(|s| !done.contains(s));
        }
        if let Some(rest) = &it.rest {
            self.pending_params.clear();
            self.visit_binding_pattern(&rest.rest.argument);
        }
        self.pending_params = saved;
        self.pending_owner = saved_owner;
    }

    fn visit_class(&mut self, it: &Class<'a>) {
        let scope = it.scope_id.get().expect("the semantic builder ran");
        self.enter_scope(ScopeFlags::StrictMode, &it.scope_id);
        let own = it.id.as_ref().and_then(|i| i.symbol_id.get());
        if let Some(symbol) = own {
            self.declared(symbol, it.span.end);
            self.write(symbol);
            if it.is_declaration() && self.scoping.symbol_is_mutated(symbol) {
                self.class_bodies.push(symbol);
            }
        }
        let mut names = Vec::new();
        for element in &it.body.body {
            if let Some(PropertyKey::PrivateIdentifier(key)) = element.property_key() {
                names.push(key.name.to_string());
            }
        }
        for name in &names {
            self.hidden_var(scope, &format!("#{name}"), VarKind::Hidden);
        }
        self.class_stack.push((scope, names));
        if let Some(heritage) = &it.heritage {
            self.visit_expression(&heritage.expression);
        }
        self.visit_class_elements(it, scope);
        self.class_stack.pop();
        if own.is_some() && self.class_bodies.last().copied() == own {
            self.class_bodies.pop();
        }
    }

    fn visit_identifier_reference(&mut self, it: &IdentifierReference<'a>) {
        let reference = self.scoping.get_reference(it.reference_id.get().expect("the semantic builder ran"));
        let Some(symbol) = reference.symbol_id() else {
            match it.name.as_str() {
                "arguments" => self.use_special(Special::Arguments),
                name if WRAPPER_PARAMS.contains(&name) => {
                    let root = self.a.functions[0].scope;
                    if let Some(v) = self.a.hidden(root, name) {
                        if self.current != FnId(0) {
                            self.a.vars[v.0 as usize].captured = true;
                        }
                        if reference.is_write() {
                            self.a.vars[v.0 as usize].assigned = true;
                        }
                    }
                }
                _ => {}
            }
            return;
        };
        if self.pending_params.contains(&symbol) {
            let read_at_once = !reference.is_write() && self.pending_owner == self.current;
            if read_at_once {
                self.a.dead_reads.insert(it.span.start);
            } else {
                self.a.refused.push((it.span.start, RefusedFeature::ParameterForwardUse));
            }
        }
        if self.class_bodies.contains(&symbol) {
            self.a.refused.push((it.span.start, RefusedFeature::ReassignedClass));
        }
        self.uses.push(Use { symbol, function: self.current, position: it.span.start });
        if reference.is_write() {
            self.write(symbol);
        }
        self.first_event(symbol, reference.is_write() && !reference.is_read());
    }

    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        // Time order: a plain assignment to a variable evaluates its right side first.
        if it.operator.is_assign() && matches!(it.left, AssignmentTarget::AssignmentTargetIdentifier(_)) {
            self.visit_expression(&it.right);
            self.visit_assignment_target(&it.left);
        } else if it.operator.is_logical() {
            self.visit_assignment_target(&it.left);
            self.conditionally(|w| w.visit_expression(&it.right));
        } else {
            self.visit_assignment_target(&it.left);
            self.visit_expression(&it.right);
        }
    }

    fn visit_variable_declaration(&mut self, it: &VariableDeclaration<'a>) {
        for d in &it.declarations {
            if let Some(init) = &d.init {
                self.visit_expression(init);
            }
            self.visit_binding_pattern(&d.id);
            for symbol in Self::pattern_symbols(&d.id) {
                if d.init.is_some() {
                    self.write(symbol);
                    self.first_event(symbol, true);
                }
                if d.init.is_some() || it.kind != VariableDeclarationKind::Var {
                    self.declared(symbol, d.span.end);
                }
            }
        }
    }

    fn visit_this_expression(&mut self, _: &ThisExpression) {
        self.use_special(Special::This);
    }

    fn visit_super(&mut self, _: &Super) {
        self.use_special(Special::This);
    }

    fn visit_new_target(&mut self, _: &NewTarget) {
        self.use_special(Special::NewTarget);
    }

    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        walk::walk_call_expression(self, it);
        if matches!(it.callee, Expression::Super(_)) {
            self.use_special(Special::NewTarget);
            let owner = self.a.this_owner(self.current);
            if owner != self.current {
                self.use_special(Special::Callee);
                self.a.functions[owner.0 as usize].super_in_arrow = true;
                let this = self.a.special(owner, Special::This).expect("super uses this");
                self.a.vars[this.0 as usize].assigned = true;
            }
            let info = &mut self.a.functions[self.current.0 as usize];
            if self.conditional == 0 {
                info.super_called_from = info.super_called_from.min(it.span.end);
            }
        }
    }

    fn visit_private_field_expression(&mut self, it: &PrivateFieldExpression<'a>) {
        self.use_private(&it.field.name);
        walk::walk_private_field_expression(self, it);
    }

    fn visit_private_in_expression(&mut self, it: &PrivateInExpression<'a>) {
        self.use_private(&it.left.name);
        walk::walk_private_in_expression(self, it);
    }

    fn visit_if_statement(&mut self, it: &IfStatement<'a>) {
        self.visit_expression(&it.test);
        self.conditionally(|w| {
            w.visit_statement(&it.consequent);
            if let Some(alternate) = &it.alternate {
                w.visit_statement(alternate);
            }
        });
    }

    fn visit_conditional_expression(&mut self, it: &ConditionalExpression<'a>) {
        self.visit_expression(&it.test);
        self.conditionally(|w| {
            w.visit_expression(&it.consequent);
            w.visit_expression(&it.alternate);
        });
    }

    fn visit_logical_expression(&mut self, it: &LogicalExpression<'a>) {
        self.visit_expression(&it.left);
        self.conditionally(|w| w.visit_expression(&it.right));
    }

    fn visit_chain_expression(&mut self, it: &ChainExpression<'a>) {
        self.conditionally(|w| walk::walk_chain_expression(w, it));
    }

    fn visit_assignment_pattern(&mut self, it: &AssignmentPattern<'a>) {
        self.conditionally(|w| w.visit_expression(&it.right));
        self.visit_binding_pattern(&it.left);
    }

    fn visit_assignment_target_with_default(&mut self, it: &AssignmentTargetWithDefault<'a>) {
        self.conditionally(|w| walk::walk_assignment_target_with_default(w, it));
    }

    fn visit_assignment_target_property_identifier(&mut self, it: &AssignmentTargetPropertyIdentifier<'a>) {
        self.conditionally(|w| walk::walk_assignment_target_property_identifier(w, it));
    }

    fn visit_labeled_statement(&mut self, it: &LabeledStatement<'a>) {
        self.conditionally(|w| walk::walk_labeled_statement(w, it));
    }

    fn visit_try_statement(&mut self, it: &TryStatement<'a>) {
        self.a.functions[self.current.0 as usize].has_handlers = true;
        self.conditionally(|w| walk::walk_try_statement(w, it));
    }

    fn visit_switch_statement(&mut self, it: &SwitchStatement<'a>) {
        self.visit_expression(&it.discriminant);
        self.enter_scope(ScopeFlags::empty(), &it.scope_id);
        self.conditionally(|w| {
            for case in &it.cases {
                w.note_block_functions(&case.consequent, &it.scope_id);
                let saved = std::mem::replace(&mut w.case_end, case.span.end);
                w.visit_switch_case(case);
                w.case_end = saved;
            }
        });
    }

    fn visit_block_statement(&mut self, it: &BlockStatement<'a>) {
        // A block inside a case has declarations of its own, which nothing jumps over.
        let saved = std::mem::replace(&mut self.case_end, u32::MAX);
        self.note_block_functions(&it.body, &it.scope_id);
        walk::walk_block_statement(self, it);
        self.case_end = saved;
    }

    fn visit_while_statement(&mut self, it: &WhileStatement<'a>) {
        self.in_loop(|w| walk::walk_while_statement(w, it));
    }

    fn visit_do_while_statement(&mut self, it: &DoWhileStatement<'a>) {
        self.in_loop(|w| walk::walk_do_while_statement(w, it));
    }

    fn visit_for_statement(&mut self, it: &ForStatement<'a>) {
        // The head's bindings are copied per iteration, so its block counts as one in a loop; its `var` runs once.
        self.loop_depth += 1;
        self.enter_scope(ScopeFlags::empty(), &it.scope_id);
        let saved = std::mem::replace(&mut self.case_end, u32::MAX);
        if let Some(init) = &it.init {
            self.visit_for_statement_init(init);
        }
        self.conditionally(|w| {
            if let Some(test) = &it.test {
                w.visit_expression(test);
            }
            w.visit_statement(&it.body);
            if let Some(update) = &it.update {
                w.visit_expression(update);
            }
        });
        self.case_end = saved;
        self.loop_depth -= 1;
    }

    fn visit_for_in_statement(&mut self, it: &ForInStatement<'a>) {
        self.visit_for_head(&it.left, &it.right, &it.scope_id, &it.body);
    }

    fn visit_for_of_statement(&mut self, it: &ForOfStatement<'a>) {
        self.a.functions[self.current.0 as usize].has_handlers = true;
        self.visit_for_head(&it.left, &it.right, &it.scope_id, &it.body);
    }
}

impl Walk<'_> {
    fn visit_for_head<'a>(
        &mut self,
        left: &ForStatementLeft<'a>,
        right: &Expression<'a>,
        scope: &Cell<Option<ScopeId>>,
        body: &Statement<'a>,
    ) {
        self.loop_depth += 1;
        self.enter_scope(ScopeFlags::empty(), scope);
        let saved = std::mem::replace(&mut self.case_end, u32::MAX);
        let mut bound = Vec::new();
        if let ForStatementLeft::VariableDeclaration(declaration) = left {
            for d in &declaration.declarations {
                bound.extend(Self::pattern_symbols(&d.id));
            }
            let lexical = declaration.kind != VariableDeclarationKind::Var;
            if lexical {
                self.pending_params.extend(bound.iter().copied());
            }
        }
        self.loop_depth -= 1;
        let saved_owner = std::mem::replace(&mut self.pending_owner, self.current);
        self.visit_expression(right);
        self.pending_owner = saved_owner;
        self.loop_depth += 1;
        self.pending_params.retain(|s| !bound.contains(s));
        self.conditionally(|w| {
            for symbol in &bound {
                w.declared(*symbol, right.span().end.min(body.span().start));
                w.write(*symbol);
                w.write(*symbol);
                w.first_event(*symbol, true);
            }
            w.visit_for_statement_left(left);
            w.visit_statement(body);
        });
        self.case_end = saved;
        self.loop_depth -= 1;
    }

    fn visit_class_elements<'a>(&mut self, it: &Class<'a>, scope: ScopeId) {
        let end = it.span.end;
        let has = |is_static: bool| {
            it.body.body.iter().any(|e| match e {
                ClassElement::StaticBlock(_) => is_static,
                ClassElement::PropertyDefinition(p) => p.r#static == is_static,
                ClassElement::MethodDefinition(m) => {
                    !is_static && !m.r#static && matches!(m.key, PropertyKey::PrivateIdentifier(_))
                }
                ClassElement::AccessorProperty(_) | ClassElement::TSIndexSignature(_) => false,
            })
        };
        let constructor = it
            .body
            .body
            .iter()
            .any(|e| matches!(e, ClassElement::MethodDefinition(m) if m.kind == MethodDefinitionKind::Constructor));
        if !constructor {
            let own_scope = self.extra_scope();
            let id = self.push_function(FnKind::Function, own_scope, end, None);
            let info = &mut self.a.functions[id.0 as usize];
            (info.strict, info.derived) = (true, it.heritage.is_some());
            self.a.default_constructors.insert(scope, id);
        }
        let mut initializer = [None, None];
        for (slot, is_static, kind) in [(0, false, FnKind::Fields), (1, true, FnKind::Static)] {
            if has(is_static) {
                let own_scope = self.extra_scope();
                let id = self.push_function(kind, own_scope, end, None);
                self.a.functions[id.0 as usize].strict = true;
                self.a.initializers.insert((scope, is_static), id);
                initializer[slot] = Some(id);
                // The initializer defines its fields on `this`.
                self.in_function(id, |w| w.use_special(Special::This));
            }
        }
        for (index, element) in it.body.body.iter().enumerate() {
            match element {
                ClassElement::StaticBlock(block) => {
                    let id = initializer[1].expect("static initializer");
                    self.in_function(id, |w| walk::walk_static_block(w, block));
                }
                ClassElement::MethodDefinition(m) => {
                    if m.computed {
                        self.visit_property_key(&m.key);
                    }
                    let before = self.a.functions.len();
                    self.visit_function(&m.value, ScopeFlags::Function);
                    self.a.functions[before].start = end;
                    self.a.functions[before].derived =
                        m.kind == MethodDefinitionKind::Constructor && it.heritage.is_some();
                    if let (PropertyKey::PrivateIdentifier(key), false) = (&m.key, m.r#static) {
                        self.hidden_var(scope, &method_name(index), VarKind::Hidden);
                        let id = initializer[0].expect("field initializer");
                        self.in_function(id, |w| {
                            w.use_hidden(scope, &method_name(index));
                            w.use_private(&key.name);
                        });
                    }
                }
                ClassElement::PropertyDefinition(p) => {
                    let id = initializer[usize::from(p.r#static)].expect("initializer");
                    if p.computed {
                        self.visit_property_key(&p.key);
                        self.hidden_var(scope, &key_name(index), VarKind::Hidden);
                        self.in_function(id, |w| w.use_hidden(scope, &key_name(index)));
                    } else if let PropertyKey::PrivateIdentifier(key) = &p.key {
                        self.in_function(id, |w| w.use_private(&key.name));
                    }
                    if let Some(value) = &p.value {
                        self.in_function(id, |w| w.visit_expression(value));
                    }
                }
                ClassElement::AccessorProperty(_) | ClassElement::TSIndexSignature(_) => {}
            }
        }
    }
}
