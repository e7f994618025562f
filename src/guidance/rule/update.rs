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
    /// After the step from `sigma` to `sigmas[i + 1]` of the levels `sigmas`, of a scheme whose weight is `weight`; nothing where
    /// nothing is carried on, and after the last step, which goes to the data.
    pub fn update(&self, sigmas: &[f64], i: usize, sigma: f64, weight: f64) -> Option<Update> {
        let next = sigmas[i + 1];
        if next == 0.0 {
            return None;
        }
        let keep = (next / sigma) * (next / sigma);
        match *self {
            Self::Feedback { share, most, onset, decision } => {
                let last = sigmas.len() - 2;
                let offset = libm::log(1.5 * (1.0 - share)) / ((1.0 - onset) * (last + 1) as f64);
                // The variance of the step at t1, between those of the steps beside it.
                let at = (1.0 - decision) * last as f64;
                let before = (at as usize).min(last - 1);
                let [low, high] = [before, before + 1].map(|step| variance(sigmas, step));
                let told = (0.2 * (low + (at - before as f64) * (high - low)) * offset).abs();
                // Where the weight is the greatest, and where there is hardly any.
                let most = most - (weight - 1.0);
                let least = libm::log((1.0 - share) * most / (most - 1.0));
                Some(Update { offset, ..told_by(told, keep, next, [least.min(SURE), SURE]) })
            }
            Self::Negative { prior, most, temperature, offset, .. } => {
                let offset = -0.5 * offset / (next * next * (1.0 - keep));
                let bounds = [most, UNLIKELY].map(|posterior| libm::log(prior / posterior));
                Some(Update { offset, ..told_by(temperature, keep, next, bounds) })
            }
            _ => None,
        }
    }
}

/// The greatest evidence, and the least posterior, that the papers' programs let be.
const SURE: f64 = 3.0;
const UNLIKELY: f64 = 1e-6;

/// q^2 = (sigma^2 - sigma+^2)(sigma+/sigma)^2 of an ancestral step.
fn variance(sigmas: &[f64], step: usize) -> f64 {
    let (sigma, next) = (sigmas[step], sigmas[step + 1]);
    (sigma - next) * (sigma + next) * (next / sigma) * (next / sigma)
}

/// -tau/(2 q^2) (|x+ - m1|^2 - |x+ - m0|^2), where m1 = m0 + (1 - keep) d, and q^2 = sigma+^2 (1 - keep).
fn told_by(tau: f64, keep: f64, next: f64, [least, greatest]: [f64; 2]) -> Update {
    let along = tau / (next * next);
    Update { keep, along, square: -0.5 * (1.0 - keep) * along, offset: 0.0, least, greatest }
}
