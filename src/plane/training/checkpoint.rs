//! The whole state of a run as a file, so that it goes on to the same bits.

use super::{Trainer, TrainingConfig};
use crate::error::{Error, Result};
use crate::plane::network::write;
use crate::tensors::Tensors;

/// Name of the entry that holds the configuration and the iteration.
const RUN: &str = "config and iteration";
const PARTS: [&str; 4] = ["weights", "average", "adam.first", "adam.second"];

impl Trainer {
    /// The state after the present iteration.
    pub fn checkpoint(&self) -> Vec<u8> {
        let lists = [&self.weights, &self.average, &self.adam.first, &self.adam.second];
        let tensors: Vec<_> = PARTS
            .iter()
            .zip(lists)
            .map(|(name, list)| ((*name).to_owned(), vec![list.len()], list.as_slice()))
            .collect();
        let run = serde_json::to_string(&(&self.config, self.iteration)).expect("a configuration is plain data");
        write(&tensors, &[(RUN.to_owned(), run)])
    }

    /// Go on from a checkpoint.
    ///
    /// # Errors
    /// [`Error::Weights`] if the file is not a checkpoint.
    pub fn resume(bytes: &[u8]) -> Result<Self> {
        let file = Tensors::read(bytes)?;
        let run = file.metadata.iter().find(|(key, _)| key == RUN).ok_or_else(|| missing(RUN, "none"))?;
        let (config, iteration): (TrainingConfig, u32) =
            serde_json::from_str(&run.1).map_err(|e| missing(RUN, &e.to_string()))?;
        let mut trainer = Self::new(config)?;
        let length = trainer.weights.len();
        let [weights, average, first, second] = PARTS.map(|name| file.numbers(name, &[length]));
        (trainer.weights, trainer.average) = (weights?, average?);
        (trainer.adam.first, trainer.adam.second) = (first?, second?);
        trainer.iteration = iteration;
        Ok(trainer)
    }
}

fn missing(part: &str, found: &str) -> Error {
    Error::weights(part, "that of a training checkpoint", found)
}
