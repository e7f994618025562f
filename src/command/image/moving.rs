//! Pictures on their way, on whichever processor.

use crate::Result;
use crate::gpu::Gpu;
use crate::images::engine::gpu::Run;
use crate::images::engine::{Batch, Sampler};
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
    pub fn begin(gpu: Option<&Rc<Gpu>>, sampler: &Sampler, numbers: Range<usize>) -> Result<Self> {
        Ok(match gpu {
            None => Self::Processor(sampler.begin(numbers)),
            Some(gpu) => Self::Graphics(Box::new(block_on(Run::new(gpu, sampler, numbers))?)),
        })
    }

    /// Take one step.
    pub fn advance(&mut self, sampler: &Sampler, step: usize, threads: usize) -> Result<()> {
        match self {
            Self::Processor(batch) => sampler.advance(batch, step, threads),
            Self::Graphics(run) => _ = block_on(run.advance())?,
        }
        Ok(())
    }

    pub fn pictures(&self) -> Result<Vec<f32>> {
        Ok(match self {
            Self::Processor(batch) => batch.pictures(),
            Self::Graphics(run) => block_on(run.pictures())?,
        })
    }

    pub fn estimates(&self) -> Result<Vec<f32>> {
        Ok(match self {
            Self::Processor(batch) => batch.estimates(),
            Self::Graphics(run) => block_on(run.estimates())?,
        })
    }
}

/// Pictures at their end, by a graphics processor.
pub fn sample(gpu: &Rc<Gpu>, sampler: &Sampler, numbers: Range<usize>) -> Result<Vec<f32>> {
    let mut pictures = Vec::new();
    for first in numbers.clone().step_by(TOGETHER) {
        let run = block_on(Run::new(gpu, sampler, first..numbers.end.min(first + TOGETHER)))?;
        for _ in 0..sampler.steps() {
            block_on(run.advance())?;
        }
        pictures.extend(block_on(run.pictures())?);
    }
    Ok(pictures)
}
