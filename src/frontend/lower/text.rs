//! How V8 writes an expression in an error message: "a.b[i] is not a function".
//!
//! The counterpart of V8's `CallPrinter`: names, properties and literals appear as they are, calls as `f(...)`, what has
//! no short form as `(intermediate value)`.

use super::Lowerer;
use oxc_ast::ast::*;

/// Longest text that is kept.
const LIMIT: usize = 200;

impl<'a> Lowerer<'_, 'a> {
    /// The text of a callee, or of a value that is destructured or iterated.
    pub(super) fn callee_text(&self, e: &Expression<'a>) -> String {
        let mut out = String::new();
        print(e, &mut out, 0);
        out
    }

    /// The text of what a for-of iterates: a call is reported in a way of its own.
    pub(super) fn iterable_text(&self, e: &Expression<'a>) -> String {
        match e {
            Expression::CallExpression(it) => {
                format!("{} is not a function or its return value", self.callee_text(&it.callee))
            }
            e => self.callee_text(e),
        }
    }
}

fn print(e: &Expression<'_>, out: &mut String, depth: u32) {
    if depth > 20 || out.len() > LIMIT {
        out.push_str("(intermediate value)");
        return;
    }
    let next = depth + 1;
    match e {
        Expression::Identifier(id) => out.push_str(&id.name),
        Expression::ThisExpression(_) => out.push_str("this"),
        Expression::Super(_) => out.push_str("(intermediate value)"),
        Expression::NullLiteral(_) => out.push_str("null"),
        Expression::BooleanLiteral(b) => out.push_str(if b.value { "true" } else { "false" }),
        Expression::NumericLiteral(n) => out.push_str(&super::expressions::number_text(n.value)),
        Expression::StringLiteral(s) => {
            out.push('"');
            out.push_str(&s.value);
            out.push('"');
        }
        Expression::TemplateLiteral(t) if t.expressions.is_empty() => {
            out.push('"');
            out.push_str(t.quasis.first().and_then(|q| q.value.cooked.as_ref()).map_or("", |c| c.as_str()));
            out.push('"');
        }
        Expression::RegExpLiteral(r) => out.push_str(&format!("/{}/{}", r.regex.pattern.text, r.regex.flags)),
        Expression::StaticMemberExpression(m) => {
            print(&m.object, out, next);
            out.push_str(if m.optional { "?." } else { "." });
            out.push_str(&m.property.name);
        }
        Expression::ComputedMemberExpression(m) => {
            print(&m.object, out, next);
            match &m.expression {
                Expression::StringLiteral(s) => {
                    out.push_str(if m.optional { "?." } else { "." });
                    out.push_str(&s.value);
                }
                key => {
                    out.push_str(if m.optional { "?.[" } else { "[" });
                    print(key, out, next);
                    out.push(']');
                }
            }
        }
        Expression::PrivateFieldExpression(m) => {
            print(&m.object, out, next);
            out.push_str(if m.optional { "?.[#" } else { "[#" });
            out.push_str(&m.field.name);
            out.push(']');
        }
        Expression::CallExpression(c) => {
            print(&c.callee, out, next);
            out.push_str("(...)");
        }
        Expression::NewExpression(n) => {
            out.push_str("(intermediate value)");
            let _ = n;
        }
        Expression::ChainExpression(c) => match &c.expression {
            ChainElement::CallExpression(call) => {
                print(&call.callee, out, next);
                out.push_str("(...)");
            }
            ChainElement::StaticMemberExpression(m) => {
                print(&m.object, out, next);
                out.push_str(if m.optional { "?." } else { "." });
                out.push_str(&m.property.name);
            }
            _ => out.push_str("(intermediate value)"),
        },
        Expression::LogicalExpression(l) => {
            infix(&l.left, l.operator.as_str(), &l.right, out, next);
        }
        Expression::BinaryExpression(b) => {
            infix(&b.left, b.operator.as_str(), &b.right, out, next);
        }
        Expression::UnaryExpression(u) => match (&u.operator, &u.argument) {
            (UnaryOperator::UnaryNegation, Expression::NumericLiteral(n)) => {
                out.push_str(&super::expressions::number_text(-n.value));
            }
            _ => {
                out.push('(');
                out.push_str(u.operator.as_str());
                if u.operator.is_keyword() {
                    out.push(' ');
                }
                print(&u.argument, out, next);
                out.push(')');
            }
        },
        Expression::SequenceExpression(s) => {
            out.push('(');
            for (i, e) in s.expressions.iter().enumerate() {
                if i > 0 {
                    out.push_str(" , ");
                }
                print(e, out, next);
            }
            out.push(')');
        }
        Expression::ConditionalExpression(_) => {
            out.push_str("(intermediate value)(intermediate value)(intermediate value)");
        }
        Expression::ArrayExpression(a) => {
            out.push('[');
            for (i, e) in a.elements.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                match e {
                    ArrayExpressionElement::Elision(_) => {}
                    ArrayExpressionElement::SpreadElement(s) => {
                        out.push_str("...");
                        print(&s.argument, out, next);
                    }
                    other => print(other.to_expression(), out, next),
                }
            }
            out.push(']');
        }
        Expression::ObjectExpression(o) => {
            out.push('{');
            for p in &o.properties {
                match p {
                    ObjectPropertyKind::ObjectProperty(p) => print(&p.value, out, next),
                    ObjectPropertyKind::SpreadProperty(_) => out.push_str("(intermediate value)"),
                }
            }
            out.push('}');
        }
        _ => out.push_str("(intermediate value)"),
    }
}

fn infix(left: &Expression<'_>, operator: &str, right: &Expression<'_>, out: &mut String, depth: u32) {
    out.push('(');
    print(left, out, depth);
    out.push(' ');
    out.push_str(operator);
    out.push(' ');
    print(right, out, depth);
    out.push(')');
}
