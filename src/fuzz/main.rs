//! The fuzzer: programs that nobody wrote, in every tier and stress mode, against Node.
//!
//! ```text
//! seed ─▶ generate ─▶ program ─┬─▶ oracle (Node) ─▶ what it prints
//!                              └─▶ engine, in the modes drawn for it ─▶ the same? ─ no ─▶ shrink ─▶ FOLDER/SEED.js
//! ```
//!
//! `petrel-fuzz --seconds 3600 --seed 7` runs for an hour; `tests/fuzz.rs` runs a fixed small number of programs. Where
//! Node is not installed, the interpreter stands for it: tiers are then only held against each other. A program is one of
//! a seed and its number, so that `--seed 7 --first 1234 --programs 1` repeats one. Exit code 1 says that faults were
//! found; each is a file with the program as generated, one with the program shrunk, and a paragraph on standard output.
//!
//! Sources of the ideas: V8's and JavaScriptCore's differential fuzzing between tiers, Csmith's programs that are
//! deterministic by construction, and Zeller's delta debugging.

mod engine;
mod generate;
mod modes;
mod oracle;
mod rng;
mod shrink;
mod tree;

use engine::{Engine, Outcome};
use modes::Mode;
use oracle::{Expected, Oracle};
use rng::Rng;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tree::Node;

const USAGE: &str = "\
petrel-fuzz: random programs in every tier and stress mode, against Node

  --seed N        first number of the stream (default 1)
  --first N       number of the first program (default 0)
  --programs N    how many (default: until the time is up)
  --seconds N     how long (default 60 if --programs is not given)
  --modes N       random modes per program, besides the fixed ones (default 4)
  --out FOLDER    where faults are written (default target/fuzz)
  --petrel CMD    another engine, such as 'qemu-aarch64 target/petrel' (default: this build's)
  --shrink N      seconds to make one fault small (default 60; 0: do not)
  --stop-after N  faults after which to stop (default: never)
  --print         only print the programs
";

/// What was asked for.
struct Options {
    seed: u64,
    first: u64,
    programs: Option<u64>,
    seconds: Option<u64>,
    modes: usize,
    out: PathBuf,
    petrel: Option<String>,
    shrink: u64,
    stop_after: usize,
    print: bool,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Options, String> {
        let mut options = Options {
            seed: 1,
            first: 0,
            programs: None,
            seconds: None,
            modes: 4,
            out: PathBuf::from("target/fuzz"),
            petrel: None,
            shrink: 60,
            stop_after: usize::MAX,
            print: false,
        };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            if word == "--print" {
                options.print = true;
                continue;
            }
            let value = words.next().ok_or_else(|| format!("{word}: a value is missing, or there is no such flag"))?;
            let number = || value.parse::<u64>().map_err(|_| format!("{word}: '{value}' is not a whole number"));
            match word.as_str() {
                "--seed" => options.seed = number()?,
                "--first" => options.first = number()?,
                "--programs" => options.programs = Some(number()?),
                "--seconds" => options.seconds = Some(number()?),
                "--modes" => options.modes = number()? as usize,
                "--out" => options.out = PathBuf::from(value),
                "--petrel" => options.petrel = Some(value.clone()),
                "--shrink" => options.shrink = number()?,
                "--stop-after" => options.stop_after = number()? as usize,
                _ => return Err(format!("there is no flag {word}")),
            }
        }
        Ok(options)
    }
}

/// What is wrong with a run, if anything.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Fault {
    /// The engine broke.
    Crash,
    /// It printed something else, or ended with another exit code.
    Difference,
    /// It did not end.
    Hang,
    /// It does not have something that the program uses.
    Refused,
}

fn fault(expected: &Expected, outcome: &Outcome) -> Option<Fault> {
    if outcome.timed_out {
        Some(Fault::Hang)
    } else if outcome.crashed() {
        Some(Fault::Crash)
    } else if outcome.refused() {
        Some(Fault::Refused)
    } else if outcome.printed != expected.printed || outcome.code != Some(expected.code) {
        Some(Fault::Difference)
    } else {
        None
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|word| word == "--engine") {
        return ExitCode::from(engine::serve(&arguments[1..]) as u8);
    }
    if arguments.iter().any(|word| word == "--help") {
        print!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match Options::parse(&arguments).map(|options| Fuzzer::new(options).and_then(|mut fuzzer| fuzzer.run())) {
        Ok(Ok(0)) => ExitCode::SUCCESS,
        Ok(Ok(_)) => ExitCode::from(1),
        Ok(Err(error)) => {
            eprintln!("petrel-fuzz: {error}");
            ExitCode::from(2)
        }
        Err(message) => {
            eprint!("petrel-fuzz: {message}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// The fuzzer and what it has found.
struct Fuzzer {
    options: Options,
    engine: Engine,
    oracle: Option<Oracle>,
    /// Faults by what they looked like: the first of each is shrunk.
    seen: BTreeMap<String, usize>,
    runs: u64,
    skipped: u64,
}

impl Fuzzer {
    fn new(options: Options) -> io::Result<Fuzzer> {
        std::fs::create_dir_all(&options.out)?;
        let engine = Engine::new(options.petrel.as_deref(), &options.out, Duration::from_secs(40))?;
        let oracle = Oracle::start(&options.out)?;
        if oracle.is_none() {
            println!("node is not installed: the tiers are held against the interpreter");
        }
        Ok(Fuzzer { options, engine, oracle, seen: BTreeMap::new(), runs: 0, skipped: 0 })
    }

    /// The number of faults.
    fn run(&mut self) -> io::Result<usize> {
        let start = Instant::now();
        let seconds = match (self.options.seconds, self.options.programs) {
            (Some(seconds), _) => seconds,
            (None, Some(_)) => u64::MAX,
            (None, None) => 60,
        };
        let mut programs = 0;
        let mut faults = 0;
        let mut told = Instant::now();
        while start.elapsed().as_secs() < seconds && self.options.programs.is_none_or(|most| programs < most) {
            faults += usize::from(self.program(self.options.first + programs)?);
            programs += 1;
            if faults >= self.options.stop_after {
                break;
            }
            if told.elapsed().as_secs() >= 60 {
                told = Instant::now();
                println!("{} s: {programs} programs, {} runs, {faults} faults", start.elapsed().as_secs(), self.runs);
            }
        }
        if self.options.print {
            return Ok(0);
        }
        let took = start.elapsed().as_secs_f64();
        println!(
            "{programs} programs ({} did not end on Node), {} runs, {faults} faults, {took:.0} s",
            self.skipped, self.runs
        );
        for (what, count) in &self.seen {
            println!("{count:6} {what}");
        }
        Ok(faults)
    }

    /// Runs one program in its modes; whether there was a fault.
    fn program(&mut self, number: u64) -> io::Result<bool> {
        let seed = Rng::new(self.options.seed).next() ^ Rng::new(!number).next();
        let tree = generate::program(seed);
        let source = tree.print();
        if self.options.print {
            println!("// program {number}\n{source}");
            return Ok(false);
        }
        let file = self.options.out.join(format!("program-{}.js", std::process::id()));
        std::fs::write(&file, &source)?;
        let Some(expected) = self.expected(&source, &file)? else {
            self.skipped += 1;
            return Ok(false);
        };
        let mut rng = Rng::new(!seed);
        let small = expected.printed.len() < 4000;
        let mut found = None;
        for mode in modes::draw(&mut rng, self.options.modes, small) {
            let outcome = self.engine.run(&mode, &file)?;
            self.runs += 1;
            // Collections and exits at every chance take as long as they take, and the naive policy compiles at each deopt.
            let slow = mode.iter().any(|flag| ["gc", "exits", "naive"].iter().any(|part| flag.contains(part)));
            match fault(&expected, &outcome) {
                None => {}
                Some(Fault::Hang) if slow => {}
                Some(fault) => {
                    found = Some((mode, fault, outcome));
                    break;
                }
            }
        }
        std::fs::remove_file(&file)?;
        let Some((mode, fault, outcome)) = found else { return Ok(false) };
        self.report(number, &tree, &expected, mode, fault, &outcome)
    }

    /// What the program should do: what Node does, or without Node, the interpreter. Nothing if it does not end.
    fn expected(&mut self, source: &str, file: &Path) -> io::Result<Option<Expected>> {
        let expected = match &mut self.oracle {
            Some(oracle) => oracle.run(source)?,
            None => {
                let outcome = self.engine.run(&["--tier-max=0".to_string()], file)?;
                let code = outcome.code.unwrap_or(oracle::DID_NOT_END);
                Expected { printed: outcome.printed, code, error: String::new() }
            }
        };
        if expected.code == oracle::NOT_A_PROGRAM {
            println!("not a program: {}\n{source}", expected.error);
        }
        let usable = !matches!(expected.code, oracle::DID_NOT_END | oracle::NOT_A_PROGRAM);
        Ok(usable.then_some(expected))
    }

    fn report(
        &mut self,
        number: u64,
        tree: &Node,
        expected: &Expected,
        mode: Mode,
        fault: Fault,
        outcome: &Outcome,
    ) -> io::Result<bool> {
        let name = format!("{}-{number}", self.options.seed);
        let whole = self.options.out.join(format!("{name}.js"));
        std::fs::write(&whole, tree.print())?;
        if fault == Fault::Difference && self.oracle.is_some() {
            let (printed, code) = oracle::run_alone(&whole)?;
            if printed != expected.printed || code != Some(expected.code) {
                println!("{name}: Node in a process of its own does something else than among other programs");
                return Ok(false);
            }
        }
        let kind = match fault {
            Fault::Crash | Fault::Refused => format!("{fault:?}: {}", place(outcome.headline())),
            Fault::Difference | Fault::Hang => format!("{fault:?}"),
        };
        println!("\n{name}: {kind}\n  {} {}", mode.join(" "), whole.display());
        let count = self.seen.entry(kind).or_default();
        *count += 1;
        let repeated = *count > 1 && matches!(fault, Fault::Crash | Fault::Refused);
        if !repeated && self.options.shrink > 0 {
            let (mode, small) = self.shrink(tree, mode, fault, outcome.headline())?;
            let path = self.options.out.join(format!("{name}.min.js"));
            std::fs::write(&path, small.print())?;
            println!("  {} {}\n{}", mode.join(" "), path.display(), small.print());
        }
        Ok(fault != Fault::Refused)
    }

    /// The smallest program found with the same fault, and the mode that it was looked for in: a repeatable one if the
    /// fault shows in it.
    fn shrink(&mut self, tree: &Node, mode: Mode, fault: Fault, headline: &str) -> io::Result<(Mode, Node)> {
        let file = self.options.out.join(format!("shrink-{}.js", std::process::id()));
        let mut failed = None;
        let mut check = |fuzzer: &mut Fuzzer, mode: &Mode, candidate: &Node| -> bool {
            match fuzzer.shows(mode, candidate, fault, headline, &file) {
                Ok(shows) => shows,
                Err(error) => {
                    failed.get_or_insert(error);
                    false
                }
            }
        };
        let mut chosen = mode;
        for other in [vec!["--tier-max=0".to_string()], modes::plain()] {
            if check(self, &other, tree) {
                chosen = other;
                break;
            }
        }
        // Flags that the fault does not need.
        let mut i = 0;
        while i < chosen.len() {
            let mut fewer = chosen.clone();
            fewer.remove(i);
            if check(self, &fewer, tree) {
                chosen = fewer;
            } else {
                i += 1;
            }
        }
        let time = Duration::from_secs(self.options.shrink);
        let small = shrink::shrink(tree.clone(), time, |candidate| check(self, &chosen, candidate));
        if let Some(error) = failed {
            return Err(error);
        }
        let _ = std::fs::remove_file(&file);
        Ok((chosen, small))
    }

    fn shows(
        &mut self,
        mode: &Mode,
        candidate: &Node,
        wanted: Fault,
        headline: &str,
        file: &PathBuf,
    ) -> io::Result<bool> {
        let source = candidate.print();
        std::fs::write(file, &source)?;
        let outcome = self.engine.run(mode, file)?;
        let expected = match &mut self.oracle {
            Some(oracle) => oracle.run(&source)?,
            None => match self.expected(&source, file)? {
                Some(expected) => expected,
                None => return Ok(false),
            },
        };
        if matches!(expected.code, oracle::DID_NOT_END | oracle::NOT_A_PROGRAM) {
            return Ok(false);
        }
        let same_place = match wanted {
            Fault::Crash | Fault::Refused => place(outcome.headline()) == place(headline),
            Fault::Difference | Fault::Hang => true,
        };
        Ok(fault(&expected, &outcome) == Some(wanted) && same_place)
    }
}

/// The part of a message that names the fault rather than the program: where it panicked, or the message without
/// positions.
fn place(headline: &str) -> String {
    match headline.split_once("panicked at ") {
        Some((_, place)) => place.to_string(),
        None => headline.split(": ").skip(1).collect::<Vec<_>>().join(": "),
    }
}
