//! Loss and gradient against automatic differentiation (tests/reference/network.py).

use super::*;
use crate::lanes::TILE;
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    training: Training,
}

#[derive(Deserialize)]
struct Training {
    loss: f64,
    gradient: Vec<f64>,
}

const BATCH: &str = include_str!("../../../tests/data/batch.json");

/// A trainer whose first batch is the reference's, and whose raw weights are those of a file.
fn trainer(hidden: usize, bytes: &[u8]) -> Trainer {
    let config = TrainingConfig { hidden, batch: 100, seed: 3, ..TrainingConfig::default() };
    let mut trainer = Trainer::new(config).unwrap();
    let network = Network::from_safetensors(bytes).unwrap();
    trainer.state.normalised = network.matrices.concat();
    trainer.state.normalised.push(network.gain);
    trainer
}

#[test]
fn the_batch_is_the_references() {
    let expected: Vec<[f64; 3]> = serde_json::from_str(BATCH).unwrap();
    let trainer = Trainer::new(TrainingConfig { batch: 100, seed: 3, ..TrainingConfig::default() }).unwrap();
    let batch = Batch::new(&trainer.data, trainer.config(), 0);
    let mut drawn = Vec::new();
    for index in 0..batch.size().div_ceil(TILE) {
        let mut tile = batch::TileBatch::default();
        batch.draw(index, &mut tile);
        for t in (0..TILE).filter(|&t| tile.share[t] > 0.0) {
            drawn.push([tile.x[t], tile.y[t], tile.sigma[t]]);
        }
    }
    assert_eq!(drawn, expected.iter().map(|row| row.map(|v| v as f32)).collect::<Vec<_>>());
}

fn compare(hidden: usize, bytes: &[u8], reference: &str) {
    let reference = serde_json::from_str::<Reference>(reference).unwrap().training;
    let mut trainer = trainer(hidden, bytes);
    trainer.sum(2);
    let (loss, gradient) = (trainer.state.total.loss, trainer.state.gradient());
    assert!((loss / reference.loss - 1.0).abs() < 1e-6, "{loss} {}", reference.loss);
    assert_eq!(gradient.len(), reference.gradient.len());
    let matrices = (0..=trainer.state.shape.layers).map(|i| trainer.state.shape.range(i));
    let gain = gradient.len() - 1..gradient.len();
    for part in matrices.chain(std::iter::once(gain)) {
        let expected = &reference.gradient[part.clone()];
        let rms = (expected.iter().map(|g| g * g).sum::<f64>() / expected.len() as f64).sqrt();
        let error = |(&found, expected): (&f32, &f64)| (f64::from(found) - expected).abs() / rms;
        let worst = gradient[part.clone()].iter().zip(expected).map(error).fold(0.0, f64::max);
        // Single precision through ten matrices and the exact scores, summed over a hundred particles that partly
        // cancel: some hundreds of roundings of 6e-8.
        assert!(worst < 3e-5, "weights {part:?}: off by {worst} of the root mean square");
    }
}

#[test]
fn the_gradient_is_automatic_differentiations() {
    compare(
        16,
        include_bytes!("../../../tests/data/network-16.safetensors"),
        include_str!("../../../tests/data/network-16.json"),
    );
}

#[test]
fn so_it_is_where_the_width_fills_no_vector() {
    compare(
        10,
        include_bytes!("../../../tests/data/network-10.safetensors"),
        include_str!("../../../tests/data/network-10.json"),
    );
}
