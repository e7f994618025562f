//! The loss of a network by noise level: how far it is from what is true, and where.
//!
//! The same particles for every network, so that two differ by what they have learned. An iteration's own loss is of its batch,
//! and of weights that are not averaged yet.

use super::batch::{Data, LOG_SIGMA, TileBatch, narrowing};
use super::gradient::{Matrices, Scratch, TileStep};
use crate::error::{Error, Result};
use crate::lanes::{TILE, dispatch};
use crate::plane::distribution::Mixture;
use crate::plane::network::{Network, TrainingConfig};
use crate::random::{Stream, words};

/// Noise levels, and how far apart they are in ln sigma, as a share of its standard deviation in training: from the 1.4th to the
/// 98.6th of a hundred that a training sees.
const LEVELS: usize = 12;
const SPACING: f64 = 0.4;
/// Tiles of particles at each: with the scores of all, which are exact, kept, they cost about what an iteration of the paper does.
const TILES: usize = 4;

/// What networks are held to: particles of the data at each noise level, with their exact scores.
pub struct Validation {
    nu: Option<f64>,
    /// Those of a level after those of the one below.
    tiles: Vec<TileBatch>,
}

impl Validation {
    /// For networks that learn a mixture under Gaussian noise, or under a Student-t's of `nu` degrees of freedom.
    ///
    /// # Errors
    /// If the degrees of freedom are out of their range.
    pub fn new(mixture: Mixture, nu: Option<f64>) -> Result<Self> {
        let data = Data::new(mixture, nu)?;
        let mut tiles = vec![TileBatch::default(); LEVELS * TILES];
        for (index, tile) in tiles.iter_mut().enumerate() {
            let sigma = level(index / TILES);
            for t in 0..TILE {
                let i = (index * TILE + t) as u64;
                let [which, a, b, _] = words(0, Stream::Validation, i, 0);
                let noise = nu.map_or(sigma, |nu| sigma / narrowing(nu, 0, Stream::Validation, i, 1));
                let share = 1.0 / (TILES * TILE) as f32;
                data.place(tile, t, sigma, share, data.mixture.sample_with(noise, which, [a, b]));
            }
        }
        data.score(&mut tiles);
        Ok(Self { nu, tiles })
    }

    /// For the networks of a training.
    ///
    /// # Errors
    /// If a number of the configuration is out of its range, or the data have nothing of the class.
    pub fn of(config: &TrainingConfig) -> Result<Self> {
        Self::new(config.mixture()?, config.degrees_of_freedom)
    }

    /// The noise levels, the lowest first.
    pub fn sigmas(&self) -> Vec<f64> {
        (0..LEVELS).map(level).collect()
    }

    /// The loss of a network at each: of the same weighting by noise as in training, zero for the exact score.
    ///
    /// # Errors
    /// If the network is for another noise.
    pub fn losses(&self, network: &Network) -> Result<Vec<f64>> {
        if network.nu != self.nu.map(|nu| nu as f32) {
            return Err(Error::invalid("The noise of a network", "that of what it is held to", "another"));
        }
        let matrices = Matrices::new(network);
        let mut scratch = Scratch::new(matrices.products.hidden, network.layers());
        let mut loss = |tile: &TileBatch| {
            scratch.tile.clone_from(tile);
            dispatch(TileStep { matrices: &matrices, scratch: &mut scratch, out: None })
        };
        Ok(self.tiles.chunks(TILES).map(|tiles| tiles.iter().map(&mut loss).sum()).collect())
    }
}

/// Noise level `k` of them.
fn level(k: usize) -> f64 {
    let from_middle = k as f64 - (LEVELS - 1) as f64 / 2.0;
    libm::exp(LOG_SIGMA.0 + LOG_SIGMA.1 * SPACING * from_middle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::distribution::{Classes, Component, Distribution};
    use crate::plane::training::batch::Batch;
    use crate::plane::training::initial;
    use nalgebra::{Matrix2, Vector2};

    fn shipped(name: &str) -> Network {
        let path = format!("{}/weights/{name}.safetensors", env!("CARGO_MANIFEST_DIR"));
        Network::from_safetensors(&std::fs::read(path).unwrap()).unwrap()
    }

    fn paper() -> Mixture {
        Distribution::PAPER.mixture().classes(Classes::A).unwrap()
    }

    /// As its definition has it, in f64.
    fn defined(validation: &Validation, mixture: &Mixture, network: &Network) -> Vec<f64> {
        let of = |tiles: &[TileBatch]| {
            let term = |tile: &TileBatch, t: usize| {
                let (x, sigma) = (Vector2::new(tile.x[t], tile.y[t]).cast(), f64::from(tile.sigma[t]));
                let (truth, weight) = match validation.nu {
                    None => (mixture.evaluate(x, sigma).score, sigma * sigma),
                    Some(nu) => {
                        (mixture.evaluate_student_t(x, sigma, nu).unwrap().1, sigma * sigma * (nu + 4.0) / (nu + 2.0))
                    }
                };
                0.5 * weight * (network.evaluate(x, sigma).score - truth).norm_squared()
            };
            let sum: f64 = tiles.iter().map(|tile| (0..TILE).map(|t| term(tile, t)).sum::<f64>()).sum();
            sum / (tiles.len() * TILE) as f64
        };
        validation.tiles.chunks(TILES).map(of).collect()
    }

    #[test]
    fn losses_are_those_of_the_definition() {
        let mut narrow = initial(10, 4, 3);
        narrow.gain = 0.4;
        // Student-t noise looks at each Gaussian many times: of few.
        let eight = Distribution::EightGaussians.mixture();
        let heavy = Network { nu: Some(4.0), ..narrow.clone() };
        for (network, mixture, nu) in
            [(narrow, eight.clone(), None), (heavy, eight, Some(4.0)), (shipped("main-A64-4096"), paper(), None)]
        {
            let validation = Validation::new(mixture.clone(), nu).unwrap();
            let losses = validation.losses(&network).unwrap();
            for (k, (loss, defined)) in losses.iter().zip(defined(&validation, &mixture, &network)).enumerate() {
                // Scores in single precision: each is off by some 1e-5 of the noise's, whose square is a millionth of what a
                // network is off by.
                assert!((loss - defined).abs() < 1e-3 * defined + 1e-9, "{nu:?} {k}: {loss} {defined}");
            }
        }
    }

    /// Without gain a network is the exact score of a Gaussian, to which it has nothing to add.
    #[test]
    fn the_exact_score_has_no_loss() {
        let gaussian = |variance: f64| {
            let covariance = Matrix2::identity() * variance;
            let one = Component { weight: 1.0, mean: Vector2::zeros(), covariance, class: 0, branch: 0 };
            Validation::new(Mixture::new(vec![one]).unwrap(), None).unwrap()
        };
        let network = initial(8, 4, 1);
        let best = gaussian(0.25).losses(&network).unwrap();
        assert!(best.iter().all(|&loss| loss < 1e-10), "{best:?}");
        let other = gaussian(0.3).losses(&network).unwrap();
        assert!(other.iter().zip(&best).all(|(other, best)| *other > 1e-8 && other > best), "{other:?}");
    }

    #[test]
    fn networks_come_closer_at_every_level_as_they_learn() {
        let validation = Validation::new(paper(), None).unwrap();
        let losses = |network| validation.losses(&network).unwrap();
        let steps = [initial(64, 4, 0), shipped("main-A64-0256"), shipped("main-A64-4096")].map(losses);
        for k in 0..LEVELS {
            assert!(steps[0][k] > steps[1][k] && steps[1][k] > steps[2][k], "{k}: {steps:?}");
        }
        // What is fine is seen under little noise alone, and is learned last: but for the lowest, which few particles of a batch have.
        assert!(steps[2][2..10].is_sorted_by(|low, high| low > high), "{steps:?}");
    }

    /// A training's loss is the mean of these over its noise.
    #[test]
    fn their_mean_over_the_noise_is_the_loss_of_training() {
        let network = shipped("guide-A32-0512");
        let config = TrainingConfig { batch: 1 << 13, ..TrainingConfig::default() };
        let data = Data::new(paper(), None).unwrap();
        let batch = Batch::new(&data, &config, 0);
        let matrices = Matrices::new(&network);
        let mut scratch = Scratch::new(matrices.products.hidden, network.layers());
        let loss: f64 = (0..batch.size().div_ceil(TILE))
            .map(|index| {
                batch.targets(index, std::slice::from_mut(&mut scratch.tile));
                dispatch(TileStep { matrices: &matrices, scratch: &mut scratch, out: None })
            })
            .sum();
        let losses = Validation::new(paper(), None).unwrap().losses(&network).unwrap();
        let weights: Vec<f64> =
            (0..LEVELS).map(|k| (-0.5 * (SPACING * (k as f64 - (LEVELS - 1) as f64 / 2.0)).powi(2)).exp()).collect();
        let mean =
            losses.iter().zip(&weights).map(|(loss, weight)| loss * weight).sum::<f64>() / weights.iter().sum::<f64>();
        // 384 particles at each of twelve levels, of a squared error whose standard deviation is about twice its mean: 5%, three
        // times that.
        assert!((mean / loss - 1.0).abs() < 0.15, "{mean} {loss}");
    }

    #[test]
    fn networks_for_other_noise_are_refused() {
        let network = Network { nu: Some(4.0), ..initial(8, 4, 1) };
        let validation = Validation::of(&TrainingConfig::default()).unwrap();
        assert!(validation.losses(&network).unwrap_err().to_string().contains("noise"));
    }
}
