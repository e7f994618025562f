//! Kinds of guide of pictures, and settings with a name: of the command, and of the report. What the plane has, too, is called and
//! explained as there.

use super::parts::{controls, parts};
use super::proposal::{self, IN_ESTIMATES, IN_SCORES};
use super::{ANYTHING, GUIDE, MAIN, Preset, SchemeInfo, networks, weight};
use crate::guidance::catalogue::references::*;
use crate::guidance::catalogue::{HISTORY, MOMENTUM, SCALED_NOISE, Variant};
use crate::guidance::{Combination, EXACT, Guide, Interval, ModelName, Schedule, Space};
use crate::images::{Scheme, parameter};
use crate::parameter::{
    APG_PARALLEL, EPSILON_DIVISOR, HIGS_END, HIGS_RATE, HIGS_STRENGTH, MOMENTUM_RATE, MOMENTUM_STRENGTH, NOISE_SHIFT,
    Parameter, TSR_SHARPNESS, WEIGHT,
};
use crate::plane::catalogue as plane;
use serde_json::json;

/// The main network alone, or guided.
pub(super) fn by(guide: Option<Guide>, weight: f64) -> Scheme {
    with(Scheme::default(), |scheme| {
        scheme.guidance.main = MAIN.into();
        scheme.guidance.guide = guide;
        scheme.guidance.weight = weight;
    })
}

/// Away from what the main network says of any picture, asked at k sigma.
pub(super) fn cfg(weight: f64, k: f64) -> Scheme {
    let anything = ModelName { model: MAIN.to_owned(), condition: Some(ANYTHING.to_owned()) };
    by(Some(Guide::new(anything, k)), weight)
}

/// Away from the main network of the same prompt, asked at k sigma.
pub(super) fn scaled(weight: f64, k: f64, space: Space) -> Scheme {
    with(by(Some(Guide::new(MAIN, k)), weight), |scheme| scheme.guidance.space = space)
}

/// Away from a smaller network of the same prompt.
pub(super) fn autoguided() -> Scheme {
    by(Some(Guide::new(GUIDE, 1.0)), 2.0)
}

/// Modes of the width of the grain that networks leave are to be narrower.
pub(super) fn rescaled() -> Scheme {
    let (sharpness, width) = (TSR_SHARPNESS.default, parameter::TSR_WIDTH.default);
    ruled(by(None, 1.0), Combination::Tsr { sharpness, width })
}

pub(super) fn with(mut scheme: Scheme, change: impl FnOnce(&mut Scheme)) -> Scheme {
    change(&mut scheme);
    scheme
}

pub(super) fn ruled(scheme: Scheme, combination: Combination) -> Scheme {
    with(scheme, |scheme| scheme.guidance.combination = combination)
}

pub(super) fn scheduled(scheme: Scheme, schedule: Schedule) -> Scheme {
    with(scheme, |scheme| scheme.guidance.schedule = schedule)
}

pub(super) fn within_interval(scheme: Scheme) -> Scheme {
    let (low, high) = (parameter::INTERVAL_LOW.default, parameter::INTERVAL_HIGH.default);
    with(scheme, |scheme| scheme.guidance.interval = Some(Interval { low, high }))
}

/// Kinds of guide, in the order of menus, with the weights that the trial of the image world found good.
pub fn schemes() -> Vec<SchemeInfo> {
    let of_plane = plane::schemes();
    let row = |id: &'static str, there: &str, explanation, scheme: Scheme, places: &[(&str, &Parameter)], guides| {
        let plane::SchemeInfo { name, formula, reference, .. } =
            of_plane.iter().find(|row| row.id == there).expect("the plane has it").clone();
        let parameters = controls(&json!(scheme), places);
        SchemeInfo { id, name, formula, explanation, reference, scheme, parameters, guides }
    };
    let scale = ("/guide/sigmaScale", &parameter::SIGMA_SCALE);
    let names = || networks().into_iter().rev().map(|network| network.model);
    let (main, guide): (Vec<&str>, Vec<&str>) = names().partition(|name| *name != GUIDE);
    let anything = || main.iter().chain(&guide).chain(&[EXACT]).map(|name| format!("{name}:{ANYTHING}")).collect();
    let lesser = guide.iter().chain(&main[1..]).map(|&name| name.to_owned()).collect();
    let k = parameter::SIGMA_SCALE.default;
    let shifted = with(by(Some(Guide::new(MAIN, 1.0)), 2.0), |scheme| {
        scheme.guidance.guide.iter_mut().for_each(|guide| guide.noise_shift = NOISE_SHIFT.default);
    });
    vec![
        row("none", "none", "The network alone.", by(None, 1.0), &[], vec![]),
        row(
            "cfg",
            "classifier-free",
            "Away from the network without a prompt: towards what is typical of the prompt, at the cost of variety.",
            cfg(WEIGHT.default, 1.0),
            &[weight()],
            anything(),
        ),
        row(
            "autoguidance",
            "autoguidance",
            "Away from a smaller network of the same prompt: the errors that both make shrink.",
            autoguided(),
            &[weight()],
            lesser,
        ),
        row(
            "sigma-scaling",
            "sigma-scaling",
            "Away from the network at a higher noise level. A weight little above 1 does much where scores are mixed.",
            scaled(IN_SCORES, k, Space::Score),
            &[weight(), scale],
            vec![],
        ),
        SchemeInfo {
            name: "Classifier-free, scaled",
            formula: "D0(x; kσ) + w (D1(x; σ) − D0(x; kσ)), D0 unconditional",
            ..row(
                "cfg-scaled",
                "sigma-scaling",
                "Away from the network without a prompt at a higher noise level: the proposal's multiplier on top of it.",
                with(cfg(WEIGHT.default, k), |scheme| scheme.guidance.space = Space::Denoised),
                &[weight(), scale],
                anything(),
            )
        },
        row(
            "heavy-tail-gaussian",
            "heavy-tail-gaussian",
            "Away from the exact model at a higher noise level: sigma scaling without the guide's errors.",
            by(Some(Guide::new(EXACT, k)), IN_SCORES),
            &[weight(), scale],
            vec![EXACT.to_owned()],
        ),
        row(
            "time-step",
            "time-step",
            "Away from the same network misled about the noise level, and about nothing else.",
            shifted,
            &[weight(), ("/guide/noiseShift", &NOISE_SHIFT)],
            vec![],
        ),
        row(
            "momentum",
            "momentum",
            "Away from the running mean of the network's own estimates: no second model at all.",
            ruled(by(None, 1.0), MOMENTUM),
            &[("/combination/momentum/strength", &MOMENTUM_STRENGTH), ("/combination/momentum/rate", &MOMENTUM_RATE)],
            vec![],
        ),
        row(
            "tsr",
            "tsr",
            "Narrows modes as wide as the grain that networks leave, and keeps their shares.",
            rescaled(),
            &[("/combination/tsr/sharpness", &TSR_SHARPNESS), ("/combination/tsr/width", &parameter::TSR_WIDTH)],
            vec![],
        ),
        row(
            "history",
            "history",
            "Away from the mean of the network's earlier estimates as they are, without the paper's filter for details.",
            ruled(by(None, 1.0), HISTORY),
            &[
                ("/combination/higs/strength", &HIGS_STRENGTH),
                ("/combination/higs/rate", &HIGS_RATE),
                ("/combination/higs/parallel", &APG_PARALLEL),
                ("/combination/higs/end", &HIGS_END),
            ],
            vec![],
        ),
        row(
            "epsilon-scaling",
            "epsilon-scaling",
            "A little less noise taken away, against the drift of sampling.",
            ruled(by(None, 1.0), SCALED_NOISE),
            &[("/combination/epsilonScaling/divisor", &EPSILON_DIVISOR)],
            vec![],
        ),
    ]
}

/// Classifier-free guidance of the usual weight with something else, then the rows of the report.
pub fn presets() -> Vec<Preset> {
    let usual = || cfg(WEIGHT.default, 1.0);
    let row = |id: &str, name: &str, reference, scheme| {
        let (id, name) = (id.to_owned(), name.to_owned());
        Preset { id, name, reference, scheme }
    };
    let options = parts();
    let with_option = |id: &str, option: &str| {
        let Variant { name, reference, value, .. } =
            options.iter().find(|row| row.id == option).expect("the table has it");
        let mut scheme = json!(usual());
        let fields = scheme.as_object_mut().zip(value.as_object());
        fields.into_iter().for_each(|(scheme, fields)| scheme.extend(fields.clone()));
        row(id, &format!("CFG, {name}"), reference, serde_json::from_value(scheme).expect("it is a scheme"))
    };
    let apg = Combination::Apg { momentum: 0.0, parallel: 0.0, radius: 0.0 };
    let mut rows = vec![
        row("cfg-linear", "CFG, rising linearly", WS, scheduled(usual(), Schedule::Linear)),
        row("cfg-cosine", "CFG, rising as a cosine", WS, scheduled(usual(), Schedule::Cosine)),
        row("cfg-interval", "CFG at some noise levels", LI, within_interval(usual())),
        with_option("cfg-rescaled", "rescale"),
        with_option("cfg-threshold", "threshold"),
        with_option("cfg-bands", "bands"),
        with_option("cfg-cads", "cads"),
        row("apg", "Adaptive projected guidance", APG, ruled(usual(), apg)),
        row(
            "sigma-scaling-denoised",
            "Sigma scaling of estimates",
            HT,
            scaled(IN_ESTIMATES, parameter::SIGMA_SCALE.default, Space::Denoised),
        ),
    ];
    let kinds = schemes();
    for preset in proposal::proposal() {
        let id = match &*preset.id {
            // Kinds of guide as they are at first.
            "none" | "auto" | "tsr" => continue,
            "apg" | "interval" => format!("cfg4-{}", preset.id),
            id => id.replace(' ', "-"),
        };
        debug_assert!(kinds.iter().all(|kind| kind.id != id));
        rows.push(Preset { id, ..preset });
    }
    rows
}

/// The scheme of a preset or of a kind of guide.
pub fn named(id: &str) -> Option<Scheme> {
    let kinds = schemes().into_iter().map(|kind| (kind.id.to_owned(), kind.scheme));
    let presets = presets().into_iter().map(|preset| (preset.id, preset.scheme));
    kinds.chain(presets).find(|(name, _)| name == id).map(|row| row.1)
}
