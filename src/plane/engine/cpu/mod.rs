//! The engine for processors: f32, particles across SIMD lanes, tiles of them across threads.
//!
//! Invariant: a particle's path depends on its start and the configuration only, not on how many others there are, on
//! the number of threads, or on how its steps are cut into ranges; but for Feynman-Kac correctors, which resample the whole
//! population. Between instruction sets, which sum lanes in another order, the last digits may differ.

mod explanation;
mod guide;
mod model;
mod particles;
mod sampler;
mod tile;

pub use explanation::{Explanation, NUMBERS};
pub use model::CpuModel;
#[cfg(feature = "gpu")]
pub(super) use particles::ancestors;
pub use particles::{Memory, Particles};
pub use sampler::Sampler;
