//! Buffers: making, filling and reading them back.

use super::device::{Gpu, Submission};
use crate::error::{Error, GpuFault, Result};
use bytemuck::{NoUninit, Pod};
use futures_channel::oneshot;
use wgpu::BufferUsages;

impl Gpu {
    /// A storage buffer of `bytes` zeros, which can be copied from and to.
    pub(crate) fn storage(&self, label: &str, bytes: usize) -> wgpu::Buffer {
        self.buffer(label, bytes, BufferUsages::STORAGE | BufferUsages::COPY_SRC | BufferUsages::COPY_DST)
    }

    /// A storage buffer that holds `contents`.
    pub(crate) fn table<T: NoUninit>(&self, label: &str, contents: &[T]) -> wgpu::Buffer {
        let buffer = self.buffer(label, size_of_val(contents), BufferUsages::STORAGE | BufferUsages::COPY_DST);
        self.queue.write_buffer(&buffer, 0, bytemuck::cast_slice(contents));
        buffer
    }

    /// A uniform buffer of `bytes`.
    pub(crate) fn uniform(&self, label: &str, bytes: usize) -> wgpu::Buffer {
        self.buffer(label, bytes, BufferUsages::UNIFORM | BufferUsages::COPY_DST)
    }

    fn buffer(&self, label: &str, bytes: usize, usage: BufferUsages) -> wgpu::Buffer {
        // A binding may not be empty.
        let size = (bytes.max(16) as u64).next_multiple_of(4);
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size,
            usage,
            mapped_at_creation: false,
        })
    }

    /// Make buffers within a scope that catches what does not fit.
    pub(crate) async fn fitting<T>(&self, make: impl FnOnce() -> T) -> Result<T> {
        let memory = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let validation = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let made = make();
        let (invalid, full) = (validation.pop(), memory.pop());
        match (invalid.await, full.await) {
            (None, None) => Ok(made),
            (error, full) => Err(Error::gpu(GpuFault::Memory, full.or(error).expect("one of them").to_string())),
        }
    }

    /// The buffers that group `group` of a pipeline binds, in order.
    pub(crate) fn bind(
        &self,
        pipeline: &wgpu::ComputePipeline,
        group: u32,
        buffers: &[&wgpu::Buffer],
    ) -> wgpu::BindGroup {
        self.bind_to(&pipeline.get_bind_group_layout(group), buffers)
    }

    /// The buffers that `layout` binds, in order.
    pub(crate) fn bind_to(&self, layout: &wgpu::BindGroupLayout, buffers: &[&wgpu::Buffer]) -> wgpu::BindGroup {
        self.bind_numbered(layout, (0..).zip(buffers.iter().copied()))
    }

    /// Buffers by the number of their binding in `layout`.
    pub(crate) fn bind_numbered<'a>(
        &self,
        layout: &wgpu::BindGroupLayout,
        buffers: impl IntoIterator<Item = (u32, &'a wgpu::Buffer)>,
    ) -> wgpu::BindGroup {
        let entries: Vec<_> = buffers
            .into_iter()
            .map(|(binding, buffer)| wgpu::BindGroupEntry { binding, resource: buffer.as_entire_binding() })
            .collect();
        self.device.create_bind_group(&wgpu::BindGroupDescriptor { label: None, layout, entries: &entries })
    }

    /// `size` bytes of a buffer from `offset`, as the one binding of `layout`.
    #[cfg(any(not(target_arch = "wasm32"), feature = "training"))]
    pub(crate) fn bind_slice(
        &self,
        layout: &wgpu::BindGroupLayout,
        buffer: &wgpu::Buffer,
        offset: u64,
        size: u64,
    ) -> wgpu::BindGroup {
        let part = wgpu::BufferBinding { buffer, offset, size: std::num::NonZero::new(size) };
        let entries = [wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::Buffer(part) }];
        self.device.create_bind_group(&wgpu::BindGroupDescriptor { label: None, layout, entries: &entries })
    }

    /// Run one dispatch of `workgroups` under these groups.
    pub(crate) fn dispatch(
        &self,
        pipeline: &wgpu::ComputePipeline,
        groups: &[&wgpu::BindGroup],
        workgroups: usize,
    ) -> Submission {
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            pass.set_pipeline(pipeline);
            for (group, index) in groups.iter().zip(0..) {
                pass.set_bind_group(index, *group, &[]);
            }
            pass.dispatch_workgroups(workgroups as u32, 1, 1);
        }
        self.submission(self.queue.submit([encoder.finish()]))
    }

    /// Copies of parts of buffers, one after the other: (buffer, first byte, bytes).
    pub(crate) async fn read<T: Pod>(&self, parts: &[(&wgpu::Buffer, u64, u64)]) -> Result<Vec<T>> {
        let total: u64 = parts.iter().map(|part| part.2).sum();
        if total == 0 {
            return Ok(Vec::new());
        }
        let usage = BufferUsages::MAP_READ | BufferUsages::COPY_DST;
        let staging = self.fitting(|| self.buffer("readback", total as usize, usage)).await?;
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut place = 0;
        for &(buffer, start, bytes) in parts {
            encoder.copy_buffer_to_buffer(buffer, start, &staging, place, bytes);
            place += bytes;
        }
        self.queue.submit([encoder.finish()]);
        let (sender, receiver) = oneshot::channel();
        staging.map_async(wgpu::MapMode::Read, .., move |result| {
            // The reader may have gone.
            let _ = sender.send(result);
        });
        self.wait()?;
        let lost = || Error::gpu(GpuFault::Lost, "");
        receiver.await.map_err(|_| lost())?.map_err(|_| lost())?;
        let view = staging.get_mapped_range(..total).map_err(|_| lost())?;
        Ok(bytemuck::pod_collect_to_vec(&view))
    }
}
