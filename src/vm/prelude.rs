//! Loading the prelude: the library's functions in the language itself, which the optimizer inlines.
//!
//! The text is compiled like a file, but its top level never runs: its functions refer to nothing outside of themselves,
//! so closures over them are all that is needed. They have never run either when the first compile looks at them. What
//! their sites would have learnt is the same for all programs, and is written into their feedback here: counters are int32,
//! branches go both ways, and what is called may be anything (the builder sees for itself where it is known).

use super::Vm;
use crate::bytecode::function::{PRELUDE_PATH, Source};
use crate::bytecode::ops::SlotKind;
use crate::feedback::slot::{CallSlot, MEGAMORPHIC, TypesSlot, seen};
use crate::frontend::{self, FrontendOptions};
use crate::runtime::builtins::BUILTINS;
use crate::runtime::builtins::table::Home;
use crate::runtime::function::FunctionInfo;
use crate::runtime::runtime::Runtime;
use crate::runtime::value::Value;
use std::sync::Arc;

/// The bodies of methods of `Array.prototype`.
const ARRAY: &str = include_str!("../../lang/prelude/array.js");

/// How often a site of the prelude counts as executed: enough to make every call in it a hot one.
const EXECUTIONS: u32 = 1 << 20;

/// Compiles and links the prelude.
pub(super) fn load(rt: &mut Runtime) {
    let source = Arc::new(Source::new(PRELUDE_PATH.to_string(), ARRAY.to_string()));
    let options = FrontendOptions { natives_syntax: true, ..FrontendOptions::default() };
    let code = match frontend::compile(source, &options) {
        Ok(code) => code,
        Err(error) => panic!("the prelude does not compile: {error:?}"),
    };
    let main = rt.link(&code);
    // SAFETY: infos live as long as the runtime.
    let functions: Vec<*mut FunctionInfo> = unsafe { (*main).children.to_vec() };
    let mut bodies = Vec::with_capacity(functions.len());
    rt.prelude.set(Vec::new());
    for info in functions {
        rt.prepare_function(info);
        // SAFETY: as above; nothing else refers to the function yet.
        let info = unsafe { &mut *info };
        give_feedback(info);
        let name = &info.function.name;
        let native = BUILTINS.iter().position(|b| b.home == Home::ArrayPrototype && b.name == *name);
        let native = native.unwrap_or_else(|| panic!("{name} of the prelude stands for no method"));
        bodies.push((native as u32, rt.new_closure(info, Value::UNDEFINED)));
        // Each closure is kept alive as soon as it is made.
        rt.prelude.set(bodies.clone());
    }
    // SAFETY: hooks are called with the runtime of a VM.
    let vm = unsafe { Vm::of(rt) };
    vm.announce_functions();
}

fn give_feedback(info: &mut FunctionInfo) {
    for s in &info.function.slots {
        // SAFETY: the slot table describes the feedback vector of a prepared function.
        unsafe {
            let at = info.feedback.add(s.index as usize);
            match s.kind {
                SlotKind::Types => {
                    let slot = TypesSlot { seen: seen::INT, taken: EXECUTIONS, not_taken: EXECUTIONS, deopts: 0 };
                    at.cast::<TypesSlot>().write(slot);
                }
                SlotKind::Call => {
                    let slot = CallSlot { len: MEGAMORPHIC, count: EXECUTIONS as u64, ..CallSlot::default() };
                    at.cast::<CallSlot>().write(slot);
                }
                SlotKind::Property | SlotKind::Element | SlotKind::Literal => {}
            }
        }
    }
}
