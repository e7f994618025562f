//! A tile of particles in cache, and what they carry.

use super::particles::{self, Memory};
use crate::guidance::rule::Update;
use crate::lanes::TILE;
use crate::plane::distribution::PointTile;

/// Two coordinates of every particle of a tile.
pub(super) type Pair = [[f32; TILE]; 2];

/// What the particles of a tile carry.
pub(super) struct Carried {
    /// From step to step, number by number.
    pub(super) memory: [[f32; TILE]; 4],
    /// From a step's first stage to its end: the guide's mean and d ([`Update`]).
    pub(super) mean: Pair,
    pub(super) difference: Pair,
}

impl Default for Carried {
    fn default() -> Self {
        Self::of(&[])
    }
}

impl Carried {
    pub(super) fn of(memory: &[Memory]) -> Self {
        Self { memory: particles::gather(memory), mean: [[0.0; TILE]; 2], difference: [[0.0; TILE]; 2] }
    }

    /// At the end of a step. (Twin: guided_step.wgsl.)
    pub(super) fn update(&mut self, update: &Update, at: [&[f32; TILE]; 2]) {
        let Self { memory: [evidence, ..], mean, difference } = self;
        let [along, square, offset] = [update.along, update.square, update.offset].map(|factor| factor as f32);
        for (i, evidence) in evidence.iter_mut().enumerate() {
            let d = difference.map(|d| d[i]);
            let moved = (at[0][i] - mean[0][i]) * d[0] + (at[1][i] - mean[1][i]) * d[1];
            *evidence += along * moved + square * (d[0] * d[0] + d[1] * d[1]) + offset;
            // Not `clamp`, whose complaint would bring the formatting of floats into wasm.
            *evidence = evidence.max(update.least as f32).min(update.greatest as f32);
        }
    }
}

/// Particles in cache.
pub(super) struct Tile {
    pub(super) points: PointTile,
    /// Which of the run's particles, which keys their noise.
    pub(super) numbers: [usize; TILE],
    pub(super) carried: Carried,
}
