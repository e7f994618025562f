//! A scheme of pictures: one of the plane, and what means something only where data are pictures.

use super::parameter;
use crate::error::{Error, Result};
use crate::guidance::{self, EXACT, ModelName, Reading};
use crate::json::decimal;
use crate::parameter::Setting;
use crate::sampling::{NoiseLevels, Solver, Spacing};
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Who guides whom and how, and what becomes of pictures on the way. The condition of a model is the text of a prompt.
///
/// In JSON it is one object, the plane's fields beside those of pictures. Fields that are left out have their defaults, those of
/// the solver and the noise levels pictures' own.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Scheme {
    /// What means the same on the plane.
    #[serde(flatten)]
    pub guidance: guidance::Scheme,
    /// What is guided of details and of large areas; all alike if there is none.
    pub bands: Option<Bands>,
    /// What the guided estimate is led away from besides the guide.
    pub negatives: Vec<Negative>,
    /// What is done to the guided estimate at last.
    pub finish: Finish,
    /// What networks are told of the prompt in the beginning; all of it if there is none.
    pub cads: Option<Cads>,
}

/// What is done to a guided estimate against colours that are too strong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Finish {
    /// Nothing.
    #[default]
    None,
    /// Its v takes the standard deviation of the main model's (Lin et al. 2023, arXiv 2305.08891). v is a x - D with
    /// a = sd^2/(sd^2 + sigma^2), sd that of data: what a network of EDM's answers itself, up to a factor.
    Rescale {
        /// phi: share of that in the mean with the estimate as it was; 0 is no change.
        share: f64,
    },
    /// Its colours are divided by a quantile of their sizes if that is above 1, and what is then outside of their range is cut
    /// (Saharia et al. 2022, arXiv 2205.11487). Colours from -1 to 1 are y = D + 2 m - 1, since those from 0 to 1 are m + D/2 with
    /// the mean colour m of the world; sizes |y| are those of all numbers of a picture together.
    Threshold {
        /// p; 1 divides by the greatest, and 0 only cuts.
        quantile: f64,
    },
}

/// Frequency-decoupled guidance (Sadat et al. 2025, arXiv 2506.19713): two bands of what guidance adds to the main model's
/// estimate, each with a factor.
///
/// The paper has a weight w for each band, and these are factors on what the scheme's weight and rule add. They are the same where
/// w - 1 in a band is the factor times the scheme's w - 1 (the paper's 10 and 5 are a weight of 10 with 1 and 4/9), and factors go
/// with every rule, schedule and interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Bands {
    /// Of details.
    pub high: f64,
    /// Of large areas.
    pub low: f64,
}

/// Condition-annealed sampling (Sadat et al. 2023, arXiv 2310.17347): noise on the vector that a network has of a prompt.
///
/// Times are fractions of sampling that are done, as in schedules; the paper's tau2 is 1 - `begin`, and its tau1 is 1 - `end`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Cads {
    /// Until then the vector is noise alone.
    pub begin: f64,
    /// From then on it is the prompt's.
    pub end: f64,
    /// psi: share of the vector with the mean and spread that it had without noise.
    pub mix: f64,
    /// s: standard deviation of the noise.
    pub strength: f64,
}

/// What is not wanted (Liu et al. 2022, arXiv 2206.01714): the guided estimate less its weight times the main model's estimate
/// under this prompt over the guide's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Negative {
    /// In words.
    pub prompt: String,
    /// How strongly, 0 not at all. The schedule and the interval of the scheme are also its own.
    pub weight: f64,
}

impl Default for Scheme {
    /// No guidance, by the second-order multistep solver in 16 steps from sigma 80 to 0.03.
    fn default() -> Self {
        let levels = NoiseLevels { steps: 16, min: 0.03, max: 80.0, spacing: Spacing::default() };
        let guidance = guidance::Scheme {
            main: EXACT.into(),
            solver: Solver::DpmPlusPlus2m,
            levels,
            ..guidance::Scheme::default()
        };
        Self { guidance, bands: None, negatives: Vec::new(), finish: Finish::None, cads: None }
    }
}

impl<'de> Deserialize<'de> for Scheme {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Fields {
            #[serde(default)]
            bands: Option<Bands>,
            #[serde(default)]
            negatives: Vec<Negative>,
            #[serde(default)]
            finish: Finish,
            #[serde(default)]
            cads: Option<Cads>,
            /// The plane's, which refuses those that nobody knows.
            #[serde(flatten)]
            others: Map<String, Value>,
        }

        let Fields { bands, negatives, finish, cads, others } = Fields::deserialize(deserializer)?;
        let mut guidance = serde_json::to_value(Self::default().guidance).map_err(D::Error::custom)?;
        for (name, value) in others {
            match (&mut guidance[&name], value) {
                // Levels have defaults each.
                (Value::Object(levels), Value::Object(some)) if name == "levels" => levels.extend(some),
                (place, value) => *place = value,
            }
        }
        let guidance = serde_json::from_value(guidance).map_err(D::Error::custom)?;
        Ok(Self { guidance, bands, negatives, finish, cads })
    }
}

impl Finish {
    /// Its numbers.
    pub fn settings(&self) -> Vec<Setting> {
        match *self {
            Self::None => Vec::new(),
            Self::Rescale { share } => vec![("share", &parameter::RESCALE_SHARE, share)],
            Self::Threshold { quantile } => vec![("quantile", &parameter::THRESHOLD_QUANTILE, quantile)],
        }
    }
}

impl Bands {
    /// Its numbers.
    pub fn settings(&self) -> Vec<Setting> {
        vec![("high", &parameter::BAND_HIGH, self.high), ("low", &parameter::BAND_LOW, self.low)]
    }
}

impl Cads {
    /// Its numbers.
    pub fn settings(&self) -> Vec<Setting> {
        vec![
            ("begin", &parameter::CADS_BEGIN, self.begin),
            ("end", &parameter::CADS_END, self.end),
            ("strength", &parameter::CADS_STRENGTH, self.strength),
            ("mix", &parameter::CADS_MIX, self.mix),
        ]
    }
}

impl Negative {
    /// Its numbers.
    pub fn settings(&self) -> Vec<Setting> {
        vec![("weight", &parameter::NEGATIVE_WEIGHT, self.weight)]
    }
}

impl Scheme {
    /// Check the numbers, and that the parts make sense together.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the number and its range, or what does not go with what and why.
    pub fn validate(&self) -> Result<()> {
        self.guidance.validate()?;
        let settings = (self.bands.iter().flat_map(Bands::settings))
            .chain(self.negatives.iter().flat_map(Negative::settings))
            .chain(self.finish.settings())
            .chain(self.cads.iter().flat_map(Cads::settings));
        for (_, parameter, value) in settings {
            parameter.check(value)?;
        }
        if let Some(Cads { begin, end, .. }) = self.cads
            && begin >= end
        {
            let found = format!("{} to {}", decimal(begin), decimal(end));
            return Err(Error::invalid(
                "The time in which a prompt becomes known",
                "from an earlier to a later",
                found,
            ));
        }
        self.sense()
    }

    /// Refuse what can be written down but means nothing.
    fn sense(&self) -> Result<()> {
        let Self { guidance, bands, negatives, finish, cads } = self;
        let rule = guidance.combination.traits();
        if guidance.guide.is_none() {
            if !negatives.is_empty() {
                let needs = "used with a guide, such as the main model without a prompt, which it is compared with";
                return Err(Error::invalid("A negative prompt", needs, "without one"));
            }
            for (what, used) in [
                ("A choice of bands", bands.is_some()),
                ("A rescaled estimate", matches!(finish, Finish::Rescale { .. })),
            ] {
                if used && !rule.alone {
                    return Err(Error::invalid(what, "used with guidance, which it changes", "without any"));
                }
            }
        }
        let changed = bands.is_some() || !negatives.is_empty() || *finish != Finish::None;
        if changed && (rule.steps_with_guide || rule.resampling.is_some()) {
            return Err(Error::invalid(
                "The combination with bands, negative prompts or a finish",
                "one that follows the guided estimate alone, as CFG++ and Feynman-Kac correctors do not",
                guidance.combination.variant(),
            ));
        }
        if cads.is_some() && guidance.main.model == EXACT {
            return Err(Error::invalid(
                "The main model with CADS",
                "a network, which has a vector of a prompt",
                &guidance.main,
            ));
        }
        Ok(())
    }

    /// The same with the exact model in place of every network.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it guides away from another network, which then would be the same model, or is of networks alone.
    pub fn exact(&self) -> Result<Self> {
        let mut exact = self.clone();
        if let Some(guide) = &mut exact.guidance.guide {
            if guide.model != exact.guidance.main.model {
                let expected = "the main model under another prompt or noise level: there is one exact model";
                return Err(Error::invalid("The guide of an exact run", expected, &guide.model));
            }
            guide.model = EXACT.to_owned();
        }
        exact.guidance.main.model = EXACT.to_owned();
        exact.validate()?;
        Ok(exact)
    }

    /// The models it needs: the main one, the guide, and the main one under each of the negative prompts.
    pub fn models(&self) -> Vec<ModelName> {
        let negative = |negative: &Negative| ModelName {
            model: self.guidance.main.model.clone(),
            condition: Some(negative.prompt.clone()),
        };
        self.guidance.models().into_iter().chain(self.negatives.iter().map(negative)).collect()
    }

    /// The weights of the negative prompts in both stages of step `i` of levels `sigmas`: what the scheme's schedule makes of each
    /// as the excess of a weight, and 0 outside of its interval. Where one is not 0 the guide is needed, whatever the guidance
    /// weight.
    pub fn negative_weights(&self, sigmas: &[f64], i: usize) -> Vec<[f64; 2]> {
        let guided = self.guidance.interval.is_none_or(|interval| interval.contains(sigmas[i]));
        // The weight that does nothing, as the schedule reads it.
        let nothing = match self.guidance.reading {
            Reading::Excess => 1.0,
            Reading::Raw => 0.0,
        };
        let weights = |negative: &Negative| {
            let weight = nothing + negative.weight;
            let scheme = guidance::Scheme { weight, interval: None, ..self.guidance.clone() };
            scheme.weights(sigmas, i).map(|weight| weight - nothing)
        };
        self.negatives.iter().map(|negative| if guided { weights(negative) } else { [0.0; 2] }).collect()
    }
}
