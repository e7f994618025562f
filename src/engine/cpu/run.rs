//! One scheme from its starts to the data, a noise level at a time.

use super::model::{AtLevel, CpuModel};
use crate::distribution::Pointwise;
use crate::error::Result;
use crate::guidance::{Models, Scheme};
use crate::lanes::{Kernel, Lanes, TILE, dispatch};
use crate::network::NetworkScratch;
use crate::sampling::{NoiseLevels, Solver};
use std::sync::Mutex;

/// What a run does with its starts.
#[derive(Clone, Debug)]
pub struct RunConfig {
    /// Who guides whom.
    pub scheme: Scheme,
    /// How steps are taken.
    pub solver: Solver,
    /// Between which noise levels.
    pub levels: NoiseLevels,
}

/// A run in progress.
pub struct Run {
    sigmas: Vec<f64>,
    solver: Solver,
    weight: f32,
    main: CpuModel,
    guide: Option<(CpuModel, f64)>,
    tiles: Vec<Tile>,
    particles: usize,
    done: usize,
    scratches: Vec<Scratch>,
}

struct Tile {
    x: [f32; TILE],
    y: [f32; TILE],
}

struct Scratch {
    main: NetworkScratch,
    guide: NetworkScratch,
}

/// Both models at one noise level.
struct Stage {
    sigma: f64,
    main: AtLevel,
    guide: Option<AtLevel>,
}

impl Run {
    /// A run from `starts`, which are samples at the highest noise level.
    ///
    /// # Errors
    /// If a number is out of range or a model is not there.
    pub fn new(config: &RunConfig, models: &Models, starts: &[[f32; 2]]) -> Result<Self> {
        let scheme = &config.scheme;
        scheme.validate()?;
        let guide = match scheme.effective_guide() {
            Some(guide) => Some((CpuModel::new(&models.get(&guide.model)?), guide.sigma_scale)),
            None => None,
        };
        let mut tiles = Vec::with_capacity(starts.len().div_ceil(TILE));
        crate::distribution::each_tile(starts, |_, _, x, y| tiles.push(Tile { x: *x, y: *y }));
        Ok(Self {
            sigmas: config.levels.sigmas()?,
            solver: config.solver,
            weight: scheme.weight as f32,
            main: CpuModel::new(&models.get(&scheme.main)?),
            guide,
            tiles,
            particles: starts.len(),
            done: 0,
            scratches: Vec::new(),
        })
    }

    /// Number of particles.
    pub fn particles(&self) -> usize {
        self.particles
    }

    /// The noise levels, the last zero.
    pub fn sigmas(&self) -> &[f64] {
        &self.sigmas
    }

    /// Steps taken; the particles stand at noise level `sigmas()[steps_done()]`.
    pub fn steps_done(&self) -> usize {
        self.done
    }

    /// Steps in all.
    pub fn steps(&self) -> usize {
        self.sigmas.len() - 1
    }

    /// Evaluations of models for each particle so far: main and guide count one each.
    pub fn evaluations(&self) -> usize {
        self.solver.evaluations(&self.sigmas[..=self.done]) * (1 + usize::from(self.guide.is_some()))
    }

    /// Where the particles are: `particles()` points.
    pub fn positions(&self) -> Vec<[f32; 2]> {
        let mut points = vec![[0.0; 2]; self.particles];
        fill_points(&self.tiles.iter().map(|t| (&t.x, &t.y)).collect::<Vec<_>>(), &mut points);
        points
    }

    fn stage(&self, sigma: f64) -> Stage {
        Stage {
            sigma,
            main: self.main.at(sigma),
            guide: self.guide.as_ref().map(|(guide, scale)| guide.at(scale * sigma)),
        }
    }

    /// Take one step on `threads` threads (one on wasm); false if none was left.
    pub fn step(&mut self, threads: usize) -> bool {
        let &[sigma, next, ..] = &self.sigmas[self.done..] else { return false };
        let first = self.stage(sigma);
        let second = self.solver.corrects(next).then(|| self.stage(next));
        let Self { main, guide, weight, tiles, scratches, .. } = self;
        let guide = guide.as_ref().map(|(guide, _)| guide);
        scratches.resize_with(threads.clamp(1, tiles.len().max(1)), || Scratch {
            main: main.scratch(),
            guide: guide.map(CpuModel::scratch).unwrap_or_default(),
        });
        let queue = Mutex::new(tiles.iter_mut());
        let work = |scratch: &mut Scratch| {
            loop {
                let next_tile = queue.lock().expect("no thread panics while it holds the queue").next();
                let Some(tile) = next_tile else { return };
                let step = TileStep { main, guide, weight: *weight, first: &first, second: second.as_ref(), next };
                dispatch(Step { step, scratch, tile });
            }
        };
        match &mut scratches[..] {
            [only] => work(only),
            several => std::thread::scope(|scope| {
                for scratch in several {
                    scope.spawn(|| work(scratch));
                }
            }),
        }
        self.done += 1;
        true
    }
}

/// Copy tiles of coordinates into points.
pub fn fill_points(tiles: &[(&[f32; TILE], &[f32; TILE])], points: &mut [[f32; 2]]) {
    for ((x, y), points) in tiles.iter().zip(points.chunks_mut(TILE)) {
        for (point, (&x, &y)) in points.iter_mut().zip(x.iter().zip(*y)) {
            *point = [x, y];
        }
    }
}

#[derive(Clone, Copy)]
struct TileStep<'a> {
    main: &'a CpuModel,
    guide: Option<&'a CpuModel>,
    weight: f32,
    first: &'a Stage,
    second: Option<&'a Stage>,
    next: f64,
}

struct Step<'a> {
    step: TileStep<'a>,
    scratch: &'a mut Scratch,
    tile: &'a mut Tile,
}

impl Kernel for Step<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { step, scratch, tile } = self;
        let size = step.next - step.first.sigma;
        let slope = |stage: &Stage| l.splat((-stage.sigma * size) as f32);
        let [mut x1, mut y1, mut x2, mut y2] = [[0.0; TILE]; 4];
        step.score(l, step.first, scratch, [&tile.x, &tile.y], [&mut x1, &mut y1]);
        let along = slope(step.first);
        let Some(second) = step.second else {
            for t in (0..TILE).step_by(L::N) {
                l.store(l.mul_add(along, l.load(&x1[t..]), l.load(&tile.x[t..])), &mut tile.x[t..]);
                l.store(l.mul_add(along, l.load(&y1[t..]), l.load(&tile.y[t..])), &mut tile.y[t..]);
            }
            return;
        };
        let [mut px, mut py] = [[0.0; TILE]; 2];
        for t in (0..TILE).step_by(L::N) {
            l.store(l.mul_add(along, l.load(&x1[t..]), l.load(&tile.x[t..])), &mut px[t..]);
            l.store(l.mul_add(along, l.load(&y1[t..]), l.load(&tile.y[t..])), &mut py[t..]);
        }
        step.score(l, second, scratch, [&px, &py], [&mut x2, &mut y2]);
        let half = l.splat(0.5);
        let (a, b) = (l.mul(half, along), l.mul(half, slope(second)));
        let average = |d1: &[f32], d2: &[f32], x: &mut [f32]| {
            l.store(l.mul_add(a, l.load(d1), l.mul_add(b, l.load(d2), l.load(x))), x);
        };
        for t in (0..TILE).step_by(L::N) {
            average(&x1[t..], &x2[t..], &mut tile.x[t..]);
            average(&y1[t..], &y2[t..], &mut tile.y[t..]);
        }
    }
}

impl TileStep<'_> {
    /// The guided score, `s0 + w (s1 - s0)`.
    #[inline(always)]
    fn score<L: Lanes>(
        &self,
        l: L,
        stage: &Stage,
        scratch: &mut Scratch,
        at: [&[f32]; 2],
        [out_x, out_y]: [&mut [f32; TILE]; 2],
    ) {
        let mut log_density = [0.0; TILE];
        let out = Pointwise { log_density: &mut log_density, score_x: out_x, score_y: out_y };
        self.main.evaluate(l, &stage.main, &mut scratch.main, at, out);
        let (Some(guide), Some(level)) = (self.guide, &stage.guide) else { return };
        let [mut x, mut y] = [[0.0; TILE]; 2];
        let out = Pointwise { log_density: &mut log_density, score_x: &mut x, score_y: &mut y };
        guide.evaluate(l, level, &mut scratch.guide, at, out);
        let weight = l.splat(self.weight);
        for (main, guide) in [(out_x, &x), (out_y, &y)] {
            for t in (0..TILE).step_by(L::N) {
                let (s1, s0) = (l.load(&main[t..]), l.load(&guide[t..]));
                l.store(l.mul_add(weight, l.sub(s1, s0), s0), &mut main[t..]);
            }
        }
    }
}
