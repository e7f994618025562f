//! A prepared run, for any worker to take any piece of.

use super::run_config::RunConfig;
use crate::error::{Error, Result};
use crate::plane;
use crate::plane::Models;
use crate::plane::distribution::{Classes, Mixture};
use crate::plane::engine::cpu::{self, Memory};
use crate::web::error::throw;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// Models and noise levels of a run, but no particles.
#[wasm_bindgen]
pub struct Sampler {
    sampler: cpu::Sampler,
    mixture: Arc<Mixture>,
    particles: usize,
    seed: u64,
}

impl Sampler {
    pub(super) fn new(config: &RunConfig, models: &Models) -> Result<Self> {
        Ok(Self {
            sampler: cpu::Sampler::new(&config.settings()?, models)?,
            mixture: Arc::clone(models.mixture(Classes::A)),
            particles: config.particles,
            seed: config.seed,
        })
    }
}

#[wasm_bindgen]
impl Sampler {
    /// Number of particles.
    #[wasm_bindgen(getter)]
    pub fn particles(&self) -> usize {
        self.particles
    }

    /// Steps in all.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> usize {
        self.sampler.steps()
    }

    /// The noise levels: `steps + 1` numbers, the last zero.
    #[wasm_bindgen(js_name = noiseLevels)]
    pub fn noise_levels(&self) -> Vec<f64> {
        self.sampler.sigmas().to_vec()
    }

    /// Evaluations of models for each particle in the first `steps` steps; main and guide count one each.
    ///
    /// # Errors
    /// If there are not that many steps.
    pub fn evaluations(&self, steps: usize) -> std::result::Result<usize, JsValue> {
        within("The number of steps", 0, steps, self.steps())?;
        Ok(self.sampler.evaluations(steps))
    }

    /// The guidance weight of each step's first stage, as the scheme has it: `steps` numbers; 1 is no guidance, but under CFG++.
    pub fn weights(&self) -> Vec<f64> {
        self.sampler.plan().own_weights()
    }

    /// Positions of `count` particles from `first` on at the highest noise level: x0, y0, x1, y1, ...
    ///
    /// # Errors
    /// If there are not that many particles.
    pub fn starts(&self, first: usize, count: usize) -> std::result::Result<Vec<f32>, JsValue> {
        let particles = within("The last particle", first, count, self.particles)?;
        Ok(plane::starts(&self.mixture, self.sampler.sigmas()[0], self.seed, particles).into_flattened())
    }

    /// Whole paths of some particles, by their numbers in the run: `steps + 1` points each, particle by particle.
    ///
    /// # Errors
    /// If there is no such particle.
    pub fn trace(&self, particles: &[u32]) -> std::result::Result<Vec<f32>, JsValue> {
        let numbers: Vec<usize> = particles.iter().map(|&number| number as usize).collect();
        for &number in &numbers {
            within("The last particle", number, 1, self.particles)?;
        }
        let starts = plane::starts(&self.mixture, self.sampler.sigmas()[0], self.seed, 0..self.particles);
        Ok(self.sampler.trace(&numbers, &starts).into_flattened())
    }

    /// Numbers that each particle carries from piece to piece besides its position: 0 or 4.
    #[wasm_bindgen(getter)]
    pub fn memory(&self) -> usize {
        if self.sampler.plan().remembers() { Memory::default().len() } else { 0 }
    }

    /// Whether particles depend on each other, so that a piece has to be all of them.
    #[wasm_bindgen(getter)]
    pub fn coupled(&self) -> bool {
        self.sampler.plan().couples()
    }

    /// Move particles, of which the run's particle `first` is the first, from `positions` at noise level `firstStep`: their
    /// positions after each of `steps` steps, those after the first step first. What they carry (at the beginning zeros,
    /// `memory` for each particle) changes in place.
    ///
    /// # Errors
    /// If there are not that many steps or particles, or a number is missing.
    pub fn advance(
        &self,
        first: usize,
        positions: &[f32],
        memory: &mut [f32],
        #[wasm_bindgen(js_name = firstStep)] first_step: usize,
        steps: usize,
    ) -> std::result::Result<Vec<f32>, JsValue> {
        let steps = within("The last step", first_step, steps, self.steps())?;
        let positions = points(positions)?;
        let given = within("The last particle", first, positions.len(), self.particles)?;
        let expected = self.memory() * given.len();
        if memory.len() != expected {
            return Err(throw(Error::invalid("The memory of particles", format!("{expected} numbers"), memory.len())));
        }
        if self.coupled() && given.len() != self.particles {
            return Err(throw(Error::invalid(
                "The number of coupled particles",
                self.particles.to_string(),
                given.len(),
            )));
        }
        let mut particles = self.sampler.begin(first, positions.to_vec());
        particles.memory.as_flattened_mut().copy_from_slice(memory);
        let path = self.sampler.path(&mut particles, steps, 1);
        memory.copy_from_slice(particles.memory.as_flattened());
        Ok(path.into_flattened())
    }
}

/// `first..first + count`, if that ends within `most`.
pub(super) fn within(
    what: &'static str,
    first: usize,
    count: usize,
    most: usize,
) -> std::result::Result<std::ops::Range<usize>, JsValue> {
    match first.checked_add(count) {
        Some(end) if end <= most => Ok(first..end),
        _ => Err(throw(Error::invalid(what, format!("at most {most}"), format!("{first} + {count}")))),
    }
}

/// Coordinates x0, y0, x1, y1, ... as points.
pub(super) fn points(coordinates: &[f32]) -> std::result::Result<&[[f32; 2]], JsValue> {
    match coordinates.as_chunks() {
        (points, []) => Ok(points),
        _ => Err(throw(Error::invalid("The number of coordinates", "even", coordinates.len()))),
    }
}
