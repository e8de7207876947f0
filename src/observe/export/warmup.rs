//! Times of the iterations that a program marked, as `warmup_stats` reads them: one line per process, one column per
//! iteration, in seconds. An iteration lasts from one mark to the next of the same name; the last one to the end of the run.

use crate::events::Event;
use crate::observe::model::Model;
use std::io::{self, Write};

/// Writes it: a line for each name of marks.
pub fn write(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    let mut series: Vec<(&str, Vec<u64>)> = Vec::new();
    for stamped in &model.recording.events {
        let Event::Mark { name } = &stamped.event else { continue };
        match series.iter_mut().find(|(known, _)| known == name) {
            Some((_, times)) => times.push(stamped.time_ns),
            None => series.push((name, vec![stamped.time_ns])),
        }
    }
    let columns = series.iter().map(|(_, times)| times.len()).max().unwrap_or(0);
    write!(out, "process_exec_idx, bench_name")?;
    (0..columns).try_for_each(|index| write!(out, ", {index}"))?;
    writeln!(out)?;
    for (name, times) in series {
        write!(out, "0, {}", name.replace([',', '\n'], " "))?;
        let ends = times.iter().skip(1).copied().chain([model.end_ns]);
        for (begin, end) in times.iter().zip(ends) {
            write!(out, ", {:.9}", end.saturating_sub(*begin) as f64 / 1e9)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::codec::Recording;
    use crate::observe::samples::at;

    #[test]
    fn iterations_last_until_the_next_mark() {
        let mark = |ms| at(ms, Event::Mark { name: "iteration".into() });
        let ended = at(9, Event::RunEnded { exit_code: 0, heap_bytes: 0, cache_bytes: [0; 3] });
        let events = vec![mark(1), mark(3), mark(4), ended];
        let recording = Recording { header: serde_json::json!({}), events, truncated: false };
        let mut text = Vec::new();
        write(&Model::of(&recording), &mut text).unwrap();
        let expected = "process_exec_idx, bench_name, 0, 1, 2\n0, iteration, 0.002000000, 0.001000000, 0.005000000\n";
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }
}
