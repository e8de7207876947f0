//! Files: the main one, and what `require` loads.
//!
//! CommonJS: each file is a function of exports, require, module, __filename and __dirname, run once; a cycle sees the
//! exports as far as they are. Node's own modules are parts of the library, or files of the engine's (`lang/modules`), which
//! get `module` and the host's functions. Each file has its `require` function, a native that carries the file's folder.

use super::{Failure, Vm, resolve};
use crate::bytecode::function::Source;
use crate::frontend::subset::{is_native, provided};
use crate::runtime::builtins::json::parse_text;
use crate::runtime::builtins::table::Home;
use crate::runtime::builtins::{self, REQUIRE};
use crate::runtime::object::Obj;
use crate::runtime::rootvec::RootVec;
use crate::runtime::runtime::{JsResult, Runtime, Termination, Thrown};
use crate::runtime::shape::{Attrs, Key, PropertyKey};
use crate::runtime::string::Str;
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
    /// Which file first required a file.
    parents: HashMap<PathBuf, PathBuf>,
    /// The private name under which a `require` function keeps its file; first entry of `keys`.
    keys: Option<RootVec>,
}

/// Prepares a runtime for loading.
pub fn install(vm: &mut Vm) {
    builtins::install(&mut vm.machine.rt);
    let key = Str::new(&mut vm.machine.rt.heap, "#file").value();
    let keys = RootVec::from_vec(&vm.machine.rt.heap, vec![key]);
    vm.modules.keys = Some(keys);
}

/// Loads and runs the main file.
pub fn load_main(vm: &mut Vm, path: &Path) -> Result<Value, Failure> {
    let text = std::fs::read(path).map_err(|e| Failure::Unreadable(path.display().to_string(), e.to_string()))?;
    run_main(vm, path.display().to_string(), String::from_utf8_lossy(&text).into_owned())
}

/// Runs a text as the main module.
pub fn run_main(vm: &mut Vm, path: String, text: String) -> Result<Value, Failure> {
    run_module(vm, PathBuf::from(path), text).map(|(m, _)| m.value())
}

/// Runs a text as the main module; the result is what it returns.
pub fn evaluate(vm: &mut Vm, path: String, text: String) -> Result<Value, Failure> {
    run_module(vm, PathBuf::from(path), text).map(|(_, returned)| returned)
}

/// Runs a module: its `module` object and what its function returned.
fn run_module(vm: &mut Vm, path: PathBuf, text: String) -> Result<(Obj, Value), Failure> {
    let source = Arc::new(Source::new(path.display().to_string(), text));
    let started = std::time::Instant::now();
    let code = vm.compile(source.clone()).map_err(|error| Failure::Frontend(source.clone(), error))?;
    let main = vm.machine.rt.link(&code);
    vm.announce_program(&source, started.elapsed().as_nanos() as u64);
    vm.announce_functions();
    let rt = &mut vm.machine.rt;
    let exports = rt.new_plain_object(4).value();
    let module = rt.new_plain_object(5);
    let folder = path.parent().map_or(".".into(), |p| p.display().to_string());
    let filename = rt.string(&path.display().to_string());
    let dirname = rt.string(&folder);
    let first = vm.modules.objects.is_none();
    let id = if first { rt.string(".") } else { filename };
    for (name, v) in [("id", id), ("path", dirname), ("exports", exports), ("filename", filename)] {
        let key = rt.key(name);
        rt.define_own(module, key, v, Attrs::DATA);
    }
    let loaded = rt.key("loaded");
    rt.define_own(module, loaded, Value::FALSE, Attrs::DATA);
    remember(vm, path, module);
    let require = require_function(vm, filename);
    let rt = &mut vm.machine.rt;
    let closure = rt.new_closure(main, Value::UNDEFINED).value();
    let args = [exports, require, module.value(), filename, dirname];
    let ran: JsResult = rt.call(closure, exports, &args);
    rt.define_own(module, loaded, Value::TRUE, Attrs::DATA);
    ran.map(|returned| (module, returned)).map_err(|_| Failure::Thrown)
}

fn remember(vm: &mut Vm, path: PathBuf, module: Obj) {
    let rt = &mut vm.machine.rt;
    let objects = vm.modules.objects.get_or_insert_with(|| RootVec::new(&rt.heap));
    objects.push(module.value());
    vm.modules.by_path.insert(path, objects.len() - 1);
}

fn file_key(vm: &Vm) -> PropertyKey {
    let key = vm.modules.keys.as_ref().and_then(|k| k.first().copied()).expect("installed with the VM");
    PropertyKey::Name(Key(key))
}

/// The `require` of a file.
fn require_function(vm: &mut Vm, file: Value) -> Value {
    let key = file_key(vm);
    let main = vm.modules.objects.as_ref().and_then(|o| o.first().copied()).unwrap_or(Value::UNDEFINED);
    let rt = &mut vm.machine.rt;
    let f = rt.new_native(REQUIRE);
    rt.define_own(f, key, file, Attrs::NONE);
    let name = rt.atoms.names.require.value();
    rt.define_own(f, PropertyKey::Name(rt.atoms.names.name.into()), name, Attrs::CONFIGURABLE);
    rt.define_own(f, PropertyKey::Name(rt.atoms.names.length.into()), Value::int(1), Attrs::CONFIGURABLE);
    let key = rt.key("main");
    rt.define_own(f, key, main, Attrs::DATA);
    f.value()
}

/// `require(id)`.
pub fn require(rt: &mut Runtime, function: Value, id: Value) -> JsResult {
    // SAFETY: hooks are called with the runtime of a VM.
    let vm = unsafe { Vm::of(rt) };
    let key = file_key(vm);
    let rt = &mut vm.machine.rt;
    let Some(id) = Str::from_value(id).map(|s| s.to_rust()) else {
        let shown = builtins::inspect::received(rt, id);
        return rt.throw_type(&format!("The \"id\" argument must be of type string. Received {shown}"));
    };
    let file = rt.get(function, key)?;
    let file = PathBuf::from(Str::from_value(file).map_or(String::new(), |s| s.to_rust()));
    if id.is_empty() {
        return rt.throw_type("The argument 'id' must be a non-empty string. Received ''");
    }
    if is_native(&id) {
        return require_native(vm, &id);
    }
    let Some(path) = resolve::find(&file, &id) else {
        return throw_not_found(vm, &id, file);
    };
    vm.modules.parents.entry(path.clone()).or_insert_with(|| file.clone());
    if let Some(index) = vm.modules.by_path.get(&path)
        && let Some(module) = vm.modules.objects.as_ref().map(|o| o[*index])
    {
        return vm.machine.rt.get_str(module, "exports");
    }
    let text = match std::fs::read(&path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => return throw_not_found(vm, &id, file),
    };
    if path.extension().is_some_and(|e| e == "json") {
        return require_json(vm, path, &text);
    }
    match run_module(vm, path, text) {
        Ok((module, _)) => vm.machine.rt.get_str(module.value(), "exports"),
        Err(Failure::Thrown) => Err(Thrown),
        Err(failure @ (Failure::Frontend(..) | Failure::Unreadable(..))) => {
            let (text, _) = super::report::text_of(&failure);
            vm.machine.rt.terminate(Termination::Refused(text.trim_end().to_string()))
        }
    }
}

/// The sources of Node's modules that the engine has in the language itself.
const OWN_MODULES: &[(&str, &str)] = &[
    ("events", include_str!("../../lang/modules/events.js")),
    ("fs", include_str!("../../lang/modules/fs.js")),
    ("os", include_str!("../../lang/modules/os.js")),
    ("path", include_str!("../../lang/modules/path.js")),
    ("util", include_str!("../../lang/modules/util.js")),
];

/// Node's own modules, as far as there are counterparts here.
fn require_native(vm: &mut Vm, id: &str) -> JsResult {
    let name = id.strip_prefix("node:").unwrap_or(id);
    let rt = &mut vm.machine.rt;
    if let Some((name, text)) = OWN_MODULES.iter().find(|(n, _)| *n == name) {
        return require_own(vm, name, text);
    }
    match name {
        "process" => Ok(rt.library.home(Home::Process).value()),
        "perf_hooks" => {
            let performance = rt.library.home(Home::Performance).value();
            let o = rt.new_plain_object(1);
            let key = rt.key("performance");
            rt.define_own(o, key, performance, Attrs::DATA);
            Ok(o.value())
        }
        _other => rt.refuse(&format!("require('{id}')"), &format!("Petrel has {}; require files", provided())),
    }
}

/// A module of the engine's own: run once, with `module` and `host`.
fn require_own(vm: &mut Vm, name: &str, text: &str) -> JsResult {
    let path = PathBuf::from(format!("node:{name}"));
    if let Some(index) = vm.modules.by_path.get(&path)
        && let Some(module) = vm.modules.objects.as_ref().map(|o| o[*index])
    {
        return vm.machine.rt.get_str(module, "exports");
    }
    let shared = PathBuf::from("node:host");
    let host = match vm.modules.by_path.get(&shared).and_then(|i| vm.modules.objects.as_ref().map(|o| o[*i])) {
        Some(module) => module,
        None => {
            let native = vm.machine.rt.library.home(Home::ModuleHost).value();
            run_own(vm, shared, include_str!("../../lang/modules/host.js"), "native", native)?
        }
    };
    let host = vm.machine.rt.get_str(host, "exports")?;
    let module = run_own(vm, path, text, "host", host)?;
    vm.machine.rt.get_str(module, "exports")
}

fn run_own(vm: &mut Vm, path: PathBuf, text: &str, parameter: &str, given: Value) -> JsResult {
    // The one parameter that such a file has besides `module` becomes a variable of it.
    let text = text.replacen("'use strict';\n", &format!("'use strict'; const {parameter} = require;\n"), 1);
    let source = Arc::new(Source::new(path.display().to_string(), text));
    let Ok(code) = vm.compile(source) else { unreachable!("the engine's own modules compile") };
    let main = vm.machine.rt.link(&code);
    vm.announce_functions();
    let rt = &mut vm.machine.rt;
    let module = rt.new_plain_object(1);
    let exports = PropertyKey::Name(rt.atoms.names.exports.into());
    let empty = rt.new_plain_object(4).value();
    rt.define_own(module, exports, empty, Attrs::DATA);
    remember(vm, path, module);
    let rt = &mut vm.machine.rt;
    let closure = rt.new_closure(main, Value::UNDEFINED).value();
    rt.call(closure, empty, &[empty, given, module.value(), Value::UNDEFINED, Value::UNDEFINED])?;
    Ok(module.value())
}

fn require_json(vm: &mut Vm, path: PathBuf, text: &str) -> JsResult {
    let rt = &mut vm.machine.rt;
    let text = Str::new(&mut rt.heap, text.trim_start_matches('\u{feff}'));
    let chars = text.chars(&mut rt.heap);
    let v = parse_text(rt, chars)?;
    let module = rt.new_plain_object(1);
    let key = PropertyKey::Name(rt.atoms.names.exports.into());
    rt.define_own(module, key, v, Attrs::DATA);
    remember(vm, path, module);
    Ok(v)
}

fn throw_not_found(vm: &mut Vm, id: &str, file: PathBuf) -> JsResult {
    let mut stack = vec![file];
    while let Some(parent) = stack.last().and_then(|f| vm.modules.parents.get(f)).filter(|p| !stack.contains(p)) {
        stack.push(parent.clone());
    }
    let shown: String = stack.iter().map(|f| format!("\n- {}", f.display())).collect();
    let rt = &mut vm.machine.rt;
    let text = format!("Cannot find module '{id}'\nRequire stack:{shown}");
    let e = rt.new_error(crate::runtime::runtime::ErrorKind::Error, &text);
    let key = rt.key("code");
    let code = rt.string("MODULE_NOT_FOUND");
    rt.define_own(e, key, code, Attrs::DATA);
    let list = rt.new_array(stack.len() as u32);
    for f in stack {
        let f = rt.string(&f.display().to_string());
        rt.array_push(list, f)?;
    }
    let key = rt.key("requireStack");
    rt.define_own(e, key, list.value(), Attrs::DATA);
    rt.throw(e.value())
}
