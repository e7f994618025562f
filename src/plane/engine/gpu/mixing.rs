//! Rules alone on a device: what [`mix`](crate::guidance::rule::mix()) gives, from the same numbers, so that both can be compared.
//! Particles are mixed within `guided_step`.

use super::shader::{THREADS, mix_grams};
use crate::error::Result;
use crate::gpu::Gpu;
use crate::guidance::rule::{Gram, Mix, Moment, Rule, Time};
use bytemuck::{NoUninit, Pod, Zeroable};

/// The layout of `Case` in mix_grams.wgsl.
#[derive(Clone, Copy, NoUninit)]
#[repr(C)]
pub(super) struct Case {
    pub rule: [f32; 4],
    pub sigma: f32,
    pub weight: f32,
    pub place: u32,
    pub ratio: f32,
    pub gram: [f32; 10],
    pub steps: [f32; 2],
    pub time: [f32; 4],
}

/// The layout of `Mix` in mix.wgsl.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Mixed {
    pub push: [f32; 4],
    pub memory: [f32; 4],
}

impl Gpu {
    /// What a rule makes of inner products, at most 4 million at once.
    ///
    /// # Errors
    /// If the shader is refused, or the device was lost.
    pub async fn mix(&self, rule: Rule<'_>, cases: &[(Moment<f32>, Gram<f32>)]) -> Result<Vec<Mix<f32>>> {
        let rules = crate::plan::rules(rule.own.map(|(program, _)| program));
        let (mut time, mut steps) = ([0.0; 4], [0.0; 2]);
        if let Some((_, Time { next, u, scale, step, steps: count })) = rule.own {
            (time, steps) = ([next, u, u, scale].map(|x| x as f32), [step, count].map(|x| x as f32));
        }
        let pipeline = self.pipeline("mix_grams", mix_grams(rule.traits.twin, &rules)).await?;
        let cases: Vec<Case> = cases
            .iter()
            .map(|&(moment, gram)| Case {
                rule: rule.combination.numbers().map(|number| number as f32),
                sigma: moment.sigma,
                weight: moment.weight,
                place: moment.place as u32,
                ratio: moment.ratio,
                gram: gram.into(),
                steps,
                time,
            })
            .collect();
        let mixed = self.storage("mixed", cases.len() * size_of::<Mixed>());
        let binding = self.bind(&pipeline, 0, &[&self.table("cases", &cases), &mixed]);
        let submission = self.dispatch(&pipeline, &[&binding], cases.len().div_ceil(THREADS));
        self.finished(submission).await?;
        let read: Vec<Mixed> = self.read(&[(&mixed, 0, (cases.len() * size_of::<Mixed>()) as u64)]).await?;
        Ok(read.into_iter().map(|Mixed { push, memory }| Mix { push, memory }).collect())
    }
}
