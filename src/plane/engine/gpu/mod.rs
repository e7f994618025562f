//! The engine for graphics processors: WebGPU in a browser, Vulkan natively, from one source (`wgpu`).
//!
//! Invariant: what is asked of a device is within WebGPU's default limits, and a dispatch that samples or evaluates is
//! sized to take about 8 ms ([`Pace`](crate::gpu::Pace); four tiles at least), so that neither a watchdog nor a visitor loses patience, and an
//! invocation turns its loops 65,535 times at most, since Mesa's llvmpipe ends them there without a word.
//! Two dispatches are under way at any time.
//! Every kernel that computes has a twin on the processor, named in its file, that tests compare it with.
//!
//! Positions leave the device for metrics, export, tests and the resampling of coupled particles only; those go one
//! step at a time.
//!
//! Subgroups and f16 are absent on purpose: the kernels need neither, and no gain has been shown.

mod field;
mod layout;
#[cfg(not(target_arch = "wasm32"))]
mod mixing;
mod peak;
mod picture;
mod run;
mod shader;
mod steps;
#[cfg(target_arch = "wasm32")]
mod surface;
mod tables;

pub use field::Field;
pub use layout::{Layout, layouts};
pub use picture::{Canvas, Colour, Colours, OutlineWork, Painter, Picture};
pub use run::Run;
#[cfg(not(target_arch = "wasm32"))]
pub use shader::all_shaders;
#[cfg(any(not(target_arch = "wasm32"), feature = "training"))]
pub(crate) use shader::{MIXTURE, PHILOX, PRODUCTS, Shape, Shapes, THREADS, TILE, named};
#[cfg(target_arch = "wasm32")]
pub use surface::Surface;
