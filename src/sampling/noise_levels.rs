//! The noise levels that a run steps through.

use crate::error::{Error, Result};

/// Range of the number of steps.
pub const STEPS: std::ops::RangeInclusive<usize> = 2..=1024;

/// EDM's levels (equation 5): evenly spaced in sigma^(1/rho), then zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoiseLevels {
    /// Levels above zero, N.
    pub steps: usize,
    /// The lowest of them.
    pub min: f64,
    /// The highest.
    pub max: f64,
    /// How much denser they are at low noise.
    pub rho: f64,
}

impl Default for NoiseLevels {
    /// Those of autoguidance's toy example.
    fn default() -> Self {
        Self { steps: 32, min: 0.002, max: 5.0, rho: 7.0 }
    }
}

impl NoiseLevels {
    /// `sigma_0 > ... > sigma_{N-1} > sigma_N = 0`: N + 1 numbers.
    ///
    /// # Errors
    /// If the number of steps is out of range.
    pub fn sigmas(&self) -> Result<Vec<f64>> {
        if !STEPS.contains(&self.steps) {
            let range = format!("between {} and {}", STEPS.start(), STEPS.end());
            return Err(Error::invalid("The number of steps", range, self.steps));
        }
        // libm, so that native and wasm agree to the bit.
        let (high, low) = (libm::pow(self.max, 1.0 / self.rho), libm::pow(self.min, 1.0 / self.rho));
        let sigma = |i: usize| libm::pow(high + i as f64 / (self.steps - 1) as f64 * (low - high), self.rho);
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

    #[test]
    fn too_few_or_many_steps_are_refused() {
        for steps in [0, 1, 1025] {
            let levels = NoiseLevels { steps, ..NoiseLevels::default() };
            assert!(levels.sigmas().unwrap_err().to_string().contains("number of steps"));
        }
    }
}
