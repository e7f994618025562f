//! Rows of files: a point, all that its outcome depends on, and what became of it.

use super::grid::Point;
use super::trial::Results;
use crate::error::{Error, Result};
use crate::guidance::VERSION;
use crate::plane::distribution::Distribution;
use crate::plane::engine::MOST_PARTICLES;
use serde_json::{Map, Value, json};

/// Most seeds of one scheme.
const MOST_SEEDS: u64 = 1000;

/// So many seeds from the first on, for runs of so many particles.
///
/// # Errors
/// If there are too few or too many of either.
pub fn seeds(particles: usize, first: u64, count: u64) -> Result<Vec<u64>> {
    if !(2..=MOST_PARTICLES).contains(&particles) {
        return Err(Error::invalid("The number of particles", format!("between 2 and {MOST_PARTICLES}"), particles));
    }
    if !(1..=MOST_SEEDS).contains(&count) {
        return Err(Error::invalid("The number of seeds", format!("between 1 and {MOST_SEEDS}"), count));
    }
    Ok((first..first.saturating_add(count)).collect())
}

/// What became of a point.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It was run.
    Results(Box<Results>),
    /// It makes no sense, or all its particles are lost: why.
    Refused(Error),
}

/// A point, its whole configuration, and what became of it.
#[derive(Clone, Debug)]
pub struct Row {
    /// Whose it is: a preset, a file.
    pub name: String,
    /// What was varied.
    pub over: Vec<(String, Value)>,
    /// Everything that the outcome depends on, but for rounding.
    pub configuration: Value,
    /// What became of it.
    pub outcome: Outcome,
}

impl Row {
    /// Everything that a row's outcome depends on: a row with the same need not be computed again. (The paper's tree is not
    /// named, nor was it before there was anything else.)
    pub fn configuration(
        distribution: &Distribution,
        point: &Point,
        particles: usize,
        seeds: &[u64],
        exact: bool,
    ) -> Value {
        let mut all =
            json!({"version": VERSION, "scheme": point.json, "particles": particles, "seeds": seeds, "exact": exact});
        if *distribution != Distribution::PAPER {
            all["data"] = distribution.to_string().into();
        }
        all
    }

    /// One object: `name`, `over`, `configuration`, and either `results`, or the sentence `refused` with `code` and `advice`.
    pub fn to_json(&self) -> Value {
        let over: Map<String, Value> = self.over.iter().cloned().collect();
        let mut row = json!({"name": self.name, "over": over, "configuration": self.configuration});
        match &self.outcome {
            Outcome::Results(results) => row["results"] = results.to_json(),
            Outcome::Refused(reason) => {
                row["refused"] = json!(reason.to_string());
                row["code"] = json!(reason.code());
                row["advice"] = json!(reason.advice());
            }
        }
        row
    }
}
