//! Data and networks, which Python holds.

use crate::arrays::{Array, array, points, vectors};
use crate::error::{Problem, Result};
use crate::work::{self, Progress};
use guidance_playground::Error;
use guidance_playground::command::models::distribution;
use guidance_playground::guidance::EXACT;
use guidance_playground::plane::catalogue::conditions;
use guidance_playground::plane::distribution::{Classes, Mixture, Regions, files};
use guidance_playground::plane::metrics::Evaluator;
use guidance_playground::plane::{Models, network};
use guidance_playground::random::Stream;
use nalgebra::Vector2;
use numpy::PyReadonlyArray2;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::sync::{Arc, Mutex, PoisonError};

/// Points that one thread answers for without a break.
const PIECE: usize = 256;

/// What is sampled, with its exact models.
#[pyclass(frozen, module = "guidance_playground._core")]
pub struct Distribution {
    pub models: Models,
    /// Made when it is first asked: it takes a noticeable time.
    evaluator: Arc<Mutex<Option<Evaluator>>>,
}

#[pymethods]
impl Distribution {
    /// By its name, or the path of a file.
    #[new]
    fn new(argument: &str, bandwidth: f64) -> Result<Self> {
        Ok(Self::of(distribution(argument, bandwidth)?))
    }

    /// Of the text of a file.
    #[staticmethod]
    fn read(text: &str, bandwidth: f64) -> Result<Self> {
        Ok(Self::of(files::read(text, bandwidth)?))
    }

    #[getter]
    pub fn name(&self) -> String {
        self.models.distribution().to_string()
    }

    #[getter]
    fn called(&self) -> String {
        self.models.distribution().called()
    }

    /// Of each Gaussian weight, mean (two), covariance (four), class and branch, as nine numbers.
    fn components<'py>(&self, py: Python<'py>, classes: &str) -> Result<Array<'py, f64>> {
        let mixture = self.classes(classes)?;
        let rows = mixture.components().iter().map(|c| {
            let v = &c.covariance;
            [c.weight, c.mean.x, c.mean.y, v.m11, v.m12, v.m21, v.m22, f64::from(c.class), f64::from(c.branch)]
        });
        Ok(array(py, &[mixture.components().len(), 9], rows.collect::<Vec<_>>().into_flattened()))
    }

    /// Of each point log-density and score.
    fn evaluate<'py>(
        &self,
        py: Python<'py>,
        at: PyReadonlyArray2<'py, f64>,
        sigma: f64,
        classes: &str,
    ) -> PyResult<(Array<'py, f64>, Array<'py, f64>)> {
        smoothing(sigma)?;
        let (mixture, at) = (self.classes(classes)?, vectors(&at)?);
        fields(py, &at, |x| {
            let value = mixture.evaluate(x, sigma);
            (value.log_density, value.score)
        })
    }

    fn sample<'py>(
        &self,
        py: Python<'py>,
        count: usize,
        seed: u64,
        sigma: f64,
        classes: &str,
    ) -> Result<Array<'py, f64>> {
        smoothing(sigma)?;
        let mixture = self.classes(classes)?;
        let draw = |index| <[f64; 2]>::from(mixture.sample(sigma, seed, Stream::Truth, index));
        let drawn: Vec<_> = py.detach(|| (0..count as u64).map(draw).collect());
        Ok(array(py, &[count, 2], drawn.into_flattened()))
    }

    /// The log-density above which a share of the data lies.
    fn threshold(&self, py: Python<'_>, mass: f64, sigma: f64, classes: &str) -> Result<f64> {
        smoothing(sigma)?;
        if !(0.0..=1.0).contains(&mass) {
            return Err(Error::invalid("The share of the data", "between 0 and 1", mass).into());
        }
        let mixture = self.classes(classes)?;
        Ok(py.detach(|| Regions::new(mixture, sigma).threshold(mass)))
    }

    /// Metrics as JSON.
    fn metrics(&self, py: Python<'_>, positions: PyReadonlyArray2<'_, f32>) -> PyResult<String> {
        let positions = points(&positions)?;
        let (evaluator, mixture) = (Arc::clone(&self.evaluator), Arc::clone(self.models.mixture(Classes::A)));
        let metrics = work::undivided(py, move || {
            let mut evaluator = evaluator.lock().unwrap_or_else(PoisonError::into_inner);
            evaluator.get_or_insert_with(|| Evaluator::new(mixture)).metrics(&positions)
        })?;
        Ok(serde_json::to_string(&metrics.map_err(Problem::from)?).expect("metrics are plain data"))
    }
}

impl Distribution {
    fn of(distribution: guidance_playground::plane::distribution::Distribution) -> Self {
        Self { models: Models::over(distribution), evaluator: Arc::default() }
    }

    fn classes(&self, classes: &str) -> Result<&Mixture> {
        Ok(self.models.mixture(classes.parse()?))
    }

    /// Its exact models, and networks under the names that a caller gives them.
    pub fn with(&self, networks: &[(String, PyRef<'_, Network>)]) -> Result<Models> {
        let mut models = self.models.clone();
        for (name, network) in networks {
            let taken = name == EXACT || !conditions(name).is_empty();
            if name.is_empty() || name.contains(':') || taken {
                let expected = "one that no shipped model has, without a colon, after which a condition would stand";
                return Err(Error::invalid("The name of a model of one's own", expected, format!("\"{name}\"")).into());
            }
            models.add(name.clone(), network.0.clone());
        }
        Ok(models)
    }
}

/// A denoiser that was trained.
#[pyclass(frozen, module = "guidance_playground._core")]
pub struct Network(pub network::Network);

#[pymethods]
impl Network {
    /// Of the bytes of a safetensors file; messages call it by `name`.
    #[new]
    fn new(bytes: &[u8], name: &str) -> Result<Self> {
        Ok(Self(network::Network::from_safetensors(bytes).map_err(|error| error.in_file(name))?))
    }

    #[getter]
    fn width(&self) -> usize {
        self.0.hidden()
    }

    #[getter]
    fn parameters(&self) -> usize {
        self.0.parameters()
    }

    #[getter]
    fn degrees_of_freedom(&self) -> Option<f64> {
        self.0.degrees_of_freedom()
    }

    /// What its file says.
    #[getter]
    fn metadata(&self) -> Vec<(String, String)> {
        self.0.metadata().to_vec()
    }

    fn to_safetensors<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.to_safetensors())
    }

    /// Of each point log-density, unnormalised, and score.
    fn evaluate<'py>(
        &self,
        py: Python<'py>,
        at: PyReadonlyArray2<'py, f64>,
        sigma: f64,
    ) -> PyResult<(Array<'py, f64>, Array<'py, f64>)> {
        if !(sigma.is_finite() && sigma > 0.0) {
            return Err(Problem::from(Error::invalid("The noise level", "a finite number above 0", sigma)).into());
        }
        fields(py, &vectors(&at)?, |x| {
            let value = self.0.evaluate(x, sigma);
            (value.log_density, value.score)
        })
    }
}

/// Log-densities and scores at points, in f64, on all cores.
fn fields<'py>(
    py: Python<'py>,
    at: &[Vector2<f64>],
    evaluate: impl Fn(Vector2<f64>) -> (f64, Vector2<f64>) + Sync,
) -> PyResult<(Array<'py, f64>, Array<'py, f64>)> {
    let (mut log_densities, mut scores) = (vec![0.0; at.len()], vec![[0.0; 2]; at.len()]);
    let pieces = at.chunks(PIECE).zip(log_densities.chunks_mut(PIECE)).zip(scores.chunks_mut(PIECE));
    work::share(py, work::threads(None), pieces, &Progress::None, |((at, logs), scores), _| {
        for ((&x, log), score) in at.iter().zip(logs).zip(scores) {
            let (log_density, gradient) = evaluate(x);
            (*log, *score) = (log_density, gradient.into());
        }
        0.0
    })?;
    Ok((array(py, &[at.len()], log_densities), array(py, &[at.len(), 2], scores.into_flattened())))
}

fn smoothing(sigma: f64) -> Result<()> {
    if sigma.is_finite() && sigma >= 0.0 {
        return Ok(());
    }
    Err(Error::invalid("The noise level", "a finite number of 0 or more", sigma).into())
}
