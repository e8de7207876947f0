//! Calling and constructing from Rust, and what `new` needs to know.

use super::cell::CellKind;
use super::function::{FunctionInfo, GenericEntry, flags};
use super::object::Obj;
use super::runtime::{JsResult, Runtime, Thrown, inline_slots};
use super::shape::SLACK;
use super::shape::{ElementsKind, PropertyKey};
use super::value::Value;
use crate::bytecode::ops::{Insn, Reg};
use crate::vocab::ids::ShapeId;

/// Slots that objects of a constructor are given at most because others had that many.
const MAX_LEARNT_SLOTS: u32 = 40;

impl Runtime {
    /// Calls a function. The arguments are copied to the VM stack, where the collector sees them.
    #[inline]
    pub fn call(&mut self, callee: Value, this: Value, args: &[Value]) -> JsResult {
        let Some(f) = Obj::from_value(callee).filter(|f| f.is_callable()) else {
            let what = super::builtins::iteration::describe_typed(self, callee);
            return self.throw_type(&format!("{what} is not a function"));
        };
        if f.kind() == CellKind::Function {
            // SAFETY: infos live as long as the runtime.
            let info = unsafe { &*f.function_info() };
            if info.flags & flags::CLASS_CONSTRUCTOR != 0 {
                return self.throw_class_called(f);
            }
        }
        self.call_raw(f, this, args, Value::UNDEFINED)
    }

    /// `new callee(...args)` with `new.target` given.
    pub fn construct(&mut self, callee: Value, args: &[Value], new_target: Obj) -> JsResult {
        let Some(f) = Obj::from_value(callee).filter(|f| self.is_constructor(*f)) else {
            let what = self.describe_for_error(callee);
            return self.throw_type(&format!("{what} is not a constructor"));
        };
        let this = self.construct_this(f, new_target)?;
        let result = self.call_raw(f, this, args, new_target.value())?;
        Ok(if Obj::from_value(result).is_some() { result } else { this })
    }

    /// Whether an object may be the target of `new`.
    pub fn is_constructor(&self, f: Obj) -> bool {
        match f.kind() {
            // SAFETY: infos live as long as the runtime.
            CellKind::Function => unsafe { (*f.function_info()).flags & flags::CONSTRUCTOR != 0 },
            CellKind::NativeFunction => super::builtins::is_constructor(f.native_id()),
            CellKind::BoundFunction => Obj::from_value(f.internal(0)).is_some_and(|t| self.is_constructor(t)),
            _not_callable => false,
        }
    }

    /// What `this` is when the constructor `f` starts: a fresh object, or HOLE if it makes its object itself.
    pub fn construct_this(&mut self, f: Obj, new_target: Obj) -> JsResult {
        if f.kind() != CellKind::Function {
            return Ok(Value::HOLE);
        }
        // SAFETY: infos live as long as the runtime.
        let derived = unsafe { (*f.function_info()).flags & flags::DERIVED != 0 };
        if derived {
            return Ok(Value::HOLE);
        }
        let shape = self.initial_shape(new_target)?;
        Ok(self.new_object(shape).value())
    }

    /// The shape of a fresh object that `new` of this constructor makes, cached on it.
    pub fn initial_shape(&mut self, new_target: Obj) -> JsResult<ShapeId> {
        if new_target.kind() == CellKind::Function
            && let Some(id) = new_target.initial_shape()
        {
            return Ok(match self.shapes.count_construction(id) {
                Some(slots) => self.make_room(new_target, id, slots),
                None => id,
            });
        }
        let key = PropertyKey::Name(self.atoms.names.prototype.into());
        let proto = self.get(new_target.value(), key)?;
        let proto = match Obj::from_value(proto) {
            Some(p) => {
                self.become_prototype(p);
                proto
            }
            None => self.realm.object_proto.value(),
        };
        let slots = inline_slots(self.estimated_slots(new_target) + SLACK);
        let shape = self.shapes.root(CellKind::Object, proto, ElementsKind::HoleyAny, slots);
        if new_target.kind() == CellKind::Function {
            new_target.set_initial_shape(Some(shape));
        }
        Ok(shape)
    }

    /// The shape for a constructor's next objects, given how many slots its objects so far have come to use.
    fn make_room(&mut self, constructor: Obj, id: ShapeId, slots: u32) -> ShapeId {
        let old = self.shapes.get(id);
        let wanted = inline_slots(slots.min(MAX_LEARNT_SLOTS));
        if wanted <= old.inline_capacity {
            return id;
        }
        let (kind, proto, elements) = (old.kind, old.proto, old.elements);
        let shape = self.shapes.root(kind, proto, elements, wanted);
        constructor.set_initial_shape(Some(shape));
        shape
    }

    /// How many properties a constructor (with its parents) will give an object: counted in its text.
    fn estimated_slots(&mut self, constructor: Obj) -> u32 {
        let mut total = 0;
        let mut at = Some(constructor);
        while let Some(c) = at.filter(|c| c.kind() == CellKind::Function) {
            // SAFETY: infos live as long as the runtime, and nothing else refers to this one's counter.
            let info = unsafe { &mut *c.function_info() };
            if info.instance_slots == 0 {
                info.instance_slots = 1 + assigned_names(info);
            }
            total += info.instance_slots - 1;
            if info.flags & flags::HAS_FIELDS != 0 {
                total += 2;
            }
            at = Obj::from_value(self.proto_of(c));
        }
        if total == 0 { 3 } else { total }
    }

    /// Calls a callable object without any check. Inlined, so that a few arguments are a few stores.
    #[inline(always)]
    fn call_raw(&mut self, f: Obj, this: Value, args: &[Value], new_target: Value) -> JsResult {
        let (entry, wants_target) = self.entry_of(f);
        let need = args.len() + 2 + 16;
        let base = self.head.sp;
        if (self.head.vm_stack_limit as usize).saturating_sub(base as usize) / 8 < need {
            return self.throw_stack_overflow();
        }
        // SAFETY: there is room for callee, this and the arguments; the stack is scanned up to `sp`.
        let result = unsafe {
            base.write(f.value().0);
            base.add(1).write(this.0);
            for (i, a) in args.iter().enumerate() {
                base.add(2 + i).write(a.0);
            }
            self.head.sp = base.add(2 + args.len());
            if wants_target {
                self.head.new_target = new_target;
            }
            (self.hooks.enter)(self, entry, base.add(2), args.len() as u32)
        };
        self.head.sp = base;
        if result == Value::EMPTY.0 { Err(Thrown) } else { Ok(Value(result)) }
    }

    /// The generic entry of a callable object, and whether it reads `head.new_target`.
    #[inline]
    pub fn entry_of(&self, f: Obj) -> (GenericEntry, bool) {
        if f.kind() == CellKind::Function {
            // SAFETY: infos live as long as the runtime.
            let info = unsafe { &*f.function_info() };
            (info.generic_entry, info.flags & flags::READS_NEW_TARGET != 0)
        } else {
            (super::builtins::native_entry, true)
        }
    }
}

/// Distinct names that a function assigns to `this`.
fn assigned_names(info: &FunctionInfo) -> u32 {
    let (mut this_regs, mut names): (Vec<Reg>, Vec<u16>) = (Vec::new(), Vec::new());
    for (_, insn) in info.function.instructions() {
        if let Insn::LoadThis { dst: this } | Insn::BindThis { src: this } = insn {
            this_regs.push(this);
        }
        if let Insn::Move { dst, src } = insn
            && this_regs.contains(&src)
        {
            this_regs.push(dst);
        }
        if let Insn::SetProp { object, name, .. } | Insn::DefineField { object, name, .. } = insn
            && this_regs.contains(&object)
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names.len() as u32
}
