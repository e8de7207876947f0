//! Functions of the runtime that compiled code may call: the generic form of everything.
//!
//! Each row names the operation, its tagged operands, the type of its result and what it may do. The address behind a row
//! is the business of `codegen`; here it is only known what a call of it means. Property keys are atoms, passed as
//! constants. What is no value, an address or flags, is the call's one untagged `word`.

use super::effects::{ANYTHING, Effects, Heap, PURE, reads};
use super::field::Field;
use super::parse::{ParseResult, Parser};
use super::types::{
    ANY, ARRAY, BOOL, FUNCTION, HOLE, INTERNAL, NONE, NUMBER, OBJECT, OBJECTS, STRING, SYMBOL, TOP, Type,
};
use std::fmt;

macro_rules! runtime_functions {
    ($($(#[doc = $doc:literal])+ $name:ident $text:literal $arity:expr, $result:expr, $effects:expr $(, $word:literal)?;)*) => {
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
            /// The type of the result; of functions that return nothing it is `NONE`.
            pub fn result(self) -> Type {
                match self { $(RuntimeFn::$name => $result,)* }
            }
            /// What a call may do.
            pub fn effects(self) -> Effects {
                match self { $(RuntimeFn::$name => $effects,)* }
            }
            /// What the untagged word is, if the function takes one.
            pub fn word(self) -> Option<&'static str> {
                match self { $(RuntimeFn::$name => [$($word)?].first().copied(),)* }
            }
        }
    };
}

/// Allocates or throws, but changes nothing that exists.
const CALL: Effects = Effects { call: true, ..PURE };

const N: Option<usize> = None;
const fn n(operands: usize) -> Option<usize> {
    Some(operands)
}

runtime_functions! {
    // ---- operators -------------------------------------------------------------------------------------------------
    /// `a + b`
    Add "add" n(2), NUMBER | STRING, ANYTHING;
    /// `a - b`
    Sub "sub" n(2), NUMBER, ANYTHING;
    /// `a * b`
    Mul "mul" n(2), NUMBER, ANYTHING;
    /// `a / b`
    Div "div" n(2), NUMBER, ANYTHING;
    /// `a % b`
    Mod "mod" n(2), NUMBER, ANYTHING;
    /// `a ** b`
    Pow "pow" n(2), NUMBER, ANYTHING;
    /// `a & b`
    BitAnd "bit_and" n(2), NUMBER, ANYTHING;
    /// `a | b`
    BitOr "bit_or" n(2), NUMBER, ANYTHING;
    /// `a ^ b`
    BitXor "bit_xor" n(2), NUMBER, ANYTHING;
    /// `a << b`
    Shl "shl" n(2), NUMBER, ANYTHING;
    /// `a >> b`
    Sar "sar" n(2), NUMBER, ANYTHING;
    /// `a >>> b`
    Shr "shr" n(2), NUMBER, ANYTHING;
    /// `-a`
    Neg "neg" n(1), NUMBER, ANYTHING;
    /// `~a`
    BitNot "bit_not" n(1), NUMBER, ANYTHING;
    /// `ToNumeric(a)`
    ToNumber "to_number" n(1), NUMBER, ANYTHING;
    /// `ToString(a)`
    ToString "to_string" n(1), STRING, ANYTHING;
    /// `ToNumber(a)` of a string
    StringToNumber "string_to_number" n(1), NUMBER, PURE;
    /// `ToString(a)` of a number
    NumberToString "number_to_string" n(1), STRING, PURE;
    /// `ToPropertyKey(a)`
    ToKey "to_key" n(1), STRING | SYMBOL | NUMBER, ANYTHING;
    /// `this` of sloppy code, given what the call passed
    SloppyThis "sloppy_this" n(1), OBJECTS, ANYTHING;
    /// `a < b`
    Less "less" n(2), BOOL, ANYTHING;
    /// `a <= b`
    LessEqual "less_equal" n(2), BOOL, ANYTHING;
    /// `a > b`
    Greater "greater" n(2), BOOL, ANYTHING;
    /// `a >= b`
    GreaterEqual "greater_equal" n(2), BOOL, ANYTHING;
    /// `a == b`
    LooseEqual "loose_equal" n(2), BOOL, ANYTHING;
    /// `typeof a`
    TypeOf "type_of" n(1), STRING, PURE;
    /// `a instanceof b`
    InstanceOf "instance_of" n(2), BOOL, ANYTHING;
    /// Whether an object inherits from another, which is an object
    Inherits "inherits" n(2), BOOL, reads(Heap::SHAPE);
    /// `key in object`
    In "in" n(2), BOOL, ANYTHING;

    // ---- properties ------------------------------------------------------------------------------------------------
    /// Begins a for-of loop: source, its text; leaves its three words behind
    IterInit "iter_init" n(2), ANY, ANYTHING;
    /// The next value of a for-of loop, or the hole: three words, which it leaves behind changed
    IterNext "iter_next" n(3), TOP, ANYTHING;
    /// Ends a for-of loop early: three words
    IterClose "iter_close" n(3), NONE, ANYTHING;
    /// Begins a for-in loop: source; leaves its three words behind
    EnumInit "enum_init" n(1), ANY, CALL;
    /// The next key of a for-in loop, or the hole: three words, which it leaves behind changed
    EnumNext "enum_next" n(3), TOP, CALL;
    /// `arguments` of these
    NewArguments "new_arguments" N, OBJECT, CALL, "shape of all arguments objects";
    /// A class: number of the child, scope, parent; leaves the prototype behind
    NewClass "new_class" n(3), FUNCTION, ANYTHING, "FunctionInfo";
    /// What `this` is when a constructor begins: constructor, `new.target`
    ConstructThis "construct_this" n(2), ANY | HOLE, ANYTHING;
    /// `object.key`: object, atom
    GetNamed "get_named" n(2), ANY, ANYTHING;
    /// `object.key = value`: object, atom, value
    SetNamed "set_named" n(3), NONE, ANYTHING;
    /// `object[key]`
    GetKeyed "get_keyed" n(2), ANY, ANYTHING;
    /// `object[key] = value`
    SetKeyed "set_keyed" n(3), NONE, ANYTHING;
    /// `delete object[key]`
    DeleteKeyed "delete_keyed" n(2), BOOL, ANYTHING;
    /// Own data property: object, key, value
    DefineField "define_field" n(3), NONE, ANYTHING;
    /// Own method: object, key, closure
    DefineMethod "define_method" n(3), NONE, ANYTHING, "DefineFlags";
    /// Name of a closure: closure, key
    SetFunctionName "set_function_name" n(2), NONE, ANYTHING, "DefineFlags";
    /// `__proto__: value` in a literal: object, value
    SetProto "set_proto" n(2), NONE, ANYTHING;
    /// `super[key]`: running closure, key, `this`
    GetSuper "get_super" n(3), ANY, ANYTHING;
    /// `super[key] = value`: running closure, key, value, `this`
    SetSuper "set_super" n(4), NONE, ANYTHING;
    /// `object.#key`
    GetPrivate "get_private" n(2), ANY, ANYTHING;
    /// `object.#key = value`
    SetPrivate "set_private" n(3), NONE, ANYTHING;
    /// Adds a private member: object, key, value
    DefinePrivate "define_private" n(3), NONE, ANYTHING, "kind";
    /// `#key in object`: object, key
    HasPrivate "has_private" n(2), BOOL, ANYTHING;
    /// A new private symbol: description
    NewPrivateName "new_private_name" n(1), SYMBOL, CALL;
    /// Copies own enumerable properties: object, source, array of excluded keys or undefined
    CopyProps "copy_props" n(3), NONE, ANYTHING;

    // ---- variables -------------------------------------------------------------------------------------------------
    /// Property of the global object: atom
    GetGlobal "get_global" n(1), ANY, ANYTHING;
    /// `typeof` of a property of the global object: atom
    TypeofGlobal "typeof_global" n(1), STRING, ANYTHING;
    /// Assigns a binding that some code may take for constant: value
    SetModule "set_module" n(1), NONE, ANYTHING, "address of the module cell";
    /// Initializes a binding: value
    InitModule "init_module" n(1), NONE, ANYTHING, "address of the module cell";
    /// An arguments object, tied to the parameters: object, scope
    MapArguments "map_arguments" n(2), OBJECT, ANYTHING, "first slot and count of the parameters";
    /// The other half of an assignment to a parameter: arguments object, value
    SetMapped "set_mapped" n(2), NONE, ANYTHING, "index";
    /// A copy of a scope
    CopyScope "copy_scope" n(1), INTERNAL, CALL;

    // ---- calls -----------------------------------------------------------------------------------------------------
    /// `callee.apply(this, array)`: callee, `this`, array, text
    CallSpread "call_spread" n(4), ANY, ANYTHING;
    /// `new callee(...array)`, text
    NewSpread "new_spread" n(3), OBJECTS, ANYTHING;
    /// The constructor that `super()` in a closure calls: closure
    ParentConstructor "parent_constructor" n(1), FUNCTION, CALL;
    /// `super(...array)`: running closure, new target, array
    SuperCallSpread "super_call_spread" n(3), OBJECTS, ANYTHING;
    /// Runs the field initializer: closure of the constructor, object
    InitFields "init_fields" n(2), NONE, ANYTHING;
    /// `%intrinsic(...)`
    Intrinsic "intrinsic" N, ANY, ANYTHING, "id";

    /// A built-in that runs none of the program's code and changes nothing that compiled code knows of, if called like this:
    /// callee, `this`, arguments
    Native "native" N, ANY, CALL, "builtin id";

    // ---- allocation ------------------------------------------------------------------------------------------------
    /// `{}` with room for properties
    NewObject "new_object" n(0), OBJECT, CALL, "number of properties";
    /// An array of these elements
    NewArray "new_array" N, ARRAY, CALL;
    /// An empty plain array of a kind, with room for so many elements: length
    NewArrayOf "new_array_of" n(1), ARRAY, CALL, "elements kind";
    /// A plain array of a holey kind and of a length: an int32
    NewArrayHoley "new_array_holey" n(1), ARRAY, CALL, "elements kind";
    /// A regular expression: pattern, flags
    NewRegExp "new_regexp" n(2), OBJECT, CALL;
    /// Appends to an array of a literal: array, value or the hole
    ArrayAppend "array_append" n(2), NONE, ANYTHING;
    /// Appends what iterating gives: array, iterable, text
    ArraySpread "array_spread" n(3), NONE, ANYTHING;
    /// Field initializer of a class: constructor, closure
    SetFieldInit "set_field_init" n(2), NONE, ANYTHING;
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
