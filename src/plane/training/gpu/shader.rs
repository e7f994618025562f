//! The texts of the kernels, and the sizes that they are compiled for.
//!
//! Invariant: each size is written once, here, and reaches both the text and the Rust side.

use super::super::batch::LOG_SIGMA;
use super::super::optimizer::{BETAS, EPSILON};
use crate::plane::engine::gpu::{MIXTURE, PHILOX, PRODUCTS, Shape, Shapes, THREADS, TILE, named};
use crate::plane::network::{FEATURES, LAYERS, NORM_EPSILON, SIGMA_DATA, SILU_GAIN};
use crate::random::Stream;
use std::fmt::Write;

/// Invocations of the workgroup that has a row of a matrix.
const ROW_THREADS: usize = 64;
/// Particles of a tile whose scores are worked out, by four threads each.
const DRAWN: usize = 32;
/// Most particles of a part: some 128 tiles of the paper's main network.
const PART: usize = 4096;
/// Most terms of the exact scores of a part, each a group of components under a node of the noise: tens of milliseconds of a card.
const TERMS: usize = 1 << 26;
/// Most bytes that the activations of a part take, and the partial sums.
const HISTORY: usize = 64 << 20;
const PARTIALS: usize = 32 << 20;
/// Most chunks that sums over particles are cut into: enough workgroups for a large card.
const CHUNKS: usize = 32;
/// Activations, tangents and two adjoints of each layer are kept.
const KINDS: usize = 4;
const VECTOR: usize = size_of::<[f32; 4]>();

/// Sizes of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sizes {
    pub width: usize,
    /// Padded to a multiple of four.
    pub hidden: usize,
    /// Particles of a tile: a workgroup's.
    pub tile: usize,
    /// Tiles of a part of a batch: what is on the device at once.
    pub tiles: usize,
    /// Parts of a batch.
    pub parts: usize,
    /// Tiles of a chunk, and chunks of a part.
    pub chunk: usize,
    pub chunks: usize,
}

impl Sizes {
    /// Of a width, a batch, and data whose score is so many terms.
    pub fn new(width: usize, batch: usize, terms: usize) -> Self {
        let hidden = width.next_multiple_of(4);
        let tile = Shapes { main: Shape::Network { hidden, layers: LAYERS, fresh: false }, guide: None }.tile();
        let most = PART.min(HISTORY / (KINDS * LAYERS * hidden * size_of::<f32>())).min((TERMS / terms).max(1));
        let parts = batch.div_ceil(most);
        let tiles = batch.div_ceil(parts).div_ceil(tile);
        let sizes = Self { width, hidden, tile, tiles, parts, chunk: 1, chunks: 1 };
        let chunk = tiles.div_ceil(CHUNKS.min(PARTIALS / (sizes.partial() * VECTOR)).max(1));
        Self { chunk, chunks: tiles.div_ceil(chunk), ..sizes }
    }

    /// Particles of a part.
    pub fn part(self) -> usize {
        self.tiles * self.tile
    }

    /// Vectors of the gradient in the matrices as used, with loss and gain.
    fn partial(self) -> usize {
        LAYERS * self.hidden * self.hidden / 4 + self.hidden + 1
    }

    /// Rows of all matrices, and the gain.
    fn rows(self) -> usize {
        (LAYERS + 1) * self.width + 1
    }

    /// Bytes of `batch`, `history`, `partials` and the gradient.
    pub fn bytes(self) -> [usize; 4] {
        let history = KINDS * LAYERS * self.hidden * self.part() * size_of::<f32>();
        let partial = self.partial() * VECTOR;
        [4 * VECTOR * self.part(), history, self.chunks * partial, partial]
    }

    fn prelude(self, tile: usize) -> String {
        let Self { width, hidden, tiles, chunk, chunks, .. } = self;
        let scratch = (hidden * self.tile / 4).max(THREADS);
        let kind = tiles * self.tile / 4 * hidden;
        let sizes = [
            ("THREADS", THREADS),
            ("ROW_THREADS", ROW_THREADS),
            ("PARTICLES", tile),
            ("SCRATCH", scratch),
            ("WIDTH", width),
            ("HIDDEN", hidden),
            ("PANELS", hidden / 4),
            ("LAYERS", LAYERS),
            ("FEATURES", FEATURES),
            ("PART", self.part()),
            ("TILES", tiles),
            ("CHUNK", chunk),
            ("CHUNKS", chunks),
            ("PARTIAL", self.partial()),
            // Vectors of one kind and layer in the history, and where the kinds begin.
            ("KIND", kind),
            ("ACTIVATION", 0),
            ("TANGENT", LAYERS),
            ("ADJOINT", 2 * LAYERS),
            ("SECOND", 3 * LAYERS),
            ("LEVEL_STREAM", Stream::BatchLevel as usize),
            ("POSITION_STREAM", Stream::BatchPosition as usize),
        ];
        let numbers = [
            ("LN_2", std::f64::consts::LN_2),
            ("TAU", std::f64::consts::TAU),
            ("LOG_LEVEL", LOG_SIGMA.0),
            ("LOG_SPREAD", LOG_SIGMA.1),
            ("LEVEL", libm::exp(LOG_SIGMA.0)),
            ("DATA_VARIANCE", SIGMA_DATA * SIGMA_DATA),
            ("SILU_GAIN", SILU_GAIN),
            ("NORM_EPSILON", NORM_EPSILON),
            ("BETA_1", BETAS[0]),
            ("BETA_2", BETAS[1]),
            ("EPSILON", EPSILON),
        ];
        let mut text = String::new();
        for (name, size) in sizes {
            let _ = writeln!(text, "const {name} = {size}u;");
        }
        for (name, number) in numbers {
            let _ = writeln!(text, "const {name} = {number:e}f;");
        }
        text
    }

    /// The kernels, in the order in which they run, and how many workgroups each has.
    pub fn kernels(self) -> [Text; 7] {
        let prelude = self.prelude(self.tile);
        let turn = include_str!("shaders/turn.wgsl");
        let particle = include_str!("shaders/particle.wgsl");
        let rows = include_str!("shaders/rows.wgsl");
        let text = |entry, files: &[&str], groups| Text { entry, text: prelude.clone() + &files.concat(), groups };
        let products = named(PRODUCTS, "net", 0) + "const net_HIDDEN = HIDDEN;\n";
        let mixture = named(MIXTURE, "data", 0);
        let panels = self.hidden / 4;
        let blocks = LAYERS * panels * panels + panels + 1;
        let threads = |count: usize| [count.div_ceil(THREADS) as u32, 1];
        [
            text("normalise_rows", &[rows, include_str!("shaders/normalise_rows.wgsl")], [self.rows() as u32, 1]),
            text("square_last", &[include_str!("shaders/square_last.wgsl")], threads(panels * self.hidden)),
            Text {
                entry: "draw_batch",
                text: [
                    &self.prelude(DRAWN),
                    TILE,
                    turn,
                    particle,
                    PHILOX,
                    &mixture,
                    include_str!("shaders/draw_batch.wgsl"),
                ]
                .concat(),
                groups: [self.part().div_ceil(DRAWN) as u32, 1],
            },
            text(
                "differentiate",
                &[TILE, particle, &products, include_str!("shaders/differentiate.wgsl")],
                [self.tiles as u32, 1],
            ),
            text(
                "sum_products",
                &[turn, particle, include_str!("shaders/sum_products.wgsl")],
                [threads(blocks)[0], self.chunks as u32],
            ),
            text("add_chunks", &[turn, include_str!("shaders/add_chunks.wgsl")], threads(self.partial())),
            text("update_rows", &[turn, rows, include_str!("shaders/update_rows.wgsl")], [self.rows() as u32, 1]),
        ]
    }
}

/// A kernel's text.
pub(super) struct Text {
    pub entry: &'static str,
    pub text: String,
    pub groups: [u32; 2],
}

/// Every shader by its label, in widths that differ in shape: for validation.
#[cfg(not(target_arch = "wasm32"))]
pub fn all_shaders() -> Vec<(String, String)> {
    let sizes = [(64, 4096), (10, 300), (4, 1), (16, 1 << 20), (128, 4096), (512, 4096)];
    let labelled = |(width, batch)| {
        let texts = Sizes::new(width, batch, 1).kernels();
        texts.map(|text| (format!("{} of width {width}, batch {batch}", text.entry), text.text))
    };
    sizes.into_iter().flat_map(labelled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_asked_for_fits_webgpus_bindings() {
        for width in [4, 10, 16, 64, 100, 256, 511, 512] {
            for (batch, terms) in [(1, 1), (31, 8), (300, 97_536), (4096, 97_536), (4097, 127), (1 << 20, 2032)] {
                let sizes = Sizes::new(width, batch, terms);
                assert!(sizes.part() * sizes.parts >= batch, "{sizes:?}");
                assert!(sizes.chunk * sizes.chunks >= sizes.tiles, "{sizes:?}");
                // Nothing is worked out for nobody.
                assert!(sizes.part() * (sizes.parts - 1) < batch && sizes.chunk * (sizes.chunks - 1) < sizes.tiles);
                assert!(sizes.bytes().iter().all(|&bytes| bytes <= 128 << 20), "{sizes:?}");
                assert!(sizes.kernels().iter().all(|text| text.groups.iter().all(|&n| (1..=65535).contains(&n))));
                assert!(sizes.hidden / 4 * sizes.tile / 4 <= THREADS);
            }
        }
    }
}
