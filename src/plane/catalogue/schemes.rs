//! Kinds of guide, and the settings of papers.

use super::{NetworkInfo, Preset, SchemeInfo, networks};
use crate::guidance::catalogue::references::*;
use crate::guidance::catalogue::{
    FEEDBACK, FEEDBACK_EXACT, FEYNMAN_KAC, HISTORY, MOMENTUM, NEGATIVE, PROJECTED, RESCALED, SCALED_NOISE, SHARE_OF_B,
    control,
};
use crate::guidance::{Combination, Degradation, Guide, Interval, MAIN, Noise, Reading, Schedule, Scheme};
use crate::json::camel_case;
use crate::parameter::{self, Parameter};
use crate::plane::distribution::Classes;
use crate::sampling::{NoiseLevels, Solver};

const CFG_GUIDE: &str = "guide-32-0512:AB";
const AUTO_GUIDE: &str = "guide-32-0512:A";
const EXACT_A: &str = "exact:A";

fn guided(guide: Guide, weight: f64) -> Scheme {
    Scheme { guide: Some(guide), weight, ..Scheme::default() }
}

/// Names of the networks that fit, as text.
fn networks_where(fits: impl Fn(&NetworkInfo) -> bool) -> Vec<String> {
    networks().into_iter().filter(|network| fits(network)).map(|network| network.model_name().to_string()).collect()
}

/// Networks of some classes under Gaussian noise.
fn of_class(classes: Classes) -> Vec<String> {
    networks_where(|network| network.noise == Noise::Gaussian && network.condition == classes)
}

/// Kinds of guide, in the order of menus.
pub fn schemes() -> Vec<SchemeInfo> {
    let place = |path: &str, parameter: &'static Parameter| (path.to_owned(), parameter);
    let weight = || place("/weight", &parameter::WEIGHT);
    let scale = || place("/guide/sigmaScale", &parameter::SIGMA_SCALE);
    let k = parameter::SIGMA_SCALE.default;
    let w = parameter::WEIGHT.default;
    let student = Noise::StudentT { degrees_of_freedom: parameter::DEGREES_OF_FREEDOM.default };
    let dropout = Degradation::Dropout { rate: parameter::DROPOUT_RATE.default, seed: 1 };
    let fresh = Degradation::FreshDropout { rate: 0.05, seed: 1 };
    let noisy = Degradation::WeightNoise { strength: parameter::NOISE_STRENGTH.default, seed: 1 };
    let degraded = |degradation: Degradation| {
        let id = camel_case(degradation.variant());
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
            ["No guidance", "s1(x; σ)", "The main model alone: it covers all of the data, and strays beyond it.", EDM],
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
            [of_class(Classes::AB), vec!["exact:AB".to_owned()]].concat(),
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
            of_class(Classes::A),
        ),
        row(
            "sigma-scaling",
            [
                "Sigma scaling",
                "s1(x; kσ) + w (s1(x; σ) − s1(x; kσ))",
                "Away from the same model at a higher noise level: towards where density is already high.",
                HT,
            ],
            guided(Guide::new(MAIN, k), w),
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
            guided(Guide::new("tail-64-nu4:A", 1.25), w),
            vec![weight(), scale()],
            networks_where(|network| network.noise != Noise::Gaussian),
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
            guided(Guide::new("guide-32-0512:B", 1.0), w),
            vec![weight()],
            [of_class(Classes::B), vec!["exact:B".to_owned()]].concat(),
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
            "in-situ",
            [
                "In-situ autoguidance",
                "s0(x; σ) + w (s1(x; σ) − s0(x; σ)), s0 the main model without units that each step draws",
                "Away from the main model with a random share of its hidden units left out, others in each step; rate and w are chosen here.",
                IN_SITU,
            ],
            guided(Guide { degradation: fresh, ..Guide::new(MAIN, 1.0) }, 1.5),
            degraded(fresh),
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
            "tsr",
            [
                "Temporal score rescaling",
                "r s1, r = (v + σ²)/(v/k + σ²), v the variance of a mode",
                "Narrows modes of one width and keeps their shares.",
                TSR,
            ],
            Scheme { combination: RESCALED, ..Scheme::default() },
            RESCALED.settings().into_iter().map(|(f, p, _)| (format!("/combination/tsr/{f}"), p)).collect(),
            vec![],
        ),
        row(
            "history",
            [
                "History guidance (HiGS)",
                "D1 + h (Δ⊥ + η Δ∥), Δ = D1 − m, h = wh √((t − t0)/(1 − t0)), m ← m + a Δ",
                "Away from the mean of the model's earlier estimates, as long as noise is high.",
                HIGS,
            ],
            Scheme { combination: HISTORY, ..Scheme::default() },
            HISTORY.settings().into_iter().map(|(f, p, _)| (format!("/combination/higs/{f}"), p)).collect(),
            vec![],
        ),
        row(
            "epsilon-scaling",
            ["Epsilon scaling", "s1 / λ", "A little less noise taken away, against the drift of sampling.", EPSILON],
            Scheme { combination: SCALED_NOISE, ..Scheme::default() },
            vec![place("/combination/epsilonScaling/divisor", &parameter::EPSILON_DIVISOR)],
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
                main: EXACT_A.into(),
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
            guided(Guide::new("guide-64-4096:AB", 1.0), 4.0),
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
        row("apg", "Adaptive projected guidance", APG, ruled(PROJECTED)),
        row("cfg-zero-star", "CFG-Zero*", ZERO, ruled(Combination::CfgZeroStar { still: 1 })),
        row("tcfg", "Tangential damping", TCFG, ruled(Combination::Tcfg)),
        row(
            "norm-clip",
            "Clipped guidance",
            THRESHOLD,
            ruled(Combination::NormClip { radius: parameter::CLIP_RADIUS.default }),
        ),
        row("feedback", "Feedback guidance", FBG, Scheme { weight: 1.0, solver: Solver::Ancestral, ..ruled(FEEDBACK) }),
        row(
            "feedback-exact",
            "Feedback guidance, exact",
            FBG,
            Scheme { main: EXACT_A.into(), combination: FEEDBACK_EXACT, ..guided(Guide::new("exact:AB", 1.0), 1.0) },
        ),
        row(
            "negative",
            "Dynamic negative guidance",
            DNG,
            Scheme {
                main: "exact:AB".into(),
                combination: NEGATIVE,
                solver: Solver::Ancestral,
                ..guided(Guide::new("exact:B", 1.0), 1.0)
            },
        ),
        row(
            "negative-exact",
            "Dynamic negative guidance, exact",
            DNG,
            Scheme {
                main: "exact:AB".into(),
                combination: Combination::NegativeExact { prior: SHARE_OF_B, strength: 1.0, most: 0.999 },
                ..guided(Guide::new("exact:B", 1.0), 1.0)
            },
        ),
        row("adg", "Angle-domain guidance", ADG, ruled(Combination::Adg)),
        row("pmc", "PMC-CFG", PMC, ruled(Combination::Pmc { growth: parameter::PMC_GROWTH.default })),
        row(
            "mambo-g",
            "MAMBO-G",
            MAMBO,
            Scheme { weight: 10.0, ..ruled(Combination::MamboG { damping: parameter::MAMBO_DAMPING.default }) },
        ),
        row("ep-cfg", "EP-CFG", RENORM, ruled(Combination::Renorm { least: 1.0, most: 1.0 })),
        row("cfg-renorm", "CFG-Renorm", RENORM, ruled(Combination::Renorm { least: 0.0, most: 1.0 })),
        row(
            "adaptive-guidance",
            "Adaptive guidance",
            ADAPTIVE,
            ruled(Combination::AdaptiveGuidance { cosine: parameter::ADAPTIVE_COSINE.default }),
        ),
        row("transition-point", "Transition point", TRANSITION, ruled(Combination::TransitionPoint)),
        row(
            "c2fg",
            "C2FG, doubling",
            C2FG,
            Scheme {
                schedule: Schedule::Exponential { rate: 0.693 },
                reading: Reading::Raw,
                weight: 1.0,
                ..guided(Guide::new(CFG_GUIDE, 1.0), 1.0)
            },
        ),
        row("power-law", "Power law", POWER, ruled(Combination::PowerLaw { power: parameter::POWER.default })),
    ]
}
