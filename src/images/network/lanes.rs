//! The fast form: lanes are pictures. A tile is 16 of them; every layer is a product of packed panels with strips of pixels, or a
//! pass over numbers.

use super::evaluate::{map, place};
use super::{Block, Layers, MAPS, Matrix, NORM_EPSILON, Network, PATCH, RESIDUAL, WIDE, parts};
use crate::images::{NUMBERS, Prompt};
use crate::lanes::{Buffer, Kernel, Lanes, Panels, Strips, dispatch, silu, strips};

/// Pictures that travel together.
pub const TILE_PICTURES: usize = 16;
const TILE: usize = TILE_PICTURES;

/// A convolution: its weights in panels.
#[derive(Clone)]
struct Convolution {
    panels: Panels,
    channels: usize,
    /// Pixels along a side of what a pixel is made of.
    size: usize,
}

/// A network in the form that tiles are evaluated with.
pub struct NetworkLanes {
    network: Network,
    layers: Layers<Convolution>,
}

/// What depends on a prompt and a noise level.
pub struct Level {
    keep: f32,
    own: f32,
    scale: f32,
    /// Factors of the first convolution's channels in each block, in the order of layers; of each picture, as all that follow.
    blocks: [Buffer; 6],
    /// Those of what is added on the way back, and of the middle.
    gates: [Buffer; 3],
    canvas: Buffer,
}

/// Numbers between layers.
pub struct Workspace {
    wide: Side,
    middle: Side,
    narrow: Side,
    halves: Buffer,
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
            let entry = |row: usize, column: usize| matrix.values[row * matrix.columns + column];
            let panels = Panels::pack(matrix.rows, matrix.columns, entry);
            let size = matrix.size;
            Convolution { panels, channels: matrix.columns / (size * size), size }
        };
        Self { layers: network.layers.map(convolution), network: network.clone() }
    }

    /// Room for the numbers between layers.
    pub fn workspace(&self) -> Workspace {
        let [a, b, c] = self.network.widths;
        Workspace {
            wide: Side::new(WIDE, a, PATCH + MAPS),
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
        assert!(x.len() == NUMBERS * TILE && out.len() == NUMBERS * TILE, "a tile is 16 pictures");
        let Self { layers, .. } = self;
        let Workspace { wide, middle, narrow, halves } = workspace;
        let [encode16, encode8, encode4, decode4, decode8, decode16] = &level.blocks;
        let [gate16, gate8, gate4] = &level.gates;
        dispatch(Enter { x, scale: level.scale, to: &mut wide.padded[0] });
        store(&layers.enter, &wide.padded[0], WIDE, &mut wide.plain);
        block(&layers.encode16, encode16, wide, true);
        dispatch(Halve { from: &wide.plain, side: WIDE, to: halves });
        store(&layers.down8, halves, WIDE / 2, &mut middle.plain);
        block(&layers.encode8, encode8, middle, true);
        dispatch(Halve { from: &middle.plain, side: WIDE / 2, to: halves });
        store(&layers.down4, halves, WIDE / 4, &mut narrow.plain);
        block(&layers.encode4, encode4, narrow, true);
        dispatch(Gate { numbers: &mut narrow.plain, factors: gate4 });
        block(&layers.decode4, decode4, narrow, true);
        store(&layers.up8, &narrow.plain, WIDE / 4, halves);
        join(&layers.skip8, gate8, middle, halves);
        block(&layers.decode8, decode8, middle, false);
        store(&layers.up16, &middle.plain, WIDE / 2, halves);
        join(&layers.skip16, gate16, wide, halves);
        block(&layers.decode16, decode16, wide, false);
        let Side { plain, padded: [padded, _], .. } = wide;
        dispatch(Activate { from: plain, side: WIDE, to: padded });
        dispatch(Product { layer: &layers.leave, from: padded, side: WIDE, then: Leave { level, x, out } });
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

fn store(layer: &Convolution, from: &[f32], side: usize, to: &mut [f32]) {
    dispatch(Product { layer, from, side, then: Store { to, plane: side * side * TILE } });
}

fn block(layers: &Block<Convolution>, factors: &[f32], at: &mut Side, norm: bool) {
    let Side { side, channels, plain, padded: [first, second], squares } = at;
    let side = *side;
    if norm {
        let channels = *channels;
        dispatch(Normalise { numbers: plain, channels, squares });
    }
    dispatch(Activate { from: plain, side, to: first });
    dispatch(Product { layer: &layers.first, from: first, side, then: Activated { factors, side, to: second } });
    dispatch(Product {
        layer: &layers.second,
        from: second,
        side,
        then: Added { to: plain, plane: side * side * TILE },
    });
}

/// What comes from below, `half`, each pixel four times, and what was there, through a layer and times its factors.
fn join(layer: &Convolution, factors: &[f32], at: &mut Side, half: &[f32]) {
    let Side { side, plain, padded: [_, room], .. } = at;
    let (side, plane) = (*side, *side * *side * TILE);
    let len = plain.len();
    dispatch(Product { layer, from: plain, side, then: Joined { factors, half, side, to: &mut room[..len] } });
    debug_assert_eq!(len % plane, 0);
    plain.copy_from_slice(&room[..len]);
    // Zeros around pixels are never written but here.
    room[..len].fill(0.0);
}

struct Product<'a, T> {
    layer: &'a Convolution,
    from: &'a [f32],
    side: usize,
    then: T,
}

impl<T: Strips> Kernel for Product<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(mut self, l: L) {
        let Convolution { panels, channels, size } = self.layer;
        // One by one, all pixels are a single row.
        let (rows, width) = if *size == 1 { (1, self.side * self.side) } else { (self.side, self.side) };
        let pitch = (width + size - 1) * TILE;
        let shape = strips::Shape { channels: *channels, size: *size, rows, width: width * TILE, pitch, step: TILE };
        strips::multiply(l, panels, self.from, shape, &mut self.then);
    }
}

/// As they are.
struct Store<'a> {
    to: &'a mut [f32],
    plane: usize,
}

impl Strips for Store<'_> {
    #[inline(always)]
    fn put<L: Lanes>(&mut self, l: L, row: usize, at: usize, sum: L::V) {
        l.store(sum, &mut self.to[row * self.plane + at..]);
    }
}

/// Added to what is there, as a block's own part.
struct Added<'a> {
    to: &'a mut [f32],
    plane: usize,
}

impl Strips for Added<'_> {
    #[inline(always)]
    fn put<L: Lanes>(&mut self, l: L, row: usize, at: usize, sum: L::V) {
        let [keep, own] = parts(RESIDUAL).map(|v| v as f32);
        let to = &mut self.to[row * self.plane + at..];
        let kept = l.mul(l.splat(keep), l.load(to));
        l.store(l.mul_add(l.splat(own), sum, kept), to);
    }
}

/// Where a number of a plane stands with zeros around.
#[inline(always)]
fn padded(side: usize, at: usize) -> usize {
    let (y, rest) = (at / (side * TILE), at % (side * TILE));
    ((y + 1) * (side + 2) + 1) * TILE + rest
}

/// What the pictures that begin at number `at` of a channel's plane are multiplied by.
#[inline(always)]
fn factor<L: Lanes>(l: L, factors: &[f32], row: usize, at: usize) -> L::V {
    l.add(l.splat(1.0), l.load(&factors[row * TILE + at % TILE..]))
}

/// Times the channel's factor, and through silu, with zeros around.
struct Activated<'a> {
    factors: &'a [f32],
    side: usize,
    to: &'a mut [f32],
}

impl Strips for Activated<'_> {
    #[inline(always)]
    fn put<L: Lanes>(&mut self, l: L, row: usize, at: usize, sum: L::V) {
        let plane = (self.side + 2) * (self.side + 2) * TILE;
        let value = silu(l, l.mul(factor(l, self.factors, row, at), sum)).0;
        l.store(value, &mut self.to[row * plane + padded(self.side, at)..]);
    }
}

/// Times the channel's factor, beside what comes from below.
struct Joined<'a> {
    factors: &'a [f32],
    half: &'a [f32],
    side: usize,
    to: &'a mut [f32],
}

impl Strips for Joined<'_> {
    #[inline(always)]
    fn put<L: Lanes>(&mut self, l: L, row: usize, at: usize, sum: L::V) {
        let [from_below, own] = parts(0.5).map(|v| v as f32);
        let (side, pixel, lane) = (self.side, at / TILE, at % TILE);
        let below = (row * side / 2 + pixel / side / 2) * (side / 2) + pixel % side / 2;
        let below = l.mul(l.splat(from_below), l.load(&self.half[below * TILE + lane..]));
        let gated = l.mul(factor(l, self.factors, row, at), sum);
        let value = l.mul_add(l.splat(own), gated, below);
        l.store(value, &mut self.to[row * side * side * TILE + at..]);
    }
}

/// D of the network's output.
struct Leave<'a> {
    level: &'a Level,
    x: &'a [f32],
    out: &'a mut [f32],
}

impl Strips for Leave<'_> {
    #[inline(always)]
    fn put<L: Lanes>(&mut self, l: L, row: usize, at: usize, sum: L::V) {
        let (pixel, lane) = (at / TILE, at % TILE);
        let Level { keep, own, canvas, .. } = self.level;
        let number = place(row, pixel / WIDE, pixel % WIDE) * TILE + lane;
        let inside = l.add(sum, l.load(&canvas[(row * WIDE * WIDE + pixel) * TILE + lane..]));
        let kept = l.mul(l.splat(*keep), l.load(&self.x[number..]));
        l.store(l.mul_add(l.splat(*own), inside, kept), &mut self.out[number..]);
    }
}

/// 2 x 2 pixels become one of 12 numbers, divided by their deviation, and the maps beside them.
struct Enter<'a> {
    x: &'a [f32],
    scale: f32,
    to: &'a mut [f32],
}

impl Kernel for Enter<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let plane = (WIDE + 2) * (WIDE + 2) * TILE;
        for channel in 0..PATCH + MAPS {
            for pixel in 0..WIDE * WIDE {
                let (y, x) = (pixel / WIDE, pixel % WIDE);
                let to = &mut self.to[channel * plane + padded(WIDE, pixel * TILE)..][..TILE];
                for lane in (0..TILE).step_by(L::N) {
                    let value = match channel {
                        12 => l.splat(1.0),
                        13 => l.splat(map(x) as f32),
                        14 => l.splat(map(y) as f32),
                        _ => l.mul(l.splat(self.scale), l.load(&self.x[place(channel, y, x) * TILE + lane..])),
                    };
                    l.store(value, &mut to[lane..]);
                }
            }
        }
    }
}

/// Means of 2 x 2 pixels.
struct Halve<'a> {
    from: &'a [f32],
    side: usize,
    to: &'a mut [f32],
}

impl Kernel for Halve<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let row = self.side * TILE;
        for (pair, to) in self.from.chunks_exact(2 * row).zip(self.to.chunks_exact_mut(row / 2)) {
            for (x, to) in to.chunks_exact_mut(TILE).enumerate() {
                for lane in (0..TILE).step_by(L::N) {
                    let at = |offset: usize| 2 * x * TILE + lane + offset;
                    let above = l.add(l.load(&pair[at(0)..]), l.load(&pair[at(TILE)..]));
                    let below = l.add(l.load(&pair[at(row)..]), l.load(&pair[at(row + TILE)..]));
                    l.store(l.mul(l.splat(0.25), l.add(above, below)), &mut to[lane..]);
                }
            }
        }
    }
}

/// Every channel times 1 plus a factor of its own.
struct Gate<'a> {
    numbers: &'a mut [f32],
    factors: &'a [f32],
}

impl Kernel for Gate<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let plane = self.numbers.len() / (self.factors.len() / TILE);
        for (row, plane) in self.numbers.chunks_exact_mut(plane).enumerate() {
            for (i, v) in plane.chunks_exact_mut(L::N).enumerate() {
                l.store(l.mul(factor(l, self.factors, row, i * L::N), l.load(v)), v);
            }
        }
    }
}

/// Every pixel divided by its root mean square over channels.
struct Normalise<'a> {
    numbers: &'a mut [f32],
    channels: usize,
    squares: &'a mut [f32],
}

impl Kernel for Normalise<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { numbers, channels, squares } = self;
        squares.fill(0.0);
        for plane in numbers.chunks_exact(squares.len()) {
            for (v, square) in plane.chunks_exact(L::N).zip(squares.chunks_exact_mut(L::N)) {
                let v = l.load(v);
                l.store(l.mul_add(v, v, l.load(square)), square);
            }
        }
        for square in squares.chunks_exact_mut(L::N) {
            let mean = l.mul_add(l.load(square), l.splat(1.0 / channels as f32), l.splat(NORM_EPSILON as f32));
            l.store(l.div(l.splat(1.0), l.sqrt(mean)), square);
        }
        for plane in numbers.chunks_exact_mut(squares.len()) {
            for (v, scale) in plane.chunks_exact_mut(L::N).zip(squares.chunks_exact(L::N)) {
                l.store(l.mul(l.load(v), l.load(scale)), v);
            }
        }
    }
}

/// Through silu, with zeros around.
struct Activate<'a> {
    from: &'a [f32],
    side: usize,
    to: &'a mut [f32],
}

impl Kernel for Activate<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let (row, pitch) = (self.side * TILE, (self.side + 2) * TILE);
        let planes = self.from.chunks_exact(self.side * row).zip(self.to.chunks_exact_mut((self.side + 2) * pitch));
        for (from, to) in planes {
            for (from, to) in from.chunks_exact(row).zip(to[pitch + TILE..].chunks_mut(pitch)) {
                for (v, to) in from.chunks_exact(L::N).zip(to.chunks_exact_mut(L::N)) {
                    l.store(silu(l, l.load(v)).0, to);
                }
            }
        }
    }
}
