//! Large literals of constants.
//!
//! Programs carry tables: pictures, grids, dictionaries, as array and object literals of thousands of constants. Lowered
//! like others, each element costs instructions and each property a feedback slot, for code that runs once, and a function
//! has 65,535 slots. So a large literal of nothing but constants becomes one constant, its JSON text, which the
//! runtime reads when the literal is evaluated. V8's authors advise programs to do this by hand.

use super::Lowerer;
use super::expressions::{decode, number_text};
use crate::bytecode::intrinsics::IntrinsicId;
use crate::bytecode::ops::{Insn, Reg};
use oxc_ast::ast::*;
use oxc_span::GetSpan;
use std::fmt::Write;

/// From this many values on a literal is read from its text.
const LARGE: usize = 1024;

impl<'a> Lowerer<'_, 'a> {
    /// Lowers an array or object literal as data, if it is large and all constant.
    pub(super) fn data_to(&mut self, it: &Expression<'a>, dst: Reg) -> bool {
        // A value and what separates it from the next take two characters.
        if (it.span().size() as usize) < 2 * LARGE {
            return false;
        }
        let mut data = Data::default();
        if data.value(it).is_none() || data.values < LARGE {
            return false;
        }
        let mark = self.mark();
        let base = self.window();
        self.load_undefined(base);
        self.load_undefined(Reg(base.0 + 1));
        let argument = self.temp();
        self.load_string(argument, &data.text);
        self.at(it.span().start);
        self.emit(Insn::Intrinsic { dst, id: IntrinsicId::ParseData as u16, base, argc: 1 });
        self.release(mark);
        true
    }
}

/// The text of a literal as far as it has been looked at.
#[derive(Default)]
struct Data {
    text: String,
    values: usize,
}

impl Data {
    /// Appends a value; `None` if JSON cannot say it.
    fn value(&mut self, it: &Expression<'_>) -> Option<()> {
        self.values += 1;
        match it {
            Expression::NullLiteral(_) => self.text.push_str("null"),
            Expression::BooleanLiteral(b) => self.text.push_str(if b.value { "true" } else { "false" }),
            Expression::NumericLiteral(n) => self.number(n.value)?,
            Expression::UnaryExpression(u) if u.operator == UnaryOperator::UnaryNegation => {
                let Expression::NumericLiteral(n) = &u.argument else { return None };
                self.text.push('-');
                self.number(n.value)?;
            }
            Expression::StringLiteral(s) => self.string(&s.value, s.lone_surrogates),
            Expression::ArrayExpression(array) => self.array(array)?,
            Expression::ObjectExpression(object) => self.object(object)?,
            _ => return None,
        }
        Some(())
    }

    fn number(&mut self, value: f64) -> Option<()> {
        self.text.push_str(&number_text(value));
        value.is_finite().then_some(())
    }

    fn string(&mut self, value: &str, lone_surrogates: bool) {
        self.text.push('"');
        for unit in decode(value, lone_surrogates) {
            match u8::try_from(unit) {
                Ok(c @ b' '..=b'~') if c != b'"' && c != b'\\' => self.text.push(char::from(c)),
                Ok(_) | Err(_) => write!(self.text, "\\u{unit:04x}").expect("a string takes everything"),
            }
        }
        self.text.push('"');
    }

    fn array(&mut self, it: &ArrayExpression<'_>) -> Option<()> {
        self.text.push('[');
        for (i, e) in it.elements.iter().enumerate() {
            if i > 0 {
                self.text.push(',');
            }
            self.value(e.as_expression()?)?;
        }
        self.text.push(']');
        Some(())
    }

    fn object(&mut self, it: &ObjectExpression<'_>) -> Option<()> {
        self.text.push('{');
        for (i, p) in it.properties.iter().enumerate() {
            let ObjectPropertyKind::ObjectProperty(p) = p else { return None };
            if p.kind != PropertyKind::Init || p.method || p.computed {
                return None;
            }
            if i > 0 {
                self.text.push(',');
            }
            match &p.key {
                // In a literal this sets the prototype.
                key if key.is_specific_static_name("__proto__") => return None,
                PropertyKey::StaticIdentifier(id) => self.string(&id.name, false),
                PropertyKey::StringLiteral(s) => self.string(&s.value, s.lone_surrogates),
                PropertyKey::NumericLiteral(n) => self.string(&number_text(n.value), false),
                _ => return None,
            }
            self.text.push(':');
            self.value(&p.value)?;
        }
        self.text.push('}');
        Some(())
    }
}
