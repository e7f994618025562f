//! One Gaussian guided by a wider one around the same point, where it is known in closed form how wide a run ends: by the ODE, by the
//! SDE, and what the tilted density p1^w p0^(1 - w) has, which guidance is often taken for.

use crate::error::Result;
use crate::guidance::catalogue::FEYNMAN_KAC;
use crate::guidance::{Combination, Guide, Scheme};
use crate::plane::distribution::{Component, Mixture};
use crate::plane::engine::RunConfig;
use crate::plane::engine::cpu::Sampler;
use crate::plane::{Models, starts};
use crate::sampling::{NoiseLevels, Solver};
use nalgebra::{Matrix2, Vector2};

/// Variance of the main model's data, to either side.
pub const MAIN_VARIANCE: f64 = 0.04;
/// Of the guide's.
pub const GUIDE_VARIANCE: f64 = 0.25;

/// sqrt(v1 + S^2) (v1/(v1 + S^2))^(w/2) (v0/(v0 + S^2))^((1 - w)/2): the standard deviation where the ODE ends, from S on.
pub fn ode(w: f64, highest: f64) -> f64 {
    let (v1, v0, square) = (MAIN_VARIANCE, GUIDE_VARIANCE, highest * highest);
    let share = |v: f64| v / (v + square);
    (v1 + square).sqrt() * share(v1).powf(0.5 * w) * share(v0).powf(0.5 * (1.0 - w))
}

/// Where the SDE ends: of the variance M(0) ((v1 + S^2)/M(S^2) + integral of 1/M from 0 to S^2), M(t) = (v1 + t)^2w (v0 + t)^(2 - 2w).
pub fn sde(w: f64, highest: f64) -> f64 {
    let (v1, v0, square) = (MAIN_VARIANCE, GUIDE_VARIANCE, highest * highest);
    let m = |t: f64| (v1 + t).powf(2.0 * w) * (v0 + t).powf(2.0 - 2.0 * w);
    // Simpson's rule in ln(v1 + t).
    let (from, to, n) = (v1.ln(), (v1 + square).ln(), 20_000);
    let value = |i: usize| {
        let shifted = (from + (to - from) * i as f64 / n as f64).exp();
        shifted / m(shifted - v1)
    };
    let weight = |i: usize| if i == 0 || i == n { 1.0 } else { [2.0, 4.0][i % 2] };
    let integral = (0..=n).map(|i| weight(i) * value(i)).sum::<f64>() * (to - from) / (3.0 * n as f64);
    (m(0.0) * ((v1 + square) / m(square) + integral)).sqrt()
}

/// Of p1^w p0^(1 - w): 1/V = w/v1 + (1 - w)/v0.
pub fn tilt(w: f64) -> f64 {
    (w / MAIN_VARIANCE + (1.0 - w) / GUIDE_VARIANCE).recip().sqrt()
}

/// The ways in which it is guided: by Heun's method, by the reverse SDE, weighted and resampled so as to follow the tilted density, and
/// by predictor-corrector guidance with one correction, which is the SDE, or with many, which is the tilt by 2w - 1.
pub const WAYS: [&str; 5] = [
    "the ODE (Heun)",
    "the SDE (reverse SDE)",
    "the tilt (Feynman-Kac correctors)",
    "predictor-corrector, one correction",
    "predictor-corrector, 32 corrections",
];

/// Standard deviations where runs end, and what closed forms say, for each of [`WAYS`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Widths {
    /// Of particles.
    pub found: [f64; 5],
    /// Of the closed form.
    pub known: [f64; 5],
}

/// Run all of them with so many particles.
///
/// # Errors
/// If a sampler refuses, which none does.
pub fn widths(weight: f64, particles: usize, steps: u32, seed: u64, threads: usize) -> Result<Widths> {
    let component = |class: u8, v: f64| Component {
        weight: 0.5,
        mean: Vector2::zeros(),
        covariance: Matrix2::identity() * v,
        class,
        branch: 0,
    };
    let both = Mixture::new(vec![component(0, MAIN_VARIANCE), component(1, GUIDE_VARIANCE)])?;
    let models = Models::of_mixture(&both)?;
    let levels = NoiseLevels { steps, ..NoiseLevels::default() };
    let lerp =
        Scheme { main: "exact:A".into(), guide: Some(Guide::new("exact:B", 1.0)), weight, levels, ..Scheme::default() };
    let stochastic = |combination: Combination| Scheme { combination, solver: Solver::ReverseSde, ..lerp.clone() };
    let corrected =
        |corrections, size| Scheme { solver: Solver::PredictorCorrector { corrections, size }, ..lerp.clone() };
    let start = starts(models.mixture(crate::plane::distribution::Classes::A), levels.max, seed, 0..particles);
    let width = |scheme: Scheme| -> Result<f64> {
        let ends = Sampler::new(&RunConfig { scheme, seed }, &models)?.sample(&start, threads);
        let squares: f64 = ends.iter().flatten().map(|&x| f64::from(x) * f64::from(x)).sum();
        Ok((squares / (2 * particles) as f64).sqrt())
    };
    let [by_ode, by_sde] = [ode(weight, levels.max), sde(weight, levels.max)];
    let ways = [
        (lerp.clone(), by_ode),
        (stochastic(Combination::Lerp), by_sde),
        (stochastic(FEYNMAN_KAC), tilt(weight)),
        (corrected(1, 1.0), by_sde),
        (corrected(32, 0.5), tilt(2.0 * weight - 1.0)),
    ];
    let mut widths = Widths { found: [0.0; 5], known: ways.each_ref().map(|(_, known)| *known) };
    for (found, (scheme, _)) in widths.found.iter_mut().zip(ways) {
        *found = width(scheme)?;
    }
    Ok(widths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_as_wide_as_known() {
        let Widths { found, known } = widths(3.0, 20_000, 256, 1, 2).unwrap();
        for (found, known) in found.into_iter().zip(known) {
            // 40,000 numbers are good to 0.35%; steps of the SDE to 2%.
            assert!((found / known - 1.0).abs() < 0.04, "{found} {known}");
        }
        assert!(known[0] < 0.5 * known[1] && known[1] < 0.9 * known[2], "{known:?}");
        // Without guidance it is one answer.
        let same = widths(1.0, 100, 4, 1, 1).unwrap().known;
        assert!(same.iter().all(|width| (width / MAIN_VARIANCE.sqrt() - 1.0).abs() < 1e-6), "{same:?}");
    }
}
