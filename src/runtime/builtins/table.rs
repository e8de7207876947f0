//! One row per function of the library: where it lives, how it is called, and what the optimizing compiler may assume.
//!
//! A row without knowledge is pessimistic: the call may do anything and return anything. The id of a native is its row's
//! index. The idea of one row of knowledge per builtin is ZJIT's.

use super::Native;
use super::{
    array, array_iteration, array_sort, buffers, collections, console, date, error, function, global,
    host_modules as host, iteration, json, math, number, object, process, regexp, regexp_text, string, symbol,
    typed_array, typed_methods,
};
use crate::runtime::object::Obj;
use crate::runtime::string::Str;
use crate::runtime::value::Value;
use std::borrow::Cow;

macro_rules! homes {
    ($( $home:ident $path:literal ),+ $(,)?) => {
        /// The object that a builtin is a property of.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub enum Home { $( #[doc = concat!("`", $path, "`.")] $home ),+ }
        impl Home {
            /// All homes, in order.
            pub const ALL: &'static [Home] = &[ $( Home::$home ),+ ];
            /// The path from the global object, empty for itself.
            pub const fn path(self) -> &'static str {
                match self { $( Home::$home => $path ),+ }
            }
        }
    };
}

homes! {
    Global "", Object "Object", ObjectPrototype "Object.prototype", Function "Function",
    FunctionPrototype "Function.prototype", Array "Array", ArrayPrototype "Array.prototype", String "String",
    StringPrototype "String.prototype", Number "Number", NumberPrototype "Number.prototype", Boolean "Boolean",
    BooleanPrototype "Boolean.prototype", Symbol "Symbol", SymbolPrototype "Symbol.prototype", Error "Error",
    ErrorPrototype "Error.prototype", Map "Map", MapPrototype "Map.prototype", Set "Set", SetPrototype "Set.prototype",
    WeakMap "WeakMap", WeakMapPrototype "WeakMap.prototype", WeakSet "WeakSet", WeakSetPrototype "WeakSet.prototype",
    Date "Date", DatePrototype "Date.prototype", Math "Math", Json "JSON", Console "console", Process "process",
    Stdout "process.stdout", Stderr "process.stderr", Hrtime "process.hrtime", MemoryUsage "process.memoryUsage",
    Performance "performance",
    IteratorPrototype "Iterator.prototype", ArrayIterator "Array Iterator", StringIterator "String Iterator",
    MapIterator "Map Iterator", SetIterator "Set Iterator",
    RegExp "RegExp", RegExpPrototype "RegExp.prototype", RegExpStringIterator "RegExp String Iterator",
    ModuleHost "%.host", Hidden "%", TypedArray "%.TypedArray", TypedArrayPrototype "%.TypedArray.prototype",
    ArrayBuffer "ArrayBuffer", ArrayBufferPrototype "ArrayBuffer.prototype",
    DataView "DataView", DataViewPrototype "DataView.prototype",
    Int8Array "Int8Array", Int8ArrayPrototype "Int8Array.prototype", Uint8Array "Uint8Array", Uint8ArrayPrototype "Uint8Array.prototype", Uint8ClampedArray "Uint8ClampedArray", Uint8ClampedArrayPrototype "Uint8ClampedArray.prototype", Int16Array "Int16Array", Int16ArrayPrototype "Int16Array.prototype", Uint16Array "Uint16Array", Uint16ArrayPrototype "Uint16Array.prototype", Int32Array "Int32Array", Int32ArrayPrototype "Int32Array.prototype", Uint32Array "Uint32Array", Uint32ArrayPrototype "Uint32Array.prototype", Float32Array "Float32Array", Float32ArrayPrototype "Float32Array.prototype", Float64Array "Float64Array", Float64ArrayPrototype "Float64Array.prototype",
}

impl Home {
    /// Whether Node, and not the language, has it.
    pub fn is_of_node(self) -> bool {
        use Home::{Console, Hrtime, MemoryUsage, ModuleHost, Performance, Process, Stderr, Stdout};
        matches!(self, Console | Process | Stdout | Stderr | Hrtime | MemoryUsage | Performance | ModuleHost)
    }
}

/// What a builtin returns, if it returns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum ResultType {
    /// Anything.
    Any,
    /// int32 or double.
    Number,
    /// A number that is an int32.
    Int32,
    /// `true` or `false`.
    Boolean,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
    /// `undefined`.
    Undefined,
}

impl ResultType {
    /// Whether a value is of the type.
    pub fn admits(self, v: Value) -> bool {
        match self {
            ResultType::Any => true,
            ResultType::Number => v.is_number(),
            ResultType::Int32 => v.is_number() && v.as_number() as i32 as f64 == v.as_number(),
            ResultType::Boolean => v.is_bool(),
            ResultType::String => Str::from_value(v).is_some(),
            ResultType::Array => Obj::from_value(v).is_some_and(Obj::is_array),
            ResultType::Object => Obj::from_value(v).is_some(),
            ResultType::Undefined => v.is_undefined(),
        }
    }
}

/// What a call may do besides returning, provided that all arguments and `this` are of the types that the function is
/// for (numbers for `Math`, a string and numbers for `String.prototype`, an array for `Array.prototype`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Effects {
    /// Nothing: equal arguments give equal results.
    Pure,
    /// Allocates its result, changes nothing that exists.
    Allocates,
    /// Reads objects.
    Reads,
    /// Changes `this`, runs none of the program's code.
    WritesThis,
    /// Anything.
    Any,
}

macro_rules! intrinsics {
    ($( $name:ident ),+ $(,)?) => {
        /// Builtins that the optimizing compiler may replace by code of its own.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "an intrinsic is named as the builtin it stands for")]
        pub enum Intrinsic { $( $name ),+ }
        impl Intrinsic {
            /// All of them, in order.
            pub const ALL: &'static [Intrinsic] = &[ $( Intrinsic::$name ),+ ];
            /// Name for printing and parsing.
            pub const fn name(self) -> &'static str {
                match self { $( Intrinsic::$name => stringify!($name) ),+ }
            }
        }
    };
}

intrinsics! {
    MathAbs, MathFloor, MathCeil, MathRound, MathTrunc, MathSqrt, MathMin, MathMax, MathPow, MathSin, MathCos, MathTan,
    MathAsin, MathAcos, MathAtan, MathAtan2, MathExp, MathLog, MathImul, MathClz32, MathSign, MathFround, MathRandom,
    ArrayConstructor, ArrayPush, ArrayPop, ArrayIsArray, StringCharCodeAt, StringCharAt, StringCodePointAt, StringFromCharCode,
    NumberConstructor, NumberIsInteger, NumberIsNaN, NumberIsFinite, GlobalIsNaN, GlobalIsFinite, FunctionCall, FunctionApply, ObjectIs,
    MapGet, MapHas, MapSet, SetHas, SetAdd, PerformanceNow, DateNow,
}

/// What the optimizing compiler may assume about a builtin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Knowledge {
    /// Type of the result.
    pub result: ResultType,
    /// Side effects.
    pub effects: Effects,
    /// Replacement known to the compiler.
    pub intrinsic: Option<Intrinsic>,
    /// The body that the prelude has for it.
    pub body: Body,
}

/// Whether the prelude has a body for a builtin, and when it may be used. In any case the receiver has to be a plain array
/// and the first argument a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Body {
    /// There is none.
    None,
    /// There is one.
    Always,
    /// The result is a new array: the receiver's class must not say otherwise.
    MakesArray,
    /// There must be a second argument.
    WithInitial,
}

impl Knowledge {
    /// Nothing is known.
    pub const PESSIMISTIC: Knowledge =
        Knowledge { result: ResultType::Any, effects: Effects::Any, intrinsic: None, body: Body::None };
}

/// How a builtin appears on its home.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// A method or function.
    Method,
    /// A function that may be the target of `new`.
    Constructor,
    /// A getter.
    Getter,
    /// The setter that goes with the getter in the row before.
    Setter,
    /// A method whose key is `Symbol.iterator`.
    Iterator,
}

/// A function of the library.
#[derive(Clone, Copy)]
pub struct Builtin {
    /// Where it lives.
    pub home: Home,
    /// Its name.
    pub name: &'static str,
    /// Its `length`.
    pub length: u8,
    /// The code.
    pub function: Native,
    /// How it appears.
    pub role: Role,
    /// May be the target of `new`.
    pub constructor: bool,
    /// For the compiler.
    pub knowledge: Knowledge,
}

impl Builtin {
    /// Full path, for people: `Array.prototype.push`.
    pub fn path(&self) -> String {
        match self.home.path() {
            "" => self.name.to_owned(),
            home => format!("{home}.{}", self.name),
        }
    }
    /// Its `name`.
    pub fn function_name(&self) -> Cow<'static, str> {
        match self.role {
            Role::Getter => format!("get {}", self.name).into(),
            Role::Setter => format!("set {}", self.name).into(),
            Role::Method | Role::Constructor | Role::Iterator => self.name.into(),
        }
    }
    /// Whether that is its path.
    pub fn is_at(&self, path: &str) -> bool {
        match self.home.path() {
            "" => self.name == path,
            home => path.strip_prefix(home).and_then(|rest| rest.strip_prefix('.')) == Some(self.name),
        }
    }
    const fn constructor(mut self) -> Builtin {
        self.role = Role::Constructor;
        self.constructor = true;
        self
    }
    const fn getter(mut self) -> Builtin {
        self.role = Role::Getter;
        self
    }
    const fn setter(mut self) -> Builtin {
        self.role = Role::Setter;
        self
    }
    const fn iterator(mut self) -> Builtin {
        self.role = Role::Iterator;
        self
    }
    const fn known(mut self, result: ResultType, effects: Effects) -> Builtin {
        self.knowledge.result = result;
        self.knowledge.effects = effects;
        self
    }
    const fn number(self) -> Builtin {
        self.known(ResultType::Number, Effects::Pure)
    }
    const fn boolean(self) -> Builtin {
        self.known(ResultType::Boolean, Effects::Pure)
    }
    const fn string(self) -> Builtin {
        self.known(ResultType::String, Effects::Allocates)
    }
    const fn with_body(mut self, body: Body) -> Builtin {
        self.knowledge.body = body;
        self
    }
    const fn as_intrinsic(mut self, i: Intrinsic) -> Builtin {
        self.knowledge.intrinsic = Some(i);
        self
    }
}

const fn row(home: Home, name: &'static str, length: u8, function: Native) -> Builtin {
    Builtin { home, name, length, function, role: Role::Method, constructor: false, knowledge: Knowledge::PESSIMISTIC }
}

use Effects as E;
use Home as H;
use Intrinsic as I;
use ResultType as R;

/// Every function of the library. The index is the native's id.
#[rustfmt::skip]
pub static BUILTINS: &[Builtin] = &[
    // Global functions and constructors.
    row(H::Global, "parseInt", 2, global::parse_int).number(),
    row(H::Global, "parseFloat", 1, global::parse_float).number(),
    row(H::Global, "isNaN", 1, global::is_nan).boolean().as_intrinsic(I::GlobalIsNaN),
    row(H::Global, "isFinite", 1, global::is_finite).boolean().as_intrinsic(I::GlobalIsFinite),
    row(H::Global, "encodeURIComponent", 1, global::encode_uri_component).string(),
    row(H::Global, "encodeURI", 1, global::encode_uri).string(),
    row(H::Global, "decodeURIComponent", 1, global::decode_uri_component).string(),
    row(H::Global, "decodeURI", 1, global::decode_uri).string(),
    row(H::Global, "escape", 1, global::escape).string(),
    row(H::Global, "unescape", 1, global::unescape).string(),
    row(H::Global, "Object", 1, object::constructor).constructor(),
    row(H::Global, "Function", 1, function::constructor).constructor(),
    row(H::Global, "Array", 1, array::constructor).constructor().as_intrinsic(I::ArrayConstructor),
    row(H::Global, "String", 1, string::constructor).constructor(),
    row(H::Global, "Number", 1, number::constructor).constructor().as_intrinsic(I::NumberConstructor),
    row(H::Global, "Boolean", 1, global::boolean_constructor).constructor(),
    row(H::Global, "Symbol", 0, symbol::constructor).constructor(),
    row(H::Global, "Error", 1, error::error).constructor(),
    row(H::Global, "TypeError", 1, error::type_error).constructor(),
    row(H::Global, "RangeError", 1, error::range_error).constructor(),
    row(H::Global, "ReferenceError", 1, error::reference_error).constructor(),
    row(H::Global, "SyntaxError", 1, error::syntax_error).constructor(),
    row(H::Global, "EvalError", 1, error::eval_error).constructor(),
    row(H::Global, "URIError", 1, error::uri_error).constructor(),
    row(H::Global, "Map", 0, collections::map).constructor(),
    row(H::Global, "Set", 0, collections::set).constructor(),
    row(H::Global, "WeakMap", 0, collections::weak_map).constructor(),
    row(H::Global, "WeakSet", 0, collections::weak_set).constructor(),
    row(H::Global, "Date", 7, date::constructor).constructor(),
    row(H::Global, "RegExp", 2, regexp::constructor).constructor(),
    row(H::Global, "ArrayBuffer", 1, buffers::array_buffer).constructor(),
    row(H::Global, "DataView", 1, buffers::data_view).constructor(),
    row(H::Global, "Int8Array", 3, typed_array::int8).constructor(),
    row(H::Global, "Uint8Array", 3, typed_array::uint8).constructor(),
    row(H::Global, "Uint8ClampedArray", 3, typed_array::uint8_clamped).constructor(),
    row(H::Global, "Int16Array", 3, typed_array::int16).constructor(),
    row(H::Global, "Uint16Array", 3, typed_array::uint16).constructor(),
    row(H::Global, "Int32Array", 3, typed_array::int32).constructor(),
    row(H::Global, "Uint32Array", 3, typed_array::uint32).constructor(),
    row(H::Global, "Float32Array", 3, typed_array::float32).constructor(),
    row(H::Global, "Float64Array", 3, typed_array::float64).constructor(),

    row(H::Object, "keys", 1, object::keys).known(R::Array, E::Any),
    row(H::Object, "values", 1, object::values).known(R::Array, E::Any),
    row(H::Object, "entries", 1, object::entries).known(R::Array, E::Any),
    row(H::Object, "assign", 2, object::assign),
    row(H::Object, "create", 2, object::create),
    row(H::Object, "freeze", 1, object::freeze),
    row(H::Object, "isFrozen", 1, object::is_frozen),
    row(H::Object, "seal", 1, object::seal),
    row(H::Object, "isSealed", 1, object::is_sealed),
    row(H::Object, "preventExtensions", 1, object::prevent_extensions),
    row(H::Object, "isExtensible", 1, object::is_extensible),
    row(H::Object, "getPrototypeOf", 1, object::get_prototype_of),
    row(H::Object, "setPrototypeOf", 2, object::set_prototype_of),
    row(H::Object, "defineProperty", 3, object::define_property),
    row(H::Object, "defineProperties", 2, object::define_properties),
    row(H::Object, "getOwnPropertyNames", 1, object::get_own_property_names),
    row(H::Object, "getOwnPropertySymbols", 1, object::get_own_property_symbols),
    row(H::Object, "getOwnPropertyDescriptor", 2, object::get_own_property_descriptor),
    row(H::Object, "getOwnPropertyDescriptors", 1, object::get_own_property_descriptors),
    row(H::Object, "fromEntries", 1, object::from_entries),
    row(H::Object, "is", 2, object::is).boolean().as_intrinsic(I::ObjectIs),
    row(H::Object, "hasOwn", 2, object::has_own),
    row(H::Object, "groupBy", 2, object::group_by),

    row(H::ObjectPrototype, "hasOwnProperty", 1, object::has_own_property),
    row(H::ObjectPrototype, "isPrototypeOf", 1, object::is_prototype_of),
    row(H::ObjectPrototype, "propertyIsEnumerable", 1, object::property_is_enumerable),
    row(H::ObjectPrototype, "toString", 0, object::to_string),
    row(H::ObjectPrototype, "toLocaleString", 0, object::to_locale_string),
    row(H::ObjectPrototype, "valueOf", 0, object::value_of),
    row(H::ObjectPrototype, "__defineGetter__", 2, object::define_getter),
    row(H::ObjectPrototype, "__defineSetter__", 2, object::define_setter),
    row(H::ObjectPrototype, "__lookupGetter__", 1, object::lookup_getter),
    row(H::ObjectPrototype, "__lookupSetter__", 1, object::lookup_setter),
    row(H::ObjectPrototype, "__proto__", 0, object::proto_get).getter(),
    row(H::ObjectPrototype, "__proto__", 1, object::proto_set).setter(),

    row(H::FunctionPrototype, "call", 1, function::call).as_intrinsic(I::FunctionCall),
    row(H::FunctionPrototype, "apply", 2, function::apply).as_intrinsic(I::FunctionApply),
    row(H::FunctionPrototype, "bind", 1, function::bind),
    row(H::FunctionPrototype, "toString", 0, function::to_string),

    row(H::Array, "isArray", 1, array::is_array).boolean().as_intrinsic(I::ArrayIsArray),
    row(H::Array, "from", 1, array::from),
    row(H::Array, "of", 0, array::of),
    row(H::ArrayPrototype, "push", 1, array::push).known(R::Number, E::WritesThis).as_intrinsic(I::ArrayPush),
    row(H::ArrayPrototype, "pop", 0, array::pop).known(R::Any, E::WritesThis).as_intrinsic(I::ArrayPop),
    row(H::ArrayPrototype, "shift", 0, array::shift).known(R::Any, E::WritesThis),
    row(H::ArrayPrototype, "unshift", 1, array::unshift).known(R::Number, E::WritesThis),
    row(H::ArrayPrototype, "slice", 2, array::slice).known(R::Array, E::Reads),
    row(H::ArrayPrototype, "splice", 2, array::splice).known(R::Array, E::WritesThis),
    row(H::ArrayPrototype, "concat", 1, array::concat).known(R::Array, E::Reads),
    row(H::ArrayPrototype, "join", 1, array::join).known(R::String, E::Any),
    row(H::ArrayPrototype, "reverse", 0, array::reverse).known(R::Any, E::WritesThis),
    row(H::ArrayPrototype, "indexOf", 1, array::index_of).known(R::Number, E::Reads),
    row(H::ArrayPrototype, "lastIndexOf", 1, array::last_index_of).known(R::Number, E::Reads),
    row(H::ArrayPrototype, "includes", 1, array::includes).known(R::Boolean, E::Reads),
    row(H::ArrayPrototype, "fill", 1, array::fill).known(R::Any, E::WritesThis),
    row(H::ArrayPrototype, "copyWithin", 2, array::copy_within).known(R::Any, E::WritesThis),
    row(H::ArrayPrototype, "at", 1, array::at).known(R::Any, E::Reads),
    row(H::ArrayPrototype, "flat", 0, array::flat),
    row(H::ArrayPrototype, "with", 2, array::with),
    row(H::ArrayPrototype, "toReversed", 0, array::to_reversed),
    row(H::ArrayPrototype, "toSpliced", 2, array::to_spliced),
    row(H::ArrayPrototype, "toString", 0, array::to_string),
    row(H::ArrayPrototype, "toLocaleString", 0, array::to_locale_string),
    row(H::ArrayPrototype, "forEach", 1, array_iteration::for_each).with_body(Body::Always),
    row(H::ArrayPrototype, "map", 1, array_iteration::map).with_body(Body::MakesArray),
    row(H::ArrayPrototype, "filter", 1, array_iteration::filter).with_body(Body::MakesArray),
    row(H::ArrayPrototype, "reduce", 1, array_iteration::reduce).with_body(Body::WithInitial),
    row(H::ArrayPrototype, "reduceRight", 1, array_iteration::reduce_right).with_body(Body::WithInitial),
    row(H::ArrayPrototype, "some", 1, array_iteration::some).with_body(Body::Always),
    row(H::ArrayPrototype, "every", 1, array_iteration::every).with_body(Body::Always),
    row(H::ArrayPrototype, "find", 1, array_iteration::find).with_body(Body::Always),
    row(H::ArrayPrototype, "findIndex", 1, array_iteration::find_index).with_body(Body::Always),
    row(H::ArrayPrototype, "findLast", 1, array_iteration::find_last).with_body(Body::Always),
    row(H::ArrayPrototype, "findLastIndex", 1, array_iteration::find_last_index).with_body(Body::Always),
    row(H::ArrayPrototype, "flatMap", 1, array_iteration::flat_map),
    row(H::ArrayPrototype, "sort", 1, array_sort::sort),
    row(H::ArrayPrototype, "toSorted", 1, array_sort::to_sorted),
    row(H::ArrayPrototype, "keys", 0, iteration::array_keys),
    row(H::ArrayPrototype, "entries", 0, iteration::array_entries),
    row(H::ArrayPrototype, "values", 0, iteration::array_values).iterator(),

    row(H::String, "fromCharCode", 1, string::from_char_code).string().as_intrinsic(I::StringFromCharCode),
    row(H::String, "fromCodePoint", 1, string::from_code_point).string(),
    row(H::String, "raw", 1, string::raw),
    row(H::StringPrototype, "charAt", 1, string::char_at).string().as_intrinsic(I::StringCharAt),
    row(H::StringPrototype, "charCodeAt", 1, string::char_code_at).number().as_intrinsic(I::StringCharCodeAt),
    row(H::StringPrototype, "codePointAt", 1, string::code_point_at)
        .known(R::Any, E::Pure).as_intrinsic(I::StringCodePointAt),
    row(H::StringPrototype, "at", 1, string::at).known(R::Any, E::Allocates),
    row(H::StringPrototype, "indexOf", 1, string::index_of).number(),
    row(H::StringPrototype, "lastIndexOf", 1, string::last_index_of).number(),
    row(H::StringPrototype, "includes", 1, string::includes).boolean(),
    row(H::StringPrototype, "startsWith", 1, string::starts_with).boolean(),
    row(H::StringPrototype, "endsWith", 1, string::ends_with).boolean(),
    row(H::StringPrototype, "slice", 2, string::slice).string(),
    row(H::StringPrototype, "substring", 2, string::substring).string(),
    row(H::StringPrototype, "substr", 2, string::substr).string(),
    row(H::StringPrototype, "split", 2, string::split),
    row(H::StringPrototype, "concat", 1, string::concat).string(),
    row(H::StringPrototype, "repeat", 1, string::repeat).string(),
    row(H::StringPrototype, "padStart", 1, string::pad_start).string(),
    row(H::StringPrototype, "padEnd", 1, string::pad_end).string(),
    row(H::StringPrototype, "trim", 0, string::trim).string(),
    row(H::StringPrototype, "trimStart", 0, string::trim_start).string(),
    row(H::StringPrototype, "trimEnd", 0, string::trim_end).string(),
    row(H::StringPrototype, "toUpperCase", 0, string::to_upper_case).string(),
    row(H::StringPrototype, "toLowerCase", 0, string::to_lower_case).string(),
    row(H::StringPrototype, "toLocaleUpperCase", 0, string::to_locale_upper_case).string(),
    row(H::StringPrototype, "toLocaleLowerCase", 0, string::to_locale_lower_case).string(),
    row(H::StringPrototype, "localeCompare", 1, string::locale_compare),
    row(H::StringPrototype, "match", 1, regexp_text::match_),
    row(H::StringPrototype, "matchAll", 1, regexp_text::match_all),
    row(H::StringPrototype, "search", 1, regexp_text::search),
    row(H::StringPrototype, "replace", 2, string::replace),
    row(H::StringPrototype, "replaceAll", 2, string::replace_all),
    row(H::StringPrototype, "isWellFormed", 0, string::is_well_formed).boolean(),
    row(H::StringPrototype, "toWellFormed", 0, string::to_well_formed).string(),
    row(H::StringPrototype, "toString", 0, string::to_string).known(R::String, E::Pure),
    row(H::StringPrototype, "valueOf", 0, string::value_of).known(R::String, E::Pure),
    row(H::StringPrototype, "[Symbol.iterator]", 0, iteration::string_values).iterator(),

    row(H::Number, "isInteger", 1, number::is_integer).boolean().as_intrinsic(I::NumberIsInteger),
    row(H::Number, "isSafeInteger", 1, number::is_safe_integer).boolean(),
    row(H::Number, "isFinite", 1, number::is_finite).boolean().as_intrinsic(I::NumberIsFinite),
    row(H::Number, "isNaN", 1, number::is_nan).boolean().as_intrinsic(I::NumberIsNaN),
    row(H::NumberPrototype, "toString", 1, number::to_string).string(),
    row(H::NumberPrototype, "toLocaleString", 0, number::to_locale_string).string(),
    row(H::NumberPrototype, "toFixed", 1, number::to_fixed).string(),
    row(H::NumberPrototype, "toPrecision", 1, number::to_precision).string(),
    row(H::NumberPrototype, "toExponential", 1, number::to_exponential).string(),
    row(H::NumberPrototype, "valueOf", 0, number::value_of).number(),
    row(H::BooleanPrototype, "toString", 0, global::boolean_to_string).known(R::String, E::Pure),
    row(H::BooleanPrototype, "valueOf", 0, global::boolean_value_of).boolean(),
    row(H::Symbol, "for", 1, symbol::for_),
    row(H::Symbol, "keyFor", 1, symbol::key_for),
    row(H::SymbolPrototype, "[Symbol.toPrimitive]", 1, symbol::to_primitive),
    row(H::FunctionPrototype, "[Symbol.hasInstance]", 1, function::has_instance),
    row(H::SymbolPrototype, "toString", 0, symbol::to_string).string(),
    row(H::SymbolPrototype, "valueOf", 0, symbol::value_of),
    row(H::SymbolPrototype, "description", 0, symbol::description).getter(),

    row(H::Error, "captureStackTrace", 2, error::capture_stack_trace),
    row(H::ErrorPrototype, "toString", 0, error::to_string),

    row(H::MapPrototype, "get", 1, collections::map_get).known(R::Any, E::Reads).as_intrinsic(I::MapGet),
    row(H::MapPrototype, "set", 2, collections::map_set).known(R::Any, E::WritesThis).as_intrinsic(I::MapSet),
    row(H::MapPrototype, "has", 1, collections::map_has).known(R::Boolean, E::Reads).as_intrinsic(I::MapHas),
    row(H::MapPrototype, "delete", 1, collections::map_delete).known(R::Boolean, E::WritesThis),
    row(H::MapPrototype, "clear", 0, collections::map_clear).known(R::Undefined, E::WritesThis),
    row(H::MapPrototype, "forEach", 1, collections::map_for_each),
    row(H::MapPrototype, "size", 0, collections::map_size).getter().known(R::Number, E::Reads),
    row(H::MapPrototype, "keys", 0, iteration::map_keys),
    row(H::MapPrototype, "values", 0, iteration::map_values),
    row(H::MapPrototype, "entries", 0, iteration::map_entries).iterator(),
    row(H::Map, "groupBy", 2, collections::map_group_by),
    row(H::SetPrototype, "add", 1, collections::set_add).known(R::Any, E::WritesThis).as_intrinsic(I::SetAdd),
    row(H::SetPrototype, "has", 1, collections::set_has).known(R::Boolean, E::Reads).as_intrinsic(I::SetHas),
    row(H::SetPrototype, "delete", 1, collections::set_delete).known(R::Boolean, E::WritesThis),
    row(H::SetPrototype, "clear", 0, collections::set_clear).known(R::Undefined, E::WritesThis),
    row(H::SetPrototype, "forEach", 1, collections::set_for_each),
    row(H::SetPrototype, "size", 0, collections::set_size).getter().known(R::Number, E::Reads),
    row(H::SetPrototype, "entries", 0, iteration::set_entries),
    row(H::SetPrototype, "values", 0, iteration::set_values).iterator(),
    row(H::WeakMapPrototype, "get", 1, collections::weak_map_get),
    row(H::WeakMapPrototype, "set", 2, collections::weak_map_set),
    row(H::WeakMapPrototype, "has", 1, collections::weak_map_has),
    row(H::WeakMapPrototype, "delete", 1, collections::weak_map_delete),
    row(H::WeakSetPrototype, "add", 1, collections::weak_set_add),
    row(H::WeakSetPrototype, "has", 1, collections::weak_set_has),
    row(H::WeakSetPrototype, "delete", 1, collections::weak_set_delete),

    row(H::ArrayIterator, "next", 0, iteration::next),
    row(H::StringIterator, "next", 0, iteration::next),
    row(H::MapIterator, "next", 0, iteration::next),
    row(H::SetIterator, "next", 0, iteration::next),
    row(H::IteratorPrototype, "[Symbol.iterator]", 0, iteration::itself).iterator(),

    row(H::ModuleHost, "refuse", 1, host::refuse),
    row(H::ModuleHost, "warn", 1, host::warn),
    row(H::ModuleHost, "argumentError", 3, host::argument_error),
    row(H::ModuleHost, "codedError", 3, host::coded_error),
    row(H::ModuleHost, "readFile", 2, host::read_file),
    row(H::ModuleHost, "writeFile", 3, host::write_file),
    row(H::ModuleHost, "fileExists", 1, host::file_exists),
    row(H::ModuleHost, "format", 0, host::format),
    row(H::ModuleHost, "inspect", 2, host::inspect),

    row(H::Hidden, "TypedArray", 0, typed_array::abstract_class).constructor(),
    row(H::TypedArray, "of", 0, typed_array::of),
    row(H::TypedArray, "from", 1, typed_array::from),
    row(H::TypedArrayPrototype, "buffer", 0, typed_methods::buffer).getter(),
    row(H::TypedArrayPrototype, "byteLength", 0, typed_methods::byte_length).getter().known(R::Int32, E::Reads),
    row(H::TypedArrayPrototype, "byteOffset", 0, typed_methods::byte_offset).getter().known(R::Int32, E::Reads),
    row(H::TypedArrayPrototype, "length", 0, typed_methods::length).getter().known(R::Int32, E::Reads),
    row(H::TypedArrayPrototype, "[Symbol.toStringTag]", 0, typed_methods::to_string_tag).getter(),
    row(H::TypedArrayPrototype, "entries", 0, typed_methods::entries),
    row(H::TypedArrayPrototype, "keys", 0, typed_methods::keys),
    row(H::TypedArrayPrototype, "values", 0, typed_methods::values).iterator(),
    row(H::TypedArrayPrototype, "at", 1, typed_methods::at),
    row(H::TypedArrayPrototype, "copyWithin", 2, typed_methods::copy_within),
    row(H::TypedArrayPrototype, "every", 1, typed_methods::every),
    row(H::TypedArrayPrototype, "fill", 1, typed_methods::fill),
    row(H::TypedArrayPrototype, "filter", 1, typed_methods::filter),
    row(H::TypedArrayPrototype, "find", 1, typed_methods::find),
    row(H::TypedArrayPrototype, "findIndex", 1, typed_methods::find_index),
    row(H::TypedArrayPrototype, "findLast", 1, typed_methods::find_last),
    row(H::TypedArrayPrototype, "findLastIndex", 1, typed_methods::find_last_index),
    row(H::TypedArrayPrototype, "forEach", 1, typed_methods::for_each),
    row(H::TypedArrayPrototype, "includes", 1, typed_methods::includes),
    row(H::TypedArrayPrototype, "indexOf", 1, typed_methods::index_of),
    row(H::TypedArrayPrototype, "join", 1, typed_methods::join),
    row(H::TypedArrayPrototype, "lastIndexOf", 1, typed_methods::last_index_of),
    row(H::TypedArrayPrototype, "map", 1, typed_methods::map),
    row(H::TypedArrayPrototype, "reverse", 0, typed_methods::reverse),
    row(H::TypedArrayPrototype, "reduce", 1, typed_methods::reduce),
    row(H::TypedArrayPrototype, "reduceRight", 1, typed_methods::reduce_right),
    row(H::TypedArrayPrototype, "set", 1, typed_methods::set),
    row(H::TypedArrayPrototype, "slice", 2, typed_methods::slice),
    row(H::TypedArrayPrototype, "some", 1, typed_methods::some),
    row(H::TypedArrayPrototype, "sort", 1, typed_methods::sort),
    row(H::TypedArrayPrototype, "subarray", 2, typed_methods::subarray),
    row(H::TypedArrayPrototype, "toLocaleString", 0, typed_methods::to_locale_string),
    row(H::TypedArrayPrototype, "toReversed", 0, typed_methods::to_reversed),
    row(H::TypedArrayPrototype, "toSorted", 1, typed_methods::to_sorted),
    row(H::TypedArrayPrototype, "with", 2, typed_methods::with),

    row(H::ArrayBuffer, "isView", 1, buffers::is_view).boolean(),
    row(H::ArrayBufferPrototype, "byteLength", 0, buffers::byte_length).getter().known(R::Int32, E::Reads),
    row(H::ArrayBufferPrototype, "slice", 2, buffers::slice),
    row(H::DataViewPrototype, "buffer", 0, buffers::view_buffer).getter(),
    row(H::DataViewPrototype, "byteLength", 0, buffers::view_byte_length).getter().known(R::Int32, E::Reads),
    row(H::DataViewPrototype, "byteOffset", 0, buffers::view_byte_offset).getter().known(R::Int32, E::Reads),
    row(H::DataViewPrototype, "getInt8", 1, buffers::get_int8),
    row(H::DataViewPrototype, "setInt8", 2, buffers::set_int8),
    row(H::DataViewPrototype, "getUint8", 1, buffers::get_uint8),
    row(H::DataViewPrototype, "setUint8", 2, buffers::set_uint8),
    row(H::DataViewPrototype, "getInt16", 1, buffers::get_int16),
    row(H::DataViewPrototype, "setInt16", 2, buffers::set_int16),
    row(H::DataViewPrototype, "getUint16", 1, buffers::get_uint16),
    row(H::DataViewPrototype, "setUint16", 2, buffers::set_uint16),
    row(H::DataViewPrototype, "getInt32", 1, buffers::get_int32),
    row(H::DataViewPrototype, "setInt32", 2, buffers::set_int32),
    row(H::DataViewPrototype, "getUint32", 1, buffers::get_uint32),
    row(H::DataViewPrototype, "setUint32", 2, buffers::set_uint32),
    row(H::DataViewPrototype, "getFloat32", 1, buffers::get_float32),
    row(H::DataViewPrototype, "setFloat32", 2, buffers::set_float32),
    row(H::DataViewPrototype, "getFloat64", 1, buffers::get_float64),
    row(H::DataViewPrototype, "setFloat64", 2, buffers::set_float64),

    row(H::RegExpPrototype, "exec", 1, regexp::exec),
    row(H::RegExpPrototype, "test", 1, regexp::test),
    row(H::RegExpPrototype, "toString", 0, regexp::to_string),
    row(H::RegExpPrototype, "dotAll", 0, regexp::dot_all).getter(),
    row(H::RegExpPrototype, "flags", 0, regexp::flags).getter(),
    row(H::RegExpPrototype, "global", 0, regexp::global).getter(),
    row(H::RegExpPrototype, "hasIndices", 0, regexp::has_indices).getter(),
    row(H::RegExpPrototype, "ignoreCase", 0, regexp::ignore_case).getter(),
    row(H::RegExpPrototype, "multiline", 0, regexp::multiline).getter(),
    row(H::RegExpPrototype, "source", 0, regexp::source).getter(),
    row(H::RegExpPrototype, "sticky", 0, regexp::sticky).getter(),
    row(H::RegExpPrototype, "unicode", 0, regexp::unicode).getter(),
    row(H::RegExpPrototype, "unicodeSets", 0, regexp::unicode_sets).getter(),
    row(H::RegExpStringIterator, "next", 0, iteration::next),

    row(H::Date, "now", 0, date::now).known(R::Number, E::Reads).as_intrinsic(I::DateNow),
    row(H::Date, "parse", 1, date::parse),
    row(H::Date, "UTC", 7, date::utc),
    row(H::DatePrototype, "[Symbol.toPrimitive]", 1, date::to_primitive),
    row(H::DatePrototype, "getTime", 0, date::get_time),
    row(H::DatePrototype, "valueOf", 0, date::get_time),
    row(H::DatePrototype, "setTime", 1, date::set_time),
    row(H::DatePrototype, "getTimezoneOffset", 0, date::get_timezone_offset),
    row(H::DatePrototype, "getFullYear", 0, date::get_full_year),
    row(H::DatePrototype, "getMonth", 0, date::get_month),
    row(H::DatePrototype, "getDate", 0, date::get_date),
    row(H::DatePrototype, "getDay", 0, date::get_day),
    row(H::DatePrototype, "getHours", 0, date::get_hours),
    row(H::DatePrototype, "getMinutes", 0, date::get_minutes),
    row(H::DatePrototype, "getSeconds", 0, date::get_seconds),
    row(H::DatePrototype, "getMilliseconds", 0, date::get_milliseconds),
    row(H::DatePrototype, "getUTCFullYear", 0, date::get_utc_full_year),
    row(H::DatePrototype, "getUTCMonth", 0, date::get_utc_month),
    row(H::DatePrototype, "getUTCDate", 0, date::get_utc_date),
    row(H::DatePrototype, "getUTCDay", 0, date::get_utc_day),
    row(H::DatePrototype, "getUTCHours", 0, date::get_utc_hours),
    row(H::DatePrototype, "getUTCMinutes", 0, date::get_utc_minutes),
    row(H::DatePrototype, "getUTCSeconds", 0, date::get_utc_seconds),
    row(H::DatePrototype, "getUTCMilliseconds", 0, date::get_utc_milliseconds),
    row(H::DatePrototype, "setFullYear", 3, date::set_full_year),
    row(H::DatePrototype, "setMonth", 2, date::set_month),
    row(H::DatePrototype, "setDate", 1, date::set_date),
    row(H::DatePrototype, "setHours", 4, date::set_hours),
    row(H::DatePrototype, "setMinutes", 3, date::set_minutes),
    row(H::DatePrototype, "setSeconds", 2, date::set_seconds),
    row(H::DatePrototype, "setMilliseconds", 1, date::set_milliseconds),
    row(H::DatePrototype, "setUTCFullYear", 3, date::set_utc_full_year),
    row(H::DatePrototype, "setUTCMonth", 2, date::set_utc_month),
    row(H::DatePrototype, "setUTCDate", 1, date::set_utc_date),
    row(H::DatePrototype, "setUTCHours", 4, date::set_utc_hours),
    row(H::DatePrototype, "setUTCMinutes", 3, date::set_utc_minutes),
    row(H::DatePrototype, "setUTCSeconds", 2, date::set_utc_seconds),
    row(H::DatePrototype, "setUTCMilliseconds", 1, date::set_utc_milliseconds),
    row(H::DatePrototype, "toISOString", 0, date::to_iso_string),
    row(H::DatePrototype, "toJSON", 1, date::to_json),
    row(H::DatePrototype, "toString", 0, date::to_string),
    row(H::DatePrototype, "toDateString", 0, date::to_date_string),
    row(H::DatePrototype, "toTimeString", 0, date::to_time_string),
    row(H::DatePrototype, "toUTCString", 0, date::to_utc_string),

    row(H::Math, "abs", 1, math::abs).number().as_intrinsic(I::MathAbs),
    row(H::Math, "floor", 1, math::floor).number().as_intrinsic(I::MathFloor),
    row(H::Math, "ceil", 1, math::ceil).number().as_intrinsic(I::MathCeil),
    row(H::Math, "round", 1, math::round).number().as_intrinsic(I::MathRound),
    row(H::Math, "trunc", 1, math::trunc).number().as_intrinsic(I::MathTrunc),
    row(H::Math, "sign", 1, math::sign).number().as_intrinsic(I::MathSign),
    row(H::Math, "sqrt", 1, math::sqrt).number().as_intrinsic(I::MathSqrt),
    row(H::Math, "cbrt", 1, math::cbrt).number(),
    row(H::Math, "pow", 2, math::pow).number().as_intrinsic(I::MathPow),
    row(H::Math, "exp", 1, math::exp).number().as_intrinsic(I::MathExp),
    row(H::Math, "expm1", 1, math::expm1).number(),
    row(H::Math, "log", 1, math::log).number().as_intrinsic(I::MathLog),
    row(H::Math, "log1p", 1, math::log1p).number(),
    row(H::Math, "log2", 1, math::log2).number(),
    row(H::Math, "log10", 1, math::log10).number(),
    row(H::Math, "sin", 1, math::sin).number().as_intrinsic(I::MathSin),
    row(H::Math, "cos", 1, math::cos).number().as_intrinsic(I::MathCos),
    row(H::Math, "tan", 1, math::tan).number().as_intrinsic(I::MathTan),
    row(H::Math, "asin", 1, math::asin).number().as_intrinsic(I::MathAsin),
    row(H::Math, "acos", 1, math::acos).number().as_intrinsic(I::MathAcos),
    row(H::Math, "atan", 1, math::atan).number().as_intrinsic(I::MathAtan),
    row(H::Math, "atan2", 2, math::atan2).number().as_intrinsic(I::MathAtan2),
    row(H::Math, "sinh", 1, math::sinh).number(),
    row(H::Math, "cosh", 1, math::cosh).number(),
    row(H::Math, "tanh", 1, math::tanh).number(),
    row(H::Math, "asinh", 1, math::asinh).number(),
    row(H::Math, "acosh", 1, math::acosh).number(),
    row(H::Math, "atanh", 1, math::atanh).number(),
    row(H::Math, "hypot", 2, math::hypot).number(),
    row(H::Math, "min", 2, math::min).number().as_intrinsic(I::MathMin),
    row(H::Math, "max", 2, math::max).number().as_intrinsic(I::MathMax),
    row(H::Math, "imul", 2, math::imul).known(R::Int32, E::Pure).as_intrinsic(I::MathImul),
    row(H::Math, "clz32", 1, math::clz32).known(R::Int32, E::Pure).as_intrinsic(I::MathClz32),
    row(H::Math, "fround", 1, math::fround).number().as_intrinsic(I::MathFround),
    row(H::Math, "random", 0, math::random).known(R::Number, E::Reads).as_intrinsic(I::MathRandom),

    row(H::Json, "parse", 2, json::parse),
    row(H::Json, "stringify", 3, json::stringify),

    row(H::Console, "log", 0, console::log),
    row(H::Console, "info", 0, console::log),
    row(H::Console, "debug", 0, console::log),
    row(H::Console, "error", 0, console::error),
    row(H::Console, "warn", 0, console::error),
    row(H::Console, "trace", 0, console::trace),
    row(H::Console, "assert", 0, console::assert),
    row(H::Console, "dir", 0, console::dir),
    row(H::Console, "group", 0, console::group),
    row(H::Console, "groupCollapsed", 0, console::group),
    row(H::Console, "groupEnd", 0, console::group_end),
    row(H::Console, "count", 0, console::count),
    row(H::Console, "countReset", 0, console::count_reset),
    row(H::Console, "time", 0, console::time),
    row(H::Console, "timeEnd", 0, console::time_end),
    row(H::Console, "timeLog", 0, console::time_log),

    row(H::Process, "exit", 1, process::exit),
    row(H::Process, "uptime", 0, process::uptime),
    row(H::Process, "cwd", 0, process::cwd),
    row(H::Process, "hrtime", 1, process::hrtime),
    row(H::Process, "memoryUsage", 0, process::memory_usage),
    row(H::Stdout, "write", 1, process::stdout_write),
    row(H::Stderr, "write", 1, process::stderr_write),
    row(H::Performance, "now", 0, process::performance_now)
        .known(R::Number, E::Reads).as_intrinsic(I::PerformanceNow),
    row(H::Performance, "mark", 1, process::performance_mark),
];

/// The row of a path such as `Math.floor`.
pub fn find(path: &str) -> Option<u32> {
    BUILTINS.iter().position(|b| b.is_at(path)).map(|i| i as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_builtin_or_intrinsic_is_listed_twice() {
        // An accessor has two rows: its getter and its setter.
        let rows: HashSet<(String, bool)> = BUILTINS.iter().map(|b| (b.path(), b.role == Role::Setter)).collect();
        assert_eq!(rows.len(), BUILTINS.len());
        let used: Vec<Intrinsic> = BUILTINS.iter().filter_map(|b| b.knowledge.intrinsic).collect();
        assert_eq!(used.iter().collect::<HashSet<_>>().len(), used.len());
        assert_eq!(used.len(), Intrinsic::ALL.len(), "an intrinsic without a row");
        assert!(find("Array.prototype.push").is_some());
    }
}
