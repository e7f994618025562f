//! Sampling of pictures: steps beside their formulas, and what runs depend on.

use crate::images::WORLD;
use guidance_playground::guidance::{self, Guide, ModelName};
use guidance_playground::images::engine::{Models, RunConfig, Sampler};
use guidance_playground::images::network::Network;
use guidance_playground::images::{Cads, Exact, NUMBERS, Prompt, Scheme};
use guidance_playground::sampling::{NoiseLevels, Solver};
use std::sync::Arc;

fn models() -> Models {
    let mut models = Models::new(Arc::new(WORLD.clone()));
    let network = include_bytes!("../data/images-network.safetensors");
    models.add("small", &Network::from_safetensors(network, &WORLD).unwrap());
    models
}

/// Away from what a model says of any picture.
fn cfg(model: &str, weight: f64, solver: Solver) -> Scheme {
    let guide = Guide::new(ModelName { model: model.to_owned(), condition: Some("anything".to_owned()) }, 1.0);
    let levels = NoiseLevels { steps: 3, ..Scheme::default().guidance.levels };
    let main = model.into();
    Scheme {
        guidance: guidance::Scheme { main, guide: Some(guide), weight, solver, levels, ..Default::default() },
        ..Scheme::default()
    }
}

fn config(scheme: Scheme, prompt: &str) -> RunConfig {
    RunConfig { scheme, prompt: prompt.to_owned(), seed: 3 }
}

fn far(a: &[f32], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max)
}

#[test]
fn steps_are_those_of_their_formulas() {
    let models = models();
    let prompt = WORLD.read("rocket").unwrap().prompt;
    let [own, any] = [prompt, Prompt::default()].map(|prompt| Exact::new(&WORLD, prompt).unwrap());
    let weight = 1.5;
    let mixed = |x: &[f64], sigma: f64, weight: f64| -> Vec<f64> {
        let [d1, d0] = [&own, &any].map(|model| model.evaluate(x, sigma).denoised);
        d1.iter().zip(d0).map(|(d1, d0)| d0 + weight * (d1 - d0)).collect()
    };
    let guided = |x: &[f64], sigma: f64| mixed(x, sigma, weight);
    let foresight = Solver::Foresight { rounds: 1, ahead: 2, until: 1.0, weight: 2.5 };
    let projection = Solver::ManifoldProjection { rounds: 1, until: 0.9 };
    for solver in [Solver::Euler, Solver::Heun, Solver::DpmPlusPlus2m, foresight, projection] {
        let run = config(cfg("exact", weight, solver), "rocket");
        let sampler = Sampler::new(&run, &models).unwrap();
        let sigmas = sampler.plan().sigmas.clone();
        let mut batch = sampler.begin(5..6);
        let mut x: Vec<f64> = batch.pictures().into_iter().map(f64::from).collect();
        let deviation = (x.iter().map(|x| x * x).sum::<f64>() / NUMBERS as f64).sqrt();
        assert!((deviation / sigmas[0] - 1.0).abs() < 0.06, "{deviation}");
        let mut before: Option<Vec<f64>> = None;
        for step in 0..3 {
            let (now, next) = (sigmas[step], sigmas[step + 1]);
            // Moves before the step: at a level with a weight, and as far as to another.
            let moves = match solver {
                Solver::Foresight { weight, .. } if step == 0 => {
                    vec![(now, weight, sigmas[step + 2] - now), (sigmas[step + 2], 0.0, now - sigmas[step + 2])]
                }
                // The highest levels, in this order.
                Solver::ManifoldProjection { .. } if now > 19.0 => {
                    vec![(now, 1.0, 0.5 * (next - now)), (now, 0.0, 0.5 * (now - next))]
                }
                _ => vec![],
            };
            for (sigma, weight, by) in moves {
                let d = mixed(&x, sigma, weight);
                x = x.iter().zip(d).map(|(x, d)| x + by * (x - d) / sigma).collect();
            }
            let d = guided(&x, now);
            let slope: Vec<f64> = x.iter().zip(&d).map(|(x, d)| (x - d) / now).collect();
            let euler: Vec<f64> = x.iter().zip(&slope).map(|(x, s)| x + (next - now) * s).collect();
            x = match solver {
                Solver::Heun if next > 0.0 => {
                    let last = guided(&euler, next);
                    let slopes = slope.iter().zip(euler.iter().zip(&last).map(|(x, d)| (x - d) / next));
                    x.iter().zip(slopes).map(|(x, (a, b))| x + (next - now) * 0.5 * (a + b)).collect()
                }
                // Lu et al. 2022, arXiv 2211.01095, algorithm 2, for alpha = 1; first order at both ends.
                Solver::DpmPlusPlus2m if next > 0.0 && step > 0 => {
                    let h = (now / next).ln();
                    let r = (sigmas[step - 1] / now).ln() / h;
                    let past = before.as_ref().unwrap();
                    let mixed = d.iter().zip(past).map(|(d, past)| (1.0 + 0.5 / r) * d - 0.5 / r * past);
                    x.iter().zip(mixed).map(|(x, d)| next / now * x - ((-h).exp() - 1.0) * d).collect()
                }
                _ => euler,
            };
            before = Some(d);
            sampler.advance(&mut batch, step, 1);
            let error = far(&batch.pictures(), &x) / now.max(1.0);
            assert!(error < 1e-5, "{solver:?} {step}: {error:e}");
            // The next step goes on from what was rounded.
            x = batch.pictures().into_iter().map(f64::from).collect();
        }
        let (picture, square) = own.nearest(&x);
        assert!(prompt.allows(picture) && square < 1e-3 * NUMBERS as f64, "{square}");
    }
}

#[test]
fn a_picture_depends_on_its_number_alone() {
    let models = models();
    for solver in [Solver::DpmPlusPlus2m, Solver::Ancestral] {
        let run = config(cfg("small", 2.0, solver), "noto cat on a sky background");
        let sampler = Sampler::new(&run, &models).unwrap();
        let all = sampler.sample(0..35, 2);
        assert!(all.iter().all(|v| v.is_finite()) && all.len() == 35 * NUMBERS);
        assert_eq!(sampler.sample(17..19, 1), all[17 * NUMBERS..19 * NUMBERS]);
        assert_ne!(all[..NUMBERS], all[NUMBERS..2 * NUMBERS]);
        let other = Sampler::new(&RunConfig { seed: 4, ..run }, &models).unwrap();
        assert_ne!(other.sample(17..18, 1), all[17 * NUMBERS..18 * NUMBERS]);
    }
}

#[test]
fn a_weight_of_one_is_no_guidance() {
    let models = models();
    let alone = Scheme { guidance: cfg("small", 1.0, Solver::DpmPlusPlus2m).guidance.unguided(), ..Scheme::default() };
    let [guided, alone] = [cfg("small", 1.0, Solver::DpmPlusPlus2m), alone]
        .map(|scheme| Sampler::new(&config(scheme, "rocket"), &models).unwrap().sample(0..2, 1));
    assert_eq!(guided, alone);
}

/// Asked of stored pictures, models say what they said on the way, and so does the scheme, where it remembers nothing.
#[test]
fn what_models_say_is_told_of_any_step() {
    let models = models();
    let (rocket, any) = (WORLD.read("rocket").unwrap().prompt, Prompt::default());
    for solver in [Solver::DpmPlusPlus2m, Solver::Churn { churn: 4.0, min: 0.0, max: 80.0, noise: 1.0 }] {
        let sampler = Sampler::new(&config(cfg("exact", 1.5, solver), "rocket"), &models).unwrap();
        let mut batch = sampler.begin(5..7);
        for step in 0..3 {
            let told = sampler.told(5, &batch.pictures(), step);
            assert_eq!(sampler.told(6, &batch.pictures()[NUMBERS..], step).guided, told.guided[NUMBERS..]);
            sampler.advance(&mut batch, step, 1);
            assert_eq!(told.guided, batch.estimates(), "{solver:?} {step}");
            let mixed = told.main.iter().zip(told.guide.as_ref().unwrap());
            let mixed: Vec<f64> = mixed.map(|(&d1, &d0)| f64::from(d0) + 1.5 * f64::from(d1 - d0)).collect();
            assert!(far(&told.guided, &mixed) < 1e-5);
        }
        // After the last step, at the last step's level.
        let sigma = sampler.plan().sigmas[2];
        let told = sampler.told(5, &batch.pictures(), 3);
        let x: Vec<f64> = batch.pictures()[..NUMBERS].iter().map(|&v| f64::from(v)).collect();
        for (found, prompt) in [(&told.main, rocket), (told.guide.as_ref().unwrap(), any)] {
            let expected = Exact::new(&WORLD, prompt).unwrap().evaluate(&x, sigma).denoised;
            assert!(far(&found[..NUMBERS], &expected) < 1e-4);
        }
    }
    // A guide is told at its own level, and where a run does not ask it, too.
    let mut scheme = cfg("exact", 1.5, Solver::Euler);
    let guide = scheme.guidance.guide.as_mut().unwrap();
    (guide.condition, guide.sigma_scale) = (None, 1.4);
    scheme.guidance.interval = Some(guidance::Interval { low: 1.0, high: 2.0 });
    let sampler = Sampler::new(&config(scheme.clone(), "rocket"), &models).unwrap();
    let (start, sigma) = (sampler.begin(0..1).pictures(), sampler.plan().sigmas[0]);
    let told = sampler.told(0, &start, 0);
    let x: Vec<f64> = start.iter().map(|&v| f64::from(v)).collect();
    let expected = Exact::new(&WORLD, rocket).unwrap().evaluate(&x, 1.4 * sigma).denoised;
    assert!(far(told.guide.as_ref().unwrap(), &expected) < 1e-4);
    assert_eq!(told.guided, told.main);
    scheme.guidance = scheme.guidance.unguided();
    let alone = Sampler::new(&config(scheme, "rocket"), &models).unwrap().told(0, &start, 0);
    assert!(alone.guide.is_none() && alone.main == told.main && alone.guided == told.main);
}

#[test]
fn prompts_become_known_picture_by_picture() {
    let models = models();
    let plain = cfg("small", 2.0, Solver::DpmPlusPlus2m);
    let sample = |strength: Option<f64>, numbers: std::ops::Range<usize>| {
        let cads = strength.map(|strength| Cads { begin: 0.0, end: 1.0, strength, mix: 1.0 });
        let run = config(Scheme { cads, ..plain.clone() }, "rocket");
        Sampler::new(&run, &models).unwrap().sample(numbers, 1)
    };
    // Without noise the vector comes back to its own mean and spread, which is itself.
    let [plain, silent] = [None, Some(0.0)].map(|strength| sample(strength, 15..18));
    let error = far(&silent, &plain.iter().map(|v| f64::from(*v)).collect::<Vec<_>>());
    assert!(error < 1e-4, "{error:e}");
    let noisy = sample(Some(0.25), 15..18);
    assert!(noisy != silent && noisy[2 * NUMBERS..] == sample(Some(0.25), 17..18));
}

#[test]
fn what_cannot_be_run_is_refused_in_a_sentence() {
    let models = models();
    let refused =
        |scheme: Scheme, prompt: &str| Sampler::new(&config(scheme, prompt), &models).err().unwrap().to_string();
    let plain = || cfg("exact", 2.0, Solver::Euler);
    assert!(refused(plain(), "a rokcet").contains("rocket"));
    assert!(refused(plain(), "a cat and a dog").contains("one concept"));
    assert!(refused(cfg("big", 2.0, Solver::Euler), "rocket").contains("exact, small"));
    let mut scheme = plain();
    scheme.guidance.guide.as_mut().unwrap().degradation = guidance::Degradation::Dropout { rate: 0.1, seed: 1 };
    assert!(refused(scheme, "rocket").contains("network"));
}

#[test]
fn the_run_of_the_browsers_test_is_this() {
    let mut models = Models::new(Arc::new(WORLD.clone()));
    let network = include_bytes!("../data/images-network.safetensors");
    models.add("main", &Network::from_safetensors(network, &WORLD).unwrap());
    let scheme = r#"{"main":"main","guide":{"model":"main","condition":"anything"},"weight":3,"levels":{"steps":4}}"#;
    let run = RunConfig { scheme: serde_json::from_str(scheme).unwrap(), prompt: "night rocket".to_owned(), seed: 7 };
    let found: Vec<f32> = Sampler::new(&run, &models).unwrap().sample(1..3, 1).into_iter().step_by(61).collect();
    let numbers: Vec<f64> = serde_json::from_str(include_str!("../data/images-run.json")).unwrap();
    assert_eq!(found.len(), numbers.len(), "{found:?}");
    let greatest = numbers.iter().fold(1.0, |a: f64, b| b.abs().max(a));
    assert!(far(&found, &numbers) / greatest < 1e-5, "{found:?}");
}
