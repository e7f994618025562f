//! A plan as the kernel `guided_step` reads it.

use super::shader::{Kernel, Shapes};
use crate::guidance::Combination;
use crate::plan::{Plan, Row};
use bytemuck::NoUninit;

/// A row of a plan; the layout of `Step` in guided_step.wgsl.
#[derive(Clone, Copy, NoUninit)]
#[repr(C)]
pub(super) struct StepRow {
    pub rule: [f32; 4],
    pub kick: f32,
    pub keep: f32,
    pub push: f32,
    pub recall: f32,
    pub correct: [f32; 2],
    pub sigmas: [f32; 2],
    pub weights: [f32; 2],
    pub stages: [u32; 2],
    pub spread: f32,
    pub factor: f32,
    pub bounds: [f32; 2],
    pub update: [f32; 4],
    pub places: [u32; 2],
    pub align: [u32; 2],
}

impl Kernel {
    /// The kernel for a plan and its models.
    pub fn new(plan: &Plan, shapes: Shapes) -> Self {
        let rule = plan.rule;
        let asked = rule.alone || shapes.guide.is_some();
        Self {
            shapes,
            rule: if asked { rule } else { Combination::Lerp.traits() },
            stochastic: plan.rows.iter().any(|row| row.step.kick != 0.0 || row.step.spread != 0.0),
            remembers: plan.remembers(),
            rules: plan.rules(),
        }
    }
}

/// The rows of `steps` in guided_step.wgsl.
pub(super) fn table(plan: &Plan) -> Vec<StepRow> {
    let single = |numbers: [f64; 2]| numbers.map(|number| number as f32);
    let row = |(index, row): (usize, &Row)| {
        let step = &row.step;
        let (time, steps) = plan.told(row);
        let last = plan.rows.get(index + 1).is_none_or(|next| next.of != row.of);
        StepRow {
            rule: rule(plan, row).map(|number| number as f32),
            kick: step.kick as f32,
            keep: step.keep as f32,
            push: step.push as f32,
            recall: step.recall as f32,
            correct: single(step.correct.unwrap_or_default()),
            sigmas: single(row.stages.map(|stage| plan.stages[stage])),
            weights: single(row.weights),
            stages: row.stages.map(|stage| stage as u32),
            spread: step.spread as f32,
            factor: plan.factor as f32,
            update: row.update.map_or(time, |u| [u.keep, u.along, u.square, u.offset].map(|n| n as f32)),
            bounds: row.update.map_or(steps, |u| [u.least, u.greatest].map(|n| n as f32)),
            places: [row.of, row.of + usize::from(last)].map(|place| place as u32),
            align: [0; 2],
        }
    };
    plan.rows.iter().enumerate().map(row).collect()
}

/// The numbers of a rule in a step; where it weighs particles, what it weighs them by.
fn rule(plan: &Plan, row: &Row) -> [f64; 4] {
    if !plan.couples() {
        return plan.combination.numbers();
    }
    let [of_difference, of_curvature, at_beginning] = plan.weighing(row);
    [of_difference, of_curvature, at_beginning, 0.0]
}
