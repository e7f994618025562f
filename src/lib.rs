//! Guided diffusion on toy two-dimensional distributions: exact mixtures, small denoisers, guidance schemes,
//! samplers and metrics. The playground page and the native command are thin layers over this crate.

pub mod distribution;
pub mod engine;
pub mod error;
pub mod guidance;
pub mod json;
pub mod lanes;
pub mod metrics;
pub mod network;
pub mod parameter;
pub mod random;
pub mod sampling;
#[cfg(not(target_arch = "wasm32"))]
pub mod study;
#[cfg(target_arch = "wasm32")]
pub mod web;

pub use error::{Error, Result};
