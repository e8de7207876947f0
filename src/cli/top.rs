//! `petrel top ADDR`: the live state of a running program in the terminal. Keys: q or Esc ends it.
//!
//! Asks `/api/state` twice a second and draws; the answer is all that it knows. Without a terminal it prints one state as
//! text and ends, so that it can be used in scripts.

use super::Failure;
use clap::ArgMatches;
use petrel::observe::text;
use ratatui::Frame;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyModifiers};
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Gauge, Paragraph, Row, Sparkline, Table};
use serde_json::Value;
use std::io::{self, IsTerminal, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Time between two questions.
const PERIOD: Duration = Duration::from_millis(500);
/// Bytes of an answer at most.
const MAX_ANSWER: u64 = 4 << 20;

/// `petrel top`.
pub fn top(matches: &ArgMatches) -> Result<u8, Failure> {
    let given = matches.get_one::<String>("address").map(String::as_str).unwrap_or_default();
    let address = given.trim_start_matches("http://").trim_end_matches('/');
    let address = if address.parse::<u16>().is_ok() { format!("127.0.0.1:{address}") } else { address.to_string() };
    let first = ask(&address)?;
    if matches.get_flag("json") {
        writeln!(io::stdout(), "{first}")?;
        return Ok(0);
    }
    if !io::stdout().is_terminal() {
        return plain(&first).map(|()| 0);
    }
    let mut terminal = ratatui::try_init()?;
    let outcome = watch(&mut terminal, &address, first);
    ratatui::restore();
    outcome.map(|()| 0)
}

/// One question; the answer's JSON.
fn ask(address: &str) -> Result<Value, Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::new(format!("nobody answers at {address}: {error} (start a program with petrel run --serve)"))
    };
    let mut stream = TcpStream::connect(address).map_err(|error| failed(&error))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    write!(stream, "GET /api/state HTTP/1.1\r\nHost: petrel\r\n\r\n")?;
    let mut answer = String::new();
    Read::take(stream, MAX_ANSWER).read_to_string(&mut answer).map_err(|error| failed(&error))?;
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    serde_json::from_str(body).map_err(|error| failed(&error))
}

fn watch(terminal: &mut ratatui::DefaultTerminal, address: &str, first: Value) -> Result<(), Failure> {
    let (mut state, mut gone) = (first, false);
    loop {
        terminal.draw(|frame| draw(frame, &state, gone))?;
        if event::poll(PERIOD)?
            && let Event::Key(key) = event::read()?
        {
            let interrupted = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
            if interrupted || matches!(key.code, KeyCode::Char('q') | KeyCode::Esc) {
                return Ok(());
            }
        }
        match ask(address) {
            Ok(next) => (state, gone) = (next, false),
            Err(_) => gone = true,
        }
    }
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Deopts of each second.
fn rates(state: &Value) -> Vec<u64> {
    let sum = |second: &Value| second["deopts"].as_object().map_or(0, |by| by.values().map(number).sum());
    list(&state["per_second"]).iter().map(sum).collect()
}

/// Entries of an object of numbers, the largest first.
fn ranked(object: &Value) -> Vec<(&str, u64)> {
    let mut entries: Vec<(&str, u64)> =
        object.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), number(value))).collect();
    entries.sort_by_key(|(name, value)| (std::cmp::Reverse(*value), *name));
    entries.retain(|(_, value)| *value > 0);
    entries
}

fn headline(state: &Value, gone: bool) -> String {
    let what = match (gone, state["running"].as_bool()) {
        (true, _) => "gone".to_string(),
        (false, Some(false)) => format!("ended ({})", state["exit_code"]),
        (false, _) => "running".to_string(),
    };
    let compiler = if state["compiler_enabled"] == false { ", COMPILER DISABLED" } else { "" };
    let program = word(&state["program"]);
    let file = program.rsplit('/').next().unwrap_or(program);
    format!("{file}  {what} {}{compiler}", text::duration(number(&state["time_ns"])))
}

fn draw(frame: &mut Frame, state: &Value, gone: bool) {
    let height = frame.area().height;
    // What happened last is the first to go where there is no room.
    let (middle, bottom) = if height >= 18 { (9, height - 15) } else { (height.saturating_sub(6), 0) };
    let rows = [1, 5, middle, bottom].map(Constraint::Length);
    let [head, caches, middle, bottom] = Layout::vertical(rows).areas(frame.area());
    let bold = Style::new().add_modifier(Modifier::BOLD);
    frame.render_widget(Paragraph::new(Span::styled(headline(state, gone), bold)), head);
    draw_caches(frame, state, caches);
    let [left, right] = Layout::horizontal([Constraint::Percentage(50), Constraint::Percentage(50)]).areas(middle);
    draw_rates(frame, state, left);
    draw_tiers(frame, state, right);
    let [left, right] = Layout::horizontal([Constraint::Percentage(60), Constraint::Percentage(40)]).areas(bottom);
    draw_recent(frame, state, left);
    draw_queue(frame, state, right);
}

fn draw_caches(frame: &mut Frame, state: &Value, area: Rect) {
    let block = Block::bordered().title(" code cache ");
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let rows: [Rect; 3] = Layout::vertical([Constraint::Length(1); 3]).areas(inner);
    for (segment, row) in list(&state["code_cache"]).iter().zip(rows) {
        let (used, capacity) = (number(&segment["used_bytes"]), number(&segment["capacity_bytes"]));
        let ratio = if capacity == 0 { 0.0 } else { (used as f64 / capacity as f64).clamp(0.0, 1.0) };
        let colour = if ratio > 0.9 { Color::Red } else { Color::Green };
        let label = format!("{}: {} of {}", word(&segment["segment"]), text::size(used), text::size(capacity));
        frame.render_widget(Gauge::default().gauge_style(colour).ratio(ratio).label(label), row);
    }
}

fn draw_rates(frame: &mut Frame, state: &Value, area: Rect) {
    let rates = rates(state);
    let last = rates.iter().rev().nth(1).or(rates.last()).copied().unwrap_or_default();
    let title = format!(" deopts: {}, {last}/s ", text::count(number(&state["deopts"])));
    let block = Block::bordered().title(title);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let chart = if inner.height >= 6 { 3 } else { 1 };
    let [chart, reasons] = Layout::vertical([Constraint::Length(chart), Constraint::Min(1)]).areas(inner);
    frame.render_widget(Sparkline::default().data(&rates).style(Color::Red), chart);
    let lines: Vec<Line> = ranked(&state["deopts_by_reason"])
        .into_iter()
        .map(|(reason, count)| Line::from(format!("{:>7} {reason}", text::count(count))))
        .collect();
    frame.render_widget(Paragraph::new(lines), reasons);
}

fn draw_tiers(frame: &mut Frame, state: &Value, area: Rect) {
    let heap = &state["heap"];
    let total: u64 = ranked(&state["tier_ticks"]).iter().map(|(_, ticks)| *ticks).sum();
    let mut lines: Vec<Line> = ranked(&state["tier_ticks"])
        .into_iter()
        .map(|(tier, ticks)| Line::from(format!("{:>6} {tier}", text::percent(ticks, total))))
        .collect();
    let collections = number(&heap["collections_young"]) + number(&heap["collections_full"]);
    lines.push(Line::from(format!("heap {} live", text::size(number(&heap["live_bytes"])))));
    let paused = text::duration(number(&heap["pause_ns"]));
    lines.push(Line::from(format!("{} collections, {paused}", text::count(collections))));
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().title(" tiers and heap ")), area);
}

fn draw_recent(frame: &mut Frame, state: &Value, area: Rect) {
    let rows = list(&state["recent"]).iter().rev().map(|entry| {
        let style = if entry["event"] == "storm" { Style::new().fg(Color::Red) } else { Style::new() };
        let time = format!("{} ms", entry["time_ms"]);
        Row::new([time, word(&entry["reason"]).to_string(), word(&entry["place"]).to_string()]).style(style)
    });
    let widths = [Constraint::Length(8), Constraint::Max(18), Constraint::Min(18)];
    frame.render_widget(Table::new(rows, widths).block(Block::bordered().title(" last deopts and storms ")), area);
}

fn draw_queue(frame: &mut Frame, state: &Value, area: Rect) {
    let (waiting, running) = (list(&state["queue"]), list(&state["compiling"]));
    let title = format!(" compile queue: {} ", number(&state["queue_depth"]));
    let line = |mark: &str, entry: &Value| {
        Line::from(format!("{mark} {} ({})", word(&entry["function"]), word(&entry["tier"])))
    };
    let mut lines: Vec<Line> = running.iter().map(|entry| line("▶", entry)).collect();
    lines.extend(waiting.iter().map(|entry| line(" ", entry)));
    let compiles: u64 = ranked(&state["compiles"]).iter().map(|(_, count)| *count).sum();
    let (refused, evictions) = (number(&state["compiles_refused"]), number(&state["evictions"]));
    lines.push(Line::from(format!("{compiles} compiled, {refused} refused, {evictions} evicted")));
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().title(title)), area);
}

/// One state as text.
fn plain(state: &Value) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", headline(state, false))?;
    for segment in list(&state["code_cache"]) {
        let (used, capacity) = (number(&segment["used_bytes"]), number(&segment["capacity_bytes"]));
        writeln!(out, "code cache, {}: {} of {}", word(&segment["segment"]), text::size(used), text::size(capacity))?;
    }
    writeln!(out, "compile queue: {}", number(&state["queue_depth"]))?;
    writeln!(out, "deopts: {}", text::count(number(&state["deopts"])))?;
    for (reason, count) in ranked(&state["deopts_by_reason"]) {
        writeln!(out, "  {reason}: {}", text::count(count))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use serde_json::json;

    fn state() -> Value {
        json!({
            "program": "late.js", "running": true, "time_ns": 2_000_000_000u64, "deopts": 1234, "queue_depth": 1,
            "code_cache": [{ "segment": "profiled", "used_bytes": 950, "capacity_bytes": 1000 }],
            "deopts_by_reason": { "wrong-shape": 1200, "hole": 34 },
            "per_second": [{ "deopts": { "hole": 3 } }, { "deopts": {} }],
            "tier_ticks": { "interpreter": 3, "optimized": 1 },
            "queue": [{ "function": "score late.js:17:1", "tier": "optimized" }], "compiling": [],
            "recent": [{ "time_ms": 5, "event": "storm", "reason": "hole", "place": "score late.js:18:3" }],
            "heap": {},
        })
    }

    #[test]
    fn the_screen_shows_what_matters_at_any_size() {
        let always = ["late.js  running", "profiled: 950 B of", "1,200 wrong", "75.0% interp", "1,234"];
        let with_room = ["score late.js:18:3", "compile queue: 1", "wrong-shape"];
        for (width, height, parts) in
            [(100, 30, &[&always[..], &with_room]), (80, 24, &[&always, &with_room]), (40, 12, &[&always, &[]])]
        {
            let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
            terminal.draw(|frame| draw(frame, &state(), false)).unwrap();
            let text = terminal.backend().to_string();
            for part in parts.iter().copied().flatten() {
                assert!(text.contains(part), "{part} is missing in\n{text}");
            }
        }
        let mut tiny = Terminal::new(TestBackend::new(8, 3)).unwrap();
        tiny.draw(|frame| draw(frame, &state(), false)).unwrap();
    }
}
