//! Loss and gradient on one tile of particles.
//!
//! The loss compares scores, which are derivatives in x already, so its gradient in the weights needs a derivative of
//! a derivative. With `v = dLoss/dscore` held fixed it is the weight gradient of `J = v . grad_x log p`, the derivative
//! of log p along v: one forward pass with tangents along v, and one reverse pass through both. The adjoints of the
//! tangents turn out to be the adjoints `g` of the score's own reverse pass, which are there already.

use super::super::{FEATURES, SIGMA_DATA};
use super::batch::{Batch, TileBatch};
use crate::lanes::{Buffer, Kernel, Lanes, Panels, TILE, multiply, outer, sigmoid};

/// The matrices of one iteration, as the tile kernel reads them. `hidden` is padded to the micro-kernel's four.
pub(super) struct Matrices {
    pub hidden: usize,
    /// First layer, `hidden x 4`.
    pub input: Vec<f32>,
    /// Inner layers over 0.596, and their transposes.
    pub forward: Vec<Panels>,
    pub backward: Vec<Panels>,
    /// V^T V of the last layer V.
    pub last: Panels,
    pub gain: f32,
    pub true_hidden: usize,
}

/// What one tile adds to the gradient with respect to the matrices above, and to the loss.
#[derive(Clone)]
pub(super) struct TileGradient {
    /// `hidden x 4`.
    pub input: Vec<f32>,
    /// `hidden x hidden` for each inner layer.
    pub inner: Vec<Vec<f32>>,
    /// S of the last layer V: its gradient is V (S + S^T).
    pub last: Vec<f32>,
    pub gain: f64,
    pub loss: f64,
}

impl TileGradient {
    pub fn new(hidden: usize, layers: usize) -> Self {
        let square = vec![0.0; hidden * hidden];
        Self {
            input: vec![0.0; hidden * FEATURES],
            inner: vec![square.clone(); layers - 1],
            last: square,
            gain: 0.0,
            loss: 0.0,
        }
    }
}

/// Activations of one layer on a tile; `hidden x TILE` each.
struct Layer {
    /// silu(h).
    a: Buffer,
    /// silu'(h).
    d1: Buffer,
    /// silu''(h); then times the adjoint of a; then times the tangent of h; then the adjoint p of h.
    d2: Buffer,
    /// Adjoint of h in the score's reverse pass.
    g: Buffer,
    /// Tangent of a.
    tangent: Buffer,
}

/// Room for one tile.
pub(super) struct Scratch {
    layers: Vec<Layer>,
    /// M a of the last layer.
    product: Buffer,
    /// The features and their tangents, `4 x TILE` each.
    features: Buffer,
    feature_tangents: Buffer,
    tile: TileBatch,
}

impl Scratch {
    pub fn new(hidden: usize, layers: usize) -> Self {
        let room = || Buffer::zeros(hidden * TILE);
        Self {
            layers: (0..layers)
                .map(|_| Layer { a: room(), d1: room(), d2: room(), g: room(), tangent: room() })
                .collect(),
            product: room(),
            features: Buffer::zeros(FEATURES * TILE),
            feature_tangents: Buffer::zeros(FEATURES * TILE),
            tile: TileBatch::default(),
        }
    }
}

/// Draw tile `index` of a batch, score it, and leave its gradient in `out`.
pub(super) struct TileStep<'a> {
    pub batch: &'a Batch<'a>,
    pub index: usize,
    pub matrices: &'a Matrices,
    pub scratch: &'a mut Scratch,
    pub out: &'a mut TileGradient,
}

impl Kernel for TileStep<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { batch, index, matrices: m, scratch, out } = self;
        batch.draw(index, &mut scratch.tile);
        batch.score(l, &mut scratch.tile);
        set_features(scratch);
        forward(l, m, scratch);
        out.loss = reverse(l, m, scratch);
        out.gain = tangents(l, m, scratch);
        sums(l, m, scratch, out);
    }
}

fn set_features(scratch: &mut Scratch) {
    let tile = &scratch.tile;
    for t in 0..TILE {
        let scale = 1.0 / (SIGMA_DATA as f32).hypot(tile.sigma[t]);
        for (i, value) in [tile.x[t] * scale, tile.y[t] * scale, tile.sigma[t].ln() / 4.0, 1.0].into_iter().enumerate()
        {
            scratch.features[i * TILE + t] = value;
        }
    }
}

/// h, and from it silu and its two derivatives.
#[inline(always)]
fn activate<L: Lanes>(l: L, h: L::V, at: usize, layer: &mut Layer) {
    let one = l.splat(1.0);
    let s = sigmoid(l, h);
    let a = l.mul(h, s);
    let d1 = l.mul_add(a, l.sub(one, s), s);
    let slope = l.neg_mul_add(s, s, s);
    let d2 = l.mul(slope, l.mul_add(h, l.neg_mul_add(l.splat(2.0), s, one), l.splat(2.0)));
    l.store(a, &mut layer.a[at..]);
    l.store(d1, &mut layer.d1[at..]);
    l.store(d2, &mut layer.d2[at..]);
}

#[inline(always)]
fn forward<L: Lanes>(l: L, m: &Matrices, scratch: &mut Scratch) {
    for (r, w) in m.input.chunks_exact(FEATURES).enumerate() {
        for t in (0..TILE).step_by(L::N) {
            let mut h = l.splat(0.0);
            for (w, f) in w.iter().zip(scratch.features.chunks_exact(TILE)) {
                h = l.mul_add(l.splat(*w), l.load(&f[t..]), h);
            }
            activate(l, h, r * TILE + t, &mut scratch.layers[0]);
        }
    }
    for (i, matrix) in m.forward.iter().enumerate() {
        let (before, after) = scratch.layers.split_at_mut(i + 1);
        multiply(l, matrix, &before[i].a, |_, at, h| activate(l, h, at, &mut after[0]));
    }
}

/// The adjoint of a of a layer becomes that of its h, and enters the second derivative.
#[inline(always)]
fn adjoint<L: Lanes>(l: L, of_a: L::V, at: usize, layer: &mut Layer) {
    l.store(l.mul(of_a, l.load(&layer.d1[at..])), &mut layer.g[at..]);
    l.store(l.mul(of_a, l.load(&layer.d2[at..])), &mut layer.d2[at..]);
}

/// The score by a reverse pass, its loss (summed over the tile), and v, the loss's gradient in the score, as tangents
/// of the features.
#[inline(always)]
fn reverse<L: Lanes>(l: L, m: &Matrices, scratch: &mut Scratch) -> f64 {
    let Scratch { layers, product, feature_tangents, tile, .. } = scratch;
    let top = layers.len() - 1;
    let level = 2.0 / m.true_hidden as f32;
    let mut adjoint_scale = [0.0; TILE];
    for (scale, sigma) in adjoint_scale.iter_mut().zip(&tile.sigma) {
        *scale = m.gain * level / sigma;
    }
    // The closure cannot borrow two fields of one layer apart, hence the copy of `a` through `product`.
    {
        let layer = &mut layers[top];
        multiply(l, &m.last, &layer.a, |_, at, u| l.store(u, &mut product[at..]));
        for at in (0..m.hidden * TILE).step_by(L::N) {
            let of_a = l.mul(l.load(&adjoint_scale[at % TILE..]), l.load(&product[at..]));
            adjoint(l, of_a, at, layer);
        }
    }
    for (i, matrix) in m.backward.iter().enumerate().rev() {
        let (before, after) = layers.split_at_mut(i + 1);
        multiply(l, matrix, &after[0].g, |_, at, of_a| adjoint(l, of_a, at, &mut before[i]));
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
        let scale = 1.0 / (SIGMA_DATA as f32).hypot(tile.sigma[t]);
        let dx = scale * sx[t] - scale * scale * tile.x[t] - tile.score_x[t];
        let dy = scale * sy[t] - scale * scale * tile.y[t] - tile.score_y[t];
        // Mean over two coordinates: the half of the loss and the two of the square cancel in v.
        let weight = tile.sigma[t] * tile.sigma[t] * tile.share[t];
        loss += f64::from(0.5 * weight * (dx * dx + dy * dy));
        feature_tangents[t] = weight * dx * scale;
        feature_tangents[TILE + t] = weight * dy * scale;
    }
    loss
}

/// Tangents along v, then the reverse pass through both, leaving p in `d2` of every layer. Returns the gain's gradient.
#[inline(always)]
fn tangents<L: Lanes>(l: L, m: &Matrices, scratch: &mut Scratch) -> f64 {
    let Scratch { layers, product, feature_tangents, tile, .. } = scratch;
    let top = layers.len() - 1;
    let advance = |t: L::V, at: usize, layer: &mut Layer| {
        l.store(l.mul(t, l.load(&layer.d1[at..])), &mut layer.tangent[at..]);
        l.store(l.mul(t, l.load(&layer.d2[at..])), &mut layer.d2[at..]);
    };
    for (r, w) in m.input.chunks_exact(FEATURES).enumerate() {
        let (wx, wy) = (l.splat(w[0]), l.splat(w[1]));
        for t in (0..TILE).step_by(L::N) {
            let tangent =
                l.mul_add(wx, l.load(&feature_tangents[t..]), l.mul(wy, l.load(&feature_tangents[TILE + t..])));
            advance(tangent, r * TILE + t, &mut layers[0]);
        }
    }
    for (i, matrix) in m.forward.iter().enumerate() {
        let (before, after) = layers.split_at_mut(i + 1);
        multiply(l, matrix, &before[i].tangent, |_, at, t| advance(t, at, &mut after[0]));
    }
    // J = scale a'^T M a / 2 + const: p of the top layer, and the derivative by the gain.
    let layer = &mut layers[top];
    let level = 2.0 / m.true_hidden as f32;
    let [mut inverse, mut scale] = [[0.0; TILE]; 2];
    for t in 0..TILE {
        inverse[t] = level / tile.sigma[t];
        scale[t] = m.gain * inverse[t];
    }
    let mut gain = l.splat(0.0);
    let Layer { d1, d2, tangent, .. } = &mut *layer;
    multiply(l, &m.last, tangent, |_, at, u| {
        let of_a = l.mul(l.load(&scale[at % TILE..]), u);
        l.store(l.mul_add(of_a, l.load(&d1[at..]), l.load(&d2[at..])), &mut d2[at..]);
    });
    for at in (0..m.hidden * TILE).step_by(L::N) {
        let t = l.load(&tangent[at..]);
        gain = l.mul_add(l.mul(t, l.load(&inverse[at % TILE..])), l.load(&product[at..]), gain);
        // From here on only the sum S needs it, with its scale.
        l.store(l.mul(t, l.load(&scale[at % TILE..])), &mut tangent[at..]);
    }
    for (i, matrix) in m.backward.iter().enumerate().rev() {
        let (before, after) = layers.split_at_mut(i + 1);
        let Layer { d1, d2, .. } = &mut before[i];
        multiply(l, matrix, &after[0].d2, |_, at, of_a| {
            l.store(l.mul_add(of_a, l.load(&d1[at..]), l.load(&d2[at..])), &mut d2[at..]);
        });
    }
    f64::from(l.sum(gain))
}

#[inline(always)]
fn sums<L: Lanes>(l: L, m: &Matrices, scratch: &Scratch, out: &mut TileGradient) {
    let Scratch { layers, features, feature_tangents, .. } = scratch;
    outer(l, &[(&layers[0].d2, features), (&layers[0].g, feature_tangents)], &mut out.input, FEATURES);
    for (pair, out) in layers.windows(2).zip(&mut out.inner) {
        let [before, after] = pair else { unreachable!("windows of two") };
        outer(l, &[(&after.d2, &before.a), (&after.g, &before.tangent)], out, m.hidden);
    }
    let top = &layers[layers.len() - 1];
    outer(l, &[(&top.tangent, &top.a)], &mut out.last, m.hidden);
}
