//! When in a run a rule is asked.

/// When in a run a rule is asked, beyond a [`Moment`](super::Moment).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Time {
    /// sigma_next: the noise level at which the step ends.
    pub next: f64,
    /// u: the share of the run's steps that lie before the stage, 1 in the last one.
    pub u: f64,
    /// k: the guide is asked at k sigma.
    pub scale: f64,
    /// The step, from 0.
    pub step: f64,
    /// n: steps in all.
    pub steps: f64,
}

impl Time {
    /// Of both stages of step `i` of levels `sigmas`.
    pub(crate) fn of(sigmas: &[f64], i: usize, scale: f64) -> [Self; 2] {
        let last = sigmas.len() - 2;
        let of = |stage: usize| Self {
            next: sigmas[i + 1],
            u: (i + stage).min(last) as f64 / last.max(1) as f64,
            scale,
            step: i as f64,
            steps: (last + 1) as f64,
        };
        [of(0), of(1)]
    }
}
