//! The interpreter's ways in that no program reaches directly: frames put on the VM stack by somebody else, and run loops
//! that must not depend on the compiler's tail calls.

use petrel::bytecode::ops::Op;
use petrel::config::Config;
use petrel::events::Recorder;
use petrel::interp::{self, Backedge, EntryPoint, FrameRecord, Interp, ResumeFrame, ResumePoint};
use petrel::runtime::function::FunctionInfo;
use petrel::runtime::heap::stack_pointer;
use petrel::runtime::runtime::Runtime;
use petrel::runtime::value::Value;
use petrel::vm::Vm;
use std::sync::atomic::{AtomicU32, Ordering};

/// A VM that has run a program.
fn ran(text: &str) -> Box<Vm> {
    let mut config = Config::default();
    config.set("tier-max", "0").expect("a knob");
    let mut vm = Vm::new(config, Recorder::off()).expect("a heap");
    assert_eq!(vm.run_source("test.js", text.to_string()), 0);
    vm
}

/// A function of the program by name.
fn function(vm: &mut Vm, name: &str) -> *mut FunctionInfo {
    let f = vm.rt().functions.iter_mut().find(|f| f.function.name == name).expect("a function of that name");
    &raw mut **f
}

/// Unit offset of the first instruction with this opcode.
fn offset_of(info: *mut FunctionInfo, op: Op) -> u32 {
    // SAFETY: infos live as long as the VM.
    let code = unsafe { &(&*info).function.code };
    let mut at = 0;
    while code[at] != op as u16 {
        at += Op::ALL[code[at] as usize].units();
    }
    at as u32
}

const PROGRAM: &str = "function inner(a) { return a * 2 + 1; }
function outer(a) { const r = inner(a); return r + 1000; }
function guarded(a) { try { return inner(a); } catch (e) { return -1; } }
outer(1); guarded(1);";

#[test]
fn an_inner_frame_delivers_its_result_to_the_outer_one() {
    let mut vm = ran(PROGRAM);
    let (outer, inner) = (function(&mut vm, "outer"), function(&mut vm, "inner"));
    let call = offset_of(outer, Op::Call);
    // SAFETY: infos live as long as the VM.
    let (dst, outer_regs, inner_regs) =
        unsafe { ((&*outer).function.code[call as usize + 1], (*outer).nregs, (*inner).nregs) };
    let outer_values = vec![Value::int(7); outer_regs as usize];
    let inner_values = vec![Value::int(7); inner_regs as usize];
    let frame = |info, registers, offset, resume| ResumeFrame {
        info,
        callee: Value::UNDEFINED,
        this: Value::UNDEFINED,
        argc: 1,
        is_construct: false,
        registers,
        offset,
        resume,
    };
    let frames = [
        frame(outer, &outer_values[..], call, ResumePoint::After(Some(dst))),
        frame(inner, &inner_values[..], 0, ResumePoint::Before),
    ];
    vm.rt().heap.set_stack_base(stack_pointer());
    // SAFETY: the frames fit their functions, which have run and so are prepared.
    let result = unsafe { interp::resume(&raw mut *vm.rt(), &frames, EntryPoint::Execute, Value::UNDEFINED) };
    assert_eq!(Value(result), Value::int(7 * 2 + 1 + 1000));
}

#[test]
fn resuming_after_a_call_and_by_throwing() {
    let mut vm = ran(PROGRAM);
    let guarded = function(&mut vm, "guarded");
    let call = offset_of(guarded, Op::Call);
    // SAFETY: infos live as long as the VM.
    let (dst, count) = unsafe { ((&*guarded).function.code[call as usize + 1], (*guarded).nregs) };
    let registers = vec![Value::int(3); count as usize];
    let frames = [ResumeFrame {
        info: guarded,
        callee: Value::UNDEFINED,
        this: Value::UNDEFINED,
        argc: 1,
        is_construct: false,
        registers: &registers,
        offset: call,
        resume: ResumePoint::After(Some(dst)),
    }];
    vm.rt().heap.set_stack_base(stack_pointer());
    // SAFETY: as above.
    let result = unsafe { interp::resume(&raw mut *vm.rt(), &frames, EntryPoint::Execute, Value::int(42)) };
    assert_eq!(Value(result), Value::int(42), "the call's result is what was passed in");
    vm.rt().head.exception = Value::int(5);
    // SAFETY: as above.
    let result = unsafe { interp::resume(&raw mut *vm.rt(), &frames, EntryPoint::Throw, Value::UNDEFINED) };
    assert_eq!(Value(result), Value::int(-1), "the handler around the call caught it");
}

/// A small native stack: a chain of handlers whose calls are no jumps would use it up within some hundred bytecodes.
#[test]
fn loops_and_recursion_need_no_native_stack() {
    let text = "let s = 0; for (let i = 0; i < 200000; i++) s = (s + i) & 1023;
function down(n) { return n === 0 ? 0 : down(n - 1); }
for (let i = 0; i < 50; i++) down(5000);
let overflowed = false;
function forever(n) { return forever(n + 1) + 1; }
try { forever(0); } catch (e) { overflowed = e instanceof RangeError; }
let caught = 0;
for (let i = 0; i < 20000; i++) { try { null.x; } catch (e) { caught++; } }
if (s !== 352 || !overflowed || caught !== 20000) throw new Error('wrong ' + s + ' ' + caught);";
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(|| drop(ran(text))).expect("a thread");
    thread.join().expect("no panic");
}

/// Where calls are no jumps, chains of handlers are started anew at back-edges; a trip that is due there is noticed all the
/// same, or the virtual clock would tell builds apart.
#[test]
fn a_trip_is_noticed_at_the_very_back_edge() {
    static TRIPS: AtomicU32 = AtomicU32::new(0);
    static LATE: AtomicU32 = AtomicU32::new(0);
    /// Expects to be called when the count is reached, and wants to be called again soon.
    fn trip(_: &mut Runtime, frame: &FrameRecord) -> Backedge {
        // SAFETY: the record's function is alive.
        let info = unsafe { &mut *frame.info };
        TRIPS.fetch_add(1, Ordering::Relaxed);
        LATE.fetch_add((info.backedges > info.backedge_trip) as u32, Ordering::Relaxed);
        info.backedge_trip = info.backedges + 3;
        Backedge::Continue
    }
    let mut vm = Vm::new(Config::default(), Recorder::off()).expect("a heap");
    // SAFETY: the VM is a machine and nothing runs.
    unsafe { (*Interp::of(vm.rt())).hooks.backedge_trip = trip };
    let text = "let s = 0; for (let i = 0; i < 30000; i++) { s = (s + i) & 1023; s = (s ^ i) | 0; s = s + 1; }";
    assert_eq!(vm.run_source("test.js", text.to_string()), 0);
    assert!(TRIPS.load(Ordering::Relaxed) > 1000);
    assert_eq!(LATE.load(Ordering::Relaxed), 0);
}
