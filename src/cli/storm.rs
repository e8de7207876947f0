//! `petrel storm list`, `show`, `run`, `node`: deopt storms, broken and fixed, per policy.
//!
//! Each run is a child process of its own, this very binary with `--record`, so that no run warms up another and a
//! crash is a message. The recordings say the rest: see `experiment/`. The two programs of a storm must print the same;
//! if they do not, or differ between policies, that is reported as an error before any number.
//!
//! Storms are looked for in `--dir`, else in `lang/storms` of the current folder or one above it, else of the folders
//! above the binary.

use super::progress::Progress;
use super::{Failure, flags, narrow, recording, storm_node, storm_page};
use clap::{Arg, ArgAction, ArgMatches, Command};
use petrel::config::Config;
use petrel::events::Event;
use petrel::events::codec::Recording;
use petrel::experiment::chart;
use petrel::experiment::storm::{Felt, Manifest, Measurement, Pair, Variant};
use petrel::experiment::warmup::{Class, WarmUp};
use petrel::observe::text::{Style, duration, one_line, things};
use petrel::vocab::{PolicyKind, Tier};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

/// Rows of a chart.
const CHART_HEIGHT: usize = 4;
/// Runs of a program whose slowest iterations are what is felt.
const RUNS_FOR_A_TAIL: usize = 9;
/// Columns, where the terminal does not say.
const WIDTH: usize = 80;
/// Widest chart.
const MAX_WIDTH: usize = 120;

/// Flags that this command sets for its children itself.
const OWN: [&str; 2] = ["policy", "record"];

/// The subcommand.
pub fn command() -> Command {
    let folder = || Arg::new("dir").long("dir").value_name("DIR").help("Folder of the storms");
    let json = || Arg::new("json").long("json").action(ArgAction::SetTrue).help("Write JSON, one object per line");
    let mut policies = vec!["all"];
    policies.extend(PolicyKind::ALL.iter().map(|policy| policy.name()));
    let run = Command::new("run")
        .about("Run a storm's two programs and say what it costs, whether it ends, and which line is to blame")
        .arg(Arg::new("name").value_name("NAME").required(true).help("Name of the storm, or all"))
        .arg(folder())
        .arg(json())
        .arg(
            Arg::new("policy")
                .long("policy")
                .value_name("NAME")
                .value_parser(policies)
                .action(ArgAction::Append)
                .help("Only under this policy; 'all' is the default"),
        )
        .arg(
            Arg::new("iterations")
                .long("iterations")
                .value_name("N")
                .value_parser(clap::value_parser!(u32).range(1..))
                .help("Iterations, instead of what the storm says for the clock it runs on"),
        )
        .arg(Arg::new("keep").long("keep").value_name("DIR").help("Keep the recordings in this folder"))
        .arg(
            Arg::new("markdown")
                .long("markdown")
                .action(ArgAction::SetTrue)
                .conflicts_with("json")
                .help("Write the catalogue as a page of Markdown: docs/storms.md is that of --deterministic"),
        )
        .arg(
            Arg::new("check")
                .long("check")
                .action(ArgAction::SetTrue)
                .help("Fail with exit code 1 if a run is not as the storm's description expects"),
        )
        .defer(|command| {
            command.args(flags::arguments().into_iter().filter(|flag| !OWN.contains(&flag.get_id().as_str())))
        });
    let list = Command::new("list").about("List the storms and what a user feels of them").arg(folder()).arg(json());
    let name = || Arg::new("name").value_name("NAME").required(true).help("Name of the storm");
    let show = Command::new("show")
        .about("Tell a storm's story: what it is, why it happens, how it ends, and where production engines had it")
        .arg(name())
        .arg(folder());
    let node = Command::new("node")
        .about("Run a storm's programs on Node too, and lay V8's deopts beside Petrel's")
        .arg(name())
        .arg(folder())
        .arg(Arg::new("node").long("node").value_name("FILE").default_value("node").help("Which Node"))
        .arg(
            Arg::new("policy")
                .long("policy")
                .value_name("NAME")
                .value_parser(PolicyKind::ALL.iter().map(|policy| policy.name()).collect::<Vec<_>>())
                .default_value("petrel")
                .help("Petrel's policy"),
        );
    Command::new("storm")
        .about("Deopt storms: broken and fixed programs")
        .subcommand_required(true)
        .subcommands([list, show, run, node])
}

/// `petrel storm`.
pub fn storm(matches: &ArgMatches) -> Result<u8, Failure> {
    match matches.subcommand() {
        Some(("list", matches)) => list(matches),
        Some(("show", matches)) => show(matches),
        Some(("run", matches)) => run(matches),
        Some(("node", matches)) => node(matches),
        Some((_, _)) | None => Err(Failure::Usage("a command is missing".to_string())),
    }
}

/// The folder of the storms.
fn folder(matches: &ArgMatches) -> Result<PathBuf, Failure> {
    if let Some(given) = matches.get_one::<String>("dir") {
        return Ok(PathBuf::from(given));
    }
    let here = Path::new("lang/storms");
    if here.is_dir() {
        return Ok(here.to_path_buf());
    }
    let starts = [std::env::current_dir(), std::env::current_exe()];
    let above = starts.iter().flatten().flat_map(|start| start.ancestors()).map(|folder| folder.join(here));
    above.into_iter().find(|folder| folder.is_dir()).ok_or_else(|| {
        Failure::new("there is no lang/storms here, above here, or above the binary; name its place with --dir")
    })
}

fn manifest(folder: &Path, name: &str) -> Result<Manifest, Failure> {
    let path = folder.join(name).join("storm.toml");
    let text = std::fs::read_to_string(&path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    Manifest::parse(&text).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

/// Names of the storms in a folder, sorted.
fn storm_names(folder: &Path) -> Result<Vec<String>, Failure> {
    let failed = |error: io::Error| Failure::new(format!("{}: {error}", folder.display()));
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.path().join("storm.toml").is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn list(matches: &ArgMatches) -> Result<u8, Failure> {
    let folder = folder(matches)?;
    let style = Style::of(&io::stdout());
    let mut out = narrow::stdout(!matches.get_flag("json"));
    for name in storm_names(&folder)? {
        let manifest = manifest(&folder, &name)?;
        if matches.get_flag("json") {
            let policies: Vec<&str> = manifest.policies.iter().map(|policy| policy.name()).collect();
            let json = serde_json::json!({
                "storm": name, "title": manifest.title, "felt": manifest.felt, "story": manifest.story,
                "fix": manifest.fix, "iterations": manifest.iterations, "policies": policies,
            });
            writeln!(out, "{json}")?;
        } else {
            writeln!(out, "{}  {}", style.bold(&format!("{name:20}")), manifest.title)?;
            writeln!(out, "{:20}  {}", "", style.dim(&manifest.felt))?;
        }
    }
    out.flush()?;
    Ok(0)
}

/// The storm that was named.
fn named<'a>(matches: &'a ArgMatches, names: &[String]) -> Result<&'a str, Failure> {
    let name = matches.get_one::<String>("name").map(String::as_str).unwrap_or_default();
    if names.iter().any(|known| known == name) {
        return Ok(name);
    }
    Err(Failure::Usage(format!("there is no storm '{name}'; there are {}", names.join(", "))))
}

fn show(matches: &ArgMatches) -> Result<u8, Failure> {
    let folder = folder(matches)?;
    let name = named(matches, &storm_names(&folder)?)?;
    let read = |file: &str| {
        let path = folder.join(name).join(file);
        std::fs::read_to_string(&path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
    };
    let style = Style::of(&io::stdout());
    let mut out = narrow::stdout(true);
    writeln!(out, "{}", read("README.md")?.trim_end())?;
    writeln!(out, "\n{}", style.bold("The one change"))?;
    let (broken, fixed) = (read(Variant::Broken.file())?, read(Variant::Fixed.file())?);
    for line in changed(&broken, &fixed) {
        writeln!(out, "  {}", style.red(&format!("- {line}")))?;
    }
    for line in changed(&fixed, &broken) {
        writeln!(out, "  {}", style.green(&format!("+ {line}")))?;
    }
    out.flush()?;
    Ok(0)
}

/// Lines of code of one text that the other does not have.
fn changed<'a>(text: &'a str, other: &str) -> Vec<&'a str> {
    let code = |line: &&str| !line.trim_start().starts_with("//");
    text.lines().filter(code).filter(|line| !other.lines().any(|theirs| theirs == *line)).collect()
}

fn node(matches: &ArgMatches) -> Result<u8, Failure> {
    let folder = folder(matches)?;
    let name = named(matches, &storm_names(&folder)?)?;
    let manifest = manifest(&folder, name)?;
    let given = |id: &str| matches.get_one::<String>(id).cloned().unwrap_or_default();
    let policy: PolicyKind = given("policy").parse().map_err(Failure::Usage)?;
    let session = Session {
        name,
        folder: folder.clone(),
        iterations: manifest.iterations_on(false),
        flags: manifest.flags.clone(),
        manifest,
        recordings: std::env::temp_dir(),
        keep: false,
    };
    let style = Style::of(&io::stdout());
    let mut progress = Progress::new(4, width());
    for variant in Variant::ALL {
        progress.step(&format!("{name}, {} on Petrel", variant.name()));
        let (recording, printed) = record(&session, policy, variant)?;
        let program = folder.join(name).join(variant.file());
        progress.step(&format!("{name}, {} on Node", variant.name()));
        let (theirs, deopts) = storm_node::run(&given("node"), &program, session.iterations)?;
        progress.wipe();
        if theirs != printed.trim_end() {
            return Err(Failure::new(format!("{name}: Node prints '{theirs}', Petrel '{}'", printed.trim_end())));
        }
        let mut out = io::stdout().lock();
        writeln!(
            out,
            "{}",
            style.bold(&format!("{name}, {}: deopts on Petrel ({policy}) and on Node", variant.name()))
        )?;
        storm_node::side_by_side(&recording, &deopts, &program, &mut out, style)?;
    }
    Ok(0)
}

/// Everything that is the same for all runs of a storm.
struct Session<'a> {
    name: &'a str,
    folder: PathBuf,
    manifest: Manifest,
    iterations: u32,
    flags: Vec<String>,
    recordings: PathBuf,
    keep: bool,
}

fn run(matches: &ArgMatches) -> Result<u8, Failure> {
    let folder = folder(matches)?;
    let names = storm_names(&folder)?;
    let chosen = match matches.get_one::<String>("name").map(String::as_str) {
        Some("all") => names.iter().map(String::as_str).collect(),
        Some(_) | None => vec![named(matches, &names)?],
    };
    let given: Vec<&String> = matches.get_many::<String>("policy").into_iter().flatten().collect();
    let policies: Vec<PolicyKind> = given.iter().filter_map(|policy| policy.parse().ok()).collect();
    let (flags, virtual_clock) = child_flags(matches)?;
    let keep = matches.get_one::<String>("keep").map(PathBuf::from);
    let recordings = keep.clone().unwrap_or_else(std::env::temp_dir);
    if keep.is_some() {
        std::fs::create_dir_all(&recordings)
            .map_err(|error| Failure::new(format!("{}: {error}", recordings.display())))?;
    }
    let mut sessions = Vec::new();
    for name in chosen {
        let mut manifest = manifest(&folder, name)?;
        if !policies.is_empty() {
            manifest.policies.clone_from(&policies);
        } else if given.iter().any(|policy| *policy == "all") {
            manifest.policies = PolicyKind::ALL.to_vec();
        }
        let iterations = matches.get_one::<u32>("iterations").copied();
        let iterations = iterations.unwrap_or_else(|| manifest.iterations_on(virtual_clock));
        let flags = manifest.flags.iter().chain(&flags).cloned().collect();
        let (folder, recordings) = (folder.clone(), recordings.clone());
        sessions.push(Session { name, folder, manifest, iterations, flags, recordings, keep: keep.is_some() });
    }
    let runs: usize = sessions.iter().map(|session| session.manifest.policies.len() * Variant::ALL.len()).sum();
    let mut progress = Progress::new(runs, width());
    if matches.get_flag("markdown") {
        return markdown(&sessions, &mut progress);
    }
    let mut worst = 0;
    for session in &sessions {
        worst = worst.max(report(session, matches.get_flag("json"), matches.get_flag("check"), &mut progress)?);
    }
    Ok(worst)
}

/// The page of the catalogue.
fn markdown(sessions: &[Session], progress: &mut Progress) -> Result<u8, Failure> {
    let mut sections = Vec::new();
    for session in sessions {
        let mut printed = None;
        let mut pairs = Vec::new();
        for &policy in &session.manifest.policies {
            pairs.push(measure_pair(session, policy, &mut printed, progress)?);
        }
        let interpreted = match pairs.iter().find(|pair| pair.fixed.policy == PolicyKind::Petrel) {
            Some(pair) => {
                let mut flags = session.flags.clone();
                flags.push("--tier-max=0".to_string());
                let slow = Session {
                    flags,
                    manifest: session.manifest.clone(),
                    folder: session.folder.clone(),
                    recordings: session.recordings.clone(),
                    ..*session
                };
                let (run, _) = measure(&slow, PolicyKind::Petrel, Variant::Fixed)?;
                Some((run.ns_per_iteration, pair.fixed.ns_per_iteration))
            }
            None => None,
        };
        let (name, manifest) = (session.name.to_string(), session.manifest.clone());
        sections.push(storm_page::Section { name, manifest, pairs, interpreted });
    }
    progress.wipe();
    write!(io::stdout(), "{}", storm_page::page(&sections))?;
    Ok(0)
}

/// Flags for the children: those that were given, checked here so that a mistake is shown once and with the usage. Also whether
/// they ask for the virtual clock.
fn child_flags(matches: &ArgMatches) -> Result<(Vec<String>, bool), Failure> {
    let pairs = flags::given(matches, &OWN)?;
    let config = Config::from_flags(pairs.iter().copied())?;
    Ok((pairs.into_iter().map(|(flag, value)| format!("--{flag}={value}")).collect(), config.deterministic))
}

fn report(session: &Session, json: bool, check: bool, progress: &mut Progress) -> Result<u8, Failure> {
    let style = Style::of(&io::stdout());
    let manifest = &session.manifest;
    if !json {
        let mut out = narrow::stdout(true);
        writeln!(out, "{}: {}", style.bold(session.name), manifest.title)?;
        writeln!(out, "  felt:  {}", manifest.felt)?;
        if !manifest.story.is_empty() {
            writeln!(out, "  why:   {}", manifest.story)?;
        }
        if !manifest.fix.is_empty() {
            writeln!(out, "  fix:   {}", manifest.fix)?;
        }
        out.flush()?;
    }
    let mut printed: Option<String> = None;
    let mut surprised = false;
    for &policy in &manifest.policies {
        let pair = measure_pair(session, policy, &mut printed, progress)?;
        progress.wipe();
        let surprises = pair.surprises(manifest);
        surprised |= !surprises.is_empty();
        let mut out = narrow::stdout(!json);
        if json {
            for object in pair.to_json(session.name) {
                writeln!(out, "{object}")?;
            }
            for surprise in &surprises {
                writeln!(io::stderr(), "petrel: {} under {policy}: {surprise}", session.name)?;
            }
        } else {
            for line in pair_text(&pair, manifest, &surprises, width(), style) {
                writeln!(out, "{line}")?;
            }
        }
        out.flush()?;
    }
    Ok(u8::from(check && surprised))
}

/// Both programs under one policy. `printed` is what earlier runs of the storm printed, and these must print too.
fn measure_pair(
    session: &Session,
    policy: PolicyKind,
    printed: &mut Option<String>,
    progress: &mut Progress,
) -> Result<Pair, Failure> {
    let mut runs = Vec::new();
    for variant in Variant::ALL {
        progress.step(&format!("{} under {policy}, {}", session.name, variant.name()));
        let (run, output) = measure(session, policy, variant)?;
        match printed {
            Some(before) if *before != output => {
                return Err(Failure::new(format!(
                    "{}: {} under {policy} printed something else than the runs before it:\n{}",
                    session.name,
                    variant.file(),
                    one_line(&output, 400),
                )));
            }
            Some(_) => {}
            None => *printed = Some(output),
        }
        runs.push(run);
    }
    let [broken, fixed] = <[Measurement; 2]>::try_from(runs).expect("invariant: two variants were run");
    Ok(Pair { broken, fixed })
}

/// Columns of the terminal, within reason.
fn width() -> usize {
    let columns = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    narrow::columns().or_else(columns).unwrap_or(WIDTH).clamp(40, MAX_WIDTH)
}

/// Measures one program under one policy. On a machine's clock the tail of the times is what other processes do as much as what
/// the program does; the least disturbed of several runs stands for it.
fn measure(session: &Session, policy: PolicyKind, variant: Variant) -> Result<(Measurement, String), Failure> {
    let (mut best, printed) = measure_once(session, policy, variant)?;
    if !best.on_virtual_clock && session.manifest.metric != Felt::Throughput {
        for _ in 1..RUNS_FOR_A_TAIL {
            let (run, _) = measure_once(session, policy, variant)?;
            if run.felt_ns < best.felt_ns {
                best = run;
            }
        }
    }
    Ok((best, printed))
}

/// Runs one program under one policy in a child process; returns what was measured and what the program printed.
fn measure_once(session: &Session, policy: PolicyKind, variant: Variant) -> Result<(Measurement, String), Failure> {
    let (recorded, printed) = record(session, policy, variant)?;
    let measured = Measurement::of(policy, variant, &session.manifest, &recorded);
    let program = session.folder.join(session.name).join(variant.file());
    let measured = measured.map_err(|error| Failure::new(format!("{}: {error}", program.display())))?;
    Ok((measured, printed))
}

/// Runs one program under one policy in a child process; returns its recording and what it printed.
fn record(session: &Session, policy: PolicyKind, variant: Variant) -> Result<(Recording, String), Failure> {
    let binary = std::env::current_exe().map_err(|error| Failure::new(format!("cannot find myself: {error}")))?;
    let unique = if session.keep { String::new() } else { format!("-{}", std::process::id()) };
    let file_name = format!("{}-{policy}-{}{unique}.rec", session.name, variant.name());
    let record = session.recordings.join(file_name);
    let program = session.folder.join(session.name).join(variant.file());
    let child = Process::new(binary)
        .arg("run")
        .arg(format!("--policy={policy}"))
        .args(&session.flags)
        .arg(format!("--record={}", record.display()))
        .arg(&program)
        .arg(session.iterations.to_string())
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| Failure::new(format!("cannot start a run: {error}")))?;
    if !child.status.success() {
        let errors = String::from_utf8_lossy(&child.stderr);
        let text = format!("{} under {policy} failed ({}):\n{}", program.display(), child.status, errors.trim_end());
        return Err(Failure::new(text));
    }
    // Traces that were asked for.
    io::stderr().write_all(&child.stderr)?;
    let recorded = recording::open(&record.to_string_lossy());
    if !session.keep {
        // A recording that cannot be removed from the temporary folder is not worth failing for.
        let _ = std::fs::remove_file(&record);
    }
    let recorded = recorded?;
    if let Some(Event::RecordingEnded { dropped: dropped @ 1.., .. }) = recorded.events.last().map(|last| &last.event) {
        let text =
            format!("{policy}, {}: {} not recorded; numbers are too low", variant.name(), things(*dropped, "event"));
        writeln!(io::stderr(), "petrel: warning: {text} (see --record-limit)")?;
    }
    Ok((recorded, String::from_utf8_lossy(&child.stdout).into_owned()))
}

/// The report on one policy.
fn pair_text(pair: &Pair, manifest: &Manifest, surprises: &[String], width: usize, style: Style) -> Vec<String> {
    let mut lines = vec![String::new(), style.bold(&format!("policy {}", pair.broken.policy))];
    let runs = [&pair.broken, &pair.fixed];
    let top = runs.iter().map(|run| chart::top_ns(&run.series, width - 2)).fold(1.0, f64::max);
    for run in runs {
        let converged = if run.converged { style.green("converged") } else { style.red("did not converge") };
        lines.push(format!(
            "  {:6}  {}, {} each; {}, {}; {converged}",
            run.variant.name(),
            things(run.series.len() as u64, "iteration"),
            duration(run.ns_per_iteration as u64),
            things(run.deopts, "deopt"),
            things(run.recompiles, "recompile"),
        ));
        lines.extend(chart::chart(&run.series, width - 2, CHART_HEIGHT, top).into_iter().map(|row| format!("  {row}")));
        lines.extend(run.warm_up.map(|warm| format!("          {}", warm_up_text(&warm))));
        lines.extend(tier_text(run.tier_shares).map(|text| format!("          time by tier: {text}")));
        lines.extend(tier_text(run.bytecode_shares).map(|text| format!("          bytecodes by tier: {text}")));
    }
    if manifest.metric != Felt::Throughput {
        let [broken, fixed] = [pair.broken.felt_ns, pair.fixed.felt_ns].map(|ns| duration(ns as u64));
        let of_several = match pair.broken.on_virtual_clock {
            true => String::new(),
            false => format!(" (the least disturbed of {RUNS_FOR_A_TAIL} runs)"),
        };
        lines.push(format!("  {}: broken {broken}, fixed {fixed}{of_several}", manifest.metric.unit()));
    }
    let multiplier = format!("broken / fixed = {:.1}x ({})", pair.multiplier(), manifest.metric.name());
    let multiplier = if pair.multiplier() >= 2.0 { style.red(&multiplier) } else { style.green(&multiplier) };
    lines.push(format!("  {multiplier}"));
    if let Some(blame) = &pair.broken.blame {
        lines.push(format!("  to blame: {}", style.bold(&format!("{}:{}:{}", blame.file, blame.line, blame.column))));
        lines.push(format!(
            "            {} in {}: {}, {} in all; expected {}, seen {}",
            blame.reason,
            blame.function,
            things(blame.deopts, "deopt"),
            duration(blame.cost_ns),
            one_line(&blame.expected, 60),
            one_line(&blame.seen, 60),
        ));
        lines.extend(source_line(&blame.file, blame.line).map(|text| style.dim(&format!("            | {text}"))));
    }
    match surprises {
        [] => lines.push(format!("  {}", style.green("as expected"))),
        _some => lines
            .extend(surprises.iter().map(|text| format!("  {}", style.yellow(&format!("not as expected: {text}"))))),
    }
    lines
}

/// When the run reached its steady state.
fn warm_up_text(warm: &WarmUp) -> String {
    let WarmUp { class, iterations, ns, p99_ns, steady_ns } = *warm;
    match class {
        Class::Flat => "flat: the same from the first iteration to the last".to_string(),
        Class::WarmUp | Class::Slowdown => format!(
            "{}: steady after {} ({}; p99 until then {}) at {}",
            class.name(),
            things(iterations as u64, "iteration"),
            duration(ns),
            duration(p99_ns as u64),
            duration(steady_ns as u64),
        ),
        Class::NoSteadyState => "no steady state: still changing at the end".to_string(),
    }
}

/// Shares of the tiers that had any.
fn tier_text(shares: Option<[f64; Tier::COUNT]>) -> Option<String> {
    let shares = shares?;
    let used = Tier::ALL.iter().filter(|tier| shares[tier.index()] >= 0.0005);
    let texts: Vec<String> = used.map(|tier| format!("{tier} {:.1}%", shares[tier.index()] * 100.0)).collect();
    Some(texts.join(", "))
}

fn source_line(file: &str, line: u32) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().nth(line.checked_sub(1)? as usize)?;
    Some(one_line(line.trim(), 100))
}

#[cfg(test)]
mod tests {
    use super::*;
    use petrel::experiment::code_numbers::CodeNumbers;
    use petrel::experiment::series::Series;
    use petrel::experiment::storm::BlamedPlace;
    use petrel::vocab::DeoptReason;

    fn run(variant: Variant, ns: u64, deopts: u64) -> Measurement {
        let blame = (deopts > 0).then(|| BlamedPlace {
            file: "no/such/broken.js".into(),
            line: 18,
            column: 3,
            function: "score".into(),
            reason: DeoptReason::WrongShape,
            deopts,
            cost_ns: 1_500,
            expected: "{a}".into(),
            seen: "{a, b}".into(),
        });
        Measurement {
            policy: PolicyKind::Naive,
            variant,
            series: Series { ns: vec![ns; 10], deopts: vec![deopts / 10; 10] },
            deopts,
            recompiles: deopts,
            converged: deopts == 0,
            ns_per_iteration: ns as f64,
            felt_ns: ns as f64,
            tier_shares: Some([0.9, 0.0, 0.0, 0.1, 0.0]),
            bytecode_shares: None,
            code: CodeNumbers::default(),
            deopt_ns: None,
            warm_up: None,
            events: Default::default(),
            on_virtual_clock: false,
            blame,
            reasons: Default::default(),
        }
    }

    #[test]
    fn the_report_shows_cost_end_and_blame() {
        let pair = Pair { broken: run(Variant::Broken, 20_000, 30), fixed: run(Variant::Fixed, 1_000, 0) };
        let manifest = "title = 't'\nfelt = 'f'\niterations = 10\npolicies = ['naive']";
        let manifest = Manifest::parse(manifest).expect("a description");
        let text =
            pair_text(&pair, &manifest, &["broken: 30 deopts, not 0 to 5".to_string()], 60, Style::Plain).join("\n");
        for part in [
            "policy naive",
            "broken  10 iterations, 20.0 us each; 30 deopts, 30 recompiles; did not converge",
            "fixed   10 iterations, 1.00 us each; 0 deopts, 0 recompiles; converged",
            "20.0 us ┤██████████",
            "time by tier: interpreter 90.0%, baseline-profiling 10.0%",
            "broken / fixed = 20.0x",
            "to blame: no/such/broken.js:18:3",
            "wrong-shape in score: 30 deopts, 1.50 us in all; expected {a}, seen {a, b}",
            "not as expected: broken: 30 deopts, not 0 to 5",
        ] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }
}
