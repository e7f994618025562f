//! `metrics`: how good a set of samples is.

use crate::models::Data;
use crate::{Outcome, points};
use clap::Args;
use guidance_playground::distribution::Classes;
use guidance_playground::guidance::Models;
use guidance_playground::metrics::{Estimate, Evaluator, PerMetric};
use std::sync::Arc;

/// Judge samples against class A: outliers, log-density, branch coverage and distance (sliced W1).
///
/// Each metric comes with its standard error (after ±) and with what a perfect sampler scores at the same number of
/// samples: mean and standard deviation of eight.
#[derive(Args)]
pub struct Metrics {
    /// CSV with the header x,y; standard input otherwise
    #[arg(value_name = "FILE.csv")]
    file: Option<String>,
    #[command(flatten)]
    data: Data,
    /// JSON in place of a table
    #[arg(long)]
    json: bool,
}

impl Metrics {
    pub fn run(self) -> Outcome {
        let distribution = self.data.distribution()?;
        let points = points::to_f32(&points::read(self.file.as_deref())?);
        let models = Models::over(distribution);
        let mut evaluator = Evaluator::new(Arc::clone(models.mixture(Classes::A)));
        let metrics = evaluator.metrics(&points);
        if self.json {
            let text = serde_json::to_string_pretty(&metrics).expect("metrics are plain data");
            return Ok(points::print(&format!("{text}\n"))?);
        }
        let row = |name: &str, metric: fn(&PerMetric<Estimate>) -> Estimate| {
            let m = metric(&metrics.estimates);
            let value = format!("{:.4} ± {:.4}", m.value, m.standard_error);
            format!("{name:<32}{value:>22}{:>24}\n", format!("{:.4} ± {:.4}", m.floor.mean, m.floor.spread))
        };
        let table = [
            format!(
                "{:<32}{:>22}{:>24}\n",
                format!("{} samples of class A", metrics.particles),
                "value",
                "a perfect sampler"
            ),
            row("outliers beyond the 99% region", |f| f.outliers),
            row("mean log-density gap (nats)", |f| f.log_density_gap),
            row("5% quantile of log-density", |f| f.low_log_density),
            row("median log-density", |f| f.median_log_density),
            row("95% quantile of log-density", |f| f.high_log_density),
            row("branch total variation", |f| f.branch_total_variation),
            row("effective branches", |f| f.effective_branches),
            row("sliced W1", |f| f.sliced_wasserstein),
        ];
        Ok(points::print(&table.concat())?)
    }
}
