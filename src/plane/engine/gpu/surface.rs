//! Canvases in a page.

use super::picture::{Canvas, Painter, Picture};
use super::run::Run;
use crate::error::{Error, GpuFault, Result};
use crate::gpu::{Gpu, Submission};

/// A canvas that pictures are drawn on.
pub struct Surface {
    surface: wgpu::Surface<'static>,
    config: wgpu::SurfaceConfiguration,
    canvas: Canvas,
}

impl Gpu {
    /// The format that canvases of this device are best drawn in.
    pub fn canvas_format(&self) -> wgpu::TextureFormat {
        // What browsers prefer differs, but each takes this one.
        wgpu::TextureFormat::Bgra8Unorm
    }

    /// Take a canvas over.
    ///
    /// # Errors
    /// If it has a context of another kind.
    pub fn surface(&self, painter: &Painter, canvas: web_sys::OffscreenCanvas) -> Result<Surface> {
        let (width, height) = (canvas.width(), canvas.height());
        let surface = self
            .instance
            .create_surface(wgpu::SurfaceTarget::OffscreenCanvas(canvas))
            .map_err(|e| Error::gpu(GpuFault::Canvas, e))?;
        let config = wgpu::SurfaceConfiguration {
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
            format: self.canvas_format(),
            color_space: wgpu::SurfaceColorSpace::Auto,
            width: width.max(1),
            height: height.max(1),
            present_mode: wgpu::PresentMode::Fifo,
            desired_maximum_frame_latency: 2,
            alpha_mode: wgpu::CompositeAlphaMode::PreMultiplied,
            view_formats: Vec::new(),
        };
        surface.configure(&self.device, &config);
        Ok(Surface { surface, config, canvas: painter.canvas() })
    }

    /// Set a canvas's size in pixels.
    pub fn resize(&self, surface: &mut Surface, width: u32, height: u32) {
        (surface.config.width, surface.config.height) = (width.max(1), height.max(1));
        surface.surface.configure(&self.device, &surface.config);
    }

    /// Draw pictures, each on its canvas, in one submission: what to wait for.
    pub fn draw<'a>(
        &self,
        painter: &Painter,
        pictures: impl Iterator<Item = (&'a Surface, Picture, Option<&'a Run>)>,
    ) -> Submission {
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut frames = Vec::new();
        for (surface, picture, run) in pictures {
            let wgpu::CurrentSurfaceTexture::Success(frame) = surface.surface.get_current_texture() else { continue };
            let target = frame.texture.create_view(&wgpu::TextureViewDescriptor::default());
            let size = [surface.config.width, surface.config.height];
            painter.draw(&mut encoder, &target, size, &surface.canvas, &picture, run);
            frames.push(frame);
        }
        let submitted = self.queue.submit([encoder.finish()]);
        frames.into_iter().for_each(|frame| self.queue.present(frame));
        self.submission(submitted)
    }
}
