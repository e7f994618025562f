//! The tables that controls are made from.

use super::error::object;
use crate::guidance;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// What a control offers; the core accepts more.
#[derive(Serialize, tsify::Tsify)]
pub struct Range {
    /// Least value.
    pub min: f64,
    /// Greatest value.
    pub max: f64,
    /// Distance of neighbouring values.
    pub step: f64,
    /// Value at first.
    pub default: f64,
}

/// Ranges of all controls.
#[derive(Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Guidance weight w: 1 is no guidance.
    pub weight: Range,
    /// k: the guide is asked at k sigma.
    pub sigma_scale: Range,
    /// Noise levels above zero.
    pub steps: Range,
    /// Particles.
    pub particles: Range,
}

/// Every scheme, in the order of menus.
#[wasm_bindgen(unchecked_return_type = "SchemeInfo[]")]
pub fn schemes() -> JsValue {
    object(&guidance::schemes())
}

/// Ranges of all controls.
#[wasm_bindgen(unchecked_return_type = "Limits")]
pub fn limits() -> JsValue {
    let range = |min, max, step, default| Range { min, max, step, default };
    object(&Limits {
        weight: range(0.0, 10.0, 0.1, 3.0),
        sigma_scale: range(1.0, 1.5, 0.01, 1.1),
        steps: range(4.0, 128.0, 1.0, 32.0),
        particles: range(256.0, 16384.0, 256.0, 4096.0),
    })
}
