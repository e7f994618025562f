//! How what is known of log p1 - log p0 goes on from step to step.

use super::Combination;

/// What becomes of a ratio's logarithm L when a step has ended at x+, from x, D0 and d = D1 - D0 of its first stage:
/// L + along (x+ - m).d + square |d|^2 + offset, no less than `least` and no more than `greatest`, with the mean
/// m = keep x + (1 - keep) D0 of where the guide alone would have gone.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "the formula says it")]
pub struct Update {
    pub keep: f64,
    pub along: f64,
    pub square: f64,
    pub offset: f64,
    pub least: f64,
    pub greatest: f64,
}

impl Combination {
    /// After a step from `sigma` to `sigmas[i + 1]` of the levels `sigmas`; nothing where nothing is carried on, and after the last
    /// step, which goes to the data.
    pub fn update(self, _sigmas: &[f64], _i: usize, _sigma: f64) -> Option<Update> {
        None
    }
}
