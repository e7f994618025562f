//! The fast form: lanes are pictures, a tile of them at a time; every layer is a product of packed panels with rows of pixels, or of the
//! entries of patches of pixels, or a pass over numbers.

use super::passes::{Activate, Activated, Added, Enter, Gate, Halve, Joined, Leave, Normalise, Store};
use super::{Block, Layers, Matrix, Network, WIDE};
use crate::images::{NUMBERS, Prompt};
use crate::lanes::winograd::{self, ENTRIES, Finish, Patches, Transform};
use crate::lanes::{Buffer, Kernel, Lanes, Panels, Strips, dispatch, strips};

/// Pictures that travel together: a multiple of every vector length, and few where workers are to share sixteen.
pub const TILE_PICTURES: usize = if cfg!(target_arch = "wasm32") { 8 } else { 16 };
const TILE: usize = TILE_PICTURES;

/// Patches that are transformed at a time, at least: what they become stays in a cache.
const PATCHES: usize = 4;

/// A convolution: its weights in panels, of single pixels one matrix, of 3 x 3 one for each entry of a patch.
#[derive(Clone)]
struct Convolution {
    matrices: Vec<Panels>,
    rows: usize,
    channels: usize,
}

/// A network in the form that tiles are evaluated with.
pub struct NetworkLanes {
    network: Network,
    layers: Layers<Convolution>,
}

/// What depends on a prompt and a noise level.
pub struct Level {
    pub(in crate::images) keep: f32,
    pub(in crate::images) own: f32,
    pub(in crate::images) scale: f32,
    /// Factors of the first convolution's channels in each block, in the order of layers; of each picture, as all that follow.
    pub(in crate::images) blocks: [Buffer; 6],
    /// Those of what is added on the way back, and of the middle.
    pub(in crate::images) gates: [Buffer; 3],
    pub(in crate::images) canvas: Buffer,
}

/// Numbers between layers.
pub struct Workspace {
    wide: Side,
    middle: Side,
    narrow: Side,
    halves: Buffer,
    /// Entries of patches, and of their products.
    entries: [Buffer; 2],
}

/// Those at one size: pixels without and with zeros around them.
struct Side {
    side: usize,
    channels: usize,
    plain: Buffer,
    padded: [Buffer; 2],
    squares: Buffer,
}

impl Side {
    fn new(side: usize, channels: usize, entering: usize) -> Self {
        let (pixels, padded) = (side * side * TILE, (side + 2) * (side + 2) * TILE);
        Self {
            side,
            channels,
            plain: Buffer::zeros(channels * pixels),
            padded: [Buffer::zeros(channels.max(entering) * padded), Buffer::zeros(channels * padded)],
            squares: Buffer::zeros(pixels),
        }
    }
}

impl NetworkLanes {
    /// Prepare a network.
    pub fn new(network: &Network) -> Self {
        let convolution = |matrix: &Matrix| {
            let Matrix { rows, columns, size, ref values } = *matrix;
            let channels = columns / (size * size);
            let matrices = if size == 1 {
                vec![Panels::pack(rows, channels, |row, column| values[row * channels + column])]
            } else {
                let all: Vec<_> = values.as_chunks().0.iter().map(|&weights| winograd::weights(weights)).collect();
                (0..ENTRIES)
                    .map(|i| Panels::pack(rows, channels, |row, column| all[row * channels + column][i]))
                    .collect()
            };
            Convolution { matrices, rows, channels }
        };
        Self { layers: network.layers.map(convolution), network: network.clone() }
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Room for the numbers between layers.
    pub fn workspace(&self) -> Workspace {
        let [a, b, c] = self.network.widths;
        let entering = self.layers.enter.channels;
        let entries = [(WIDE, a.max(entering)), (WIDE / 2, b), (WIDE / 4, c)]
            .map(|(side, channels)| ENTRIES * channels * patches(side, 0).width());
        let entries = entries.into_iter().max().unwrap_or_default();
        Workspace {
            entries: [Buffer::zeros(entries), Buffer::zeros(entries)],
            wide: Side::new(WIDE, a, entering),
            middle: Side::new(WIDE / 2, b, 0),
            narrow: Side::new(WIDE / 4, c, 0),
            halves: Buffer::zeros(TILE * WIDE * WIDE / 4 * a.max(b).max(c)),
        }
    }

    /// What a prompt and a noise level above 0 say; `told` is the one that the layers are told, which is another for a guide with a
    /// shifted input.
    pub fn level(&self, prompt: Prompt, sigma: f64, told: f64) -> Level {
        let prompt = self.network.prompt(prompt.slots());
        self.level_of(&[prompt], sigma, told)
    }

    /// The same with a vector of the prompt for each picture of a tile, of which `change` makes it.
    pub fn level_of_each(
        &self,
        prompt: Prompt,
        sigma: f64,
        told: f64,
        change: impl Fn(usize, &[f64]) -> Vec<f64>,
    ) -> Level {
        let prompt = self.network.prompt(prompt.slots());
        let prompts: Vec<_> = (0..TILE).map(|lane| change(lane, &prompt)).collect();
        self.level_of(&prompts, sigma, told)
    }

    /// Of a vector for each picture, or one for all.
    fn level_of(&self, prompts: &[Vec<f64>], sigma: f64, told: f64) -> Level {
        let layers = &self.network.layers;
        let single = |v: &Vec<f64>| v.iter().map(|&v| v as f32).collect::<Vec<f32>>();
        let vectors: Vec<[Vec<f32>; 2]> =
            prompts.iter().map(|prompt| self.network.embed(prompt, told).each_ref().map(single)).collect();
        let times = |matrix: &Matrix, which: usize| {
            let mut all = Buffer::zeros(matrix.rows * TILE);
            for (row, all) in matrix.values.chunks_exact(matrix.columns).zip(all.chunks_exact_mut(TILE)) {
                let products = vectors.iter().map(|v| dot(row, &v[which]));
                all.iter_mut()
                    .zip(products.collect::<Vec<_>>().iter().cycle())
                    .for_each(|(to, product)| *to = *product);
            }
            all
        };
        let factors = |matrix: &Matrix| times(matrix, 0);
        let blocks =
            [&layers.encode16, &layers.encode8, &layers.encode4, &layers.decode4, &layers.decode8, &layers.decode16];
        let [keep, own] = self.network.preconditioning(sigma);
        Level {
            keep: keep as f32,
            own: own as f32,
            scale: (1.0 / sigma.hypot(self.network.sigma_data)) as f32,
            blocks: blocks.map(|block| factors(&block.modulation)),
            gates: [&layers.gate16, &layers.gate8, &layers.gate4].map(factors),
            canvas: times(&self.network.embedding.canvas, 1),
        }
    }

    /// D of a tile `x` of [`NUMBERS`] x 16 numbers, the pictures fastest, into `out`.
    ///
    /// # Panics
    /// If either has another length.
    pub fn evaluate(&self, level: &Level, workspace: &mut Workspace, x: &[f32], out: &mut [f32]) {
        assert!(x.len() == NUMBERS * TILE && out.len() == NUMBERS * TILE, "these are no tiles");
        let Self { layers, .. } = self;
        let Workspace { wide, middle, narrow, halves, entries } = workspace;
        let [encode16, encode8, encode4, decode4, decode8, decode16] = &level.blocks;
        let [gate16, gate8, gate4] = &level.gates;
        dispatch(Enter { x, scale: level.scale, to: &mut wide.padded[0] });
        let then = Store { to: &mut wide.plain, plane: WIDE * WIDE * TILE };
        convolve(&layers.enter, &wide.padded[0], WIDE, entries, then);
        block(&layers.encode16, encode16, wide, entries, true);
        dispatch(Halve { from: &wide.plain, side: WIDE, to: halves });
        store(&layers.down8, halves, WIDE / 2, &mut middle.plain);
        block(&layers.encode8, encode8, middle, entries, true);
        dispatch(Halve { from: &middle.plain, side: WIDE / 2, to: halves });
        store(&layers.down4, halves, WIDE / 4, &mut narrow.plain);
        block(&layers.encode4, encode4, narrow, entries, true);
        dispatch(Gate { numbers: &mut narrow.plain, factors: gate4 });
        block(&layers.decode4, decode4, narrow, entries, true);
        store(&layers.up8, &narrow.plain, WIDE / 4, halves);
        join(&layers.skip8, gate8, middle, halves);
        block(&layers.decode8, decode8, middle, entries, false);
        store(&layers.up16, &middle.plain, WIDE / 2, halves);
        join(&layers.skip16, gate16, wide, halves);
        block(&layers.decode16, decode16, wide, entries, false);
        let Side { plain, padded: [padded, _], .. } = wide;
        dispatch(Activate { from: plain, side: WIDE, to: padded });
        convolve(&layers.leave, padded, WIDE, entries, Leave { level, x, out });
    }
}

/// In an order that vectors can take.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; 16];
    let (left, right) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    for (a, b) in left.0.iter().zip(right.0) {
        (0..16).for_each(|i| sums[i] += a[i] * b[i]);
    }
    let rest: f32 = left.1.iter().zip(right.1).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

/// Rows of patches from a row on.
fn patches(side: usize, first: usize) -> Patches {
    let rows = (PATCHES / (side / 2)).max(1);
    Patches { side, lanes: TILE, rows: first..first + rows }
}

/// A convolution of 3 x 3 pixels, of planes with zeros around.
fn convolve(layer: &Convolution, from: &[f32], side: usize, entries: &mut [Buffer; 2], mut then: impl Strips) {
    let Convolution { matrices, rows, channels } = layer;
    let [of_patches, of_products] = entries;
    let from = &from[..channels * (side + 2) * (side + 2) * TILE];
    let mut next = 0;
    while next < side / 2 {
        let patches = patches(side, next);
        let width = patches.width();
        next = patches.rows.end;
        dispatch(Transform { patches: patches.clone(), from, to: of_patches });
        let from = of_patches.chunks_exact(channels * width);
        for ((matrix, from), to) in matrices.iter().zip(from).zip(of_products.chunks_exact_mut(rows * width)) {
            dispatch(Product { matrix, from, width, then: &mut Store { to, plane: width } });
        }
        dispatch(Finish { patches, from: of_products, channels: *rows, then: &mut then });
    }
}

/// A convolution of single pixels.
fn mix(layer: &Convolution, from: &[f32], side: usize, mut then: impl Strips) {
    let [matrix] = &layer.matrices[..] else { unreachable!("it is a matrix") };
    dispatch(Product { matrix, from, width: side * side * TILE, then: &mut then });
}

fn store(layer: &Convolution, from: &[f32], side: usize, to: &mut [f32]) {
    mix(layer, from, side, Store { to, plane: side * side * TILE });
}

fn block(layers: &Block<Convolution>, factors: &[f32], at: &mut Side, entries: &mut [Buffer; 2], norm: bool) {
    let Side { side, channels, plain, padded: [first, second], squares } = at;
    let side = *side;
    if norm {
        let channels = *channels;
        dispatch(Normalise { numbers: plain, channels, squares });
    }
    dispatch(Activate { from: plain, side, to: first });
    convolve(&layers.first, first, side, entries, Activated { factors, side, to: second });
    convolve(&layers.second, second, side, entries, Added { to: plain, plane: side * side * TILE });
}

/// What comes from below, `half`, each pixel four times, and what was there, through a layer and times its factors.
fn join(layer: &Convolution, factors: &[f32], at: &mut Side, half: &[f32]) {
    let Side { side, plain, padded: [_, room], .. } = at;
    let side = *side;
    let len = plain.len();
    mix(layer, plain, side, Joined { factors, half, side, to: &mut room[..len] });
    plain.copy_from_slice(&room[..len]);
    // Zeros around pixels are never written but here.
    room[..len].fill(0.0);
}

struct Product<'a, T> {
    matrix: &'a Panels,
    from: &'a [f32],
    width: usize,
    then: &'a mut T,
}

impl<T: Strips> Kernel for Product<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        strips::multiply(l, self.matrix, self.from, self.width, self.then);
    }
}
