//! Training, shared by workers without shared memory: one has the state, the others compute shards of its iterations. Weights go out
//! and sums come back in one and the same array, which is handed to and fro: new ones would have to be cleared and collected each
//! iteration.

use super::error::{parse, throw};
use crate::plane::network::Network;
use crate::plane::training::{ShardWorker, TrainingConfig, TrainingState, Validation as Held};
use js_sys::Float32Array;
use wasm_bindgen::prelude::*;

/// The state of a run, one iteration at a time: `begin`, `add` once for each shard, `finish`.
#[wasm_bindgen]
pub struct Training(TrainingState);

#[wasm_bindgen]
impl Training {
    /// A run from the start; what the configuration leaves out is as of the paper's main model.
    ///
    /// # Errors
    /// If the configuration is none, or a number of it is out of its range.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Partial<TrainingConfig>")] config: JsValue,
    ) -> Result<Self, JsValue> {
        TrainingState::new(read(&config)?).map(Self).map_err(throw)
    }

    /// Goes on from a checkpoint, made here or by the native command.
    ///
    /// # Errors
    /// If the bytes are not of one.
    pub fn resume(checkpoint: &[u8]) -> Result<Self, JsValue> {
        TrainingState::resume(checkpoint).map(Self).map_err(throw)
    }

    /// Iterations done.
    #[wasm_bindgen(getter)]
    pub fn iteration(&self) -> u32 {
        self.0.iteration()
    }

    /// Shards of an iteration, 1 to 16.
    #[wasm_bindgen(getter)]
    pub fn shards(&self) -> usize {
        self.0.shards()
    }

    /// Numbers in an array with room for the weights, and after them for the sums of so many shards.
    pub fn room(&self, shards: usize) -> usize {
        self.0.parameters().max(shards * self.0.sums())
    }

    /// Begins the present iteration, from its start if it had begun.
    pub fn begin(&mut self) {
        self.0.begin();
    }

    /// The weights that the shards of the present iteration are computed with, to the beginning of `room`.
    pub fn weights(&self, room: &Float32Array) {
        let weights = self.0.normalised_weights();
        place(room, 0, weights.len()).copy_from(weights);
    }

    /// Takes in the sums of the next shard, in their order, from their place among those in `room`.
    pub fn add(&mut self, room: &Float32Array, at: usize, gain: f64, loss: f64) {
        self.0.add(&place(room, at, self.0.sums()).to_vec(), [gain, loss]);
    }

    /// Ends the iteration, once all of its shards have come in; returns the loss of its batch.
    pub fn finish(&mut self) -> f64 {
        self.0.finish()
    }

    /// The averaged network as a safetensors file, which says how it was trained.
    pub fn network(&self) -> Vec<u8> {
        self.0.network().to_safetensors()
    }

    /// The state after the last iteration as a file: what the present one has begun is not in it.
    pub fn checkpoint(&self) -> Vec<u8> {
        self.0.checkpoint()
    }
}

/// Computes shards for a run of a configuration.
#[wasm_bindgen]
pub struct Shards {
    worker: ShardWorker,
    /// Of the last shard, for `scalars`.
    scalars: [f64; 2],
}

#[wasm_bindgen]
impl Shards {
    /// For runs of a configuration.
    ///
    /// # Errors
    /// If the configuration is none, or a number of it is out of its range.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Partial<TrainingConfig>")] config: JsValue,
    ) -> Result<Self, JsValue> {
        ShardWorker::new(read(&config)?).map(|worker| Self { worker, scalars: [0.0; 2] }).map_err(throw)
    }

    /// Draws what shards of an iteration are about, from the first to before the last, while its weights are under way.
    pub fn draw(&mut self, iteration: u32, first: usize, last: usize) {
        self.worker.draw(iteration, first..last);
    }

    /// Begins an iteration with the weights of its beginning, with which `room` begins.
    pub fn begin(&mut self, iteration: u32, room: &Float32Array) {
        self.worker.begin(iteration, &place(room, 0, self.worker.parameters()).to_vec());
    }

    /// The sums of a shard for the matrices, to their place among those in `room`, for `add`.
    pub fn sum(&mut self, shard: usize, room: &Float32Array, at: usize) {
        let (matrices, scalars) = self.worker.sums(shard);
        place(room, at, matrices.len()).copy_from(matrices);
        self.scalars = scalars;
    }

    /// Those of the same shard for the gain.
    #[wasm_bindgen(getter)]
    pub fn gain(&self) -> f64 {
        self.scalars[0]
    }

    /// The loss of the same shard.
    #[wasm_bindgen(getter)]
    pub fn loss(&self) -> f64 {
        self.scalars[1]
    }
}

/// What networks in training are held to: particles of the data at some noise levels, with their exact scores.
#[wasm_bindgen]
pub struct Validation(Held);

#[wasm_bindgen]
impl Validation {
    /// For the networks of a configuration.
    ///
    /// # Errors
    /// If the configuration is none, or a number of it is out of its range.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Partial<TrainingConfig>")] config: JsValue,
    ) -> Result<Self, JsValue> {
        Held::of(&read(&config)?).map(Self).map_err(throw)
    }

    /// The noise levels, the lowest first.
    #[wasm_bindgen(getter)]
    pub fn sigmas(&self) -> Vec<f64> {
        self.0.sigmas()
    }

    /// The loss at each of a network, a safetensors file; zero is that of the exact score.
    ///
    /// # Errors
    /// If the bytes are of none, or of one for another noise.
    pub fn losses(&self, network: &[u8]) -> Result<Vec<f64>, JsValue> {
        Network::from_safetensors(network).and_then(|network| self.0.losses(&network)).map_err(throw)
    }
}

/// Of the pieces of so many numbers in an array one.
fn place(room: &Float32Array, at: usize, numbers: usize) -> Float32Array {
    room.subarray((at * numbers) as u32, ((at + 1) * numbers) as u32)
}

fn read(config: &JsValue) -> Result<TrainingConfig, JsValue> {
    parse("The training", config)
}
