//! The engine in f32 against the plain run in f64: same starts, same models.

use crate::plain::Ode;
use crate::{MODELS, mixture};
use guidance_playground::guidance::{Guide, ModelName, Scheme};
use guidance_playground::plane::Models;
use guidance_playground::plane::catalogue::{named, network_of};
use guidance_playground::plane::distribution::Classes;
use guidance_playground::plane::engine::RunConfig;
use guidance_playground::plane::engine::cpu::Sampler;
use guidance_playground::plane::network::Network;
use guidance_playground::plane::starts;
use guidance_playground::sampling::{NoiseLevels, Solver};
use nalgebra::Vector2;

/// A scheme; the guide is its name and k.
pub fn scheme(main: &str, guide: Option<(&str, f64)>, weight: f64) -> Scheme {
    let guide = guide.map(|(model, sigma_scale)| Guide::new(model, sigma_scale));
    Scheme { main: main.into(), guide, weight, ..Scheme::default() }
}

/// The engine's endpoints with the default levels.
pub fn endpoints(models: &Models, scheme: Scheme, solver: Solver, starts: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let config = RunConfig { scheme: Scheme { solver, ..scheme }, seed: 0 };
    Sampler::new(&config, models).unwrap().sample(starts, 2)
}

/// Starts of class A, of a seed of their own.
pub fn class_a_starts(seed: u64, count: usize) -> Vec<[f32; 2]> {
    starts(mixture(Classes::A), NoiseLevels::default().max, seed, 0..count)
}

/// Distances between the endpoints of the two, ascending.
fn distances(models: &Models, scheme: &Scheme, solver: Solver, count: usize) -> Vec<f64> {
    let starts = class_a_starts(17, count);
    let get = |name: &ModelName| models.get(name).unwrap();
    let guide = scheme.guide.as_ref().map(|g| (get(&g.name()), g.sigma_scale));
    let truth = Ode { main: get(&scheme.main), guide, weight: scheme.weight }.endpoints(solver, &starts);
    let found = endpoints(models, scheme.clone(), solver, &starts);
    let mut distances: Vec<f64> =
        truth.iter().zip(found).map(|(t, f)| (t.x - f64::from(f[0])).hypot(t.y - f64::from(f[1]))).collect();
    distances.sort_by(f64::total_cmp);
    distances
}

/// Ten times what is seen: f32 holds positions of order one to 6e-8, and the flow onto the tree contracts errors.
const TOLERANCE: f64 = 3e-5;

/// 99% of the endpoints agree; the rest may pass so close to a watershed between branches that rounding decides.
fn agree(models: &Models, scheme: &Scheme, solver: Solver, count: usize) {
    let distances = distances(models, scheme, solver, count);
    let far = distances.iter().filter(|&&d| d.is_nan() || d > TOLERANCE).count();
    assert!(100 * far <= count, "{scheme:?} with {solver:?}: {far} of {count} end further than {TOLERANCE} apart");
}

#[test]
fn exact_models_without_guidance() {
    for solver in [Solver::Heun, Solver::Euler] {
        agree(&MODELS, &scheme("exact:A", None, 1.0), solver, 400);
    }
}

#[test]
fn exact_models_with_classifier_free_guidance() {
    for solver in [Solver::Heun, Solver::Euler] {
        agree(&MODELS, &scheme("exact:A", Some(("exact:AB", 1.0)), 2.0), solver, 400);
    }
}

#[test]
fn exact_models_with_sigma_scaling() {
    for solver in [Solver::Heun, Solver::Euler] {
        agree(&MODELS, &scheme("exact:A", Some(("exact:A", 1.1)), 3.0), solver, 400);
    }
}

/// What a scheme of the page needs.
pub fn shipped(scheme: &Scheme) -> Models {
    let mut models = Models::new();
    for name in scheme.models() {
        let file = network_of(&name).unwrap().name;
        let path = format!("{}/weights/{file}.safetensors", env!("CARGO_MANIFEST_DIR"));
        models.add(name.to_string(), Network::from_safetensors(&std::fs::read(&path).unwrap()).unwrap());
    }
    models
}

#[test]
fn shipped_networks_under_every_scheme() {
    for id in ["none", "classifier-free", "autoguidance", "sigma-scaling"] {
        let scheme = named(id).unwrap();
        agree(&shipped(&scheme), &scheme, Solver::Heun, 512);
    }
}

/// One guided step from injected positions, at every tenth level, against f64: within 1e-5 of the terms that the guided
/// score is the difference of, and rounding of the position.
#[test]
fn a_guided_step_is_that_of_f64() {
    let scheme = Scheme { solver: Solver::Euler, ..scheme("main-64-4096:A", Some(("guide-32-0512:A", 1.0)), 3.0) };
    let models = shipped(&scheme);
    let get = |name: &str| models.get(&name.into()).unwrap();
    let sampler = Sampler::new(&RunConfig { scheme, seed: 0 }, &models).unwrap();
    let mut worst: f64 = 0.0;
    for step in (0..32).step_by(10) {
        let (sigma, next) = (sampler.sigmas()[step], sampler.sigmas()[step + 1]);
        let from = starts(mixture(Classes::A), sigma, 5, 0..256);
        let mut particles = sampler.begin(0, from.clone());
        sampler.advance(&mut particles, step..step + 1, 1);
        for (from, to) in from.iter().zip(particles.positions) {
            let x = Vector2::from(from.map(f64::from));
            let [s1, s0] = ["main-64-4096:A", "guide-32-0512:A"].map(|name| get(name).evaluate(x, sigma).1);
            let along = -sigma * (next - sigma);
            let error = (Vector2::from(to.map(f64::from)) - x - along * (s0 + 3.0 * (s1 - s0))).norm();
            // A small score is a difference of parts of about 1/sigma, which are rounded too.
            let scores = 1e-5 * (3.0 * s1.norm() + 2.0 * s0.norm()) + 5.0 * 1e-7 / sigma;
            worst = worst.max(error / (along * scores + 1e-7 * x.norm()));
        }
    }
    assert!(worst < 1.0, "{worst} times what is allowed");
}
