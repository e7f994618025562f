//! Models by name: exact mixtures and networks.
//!
//! [`Models`] are of one distribution, and [`Models::get`] refuses networks that learned another: what a network learned
//! stands in its file, and one that says nothing is taken as of the paper's tree.

use crate::error::{Error, Result};
use crate::guidance::{Degradation, EXACT, Guide, ModelName, Noise, SCORES_ONLY, Scheme, Space};
use crate::parameter;
use crate::plane::distribution::{Classes, Distribution, Mixture, called};
use crate::plane::network::Network;
use nalgebra::Vector2;
use std::sync::Arc;

/// Whose score it is.
#[derive(Clone)]
pub enum Model {
    /// The true distribution: no network error.
    Exact(Arc<Mixture>),
    /// The true data under Student-t noise of so many degrees of freedom in place of Gaussian noise.
    StudentT(Arc<Mixture>, f64),
    /// A trained denoiser.
    Network(Arc<Network>),
    /// One without a share of its units, which a seed draws anew in each step ([`Degradation::FreshDropout`]).
    Fresh(Arc<Network>, f64, u64),
}

impl Model {
    /// What it is in a step of a run, from 0.
    #[must_use]
    pub fn in_step(&self, step: usize) -> Self {
        match self {
            Self::Fresh(network, rate, seed) => {
                Self::Network(Arc::new(network.without_units(*rate, *seed, step as u32)))
            }
            other => other.clone(),
        }
    }

    /// Log-density (unnormalised for a network) and score at `x` and `sigma > 0`, the scale of a Student-t's noise, in
    /// f64; not a number where its degrees of freedom are out of range. Of one that is drawn anew, as in the first step.
    pub fn evaluate(&self, x: Vector2<f64>, sigma: f64) -> (f64, Vector2<f64>) {
        match self {
            Self::Exact(mixture) => {
                let v = mixture.evaluate(x, sigma);
                (v.log_density, v.score)
            }
            Self::StudentT(mixture, nu) => {
                mixture.evaluate_student_t(x, sigma, *nu).unwrap_or((f64::NAN, Vector2::repeat(f64::NAN)))
            }
            Self::Network(network) => {
                let v = network.evaluate(x, sigma);
                (v.log_density, v.score)
            }
            Self::Fresh(..) => self.in_step(0).evaluate(x, sigma),
        }
    }
}

/// Name of the exact model of some classes.
pub fn exact_model(classes: Classes) -> ModelName {
    ModelName { model: EXACT.to_owned(), condition: Some(classes.to_string()) }
}

/// Classes of an exact model, by its name; none of a network's.
pub fn exact_classes(name: &ModelName) -> Option<Classes> {
    let first = || Some(Classes::ALL[0]);
    if name.model == EXACT { name.condition.as_deref().map_or_else(first, Classes::named) } else { None }
}

/// The models that can be named: `exact` under the conditions A, B and AB, and every network that was added, under the condition
/// that its file names.
#[derive(Clone)]
pub struct Models {
    distribution: Distribution,
    exact: [(Classes, Arc<Mixture>); 3],
    /// Each name once. They are few, and a map of the library is kilobytes of wasm.
    networks: Vec<(String, Arc<Network>)>,
}

impl Models {
    /// The exact models of the paper's tree, and no network yet.
    pub fn new() -> Self {
        Self::over(Distribution::PAPER)
    }

    /// The exact models of a distribution, and no network yet.
    pub fn over(distribution: Distribution) -> Self {
        let both = distribution.mixture();
        let exact = Classes::ALL
            .map(|c| (c, Arc::new(both.classes(c).unwrap_or_else(|_| unreachable!("there are both classes")))));
        Self { distribution, exact, networks: Vec::new() }
    }

    /// The exact models of both classes of a mixture that has no name, and no network.
    ///
    /// # Errors
    /// If it has not both classes.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn of_mixture(both: &Mixture) -> Result<Self> {
        let mut models = Self::new();
        for (classes, model) in &mut models.exact {
            *model = Arc::new(both.classes(*classes)?);
        }
        Ok(models)
    }

    /// What the exact models are of.
    pub fn distribution(&self) -> &Distribution {
        &self.distribution
    }

    /// The true distribution of some classes.
    pub fn mixture(&self, classes: Classes) -> &Arc<Mixture> {
        &self.exact.iter().find(|(c, _)| *c == classes).expect("all three are there").1
    }

    /// Give a network a name, as text: a model's, with a condition or without, which is then the one that the network's file names.
    pub fn add(&mut self, name: impl Into<String>, network: Network) {
        let (name, network) = (name.into(), Arc::new(network));
        self.networks.retain(|(other, _)| *other != name);
        self.networks.push((name, network));
    }

    /// Whether `name` is there, whatever it learned.
    pub fn has(&self, name: &ModelName) -> bool {
        exact_classes(name).is_some() || self.network(name).is_some()
    }

    /// The model called `name`.
    ///
    /// # Errors
    /// [`Error::UnknownModel`] if there is none under this condition; [`Error::OtherData`] if it is a network that learned another distribution.
    pub fn get(&self, name: &ModelName) -> Result<Model> {
        if let Some(classes) = exact_classes(name) {
            return Ok(Model::Exact(Arc::clone(self.mixture(classes))));
        }
        let unknown = || Error::UnknownModel { name: name.text() };
        let network = self.network(name).ok_or_else(unknown)?;
        self.admit(name, network)?;
        Ok(Model::Network(Arc::clone(network)))
    }

    fn network(&self, name: &ModelName) -> Option<&Arc<Network>> {
        let text = name.text();
        let is = |(other, network): &&(String, Arc<Network>)| {
            *other == text || (*other == name.model && network.says("condition") == name.condition.as_deref())
        };
        Some(&self.networks.iter().find(is)?.1)
    }

    /// Refuses a network that learned another distribution than this.
    fn admit(&self, name: &ModelName, network: &Network) -> Result<()> {
        let distribution = self.distribution.to_string();
        let data = network.says("data");
        let known = data.map_or(self.distribution == Distribution::PAPER, |data| data == distribution);
        let (data, distribution) = (data.map(called), called(&distribution));
        if known { Ok(()) } else { Err(Error::OtherData { network: name.text(), data, distribution }) }
    }

    /// The main model of a scheme, and its guide: shifted and degraded as the scheme says.
    ///
    /// # Errors
    /// If there is no model of a name, it is a network that learned another distribution, or it does not go with the scheme.
    pub fn of(&self, scheme: &Scheme) -> Result<(Model, Option<Model>)> {
        let main = self.get(&scheme.main)?;
        if matches!(&main, Model::Network(network) if network.degrees_of_freedom().is_some()) {
            let needed = "one of Gaussian noise, which is what the sampler removes";
            return Err(Error::invalid("The main model", needed, &scheme.main.model));
        }
        let guide = scheme.guide.as_ref().map(|guide| self.guide(guide, scheme.space)).transpose()?;
        Ok((main, guide))
    }

    fn guide(&self, guide: &Guide, space: Space) -> Result<Model> {
        match (self.get(&guide.name())?, guide.noise) {
            (Model::Exact(mixture), Noise::StudentT { degrees_of_freedom }) => {
                Ok(Model::StudentT(mixture, degrees_of_freedom))
            }
            (Model::Network(_), Noise::StudentT { .. }) => Err(Error::invalid(
                "A guide with Student-t noise of one's choice",
                "exact, since a network knows the noise that it was trained on",
                &guide.model,
            )),
            (Model::Network(network), Noise::Gaussian) => {
                if network.degrees_of_freedom().is_some() && space != Space::Score {
                    return Err(Error::invalid(
                        "The space of combination with Student-t noise",
                        SCORES_ONLY,
                        space.name(),
                    ));
                }
                let network = match guide.noise_shift {
                    0.0 => network,
                    shift => Arc::new(network.with_noise_shift(shift)?),
                };
                Ok(Model::Network(match guide.degradation {
                    Degradation::None => network,
                    Degradation::Dropout { rate, seed } => Arc::new(network.with_dropout(rate, seed.into())?),
                    Degradation::FreshDropout { rate, seed } => {
                        parameter::DROPOUT_RATE.check(rate)?;
                        return Ok(Model::Fresh(network, rate, seed.into()));
                    }
                    Degradation::WeightNoise { strength, seed } => {
                        Arc::new(network.with_weight_noise(strength, seed.into())?)
                    }
                }))
            }
            (exact, Noise::Gaussian) => Ok(exact),
            (Model::StudentT(..) | Model::Fresh(..), _) => unreachable!("no model is named so"),
        }
    }
}

impl Default for Models {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guidance::MAIN;

    #[test]
    fn guides_are_what_the_scheme_says() {
        let mut models = Models::new();
        let network = crate::plane::training::initial(8, 4, 1);
        models.add("net", network.clone());
        let file = format!("{}/weights/tail-A64-nu4.safetensors", env!("CARGO_MANIFEST_DIR"));
        models.add("tail", Network::from_safetensors(&std::fs::read(file).unwrap()).unwrap());
        let of = |guide: Guide, space| {
            let scheme = Scheme { main: "net".into(), guide: Some(guide), space, ..Scheme::default() };
            models.of(&scheme).map(|(_, guide)| guide.unwrap())
        };
        let student = Noise::StudentT { degrees_of_freedom: 4.0 };
        let found = of(Guide { noise: student, ..Guide::new("exact:AB", 1.0) }, Space::Score).unwrap();
        assert!(matches!(found, Model::StudentT(mixture, 4.0) if mixture.components().len() == 2032));
        let degradation = Degradation::Dropout { rate: 0.5, seed: 3 };
        let guide = Guide { noise_shift: 0.5, degradation, ..Guide::new("net", 1.0) };
        let Model::Network(found) = of(guide, Space::Score).unwrap() else { panic!("it is a network") };
        assert_eq!(*found, network.with_dropout(0.5, 3).unwrap().with_noise_shift(0.5).unwrap());
        let refused = |guide, space| of(guide, space).err().unwrap().to_string();
        assert!(refused(Guide { noise: student, ..Guide::new("net", 1.0) }, Space::Score).contains("exact"));
        assert!(refused(Guide::new("tail", 1.2), Space::Denoised).contains("Gaussian noise only"));
        assert!(of(Guide::new("tail", 1.2), Space::Score).is_ok());
        let message = models.of(&Scheme { main: "tail".into(), ..Scheme::default() }).err().unwrap().to_string();
        assert!(message.contains("the sampler removes"), "{message}");
    }

    #[test]
    fn models_are_found_by_name() {
        let mut models = Models::new();
        let has = |models: &Models, name: &str| models.has(&name.into());
        assert!(has(&models, "exact:AB") && has(&models, "exact") && !has(&models, "exact:C") && !has(&models, MAIN));
        let bytes = crate::plane::training::initial(8, 4, 1).to_safetensors();
        models.add("mine", Network::from_safetensors(&bytes).unwrap());
        assert!(matches!(models.get(&"mine".into()), Ok(Model::Network(_))));
        let refused = |models: &Models, name: &str| models.get(&name.into()).err().unwrap().to_string();
        assert_eq!(refused(&models, "yours"), "There is no model named \"yours\".");
        assert_eq!(refused(&models, "exact:C"), "There is no model named \"exact:C\".");
        assert_eq!(refused(&models, "mine:A"), "There is no model named \"mine:A\".");
        let shipped = |classes: &str| {
            let file = format!("{}/weights/guide-{classes}32-0512.safetensors", env!("CARGO_MANIFEST_DIR"));
            Network::from_safetensors(&std::fs::read(file).unwrap()).unwrap()
        };
        for classes in ["AB", "B", "AB"] {
            models.add(format!("small:{classes}"), shipped(classes));
        }
        models.add("own", shipped("B"));
        let says = |name: &str| match models.get(&name.into()) {
            Ok(Model::Network(network)) => network.says("condition").unwrap().to_owned(),
            _ => panic!("{name} is a network"),
        };
        assert_eq!(["small:AB", "small:B", "own", "own:B"].map(says), ["AB", "B", "B", "B"]);
        assert!(!has(&models, "small:A") && !has(&models, "own:A"));
    }
}
