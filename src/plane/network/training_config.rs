//! How a network is trained, which its file says.

use super::{LAYERS, NETWORK_DEGREES, has_variance};
use crate::error::{Error, Result};
use crate::plane::distribution::{Classes, Distribution};
use serde::{Deserialize, Serialize};

/// What to train.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrainingConfig {
    /// What is learned; of a file that does not say, the paper's tree.
    #[serde(default)]
    pub data: Distribution,
    /// One class of it, or both for an unconditional model.
    pub classes: Classes,
    /// Width of the hidden layers, 4 to 512.
    pub hidden: usize,
    /// Particles a batch, 1 to 2^20.
    pub batch: usize,
    /// Seed of weights and batches.
    pub seed: u64,
    /// Degrees of freedom of Student-t noise, above 2 and at most 10^6; Gaussian noise otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degrees_of_freedom: Option<f64>,
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
        let noise = self.degrees_of_freedom.map_or("Gaussian".to_owned(), |nu| format!("Student-t, nu = {nu}"));
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

    /// # Errors
    /// If a number is out of its range.
    pub fn validate(&self) -> Result<()> {
        if !(4..=512).contains(&self.hidden) {
            return Err(Error::invalid("The hidden width", "between 4 and 512", self.hidden));
        }
        if !(1..=1 << 20).contains(&self.batch) {
            return Err(Error::invalid("The batch", "between 1 and 1048576", self.batch));
        }
        if let Some(nu) = self.degrees_of_freedom.filter(|&nu| !has_variance(nu as f32)) {
            return Err(Error::invalid("The degrees of freedom of a network's noise", NETWORK_DEGREES, nu));
        }
        Ok(())
    }
}
