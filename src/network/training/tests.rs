use super::*;
use nalgebra::Vector2;

fn small(hidden: usize, batch: usize) -> Trainer {
    Trainer::new(TrainingConfig { classes: Classes::AB, hidden, batch, seed: 9 }).unwrap()
}

/// The loss as its definition has it, in f64.
fn loss(trainer: &Trainer, weights: &[f32]) -> f64 {
    let network = trainer.shape.network(weights);
    let batch = Batch::new(&trainer.mixture, &trainer.lanes, &trainer.config, trainer.iteration);
    let mut total = 0.0;
    for index in 0..batch.tiles() {
        let mut tile = batch::TileBatch::default();
        batch.draw(index, &mut tile);
        for t in (0..crate::lanes::TILE).filter(|&t| tile.share[t] > 0.0) {
            let (x, sigma) = (Vector2::new(tile.x[t], tile.y[t]).cast(), f64::from(tile.sigma[t]));
            let difference = network.evaluate(x, sigma).score - trainer.mixture.score(x, sigma);
            total += 0.5 * sigma * sigma * difference.norm_squared() / trainer.config.batch as f64;
        }
    }
    total
}

#[test]
fn the_gradient_is_the_difference_of_the_loss() {
    // A width that is no multiple of four and a batch that is no multiple of a tile.
    let mut trainer = small(10, 130);
    for _ in 0..20 {
        trainer.step(2);
    }
    trainer.normalise();
    let (value, gradient) = trainer.gradient(2);
    assert!((value / loss(&trainer, &trainer.weights) - 1.0).abs() < 1e-4);
    let size = (gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>() / gradient.len() as f64).sqrt();
    let last = trainer.weights.len() - 1;
    for i in (0..trainer.weights.len()).step_by(7).chain([last]) {
        let h = 1e-3;
        let at = |h: f32| {
            let mut weights = trainer.weights.clone();
            weights[i] += h;
            (loss(&trainer, &weights), weights[i])
        };
        let ((up, wu), (down, wd)) = (at(h), at(-h));
        let difference = (up - down) / f64::from(wu - wd);
        // Single precision in the one, steps of a thousandth in the other.
        let tolerance = 2e-3 * (size + difference.abs());
        assert!((f64::from(gradient[i]) - difference).abs() < tolerance, "weight {i}: {} {difference}", gradient[i]);
    }
}

#[test]
fn training_lowers_the_loss() {
    let mut trainer = small(16, 256);
    let mut mean = |n| (0..n).map(|_| trainer.step(2)).sum::<f64>() / f64::from(n);
    let first = mean(10);
    mean(200);
    let last = mean(10);
    assert!(last < 0.7 * first, "{first} {last}");
}

#[test]
fn neither_threads_nor_interruptions_change_a_bit() {
    let run = |threads| {
        let mut t = small(8, 300);
        let losses: Vec<f64> = (0..6).map(|_| t.step(threads)).collect();
        (losses, t.network())
    };
    let (losses, network) = run(1);
    assert_eq!((losses.clone(), network.clone()), run(3));
    let mut first = small(8, 300);
    for loss in &losses[..3] {
        assert_eq!(first.step(2), *loss);
    }
    let mut second = Trainer::resume(&first.checkpoint()).unwrap();
    assert_eq!(second.iteration(), 3);
    for loss in &losses[3..] {
        assert_eq!(second.step(1), *loss);
    }
    assert_eq!(second.network(), network);
}

#[test]
fn a_file_that_is_no_checkpoint_is_refused() {
    let network = initial(8, 4, 1).to_safetensors();
    let message = Trainer::resume(&network).err().unwrap().to_string();
    assert!(message.contains("config") && message.contains("checkpoint"), "{message}");
}
