//! The tagged word that every register, slot and argument holds.
//!
//! Sixty-four bits, boxed the way JavaScriptCore does it, because the checks that compiled code runs most often
//! (is it an int32? is it a pointer?) are then one compare against a constant on both targets:
//!
//! ```text
//! pointer   0000:PPPP:PPPP:PPPP   a heap cell, 16-byte aligned, bare
//! double    0002:****:****:****   the IEEE bits plus 2^49 …
//!           FFFC:****:****:****   … so that no double looks like a pointer or an int32
//! int32     FFFE:0000:IIII:IIII
//! null 0x02   false 0x06   true 0x07   undefined 0x0A   hole 0x12
//! ```
//!
//! [`Value::EMPTY`] (all bits zero) is the *reserved word*: no program can see it. As the result of a call it means
//! "look at the VM": an exception is pending or the caller was invalidated while it waited (lazy deoptimization).
//!
//! A number may be held as int32 or as double whenever both can represent it; the two are the same value.

use std::fmt;

/// Bits that are all set in an int32 and not all set in anything else.
pub const NUMBER_TAG: u64 = 0xFFFE_0000_0000_0000;
/// What is added to the bits of a double when it is boxed.
pub const DOUBLE_OFFSET: u64 = 1 << 49;
/// A word with any of these bits set is not a pointer to a cell.
pub const NOT_CELL_MASK: u64 = NUMBER_TAG | 0x2;
/// How a hole is spelled in an array of unboxed doubles: a NaN that no arithmetic produces.
pub const HOLE_NAN_BITS: u64 = 0x7FF4_DEAD_DEAD_DEAD;

/// A tagged JavaScript value, or one of the two markers [`Value::EMPTY`] and [`Value::HOLE`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Value(pub u64);

impl Value {
    /// The reserved word: "look at the VM". Never visible to a program.
    pub const EMPTY: Value = Value(0);
    /// `null`.
    pub const NULL: Value = Value(0x02);
    /// `false`.
    pub const FALSE: Value = Value(0x06);
    /// `true`.
    pub const TRUE: Value = Value(0x07);
    /// `undefined`.
    pub const UNDEFINED: Value = Value(0x0A);
    /// An array hole, an uninitialized binding (temporal dead zone), or `this` before `super()`.
    pub const HOLE: Value = Value(0x12);

    /// Boxes an int32.
    #[inline(always)]
    pub const fn int(i: i32) -> Value {
        Value(NUMBER_TAG | i as u32 as u64)
    }

    /// Boxes a double as a double, whatever its value. NaNs are made canonical; arithmetic in optimized code may box the
    /// machine's own NaN, so whether two values are NaN is never asked of their bits.
    #[inline(always)]
    pub fn double(d: f64) -> Value {
        let bits = if d.is_nan() { f64::NAN.to_bits() } else { d.to_bits() };
        Value(bits.wrapping_add(DOUBLE_OFFSET))
    }

    /// Boxes the result of an arithmetic operation on doubles that were boxed: a NaN is theirs, or the machine's own.
    #[inline(always)]
    pub fn arithmetic(d: f64) -> Value {
        Value(d.to_bits().wrapping_add(DOUBLE_OFFSET))
    }

    /// Boxes a number, as int32 where that is exact (so `-0` stays a double).
    #[inline(always)]
    pub fn number(d: f64) -> Value {
        let i = d as i32;
        if i as f64 == d && (i != 0 || d.is_sign_positive()) { Value::int(i) } else { Value::double(d) }
    }

    /// Boxes an unsigned length or index.
    #[inline(always)]
    pub fn from_u32(n: u32) -> Value {
        if n <= i32::MAX as u32 { Value::int(n as i32) } else { Value::double(n as f64) }
    }

    /// Boxes a boolean.
    #[inline(always)]
    pub const fn bool(b: bool) -> Value {
        Value(0x06 | b as u64)
    }

    /// A pointer to a heap cell.
    #[inline(always)]
    pub fn cell_ptr<T>(p: *const T) -> Value {
        debug_assert!(p as u64 & 0xF == 0 && p as u64 >> 48 == 0 && !p.is_null());
        Value(p as u64)
    }

    #[inline(always)]
    pub const fn is_int(self) -> bool {
        self.0 >= NUMBER_TAG
    }
    #[inline(always)]
    pub const fn is_number(self) -> bool {
        self.0 >> 49 != 0
    }
    #[inline(always)]
    pub const fn is_double(self) -> bool {
        self.is_number() && !self.is_int()
    }
    /// A pointer to a heap cell (object, string, symbol or internal cell).
    #[inline(always)]
    pub const fn is_cell(self) -> bool {
        self.0 & NOT_CELL_MASK == 0 && self.0 != 0
    }
    #[inline(always)]
    pub const fn is_bool(self) -> bool {
        self.0 & !1 == 0x06
    }
    #[inline(always)]
    pub const fn is_undefined(self) -> bool {
        self.0 == Self::UNDEFINED.0
    }
    #[inline(always)]
    pub const fn is_null(self) -> bool {
        self.0 == Self::NULL.0
    }
    /// `null` or `undefined`.
    #[inline(always)]
    pub const fn is_nullish(self) -> bool {
        self.0 & !8 == 0x02
    }
    #[inline(always)]
    pub const fn is_hole(self) -> bool {
        self.0 == Self::HOLE.0
    }
    #[inline(always)]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The int32 inside. The caller has checked [`Value::is_int`].
    #[inline(always)]
    pub const fn as_int(self) -> i32 {
        self.0 as i32
    }
    /// The double inside. The caller has checked [`Value::is_double`].
    #[inline(always)]
    pub const fn as_double(self) -> f64 {
        f64::from_bits(self.0.wrapping_sub(DOUBLE_OFFSET))
    }
    /// The number inside as a double. The caller has checked [`Value::is_number`].
    #[inline(always)]
    pub const fn as_number(self) -> f64 {
        if self.is_int() { self.as_int() as f64 } else { self.as_double() }
    }
    /// The cell's address. The caller has checked [`Value::is_cell`].
    #[inline(always)]
    pub const fn as_cell_addr(self) -> usize {
        self.0 as usize
    }
    /// The int32 that this number is equal to, whether it is held as int32 or as double (`-0` counts as 0).
    #[inline(always)]
    pub fn to_int_exact(self) -> Option<i32> {
        if self.is_int() {
            return Some(self.as_int());
        }
        if self.is_number() {
            let d = self.as_double();
            let i = d as i32;
            if i as f64 == d {
                return Some(i);
            }
        }
        None
    }
    /// This value as an array index (`0 ..= 2^32 - 2`), if it is a number that is one.
    #[inline(always)]
    pub fn to_index(self) -> Option<u32> {
        if self.is_int() {
            return u32::try_from(self.as_int()).ok();
        }
        if self.is_number() {
            let d = self.as_double();
            let i = d as u32;
            if i as f64 == d && i != u32::MAX {
                return Some(i);
            }
        }
        None
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Value::EMPTY => f.write_str("empty"),
            Value::NULL => f.write_str("null"),
            Value::UNDEFINED => f.write_str("undefined"),
            Value::HOLE => f.write_str("hole"),
            v if v.is_bool() => write!(f, "{}", v == Value::TRUE),
            v if v.is_int() => write!(f, "{}", v.as_int()),
            v if v.is_double() => write!(f, "{:?}", v.as_double()),
            v => write!(f, "cell@{:#x}", v.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_is_exactly_one_kind() {
        let values = [
            Value::NULL,
            Value::UNDEFINED,
            Value::TRUE,
            Value::FALSE,
            Value::HOLE,
            Value::int(0),
            Value::int(-1),
            Value::int(i32::MIN),
            Value::double(0.0),
            Value::double(-0.0),
            Value::double(f64::NAN),
            Value::double(-f64::NAN),
            Value::double(f64::NEG_INFINITY),
            Value::double(f64::MAX),
            Value::double(f64::from_bits(1)),
            Value(0x7f00_1234_5670),
        ];
        for v in values {
            let kinds = [v.is_int(), v.is_double(), v.is_cell(), v.is_bool(), v.is_nullish(), v.is_hole()];
            assert_eq!(kinds.iter().filter(|k| **k).count(), 1, "{v:?} {kinds:?}");
        }
    }

    #[test]
    fn doubles_round_trip_and_numbers_prefer_int32() {
        for d in [0.5, -0.0, f64::MAX, f64::MIN_POSITIVE, f64::INFINITY, 2147483648.0, -2147483649.0] {
            let v = Value::number(d);
            assert!(v.is_double());
            assert_eq!(v.as_double().to_bits(), d.to_bits());
        }
        assert_eq!(Value::number(7.0), Value::int(7));
        assert_eq!(Value::number(-2147483648.0), Value::int(i32::MIN));
        assert_eq!(Value::double(3.0).to_index(), Some(3));
        assert_eq!(Value::double(4294967295.0).to_index(), None);
        assert_eq!(Value::int(-1).to_index(), None);
    }
}
