//! How a network is trained, which its file says.

use super::{LAYERS, NETWORK_DEGREES, has_variance};
use crate::error::{Error, Result};
use crate::from_json;
use crate::json::{Fault, FromJson, Value, decimal, quoted};
use crate::plane::distribution::{Classes, Distribution, Mixture};

/// Greatest seed: JSON has no other integers for certain.
const MOST_SEED: u64 = (1 << 53) - 1;

/// What to train.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(all(target_arch = "wasm32", feature = "training"), derive(tsify::Tsify))]
#[cfg_attr(all(target_arch = "wasm32", feature = "training"), serde(rename_all = "camelCase"))]
pub struct TrainingConfig {
    /// What is learned.
    #[cfg_attr(all(target_arch = "wasm32", feature = "training"), tsify(type = "string"))]
    pub data: Distribution,
    /// One class of it, or both for an unconditional model.
    #[cfg_attr(all(target_arch = "wasm32", feature = "training"), tsify(type = "'A' | 'B' | 'AB'"))]
    pub classes: Classes,
    /// Width of the hidden layers, 4 to 512.
    pub hidden: usize,
    /// Particles a batch, 1 to 2^20.
    pub batch: usize,
    /// Seed of weights and batches: an integer from 0 to 2^53 - 1.
    pub seed: u64,
    /// Degrees of freedom of Student-t noise, above 2 and at most 10^6; Gaussian noise otherwise.
    #[cfg_attr(all(target_arch = "wasm32", feature = "training"), tsify(optional, type = "number | null"))]
    pub degrees_of_freedom: Option<f64>,
}

// Fields that are left out are those of the paper's main model.
from_json!(struct TrainingConfig or default { data, classes, hidden, batch, seed, degrees_of_freedom });

impl FromJson for Distribution {
    fn from_json(value: &Value) -> std::result::Result<Self, Fault> {
        String::from_json(value)?.parse().map_err(|error: Error| Fault::new(error.to_string()))
    }
}

impl FromJson for Classes {
    fn from_json(value: &Value) -> std::result::Result<Self, Fault> {
        String::from_json(value)?.parse().map_err(|error: Error| Fault::new(error.to_string()))
    }
}

impl Default for TrainingConfig {
    /// The paper's main model.
    fn default() -> Self {
        Self {
            data: Distribution::PAPER,
            classes: Classes::A,
            hidden: 64,
            batch: 4096,
            seed: 0,
            degrees_of_freedom: None,
        }
    }
}

impl TrainingConfig {
    /// What a network's file says of it after so many iterations: what it learned, and how.
    pub fn metadata(&self, iterations: u32) -> Vec<(String, String)> {
        let noise =
            self.degrees_of_freedom.map_or("Gaussian".to_owned(), |nu| ["Student-t, nu = ", &decimal(nu)].concat());
        // In the order of names, as they are read.
        let facts = [
            ("batch", self.batch.to_string()),
            ("condition", self.classes.to_string()),
            ("data", self.data.to_string()),
            ("iterations", iterations.to_string()),
            ("layers", LAYERS.to_string()),
            ("noise", noise),
            ("seed", self.seed.to_string()),
            ("width", self.hidden.to_string()),
        ];
        facts.map(|(name, text)| (name.to_owned(), text)).into()
    }

    /// As JSON, from which it is read again.
    pub fn json(&self) -> String {
        let mut fields = vec![
            ("data", quoted(&self.data.to_string())),
            ("classes", quoted(&self.classes.to_string())),
            ("hidden", self.hidden.to_string()),
            ("batch", self.batch.to_string()),
            ("seed", self.seed.to_string()),
        ];
        fields.extend(self.degrees_of_freedom.map(|nu| ("degreesOfFreedom", decimal(nu))));
        let fields: Vec<String> = fields.iter().map(|(name, value)| [&quoted(name), ":", value].concat()).collect();
        ["{", &fields.join(","), "}"].concat()
    }

    /// The data that is learned.
    ///
    /// # Errors
    /// If a number of the configuration is out of its range, or the data have nothing of the class.
    pub fn mixture(&self) -> Result<Mixture> {
        if !(4..=512).contains(&self.hidden) {
            return Err(Error::invalid("The hidden width", "between 4 and 512", self.hidden));
        }
        if !(1..=1 << 20).contains(&self.batch) {
            return Err(Error::invalid("The batch", "between 1 and 1048576", self.batch));
        }
        if self.seed > MOST_SEED {
            return Err(Error::invalid("The seed", "at most 2^53 - 1", self.seed));
        }
        if let Some(nu) = self.degrees_of_freedom.filter(|&nu| !has_variance(nu as f32)) {
            return Err(Error::invalid("The degrees of freedom of a network's noise", NETWORK_DEGREES, decimal(nu)));
        }
        self.data.mixture().classes(self.classes)
    }
}
