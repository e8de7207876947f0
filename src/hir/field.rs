//! What an instruction holds besides its fixed operands: constants, slots, shapes, argument lists, jump targets.
//!
//! Every such immediate knows how to print itself, how to parse what it printed, and which values it contains
//! ([`Field`]). The instruction table needs nothing more to derive printing, parsing and operand iteration.

use super::parse::{ParseResult, Parser};
use super::types::{self, Type, Use};
use crate::runtime::typed::ElementType;
use crate::runtime::value::Value;
use crate::vocab::{DeoptReason, FunctionId, ShapeId};
use cranelift_entity::{EntityRef, entity_impl};
use smallvec::SmallVec;
use std::fmt;

/// An SSA value, which is the instruction or block parameter that defines it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Val(u32);
entity_impl!(Val, "v");

/// A basic block.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Block(u32);
entity_impl!(Block, "bb");

/// An immediate of an instruction.
pub trait Field: Sized {
    /// Prints the immediate.
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
    /// Parses what [`Field::print`] printed.
    fn parse(p: &mut Parser<'_>) -> ParseResult<Self>;
    /// Calls `f` with every value inside.
    fn visit(&self, _f: &mut impl FnMut(Val, Use)) {}
    /// Calls `f` with every value inside, to be replaced.
    fn visit_mut(&mut self, _f: &mut impl FnMut(&mut Val)) {}
    /// The jump target inside, if the immediate is one.
    fn target(&self) -> Option<&Target> {
        None
    }
    /// The jump target inside, if the immediate is one.
    fn target_mut(&mut self) -> Option<&mut Target> {
        None
    }
}

/// A compile-time constant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Const {
    /// An int32.
    Int(i32),
    /// A double, by its bits.
    Double(u64),
    /// A boolean.
    Bool(bool),
    /// `undefined`.
    Undefined,
    /// `null`.
    Null,
    /// The hole.
    Hole,
    /// A heap cell that the code keeps alive, and what it is known to be.
    Cell {
        /// Its address.
        address: u64,
        /// Its kind.
        ty: Type,
    },
}

impl Const {
    /// The double `d`, as an int32 constant where that is the same number.
    pub fn number(d: f64) -> Const {
        match Value::number(d) {
            v if v.is_int() => Const::Int(v.as_int()),
            _ => Const::double(d),
        }
    }
    /// The double `d`, as a double.
    pub fn double(d: f64) -> Const {
        Const::Double(if d.is_nan() { f64::NAN.to_bits() } else { d.to_bits() })
    }
    /// A tagged value; a cell is of type `cell_type`.
    pub fn from_value(v: Value, cell_type: Type) -> Const {
        match v {
            Value::UNDEFINED => Const::Undefined,
            Value::NULL => Const::Null,
            Value::HOLE => Const::Hole,
            v if v.is_bool() => Const::Bool(v == Value::TRUE),
            v if v.is_int() => Const::Int(v.as_int()),
            v if v.is_double() => Const::double(v.as_double()),
            v => Const::Cell { address: v.0, ty: cell_type },
        }
    }
    /// The tagged value.
    pub fn value(self) -> Value {
        match self {
            Const::Int(i) => Value::int(i),
            Const::Double(bits) => Value::double(f64::from_bits(bits)),
            Const::Bool(b) => Value::bool(b),
            Const::Undefined => Value::UNDEFINED,
            Const::Null => Value::NULL,
            Const::Hole => Value::HOLE,
            Const::Cell { address, .. } => Value(address),
        }
    }
    /// The constant's type.
    pub fn ty(self) -> Type {
        match self {
            Const::Int(_) => types::INT32,
            Const::Double(_) => types::DOUBLE,
            Const::Bool(_) => types::BOOL,
            Const::Undefined => types::UNDEFINED,
            Const::Null => types::NULL,
            Const::Hole => types::HOLE,
            Const::Cell { ty, .. } => ty,
        }
    }
    /// The number, if the constant is one.
    pub fn as_number(self) -> Option<f64> {
        match self {
            Const::Int(i) => Some(i as f64),
            Const::Double(bits) => Some(f64::from_bits(bits)),
            Const::Bool(_) | Const::Undefined | Const::Null | Const::Hole | Const::Cell { .. } => None,
        }
    }
    /// What `ToBoolean` makes of it, as far as that is known.
    pub fn truthy(self) -> Option<bool> {
        match self {
            Const::Int(i) => Some(i != 0),
            Const::Double(bits) => Some(f64::from_bits(bits) != 0.0 && !f64::from_bits(bits).is_nan()),
            Const::Bool(b) => Some(b),
            Const::Undefined | Const::Null => Some(false),
            Const::Hole => None,
            Const::Cell { ty, .. } => (ty.is(types::OBJECTS | types::SYMBOL)).then_some(true),
        }
    }
}

impl Field for Const {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Const::Int(i) => write!(f, "{i}"),
            Const::Double(bits) => write!(f, "{:?}", f64::from_bits(bits)),
            Const::Bool(b) => write!(f, "{b}"),
            Const::Undefined => f.write_str("undefined"),
            Const::Null => f.write_str("null"),
            Const::Hole => f.write_str("hole"),
            Const::Cell { address, ty } => write!(f, "cell {address:#x} {ty}"),
        }
    }
    fn parse(p: &mut Parser<'_>) -> ParseResult<Self> {
        let word = p.word()?;
        Ok(match word {
            "true" => Const::Bool(true),
            "false" => Const::Bool(false),
            "undefined" => Const::Undefined,
            "null" => Const::Null,
            "hole" => Const::Hole,
            "cell" => Const::Cell { address: p.hex()?, ty: p.ty()? },
            word => match (word.parse::<i32>(), word.parse::<f64>()) {
                (Ok(i), _) => Const::Int(i),
                (_, Ok(d)) => Const::double(d),
                _ => return p.fail(format!("'{word}' is no constant")),
            },
        })
    }
}

/// Where a named property lives in its object.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Slot {
    /// The n-th word after the object's prefix.
    Inline(u16),
    /// The n-th word of the out-of-line slots cell.
    Outline(u16),
}

impl Field for Slot {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Slot::Inline(n) => write!(f, "inline {n}"),
            Slot::Outline(n) => write!(f, "outline {n}"),
        }
    }
    fn parse(p: &mut Parser<'_>) -> ParseResult<Self> {
        match p.word()? {
            "inline" => Ok(Slot::Inline(p.number()?)),
            "outline" => Ok(Slot::Outline(p.number()?)),
            word => p.fail(format!("'{word}' is neither inline nor outline")),
        }
    }
}

/// A comparison.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Cond {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
}

impl Cond {
    const NAMES: [(Cond, &'static str); 6] =
        [(Cond::Eq, "eq"), (Cond::Ne, "ne"), (Cond::Lt, "lt"), (Cond::Le, "le"), (Cond::Gt, "gt"), (Cond::Ge, "ge")];
    /// The condition that holds of ordered operands exactly if this one does not.
    pub fn negate(self) -> Cond {
        match self {
            Cond::Eq => Cond::Ne,
            Cond::Ne => Cond::Eq,
            Cond::Lt => Cond::Ge,
            Cond::Le => Cond::Gt,
            Cond::Gt => Cond::Le,
            Cond::Ge => Cond::Lt,
        }
    }
    /// The condition with its operands exchanged.
    pub fn swap(self) -> Cond {
        match self {
            Cond::Eq | Cond::Ne => self,
            Cond::Lt => Cond::Gt,
            Cond::Le => Cond::Ge,
            Cond::Gt => Cond::Lt,
            Cond::Ge => Cond::Le,
        }
    }
    /// Whether it holds.
    pub fn holds<T: PartialOrd>(self, a: T, b: T) -> bool {
        match self {
            Cond::Eq => a == b,
            Cond::Ne => a != b,
            Cond::Lt => a < b,
            Cond::Le => a <= b,
            Cond::Gt => a > b,
            Cond::Ge => a >= b,
        }
    }
}

impl Field for Cond {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Cond::NAMES.iter().find(|(c, _)| c == self).expect("every condition has a name").1)
    }
    fn parse(p: &mut Parser<'_>) -> ParseResult<Self> {
        let word = p.word()?;
        match Cond::NAMES.iter().find(|(_, n)| *n == word) {
            Some((c, _)) => Ok(*c),
            None => p.fail(format!("'{word}' is no condition")),
        }
    }
}

/// A function of one number that is computed by a call: of `Math`, and pure.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MathFn {
    /// `Math.sin`
    Sin,
    /// `Math.cos`
    Cos,
    /// `Math.tan`
    Tan,
    /// `Math.asin`
    Asin,
    /// `Math.acos`
    Acos,
    /// `Math.atan`
    Atan,
    /// `Math.exp`
    Exp,
    /// `Math.log`
    Log,
    /// `Math.log2`
    Log2,
    /// `Math.log10`
    Log10,
    /// `Math.cbrt`
    Cbrt,
}

impl MathFn {
    /// Every function with its name in `Math`.
    pub const NAMES: [(MathFn, &'static str); 11] = [
        (MathFn::Sin, "sin"),
        (MathFn::Cos, "cos"),
        (MathFn::Tan, "tan"),
        (MathFn::Asin, "asin"),
        (MathFn::Acos, "acos"),
        (MathFn::Atan, "atan"),
        (MathFn::Exp, "exp"),
        (MathFn::Log, "log"),
        (MathFn::Log2, "log2"),
        (MathFn::Log10, "log10"),
        (MathFn::Cbrt, "cbrt"),
    ];
}

impl Field for MathFn {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MathFn::NAMES.iter().find(|(m, _)| m == self).expect("every function has a name").1)
    }
    fn parse(p: &mut Parser<'_>) -> ParseResult<Self> {
        let word = p.word()?;
        match MathFn::NAMES.iter().find(|(_, n)| *n == word) {
            Some((m, _)) => Ok(*m),
            None => p.fail(format!("'{word}' is no function of Math")),
        }
    }
}

impl Field for ElementType {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.class())
    }
    fn parse(p: &mut Parser<'_>) -> ParseResult<Self> {
        let word = p.word()?;
        match ElementType::ALL.iter().find(|ty| ty.class() == word) {
            Some(ty) => Ok(*ty),
            None => p.fail(format!("'{word}' is no class of typed arrays")),
        }
    }
}

/// Up to four shapes.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Shapes(pub SmallVec<[ShapeId; 4]>);

impl Shapes {
    /// Just one shape.
    pub fn one(shape: ShapeId) -> Shapes {
        Shapes(SmallVec::from_slice(&[shape]))
    }
    /// Whether all of these are among `others`.
    pub fn is_subset_of(&self, others: &Shapes) -> bool {
        self.0.iter().all(|s| others.0.contains(s))
    }
}

impl Field for Shapes {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (i, shape) in self.0.iter().enumerate() {
            write!(f, "{}{shape}", if i == 0 { "" } else { ", " })?;
        }
        f.write_str("}")
    }
    fn parse(p: &mut Parser<'_>) -> ParseResult<Self> {
        p.expect("{")?;
        let mut shapes = Shapes::default();
        while !p.eat("}") {
            shapes.0.push(p.entity("shape")?);
            p.eat(",");
        }
        Ok(shapes)
    }
}

/// A variable number of tagged operands.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Args(pub SmallVec<[Val; 4]>);

impl<I: IntoIterator<Item = Val>> From<I> for Args {
    fn from(values: I) -> Args {
        Args(values.into_iter().collect())
    }
}

impl Field for Args {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_list(&self.0, f)
    }
    fn parse(p: &mut Parser<'_>) -> ParseResult<Self> {
        Ok(Args(parse_list(p)?))
    }
    fn visit(&self, f: &mut impl FnMut(Val, Use)) {
        self.0.iter().for_each(|v| f(*v, Use::Tagged));
    }
    fn visit_mut(&mut self, f: &mut impl FnMut(&mut Val)) {
        self.0.iter_mut().for_each(f);
    }
}

/// Where a jump goes, and with which values for the block's parameters.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Target {
    /// The block.
    pub block: Block,
    /// One value per parameter of the block.
    pub args: SmallVec<[Val; 4]>,
}

impl Target {
    /// A jump to `block` with `args`.
    pub fn new(block: Block, args: &[Val]) -> Target {
        Target { block, args: SmallVec::from_slice(args) }
    }
}

impl Field for Target {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.block)?;
        print_list(&self.args, f)
    }
    fn parse(p: &mut Parser<'_>) -> ParseResult<Self> {
        Ok(Target { block: p.block()?, args: parse_list(p)? })
    }
    fn visit(&self, f: &mut impl FnMut(Val, Use)) {
        self.args.iter().for_each(|v| f(*v, Use::Argument));
    }
    fn visit_mut(&mut self, f: &mut impl FnMut(&mut Val)) {
        self.args.iter_mut().for_each(f);
    }
    fn target(&self) -> Option<&Target> {
        Some(self)
    }
    fn target_mut(&mut self) -> Option<&mut Target> {
        Some(self)
    }
}

fn print_list(values: &[Val], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("(")?;
    for (i, v) in values.iter().enumerate() {
        write!(f, "{}{v}", if i == 0 { "" } else { ", " })?;
    }
    f.write_str(")")
}

fn parse_list(p: &mut Parser<'_>) -> ParseResult<SmallVec<[Val; 4]>> {
    p.expect("(")?;
    let mut values = SmallVec::new();
    while !p.eat(")") {
        values.push(p.val()?);
        p.eat(",");
    }
    Ok(values)
}

/// An address that compiled code may embed: of a module cell, for example.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Address(pub u64);

impl Field for Address {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
    fn parse(p: &mut Parser<'_>) -> ParseResult<Self> {
        Ok(Address(p.hex()?))
    }
}

impl Field for Type {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
    fn parse(p: &mut Parser<'_>) -> ParseResult<Self> {
        p.ty()
    }
}

impl Field for DeoptReason {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
    fn parse(p: &mut Parser<'_>) -> ParseResult<Self> {
        let word = p.word()?;
        word.parse().or_else(|e| p.fail(e))
    }
}

impl Field for bool {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
    fn parse(p: &mut Parser<'_>) -> ParseResult<Self> {
        match p.word()? {
            "true" => Ok(true),
            "false" => Ok(false),
            word => p.fail(format!("'{word}' is neither true nor false")),
        }
    }
}

impl Field for u32 {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
    fn parse(p: &mut Parser<'_>) -> ParseResult<Self> {
        p.number()
    }
}

macro_rules! entity_fields {
    ($($entity:ident $prefix:literal),*) => {$(
        impl Field for $entity {
            fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", $prefix, self.index())
            }
            fn parse(p: &mut Parser<'_>) -> ParseResult<Self> {
                p.entity($prefix)
            }
        }
    )*};
}
entity_fields!(FunctionId "fn", ShapeId "shape");
