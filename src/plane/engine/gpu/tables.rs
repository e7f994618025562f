//! Models as the kernels read them.

use super::shader::{Shape, THREADS, WIDEST};
use crate::error::{Error, GpuFault, Result};
use crate::gpu::Gpu;
use crate::plan::Plan;
use crate::plane::Model;
use crate::plane::distribution::student::{self, Node};
use crate::plane::distribution::{Mixture, MixtureLanes};
use crate::plane::network::{Folded, Network, NetworkLanes};

/// A model's numbers: one part for all noise levels, and one for each.
pub(super) struct ModelTable {
    pub shape: Shape,
    pub fixed: Vec<[f32; 4]>,
    pub levels: Vec<[f32; 4]>,
    /// Turns that the kernel's loops take for one evaluation, at most.
    pub turns: usize,
}

impl ModelTable {
    /// `model` at noise levels `sigmas`, all above zero for a network.
    pub fn new(model: &Model, sigmas: &[f64]) -> Result<Self> {
        match model {
            Model::Exact(mixture) => Ok(Self::mixture(mixture, &[Node::GAUSSIAN], sigmas)),
            Model::StudentT(mixture, nu) => Ok(Self::mixture(mixture, &student::nodes(*nu)?, sigmas)),
            Model::Network(network) => Self::network(network, sigmas),
            Model::Fresh(..) => Self::new(&model.in_step(0), sigmas),
        }
    }

    /// A run's guide at the noise levels of its plan; if it is another network in each step, of one that [`apart`] made, all
    /// networks together of `most` bytes at most.
    pub fn of_guide(model: &Model, plan: &Plan, most: usize) -> Result<Self> {
        let levels: Vec<f64> = plan.stages.iter().map(|sigma| plan.sigma_scale * sigma).collect();
        let mut table = Self::new(model, &levels)?;
        let (Model::Fresh(..), Shape::Network { hidden, layers, .. }) = (model, table.shape) else { return Ok(table) };
        let steps = plan.steps();
        let bytes = steps * size_of_val(&table.fixed[..]);
        if bytes > most {
            let reason = format!("A guide for each step takes {bytes} bytes, and {most} are the most.");
            return Err(Error::gpu(GpuFault::Memory, reason));
        }
        table.shape = Shape::Network { hidden, layers, fresh: true };
        for row in &plan.rows {
            let first = (2 * layers - 1) * row.time[0].step as usize;
            row.stages.iter().for_each(|stage| table.levels[stage * (hidden + 1) + hidden][3] = first as f32);
        }
        for step in 1..steps {
            table.fixed.extend(Self::new(&model.in_step(step), &[])?.fixed);
        }
        Ok(table)
    }

    fn mixture(mixture: &Mixture, nodes: &[Node], sigmas: &[f64]) -> Self {
        let lanes = MixtureLanes::new(mixture);
        let groups = lanes.groups();
        let mut levels = vec![[groups as f32, nodes.len() as f32, 0.0, 0.0]];
        for &sigma in sigmas {
            let smoothing = lanes.smoothed_by(nodes, sigma);
            for (precisions, log_weight) in smoothing.precisions().zip(smoothing.log_weights()) {
                levels.extend(precisions);
                levels.push([log_weight, 0.0, 0.0, 0.0]);
            }
        }
        // At the end the sums of a particle's threads are added up.
        let turns = nodes.len() * (groups + 1) + THREADS;
        Self { shape: Shape::Mixture, fixed: lanes.halves().flatten().collect(), levels, turns }
    }

    fn network(network: &Network, sigmas: &[f64]) -> Result<Self> {
        let (h, layers) = (network.hidden(), network.layers());
        let hidden = h.next_multiple_of(4);
        if hidden > WIDEST {
            return Err(Error::gpu(GpuFault::Shader, format!("{h} is wider than the widest network, {WIDEST}")));
        }
        let Folded { forward, product } = Folded::new(network);
        let mut fixed = Vec::with_capacity((2 * forward.len() + 1) * hidden * hidden / 4);
        // Panels of four rows, column after column.
        let mut pack = |entry: &dyn Fn(usize, usize) -> f64| {
            for panel in 0..hidden / 4 {
                fixed.extend((0..hidden).map(|c| {
                    [0, 1, 2, 3].map(|i| {
                        let r = 4 * panel + i;
                        if r < h && c < h { entry(r, c) as f32 } else { 0.0 }
                    })
                }));
            }
        };
        forward.iter().for_each(|w| pack(&|r, c| w[r * h + c]));
        pack(&|r, c| product[r * h + c]);
        forward.iter().rev().for_each(|w| pack(&|r, c| w[c * h + r]));

        let lanes = NetworkLanes::new(network);
        let levels = sigmas
            .iter()
            .flat_map(|&sigma| {
                let level = lanes.level(sigma);
                let scales = [level.scale, level.slope, level.spread, 0.0];
                let mut rows: Vec<[f32; 4]> = level.input.iter().map(|w| [w[0], w[1], w[2], 0.0]).collect();
                rows.resize(hidden, [0.0; 4]);
                rows.push(scales);
                rows
            })
            .collect();
        // Columns of the products, then panels; beside each product the rows of a block, which compilers unroll or not.
        let turns = 2 * layers * (hidden + 10) + hidden / 4;
        Ok(Self { shape: Shape::Network { hidden, layers, fresh: false }, fixed, levels, turns })
    }
}

/// A plan whose steps have noise levels of their own, where the guide is another network in each; others as they are.
pub(super) fn apart(mut plan: Plan, guide: Option<&Model>) -> Plan {
    if let Some(Model::Fresh(..)) = guide {
        let all = std::mem::take(&mut plan.stages);
        for row in &mut plan.rows {
            row.stages = row.stages.map(|stage| {
                plan.stages.push(all[stage]);
                plan.stages.len() - 1
            });
        }
    }
    plan
}

impl Gpu {
    /// A model's tables as group `group` of a pipeline.
    pub(super) fn bind_model(
        &self,
        pipeline: &wgpu::ComputePipeline,
        group: u32,
        table: &ModelTable,
    ) -> wgpu::BindGroup {
        self.bind(pipeline, group, &[&self.table("model", &table.fixed), &self.table("levels", &table.levels)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::Models;
    use crate::plane::distribution::Classes;
    use std::sync::Arc;

    /// Where the kernel looks for a level: behind those before it.
    #[test]
    fn levels_stand_behind_each_other() {
        let data = Arc::clone(Models::new().mixture(Classes::A));
        let table = |sigmas: &[f64]| ModelTable::new(&Model::StudentT(Arc::clone(&data), 3.0), sigmas).unwrap().levels;
        let both = table(&[0.1, 2.0]);
        let (first, second) = (table(&[0.1]), table(&[2.0]));
        let [groups, nodes, ..] = both[0].map(|n| n as usize);
        assert_eq!(first.len(), 1 + nodes * (groups + 1));
        assert_eq!(both, [&first[..], &second[1..]].concat());
    }
}
