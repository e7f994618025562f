//! Rules that make one score of the main model's and the guide's.
//!
//! Invariant: a rule works on scores at one noise level; `D = x + sigma^2 s` takes them to denoised estimates, in which
//! lengths are those of the data.

use crate::from_json;
use crate::parameter::{self, Setting};
use serde::{Deserialize, Serialize};

/// How main and guide become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Combination {
    /// s0 + w (s1 - s0).
    #[default]
    Lerp,
    /// CFG++ (Chung et al. 2024, arXiv 2406.08070): the estimate D0 + w (D1 - D0), but the noise of the guide.
    CfgPlusPlus,
    /// Adaptive projected guidance (Sadat et al. 2024, arXiv 2410.02416), in denoised estimates.
    Apg {
        /// beta: of the guidance of steps before.
        momentum: f64,
        /// eta: share of the part parallel to the main model's estimate.
        parallel: f64,
        /// r: greatest length; 0 is no bound.
        radius: f64,
    },
    /// CFG-Zero* (Fan et al. 2025, arXiv 2503.18886): the guide scaled to fit the main model best.
    CfgZeroStar {
        /// Steps at the beginning that do not move.
        #[serde(deserialize_with = "crate::json::whole")]
        still: u32,
    },
    /// Tangential damping (Kwon et al. 2025, arXiv 2503.18137): the guide's part along the direction that both share.
    Tcfg,
    /// The guidance no longer than a radius, in denoised estimates: after dynamic thresholding (Saharia et al. 2022, arXiv
    /// 2205.11487), whose quantiles of pixels two coordinates do not have.
    NormClip {
        /// r.
        radius: f64,
    },
    /// Momentum guidance (Liao et al. 2026, arXiv 2602.20360): away from a running mean of the main model's own estimates; no guide.
    Momentum {
        /// a: how strongly.
        strength: f64,
        /// b: how fast the mean follows.
        rate: f64,
    },
    /// Power law (2502.07849): the guidance times its own length to a power, in denoised estimates.
    PowerLaw {
        /// alpha; 0 is lerp.
        power: f64,
    },
    /// Lerp with particles weighted and resampled so that they follow p1^w p0^(1-w) itself (Skreta et al. 2025,
    /// arXiv 2503.02819).
    FeynmanKac {
        /// Share of effective particles below which they are resampled.
        threshold: f64,
    },
}

/// What is mixed. It makes a difference where the guide is asked at another noise level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Space {
    /// Scores s.
    #[default]
    Score,
    /// Noise estimates -sigma s.
    Epsilon,
    /// Denoised estimates x + sigma^2 s.
    Denoised,
}

from_json!(enum Combination {
    Lerp,
    CfgPlusPlus,
    Apg { momentum, parallel, radius },
    CfgZeroStar { still },
    Tcfg,
    NormClip { radius },
    Momentum { strength, rate },
    PowerLaw { power },
    FeynmanKac { threshold },
});
from_json!(
    enum Space {
        Score,
        Epsilon,
        Denoised,
    }
);

impl Space {
    /// As JSON writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Epsilon => "epsilon",
            Self::Denoised => "denoised",
        }
    }

    /// What the score of a guide at k sigma is multiplied by, so that scores can be mixed: with eps0 = -k sigma s0,
    /// mixing eps is mixing s1 with k s0; with D0 = x + (k sigma)^2 s0, it is k^2 s0.
    pub fn factor(self, k: f64) -> f64 {
        match self {
            Self::Score => 1.0,
            Self::Epsilon => k,
            Self::Denoised => k * k,
        }
    }
}

impl Combination {
    /// Its numbers.
    pub fn settings(&self) -> Vec<Setting> {
        match *self {
            Self::Lerp | Self::CfgPlusPlus | Self::Tcfg => Vec::new(),
            Self::Apg { momentum, parallel, radius } => vec![
                ("momentum", &parameter::APG_MOMENTUM, momentum),
                ("parallel", &parameter::APG_PARALLEL, parallel),
                ("radius", &parameter::CLIP_RADIUS, radius),
            ],
            Self::CfgZeroStar { still } => vec![("still", &parameter::ZERO_STEPS, f64::from(still))],
            Self::NormClip { radius } => vec![("radius", &parameter::CLIP_RADIUS, radius)],
            Self::Momentum { strength, rate } => {
                vec![("strength", &parameter::MOMENTUM_STRENGTH, strength), ("rate", &parameter::MOMENTUM_RATE, rate)]
            }
            Self::PowerLaw { power } => vec![("power", &parameter::POWER, power)],
            Self::FeynmanKac { threshold } => vec![("threshold", &parameter::RESAMPLING, threshold)],
        }
    }

    /// Whether particles carry something from step to step.
    pub fn remembers(self) -> bool {
        matches!(self, Self::Apg { .. } | Self::Momentum { .. } | Self::FeynmanKac { .. })
    }
}

/// What a rule is told besides scores.
#[derive(Clone, Copy, Debug)]
pub struct StageContext {
    /// sigma^2 of the main model's level.
    pub variance: f32,
    /// Guidance weight.
    pub weight: f32,
    /// Where in a run this is: memory begins anew in its first stage, and is only read in second stages.
    pub place: Place,
}

/// A stage of a run, as memory sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The first stage of the first step.
    Beginning,
    /// The first stage of a later step.
    First,
    /// The second stage of a step, which reads what its first has left: as the next step's first stage will.
    Second,
}

/// Shorter than any score that matters; keeps quotients finite where a score vanishes.
const TINY: f32 = 1e-30;

impl Combination {
    /// The guided score of a particle at `at` with scores `main` and `guide`, which stands for nothing where there is
    /// none. (Twin: combine.wgsl.)
    #[inline(always)]
    pub fn combine(
        self,
        context: StageContext,
        at: [f32; 2],
        main: [f32; 2],
        guide: [f32; 2],
        memory: &mut [f32; 2],
    ) -> [f32; 2] {
        let StageContext { variance, weight, place } = context;
        let difference = sub(main, guide);
        match self {
            Self::Lerp | Self::CfgPlusPlus | Self::FeynmanKac { .. } => along(guide, weight, difference),
            Self::Apg { momentum, parallel, radius } => {
                if place == Place::Beginning {
                    *memory = [0.0; 2];
                }
                let mut push = along(scale(variance, difference), momentum as f32, *memory);
                if place != Place::Second {
                    *memory = push;
                }
                push = clip(push, radius as f32);
                let estimate = along(at, variance, main);
                let shared = scale(dot(push, estimate) / dot(estimate, estimate).max(TINY), estimate);
                let push = along(sub(push, shared), parallel as f32, shared);
                along(main, (weight - 1.0) / variance, push)
            }
            Self::CfgZeroStar { .. } => {
                let fitted = scale(dot(main, guide) / dot(guide, guide).max(TINY), guide);
                along(fitted, weight, sub(main, fitted))
            }
            Self::Tcfg => {
                // Leading eigenvector of main main^T + guide guide^T, by the angle of a symmetric 2 x 2 matrix.
                let [a, d] = [0, 1].map(|i| main[i] * main[i] + guide[i] * guide[i]);
                let b = main[0] * main[1] + guide[0] * guide[1];
                let half = 0.5 * (a - d);
                let root = (half * half + b * b).sqrt();
                let axis = if half > 0.0 { [half + root, b] } else { [b, root - half] };
                let damped = scale(dot(guide, axis) / dot(axis, axis).max(TINY), axis);
                along(damped, weight, sub(main, damped))
            }
            Self::NormClip { radius } => {
                let push = clip(scale((weight - 1.0) * variance, difference), radius as f32);
                along(main, 1.0 / variance, push)
            }
            Self::Momentum { strength, rate } => {
                let estimate = along(at, variance, main);
                if place == Place::Beginning {
                    *memory = estimate;
                }
                let away = sub(estimate, *memory);
                if place != Place::Second {
                    *memory = along(*memory, rate as f32, away);
                }
                along(main, strength as f32 / variance, away)
            }
            Self::PowerLaw { power } => {
                let length = variance * dot(difference, difference).sqrt();
                let factor = if power == 0.0 { 1.0 } else { length.max(TINY).powf(power as f32) };
                along(main, (weight - 1.0) * factor, difference)
            }
        }
    }
}

#[inline(always)]
fn dot(a: [f32; 2], b: [f32; 2]) -> f32 {
    a[0] * b[0] + a[1] * b[1]
}

#[inline(always)]
fn scale(factor: f32, a: [f32; 2]) -> [f32; 2] {
    [factor * a[0], factor * a[1]]
}

#[inline(always)]
fn sub(a: [f32; 2], b: [f32; 2]) -> [f32; 2] {
    [a[0] - b[0], a[1] - b[1]]
}

/// `from + size direction`.
#[inline(always)]
fn along(from: [f32; 2], size: f32, direction: [f32; 2]) -> [f32; 2] {
    [from[0] + size * direction[0], from[1] + size * direction[1]]
}

/// `a`, no longer than `radius`; 0 is no bound.
#[inline(always)]
fn clip(a: [f32; 2], radius: f32) -> [f32; 2] {
    let length = dot(a, a).sqrt();
    if radius > 0.0 && length > radius { scale(radius / length, a) } else { a }
}
