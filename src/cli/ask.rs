//! `petrel query`, `petrel export`, `petrel flame`, `petrel diff`: a recording as tables, in the formats of other tools, as a
//! picture, and beside another one.

use super::progress::Busy;
use super::{Failure, narrow, recording};
use clap::{Arg, ArgAction, ArgMatches, Command};
use petrel::observe::model::Model;
use petrel::observe::sql::layout::Layout;
use petrel::observe::sql::{Database, queries, tables};
use petrel::observe::summary::Summary;
use petrel::observe::text::{self, Style};
use petrel::observe::{export, flame};
use petrel::vocab::{Metric, Unit};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Name of the format that is a database.
const SQLITE: &str = "sqlite";
/// Width of a table that goes to a file or a pipe.
const UNBOUNDED: usize = 100_000;

/// The commands of this file.
pub fn commands() -> [Command; 4] {
    let switch =
        |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    let query = Command::new("query")
        .about("Ask a recording in SQL")
        .after_help(
            "Examples:\n  petrel query a.rec deopts-by-place\n  petrel query a.rec --list\n  petrel query a.rec --markdown \
             \"SELECT reason, COUNT(*) FROM deopts GROUP BY 1\"",
        )
        .arg(super::recording())
        .arg(Arg::new("sql").value_name("SQL|NAME").help("A statement, or the name of a query"))
        .arg(switch("list", "List the named queries"))
        .arg(switch("tables", "List the tables and their columns"))
        .arg(switch("csv", "Write comma-separated values"))
        .arg(switch("json", "Write JSON, one object per line"))
        .arg(switch("markdown", "Write a Markdown table"))
        .group(clap::ArgGroup::new("layout").args(["csv", "json", "markdown"]))
        .group(clap::ArgGroup::new("what").args(["sql", "list", "tables"]).required(true));
    let names: Vec<&str> = export::FORMATS.iter().map(|format| format.name).chain([SQLITE]).collect();
    let formats: Vec<String> =
        export::FORMATS.iter().map(|format| format!("  {:18} {}", format.name, format.help)).collect();
    let export = Command::new("export")
        .about("Write a recording in the format of another tool")
        .after_help(format!("Formats:\n{}\n  {SQLITE:18} The tables of 'petrel query' in a file", formats.join("\n")))
        .arg(super::recording())
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("NAME")
                .required(true)
                .hide_possible_values(true)
                .value_parser(clap::builder::PossibleValuesParser::new(names))
                .help("The format, see below"),
        )
        .arg(Arg::new("out").short('o').long("out").value_name("FILE").help("The file [default: standard output]"));
    let svg = || Arg::new("out").short('o').long("out").value_name("FILE.svg");
    let flame = Command::new("flame")
        .about("Draw a recording's samples as a flame graph, frames coloured by tier")
        .after_help("Record with samples: petrel record --profile FILE")
        .arg(super::recording())
        .arg(svg().help("The picture [default: standard output]"));
    let diff = Command::new("diff")
        .about("What changed between two recordings: numbers, and where the sampled time went")
        .arg(Arg::new("recording").value_name("BEFORE").required(true).help("The recording to compare with"))
        .arg(Arg::new("after").value_name("AFTER").required(true).help("The recording that is asked about"))
        .arg(svg().help("Draw a differential flame graph to this file"))
        .arg(switch("json", "Write JSON, one object per line"));
    [query, export, flame, diff]
}

/// `petrel flame`.
pub fn flame(matches: &ArgMatches) -> Result<u8, Failure> {
    let recording = recording::opened(matches)?;
    let path = matches.get_one::<String>("out");
    let mut svg = Vec::new();
    flame::draw(&Model::of(&recording), &mut svg).map_err(|error| Failure::new(error.to_string()))?;
    write_picture(path, &svg)
}

fn write_picture(path: Option<&String>, svg: &[u8]) -> Result<u8, Failure> {
    match path {
        Some(path) => {
            std::fs::write(path, svg).map_err(|error| Failure::new(format!("cannot write {path}: {error}")))?;
        }
        None => io::stdout().write_all(svg)?,
    }
    Ok(0)
}

/// `petrel diff`.
pub fn diff(matches: &ArgMatches) -> Result<u8, Failure> {
    let before = recording::opened(matches)?;
    let after = matches.get_one::<String>("after").map(String::as_str).unwrap_or_default();
    let after = recording::open(after)?;
    let (before, after) = (Model::of(&before), Model::of(&after));
    let (old, new) = (Summary::of(&before.recording.events), Summary::of(&after.recording.events));
    let json = matches.get_flag("json");
    let mut out = narrow::stdout(!json);
    let style = Style::of(&io::stdout());
    if !json {
        writeln!(out, "{}", style.bold("metric                            before          after      ratio"))?;
    }
    for &metric in Metric::ALL {
        let (old, new) = (old.metric(metric), new.metric(metric));
        let ratio = if old == 0.0 { None } else { Some(new / old) };
        if json {
            let object = serde_json::json!({
                "metric": metric.name(), "before": old, "after": new, "ratio": ratio,
            });
            writeln!(out, "{object}")?;
        } else if old != new {
            let shown = |value: f64| match metric.unit() {
                Unit::Nanoseconds => text::duration(value as u64),
                Unit::Bytes => text::size(value as u64),
                Unit::Ratio => format!("{:.1}%", value * 100.0),
                Unit::Count => text::count(value as u64),
            };
            let ratio = ratio.map_or("-".to_string(), |ratio| format!("{ratio:.2}"));
            writeln!(out, "{:24} {:>15} {:>14} {ratio:>10}", metric.name(), shown(old), shown(new))?;
        }
    }
    let changes = flame::changes(&before, &after);
    if !json && !changes.is_empty() {
        writeln!(out, "{}", style.bold("\nshare of samples, innermost frame  before   after"))?;
    }
    let percent = |share: u64| share as f64 / 100.0;
    for change in changes.iter().take(20).filter(|change| change.before != change.after) {
        let (frame, before, after) = (&change.frame, percent(change.before), percent(change.after));
        if json {
            let object = serde_json::json!({ "frame": frame, "before_percent": before, "after_percent": after });
            writeln!(out, "{object}")?;
        } else {
            writeln!(out, "  {frame:32} {before:6.1}% {after:6.1}%")?;
        }
    }
    out.flush()?;
    if let Some(path) = matches.get_one::<String>("out") {
        let mut svg = Vec::new();
        let drawn = flame::draw_difference(&before, &after, &mut svg);
        drawn.map_err(|error| Failure::new(error.to_string()))?;
        return write_picture(Some(path), &svg);
    }
    Ok(0)
}

/// `petrel query`.
pub fn query(matches: &ArgMatches) -> Result<u8, Failure> {
    let style = Style::of(&io::stdout());
    let layout = if matches.get_flag("csv") {
        Layout::Csv
    } else if matches.get_flag("json") {
        Layout::Json
    } else if matches.get_flag("markdown") {
        Layout::Markdown
    } else {
        Layout::Table(narrow::columns().unwrap_or(UNBOUNDED))
    };
    // Rows of tables fit themselves.
    let is_text = matches.get_flag("list") || matches.get_flag("tables");
    let mut out = narrow::stdout(is_text && layout != Layout::Json);
    if matches.get_flag("list") {
        for query in &queries::QUERIES {
            if layout == Layout::Json {
                let json = serde_json::json!({ "name": query.name, "help": query.help, "sql": query.sql });
                writeln!(out, "{json}")?;
            } else {
                writeln!(out, "{}  {}", style.bold(&format!("{:18}", query.name)), query.help)?;
            }
        }
        out.flush()?;
        return Ok(0);
    }
    if matches.get_flag("tables") {
        for table in &tables::TABLES {
            if layout == Layout::Json {
                let column = |(name, kind, doc): &(&str, &str, &str)| serde_json::json!({ "name": name, "type": kind, "help": doc });
                let columns: Vec<_> = table.columns.iter().map(column).collect();
                writeln!(out, "{}", serde_json::json!({ "name": table.name, "help": table.doc, "columns": columns }))?;
                continue;
            }
            writeln!(out, "{}  {}", style.bold(table.name), table.doc)?;
            for (name, kind, doc) in table.columns {
                writeln!(out, "    {name:20} {kind:8} {doc}")?;
            }
        }
        out.flush()?;
        return Ok(0);
    }
    let recording = recording::opened(matches)?;
    let asked = matches.get_one::<String>("sql").map(String::as_str).unwrap_or_default();
    let sql = queries::named(asked).map_or(asked, |query| query.sql);
    if !sql.trim().contains(' ') {
        return Err(Failure::Usage(format!("there is no query '{sql}'; --list names them")));
    }
    let failed = |error: rusqlite::Error| Failure::new(error.to_string());
    let busy = Busy::new("asking");
    let database = Database::in_memory(&Model::of(&recording), sql);
    let rows = database.and_then(|database| database.query(sql)).map_err(failed)?;
    drop(busy);
    rows.write(layout, &mut out)?;
    out.flush()?;
    Ok(0)
}

/// `petrel export`.
pub fn export(matches: &ArgMatches) -> Result<u8, Failure> {
    let recording = recording::opened(matches)?;
    let model = Model::of(&recording);
    let name = matches.get_one::<String>("format").map(String::as_str).unwrap_or_default();
    let path = matches.get_one::<String>("out").map(Path::new);
    let cannot =
        |path: &Path, error: &dyn std::fmt::Display| Failure::new(format!("cannot write {}: {error}", path.display()));
    if name == SQLITE {
        let path = path.ok_or_else(|| Failure::Usage("a database needs a file: -o FILE".to_string()))?;
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(cannot(path, &error)),
            Ok(()) | Err(_) => {}
        }
        let _busy = Busy::new("writing");
        Database::in_file(path, &model).map_err(|error| cannot(path, &error))?;
        return Ok(0);
    }
    let format = export::format(name).ok_or_else(|| Failure::Usage(format!("there is no format '{name}'")))?;
    match path {
        Some(path) => {
            let _busy = Busy::new("writing");
            let file = File::create(path).map_err(|error| cannot(path, &error))?;
            let mut out = BufWriter::new(file);
            (format.write)(&model, &mut out).and_then(|()| out.flush()).map_err(|error| cannot(path, &error))?;
        }
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            (format.write)(&model, &mut out)?;
            out.flush()?;
        }
    }
    Ok(0)
}
