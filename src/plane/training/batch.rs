//! Training batches: noise level, position, and the exact score to regress.

use super::TrainingConfig;
use crate::error::Result;
use crate::lanes::{Kernel, Lanes, Pair, TILE, dispatch};
use crate::plane::distribution::student::{self, Node};
use crate::plane::distribution::{Mixture, MixtureLanes, Pointwise};
use crate::plane::network::{Base, SIGMA_DATA};
use crate::random::{Stream, gamma, normal_pair, words};
use nalgebra::Vector2;

/// Mean and standard deviation of ln sigma in training.
pub(super) const LOG_SIGMA: (f64, f64) = (-2.3, 1.5);

/// What batches are drawn from: the data, and its noise.
pub(super) struct Data {
    pub mixture: Mixture,
    pub lanes: MixtureLanes,
    /// Degrees of freedom of Student-t noise.
    pub nu: Option<f64>,
    /// Gaussians that the noise is made of.
    pub nodes: Vec<Node>,
}

impl Data {
    pub fn new(mixture: Mixture, nu: Option<f64>) -> Result<Self> {
        let nodes = nu.map_or_else(|| Ok(vec![Node::GAUSSIAN]), student::nodes)?;
        Ok(Self { lanes: MixtureLanes::new(&mixture), mixture, nu, nodes })
    }
}

/// What a Gaussian's noise is divided by to be a Student-t's, for entry `(i, row)` of a stream.
pub(super) fn narrowing(nu: f64, seed: u64, stream: Stream, i: u64, row: u32) -> f64 {
    (gamma(0.5 * nu, seed, stream, i, row) / (0.5 * nu)).sqrt()
}

/// One iteration's batch; entry `i` depends on (seed, iteration, i) only.
pub(super) struct Batch<'a> {
    data: &'a Data,
    seed: u64,
    iteration: u32,
    size: usize,
}

/// One tile of a batch.
#[derive(Clone)]
pub(super) struct TileBatch {
    pub x: [f32; TILE],
    pub y: [f32; TILE],
    pub sigma: [f32; TILE],
    /// 1 / batch size, or 0 for the lanes beyond the batch.
    pub share: [f32; TILE],
    /// 1/c, what positions are times in the features.
    pub scale: [f32; TILE],
    /// The gradient of the network's base is `-pull` times the position.
    pub pull: [f32; TILE],
    /// What the squared error of the score is times in the loss, but for the share.
    pub weight: [f32; TILE],
    pub score_x: [f32; TILE],
    pub score_y: [f32; TILE],
}

impl Default for TileBatch {
    fn default() -> Self {
        let zeros = [0.0; TILE];
        Self {
            x: zeros,
            y: zeros,
            sigma: [1.0; TILE],
            share: zeros,
            scale: zeros,
            pull: zeros,
            weight: zeros,
            score_x: zeros,
            score_y: zeros,
        }
    }
}

impl<'a> Batch<'a> {
    pub fn new(data: &'a Data, config: &TrainingConfig, iteration: u32) -> Self {
        Self { data, seed: config.seed, iteration, size: config.batch }
    }

    pub fn iteration(&self) -> u32 {
        self.iteration
    }

    /// Particles.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Tiles from `first` on, with their exact scores.
    pub fn targets(&self, first: usize, tiles: &mut [TileBatch]) {
        tiles.iter_mut().enumerate().for_each(|(i, tile)| self.draw(first + i, tile));
        self.data.score(tiles);
    }

    /// Noise levels and positions of tile `index`.
    pub fn draw(&self, index: usize, tile: &mut TileBatch) {
        for t in 0..TILE {
            let i = index * TILE + t;
            let [which, a, b, _] = words(self.seed, Stream::BatchLevel, i as u64, self.iteration);
            let [c, d, _, _] = words(self.seed, Stream::BatchPosition, i as u64, self.iteration);
            let sigma = libm::exp(LOG_SIGMA.0 + LOG_SIGMA.1 * normal_pair(a, b)[0]);
            // Student-t noise is Gaussian noise of a level of its own for every particle.
            let tail = |nu| narrowing(nu, self.seed, Stream::BatchTail, i as u64, self.iteration);
            let level = self.data.nu.map_or(sigma, |nu| sigma / tail(nu));
            let share = if i < self.size { 1.0 / self.size as f32 } else { 0.0 };
            self.data.place(tile, t, sigma, share, self.data.mixture.sample_with(level, which, [c, d]));
        }
    }
}

impl Data {
    /// Lane `t` of a tile: a particle at noise level `sigma`, and its share of the loss.
    pub fn place(&self, tile: &mut TileBatch, t: usize, sigma: f64, share: f32, x: Vector2<f64>) {
        tile.x[t] = x.x as f32;
        tile.y[t] = x.y as f32;
        tile.sigma[t] = sigma as f32;
        tile.share[t] = share;
        (tile.scale[t], tile.pull[t], tile.weight[t]) =
            self.preconditioning(tile.sigma[t], tile.x[t] * tile.x[t] + tile.y[t] * tile.y[t]);
    }

    /// 1/c, the pull of the network's base and the weight of the loss, at a noise level and |x|^2.
    fn preconditioning(&self, sigma: f32, square: f32) -> (f32, f32, f32) {
        match self.nu {
            // In single precision, which the bits of the networks that ship depend on.
            None => {
                let scale = 1.0 / libm::hypotf(SIGMA_DATA as f32, sigma);
                (scale, scale * scale, sigma * sigma)
            }
            // The weight is one over the mean square of the score of the noise, per coordinate.
            Some(nu) => {
                let base = Base::new(Some(nu), f64::from(sigma));
                let weight = f64::from(sigma * sigma) * (nu + 4.0) / (nu + 2.0);
                ((1.0 / base.c) as f32, -base.pull(f64::from(square)) as f32, weight as f32)
            }
        }
    }

    /// The exact scores of the tiles. With more of them neighbours are more alike, which saves time.
    pub fn score(&self, tiles: &mut [TileBatch]) {
        for particles in by_sight(tiles).chunks_exact(TILE) {
            let of = |value: fn(&TileBatch) -> &[f32; TILE]| -> [f32; TILE] {
                std::array::from_fn(|i| value(&tiles[particles[i] / TILE])[particles[i] % TILE])
            };
            let (x, y, variance) = (of(|t| &t.x), of(|t| &t.y), of(|t| &t.sigma).map(|sigma| sigma * sigma));
            let [mut log_density, mut score_x, mut score_y] = [[0.0; TILE]; 3];
            let out = Pointwise { log_density: &mut log_density, score_x: &mut score_x, score_y: &mut score_y };
            dispatch(Scores { data: self, variance: &variance, positions: [&x, &y], out });
            for ((p, x), y) in particles.iter().zip(score_x).zip(score_y) {
                let tile = &mut tiles[p / TILE];
                (tile.score_x[p % TILE], tile.score_y[p % TILE]) = (x, y);
            }
        }
    }
}

/// Particles of the tiles in an order in which neighbours see about as far, and the same: by a quarter of the noise levels, and
/// within that along a curve through 16 x 16 places (Morton 1966).
fn by_sight(tiles: &[TileBatch]) -> Vec<usize> {
    /// Of a normal distribution, in standard deviations.
    const QUARTILE: f64 = 0.6745;
    let limits = [-QUARTILE, 0.0, QUARTILE].map(|z| libm::exp(LOG_SIGMA.0 + z * LOG_SIGMA.1) as f32);
    // Every other bit of a byte is one of a coordinate's four.
    let spread = |v: f32| {
        let place = (4.0 * v + 8.0).clamp(0.0, 15.0) as usize;
        let pairs = (place | place << 2) & 0b11_0011;
        (pairs | pairs << 1) & 0b101_0101
    };
    let particles = tiles.iter().flat_map(|t| t.sigma.iter().zip(&t.x).zip(&t.y));
    let key = |((&sigma, &x), &y): ((&f32, &f32), &f32)| {
        let level = limits.iter().filter(|&&limit| sigma > limit).count();
        level << 8 | spread(x) | spread(y) << 1
    };
    let keys: Vec<usize> = particles.map(key).collect();
    // Of each key, where the next particle that has it goes.
    let mut places = [0; 1025];
    keys.iter().for_each(|key| places[key + 1] += 1);
    (1..places.len()).for_each(|i| places[i] += places[i - 1]);
    let mut order = vec![0; keys.len()];
    for (particle, key) in keys.into_iter().enumerate() {
        order[places[key]] = particle;
        places[key] += 1;
    }
    order
}

struct Scores<'a> {
    data: &'a Data,
    variance: &'a [f32],
    positions: [&'a [f32]; 2],
    out: Pointwise<'a>,
}

impl Kernel for Scores<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Data { lanes, nodes, .. } = self.data;
        lanes.evaluate_each(Pair(l), nodes, self.variance, self.positions, self.out);
    }
}
