//! Tables in Markdown: figures, then ratios to a reference engine with their confidence intervals and geometric mean.

use super::measure::{Figure, Runs};
use super::statistics::geometric_mean;

/// One table.
pub struct Table<'a> {
    /// Its heading.
    pub title: &'a str,
    /// The sentence below it.
    pub caption: &'a str,
    /// What the cells are.
    pub figure: Figure,
    /// The engines, in order; those that ran nothing are left out.
    pub columns: &'a [&'static str],
    /// The engine that the ratios refer to.
    pub reference: &'a str,
    /// Only programs that this engine has a version of.
    pub only_with: Option<&'a str>,
}

impl Table<'_> {
    /// The table as Markdown; empty if the reference or all others are missing.
    pub fn render(&self, runs: &Runs, programs: &[String]) -> String {
        let present: Vec<&str> = self.columns.iter().copied().filter(|name| runs.has(name)).collect();
        let compared: Vec<&str> = present.iter().copied().filter(|name| *name != self.reference).collect();
        if compared.is_empty() || !present.contains(&self.reference) {
            return String::new();
        }
        let unit = match self.figure {
            Figure::Steady | Figure::WarmUp | Figure::Whole => "ms",
            Figure::Memory => "MiB",
        };
        let heads = present.iter().map(|name| format!("{name} {unit}"));
        let heads: Vec<String> =
            heads.chain(compared.iter().map(|name| format!("{name} / {}", self.reference))).collect();
        let mut out = format!("\n## {}\n\n{}\n\n", self.title, self.caption);
        out += &format!("| program | {} |\n|---|{}\n", heads.join(" | "), "--:|".repeat(heads.len()));
        let mut ratios = vec![Vec::new(); compared.len()];
        for program in programs {
            let wanted = |engine: &str| runs.median(program, engine, self.figure).is_some();
            if self.only_with.is_some_and(|engine| !wanted(engine)) {
                continue;
            }
            let figures = present.iter().map(|name| runs.median(program, name, self.figure));
            let mut cells: Vec<String> =
                figures.map(|figure| figure.map_or(String::new(), |value| format!("{value:.3}"))).collect();
            for (engine, ratios) in compared.iter().zip(&mut ratios) {
                let ratio = runs.ratio(program, engine, self.reference, self.figure);
                ratios.extend(ratio.map(|ratio| ratio.median).filter(|ratio| *ratio > 0.0));
                cells.push(ratio.map_or(String::new(), |r| format!("{:.2} ({:.2}-{:.2})", r.median, r.low, r.high)));
            }
            out += &format!("| {program} | {} |\n", cells.join(" | "));
        }
        let means =
            ratios.iter().map(|ratios| geometric_mean(ratios).map_or(String::new(), |mean| format!("**{mean:.2}**")));
        let means: Vec<String> = means.collect();
        out += &format!("| geometric mean | {}{} |\n", " | ".repeat(present.len()), means.join(" | "));
        out
    }
}
