//! How good pictures of a prompt are, against the distribution that they should have come from.
//!
//! Each sample is read: of all pictures of the world the nearest one is what it shows. Metrics are functions of readings, rows of one
//! table ([`METRICS`]), each with its standard error, its true value, and what perfect samples of the same prompts and number give
//! (the noise floor): a metric inside its floor says nothing.
//!
//! ```no_run
//! use guidance_playground::images::metrics::{Evaluator, METRICS, difference};
//! use guidance_playground::images::{NUMBERS, World};
//! # use std::sync::Arc;
//! # let unpacked: Vec<u8> = Vec::new();
//! # let (without, guided): (Vec<f32>, Vec<f32>) = (Vec::new(), Vec::new());
//!
//! let world = Arc::new(World::new(&unpacked)?);
//! let evaluator = Evaluator::new(Arc::clone(&world));
//! // 16 samples of one prompt; the same noise behind both sets.
//! let prompts = vec![world.read("rocket")?.prompt; 16];
//! let [without, guided] = [&without, &guided].map(|set| set.chunks_exact(NUMBERS).collect::<Vec<_>>());
//! let without = evaluator.scores(&without, &prompts, 1)?;
//! let guided = evaluator.scores(&guided, &prompts, 1)?;
//!
//! let metrics = guided.metrics();
//! for ((metric, estimate), truth) in
//!     METRICS.iter().zip(metrics.estimates.into_list()).zip(metrics.truths.into_list())
//! {
//!     match (estimate, truth) {
//!         (Some(e), Some(truth)) => println!("{}: {} +- {}, {truth}", metric.label, e.value, e.standard_error),
//!         _ => println!("{}: {}", metric.label, metric.absent),
//!     }
//! }
//! let more = difference(&guided, &without)?.same_picture.expect("a prompt has 16 samples");
//! println!("same picture: {} +- {} more", more.value, more.standard_error);
//! # Ok::<(), guidance_playground::Error>(())
//! ```

mod evaluator;
mod look;
mod measures;
mod reader;
mod shares;
mod table;

pub use crate::plane::metrics::FARTHEST;
pub use evaluator::{Evaluator, Metrics, Scores, difference};
pub use reader::{Reading, is_lost};
pub use shares::{Share, Shares};
pub use table::{METRICS, Metric, PerMetric};

/// The noise that pictures are smoothed by where log-densities are compared, in units of data: the greatest round number at which no two
/// pictures mix. The nearest two stand 3.59 apart, nine times this, so that where one picture is, the other adds exp(-40) of its own
/// share to the density; and one percent of black to white in every number costs a sample 3.8 nats, about as much as choosing a rare
/// style and background.
pub const SIGMA: f64 = 0.4;
