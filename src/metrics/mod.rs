//! How good a set of samples is, against the density it should have come from.
//!
//! Invariant: every figure comes with what a perfect sampler scores at the same number of particles, found by running
//! one: a figure inside its floor says nothing.

mod report;

pub use report::{Figures, Floor, Judge, Measure, Metrics, Scores};
