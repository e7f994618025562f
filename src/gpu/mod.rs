//! A graphics processor (`wgpu`: WebGPU in a browser, Vulkan natively) as engines use it: a device with the pipelines compiled for
//! it, buffers, and how much work goes into one dispatch.

mod buffers;
mod device;
mod pace;

pub use device::{Gpu, Submission};
pub(crate) use device::{WORKGROUPS, now};
pub use pace::Pace;
