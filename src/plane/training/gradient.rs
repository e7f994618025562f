//! Loss and gradient on one tile of particles.
//!
//! The loss compares scores, which are derivatives in x already, so its gradient in the weights needs a derivative of
//! a derivative. With `v = dLoss/dscore` held fixed it is the weight gradient of `J = v . grad_x log p`, the derivative
//! of log p along v: one forward pass with tangents along v, and one reverse pass through both. The adjoints of the
//! tangents turn out to be the adjoints `g` of the score's own reverse pass, which are there already: six products a layer
//! suffice. Since the last layer enters as |W a|^2 only, its forward and first reverse product are one product by W^T W. The
//! base, Gaussian or Student-t, holds no weights: it moves the score that is compared, and nothing else.
//!
//! A general automatic differentiation, and a second architecture, are absent on purpose: this one gradient is written out,
//! and tested against JAX.

use super::batch::TileBatch;
use super::state::Shape;
use crate::lanes::{
    Buffer, Epilogue, Kernel, Lanes, TILE, add_outer, constant, dispatch, multiply, multiply_then, sigmoid,
};
use crate::plane::network::{FEATURES, Network, Products};

/// The matrices of one iteration, as the tile kernel reads them.
pub(super) struct Matrices {
    pub products: Products,
    /// First layer, `hidden x 4` of the padded width.
    pub input: Vec<f32>,
    pub gain: f32,
    pub true_hidden: usize,
}

impl Matrices {
    /// Those of a network.
    pub fn new(network: &Network) -> Self {
        let products = Products::new(network);
        let mut input: Vec<f32> = network.normalised(0).iter().map(|&w| w as f32).collect();
        input.resize(products.hidden * FEATURES, 0.0);
        Self { products, input, gain: network.gain, true_hidden: network.hidden }
    }
}

/// What tiles add to the loss, and to its gradient in the matrices above.
pub(super) struct Sums {
    /// Behind each other as in [`Shape`], but of the padded width: of the first layer, of each inner one, and of the last one, V,
    /// the S of which V (S + S^T) is the gradient.
    pub matrices: Vec<f32>,
    pub gain: f64,
    pub loss: f64,
}

impl Sums {
    /// None yet.
    pub fn new(shape: Shape) -> Self {
        let padded = Shape { hidden: shape.padded(), ..shape };
        Self { matrices: vec![0.0; padded.range(shape.layers).end], gain: 0.0, loss: 0.0 }
    }

    /// Takes others in.
    pub fn add(&mut self, matrices: &[f32], [gain, loss]: [f64; 2]) {
        dispatch(Add { to: &mut self.matrices, matrices });
        self.gain += gain;
        self.loss += loss;
    }

    pub fn clear(&mut self) {
        self.matrices.fill(0.0);
        (self.gain, self.loss) = (0.0, 0.0);
    }
}

struct Add<'a> {
    to: &'a mut [f32],
    matrices: &'a [f32],
}

impl Kernel for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        assert!(self.to.len().is_multiple_of(L::N));
        for (to, from) in self.to.chunks_exact_mut(L::N).zip(self.matrices.chunks_exact(L::N)) {
            l.store(l.add(l.load(to), l.load(from)), to);
        }
    }
}

/// Activations of one layer on a tile; `hidden x TILE` each.
struct Layer {
    /// silu(h).
    a: Buffer,
    /// silu'(h).
    d1: Buffer,
    /// silu''(h); then times the adjoint of a; then times the tangent of h.
    d2: Buffer,
    /// Adjoint of h in the score's reverse pass.
    g: Buffer,
    /// Tangent of a.
    tangent: Buffer,
    /// Adjoint of h in the reverse pass through both.
    p: Buffer,
}

/// Room for one tile.
pub(super) struct Scratch {
    layers: Vec<Layer>,
    /// Values before activation; after the forward pass M a of the last layer.
    product: Buffer,
    /// Adjoints or tangents on their way from layer to layer.
    adjoint: Buffer,
    /// The features and their tangents, `4 x TILE` each.
    features: Buffer,
    feature_tangents: Buffer,
    pub tile: TileBatch,
}

impl Scratch {
    pub fn new(hidden: usize, layers: usize) -> Self {
        let room = || Buffer::zeros(hidden * TILE);
        Self {
            layers: (0..layers)
                .map(|_| Layer { a: room(), d1: room(), d2: room(), g: room(), tangent: room(), p: room() })
                .collect(),
            product: room(),
            adjoint: room(),
            features: Buffer::zeros(FEATURES * TILE),
            feature_tangents: Buffer::zeros(FEATURES * TILE),
            tile: TileBatch::default(),
        }
    }
}

/// Compare the network's scores with those of the tile in `scratch`: returns the loss, and adds it and its gradient to `out`, if
/// these are asked for.
pub(super) struct TileStep<'a> {
    pub matrices: &'a Matrices,
    pub scratch: &'a mut Scratch,
    pub out: Option<&'a mut Sums>,
}

impl Kernel for TileStep<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) -> f64 {
        let Self { matrices: m, scratch, out } = self;
        set_features(scratch);
        forward(l, m, scratch);
        let loss = reverse(l, m, scratch);
        if let Some(out) = out {
            out.loss += loss;
            out.gain += tangents(l, m, scratch);
            add_sums(l, m, scratch, out);
        }
        loss
    }
}

fn set_features(scratch: &mut Scratch) {
    let tile = &scratch.tile;
    for t in 0..TILE {
        let scale = tile.scale[t];
        for (i, value) in
            [tile.x[t] * scale, tile.y[t] * scale, libm::logf(tile.sigma[t]) / 4.0, 1.0].into_iter().enumerate()
        {
            scratch.features[i * TILE + t] = value;
        }
    }
}

#[inline(always)]
fn forward<L: Lanes>(l: L, m: &Matrices, scratch: &mut Scratch) {
    let Scratch { layers, product, features, .. } = scratch;
    for (w, h) in m.input.chunks_exact(FEATURES).zip(product.chunks_exact_mut(TILE)) {
        for t in (0..TILE).step_by(L::N) {
            let mut sum = l.splat(0.0);
            for (w, f) in w.iter().zip(features.chunks_exact(TILE)) {
                sum = l.mul_add(l.splat(*w), l.load(&f[t..]), sum);
            }
            l.store(sum, &mut h[t..]);
        }
    }
    let Layer { a, d1, d2, .. } = &mut layers[0];
    finish(l, product, a, &mut Activate { d1, d2 });
    for (i, matrix) in m.products.forward.iter().enumerate() {
        let [before, Layer { a, d1, d2, .. }] = pair(layers, i);
        multiply_then(l, matrix, &before.a, a, &mut Activate { d1, d2 });
    }
    multiply(l, &m.products.last, &layers[layers.len() - 1].a, product);
}

/// Two layers that follow each other.
fn pair(layers: &mut [Layer], first: usize) -> &mut [Layer; 2] {
    layers[first..].first_chunk_mut().expect("a layer follows")
}

/// h becomes a, and its two derivatives are kept.
struct Activate<'a> {
    d1: &'a mut [f32],
    d2: &'a mut [f32],
}

impl Epilogue for Activate<'_> {
    fn room(&self) -> usize {
        self.d1.len().min(self.d2.len())
    }

    #[inline(always)]
    unsafe fn finish<L: Lanes>(&mut self, l: L, at: usize, h: L::V) -> L::V {
        let (one, two) = (constant!(l, 1.0), constant!(l, 2.0));
        let s = sigmoid(l, h);
        let a = l.mul(h, s);
        let slope = l.neg_mul_add(s, s, s);
        // SAFETY: the caller's.
        unsafe {
            l.store_at(l.mul_add(a, l.sub(one, s), s), self.d1, at);
            l.store_at(l.mul(slope, l.mul_add(h, l.neg_mul_add(two, s, one), two)), self.d2, at);
        }
        a
    }
}

/// The adjoint of a becomes that of h, or the tangent of h that of a; and its part in the second derivative.
struct Chain<'a> {
    d1: &'a [f32],
    d2: &'a mut [f32],
}

impl Epilogue for Chain<'_> {
    fn room(&self) -> usize {
        self.d1.len().min(self.d2.len())
    }

    #[inline(always)]
    unsafe fn finish<L: Lanes>(&mut self, l: L, at: usize, value: L::V) -> L::V {
        // SAFETY: the caller's.
        unsafe {
            l.store_at(l.mul(value, l.load_at(self.d2, at)), self.d2, at);
            l.mul(value, l.load_at(self.d1, at))
        }
    }
}

/// The second adjoint of a becomes that of h.
struct Second<'a> {
    d1: &'a [f32],
    d2: &'a [f32],
}

impl Epilogue for Second<'_> {
    fn room(&self) -> usize {
        self.d1.len().min(self.d2.len())
    }

    #[inline(always)]
    unsafe fn finish<L: Lanes>(&mut self, l: L, at: usize, of_a: L::V) -> L::V {
        // SAFETY: the caller's.
        unsafe { l.mul_add(of_a, l.load_at(self.d1, at), l.load_at(self.d2, at)) }
    }
}

/// What an epilogue makes of values that no product has just summed.
#[inline(always)]
fn finish<L: Lanes>(l: L, values: &[f32], out: &mut [f32], epilogue: &mut impl Epilogue) {
    let room = out.len();
    assert!(values.len() >= room && epilogue.room() >= room && room.is_multiple_of(L::N));
    for at in (0..room).step_by(L::N) {
        // SAFETY: at + N <= room.
        unsafe { l.store_at(epilogue.finish(l, at, l.load_at(values, at)), out, at) };
    }
}

/// Every row of `values` times `scale`, lane by lane.
#[inline(always)]
fn scale_rows<L: Lanes>(l: L, scale: &[f32; TILE], values: &mut [f32]) {
    for row in values.chunks_exact_mut(TILE) {
        for t in (0..TILE).step_by(L::N) {
            l.store(l.mul(l.load(&scale[t..]), l.load(&row[t..])), &mut row[t..]);
        }
    }
}

/// The score by a reverse pass, its loss (summed over the tile), and v, the loss's gradient in the score, as tangents
/// of the features.
#[inline(always)]
fn reverse<L: Lanes>(l: L, m: &Matrices, scratch: &mut Scratch) -> f64 {
    let Scratch { layers, product, adjoint, feature_tangents, tile, .. } = scratch;
    let top = layers.len() - 1;
    adjoint.copy_from_slice(product);
    scale_rows(l, &m.quadratic_scales(tile).map(|s| s * m.gain), adjoint);
    let Layer { d1, d2, g, .. } = &mut layers[top];
    finish(l, adjoint, g, &mut Chain { d1, d2 });
    for (i, matrix) in m.products.backward.iter().enumerate().rev() {
        let [Layer { d1, d2, g, .. }, after] = pair(layers, i);
        multiply_then(l, matrix, &after.g, g, &mut Chain { d1, d2 });
    }
    let mut loss = 0.0;
    let [mut sx, mut sy] = [[0.0; TILE]; 2];
    for t in (0..TILE).step_by(L::N) {
        let (mut x, mut y) = (l.splat(0.0), l.splat(0.0));
        for (r, w) in m.input.chunks_exact(FEATURES).enumerate() {
            let g = l.load(&layers[0].g[r * TILE + t..]);
            x = l.mul_add(l.splat(w[0]), g, x);
            y = l.mul_add(l.splat(w[1]), g, y);
        }
        l.store(x, &mut sx[t..]);
        l.store(y, &mut sy[t..]);
    }
    for t in 0..TILE {
        let (scale, pull) = (tile.scale[t], tile.pull[t]);
        let dx = scale * sx[t] - pull * tile.x[t] - tile.score_x[t];
        let dy = scale * sy[t] - pull * tile.y[t] - tile.score_y[t];
        // Mean over two coordinates: the half of the loss and the two of the square cancel in v.
        let weight = tile.weight[t] * tile.share[t];
        loss += f64::from(0.5 * weight * (dx * dx + dy * dy));
        feature_tangents[t] = weight * dx * scale;
        feature_tangents[TILE + t] = weight * dy * scale;
    }
    loss
}

/// Tangents along v, then the reverse pass through both, leaving p in every layer. Returns the gain's gradient.
#[inline(always)]
fn tangents<L: Lanes>(l: L, m: &Matrices, scratch: &mut Scratch) -> f64 {
    let Scratch { layers, product, adjoint, feature_tangents, tile, .. } = scratch;
    let top = layers.len() - 1;
    for (w, out) in m.input.chunks_exact(FEATURES).zip(adjoint.chunks_exact_mut(TILE)) {
        let (wx, wy) = (l.splat(w[0]), l.splat(w[1]));
        let (vx, vy) = feature_tangents.split_at(TILE);
        for t in (0..TILE).step_by(L::N) {
            l.store(l.mul_add(wx, l.load(&vx[t..]), l.mul(wy, l.load(&vy[t..]))), &mut out[t..]);
        }
    }
    let Layer { d1, d2, tangent, .. } = &mut layers[0];
    finish(l, adjoint, tangent, &mut Chain { d1, d2 });
    for (i, matrix) in m.products.forward.iter().enumerate() {
        let [before, Layer { d1, d2, tangent, .. }] = pair(layers, i);
        multiply_then(l, matrix, &before.tangent, tangent, &mut Chain { d1, d2 });
    }
    // J = scale a'^T M a + const: the derivative by the gain, and p of the top layer.
    let scales = m.quadratic_scales(tile);
    let layer = &mut layers[top];
    let mut gain = l.splat(0.0);
    for (tangent, u) in layer.tangent.chunks_exact(TILE).zip(product.chunks_exact(TILE)) {
        for t in (0..TILE).step_by(L::N) {
            gain = l.mul_add(l.mul(l.load(&tangent[t..]), l.load(&scales[t..])), l.load(&u[t..]), gain);
        }
    }
    // From here on the tangent is needed with its scale only: M of it, and the sum S.
    scale_rows(l, &scales.map(|s| s * m.gain), &mut layer.tangent);
    let Layer { d1, d2, tangent, p, .. } = layer;
    multiply_then(l, &m.products.last, tangent, p, &mut Second { d1, d2 });
    for (i, matrix) in m.products.backward.iter().enumerate().rev() {
        let [Layer { d1, d2, p, .. }, after] = pair(layers, i);
        multiply_then(l, matrix, &after.p, p, &mut Second { d1, d2 });
    }
    f64::from(l.sum(gain))
}

impl Matrices {
    /// 2 / (hidden sigma) of every particle: what M a is times, but for the gain, in the gradient of log p.
    fn quadratic_scales(&self, tile: &TileBatch) -> [f32; TILE] {
        tile.sigma.map(|sigma| 2.0 / (self.true_hidden as f32 * sigma))
    }
}

#[inline(always)]
fn add_sums<L: Lanes>(l: L, m: &Matrices, scratch: &Scratch, out: &mut Sums) {
    let Scratch { layers, features, feature_tangents, .. } = scratch;
    let hidden = m.products.hidden;
    let (input, mut rest) = out.matrices.split_at_mut(hidden * FEATURES);
    add_outer(l, &[(&layers[0].p, features), (&layers[0].g, feature_tangents)], input, FEATURES);
    for pair in layers.windows(2) {
        let [before, after] = pair else { unreachable!("windows of two") };
        let (inner, behind) = rest.split_at_mut(hidden * hidden);
        add_outer(l, &[(&after.p, &before.a), (&after.g, &before.tangent)], inner, hidden);
        rest = behind;
    }
    let top = &layers[layers.len() - 1];
    add_outer(l, &[(&top.tangent, &top.a)], rest, hidden);
}
