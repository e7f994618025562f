//! Data as the kernel that draws batches reads them.

use super::super::batch::Data;

/// Numbers of the buffers of draw_batch.wgsl.
pub(super) struct Tables {
    pub centres: Vec<[[f32; 4]; 5]>,
    pub spreads: Vec<[f32; 4]>,
    pub components: Vec<[f32; 4]>,
    pub cumulative: Vec<u32>,
}

impl Tables {
    pub fn new(data: &Data) -> Self {
        let with_determinant = |[xx, xy, yy]: [f64; 3]| [xx, xy, yy, xx * yy - xy * xy].map(|v| v as f32);
        let covariances: Vec<_> = data.lanes.covariances().map(with_determinant).collect();
        let mut spreads = vec![[covariances.len() as f32, data.nodes.len() as f32, 0.0, 0.0]];
        spreads.extend(data.nodes.iter().map(|node| [node.log_weight as f32, node.scale.powi(2) as f32, 0.0, 0.0]));
        spreads.extend(covariances);
        let components = data.mixture.components().iter().flat_map(|c| {
            let v = &c.covariance;
            [[c.mean.x as f32, c.mean.y as f32, 0.0, 0.0], with_determinant([v.m11, v.m12, v.m22])]
        });
        // A sum is at most the middle of a word's interval if it is at most that word, rounded up.
        let cumulative = data.mixture.cumulative().iter().map(|sum| (sum - 0.5).ceil() as u32);
        Self {
            centres: data.lanes.halves().collect(),
            components: components.collect(),
            cumulative: cumulative.collect(),
            spreads,
        }
    }
}
