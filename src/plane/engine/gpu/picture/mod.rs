//! Pictures of runs, drawn from where the particles are: on the device.

mod outlines;

pub use outlines::OutlineWork;
use outlines::Outlined;

use super::run::{Block, Run};
use crate::error::{Error, GpuFault, Result};
use crate::gpu::Gpu;
use crate::plane::distribution::Id;
use crate::plane::engine::View;
use bytemuck::NoUninit;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

/// Colours, not premultiplied: red, green, blue and opacity from 0 to 1.
pub type Colour = [f32; 4];

/// What a picture shows.
#[derive(Clone, Copy, Debug)]
pub struct Picture {
    /// Whose outlines are drawn, as far as they are worked out.
    pub distribution: Id,
    /// The part of the plane, fitted into the canvas.
    pub view: View,
    /// Steps passed; a fraction is drawn on the straight line between two steps.
    pub position: f64,
    /// Of the particles, those that are drawn, 0 to 1: the first, which are as random as any.
    pub share: f32,
    /// Particles, the first ones, whose way here is drawn.
    pub paths: usize,
    /// Radius of a particle, in pixels.
    pub radius: f32,
    /// Density shading: where `n` particles cover a pixel, this times log(1 + n) is its ink, of which 1 is the colour of one
    /// particle, solid, and 2 that of the densest places. Without it, particles are drawn one over the other.
    pub tone: Option<f32>,
    /// Width of a line, in pixels.
    pub line: f32,
    /// Colours.
    pub colours: Colours,
}

/// Colours of the parts of a picture.
#[derive(Clone, Copy, Debug)]
pub struct Colours {
    /// Inside of the outline of class A.
    pub region_a: Colour,
    /// Outline of class A.
    pub outline_a: Colour,
    /// Inside of the outline of class B.
    pub region_b: Colour,
    /// Outline of class B.
    pub outline_b: Colour,
    /// One particle.
    pub particle: Colour,
    /// The densest places.
    pub dense: Colour,
    /// A path.
    pub path: Colour,
    /// The particle at its end.
    pub path_head: Colour,
}

/// The layout of `Picture` in picture.wgsl.
#[derive(Clone, Copy, NoUninit)]
#[repr(C)]
pub(super) struct PictureUniform {
    pub scale: [f32; 2],
    pub offset: [f32; 2],
    pub pixel: [f32; 2],
    pub before: u32,
    pub after: u32,
    pub fraction: f32,
    pub paths: u32,
    pub line: f32,
    pub level_a: f32,
    pub level_b: f32,
    pub unit: f32,
    pub tone: f32,
    pub align: f32,
    pub region_a: Colour,
    pub outline_a: Colour,
    pub region_b: Colour,
    pub outline_b: Colour,
    pub path: Colour,
    pub particle: Colour,
    pub dense: Colour,
}

/// The layout of `Mark` in draw_points.wgsl.
#[derive(Clone, Copy, NoUninit)]
#[repr(C)]
pub(super) struct MarkUniform {
    pub colour: Colour,
    pub radius: f32,
    pub align: [f32; 3],
}

/// The layout of `Grid` in draw_regions.wgsl.
#[derive(Clone, Copy, NoUninit)]
#[repr(C)]
pub(super) struct GridUniform {
    pub corner: [f32; 2],
    pub spacing: f32,
    pub side: u32,
}

/// The pipelines that draw, for one format of canvas.
pub struct Painter {
    gpu: Rc<Gpu>,
    format: wgpu::TextureFormat,
    points: wgpu::RenderPipeline,
    paths: wgpu::RenderPipeline,
    regions: wgpu::RenderPipeline,
    counts: wgpu::RenderPipeline,
    tones: wgpu::RenderPipeline,
    /// Those that somebody still works on or keeps the work of.
    outlined: RefCell<Vec<(Id, Weak<RefCell<Outlined>>)>>,
}

/// What one picture needs on the device.
pub struct Canvas {
    picture: wgpu::Buffer,
    point: wgpu::Buffer,
    head: wgpu::Buffer,
    /// Particles that cover each pixel, where they have been counted.
    counts: RefCell<Option<wgpu::Texture>>,
}

impl Painter {
    /// Compile for canvases of `format`.
    ///
    /// # Errors
    /// If the device refuses.
    pub async fn new(gpu: &Rc<Gpu>, format: wgpu::TextureFormat) -> Result<Self> {
        let scope = gpu.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let [points, paths, regions, tones] = super::shader::pictures().map(|(name, text)| gpu.module(name, &text));
        let over = wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING;
        let pipeline = |module, stages, format, blend| render_pipeline(gpu, module, stages, format, blend);
        let counts = pipeline(&points, ["place_points", "count_points"], COUNTS, SUM);
        let points = pipeline(&points, ["place_points", "draw_points"], format, over);
        let paths = pipeline(&paths, ["place_paths", "draw_paths"], format, over);
        let regions = pipeline(&regions, ["place_regions", "draw_regions"], format, over);
        let tones = pipeline(&tones, ["place_counts", "draw_counts"], format, over);
        if let Some(error) = scope.pop().await {
            return Err(Error::gpu(GpuFault::Shader, error));
        }
        Ok(Self { gpu: Rc::clone(gpu), format, points, paths, regions, counts, tones, outlined: RefCell::default() })
    }

    /// A picture of this size in pixels by itself, rows downwards, four bytes a pixel in the painter's format.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn still(&self, size: [u32; 2], picture: &Picture, run: Option<&Run>) -> Result<Vec<[u8; 4]>> {
        let [width, height] = size;
        let extent = wgpu::Extent3d { width, height, depth_or_array_layers: 1 };
        let texture = self.gpu.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("still"),
            size: extent,
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: self.format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let mut encoder = self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        self.draw(&mut encoder, &view, size, &self.canvas(), picture, run);
        // Rows of a copy begin at multiples of 256 bytes.
        let row = (4 * width).next_multiple_of(256);
        let buffer = self.gpu.storage("still", (row * height) as usize);
        let layout = wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(row), rows_per_image: None };
        encoder.copy_texture_to_buffer(
            texture.as_image_copy(),
            wgpu::TexelCopyBufferInfo { buffer: &buffer, layout },
            extent,
        );
        self.gpu.queue.submit([encoder.finish()]);
        let bytes: Vec<[u8; 4]> = self.gpu.read(&[(&buffer, 0, u64::from(row * height))]).await?;
        Ok(bytes.chunks((row / 4) as usize).flat_map(|row| &row[..width as usize]).copied().collect())
    }

    /// Room for the numbers of one picture.
    pub fn canvas(&self) -> Canvas {
        Canvas {
            picture: self.gpu.uniform("picture", size_of::<PictureUniform>()),
            point: self.gpu.uniform("point", size_of::<MarkUniform>()),
            head: self.gpu.uniform("head", size_of::<MarkUniform>()),
            counts: RefCell::default(),
        }
    }

    /// Add the drawing of a picture on `target`, of this size in pixels, to `encoder`.
    pub fn draw(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        target: &wgpu::TextureView,
        size: [u32; 2],
        canvas: &Canvas,
        picture: &Picture,
        run: Option<&Run>,
    ) {
        let last = run.map_or(0, Run::steps_done);
        let position = picture.position.clamp(0.0, last as f64);
        let (before, after) = (position.floor() as usize, position.ceil() as usize);
        let paths = run.map_or(0, |run| picture.paths.min(run.particles()));
        let found = self.found(picture.distribution);
        let found = found.as_ref().map(|found| found.borrow());
        let close = found.as_ref().and_then(|found| found.close.as_ref());
        let whole = found.as_ref().and_then(|found| found.whole.as_ref());
        let outlines = close.filter(|close| close.part.contains(&picture.view)).or(whole);
        let [level_a, level_b] = outlines.map_or([0.0; 2], |o| o.levels);
        let (width, height) = (f64::from(size[0]), f64::from(size[1]));
        // Pixels to a data unit, one number for both axes.
        let fit = (width / (2.0 * picture.view.half_width)).min(height / (2.0 * picture.view.half_height));
        let scale = [2.0 * fit / width, 2.0 * fit / height];
        let colours = picture.colours;
        let uniform = PictureUniform {
            scale: scale.map(|s| s as f32),
            offset: [(-scale[0] * picture.view.x) as f32, (-scale[1] * picture.view.y) as f32],
            pixel: [(2.0 / width) as f32, (2.0 / height) as f32],
            before: before as u32,
            after: after as u32,
            fraction: (position - before as f64) as f32,
            paths: paths as u32,
            line: 0.5 * picture.line,
            level_a,
            level_b,
            unit: (1.0 / fit) as f32,
            tone: picture.tone.unwrap_or(0.0),
            align: 0.0,
            region_a: colours.region_a,
            outline_a: colours.outline_a,
            region_b: colours.region_b,
            outline_b: colours.outline_b,
            path: colours.path,
            particle: colours.particle,
            dense: colours.dense,
        };
        let queue = &self.gpu.queue;
        queue.write_buffer(&canvas.picture, 0, bytemuck::bytes_of(&uniform));
        for (buffer, colour, radius) in
            [(&canvas.point, colours.particle, picture.radius), (&canvas.head, colours.path_head, HEAD * picture.line)]
        {
            let mark = MarkUniform { colour, radius, align: [0.0; 3] };
            queue.write_buffer(buffer, 0, bytemuck::bytes_of(&mark));
        }

        let blocks = run.map_or(&[][..], Run::blocks);
        let some = |block: &Block| (picture.share * block.particles as f32).ceil() as usize;
        let counted = picture.tone.map(|_| self.count(encoder, size, canvas, blocks, some));
        let mut pass = begin_pass(encoder, "picture", target);
        if let Some(outlines) = outlines {
            self.group(&mut pass, &self.regions, &[&canvas.picture]);
            pass.set_bind_group(1, &outlines.grid, &[]);
            pass.draw(0..4, 0..1);
        }
        match &counted {
            Some(counted) => {
                self.group(&mut pass, &self.tones, &[&canvas.picture]);
                pass.set_bind_group(1, counted, &[]);
                pass.draw(0..4, 0..1);
            }
            None => {
                for block in blocks {
                    self.marks(&mut pass, &self.points, canvas, block, &canvas.point, some(block));
                }
            }
        }
        // All of the first particles stand in the first block.
        if let Some(block) = blocks.first().filter(|_| paths > 0) {
            let paths = paths.min(block.particles);
            self.group(&mut pass, &self.paths, &[&canvas.picture]);
            pass.set_bind_group(1, &self.bind_block(&self.paths, block), &[]);
            pass.draw(0..4, 0..(paths * after) as u32);
            self.marks(&mut pass, &self.points, canvas, block, &canvas.head, paths);
        }
    }

    /// Count the particles on each pixel; what the tone map binds.
    fn count(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        [width, height]: [u32; 2],
        canvas: &Canvas,
        blocks: &[Block],
        some: impl Fn(&Block) -> usize,
    ) -> wgpu::BindGroup {
        let mut kept = canvas.counts.borrow_mut();
        if kept.as_ref().is_none_or(|texture| [texture.width(), texture.height()] != [width, height]) {
            *kept = Some(self.gpu.device.create_texture(&wgpu::TextureDescriptor {
                label: Some("counts"),
                size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format: COUNTS,
                usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TEXTURE_BINDING,
                view_formats: &[],
            }));
        }
        let view = kept.as_ref().expect("made above").create_view(&wgpu::TextureViewDescriptor::default());
        let mut pass = begin_pass(encoder, "counts", &view);
        for block in blocks {
            self.marks(&mut pass, &self.counts, canvas, block, &canvas.point, some(block));
        }
        self.gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &self.tones.get_bind_group_layout(1),
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(&view) }],
        })
    }

    fn marks(
        &self,
        pass: &mut wgpu::RenderPass<'_>,
        pipeline: &wgpu::RenderPipeline,
        canvas: &Canvas,
        block: &Block,
        mark: &wgpu::Buffer,
        count: usize,
    ) {
        self.group(pass, pipeline, &[&canvas.picture]);
        pass.set_bind_group(1, &self.bind_block(pipeline, block), &[]);
        pass.set_bind_group(2, &self.gpu.bind_to(&pipeline.get_bind_group_layout(2), &[mark]), &[]);
        pass.draw(0..4, 0..count as u32);
    }

    fn bind_block(&self, pipeline: &wgpu::RenderPipeline, block: &Block) -> wgpu::BindGroup {
        self.gpu.bind_to(&pipeline.get_bind_group_layout(1), &[&block.path, &block.chunk])
    }

    fn group(&self, pass: &mut wgpu::RenderPass<'_>, pipeline: &wgpu::RenderPipeline, buffers: &[&wgpu::Buffer]) {
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, &self.gpu.bind_to(&pipeline.get_bind_group_layout(0), buffers), &[]);
    }
}

/// Radius of the mark at the end of a path, in widths of its line.
const HEAD: f32 = 2.25;

/// Numbers of particles: exact to 2,048, and every device adds to them by blending.
const COUNTS: wgpu::TextureFormat = wgpu::TextureFormat::R16Float;

const SUM: wgpu::BlendState = {
    let sum = wgpu::BlendComponent {
        src_factor: wgpu::BlendFactor::One,
        dst_factor: wgpu::BlendFactor::One,
        operation: wgpu::BlendOperation::Add,
    };
    wgpu::BlendState { color: sum, alpha: sum }
};

/// A pass over a cleared target.
fn begin_pass<'a>(
    encoder: &'a mut wgpu::CommandEncoder,
    label: &str,
    target: &wgpu::TextureView,
) -> wgpu::RenderPass<'a> {
    let attachment = wgpu::RenderPassColorAttachment {
        view: target,
        depth_slice: None,
        resolve_target: None,
        ops: wgpu::Operations { load: wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT), store: wgpu::StoreOp::Store },
    };
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some(label),
        color_attachments: &[Some(attachment)],
        ..wgpu::RenderPassDescriptor::default()
    })
}

fn render_pipeline(
    gpu: &Gpu,
    module: &wgpu::ShaderModule,
    [vertex, fragment]: [&str; 2],
    format: wgpu::TextureFormat,
    blend: wgpu::BlendState,
) -> wgpu::RenderPipeline {
    let target = wgpu::ColorTargetState { format, blend: Some(blend), write_mask: wgpu::ColorWrites::ALL };
    let options = wgpu::PipelineCompilationOptions::default;
    gpu.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some(fragment),
        layout: None,
        vertex: wgpu::VertexState { module, entry_point: Some(vertex), compilation_options: options(), buffers: &[] },
        primitive: wgpu::PrimitiveState { topology: wgpu::PrimitiveTopology::TriangleStrip, ..Default::default() },
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        fragment: Some(wgpu::FragmentState {
            module,
            entry_point: Some(fragment),
            compilation_options: options(),
            targets: &[Some(target)],
        }),
        multiview_mask: None,
        cache: None,
    })
}
