//! A plan as the kernel `guided_step` reads it.

use super::shader::{Kernel, Shapes};
use crate::engine::{Plan, Row};
use crate::guidance::Combination;
use bytemuck::NoUninit;

/// A step; the layout of `Step` in guided_step.wgsl.
#[derive(Clone, Copy, NoUninit)]
#[repr(C)]
pub(super) struct StepRow {
    pub rule: [f32; 4],
    pub kick: f32,
    pub keep: f32,
    pub push: f32,
    pub recall: f32,
    pub correct: [f32; 2],
    pub variances: [f32; 2],
    pub weights: [f32; 2],
    pub stages: [u32; 2],
    pub spread: f32,
    pub factor: f32,
    pub align: [u32; 2],
}

impl Kernel {
    /// The kernel for a plan and its models.
    pub fn new(plan: &Plan, shapes: Shapes) -> Self {
        let alone = matches!(plan.combination, Combination::Momentum { .. });
        Self {
            shapes,
            rule: if alone || shapes.guide.is_some() { name(plan.combination) } else { name(Combination::Lerp) },
            stochastic: plan.steps.iter().any(|row| row.step.kick != 0.0 || row.step.spread != 0.0),
            remembers: plan.remembers(),
        }
    }
}

/// What combine.wgsl calls a combination.
fn name(combination: Combination) -> &'static str {
    match combination {
        // The weights of CFG++ make it a lerp.
        Combination::Lerp | Combination::CfgPlusPlus => "LERP",
        Combination::Apg { .. } => "APG",
        Combination::CfgZeroStar { .. } => "CFG_ZERO_STAR",
        Combination::Tcfg => "TCFG",
        Combination::NormClip { .. } => "NORM_CLIP",
        Combination::Momentum { .. } => "MOMENTUM",
        Combination::PowerLaw { .. } => "POWER_LAW",
        Combination::FeynmanKac { .. } => "FEYNMAN_KAC",
    }
}

/// The rows of `steps` in guided_step.wgsl.
pub(super) fn table(plan: &Plan) -> Vec<StepRow> {
    let single = |numbers: [f64; 2]| numbers.map(|number| number as f32);
    let row = |row: &Row| {
        let step = &row.step;
        StepRow {
            rule: rule(plan, row).map(|number| number as f32),
            kick: step.kick as f32,
            keep: step.keep as f32,
            push: step.push as f32,
            recall: step.recall as f32,
            correct: single(step.correct.unwrap_or_default()),
            variances: single(row.stages.map(|stage| plan.stages[stage] * plan.stages[stage])),
            weights: single(row.weights),
            stages: row.stages.map(|stage| stage as u32),
            spread: step.spread as f32,
            factor: plan.factor as f32,
            align: [0; 2],
        }
    };
    plan.steps.iter().map(row).collect()
}

/// The numbers of the combination, in the order of its fields, in a step.
fn rule(plan: &Plan, row: &Row) -> [f64; 4] {
    match plan.combination {
        Combination::Apg { momentum, parallel, radius } => [momentum, parallel, radius, 0.0],
        Combination::NormClip { radius } => [radius, 0.0, 0.0, 0.0],
        Combination::Momentum { strength, rate } => [strength, rate, 0.0, 0.0],
        Combination::PowerLaw { power } => [power, 0.0, 0.0, 0.0],
        Combination::FeynmanKac { .. } => {
            let [of_difference, of_curvature, at_beginning] = plan.weighing(row);
            [of_difference, of_curvature, at_beginning, 0.0]
        }
        Combination::Lerp | Combination::CfgPlusPlus | Combination::CfgZeroStar { .. } | Combination::Tcfg => [0.0; 4],
    }
}
