//! The instructions: one row of one table each.
//!
//! A row says all there is to know of an instruction, and everything that works on instructions is derived from it:
//!
//! ```text
//!     /// what it means
//!     Name "mnemonic" (operand: Use, ...) { immediate: Field, ... } -> Rep, type; effects => folder;
//! ```
//!
//! - *operands* are values; [`Use`] is the representation in which the instruction wants each. Until
//!   `passes/representation.rs` has run, an operand may have any representation, as long as its type fits the use;
//!   afterwards it has exactly the one that the use names.
//! - *immediates* are anything that implements [`Field`].
//! - *Rep* is the representation of the result, *type* an expression over the operands' types `t(operand)`.
//! - *effects* are from `effects.rs`; *folder* is a function of `fold.rs`, absent if nothing ever simplifies.
//!
//! The level is between JavaScript and machine: speculation is explicit (`Check…` guards return the value they checked,
//! refined, so that what relies on a check depends on it by SSA), objects are still objects, and anything that is not
//! spelled out is a call of a runtime function. A guard's frame state and position are beside the operation, in
//! [`super::graph::InstData`], so that two guards that check the same are equal.
//!
//! Source of the idea: yk's `jit_ir` (one place per instruction), Maglev's node list (the level).

use super::effects::{
    ALLOCATES, ANYTHING, Effects, Heap, PINNED, PURE, TERMINATOR, check, exit, exit_for_result, reads, writes,
};
use super::field::{Address, Args, Cond, Const, Field, MathFn, Shapes, Slot, Target, Val};
use super::fold::{self, Fold, Folder};
use super::parse::{ParseResult, Parser};
use super::runtime_fn::RuntimeFn;
use super::types::{
    ANY, ARRAY, BOOL, DOUBLE, FUNCTION, HOLE, INT32, INTERNAL, MAYBE_HOLE, NONE, NULLISH, NUMBER, OBJECT, OBJECTS, Rep,
    STRING, TOP, Type, UNDEFINED, Use,
};
use crate::runtime::typed::ElementType;
use crate::vocab::{DeoptReason, FunctionId, ShapeId};
use DeoptReason::*;
use std::fmt;

macro_rules! instructions {
    (|$t:ident| $(
        $(#[doc = $doc:literal])+
        $name:ident $mnemonic:literal ($($val:ident : $use:ident),*) { $($imm:ident : $ity:ty),* }
            -> $rep:ident, $ty:expr; $effects:expr $(=> $fold:ident)?;
    )*) => {
        /// What an instruction does. See the module's documentation for how to read the rows.
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        #[allow(missing_docs)]
        pub enum Op {
            $($(#[doc = $doc])+ $name { $($val: Val,)* $($imm: $ity,)* },)*
        }

        #[allow(unused_variables)]
        impl Op {
            /// Every mnemonic with its documentation.
            pub const TABLE: &'static [(&'static str, &'static str)] = &[$(($mnemonic, concat!($($doc),+)),)*];

            /// The name in printed HIR.
            pub fn mnemonic(&self) -> &'static str {
                match self { $(Op::$name { .. } => $mnemonic,)* }
            }
            /// The representation of the result, before `passes/representation.rs` has chosen another.
            pub fn rep(&self) -> Rep {
                match self { $(Op::$name { .. } => Rep::$rep,)* }
            }
            /// The type of the result, given the types of operands.
            pub fn result_type(&self, $t: impl Fn(Val) -> Type) -> Type {
                match *self { $(Op::$name { $($val,)* $(ref $imm,)* } => $ty,)* }
            }
            /// What it may do.
            pub fn effects(&self) -> Effects {
                match self { $(Op::$name { $($imm,)* .. } => $effects,)* }
            }
            /// Calls `f` with every value that it uses, and how.
            pub fn visit(&self, mut f: impl FnMut(Val, Use)) {
                match self { $(Op::$name { $($val,)* $($imm,)* } => {
                    $(f(*$val, Use::$use);)*
                    $(Field::visit($imm, &mut f);)*
                })* }
            }
            /// Calls `f` with every value that it uses, to be replaced.
            pub fn visit_mut(&mut self, mut f: impl FnMut(&mut Val)) {
                match self { $(Op::$name { $($val,)* $($imm,)* } => {
                    $(f($val);)*
                    $(Field::visit_mut($imm, &mut f);)*
                })* }
            }
            /// Calls `f` with every jump target.
            pub fn visit_targets(&self, mut f: impl FnMut(&Target)) {
                match self { $(Op::$name { $($imm,)* .. } => { $(if let Some(t) = Field::target($imm) { f(t) })* })* }
            }
            /// Calls `f` with every jump target, to be changed.
            pub fn visit_targets_mut(&mut self, mut f: impl FnMut(&mut Target)) {
                match self { $(Op::$name { $($imm,)* .. } => { $(if let Some(t) = Field::target_mut($imm) { f(t) })* })* }
            }
            /// Simplifies the operation, given what is known of its operands.
            pub fn fold(&self, folder: &Folder<'_>) -> Option<Fold> {
                match self { $(Op::$name { .. } => instructions!(@fold self folder $($fold)?),)* }
            }
            /// Parses operands and immediates of the operation called `mnemonic`.
            pub fn parse(mnemonic: &str, p: &mut Parser<'_>) -> ParseResult<Op> {
                Ok(match mnemonic {
                    $($mnemonic => {
                        #[allow(unused_mut)]
                        let mut fields = p.fields();
                        Op::$name { $($val: { fields.next(p)?; p.val()? },)* $($imm: { fields.next(p)?; <$ity>::parse(p)? },)* }
                    })*
                    other => return p.fail(format!("there is no instruction '{other}'")),
                })
            }
        }

        impl fmt::Display for Op {
            #[allow(unused_assignments, unused_mut, unused_variables)]
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.mnemonic())?;
                let mut separator = " ";
                match self { $(Op::$name { $($val,)* $($imm,)* } => {
                    $(write!(f, "{separator}{}", $val)?; separator = ", ";)*
                    $(f.write_str(separator)?; $imm.print(f)?; separator = ", ";)*
                })* }
                Ok(())
            }
        }
    };
    (@fold $self:ident $folder:ident $fold:ident) => { fold::$fold($folder, $self) };
    (@fold $self:ident $folder:ident) => { None };
}

instructions! { |t|
    // ---- Where values come from -------------------------------------------------------------------------------

    /// A block parameter. Its arguments stand at the jumps to its block.
    Phi "phi" () {} -> Tagged, TOP; PURE;
    /// The n-th parameter of the function, `undefined` if the caller passed fewer arguments.
    Param "param" () { index: u32 } -> Tagged, ANY; PURE;
    /// `this`.
    This "this" () {} -> Tagged, MAYBE_HOLE; PURE;
    /// `new.target`, taken from where the caller left it in the VM: the first thing a function does, needed or not, for
    /// whoever is called next must not see it.
    NewTarget "new_target" () {} -> Tagged, ANY; PINNED;
    /// The closure being called.
    Callee "callee" () {} -> Tagged, FUNCTION; PURE;
    /// The n-th word of what a function of the runtime, called just before, left behind besides its result.
    LoadScratch "load_scratch" () { index: u32 } -> Tagged, TOP; PINNED;
    /// Says what `new.target` is for the function that is called next.
    SetNewTarget "set_new_target" (v: Tagged) {} -> Void, NONE; PINNED;
    /// The array of the arguments from `index` on, of the function that is compiled.
    RestArguments "rest_arguments" () { index: u32 } -> Tagged, ARRAY; Effects { pinned: true, ..ALLOCATES };
    /// The `arguments` of the function that is compiled.
    ArgumentsObject "arguments_object" () {} -> Tagged, OBJECT; Effects { pinned: true, ..ALLOCATES };
    /// The value of a register at on-stack replacement.
    OsrRegister "osr_register" () { register: u32 } -> Tagged, TOP; PURE;
    /// A constant, in whatever representation its users want.
    Const "const" () { value: Const } -> Tagged, value.ty(); PURE;

    // ---- Guards: leave the compiled code unless ... ------------------------------------------------------------

    /// ... the value is a number and an int32.
    CheckInt32 "check_int32" (v: Tagged) {} -> Int32, INT32; check(NotInt32) => check_int32;
    /// ... the value is a number.
    CheckNumber "check_number" (v: Tagged) {} -> Tagged, t(v) & NUMBER; check(NotNumber) => check_number;
    /// ... the value is a number, or `null` or `undefined`, which bitwise operators take for 0. The result is what they see.
    TruncateNullish "truncate_nullish" (v: Tagged) {} -> Int32, INT32; exit(NotNumber) => truncate_nullish;
    /// ... the value is a boolean.
    CheckBool "check_bool" (v: Tagged) {} -> Bool, BOOL; check(NotBoolean) => check_bool;
    /// ... the value is a string.
    CheckString "check_string" (v: Tagged) {} -> Tagged, STRING; check(NotString) => check_string;
    /// ... the value is an object of any kind.
    CheckObject "check_object" (v: Tagged) {} -> Tagged, t(v) & OBJECTS; check(NotObject) => check_object;
    /// ... the value is neither `null` nor `undefined`.
    CheckNotNullish "check_not_nullish" (v: Tagged) {} -> Tagged, t(v) & !NULLISH; check(NotObject) => check_not_nullish;
    /// ... the value is not the hole: the binding is initialized, `super()` has returned.
    CheckNotHole "check_not_hole" (v: Tagged) {} -> Tagged, t(v) & !HOLE; check(UninitializedBinding) => check_not_hole;
    /// ... the value is an object with one of these shapes.
    CheckShape "check_shape" (v: Tagged) { shapes: Shapes }
        -> Tagged, t(v) & OBJECTS; check(WrongShape).and_reads(Heap::SHAPE);
    /// ... the value is an array with one of these shapes.
    CheckArrayShape "check_array_shape" (v: Tagged) { shapes: Shapes }
        -> Tagged, ARRAY; check(WrongElementsKind).and_reads(Heap::SHAPE);
    /// ... the value is this very closure or object.
    CheckTarget "check_target" (v: Tagged) { value: Const } -> Tagged, value.ty(); check(WrongCallTarget) => check_target;
    /// ... the value is a closure over this function, whatever it closes over.
    CheckFunction "check_function" (v: Tagged) { function: FunctionId }
        -> Tagged, FUNCTION; check(WrongCallTarget) => check_function;
    /// ... `new` of this constructor still makes objects of this shape.
    CheckInitialShape "check_initial_shape" (closure: Tagged) { shape: ShapeId }
        -> Tagged, FUNCTION; check(WrongShape).and_reads(Heap::SHAPE);
    /// ... the value is this atom or other constant.
    CheckKey "check_key" (v: Tagged) { value: Const } -> Tagged, value.ty(); check(WrongKey) => check_target;
    /// ... `0 <= index < length`. The result is the index.
    CheckBounds "check_bounds" (index: Int32, length: Int32) {} -> Int32, INT32; check(OutOfBounds) => check_bounds;
    /// ... the product of `a` and `b`, which is `product`, is not `-0`.
    CheckMulZero "check_mul_zero" (a: Int32, b: Int32, product: Int32) {}
        -> Int32, INT32; exit_for_result(MinusZero) => check_mul_zero;
    /// ... the remainder of dividing `a`, which is `remainder`, is not `-0`.
    CheckModZero "check_mod_zero" (a: Int32, remainder: Int32) {}
        -> Int32, INT32; exit_for_result(MinusZero) => check_mod_zero;
    /// ... the bits, read as unsigned, are an int32: what `>>>` gives is.
    CheckUint32 "check_uint32" (bits: Int32) {} -> Int32, INT32; exit_for_result(Overflow) => check_uint32;
    /// ... the double is an int32 and not `-0`.
    CheckDoubleToInt32 "check_double_to_int32" (v: Double) {}
        -> Int32, INT32; exit_for_result(LostPrecision) => check_double_to_int32;
    /// ... the value is a number. The result is held as a double.
    CheckNumberToDouble "check_number_to_double" (v: Tagged) {} -> Double, NUMBER; check(NotNumber);
    /// ... no interrupt is pending. Stands at loops' ends.
    Safepoint "safepoint" () {} -> Void, NONE; Effects { pinned: true, ..exit(StackOrInterrupt) };
    /// Says what the branch that led here has tested: the value is an object of one of these shapes.
    AssumeShape "assume_shape" (v: Tagged) { shapes: Shapes } -> Tagged, t(v) & OBJECTS; PINNED.refining();
    /// The same of an array.
    AssumeArrayShape "assume_array_shape" (v: Tagged) { shapes: Shapes } -> Tagged, ARRAY; PINNED.refining();
    /// Says what the branch that led here has tested: the value is of this type.
    AssumeType "assume_type" (v: Tagged) { ty: Type } -> Tagged, t(v) & *ty; PINNED.refining() => assume_type;

    // ---- Int32 -------------------------------------------------------------------------------------------------

    /// `a + b`, wrapping.
    Int32Add "int32.add" (a: Int32, b: Int32) {} -> Int32, INT32; PURE => int32_add;
    /// `a - b`, wrapping.
    Int32Sub "int32.sub" (a: Int32, b: Int32) {} -> Int32, INT32; PURE => int32_sub;
    /// `Math.imul(a, b)`.
    Int32Mul "int32.mul" (a: Int32, b: Int32) {} -> Int32, INT32; PURE => int32_mul;
    /// `a + b`; leaves if the sum is not an int32.
    Int32AddChecked "int32.add_checked" (a: Int32, b: Int32) {} -> Int32, INT32; exit_for_result(Overflow) => int32_add_checked;
    /// `a - b`; leaves if the difference is not an int32.
    Int32SubChecked "int32.sub_checked" (a: Int32, b: Int32) {} -> Int32, INT32; exit_for_result(Overflow) => int32_sub_checked;
    /// `a * b`; leaves if the product is not an int32. For `-0` see `CheckMulZero`.
    Int32MulChecked "int32.mul_checked" (a: Int32, b: Int32) {} -> Int32, INT32; exit_for_result(Overflow) => int32_mul_checked;
    /// `a / b`; leaves if the quotient is not an int32.
    Int32DivChecked "int32.div_checked" (a: Int32, b: Int32) {} -> Int32, INT32; exit_for_result(LostPrecision) => int32_div_checked;
    /// `a % b`; leaves if `b` is 0. For `-0` see `CheckModZero`.
    Int32ModChecked "int32.mod_checked" (a: Int32, b: Int32) {} -> Int32, INT32; exit_for_result(DivisionByZero) => int32_mod_checked;
    /// `a / b` without its fraction; `b` is neither 0 nor -1.
    Int32Div "int32.div" (a: Int32, b: Int32) {} -> Int32, INT32; PURE => int32_div;
    /// `a % b` with a 0 for `-0`; `b` is not 0.
    Int32Mod "int32.mod" (a: Int32, b: Int32) {} -> Int32, INT32; PURE => int32_mod;
    /// `-a`; leaves if `a` is 0 or the least int32.
    Int32NegChecked "int32.neg_checked" (a: Int32) {} -> Int32, INT32; exit_for_result(Overflow) => int32_neg_checked;
    /// `Math.abs(a)`; leaves if `a` is the least int32.
    Int32AbsChecked "int32.abs_checked" (a: Int32) {} -> Int32, INT32; exit_for_result(Overflow) => int32_abs_checked;
    /// `a & b`.
    Int32And "int32.and" (a: Int32, b: Int32) {} -> Int32, INT32; PURE => int32_and;
    /// `a | b`.
    Int32Or "int32.or" (a: Int32, b: Int32) {} -> Int32, INT32; PURE => int32_or;
    /// `a ^ b`.
    Int32Xor "int32.xor" (a: Int32, b: Int32) {} -> Int32, INT32; PURE => int32_xor;
    /// `~a`.
    Int32Not "int32.not" (a: Int32) {} -> Int32, INT32; PURE => int32_not;
    /// `a << b`.
    Int32Shl "int32.shl" (a: Int32, b: Int32) {} -> Int32, INT32; PURE => int32_shl;
    /// `a >> b`.
    Int32Sar "int32.sar" (a: Int32, b: Int32) {} -> Int32, INT32; PURE => int32_sar;
    /// The bits of `a >>> b`, which JavaScript reads as unsigned: see `CheckUint32`, `Uint32ToDouble`.
    Int32Shr "int32.shr" (a: Int32, b: Int32) {} -> Int32, INT32; PURE => int32_shr;
    /// `a << b | a >>> 32 - b`.
    Int32Rotl "int32.rotl" (a: Int32, b: Int32) {} -> Int32, INT32; PURE => int32_rotl;
    /// The lesser.
    Int32Min "int32.min" (a: Int32, b: Int32) {} -> Int32, INT32; PURE => int32_min;
    /// The greater.
    Int32Max "int32.max" (a: Int32, b: Int32) {} -> Int32, INT32; PURE => int32_max;
    /// Whether `0 <= index < length`.
    IndexInBounds "index_in_bounds" (index: Int32, length: Int32) {} -> Bool, BOOL; PURE => index_in_bounds;
    /// Compares.
    Int32Compare "int32.compare" (a: Int32, b: Int32) { cond: Cond } -> Bool, BOOL; PURE => int32_compare;

    // ---- Double ------------------------------------------------------------------------------------------------

    /// `a + b`.
    DoubleAdd "double.add" (a: Double, b: Double) {} -> Double, DOUBLE; PURE => double_add;
    /// `a - b`.
    DoubleSub "double.sub" (a: Double, b: Double) {} -> Double, DOUBLE; PURE => double_sub;
    /// `a * b`.
    DoubleMul "double.mul" (a: Double, b: Double) {} -> Double, DOUBLE; PURE => double_mul;
    /// `a / b`.
    DoubleDiv "double.div" (a: Double, b: Double) {} -> Double, DOUBLE; PURE => double_div;
    /// `a % b`, by a call.
    DoubleMod "double.mod" (a: Double, b: Double) {} -> Double, DOUBLE; PURE => double_mod;
    /// `a ** b`, by a call.
    DoublePow "double.pow" (a: Double, b: Double) {} -> Double, DOUBLE; PURE;
    /// `Math.atan2(a, b)`, by a call.
    DoubleAtan2 "double.atan2" (a: Double, b: Double) {} -> Double, DOUBLE; PURE;
    /// `Math.min(a, b)`: `-0` is less than `0`, NaN wins.
    DoubleMin "double.min" (a: Double, b: Double) {} -> Double, DOUBLE; PURE => double_min;
    /// `Math.max(a, b)`: `-0` is less than `0`, NaN wins.
    DoubleMax "double.max" (a: Double, b: Double) {} -> Double, DOUBLE; PURE => double_max;
    /// `-a`.
    DoubleNeg "double.neg" (a: Double) {} -> Double, DOUBLE; PURE => double_neg;
    /// `Math.abs(a)`.
    DoubleAbs "double.abs" (a: Double) {} -> Double, DOUBLE; PURE => double_abs;
    /// `Math.sqrt(a)`.
    DoubleSqrt "double.sqrt" (a: Double) {} -> Double, DOUBLE; PURE => double_sqrt;
    /// `Math.floor(a)`.
    DoubleFloor "double.floor" (a: Double) {} -> Double, DOUBLE; PURE => double_floor;
    /// `Math.ceil(a)`.
    DoubleCeil "double.ceil" (a: Double) {} -> Double, DOUBLE; PURE => double_ceil;
    /// `Math.trunc(a)`.
    DoubleTrunc "double.trunc" (a: Double) {} -> Double, DOUBLE; PURE => double_trunc;
    /// `Math.round(a)`: halves go up.
    DoubleRound "double.round" (a: Double) {} -> Double, DOUBLE; PURE => double_round;
    /// A function of `Math`, by a call.
    DoubleMath "double.math" (a: Double) { function: MathFn } -> Double, DOUBLE; PURE;
    /// Compares; NaN is unequal to everything and neither less nor greater.
    DoubleCompare "double.compare" (a: Double, b: Double) { cond: Cond } -> Bool, BOOL; PURE => double_compare;
    /// Neither 0 nor NaN.
    DoubleIsTruthy "double.is_truthy" (a: Double) {} -> Bool, BOOL; PURE => double_is_truthy;

    // ---- Between representations -------------------------------------------------------------------------------

    /// What a `Uint8ClampedArray` stores of a number: the nearest of 0 .. 255, halves to the even neighbour.
    DoubleClamp "double.clamp" (a: Double) {} -> Int32, INT32; PURE;
    /// `a | 0` of any number.
    DoubleTruncate "double.truncate" (a: Double) {} -> Int32, INT32; PURE => double_truncate;
    /// The same number.
    Int32ToDouble "int32_to_double" (a: Int32) {} -> Double, INT32; PURE => int32_to_double;
    /// The bits read as unsigned: what `>>>` gives.
    Uint32ToDouble "uint32_to_double" (bits: Int32) {} -> Double, DOUBLE; PURE => uint32_to_double;
    /// Tags an int32.
    BoxInt32 "box_int32" (v: Int32) {} -> Tagged, INT32; PURE;
    /// Tags a double as a double.
    BoxDouble "box_double" (v: Double) {} -> Tagged, DOUBLE; PURE;
    /// Tags a number: as an int32 if it is one.
    BoxNumber "box_number" (v: Double) {} -> Tagged, NUMBER; PURE;
    /// Tags a boolean.
    BoxBool "box_bool" (v: Bool) {} -> Tagged, BOOL; PURE;
    /// The int32 in a value that is known to be a tagged int32.
    UnboxInt32 "unbox_int32" (v: Tagged) {} -> Int32, INT32; PURE;
    /// The number, as a double, in a value that is known to be a number.
    UnboxNumber "unbox_number" (v: Tagged) {} -> Double, t(v) & NUMBER; PURE;
    /// The boolean in a value that is known to be one.
    UnboxBool "unbox_bool" (v: Tagged) {} -> Bool, BOOL; PURE;

    // ---- Any value ---------------------------------------------------------------------------------------------

    /// `!a`.
    BoolNot "bool.not" (a: Bool) {} -> Bool, BOOL; PURE => bool_not;
    /// `ToBoolean`.
    IsTruthy "is_truthy" (v: Tagged) {} -> Bool, BOOL; PURE => is_truthy;
    /// Whether the value's type is `ty`: a union of whole kinds, with both kinds of numbers or neither.
    HasType "has_type" (v: Tagged) { ty: Type } -> Bool, BOOL; PURE => has_type;
    /// Whether the value is an object with one of these shapes.
    HasShape "has_shape" (v: Tagged) { shapes: Shapes } -> Bool, BOOL; reads(Heap::SHAPE);
    /// Whether the value is a closure over this function.
    IsClosureOf "is_closure_of" (v: Tagged) { function: FunctionId } -> Bool, BOOL; PURE => is_closure_of;
    /// Whether the two words are equal: `===` if one operand is of type `IDENTITY`.
    TaggedEqual "tagged_equal" (a: Tagged, b: Tagged) {} -> Bool, BOOL; PURE => tagged_equal;
    /// `a === b`, by a call if need be.
    StrictEqual "strict_equal" (a: Tagged, b: Tagged) {} -> Bool, BOOL; PURE => strict_equal;
    /// `a` if it is an object, else `b`: what a construct call gives.
    ObjectOr "object_or" (a: Tagged, b: Tagged) {} -> Tagged, t(a) & OBJECTS | t(b); PURE => object_or;

    // ---- Strings -----------------------------------------------------------------------------------------------

    /// Length in UTF-16 code units.
    StringLength "string.length" (s: Tagged) {} -> Int32, INT32; PURE;
    /// `s.charCodeAt(index)` of an index in bounds.
    StringCodeAt "string.code_at" (s: Tagged, index: Int32) {} -> Int32, INT32; PURE;
    /// `s[index]` of an index in bounds.
    StringCharAt "string.char_at" (s: Tagged, index: Int32) {} -> Tagged, STRING; PURE;
    /// `String.fromCharCode(code)`.
    StringFromCode "string.from_code" (code: Int32) {} -> Tagged, STRING; PURE;
    /// `a === b` of strings.
    StringEqual "string.equal" (a: Tagged, b: Tagged) {} -> Bool, BOOL; PURE => string_equal;
    /// Compares by code units.
    StringCompare "string.compare" (a: Tagged, b: Tagged) { cond: Cond } -> Bool, BOOL; PURE;
    /// `a + b` of strings; throws if that is too long.
    StringConcat "string.concat" (a: Tagged, b: Tagged) {} -> Tagged, STRING; Effects { call: true, ..PURE };

    // ---- Objects -----------------------------------------------------------------------------------------------

    /// A named property of an object whose shape has been checked.
    LoadSlot "load_slot" (object: Tagged) { slot: Slot } -> Tagged, ANY; reads(Heap::SLOTS);
    /// Writes a named property of an object whose shape has been checked. `barrier`: the value may be a cell.
    StoreSlot "store_slot" (object: Tagged, value: Tagged) { slot: Slot, barrier: bool }
        -> Void, NONE; writes(Heap::SLOTS);
    /// Gives the object another shape, for whose new property there is room, and which is stored next.
    StoreShape "store_shape" (object: Tagged) { shape: ShapeId } -> Void, NONE; writes(Heap::SHAPE);
    /// The elements of an object.
    LoadElements "load_elements" (object: Tagged) {} -> Word, INTERNAL; reads(Heap::ELEMENTS_PTR);
    /// The length of a packed array, which is not beyond the capacity of its elements.
    LoadLength "load_length" (array: Tagged) {} -> Int32, INT32; reads(Heap::LENGTH);
    /// The length of a holey array; leaves if it is no int32.
    LoadLengthHoley "load_length.holey" (array: Tagged) {} -> Int32, INT32; exit(Overflow).and_reads(Heap::LENGTH);
    /// How many elements there is room for. Indices below that can be read, past an array's length they are holes.
    LoadCapacity "load_capacity" (elements: Word) {} -> Int32, INT32; PURE;
    /// An element of a packed array of int32.
    LoadElementInt32 "load_element.int32" (elements: Word, index: Int32) {} -> Int32, INT32; reads(Heap::ELEMENTS);
    /// An element of a packed array of doubles.
    LoadElementDouble "load_element.double" (elements: Word, index: Int32) {} -> Double, DOUBLE; reads(Heap::ELEMENTS);
    /// An element of a packed array of anything.
    LoadElement "load_element" (elements: Word, index: Int32) {} -> Tagged, ANY; reads(Heap::ELEMENTS);
    /// An element of a holey array of int32; leaves if it is a hole.
    LoadElementHoleyInt32 "load_element.holey_int32" (elements: Word, index: Int32) {}
        -> Int32, INT32; exit(Hole).and_reads(Heap::ELEMENTS);
    /// An element of a holey array of doubles; leaves if it is a hole.
    LoadElementHoleyDouble "load_element.holey_double" (elements: Word, index: Int32) {}
        -> Double, DOUBLE; exit(Hole).and_reads(Heap::ELEMENTS);
    /// An element of a holey array of anything; leaves if it is a hole.
    LoadElementHoley "load_element.holey" (elements: Word, index: Int32) {}
        -> Tagged, ANY; exit(Hole).and_reads(Heap::ELEMENTS);
    /// An element of a holey array, of doubles or else tagged; `undefined` if it is a hole. Elements that are none are `ty`.
    LoadElementOrUndefined "load_element.or_undefined" (elements: Word, index: Int32) { double: bool, ty: Type }
        -> Tagged, *ty | UNDEFINED; reads(Heap::ELEMENTS);
    /// Writes an element of an array of int32. `fresh`: there may be a hole, so the tag has to be written, too.
    StoreElementInt32 "store_element.int32" (elements: Word, index: Int32, value: Int32) { fresh: bool }
        -> Void, NONE; writes(Heap::ELEMENTS);
    /// Writes an element of an array of doubles.
    StoreElementDouble "store_element.double" (elements: Word, index: Int32, value: Double) {}
        -> Void, NONE; writes(Heap::ELEMENTS);
    /// Writes an element of an array of anything. `barrier`: the value may be a cell.
    StoreElement "store_element" (elements: Word, index: Int32, value: Tagged) { barrier: bool }
        -> Void, NONE; writes(Heap::ELEMENTS);
    /// Appends to an array of tagged elements, growing them if need be; the array's kind fits the value.
    ArrayPush "array_push" (array: Tagged, value: Tagged) {}
        -> Int32, INT32; Effects { call: true, ..writes(Heap::ELEMENTS.and(Heap::ELEMENTS_PTR).and(Heap::LENGTH)) };
    /// Appends any value to an array of int32, which becomes an array of something else if the value is no int32.
    ArrayPushWidening "array_push.widening" (array: Tagged, value: Tagged) {}
        -> Int32, INT32; Effects {
            call: true,
            ..writes(Heap::ELEMENTS.and(Heap::ELEMENTS_PTR).and(Heap::LENGTH).and(Heap::SHAPE))
        };
    /// An array with one of these shapes, which are of arrays of int32, becomes one of doubles. What else there is stays.
    WidenToDouble "widen_to_double" (v: Tagged) { shapes: Shapes }
        -> Void, NONE; writes(Heap::SHAPE.and(Heap::ELEMENTS_PTR).and(Heap::ELEMENTS));
    /// Appends to an array of doubles.
    ArrayPushDouble "array_push.double" (array: Tagged, value: Double) {}
        -> Int32, INT32; Effects { call: true, ..writes(Heap::ELEMENTS.and(Heap::ELEMENTS_PTR).and(Heap::LENGTH)) };
    /// Takes the last element, of type `ty`, from a packed array; `undefined` from an empty one.
    ArrayPop "array_pop" (array: Tagged) { double: bool, ty: Type }
        -> Tagged, *ty | UNDEFINED; writes(Heap::ELEMENTS.and(Heap::LENGTH)).and_reads(Heap::ELEMENTS.and(Heap::LENGTH));

    // ---- Typed arrays ------------------------------------------------------------------------------------------

    /// The number of elements of a typed array whose shape has been checked. It never changes.
    LoadTypedLength "load_typed_length" (object: Tagged) {} -> Int32, INT32; PURE;
    /// The address of the first element of a typed array whose shape has been checked. It never changes.
    LoadTypedData "load_typed_data" (object: Tagged) {} -> Word, INTERNAL; PURE;
    /// An element of a typed array of integers; of a `Uint32Array` the bits, see `Uint32ToDouble`.
    LoadTypedInt32 "load_typed.int32" (data: Word, index: Int32) { element: ElementType } -> Int32, INT32; reads(Heap::TYPED);
    /// An element of a typed array of floating-point numbers; NaN is made canonical.
    LoadTypedDouble "load_typed.double" (data: Word, index: Int32) { element: ElementType }
        -> Double, DOUBLE; reads(Heap::TYPED);
    /// Writes the low bits of a number as an element of a typed array of integers.
    StoreTypedInt32 "store_typed.int32" (data: Word, index: Int32, value: Int32) { element: ElementType }
        -> Void, NONE; writes(Heap::TYPED);
    /// Writes an element of a typed array of floating-point numbers.
    StoreTypedDouble "store_typed.double" (data: Word, index: Int32, value: Double) { element: ElementType }
        -> Void, NONE; writes(Heap::TYPED);

    // ---- Variables ---------------------------------------------------------------------------------------------

    /// A module-level variable; the hole if it may not be `initialized` and is not.
    LoadModuleCell "load_module_cell" () { cell: Address, initialized: bool }
        -> Tagged, if *initialized { ANY } else { MAYBE_HOLE }; reads(Heap::MODULE);
    /// Writes a module-level variable that is known not to be taken for constant.
    StoreModuleCell "store_module_cell" (value: Tagged) { cell: Address } -> Void, NONE; writes(Heap::MODULE);
    /// The scope that a closure closes over, or `undefined`.
    ClosureScope "closure_scope" (closure: Tagged) {} -> Tagged, INTERNAL; PURE => closure_scope;
    /// The scope around a scope.
    ScopeParent "scope_parent" (scope: Tagged) {} -> Tagged, INTERNAL; PURE => scope_parent;
    /// A captured variable, or the hole if it is not initialized.
    LoadScopeSlot "load_scope_slot" (scope: Tagged) { slot: u32 } -> Tagged, MAYBE_HOLE; reads(Heap::SCOPE);
    /// Writes a captured variable. `barrier`: the value may be a cell.
    StoreScopeSlot "store_scope_slot" (scope: Tagged, value: Tagged) { slot: u32, barrier: bool }
        -> Void, NONE; writes(Heap::SCOPE);

    // ---- Allocation --------------------------------------------------------------------------------------------

    /// A new object with all of its slots `undefined`.
    NewObject "new_object" () { shape: ShapeId, inline_slots: u32 } -> Tagged, OBJECT; ALLOCATES;
    /// A new array of a length, all holes, which is also its capacity. `double`: of raw doubles. `site`: the literal.
    NewArray "new_array" () { shape: ShapeId, length: u32, double: bool, site: u32 } -> Tagged, ARRAY; ALLOCATES;
    /// A new closure over the n-th child of a function, made by the closure `creator`.
    NewClosure "new_closure" (scope: Tagged, creator: Tagged) { parent: FunctionId, child: u32, function: FunctionId } -> Tagged, FUNCTION; ALLOCATES;
    /// A new scope with all of its slots holding the hole. The parent is a scope or `undefined`.
    NewScope "new_scope" (parent: Tagged) { slots: u32 } -> Tagged, INTERNAL; ALLOCATES;

    // ---- Calls -------------------------------------------------------------------------------------------------

    /// Calls whatever `callee` is.
    Call "call" (callee: Tagged, this: Tagged) { args: Args } -> Tagged, ANY; ANYTHING;
    /// Calls a closure over a known function, with exactly as many arguments as it has parameters.
    CallDirect "call_direct" (callee: Tagged, this: Tagged) { function: FunctionId, args: Args } -> Tagged, ANY; ANYTHING;
    /// `new callee(...args)`.
    Construct "construct" (callee: Tagged, new_target: Tagged) { args: Args } -> Tagged, OBJECTS; ANYTHING;
    /// Calls a function of the runtime: what every bytecode can fall back to. Functions that take no `word` are given 0.
    CallRuntime "call_runtime" () { function: RuntimeFn, word: Address, args: Args } -> Tagged, function.result(); function.effects();

    /// Whether a call whose exceptions are caught here has returned. Stands behind the call, whose result means nothing
    /// where this is false.
    Returned "returned" (v: Tagged) {} -> Bool, BOOL; PINNED;
    /// The exception that the call before has thrown; it is no longer pending. The frame state is the call's: the code is
    /// left if the call was the last thing that it did before it became invalid.
    CaughtException "caught_exception" () {} -> Tagged, ANY; Effects { call: true, pinned: true, ..PURE };

    // ---- The ends of blocks ------------------------------------------------------------------------------------

    /// Goes on elsewhere. Where that is a loop's head, the frame state is the one at the loop's entry.
    Jump "jump" () { target: Target } -> Void, NONE; TERMINATOR;
    /// Goes one way or the other.
    Branch "branch" (cond: Bool) { if_true: Target, if_false: Target } -> Void, NONE; TERMINATOR => branch;
    /// Returns.
    Return "return" (v: Tagged) {} -> Void, NONE; TERMINATOR;
    /// Leaves the compiled code: nothing was compiled for what comes now.
    Deopt "deopt" () { reason: DeoptReason } -> Void, NONE; Effects { exit: Some(*reason), ..TERMINATOR };
    /// Throws.
    Throw "throw" (v: Tagged) {} -> Void, NONE; Effects { call: true, ..TERMINATOR };
    /// Cannot be reached.
    Unreachable "unreachable" () {} -> Void, NONE; TERMINATOR;
}

impl Op {
    /// If the result is the first operand, better known (a guard or an assumption): that operand.
    pub fn refined(&self) -> Option<Val> {
        let mut first = None;
        if self.effects().refines {
            self.visit(|v, _| first = first.or(Some(v)));
        }
        first
    }
}
