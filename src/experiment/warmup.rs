//! Warm-up: when a program reaches its steady state, and whether it does.
//!
//! A series of durations is cut into segments of equal behaviour by changepoint analysis: the partition with the least sum
//! of costs, a segment's cost being how badly a normal distribution of its own mean and variance explains it, plus a penalty
//! per cut. Segments whose means lie within a tolerance of each other count as equal. Then:
//!
//! ```text
//! flat             all segments are equal
//! warm-up          the last segment is long enough, and none is faster
//! slowdown         the last segment is long enough, but an earlier one was faster
//! no steady state  the last cut lies too near the end
//! ```
//!
//! After "Virtual Machine Warmup Blows Hot and Cold" (Barrett et al., OOPSLA 2017), which uses the same four words and the
//! same penalty of 15 log n; outliers (a collection, the machine) are cut off at the quartiles' fences first, as there.

use super::series::Series;

/// Penalty of a cut, times the logarithm of the number of iterations.
const PENALTY: f64 = 15.0;
/// Means that differ by less than this share are equal.
const TOLERANCE: f64 = 0.05;
/// The last segment must be at least this share of the series.
const STEADY_SHARE: f64 = 0.25;
/// Iterations that are looked at; longer series are thinned by taking means of neighbours.
const MOST: usize = 1_000;

/// How a run behaves over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The same from the first iteration to the last.
    Flat,
    /// Faster in the end than in the beginning.
    WarmUp,
    /// Slower in the end than it was before.
    Slowdown,
    /// Still changing when it ended.
    NoSteadyState,
}

impl Class {
    /// As it is called in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Class::Flat => "flat",
            Class::WarmUp => "warm-up",
            Class::Slowdown => "slowdown",
            Class::NoSteadyState => "no steady state",
        }
    }
}

/// What the iterations say of warm-up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WarmUp {
    /// How the run behaves.
    pub class: Class,
    /// Iterations before the steady state; all of them, if there is none.
    pub iterations: usize,
    /// The time that they took.
    pub ns: u64,
    /// The slowest one of a hundred among them; 0 if there are none.
    pub p99_ns: f64,
    /// Mean of an iteration in the steady state, or in the last segment.
    pub steady_ns: f64,
}

/// Reads a series; none if it has fewer than eight iterations.
pub fn classify(series: &Series) -> Option<WarmUp> {
    let step = series.len().div_ceil(MOST).max(1);
    let thinned: Vec<f64> =
        series.ns.chunks(step).map(|chunk| chunk.iter().sum::<u64>() as f64 / chunk.len() as f64).collect();
    if thinned.len() < 8 {
        return None;
    }
    let values = without_outliers(&thinned);
    let cuts = cuts(&values);
    let segments: Vec<(usize, f64)> = cuts
        .iter()
        .enumerate()
        .map(|(i, &start)| {
            let end = cuts.get(i + 1).copied().unwrap_or(values.len());
            (start, mean(&values[start..end]))
        })
        .collect();
    let (_, last) = segments[segments.len() - 1];
    let equal = |a: f64, b: f64| (a - b).abs() <= TOLERANCE * a.max(b);
    // The steady state begins where the trailing run of segments that equal the last one does.
    let steady = segments.iter().rev().take_while(|(_, mean)| equal(*mean, last)).last().map_or(0, |(start, _)| *start);
    let class = if segments.iter().all(|(_, mean)| equal(*mean, last)) {
        Class::Flat
    } else if ((values.len() - steady) as f64) < STEADY_SHARE * values.len() as f64 {
        Class::NoSteadyState
    } else if segments.iter().any(|(_, mean)| *mean < last && !equal(*mean, last)) {
        Class::Slowdown
    } else {
        Class::WarmUp
    };
    let iterations = match class {
        Class::Flat => 0,
        Class::WarmUp | Class::Slowdown => (steady * step).min(series.len()),
        Class::NoSteadyState => series.len(),
    };
    Some(WarmUp {
        class,
        iterations,
        ns: series.ns[..iterations].iter().sum(),
        p99_ns: series.percentile_ns(0..iterations, 99),
        steady_ns: last,
    })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Values past three times the distance of the quartiles, within a sliding window, become the nearest that is not.
fn without_outliers(values: &[f64]) -> Vec<f64> {
    const WINDOW: usize = 50;
    let fenced = |at: usize| {
        let from = at.saturating_sub(WINDOW / 2).min(values.len().saturating_sub(WINDOW));
        let mut window = values[from..(from + WINDOW).min(values.len())].to_vec();
        window.sort_by(f64::total_cmp);
        let quartile = |q: usize| window[(window.len() - 1) * q / 4];
        let reach = 3.0 * (quartile(3) - quartile(1));
        values[at].clamp(quartile(1) - reach, quartile(3) + reach)
    };
    // A window of equal values has no reach; a change that is more than half a window long is no outlier in any.
    (0..values.len()).map(fenced).collect()
}

/// Where segments begin: the optimal partition, by dynamic programming.
fn cuts(values: &[f64]) -> Vec<usize> {
    let n = values.len();
    let scale = mean(values).abs().max(1.0);
    let (mut sums, mut squares) = (vec![0.0], vec![0.0]);
    for value in values {
        let value = value / scale;
        sums.push(sums[sums.len() - 1] + value);
        squares.push(squares[squares.len() - 1] + value * value);
    }
    // Twice the negative logarithm of the likelihood, up to constants. A floor on the deviation, a thousandth of the mean,
    // keeps a segment of equal values from explaining everything.
    let cost = |from: usize, to: usize| {
        let length = (to - from) as f64;
        let mean = (sums[to] - sums[from]) / length;
        let variance = ((squares[to] - squares[from]) / length - mean * mean).max(1e-6);
        length * variance.ln()
    };
    let penalty = PENALTY * (n as f64).ln();
    let mut best = vec![0.0; n + 1];
    let mut came_from = vec![0; n + 1];
    best[0] = -penalty;
    for to in 1..=n {
        best[to] = f64::INFINITY;
        for from in 0..to {
            let total = best[from] + cost(from, to) + penalty;
            if total < best[to] {
                (best[to], came_from[to]) = (total, from);
            }
        }
    }
    let mut starts = Vec::new();
    let mut at = n;
    while at > 0 {
        at = came_from[at];
        starts.push(at);
    }
    starts.reverse();
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Segments of a length and a duration each, with a little regular noise.
    fn series(segments: &[(usize, u64)]) -> Series {
        let lengths = segments.iter().flat_map(|&(length, ns)| std::iter::repeat_n(ns, length));
        let ns: Vec<u64> = lengths.zip((0u64..).map(|i| i * 7919 % 13)).map(|(ns, noise)| ns + noise).collect();
        Series { deopts: vec![0; ns.len()], ns }
    }

    fn class_of(segments: &[(usize, u64)]) -> Class {
        classify(&series(segments)).expect("long enough").class
    }

    #[test]
    fn the_four_classes() {
        assert_eq!(class_of(&[(400, 1_000)]), Class::Flat);
        assert_eq!(class_of(&[(60, 9_000), (340, 1_000)]), Class::WarmUp);
        assert_eq!(class_of(&[(60, 9_000), (140, 1_000), (200, 4_000)]), Class::Slowdown);
        assert_eq!(class_of(&[(200, 9_000), (160, 5_000), (40, 1_000)]), Class::NoSteadyState);
    }

    #[test]
    fn the_steady_state_begins_at_the_last_change() {
        let warm = classify(&series(&[(60, 9_000), (340, 1_000)])).expect("long enough");
        assert_eq!(warm.iterations, 60);
        assert!(warm.p99_ns >= 9_000.0 && warm.ns >= 60 * 9_000);
        assert!((warm.steady_ns - 1_006.0).abs() < 2.0, "{warm:?}");
    }

    #[test]
    fn a_disturbed_iteration_is_no_change() {
        let mut flat = series(&[(400, 1_000)]);
        flat.ns[200] = 50_000;
        assert_eq!(classify(&flat).map(|warm| warm.class), Some(Class::Flat));
    }

    #[test]
    fn too_short_or_very_long_series() {
        assert_eq!(classify(&series(&[(7, 1_000)])), None);
        let long = classify(&series(&[(3_000, 9_000), (17_000, 1_000)])).expect("long enough");
        assert_eq!((long.class, long.iterations), (Class::WarmUp, 3_000));
    }
}
