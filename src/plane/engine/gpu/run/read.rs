//! What leaves the device of a run.

use super::{Block, POINT, Run};
use crate::error::Result;
use crate::plane::engine::cpu::Memory;

impl Run {
    /// What particles carry besides their positions; empty where the scheme needs nothing.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn memory(&self) -> Result<Vec<Memory>> {
        let bytes = |block: &Block| (block.particles * size_of::<Memory>()) as u64;
        let parts: Vec<_> = self.blocks.iter().filter_map(|b| Some((b.memory.as_ref()?, 0, bytes(b)))).collect();
        self.gpu.read(&parts).await
    }

    /// Where the particles are after `step` steps.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn positions(&self, step: usize) -> Result<Vec<[f32; 2]>> {
        let parts: Vec<_> = self
            .blocks
            .iter()
            .map(|block| {
                let bytes = block.particles * POINT;
                (&block.path, (step * bytes) as u64, bytes as u64)
            })
            .collect();
        self.gpu.read(&parts).await
    }

    /// Whole paths of some particles, by their numbers: `steps() + 1` points each, particle by particle.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn paths(&self, numbers: &[usize]) -> Result<Vec<[f32; 2]>> {
        let kept = self.steps() + 1;
        let Some(most) = self.blocks.first().map(|block| block.particles) else { return Ok(Vec::new()) };
        // Neighbours in a block are copied together.
        let neighbours: Vec<_> = numbers.chunk_by(|a, b| a + 1 == *b && b % most > 0).collect();
        let at = |step: usize, numbers: &[usize]| {
            let block = &self.blocks[numbers[0] / most];
            let first = step * block.particles + numbers[0] % most;
            (&block.path, (first * POINT) as u64, (numbers.len() * POINT) as u64)
        };
        let parts: Vec<_> =
            (0..kept).flat_map(|step| neighbours.iter().map(move |numbers| at(step, numbers))).collect();
        let by_step: Vec<[f32; 2]> = self.gpu.read(&parts).await?;
        let count = numbers.len();
        Ok((0..count).flat_map(|i| by_step.iter().skip(i).step_by(count).copied()).collect())
    }
}
