//! Experiments: schemes over grids, run from the same starts and judged, and claims about them.
//!
//! Invariant: results are data, and a verdict is a function of them: nothing here is said that was not computed.

mod axis;
mod claim;
mod claims;
mod correlation;
mod exact;
mod experiments;
mod given;
mod grid;
mod metrics;
mod row;
pub mod since;
mod trial;
mod verdict;

pub use crate::plane::metrics::{Metric, Shown};
pub use axis::{Axis, Varied};
pub use claim::{Claim, Finding, Found};
pub use claims::{Evidence, claims};
pub use correlation::{correlation, rank_correlation};
pub use exact::exact;
pub use experiments::{Agreement, Experiment, Published, experiments, published};
pub use given::Given;
pub use grid::{Grid, Point};
pub use metrics::METRICS;
pub use row::{Outcome, Row, seeds};
pub use trial::{EstimateOverSeeds, Results, Trial, Trials, results};
pub use verdict::{Comparison, Test, Verdict, critical};
