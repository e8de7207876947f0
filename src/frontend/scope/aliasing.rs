//! Whether elements of a sloppy function's `arguments` may be assigned.
//!
//! In sloppy functions with plain parameters the elements of `arguments` *are* the parameters. Where neither is ever assigned,
//! nobody can tell that they are kept apart, and most functions are like this. Where a parameter is assigned, or elements
//! may be, the object is tied to the parameters (`map_arguments`), which then live in a `Scope` cell. Elements are assigned
//! through the name, or by whoever is given the object; uses that can only read are known here, because they are what such
//! programs live by. They are known by the names `apply` and `call`, so a program that has methods of these names itself is
//! believed to assign.

use oxc_ast::ast::*;
use oxc_ast_visit::{Visit, walk};
use oxc_semantic::ScopeFlags;

/// Whether elements of `arguments` may be assigned.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assigned {
    No,
    /// Not if `apply` and `call` are the library's ([`defines_apply`]).
    ByNamesakes,
    Yes,
}

/// Whether the elements of this function's `arguments` may be assigned, should it be sloppy.
pub fn arguments_assigned(it: &Function<'_>) -> Assigned {
    let mut walk = Escapes(Assigned::No);
    if let Some(body) = &it.body {
        walk.visit_function_body(body);
    }
    walk.0
}

/// Whether a program has a method `apply` or `call` of its own.
pub fn defines_apply(program: &Program<'_>) -> bool {
    let mut walk = Definitions(false);
    walk.visit_program(program);
    walk.0
}

struct Definitions(bool);

impl<'a> Visit<'a> for Definitions {
    fn visit_property_key(&mut self, it: &PropertyKey<'a>) {
        self.0 |= it.static_name().is_some_and(|name| is_reader(&name));
        walk::walk_property_key(self, it);
    }

    fn visit_simple_assignment_target(&mut self, it: &SimpleAssignmentTarget<'a>) {
        self.0 |= it.as_member_expression().and_then(|member| member.static_property_name()).is_some_and(is_reader);
        walk::walk_simple_assignment_target(self, it);
    }
}

fn is_reader(name: &str) -> bool {
    matches!(name, "apply" | "call")
}

struct Escapes(Assigned);

impl Escapes {
    fn note(&mut self, found: bool) {
        if found {
            self.0 = Assigned::Yes;
        }
    }
}

fn is_arguments(it: &Expression<'_>) -> bool {
    matches!(it, Expression::Identifier(id) if id.name == "arguments")
}

fn is_arguments_argument(it: Option<&Argument<'_>>) -> bool {
    it.and_then(Argument::as_expression).is_some_and(is_arguments)
}

/// The argument of a call by which the callee only reads: the second of `f.apply(x, …)`, the first of `slice.call(…)`.
fn read_only_argument(it: &CallExpression<'_>) -> Option<usize> {
    let Expression::StaticMemberExpression(callee) = &it.callee else { return None };
    match callee.property.name.as_str() {
        "apply" => Some(1),
        "call" => {
            let name = match &callee.object {
                Expression::StaticMemberExpression(method) => method.property.name.as_str(),
                Expression::Identifier(id) => id.name.as_str(),
                _ => return None,
            };
            matches!(name, "slice" | "map" | "forEach" | "join" | "indexOf").then_some(0)
        }
        _ => None,
    }
}

impl<'a> Visit<'a> for Escapes {
    // A function of its own has `arguments` of its own; an arrow does not.
    fn visit_function(&mut self, _: &Function<'a>, _: ScopeFlags) {}

    fn visit_identifier_reference(&mut self, it: &IdentifierReference<'a>) {
        self.note(it.name == "arguments");
    }

    fn visit_static_member_expression(&mut self, it: &StaticMemberExpression<'a>) {
        if !is_arguments(&it.object) {
            walk::walk_static_member_expression(self, it);
        }
    }

    fn visit_computed_member_expression(&mut self, it: &ComputedMemberExpression<'a>) {
        if !is_arguments(&it.object) {
            self.visit_expression(&it.object);
        }
        self.visit_expression(&it.expression);
    }

    fn visit_simple_assignment_target(&mut self, it: &SimpleAssignmentTarget<'a>) {
        if let SimpleAssignmentTarget::ComputedMemberExpression(member) = it {
            self.note(is_arguments(&member.object));
        }
        walk::walk_simple_assignment_target(self, it);
    }

    fn visit_unary_expression(&mut self, it: &UnaryExpression<'a>) {
        if let (UnaryOperator::Delete, Expression::ComputedMemberExpression(member)) = (it.operator, &it.argument) {
            self.note(is_arguments(&member.object));
        }
        walk::walk_unary_expression(self, it);
    }

    fn visit_spread_element(&mut self, it: &SpreadElement<'a>) {
        if !is_arguments(&it.argument) {
            walk::walk_spread_element(self, it);
        }
    }

    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        // `arguments[i](…)` passes the object as `this`.
        if it.callee.as_member_expression().is_some_and(|m| is_arguments(m.object())) {
            self.note(true);
        }
        let harmless = read_only_argument(it).filter(|i| is_arguments_argument(it.arguments.get(*i)));
        if harmless.is_some() {
            self.0 = self.0.max(Assigned::ByNamesakes);
        }
        self.visit_expression(&it.callee);
        for (i, argument) in it.arguments.iter().enumerate() {
            if harmless != Some(i) {
                self.visit_argument(argument);
            }
        }
    }
}
