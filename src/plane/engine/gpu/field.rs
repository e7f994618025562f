//! Models at points: score and log-density of a main model and a guide, and so their difference and ratio, anywhere or on
//! a grid.

use super::shader::Shapes;
use super::tables::ModelTable;
use crate::error::Result;
use crate::gpu::{Gpu, WORKGROUPS, now};
use crate::plane::Model;
use bytemuck::NoUninit;
use std::rc::Rc;

/// Most points of one buffer: their values take 128 MiB, the least that every device binds.
const MOST: usize = 1 << 22;

/// One model, or two, at one noise level.
pub struct Field {
    gpu: Rc<Gpu>,
    pipeline: wgpu::ComputePipeline,
    kernel: String,
    models: Vec<wgpu::BindGroup>,
    tile: usize,
}

/// What one dispatch does; the layout of `Range` in evaluate_models.wgsl.
#[derive(Clone, Copy, NoUninit)]
#[repr(C)]
pub(super) struct Range {
    pub first_tile: u32,
    pub points: u32,
}

/// Points on the device, and the values of a field there, (score, log-density, 0) of main and guide, as far as they are
/// worked out.
pub(super) struct Values {
    pub buffer: wgpu::Buffer,
    binding: wgpu::BindGroup,
    range: wgpu::Buffer,
    points: usize,
    tiles_done: usize,
}

impl Field {
    /// A main model and perhaps a guide at noise level `sigma`, above zero for a network.
    ///
    /// # Errors
    /// If the device refuses.
    pub async fn of(gpu: &Rc<Gpu>, main: &Model, guide: Option<&Model>, sigma: f64) -> Result<Self> {
        let main = ModelTable::new(main, &[sigma])?;
        let guide = guide.map(|guide| ModelTable::new(guide, &[sigma])).transpose()?;
        Self::new(gpu, &main, guide.as_ref()).await
    }

    pub(super) async fn new(gpu: &Rc<Gpu>, main: &ModelTable, guide: Option<&ModelTable>) -> Result<Self> {
        let shapes = Shapes { main: main.shape, guide: guide.map(|guide| guide.shape) };
        let pipeline = gpu.pipeline("evaluate_models", shapes.evaluate_models()).await?;
        let models =
            std::iter::once(main).chain(guide).zip(1..).map(|(table, group)| gpu.bind_model(&pipeline, group, table));
        Ok(Self {
            gpu: Rc::clone(gpu),
            kernel: format!("evaluate_models {shapes:?}"),
            models: models.collect(),
            tile: shapes.tile(),
            pipeline,
        })
    }

    /// The points, with nothing evaluated yet.
    pub(super) async fn at(&self, points: &[[f32; 2]]) -> Result<Values> {
        self.gpu
            .fitting(|| {
                let gpu = &self.gpu;
                let buffer = gpu.storage("values", points.len() * size_of::<[f32; 8]>());
                let range = gpu.uniform("range", size_of::<Range>());
                let binding = gpu.bind(&self.pipeline, 0, &[&gpu.table("points", points), &buffer, &range]);
                Values { buffer, binding, range, points: points.len(), tiles_done: 0 }
            })
            .await
    }

    /// Evaluate for about 8 ms; false if all was done.
    pub(super) async fn advance(&self, values: &mut Values) -> Result<bool> {
        let left = values.points.div_ceil(self.tile) - values.tiles_done;
        if left == 0 {
            return Ok(false);
        }
        let mut pace = self.gpu.pace(&self.kernel);
        let count = pace.units().min(left).min(WORKGROUPS);
        let range = Range { first_tile: values.tiles_done as u32, points: values.points as u32 };
        self.gpu.queue.write_buffer(&values.range, 0, bytemuck::bytes_of(&range));
        let groups: Vec<_> = std::iter::once(&values.binding).chain(&self.models).collect();
        let start = now();
        let submission = self.gpu.dispatch(&self.pipeline, &groups, count);
        pace.learn(count, self.gpu.finished(submission).await? - start);
        self.gpu.keep_pace(&self.kernel, pace);
        values.tiles_done += count;
        Ok(true)
    }

    /// (score x, score y, log-density) of the main model and of the guide at each point; zeros for no guide.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn evaluate(&self, points: &[[f32; 2]]) -> Result<Vec<[[f32; 3]; 2]>> {
        let mut all = Vec::with_capacity(points.len());
        for points in points.chunks(MOST) {
            let mut values = self.at(points).await?;
            while self.advance(&mut values).await? {}
            let bytes = (points.len() * size_of::<[f32; 8]>()) as u64;
            let read: Vec<[[f32; 4]; 2]> = self.gpu.read(&[(&values.buffer, 0, bytes)]).await?;
            all.extend(read.iter().map(|models| models.map(|[x, y, log_density, _]| [x, y, log_density])));
        }
        Ok(all)
    }
}
