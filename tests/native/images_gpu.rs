//! The WebGPU engine of pictures natively, beside the processor's; on which card, `gpu.rs` says.

use crate::gpu::with_gpu;
use crate::images::WORLD;
use guidance_playground::gpu::Gpu;
use guidance_playground::guidance::{self, Combination, Guide, Interval, ModelName, Schedule, Space};
use guidance_playground::images::engine::gpu::Run;
use guidance_playground::images::engine::{Models, RunConfig, Sampler};
use guidance_playground::images::network::Network;
use guidance_playground::images::{Bands, Cads, Finish, Negative, Scheme};
use guidance_playground::random::{Stream, unit, words};
use guidance_playground::sampling::{NoiseLevels, Solver};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

const SMALL: &[u8] = include_bytes!("../data/images-network.safetensors");
const GUIDE: &[u8] = include_bytes!("../../weights/images/guide.safetensors");

fn models() -> Models {
    let mut models = Models::new(Arc::new(WORLD.clone()));
    for (name, bytes) in [("small", SMALL), ("other", SMALL), ("guide", GUIDE)] {
        models.add(name, &Network::from_safetensors(bytes, &WORLD).unwrap());
    }
    models.add("odd", &random([12, 68, 200]));
    models
}

/// Channels that its words are read from, and places of its drawings.
const SEEN: usize = 12;
const PLACES: usize = 3;

/// A network of random weights, as a file would hold it, whose sums are about as large as what they are of.
fn random(widths: [usize; 3]) -> Network {
    let [a, b, c] = widths;
    let embedding = 20;
    let (mut header, mut data) = (serde_json::Map::new(), Vec::new());
    let mut tensor = |name: &str, shape: &[usize]| {
        let (begin, stream) = (data.len(), header.len() as u64);
        let scale = (3.0 / shape[1..].iter().product::<usize>().max(1) as f64).sqrt();
        let draw = |i: usize| scale * (2.0 * unit(words(stream, Stream::Weights, i as u64, 0)[0]) - 1.0);
        let numbers = (0..shape.iter().product::<usize>()).map(|i| draw(i) as f32);
        data.extend(numbers.flat_map(f32::to_le_bytes));
        let offsets = [begin, data.len()];
        header.insert(name.to_owned(), serde_json::json!({ "dtype": "F32", "shape": shape, "data_offsets": offsets }));
    };
    for (name, rows, columns, size) in [
        ("enter", a, 15, 3),
        ("down8", b, a, 1),
        ("down4", c, b, 1),
        ("up8", b, c, 1),
        ("skip8", b, b, 1),
        ("up16", a, b, 1),
        ("skip16", a, a, 1),
        ("look", SEEN, c, 1),
        ("leave", 12 + 16 * PLACES, a, 3),
    ] {
        tensor(name, &[rows, columns, size, size]);
    }
    for (way, size, width) in [("encode", 16, a), ("encode", 8, b), ("encode", 4, c)].into_iter().chain([
        ("decode", 4, c),
        ("decode", 8, b),
        ("decode", 16, a),
    ]) {
        for which in ["first", "second"] {
            tensor(&format!("{way}{size}.{which}"), &[width, width, 3, 3]);
        }
        tensor(&format!("{way}{size}.modulation"), &[width, embedding]);
    }
    for (name, rows) in [("gate4", c), ("gate8", b), ("gate16", a), ("drawings", 16 * PLACES * 256)] {
        tensor(name, &[rows, embedding]);
    }
    let counts = WORLD.words_by_slot();
    for (slot, count) in ["concept", "rider", "mount", "style", "background"].iter().zip(counts) {
        tensor(&format!("words.{slot}"), &[count + 1, embedding]);
    }
    for (slot, count) in ["concept", "rider", "mount", "style"].iter().zip(counts) {
        tensor(&format!("reading.{slot}"), &[count + 1, 16 * SEEN]);
    }
    for (slot, count) in ["concept", "rider", "mount"].iter().zip(counts) {
        tensor(&format!("subjects.{slot}"), &[count + 1, embedding]);
    }
    tensor("styles", &[counts[3] + 1, embedding]);
    for (name, rows) in [("frequencies", None), ("phases", None), ("noise", Some(embedding))] {
        tensor(name, &rows.into_iter().chain([32]).collect::<Vec<_>>());
    }
    let begin = data.len();
    data.extend(0.5f32.to_le_bytes());
    let offsets = [begin, data.len()];
    let number = serde_json::json!({ "dtype": "F32", "shape": [], "data_offsets": offsets });
    header.insert("sigma_data".to_owned(), number);
    let header = serde_json::to_vec(&header).unwrap();
    let bytes = [&(header.len() as u64).to_le_bytes()[..], &header, &data].concat();
    Network::from_safetensors(&bytes, &WORLD).unwrap()
}

/// Three steps without guidance.
fn alone(model: &str, solver: Solver) -> Scheme {
    let levels = NoiseLevels { steps: 3, ..Scheme::default().guidance.levels };
    Scheme {
        guidance: guidance::Scheme { main: model.into(), solver, levels, ..Default::default() },
        ..Scheme::default()
    }
}

/// The same away from what a model says of any picture.
fn away(model: &str, guide: &str, weight: f64, solver: Solver) -> Scheme {
    let mut scheme = alone(model, solver);
    let guide = ModelName { model: guide.to_owned(), condition: Some("anything".to_owned()) };
    scheme.guidance.guide = Some(Guide::new(guide, 1.0));
    scheme.guidance.weight = weight;
    scheme
}

fn config(scheme: &Scheme) -> RunConfig {
    // What a prompt leaves out is read from pictures: a style, or by a guide without a prompt all.
    let prompt = if scheme.guidance.guide.is_some() { "noto cat on a sky background" } else { "cat" };
    RunConfig { scheme: scheme.clone(), prompt: prompt.to_owned(), seed: 3 }
}

/// Every step of both engines: pictures, and estimates.
async fn agree(gpu: &Rc<Gpu>, scheme: &Scheme, numbers: Range<usize>) {
    let (models, config) = (models(), config(scheme));
    let sampler = Sampler::new(&config, &models).unwrap();
    let run = Run::new(gpu, &sampler, numbers.clone()).await.unwrap();
    let mut batch = sampler.begin(numbers);
    let far = |here: &[f32], there: &[f32]| {
        assert_eq!(here.len(), there.len());
        let largest = there.iter().fold(1.0, |a: f32, b| a.max(b.abs()));
        let error = here.iter().zip(there).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) / largest;
        if error.is_nan() { f32::INFINITY } else { error }
    };
    assert_eq!(run.pictures().await.unwrap(), batch.pictures());
    for step in 0..run.steps() {
        assert!(run.advance().await.unwrap() && run.steps_done() == step + 1);
        sampler.advance(&mut batch, step, 2);
        let errors = [
            far(&run.pictures().await.unwrap(), &batch.pictures()),
            far(&run.estimates().await.unwrap(), &batch.estimates()),
        ];
        // Each step begins where the one before it came to on its own engine.
        let most = 2e-5 * (step + 1) as f32;
        assert!(errors.iter().all(|error| *error < most), "{config:?} step {step}: {errors:?}");
    }
    assert_eq!(gpu.take_uncaught(), None);
}

#[test]
fn unguided_steps_are_the_processors() {
    with_gpu(async |gpu| {
        // Neither a multiple of a tile nor less than one.
        agree(gpu, &alone("small", Solver::DpmPlusPlus2m), 5..22).await;
        agree(gpu, &alone("small", Solver::Heun), 0..1).await;
        agree(gpu, &alone("odd", Solver::Euler), 0..2).await;
    });
}

#[test]
fn guided_steps_are_the_processors() {
    with_gpu(async |gpu| {
        for solver in [Solver::DpmPlusPlus2m, Solver::Heun] {
            agree(gpu, &away("small", "small", 2.5, solver), 0..17).await;
        }
        // Several moves a step, of other weights and with noise of their own.
        let foresight = Solver::Foresight { rounds: 1, ahead: 1, until: 0.5, weight: 2.5 };
        // Three levels are far apart: larger corrections of the last would not converge, and magnify rounding.
        for solver in [foresight, Solver::PredictorCorrector { corrections: 2, size: 1e-4 }] {
            agree(gpu, &away("small", "guide", 1.5, solver), 0..3).await;
        }
        let mut scheme = away("small", "guide", 2.0, Solver::Euler);
        scheme.guidance.schedule = Schedule::Linear;
        agree(gpu, &scheme, 2..5).await;
        for space in [Space::Score, Space::Denoised] {
            let mut scheme = away("small", "small", 1.2, Solver::Heun);
            scheme.guidance.guide.as_mut().unwrap().sigma_scale = 1.4;
            scheme.guidance.space = space;
            agree(gpu, &scheme, 0..3).await;
        }
        let mut scheme = away("small", "small", 3.0, Solver::DpmPlusPlus2m);
        scheme.guidance.interval = Some(Interval { low: 0.5, high: 20.0 });
        agree(gpu, &scheme, 0..3).await;
    });
}

#[test]
fn steps_of_every_rule_are_the_processors() {
    with_gpu(async |gpu| {
        let solver = Solver::DpmPlusPlus2m;
        for combination in [
            Combination::Apg { momentum: -0.5, parallel: 0.2, radius: 8.0 },
            Combination::CfgZeroStar { still: 1 },
            Combination::Tcfg,
            Combination::NormClip { radius: 6.0 },
            Combination::PowerLaw { power: 0.5 },
            Combination::CfgPlusPlus,
        ] {
            let plus = combination == Combination::CfgPlusPlus;
            let (weight, solver) = if plus { (0.6, Solver::Euler) } else { (2.0, solver) };
            let mut scheme = away("small", "other", weight, solver);
            scheme.guidance.combination = combination;
            agree(gpu, &scheme, 0..3).await;
        }
        for combination in
            [Combination::Momentum { strength: 1.5, rate: 0.4 }, Combination::Tsr { sharpness: 2.0, width: 0.3 }]
        {
            let mut scheme = alone("small", Solver::Heun);
            scheme.guidance.combination = combination;
            agree(gpu, &scheme, 0..2).await;
        }
        let mut scheme = away("small", "small", 3.0, solver);
        scheme.finish = Finish::Rescale { share: 0.7 };
        agree(gpu, &scheme, 0..3).await;
        scheme.guidance.combination = Combination::Apg { momentum: -0.5, parallel: 0.0, radius: 0.0 };
        agree(gpu, &scheme, 0..3).await;
    });
}

#[test]
fn steps_away_from_negative_prompts_are_the_processors() {
    with_gpu(async |gpu| {
        let solver = Solver::DpmPlusPlus2m;
        let negatives = |weights: &[f64]| {
            let prompts = ["dog", "a fluent rocket", "night"].into_iter().zip(weights);
            prompts.map(|(prompt, &weight)| Negative { prompt: prompt.to_owned(), weight }).collect::<Vec<_>>()
        };
        // The guide as a condition of the same network and as another one; without guidance besides.
        for (guide, weight) in [("small", 2.5), ("guide", 2.5), ("small", 1.0), ("guide", 1.0)] {
            let mut scheme = away("small", guide, weight, solver);
            scheme.negatives = negatives(&[0.7, 0.0, 1.5]);
            agree(gpu, &scheme, 0..17).await;
        }
        let mut scheme = away("small", "small", 3.0, Solver::Heun);
        scheme.negatives = negatives(&[1.0]);
        scheme.finish = Finish::Rescale { share: 0.7 };
        scheme.guidance.interval = Some(Interval { low: 0.5, high: 20.0 });
        agree(gpu, &scheme, 0..3).await;
        scheme.guidance.combination = Combination::Apg { momentum: -0.5, parallel: 0.0, radius: 8.0 };
        scheme.guidance.weight = 1.0;
        agree(gpu, &scheme, 0..3).await;
        scheme.guidance.weight = 2.0;
        agree(gpu, &scheme, 0..3).await;
    });
}

#[test]
fn steps_with_bands_are_the_processors() {
    with_gpu(async |gpu| {
        let mut scheme = away("small", "small", 2.5, Solver::DpmPlusPlus2m);
        scheme.bands = Some(Bands { high: 1.5, low: 0.25 });
        agree(gpu, &scheme, 0..17).await;
        scheme.guidance.solver = Solver::Heun;
        scheme.guidance.interval = Some(Interval { low: 0.5, high: 20.0 });
        scheme.negatives = vec![Negative { prompt: "dog".to_owned(), weight: 0.5 }];
        agree(gpu, &scheme, 0..2).await;
        scheme.guidance.interval = None;
        scheme.guidance.combination = Combination::Apg { momentum: -0.5, parallel: 0.2, radius: 8.0 };
        scheme.finish = Finish::Rescale { share: 0.7 };
        agree(gpu, &scheme, 0..2).await;
        let mut scheme = alone("small", Solver::Euler);
        scheme.guidance.combination = Combination::Momentum { strength: 1.5, rate: 0.4 };
        scheme.bands = Some(Bands { high: 0.5, low: 2.0 });
        agree(gpu, &scheme, 0..2).await;
    });
}

#[test]
fn steps_with_a_dynamic_threshold_are_the_processors() {
    with_gpu(async |gpu| {
        for quantile in [0.0, 0.5, 0.9, 0.995, 1.0] {
            let mut scheme = away("small", "guide", 4.0, Solver::DpmPlusPlus2m);
            scheme.finish = Finish::Threshold { quantile };
            agree(gpu, &scheme, 0..3).await;
        }
        // Where nothing guides.
        let mut scheme = alone("odd", Solver::Heun);
        scheme.finish = Finish::Threshold { quantile: 0.8 };
        agree(gpu, &scheme, 0..2).await;
        let mut scheme = away("small", "small", 3.0, Solver::Euler);
        scheme.finish = Finish::Threshold { quantile: 0.9 };
        scheme.bands = Some(Bands { high: 1.5, low: 0.25 });
        scheme.negatives = vec![Negative { prompt: "dog".to_owned(), weight: 0.5 }];
        agree(gpu, &scheme, 5..22).await;
    });
}

#[test]
fn steps_in_which_prompts_become_known_are_the_processors() {
    with_gpu(async |gpu| {
        for (guide, solver) in [("small", Solver::DpmPlusPlus2m), ("guide", Solver::Heun)] {
            let mut scheme = away("small", guide, 2.0, solver);
            scheme.cads = Some(Cads { begin: 0.0, end: 0.8, strength: 0.25, mix: 0.7 });
            agree(gpu, &scheme, 5..22).await;
        }
        let mut scheme = away("small", "small", 2.0, Solver::Euler);
        scheme.cads = Some(Cads { begin: 0.4, end: 0.6, strength: 1.0, mix: 1.0 });
        scheme.negatives = vec![Negative { prompt: "dog".to_owned(), weight: 0.5 }];
        agree(gpu, &scheme, 0..1).await;
    });
}

#[test]
fn noise_on_the_way_is_the_processors() {
    with_gpu(async |gpu| {
        for solver in [Solver::Ancestral, Solver::ReverseSde] {
            agree(gpu, &away("small", "small", 2.0, solver), 3..20).await;
        }
    });
}

#[test]
fn a_step_is_few_dispatches() {
    with_gpu(async |gpu| {
        let models = models();
        let count = async |scheme: Scheme| -> Vec<usize> {
            let config = config(&scheme);
            let sampler = Sampler::new(&config, &models).unwrap();
            let run = Run::new(gpu, &sampler, 0..1).await.unwrap();
            (0..run.steps()).map(|step| run.dispatches(step)).collect()
        };
        let solver = Solver::DpmPlusPlus2m;
        // Twenty-three kernels of a network, and the step; a guide that is the same network goes with the main model.
        assert_eq!(count(alone("small", solver)).await, [24; 3]);
        assert_eq!(count(away("small", "small", 2.0, solver)).await, [24; 3]);
        assert_eq!(count(away("small", "other", 2.0, solver)).await, [47; 3]);
        assert_eq!(count(away("small", "other", 1.0, solver)).await, [24; 3]);
        assert_eq!(count(alone("small", Solver::Heun)).await, [48, 48, 24]);
        // One more for what needs inner products.
        let mut clipped = away("small", "small", 2.0, solver);
        clipped.guidance.combination = Combination::NormClip { radius: 1.0 };
        assert_eq!(count(clipped).await, [25; 3]);
    });
}

#[test]
fn what_a_device_does_not_run_is_refused_in_a_sentence() {
    with_gpu(async |gpu| {
        let models = models();
        let refused = async |change: &dyn Fn(&mut Scheme)| {
            let mut scheme = away("small", "small", 2.0, Solver::Euler);
            change(&mut scheme);
            let config = config(&scheme);
            let sampler = Sampler::new(&config, &models).unwrap();
            let error = Run::new(gpu, &sampler, 0..1).await.err().unwrap();
            assert_eq!(error.code(), "invalid");
            error.to_string()
        };
        assert!(refused(&|scheme| *scheme = away("exact", "exact", 2.0, Solver::Euler)).await.contains("exact model"));
        let combination = Combination::Feedback { share: 0.5, most: 5.0, onset: 0.8, decision: 0.4 };
        assert!(refused(&|scheme| scheme.guidance.combination = combination.clone()).await.contains("evidence"));
        let churn = Solver::Churn { churn: 10.0, min: 0.05, max: 50.0, noise: 1.0 };
        assert!(refused(&|scheme| scheme.guidance.solver = churn).await.contains("noise"));
        let negative = Negative { prompt: "dog".to_owned(), weight: 1.0 };
        assert!(refused(&|scheme| scheme.negatives = vec![negative.clone(); 9]).await.contains("negative"));
    });
}
