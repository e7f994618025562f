//! Every number that schemes of pictures have beside those of the plane.

use crate::parameter::{Parameter, parameters};

// Name: symbol, words, accepted range, range and step of a control, default.
parameters! {
    RESCALE_SHARE: "phi", "The share of the rescaled estimate", 0.0..=1.0, 0.0..=1.0 by 0.05, 0.7;
    THRESHOLD_QUANTILE: "p", "The quantile of the colours", 0.0..=1.0, 0.9..=1.0 by 0.005, 0.995;
    BAND_HIGH: "high", "What is kept of the guidance of details", 0.0..=10.0, 0.0..=2.0 by 0.05, 1.0;
    BAND_LOW: "low", "What is kept of the guidance of large areas", 0.0..=10.0, 0.0..=2.0 by 0.05, 0.4;
    CADS_BEGIN: "begin", "The time at which the prompt begins to be known", 0.0..=1.0, 0.0..=1.0 by 0.05, 0.1;
    CADS_END: "end", "The time from which the prompt is known", 0.0..=1.0, 0.0..=1.0 by 0.05, 0.4;
    CADS_STRENGTH: "s", "The strength of the noise on the prompt", 0.0..=10.0, 0.0..=1.0 by 0.01, 0.25;
    CADS_MIX: "psi", "The share of the prompt with its own mean and spread", 0.0..=1.0, 0.0..=1.0 by 0.05, 1.0;
    NEGATIVE_WEIGHT: "wn", "The weight of a negative prompt", 0.0..=50.0, 0.0..=10.0 by 0.1, 1.0;
}
