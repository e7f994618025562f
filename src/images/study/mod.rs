//! The report of pictures: schemes from the same noise, judged, and the proposal's claims about them.
//!
//! As in the plane's [`study`](crate::study), results are data, and a verdict is a function of them.

mod claims;
mod evidence;
mod experiments;
pub mod since;
mod trial;

pub use claims::claims;
pub use evidence::{Evidence, List, OverNoises};
pub use experiments::{Experiment, experiments, growth, on_plane, pairs};
pub use trial::{Job, Seen, draw};
