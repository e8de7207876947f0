//! Lowering, seen as disassembly: for each group of constructs the instructions it must become.

use super::*;
use crate::bytecode::disasm::instruction;
use crate::bytecode::function::{FunctionCode, FunctionKind};
use crate::bytecode::ops::Insn;

fn source(text: &str) -> Arc<Source> {
    Arc::new(Source::new("/test.js".into(), text.into()))
}

fn try_compile(text: &str) -> Result<ModuleCode, FrontendError> {
    compile(source(text), &FrontendOptions { natives_syntax: true, ..FrontendOptions::default() })
}

fn compiled(text: &str) -> ModuleCode {
    try_compile(text).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

/// Instructions of a function, blanks squeezed.
fn listing(code: &FunctionCode) -> Vec<String> {
    let mut lines = Vec::new();
    let mut at = 0;
    while at < code.code.len() {
        lines.push(instruction(code, at as u32).split_whitespace().collect::<Vec<_>>().join(" "));
        at += Insn::decode(&code.code, at).op().units();
    }
    lines
}

/// Listing of the first function in strict code.
fn function(body: &str) -> Vec<String> {
    let module = compiled(&format!("'use strict'; {body}"));
    listing(module.main.children.first().expect("a function"))
}

fn main_listing(text: &str) -> Vec<String> {
    listing(&compiled(text).main)
}

fn has(lines: &[String], wanted: &[&str]) {
    let found = lines.windows(wanted.len()).any(|w| w.iter().zip(wanted).all(|(l, w)| l.starts_with(w)));
    assert!(found, "{wanted:#?} not in {lines:#?}");
}

fn lacks(lines: &[String], opcode: &str) {
    assert!(!lines.iter().any(|l| l.starts_with(opcode)), "{opcode} in {lines:#?}");
}

fn refused(text: &str) -> Vec<(RefusedFeature, u32)> {
    match try_compile(text) {
        Err(FrontendError::Refused(r)) => r.iter().map(|r| (r.feature, r.position)).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

fn syntax(text: &str) -> (String, u32) {
    match try_compile(text) {
        Err(FrontendError::Syntax { message, position }) => (message, position),
        other => panic!("not a syntax error: {other:?}"),
    }
}

#[test]
fn operands_are_read_in_place() {
    assert_eq!(function("function f(a, b) { return a + b; }"), ["add r2, a0, a1 [0]", "return r2"]);
    assert_eq!(function("function f(a) { return a + 1; }"), ["add_imm r1, a0, 1 [0]", "return r1"]);
    assert_eq!(function("function f(a) { return a - 1; }"), ["dec r1, a0 [0]", "return r1"]);
}

#[test]
fn an_operand_that_is_assigned_later_is_copied() {
    has(&function("function f(a) { return a + (a = 1); }"), &["move r2, a0", "load_int a0, 1", "add r1, r2, a0"]);
    has(&function("function f(a) { return a[a = 1]; }"), &["move r2, a0", "load_int a0, 1", "get_elem r1, r2, a0"]);
}

#[test]
fn a_variable_is_written_last() {
    // An exception in g() must leave x as it was, and x is read by the right side.
    has(&function("function f(x, g) { x = g && x.y; return x; }"), &["jump_false a1,", "get_prop a0, a0, \"y\""]);
    has(
        &function("function f(x) { x = {a: x}; return x; }"),
        &["new_object r1, 1", "define_field r1, \"a\", a0", "move a0, r1"],
    );
    has(&function("function f(x) { x = x++; return x; }"), &["to_number r1, a0", "inc a0, r1", "move a0, r1"]);
}

#[test]
fn small_loops_are_inverted() {
    assert_eq!(
        function("function f(n) { let s = 0; for (let i = 0; i < n; i++) s += i; return s; }"),
        [
            "load_int r1, 0",
            "load_int r2, 0",
            "jump_not_lt r2, a0, -> 28 [0]",
            "loop_header",
            "add r1, r1, r2 [1]",
            "inc r2, r2 [2]",
            "jump_lt r2, a0, -> 12 [3]",
            "return r1"
        ]
    );
    let big = function("function f(a) { while (a.b.c.d.e(1, 2, 3) + a.b.c.d.e(4, 5, 6) < a.f.g.h.i) a.j(); }");
    has(&big, &["loop_header", "get_prop"]);
    assert_eq!(big.iter().filter(|l| l.starts_with("jump_")).count(), 1, "{big:#?}");
    has(&function("function f(a) { do { a.b(); } while (a.c); }"), &["loop_header", "move"]);
}

#[test]
fn conditions_become_jumps() {
    has(
        &function("function f(a, b) { if (a && !b || a > 3) return 1; return 2; }"),
        &["jump_false a0", "jump_false a1", "load_int r2, 3", "jump_not_gt a0, r2", "load_int r2, 1", "return r2"],
    );
    has(&function("function f(a) { if (a == null) return 1; }"), &["load_null r1", "jump_ne a0, r1"]);
    has(&function("function f(a) { if (a != null) return 1; }"), &["jump_nullish a0"]);
    has(&function("function f(a) { if (a !== undefined) return 1; }"), &["jump_undefined a0"]);
    has(&function("function f(a) { for (;;) { if (a) break; } }"), &["loop_header", "jump_true a0", "jump"]);
}

#[test]
fn calls_build_their_window_in_place() {
    has(
        &function("function f(o, a) { return o.m(a, 1); }"),
        &["move r4, a0", "get_prop r3, a0, \"m\"", "move r5, a1", "load_int r6, 1", "call r2, r3.., 2"],
    );
    has(&function("function f(g) { return new g(1); }"), &["move r2, a0", "load_int r4, 1", "new r1, r2.., 1"]);
    has(
        &function("function f(g, a) { return g(0, ...a); }"),
        &[
            "move r3, a0",
            "load_undefined r4",
            "load_int r6, 0",
            "new_array r5, r6.., 1",
            "array_spread r5, a1",
            "call_spread r2, r3..",
        ],
    );
}

#[test]
fn callee_texts_and_positions_are_v8s() {
    let text = "'use strict'; function f(a) { a.b[1].c(2); (a.d)(); a.delete(); new a.e(); }";
    let module = compiled(text);
    let f = &module.main.children[0];
    let found: Vec<(String, &str)> = f
        .callee_texts
        .iter()
        .map(|(offset, constant)| {
            let crate::bytecode::function::Constant::String(s) = &f.constants[usize::from(*constant)] else { panic!() };
            (String::from_utf16_lossy(s), &text[f.position_at(*offset) as usize..][..3])
        })
        .collect();
    let expected = [("a.b[1].c", "c(2"), ("a.d", "();"), ("a.delete", "();"), ("a.e", "new")];
    assert_eq!(found, expected.map(|(t, p)| (t.to_string(), p)));
}

#[test]
fn captured_variables() {
    // Per-iteration bindings only where a closure captures them.
    let lines = function("function f(a) { for (let i = 0; i < 3; i++) a.push(() => i); }");
    has(&lines, &["new_scope", "load_int", "set_scoped"]);
    has(&lines, &["copy_scope r1, r1", "get_scoped"]);
    lacks(&function("function f(a) { for (let i = 0; i < 3; i++) a.push(i); }"), "new_scope");
    // A captured parameter that is never assigned is still read from its register.
    has(&function("function f(a) { const g = () => a; return a; }"), &["set_scoped r1, 0, 0, a0"]);
    lacks(&function("function f(a) { const g = () => a; return a; }"), "get_scoped");
    // Two scopes up.
    let module = compiled("'use strict'; function f(a) { return function g(b) { return () => a + b; }; }");
    let arrow = listing(&module.main.children[0].children[0].children[0]);
    has(&arrow, &["load_scope r0", "get_scoped r1, r0, 1, 0", "get_scoped r2, r0, 0, 0", "add"]);
}

#[test]
fn module_level_variables() {
    let module =
        compiled("'use strict'; const a = 1; let b = 2; const unused = 3; function f() { b++; return a; } f();");
    assert_eq!(&*module.cells, ["a", "b"]);
    let main = listing(&module.main);
    has(&main, &["load_int r5, 1", "init_module cell 0, r5"]);
    lacks(&main, "set_module");
    has(&listing(&module.main.children[0]), &["get_module r0, cell 1", "inc r1, r0", "set_module cell 1, r1"]);
    // A `var` that is assigned once is initialized, not assigned, and so may be taken for constant.
    let main = main_listing("var F = require('./x'); function g() { return F; } g();");
    lacks(&main, "set_module");
    let main = main_listing("g(); var F = require('./x'); function g() { return F; }");
    has(&main, &["load_undefined", "init_module"]);
    has(&main, &["set_module"]);
}

#[test]
fn dead_zone_checks_only_where_text_order_does_not_prove() {
    let check = "check_tdz";
    lacks(&main_listing("'use strict'; const a = 1; a;"), check);
    has(&main_listing("'use strict'; a; const a = 1;"), &["load_hole r5", "check_tdz r5, \"a\""]);
    // f is hoisted, but not mentioned before a is initialized.
    let of = |text: &str| listing(&compiled(text).main.children[0]);
    lacks(&of("'use strict'; function f() { return a; } const a = 1; f();"), check);
    has(&of("'use strict'; function f() { return a; } f(); const a = 1;"), &["get_module r0, cell 0", check]);
    // ... not even by way of another function.
    has(
        &of("'use strict'; function f() { return a; } function g() { f(); } g(); const a = 1;"),
        &["get_module", check],
    );
    lacks(&of("'use strict'; function f() { return a; } function g() { f(); } const a = 1; g();"), check);
    // Cases are jumped over.
    has(&function("function f(x) { switch (x) { case 0: let y; case 1: y; } }"), &[check]);
    lacks(&function("function f(x) { switch (x) { case 0: let y = 1; return y; } }"), check);
    // A class may mention itself in its members.
    let module = compiled("'use strict'; class A { m() { return A; } static s = A; }");
    for child in &module.main.children {
        for f in std::iter::once(child).chain(child.children.iter()) {
            lacks(&listing(f), check);
        }
    }
}

#[test]
fn assignments_that_throw_or_do_nothing() {
    has(&function("function f() { const a = 1; a = 2; }"), &["load_int r1, 2", "throw_assign \"a\", 0"]);
    has(
        &main_listing("'use strict'; nowhere = 1;"),
        &["throw_assign \"nowhere\", 1", "set_prop r6, \"nowhere\", r5 [9]"],
    );
    lacks(&main_listing("nowhere = 1;"), "throw_assign");
    let sloppy = compiled("(function g() { g = 1; return g; })();");
    lacks(&listing(&sloppy.main.children[0]), "throw_assign");
    let strict = compiled("'use strict'; (function g() { g = 1; })();");
    has(&listing(&strict.main.children[0]), &["throw_assign \"g\", 0"]);
}

#[test]
fn this_and_its_captures() {
    has(&function("function f() { return this.a; }"), &["load_this r0", "get_prop r1, r0, \"a\""]);
    let module = compiled("'use strict'; function f() { return () => this; }");
    has(
        &listing(&module.main.children[0]),
        &["load_this r0", "load_undefined", "new_scope r1,", "set_scoped r1, 0, 0, r0"],
    );
    has(&listing(&module.main.children[0].children[0]), &["load_scope r0", "get_scoped r1, r0, 0, 0"]);
    // Sloppy code makes an object of what it is called on, unless it is one.
    let sloppy = compiled("function f() { return this.a; }");
    has(
        &listing(&sloppy.main.children[0]),
        &["load_this r0", "jump_object r0", "sloppy_this r0, r0", "get_prop r1, r0"],
    );
    assert!(sloppy.main.children[0].flags.sloppy);
}

#[test]
fn arguments_and_rest_come_first() {
    has(&function("function f(a) { return arguments[a]; }"), &["create_arguments r1", "get_elem r2, r1, a0"]);
    let marked =
        |source: &str| listing(&compiled(source).main.children[0]).iter().any(|line| line.contains("map_arguments"));
    assert!(marked("function f(a) { g(arguments); }") && marked("function f(a) { return () => arguments; }"));
    assert!(marked("function f(a) { g.call(arguments); }") && marked("function f(a) { var b = arguments; }"));
    assert!(!marked("function f() { g(arguments); }") && !marked("'use strict'; function f(a) { g(arguments); }"));
    assert!(!marked("function f(a) { g.apply(a, arguments); [].slice.call(arguments, 1); h(...arguments); }"));
    assert!(marked("function f(a) { g.apply(a, arguments); } ({ apply(x, y) { y[0] = x; } })"));
    assert!(marked("function f(a) { g.apply(a, arguments); } g['call'] = f;"));
    assert!(marked("function f(a) { a = arguments[1]; }") && marked("function f(a) { arguments[0]++; }"));
    assert!(marked("function f(a) { g(() => { a = 1; }); return arguments; }"));
    has(&function("function f(a, ...r) { return r; }"), &["create_rest r1, 1", "return r1"]);
    let module = compiled("'use strict'; function f(a, b = 1, c) {}");
    assert_eq!((module.main.children[0].nparams, module.main.children[0].length), (3, 1));
    has(&listing(&module.main.children[0]), &["jump_undefined a1", "jump", "load_int a1, 1"]);
}

#[test]
fn classes() {
    let module =
        compiled("'use strict'; class A { x = 1; #p = 2; m() { return this.#p; } static get s() { return 1; } }");
    let main = listing(&module.main);
    has(&main, &["new_private_name", "init_module cell 0", "load_hole", "load_undefined", "new_class"]);
    has(&main, &["load_const", "load_undefined", "new_closure", "define_method"]);
    has(&main, &["set_field_init"]);
    let ctor = &module.main.children[0];
    assert_eq!(ctor.kind, FunctionKind::BaseConstructor);
    assert!(ctor.flags.has_fields);
    has(&listing(ctor), &["load_callee r0", "load_this r1", "init_fields r0, r1"]);
    let module = compiled(
        "'use strict'; class A {} class B extends A { constructor() { super(1); this.x = 2; } } class C extends A {}",
    );
    let b = &module.main.children[1];
    assert_eq!(b.kind, FunctionKind::DerivedConstructor);
    let lines = listing(b);
    has(&lines, &["load_new_target r0", "load_callee r1"]);
    has(&lines, &["super_call", "bind_this"]);
    lacks(&lines, "check_this");
    has(&listing(&module.main.children[2]), &["create_rest r0, 0", "load_new_target", "load_callee"]);
    has(&listing(&module.main.children[2]), &["super_call_spread", "bind_this"]);
    let early = compiled("'use strict'; class B extends Object { constructor() { this.x; super(); } }");
    has(&listing(&early.main.children[0]), &["check_this"]);
}

#[test]
fn iteration_is_closed_on_every_way_out() {
    let lines = function("function f(x) { for (const v of x) { if (v) return v; if (x) break; } }");
    has(&lines, &["iter_init r1.., a0", "loop_header", "iter_next r5, r1.., ->"]);
    has(&lines, &["iter_close r1..", "return r6"]);
    has(&lines, &["iter_close r1..", "throw r4"]);
    let module = compiled("'use strict'; function f(x) { for (const v of x) g(v); }");
    assert_eq!(module.main.children[0].handlers.len(), 2);
    has(
        &function("function f(o) { for (const k in o) o.g(k); }"),
        &["enum_init r1.., a0", "loop_header", "enum_next r4, r1.."],
    );
}

#[test]
fn destructuring() {
    has(
        &function("function f(o) { const {a, b: c = 1, ...r} = o; return r; }"),
        &["check_object a0", "load_const r4, \"a\"", "get_prop r1, a0, \"a\""],
    );
    has(
        &function("function f(o) { const [a, b] = o; return b; }"),
        &["iter_init", "load_undefined r1", "iter_next r1"],
    );
    // A swap needs no array.
    let swap = function("function f(a, b) { [a, b] = [b, a]; return a; }");
    assert_eq!(swap, ["move r2, a1", "move r3, a0", "move a0, r2", "move a1, r3", "return a0"]);
}

#[test]
fn finally_runs_on_every_way_out() {
    let lines = function("function f(a) { for (;;) { try { if (a) break; return 1; } finally { a.g(); } } }");
    // Two ways out besides normal completion and exception.
    has(&lines, &["load_int r1, 2", "jump"]);
    has(&lines, &["load_int r1, 3", "jump"]);
    has(&lines, &["load_int r3, 1", "jump_strict_ne r1, r3", "throw r2"]);
    has(&lines, &["load_int r3, 3", "jump_strict_ne r1, r3", "return r2"]);
}

#[test]
fn optional_chains_and_templates() {
    has(&function("function f(a) { return a?.b.c?.(1); }"), &["jump_nullish a0"]);
    has(
        &function("function f(a) { return `x${a}y`; }"),
        &["load_const r1, \"x\"", "to_string r2, a0", "add r1, r1, r2", "load_const r2, \"y\"", "add r1, r1, r2"],
    );
    has(&function("function f(t, a) { return t`x${a}\\u{41}`; }"), &["template_object"]);
}

#[test]
fn lone_surrogates_survive() {
    let module = compiled("const s = '\\ud800x\\uFFFD';");
    let constant = module.main.constants.iter().find_map(|c| match c {
        crate::bytecode::function::Constant::String(s) => Some(s.to_vec()),
        crate::bytecode::function::Constant::Number(_) => None,
    });
    assert_eq!(constant, Some(vec![0xD800, u16::from(b'x'), 0xFFFD]));
}

#[test]
fn natives_need_the_option() {
    has(
        &function("function f(g) { %OptimizeFunctionOnNextCall(g); }"),
        &["load_undefined", "load_undefined", "move", "intrinsic"],
    );
    let without = compile(source("%DebugPrint(1)"), &FrontendOptions::default());
    assert!(
        matches!(without, Err(FrontendError::Syntax { position: 0, message }) if message == "Unexpected token '%'")
    );
}

#[test]
fn refusals_are_collected() {
    use RefusedFeature::*;
    assert_eq!(refused("function* g() {} async () => {}; 1n;"), [(Generator, 0), (Async, 17), (BigInt, 33)]);
    assert_eq!(refused("with (a) {}"), [(With, 0)]);
    assert_eq!(refused("eval('1')"), [(Eval, 0)]);
    assert_eq!(refused("new Function('')"), [(FunctionConstructor, 4)]);
    assert_eq!(refused("import 'x'"), [(Modules, 0)]);
    assert_eq!(refused("setTimeout(1)"), [(MissingGlobal, 0)]);
    assert_eq!(refused("typeof Buffer"), [(MissingGlobal, 7)]);
    let many: Vec<String> = (0..32).map(|i| format!("p{i}")).collect();
    let many = format!("function f({}) {{ p1 = 1; return arguments[0]; }}", many.join(", "));
    assert_eq!(refused(&many), [(ArgumentsMapped, 11)]);
    assert_eq!(refused("function f(a, a) {}"), [(DuplicateParameter, 10)]);
    assert_eq!(refused("require('./a'); require('http')"), [(RequiredModule, 16)]);
    assert_eq!(refused("var x = /a/gv;"), [(RegularExpression, 8)]);
    assert_eq!(refused("undefined = 1"), [(GlobalAssignment, 0)]);
    assert_eq!(refused("function f() { arguments.callee }"), [(ArgumentsCallee, 25)]);
    for accepted in [
        "typeof window; typeof Symbol; x[Symbol.iterator]",
        "'use strict'; function f(a) { a = 1; return arguments[0]; }",
        "debugger; function F() { if (!(this instanceof F)) return new F(); }",
        "if (x) { function g() {} } g();",
    ] {
        compiled(accepted);
    }
}

#[test]
fn syntax_errors_speak_like_v8() {
    assert_eq!(syntax("let a; let a"), ("Identifier 'a' has already been declared".into(), 11));
    assert_eq!(syntax("f(1 2)"), ("missing ) after argument list".into(), 4));
    assert_eq!(syntax("a b"), ("Unexpected identifier 'b'".into(), 2));
    assert_eq!(syntax("{ a"), ("Unexpected end of input".into(), 3));
    assert_eq!(syntax("let module"), ("Identifier 'module' has already been declared".into(), 4));
    assert_eq!(syntax("var a = ;"), ("Unexpected token ';'".into(), 8));
}

#[test]
fn limits_are_errors() {
    let deep = format!("x = {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(try_compile(&deep), Err(FrontendError::TooLarge { what: "nesting", .. })));
    let moderately = format!("var x = {}1{}", "[".repeat(3_000), "]".repeat(3_000));
    compiled(&moderately);
    let many: String = (0..70_000).map(|i| format!("let a{i} = 0;")).collect();
    assert!(matches!(try_compile(&many), Err(FrontendError::TooLarge { what: "registers", .. })));
}
