//! A network on a device, evaluated under one condition or several at once.

use super::layers::{Between, Kernel, Shared, Tables, layers};
use super::steps::MOST_NEGATIVES;
use crate::error::Result;
use crate::gpu::Gpu;
use crate::images::network::{Level, Network};
use bytemuck::NoUninit;

/// What depends on the noise level; the layout of `Now` in now.wgsl.
#[derive(Clone, Copy, Debug, NoUninit)]
#[repr(C)]
pub(super) struct Now {
    pub tiles: u32,
    pub level: u32,
    pub conditions: u32,
    /// First number of the estimates.
    pub first: u32,
    pub numbers: [[f32; 4]; MOST_CONDITIONS],
}

/// The main model's, the guide's, and those of negative prompts.
const MOST_CONDITIONS: usize = 2 + MOST_NEGATIVES;

/// What a prompt says at a noise level: to all pictures alike, or for each tile of the processor's to its own.
pub(super) type Told<'a> = Vec<&'a Level>;

/// All layers, and room for what they make of so many tiles.
pub(super) struct Evaluation {
    layers: Vec<Dispatch>,
    now: wgpu::Buffer,
    tiles: usize,
    first: usize,
    /// Of each level the conditions' numbers in [`Now`].
    numbers: Vec<Vec<[f32; 4]>>,
}

struct Dispatch {
    pipeline: wgpu::ComputePipeline,
    binding: wgpu::BindGroup,
    workgroups: [usize; 2],
}

impl Evaluation {
    /// A network of `tiles` tiles at `point`, at `levels`: of each noise level one for every condition; `each` if pictures are told
    /// different things. D is written into `estimates`
    /// from number `first` on: tiles of the first condition, then of the next.
    ///
    /// # Errors
    /// If the device refuses, or has too little memory.
    pub async fn new(
        gpu: &Gpu,
        network: &Network,
        (levels, each): (&[Vec<Told<'_>>], bool),
        tiles: usize,
        point: &wgpu::Buffer,
        (estimates, first): (&wgpu::Buffer, usize),
    ) -> Result<Self> {
        let all = tiles * levels.first().map_or(1, Vec::len);
        let made =
            gpu.fitting(|| (Between::new(gpu, network, all), Tables::new(gpu, network, levels, each.then_some(tiles))));
        let (between, tables) = made.await?;
        let now = gpu.uniform("now", size_of::<Now>());
        let shared = Shared { now: &now, point, estimates };
        let kernels = gpu.fitting(|| layers(gpu, network, &between, &tables, shared)).await?;
        let mut layers = Vec::new();
        for Kernel { entry, text, buffers, workgroups } in kernels {
            let pipeline = gpu.pipeline(entry, text).await?;
            let binding = gpu.fitting(|| gpu.bind(&pipeline, 0, &buffers.iter().collect::<Vec<_>>())).await?;
            layers.push(Dispatch { pipeline, binding, workgroups });
        }
        let numbers = |told: &Told<'_>| {
            let Level { scale, keep, own, .. } = *told[0];
            [scale, keep, own, 0.0]
        };
        let numbers = levels.iter().map(|level| level.iter().map(numbers).collect()).collect();
        Ok(Self { layers, now, tiles, first, numbers })
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
            first: self.first as u32,
            numbers: [[0.0; 4]; MOST_CONDITIONS],
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
