//! What comparing, sweeping and reporting share.

use crate::command::models::{self, Data};
use crate::command::{Failure, all_threads};
use crate::plane::Models;
use crate::plane::distribution::Distribution;
use crate::study::Point;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

/// How runs are made.
#[derive(Args)]
pub struct Options {
    /// Replace every network by the exact model of its class: guidance without network error
    #[arg(long)]
    pub exact: bool,
    #[command(flatten)]
    data: Data,
    /// Particles a run
    #[arg(long, default_value_t = 4096)]
    pub particles: usize,
    /// Runs of each scheme; the same seed gives the same starts for all
    #[arg(long, default_value_t = 5)]
    pub seeds: u64,
    /// The first of the seeds
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Threads; all cores otherwise
    #[arg(long)]
    threads: Option<usize>,
}

impl Options {
    /// What is sampled.
    pub fn distribution(&self) -> Result<Distribution, Failure> {
        self.data.distribution()
    }

    pub fn threads(&self) -> usize {
        self.threads.unwrap_or_else(all_threads)
    }

    /// The seeds, if all numbers are in range.
    pub fn seeds(&self) -> Result<Vec<u64>, Failure> {
        Ok(crate::study::seeds(self.particles, self.seed, self.seeds)?)
    }
}

/// All models of some points over a distribution.
pub fn load<'a>(distribution: &Distribution, points: impl IntoIterator<Item = &'a Point>) -> Result<Models, Failure> {
    let schemes: Vec<_> = points.into_iter().filter_map(|p| p.scheme.as_ref().ok()).collect();
    Ok(models::load(distribution.clone(), schemes.iter().flat_map(|s| s.models()))?)
}

/// Runs done, on standard error where a person looks at it.
pub fn progress(runs: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} runs  {msg}  {elapsed} gone, {eta} left");
    ProgressBar::new(runs as u64).with_style(style.expect("the template is well formed"))
}
