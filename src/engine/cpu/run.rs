//! One scheme from its starts to the data, a noise level at a time.

use super::model::{AtLevel, CpuModel};
use crate::distribution::{PointTile, Pointwise};
use crate::engine::RunConfig;
use crate::error::Result;
use crate::guidance::Models;
use crate::lanes::{Kernel, Lanes, TILE, dispatch};
use crate::network::NetworkScratch;
use crate::sampling::Solver;
use std::sync::Mutex;

/// A run in progress.
pub struct Run {
    sigmas: Vec<f64>,
    solver: Solver,
    weight: f32,
    main: CpuModel,
    guide: Option<(CpuModel, f64)>,
    tiles: Vec<PointTile>,
    particles: usize,
    done: usize,
    scratches: Vec<Scratch>,
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
        Ok(Self {
            sigmas: config.levels.sigmas()?,
            solver: config.solver,
            weight: scheme.weight as f32,
            main: CpuModel::new(&models.get(&scheme.main)?),
            guide,
            tiles: PointTile::split(starts).collect(),
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
        let points = self.tiles.iter().flat_map(|tile| (0..tile.count).map(|i| [tile.x[i], tile.y[i]]));
        points.collect()
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
    tile: &'a mut PointTile,
}

impl Kernel for Step<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { step, scratch, tile } = self;
        let size = step.next - step.first.sigma;
        let [mut x1, mut y1, mut x2, mut y2] = [[0.0; TILE]; 4];
        step.score(l, step.first, scratch, [&tile.x, &tile.y], [&mut x1, &mut y1]);
        let along = (-step.first.sigma * size) as f32;
        let Some(second) = step.second else {
            advance(l, &mut tile.x, along, &x1);
            advance(l, &mut tile.y, along, &y1);
            return;
        };
        let (mut px, mut py) = (tile.x, tile.y);
        advance(l, &mut px, along, &x1);
        advance(l, &mut py, along, &y1);
        step.score(l, second, scratch, [&px, &py], [&mut x2, &mut y2]);
        let corrected = (-second.sigma * size) as f32;
        for (x, first, second) in [(&mut tile.x, &x1, &x2), (&mut tile.y, &y1, &y2)] {
            advance(l, x, 0.5 * along, first);
            advance(l, x, 0.5 * corrected, second);
        }
    }
}

/// `x += size direction`.
#[inline(always)]
fn advance<L: Lanes>(l: L, x: &mut [f32; TILE], size: f32, direction: &[f32; TILE]) {
    let size = l.splat(size);
    for (x, direction) in x.chunks_exact_mut(L::N).zip(direction.chunks_exact(L::N)) {
        l.store(l.mul_add(size, l.load(direction), l.load(x)), x);
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
