//! The engine for processors: f32, particles across SIMD lanes, tiles of them across threads.
//!
//! Invariant: a particle's path depends on its start and the configuration only, not on how many others there are
//! or on the number of threads.

mod model;
mod run;

pub use model::CpuModel;
pub use super::RunConfig;
pub use run::Run;
