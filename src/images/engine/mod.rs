//! What moves pictures: for processors, pictures across SIMD lanes and tiles of 16 of them across threads; and for graphics processors
//! ([`gpu`]).
//!
//! Invariant: a picture depends on its number, the prompt, the seed and the scheme only, not on how many others there are or on the
//! number of threads. Between instruction sets the last digits may differ.

mod estimates;
#[cfg(feature = "gpu")]
pub mod gpu;
mod models;
mod sampler;

pub use estimates::Told;
pub use models::Models;
pub use sampler::{Batch, RunConfig, Sampler};
