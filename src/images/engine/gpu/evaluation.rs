//! A network on a device, evaluated under one condition or two at once.

use super::layers::{Between, Kernel, Shared, Tables, layers};
use super::shader::TILE;
use crate::error::Result;
use crate::gpu::Gpu;
use crate::images::NUMBERS;
use crate::images::network::{Level, Network};
use bytemuck::NoUninit;

/// What depends on the noise level; the layout of `Now` in now.wgsl.
#[derive(Clone, Copy, Debug, NoUninit)]
#[repr(C)]
pub(super) struct Now {
    pub tiles: u32,
    pub level: u32,
    pub conditions: u32,
    pub align: u32,
    pub numbers: [[f32; 4]; 2],
}

/// All layers, and room for what they make of so many tiles.
pub(super) struct Evaluation {
    layers: Vec<Dispatch>,
    now: wgpu::Buffer,
    /// D: tiles of the first condition, then of the second.
    pub estimate: wgpu::Buffer,
    tiles: usize,
    /// Of each level the conditions' numbers in [`Now`].
    numbers: Vec<Vec<[f32; 4]>>,
}

struct Dispatch {
    pipeline: wgpu::ComputePipeline,
    binding: wgpu::BindGroup,
    workgroups: [usize; 2],
}

impl Evaluation {
    /// A network of `tiles` tiles at `point`, at `levels`: of each noise level one for every condition.
    ///
    /// # Errors
    /// If the device refuses, or has too little memory.
    pub async fn new(
        gpu: &Gpu,
        network: &Network,
        levels: &[Vec<&Level>],
        tiles: usize,
        point: &wgpu::Buffer,
    ) -> Result<Self> {
        let all = tiles * levels.first().map_or(1, Vec::len);
        let made = gpu.fitting(|| {
            let estimate = gpu.storage("estimate", all * NUMBERS * TILE * size_of::<f32>());
            (Between::new(gpu, network, all), Tables::new(gpu, network, levels), estimate)
        });
        let (between, tables, estimate) = made.await?;
        let now = gpu.uniform("now", size_of::<Now>());
        let shared = Shared { now: &now, point, estimate: &estimate };
        let kernels = gpu.fitting(|| layers(gpu, network, &between, &tables, shared)).await?;
        let mut layers = Vec::new();
        for Kernel { entry, text, buffers, workgroups } in kernels {
            let pipeline = gpu.pipeline(entry, text).await?;
            let binding = gpu.fitting(|| gpu.bind(&pipeline, 0, &buffers.iter().collect::<Vec<_>>())).await?;
            layers.push(Dispatch { pipeline, binding, workgroups });
        }
        let numbers = |level: &&Level| {
            let Level { scale, keep, own, .. } = **level;
            [scale, keep, own, 0.0]
        };
        let numbers = levels.iter().map(|level| level.iter().map(numbers).collect()).collect();
        Ok(Self { layers, now, estimate, tiles, numbers })
    }

    /// Dispatches of an evaluation.
    pub fn dispatches(&self) -> usize {
        self.layers.len()
    }

    /// Evaluate the first so many conditions at a level, in the next work that is submitted.
    pub fn encode(&self, gpu: &Gpu, pass: &mut wgpu::ComputePass<'_>, level: usize, conditions: usize) {
        let of_level = &self.numbers[level];
        let mut now = Now {
            tiles: self.tiles as u32,
            level: level as u32,
            conditions: of_level.len() as u32,
            align: 0,
            numbers: [[0.0; 4]; 2],
        };
        now.numbers.iter_mut().zip(of_level).for_each(|(to, numbers)| *to = *numbers);
        gpu.queue.write_buffer(&self.now, 0, bytemuck::bytes_of(&now));
        for Dispatch { pipeline, binding, workgroups: [pixels, channels] } in &self.layers {
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, binding, &[]);
            pass.dispatch_workgroups(*pixels as u32, (self.tiles * conditions) as u32, *channels as u32);
        }
    }
}
