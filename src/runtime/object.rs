//! Typed handles to heap objects: where raw cell pointers become safe Rust.
//!
//! An [`Obj`] is a pointer to a live object cell. Holding one in a local is always fine: the collector scans the native
//! stack and never moves cells. The accessors below trust exactly one invariant, established where an `Obj` is made
//! ([`Obj::from_value`], the allocation functions): *the pointer refers to an initialized object cell that is
//! reachable for as long as the handle is used*.

use super::cell::{Cell, CellKind, FIRST_NON_OBJECT, STATE_OLD, object_flags, offset};
use super::function::FunctionInfo;
use super::heap::Heap;
use super::shape::Shape;
use super::value::{HOLE_NAN_BITS, Value};
use crate::vocab::ids::ShapeId;
use std::ptr::NonNull;

/// A heap object.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Obj(NonNull<Cell>);

impl std::fmt::Debug for Obj {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "object@{:p}", self.0)
    }
}

/// The kind of any cell that a value points to.
#[inline(always)]
pub fn kind_of(v: Value) -> Option<CellKind> {
    if v.is_cell() {
        // SAFETY: a cell value points to a live cell.
        Some(unsafe { (*(v.0 as *const Cell)).kind })
    } else {
        None
    }
}

impl Obj {
    /// The object that a value is, if it is one.
    #[inline(always)]
    pub fn from_value(v: Value) -> Option<Obj> {
        match kind_of(v) {
            Some(k) if (k as u8) < FIRST_NON_OBJECT => NonNull::new(v.0 as *mut Cell).map(Obj),
            _not_an_object => None,
        }
    }

    /// Wraps a cell that was just initialized as an object.
    ///
    /// # Safety
    /// The pointer refers to an initialized object cell.
    #[inline(always)]
    pub unsafe fn from_cell(p: *mut Cell) -> Obj {
        debug_assert!(!p.is_null());
        // SAFETY: the caller vouches for the pointer.
        Obj(unsafe { NonNull::new_unchecked(p) })
    }

    /// The object as a value.
    #[inline(always)]
    pub fn value(self) -> Value {
        Value(self.0.as_ptr() as u64)
    }
    /// The cell.
    #[inline(always)]
    pub fn as_ptr(self) -> *mut Cell {
        self.0.as_ptr()
    }
    #[inline(always)]
    fn read<T: Copy>(self, at: i32) -> T {
        // SAFETY: `at` is a field offset of this kind of cell (the public accessors below choose it).
        unsafe { self.0.as_ptr().cast::<u8>().add(at as usize).cast::<T>().read() }
    }
    #[inline(always)]
    fn write<T: Copy>(self, at: i32, v: T) {
        // SAFETY: as for `read`.
        unsafe { self.0.as_ptr().cast::<u8>().add(at as usize).cast::<T>().write(v) }
    }

    /// Kind of the cell.
    #[inline(always)]
    pub fn kind(self) -> CellKind {
        // SAFETY: the invariant of `Obj`.
        unsafe { (*self.0.as_ptr()).kind }
    }
    /// Its shape.
    #[inline(always)]
    pub fn shape_id(self) -> ShapeId {
        ShapeId::from_u32(self.read::<u32>(offset::SHAPE))
    }
    /// Gives it another shape. Slots and elements must already agree with it.
    #[inline(always)]
    pub fn set_shape(self, id: ShapeId) {
        self.write(offset::SHAPE, id.as_u32());
    }
    /// Object flags ([`object_flags`]).
    #[inline(always)]
    pub fn flags(self) -> u16 {
        self.read(offset::AUX)
    }
    /// Sets object flags.
    #[inline(always)]
    pub fn set_flags(self, flags: u16) {
        self.write(offset::AUX, self.flags() | flags);
    }
    /// Whether some shape has this object as its prototype.
    #[inline(always)]
    pub fn is_prototype(self) -> bool {
        self.flags() & object_flags::IS_PROTOTYPE != 0
    }
    /// Whether the object can be called.
    #[inline(always)]
    pub fn is_callable(self) -> bool {
        self.kind().is_callable()
    }

    // ---- named slots -------------------------------------------------------------------------------------------

    /// Reads a slot.
    #[inline]
    pub fn slot(self, shape: &Shape, index: u32) -> Value {
        let inline = shape.inline_capacity as u32;
        if index < inline {
            self.read(offset::INLINE + 8 * index as i32)
        } else {
            let slots: *const u8 = self.read(offset::SLOTS);
            // SAFETY: the shape says that slot `index` exists, so the slots cell covers it.
            unsafe { slots.add(offset::DATA as usize + 8 * (index - inline) as usize).cast::<Value>().read() }
        }
    }
    /// Writes an existing slot.
    #[inline]
    pub fn set_slot(self, heap: &mut Heap, shape: &Shape, index: u32, v: Value) {
        let inline = shape.inline_capacity as u32;
        if index < inline {
            self.write(offset::INLINE + 8 * index as i32, v);
            self.barrier(heap);
        } else {
            let slots: *mut Cell = self.read(offset::SLOTS);
            // SAFETY: as in `slot`.
            unsafe {
                slots.cast::<u8>().add(offset::DATA as usize + 8 * (index - inline) as usize).cast::<Value>().write(v);
            }
            barrier(heap, slots);
        }
    }
    /// Makes room for slot `index` beyond the in-object ones. May allocate.
    pub fn reserve_slot(self, heap: &mut Heap, inline_capacity: u8, index: u32) {
        if index < inline_capacity as u32 {
            return;
        }
        let need = index - inline_capacity as u32 + 1;
        let old: *mut Cell = self.read(offset::SLOTS);
        // SAFETY: a non-null slots pointer refers to a Slots cell.
        let have = if old.is_null() { 0 } else { unsafe { (*old).shape } };
        if need <= have {
            return;
        }
        let capacity = odd_capacity((have * 2).max(need).max(3));
        let new = heap.alloc(8 + 8 * capacity as usize, CellKind::Slots);
        // SAFETY: the new cell has room for `capacity` values (zeroed by the allocator), the old one has `have`.
        unsafe {
            (*new).shape = capacity;
            if have > 0 {
                std::ptr::copy_nonoverlapping(data(old), data(new), have as usize);
            }
        }
        self.write(offset::SLOTS, new);
        self.barrier(heap);
    }

    /// Remembers the object if a young value may just have been stored into it.
    #[inline(always)]
    pub fn barrier(self, heap: &mut Heap) {
        barrier(heap, self.0.as_ptr());
    }

    // ---- elements ----------------------------------------------------------------------------------------------

    /// The elements cell.
    #[inline(always)]
    pub fn elements(self) -> *mut Cell {
        self.read(offset::ELEMENTS)
    }
    /// Replaces the elements cell.
    pub fn set_elements(self, heap: &mut Heap, cell: *mut Cell) {
        self.write(offset::ELEMENTS, cell);
        self.barrier(heap);
    }
    /// Allocated length of the elements.
    #[inline(always)]
    pub fn elements_capacity(self) -> u32 {
        // SAFETY: the elements pointer is never null and its cell's count is its capacity.
        unsafe { (*self.elements()).shape }
    }
    /// Reads element `i < capacity`, boxed; HOLE if there is none.
    #[inline]
    pub fn element(self, i: u32) -> Value {
        debug_assert!(i < self.elements_capacity());
        let cell = self.elements();
        // SAFETY: `i` is within the capacity.
        unsafe {
            let word = data(cell).add(i as usize).read();
            if (*cell).kind == CellKind::ElementsDouble {
                if word.0 == HOLE_NAN_BITS { Value::HOLE } else { Value::double(f64::from_bits(word.0)) }
            } else {
                word
            }
        }
    }
    /// Writes element `i < capacity`. The elements kind must already allow the value.
    #[inline]
    pub fn set_element_raw(self, heap: &mut Heap, i: u32, v: Value) {
        debug_assert!(i < self.elements_capacity());
        let cell = self.elements();
        // SAFETY: `i` is within the capacity.
        unsafe {
            let at = data(cell).add(i as usize);
            if (*cell).kind == CellKind::ElementsDouble {
                let bits = if v.is_hole() { HOLE_NAN_BITS } else { v.as_number().to_bits() };
                at.write(Value(bits));
            } else {
                at.write(v);
                heap.write_barrier_slot(cell, at);
            }
        }
    }

    // ---- arrays ------------------------------------------------------------------------------------------------

    /// Whether it is an array.
    #[inline(always)]
    pub fn is_array(self) -> bool {
        self.kind() == CellKind::Array
    }
    /// Length of an array.
    #[inline(always)]
    pub fn array_length(self) -> u32 {
        debug_assert!(self.is_array());
        self.read(offset::ARRAY_LENGTH)
    }
    /// Sets the length word of an array, nothing else.
    #[inline(always)]
    pub fn set_array_length_raw(self, n: u32) {
        debug_assert!(self.is_array());
        self.write(offset::ARRAY_LENGTH, n);
    }
    /// The number of the literal that made an array, or 0.
    #[inline(always)]
    pub fn array_site(self) -> u32 {
        debug_assert!(self.is_array());
        self.read(offset::ARRAY_SITE)
    }
    /// Notes which literal made a fresh array.
    #[inline(always)]
    pub fn set_array_site(self, site: u32) {
        debug_assert!(self.is_array());
        self.write(offset::ARRAY_SITE, site);
    }

    // ---- functions ---------------------------------------------------------------------------------------------

    /// The function that a closure closes over.
    #[inline(always)]
    pub fn function_info(self) -> *mut FunctionInfo {
        debug_assert!(self.kind() == CellKind::Function);
        self.read(offset::FUNCTION_INFO)
    }
    /// The scope of a closure: a scope cell, or UNDEFINED.
    #[inline(always)]
    pub fn function_scope(self) -> Value {
        let v: Value = self.read(offset::FUNCTION_SCOPE);
        if v.is_empty() { Value::UNDEFINED } else { v }
    }
    /// The home object of a method, or UNDEFINED.
    #[inline(always)]
    pub fn function_home(self) -> Value {
        let v: Value = self.read(offset::FUNCTION_HOME);
        if v.is_empty() { Value::UNDEFINED } else { v }
    }
    /// Sets the scope of a closure that was made without.
    pub fn set_function_scope(self, heap: &mut Heap, scope: Value) {
        self.write(offset::FUNCTION_SCOPE, if scope.is_undefined() { Value::EMPTY } else { scope });
        self.barrier(heap);
    }
    /// Sets the home object.
    pub fn set_function_home(self, heap: &mut Heap, home: Obj) {
        self.write(offset::FUNCTION_HOME, home.value());
        self.barrier(heap);
    }
    /// The cached shape of what `new` of this closure makes.
    #[inline(always)]
    pub fn initial_shape(self) -> Option<ShapeId> {
        match self.read::<u32>(offset::FUNCTION_INITIAL_SHAPE) {
            0 => None,
            id => Some(ShapeId::from_u32(id)),
        }
    }
    /// Caches it, or forgets it.
    pub fn set_initial_shape(self, id: Option<ShapeId>) {
        self.write(offset::FUNCTION_INITIAL_SHAPE, id.map_or(0, |i| i.as_u32()));
    }
    /// Builtin id of a native function.
    #[inline(always)]
    pub fn native_id(self) -> u32 {
        debug_assert!(self.kind() == CellKind::NativeFunction);
        self.read(offset::NATIVE_ID)
    }

    // ---- internal slots of other kinds: they use the words after the prefix -------------------------------------

    /// Reads internal word `i` (from offset 24) of a BoundFunction, Error, Map, Set, Date, Primitive.
    #[inline(always)]
    pub fn internal(self, i: usize) -> Value {
        debug_assert!(!matches!(self.kind(), CellKind::Object | CellKind::Array | CellKind::Function));
        self.read(offset::INLINE + 8 * i as i32)
    }
    /// Writes internal word `i`.
    pub fn set_internal(self, heap: &mut Heap, i: usize, v: Value) {
        debug_assert!(!matches!(self.kind(), CellKind::Object | CellKind::Array | CellKind::Function));
        self.write(offset::INLINE + 8 * i as i32, v);
        self.barrier(heap);
    }
    /// Initializes the object prefix of a fresh cell.
    pub(super) fn init(self, shape: ShapeId, empty_elements: *mut Cell) {
        self.write(offset::SHAPE, shape.as_u32());
        self.write(offset::SLOTS, 0u64);
        self.write(offset::ELEMENTS, empty_elements);
    }
    /// Initializes the fields of a fresh closure.
    pub(super) fn init_function(self, info: *mut FunctionInfo, scope: Value) {
        self.write(offset::FUNCTION_INFO, info);
        self.write(offset::FUNCTION_SCOPE, if scope.is_undefined() { Value::EMPTY } else { scope });
        self.write(offset::FUNCTION_HOME, Value::EMPTY);
        self.write(offset::FUNCTION_INITIAL_SHAPE, 0u64);
    }
    /// Initializes the id of a fresh native function.
    pub(super) fn init_native(self, id: u32) {
        self.write(offset::NATIVE_ID, id as u64);
    }
}

/// Capacity rounded up so that header and data fill whole granules.
pub const fn odd_capacity(n: u32) -> u32 {
    n | 1
}

/// First entry of a Slots or Elements cell.
///
/// # Safety
/// `cell` points to such a cell.
#[inline(always)]
pub unsafe fn data(cell: *mut Cell) -> *mut Value {
    // SAFETY: the caller vouches for the cell.
    unsafe { cell.cast::<u8>().add(offset::DATA as usize).cast::<Value>() }
}

/// The write barrier: call after storing a value into a cell.
#[inline(always)]
pub fn barrier(heap: &mut Heap, cell: *mut Cell) {
    // SAFETY: callers pass live cells.
    unsafe {
        if (*cell).state == STATE_OLD {
            heap.remember(cell);
        }
    }
}

/// A scope cell: captured variables.
#[derive(Clone, Copy)]
pub struct Scope(NonNull<Cell>);

impl Scope {
    /// The scope in a register.
    ///
    /// # Panics
    /// If the value is no scope: the bytecode verifier's types exclude it.
    #[inline(always)]
    pub fn from_value(v: Value) -> Scope {
        debug_assert!(kind_of(v) == Some(CellKind::Scope), "{v:?} is no scope");
        Scope(NonNull::new(v.0 as *mut Cell).expect("scope register"))
    }
    /// As a value for a register.
    #[inline(always)]
    pub fn value(self) -> Value {
        Value(self.0.as_ptr() as u64)
    }
    /// Allocates a scope of HOLEs.
    pub fn new(heap: &mut Heap, parent: Value, count: u32) -> Scope {
        // SAFETY: the count, and the words that it speaks of, are written before anything else is allocated.
        let cell = unsafe { heap.alloc_uninit(16 + 8 * count as usize, CellKind::Scope) };
        let s = Scope(NonNull::new(cell).expect("allocation never returns null"));
        // SAFETY: the cell was allocated with room for parent and `count` slots.
        unsafe {
            (*cell).shape = count;
            let words = cell.cast::<Value>();
            words.add(1).write(if parent.is_undefined() { Value::EMPTY } else { parent });
            for i in 0..count as usize {
                words.add(2 + i).write(Value::HOLE);
            }
        }
        s
    }
    /// Sets the parent of a scope that was made without.
    pub fn set_parent(self, heap: &mut Heap, parent: Value) {
        // SAFETY: the parent is the first word behind the header.
        unsafe {
            let word = self.0.as_ptr().cast::<Value>().add(1);
            word.write(if parent.is_undefined() { Value::EMPTY } else { parent });
        }
        barrier(heap, self.0.as_ptr());
    }
    /// A copy with the same parent and values.
    pub fn copy(self, heap: &mut Heap) -> Scope {
        let count = self.count();
        let new = Scope::new(heap, self.parent(), count);
        for i in 0..count {
            new.set(heap, i, self.get(i));
        }
        new
    }
    /// Number of variables.
    #[inline(always)]
    pub fn count(self) -> u32 {
        // SAFETY: a scope cell's header holds its count.
        unsafe { self.0.as_ref().shape }
    }
    /// The enclosing scope or UNDEFINED.
    #[inline(always)]
    pub fn parent(self) -> Value {
        // SAFETY: word 1 of a scope is its parent.
        let v = unsafe { self.0.as_ptr().cast::<Value>().add(1).read() };
        if v.is_empty() { Value::UNDEFINED } else { v }
    }
    /// The scope `depth` parents up.
    #[inline(always)]
    pub fn ancestor(self, depth: u16) -> Scope {
        let mut s = self;
        for _ in 0..depth {
            s = Scope::from_value(s.parent());
        }
        s
    }
    /// Reads a variable.
    #[inline(always)]
    pub fn get(self, i: u32) -> Value {
        debug_assert!(i < self.count());
        // SAFETY: the frontend allots scope slots; index < count.
        unsafe { self.0.as_ptr().cast::<Value>().add(2 + i as usize).read() }
    }
    /// Writes a variable.
    #[inline(always)]
    pub fn set(self, heap: &mut Heap, i: u32, v: Value) {
        debug_assert!(i < self.count());
        // SAFETY: as in `get`.
        unsafe { self.0.as_ptr().cast::<Value>().add(2 + i as usize).write(v) };
        barrier(heap, self.0.as_ptr());
    }
}
