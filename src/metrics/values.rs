//! The metrics, and what is said of each.

use serde::Serialize;

/// Number of metrics.
pub(super) const METRIC_COUNT: usize = 8;

/// Something for each metric of a set of samples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PerMetric<T> {
    /// Share of samples outside the 99% highest-density region: .01 is perfect.
    pub outliers: T,
    /// Mean log p minus its expectation, in nats: 0 is perfect, more is over-concentration.
    pub log_density_gap: T,
    /// The 5% quantile of log p, in nats: a few far samples can rule the mean.
    pub low_log_density: T,
    /// The median of log p, in nats.
    pub median_log_density: T,
    /// The 95% quantile of log p, in nats.
    pub high_log_density: T,
    /// Total variation between branches: half the sum of absolute differences between their shares and masses, 0 to 1.
    pub branch_total_variation: T,
    /// e to the entropy of the shares of branches.
    pub effective_branches: T,
    /// Sliced W1: the distance that mass has to be moved, in units of the plane, on average over 32 directions.
    pub sliced_wasserstein: T,
}

impl<T> PerMetric<T> {
    /// From a list in the order of the fields.
    pub(super) fn from_list(list: [T; METRIC_COUNT]) -> Self {
        let [
            outliers,
            log_density_gap,
            low_log_density,
            median_log_density,
            high_log_density,
            branch_total_variation,
            effective_branches,
            sliced_wasserstein,
        ] = list;
        Self {
            outliers,
            log_density_gap,
            low_log_density,
            median_log_density,
            high_log_density,
            branch_total_variation,
            effective_branches,
            sliced_wasserstein,
        }
    }

    /// In the order of the fields.
    pub fn into_list(self) -> [T; METRIC_COUNT] {
        [
            self.outliers,
            self.log_density_gap,
            self.low_log_density,
            self.median_log_density,
            self.high_log_density,
            self.branch_total_variation,
            self.effective_branches,
            self.sliced_wasserstein,
        ]
    }
}

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
