//! Pictures on their way, on whichever processor.

use crate::Failure;
use guidance_playground::gpu::Gpu;
use guidance_playground::images::engine::gpu::Run;
use guidance_playground::images::engine::{Batch, Sampler};
use pollster::block_on;
use std::ops::Range;
use std::rc::Rc;

/// Most pictures that travel together on a graphics processor: more fill none better, and take its memory.
const TOGETHER: usize = 256;

pub enum Moving {
    Processor(Batch),
    Graphics(Box<Run>),
}

impl Moving {
    /// Noise alone.
    pub fn begin(gpu: Option<&Rc<Gpu>>, sampler: &Sampler<'_>, numbers: Range<usize>) -> Result<Self, Failure> {
        Ok(match gpu {
            None => Self::Processor(sampler.begin(numbers)),
            Some(gpu) => Self::Graphics(Box::new(block_on(Run::new(gpu, sampler, numbers))?)),
        })
    }

    /// Take one step.
    pub fn advance(&mut self, sampler: &Sampler<'_>, step: usize, threads: usize) -> Result<(), Failure> {
        match self {
            Self::Processor(batch) => sampler.advance(batch, step, threads),
            Self::Graphics(run) => _ = block_on(run.advance())?,
        }
        Ok(())
    }

    pub fn pictures(&self) -> Result<Vec<f32>, Failure> {
        Ok(match self {
            Self::Processor(batch) => batch.pictures(),
            Self::Graphics(run) => block_on(run.pictures())?,
        })
    }

    pub fn estimates(&self) -> Result<Vec<f32>, Failure> {
        Ok(match self {
            Self::Processor(batch) => batch.estimates(),
            Self::Graphics(run) => block_on(run.estimates())?,
        })
    }
}

/// Pictures at their end.
pub fn sample(
    gpu: Option<&Rc<Gpu>>,
    sampler: &Sampler<'_>,
    numbers: Range<usize>,
    threads: usize,
) -> Result<Vec<f32>, Failure> {
    let mut pictures = Vec::new();
    for first in numbers.clone().step_by(TOGETHER) {
        let mut moving = Moving::begin(gpu, sampler, first..numbers.end.min(first + TOGETHER))?;
        for step in 0..sampler.steps() {
            moving.advance(sampler, step, threads)?;
        }
        pictures.extend(moving.pictures()?);
    }
    Ok(pictures)
}
