//! Guided diffusion on toy two-dimensional distributions: exact mixtures, small denoisers, guidance schemes,
//! samplers and metrics. The playground page and the native command are thin layers over this crate.
//!
//! A [`guidance::Scheme`] says who guides whom, and how strongly; a [`plane::engine::cpu::Sampler`] moves particles under it;
//! a [`plane::metrics::Evaluator`] says how good they are where they end. Guidance is s = s0 + w (s1 - s0), with s1 the main model and s0
//! the guide: w = 1 is no guidance.
//!
//! ```
//! use guidance_playground::guidance::{Guide, Scheme};
//! use guidance_playground::plane::{Models, starts};
//! use guidance_playground::plane::distribution::Classes;
//! use guidance_playground::plane::engine::{RunConfig, cpu::Sampler};
//! use guidance_playground::plane::metrics::Evaluator;
//! use guidance_playground::plane::network::Network;
//!
//! // Exact models of the paper's tree, and the small network that is the guide.
//! let mut models = Models::new();
//! let weights = concat!(env!("CARGO_MANIFEST_DIR"), "/weights/guide-A32-0512.safetensors");
//! models.add("guide-32-0512:A", Network::from_safetensors(&std::fs::read(weights).unwrap())?);
//!
//! // The main model is exact, and guided away from the network with w = 2.
//! let guide = Some(Guide::new("guide-32-0512:A", 1.0));
//! let scheme = Scheme { main: "exact:A".into(), guide, weight: 2.0, ..Scheme::default() };
//! let sampler = Sampler::new(&RunConfig { scheme, seed: 1 }, &models)?;
//!
//! // The first 500 particles of seed 1, from the highest noise level to none, on two threads.
//! let data = models.mixture(Classes::A);
//! let starts = starts(data, sampler.sigmas()[0], 1, 0..500);
//! let ends = sampler.sample(&starts, 2);
//!
//! // How many end where data is rare: 1% of perfect samples, and hardly any of guided ones.
//! let metrics = Evaluator::new(data.clone()).metrics(&ends)?;
//! let outliers = metrics.estimates.outliers;
//! println!("outliers: {:.3} ± {:.3}, perfect {:.3}", outliers.value, outliers.standard_error, outliers.floor.mean);
//! assert!(outliers.value < 0.03);
//! # Ok::<(), guidance_playground::Error>(())
//! ```
//!
//! Schemes are data: [`plane::catalogue`] has all that have a name. The modules import each other one way, in the order
//! that ARCHITECTURE.md states.

#[cfg(not(target_arch = "wasm32"))]
pub mod address;
mod angles;
#[cfg(feature = "command")]
pub mod command;
pub mod error;
#[cfg(feature = "gpu")]
pub mod gpu;
pub mod guidance;
#[cfg(feature = "images")]
pub mod images;
pub mod json;
pub mod lanes;
pub mod parameter;
pub mod plan;
pub mod plane;
pub mod random;
pub mod sampling;
mod sort;
pub mod statistics;
#[cfg(not(target_arch = "wasm32"))]
pub mod study;
mod tensors;
#[cfg(target_arch = "wasm32")]
#[cfg_attr(feature = "own-rule", path = "web/own_rule.rs")]
pub mod web;

pub use error::{Error, Result};
