//! Guides without some units, others in each step: against numbers made elsewhere (tests/reference/fresh_dropout.py), and against
//! guides of the same units that are the same network in each step.

use crate::mixture;
use crate::sampler::class_a_starts;
use guidance_playground::guidance::{Degradation, Guide, MAIN, Scheme};
use guidance_playground::plane::catalogue::named;
use guidance_playground::plane::distribution::Classes;
use guidance_playground::plane::engine::RunConfig;
use guidance_playground::plane::engine::cpu::{Explanation, Sampler};
use guidance_playground::plane::network::Network;
use guidance_playground::plane::{Model, Models, starts};
use guidance_playground::sampling::{NoiseLevels, Solver};
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    rate: f64,
    seed: u32,
    weight: f64,
    units: Vec<Vec<Vec<usize>>>,
    euler: Vec<Vec<[f64; 2]>>,
    heun: Vec<Vec<[f64; 2]>>,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("../data/fresh-dropout.json")).unwrap()
}

/// The random network, and the shipped main one.
fn models() -> Models {
    let mut models = Models::new();
    models.add("random", Network::from_safetensors(include_bytes!("../data/network-16.safetensors")).unwrap());
    let main = include_bytes!("../../weights/main-A64-4096.safetensors");
    models.add(MAIN, Network::from_safetensors(main).unwrap());
    models
}

/// A network that is guided by itself.
fn guided(model: &str, degradation: Degradation, solver: Solver, steps: u32) -> RunConfig {
    let guide = Guide { degradation, ..Guide::new(model, 1.0) };
    let levels = NoiseLevels { steps, ..NoiseLevels::default() };
    let scheme = Scheme { main: model.into(), guide: Some(guide), weight: 2.0, solver, levels, ..Scheme::default() };
    RunConfig { scheme, seed: 3 }
}

/// The guide of a run, as it is in each step.
fn guides(models: &Models, config: &RunConfig) -> Vec<Model> {
    let guide = models.of(&config.scheme).unwrap().1.unwrap();
    (0..config.scheme.levels.steps as usize).map(|step| guide.in_step(step)).collect()
}

fn network(model: &Model) -> Network {
    let Model::Network(network) = model else { panic!("it is a network") };
    Network::clone(network)
}

/// Units that a network is without, from its file: those that no row of the next layer reads.
fn left_out(network: &Network) -> Vec<Vec<usize>> {
    let (bytes, hidden) = (network.to_safetensors(), network.hidden());
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let of = |layer: usize| {
        let data = file.tensor(&format!("layers.{}.weight", 2 * (layer + 1))).unwrap().data().to_vec();
        let weight = move |row: usize, unit: usize| {
            let at = 4 * (row * hidden + unit);
            f32::from_le_bytes(data[at..at + 4].try_into().unwrap())
        };
        (0..hidden).filter(|&unit| (0..hidden).all(|row| weight(row, unit) == 0.0)).collect()
    };
    (0..network.layers()).map(of).collect()
}

#[test]
fn each_step_draws_the_units_that_philox_says() {
    let Reference { rate, seed, units, .. } = reference();
    let config = guided("random", Degradation::FreshDropout { rate, seed }, Solver::Euler, units.len() as u32);
    let found: Vec<_> = guides(&models(), &config).iter().map(|guide| left_out(&network(guide))).collect();
    assert_eq!(found, units);
}

#[test]
fn paths_are_those_of_numpy() {
    let Reference { rate, seed, weight, units, euler, heun } = reference();
    let models = models();
    for (solver, expected) in [(Solver::Euler, euler), (Solver::Heun, heun)] {
        let steps = units.len();
        let mut config = guided("random", Degradation::FreshDropout { rate, seed }, solver, steps as u32);
        config.scheme.weight = weight;
        let sampler = Sampler::new(&config, &models).unwrap();
        let from: Vec<[f32; 2]> = expected.iter().map(|path| path[0].map(|x| x as f32)).collect();
        let path = sampler.path(&mut sampler.begin(0, from), 0..steps, 1);
        for (step, found) in path.chunks(expected.len()).enumerate() {
            for (found, expected) in found.iter().zip(&expected) {
                let expected = expected[step + 1];
                let error = (f64::from(found[0]) - expected[0]).hypot(f64::from(found[1]) - expected[1]);
                let size = expected[0].hypot(expected[1]);
                // Some tens of roundings of 6e-8, which steps of up to 4 sigma multiply.
                assert!(error < 1e-5 * (1.0 + size), "{solver:?}, step {step}: {found:?} {expected:?}");
            }
        }
    }
}

/// Each step to the bit that of a guide which has these units left out for good: both stages, and the first step that of
/// `Dropout` of the same seed. Where a run's steps are all one, so are the runs.
#[test]
fn a_step_is_that_of_a_guide_without_the_same_units() {
    let mut models = models();
    let (rate, seed, steps) = (0.1, 5, 6);
    for solver in [Solver::Heun, Solver::Euler, Solver::DpmPlusPlus2m] {
        let fresh = guided("random", Degradation::FreshDropout { rate, seed }, solver, steps);
        let fixed = guided("random", Degradation::Dropout { rate, seed }, solver, steps);
        let guides = guides(&models, &fresh);
        assert_eq!(network(&guides[0]), network(&models.of(&fixed.scheme).unwrap().1.unwrap()));
        let sampler = Sampler::new(&fresh, &models).unwrap();
        let mut particles = sampler.begin(0, class_a_starts(5, 100));
        for (step, guide) in guides.iter().enumerate() {
            models.add("lesser", network(guide));
            let mut same = fixed.clone();
            same.scheme.guide = Some(Guide::new("lesser", 1.0));
            let lesser = Sampler::new(&same, &models).unwrap();
            let mut expected = particles.clone();
            lesser.advance(&mut expected, step..step + 1, 1);
            sampler.advance(&mut particles, step..step + 1, 1);
            assert_eq!(particles.positions, expected.positions, "{solver:?}, step {step}");
            if step == 0 {
                let mut first = sampler.begin(0, class_a_starts(5, 100));
                Sampler::new(&fixed, &models).unwrap().advance(&mut first, 0..1, 1);
                assert_eq!(first.positions, expected.positions);
            } else {
                assert_ne!(network(guide), network(&guides[step - 1]));
            }
        }
    }
}

#[test]
fn a_rate_of_zero_guides_nothing() {
    let models = models();
    let none = Degradation::FreshDropout { rate: 0.0, seed: 1 };
    let config = guided(MAIN, none, Solver::Heun, 32);
    let from = class_a_starts(2, 130);
    let plain = RunConfig { scheme: config.scheme.unguided(), seed: 3 };
    let ends = |config| Sampler::new(config, &models).unwrap().sample(&from, 2);
    // To the bit: s0 + w (s1 - s0) of equal scores.
    assert_eq!(ends(&config), ends(&plain));
    let some = guided(MAIN, Degradation::FreshDropout { rate: 0.1, seed: 1 }, Solver::Heun, 32);
    assert_ne!(ends(&some), ends(&plain));
}

/// Not on threads, on how its particles and steps are cut, or on what was asked before.
#[test]
fn a_path_depends_on_nothing_else() {
    let models = models();
    // More steps than there are networks kept.
    let config = guided("random", Degradation::FreshDropout { rate: 0.3, seed: 9 }, Solver::Heun, 40);
    let from = class_a_starts(2, 200);
    let sampler = Sampler::new(&config, &models).unwrap();
    let path = sampler.path(&mut sampler.begin(0, from.clone()), 0..40, 1);
    let whole = &path[39 * 200..];
    assert_eq!(sampler.sample(&from, 1), whole);
    assert_eq!(Sampler::new(&config, &models).unwrap().sample(&from, 4), whole);
    let mut part = sampler.begin(70, from[70..150].to_vec());
    for steps in [0..1, 1..30, 30..40] {
        sampler.advance(&mut part, steps, 1);
    }
    assert_eq!(part.positions, whole[70..150]);
    let numbers: Vec<usize> = (0..130).map(|i| i * 77 % 200).collect();
    for (&number, traced) in numbers.iter().zip(sampler.trace(&numbers, &from).chunks(41)) {
        assert!((0..40).all(|step| traced[step + 1] == path[step * 200 + number]), "{number}");
    }
}

#[test]
fn explanations_show_what_is_sampled() {
    let models = models();
    let config = guided(MAIN, Degradation::FreshDropout { rate: 0.1, seed: 4 }, Solver::Euler, 32);
    let explanation = Explanation::new(&config, &models).unwrap();
    let sampler = Sampler::new(&config, &models).unwrap();
    for step in [0, 1, 17, 31] {
        let (sigma, next) = (sampler.sigmas()[step], sampler.sigmas()[step + 1]);
        let points = starts(mixture(Classes::A), sigma, 5, 0..100);
        let mut particles = sampler.begin(0, points.clone());
        sampler.advance(&mut particles, step..step + 1, 1);
        let shown = explanation.at(step, &points);
        for ((from, to), numbers) in points.iter().zip(&particles.positions).zip(&shown) {
            for axis in 0..2 {
                let moved = from[axis] + ((sigma - next) * sigma) as f32 * numbers[6 + axis];
                assert_eq!(moved, to[axis], "step {step} from {from:?}");
            }
        }
        // Densities are those of the same networks: a step's guide is normalised as itself.
        let alone = Explanation::at_level(&config, &models, explanation.sigma(step)).unwrap();
        assert_eq!(alone.at(0, &points), shown);
        let guide = &guides(&models, &config)[step];
        let log_density = |i: usize| guide.evaluate(points[i].map(f64::from).into(), sigma).0;
        for i in 1..points.len() {
            let (found, expected) = (f64::from(shown[i][3] - shown[0][3]), log_density(i) - log_density(0));
            // Of f32 in densities before they are normalised.
            let tolerance = 1e-4 + 2e-6 * (log_density(i).abs() + log_density(0).abs());
            assert!((found - expected).abs() < tolerance, "{step}, {i}: {found} {expected}");
        }
    }
}

#[test]
fn the_row_of_the_table_is_read_and_refused_as_other_degradations_are() {
    let scheme = named("in-situ").unwrap();
    let text = serde_json::to_string(&scheme).unwrap();
    assert!(text.contains(r#""degradation":{"freshDropout":{"rate":0.05,"seed":1}}"#), "{text}");
    assert_eq!(serde_json::from_str::<Scheme>(&text).unwrap(), scheme);
    // What earlier files say is what it was.
    let old = r#"{"guide":{"degradation":{"dropout":{"rate":0.1,"seed":1}}}}"#;
    let guide = serde_json::from_str::<Scheme>(old).unwrap().guide.unwrap();
    assert_eq!(guide.degradation, Degradation::Dropout { rate: 0.1, seed: 1 });
    let refused = |degradation, model: &str| {
        let guide = Guide { degradation, ..Guide::new(model, 1.0) };
        Scheme { guide: Some(guide), ..scheme.clone() }.validate().unwrap_err().to_string()
    };
    let [fresh, fixed] = [1.5, 0.5].map(|rate| Degradation::FreshDropout { rate, seed: 1 });
    assert!(refused(fresh, MAIN).contains("dropout rate"));
    assert_eq!(refused(fixed, "exact:A"), refused(Degradation::Dropout { rate: 0.5, seed: 1 }, "exact:A"));
}
