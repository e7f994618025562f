//! One scheme, prepared: any particles through any range of its steps.

use super::guide::Guide;
use super::model::{AtLevel, CpuModel};
use super::particles::{self, Memory, Particles};
use super::tile::{Carried, Pair, Tile};
use crate::error::Result;
use crate::guidance::rule::{Carries, Gram, Mix, Moment, Place, Traits, Update, mix};
use crate::lanes::TILE;
use crate::plan::{Plan, Row};
use crate::plane::Models;
use crate::plane::distribution::{PointTile, Pointwise};
use crate::plane::engine::RunConfig;
use crate::plane::network::NetworkScratch;
use crate::random::quantile::{QUANTILE_BITS, normal};
use crate::random::{Stream, words};
use std::ops::Range;
use std::sync::{Mutex, OnceLock};

/// Models and plan of a run, but no particles: immutable, and shared by all threads.
pub struct Sampler {
    plan: Plan,
    /// The plan's.
    pub(super) rule: Traits,
    seed: u64,
    pub(super) main: CpuModel,
    /// Also where no step needs it.
    pub(super) guide: Option<Guide>,
    /// Of each of the plan's stages, made when it is first met.
    stages: Vec<OnceLock<Stage>>,
}

/// Room for one tile of both models.
pub(super) struct Scratch {
    pub main: NetworkScratch,
    pub guide: NetworkScratch,
}

/// Both models at one noise level.
pub(super) struct Stage {
    pub main: AtLevel,
    pub guide: Option<AtLevel>,
}

impl Sampler {
    /// Prepare a run.
    ///
    /// # Errors
    /// If a number is out of range, the parts make no sense together, or a model is not there.
    pub fn new(config: &RunConfig, models: &Models) -> Result<Self> {
        Self::following(Plan::new(&config.scheme)?, config, models)
    }

    pub(super) fn following(plan: Plan, config: &RunConfig, models: &Models) -> Result<Self> {
        let (main, guide) = models.of(&config.scheme)?;
        Ok(Self {
            seed: config.seed,
            main: CpuModel::new(&main)?,
            guide: guide.map(Guide::new).transpose()?,
            stages: plan.stages.iter().map(|_| OnceLock::new()).collect(),
            rule: plan.rule,
            plan,
        })
    }

    /// What it does.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The noise levels, the last zero.
    pub fn sigmas(&self) -> &[f64] {
        &self.plan.sigmas
    }

    /// Steps in all: step `i` goes from `sigmas()[i]` to `sigmas()[i + 1]`.
    pub fn steps(&self) -> usize {
        self.plan.steps()
    }

    /// Evaluations of models for each particle in the first `steps` steps: main and guide count one each.
    pub fn evaluations(&self, steps: usize) -> usize {
        self.plan.evaluations(steps)
    }

    /// Particles at their starts; `first` is the index in the run of the first of them.
    pub fn begin(&self, first: usize, starts: Vec<[f32; 2]>) -> Particles {
        let memory = if self.plan.remembers() { vec![Memory::default(); starts.len()] } else { Vec::new() };
        Particles { first, positions: starts, memory }
    }

    /// Where particles that begin at `starts` end, by `threads` threads (one on wasm).
    pub fn sample(&self, starts: &[[f32; 2]], threads: usize) -> Vec<[f32; 2]> {
        let mut particles = self.begin(0, starts.to_vec());
        self.advance(&mut particles, 0..self.steps(), threads);
        particles.positions
    }

    /// Take particles through `steps`, which have to be a range of `0..steps()`. Where the plan couples particles, they
    /// have to be all of the run's.
    pub fn advance(&self, particles: &mut Particles, steps: Range<usize>, threads: usize) {
        self.tiles(particles, steps, threads, &mut []);
    }

    /// Take particles through `steps`, a range of `0..steps()`, and give where they are after each of them: `steps.len()` times
    /// as many points, the first step's first. Where the plan couples particles, they have to be all of the run's.
    pub fn path(&self, particles: &mut Particles, steps: Range<usize>, threads: usize) -> Vec<[f32; 2]> {
        let count = particles.positions.len();
        let mut path = vec![[0.0; 2]; steps.len() * count];
        if self.in_lockstep() {
            for (step, row) in steps.zip(path.chunks_mut(count.max(1))) {
                self.advance(particles, step..step + 1, threads);
                row.copy_from_slice(&particles.positions);
            }
            return path;
        }
        let kept = steps.len();
        let mut tiles = vec![[0.0; 2]; path.len()];
        self.tiles(particles, steps, threads, &mut tiles);
        for (i, tile) in tiles.chunks(kept.max(1) * TILE).enumerate() {
            for (step, points) in tile.chunks(tile.len() / kept).enumerate() {
                path[step * count + i * TILE..][..points.len()].copy_from_slice(points);
            }
        }
        path
    }

    /// Whole paths of some of a run's particles, by their `numbers`, given where all of them start: `steps() + 1` points
    /// each, particle by particle.
    pub fn trace(&self, numbers: &[usize], starts: &[[f32; 2]]) -> Vec<[f32; 2]> {
        let kept = self.steps() + 1;
        let mut paths = Vec::with_capacity(numbers.len() * kept);
        if self.plan.couples() {
            let path = self.path(&mut self.begin(0, starts.to_vec()), 0..self.steps(), 1);
            for &number in numbers {
                paths.push(starts[number]);
                paths.extend(path.chunks(starts.len()).map(|step| step[number]));
            }
            return paths;
        }
        let mut scratch = self.scratch();
        for numbers in numbers.chunks(TILE) {
            let mut now: Vec<[f32; 2]> = numbers.iter().map(|&number| starts[number]).collect();
            let mut tile = Tile { points: PointTile::of(&now), numbers: [0; TILE], carried: Carried::default() };
            tile.numbers[..numbers.len()].copy_from_slice(numbers);
            let first = paths.len();
            paths.resize(first + numbers.len() * kept, [0.0; 2]);
            for step in 0..kept {
                for (path, now) in paths[first..].chunks_mut(kept).zip(&now) {
                    path[step] = *now;
                }
                if step < self.steps() {
                    self.step(&mut tile, step, &mut scratch);
                    tile.points.write(&mut now);
                }
            }
        }
        paths
    }

    /// Whether all particles take a step before any takes the next: where they are coupled, or their guide is made for each.
    pub fn in_lockstep(&self) -> bool {
        self.plan.couples() || self.guide.as_ref().is_some_and(Guide::is_fresh)
    }

    /// Every tile through all of the steps at once, so that it stays in cache, or through one at a time. `path`, if it is not
    /// empty, takes the positions of each tile after every step together.
    fn tiles(&self, particles: &mut Particles, steps: Range<usize>, threads: usize, path: &mut [[f32; 2]]) {
        if !self.in_lockstep() {
            return self.uncoupled(particles, steps, threads, path);
        }
        for step in steps {
            self.uncoupled(particles, step..step + 1, threads, &mut []);
            if let Some(threshold) = self.plan.resampling(step) {
                particles.resample(threshold, self.seed, step as u32);
            }
        }
    }

    fn uncoupled(&self, particles: &mut Particles, steps: Range<usize>, threads: usize, path: &mut [[f32; 2]]) {
        let kept = if path.is_empty() { 0 } else { steps.len() * TILE };
        let count = particles.positions.len();
        let queue = Mutex::new(particles.tiles(path, kept));
        let work = || {
            let mut scratch = self.scratch();
            loop {
                let next = queue.lock().expect("no thread panics while it holds the queue").next();
                let Some((first, positions, memory, path)) = next else { return };
                let numbers = std::array::from_fn(|i| first + i);
                let mut tile = Tile { points: PointTile::of(positions), numbers, carried: Carried::of(memory) };
                for (i, step) in steps.clone().enumerate() {
                    self.step(&mut tile, step, &mut scratch);
                    if !path.is_empty() {
                        tile.points.write(&mut path[i * tile.points.count..]);
                    }
                }
                tile.points.write(positions);
                particles::scatter(&tile.carried.memory, memory);
            }
        };
        match threads.min(count.div_ceil(TILE)) {
            #[cfg(not(target_arch = "wasm32"))]
            threads @ 2.. => std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work)))),
            _ => work(),
        }
    }

    pub(super) fn scratch(&self) -> Scratch {
        Scratch { main: self.main.scratch(), guide: self.guide.as_ref().map(Guide::scratch).unwrap_or_default() }
    }

    pub(super) fn stage(&self, index: usize) -> &Stage {
        self.stages[index].get_or_init(|| {
            let sigma = self.plan.stages[index];
            Stage {
                main: self.main.at(sigma),
                guide: self.guide.as_ref().map(|guide| guide.at(self.plan.sigma_scale * sigma)),
            }
        })
    }

    fn step(&self, tile: &mut Tile, step: usize, scratch: &mut Scratch) {
        self.plan.rows_of(step..step + 1).for_each(|row| self.row(tile, row, scratch));
    }

    /// One row of the plan. (Twin: guided_step.wgsl.)
    fn row(&self, tile: &mut Tile, index: usize, scratch: &mut Scratch) {
        let row = &self.plan.rows[index];
        let step = &row.step;
        let noise =
            if step.kick != 0.0 || step.spread != 0.0 { self.noise(tile, index) } else { [[[0.0; TILE]; 2]; 2] };
        if step.kick != 0.0 {
            add(&mut tile.points.x, step.kick as f32, &noise[0][0]);
            add(&mut tile.points.y, step.kick as f32, &noise[0][1]);
        }
        let mut at = [tile.points.x, tile.points.y];
        let first = self.score(row, 0, Place::of(index, 0), &at, &mut tile.carried, scratch);
        if let Some([of_first, of_second]) = step.correct {
            add(&mut at[0], step.push as f32, &first[0]);
            add(&mut at[1], step.push as f32, &first[1]);
            let second = self.score(row, 1, Place::of(index, 1), &at, &mut tile.carried, scratch);
            for (axis, x) in [&mut tile.points.x, &mut tile.points.y].into_iter().enumerate() {
                add(x, of_first as f32, &first[axis]);
                add(x, of_second as f32, &second[axis]);
            }
            return self.update(row, tile);
        }
        let variance = (step.sigma * step.sigma) as f32;
        let remembers = self.plan.remembers();
        for (axis, x) in [&mut tile.points.x, &mut tile.points.y].into_iter().enumerate() {
            if step.keep != 1.0 {
                x.iter_mut().for_each(|x| *x *= step.keep as f32);
            }
            add(x, step.push as f32, &first[axis]);
            if step.recall != 0.0 {
                add(x, step.recall as f32, &tile.carried.memory[2 + axis]);
            }
            if step.spread != 0.0 {
                add(x, step.spread as f32, &noise[1][axis]);
            }
            if remembers {
                // The denoised estimate, for the next step.
                tile.carried.memory[2 + axis] = at[axis];
                add(&mut tile.carried.memory[2 + axis], variance, &first[axis]);
            }
        }
        self.update(row, tile);
    }

    fn update(&self, row: &Row, tile: &mut Tile) {
        if let Some(update) = &row.update {
            tile.carried.update(update, [&tile.points.x, &tile.points.y]);
        }
    }

    /// Standard normals for a row: the kick's, then the spread's. (Twin: noise.wgsl.)
    fn noise(&self, tile: &Tile, row: usize) -> [Pair; 2] {
        let mut noise = [[[0.0; TILE]; 2]; 2];
        for i in 0..tile.points.count {
            let words = words(self.seed, Stream::Noise, tile.numbers[i] as u64, row as u32);
            for (numbers, word) in noise.as_flattened_mut().iter_mut().zip(words) {
                numbers[i] = normal(word) as f32 * (1.0 / (1 << QUANTILE_BITS) as f32);
            }
        }
        noise
    }

    /// The guided score at `at` in a stage of a step.
    fn score(
        &self,
        row: &Row,
        stage: usize,
        place: Place,
        at: &Pair,
        carried: &mut Carried,
        scratch: &mut Scratch,
    ) -> Pair {
        let level = self.stage(row.stages[stage]);
        let [mut x, mut y] = [[0.0; TILE]; 2];
        let guide = match (&self.guide, &level.guide) {
            (Some(guide), Some(level)) if self.plan.asks_guide(row, stage) => Some((guide.in_step(row), level)),
            _ => None,
        };
        let guide = guide.as_ref().map(|(guide, level)| (&**guide, *level));
        if let (true, Some(guide)) = (self.plan.couples(), guide) {
            return self.weigh(row, place, [(&self.main, &level.main), guide], at, &mut carried.memory[0]);
        }
        let mut log_densities = [[0.0; TILE]; 2];
        let [of_main, of_guide] = &mut log_densities;
        let out = Pointwise { log_density: of_main, score_x: &mut x, score_y: &mut y };
        self.main.evaluate(&level.main, &mut scratch.main, [&at[0], &at[1]], out);
        let (mut gx, mut gy) = (x, y);
        if let Some((guide, level)) = guide {
            let out = Pointwise { log_density: of_guide, score_x: &mut gx, score_y: &mut gy };
            guide.evaluate(level, &mut scratch.guide, [&at[0], &at[1]], out);
            self.scale([&mut gx, &mut gy]);
        } else if !self.rule.alone {
            return [x, y];
        }
        self.tell(place, &log_densities, carried);
        self.combine(row, stage, place, at, [&mut x, &mut y], [&gx, &gy], carried);
        [x, y]
    }

    /// Give the rule the logarithm of the ratio of both models' densities, or nothing known of it yet.
    pub(super) fn tell(&self, place: Place, [main, guide]: &[[f32; TILE]; 2], carried: &mut Carried) {
        let evidence = &mut carried.memory[0];
        match self.rule.carries {
            Carries::Evidence if place == Place::Beginning => *evidence = [0.0; TILE],
            Carries::Ratio => {
                evidence.iter_mut().zip(main.iter().zip(guide)).for_each(|(ratio, (p1, p0))| *ratio = p1 - p0);
            }
            _ => {}
        }
    }

    /// Make the guide's score one that can be mixed.
    pub(super) fn scale(&self, guide: [&mut [f32; TILE]; 2]) {
        if self.plan.factor != 1.0 {
            let factor = self.plan.factor as f32;
            guide.into_iter().flatten().for_each(|s| *s *= factor);
        }
    }

    /// Put what the rule makes of both scores in place of the main model's.
    #[inline(never)]
    #[expect(clippy::too_many_arguments, reason = "all that a rule can ask for")]
    pub(super) fn combine(
        &self,
        row: &Row,
        stage: usize,
        place: Place,
        at: &Pair,
        [x, y]: [&mut [f32; TILE]; 2],
        [gx, gy]: [&[f32; TILE]; 2],
        carried: &mut Carried,
    ) {
        if self.rule.linear {
            let weight = row.weights[stage] as f32;
            for (main, guide) in [(x, gx), (y, gy)] {
                for (s1, s0) in main.iter_mut().zip(guide) {
                    *s1 = s0 + weight * (*s1 - s0);
                }
            }
            return;
        }
        let sigma = self.plan.stages[row.stages[stage]];
        let variance = sigma * sigma;
        let vector = self.rule.carries == Carries::Vector;
        let update = row.update.filter(|_| place != Place::Second);
        let Carried { memory, mean, difference } = carried;
        // In f64, of which the browser's build has this function anyway; beside an evaluation it costs nothing.
        let bases: [_; TILE] = std::array::from_fn(|i| {
            let [at, main, guide] = [[at[0][i], at[1][i]], [x[i], y[i]], [gx[i], gy[i]]].map(|v| v.map(f64::from));
            [
                [0, 1].map(|axis| at[axis] + variance * main[axis]),
                main.map(|score| -sigma * score),
                [0, 1].map(|axis| variance * (main[axis] - guide[axis])),
                if vector { [memory[0][i], memory[1][i]].map(f64::from) } else { [0.0; 2] },
            ]
        });
        let grams = bases.each_ref().map(Gram::of);
        let numbers = memory[0].map(f64::from);
        let moment = Moment { sigma, weight: row.weights[stage], place, ratio: 0.0 };
        let mixes = match &self.plan.own {
            Some(program) => program.mixes(&moment, &row.time[stage], &grams, &numbers),
            None => {
                std::array::from_fn(|i| mix(&self.plan.combination, Moment { ratio: numbers[i], ..moment }, &grams[i]))
            }
        };
        for (i, (basis, Mix { push, memory: next })) in bases.iter().zip(mixes).enumerate() {
            let sum = |of: [f64; 4], axis: usize| {
                of[0] * basis[0][axis] + of[1] * basis[1][axis] + of[2] * basis[2][axis] + of[3] * basis[3][axis]
            };
            for (axis, score) in [&mut x[i], &mut y[i]].into_iter().enumerate() {
                *score = (f64::from(*score) + sum(push, axis) / variance) as f32;
            }
            match self.rule.carries {
                Carries::Vector => [memory[0][i], memory[1][i]] = [0, 1].map(|axis| sum(next, axis) as f32),
                Carries::Number => memory[0][i] = next[0] as f32,
                _ => {}
            }
            if let Some(Update { keep, .. }) = update {
                for axis in 0..2 {
                    let [d1, _, d, _] = basis.map(|vector| vector[axis]);
                    mean[axis][i] = (keep * f64::from(at[axis][i]) + (1.0 - keep) * (d1 - d)) as f32;
                    difference[axis][i] = d as f32;
                }
            }
        }
    }

    /// The guided score, and what it adds to the logarithms of particles' weights ([`Plan::weighing`]). (Twin:
    /// guided_step.wgsl.)
    fn weigh(
        &self,
        row: &Row,
        place: Place,
        [main, guide]: [(&CpuModel, &AtLevel); 2],
        at: &Pair,
        log_weights: &mut [f32; TILE],
    ) -> Pair {
        let weight = row.weights[0] as f32;
        let (main, guide) = (main.0.curved(main.1, at), guide.0.curved(guide.1, at));
        let [of_difference, of_curvature, at_beginning] = self.plan.weighing(row).map(|factor| factor as f32);
        let mut score = [[0.0; TILE]; 2];
        for i in 0..TILE {
            let difference = [0, 1].map(|axis| main.score[axis][i] - guide.score[axis][i]);
            if place == Place::Beginning {
                log_weights[i] = at_beginning * (main.log_density[i] - guide.log_density[i]);
            }
            log_weights[i] += of_difference * (difference[0] * difference[0] + difference[1] * difference[1]);
            log_weights[i] += of_curvature * guide.curvature[i];
            for axis in 0..2 {
                score[axis][i] = guide.score[axis][i] + weight * difference[axis];
            }
        }
        score
    }
}

/// `x += size direction`. Plain arithmetic: beside the scores it costs nothing.
fn add(x: &mut [f32; TILE], size: f32, direction: &[f32; TILE]) {
    for (x, direction) in x.iter_mut().zip(direction) {
        *x += size * direction;
    }
}
