//! What schemes of pictures are made of. D1, D0 and Dn are the estimates of the main model, the guide and a negative prompt, D the
//! guided one.

use crate::guidance::Combination;
use crate::guidance::catalogue::{self, Control, Variant, control};
use crate::images::{Bands, Cads, Finish, Negative, parameter};
use crate::parameter::{Parameter, Setting, TSR_SHARPNESS};
use serde_json::{Value, json};

/// Rules of combination, with lengths as they are of 3,072 numbers.
pub fn combinations() -> Vec<Variant> {
    let apg = Combination::Apg { momentum: 0.0, parallel: 0.0, radius: 0.0 };
    let clip = Combination::NormClip { radius: parameter::CLIP_RADIUS.default };
    let tsr = Combination::Tsr { sharpness: TSR_SHARPNESS.default, width: parameter::TSR_WIDTH.default };
    let own = [apg, clip, tsr].map(|rule| json!(rule));
    let mut rows = catalogue::combinations();
    rows.retain(|row| !super::REFUSED.iter().any(|refused| refused.id == row.id));
    for row in &mut rows {
        if let Some(value) = own.iter().find(|value| value.get(&row.id).is_some()) {
            row.value = value.clone();
            row.parameters = row.parameters.iter().map(|old| of_pictures(value, old)).collect();
        }
    }
    rows
}

/// A control of the plane as one of pictures: of the same number, with their range.
fn of_pictures(value: &Value, old: &Control) -> Control {
    let own = [&parameter::CLIP_RADIUS, &parameter::TSR_WIDTH].into_iter();
    let range = own.into_iter().find(|own| own.symbol == old.parameter.symbol).unwrap_or(&old.parameter);
    control(value, old.path.clone(), range)
}

/// Numbers that stand at these pointers into a scheme, which has them as they are at first.
pub(super) fn controls(scheme: &Value, places: &[(&str, &Parameter)]) -> Vec<Control> {
    places.iter().map(|(path, parameter)| control(scheme, (*path).to_owned(), parameter)).collect()
}

/// A row: a scheme that has nothing but this, by JSON pointers into which stand its numbers.
fn row(id: &str, value: Value, at: &str, settings: Vec<Setting>, words: [&'static str; 4]) -> Variant {
    let [name, formula, explanation, reference] = words;
    let parameters =
        settings.into_iter().map(|(field, parameter, _)| control(&value, format!("{at}/{field}"), parameter));
    Variant { id: id.to_owned(), name, formula, explanation, reference, parameters: parameters.collect(), value }
}

/// Every part that only schemes of pictures have. The value of a row is what makes a scheme one with this: fields to be put in.
pub fn parts() -> Vec<Variant> {
    let bands = Bands { high: parameter::BAND_HIGH.default, low: parameter::BAND_LOW.default };
    let negative = Negative { prompt: "night background".to_owned(), weight: parameter::NEGATIVE_WEIGHT.default };
    let rescale = Finish::Rescale { share: parameter::RESCALE_SHARE.default };
    let threshold = Finish::Threshold { quantile: parameter::THRESHOLD_QUANTILE.default };
    let cads = Cads {
        begin: parameter::CADS_BEGIN.default,
        end: parameter::CADS_END.default,
        strength: parameter::CADS_STRENGTH.default,
        mix: parameter::CADS_MIX.default,
    };
    vec![
        row(
            "bands",
            json!({ "bands": bands }),
            "/bands",
            bands.settings(),
            [
                "Two bands (FDG)",
                "D1 + high (P − L P) + low L P, P = D − D1, L a pyramid's lower level",
                "Guides details and large areas, which hold the colours, by different weights.",
                "Sadat et al. 2025, arXiv 2506.19713",
            ],
        ),
        row(
            "negatives",
            json!({ "negatives": [negative] }),
            "/negatives/0",
            negative.settings(),
            [
                "Negative prompts",
                "D − wn (Dn − D0)",
                "Away from what a prompt asks for, as guidance goes towards one.",
                "Liu et al. 2022, arXiv 2206.01714",
            ],
        ),
        row(
            "rescale",
            json!({ "finish": rescale }),
            "/finish/rescale",
            rescale.settings(),
            [
                "Rescaled (CFG rescale)",
                "v (φ std v1 / std v + 1 − φ), v = a x − D, a = σd²/(σd² + σ²)",
                "Gives the guided estimate the contrast of the main model's, so that colours stay within bounds.",
                "Lin et al. 2023, arXiv 2305.08891",
            ],
        ),
        row(
            "threshold",
            json!({ "finish": threshold }),
            "/finish/threshold",
            threshold.settings(),
            [
                "Dynamic threshold",
                "clip(y, −q, q)/q, q = max(1, quantile_p |y|), y colours from −1 to 1",
                "Divides colours that leave their range by how far most of them leave it.",
                "Saharia et al. 2022, arXiv 2205.11487",
            ],
        ),
        row(
            "cads",
            json!({ "cads": cads }),
            "/cads",
            cads.settings(),
            [
                "Annealed prompt (CADS)",
                "√γ e + s √(1 − γ) ξ, γ rising from 0 at u = begin to 1 at u = end",
                "Tells networks of the prompt little by little, so that pictures of one prompt differ more.",
                "Sadat et al. 2023, arXiv 2310.17347",
            ],
        ),
    ]
}
