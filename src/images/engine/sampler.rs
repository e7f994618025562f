//! One scheme and one prompt, prepared: any pictures through its steps.

use super::models::{AtLevel, Model, Models, Workspace, picture, put};
use crate::error::{Error, Result};
use crate::guidance::rule::{Carries, Moment, Place, Traits, Update};
use crate::guidance::{Degradation, Guide, ModelName, Noise};
use crate::images::network::TILE_PICTURES;
use crate::images::rules::{Data, Estimates, add, at_level_tile, guided, guided_tile, is_of_tiles, share_at_level};
use crate::images::{NUMBERS, Scheme, normals};
use crate::lanes::Buffer;
use crate::plan::{Plan, Row};
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
    negatives: Vec<Model>,
    /// Of each step those of the negatives in both its stages.
    negative_weights: Vec<Vec<[f64; 2]>>,
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
    negatives: Vec<AtLevel>,
}

/// Pictures between two steps.
#[derive(Clone)]
pub struct Batch {
    numbers: Range<usize>,
    tiles: Vec<Tile>,
}

/// Sixteen of them, and what they carry from step to step.
#[derive(Clone)]
struct Tile {
    first: usize,
    x: Buffer,
    /// The guided estimates of the last step's first stage.
    estimates: Buffer,
    /// What the rule remembers of each; empty where it is nothing.
    memory: Buffer,
    /// What is known of log p1 - log p0.
    evidence: [f64; TILE_PICTURES],
    /// Of this step's first stage, where evidence is carried on: mean and d ([`Update`]).
    told: Option<[Buffer; 2]>,
}

/// Room for a tile of every model.
struct Scratch {
    main: Workspace,
    guide: Option<Workspace>,
    negatives: Vec<Workspace>,
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
            negative_weights: (0..plan.steps.len()).map(|i| scheme.negative_weights(sigmas, i)).collect(),
            shift: guide.map_or(0.0, |guide| guide.noise_shift),
            stages: plan.stages.iter().map(|_| OnceLock::new()).collect(),
            rooms: Mutex::default(),
            rule: plan.combination.traits(),
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
        self.plan.steps.len()
    }

    /// Pictures of these numbers at their beginning: noise alone.
    pub fn begin(&self, numbers: Range<usize>) -> Batch {
        let sigma = self.plan.sigmas[0];
        let remembers = self.rule.carries == Carries::Vector;
        let tiles = numbers.clone().step_by(TILE_PICTURES).map(|first| {
            let mut x = Buffer::zeros(NUMBERS * TILE_PICTURES);
            for (lane, number) in (first..numbers.end).take(TILE_PICTURES).enumerate() {
                put(&mut x, lane, normals(self.seed, Stream::Start, number, 0).map(|n| sigma * n));
            }
            Tile {
                first,
                estimates: x.clone(),
                x,
                memory: Buffer::zeros(if remembers { NUMBERS * TILE_PICTURES } else { 0 }),
                evidence: [0.0; TILE_PICTURES],
                told: None,
            }
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
            let kept = self.rooms.lock().expect("no thread panics while it holds the rooms").pop();
            let mut scratch = kept.unwrap_or_else(|| Scratch {
                main: self.main.workspace(),
                guide: self.guide.as_ref().map(Model::workspace),
                negatives: self.negatives.iter().map(Model::workspace).collect(),
            });
            loop {
                let next = queue.lock().expect("no thread panics while it holds the queue").next();
                let Some(tile) = next else { break };
                self.step(tile, step, &mut scratch);
            }
            self.rooms.lock().expect("no thread panics while it holds the rooms").push(scratch);
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

    /// A stage of a step in which networks are not told all of the prompt yet: a tile's own, since each picture has noise of its own.
    fn annealed(&self, first: usize, step: usize, index: usize) -> Option<Stage> {
        let u = step as f64 / (self.steps() - 1).max(1) as f64;
        let cads = self.scheme.cads.filter(|cads| cads.known(u) < 1.0)?;
        let change = |lane: usize, prompt: &[f64]| {
            let normals: Vec<f64> = normals(self.seed, Stream::Prompt, first + lane, step).take(prompt.len()).collect();
            cads.annealed(u, prompt, &normals)
        };
        let at =
            |model: &Model, sigma, told| model.at_each(sigma, told, change).unwrap_or_else(|| model.at(sigma, told));
        Some(self.stage_by(index, at))
    }

    fn step(&self, tile: &mut Tile, index: usize, scratch: &mut Scratch) {
        let row = &self.plan.steps[index];
        let step = &row.step;
        let mut noise = Buffer::zeros(0);
        if step.kick != 0.0 || step.spread != 0.0 {
            noise = Buffer::zeros(NUMBERS * TILE_PICTURES);
            for lane in 0..TILE_PICTURES {
                put(&mut noise, lane, normals(self.seed, Stream::Noise, tile.first + lane, index + 1));
            }
        }
        if step.kick != 0.0 {
            add(&[(step.kick, &noise)], &mut tile.x);
        }
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

    /// The guided estimates of a tile at `x` in a stage of a step.
    fn estimate(&self, tile: &mut Tile, index: usize, stage: usize, x: &[f32], scratch: &mut Scratch) -> Buffer {
        let row: &Row = &self.plan.steps[index];
        let annealed = self.annealed(tile.first, index, row.stages[stage]);
        let level = annealed.as_ref().unwrap_or_else(|| self.stage(row.stages[stage]));
        let mut main = Buffer::zeros(x.len());
        self.main.evaluate(&level.main, &mut scratch.main, x, &mut main);
        let weights: Vec<f64> = self.negative_weights[index].iter().map(|weights| weights[stage]).collect();
        let away = weights.iter().any(|&weight| weight != 0.0);
        let mut guide = None;
        let mut ratios = [0.0; TILE_PICTURES];
        if let (Some(model), Some(of_guide), Some(workspace)) = (&self.guide, &level.guide, &mut scratch.guide)
            && (away || self.plan.asks_guide(row, stage))
        {
            let mut out = Buffer::zeros(x.len());
            model.evaluate(of_guide, workspace, x, &mut out);
            at_level_tile(x, share_at_level(self.plan.sigma_scale, self.scheme.guidance.space), &mut out);
            guide = Some(out);
            if self.rule.carries == Carries::Ratio
                && let Some(own) = self.main.log_densities(&level.main, &scratch.main, x)
                && let Some(others) = model.log_densities(of_guide, workspace, x)
            {
                ratios = std::array::from_fn(|lane| own[lane] - others[lane]);
            }
        }
        if guide.is_none() && !self.rule.alone && !self.finishes() {
            return main;
        }
        let negatives: Vec<Buffer> = (self.negatives.iter().zip(&level.negatives).zip(&mut scratch.negatives))
            .map(|((model, level), workspace)| {
                let mut out = Buffer::zeros(x.len());
                if away {
                    model.evaluate(level, workspace, x, &mut out);
                }
                out
            })
            .collect();
        let place = Place::of(index, stage);
        if self.rule.carries == Carries::Evidence {
            if place == Place::Beginning {
                tile.evidence = [0.0; TILE_PICTURES];
            }
            ratios = tile.evidence;
        }
        let moments = ratios.map(|ratio| self.plan.moment(index, stage, ratio));
        let guide = guide.as_ref().unwrap_or(&main);
        let negatives: Vec<(f64, &[f32])> =
            weights.iter().zip(&negatives).filter(|(w, _)| **w != 0.0).map(|(w, of)| (*w, &**of)).collect();
        let estimates = Estimates { x, main: &main, guide, negatives: &negatives };
        let mut out = Buffer::zeros(x.len());
        if is_of_tiles(&self.scheme) {
            guided_tile(&self.scheme, &self.data, &moments, &estimates, &mut tile.memory, &mut out);
        } else {
            self.one_by_one(&moments, &estimates, &mut tile.memory, &mut out);
        }
        if let Some(Update { keep, .. }) = row.update.filter(|_| place != Place::Second) {
            let [mut mean, mut apart] = [(); 2].map(|()| Buffer::zeros(x.len()));
            add(&[(keep, x), (1.0 - keep, guide)], &mut mean);
            add(&[(1.0, &main), (-1.0, guide)], &mut apart);
            tile.told = Some([mean, apart]);
        }
        out
    }

    /// Guided estimates picture by picture, of schemes that are none of tiles.
    fn one_by_one(
        &self,
        moments: &[Moment<f64>; TILE_PICTURES],
        estimates: &Estimates<'_, f32>,
        memory: &mut [f32],
        out: &mut [f32],
    ) {
        let mut nothing = vec![0.0; NUMBERS];
        for (lane, moment) in moments.iter().enumerate() {
            let [x, main, guide] = [estimates.x, estimates.main, estimates.guide].map(|tile| picture(tile, lane));
            let negatives: Vec<(f64, Vec<f64>)> =
                estimates.negatives.iter().map(|(weight, tile)| (*weight, picture(tile, lane))).collect();
            let negatives: Vec<(f64, &[f64])> = negatives.iter().map(|(weight, n)| (*weight, n.as_slice())).collect();
            let estimates = Estimates { x: &x, main: &main, guide: &guide, negatives: &negatives };
            if memory.is_empty() {
                put(out, lane, guided(&self.scheme, &self.data, *moment, &estimates, &mut nothing));
            } else {
                let mut own = picture(memory, lane);
                put(out, lane, guided(&self.scheme, &self.data, *moment, &estimates, &mut own));
                put(memory, lane, own);
            }
        }
    }

    /// Whether estimates that nothing guides are changed all the same.
    fn finishes(&self) -> bool {
        self.scheme.finish != crate::images::Finish::None
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
        for i in 0..self.numbers.len() {
            let tile = of(&self.tiles[i / TILE_PICTURES]);
            all.extend(tile[i % TILE_PICTURES..].iter().step_by(TILE_PICTURES));
        }
        all
    }
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
