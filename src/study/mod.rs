//! Experiments: schemes over grids, run from the same starts and judged, and claims about them.
//!
//! Invariant: results are data, and a verdict is a function of them: nothing here is said that was not computed.

mod axis;
mod claims;
mod exact;
mod experiments;
mod metrics;
mod trial;
mod verdict;

pub use crate::plane::metrics::{Metric, Shown};
pub use axis::{Axis, Grid, Point};
pub use claims::{Claim, Evidence, Finding, claims};
pub use exact::exact;
pub use experiments::{Agreement, Experiment, Published, experiments, published};
pub use metrics::METRICS;
pub use trial::{EstimateOverSeeds, Outcome, Results, Row, Trial, Trials, results};
pub use verdict::{Comparison, Verdict, critical};
