//! A graphics processor (`wgpu`: WebGPU in a browser, Vulkan natively) as engines use it: a device with the pipelines compiled for
//! it, buffers, and how much work goes into one dispatch.

mod buffers;
mod device;
mod pace;

pub use device::{Gpu, Submission};
pub(crate) use device::{WORKGROUPS, now};
pub use pace::Pace;

/// Every rule of combination, for the kernels that mix estimates; what stands before it says which, as `COMBINATION`.
pub(crate) const MIX: &str = include_str!("mix.wgsl");
