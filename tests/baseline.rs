//! Profiling baseline code leaves the same feedback behind as the interpreter: what the optimizer learns does not depend on
//! the tier that ran a program.

mod support;

use petrel::bytecode::ops::{Op, SlotKind};
use petrel::config::{Config, Stress};
use petrel::events::Recorder;
use petrel::feedback::slot::{CallSlot, ElementSlot, PropertySlot, TypesSlot, seen};
use petrel::vm::Vm;
use petrel::vocab::Tier;
use support::{run_petrel, scratch};

/// Runs a program up to a tier, compiling early and at once.
fn run(source: &str, tier_max: Tier, scaling: f64) -> Box<Vm> {
    let config = Config {
        tier_max,
        sync: true,
        compile_threshold_scaling: scaling,
        stress: Stress { thresholds: scaling == 0.0, ..Stress::OFF },
        ..Config::default()
    };
    let mut vm = Vm::new(config, Recorder::off()).expect("room for a heap");
    assert_eq!(vm.run_source("test.js", source.into()), 0);
    vm
}

/// What the slots of all functions hold, as text. Of operand types only what an operation is compiled by: after int32s
/// overflowed or a double came, the interpreter stops looking.
fn feedback(vm: &mut Vm) -> Vec<String> {
    let mut all = Vec::new();
    for info in &vm.rt().functions {
        if !info.is_prepared() {
            continue;
        }
        for s in &info.function.slots {
            // SAFETY: the slot table describes the vector of a prepared function.
            let text = unsafe {
                let at = info.feedback.add(s.index as usize);
                match s.kind {
                    SlotKind::Types => {
                        let t = &*at.cast::<TypesSlot>();
                        let numeric = t.seen & (seen::OVERFLOW | seen::DOUBLE | seen::NEG_ZERO) != 0;
                        let bits = t.seen & !(seen::OVERFLOW | seen::DOUBLE | seen::NEG_ZERO | seen::INT);
                        let int = t.seen & seen::INT != 0 && !numeric;
                        format!("{bits:#x} int {int} numeric {numeric}, {} taken, {} not", t.taken, t.not_taken)
                    }
                    SlotKind::Property => {
                        let p = &*at.cast::<PropertySlot>();
                        let entries = p.entries.map(|e| (e.shape, e.access, e.offset));
                        format!("{} {entries:?}", p.len)
                    }
                    SlotKind::Element => {
                        let e = &*at.cast::<ElementSlot>();
                        format!("{:#x} {} {:?} {:?}", e.flags, e.len, e.shapes, e.stored)
                    }
                    SlotKind::Call => {
                        let c = &*at.cast::<CallSlot>();
                        format!("{} {} {:?}", c.len, c.count, c.entries.map(|e| (e.target, e.count)))
                    }
                    SlotKind::Literal => continue,
                }
            };
            let op = Op::ALL[info.function.code[s.offset as usize] as usize].name();
            all.push(format!("{} @{} {op}: {text}", info.function.name, s.offset));
        }
    }
    all
}

fn assert_same_feedback(source: &str) {
    let expected = feedback(&mut run(source, Tier::Interpreter, 1.0));
    assert!(expected.len() > 3, "the program has sites");
    for scaling in [0.0, 0.02] {
        let found = feedback(&mut run(source, Tier::BaselineProfiling, scaling));
        assert_eq!(found, expected, "with thresholds scaled by {scaling}");
    }
}

#[test]
fn arithmetic_leaves_the_same_feedback() {
    assert_same_feedback(
        "function f(a, b) { return (a + b) * 2 - (a / 4) + (a % 7) - (a & b) + (a << 1) + (b >>> 1) + -a + ~b }
         let ints = 0, doubles = 0, words = '';
         for (let i = 1; i < 300; i++) { ints = (ints + f(i, i + 1)) | 0 }
         function g(a, b) { return a + b * 0.5 - b / 3 }
         for (let i = 1; i < 300; i++) { doubles = g(doubles, i + 0.25) }
         function h(a, b) { return a + b }
         for (let i = 0; i < 300; i++) { words = h('w', 'x') }
         function k(v) { if (v === null) return 1; if (v == undefined) return 2; if (v !== 'a') return 3; return 4 }
         for (let i = 0; i < 300; i++) { k(null); k(undefined); k('a'); k('b'); k(i) }",
    );
}

#[test]
fn properties_and_elements_leave_the_same_feedback() {
    assert_same_feedback(
        "class P { constructor(x, y) { this.x = x; this.y = y } sum() { return this.x + this.y } get twice() { return 2 * this.x } }
         class Q extends P { constructor(x) { super(x, 1); this.z = x } sum() { return super.sum() + this.z } }
         function total(o) { return o.sum() + o.x + o.twice }
         let t = 0;
         for (let i = 0; i < 300; i++) { t += total(i % 2 ? new P(i, 2) : new Q(i)) }
         function fill(a, n, v) { for (let i = 0; i < n; i++) { a[i] = v } return a }
         function add(a) { let s = 0; for (let i = 0; i < a.length; i++) { s += a[i] } for (const v of a) { s += v } return s }
         for (let i = 0; i < 40; i++) { t += add(fill([], 20, 1)) + add(fill([0.5, 1.5], 2, 2.3)) }
         const o = {}; for (let i = 0; i < 300; i++) { o['k' + (i % 3)] = i; t += 'k1' in o ? 1 : 0 }",
    );
}

#[test]
fn calls_and_branches_leave_the_same_feedback() {
    assert_same_feedback(
        "function add(a, b) { return a + b } function sub(a, b) { return a - b }
         function apply(f, a, b) { return f(a, b) }
         let t = 0;
         for (let i = 0; i < 300; i++) { t = apply(i % 3 ? add : sub, t, i); if (i % 5 === 0) { t = Math.floor(t / 2) } }
         function make(n) { return () => n } for (let i = 0; i < 300; i++) { t += make(i)() }
         function thrower(i) { if (i % 2) throw i; return i }
         for (let i = 0; i < 300; i++) { try { t += thrower(i) } catch (e) { t -= e } finally { t += 1 } }
         let text = ''; for (const k in { a: 1, b: 2, c: 3 }) { switch (k) { case 'a': text += 1; break; default: text += 2 } }",
    );
}

/// What a program says on both outputs, run to a tier with every function compiled at its first call.
fn said(source: &str, flags: &[&str]) -> (String, String) {
    let outcome = run_petrel(flags, &scratch("baseline_report.js", source));
    (outcome.stdout, outcome.stderr)
}

#[test]
fn stack_traces_and_reports_are_those_of_the_interpreter() {
    let source = "class Shape { constructor(n) { this.n = check(n) } area() { return check(this.n - 5) } }
        class Square extends Shape { constructor(n) { super(n); this.square = true } }
        function Old(n) { this.n = check(n) }
        function check(n) { if (n < 0) { throw new RangeError('negative: ' + n) } return n }
        const callback = () => [1].map(() => null.x);
        function trace(f) { try { f() } catch (e) { console.log(e.stack) } }
        trace(() => new Square(-1)); trace(() => new Shape(1).area()); trace(() => new Old(-2)); trace(callback);
        trace(() => undefinedName); trace(() => { const o = {}; o.missing() });
        function deep(n) { return n === 0 ? check(-3) : deep(n - 1) } trace(() => deep(20));
        function last() { throw { code: 7 } }
        last()";
    let expected = said(source, &["--tier-max=0"]);
    assert!(expected.0.contains("new Square") && expected.1.contains("throw { code: 7 }"), "{expected:?}");
    for tier in ["--tier-max=1", "--tier-max=2", "--tier-max=3"] {
        assert_eq!(said(source, &[tier, "--stress=thresholds,sync"]), expected, "{tier}");
    }
}
