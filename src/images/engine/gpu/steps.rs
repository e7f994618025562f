//! A stage of a step as the kernel `take_step` reads it: what comes of it are sums of what is there, with these coefficients.

use crate::plan::{Plan, Row};
use bytemuck::NoUninit;

/// Coefficients of x, D1, D0 and the estimate before; the layout of `Stage` in take_step.wgsl.
#[derive(Clone, Copy, Debug, NoUninit)]
#[repr(C)]
pub(super) struct StageOfStep {
    pub x: [f32; 4],
    pub point: [f32; 4],
    pub estimate: [f32; 4],
    pub guide: u32,
    pub align: [u32; 3],
}

/// A sum of x, D1, D0 and the estimate before.
type Sum = [f64; 4];

const X: Sum = [1.0, 0.0, 0.0, 0.0];
const MAIN: Sum = [0.0, 1.0, 0.0, 0.0];
const GUIDE: Sum = [0.0, 0.0, 1.0, 0.0];
const BEFORE: Sum = [0.0, 0.0, 0.0, 1.0];

fn sum(terms: &[(f64, Sum)]) -> Sum {
    std::array::from_fn(|i| terms.iter().map(|(factor, sum)| factor * sum[i]).sum())
}

/// What a stage with this weight makes: where pictures are, where models are asked next, and the guided estimate. Of what the guide
/// says at sigma, `share` is its own answer, and the rest is where it was asked ([`at_level`](crate::images::rules::at_level)).
pub(super) fn sums(plan: &Plan, row: &Row, stage: usize, weight: f64, share: f64) -> [Sum; 3] {
    let step = &row.step;
    // What a score moves, as the estimate less where it was asked.
    let push = |factor: f64, stage: usize| factor / plan.stages[row.stages[stage]].powi(2);
    let first = push(step.push, 0);
    // Where the second stage asks; the first one's estimate is what was before, then.
    let between = |estimate| sum(&[(1.0 - first, X), (first, estimate)]);
    let asked = if stage == 0 { X } else { between(BEFORE) };
    let excess = weight - 1.0;
    let guided = sum(&[(1.0 + excess, MAIN), (-excess * share, GUIDE), (-excess * (1.0 - share), asked)]);
    match step.correct {
        Some(_) if stage == 0 => [X, between(guided), guided],
        Some([a, b]) => {
            let (a, b) = (push(a, 0), push(b, 1));
            let x = sum(&[(1.0 - a, X), (a, BEFORE), (b, guided), (-b, asked)]);
            [x, x, BEFORE]
        }
        None => {
            let x = sum(&[(step.keep - first, X), (first, guided), (step.recall, BEFORE)]);
            [x, x, guided]
        }
    }
}
