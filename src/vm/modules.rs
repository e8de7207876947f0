//! Files: the main one, and what `require` loads. CommonJS: each file is a function of exports, require, module,
//! __filename and __dirname, run once; a cycle sees the exports as far as they are.

use super::{Failure, Vm};
use crate::bytecode::function::Source;
use crate::runtime::object::Obj;
use crate::runtime::rootvec::RootVec;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::{Attrs, PropertyKey};
use crate::runtime::value::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files loaded so far.
#[derive(Default)]
pub struct ModuleTable {
    /// Index of the `module` object by path.
    by_path: HashMap<PathBuf, usize>,
    /// The `module` objects.
    objects: Option<RootVec>,
}

/// Prepares a runtime for loading.
pub fn install(rt: &mut Runtime) {
    crate::runtime::builtins::install(rt);
}

/// Loads and runs the main file.
pub fn load_main(vm: &mut Vm, path: &Path) -> Result<Value, Failure> {
    let text = std::fs::read(path).map_err(|e| Failure::Unreadable(path.display().to_string(), e.to_string()))?;
    run_main(vm, path.display().to_string(), String::from_utf8_lossy(&text).into_owned())
}

/// Runs a text as the main module.
pub fn run_main(vm: &mut Vm, path: String, text: String) -> Result<Value, Failure> {
    run_module(vm, PathBuf::from(path), text).map(|m| m.value())
}

fn run_module(vm: &mut Vm, path: PathBuf, text: String) -> Result<Obj, Failure> {
    let source = Arc::new(Source::new(path.display().to_string(), text));
    let code = vm.compile(source.clone()).map_err(|error| Failure::Frontend(source, error))?;
    let main = vm.rt().link(&code);
    vm.announce_functions();
    let exports = vm.rt().new_plain_object(3).value();
    let module = vm.rt().new_plain_object(3);
    let names = vm.rt().atoms.names;
    vm.rt().define_own(module, PropertyKey::Name(names.exports.into()), exports, Attrs::DATA);
    remember(vm, path.clone(), module);
    let closure = vm.rt().new_closure(main, Value::UNDEFINED).value();
    let filename = vm.rt().string(&path.display().to_string());
    let dirname = path.parent().map_or(String::from("."), |p| p.display().to_string());
    let dirname = vm.rt().string(&dirname);
    let args = [exports, Value::UNDEFINED, module.value(), filename, dirname];
    let ran: JsResult = vm.rt().call(closure, exports, &args);
    ran.map(|_| module).map_err(|_| Failure::Thrown)
}

fn remember(vm: &mut Vm, path: PathBuf, module: Obj) {
    let rt = &mut vm.machine.rt;
    let objects = vm.modules.objects.get_or_insert_with(|| RootVec::new(&rt.heap));
    objects.push(module.value());
    vm.modules.by_path.insert(path, objects.len() - 1);
}
