//! The guidance weight over time.
//!
//! `u` is the fraction of sampling that is done: 0 is pure noise, 1 is data.

use crate::angles::sine_and_cosine;
use crate::error::{Error, Result};
use crate::from_json;
use crate::json::decimal;
use crate::of_numbers;
use crate::parameter::{self, Setting};
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// A shape f(u) of the weight (Wang et al. 2024, arXiv 2404.13040, unless said otherwise).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Schedule {
    /// 1.
    #[default]
    Static,
    /// 2u.
    Linear,
    /// 1 - cos(pi u).
    Cosine,
    /// 2(1 - u).
    InverseLinear,
    /// 1 + cos(pi u).
    Sine,
    /// 2 |1 - 2u|.
    V,
    /// 2 (1 - |1 - 2u|).
    Lambda,
    /// Linear, but the weight never falls below a floor.
    ClampLinear {
        /// The floor, of the excess weight or of the raw one.
        floor: f64,
    },
    /// Cosine, but the weight never falls below a floor.
    ClampCosine {
        /// The floor, of the excess weight or of the raw one.
        floor: f64,
    },
    /// (1 - cos(pi u^s)) / 2: its peak is 1, not its mean.
    PoweredCosine {
        /// s.
        exponent: f64,
    },
    /// The density of Beta(a, b) at u (Malarz et al. 2025, arXiv 2502.10574).
    Beta {
        /// a, at least 1.
        a: f64,
        /// b, at least 1.
        b: f64,
    },
    /// e^(rate u), read raw the schedule of C2FG (2026, arXiv 2603.08155): its mean is not 1.
    Exponential {
        /// The rate; below 0 it falls.
        rate: f64,
    },
    /// 1, but 0 inside a window of u (negative perturbation).
    NegativePerturbation {
        /// Beginning of the window.
        from: f64,
        /// End of the window.
        to: f64,
    },
    /// Straight lines between points (u, f), level before the first and after the last.
    Curve {
        /// 1 to 64 points with u rising from 0 to 1.
        points: Vec<[f64; 2]>,
    },
}

/// Most points of a curve.
const POINTS: usize = 64;

/// What the shape multiplies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Reading {
    /// The excess over no guidance: w(u) = 1 + (w - 1) f(u).
    #[default]
    Excess,
    /// The weight itself: w(u) = w f(u), so that f = 0 follows the guide alone.
    Raw,
}

/// Noise levels with guidance; outside of them the weight is 1 (Kynkäänniemi et al. 2024, arXiv 2404.07724).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Interval {
    /// Lower end in sigma, itself outside.
    pub low: f64,
    /// Upper end in sigma, itself inside.
    pub high: f64,
}

of_numbers!(enum Schedule {
    Static,
    Linear,
    Cosine,
    InverseLinear,
    Sine,
    V,
    Lambda,
    ClampLinear { floor = FLOOR },
    ClampCosine { floor = FLOOR },
    PoweredCosine { exponent = EXPONENT_IN_TIME },
    Beta { a = BETA_A, b = BETA_B },
    Exponential { rate = GROWTH_RATE },
    NegativePerturbation { from = WINDOW_FROM, to = WINDOW_TO },
    Curve(points),
});
from_json!(
    enum Reading {
        Excess,
        Raw,
    }
);
from_json!(struct Interval { low, high });

impl Interval {
    /// Whether a step that begins at `sigma` is guided.
    pub fn contains(&self, sigma: f64) -> bool {
        self.low < sigma && sigma <= self.high
    }

    /// Its numbers.
    pub fn settings(&self) -> [Setting; 2] {
        [("low", &parameter::INTERVAL_LOW, self.low), ("high", &parameter::INTERVAL_HIGH, self.high)]
    }
}

impl Schedule {
    /// Check the numbers.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming what is out of range.
    pub fn validate(&self) -> Result<()> {
        parameter::check(&self.settings())?;
        match self {
            Self::NegativePerturbation { from, to } if from >= to => Err(Error::invalid(
                "The window",
                "from an earlier time to a later one",
                format!("{} to {}", decimal(*from), decimal(*to)),
            )),
            Self::Curve { points } => {
                if points.is_empty() || points.len() > POINTS {
                    return Err(Error::invalid("The curve", format!("of 1 to {POINTS} points"), points.len()));
                }
                points.iter().try_for_each(|[_, height]| parameter::CURVE_WEIGHT.check(*height))?;
                let inside = points.iter().all(|[u, _]| (0.0..=1.0).contains(u));
                if !inside || points.windows(2).any(|pair| pair[0][0] >= pair[1][0]) {
                    return Err(Error::invalid("The time of a curve's points", "rising from 0 to 1", "not"));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// f(u), before any floor.
    pub fn shape(&self, u: f64) -> f64 {
        match self {
            Self::Static => 1.0,
            Self::Linear | Self::ClampLinear { .. } => 2.0 * u,
            Self::Cosine | Self::ClampCosine { .. } => 1.0 - cosine(PI * u),
            Self::InverseLinear => 2.0 * (1.0 - u),
            Self::Sine => 1.0 + cosine(PI * u),
            Self::V => 2.0 * (1.0 - 2.0 * u).abs(),
            Self::Lambda => 2.0 * (1.0 - (1.0 - 2.0 * u).abs()),
            Self::PoweredCosine { exponent } => 0.5 * (1.0 - cosine(PI * libm::pow(u, *exponent))),
            Self::Beta { a, b } => {
                let norm = log_gamma(a + b) - log_gamma(*a) - log_gamma(*b);
                libm::exp(norm) * libm::pow(u, a - 1.0) * libm::pow(1.0 - u, b - 1.0)
            }
            Self::Exponential { rate } => libm::exp(rate * u),
            Self::NegativePerturbation { from, to } => f64::from(u < *from || u > *to),
            Self::Curve { points } => {
                let after = points.partition_point(|[at, _]| *at < u);
                match (after.checked_sub(1).map(|before| points[before]), points.get(after)) {
                    (Some([u0, f0]), Some([u1, f1])) => f0 + (f1 - f0) * (u - u0) / (u1 - u0),
                    (Some([_, f]), None) => f,
                    (None, Some([_, f])) => *f,
                    (None, None) => 1.0,
                }
            }
        }
    }

    /// The guidance weight at time `u` for a weight `w`.
    pub fn weight(&self, reading: Reading, w: f64, u: f64) -> f64 {
        let floored = |weight: f64| match self {
            Self::ClampLinear { floor } | Self::ClampCosine { floor } => weight.max(*floor),
            _ => weight,
        };
        match reading {
            Reading::Excess => 1.0 + floored((w - 1.0) * self.shape(u)),
            Reading::Raw => floored(w * self.shape(u)),
        }
    }
}

fn cosine(angle: f64) -> f64 {
    sine_and_cosine(angle)[1]
}

/// The logarithm of the gamma function, from 1 on: Stirling's series from 10 on, and gamma(x) = gamma(x + 1)/x below. (In an eighth
/// of the bytes of `libm`'s.)
fn log_gamma(mut x: f64) -> f64 {
    let mut below = 1.0;
    while x < 10.0 {
        below *= x;
        x += 1.0;
    }
    let z = 1.0 / (x * x);
    let series = (1.0 / 12.0 - z * (1.0 / 360.0 - z * (1.0 / 1260.0 - z * (1.0 / 1680.0 - z / 1188.0)))) / x;
    (x - 0.5) * libm::log(x) - x + 0.5 * libm::log(2.0 * PI) + series - libm::log(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(schedule: &Schedule) -> f64 {
        let n = 20_000;
        (0..n).map(|i| schedule.shape((f64::from(i) + 0.5) / f64::from(n))).sum::<f64>() / f64::from(n)
    }

    #[test]
    fn shapes_of_excess_have_mean_one() {
        let beta = Schedule::Beta { a: 2.5, b: 1.5 };
        for schedule in [
            Schedule::Static,
            Schedule::Linear,
            Schedule::Cosine,
            Schedule::InverseLinear,
            Schedule::Sine,
            Schedule::V,
            Schedule::Lambda,
            beta,
        ] {
            assert!((mean(&schedule) - 1.0).abs() < 1e-5, "{schedule:?}: {}", mean(&schedule));
        }
        assert!((mean(&Schedule::PoweredCosine { exponent: 1.0 }) - 0.5).abs() < 1e-6);
    }

    #[test]
    fn gamma_is_the_gamma_function() {
        for i in 0..4000 {
            let x = 1.0 + 0.01 * f64::from(i);
            let error = (log_gamma(x) - libm::lgamma(x)).abs();
            assert!(error < 4e-14 * (1.0 + libm::lgamma(x)), "{x}: {error:e}");
        }
    }

    /// By hand, from the papers' formulas.
    #[test]
    fn weights_at_known_times() {
        let at = |schedule: &Schedule, reading, w, u| schedule.weight(reading, w, u);
        use Reading::{Excess, Raw};
        assert_eq!(at(&Schedule::Linear, Excess, 3.0, 0.25), 2.0);
        assert_eq!(at(&Schedule::InverseLinear, Excess, 3.0, 0.25), 4.0);
        assert!((at(&Schedule::Cosine, Excess, 3.0, 0.5) - 3.0).abs() < 1e-12);
        assert!((at(&Schedule::Sine, Excess, 3.0, 1.0) - 1.0).abs() < 1e-12);
        assert_eq!(at(&Schedule::V, Excess, 3.0, 0.5), 1.0);
        assert_eq!(at(&Schedule::Lambda, Excess, 3.0, 0.5), 5.0);
        // The proposal's own, (g/2)(1 - cos(pi u)): from the guide alone to g.
        let proposal = Schedule::PoweredCosine { exponent: 1.0 };
        for (u, weight) in [(0.0, 0.0), (0.5, 4.0), (1.0, 8.0)] {
            assert!((at(&proposal, Raw, 8.0, u) - weight).abs() < 1e-12);
        }
        let clamp = Schedule::ClampLinear { floor: 1.5 };
        assert_eq!(at(&clamp, Excess, 3.0, 0.1), 2.5);
        assert_eq!(at(&clamp, Excess, 3.0, 0.9), 1.0 + 2.0 * 1.8);
        assert_eq!(at(&clamp, Raw, 3.0, 0.1), 1.5);
        // Beta(2, 3) at 1/2: 12 u (1 - u)^2 = 1.5.
        assert!((at(&Schedule::Beta { a: 2.0, b: 3.0 }, Excess, 3.0, 0.5) - 4.0).abs() < 1e-12);
        // C2FG's of DiT: from 1 to 2.
        let doubling = Schedule::Exponential { rate: std::f64::consts::LN_2 };
        for (u, weight) in [(0.0, 1.0), (0.5, std::f64::consts::SQRT_2), (1.0, 2.0)] {
            assert!((at(&doubling, Raw, 1.0, u) - weight).abs() < 1e-12);
        }
        let hole = Schedule::NegativePerturbation { from: 0.2, to: 0.4 };
        assert_eq!([0.1, 0.3, 0.5].map(|u| at(&hole, Excess, 4.0, u)), [4.0, 1.0, 4.0]);
        let curve = Schedule::Curve { points: vec![[0.2, 0.0], [0.6, 2.0]] };
        for (u, weight) in [(0.0, 1.0), (0.2, 1.0), (0.4, 3.0), (0.6, 5.0), (1.0, 5.0)] {
            assert!((at(&curve, Excess, 3.0, u) - weight).abs() < 1e-12, "{u}");
        }
    }

    #[test]
    fn bad_curves_and_windows_are_refused() {
        let curve = |points: &[[f64; 2]]| Schedule::Curve { points: points.to_vec() };
        for bad in [
            curve(&[]),
            curve(&[[0.5, 1.0], [0.5, 2.0]]),
            curve(&[[-0.1, 1.0]]),
            curve(&[[0.5, f64::NAN]]),
            curve(&[[f64::NAN, 1.0]]),
            curve(&[[0.0, 1.0]; 65]),
            Schedule::NegativePerturbation { from: 0.5, to: 0.5 },
            Schedule::Beta { a: 0.5, b: 1.0 },
        ] {
            assert!(bad.validate().is_err(), "{bad:?}");
        }
        assert!(curve(&[[0.0, 1.0], [1.0, 0.0]]).validate().is_ok());
    }
}
