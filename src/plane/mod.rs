//! Data in the plane: distributions whose truth is known, the toy networks that learn them, what moves particles, and what is
//! measured of where they end.

#[cfg(not(target_arch = "wasm32"))]
pub mod catalogue;
pub mod distribution;
pub mod engine;
pub mod metrics;
mod models;
pub mod network;
mod starts;
#[cfg(any(not(target_arch = "wasm32"), feature = "training", test))]
pub mod training;

pub use models::{Model, Models, exact_classes, exact_model};
pub use starts::{Starts, starts};
