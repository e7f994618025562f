//! A stage of a step as its kernels read it: what comes of it are sums of what is there, with these coefficients.

use crate::guidance::rule::{Carries, Place};
use crate::images::rules::{Data, share_at_level};
use crate::images::{Finish, Scheme};
use crate::plan::{Plan, Row};
use bytemuck::NoUninit;

/// The layout of `Stage` in stage.wgsl.
#[derive(Clone, Copy, Debug, NoUninit)]
#[repr(C)]
pub(super) struct StageOfStep {
    x: [f32; 4],
    point: [f32; 4],
    estimate: [f32; 4],
    push: [f32; 4],
    rule: [f32; 4],
    sigma: f32,
    weight: f32,
    share: f32,
    kept: f32,
    rescale: f32,
    place: u32,
    pub guide: u32,
    guided: u32,
    mixed: u32,
    noisy: u32,
    align: [u32; 2],
}

/// A run as its stages need it.
pub(super) struct Steps {
    pub plan: Plan,
    scheme: Scheme,
    data: Data,
    /// Whether there is a guide.
    guided: bool,
}

/// A sum of x, the guided estimate, the one before, and noise.
type Sum = [f64; 4];

const X: Sum = [1.0, 0.0, 0.0, 0.0];
const GUIDED: Sum = [0.0, 1.0, 0.0, 0.0];
const BEFORE: Sum = [0.0, 0.0, 1.0, 0.0];
const NOISE: Sum = [0.0, 0.0, 0.0, 1.0];

fn sum(terms: &[(f64, Sum)]) -> Sum {
    std::array::from_fn(|i| terms.iter().map(|(factor, sum)| factor * sum[i]).sum())
}

impl Steps {
    pub fn new(plan: Plan, scheme: Scheme, data: Data) -> Self {
        Self { guided: plan.guided && scheme.guidance.guide.is_some(), plan, scheme, data }
    }

    pub fn row(&self, step: usize) -> &Row {
        &self.plan.steps[step]
    }

    /// Whether the guide is asked in a stage of a step.
    pub fn asks_guide(&self, step: usize, stage: usize) -> bool {
        self.guided && self.plan.asks_guide(self.row(step), stage)
    }

    /// Whether anything remembers.
    pub fn remembers(&self) -> bool {
        self.plan.combination.traits().carries == Carries::Vector
    }

    /// Whether inner products are asked in a stage of a step.
    pub fn mixes(&self, step: usize, stage: usize) -> bool {
        let rule = self.plan.combination.traits();
        let pushes = rule.alone || self.asks_guide(step, stage);
        pushes && (!rule.linear || self.scheme.finish != Finish::None)
    }

    /// What a stage makes. Of what the guide says at sigma, `share` is its own answer, and the rest is where it was asked
    /// ([`at_level`](crate::images::rules::at_level)).
    pub fn stage(&self, step: usize, stage: usize) -> StageOfStep {
        let row = self.row(step);
        let [x, point, estimate] = self.sums(row, stage).map(|sum| sum.map(|n| n as f32));
        let (asked, mixed) = (self.asks_guide(step, stage), self.mixes(step, stage));
        let sigma = self.plan.stages[row.stages[stage]];
        let weight = row.weights[stage] as f32;
        let square = self.data.deviation.powi(2);
        StageOfStep {
            x,
            point,
            estimate,
            push: [0.0, 0.0, if asked { weight - 1.0 } else { 0.0 }, 0.0],
            rule: self.plan.combination.numbers().map(|n| n as f32),
            sigma: sigma as f32,
            weight,
            share: share_at_level(self.plan.sigma_scale, self.scheme.guidance.space) as f32,
            kept: (square / (square + sigma * sigma)) as f32,
            rescale: if let Finish::Rescale { share } = self.scheme.finish { share as f32 } else { 0.0 },
            place: Place::of(step, stage) as u32,
            guide: 0,
            guided: u32::from(asked),
            mixed: u32::from(mixed),
            noisy: u32::from(row.step.spread != 0.0),
            align: [0; 2],
        }
    }

    /// Where pictures are, where models are asked next, and what is the estimate before.
    fn sums(&self, row: &Row, stage: usize) -> [Sum; 3] {
        let step = &row.step;
        // What a score moves, as the estimate less where it was asked.
        let push = |factor: f64, stage: usize| factor / self.plan.stages[row.stages[stage]].powi(2);
        let first = push(step.push, 0);
        // Where the second stage asks; the first one's estimate is the one before, then.
        let between = |estimate| sum(&[(1.0 - first, X), (first, estimate)]);
        match step.correct {
            Some(_) if stage == 0 => [X, between(GUIDED), GUIDED],
            Some([a, b]) => {
                let (a, b) = (push(a, 0), push(b, 1));
                let x = sum(&[(1.0 - a, X), (a, BEFORE), (b, GUIDED), (-b, between(BEFORE))]);
                [x, x, BEFORE]
            }
            None => {
                let x = [(step.keep - first, X), (first, GUIDED), (step.recall, BEFORE), (step.spread, NOISE)];
                [sum(&x), sum(&x), GUIDED]
            }
        }
    }
}
