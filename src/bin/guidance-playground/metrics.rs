//! `metrics`: how good a set of samples is.

use crate::{Outcome, points};
use clap::Args;
use guidance_playground::distribution::Classes;
use guidance_playground::guidance::Models;
use guidance_playground::metrics::{Judge, Measure};
use std::sync::Arc;

/// Judge samples against class A: outliers, log-density gap, branch coverage, each with its noise floor.
///
/// The floor is what a perfect sampler scores at the same number of samples, found by running one eight times.
#[derive(Args)]
pub struct Metrics {
    /// CSV with the header x,y; standard input otherwise
    #[arg(value_name = "FILE.csv")]
    file: Option<String>,
    /// JSON in place of a table
    #[arg(long)]
    json: bool,
}

impl Metrics {
    pub fn run(self) -> Outcome {
        let points = points::to_f32(&points::read(self.file.as_deref())?);
        let models = Models::new();
        let mut judge = Judge::new(Arc::clone(models.mixture(Classes::A)));
        let metrics = judge.metrics(&points);
        if self.json {
            let text = serde_json::to_string_pretty(&metrics).expect("figures are plain data");
            return Ok(points::print(&format!("{text}\n"))?);
        }
        let row = |name: &str, m: Measure| {
            format!("{name:<36}{:>12.4}{:>14.4} ± {:.4}\n", m.value, m.floor.mean, m.floor.spread)
        };
        let table = [
            format!("{} samples of class A{:>24}{:>24}\n", metrics.particles, "value", "a perfect sampler"),
            row("outliers beyond the 99% region", metrics.outliers),
            row("mean log-density gap (nats)", metrics.log_density_gap),
            row("branch total variation", metrics.branch_total_variation),
            row("effective branches", metrics.effective_branches),
            format!("{:<36}{:>12.4}\n", "median log-density", metrics.median_log_density),
        ];
        Ok(points::print(&table.concat())?)
    }
}
