//! Functions of the runtime that compiled code may call: the generic form of everything.
//!
//! Each row names the operation, how many tagged operands it takes, the type of its result and what it may do. The
//! address behind a row is the business of `codegen`; here it is only known what a call of it means. Property keys are
//! atoms, passed as constants; functions and shapes are passed as int32 constants.

use super::effects::{ANYTHING, Effects, PURE};
use super::field::Field;
use super::parse::{ParseResult, Parser};
use super::types::{ANY, ARRAY, BOOL, INT32, NONE, NUMBER, OBJECT, OBJECTS, STRING, TOP, Type};
use std::fmt;

macro_rules! runtime_functions {
    ($($(#[doc = $doc:literal])+ $name:ident $text:literal $arity:expr, $result:expr, $effects:expr;)*) => {
        /// A function of the runtime.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum RuntimeFn {
            $($(#[doc = $doc])+ $name,)*
        }

        impl RuntimeFn {
            /// Every row.
            pub const ALL: &'static [RuntimeFn] = &[$(RuntimeFn::$name),*];
            /// The name in printed HIR.
            pub fn name(self) -> &'static str {
                match self { $(RuntimeFn::$name => $text,)* }
            }
            /// The number of operands; `None`: any number.
            pub fn arity(self) -> Option<usize> {
                match self { $(RuntimeFn::$name => $arity,)* }
            }
            /// The type of the result.
            pub fn result(self) -> Type {
                match self { $(RuntimeFn::$name => $result,)* }
            }
            /// What a call may do.
            pub fn effects(self) -> Effects {
                match self { $(RuntimeFn::$name => $effects,)* }
            }
        }
    };
}

/// Allocates or throws, but changes nothing that exists.
const CALL: Effects = Effects { call: true, ..PURE };

runtime_functions! {
    /// `a + b`
    Add "add" Some(2), NUMBER | STRING, ANYTHING;
    /// `a - b`
    Sub "sub" Some(2), NUMBER, ANYTHING;
    /// `a * b`
    Mul "mul" Some(2), NUMBER, ANYTHING;
    /// `a / b`
    Div "div" Some(2), NUMBER, ANYTHING;
    /// `a % b`
    Mod "mod" Some(2), NUMBER, ANYTHING;
    /// `a ** b`
    Pow "pow" Some(2), NUMBER, ANYTHING;
    /// `a & b`
    BitAnd "bit_and" Some(2), INT32, ANYTHING;
    /// `a | b`
    BitOr "bit_or" Some(2), INT32, ANYTHING;
    /// `a ^ b`
    BitXor "bit_xor" Some(2), INT32, ANYTHING;
    /// `a << b`
    Shl "shl" Some(2), INT32, ANYTHING;
    /// `a >> b`
    Sar "sar" Some(2), INT32, ANYTHING;
    /// `a >>> b`
    Shr "shr" Some(2), NUMBER, ANYTHING;
    /// `-a`
    Neg "neg" Some(1), NUMBER, ANYTHING;
    /// `~a`
    BitNot "bit_not" Some(1), INT32, ANYTHING;
    /// `ToNumeric(a)`
    ToNumber "to_number" Some(1), NUMBER, ANYTHING;
    /// `ToString(a)`
    ToString "to_string" Some(1), STRING, ANYTHING;
    /// `a < b`
    Less "less" Some(2), BOOL, ANYTHING;
    /// `a <= b`
    LessEqual "less_equal" Some(2), BOOL, ANYTHING;
    /// `a > b`
    Greater "greater" Some(2), BOOL, ANYTHING;
    /// `a >= b`
    GreaterEqual "greater_equal" Some(2), BOOL, ANYTHING;
    /// `a == b`
    LooseEqual "loose_equal" Some(2), BOOL, ANYTHING;
    /// `typeof a`
    TypeOf "type_of" Some(1), STRING, PURE;
    /// `a instanceof b`
    InstanceOf "instance_of" Some(2), BOOL, ANYTHING;
    /// `key in object`
    In "in" Some(2), BOOL, ANYTHING;
    /// `object.key`: object, atom
    GetNamed "get_named" Some(2), ANY, ANYTHING;
    /// `object.key = value`: object, atom, value
    SetNamed "set_named" Some(3), NONE, ANYTHING;
    /// `object[key]`
    GetKeyed "get_keyed" Some(2), ANY, ANYTHING;
    /// `object[key] = value`
    SetKeyed "set_keyed" Some(3), NONE, ANYTHING;
    /// An array of these elements
    NewArray "new_array" None, ARRAY, CALL;
    /// An empty object with the current realm's prototype
    NewObject "new_object" Some(0), OBJECT, CALL;
    /// Throws `ReferenceError` for the binding named by the atom
    ThrowUninitialized "throw_uninitialized" Some(1), NONE, ANYTHING;
    /// The object that a construct call of the closure initializes: callee, new target
    CreateThis "create_this" Some(2), OBJECTS | TOP, ANYTHING;
}

impl Field for RuntimeFn {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
    fn parse(p: &mut Parser<'_>) -> ParseResult<Self> {
        let word = p.word()?;
        match RuntimeFn::ALL.iter().find(|r| r.name() == word) {
            Some(r) => Ok(*r),
            None => p.fail(format!("there is no runtime function '{word}'")),
        }
    }
}
