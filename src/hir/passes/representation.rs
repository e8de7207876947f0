//! Representation selection: who is held unboxed.
//!
//! Until here, operands had types and nobody asked how they are held. Most instructions have no choice: their row says what
//! they make and want. Those that choose are block parameters, which so carry int32 and doubles unboxed around loops, checks
//! for "a number", which unbox if somebody computes with the number, and constants, which are whatever is wanted.
//!
//! Then every operand that is not held as its use wants is converted just before the use, at most once per block; equal
//! conversions that dominate each other, or are invariant in a loop, are left to the passes after. A checked value that is
//! wanted tagged is the unchecked one: it never needs boxing. Frame states want nothing and force nothing. Tagging a double
//! keeps it one, unless its like tends to be whole (`Math.floor`).
//!
//! Source: TurboFan's simplified lowering, with Maglev's shortcut of giving most instructions one fixed representation.

use crate::hir::analysis::Cfg;
use crate::hir::field::{Block, Const, Val};
use crate::hir::graph::{Graph, Origin};
use crate::hir::inst::Op;
use crate::hir::types::{BOOL, INT32, NONE, NUMBER, Rep, Type, Use};
use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntitySet, SecondaryMap};
use rustc_hash::FxHashMap;

/// Runs the pass.
pub fn run(graph: &mut Graph) {
    if graph.representations_chosen {
        return;
    }
    let cfg = Cfg::new(graph);
    choose(graph, &cfg);
    let mut converter = Converter { graph, tagged: SecondaryMap::new(), here: FxHashMap::default(), out: vec![] };
    for &block in &cfg.rpo {
        converter.block(block);
    }
    graph.representations_chosen = true;
    graph.resolve_aliases();
}

// ---- Choosing --------------------------------------------------------------------------------------------------------

fn choose(graph: &mut Graph, cfg: &Cfg) {
    let computed_with = find_computed_with(graph, cfg);
    for &block in &cfg.rpo {
        let data = graph.blocks[block].clone();
        for param in data.params {
            graph.insts[param].rep = match graph.ty(param) {
                ty if ty.is(INT32) => Rep::Int32,
                ty if ty.is(BOOL) => Rep::Bool,
                ty if ty.is(NUMBER) && computed_with.contains(param) => Rep::Double,
                _anything => Rep::Tagged,
            };
        }
        for v in data.insts {
            if let Op::CheckNumber { v: checked } = *graph.op(v)
                && computed_with.contains(v)
            {
                let ty = graph.ty(v);
                graph.set_op(v, Op::CheckNumberToDouble { v: checked });
                graph.insts[v].ty = ty;
            }
        }
    }
}

/// Numbers that are used as doubles, or come from doubles: directly or by way of block parameters.
fn find_computed_with(graph: &Graph, cfg: &Cfg) -> EntitySet<Val> {
    let mut found = EntitySet::new();
    let mut changed = true;
    while changed {
        changed = false;
        for &block in cfg.rpo.iter().rev() {
            for &v in &graph.blocks[block].insts {
                graph.op(v).visit(|operand, usage| changed |= usage == Use::Double && found.insert(operand));
            }
            graph.visit_successors(block, |target| {
                for (&param, &arg) in graph.blocks[target.block].params.iter().zip(&target.args) {
                    if found.contains(param) {
                        changed |= found.insert(arg);
                    } else if graph.insts[arg].rep == Rep::Double
                        || found.contains(arg) && matches!(graph.op(arg), Op::Phi {})
                    {
                        changed |= found.insert(param);
                    }
                }
            });
        }
    }
    found
}

// ---- Converting ------------------------------------------------------------------------------------------------------

struct Converter<'a> {
    graph: &'a mut Graph,
    /// The tagged value that an unboxed one was unboxed from.
    tagged: SecondaryMap<Val, PackedOption<Val>>,
    /// Conversions made in this block.
    here: FxHashMap<(Val, Rep), Val>,
    /// The block's new instructions.
    out: Vec<Val>,
}

impl Converter<'_> {
    fn block(&mut self, block: Block) {
        self.here.clear();
        for v in std::mem::take(&mut self.graph.blocks[block].insts) {
            self.inst(v);
        }
        self.graph.blocks[block].insts = std::mem::take(&mut self.out);
    }

    fn inst(&mut self, v: Val) {
        if let Op::CheckInt32 { v: checked } = *self.graph.op(v) {
            match self.graph.insts[checked].rep {
                Rep::Double => self.graph.set_op(v, Op::CheckDoubleToInt32 { v: checked }),
                Rep::Tagged => self.tagged[v] = Some(checked).into(),
                Rep::Int32 | Rep::Bool | Rep::Word | Rep::Void => {}
            }
        }
        if let Op::CheckNumberToDouble { v: checked } | Op::CheckBool { v: checked } = *self.graph.op(v)
            && self.graph.insts[checked].rep == Rep::Tagged
        {
            self.tagged[v] = Some(checked).into();
        }
        let mut op = self.graph.op(v).clone();
        let mut wanted: Vec<Option<Rep>> = vec![];
        op.visit(|_, usage| wanted.push(usage.rep()));
        let mut each = wanted.into_iter();
        if !op.effects().terminator {
            op.visit_mut(|operand| {
                if let Some(rep) = each.next().flatten() {
                    *operand = self.convert(*operand, rep, None);
                }
            });
        } else {
            op.visit_mut(|operand| {
                if let Some(rep) = each.next().flatten() {
                    *operand = self.convert(*operand, rep, None);
                }
            });
            op.visit_targets_mut(|target| {
                for (i, arg) in target.args.iter_mut().enumerate() {
                    let param = self.graph.blocks[target.block].params[i];
                    let (rep, ty) = (self.graph.insts[param].rep, self.graph.ty(param));
                    *arg = self.convert(*arg, rep, Some(ty));
                }
            });
        }
        self.graph.insts[v].op = op;
        self.out.push(v);
    }

    /// `v` held as `rep`; of type `bound` at least, if that is given.
    fn convert(&mut self, v: Val, rep: Rep, bound: Option<Type>) -> Val {
        let from = self.graph.insts[v].rep;
        if from == rep {
            return v;
        }
        if rep == Rep::Tagged
            && let Some(tagged) = self.tagged[v].expand()
            && bound.is_none_or(|ty| self.graph.ty(tagged).is(ty))
        {
            return tagged;
        }
        if let Some(&converted) = self.here.get(&(v, rep))
            && bound.is_none_or(|ty| self.graph.ty(converted).is(ty))
        {
            return converted;
        }
        let op = match self.graph.constant(v) {
            Some(value) => constant_as(value, rep),
            None if rep == Rep::Tagged
                && tends_to_be_whole(self.graph.op(v))
                && bound.is_none_or(|ty| NUMBER.is(ty)) =>
            {
                Op::BoxNumber { v }
            }
            None => conversion(v, from, rep),
        };
        let converted = self.graph.make(op, None, Origin::default());
        self.graph.insts[converted].rep = rep;
        // What no value reaches, such as all that stands behind a check that always fails, stays of no type.
        if self.graph.ty(v).is_none() {
            self.graph.insts[converted].ty = NONE;
        }
        self.out.push(converted);
        self.here.insert((v, rep), converted);
        converted
    }
}

/// Doubles by how they were computed, int32 as often as not. The tiers below would hold them so, and code that was optimized
/// when they did trusts in it: such a number is tagged as what it is.
fn tends_to_be_whole(op: &Op) -> bool {
    matches!(
        op,
        Op::DoubleAbs { .. }
            | Op::DoubleNeg { .. }
            | Op::DoubleFloor { .. }
            | Op::DoubleCeil { .. }
            | Op::DoubleTrunc { .. }
            | Op::DoubleRound { .. }
            | Op::DoubleMin { .. }
            | Op::DoubleMax { .. }
            | Op::DoubleMod { .. }
            | Op::Uint32ToDouble { .. }
    )
}

fn constant_as(value: Const, rep: Rep) -> Op {
    match (rep, value.as_number()) {
        (Rep::Double, Some(d)) => Op::Const { value: Const::double(d) },
        _any_other => Op::Const { value },
    }
}

fn conversion(v: Val, from: Rep, to: Rep) -> Op {
    match (from, to) {
        (Rep::Int32, Rep::Tagged) => Op::BoxInt32 { v },
        (Rep::Double, Rep::Tagged) => Op::BoxDouble { v },
        (Rep::Bool, Rep::Tagged) => Op::BoxBool { v },
        (Rep::Tagged, Rep::Int32) => Op::UnboxInt32 { v },
        (Rep::Tagged, Rep::Double) => Op::UnboxNumber { v },
        (Rep::Tagged, Rep::Bool) => Op::UnboxBool { v },
        (Rep::Int32, Rep::Double) => Op::Int32ToDouble { a: v },
        (Rep::Double, Rep::Int32) => Op::DoubleTruncate { a: v },
        // Types exclude the rest, but for code that cannot be reached.
        (_, Rep::Int32) => Op::Const { value: Const::Int(0) },
        (_, Rep::Double) => Op::Const { value: Const::double(0.0) },
        (_, Rep::Bool) => Op::Const { value: Const::Bool(false) },
        (_, Rep::Tagged | Rep::Word | Rep::Void) => Op::Const { value: Const::Undefined },
    }
}
