//! Guidance schemes and the table of them.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// Range of the guidance weight.
pub const WEIGHTS: std::ops::RangeInclusive<f64> = -10.0..=50.0;
/// Range of the guide's factor on sigma.
pub const SIGMA_SCALES: std::ops::RangeInclusive<f64> = 0.1..=10.0;

/// Who guides whom, and how strongly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Scheme {
    /// Name of the main model.
    pub main: String,
    /// The guide; without one the main model is followed as it is.
    pub guide: Option<Guide>,
    /// Guidance weight w in `s0 + w (s1 - s0)`: 1 is no guidance.
    pub weight: f64,
}

/// The model that is guided away from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Guide {
    /// Its name.
    pub model: String,
    /// k: the guide is asked at k sigma.
    pub sigma_scale: f64,
}

impl Scheme {
    /// Check the numbers.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the number and its range.
    pub fn validate(&self) -> Result<()> {
        if !WEIGHTS.contains(&self.weight) {
            let range = format!("between {} and {}", WEIGHTS.start(), WEIGHTS.end());
            return Err(Error::invalid("The guidance weight", range, self.weight));
        }
        match &self.guide {
            Some(guide) if !SIGMA_SCALES.contains(&guide.sigma_scale) => {
                let range = format!("between {} and {}", SIGMA_SCALES.start(), SIGMA_SCALES.end());
                Err(Error::invalid("The guide's factor on sigma", range, guide.sigma_scale))
            }
            _ => Ok(()),
        }
    }

    /// The guide, where it makes a difference: not at w = 1.
    pub fn effective_guide(&self) -> Option<&Guide> {
        self.guide.as_ref().filter(|_| self.weight != 1.0)
    }

    /// The models it needs.
    pub fn models(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.main.as_str()).chain(self.guide.as_ref().map(|g| g.model.as_str()))
    }
}

/// A row of the table of schemes.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SchemeInfo {
    /// Stable identifier.
    pub id: &'static str,
    /// What the field calls it.
    pub name: &'static str,
    /// The guided score, as plain text.
    pub formula: &'static str,
    /// One line on what it does.
    pub explanation: &'static str,
    /// Where it comes from.
    pub reference: &'static str,
    /// The scheme with its default parameters.
    pub scheme: Scheme,
    /// Whether it has a guide, and so a weight.
    pub guided: bool,
    /// Whether k is a parameter.
    pub sigma_scale: bool,
}

const MAIN: &str = "main-A64-4096";

/// Every scheme, in the order of menus.
pub fn schemes() -> Vec<SchemeInfo> {
    vec![
        SchemeInfo {
            id: "none",
            name: "No guidance",
            formula: "s1(x; σ)",
            explanation: "The main model alone: it covers the whole tree, and strays beyond it.",
            reference: "Karras et al. 2022, arXiv 2206.00364",
            scheme: Scheme { main: MAIN.to_owned(), guide: None, weight: 1.0 },
            guided: false,
            sigma_scale: false,
        },
        SchemeInfo {
            id: "classifier-free",
            name: "Classifier-free guidance",
            formula: "s0(x; σ) + w (s1(x; σ) − s0(x; σ)), s0 unconditional",
            explanation: "Away from a model of both classes: towards what is typical of one class, at the cost of its branches.",
            reference: "Ho & Salimans 2022, arXiv 2207.12598",
            scheme: guided("guide-AB32-0512", 1.0, 4.0),
            guided: true,
            sigma_scale: false,
        },
        SchemeInfo {
            id: "autoguidance",
            name: "Autoguidance",
            formula: "s0(x; σ) + w (s1(x; σ) − s0(x; σ)), s0 a lesser model of the same class",
            explanation: "Away from a smaller, less trained version of the main model: the errors that both make shrink.",
            reference: "Karras et al. 2024, arXiv 2406.02507",
            scheme: guided("guide-A32-0512", 1.0, 3.0),
            guided: true,
            sigma_scale: false,
        },
        SchemeInfo {
            id: "sigma-scaling",
            name: "Sigma scaling",
            formula: "s1(x; kσ) + w (s1(x; σ) − s1(x; kσ))",
            explanation: "Away from the same model at a higher noise level: towards where density is already high.",
            reference: "Heavy-tail guidance proposal, sigma-scaled form",
            scheme: guided(MAIN, 1.1, 3.0),
            guided: true,
            sigma_scale: true,
        },
    ]
}

fn guided(model: &str, sigma_scale: f64, weight: f64) -> Scheme {
    Scheme { main: MAIN.to_owned(), guide: Some(Guide { model: model.to_owned(), sigma_scale }), weight }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_valid_and_ships() {
        let names = super::super::shipped_names();
        for info in schemes() {
            let scheme = info.scheme;
            scheme.validate().unwrap();
            assert_eq!(info.guided, scheme.guide.is_some());
            assert!(scheme.models().all(|m| names.iter().any(|n| n == m)), "{}", info.id);
            let text = serde_json::to_string(&scheme).unwrap();
            assert_eq!(serde_json::from_str::<Scheme>(&text).unwrap(), scheme);
        }
    }

    #[test]
    fn bad_numbers_and_fields_are_refused() {
        let mut scheme = schemes()[3].scheme.clone();
        scheme.weight = f64::NAN;
        assert!(scheme.validate().unwrap_err().to_string().contains("guidance weight"));
        scheme.weight = 2.0;
        scheme.guide.as_mut().unwrap().sigma_scale = 0.0;
        assert!(scheme.validate().unwrap_err().to_string().contains("factor on sigma"));
        assert!(serde_json::from_str::<Scheme>(r#"{"main":"exact:A","guide":null,"weight":1,"wieght":2}"#).is_err());
    }
}
