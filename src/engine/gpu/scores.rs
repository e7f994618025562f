//! What the metrics need of a run's end, worked out where the particles are.

use super::run::Run;
use super::tables::ModelTable;
use crate::distribution::Mixture;
use crate::error::Result;
use crate::guidance::Model;
use crate::metrics::Scores;
use bytemuck::NoUninit;
use std::sync::Arc;

/// What a share of one particle counts as in count_branches.wgsl.
const ONE: f64 = (1u32 << 25) as f64;
/// Points of one dispatch: a few milliseconds on a small GPU.
const POINTS: usize = 1 << 15;

/// The layout of `Range` in count_branches.wgsl.
#[derive(Clone, Copy, NoUninit)]
#[repr(C)]
pub(super) struct CountRange {
    pub first: u32,
    pub points: u32,
}

impl Run {
    /// Log-densities and branch counts of the particles after `step` steps, for [`Judge`](crate::metrics::Judge).
    ///
    /// # Errors
    /// If the device refuses or was lost.
    pub async fn scores(&self, mixture: &Arc<Mixture>, step: usize) -> Result<Scores> {
        let gpu = self.gpu();
        let branches = mixture.branches();
        let [count, sum] = super::shader::metrics(branches);
        let count = gpu.pipeline("count_branches", count).await?;
        let sum = gpu.pipeline("sum_counts", sum).await?;
        let table = ModelTable::new(&Model::Exact(Arc::clone(mixture)), &[0.0])?;
        let model = gpu.bind_model(&count, 1, &table);
        let mut scores = Scores { log_densities: Vec::new(), branch_counts: vec![0.0; branches] };
        for block in self.blocks() {
            for first in (0..block.particles).step_by(POINTS) {
                let points = POINTS.min(block.particles - first);
                let range = CountRange { first: (step * block.particles + first) as u32, points: points as u32 };
                let groups = points.div_ceil(super::shader::THREADS);
                let buffers = || {
                    let uniform = gpu.uniform("range", size_of::<CountRange>());
                    gpu.queue.write_buffer(&uniform, 0, bytemuck::bytes_of(&range));
                    let [log_densities, partial, sums] =
                        [points, groups * branches, 2 * branches].map(|n| gpu.storage("scores", n * size_of::<u32>()));
                    (uniform, log_densities, partial, sums)
                };
                let (uniform, log_densities, partial, sums) = gpu.fitting(buffers).await?;
                let binding = gpu.bind(&count, 0, &[&block.path, &log_densities, &partial, &uniform]);
                gpu.dispatch(&count, &[&binding, &model], groups);
                let binding = gpu.bind(&sum, 0, &[&partial, &sums]);
                gpu.dispatch(&sum, &[&binding], branches.div_ceil(super::shader::THREADS));
                let bytes = |n: usize| (n * size_of::<u32>()) as u64;
                scores.log_densities.extend(gpu.read::<f32>(&[(&log_densities, 0, bytes(points))]).await?);
                let counts: Vec<[u32; 2]> = gpu.read(&[(&sums, 0, bytes(2 * branches))]).await?;
                for (total, [low, high]) in scores.branch_counts.iter_mut().zip(counts) {
                    *total += (f64::from(high) * 32f64.exp2() + f64::from(low)) / ONE;
                }
            }
        }
        Ok(scores)
    }
}
