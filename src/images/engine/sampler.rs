//! One scheme and one prompt, prepared: any pictures through its steps.

use super::models::{AtLevel, Model, Models, Workspace, put};
use crate::error::{Error, Result};
use crate::guidance::rule::{Carries, Traits, Update};
use crate::guidance::{Degradation, Guide, ModelName, Noise};
use crate::images::network::TILE_PICTURES;
use crate::images::rules::{Data, add};
use crate::images::{NUMBERS, Scheme, normals};
use crate::lanes::Buffer;
use crate::plan::Plan;
use crate::random::Stream;
use std::ops::Range;
use std::sync::{Mutex, OnceLock};

/// What is run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunConfig {
    /// By what scheme. Models without a condition of their own have the prompt.
    pub scheme: Scheme,
    /// Of what, in words.
    pub prompt: String,
    /// Which noise.
    pub seed: u64,
}

/// Models and plan of a run, but no pictures: immutable, and shared by all threads.
pub struct Sampler {
    pub(super) plan: Plan,
    pub(super) rule: Traits,
    pub(super) scheme: Scheme,
    pub(super) data: Data,
    pub(super) seed: u64,
    pub(super) main: Model,
    pub(super) guide: Option<Model>,
    pub(super) negatives: Vec<Model>,
    /// Of each row of the plan those of the negatives in both its stages.
    pub(super) negative_weights: Vec<Vec<[f64; 2]>>,
    /// What is added to ln sigma where the guide reads it.
    shift: f64,
    /// Of each of the plan's stages, made when it is first met.
    stages: Vec<OnceLock<Stage>>,
    /// Of threads that have none of it now.
    rooms: Mutex<Vec<Scratch>>,
}

/// All models at one noise level.
pub(super) struct Stage {
    pub main: AtLevel,
    pub guide: Option<AtLevel>,
    pub(super) negatives: Vec<AtLevel>,
}

/// Pictures between two steps.
#[derive(Clone)]
pub struct Batch {
    numbers: Range<usize>,
    tiles: Vec<Tile>,
}

/// Sixteen of them, and what they carry from step to step.
#[derive(Clone)]
pub(super) struct Tile {
    pub first: usize,
    pub x: Buffer,
    /// The guided estimates of the last step's first stage.
    estimates: Buffer,
    /// What the rule remembers of each; empty where it is nothing.
    pub memory: Buffer,
    /// What is known of log p1 - log p0; or the number that a rule remembers.
    pub evidence: [f64; TILE_PICTURES],
    /// Of this step's first stage, where evidence is carried on: mean and d ([`Update`]).
    pub told: Option<[Buffer; 2]>,
}

/// Room for a tile of every model.
pub(super) struct Scratch {
    pub main: Workspace,
    pub guide: Option<Workspace>,
    pub negatives: Vec<Workspace>,
}

impl Sampler {
    /// Prepare a run.
    ///
    /// # Errors
    /// If a number is out of range, the parts make no sense together, a model is not there, or a prompt is not one.
    pub fn new(config: &RunConfig, models: &Models) -> Result<Self> {
        let RunConfig { scheme, prompt, seed } = config;
        scheme.validate()?;
        let plan = Plan::new(&scheme.guidance)?;
        if plan.couples() {
            let expected = "one under which pictures do not depend on each other";
            return Err(Error::invalid("The combination", expected, scheme.guidance.combination.variant()));
        }
        let guide = scheme.guidance.guide.as_ref();
        if let Some(Guide { model, noise, degradation, .. }) = guide
            && (*noise != Noise::Gaussian || *degradation != Degradation::None)
        {
            let expected = "as it is, under Gaussian noise: others are of the plane only";
            return Err(Error::invalid("A guide of pictures", expected, model));
        }
        let get = |name: &ModelName| models.get(name, prompt);
        let negative = |text: &str| ModelName { condition: Some(text.to_owned()), ..scheme.guidance.main.clone() };
        let world = models.world();
        let sigmas = &plan.sigmas;
        Ok(Self {
            main: get(&scheme.guidance.main)?,
            guide: guide.map(|guide| get(&guide.name())).transpose()?,
            negatives: scheme.negatives.iter().map(|n| get(&negative(&n.prompt))).collect::<Result<_>>()?,
            negative_weights: plan.rows.iter().map(|row| scheme.negative_weights(sigmas, row.of)).collect(),
            shift: guide.map_or(0.0, |guide| guide.noise_shift),
            stages: plan.stages.iter().map(|_| OnceLock::new()).collect(),
            rooms: Mutex::default(),
            rule: plan.rule,
            data: Data { mean: world.mean(), deviation: world.deviation() },
            seed: *seed,
            scheme: scheme.clone(),
            plan,
        })
    }

    /// What it does.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Steps in all.
    pub fn steps(&self) -> usize {
        self.plan.steps()
    }

    /// A tile without pictures, the first of which has this number.
    pub(super) fn tile(&self, first: usize) -> Tile {
        let remembers = self.rule.carries == Carries::Vector;
        Tile {
            first,
            x: Buffer::zeros(NUMBERS * TILE_PICTURES),
            estimates: Buffer::zeros(0),
            memory: Buffer::zeros(if remembers { NUMBERS * TILE_PICTURES } else { 0 }),
            evidence: [0.0; TILE_PICTURES],
            told: None,
        }
    }

    /// Room for a tile of every model.
    pub(super) fn scratch(&self) -> Scratch {
        let kept = self.rooms.lock().expect("no thread panics while it holds the rooms").pop();
        kept.unwrap_or_else(|| Scratch {
            main: self.main.workspace(),
            guide: self.guide.as_ref().map(Model::workspace),
            negatives: self.negatives.iter().map(Model::workspace).collect(),
        })
    }

    /// Room that is needed no more, for the next.
    pub(super) fn leave(&self, scratch: Scratch) {
        self.rooms.lock().expect("no thread panics while it holds the rooms").push(scratch);
    }

    /// Pictures of these numbers at their beginning: noise alone.
    pub fn begin(&self, numbers: Range<usize>) -> Batch {
        let sigma = self.plan.sigmas[0];
        let tiles = numbers.clone().step_by(TILE_PICTURES).map(|first| {
            let mut tile = self.tile(first);
            for (lane, number) in (first..numbers.end).take(TILE_PICTURES).enumerate() {
                put(&mut tile.x, lane, normals(self.seed, Stream::Start, number, 0).map(|n| sigma * n));
            }
            Tile { estimates: tile.x.clone(), ..tile }
        });
        Batch { tiles: tiles.collect(), numbers: numbers.clone() }
    }

    /// Pictures of these numbers at their end, as data ([`NUMBERS`] each), by so many threads.
    pub fn sample(&self, numbers: Range<usize>, threads: usize) -> Vec<f32> {
        let mut batch = self.begin(numbers);
        (0..self.steps()).for_each(|step| self.advance(&mut batch, step, threads));
        batch.pictures()
    }

    /// Take pictures through one step.
    pub fn advance(&self, batch: &mut Batch, step: usize, threads: usize) {
        let queue = Mutex::new(batch.tiles.iter_mut());
        let work = || {
            let mut scratch = self.scratch();
            loop {
                let next = queue.lock().expect("no thread panics while it holds the queue").next();
                let Some(tile) = next else { break };
                self.step(tile, step, &mut scratch);
            }
            self.leave(scratch);
        };
        std::thread::scope(|scope| {
            (1..threads).for_each(|_| {
                scope.spawn(work);
            });
            work();
        });
    }

    pub(super) fn stage(&self, index: usize) -> &Stage {
        self.stages[index].get_or_init(|| self.stage_by(index, |model, sigma, told| model.at(sigma, told)))
    }

    fn stage_by(&self, index: usize, at: impl Fn(&Model, f64, f64) -> AtLevel) -> Stage {
        let sigma = self.plan.stages[index];
        let far = self.plan.sigma_scale * sigma;
        Stage {
            main: at(&self.main, sigma, sigma),
            guide: self.guide.as_ref().map(|guide| at(guide, far, far * self.shift.exp())),
            negatives: self.negatives.iter().map(|model| at(model, sigma, sigma)).collect(),
        }
    }

    /// A stage of a row in which networks are not told all of the prompt yet: a tile's own, since each picture has noise of its own.
    pub(super) fn annealed(&self, first: usize, row: usize, index: usize) -> Option<Stage> {
        let u = self.plan.rows[row].of as f64 / (self.steps() - 1).max(1) as f64;
        let cads = self.scheme.cads.filter(|cads| cads.known(u) < 1.0)?;
        let change = |lane: usize, prompt: &[f64]| {
            let normals: Vec<f64> = normals(self.seed, Stream::Prompt, first + lane, row).take(prompt.len()).collect();
            cads.annealed(u, prompt, &normals)
        };
        let at =
            |model: &Model, sigma, told| model.at_each(sigma, told, change).unwrap_or_else(|| model.at(sigma, told));
        Some(self.stage_by(index, at))
    }

    /// The noise that a row adds, what comes of it before the models are asked added; none where it adds none.
    pub(super) fn kick(&self, tile: &mut Tile, index: usize) -> Buffer {
        let step = &self.plan.rows[index].step;
        if step.kick == 0.0 && step.spread == 0.0 {
            return Buffer::zeros(0);
        }
        let mut noise = Buffer::zeros(NUMBERS * TILE_PICTURES);
        for lane in 0..TILE_PICTURES {
            put(&mut noise, lane, normals(self.seed, Stream::Noise, tile.first + lane, index + 1));
        }
        if step.kick != 0.0 {
            add(&[(step.kick, &noise)], &mut tile.x);
        }
        noise
    }

    fn step(&self, tile: &mut Tile, step: usize, scratch: &mut Scratch) {
        self.plan.rows_of(step..step + 1).for_each(|row| self.row(tile, row, scratch));
    }

    fn row(&self, tile: &mut Tile, index: usize, scratch: &mut Scratch) {
        let row = &self.plan.rows[index];
        let step = &row.step;
        let noise = self.kick(tile, index);
        let before = tile.estimates.clone();
        let x = tile.x.clone();
        tile.estimates = self.estimate(tile, index, 0, &x, scratch);
        // What a score moves, as the estimate less the picture.
        let push = |factor: f64, sigma: f64| factor / (sigma * sigma);
        let mut moved = Buffer::zeros(x.len());
        if let Some([first, second]) = step.correct {
            let sigma = self.plan.stages[row.stages[1]];
            let factor = push(step.push, step.sigma);
            let mut between = Buffer::zeros(x.len());
            add(&[(1.0 - factor, &x), (factor, &tile.estimates)], &mut between);
            let last = self.estimate(tile, index, 1, &between, scratch);
            let (a, b) = (push(first, step.sigma), push(second, sigma));
            add(&[(1.0 - a, &x), (a, &tile.estimates), (-b, &between), (b, &last)], &mut moved);
        } else {
            let factor = push(step.push, step.sigma);
            add(&[(step.keep - factor, &x), (factor, &tile.estimates), (step.recall, &before)], &mut moved);
            if step.spread != 0.0 {
                add(&[(step.spread, &noise)], &mut moved);
            }
        }
        tile.x = moved;
        if let Some(update) = &row.update {
            tile.update(update);
        }
    }
}

impl Batch {
    /// Their numbers in the run.
    pub fn numbers(&self) -> Range<usize> {
        self.numbers.clone()
    }

    /// Where they are: [`NUMBERS`] each.
    pub fn pictures(&self) -> Vec<f32> {
        self.listed(|tile| &tile.x)
    }

    /// The guided estimates of the last step, of what they will be: [`NUMBERS`] each; at the beginning the noise.
    pub fn estimates(&self) -> Vec<f32> {
        self.listed(|tile| &tile.estimates)
    }

    fn listed(&self, of: impl Fn(&Tile) -> &Buffer) -> Vec<f32> {
        let mut all = Vec::with_capacity(self.numbers.len() * NUMBERS);
        for (first, tile) in (0..self.numbers.len()).step_by(TILE_PICTURES).zip(&self.tiles) {
            list(of(tile), TILE_PICTURES.min(self.numbers.len() - first), &mut all);
        }
        all
    }
}

/// The first so many pictures of a tile, behind others.
pub(super) fn list(tile: &[f32], count: usize, all: &mut Vec<f32>) {
    (0..count).for_each(|lane| all.extend(tile[lane..].iter().step_by(TILE_PICTURES)));
}

impl Tile {
    /// At the end of a step. (As on the plane.)
    fn update(&mut self, update: &Update) {
        let Some([mean, apart]) = self.told.take() else { return };
        let (mut moved, mut square) = ([0.0; TILE_PICTURES], [0.0; TILE_PICTURES]);
        let tiles = [&self.x, &mean, &apart].map(|tile| tile.as_chunks::<TILE_PICTURES>().0);
        for ((x, mean), apart) in tiles[0].iter().zip(tiles[1]).zip(tiles[2]) {
            for lane in 0..TILE_PICTURES {
                let d = f64::from(apart[lane]);
                moved[lane] += f64::from(x[lane] - mean[lane]) * d;
                square[lane] += d * d;
            }
        }
        for (lane, evidence) in self.evidence.iter_mut().enumerate() {
            let told = update.along * moved[lane] + update.square * square[lane] + update.offset;
            *evidence = (*evidence + told).clamp(update.least, update.greatest);
        }
    }
}
