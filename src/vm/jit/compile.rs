//! Compile jobs: self-contained, so that any thread can run them.

use crate::baseline::{self, BaselineCode};
use crate::codegen::abi::Isas;
use crate::codegen::lower::{self, LowerError, OptimizedCode};
use crate::events::GuardCount;
use crate::feedback::summary::{CompileInput, Dependency};
use crate::hir;
use crate::hir::build::BuildOptions;
use crate::hir::escaping::{Escaping, escaping_into_calls};
use crate::hir::graph::EntryPoint;
use crate::hir::inline::InlineDecision;
use crate::vocab::RefusalReason;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// A compile to be done.
pub(super) struct Job {
    pub(super) kind: JobKind,
}

pub(super) enum JobKind {
    /// Tier 4.
    Optimize {
        osr_offset: Option<u32>,
        input: Arc<CompileInput>,
        build: BuildOptions,
        lower: lower::Options,
        /// Whether to keep the graph's texts.
        keep_graphs: bool,
        /// Whether anybody wants to know which objects escape into calls.
        tell_escapes: bool,
    },
    /// Tiers 1 to 3.
    Baseline(Box<baseline::Request>),
}

impl Compiled {
    /// Bytes of code, bytes of exits, guards.
    pub(super) fn sizes(&self) -> (u32, u32, u32) {
        match self {
            Compiled::Optimized { code, .. } => {
                (code.code.bytes.len() as u32, code.exits.byte_size() as u32, code.exits.len() as u32)
            }
            Compiled::Baseline { code } => (code.code.bytes.len() as u32, 0, 0),
        }
    }

    /// Guards by what they check.
    pub(super) fn guards_by_reason(&self) -> Vec<GuardCount> {
        match self {
            Compiled::Optimized { code, .. } => {
                let mut counts = BTreeMap::new();
                code.exits.iter().for_each(|(_, row)| *counts.entry(row.reason).or_default() += 1);
                counts.into_iter().map(|(reason, count)| GuardCount { reason, count }).collect()
            }
            Compiled::Baseline { .. } => Vec::new(),
        }
    }
}

/// Time and size of one phase.
#[derive(Clone, Copy, Debug)]
pub struct PassRow {
    /// Name.
    pub name: &'static str,
    /// Time.
    pub ns: u64,
    /// Instructions before; 0 where there are none yet.
    pub insts_in: u32,
    /// Instructions after: of the graph, for code generation those of Cranelift.
    pub insts_out: u32,
}

/// What came of a job.
pub(super) struct JobResult {
    pub(super) outcome: Result<Compiled, (RefusalReason, String)>,
    pub(super) passes: Vec<PassRow>,
    pub(super) nodes_in: u32,
    pub(super) nodes_out: u32,
    pub(super) inlining: Vec<InlineDecision>,
    /// Objects that only calls see.
    pub(super) escaping: Vec<Escaping>,
    /// The graph as it was built, and after each pass, if it was to be kept.
    pub(super) graphs: Vec<(&'static str, String)>,
    pub(super) ns: u64,
}

pub(super) enum Compiled {
    Optimized { code: Box<OptimizedCode>, dependencies: Vec<Dependency> },
    Baseline { code: Box<BaselineCode> },
}

/// Runs a job.
pub(super) fn run(job: Job, isas: &Isas) -> JobResult {
    let start = Instant::now();
    let mut result = JobResult {
        outcome: Err((RefusalReason::Cancelled, String::new())),
        passes: Vec::new(),
        nodes_in: 0,
        nodes_out: 0,
        inlining: Vec::new(),
        escaping: Vec::new(),
        graphs: Vec::new(),
        ns: 0,
    };
    match job.kind {
        JobKind::Optimize { osr_offset, input, build, lower, keep_graphs, tell_escapes } => {
            let keeps = Keeps { graphs: keep_graphs, escapes: tell_escapes };
            result.outcome = optimize(&input, osr_offset, &build, &lower, keeps, isas, &mut result);
        }
        JobKind::Baseline(request) => {
            result.outcome = match baseline::compile(&request, isas) {
                Ok(code) => {
                    (result.nodes_in, result.nodes_out) = (code.bytecodes as u32, code.clif_insts as u32);
                    Ok(Compiled::Baseline { code: Box::new(code) })
                }
                Err(error) => Err((RefusalReason::CodegenFailed, error.to_string())),
            };
        }
    }
    result.ns = start.elapsed().as_nanos() as u64;
    result
}

/// The phase before the passes.
const BUILD: &str = "build";

/// What is kept of an optimizing compile besides its code.
#[derive(Clone, Copy)]
struct Keeps {
    graphs: bool,
    escapes: bool,
}

fn optimize(
    input: &CompileInput,
    osr_offset: Option<u32>,
    options: &BuildOptions,
    lower_options: &lower::Options,
    keeps: Keeps,
    isas: &Isas,
    result: &mut JobResult,
) -> Result<Compiled, (RefusalReason, String)> {
    let entry = osr_offset.map_or(EntryPoint::Start, EntryPoint::Osr);
    let start = Instant::now();
    let built = hir::build::build(input, entry, options).map_err(|reason| (reason, String::new()))?;
    let ns = start.elapsed().as_nanos() as u64;
    let mut graph = built.graph;
    result.nodes_in = graph.size() as u32;
    result.passes.push(PassRow { name: BUILD, ns, insts_in: 0, insts_out: result.nodes_in });
    result.inlining = built.inlining;
    let graphs = &mut result.graphs;
    let mut look = |pass, graph: &hir::graph::Graph| {
        if keeps.graphs {
            graphs.push((pass, graph.to_string()));
        }
    };
    look(BUILD, &graph);
    result.passes.extend(hir::passes::optimize(&mut graph, look).into_iter().map(|report| PassRow {
        name: report.name,
        ns: report.time_ns,
        insts_in: report.insts_before as u32,
        insts_out: report.insts_after as u32,
    }));
    result.nodes_out = graph.size() as u32;
    if keeps.escapes {
        result.escaping = escaping_into_calls(&graph);
    }
    let start = Instant::now();
    let code = lower::lower(&graph, input, &**isas.optimized(), lower_options);
    let ns = match code.as_ref().ok().and_then(|code| code.explained.as_ref()) {
        // Without the time that the explanation took.
        Some(explained) => explained.stages.iter().map(|(_, ns)| ns).sum(),
        None => start.elapsed().as_nanos() as u64,
    };
    let insts_out = code.as_ref().map_or(0, |code| code.clif_insts as u32);
    result.passes.push(PassRow { name: "codegen", ns, insts_in: result.nodes_out, insts_out });
    match code {
        Ok(code) => Ok(Compiled::Optimized { code: Box::new(code), dependencies: built.dependencies }),
        Err(LowerError::Refused(reason, why)) => Err((reason, why.to_string())),
        Err(LowerError::Codegen(error)) => Err((RefusalReason::CodegenFailed, error.to_string())),
    }
}
