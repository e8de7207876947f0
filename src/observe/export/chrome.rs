//! Chrome's JSON trace events: the picture of `slices.rs` as `X`, `i`, `C` and `M` records, times in microseconds.

use super::slices::{Form, picture};
use crate::observe::model::Model;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Writes it, one record per line.
pub fn write(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    let pid = model.process();
    let us = |ns: u64| ns as f64 / 1e3;
    writeln!(out, "{{\"displayTimeUnit\":\"ns\",\"traceEvents\":[")?;
    let process = json!({ "name": format!("petrel {}", model.program()) });
    write!(out, "{}", json!({ "ph": "M", "pid": pid, "tid": 0, "name": "process_name", "args": process }))?;
    let picture = picture(model);
    for row in &picture.rows {
        let args = json!({ "name": row.name });
        let record = json!({ "ph": "M", "pid": pid, "tid": row.number, "name": "thread_name", "args": args });
        write!(out, ",\n{record}")?;
    }
    for mark in picture.marks {
        let args: Map<String, Value> = mark.args.into_iter().map(|(name, value)| (name, value.into())).collect();
        let mut record = json!({
            "pid": pid, "tid": mark.row, "ts": us(mark.time_ns), "cat": mark.category, "name": mark.name,
        });
        match mark.form {
            Form::Span(ns) => {
                record["ph"] = "X".into();
                record["dur"] = us(ns).into();
                record["args"] = args.into();
            }
            Form::Instant => {
                record["ph"] = "i".into();
                record["s"] = "t".into();
                record["args"] = args.into();
            }
            Form::Counter(value) => {
                record["ph"] = "C".into();
                record["args"] = json!({ "value": value });
            }
        }
        write!(out, ",\n{record}")?;
    }
    writeln!(out, "\n]}}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::codec::Recording;
    use crate::observe::samples;

    #[test]
    fn it_is_json_with_a_record_per_mark() {
        let recording =
            Recording { header: json!({ "program": "late.js" }), events: samples::story(), truncated: false };
        let mut text = Vec::new();
        write(&Model::of(&recording), &mut text).unwrap();
        let parsed: Value = serde_json::from_slice(&text).unwrap();
        let records = parsed["traceEvents"].as_array().unwrap();
        let deopt = records.iter().find(|record| record["cat"] == "side_exit").unwrap();
        assert_eq!((&deopt["ph"], &deopt["args"]["0"]), (&json!("X"), &json!("score late.js:19:16")));
    }
}
