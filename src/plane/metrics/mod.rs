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

pub use crate::statistics::{Better, Difference, Estimate, Floor};
pub use compare::{Cost, EndpointDistance, Spread, endpoint_distance, mean_difference, over_seeds, paired};
pub use coverage::Coverage;
pub use evaluator::{Evaluator, Scores};
pub use lost::{FARTHEST, count_lost, is_lost};
pub use metric::{Metric, Need, Shown, Unit};
pub use table::{METRICS, PerMetric};
pub use values::Metrics;

use crate::statistics::mean_and_deviation;

/// What each of several values adds to the deviation of their mean, so that the [`standard_error`](crate::statistics::standard_error) of these numbers is that
/// of the mean: NaN stands for a particle that is lost, and adds nothing.
fn deviations(values: &[f64]) -> Vec<f64> {
    let some: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    let (mean, _) = mean_and_deviation(&some);
    let pairs = |n: usize| n as f64 * (n as f64 - 1.0);
    let scale = (pairs(values.len()) / pairs(some.len())).sqrt();
    values.iter().map(|v| if v.is_nan() { 0.0 } else { scale * (v - mean) }).collect()
}
