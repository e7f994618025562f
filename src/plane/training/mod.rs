//! Training by regression of the exact score (autoguidance, Karras et al. 2024, public toy example).
//!
//! Invariant: an iteration is a function of (configuration, iteration number, state) alone. Batches come from a
//! counter-based generator, and tiles add up in their own order, so that neither the number of threads nor an
//! interruption changes a bit; another instruction set does, since it sums lanes in another order.

mod batch;
mod checkpoint;
mod gradient;
mod optimizer;

pub use crate::plane::network::TrainingConfig;

use crate::error::Result;
use crate::lanes::dispatch;
use crate::plane::network::{FEATURES, LAYERS, Network, Products, SILU_GAIN, row_norm};
use crate::random::{Stream, normal_pair, words};
use batch::{Batch, Data};
use gradient::{Matrices, Scratch, Targets, TileGradient, TileStep};
use optimizer::{Adam, EMA_STD, ema_exponent};

/// A training run, one iteration at a time.
pub struct Trainer {
    config: TrainingConfig,
    iteration: u32,
    shape: Shape,
    weights: Vec<f32>,
    average: Vec<f32>,
    adam: Adam,
    data: Data,
    scratches: Vec<Scratch>,
    tiles: Vec<TileGradient>,
}

/// Where the matrices lie in the flat list of weights; the gain is last.
#[derive(Clone, Copy)]
struct Shape {
    hidden: usize,
    layers: usize,
    nu: Option<f32>,
}

impl Shape {
    fn parameters(self) -> usize {
        self.hidden * FEATURES + self.layers * self.hidden * self.hidden + 1
    }

    fn columns(self, i: usize) -> usize {
        if i == 0 { FEATURES } else { self.hidden }
    }

    fn range(self, i: usize) -> std::ops::Range<usize> {
        let square = self.hidden * self.hidden;
        match i {
            0 => 0..self.hidden * FEATURES,
            _ => {
                let start = self.hidden * FEATURES + (i - 1) * square;
                start..start + square
            }
        }
    }

    fn network(self, flat: &[f32]) -> Network {
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

/// An untrained network: weights standard normal, gain zero.
#[cfg(test)]
pub(crate) fn initial(hidden: usize, layers: usize, seed: u64) -> Network {
    let shape = Shape { hidden, layers, nu: None };
    shape.network(&initial_weights(shape, seed))
}

fn initial_weights(shape: Shape, seed: u64) -> Vec<f32> {
    let mut weights: Vec<f32> = (0..shape.parameters() as u64)
        .map(|i| {
            let [a, b, _, _] = words(seed, Stream::Weights, i, 0);
            normal_pair(a, b)[0] as f32
        })
        .collect();
    *weights.last_mut().expect("the gain is there") = 0.0;
    weights
}

impl Trainer {
    /// A run from the start.
    ///
    /// # Errors
    /// If a number of the configuration is out of its range.
    pub fn new(config: TrainingConfig) -> Result<Self> {
        config.validate()?;
        let shape = Shape { hidden: config.hidden, layers: LAYERS, nu: config.degrees_of_freedom.map(|nu| nu as f32) };
        let mixture = config.data.mixture().classes(config.classes)?;
        let weights = initial_weights(shape, config.seed);
        Ok(Self {
            iteration: 0,
            shape,
            average: weights.clone(),
            adam: Adam::new(weights.len()),
            weights,
            data: Data::new(mixture, config.degrees_of_freedom)?,
            scratches: Vec::new(),
            tiles: Vec::new(),
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

    /// The averaged network: what is saved and sampled.
    pub fn network(&self) -> Network {
        Network { metadata: self.config.metadata(self.iteration), ..self.shape.network(&self.average) }
    }

    /// One iteration on `threads` threads (one on wasm); returns the loss of its batch.
    pub fn step(&mut self, threads: usize) -> f64 {
        self.normalise();
        let (loss, gradient) = self.gradient(threads);
        self.update(&gradient);
        loss
    }

    fn update(&mut self, gradient: &[f32]) {
        self.adam.step(&mut self.weights, gradient, self.iteration);
        optimizer::average(&mut self.average, &self.weights, ema_exponent(EMA_STD), self.iteration);
        self.iteration += 1;
    }

    /// One iteration on one thread, as a benchmark sees it: the time of target scores, of network and gradient, and of
    /// the update.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn step_timed(&mut self) -> [std::time::Duration; 3] {
        let start = std::time::Instant::now();
        self.normalise();
        let (_, gradient) = self.gradient(1);
        let done = start.elapsed();
        // The same batch once more, without the network.
        let start = std::time::Instant::now();
        let batch = Batch::new(&self.data, &self.config, self.iteration);
        for index in 0..batch.tiles() {
            dispatch(Targets { batch: &batch, index, scratch: &mut self.scratches[0] });
        }
        let targets = start.elapsed();
        let start = std::time::Instant::now();
        self.update(&gradient);
        [targets, done.saturating_sub(targets), start.elapsed()]
    }

    /// Every raw row to (nearly) unit mean square, as the public example does before each forward pass.
    fn normalise(&mut self) {
        for i in 0..=self.shape.layers {
            for row in self.weights[self.shape.range(i)].chunks_exact_mut(self.shape.columns(i)) {
                let norm = row_norm(&row.iter().copied().map(f64::from).collect::<Vec<_>>());
                row.iter_mut().for_each(|w| *w = (f64::from(*w) / norm) as f32);
            }
        }
    }

    /// Loss of the present batch and its gradient in the raw weights.
    fn gradient(&mut self, threads: usize) -> (f64, Vec<f32>) {
        let network = self.shape.network(&self.weights);
        let (matrices, last) = prepare(&network);
        let batch = Batch::new(&self.data, &self.config, self.iteration);
        let tiles = batch.tiles();
        let threads = threads.clamp(1, tiles);
        self.scratches.resize_with(threads, || Scratch::new(matrices.products.hidden, self.shape.layers));
        self.tiles.resize_with(tiles, || TileGradient::new(matrices.products.hidden, self.shape.layers));
        let queue = std::sync::Mutex::new(self.tiles.iter_mut().enumerate());
        let work = |scratch: &mut Scratch| {
            loop {
                let next = queue.lock().expect("no thread panics while it holds the queue").next();
                let Some((index, out)) = next else { return };
                dispatch(Targets { batch: &batch, index, scratch: &mut *scratch });
                dispatch(TileStep { matrices: &matrices, scratch, out });
            }
        };
        match &mut self.scratches[..] {
            [only] => work(only),
            several => std::thread::scope(|scope| {
                for scratch in several {
                    scope.spawn(|| work(scratch));
                }
            }),
        }
        let total = add_up(&self.tiles);
        (total.loss, self.raw_gradient(&total, &last, matrices.products.hidden))
    }

    /// From the matrices as used back through normalisation to the raw weights.
    fn raw_gradient(&self, total: &TileGradient, last: &[f64], padded: usize) -> Vec<f32> {
        let h = self.shape.hidden;
        let mut gradient = Vec::with_capacity(self.weights.len());
        for i in 0..=self.shape.layers {
            let columns = self.shape.columns(i);
            let used: Vec<f64> = if i == 0 {
                total.input[..h * columns].iter().copied().map(f64::from).collect()
            } else if i < self.shape.layers {
                let of = &total.inner[i - 1];
                (0..h * h).map(|k| f64::from(of[k / h * padded + k % h]) / SILU_GAIN).collect()
            } else {
                last_gradient(&total.last, last, h, padded)
            };
            let n = columns as f64;
            for (row, of) in self.weights[self.shape.range(i)].chunks_exact(columns).zip(used.chunks_exact(columns)) {
                let row: Vec<f64> = row.iter().copied().map(f64::from).collect();
                let norm = row_norm(&row);
                let length = row.iter().map(|w| w * w).sum::<f64>().sqrt();
                let along = row.iter().zip(of).map(|(w, g)| w * g).sum::<f64>() / (norm * length * n.sqrt());
                gradient.extend(row.iter().zip(of).map(|(w, g)| ((g - w * along) / (norm * n.sqrt())) as f32));
            }
        }
        gradient.push(total.gain as f32);
        gradient
    }
}

/// V (S + S^T) / 0.596 for the last layer V.
fn last_gradient(s: &[f32], v: &[f64], h: usize, padded: usize) -> Vec<f64> {
    let mut out = vec![0.0; h * h];
    for (out, v) in out.chunks_exact_mut(h).zip(v.chunks_exact(h)) {
        for (k, &v) in v.iter().enumerate() {
            for (c, out) in out.iter_mut().enumerate() {
                *out += v * f64::from(s[k * padded + c] + s[c * padded + k]) / SILU_GAIN;
            }
        }
    }
    out
}

/// The matrices in the forms that the tile kernel reads, and the last one over 0.596.
fn prepare(network: &Network) -> (Matrices, Vec<f64>) {
    let (products, last) = Products::new(network);
    let mut input: Vec<f32> = network.normalised(0).iter().map(|&w| w as f32).collect();
    input.resize(products.hidden * FEATURES, 0.0);
    (Matrices { products, input, gain: network.gain, true_hidden: network.hidden }, last)
}

/// The sum over tiles, in their order.
fn add_up(tiles: &[TileGradient]) -> TileGradient {
    let (first, rest) = tiles.split_first().expect("a batch has a tile");
    let mut total = first.clone();
    let add = |to: &mut [f32], from: &[f32]| to.iter_mut().zip(from).for_each(|(a, b)| *a += b);
    for tile in rest {
        add(&mut total.input, &tile.input);
        total.inner.iter_mut().zip(&tile.inner).for_each(|(to, from)| add(to, from));
        add(&mut total.last, &tile.last);
        total.gain += tile.gain;
        total.loss += tile.loss;
    }
    total
}

#[cfg(test)]
mod reference_tests;
#[cfg(test)]
mod tests;
