//! The kernels of a run, what they are bound to, and how they go into a submission.

use super::super::TrainingState;
use super::super::batch::Data;
use super::shader::{Sizes, Text};
use super::tables::Tables;
use super::{LOSSES, TURNS, Turn};
use crate::error::Result;
use crate::gpu::{Gpu, Submission};
use crate::plane::network::{FEATURES, LAYERS};

/// Bytes from one turn to the next: the least that every device can bind.
const STRIDE: usize = 256;
/// Most bytes of tails in a submission; those of one part always fit.
const TAILS: usize = 4 << 20;

/// Kernels with their buffers bound.
pub(super) struct Kernels {
    /// In the order in which they run: two that begin an iteration, three for each part, two that end it.
    kernels: Vec<Kernel>,
    turns: wgpu::Buffer,
    tails: wgpu::Buffer,
    /// Parts whose tails have room in a submission.
    room: usize,
    pub losses: wgpu::Buffer,
    /// Weights, average, and both moments.
    state: [wgpu::Buffer; 4],
}

struct Kernel {
    pipeline: wgpu::ComputePipeline,
    buffers: wgpu::BindGroup,
    /// For each place of a submission; of a kernel that is told nothing none.
    turns: Vec<wgpu::BindGroup>,
    groups: [u32; 2],
}

impl Kernels {
    pub async fn new(gpu: &Gpu, sizes: Sizes, run: &TrainingState, data: &Data) -> Result<Self> {
        let texts = sizes.kernels();
        let mut pipelines = Vec::new();
        for Text { entry, text, .. } in &texts {
            pipelines.push(gpu.pipeline(entry, text.clone()).await?);
        }
        let tables = Tables::new(data);
        let one = sizes.part() * size_of::<f32>();
        let (room, bytes) = match run.config.degrees_of_freedom {
            Some(_) => ((TAILS / one).max(1), TAILS.max(one)),
            None => (TURNS, 0),
        };
        let hidden = sizes.hidden;
        gpu.fitting(|| {
            let float = size_of::<f32>();
            let [batch, history, partials, gradient] = [("batch", 0), ("history", 1), ("partials", 2), ("gradient", 3)]
                .map(|(label, i)| gpu.storage(label, sizes.bytes()[i]));
            let matrices = gpu.storage("matrices", (2 * LAYERS - 1) * hidden * hidden * float);
            let input = gpu.storage("input", (hidden + 1) * FEATURES * float);
            let last = gpu.storage("last", hidden * hidden * float);
            let tile_sums = gpu.storage("tile sums", sizes.tiles * size_of::<[f32; 2]>());
            let losses = gpu.storage("losses", LOSSES * float);
            let tails = gpu.storage("tails", bytes);
            let turns = gpu.uniform("turns", TURNS * STRIDE);
            let lists = [&run.weights, &run.average, &run.adam.first, &run.adam.second];
            let state = lists.map(|list| {
                let buffer = gpu.storage("state", list.len() * float);
                gpu.queue.write_buffer(&buffer, 0, bytemuck::cast_slice(list));
                buffer
            });
            let [weights, average, first, second] = &state;
            let [centres, spreads, components, cumulative] = [
                gpu.table("centres", &tables.centres),
                gpu.table("spreads", &tables.spreads),
                gpu.table("components", &tables.components),
                gpu.table("cumulative", &tables.cumulative),
            ];
            let buffers: [&[&wgpu::Buffer]; 7] = [
                &[weights, &matrices, &input, &last],
                &[&last, &matrices],
                &[&centres, &spreads, &components, &cumulative, &tails, &batch],
                &[&matrices, &input, &batch, &history, &tile_sums],
                &[&history, &batch, &tile_sums, &partials],
                &[&partials, &gradient, &losses],
                &[&gradient, &last, weights, average, first, second],
            ];
            let bind = |((pipeline, buffers), text): ((wgpu::ComputePipeline, &[&wgpu::Buffer]), &Text)| Kernel {
                buffers: gpu.bind(&pipeline, 0, buffers),
                turns: if text.text.contains("var<uniform> turn") {
                    let layout = pipeline.get_bind_group_layout(1);
                    let place = |i| gpu.bind_slice(&layout, &turns, (i * STRIDE) as u64, size_of::<Turn>() as u64);
                    (0..TURNS).map(place).collect()
                } else {
                    Vec::new()
                },
                groups: text.groups,
                pipeline,
            };
            let kernels = pipelines.into_iter().zip(buffers).zip(&texts).map(bind).collect();
            Self { kernels, turns, tails, room, losses, state }
        })
        .await
    }

    pub fn room_for_tails(&self) -> usize {
        self.room
    }

    /// Submit parts of iterations, of each of which `ends` says whether it is the first and the last of one.
    pub fn submit(&self, gpu: &Gpu, turns: &[Turn], tails: &[f32], ends: impl Fn(usize) -> [bool; 2]) -> Submission {
        let mut bytes = vec![0; turns.len() * STRIDE];
        for (to, turn) in bytes.chunks_exact_mut(STRIDE).zip(turns) {
            to[..size_of::<Turn>()].copy_from_slice(bytemuck::bytes_of(turn));
        }
        gpu.queue.write_buffer(&self.turns, 0, &bytes);
        gpu.queue.write_buffer(&self.tails, 0, bytemuck::cast_slice(tails));
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        for place in 0..turns.len() {
            let [begins, finishes] = ends(place);
            let (beginning, rest) = self.kernels.split_at(2);
            let (part, end) = rest.split_at(3);
            let all = beginning.iter().filter(|_| begins).chain(part).chain(end.iter().filter(|_| finishes));
            for kernel in all {
                pass.set_pipeline(&kernel.pipeline);
                pass.set_bind_group(0, &kernel.buffers, &[]);
                if let Some(turn) = kernel.turns.get(place) {
                    pass.set_bind_group(1, turn, &[]);
                }
                pass.dispatch_workgroups(kernel.groups[0], kernel.groups[1], 1);
            }
        }
        drop(pass);
        gpu.submission(gpu.queue.submit([encoder.finish()]))
    }

    /// Weights, average and both moments, `length` numbers each.
    pub async fn state(&self, gpu: &Gpu, length: usize) -> Result<Vec<f32>> {
        let bytes = (length * size_of::<f32>()) as u64;
        gpu.read(&self.state.each_ref().map(|buffer| (buffer, 0, bytes))).await
    }
}
