//! The one table of metrics of pictures: a row each, and everything that there is of each is made from it.

use super::measures::{self, Measured, Samples};
use crate::statistics::Better;
use serde::Serialize;

/// A row of the table: everything but how it is computed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Metric {
    /// Its name in JSON and CSV.
    pub id: &'static str,
    /// The head of a column.
    pub label: &'static str,
    /// What the number means.
    pub explanation: &'static str,
    /// What it is counted in, in words.
    pub unit: &'static str,
    /// Which values are better.
    pub better: Better,
    /// Digits after the point that are worth showing beside a standard error.
    pub digits: usize,
    /// Why there is no number, where there is none.
    pub absent: &'static str,
}

/// How a metric is computed, and what a perfect sampler tends to with more and more samples of the same prompts.
pub(super) struct Measure {
    pub of: fn(&Samples) -> Option<Measured>,
    pub truth: fn(&Samples) -> f64,
}

/// A row: its field and identifier, what the number means, what else is said of it, its function and its truth.
macro_rules! metrics {
    ($($field:ident $id:literal $explanation:literal { $($about:tt)* } $of:expr, $truth:expr;)*) => {
        /// Number of metrics.
        pub(super) const METRIC_COUNT: usize = [$($id),*].len();

        /// Something for each metric of pictures.
        #[derive(Clone, Copy, Debug, PartialEq, Serialize)]
        #[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(rename = "PerImagesMetric"))]
        pub struct PerMetric<T> {
            $(#[doc = $explanation] #[serde(rename = $id)] pub $field: T,)*
        }

        impl<T> PerMetric<T> {
            /// From a list in the order of the table.
            pub(super) fn from_list([$($field),*]: [T; METRIC_COUNT]) -> Self {
                Self { $($field),* }
            }

            /// In the order of [`METRICS`].
            pub fn into_list(self) -> [T; METRIC_COUNT] {
                [$(self.$field),*]
            }
        }

        /// The metrics of pictures.
        pub const METRICS: [Metric; METRIC_COUNT] =
            [$(Metric { id: $id, explanation: $explanation, $($about)* }),*];

        /// How each of them is computed.
        pub(super) const MEASURES: [Measure; METRIC_COUNT] = [$(Measure { of: $of, truth: $truth }),*];
    };
}

metrics! {
    subject_right "subjectRight"
    "Share of the samples that show what their prompt names, of those whose prompt names it: read by the nearest of all pictures."
    {
        label: "subject right", unit: "share", better: Better::Nearer, digits: 3,
        absent: "No prompt names a subject.",
    }
    measures::subject_right, |_| 1.0;

    style_right "styleRight"
    "Share of the samples that are drawn in the style that their prompt names, of those whose prompt names one."
    {
        label: "style right", unit: "share", better: Better::Nearer, digits: 3,
        absent: "No prompt names a style.",
    }
    measures::style_right, |_| 1.0;

    background_right "backgroundRight"
    "Share of the samples on the background that their prompt names, of those whose prompt names one."
    {
        label: "background right", unit: "share", better: Better::Nearer, digits: 3,
        absent: "No prompt names a background.",
    }
    measures::background_right, |_| 1.0;

    effective_styles "effectiveStyles"
    "How many equally frequent styles would be as diverse as those of a prompt that leaves the style open: e to the entropy, the mean over prompts. Few samples of a prompt show fewer, as the noise floor does."
    {
        label: "effective styles", unit: "styles", better: Better::Nearer, digits: 2,
        absent: "No prompt that leaves the style open has two samples.",
    }
    measures::effective_styles, measures::true_effective_styles;

    effective_backgrounds "effectiveBackgrounds"
    "How many equally frequent backgrounds would be as diverse as those of a prompt that leaves the background open: e to the entropy, the mean over prompts. Few samples of a prompt show fewer, as the noise floor does."
    {
        label: "effective backgrounds", unit: "backgrounds", better: Better::Nearer, digits: 2,
        absent: "No prompt that leaves the background open has two samples.",
    }
    measures::effective_backgrounds, measures::true_effective_backgrounds;

    same_picture "samePicture"
    "Share of the pairs of samples of one prompt that are read as the same picture. Above the truth, some pictures are canonical."
    {
        label: "same picture", unit: "share", better: Better::Nearer, digits: 3,
        absent: "No prompt has two samples.",
    }
    measures::same_picture, measures::true_same_picture;

    chroma_excess "chromaExcess"
    "Chroma beyond that of the picture that a sample is read as: greatest less least of red, green and blue, which are from 0 to 1, of means over squares of 4 x 4 pixels. Above 0 colours are over-saturated, below 0 pale."
    {
        label: "chroma excess", unit: "of black to white", better: Better::Nearer, digits: 4,
        absent: "There are no samples.",
    }
    measures::chroma_excess, |_| 0.0;

    total_variation_excess "totalVariationExcess"
    "Total variation beyond that of the picture that a sample is read as: the mean absolute difference of neighbouring pixels, colour by colour, which are from 0 to 1. Above 0 there is grain, below 0 samples are over-simplified or blurred."
    {
        label: "variation excess", unit: "of black to white", better: Better::Nearer, digits: 4,
        absent: "There are no samples.",
    }
    measures::total_variation_excess, |_| 0.0;

    distance "distance"
    "The median over samples of how far the nearest of all pictures is: the root of the mean square of differences of colours, which are from 0 to 1."
    {
        label: "distance", unit: "of black to white", better: Better::Lower, digits: 4,
        absent: "There are no samples.",
    }
    measures::distance, |_| 0.0;

    outside "outside"
    "Share of all numbers of samples that cannot be shown: below -.02 or above 1.02, where black is 0 and white is 1."
    {
        label: "outside", unit: "share", better: Better::Lower, digits: 4,
        absent: "There are no samples.",
    }
    measures::outside, |_| 0.0;

    log_density_gap "logDensityGap"
    "The mean of a sample’s log-density under its prompt, with pictures smoothed by noise of .4 (.2 of black to white), less what perfect samples have. Below 0 some are far from all that the prompt allows; above 0 they crowd on likely pictures."
    {
        label: "log p gap", unit: "nats", better: Better::Nearer, digits: 2,
        absent: "There are no samples.",
    }
    measures::log_density_gap, |_| 0.0;
}
