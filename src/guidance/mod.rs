//! Who guides whom, and how strongly: plain data and pure functions.
//!
//! Invariant: a scheme is data. The list that the page, the command and the documents show is [`schemes`]; a new
//! scheme is a row of it, a default and a test, never a new path through an engine.

mod model;
mod scheme;

pub use model::{Model, Models, shipped_names};
pub use scheme::{Guide, Scheme, SchemeInfo, schemes};

/// The guided score `s0 + w (s1 - s0)` of one coordinate: `main` is s1, `guide` s0; w = 1 is no guidance.
/// (Classifier-free guidance, Ho & Salimans 2022, equation 6, with w = 1 + their w.)
pub fn combine(main: f64, guide: f64, weight: f64) -> f64 {
    guide + weight * (main - guide)
}
