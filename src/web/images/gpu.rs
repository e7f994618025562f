//! Pictures on a graphics processor: those of the same runs, as far as devices run them.

use super::ImagesRun;
use crate::error::Error;
use crate::gpu::Gpu as Device;
use crate::images::engine::gpu::{Run, expect_supported};
use crate::web::device::{self, promise};
use crate::web::error::throw;
use js_sys::{Float32Array, Promise};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Most pictures that travel together: a step of them is one piece of work, behind which the page's own drawing waits.
const TOGETHER: usize = 256;

/// A graphics processor, opened.
#[wasm_bindgen]
pub struct ImagesGpu(Rc<Device>);

#[wasm_bindgen]
impl ImagesGpu {
    /// Open the browser's preferred adapter; one emulated in software only if `software`. Throws gpu-missing,
    /// gpu-no-adapter, gpu-software or gpu-refused.
    #[wasm_bindgen(unchecked_return_type = "Promise<ImagesGpu>")]
    pub fn open(software: bool) -> Promise {
        promise(async move { Ok(Self(Rc::new(device::open(software).await?))) })
    }

    /// What the adapter calls itself.
    #[wasm_bindgen(getter)]
    pub fn description(&self) -> String {
        self.0.description()
    }

    /// Whether it is emulated in software.
    #[wasm_bindgen(getter)]
    pub fn software(&self) -> bool {
        self.0.is_software()
    }

    /// Why devices do not run this run, in a sentence, or nothing where they do. The processor runs all.
    pub fn refusal(&self, run: &ImagesRun) -> Option<String> {
        expect_supported(&run.sampler).err().map(|error| error.to_string())
    }

    /// The run's pictures `first..first + count`, at most 256, where they begin, as `ImagesRun.begin` has them. Throws gpu-shader or
    /// gpu-memory, or invalid: if there are not that many, or with the sentence of `refusal`.
    #[wasm_bindgen(unchecked_return_type = "Promise<GpuPictures>")]
    pub fn begin(&self, run: &ImagesRun, first: usize, count: usize) -> Result<Promise, JsValue> {
        let numbers = run.piece(first, count)?;
        if count > TOGETHER {
            return Err(throw(Error::invalid("A piece of a run", format!("at most {TOGETHER} pictures"), count)));
        }
        let (device, sampler) = (Rc::clone(&self.0), Rc::clone(&run.sampler));
        Ok(promise(async move { Ok(GpuPictures(Rc::new(Run::new(&device, &sampler, numbers).await?))) }))
    }

    /// Resolves with the browser's words when the device is lost: then what is read from it throws gpu-lost. To be asked once.
    #[wasm_bindgen(unchecked_return_type = "Promise<string>")]
    pub fn lost(&self) -> Promise {
        device::lost(&self.0)
    }

    /// Give the device up, as a driver that fails does.
    pub fn destroy(&self) {
        self.0.destroy();
    }
}

/// Some of a run's pictures, and all that they carry from step to step: on the device until they are asked for.
#[wasm_bindgen]
pub struct GpuPictures(Rc<Run>);

#[wasm_bindgen]
impl GpuPictures {
    /// Number of pictures.
    #[wasm_bindgen(getter)]
    pub fn pictures(&self) -> usize {
        self.0.numbers().len()
    }

    /// Steps that they have taken, or that the device has in hand: whatever is asked of it next comes after.
    #[wasm_bindgen(getter)]
    pub fn step(&self) -> usize {
        self.0.steps_done()
    }

    /// Take one more; resolves when the one before it is done, so that the device is never idle. False if none was left, and then
    /// all is done. Of a device that is lost, browsers say that it is done with everything.
    #[wasm_bindgen(unchecked_return_type = "Promise<boolean>")]
    pub fn advance(&self) -> Promise {
        let run = Rc::clone(&self.0);
        promise(async move { run.advance().await })
    }

    /// Where they are, as data: of each picture 32 rows of 32 pixels of red, green and blue. Throws gpu-lost or gpu-memory.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn data(&self) -> Promise {
        let run = Rc::clone(&self.0);
        promise(async move { Ok(Float32Array::from(&run.pictures().await?[..])) })
    }

    /// What the last step took them to become, as data; at the beginning the noise. Throws gpu-lost or gpu-memory.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn estimates(&self) -> Promise {
        let run = Rc::clone(&self.0);
        promise(async move { Ok(Float32Array::from(&run.estimates().await?[..])) })
    }
}
