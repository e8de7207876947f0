//! Variables that live outside of registers, `this`, returning, throwing, and literals.

use super::activation::Activation;
use crate::bytecode::function::{Constant, FunctionKind};
use crate::bytecode::ops::Reg;
use crate::feedback::summary::Site;
use crate::hir::field::{Address, Const, Val};
use crate::hir::frame_state::Resume;
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::{
    ANY, ARRAY, BOOL, FUNCTION, HOLE, NULL, NUMBER, OBJECT, OBJECTS, STRING, SYMBOL, Type, UNDEFINED,
};
use crate::vocab::DeoptReason;

/// The types for which `typeof` gives a text.
fn typeof_type(text: &str) -> Option<Type> {
    Some(match text {
        "number" => NUMBER,
        "string" => STRING,
        "boolean" => BOOL,
        "undefined" => UNDEFINED,
        "symbol" => SYMBOL,
        "function" => FUNCTION,
        "object" => OBJECT | ARRAY | NULL,
        _any_other => return None,
    })
}

impl Activation<'_, '_> {
    pub(super) fn load(&mut self, dst: Reg, value: Const) {
        let v = self.constant(value);
        self.set(dst, v);
    }

    pub(super) fn load_pool(&mut self, dst: Reg, index: u16) {
        let value = self.pool(index);
        if let (Const::Cell { address, .. }, Some(Constant::String(text))) =
            (value, self.view.function.constants.get(index as usize))
        {
            if let &[unit] = &text[..] {
                self.session.characters.insert(address, unit);
            } else if let Some(ty) = typeof_type(&String::from_utf16_lossy(text)) {
                self.session.typeof_names.insert(address, ty);
            }
        }
        self.load(dst, value);
    }

    // ---- Bindings ------------------------------------------------------------------------------------------------

    /// The scope `depth` parents above the one in a register.
    pub(super) fn scope_at(&mut self, scope: Reg, depth: u16) -> Val {
        let mut scope = self.get(scope);
        for _ in 0..depth {
            scope = self.emit(Op::ScopeParent { scope });
        }
        scope
    }

    pub(super) fn get_module(&mut self, dst: Reg, cell: u16) {
        let view = self.view.clone();
        let Some(cell) = view.cell(cell) else { return self.deopt(DeoptReason::Unsupported) };
        let v = if cell.constant && !cell.value.is_hole() && self.may(DeoptReason::BindingReassigned) {
            self.depend(&[crate::feedback::summary::Dependency::Binding(cell.binding)]);
            let ty = if cell.callee.is_some() { FUNCTION } else { ANY };
            self.cell(cell.value, ty)
        } else {
            let address = Address(cell.address as u64);
            self.emit(Op::LoadModuleCell { cell: address, initialized: cell.initialized })
        };
        self.set(dst, v);
    }

    pub(super) fn set_module(&mut self, cell: u16, src: Reg) {
        let value = self.get(src);
        let view = self.view.clone();
        let Some(cell) = view.cell(cell) else { return self.deopt(DeoptReason::Unsupported) };
        let address = Address(cell.address as u64);
        if cell.constant || !cell.initialized {
            self.runtime_with(RuntimeFn::SetModule, address.0, &[value], None);
        } else {
            self.emit(Op::StoreModuleCell { value, cell: address });
        }
    }

    pub(super) fn init_module(&mut self, cell: u16, src: Reg) {
        let value = self.get(src);
        let view = self.view.clone();
        let Some(cell) = view.cell(cell) else { return self.deopt(DeoptReason::Unsupported) };
        self.runtime_with(RuntimeFn::InitModule, cell.address as u64, &[value], None);
    }

    // ---- this, new.target ----------------------------------------------------------------------------------------

    pub(super) fn bind_this(&mut self, src: Reg) {
        if !self.ty(self.env.this).is(HOLE) {
            // Only the first super() of a constructor binds; what a second one does is for the interpreter.
            return self.unsupported();
        }
        self.env.this = self.get(src);
        self.before = None;
    }

    pub(super) fn load_new_target(&mut self, dst: Reg) {
        match self.new_target {
            Some(v) => self.set(dst, v),
            None => self.unsupported(),
        }
    }

    // ---- Leaving -------------------------------------------------------------------------------------------------

    /// Returns from the function, or to where it was inlined.
    pub(super) fn return_value(&mut self, v: Val) {
        if self.caller.is_some() {
            self.returns.extend(self.block.map(|block| (block, v)));
        } else {
            self.emit(Op::Return { v });
        }
        self.block = None;
    }

    pub(super) fn return_construct(&mut self, src: Reg) {
        let v = self.get(src);
        if self.ty(v).is(OBJECTS) && !self.ty(v).is_none() {
            return self.return_value(v);
        }
        let derived = self.view.function.kind == FunctionKind::DerivedConstructor;
        if derived && !self.ty(v).is(UNDEFINED) {
            return self.unsupported();
        }
        let this = self.guard(Op::CheckNotHole { v: self.env.this });
        let result = self.emit(Op::ObjectOr { a: v, b: this });
        self.return_value(result);
    }

    pub(super) fn throw(&mut self, src: Reg) {
        let v = self.get(src);
        if self.catches() {
            self.throw_to_handler(v);
            self.block = None;
            return;
        }
        let frame = self.frame_before();
        self.append(Op::Throw { v }, Some(frame));
        self.block = None;
    }

    // ---- Literals ------------------------------------------------------------------------------------------------

    pub(super) fn new_closure(&mut self, dst: Reg, func: u16, scope: Reg) {
        let scope = self.get(scope);
        let (parent, function) = (self.view.id, self.view.children[func as usize]);
        let v = self.emit(Op::NewClosure { scope, creator: self.callee, parent, child: func as u32, function });
        self.set(dst, v);
    }

    pub(super) fn new_class(&mut self, ctor: Reg, func: u16, scope: Reg, parent: Reg) {
        let child = self.int(func as i32);
        let args = [child, self.get(scope), self.get(parent)];
        let (info, resume) = (self.view.info as u64, Resume::After { result: ctor.0 as u32 });
        let v = self.runtime_leaving(RuntimeFn::NewClass, info, &args, resume, ctor.0 + 1..ctor.0 + 2);
        self.set(ctor, v);
    }

    // ---- Arguments -----------------------------------------------------------------------------------------------

    pub(super) fn create_arguments(&mut self, dst: Reg) {
        match self.arguments.clone() {
            Some(all) => {
                let shape = self.session.input.arguments_shapes[0].as_u32() as u64;
                self.runtime_with(RuntimeFn::NewArguments, shape, &all, Some(dst));
            }
            None => self.collected_arguments(dst),
        }
    }

    pub(super) fn create_rest(&mut self, dst: Reg, index: u16) {
        match self.arguments.clone() {
            Some(all) => {
                let rest = all.get(index as usize..).unwrap_or(&[]);
                self.runtime(RuntimeFn::NewArray, rest, Some(dst));
            }
            None => self.collected_arguments(dst),
        }
    }

    /// What the entry has made of the arguments for the current bytecode.
    fn collected_arguments(&mut self, dst: Reg) {
        match self.collected.iter().find(|(offset, _)| *offset == self.offset) {
            Some(&(_, v)) => self.set(dst, v),
            None => self.unsupported(),
        }
    }

    pub(super) fn new_object(&mut self, dst: Reg, count: u16, fb: u16) {
        let view = self.view.clone();
        match view.site(fb) {
            Some(Site::Literal { shape: Some(shape), inline_slots, .. }) => {
                let v = self.emit(Op::NewObject { shape: *shape, inline_slots: *inline_slots as u32 });
                self.set(dst, v);
            }
            _not_yet_executed => {
                self.runtime_with(RuntimeFn::NewObject, count as u64, &[], Some(dst));
            }
        }
    }

    pub(super) fn template_object(&mut self, dst: Reg, fb: u16) {
        let view = self.view.clone();
        match view.site(fb) {
            Some(Site::Literal { cached, .. }) if *cached != 0 => {
                self.load(dst, Const::Cell { address: *cached, ty: ARRAY });
            }
            _not_yet_executed => self.unsupported(),
        }
    }
}
