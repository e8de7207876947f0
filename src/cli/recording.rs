//! `petrel stats`, `petrel why` and `petrel events`: what a recording says.

use super::progress::Busy;
use super::{Failure, narrow};
use clap::ArgMatches;
use petrel::events::codec::Recording;
use petrel::events::{Event, Stamped};
use petrel::observe::jit_summary;
use petrel::observe::model::Model;
use petrel::observe::names::Names;
use petrel::observe::print_compilation::PrintCompilation;
use petrel::observe::stats::Stats;
use petrel::observe::summary::Summary;
use petrel::observe::text::Style;
use petrel::observe::trace_deopt::TraceDeopt;
use petrel::observe::trace_opt::TraceOpt;
use petrel::observe::trace_osr::TraceOsr;
use petrel::observe::warnings::Warnings;
use petrel::observe::why::{self, Question};
use petrel::observe::{Renderer, text};
use serde_json::Value;
use std::io::{self, BufWriter, Write};

/// Traces that `petrel events --as` can make.
pub const TRACES: [&str; 6] =
    ["trace-opt", "trace-deopt", "trace-deopt-verbose", "trace-osr", "print-compilation", "warnings"];

/// Reads a recording; says so if its end is missing.
pub fn open(path: &str) -> Result<Recording, Failure> {
    let busy = Busy::new("reading");
    let recording = Recording::open(path).map_err(|error| Failure::new(format!("{path}: {error}")))?;
    drop(busy);
    if recording.truncated {
        let count = recording.events.len();
        writeln!(io::stderr(), "petrel: warning: {path}: the recording breaks off after {count} events")?;
    }
    Ok(recording)
}

/// The recording that a command names.
pub fn opened(matches: &ArgMatches) -> Result<Recording, Failure> {
    let path = matches.get_one::<String>("recording");
    open(path.ok_or_else(|| Failure::Usage("a recording is missing".to_string()))?)
}

/// `petrel stats`.
pub fn stats(matches: &ArgMatches) -> Result<u8, Failure> {
    let recording = opened(matches)?;
    let json = matches.get_flag("json");
    let mut out = narrow::stdout(!json);
    if json {
        let names = names_of(&recording);
        writeln!(out, "{}", Summary::of(&recording.events).to_json(&names))?;
    } else {
        match matches.get_one::<String>("as").map(String::as_str) {
            Some("jit-summary") => jit_summary::pypy(&Summary::of(&recording.events), &mut out)?,
            Some("hotspot") => jit_summary::hotspot(&Summary::of(&recording.events), &mut out)?,
            Some(_) | None => play(&mut Stats::new(Style::of(&io::stdout())), &recording.events, &mut out)?,
        }
    }
    out.flush()?;
    Ok(0)
}

/// `petrel why`.
pub fn why(matches: &ArgMatches) -> Result<u8, Failure> {
    let words: Vec<&str> = matches.get_many::<String>("question").into_iter().flatten().map(String::as_str).collect();
    let (deopt, function) = match words[..] {
        [] => (matches.get_one::<u64>("deopt").copied(), matches.get_one::<String>("function").map(String::as_str)),
        ["deopt", number] => match number.parse() {
            Ok(number) => (Some(number), None),
            Err(_) => return Err(Failure::Usage(format!("'{number}' is no number of a deopt"))),
        },
        ["function", name] => (None, Some(name)),
        _ => return Err(Failure::Usage("ask for 'deopt N' or 'function NAME'".to_string())),
    };
    let question = match (deopt, function) {
        (Some(number), _) => Question::Deopt(usize::try_from(number).unwrap_or(usize::MAX)),
        (None, Some(name)) => Question::Function(name.to_string()),
        (None, None) => Question::Worst,
    };
    let recording = opened(matches)?;
    let answer = why::why(&Model::of(&recording), &question).map_err(Failure::new)?;
    let json = matches.get_flag("json");
    let mut out = narrow::stdout(!json);
    if json {
        writeln!(out, "{}", answer.to_json())?;
    } else {
        answer.write(Style::of(&io::stdout()), &mut out)?;
    }
    out.flush()?;
    Ok(0)
}

fn names_of(recording: &Recording) -> Names {
    let mut names = Names::default();
    recording.events.iter().for_each(|stamped| names.learn(&stamped.event));
    names
}

/// `petrel events`.
pub fn events(matches: &ArgMatches) -> Result<u8, Failure> {
    let only: Vec<&String> = matches.get_many::<String>("only").into_iter().flatten().collect();
    if let Some(unknown) = only.iter().find(|name| !Event::ROWS.iter().any(|row| row.name == name.as_str())) {
        let names: Vec<&str> = Event::ROWS.iter().map(|row| row.name).collect();
        return Err(Failure::Usage(format!("there is no event '{unknown}'; there are {}", names.join(", "))));
    }
    let mut recording = opened(matches)?;
    let mut out = BufWriter::new(io::stdout().lock());
    if matches.get_flag("header") {
        writeln!(out, "{:#}", recording.header)?;
        out.flush()?;
        return Ok(0);
    }
    let names = names_of(&recording);
    if !only.is_empty() {
        recording.events.retain(|stamped| only.iter().any(|name| *name == stamped.event.name()));
    }
    let style = Style::of(&io::stdout());
    let trace: Option<Box<dyn Renderer>> = match matches.get_one::<String>("as").map(String::as_str) {
        None => None,
        Some("trace-opt") => Some(Box::new(TraceOpt::new(style))),
        Some("trace-deopt") => Some(Box::new(TraceDeopt::new(style, false))),
        Some("trace-deopt-verbose") => Some(Box::new(TraceDeopt::new(style, true))),
        Some("trace-osr") => Some(Box::new(TraceOsr)),
        Some("print-compilation") => Some(Box::new(PrintCompilation)),
        Some("warnings") => Some(Box::new(Warnings::new(style))),
        Some(other) => return Err(Failure::Usage(format!("there is no trace '{other}'"))),
    };
    match trace {
        Some(mut trace) => {
            for stamped in &recording.events {
                trace.event(&names, stamped, &mut out)?;
            }
            trace.finish(&names, &mut out)?;
        }
        None if matches.get_flag("json") => {
            for stamped in &recording.events {
                writeln!(out, "{}", stamped.to_json())?;
            }
        }
        None => {
            for stamped in &recording.events {
                writeln!(out, "{}", event_text(&names, stamped))?;
            }
        }
    }
    out.flush()?;
    Ok(0)
}

fn play(renderer: &mut dyn Renderer, events: &[Stamped], out: &mut dyn Write) -> io::Result<()> {
    let mut names = Names::default();
    for stamped in events {
        names.learn(&stamped.event);
        renderer.event(&names, stamped, out)?;
    }
    renderer.finish(&names, out)
}

/// An event on one line: time, name, `field=value` pairs; functions by name.
fn event_text(names: &Names, stamped: &Stamped) -> String {
    let json = stamped.to_json();
    let mut line = format!("{:>12} {}", text::milliseconds(stamped.time_ns), stamped.event.name());
    for field in stamped.event.row().fields {
        line.push_str(&format!(" {}={}", field.name, field_text(names, field.type_name, &json[field.name])));
    }
    if stamped.skipped > 0 {
        line.push_str(&format!(" (+{} not recorded)", stamped.skipped));
    }
    line
}

fn field_text(names: &Names, type_name: &str, value: &Value) -> String {
    let function = |value: &Value| {
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        number.map(|number| names.name(petrel::vocab::FunctionId::from_u32(number)))
    };
    match value {
        Value::Null => "-".to_string(),
        Value::Number(_) if type_name.contains("FunctionId") => function(value).unwrap_or_default(),
        Value::String(words) => {
            let words = text::one_line(words, 200);
            if words.is_empty() || words.contains(' ') { format!("'{words}'") } else { words }
        }
        Value::Object(site) if site.contains_key("offset") => {
            let name = function(&site["function"]).unwrap_or_default();
            format!("{name}@{}:{}:{}", site["offset"], site["line"], site["column"])
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| field_text(names, type_name, item)).collect();
            format!("[{}]", items.join(","))
        }
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use petrel::events::SourceSite;
    use petrel::vocab::{BlobId, CompileId, FunctionId, InvalidationCause, Tier};

    #[test]
    fn events_are_one_line_with_names() {
        let mut names = Names::default();
        let function = FunctionId::from_u32(4);
        let (name, file) = ("hot".to_string(), "a.js".to_string());
        names.learn(&Event::FunctionRegistered { function, name, file, line: 1, column: 1, bytecodes: 9, params: 0 });
        let site = SourceSite { function, offset: 9, line: 2, column: 3 };
        let (compile, blob) = (CompileId::from_u32(1), BlobId::from_u32(2));
        let (from, to) = (Tier::Interpreter, Tier::Optimized);
        let event = Event::OsrEntered { site, compile, blob, from, to, cost_ns: 5 };
        let text = event_text(&names, &Stamped { time_ns: 1_500_000, skipped: 2, event });
        let expected = "       1.500 osr_entered site=hot@9:2:3 compile=1 blob=2 from=interpreter to=optimized \
                        cost_ns=5 (+2 not recorded)";
        assert_eq!(text, expected);
        let (cause, key) = (InvalidationCause::MethodRedefined, "a\nb c".to_string());
        let event =
            Event::AssumptionInvalidated { cause, key, site: None, callers: vec![site], blobs: vec![blob], ns: 1 };
        let text = event_text(&names, &Stamped { time_ns: 0, skipped: 0, event });
        assert_eq!(
            text,
            "       0.000 assumption_invalidated cause=method-redefined key='a\\nb c' site=- callers=[hot@9:2:3] blobs=[2] ns=1"
        );
    }
}
