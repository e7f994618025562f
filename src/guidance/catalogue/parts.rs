//! What a scheme is made of besides its models.

use super::references::*;
use super::{Variant, variant};
use crate::guidance::{Combination, Reading, Schedule, Space};
use crate::parameter;
use crate::sampling::{Solver, Spacing};

pub(crate) const MOMENTUM: Combination =
    Combination::Momentum { strength: parameter::MOMENTUM_STRENGTH.default, rate: parameter::MOMENTUM_RATE.default };
pub(crate) const RESCALED: Combination =
    Combination::Tsr { sharpness: parameter::TSR_SHARPNESS.default, width: parameter::TSR_WIDTH.default };
pub(crate) const FEEDBACK: Combination = Combination::Feedback {
    share: parameter::FEEDBACK_SHARE.default,
    most: parameter::FEEDBACK_MOST.default,
    onset: parameter::FEEDBACK_ONSET.default,
    decision: parameter::FEEDBACK_DECISION.default,
};
pub(crate) const FEEDBACK_EXACT: Combination =
    Combination::FeedbackExact { share: parameter::FEEDBACK_SHARE.default, most: parameter::FEEDBACK_MOST.default };
pub(crate) const NEGATIVE: Combination = Combination::Negative {
    strength: parameter::NEGATIVE_STRENGTH.default,
    prior: parameter::NEGATIVE_PRIOR.default,
    most: parameter::NEGATIVE_MOST.default,
    temperature: parameter::NEGATIVE_TEMPERATURE.default,
    offset: parameter::NEGATIVE_OFFSET.default,
};
pub(crate) const NEGATIVE_EXACT: Combination = Combination::NegativeExact {
    strength: parameter::NEGATIVE_STRENGTH.default,
    prior: parameter::NEGATIVE_PRIOR.default,
    most: parameter::NEGATIVE_MOST.default,
};
/// Class B's share of the paper's tree.
pub(crate) const SHARE_OF_B: f64 = 0.523;
pub(crate) const FEYNMAN_KAC: Combination = Combination::FeynmanKac { threshold: parameter::RESAMPLING.default };
pub(crate) const HISTORY: Combination = Combination::Higs {
    strength: parameter::HIGS_STRENGTH.default,
    rate: parameter::HIGS_RATE.default,
    parallel: parameter::APG_PARALLEL.default,
    end: parameter::HIGS_END.default,
};
pub(crate) const SCALED_NOISE: Combination =
    Combination::EpsilonScaling { divisor: parameter::EPSILON_DIVISOR.default };
pub(crate) const PROJECTED: Combination = Combination::Apg {
    momentum: parameter::APG_MOMENTUM.default,
    parallel: parameter::APG_PARALLEL.default,
    radius: parameter::CLIP_RADIUS.default,
};

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
        row(
            Schedule::Lambda,
            [
                "Lambda",
                "f = 2 (1 − |1 − 2u|)",
                "Strong in the middle, none at both ends: TV-CFG (arXiv 2509.22007), too.",
                WS,
            ],
        ),
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
            Schedule::Exponential { rate: parameter::GROWTH_RATE.default },
            ["Exponential (C2FG)", "f = e^(λu)", "Rises by a constant factor; to be read raw.", C2FG],
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
            PROJECTED,
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
            ["Clipped", "D1 + clip((w − 1)(D1 − D0), r)", "Bounds how far guidance moves an estimate.", THRESHOLD],
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
            RESCALED,
            [
                "Temporal rescaling (TSR)",
                "r s, r = (v + σ²)/(v/k + σ²), v the variance of a mode",
                "Narrows modes of one width and keeps their shares.",
                TSR,
            ],
        ),
        row(
            FEEDBACK,
            [
                "Feedback (FBG)",
                "s0 + ω (s1 − s0), ω = 1/(1 − (1 − π) p0/p1) as the steps tell",
                "Strong while a particle is undecided, 1 once it is decided.",
                FBG,
            ],
        ),
        row(
            FEEDBACK_EXACT,
            [
                "Feedback, exact",
                "s0 + ω (s1 − s0), ω = 1/(1 − (1 − π) p0/p1)",
                "By the true densities: the score of (p1 − (1 − π) p0)/π.",
                FBG,
            ],
        ),
        row(
            NEGATIVE,
            [
                "Dynamic negative (DNG)",
                "s1 + l0 p/(1 − p) (s1 − s0), p as the steps tell",
                "Away from the guide, as far as a particle seems its own.",
                DNG,
            ],
        ),
        row(
            NEGATIVE_EXACT,
            [
                "Dynamic negative, exact",
                "s1 + l0 p/(1 − p) (s1 − s0), p the guide's posterior",
                "By the true posterior.",
                DNG,
            ],
        ),
        row(
            Combination::PowerLaw { power: parameter::POWER.default },
            ["Power law", "D1 + (w − 1)(D1 − D0) |D1 − D0|^α", "Fades where main model and guide agree.", POWER],
        ),
        row(
            Combination::Adg,
            [
                "Angle domain (ADG)",
                "D1 cos t + e sin t / sin θ, t = min((w − 1) θ, π/3), e ⊥ D0",
                "Turns the estimate about the origin, which is the middle of pictures and no place of the plane's.",
                ADG,
            ],
        ),
        row(
            Combination::Pmc { growth: parameter::PMC_GROWTH.default },
            [
                "Bounded growth (PMC)",
                "D1 + b (D1 − D0), |D| ≤ G |D1|, b ≤ w − 1",
                "As much guidance as lets the estimate grow no further.",
                PMC,
            ],
        ),
        row(
            Combination::MamboG { damping: parameter::MAMBO_DAMPING.default },
            [
                "Damped (MAMBO-G)",
                "D1 + (w − 1) e^(−αρ) (D1 − D0), ρ = |v1 − v0| / |v0|",
                "Weak where the models' velocities differ much, which is in the first steps.",
                MAMBO,
            ],
        ),
        row(
            Combination::Renorm { least: parameter::RENORM_LEAST.default, most: parameter::RENORM_MOST.default },
            [
                "Same length (EP-CFG, renorm)",
                "f ε, ε = ε0 + w (ε1 − ε0), rmin ≤ |f ε| / |ε1| ≤ rmax",
                "Keeps the length of the noise that is taken away: as it was, or, with rmin = 0, from growing.",
                RENORM,
            ],
        ),
        row(
            HISTORY,
            [
                "History (HiGS)",
                "D + h (Δ⊥ + η Δ∥), Δ = D − m, h = wh √((t − t0)/(1 − t0)), m ← m + a Δ",
                "Away from the mean of earlier guided estimates, as long as noise is high; with or without a guide.",
                HIGS,
            ],
        ),
        row(
            SCALED_NOISE,
            [
                "Epsilon scaling",
                "ε / λ",
                "A little less noise taken away, against the drift of sampling; with or without a guide.",
                EPSILON,
            ],
        ),
        row(
            Combination::AdaptiveGuidance { cosine: parameter::ADAPTIVE_COSINE.default },
            [
                "Adaptive guidance",
                "s0 + w (s1 − s0) until cos(ε1, ε0) > cos, then s1",
                "Ends guidance of each particle once both models say the same.",
                ADAPTIVE,
            ],
        ),
        row(
            Combination::TransitionPoint,
            [
                "Transition point",
                "s0 until |D1 − D0| grows, then s0 + w (s1 − s0)",
                "Begins guidance of each particle at the first minimum of the models' difference.",
                TRANSITION,
            ],
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
    let rounds = parameter::ROUNDS.default as u32;
    let corrector = Solver::PredictorCorrector {
        corrections: parameter::CORRECTIONS.default as u32,
        size: parameter::CORRECTION_SIZE.default,
    };
    let foresight = Solver::Foresight {
        rounds,
        ahead: parameter::FORESIGHT.default as u32,
        until: parameter::FORESIGHT_UNTIL.default,
        weight: parameter::FORESIGHT_WEIGHT.default,
    };
    let projection = Solver::ManifoldProjection { rounds, until: parameter::PROJECTION_UNTIL.default };
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
        row(
            corrector,
            [
                "Predictor-corrector (PCG)",
                "K times x + (h/2) s(2w − 1) + √h ξ, then x + Δσ d1",
                "Main model's steps, with Langevin steps of the weight 2w − 1 between: few are the reverse SDE, many the tilt.",
                "Bradley and Nakkiran 2024, arXiv 2408.09000",
            ],
        ),
        row(
            foresight,
            [
                "Foresight (FSG)",
                "K times on to a later level as guided and back by the guide, then x + Δσ d",
                "Moves particles first to where main model and guide lead to the same end.",
                "Wang et al. 2025, arXiv 2510.21512",
            ],
        ),
        row(
            projection,
            [
                "Manifold projection (CFG-MP)",
                "K times x + h d0, then x − h d1, h = −Δσ/2; then x + Δσ d",
                "Draws particles first to where main model and guide agree.",
                "2026, arXiv 2601.21892",
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
