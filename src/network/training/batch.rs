//! Training batches: noise level, position, and the exact score to regress.

use super::TrainingConfig;
use crate::distribution::student::Node;
use crate::distribution::{Mixture, MixtureLanes, Pointwise};
use crate::lanes::{Lanes, TILE};
use crate::random::{Stream, normal_pair, words};

/// Mean and standard deviation of ln sigma in training.
const LOG_SIGMA: (f64, f64) = (-2.3, 1.5);

/// One iteration's batch; entry `i` depends on (seed, iteration, i) only.
pub(super) struct Batch<'a> {
    pub mixture: &'a Mixture,
    pub lanes: &'a MixtureLanes,
    pub seed: u64,
    pub iteration: u32,
    pub size: usize,
}

/// One tile of a batch.
pub(super) struct TileBatch {
    pub x: [f32; TILE],
    pub y: [f32; TILE],
    pub sigma: [f32; TILE],
    /// 1 / batch size, or 0 for the lanes beyond the batch.
    pub share: [f32; TILE],
    pub score_x: [f32; TILE],
    pub score_y: [f32; TILE],
}

impl Default for TileBatch {
    fn default() -> Self {
        let zeros = [0.0; TILE];
        Self { x: zeros, y: zeros, sigma: [1.0; TILE], share: zeros, score_x: zeros, score_y: zeros }
    }
}

impl<'a> Batch<'a> {
    pub fn new(mixture: &'a Mixture, lanes: &'a MixtureLanes, config: &TrainingConfig, iteration: u32) -> Self {
        Self { mixture, lanes, seed: config.seed, iteration, size: config.batch }
    }

    pub fn tiles(&self) -> usize {
        self.size.div_ceil(TILE)
    }

    /// Noise levels and positions of tile `index`.
    pub fn draw(&self, index: usize, tile: &mut TileBatch) {
        for t in 0..TILE {
            let i = index * TILE + t;
            let [which, a, b, _] = words(self.seed, Stream::BatchLevel, i as u64, self.iteration);
            let [c, d, _, _] = words(self.seed, Stream::BatchPosition, i as u64, self.iteration);
            let sigma = libm::exp(LOG_SIGMA.0 + LOG_SIGMA.1 * normal_pair(a, b)[0]);
            let x = self.mixture.sample_with(sigma, which, [c, d]);
            tile.x[t] = x.x as f32;
            tile.y[t] = x.y as f32;
            tile.sigma[t] = sigma as f32;
            tile.share[t] = if i < self.size { 1.0 / self.size as f32 } else { 0.0 };
        }
    }

    /// The exact scores of the tile.
    #[inline(always)]
    pub fn score<L: Lanes>(&self, l: L, tile: &mut TileBatch) {
        let variance = tile.sigma.map(|sigma| sigma * sigma);
        let mut log_density = [0.0; TILE];
        let out = Pointwise { log_density: &mut log_density, score_x: &mut tile.score_x, score_y: &mut tile.score_y };
        self.lanes.evaluate_each(l, &[Node::GAUSSIAN], &variance, [&tile.x, &tile.y], out);
    }
}
