//! The one table of metrics of samples: a row each, and everything that there is of each is made from it.

use super::measures::{self, Measure, OUTSIDE};
use super::metric::{Metric, Shown, Unit};
use crate::statistics::Better;
use serde::Serialize;

/// A row: its field and its constant, its identifier, what the number means, what else is said of it, how it is computed.
macro_rules! metrics {
    ($($field:ident $constant:ident $id:literal $explanation:literal { $($about:tt)* } $measure:expr;)*) => {
        /// Number of metrics.
        pub(super) const METRIC_COUNT: usize = [$($id),*].len();

        /// Something for each metric of a set of samples.
        #[derive(Clone, Copy, Debug, PartialEq, Serialize)]
        #[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
        pub struct PerMetric<T> {
            $(#[doc = $explanation] #[serde(rename = $id)] pub $field: T,)*
        }

        impl<T> PerMetric<T> {
            /// From a list in the order of the table.
            pub(super) fn from_list([$($field),*]: [T; METRIC_COUNT]) -> Self {
                Self { $($field),* }
            }

            /// In the order of the table.
            pub fn into_list(self) -> [T; METRIC_COUNT] {
                [$(self.$field),*]
            }
        }

        impl Metric {
            $(#[doc = $explanation] pub const $constant: Self = Self {
                id: $id, explanation: $explanation, needs: $measure.needs(), $($about)*
            };)*
        }

        /// The metrics of samples. The noise floor of each is what the same function makes of perfect samples.
        pub const METRICS: [Metric; METRIC_COUNT] = [$(Metric::$constant),*];

        /// How each of them is computed.
        pub(super) const MEASURES: [Measure; METRIC_COUNT] = [$($measure),*];
    };
}

metrics! {
    outliers OUTLIERS "outliers"
    "Samples outside the region of highest density that holds 99% of class A. Perfect sampling has 1% of them."
    {
        label: "Outliers", name: "outliers", head: "outliers",
        unit: Unit::Share, better: Better::Nearer, perfect: Some(OUTSIDE), digits: 4, shown: Shown::Panels,
    }
    Measure::LogDensities(measures::outliers);

    log_density_gap LOG_DENSITY_GAP "logDensityGap"
    "The samples’ mean log-density less the data’s own. Above 0 they crowd where data is dense; below 0 some are far from it."
    {
        label: "Log-density gap", name: "mean log-density gap", head: "log p gap",
        unit: Unit::Nats, better: Better::Nearer, perfect: Some(0.0), digits: 3, shown: Shown::Panels,
    }
    Measure::LogDensities(measures::log_density_gap);

    low_log_density LOW_LOG_DENSITY "lowLogDensity"
    "The log-density that 5% of the samples lie below, in nats: how far out the worst are."
    {
        label: "Log p, 5% quantile", name: "5% quantile of log p", head: "log p 5%",
        unit: Unit::Nats, better: Better::Nearer, perfect: None, digits: 3, shown: Shown::Files,
    }
    Measure::LogDensities(measures::low_log_density);

    median_log_density MEDIAN_LOG_DENSITY "medianLogDensity"
    "The log-density of the middle sample, in nats. Above the data’s own, samples crowd where data is dense."
    {
        label: "Log p, median", name: "median log p", head: "median",
        unit: Unit::Nats, better: Better::Nearer, perfect: None, digits: 3, shown: Shown::Tables,
    }
    Measure::LogDensities(measures::median_log_density);

    high_log_density HIGH_LOG_DENSITY "highLogDensity"
    "The log-density that 5% of the samples lie above, in nats: how dense the densest places are."
    {
        label: "Log p, 95% quantile", name: "95% quantile of log p", head: "log p 95%",
        unit: Unit::Nats, better: Better::Nearer, perfect: None, digits: 3, shown: Shown::Files,
    }
    Measure::LogDensities(measures::high_log_density);

    branch_total_variation BRANCH_TOTAL_VARIATION "branchTotalVariation"
    "Total variation between how often each of the 127 branches is visited and how often it should be: the least share of samples that would have to change branch."
    {
        label: "Branch imbalance", name: "branch total variation", head: "branch TV",
        unit: Unit::Share, better: Better::Lower, perfect: Some(0.0), digits: 4, shown: Shown::Panels,
    }
    Measure::Branches(measures::branch_total_variation);

    effective_branches EFFECTIVE_BRANCHES "effectiveBranches"
    "How many equally visited branches would be as diverse as those visited: e to the entropy of their shares. Data has 31.2; more is no better."
    {
        label: "Effective branches", name: "effective branches", head: "branches",
        unit: Unit::Branches, better: Better::Nearer, perfect: None, digits: 2, shown: Shown::Tables,
    }
    Measure::Branches(measures::effective_branches);

    sliced_wasserstein SLICED_WASSERSTEIN "slicedWasserstein"
    "How far samples have to be carried, on average, to be distributed as the data is, seen along 32 directions."
    {
        label: "Sliced W1", name: "sliced W1", head: "sliced W1",
        unit: Unit::Space, better: Better::Lower, perfect: Some(0.0), digits: 4, shown: Shown::Panels,
    }
    Measure::Positions(measures::sliced_wasserstein);
}
