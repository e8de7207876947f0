//! A side exit was taken: the frames are rebuilt, the policy learns, the interpreter goes on.
//!
//! ```text
//! guard fails ─▶ raw values in the exit buffer ─▶ deopt thunk ─▶ recipe ─▶ rebuild (pure) ─▶ interpreter runs the frames
//!                                                     │                                        └▶ their result is the
//!                                                     └▶ event, policy's answer, code dropped      optimized code's
//! ```
//!
//! The same way leads out after a call whose result was the reserved word: then either the code was invalidated while the
//! call ran (lazy), or an exception is pending; if no frame of the compile catches it, it just passes through.

use super::{Vm, vm_of};
use crate::bytecode::ops::SlotKind;
use crate::codegen::lower::{ExitDetail, Expected};
use crate::deopt::rebuild::{Materializer, RebuiltFrame, rebuild};
use crate::deopt::recipe::{Recipe, Resume, Source, VirtualObject};
use crate::events::{Event, SourceSite};
use crate::exit_thunk;
use crate::feedback::slot::TypesSlot;
use crate::interp::{self, EntryPoint, ResumeFrame, ResumePoint};
use crate::runtime::cell::CellKind;
use crate::runtime::heap::stack_pointer;
use crate::runtime::object::{Obj, Scope, kind_of};
use crate::runtime::ops::arguments::create_arguments;
use crate::runtime::ops::class;
use crate::runtime::rootvec::RootVec;
use crate::runtime::runtime::{Runtime, Thrown};
use crate::runtime::string::Str;
use crate::runtime::value::Value;
use crate::tiering::clock::modelled_deopt_ns;
use crate::tiering::policy::DeoptAnswer;
use crate::tiering::state::Place;
use crate::vocab::{
    BlobId, DeoptAction, DeoptKind, DeoptReason, ExitId, FunctionId, NotEntrantCause, Reentry, ShapeId, Tier,
};
use cranelift_entity::EntityRef;
use std::time::Instant;

exit_thunk!(
    /// What side exits call: `fn(rt, exit id) -> result`.
    pub(super) deopt_thunk, deopt
);

/// How an exit is to be answered.
struct Taken {
    blob: BlobId,
    exit: ExitId,
    kind: DeoptKind,
    reason: DeoptReason,
    point: EntryPoint,
    /// The result of the call that was pending.
    result: Value,
    stressed: bool,
}

extern "C" fn deopt(rt: *mut Runtime, exit: u64) -> u64 {
    // SAFETY: compiled code passes its runtime, which is that of a VM.
    let vm = unsafe { vm_of(rt) };
    let started = Instant::now();
    match vm.examine_exit(ExitId::new(exit as usize)) {
        Some(taken) => vm.leave(taken, started),
        None => Value::EMPTY.0,
    }
}

impl Vm {
    /// Which exit it is and what it means. None: a pending exception passes through.
    fn examine_exit(&mut self, exit: ExitId) -> Option<Taken> {
        // SAFETY: the thunk that called has just linked its frame: the return address lies above it.
        let return_address = unsafe { ((self.rt().head.last_exit_fp + 8) as *const usize).read() };
        let lazy = self.rt().head.take_lazy();
        let engine = self.jit.engine.as_mut().expect("compiled code runs");
        let blob = engine.cache.find_return(return_address).expect("an exit returns into its blob");
        let (blob, row) = (blob.id, blob.exits.get(exit).expect("an exit of this blob").clone());
        let notes = engine.blobs.get_mut(&blob).expect("an installed blob");
        let detail = &notes.details[exit.index()];
        let stressed = notes.stress_flags.as_mut().is_some_and(|flags| {
            let at = exit.index().min(flags.len() - 1);
            std::mem::replace(&mut flags[at], 0) == 1 && !detail.after_call
        });
        let (after_call, catches) = (detail.after_call, detail.catches);
        let invalidated = notes.invalidated;
        let taken = |kind, reason, point, result| Taken { blob, exit, kind, reason, point, result, stressed };
        if let Some(lazy) = lazy {
            let reason = invalidated.map_or(DeoptReason::CodeDiscarded, DeoptReason::from);
            if !lazy.result.is_empty() {
                return Some(taken(DeoptKind::Lazy, reason, EntryPoint::Execute, lazy.result));
            }
            // The call threw: as below.
        }
        let rt = self.rt();
        if rt.termination.is_some() {
            return None;
        }
        if after_call {
            return catches
                .then(|| taken(DeoptKind::Eager, DeoptReason::Exception, EntryPoint::Throw, Value::UNDEFINED));
        }
        let reason = if stressed { DeoptReason::Stress } else { row.reason };
        Some(taken(row.kind, reason, EntryPoint::Execute, Value::UNDEFINED))
    }

    /// Rebuilds, learns, resumes; the result of the frames is the result of the code that was left.
    fn leave(&mut self, taken: Taken, started: Instant) -> u64 {
        let Taken { blob, exit, kind, reason, point, result, stressed } = taken;
        let engine = self.jit.engine.as_ref().expect("compiled code runs");
        let found = engine.cache.get(blob).expect("an installed blob");
        let row = found.exits.get(exit).expect("an exit of this blob");
        let recipe = Recipe::decode(found.exits.recipe_bytes(row));
        let positions: Vec<(FunctionId, u32)> =
            found.inlining_chain(row.position).map(|p| (p.function, p.bytecode_offset)).collect();
        let obsolete = !found.is_entrant();
        let detail = engine.blobs[&blob].details[exit.index()].clone();
        let listening = self.jit.recorder.is_on();
        // What the guard saw stands in the buffer: it is shown before anything can change it.
        let raw_words = raw_words(&recipe, &detail);
        let raw: Vec<u64> = self.jit.exit_buffer[..raw_words].to_vec();
        self.rt().head.exit_words = raw_words as u64;
        let (expected, seen) = if listening { self.describe(&detail, &raw, reason) } else { Default::default() };
        let exit_ns = started.elapsed().as_nanos() as u64;
        let mut objects = HeapObjects { rt: &raw mut self.machine.rt, made: RootVec::new(&self.machine.rt.heap) };
        let frames = rebuild(&recipe, &raw, &mut objects);
        let rebuild_ns = started.elapsed().as_nanos() as u64 - exit_ns;
        let (exit_ns, rebuild_ns) = if self.config.deterministic {
            let slots = frames.iter().map(|f| f.registers.len() as u32).sum();
            let (exit_ns, rebuild_ns) = modelled_deopt_ns(slots);
            self.advance_ns(exit_ns + rebuild_ns);
            (exit_ns, rebuild_ns)
        } else {
            (exit_ns, rebuild_ns)
        };
        let innermost = positions.first().copied().unwrap_or((frames[0].function, 0));
        self.jit.left_last = Some(blob);
        let mut left = None;
        let mut lost = false;
        if self.goes_on_in_a_continuation(&frames, kind, reason, point, stressed) {
            // Nothing was lost, so nothing is learnt: that the continuation is entered is told when it is.
        } else {
            if reason == DeoptReason::NeverTakenBranch {
                self.count_branch(innermost);
            }
            let coming = self.has_continuations() && self.continuation_is_coming(&frames);
            let lesson = self.learn(blob, innermost, reason, kind, (obsolete || stressed, coming), || {
                (detail.clone(), expected, seen, positions, exit, objects.made.len() as u32, exit_ns, rebuild_ns)
            });
            debug_assert!(!obsolete || lesson.is_none_or(|l| !l.action.discards_code()), "code is dropped once");
            if lesson.is_some_and(|answer| answer.continuation) {
                self.want_continuations(&frames);
            }
            left = self.left(blob, innermost, reason, exit);
            lost = lesson.is_some_and(|answer| answer.action.discards_code());
        }
        // Code that only leaves again has no check of the stack, and may stay in use: recursion through it ends here.
        let full = point == EntryPoint::Execute && stack_pointer() < self.rt().head.native_stack_limit;
        if full {
            let _: Result<(), Thrown> = self.rt().throw_stack_overflow();
        }
        let point = if full { EntryPoint::Throw } else { point };
        let notes = self.jit.engine.as_ref().and_then(|e| e.blobs.get(&blob));
        let (taken_over, function) = (notes.and_then(|n| n.osr_offset), notes.map(|n| n.function));
        match (taken_over, self.jit.osr_frames.last().copied()) {
            (Some(_), Some((regs, _))) => {
                if let (Some(left), Some(function)) = (left, function) {
                    self.jit.witness.in_lower_loop(function, left);
                }
                self.hand_back(&frames, regs, point, result)
            }
            (None, _) | (_, None) => {
                let result = self.resume(&frames, point, result);
                if let (Some(left), false) = (left, lost) {
                    self.reentered(left, Reentry::FrameEnded);
                }
                result
            }
        }
    }

    /// Whether the innermost frame has code to go on in where its guard failed.
    fn goes_on_in_a_continuation(
        &mut self,
        frames: &[RebuiltFrame],
        kind: DeoptKind,
        reason: DeoptReason,
        point: EntryPoint,
        stressed: bool,
    ) -> bool {
        if !self.has_continuations() || stressed || point == EntryPoint::Throw || !reason.is_speculation() {
            return false;
        }
        let guard = match kind {
            DeoptKind::Eager | DeoptKind::Soft => true,
            DeoptKind::Lazy => false,
        };
        frames.last().is_some_and(|f| {
            guard
                && f.resume == Resume::Before
                && !f.is_construct
                && self.continuation_at(f.function, f.bytecode_offset).is_some()
        })
    }

    /// A branch was taken that had never been. The interpreter goes on behind it and does not count it: if the loop around
    /// has optimized code again before it comes back here, nothing else would ever say that the branch is taken.
    fn count_branch(&mut self, (function, offset): (FunctionId, u32)) {
        // SAFETY: infos live as long as the runtime.
        let info = unsafe { &*self.info(function) };
        let slot = info.function.slots.iter().find(|slot| slot.offset == offset && slot.kind == SlotKind::Types);
        let Some(slot) = slot.filter(|_| !info.feedback.is_null()) else { return };
        // SAFETY: the slot table describes the feedback vector of a prepared function, which its code was compiled from.
        let types = unsafe { &mut *info.feedback.add(slot.index as usize).cast::<TypesSlot>() };
        match types {
            TypesSlot { taken: count @ 0, .. } | TypesSlot { not_taken: count @ 0, .. } => *count = 1,
            _both_have_been => {}
        }
    }

    /// Counts the deopt, asks the policy, drops what it drops, and tells.
    #[allow(clippy::type_complexity, reason = "the facts of one event, only gathered if somebody listens")]
    fn learn(
        &mut self,
        blob: BlobId,
        place: (FunctionId, u32),
        reason: DeoptReason,
        kind: DeoptKind,
        (no_lesson, continuation_is_coming): (bool, bool),
        facts: impl FnOnce() -> (ExitDetail, String, String, Vec<(FunctionId, u32)>, ExitId, u32, u64, u64),
    ) -> Option<DeoptAnswer> {
        let notes = &self.jit.engine.as_ref().expect("compiled code runs").blobs[&blob];
        let (function, compile, osr_offset) = (notes.function, notes.compile, notes.osr_offset);
        let place = Place { function: place.0, offset: place.1 };
        // SAFETY: infos live as long as the runtime.
        let info = unsafe { &mut *self.info(function) };
        let policy = self.jit.policy;
        let (mut action, mut decision, mut dropped) = (DeoptAction::None, None, smallvec::SmallVec::new());
        if kind != DeoptKind::Lazy && !no_lesson && reason.is_speculation() {
            self.jit.state(info);
            let state = self.jit.states[function].as_mut().expect("just made");
            let lesson = state.deopted(place, reason, (false, continuation_is_coming), policy, &self.config);
            if lesson.answer.continuation {
                state.wants_continuation(place);
            }
            action = lesson.answer.action;
            dropped = lesson.dropped.clone();
            decision = Some(lesson);
        }
        if self.jit.recorder.is_on() {
            let (_, expected, seen, chain, exit, objects_rebuilt, exit_ns, rebuild_ns) = facts();
            let mut sites: Vec<SourceSite> = chain.iter().map(|(f, at)| self.site(*f, *at)).collect();
            let site = if sites.is_empty() { self.site(place.function, place.offset) } else { sites.remove(0) };
            self.emit(|| Event::Deoptimized {
                compile,
                blob,
                function,
                exit,
                osr_offset,
                kind,
                reason,
                action,
                site,
                callers: sites,
                expected,
                seen,
                objects_rebuilt,
                exit_ns,
                rebuild_ns,
                resumes_in: Tier::Interpreter,
            });
            if kind != DeoptKind::Lazy && self.jit.witness.is_first_failure(place.function, place.offset) {
                self.tell_origin(function, place, site);
            }
            if let Some(lesson) = &decision {
                let event = Event::DeoptDecision {
                    function,
                    site,
                    reason,
                    site_deopts: lesson.counts.site,
                    function_deopts: lesson.counts.function,
                    recompiles: lesson.counts.recompiles,
                    action,
                    reprofile: lesson.answer.reprofile,
                    forbids: lesson.answer.forbid != crate::tiering::policy::Forbid::Nothing,
                };
                self.emit(|| event);
            }
        }
        if !dropped.is_empty() && self.jit.recorder.is_on() {
            self.tell_feedback(function);
            self.tell_feedback(place.function);
        }
        if kind != DeoptKind::Lazy && reason.is_speculation() {
            let lost = action.discards_code();
            self.watch_for_storms(function, place, reason, lost);
        }
        // Told in the order of cause and effect: the deopt, then the code that it costs.
        for blob in &dropped {
            self.drop_blob(*blob, NotEntrantCause::Deoptimized);
        }
        if !dropped.is_empty() {
            self.refresh_entries(function);
            self.restart_counters(function);
        }
        decision.map(|lesson| lesson.answer)
    }

    /// The code had taken over a running frame at a loop: the frame gets its registers back and goes on where it was, so
    /// that a loop which is entered and left again and again does not deepen the native stack. Frames that were inlined into
    /// it run to their end first.
    fn hand_back(&mut self, frames: &[RebuiltFrame], regs: *mut u64, point: EntryPoint, result: Value) -> u64 {
        let (outer, inner) = frames.split_first().expect("a recipe has a frame");
        // SAFETY: `regs` is the frame that the code took over: a frame of this function, still on the VM stack.
        unsafe {
            regs.sub(1).write(outer.this.0);
            for (i, v) in outer.registers.iter().enumerate() {
                regs.add(i).write(v.0);
            }
        }
        let (point, result) = if inner.is_empty() {
            self.rt().head.exit_words = 0;
            (point, result)
        } else {
            let rt: *mut Runtime = self.rt();
            let info = self.info(outer.function);
            let at = (outer.bytecode_offset, outer.argc, outer.is_construct);
            // SAFETY: the frame stands at `regs`; whoever ran it before the code took it over has given up its record.
            match unsafe { interp::while_waiting(rt, (info, regs), at, || self.resume(inner, point, result)) } {
                word if word == Value::EMPTY.0 => (EntryPoint::Throw, Value::UNDEFINED),
                word => (EntryPoint::Execute, Value(word)),
            }
        };
        // The recipe's registers lie in the frame that the code took over.
        let back = self.go_on(outer, regs, point, result);
        self.jit.handed_back = Some(back);
        Value::UNDEFINED.0
    }

    fn resume(&mut self, frames: &[RebuiltFrame], point: EntryPoint, result: Value) -> u64 {
        if self.has_continuations() {
            return self.run_frames(frames, point, result);
        }
        let mut result = result;
        if let (Some(Resume::AfterConstruct(register)), EntryPoint::Execute) = (frames.last().map(|f| f.resume), point)
            && Obj::from_value(result).is_none()
        {
            // The constructor returned no object: the one that it was given stands in the register.
            result = frames[frames.len() - 1].registers[register as usize];
        }
        let resumed: Vec<ResumeFrame<'_>> = frames.iter().map(|f| self.resume_frame(f, point, result)).collect();
        self.rt().head.exit_words = 0;
        let rt: *mut Runtime = self.rt();
        // SAFETY: the frames come from a recipe of this VM's code; nothing is allocated before they are copied.
        unsafe { interp::resume(rt, &resumed, point, result) }
    }

    /// A rebuilt frame as the interpreter wants it.
    pub(super) fn resume_frame<'f>(
        &mut self,
        f: &'f RebuiltFrame,
        point: EntryPoint,
        result: Value,
    ) -> ResumeFrame<'f> {
        // Of the step of an iteration: nothing is left.
        let ended = point == EntryPoint::Execute && result.is_hole();
        ResumeFrame {
            info: self.info(f.function),
            callee: f.callee,
            this: f.this,
            argc: f.argc,
            is_construct: f.is_construct,
            registers: &f.registers,
            offset: match f.resume {
                // The jump's comparison has been made: go on where it says.
                Resume::Branch { if_true, if_false } if point == EntryPoint::Execute => {
                    if result == Value::TRUE {
                        if_true
                    } else {
                        if_false
                    }
                }
                Resume::Next { exit, .. } if ended => exit,
                Resume::Next { .. }
                | Resume::Branch { .. }
                | Resume::Before
                | Resume::After(_)
                | Resume::AfterConstruct(_) => f.bytecode_offset,
            },
            resume: match f.resume {
                Resume::Next { result: register, .. } if !ended => ResumePoint::After(Some(register)),
                Resume::Next { .. } | Resume::Before | Resume::Branch { .. } => ResumePoint::Before,
                Resume::After(register) => ResumePoint::After(register),
                Resume::AfterConstruct(register) => ResumePoint::After(Some(register)),
            },
        }
    }

    // ---- words for people --------------------------------------------------------------------------------------

    fn describe(&mut self, detail: &ExitDetail, raw: &[u64], reason: DeoptReason) -> (String, String) {
        let expected = match &detail.expected {
            Expected::Shapes(shapes) => {
                let texts: Vec<_> = shapes.iter().map(|s| self.describe_shape(*s)).collect();
                texts.join(" or ")
            }
            Expected::Value(v) => self.describe_value(*v),
            Expected::Function(id) => format!("a closure over {}", self.machine.rt.function(*id).function.name),
            Expected::Reason => reason.text().to_string(),
        };
        let seen = match detail.seen {
            Some(Source::Slot { index, repr }) => {
                let v = repr.to_value(raw[index as usize]);
                self.describe_value(v)
            }
            Some(Source::Constant(v)) => self.describe_value(v),
            Some(Source::Virtual(_) | Source::Dead) | None => String::new(),
        };
        (expected, seen)
    }

    fn describe_shape(&mut self, id: ShapeId) -> String {
        self.machine.rt.shapes.describe(id)
    }

    pub(super) fn describe_value(&mut self, v: Value) -> String {
        if let Some(o) = Obj::from_value(v) {
            if o.is_callable() {
                return format!("function {}", self.rt().function_name(o));
            }
            return self.describe_shape(o.shape_id());
        }
        match Str::from_value(v) {
            Some(s) if s.len() > 40 => format!("a string of {} units", s.len()),
            Some(s) => format!("{:?}", s.to_rust()),
            None if v.is_double() => format!("double {:?}", v.as_double()),
            None if v.is_int() => format!("int32 {}", v.as_int()),
            None => format!("{v:?}"),
        }
    }
}

/// Words of the buffer that the exit has filled.
fn raw_words(recipe: &Recipe, detail: &ExitDetail) -> usize {
    let seen = match detail.seen {
        Some(Source::Slot { index, .. }) => index as usize + 1,
        Some(Source::Constant(_) | Source::Virtual(_) | Source::Dead) | None => 0,
    };
    recipe.buffer_words().max(seen)
}

/// Makes the objects that escape analysis removed, where the collector sees them.
struct HeapObjects {
    rt: *mut Runtime,
    made: RootVec,
}

impl Materializer for HeapObjects {
    fn allocate(&mut self, _index: u32, object: &VirtualObject) {
        // SAFETY: the runtime is the VM's; nothing else uses it while frames are rebuilt.
        let rt = unsafe { &mut *self.rt };
        let made = if object.kind == CellKind::Function as u8 {
            let number = |field: usize| match object.fields[field] {
                Source::Constant(v) => v.as_int() as u32,
                Source::Slot { .. } | Source::Virtual(_) | Source::Dead => {
                    unreachable!("a closure's function is known")
                }
            };
            let info = rt.function(FunctionId::from_u32(number(2))).children[number(3) as usize];
            rt.new_closure(info, Value::UNDEFINED).value()
        } else if object.kind == CellKind::Scope as u8 {
            Scope::new(&mut rt.heap, Value::UNDEFINED, object.fields.len() as u32 - 1).value()
        } else if object.kind == CellKind::Arguments as u8 {
            create_arguments(rt, &vec![Value::UNDEFINED; object.fields.len()]).value()
        } else if object.kind == CellKind::Array as u8 {
            rt.new_array_from(&vec![Value::UNDEFINED; object.fields.len()]).value()
        } else {
            // Fields at the end that are undefined are not told; memory comes zeroed, which is no value.
            let o = rt.new_object(object.shape);
            let shape = rt.shapes.get(object.shape);
            for slot in object.fields.len() as u32..u32::from(shape.inline_capacity) {
                o.set_slot(&mut rt.heap, shape, slot, Value::UNDEFINED);
            }
            o.value()
        };
        self.made.push(made);
    }
    fn object(&self, index: u32) -> Value {
        self.made[index as usize]
    }
    fn store(&mut self, index: u32, field: u32, value: Value) {
        // SAFETY: as above.
        let rt = unsafe { &mut *self.rt };
        let made = self.made[index as usize];
        if kind_of(made) == Some(CellKind::Scope) {
            let scope = Scope::from_value(made);
            match field.checked_sub(1) {
                None => scope.set_parent(&mut rt.heap, value),
                Some(variable) => scope.set(&mut rt.heap, variable, value),
            }
            return;
        }
        let o = Obj::from_value(made).expect("just made");
        if o.kind() == CellKind::Function {
            match field {
                0 => o.set_function_scope(&mut rt.heap, value),
                1 => class::inherit_home(rt, o, value),
                _which_function => {}
            }
            return;
        }
        if matches!(o.kind(), CellKind::Arguments | CellKind::Array) {
            o.set_element_raw(&mut rt.heap, field, value);
            return;
        }
        let shape = rt.shapes.get(o.shape_id());
        o.set_slot(&mut rt.heap, shape, field, value);
    }
}
