//! What guides a scheme's particles, at any points.

use super::run_config::RunConfig;
use super::sampler::{points, within};
use crate::error::Result;
use crate::plane::Models;
use crate::plane::engine::cpu;
use wasm_bindgen::prelude::*;

/// A scheme, ready to be asked.
#[wasm_bindgen]
pub struct Explanation(cpu::Explanation);

impl Explanation {
    pub(super) fn new(config: &RunConfig, models: &Models, sigma: Option<f64>) -> Result<Self> {
        let config = config.settings()?;
        Ok(Self(match sigma {
            None => cpu::Explanation::new(&config, models)?,
            Some(sigma) => cpu::Explanation::at_level(&config, models, sigma)?,
        }))
    }

    fn check(&self, step: usize) -> std::result::Result<(), JsValue> {
        within("The step", 0, step, self.0.steps()).map(drop)
    }
}

#[wasm_bindgen]
impl Explanation {
    /// The noise level at which a step's models are asked; after the last step it is the last step's.
    ///
    /// # Errors
    /// If there are not that many steps.
    pub fn sigma(&self, step: usize) -> std::result::Result<f64, JsValue> {
        self.check(step)?;
        Ok(self.0.sigma(step))
    }

    /// The guidance weight there; 1 is no guidance.
    ///
    /// # Errors
    /// If there are not that many steps.
    pub fn weight(&self, step: usize) -> std::result::Result<f64, JsValue> {
        self.check(step)?;
        Ok(self.0.weight(step))
    }

    /// 11 numbers for each point x, y: log p1, s1 (two), log p0, s0 (two; NaN without a guide), the score that is followed
    /// (two), log p of the data under the same noise and its score (two). Densities are normalised over the plane.
    ///
    /// # Errors
    /// If there are not that many steps, or a coordinate is missing.
    pub fn at(&self, step: usize, positions: &[f32]) -> std::result::Result<Vec<f32>, JsValue> {
        self.check(step)?;
        Ok(self.0.at(step, points(positions)?).into_flattened())
    }
}
