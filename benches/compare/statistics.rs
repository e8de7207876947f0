//! Medians, ratios with their uncertainty, and where warm-up ends.

/// The median; `None` of nothing.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[middle]),
        _ => Some((values[middle - 1] + values[middle]) / 2.0),
    }
}

/// The geometric mean; `None` of nothing.
pub fn geometric_mean(values: &[f64]) -> Option<f64> {
    let logs: f64 = values.iter().map(|value| value.ln()).sum();
    (!values.is_empty()).then(|| (logs / values.len() as f64).exp())
}

/// Steady state of a process: the median of the second half of its iterations, in nanoseconds.
pub fn steady_ns(series: &[f64]) -> Option<f64> {
    median(series[series.len() / 2..].to_vec())
}

/// Iterations in a row that must be near steady state for warm-up to count as over.
const CALM: usize = 5;

/// Milliseconds of iterations until [`CALM`] of them in a row are within a tenth of steady state. `None` if that never
/// comes.
pub fn warmup_ms(series: &[f64]) -> Option<f64> {
    let bound = steady_ns(series)? * 1.1;
    let calm = series.windows(CALM).position(|window| window.iter().all(|time| *time <= bound))?;
    Some(series[..calm].iter().sum::<f64>() / 1e6)
}

/// A ratio with its 95 % confidence interval.
#[derive(Clone, Copy)]
pub struct Ratio {
    /// The median of the paired ratios.
    pub median: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
}

/// Resamples drawn for a confidence interval.
const RESAMPLES: usize = 2000;

/// The median of paired ratios, with the interval that a percentile bootstrap over the pairs gives (seeded: the same
/// figures give the same interval).
pub fn paired_ratio(pairs: &[(f64, f64)]) -> Option<Ratio> {
    let ratios: Vec<f64> = pairs.iter().map(|(ours, theirs)| ours / theirs).collect();
    let middle = median(ratios.clone())?;
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        ratios[(state % ratios.len() as u64) as usize]
    };
    let mut medians: Vec<f64> =
        (0..RESAMPLES).filter_map(|_| median((0..ratios.len()).map(|_| draw()).collect())).collect();
    medians.sort_by(f64::total_cmp);
    Some(Ratio { median: middle, low: medians[RESAMPLES / 40], high: medians[RESAMPLES - 1 - RESAMPLES / 40] })
}
