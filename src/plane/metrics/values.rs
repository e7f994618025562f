//! Numbers of metrics.

use super::table::PerMetric;
use serde::Serialize;

/// What a perfect sampler gives: mean and standard deviation over replicates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Floor {
    /// Mean.
    pub mean: f64,
    /// Standard deviation of one sampler.
    pub spread: f64,
}

/// A metric, how certain it is, and its noise floor.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Estimate {
    /// The metric.
    pub value: f64,
    /// Its standard error: what it would vary by from one set of as many samples to another.
    pub standard_error: f64,
    /// What a perfect sampler gives at this number of particles, lost ones left out.
    pub floor: Floor,
}

/// A metric of one run less that of another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Difference {
    /// The difference.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// All metrics of one set of samples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Metrics {
    /// Number of samples.
    pub particles: usize,
    /// How many of them are lost: a coordinate is no number, or beyond 1e9.
    pub lost: usize,
    /// The metrics of the others.
    #[serde(flatten)]
    pub estimates: PerMetric<Estimate>,
}
