//! From noise to data: noise levels, and solvers as coefficients (EDM, Karras et al. 2022, arXiv 2206.00364).
//!
//! Invariant: a run is a function of its configuration; the same seed gives the same starts whatever the scheme, the
//! solver, the number of particles or the engine.

mod noise_levels;
mod solver;

pub use noise_levels::{NoiseLevels, Spacing};
pub use solver::{Solver, Step, still};
