//! The runtime: one program's heap, shapes, atoms, functions and stacks, without any knowledge of tiers.
//!
//! Everything on floor 1 takes `&mut Runtime`. What floors above must do for it (run a function, walk the stack, react
//! when an assumption breaks) stands in the [`HookTable`], plain function pointers that the VM fills in. The VM holds its
//! runtime as first field, so a hook gets back from the runtime's address to the VM.
//!
//! Fallible operations return `Result<T, Thrown>`: the exception itself waits in `head.exception`. A *termination*
//! (out of memory, `process.exit`, a refusal found at run time) travels the same way but no handler catches it.

use super::array_sites::ArraySites;
use super::atoms::{Atom, Atoms};
use super::builtins::Library;
use super::cell::{Cell, CellKind, object_flags};
use super::function::{FunctionInfo, GenericEntry, ModuleCell};
use super::head::VmHead;
use super::heap::Heap;
use super::host::Host;
use super::native::Args;
use super::object::Obj;
use super::prelude::Prelude;
use super::regexp::cache::Cache;
use super::shape::{Attrs, ElementsKind, Key, PropertyKey, ShapeTable, Sharing};
use super::string::Str;
use super::stub_cache::StubCache;
use super::value::Value;
use super::watched::Variables;
use crate::bytecode::function::{Constant, FunctionCode, ModuleCode};
use crate::vocab::ids::{FunctionId, ShapeId};
use std::fmt;
use std::sync::Arc;

/// An exception is pending in `head.exception`, or the program is being terminated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thrown;

/// What a fallible operation of the language returns.
pub type JsResult<T = Value> = Result<T, Thrown>;

/// Why the program stops for good. No handler of the program sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Termination {
    /// `process.exit(code)`.
    Exit(i32),
    /// A feature outside the subset was reached at run time: the whole message after `refused: `.
    Refused(String),
    /// The heap limit is exhausted, in bytes.
    HeapLimit(usize),
    /// `--timeout` or fuel is used up.
    Timeout,
}

/// The native error classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ErrorKind {
    /// `Error`.
    Error = 0,
    /// `TypeError`.
    Type = 1,
    /// `RangeError`.
    Range = 2,
    /// `ReferenceError`.
    Reference = 3,
    /// `SyntaxError`.
    Syntax = 4,
    /// `EvalError`.
    Eval = 5,
    /// `URIError`.
    Uri = 6,
}

/// One line of a stack trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackFrame {
    /// Function name as V8 prints it ("Foo.bar", "new Foo"); empty for anonymous.
    pub function: String,
    /// File.
    pub file: String,
    /// Line from 1; 0: a function of the library, which has no place.
    pub line: u32,
    /// Column from 1.
    pub column: u32,
}

impl StackFrame {
    /// The line of a function of the library.
    pub fn of_library(function: String) -> StackFrame {
        StackFrame { function, file: String::new(), line: 0, column: 0 }
    }
    /// Whether it is the line of a function of the library.
    pub fn is_of_library(&self) -> bool {
        self.line == 0
    }
}

impl fmt::Display for StackFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let StackFrame { function, file, line, column } = self;
        match (*line, function.is_empty()) {
            (0, _) => write!(f, "{function} (<anonymous>)"),
            (_, true) => write!(f, "{file}:{line}:{column}"),
            (_, false) => write!(f, "{function} ({file}:{line}:{column})"),
        }
    }
}

/// What the floors above do for the runtime.
#[derive(Clone, Copy)]
pub struct HookTable {
    /// Entry that a freshly linked function gets: the interpreter.
    pub default_entry: GenericEntry,
    /// Calls a generic entry from Rust: links the native stack so that it can be walked.
    pub enter: unsafe fn(&mut Runtime, GenericEntry, *mut u64, u32) -> u64,
    /// The current stack, innermost first, at most `limit` frames.
    pub stack_trace: fn(&mut Runtime, usize) -> Vec<StackFrame>,
    /// Whether the innermost function of the program is sloppy code.
    pub caller_is_sloppy: fn(&mut Runtime) -> bool,
    /// An exception is thrown here: if nobody catches it, its report shows this place.
    pub note_throw: fn(&mut Runtime, Value),
    /// A module binding that counted as constant is assigned.
    pub binding_assigned: fn(&mut Runtime, u32),
    /// A watched object changed: what it has under this name (added, removed, redefined, assigned), or without a name
    /// something that may concern all of its properties.
    pub prototype_changed: fn(&mut Runtime, Obj, Option<Key>),
    /// `performance.mark(name)`.
    pub mark: fn(&mut Runtime, &str),
    /// Milliseconds since start, on the clock in force.
    pub now_ms: fn(&mut Runtime) -> f64,
    /// `require(id)`, called as the given function object, which knows its file.
    pub require: fn(&mut Runtime, Value, Value) -> JsResult,
    /// The program called a native function of the natives syntax.
    pub intrinsic: fn(&mut Runtime, u16, &[Value]) -> JsResult,
    /// A native has called back this many times for the function that called it.
    pub called_back: fn(&mut Runtime, u32),
    /// A compile wants the prelude: see [`Prelude`].
    pub load_prelude: fn(&mut Runtime),
}

/// The intrinsic prototypes and the global object.
#[derive(Clone, Copy)]
pub struct Realm {
    /// `Object.prototype`.
    pub object_proto: Obj,
    /// `Function.prototype`.
    pub function_proto: Obj,
    /// `Array.prototype`.
    pub array_proto: Obj,
    /// `String.prototype`.
    pub string_proto: Obj,
    /// `Number.prototype`.
    pub number_proto: Obj,
    /// `Boolean.prototype`.
    pub boolean_proto: Obj,
    /// `Symbol.prototype`.
    pub symbol_proto: Obj,
    /// Prototypes of the error classes, by [`ErrorKind`].
    pub error_protos: [Obj; 7],
    /// The global object.
    pub global: Obj,
}

/// A linked file.
pub struct Module {
    /// Its bindings that inner functions capture. The address is fixed: functions point to it.
    pub cells: Box<[ModuleCell]>,
    /// Names of the bindings.
    pub names: Box<[String]>,
    /// The top-level function.
    pub main: *mut FunctionInfo,
}

/// Bits of `head.interrupt`.
pub mod interrupt {
    /// The program is being terminated: see `Runtime::termination`.
    pub const TERMINATE: u32 = 1;
    /// The heap is over its limit.
    pub const HEAP: u32 = 2;
    /// The compile queue has results, or the tiering clock wants attention.
    pub const TIERING: u32 = 4;
    /// The profiler wants to see the stack.
    pub const SAMPLE: u32 = 8;
    /// The time limit is reached.
    pub const TIMEOUT: u32 = 16;
}

/// The runtime. `repr(C)`: compiled code reaches `head` and `heap` at fixed offsets.
#[repr(C)]
pub struct Runtime {
    /// What compiled code knows.
    pub head: VmHead,
    /// The heap.
    pub heap: Heap,
    /// All shapes.
    pub shapes: ShapeTable,
    /// Interned strings.
    pub atoms: Atoms,
    /// Prototypes.
    pub realm: Realm,
    /// Functions by id.
    #[allow(clippy::vec_box, reason = "closures and compiled code hold their addresses")]
    pub functions: Vec<Box<FunctionInfo>>,
    /// Files in order of loading.
    pub modules: Vec<Module>,
    /// Bindings numbered so far.
    pub bindings: u32,
    /// The empty shapes of arrays by elements kind, once made.
    pub array_shapes: [Option<ShapeId>; ElementsKind::ALL.len()],
    /// What array literals have learnt.
    pub array_sites: ArraySites,
    /// The shape of fresh closures, once made.
    closure_shape: Option<ShapeId>,
    /// Where named properties were found lately.
    pub stubs: StubCache,
    /// Properties of watched objects that are not constant.
    pub variables: Variables,
    /// Why the program stops, once it does.
    pub termination: Option<Termination>,
    /// Hooks.
    pub hooks: HookTable,
    /// The next captured stack leaves out the frames up to this function's, itself included: the constructors of an error's
    /// class, or what `Error.captureStackTrace` names. Undefined: none.
    pub trace_skip: Value,
    /// The `proto_epoch` in which the array prototype and its prototypes were seen to have no indexed properties.
    pub plain_arrays_epoch: u32,
    /// The store under way is an instruction of the program: it fails silently if that is in sloppy code.
    pub direct_store: bool,
    /// The world outside: streams, arguments, clock.
    pub host: Host,
    /// The built-in library.
    pub library: Library,
    /// What `Symbol.for` has made: keys and symbols.
    pub symbol_registry: Vec<(Value, Value)>,
    /// The arguments of the innermost native that is running; null if there is none. See [`Runtime::native_calls`].
    pub(super) innermost_native: *const Args,
    /// The library's functions in the language itself.
    pub prelude: Prelude,
    /// Programs of regular expressions.
    pub regexps: Cache,
    /// Elements of every object that has none.
    pub empty_elements: *mut Cell,
    /// The private name under which a class keeps its field initializer: see `runtime::ops::class`.
    pub field_initializer_key: Value,
    vm_stack: Box<[u64]>,
}

/// Registers past the end of a frame that natives and entry stubs may use without a check of their own.
const STACK_RED_ZONE: usize = 1024;

impl Runtime {
    /// An empty runtime with the core prototypes and no library.
    ///
    /// # Safety
    /// The hooks' functions must accept this runtime (they may cast it to what embeds it).
    pub unsafe fn new(mut heap: Heap, hooks: HookTable, vm_stack_words: usize) -> Runtime {
        let empty_elements = heap.alloc(16, CellKind::Elements);
        let atoms = Atoms::new(&mut heap);
        let mut shapes = ShapeTable::new();
        let mut object = |proto: Value, kind: CellKind, shapes: &mut ShapeTable| -> Obj {
            let root = shapes.root(kind, proto, ElementsKind::HoleyAny, if kind == CellKind::Object { 1 } else { 0 });
            let cell = heap.alloc(64, kind);
            // SAFETY: a fresh zeroed cell large enough for any kind of object.
            let o = unsafe { Obj::from_cell(cell) };
            o.init(root, empty_elements);
            o.set_shape(shapes.unshare(o, Sharing::Unique));
            o.set_flags(object_flags::IS_PROTOTYPE);
            o
        };
        let object_proto = object(Value::NULL, CellKind::Object, &mut shapes);
        let mut plain = |shapes: &mut ShapeTable| object(object_proto.value(), CellKind::Object, shapes);
        let (symbol_proto, global) = (plain(&mut shapes), plain(&mut shapes));
        let error_proto = plain(&mut shapes);
        // These prototypes are themselves what their objects are: a function, an array, wrappers of empty primitives.
        let mut special = |kind: CellKind| object(object_proto.value(), kind, &mut shapes);
        let function_proto = special(CellKind::NativeFunction);
        function_proto.init_native(super::builtins::EMPTY_FUNCTION);
        let array_proto = special(CellKind::Array);
        array_proto.set_array_length_raw(0);
        let [string_proto, number_proto, boolean_proto] = std::array::from_fn(|_| special(CellKind::Primitive));
        let mut error_protos = [error_proto; 7];
        for e in &mut error_protos[1..] {
            *e = object(error_proto.value(), CellKind::Object, &mut shapes);
        }
        for (wrapper, inner) in [(number_proto, Value::int(0)), (boolean_proto, Value::FALSE)] {
            wrapper.set_internal(&mut heap, 0, inner);
        }
        let empty = atoms.names.empty.value();
        string_proto.set_internal(&mut heap, 0, empty);
        let realm = Realm {
            object_proto,
            function_proto,
            array_proto,
            string_proto,
            number_proto,
            boolean_proto,
            symbol_proto,
            error_protos,
            global,
        };
        // Never interned, so that no program can spell it.
        let field_initializer_key = Str::new(&mut heap, "#fields").value();
        let mut vm_stack = vec![0u64; vm_stack_words + STACK_RED_ZONE].into_boxed_slice();
        let mut head = VmHead::new();
        head.sp = vm_stack.as_mut_ptr();
        // SAFETY: within the allocation.
        head.vm_stack_limit = unsafe { vm_stack.as_mut_ptr().add(vm_stack_words) };
        Runtime {
            head,
            heap,
            shapes,
            atoms,
            realm,
            functions: Vec::new(),
            modules: Vec::new(),
            bindings: 0,
            array_shapes: [None; ElementsKind::ALL.len()],
            array_sites: ArraySites::default(),
            closure_shape: None,
            stubs: StubCache::default(),
            variables: Variables::default(),
            termination: None,
            hooks,
            trace_skip: Value::UNDEFINED,
            plain_arrays_epoch: u32::MAX,
            direct_store: false,
            host: Host::new(),
            library: Library::empty(),
            symbol_registry: Vec::new(),
            innermost_native: std::ptr::null(),
            prelude: Prelude::default(),
            regexps: Cache::default(),
            empty_elements,
            field_initializer_key,
            vm_stack,
        }
    }

    /// Connects heap and runtime: roots, weak tables, limit. Call once, when the runtime has its final address.
    ///
    /// # Safety
    /// The runtime is not moved afterwards.
    pub unsafe fn pin(&mut self) {
        let this: *mut Runtime = self;
        let base = self.vm_stack_base();
        // SAFETY: the runtime stays where it is, so `head.sp` does; the stack lies below it.
        unsafe { self.heap.set_vm_stack(base, (&raw const (*this).head.sp).cast()) };
        self.heap.add_root_source(
            |data, visitor| {
                // SAFETY: `data` is the pinned runtime; the collector runs inside an allocation made through it.
                let rt = unsafe { &*data.cast::<Runtime>() };
                rt.trace_roots(visitor.is_full(), &mut |v| visitor.visit(v));
            },
            this.cast(),
        );
        self.heap.add_weak_table(
            |data, liveness| {
                // SAFETY: as above; the atom table is not in use while the collector runs.
                let rt = unsafe { &mut *data.cast::<Runtime>() };
                rt.atoms.sweep(liveness.is_full(), |cell| liveness.is_live(cell));
                rt.shapes.sweep(liveness.is_full(), |cell| liveness.is_live(cell));
                rt.stubs.clear();
                rt.regexps.forget_literals();
            },
            this.cast(),
        );
        self.heap.set_limit_hook(
            |data| {
                // SAFETY: as above.
                let rt = unsafe { &*data.cast::<Runtime>() };
                rt.head.request_interrupt(interrupt::HEAP);
            },
            this.cast(),
        );
    }

    /// First word of the VM stack.
    pub fn vm_stack_base(&mut self) -> *mut u64 {
        self.vm_stack.as_mut_ptr()
    }

    /// Visits every exact root; of the shapes, in a young collection, those that no earlier one has seen.
    pub fn trace_roots(&self, full: bool, visit: &mut impl FnMut(Value)) {
        visit(self.head.exception);
        visit(self.head.new_target);
        visit(self.head.lazy_result);
        visit(Value(self.empty_elements as u64));
        visit(self.field_initializer_key);
        visit(self.trace_skip);
        self.shapes.trace(full, visit);
        self.atoms.visit_roots(&mut *visit);
        let r = &self.realm;
        for o in [
            r.object_proto,
            r.function_proto,
            r.array_proto,
            r.string_proto,
            r.number_proto,
            r.boolean_proto,
            r.symbol_proto,
            r.global,
        ] {
            visit(o.value());
        }
        r.error_protos.iter().for_each(|o| visit(o.value()));
        self.library.trace(visit);
        self.symbol_registry.iter().for_each(|(key, symbol)| {
            visit(*key);
            visit(*symbol);
        });
        self.prelude.trace(visit);
        self.functions.iter().for_each(|f| f.trace(visit));
        self.modules.iter().flat_map(|m| m.cells.iter()).for_each(|c| visit(c.value));
    }

    // ---- linking -----------------------------------------------------------------------------------------------

    /// Links a lowered file: numbers its functions and bindings. Returns the top-level function.
    pub fn link(&mut self, code: &ModuleCode) -> *mut FunctionInfo {
        let module = self.modules.len() as u32;
        let mut cells: Box<[ModuleCell]> = code
            .cells
            .iter()
            .enumerate()
            .map(|(i, _)| ModuleCell { value: Value::HOLE, state: 0, binding: self.bindings + i as u32 })
            .collect();
        self.bindings += cells.len() as u32;
        let main = self.link_function(&code.main, module, cells.as_mut_ptr());
        self.modules.push(Module { cells, names: code.cells.clone(), main });
        main
    }

    fn link_function(&mut self, f: &Arc<FunctionCode>, module: u32, cells: *mut ModuleCell) -> *mut FunctionInfo {
        let id = FunctionId::from_u32(self.functions.len() as u32);
        let info = FunctionInfo::new(id, module, cells, self.hooks.default_entry, f.clone());
        self.functions.push(Box::new(info));
        let children: Box<[*mut FunctionInfo]> =
            f.children.iter().map(|c| self.link_function(c, module, cells)).collect();
        let info = &mut *self.functions[id.as_u32() as usize];
        info.children = children;
        info
    }

    /// Makes a function ready to run: see [`FunctionInfo::prepare`].
    #[cold]
    pub fn prepare_function(&mut self, info: *mut FunctionInfo) {
        // SAFETY: infos live as long as the runtime and their address is fixed.
        let f = unsafe { (*info).function.clone() };
        // The function holds each constant as soon as it is made: a collection looks for it there.
        // SAFETY: as above.
        unsafe { (*info).constant_storage = vec![Value::UNDEFINED; f.constants.len()].into_boxed_slice() };
        for (i, c) in f.constants.iter().enumerate() {
            let v = match c {
                Constant::Number(n) => Value::number(*n),
                Constant::String(s) => self.atoms.intern_utf16(&mut self.heap, s).value(),
            };
            // SAFETY: as above.
            unsafe { (&mut (*info).constant_storage)[i] = v };
        }
        // SAFETY: as above.
        unsafe { (*info).prepare() };
    }

    /// The function with an id.
    pub fn function(&self, id: FunctionId) -> &FunctionInfo {
        &self.functions[id.as_u32() as usize]
    }

    // ---- errors ------------------------------------------------------------------------------------------------

    /// Makes `v` the pending exception.
    pub fn throw<T>(&mut self, v: Value) -> JsResult<T> {
        (self.hooks.note_throw)(self, v);
        self.head.exception = v;
        Err(Thrown)
    }
    /// Throws a new error of a native class.
    #[cold]
    pub fn throw_error<T>(&mut self, kind: ErrorKind, message: &str) -> JsResult<T> {
        let e = self.new_error(kind, message);
        self.throw(e.value())
    }
    /// Throws a TypeError.
    #[cold]
    pub fn throw_type<T>(&mut self, message: &str) -> JsResult<T> {
        self.throw_error(ErrorKind::Type, message)
    }
    /// Throws a RangeError.
    #[cold]
    pub fn throw_range<T>(&mut self, message: &str) -> JsResult<T> {
        self.throw_error(ErrorKind::Range, message)
    }
    /// Throws a ReferenceError.
    #[cold]
    pub fn throw_reference<T>(&mut self, message: &str) -> JsResult<T> {
        self.throw_error(ErrorKind::Reference, message)
    }
    /// Throws the RangeError of a stack overflow.
    #[cold]
    pub fn throw_stack_overflow<T>(&mut self) -> JsResult<T> {
        // The call that did not fit may have been a construction: nobody takes its new.target any more.
        self.head.new_target = Value::UNDEFINED;
        self.throw_range("Maximum call stack size exceeded")
    }
    /// Stops the program: no handler catches this.
    #[cold]
    pub fn terminate<T>(&mut self, why: Termination) -> JsResult<T> {
        self.termination.get_or_insert(why);
        self.head.exception = Value::UNDEFINED;
        self.head.request_interrupt(interrupt::TERMINATE);
        Err(Thrown)
    }
    /// Stops the program because it reached a feature outside the subset.
    #[cold]
    pub fn refuse<T>(&mut self, feature: &str, instead: &str) -> JsResult<T> {
        let frames = (self.hooks.stack_trace)(self, 50);
        let place = frames
            .iter()
            .find(|f| !f.is_of_library())
            .map_or(String::new(), |f| format!("{}:{}:{}: ", f.file, f.line, f.column));
        self.terminate(Termination::Refused(format!("{place}refused: {feature}: {instead}")))
    }
    /// Takes the pending exception; the caller handles it.
    pub fn take_exception(&mut self) -> Value {
        std::mem::replace(&mut self.head.exception, Value::EMPTY)
    }

    /// A new error object with `stack` and `message`, as V8 lays them out.
    pub fn new_error(&mut self, kind: ErrorKind, message: &str) -> Obj {
        let text = Str::new(&mut self.heap, message).value();
        let proto = self.realm.error_protos[kind as usize];
        self.new_error_object(proto, Some(text))
    }

    /// A new error object with the given prototype; its `stack` is captured now.
    pub fn new_error_object(&mut self, proto: Obj, message: Option<Value>) -> Obj {
        let shape = self.shapes.root(CellKind::Error, proto.value(), ElementsKind::HoleyAny, 3);
        let e = self.new_object(shape);
        let names = self.atoms.names;
        // `stack` comes first: it is the first own property on V8 too. Its text is written once `message` is known.
        self.define_own(e, PropertyKey::Name(names.stack.into()), Value::UNDEFINED, Attrs::HIDDEN);
        if let Some(m) = message {
            self.define_own(e, PropertyKey::Name(names.message.into()), m, Attrs::HIDDEN);
        }
        self.capture_stack(e);
        e
    }

    /// Sets `stack` of an error: its header line and the current frames, ten at most.
    pub fn capture_stack(&mut self, e: Obj) {
        let frames = (self.hooks.stack_trace)(self, 10);
        self.trace_skip = Value::UNDEFINED;
        let mut text = self.error_header(e);
        for f in frames {
            use std::fmt::Write;
            let _ = write!(text, "\n    at {f}");
        }
        let v = Str::new(&mut self.heap, &text).value();
        let key = PropertyKey::Name(self.atoms.names.stack.into());
        self.define_own(e, key, v, Attrs::HIDDEN);
    }

    /// Whether a property is part of the first line of an error's stack. V8 words that line when the stack is first looked
    /// at, so a constructor may still set `name`; here it is worded anew at each such store, which no cache remembers.
    #[inline]
    pub(super) fn heads_stack(&self, o: Obj, name: Key) -> bool {
        let names = &self.atoms.names;
        o.kind() == CellKind::Error && (name == names.name.into() || name == names.message.into())
    }

    /// Words the first line of an error's stack anew.
    #[cold]
    pub(super) fn refresh_stack_header(&mut self, e: Obj) {
        let key = self.atoms.names.stack;
        let Some(old) = self.lookup_data(e, key.into()).and_then(Str::from_value).map(|s| s.to_rust()) else { return };
        let Some(frames) = old.find("\n    at ") else { return };
        let text = self.error_header(e) + &old[frames..];
        let v = Str::new(&mut self.heap, &text).value();
        self.define_own(e, PropertyKey::Name(key.into()), v, Attrs::HIDDEN);
    }

    fn error_header(&mut self, e: Obj) -> String {
        let names = self.atoms.names;
        let text = |rt: &Runtime, key: Atom| -> Option<String> {
            let v = rt.lookup_data(e, key.into())?;
            Str::from_value(v).map(|s| s.to_rust())
        };
        let name = text(self, names.name).unwrap_or_else(|| "Error".into());
        let message = text(self, names.message).unwrap_or_default();
        match (name.is_empty(), message.is_empty()) {
            (_, true) => name,
            (true, false) => message,
            (false, false) => format!("{name}: {message}"),
        }
    }

    // ---- allocation --------------------------------------------------------------------------------------------

    /// A new object of an empty or pre-filled shape; its slots are zero until set.
    #[inline]
    pub fn new_object(&mut self, shape: ShapeId) -> Obj {
        let s = self.shapes.get(shape);
        let (kind, bytes) = (s.kind, 24 + 8 * s.inline_capacity.max(internal_words(s.kind)) as usize);
        let cell = self.heap.alloc(bytes, kind);
        // SAFETY: a fresh zeroed cell with room for the object prefix and the in-object slots.
        let o = unsafe { Obj::from_cell(cell) };
        o.init(shape, self.empty_elements);
        o
    }

    /// A new empty object with `Object.prototype` and room for `slots` in-object properties.
    pub fn new_plain_object(&mut self, slots: u8) -> Obj {
        let proto = self.realm.object_proto.value();
        let shape = self.shapes.root(CellKind::Object, proto, ElementsKind::HoleyAny, inline_slots(slots as u32));
        self.new_object(shape)
    }

    /// A new closure.
    pub fn new_closure(&mut self, info: *mut FunctionInfo, scope: Value) -> Obj {
        let shape = match self.closure_shape {
            Some(shape) => shape,
            None => {
                let proto = self.realm.function_proto.value();
                let shape = self.shapes.root(CellKind::Function, proto, ElementsKind::HoleyAny, 0);
                *self.closure_shape.insert(shape)
            }
        };
        let o = self.new_object(shape);
        o.init_function(info, scope);
        o
    }

    /// A new native function object; the library defines its `name` and `length`.
    pub fn new_native(&mut self, id: u32) -> Obj {
        let proto = self.realm.function_proto.value();
        let shape = self.shapes.root(CellKind::NativeFunction, proto, ElementsKind::HoleyAny, 0);
        let o = self.new_object(shape);
        o.init_native(id);
        o
    }

    /// Turns an object into one that shapes may have as prototype: it gets a shape of its own.
    pub fn become_prototype(&mut self, o: Obj) {
        if !o.is_prototype() {
            let shape = self.shapes.unshare(o, Sharing::Unique);
            o.set_shape(shape);
            o.set_flags(object_flags::IS_PROTOTYPE);
        }
    }

    /// A string value.
    pub fn string(&mut self, text: &str) -> Value {
        Str::new(&mut self.heap, text).value()
    }
    /// An atom.
    pub fn atom(&mut self, text: &str) -> Atom {
        self.atoms.intern_str(&mut self.heap, text)
    }
    /// The property key that a Rust string spells.
    pub fn key(&mut self, text: &str) -> PropertyKey {
        let a = self.atom(text);
        key_of_atom(a)
    }
}

/// The property key that an atom spells: an index if it is a canonical array index.
#[inline]
pub fn key_of_atom(a: Atom) -> PropertyKey {
    match a.array_index() {
        Some(i) => PropertyKey::Index(i),
        None => PropertyKey::Name(a.into()),
    }
}

impl From<Atom> for Key {
    #[inline(always)]
    fn from(a: Atom) -> Key {
        Key(a.value())
    }
}

/// In-object slots for an expected number of properties: odd, because cells come in granules of 16 bytes.
pub const fn inline_slots(expected: u32) -> u8 {
    let n = if expected > 125 { 125 } else { expected };
    (n | 1) as u8
}

/// Words after the object prefix that a kind of object uses for itself.
pub const fn internal_words(kind: CellKind) -> u8 {
    match kind {
        CellKind::Object | CellKind::Error | CellKind::Arguments => 0,
        CellKind::Array | CellKind::NativeFunction | CellKind::Date | CellKind::Primitive => 1,
        CellKind::Map | CellKind::Set | CellKind::BoundFunction | CellKind::Iterator => 3,
        CellKind::ArrayBuffer | CellKind::RegExp => 3,
        CellKind::Int8Array
        | CellKind::Uint8Array
        | CellKind::Uint8ClampedArray
        | CellKind::Int16Array
        | CellKind::Uint16Array
        | CellKind::Int32Array
        | CellKind::Uint32Array
        | CellKind::Float32Array
        | CellKind::Float64Array
        | CellKind::DataView => 3,
        CellKind::Function => 4,
        CellKind::String
        | CellKind::Symbol
        | CellKind::Slots
        | CellKind::Elements
        | CellKind::ElementsDouble
        | CellKind::Scope
        | CellKind::Bytes => 0,
    }
}
