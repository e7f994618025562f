//! What moves particles: one room for the processor, one for graphics processors, and the plan that both execute.
//!
//! Invariant: starts agree to the bit between engines, single steps with f64 (to 1e-5 of the guided terms on a
//! processor, 2e-5 on a device), and endpoints of 95% of particles within 1e-3. No guide is evaluated in a stage
//! whose weight is 1, which is no guidance, unless the rule weighs each particle itself.

pub mod cpu;
#[cfg(feature = "gpu")]
pub mod gpu;
mod view;

pub use view::View;

use crate::guidance::Scheme;

/// Most particles of one run.
pub const MOST_PARTICLES: usize = 1 << 20;

/// What a run does with its starts.
#[derive(Clone, Debug)]
pub struct RunConfig {
    /// What guides, and how it is followed.
    pub scheme: Scheme,
    /// Seed of the noise that stochastic solvers add.
    pub seed: u64,
}
