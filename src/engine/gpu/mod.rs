//! The engine for graphics processors: WebGPU in a browser, Vulkan natively, from one source (`wgpu`).
//!
//! Invariant: what is asked of a device is within WebGPU's default limits, and no dispatch takes longer than a few
//! milliseconds ([`pace`](Pace)), so that neither a watchdog nor a visitor loses patience. Every kernel has a twin on
//! the processor, named in its file, that tests compare it with.

mod buffers;
mod device;
mod pace;
mod run;
mod shader;
mod tables;

pub use device::Gpu;
pub use pace::Pace;
pub use run::Run;
pub use shader::all_shaders;
