//! The machine registers of the interpreter, and what handlers share.
//!
//! Interpreting is a chain of calls: each handler ends by calling the handler of the next instruction with the same five
//! arguments, which the compiler turns into a jump. So program counter, registers and feedback vector stay in machine
//! registers, every handler has a dispatch (and so a branch prediction) of its own, and a handler that calls nothing has
//! neither prologue nor spills. (m: 1.7 times as fast as one `match` in a loop.)
//!
//! Nothing relies on that optimization but speed: where calls are not turned into jumps, the native stack grows, and at the
//! next back-edge or call [`State::drifted`] notices, the chain returns [`CONTINUE`] to [`run`], and `run` starts it
//! anew from the frame record. Debug builds run that way.
//!
//! Operands are read by position: operand `i` of a row of the opcode table is unit `i`, except that a jump offset takes
//! two units.

use super::dispatch::{Handler, handler_at};
use super::entry::{EntryPoint, is_interpreted};
use super::frame::{CONSTRUCT, DISCARD, ENTRY, FrameRecord, Interp};
use super::hooks::{Backedge, safepoint};
use crate::bytecode::ops::Op;
use crate::feedback::slot::{TypesSlot, Unit};
use crate::runtime::cell::{Cell, STATE_OLD, offset};
use crate::runtime::function::{FunctionInfo, flags};
use crate::runtime::heap::stack_pointer;
use crate::runtime::ops::calls;
use crate::runtime::runtime::{JsResult, Runtime, Thrown};
use crate::runtime::value::{NOT_CELL_MASK, NUMBER_TAG, Value};
use crate::vocab::Tier;
use std::sync::atomic::Ordering;

/// What a chain of handlers returns to be started anew: no value has these bits.
const CONTINUE: u64 = u64::MAX;
/// How far the native stack may grow in a chain of handlers before it is started anew.
pub(super) const DRIFT_BYTES: usize = 16 << 10;

/// What every handler gets. With `COUNT`, retired bytecodes are counted (the clock of the deterministic mode).
#[derive(Clone, Copy)]
pub struct State<const COUNT: bool> {
    /// The runtime, first field of the machine.
    pub rt: *mut Runtime,
    /// The instruction.
    pub pc: *mut u16,
    /// Register 0 of the frame.
    pub regs: *mut u64,
    /// The function's feedback vector.
    pub fb: *mut Unit,
    /// The frame's record.
    pub frame: *mut FrameRecord,
}

/// Whether both are int32.
#[inline(always)]
pub fn both_int(a: Value, b: Value) -> bool {
    a.0 & b.0 >= NUMBER_TAG
}
/// Whether both are numbers.
#[inline(always)]
pub fn both_number(a: Value, b: Value) -> bool {
    a.is_number() && b.is_number()
}
/// Whether a register's value points to a cell: registers never hold the reserved word.
#[inline(always)]
pub fn is_cell(v: Value) -> bool {
    v.0 & NOT_CELL_MASK == 0
}
/// A field of a cell.
///
/// # Safety
/// The value is a cell of a kind that has this field.
#[inline(always)]
pub unsafe fn field<T: Copy>(cell: Value, at: usize) -> T {
    // SAFETY: promised by the caller.
    unsafe { (cell.0 as *const u8).add(at).cast::<T>().read() }
}
/// The first word of a cell: its shape or count.
///
/// # Safety
/// The value is a cell.
#[inline(always)]
pub unsafe fn shape_word(cell: Value) -> u32 {
    // SAFETY: promised by the caller.
    unsafe { field::<u32>(cell, offset::SHAPE as usize) }
}
/// The kind of a cell, as a number.
///
/// # Safety
/// The value is a cell.
#[inline(always)]
pub unsafe fn kind_byte(cell: Value) -> u8 {
    // SAFETY: promised by the caller.
    unsafe { field::<u8>(cell, offset::KIND as usize) }
}
/// First element of an object.
///
/// # Safety
/// The value is an object.
#[inline(always)]
pub unsafe fn elements_data(object: Value) -> *mut Value {
    // SAFETY: promised by the caller; the elements pointer of an object is never null.
    unsafe { field::<*mut u8>(object, offset::ELEMENTS as usize).add(offset::DATA as usize).cast() }
}

/// The value of a fallible expression; otherwise the handler ends in the exception.
macro_rules! tri {
    ($s:ident, $e:expr) => {
        match $e {
            Ok(v) => v,
            Err(_) => return $s.throw(),
        }
    };
}
pub(super) use tri;

/// Runs a function of the state out of line. The state travels as five words in registers, so that the handler which
/// leaves this way needs no stack frame for it, nor for what the function needs.
macro_rules! outline {
    ($s:ident, $count:ident, $f:expr $(, $arg:ident : $ty:ty)*) => {{
        #[inline(never)]
        unsafe extern "C" fn outlined<const C: bool>(
            rt: *mut $crate::runtime::runtime::Runtime,
            pc: *mut u16,
            regs: *mut u64,
            fb: *mut $crate::feedback::slot::Unit,
            frame: *mut $crate::interp::frame::FrameRecord,
            $( $arg: $ty, )*
        ) -> u64 {
            // SAFETY: see `State`.
            #[allow(unused_unsafe, reason = "the function may be safe")]
            unsafe { $f($crate::interp::state::State::<C> { rt, pc, regs, fb, frame } $(, $arg)*) }
        }
        outlined::<$count>($s.rt, $s.pc, $s.regs, $s.fb, $s.frame $(, $arg)*)
    }};
}

pub(super) use outline;

// SAFETY (of this impl's unsafe functions and the blocks in them): the bytecode is verified: registers lie in the frame,
// constants, cells, children and feedback slots exist, jumps lead to instructions. The state describes the innermost frame
// of the record stack, whose function is prepared; `head.sp` is its end. Records and the VM stack are this thread's.
#[allow(clippy::missing_safety_doc, reason = "one invariant for all, above")]
impl<const COUNT: bool> State<COUNT> {
    /// Executes the instruction at `pc` and all that follow.
    #[inline(always)]
    pub unsafe fn dispatch(self) -> u64 {
        // SAFETY: the private bytecode holds opcodes and quickened opcodes at instruction starts.
        unsafe {
            self.count();
            let handler: Handler = handler_at::<COUNT>(*self.pc);
            handler(self.rt, self.pc, self.regs, self.fb, self.frame)
        }
    }
    /// Executes this instruction as if its opcode were `op`: how a quickened form leaves what it was not made for to the
    /// general form.
    #[inline(always)]
    pub unsafe fn general(self, op: Op) -> u64 {
        // SAFETY: the caller names the opcode that this one stands for.
        unsafe { handler_at::<COUNT>(op as u16)(self.rt, self.pc, self.regs, self.fb, self.frame) }
    }
    /// The state behind this instruction.
    #[inline(always)]
    pub unsafe fn behind(mut self, op: Op) -> Self {
        // SAFETY: an instruction follows, for this one does not end its block.
        unsafe { self.pc = self.pc.add(op.units()) };
        self
    }
    /// Counts an instruction.
    #[inline(always)]
    pub unsafe fn count(self) {
        if COUNT {
            // SAFETY: the runtime is this thread's.
            unsafe { (*self.rt).head.retired[Tier::Interpreter.index()] += 1 };
        }
    }
    /// Goes on after this instruction.
    #[inline(always)]
    pub unsafe fn next(self, op: Op) -> u64 {
        // SAFETY: see the impl.
        unsafe { self.behind(op).dispatch() }
    }
    /// Stores a result in the register of operand 1 and goes on.
    #[inline(always)]
    pub unsafe fn done(self, v: Value, op: Op) -> u64 {
        // SAFETY: see the impl.
        unsafe {
            self.set(1, v);
            self.next(op)
        }
    }
    /// Operand `i`.
    #[inline(always)]
    pub unsafe fn op(self, i: usize) -> usize {
        // SAFETY: see the impl.
        unsafe { *self.pc.add(i) as usize }
    }
    /// The register that operand `i` names.
    #[inline(always)]
    pub unsafe fn reg(self, i: usize) -> Value {
        // SAFETY: see the impl.
        unsafe { Value(*self.regs.add(self.op(i))) }
    }
    /// Sets it.
    #[inline(always)]
    pub unsafe fn set(self, i: usize, v: Value) {
        // SAFETY: see the impl.
        unsafe { *self.regs.add(self.op(i)) = v.0 }
    }
    /// Immediate operand `i`.
    #[inline(always)]
    pub unsafe fn imm(self, i: usize) -> i32 {
        // SAFETY: see the impl.
        unsafe { *self.pc.add(i) as i16 as i32 }
    }
    /// The feedback slot that operand `i` names.
    #[inline(always)]
    pub unsafe fn slot<T>(self, i: usize) -> *mut T {
        // SAFETY: see the impl.
        unsafe { self.fb.add(self.op(i)).cast::<T>() }
    }
    /// The jump offset in units `i` and `i + 1`.
    #[inline(always)]
    pub unsafe fn jump(self, i: usize) -> isize {
        // SAFETY: see the impl.
        unsafe { self.pc.add(i).cast::<i32>().read_unaligned() as isize }
    }
    /// The constant that operand `i` names.
    #[inline(always)]
    pub unsafe fn constant(self, i: usize) -> Value {
        // SAFETY: see the impl.
        unsafe { *(*self.info()).constants.add(self.op(i)) }
    }
    /// The function.
    #[inline(always)]
    pub unsafe fn info(self) -> *mut FunctionInfo {
        // SAFETY: see the impl.
        unsafe { (*self.frame).info }
    }
    /// `this`.
    #[inline(always)]
    pub unsafe fn this(self) -> Value {
        // SAFETY: see the impl.
        unsafe { Value(*self.regs.sub(1)) }
    }
    /// The running closure.
    #[inline(always)]
    pub unsafe fn callee(self) -> Value {
        // SAFETY: see the impl.
        unsafe { Value(*self.regs.sub(2)) }
    }
    /// The runtime, with the frame's place noted: for everything that may throw, call or look at the stack.
    #[inline(always)]
    pub unsafe fn rt<'a>(self) -> &'a mut Runtime {
        // SAFETY: handlers use the runtime through one reference at a time.
        unsafe {
            (*self.frame).pc = self.pc;
            &mut *self.rt
        }
    }
    /// The interpreter.
    #[inline(always)]
    pub unsafe fn interp(self) -> *mut Interp {
        // SAFETY: the runtime is that of a machine.
        unsafe { Interp::of(self.rt) }
    }
    /// The write barrier after storing `v` into `cell`.
    #[inline(always)]
    pub unsafe fn barrier(self, cell: *mut Cell, v: Value) {
        // SAFETY: callers pass live cells.
        unsafe {
            if (*cell).state == STATE_OLD && is_cell(v) {
                (*self.rt).heap.remember(cell);
            }
        }
    }

    // ---- ways to end a handler ---------------------------------------------------------------------------------

    /// A branch whose jump offset is at unit `to` and whose feedback slot is operand `fb`.
    #[inline(always)]
    pub unsafe fn branch(self, taken: bool, op: Op, to: usize, fb: usize) -> u64 {
        // SAFETY: see the impl.
        unsafe {
            let slot = self.slot::<TypesSlot>(fb);
            if taken {
                (*slot).taken = (*slot).taken.wrapping_add(1);
                return self.jump_to(to);
            }
            (*slot).not_taken = (*slot).not_taken.wrapping_add(1);
            self.next(op)
        }
    }

    /// Jumps by the offset at unit `to`.
    #[inline(always)]
    pub unsafe fn jump_to(mut self, to: usize) -> u64 {
        // SAFETY: see the impl.
        unsafe {
            let offset = self.jump(to);
            self.pc = self.pc.offset(offset);
            if offset >= 0 {
                return self.dispatch();
            }
            let info = self.info();
            let n = (*info).backedges.wrapping_add(1);
            (*info).backedges = n;
            if n >= (*info).backedge_trip || (*self.rt).head.interrupt.load(Ordering::Relaxed) != 0 || self.drifted() {
                return outline!(self, COUNT, |s: State<C>| s.backedge_slow());
            }
            if *self.pc == Op::LoopHeader as u16 {
                self.count();
                self = self.behind(Op::LoopHeader);
            }
            self.dispatch()
        }
    }

    /// Whether the native stack has grown in this chain of handlers.
    #[inline(always)]
    unsafe fn drifted(self) -> bool {
        // SAFETY: see the impl.
        stack_pointer() < unsafe { (*self.interp()).drift_limit }
    }

    /// The state of the innermost record, executing at `pc`; the VM stack ends with its frame.
    #[inline(always)]
    unsafe fn of_top(rt: *mut Runtime, pc: *mut u16) -> State<COUNT> {
        // SAFETY: see the impl.
        unsafe {
            let frame = (*Interp::of(rt)).top;
            let info = (*frame).info;
            let regs = (*frame).regs;
            (*rt).head.sp = regs.add((*info).nregs as usize);
            State { rt, pc, regs, fb: (*info).feedback, frame }
        }
    }

    /// Pushes the frame of a callee that is interpreted and goes on in it. `pc` is a call instruction (destination in
    /// operand 1, argument count in operand 3); the call area is complete.
    #[inline(always)]
    pub unsafe fn push(self, info: *mut FunctionInfo, regs: *mut u64, kind: u8) -> u64 {
        // SAFETY: see the impl.
        unsafe {
            (*self.frame).pc = self.pc;
            let argc = self.op(3) as u32;
            let calls = (*info).invocations.wrapping_add(1);
            let special = (*info).flags & flags::NEEDS_ARGC != 0 || argc < (*info).nparams as u32;
            if calls >= (*info).invocation_trip || special {
                return self.push_special(info, regs, kind);
            }
            let end = regs.add((*info).nregs as usize);
            if end > (*self.rt).head.vm_stack_limit || self.drifted() {
                return self.push_special(info, regs, kind);
            }
            (*info).invocations = calls;
            self.enter_frame(info, regs, kind, argc, end).dispatch()
        }
    }

    #[inline(always)]
    unsafe fn enter_frame(self, info: *mut FunctionInfo, regs: *mut u64, flags: u8, argc: u32, end: *mut u64) -> Self {
        // SAFETY: see the impl.
        unsafe {
            let frame = self.frame.add(1);
            let pc = (*info).code;
            let (dst, call_units) = (self.op(1) as u16, Op::Call.units() as u8);
            frame.write(FrameRecord { regs, pc, info, argc, dst, call_units, flags });
            (*self.interp()).top = frame;
            (*self.rt).head.sp = end;
            State { rt: self.rt, pc, regs, fb: (*info).feedback, frame }
        }
    }

    /// [`State::push_slow`], out of line; five words and the callee's, so the rest is packed.
    #[inline(always)]
    unsafe fn push_special(self, info: *mut FunctionInfo, regs: *mut u64, kind: u8) -> u64 {
        // The callee's info is that of the closure below `this`.
        // SAFETY: see the impl.
        let below = unsafe { field::<*mut FunctionInfo>(Value(*regs.sub(2)), offset::FUNCTION_INFO as usize) };
        debug_assert_eq!(below, info);
        let area = regs as u64 | kind as u64;
        // SAFETY: see the impl.
        unsafe {
            outline!(
                self,
                COUNT,
                |s: State<C>, area: u64| {
                    let regs = (area & !7) as *mut u64;
                    let info = field::<*mut FunctionInfo>(Value(*regs.sub(2)), offset::FUNCTION_INFO as usize);
                    s.push_slow(info, regs, (area & 7) as u8)
                },
                area: u64
            )
        }
    }

    /// The uncommon cases of [`State::push`]: a trip of the invocation counter, a full stack, actual arguments that matter or
    /// are fewer than the parameters.
    #[inline(always)]
    unsafe fn push_slow(self, info: *mut FunctionInfo, regs: *mut u64, kind: u8) -> u64 {
        // SAFETY: see the impl.
        unsafe {
            let argc = self.op(3) as u32;
            let calls = (*info).invocations.wrapping_add(1);
            (*info).invocations = calls;
            if calls >= (*info).invocation_trip {
                ((*self.interp()).hooks.invocation_trip)(&mut *self.rt, info);
                if !is_interpreted(info) {
                    // Call what the function has become. `this` of the area is the new object of a `new` call.
                    let this = Value(*regs.sub(1));
                    let result = ((*self.rt).hooks.enter)(&mut *self.rt, (*info).generic_entry, regs, argc);
                    if result == Value::EMPTY.0 {
                        return self.throw();
                    }
                    let v = Value(result);
                    return self.done(if kind & CONSTRUCT != 0 { calls::constructed(v, this) } else { v }, Op::Call);
                }
            }
            let needs_argc = (*info).flags & flags::NEEDS_ARGC != 0;
            let words = ((*info).nregs as u32).max(if needs_argc { argc } else { 0 });
            let end = regs.add(words as usize);
            if end > (*self.rt).head.vm_stack_limit {
                let _: JsResult = (*self.rt).throw_stack_overflow();
                return self.throw();
            }
            for i in argc..(*info).nparams as u32 {
                *regs.add(i as usize) = Value::UNDEFINED.0;
            }
            let callee = self.enter_frame(info, regs, kind, argc, end);
            if callee.drifted() { CONTINUE } else { callee.dispatch() }
        }
    }

    /// Leaves the frame with a value.
    #[inline(always)]
    pub unsafe fn leave(self, v: Value) -> u64 {
        // SAFETY: see the impl.
        unsafe {
            let FrameRecord { dst, call_units, flags, .. } = *self.frame;
            if flags != 0 {
                return outline!(self, COUNT, |s: State<C>, v: Value| s.leave_special(v), v: Value);
            }
            (*self.interp()).top = self.frame.sub(1);
            let caller = State::<COUNT>::of_top(self.rt, (*self.frame.sub(1)).pc.add(call_units as usize));
            *caller.regs.add(dst as usize) = v.0;
            caller.dispatch()
        }
    }

    /// The same for frames with flags: entries, `new`, results that nobody wants.
    #[inline(always)]
    unsafe fn leave_special(self, v: Value) -> u64 {
        // SAFETY: see the impl.
        unsafe {
            let FrameRecord { dst, call_units, flags, .. } = *self.frame;
            let v = if flags & CONSTRUCT != 0 { calls::constructed(v, self.this()) } else { v };
            if flags & ENTRY != 0 {
                return v.0;
            }
            (*self.interp()).top = self.frame.sub(1);
            let caller = State::<COUNT>::of_top(self.rt, (*self.frame.sub(1)).pc.add(call_units as usize));
            if flags & DISCARD == 0 {
                *caller.regs.add(dst as usize) = v.0;
            }
            caller.dispatch()
        }
    }

    /// A trip of the back-edge counter, an interrupt, or a chain to be restarted. `pc` is at the loop header.
    #[inline(always)]
    unsafe fn backedge_slow(self) -> u64 {
        // SAFETY: see the impl.
        unsafe {
            (*self.frame).pc = self.pc;
            let interp = self.interp();
            let hooks = (*interp).hooks;
            if (*self.rt).head.interrupt.load(Ordering::Relaxed) != 0 {
                tri!(self, safepoint(&mut *self.rt, hooks.safepoint));
            }
            let info = self.info();
            if (*info).backedges < (*info).backedge_trip {
                return self.go_on();
            }
            let record = *self.frame;
            (*interp).top = self.frame.sub(1);
            let answer = (hooks.backedge_trip)(&mut *self.rt, &record);
            (*interp).top = self.frame;
            // Whatever took the frame over may have used the place of its record.
            self.frame.write(record);
            match answer {
                Backedge::Continue => self.go_on(),
                Backedge::Resume(offset) => {
                    let mut state = self;
                    state.pc = (*record.info).code.add(offset as usize);
                    state.go_on()
                }
                Backedge::Throw(offset) => {
                    let mut state = self;
                    state.pc = (*record.info).code.add(offset as usize);
                    (*state.frame).pc = state.pc;
                    state.throw()
                }
                Backedge::Leave(result) if result != Value::EMPTY.0 => self.leave_special(Value(result)),
                Backedge::Leave(_) => {
                    // It threw: the frame is gone, its handlers have been tried.
                    if record.flags & ENTRY != 0 {
                        return Value::EMPTY.0;
                    }
                    (*interp).top = self.frame.sub(1);
                    self.throw()
                }
            }
        }
    }

    /// Goes on at `pc`, in a new chain if the stack has grown in this one. That is looked at last: a trip that waited for the
    /// new chain would be noticed an iteration late, in builds whose calls are no jumps only.
    #[inline(always)]
    unsafe fn go_on(self) -> u64 {
        // SAFETY: see the impl.
        unsafe {
            if self.drifted() {
                (*self.frame).pc = self.pc;
                return CONTINUE;
            }
            self.dispatch()
        }
    }

    /// Goes on at the handler of the pending exception, or leaves the run loop with it.
    #[inline(always)]
    pub unsafe fn throw(self) -> u64 {
        // SAFETY: see the impl.
        unsafe { outline!(self, COUNT, |s: State<C>| s.throw_now()) }
    }

    #[inline(always)]
    unsafe fn throw_now(self) -> u64 {
        // SAFETY: see the impl.
        unsafe {
            if self.drifted() {
                // The instruction must not be executed again: `run` goes on by throwing.
                (*self.interp()).rethrow = true;
                return CONTINUE;
            }
            match unwind(self.rt, self.interp()) {
                Some(target) => State::<COUNT>::of_top(self.rt, target).dispatch(),
                None => Value::EMPTY.0,
            }
        }
    }
}

/// Runs the innermost frame of the record stack, and what it calls, until the frame marked as entry has returned. The
/// result is its value, or 0 if it threw.
///
/// # Safety
/// `rt` is the runtime of a `Machine`; the innermost record describes a complete frame of a prepared function on the VM
/// stack, `head.sp` is its end, and a record with the entry flag is at or below it.
#[inline(never)]
pub unsafe fn run<const COUNT: bool>(rt: *mut Runtime, point: EntryPoint) -> u64 {
    // SAFETY: as promised by the caller.
    unsafe {
        let interp = Interp::of(rt);
        let saved = std::mem::replace(&mut (*interp).drift_limit, stack_pointer() - DRIFT_BYTES);
        (*interp).rethrow = point == EntryPoint::Throw;
        let result = loop {
            let frame = (*interp).top;
            let info = (*frame).info;
            let s = State::<COUNT> { rt, pc: (*frame).pc, regs: (*frame).regs, fb: (*info).feedback, frame };
            let result = if std::mem::take(&mut (*interp).rethrow) { s.throw() } else { s.dispatch() };
            if result != CONTINUE {
                break result;
            }
        };
        (*interp).drift_limit = saved;
        result
    }
}

/// Finds the handler of the pending exception in the frames of this run loop, innermost first. The frame that has it
/// becomes the top; its handler's address is returned. None: no frame of this run loop handles it.
unsafe fn unwind(rt: *mut Runtime, interp: *mut Interp) -> Option<*mut u16> {
    // SAFETY: the records from the entry frame up to the top belong to this run loop.
    unsafe {
        (*interp).note_throw((*rt).head.exception);
        loop {
            let frame = (*interp).top;
            if (*rt).termination.is_none() {
                let info = &*(*frame).info;
                if let Some(h) = info.function.handler_at((*frame).offset()) {
                    let exception = (*rt).take_exception();
                    *(*frame).regs.add(h.exception.0 as usize) = exception.0;
                    return Some(info.code.add(h.target as usize));
                }
            }
            if (*frame).flags & ENTRY != 0 {
                return None;
            }
            (*interp).top = frame.sub(1);
        }
    }
}

// What `restart` and `push` assume of the instructions that call.
const _: () = assert!(Op::Call.units() == Op::New.units());
const _: () = assert!(size_of::<Thrown>() == 0);
