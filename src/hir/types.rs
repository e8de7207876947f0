//! What is known of a value: a set of kinds, and apart from it how the value is held in a machine register.
//!
//! A [`Type`] is a set of kinds, so union is `|`, intersection is `&`, and the lattice has a bottom ([`NONE`]: no value can
//! get here) and a top ([`TOP`]). Two things are deliberately *not* in it:
//!
//! - **Shapes.** A shape may change at every call, so "has shape 7" is a fact about a moment, not about an SSA value.
//!   `passes/memory.rs` tracks such facts and forgets them at writes. What never changes of an object, being an array or a
//!   function, is a kind and is here.
//! - **The representation.** Whether an int32 sits in a 32-bit register or boxed in a 64-bit one is a choice that
//!   `passes/representation.rs` makes once, at the end; it is a property of its own, [`Rep`].
//!
//! `INT32` means: the number is an int32 and not `-0`, and if it is held tagged, it is held as a tagged int32. `DOUBLE`
//! means any number, held as a double if it is held tagged. Their union [`NUMBER`] may be held either way.
//!
//! Source of the idea: bitset types are TurboFan's; keeping shapes out of them is Maglev's "known node aspects".

use std::fmt;
use std::ops::{BitAnd, BitOr, BitOrAssign, Not};

/// A set of kinds of values.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Type(u16);

macro_rules! kinds {
    ($($bit:literal $constant:ident $name:literal $doc:literal;)*) => {
        $(#[doc = $doc] pub const $constant: Type = Type(1 << $bit);)*
        const KINDS: &[(Type, &str)] = &[$(($constant, $name)),*];
    };
}

kinds! {
    0 INT32 "Int32" "A number that is an int32 and not `-0`.";
    1 DOUBLE "Double" "Any number, as a double.";
    2 BOOL "Bool" "`true` or `false`.";
    3 UNDEFINED "Undefined" "`undefined`.";
    4 NULL "Null" "`null`.";
    5 STRING "String" "A string.";
    6 SYMBOL "Symbol" "A symbol.";
    7 OBJECT "Object" "An object that is neither an array nor callable.";
    8 ARRAY "Array" "An `Array` exotic object.";
    9 FUNCTION "Function" "A callable object.";
    10 HOLE "Hole" "The marker of array holes and uninitialized bindings.";
    11 INTERNAL "Internal" "A cell no program sees: scope, elements, slots.";
}

/// No value: code that needs one cannot be reached.
pub const NONE: Type = Type(0);
/// Any number, held either way.
pub const NUMBER: Type = Type(INT32.0 | DOUBLE.0);
/// `null` or `undefined`.
pub const NULLISH: Type = Type(UNDEFINED.0 | NULL.0);
/// Any object.
pub const OBJECTS: Type = Type(OBJECT.0 | ARRAY.0 | FUNCTION.0);
/// Any value that a program can see.
pub const ANY: Type = Type(NUMBER.0 | BOOL.0 | NULLISH.0 | STRING.0 | SYMBOL.0 | OBJECTS.0);
/// Any value that a variable can hold: `ANY` and the hole.
pub const MAYBE_HOLE: Type = Type(ANY.0 | HOLE.0);
/// Any value that a register can hold.
pub const TOP: Type = Type(MAYBE_HOLE.0 | INTERNAL.0);
/// Values that are equal exactly if their words are equal.
pub const IDENTITY: Type = Type(BOOL.0 | NULLISH.0 | SYMBOL.0 | OBJECTS.0 | HOLE.0);

/// Unions with a name of their own, widest first; printing and parsing use it.
const UNIONS: &[(Type, &str)] = &[
    (TOP, "Top"),
    (MAYBE_HOLE, "MaybeHole"),
    (ANY, "Any"),
    (OBJECTS, "AnyObject"),
    (NUMBER, "Number"),
    (NULLISH, "Nullish"),
    (NONE, "None"),
];

impl Type {
    /// Whether every value of this type is of type `other`.
    pub fn is(self, other: Type) -> bool {
        self.0 & !other.0 == 0
    }
    /// Whether some value is of both types.
    pub fn meets(self, other: Type) -> bool {
        self.0 & other.0 != 0
    }
    /// Whether no value is of this type.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }
    /// The type called `name`, one of those that [`fmt::Display`] prints.
    pub fn from_name(name: &str) -> Option<Type> {
        name.split('|')
            .try_fold(NONE, |sum, part| UNIONS.iter().chain(KINDS).find(|(_, n)| *n == part).map(|(t, _)| sum | *t))
    }
}

impl BitOr for Type {
    type Output = Type;
    fn bitor(self, other: Type) -> Type {
        Type(self.0 | other.0)
    }
}
impl BitOrAssign for Type {
    fn bitor_assign(&mut self, other: Type) {
        self.0 |= other.0;
    }
}
impl BitAnd for Type {
    type Output = Type;
    fn bitand(self, other: Type) -> Type {
        Type(self.0 & other.0)
    }
}
impl Not for Type {
    type Output = Type;
    fn not(self) -> Type {
        Type(!self.0 & TOP.0)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_none() {
            return f.write_str("None");
        }
        let mut rest = *self;
        let mut separator = "";
        for (t, name) in UNIONS.iter().chain(KINDS) {
            if !t.is_none() && t.is(rest) {
                write!(f, "{separator}{name}")?;
                rest = rest & !*t;
                separator = "|";
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How a value is held in a machine register.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Rep {
    /// The instruction has no result.
    Void,
    /// A 64-bit tagged [`crate::runtime::value::Value`].
    Tagged,
    /// 32 bits.
    Int32,
    /// An IEEE double.
    Double,
    /// 8 bits, 0 or 1.
    Bool,
    /// A bare address, or any 64-bit word that is not a value.
    Word,
}

impl Rep {
    const NAMES: [(Rep, &'static str); 6] = [
        (Rep::Void, "void"),
        (Rep::Tagged, "tagged"),
        (Rep::Int32, "int32"),
        (Rep::Double, "double"),
        (Rep::Bool, "bool"),
        (Rep::Word, "word"),
    ];
    /// The name in printed HIR.
    pub fn name(self) -> &'static str {
        Rep::NAMES.iter().find(|(r, _)| *r == self).expect("every representation has a name").1
    }
    /// The inverse of [`Rep::name`].
    pub fn from_name(name: &str) -> Option<Rep> {
        Rep::NAMES.iter().find(|(_, n)| *n == name).map(|(r, _)| *r)
    }
}

/// What an instruction wants of an operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Use {
    /// Any representation will do: the instruction looks at the operand's own.
    Any,
    /// A tagged value.
    Tagged,
    /// An int32 in a 32-bit register; the operand's type is `INT32`.
    Int32,
    /// A double; the operand's type is a [`NUMBER`], an int32 is converted.
    Double,
    /// A boolean as 0 or 1; the operand's type is `BOOL`.
    Bool,
    /// An address.
    Word,
    /// An argument of a jump: the block parameter's representation.
    Argument,
}

impl Use {
    /// The representation that this use demands, if it demands one.
    pub fn rep(self) -> Option<Rep> {
        match self {
            Use::Any | Use::Argument => None,
            Use::Tagged => Some(Rep::Tagged),
            Use::Int32 => Some(Rep::Int32),
            Use::Double => Some(Rep::Double),
            Use::Bool => Some(Rep::Bool),
            Use::Word => Some(Rep::Word),
        }
    }
    /// The type that an operand must have for this use.
    pub fn bound(self) -> Type {
        match self {
            Use::Any | Use::Argument | Use::Tagged => TOP,
            Use::Int32 => INT32,
            Use::Double => NUMBER,
            Use::Bool => BOOL,
            Use::Word => INTERNAL,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_print_with_their_widest_names_and_parse_back() {
        for (t, text) in [
            (ANY, "Any"),
            (TOP, "Top"),
            (NUMBER | STRING, "Number|String"),
            (INT32 | HOLE, "Int32|Hole"),
            (NONE, "None"),
            (OBJECTS, "AnyObject"),
        ] {
            assert_eq!(t.to_string(), text);
            assert_eq!(Type::from_name(text), Some(t));
        }
        assert_eq!(Type::from_name("Integer"), None);
    }

    #[test]
    fn lattice() {
        assert!(INT32.is(NUMBER) && NUMBER.is(ANY) && !ANY.is(NUMBER) && NONE.is(INT32));
        assert!(!HOLE.meets(ANY) && (!ANY).is(HOLE | INTERNAL) && MAYBE_HOLE.is(TOP));
    }
}
