//! The definition, in f64.

use super::{
    Block, DRAWN, MAP_SCALE, Matrix, NORM_EPSILON, Network, PATCH, READ, RESIDUAL, SLOTS, STYLE, SUBJECTS, WIDE, parts,
};
use crate::images::{NUMBERS, Prompt, SIDE};

/// Numbers by channel, row and column.
#[derive(Clone)]
pub(super) struct Planes {
    pub side: usize,
    pub values: Vec<f64>,
}

impl Planes {
    fn new(side: usize, channels: usize) -> Self {
        Self { side, values: vec![0.0; channels * side * side] }
    }

    fn channels(&self) -> usize {
        self.values.len() / (self.side * self.side)
    }

    pub fn map(mut self, each: impl Fn(f64) -> f64) -> Self {
        self.values.iter_mut().for_each(|v| *v = each(*v));
        self
    }

    /// Every channel times 1 plus a factor of its own.
    fn gated(mut self, factors: &[f64]) -> Self {
        let pixels = self.side * self.side;
        for (plane, factor) in self.values.chunks_exact_mut(pixels).zip(factors) {
            plane.iter_mut().for_each(|v| *v *= 1.0 + factor);
        }
        self
    }

    pub fn plus(mut self, other: &Self, t: f64) -> Self {
        let [own, others] = parts(t);
        self.values.iter_mut().zip(&other.values).for_each(|(a, b)| *a = own * *a + others * b);
        self
    }

    /// Every pixel divided by its root mean square over channels.
    pub fn normalised(mut self) -> Self {
        let (pixels, channels) = (self.side * self.side, self.channels() as f64);
        for pixel in 0..pixels {
            let square: f64 = self.values[pixel..].iter().step_by(pixels).map(|v| v * v).sum();
            let scale = 1.0 / (square / channels + NORM_EPSILON).sqrt();
            self.values[pixel..].iter_mut().step_by(pixels).for_each(|v| *v *= scale);
        }
        self
    }

    /// A convolution, with zeros around.
    pub fn convolved(&self, matrix: &Matrix) -> Self {
        let (side, size, around) = (self.side, matrix.size, matrix.size / 2);
        let mut out = Self::new(side, matrix.rows);
        for (row, out) in out.values.chunks_exact_mut(side * side).enumerate() {
            for (weights, plane) in matrix.row(row).chunks_exact(size * size).zip(self.values.chunks_exact(side * side))
            {
                for (pixel, out) in out.iter_mut().enumerate() {
                    let (y, x) = (pixel / side, pixel % side);
                    for (tap, weight) in weights.iter().enumerate() {
                        let (y, x) = (y + tap / size, x + tap % size);
                        if (around..side + around).contains(&y) && (around..side + around).contains(&x) {
                            *out += f64::from(*weight) * plane[(y - around) * side + x - around];
                        }
                    }
                }
            }
        }
        out
    }

    /// Means of 2 x 2 pixels.
    pub fn halved(&self) -> Self {
        let half = self.side / 2;
        let mut out = Self::new(half, self.channels());
        for (i, value) in self.values.iter().enumerate() {
            let (channel, y, x) = (i / (self.side * self.side), i / self.side % self.side, i % self.side);
            out.values[(channel * half + y / 2) * half + x / 2] += 0.25 * value;
        }
        out
    }

    /// Every pixel four times.
    pub fn doubled(&self) -> Self {
        let side = 2 * self.side;
        let mut out = Self::new(side, self.channels());
        for (i, out) in out.values.iter_mut().enumerate() {
            let (channel, y, x) = (i / (side * side), i / side % side, i % side);
            *out = self.values[(channel * self.side + y / 2) * self.side + x / 2];
        }
        out
    }
}

pub(super) fn silu(x: f64) -> f64 {
    x / (1.0 + (-x).exp())
}

fn softmax(logits: &[f64]) -> Vec<f64> {
    let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logits.iter().map(|v| (v - most).exp()).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|v| v / total).collect()
}

/// Whether words name a subject, and whether a style.
pub(super) fn named(words: [usize; SLOTS.len()]) -> [bool; 2] {
    [words[..SUBJECTS].iter().any(|word| *word > 0), words[STYLE] > 0]
}

fn block(x: Planes, block: &Block<Matrix>, e: &[f64]) -> Planes {
    let y = x.clone().map(silu).convolved(&block.first).gated(&block.modulation.times(e));
    let y = y.map(silu).convolved(&block.second);
    x.plus(&y, RESIDUAL)
}

/// Where number `channel` of the 2 x 2 pixels at (y, x) stands in a picture.
pub(in crate::images) fn place(channel: usize, y: usize, x: usize) -> usize {
    let (colour, down, right) = (channel / 4, channel / 2 % 2, channel % 2);
    ((2 * y + down) * SIDE + 2 * x + right) * 3 + colour
}

/// How far a place of 16 is from the middle, as layers see it.
pub(in crate::images) fn map(at: usize) -> f64 {
    (at as f64 - 7.5) / MAP_SCALE
}

impl Network {
    /// The vectors of a prompt, one after the other: of all its words, of its subject, and of its style.
    pub(super) fn prompt(&self, words: [usize; SLOTS.len()]) -> Vec<f64> {
        let embedding = &self.embedding;
        let row = |table: &Matrix, word: usize| table.row(word).iter().copied().map(f64::from).collect::<Vec<f64>>();
        let sum = |tables: &[Matrix]| {
            let rows = tables.iter().zip(words).map(|(table, word)| row(table, word));
            rows.reduce(|a, b| a.iter().zip(&b).map(|(a, b)| a + b).collect()).expect("there are tables")
        };
        [sum(&embedding.words), sum(&embedding.subjects), row(&embedding.styles, words[STYLE])].concat()
    }

    /// What the vectors of a prompt and a noise level above 0 say to the layers.
    pub(super) fn embed(&self, prompt: &[f64], sigma: f64) -> Vec<f64> {
        let embedding = &self.embedding;
        let waves = embedding.frequencies.iter().zip(&embedding.phases);
        let features: Vec<f64> = waves.map(|(f, p)| (f64::from(*f) * sigma.ln() / 4.0 + f64::from(*p)).cos()).collect();
        let noise = embedding.noise.times(&features);
        let [words, subject, style] = self.vectors(prompt);
        let [own, others] = parts(0.5);
        let total =
            (0..noise.len()).map(|i| own * (own * noise[i] + others * words[i]) + others * subject[i] * style[i]);
        total.map(silu).collect()
    }

    /// A prompt's vectors, of which [`Network::prompt`] makes one.
    pub(super) fn vectors<'a>(&self, prompt: &'a [f64]) -> [&'a [f64]; 3] {
        let mut vectors = prompt.chunks_exact(self.embedding());
        [(); 3].map(|()| vectors.next().expect("a prompt has three vectors"))
    }

    /// Colours and opacities at each place of what a prompt names, the other words read from what is seen at 4 x 4 pixels.
    fn recall(&self, words: [usize; SLOTS.len()], h4: &Planes) -> Vec<f64> {
        let seen = h4.clone().map(silu).convolved(&self.layers.look).map(silu);
        let mut logits = &self.memory.reading.times(&seen.values)[..];
        let chances: [Vec<f64>; READ] = self.memory.words.map(|words| {
            let (own, others) = logits.split_at(words);
            logits = others;
            softmax(own)
        });
        let average = |table: &Matrix, chances: &[f64]| {
            let mut sum = vec![0.0; table.columns];
            for (row, chance) in table.values.chunks_exact(table.columns).zip(chances) {
                sum.iter_mut().zip(row).for_each(|(sum, v)| *sum += chance * f64::from(*v));
            }
            sum
        };
        let prompt = self.prompt(words);
        let [_, subject, style] = self.vectors(&prompt).map(<[f64]>::to_vec);
        let [named, styled] = named(words);
        let [subjects, styles] = self.read_vectors();
        let subject = if named { subject } else { average(&subjects, &chances[..SUBJECTS].concat()) };
        let style = if styled { style } else { average(&styles, &chances[STYLE]) };
        let drawing: Vec<f64> = subject.iter().zip(&style).map(|(subject, style)| subject * style).collect();
        self.memory.drawings.times(&drawing)
    }

    /// D, the estimate of the picture without noise, of `x` ([`NUMBERS`] numbers) at a noise level `sigma` above 0.
    ///
    /// # Panics
    /// If `x` has another length.
    pub fn evaluate(&self, prompt: Prompt, x: &[f64], sigma: f64) -> Vec<f64> {
        assert_eq!(x.len(), NUMBERS, "a picture has {SIDE} x {SIDE} pixels of three numbers");
        let layers = &self.layers;
        let length = sigma.hypot(self.sigma_data);
        let e = self.embed(&self.prompt(prompt.slots()), sigma);
        let mut h = Planes::new(WIDE, PATCH + super::MAPS);
        for (i, value) in h.values.iter_mut().enumerate() {
            let (channel, row, column) = (i / (WIDE * WIDE), i / WIDE % WIDE, i % WIDE);
            *value = match channel {
                PATCH => 1.0,
                13 => map(column),
                14 => map(row),
                _ => x[place(channel, row, column)] / length,
            };
        }
        let h16 = block(h.convolved(&layers.enter).normalised(), &layers.encode16, &e);
        let h8 = block(h16.halved().convolved(&layers.down8).normalised(), &layers.encode8, &e);
        let h4 = block(h8.halved().convolved(&layers.down4).normalised(), &layers.encode4, &e);
        let drawn = self.recall(prompt.slots(), &h4);
        let h4 = block(h4.gated(&layers.gate4.times(&e)).normalised(), &layers.decode4, &e);
        let skip = h8.convolved(&layers.skip8).gated(&layers.gate8.times(&e));
        let h = block(h4.doubled().convolved(&layers.up8).plus(&skip, 0.5), &layers.decode8, &e);
        let skip = h16.convolved(&layers.skip16).gated(&layers.gate16.times(&e));
        let h = block(h.doubled().convolved(&layers.up16).plus(&skip, 0.5), &layers.decode16, &e);
        let out = h.map(silu).convolved(&layers.leave);
        let (pixels, places) = (WIDE * WIDE, self.places());
        let plane = |place: usize, channel: usize| &drawn[(place * DRAWN + channel) * pixels..][..pixels];
        let row = |row: usize| &out.values[row * pixels..][..pixels];
        let mut denoised = vec![0.0; NUMBERS];
        let [keep, own] = self.preconditioning(sigma);
        for (channel, pixel) in (0..PATCH).flat_map(|channel| (0..pixels).map(move |pixel| (channel, pixel))) {
            let mut inside = row(channel)[pixel];
            for place in 0..places {
                let first = PATCH + place * DRAWN;
                let much = 1.0 / places as f64 + row(first + channel % 4)[pixel];
                inside += much * plane(place, channel)[pixel];
                inside += row(first + 4 + channel)[pixel] * plane(place, PATCH + channel % 4)[pixel];
            }
            let at = place(channel, pixel / WIDE, pixel % WIDE);
            denoised[at] = keep * x[at] + own * inside;
        }
        denoised
    }

    /// What D has of x, and of the network's output.
    pub(super) fn preconditioning(&self, sigma: f64) -> [f64; 2] {
        let length = sigma.hypot(self.sigma_data);
        [(self.sigma_data / length).powi(2), sigma * self.sigma_data / length]
    }
}
