//! What moves particles: one room for the processor, one for graphics processors.

pub mod cpu;
#[cfg(feature = "gpu")]
pub mod gpu;
mod view;

pub use view::View;

use crate::guidance::Scheme;
use crate::sampling::{NoiseLevels, Solver};

/// What a run does with its starts.
#[derive(Clone, Debug)]
pub struct RunConfig {
    /// Who guides whom.
    pub scheme: Scheme,
    /// How steps are taken.
    pub solver: Solver,
    /// Between which noise levels.
    pub levels: NoiseLevels,
}
