//! Why particles go where they go: what main and guide say at any point, what the rule makes of it, and the truth.
//!
//! The same kernels, and the same code that mixes, as a step's.

use super::model::{AtLevel, CpuModel};
use super::sampler::Sampler;
use super::tile::{Carried, Pair};
use crate::error::Result;
use crate::guidance::rule::Place;
use crate::lanes::TILE;
use crate::parameter::{Parameter, SIGMA_MAX, SIGMA_MIN};
use crate::plan::Plan;
use crate::plane::distribution::{Classes, PointTile, Pointwise};
use crate::plane::engine::RunConfig;
use crate::plane::network::NetworkScratch;
use crate::plane::{Model, Models};
use std::sync::{Arc, OnceLock};

/// Numbers for each point: log p1, s1 (two), log p0, s0 (two), the score that is followed (two), log p, its score (two).
pub const NUMBERS: usize = 11;

/// Half-width of a square about the origin that holds both trees, to which what the noise adds comes.
const DATA: f64 = 1.8;
/// Scales of noise beyond it, also for Student-t noise.
const NOISE: f64 = 8.0;
/// Sides of the cells of the grid that networks are normalised on: a share of sigma, and the least. Against a grid of
/// .007, the shipped networks' log-masses then err by less than .01 (tests: all levels of a run).
const SHARE: f64 = 0.75;
const FINEST: f64 = 0.02;

/// A scheme, ready to be asked.
pub struct Explanation {
    sampler: Sampler,
    /// Class A of the data.
    truth: CpuModel,
    /// Of each step: logarithms of the masses of main and guide.
    masses: Vec<OnceLock<[f64; 2]>>,
}

impl Explanation {
    /// Prepare an explanation of a scheme's own noise levels.
    ///
    /// # Errors
    /// If a number of the scheme is out of range, its parts make no sense together, or a model is not there.
    pub fn new(config: &RunConfig, models: &Models) -> Result<Self> {
        Self::of(Sampler::new(config, models)?, models)
    }

    /// Prepare an explanation of one noise level alone, which need not be one of the scheme's: as a step that begins there, with the weight of the
    /// step that passes it.
    ///
    /// # Errors
    /// If the level or a number of the scheme is out of range, the scheme's parts make no sense together, or a model is not
    /// there.
    pub fn at_level(config: &RunConfig, models: &Models, sigma: f64) -> Result<Self> {
        let accepted =
            Parameter { name: "The noise level", least: SIGMA_MIN.least, greatest: SIGMA_MAX.greatest, ..SIGMA_MAX };
        accepted.check(sigma)?;
        let plan = Plan::new(&config.scheme)?.at_level(sigma);
        Self::of(Sampler::following(plan, config, models)?, models)
    }

    fn of(sampler: Sampler, models: &Models) -> Result<Self> {
        let truth = CpuModel::new(&Model::Exact(Arc::clone(models.mixture(Classes::A))))?;
        Ok(Self { truth, masses: vec![OnceLock::new(); sampler.steps()], sampler })
    }

    /// Steps in all.
    pub fn steps(&self) -> usize {
        self.sampler.steps()
    }

    /// The noise level at which the models are asked for `step`: where it begins, raised where the solver churns. A network
    /// is not defined without noise, so that after the last step it is the last step's.
    pub fn sigma(&self, step: usize) -> f64 {
        let plan = self.sampler.plan();
        plan.stages[plan.step(self.asked(step)).stages[0]]
    }

    /// The guidance weight there ([`crate::plan::Plan::weight`]).
    pub fn weight(&self, step: usize) -> f64 {
        self.sampler.plan().weight(self.asked(step))
    }

    /// [`NUMBERS`] for each point at the beginning of a step; NaN for a guide that the scheme has not.
    ///
    /// The guide is as it is mixed: at k sigma, its score (not its density) times the factor of the space of combination.
    /// A rule with a memory is read as in a run's first step, before there is anything to remember. Densities are
    /// normalised over the plane, those of networks by a grid; the truth is class A of the data at the same sigma.
    pub fn at(&self, step: usize, points: &[[f32; 2]]) -> Vec<[f32; NUMBERS]> {
        let step = self.asked(step);
        let row = &self.sampler.plan().step(step);
        let stage = self.sampler.stage(row.stages[0]);
        let truth_level = self.truth.at(self.sigma(step));
        let [main_mass, guide_mass] = self.masses(step);
        let mut scratch = self.sampler.scratch();
        let mut all = Vec::with_capacity(points.len());
        for tile in PointTile::split(points) {
            let at = [tile.x, tile.y];
            let main = Values::new(&self.sampler.main, &stage.main, &mut scratch.main, &at);
            let truth = Values::new(&self.truth, &truth_level, &mut NetworkScratch::default(), &at);
            let mut guide = Values { log_density: [f32::NAN; TILE], score: [[f32::NAN; TILE]; 2] };
            let [mut x, mut y] = main.score;
            let mut mixed = self.sampler.rule.alone.then_some(main.score);
            if let (Some(model), Some(level)) = (&self.sampler.guide, &stage.guide) {
                guide = Values::new(&model.in_step(row), level, &mut scratch.guide, &at);
                let [gx, gy] = &mut guide.score;
                self.sampler.scale([gx, gy]);
                if self.sampler.plan().asks_guide(row, 0) {
                    mixed = Some(guide.score);
                }
            }
            if let Some([gx, gy]) = &mixed {
                let mut carried = Carried::default();
                self.sampler.tell(Place::Beginning, &[main.log_density, guide.log_density], &mut carried);
                self.sampler.combine(row, 0, Place::Beginning, &at, [&mut x, &mut y], [gx, gy], &mut carried);
            }
            for i in 0..tile.count {
                let normalised = |values: &Values, mass: f64| (f64::from(values.log_density[i]) - mass) as f32;
                all.push([
                    normalised(&main, main_mass),
                    main.score[0][i],
                    main.score[1][i],
                    normalised(&guide, guide_mass),
                    guide.score[0][i],
                    guide.score[1][i],
                    x[i],
                    y[i],
                    truth.log_density[i],
                    truth.score[0][i],
                    truth.score[1][i],
                ]);
            }
        }
        all
    }

    fn asked(&self, step: usize) -> usize {
        step.min(self.sampler.steps() - 1)
    }

    fn masses(&self, step: usize) -> [f64; 2] {
        *self.masses[step].get_or_init(|| {
            let plan = self.sampler.plan();
            let row = plan.step(step);
            let stage = self.sampler.stage(row.stages[0]);
            let sigma = self.sigma(step);
            let guide = self.sampler.guide.as_ref().zip(stage.guide.as_ref());
            [
                log_mass(&self.sampler.main, &stage.main, sigma),
                guide.map_or(0.0, |(model, level)| log_mass(&model.in_step(&row), level, plan.sigma_scale * sigma)),
            ]
        })
    }
}

/// What a model says on a tile.
struct Values {
    log_density: [f32; TILE],
    score: Pair,
}

impl Values {
    fn new(model: &CpuModel, level: &AtLevel, scratch: &mut NetworkScratch, at: &Pair) -> Self {
        let mut values = Self { log_density: [0.0; TILE], score: [[0.0; TILE]; 2] };
        let [score_x, score_y] = &mut values.score;
        let out = Pointwise { log_density: &mut values.log_density, score_x, score_y };
        model.evaluate(level, scratch, [&at[0], &at[1]], out);
        values
    }
}

/// The logarithm of a model's mass: the midpoint rule over a square that is wide enough for `sigma`.
fn log_mass(model: &CpuModel, level: &AtLevel, sigma: f64) -> f64 {
    if let CpuModel::Mixture(..) = model {
        return 0.0;
    }
    let reach = DATA + NOISE * sigma;
    let cells = (2.0 * reach / (SHARE * sigma).max(FINEST)).ceil() as usize;
    let side = 2.0 * reach / cells as f64;
    let place = |cell: usize| ((cell as f64 + 0.5) * side - reach) as f32;
    let mut scratch = model.scratch();
    let (mut greatest, mut mass) = (f64::NEG_INFINITY, 0.0);
    let points: Vec<[f32; 2]> = (0..cells * cells).map(|i| [place(i % cells), place(i / cells)]).collect();
    for tile in PointTile::split(&points) {
        let values = Values::new(model, level, &mut scratch, &[tile.x, tile.y]);
        for &log_density in &values.log_density[..tile.count] {
            let log_density = f64::from(log_density);
            if log_density > greatest {
                mass *= libm::exp(greatest - log_density);
                greatest = log_density;
            }
            mass += libm::exp(log_density - greatest);
        }
    }
    greatest + libm::log(mass * side * side)
}
