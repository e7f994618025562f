//! A batch in shards, so that threads or workers share it: a shard's sums are those of its tiles in order, the batch's those of
//! its shards in order, whoever computes which.

use super::TrainingConfig;
use super::batch::{Batch, Data, TileBatch};
use super::gradient::{Matrices, Scratch, Sums, TileStep};
use super::state::Shape;
use crate::error::Result;
use crate::lanes::{TILE, dispatch};
use std::ops::Range;

/// Most shards of a batch: what one more worker could save, against what each adds to what is sent and summed.
pub const MOST_SHARDS: usize = 16;

/// Most tiles that are drawn at once: a megabyte.
const MOST_DRAWN: usize = 256;

/// How many shards a batch of so many particles has.
pub fn shards(batch: usize) -> usize {
    batch.div_ceil(TILE).min(MOST_SHARDS)
}

/// The tiles of a shard.
fn tiles_of(shard: usize, batch: usize) -> Range<usize> {
    let (tiles, shards) = (batch.div_ceil(TILE), shards(batch));
    shard * tiles / shards..(shard + 1) * tiles / shards
}

/// Room for one tile after another.
pub(super) struct Room {
    pub scratch: Scratch,
    drawn: Drawn,
}

/// Tiles that were drawn before their weights were there.
#[derive(Default)]
struct Drawn {
    iteration: u32,
    tiles: Range<usize>,
    batches: Vec<TileBatch>,
}

impl Room {
    pub fn new(shape: Shape) -> Self {
        let scratch = Scratch::new(shape.padded(), shape.layers);
        Self { scratch, drawn: Drawn::default() }
    }

    /// Draws the tiles of shards as far as there is room, which needs no weights.
    pub fn draw(&mut self, batch: &Batch<'_>, shards: Range<usize>) {
        let tiles = |shard| tiles_of(shard, batch.size()).start;
        self.draw_tiles(batch, tiles(shards.start)..tiles(shards.end));
    }

    fn draw_tiles(&mut self, batch: &Batch<'_>, tiles: Range<usize>) {
        let drawn = &mut self.drawn;
        drawn.tiles = tiles.start..tiles.end.min(tiles.start + MOST_DRAWN);
        drawn.iteration = batch.iteration();
        drawn.batches.resize_with(drawn.tiles.len(), TileBatch::default);
        batch.targets(tiles.start, &mut drawn.batches);
    }

    /// Leaves in `out` the sums of a shard.
    pub fn sum(&mut self, batch: &Batch<'_>, matrices: &Matrices, shard: usize, out: &mut Sums) {
        out.clear();
        let tiles = tiles_of(shard, batch.size());
        for index in tiles.clone() {
            if self.drawn.iteration != batch.iteration() || !self.drawn.tiles.contains(&index) {
                self.draw_tiles(batch, index..tiles.end);
            }
            let Self { scratch, drawn } = self;
            scratch.tile.clone_from(&drawn.batches[index - drawn.tiles.start]);
            dispatch(TileStep { matrices, scratch: &mut *scratch, out: Some(&mut *out) });
        }
    }
}

/// What a worker has that computes shards of a run whose state is elsewhere.
pub struct ShardWorker {
    config: TrainingConfig,
    shape: Shape,
    data: Data,
    room: Room,
    sums: Sums,
    /// The iteration that is under way, and its matrices.
    matrices: Option<(u32, Matrices)>,
}

impl ShardWorker {
    /// For runs of a configuration.
    ///
    /// # Errors
    /// If a number of the configuration is out of its range, or the data have nothing of the class.
    pub fn new(config: TrainingConfig) -> Result<Self> {
        let shape = Shape::of(&config);
        let data = Data::new(config.mixture()?, config.degrees_of_freedom)?;
        Ok(Self { shape, data, room: Room::new(shape), sums: Sums::new(shape), matrices: None, config })
    }

    /// Weights, the gain among them.
    pub fn parameters(&self) -> usize {
        self.shape.parameters()
    }

    /// Draws what these shards of an iteration are about, as far as there is room, while its weights are under way.
    pub fn draw(&mut self, iteration: u32, shards: Range<usize>) {
        self.room.draw(&Batch::new(&self.data, &self.config, iteration), shards);
    }

    /// Begins an iteration with its [`normalised_weights`](super::TrainingState::normalised_weights).
    pub fn begin(&mut self, iteration: u32, weights: &[f32]) {
        assert_eq!(weights.len(), self.shape.parameters(), "weights are those of the configuration");
        self.matrices = Some((iteration, Matrices::new(&self.shape.network(weights))));
    }

    /// The sums of a shard of the iteration: in the matrices as used, and of the gain's gradient and of the loss.
    pub fn sums(&mut self, shard: usize) -> (&[f32], [f64; 2]) {
        let (iteration, matrices) = self.matrices.as_ref().expect("an iteration has begun");
        let batch = Batch::new(&self.data, &self.config, *iteration);
        self.room.sum(&batch, matrices, shard, &mut self.sums);
        (&self.sums.matrices, [self.sums.gain, self.sums.loss])
    }
}
