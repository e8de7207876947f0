//! Range analysis: int32 overflow, bounds and `-0` checks that cannot fail.
//!
//! Every int32 gets an interval, loop variables by widening and then narrowing. What makes intervals tight is the branches:
//! on an edge that is only taken if `i < n`, `i` is at most one less than the most that `n` can be; so a loop variable bounded
//! by *any* int32 cannot overflow when it is stepped by one. Bounds checks against an array's length compare two unknowns:
//! for those, `i < length` is proved on demand from the branches that dominate, through additions of constants and, by
//! induction, through loop variables.
//!
//! Source: interval analysis after Harrison; demand-driven bounds proofs are ABCD (Bodík, Gupta, Sarkar, PLDI 2000).

use crate::hir::analysis::Cfg;
use crate::hir::field::{Block, Cond, Const, Val};
use crate::hir::graph::{Graph, Origin};
use crate::hir::inst::Op;
use crate::hir::types::{INT32, Rep};
use crate::runtime::typed::ElementType;
use crate::runtime::{elements, string};
use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;

/// Sweeps before loop variables that still grow are widened.
const SWEEPS_BEFORE_WIDENING: usize = 2;
/// Sweeps altogether.
const MAX_SWEEPS: usize = 6;
/// Dominating branches that are looked at for one question.
const MAX_FACTS: usize = 16;
/// Steps of one bounds proof.
const PROOF_FUEL: u32 = 64;

/// Runs the pass.
pub fn run(graph: &mut Graph) {
    let cfg = Cfg::new(graph);
    let mut ranges = Ranges::new(graph, &cfg);
    ranges.solve();
    let found = ranges.improvements();
    let mut zeros: SecondaryMap<Val, PackedOption<Val>> = SecondaryMap::new();
    for (v, improvement) in found {
        zeros[v] = apply(graph, v, improvement).into();
    }
    for &block in &cfg.rpo {
        let insts = std::mem::take(&mut graph.blocks[block].insts);
        let here = insts.into_iter().filter(|v| graph.resolve(*v) == *v);
        graph.blocks[block].insts = here.flat_map(|v| zeros[v].expand().into_iter().chain([v])).collect();
    }
    graph.resolve_aliases();
}

/// An interval of int32, empty if `lo > hi`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Range {
    lo: i64,
    hi: i64,
}

const FULL: Range = Range { lo: i32::MIN as i64, hi: i32::MAX as i64 };
const EMPTY: Range = Range { lo: i64::MAX, hi: i64::MIN };

impl Range {
    fn new(lo: i64, hi: i64) -> Range {
        Range { lo, hi }
    }
    fn is_empty(self) -> bool {
        self.lo > self.hi
    }
    fn union(self, other: Range) -> Range {
        Range { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }
    fn intersect(self, other: Range) -> Range {
        Range { lo: self.lo.max(other.lo), hi: self.hi.min(other.hi) }
    }
    fn fits(self) -> bool {
        self.lo >= FULL.lo && self.hi <= FULL.hi
    }
    fn contains(self, n: i64) -> bool {
        self.lo <= n && n <= self.hi
    }
    /// Of wrapping arithmetic: the range if nothing wraps.
    fn or_full(self) -> Range {
        if self.fits() { self } else { FULL }
    }
    fn corners(self, other: Range, f: impl Fn(i64, i64) -> i64) -> Range {
        if self.is_empty() || other.is_empty() {
            // Nothing gets here: there are no corners to compute with.
            return EMPTY;
        }
        let all = [f(self.lo, other.lo), f(self.lo, other.hi), f(self.hi, other.lo), f(self.hi, other.hi)];
        Range { lo: all.into_iter().min().unwrap_or(0), hi: all.into_iter().max().unwrap_or(0) }
    }
    /// What remains of a value of this range if `value cond other` holds.
    fn given(self, cond: Cond, other: Range) -> Range {
        if other.is_empty() {
            return self;
        }
        match cond {
            Cond::Eq => self.intersect(other),
            Cond::Ne if other.lo == other.hi && self.lo == other.lo => Range { lo: self.lo + 1, ..self },
            Cond::Ne if other.lo == other.hi && self.hi == other.lo => Range { hi: self.hi - 1, ..self },
            Cond::Ne => self,
            Cond::Lt => Range { hi: self.hi.min(other.hi - 1), ..self },
            Cond::Le => Range { hi: self.hi.min(other.hi), ..self },
            Cond::Gt => Range { lo: self.lo.max(other.lo + 1), ..self },
            Cond::Ge => Range { lo: self.lo.max(other.lo), ..self },
        }
    }
}

/// A comparison that holds.
#[derive(Clone, Copy)]
struct Fact {
    a: Val,
    cond: Cond,
    b: Val,
}

struct Ranges<'a> {
    graph: &'a Graph,
    cfg: &'a Cfg,
    ranges: SecondaryMap<Val, Option<Range>>,
    /// What holds in a block because of the one branch that leads there.
    facts: SecondaryMap<Block, Option<Fact>>,
    home: SecondaryMap<Val, PackedOption<Block>>,
}

/// How an instruction gets better.
enum Improvement {
    /// It is its operand.
    Is(Val),
    /// It is a simpler operation.
    Op(Op),
    /// It is `0 - a`.
    Negate(Val),
    /// It is a constant.
    Const(Const),
}

impl<'a> Ranges<'a> {
    fn new(graph: &'a Graph, cfg: &'a Cfg) -> Ranges<'a> {
        let mut facts = SecondaryMap::new();
        for &block in &cfg.rpo {
            if let [pred] = cfg.preds[block][..] {
                facts[block] = edge_fact(graph, pred, block);
            }
        }
        Ranges { graph, cfg, ranges: SecondaryMap::new(), facts, home: cfg.definitions(graph) }
    }

    fn solve(&mut self) {
        for sweep in 0..MAX_SWEEPS {
            let mut changed = false;
            for &block in &self.cfg.rpo {
                changed |= self.sweep(block, sweep);
            }
            if !changed {
                return;
            }
        }
        // Not settled: forget what may still be too narrow.
        if self.cfg.rpo.iter().any(|block| self.would_change(*block)) {
            self.ranges.clear();
            for &block in &self.cfg.rpo {
                for &param in &self.graph.blocks[block].params {
                    self.ranges[param] = Some(FULL);
                }
            }
            for &block in &self.cfg.rpo {
                for &v in &self.graph.blocks[block].insts {
                    self.ranges[v] = Some(self.transfer(v, block));
                }
            }
        }
    }

    fn would_change(&self, block: Block) -> bool {
        let data = &self.graph.blocks[block];
        let grows = |v: Val, new: Range| self.get(v).union(new) != self.get(v);
        data.params.iter().enumerate().any(|(i, p)| self.is_int(*p) && grows(*p, self.join(block, i)))
            || data.insts.iter().any(|v| self.is_int(*v) && grows(*v, self.transfer(*v, block)))
    }

    fn is_int(&self, v: Val) -> bool {
        self.graph.ty(v).is(INT32) && self.graph.op(v).rep() != Rep::Void
    }

    fn sweep(&mut self, block: Block, sweep: usize) -> bool {
        let mut changed = false;
        let graph = self.graph;
        for (i, &param) in graph.blocks[block].params.iter().enumerate() {
            if !self.is_int(param) {
                continue;
            }
            let old = self.get(param);
            let mut new = self.join(block, i);
            let is_loop = self.cfg.headed_by(block).is_some();
            if is_loop && sweep == SWEEPS_BEFORE_WIDENING && !old.is_empty() {
                new.lo = if new.lo < old.lo { FULL.lo } else { new.lo };
                new.hi = if new.hi > old.hi { FULL.hi } else { new.hi };
            }
            changed |= self.ranges[param].replace(new) != Some(new);
        }
        for &v in &graph.blocks[block].insts {
            if self.is_int(v) {
                let new = self.transfer(v, block);
                changed |= self.ranges[v].replace(new) != Some(new);
            }
        }
        changed
    }

    fn get(&self, v: Val) -> Range {
        match (self.ranges[v], self.graph.constant(v)) {
            (_, Some(Const::Int(i))) => Range::new(i as i64, i as i64),
            (Some(range), _) => range,
            (None, _) => EMPTY,
        }
    }

    /// The union of what a parameter gets.
    fn join(&self, block: Block, index: usize) -> Range {
        let mut sum = EMPTY;
        for &pred in &self.cfg.preds[block] {
            self.graph.visit_successors(pred, |target| {
                if target.block == block {
                    let arg = target.args[index];
                    let mut range = self.at(arg, pred);
                    if let Some(fact) = edge_fact(self.graph, pred, block) {
                        range = self.apply_fact(arg, range, fact);
                    }
                    if !range.is_empty() {
                        sum = sum.union(range);
                    }
                }
            });
        }
        sum
    }

    /// The range of a value in a block, with what dominating branches say.
    fn at(&self, v: Val, block: Block) -> Range {
        let mut range = self.get(v);
        for fact in self.facts_at(block) {
            range = self.apply_fact(v, range, fact);
        }
        range
    }

    fn facts_at(&self, block: Block) -> impl Iterator<Item = Fact> {
        let dominators = std::iter::successors(Some(block), |b| self.cfg.idom[*b].expand());
        dominators.filter_map(|b| self.facts[b]).take(MAX_FACTS)
    }

    fn apply_fact(&self, v: Val, range: Range, fact: Fact) -> Range {
        if fact.a == v {
            range.given(fact.cond, self.get(fact.b))
        } else if fact.b == v {
            range.given(fact.cond.swap(), self.get(fact.a))
        } else {
            range
        }
    }

    fn transfer(&self, v: Val, block: Block) -> Range {
        let at = |v| self.at(v, block);
        let non_negative = Range::new(0, FULL.hi);
        if !self.is_int(v) {
            return FULL;
        }
        let op = self.graph.op(v);
        let mut missing = false;
        op.visit(|operand, _| missing |= self.is_int(operand) && at(operand).is_empty());
        if missing {
            return EMPTY;
        }
        match *op {
            Op::Const { value: Const::Int(i) } => Range::new(i as i64, i as i64),
            Op::Int32Add { a, b } => at(a).corners(at(b), |a, b| a + b).or_full(),
            Op::Int32Sub { a, b } => at(a).corners(at(b), |a, b| a - b).or_full(),
            Op::Int32Mul { a, b } => at(a).corners(at(b), |a, b| a * b).or_full(),
            Op::Int32AddChecked { a, b } => at(a).corners(at(b), |a, b| a + b).intersect(FULL),
            Op::Int32SubChecked { a, b } => at(a).corners(at(b), |a, b| a - b).intersect(FULL),
            Op::Int32MulChecked { a, b } => at(a).corners(at(b), |a, b| a * b).intersect(FULL),
            Op::Int32ModChecked { a, b } | Op::Int32Mod { a, b } => modulo(at(a), at(b)),
            Op::Int32Div { a, b } | Op::Int32DivChecked { a, b } => {
                let (a, b) = (at(a), at(b));
                if a.lo >= 0 && b.lo > 0 { Range::new(0, a.hi / b.lo) } else { FULL }
            }
            Op::CheckMulZero { product: same, .. } | Op::CheckModZero { remainder: same, .. } => at(same),
            Op::CheckUint32 { bits } => at(bits).intersect(non_negative),
            Op::CheckBounds { index, length } => at(index).intersect(Range::new(0, at(length).hi - 1)),
            Op::Int32And { a, b } => {
                let (a, b) = (at(a), at(b));
                match (a.lo >= 0, b.lo >= 0) {
                    (true, true) => Range::new(0, a.hi.min(b.hi)),
                    (true, false) => Range::new(0, a.hi),
                    (false, true) => Range::new(0, b.hi),
                    (false, false) => FULL,
                }
            }
            Op::Int32Or { a, b } | Op::Int32Xor { a, b } => {
                let (a, b) = (at(a), at(b));
                if a.lo >= 0 && b.lo >= 0 { Range::new(0, mask_for(a.hi.max(b.hi))) } else { FULL }
            }
            Op::Int32Shl { a, b } => match self.shift_by(b) {
                Some(by) => {
                    let a = at(a);
                    Range::new(a.lo << by, a.hi << by).or_full()
                }
                None => FULL,
            },
            Op::Int32Sar { a, b } => {
                let a = at(a);
                match self.shift_by(b) {
                    Some(by) => Range::new(a.lo >> by, a.hi >> by),
                    None => Range::new(a.lo.min(0), a.hi.max(0)),
                }
            }
            Op::Int32Shr { a, b } => match self.shift_by(b) {
                Some(by) if at(a).lo >= 0 => Range::new(at(a).lo >> by, at(a).hi >> by),
                Some(by) if by > 0 => Range::new(0, u32::MAX as i64 >> by),
                _unknown => FULL,
            },
            Op::Int32Min { a, b } => at(a).corners(at(b), i64::min),
            Op::Int32Max { a, b } => at(a).corners(at(b), i64::max),
            // A holey array may be longer than its elements.
            Op::Int32AbsChecked { .. } | Op::LoadLengthHoley { .. } | Op::LoadTypedLength { .. } => non_negative,
            Op::LoadLength { .. } | Op::LoadCapacity { .. } => Range::new(0, elements::LARGEST as i64),
            Op::StringLength { .. } => Range::new(0, string::MAX_LENGTH as i64),
            Op::LoadTypedInt32 { element, .. } => match element {
                ElementType::Int8 => Range::new(i8::MIN as i64, i8::MAX as i64),
                ElementType::Uint8 | ElementType::Uint8Clamped => Range::new(0, u8::MAX as i64),
                ElementType::Int16 => Range::new(i16::MIN as i64, i16::MAX as i64),
                ElementType::Uint16 => Range::new(0, u16::MAX as i64),
                ElementType::Int32 | ElementType::Uint32 | ElementType::Float32 | ElementType::Float64 => FULL,
            },
            Op::DoubleClamp { .. } => Range::new(0, u8::MAX as i64),
            Op::StringCodeAt { .. } => Range::new(0, 0xFFFF),
            Op::CheckInt32 { v } if self.is_int(v) => at(v),
            ref _unknown => FULL,
        }
    }

    fn shift_by(&self, v: Val) -> Option<u32> {
        match self.graph.constant(v) {
            Some(Const::Int(by)) => Some(by as u32 & 31),
            _unknown => None,
        }
    }

    fn improvements(&self) -> Vec<(Val, Improvement)> {
        let mut found = vec![];
        for &block in &self.cfg.rpo {
            for &v in &self.graph.blocks[block].insts {
                if let Some(improvement) = self.improve(v, block) {
                    found.push((v, improvement));
                }
            }
        }
        found
    }

    fn improve(&self, v: Val, block: Block) -> Option<Improvement> {
        let at = |v| self.at(v, block);
        let holds = |condition: bool, improvement: Improvement| condition.then_some(improvement);
        match *self.graph.op(v) {
            Op::Int32AddChecked { a, b } => {
                holds(at(a).corners(at(b), |a, b| a + b).fits(), Improvement::Op(Op::Int32Add { a, b }))
            }
            Op::Int32SubChecked { a, b } => {
                holds(at(a).corners(at(b), |a, b| a - b).fits(), Improvement::Op(Op::Int32Sub { a, b }))
            }
            Op::Int32MulChecked { a, b } => {
                holds(at(a).corners(at(b), |a, b| a * b).fits(), Improvement::Op(Op::Int32Mul { a, b }))
            }
            Op::Int32ModChecked { a, b } => self.improve_mod(a, b, at(a), at(b)),
            Op::Int32Mod { a, b } => {
                self.improve_mod(a, b, at(a), at(b)).filter(|i| !matches!(i, Improvement::Op(Op::Int32Mod { .. })))
            }
            Op::Int32NegChecked { a } => holds(!at(a).contains(0) && !at(a).contains(FULL.lo), Improvement::Negate(a)),
            Op::CheckMulZero { a, b, product } => {
                let (a, b) = (at(a), at(b));
                let fine = a.lo > 0 || b.lo > 0 || a.lo >= 0 && b.lo >= 0 || a.hi < 0 && b.hi < 0;
                holds(fine, Improvement::Is(product))
            }
            Op::CheckModZero { a, remainder } => {
                holds(at(a).lo >= 0 || !at(remainder).contains(0), Improvement::Is(remainder))
            }
            Op::CheckUint32 { bits } => holds(at(bits).lo >= 0, Improvement::Is(bits)),
            Op::CheckBounds { index, length } => {
                holds(at(index).lo >= 0 && self.is_less(index, length, block), Improvement::Is(index))
            }
            Op::IndexInBounds { index, length } => {
                let inside = at(index).lo >= 0 && self.is_less(index, length, block);
                holds(inside, Improvement::Const(Const::Bool(true)))
            }
            Op::Int32Compare { a, b, cond } => {
                self.decide(at(a), at(b), cond).map(|c| Improvement::Const(Const::Bool(c)))
            }
            ref _other => None,
        }
    }

    fn improve_mod(&self, a: Val, b: Val, ra: Range, rb: Range) -> Option<Improvement> {
        if ra.lo >= 0 && ra.hi < rb.lo {
            return Some(Improvement::Is(a));
        }
        (!rb.contains(0) && !rb.is_empty()).then_some(Improvement::Op(Op::Int32Mod { a, b }))
    }

    fn decide(&self, a: Range, b: Range, cond: Cond) -> Option<bool> {
        if a.is_empty() || b.is_empty() {
            return None;
        }
        let outcomes = match cond {
            Cond::Eq | Cond::Ne if a.intersect(b).is_empty() => [cond == Cond::Ne; 2],
            Cond::Eq | Cond::Ne => return None,
            Cond::Lt | Cond::Le => [cond.holds(a.hi, b.lo), cond.holds(a.lo, b.hi)],
            Cond::Gt | Cond::Ge => [cond.holds(a.lo, b.hi), cond.holds(a.hi, b.lo)],
        };
        (outcomes[0] == outcomes[1]).then_some(outcomes[0])
    }

    /// Proves `a < b` in a block.
    fn is_less(&self, a: Val, b: Val, block: Block) -> bool {
        let mut proof = Proof { ranges: self, bound: b, fuel: PROOF_FUEL, assumed: vec![] };
        proof.at_most(a, -1, block)
    }
}

fn modulo(a: Range, b: Range) -> Range {
    let most = b.lo.abs().max(b.hi.abs()) - 1;
    Range::new(if a.lo >= 0 { 0 } else { a.lo.max(-most) }, if a.hi <= 0 { 0 } else { a.hi.min(most) })
}

/// The least number of the form 2^k - 1 that is not less than `n`.
fn mask_for(n: i64) -> i64 {
    (n as u64 + 1).next_power_of_two() as i64 - 1
}

/// What holds on the edge from `pred` to `block`, if `pred` compares int32 to decide on it.
fn edge_fact(graph: &Graph, pred: Block, block: Block) -> Option<Fact> {
    let Op::Branch { cond, if_true, if_false } = graph.op(graph.terminator(pred)?) else { return None };
    let (a, b, cond) = match *graph.op(*cond) {
        Op::Int32Compare { a, b, cond } => (a, b, cond),
        // Of the other edge nothing simple can be said: the index may be negative.
        Op::IndexInBounds { index, length } if if_false.block != block => (index, length, Cond::Lt),
        ref _no_comparison => return None,
    };
    match (if_true.block == block, if_false.block == block) {
        (true, false) => Some(Fact { a, cond, b }),
        (false, true) => Some(Fact { a, cond: cond.negate(), b }),
        _both => None,
    }
}

/// A proof of `value <= bound + k`.
struct Proof<'a> {
    ranges: &'a Ranges<'a>,
    bound: Val,
    fuel: u32,
    /// Loop variables about which this is being proved: with that `k` or a lesser one it holds by induction.
    assumed: Vec<(Val, i64)>,
}

impl Proof<'_> {
    fn at_most(&mut self, v: Val, k: i64, block: Block) -> bool {
        if self.fuel == 0 {
            return false;
        }
        self.fuel -= 1;
        let ranges = self.ranges;
        if v == self.bound && k >= 0 || self.within(ranges.at(v, block), k, block) {
            return true;
        }
        if ranges.facts_at(block).any(|fact| self.follows(v, k, fact)) {
            return true;
        }
        match *ranges.graph.op(v) {
            Op::CheckInt32 { v: same }
            | Op::CheckMulZero { product: same, .. }
            | Op::CheckModZero { remainder: same, .. } => self.at_most(same, k, block),
            Op::CheckBounds { length, .. } if length == self.bound && k >= -1 => true,
            Op::CheckBounds { index, .. } => self.at_most(index, k, block),
            Op::Int32AddChecked { a, b } => self.after_step(a, b, 1, k, block),
            Op::Int32SubChecked { a, b } => self.after_step(a, b, -1, k, block),
            Op::Int32Add { a, b } if self.is_exact(a, b, block, |a, b| a + b) => self.after_step(a, b, 1, k, block),
            Op::Int32Sub { a, b } if self.is_exact(a, b, block, |a, b| a - b) => self.after_step(a, b, -1, k, block),
            Op::Phi {} => self.by_induction(v, k),
            ref _unknown => false,
        }
    }

    fn within(&self, range: Range, k: i64, block: Block) -> bool {
        !range.is_empty() && range.hi <= self.ranges.at(self.bound, block).lo + k
    }

    fn is_exact(&self, a: Val, b: Val, block: Block, f: impl Fn(i64, i64) -> i64) -> bool {
        self.ranges.at(a, block).corners(self.ranges.at(b, block), f).fits()
    }

    /// Whether `v <= bound + k` follows from one comparison of the two.
    fn follows(&self, v: Val, k: i64, fact: Fact) -> bool {
        let cond = if fact.a == v && fact.b == self.bound {
            fact.cond
        } else if fact.b == v && fact.a == self.bound {
            fact.cond.swap()
        } else {
            return false;
        };
        match cond {
            Cond::Lt => k >= -1,
            Cond::Le | Cond::Eq => k >= 0,
            Cond::Ne | Cond::Gt | Cond::Ge => false,
        }
    }

    fn after_step(&mut self, a: Val, b: Val, sign: i64, k: i64, block: Block) -> bool {
        match self.ranges.graph.constant(b) {
            Some(Const::Int(step)) => self.at_most(a, k - sign * step as i64, block),
            _unknown => false,
        }
    }

    fn by_induction(&mut self, param: Val, k: i64) -> bool {
        if let Some(&(_, assumed)) = self.assumed.iter().find(|(p, _)| *p == param) {
            return k >= assumed;
        }
        let ranges = self.ranges;
        let (Some(block), Some(bound_home)) = (ranges.home[param].expand(), ranges.home[self.bound].expand()) else {
            return false;
        };
        // The bound has to be the same value on every edge.
        if bound_home == block || !ranges.cfg.dominates(bound_home, block) {
            return false;
        }
        let Some(index) = ranges.graph.blocks[block].params.iter().position(|p| *p == param) else { return false };
        self.assumed.push((param, k));
        let all = ranges.cfg.preds[block].iter().all(|&pred| {
            let mut arg = None;
            ranges.graph.visit_successors(pred, |t| {
                if t.block == block {
                    arg = Some(t.args[index]);
                }
            });
            let arg = arg.expect("a predecessor jumps here");
            let edge = edge_fact(ranges.graph, pred, block);
            edge.is_some_and(|fact| self.follows(arg, k, fact)) || self.at_most(arg, k, pred)
        });
        self.assumed.pop();
        all
    }
}

/// Applies an improvement; gives the constant that has to be put before the instruction, if it needs one.
fn apply(graph: &mut Graph, v: Val, improvement: Improvement) -> Option<Val> {
    graph.insts[v].frame = None.into();
    match improvement {
        Improvement::Is(same) => {
            if let Op::Int32ModChecked { b, .. } | Op::Int32Mod { b, .. } = *graph.op(v) {
                graph.rely_on(b);
            }
            graph.replace(v, same);
        }
        Improvement::Op(op) => graph.set_op(v, op),
        Improvement::Const(value) => {
            let old = graph.op(v).clone();
            graph.rely_on_operands(&old);
            graph.set_op(v, Op::Const { value });
        }
        Improvement::Negate(a) => {
            let zero = graph.make(Op::Const { value: Const::Int(0) }, None, Origin::default());
            graph.set_op(v, Op::Int32Sub { a: zero, b: a });
            return Some(zero);
        }
    }
    None
}
