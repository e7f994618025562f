//! Results as plain objects. They are put together here: what serde and serde-wasm-bindgen need for the same is 2 kB of what every
//! visitor loads.

use crate::plane::engine::View;
use crate::plane::metrics::{Difference, Estimate, Floor, METRICS, Metrics, PerMetric};
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

/// Metrics' names: of their table, and nothing else that stands there.
const IDS: [&str; METRICS.len()] = {
    let mut ids = [""; METRICS.len()];
    let mut row = 0;
    while row < ids.len() {
        ids[row] = METRICS[row].id;
        row += 1;
    }
    ids
};

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a property on a fresh object cannot fail.
    let _ = Reflect::set(object, &name.into(), value);
}

/// An object of numbers.
fn numbers(fields: &[(&str, f64)]) -> Object {
    let object = Object::new();
    for &(name, number) in fields {
        set(&object, name, &number.into());
    }
    object
}

/// A part of the plane.
pub(super) fn view(view: &View) -> JsValue {
    let &View { x, y, half_width, half_height } = view;
    numbers(&[("x", x), ("y", y), ("halfWidth", half_width), ("halfHeight", half_height)]).into()
}

/// The metrics of a run.
pub(super) fn metrics(found: Metrics) -> JsValue {
    let Metrics { particles, lost, estimates } = found;
    let object = numbers(&[("particles", particles as f64), ("lost", lost as f64)]);
    for (id, estimate) in IDS.into_iter().zip(estimates.into_list()) {
        let Estimate { value, standard_error, floor: Floor { mean, spread } } = estimate;
        let of_one = numbers(&[("value", value), ("standardError", standard_error)]);
        set(&of_one, "floor", &numbers(&[("mean", mean), ("spread", spread)]));
        set(&object, id, &of_one);
    }
    object.into()
}

/// The metrics of a run less those of another.
pub(super) fn differences(found: PerMetric<Difference>) -> JsValue {
    let object = Object::new();
    for (id, Difference { value, standard_error }) in IDS.into_iter().zip(found.into_list()) {
        set(&object, id, &numbers(&[("value", value), ("standardError", standard_error)]));
    }
    object.into()
}
