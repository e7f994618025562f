//! The engine of pictures for graphics processors: WebGPU in a browser, Vulkan natively, from one source (`wgpu`).
//!
//! An evaluation of a network is 23 dispatches, one for each product with all that stands between it and the next, one that makes
//! drawings of words, and one that makes D; where guide and main model are the same network under two prompts or noise levels, both
//! are evaluated in the same ones, and so are negative prompts. Then one makes the step, after one that sums up inner products where a
//! rule asks for them, three for bands, and one for a finish.
//! What depends on the prompt and the noise level alone is worked out on the processor for a whole run, and sent once; pictures stay
//! on the device until they are asked for.
//!
//! On SwiftShader a load takes as long as some seven multiply-adds (four invocations are one vector): hence
//! blocks of 4 x 4 pixels and four channels, whose sums stand in registers, and no workgroup memory.
//!
//! Invariant: single steps agree with the processor's engine to 2e-5 of what a picture's numbers are.

mod evaluation;
mod layers;
mod run;
mod shader;
mod stages;
mod steps;

pub use run::{Run, expect_supported};
