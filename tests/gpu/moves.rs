//! What solvers do at a noise level before they step on from it, as their papers' listings do.

use guidance_playground::sampling::Solver;

/// x <- x + push s + spread xi, with the score s of a weight at a level and the noise xi of a draw of the run's.
#[derive(Clone, Copy)]
pub struct Move {
    pub sigma: f64,
    pub weight: f64,
    pub push: f64,
    /// Spread, and which draw.
    pub noise: (f64, usize),
}

/// Those before step `i` of `sigmas`, of a scheme whose weight there is `w`.
pub fn moves(solver: Solver, sigmas: &[f64], i: usize, w: f64) -> Vec<Move> {
    let (sigma, n) = (sigmas[i], sigmas.len() - 1);
    // Along dx/dsigma = -sigma s, which is (x - D)/sigma, as if from a level to another.
    let along = |at: f64, weight: f64, by: f64| Move { sigma: at, weight, push: -by * at, noise: (0.0, 0) };
    let mut all = Vec::new();
    match solver {
        Solver::PredictorCorrector { corrections, size } if i > 0 => {
            let h = size * (sigmas[i - 1].powi(2) - sigma.powi(2));
            for k in 0..corrections as usize {
                let draw = 1 + (i - 1) * (corrections as usize + 1) + k;
                all.push(Move { sigma, weight: 2.0 * w - 1.0, push: 0.5 * h, noise: (h.sqrt(), draw) });
            }
        }
        Solver::Foresight { rounds, ahead, until, weight }
            if i.is_multiple_of(ahead as usize) && (i as f64) < until * n as f64 && i + 1 < n =>
        {
            let far = sigmas[(i + ahead as usize).min(n - 1)];
            for _ in 0..rounds {
                all.extend([along(sigma, weight, far - sigma), along(far, 0.0, sigma - far)]);
            }
        }
        Solver::ManifoldProjection { rounds, until } if sigma / (1.0 + sigma) >= until => {
            let h = 0.5 * (sigma - sigmas[i + 1]);
            let [by_guide, by_main] = [along(sigma, 0.0, h), along(sigma, 1.0, -h)];
            let round = if sigma / (1.0 + sigma) < 0.95 { [by_guide, by_main] } else { [by_main, by_guide] };
            for _ in 0..rounds {
                all.extend(round);
            }
        }
        _ => {}
    }
    all
}
