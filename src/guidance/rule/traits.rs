//! What a rule needs and does beside its formula: a row for each.

use super::Combination;
use crate::guidance::{EXACT, Noise, Schedule, Scheme, Space};
use crate::sampling::Solver;

/// A rule's row.
#[derive(Clone, Copy, Debug)]
pub struct Traits {
    /// What mix.wgsl calls it.
    pub twin: &'static str,
    /// Whether its answer is (w - 1) d whatever the inner products.
    pub linear: bool,
    /// What particles carry from step to step for it.
    pub carries: Carries,
    /// Whether it is asked where nothing guides, too: without a guide, and in stages whose weight is 1.
    pub alone: bool,
    /// Whether it asks a guide in stages whose weight is 1, too.
    pub always: bool,
    /// Share of effective particles below which they are resampled; nothing, if they are not weighted.
    pub resampling: Option<f64>,
    /// Whether steps go on with the guide's noise rather than the guided one's.
    pub steps_with_guide: bool,
    /// Steps at the beginning that do not move.
    pub still: usize,
    /// What it asks of the rest of a scheme.
    pub demands: &'static [Demand],
}

/// What particles carry for a rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Carries {
    /// Nothing.
    Nothing,
    /// A vector, m.
    Vector,
    /// A number, which rules of one's own call memo.
    Number,
    /// The logarithm of a weight.
    Weight,
    /// What is known so far of log p1 - log p0: 0 at the beginning, and taken on by [`Combination::update`] after each step.
    Evidence,
    /// Nothing, but it is told log p1 - log p0, the ratio of both models' densities where it is asked.
    Ratio,
}

/// Something that a scheme has to be for a rule.
#[derive(Clone, Copy, Debug)]
pub struct Demand {
    /// Of what.
    pub what: &'static str,
    /// What it must be, and why.
    pub needs: &'static str,
    /// What a scheme has in its place; nothing, if it is as it must be.
    pub found: fn(&Scheme) -> Option<String>,
}

pub(super) const PLAIN: Traits = Traits {
    twin: "LINEAR",
    linear: false,
    carries: Carries::Nothing,
    alone: false,
    always: false,
    resampling: None,
    steps_with_guide: false,
    still: 0,
    demands: &[COMPARES],
};

const COMPARES: Demand = Demand {
    what: "This combination",
    needs: "used with a guide, which it compares the main model with",
    found: |scheme| scheme.guide.is_none().then(|| "without one".to_owned()),
};

const OWN_PAST: Demand = Demand {
    what: "Momentum guidance",
    needs: "used without a guide, since the model's own past is its guide",
    found: |scheme| scheme.guide.as_ref().map(|guide| guide.model.clone()),
};

const EULER: Demand = Demand {
    what: "The solver of CFG++",
    needs: "Euler (or one that ends with its step), whose step alone separates the estimate from the noise",
    found: |scheme| (!scheme.solver.is_of_euler()).then(|| scheme.solver.variant().to_owned()),
};

const EVIDENT: Demand = Demand {
    what: "The solver of this combination",
    needs: "ancestral, Euler or Heun, whose steps tell what it goes by",
    found: |scheme| {
        let tells = matches!(scheme.solver, Solver::Ancestral | Solver::Euler | Solver::Heun);
        (!tells).then(|| scheme.solver.variant().to_owned())
    },
};

const DENSITIES: Demand = Demand {
    what: "The models of this combination",
    needs: "exact and under Gaussian noise, since a network's density is not normalised across noise levels",
    found: inexact,
};

const CORRECTORS: &[Demand] = &[
    COMPARES,
    Demand {
        what: "The models of Feynman-Kac correctors",
        needs: "exact and under Gaussian noise, since a network's density is not normalised across noise levels",
        found: inexact,
    },
    Demand {
        what: "The solver of Feynman-Kac correctors",
        needs: "the reverse SDE, whose noise their weights account for",
        found: |scheme| other_solver(scheme, Solver::ReverseSde),
    },
    Demand {
        what: "The weight of Feynman-Kac correctors",
        needs: "the same at all times and of scores, since their target p1^w p0^(1-w) has one w",
        found: |scheme| {
            let constant =
                scheme.schedule == Schedule::Static && scheme.interval.is_none() && scheme.space == Space::Score;
            (!constant).then(|| "not".to_owned())
        },
    },
];

/// The row of a rule of one's own; `alone`, if it does not speak of the guide, and `always`, if it does and not of the weight.
pub(super) fn written(carries: Carries, alone: bool, always: bool) -> Traits {
    let demands = if alone { &[] } else { PLAIN.demands };
    Traits { twin: "OWN", carries, alone, always, demands, ..PLAIN }
}

fn inexact(scheme: &Scheme) -> Option<String> {
    let guide = scheme.guide.as_ref()?;
    let exact = scheme.main.model == EXACT && guide.model == EXACT && guide.noise == Noise::Gaussian;
    (!exact).then(|| [&*scheme.main.model, " and ", &guide.model].concat())
}

fn other_solver(scheme: &Scheme, only: Solver) -> Option<String> {
    (scheme.solver != only).then(|| scheme.solver.variant().to_owned())
}

impl Combination {
    /// Its row.
    #[rustfmt::skip]
    pub fn traits(&self) -> Traits {
        match self {
            Self::Own { .. } => super::own::Program::of(self).ok().flatten().map_or(PLAIN, |program| program.traits()),
            Self::Lerp => Traits { linear: true, demands: &[], ..PLAIN },
            // Its weights make it linear.
            Self::CfgPlusPlus => Traits { linear: true, steps_with_guide: true, demands: &[COMPARES, EULER], ..PLAIN },
            Self::Apg { .. } => Traits { twin: "APG", carries: Carries::Vector, ..PLAIN },
            Self::CfgZeroStar { still } => Traits { twin: "CFG_ZERO_STAR", still: *still as usize, ..PLAIN },
            Self::Tcfg => Traits { twin: "TCFG", ..PLAIN },
            Self::NormClip { .. } => Traits { twin: "NORM_CLIP", ..PLAIN },
            Self::Momentum { .. } => {
                Traits { twin: "MOMENTUM", carries: Carries::Vector, alone: true, demands: &[OWN_PAST], ..PLAIN }
            }
            Self::Tsr { .. } => Traits { twin: "TSR", alone: true, demands: &[], ..PLAIN },
            Self::Feedback { .. } => Traits {
                twin: "FEEDBACK", carries: Carries::Evidence, always: true, demands: &[COMPARES, EVIDENT], ..PLAIN
            },
            Self::FeedbackExact { .. } => Traits {
                twin: "FEEDBACK", carries: Carries::Ratio, always: true, demands: &[COMPARES, DENSITIES], ..PLAIN
            },
            Self::Negative { .. } => Traits {
                twin: "NEGATIVE", carries: Carries::Evidence, always: true, demands: &[COMPARES, EVIDENT], ..PLAIN
            },
            Self::NegativeExact { .. } => Traits {
                twin: "NEGATIVE", carries: Carries::Ratio, always: true, demands: &[COMPARES, DENSITIES], ..PLAIN
            },
            Self::PowerLaw { .. } => Traits { twin: "POWER_LAW", ..PLAIN },
            Self::Adg => Traits { twin: "ADG", ..PLAIN },
            Self::Pmc { .. } => Traits { twin: "PMC", ..PLAIN },
            Self::MamboG { .. } => Traits { twin: "MAMBO_G", ..PLAIN },
            Self::Renorm { .. } => Traits { twin: "RENORM", ..PLAIN },
            Self::Higs { .. } => Traits { twin: "HIGS", carries: Carries::Vector, alone: true, demands: &[], ..PLAIN },
            Self::EpsilonScaling { .. } => Traits { twin: "EPSILON_SCALING", alone: true, demands: &[], ..PLAIN },
            Self::AdaptiveGuidance { .. } => Traits { twin: "ADAPTIVE_GUIDANCE", carries: Carries::Vector, ..PLAIN },
            Self::TransitionPoint => {
                Traits { twin: "TRANSITION_POINT", carries: Carries::Vector, always: true, ..PLAIN }
            }
            Self::FeynmanKac { threshold } => Traits {
                linear: true, carries: Carries::Weight, resampling: Some(*threshold), demands: CORRECTORS, ..PLAIN
            },
        }
    }
}
