//! Data of one's own, from what people have.

use super::error::throw;
use crate::plane::distribution::{Distribution, Drawing, files};
use wasm_bindgen::prelude::*;

/// The name of the distribution in the text of a file: points as CSV or JSON, with so many times the bandwidth that it asks for;
/// strokes as JSON, or what a page exports.
///
/// # Errors
/// If there is none: the message names the row, the point or the stroke.
#[wasm_bindgen(js_name = readData)]
pub fn read_data(text: &str, bandwidth: f64) -> Result<String, JsValue> {
    files::read(text, bandwidth).map(|data| data.to_string()).map_err(throw)
}

/// The name of a drawing that looks like a distribution.
///
/// # Errors
/// If there is none of that name, or it is farther from the origin, or of more detail, than drawings are.
#[wasm_bindgen(js_name = drawingAfter)]
pub fn drawing_after(distribution: &str) -> Result<String, JsValue> {
    let drawing = distribution.parse::<Distribution>().and_then(|data| Drawing::after(&data.mixture()));
    drawing.map(|drawing| Distribution::Drawing(drawing).to_string()).map_err(throw)
}
