//! How good a set of samples is, against the density it should have come from.
//!
//! Invariant: every metric comes with its standard error and with what a perfect sampler scores at the same number of
//! particles, found by running one: a metric inside its floor says nothing.
//!
//! A standard error comes from what each sample adds to its metric. Metrics are made from positions, by the
//! processor, whichever engine sampled. Whatever names, lists or shows them is made from one table of rows.

mod compare;
mod coverage;
mod evaluator;
mod lost;
mod measures;
mod metric;
mod table;
mod values;
mod wasserstein;

pub use compare::{Cost, EndpointDistance, Spread, endpoint_distance, mean_difference, over_seeds, paired};
pub use coverage::Coverage;
pub use evaluator::{Evaluator, Scores};
pub use lost::{FARTHEST, count_lost, is_lost};
pub use metric::{Better, Metric, Need, Shown, Unit};
pub use table::{METRICS, PerMetric};
pub use values::{Difference, Estimate, Floor, Metrics};

/// Mean and standard deviation.
#[inline(never)]
fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    (mean, (squares / (n - 1.0)).sqrt())
}

/// The standard error of a mean of independent values.
fn standard_error(values: &[f64]) -> f64 {
    mean_and_deviation(values).1 / (values.len() as f64).sqrt()
}

/// What each of several values adds to the deviation of their mean, so that the [`standard_error`] of these numbers is that
/// of the mean: NaN stands for a particle that is lost, and adds nothing.
fn deviations(values: &[f64]) -> Vec<f64> {
    let some: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    let (mean, _) = mean_and_deviation(&some);
    let pairs = |n: usize| n as f64 * (n as f64 - 1.0);
    let scale = (pairs(values.len()) / pairs(some.len())).sqrt();
    values.iter().map(|v| if v.is_nan() { 0.0 } else { scale * (v - mean) }).collect()
}

/// The quantile at `level` in 0..=1 of ascending values, straight between two of them; of none, NaN.
#[inline(never)]
fn quantile(ascending: &[f32], level: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else { return f64::NAN };
    let place = level * last as f64;
    let [below, above] = [place as usize, (place as usize + 1).min(last)].map(|i| f64::from(ascending[i]));
    below + place.fract() * (above - below)
}
