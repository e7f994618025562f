//! The network in f32 on tiles of particles at one noise level.
//!
//! Three things are folded into the matrices beforehand: 1/0.596, the column of ln(sigma), which becomes a bias of
//! the step, and the last product of the forward pass with the first of the reverse pass, which both need only the
//! symmetric W^T W. Of each layer only the gate silu'(h) is kept.

use super::products::Products;
use super::{FEATURES, Network, SIGMA_DATA};
use crate::distribution::Pointwise;
use crate::lanes::{Buffer, Lanes, TILE, multiply, sigmoid};

/// A network prepared for fast evaluation.
pub struct NetworkLanes {
    products: Products,
    true_hidden: usize,
    /// The first layer, with rows of zeros up to the padded width.
    input: Vec<[f64; FEATURES]>,
    gain: f64,
}

/// What depends on the noise level: the first layer and three scales.
#[derive(Clone)]
pub struct Level {
    /// (weight of x, weight of y, bias) of every row.
    pub(crate) input: Vec<[f32; 3]>,
    pub(crate) scale: f32,
    pub(crate) gaussian: f32,
}

/// Room for the activations of one tile.
#[derive(Default)]
pub struct NetworkScratch {
    gates: Buffer,
    a: Buffer,
    b: Buffer,
}

impl NetworkLanes {
    /// Prepare `network`.
    pub fn new(network: &Network) -> Self {
        let (products, _) = Products::new(network);
        let mut input = network.normalised(0).as_chunks().0.to_vec();
        input.resize(products.hidden, [0.0; FEATURES]);
        Self { products, true_hidden: network.hidden, input, gain: f64::from(network.gain) }
    }

    /// Prepare noise level `sigma > 0`.
    pub fn level(&self, sigma: f64) -> Level {
        let c = SIGMA_DATA.hypot(sigma);
        Level {
            input: self
                .input
                .iter()
                .map(|w| [(w[0] / c) as f32, (w[1] / c) as f32, (w[2] * sigma.ln() / 4.0 + w[3]) as f32])
                .collect(),
            scale: (self.gain / (self.true_hidden as f64 * sigma)) as f32,
            gaussian: (-1.0 / (c * c)) as f32,
        }
    }

    /// Room for one tile.
    pub fn scratch(&self) -> NetworkScratch {
        let room = self.products.hidden * TILE;
        NetworkScratch {
            gates: Buffer::zeros(room * (self.products.forward.len() + 1)),
            a: Buffer::zeros(room),
            b: Buffer::zeros(room),
        }
    }

    /// Log-density and score of the tile `(x, y)`.
    #[inline(always)]
    pub fn evaluate<L: Lanes>(
        &self,
        l: L,
        level: &Level,
        scratch: &mut NetworkScratch,
        [x, y]: [&[f32]; 2],
        out: Pointwise<'_>,
    ) {
        let room = self.products.hidden * TILE;
        let NetworkScratch { gates, a, b } = scratch;
        for (w, out) in level.input.iter().zip(a.chunks_exact_mut(TILE)) {
            let [wx, wy, bias] = [l.splat(w[0]), l.splat(w[1]), l.splat(w[2])];
            for t in (0..TILE).step_by(L::N) {
                l.store(l.mul_add(wx, l.load(&x[t..]), l.mul_add(wy, l.load(&y[t..]), bias)), &mut out[t..]);
            }
        }
        activate(l, a, gates);
        for (matrix, gates) in self.products.forward.iter().zip(gates[room..].chunks_exact_mut(room)) {
            multiply(l, matrix, a, b);
            activate(l, b, gates);
            std::mem::swap(a, b);
        }
        // log p = scale a^T M a; its gradient in a is 2 scale M a.
        multiply(l, &self.products.last, a, b);
        let mut quadratic = [0.0; TILE];
        for (a, u) in a.chunks_exact(TILE).zip(b.chunks_exact(TILE)) {
            for t in (0..TILE).step_by(L::N) {
                let sum = l.mul_add(l.load(&a[t..]), l.load(&u[t..]), l.load(&quadratic[t..]));
                l.store(sum, &mut quadratic[t..]);
            }
        }
        std::mem::swap(a, b);
        scale_by(l, 2.0 * level.scale, a, &gates[room * self.products.forward.len()..]);
        for (matrix, gates) in self.products.backward.iter().zip(gates.chunks_exact(room)).rev() {
            multiply(l, matrix, a, b);
            std::mem::swap(a, b);
            scale_by(l, 1.0, a, gates);
        }
        let (scale, gaussian) = (l.splat(level.scale), l.splat(level.gaussian));
        for t in (0..TILE).step_by(L::N) {
            let (px, py) = (l.load(&x[t..]), l.load(&y[t..]));
            let (mut sx, mut sy) = (l.mul(gaussian, px), l.mul(gaussian, py));
            for (r, w) in level.input.iter().enumerate() {
                let g = l.load(&a[r * TILE + t..]);
                sx = l.mul_add(l.splat(w[0]), g, sx);
                sy = l.mul_add(l.splat(w[1]), g, sy);
            }
            l.store(sx, &mut out.score_x[t..]);
            l.store(sy, &mut out.score_y[t..]);
            let square = l.mul_add(px, px, l.mul(py, py));
            let base = l.mul(l.mul(gaussian, l.splat(0.5)), square);
            l.store(l.mul_add(scale, l.load(&quadratic[t..]), base), &mut out.log_density[t..]);
        }
    }
}

/// h becomes silu(h), and its gate silu'(h).
#[inline(always)]
fn activate<L: Lanes>(l: L, h: &mut [f32], gates: &mut [f32]) {
    let one = l.splat(1.0);
    for (h, gate) in h.chunks_exact_mut(L::N).zip(gates.chunks_exact_mut(L::N)) {
        let x = l.load(h);
        let s = sigmoid(l, x);
        let silu = l.mul(x, s);
        l.store(l.mul_add(silu, l.sub(one, s), s), gate);
        l.store(silu, h);
    }
}

/// `values *= factor gates`.
#[inline(always)]
fn scale_by<L: Lanes>(l: L, factor: f32, values: &mut [f32], gates: &[f32]) {
    let factor = l.splat(factor);
    for (value, gate) in values.chunks_exact_mut(L::N).zip(gates.chunks_exact(L::N)) {
        l.store(l.mul(l.mul(factor, l.load(value)), l.load(gate)), value);
    }
}
