//! Layout of feedback slots: plain memory that interpreter, baseline code and the summary builder agree on.
//!
//! Each slot is `repr(C)` and a multiple of 16 bytes. A zeroed slot means "never executed". Shapes are held by id, heap
//! cells as bare words; [`trace`] hands the latter to the collector (feedback keeps them alive: a cleared site would
//! look like a fresh one and cause a compile on a false guess).

use crate::bytecode::ops::SlotKind;
use crate::runtime::value::Value;

/// Inline-cache entries per site before it is megamorphic.
pub const MAX_POLYMORPHIC: usize = 4;
/// `len` of a slot that has seen more than [`MAX_POLYMORPHIC`] variants.
pub const MEGAMORPHIC: u8 = 5;

/// One allocation unit of a feedback vector.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C, align(16))]
pub struct Unit(pub [u64; 2]);

/// Bits of [`TypesSlot::seen`]: operand and result types that a site has met.
pub mod seen {
    /// Both operands int32 (unary: the operand), result int32.
    pub const INT: u32 = 1;
    /// Both operands int32, result not an int32.
    pub const OVERFLOW: u32 = 1 << 1;
    /// Both operands numbers, at least one a double.
    pub const DOUBLE: u32 = 1 << 2;
    /// Both operands strings.
    pub const STRING: u32 = 1 << 3;
    /// Both operands booleans (branches: a boolean condition).
    pub const BOOL: u32 = 1 << 4;
    /// Both operands objects (branches: an object condition).
    pub const OBJECT: u32 = 1 << 5;
    /// An operand was null or undefined.
    pub const NULLISH: u32 = 1 << 6;
    /// Anything else: only the generic operation will do.
    pub const OTHER: u32 = 1 << 7;
    /// The result was minus zero.
    pub const NEG_ZERO: u32 = 1 << 8;
    /// One operand a string, the other a number: concatenation.
    pub const STRING_NUMBER: u32 = 1 << 9;
}

/// Feedback of an operator, and of the branch if it is one.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub struct TypesSlot {
    /// Union of [`seen`] bits.
    pub seen: u32,
    /// Executions that jumped.
    pub taken: u32,
    /// Executions that fell through.
    pub not_taken: u32,
    /// Deopts that blamed this site.
    pub deopts: u32,
}

/// How an inline-cache entry reaches the property.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(u8)]
pub enum Access {
    /// No entry.
    #[default]
    None = 0,
    /// In-object data slot of the receiver: `offset` is the byte offset in the object.
    Inline = 1,
    /// Out-of-line data slot of the receiver: `offset` is the byte offset in the slots cell.
    OutOfLine = 2,
    /// In-object data slot of the object `payload`, found on the prototype chain. Valid in the slot's epoch.
    ProtoInline = 3,
    /// Out-of-line data slot of the object `payload`. Valid in the slot's epoch.
    ProtoOutOfLine = 4,
    /// `length` of an array.
    ArrayLength = 5,
    /// `length` of a string.
    StringLength = 6,
    /// Getter (loads) or setter (stores) `payload`, on the receiver or its chain. Valid in the slot's epoch.
    Accessor = 7,
    /// The property does not exist. Valid in the slot's epoch.
    Absent = 8,
    /// A store that adds an in-object property: the object's shape becomes `payload`. Valid in the slot's epoch.
    AddInline = 9,
    /// A store that adds an out-of-line property within the slots cell's capacity. Valid in the slot's epoch.
    AddOutOfLine = 10,
    /// `length` of a typed array, whose getter is `payload`. Valid in the slot's epoch.
    TypedLength = 11,
}

/// One inline-cache entry.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub struct PropertyEntry {
    /// Shape of the receiver. Primitive receivers have the pseudo shapes of `runtime::shape`.
    pub shape: u32,
    /// How.
    pub access: Access,
    /// Unused.
    pub reserved: u8,
    /// Byte offset of the slot, see [`Access`].
    pub offset: u16,
    /// Holder, accessor function or new shape, see [`Access`].
    pub payload: u64,
}

/// Feedback of a named property access: an inline cache.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub struct PropertySlot {
    /// Entries in use, or [`MEGAMORPHIC`].
    pub len: u8,
    /// Unused.
    pub reserved: u8,
    /// Deopts that blamed this site, saturating.
    pub deopts: u16,
    /// `VmHead::proto_epoch` for which the entries that depend on prototypes are valid.
    pub epoch: u32,
    /// Slow-path executions.
    pub misses: u32,
    /// Unused.
    pub reserved2: u32,
    /// The entries.
    pub entries: [PropertyEntry; MAX_POLYMORPHIC],
}

/// Bits of [`ElementSlot::flags`].
pub mod element {
    /// The site has been executed.
    pub const EXECUTED: u16 = 1;
    /// An index was at or past the length.
    pub const OUT_OF_BOUNDS: u16 = 1 << 1;
    /// A hole was read.
    pub const HOLE: u16 = 1 << 2;
    /// A store at exactly the length: the array grew by one.
    pub const APPEND: u16 = 1 << 3;
    /// The key was a string or symbol.
    pub const NAME_KEY: u16 = 1 << 4;
    /// The key was a number that is no array index.
    pub const ODD_KEY: u16 = 1 << 5;
    /// The receiver was a string.
    pub const STRING: u16 = 1 << 6;
    /// The receiver was neither array, object nor string.
    pub const OTHER: u16 = 1 << 7;
    /// The key was a double equal to an index.
    pub const DOUBLE_KEY: u16 = 1 << 8;
}

/// Feedback of an indexed access or an iteration.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub struct ElementSlot {
    /// [`element`] bits.
    pub flags: u16,
    /// Shapes in use, or [`MEGAMORPHIC`].
    pub len: u8,
    /// Unused.
    pub reserved: u8,
    /// Deopts that blamed this site.
    pub deopts: u32,
    /// Shapes of the receiver before the access.
    pub shapes: [u32; MAX_POLYMORPHIC],
    /// Shapes of the receiver after a store (the same, or after an elements-kind transition).
    pub stored: [u32; MAX_POLYMORPHIC],
    /// Unused.
    pub reserved2: u64,
}

/// One call target.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub struct CallEntry {
    /// The callee cell while it was always the same one, else 0.
    pub callee: u64,
    /// `FunctionId + 1` of a closure; [`NATIVE_TARGET`] + builtin id of a native function; 0: no entry.
    pub target: u32,
    /// Calls, saturating.
    pub count: u32,
}

/// Added to a builtin id in [`CallEntry::target`].
pub const NATIVE_TARGET: u32 = 1 << 31;

/// Added to `FunctionId + 1` in [`CallEntry::target`] of a function that the site reaches through the library's `call` or
/// `apply`, which it calls.
pub const FORWARDED_TARGET: u32 = 1 << 30;

/// Feedback of a call.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub struct CallSlot {
    /// Entries in use, or [`MEGAMORPHIC`].
    pub len: u8,
    /// Not 0: `call` or `apply`, called here, has been asked for more functions than there is room for.
    pub forwards_many: u8,
    /// Unused.
    pub reserved: [u8; 2],
    /// Deopts that blamed this site.
    pub deopts: u32,
    /// All calls, wrapping.
    pub count: u64,
    /// The entries.
    pub entries: [CallEntry; MAX_POLYMORPHIC],
}

/// What a literal learnt.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub struct LiteralSlot {
    /// Shape of the empty object or array to start from next time, 0 if never executed.
    pub shape: u32,
    /// Of an array literal that was executed: its number (`runtime::array_sites`), else 0.
    pub site: u32,
    /// Cached object of a template literal, or 0.
    pub cached: u64,
}

/// Size of a slot in units.
pub const fn units(kind: SlotKind) -> u16 {
    let bytes = match kind {
        SlotKind::Types => size_of::<TypesSlot>(),
        SlotKind::Property => size_of::<PropertySlot>(),
        SlotKind::Element => size_of::<ElementSlot>(),
        SlotKind::Call => size_of::<CallSlot>(),
        SlotKind::Literal => size_of::<LiteralSlot>(),
    };
    (bytes / size_of::<Unit>()) as u16
}

const _: () = {
    assert!(size_of::<TypesSlot>() == 16 && size_of::<LiteralSlot>() == 16);
    assert!(size_of::<PropertySlot>() == 80 && size_of::<CallSlot>() == 80 && size_of::<ElementSlot>() == 48);
};

// The assembler hands slots out by the opcode table's sizes.
const _: () = {
    assert!(units(SlotKind::Types) == SlotKind::Types.units() && units(SlotKind::Literal) == SlotKind::Literal.units());
    assert!(units(SlotKind::Property) == SlotKind::Property.units() && units(SlotKind::Call) == SlotKind::Call.units());
    assert!(units(SlotKind::Element) == SlotKind::Element.units());
};

/// Visits every heap cell that a slot refers to.
///
/// # Safety
/// `slot` points to a slot of the given kind.
pub unsafe fn trace(kind: SlotKind, slot: *const Unit, visit: &mut impl FnMut(Value)) {
    // SAFETY: the caller vouches for kind and pointer.
    unsafe {
        match kind {
            SlotKind::Types | SlotKind::Element => {}
            SlotKind::Property => {
                for e in &(*slot.cast::<PropertySlot>()).entries {
                    match e.access {
                        Access::ProtoInline | Access::ProtoOutOfLine | Access::Accessor | Access::TypedLength => {
                            visit(Value(e.payload));
                        }
                        Access::None
                        | Access::Inline
                        | Access::OutOfLine
                        | Access::ArrayLength
                        | Access::StringLength
                        | Access::Absent
                        | Access::AddInline
                        | Access::AddOutOfLine => {}
                    }
                }
            }
            SlotKind::Call => {
                for e in &(*slot.cast::<CallSlot>()).entries {
                    visit(Value(e.callee));
                }
            }
            SlotKind::Literal => visit(Value((*slot.cast::<LiteralSlot>()).cached)),
        }
    }
}
