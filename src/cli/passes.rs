//! `petrel dump --passes`: where the time of optimizing compiles goes, and what each pass makes of the instructions.
//!
//! One table per compile, in the order in which passes run, then their sums. Code generation, the last phase, is shown by
//! stage too: from the graph to Cranelift's instructions (`lower`), what Cranelift does, and what is kept of it (`extract`).

use petrel::observe::text::{count, percent, things};
use petrel::vm::{CompileTimes, PassRow};
use std::fmt::Write;

/// One row of a table.
struct Row {
    name: String,
    /// Instructions before and after, for phases that have some.
    insts: Option<(u64, u64)>,
    ns: u64,
}

fn rows(compile: &CompileTimes) -> Vec<Row> {
    let pass = |pass: &PassRow| Row {
        name: pass.name.to_string(),
        insts: Some((u64::from(pass.insts_in), u64::from(pass.insts_out))),
        ns: pass.ns,
    };
    let stage = |(name, ns): &(&str, u64)| Row { name: format!("  {name}"), insts: None, ns: *ns };
    compile.passes.iter().map(pass).chain(compile.stages.iter().map(stage)).collect()
}

fn total_ns(compile: &CompileTimes) -> u64 {
    compile.passes.iter().map(|pass| pass.ns).sum()
}

/// The passes of all compiles, each once, in the order in which they first run.
fn sums(compiles: &[CompileTimes]) -> Vec<(Row, u64)> {
    let mut sums: Vec<(Row, u64)> = Vec::new();
    for row in compiles.iter().flat_map(rows) {
        let Some((sum, runs)) = sums.iter_mut().find(|(sum, _)| sum.name == row.name) else {
            sums.push((row, 1));
            continue;
        };
        sum.ns += row.ns;
        sum.insts = sum.insts.zip(row.insts).map(|(a, b)| (a.0 + b.0, a.1 + b.1));
        *runs += 1;
    }
    sums
}

fn title(compile: &CompileTimes) -> String {
    let osr = compile.osr_offset.map_or(String::new(), |at| format!(" osr @{at}"));
    format!("{}{osr}", if compile.function.is_empty() { "(anonymous)" } else { &compile.function })
}

fn line(text: &mut String, row: &Row, whole_ns: u64, runs: Option<u64>) {
    let (before, after) = row.insts.map_or(Default::default(), |(a, b)| (count(a), count(b)));
    let us = format!("{:.1}", row.ns as f64 / 1e3);
    let runs = runs.map_or(String::new(), |runs| format!("{:>8}", count(runs)));
    let _ = writeln!(text, "{:18}{runs}{before:>10}{after:>10}{us:>12}{:>8}", row.name, percent(row.ns, whole_ns));
}

/// The tables as text.
pub fn text(compiles: &[CompileTimes]) -> String {
    let mut text = String::new();
    for compile in compiles {
        let whole_ns = total_ns(compile);
        let _ = writeln!(text, "==== {}", title(compile));
        let _ = writeln!(text, "{:18}{:>10}{:>10}{:>12}{:>8}", "pass", "insts in", "out", "us", "share");
        rows(compile).iter().for_each(|row| line(&mut text, row, whole_ns, None));
        let _ = writeln!(text, "{:18}{:>32.1}\n", "total", whole_ns as f64 / 1e3);
    }
    let whole_ns = compiles.iter().map(total_ns).sum();
    let _ = writeln!(text, "==== {}", things(compiles.len() as u64, "optimizing compile"));
    let _ = writeln!(text, "{:18}{:>8}{:>10}{:>10}{:>12}{:>8}", "pass", "runs", "insts in", "out", "us", "share");
    sums(compiles).iter().for_each(|(row, runs)| line(&mut text, row, whole_ns, Some(*runs)));
    let _ = writeln!(text, "{:18}{:>40.1}", "total", whole_ns as f64 / 1e3);
    text
}

/// The same as JSON: an object per compile, then one with the sums, a line each.
pub fn json(compiles: &[CompileTimes]) -> String {
    let pass = |row: &Row| {
        serde_json::json!({
            "name": row.name.trim(), "stage": row.name.starts_with(' '), "ns": row.ns,
            "insts_in": row.insts.map(|insts| insts.0), "insts_out": row.insts.map(|insts| insts.1),
        })
    };
    let mut text = String::new();
    for compile in compiles {
        let passes: Vec<_> = rows(compile).iter().map(pass).collect();
        let object = serde_json::json!({
            "function": compile.function, "osr_offset": compile.osr_offset, "ns": total_ns(compile), "passes": passes,
        });
        let _ = writeln!(text, "{object}");
    }
    let passes = sums(compiles).into_iter().map(|(row, runs)| {
        let mut object = pass(&row);
        object["runs"] = runs.into();
        object
    });
    let ns: u64 = compiles.iter().map(total_ns).sum();
    let total = serde_json::json!({ "compiles": compiles.len(), "ns": ns, "passes": passes.collect::<Vec<_>>() });
    let _ = writeln!(text, "{total}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiles() -> Vec<CompileTimes> {
        let pass = |name, ns, insts_in, insts_out| PassRow { name, ns, insts_in, insts_out };
        let compile = || CompileTimes {
            function: "f".into(),
            osr_offset: Some(14),
            passes: vec![
                pass("build", 2_000, 0, 60),
                pass("gvn", 1_000, 60, 50),
                pass("gvn", 500, 50, 50),
                pass("codegen", 6_500, 50, 200),
            ],
            stages: vec![("lower", 1_500), ("regalloc", 5_000)],
        };
        vec![compile(), compile()]
    }

    #[test]
    fn passes_are_shown_one_by_one_and_summed() {
        let text = text(&compiles());
        for line in [
            "==== f osr @14",
            "gvn                       60        50         1.0   10.0%",
            "  regalloc                                     5.0   50.0%",
            "total                                         10.0",
            "==== 2 optimizing compiles",
            "gvn                      4       220       200         3.0   15.0%",
            "total                                                 20.0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
        }
    }

    #[test]
    fn json_has_a_line_per_compile_and_one_for_all() {
        let text = json(&compiles());
        let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!((&lines[0]["function"], &lines[0]["ns"]), (&"f".into(), &10_000.into()));
        assert_eq!(lines[0]["passes"][1]["insts_out"], 50);
        assert_eq!((&lines[2]["compiles"], &lines[2]["passes"][1]["runs"]), (&2.into(), &4.into()));
    }
}
