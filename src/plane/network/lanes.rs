//! The network in f32 on tiles of particles at one noise level.
//!
//! Three things are folded into the matrices beforehand: 1/0.596, the column of ln(sigma), which becomes a bias of
//! the step, and the last product of the forward pass with the first of the reverse pass, which both need only the
//! symmetric W^T W. Of each layer only the gate silu'(h) is kept.

use super::products::Products;
use super::{Base, FEATURES, Network};
use crate::lanes::{Buffer, Epilogue, Lanes, TILE, constant, multiply, multiply_then, silu};
use crate::plane::distribution::Pointwise;

/// A network prepared for fast evaluation.
pub struct NetworkLanes {
    products: Products,
    true_hidden: usize,
    /// The first layer, with rows of zeros up to the padded width.
    input: Vec<[f64; FEATURES]>,
    gain: f64,
    nu: Option<f64>,
    noise_shift: f64,
}

/// What depends on the noise level: the first layer, a scale, and the base.
#[derive(Clone)]
pub struct Level {
    /// (weight of x, weight of y, bias) of every row.
    pub(crate) input: Vec<[f32; 3]>,
    /// Its transpose times 2 `scale`: (to x, to y) of every row.
    output: Vec<[f32; 2]>,
    pub(crate) scale: f32,
    /// The base's gradient is `slope x / (1 + spread |x|^2)`; `spread` is zero for a Gaussian.
    pub(crate) slope: f32,
    pub(crate) spread: f32,
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
        let products = Products::new(network);
        let mut input = network.normalised(0).as_chunks().0.to_vec();
        input.resize(products.hidden, [0.0; FEATURES]);
        Self {
            products,
            true_hidden: network.hidden,
            input,
            gain: f64::from(network.gain),
            nu: network.degrees_of_freedom(),
            noise_shift: network.noise_shift,
        }
    }

    /// Prepare noise level `sigma > 0`.
    pub fn level(&self, sigma: f64) -> Level {
        let Base { c, slope, spread } = Base::new(self.nu, sigma);
        let told = (libm::log(sigma) + self.noise_shift) / 4.0;
        let scale = self.gain / (self.true_hidden as f64 * sigma);
        Level {
            output: self.input.iter().map(|w| [0, 1].map(|i| (2.0 * scale * w[i] / c) as f32)).collect(),
            input: self
                .input
                .iter()
                .map(|w| [(w[0] / c) as f32, (w[1] / c) as f32, (w[2] * told + w[3]) as f32])
                .collect(),
            scale: scale as f32,
            slope: slope as f32,
            spread: spread as f32,
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
        self.forward(l, level, scratch, [x, y]);
        let NetworkScratch { gates, a, b } = scratch;
        // log p = scale a^T M a; its gradient in a is 2 scale M a.
        multiply(l, &self.products.last, a, b);
        let mut quadratic = [0.0; TILE];
        for (a, u) in a.chunks_exact(TILE).zip(b.chunks_exact_mut(TILE)) {
            for t in (0..TILE).step_by(L::N) {
                let sum = l.mul_add(l.load(&a[t..]), l.load(&u[t..]), l.load(&quadratic[t..]));
                l.store(sum, &mut quadratic[t..]);
            }
        }
        let last = &gates[a.len() * self.products.forward.len()..];
        for (u, gate) in b.chunks_exact_mut(L::N).zip(last.chunks_exact(L::N)) {
            l.store(l.mul(l.load(u), l.load(gate)), u);
        }
        std::mem::swap(a, b);
        self.backward(l, level, scratch, [x, y], [out.score_x, out.score_y]);
        let (scale, half_slope) = (l.splat(level.scale), l.splat(0.5 * level.slope));
        let mut squares = [0.0; TILE];
        for t in (0..TILE).step_by(L::N) {
            let (x, y) = (l.load(&x[t..]), l.load(&y[t..]));
            l.store(l.mul_add(x, x, l.mul(y, y)), &mut squares[t..]);
        }
        if level.spread > 0.0 {
            for square in &mut squares {
                *square = (level.spread * *square).ln_1p() / level.spread;
            }
        }
        for t in (0..TILE).step_by(L::N) {
            let base = l.mul(half_slope, l.load(&squares[t..]));
            l.store(l.mul_add(scale, l.load(&quadratic[t..]), base), &mut out.log_density[t..]);
        }
    }

    /// All layers but the last product: leaves activations in `a`, and every layer's gates.
    #[inline(always)]
    fn forward<L: Lanes>(&self, l: L, level: &Level, scratch: &mut NetworkScratch, [x, y]: [&[f32]; 2]) {
        let NetworkScratch { gates, a, b } = scratch;
        let mut gates = gates.chunks_exact_mut(a.len());
        let mut activate = Activate(gates.next().expect("there is a first layer"));
        assert!(a.len() == level.input.len() * TILE && activate.room() == a.len());
        for (row, w) in level.input.iter().enumerate() {
            let [wx, wy, bias] = [l.splat(w[0]), l.splat(w[1]), l.splat(w[2])];
            for t in (0..TILE).step_by(L::N) {
                let h = l.mul_add(wx, l.load(&x[t..]), l.mul_add(wy, l.load(&y[t..]), bias));
                // SAFETY: both have room for every row, as was checked above.
                unsafe { l.store_at(activate.finish(l, row * TILE + t, h), a, row * TILE + t) };
            }
        }
        for (matrix, gates) in self.products.forward.iter().zip(gates) {
            multiply_then(l, matrix, a, b, &mut Activate(gates));
            std::mem::swap(a, b);
        }
    }

    /// From the last layer's gated adjoint in `a`, over 2 `scale`, to the score.
    #[inline(always)]
    fn backward<L: Lanes>(
        &self,
        l: L,
        level: &Level,
        scratch: &mut NetworkScratch,
        [x, y]: [&[f32]; 2],
        [score_x, score_y]: [&mut [f32]; 2],
    ) {
        let NetworkScratch { gates, a, b } = scratch;
        for (matrix, gates) in self.products.backward.iter().zip(gates.chunks_exact(a.len())).rev() {
            multiply_then(l, matrix, a, b, &mut Gate(gates));
            std::mem::swap(a, b);
        }
        let (slope, spread) = (l.splat(level.slope), l.splat(level.spread));
        assert!(a.len() == level.output.len() * TILE);
        for t in (0..TILE).step_by(L::N) {
            let (px, py) = (l.load(&x[t..]), l.load(&y[t..]));
            let square = l.mul_add(px, px, l.mul(py, py));
            let pull = l.div(slope, l.mul_add(spread, square, constant!(l, 1.0)));
            let (mut sx, mut sy) = (l.mul(pull, px), l.mul(pull, py));
            for (row, w) in level.output.iter().enumerate() {
                // SAFETY: `a` holds every row, as was checked above.
                let g = unsafe { l.load_at(a, row * TILE + t) };
                sx = l.mul_add(l.splat(w[0]), g, sx);
                sy = l.mul_add(l.splat(w[1]), g, sy);
            }
            l.store(sx, &mut score_x[t..]);
            l.store(sy, &mut score_y[t..]);
        }
    }
}

/// h becomes silu(h), and its gate silu'(h) is kept.
struct Activate<'a>(&'a mut [f32]);

impl Epilogue for Activate<'_> {
    fn room(&self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    unsafe fn finish<L: Lanes>(&mut self, l: L, at: usize, sum: L::V) -> L::V {
        let (silu, gate) = silu(l, sum);
        // SAFETY: the caller's.
        unsafe { l.store_at(gate, self.0, at) };
        silu
    }
}

/// The adjoint of an activation becomes that of its argument.
struct Gate<'a>(&'a [f32]);

impl Epilogue for Gate<'_> {
    fn room(&self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    unsafe fn finish<L: Lanes>(&mut self, l: L, at: usize, sum: L::V) -> L::V {
        // SAFETY: the caller's.
        l.mul(sum, unsafe { l.load_at(self.0, at) })
    }
}
