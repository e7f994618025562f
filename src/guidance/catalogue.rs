//! The one table of schemes and of everything that they are made of: names, formulas, parameters, references.
//!
//! The page's controls, the command's help and docs/schemes.md are made from it. Formulas are plain text: s1 and D1 are
//! the main model's score and denoised estimate, s0 and D0 the guide's, w the guidance weight, u the fraction of sampling
//! that is done, f a schedule's shape.

use super::model::shipped_names;
use super::{Combination, Degradation, Guide, Interval, MAIN, Noise, Reading, Schedule, Scheme, Space, VERSION};
use crate::parameter::{self, Parameter, Setting};
use crate::sampling::{NoiseLevels, Solver, Spacing};
use serde::Serialize;
use serde_json::Value;

/// The whole table.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Catalogue {
    /// Version of the description of schemes.
    pub version: u32,
    /// Models by name.
    pub models: Vec<String>,
    /// Those that can be the main model: not the heavy-tailed ones.
    pub mains: Vec<String>,
    /// Kinds of guide, in the order of menus.
    pub schemes: Vec<SchemeInfo>,
    /// Complete settings of papers.
    pub presets: Vec<Preset>,
    /// Shapes of the weight over time.
    pub schedules: Vec<Variant>,
    /// What a shape multiplies.
    pub readings: Vec<Variant>,
    /// Rules of combination.
    pub combinations: Vec<Variant>,
    /// What is mixed.
    pub spaces: Vec<Variant>,
    /// Solvers.
    pub solvers: Vec<Variant>,
    /// Spacings of noise levels.
    pub spacings: Vec<Variant>,
    /// The guidance interval, where there is one.
    pub interval: Vec<Control>,
    /// Noise levels, but for their spacing.
    pub levels: Vec<Control>,
}

/// A kind of guide.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SchemeInfo {
    /// Stable identifier.
    pub id: &'static str,
    /// What the field calls it.
    pub name: &'static str,
    /// The guided score.
    pub formula: &'static str,
    /// One line on what it does.
    pub explanation: &'static str,
    /// Where it comes from.
    pub reference: &'static str,
    /// The scheme with its default parameters.
    pub scheme: Scheme,
    /// Its own parameters, by JSON pointers into the scheme.
    pub parameters: Vec<Control>,
    /// Models that can be the guide; none where the guide is the main model again.
    pub guides: Vec<String>,
}

/// A scheme with a name.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preset {
    /// Stable identifier.
    pub id: &'static str,
    /// Whose setting it is.
    pub name: &'static str,
    /// Where it comes from.
    pub reference: &'static str,
    /// The setting.
    pub scheme: Scheme,
}

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
fn control(json: &Value, path: String, parameter: &Parameter) -> Control {
    let number = json.pointer(&path).and_then(Value::as_number).expect("a pointer leads to a number");
    let default = number.as_f64().expect("numbers are f64");
    Control { path, whole: number.is_u64(), parameter: Parameter { default, ..*parameter } }
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

/// The table.
pub fn catalogue() -> Catalogue {
    let levels = NoiseLevels::default();
    let interval = Interval { low: parameter::INTERVAL_LOW.default, high: parameter::INTERVAL_HIGH.default };
    let json = serde_json::to_value(Scheme { interval: Some(interval), ..Scheme::default() });
    let json = json.expect("a scheme becomes JSON");
    let controls = |prefix: &str, settings: &[Setting]| -> Vec<Control> {
        settings.iter().map(|(field, parameter, _)| control(&json, format!("{prefix}/{field}"), parameter)).collect()
    };
    let models: Vec<String> =
        ["exact:A", "exact:B", "exact:AB"].map(str::to_owned).into_iter().chain(shipped_names()).collect();
    Catalogue {
        version: VERSION,
        mains: models.iter().filter(|name| !name.starts_with("tail-")).cloned().collect(),
        models,
        schemes: schemes(),
        presets: presets(),
        schedules: schedules(),
        readings: readings(),
        combinations: combinations(),
        spaces: spaces(),
        solvers: solvers(),
        spacings: spacings(),
        interval: controls("/interval", &interval.settings()),
        levels: controls("/levels", &levels.settings()),
    }
}

/// A scheme without what is as by default: short enough to be read.
pub fn short(scheme: &Scheme) -> Value {
    let json = |scheme: &Scheme| serde_json::to_value(scheme).expect("a scheme becomes JSON");
    let mut default = json(&Scheme::default());
    let mut found = json(scheme);
    if let Some(fields) = found.as_object_mut() {
        fields.retain(|name, value| *value != default[name]);
    }
    default["guide"] = serde_json::to_value(Guide::default()).expect("a guide becomes JSON");
    for part in ["guide", "levels"] {
        if let Some(fields) = found.get_mut(part).and_then(Value::as_object_mut) {
            fields.retain(|name, value| name == "model" || *value != default[part][name]);
        }
    }
    found["main"] = scheme.main.clone().into();
    found
}

/// The scheme of a preset or of a kind of guide.
pub fn named(id: &str) -> Option<Scheme> {
    let presets = presets().into_iter().map(|preset| (preset.id, preset.scheme));
    schemes()
        .into_iter()
        .map(|info| (info.id, info.scheme))
        .chain(presets)
        .find(|(name, _)| *name == id)
        .map(|row| row.1)
}

const EDM: &str = "Karras et al. 2022, arXiv 2206.00364";
const CFG: &str = "Ho & Salimans 2022, arXiv 2207.12598";
const AG: &str = "Karras et al. 2024, arXiv 2406.02507";
const HT: &str = "Heavy-tail guidance proposal";
const TEDM: &str = "Pandey et al. 2024, arXiv 2410.14171";
const TSG: &str = "Sadat et al. 2024, arXiv 2407.02687";
const WS: &str = "Wang et al. 2024, arXiv 2404.13040";
const LI: &str = "Kynkäänniemi et al. 2024, arXiv 2404.07724";
const SDE: &str = "Song et al. 2021, arXiv 2011.13456";
const CFG_PP: &str = "Chung et al. 2024, arXiv 2406.08070";
const APG: &str = "Sadat et al. 2024, arXiv 2410.02416";
const ZERO: &str = "Fan et al. 2025, arXiv 2503.18886";
const TCFG: &str = "Kwon et al. 2025, arXiv 2503.18137";
const MG: &str = "arXiv 2602.20360";
const POWER: &str = "Pavasovic et al. 2025, arXiv 2502.07849";
const BETA: &str = "Malarz et al. 2025, arXiv 2502.10574";
const FKC: &str = "Skreta et al. 2025, arXiv 2503.02819";

const CFG_GUIDE: &str = "guide-AB32-0512";
const AUTO_GUIDE: &str = "guide-A32-0512";
const EXACT_A: &str = "exact:A";

fn guided(guide: Guide, weight: f64) -> Scheme {
    Scheme { guide: Some(guide), weight, ..Scheme::default() }
}

fn starting_with(prefixes: &[&str]) -> Vec<String> {
    shipped_names().into_iter().filter(|name| prefixes.iter().any(|p| name.starts_with(p))).collect()
}

/// Kinds of guide, in the order of menus.
pub fn schemes() -> Vec<SchemeInfo> {
    let place = |path: &str, parameter: &'static Parameter| (path.to_owned(), parameter);
    let weight = || place("/weight", &parameter::WEIGHT);
    let scale = || place("/guide/sigmaScale", &parameter::SIGMA_SCALE);
    let itself = |guide: Guide| Guide { model: MAIN.to_owned(), ..guide };
    let k = parameter::SIGMA_SCALE.default;
    let w = parameter::WEIGHT.default;
    let student = Noise::StudentT { degrees_of_freedom: parameter::DEGREES_OF_FREEDOM.default };
    let dropout = Degradation::Dropout { rate: parameter::DROPOUT_RATE.default, seed: 1 };
    let noisy = Degradation::WeightNoise { strength: parameter::NOISE_STRENGTH.default, seed: 1 };
    let degraded = |degradation: Degradation| {
        let id = if matches!(degradation, Degradation::Dropout { .. }) { "dropout" } else { "weightNoise" };
        let own = degradation.settings();
        let own = own.into_iter().map(|(field, p, _)| (format!("/guide/degradation/{id}/{field}"), p));
        std::iter::once(weight()).chain(own).collect::<Vec<_>>()
    };
    let row = |id,
               [name, formula, explanation, reference]: [&'static str; 4],
               scheme: Scheme,
               parameters: Vec<(String, &'static Parameter)>,
               guides| {
        let json = serde_json::to_value(&scheme).expect("a scheme becomes JSON");
        let parameters = parameters.into_iter().map(|(path, p)| control(&json, path, p)).collect();
        SchemeInfo { id, name, formula, explanation, reference, scheme, parameters, guides }
    };
    vec![
        row(
            "none",
            ["No guidance", "s1(x; σ)", "The main model alone: it covers the whole tree, and strays beyond it.", EDM],
            Scheme::default(),
            vec![],
            vec![],
        ),
        row(
            "classifier-free",
            [
                "Classifier-free guidance",
                "s0(x; σ) + w (s1(x; σ) − s0(x; σ)), s0 unconditional",
                "Away from a model of both classes: towards what is typical of one class, at the cost of its branches.",
                CFG,
            ],
            guided(Guide::new(CFG_GUIDE, 1.0), 4.0),
            vec![weight()],
            [starting_with(&["guide-AB"]), vec!["exact:AB".to_owned()]].concat(),
        ),
        row(
            "autoguidance",
            [
                "Autoguidance",
                "s0(x; σ) + w (s1(x; σ) − s0(x; σ)), s0 a lesser model of the same class",
                "Away from a smaller, less trained version of the main model: the errors that both make shrink.",
                AG,
            ],
            guided(Guide::new(AUTO_GUIDE, 1.0), w),
            vec![weight()],
            starting_with(&["guide-A32", "main-"]),
        ),
        row(
            "sigma-scaling",
            [
                "Sigma scaling",
                "s1(x; kσ) + w (s1(x; σ) − s1(x; kσ))",
                "Away from the same model at a higher noise level: towards where density is already high.",
                HT,
            ],
            guided(itself(Guide::new(MAIN, k)), w),
            vec![weight(), scale()],
            vec![],
        ),
        row(
            "heavy-tail-gaussian",
            [
                "Wider Gaussian",
                "s0(x; kσ) + w (s1(x; σ) − s0(x; kσ)), s0 of the data under N(0, k²σ²)",
                "Away from the true data under more noise than the main model's: sigma scaling without the guide's errors.",
                HT,
            ],
            guided(Guide::new(EXACT_A, k), w),
            vec![weight(), scale()],
            vec![EXACT_A.to_owned()],
        ),
        row(
            "heavy-tail-student",
            [
                "Heavy tails",
                "s0(x) + w (s1(x; σ) − s0(x)), s0 of the data under Student-t noise T_ν(0, k²σ²)",
                "Away from the true data under heavy-tailed noise: it attracts everywhere if k ≥ √(1 + 2/ν).",
                HT,
            ],
            guided(Guide { noise: student, ..Guide::new(EXACT_A, 1.25) }, w),
            vec![weight(), scale(), place("/guide/noise/studentT/degreesOfFreedom", &parameter::DEGREES_OF_FREEDOM)],
            vec![EXACT_A.to_owned()],
        ),
        row(
            "heavy-tail-network",
            [
                "Heavy tails, trained",
                "s0(x; kσ) + w (s1(x; σ) − s0(x; kσ)), s0 a network trained on Student-t noise",
                "Away from a network that has learned the data under heavy-tailed noise.",
                TEDM,
            ],
            guided(Guide::new("tail-A64-nu4", 1.25), w),
            vec![weight(), scale()],
            starting_with(&["tail-"]),
        ),
        row(
            "time-step",
            [
                "Time-step guidance",
                "s0 + w (s1(x; σ) − s0), s0 the same network told ln σ + shift",
                "Away from the same network misled about the noise level, and about nothing else.",
                TSG,
            ],
            guided(Guide { noise_shift: parameter::NOISE_SHIFT.default, ..Guide::new(MAIN, 1.0) }, w),
            vec![weight(), place("/guide/noiseShift", &parameter::NOISE_SHIFT)],
            vec![],
        ),
        row(
            "independent-condition",
            [
                "Independent condition",
                "s0(x; σ) + w (s1(x; σ) − s0(x; σ)), s0 of a class chosen regardless of x",
                "Away from a model of another class, which stands for an unconditional one.",
                TSG,
            ],
            guided(Guide::new("guide-B32-0512", 1.0), w),
            vec![weight()],
            [starting_with(&["guide-B32"]), vec!["exact:B".to_owned()]].concat(),
        ),
        row(
            "dropout",
            [
                "Autoguidance by dropout",
                "s0(x; σ) + w (s1(x; σ) − s0(x; σ)), s0 the main model without some of its units",
                "Away from the main model with a fixed random share of its hidden units left out.",
                AG,
            ],
            guided(Guide { degradation: dropout, ..Guide::new(MAIN, 1.0) }, w),
            degraded(dropout),
            vec![],
        ),
        row(
            "weight-noise",
            [
                "Autoguidance by weight noise",
                "s0(x; σ) + w (s1(x; σ) − s0(x; σ)), s0 the main model with noise on its weights",
                "Away from the main model with a fixed random error of its weights.",
                AG,
            ],
            guided(Guide { degradation: noisy, ..Guide::new(MAIN, 1.0) }, w),
            degraded(noisy),
            vec![],
        ),
        row(
            "momentum",
            [
                "Momentum guidance",
                "D1 + a (D1 − m), m ← (1 − b) m + b D1",
                "Away from the running mean of the model's own estimates: no second model at all.",
                MG,
            ],
            Scheme { combination: MOMENTUM, ..Scheme::default() },
            MOMENTUM.settings().into_iter().map(|(f, p, _)| (format!("/combination/momentum/{f}"), p)).collect(),
            vec![],
        ),
        row(
            "feynman-kac",
            [
                "Feynman-Kac correctors",
                "particles weighted so that they follow p1^w p0^(1−w) itself",
                "What guidance seems to promise, reached by weighting and resampling; exact models only.",
                FKC,
            ],
            Scheme {
                main: EXACT_A.to_owned(),
                combination: FEYNMAN_KAC,
                solver: Solver::ReverseSde,
                levels: NoiseLevels { steps: 256, ..NoiseLevels::default() },
                ..guided(Guide::new("exact:AB", 1.0), 2.0)
            },
            vec![weight(), scale(), place("/combination/feynmanKac/threshold", &parameter::RESAMPLING)],
            ["exact:AB", EXACT_A].map(str::to_owned).to_vec(),
        ),
    ]
}

const MOMENTUM: Combination =
    Combination::Momentum { strength: parameter::MOMENTUM_STRENGTH.default, rate: parameter::MOMENTUM_RATE.default };
const FEYNMAN_KAC: Combination = Combination::FeynmanKac { threshold: parameter::RESAMPLING.default };
const ADAPTIVE: Combination = Combination::Apg {
    momentum: parameter::APG_MOMENTUM.default,
    parallel: parameter::APG_PARALLEL.default,
    radius: parameter::CLIP_RADIUS.default,
};

/// Complete settings of papers.
pub fn presets() -> Vec<Preset> {
    let cfg = || guided(Guide::new(CFG_GUIDE, 1.0), 4.0);
    let auto = || guided(Guide::new(AUTO_GUIDE, 1.0), 3.0);
    let scaled = |k: f64| guided(Guide::new(MAIN, k), 3.0);
    let cosine = |g: f64| Scheme {
        schedule: Schedule::PoweredCosine { exponent: 1.0 },
        reading: Reading::Raw,
        weight: g,
        ..scaled(1.2)
    };
    let tail = |nu: f64, k: f64| {
        guided(Guide { noise: Noise::StudentT { degrees_of_freedom: nu }, ..Guide::new(EXACT_A, k) }, 3.0)
    };
    let ruled = |combination: Combination| Scheme { combination, ..cfg() };
    let row = |id, name, reference, scheme| Preset { id, name, reference, scheme };
    vec![
        row("ag-toy", "Autoguidance, the paper's toy", AG, auto()),
        row("cfg-toy", "Classifier-free, the paper's toy", AG, cfg()),
        row(
            "cfg-large",
            "Classifier-free, guide as large as the main model",
            AG,
            guided(Guide::new("guide-AB64-4096", 1.0), 4.0),
        ),
        row("ht-1.00", "Proposal, k = 1.00", HT, scaled(1.0)),
        row("ht-1.02", "Proposal, k = 1.02", HT, scaled(1.02)),
        row("ht-1.04", "Proposal, k = 1.04", HT, scaled(1.04)),
        row("ht-1.10", "Proposal, k = 1.10", HT, scaled(1.1)),
        row("ht-1.20", "Proposal, k = 1.20", HT, scaled(1.2)),
        row("ht-cosine-4", "Proposal, cosine, g = 4", HT, cosine(4.0)),
        row("ht-cosine-6", "Proposal, cosine, g = 6", HT, cosine(6.0)),
        row("ht-cosine-8", "Proposal, cosine, g = 8", HT, cosine(8.0)),
        row("ht-student-4", "Proposal, heavy tails, ν = 4", HT, tail(4.0, 1.25)),
        row("ht-student-10", "Proposal, heavy tails, ν = 10", HT, tail(10.0, 1.1)),
        row("ws-linear", "Rising linearly", WS, Scheme { schedule: Schedule::Linear, ..cfg() }),
        row("ws-cosine", "Rising as a cosine", WS, Scheme { schedule: Schedule::Cosine, ..cfg() }),
        row(
            "ws-clamp-linear",
            "Rising linearly, clamped",
            WS,
            Scheme { schedule: Schedule::ClampLinear { floor: 1.0 }, ..cfg() },
        ),
        row(
            "li",
            "Limited interval",
            LI,
            Scheme {
                interval: Some(Interval {
                    low: parameter::INTERVAL_LOW.default,
                    high: parameter::INTERVAL_HIGH.default,
                }),
                ..cfg()
            },
        ),
        row(
            "beta-cfg",
            "Beta schedule",
            BETA,
            Scheme { schedule: Schedule::Beta { a: parameter::BETA_A.default, b: parameter::BETA_B.default }, ..cfg() },
        ),
        row(
            "cfg-plus-plus",
            "CFG++",
            CFG_PP,
            Scheme { solver: Solver::Euler, weight: 0.6, ..ruled(Combination::CfgPlusPlus) },
        ),
        row("apg", "Adaptive projected guidance", APG, ruled(ADAPTIVE)),
        row("cfg-zero-star", "CFG-Zero*", ZERO, ruled(Combination::CfgZeroStar { still: 1 })),
        row("tcfg", "Tangential damping", TCFG, ruled(Combination::Tcfg)),
        row(
            "norm-clip",
            "Clipped guidance",
            AG,
            ruled(Combination::NormClip { radius: parameter::CLIP_RADIUS.default }),
        ),
        row("power-law", "Power law", POWER, ruled(Combination::PowerLaw { power: parameter::POWER.default })),
    ]
}

/// Shapes of the weight over time.
pub fn schedules() -> Vec<Variant> {
    let row = |schedule: Schedule, words| variant(&schedule, schedule.settings(), words);
    vec![
        row(Schedule::Static, ["Static", "f = 1", "The same weight at all times.", WS]),
        row(Schedule::Linear, ["Linear", "f = 2u", "Rises from no guidance to twice as much.", WS]),
        row(Schedule::Cosine, ["Cosine", "f = 1 − cos πu", "Rises slowly, then fast, then slowly.", WS]),
        row(Schedule::InverseLinear, ["Inverse linear", "f = 2(1 − u)", "Falls: most guidance at high noise.", WS]),
        row(Schedule::Sine, ["Sine", "f = 1 + cos πu", "Falls as a cosine.", WS]),
        row(Schedule::V, ["V", "f = 2 |1 − 2u|", "Strong at both ends, none in the middle.", WS]),
        row(Schedule::Lambda, ["Lambda", "f = 2 (1 − |1 − 2u|)", "Strong in the middle, none at both ends.", WS]),
        row(
            Schedule::ClampLinear { floor: parameter::FLOOR.default },
            ["Clamped linear", "max(c, (w − 1) 2u)", "Linear, with a least weight: not renormalised.", WS],
        ),
        row(
            Schedule::ClampCosine { floor: parameter::FLOOR.default },
            ["Clamped cosine", "max(c, (w − 1)(1 − cos πu))", "Cosine, with a least weight: not renormalised.", WS],
        ),
        row(
            Schedule::PoweredCosine { exponent: parameter::EXPONENT_IN_TIME.default },
            ["Powered cosine", "f = ½ (1 − cos πuˢ)", "Rises to 1 at the end; s = 1, read raw, is the proposal's.", HT],
        ),
        row(
            Schedule::Beta { a: parameter::BETA_A.default, b: parameter::BETA_B.default },
            ["Beta", "f = Beta(u; a, b)", "A hill wherever a and b put it.", BETA],
        ),
        row(
            Schedule::NegativePerturbation { from: parameter::WINDOW_FROM.default, to: parameter::WINDOW_TO.default },
            [
                "Hole",
                "f = 0 inside a window of u, 1 outside",
                "Shows what guidance does at one time by taking it away.",
                WS,
            ],
        ),
        row(
            Schedule::Curve { points: vec![[0.0, 0.0], [0.5, 1.0], [1.0, 1.0]] },
            ["Drawn", "f by straight lines between points (u, f)", "Whatever you draw.", WS],
        ),
    ]
}

/// What a shape multiplies.
pub fn readings() -> Vec<Variant> {
    let row = |reading: Reading, words| variant(&reading, vec![], words);
    vec![
        row(Reading::Excess, ["Excess", "w(u) = 1 + (w − 1) f(u)", "f = 0 is no guidance.", WS]),
        row(Reading::Raw, ["Raw", "w(u) = w f(u)", "f = 0 follows the guide alone, which is not “no guidance”.", HT]),
    ]
}

/// Rules of combination.
pub fn combinations() -> Vec<Variant> {
    let row = |combination: Combination, words| variant(&combination, combination.settings(), words);
    vec![
        row(Combination::Lerp, ["Linear", "s0 + w (s1 − s0)", "Extrapolates from guide to main model.", CFG]),
        row(
            Combination::CfgPlusPlus,
            [
                "CFG++",
                "x⁺ = D0 + w (D1 − D0) + (σ⁺/σ)(x − D0)",
                "Adds the guide's noise back, not the guided one's.",
                CFG_PP,
            ],
        ),
        row(
            ADAPTIVE,
            [
                "Adaptive projected (APG)",
                "D1 + (w − 1)(Δ⊥ + η Δ∥), Δ = clip(D1 − D0 + β Δ⁻, r)",
                "Keeps what is orthogonal to the main estimate, with a memory and a bound.",
                APG,
            ],
        ),
        row(
            Combination::CfgZeroStar { still: parameter::ZERO_STEPS.default as u32 },
            [
                "CFG-Zero*",
                "a s0 + w (s1 − a s0), a = s1·s0 / |s0|²",
                "Scales the guide to fit the main model first.",
                ZERO,
            ],
        ),
        row(
            Combination::Tcfg,
            [
                "Tangential damping (TCFG)",
                "s0' + w (s1 − s0'), s0' = (s0·v) v",
                "Keeps the guide's part along v, the direction that both share.",
                TCFG,
            ],
        ),
        row(
            Combination::NormClip { radius: parameter::CLIP_RADIUS.default },
            ["Clipped", "D1 + clip((w − 1)(D1 − D0), r)", "Bounds how far guidance moves an estimate.", EDM],
        ),
        row(
            MOMENTUM,
            [
                "Momentum",
                "D1 + a (D1 − m), m ← (1 − b) m + b D1",
                "Away from the model's own past; without a guide.",
                MG,
            ],
        ),
        row(
            Combination::PowerLaw { power: parameter::POWER.default },
            ["Power law", "D1 + (w − 1)(D1 − D0) |D1 − D0|^α", "Fades where main model and guide agree.", POWER],
        ),
        row(
            FEYNMAN_KAC,
            [
                "Feynman-Kac",
                "d ln W = ½ w (w − 1) |s1 − s0|² dτ + …",
                "Weights and resamples, to follow p1^w p0^(1−w) itself.",
                FKC,
            ],
        ),
    ]
}

/// What is mixed.
pub fn spaces() -> Vec<Variant> {
    let row = |space: Space, words| variant(&space, vec![], words);
    vec![
        row(Space::Score, ["Score", "s", "The default; differs from the others only where k ≠ 1.", HT]),
        row(Space::Epsilon, ["Noise", "ε = −σs", "As if the guide's noise estimate were the main model's.", CFG]),
        row(Space::Denoised, ["Denoised", "D = x + σ²s", "No extra pull towards a point that both agree on.", EDM]),
    ]
}

/// Solvers.
pub fn solvers() -> Vec<Variant> {
    let row = |solver: Solver, words| variant(&solver, solver.settings(), words);
    let churn = Solver::Churn {
        churn: parameter::CHURN.default,
        min: parameter::CHURN_LOW.default,
        max: parameter::CHURN_HIGH.default,
        noise: parameter::CHURN_NOISE.default,
    };
    vec![
        row(Solver::Heun, ["Heun", "x + Δσ (d + d')/2", "Second order, two evaluations a step.", EDM]),
        row(Solver::Euler, ["Euler (DDIM)", "x + Δσ d", "First order, one evaluation a step.", EDM]),
        row(
            churn,
            [
                "Heun with churn",
                "x + √(σ̂² − σ²) ξ, then Heun from σ̂",
                "Adds noise before each step and removes it again.",
                EDM,
            ],
        ),
        row(Solver::Ancestral, ["Ancestral", "x + Δτ s + (σ⁺/σ)√Δτ ξ", "DDPM's reverse process; Δτ = σ² − σ⁺².", SDE]),
        row(Solver::ReverseSde, ["Reverse SDE", "x + Δτ s + √Δτ ξ", "Euler and Maruyama; Δτ = σ² − σ⁺².", SDE]),
        row(
            Solver::DpmPlusPlus2m,
            [
                "DPM-Solver++(2M)",
                "(σ⁺/σ) x + (1 − σ⁺/σ)(D + (D − D⁻)/(2r))",
                "Second order from one evaluation a step and the last one.",
                "Lu et al. 2022, arXiv 2211.01095",
            ],
        ),
    ]
}

/// Spacings of noise levels.
pub fn spacings() -> Vec<Variant> {
    let row = |spacing: Spacing, words| variant(&spacing, spacing.settings(), words);
    vec![
        row(Spacing::default(), ["EDM", "σ^(1/ρ) even", "Denser at low noise, as ρ says.", EDM]),
        row(Spacing::Linear, ["Linear", "σ even", "Few levels at low noise.", EDM]),
        row(
            Spacing::LinearBeta,
            ["Linear beta (VP)", "the time of DDPM even", "DDPM's levels.", "Ho et al. 2020, arXiv 2006.11239"],
        ),
        row(
            Spacing::Cosine,
            [
                "Cosine (VP)",
                "arctan σ even",
                "The cosine schedule's levels.",
                "Nichol & Dhariwal 2021, arXiv 2102.09672",
            ],
        ),
        row(Spacing::LogLinear, ["Log-linear (VE)", "ln σ even", "The same ratio in every step.", SDE]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Plan;
    use std::collections::BTreeSet;

    /// The table's default is what the type takes, and every pointer leads to its parameter's default.
    fn check(variant: &Variant) {
        for control in &variant.parameters {
            let value = variant.value.pointer(&control.path).and_then(Value::as_f64);
            assert_eq!(value, Some(control.parameter.default), "{} {}", variant.id, control.path);
        }
    }

    #[test]
    fn every_variant_has_one_row_and_its_defaults() {
        let table = catalogue();
        let parts =
            [&table.schedules, &table.readings, &table.combinations, &table.spaces, &table.solvers, &table.spacings];
        for variants in parts {
            variants.iter().for_each(check);
            let ids: BTreeSet<_> = variants.iter().map(|v| &v.id).collect();
            assert_eq!(ids.len(), variants.len());
        }
        // Serde names all variants where it refuses one: the rows are as many.
        fn known<T: serde::de::DeserializeOwned>() -> usize {
            let message = serde_json::from_str::<T>("\"?\"").err().map(|e| e.to_string()).unwrap_or_default();
            message.split("expected").nth(1).map_or(0, |names| names.matches('`').count() / 2)
        }
        let counts = [
            known::<Schedule>(),
            known::<Reading>(),
            known::<Combination>(),
            known::<Space>(),
            known::<Solver>(),
            known::<Spacing>(),
        ];
        assert_eq!(parts.map(|p| p.len()), counts);
    }

    #[test]
    fn every_scheme_and_preset_makes_sense_and_ships() {
        let table = catalogue();
        let schemes = table.schemes.iter().map(|s| (s.id, &s.scheme));
        let all: Vec<_> = schemes.chain(table.presets.iter().map(|p| (p.id, &p.scheme))).collect();
        for (id, scheme) in &all {
            Plan::new(scheme).unwrap_or_else(|e| panic!("{id}: {e}"));
            assert!(scheme.models().all(|m| table.models.iter().any(|n| n == m)), "{id}");
            assert_eq!(named(id).as_ref(), Some(*scheme));
            assert_eq!(&&serde_json::from_value::<Scheme>(short(scheme)).unwrap(), scheme, "{id}");
        }
        let ids: BTreeSet<_> = all.iter().map(|row| row.0).collect();
        assert_eq!(ids.len(), all.len());
        for info in &table.schemes {
            let json = serde_json::to_value(&info.scheme).unwrap();
            for control in &info.parameters {
                assert!(json.pointer(&control.path).is_some_and(Value::is_number), "{} {}", info.id, control.path);
            }
            for guide in &info.guides {
                let mut scheme = info.scheme.clone();
                scheme.guide.as_mut().unwrap().model.clone_from(guide);
                scheme.validate().unwrap();
            }
        }
        assert!(named("nonsense").is_none());
    }
}
