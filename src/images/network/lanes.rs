//! The fast form: lanes are pictures, a tile of them at a time; every layer is a product of packed panels with rows of pixels, or of the
//! entries of patches of pixels, or a pass over numbers.

use super::evaluate::named;
use super::passes::{
    Activate, Activated, Added, Draw, Enter, Gate, Halve, Joined, Keep, Leave, Normalise, Seen, Softmax, Store,
};
use super::{Block, Layers, Matrix, Network, SUBJECTS, WIDE};
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
    /// Logits of all words that are read.
    reading: Convolution,
    /// From probabilities of words to vectors.
    subjects: Convolution,
    styles: Convolution,
    drawings: Convolution,
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
    /// Vectors of the subject and of the style; none for one that is read from the picture.
    pub(in crate::images) subject: Option<Buffer>,
    pub(in crate::images) style: Option<Buffer>,
}

/// Numbers between layers.
pub struct Workspace {
    wide: Side,
    middle: Side,
    narrow: Side,
    halves: Buffer,
    /// Entries of patches, and of their products.
    entries: [Buffer; 2],
    chances: Buffer,
    subject: Buffer,
    style: Buffer,
    drawn: Buffer,
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
        let convolution = |matrix: &Matrix| Convolution::of(matrix.rows, matrix.columns, matrix.size, &matrix.values);
        let [subjects, styles] = network.read_vectors().map(|table| {
            let Matrix { rows: words, columns: numbers, values, .. } = table;
            let turned: Vec<f32> = (0..numbers * words).map(|i| values[i % words * numbers + i / words]).collect();
            Convolution::of(numbers, words, 1, &turned)
        });
        Self {
            layers: network.layers.map(convolution),
            reading: convolution(&network.memory.reading),
            subjects,
            styles,
            drawings: convolution(&network.memory.drawings),
            network: network.clone(),
        }
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Room for the numbers between layers.
    pub fn workspace(&self) -> Workspace {
        let [a, b, c] = self.network.widths;
        let entering = self.layers.enter.channels;
        let leaving = self.layers.leave.rows;
        let entries = [(WIDE, a.max(entering).max(leaving)), (WIDE / 2, b), (WIDE / 4, c)]
            .map(|(side, channels)| ENTRIES * channels * patches(side, 0).width());
        let entries = entries.into_iter().max().unwrap_or_default();
        Workspace {
            entries: [Buffer::zeros(entries), Buffer::zeros(entries)],
            wide: Side::new(WIDE, a, entering),
            middle: Side::new(WIDE / 2, b, 0),
            narrow: Side::new(WIDE / 4, c, 0),
            halves: Buffer::zeros(TILE * (WIDE * WIDE / 4 * a.max(b).max(c)).max(self.reading.channels)),
            chances: Buffer::zeros(TILE * self.network.memory.reading.rows.next_multiple_of(4)),
            subject: Buffer::zeros(TILE * self.network.embedding()),
            style: Buffer::zeros(TILE * self.network.embedding()),
            drawn: Buffer::zeros(TILE * self.network.memory.drawings.rows),
        }
    }

    /// What a prompt and a noise level above 0 say; `told` is the one that the layers are told, which is another for a guide with a
    /// shifted input.
    pub fn level(&self, prompt: Prompt, sigma: f64, told: f64) -> Level {
        self.level_of(prompt, &[self.network.prompt(prompt.slots())], sigma, told)
    }

    /// The same with vectors of the prompt for each picture of a tile, of which `change` makes them.
    pub fn level_of_each(
        &self,
        prompt: Prompt,
        sigma: f64,
        told: f64,
        change: impl Fn(usize, &[f64]) -> Vec<f64>,
    ) -> Level {
        let vectors = self.network.prompt(prompt.slots());
        let each: Vec<_> = (0..TILE).map(|lane| change(lane, &vectors)).collect();
        self.level_of(prompt, &each, sigma, told)
    }

    /// Of vectors for each picture, or of those for all.
    fn level_of(&self, prompt: Prompt, each: &[Vec<f64>], sigma: f64, told: f64) -> Level {
        let layers = &self.network.layers;
        let single = |v: &f64| *v as f32;
        let told: Vec<Vec<f32>> =
            each.iter().map(|prompt| self.network.embed(prompt, told).iter().map(single).collect()).collect();
        // Of each picture one of as many numbers as there are of `of`.
        let spread = |rows: usize, number: &dyn Fn(usize, usize) -> f32| {
            let mut all = Buffer::zeros(rows * TILE);
            for (row, all) in all.chunks_exact_mut(TILE).enumerate() {
                let numbers: Vec<f32> = (0..each.len()).map(|of| number(row, of)).collect();
                all.iter_mut().zip(numbers.iter().cycle()).for_each(|(to, number)| *to = *number);
            }
            all
        };
        let factors = |matrix: &Matrix| spread(matrix.rows, &|row, of| dot(matrix.row(row), &told[of]));
        let blocks =
            [&layers.encode16, &layers.encode8, &layers.encode4, &layers.decode4, &layers.decode8, &layers.decode16];
        let [named, styled] = named(prompt.slots());
        let vectors: Vec<_> = each.iter().map(|prompt| self.network.vectors(prompt)).collect();
        let vector = |which: usize| spread(self.network.embedding(), &|row, of| vectors[of][which][row] as f32);
        let [keep, own] = self.network.preconditioning(sigma);
        Level {
            keep: keep as f32,
            own: own as f32,
            scale: (1.0 / sigma.hypot(self.network.sigma_data)) as f32,
            blocks: blocks.map(|block| factors(&block.modulation)),
            gates: [&layers.gate16, &layers.gate8, &layers.gate4].map(factors),
            subject: named.then(|| vector(1)),
            style: styled.then(|| vector(2)),
        }
    }

    /// D of a tile `x` of [`NUMBERS`] x [`TILE_PICTURES`] numbers, the pictures fastest, into `out`.
    ///
    /// # Panics
    /// If either has another length.
    pub fn evaluate(&self, level: &Level, workspace: &mut Workspace, x: &[f32], out: &mut [f32]) {
        assert!(x.len() == NUMBERS * TILE && out.len() == NUMBERS * TILE, "these are no tiles");
        let Self { layers, .. } = self;
        let Workspace { wide, middle, narrow, halves, entries, chances, subject, style, drawn } = workspace;
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
        if level.subject.is_none() || level.style.is_none() {
            self.read(narrow, halves, chances);
        }
        let subjects = TILE * self.network.memory.words[..SUBJECTS].iter().sum::<usize>();
        let of = |known: &Option<Buffer>, vectors: &Convolution, chances: &[f32], to: &mut Buffer| match known {
            Some(known) => to.copy_from_slice(known),
            None => store(vectors, chances, 1, to),
        };
        of(&level.subject, &self.subjects, &chances[..subjects], subject);
        of(&level.style, &self.styles, &chances[subjects..], style);
        dispatch(Draw { subject, style });
        store(&self.drawings, subject, 1, drawn);
        dispatch(Gate { numbers: &mut narrow.plain, factors: gate4 });
        block(&layers.decode4, decode4, narrow, entries, true);
        store(&layers.up8, &narrow.plain, WIDE / 4, halves);
        join(&layers.skip8, gate8, middle, halves);
        block(&layers.decode8, decode8, middle, entries, false);
        store(&layers.up16, &middle.plain, WIDE / 2, halves);
        join(&layers.skip16, gate16, wide, halves);
        block(&layers.decode16, decode16, wide, entries, false);
        let Side { plain, padded: [padded, _], .. } = wide;
        dispatch(Activate { from: plain, side: WIDE, around: 1, to: padded });
        dispatch(Keep { factor: level.keep, x, out });
        let then = Leave { own: level.own, places: self.network.places(), drawn, out };
        convolve(&layers.leave, padded, WIDE, entries, then);
    }

    /// Probabilities of all words of slots that are read.
    fn read(&self, narrow: &mut Side, seen: &mut [f32], chances: &mut [f32]) {
        let Side { side, plain, padded: [room, _], .. } = narrow;
        let (numbers, look) = (plain.len(), &self.layers.look);
        dispatch(Activate { from: plain, side: *side, around: 0, to: &mut room[..numbers] });
        let then = Seen { to: seen, plane: *side * *side * TILE };
        mix(look, &room[..numbers], *side, then);
        // Zeros around pixels are never written but here.
        room[..numbers].fill(0.0);
        store(&self.reading, seen, 1, chances);
        let mut first = 0;
        for count in self.network.memory.words.map(|count| count * TILE) {
            dispatch(Softmax { numbers: &mut chances[first..first + count] });
            first += count;
        }
    }
}

impl Convolution {
    /// Of rows of `columns` values; rows of zeros are added up to a multiple of four.
    fn of(rows: usize, columns: usize, size: usize, values: &[f32]) -> Self {
        let channels = columns / (size * size);
        let pack = |entry: &dyn Fn(usize) -> f32| {
            let entry = |row: usize, channel: usize| if row < rows { entry(row * channels + channel) } else { 0.0 };
            Panels::pack(rows.next_multiple_of(4), channels, entry)
        };
        let matrices = if size == 1 {
            vec![pack(&|i| values[i])]
        } else {
            let all: Vec<_> = values.as_chunks().0.iter().map(|&weights| winograd::weights(weights)).collect();
            (0..ENTRIES).map(|entry| pack(&|i| all[i][entry])).collect()
        };
        Self { matrices, rows, channels }
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
    dispatch(Activate { from: plain, side, around: 1, to: first });
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
