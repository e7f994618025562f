//! Metrics of one set of samples.

use super::table::PerMetric;
use crate::statistics::Estimate;
use serde::Serialize;

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
