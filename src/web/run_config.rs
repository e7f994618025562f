use crate::engine;
use crate::error::{Error, Result};
use crate::guidance::Scheme;
use crate::sampling::{NoiseLevels, Solver};
use serde::Deserialize;

/// Most particles of one run.
const MOST_PARTICLES: usize = 1 << 20;

/// What a run does.
#[derive(Deserialize, tsify::Tsify)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunConfig {
    /// Who guides whom.
    pub scheme: Scheme,
    /// How steps are taken.
    pub solver: Solver,
    /// Noise levels above zero, 2 to 1024.
    pub steps: usize,
    /// Particles, 1 to 1048576.
    pub particles: usize,
    /// Seed of the starts: an integer from 0 to 2^53 - 1.
    pub seed: u64,
}

impl RunConfig {
    /// The same for an engine.
    pub(super) fn settings(&self) -> Result<engine::RunConfig> {
        if !(1..=MOST_PARTICLES).contains(&self.particles) {
            let range = format!("between 1 and {MOST_PARTICLES}");
            return Err(Error::invalid("The number of particles", range, self.particles));
        }
        let levels = NoiseLevels { steps: self.steps, ..NoiseLevels::default() };
        Ok(engine::RunConfig { scheme: self.scheme.clone(), solver: self.solver, levels })
    }
}
