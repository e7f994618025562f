//! One description of what is compared: models, weight, rule and solver.
//!
//! A scheme whose parts make no sense together is refused before anything runs: by [`Scheme::validate`], and by
//! whoever has the models for what depends on its models.

use super::name::ModelName;
use super::rule::Combination;
use super::schedule::{Interval, Reading, Schedule};
use super::space::Space;
use crate::error::{Error, Result};
use crate::from_json;
use crate::json::decimal;
use crate::of_numbers;
use crate::parameter::{self, Setting};
use crate::sampling::{NoiseLevels, Solver};
use serde::{Deserialize, Serialize};

/// Version of the description. Older ones are read; newer ones are refused.
pub const VERSION: u32 = 2;
/// The main model of every scheme at first, as text.
pub const MAIN: &str = "main-64-4096:A";
/// The model that is no network: the data's own score.
pub const EXACT: &str = "exact";

/// Who guides whom, how strongly, and how the guided score is followed. Fields that are left out have their defaults:
/// no guidance, Heun's method, the paper's noise levels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Scheme {
    /// Version of this description.
    #[serde(deserialize_with = "crate::json::whole")]
    pub version: u32,
    /// The main model.
    pub main: ModelName,
    /// The guide; without one the main model is followed as it is.
    pub guide: Option<Guide>,
    /// Guidance weight w in `s0 + w (s1 - s0)`: 1 is no guidance.
    pub weight: f64,
    /// How the weight changes over time.
    pub schedule: Schedule,
    /// What the schedule multiplies.
    pub reading: Reading,
    /// Noise levels with guidance; all if there is none.
    pub interval: Option<Interval>,
    /// How main and guide become one score.
    pub combination: Combination,
    /// What is mixed: scores, noise or denoised estimates.
    pub space: Space,
    /// How steps are taken.
    pub solver: Solver,
    /// Through which noise levels.
    pub levels: NoiseLevels,
}

from_json!(struct Scheme or default {
    version, main, guide, weight, schedule, reading, interval, combination, space, solver, levels,
});

impl Default for Scheme {
    fn default() -> Self {
        Self {
            version: VERSION,
            main: MAIN.into(),
            guide: None,
            weight: 1.0,
            schedule: Schedule::default(),
            reading: Reading::default(),
            interval: None,
            combination: Combination::default(),
            space: Space::default(),
            solver: Solver::default(),
            levels: NoiseLevels::default(),
        }
    }
}

/// The model that is guided away from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Guide {
    /// It is this model,
    pub model: String,
    /// under this of its conditions; its first, if that is left out.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "string | null"))]
    pub condition: Option<String>,
    /// k: the guide is asked at k sigma.
    pub sigma_scale: f64,
    /// The noise that it takes the data to be under.
    pub noise: Noise,
    /// Added to ln sigma where the network reads its noise level, and nowhere else (time-step guidance).
    pub noise_shift: f64,
    /// How the network is made worse.
    pub degradation: Degradation,
}

from_json!(struct Guide or default { model, condition, sigma_scale, noise, noise_shift, degradation });

impl Default for Guide {
    fn default() -> Self {
        Self {
            model: ModelName::from(MAIN).model,
            condition: None,
            sigma_scale: 1.0,
            noise: Noise::default(),
            noise_shift: 0.0,
            degradation: Degradation::default(),
        }
    }
}

/// The noise that smooths the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Noise {
    /// N(0, sigma^2 I).
    #[default]
    Gaussian,
    /// T_nu(0, sigma^2 I): heavy tails.
    StudentT {
        /// nu.
        degrees_of_freedom: f64,
    },
}

/// How a network is made worse on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Degradation {
    /// Not at all.
    #[default]
    None,
    /// A fixed random share of hidden units is left out.
    Dropout {
        /// The share.
        rate: f64,
        /// Which units.
        #[serde(deserialize_with = "crate::json::whole")]
        seed: u32,
    },
    /// A share of hidden units is left out that is drawn anew in each step (in-situ autoguidance): in the first step those of
    /// `Dropout`, and always the same for all particles. Papers draw once for each evaluation of a batch; here the two
    /// stages of a step share a draw, of which they say nothing, since a step of second order needs one slope.
    FreshDropout {
        /// The share.
        rate: f64,
        /// Which units, together with the step.
        #[serde(deserialize_with = "crate::json::whole")]
        seed: u32,
    },
    /// Noise is added to the weights.
    WeightNoise {
        /// Its standard deviation, where that of the weights is 1.
        strength: f64,
        /// Which noise.
        #[serde(deserialize_with = "crate::json::whole")]
        seed: u32,
    },
}

from_json!(enum Noise { Gaussian, StudentT { degrees_of_freedom } });
of_numbers!(enum Degradation {
    None,
    Dropout { rate = DROPOUT_RATE, seed = DEGRADATION_SEED },
    FreshDropout { rate = DROPOUT_RATE, seed = DEGRADATION_SEED },
    WeightNoise { strength = NOISE_STRENGTH, seed = DEGRADATION_SEED },
});

impl Noise {
    /// Its numbers.
    pub fn settings(&self) -> Vec<Setting> {
        match *self {
            Self::Gaussian => Vec::new(),
            Self::StudentT { degrees_of_freedom } => {
                vec![("degreesOfFreedom", &parameter::DEGREES_OF_FREEDOM, degrees_of_freedom)]
            }
        }
    }
}

impl Guide {
    /// A guide that is asked at `sigma_scale` times sigma.
    pub fn new(name: impl Into<ModelName>, sigma_scale: f64) -> Self {
        Self { sigma_scale, ..Self::default() }.named(name.into())
    }

    /// The same of another model.
    #[must_use]
    pub fn named(self, ModelName { model, condition }: ModelName) -> Self {
        Self { model, condition, ..self }
    }

    /// Whose score it is.
    #[inline(never)]
    pub fn name(&self) -> ModelName {
        ModelName { model: self.model.clone(), condition: self.condition.clone() }
    }

    fn validate(&self) -> Result<()> {
        parameter::SIGMA_SCALE.check(self.sigma_scale)?;
        parameter::NOISE_SHIFT.check(self.noise_shift)?;
        parameter::check(&self.noise.settings())?;
        parameter::check(&self.degradation.settings())?;
        if self.model == EXACT && (self.noise_shift != 0.0 || self.degradation != Degradation::None) {
            return Err(nonsense("A guide with a shifted noise input or a degradation", "a network", &self.model));
        }
        Ok(())
    }
}

/// Why only scores of a heavy-tailed guide can be mixed.
pub(crate) const SCORES_ONLY: &str = "score, since x + sigma^2 s estimates the data under Gaussian noise only";

/// A combination of settings that makes no sense.
fn nonsense(what: &'static str, needs: &'static str, found: impl ToString) -> Error {
    Error::invalid(what, needs, found)
}

impl Scheme {
    /// The main model followed as it is, by the same solver through the same levels.
    #[must_use]
    pub fn unguided(&self) -> Self {
        Self { main: self.main.clone(), solver: self.solver, levels: self.levels, ..Self::default() }
    }

    /// Check the numbers, and that the parts make sense together.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the number and its range, or what does not go with what and why.
    pub fn validate(&self) -> Result<()> {
        if self.version == 0 || self.version > VERSION {
            return Err(Error::invalid("The version of a scheme", format!("between 1 and {VERSION}"), self.version));
        }
        parameter::WEIGHT.check(self.weight)?;
        self.schedule.validate()?;
        self.combination.validate()?;
        if let Some(interval) = &self.interval {
            parameter::check(&interval.settings())?;
        }
        parameter::check(&self.combination.settings())?;
        parameter::check(&self.solver.settings())?;
        if let Some(Interval { low, high }) = self.interval
            && low >= high
        {
            return Err(Error::invalid(
                "The guidance interval",
                "from a lower sigma to a higher one",
                format!("{} to {}", decimal(low), decimal(high)),
            ));
        }
        self.guide.iter().try_for_each(Guide::validate)?;
        self.sense()
    }

    /// Refuse what can be written down but means nothing.
    fn sense(&self) -> Result<()> {
        let heavy_tailed = self.guide.as_ref().is_some_and(|guide| guide.noise != Noise::Gaussian);
        if heavy_tailed && self.space != Space::Score {
            return Err(nonsense("The space of combination with Student-t noise", SCORES_ONLY, self.space.name()));
        }
        let rule = self.combination.traits();
        for demand in rule.demands {
            if let Some(found) = (demand.found)(self) {
                return Err(nonsense(demand.what, demand.needs, found));
            }
        }
        if self.solver.moves_often() && !rule.linear {
            let needs = "the plain one, since it has weights of its own";
            return Err(nonsense("The combination under this solver", needs, self.combination.variant()));
        }
        if self.guide.is_none() && !rule.alone && self.weight != 1.0 {
            return Err(nonsense("The weight of a scheme without a guide", "1", decimal(self.weight)));
        }
        Ok(())
    }

    /// The models it needs.
    #[inline(never)]
    pub fn models(&self) -> Vec<ModelName> {
        let mut names = vec![self.main.clone()];
        if let Some(guide) = &self.guide {
            names.push(guide.name());
        }
        names
    }

    /// Weight of step `i` of levels `sigmas`, and of the second stage at its end, which keeps the first's flag where
    /// there is an interval.
    pub fn weights(&self, sigmas: &[f64], i: usize) -> [f64; 2] {
        let guided = self.interval.is_none_or(|interval| interval.contains(sigmas[i]));
        let at = |level: usize| if guided { self.scheduled(sigmas, level) } else { 1.0 };
        if guided && self.combination.traits().steps_with_guide {
            // x+ = D_w + (sigma+/sigma)(x - D0) is Euler's step with the weight w / (1 - sigma+/sigma).
            return [at(i) / (1.0 - sigmas[i + 1] / sigmas[i]), 1.0];
        }
        [at(i), at((i + 1).min(sigmas.len() - 2))]
    }

    /// The weight w at step `i` of levels `sigmas` as the scheme itself has it: its schedule's, and 1 outside of its interval. Under
    /// CFG++ [`weights`](Self::weights) are others.
    pub fn own_weight(&self, sigmas: &[f64], i: usize) -> f64 {
        let guided = self.interval.is_none_or(|interval| interval.contains(sigmas[i]));
        if guided { self.scheduled(sigmas, i) } else { 1.0 }
    }

    /// The schedule's weight at level `i`, whatever the interval.
    fn scheduled(&self, sigmas: &[f64], i: usize) -> f64 {
        let last = (sigmas.len() - 2).max(1) as f64;
        self.schedule.weight(self.reading, self.weight, i as f64 / last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guided(main: &str, guide: Guide) -> Scheme {
        Scheme { main: main.into(), guide: Some(guide), weight: 3.0, ..Scheme::default() }
    }

    #[test]
    fn a_scheme_survives_json_and_defaults_fill_it() {
        let scheme = Scheme {
            schedule: Schedule::Curve { points: vec![[0.0, 0.5], [1.0, 2.0]] },
            interval: Some(Interval { low: 0.1, high: 1.0 }),
            combination: Combination::Apg { momentum: -0.5, parallel: 0.0, radius: 0.3 },
            solver: Solver::Churn { churn: 4.0, min: 0.1, max: 1.0, noise: 1.003 },
            ..guided(
                "exact:A",
                Guide { noise: Noise::StudentT { degrees_of_freedom: 4.0 }, ..Guide::new("exact:AB", 1.2) },
            )
        };
        scheme.validate().unwrap();
        let text = serde_json::to_string(&scheme).unwrap();
        assert_eq!(serde_json::from_str::<Scheme>(&text).unwrap(), scheme, "{text}");
        assert_eq!(serde_json::from_str::<Scheme>("{}").unwrap(), Scheme::default());
        let short = r#"{"main":"exact:A","guide":{"model":"exact","condition":"A","sigmaScale":1.1},"weight":3,"schedule":"cosine"}"#;
        let scheme: Scheme = serde_json::from_str(short).unwrap();
        assert_eq!(scheme, Scheme { schedule: Schedule::Cosine, ..guided("exact:A", Guide::new("exact:A", 1.1)) });
        let whole: Scheme = serde_json::from_str(r#"{"main":{"model":"exact","condition":"A"}}"#).unwrap();
        assert_eq!(whole.main, scheme.main);
        for bad in [
            r#"{"wieght":2}"#,
            r#"{"main":{"condition":"A"}}"#,
            r#"{"main":{"model":"exact","class":"A"}}"#,
            r#"{"schedule":"cosinus"}"#,
            r#"{"schedule":{"beta":{"a":1}}}"#,
        ] {
            assert!(serde_json::from_str::<Scheme>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_the_reason() {
        let good = guided("exact:A", Guide::new("exact:AB", 1.0));
        let tails = Noise::StudentT { degrees_of_freedom: 4.0 };
        let ruled = |combination: Combination| Scheme { combination, ..good.clone() };
        let correctors = || ruled(Combination::FeynmanKac { threshold: 0.5 });
        let momentum = || ruled(Combination::Momentum { strength: 0.5, rate: 0.6 });
        let sde = Solver::ReverseSde;
        let cases = [
            (Scheme { version: VERSION + 1, ..good.clone() }, "version"),
            (Scheme { weight: f64::NAN, ..good.clone() }, "guidance weight"),
            (Scheme { guide: None, ..good.clone() }, "without a guide must be 1"),
            (Scheme { guide: None, weight: 1.0, ..ruled(Combination::Tcfg) }, "with a guide"),
            (momentum(), "without a guide"),
            (ruled(Combination::CfgPlusPlus), "must be Euler"),
            (correctors(), "reverse SDE"),
            (Scheme { solver: sde, main: MAIN.into(), ..correctors() }, "normalised"),
            (Scheme { solver: sde, schedule: Schedule::Linear, ..correctors() }, "one w"),
            (Scheme { interval: Some(Interval { low: 1.0, high: 1.0 }), ..good.clone() }, "interval"),
            (
                Scheme {
                    space: Space::Denoised,
                    ..guided("exact:A", Guide { noise: tails, ..Guide::new("exact:A", 1.2) })
                },
                "Gaussian noise only",
            ),
            (guided("exact:A", Guide { noise_shift: 0.1, ..Guide::new("exact:A", 1.0) }), "a network"),
            (guided("exact:A", Guide::new("exact:A", 0.0)), "factor on sigma"),
        ];
        for (scheme, reason) in cases {
            let message = scheme.validate().unwrap_err().to_string();
            assert!(message.contains(reason), "{message}");
        }
        Scheme { solver: sde, ..correctors() }.validate().unwrap();
        Scheme { guide: None, weight: 1.0, ..momentum() }.validate().unwrap();
        Scheme { solver: Solver::Euler, ..ruled(Combination::CfgPlusPlus) }.validate().unwrap();
    }

    #[test]
    fn weights_follow_interval_and_level() {
        let sigmas = [4.0, 2.0, 1.0, 0.0];
        let interval = Some(Interval { low: 1.0, high: 2.0 });
        let scheme = Scheme { schedule: Schedule::Linear, interval, ..guided("exact:A", Guide::default()) };
        // u = 0, 1/2, 1; the second stage of a guided step stays guided below the interval.
        assert_eq!(scheme.weights(&sigmas, 0), [1.0, 1.0]);
        assert_eq!(scheme.weights(&sigmas, 1), [3.0, 5.0]);
        assert_eq!(scheme.weights(&sigmas, 2)[0], 1.0);
        let plus = Scheme { combination: Combination::CfgPlusPlus, ..guided("exact:A", Guide::default()) };
        assert_eq!([0, 1, 2].map(|i| plus.weights(&sigmas, i)[0]), [6.0, 6.0, 3.0]);
        assert_eq!([0, 1, 2].map(|i| plus.own_weight(&sigmas, i)), [3.0; 3]);
        assert_eq!([0, 1, 2].map(|i| scheme.own_weight(&sigmas, i)), [1.0, 3.0, 1.0]);
    }
}
