//! Training on a graphics processor, in the worker that owns it.

use super::device::{self, promise};
use super::error::{parse, throw};
use crate::gpu::Gpu;
use crate::plane::training::{TrainingState, gpu::Trainer};
use js_sys::Promise;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A graphics processor that trains.
#[wasm_bindgen]
pub struct TrainingGpu(Rc<Gpu>);

#[wasm_bindgen]
impl TrainingGpu {
    /// Open the browser's preferred adapter; one emulated in software only if `software`. Throws gpu-missing, gpu-no-adapter,
    /// gpu-software or gpu-refused.
    #[wasm_bindgen(unchecked_return_type = "Promise<TrainingGpu>")]
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

    /// A run from the start; what the configuration leaves out is as of the paper's main model. Throws gpu-shader, gpu-memory, or what
    /// `Training` throws.
    #[wasm_bindgen(unchecked_return_type = "Promise<GpuTraining>")]
    pub fn begin(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Partial<TrainingConfig>")] config: JsValue,
    ) -> Result<Promise, JsValue> {
        Ok(self.train(TrainingState::new(parse("The training", &config)?).map_err(throw)?))
    }

    /// Goes on from a checkpoint, of a device or of the processor. Throws gpu-shader, gpu-memory, or weights if the bytes are of none.
    #[wasm_bindgen(unchecked_return_type = "Promise<GpuTraining>")]
    pub fn resume(&self, checkpoint: &[u8]) -> Result<Promise, JsValue> {
        Ok(self.train(TrainingState::resume(checkpoint).map_err(throw)?))
    }

    /// Resolves with the browser's words when the device is lost: then runs throw gpu-lost. To be asked once.
    #[wasm_bindgen(unchecked_return_type = "Promise<string>")]
    pub fn lost(&self) -> Promise {
        device::lost(&self.0)
    }

    fn train(&self, state: TrainingState) -> Promise {
        let gpu = Rc::clone(&self.0);
        promise(async move { Ok(GpuTraining(Trainer::new(&gpu, state).await?)) })
    }
}

/// A run on a graphics processor: nothing of it is read back but losses, and the rest where it is asked for. One thing can be asked at
/// a time.
#[wasm_bindgen]
pub struct GpuTraining(Trainer);

#[wasm_bindgen]
impl GpuTraining {
    /// Iterations done.
    #[wasm_bindgen(getter)]
    pub fn iteration(&self) -> u32 {
        self.0.iteration()
    }

    /// One to `most` iterations, about a tenth of a second where several are worth it; the losses of their batches.
    ///
    /// # Errors
    /// gpu-lost.
    pub async fn advance(&mut self, most: usize) -> Result<Vec<f64>, JsValue> {
        self.0.advance(most).await.map_err(throw)
    }

    /// The averaged network as a safetensors file, which says how it was trained.
    ///
    /// # Errors
    /// gpu-lost.
    pub async fn network(&mut self) -> Result<Vec<u8>, JsValue> {
        Ok(self.0.network().await.map_err(throw)?.to_safetensors())
    }

    /// The state after the last iteration as a file, for either engine.
    ///
    /// # Errors
    /// gpu-lost.
    pub async fn checkpoint(&mut self) -> Result<Vec<u8>, JsValue> {
        Ok(self.0.state().await.map_err(throw)?.checkpoint())
    }
}
