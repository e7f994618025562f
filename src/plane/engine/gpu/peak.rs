//! What a device could do at best.

use super::shader::{THREADS, multiply_add};
use crate::error::Result;
use crate::gpu::{Gpu, now};

/// Workgroups: enough for every multiprocessor of a large card several times over.
const GROUPS: usize = 1 << 13;
/// Operations of an invocation in one turn of the loop: eight vectors of four, a multiplication and an addition each.
const OPERATIONS: f64 = 64.0;
/// Seconds that one measurement should take: long beside the time to submit it.
const LONG: f64 = 0.05;

impl Gpu {
    /// Operations a second of a loop of bare f32 multiply-adds: the best of `rounds`.
    ///
    /// # Errors
    /// If the device refuses or was lost.
    pub async fn multiply_add_peak(&self, rounds: usize) -> Result<f64> {
        let pipeline = self.pipeline("multiply_add", multiply_add()).await?;
        let sums = self.storage("sums", GROUPS * THREADS * size_of::<f32>());
        let (mut turns, mut best) = (1u32, 0.0f64);
        let mut rounds = rounds.max(1);
        while rounds > 0 {
            let binding = self.bind(&pipeline, 0, &[&self.table("turns", &[turns]), &sums]);
            let start = now();
            let submission = self.dispatch(&pipeline, &[&binding], GROUPS);
            let seconds = self.finished(submission).await? - start;
            if seconds < LONG && turns < 1 << 24 {
                turns *= 2;
                continue;
            }
            best = best.max(OPERATIONS * f64::from(turns) * (GROUPS * THREADS) as f64 / seconds);
            rounds -= 1;
        }
        Ok(best)
    }
}
