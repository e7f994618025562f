//! One scheme, prepared: any particles through any range of its noise levels.

use super::model::{AtLevel, CpuModel};
use crate::distribution::PointTile;
use crate::engine::RunConfig;
use crate::error::Result;
use crate::guidance::Models;
use crate::lanes::TILE;
use crate::network::NetworkScratch;
use crate::sampling::Solver;
use std::ops::Range;
use std::sync::{Mutex, OnceLock};

/// Models and noise levels of a run, but no particles: immutable, and shared by all threads.
pub struct Sampler {
    sigmas: Vec<f64>,
    solver: Solver,
    weight: f32,
    main: CpuModel,
    guide: Option<(CpuModel, f64)>,
    /// Of each level above zero, made when it is first met.
    stages: Vec<OnceLock<Stage>>,
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

impl Sampler {
    /// Prepare a run.
    ///
    /// # Errors
    /// If a number is out of range or a model is not there.
    pub fn new(config: &RunConfig, models: &Models) -> Result<Self> {
        let scheme = &config.scheme;
        scheme.validate()?;
        let guide = match scheme.effective_guide() {
            Some(guide) => Some((CpuModel::new(&models.get(&guide.model)?)?, guide.sigma_scale)),
            None => None,
        };
        let sigmas = config.levels.sigmas()?;
        Ok(Self {
            solver: config.solver,
            weight: scheme.weight as f32,
            main: CpuModel::new(&models.get(&scheme.main)?)?,
            guide,
            stages: sigmas[1..].iter().map(|_| OnceLock::new()).collect(),
            sigmas,
        })
    }

    /// The noise levels, the last zero.
    pub fn sigmas(&self) -> &[f64] {
        &self.sigmas
    }

    /// Steps in all: step `i` goes from `sigmas()[i]` to `sigmas()[i + 1]`.
    pub fn steps(&self) -> usize {
        self.stages.len()
    }

    /// Evaluations of models for each particle in the first `steps` steps: main and guide count one each.
    pub fn evaluations(&self, steps: usize) -> usize {
        self.solver.evaluations(&self.sigmas[..=steps]) * (1 + usize::from(self.guide.is_some()))
    }

    /// Where particles at `positions` are after `steps`, which have to be a range of `0..steps()`; by `threads` threads
    /// (one on wasm).
    pub fn advance(&self, positions: &[[f32; 2]], steps: Range<usize>, threads: usize) -> Vec<[f32; 2]> {
        self.tiles(positions, steps, false, threads)
    }

    /// The same after each of the steps: `steps.len()` times `positions.len()` points, the first step's first.
    pub fn path(&self, positions: &[[f32; 2]], steps: Range<usize>, threads: usize) -> Vec<[f32; 2]> {
        let (kept, count) = (steps.len(), positions.len());
        let tiles = self.tiles(positions, steps, true, threads);
        let mut path = vec![[0.0; 2]; kept * count];
        for (i, tile) in tiles.chunks(kept.max(1) * TILE).enumerate() {
            for (step, points) in tile.chunks(tile.len() / kept).enumerate() {
                path[step * count + i * TILE..][..points.len()].copy_from_slice(points);
            }
        }
        path
    }

    /// Every tile through all of the steps at once, so that it stays in cache. What is kept of a tile, its last
    /// positions or those after every step, stands together.
    fn tiles(&self, positions: &[[f32; 2]], steps: Range<usize>, every: bool, threads: usize) -> Vec<[f32; 2]> {
        let kept = if every { steps.len() } else { 1 };
        let mut out = vec![[0.0; 2]; kept * positions.len()];
        let queue = Mutex::new(PointTile::split(positions).zip(out.chunks_mut(kept.max(1) * TILE)));
        let work = || {
            let mut scratch = Scratch {
                main: self.main.scratch(),
                guide: self.guide.as_ref().map(|g| g.0.scratch()).unwrap_or_default(),
            };
            loop {
                let next = queue.lock().expect("no thread panics while it holds the queue").next();
                let Some((mut tile, out)) = next else { return };
                for (i, step) in steps.clone().enumerate() {
                    self.step(&mut tile, step, &mut scratch);
                    if every {
                        tile.write(&mut out[i * tile.count..]);
                    }
                }
                if !every {
                    tile.write(out);
                }
            }
        };
        match threads.min(positions.len().div_ceil(TILE)) {
            #[cfg(not(target_arch = "wasm32"))]
            threads @ 2.. => std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work)))),
            _ => work(),
        }
        out
    }

    fn stage(&self, level: usize) -> &Stage {
        self.stages[level].get_or_init(|| {
            let sigma = self.sigmas[level];
            Stage {
                sigma,
                main: self.main.at(sigma),
                guide: self.guide.as_ref().map(|(guide, scale)| guide.at(scale * sigma)),
            }
        })
    }

    /// One step of a tile.
    fn step(&self, tile: &mut PointTile, step: usize, scratch: &mut Scratch) {
        let (stage, next) = (self.stage(step), self.sigmas[step + 1]);
        let size = next - stage.sigma;
        let along = (-stage.sigma * size) as f32;
        let [mut x1, mut y1, mut x2, mut y2] = [[0.0; TILE]; 4];
        self.score(stage, scratch, [&tile.x, &tile.y], [&mut x1, &mut y1]);
        if !self.solver.corrects(next) {
            add(&mut tile.x, along, &x1);
            add(&mut tile.y, along, &y1);
            return;
        }
        let second = self.stage(step + 1);
        let (mut px, mut py) = (tile.x, tile.y);
        add(&mut px, along, &x1);
        add(&mut py, along, &y1);
        self.score(second, scratch, [&px, &py], [&mut x2, &mut y2]);
        let corrected = (-second.sigma * size) as f32;
        for (x, first, second) in [(&mut tile.x, &x1, &x2), (&mut tile.y, &y1, &y2)] {
            add(x, 0.5 * along, first);
            add(x, 0.5 * corrected, second);
        }
    }

    /// The guided score, `s0 + w (s1 - s0)`.
    fn score(&self, stage: &Stage, scratch: &mut Scratch, at: [&[f32]; 2], [out_x, out_y]: [&mut [f32; TILE]; 2]) {
        self.main.score(&stage.main, &mut scratch.main, at, [out_x, out_y]);
        let (Some((guide, _)), Some(level)) = (&self.guide, &stage.guide) else { return };
        let [mut x, mut y] = [[0.0; TILE]; 2];
        guide.score(level, &mut scratch.guide, at, [&mut x, &mut y]);
        for (main, guide) in [(out_x, &x), (out_y, &y)] {
            for (s1, s0) in main.iter_mut().zip(guide) {
                *s1 = s0 + self.weight * (*s1 - s0);
            }
        }
    }
}

/// `x += size direction`. Plain arithmetic: beside the scores it costs nothing.
fn add(x: &mut [f32; TILE], size: f32, direction: &[f32; TILE]) {
    for (x, direction) in x.iter_mut().zip(direction) {
        *x += size * direction;
    }
}
