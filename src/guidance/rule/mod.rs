//! Rules that make one estimate of the main model's and the guide's.
//!
//! A rule is its description, its row of [`Traits`] and its arm in [`mix`](mix()); engines and plans ask the row, and match no rule
//! by name. None knows a dimension: what a rule needs of its vectors is their inner products.

mod mix;
// Where programs are downloaded, what compiles a person's rules is a program of its own, which the others ask.
#[cfg_attr(all(target_arch = "wasm32", not(feature = "own-rule")), path = "hosted.rs")]
pub mod own;
mod time;
mod traits;
mod update;

pub use mix::{Gram, Mix, Moment, Place, Real, mix};
pub use time::Time;
pub use traits::{Carries, Demand, Traits};
pub use update::Update;

use crate::error::Result;
use crate::of_numbers;
use crate::parameter::Setting;
use serde::{Deserialize, Serialize};

/// How main and guide become one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// Temporal score rescaling (Xu et al. 2025, arXiv 2510.01184): the guided score times (v + sigma^2)/(v/k + sigma^2), v = width^2:
    /// modes of that width become sqrt(k) times as narrow, and none is lost. With or without a guide.
    Tsr {
        /// k: what the modes' variance is divided by; 1 is no change.
        sharpness: f64,
        /// The standard deviation of the modes that are meant.
        width: f64,
    },
    /// Feedback guidance (Koulischer et al. 2025, arXiv 2506.06085): a weight for each particle, from what its steps have told of
    /// p1/p0: 1/(1 - (1 - pi) p0/p1), as if p1 were pi of what is wanted and the rest the guide. A weight other than 1 comes on top.
    Feedback {
        /// pi.
        share: f64,
        /// The greatest weight.
        most: f64,
        /// t0: the time left, of 1, at which guidance begins.
        onset: f64,
        /// t1: the time left at which it is decided.
        decision: f64,
    },
    /// Feedback guidance by the true densities: the score of (p1 - (1 - pi) p0)/pi, wherever that is positive.
    FeedbackExact {
        /// pi.
        share: f64,
        /// The greatest weight.
        most: f64,
    },
    /// Dynamic negative guidance (Koulischer et al. 2024, arXiv 2410.14398): away from the guide, which is what is not wanted, by
    /// l0 p/(1 - p) more than 1, p what a particle's steps have told of its being that.
    Negative {
        /// l0.
        strength: f64,
        /// p at the beginning.
        prior: f64,
        /// The greatest p.
        most: f64,
        /// T: how much a step tells.
        temperature: f64,
        /// Added to each step's |x+ - mean|^2.
        offset: f64,
    },
    /// Dynamic negative guidance by the true posterior. With l0 = 1 and the guide's true share it is the score of the rest.
    NegativeExact {
        /// l0.
        strength: f64,
        /// The guide's share of the main model.
        prior: f64,
        /// The greatest p.
        most: f64,
    },
    /// Power law (2502.07849): the guidance times its own length to a power, in denoised estimates.
    PowerLaw {
        /// alpha; 0 is lerp.
        power: f64,
    },
    /// Angle-domain guidance (Jin et al. 2025, arXiv 2506.11039): the main model's estimate turned away from the guide's, by a sixth
    /// of a turn at most, and not moved; about the origin of the coordinates.
    Adg,
    /// PMC-CFG (2026, arXiv 2609.24287): the greatest weight up to w at which the guided estimate is at most G times as long as the
    /// main model's.
    Pmc {
        /// G.
        growth: f64,
    },
    /// MAMBO-G (2025, arXiv 2508.03442): w - 1 times exp(-alpha rho), rho the difference of both models' velocities as a share of the
    /// guide's.
    MamboG {
        /// alpha; 0 is lerp.
        damping: f64,
    },
    /// The guided noise estimate no shorter and no longer than some multiples of the main model's: as long as that it is EP-CFG (2024,
    /// arXiv 2412.09966), with a bound above alone CFG-Renorm (2025, arXiv 2503.21758).
    Renorm {
        /// The least length, of the main model's.
        least: f64,
        /// The greatest.
        most: f64,
    },
    /// History-guided sampling (Sadat et al. 2025, arXiv 2509.22300): away from the mean of the guided estimates before, without its
    /// high-pass filter, which a plane has not.
    Higs {
        /// w_h.
        strength: f64,
        /// a: how fast the mean follows.
        rate: f64,
        /// eta: share of the part parallel to the guided estimate.
        parallel: f64,
        /// t0: the time left, as sigma/(1 + sigma), at which it ends.
        end: f64,
    },
    /// Epsilon scaling (Ning et al. 2023, arXiv 2308.15321): the noise estimate over lambda. With or without a guide.
    EpsilonScaling {
        /// lambda; 1 is no change.
        divisor: f64,
    },
    /// Adaptive guidance (Castillo et al. 2023, arXiv 2312.12487): no guidance for a particle any more once both noise estimates have
    /// pointed the same way.
    AdaptiveGuidance {
        /// The cosine of their angle from which on they do.
        cosine: f64,
    },
    /// Transition point (2024, arXiv 2411.16738): the guide alone until, for a particle, the models' difference no longer shrinks.
    TransitionPoint,
    /// Lerp with particles weighted and resampled so that they follow p1^w p0^(1-w) itself (Skreta et al. 2025,
    /// arXiv 2503.02819).
    FeynmanKac {
        /// Share of effective particles below which they are resampled.
        threshold: f64,
    },
    /// A rule of one's own: a formula as a paper has it ([`own`]).
    #[cfg(any(not(target_arch = "wasm32"), feature = "own-rule"))]
    Own {
        /// The formula: a line or a few, the last of them the guided estimate.
        text: String,
        /// Of its parameters, by their names; those that are left out have the values that the text has for them.
        #[serde(default)]
        values: own::Values,
        /// What it is called.
        #[serde(default)]
        name: Option<String>,
    },
    /// A rule of one's own, by what the program that compiled it knows it by ([`own`]).
    #[cfg(all(target_arch = "wasm32", not(feature = "own-rule")))]
    Own {
        /// Its number there.
        rule: u32,
    },
}

of_numbers!(listed of Combination {
    Lerp,
    CfgPlusPlus,
    Apg { momentum = APG_MOMENTUM, parallel = APG_PARALLEL, radius = CLIP_RADIUS },
    CfgZeroStar { still = ZERO_STEPS },
    Tcfg,
    NormClip { radius = CLIP_RADIUS },
    Momentum { strength = MOMENTUM_STRENGTH, rate = MOMENTUM_RATE },
    Tsr { sharpness = TSR_SHARPNESS, width = TSR_WIDTH },
    Feedback { share = FEEDBACK_SHARE, most = FEEDBACK_MOST, onset = FEEDBACK_ONSET, decision = FEEDBACK_DECISION },
    FeedbackExact { share = FEEDBACK_SHARE, most = FEEDBACK_MOST },
    Negative {
        strength = NEGATIVE_STRENGTH,
        prior = NEGATIVE_PRIOR,
        most = NEGATIVE_MOST,
        temperature = NEGATIVE_TEMPERATURE,
        offset = NEGATIVE_OFFSET
    },
    NegativeExact { strength = NEGATIVE_STRENGTH, prior = NEGATIVE_PRIOR, most = NEGATIVE_MOST },
    PowerLaw { power = POWER },
    Adg,
    Pmc { growth = PMC_GROWTH },
    MamboG { damping = MAMBO_DAMPING },
    Renorm { least = RENORM_LEAST, most = RENORM_MOST },
    Higs { strength = HIGS_STRENGTH, rate = HIGS_RATE, parallel = APG_PARALLEL, end = HIGS_END },
    EpsilonScaling { divisor = EPSILON_DIVISOR },
    AdaptiveGuidance { cosine = ADAPTIVE_COSINE },
    TransitionPoint,
    FeynmanKac { threshold = RESAMPLING },
    #[cfg(any(not(target_arch = "wasm32"), feature = "own-rule"))]
    Own(text, values, name),
    #[cfg(all(target_arch = "wasm32", not(feature = "own-rule")))]
    Own { rule = OWN_RULE },
});

/// A combination as it is asked in a stage of a run.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'a> {
    /// The combination.
    pub combination: &'a Combination,
    /// Its row.
    pub traits: Traits,
    /// Of a rule of one's own what it is, and when it is asked.
    pub own: Option<(&'a own::Program, Time)>,
}

/// Of any rule but one's own, whatever the stage; of that a plan has what it takes.
impl<'a> From<&'a Combination> for Rule<'a> {
    fn from(combination: &'a Combination) -> Self {
        Self { combination, traits: combination.traits(), own: None }
    }
}

impl Rule<'_> {
    /// What it makes of the vectors whose inner products are `gram`.
    pub fn mix<T: Real>(self, moment: Moment<T>, gram: &Gram<T>) -> Mix<T> {
        if let Some((program, time)) = &self.own {
            return program.mix(&moment, time, gram);
        }
        mix(self.combination, moment, gram)
    }
}

impl Combination {
    /// Its numbers in the order of its fields, as mix.wgsl reads them.
    #[cfg(feature = "gpu")]
    pub(crate) fn numbers(&self) -> [f64; 4] {
        if let Ok(Some(program)) = own::Program::of(self) {
            return program.values();
        }
        let mut numbers = [0.0; 4];
        numbers.iter_mut().zip(self.settings()).for_each(|(number, (_, _, value))| *number = value);
        numbers
    }

    /// Whether it is one.
    ///
    /// # Errors
    /// If a rule of one's own is none, or has a value for what is no parameter of it. What its numbers may be, [`settings`](Self::settings)
    /// tell.
    pub(crate) fn validate(&self) -> Result<()> {
        own::Program::of(self)?;
        Ok(())
    }

    /// Its numbers; none of a rule of one's own that is no rule.
    pub fn settings(&self) -> Vec<Setting> {
        #[cfg(any(not(target_arch = "wasm32"), feature = "own-rule"))]
        if let Self::Own { .. } = self {
            return own::Program::of(self).ok().flatten().map_or_else(Vec::new, |program| program.settings());
        }
        self.listed()
    }
}
