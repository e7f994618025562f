//! The browser's view of the core: thin, typed, no maths.
//!
//! Configurations (unknown fields are refused) and results cross as plain objects whose TypeScript types are
//! generated; bulk numbers as typed arrays, copied. Everything that fails throws an `Error` with a stable `code`, a
//! sentence as `message`, and `advice`.
//!
//! Of points in the plane (`plane`), of pictures (`images`) and of training (`training`, on a device `training_gpu`) there are builds of
//! their own; and of rules that a person writes (`own_rule`) one that has nothing else.
//!
//! Invariant: nothing imports this module, and `wasm_bindgen`, `js_sys` and `web_sys` appear nowhere else but in
//! `json`, for the browser's parser and digits, in `guidance::rule`, which asks the build of rules, and in the WebGPU engine, for its
//! clock, its canvases and the adapter's name. (`tsify` derives, which write TypeScript declarations and no code, stand on the plain data
//! itself.)

#[cfg(feature = "gpu")]
mod device;
mod error;
#[cfg(feature = "images")]
mod images;
#[cfg(all(feature = "training", not(feature = "gpu")))]
mod own_data;
#[cfg(not(any(feature = "images", feature = "training")))]
mod plane;
#[cfg(all(feature = "training", not(feature = "gpu")))]
mod training;
#[cfg(all(feature = "training", feature = "gpu"))]
mod training_gpu;

#[cfg(all(feature = "images", feature = "gpu"))]
pub use images::{GpuPictures, ImagesGpu};
#[cfg(feature = "images")]
pub use images::{Images, ImagesRun, Pictures, pictures_at_once};
#[cfg(all(feature = "training", not(feature = "gpu")))]
pub use own_data::{drawing_after, read_data};
#[cfg(not(any(feature = "images", feature = "training")))]
pub use plane::*;
#[cfg(all(feature = "training", not(feature = "gpu")))]
pub use training::{Shards, Training, Validation};
#[cfg(all(feature = "training", feature = "gpu"))]
pub use training_gpu::{GpuTraining, TrainingGpu};

use wasm_bindgen::prelude::*;

/// The version of this package.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// What the processor's engine computes with.
#[wasm_bindgen(js_name = instructionSet, unchecked_return_type = "'WebAssembly relaxed SIMD' | 'WebAssembly SIMD'")]
pub fn instruction_set() -> String {
    crate::lanes::instruction_set().to_owned()
}

/// Says in the console what went wrong where the core has a fault of its own; without it there is only "unreachable".
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| web_sys::console::error_1(&panic.to_string().into())));
}

/// A seed that nobody has seen: an integer from 0 to 2^32 - 1.
///
/// # Errors
/// If the browser has no source of randomness.
#[cfg(not(feature = "training"))]
#[wasm_bindgen(js_name = freshSeed)]
pub fn fresh_seed() -> Result<u32, JsValue> {
    getrandom::u32().map_err(|e| js_sys::Error::new(&e.to_string()).into())
}
