//! Which objects are made only because a call that was not inlined is given them.
//!
//! Escape analysis (`passes/escape.rs`) leaves an allocation as soon as anybody else may see the object. Where all that others
//! see of it are calls, inlining these would have removed it: that is worth telling. Asked of a graph after its passes, when
//! somebody listens.

use super::analysis::Cfg;
use super::field::Val;
use super::graph::Graph;
use super::inst::Op;
use super::passes::escape::is_harmless;
use crate::vocab::FunctionId;
use std::collections::{BTreeMap, BTreeSet};

/// A place in the bytecode.
pub type BytecodePlace = (FunctionId, u32);

/// An object that a call sees, and nobody else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Escaping {
    /// Where it is made.
    pub made_at: BytecodePlace,
    /// The first of the calls that are given it.
    pub call: BytecodePlace,
    /// The function that is called there, if it is always the same.
    pub callee: Option<FunctionId>,
}

/// The objects of a graph that only calls see, in the order in which they are made.
pub fn escaping_into_calls(graph: &Graph) -> Vec<Escaping> {
    let cfg = Cfg::new(graph);
    let insts = || cfg.rpo.iter().flat_map(|block| graph.blocks[*block].insts.iter().copied());
    let made: BTreeSet<Val> = insts().filter(|v| is_allocation(graph.op(*v))).collect();
    let mut calls: BTreeMap<Val, Val> = BTreeMap::new();
    let mut seen_elsewhere: BTreeSet<Val> = BTreeSet::new();
    for v in insts() {
        graph.op(v).visit(|operand, _| {
            let object = graph.root(operand);
            if !made.contains(&object) || is_harmless(graph, v, object, &made) {
                return;
            }
            match graph.op(v) {
                Op::Call { .. } | Op::CallDirect { .. } => {
                    calls.entry(object).or_insert(v);
                }
                _another_way_out => {
                    seen_elsewhere.insert(object);
                }
            }
        });
    }
    let place = |v: Val| {
        let origin = graph.insts[v].origin;
        (graph.inlines[origin.inline].function, origin.offset)
    };
    let only_calls = calls.into_iter().filter(|(object, _)| !seen_elsewhere.contains(object));
    let escaping = only_calls.map(|(object, call)| Escaping {
        made_at: place(object),
        call: place(call),
        callee: match graph.op(call) {
            Op::CallDirect { function, .. } => Some(*function),
            _of_any_function => None,
        },
    });
    escaping.collect()
}

fn is_allocation(op: &Op) -> bool {
    matches!(op, Op::NewObject { .. } | Op::NewClosure { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hir::parse::parse;

    #[test]
    fn an_object_that_a_call_sees_is_told_one_that_is_stored_too_is_not() {
        let graph = parse(
            "function fn1 params 1\n\
             f0 = after(r1) 8 of inline0 callee v0 this v0\n\
             bb0:\n  v0 = callee\n  v1 = param 0\n  v2 = new_object shape1, 2 @3\n  v3 = new_object shape1, 2 @5\n  \
             store_slot v2, v1, inline 0, true\n  store_slot v1, v3, inline 0, true\n  \
             v4 = call v0, v1, (v2, v3) ! f0 @8\n  return v4\n",
        )
        .expect("a graph");
        let function = FunctionId::from_u32(1);
        let expected = Escaping { made_at: (function, 3), call: (function, 8), callee: None };
        assert_eq!(escaping_into_calls(&graph), [expected]);
    }
}
