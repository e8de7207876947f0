//! Side exits: what happens when a guard fails.
//!
//! ```text
//!     hot:  cmp …      cold:  id = 17         tail:  store live values, raw,    end:  call deopt(rt, id)
//!           jcc cold          jump tail(id)          to the exit buffer               return its result
//!                                                    jump end(id)
//! ```
//!
//! A guard costs the hot path one compare and one branch. Guards with the same live values share a tail, which is what
//! `hir::passes::frame_sharing` is for; a tail of one guard is its cold block. All tails share the end, because a call
//! clobbers many registers, each for the allocator to note. The stores are raw: types, constants and virtual objects stand in the recipe, and
//! Rust boxes. A debug build proves each recipe against its frame state (`deopt::check`).
//!
//! After a call, the check of its result leads here too: the exit then means "an exception is pending" or "this code was
//! invalidated while the call ran"; the frame state is the one after the call.

use super::{Lower, LowerError, Options, trusted};
use crate::code::blob::ExitTable;
#[cfg(debug_assertions)]
use crate::deopt::check::{self, FrameClaim, StoredWord, ValueFacts, ValueId, VirtualFacts};
use crate::deopt::recipe::{self, FrameRecipe, Recipe, Repr, Source};
#[cfg(debug_assertions)]
use crate::hir::field::Const;
use crate::hir::field::Val;
use crate::hir::frame_state::{Entry, Frame, NO_REGISTER, Resume, Virtual, VirtualKind};
use crate::hir::graph::Graph;
use crate::hir::inst::Op;
use crate::hir::types::Rep;
use crate::runtime::cell::CellKind;
use crate::runtime::head::{EXIT_BUFFER_WORDS, SCRATCH_WORDS, offset as head};
use crate::runtime::value::Value as Tagged;
use crate::vocab::{DeoptKind, DeoptReason, ExitId, FunctionId, RefusalReason, ShapeId};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I64};
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, Value};
use cranelift_entity::EntityRef;
use rustc_hash::FxHashMap;
#[cfg(debug_assertions)]
use std::cell::RefCell;

/// Which guards are made to fail although what they check holds: a test of every exit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StressExits {
    /// None.
    Off,
    /// Each static guard once.
    All,
    /// The guard that brings the 64-bit counter at this address to zero.
    Countdown(usize),
}

/// What a guard expected, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// One of these shapes.
    Shapes(Vec<ShapeId>),
    /// This value.
    Value(Tagged),
    /// A closure over this function.
    Function(FunctionId),
    /// What the reason says.
    Reason,
}

/// What is kept of a guard for the trace of its deopt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExitDetail {
    /// What it expected.
    pub expected: Expected,
    /// Where the value that it looked at can be found when the exit is taken.
    pub seen: Option<Source>,
    /// Whether a handler in the compiled frames catches what is thrown here.
    pub catches: bool,
    /// Whether the exit follows a call: taken for an exception or a lazy deopt.
    pub after_call: bool,
}

/// The exits of a compile.
pub(super) struct Exits {
    pub(super) table: ExitTable,
    pub(super) details: Vec<ExitDetail>,
    pub(super) stress_flags: Option<Box<[u8]>>,
    /// Exits that store the same values of frames. What a guard looked at is not among them.
    tails: FxHashMap<Vec<Val>, Vec<Leaving>>,
}

/// An exit whose code is still to be written.
struct Leaving {
    /// Its cold block.
    block: ir::Block,
    id: ExitId,
    /// What else it stores: what its guard looked at.
    subject: Vec<Val>,
    position: ir::SourceLoc,
}

impl Exits {
    pub(super) fn new(options: &Options, guards: usize) -> Exits {
        let stress_flags = (options.stress == StressExits::All).then(|| vec![1; guards + 1].into_boxed_slice());
        Exits { table: ExitTable::default(), details: Vec::new(), stress_flags, tails: FxHashMap::default() }
    }
}

impl Lower<'_, '_> {
    /// Leaves the code if `fail` is not 0. `guard` is the instruction that says so.
    pub(super) fn guard(&mut self, guard: Val, fail: Value) -> Result<(), LowerError> {
        let fail = self.stressed(fail);
        let (cold, go) = (self.cold_block(), self.b.create_block());
        self.b.ins().brif(fail, cold, &[], go, &[]);
        self.b.switch_to_block(cold);
        self.leave(guard)?;
        self.b.switch_to_block(go);
        Ok(())
    }

    /// Leaves the code if the result of a call is the reserved word.
    pub(super) fn guard_result(&mut self, call: Val, result: Value) -> Result<(), LowerError> {
        let empty = self.b.ins().icmp_imm_u(IntCC::Equal, result, 0);
        let (cold, go) = (self.cold_block(), self.b.create_block());
        self.b.ins().brif(empty, cold, &[], go, &[]);
        self.b.switch_to_block(cold);
        self.leave_after(call, true)?;
        self.b.switch_to_block(go);
        Ok(())
    }

    /// In a stress mode, makes the guard fail when its time has come.
    fn stressed(&mut self, fail: Value) -> Value {
        match self.options.stress {
            StressExits::Off => fail,
            StressExits::All => {
                let flags = self.exits.stress_flags.as_ref().expect("flags of the stress mode");
                // The exit's id is the next one: the flag is reset by it.
                let address = flags.as_ptr() as u64 + self.exits.table.len().min(flags.len() - 1) as u64;
                let address = self.word(address);
                let flag = self.b.ins().load(I8, trusted(), address, 0);
                let fail = self.as_flag(fail);
                self.b.ins().bor(fail, flag)
            }
            StressExits::Countdown(address) => {
                let address = self.word(address as u64);
                let count = self.b.ins().load(I64, trusted(), address, 0);
                let count = self.b.ins().iadd_imm_s(count, -1);
                self.b.ins().store(trusted(), count, address, 0);
                let now = self.b.ins().icmp_imm_u(IntCC::Equal, count, 0);
                let fail = self.as_flag(fail);
                self.b.ins().bor(fail, now)
            }
        }
    }

    fn as_flag(&mut self, v: Value) -> Value {
        if self.b.func.dfg.value_type(v) == I8 { v } else { self.b.ins().icmp_imm_u(IntCC::NotEqual, v, 0) }
    }

    /// Ends the current block after something was thrown.
    pub(super) fn leave_thrown(&mut self, call: Val) -> Result<(), LowerError> {
        self.leave_after(call, true)
    }

    /// The failure condition of a guard that branches by itself, subject to the stress mode.
    pub(super) fn stressed_guard(&mut self, fail: Value) -> Value {
        self.stressed(fail)
    }

    /// Ends the current block by leaving the code, as the guard or `deopt` instruction says.
    pub(super) fn leave(&mut self, guard: Val) -> Result<(), LowerError> {
        self.leave_after(guard, false)
    }

    fn leave_after(&mut self, guard: Val, after_call: bool) -> Result<(), LowerError> {
        let data = &self.graph.insts[guard];
        let frame = data.frame.expand().unwrap_or_else(|| panic!("{} may leave but has no frame state", data.op));
        let (reason, kind) = match (after_call, data.op.effects().exit) {
            (false, Some(reason)) => (reason, reason.kind()),
            (true, _) | (false, None) => (DeoptReason::CodeDiscarded, DeoptKind::Lazy),
        };
        let mut live = LiveValues::default();
        let recipe = recipe_of(self.graph, self.input, frame, &mut live);
        let of_frame = live.order.len();
        let subject = if after_call { None } else { subject(self.graph, guard) };
        let seen = subject.map(|v| entry_source(self.graph, &Entry::Val(v), &mut live));
        if live.order.len() > EXIT_BUFFER_WORDS - SCRATCH_WORDS {
            return Err(LowerError::Refused(RefusalReason::FrameTooLarge, "a side exit with too many live values"));
        }
        #[cfg(debug_assertions)]
        prove(self.graph, self.input, frame, &recipe, &live);
        let position = self.position(data.origin.inline, data.origin.offset);
        let id =
            self.exits.table.push(reason, kind, reason.default_action(), position, data.origin.site.expand(), |out| {
                recipe.encode(out);
            });
        let expected = if after_call { Expected::Reason } else { expected(&data.op) };
        let catches = self.graph.frames[frame].catches;
        self.exits.details.push(ExitDetail { expected, seen, catches, after_call });
        let subject = live.order.split_off(of_frame);
        let block = self.empty_cold_block();
        let position = self.b.srcloc();
        self.exits.tails.entry(live.order).or_default().push(Leaving { block, id, subject, position });
        Ok(())
    }

    /// The current block, or one that it goes on in, if it has instructions already.
    fn empty_cold_block(&mut self) -> ir::Block {
        let current = self.b.current_block().expect("a block to leave from");
        if self.b.func.layout.first_inst(current).is_none() {
            return current;
        }
        let cold = self.cold_block();
        self.b.ins().jump(cold, &[]);
        cold
    }

    /// Writes the exits.
    pub(super) fn finish_exits(&mut self) -> Result<(), LowerError> {
        let mut tails: Vec<_> = std::mem::take(&mut self.exits.tails).into_iter().collect();
        if tails.is_empty() {
            return Ok(());
        }
        tails.sort_unstable_by_key(|(_, exits)| exits[0].id);
        let end = self.cold_block();
        let end_id = self.b.append_block_param(end, I64);
        for (live, exits) in tails {
            let id = if let [only] = &exits[..] {
                self.begin_exit(only, live.len())?
            } else {
                let tail = self.cold_block();
                let tail_id = self.b.append_block_param(tail, I64);
                for exit in &exits {
                    let id = self.begin_exit(exit, live.len())?;
                    self.b.ins().jump(tail, &[BlockArg::Value(id)]);
                }
                self.b.switch_to_block(tail);
                tail_id
            };
            self.store_all(&live, 0)?;
            self.b.ins().jump(end, &[BlockArg::Value(id)]);
        }
        self.b.switch_to_block(end);
        self.b.set_srcloc(ir::SourceLoc::default());
        let result = self.call_thunk(self.options.deopt_thunk, &[end_id]);
        self.b.ins().return_(&[result]);
        Ok(())
    }

    /// What an exit does by itself, in its cold block. Returns its id.
    fn begin_exit(&mut self, exit: &Leaving, of_frame: usize) -> Result<Value, LowerError> {
        self.b.switch_to_block(exit.block);
        self.b.set_srcloc(exit.position);
        self.store_all(&exit.subject, of_frame)?;
        let id = self.b.ins().iconst(I64, exit.id.index() as i64);
        self.b.set_srcloc(ir::SourceLoc::default());
        Ok(id)
    }

    /// Stores values to the exit buffer, from this word on.
    fn store_all(&mut self, values: &[Val], first: usize) -> Result<(), LowerError> {
        if values.is_empty() {
            return Ok(());
        }
        let position = self.b.srcloc();
        let mut computed = Vec::new();
        let buffer = self.b.ins().load(I64, trusted(), self.rt, head::EXIT_BUFFER);
        for (i, v) in values.iter().enumerate() {
            let value = self.val_in_exit(*v, &mut computed)?;
            self.b.set_srcloc(position);
            self.b.ins().store(trusted(), value, buffer, (first + i) as i32 * 8);
        }
        self.forget(computed);
        Ok(())
    }
}

/// The value that a guard looks at, if showing it helps.
fn subject(graph: &Graph, guard: Val) -> Option<Val> {
    let mut first = None;
    graph.op(guard).visit(|v, _| first = first.or(Some(v)));
    first.filter(|v| !matches!(graph.insts[*v].rep, Rep::Void | Rep::Word))
}

fn expected(op: &Op) -> Expected {
    match op {
        Op::CheckShape { shapes, .. } | Op::CheckArrayShape { shapes, .. } => Expected::Shapes(shapes.0.to_vec()),
        Op::CheckTarget { value, .. } | Op::CheckKey { value, .. } => Expected::Value(value.value()),
        Op::CheckFunction { function, .. } => Expected::Function(*function),
        _by_reason => Expected::Reason,
    }
}

/// Values that an exit stores, in the order of the buffer.
#[derive(Default)]
struct LiveValues {
    order: Vec<Val>,
    index: FxHashMap<Val, u16>,
    objects: Vec<Virtual>,
}

impl LiveValues {
    fn add(&mut self, v: Val) -> u16 {
        *self.index.entry(v).or_insert_with(|| {
            self.order.push(v);
            self.order.len() as u16 - 1
        })
    }
    fn object(&mut self, o: Virtual) -> u32 {
        let known = self.objects.iter().position(|other| *other == o);
        known.unwrap_or_else(|| {
            self.objects.push(o);
            self.objects.len() - 1
        }) as u32
    }
}

/// The word of the exit buffer that a scratch word is: the last ones, which live values leave free.
pub(super) fn scratch_word(index: u32) -> u16 {
    (EXIT_BUFFER_WORDS - SCRATCH_WORDS) as u16 + index as u16
}

fn repr(rep: Rep) -> Repr {
    match rep {
        Rep::Tagged => Repr::Tagged,
        Rep::Int32 => Repr::Int32,
        Rep::Double => Repr::Double,
        Rep::Bool => Repr::Bool,
        Rep::Word | Rep::Void => unreachable!("not a value that a register holds"),
    }
}

fn entry_source(graph: &Graph, entry: &Entry, live: &mut LiveValues) -> Source {
    match entry {
        Entry::Const(constant) => Source::Constant(constant.value()),
        Entry::Val(v) => match graph.constant(*v) {
            Some(constant) => Source::Constant(constant.value()),
            None => Source::Slot { index: live.add(*v), repr: repr(graph.insts[*v].rep) },
        },
        Entry::Virtual(o) => Source::Virtual(live.object(*o)),
        Entry::Scratch(index) => Source::Slot { index: scratch_word(*index), repr: Repr::Tagged },
    }
}

fn resume(resume: Resume) -> recipe::Resume {
    match resume {
        Resume::Before => recipe::Resume::Before,
        Resume::After { result } if result == NO_REGISTER => recipe::Resume::After(None),
        Resume::After { result } => recipe::Resume::After(Some(result as u16)),
        Resume::AfterConstruct { result } => recipe::Resume::AfterConstruct(result as u16),
        Resume::Next { result, exit } => recipe::Resume::Next { result: result as u16, exit },
        Resume::Branch { if_true, if_false } => recipe::Resume::Branch { if_true, if_false },
    }
}

fn recipe_of(
    graph: &Graph,
    input: &crate::feedback::summary::CompileInput,
    frame: Frame,
    live: &mut LiveValues,
) -> Recipe {
    let mut frames = Vec::new();
    let mut next = Some(frame);
    while let Some(frame) = next {
        let state = &graph.frames[frame];
        let function = graph.inlines[state.inline].function;
        let view = input.view(function).expect("a function that was inlined");
        let caller = state.caller.expand();
        let is_construct = caller.is_some_and(|c| matches!(graph.frames[c].resume, Resume::AfterConstruct { .. }));
        frames.push(FrameRecipe {
            function,
            bytecode_offset: state.offset,
            resume: resume(state.resume),
            callee: entry_source(graph, &state.callee, live),
            this: entry_source(graph, &state.this, live),
            argc: view.function.nparams as u32,
            is_construct,
            register_count: view.function.nregs,
            registers: state.registers.iter().map(|(r, e)| (*r as u16, entry_source(graph, e, live))).collect(),
        });
        next = caller;
    }
    frames.reverse();
    let mut objects = Vec::new();
    while objects.len() < live.objects.len() {
        let object = &graph.virtuals[live.objects[objects.len()]];
        let (kind, shape, made_of) = identity(&object.kind);
        let mut fields: Vec<Source> = object.slots.iter().map(|e| entry_source(graph, e, live)).collect();
        fields.extend(made_of.map(|number| Source::Constant(Tagged::int(number))));
        objects.push(recipe::VirtualObject { kind, shape, fields });
    }
    Recipe { frames, objects }
}

/// What the materializer is told of a kind: a cell kind, a shape, and numbers that follow the fields.
fn identity(kind: &VirtualKind) -> (u8, ShapeId, impl Iterator<Item = i32>) {
    let (kind, shape, numbers) = match *kind {
        VirtualKind::Object(shape) => (CellKind::Object, shape, None),
        VirtualKind::Closure { parent, child } => {
            (CellKind::Function, ShapeId::from_u32(0), Some([parent.as_u32() as i32, child as i32]))
        }
        VirtualKind::Scope => (CellKind::Scope, ShapeId::from_u32(0), None),
        VirtualKind::Arguments => (CellKind::Arguments, ShapeId::from_u32(0), None),
        VirtualKind::Array => (CellKind::Array, ShapeId::from_u32(0), None),
    };
    (kind as u8, shape, numbers.into_iter().flatten())
}

/// Proves a recipe against the frame state that it was made from.
///
/// # Panics
/// If it would rebuild anything else: a bug of ours.
#[cfg(debug_assertions)]
fn prove(
    graph: &Graph,
    input: &crate::feedback::summary::CompileInput,
    frame: Frame,
    recipe: &Recipe,
    live: &LiveValues,
) {
    let facts = Facts { graph, constants: RefCell::default() };
    let mut claims = Vec::new();
    let mut next = Some(frame);
    while let Some(frame) = next {
        let state = &graph.frames[frame];
        let function = graph.inlines[state.inline].function;
        let caller = state.caller.expand();
        claims.push(FrameClaim {
            function,
            bytecode_offset: state.offset,
            resume: resume(state.resume),
            argc: input.view(function).map_or(0, |v| v.function.nparams as u32),
            is_construct: caller.is_some_and(|c| matches!(graph.frames[c].resume, Resume::AfterConstruct { .. })),
            callee: facts.id(&state.callee),
            this: facts.id(&state.this),
            registers: state.registers.iter().map(|(r, e)| (*r as u16, facts.id(e))).collect(),
        });
        next = caller;
    }
    claims.reverse();
    let scratch = (0..SCRATCH_WORDS as u32).map(|i| StoredWord {
        index: scratch_word(i),
        value: SCRATCH + i,
        repr: Repr::Tagged,
    });
    let stored: Vec<_> = live
        .order
        .iter()
        .enumerate()
        .map(|(i, v)| StoredWord { index: i as u16, value: v.index() as u32, repr: repr(graph.insts[*v].rep) })
        .chain(scratch)
        .collect();
    let errors = check::check(&claims, &stored, recipe, &facts);
    assert!(errors.is_empty(), "a recipe does not rebuild its frame state {frame}: {errors:?}");
}

/// HIR values as the checker numbers them: constants and virtual objects of frame states follow the real values.
#[cfg(debug_assertions)]
struct Facts<'a> {
    graph: &'a Graph,
    constants: RefCell<Vec<Const>>,
}

#[cfg(debug_assertions)]
const CONSTANTS: u32 = 1 << 30;
#[cfg(debug_assertions)]
const SCRATCH: u32 = 1 << 29;
#[cfg(debug_assertions)]
const VIRTUALS: u32 = 1 << 31;

#[cfg(debug_assertions)]
impl Facts<'_> {
    fn id(&self, entry: &Entry) -> ValueId {
        match entry {
            Entry::Val(v) => v.index() as u32,
            Entry::Const(c) => {
                let mut constants = self.constants.borrow_mut();
                constants.push(*c);
                CONSTANTS + constants.len() as u32 - 1
            }
            Entry::Virtual(o) => VIRTUALS + o.index() as u32,
            Entry::Scratch(index) => SCRATCH + index,
        }
    }
}

#[cfg(debug_assertions)]
impl ValueFacts for Facts<'_> {
    fn constant(&self, value: ValueId) -> Option<Tagged> {
        match value {
            v if v >= VIRTUALS => None,
            v if v >= CONSTANTS => Some(self.constants.borrow()[(v - CONSTANTS) as usize].value()),
            v if v >= SCRATCH => None,
            v => self.graph.constant(Val::new(v as usize)).map(Const::value),
        }
    }
    fn repr(&self, value: ValueId) -> Option<Repr> {
        if (SCRATCH..CONSTANTS).contains(&value) {
            return Some(Repr::Tagged);
        }
        (value < CONSTANTS).then(|| repr(self.graph.insts[Val::new(value as usize)].rep))
    }
    fn virtual_object(&self, value: ValueId) -> Option<VirtualFacts> {
        let object = value.checked_sub(VIRTUALS)?;
        let data = &self.graph.virtuals[Virtual::new(object as usize)];
        let (kind, shape, made_of) = identity(&data.kind);
        let numbers = made_of.map(|number| self.id(&Entry::Const(Const::Int(number))));
        let fields = data.slots.iter().map(|e| self.id(e)).chain(numbers).collect();
        Some(VirtualFacts { kind, shape, fields })
    }
}
