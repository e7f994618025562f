//! What metrics of any samples are told by: a value with its standard error and its noise floor, and differences of such.

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

/// Which values of a metric are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Better {
    /// Lower ones: none is below a perfect one.
    Lower,
    /// Nearer ones to a perfect one, on both of its sides.
    Nearer,
}

/// Mean and standard deviation.
#[inline(never)]
pub(crate) fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    (mean, (squares / (n - 1.0)).sqrt())
}

/// The standard error of a mean of independent values.
pub(crate) fn standard_error(values: &[f64]) -> f64 {
    mean_and_deviation(values).1 / (values.len() as f64).sqrt()
}

/// The quantile at `level` in 0..=1 of ascending values, straight between two of them; of none, NaN.
#[inline(never)]
pub(crate) fn quantile(ascending: &[f32], level: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else { return f64::NAN };
    let place = level * last as f64;
    let [below, above] = [place as usize, (place as usize + 1).min(last)].map(|i| f64::from(ascending[i]));
    below + place.fract() * (above - below)
}

/// A quantile, and how it changes with a sample's weight: minus the slope for samples below it, where the slope is one over the
/// density there. That density is the one of the interval within two standard errors of the quantile's rank (as Woodruff 1952).
#[inline(never)]
pub(crate) fn quantile_and_slope(ascending: &[f32], level: f64) -> (f64, f64) {
    let half = 2.0 * (level * (1.0 - level) / ascending.len() as f64).sqrt();
    let [from, to] = [(level - half).max(0.0), (level + half).min(1.0)];
    let slope = (quantile(ascending, to) - quantile(ascending, from)) / (to - from);
    (quantile(ascending, level), slope)
}

/// e to the entropy of some shares: how many equal ones would be as diverse.
pub(crate) fn effective(shares: &[f64]) -> f64 {
    libm::exp(-shares.iter().filter(|&&s| s != 0.0).map(|s| s * libm::log(*s)).sum::<f64>())
}
