//! One scheme from its starts to the data, a few milliseconds of work at a time; positions stay on the device.

use super::device::{Gpu, WORKGROUPS, now};
use super::shader::Shapes;
use super::tables::ModelTable;
use crate::engine::RunConfig;
use crate::error::Result;
use crate::guidance::Models;
use crate::sampling::Solver;
use bytemuck::NoUninit;
use std::cell::Cell;
use std::rc::Rc;

const POINT: usize = size_of::<[f32; 2]>();

/// A run in progress, and its whole path.
pub struct Run {
    gpu: Rc<Gpu>,
    sigmas: Vec<f64>,
    solver: Solver,
    guided: bool,
    particles: usize,
    tile: usize,
    pipeline: wgpu::ComputePipeline,
    kernel: String,
    models: Vec<wgpu::BindGroup>,
    blocks: Vec<Block>,
    /// Steps that all particles have taken.
    done: Cell<usize>,
    /// Steps being taken, and the block and tile they have come to.
    now: Cell<Position>,
}

/// Particles whose whole path fits one binding.
pub(super) struct Block {
    pub particles: usize,
    pub path: wgpu::Buffer,
    pub chunk: wgpu::Buffer,
    binding: wgpu::BindGroup,
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
    first_tile: u32,
    first_step: u32,
    steps: u32,
    particles: u32,
}

impl Run {
    /// A run from `starts`, which are samples at the highest noise level.
    ///
    /// # Errors
    /// If a number is out of range, a model is not there, or the device refuses.
    pub async fn new(gpu: &Rc<Gpu>, config: &RunConfig, models: &Models, starts: &[[f32; 2]]) -> Result<Self> {
        let scheme = &config.scheme;
        scheme.validate()?;
        let sigmas = config.levels.sigmas()?;
        let levels = &sigmas[..sigmas.len() - 1];
        let main = ModelTable::new(&models.get(&scheme.main)?, levels)?;
        let guide = match scheme.effective_guide() {
            Some(guide) => {
                let levels: Vec<f64> = levels.iter().map(|sigma| guide.sigma_scale * sigma).collect();
                Some(ModelTable::new(&models.get(&guide.model)?, &levels)?)
            }
            None => None,
        };
        let shapes = Shapes { main: main.shape, guide: guide.as_ref().map(|guide| guide.shape) };
        let pipeline = gpu.pipeline("guided_step", shapes.guided_step()).await?;
        let steps = step_table(&sigmas, config.solver, scheme.weight);
        let rows = sigmas.len();
        let most = gpu.device.limits().max_storage_buffer_binding_size as usize / (POINT * rows);
        let tile = shapes.tile();
        let most = (most / tile).max(1) * tile;
        let made = gpu.fitting(|| {
            let steps = gpu.table("steps", &steps);
            let blocks: Vec<Block> = starts
                .chunks(most)
                .map(|starts| {
                    let path = gpu.storage("path", starts.len() * rows * POINT);
                    gpu.queue.write_buffer(&path, 0, bytemuck::cast_slice(starts));
                    let chunk = gpu.uniform("chunk", size_of::<Chunk>());
                    let binding = gpu.bind(&pipeline, 0, &[&path, &steps, &chunk]);
                    Block { particles: starts.len(), path, chunk, binding }
                })
                .collect();
            let bind = |(table, group)| gpu.bind_model(&pipeline, group, table);
            let models = std::iter::once(&main).chain(&guide).zip(1..).map(bind).collect();
            (blocks, models)
        });
        let (blocks, models) = made.await?;
        Ok(Self {
            gpu: Rc::clone(gpu),
            solver: config.solver,
            guided: guide.is_some(),
            particles: starts.len(),
            tile,
            kernel: format!("{shapes:?}"),
            pipeline,
            models,
            blocks,
            sigmas,
            done: Cell::default(),
            now: Cell::default(),
        })
    }

    /// Number of particles.
    pub fn particles(&self) -> usize {
        self.particles
    }

    /// The noise levels, the last zero.
    pub fn sigmas(&self) -> &[f64] {
        &self.sigmas
    }

    /// Steps that all particles have taken.
    pub fn steps_done(&self) -> usize {
        self.done.get()
    }

    /// Steps in all.
    pub fn steps(&self) -> usize {
        self.sigmas.len() - 1
    }

    /// Evaluations of models for each particle after `steps` steps: main and guide count one each.
    pub fn evaluations(&self, steps: usize) -> usize {
        self.solver.evaluations(&self.sigmas[..=steps]) * (1 + usize::from(self.guided))
    }

    pub(super) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Submit as much work as the device does in about 8 ms and wait for it; false if none was left.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn advance(&self) -> Result<bool> {
        let mut pace = self.gpu.pace(&self.kernel);
        let Some(units) = self.submit(pace.units()) else { return Ok(false) };
        let start = now();
        self.gpu.finished().await?;
        pace.learn(units, now() - start);
        self.gpu.keep_pace(&self.kernel, pace);
        Ok(true)
    }

    /// Submit one dispatch of about `budget` evaluations of tiles; how many it holds, or none if all is done.
    fn submit(&self, budget: usize) -> Option<usize> {
        let done = self.done.get();
        let left = self.steps() - done;
        if left == 0 || self.blocks.is_empty() {
            self.done.set(self.steps());
            return None;
        }
        // A step of Heun's evaluates twice.
        let stages = self.solver.evaluations(&self.sigmas[done..done + 2]);
        let tiles = |block: &Block| block.particles.div_ceil(self.tile);
        let mut now = self.now.get();
        if now.steps == 0 {
            let all: usize = self.blocks.iter().map(tiles).sum();
            now = Position { steps: (budget / (stages * all)).clamp(1, left), ..Position::default() };
        }
        let block = &self.blocks[now.block];
        let count = (budget / (stages * now.steps)).clamp(1, (tiles(block) - now.tile).min(WORKGROUPS));
        let chunk = Chunk {
            first_tile: now.tile as u32,
            first_step: done as u32,
            steps: now.steps as u32,
            particles: block.particles as u32,
        };
        self.gpu.queue.write_buffer(&block.chunk, 0, bytemuck::bytes_of(&chunk));
        let groups: Vec<_> = std::iter::once(&block.binding).chain(&self.models).collect();
        self.gpu.dispatch(&self.pipeline, &groups, count);
        let units = count * now.steps * stages;
        now.tile += count;
        if now.tile == tiles(block) {
            now = Position { block: now.block + 1, tile: 0, ..now };
        }
        if now.block == self.blocks.len() {
            self.done.set(done + now.steps);
            now = Position::default();
        }
        self.now.set(now);
        Some(units)
    }

    /// Where the particles are after `step` steps.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn positions(&self, step: usize) -> Result<Vec<[f32; 2]>> {
        let parts: Vec<_> = self
            .blocks
            .iter()
            .map(|block| {
                let bytes = block.particles * POINT;
                (&block.path, (step * bytes) as u64, bytes as u64)
            })
            .collect();
        self.gpu.read(&parts).await
    }
}

/// The rows of `steps` in guided_step.wgsl.
fn step_table(sigmas: &[f64], solver: Solver, weight: f64) -> Vec<[f32; 4]> {
    sigmas
        .windows(2)
        .map(|pair| {
            let size = pair[1] - pair[0];
            let corrected = if solver.corrects(pair[1]) { -pair[1] * size } else { 0.0 };
            [(-pair[0] * size) as f32, corrected as f32, weight as f32, weight as f32]
        })
        .collect()
}
