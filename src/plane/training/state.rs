//! The state of a run, which lies in one place: it hands out weights, takes in what shards have summed, and moves on.

use super::TrainingConfig;
use super::gradient::Sums;
use super::optimizer::{self, Adam, EMA_STD, ema_exponent};
use super::shards::shards;
use crate::error::Result;
use crate::lanes::each;
use crate::plane::network::{FEATURES, LAYERS, Network, SILU_GAIN, row_norm};
use crate::random::{Stream, normal_pair, words};
use std::ops::Range;

/// Where the matrices lie in the flat list of weights; the gain is last.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub hidden: usize,
    pub layers: usize,
    pub nu: Option<f32>,
}

impl Shape {
    pub fn of(config: &TrainingConfig) -> Self {
        Self { hidden: config.hidden, layers: LAYERS, nu: config.degrees_of_freedom.map(|nu| nu as f32) }
    }

    pub fn parameters(self) -> usize {
        self.hidden * FEATURES + self.layers * self.hidden * self.hidden + 1
    }

    /// The width that kernels have: a multiple of four.
    pub fn padded(self) -> usize {
        self.hidden.next_multiple_of(4)
    }

    fn columns(self, i: usize) -> usize {
        if i == 0 { FEATURES } else { self.hidden }
    }

    /// Where matrix `i` of a width lies.
    pub fn range_of(hidden: usize, i: usize) -> Range<usize> {
        let square = hidden * hidden;
        match i {
            0 => 0..hidden * FEATURES,
            _ => {
                let start = hidden * FEATURES + (i - 1) * square;
                start..start + square
            }
        }
    }

    pub fn range(self, i: usize) -> Range<usize> {
        Self::range_of(self.hidden, i)
    }

    pub fn network(self, flat: &[f32]) -> Network {
        Network {
            hidden: self.hidden,
            matrices: (0..=self.layers).map(|i| flat[self.range(i)].to_vec()).collect(),
            gain: flat[flat.len() - 1],
            nu: self.nu,
            noise_shift: 0.0,
            metadata: Vec::new(),
        }
    }
}

pub(super) fn initial_weights(shape: Shape, seed: u64) -> Vec<f32> {
    let mut weights: Vec<f32> = (0..shape.parameters() as u64)
        .map(|i| {
            let [a, b, _, _] = words(seed, Stream::Weights, i, 0);
            normal_pair(a, b)[0] as f32
        })
        .collect();
    *weights.last_mut().expect("the gain is there") = 0.0;
    weights
}

/// All that a run is after an iteration, and of the present one what has come in.
pub struct TrainingState {
    pub(super) config: TrainingConfig,
    pub(super) iteration: u32,
    pub(super) shape: Shape,
    /// After the last update. An interruption leaves them as they are.
    pub(super) weights: Vec<f32>,
    pub(super) average: Vec<f32>,
    pub(super) adam: Adam,
    /// Those of the present iteration: every raw row has (nearly) unit mean square, as in the public example.
    pub(super) normalised: Vec<f32>,
    /// What has come in of it, and of how many shards.
    pub(super) total: Sums,
    came: usize,
}

impl TrainingState {
    /// A run from the start.
    ///
    /// # Errors
    /// If a number of the configuration is out of its range, or the data have nothing of the class.
    pub fn new(config: TrainingConfig) -> Result<Self> {
        config.mixture()?;
        let shape = Shape::of(&config);
        let weights = initial_weights(shape, config.seed);
        Ok(Self {
            iteration: 0,
            shape,
            average: weights.clone(),
            adam: Adam::new(weights.len()),
            normalised: Vec::new(),
            weights,
            total: Sums::new(shape),
            came: 0,
            config,
        })
    }

    /// What is trained.
    pub fn config(&self) -> &TrainingConfig {
        &self.config
    }

    /// Iterations done.
    pub fn iteration(&self) -> u32 {
        self.iteration
    }

    /// Shards of an iteration.
    pub fn shards(&self) -> usize {
        shards(self.config.batch)
    }

    /// The averaged network: what is saved and sampled.
    pub fn network(&self) -> Network {
        Network { metadata: self.config.metadata(self.iteration), ..self.shape.network(&self.average) }
    }

    /// Weights, the gain among them.
    pub fn parameters(&self) -> usize {
        self.weights.len()
    }

    /// Numbers in the sums of a shard.
    pub fn sums(&self) -> usize {
        self.total.matrices.len()
    }

    /// Begins the present iteration, from its start if it had begun.
    pub fn begin(&mut self) {
        self.total.clear();
        self.came = 0;
        self.normalised.clone_from(&self.weights);
        for i in 0..=self.shape.layers {
            for row in self.normalised[self.shape.range(i)].chunks_exact_mut(self.shape.columns(i)) {
                let norm = row_norm(row);
                row.iter_mut().for_each(|w| *w = (f64::from(*w) / norm) as f32);
            }
        }
    }

    /// The weights that the shards of the present iteration are computed with, once it has begun.
    pub fn normalised_weights(&self) -> &[f32] {
        &self.normalised
    }

    /// Takes in the sums of the next shard, as [`ShardWorker::sums`](super::ShardWorker::sums) gives them.
    pub fn add(&mut self, matrices: &[f32], [gain, loss]: [f64; 2]) {
        assert_eq!(matrices.len(), self.total.matrices.len(), "sums are those of the configuration");
        self.total.add(matrices, [gain, loss]);
        self.came += 1;
    }

    /// Ends the iteration, once all of its shards have come in; returns the loss of its batch.
    pub fn finish(&mut self) -> f64 {
        assert_eq!(self.came, self.shards(), "all shards have come in");
        let gradient = self.gradient();
        self.update(&gradient);
        self.total.loss
    }

    pub(super) fn update(&mut self, gradient: &[f32]) {
        self.weights.clone_from(&self.normalised);
        self.adam.step(&mut self.weights, gradient, self.iteration);
        optimizer::average(&mut self.average, &self.weights, ema_exponent(EMA_STD), self.iteration);
        self.iteration += 1;
    }

    /// From the matrices as used back through normalisation to the raw weights.
    pub(super) fn gradient(&self) -> Vec<f32> {
        let (h, padded) = (self.shape.hidden, self.shape.padded());
        let last = self.shape.network(&self.normalised).normalised(self.shape.layers);
        let mut gradient = Vec::with_capacity(self.weights.len());
        for i in 0..=self.shape.layers {
            let columns = self.shape.columns(i);
            let sums = &self.total.matrices[Shape::range_of(padded, i)];
            let used = if i == 0 {
                rows_over(sums, 1.0, columns, columns, h)
            } else if i < self.shape.layers {
                rows_over(sums, SILU_GAIN, padded, h, h)
            } else {
                last_gradient(sums, &last, h, padded)
            };
            let n = columns as f64;
            for (row, of) in self.normalised[self.shape.range(i)].chunks_exact(columns).zip(used.chunks_exact(columns))
            {
                let norm = row_norm(row);
                let row: Vec<f64> = row.iter().copied().map(f64::from).collect();
                let length = row.iter().map(|w| w * w).sum::<f64>().sqrt();
                let along = row.iter().zip(of).map(|(w, g)| w * g).sum::<f64>() / (norm * length * n.sqrt());
                gradient.extend(row.iter().zip(of).map(|(w, g)| ((g - w * along) / (norm * n.sqrt())) as f32));
            }
        }
        gradient.push(self.total.gain as f32);
        gradient
    }
}

/// The first `rows` of rows that are `padded` long, as far as `columns`, over a divisor.
fn rows_over(values: &[f32], divisor: f64, padded: usize, columns: usize, rows: usize) -> Vec<f64> {
    let mut out = Vec::with_capacity(rows * columns);
    for row in values.chunks_exact(padded).take(rows) {
        out.extend(row[..columns].iter().map(|&value| f64::from(value) / divisor));
    }
    out
}

/// V (S + S^T) / 0.596^2 for the last layer V, which is used over 0.596.
fn last_gradient(s: &[f32], v: &[f64], h: usize, padded: usize) -> Vec<f64> {
    let mut symmetric = Vec::with_capacity(h * padded);
    for k in 0..h {
        let (row, column) = (&s[k * padded..(k + 1) * padded], s[k..].iter().step_by(padded));
        symmetric.extend(row.iter().zip(column).map(|(a, b)| f64::from(a + b) / (SILU_GAIN * SILU_GAIN)));
    }
    let mut out = Vec::with_capacity(h * h);
    for v in v.chunks_exact(h) {
        for column in (0..padded).step_by(4) {
            let mut sums = [0.0; 4];
            for (v, row) in v.iter().zip(symmetric.chunks_exact(padded)) {
                each!(i < 4, sums[i] += v * row[column + i]);
            }
            out.extend_from_slice(&sums[..(h - column).min(4)]);
        }
    }
    out
}
