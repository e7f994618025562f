//! Training on a graphics processor (`wgpu`: WebGPU and Vulkan): whole iterations on the device, several in a submission.
//!
//! Seven kernels an iteration, the same for every device: rows are normalised, V^T V of the last matrix V is multiplied out, a batch is
//! drawn with its exact scores, a workgroup takes each tile of particles through the network, sums over particles are taken in
//! chunks and then over these, and every row is updated by a workgroup of its own. Batches that are too large for the buffers go in
//! parts. Activations pass from layer to layer in workgroup memory; what the sums need of them goes through storage.
//!
//! Invariant: all sums are taken in an order that only the configuration decides, so that a run gives the same bits again on the same
//! device, however it is cut into calls. On another device, or on the processor, it gives nearly the same: batches are the processor's
//! but for roundings, and so is each gradient.

mod kernels;
mod shader;
mod tables;

#[cfg(not(target_arch = "wasm32"))]
pub use shader::all_shaders;

use super::batch::{Data, narrowing};
use super::optimizer::{BETAS, EMA_STD, ema_exponent, kept, rate};
use super::{TrainingConfig, TrainingState};
use crate::error::{Error, GpuFault, Result};
use crate::gpu::{Gpu, Submission, now};
use crate::plane::engine::gpu::Layout;
use crate::plane::network::Network;
use crate::random::Stream;
use bytemuck::NoUninit;
use kernels::Kernels;
use shader::Sizes;
use std::collections::VecDeque;
use std::mem::offset_of;
use std::rc::Rc;

/// Most parts of iterations in a submission.
const TURNS: usize = 64;
/// Most iterations whose losses wait on the device.
const LOSSES: usize = 4096;
/// Submissions that the device has in hand.
const AHEAD: usize = 2;
/// Seconds that a device trains until somebody is asked what to do next.
const MOMENT: f64 = 0.1;

/// What a dispatch is told; the layout of `Turn` in turn.wgsl.
#[derive(Clone, Copy, NoUninit)]
#[repr(C)]
struct Turn {
    seed: [u32; 2],
    iteration: u32,
    first: u32,
    size: u32,
    begins: u32,
    tails: u32,
    loss: u32,
    rate: f32,
    correction: f32,
    keep: f32,
    degrees: f32,
}

/// `Turn` as Rust fills it, so that a test can compare it.
pub fn layout() -> Layout {
    macro_rules! members {
        ($($member:ident)*) => { vec![$((stringify!($member), offset_of!(Turn, $member))),*] };
    }
    Layout {
        shader: "update_rows",
        name: "Turn",
        size: size_of::<Turn>(),
        members: members!(seed iteration first size begins tails loss rate correction keep degrees),
    }
}

/// A training run on a graphics processor.
pub struct Trainer {
    gpu: Rc<Gpu>,
    /// Its lists are what the device last gave, or was given, if it is `behind`.
    state: TrainingState,
    behind: bool,
    sizes: Sizes,
    kernels: Kernels,
    label: String,
    /// Iterations in about a moment.
    at_once: usize,
}

/// A submission on its way.
struct Piece {
    submission: Submission,
    submitted: f64,
    turns: usize,
}

impl Trainer {
    /// Go on with a run where it is: from its start, or from a checkpoint of either engine.
    ///
    /// # Errors
    /// If the device refuses.
    pub async fn new(gpu: &Rc<Gpu>, state: TrainingState) -> Result<Self> {
        let data = Data::new(state.config.mixture()?, state.config.degrees_of_freedom)?;
        let sizes = Sizes::new(state.config.hidden, state.config.batch, data.lanes.groups() * data.nodes.len());
        let kernels = Kernels::new(gpu, sizes, &state, &data).await?;
        // How long a part takes depends on these.
        let label = format!("training {sizes:?}, {} times {}", data.mixture.components().len(), data.nodes.len());
        Ok(Self { gpu: Rc::clone(gpu), state, behind: false, sizes, kernels, label, at_once: 1 })
    }

    /// What is trained.
    pub fn config(&self) -> &TrainingConfig {
        &self.state.config
    }

    /// Iterations done.
    pub fn iteration(&self) -> u32 {
        self.state.iteration
    }

    /// One to `most` iterations, about a moment long where several are worth it; the losses of their batches.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn advance(&mut self, most: usize) -> Result<Vec<f64>> {
        let begun = now();
        let losses = self.steps(most.min(self.at_once)).await?;
        let took = now() - begun;
        if took < MOMENT / 2.0 && losses.len() == self.at_once {
            self.at_once *= 2;
        } else if took > MOMENT {
            self.at_once = (self.at_once / 2).max(1);
        }
        Ok(losses)
    }

    /// `count` iterations; the losses of their batches.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn steps(&mut self, count: usize) -> Result<Vec<f64>> {
        let mut losses = Vec::with_capacity(count);
        while losses.len() < count {
            losses.extend(self.some_steps(LOSSES.min(count - losses.len())).await?);
        }
        Ok(losses)
    }

    async fn some_steps(&mut self, count: usize) -> Result<Vec<f64>> {
        let parts = count * self.sizes.parts;
        self.behind = true;
        let (mut done, mut finished) = (0, 0.0);
        let mut under_way: VecDeque<Piece> = VecDeque::new();
        while done < parts || !under_way.is_empty() {
            while under_way.len() < AHEAD && done < parts {
                let most = TURNS.min(self.kernels.room_for_tails());
                let turns = self.gpu.pace(&self.label).units().min(most).min(parts - done);
                under_way.push_back(self.submit(done, turns));
                done += turns;
            }
            let Some(piece) = under_way.pop_front() else { break };
            let ended = self.gpu.finished(piece.submission).await?;
            let mut pace = self.gpu.pace(&self.label);
            // One begins when the one before it ends.
            pace.learn(piece.turns, ended - piece.submitted.max(finished));
            self.gpu.keep_pace(&self.label, pace);
            finished = ended;
        }
        self.state.iteration += count as u32;
        let read: Vec<f32> = self.gpu.read(&[(&self.kernels.losses, 0, (count * size_of::<f32>()) as u64)]).await?;
        Ok(read.into_iter().map(f64::from).collect())
    }

    /// Submit `turns` parts of iterations after the first `done` of a call.
    fn submit(&self, done: usize, turns: usize) -> Piece {
        let parts = done..done + turns;
        let (turns, tails): (Vec<Turn>, Vec<Vec<f32>>) =
            parts.clone().zip(0..).map(|(part, place)| self.turn(part, place)).unzip();
        let submitted = now();
        let submission = self.kernels.submit(&self.gpu, &turns, &tails.concat(), |place| {
            let part = (done + place) % self.sizes.parts;
            [part == 0, part + 1 == self.sizes.parts]
        });
        Piece { submission, submitted, turns: turns.len() }
    }

    /// Part `part` of the iterations of a call, in place `place` of its submission; and its tails.
    fn turn(&self, part: usize, place: usize) -> (Turn, Vec<f32>) {
        let (loss, part) = (part / self.sizes.parts, part % self.sizes.parts);
        let config = &self.state.config;
        let iteration = self.state.iteration + loss as u32;
        let correction = BETAS.map(|b| 1.0 - b.powi(iteration as i32 + 1));
        let first = part * self.sizes.part();
        let turn = Turn {
            seed: [config.seed as u32, (config.seed >> 32) as u32],
            iteration,
            first: first as u32,
            size: config.batch as u32,
            begins: u32::from(part == 0),
            tails: (place * self.sizes.part()) as u32,
            loss: loss as u32,
            rate: (rate(iteration) / correction[0]) as f32,
            correction: (1.0 / correction[1]) as f32,
            keep: kept(ema_exponent(EMA_STD), iteration) as f32,
            degrees: config.degrees_of_freedom.unwrap_or(0.0) as f32,
        };
        let tails = config.degrees_of_freedom.map_or(Vec::new(), |nu| {
            (first..first + self.sizes.part())
                .map(|i| (1.0 / narrowing(nu, config.seed, Stream::BatchTail, i as u64, iteration)) as f32)
                .collect()
        });
        (turn, tails)
    }

    /// The run as it is now: for its checkpoint, to go on with on either engine.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn state(&mut self) -> Result<&TrainingState> {
        if self.behind {
            let length = self.state.weights.len();
            let read = self.kernels.state(&self.gpu, length).await?;
            let mut lists = read.chunks_exact(length).map(<[f32]>::to_vec);
            let mut next = || lists.next().ok_or_else(|| Error::gpu(GpuFault::Lost, ""));
            (self.state.weights, self.state.average) = (next()?, next()?);
            (self.state.adam.first, self.state.adam.second) = (next()?, next()?);
            self.behind = false;
        }
        Ok(&self.state)
    }

    /// The averaged network: what is saved and sampled.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn network(&mut self) -> Result<Network> {
        Ok(self.state().await?.network())
    }
}
