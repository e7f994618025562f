//! The noise levels that a run steps through.

use crate::angles::sine_and_cosine;
use crate::error::{Error, Result};
use crate::from_json;
use crate::json::decimal;
use crate::of_numbers;
use crate::parameter::{self, Setting};
use serde::{Deserialize, Serialize};

/// Noise levels: `steps` of them from `max` to `min`, then zero.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct NoiseLevels {
    /// Levels above zero, N: 2 to 1024.
    #[serde(deserialize_with = "crate::json::whole")]
    pub steps: u32,
    /// The lowest of them.
    pub min: f64,
    /// The highest.
    pub max: f64,
    /// What is evenly spaced.
    pub spacing: Spacing,
}

/// A function of sigma that is evenly spaced from the highest level to the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Spacing {
    /// sigma^(1/rho) (EDM, equation 5).
    Edm {
        /// How much denser levels are at low noise; 1 is linear.
        rho: f64,
    },
    /// sigma itself.
    Linear,
    /// The time of a variance-preserving process whose beta rises linearly from 0.1 to 20: DDPM's levels in EDM's form.
    LinearBeta,
    /// The angle arctan sigma: the cosine schedule of a variance-preserving process (Nichol & Dhariwal 2021) in EDM's form.
    Cosine,
    /// ln sigma: the variance-exploding process (Song et al. 2021).
    LogLinear,
}

from_json!(struct NoiseLevels or default { steps, min, max, spacing });
of_numbers!(enum Spacing { Edm { rho = RHO }, Linear, LinearBeta, Cosine, LogLinear });

/// beta(0) and beta(1) - beta(0) of [`Spacing::LinearBeta`] (DDPM in continuous time; EDM table 1).
const BETA: [f64; 2] = [0.1, 19.9];

impl Default for NoiseLevels {
    /// Those of autoguidance's toy example.
    fn default() -> Self {
        Self {
            steps: parameter::STEPS.default as u32,
            min: parameter::SIGMA_MIN.default,
            max: parameter::SIGMA_MAX.default,
            spacing: Spacing::default(),
        }
    }
}

impl Default for Spacing {
    fn default() -> Self {
        Self::Edm { rho: parameter::RHO.default }
    }
}

impl Spacing {
    /// The evenly spaced quantity.
    fn even(self, sigma: f64) -> f64 {
        match self {
            Self::Edm { rho } => libm::pow(sigma, 1.0 / rho),
            Self::Linear => sigma,
            Self::LinearBeta => {
                ((BETA[0] * BETA[0] + 2.0 * BETA[1] * libm::log1p(sigma * sigma)).sqrt() - BETA[0]) / BETA[1]
            }
            Self::Cosine => libm::atan(sigma),
            Self::LogLinear => libm::log(sigma),
        }
    }

    /// The level at which it has this value.
    fn sigma(self, even: f64) -> f64 {
        match self {
            Self::Edm { rho } => libm::pow(even, rho),
            Self::Linear => even,
            Self::LinearBeta => (libm::expm1(even * (BETA[0] + 0.5 * BETA[1] * even))).sqrt(),
            Self::Cosine => {
                let [sine, cosine] = sine_and_cosine(even);
                sine / cosine
            }
            Self::LogLinear => libm::exp(even),
        }
    }
}

impl NoiseLevels {
    /// Its numbers.
    pub fn settings(&self) -> [Setting; 3] {
        [
            ("steps", &parameter::STEPS, f64::from(self.steps)),
            ("min", &parameter::SIGMA_MIN, self.min),
            ("max", &parameter::SIGMA_MAX, self.max),
        ]
    }

    /// `sigma_0 > ... > sigma_{N-1} > sigma_N = 0`: N + 1 numbers.
    ///
    /// # Errors
    /// If a number is out of range, or the lowest level is not below the highest.
    pub fn sigmas(&self) -> Result<Vec<f64>> {
        parameter::check(&self.settings())?;
        parameter::check(&self.spacing.settings())?;
        if self.min >= self.max {
            let below = format!("below the greatest, {}", decimal(self.max));
            return Err(Error::invalid("The least noise level", below, decimal(self.min)));
        }
        // libm, so that native and wasm agree to the bit.
        let (high, low) = (self.spacing.even(self.max), self.spacing.even(self.min));
        let last = f64::from(self.steps - 1);
        let sigma = |i: u32| self.spacing.sigma(high + f64::from(i) / last * (low - high));
        Ok((0..self.steps).map(sigma).chain([0.0]).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_toys_levels() {
        let sigmas = NoiseLevels::default().sigmas().unwrap();
        assert_eq!(sigmas.len(), 33);
        assert!((sigmas[0] - 5.0).abs() < 1e-12 && (sigmas[31] - 0.002).abs() < 1e-12 && sigmas[32] == 0.0);
        assert!(sigmas.windows(2).all(|w| w[0] > w[1]));
        // By hand: 5^(1/7) = 1.258498951, .002^(1/7) = .411568.., level 1 = (1.2585 - .84693/31)^7.
        let expected = (5f64.powf(1.0 / 7.0) * (30.0 / 31.0) + 0.002f64.powf(1.0 / 7.0) / 31.0).powi(7);
        assert!((sigmas[1] - expected).abs() < 1e-12);
    }

    /// Against the processes that the spacings come from, not their closed forms.
    #[test]
    fn spacings_are_those_of_their_processes() {
        let levels = |spacing| NoiseLevels { spacing, ..NoiseLevels::default() }.sigmas().unwrap();
        for spacing in [Spacing::Linear, Spacing::LinearBeta, Spacing::Cosine, Spacing::LogLinear] {
            let sigmas = levels(spacing);
            assert!((sigmas[0] - 5.0).abs() < 1e-9 && (sigmas[31] - 0.002).abs() < 1e-12, "{spacing:?}");
            assert!(sigmas.windows(2).all(|w| w[0] > w[1]), "{spacing:?}");
        }
        // Half-way: the mean, the geometric mean.
        let middle = |spacing| NoiseLevels { steps: 3, spacing, ..NoiseLevels::default() }.sigmas().unwrap()[1];
        assert!((middle(Spacing::Linear) - 2.501).abs() < 1e-12);
        assert!((middle(Spacing::LogLinear) - (5.0f64 * 0.002).sqrt()).abs() < 1e-12);
        // A variance-preserving process with alpha-bar: sigma^2 = 1 / alpha-bar - 1. Cosine: alpha-bar = cos^2 of an even
        // angle; linear beta: alpha-bar = the exponential of minus the integral of beta, here by the midpoint rule.
        let sigma = middle(Spacing::Cosine);
        let angle = 0.5 * (5.0f64.atan() + 0.002f64.atan());
        assert!((1.0 / (1.0 + sigma * sigma) - angle.cos().powi(2)).abs() < 1e-12);
        let alpha_bar = |t: f64| {
            let n = 10_000;
            let beta = |i: usize| BETA[0] + BETA[1] * t * (i as f64 + 0.5) / n as f64;
            (-(0..n).map(beta).sum::<f64>() * t / n as f64).exp()
        };
        let time = |sigma: f64| {
            let (mut low, mut high) = (0.0, 1.0);
            for _ in 0..60 {
                let t = 0.5 * (low + high);
                if 1.0 / alpha_bar(t) - 1.0 < sigma * sigma { low = t } else { high = t }
            }
            low
        };
        assert!((time(middle(Spacing::LinearBeta)) - 0.5 * (time(5.0) + time(0.002))).abs() < 1e-6);
    }

    #[test]
    fn bad_numbers_are_refused() {
        for steps in [0, 1, 1025] {
            let levels = NoiseLevels { steps, ..NoiseLevels::default() };
            assert!(levels.sigmas().unwrap_err().to_string().contains("number of steps"));
        }
        let levels = NoiseLevels { min: 0.5, max: 0.5, ..NoiseLevels::default() };
        assert!(levels.sigmas().unwrap_err().to_string().contains("below the greatest"));
        let levels = NoiseLevels { spacing: Spacing::Edm { rho: 0.0 }, ..NoiseLevels::default() };
        assert!(levels.sigmas().is_err());
    }
}
