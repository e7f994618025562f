//! Solvers of the probability-flow ODE dx/dsigma = -sigma s(x; sigma) and of the reverse SDE, each as coefficients.

use crate::of_numbers;
use serde::{Deserialize, Serialize};

/// How a step is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Solver {
    /// Second order (EDM algorithm 1): two evaluations a step, one in the last.
    #[default]
    Heun,
    /// First order, which is DDIM: one evaluation a step.
    Euler,
    /// Heun's method with noise added before each step (EDM algorithm 2).
    Churn {
        /// S_churn: how much noise in all.
        churn: f64,
        /// S_min: the least level that is churned.
        min: f64,
        /// S_max: the greatest.
        max: f64,
        /// S_noise: inflation of the noise.
        noise: f64,
    },
    /// The reverse process of DDPM in EDM's form (Song et al. 2021, equation 47).
    Ancestral,
    /// The reverse SDE by Euler and Maruyama: x + s dtau + sqrt(dtau) xi, dtau = sigma^2 - sigma'^2.
    ReverseSde,
    /// Second order, from the estimate of the step before (Lu et al. 2022, arXiv 2211.01095).
    DpmPlusPlus2m,
    /// Predictor-corrector guidance (Bradley and Nakkiran 2024, arXiv 2408.09000): Euler's steps of the main model alone, and at every
    /// level between them Langevin steps with the weight 2w - 1. One of them, of size 1, is the reverse SDE under the weight w as steps
    /// shrink; many lead to p1^(2w-1) p0^(2-2w) at each level.
    PredictorCorrector {
        /// K: Langevin steps at a level.
        #[serde(deserialize_with = "crate::json::whole")]
        corrections: u32,
        /// Their size, as a share of the variance that the step before removed.
        size: f64,
    },
    /// Foresight guidance (Wang et al. 2025, arXiv 2510.21512): before some of Euler's steps particles go some levels on as guided and
    /// come back as the guide would have come, until both ways agree. Without a guide it is Euler's method. The paper lists its steps
    /// (0, 5 and 15 of 40); here they are every `ahead`-th.
    Foresight {
        /// K: how often they go and come back.
        #[serde(deserialize_with = "crate::json::whole")]
        rounds: u32,
        /// How many levels they go on, and after how many steps they do so again.
        #[serde(deserialize_with = "crate::json::whole")]
        ahead: u32,
        /// The share of a run's steps in which they do.
        until: f64,
        /// The weight on that way.
        weight: f64,
    },
    /// Manifold projection (CFG-MP, 2026, arXiv 2601.21892) before Euler's steps: half a step back by the guide and half a step on by the
    /// main model, both at the same level; at the highest levels in the other order. Without a guide it is Euler's method. The paper's
    /// Anderson mixing is not there.
    ManifoldProjection {
        /// K: how often.
        #[serde(deserialize_with = "crate::json::whole")]
        rounds: u32,
        /// The least sigma/(1 + sigma), which is the paper's time, at which it is done.
        until: f64,
    },
}

of_numbers!(enum Solver {
    Heun,
    Euler,
    Churn { churn = CHURN, min = CHURN_LOW, max = CHURN_HIGH, noise = CHURN_NOISE },
    Ancestral,
    ReverseSde,
    DpmPlusPlus2m,
    PredictorCorrector { corrections = CORRECTIONS, size = CORRECTION_SIZE },
    Foresight { rounds = ROUNDS, ahead = FORESIGHT, until = FORESIGHT_UNTIL, weight = FORESIGHT_WEIGHT },
    ManifoldProjection { rounds = ROUNDS, until = PROJECTION_UNTIL },
});

/// sigma/(1 + sigma) from which manifold projection goes on before it goes back, as the paper's program does.
const PROJECTED_FORWARD: f64 = 0.95;

/// One move of particles, as coefficients: a step from a noise level to the next, or part of one. With `x` after the kick, `s` the guided score there,
/// `D = x + sigma^2 s` and `D'` that of the step before, and `xi` standard normal:
/// `x <- keep x + push s + recall D' + spread xi`; or where there is a second stage, with `t` the score at the point that
/// this gives: `x <- x + correct[0] s + correct[1] t`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The level that models are asked at.
    pub sigma: f64,
    /// Standard deviation of noise that is added first.
    pub kick: f64,
    /// Of x.
    pub keep: f64,
    /// Of the score.
    pub push: f64,
    /// Of the denoised estimate of the step before.
    pub recall: f64,
    /// Of fresh noise.
    pub spread: f64,
    /// Of both stages' scores, where there is a second stage.
    pub correct: Option<[f64; 2]>,
    /// The weight that guides it: this much, and this times the scheme's.
    pub pull: [f64; 2],
}

impl Solver {
    /// Whether a run draws fresh noise on its way.
    pub fn is_stochastic(self) -> bool {
        matches!(self, Self::Churn { .. } | Self::Ancestral | Self::ReverseSde | Self::PredictorCorrector { .. })
    }

    /// Whether its steps end as Euler's.
    pub fn is_of_euler(self) -> bool {
        matches!(self, Self::Euler | Self::Foresight { .. } | Self::ManifoldProjection { .. })
    }

    /// Whether it moves particles several times in a step.
    pub fn moves_often(self) -> bool {
        matches!(self, Self::PredictorCorrector { .. } | Self::Foresight { .. } | Self::ManifoldProjection { .. })
    }

    /// How many moves there are in step `i` of levels `sigmas` before the step itself.
    pub fn moves_before(self, sigmas: &[f64], i: usize) -> u32 {
        let (steps, sigma) = (sigmas.len() - 1, sigmas[i]);
        match self {
            Self::PredictorCorrector { corrections, .. } if i > 0 => corrections,
            // Not from the last level of noise, beyond which there is no way back.
            Self::Foresight { rounds, ahead, until, .. }
                if i.is_multiple_of(ahead as usize) && (i as f64) < until * steps as f64 && i + 1 < steps =>
            {
                2 * rounds
            }
            Self::ManifoldProjection { rounds, until } if sigma / (1.0 + sigma) >= until => 2 * rounds,
            _ => 0,
        }
    }

    /// Move `k` of those.
    pub fn before(self, sigmas: &[f64], i: usize, k: u32) -> Step {
        let sigma = sigmas[i];
        let even = k.is_multiple_of(2);
        // Along the flow from a level as if to another.
        let (mut from, mut to, mut weight) = (sigma, sigma, 0.0);
        let mut step = still(sigma);
        match self {
            Self::PredictorCorrector { size, .. } => {
                let variance = size * (sigmas[i - 1] - sigma) * (sigmas[i - 1] + sigma);
                step.push = 0.5 * variance;
                step.spread = variance.sqrt();
                step.pull = [-1.0, 2.0];
                return step;
            }
            Self::Foresight { ahead, weight: onwards, .. } => {
                let far = sigmas[(i + ahead as usize).min(sigmas.len() - 2)];
                if even {
                    (to, weight) = (far, onwards);
                } else {
                    from = far;
                }
            }
            _ => {
                let half = 0.5 * (sigma - sigmas[i + 1]);
                let back = even == (sigma / (1.0 + sigma) < PROJECTED_FORWARD);
                (to, weight) = if back { (sigma + half, 0.0) } else { (sigma - half, 1.0) };
            }
        }
        step.sigma = from;
        step.push = from * (from - to);
        step.pull = [weight, 0.0];
        step
    }

    /// Step `i` of levels `sigmas`, the last of which is zero; `first` is the first step that moves, before which there is no
    /// estimate to go on from.
    pub fn step(self, sigmas: &[f64], first: usize, i: usize) -> Step {
        let (sigma, next) = (sigmas[i], sigmas[i + 1]);
        let mut step = still(sigma);
        // Of the variance sigma^2 - next^2 that a step removes.
        let removed = (sigma - next) * (sigma + next);
        match self {
            Self::Heun => heun(&mut step, next),
            Self::Churn { churn, min, max, noise } => {
                let share = churn / (sigmas.len() - 1) as f64;
                let gamma = if sigma >= min && sigma <= max { share.min(std::f64::consts::SQRT_2 - 1.0) } else { 0.0 };
                step.sigma = sigma * (1.0 + gamma);
                step.kick = noise * ((step.sigma - sigma) * (step.sigma + sigma)).sqrt();
                heun(&mut step, next);
            }
            Self::Ancestral | Self::ReverseSde => {
                step.push = removed;
                step.spread = removed.sqrt();
                if self == Self::Ancestral {
                    step.spread *= next / sigma;
                } else if next == 0.0 {
                    // The last step goes to the data, which takes no noise.
                    step.spread = 0.0;
                }
            }
            Self::DpmPlusPlus2m => {
                let ratio = next / sigma;
                // D + (D - D') / (2 r), r the step before in ln sigma over this one; first order at both ends.
                let ahead = match i {
                    _ if i <= first || next == 0.0 => 0.0,
                    _ => 0.5 * libm::log(sigma / next) / libm::log(sigmas[i - 1] / sigma),
                };
                let newest = (1.0 - ratio) * (1.0 + ahead);
                step.keep = ratio + newest;
                step.push = newest * sigma * sigma;
                step.recall = -(1.0 - ratio) * ahead;
            }
            Self::Euler
            | Self::PredictorCorrector { .. }
            | Self::Foresight { .. }
            | Self::ManifoldProjection { .. } => {
                step.push = sigma * (sigma - next);
                if !self.is_of_euler() {
                    // The predictor follows the main model alone.
                    step.pull = [1.0, 0.0];
                }
            }
        }
        step
    }
}

/// A step at a level that moves nothing.
pub fn still(sigma: f64) -> Step {
    Step { sigma, kick: 0.0, keep: 1.0, push: 0.0, recall: 0.0, spread: 0.0, correct: None, pull: [0.0, 1.0] }
}

fn heun(step: &mut Step, next: f64) {
    let size = step.sigma - next;
    step.push = step.sigma * size;
    step.correct = (next > 0.0).then_some([0.5 * step.push, 0.5 * next * size]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::NoiseLevels;

    fn sigmas() -> Vec<f64> {
        NoiseLevels::default().sigmas().unwrap()
    }

    /// Of N(0, a^2) data smoothed by sigma the score is -x / (a^2 + sigma^2), and the flow keeps x / sqrt(a^2 + sigma^2).
    #[test]
    fn ode_solvers_follow_the_flow_of_a_gaussian() {
        let a = 0.5;
        let end = |solver: Solver, steps| {
            let sigmas = NoiseLevels { steps, ..NoiseLevels::default() }.sigmas().unwrap();
            let score = |x: f64, sigma: f64| -x / (a * a + sigma * sigma);
            let (mut x, mut before) = (3.0, 0.0);
            for i in 0..steps as usize {
                let step = solver.step(&sigmas, 0, i);
                let s = score(x, step.sigma);
                let estimate = x + step.sigma * step.sigma * s;
                let next = step.keep * x + step.push * s + step.recall * before;
                x = match step.correct {
                    Some([first, second]) => x + first * s + second * score(next, sigmas[i + 1]),
                    None => next,
                };
                before = estimate;
            }
            x / (3.0 * a / a.hypot(5.0)) - 1.0
        };
        // The error shrinks with the order of the method as steps double.
        for (solver, order) in [(Solver::Euler, 1.0), (Solver::Heun, 2.0), (Solver::DpmPlusPlus2m, 2.0)] {
            let [coarse, fine]: [f64; 2] = [end(solver, 64), end(solver, 128)];
            let found = (coarse / fine).log2();
            assert!((found - order).abs() < 0.35, "{solver:?}: {coarse} {fine}");
            assert!(fine.abs() < 0.02, "{solver:?}: {fine}");
        }
    }

    /// The variance of a Gaussian, which every step maps to keep and push: the reverse SDE must end at that of the data.
    #[test]
    fn stochastic_solvers_keep_the_variance_of_a_gaussian() {
        let a: f64 = 0.5;
        let churn = Solver::Churn { churn: 40.0, min: 0.05, max: 5.0, noise: 1.0 };
        for (solver, tolerance) in [(Solver::Ancestral, 0.02), (Solver::ReverseSde, 0.02), (churn, 2e-3)] {
            let sigmas = NoiseLevels { steps: 512, ..NoiseLevels::default() }.sigmas().unwrap();
            let mut variance = a * a + 25.0;
            for i in 0..512 {
                let step = solver.step(&sigmas, 0, i);
                let slope = |sigma: f64| -1.0 / (a * a + sigma * sigma);
                variance += step.kick * step.kick;
                let s = slope(step.sigma);
                let to = step.keep + step.push * s;
                let factor = match step.correct {
                    Some([first, second]) => 1.0 + first * s + second * slope(sigmas[i + 1]) * to,
                    None => to,
                };
                variance = factor * factor * variance + step.spread * step.spread;
            }
            assert!((variance / (a * a) - 1.0).abs() < tolerance, "{solver:?}: {variance}");
        }
    }

    #[test]
    fn only_stochastic_solvers_draw() {
        let sigmas = sigmas();
        let all = [
            Solver::Heun,
            Solver::Euler,
            Solver::Churn { churn: 10.0, min: 0.05, max: 5.0, noise: 1.0 },
            Solver::Ancestral,
            Solver::ReverseSde,
            Solver::DpmPlusPlus2m,
        ];
        for solver in all {
            let draws = (0..32).map(|i| solver.step(&sigmas, 0, i)).any(|s| s.kick != 0.0 || s.spread != 0.0);
            assert_eq!(draws, solver.is_stochastic(), "{solver:?}");
            assert_eq!(solver.step(&sigmas, 0, 31).spread, 0.0);
        }
    }
}
