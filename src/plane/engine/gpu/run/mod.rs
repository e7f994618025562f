//! One scheme from its starts to the data, a few milliseconds of work at a time; positions stay on the device.

mod read;

use super::shader::{Kernel, Shapes, THREADS};
use super::steps;
use super::tables::{ModelTable, apart};
use crate::error::Result;
use crate::gpu::{Gpu, Submission, WORKGROUPS, now};
use crate::plan::Plan;
use crate::plane::Models;
use crate::plane::Starts;
use crate::plane::distribution::Mixture;
use crate::plane::engine::RunConfig;
use crate::plane::engine::cpu::{Memory, Particles, ancestors};
use crate::random::quantile::QUANTILES;
use bytemuck::NoUninit;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

const POINT: usize = size_of::<[f32; 2]>();

/// A run in progress, and its whole path.
pub struct Run {
    gpu: Rc<Gpu>,
    plan: Plan,
    seed: u64,
    particles: usize,
    tile: usize,
    /// Most steps of one dispatch.
    steps_at_once: usize,
    pipeline: wgpu::ComputePipeline,
    kernel: String,
    models: Vec<wgpu::BindGroup>,
    blocks: Vec<Block>,
    /// Steps that all particles have taken.
    done: Cell<usize>,
    /// Steps being taken, and the block and tile they have come to; beyond the last block, particles wait for resampling.
    now: Cell<Position>,
    under_way: RefCell<VecDeque<Piece>>,
    /// When the last piece that was waited for was done.
    finished: Cell<f64>,
}

/// Particles whose whole path fits one binding.
pub(super) struct Block {
    pub particles: usize,
    pub path: wgpu::Buffer,
    pub chunk: wgpu::Buffer,
    memory: Option<wgpu::Buffer>,
    binding: wgpu::BindGroup,
}

/// Least tiles of a dispatch: one alone would take as long, and never show that several fit.
const LEAST: usize = 4;
/// Turns of all loops together that an invocation may take: Mesa's llvmpipe ends every loop after so many, without a word.
const TURNS: usize = (1 << 16) - 1;
/// Turns of a stage that are not its models': of the step, and of the rounds of its noise.
const OF_A_STAGE: usize = 16;
/// Pieces of work that the device has in hand.
const AHEAD: usize = 2;

/// One dispatch on its way.
struct Piece {
    submission: Submission,
    submitted: f64,
    units: usize,
}

#[derive(Clone, Copy, Default)]
struct Position {
    steps: usize,
    block: usize,
    tile: usize,
}

/// What one dispatch does; the layout of `Chunk` in guided_step.wgsl.
#[derive(Clone, Copy, NoUninit)]
#[repr(C)]
pub(super) struct Chunk {
    pub first_tile: u32,
    pub first_row: u32,
    pub rows: u32,
    pub particles: u32,
}

/// Whose noise it is; the layout of `Noise` in noise.wgsl.
#[derive(Clone, Copy, NoUninit)]
#[repr(C)]
pub(super) struct Noise {
    pub seed: [u32; 2],
    pub first: u32,
    pub align: u32,
}

/// What `place_starts` draws; the layout of `Draw` in place_starts.wgsl.
#[derive(Clone, Copy, NoUninit)]
#[repr(C)]
pub(super) struct Draw {
    pub seed: [u32; 2],
    pub first: u32,
    pub particles: u32,
    pub fraction: i32,
    pub align: u32,
}

impl Run {
    /// A run from `starts`, which are samples at the highest noise level.
    ///
    /// # Errors
    /// If a number is out of range, a model is not there, or the device refuses.
    pub async fn new(gpu: &Rc<Gpu>, config: &RunConfig, models: &Models, starts: &[[f32; 2]]) -> Result<Self> {
        let most = gpu.device.limits().max_storage_buffer_binding_size as usize;
        Self::limited(gpu, config, models, starts, most).await
    }

    /// A run from `starts`, which are samples at the highest noise level, with no more than `binding` bytes of its path in
    /// one buffer, and the rest in others.
    ///
    /// # Errors
    /// If a number is out of range, a model is not there, or the device refuses.
    pub async fn limited(
        gpu: &Rc<Gpu>,
        config: &RunConfig,
        models: &Models,
        starts: &[[f32; 2]],
        binding: usize,
    ) -> Result<Self> {
        let run = Self::empty(gpu, config, models, starts.len(), binding).await?;
        let mut rest = starts;
        for block in &run.blocks {
            let (starts, others) = rest.split_at(block.particles);
            gpu.queue.write_buffer(&block.path, 0, bytemuck::cast_slice(starts));
            rest = others;
        }
        Ok(run)
    }

    /// A run of `particles` from samples of `data` that the device draws itself: those of [`crate::plane::starts`],
    /// bit for bit.
    ///
    /// # Errors
    /// If a number is out of range, a model is not there, or the device refuses.
    pub async fn seeded(
        gpu: &Rc<Gpu>,
        config: &RunConfig,
        models: &Models,
        data: &Mixture,
        seed: u64,
        particles: usize,
    ) -> Result<Self> {
        let most = gpu.device.limits().max_storage_buffer_binding_size as usize;
        let run = Self::empty(gpu, config, models, particles, most).await?;
        let pipeline = gpu.pipeline("place_starts", super::shader::place_starts()).await?;
        let starts = Starts::new(data, run.plan.sigmas[0]);
        let [components, cumulative, quantiles] = [
            gpu.table("components", &starts.components),
            gpu.table("cumulative", &starts.cumulative),
            gpu.table("quantiles", &QUANTILES),
        ];
        let mut first = 0;
        for block in &run.blocks {
            let draw = Draw {
                seed: halves(seed),
                first,
                particles: block.particles as u32,
                fraction: starts.fraction,
                align: 0,
            };
            let uniform = gpu.uniform("draw", size_of::<Draw>());
            gpu.queue.write_buffer(&uniform, 0, bytemuck::bytes_of(&draw));
            let binding = gpu.bind(&pipeline, 0, &[&block.path, &components, &cumulative, &quantiles, &uniform]);
            gpu.dispatch(&pipeline, &[&binding], block.particles.div_ceil(THREADS));
            first += block.particles as u32;
        }
        Ok(run)
    }

    async fn empty(
        gpu: &Rc<Gpu>,
        config: &RunConfig,
        models: &Models,
        particles: usize,
        binding: usize,
    ) -> Result<Self> {
        let scheme = &config.scheme;
        let (main, guide) = models.of(scheme)?;
        let plan = apart(Plan::new(scheme)?, guide.as_ref());
        let main = ModelTable::new(&main, &plan.stages)?;
        let most = gpu.device.limits().max_storage_buffer_binding_size as usize;
        let guide = guide.filter(|_| plan.guided).map(|guide| ModelTable::of_guide(&guide, &plan, most)).transpose()?;
        let shapes = Shapes { main: main.shape, guide: guide.as_ref().map(|guide| guide.shape) };
        let steps_at_once = steps_at_once(main.turns + guide.as_ref().map_or(0, |guide| guide.turns));
        let kernel = Kernel::new(&plan, shapes);
        let pipeline = gpu.pipeline("guided_step", kernel.text()).await?;
        let rows = plan.sigmas.len();
        let tile = shapes.tile();
        let most = (binding / (POINT * rows * tile)).max(1) * tile;
        let made = gpu.fitting(|| {
            let layout = pipeline.get_bind_group_layout(0);
            let steps = gpu.table("steps", &steps::table(&plan));
            let quantiles = kernel.stochastic.then(|| gpu.table("quantiles", &QUANTILES));
            let blocks: Vec<Block> = (0..particles)
                .step_by(most)
                .map(|first| {
                    let particles = most.min(particles - first);
                    let path = gpu.storage("path", particles * rows * POINT);
                    let chunk = gpu.uniform("chunk", size_of::<Chunk>());
                    let noise = kernel.stochastic.then(|| {
                        let uniform = gpu.uniform("noise", size_of::<Noise>());
                        let noise = Noise { seed: halves(config.seed), first: first as u32, align: 0 };
                        gpu.queue.write_buffer(&uniform, 0, bytemuck::bytes_of(&noise));
                        uniform
                    });
                    let memory = kernel.remembers.then(|| gpu.storage("memory", particles * size_of::<Memory>()));
                    let buffers =
                        [Some(&path), Some(&steps), Some(&chunk), quantiles.as_ref(), noise.as_ref(), memory.as_ref()];
                    let numbered = (0..).zip(buffers).filter_map(|(number, buffer)| Some((number, buffer?)));
                    let binding = gpu.bind_numbered(&layout, numbered);
                    Block { particles, path, chunk, memory, binding }
                })
                .collect();
            let bind = |(table, group)| gpu.bind_model(&pipeline, group, table);
            let models = std::iter::once(&main).chain(&guide).zip(1..).map(bind).collect();
            (blocks, models)
        });
        let (blocks, models) = made.await?;
        Ok(Self {
            gpu: Rc::clone(gpu),
            particles,
            tile,
            steps_at_once,
            kernel: kernel.label(),
            seed: config.seed,
            pipeline,
            models,
            blocks,
            plan,
            done: Cell::default(),
            now: Cell::default(),
            under_way: RefCell::default(),
            finished: Cell::default(),
        })
    }

    /// Number of particles.
    pub fn particles(&self) -> usize {
        self.particles
    }

    /// The noise levels, the last zero.
    pub fn sigmas(&self) -> &[f64] {
        &self.plan.sigmas
    }

    /// Steps that all particles have taken, or that the device has in hand: whatever is asked of it next comes after.
    pub fn steps_done(&self) -> usize {
        self.done.get()
    }

    /// Steps in all.
    pub fn steps(&self) -> usize {
        self.plan.steps()
    }

    /// The guidance weight of each step's first stage, as the scheme has it.
    pub fn weights(&self) -> Vec<f64> {
        self.plan.own_weights()
    }

    /// Evaluations of models for each particle after `steps` steps: main and guide count one each.
    pub fn evaluations(&self, steps: usize) -> usize {
        self.plan.evaluations(steps)
    }

    pub(super) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Submit as much work as the device does in about 8 ms, and wait for the last but one of such pieces: so the device
    /// is never idle, but for a moment after every step of particles that are resampled. False if nothing was left.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn advance(&self) -> Result<bool> {
        while self.under_way.borrow().len() < AHEAD {
            let Some(piece) = self.submit(self.gpu.pace(&self.kernel).units()) else { break };
            self.under_way.borrow_mut().push_back(piece);
        }
        let piece = self.under_way.borrow_mut().pop_front();
        if let Some(piece) = piece {
            let finished = self.gpu.finished(piece.submission).await?;
            let mut pace = self.gpu.pace(&self.kernel);
            // A piece begins when the one before it ends.
            pace.learn(piece.units, finished - piece.submitted.max(self.finished.get()));
            self.gpu.keep_pace(&self.kernel, pace);
            self.finished.set(finished);
        } else if !self.waits() {
            return Ok(false);
        }
        if self.waits() && self.under_way.borrow().is_empty() {
            self.resample().await?;
        }
        Ok(true)
    }

    /// Whether a step is taken but for resampling.
    fn waits(&self) -> bool {
        let at = self.now.get();
        at.steps > 0 && at.block == self.blocks.len()
    }

    /// Submit one dispatch of about `budget` evaluations of tiles; none if all is done, or waits.
    fn submit(&self, budget: usize) -> Option<Piece> {
        let done = self.done.get();
        let left = self.steps() - done;
        if left == 0 || self.blocks.is_empty() {
            self.done.set(self.steps());
            return None;
        }
        if self.waits() {
            return None;
        }
        let work = |steps| self.evaluations(done + steps) - self.evaluations(done);
        let tiles = |block: &Block| block.particles.div_ceil(self.tile);
        let mut at = self.now.get();
        if at.steps == 0 {
            let all: usize = self.blocks.iter().map(tiles).sum();
            let most = if self.plan.couples() { 1 } else { left.min(self.steps_at_once) };
            let steps = (1..=most).take_while(|&steps| work(steps) * all <= budget).last().unwrap_or(1);
            at = Position { steps, ..Position::default() };
        }
        let block = &self.blocks[at.block];
        let count = (budget / work(at.steps)).max(LEAST).min(tiles(block) - at.tile).min(WORKGROUPS);
        let rows = self.plan.rows_of(done..done + at.steps);
        let chunk = Chunk {
            first_tile: at.tile as u32,
            first_row: rows.start as u32,
            rows: rows.len() as u32,
            particles: block.particles as u32,
        };
        self.gpu.queue.write_buffer(&block.chunk, 0, bytemuck::bytes_of(&chunk));
        let groups: Vec<_> = std::iter::once(&block.binding).chain(&self.models).collect();
        let submitted = now();
        let submission = self.gpu.dispatch(&self.pipeline, &groups, count);
        let units = count * work(at.steps);
        at.tile += count;
        if at.tile == tiles(block) {
            at = Position { block: at.block + 1, tile: 0, ..at };
        }
        if at.block == self.blocks.len() && self.plan.resampling(done).is_none() {
            self.done.set(done + at.steps);
            at = Position::default();
        }
        self.now.set(at);
        Some(Piece { submission, submitted, units })
    }

    /// End a step by resampling: all blocks are one population, and the processor's own function says who stays.
    async fn resample(&self) -> Result<()> {
        let step = self.done.get();
        let memory = self.memory().await?;
        let threshold = self.plan.resampling(step).expect("only then does a step wait");
        if let Some(ancestors) = ancestors(&memory, threshold, self.seed, step as u32) {
            let mut particles = Particles { first: 0, positions: self.positions(step + 1).await?, memory };
            particles.descend(&ancestors);
            let (mut positions, mut memory) = (&particles.positions[..], &particles.memory[..]);
            for block in &self.blocks {
                let place = ((step + 1) * block.particles * POINT) as u64;
                let here = positions.split_off(..block.particles).expect("as many as there are");
                self.gpu.queue.write_buffer(&block.path, place, bytemuck::cast_slice(here));
                let here = memory.split_off(..block.particles).expect("as many as there are");
                block.memory.iter().for_each(|to| self.gpu.queue.write_buffer(to, 0, bytemuck::cast_slice(here)));
            }
        }
        self.done.set(step + 1);
        self.now.set(Position::default());
        Ok(())
    }
}

/// Steps of two stages that one dispatch may hold, with models that take so many turns; one at least.
fn steps_at_once(turns: usize) -> usize {
    (TURNS / (2 * (turns + OF_A_STAGE))).max(1)
}

/// The words of a seed.
fn halves(seed: u64) -> [u32; 2] {
    [seed as u32, (seed >> 32) as u32]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::Model;
    use crate::plane::distribution::{Classes, Distribution};
    use crate::plane::network::Network;
    use std::sync::Arc;

    #[test]
    fn a_step_of_any_models_is_within_the_turns_that_every_driver_takes() {
        let network =
            Network::from_safetensors(include_bytes!("../../../../../weights/main-A64-4096.safetensors")).unwrap();
        let network = ModelTable::new(&Model::Network(Arc::new(network)), &[1.0]).unwrap();
        assert!(steps_at_once(2 * network.turns) > 8);
        for distribution in [Distribution::PAPER, Distribution::Tree { seed: 7 }, Distribution::Checkerboard] {
            let data = Arc::clone(Models::over(distribution.clone()).mixture(Classes::AB));
            // As many nodes as a Student-t is ever made of.
            let guide = ModelTable::new(&Model::StudentT(Arc::clone(&data), 1000.0), &[1.0]).unwrap();
            let main = ModelTable::new(&Model::Exact(data), &[1.0]).unwrap();
            let turns = main.turns + guide.turns;
            assert!(2 * (turns + OF_A_STAGE) <= TURNS, "{distribution}: {turns}");
        }
    }
}
