//! The layers of a network in the order in which they run, each with what it reads and writes.

use super::shader::{Convolution, TILE, Then, room};
use crate::gpu::Gpu;
use crate::images::network::{Block, Layers, Level, MAPS, Matrix, Network, PATCH, WIDE, map, parts};

/// A layer before it is compiled.
pub(super) struct Layer<'a> {
    pub shape: Convolution,
    weights: &'a Matrix,
    /// Those of the second product.
    lower: Option<&'a Matrix>,
    pub through: Through<'a>,
}

/// Buffers by their names in the kernel.
#[derive(Clone, Copy, Default)]
pub(super) struct Through<'a> {
    pub source: Option<&'a wgpu::Buffer>,
    pub below: Option<&'a wgpu::Buffer>,
    pub factors: Option<&'a wgpu::Buffer>,
    pub canvas: Option<&'a wgpu::Buffer>,
    pub plain: Option<&'a wgpu::Buffer>,
    pub activated: Option<&'a wgpu::Buffer>,
    pub halved: Option<&'a wgpu::Buffer>,
}

/// Room for what layers make of so many tiles.
pub(super) struct Between {
    wide: Side,
    middle: Side,
    narrow: Side,
    /// On the way back: at 16 and 8 pixels.
    back: [wgpu::Buffer; 2],
    /// Means of 2 x 2 pixels of these.
    halved: [wgpu::Buffer; 2],
}

/// Numbers at one size: as they are; with zeros around, before and within a block.
struct Side {
    plain: wgpu::Buffer,
    outer: wgpu::Buffer,
    inner: wgpu::Buffer,
}

/// What a prompt says at every noise level.
pub(super) struct Tables {
    /// Of the blocks in their order.
    factors: [wgpu::Buffer; 6],
    /// At 16, 8 and 4 pixels.
    gates: [wgpu::Buffer; 3],
    canvas: wgpu::Buffer,
    /// What the maps beside a picture amount to in the first layer.
    maps: wgpu::Buffer,
}

impl Between {
    pub fn new(gpu: &Gpu, network: &Network, tiles: usize) -> Self {
        let [a, b, c] = network.widths();
        let numbers = |label, width: usize, side: usize| {
            gpu.storage(label, tiles * room(width) * side * side * TILE * size_of::<f32>())
        };
        let at = |side: usize, width: usize| Side {
            plain: numbers("plain", width, side),
            outer: numbers("outer", width, side + 2),
            inner: numbers("inner", width, side + 2),
        };
        Self {
            wide: at(WIDE, a),
            middle: at(WIDE / 2, b),
            narrow: at(WIDE / 4, c),
            back: [numbers("back", a, WIDE), numbers("back", b, WIDE / 2)],
            halved: [numbers("halved", a, WIDE / 2), numbers("halved", b, WIDE / 4)],
        }
    }
}

impl Tables {
    /// Of `levels`, of each noise level one for every condition.
    pub fn new(gpu: &Gpu, network: &Network, levels: &[Vec<&Level>]) -> Self {
        let [a, b, c] = network.widths();
        let table = |label, width: usize, of: &dyn Fn(&Level) -> &[f32]| {
            let mut numbers: Vec<f32> = Vec::new();
            for level in levels.iter().flatten() {
                let end = numbers.len() + width;
                // Each picture of a tile is told the same.
                numbers.extend(of(level).iter().step_by(TILE));
                numbers.resize(end, 0.0);
            }
            gpu.table(label, &numbers)
        };
        Self {
            factors: [(0, a), (1, b), (2, c), (3, c), (4, b), (5, a)]
                .map(|(i, width)| table("factors", room(width), &|level| &level.blocks[i])),
            gates: [(0, a), (1, b), (2, c)].map(|(i, width)| table("gates", room(width), &|level| &level.gates[i])),
            canvas: table("canvas", PATCH * WIDE * WIDE, &|level| &level.canvas),
            maps: gpu.table("maps", &of_maps(&network.layers.enter)),
        }
    }
}

/// All layers of a network, from `point`, which is a picture with zeros around.
pub(super) fn layers<'a>(
    network: &'a Network,
    between: &'a Between,
    tables: &'a Tables,
    point: &'a wgpu::Buffer,
) -> Vec<Layer<'a>> {
    let Layers { enter, encode16, down8, encode8, down4, encode4, .. } = &network.layers;
    let Layers { decode4, up8, skip8, decode8, up16, skip16, decode16, leave, .. } = &network.layers;
    let Between { wide, middle, narrow, back: [back16, back8], halved: [halved16, halved8] } = between;
    let Tables { factors, gates: [gates16, gates8, gates4], canvas, maps } = tables;
    let (eight, four) = (WIDE / 2, WIDE / 4);
    let plain = Then { plain: true, ..Then::default() };
    let activated = Then { activated: true, ..Then::default() };
    // As a block needs them.
    let prepared = Then { plain: true, activated: true, ..Then::default() };
    let normalised = Then { normalise: true, ..prepared };
    let onto = |source, at: &'a Side| Through {
        source: Some(source),
        plain: Some(&at.plain),
        activated: Some(&at.outer),
        ..Through::default()
    };
    vec![
        layer(WIDE, enter, Then { enters: true, ..normalised }, Through { canvas: Some(maps), ..onto(point, wide) }),
        first(WIDE, encode16, wide, &factors[0]),
        second(WIDE, encode16, wide, &wide.plain, Then { halved: true, ..plain }, Some(halved16)),
        layer(eight, down8, normalised, onto(halved16, middle)),
        first(eight, encode8, middle, &factors[1]),
        second(eight, encode8, middle, &middle.plain, Then { halved: true, ..plain }, Some(halved8)),
        layer(four, down4, normalised, onto(halved8, narrow)),
        first(four, encode4, narrow, &factors[2]),
        layer(
            four,
            &encode4.second,
            Then { residual: true, factor: true, ..normalised },
            Through { factors: Some(gates4), ..onto(&narrow.inner, narrow) },
        ),
        first(four, decode4, narrow, &factors[3]),
        second(four, decode4, narrow, &narrow.plain, plain, None),
        join(eight, [skip8, up8], prepared, [middle, narrow].map(|side| &side.plain), (gates8, back8, &middle.outer)),
        first(eight, decode8, middle, &factors[4]),
        second(eight, decode8, middle, back8, plain, None),
        join(WIDE, [skip16, up16], prepared, [&wide.plain, back8], (gates16, back16, &wide.outer)),
        first(WIDE, decode16, wide, &factors[5]),
        second(WIDE, decode16, wide, back16, activated, None),
        layer(
            WIDE,
            leave,
            Then { leaves: true, ..Then::default() },
            Through { source: Some(&wide.outer), canvas: Some(canvas), ..Through::default() },
        ),
    ]
}

fn layer<'a>(side: usize, weights: &'a Matrix, then: Then, through: Through<'a>) -> Layer<'a> {
    let Matrix { rows, columns, size, .. } = weights;
    let entering = if then.enters { PATCH } else { columns / (size * size) };
    Layer {
        shape: Convolution { side, size: *size, entering, leaving: *rows, below: 0, then },
        weights,
        lower: None,
        through,
    }
}

fn first<'a>(side: usize, block: &'a Block<Matrix>, at: &'a Side, factors: &'a wgpu::Buffer) -> Layer<'a> {
    let then = Then { factor: true, activated: true, ..Then::default() };
    let (source, activated) = (Some(&at.outer), Some(&at.inner));
    layer(side, &block.first, then, Through { source, activated, factors: Some(factors), ..Through::default() })
}

fn second<'a>(
    side: usize,
    block: &'a Block<Matrix>,
    at: &'a Side,
    plain: &'a wgpu::Buffer,
    then: Then,
    halved: Option<&'a wgpu::Buffer>,
) -> Layer<'a> {
    let (source, activated) = (Some(&at.inner), then.activated.then_some(&at.outer));
    let through = Through { source, plain: Some(plain), activated, halved, ..Through::default() };
    layer(side, &block.second, Then { residual: true, ..then }, through)
}

/// What was there on the way down beside what comes from below.
fn join<'a>(
    side: usize,
    [own, lower]: [&'a Matrix; 2],
    then: Then,
    [source, below]: [&'a wgpu::Buffer; 2],
    (factors, plain, activated): (&'a wgpu::Buffer, &'a wgpu::Buffer, &'a wgpu::Buffer),
) -> Layer<'a> {
    let through = Through {
        source: Some(source),
        below: Some(below),
        factors: Some(factors),
        plain: Some(plain),
        activated: Some(activated),
        ..Through::default()
    };
    let mut layer = layer(side, own, Then { factor: true, ..then }, through);
    layer.shape.below = lower.columns;
    layer.lower = Some(lower);
    layer
}

impl Layer<'_> {
    /// Its weights as the kernel reads them.
    pub fn packed(&self) -> Vec<f32> {
        let entry = |matrix: &Matrix, row: usize, column: usize| matrix.values[row * matrix.columns + column];
        let [from_below, _] = parts(0.5);
        self.shape.pack(
            |row, column| entry(self.weights, row, column),
            |row, column| self.lower.map_or(0.0, |lower| from_below as f32 * entry(lower, row, column)),
        )
    }
}

/// What the first layer makes of ones, and of how far right and down a pixel is, by channel and pixel.
fn of_maps(enter: &Matrix) -> Vec<f32> {
    let taps = enter.size * enter.size;
    let mut all = vec![0.0; room(enter.rows) * WIDE * WIDE];
    for (row, all) in enter.values.chunks_exact(enter.columns).zip(all.chunks_exact_mut(WIDE * WIDE)) {
        for (pixel, value) in all.iter_mut().enumerate() {
            let mut sum = 0.0;
            for tap in 0..taps {
                let (y, x) = (pixel / WIDE + tap / enter.size, pixel % WIDE + tap % enter.size);
                if (1..=WIDE).contains(&y) && (1..=WIDE).contains(&x) {
                    let maps: [f64; MAPS] = [1.0, map(x - 1), map(y - 1)];
                    let weights = maps.iter().zip(PATCH..).map(|(map, c)| map * f64::from(row[c * taps + tap]));
                    sum += weights.sum::<f64>();
                }
            }
            *value = sum as f32;
        }
    }
    all
}
