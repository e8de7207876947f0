//! Files: the main one, and what `require` loads.
//!
//! CommonJS: each file is a function of exports, require, module, __filename and __dirname, run once; a cycle sees the
//! exports as far as they are. Relative paths only, with `.js`, `.json` and `index.js` completed; of Node's own modules
//! `perf_hooks` and `process`. Each file has its `require` function, a native that carries the file's folder.

use super::{Failure, Vm};
use crate::bytecode::function::Source;
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
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Files loaded so far.
#[derive(Default)]
pub struct ModuleTable {
    /// Index of the `module` object by path.
    by_path: HashMap<PathBuf, usize>,
    /// The `module` objects.
    objects: Option<RootVec>,
    /// The private name under which a `require` function keeps its folder; first entry of `keys`.
    keys: Option<RootVec>,
}

/// Prepares a runtime for loading.
pub fn install(vm: &mut Vm) {
    builtins::install(&mut vm.machine.rt);
    let key = Str::new(&mut vm.machine.rt.heap, "#folder").value();
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
    run_module(vm, PathBuf::from(path), text).map(|m| m.value())
}

fn run_module(vm: &mut Vm, path: PathBuf, text: String) -> Result<Obj, Failure> {
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
    let require = require_function(vm, dirname);
    let rt = &mut vm.machine.rt;
    let closure = rt.new_closure(main, Value::UNDEFINED).value();
    let args = [exports, require, module.value(), filename, dirname];
    let ran: JsResult = rt.call(closure, exports, &args);
    rt.define_own(module, loaded, Value::TRUE, Attrs::DATA);
    ran.map(|_| module).map_err(|_| Failure::Thrown)
}

fn remember(vm: &mut Vm, path: PathBuf, module: Obj) {
    let rt = &mut vm.machine.rt;
    let objects = vm.modules.objects.get_or_insert_with(|| RootVec::new(&rt.heap));
    objects.push(module.value());
    vm.modules.by_path.insert(path, objects.len() - 1);
}

fn folder_key(vm: &Vm) -> PropertyKey {
    let key = vm.modules.keys.as_ref().and_then(|k| k.first().copied()).expect("installed with the VM");
    PropertyKey::Name(Key(key))
}

/// The `require` of a file in a folder.
fn require_function(vm: &mut Vm, folder: Value) -> Value {
    let key = folder_key(vm);
    let main = vm.modules.objects.as_ref().and_then(|o| o.first().copied()).unwrap_or(Value::UNDEFINED);
    let rt = &mut vm.machine.rt;
    let f = rt.new_native(REQUIRE);
    rt.define_own(f, key, folder, Attrs::NONE);
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
    let key = folder_key(vm);
    let rt = &mut vm.machine.rt;
    let Some(id) = Str::from_value(id).map(|s| s.to_rust()) else {
        let shown = builtins::inspect::received(rt, id);
        return rt.throw_type(&format!("The \"id\" argument must be of type string. Received {shown}"));
    };
    let folder = rt.get(function, key)?;
    let folder = Str::from_value(folder).map_or(String::new(), |s| s.to_rust());
    if !id.starts_with("./") && !id.starts_with("../") && !id.starts_with('/') && id != "." && id != ".." {
        return require_native(rt, &id);
    }
    let Some(path) = resolve(&Path::new(&folder).join(&id)) else {
        return throw_not_found(vm, &id);
    };
    if let Some(index) = vm.modules.by_path.get(&path)
        && let Some(module) = vm.modules.objects.as_ref().map(|o| o[*index])
    {
        return vm.machine.rt.get_str(module, "exports");
    }
    let text = match std::fs::read(&path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => return throw_not_found(vm, &id),
    };
    if path.extension().is_some_and(|e| e == "json") {
        return require_json(vm, path, &text);
    }
    match run_module(vm, path, text) {
        Ok(module) => vm.machine.rt.get_str(module.value(), "exports"),
        Err(Failure::Thrown) => Err(Thrown),
        Err(failure @ (Failure::Frontend(..) | Failure::Unreadable(..))) => {
            let (text, _) = super::report::text_of(&failure);
            vm.machine.rt.terminate(Termination::Refused(text.trim_end().to_string()))
        }
    }
}

/// Node's own modules: the few that have a counterpart here.
fn require_native(rt: &mut Runtime, id: &str) -> JsResult {
    match id.strip_prefix("node:").unwrap_or(id) {
        "process" => Ok(rt.library.home(Home::Process).value()),
        "perf_hooks" => {
            let performance = rt.library.home(Home::Performance).value();
            let o = rt.new_plain_object(1);
            let key = rt.key("performance");
            rt.define_own(o, key, performance, Attrs::DATA);
            Ok(o.value())
        }
        _other => rt.refuse(&format!("require('{id}')"), "require relative files and JSON, or perf_hooks and process"),
    }
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

/// The file that a path without extension means.
fn resolve(path: &Path) -> Option<PathBuf> {
    let path = normalize(path);
    let text = path.display().to_string();
    let candidates = [
        path.clone(),
        PathBuf::from(format!("{text}.js")),
        PathBuf::from(format!("{text}.json")),
        path.join("index.js"),
        path.join("index.json"),
    ];
    let found = candidates.into_iter().find(|c| c.is_file())?;
    Some(std::fs::canonicalize(&found).unwrap_or(found))
}

/// The path without `.` and `..`.
fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => out.push(part),
        }
    }
    out
}

fn throw_not_found(vm: &mut Vm, id: &str) -> JsResult {
    let rt = &mut vm.machine.rt;
    let e = rt.new_error(crate::runtime::runtime::ErrorKind::Error, &format!("Cannot find module '{id}'"));
    let key = rt.key("code");
    let code = rt.string("MODULE_NOT_FOUND");
    rt.define_own(e, key, code, Attrs::DATA);
    rt.throw(e.value())
}
