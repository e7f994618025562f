use super::*;
use crate::lanes::TILE;
use crate::plane::distribution::Classes;
use nalgebra::Vector2;
use shards::MOST_SHARDS;

/// Position, noise level, exact score, and weight of the loss.
type Entry = (Vector2<f64>, f64, Vector2<f64>, f64);

fn small(hidden: usize, batch: usize, degrees_of_freedom: Option<f64>) -> Trainer {
    Trainer::new(TrainingConfig {
        classes: Classes::AB,
        hidden,
        batch,
        seed: 9,
        degrees_of_freedom,
        ..TrainingConfig::default()
    })
    .unwrap()
}

const NOISES: [Option<f64>; 3] = [None, Some(2.5), Some(10.0)];

/// The present batch in f64.
fn batch(trainer: &Trainer) -> Vec<Entry> {
    let Trainer { data, state: TrainingState { config, iteration, .. }, .. } = trainer;
    let batch = Batch::new(data, config, *iteration);
    let mut entries = Vec::new();
    for index in 0..batch.size().div_ceil(TILE) {
        let mut tile = batch::TileBatch::default();
        batch.draw(index, &mut tile);
        for t in (0..TILE).filter(|&t| tile.share[t] > 0.0) {
            let (x, sigma) = (Vector2::new(tile.x[t], tile.y[t]).cast(), f64::from(tile.sigma[t]));
            let (truth, weight) = match config.degrees_of_freedom {
                None => (data.mixture.score(x, sigma), 1.0),
                Some(nu) => (data.mixture.evaluate_student_t(x, sigma, nu).unwrap().1, (nu + 4.0) / (nu + 2.0)),
            };
            entries.push((x, sigma, truth, weight));
        }
    }
    entries
}

/// The loss as its definition has it, in f64.
fn loss(network: &Network, batch: &[Entry]) -> f64 {
    let term = |&(x, sigma, truth, weight): &Entry| {
        0.5 * weight * sigma * sigma * (network.evaluate(x, sigma).score - truth).norm_squared()
    };
    batch.iter().map(term).sum::<f64>() / batch.len() as f64
}

#[test]
fn the_gradient_is_the_difference_of_the_loss() {
    for nu in NOISES {
        // A width that is no multiple of four and a batch that is no multiple of a tile.
        let mut trainer = small(10, 130, nu);
        for _ in 0..20 {
            trainer.step(2).unwrap();
        }
        trainer.state.begin();
        trainer.sum(2);
        let (value, gradient) = (trainer.state.total.loss, trainer.state.gradient());
        let batch = batch(&trainer);
        let TrainingState { shape, normalised: weights, .. } = &trainer.state;
        let of = |weights: &[f32]| loss(&shape.network(weights), &batch);
        assert!((value / of(weights) - 1.0).abs() < 1e-4);
        let size = (gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>() / gradient.len() as f64).sqrt();
        let last = weights.len() - 1;
        for i in (0..weights.len()).step_by(7).chain([last]) {
            let h = 1e-3;
            let at = |h: f32| {
                let mut weights = weights.clone();
                weights[i] += h;
                (of(&weights), weights[i])
            };
            let ((up, wu), (down, wd)) = (at(h), at(-h));
            let difference = (up - down) / f64::from(wu - wd);
            // Single precision in the one, steps of a thousandth in the other.
            let tolerance = 2e-3 * (size + difference.abs());
            assert!(
                (f64::from(gradient[i]) - difference).abs() < tolerance,
                "weight {i}: {} {difference}",
                gradient[i]
            );
        }
    }
}

#[test]
fn training_lowers_the_loss() {
    for nu in NOISES {
        let mut trainer = small(16, 256, nu);
        let mut mean = |n| (0..n).map(|_| trainer.step(2).unwrap()).sum::<f64>() / f64::from(n);
        let first = mean(10);
        mean(200);
        let last = mean(10);
        assert!(last < 0.7 * first, "{nu:?}: {first} {last}");
    }
}

#[test]
fn neither_threads_nor_interruptions_change_a_bit() {
    for nu in [None, Some(4.0)] {
        let run = |threads| {
            let mut t = small(8, 300, nu);
            let losses: Vec<f64> = (0..6).map(|_| t.step(threads).unwrap()).collect();
            (losses, t.network())
        };
        let (losses, network) = run(1);
        assert_eq!((losses.clone(), network.clone()), run(3));
        let mut first = small(8, 300, nu);
        for loss in &losses[..3] {
            assert_eq!(first.step(2).unwrap(), *loss);
        }
        let mut second = Trainer::resume(&first.checkpoint()).unwrap();
        assert_eq!(second.iteration(), 3);
        for loss in &losses[3..] {
            assert_eq!(second.step(1).unwrap(), *loss);
        }
        assert_eq!(second.network(), network);
        assert_eq!(network.degrees_of_freedom(), nu);
    }
}

/// In a browser workers have the shards, and the page may be left while they are at it.
#[test]
fn workers_that_share_an_iteration_change_no_bit() {
    // Of 1700 particles 18 tiles in 16 shards, of 300 as many as tiles.
    for batch in [300, 1700] {
        let mut alone = small(8, batch, None);
        let mut state = TrainingState::new(alone.config().clone()).unwrap();
        let mut workers = [(); 3].map(|()| ShardWorker::new(alone.config().clone()).unwrap());
        assert_eq!(state.shards(), batch.div_ceil(TILE).min(MOST_SHARDS));
        for _ in 0..4 {
            let loss = alone.step(2).unwrap();
            let iteration = state.iteration();
            state.begin();
            let weights = state.normalised_weights().to_vec();
            // One has drawn its share before the weights are there, one the share of another iteration, one none.
            workers[0].draw(iteration, 0..state.shards());
            workers[1].draw(iteration + 1, 1..2);
            workers.iter_mut().for_each(|worker| worker.begin(iteration, &weights));
            // Whoever has one, in whatever order they are made.
            let mut made: Vec<(usize, Vec<f32>, [f64; 2])> = (0..state.shards())
                .rev()
                .map(|shard| {
                    let worker = &mut workers[shard * 7 % 3];
                    let once = worker.sums(shard).0.to_vec();
                    let (matrices, scalars) = worker.sums(shard);
                    assert_eq!(once, matrices);
                    (shard, matrices.to_vec(), scalars)
                })
                .collect();
            made.sort_by_key(|(shard, ..)| *shard);
            let before = state.checkpoint();
            made.iter().for_each(|(_, matrices, scalars)| state.add(matrices, *scalars));
            assert_eq!(state.checkpoint(), before);
            assert_eq!(state.finish(), loss);
        }
        assert_eq!(state.checkpoint(), alone.checkpoint());
        // Left in the midst of an iteration, it begins that again.
        state.begin();
        let mut again = Trainer::resume(&state.checkpoint()).unwrap();
        assert_eq!(again.step(1).unwrap(), alone.step(1).unwrap());
        assert_eq!(again.network(), alone.network());
    }
}

/// The noise of a batch, over its level, has the radii of a bivariate Student-t: |z|^2/2 / kappa is F(2, nu), and exceeds f
/// with probability (1 + 2 f / nu)^(-nu/2).
#[test]
fn batches_have_the_tails_asked_for() {
    for nu in [2.5, 4.0, 30.0] {
        let trainer = small(8, 1 << 15, Some(nu));
        let batch = Batch::new(&trainer.data, trainer.config(), 0);
        let mut tile = batch::TileBatch::default();
        let mut beyond = [0.0; 4];
        let mut count = 0.0;
        for index in 0..batch.size().div_ceil(TILE) {
            batch.draw(index, &mut tile);
            for t in (0..TILE).filter(|&t| tile.share[t] > 0.0 && tile.sigma[t] > 10.0 * 0.3) {
                count += 1.0;
                // Beside noise of 3 and more the data, within 1.5, counts little: bounds of the probability are its.
                let r = f64::from(tile.x[t].hypot(tile.y[t]) / tile.sigma[t]);
                for (beyond, limit) in beyond.iter_mut().zip([1.0, 2.0, 4.0, 8.0]) {
                    *beyond += f64::from(u8::from(r > limit));
                }
            }
        }
        assert!(count > 200.0);
        for (beyond, limit) in beyond.into_iter().zip([1.0, 2.0, 4.0, 8.0_f64]) {
            let tail = |r: f64| (1.0 + r * r / nu).powf(-0.5 * nu);
            let (low, high) = (tail(limit + 0.5), tail(limit - 0.5));
            let error = 4.0 * (high / count).sqrt() + 2.0 / count;
            let share = beyond / count;
            assert!(share > low - error && share < high + error, "{nu} {limit}: {share} {low} {high}");
        }
    }
}

#[test]
fn seeds_and_degrees_out_of_range_are_refused() {
    let config = TrainingConfig { seed: 1 << 53, ..TrainingConfig::default() };
    assert!(Trainer::new(config).err().unwrap().to_string().contains("seed"));
    for nu in [2.0, 0.0, f64::NAN, 2e6] {
        let config = TrainingConfig { degrees_of_freedom: Some(nu), ..TrainingConfig::default() };
        assert!(Trainer::new(config).err().unwrap().to_string().contains("degrees of freedom"));
    }
}

#[test]
fn a_file_that_is_no_checkpoint_is_refused() {
    let network = initial(8, 4, 1).to_safetensors();
    let message = Trainer::resume(&network).err().unwrap().to_string();
    assert!(message.contains("config") && message.contains("checkpoint"), "{message}");
}
