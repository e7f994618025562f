//! What guides a scheme's particles, at any points.

use crate::arrays::{Array, array, points};
use crate::data::{Distribution, Network};
use crate::error::Problem;
use crate::work::{self, Progress};
use guidance_playground::command::models;
use guidance_playground::lanes::TILE;
use guidance_playground::plane::engine::RunConfig;
use guidance_playground::plane::engine::cpu::{Explanation, NUMBERS};
use numpy::PyReadonlyArray2;
use pyo3::prelude::*;

/// The noise level, the weight there, and of each point 11 numbers: log p1, s1 (two), log p0, s0 (two; no numbers without a guide), the score
/// that is followed (two), log p of the data and its score (two).
#[pyfunction]
pub fn score<'py>(
    py: Python<'py>,
    scheme: &str,
    distribution: &Distribution,
    networks: Vec<(String, PyRef<'py, Network>)>,
    at: PyReadonlyArray2<'py, f32>,
    sigma: f64,
) -> PyResult<(f64, f64, Array<'py, f32>)> {
    let scheme = crate::sampling::scheme(scheme)?;
    let models = models::complete(distribution.with(&networks)?, scheme.models()).map_err(Problem::from)?;
    let config = RunConfig { scheme, seed: 0 };
    let explanation = Explanation::at_level(&config, &models, sigma).map_err(Problem::from)?;
    let at = points(&at)?;
    let mut numbers = vec![[0.0; NUMBERS]; at.len()];
    let pieces = at.chunks(TILE).zip(numbers.chunks_mut(TILE));
    work::share(py, work::threads(None), pieces, &Progress::None, |(at, numbers), _| {
        numbers.copy_from_slice(&explanation.at(0, at));
        0.0
    })?;
    let numbers = array(py, &[at.len(), NUMBERS], numbers.into_flattened());
    Ok((explanation.sigma(0), explanation.weight(0), numbers))
}
