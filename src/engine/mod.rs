//! What moves particles: one room for the processor, one for graphics processors, and the plan that both execute.

pub mod cpu;
#[cfg(feature = "gpu")]
pub mod gpu;
mod plan;
mod view;

pub use plan::{Plan, Row};
pub use view::View;

use crate::guidance::Scheme;

/// What a run does with its starts.
#[derive(Clone, Debug)]
pub struct RunConfig {
    /// What guides, and how it is followed.
    pub scheme: Scheme,
    /// Seed of the noise that stochastic solvers add.
    pub seed: u64,
}
