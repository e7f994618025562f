//! What schemes are made of, in one table: names, formulas, parameters, references. Rules, schedules, solvers: whatever has
//! no dimension. Formulas are plain text: s1 and D1 are the main model's score and denoised estimate, s0 and D0 the guide's,
//! w the guidance weight, u the fraction of sampling that is done, f a schedule's shape.

use crate::parameter::{Parameter, Setting};
use serde::Serialize;
use serde_json::Value;

mod parts;
pub(crate) mod references;

pub(crate) use parts::{
    FEEDBACK, FEEDBACK_EXACT, FEYNMAN_KAC, HISTORY, MOMENTUM, NEGATIVE, PROJECTED, RESCALED, SCALED_NOISE, SHARE_OF_B,
};
pub use parts::{combinations, readings, schedules, solvers, spaces, spacings};

/// A variant of a part of a scheme.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Variant {
    /// Its name in JSON.
    pub id: String,
    /// What the field calls it.
    pub name: &'static str,
    /// What it computes.
    pub formula: &'static str,
    /// One line on what it does.
    pub explanation: &'static str,
    /// Where it comes from.
    pub reference: &'static str,
    /// The variant with its default parameters, as JSON.
    pub value: Value,
    /// Its parameters, by JSON pointers into `value`.
    pub parameters: Vec<Control>,
}

/// A parameter and where it stands.
#[derive(Clone, Debug, Serialize)]
pub struct Control {
    /// JSON pointer.
    pub path: String,
    /// Whether it is a whole number.
    pub whole: bool,
    /// The parameter.
    #[serde(flatten)]
    pub parameter: Parameter,
}

/// The control of the number that `path` leads to in `json`, which is its default.
pub(crate) fn control(json: &Value, path: String, parameter: &Parameter) -> Control {
    let number = json.pointer(&path).and_then(Value::as_number).expect("a pointer leads to a number");
    let default = number.as_f64().expect("numbers are f64");
    Control { path, whole: parameter.whole, parameter: Parameter { default, ..*parameter } }
}

/// A row of a table of variants; identifier and pointers follow from what serde writes.
fn variant(
    value: &impl Serialize,
    settings: Vec<Setting>,
    [name, formula, explanation, reference]: [&'static str; 4],
) -> Variant {
    let value = serde_json::to_value(value).expect("a scheme's parts become JSON");
    let id = match &value {
        Value::Object(fields) => fields.keys().next().cloned().unwrap_or_default(),
        other => other.as_str().unwrap_or_default().to_owned(),
    };
    let parameters =
        settings.into_iter().map(|(field, parameter, _)| control(&value, format!("/{id}/{field}"), parameter));
    Variant {
        name,
        formula,
        explanation,
        reference,
        parameters: parameters.collect(),
        id: id.clone(),
        value: value.clone(),
    }
}
