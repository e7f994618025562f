//! A graphics device, as each build that has one opens it, and what comes of it later.

use super::error::throw;
use crate::error::{Error, GpuFault, Result};
use crate::gpu::Gpu;
use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// The browser's preferred adapter; one emulated in software only if `software`.
///
/// # Errors
/// gpu-missing, gpu-no-adapter, gpu-software or gpu-refused.
pub(super) async fn open(software: bool) -> Result<Gpu> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).unwrap_or_default();
    if Reflect::get(&navigator, &"gpu".into()).is_ok_and(|gpu| gpu.is_falsy()) {
        return Err(Error::gpu(GpuFault::Missing, ""));
    }
    Gpu::open(software).await
}

/// What work will give, or throw.
pub(super) fn promise<T: Into<JsValue>>(work: impl Future<Output = Result<T>> + 'static) -> Promise {
    future_to_promise(async move { work.await.map(Into::into).map_err(throw) })
}

/// Resolves with the browser's words when the device is lost. To be asked once.
pub(super) fn lost(gpu: &Gpu) -> Promise {
    let lost = gpu.lost();
    promise(async move { Ok(lost.await.unwrap_or_default()) })
}
