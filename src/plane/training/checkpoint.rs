//! The whole state of a run as a file, so that it goes on to the same bits, natively or in WebAssembly.

use super::{TrainingConfig, TrainingState};
use crate::error::{Error, Result};
use crate::json::{FromJson, Value};
use crate::tensors::{Tensors, write};

/// Name of the entry that holds the configuration and the iteration.
const RUN: &str = "config and iteration";
const PARTS: [&str; 4] = ["weights", "average", "adam.first", "adam.second"];

impl TrainingState {
    /// The state after the last iteration: what the present one has begun is not in it.
    pub fn checkpoint(&self) -> Vec<u8> {
        let lists = [&self.weights, &self.average, &self.adam.first, &self.adam.second];
        let tensors: Vec<_> = PARTS
            .iter()
            .zip(lists)
            .map(|(name, list)| ((*name).to_owned(), vec![list.len()], list.as_slice()))
            .collect();
        let run = ["[", &self.config.json(), ",", &self.iteration.to_string(), "]"].concat();
        write(&tensors, &[(RUN.to_owned(), run)])
    }

    /// Go on from a checkpoint.
    ///
    /// # Errors
    /// [`Error::Weights`] if the file is not a checkpoint.
    pub fn resume(bytes: &[u8]) -> Result<Self> {
        let file = Tensors::read(bytes)?;
        let run = file.metadata.iter().find(|(key, _)| key == RUN).ok_or_else(|| missing(RUN, "none"))?;
        let run = Value::parse(&run.1).map_err(|fault| missing(RUN, &fault.clause()))?;
        let Value::List(run) = run else { return Err(missing(RUN, "no list")) };
        let [config, iteration] = &run[..] else { return Err(missing(RUN, "a list of another length")) };
        let config = TrainingConfig::from_json(config).map_err(|fault| missing(RUN, &fault.clause()))?;
        let iteration = u32::from_json(iteration).map_err(|fault| missing(RUN, &fault.clause()))?;
        let mut state = Self::new(config)?;
        let length = state.weights.len();
        let [weights, average, first, second] = PARTS.map(|name| file.numbers(name, &[length]));
        (state.weights, state.average) = (weights?, average?);
        (state.adam.first, state.adam.second) = (first?, second?);
        state.iteration = iteration;
        Ok(state)
    }
}

fn missing(part: &str, found: &str) -> Error {
    Error::weights(part, "that of a training checkpoint", found)
}
