//! Small charts of block characters: time per iteration over time, with the deopts marked below.
//!
//! ```text
//!   4.10 ms ┤        ▂▇█▇█▇█▇
//!           │        ████████
//!        0  ┤▇▂▁▁▁▁▁▁████████
//!    deopts   ·       ********
//! ```

use super::series::Series;
use crate::observe::text::duration;

/// Partial blocks, from an eighth to the whole.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Columns that the axis takes.
const AXIS: usize = 12;

/// Draws a series in `width` columns (axis included) and `height` rows; `top_ns` is the value of a full column, so that
/// charts can share a scale.
pub fn chart(series: &Series, width: usize, height: usize, top_ns: f64) -> Vec<String> {
    let columns = columns(series, width.saturating_sub(AXIS).max(8));
    let top_ns = top_ns.max(1.0);
    let mut rows = Vec::new();
    for row in 0..height {
        let floor = (height - 1 - row) as f64;
        let bars: String = columns
            .iter()
            .map(|(ns, _)| {
                let filled = ns / top_ns * height as f64 - floor;
                let eighths = (filled * 8.0).round().clamp(0.0, 8.0) as usize;
                let ground = usize::from(row == height - 1);
                eighths.max(ground).checked_sub(1).map_or(' ', |index| BLOCKS[index])
            })
            .collect();
        let label = match row {
            0 => duration(top_ns as u64),
            row if row == height - 1 => "0".to_string(),
            _between => String::new(),
        };
        let tick = if label.is_empty() { '│' } else { '┤' };
        rows.push(format!("{label:>10} {tick}{bars}").trim_end().to_string());
    }
    if columns.iter().any(|(_, deopts)| *deopts > 0) {
        let marks: String = columns.iter().map(|(_, deopts)| if *deopts > 0 { '*' } else { '·' }).collect();
        rows.push(format!("{:>10}  {marks}", "deopts"));
    }
    rows
}

/// The largest value that a chart of this width would show.
pub fn top_ns(series: &Series, width: usize) -> f64 {
    columns(series, width.saturating_sub(AXIS).max(8)).iter().map(|(ns, _)| *ns).fold(0.0, f64::max)
}

/// Mean duration and sum of deopts of the iterations that share a column.
fn columns(series: &Series, width: usize) -> Vec<(f64, u64)> {
    let count = series.len().min(width);
    let bounds = |column: usize| column * series.len() / count;
    (0..count)
        .map(|column| {
            let range = bounds(column)..bounds(column + 1);
            let sum: u64 = series.ns[range.clone()].iter().sum();
            (sum as f64 / range.len() as f64, series.deopts[range].iter().sum())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_grow_with_time_and_deopts_are_marked() {
        let series = Series { ns: vec![500, 500, 1_000, 4_000, 4_000], deopts: vec![0, 0, 3, 0, 1] };
        let rows = chart(&series, 40, 2, 4_000.0);
        assert_eq!(rows, ["   4.00 us ┤   ██", "         0 ┤▂▂▄██", "    deopts  ··*·*"]);
    }

    #[test]
    fn many_iterations_share_columns() {
        let series = Series { ns: (0..1_000).collect(), deopts: vec![0; 1_000] };
        let rows = chart(&series, 62, 3, top_ns(&series, 62));
        assert_eq!(rows.len(), 3);
        assert!(rows.iter().all(|row| row.chars().count() <= 62));
        assert!((top_ns(&series, 62) - 989.5).abs() < 1.0);
    }

    #[test]
    fn an_empty_series_draws_only_its_axis() {
        let rows = chart(&Series::default(), 40, 2, 0.0);
        assert_eq!(rows, ["      1 ns ┤", "         0 ┤"]);
    }
}
