//! The denoiser of pictures: a small U-net of few kinds of layers, without biases (weights/images/network.py).
//!
//! With sigma_data the deviation of the data and c^2 = sigma^2 + sigma_data^2, D = sigma_data^2/c^2 x + sigma sigma_data/c F(x/c)
//! (Karras et al. 2022, arXiv 2206.00364). F works on 16 x 16 pixels of 12 numbers, those of 2 x 2 pixels of the picture, and on
//! halves and quarters of that; its layers are 3 x 3 and 1 x 1 convolutions, silu, means of 2 x 2 pixels, the nearest pixel on the
//! way back, division by a pixel's root mean square, and sums that keep magnitude (Karras et al. 2024, arXiv 2312.02696). A prompt
//! and a noise level are a vector, which gives each channel a factor.
//!
//! What a subject looks like in a style is remembered: the vector of the one times that of the other is a drawing, of which a matrix
//! makes colours and opacities at each of a few places. The last convolution says of every pixel how much of each place's colours
//! is there, and which colours its opacity brings. A subject or a style that a prompt leaves out is read from the picture: of each
//! slot the probabilities of its words, by which their vectors are averaged.
//!
//! Invariant: [`Network`] is always well formed (shapes agree, every number finite). [`Network::evaluate`] in f64 is the definition,
//! [`NetworkLanes`] the fast form.

mod evaluate;
mod lanes;
mod passes;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
mod weights;

#[cfg(feature = "gpu")]
pub(super) use evaluate::{map, place};
pub use lanes::{Level, NetworkLanes, TILE_PICTURES, Workspace};

/// Kinds of words in a prompt: concept, rider, mount, style, background.
pub(super) const SLOTS: [&str; 5] = ["concept", "rider", "mount", "style", "background"];
/// Those of them that name what is shown.
const SUBJECTS: usize = 3;
/// Place of the style's among them.
const STYLE: usize = 3;
/// Kinds of words that are read from pictures: all but the background.
pub(super) const READ: usize = 4;
/// Numbers that are remembered of 2 x 2 pixels at each place: colours and opacities.
pub(super) const DRAWN: usize = PATCH + 4;
/// Frequencies of the noise level.
const FREQUENCIES: usize = 32;
/// Numbers of 2 x 2 pixels.
pub(super) const PATCH: usize = 12;
/// Maps beside them: ones, and how far right and how far down a pixel is.
pub(super) const MAPS: usize = 3;
/// Pixels along a side of the widest layers.
pub(super) const WIDE: usize = 16;
/// What the distance to the middle, in pixels, is divided by in those maps: its root mean square.
const MAP_SCALE: f64 = 4.61;
/// Part of a block's own output in what it gives on.
pub(super) const RESIDUAL: f64 = 0.3;
/// Added to the mean square that a pixel is divided by.
pub(super) const NORM_EPSILON: f64 = 1e-4;

/// Factors of a and b in a sum that keeps the magnitude of uncorrelated numbers, `t` the part of b.
pub(super) fn parts(t: f64) -> [f64; 2] {
    let length = (1.0 - t).hypot(t);
    [(1.0 - t) / length, t / length]
}

/// A matrix, row-major; of a convolution a row is `[channels in, height, width]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Matrix {
    pub rows: usize,
    pub columns: usize,
    /// Pixels along a side of what a convolution makes a pixel of; 1 where there are no pixels.
    pub size: usize,
    pub values: Vec<f32>,
}

impl Matrix {
    fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.columns..][..self.columns]
    }

    /// The product with a vector.
    fn times(&self, vector: &[f64]) -> Vec<f64> {
        let product = |row: &[f32]| row.iter().zip(vector).map(|(w, x)| f64::from(*w) * x).sum();
        self.values.chunks_exact(self.columns).map(product).collect()
    }
}

/// Two 3 x 3 convolutions, the first's output times a factor for each channel, beside what they are added to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block<M> {
    pub first: M,
    pub modulation: Matrix,
    pub second: M,
}

/// All layers, their convolutions in one form or another.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layers<M> {
    /// From 15 channels to the widest layers'.
    pub enter: M,
    pub encode16: Block<M>,
    pub down8: M,
    pub encode8: Block<M>,
    pub down4: M,
    pub encode4: Block<M>,
    /// What of it words are read from.
    pub look: M,
    pub gate4: Matrix,
    pub decode4: Block<M>,
    pub up8: M,
    pub skip8: M,
    pub gate8: Matrix,
    pub decode8: Block<M>,
    pub up16: M,
    pub skip16: M,
    pub gate16: Matrix,
    pub decode16: Block<M>,
    /// To the 12 numbers of 2 x 2 pixels; and of each place, by four, how much of its colours, and what colours its opacities bring.
    pub leave: M,
}

/// What makes vectors of a prompt and a noise level.
#[derive(Clone, Debug, PartialEq)]
struct Embedding {
    /// For each slot rows by word, the first for none.
    words: [Matrix; SLOTS.len()],
    subjects: [Matrix; SUBJECTS],
    styles: Matrix,
    frequencies: Vec<f32>,
    phases: Vec<f32>,
    noise: Matrix,
}

/// What is remembered of drawings, and how words are read that a prompt leaves out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Memory {
    /// Logits of the words of each slot but the background's, one slot's after the other's, from what is seen of a picture.
    pub reading: Matrix,
    /// How many they are of each slot, that none is there among them.
    pub words: [usize; READ],
    /// From a drawing to places x 16 x 16 x 16: by place the three colours of 2 x 2 pixels, and their opacities.
    pub drawings: Matrix,
}

/// The weights as they are used.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Channels at 16, 8 and 4 pixels.
    widths: [usize; 3],
    sigma_data: f64,
    embedding: Embedding,
    pub(super) memory: Memory,
    pub(super) layers: Layers<Matrix>,
    metadata: Vec<(String, String)>,
}

impl Network {
    /// Channels at 16, 8 and 4 pixels a side.
    pub fn widths(&self) -> [usize; 3] {
        self.widths
    }

    /// Numbers in the vector of a prompt and a noise level.
    pub fn embedding(&self) -> usize {
        self.embedding.noise.rows
    }

    /// Places of drawings.
    pub(super) fn places(&self) -> usize {
        self.memory.drawings.rows / (DRAWN * WIDE * WIDE)
    }

    /// Vectors of words that are read, in the order in which they are: of a subject, and of a style.
    pub(super) fn read_vectors(&self) -> [Matrix; 2] {
        let Embedding { subjects, styles, .. } = &self.embedding;
        let values: Vec<f32> = subjects.iter().flat_map(|table| table.values.iter().copied()).collect();
        [Matrix { rows: values.len() / styles.columns, columns: styles.columns, size: 1, values }, styles.clone()]
    }

    /// Multiply-adds of a picture.
    pub fn multiply_adds(&self) -> usize {
        let Layers {
            enter,
            encode16,
            down8,
            encode8,
            down4,
            encode4,
            look,
            decode4,
            up8,
            skip8,
            decode8,
            up16,
            skip16,
            decode16,
            leave,
            ..
        } = &self.layers;
        let block = |block: &Block<Matrix>| block.first.values.len() + block.second.values.len();
        let weights = |of: &[&Matrix]| of.iter().map(|matrix| matrix.values.len()).sum::<usize>();
        let narrow = block(encode4) + block(decode4) + weights(&[down4, look, up8]);
        let middle = block(encode8) + block(decode8) + weights(&[down8, skip8, up16]);
        let wide = block(encode16) + block(decode16) + weights(&[enter, skip16, leave]);
        let once = weights(&[&self.memory.reading, &self.memory.drawings]);
        (narrow + 4 * middle + 16 * wide) * (WIDE / 4) * (WIDE / 4) + once
    }

    /// What its file says under a name, such as `steps`.
    pub fn says(&self, name: &str) -> Option<&str> {
        self.metadata.iter().find(|(key, _)| key == name).map(|(_, text)| text.as_str())
    }
}

impl<M> Block<M> {
    fn map<N>(&self, each: &mut impl FnMut(&M) -> N) -> Block<N> {
        Block { first: each(&self.first), modulation: self.modulation.clone(), second: each(&self.second) }
    }
}

impl<M> Layers<M> {
    /// The same with convolutions in another form.
    fn map<N>(&self, mut each: impl FnMut(&M) -> N) -> Layers<N> {
        let each = &mut each;
        Layers {
            enter: each(&self.enter),
            encode16: self.encode16.map(each),
            down8: each(&self.down8),
            encode8: self.encode8.map(each),
            down4: each(&self.down4),
            encode4: self.encode4.map(each),
            look: each(&self.look),
            gate4: self.gate4.clone(),
            decode4: self.decode4.map(each),
            up8: each(&self.up8),
            skip8: each(&self.skip8),
            gate8: self.gate8.clone(),
            decode8: self.decode8.map(each),
            up16: each(&self.up16),
            skip16: each(&self.skip16),
            gate16: self.gate16.clone(),
            decode16: self.decode16.map(each),
            leave: each(&self.leave),
        }
    }
}
