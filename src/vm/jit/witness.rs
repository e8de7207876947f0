//! What is told of feedback, shapes, collections and stacks, while somebody listens.
//!
//! Nothing here costs anything while nobody does: feedback is not watched when it changes but compared, function by
//! function, with what was told before, whenever the function's counters trip, its code is thrown away, or the program
//! ends. Shapes are told as they are made, with the stack that made them, since later nobody knows who it was.
//! Collections wait in the heap's buffer and are told, with their own time, before the next event.

use super::Vm;
use super::origins::destination;
use crate::bytecode::function::{Constant, FunctionCode, FunctionKind, SlotInfo};
use crate::bytecode::ops::{Insn, Op, Operand, SlotKind};
use crate::events::{Event, SourceSite};
use crate::feedback::slot::{
    CallSlot, ElementSlot, FORWARDED_TARGET, MEGAMORPHIC, NATIVE_TARGET, PropertySlot, TypesSlot, Unit, element, seen,
};
use crate::hir::escaping::Escaping;
use crate::runtime::function::FunctionInfo;
use crate::runtime::shape::{ShapeChange, ShapeWatcher};
use crate::tiering::state::Place;
use crate::vm::trace;
use crate::vocab::{
    BlobId, CompileId, DeoptReason, ExitId, FunctionId, GcKind, Reentry, Segment, ShapeId, SiteKind, SiteState,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Frames told with a new shape or a broken assumption.
pub(super) const WITNESSED_FRAMES: usize = 8;
/// Points of occupancy by which a segment must have changed to be told again.
const USAGE_STEP_PERCENT: u64 = 5;

/// A deopt whose end is not known yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    compile: CompileId,
    function: FunctionId,
    exit: ExitId,
    site: SourceSite,
    reason: DeoptReason,
    since_ns: u64,
}

/// What the listeners know already.
#[derive(Default)]
pub(super) struct Witness {
    /// Feedback as it was told last: per function, a digest of each slot.
    feedback: FxHashMap<FunctionId, Box<[u64]>>,
    /// Functions whose optimized code was thrown away by a deopt.
    without_code: FxHashMap<FunctionId, Left>,
    /// Functions whose loop was handed back to a lower tier.
    in_lower_loop: FxHashMap<FunctionId, Left>,
    /// Places whose guards have failed.
    failed: FxHashSet<(FunctionId, u32)>,
    /// Calls into which objects escape whose targets were looked for.
    escapes_into: FxHashSet<(FunctionId, u32)>,
    /// Percent of each segment that were told last.
    usage_percent: [u64; 3],
}

impl Witness {
    /// A loop was handed back.
    pub(super) fn in_lower_loop(&mut self, function: FunctionId, left: Left) {
        self.in_lower_loop.entry(function).or_insert(left);
    }

    /// Whether a guard fails for the first time at this place.
    pub(super) fn is_first_failure(&mut self, function: FunctionId, offset: u32) -> bool {
        self.failed.insert((function, offset))
    }
}

impl Vm {
    /// Begins to watch, if anybody listens. Called when the built-in objects stand.
    pub(in crate::vm) fn begin_witnessing(&mut self) {
        if !self.jit.recorder.is_on() {
            return;
        }
        self.rt().heap.watch_collections();
        let data: *mut Vm = self;
        self.rt().shapes.watcher = Some(ShapeWatcher { call: shape_made, data: data.cast() });
    }

    /// What is told when the program has ended.
    pub(in crate::vm) fn tell_last_words(&mut self) {
        if !self.jit.recorder.is_on() {
            return;
        }
        let ran = self.machine.rt.functions.iter().filter(|f| f.is_prepared());
        let ids: Vec<FunctionId> = ran.map(|f| f.id).collect();
        ids.into_iter().for_each(|id| self.tell_feedback(id));
        self.tell_too_large();
        self.tell_cache_usage(true);
    }

    /// A function is about to run for the first time.
    pub(super) fn tell_first_execution(&mut self, function: FunctionId) {
        if !self.jit.recorder.is_on() {
            return;
        }
        // Its own frame may stand already.
        let mut callers = self.stack_sites(WITNESSED_FRAMES);
        if callers.first().is_some_and(|site| site.function == function) {
            callers.remove(0);
        }
        self.emit(|| Event::FirstExecution { function, callers });
    }

    /// Tells of functions that were hot, and too long to be compiled.
    fn tell_too_large(&mut self) {
        let limit = self.config.huge_method_limit;
        let (calls, loops) = (self.config.tier3_invocation_threshold, self.config.tier3_backedge_threshold);
        let is_hot = |f: &FunctionInfo| f.invocations >= calls || f.backedges >= loops;
        let infos = self.machine.rt.functions.iter().filter(|f| f.function.code.len() as u32 > limit && is_hot(f));
        let told: Vec<Event> = infos.map(|info| self.too_large(info, limit)).collect();
        told.into_iter().for_each(|event| self.emit(|| event));
    }

    fn too_large(&self, info: &FunctionInfo, limit: u32) -> Event {
        let code = &info.function;
        let mut lines: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        for (offset, insn) in code.instructions() {
            let line = lines.entry(code.line_column_at(offset).0).or_insert((0, offset));
            line.0 += insn.op().units() as u32;
        }
        let longest = lines.values().max_by_key(|(units, _)| *units);
        let (line_bytecodes, offset) = longest.copied().unwrap_or_default();
        Event::FunctionTooLarge {
            function: info.id,
            bytecodes: code.code.len() as u32,
            limit,
            site: self.site(info.id, offset),
            line_bytecodes,
            invocations: info.invocations,
            backedges: info.backedges,
        }
    }

    /// Tells which objects a compile could not remove for the sake of a call, and what is known of who is called.
    pub(super) fn tell_escapes(&mut self, compile: CompileId, function: FunctionId, escaping: &[Escaping]) {
        if !self.jit.recorder.is_on() {
            return;
        }
        for Escaping { made_at, call, callee } in escaping.iter().copied() {
            let (site, at) = (self.site(made_at.0, made_at.1), self.site(call.0, call.1));
            self.emit(|| Event::AllocationEscapes { compile, function, site, call: at, callee });
            if callee.is_none() && self.jit.witness.escapes_into.insert(call) {
                self.tell_callees(function, Place { function: call.0, offset: call.1 }, at);
            }
        }
    }

    /// A source file was accepted.
    pub(in crate::vm) fn announce_program(&mut self, source: &crate::bytecode::function::Source, parse_ns: u64) {
        let parse_ns = if self.config.deterministic { 0 } else { parse_ns };
        self.emit(|| Event::ProgramLoaded {
            path: source.path.clone(),
            bytes: source.text.len() as u64,
            text_hash: crate::events::codec::text_hash(source.text.as_bytes()),
            text: source.text.clone(),
            parse_ns,
        });
    }

    // ---- stacks ------------------------------------------------------------------------------------------------

    /// The places of the frames on the stack, innermost first.
    pub(in crate::vm) fn stack_sites(&self, limit: usize) -> Vec<SourceSite> {
        trace::places(self, limit).into_iter().map(|place| self.site(place.function, place.offset)).collect()
    }

    // ---- deopts and what ends them -----------------------------------------------------------------------------

    /// Takes note of a deopt, if anybody wants to know its cost.
    pub(super) fn left(
        &mut self,
        blob: BlobId,
        innermost: (FunctionId, u32),
        reason: DeoptReason,
        exit: ExitId,
    ) -> Option<Left> {
        if !self.jit.recorder.is_on() {
            return None;
        }
        let engine = self.jit.engine.as_ref()?;
        let notes = engine.blobs.get(&blob)?;
        let (compile, function) = (notes.compile, notes.function);
        let discarded = engine.cache.get(blob).is_none_or(|blob| !blob.is_entrant());
        let site = self.site(innermost.0, innermost.1);
        let left = Left { compile, function, exit, site, reason, since_ns: self.now_ns() };
        if discarded {
            self.jit.witness.without_code.entry(function).or_insert(left);
        }
        Some(left)
    }

    /// Tells what a deopt cost beyond the exit.
    pub(super) fn reentered(&mut self, left: Left, via: Reentry) {
        let Left { compile, function, exit, site, reason, since_ns } = left;
        let slower_ns = self.now_ns().saturating_sub(since_ns);
        self.emit(|| Event::Reentered { compile, function, exit, site, reason, via, slower_ns });
    }

    /// A loop of the function runs in optimized code again.
    pub(super) fn loop_reentered(&mut self, function: FunctionId) {
        if let Some(left) = self.jit.witness.in_lower_loop.remove(&function) {
            self.jit.witness.without_code.remove(&function);
            self.reentered(left, Reentry::LoopEntered);
        }
    }

    /// The function has optimized code again.
    pub(super) fn code_is_back(&mut self, function: FunctionId) {
        // A loop that was handed back is told when it is entered.
        if let Some(left) = self.jit.witness.without_code.remove(&function)
            && !self.jit.witness.in_lower_loop.contains_key(&function)
        {
            self.reentered(left, Reentry::CodeInstalled);
        }
    }

    // ---- collections and cache ---------------------------------------------------------------------------------

    /// Tells of collections since the last event. How much is alive depends on where the system puts memory, so the
    /// deterministic mode is silent about it.
    #[inline]
    pub(super) fn tell_collections(&mut self) {
        if self.machine.rt.heap.has_gc_events() {
            self.tell_waiting_collections();
        }
    }

    #[cold]
    fn tell_waiting_collections(&mut self) {
        let (collections, _) = self.machine.rt.heap.take_gc_events();
        if self.config.deterministic {
            return;
        }
        for c in collections {
            let time_ns = self.jit.clock.ns_at(c.ended);
            let kind = if c.full { GcKind::Full } else { GcKind::Young };
            self.jit.recorder.emit_at(time_ns, || Event::GarbageCollected {
                kind,
                pause_ns: c.pause_ns,
                live_bytes: c.live_bytes,
                freed_bytes: c.freed_bytes,
            });
        }
    }

    /// Tells how full the segments are, of those that changed noticeably or of all.
    pub(super) fn tell_cache_usage(&mut self, all: bool) {
        if !self.jit.recorder.is_on() {
            return;
        }
        for &segment in Segment::ALL {
            let Some(engine) = self.jit.engine.as_ref() else { return };
            let o = engine.cache.occupancy(segment);
            let percent = (o.used_bytes * 100 / o.capacity_bytes.max(1)) as u64;
            let told = &mut self.jit.witness.usage_percent[segment.index()];
            if !all && percent.abs_diff(*told) < USAGE_STEP_PERCENT {
                continue;
            }
            *told = percent;
            self.emit(|| Event::CacheUsage {
                segment,
                used_bytes: o.used_bytes as u64,
                capacity_bytes: o.capacity_bytes as u64,
                blobs: o.blobs as u32,
                largest_free_bytes: o.largest_free_bytes as u64,
            });
        }
    }

    // ---- feedback ----------------------------------------------------------------------------------------------

    /// Tells what the function's sites have learnt since they were told last.
    pub(super) fn tell_feedback(&mut self, function: FunctionId) {
        let info: *mut FunctionInfo = self.info(function);
        // SAFETY: infos live as long as the runtime.
        let info = unsafe { &*info };
        if !info.is_prepared() {
            return;
        }
        let code = info.function.clone();
        let mut known = self.jit.witness.feedback.remove(&function).unwrap_or_else(|| vec![0; code.slots.len()].into());
        for (slot, known) in code.slots.iter().zip(known.iter_mut()) {
            // SAFETY: the slot table describes the feedback vector of a prepared function.
            let now = unsafe { digest(slot.kind, info.feedback.add(slot.index as usize)) };
            if now != *known {
                let before = std::mem::replace(known, now);
                self.tell_site(info, slot, before, now);
            }
        }
        self.jit.witness.feedback.insert(function, known);
    }

    fn tell_site(&mut self, info: &FunctionInfo, slot: &SlotInfo, before: u64, now: u64) {
        let insn = Insn::decode(&info.function.code, slot.offset as usize);
        let (from, to) = (state(slot.kind, before), state(slot.kind, now));
        // SAFETY: as above.
        let seen = unsafe { self.seen_words(slot.kind, info.feedback.add(slot.index as usize), before, now) };
        let site = self.site(info.id, slot.offset);
        let kind = site_kind(insn.op());
        let key = key_text(info, &insn);
        self.emit(|| Event::FeedbackChanged { site, kind, from, to, key, seen });
    }

    /// What is new at a site, in words.
    ///
    /// # Safety
    /// `at` is a slot of this kind.
    unsafe fn seen_words(&mut self, kind: SlotKind, at: *mut Unit, before: u64, now: u64) -> String {
        let shape = |vm: &Vm, id: u32| vm.machine.rt.shapes.describe(ShapeId::from_u32(id));
        // SAFETY: promised by the caller.
        unsafe {
            match kind {
                SlotKind::Types => type_words(now as u32 & !(before as u32)),
                SlotKind::Property => {
                    let slot = &*at.cast::<PropertySlot>();
                    match slot.len {
                        MEGAMORPHIC => "more than four shapes".to_string(),
                        0 => String::new(),
                        n => shape(self, slot.entries[n as usize - 1].shape),
                    }
                }
                SlotKind::Element => {
                    let slot = &*at.cast::<ElementSlot>();
                    let flags = (now as u16) & !(before as u16);
                    let mut words = element_words(flags);
                    match slot.len {
                        MEGAMORPHIC => words.push("more than four shapes".to_string()),
                        0 => {}
                        n if now >> 32 != before >> 32 => words.push(shape(self, slot.shapes[n as usize - 1])),
                        _unchanged => {}
                    }
                    words.join(", ")
                }
                SlotKind::Call => {
                    let slot = &*at.cast::<CallSlot>();
                    match slot.len {
                        MEGAMORPHIC => "more than four targets".to_string(),
                        0 => String::new(),
                        n => match slot.entries[n as usize - 1].target {
                            0 => String::new(),
                            target if target >= NATIVE_TARGET => "a built-in function".to_string(),
                            target => {
                                let id = FunctionId::from_u32((target & !FORWARDED_TARGET) - 1);
                                self.machine.rt.function(id).function.name.clone()
                            }
                        },
                    }
                }
                SlotKind::Literal => String::new(),
            }
        }
    }
}

/// What a slot has learnt, so that a comparison of words shows that it has learnt more.
///
/// # Safety
/// `at` is a slot of this kind.
unsafe fn digest(kind: SlotKind, at: *mut Unit) -> u64 {
    // SAFETY: promised by the caller.
    unsafe {
        match kind {
            SlotKind::Types => u64::from((*at.cast::<TypesSlot>()).seen),
            SlotKind::Property => u64::from((*at.cast::<PropertySlot>()).len),
            SlotKind::Element => {
                let slot = &*at.cast::<ElementSlot>();
                u64::from(slot.flags) | u64::from(slot.len) << 32
            }
            SlotKind::Call => u64::from((*at.cast::<CallSlot>()).len),
            // What a literal learns is no speculation.
            SlotKind::Literal => 0,
        }
    }
}

fn state(kind: SlotKind, digest: u64) -> SiteState {
    let variants = match kind {
        SlotKind::Types => match digest as u32 & (seen::OTHER | seen::NULLISH) {
            0 => u64::from((digest as u32 & !seen::NEG_ZERO).count_ones()),
            _anything => u64::from(MEGAMORPHIC),
        },
        SlotKind::Element => digest >> 32,
        SlotKind::Property | SlotKind::Call | SlotKind::Literal => digest,
    };
    match variants {
        0 => SiteState::Uninitialized,
        1 => SiteState::Monomorphic,
        2..5 => SiteState::Polymorphic,
        5.. => SiteState::Megamorphic,
    }
}

fn type_words(bits: u32) -> String {
    let names = [
        (seen::INT, "int32"),
        (seen::OVERFLOW, "int32 overflow"),
        (seen::DOUBLE, "double"),
        (seen::STRING, "string"),
        (seen::BOOL, "boolean"),
        (seen::OBJECT, "object"),
        (seen::NULLISH, "null or undefined"),
        (seen::OTHER, "anything"),
        (seen::NEG_ZERO, "-0"),
        (seen::STRING_NUMBER, "string and number"),
    ];
    let words: Vec<&str> = names.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, name)| *name).collect();
    words.join(", ")
}

fn element_words(flags: u16) -> Vec<String> {
    let names = [
        (element::OUT_OF_BOUNDS, "out of bounds"),
        (element::HOLE, "hole"),
        (element::APPEND, "append"),
        (element::NAME_KEY, "name as key"),
        (element::ODD_KEY, "number that is no index"),
        (element::STRING, "string"),
        (element::OTHER, "anything"),
        (element::DOUBLE_KEY, "double as index"),
    ];
    names.iter().filter(|(bit, _)| flags & bit != 0).map(|(_, name)| name.to_string()).collect()
}

fn site_kind(op: Op) -> SiteKind {
    let name = op.name();
    match name {
        "get_prop" => SiteKind::LoadNamed,
        "set_prop" | "define_field" => SiteKind::StoreNamed,
        "get_elem" | "get_private" | "in" => SiteKind::LoadKeyed,
        "set_elem" | "set_private" => SiteKind::StoreKeyed,
        "call" | "call_spread" => SiteKind::Call,
        "new" | "new_spread" | "super_call" | "super_call_spread" => SiteKind::Construct,
        "get_global" => SiteKind::LoadGlobal,
        "iter_init" | "iter_next" => SiteKind::Iterate,
        "lt" | "le" | "gt" | "ge" | "eq" | "ne" | "strict_eq" | "strict_ne" => SiteKind::Compare,
        _ if name.starts_with("jump") => SiteKind::Compare,
        _others => SiteKind::Operation,
    }
}

/// The functions that a function's calls have seen, as far as they still list them, with how often.
pub(super) fn calls_seen(info: &FunctionInfo) -> Vec<(FunctionId, u32)> {
    if !info.is_prepared() {
        return Vec::new();
    }
    let calls = info.function.slots.iter().filter(|slot| slot.kind == SlotKind::Call);
    // SAFETY: the slot table describes the feedback vector of a prepared function.
    let entries =
        calls.flat_map(|slot| unsafe { (*info.feedback.add(slot.index as usize).cast::<CallSlot>()).entries });
    let closures = entries.filter(|entry| entry.target > 0 && entry.target & (NATIVE_TARGET | FORWARDED_TARGET) == 0);
    closures.map(|entry| (FunctionId::from_u32(entry.target - 1), entry.count)).collect()
}

/// The property that an instruction names, or the operation that it is.
pub(super) fn key_text(info: &FunctionInfo, insn: &Insn) -> String {
    let constant = insn.operands().iter().find_map(|o| if let Operand::Const(c) = o { Some(*c) } else { None });
    match constant.and_then(|c| info.function.constants.get(c as usize)) {
        Some(Constant::String(units)) => String::from_utf16_lossy(units),
        Some(Constant::Number(_)) | None => insn.op().name().to_string(),
    }
}

/// A shape was made: see [`ShapeWatcher`].
fn shape_made(data: *mut (), change: ShapeChange) {
    // SAFETY: `data` is the VM, which is never moved and outlives its runtime's table of shapes. The table is being
    // changed; of the VM only stacks, functions and recorder are used here.
    let vm = unsafe { &mut *data.cast::<Vm>() };
    let mut callers = vm.stack_sites(WITNESSED_FRAMES);
    let site = if callers.is_empty() { None } else { Some(callers.remove(0)) };
    let made_there =
        site.is_some_and(|site| makes_object(&vm.machine.rt.function(site.function).function, site.offset));
    let ShapeChange { from, to, kind, key, text: shape } = change;
    let now = vm.now_ns();
    vm.jit.recorder.emit_at(now, || Event::ShapeTransition { from, to, kind, key, shape, site, made_there, callers });
}

/// Whether an instruction gives a property to an object that is only being made: by a literal, or by what can construct it.
fn makes_object(code: &FunctionCode, offset: u32) -> bool {
    match Insn::decode(&code.code, offset as usize) {
        Insn::DefineField { .. } | Insn::DefineMethod { .. } => true,
        Insn::SetProp { object, .. } => {
            let constructs = match code.kind {
                FunctionKind::BaseConstructor | FunctionKind::DerivedConstructor | FunctionKind::Normal => true,
                FunctionKind::Module | FunctionKind::Arrow | FunctionKind::Method => false,
            };
            let before = code.instructions().take_while(|(at, _)| *at < offset);
            let made = before.filter(|(_, insn)| destination(insn) == Some(object.0)).last();
            constructs && matches!(made, Some((_, Insn::LoadThis { .. })))
        }
        _another_instruction => false,
    }
}
