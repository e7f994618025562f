//! Guided diffusion on toy two-dimensional distributions.

#[cfg(target_arch = "wasm32")]
pub mod web;
