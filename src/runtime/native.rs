//! How native functions are called, and the raw accessors that the library needs beyond those of [`super::object`].
//!
//! A native receives its arguments where the caller laid them out on the VM stack ([`Args`]): a call copies nothing. All
//! natives and bound functions share one generic entry, which finds the function by the id in the callee's cell.

use super::builtins;
use super::cell::CellKind;
use super::heap::Heap;
use super::object::{Obj, barrier, data};
use super::runtime::{JsResult, Runtime};
use super::shape::SYMBOL_SHAPE;
use super::value::Value;
use crate::bytecode::function::FunctionCode;
use std::sync::Arc;

/// A function of the library.
pub type Native = fn(&mut Runtime, &Args) -> JsResult;

/// Bytes of native stack that must be left before a native recurses.
pub const STACK_RESERVE: usize = 64 << 10;

/// From this many calls back on a native's loop counts as one of its caller.
const MANY_CALLS: u32 = 32;

/// The arguments of a native call, where the caller laid them out. While the native runs this is its frame, too: a link in
/// the list that stack traces are made from.
pub struct Args {
    regs: *const Value,
    argc: u32,
    /// The native that was running when this one was called; null if there is none.
    outer: *const Args,
    /// `this`.
    pub this: Value,
    /// `new.target`: undefined in a plain call.
    pub new_target: Value,
}

impl Args {
    /// The arguments of a call through the generic entry.
    ///
    /// # Safety
    /// `regs` points to `argc` arguments, with `this` just below them, that stay where they are during the call.
    #[inline(always)]
    pub unsafe fn from_raw(regs: *mut u64, argc: u32, new_target: Value) -> Args {
        let regs = regs.cast::<Value>().cast_const();
        // SAFETY: the caller vouches for the layout.
        Args { regs, argc, outer: std::ptr::null(), this: unsafe { regs.sub(1).read() }, new_target }
    }

    /// Number of arguments given.
    #[inline(always)]
    pub fn count(&self) -> usize {
        self.argc as usize
    }
    /// Argument `i`; undefined if it was not given.
    #[inline(always)]
    pub fn get(&self, i: usize) -> Value {
        // SAFETY: `i` is below the count of arguments that `regs` points to.
        if i < self.argc as usize { unsafe { self.regs.add(i).read() } } else { Value::UNDEFINED }
    }
    /// Argument `i`, if it was given.
    #[inline(always)]
    pub fn given(&self, i: usize) -> Option<Value> {
        (i < self.count()).then(|| self.get(i))
    }
    /// All arguments. They lie on the VM stack, where the collector sees them.
    #[inline(always)]
    pub fn all(&self) -> &[Value] {
        // SAFETY: `regs` points to `argc` arguments.
        unsafe { std::slice::from_raw_parts(self.regs, self.argc as usize) }
    }
    /// All arguments but the first `n`.
    #[inline(always)]
    pub fn rest(&self, n: usize) -> &[Value] {
        self.all().get(n..).unwrap_or(&[])
    }
    /// The function that was called.
    #[inline(always)]
    pub fn callee(&self) -> Value {
        // SAFETY: the callee lies below `this`.
        unsafe { self.regs.sub(2).read() }
    }
    /// Whether this is a call by `new`.
    #[inline(always)]
    pub fn is_construct(&self) -> bool {
        !self.new_target.is_undefined()
    }
}

/// A native that is running, as stack traces see it.
#[derive(Clone, Copy)]
pub struct NativeCall {
    /// The function.
    pub callee: Value,
    /// Its receiver.
    pub this: Value,
    /// Called by `new`.
    pub is_construct: bool,
    /// Where its frame is on the native stack.
    pub native_sp: usize,
}

/// The generic entry of every native and every bound function.
///
/// # Safety
/// The contract of generic entries: `regs` points to `argc` arguments with `this` and callee just below.
pub unsafe extern "C" fn native_entry(rt: *mut Runtime, regs: *mut u64, argc: u32) -> u64 {
    // SAFETY: generic entries are called with the live runtime, which nobody else uses during the call.
    let rt = unsafe { &mut *rt };
    let new_target = std::mem::replace(&mut rt.head.new_target, Value::UNDEFINED);
    // Natives that call each other (`toString` that is `join`) come by no other check.
    if rt.native_stack_is_low() {
        return rt.throw_stack_overflow().unwrap_or(Value::EMPTY).0;
    }
    let sp = rt.head.sp;
    // SAFETY: the arguments lie on the VM stack, and one past the last of them is still inside of it.
    let args_end = unsafe { regs.add(argc as usize) };
    if sp < args_end {
        rt.head.sp = args_end;
    }
    // SAFETY: as above.
    let mut args = unsafe { Args::from_raw(regs, argc, new_target) };
    let result = match Obj::from_value(args.callee()) {
        Some(f) if f.kind() == CellKind::NativeFunction => rt.run_native(f.native_id(), &mut args),
        Some(f) => builtins::function::call_bound(rt, f, &args),
        None => rt.throw_type("callee is not a function"),
    };
    rt.head.sp = sp;
    result.unwrap_or(Value::EMPTY).0
}

impl Runtime {
    /// Runs a native, with a line of its own in stack traces.
    #[inline(always)]
    pub fn run_native(&mut self, id: u32, args: &mut Args) -> JsResult {
        args.outer = std::mem::replace(&mut self.innermost_native, args);
        let result = builtins::call_native(self, id, args);
        self.innermost_native = args.outer;
        result
    }

    /// The natives that are running, innermost first.
    pub fn native_calls(&self) -> impl Iterator<Item = NativeCall> + use<> {
        let mut at = self.innermost_native;
        std::iter::from_fn(move || {
            // SAFETY: the list holds the arguments of natives that have not returned, which lie in frames of the native stack.
            let args = unsafe { at.as_ref() }?;
            at = args.outer;
            Some(NativeCall {
                callee: args.callee(),
                this: args.this,
                is_construct: args.is_construct(),
                native_sp: std::ptr::from_ref(args).addr(),
            })
        })
    }

    /// Runs the loop of a native that calls back once for each element.
    pub fn calling_back<T>(
        &mut self,
        args: &Args,
        body: impl FnOnce(&mut Runtime, &Args) -> JsResult<T>,
    ) -> JsResult<T> {
        let result = body(self, args);
        let times = Obj::from_value(args.this).filter(|o| o.is_array()).map_or(0, Obj::array_length);
        if times >= MANY_CALLS {
            (self.hooks.called_back)(self, times);
        }
        result
    }

    /// The code of a closure.
    pub fn function_code(&self, f: Obj) -> Arc<FunctionCode> {
        // SAFETY: infos live as long as the runtime.
        unsafe { (*f.function_info()).function.clone() }
    }

    /// A new symbol with a description: a string or undefined.
    pub fn new_symbol(&mut self, description: Value) -> Value {
        let cell = self.heap.alloc(16, CellKind::Symbol);
        // SAFETY: a fresh cell of 16 bytes: header and description.
        unsafe {
            (*cell).shape = SYMBOL_SHAPE;
            cell.cast::<Value>().add(1).write(description);
        }
        Value::cell_ptr(cell)
    }

    /// The description of a symbol, which the caller has checked to be one.
    pub fn symbol_description(&self, symbol: Value) -> Value {
        debug_assert_eq!(super::object::kind_of(symbol), Some(CellKind::Symbol));
        // SAFETY: word 1 of a symbol is its description.
        unsafe { (symbol.0 as *const Value).add(1).read() }
    }

    /// Whether so little native stack is left that a recursive native should give up.
    #[inline]
    pub fn native_stack_is_low(&self) -> bool {
        super::heap::stack_pointer() < self.head.native_stack_limit.saturating_add(STACK_RESERVE)
    }

    /// A new cell of raw bytes, zeroed: 32-bit words that the collector does not look at.
    pub fn new_words(&mut self, count: usize) -> Words {
        let cell = self.heap.alloc(8 + 4 * count, CellKind::Bytes);
        let words = Words(Value::cell_ptr(cell), count);
        for i in 0..count {
            words.set(i, 0);
        }
        words
    }
}

/// A cell of 32-bit words: what hash tables keep their buckets in.
#[derive(Clone, Copy)]
pub struct Words(Value, usize);

impl Words {
    /// The words of a cell made by [`Runtime::new_words`].
    #[inline(always)]
    pub fn from_value(v: Value, count: usize) -> Words {
        debug_assert_eq!(super::object::kind_of(v), Some(CellKind::Bytes));
        Words(v, count)
    }
    /// As a value for a slot.
    pub fn value(self) -> Value {
        self.0
    }
    /// Number of words.
    #[inline(always)]
    pub fn count(self) -> usize {
        self.1
    }
    #[inline(always)]
    fn at(self, i: usize) -> *mut u32 {
        assert!(i < self.1, "word index out of range");
        // SAFETY: the cell was allocated with room for `count` words after its header.
        unsafe { (self.0.as_cell_addr() as *mut u32).add(2 + i) }
    }
    /// Reads a word.
    #[inline]
    pub fn get(self, i: usize) -> u32 {
        // SAFETY: `at` checks the index.
        unsafe { self.at(i).read() }
    }
    /// Writes a word.
    #[inline]
    pub fn set(self, i: usize, word: u32) {
        // SAFETY: `at` checks the index.
        unsafe { self.at(i).write(word) }
    }
}

/// A bare Elements cell: a vector of values on the heap that belongs to no array.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Vector(Value);

impl Vector {
    /// A new vector of `capacity` holes.
    pub fn new(rt: &mut Runtime, capacity: u32) -> Vector {
        let cell = super::elements::alloc_elements(rt, false, super::object::odd_capacity(capacity));
        Vector(Value::cell_ptr(cell))
    }
    /// The vector that a value refers to.
    #[inline(always)]
    pub fn from_value(v: Value) -> Vector {
        debug_assert_eq!(super::object::kind_of(v), Some(CellKind::Elements));
        Vector(v)
    }
    /// As a value for a slot or register.
    pub fn value(self) -> Value {
        self.0
    }
    /// Number of entries.
    #[inline]
    pub fn capacity(self) -> u32 {
        // SAFETY: an Elements cell's header holds its capacity.
        unsafe { (*(self.0.as_cell_addr() as *const super::cell::Cell)).shape }
    }
    /// Reads an entry.
    #[inline]
    pub fn get(self, i: u32) -> Value {
        assert!(i < self.capacity(), "vector index out of range");
        // SAFETY: the index is checked.
        unsafe { data(self.0.as_cell_addr() as *mut super::cell::Cell).add(i as usize).read() }
    }
    /// Writes an entry.
    #[inline]
    pub fn set(self, heap: &mut Heap, i: u32, v: Value) {
        assert!(i < self.capacity(), "vector index out of range");
        let cell = self.0.as_cell_addr() as *mut super::cell::Cell;
        // SAFETY: the index is checked.
        unsafe { data(cell).add(i as usize).write(v) };
        barrier(heap, cell);
    }
}

impl Obj {
    /// Moves `count` elements within the elements cell.
    ///
    /// # Panics
    /// If either range does not lie within the capacity.
    pub fn move_elements(self, heap: &mut Heap, from: u32, to: u32, count: u32) {
        let capacity = self.elements_capacity() as u64;
        assert!(
            from as u64 + count as u64 <= capacity && to as u64 + count as u64 <= capacity,
            "elements out of range"
        );
        if count == 0 {
            return;
        }
        let cell = self.elements();
        // SAFETY: both ranges lie within the cell.
        unsafe { std::ptr::copy(data(cell).add(from as usize), data(cell).add(to as usize), count as usize) };
        barrier(heap, cell);
    }

    /// Copies the first `count` elements of another object to elements `at .. at + count` of this one, whose elements kind
    /// holds them all.
    ///
    /// # Panics
    /// If the ranges do not lie within the capacities.
    pub fn append_elements_from(self, heap: &mut Heap, other: Obj, at: u32, count: u32) {
        assert!(at as u64 + count as u64 <= self.elements_capacity() as u64, "elements out of range");
        assert!(count <= other.elements_capacity(), "elements out of range");
        let (to, from) = (self.elements(), other.elements());
        // SAFETY: the ranges lie within the cells, which are different ones.
        if unsafe { (*to).kind == (*from).kind } {
            // SAFETY: as above.
            unsafe { std::ptr::copy_nonoverlapping(data(from), data(to).add(at as usize), count as usize) };
            barrier(heap, to);
        } else {
            for i in 0..count {
                self.set_element_raw(heap, at + i, other.element(i));
            }
        }
    }

    /// Writes the first elements of an array whose elements cell was made after everything that is written: no barrier.
    ///
    /// # Panics
    /// If there are more values than the cell has room for.
    pub fn fill_fresh_elements(self, values: &[Value]) {
        assert!(values.len() <= self.elements_capacity() as usize, "elements out of range");
        let cell = self.elements();
        // SAFETY: the values fit.
        unsafe {
            if (*cell).kind == CellKind::ElementsDouble {
                for (i, v) in values.iter().enumerate() {
                    let bits = if v.is_hole() { super::value::HOLE_NAN_BITS } else { v.as_number().to_bits() };
                    data(cell).add(i).write(Value(bits));
                }
            } else {
                std::ptr::copy_nonoverlapping(values.as_ptr(), data(cell), values.len());
            }
        }
    }

    /// Drops the first of `count` elements; the others move to the front, and their last place is theirs no longer.
    pub fn drop_first_element(self, heap: &mut Heap, count: u32) {
        if count > 2 {
            // SAFETY: the elements cell is this object's alone: the empty one, which is shared, has no entries.
            if let Some(moved) = unsafe { heap.trim_front(self.elements()) } {
                self.set_elements(heap, moved);
                return;
            }
        }
        self.move_elements(heap, 1, 0, count - 1);
        self.set_element_raw(heap, count - 1, Value::HOLE);
    }

    /// Copies elements `from .. from + count` of another object of the same representation to the front of this one.
    ///
    /// # Panics
    /// If the ranges do not lie within the capacities, or the representations differ.
    pub fn copy_elements_from(self, heap: &mut Heap, other: Obj, from: u32, count: u32) {
        if count == 0 {
            return;
        }
        let (to, source) = (self.elements(), other.elements());
        assert!(count <= self.elements_capacity(), "elements out of range");
        assert!(from as u64 + count as u64 <= other.elements_capacity() as u64, "elements out of range");
        // SAFETY: the ranges lie within the cells, which are different ones.
        unsafe {
            assert!((*to).kind == (*source).kind, "element representations differ");
            std::ptr::copy_nonoverlapping(data(source).add(from as usize), data(to), count as usize);
        }
        barrier(heap, to);
    }
}
