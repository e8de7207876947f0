//! Where what stands in an array may have been put there: the part of the search for origins that goes through elements.
//!
//! An array has no name of its own in the bytecode. It is followed backwards, like any value, to what it is called by: a
//! variable of the module, or the register of the function that made it. Whatever is stored to an element under that name,
//! or given to a method called on it (`push`), can be what was read.

use super::origins::{MAX_DEPTH, Search, reaching};
use super::witness::key_text;
use crate::bytecode::function::FunctionCode;
use crate::bytecode::ops::Insn;
use crate::vocab::{FunctionId, OriginKind};
use std::sync::Arc;

/// What an array is called by within a function.
#[derive(Clone, Copy, PartialEq)]
enum Name {
    /// A variable of the module.
    Module(u16),
    /// A register, since the instruction at this offset wrote it; none: since the function began.
    Register(u16, Option<u32>),
}

impl Search<'_> {
    /// Follows an element of the array in a register, as the instruction at `offset` reads it, to what was put into it.
    pub(super) fn contents(
        &mut self,
        function: FunctionId,
        code: &Arc<FunctionCode>,
        offset: u32,
        reg: u16,
        depth: u32,
    ) {
        if depth > MAX_DEPTH || !self.seen_arrays.insert((function, offset, reg)) {
            return;
        }
        let writes = reaching(code, offset, reg);
        if writes.is_empty() {
            if reg < code.nparams {
                self.contents_of_all((OriginKind::Passed, "the array is passed"), self.arguments(function, reg), depth);
            }
            return self.stores_under(function, code, Name::Register(reg, None), depth);
        }
        for (at, insn) in writes {
            self.contents_of_definition(function, code, (at, insn), reg, depth);
        }
    }

    fn contents_of_definition(
        &mut self,
        function: FunctionId,
        code: &Arc<FunctionCode>,
        (at, insn): (u32, Insn),
        reg: u16,
        depth: u32,
    ) {
        if let Insn::Move { src, .. } = insn {
            return self.contents(function, code, at, src.0, depth);
        }
        if let Insn::GetModule { cell, .. } = insn {
            let functions = &self.vm.machine.rt.functions;
            let sharing = functions.iter().filter(|f| Arc::ptr_eq(&f.function.source, &code.source));
            let sharing: Vec<_> = sharing.map(|f| (f.id, f.function.clone())).collect();
            for (id, code) in sharing {
                self.stores_under(id, &code, Name::Module(cell), depth);
            }
            return self.contents_of_all(
                (OriginKind::Assigned, "the array is assigned"),
                self.assignments(code, cell),
                depth,
            );
        }
        if matches!(insn, Insn::Call { .. } | Insn::New { .. }) {
            self.step(function, at, OriginKind::Result, "the array is the result of the call".to_string());
            self.contents_of_all((OriginKind::Returned, "the array is returned"), self.returns(function, at), depth);
        }
        self.stores_under(function, code, Name::Register(reg, Some(at)), depth);
    }

    fn contents_of_all(&mut self, how: (OriginKind, &str), places: Vec<(FunctionId, u32, u16)>, depth: u32) {
        for (id, at, reg) in places {
            self.step(id, at, how.0, how.1.to_string());
            let code = self.vm.machine.rt.function(id).function.clone();
            self.contents(id, &code, at, reg, depth + 1);
        }
    }

    /// What a function stores to elements of an array under a name, or gives to methods that it calls on it.
    fn stores_under(&mut self, function: FunctionId, code: &Arc<FunctionCode>, name: Name, depth: u32) {
        for (at, insn) in code.instructions() {
            if let Insn::SetElem { object, src, .. } = insn
                && called(code, at, object.0) == name
            {
                self.step(function, at, OriginKind::PutIn, "written to an element".to_string());
                self.register(function, code, at, src.0, depth + 1);
            }
            if let Insn::Call { base, argc, .. } = insn
                && called(code, at, base.0 + 1) == name
                && let Some((_, method @ Insn::GetProp { .. })) = definition(code, at, base.0)
            {
                let method = key_text(self.vm.machine.rt.function(function), &method);
                for argument in 0..argc {
                    self.step(function, at, OriginKind::PutIn, format!("put in by {method}"));
                    self.register(function, code, at, base.0 + 2 + argument, depth + 1);
                }
            }
        }
    }
}

/// The last instruction before `offset` that writes a register.
fn definition(code: &FunctionCode, offset: u32, reg: u16) -> Option<(u32, Insn)> {
    reaching(code, offset, reg).into_iter().next()
}

/// What the object in a register is called by when the instruction at `offset` reads it.
fn called(code: &Arc<FunctionCode>, offset: u32, reg: u16) -> Name {
    match definition(code, offset, reg) {
        Some((at, Insn::Move { src, .. })) => called(code, at, src.0),
        Some((_, Insn::GetModule { cell, .. })) => Name::Module(cell),
        made_here => Name::Register(reg, made_here.map(|(at, _)| at)),
    }
}
