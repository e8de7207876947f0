//! The pipeline: what is done to a graph between building it and generating code, in this order.
//!
//! ```text
//! typing            what phis are, to a fixpoint
//! simplify          folding, branches with one way, blocks that nobody reaches
//! jump_threading    where the way of a branch is known from where one came, one goes there directly
//! phi_speculation   checks on loop variables move to the loop's entry
//! gvn               equal values, guards that a dominating guard makes superfluous
//! memory            shape checks and loads that nothing has invalidated
//! escape            objects that nobody else sees are not made
//! licm              what does not change in a loop moves before it
//! frame_sharing     guards between two side effects leave to the same place (before gvn, too)
//! range             overflow, bounds and -0 checks that cannot fail
//! truncation        arithmetic whose users look at 32 bits only needs no overflow or -0 check, nor doubles
//! rotation          shifts that make up a rotation
//! dce               what nobody needs
//! representation    who is held unboxed; conversions appear
//! ```
//!
//! Each pass is near-linear and leaves a graph that `verify.rs` accepts; in debug builds it is asked every time. A graph past
//! [`MAX_INSTS`] instructions is not optimized further: the caller refuses it.

pub mod dce;
pub mod escape;
pub mod frame_sharing;
pub mod gvn;
pub mod jump_threading;
pub mod licm;
pub mod memory;
pub mod phi_speculation;
pub mod range;
pub mod representation;
pub mod rotation;
pub mod simplify;
pub mod truncation;
pub mod typing;

use super::graph::Graph;
use super::verify::verify;
use std::time::Instant;

/// Instructions beyond which a graph is too large to be worth compiling.
pub const MAX_INSTS: usize = 40_000;

/// A pass.
#[derive(Clone, Copy)]
pub struct Pass {
    /// Its name, as file tests and traces call it.
    pub name: &'static str,
    /// Runs it.
    pub run: fn(&mut Graph),
}

/// What a pass did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PassReport {
    /// The pass.
    pub name: &'static str,
    /// Time it took.
    pub time_ns: u64,
    /// Instructions and parameters before.
    pub insts_before: usize,
    /// Instructions and parameters after.
    pub insts_after: usize,
}

const TYPING: Pass = Pass { name: "typing", run: typing::run };
const TRUNCATION: Pass = Pass { name: "truncation", run: truncation::run };
const SIMPLIFY: Pass = Pass { name: "simplify", run: simplify::run };
const PHI_SPECULATION: Pass = Pass { name: "phi_speculation", run: phi_speculation::run };
const JUMP_THREADING: Pass = Pass { name: "jump_threading", run: jump_threading::run };
const GVN: Pass = Pass { name: "gvn", run: gvn::run };
const MEMORY: Pass = Pass { name: "memory", run: memory::run };
const ESCAPE: Pass = Pass { name: "escape", run: escape::run };
const LICM: Pass = Pass { name: "licm", run: licm::run };
const FRAME_SHARING: Pass = Pass { name: "frame_sharing", run: frame_sharing::run };
const RANGE: Pass = Pass { name: "range", run: range::run };
const ROTATION: Pass = Pass { name: "rotation", run: rotation::run };
const DCE: Pass = Pass { name: "dce", run: dce::run };
const REPRESENTATION: Pass = Pass { name: "representation", run: representation::run };

/// Every pass, by name.
pub const ALL: &[Pass] = &[
    TYPING,
    TRUNCATION,
    SIMPLIFY,
    JUMP_THREADING,
    PHI_SPECULATION,
    GVN,
    MEMORY,
    ESCAPE,
    LICM,
    FRAME_SHARING,
    RANGE,
    ROTATION,
    DCE,
    REPRESENTATION,
];

/// The order in which they run.
pub const PIPELINE: &[Pass] = &[
    TYPING,
    SIMPLIFY,
    JUMP_THREADING,
    PHI_SPECULATION,
    SIMPLIFY,
    // Before guards are removed: the first one's frame state is the smallest, and serves the others when it is gone.
    FRAME_SHARING,
    GVN,
    MEMORY,
    ESCAPE,
    // Fields that have become loop variables are speculated on like others.
    SIMPLIFY,
    PHI_SPECULATION,
    SIMPLIFY,
    LICM,
    GVN,
    MEMORY,
    FRAME_SHARING,
    // Behind the passes that remove guards, because what guards' frame states hold is wanted exactly.
    RANGE,
    TRUNCATION,
    RANGE,
    SIMPLIFY,
    ROTATION,
    DCE,
    REPRESENTATION,
    // Conversions that representation selection put at uses: equal ones, and those that belong before a loop.
    GVN,
    LICM,
    DCE,
];

/// Runs the pipeline. Codegen takes the graph from here. After each pass `look` is shown its name and the graph.
pub fn optimize(graph: &mut Graph, mut look: impl FnMut(&'static str, &Graph)) -> Vec<PassReport> {
    let mut one = |pass: &Pass| {
        let report = run(graph, *pass);
        look(pass.name, graph);
        report
    };
    PIPELINE.iter().map(&mut one).collect()
}

/// Runs one pass and, in debug builds, the verifier.
///
/// # Panics
/// In debug builds, if the pass broke an invariant.
pub fn run(graph: &mut Graph, pass: Pass) -> PassReport {
    let (start, insts_before) = (Instant::now(), graph.size());
    (pass.run)(graph);
    let report = PassReport {
        name: pass.name,
        time_ns: start.elapsed().as_nanos() as u64,
        insts_before,
        insts_after: graph.size(),
    };
    if cfg!(debug_assertions)
        && let Err(error) = verify(graph)
    {
        panic!("{} broke the graph: {error}\n{graph}", pass.name);
    }
    report
}
