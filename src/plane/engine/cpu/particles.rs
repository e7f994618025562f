//! Particles on their way, and the resampling of weighted ones.

use crate::lanes::TILE;
use crate::random::{Stream, unit, words};

/// What a particle carries besides its position: two numbers of the combination (the first is the logarithm of the weight
/// under Feynman-Kac correctors, or evidence of log p1 - log p0), and the denoised estimate of the step before.
pub type Memory = [f32; 4];

/// Some of a run's particles between two steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Particles {
    /// Index in the run of the first, which keys its noise.
    pub first: usize,
    /// Where they are.
    pub positions: Vec<[f32; 2]>,
    /// What they carry; empty where the scheme needs nothing.
    pub memory: Vec<Memory>,
}

/// A tile of them: index of the first, positions, memory, path.
type Parts<'a> = (usize, &'a mut [[f32; 2]], &'a mut [Memory], &'a mut [[f32; 2]]);

impl Particles {
    /// Tiles, each with `kept` points of `path` if that is not 0.
    pub(super) fn tiles<'a>(&'a mut self, path: &'a mut [[f32; 2]], kept: usize) -> impl Iterator<Item = Parts<'a>> {
        let mut memory = self.memory.chunks_mut(TILE);
        let mut path = path.chunks_mut(kept.max(1));
        self.positions.chunks_mut(TILE).zip((self.first..).step_by(TILE)).map(move |(positions, first)| {
            (first, positions, memory.next().unwrap_or_default(), path.next().unwrap_or_default())
        })
    }

    /// Effective number of particles over their number: (sum of weights)^2 over n times the sum of their squares.
    pub fn effective_share(&self) -> f64 {
        effective_share(&weights(&self.memory))
    }

    /// Systematic resampling where the effective share is below `threshold` (1: unless all weights are equal).
    pub fn resample(&mut self, threshold: f64, seed: u64, step: u32) {
        if let Some(ancestors) = ancestors(&self.memory, threshold, seed, step) {
            self.descend(&ancestors);
        }
    }

    /// Put every particle where its ancestor, one that stays, is; all weights become one.
    pub(in crate::plane::engine) fn descend(&mut self, ancestors: &[usize]) {
        for (i, &ancestor) in ancestors.iter().enumerate() {
            self.positions[i] = self.positions[ancestor];
            let [_, rest @ ..] = self.memory[ancestor];
            self.memory[i] = [0.0, rest[0], rest[1], rest[2]];
        }
    }
}

/// Weights of particles relative to the greatest.
fn weights(memory: &[Memory]) -> Vec<f64> {
    let greatest = memory.iter().map(|m| m[0]).fold(f32::NEG_INFINITY, f32::max);
    memory.iter().map(|m| libm::exp(f64::from(m[0] - greatest))).collect()
}

fn effective_share(weights: &[f64]) -> f64 {
    let [sum, squares] = weights.iter().fold([0.0, 0.0], |[a, b], w| [a + w, b + w * w]);
    sum * sum / (squares * weights.len() as f64)
}

/// Systematic resampling where the effective share is below `threshold` (1: unless all weights are equal): whose place
/// every particle takes. One of weight W_i is there floor or ceil of n W_i times. Particles that stay keep their place, and
/// the copies take those of the ones that go.
pub(in crate::plane::engine) fn ancestors(
    memory: &[Memory],
    threshold: f64,
    seed: u64,
    step: u32,
) -> Option<Vec<usize>> {
    let weights = weights(memory);
    if weights.is_empty() || effective_share(&weights) >= threshold {
        return None;
    }
    let n = weights.len() as f64;
    let total: f64 = weights.iter().sum();
    let offset = unit(words(seed, Stream::Resampling, 0, step)[0]);
    let mut copies = vec![0usize; weights.len()];
    let (mut sum, mut drawn) = (0.0, 0usize);
    for (copies, weight) in copies.iter_mut().zip(&weights) {
        sum += weight;
        // Points at (j + offset)/n of the total, j = 0, 1, ...
        while drawn < weights.len() && (drawn as f64 + offset) * total < sum * n {
            *copies += 1;
            drawn += 1;
        }
    }
    // Rounding of the last sum.
    if let Some(last) = copies.iter_mut().rfind(|c| **c > 0) {
        *last += weights.len() - drawn;
    }
    let mut spare = (0..copies.len()).rev().flat_map(|i| std::iter::repeat_n(i, copies[i].saturating_sub(1)));
    // Where weights are no numbers, all stay.
    let ancestor = |i| if copies[i] == 0 { spare.next().unwrap_or(i) } else { i };
    Some((0..copies.len()).map(ancestor).collect())
}

/// A tile's memory by number rather than by particle; zeros where there is none.
pub(super) fn gather(memory: &[Memory]) -> [[f32; TILE]; 4] {
    std::array::from_fn(|j| std::array::from_fn(|i| memory.get(i).map_or(0.0, |m| m[j])))
}

/// The reverse.
pub(super) fn scatter(from: &[[f32; TILE]; 4], memory: &mut [Memory]) {
    for (i, memory) in memory.iter_mut().enumerate() {
        *memory = std::array::from_fn(|j| from[j][i]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighted(weights: &[f64]) -> Particles {
        Particles {
            first: 0,
            positions: (0..weights.len()).map(|i| [i as f32, 0.0]).collect(),
            memory: weights.iter().map(|w| [w.ln() as f32 + 50.0, 0.0, 0.0, 0.0]).collect(),
        }
    }

    #[test]
    fn resampling_is_fair_and_leaves_survivors_in_place() {
        let weights = [0.5, 4.0, 0.0, 1.5, 1.0, 1.0, 0.25, 1.75];
        let total: f64 = weights.iter().sum();
        let mut mean = [0.0; 8];
        for seed in 0..4000 {
            let mut particles = weighted(&weights);
            particles.resample(1.0, seed, 3);
            assert!(particles.memory.iter().all(|m| m[0] == 0.0));
            let mut copies = [0usize; 8];
            particles.positions.iter().for_each(|p| copies[p[0] as usize] += 1);
            for (i, (&copies, weight)) in copies.iter().zip(weights).enumerate() {
                let expected = 8.0 * weight / total;
                assert!((copies as f64 - expected).abs() < 1.0 + 1e-9, "{i}: {copies} of {expected}");
                assert!(copies == 0 || particles.positions[i][0] == i as f32);
                mean[i] += copies as f64 / 4000.0;
            }
        }
        for (mean, weight) in mean.iter().zip(weights) {
            // The count varies by at most 1/2: four standard errors.
            assert!((mean - 8.0 * weight / total).abs() < 4.0 * 0.5 / 4000f64.sqrt(), "{mean} {weight}");
        }
    }

    #[test]
    fn enough_effective_particles_are_left_alone() {
        let mut particles = weighted(&[1.0, 1.0, 1.0, 2.0]);
        // (5)^2 / (4 * 7).
        assert!((particles.effective_share() - 25.0 / 28.0).abs() < 1e-6);
        let before = particles.clone();
        particles.resample(0.5, 1, 0);
        assert_eq!(particles, before);
    }
}
