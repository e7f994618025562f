//! Training by regression of the exact score (autoguidance, Karras et al. 2024, public toy example).
//!
//! Invariant: an iteration is a function of (configuration, iteration number, state) alone. Batches come from a
//! counter-based generator, and a batch adds up shard by shard, each tile by tile, so that neither the number of threads
//! or workers nor an interruption changes a bit; another instruction set does, since it sums lanes in another order. (The
//! networks that ship were trained before there were shards, when all tiles were one sum.)
//!
//! [`TrainingState`] is what a run is, [`ShardWorker`] what computes for it, wherever that is: in a browser they are in workers
//! without shared memory. [`Trainer`] is both in one place.

mod batch;
mod checkpoint;
#[cfg(all(feature = "gpu", any(not(target_arch = "wasm32"), feature = "training")))]
pub mod gpu;
mod gradient;
mod optimizer;
mod shards;
mod state;
mod validation;

use crate::error::Result;
use crate::plane::network::Network;
pub use crate::plane::network::TrainingConfig;
use batch::{Batch, Data};
use gradient::{Matrices, Sums};
use shards::Room;
pub use shards::ShardWorker;
pub use state::TrainingState;
pub use validation::Validation;

/// A training run in one place, one iteration at a time.
pub struct Trainer {
    state: TrainingState,
    data: Data,
    rooms: Vec<Room>,
    shards: Vec<Sums>,
}

/// An untrained network: weights standard normal, gain zero.
#[cfg(test)]
pub(crate) fn initial(hidden: usize, layers: usize, seed: u64) -> Network {
    let shape = state::Shape { hidden, layers, nu: None };
    shape.network(&state::initial_weights(shape, seed))
}

impl Trainer {
    /// A run from the start.
    ///
    /// # Errors
    /// If a number of the configuration is out of its range, or the data have nothing of the class.
    pub fn new(config: TrainingConfig) -> Result<Self> {
        TrainingState::new(config).and_then(Self::of)
    }

    /// Go on from a checkpoint.
    ///
    /// # Errors
    /// [`Error::Weights`](crate::Error::Weights) if the file is not a checkpoint.
    pub fn resume(bytes: &[u8]) -> Result<Self> {
        TrainingState::resume(bytes).and_then(Self::of)
    }

    /// Go on with a run where it is.
    ///
    /// # Errors
    /// If its data have nothing of the class.
    pub fn of(state: TrainingState) -> Result<Self> {
        let data = Data::new(state.config.mixture()?, state.config.degrees_of_freedom)?;
        Ok(Self { data, rooms: Vec::new(), shards: Vec::new(), state })
    }

    /// What is trained.
    pub fn config(&self) -> &TrainingConfig {
        &self.state.config
    }

    /// Iterations done.
    pub fn iteration(&self) -> u32 {
        self.state.iteration
    }

    /// The run as it is now.
    pub fn state(&self) -> &TrainingState {
        &self.state
    }

    /// The averaged network: what is saved and sampled.
    pub fn network(&self) -> Network {
        self.state.network()
    }

    /// The state after the present iteration.
    pub fn checkpoint(&self) -> Vec<u8> {
        self.state.checkpoint()
    }

    /// One iteration on `threads` threads; returns the loss of its batch.
    ///
    /// # Errors
    /// If there are to be several threads, and WebAssembly has none.
    pub fn step(&mut self, threads: usize) -> Result<f64> {
        #[cfg(target_arch = "wasm32")]
        if threads > 1 {
            return Err(crate::Error::invalid("The number of threads", "1 in WebAssembly, which has no more", threads));
        }
        self.state.begin();
        self.sum(threads);
        Ok(self.state.finish())
    }

    /// One iteration on one thread, as a benchmark sees it: the time of target scores, of network and gradient, and of
    /// the update.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn step_timed(&mut self) -> [std::time::Duration; 3] {
        let start = std::time::Instant::now();
        self.state.begin();
        self.sum(1);
        let done = start.elapsed();
        // The same batch once more, without the network.
        let start = std::time::Instant::now();
        let batch = Batch::new(&self.data, &self.state.config, self.state.iteration);
        for shard in 0..self.shards.len() {
            self.rooms[0].draw(&batch, shard..shard + 1);
        }
        let targets = start.elapsed();
        let start = std::time::Instant::now();
        self.state.finish();
        [targets, done.saturating_sub(targets), start.elapsed()]
    }

    /// All shards of the present iteration, into the state.
    fn sum(&mut self, threads: usize) {
        let Self { state, data, rooms, shards } = self;
        let shape = state.shape;
        let matrices = Matrices::new(&shape.network(&state.normalised));
        let batch = Batch::new(data, &state.config, state.iteration);
        shards.resize_with(state.shards(), || Sums::new(shape));
        rooms.resize_with(threads.clamp(1, shards.len()), || Room::new(shape));
        let queue = std::sync::Mutex::new(shards.iter_mut().enumerate());
        let work = |room: &mut Room| {
            loop {
                let next = queue.lock().expect("no thread panics while it holds the queue").next();
                let Some((shard, out)) = next else { return };
                room.sum(&batch, &matrices, shard, out);
            }
        };
        match &mut rooms[..] {
            [only] => work(only),
            several => std::thread::scope(|scope| {
                for room in several {
                    scope.spawn(|| work(room));
                }
            }),
        }
        for sums in shards {
            state.add(&sums.matrices, [sums.gain, sums.loss]);
        }
    }
}

#[cfg(test)]
mod reference_tests;
#[cfg(test)]
mod tests;
