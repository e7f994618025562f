//! The engine for graphics processors, as a worker uses it.

use super::core::Core;
use super::run_config::RunConfig;
use crate::error::Error;
use crate::from_json;
use crate::gpu::Gpu as Device;
use crate::plane::distribution::{Classes, Distribution};
use crate::plane::engine::View;
use crate::plane::engine::gpu;
use crate::web::device::{self, promise};
use crate::web::error::{parse, throw};
use js_sys::Promise;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// What a picture shows. Colours are red, green, blue and opacity from 0 to 1, not premultiplied.
#[derive(tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Picture {
    /// The canvas, as `addCanvas` numbered it.
    pub canvas: u32,
    /// The run, by its `id`.
    pub run: Option<u32>,
    /// Whose outlines are drawn, by the id of the data, as far as they are worked out: the paper's tree, if nothing is said.
    #[tsify(optional)]
    pub distribution: Option<String>,
    /// Steps passed; a fraction is drawn on the straight line between two steps.
    pub position: f64,
    /// The part of the plane, fitted into the canvas.
    pub view: View,
    /// Of the particles, those that are drawn, 0 to 1; all, if nothing is said.
    #[tsify(optional)]
    pub share: Option<f32>,
    /// Particles, the first ones, whose way here is drawn.
    pub paths: usize,
    /// Pixels of the canvas to one of the page: the width of lines.
    pub pixel_ratio: f32,
    /// Radius of a particle in pixels of the canvas.
    pub radius: f32,
    /// The tone map of density shading, as `gpu::Picture` has it; without it particles are drawn one over the other.
    pub tone: Option<f32>,
    /// Colours.
    pub colours: Colours,
}

/// Colours of the parts of a picture.
#[derive(tsify::Tsify)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names say it")]
pub struct Colours {
    #[tsify(type = "[number, number, number, number]")]
    pub region_a: gpu::Colour,
    #[tsify(type = "[number, number, number, number]")]
    pub outline_a: gpu::Colour,
    #[tsify(type = "[number, number, number, number]")]
    pub region_b: gpu::Colour,
    #[tsify(type = "[number, number, number, number]")]
    pub outline_b: gpu::Colour,
    #[tsify(type = "[number, number, number, number]")]
    pub particle: gpu::Colour,
    #[tsify(type = "[number, number, number, number]")]
    pub dense: gpu::Colour,
    #[tsify(type = "[number, number, number, number]")]
    pub path: gpu::Colour,
    #[tsify(type = "[number, number, number, number]")]
    pub path_head: gpu::Colour,
}

from_json!(struct Picture { canvas, run, distribution, position, view, share, paths, pixel_ratio, radius, tone, colours });
from_json!(struct Colours { region_a, outline_a, region_b, outline_b, particle, dense, path, path_head });

/// A graphics processor, its canvases and its runs.
#[wasm_bindgen]
pub struct Gpu(Rc<State>);

struct State {
    gpu: Rc<Device>,
    painter: gpu::Painter,
    description: String,
    /// Of one distribution each.
    outlines: RefCell<Vec<gpu::OutlineWork>>,
    /// By number, as `id`s are given; what is gone leaves nothing.
    surfaces: RefCell<Vec<Option<gpu::Surface>>>,
    runs: RefCell<Vec<Option<Rc<gpu::Run>>>>,
}

#[wasm_bindgen]
impl Gpu {
    /// Open the browser's preferred adapter; one emulated in software only if `software`. Throws gpu-missing,
    /// gpu-no-adapter, gpu-software, gpu-refused or gpu-shader.
    #[wasm_bindgen(unchecked_return_type = "Promise<Gpu>")]
    pub fn open(software: bool) -> Promise {
        promise(async move {
            let gpu = Rc::new(device::open(software).await?);
            let painter = gpu::Painter::new(&gpu, gpu.canvas_format()).await?;
            Ok(Self(Rc::new(State {
                description: gpu.description(),
                gpu,
                painter,
                outlines: RefCell::default(),
                surfaces: RefCell::default(),
                runs: RefCell::default(),
            })))
        })
    }

    /// What the adapter calls itself.
    #[wasm_bindgen(getter)]
    pub fn description(&self) -> String {
        self.0.description.clone()
    }

    /// Whether it is emulated in software.
    #[wasm_bindgen(getter)]
    pub fn software(&self) -> bool {
        self.0.gpu.is_software()
    }

    /// Take a canvas over, at its size, for pictures; its number.
    ///
    /// # Errors
    /// gpu-canvas if it has a context of another kind.
    #[wasm_bindgen(js_name = addCanvas)]
    pub fn add_canvas(&self, canvas: web_sys::OffscreenCanvas) -> Result<usize, JsValue> {
        let surface = self.0.gpu.surface(&self.0.painter, canvas).map_err(throw)?;
        Ok(add(&self.0.surfaces, surface))
    }

    /// Set a canvas's size in pixels.
    #[wasm_bindgen(js_name = resizeCanvas)]
    pub fn resize_canvas(&self, canvas: usize, width: u32, height: u32) {
        if let Some(Some(surface)) = self.0.surfaces.borrow_mut().get_mut(canvas) {
            self.0.gpu.resize(surface, width, height);
        }
    }

    /// Forget a canvas.
    #[wasm_bindgen(js_name = removeCanvas)]
    pub fn remove_canvas(&self, canvas: usize) {
        remove(&self.0.surfaces, canvas);
    }

    /// A run at its starts. Throws gpu-shader, gpu-memory, or what `Core.sampler` throws.
    #[wasm_bindgen(unchecked_return_type = "Promise<GpuRun>")]
    pub fn run(
        &self,
        core: &Core,
        #[wasm_bindgen(unchecked_param_type = "RunConfig")] config: JsValue,
    ) -> Result<Promise, JsValue> {
        let config: RunConfig = parse("The configuration of a run", &config)?;
        let settings = config.settings().map_err(throw)?;
        let models = core.models.clone();
        let state = Rc::clone(&self.0);
        Ok(promise(async move {
            let data = models.mixture(Classes::A);
            let run = gpu::Run::seeded(&state.gpu, &settings, &models, data, config.seed, config.particles).await?;
            let run = Rc::new(run);
            let id = add(&state.runs, Rc::clone(&run));
            Ok(GpuRun { id, run, state })
        }))
    }

    /// The next piece, about 8 ms, of working out where the core's data is, first everywhere, then closely in the square `close`:
    /// false if nothing is left. After true, pictures may look better than before: draw them again.
    #[wasm_bindgen(unchecked_return_type = "Promise<boolean>")]
    pub fn outline(
        &self,
        core: &Core,
        #[wasm_bindgen(unchecked_param_type = "View | undefined")] close: JsValue,
    ) -> Result<Promise, JsValue> {
        let close: Option<View> = parse("The part to outline", &close)?;
        let models = core.models.clone();
        let state = Rc::clone(&self.0);
        Ok(promise(async move {
            let of_these = |work: &gpu::OutlineWork| work.distribution() == models.distribution().id();
            let place = state.outlines.borrow().iter().position(of_these);
            let work = place.map(|place| state.outlines.borrow_mut().remove(place));
            let mut work = match work {
                Some(work) => work,
                None => state.painter.outline(&models).await?,
            };
            let more = state.painter.advance_outline(&mut work, close).await?;
            let mut outlines = state.outlines.borrow_mut();
            outlines.retain(|other| !of_these(other));
            outlines.push(work);
            Ok(more)
        }))
    }

    /// Let go of the outlines of a distribution, by its id, some 6 MB, but for those that are just being worked on.
    #[wasm_bindgen(js_name = forgetOutline)]
    pub fn forget_outline(&self, distribution: &str) {
        self.0.outlines.borrow_mut().retain(|work| work.distribution().to_string() != distribution);
    }

    /// Draw pictures, all in one submission; what is not there any more is left out. Resolves when the device has done it.
    ///
    /// # Errors
    /// If they are not pictures, or a distribution's id is none.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn draw(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Picture[]")] pictures: JsValue,
    ) -> Result<Promise, JsValue> {
        let pictures: Vec<Picture> = parse("The pictures", &pictures)?;
        let State { gpu, painter, surfaces, runs, .. } = &*self.0;
        let (surfaces, runs) = (surfaces.borrow(), runs.borrow());
        let mut found = Vec::with_capacity(pictures.len());
        for picture in &pictures {
            let shown = picture.for_engine().map_err(throw)?;
            let Some(Some(surface)) = surfaces.get(picture.canvas as usize) else { continue };
            found.push((surface, shown, picture.run.and_then(|run| runs.get(run as usize)?.as_deref())));
        }
        let drawn = gpu.draw(painter, found.into_iter());
        let state = Rc::clone(&self.0);
        Ok(promise(async move { state.gpu.finished(drawn).await.map(|_| JsValue::UNDEFINED) }))
    }

    /// Resolves with the browser's words when the device is lost.
    #[wasm_bindgen(unchecked_return_type = "Promise<string>")]
    pub fn lost(&self) -> Promise {
        device::lost(&self.0.gpu)
    }

    /// Give the device up, as a driver that fails does.
    pub fn destroy(&self) {
        self.0.gpu.destroy();
    }
}

impl Picture {
    fn for_engine(&self) -> crate::Result<gpu::Picture> {
        let c = &self.colours;
        let distribution = self.distribution.as_deref().map_or(Ok(Distribution::PAPER.id()), str::parse)?;
        Ok(gpu::Picture {
            distribution,
            view: self.view,
            position: self.position,
            share: self.share.unwrap_or(1.0),
            paths: self.paths,
            radius: self.radius,
            tone: self.tone,
            line: self.pixel_ratio,
            colours: gpu::Colours {
                region_a: c.region_a,
                outline_a: c.outline_a,
                region_b: c.region_b,
                outline_b: c.outline_b,
                particle: c.particle,
                dense: c.dense,
                path: c.path,
                path_head: c.path_head,
            },
        })
    }
}

/// A run on a graphics processor: its whole path stays there.
#[wasm_bindgen]
pub struct GpuRun {
    id: usize,
    run: Rc<gpu::Run>,
    state: Rc<State>,
}

impl Drop for GpuRun {
    fn drop(&mut self) {
        remove(&self.state.runs, self.id);
    }
}

#[wasm_bindgen]
impl GpuRun {
    /// What pictures know it by.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> usize {
        self.id
    }

    /// Number of particles.
    #[wasm_bindgen(getter)]
    pub fn particles(&self) -> usize {
        self.run.particles()
    }

    /// Steps in all.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> usize {
        self.run.steps()
    }

    /// Steps that all particles have taken.
    #[wasm_bindgen(getter, js_name = stepsDone)]
    pub fn steps_done(&self) -> usize {
        self.run.steps_done()
    }

    /// The noise levels: `steps + 1` numbers, the last zero.
    #[wasm_bindgen(js_name = noiseLevels)]
    pub fn noise_levels(&self) -> Vec<f64> {
        self.run.sigmas().to_vec()
    }

    /// The guidance weight of each step's first stage, as the scheme has it: `steps` numbers; 1 is no guidance, but under CFG++.
    pub fn weights(&self) -> Vec<f64> {
        self.run.weights()
    }

    /// Evaluations of models for each particle in the first `steps` steps; main and guide count one each.
    pub fn evaluations(&self, steps: usize) -> usize {
        self.run.evaluations(steps.min(self.run.steps()))
    }

    /// Work for about 8 ms; false when all was done.
    #[wasm_bindgen(unchecked_return_type = "Promise<boolean>")]
    pub fn advance(&self) -> Promise {
        let run = Rc::clone(&self.run);
        promise(async move { run.advance().await })
    }

    /// Positions after `step` steps, x0, y0, x1, y1, ...
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn positions(&self, step: usize) -> Promise {
        let run = Rc::clone(&self.run);
        promise(async move {
            if step > run.steps_done() {
                return Err(Error::invalid("The step", format!("at most {}", run.steps_done()), step));
            }
            Ok(js_sys::Float32Array::from(run.positions(step).await?.as_flattened()))
        })
    }

    /// Whole paths of some particles, by their numbers, once all steps are done: `steps + 1` points each, particle by
    /// particle.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn paths(&self, particles: &[u32]) -> Promise {
        let run = Rc::clone(&self.run);
        let numbers: Vec<usize> = particles.iter().map(|&number| number as usize).collect();
        promise(async move {
            if run.steps_done() < run.steps() {
                return Err(Error::invalid("The run", "at its end", run.steps_done()));
            }
            if let Some(&number) = numbers.iter().find(|&&number| number >= run.particles()) {
                return Err(Error::invalid("The particle", format!("below {}", run.particles()), number));
            }
            Ok(js_sys::Float32Array::from(run.paths(&numbers).await?.as_flattened()))
        })
    }
}

fn add<T>(slots: &RefCell<Vec<Option<T>>>, item: T) -> usize {
    let mut slots = slots.borrow_mut();
    let index = slots.iter().position(Option::is_none).unwrap_or(slots.len());
    if index == slots.len() {
        slots.push(None);
    }
    slots[index] = Some(item);
    index
}

fn remove<T>(slots: &RefCell<Vec<Option<T>>>, index: usize) {
    if let Some(slot) = slots.borrow_mut().get_mut(index) {
        *slot = None;
    }
}
