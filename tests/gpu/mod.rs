//! What the WebGPU engine has to do, wherever it runs: the same bodies natively (through Vulkan) and in a browser.
//!
//! Every kernel is held against its twin on the processor, or against f64.

/// Hands the names of all checks below to a macro, in two lists: those that between them use every kind of kernel and of
/// answer, and those that go through all schemes, models and distributions with the same kernels.
macro_rules! every_check {
    ($test:ident) => {
        $test! {
            (
                starts_are_the_processors
                endpoints_are_the_processors
                weighted_particles_are_resampled
                pictures_show_what_is_there
                densities_are_counts_made_here
                long_paths_are_split
                what_cannot_be_is_refused
                the_peak_is_a_rate
            )
            (
                every_step_is_that_of_f64
                every_plan_is_that_of_f64
                endpoints_of_plans_are_the_processors
                endpoints_of_every_rule_are_the_processors
                noise_is_the_processors
                fields_are_those_of_f64
                close_outlines_are_exact
                toys_are_sampled_and_outlined
            )
        }
    };
}

pub mod moves;
mod pictures;
mod plans;
#[cfg(not(target_arch = "wasm32"))]
pub mod training;

pub use pictures::*;
pub use plans::*;

use guidance_playground::gpu::Gpu;
use guidance_playground::guidance::{Degradation, Guide, Noise, Scheme};
use guidance_playground::plane::distribution::Classes;
use guidance_playground::plane::engine::gpu::{Field, Run};
use guidance_playground::plane::engine::{RunConfig, cpu};
use guidance_playground::plane::network::{FEATURES, LAYERS, Network};
use guidance_playground::plane::starts;
use guidance_playground::plane::{Model, Models};
use guidance_playground::random::{Stream, unit, words};
use guidance_playground::sampling::{NoiseLevels, Solver};
use nalgebra::Vector2;
use std::rc::Rc;
use std::sync::Arc;

const MAIN: &[u8] = include_bytes!("../../weights/main-A64-4096.safetensors");
const GUIDE: &[u8] = include_bytes!("../../weights/guide-A32-0512.safetensors");
/// A width that is no power of two: padded rows, idle threads.
const ODD: &[u8] = include_bytes!("../data/network-10.safetensors");

/// All that schemes below name.
fn models() -> Models {
    let mut models = Models::new();
    for (name, bytes) in [("main-64-4096:A", MAIN), ("guide-32-0512:A", GUIDE), ("odd", ODD)] {
        models.add(name, Network::from_safetensors(bytes).unwrap());
    }
    for hidden in [16, 128] {
        models.add(&*format!("random-{hidden}"), random(hidden, None));
    }
    models.add("heavy", random(20, Some(3.0)));
    let odd = Network::from_safetensors(ODD).unwrap();
    models.add("degraded", odd.with_noise_shift(0.7).unwrap().with_dropout(0.2, 1).unwrap());
    models
}

/// A network of uniform random weights, as a file would hold it; of heavy tails, if that is asked for.
fn random(hidden: usize, nu: Option<f32>) -> Network {
    let (mut header, mut data) = (serde_json::Map::new(), Vec::new());
    let mut tensor = |name: String, shape: Vec<usize>, numbers: Vec<f32>| {
        let begin = data.len();
        data.extend(numbers.iter().flat_map(|x| x.to_le_bytes()));
        let offsets = [begin, data.len()];
        header.insert(name, serde_json::json!({ "dtype": "F32", "shape": shape, "data_offsets": offsets }));
    };
    for layer in 0..=LAYERS {
        let columns = if layer == 0 { FEATURES } else { hidden };
        let draw = |i| (unit(words(layer as u64, Stream::Weights, i as u64, 0)[0]) - 0.5) as f32;
        tensor(
            format!("layers.{}.weight", 2 * layer),
            vec![hidden, columns],
            (0..hidden * columns).map(draw).collect(),
        );
    }
    tensor("gain".to_owned(), vec![], vec![0.3]);
    if let Some(nu) = nu {
        tensor("nu".to_owned(), vec![], vec![nu]);
    }
    let header = serde_json::to_vec(&header).unwrap();
    let bytes = [&(header.len() as u64).to_le_bytes()[..], &header, &data].concat();
    Network::from_safetensors(&bytes).unwrap()
}

fn scheme(main: &str, guide: Option<(&str, f64)>, weight: f64) -> Scheme {
    let guide = guide.map(|(model, sigma_scale)| Guide::new(model, sigma_scale));
    Scheme { main: main.into(), guide, weight, ..Scheme::default() }
}

fn config(scheme: Scheme, solver: Solver, steps: u32) -> RunConfig {
    let levels = NoiseLevels { steps, ..NoiseLevels::default() };
    RunConfig { scheme: Scheme { solver, levels, ..scheme }, seed: 5 }
}

/// Pairs of models that cover each form of the kernel.
fn pairs() -> [Scheme; 12] {
    let noise = Noise::StudentT { degrees_of_freedom: 4.0 };
    let tails = Guide { noise, ..Guide::new("exact:A", 1.25) };
    let fresh = |name: &str, k| {
        let degradation = Degradation::FreshDropout { rate: 0.3, seed: 7 };
        Scheme { guide: Some(Guide { degradation, ..Guide::new(name, k) }), weight: 2.0, ..scheme("odd", None, 1.0) }
    };
    [
        Scheme { guide: Some(tails), weight: 2.0, ..scheme("odd", None, 1.0) },
        scheme("main-64-4096:A", Some(("guide-32-0512:A", 1.0)), 3.0),
        scheme("odd", None, 1.0),
        scheme("odd", Some(("main-64-4096:A", 1.1)), 2.0),
        scheme("exact:A", Some(("exact:AB", 1.0)), 2.0),
        scheme("main-64-4096:A", Some(("exact:A", 1.2)), 2.0),
        scheme("exact:A", Some(("guide-32-0512:A", 1.0)), 1.5),
        scheme("random-128", Some(("random-16", 1.0)), 2.0),
        scheme("main-64-4096:A", Some(("heavy", 1.2)), 1.5),
        scheme("degraded", Some(("heavy", 1.0)), 1.5),
        fresh("odd", 1.0),
        fresh("main-64-4096:A", 1.1),
    ]
}

fn no_error_is_left(gpu: &Gpu) {
    assert_eq!(gpu.take_uncaught(), None);
}

/// Tier one: starts are the processor's, to the bit.
pub async fn starts_are_the_processors(gpu: &Rc<Gpu>) {
    let models = models();
    for (seed, steps, count) in [(1, 2, 1000), (0x1234_5678_9abc, 2, 63)] {
        let config = config(scheme("exact:A", None, 1.0), Solver::Euler, steps);
        let data = models.mixture(Classes::A);
        let run = Run::seeded(gpu, &config, &models, data, seed, count).await.unwrap();
        let here = run.positions(0).await.unwrap();
        let there = starts(data, config.scheme.levels.max, seed, 0..count);
        let bits = |points: &[[f32; 2]]| points.as_flattened().iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&here), bits(&there));
    }
    no_error_is_left(gpu);
}

/// One guided step in f64 from where the engine's particles are.
fn step_in_f64(models: &Models, config: &RunConfig, step: usize, from: [f32; 2]) -> Vector2<f64> {
    let sigmas = config.scheme.levels.sigmas().unwrap();
    let score = |x: Vector2<f64>, sigma: f64| {
        let (main, guide) = models.of(&config.scheme).unwrap();
        let main = main.evaluate(x, sigma).1;
        match guide {
            None => main,
            Some(guide) => {
                let k = config.scheme.guide.as_ref().map_or(1.0, |guide| guide.sigma_scale);
                let other = guide.in_step(step).evaluate(x, k * sigma).1;
                other + config.scheme.weight * (main - other)
            }
        }
    };
    let x = Vector2::new(f64::from(from[0]), f64::from(from[1]));
    let (sigma, next) = (sigmas[step], sigmas[step + 1]);
    let first = -sigma * score(x, sigma);
    let euler = x + (next - sigma) * first;
    if config.scheme.solver == Solver::Euler || next == 0.0 {
        return euler;
    }
    let second = -next * score(euler, next);
    x + 0.5 * (next - sigma) * (first + second)
}

/// Tier two: each step from where the particles are, within 2e-5 of f64 relative to where they go.
pub async fn every_step_is_that_of_f64(gpu: &Rc<Gpu>) {
    let models = models();
    for (index, scheme) in pairs().into_iter().enumerate() {
        let solver = if index % 2 == 0 { Solver::Heun } else { Solver::Euler };
        let config = config(scheme, solver, 8);
        // Neither a multiple of a tile nor less than one.
        let from = starts(models.mixture(Classes::A), config.scheme.levels.max, 3, 0..70);
        let run = Run::new(gpu, &config, &models, &from).await.unwrap();
        while run.advance().await.unwrap() {}
        let mut path = Vec::new();
        for step in 0..=8 {
            path.push(run.positions(step).await.unwrap());
        }
        let mut errors: Vec<f64> = (0..8)
            .flat_map(|step| (0..70).map(move |i| (step, i)))
            .map(|(step, i)| {
                let exact = step_in_f64(&models, &config, step, path[step][i]);
                let found = path[step + 1][i];
                let error = (Vector2::new(f64::from(found[0]), f64::from(found[1])) - exact).norm();
                error / exact.norm().max(0.1)
            })
            .collect();
        errors.sort_by(f64::total_cmp);
        assert!(errors[errors.len() - 1] < 2e-5, "{config:?}: {:e}", errors[errors.len() - 1]);
    }
    no_error_is_left(gpu);
}

/// Tier three: 95% of endpoints within 1e-3 of the processor's, and the same metrics of both.
pub async fn endpoints_are_the_processors(gpu: &Rc<Gpu>) {
    let models = models();
    let degradation = Degradation::FreshDropout { rate: 0.05, seed: 1 };
    let fresh = Guide { degradation, ..Guide::new("main-64-4096:A", 1.0) };
    for scheme in [
        Scheme::default(),
        scheme("main-64-4096:A", Some(("guide-32-0512:A", 1.0)), 3.0),
        Scheme { guide: Some(fresh), weight: 1.5, ..Scheme::default() },
    ] {
        let config = config(scheme, Solver::Heun, 32);
        let data = models.mixture(Classes::A);
        let run = Run::seeded(gpu, &config, &models, data, 7, 200).await.unwrap();
        let mut chunks = 0;
        while run.advance().await.unwrap() {
            chunks += 1;
        }
        assert!(chunks > 0 && run.steps_done() == 32);
        let here = run.positions(32).await.unwrap();
        let from = starts(data, config.scheme.levels.max, 7, 0..200);
        let there = cpu::Sampler::new(&config, &models).unwrap().sample(&from, 1);
        let distances = here.iter().zip(&there).map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]));
        let far = distances.filter(|distance| distance.is_nan() || *distance > 1e-3).count();
        assert!(far <= 10, "{config:?}: {far} of 200");
    }
    no_error_is_left(gpu);
}

/// Scores and log-densities of exact models, Gaussian and Student-t, and of networks, against f64.
pub async fn fields_are_those_of_f64(gpu: &Rc<Gpu>) {
    let models = models();
    let data = models.mixture(Classes::A);
    let mut points = starts(data, 0.5, 8, 0..60);
    points.extend([[0.3, 0.3], [40.0, -3.0], [1e3, 1e3]]);
    let get = |name: &str| models.get(&name.into()).unwrap();
    for (sigma, main, guide) in [
        (0.3, "exact:A", "exact:B"),
        (0.02, "main-64-4096:A", "exact:AB"),
        (1.0, "odd", "guide-32-0512:A"),
        (0.2, "heavy", "degraded"),
    ] {
        let field = Field::of(gpu, &get(main), Some(&get(guide)), sigma).await.unwrap();
        let found = field.evaluate(&points).await.unwrap();
        for (point, values) in points.iter().zip(&found) {
            let x = Vector2::new(f64::from(point[0]), f64::from(point[1]));
            for (model, value) in [main, guide].into_iter().zip(values) {
                let (log_density, score) = get(model).evaluate(x, sigma);
                close(value, log_density, score, &format!("{model} at {point:?}"));
            }
        }
    }
    let Model::Exact(mixture) = get("exact:A") else { unreachable!() };
    for (nu, guide_nu) in [(0.2, 3.0), (10.0, 1000.0)] {
        let [main, guide] = [nu, guide_nu].map(|nu| Model::StudentT(Arc::clone(&mixture), nu));
        let field = Field::of(gpu, &main, Some(&guide), 0.4).await.unwrap();
        for (point, values) in points.iter().zip(&field.evaluate(&points).await.unwrap()) {
            let x = Vector2::new(f64::from(point[0]), f64::from(point[1]));
            for (model, nu, value) in [(&main, nu, &values[0]), (&guide, guide_nu, &values[1])] {
                let (log_density, score) = model.evaluate(x, 0.4);
                close(value, log_density, score, &format!("nu = {nu} at {point:?}"));
            }
        }
    }
    // As many turns of the kernel's loop as any model takes.
    let Model::Exact(all) = get("exact:AB") else { unreachable!() };
    let heavy = Model::StudentT(all, 1000.0);
    let field = Field::of(gpu, &heavy, Some(&heavy), 0.4).await.unwrap();
    for (point, values) in points.iter().zip(&field.evaluate(&points).await.unwrap()) {
        let (log_density, score) = heavy.evaluate(Vector2::new(f64::from(point[0]), f64::from(point[1])), 0.4);
        values.iter().for_each(|value| close(value, log_density, score, &format!("{point:?}")));
    }
    let refused = Field::of(gpu, &Model::StudentT(mixture, 0.0), None, 0.4).await.err();
    assert!(refused.unwrap().to_string().contains("degrees of freedom"));
    no_error_is_left(gpu);
}

fn close(value: &[f32; 3], log_density: f64, score: Vector2<f64>, what: &str) {
    let error = (Vector2::new(f64::from(value[0]), f64::from(value[1])) - score).norm();
    // Ten f32 roundings of a network's score at low noise, where terms of gain/sigma cancel.
    assert!(error < 1e-4 * (1.0 + score.norm()), "{what}: {value:?} {score}");
    let error = (f64::from(value[2]) - log_density).abs();
    assert!(error < 5e-5 * (1.0 + log_density.abs()), "{what}: {value:?} {log_density}");
}

/// Blocks of a path that one binding does not hold, and particles that are not a multiple of anything.
pub async fn long_paths_are_split(gpu: &Rc<Gpu>) {
    let models = models();
    let config = config(scheme("exact:A", None, 1.0), Solver::Euler, 4);
    let from = starts(models.mixture(Classes::A), config.scheme.levels.max, 3, 0..300);
    let whole = Run::new(gpu, &config, &models, &from).await.unwrap();
    let split = Run::limited(gpu, &config, &models, &from, 100 * 5 * 8).await.unwrap();
    for run in [&whole, &split] {
        while run.advance().await.unwrap() {}
    }
    // Alone, and beside each other on both sides of a block's end.
    let chosen = [299, 7, 62, 63, 64, 65, 120];
    let paths = split.paths(&chosen).await.unwrap();
    assert_eq!(paths.len(), chosen.len() * 5);
    for step in 0..5 {
        let positions = whole.positions(step).await.unwrap();
        assert_eq!(positions, split.positions(step).await.unwrap());
        assert!(chosen.iter().zip(paths.chunks(5)).all(|(&number, path)| path[step] == positions[number]));
    }
    assert_eq!(whole.weights(), [1.0; 4]);
    no_error_is_left(gpu);
}

/// What cannot be is refused in words, and leaves nothing behind.
pub async fn what_cannot_be_is_refused(gpu: &Rc<Gpu>) {
    let models = models();
    let mut wrong = config(scheme("exact:A", None, 1.0), Solver::Heun, 1);
    let refused = |e: Option<guidance_playground::Error>| e.unwrap().to_string();
    assert!(refused(Run::new(gpu, &wrong, &models, &[]).await.err()).contains("number of steps"));
    wrong = config(scheme("nobody", None, 1.0), Solver::Heun, 8);
    assert!(refused(Run::new(gpu, &wrong, &models, &[]).await.err()).contains("nobody"));
    let right = config(scheme("exact:A", None, 1.0), Solver::Heun, 8);
    let nobody = Run::new(gpu, &right, &models, &[]).await.unwrap();
    assert!(!nobody.advance().await.unwrap() && nobody.positions(8).await.unwrap().is_empty());
    no_error_is_left(gpu);
}

/// The bare loop gives a rate that a machine of this century has.
pub async fn the_peak_is_a_rate(gpu: &Rc<Gpu>) {
    let rate = gpu.multiply_add_peak(1).await.unwrap();
    assert!((1e8..1e15).contains(&rate), "{rate}");
    no_error_is_left(gpu);
}
