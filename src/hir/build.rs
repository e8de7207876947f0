//! From bytecode and frozen feedback to a graph: where speculation begins.
//!
//! A function is interpreted abstractly, block by block: an environment maps registers to values, each bytecode appends
//! instructions and changes the environment. Feedback decides what is appended: what a site has always seen becomes a guard
//! and the fast operation behind it; a site that was never executed becomes the end of the world, a soft deopt; a site
//! that has seen everything becomes a call of the runtime, which always works. Calls of small known functions are inlined by
//! interpreting the callee with the caller's frame state behind its own.
//!
//! ```text
//! build.rs            what goes in and comes out; what all activations of one compile share
//! build/bytecode.rs   blocks, loops, liveness
//! build/activation.rs environment, frame states, guards: what every opcode uses
//! build/flow.rs       blocks and edges: merging environments, loops, on-stack replacement
//! build/dispatch.rs   one arm per opcode
//! build/operators.rs  arithmetic, comparisons and branches on them
//! build/property.rs   named properties
//! build/element.rs    indexed properties, iteration over arrays
//! build/array.rs      new arrays
//! build/call.rs       calls, construction, inlining
//! build/forward.rs    `call` and `apply`, which call something else
//! build/intrinsic.rs  built-ins with an operation of their own
//! build/lists.rs      `arguments`, rest arrays and spreads that are no objects
//! build/supers.rs     `super`: methods and constructors of the parent class
//! build/prelude.rs    built-ins that the prelude has a body for
//! build/variables.rs  module bindings, scopes, the rest
//! ```
//!
//! A call under a handler, of this function or of one that it was inlined into, has a second way out: to the handler, with
//! the registers as they were before the call.

mod activation;
mod array;
mod bytecode;
mod call;
mod dispatch;
mod element;
mod flow;
mod forward;
mod intrinsic;
mod lists;
mod operators;
mod prelude;
mod property;
mod supers;
mod variables;

use super::field::{Const, Val};
use super::graph::{EntryPoint, Graph};
use super::inline::{InlineDecision, InlineLimits};
use super::types::Type;
use crate::feedback::summary::{CompileInput, Dependency};
use crate::runtime::shape::ElementsKind;
use crate::vocab::{DeoptReason, FunctionId, RefusalReason};
use activation::Activation;
use bytecode::Bytecode;
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;

/// What a compile is built from besides feedback.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// What may be inlined.
    pub inlining: InlineLimits,
    /// Instructions beyond which the compile is refused.
    pub max_insts: usize,
    /// Whether branches that were never taken become exits.
    pub prune_branches: bool,
    /// What must not be speculated on again: reasons of guards and exits, at one bytecode of one function or anywhere.
    pub forbidden: Vec<(Option<(FunctionId, u32)>, DeoptReason)>,
}

impl Default for BuildOptions {
    fn default() -> BuildOptions {
        BuildOptions { inlining: InlineLimits::default(), max_insts: 20_000, prune_branches: true, forbidden: vec![] }
    }
}

/// A graph and what it took for granted.
#[derive(Debug)]
pub struct Built {
    /// The graph.
    pub graph: Graph,
    /// What must not change while the code is in use.
    pub dependencies: Vec<Dependency>,
    /// What became of each call that was a candidate for inlining.
    pub inlining: Vec<InlineDecision>,
}

/// Builds the graph of `input.root`.
pub fn build(input: &CompileInput, entry: EntryPoint, options: &BuildOptions) -> Result<Built, RefusalReason> {
    let view = input.view(input.root).ok_or(RefusalReason::InsufficientFeedback)?.clone();
    let graph = Graph::new(input.root, entry, view.function.nparams as u32);
    let mut session = Session {
        input,
        options,
        graph,
        dependencies: vec![],
        decisions: vec![],
        inlined_units: 0,
        refusal: None,
        bytecodes: FxHashMap::default(),
        joined: FxHashMap::default(),
        natives: FxHashMap::default(),
        grown: FxHashSet::default(),
        fresh: FxHashMap::default(),
        typeof_names: FxHashMap::default(),
        characters: FxHashMap::default(),
    };
    Activation::root(&mut session, view).run_root(entry);
    match session.refusal {
        Some(reason) => Err(reason),
        None => {
            session.dependencies.sort_unstable_by_key(|d| match *d {
                Dependency::Binding(n) => (0, n as u64, 0),
                Dependency::Prototype(address) => (1, address, 0),
                Dependency::Property(address, name) => (2, address, name),
            });
            session.dependencies.dedup();
            Ok(Built { graph: session.graph, dependencies: session.dependencies, inlining: session.decisions })
        }
    }
}

/// What all activations of one compile share.
struct Session<'a> {
    input: &'a CompileInput,
    options: &'a BuildOptions,
    graph: Graph,
    dependencies: Vec<Dependency>,
    decisions: Vec<InlineDecision>,
    /// Bytecode units inlined so far.
    inlined_units: usize,
    refusal: Option<RefusalReason>,
    bytecodes: FxHashMap<FunctionId, Rc<Bytecode>>,
    /// Values that are one of several closures, all of them known.
    joined: FxHashMap<Val, Vec<(Const, FunctionId)>>,
    /// Objects made by this compile that have been given properties since.
    grown: FxHashSet<Val>,
    /// Addresses of built-in functions that turned up as constants, and which they are.
    natives: FxHashMap<u64, u32>,
    /// Arrays that bodies of the prelude make and nothing else sees yet, and what kind they are, once that is decided.
    fresh: FxHashMap<Val, Option<ElementsKind>>,
    /// Atoms that `typeof` can give, with the types it gives them for.
    typeof_names: FxHashMap<u64, Type>,
    /// String constants of one code unit.
    characters: FxHashMap<u64, u16>,
}

impl Session<'_> {
    fn refuse(&mut self, reason: RefusalReason) {
        self.refusal = self.refusal.or(Some(reason));
    }
}
