//! The result of a query as a table for people, CSV, JSON lines or Markdown.

use serde_json::{Map, Value};
use std::io::{self, Write};

/// What a query returned.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
}

/// How to write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Aligned columns, cut to a width.
    Table(usize),
    /// Comma-separated values, as in RFC 4180.
    Csv,
    /// One object per line.
    Json,
    /// A Markdown table.
    Markdown,
}

/// Widest cell of a table.
const MAX_CELL: usize = 60;

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_string();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

impl Rows {
    /// Writes the rows.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(&self, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
        match layout {
            Layout::Table(width) => self.table(width, out),
            Layout::Csv => self.csv(out),
            Layout::Json => self.json(out),
            Layout::Markdown => self.markdown(out),
        }
    }

    fn table(&self, width: usize, out: &mut dyn Write) -> io::Result<()> {
        let cells: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| row.iter().map(|v| cut(&plain(v).replace('\n', " "), MAX_CELL)).collect())
            .collect();
        let widest = |column: usize| {
            let below = cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
            below.max(self.columns[column].chars().count())
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(widest).collect();
        let number = |column: usize| self.rows.iter().all(|row| row[column].is_number() || row[column].is_null());
        let numeric: Vec<bool> = (0..self.columns.len()).map(number).collect();
        let mut line = |cells: &[String]| {
            let padded: Vec<String> = cells
                .iter()
                .zip(&widths)
                .zip(&numeric)
                .map(|((cell, &w), right)| if *right { format!("{cell:>w$}") } else { format!("{cell:w$}") })
                .collect();
            writeln!(out, "{}", cut(padded.join("  ").trim_end(), width))
        };
        line(&self.columns)?;
        line(&widths.iter().map(|w| "-".repeat(*w)).collect::<Vec<_>>())?;
        cells.iter().try_for_each(|row| line(row))
    }

    fn csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let quoted = |text: String| {
            if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
        };
        writeln!(out, "{}", self.columns.iter().cloned().map(quoted).collect::<Vec<_>>().join(","))?;
        for row in &self.rows {
            writeln!(out, "{}", row.iter().map(|v| quoted(plain(v))).collect::<Vec<_>>().join(","))?;
        }
        Ok(())
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        for row in &self.rows {
            let object: Map<String, Value> = self.columns.iter().cloned().zip(row.iter().cloned()).collect();
            writeln!(out, "{}", Value::Object(object))?;
        }
        Ok(())
    }

    fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        writeln!(out, "{}", line(self.columns.clone()))?;
        writeln!(out, "|{}", "---|".repeat(self.columns.len()))?;
        for row in &self.rows {
            let cells = row.iter().map(|v| plain(v).replace('|', "\\|").replace('\n', " ")).collect();
            writeln!(out, "{}", line(cells))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(layout: Layout) -> String {
        let columns = vec!["place".to_string(), "n".to_string()];
        let rows = vec![vec![json!("a|b, c"), json!(12)], vec![Value::Null, json!(3)]];
        let mut text = Vec::new();
        Rows { columns, rows }.write(layout, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn four_layouts() {
        assert_eq!(written(Layout::Table(80)), "place    n\n------  --\na|b, c  12\n         3\n");
        assert!(written(Layout::Table(6)).lines().all(|line| line.chars().count() <= 6));
        assert_eq!(written(Layout::Csv), "place,n\n\"a|b, c\",12\n,3\n");
        assert_eq!(written(Layout::Json), "{\"n\":12,\"place\":\"a|b, c\"}\n{\"n\":3,\"place\":null}\n");
        assert_eq!(written(Layout::Markdown), "| place | n |\n|---|---|\n| a\\|b, c | 12 |\n|  | 3 |\n");
    }
}
