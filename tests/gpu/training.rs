//! Training on a device, beside the processor's, by what checkpoints of both say: from the same state they go a step, or many.

use super::no_error_is_left;
use guidance_playground::gpu::Gpu;
use guidance_playground::plane::distribution::{Classes, Distribution};
use guidance_playground::plane::network::{FEATURES, LAYERS};
use guidance_playground::plane::training::{Trainer, TrainingConfig, TrainingState, gpu};
use safetensors::SafeTensors;
use std::ops::Range;
use std::rc::Rc;

/// Adam's two rates and its epsilon, and the learning rate of the first 512 iterations.
const BETAS: [f64; 2] = [0.9, 0.99];
const EPSILON: f64 = 1e-8;
const RATE: f64 = 0.01;
/// The exponent of the average (EDM2, std .010).
const EXPONENT: f64 = 96.9949;

fn config(hidden: usize, batch: usize, degrees_of_freedom: Option<f64>, data: Distribution) -> TrainingConfig {
    TrainingConfig { data, classes: Classes::AB, hidden, batch, seed: 9, degrees_of_freedom }
}

fn moons() -> Distribution {
    "two-moons".parse().unwrap()
}

/// Data of few components: under Student-t noise each counts some forty times.
fn few() -> Distribution {
    "eight-gaussians".parse().unwrap()
}

/// Numbers of a checkpoint, such as `adam.first`.
fn numbers(checkpoint: &[u8], name: &str) -> Vec<f64> {
    let file = SafeTensors::deserialize(checkpoint).unwrap();
    let bytes = file.tensor(name).unwrap().data();
    bytes.as_chunks().0.iter().map(|&bytes| f64::from(f32::from_le_bytes(bytes))).collect()
}

/// A checkpoint whose moments are zero: what the next step leaves in the first is a tenth of its gradient.
fn without_moments(checkpoint: &[u8]) -> Vec<u8> {
    let mut bytes = checkpoint.to_vec();
    for name in ["adam.first", "adam.second"] {
        let file = SafeTensors::deserialize(checkpoint).unwrap();
        let part = file.tensor(name).unwrap().data().as_ptr_range();
        let place = |at: *const u8| at as usize - checkpoint.as_ptr() as usize;
        bytes[place(part.start)..place(part.end)].fill(0);
    }
    bytes
}

/// The processor's run after some steps.
fn begun(config: TrainingConfig, steps: usize) -> Vec<u8> {
    let mut trainer = Trainer::new(config).unwrap();
    (0..steps).for_each(|_| _ = trainer.step(2).unwrap());
    trainer.checkpoint()
}

async fn on_device(gpu: &Rc<Gpu>, checkpoint: &[u8]) -> gpu::Trainer {
    gpu::Trainer::new(gpu, TrainingState::resume(checkpoint).unwrap()).await.unwrap()
}

/// Where each matrix, and the gain, stands in the lists of a checkpoint.
fn matrices(hidden: usize) -> Vec<Range<usize>> {
    let sizes = [hidden * FEATURES].into_iter().chain([hidden * hidden; LAYERS]).chain([1]);
    let mut end = 0;
    let range = |size| {
        end += size;
        end - size..end
    };
    sizes.map(range).collect()
}

fn root_mean_square(values: &[f64]) -> f64 {
    (values.iter().map(|v| v * v).sum::<f64>() / values.len() as f64).sqrt()
}

/// Loss and gradient of a batch, within 1e-5 and, of each matrix, within 1e-4 of its root mean square.
pub async fn gradients_are_the_processors(gpu: &Rc<Gpu>) {
    // Batches that fill no tile, the last of several parts.
    let cases = [
        config(16, 300, None, Distribution::PAPER),
        config(32, 130, Some(4.0), Distribution::PAPER),
        config(64, 130, Some(10.0), moons()),
        config(10, 130, Some(2.5), moons()),
        config(10, 130, None, Distribution::PAPER),
        config(4, 9001, None, few()),
    ];
    for config in cases {
        let before = without_moments(&begun(config.clone(), 20));
        let mut there = Trainer::resume(&before).unwrap();
        let mut here = on_device(gpu, &before).await;
        let (loss, expected) = (here.steps(1).await.unwrap()[0], there.step(2).unwrap());
        assert!((loss / expected - 1.0).abs() < 1e-5, "{config:?}: {loss} {expected}");
        let [found, exact] =
            [here.state().await.unwrap().checkpoint(), there.checkpoint()].map(|after| numbers(&after, "adam.first"));
        for part in matrices(config.hidden) {
            let size = root_mean_square(&exact[part.clone()]);
            let pairs = found[part.clone()].iter().zip(&exact[part.clone()]);
            let worst = pairs.map(|(found, exact)| (found - exact).abs() / size).fold(0.0, f64::max);
            assert!(worst < 1e-4, "{config:?}, {part:?}: off by {worst:e} of the root mean square");
        }
    }
    no_error_is_left(gpu);
}

/// Batches of a single particle: the loss of a network that has learned nothing tells noise level, position, exact score and weight.
pub async fn batches_are_the_processors(gpu: &Rc<Gpu>) {
    for degrees_of_freedom in [None, Some(2.5)] {
        for seed in 0..40 {
            let config = TrainingConfig { seed: seed << 30, ..config(4, 1, degrees_of_freedom, moons()) };
            let state = TrainingState::new(config.clone()).unwrap();
            let found = gpu::Trainer::new(gpu, state).await.unwrap().steps(1).await.unwrap()[0];
            let exact = Trainer::new(config).unwrap().step(2).unwrap();
            // Twice the score's: f32's rounding of a place, 6e-8 of it, is 2e-6 of the least distance that counts, .03; and where
            // the scores of network and data nearly cancel, more of what is left.
            assert!(
                (found - exact).abs() < 2e-5 * (exact + 0.01),
                "{degrees_of_freedom:?}, seed {seed}: {found} {exact}"
            );
        }
    }
    no_error_is_left(gpu);
}

/// Adam, normalisation and average in f64, from the device's own gradient.
pub async fn updates_are_those_of_f64(gpu: &Rc<Gpu>) {
    for (hidden, steps) in [(10, 0), (10, 30)] {
        let before = begun(config(hidden, 130, None, moons()), steps);
        let mut trainer = on_device(gpu, &before).await;
        trainer.steps(1).await.unwrap();
        let after = trainer.state().await.unwrap().checkpoint();
        let part = |name| [numbers(&before, name), numbers(&after, name)];
        let [[mut weights, new_weights], [average, new_average], [first, new_first], [second, new_second]] =
            ["weights", "average", "adam.first", "adam.second"].map(part);
        let all = matrices(hidden);
        for (i, matrix) in all[..=LAYERS].iter().enumerate() {
            for row in weights[matrix.clone()].chunks_exact_mut(if i == 0 { FEATURES } else { hidden }) {
                let norm = 1e-4 + root_mean_square(row);
                row.iter_mut().for_each(|w| *w /= norm);
            }
        }
        let correction = BETAS.map(|b| 1.0 - b.powi(steps as i32 + 1));
        let kept = (1.0 - 1.0 / (steps as f64 + 1.0)).powf(EXPONENT + 1.0);
        for i in 0..weights.len() {
            let gradient = (new_first[i] - BETAS[0] * first[i]) / (1.0 - BETAS[0]);
            let square = BETAS[1] * second[i] + (1.0 - BETAS[1]) * gradient * gradient;
            // A difference of f32s tells the gradient, some roundings of 6e-8, ten times over.
            let fuzzy = 2e-5 * (square + gradient.abs() * first[i].abs());
            assert!((new_second[i] - square).abs() <= fuzzy, "{i}: {} {square}", new_second[i]);
            let root = (new_second[i] / correction[1]).sqrt();
            let weight = weights[i] - RATE / correction[0] * new_first[i] / (root + EPSILON);
            let tolerance = 4e-7 * (1.0 + weight.abs());
            assert!((new_weights[i] - weight).abs() < tolerance, "{i}: {} {weight}", new_weights[i]);
            let mean = weight + (average[i] - weight) * kept;
            assert!((new_average[i] - mean).abs() < tolerance, "{i}: {} {mean}", new_average[i]);
        }
    }
    no_error_is_left(gpu);
}

/// Losses of 256 iterations (64 of Student-t noise), each of its own batch. Roundings drive the weights of two engines apart, slowly: a thousandth is some
/// hundred times what the emulated devices show at the end, and a twentieth of what would still be the same curve to the eye.
pub async fn losses_are_the_processors(gpu: &Rc<Gpu>) {
    for (degrees_of_freedom, data, count) in [(None, moons(), 256), (Some(4.0), few(), 64)] {
        let config = config(16, 256, degrees_of_freedom, data);
        let mut there = Trainer::new(config.clone()).unwrap();
        let mut here = gpu::Trainer::new(gpu, TrainingState::new(config).unwrap()).await.unwrap();
        let found = here.steps(count).await.unwrap();
        let exact: Vec<f64> = (0..count).map(|_| there.step(2).unwrap()).collect();
        for (i, (found, exact)) in found.iter().zip(&exact).enumerate() {
            assert!((found / exact - 1.0).abs() < 1e-3, "{degrees_of_freedom:?}, iteration {i}: {found} {exact}");
        }
        // Something was learned.
        let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
        assert!(mean(&exact[count - 16..]) < 0.8 * mean(&exact[..16]));
        let [a, b] = [here.network().await.unwrap(), there.network()];
        assert_eq!(["iterations", "data"].map(|fact| a.says(fact)), ["iterations", "data"].map(|fact| b.says(fact)));
    }
    no_error_is_left(gpu);
}

/// The same bits twice, in calls of any length, and from a checkpoint.
pub async fn trainings_are_repeated_and_resumed(gpu: &Rc<Gpu>) {
    for config in [config(10, 130, None, Distribution::PAPER), config(4, 4100, Some(4.0), few())] {
        let start = Trainer::new(config).unwrap().checkpoint();
        let mut whole = on_device(gpu, &start).await;
        let mut losses = whole.steps(5).await.unwrap();
        let bits = whole.state().await.unwrap().checkpoint();
        let mut parts = on_device(gpu, &start).await;
        losses.drain(..2).zip(parts.steps(2).await.unwrap()).for_each(|(a, b)| assert_eq!(a, b));
        let middle = parts.state().await.unwrap().checkpoint();
        for mut trainer in [parts, on_device(gpu, &middle).await] {
            let mut some = trainer.advance(3).await.unwrap();
            assert!((1..=3).contains(&some.len()));
            while some.len() < 3 {
                some.extend(trainer.advance(3 - some.len()).await.unwrap());
            }
            assert_eq!(some, losses);
            assert_eq!(trainer.iteration(), 5);
            assert_eq!(trainer.state().await.unwrap().checkpoint(), bits);
        }
        // The processor goes on from there, too.
        assert!(Trainer::resume(&bits).unwrap().step(2).unwrap().is_finite());
    }
    no_error_is_left(gpu);
}
