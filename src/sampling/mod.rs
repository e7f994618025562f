//! From noise to data: noise levels, solvers and starts (EDM, Karras et al. 2022, arXiv 2206.00364).
//!
//! Invariant: a run is a function of its configuration; the same seed gives the same starts whatever the scheme, the
//! solver, the number of particles or the engine.

mod noise_levels;
mod solver;

pub use noise_levels::{NoiseLevels, STEPS};
pub use solver::Solver;

use crate::distribution::Mixture;
use crate::random::Stream;
use std::ops::Range;

/// Where these particles of `seed` start: samples of the data smoothed by `sigma`, rounded to f32.
pub fn starts(data: &Mixture, sigma: f64, seed: u64, particles: Range<usize>) -> Vec<[f32; 2]> {
    particles
        .map(|i| {
            let x = data.sample(sigma, seed, Stream::Start, i as u64);
            [x.x as f32, x.y as f32]
        })
        .collect()
}
