//! Networks that are trained, an iteration at a time.

use crate::data::Network;
use crate::error::{Problem, Result};
use crate::work;
use guidance_playground::command::Failure;
use guidance_playground::plane::training::{self, TrainingConfig, Validation};
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A run.
#[pyclass(frozen, module = "guidance_playground._core")]
pub struct Trainer(Arc<Mutex<training::Trainer>>);

impl Trainer {
    fn run(&self) -> MutexGuard<'_, training::Trainer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

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
        Ok(Self(Arc::new(Mutex::new(training::Trainer::new(config)?))))
    }

    #[getter]
    fn iteration(&self) -> u32 {
        self.run().iteration()
    }

    /// One iteration; the loss of its batch.
    fn step(&self, py: Python<'_>, threads: Option<usize>) -> PyResult<f64> {
        let run = Arc::clone(&self.0);
        let (loss, iteration) = work::undivided(py, move || {
            let mut run = run.lock().unwrap_or_else(PoisonError::into_inner);
            run.step(work::threads(threads)).map(|loss| (loss, run.iteration()))
        })?
        .map_err(Problem::from)?;
        if loss.is_finite() {
            return Ok(loss);
        }
        let diverged = Problem::from(Failure::Error {
            code: "diverged",
            sentence: format!("The loss is {loss} at iteration {iteration}."),
            advice: Some("Take a larger batch, or another seed.".to_owned()),
        });
        Err(diverged.into())
    }

    /// The averaged network.
    fn network(&self) -> Network {
        Network(self.run().network())
    }

    /// Noise levels, the lowest first, and the averaged network's loss at each.
    fn validation(&self, py: Python<'_>) -> PyResult<(Vec<f64>, Vec<f64>)> {
        let run = self.run();
        let (config, network) = (run.config().clone(), run.network());
        drop(run);
        let losses = work::undivided(py, move || {
            let validation = Validation::of(&config)?;
            validation.losses(&network).map(|losses| (validation.sigmas(), losses))
        })?;
        Ok(losses.map_err(Problem::from)?)
    }
}
