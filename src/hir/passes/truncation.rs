//! Arithmetic whose users look at the low 32 bits only: `(a + b) | 0` cannot overflow, and `x * y & 255` has no `-0`.
//!
//! JavaScript's sum of two int32 is exact, and taking it modulo 2^32 gives the wrapping sum; so where every user truncates,
//! the overflow check goes. The same holds of sums and products that were computed as doubles because they overflowed, as
//! long as every step is a whole number below 2^53: `(h * 31 + x) | 0` is int32 arithmetic. Users that do not truncate but treat `-0` like `0` (comparisons, indices, the right side of a
//! subtraction) still let the `-0` check of a product or remainder go. Frame states are users that want the exact value.
//!
//! Backward, to a fixpoint over block parameters. Source: TurboFan's truncation analysis.

use crate::hir::analysis::Cfg;
use crate::hir::field::{Const, Val};
use crate::hir::graph::{Graph, Origin};
use crate::hir::inst::Op;
use crate::hir::types::INT32;
use cranelift_entity::{EntitySet, SecondaryMap};

/// What is demanded of a value, from least to most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
enum Demand {
    /// Nobody has asked for it yet.
    #[default]
    Nothing,
    /// The number modulo 2^32.
    LowBits,
    /// The number, but `0` will do for `-0`.
    AnyZero,
    /// The number.
    Exact,
}

/// Runs the pass.
pub fn run(graph: &mut Graph) {
    let cfg = Cfg::new(graph);
    let relied = graph.relied_checks(&cfg);
    let demands = find_demands(graph, &cfg, &relied);
    for &block in &cfg.rpo {
        let insts = std::mem::take(&mut graph.blocks[block].insts);
        let mut kept = Vec::with_capacity(insts.len());
        for v in insts {
            if narrow(graph, v, demands[v], &mut kept) || relax(graph, v, demands[v]) {
                kept.push(v);
            }
        }
        graph.blocks[block].insts = kept;
    }
    graph.resolve_aliases();
}

/// Bits of a whole number's magnitude beyond which doubles skip some.
const EXACT_BITS: u32 = 53;
/// Operations deep that [`whole_bits`] looks.
const MAX_DEPTH: u32 = 8;

/// If the value is sure to be a whole number (or `-0`): how many bits its magnitude has at most, 53 or less.
fn whole_bits(graph: &Graph, v: Val, depth: u32) -> Option<u32> {
    let v = graph.resolve(v);
    if let Some(constant) = graph.constant(v) {
        let d = constant.as_number().filter(|d| d.fract() == 0.0 && d.abs() < (1u64 << EXACT_BITS) as f64)?;
        return Some(u64::BITS - (d.abs() as u64).leading_zeros());
    }
    if graph.ty(v).is(INT32) && !graph.ty(v).is_none() {
        return Some(32);
    }
    if depth == MAX_DEPTH {
        return None;
    }
    let of = |v| whole_bits(graph, v, depth + 1);
    let bits = match *graph.op(v) {
        Op::Uint32ToDouble { .. } => 32,
        Op::DoubleAdd { a, b } | Op::DoubleSub { a, b } => of(a)?.max(of(b)?) + 1,
        Op::DoubleMul { a, b } => of(a)? + of(b)?,
        Op::DoubleNeg { a } => of(a)?,
        ref _unknown => return None,
    };
    (bits <= EXACT_BITS).then_some(bits)
}

/// Does in int32 what was done in doubles, if the low bits of the result are all that anybody wants.
fn narrow(graph: &mut Graph, v: Val, demand: Demand, before: &mut Vec<Val>) -> bool {
    if demand != Demand::LowBits || graph.ty(v).is(INT32) || whole_bits(graph, v, 0).is_none() {
        return false;
    }
    let make: fn(Val, Val) -> Op = match graph.op(v) {
        Op::DoubleAdd { .. } => |a, b| Op::Int32Add { a, b },
        Op::DoubleSub { .. } => |a, b| Op::Int32Sub { a, b },
        Op::DoubleMul { .. } => |a, b| Op::Int32Mul { a, b },
        _nothing_to_gain => return false,
    };
    let mut operands = [v; 2];
    let mut i = 0;
    graph.op(v).visit(|operand, _| {
        operands[i] = operand;
        i += 1;
    });
    let [a, b] = operands.map(|operand| low_bits(graph, graph.resolve(operand), before));
    graph.set_op(v, make(a, b));
    true
}

/// The low bits of a whole number.
fn low_bits(graph: &mut Graph, v: Val, before: &mut Vec<Val>) -> Val {
    let op = match (graph.constant(v).and_then(Const::as_number), graph.op(v)) {
        (Some(d), _) => Op::Const { value: Const::Int(crate::runtime::number::to_int32(d)) },
        (None, _) if graph.ty(v).is(INT32) => return v,
        (None, Op::Uint32ToDouble { bits }) => return graph.resolve(*bits),
        (None, _) => Op::DoubleTruncate { a: v },
    };
    let low = graph.make(op, None, Origin::default());
    before.push(low);
    low
}

fn find_demands(graph: &Graph, cfg: &Cfg, relied: &EntitySet<Val>) -> SecondaryMap<Val, Demand> {
    let mut demands: SecondaryMap<Val, Demand> = SecondaryMap::new();
    for check in relied.keys() {
        demands[check] = Demand::Exact;
    }
    let mut changed = true;
    while changed {
        changed = false;
        let mut ask = |v: Val, demand: Demand| {
            if demands[v] < demand {
                demands[v] = demand;
                changed = true;
            }
            demands[v]
        };
        for &block in cfg.rpo.iter().rev() {
            for &v in graph.blocks[block].insts.iter().rev() {
                if let Some(frame) = graph.insts[v].frame.expand() {
                    graph.visit_frame(frame, &mut |entry| {
                        ask(entry, Demand::Exact);
                    });
                }
                let result = ask(v, Demand::Nothing);
                ask_operands(graph, v, result, &mut ask);
            }
        }
    }
    demands
}

fn ask_operands(graph: &Graph, v: Val, result: Demand, ask: &mut impl FnMut(Val, Demand) -> Demand) {
    let op = graph.op(v);
    match *op {
        Op::Int32And { a, b }
        | Op::Int32Or { a, b }
        | Op::Int32Xor { a, b }
        | Op::Int32Shl { a, b }
        | Op::Int32Sar { a, b }
        | Op::Int32Shr { a, b }
        | Op::Int32Rotl { a, b }
        | Op::Int32Mul { a, b } => {
            ask(a, Demand::LowBits);
            ask(b, Demand::LowBits);
        }
        Op::StoreTypedInt32 { data, index, value, .. } => {
            ask(data, Demand::Exact);
            ask(index, Demand::Exact);
            ask(value, Demand::LowBits);
        }
        Op::Int32Not { a } => {
            ask(a, Demand::LowBits);
        }
        Op::DoubleTruncate { a } => {
            ask(a, if whole_bits(graph, a, 0).is_some() { Demand::LowBits } else { Demand::Exact });
        }
        Op::DoubleAdd { a, b } | Op::DoubleSub { a, b } | Op::DoubleMul { a, b }
            if result <= Demand::LowBits && whole_bits(graph, v, 0).is_some() =>
        {
            ask(a, Demand::LowBits);
            ask(b, Demand::LowBits);
        }
        Op::Int32MulChecked { a, b } if result <= Demand::LowBits && product_is_exact(graph, a, b) => {
            ask(a, Demand::LowBits);
            ask(b, Demand::LowBits);
        }
        // Sums of what is only wanted modulo 2^32 want their terms modulo 2^32; the check goes with the demand. Else a
        // term may be any zero if the other cannot be `-0`.
        Op::Int32AddChecked { a, b } | Op::Int32Add { a, b } => {
            let term = |other| match result {
                Demand::Nothing | Demand::LowBits => Demand::LowBits,
                Demand::Exact if !is_never_minus_zero(graph.op(other)) => Demand::Exact,
                Demand::AnyZero | Demand::Exact => Demand::AnyZero,
            };
            ask(a, term(b));
            ask(b, term(a));
        }
        Op::Int32SubChecked { a, b } | Op::Int32Sub { a, b } => {
            let terms = if result <= Demand::LowBits { Demand::LowBits } else { Demand::AnyZero };
            ask(a, if terms == Demand::LowBits { terms } else { result.max(Demand::AnyZero) });
            ask(b, terms);
        }
        Op::CheckInt32 { v } if graph.ty(v).is(INT32) => {
            ask(v, result);
        }
        Op::CheckMulZero { product, a, b } => {
            ask(product, result);
            ask(a, Demand::Exact);
            ask(b, Demand::Exact);
        }
        Op::CheckModZero { remainder, a } => {
            ask(remainder, result);
            ask(a, Demand::Exact);
        }
        Op::Int32Compare { a, b, .. } => {
            ask(a, Demand::AnyZero);
            ask(b, Demand::AnyZero);
        }
        Op::CheckBounds { index, length } => {
            ask(index, result.max(Demand::AnyZero));
            ask(length, Demand::AnyZero);
        }
        ref other => {
            let targets = other.effects().terminator;
            other.visit(|operand, usage| {
                if !targets || usage != crate::hir::types::Use::Argument {
                    ask(operand, Demand::Exact);
                }
            });
            other.visit_targets(|target| {
                for (&param, &arg) in graph.blocks[target.block].params.iter().zip(&target.args) {
                    let wanted = ask(param, Demand::Nothing);
                    ask(arg, wanted);
                }
            });
        }
    }
}

/// Whether the product, which JavaScript rounds to a double, is exact.
fn product_is_exact(graph: &Graph, a: Val, b: Val) -> bool {
    whole_bits(graph, a, 0).zip(whole_bits(graph, b, 0)).is_some_and(|(a, b)| a + b <= EXACT_BITS)
}

/// Whether the number is an int32 and would be without any check of ours.
fn is_never_minus_zero(op: &Op) -> bool {
    matches!(
        op,
        Op::Const { .. }
            | Op::CheckInt32 { .. }
            | Op::Int32And { .. }
            | Op::Int32Or { .. }
            | Op::Int32Xor { .. }
            | Op::Int32Shl { .. }
            | Op::Int32Sar { .. }
            | Op::Int32Rotl { .. }
            | Op::LoadLength { .. }
            | Op::LoadTypedLength { .. }
            | Op::LoadTypedInt32 { .. }
            | Op::LoadElementInt32 { .. }
    )
}

/// Drops the check that nobody demands; false if the instruction itself goes.
fn relax(graph: &mut Graph, v: Val, demand: Demand) -> bool {
    let low_bits = demand == Demand::LowBits;
    let relaxed = match *graph.op(v) {
        Op::Int32AddChecked { a, b } if low_bits => Op::Int32Add { a, b },
        Op::Int32SubChecked { a, b } if low_bits => Op::Int32Sub { a, b },
        Op::Int32MulChecked { a, b } if low_bits && product_is_exact(graph, a, b) => Op::Int32Mul { a, b },
        Op::CheckUint32 { bits } if low_bits => {
            graph.replace(v, bits);
            return false;
        }
        Op::CheckMulZero { product: same, .. } | Op::CheckModZero { remainder: same, .. }
            if demand == Demand::AnyZero || low_bits =>
        {
            graph.replace(v, same);
            return false;
        }
        ref _checked => return true,
    };
    graph.set_op(v, relaxed);
    graph.insts[v].frame = None.into();
    true
}
