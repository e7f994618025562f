//! What schemes of pictures have beside those of the plane, in one table in the manner of the plane's own
//! [`catalogue`](crate::guidance::catalogue). D1, D0 and Dn are the estimates of the main model, the guide and a negative prompt,
//! D the guided one.

use super::{Bands, Cads, Finish, Negative, Scheme, parameter};
use crate::guidance::catalogue::{Variant, control};
use crate::guidance::{Combination, Guide, Interval, ModelName, Schedule, Space};
use crate::parameter::Setting;
use serde_json::{Value, json};

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

/// The trained network of pictures.
pub const MAIN: &str = "main";
/// A smaller one, trained for less long.
pub const GUIDE: &str = "guide";
/// The condition of a guide that is asked of any picture.
pub const ANYTHING: &str = "anything";

/// A scheme of pictures that has a name.
#[derive(Clone, Debug)]
pub struct Named {
    /// What it is asked for by.
    pub id: &'static str,
    /// One line on what it does.
    pub explanation: &'static str,
    /// The scheme; models without a condition have the run's prompt.
    pub scheme: Scheme,
}

/// Away from what the main network says of any picture.
fn cfg(weight: f64) -> Scheme {
    let anything = ModelName { model: MAIN.to_owned(), condition: Some(ANYTHING.to_owned()) };
    by(Guide::new(anything, 1.0), weight)
}

fn by(guide: Guide, weight: f64) -> Scheme {
    let mut scheme = Scheme::default();
    scheme.guidance.main = MAIN.into();
    scheme.guidance.guide = Some(guide);
    scheme.guidance.weight = weight;
    scheme
}

/// Schemes with names, with the weights that the trial of the image world found good.
pub fn schemes() -> Vec<Named> {
    let named = |id, explanation, scheme| Named { id, explanation, scheme };
    let changed = |mut scheme: Scheme, change: &dyn Fn(&mut Scheme)| {
        change(&mut scheme);
        scheme
    };
    let weight = 3.0;
    let scaled =
        |space: Space, weight: f64| changed(by(Guide::new(MAIN, 1.4), weight), &|scheme| scheme.guidance.space = space);
    vec![
        named("none", "The network alone.", changed(by(Guide::default(), 1.0), &|scheme| scheme.guidance.guide = None)),
        named("cfg", "Classifier-free guidance: away from the network without a prompt.", cfg(weight)),
        named(
            "cfg-linear",
            "The same, its excess rising in a straight line.",
            changed(cfg(weight), &|scheme| scheme.guidance.schedule = Schedule::Linear),
        ),
        named(
            "cfg-cosine",
            "The same, its excess rising as a cosine.",
            changed(cfg(weight), &|scheme| scheme.guidance.schedule = Schedule::Cosine),
        ),
        named(
            "cfg-interval",
            "The same at noise levels from 0.5 to 5 alone.",
            changed(cfg(weight), &|scheme| scheme.guidance.interval = Some(Interval { low: 0.5, high: 5.0 })),
        ),
        named(
            "cfg-rescaled",
            "The same, with the contrast of the network alone.",
            changed(cfg(weight), &|scheme| {
                scheme.finish = Finish::Rescale { share: parameter::RESCALE_SHARE.default };
            }),
        ),
        named(
            "cfg-threshold",
            "The same, colours that leave their range divided by how far most leave it.",
            changed(cfg(weight), &|scheme| {
                scheme.finish = Finish::Threshold { quantile: parameter::THRESHOLD_QUANTILE.default };
            }),
        ),
        named(
            "cfg-bands",
            "The same, details guided more than large areas.",
            changed(cfg(weight), &|scheme| {
                let (high, low) = (parameter::BAND_HIGH.default, parameter::BAND_LOW.default);
                scheme.bands = Some(Bands { high, low });
            }),
        ),
        named(
            "apg",
            "The same without the part that lies along the estimate.",
            changed(cfg(weight), &|scheme| {
                scheme.guidance.combination = Combination::Apg { momentum: 0.0, parallel: 0.0, radius: 0.0 };
            }),
        ),
        named("autoguidance", "Away from a smaller network of the same prompt.", by(Guide::new(GUIDE, 1.0), 2.0)),
        named(
            "sigma-scaling",
            "Away from the network at 1.4 times the noise level, in scores.",
            scaled(Space::Score, 1.2),
        ),
        named(
            "sigma-scaling-denoised",
            "Away from the network at 1.4 times the noise level, in denoised estimates.",
            scaled(Space::Denoised, weight),
        ),
    ]
}
