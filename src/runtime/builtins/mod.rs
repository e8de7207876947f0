//! The built-in library: what a program finds on the global object, written in Rust.
//!
//! [`table`] has one row per builtin function; [`mod@install`] builds the objects from it when a runtime starts; the other
//! files hold the functions by group. How natives are called stands in [`super::native`].
//!
//! What Node has and Petrel lacks stands in [`missing`]: reaching such a member stops the program with a refusal rather
//! than going on with a wrong answer.

use super::runtime::{JsResult, Runtime};
use super::value::Value;

pub mod array;
pub mod array_iteration;
pub mod array_sort;
pub mod buffers;
pub mod collections;
pub mod console;
pub mod date;
pub mod error;
pub mod function;
pub mod global;
pub mod host_modules;
pub mod inspect;
pub mod install;
pub mod iteration;
pub mod joined;
pub mod json;
pub mod math;
pub mod missing;
pub mod number;
pub mod object;
pub mod process;
pub mod regexp;
pub mod regexp_text;
pub mod species;
pub mod string;
pub mod string_case;
pub mod support;
pub mod symbol;
pub mod table;
pub mod timsort;
pub mod typed_array;
pub mod typed_methods;

pub use super::native::{Args, Native, NativeCall, native_entry};
pub use install::{Library, install};
use table::Home;
pub use table::{BUILTINS, Builtin, Effects, Intrinsic, Knowledge, ResultType};

/// Id of the `require` functions: one object per file, which the VM makes; see `HookTable::require`.
pub const REQUIRE: u32 = 1 << 30;
/// Id of `Function.prototype`, a function that does nothing.
pub const EMPTY_FUNCTION: u32 = REQUIRE + 1;
/// Id of the function that is getter and setter of `callee`, `caller` and `arguments`.
pub const RESTRICTED: u32 = REQUIRE + 2;

/// Calls the function with an id.
#[inline]
pub fn call_native(rt: &mut Runtime, id: u32, args: &Args) -> JsResult {
    let Some(b) = BUILTINS.get(id as usize) else {
        if id == REQUIRE {
            return (rt.hooks.require)(rt, args.callee(), args.get(0));
        }
        if id == EMPTY_FUNCTION {
            return Ok(Value::UNDEFINED);
        }
        if id == RESTRICTED {
            return function::restricted(rt);
        }
        return missing::reached(rt, id - BUILTINS.len() as u32, args);
    };
    if args.is_construct() && !b.constructor {
        return rt.throw_type(&format!("{} is not a constructor", b.name));
    }
    (b.function)(rt, args)
}

/// Whether a native may be the target of `new`.
pub fn is_constructor(id: u32) -> bool {
    BUILTINS.get(id as usize).is_some_and(|b| b.constructor)
}

/// Whether a native only calls its receiver: `call` or `apply`.
pub fn forwards_calls(id: u32) -> bool {
    matches!(knowledge(id).intrinsic, Some(Intrinsic::FunctionCall | Intrinsic::FunctionApply))
}

/// Whether a native is a function on its own, to which `this` means nothing.
pub fn ignores_this(id: u32) -> bool {
    BUILTINS.get(id as usize).is_some_and(|b| {
        matches!(b.home, Home::Global | Home::Math | Home::Number | Home::String | Home::Date | Home::Performance)
    })
}

/// Whether a native has a line of its own in stack traces. In V8 some leave for what they call or throw without a frame, and what
/// belongs to Node and not to the language is neither shown there nor here.
pub fn in_traces(id: u32) -> bool {
    let leaves = knowledge(id).intrinsic == Some(Intrinsic::ArrayConstructor) || forwards_calls(id);
    BUILTINS.get(id as usize).is_some_and(|b| !leaves && !b.home.is_of_node() && !b.is_at("Error.captureStackTrace"))
}

/// What the JIT may know about a native.
pub fn knowledge(id: u32) -> Knowledge {
    BUILTINS.get(id as usize).map_or(Knowledge::PESSIMISTIC, |b| b.knowledge)
}
