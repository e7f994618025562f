//! What a step is explained by, against the definitions in f64.

use crate::sampler::{class_a_starts, scheme};
use crate::schemes::{guided_scores, unwanted};
use crate::{MODELS, mixture};
use guidance_playground::guidance::{
    Combination, Degradation, EXACT, Guide, Interval, Noise, Reading, Schedule, Scheme, Space,
};
use guidance_playground::plane::Models;
use guidance_playground::plane::catalogue::{catalogue, network_of};
use guidance_playground::plane::distribution::Classes;
use guidance_playground::plane::engine::RunConfig;
use guidance_playground::plane::engine::cpu::{Explanation, NUMBERS, Sampler};
use guidance_playground::plane::network::Network;
use guidance_playground::plane::starts;
use guidance_playground::sampling::Solver;
use nalgebra::Vector2;

type Point = Vector2<f64>;

/// The exact models and the networks of a scheme.
fn models(scheme: &Scheme) -> Models {
    let mut models = Models::new();
    for name in scheme.models().into_iter().filter(|name| name.model != EXACT) {
        let file = network_of(&name).unwrap().name;
        let path = format!("{}/weights/{file}.safetensors", env!("CARGO_MANIFEST_DIR"));
        models.add(name.to_string(), Network::from_safetensors(&std::fs::read(&path).unwrap()).unwrap());
    }
    models
}

fn explanation(scheme: &Scheme) -> Explanation {
    Explanation::new(&RunConfig { scheme: scheme.clone(), seed: 1 }, &models(scheme)).unwrap()
}

fn pair(numbers: &[f32]) -> Point {
    Point::new(numbers[0].into(), numbers[1].into())
}

/// Scores of both models, the truth's, and what the rule makes of them, to 1e-5 of what the rule takes differences of.
fn scores_are_those_of_f64(scheme: &Scheme, steps: &[usize]) {
    let models = models(scheme);
    let explanation = explanation(scheme);
    let main = models.of(scheme).unwrap().0;
    for &step in steps {
        let sigma = explanation.sigma(step);
        let weight = explanation.weight(step);
        let points = starts(mixture(Classes::A), sigma, 5, 0..100);
        let x: Vec<Point> = points.iter().map(|p| Point::from(p.map(f64::from))).collect();
        let expected = guided_scores(scheme, &models, &x, sigma, weight);
        for ((found, x), [guided, guide]) in explanation.at(step, &points).iter().zip(&x).zip(expected) {
            let label = format!("{scheme:?} at step {step}, {x:?}");
            let s1 = main.evaluate(*x, sigma).1;
            let truth = mixture(Classes::A).evaluate(*x, sigma);
            // Roundings of positions count where scores change fast: at most by 1/sigma^2.
            let rounding = 1e-7 * x.norm().max(1.0) / (sigma * sigma);
            let near = |found: Point, expected: Point, size: f64| {
                let error = (found - expected).norm();
                assert!(error < 1e-5 * size.max(1.0 / sigma) + rounding, "{label}: {found:?}, {expected:?}, {error:e}");
            };
            near(pair(&found[1..]), s1, s1.norm());
            near(pair(&found[9..]), truth.score, truth.score.norm());
            assert!(
                (f64::from(found[8]) - truth.log_density).abs() < 3e-6 * truth.log_density.abs().max(1.0),
                "{label}"
            );
            if scheme.guide.is_none() {
                assert!(found[3..6].iter().all(|v| v.is_nan()), "{label}");
            } else if weight != 1.0 {
                near(pair(&found[4..]), guide, guide.norm());
            }
            // A quotient of scores errs by more than they do.
            let terms = (weight.abs() + 1.0) * (s1.norm() + guide.norm());
            let quotients = matches!(scheme.combination, Combination::CfgZeroStar { .. } | Combination::Tcfg);
            near(pair(&found[6..]), guided, if quotients { 10.0 } else { 1.0 } * terms);
        }
    }
}

#[test]
fn every_rule_is_explained_as_it_is_followed() {
    for row in catalogue().combinations {
        let combination: Combination = serde_json::from_value(row.value).unwrap();
        let base = Scheme { combination: combination.clone(), ..scheme("exact:A", Some(("exact:AB", 1.0)), 2.0) };
        let schemes = match combination {
            Combination::FeynmanKac { .. } => vec![Scheme { solver: Solver::ReverseSde, ..base }],
            Combination::CfgPlusPlus => vec![Scheme { solver: Solver::Euler, weight: 0.6, ..base }],
            Combination::Momentum { .. } => vec![Scheme { guide: None, weight: 1.0, ..base }],
            Combination::NegativeExact { .. } => vec![unwanted(Scheme { weight: 1.0, ..base })],
            _ => vec![
                base.clone(),
                Scheme { guide: Some(Guide::new("exact:A", 1.2)), space: Space::Epsilon, ..base.clone() },
                Scheme { guide: Some(Guide::new("exact:A", 1.2)), space: Space::Denoised, ..base },
            ],
        };
        schemes.iter().for_each(|scheme| scores_are_those_of_f64(scheme, &[1, 10, 22]));
    }
}

#[test]
fn networks_and_heavy_tails_are_explained() {
    let heavy = Guide { noise: Noise::StudentT { degrees_of_freedom: 4.0 }, ..Guide::new("exact:A", 1.35) };
    for scheme in [
        scheme("main-64-4096:A", Some(("guide-32-0512:A", 1.0)), 3.0),
        scheme("main-64-4096:A", Some(("main-64-4096:A", 1.1)), 3.0),
        scheme("main-64-4096:A", Some(("tail-64-nu4:A", 1.0)), 3.0),
        scheme("main-64-4096:A", None, 1.0),
        Scheme { guide: Some(heavy), ..scheme("exact:A", None, 3.0) },
    ] {
        scores_are_those_of_f64(&scheme, &[0, 12, 24, 31, 32]);
    }
}

/// The weight is that of the step, 1 outside of an interval and where nothing guides; a guide is told of nevertheless.
#[test]
fn weights_are_the_steps() {
    let interval = Some(Interval { low: 0.05, high: 1.0 });
    let cosine = Scheme {
        schedule: Schedule::PoweredCosine { exponent: 1.0 },
        reading: Reading::Raw,
        interval,
        ..scheme("exact:A", Some(("exact:AB", 1.0)), 4.0)
    };
    let explained = explanation(&cosine);
    let sigmas = cosine.levels.sigmas().unwrap();
    for (step, &sigma) in sigmas[..32].iter().enumerate() {
        let u = step as f64 / 31.0;
        let inside = 0.05 < sigma && sigma <= 1.0;
        let expected = if inside { 2.0 * (1.0 - (std::f64::consts::PI * u).cos()) } else { 1.0 };
        assert!((explained.weight(step) - expected).abs() < 1e-12, "{step}");
        assert_eq!(explained.sigma(step), sigma);
    }
    let [values] = explained.at(0, &[[1.0, 2.0]])[..] else { panic!("one point") };
    assert!(values[1..3] == values[6..8] && values[4..6] != values[6..8] && values[3].is_finite());
    let none = Scheme { guide: None, weight: 1.0, interval: None, ..cosine };
    assert!((0..32).all(|step| explanation(&none).weight(step) == 1.0));
}

#[test]
fn without_noise_the_last_step_is_told_of() {
    let scheme = scheme("main-64-4096:A", Some(("guide-32-0512:A", 1.0)), 3.0);
    let explanation = explanation(&scheme);
    let sigmas = scheme.levels.sigmas().unwrap();
    assert_eq!([31, 32].map(|step| explanation.sigma(step)), [sigmas[31]; 2]);
    let points = [[0.1, 0.2], [0.45, 1.22]];
    assert_eq!(explanation.at(31, &points), explanation.at(32, &points));
}

/// `(log p, score)` of main, guide or truth.
fn densities(values: &[f32; NUMBERS]) -> [(f64, Point); 3] {
    [0, 3, 8].map(|at| (f64::from(values[at]), pair(&values[at + 1..])))
}

/// Scores are the slopes of the log-densities beside them.
#[test]
fn scores_are_slopes_of_densities() {
    let scheme = scheme("main-64-4096:A", Some(("guide-32-0512:A", 1.1)), 3.0);
    let explanation = explanation(&scheme);
    for step in [4, 14, 20] {
        let sigma = explanation.sigma(step);
        let h = 0.02 * sigma;
        for [x, y] in starts(mixture(Classes::A), sigma, 9, 0..40) {
            let at = |dx: f64, dy: f64| [(f64::from(x) + dx) as f32, (f64::from(y) + dy) as f32];
            let around = [at(-h, 0.0), at(h, 0.0), at(0.0, -h), at(0.0, h), at(0.0, 0.0)];
            let [left, right, below, above, here] = explanation.at(step, &around)[..] else { panic!("five") };
            for model in 0..3 {
                let log = |values| densities(values)[model].0;
                let width = |a: [f32; 2], b: [f32; 2]| f64::from(b[0] - a[0]) + f64::from(b[1] - a[1]);
                let slope = Point::new(
                    (log(&right) - log(&left)) / width(around[0], around[1]),
                    (log(&above) - log(&below)) / width(around[2], around[3]),
                );
                let score = densities(&here)[model].1;
                // f32 has log-densities, of some tens before they are normalised, to a few 1e-6, which h divides; and h^2
                // of the third derivative, which is of the order of 1/sigma^3.
                let tolerance = 4e-6 / h * log(&here).abs().max(10.0) / 10.0 + 2e-3 / sigma;
                assert!((slope - score).norm() < tolerance, "{step}, {model}, ({x}, {y}): {slope:?} {score:?}");
            }
        }
    }
}

/// Densities have a mass of one: on a grid that is not the one that they are normalised on.
#[test]
fn densities_are_normalised() {
    let degraded = Guide {
        degradation: Degradation::WeightNoise { strength: 0.05, seed: 1 },
        ..Guide::new("main-64-4096:A", 1.0)
    };
    let dropped = Guide { degradation: Degradation::Dropout { rate: 0.05, seed: 1 }, ..degraded.clone() };
    let shifted = Guide { noise_shift: 0.2, ..Guide::new("main-64-4096:A", 1.0) };
    let with = |guide: Guide| Scheme { guide: Some(guide), ..scheme("main-64-4096:A", None, 3.0) };
    for (scheme, steps) in [
        (with(Guide::new("guide-32-0512:AB", 1.2)), &[0, 8, 16, 22, 26, 31][..]),
        (with(Guide::new("tail-64-nu4:A", 1.2)), &[0, 8, 20]),
        (with(degraded), &[16, 28]),
        (with(dropped), &[16, 28]),
        (with(shifted), &[16, 28]),
    ] {
        let explanation = explanation(&scheme);
        for &step in steps {
            let sigma = explanation.sigma(step);
            let reach = 1.9 + 9.0 * sigma;
            let cells = (2.0 * reach / (0.31 * sigma).max(0.0083)) as usize;
            let side = 2.0 * reach / cells as f64;
            let place = |i: usize| ((i as f64 + 0.37) * side - reach) as f32;
            let points: Vec<[f32; 2]> = (0..cells * cells).map(|i| [place(i % cells), place(i / cells)]).collect();
            let mut masses = [0.0; 3];
            for values in explanation.at(step, &points) {
                for (mass, (log_density, _)) in masses.iter_mut().zip(densities(&values)) {
                    *mass += log_density.exp() * side * side;
                }
            }
            println!("{:?} at {sigma}: {masses:?}", scheme.guide);
            // Of the heavy-tailed network's mass, half a per cent lies beyond the grid.
            assert!(masses.iter().all(|mass| (mass - 1.0).abs() < 0.015), "{:?} at {sigma}: {masses:?}", scheme.guide);
        }
    }
}

/// Particles that are traced alone go where they go in the run.
#[test]
fn traces_are_the_runs_paths() {
    let noisy = Scheme {
        solver: Solver::Ancestral,
        combination: Combination::Apg { momentum: -0.5, parallel: 0.0, radius: 0.3 },
        ..scheme("exact:A", Some(("exact:AB", 1.0)), 3.0)
    };
    let coupled = Scheme {
        solver: Solver::ReverseSde,
        combination: Combination::FeynmanKac { threshold: 0.5 },
        ..scheme("exact:A", Some(("exact:AB", 1.0)), 2.0)
    };
    let all = class_a_starts(3, 300);
    // More than a tile, in no order.
    let numbers: Vec<usize> = (0..130).map(|i| i * 77 % 300).collect();
    for scheme in [scheme("exact:A", Some(("exact:A", 1.2)), 3.0), noisy, coupled] {
        let sampler = Sampler::new(&RunConfig { scheme, seed: 8 }, &MODELS).unwrap();
        let path = sampler.path(&mut sampler.begin(0, all.clone()), 0..32, 1);
        let traced = sampler.trace(&numbers, &all);
        assert_eq!(traced.len(), 130 * 33);
        for (&number, traced) in numbers.iter().zip(traced.chunks(33)) {
            assert_eq!(traced[0], all[number]);
            assert!((0..32).all(|step| traced[step + 1] == path[step * 300 + number]), "{number}");
        }
    }
}

/// At a run's own levels one level alone is that step to the bit; between two of them the definition with the weight of the
/// step that passes.
#[test]
fn a_level_of_its_own_is_explained_as_a_step() {
    let scheme = Scheme { schedule: Schedule::Linear, ..scheme("exact:A", Some(("exact:AB", 1.1)), 3.0) };
    let models = models(&scheme);
    let config = RunConfig { scheme: scheme.clone(), seed: 1 };
    let level = |sigma| Explanation::at_level(&config, &models, sigma);
    let whole = explanation(&scheme);
    let points = starts(mixture(Classes::A), 0.5, 5, 0..100);
    for step in [0, 9, 31] {
        let alone = level(whole.sigma(step)).unwrap();
        assert_eq!((alone.steps(), alone.weight(0)), (1, whole.weight(step)));
        assert_eq!(alone.at(0, &points), whole.at(step, &points));
    }
    let sigma = 0.5 * (whole.sigma(12) + whole.sigma(13));
    let between = level(sigma).unwrap();
    assert_eq!((between.sigma(0), between.weight(0)), (sigma, whole.weight(12)));
    let x: Vec<Point> = points.iter().map(|p| Point::from(p.map(f64::from))).collect();
    let expected = guided_scores(&scheme, &models, &x, sigma, whole.weight(12));
    for (found, [guided, _]) in between.at(0, &points).iter().zip(expected) {
        assert!((pair(&found[6..]) - guided).norm() < 1e-4 * guided.norm().max(1.0), "{found:?} {guided:?}");
    }
    for sigma in [0.0, -1.0, f64::NAN, 101.0] {
        let message = level(sigma).err().unwrap().to_string();
        assert!(message.starts_with("The noise level must be between 0.0001 and 100; it is"), "{message}");
    }
}
