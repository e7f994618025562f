//! Every number that schemes of pictures have beside those of the plane, and those of the plane that have other values here: noise
//! levels are higher, and a difference of pictures is of 3,072 numbers.

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

    SIGMA_SCALE: "k", "The guide's factor on sigma", 0.1..=10.0, 1.0..=2.0 by 0.01, 1.4;
    INTERVAL_LOW: "lo", "The lower end of the interval, in sigma", 0.0..=100.0, 0.0..=10.0 by 0.1, 0.5;
    INTERVAL_HIGH: "hi", "The upper end of the interval, in sigma", 0.0..=100.0, 0.0..=80.0 by 0.5, 5.0;
    CLIP_RADIUS: "r", "The greatest length of the guidance", 0.0..=100.0, 0.0..=40.0 by 0.5, 10.0;
    // The grain that networks leave is about .1 of black to white, .2 as data.
    TSR_WIDTH: "width", "The width of the modes that are rescaled", 0.0001..=10.0, 0.02..=1.0 by 0.02, 0.2;
    SIGMA_MIN: "sigma_min", "The least noise level", 0.0001..=1.0, 0.005..=0.1 by 0.005, 0.03;
    SIGMA_MAX: "sigma_max", "The greatest noise level", 0.05..=100.0, 5.0..=100.0 by 5.0, 80.0;
}
