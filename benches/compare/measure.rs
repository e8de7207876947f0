//! The rounds: in each, every program runs once on every engine, engines taking turns, so that a slow minute of the
//! machine meets all of them.

use super::engines::{Engine, root};
use super::process::{self, Run};
use super::statistics::{Ratio, median, paired_ratio, steady_ns, warmup_ms};
use std::collections::BTreeMap;

/// How long and how often to measure.
pub struct Effort {
    /// Rounds, so processes of each engine and program.
    pub rounds: usize,
    /// Milliseconds that a process of a compiling engine runs.
    pub budget_ms: u32,
    /// Iterations of a process of an interpreter.
    pub interpreter_iterations: u32,
}

/// All runs, by program and engine, in the order of rounds. A run that failed leaves its place empty.
#[derive(Default)]
pub struct Runs(BTreeMap<(String, &'static str), Vec<Option<Run>>>);

impl Runs {
    /// Whether the engine ran anything.
    pub fn has(&self, engine: &str) -> bool {
        self.0.keys().any(|(_, name)| *name == engine)
    }

    fn of(&self, program: &str, engine: &str) -> &[Option<Run>] {
        self.0.iter().find(|((p, e), _)| p == program && *e == engine).map_or(&[], |(_, runs)| runs)
    }

    fn each(&self, program: &str, engine: &str, figure: impl Fn(&Run) -> Option<f64>) -> Vec<Option<f64>> {
        self.of(program, engine).iter().map(|run| run.as_ref().and_then(&figure)).collect()
    }

    /// The median of a figure over the processes.
    pub fn median(&self, program: &str, engine: &str, figure: Figure) -> Option<f64> {
        median(self.each(program, engine, figure.read()).into_iter().flatten().collect())
    }

    /// The ratio of two engines' figures, paired by round.
    pub fn ratio(&self, program: &str, engine: &str, reference: &str, figure: Figure) -> Option<Ratio> {
        let ours = self.each(program, engine, figure.read());
        let theirs = self.each(program, reference, figure.read());
        let pairs: Vec<(f64, f64)> = ours.into_iter().zip(theirs).filter_map(|(a, b)| a.zip(b)).collect();
        paired_ratio(&pairs)
    }
}

/// What a process is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Milliseconds of an iteration in steady state.
    Steady,
    /// Milliseconds of iterations until steady state.
    WarmUp,
    /// Peak memory in MiB.
    Memory,
    /// Milliseconds of the whole process.
    Whole,
}

impl Figure {
    fn read(self) -> fn(&Run) -> Option<f64> {
        match self {
            Figure::Steady => |run| Some(steady_ns(&run.series)? / 1e6),
            Figure::WarmUp => |run| warmup_ms(&run.series),
            Figure::Memory => |run| Some(run.peak_mib),
            Figure::Whole => |run| Some(run.wall_ms),
        }
    }
}

/// Runs everything. `iterations` fixes their number for every engine; otherwise `effort` says how long each runs.
pub fn measure(effort: &Effort, engines: &[&Engine], programs: &[String], iterations: Option<u32>) -> Runs {
    let mut all = Runs::default();
    for round in 0..effort.rounds {
        for program in programs {
            eprintln!("round {} of {}: {program}", round + 1, effort.rounds);
            for engine in engines {
                let Some(mut command) = engine.command(program) else { continue };
                let argument = match (iterations, engine.interpreter) {
                    (Some(count), _) => count.to_string(),
                    (None, true) => effort.interpreter_iterations.to_string(),
                    (None, false) => format!("{}ms", effort.budget_ms),
                };
                let run = process::run(command.arg(argument), &root());
                if run.is_none() {
                    eprintln!("FAILED: {program} on {}", engine.name);
                }
                all.0.entry((program.clone(), engine.name)).or_default().push(run);
            }
        }
    }
    all
}
