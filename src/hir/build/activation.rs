//! One activation being interpreted abstractly: its environment, its frame states, and how instructions are appended.
//!
//! A guard improves what is known of a value, so it replaces the value in every register that holds it: later frame states
//! then name the unboxed value and the tagged one need not be kept.

use super::Session;
use super::bytecode::{Bytecode, RegSet};
use super::flow::Incoming;
use crate::bytecode::ops::Reg;
use crate::feedback::summary::{Dependency, FunctionView};
use crate::hir::effects::Effects;
use crate::hir::field::{Address, Args, Block, Const, Val};
use crate::hir::fold::{Fold, Folder};
use crate::hir::frame_state::{Entry, Frame, FrameState, Inline, NO_REGISTER, Resume};
use crate::hir::graph::{EntryPoint, Origin};
use crate::hir::inst::Op;
use crate::hir::runtime_fn::RuntimeFn;
use crate::hir::types::{self, INTERNAL, Rep};
use crate::runtime::function::flags;
use crate::runtime::value::Value;
use crate::vocab::{DeoptReason, RefusalReason, SiteId};
use cranelift_entity::packed_option::PackedOption;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// What registers hold.
#[derive(Clone, Debug)]
pub(super) struct Env {
    /// Values of registers; none: never written.
    pub(super) registers: Vec<PackedOption<Val>>,
    /// `this`.
    pub(super) this: Val,
}

/// Where an activation was inlined.
pub(super) struct Caller {
    /// The caller's frame state, after the call.
    pub(super) frame: Frame,
    /// Whether the caller or its callers catch exceptions there.
    pub(super) catches: bool,
    /// Calls inlined into each other so far.
    pub(super) depth: u32,
    /// Calls like this one for each run of the function that is compiled, about.
    pub(super) frequency: f64,
}

/// One activation of a function.
pub(super) struct Activation<'s, 'a> {
    pub(super) session: &'s mut Session<'a>,
    pub(super) view: Arc<FunctionView>,
    pub(super) code: Rc<Bytecode>,
    pub(super) inline: Inline,
    pub(super) caller: Option<Caller>,
    pub(super) callee: Val,
    pub(super) env: Env,
    /// Where instructions are appended; none: nothing gets here.
    pub(super) block: Option<Block>,
    /// Offset of the bytecode being interpreted.
    pub(super) offset: u32,
    /// Offset of the bytecode after it.
    pub(super) next_offset: u32,
    /// Its feedback slot.
    pub(super) slot: Option<u16>,
    /// Registers that live before it.
    pub(super) live_before: RegSet,
    /// Registers that live after it.
    pub(super) live_after: RegSet,
    /// The frame state before it, once somebody has asked for it.
    pub(super) before: Option<Frame>,
    /// Edges to blocks that have not been interpreted yet, by copy and block.
    pub(super) pending: BTreeMap<(u32, usize), Incoming>,
    /// Loop headers that have been interpreted: the block, and the registers that are its parameters.
    pub(super) headers: BTreeMap<(u32, usize), (Block, Vec<usize>)>,
    /// Which copy of the bytecode is being interpreted; see `flow.rs`.
    pub(super) copy: u32,
    /// The loops that on-stack replacement happened in, from the innermost.
    pub(super) osr_loops: Vec<usize>,
    /// Where an inlined function returned, and what.
    pub(super) returns: Vec<(Block, Val)>,
    /// Where an inlined function threw what it does not catch, but a caller does, and what.
    pub(super) throws: Vec<(Block, Val)>,
    /// `new.target`; none: the prologue that could ask for it is not part of the compile.
    pub(super) new_target: Option<Val>,
    /// All arguments of an inlined call, where the function counts them.
    pub(super) arguments: Option<Vec<Val>>,
    /// What the entry has made of the arguments, by the offset of the bytecode that wants it.
    pub(super) collected: Vec<(u32, Val)>,
}

impl<'s, 'a> Activation<'s, 'a> {
    /// The activation of the function that is compiled.
    pub(super) fn root(session: &'s mut Session<'a>, view: Arc<FunctionView>) -> Activation<'s, 'a> {
        let entry = session.graph.entry();
        let leaf = |session: &mut Session<'_>, op| session.graph.append(entry, op, None, Origin::default());
        let new_target = view.flags & flags::READS_NEW_TARGET != 0;
        let starts = session.graph.entry_point == EntryPoint::Start;
        let new_target = (new_target && starts).then(|| leaf(session, Op::NewTarget {}));
        let callee = leaf(session, Op::Callee {});
        let this = leaf(session, Op::This {});
        if let EntryPoint::Osr(offset) = session.graph.entry_point {
            // The entry need not be a loop: a block begins there in any case.
            session.bytecodes.insert(view.id, Rc::new(Bytecode::with_entry(&view.function, offset)));
        }
        let code = bytecode_of(session, &view);
        let root = Activation::new(session, view, code, Inline::from_u32(0), None, callee, this);
        Activation { new_target, ..root }
    }

    /// An activation with empty registers.
    pub(super) fn new(
        session: &'s mut Session<'a>,
        view: Arc<FunctionView>,
        code: Rc<Bytecode>,
        inline: Inline,
        caller: Option<Caller>,
        callee: Val,
        this: Val,
    ) -> Activation<'s, 'a> {
        let registers = vec![None.into(); code.registers];
        Activation {
            session,
            view,
            code,
            inline,
            caller,
            callee,
            env: Env { registers, this },
            block: None,
            offset: 0,
            next_offset: 0,
            slot: None,
            live_before: RegSet::default(),
            live_after: RegSet::default(),
            before: None,
            pending: BTreeMap::new(),
            headers: BTreeMap::new(),
            copy: 0,
            osr_loops: vec![],
            returns: vec![],
            throws: vec![],
            new_target: None,
            arguments: None,
            collected: vec![],
        }
    }

    // ---- Registers and constants ---------------------------------------------------------------------------------

    pub(super) fn get(&mut self, r: Reg) -> Val {
        match self.env.registers[r.0 as usize].expand() {
            Some(v) => v,
            None => self.constant(Const::Undefined),
        }
    }

    pub(super) fn set(&mut self, r: Reg, v: Val) {
        self.env.registers[r.0 as usize] = Some(v).into();
    }

    pub(super) fn constant(&mut self, value: Const) -> Val {
        self.emit(Op::Const { value })
    }

    pub(super) fn int(&mut self, i: i32) -> Val {
        self.constant(Const::Int(i))
    }

    /// A constant that is a cell.
    pub(super) fn cell(&mut self, v: Value, ty: types::Type) -> Val {
        self.constant(Const::from_value(v, ty))
    }

    /// A word of the constant pool.
    pub(super) fn pool(&mut self, index: u16) -> Const {
        let Some(&v) = self.view.constants.get(index as usize) else { return Const::Undefined };
        Const::from_value(v, types::STRING)
    }

    pub(super) fn ty(&self, v: Val) -> types::Type {
        self.session.graph.ty(v)
    }

    pub(super) fn is_constant(&self, v: Val) -> Option<Const> {
        self.session.graph.constant(v)
    }

    pub(super) fn depend(&mut self, dependencies: &[Dependency]) {
        self.session.dependencies.extend_from_slice(dependencies);
    }

    /// Whether the code may speculate at this bytecode that an exit for this reason will not be taken.
    pub(super) fn may(&self, reason: DeoptReason) -> bool {
        let here = Some((self.view.id, self.offset));
        let forbidden = &self.session.options.forbidden;
        !forbidden.iter().any(|(place, r)| *r == reason && (place.is_none() || *place == here))
    }

    /// Whether the code may speculate on all of these.
    pub(super) fn may_all(&self, reasons: &[DeoptReason]) -> bool {
        reasons.iter().all(|reason| self.may(*reason))
    }

    // ---- Instructions ------------------------------------------------------------------------------------------

    fn origin(&self) -> Origin {
        let site = self.slot.map(|s| SiteId::from_u32(s as u32));
        Origin { inline: self.inline, offset: self.offset, site: site.into() }
    }

    /// Appends an instruction, or returns what it folds to.
    pub(super) fn append(&mut self, op: Op, frame: Option<Frame>) -> Val {
        let mut op = op;
        for _ in 0..4 {
            let Some(fold) = op.fold(&Folder { graph: &self.session.graph }) else { break };
            self.session.graph.rely_on_dropped(&op, &fold);
            match fold {
                Fold::Value(v) => return v,
                Fold::Op(simpler) => op = simpler,
                Fold::WithConst(make, operand, value) => {
                    let constant = self.append(Op::Const { value }, None);
                    op = make(operand, constant);
                }
            }
        }
        let frame = frame.filter(|_| op.effects().needs_frame() || matches!(op, Op::Jump { .. }));
        let block = self.block.expect("instructions are only appended where control gets");
        let origin = self.origin();
        if self.session.graph.insts.len() > self.session.options.max_insts {
            self.session.refuse(RefusalReason::GraphTooLarge);
        }
        self.session.graph.append(block, op, frame, origin)
    }

    /// Appends an instruction that cannot leave the code.
    pub(super) fn emit(&mut self, op: Op) -> Val {
        debug_assert!(!op.effects().needs_frame(), "{op} needs a frame state");
        self.append(op, None)
    }

    /// Appends a guard: if it fails, the interpreter repeats the bytecode.
    pub(super) fn guard(&mut self, op: Op) -> Val {
        let frame = self.frame_before();
        let checked = op.refined();
        let v = self.append(op, Some(frame));
        if let Some(checked) = checked.filter(|checked| *checked != v) {
            self.refine(checked, v);
        }
        v
    }

    /// Replaces a value in all registers by what has been found out about it.
    pub(super) fn refine(&mut self, old: Val, new: Val) {
        let mut changed = self.env.this == old;
        if changed {
            self.env.this = new;
        }
        for register in &mut self.env.registers {
            if *register == Some(old).into() {
                *register = Some(new).into();
                changed = true;
            }
        }
        if changed {
            self.before = None;
        }
    }

    /// Appends a call whose result goes to `dst`; `None`: nowhere.
    pub(super) fn call_op(&mut self, op: Op, dst: Option<Reg>) -> Val {
        let Effects { call, .. } = op.effects();
        if !call {
            let v = self.emit(op);
            if let Some(dst) = dst {
                self.set(dst, v);
            }
            return v;
        }
        let frame = self.frame_after(dst);
        let v = self.append_call(op, frame);
        if let Some(dst) = dst {
            self.set(dst, v);
        }
        v
    }

    /// Appends a call, and behind it the way to the handler if its exceptions are caught here.
    pub(super) fn append_call(&mut self, op: Op, after: Frame) -> Val {
        self.append_call_ending(op, after, None)
    }

    /// [`Activation::append_call`], of a step of an iteration whose state is three registers: an exception ends it.
    fn append_call_ending(&mut self, op: Op, after: Frame, iteration: Option<Reg>) -> Val {
        let caught = self.catches() && op.effects().call && op.rep() == Rep::Tagged;
        let v = self.append(op, Some(after));
        if caught {
            let returned = self.emit(Op::Returned { v });
            let (go, thrown) = self.fork(returned);
            self.block = Some(thrown);
            let exception = self.append(Op::CaughtException {}, Some(after));
            let env = iteration.map(|_| self.env.clone());
            if let Some(Reg(first)) = iteration {
                for (i, word) in [Const::Undefined, Const::Int(0), Const::Undefined].into_iter().enumerate() {
                    let word = self.constant(word);
                    self.set(Reg(first + i as u16), word);
                }
            }
            self.throw_to_handler(exception);
            if let Some(env) = env {
                self.env = env;
            }
            self.block = Some(go);
        }
        v
    }

    /// Goes on at the handler, here or in a caller, that catches an exception. The registers stay as they are.
    pub(super) fn throw_to_handler(&mut self, exception: Val) {
        let Some(handler) = self.view.function.handler_at(self.offset).copied() else {
            self.throws.extend(self.block.take().map(|block| (block, exception)));
            return;
        };
        let (env, before) = (self.env.clone(), self.before);
        self.set(handler.exception, exception);
        self.jump_to(handler.target);
        (self.env, self.before) = (env, before);
    }

    /// Calls a function of the runtime.
    pub(super) fn runtime(&mut self, function: RuntimeFn, args: &[Val], dst: Option<Reg>) -> Val {
        self.runtime_with(function, 0, args, dst)
    }

    /// Calls a function of the runtime that takes a word.
    pub(super) fn runtime_with(&mut self, function: RuntimeFn, word: u64, args: &[Val], dst: Option<Reg>) -> Val {
        debug_assert!(function.arity().is_none_or(|n| n == args.len()), "{} takes other operands", function.name());
        let args = Args::from(args.iter().copied());
        self.call_op(Op::CallRuntime { function, word: Address(word), args }, dst)
    }

    /// Calls a function of the runtime, after which the interpreter would go on as `resume` says.
    pub(super) fn runtime_resuming(&mut self, function: RuntimeFn, args: &[Val], resume: Resume) -> Val {
        let without = if let Resume::After { result } = resume { Some(Reg(result as u16)) } else { None };
        let live = std::mem::take(&mut self.live_after);
        let frame = self.make_frame_without(self.offset, resume, &live, without);
        self.live_after = live;
        let args = Args::from(args.iter().copied());
        self.append_call(Op::CallRuntime { function, word: Address(0), args }, frame)
    }

    /// Calls a function of the runtime that leaves words behind, of which the first go to registers from `base` on.
    pub(super) fn runtime_leaving(
        &mut self,
        function: RuntimeFn,
        word: u64,
        args: &[Val],
        resume: Resume,
        left: std::ops::Range<u16>,
    ) -> Val {
        // The variable of an iteration keeps what it holds if the iteration has ended.
        let without = match resume {
            Resume::After { result } => Some(Reg(result as u16)),
            Resume::Next { .. } | Resume::Before | Resume::Branch { .. } | Resume::AfterConstruct { .. } => None,
        };
        let live = std::mem::take(&mut self.live_after);
        let frame = self.make_frame_without(self.offset, resume, &live, without);
        let registers = &mut self.session.graph.frames[frame].registers;
        registers.retain(|(r, _)| !left.contains(&(*r as u16)));
        for (i, r) in left.clone().enumerate().filter(|(_, r)| live.contains(*r as usize)) {
            let at = registers.partition_point(|(other, _)| *other < r as u32);
            registers.insert(at, (r as u32, Entry::Scratch(i as u32)));
        }
        self.live_after = live;
        let args = Args::from(args.iter().copied());
        let iteration = matches!(function, RuntimeFn::IterNext).then_some(Reg(left.start));
        let v = self.append_call_ending(Op::CallRuntime { function, word: Address(word), args }, frame, iteration);
        for (i, r) in left.enumerate() {
            let word = self.emit(Op::LoadScratch { index: i as u32 });
            self.set(Reg(r), word);
        }
        v
    }

    /// The source text of what the bytecode calls or iterates, for its errors: a string or `undefined`.
    pub(super) fn text(&mut self) -> Val {
        let offset = self.offset;
        let constant = self.view.function.callee_texts.iter().find(|(at, _)| *at == offset).map(|(_, c)| *c);
        let text = constant.map_or(Const::Undefined, |c| self.pool(c));
        self.constant(text)
    }

    /// Nothing was compiled for what comes now.
    pub(super) fn deopt(&mut self, reason: DeoptReason) {
        let frame = self.frame_before();
        self.append(Op::Deopt { reason }, Some(frame));
        self.block = None;
    }

    /// A bytecode that is left to the interpreter. In a loop that would mean to leave each time: no code at all is better.
    pub(super) fn unsupported(&mut self) {
        if self.code.is_in_any_loop(self.offset) || self.caller.is_some() {
            self.session.refuse(RefusalReason::UnsupportedConstruct);
        }
        self.deopt(DeoptReason::Unsupported);
    }

    // ---- Frame states --------------------------------------------------------------------------------------------

    /// Whether an exception at this bytecode is caught by this function or one it was inlined into.
    pub(super) fn catches(&self) -> bool {
        self.view.function.handler_at(self.offset).is_some() || self.caller.as_ref().is_some_and(|c| c.catches)
    }

    /// The state before the bytecode.
    pub(super) fn frame_before(&mut self) -> Frame {
        if let Some(frame) = self.before {
            return frame;
        }
        let live = std::mem::take(&mut self.live_before);
        let frame = self.make_frame(self.offset, Resume::Before, &live);
        self.live_before = live;
        self.before = Some(frame);
        frame
    }

    /// The state after the bytecode, a call, of which only the result is missing.
    pub(super) fn frame_after(&mut self, dst: Option<Reg>) -> Frame {
        let result = dst.map_or(NO_REGISTER, |r| r.0 as u32);
        let live = std::mem::take(&mut self.live_after);
        let frame = self.make_frame_without(self.offset, Resume::After { result }, &live, dst);
        self.live_after = live;
        frame
    }

    /// The state after a construct call of `object`.
    pub(super) fn frame_after_construct(&mut self, dst: Reg, object: Val) -> Frame {
        let live = std::mem::take(&mut self.live_after);
        let resume = Resume::AfterConstruct { result: dst.0 as u32 };
        let frame = self.make_frame_without(self.offset, resume, &live, Some(dst));
        self.live_after = live;
        let object = self.entry(object);
        let registers = &mut self.session.graph.frames[frame].registers;
        let at = registers.partition_point(|(r, _)| *r < dst.0 as u32);
        registers.insert(at, (dst.0 as u32, object));
        frame
    }

    /// The state before the bytecode at `offset`.
    pub(super) fn make_frame(&mut self, offset: u32, resume: Resume, live: &RegSet) -> Frame {
        self.make_frame_without(offset, resume, live, None)
    }

    fn make_frame_without(&mut self, offset: u32, resume: Resume, live: &RegSet, without: Option<Reg>) -> Frame {
        let registers = live
            .iter()
            .filter(|r| without.is_none_or(|w| w.0 as usize != *r))
            .filter_map(|r| Some((r as u32, self.entry(self.env.registers.get(r)?.expand()?))))
            .collect();
        let state = FrameState {
            inline: self.inline,
            offset,
            resume,
            catches: self.catches(),
            callee: self.entry(self.callee),
            this: self.entry(self.env.this),
            registers,
            caller: self.caller.as_ref().map(|c| c.frame).into(),
        };
        self.session.graph.frames.push(state)
    }

    fn entry(&self, v: Val) -> Entry {
        match self.is_constant(v) {
            Some(constant) => Entry::Const(constant),
            None => Entry::Val(v),
        }
    }

    /// A closure's scope, as a constant where the closure is one.
    pub(super) fn scope_of(&mut self, closure: Val) -> Val {
        if let Some(Const::Cell { address, .. }) = self.is_constant(closure)
            && let Some(view) = self.session.input.closures.get(&address)
        {
            return self.cell(view.scope, INTERNAL);
        }
        self.emit(Op::ClosureScope { closure })
    }
}

/// A function's bytecode taken apart, from the cache if it was before.
pub(super) fn bytecode_of(session: &mut Session<'_>, view: &FunctionView) -> Rc<Bytecode> {
    session.bytecodes.entry(view.id).or_insert_with(|| Rc::new(Bytecode::new(&view.function))).clone()
}
