//! A stage of a step as its kernels read it: what comes of it are sums of what is there, with these coefficients.

use crate::guidance::rule::{Carries, Place};
use crate::images::rules::{Data, share_at_level};
use crate::images::{Bands, Finish, NUMBERS, Scheme};
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
    away: [f32; MOST_NEGATIVES],
    middle: [f32; 4],
    time: [f32; 4],
    steps: [f32; 2],
    sigma: f32,
    weight: f32,
    share: f32,
    kept: f32,
    finish: f32,
    high: f32,
    low: f32,
    place: u32,
    guided: u32,
    pushed: u32,
    mixed: u32,
    finished: u32,
    noisy: u32,
    pub guide: u32,
    pub negative: u32,
    pub negatives: u32,
    pub condition: u32,
    rank: u32,
}

/// Negative prompts that a stage has room for.
pub(super) const MOST_NEGATIVES: usize = 8;

/// A run as its stages need it.
pub(super) struct Steps {
    pub plan: Plan,
    scheme: Scheme,
    data: Data,
    /// Of each step the weights of negative prompts in both its stages.
    negatives: Vec<Vec<[f64; 2]>>,
    /// Whether there is a guide.
    pub guided: bool,
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
    pub fn new(plan: Plan, scheme: Scheme, data: Data, negatives: Vec<Vec<[f64; 2]>>) -> Self {
        let away = negatives.iter().flatten().flatten().any(|weight| *weight != 0.0);
        let guided = (plan.guided || away) && scheme.guidance.guide.is_some();
        Self { guided, plan, scheme, data, negatives }
    }

    pub fn row(&self, row: usize) -> &Row {
        &self.plan.rows[row]
    }

    /// Whether the guide is asked in a stage of a row.
    pub fn asks_guide(&self, row: usize, stage: usize) -> bool {
        self.guided && (self.plan.asks_guide(self.row(row), stage) || self.goes_away(row, stage))
    }

    /// Noise levels at which a prompt says something of its own, each a step and one of the plan's: of CADS all stages of all steps.
    pub fn levels(&self) -> Vec<(usize, usize)> {
        if self.scheme.cads.is_none() {
            return (0..self.plan.stages.len()).map(|index| (0, index)).collect();
        }
        let of = |row: usize, stage: usize| self.row(row).stages[stage.min(self.row(row).stages() - 1)];
        (0..self.plan.rows.len()).flat_map(|row| [0, 1].map(|stage| (row, of(row, stage)))).collect()
    }

    /// Which of these is a stage's of a step.
    pub fn level(&self, row: usize, stage: usize) -> usize {
        if self.scheme.cads.is_none() { self.row(row).stages[stage] } else { 2 * row + stage }
    }

    /// Negative prompts.
    pub fn negatives(&self) -> usize {
        self.scheme.negatives.len()
    }

    /// Whether a negative prompt has a weight in a stage of a row.
    pub fn goes_away(&self, row: usize, stage: usize) -> bool {
        self.negatives[row].iter().any(|weights| weights[stage] != 0.0)
    }

    /// Whether anything remembers.
    pub fn remembers(&self) -> bool {
        self.plan.rule.carries == Carries::Vector
    }

    /// Whether the rule adds anything in a stage of a row.
    pub fn pushes(&self, row: usize, stage: usize) -> bool {
        self.plan.rule.alone || self.plan.asks_guide(self.row(row), stage)
    }

    /// Whether inner products are asked in a stage of a row.
    pub fn mixes(&self, row: usize, stage: usize) -> bool {
        self.pushes(row, stage) && !self.plan.rule.linear
    }

    /// Whether the guided estimates of a stage of a row are finished.
    pub fn finishes(&self, row: usize, stage: usize) -> bool {
        match self.scheme.finish {
            Finish::None => false,
            // Of an estimate that nothing is added to, this is the estimate.
            Finish::Rescale { .. } => self.pushes(row, stage) || self.goes_away(row, stage),
            Finish::Threshold { .. } => true,
        }
    }

    /// What a stage makes. Of what the guide says at sigma, `share` is its own answer, and the rest is where it was asked
    /// ([`at_level`](crate::images::rules::at_level)).
    pub fn stage(&self, row: usize, stage: usize) -> StageOfStep {
        let of = self.row(row);
        let [x, point, estimate] = self.sums(of, stage).map(|sum| sum.map(|n| n as f32));
        let sigma = self.plan.stages[of.stages[stage]];
        let weight = of.weights[stage] as f32;
        let square = self.data.deviation.powi(2);
        let (finish, rank) = match self.scheme.finish {
            Finish::None => (0.0, 0),
            Finish::Rescale { share } => (share, 0),
            Finish::Threshold { quantile } => {
                let place = quantile * (NUMBERS - 1) as f64;
                (place.fract(), place as u32)
            }
        };
        let (time, steps) = self.plan.told(of);
        let bands = self.scheme.bands.unwrap_or(Bands { high: 1.0, low: 1.0 });
        StageOfStep {
            x,
            point,
            estimate,
            // Of a weight 1 it is nothing.
            push: [0.0, 0.0, if self.guided { weight - 1.0 } else { 0.0 }, 0.0],
            rule: self.plan.combination.numbers().map(|n| n as f32),
            away: std::array::from_fn(|i| self.negatives[row].get(i).map_or(0.0, |weights| weights[stage] as f32)),
            middle: [0, 1, 2, 0].map(|colour| (2.0 * self.data.mean[colour] - 1.0) as f32),
            time,
            steps,
            sigma: sigma as f32,
            weight,
            share: share_at_level(self.plan.sigma_scale, self.scheme.guidance.space) as f32,
            kept: (square / (square + sigma * sigma)) as f32,
            finish: finish as f32,
            high: bands.high as f32,
            low: bands.low as f32,
            place: Place::of(row, stage) as u32,
            guided: u32::from(self.asks_guide(row, stage)),
            pushed: u32::from(self.pushes(row, stage)),
            mixed: u32::from(self.mixes(row, stage)),
            finished: u32::from(self.finishes(row, stage)),
            noisy: u32::from(of.step.spread != 0.0),
            guide: 0,
            negative: 0,
            negatives: if self.goes_away(row, stage) { self.negatives[row].len() as u32 } else { 0 },
            condition: 0,
            rank,
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
