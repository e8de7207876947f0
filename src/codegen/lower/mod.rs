//! HIR to machine code: one optimized graph becomes one Cranelift function.
//!
//! By now the HIR has decided everything that is about JavaScript; what is left is spelling. Each instruction becomes a
//! handful of Cranelift instructions, in the order of the graph, and each guard becomes one compare and a branch to a cold
//! block (`exits.rs`). The files follow the sections of `hir::inst`:
//!
//! ```text
//! mod.rs       blocks, values, entry, the match over instructions
//! exits.rs     side exits: cold blocks, shared tails, recipes, and what a guard expected
//! branches.rs  tests that only decide a branch
//! late.rs      what only exits need is computed there
//! truth.rs     truthiness, as a value and as a branch
//! numbers.rs   int32, doubles, conversions
//! constants.rs operations with constants, and other small rewritings
//! doubles.rs   doubles in memory that holds tagged values
//! objects.rs   shapes, slots, elements, scopes, allocation, write barrier
//! arrays.rs    new arrays, allocated in line
//! stubs.rs     properties of receivers of many shapes, by the global stub cache
//! strings.rs   strings: what reads a flat one, ropes, and calls for the rest
//! calls.rs     calls of closures, of the runtime, and of leaf functions
//! groups.rs    which file lowers which instruction
//! runtime.rs   the thunks behind `RuntimeFn` and the other helpers that only optimized code calls
//! ```
//!
//! The function's convention is the *direct* one; code for on-stack replacement takes the *generic* one and loads its
//! registers from the frame that it replaces. Nothing here touches the heap: a compile may run on any thread.

mod arrays;
mod branches;
mod calls;
mod constants;
mod doubles;
mod exits;
mod groups;
mod late;
mod numbers;
mod objects;
pub mod runtime;
mod strings;
mod stubs;
mod truth;

pub use exits::{ExitDetail, Expected, StressExits};

use self::groups::{calls, checks, numbers, objects, strings};
use super::abi::{self, SiteLoc};
use super::install::{self, CompileError};
use super::stages;
use crate::code::blob::{Entries, ExitTable, MachineCode, PositionId, PositionTable};
use crate::feedback::summary::CompileInput;
use crate::hir::analysis::{Cfg, UseCounts};
use crate::hir::effects::PURE;
use crate::hir::field::{Block, Const, Target, Val};
use crate::hir::frame_state::Inline;
use crate::hir::graph::{EntryPoint, Graph, Origin};
use crate::hir::inst::Op;
use crate::hir::types::{self, Rep};
use crate::runtime::head::offset as head;
use crate::runtime::value::Value as Tagged;
use crate::vocab::{FunctionId, RefusalReason};
use cranelift_codegen::Context;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{F64, I8, I32, I64};
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, MemFlagsData, TrapCode, Value};
use cranelift_codegen::isa::TargetIsa;
use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntitySet, SecondaryMap};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use rustc_hash::FxHashMap;
use std::time::Instant;

/// What the code must know besides graph and input.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Which guards are made to fail although what they check holds.
    pub stress: StressExits,
    /// Whether the code counts the bytecodes that it retires.
    pub counts_bytecodes: bool,
    /// Address of the exit thunk that side exits call: `fn(rt, exit id) -> result`.
    pub deopt_thunk: usize,
    /// Whether to keep what [`Explained`] holds.
    pub explain: bool,
}

/// Machine code of an optimized function, not yet installed.
#[derive(Debug)]
pub struct OptimizedCode {
    /// The code.
    pub code: MachineCode,
    /// Where it may be entered.
    pub entries: Entries,
    /// Its side exits.
    pub exits: ExitTable,
    /// What each exit's guard expected, by exit id.
    pub details: Vec<ExitDetail>,
    /// Source positions.
    pub positions: PositionTable,
    /// Functions whose direct entry the code calls: each needs one before the code runs.
    pub direct_targets: Vec<FunctionId>,
    /// One byte per guard, 1: fail once. Its address is in the code.
    pub stress_flags: Option<Box<[u8]>>,
    /// Cranelift instructions.
    pub clif_insts: usize,
    /// How it was made, if that was asked for.
    pub explained: Option<Box<Explained>>,
}

/// How code was made, for those who want to see it.
#[derive(Debug)]
pub struct Explained {
    /// What Cranelift was given, as text.
    pub clif: String,
    /// The graph's instructions as text, by the position that their machine code has. Each has a position of its own here.
    pub insts: FxHashMap<PositionId, String>,
    /// The stages of code generation and their times.
    pub stages: Vec<(&'static str, u64)>,
}

/// Why there is no code.
#[derive(Debug)]
pub enum LowerError {
    /// A limit of ours.
    Refused(RefusalReason, &'static str),
    /// Cranelift's refusal.
    Codegen(CompileError),
}

/// Compiles a graph on which the whole pipeline has run.
///
/// # Errors
/// If an exit has more values than the exit buffer, or Cranelift refuses the function.
pub fn lower(
    graph: &Graph,
    input: &CompileInput,
    isa: &dyn TargetIsa,
    options: &Options,
) -> Result<OptimizedCode, LowerError> {
    assert!(graph.representations_chosen, "the pipeline has not run");
    let start = Instant::now();
    let mut context = Context::new();
    let mut builder_context = FunctionBuilderContext::new();
    context.func.signature = match graph.entry_point {
        EntryPoint::Start if graph.counts_arguments => abi::generic_signature(),
        EntryPoint::Start if graph.param_count > abi::MAX_DIRECT_PARAMETERS => {
            return Err(LowerError::Refused(RefusalReason::UnsupportedConstruct, "too many parameters"));
        }
        EntryPoint::Start => abi::direct_signature(graph.param_count),
        EntryPoint::Osr(_) => abi::generic_signature(),
    };
    let mut b = FunctionBuilder::new(&mut context.func, &mut builder_context);
    let entry = b.create_block();
    b.append_block_params_for_function_params(entry);
    b.switch_to_block(entry);
    let arguments = b.block_params(entry).to_vec();
    let mut lower = Lower {
        graph,
        input,
        options,
        rt: arguments[0],
        arguments,
        b,
        values: SecondaryMap::new(),
        blocks: SecondaryMap::new(),
        exits: exits::Exits::new(options, guard_count(graph)),
        positions: PositionTable::new(),
        position_ids: FxHashMap::default(),
        inst_positions: Vec::new(),
        direct_targets: Vec::new(),
        current: Origin::default(),
        caught: caught_calls(graph),
        late: EntitySet::new(),
        branch_tests: EntitySet::new(),
        wide_indices: FxHashMap::default(),
        loaded_from: FxHashMap::default(),
        double_offset: None,
        on_all_paths: None,
    };
    lower.function()?;
    let Lower { b, exits, positions, inst_positions, direct_targets, .. } = lower;
    b.finalize(isa.frontend_config());
    let clif_insts = context.func.dfg.num_insts();
    let (code, explained) = match options.explain {
        false => (install::compile(isa, &mut context), None),
        true => {
            let lowered_ns = start.elapsed().as_nanos() as u64;
            let clif = context.func.display().to_string();
            let start = Instant::now();
            let (code, cranelift_ns) = stages::timed(|| install::compile(isa, &mut context));
            let rest_ns = (start.elapsed().as_nanos() as u64).saturating_sub(cranelift_ns.iter().sum());
            let mut stages = vec![("lower", lowered_ns)];
            stages.extend(stages::STAGES.into_iter().zip(cranelift_ns));
            stages.push(("extract", rest_ns));
            let insts = inst_positions.into_iter().map(|(position, v)| (position, graph.inst_text(v))).collect();
            (code, Some(Box::new(Explained { clif, insts, stages })))
        }
    };
    let code = code.map_err(LowerError::Codegen)?;
    let entries = match graph.entry_point {
        EntryPoint::Start if graph.counts_arguments => Entries::generic(),
        EntryPoint::Start => Entries::direct(),
        EntryPoint::Osr(offset) => Entries::osr(offset),
    };
    let exits::Exits { table, details, stress_flags, .. } = exits;
    Ok(OptimizedCode {
        code,
        entries,
        exits: table,
        details,
        positions,
        direct_targets,
        stress_flags,
        clif_insts,
        explained,
    })
}

fn guard_count(graph: &Graph) -> usize {
    let insts = graph.blocks.values().flat_map(|b| &b.insts);
    insts.filter(|v| graph.op(**v).effects().exit.is_some()).count()
}

/// The state of one compile.
struct Lower<'a, 'f> {
    graph: &'a Graph,
    input: &'a CompileInput,
    options: &'a Options,
    b: FunctionBuilder<'f>,
    /// The runtime: first argument of everything.
    rt: Value,
    arguments: Vec<Value>,
    values: SecondaryMap<Val, PackedOption<Value>>,
    blocks: SecondaryMap<Block, PackedOption<ir::Block>>,
    exits: exits::Exits,
    positions: PositionTable,
    position_ids: FxHashMap<(Inline, u32), PositionId>,
    /// The position that each instruction's machine code has, if that was asked for.
    inst_positions: Vec<(PositionId, Val)>,
    direct_targets: Vec<FunctionId>,
    current: Origin,
    /// Calls behind which the graph itself looks whether they have returned.
    caught: EntitySet<Val>,
    /// Instructions that are computed where an exit needs them.
    late: EntitySet<Val>,
    /// Tests that are made by the branch at the end of their block.
    branch_tests: EntitySet<Val>,
    /// Indices of the block that is being lowered, as words.
    wide_indices: FxHashMap<Val, Value>,
    /// Where tagged values were loaded from in the block that is being lowered, as long as memory holds them.
    loaded_from: FxHashMap<Val, (Value, i32)>,
    /// What untagging a double subtracts, in a vector register, if that is wanted.
    double_offset: Option<Value>,
    /// The block in which the current instruction began: it dominates what follows in the graph's block.
    on_all_paths: Option<ir::Block>,
}

fn caught_calls(graph: &Graph) -> EntitySet<Val> {
    let mut caught = EntitySet::new();
    for v in graph.blocks.values().flat_map(|b| &b.insts) {
        if let Op::Returned { v: call } = *graph.op(*v) {
            caught.insert(call);
        }
    }
    caught
}

/// Memory that is there and aligned: all that compiled code touches.
fn trusted() -> MemFlagsData {
    MemFlagsData::trusted()
}

/// The Cranelift type of a representation.
fn clif_type(rep: Rep) -> ir::Type {
    match rep {
        Rep::Tagged | Rep::Word => I64,
        Rep::Int32 => I32,
        Rep::Double => F64,
        Rep::Bool => I8,
        Rep::Void => unreachable!("a value without a result"),
    }
}

impl Lower<'_, '_> {
    /// Code that takes over a running loop leaves nothing in the frame's registers: the collector looks at them, and what
    /// they held on entry would live as long as the loop runs (the first node of a queue keeps all that come after it). An
    /// exit that hands the frame back writes them anew.
    fn forget_dead_registers(&mut self) {
        if !matches!(self.graph.entry_point, EntryPoint::Osr(_)) {
            return;
        }
        let Some(view) = self.input.view(self.input.root) else { return };
        let mut dead = vec![true; view.function.nregs as usize];
        for v in &self.graph.blocks[self.graph.entry()].insts {
            if let Op::OsrRegister { register } = *self.graph.op(*v) {
                dead[register as usize] = false;
            }
        }
        for register in (0..).zip(dead).filter(|(_, dead)| *dead).map(|(register, _)| register) {
            self.forget_register(register);
        }
    }

    fn forget_register(&mut self, register: u32) {
        let undefined = self.tagged_const(Tagged::UNDEFINED);
        self.b.ins().store(trusted(), undefined, self.arguments[1], register as i32 * 8);
    }

    fn function(&mut self) -> Result<(), LowerError> {
        let cfg = Cfg::new(self.graph);
        let uses = UseCounts::new(self.graph, &cfg);
        self.branch_tests = branches::tests_of_branches(self.graph, &cfg, &uses);
        self.late = late::only_for_exits(self.graph, &cfg, uses);
        let order = &cfg.rpo;
        for block in order {
            let clif = self.b.create_block();
            self.blocks[*block] = Some(clif).into();
            let first = self.graph.blocks[*block].insts.first();
            if first.is_some_and(|v| matches!(self.graph.op(*v), Op::CaughtException {} | Op::Deopt { .. })) {
                self.b.set_cold_block(clif);
            }
            if *block != self.graph.entry() {
                for param in &self.graph.blocks[*block].params {
                    let value = self.b.append_block_param(clif, clif_type(self.graph.insts[*param].rep));
                    self.values[*param] = Some(value).into();
                }
            }
        }
        self.prologue();
        self.make_double_offset();
        self.forget_dead_registers();
        let first = self.clif_block(self.graph.entry());
        self.b.ins().jump(first, &[]);
        for block in order {
            let clif = self.clif_block(*block);
            self.b.switch_to_block(clif);
            self.wide_indices.clear();
            self.loaded_from.clear();
            if self.options.counts_bytecodes {
                self.count_bytecodes(*block);
            }
            let insts = &self.graph.blocks[*block].insts;
            match poll_at_end(self.graph, insts) {
                Some(at) => self.block_with_poll(insts, at)?,
                None => {
                    for v in insts {
                        self.inst_in_place(*v)?;
                    }
                }
            }
        }
        self.finish_exits()?;
        self.b.seal_all_blocks();
        Ok(())
    }

    /// A block that polls: what stands between the poll and the block's end computes only, and comes first.
    ///
    /// The cold side of the poll has a copy of the block's end instead of a way back, so that the register allocator has
    /// nothing to reconcile on the hot side.
    fn block_with_poll(&mut self, insts: &[Val], poll: usize) -> Result<(), LowerError> {
        let (end, before_end) = insts.split_last().expect("a block has an end");
        for (at, v) in before_end.iter().enumerate() {
            if at != poll {
                self.inst_in_place(*v)?;
            }
        }
        self.current = self.graph.insts[insts[poll]].origin;
        self.at(self.current, false);
        let cold = self.poll(insts[poll])?;
        self.inst(*end)?;
        self.b.switch_to_block(cold);
        self.inst(*end)
    }

    /// Checks the native stack, if the function calls at all.
    fn prologue(&mut self) {
        let calls = self.graph.blocks.values().flat_map(|b| &b.insts).any(|v| self.graph.op(*v).effects().call);
        if !calls {
            return;
        }
        let sp = self.b.ins().get_stack_pointer(I64);
        let limit = self.b.ins().load(I64, trusted(), self.rt, head::NATIVE_STACK_LIMIT);
        let over = self.b.ins().icmp(IntCC::UnsignedLessThan, sp, limit);
        let (cold, go) = (self.cold_block(), self.b.create_block());
        self.b.ins().brif(over, cold, &[], go, &[]);
        self.b.switch_to_block(cold);
        let origin = Origin::default();
        self.at(origin, false);
        let result = self.call_thunk(runtime::stack_overflow_thunk(), &[]);
        self.b.ins().return_(&[result]);
        self.b.switch_to_block(go);
    }

    /// Counts the bytecodes that a block stands for.
    fn count_bytecodes(&mut self, block: Block) {
        let mut places: Vec<_> = self.graph.blocks[block]
            .insts
            .iter()
            .map(|v| self.graph.insts[*v].origin)
            .map(|o| (o.inline, o.offset))
            .collect();
        places.sort_unstable();
        places.dedup();
        let counter = head::retired(crate::vocab::Tier::Optimized);
        let count = self.b.ins().load(I64, trusted(), self.rt, counter);
        let sum = self.b.ins().iadd_imm_s(count, places.len() as i64);
        self.b.ins().store(trusted(), sum, self.rt, counter);
    }

    // ---- small vocabulary --------------------------------------------------------------------------------------

    fn clif_block(&self, block: Block) -> ir::Block {
        self.blocks[block].expect("a reachable block")
    }

    fn cold_block(&mut self) -> ir::Block {
        let block = self.b.create_block();
        self.b.set_cold_block(block);
        block
    }

    fn word(&mut self, bits: u64) -> Value {
        self.b.ins().iconst(I64, bits as i64)
    }

    fn tagged_const(&mut self, v: Tagged) -> Value {
        self.word(v.0)
    }

    /// The position of an instruction, with the calls it was inlined through.
    fn position(&mut self, inline: Inline, offset: u32) -> PositionId {
        if let Some(id) = self.position_ids.get(&(inline, offset)) {
            return *id;
        }
        let data = &self.graph.inlines[inline];
        let (function, caller) = (data.function, data.caller);
        let inlined_at = caller.map(|(inline, offset)| self.position(inline, offset));
        let id = self.positions.push(crate::code::blob::Position { function, bytecode_offset: offset, inlined_at });
        self.position_ids.insert((inline, offset), id);
        id
    }

    /// Says where the next instructions come from, and whether they are a call whose result is checked.
    fn at(&mut self, origin: Origin, checked: bool) {
        let position = self.position(origin.inline, origin.offset);
        let site = if checked { SiteLoc::checked(position) } else { SiteLoc::plain(position) };
        self.b.set_srcloc(site.to_srcloc());
    }

    /// A value in the representation it has. A constant is spelled anew at each use.
    fn val(&mut self, v: Val) -> Value {
        if let Some(value) = self.values[v].expand() {
            return value;
        }
        let constant = self.graph.constant(v).expect("a value is defined before it is used");
        self.constant(constant, self.graph.insts[v].rep)
    }

    fn constant(&mut self, constant: Const, rep: Rep) -> Value {
        match rep {
            Rep::Tagged | Rep::Word => self.tagged_const(constant.value()),
            Rep::Int32 => {
                let Const::Int(i) = constant else { unreachable!("{constant:?} as int32") };
                self.b.ins().iconst(I32, i as i64 & 0xFFFF_FFFF)
            }
            Rep::Double => {
                let d = constant.as_number().expect("a number");
                self.b.ins().f64const(d)
            }
            Rep::Bool => {
                let Const::Bool(flag) = constant else { unreachable!("{constant:?} as boolean") };
                self.b.ins().iconst(I8, flag as i64)
            }
            Rep::Void => unreachable!("a constant is a value"),
        }
    }

    fn set(&mut self, v: Val, value: Value) {
        self.values[v] = Some(value).into();
    }

    fn jump_args(&mut self, target: &Target) -> (ir::Block, Vec<BlockArg>) {
        let params = &self.graph.blocks[target.block].params;
        let args = target.args.iter().zip(params);
        let args = args
            .map(|(v, param)| {
                let value = match (self.values[*v].expand(), self.graph.constant(*v)) {
                    (Some(value), _) => value,
                    (None, Some(constant)) => self.constant(constant, self.graph.insts[*param].rep),
                    (None, None) => unreachable!("{v} is not defined"),
                };
                BlockArg::Value(value)
            })
            .collect();
        (self.clif_block(target.block), args)
    }

    /// `cond ? then() : otherwise()`, computed by branching. Both sides give a value of the same type.
    fn choose(
        &mut self,
        cond: Value,
        ty: ir::Type,
        then: impl FnOnce(&mut Self) -> Value,
        otherwise: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let (yes, no, join) = (self.b.create_block(), self.b.create_block(), self.b.create_block());
        let result = self.b.append_block_param(join, ty);
        self.b.ins().brif(cond, yes, &[], no, &[]);
        self.b.switch_to_block(yes);
        let value = then(self);
        self.b.ins().jump(join, &[BlockArg::Value(value)]);
        self.b.switch_to_block(no);
        let value = otherwise(self);
        self.b.ins().jump(join, &[BlockArg::Value(value)]);
        self.b.switch_to_block(join);
        result
    }

    // ---- the match over instructions ---------------------------------------------------------------------------

    fn inst(&mut self, v: Val) -> Result<(), LowerError> {
        let data = &self.graph.insts[v];
        self.current = data.origin;
        self.on_all_paths = self.b.current_block();
        if self.options.explain {
            self.position_ids.remove(&(data.origin.inline, data.origin.offset));
            let own = self.position(data.origin.inline, data.origin.offset);
            self.inst_positions.push((own, v));
        }
        self.at(data.origin, false);
        self.forget_places(&data.op);
        match data.op {
            Op::Phi {} | Op::Const { .. } => {}
            Op::Param { index } if self.graph.counts_arguments => {
                let (regs, argc) = (self.arguments[1], self.arguments[2]);
                let given = self.b.ins().icmp_imm_u(IntCC::UnsignedGreaterThan, argc, index as i64);
                let value = self.choose(
                    given,
                    I64,
                    |l| l.b.ins().load(I64, trusted(), regs, index as i32 * 8),
                    |l| l.tagged_const(Tagged::UNDEFINED),
                );
                self.set(v, value);
            }
            Op::Param { index } => {
                let value = self.arguments[3 + index as usize];
                self.set(v, value);
            }
            Op::SetNewTarget { v: target } => {
                let target = self.val(target);
                self.b.ins().store(trusted(), target, self.rt, head::NEW_TARGET);
            }
            Op::LoadScratch { index } => {
                let buffer = self.load_word(self.rt, head::EXIT_BUFFER);
                let at = exits::scratch_word(index) as i32 * 8;
                let value = self.b.ins().load(I64, trusted(), buffer, at);
                self.set(v, value);
            }
            Op::This {} => {
                let value = match self.graph.entry_point {
                    EntryPoint::Start if !self.graph.counts_arguments => self.arguments[2],
                    EntryPoint::Start | EntryPoint::Osr(_) => {
                        self.b.ins().load(I64, trusted(), self.arguments[1], abi::THIS_OFFSET)
                    }
                };
                self.set(v, value);
            }
            Op::Callee {} => {
                let value = match self.graph.entry_point {
                    EntryPoint::Start if !self.graph.counts_arguments => self.arguments[1],
                    EntryPoint::Start | EntryPoint::Osr(_) => {
                        self.b.ins().load(I64, trusted(), self.arguments[1], abi::CALLEE_OFFSET)
                    }
                };
                self.set(v, value);
            }
            Op::NewTarget {} => {
                // Taken: whoever is called next must not see it.
                let value = self.load_word(self.rt, head::NEW_TARGET);
                let undefined = self.tagged_const(Tagged::UNDEFINED);
                self.b.ins().store(trusted(), undefined, self.rt, head::NEW_TARGET);
                self.set(v, value);
            }
            Op::OsrRegister { register } => {
                let value = self.b.ins().load(I64, trusted(), self.arguments[1], register as i32 * 8);
                self.forget_register(register);
                self.set(v, value);
            }
            Op::Jump { ref target } => {
                let (block, args) = self.jump_args(target);
                self.b.ins().jump(block, &args);
            }
            Op::Branch { cond, ref if_true, ref if_false } => self.branch(cond, if_true, if_false),
            Op::Return { v: result } => {
                let result = self.val(result);
                self.b.ins().return_(&[result]);
            }
            Op::Deopt { .. } => self.leave(v)?,
            Op::Unreachable {} => {
                self.b.ins().trap(TrapCode::unwrap_user(1));
            }
            checks!() => self.check(v)?,
            numbers!() => self.number(v)?,
            calls!() => self.call(v)?,
            strings!() => self.string(v)?,
            objects!() => self.object(v)?,
        }
        Ok(())
    }
}

/// Where a block polls, if nothing after that but the block's end does more than compute.
fn poll_at_end(graph: &Graph, insts: &[Val]) -> Option<usize> {
    let poll = insts.iter().position(|v| matches!(graph.op(*v), Op::Safepoint {}))?;
    let (end, between) = insts[poll + 1..].split_last()?;
    let computes = between.iter().all(|v| graph.op(*v).effects() == PURE);
    (computes && matches!(graph.op(*end), Op::Jump { .. } | Op::Branch { .. })).then_some(poll)
}

/// Whether every value of the type is a pointer to a cell.
fn is_cell_type(ty: types::Type) -> bool {
    ty.is(types::STRING | types::SYMBOL | types::OBJECTS | types::INTERNAL)
}
