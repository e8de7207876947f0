//! THE table of helpers: what baseline code calls when an operation is not a handful of instructions.
//!
//! One row per helper, in the file of its group; a row is documentation, a name, arguments and the call of the shared
//! semantics (`runtime::ops`, `runtime::arith`, the interpreter's slow paths). From a row come the `extern "C"` body, its
//! exit thunk and a [`Helper`] constant that code generation reads.
//!
//! ```text
//!   exit NAME = name(rt, a: Value, …) { … }    may allocate, throw, run the program: through an exit thunk
//!   leaf NAME = name(rt, a: Value, …) { … }    none of these: called directly
//! ```
//!
//! All arguments are words in registers, the runtime first, at most six. The result is a word as [`Word`] makes it; a
//! helper that throws answers 0. Helpers that may also say "go on" answer [`CONTINUE`] for that. What an instruction does
//! outside of its inline paths takes the frame and the instruction's offset only: baseline code works in the
//! interpreter's frame, so the helper finds operands, slot and destination itself ([`At`]), and the code that calls it
//! is short.
//!
//! The files: [`arith`] operators and comparisons, [`property`] properties and elements, [`call`] calls and construction,
//! [`object`] literals, closures, classes, iteration, [`control`] exceptions, bindings, trips and polls.

pub mod arith;
pub mod call;
pub mod control;
pub mod object;
pub mod property;

use crate::feedback::slot::Unit;
use crate::runtime::cell::Cell;
use crate::runtime::function::FunctionInfo;
use crate::runtime::object::Obj;
use crate::runtime::runtime::{JsResult, Thrown};
use crate::runtime::value::Value;

/// What a helper answers that has nothing to deliver: no value of the program looks like it.
pub const CONTINUE: u64 = Value::HOLE.0;

/// The frame was left to other code, which threw; its handlers have been tried.
pub const LEFT_THROWING: u64 = 0x1A;

/// The instruction at which a frame of baseline code stands. Operand `i` of a row of the opcode table is unit `i`, as in
/// the interpreter.
#[derive(Clone, Copy)]
struct At {
    regs: *mut u64,
    info: *mut FunctionInfo,
    offset: u64,
}

impl At {
    fn new(regs: *mut u64, offset: u64) -> At {
        // SAFETY: compiled code passes its frame, whose callee is a closure.
        let info = unsafe { Obj::from_cell(*regs.sub(2) as *mut Cell).function_info() };
        At { regs, info, offset }
    }

    /// The instruction in the interpreter's private bytecode.
    fn pc(self) -> *mut u16 {
        // SAFETY: infos live as long as the runtime, and the offset is that of an instruction.
        unsafe { (*self.info).code.add(self.offset as usize) }
    }

    fn unit(self, i: usize) -> u16 {
        // SAFETY: the caller asks for units of its own instruction.
        unsafe { *self.pc().add(i) }
    }

    fn reg(self, i: usize) -> Value {
        // SAFETY: the bytecode is verified: registers lie in the frame.
        Value(unsafe { *self.regs.add(self.unit(i) as usize) })
    }

    fn set(self, i: usize, v: Value) {
        // SAFETY: as above.
        unsafe { *self.regs.add(self.unit(i) as usize) = v.0 };
    }

    /// Address of a register.
    fn place(self, i: usize) -> *mut u64 {
        // SAFETY: as above.
        unsafe { self.regs.add(self.unit(i) as usize) }
    }

    fn constant(self, i: usize) -> Value {
        // SAFETY: the bytecode is verified: the constant exists.
        unsafe { *(*self.info).constants.add(self.unit(i) as usize) }
    }

    fn slot<T>(self, i: usize) -> *mut T {
        // SAFETY: the bytecode is verified: the slot exists and is of the opcode's kind.
        unsafe { (*self.info).feedback.add(self.unit(i) as usize).cast::<Unit>().cast() }
    }

    /// Writes a result to the destination, operand 1.
    fn deliver(self, result: JsResult) -> JsResult<()> {
        result.map(|v| self.set(1, v))
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Helper {
    /// Its name, for listings.
    pub name: &'static str,
    /// How many arguments it takes, the runtime included.
    pub arguments: usize,
    entry: *const (),
}

impl Helper {
    /// What compiled code calls.
    pub fn address(&self) -> u64 {
        self.entry as usize as u64
    }
}

/// Every helper, by group.
pub const TABLE: &[&[Helper]] = &[arith::ROWS, property::ROWS, call::ROWS, object::ROWS, control::ROWS];

/// How a row's result becomes the word that compiled code sees.
trait Word {
    fn word(self) -> u64;
}
impl Word for u64 {
    fn word(self) -> u64 {
        self
    }
}
impl Word for bool {
    fn word(self) -> u64 {
        self as u64
    }
}
impl Word for () {
    fn word(self) -> u64 {
        CONTINUE
    }
}
impl Word for Value {
    fn word(self) -> u64 {
        debug_assert!(!self.is_empty(), "the reserved word is no result");
        self.0
    }
}
impl Word for JsResult {
    fn word(self) -> u64 {
        match self {
            Ok(v) => v.word(),
            Err(Thrown) => Value::EMPTY.0,
        }
    }
}
impl Word for JsResult<bool> {
    fn word(self) -> u64 {
        self.map(Value::bool).word()
    }
}
impl Word for JsResult<()> {
    fn word(self) -> u64 {
        self.map(|()| Value::HOLE).word()
    }
}

macro_rules! helper_group {
    ($( $(#[doc = $doc:literal])+ $kind:ident $CONST:ident = $name:ident ($rt:ident $(, $arg:ident: $ty:ty)*) $body:block )+) => {
        $(
            $(#[doc = $doc])+
            pub const $CONST: $crate::codegen::helpers::Helper = $crate::codegen::helpers::Helper {
                name: stringify!($name),
                arguments: 1 $( + { let _ = stringify!($arg); 1 } )*,
                entry: helper_group!(@entry $kind $name) as *const (),
            };
        )+
        /// The rows of this group.
        pub const ROWS: &[$crate::codegen::helpers::Helper] = &[$( $CONST ),+];

        mod bodies {
            #[allow(unused_imports, reason = "a row may need any of the group's names")]
            use super::*;
            $(
                pub(super) extern "C" fn $name($rt: *mut $crate::runtime::runtime::Runtime $(, $arg: $ty)*) -> u64 {
                    // SAFETY: compiled code passes the runtime that it belongs to, and nobody else uses it meanwhile.
                    let $rt: &mut $crate::runtime::runtime::Runtime = unsafe { &mut *$rt };
                    $crate::codegen::helpers::Word::word($body)
                }
            )+
        }
        mod thunks {
            $( $crate::codegen::helpers::helper_group!(@thunk $kind $name); )+
        }
    };
    (@entry exit $name:ident) => { thunks::$name };
    (@entry leaf $name:ident) => { bodies::$name };
    (@thunk exit $name:ident) => { $crate::exit_thunk!(pub(super) $name, super::bodies::$name); };
    (@thunk leaf $name:ident) => {};
}
use helper_group;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::abi::MAX_HELPER_ARGUMENTS;

    #[test]
    fn every_row_fits_the_registers_and_has_its_own_name_and_address() {
        let rows: Vec<&Helper> = TABLE.iter().flat_map(|group| group.iter()).collect();
        let mut names: Vec<&str> = rows.iter().map(|r| r.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), rows.len());
        for row in rows {
            assert!(row.arguments <= MAX_HELPER_ARGUMENTS, "{}", row.name);
            assert!(row.address() != 0);
        }
    }

    #[test]
    fn markers_are_no_values() {
        for word in [CONTINUE, LEFT_THROWING] {
            let v = Value(word);
            assert!(!v.is_cell() && !v.is_number() && !v.is_bool() && !v.is_nullish() && !v.is_empty());
        }
    }
}
