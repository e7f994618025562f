//! The tables that controls are made from.

use super::error::object;
use crate::guidance::{SCHEMES, Scheme};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// A row of the table of schemes.
#[derive(Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct SchemeInfo {
    /// Stable identifier.
    pub id: &'static str,
    /// What the field calls it.
    pub name: &'static str,
    /// The guided score, as plain text.
    pub formula: &'static str,
    /// One line on what it does.
    pub explanation: &'static str,
    /// Where it comes from.
    pub reference: &'static str,
    /// Its defaults.
    pub scheme: Scheme,
    /// Whether it has a guide, and so a weight.
    pub guided: bool,
    /// Whether k is a parameter.
    pub sigma_scale: bool,
}

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
    let rows: Vec<SchemeInfo> = SCHEMES
        .iter()
        .map(|row| SchemeInfo {
            id: row.id,
            name: row.name,
            formula: row.formula,
            explanation: row.explanation,
            reference: row.reference,
            scheme: row.scheme(),
            guided: row.scheme().guide.is_some(),
            sigma_scale: row.scales_sigma(),
        })
        .collect();
    object(&rows)
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
