//! From source to HIR: programs run in the interpreter to collect feedback, then their functions are built and optimized.
//!
//! The graphs are checked for what they must contain and must not; the verifier runs after every pass.

use petrel::bytecode::ops::Insn;
use petrel::config::Config;
use petrel::events::Recorder;
use petrel::feedback::summary::{CompileInput, ViewLimits};
use petrel::hir::build::{BuildOptions, build};
use petrel::hir::graph::{EntryPoint, Graph};
use petrel::hir::{passes, verify};
use petrel::vm::Vm;
use petrel::vocab::{FunctionId, RefusalReason, Tier};

const LIMITS: ViewLimits = ViewLimits { depth: 6, max_size: 400, max_functions: 60 };

/// A VM that compiles nothing by itself.
fn interpreter() -> Box<Vm> {
    let config = Config { tier_max: Tier::Interpreter, ..Config::default() };
    Vm::new(config, Recorder::off()).unwrap()
}

/// Runs a program and leaves the VM with its feedback.
fn run(source: &str) -> Box<Vm> {
    let mut vm = interpreter();
    assert_eq!(vm.run_source("test.js", source.to_string()), 0, "{source}");
    vm
}

fn function_named(vm: &mut Vm, name: &str) -> FunctionId {
    let functions = &vm.rt().functions;
    functions.iter().find(|f| f.function.name == name).unwrap_or_else(|| panic!("no function {name}")).id
}

/// Builds and optimizes a function.
fn compile(vm: &mut Vm, id: FunctionId, entry: EntryPoint) -> Result<Graph, RefusalReason> {
    let input = CompileInput::take(vm.rt(), id, LIMITS);
    let mut built = build(&input, entry, &BuildOptions::default())?;
    if let Err(error) = verify::verify(&built.graph) {
        panic!("the builder broke the graph: {error}\n{}", built.graph);
    }
    if std::env::var_os("PRINT").is_some() {
        eprintln!("---- built\n{}", built.graph);
    }
    passes::optimize(&mut built.graph, |_, _| ());
    if std::env::var_os("PRINT").is_some() {
        eprintln!("---- optimized\n{}", built.graph);
    }
    Ok(built.graph)
}

fn optimized(source: &str, name: &str) -> String {
    let mut vm = run(source);
    let id = function_named(&mut vm, name);
    compile(&mut vm, id, EntryPoint::Start).unwrap().to_string()
}

/// The offsets of a function's loop headers.
fn loop_headers(vm: &mut Vm, id: FunctionId) -> Vec<u32> {
    let function = vm.rt().function(id).function.clone();
    let mut at = 0;
    let mut headers = vec![];
    while at < function.code.len() {
        let insn = Insn::decode(&function.code, at);
        if matches!(insn, Insn::LoopHeader {}) {
            headers.push(at as u32);
        }
        at += insn.op().units();
    }
    headers
}

/// The lines of the innermost loop: from the block that jumps to itself, or the last block that is jumped back to.
fn count(text: &str, needle: &str) -> usize {
    text.lines().filter(|l| l.contains(needle)).count()
}

#[test]
fn an_int_loop_has_one_check_and_no_boxing() {
    let text = optimized(
        "function sum(n) { let s = 0; for (let i = 0; i < n; i++) { s = (s + i) | 0; } return s; }
         for (let k = 0; k < 5; k++) sum(100);",
        "sum",
    );
    assert_eq!(count(&text, "check_int32"), 1, "{text}");
    assert_eq!(count(&text, "_checked"), 0, "{text}");
    assert_eq!(count(&text, "box_int32"), 1, "{text}");
}

#[test]
fn a_sum_that_wraps_stays_an_int32() {
    let text = optimized(
        "function sum(n) { let s = 0; for (let i = 0; i < n; i++) { s = (s + i * 100000) | 0; } return s; }
         for (let k = 0; k < 5; k++) sum(1000);",
        "sum",
    );
    assert_eq!(count(&text, "double.add"), 0, "{text}");
    assert_eq!(count(&text, "double.truncate"), 0, "{text}");
}

#[test]
fn a_float_loop_keeps_doubles_unboxed() {
    let text = optimized(
        "function f(n) { let x = 0; for (let i = 0; i < n; i++) { x = x * 0.5 + 1.5; } return x; }
         for (let k = 0; k < 5; k++) f(100);",
        "f",
    );
    assert_eq!(count(&text, "unbox"), 0, "{text}");
    assert_eq!(count(&text, "box_double"), 1, "{text}");
}

#[test]
fn a_property_in_a_loop_is_checked_once() {
    let text = optimized(
        "function f(o, n) { let s = 0; for (let i = 0; i < n; i++) { s += o.x; } return s; }
         for (let k = 0; k < 5; k++) f({ x: 1, y: 2 }, 100);",
        "f",
    );
    assert_eq!(count(&text, "check_shape"), 1, "{text}");
    assert_eq!(count(&text, "load_slot"), 1, "{text}");
}

#[test]
fn an_array_loop_needs_no_bounds_check() {
    let text = optimized(
        "function f(a) { let s = 0; for (let i = 0; i < a.length; i++) { s += a[i]; } return s; }
         for (let k = 0; k < 5; k++) f([1, 2, 3, 4]);",
        "f",
    );
    assert_eq!(count(&text, "check_bounds"), 0, "{text}");
    assert_eq!(count(&text, "load_length"), 1, "{text}");
}

#[test]
fn a_callback_and_its_loop_are_the_callers() {
    let text = optimized(
        "function f(a) { let n = 0; a.forEach(function (x) { if (x > 2) n += x; }); return n; }
         for (let k = 0; k < 5; k++) f([1, 2, 3, 4]);",
        "f",
    );
    for gone in ["= call_", "= new_closure", "= new_scope", "_scope_slot"] {
        assert_eq!(count(&text, gone), 0, "{text}");
    }
    assert_eq!(count(&text, "load_element.int32"), 1, "{text}");
    assert_eq!(count(&text, "check_array_shape"), 1, "{text}");
}

#[test]
fn the_array_of_a_map_has_the_kind_of_what_the_callback_returns() {
    for (body, push) in [("x + 1", "= array_push v"), ("x * 0.5", "array_push.double"), ("'s' + x", "= array_push v")] {
        let source =
            format!("function f(a) {{ return a.map((x) => {body}); }} for (let k = 0; k < 5; k++) f([1, 2, 3, 4]);");
        let text = optimized(&source, "f");
        assert_eq!(count(&text, "new_array_of"), 1, "{text}");
        assert_eq!(count(&text, push), 1, "{text}");
        let checks = text.lines().filter(|l| l.contains("= check_array_shape") && !l.contains("check_array_shape v2"));
        assert!(checks.count() <= 1, "the new array needs no check: {text}");
    }
}

#[test]
fn a_short_literal_is_allocated_in_place() {
    let text = optimized("function f(a, b) { return [a, b, 'x']; } for (let k = 0; k < 5; k++) f(1, 2);", "f");
    assert_eq!(count(&text, "call_runtime"), 0, "{text}");
    assert_eq!(count(&text, "store_element "), 3, "{text}");
}

#[test]
fn a_new_array_is_as_wide_as_what_is_stored_in_it() {
    let text = optimized(
        "function f(o) { const a = new Array(2); a[0] = o; a[1] = o; return a; }
         for (let k = 0; k < 5; k++) f({});",
        "f",
    );
    assert_eq!(count(&text, "= new_array "), 1, "{text}");
}

#[test]
fn arrays_of_two_kinds_are_two_loads() {
    let text = optimized(
        "function f(a) { let s = 0; for (let i = 0; i < a.length; i++) { s += a[i]; } return s; }
         for (let k = 0; k < 5; k++) { f([1, 2, 3]); f([1.5, 2.5]); }",
        "f",
    );
    assert!(!text.contains("call_runtime"), "{text}");
    assert!(text.contains("load_element.int32") && text.contains("load_element.double"), "{text}");
}

#[test]
fn arrays_that_become_doubles_are_widened_before_the_loop() {
    let text = optimized(
        "function f(a, b, x) { for (let i = 0; i < 4; i++) { a[i] = a[i] * x; b[i] += a[i]; } return a; }
         for (let k = 0; k < 5; k++) { f(new Array(4).fill(2), new Array(4).fill(1), 0.5); f([1, 2, 3, 4], [0, 0, 0, 0], 1.5); }",
        "f",
    );
    let (before, inside) = text.split_once("jump").expect("a way into the loop");
    assert_eq!(count(before, "widen_to_double"), 2, "{text}");
    assert!(!inside.contains("widen_to_double") && !text.contains("set_keyed"), "{text}");
    assert!(!text.contains("load_element.holey_int32"), "{text}");
}

#[test]
fn bitwise_operators_see_undefined_without_a_call() {
    let text = optimized(
        "function f(a, i) { return (a[i] & 255) | a[i + 1]; }
         for (let k = 0; k < 5; k++) { f([1, 2], 0); f([1, 2], 1); f([1.5, 2.5], 0); }",
        "f",
    );
    assert!(text.contains("truncate_nullish") && !text.contains("call_runtime"), "{text}");
}

#[test]
fn an_undeclared_global_that_varies_is_a_slot() {
    let text = optimized("n = 0; function f(x) { n = n + x; return n; } for (let k = 0; k < 5; k++) f(k);", "f");
    assert!(!text.contains("call_runtime") && count(&text, "= load_slot ") == 1, "{text}");
}

#[test]
fn what_is_past_the_end_is_undefined_without_a_call() {
    let text = optimized(
        "function f(a, n) { let s = 0; for (let i = 0; i < n; i++) { if (a[i] !== undefined) s++; } return s; }
         for (let k = 0; k < 5; k++) f([1, 2, 3], 6);",
        "f",
    );
    assert!(!text.contains("call_runtime"), "{text}");
    assert!(text.contains("index_in_bounds"), "{text}");
}

#[test]
fn stores_at_the_end_push_and_pop_run_inline() {
    let text = optimized(
        "function f(n) {
           const a = [];
           for (let i = 0; i < n; i++) a[i] = i;
           for (let i = 0; i < n; i++) a.push(i);
           let s = 0;
           for (let i = 0; i < n; i++) s += a.pop();
           return s;
         }
         for (let k = 0; k < 5; k++) f(10);",
        "f",
    );
    assert!(!text.contains("set_keyed") && !text.contains("= call v"), "{text}");
    assert!(count(&text, "array_push") >= 2 && text.contains("array_pop"), "{text}");
}

#[test]
fn what_is_pushed_first_need_not_be_an_int32() {
    let text = optimized(
        "function f(o) { const a = new Array(); a.push(o); return a; }
         for (let k = 0; k < 5; k++) f({ x: k });",
        "f",
    );
    assert!(text.contains("array_push.widening") && !text.contains("check_int32"), "{text}");
}

#[test]
fn a_literal_has_learnt_what_becomes_of_its_arrays() {
    let text = optimized(
        "function f(o) { const a = []; a.push(o); return a; }
         for (let k = 0; k < 5; k++) f({ x: k });",
        "f",
    );
    assert!(text.contains("array_push v") && !text.contains("widening"), "{text}");
    let text = optimized(
        "function f(d) { const a = [0, 0]; a[1] = d; return a; }
         for (let k = 0; k < 5; k++) f(k + 0.5);",
        "f",
    );
    assert!(text.contains("new_array") && text.contains("store_element.double"), "{text}");
}

#[test]
fn natives_that_run_no_code_of_the_program_keep_what_is_known() {
    let text = optimized(
        "function f(o, m) { const a = o.x; const b = m.get('k'); return a + b + o.x; }
         const m = new Map([['k', 1]]);
         for (let k = 0; k < 5; k++) f({ x: k }, m);",
        "f",
    );
    assert!(text.contains("call_runtime native") && count(&text, "load_slot") == 1, "{text}");
}

#[test]
fn the_library_is_constant() {
    let text = optimized(
        "function f(x) { return Math.sqrt(x) + Math.PI; }
         for (let k = 0; k < 5; k++) f(k + 0.5);",
        "f",
    );
    assert!(text.contains("double.sqrt") && text.contains("const 3.14"), "{text}");
    assert!(!text.contains("get_global") && !text.contains("check_shape") && !text.contains("check_target"), "{text}");
}

#[test]
fn for_of_counts() {
    let text = optimized(
        "function f(a) { let s = 0; for (const v of a) { s += v; } return s; }
         for (let k = 0; k < 5; k++) f([1, 2, 3]);",
        "f",
    );
    assert!(!text.contains("insufficient-feedback-iterate") && !text.contains("call_runtime"), "{text}");
    assert_eq!(count(&text, "check_bounds"), 0, "{text}");
}

#[test]
fn characters_are_compared_as_numbers() {
    let text = optimized(
        "function f(s) { let n = 0; for (let i = 0; i < s.length; i++) { if (s[i] === 'x') n++; } return n; }
         for (let k = 0; k < 5; k++) f('axbxc');",
        "f",
    );
    assert!(text.contains("string.code_at") && !text.contains("string.char_at"), "{text}");
}

#[test]
fn a_method_is_inlined() {
    let text = optimized(
        "class P { constructor(x) { this.x = x; } get2() { return this.x + 1; } }
         function f(p, n) { let s = 0; for (let i = 0; i < n; i++) { s += p.get2(); } return s; }
         const p = new P(3);
         for (let k = 0; k < 5; k++) f(p, 100);",
        "f",
    );
    assert_eq!(count(&text, "call"), count(&text, "callee"), "{text}");
    assert!(text.contains("inlined in inline0"), "{text}");
}

#[test]
fn recursion_calls_directly() {
    let text = optimized(
        "function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
         for (let k = 0; k < 5; k++) fib(10);",
        "fib",
    );
    assert!(text.contains("call_direct"), "{text}");
    assert!(!text.contains("call_runtime"), "{text}");
}

#[test]
fn a_constructor_is_inlined_and_its_object_allocated() {
    let text = optimized(
        "class P { constructor(x, y) { this.x = x; this.y = y; } }
         function f(n) { let p = null; for (let i = 0; i < n; i++) { p = new P(i, 1); } return p; }
         for (let k = 0; k < 5; k++) f(100);",
        "f",
    );
    assert!(text.contains("new_object"), "{text}");
    assert_eq!(count(&text, "construct"), 0, "{text}");
}

#[test]
fn an_object_that_nobody_else_sees_is_not_made() {
    let text = optimized(
        "class P { constructor(x, y) { this.x = x; this.y = y; } }
         function f(n) { let s = 0; for (let i = 0; i < n; i++) { const p = new P(i, 1); s += p.x + p.y; } return s; }
         for (let k = 0; k < 5; k++) f(100);",
        "f",
    );
    for absent in ["new_object", "store_slot", "load_slot", "call_runtime", "call_direct"] {
        assert_eq!(count(&text, absent), 0, "{absent}: {text}");
    }
}

#[test]
fn what_never_ran_is_an_exit() {
    let text = optimized(
        "function f(a, b) { if (b) { return a.never; } return a + 1; }
         for (let k = 0; k < 5; k++) f(k, false);",
        "f",
    );
    assert!(text.contains("deopt never-taken-branch"), "{text}");
    assert!(!text.contains("get_named"), "{text}");
}

#[test]
fn on_stack_replacement_of_a_nest_types_its_loops() {
    let mut vm = run("function f(n) { let s = 0;
          for (let i = 0; i < n; i++) { for (let j = 0; j < n; j++) { s = (s + i * j) | 0; } }
          return s; }
        for (let k = 0; k < 5; k++) f(20);");
    let id = function_named(&mut vm, "f");
    for header in loop_headers(&mut vm, id) {
        let graph = compile(&mut vm, id, EntryPoint::Osr(header)).unwrap();
        let text = graph.to_string();
        assert!(!text.contains("unbox"), "{text}");
    }
}

/// Every function of every program of the corpus is built, from the start and from each loop, and optimized.
#[test]
fn the_corpus_builds() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("lang");
    let mut files = vec![];
    collect(&root, &mut files);
    let only = std::env::var("ONLY").ok();
    let (mut built, mut refused) = (0, 0);
    for file in files {
        if only.as_ref().is_some_and(|only| !file.to_string_lossy().contains(only.as_str())) {
            continue;
        }
        let mut vm = interpreter();
        vm.run_file(&file);
        let ids: Vec<FunctionId> = vm.rt().functions.iter().filter(|f| f.is_prepared()).map(|f| f.id).collect();
        for id in ids {
            let entries = loop_headers(&mut vm, id).into_iter().map(EntryPoint::Osr);
            for entry in std::iter::once(EntryPoint::Start).chain(entries) {
                match compile(&mut vm, id, entry) {
                    Ok(_) => built += 1,
                    Err(_) => refused += 1,
                }
            }
        }
    }
    eprintln!("{built} graphs built, {refused} refused");
    assert!(only.is_some() || built > 10 * refused, "{built} graphs built, {refused} refused");
}

fn collect(folder: &std::path::Path, files: &mut Vec<std::path::PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            if !path.ends_with("refusals") && !path.ends_with("storms") {
                collect(&path, files);
            }
        } else if path.extension().is_some_and(|e| e == "js") {
            files.push(path);
        }
    }
}

fn calls(text: &str) -> bool {
    ["call_", " call ", " construct "].iter().any(|word| text.contains(word))
}

#[test]
fn forwarded_arguments_are_a_call_without_a_list() {
    let text = optimized(
        "function add(a, b) { return this.k + a + b; }
         const o = { k: 1 };
         function forward() { return add.apply(o, arguments); }
         function spread(...rest) { return add.call(o, ...rest); }
         function f(n) { let s = 0; for (let i = 0; i < n; i++) s = (s + forward(i, 1) + spread(i, 2)) | 0; return s; }
         for (let k = 0; k < 5; k++) f(200);",
        "f",
    );
    assert!(!calls(&text), "{text}");
}

#[test]
fn super_is_a_constant() {
    let text = optimized(
        "class A { m(k) { return this.x + k; } }
         class B extends A { constructor() { super(); this.x = 1; } n(k) { return super.m(k) * 2; } }
         const b = new B();
         for (let k = 0; k < 5000; k++) b.n(k);",
        "n",
    );
    assert!(text.contains("check_target") && !calls(&text), "{text}");
}

#[test]
fn classes_that_share_a_text_initialize_without_a_call() {
    let text = optimized(
        "function make(p) { const c = function () { this.init.apply(this, arguments); }; c.prototype.init = p; return c; }
         const P = make(function (x) { this.x = x; });
         const others = [1, 2, 3, 4, 5, 6].map(n => make(function (x) { this['v' + n] = x; }));
         for (let k = 0; k < 50; k++) for (const c of others) new c(k);
         function f(n) { let s = 0; for (let i = 0; i < n; i++) s = (s + new P(i).x) | 0; return s; }
         for (let k = 0; k < 5; k++) f(200);",
        "f",
    );
    assert!(!calls(&text) && !text.contains("new_object"), "{text}");
}

#[test]
fn instanceof_of_a_class_looks_at_prototypes_only() {
    let text = optimized(
        "class A {} class B extends A {}
         const all = [new A(), new B(), {}, 1];
         function f(n) { let s = 0; for (let i = 0; i < n; i++) if (all[i & 3] instanceof A) s++; return s; }
         for (let k = 0; k < 5; k++) f(200);",
        "f",
    );
    assert!(text.contains("inherits") && !text.contains("instance_of"), "{text}");
}
