//! Rules of one's own on a tile: instruction by instruction over all of its particles.

use super::sampler::Sampler;
use super::tile::{Carried, Pair};
use crate::guidance::rule::own::{Program, Time};
use crate::guidance::rule::{Carries, Moment};
use crate::lanes::TILE;

impl Sampler {
    /// As [`combine`](Self::combine) does of other rules. In f64 too, so that both round alike.
    pub(super) fn combine_own(
        &self,
        (program, time): (&Program, &Time),
        moment: &Moment<f64>,
        at: &Pair,
        [x, y]: [&mut [f32; TILE]; 2],
        [gx, gy]: [&[f32; TILE]; 2],
        carried: &mut Carried,
    ) {
        let (sigma, variance) = (moment.sigma, moment.sigma * moment.sigma);
        let vector = self.rule.carries == Carries::Vector;
        let memory = &mut carried.memory;
        // D1, eps1, d and m, each of two coordinates.
        let mut basis = [[[0.0f64; TILE]; 2]; 4];
        for (axis, (main, guide)) in [(&*x, gx), (&*y, gy)].into_iter().enumerate() {
            for i in 0..TILE {
                let (main, guide) = (f64::from(main[i]), f64::from(guide[i]));
                basis[0][axis][i] = f64::from(at[axis][i]) + variance * main;
                basis[1][axis][i] = -sigma * main;
                basis[2][axis][i] = variance * (main - guide);
                basis[3][axis][i] = if vector { f64::from(memory[axis][i]) } else { 0.0 };
            }
        }
        let mut gram = [[0.0; TILE]; 10];
        let pairs = (0..4).flat_map(|i| (i..4).map(move |j| (i, j)));
        for (product, (a, b)) in gram.iter_mut().zip(pairs) {
            for (i, product) in product.iter_mut().enumerate() {
                *product = basis[a][0][i] * basis[b][0][i] + basis[a][1][i] * basis[b][1][i];
            }
        }
        let number = memory[0].map(f64::from);
        let answers = program.answers(moment, time, &gram, &number);
        let sum = |of: &[[f64; TILE]], axis: usize, i: usize| {
            of[0][i] * basis[0][axis][i]
                + of[1][i] * basis[1][axis][i]
                + of[2][i] * basis[2][axis][i]
                + of[3][i] * basis[3][axis][i]
        };
        for (axis, score) in [x, y].into_iter().enumerate() {
            for (i, score) in score.iter_mut().enumerate() {
                *score = (f64::from(*score) + sum(&answers[..4], axis, i) / variance) as f32;
            }
            if vector {
                for (i, memory) in memory[axis].iter_mut().enumerate() {
                    *memory = sum(&answers[4..], axis, i) as f32;
                }
            }
        }
        if self.rule.carries == Carries::Number {
            memory[0] = answers[4].map(|number| number as f32);
        }
    }
}
