//! The layers of a network in the order in which they run, each with what it reads and writes.

use super::evaluation::Told;
use super::shader::{ALONG, Convolution, THREADS, TILE, Then, draw, leave, room};
use crate::gpu::Gpu;
use crate::images::NUMBERS;
use crate::images::network::{Block, Layers, Level, MAPS, Matrix, Network, PATCH, TILE_PICTURES, WIDE, map, parts};

/// A kernel before it is compiled.
pub(super) struct Kernel {
    pub entry: &'static str,
    pub text: String,
    /// What it binds, in order.
    pub buffers: Vec<wgpu::Buffer>,
    /// Along the first axis and the last: tiles are along the second.
    pub workgroups: [usize; 2],
}

/// Buffers that kernels share with what asks for an evaluation.
#[derive(Clone, Copy)]
pub(super) struct Shared<'a> {
    pub now: &'a wgpu::Buffer,
    /// Noisy pictures, with zeros around.
    pub point: &'a wgpu::Buffer,
    pub estimates: &'a wgpu::Buffer,
}

/// A convolution before it is a kernel.
#[derive(Clone, Copy)]
struct Layer<'a> {
    shape: Convolution,
    weights: &'a Matrix,
    /// Those of the second product.
    lower: Option<&'a Matrix>,
    through: Through<'a>,
}

/// Buffers by their names in the kernel.
#[derive(Clone, Copy, Default)]
struct Through<'a> {
    source: Option<&'a wgpu::Buffer>,
    below: Option<&'a wgpu::Buffer>,
    factors: Option<&'a wgpu::Buffer>,
    maps: Option<&'a wgpu::Buffer>,
    plain: Option<&'a wgpu::Buffer>,
    seen: Option<&'a wgpu::Buffer>,
    activated: Option<&'a wgpu::Buffer>,
    halved: Option<&'a wgpu::Buffer>,
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
    /// At 4 pixels: what is there, and what of it words are read from.
    seen: [wgpu::Buffer; 2],
    logits: wgpu::Buffer,
    drawing: wgpu::Buffer,
    recalled: wgpu::Buffer,
    /// What the last convolution makes.
    last: wgpu::Buffer,
}

/// Numbers at one size: as they are; with zeros around, before and within a block.
struct Side {
    plain: wgpu::Buffer,
    outer: wgpu::Buffer,
    inner: wgpu::Buffer,
}

/// What a prompt says at every noise level.
pub(super) struct Tables {
    /// Whether pictures are told different things.
    each: bool,
    /// Of the blocks in their order.
    factors: [wgpu::Buffer; 6],
    /// At 16, 8 and 4 pixels.
    gates: [wgpu::Buffer; 3],
    /// Whether the subject and the style are said, and their vectors.
    told: wgpu::Buffer,
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
            seen: [numbers("seen", c, WIDE / 4), numbers("seen", network.layers.look.rows, WIDE / 4)],
            logits: numbers("logits", network.memory.reading.rows, 1),
            drawing: numbers("drawing", network.embedding(), 1),
            recalled: numbers("recalled", network.memory.drawings.rows, 1),
            last: numbers("last", network.layers.leave.rows, WIDE),
        }
    }
}

impl Tables {
    /// Of `levels`, of each noise level one for every condition, for so many tiles if pictures are told different things.
    pub fn new(gpu: &Gpu, network: &Network, levels: &[Vec<Told<'_>>], tiles: Option<usize>) -> Self {
        let [a, b, c] = network.widths();
        let table = |label, width: usize, of: &dyn Fn(&Level) -> &[f32]| {
            let row = |level: &Level, row: usize, lane: usize| of(level).get(row * TILE_PICTURES + lane).copied();
            let all = levels.iter().flatten();
            let numbers: Vec<f32> =
                all.flat_map(|told| listed(told, tiles, width, |l, i, lane| row(l, i, lane).unwrap_or(0.0))).collect();
            gpu.table(label, &numbers)
        };
        let embedding = network.embedding();
        let told: Vec<f32> = levels
            .iter()
            .flatten()
            .flat_map(|told| listed(told, tiles, 2 + 2 * embedding, |l, i, lane| of_drawing(l, embedding, i, lane)))
            .collect();
        Self {
            each: tiles.is_some(),
            factors: [(0, a), (1, b), (2, c), (3, c), (4, b), (5, a)]
                .map(|(i, width)| table("factors", room(width), &|level| &level.blocks[i])),
            gates: [(0, a), (1, b), (2, c)].map(|(i, width)| table("gates", room(width), &|level| &level.gates[i])),
            told: gpu.table("told", &told),
            maps: gpu.table("maps", &of_maps(&network.layers.enter)),
        }
    }
}

/// All layers of a network.
pub(super) fn layers<'a>(
    gpu: &Gpu,
    network: &'a Network,
    between: &'a Between,
    tables: &'a Tables,
    shared: Shared<'a>,
) -> Vec<Kernel> {
    let Shared { now, point, estimates } = shared;
    let Layers { enter, encode16, down8, encode8, down4, encode4, .. } = &network.layers;
    let Layers { look, decode4, up8, skip8, decode8, up16, skip16, decode16, leave: last, .. } = &network.layers;
    let Between { wide, middle, narrow, back: [back16, back8], halved: [halved16, halved8], .. } = between;
    let Tables { factors, gates: [gates16, gates8, gates4], told, maps, each } = tables;
    let Between { seen: [seen4, seen], logits, drawing, recalled, last: sums, .. } = between;
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
    let from = |source| Through { source: Some(source), ..Through::default() };
    let down = [
        layer(WIDE, enter, Then { enters: true, ..normalised }, Through { maps: Some(maps), ..onto(point, wide) }),
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
            Then { residual: true, seen: true, factor: true, ..normalised },
            Through { factors: Some(gates4), seen: Some(seen4), ..onto(&narrow.inner, narrow) },
        ),
        layer(four, look, Then { seen: true, ..Then::default() }, Through { seen: Some(seen), ..from(seen4) }),
        layer(1, &network.memory.reading, plain, Through { plain: Some(logits), ..from(seen) }),
    ];
    let vectors = gpu.table("vectors", &gathered(network));
    let drawn = Kernel {
        entry: "draw",
        text: draw(network.memory.words, network.embedding(), *each),
        buffers: [now, logits, &vectors, told, drawing].map(Clone::clone).to_vec(),
        workgroups: [network.embedding().div_ceil(ALONG), 1],
    };
    let back = [
        layer(1, &network.memory.drawings, plain, Through { plain: Some(recalled), ..from(drawing) }),
        first(four, decode4, narrow, &factors[3]),
        second(four, decode4, narrow, &narrow.plain, plain, None),
        join(eight, [skip8, up8], prepared, [middle, narrow].map(|side| &side.plain), (gates8, back8, &middle.outer)),
        first(eight, decode8, middle, &factors[4]),
        second(eight, decode8, middle, back8, plain, None),
        join(WIDE, [skip16, up16], prepared, [&wide.plain, back8], (gates16, back16, &wide.outer)),
        first(WIDE, decode16, wide, &factors[5]),
        second(WIDE, decode16, wide, back16, activated, None),
        layer(WIDE, last, plain, Through { plain: Some(sums), ..from(&wide.outer) }),
    ];
    let left = Kernel {
        entry: "leave",
        text: leave(network.places()),
        buffers: [now, sums, recalled, point, estimates].map(Clone::clone).to_vec(),
        workgroups: [NUMBERS * TILE / THREADS, 1],
    };
    let [down, back] =
        [down.to_vec(), back.to_vec()].map(|layers| layers.into_iter().map(|layer| layer.kernel(gpu, now, *each)));
    down.chain([drawn]).chain(back).chain([left]).collect()
}

fn layer<'a>(side: usize, weights: &'a Matrix, then: Then, through: Through<'a>) -> Layer<'a> {
    let Matrix { rows, columns, size, .. } = weights;
    let entering = if then.enters { PATCH } else { columns / (size * size) };
    Layer {
        shape: Convolution { side, size: *size, entering, leaving: *rows, below: 0, each: false, then },
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
    fn kernel(&self, gpu: &Gpu, now: &wgpu::Buffer, each: bool) -> Kernel {
        let shape = Convolution { each, ..self.shape };
        let weights = gpu.table("weights", &self.packed());
        let Through { source, below, factors, maps, plain, seen, activated, halved } = self.through;
        let named = |name: &str| match name {
            "now" => Some(now),
            "source" => source,
            "weights" => Some(&weights),
            "below" => below,
            "factors" => factors,
            "maps" => maps,
            "plain" => plain,
            "seen" => seen,
            "activated" => activated,
            "halved" => halved,
            _ => None,
        };
        let buffers = shape.bindings().into_iter().map(|name| named(name).expect("a layer has what its kernel names"));
        Kernel {
            entry: "convolve",
            text: shape.text(),
            buffers: buffers.cloned().collect(),
            workgroups: shape.workgroups(),
        }
    }

    /// Its weights as the kernel reads them.
    fn packed(&self) -> Vec<f32> {
        let entry = |matrix: &Matrix, row: usize, column: usize| matrix.values[row * matrix.columns + column];
        let [from_below, _] = parts(0.5);
        self.shape.pack(
            |row, column| entry(self.weights, row, column),
            |row, column| self.lower.map_or(0.0, |lower| from_below as f32 * entry(lower, row, column)),
        )
    }
}

/// Of each number of a drawing those of all words that are read.
fn gathered(network: &Network) -> Vec<f32> {
    let [subjects, styles] = network.read_vectors();
    let rows = || [&subjects, &styles].into_iter().flat_map(|table| table.values.chunks_exact(table.columns));
    (0..network.embedding()).flat_map(|number| rows().map(move |row| row[number])).collect()
}

/// So many numbers of what is told: of each picture of these tiles; otherwise once.
fn listed(told: &Told<'_>, tiles: Option<usize>, width: usize, of: impl Fn(&Level, usize, usize) -> f32) -> Vec<f32> {
    let Some(tiles) = tiles else { return (0..width).map(|i| of(told[0], i, 0)).collect() };
    let number = |i: usize| {
        let (lane, row, tile) = (i % TILE, i / TILE % width, i / (TILE * width));
        let picture = tile * TILE + lane;
        // Whole tiles may have more pictures than there are.
        told.get(picture / TILE_PICTURES).map_or(0.0, |level| of(level, row, picture % TILE_PICTURES))
    };
    (0..tiles * width * TILE).map(number).collect()
}

/// Whether the subject and the style are said, and their vectors.
fn of_drawing(level: &Level, embedding: usize, i: usize, lane: usize) -> f32 {
    let parts = [&level.subject, &level.style];
    match i.checked_sub(2) {
        None => f32::from(u8::from(parts[i].is_some())),
        Some(i) => parts[i / embedding].as_ref().map_or(0.0, |part| part[i % embedding * TILE_PICTURES + lane]),
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
