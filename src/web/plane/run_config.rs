use crate::error::{Error, Result};
use crate::from_json;
use crate::guidance::Scheme;
use crate::plane::engine::{self, MOST_PARTICLES};

/// What a run does.
#[derive(tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RunConfig {
    /// What guides, and how it is followed.
    pub scheme: Scheme,
    /// Particles, 1 to 1048576.
    pub particles: usize,
    /// Seed of the starts and of noise on the way: an integer from 0 to 2^53 - 1.
    pub seed: u64,
}

from_json!(struct RunConfig { scheme, particles, seed });

impl RunConfig {
    /// What the engine of the crate is asked for, or why there can be no such run.
    pub(super) fn settings(&self) -> Result<engine::RunConfig> {
        if !(1..=MOST_PARTICLES).contains(&self.particles) {
            let range = format!("between 1 and {MOST_PARTICLES}");
            return Err(Error::invalid("The number of particles", range, self.particles));
        }
        Ok(engine::RunConfig { scheme: self.scheme.clone(), seed: self.seed })
    }
}
