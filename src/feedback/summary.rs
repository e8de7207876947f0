//! The frozen view of feedback that compile threads work on.
//!
//! A compile must not look at the heap: the program goes on running while it works. So the main thread takes a
//! [`CompileInput`] first: the pristine bytecode of the function and of everything that might be inlined into it, what
//! each site has learnt, and, already resolved, what those guesses mean (which slot of which holder, which function is
//! the method, what a constant binding holds). Heap cells appear as bare words that compiled code may embed; whoever
//! holds the input or the code made from it keeps them alive ([`CompileInput::visit_roots`]).
//!
//! What was resolved may stop being true while the compile runs: each such fact names its [`Dependency`], and the code is
//! installed only if none of them has changed meanwhile.

mod inherited;
mod prototypes;

use super::slot::{
    Access, CallEntry, CallSlot, ElementSlot, FORWARDED_TARGET, LiteralSlot, MEGAMORPHIC, NATIVE_TARGET, PropertySlot,
    TypesSlot,
};
use crate::bytecode::function::FunctionCode;
use crate::bytecode::ops::{Insn, SlotKind};
use crate::runtime::builtins::table::Body;
use crate::runtime::builtins::{self, species, typed_array};
use crate::runtime::cell::CellKind;
use crate::runtime::function::{CELL_CONSTANT, ModuleCell, flags};
use crate::runtime::inline_cache::slot_offset;
use crate::runtime::object::{Obj, kind_of};
use crate::runtime::runtime::Runtime;
use crate::runtime::shape::{Attrs, ElementsKind, Integrity, Key, STRING_SHAPE, Sharing};
use crate::runtime::typed::ElementType;
use crate::runtime::value::Value;
use crate::vocab::ids::{FunctionId, ShapeId};
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use std::sync::Arc;

/// A fact outside the function that its code would rely on without a check.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Dependency {
    /// The module binding with this number is never assigned again.
    Binding(u32),
    /// Nothing happens to the watched object at this address that may concern all of its properties.
    Prototype(u64),
    /// The watched object keeps what it has, or has not, under this name: holder and key.
    Property(u64, u64),
}

/// Dependencies of one fact.
pub type Dependencies = SmallVec<[Dependency; 2]>;

/// A function as a call target.
#[derive(Clone, Debug)]
pub struct Callee {
    /// The closure cell, if it is always the same one; else 0.
    pub cell: u64,
    /// What is called.
    pub target: Target,
}

/// What a call target is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// A closure over this function.
    Function(FunctionId),
    /// The built-in with this id.
    Native(u32),
}

/// How a property access would be compiled for one receiver shape.
#[derive(Clone, Debug)]
pub enum PropertyAccess {
    /// Data slot of the receiver. `offset` is from the object (in-object) or from the slots cell.
    Own {
        /// In the object itself.
        inline: bool,
        /// Byte offset.
        offset: u16,
    },
    /// Data slot of a watched object. While the dependencies hold, it is there and, if it is steady, contains `value`.
    Prototype {
        /// The object that has it.
        holder: u64,
        /// In the object itself.
        inline: bool,
        /// Byte offset.
        offset: u16,
        /// Its value now.
        value: Value,
        /// It was never assigned since it was made: it counts as a constant.
        steady: bool,
        /// The value as a call target, if it is a function.
        callee: Option<Callee>,
        /// The prototypes passed through, holder included.
        depends: Dependencies,
    },
    /// `length` of an array.
    ArrayLength,
    /// `length` of a string.
    StringLength,
    /// `length` of a typed array.
    TypedLength {
        /// The whole prototype chain.
        depends: Dependencies,
    },
    /// A getter or setter.
    Accessor {
        /// The function.
        callee: Option<Callee>,
        /// The prototypes passed through.
        depends: Dependencies,
    },
    /// There is no such property.
    Absent {
        /// The whole prototype chain.
        depends: Dependencies,
    },
    /// A store that adds the property.
    Add {
        /// In the object itself.
        inline: bool,
        /// Byte offset.
        offset: u16,
        /// Shape afterwards.
        shape: ShapeId,
        /// The whole prototype chain.
        depends: Dependencies,
    },
}

/// One receiver shape of a property site.
#[derive(Clone, Debug)]
pub struct PropertyCase {
    /// Shape (or pseudo shape of a primitive type) of the receiver.
    pub shape: ShapeId,
    /// Kind of cell with that shape; None for numbers and booleans.
    pub kind: Option<CellKind>,
    /// What to do.
    pub access: PropertyAccess,
}

/// One receiver shape of an element site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElementCase {
    /// Shape before.
    pub shape: ShapeId,
    /// Whether it is an array (else a plain object or a string).
    pub kind: CellKind,
    /// Elements kind before.
    pub elements: ElementsKind,
    /// Shape after a store.
    pub stored: ShapeId,
    /// Elements kind after a store.
    pub stored_elements: ElementsKind,
}

/// One target of a call site.
#[derive(Clone, Debug)]
pub struct CallCase {
    /// What is called.
    pub callee: Callee,
    /// How often.
    pub count: u32,
    /// If it is a constructor whose objects' shape is known: that shape.
    pub construct: Option<Construct>,
}

/// What `new` of a closure makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Construct {
    /// Shape of the fresh object. Guard: the closure's cached initial shape still is this.
    pub shape: ShapeId,
    /// In-object slots of that shape.
    pub inline_slots: u8,
}

/// What a site has learnt.
#[derive(Clone, Debug)]
pub enum Site {
    /// Operator or branch.
    Types(TypesSlot),
    /// Named property access. `megamorphic`: more shapes than the cases.
    Property {
        /// Cases, most recent last; stale ones are left out.
        cases: Vec<PropertyCase>,
        /// More than four shapes were seen.
        megamorphic: bool,
        /// The site has been executed at all.
        executed: bool,
    },
    /// Indexed access or iteration.
    Element {
        /// `feedback::slot::element` bits.
        flags: u16,
        /// Receiver shapes.
        cases: SmallVec<[ElementCase; 4]>,
        /// More than four shapes were seen.
        megamorphic: bool,
    },
    /// Call.
    Call {
        /// Targets, most frequent first.
        cases: Vec<CallCase>,
        /// What `call` or `apply`, called here, were asked to call, most frequent first; empty if that was too much.
        forwarded: Vec<CallCase>,
        /// More than four targets, or targets that are no closures or built-ins.
        megamorphic: bool,
        /// Calls in all.
        count: u64,
    },
    /// Literal.
    Literal {
        /// Shape that the object or array starts with.
        shape: Option<ShapeId>,
        /// Its elements kind.
        elements: ElementsKind,
        /// Its in-object slots.
        inline_slots: u8,
        /// Cached object, or 0.
        cached: u64,
        /// The number that arrays remember it by, or 0.
        number: u32,
    },
}

/// A module binding as seen when the input was taken.
#[derive(Clone, Debug)]
pub struct CellView {
    /// Address of the cell.
    pub address: usize,
    /// The binding's number.
    pub binding: u32,
    /// Value now.
    pub value: Value,
    /// Assigned once and for all so far: usable as a constant under `Dependency::Binding`.
    pub constant: bool,
    /// Whether the cell has been initialized (no TDZ check needed: it never becomes uninitialized again).
    pub initialized: bool,
    /// The value as a call target, if it is a function.
    pub callee: Option<Callee>,
}

/// A function and what it has learnt.
#[derive(Debug)]
pub struct FunctionView {
    /// Id.
    pub id: FunctionId,
    /// Bytecode and facts.
    pub function: Arc<FunctionCode>,
    /// `runtime::function::flags`.
    pub flags: u32,
    /// Address of its `FunctionInfo`.
    pub info: usize,
    /// Constant pool; empty if the function has never run.
    pub constants: Vec<Value>,
    /// Calls that were counted, as far as is known: what frequencies of calls are relative to.
    pub invocations: u32,
    /// The functions that `new_closure` refers to.
    pub children: Vec<FunctionId>,
    /// If it says `super` and has been made a method once only: that closure, which is one of the input's; else 0.
    pub sole_method: u64,
    sites: FxHashMap<u16, Site>,
    cells: FxHashMap<u16, CellView>,
}

impl FunctionView {
    /// What the slot with this unit index has learnt. None: the function has never run.
    pub fn site(&self, slot: u16) -> Option<&Site> {
        self.sites.get(&slot)
    }
    /// The cases of all element sites.
    pub fn element_cases(&self) -> impl Iterator<Item = &ElementCase> {
        self.sites.values().flat_map(|site| match site {
            Site::Element { cases, .. } => &cases[..],
            Site::Types(_) | Site::Property { .. } | Site::Call { .. } | Site::Literal { .. } => &[],
        })
    }
    /// Types of an operator site; all zero if it has never run.
    pub fn types(&self, slot: u16) -> TypesSlot {
        match self.sites.get(&slot) {
            Some(Site::Types(t)) => *t,
            _never_run => TypesSlot::default(),
        }
    }
    /// A module cell that the function's bytecode names.
    pub fn cell(&self, cell: u16) -> Option<&CellView> {
        self.cells.get(&cell)
    }
    /// Bytecode units: the size that inlining limits are about.
    pub fn size(&self) -> usize {
        self.function.code.len()
    }
}

/// How much may be looked at for inlining.
#[derive(Clone, Copy, Debug)]
pub struct ViewLimits {
    /// Calls deep.
    pub depth: u32,
    /// Functions larger than this many bytecode units are not taken along.
    pub max_size: usize,
    /// Functions in all.
    pub max_functions: usize,
}

/// Everything a compile of one function may know.
#[derive(Clone, Debug)]
pub struct CompileInput {
    /// The function to compile.
    pub root: FunctionId,
    /// It and its inlining candidates.
    pub functions: FxHashMap<FunctionId, Arc<FunctionView>>,
    /// Closure addresses mapped to their function and its scope: constants that turn out to be closures.
    pub closures: FxHashMap<u64, ClosureView>,
    /// Layout of every shape that some case names.
    pub shapes: FxHashMap<ShapeId, ShapeView>,
    /// What `super.name` means in methods of a home object, by home object and name.
    pub supers: FxHashMap<(u64, u64), Inherited>,
    /// The `prototype` of functions that some site calls or some constant is, by address.
    pub prototypes: FxHashMap<u64, PrototypeView>,
    /// What fresh objects of a shape inherit under a name.
    pub inherited: FxHashMap<(ShapeId, u64), Inherited>,
    /// Facts of every function that some site calls, taken along or not.
    pub targets: FxHashMap<FunctionId, TargetView>,
    /// The closures that are the prelude's bodies of natives which some site calls.
    pub bodies: FxHashMap<u32, u64>,
    /// A native with a body is called, but the prelude has not been loaded.
    wants_prelude: bool,
    /// Shape of a fresh closure.
    pub closure_shape: ShapeId,
    /// Shapes of a fresh `arguments`: one that keeps to itself, and one that is tied to parameters.
    pub arguments_shapes: [ShapeId; 2],
    /// Shapes of fresh arrays, by kind.
    pub array_shapes: [ShapeId; ElementsKind::ALL.len()],
    /// What keeps `Array.prototype` and what it inherits from free of indexed properties; `None`: they have some.
    pub array_prototypes: Option<Dependencies>,
    /// The same of `String.prototype`.
    pub string_prototypes: Option<Dependencies>,
    /// Values of watched properties that are objects, by address.
    pub objects: FxHashSet<u64>,
    /// Values that the input refers to.
    roots: Vec<Value>,
}

/// What a caller must know of a function.
#[derive(Clone, Copy, Debug)]
pub struct TargetView {
    /// Address of its `FunctionInfo`.
    pub info: usize,
    /// Positional parameters.
    pub nparams: u16,
    /// `runtime::function::flags`.
    pub flags: u32,
    /// Bytecode units.
    pub size: usize,
}

/// A data property of a prototype, constant while the dependencies hold.
#[derive(Clone, Debug)]
pub struct Inherited {
    /// Its value now.
    pub value: Value,
    /// The value as a call target, if it is a function.
    pub callee: Option<Callee>,
    /// The prototypes passed through, holder included; of `super.name` the home object as well.
    pub depends: Dependencies,
}

/// The `prototype` of a function: an object.
#[derive(Clone, Copy, Debug)]
pub struct PrototypeView {
    /// The object.
    pub value: Value,
    /// Where the function has it, unless it can never change: the function's shape, and whether and at which byte offset it
    /// is in the function itself.
    pub place: Option<(ShapeId, bool, u16)>,
}

/// A closure that may be embedded as a constant.
#[derive(Clone, Copy, Debug)]
pub struct ClosureView {
    /// Its function.
    pub function: FunctionId,
    /// Its scope: a cell or UNDEFINED.
    pub scope: Value,
    /// Its home object or UNDEFINED.
    pub home: Value,
    /// Its shape, of which its prototype is a part.
    pub shape: ShapeId,
    /// If it is a class's constructor whose parent is a closure: the parent, which is one of the closures here; else 0.
    pub parent: u64,
    /// If it has constructed objects: what it makes.
    pub construct: Option<Construct>,
    /// The field initializer of the class that it is the constructor of, which is one of the closures here; else 0.
    pub initializer: u64,
}

/// Layout facts of a shape.
#[derive(Clone, Copy, Debug)]
pub struct ShapeView {
    /// Kind of cell.
    pub kind: CellKind,
    /// Elements kind.
    pub elements: ElementsKind,
    /// In-object slots.
    pub inline_slots: u8,
    /// An array that inherits from `Array.prototype`, can grow, and has all of its indexed properties in its elements.
    pub is_plain_array: bool,
    /// A plain array without a `constructor` of its own, where that of `Array.prototype` is `Array`.
    pub makes_plain_arrays: bool,
    /// An array or a typed array that inherits what all of them do and has no iterator method of its own.
    pub iterates_natively: bool,
}

impl CompileInput {
    /// The view of a function, if it was taken along.
    pub fn view(&self, id: FunctionId) -> Option<&Arc<FunctionView>> {
        self.functions.get(&id)
    }
    /// The same facts for a compile of another function that was taken along.
    pub fn rooted_at(&self, root: FunctionId) -> CompileInput {
        debug_assert!(self.functions.contains_key(&root), "only functions that were taken along have a view");
        CompileInput { root, ..self.clone() }
    }
    /// Visits the heap cells that must outlive the compile and its code.
    pub fn visit_roots(&self, visit: &mut impl FnMut(Value)) {
        self.roots.iter().for_each(|v| visit(*v));
    }
    /// The same, to be kept with the code.
    pub fn roots(&self) -> &[Value] {
        &self.roots
    }

    /// Takes the input for a compile of `root`, on the main thread.
    pub fn take(rt: &mut Runtime, root: FunctionId, limits: ViewLimits) -> CompileInput {
        let input = CompileInput::take_once(rt, root, limits);
        if !input.wants_prelude {
            return input;
        }
        (rt.hooks.load_prelude)(rt);
        CompileInput::take_once(rt, root, limits)
    }

    fn take_once(rt: &mut Runtime, root: FunctionId, limits: ViewLimits) -> CompileInput {
        let function_proto = rt.realm.function_proto.value();
        let closure_shape = rt.shapes.root(CellKind::Function, function_proto, ElementsKind::HoleyAny, 0);
        let mut input = CompileInput {
            arguments_shapes: [rt.library.arguments_shape, rt.library.mapped_arguments_shape],
            supers: FxHashMap::default(),
            objects: FxHashSet::default(),
            inherited: FxHashMap::default(),
            prototypes: FxHashMap::default(),
            targets: FxHashMap::default(),
            bodies: FxHashMap::default(),
            wants_prelude: false,
            closure_shape,
            array_shapes: ElementsKind::ALL.map(|kind| rt.array_shape(kind)),
            array_prototypes: without_elements(rt, rt.realm.array_proto),
            string_prototypes: without_elements(rt, rt.realm.string_proto),
            root,
            functions: FxHashMap::default(),
            closures: FxHashMap::default(),
            shapes: FxHashMap::default(),
            roots: Vec::new(),
        };
        for kind in ElementsKind::ALL {
            let shape = input.array_shapes[kind as usize];
            Taker { rt, input: &mut input, callees: Vec::new(), calls_bodies: false }.shape(shape.as_u32());
        }
        let mut work = vec![(root, 0)];
        loop {
            while let Some((id, depth)) = work.pop() {
                let callees = input.take_along(rt, id, depth, limits);
                work.extend(callees.into_iter().map(|c| (c, depth + 1)));
            }
            let mut taker = Taker { rt, input: &mut input, callees: Vec::new(), calls_bodies: false };
            taker.members_of_fresh_objects();
            work.extend(taker.callees.into_iter().map(|c| (c, 1)));
            if work.is_empty() {
                return input;
            }
        }
    }

    /// Takes a function along if the limits allow it. The result is what it calls.
    fn take_along(&mut self, rt: &mut Runtime, id: FunctionId, depth: u32, limits: ViewLimits) -> Vec<FunctionId> {
        let info = rt.function(id);
        let target = TargetView {
            info: std::ptr::from_ref(info) as usize,
            nparams: info.nparams,
            flags: info.flags,
            size: info.function.code.len(),
        };
        self.targets.insert(id, target);
        let full = self.functions.len() >= limits.max_functions;
        let small = target.size <= limits.max_size;
        if self.functions.contains_key(&id) || (id != self.root && (full || !small || depth > limits.depth)) {
            return vec![];
        }
        let mut taker = Taker { rt, input: self, callees: Vec::new(), calls_bodies: false };
        let view = taker.view(id);
        let callees = std::mem::take(&mut taker.callees);
        self.functions.insert(id, Arc::new(view));
        callees
    }
}

/// The name of the property that an instruction is about; `undefined` if it is about none.
fn name_of(insn: &Insn, constants: &[Value]) -> Value {
    let name = match insn {
        Insn::GetProp { name, .. } | Insn::SetProp { name, .. } | Insn::GetGlobal { name, .. } => *name,
        _no_name => return Value::UNDEFINED,
    };
    constants.get(name as usize).copied().unwrap_or(Value::UNDEFINED)
}

/// That a watched object keeps what it has, or has not, under a name.
fn keeps(o: Obj, name: Value) -> [Dependency; 2] {
    [Dependency::Prototype(o.value().0), Dependency::Property(o.value().0, name.0)]
}

/// What keeps a prototype and what it inherits from free of indexed properties, if they are.
fn without_elements(rt: &Runtime, prototype: Obj) -> Option<Dependencies> {
    let mut depends = Dependencies::new();
    let mut at = Some(prototype);
    while let Some(p) = at {
        if p.elements_capacity() > 0 || rt.shapes.of(p).has_index_names || !p.is_prototype() {
            return None;
        }
        depends.push(Dependency::Prototype(p.value().0));
        at = Obj::from_value(rt.shapes.of(p).proto);
    }
    Some(depends)
}

struct Taker<'a> {
    rt: &'a mut Runtime,
    input: &'a mut CompileInput,
    callees: Vec<FunctionId>,
    /// The function calls natives that have bodies.
    calls_bodies: bool,
}

impl Taker<'_> {
    fn view(&mut self, id: FunctionId) -> FunctionView {
        let (info_address, function, bits, constants, invocations, prepared, feedback, cells) = {
            let f = &*self.rt.functions[id.as_u32() as usize];
            let address = std::ptr::from_ref(f) as usize;
            let constants = f.constants().to_vec();
            let calls = f.earlier_calls.saturating_add(f.invocations);
            (address, f.function.clone(), f.flags, constants, calls, f.is_prepared(), f.feedback, f.cells)
        };
        self.input.roots.extend_from_slice(&constants);
        // SAFETY: infos live as long as the runtime.
        let children: Vec<FunctionId> =
            self.rt.function(id).children.iter().map(|child| unsafe { (**child).id }).collect();
        let mut view = FunctionView {
            id,
            function: function.clone(),
            flags: bits,
            info: info_address,
            constants,
            invocations,
            children,
            sole_method: 0,
            sites: FxHashMap::default(),
            cells: FxHashMap::default(),
        };
        if prepared {
            for s in &function.slots {
                // SAFETY: the slot table describes the feedback vector of a prepared function.
                let at = unsafe { feedback.add(s.index as usize) };
                let insn = Insn::decode(&function.code, s.offset as usize);
                // SAFETY: the kind is the slot's.
                let site = unsafe {
                    match s.kind {
                        SlotKind::Types => Site::Types(at.cast::<TypesSlot>().read()),
                        SlotKind::Property => self.property(&at.cast::<PropertySlot>().read(), &insn, &view.constants),
                        SlotKind::Element => self.element(&at.cast::<ElementSlot>().read()),
                        SlotKind::Call => self.call(&at.cast::<CallSlot>().read()),
                        SlotKind::Literal => self.literal(&at.cast::<LiteralSlot>().read()),
                    }
                };
                view.sites.insert(s.index, site);
            }
        }
        view.sole_method = self.sole_method(id);
        for (_, insn) in function.instructions() {
            if let Insn::GetModule { cell, .. } | Insn::SetModule { cell, .. } | Insn::InitModule { cell, .. } = insn {
                // SAFETY: the frontend numbers module cells within the module's table.
                let c = unsafe { cells.add(cell as usize) };
                let cell_view = self.cell(c);
                view.cells.insert(cell, cell_view);
            }
        }
        if self.calls_bodies {
            // What is passed to them may be inlined into them.
            self.callees.extend_from_slice(&view.children);
        }
        view
    }

    /// Notes the body of a native that is called, if it has one.
    fn body(&mut self, native: u32) {
        if builtins::knowledge(native).body == Body::None {
            return;
        }
        self.calls_bodies = true;
        if !self.rt.prelude.is_loaded() {
            self.input.wants_prelude = true;
        } else if let Some(body) = self.rt.prelude.body_of(native) {
            self.input.bodies.insert(native, body.value().0);
            self.callee(body.value());
        }
    }

    fn cell(&mut self, c: *mut ModuleCell) -> CellView {
        // SAFETY: see the caller; module cells live as long as the runtime.
        let ModuleCell { value, state, binding } = unsafe { *c };
        let constant = state == CELL_CONSTANT;
        let callee = if constant { self.callee(value) } else { None };
        if constant {
            self.input.roots.push(value);
        }
        CellView { address: c as usize, binding, value, constant, initialized: !value.is_hole(), callee }
    }

    /// A value as a call target; notes it as an inlining candidate.
    fn callee(&mut self, v: Value) -> Option<Callee> {
        let o = Obj::from_value(v).filter(|o| o.is_callable())?;
        match o.kind() {
            CellKind::Function => {
                // SAFETY: infos live as long as the runtime.
                let id = unsafe { (*o.function_info()).id };
                self.input.roots.push(v);
                self.callees.push(id);
                if !self.input.closures.contains_key(&v.0) {
                    self.closure(o, id);
                }
                self.prototype(o);
                Some(Callee { cell: v.0, target: Target::Function(id) })
            }
            CellKind::NativeFunction => {
                self.input.roots.push(v);
                self.prototype(o);
                self.body(o.native_id());
                Some(Callee { cell: v.0, target: Target::Native(o.native_id()) })
            }
            _bound => None,
        }
    }

    /// Notes a closure and, if it constructs for a class, the parents of the class.
    fn closure(&mut self, o: Obj, function: FunctionId) {
        let construct = o.initial_shape().map(|id| {
            self.shape(id.as_u32());
            Construct { shape: id, inline_slots: self.rt.shapes.get(id).inline_capacity }
        });
        let shape = self.shape(o.shape_id().as_u32());
        let derived = self.rt.function(function).flags & flags::DERIVED != 0;
        let parent = Obj::from_value(self.rt.proto_of(o)).filter(|p| derived && p.kind() == CellKind::Function);
        let (scope, home) = (o.function_scope(), o.function_home());
        let initializer = crate::runtime::ops::class::field_initializer(self.rt, o);
        let address = |o: Option<Obj>| o.map_or(0, |o| o.value().0);
        let (parent_address, initializer_address) = (address(parent), address(initializer));
        let view = ClosureView {
            function,
            scope,
            home,
            shape,
            parent: parent_address,
            construct,
            initializer: initializer_address,
        };
        self.input.closures.insert(o.value().0, view);
        self.supers(o, function);
        for also in parent.into_iter().chain(initializer) {
            self.callee(also.value());
        }
    }

    /// Whether a shape that feedback remembers is still there: a shape of one object's own ends with a change or with it.
    fn is_known(&self, shape: u32) -> bool {
        shape <= crate::runtime::shape::BOOLEAN_SHAPE || self.rt.shapes.get_live(ShapeId::from_u32(shape)).is_some()
    }

    fn shape(&mut self, id: u32) -> ShapeId {
        let id = ShapeId::from_u32(id);
        if id.as_u32() > crate::runtime::shape::BOOLEAN_SHAPE {
            let array_makes_arrays = species::array_makes_arrays(self.rt);
            let s = self.rt.shapes.get(id);
            let is_plain_array = s.kind == CellKind::Array
                && s.proto == self.rt.realm.array_proto.value()
                && s.integrity == Integrity::Extensible
                && !s.has_index_names;
            let inherits_natively = match ElementType::of(s.kind) {
                Some(ty) => s.proto == self.rt.library.home(typed_array::homes(ty).1).value(),
                None => s.kind == CellKind::Array && s.proto == self.rt.realm.array_proto.value(),
            };
            let constructor = Key(self.rt.atoms.names.constructor.value());
            let iterator = Key(self.rt.library.symbol_iterator);
            let view = ShapeView {
                kind: s.kind,
                elements: s.elements,
                inline_slots: s.inline_capacity,
                is_plain_array,
                iterates_natively: inherits_natively && s.find(iterator).is_none(),
                makes_plain_arrays: is_plain_array && s.find(constructor).is_none() && array_makes_arrays,
            };
            self.input.shapes.insert(id, view);
        }
        id
    }

    /// The prototypes from the receiver's shape up to `holder` (or to the end), and what they have under the name, as
    /// dependencies.
    fn chain(&self, shape: u32, holder: Option<u64>, name: Value) -> Dependencies {
        let mut depends = Dependencies::new();
        let first = if shape > crate::runtime::shape::BOOLEAN_SHAPE {
            self.rt.shapes.get(ShapeId::from_u32(shape)).proto
        } else {
            let start = match shape {
                STRING_SHAPE => self.rt.realm.string_proto,
                crate::runtime::shape::SYMBOL_SHAPE => self.rt.realm.symbol_proto,
                crate::runtime::shape::NUMBER_SHAPE => self.rt.realm.number_proto,
                _boolean => self.rt.realm.boolean_proto,
            };
            start.value()
        };
        let mut at = Obj::from_value(first);
        while let Some(o) = at {
            depends.extend(keeps(o, name));
            if Some(o.value().0) == holder {
                break;
            }
            at = Obj::from_value(self.rt.shapes.of(o).proto);
        }
        depends
    }

    fn property(&mut self, s: &PropertySlot, insn: &Insn, constants: &[Value]) -> Site {
        let executed = s.misses > 0 || s.len > 0;
        let name = name_of(insn, constants);
        if let Insn::GetGlobal { .. } = insn {
            let cases = self.global(name).into_iter().collect();
            return Site::Property { cases, megamorphic: false, executed };
        }
        let fresh = s.epoch == self.rt.head.proto_epoch;
        let mut cases = Vec::new();
        for e in &s.entries {
            let stale_matters = !matches!(
                e.access,
                Access::None | Access::Inline | Access::OutOfLine | Access::ArrayLength | Access::StringLength
            );
            if e.access == Access::None || (stale_matters && !fresh) || !self.is_known(e.shape) {
                continue;
            }
            let shape = self.shape(e.shape);
            let kind = match e.shape {
                STRING_SHAPE => Some(CellKind::String),
                crate::runtime::shape::SYMBOL_SHAPE => Some(CellKind::Symbol),
                n if n > crate::runtime::shape::BOOLEAN_SHAPE => Some(self.rt.shapes.get(shape).kind),
                _primitive => None,
            };
            let access = match e.access {
                Access::Inline | Access::OutOfLine => {
                    let inline = e.access == Access::Inline;
                    match self.namespace(shape).filter(|_| matches!(insn, Insn::GetProp { .. })) {
                        Some(holder) => {
                            let depends = Dependencies::from_slice(&keeps(holder, name));
                            let Some(access) = self.watched(holder, name, depends) else { continue };
                            access
                        }
                        None => PropertyAccess::Own { inline, offset: e.offset },
                    }
                }
                Access::ProtoInline | Access::ProtoOutOfLine => {
                    let Some(holder) = Obj::from_value(Value(e.payload)) else { continue };
                    let depends = self.chain(e.shape, Some(e.payload), name);
                    let Some(access) = self.watched(holder, name, depends) else { continue };
                    access
                }
                Access::ArrayLength => PropertyAccess::ArrayLength,
                Access::StringLength => PropertyAccess::StringLength,
                Access::TypedLength => PropertyAccess::TypedLength { depends: self.chain(e.shape, None, name) },
                Access::Accessor => {
                    let callee = self.callee(Value(e.payload));
                    PropertyAccess::Accessor { callee, depends: self.chain(e.shape, None, name) }
                }
                Access::Absent => PropertyAccess::Absent { depends: self.chain(e.shape, None, name) },
                Access::AddInline | Access::AddOutOfLine if !self.is_known(e.payload as u32) => continue,
                Access::AddInline | Access::AddOutOfLine => PropertyAccess::Add {
                    inline: e.access == Access::AddInline,
                    offset: e.offset,
                    shape: self.shape(e.payload as u32),
                    depends: self.chain(e.shape, None, name),
                },
                Access::None => continue,
            };
            cases.push(PropertyCase { shape, kind, access });
        }
        Site::Property { cases, megamorphic: s.len == MEGAMORPHIC, executed }
    }

    /// The part of the library (`Math`, a class) whose own shape this is: they are watched like prototypes.
    fn namespace(&self, shape: ShapeId) -> Option<Obj> {
        if shape.as_u32() <= crate::runtime::shape::BOOLEAN_SHAPE
            || self.rt.shapes.get(shape).sharing != Sharing::Unique
        {
            return None;
        }
        self.rt.library.homes().find(|o| o.shape_id() == shape && o.is_prototype())
    }

    /// What a global is that nothing declares, whatever has been seen of it.
    fn global(&mut self, name: Value) -> Option<PropertyCase> {
        let holder = self.rt.realm.global;
        if !holder.is_prototype() {
            return None;
        }
        let access = self.watched(holder, name, Dependencies::from_slice(&keeps(holder, name)))?;
        Some(PropertyCase { shape: self.shape(holder.shape_id().as_u32()), kind: Some(holder.kind()), access })
    }

    /// Access to a data property that a watched object has now.
    fn watched(&mut self, holder: Obj, name: Value, depends: Dependencies) -> Option<PropertyAccess> {
        let shape = self.rt.shapes.of(holder);
        let p = shape.find(Key(name)).filter(|p| !p.attrs.has(Attrs::ACCESSOR))?;
        let (inline, offset) = slot_offset(shape.inline_capacity, p.slot)?;
        let value = holder.slot(shape, p.slot);
        let steady = !self.rt.is_variable(holder, Key(name));
        self.input.roots.push(holder.value());
        let callee = if steady {
            self.input.roots.push(value);
            if Obj::from_value(value).is_some() {
                self.input.objects.insert(value.0);
            }
            self.callee(value)
        } else {
            None
        };
        Some(PropertyAccess::Prototype { holder: holder.value().0, inline, offset, value, steady, callee, depends })
    }

    fn element(&mut self, s: &ElementSlot) -> Site {
        let n = if s.len == MEGAMORPHIC { 4 } else { s.len as usize };
        let mut cases = SmallVec::new();
        for i in 0..n {
            let (before, after) = (s.shapes[i], s.stored[i]);
            if before <= crate::runtime::shape::BOOLEAN_SHAPE {
                if before == STRING_SHAPE {
                    cases.push(ElementCase {
                        shape: ShapeId::from_u32(before),
                        kind: CellKind::String,
                        elements: ElementsKind::Any,
                        stored: ShapeId::from_u32(before),
                        stored_elements: ElementsKind::Any,
                    });
                }
                continue;
            }
            // A dictionary that the site once saw may be gone with its object.
            let live = |id: u32| self.rt.shapes.get_live(ShapeId::from_u32(id)).map(|s| (s.kind, s.elements));
            let (Some((kind, elements)), Some((_, stored_elements))) = (live(before), live(after)) else { continue };
            let (shape, stored) = (self.shape(before), self.shape(after));
            cases.push(ElementCase { shape, kind, elements, stored, stored_elements });
        }
        Site::Element { flags: s.flags, cases, megamorphic: s.len == MEGAMORPHIC }
    }

    fn call(&mut self, s: &CallSlot) -> Site {
        let (mut cases, mut forwarded) = (Vec::new(), Vec::new());
        for e in s.entries.iter().filter(|e| e.target != 0) {
            if e.target < NATIVE_TARGET && e.target & FORWARDED_TARGET != 0 {
                forwarded.push(self.call_case(&CallEntry { target: e.target & !FORWARDED_TARGET, ..*e }));
            } else {
                cases.push(self.call_case(e));
            }
        }
        if s.forwards_many != 0 {
            forwarded.clear();
        }
        cases.sort_by_key(|c| std::cmp::Reverse(c.count));
        forwarded.sort_by_key(|c| std::cmp::Reverse(c.count));
        Site::Call { cases, forwarded, megamorphic: s.len == MEGAMORPHIC, count: s.count }
    }

    fn call_case(&mut self, e: &CallEntry) -> CallCase {
        let mut construct = None;
        if kind_of(Value(e.callee)) == Some(CellKind::Function)
            && let Some(o) = Obj::from_value(Value(e.callee))
        {
            self.callee(o.value());
            if let Some(id) = o.initial_shape() {
                self.shape(id.as_u32());
                let inline_slots = self.rt.shapes.get(id).inline_capacity;
                construct = Some(Construct { shape: id, inline_slots });
            }
        }
        let target = if e.target >= NATIVE_TARGET {
            if e.callee != 0 {
                self.input.roots.push(Value(e.callee));
            }
            self.body(e.target - NATIVE_TARGET);
            Target::Native(e.target - NATIVE_TARGET)
        } else {
            let id = FunctionId::from_u32(e.target - 1);
            self.callees.push(id);
            Target::Function(id)
        };
        CallCase { callee: Callee { cell: e.callee, target }, count: e.count, construct }
    }

    fn literal(&mut self, s: &LiteralSlot) -> Site {
        if s.cached != 0 {
            self.input.roots.push(Value(s.cached));
        }
        if s.shape == 0 {
            return Site::Literal {
                shape: None,
                elements: ElementsKind::Int,
                inline_slots: 0,
                cached: s.cached,
                number: 0,
            };
        }
        let id = self.shape(s.shape);
        let shape = self.rt.shapes.get(id);
        Site::Literal {
            shape: Some(id),
            elements: shape.elements,
            inline_slots: shape.inline_capacity,
            cached: s.cached,
            number: s.site,
        }
    }
}

/// Whether a function may be inlined at all, whatever its size: there must be something to go by.
pub fn can_inline(view: &FunctionView) -> bool {
    let has_run = view.constants.len() == view.function.constants.len();
    has_run && (!view.sites.is_empty() || view.function.slots.is_empty())
}
