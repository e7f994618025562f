//! Networks that are trained, an iteration at a time.

use crate::data::Network;
use crate::error::{Problem, Result};
use crate::work;
use guidance_playground::command::Failure;
use guidance_playground::plane::training::{self, TrainingConfig, Validation};
use pyo3::prelude::*;

/// A run.
#[pyclass(module = "guidance_playground._core")]
pub struct Trainer(training::Trainer);

#[pymethods]
impl Trainer {
    #[new]
    fn new(
        distribution: &str,
        classes: &str,
        hidden: usize,
        batch: usize,
        seed: u64,
        degrees_of_freedom: Option<f64>,
    ) -> Result<Self> {
        let (data, classes) = (distribution.parse()?, classes.parse()?);
        let config = TrainingConfig { data, classes, hidden, batch, seed, degrees_of_freedom };
        Ok(Self(training::Trainer::new(config)?))
    }

    #[getter]
    fn iteration(&self) -> u32 {
        self.0.iteration()
    }

    /// One iteration; the loss of its batch.
    fn step(&mut self, py: Python<'_>, threads: Option<usize>) -> Result<f64> {
        let loss = py.detach(|| self.0.step(work::threads(threads)))?;
        if loss.is_finite() {
            return Ok(loss);
        }
        Err(Problem::from(Failure::Error {
            code: "diverged",
            sentence: format!("The loss is {loss} at iteration {}.", self.0.iteration()),
            advice: Some("Take a larger batch, or another seed.".to_owned()),
        }))
    }

    /// The averaged network.
    fn network(&self) -> Network {
        Network(self.0.network())
    }

    /// Noise levels, the lowest first, and the averaged network's loss at each.
    fn validation(&self, py: Python<'_>) -> Result<(Vec<f64>, Vec<f64>)> {
        let losses = py.detach(|| {
            let validation = Validation::of(self.0.config())?;
            validation.losses(&self.0.network()).map(|losses| (validation.sigmas(), losses))
        });
        Ok(losses?)
    }
}
