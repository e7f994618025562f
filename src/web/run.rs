//! One scheme from its starts, keeping its whole path.

use super::error::{object, throw};
use crate::distribution::Mixture;
use crate::engine::cpu;
use crate::error::{Error, Result};
use crate::guidance::{Models, Scheme};
use crate::metrics::Judge;
use crate::sampling::{NoiseLevels, Solver, starts};
use serde::Deserialize;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// Most particles of one run.
const MOST_PARTICLES: usize = 1 << 17;

/// What a run does.
#[derive(Deserialize, tsify::Tsify)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunConfig {
    /// Who guides whom.
    pub scheme: Scheme,
    /// How steps are taken.
    pub solver: Solver,
    /// Noise levels above zero, 2 to 1024.
    pub steps: usize,
    /// Particles, 1 to 131072.
    pub particles: usize,
    /// Seed of the starts: an integer from 0 to 2^53 - 1.
    pub seed: u64,
}

/// A run and its path so far.
#[wasm_bindgen]
pub struct Run {
    run: cpu::Run,
    path: Vec<Vec<[f32; 2]>>,
    mixture: Arc<Mixture>,
    judge: Rc<OnceCell<RefCell<Judge>>>,
}

impl Run {
    pub(super) fn new(
        config: &RunConfig,
        models: &Models,
        mixture: Arc<Mixture>,
        judge: Rc<OnceCell<RefCell<Judge>>>,
    ) -> Result<Self> {
        if !(1..=MOST_PARTICLES).contains(&config.particles) {
            let range = format!("between 1 and {MOST_PARTICLES}");
            return Err(Error::invalid("The number of particles", range, config.particles));
        }
        let levels = NoiseLevels { steps: config.steps, ..NoiseLevels::default() };
        let start = starts(&mixture, levels.max, config.seed, config.particles);
        let settings = cpu::RunConfig { scheme: config.scheme.clone(), solver: config.solver, levels };
        Ok(Self { run: cpu::Run::new(&settings, models, &start)?, path: vec![start], mixture, judge })
    }
}

#[wasm_bindgen]
impl Run {
    /// Number of particles.
    #[wasm_bindgen(getter)]
    pub fn particles(&self) -> usize {
        self.run.particles()
    }

    /// Steps in all.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> usize {
        self.run.steps()
    }

    /// Steps taken.
    #[wasm_bindgen(getter, js_name = stepsDone)]
    pub fn steps_done(&self) -> usize {
        self.run.steps_done()
    }

    /// The noise levels: `steps + 1` numbers, the last zero.
    #[wasm_bindgen(js_name = noiseLevels)]
    pub fn noise_levels(&self) -> Vec<f64> {
        self.run.sigmas().to_vec()
    }

    /// Take one step; false if none was left.
    pub fn step(&mut self) -> bool {
        let moved = self.run.step(1);
        if moved {
            self.path.push(self.run.positions());
        }
        moved
    }

    /// Positions after `step` steps, x0, y0, x1, y1, ...; a copy.
    ///
    /// # Errors
    /// If the run has not come that far.
    pub fn positions(&self, step: usize) -> std::result::Result<Vec<f32>, JsValue> {
        let missing = || throw(Error::invalid("The step", format!("between 0 and {}", self.path.len() - 1), step));
        Ok(self.path.get(step).ok_or_else(missing)?.as_flattened().to_vec())
    }

    /// The figures of the particles as they are; meaningful at the end.
    #[wasm_bindgen(unchecked_return_type = "Metrics")]
    pub fn metrics(&self) -> JsValue {
        let judge = self.judge.get_or_init(|| RefCell::new(Judge::new(Arc::clone(&self.mixture))));
        object(&judge.borrow_mut().metrics(&self.path[self.path.len() - 1]))
    }

    /// Evaluations of models for each particle so far; main and guide count one each.
    pub fn evaluations(&self) -> usize {
        self.run.evaluations()
    }
}
