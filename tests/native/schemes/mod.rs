//! Every rule and every solver once more, in f64 and in the form in which its paper writes it: denoised estimates and noise
//! in place of the engine's scores and coefficients.

mod run;

use crate::MODELS;
use crate::sampler::{class_a_starts, scheme, shipped};
use guidance_playground::guidance::rule::Carries;
use guidance_playground::guidance::{Combination, Guide, Interval, Reading, Schedule, Scheme, Space};
use guidance_playground::plane::Models;
use guidance_playground::plane::catalogue::{catalogue, named};
use guidance_playground::plane::engine::RunConfig;
use guidance_playground::plane::engine::cpu::Sampler;
use guidance_playground::sampling::{NoiseLevels, Solver};
use run::{Plain, Point};

/// Distances between the engine's endpoints and the plain run's, ascending.
fn distances(scheme: &Scheme, models: &Models, count: usize) -> Vec<f64> {
    let (main, guide) = models.of(scheme).unwrap();
    let starts = class_a_starts(23, count);
    let sigmas = scheme.levels.sigmas().unwrap();
    let mut plain =
        Plain { scheme, main, guide, sigmas, seed: 4, memory: Vec::new(), evidence: Vec::new(), told: Vec::new() };
    let truth = plain.endpoints(&starts);
    let found = Sampler::new(&RunConfig { scheme: scheme.clone(), seed: 4 }, models).unwrap().sample(&starts, 2);
    let distance = |(t, f): (&Point, [f32; 2])| (t.x - f64::from(f[0])).hypot(t.y - f64::from(f[1]));
    let mut distances: Vec<f64> = truth.iter().zip(found).map(distance).collect();
    distances.sort_by(f64::total_cmp);
    distances
}

/// 95% of endpoints agree: f32 against f64, noise from a table good to 1e-5; the rest pass close to a watershed between
/// branches, which strong guidance makes many of.
fn agree(scheme: &Scheme, models: &Models, label: &str) {
    agree_but(scheme, models, label, 3);
}

fn agree_but(scheme: &Scheme, models: &Models, label: &str, most: usize) {
    let tolerance = if scheme.solver.is_stochastic() { 2e-4 } else { 1e-4 };
    let distances = distances(scheme, models, 64);
    let far = distances.iter().filter(|d| d.is_nan() || **d > tolerance).count();
    assert!(far <= most, "{label}: {far} of 64 end further than {tolerance} apart; the median is {:e}", distances[32]);
}

/// What a scheme follows in the first stage of its first step, if that is at `sigma`: the guided score, and the guide's as
/// it is mixed.
pub fn guided_scores(scheme: &Scheme, models: &Models, x: &[Point], sigma: f64, weight: f64) -> Vec<[Point; 2]> {
    let (main, guide) = models.of(scheme).unwrap();
    let memory = vec![Point::zeros(); x.len()];
    let mut plain =
        Plain { scheme, main, guide, sigmas: Vec::new(), seed: 0, memory, evidence: Vec::new(), told: Vec::new() };
    let estimates = plain.estimates(x, sigma, weight, 0, true);
    let score = |x: &Point, d: Point| (d - x) / (sigma * sigma);
    x.iter().zip(estimates).map(|(x, estimates)| estimates.map(|d| score(x, d))).collect()
}

fn cfg() -> Scheme {
    scheme("exact:A", Some(("exact:AB", 1.0)), 2.0)
}

fn every_solver() -> Vec<Solver> {
    let solver = |row: guidance_playground::guidance::catalogue::Variant| serde_json::from_value(row.value).unwrap();
    catalogue().solvers.into_iter().map(solver).collect()
}

/// Class B is guided away from.
pub fn unwanted(scheme: Scheme) -> Scheme {
    Scheme { main: "exact:AB".into(), guide: Some(Guide::new("exact:B", 1.0)), ..scheme }
}

#[test]
fn every_solver_is_its_papers() {
    for solver in every_solver() {
        agree(&Scheme { solver, ..cfg() }, &MODELS, &format!("{solver:?}"));
    }
}

#[test]
fn every_combination_is_its_papers() {
    let levels = NoiseLevels { steps: 16, ..NoiseLevels::default() };
    for row in catalogue().combinations {
        let combination: Combination = serde_json::from_value(row.value).unwrap();
        let base = Scheme { combination: combination.clone(), levels, ..cfg() };
        let schemes = match combination {
            // A population, and not a path: a test of its own below.
            Combination::FeynmanKac { .. } => continue,
            Combination::CfgPlusPlus => vec![Scheme { solver: Solver::Euler, weight: 0.6, ..base }],
            Combination::Momentum { .. } => vec![
                Scheme { guide: None, weight: 1.0, ..base.clone() },
                Scheme { guide: None, weight: 1.0, solver: Solver::Euler, ..base },
            ],
            // Of a model that the guide is part of, as posteriors are.
            Combination::NegativeExact { .. } => vec![Scheme { weight: 1.0, ..unwanted(base) }],
            _ if combination.traits().carries == Carries::Evidence => {
                let solvers = [Solver::Heun, Solver::Euler, Solver::Ancestral];
                let negative = matches!(combination, Combination::Negative { .. });
                let base = if negative { unwanted(base) } else { base };
                let stronger = Scheme { weight: 1.5, ..base.clone() };
                let of = |solver| Scheme { weight: 1.0, solver, ..base.clone() };
                solvers.map(of).into_iter().chain([stronger]).collect()
            }
            _ => vec![
                base.clone(),
                // Memory of rule and solver side by side.
                Scheme { solver: Solver::DpmPlusPlus2m, ..base.clone() },
                Scheme { guide: Some(Guide::new("exact:A", 1.2)), space: Space::Epsilon, ..base.clone() },
                Scheme { guide: Some(Guide::new("exact:A", 1.2)), space: Space::Denoised, weight: 1.5, ..base },
            ],
        };
        schemes.iter().for_each(|scheme| agree(scheme, &MODELS, &format!("{combination:?}, {:?}", scheme.solver)));
    }
}

/// The estimate of a step that does not move is none to go on from.
#[test]
fn still_steps_are_no_beginning() {
    let levels = NoiseLevels { steps: 16, ..NoiseLevels::default() };
    for solver in [Solver::DpmPlusPlus2m, Solver::Heun] {
        let combination = Combination::CfgZeroStar { still: 2 };
        agree(&Scheme { combination, solver, levels, ..cfg() }, &MODELS, &format!("still, {solver:?}"));
    }
}

#[test]
fn solvers_that_move_several_times_in_a_step_agree() {
    let base = Scheme { weight: 1.5, ..cfg() };
    let interval = Some(Interval { low: 0.05, high: 1.0 });
    let langevin = Solver::PredictorCorrector { corrections: 2, size: 0.4 };
    let foresight = Solver::Foresight { rounds: 2, ahead: 4, until: 0.4, weight: 1.8 };
    let projection = Solver::ManifoldProjection { rounds: 2, until: 0.4 };
    for scheme in [
        Scheme { solver: langevin, ..base.clone() },
        Scheme { solver: langevin, interval, schedule: Schedule::Linear, ..base.clone() },
        Scheme { solver: langevin, guide: None, weight: 1.0, ..base.clone() },
        Scheme { solver: foresight, ..base.clone() },
        Scheme { solver: foresight, combination: Combination::CfgPlusPlus, weight: 0.8, ..base.clone() },
        Scheme { solver: projection, guide: Some(Guide::new("exact:A", 1.2)), ..base.clone() },
        // Above sigma = 19 in the other order.
        Scheme { solver: projection, levels: NoiseLevels { max: 60.0, ..base.levels }, ..base },
    ] {
        agree(&scheme, &MODELS, &format!("{scheme:?}"));
    }
}

#[test]
fn schedules_and_intervals_reach_the_steps() {
    let interval = Some(Interval { low: 0.05, high: 1.0 });
    for scheme in [
        Scheme { schedule: Schedule::Linear, ..cfg() },
        Scheme { schedule: Schedule::PoweredCosine { exponent: 1.0 }, reading: Reading::Raw, ..cfg() },
        Scheme { interval, ..cfg() },
        Scheme { interval, combination: Combination::CfgZeroStar { still: 3 }, ..cfg() },
        Scheme { interval, combination: Combination::CfgPlusPlus, solver: Solver::Euler, weight: 0.5, ..cfg() },
    ] {
        agree(&scheme, &MODELS, &format!("{scheme:?}"));
    }
}

#[test]
fn presets_run_as_written() {
    for id in ["ht-1.10", "ht-cosine-8", "li", "apg"] {
        let scheme = named(id).unwrap();
        agree(&scheme, &shipped(&scheme), id);
    }
    // A negative power magnifies the guidance where both models agree, and rounding with it: 6 are seen.
    let scheme = Scheme { combination: Combination::PowerLaw { power: -0.5 }, ..named("beta-cfg").unwrap() };
    agree_but(&scheme, &shipped(&scheme), "beta-cfg with a power", 12);
}

fn ends(scheme: &Scheme) -> Vec<[f32; 2]> {
    let starts = class_a_starts(3, 300);
    Sampler::new(&RunConfig { scheme: scheme.clone(), seed: 8 }, &MODELS).unwrap().sample(&starts, 2)
}

/// Rules at w = 1, and those whose own parameter turns them off.
#[test]
fn identities() {
    let none = ends(&scheme("exact:A", None, 1.0));
    let levels = NoiseLevels::default();
    for row in catalogue().combinations {
        let combination: Combination = serde_json::from_value(row.value).unwrap();
        let traits = combination.traits();
        // At l = 1 CFG++ still adds the guide's noise; some are asked whatever the weight; others need what this scheme has not.
        let asked = traits.alone || traits.always;
        let other = matches!(
            combination,
            Combination::CfgPlusPlus | Combination::FeynmanKac { .. } | Combination::CfgZeroStar { .. }
        );
        if !asked && !other {
            assert_eq!(
                ends(&Scheme { weight: 1.0, combination: combination.clone(), ..cfg() }),
                none,
                "{combination:?}"
            );
        }
    }
    let lerp = ends(&cfg());
    let close = |a: &[[f32; 2]], b: &[[f32; 2]], what: &str| {
        // A watershed may decide otherwise for one in a hundred.
        let far = a.iter().zip(b).filter(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]) > 1e-3).count();
        assert!(far <= 3, "{what}: {far} of {}", a.len());
    };
    for combination in [
        Combination::Tsr { sharpness: 1.0, width: 0.3 },
        Combination::PowerLaw { power: 0.0 },
        Combination::NormClip { radius: 0.0 },
        Combination::Apg { momentum: 0.0, parallel: 1.0, radius: 0.0 },
    ] {
        let scheme = Scheme { combination, ..cfg() };
        close(&ends(&scheme), &lerp, &format!("{:?}", scheme.combination));
    }
    for space in [Space::Epsilon, Space::Denoised] {
        assert_eq!(ends(&Scheme { space, ..cfg() }), lerp, "{space:?} at k = 1");
    }
    let still = Combination::Momentum { strength: 0.0, rate: 0.5 };
    close(&ends(&Scheme { combination: still, ..scheme("exact:A", None, 1.0) }), &none, "no momentum");
    let churn = Solver::Churn { churn: 0.0, min: 0.0, max: 50.0, noise: 1.0 };
    close(&ends(&Scheme { solver: churn, ..cfg() }), &lerp, "no churn");
    let curve = Schedule::Curve { points: vec![[0.0, 0.0], [1.0, 2.0]] };
    close(
        &ends(&Scheme { schedule: curve, ..cfg() }),
        &ends(&Scheme { schedule: Schedule::Linear, ..cfg() }),
        "a line",
    );

    // CFG++ is CFG with w_i = l / (1 - sigma+/sigma) under Euler: as a curve over the steps that is read raw.
    let sigmas = levels.sigmas().unwrap();
    let points = (0..32).map(|i| [i as f64 / 31.0, 1.0 / (1.0 - sigmas[i + 1] / sigmas[i])]).collect();
    let euler = Scheme { solver: Solver::Euler, weight: 0.6, ..cfg() };
    let plus = ends(&Scheme { combination: Combination::CfgPlusPlus, ..euler.clone() });
    let curve = Scheme { schedule: Schedule::Curve { points }, reading: Reading::Raw, ..euler };
    close(&plus, &ends(&curve), "CFG++");
}

/// For a point mass at c the score at sigma is (c - x)/sigma^2, so every rule has a closed form: here by hand.
#[test]
fn a_point_mass_is_pulled_as_stated() {
    // s1 = -x/sigma^2, s0 = -x/(k sigma)^2, x = (1, 0), sigma = 1/2, k = 2, w = 3.
    let (s1, s0, k, w) = (-4.0, -1.0, 2.0, 3.0);
    for (space, guided) in [
        // s0 + w (s1 - s0); its excess over s1 is -(w - 1) (x/sigma^2)(1 - 1/k^2).
        (Space::Score, s1 - 2.0 * 4.0 * 0.75),
        // -(w - 1)(x/sigma)(1 - 1/k) over sigma.
        (Space::Epsilon, s1 - 2.0 * 2.0 * 0.5 / 0.5),
        (Space::Denoised, s1),
    ] {
        let factor = space.factor(k);
        assert_eq!(factor * s0 + w * (s1 - factor * s0), guided, "{space:?}");
    }
}
