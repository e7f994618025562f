//! Points in the plane. There are two kinds of build: without WebGPU, for the workers of the processor's engine (`processor`,
//! `sampler`), and with it, for the one worker that owns the device (`gpu`).

mod core;
#[cfg(not(feature = "gpu"))]
mod explanation;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(not(feature = "gpu"))]
mod plan;
#[cfg(not(feature = "gpu"))]
mod processor;
#[cfg(not(feature = "gpu"))]
mod results;
mod run_config;
#[cfg(not(feature = "gpu"))]
mod sampler;

pub use self::core::Core;
#[cfg(not(feature = "gpu"))]
pub use explanation::Explanation;
#[cfg(feature = "gpu")]
pub use gpu::{Gpu, GpuRun};
#[cfg(not(feature = "gpu"))]
pub use plan::Plan;
#[cfg(not(feature = "gpu"))]
pub use processor::{count_lost, farthest};
#[cfg(not(feature = "gpu"))]
pub use sampler::Sampler;
